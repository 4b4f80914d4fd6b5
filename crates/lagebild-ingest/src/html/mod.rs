//! Web pages: the article in them, its headline, date, address.

mod article;
mod dom;
mod json;
mod meta;
mod shown;

use crate::assemble::Assembly;
use crate::dates::is_credible;
use crate::error::Error;
use crate::layout::layout;
use crate::report::{Facts, Note};
use crate::{Hints, Source};
use dom::Dom;
use lagebild_core::{Date, Part};
use meta::Meta;
use regex::bytes::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Below so many characters a text is too short to tell its language better than the page does.
const SHORT: usize = 200;

/// The words that tell boilerplate and metadata.
#[derive(serde::Deserialize)]
struct Patterns {
    drop_tags: HashSet<String>,
    drop_roles: HashSet<String>,
    drop_words: HashSet<String>,
    maybe_drop_words: HashSet<String>,
    keep_words: HashSet<String>,
    noise_openers: Vec<String>,
    noise_phrases: Vec<String>,
    noise_lines: HashSet<String>,
    end_headings: HashSet<String>,
    last_headings: HashSet<String>,
    offer_words: Vec<String>,
    answer_links: HashSet<String>,
    author_openers: Vec<String>,
    author_labels: HashSet<String>,
    no_authors: HashSet<String>,
    caption_words: HashSet<String>,
    caption_names: HashSet<String>,
    picture_words: HashSet<String>,
    picture_text_words: HashSet<String>,
    byline_words: HashSet<String>,
    kicker_words: HashSet<String>,
    subtitle_words: HashSet<String>,
    headline_words: HashSet<String>,
    quote_words: HashSet<String>,
    published_labels: Vec<String>,
    modified_labels: Vec<String>,
    other_labels: Vec<String>,
    more_openers: Vec<String>,
    article_types: HashSet<String>,
    title_metas: Vec<String>,
    date_metas: Vec<String>,
    modified_metas: Vec<String>,
    author_metas: Vec<String>,
    section_metas: Vec<String>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../data/ingest/html.toml")).expect("built-in data is checked by a test")
});

/// The encoding that a page names in its head.
pub(crate) fn declared_encoding(bytes: &[u8]) -> Option<String> {
    static CHARSET: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?i-u)(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([a-z0-9_:.-]{2,40})"#,
        )
        .expect("fixed pattern")
    });
    let found = CHARSET.captures(&bytes[..bytes.len().min(4096)])?;
    Some(String::from_utf8_lossy(&found[1]).into_owned())
}

/// Reads the article of a page.
///
/// # Errors
/// [`Error::Limit`]; [`Error::Empty`] when the page holds no article.
pub(crate) fn read(html: &str, hints: &Hints<'_>) -> Result<Source, Error> {
    let dom = Dom::parse(html)?;
    let dropped = article::dropped(&dom);
    let meta = Meta::read(&dom, &dropped, hints.url, hints.read_on);
    let found = article::extract(&dom, &dropped, &meta);
    let mut notes = meta.notes();
    if found.others > 0 {
        notes.push(Note::OtherArticles(found.others));
    }
    let title = hints.title.map(str::to_owned).or_else(|| found.title.clone());
    notes.extend(found.title.as_deref().and_then(|t| meta.title_note(t)));
    let mut assembly = Assembly::default();
    if let Some(title) = &title {
        assembly.push(Part::Headline, title);
    }
    let mut date_in_text = None;
    for piece in &found.pieces {
        if title.as_deref().is_some_and(|t| article::same_line(t, &piece.text)) {
            continue;
        }
        if piece.part != Part::Body {
            assembly.push(piece.part, &piece.text);
            continue;
        }
        // The lead may open with an agency dateline, a paragraph may be a byline: as in plain text.
        let shown = layout(&piece.text, None);
        date_in_text = date_in_text.or(shown.published);
        match shown.blocks.as_slice() {
            [dateline, body] if (dateline.part, body.part) == (Part::Dateline, Part::Body) => {
                assembly.push(Part::Dateline, dateline.span.of(&piece.text));
                assembly.push(Part::Body, body.span.of(&piece.text));
            }
            [only] if matches!(only.part, Part::Dateline | Part::Byline | Part::Caption) => {
                assembly.push(only.part, &piece.text);
            }
            _ => assembly.push(Part::Body, &piece.text),
        }
    }
    if !assembly
        .blocks
        .iter()
        .any(|b| matches!(b.part, Part::Body | Part::Quote))
    {
        return Err(Error::Empty);
    }
    let Assembly { text, blocks } = assembly;
    let facts = Facts {
        kicker: meta.kicker(&found, title.as_deref()),
        authors: meta.authors(&found),
        section: meta.section.clone(),
        publisher: meta.publisher.clone(),
        modified: meta.modified.or(found.modified),
        url: meta.address.clone(),
    };
    let credible = |day: Option<Date>| day.filter(|&day| is_credible(day, hints.read_on));
    let published = credible(found.called_date.filter(|_| meta.is_day_of_time()))
        .or(meta.published)
        .or(credible(date_in_text))
        .or(credible(found.date))
        .or(meta.hidden_day);
    Ok(Source {
        lang: meta.lang.filter(|_| text.len() < SHORT),
        declared: meta.lang,
        // One that it cannot be is noted by whoever takes this.
        published: published.or(date_in_text).or(found.date),
        text,
        blocks,
        title,
        facts,
        notes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_core::Date;

    const PAGE: &str = r#"<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">
<title>Südkorea prüft Waffenlieferungen | Beispielzeitung</title>
<meta property="og:site_name" content="Beispielzeitung"><link rel="canonical" href="https://example.org/a">
<script type="application/ld+json">{"@graph":[{"@type":"WebSite"},{"@type":["NewsArticle"],"headline":"Südkorea prüft Waffenlieferungen","datePublished":"2024-10-24T10:00:00+02:00"}]}</script>
</head><body><nav><ul><li><a href="/">Startseite</a></li><li><a href="/p">Politik</a></li></ul></nav>
<div class="cookie-banner"><p>Wir verwenden Cookies, um Ihnen das beste Angebot zu machen. Bitte stimmen Sie zu.</p></div>
<main><article class="story"><header><span class="kicker">Ukraine-Krieg</span><h1>Südkorea prüft <em>Waffenlieferungen</em></h1>
<p class="byline">Von Anna Schmidt</p></header>
<figure><img src="a.jpg"><figcaption>Außenminister Cho in Seoul</figcaption></figure>
<div class="article-body"><p>Seoul (dpa) - Der südkoreanische Außenminister hat die Notwendigkeit eines entschlossenen Handelns betont.</p>
<p>Er stellte in Aus&shy;sicht, alle Optionen zu prüfen, sollten die <a href="/x">Sicherheitsinteressen</a> gefährdet sein.</p>
<div class="teaser"><a href="/y">Lesen Sie auch: Was Nordkorea will</a></div>
<h2>Streit über die Entsendung</h2><p>Polens Präsident äußerte bei einem Treffen seine Bedenken über die Folgen.</p>
<ul><li>Die Lieferung von Munition wird erwogen.</li><li>Die Entsendung von Beobachtern auch.</li></ul>
<p>Weitere Gespräche sind geplant.</p></div></article>
<aside><p>Nordkorea hat am Montag eine Rakete getestet, wie der Generalstab in Seoul mitteilte.</p></aside></main>
<footer><p>© Beispielzeitung. Alle Rechte vorbehalten, auch die der Übersetzung.</p></footer></body></html>"#;

    #[test]
    fn article_of_a_page() {
        let source = read(PAGE, &Hints::default()).unwrap();
        let shown: Vec<String> = source
            .blocks
            .iter()
            .map(|b| format!("{:?}|{}", b.part, b.span.of(&source.text)))
            .collect();
        assert_eq!(
            shown,
            [
                "Headline|Südkorea prüft Waffenlieferungen",
                "Section|Ukraine-Krieg",
                "Byline|Von Anna Schmidt",
                "Caption|Außenminister Cho in Seoul",
                "Dateline|Seoul (dpa) -",
                "Body|Der südkoreanische Außenminister hat die Notwendigkeit eines entschlossenen Handelns betont.",
                "Body|Er stellte in Aussicht, alle Optionen zu prüfen, sollten die Sicherheitsinteressen gefährdet sein.",
                "Heading|Streit über die Entsendung",
                "Body|Polens Präsident äußerte bei einem Treffen seine Bedenken über die Folgen.",
                "ListItem|Die Lieferung von Munition wird erwogen.",
                "ListItem|Die Entsendung von Beobachtern auch.",
                "Body|Weitere Gespräche sind geplant.",
            ]
        );
        assert_eq!(source.published, Date::new(2024, 10, 24).ok());
        assert_eq!(source.facts.url.as_deref(), Some("https://example.org/a"));
    }

    #[test]
    fn bare_pages() {
        let source = read("<p>Der Bundestag hat dem Vertrag zugestimmt.", &Hints::default()).unwrap();
        assert_eq!(
            (source.text.as_str(), source.title),
            ("Der Bundestag hat dem Vertrag zugestimmt.", None)
        );
        assert_eq!(
            read(
                "<html><body><nav><a href=x>Start</a></nav></body></html>",
                &Hints::default()
            )
            .unwrap_err(),
            Error::Empty
        );
        let old =
            "<body>Der Bundestag hat zugestimmt. Die Opposition war dagegen.<br><br>Die Kanzlerin dankte allen.</body>";
        assert_eq!(
            read(old, &Hints::default()).unwrap().text,
            "Der Bundestag hat zugestimmt. Die Opposition war dagegen.\n\nDie Kanzlerin dankte allen."
        );
    }

    #[test]
    fn titles_by_agreement() {
        let title = |head: &str, body: &str| {
            let page =
                format!("<head>{head}</head><body>{body}<p>Der Bundestag hat dem Vertrag heute zugestimmt.</p></body>");
            read(&page, &Hints::default()).unwrap().title
        };
        let page = "<title>Bundestag stimmt zu | Zeitung</title><meta property=og:title content='Bundestag stimmt zu'>";
        let told = Some("Bundestag stimmt zu".to_owned());
        assert_eq!(title(page, "<h1><span>Berlin:</span> Bundestag stimmt zu</h1>"), told);
        assert_eq!(title(page, "<h1>Zeitung</h1>"), told);
        assert_eq!(title("<title>Zeitung</title>", "<h1>Bundestag stimmt zu</h1>"), told);
        assert_eq!(title("<title>Bundestag stimmt zu | Zeitung</title>", ""), told);
        assert_eq!(title("", ""), None);
        // A subtitle in the heading, a first sentence and an end that the metadata leave out, a line in bold type.
        let subtitle = "<h1>Bundestag stimmt zu<span>Was der Vertrag bedeutet</span></h1>";
        assert_eq!(title(page, subtitle), told);
        let whole = |text: &str| Some(text.to_owned());
        assert_eq!(
            title(page, "<h1>Endlich! Bundestag stimmt zu</h1>"),
            whole("Endlich! Bundestag stimmt zu")
        );
        assert_eq!(
            title(page, "<h1>Bundestag stimmt zu, Länder warnen</h1>"),
            whole("Bundestag stimmt zu, Länder warnen")
        );
        let bold = "<div><b>Zeitung</b></div><b>Der Bundestag stimmt zu</b><br>24.10.2024<br><br>Der Vertrag, über den so lange \
             gestritten wurde, ist nach einer Debatte von vier Stunden mit großer Mehrheit gebilligt worden.<br><br>";
        assert_eq!(
            title("<title>Zeitung Online</title>", bold),
            whole("Der Bundestag stimmt zu")
        );
    }

    #[test]
    fn dates_in_order_of_trust() {
        let date = |head: &str, body: &str| {
            let page =
                format!("<head>{head}</head><body>{body}<p>Der Bundestag hat dem Vertrag heute zugestimmt.</p></body>");
            read(&page, &Hints::default()).unwrap().published.map(|d| d.to_string())
        };
        let day = |text: &str| Some(text.to_owned());
        let meta = "<meta property='article:published_time' content='2024-10-23T22:00:00Z'>";
        assert_eq!(date(meta, "<time datetime='2024-10-25'>x</time>"), day("2024-10-23"));
        assert_eq!(date("", "<time datetime='2024-10-25'>x</time>"), day("2024-10-25"));
        assert_eq!(
            date("<link rel=canonical href='https://x.de/politik/2024/10/22/a.html'>", ""),
            day("2024-10-22")
        );
        assert_eq!(date("", "<div>Stand: 21.10.2024, 18:30 Uhr</div>"), day("2024-10-21"));
        assert_eq!(date("", ""), None);
        // Today's date above the headline, that of the text in a footer below it, that of a comment.
        let text = "Der Bundestag hat dem Vertrag über die gemeinsame Sicherung der Küsten am Donnerstag nach langer Debatte mit \
             den Stimmen der Koalition zugestimmt.";
        let page = format!(
            "<div>Freitag, 25. Oktober 2024</div><article><h1>Bundestag stimmt zu</h1><footer>Fr., 18.10.2024 - 11:35</footer>\
             <p>{text}</p></article><div class=comments><time datetime=2024-10-19>x</time></div>"
        );
        assert_eq!(date("", &page), day("2024-10-18"));
    }

    #[test]
    fn dates_shown_with_what_is_said_of_them() {
        let text = "Der Bundestag hat dem Vertrag über die gemeinsame Sicherung der Küsten am Donnerstag nach langer Debatte mit \
             den Stimmen der Koalition zugestimmt.";
        let days = |lang: &str, above: &str, below: &str, end: &str| {
            let page = format!(
                "<html lang={lang}><div class=top>{above}</div><div><h1>Bundestag stimmt dem Vertrag zu</h1>{below}<p>{text}</p>\
                 <p>{text}</p>{end}</div>"
            );
            let source = read(&page, &Hints::default()).unwrap();
            let day = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
            (day(source.published), day(source.facts.modified))
        };
        let pair = |published: &str, modified: &str| (published.to_owned(), modified.to_owned());
        let today = "<p>Freitag, 1. November 2024</p>";
        // The last change first, both in one line, the words in the element before, the day of the change alone.
        let both = "<dl><dd>Zuletzt aktualisiert am 26. Oktober 2024 10:41</dd><dd>Veröffentlicht am 24. Oktober 2024</dd></dl>";
        assert_eq!(days("de", today, both, ""), pair("2024-10-24", "2024-10-26"));
        let line = "<p>Von Anna Schmidt, 24.10.24, 20:48h, aktualisiert 26.10.24, 07:10h</p>";
        assert_eq!(days("de", today, line, ""), pair("2024-10-24", "2024-10-26"));
        let terms = "<dl><dt>Published</dt><dd>24 October 2024</dd><dt>Last updated</dt><dd>26 October 2024</dd></dl>";
        assert_eq!(days("en", today, terms, ""), pair("2024-10-24", "2024-10-26"));
        let changed = "<p>zuletzt aktualisiert: 24.10.2024 - 17:40</p>";
        assert_eq!(days("de", today, changed, ""), pair("2024-10-24", ""));
        let end = "<p>Erstellt: 23.10.2024, 19:12 Uhr</p>";
        assert_eq!(days("de", today, changed, end), pair("2024-10-23", "2024-10-24"));
        // That of printing is none; a time element may be that of anything; a line with links.
        let printed = "<p>24.10.2024 11:23</p>";
        assert_eq!(
            days("de", "<p>Ausdruck vom: 14.11.2024</p>", printed, ""),
            pair("2024-10-24", "")
        );
        let time = "<p><time datetime=2024-10-28>x</time></p><p>Published 24 October 2024</p>";
        assert_eq!(days("en", "", time, ""), pair("2024-10-24", ""));
        let links = "<p>Von <a href=a>Botschaft Berlin</a> | 24 Oktober, 2024 | Themen: <a href=b>Außenpolitik</a></p>";
        assert_eq!(days("de", "", links, ""), pair("2024-10-24", ""));
        // Day and month.
        let short = read(
            "<div><p>Erstellt am Montag, 11. Mai 2020, bearbeitet am 02.06.2020</p><h1>Der Bundestag stimmt zu</h1>\
             <p>Der Bundestag hat dem Vertrag am Donnerstag zugestimmt.</p></div>",
            &Hints::default(),
        );
        assert_eq!(short.unwrap().facts.modified, Date::new(2020, 6, 2).ok());
        let slashed = "<p>Zuletzt aktualisiert: 09/11/2024 - 10:15<br>Zuerst veröffentlicht: 08/11/2024</p>";
        assert_eq!(days("de", "", slashed, ""), pair("2024-11-08", "2024-11-09"));
        assert_eq!(days("en-GB", "", "<p>08/11/2024</p>", ""), pair("2024-11-08", ""));
        assert_eq!(days("en-US", "", "<p>08/11/2024</p>", ""), pair("2024-08-11", ""));
        assert_eq!(
            days("en", "", "<p>24-10-2024 News Release 10/26</p>", ""),
            pair("2024-10-24", "")
        );
    }

    #[test]
    fn headlines_that_are_no_headings() {
        let text = "Der Bundestag hat dem Vertrag über die gemeinsame Sicherung der Küsten am Donnerstag nach langer Debatte mit \
             den Stimmen der Koalition zugestimmt.";
        let title = |head: &str, body: &str| {
            let page = format!("<head>{head}</head><body>{body}<p>{text}</p><p>{text}</p></body>");
            read(&page, &Hints::default()).unwrap().title.unwrap_or_default()
        };
        let named = "<td><span class=rubrik>Presse vom 24. Oktober 2024</span><br><br><span class=titel>Bundestag stimmt zu</span><br><br>";
        assert_eq!(
            title("<title>Die Partei: Mitteilungen</title>", named),
            "Bundestag stimmt zu"
        );
        let beside = "<div class=headline><span class=dachzeile>Küsten</span> <span class=headline>Bundestag stimmt dem Vertrag zu</span></div>";
        assert_eq!(
            title(
                "<title>Küsten: Bundestag stimmt dem Vertrag zu | ABC.DE</title>",
                beside
            ),
            "Bundestag stimmt dem Vertrag zu"
        );
        let font = "<font size=5>Bundestag stimmt dem Vertrag zu</font><br><br>";
        assert_eq!(
            title(
                "<title>Bundestag stimmt dem Vertrag zu -ZEITUNG - Politik; 24.10.2024</title>",
                font
            ),
            "Bundestag stimmt dem Vertrag zu"
        );
        let linked = "<h3>Donnerstag, 24. Oktober 2024</h3><h4><a href=a>Bundestag stimmt zu</a></h4>";
        assert_eq!(
            title("<title>Bundestag stimmt zu - Notizen</title>", linked),
            "Bundestag stimmt zu"
        );
        // What the metadata have for the section of the site, and for search engines.
        let section = "<title>Drucksache und Plenum</title><meta property=og:title content='Plenum KOMPAKT'>";
        assert_eq!(
            title(section, "<h2>Bundestag stimmt dem Vertrag zu</h2>"),
            "Bundestag stimmt dem Vertrag zu"
        );
        let wire =
            "<title>ROUNDUP/Bundestag stimmt zu</title><meta property=og:title content='ROUNDUP/Bundestag stimmt zu'>";
        assert_eq!(
            title(wire, "<div>ROUNDUP</div><h1>Bundestag stimmt zu</h1>"),
            "Bundestag stimmt zu"
        );
        let search = "<title>Bundestag zum Vertrag</title><meta property=og:title content='Bundestag: Zum Vertrag'>";
        assert_eq!(
            title(search, "<h1>Was der Bundestag zum neuen Vertrag sagt</h1>"),
            "Was der Bundestag zum neuen Vertrag sagt"
        );
    }

    #[test]
    fn leads_captions_and_remarks_by_form() {
        let text = "Der Bundestag hat dem Vertrag über die gemeinsame Sicherung der Küsten am Donnerstag nach langer Debatte mit \
             den Stimmen der Koalition zugestimmt.";
        let page = format!(
            "<div id=c><header><span class=Dachzeile>Küsten</span><h1>Bundestag stimmt dem Vertrag zu</h1>\
             <h2 class=Unterzeile>Länder warnen</h2></header><div><p>{text}</p><p>Abgeordnete vor der Abstimmung (AFP / Jan Weber)</p>\
             <p>Die Länder warnen. - Foto: APA</p><p>{text}</p><p>Anna Weber, Berlin, Tel: +49 30 1234567</p></div>\
             <h4>Ein Hinweis</h4><p class=autor>anna 24.02.2009 - 14:33</p><p>Es waren mehr Länder, als Sie schreiben.</p>\
             <h4>Noch einer</h4><p class=autor>b. 25.02.2009 - 00:12</p><p>Auch die Städte waren gegen den Vertrag.</p></div>"
        );
        let source = read(&page, &Hints::default()).unwrap();
        let body: Vec<&str> = source
            .blocks
            .iter()
            .filter(|b| b.part == Part::Body)
            .map(|b| b.span.of(&source.text))
            .collect();
        assert_eq!(body, [text, text], "{:?}", source.text);
        assert_eq!(source.facts.kicker.as_deref(), Some("Küsten"));
        let lead = format!(
            "<div><h2>Bundestag stimmt dem Vertrag zu</h2><div>Von: Iris Brandl</div><div><h3>{text}</h3></div><p>Die Länder hatten \
             andere Pläne, doch sie fanden im Bundestag keine Mehrheit dafür.</p></div>"
        );
        let source = read(&lead, &Hints::default()).unwrap();
        assert!(
            source
                .blocks
                .iter()
                .any(|b| b.part == Part::Body && b.span.of(&source.text) == text)
        );
    }

    #[test]
    fn names_in_lines_of_several_things() {
        let text = "Der Bundestag hat dem Vertrag über die gemeinsame Sicherung der Küsten am Donnerstag nach langer Debatte mit \
             den Stimmen der Koalition zugestimmt.";
        let authors = |line: &str| {
            let page = format!("<div><h1>Bundestag stimmt dem Vertrag zu</h1><p>{line}</p><p>{text}</p></div>");
            read(&page, &Hints::default()).unwrap().facts.authors
        };
        for line in [
            "10.09.2015 13:04 von Ruth Menzel (Kommentare: 0)",
            "Datum: 25.03.1999<br>Ressort: Politik<br>Autor: Ruth Menzel<br>Seite: 01",
            "27.04.2007<br>By Ruth Menzel, TALLINN",
        ] {
            assert_eq!(authors(line), ["Ruth Menzel"], "{line}");
        }
        assert_eq!(
            authors("<span>Autor/in</span></p><p><a href=a>Ruth Menzel</a>"),
            ["Ruth Menzel"]
        );
        let lead =
            format!("<b>{text}</b></p><p>Von <a href=a>Ruth Menzel</a> 25.02.2019 um 18:30 <a href=b>Kommentieren</a>");
        assert_eq!(authors(&lead), ["Ruth Menzel"]);
        assert_eq!(authors("Reden von Angela Merkel"), [""; 0]);
    }

    #[test]
    fn what_looks_like_noise_and_is_none() {
        let page = "<article><h1>Streit über Werbung</h1><p>Der Bundestag hat am Donnerstag über Werbung für Waffen gestritten, \
             wie sie in mehreren Staaten der Union erlaubt ist und in anderen nicht.</p>\
             <p>Ja, so ist es.</p><p>Werbung für Waffen soll verboten werden.</p>\
             <ul><li>24.10.2024: Der Bundestag berät.</li><li>25.10.2024: Der Bundesrat lehnt ab.</li></ul>\
             <p>Die Opposition war dagegen.</p><p><b>Streit über Werbung</b></p></article>";
        let source = read(page, &Hints::default()).unwrap();
        let shown: Vec<&str> = source.blocks.iter().skip(1).map(|b| b.span.of(&source.text)).collect();
        assert_eq!(shown.len(), 6, "{shown:?}");
        let notices =
            "<div><h2><a href=a>Minister tritt zurück</a></h2><p>Der Minister ist am Montag zurückgetreten.</p></div>";
        assert!(
            read(notices, &Hints::default())
                .unwrap()
                .text
                .contains("am Montag zurückgetreten")
        );
    }

    #[test]
    fn text_behind_a_wall_and_lists_beside_it() {
        let text = "Der Bundestag hat dem Vertrag am Donnerstag nach langer Debatte mit großer Mehrheit zugestimmt.";
        let page = format!(
            "<article><h1>Bundestag stimmt zu</h1><div><p>{text}</p><p class=paywall>Die Opposition war dagegen, und auch \
             aus den Ländern kam Kritik.</p></div><div><div>Sehen Sie, wie die Abgeordneten im Bundestag stimmten</div>\
             <div>Was der Vertrag für die Länder im Osten bedeutet</div></div></article>"
        );
        let source = read(&page, &Hints::default()).unwrap();
        assert_eq!(
            source.text,
            format!(
                "Bundestag stimmt zu\n\n{text}\n\nDie Opposition war dagegen, und auch aus den Ländern kam Kritik."
            )
        );
    }

    #[test]
    fn what_belongs_to_a_headline_and_what_repeats_the_text() {
        let text = "Der Bundestag hat dem Vertrag zugestimmt. „Es war höchste Zeit für diesen Schritt“, sagte die Kanzlerin nach der \
             Abstimmung in Berlin vor den Abgeordneten.";
        let page = format!(
            "<article><div><h1>Bundestag stimmt zu</h1><h2>Warum die Länder den Vertrag bis zuletzt verhindern wollten</h2>\
             <h3>Von <a href=a>Anna Schmidt</a></h3></div><div><p>{text}</p><blockquote>Es war höchste Zeit für diesen Schritt\
             </blockquote><p>Die Länder hatten andere Pläne.<sup><a href=n>1</a></sup></p>\
             <p>Schreiben Sie der Autorin: schmidt@zeitung.example</p></div></article>"
        );
        assert_eq!(
            read(&page, &Hints::default()).unwrap().text,
            format!(
                "Bundestag stimmt zu\n\nWarum die Länder den Vertrag bis zuletzt verhindern wollten\n\n{text}\n\nDie Länder hatten andere Pläne."
            )
        );
    }

    #[test]
    fn quotations_are_told_apart() {
        let text = "Der Bundestag hat dem Vertrag zugestimmt. „Es war höchste Zeit für diesen Schritt“, sagte die Kanzlerin nach der \
             Abstimmung in Berlin vor den Abgeordneten.";
        let blocks = |lang: &str, inside: &str| -> Vec<String> {
            let page = format!(
                "<html lang={lang}><article><h1>Bundestag stimmt zu</h1><p>{text}</p>{inside}<p>{text}</p></article></html>"
            );
            let source = read(&page, &Hints::default()).unwrap();
            let shown = source.blocks[2..source.blocks.len() - 1].iter();
            shown
                .map(|b| format!("{:?}|{}", b.part, b.span.of(&source.text)))
                .collect()
        };
        let statement = "Wir werden den Vertrag vor dem Verfassungsgericht prüfen lassen.";
        let quote = format!("Quote|{statement}");
        for set_apart in [
            format!("<blockquote><p>{statement}</p></blockquote>"),
            format!("<figure><q>{statement}</q><img src=a></figure>"),
            format!("<div class=article__zitat>{statement}</div>"),
            format!("<p><q>{statement}</q></p>"),
        ] {
            assert_eq!(blocks("de", &set_apart), [quote.as_str()], "{set_apart}");
        }
        // Points of a list that is quoted stay points.
        let list =
            "<blockquote><p>Der Vertrag regelt zweierlei:</p><ul><li>die Sicherung der Küsten</li></ul></blockquote>";
        assert_eq!(
            blocks("de", list),
            [
                "Quote|Der Vertrag regelt zweierlei:",
                "ListItem|die Sicherung der Küsten"
            ]
        );
        // Within a sentence it breaks no paragraph, and gets the marks that browsers show.
        let inline = "<p>Er sprach von <q>höchster Zeit</q> für den Vertrag.</p>";
        assert_eq!(
            blocks("de", inline),
            ["Body|Er sprach von „höchster Zeit“ für den Vertrag."]
        );
        assert_eq!(
            blocks("en", inline),
            ["Body|Er sprach von “höchster Zeit” für den Vertrag."]
        );
        let marked = "<p>Er sprach von <q>„höchster Zeit“</q> für den Vertrag.</p>";
        assert_eq!(
            blocks("de", marked),
            ["Body|Er sprach von „höchster Zeit“ für den Vertrag."]
        );
        // One that repeats the text is left out; where most of a text is one, the element is its margin.
        assert_eq!(
            blocks(
                "de",
                "<div class=pullquote>Es war höchste Zeit für diesen Schritt</div>"
            ),
            [""; 0]
        );
        let margin = format!("<h1>Bundestag stimmt zu</h1><blockquote><p>{text}</p><p>{statement}</p></blockquote>");
        let source = read(&margin, &Hints::default()).unwrap();
        assert!(
            source.blocks[1..].iter().all(|b| b.part == Part::Body),
            "{:?}",
            source.blocks
        );
    }

    #[test]
    fn days_that_cannot_be_are_passed_over_and_noted() {
        let hints = Hints {
            read_on: Date::new(2024, 10, 25).ok(),
            format: Some(crate::Format::Html),
            ..Hints::default()
        };
        let page = |head: &str, line: &str| {
            let text = "<p>Der Bundestag hat dem Vertrag heute zugestimmt, und die Opposition war dagegen.</p>";
            let page = format!("<head>{head}</head><h1>Bundestag stimmt zu</h1><p>{line}</p>{text}");
            let report = crate::read_report(page.as_bytes(), &hints).unwrap();
            let notes: Vec<String> = report.notes.iter().map(ToString::to_string).collect();
            (report.document.published.map(|d| d.to_string()), notes)
        };
        let ld = |day: &str| {
            format!(
                "<script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"datePublished\":\"{day}\"}}</script>"
            )
        };
        let og = "<meta property='article:published_time' content='2024-10-24T10:00:00Z'>";
        let day = Some("2024-10-24".to_owned());
        let note = "published: 2042-10-24 (JSON-LD) cannot be the day: not taken".to_owned();
        assert_eq!(page(&(ld("2042-10-24") + og), ""), (day.clone(), vec![note.clone()]));
        assert_eq!(page(&ld("2042-10-24"), "24.10.2024"), (day.clone(), vec![note.clone()]));
        assert_eq!(page(&ld("2042-10-24"), ""), (None, vec![note]));
        let epoch = "published: 1970-01-01 (JSON-LD) cannot be the day: not taken".to_owned();
        assert_eq!(page(&(ld("1970-01-01T00:00:00Z") + og), ""), (day, vec![epoch]));
        // Tomorrow may be another time zone; visible text is doubted too.
        assert_eq!(
            page(&ld("2024-10-26T02:00:00+14:00"), "").0.as_deref(),
            Some("2024-10-26")
        );
        let shown = "published: 2042-10-24 (visible text) cannot be the day: not taken".to_owned();
        assert_eq!(page("", "24.10.2042"), (None, vec![shown]));
    }

    #[test]
    fn contradictions_are_noted() {
        let page = "<meta property='og:title' content='Alles zur Politik heute'><script type='application/ld+json'>\
             {\"@type\":\"NewsArticle\",\"headline\":\"Bundestag stimmt zu\",\"datePublished\":\"2024-10-23\",}</script>\
             <link rel=canonical href='https://x.de/2024/11/22/a'><h1>Bundestag stimmt zu</h1>\
             <p>Der Bundestag hat dem Vertrag heute zugestimmt.</p>";
        let notes: Vec<String> = read(page, &Hints::default())
            .unwrap()
            .notes
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            notes,
            [
                "published: \"2024-10-23\" (JSON-LD) taken, \"2024-11-22\" (address) not",
                "title: \"Bundestag stimmt zu\" (JSON-LD) taken, \"Alles zur Politik heute\" (OpenGraph) not",
            ]
        );
    }

    #[test]
    fn contradictions_beside_days_and_titles_are_noted() {
        let text = "Der Bundestag hat dem Vertrag heute zugestimmt. ".repeat(6);
        let notes = |lang: &str, head: &str| -> Vec<String> {
            let page = format!("<html lang={lang}><head>{head}</head><h1>Bundestag stimmt zu</h1><p>{text}</p></html>");
            let hints = Hints {
                format: Some(crate::Format::Html),
                ..Hints::default()
            };
            let report = crate::read_report(page.as_bytes(), &hints).unwrap();
            report.notes.iter().map(ToString::to_string).collect()
        };
        let ld = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"dateModified\":\"2024-10-24\",\"author\":{\"name\":\"Anna \
             Schmidt\"},\"publisher\":{\"name\":\"Die Zeitung\"}}</script><link rel=canonical href=https://www.zeitung.example/a/>";
        let same = "<meta name=author content='Schmidt, Anna'><meta property=og:site_name content='Zeitung'><meta \
             property=article:modified_time content=2024-10-25><meta property=og:url content='http://zeitung.example/a?x=1'>";
        assert_eq!(notes("de", &format!("{ld}{same}")), [""; 0]);
        let other = "<meta name=author content='Jan Weber'><meta property=og:site_name content='Das Blatt'><meta \
             property=article:modified_time content=2024-10-29><meta property=og:url content='https://blatt.example/b'>";
        assert_eq!(
            notes("en", &format!("{ld}{other}")),
            [
                "url: \"https://www.zeitung.example/a/\" (link element) taken, \"https://blatt.example/b\" (OpenGraph) not",
                "modified: \"2024-10-24\" (JSON-LD) taken, \"2024-10-29\" (OpenGraph) not",
                "publisher: \"Die Zeitung\" (JSON-LD) taken, \"Das Blatt\" (OpenGraph) not",
                "authors: \"Anna Schmidt\" (JSON-LD) taken, \"Jan Weber\" (meta element) not",
                "language: \"de\" (visible text) taken, \"en\" (lang attribute) not",
            ]
        );
    }

    #[test]
    fn body_of_the_metadata_decides_between_two() {
        let (a, b) = (
            "Der Bundestag hat dem Vertrag heute zugestimmt. ".repeat(10),
            "Ein Prospekt lobt die schönen Strände. ".repeat(12),
        );
        let page = format!(
            "<script type='application/ld+json'>{{\"@type\":\"Article\",\"articleBody\":\"{a}\"}}</script>\
             <section><p>{b}</p></section><section><p>{a}</p></section>"
        );
        assert_eq!(read(&page, &Hints::default()).unwrap().text, a.trim());
    }

    #[test]
    fn encodings_named_by_the_page() {
        assert_eq!(
            declared_encoding(b"<meta http-equiv=x content=\"text/html; charset=ISO-8859-1\">").as_deref(),
            Some("ISO-8859-1")
        );
        assert_eq!(declared_encoding(b"<p>charset=x"), None);
    }
}
