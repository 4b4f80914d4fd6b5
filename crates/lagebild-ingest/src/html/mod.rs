//! Web pages: the article in them, its headline, date, address.

mod article;
mod dom;
mod json;
mod meta;

use crate::assemble::Assembly;
use crate::error::Error;
use crate::layout::layout;
use crate::report::{Facts, Note};
use crate::{Hints, Source};
use dom::Dom;
use lagebild_core::Part;
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
    answer_links: HashSet<String>,
    author_openers: Vec<String>,
    no_authors: HashSet<String>,
    caption_words: HashSet<String>,
    picture_words: HashSet<String>,
    picture_text_words: HashSet<String>,
    byline_words: HashSet<String>,
    kicker_words: HashSet<String>,
    subtitle_words: HashSet<String>,
    headline_words: HashSet<String>,
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
    let meta = Meta::read(&dom, &dropped, hints.url);
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
    if !assembly.blocks.iter().any(|b| b.part == Part::Body) {
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
    Ok(Source {
        lang: meta.lang.filter(|_| text.len() < SHORT),
        published: meta.published.or(date_in_text).or(found.date).or(meta.hidden_day),
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
