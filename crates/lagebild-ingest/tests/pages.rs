//! Pages with the layouts of large outlets, written for this test, against what is known of them.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use lagebild_core::Part;
use lagebild_ingest::{Format, Hints, read_report};
use serde_json::{Value, json};
use std::path::Path;

/// What is not read as it should be: page, field, and what is wrong.
const KNOWN_FAULTS: &[(&str, &str, &str)] = &[
    (
        "de-weekly",
        "body",
        "keeps a link at the end of a paragraph that advertises another article",
    ),
    (
        "de-agency-ticker",
        "body",
        "keeps the initials of the editors behind the last sentence",
    ),
    ("de-daily-berlin", "body", "keeps the text under a film"),
    ("de-date-conflict", "body", "keeps the headline of a film"),
    (
        "de-divs-drop-cap",
        "authors",
        "finds no author in a line of several crafts (Text: … · Fotos: …)",
    ),
    (
        "de-print-table",
        "authors",
        "does not take \"Aus Szeged berichtet …\" for a byline",
    ),
    (
        "at-agency-copy",
        "body",
        "keeps the agencies in brackets at the end of the last paragraph",
    ),
    ("de-blogspot", "authors", "takes no author of one word"),
    (
        "de-magazine-longform",
        "authors",
        "takes the line of two crafts (Text: … Fotos: …) for one name",
    ),
    (
        "en-australian-broadcaster-2023",
        "body",
        "keeps the heading of a summary",
    ),
    (
        "de-fact-check",
        "body",
        "keeps the box of the claim and the list of sources",
    ),
    (
        "en-bullets",
        "title",
        "takes \"Scoop:\" for the kicker that its class says it is, though all metadata have it",
    ),
    (
        "en-transcript",
        "body",
        "leaves out a mark of omission, which has no word",
    ),
    ("de-wordpress-old-theme", "authors", "takes no author of one word"),
    ("de-wordpress-blocks", "body", "keeps a request for donations"),
    ("de-commission-note", "body", "keeps a line that announces links"),
    ("de-expert-list", "body", "keeps those who signed"),
    ("de-forum-paper", "authors", "takes no name without a word for it"),
    ("en-wilson-blog", "authors", "does not read a list of terms"),
    (
        "de-civic-education",
        "authors",
        "takes the institution that the metadata name",
    ),
    ("de-hourly-ticker", "authors", "takes no author of one word"),
    ("de-phpnuke", "authors", "takes no author of one word"),
    (
        "en-eu-presscorner",
        "publisher",
        "does not take the institution that the metadata name as author",
    ),
    ("en-turkish-agency", "authors", "takes no name without a word for it"),
    (
        "en-turkish-agency",
        "body",
        "takes the town above the text for a heading",
    ),
    (
        "de-foundation-journal",
        "authors",
        "takes no name without a word for it",
    ),
    (
        "de-foundation-journal",
        "body",
        "keeps the box on the author, whose name it did not find",
    ),
    ("de-indymedia", "authors", "takes no name without a word for it"),
    (
        "de-local-weekly-ippen",
        "authors",
        "passes over a bar of buttons with the name in it",
    ),
    ("de-phpbb-board", "authors", "does not know how boards name an author"),
    ("de-embassy-wp", "authors", "takes an office for a person"),
    ("de-s9y-blog", "authors", "does not read the footer of a post"),
    ("en-gov-uk", "body", "keeps the list of changes below a release"),
    ("en-guardian-2004", "authors", "takes no name without a word for it"),
    (
        "en-brussels-portal",
        "body",
        "keeps what the medium says about the trust in its reports",
    ),
    (
        "en-state-agency",
        "body",
        "keeps a mark of the end behind the last sentence",
    ),
    (
        "en-ukrainian-daily",
        "body",
        "takes a line for that of a picture, which names the source of a report",
    ),
];

fn words(text: &str) -> String {
    let letters = |c: char| if c.is_alphanumeric() { c } else { ' ' };
    text.chars()
        .map(letters)
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

fn folded(value: &Value) -> Value {
    match value {
        Value::String(text) => words(text).into(),
        Value::Array(items) => items.iter().map(folded).collect(),
        other => other.clone(),
    }
}

#[test]
fn pages_are_read_as_they_are_known() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut wrong = Vec::new();
    let mut read = 0;
    let entries = [
        "pages", "pages-2", "pages-3", "pages-4", "pages-5", "pages-6", "pages-7", "pages-8", "pages-9", "pages-10",
        "pages-11",
    ]
    .map(|set| std::fs::read_dir(tests.join(set)).unwrap());
    for entry in entries.into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "html") {
            continue;
        }
        read += 1;
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let truth: Value = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
        let hints = Hints {
            format: Some(Format::Html),
            ..Hints::default()
        };
        let report = read_report(&std::fs::read(&path).unwrap(), &hints).unwrap();
        let (doc, facts) = (&report.document, &report.facts);
        let mut body = Vec::new();
        let mut dateline = String::new();
        for block in &doc.blocks {
            let text = block.span.of(&doc.text);
            match block.part {
                // One that opens a paragraph belongs to it.
                Part::Dateline => text.clone_into(&mut dateline),
                Part::Body | Part::Heading | Part::Quote | Part::ListItem => {
                    body.push(words(&format!("{dateline} {text}")))
                }
                _ => {}
            }
            if block.part != Part::Dateline {
                dateline.clear();
            }
        }
        let fields = [
            ("title", json!(doc.title)),
            ("published", json!(doc.published.map(|d| d.to_string()))),
            ("modified", json!(facts.modified.map(|d| d.to_string()))),
            ("lang", json!(doc.lang.code())),
            ("authors", json!(facts.authors)),
            ("publisher", json!(facts.publisher)),
            ("url", json!(facts.url)),
            ("body", body.into()),
        ];
        for (field, found) in fields {
            let (found, known) = (folded(&found), folded(&truth[field]));
            let is_fault = KNOWN_FAULTS.iter().any(|(page, of, _)| *page == name && *of == field);
            if (found != known) != is_fault {
                wrong.push(format!("{name}: {field}\n  read  {found}\n  known {known}"));
            }
        }
    }
    assert!(read >= 268, "only {read} pages");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
