//! Listening changes nothing, and every event has its reasons.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use lagebild_core::{Block, DocId, Document, EventIx, Lang, Parsed, Part, Span};
use lagebild_engine::explain::{Traced, WhyNot};
use lagebild_lexicon::Expected;
use std::path::Path;
use std::sync::Arc;

fn parsed(text: &str, lang: Lang) -> Arc<Parsed> {
    let document = Document {
        id: DocId("x".into()),
        source: None,
        published: "2024-10-24".parse().ok(),
        lang,
        title: None,
        blocks: vec![Block {
            span: Span::at(0, text.len()),
            part: Part::Body,
        }],
        text: text.into(),
    };
    Arc::new(lagebild_nlp::parse(Arc::new(document)))
}

/// The sample reports of the repository, read as plain text.
fn samples() -> Vec<(String, Lang)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/demo");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let reports = files
        .into_iter()
        .filter(|f| f.file_name().is_some_and(|n| n != "README.md"));
    reports
        .filter_map(|f| std::fs::read_to_string(f).ok())
        .map(|text| {
            let english = text.matches(" the ").count() > text.matches(" die ").count();
            (text, if english { Lang::En } else { Lang::De })
        })
        .collect()
}

#[test]
fn listening_changes_nothing_and_every_event_has_its_reasons() {
    let (lexicon, knowledge) = (lagebild_bundle::lexicon(), lagebild_bundle::knowledge());
    let (mut events, mut placed) = (0, 0);
    for (text, lang) in samples() {
        let parsed = parsed(&text, lang);
        let plain = lagebild_engine::read(Arc::clone(&parsed), lexicon, knowledge);
        let traced = Traced::read(parsed, lexicon, knowledge);
        assert_eq!(format!("{:?}", plain.events), format!("{:?}", traced.reading.events));
        assert_eq!(
            format!("{:?}", plain.entities),
            format!("{:?}", traced.reading.entities)
        );
        for (n, event) in plain.events.iter().enumerate() {
            let tree = traced.event(EventIx::from(n));
            let about = |what: &str| tree.reasons.iter().filter(|r| r.about == what).count();
            assert_eq!(about("trigger"), 1);
            assert!(about("actor") >= event.actors.len() && about("recipient") >= event.recipients.len());
            let rule = tree.reasons[0].rule.as_ref().unwrap();
            assert!(rule.file.is_some() && rule.line.is_some(), "{rule:?}");
            events += 1;
            let parties = tree
                .reasons
                .iter()
                .filter(|r| r.value != "-" && matches!(r.about, "actor" | "recipient"));
            placed += usize::from(parties.clone().all(|p| p.why[0] != "at the noun of the act"));
        }
    }
    assert!(events > 50, "{events}");
    // What falls to the last answer is a decision of the engine that nobody told the trace.
    assert!(placed * 20 > events * 19, "{placed} of {events}");
}

#[test]
fn the_try_that_came_furthest_tells_why_not() {
    let parsed = parsed("Der Bundestag hat das Ergebnis ratifiziert.", Lang::De);
    let traced = Traced::read(parsed, lagebild_bundle::lexicon(), lagebild_bundle::knowledge());
    let Ok(Expected::Event(asked)) = Expected::parse("SUPPORT DEU > -") else {
        panic!("not understood")
    };
    let WhyNot::Not(tree) = traced.why_not(&asked, None) else {
        panic!("it is read")
    };
    // "hat" has entries too; but what they need is not there, while the object of "ratifiziert" is another one than it needs.
    assert!(
        tree.why[0].starts_with("\"ratifiziert\": needs as object of the trigger"),
        "{tree:?}"
    );
    assert!(tree.why[0].ends_with("there is \"das Ergebnis\""), "{tree:?}");
}
