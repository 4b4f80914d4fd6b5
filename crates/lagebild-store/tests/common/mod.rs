//! A record as the engine would make it, small and complete.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(dead_code, reason = "each test program uses its part")]

use jiff::Timestamp;
use lagebild_core::wire::{
    AgreementRecord, ClaimRecord, DateRecord, Engine, EntityRecord, EventRecord, MentionRecord, ObligationRecord,
    PartyRecord, PlaceRecord, QuantityRecord, Range, Record, StepRecord, Words,
};
use lagebild_store::{Compounds, Finished, Incoming, Outcome, Receipt, Store};
use std::path::Path;
use std::sync::Arc;

pub(crate) const TEXT: &str = "Südkorea prüft Lieferungen\n\nRussland ratifizierte den Beistandsvertrag mit Nordkorea. \
                        Nordkorea schickte laut Seoul 3.000 Soldaten nach Russland.";

pub(crate) struct SomeCompounds;

impl Compounds for SomeCompounds {
    fn parts(&self, word: &str, _: lagebild_core::Lang) -> Vec<String> {
        match word {
            "Beistandsvertrag" => vec!["Beistand".to_owned(), "Vertrag".to_owned()],
            _ => Vec::new(),
        }
    }
}

pub(crate) fn open(path: &Path) -> Store {
    Store::open(path, Arc::new(SomeCompounds)).unwrap()
}

pub(crate) fn now() -> Timestamp {
    "2024-10-25T08:00:00Z".parse().unwrap()
}

/// The `n`-th place of `words` in `text`, in code points.
pub(crate) fn at(text: &str, words: &str, n: usize) -> Words {
    let byte = text.match_indices(words).nth(n).unwrap().0;
    let start = text[..byte].chars().count();
    Words {
        start,
        end: start + words.chars().count(),
        text: words.to_owned(),
    }
}

fn range(text: &str, words: &str) -> Range {
    let w = at(text, words, 0);
    Range {
        start: w.start,
        end: w.end,
    }
}

fn state(text: &str, words: &str, n: usize, code: &str, roles: &[&str]) -> PartyRecord {
    let w = at(text, words, n);
    PartyRecord {
        text: w.text,
        start: Some(w.start),
        end: Some(w.end),
        name: Some(words.to_owned()),
        id: Some(format!("country:{code}")),
        country: Some(code.to_owned()),
        org: None,
        roles: roles.iter().map(ToString::to_string).collect(),
        code: Some(format!("{code}{}", roles.concat())),
    }
}

/// A report with two events, a claim and an agreement.
pub(crate) fn record(id: &str) -> Record {
    let text = TEXT;
    let (treaty, troops) = (
        "Russland ratifizierte den Beistandsvertrag mit Nordkorea.",
        "Nordkorea schickte laut Seoul 3.000 Soldaten nach Russland.",
    );
    let entity = |id: &str, name: &str, words: &[(&str, usize)]| EntityRecord {
        id: id.to_owned(),
        name: name.to_owned(),
        kind: "country".to_owned(),
        country: Some(id[8..].to_owned()),
        org: None,
        roles: Vec::new(),
        mentions: words.iter().map(|(w, n)| at(text, w, *n)).collect(),
        learnt: None,
    };
    let event = |id: &str, kind: &str, sentence: &str, trigger: &str| {
        let Range { start, end } = range(text, sentence);
        EventRecord {
            id: id.to_owned(),
            kind: kind.to_owned(),
            mode: None,
            content: None,
            actors: Vec::new(),
            recipients: Vec::new(),
            status: "actual".to_owned(),
            certainty: "asserted".to_owned(),
            date: DateRecord {
                from: Some("2024-10-24".to_owned()),
                to: Some("2024-10-24".to_owned()),
                text: None,
                implicit: true,
            },
            place: None,
            quantities: Vec::new(),
            context: vec!["military".to_owned(), "diplomatic".to_owned()],
            claim: None,
            quad: "verbal-cooperation".to_owned(),
            cameo: "057".to_owned(),
            goldstein: Some(8.0),
            plover_score: 3.4,
            rule: "de.test".to_owned(),
            mentions: vec![MentionRecord {
                start,
                end,
                trigger: at(text, trigger, 0),
            }],
        }
    };
    let mut ratifies = event("e1", "SUPPORT", treaty, "ratifizierte");
    ratifies.actors = vec![state(text, "Russland", 0, "RUS", &["LEG"])];
    ratifies.recipients = vec![state(text, "Nordkorea", 0, "PRK", &[])];
    let mut sends = event("e2", "AID", troops, "schickte");
    sends.actors = vec![state(text, "Nordkorea", 1, "PRK", &["GOV", "MIL"])];
    sends.recipients = vec![state(text, "Russland", 1, "RUS", &[])];
    sends.certainty = "alleged".to_owned();
    sends.claim = Some("c1".to_owned());
    sends.quad = "material-cooperation".to_owned();
    sends.date = DateRecord {
        from: Some("2024-10-01".to_owned()),
        to: Some("2024-10-31".to_owned()),
        text: Some("im Oktober".to_owned()),
        implicit: false,
    };
    sends.place = Some(PlaceRecord {
        text: "Russland".to_owned(),
        name: "Russland".to_owned(),
        country: Some("RUS".to_owned()),
        lat: Some(61.987_65),
        lon: Some(96.1),
    });
    let soldiers = at(text, "3.000 Soldaten", 0);
    sends.quantities = vec![QuantityRecord {
        value: 3000.0,
        thing: "Soldaten".to_owned(),
        kind: "count".to_owned(),
        modifier: "exact".to_owned(),
        start: soldiers.start,
        end: soldiers.end,
    }];
    let mut holder = state(text, "Seoul", 0, "KOR", &["GOV"]);
    holder.name = Some("Südkorea".to_owned());
    let headline = range(text, "Südkorea prüft Lieferungen");
    Record {
        id: id.to_owned(),
        title: Some("Südkorea prüft Lieferungen".to_owned()),
        published: Some("2024-10-24".to_owned()),
        lang: "de".to_owned(),
        source: Some("Muster, Berlin".to_owned()),
        text: text.to_owned(),
        offsets: "char".to_owned(),
        engine: engine(),
        sentences: vec![headline, range(text, treaty), range(text, troops)],
        entities: vec![
            entity("country:RUS", "Russland", &[("Russland", 0), ("Russland", 1)]),
            entity("country:PRK", "Nordkorea", &[("Nordkorea", 0), ("Nordkorea", 1)]),
            entity("country:KOR", "Südkorea", &[("Südkorea", 0), ("Seoul", 0)]),
        ],
        events: vec![ratifies, sends],
        claims: vec![ClaimRecord {
            id: "c1".to_owned(),
            holder,
            stance: "state".to_owned(),
            quote: false,
            addressee: None,
            cue: at(text, "laut", 0),
            content: range(text, troops),
            mention: range(text, troops),
            events: vec!["e2".to_owned()],
            rule: "de.test.laut".to_owned(),
        }],
        agreements: vec![AgreementRecord {
            id: "a1".to_owned(),
            name: Some("den Beistandsvertrag mit Nordkorea".to_owned()),
            canonical: None,
            kind: "defence".to_owned(),
            parties: vec!["RUS".to_owned(), "PRK".to_owned()],
            steps: vec![StepRecord {
                step: "ratified".to_owned(),
                by: vec!["RUS".to_owned()],
                date: DateRecord {
                    from: None,
                    to: None,
                    text: None,
                    implicit: false,
                },
                place: None,
                mention: range(text, treaty),
            }],
            obligations: vec![ObligationRecord {
                kind: "mutual-assistance".to_owned(),
                who: Vec::new(),
                condition: None,
                mention: range(text, treaty),
            }],
            mentions: vec![range(text, treaty)],
        }],
        times: Vec::new(),
        introductions: Vec::new(),
        notes: Vec::new(),
    }
}

pub(crate) fn engine() -> Engine {
    Engine {
        version: "0.1.0".to_owned(),
        lexicon: "abc".to_owned(),
        model: "none".to_owned(),
    }
}

/// Receives and finishes one record; its JSON stands for the raw bytes.
pub(crate) fn add(store: &mut Store, record: Record) -> Option<Outcome> {
    let bytes = serde_json::to_vec(&record).unwrap();
    let engine = record.engine.clone();
    let receipts = store
        .receive(
            &[Incoming {
                bytes: &bytes,
                source: None,
                hints: "",
            }],
            &[engine],
            now(),
        )
        .unwrap();
    let Receipt::New(raw) = receipts[0] else { return None };
    let prepared = store.preparer().prepare(record, None).unwrap();
    Some(
        store
            .finish(
                &[Finished {
                    raw,
                    result: Ok(&prepared),
                }],
                now(),
            )
            .unwrap()[0],
    )
}
