use super::*;
use lagebild_core::Date;

fn feed(text: &str) -> Feed {
    parse_feed(text.as_bytes(), None).unwrap()
}

fn titles(feed: &Feed) -> Vec<&str> {
    feed.items.iter().filter_map(|i| i.title.as_deref()).collect()
}

/// An RSS feed around `items`.
fn rss(items: &str) -> String {
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Blatt</title>{items}</channel></rss>")
}

fn items(n: usize) -> String {
    (0..n)
        .map(|i| format!("<item><title>Meldung {i}</title><link>https://example.org/{i}</link></item>"))
        .collect()
}

#[test]
fn rss_2() {
    let feed = feed(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>Beispielblatt</title><link>https://example.org/</link><language>de-DE</language>
<image><title>Logo</title><link>https://example.org/logo</link></image>
<item><title>Seoul pr&#252;ft &amp;quot;alle Optionen&amp;quot;</title><link>https://example.org/a?x=1&amp;y=2</link>
<guid isPermaLink="false">a-1</guid><pubDate>Thu, 24 Oct 2024 18:30:00 +0200</pubDate>
<description>&lt;p&gt;Der Minister &lt;b&gt;pr&amp;uuml;ft&lt;/b&gt;.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>Der Minister prüft & wägt ab.</p>]]></content:encoded>
<author>redaktion@example.org (Anna Schmidt)</author><media:title>Bild</media:title></item>
<item><guid>https://example.org/b</guid><description>Nur Text.</description></item>
<item></item>
</channel></rss>"#,
    );
    assert_eq!(
        (
            feed.kind,
            feed.title.as_deref(),
            feed.site.as_deref(),
            feed.lang.as_deref()
        ),
        (
            FeedKind::Rss,
            Some("Beispielblatt"),
            Some("https://example.org/"),
            Some("de-DE")
        )
    );
    let item = &feed.items[0];
    assert_eq!(item.title.as_deref(), Some("Seoul prüft \"alle Optionen\""));
    assert_eq!(
        (item.id.as_str(), item.url.as_deref()),
        ("a-1", Some("https://example.org/a?x=1&y=2"))
    );
    assert_eq!(item.published.unwrap().day, Date::new(2024, 10, 24).unwrap());
    assert_eq!(
        item.summary_html.as_deref(),
        Some("<p>Der Minister <b>pr&uuml;ft</b>.</p>")
    );
    assert_eq!(item.html(), Some("<p>Der Minister prüft & wägt ab.</p>"));
    assert_eq!(item.authors, ["Anna Schmidt"]);
    assert_eq!(feed.items[1].url.as_deref(), Some("https://example.org/b"));
    assert_eq!(feed.skipped.len(), 1);
    assert_eq!((feed.skipped[0].index, feed.items.len()), (2, 2));
}

#[test]
fn rdf_and_rss_0_91() {
    let rdf = feed(
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="x">
<channel rdf:about="https://example.org/"><title>Blatt</title><link>https://example.org/</link></channel>
<item rdf:about="https://example.org/a"><title>Meldung</title><link>https://example.org/a</link>
<dc:date>2024-10-24T08:00:00+02:00</dc:date><dc:creator>Jan Weber</dc:creator></item></rdf:RDF>"#,
    );
    assert_eq!((rdf.kind, rdf.items.len()), (FeedKind::Rdf, 1));
    let item = &rdf.items[0];
    assert_eq!(
        (item.id.as_str(), item.authors.as_slice()),
        ("https://example.org/a", &["Jan Weber".to_owned()][..])
    );
    assert_eq!(item.published.unwrap().day.to_string(), "2024-10-24");
    let old = feed(
        "<!DOCTYPE rss SYSTEM \"http://my.netscape.com/publish/formats/rss-0.91.dtd\">\
         <rss version=\"0.91\"><channel><title>Old</title><item><title>Report</title></item></channel></rss>",
    );
    assert_eq!((titles(&old), old.items[0].id.as_str()), (vec!["Report"], "Report"));
}

#[test]
fn atom() {
    let feed = feed(
        r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title type="text">Wire &amp; Desk</title>
<link rel="self" href="https://example.org/feed"/><link href="https://example.org/"/>
<entry><id>tag:1</id><title type="html">Treaty &lt;i&gt;ratified&lt;/i&gt;</title>
<link rel="enclosure" href="https://example.org/a.mp3"/><link rel="alternate" href="https://example.org/a"/>
<published>2024-10-24T10:00:00Z</published><updated>2024-10-25T10:00:00Z</updated>
<author><name>Jane Doe</name><uri>https://example.org/jane</uri></author><author><name>John Roe</name></author>
<source><title>Other feed</title><id>other</id></source>
<summary>1 &lt; 2 holds.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The treaty &amp; more<br/>was <title>ratified</title>.</p></div></content>
</entry></feed>"#,
    );
    assert_eq!(
        (feed.title.as_deref(), feed.site.as_deref()),
        (Some("Wire & Desk"), Some("https://example.org/"))
    );
    let item = &feed.items[0];
    assert_eq!(
        (item.id.as_str(), item.title.as_deref()),
        ("tag:1", Some("Treaty ratified"))
    );
    assert_eq!(
        (item.url.as_deref(), item.authors.len()),
        (Some("https://example.org/a"), 2)
    );
    assert_eq!(item.summary_html.as_deref(), Some("1 &lt; 2 holds."));
    let content = item.content_html.as_deref().unwrap();
    assert!(
        content.contains("<p>The treaty &amp; more<br/>was <title>ratified</title>.</p>"),
        "{content}"
    );
    assert_eq!(
        (item.published.unwrap().day.day(), item.updated.unwrap().day.day()),
        (24, 25)
    );
}

#[test]
fn json_feed() {
    let text = r#"{"version":"https://jsonfeed.org/version/1.1","title":"Blatt","items":[
        {"id":7,"url":"https://example.org/a","title":"Eins","content_text":"Satz eins.\n\nSatz <zwei>.","date_published":"2024-10-24T10:00:00Z","authors":[{"name":"Anna"}]},
        {"id":"b","content_html":"<p>Zwei</p>"}, 3, {"id":"c"}]}"#;
    let whole = feed(text);
    assert_eq!(whole.kind, FeedKind::Json);
    assert_eq!(
        (whole.items[0].id.as_str(), whole.items[0].authors[0].as_str()),
        ("7", "Anna")
    );
    assert_eq!(whole.items[0].html(), Some("<p>Satz eins.</p><p>Satz &lt;zwei>.</p>"));
    assert_eq!((whole.items.len(), whole.skipped.len()), (2, 2));
    let cut = feed(&text[..text.len() - 12]);
    assert_eq!((cut.title.as_deref(), cut.items.len()), (Some("Blatt"), 2));
    let bad = feed(&text.replace("\"Anna\"", "Anna"));
    assert_eq!((bad.items.len(), bad.skipped[0].index), (1, 0));
}

#[test]
fn a_fault_does_not_cost_the_other_items() {
    let ampersand = feed(&rss(&format!(
        "<item><title>Krieg & Frieden</title><link>https://e.org/?a=1&b=2</link></item>{}",
        items(3)
    )));
    assert_eq!(
        titles(&ampersand),
        ["Krieg & Frieden", "Meldung 0", "Meldung 1", "Meldung 2"]
    );
    assert_eq!(ampersand.items[0].url.as_deref(), Some("https://e.org/?a=1&b=2"));

    let less = feed(&rss(&format!(
        "<item><title>Umsatz < 5 Mrd. Euro</title></item>{}",
        items(2)
    )));
    assert_eq!(titles(&less), ["Umsatz < 5 Mrd. Euro", "Meldung 0", "Meldung 1"]);

    let unclosed = feed(&rss(&format!(
        "<item><title>Offen<description>a<br>b</description>{}",
        items(2)
    )));
    assert_eq!(unclosed.items.len(), 3);

    let text = rss(&items(5));
    let cut = feed(&text[..text.find("Meldung 3").unwrap() + 5]);
    assert_eq!((cut.items.len(), cut.skipped[0].index), (3, 3));

    let in_cdata =
        feed(&rss(&format!("{}<item><description><![CDATA[Der Text bricht", items(2))).replace("</channel></rss>", ""));
    assert_eq!((in_cdata.items.len(), in_cdata.skipped.len()), (2, 1));
}

#[test]
fn charset_labels_may_lie() {
    let utf8 = "<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel><item><title>Köln prüft</title></item></channel></rss>";
    assert_eq!(titles(&feed(utf8)), ["Köln prüft"]);
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(
        "<?xml version='1.0' encoding='UTF-8'?><rss><channel><item><title>Köln prüft</title></item></channel></rss>",
    );
    let feed = parse_feed(&latin, Some("utf-8")).unwrap();
    assert_eq!((titles(&feed), feed.encoding), (vec!["Köln prüft"], "windows-1252"));
}

#[test]
fn entities_and_document_types_stay_harmless() {
    let bomb = feed(
        "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>\
         <rss><channel><item><title>T &b; &x;</title></item></channel></rss>",
    );
    assert_eq!(titles(&bomb), ["T &b; &x;"]);
    let many = format!("<item><title>{}</title></item>", "&amp;".repeat(200_000));
    assert_eq!(feed(&rss(&many)).items[0].title.as_ref().unwrap().len(), 200_000);
}

#[test]
fn hostile_feeds_end() {
    let text = rss(&"<![CDATA[".repeat(50_000));
    assert!(feed(&text).items.is_empty());
    let text = rss(&"<item><title><".repeat(50_000));
    feed(&text);
    let text = rss(&format!("<item><title>{}x", "<b>".repeat(100_000)));
    assert_eq!(feed(&text).items.len(), 0);
    let over = feed(&rss(&items(Limit::FeedItems.max() + 5)));
    assert_eq!(over.items.len(), Limit::FeedItems.max());
    assert!(
        over.skipped[0].reason.contains("feed items of 10000"),
        "{}",
        over.skipped[0].reason
    );
}

#[test]
fn what_is_no_feed() {
    for text in [
        "<html><body>x</body></html>",
        "Ein Satz.",
        "{\"text\":\"x\"}",
        "<?xml version='1.0'?><opml/>",
    ] {
        assert_eq!(
            parse_feed(text.as_bytes(), None).unwrap_err(),
            Error::NotAFeed,
            "{text}"
        );
    }
}
