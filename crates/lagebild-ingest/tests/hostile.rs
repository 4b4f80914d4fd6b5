//! Hostile and broken inputs, each with the outcome that was decided for it, within ten seconds even unoptimised.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod entry;

use entry::report;
use lagebild_ingest::{Error, Format, Limit, Note};
use std::time::{Duration, Instant};

/// What must come of an input.
#[derive(Debug)]
enum Expected {
    /// It is read, and its text contains this.
    Text(&'static str),
    /// It is over this limit.
    Over(Limit),
    /// It is over some limit.
    OverAny,
    /// It is read or refused.
    Any,
    /// There is no text in it.
    Empty,
    /// It is no text.
    Binary,
}

#[track_caller]
fn check(name: &str, format: Format, bytes: &[u8], expected: &Expected) {
    let started = Instant::now();
    let result = report(bytes, format);
    let took = started.elapsed();
    let met = match (&result, expected) {
        (Ok(report), Expected::Text(text)) => report.document.text.contains(text),
        (_, Expected::Any) | (Err(Error::Limit { .. }), Expected::OverAny) => true,
        (Err(Error::Limit { limit, .. }), Expected::Over(known)) => limit == known,
        (Err(Error::Empty), Expected::Empty) | (Err(Error::Binary { .. }), Expected::Binary) => true,
        _ => false,
    };
    let shown = result.map(|r| r.document.text.chars().take(200).collect::<String>());
    assert!(met, "{name}: {expected:?} expected, not {shown:?}");
    assert!(took < Duration::from_secs(10), "{name} took {took:?}");
}

const END: &str = "<p>Der Bundestag hat dem Vertrag am Donnerstag zugestimmt.</p>";
const SENTENCE: &str = "Der Bundestag hat dem Vertrag am Donnerstag zugestimmt.";

#[test]
fn markup_bombs() {
    use Expected::{Empty, Over, OverAny, Text};
    let formatting: String = (0..10_000).map(|n| format!("<b id={n}><p>")).collect();
    let attributes: String = (0..50_000).map(|n| format!(" a{n}=1")).collect();
    let spans = "<table><tr><td colspan=99999 rowspan=65534>x</td></tr></table>".repeat(1_000);
    let cases: [(&str, String, Expected); 14] = [
        ("divs", "<div>".repeat(50_000), Over(Limit::HtmlDepth)),
        ("lists", "<ul><li>".repeat(35_000), Over(Limit::HtmlDepth)),
        ("tables", "<table><tr><td>".repeat(10_000), Over(Limit::HtmlDepth)),
        ("formatting", formatting, OverAny),
        ("attributes", format!("<p{attributes}>"), Over(Limit::HtmlAttributes)),
        ("links", "<a href=x>".repeat(50_000), Empty),
        ("metas", "<meta ".repeat(20_000) + ">", Over(Limit::HtmlAttributes)),
        (
            "open comment",
            format!("{END}<!--{}", "-".repeat(500_000)),
            Text(SENTENCE),
        ),
        (
            "open tag",
            format!("{END}<p title=\"{}", "x".repeat(500_000)),
            Text(SENTENCE),
        ),
        ("entities", "&amp;&#x41;&nosuch;&".repeat(50_000), Text(SENTENCE)),
        ("spans", spans, Text(SENTENCE)),
        (
            "doctype",
            format!("<!DOCTYPE {}>", "x ".repeat(100_000)),
            Text(SENTENCE),
        ),
        (
            "JSON-LD depth",
            format!("<script type=application/ld+json>{}</script>", "[".repeat(100_000)),
            Text(SENTENCE),
        ),
        (
            "times",
            format!("{}<time>{}", "<time>".repeat(300), "x ".repeat(100_000)),
            Text(SENTENCE),
        ),
    ];
    for (name, page, expected) in cases {
        let page = match name {
            "open comment" | "open tag" | "metas" => format!("{END}{page}"),
            _ => format!("{page}{END}"),
        };
        check(name, Format::Html, page.as_bytes(), &expected);
    }
}

#[test]
fn long_texts_take_linear_time() {
    let paragraph = format!("<p>{}</p>", "Wort ".repeat(200));
    check(
        "one long paragraph",
        Format::Html,
        format!("<p>{}.</p>", "Wort ".repeat(400_000)).as_bytes(),
        &Expected::Text("Wort Wort"),
    );
    check(
        "many paragraphs",
        Format::Html,
        paragraph.repeat(2_000).as_bytes(),
        &Expected::Text("Wort Wort"),
    );
    check(
        "many boxes",
        Format::Html,
        format!("{END}<h1>Titel der Seite</h1><h2>Mehr zum Thema</h2><p><a href=x>Antworten</a> Wort.</p>")
            .repeat(5_000)
            .as_bytes(),
        &Expected::Text(SENTENCE),
    );
    check(
        "white space",
        Format::Html,
        format!("<p>{}{END}", " \n".repeat(1_000_000)).as_bytes(),
        &Expected::Text(SENTENCE),
    );
    check(
        "one line",
        Format::Text,
        "Ein Satz. ".repeat(200_000).as_bytes(),
        &Expected::Text("Ein Satz."),
    );
    check(
        "many headlines",
        Format::Text,
        (0..50_000)
            .map(|n| format!("Minister {n} tritt zurück\n"))
            .collect::<String>()
            .as_bytes(),
        &Expected::Text("Minister 7 tritt"),
    );
    check(
        "many lines",
        Format::Text,
        "12.10.2024, 12.10.2024\n".repeat(50_000).as_bytes(),
        &Expected::Text("2024"),
    );
    check(
        "open emphasis",
        Format::Markdown,
        ("*a _".repeat(50_000) + "\n\nEin Satz.").as_bytes(),
        &Expected::Text("Ein Satz."),
    );
    check(
        "open brackets",
        Format::Markdown,
        ("[".repeat(50_000) + "\n\nEin Satz.").as_bytes(),
        &Expected::Text("Ein Satz."),
    );
    check(
        "deep quotes",
        Format::Markdown,
        (">".repeat(20_000) + "a\n\nEin Satz.").as_bytes(),
        &Expected::Text("Ein Satz."),
    );
    check(
        "parts in parts",
        Format::Mail,
        "Content-Type: multipart/mixed; boundary=a\n\n--a\n"
            .repeat(20_000)
            .as_bytes(),
        &Expected::Any,
    );
}

#[test]
fn charsets_that_lie() {
    let cases: [(&str, &[u8], Expected); 8] = [
        ("UTF-8 labelled Latin-1", "<meta charset=iso-8859-1><p>Köln prüft die Lieferung.</p>".as_bytes(), Expected::Text("Köln prüft")),
        ("Latin-1 labelled UTF-8", b"<meta charset=utf-8><p>K\xF6ln pr\xFCft die Lieferung f\xFCr \xC4gypten.</p>", Expected::Text("Köln prüft")),
        ("Latin-1 means windows-1252", b"<meta charset=latin1><p>\x84K\xF6ln\x93 kostet 5 \x80 im Monat.</p>", Expected::Text("„Köln“ kostet 5 €")),
        ("no label", b"<p>K\xF6ln pr\xFCft die Lieferung.</p>", Expected::Text("Köln prüft")),
        ("UTF-16 named in UTF-8", "<meta charset=utf-16><p>Köln prüft die Lieferung.</p>".as_bytes(), Expected::Text("Köln prüft")),
        ("NUL", b"<p>Der Bundestag hat dem Vertrag am Donnerstag zugestimmt.\0</p><p>Die Opposition war dagegen, wie sie vorher schon angek\xC3\xBCndigt hatte. Der Minister dankte allen, die daran gearbeitet haben, und nannte das Ergebnis einen guten Tag. Der Bundesrat muss noch zustimmen, was er wohl im November tun wird. Danach unterschreibt der Pr\xC3\xA4sident das Gesetz, und es tritt zum Jahresanfang in Kraft. Bis dahin gelten die alten Regeln weiter, wie das Ministerium mitteilte.</p>", Expected::Text("Die Opposition")),
        ("NULs", b"a\0b\0c\0d\0\0\0", Expected::Binary),
        ("PDF named HTML", b"%PDF-1.7 <html><p>x", Expected::Binary),
    ];
    for (name, bytes, expected) in cases {
        check(name, Format::Html, bytes, &expected);
    }
    let latin = report(b"<p>K\xF6ln pr\xFCft die Lieferung.</p>", Format::Html).unwrap();
    assert!(
        matches!(
            latin.notes[..],
            [Note::Decoded {
                encoding: "windows-1252",
                ..
            }]
        ),
        "{:?}",
        latin.notes
    );
}

#[test]
fn pages_without_an_article() {
    let wall = "<html><body><div class=\"privacywall\"><h1>Willkommen</h1><p>Wir verwenden Cookies, um Ihnen das beste \
         Angebot zu machen. Bitte stimmen Sie zu.</p></div></body></html>";
    for (name, page) in [
        ("consent wall", wall),
        (
            "navigation",
            "<nav><a href=a>Start</a></nav><ul><li><a href=b>Politik</a></li></ul>",
        ),
        (
            "scripts",
            "<script>document.write('<p>Der Bundestag hat zugestimmt.</p>')</script><noscript>Bitte JavaScript einschalten.</noscript>",
        ),
        ("nothing", "<html><head><title>x</title></head><body></body></html>"),
    ] {
        check(name, Format::Html, page.as_bytes(), &Expected::Empty);
    }
}

#[test]
fn what_the_reader_sees_is_kept() {
    // Directions, joiners, combining letters: evidence is not cleaned, but what splits words without being seen goes.
    let page = "<p>Der \u{202E}Minister\u{202C} pru\u{308}ft 👨‍👩‍👧 die Aus\u{AD}sicht im Ge\u{200B}setz.</p>";
    let text = report(page.as_bytes(), Format::Html).unwrap().document.text;
    assert_eq!(
        &*text,
        "Der \u{202E}Minister\u{202C} pru\u{308}ft 👨‍👩‍👧 die Aussicht im Gesetz."
    );
}
