//! What reports teach of persons: kept with its evidence, taken over when a run ends, taken back with its reports.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{add, engine, now, open, record};
use lagebild_core::wire::{Engine, EntityRecord, IntroductionRecord, LearntRecord, Range, Record, Words};
use lagebild_store::{Ask, AskLimits, Incoming, Outcome, Store};
use serde_json::json;
use std::ops::ControlFlow;

const ALI: &str = "person:ali-jusuf";

/// A report of a day that introduces Ali Jusuf as somebody who acts for `country`. Reports with other words are no copies.
fn report(id: &str, day: &str, country: &str, words: &str) -> Record {
    let sentence = format!("Außenminister Ali Jusuf aus {country} {words}.");
    let padding: Vec<String> = (0..40).map(|n| format!("{words}{n}")).collect();
    let text = format!("{sentence} {}", padding.join(" "));
    let end = sentence.chars().count();
    Record {
        id: id.to_owned(),
        title: None,
        published: Some(day.to_owned()),
        sentences: vec![Range { start: 0, end }],
        entities: Vec::new(),
        events: Vec::new(),
        claims: Vec::new(),
        agreements: Vec::new(),
        introductions: vec![IntroductionRecord {
            id: ALI.to_owned(),
            name: "Ali Jusuf".to_owned(),
            country: Some(country.to_owned()),
            org: None,
            roles: vec!["GOV".to_owned()],
            office: true,
            words: Words {
                start: 0,
                end: 23,
                text: "Außenminister Ali Jusuf".to_owned(),
            },
            mention: Range { start: 0, end },
            tables: None,
        }],
        text,
        ..record(id)
    }
}

/// For whom Ali Jusuf acts on a day by what is known: *SDN from 2*.
fn known(store: &Store, day: &str) -> Option<String> {
    let learnt = store.reader().learnt().unwrap();
    let taught = learnt.on(ALI, day.parse().unwrap())?;
    Some(format!(
        "{} from {}",
        taught.country.as_deref().unwrap(),
        taught.reports
    ))
}

fn sound(store: &Store) {
    assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
}

#[test]
fn two_reports_teach_when_the_run_ends_and_copies_count_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, report("d1", "2024-11-10", "SDN", "reiste")).unwrap();
    add(&mut store, report("d2", "2024-11-11", "SDN", "reiste")).unwrap();
    assert_eq!(store.learn().unwrap(), 1);
    assert_eq!(known(&store, "2024-11-20"), None, "a copy bears nothing out");
    assert_eq!(store.reader().learnt_rows(Some(ALI)).unwrap()[0].state, "open");

    add(&mut store, report("d3", "2024-12-01", "SDN", "warnte")).unwrap();
    assert_eq!(known(&store, "2024-11-20"), None, "the run is not over");
    sound(&store);
    assert_eq!(store.learn().unwrap(), 1);
    assert_eq!(store.learn().unwrap(), 0);
    assert_eq!(known(&store, "2024-11-20").as_deref(), Some("SDN from 2"));
    assert_eq!(known(&store, "2026-12-02"), None, "two years after the last report");
    let row = &store.reader().learnt_rows(None).unwrap()[0];
    assert_eq!((row.reports, row.families), (3, 2));
    assert_eq!((row.first.as_str(), row.last.as_str()), ("2024-11-10", "2024-12-01"));
    let told = store.reader().introductions(ALI).unwrap();
    let first = (told[0].document.id.as_str(), told[0].sentence.text.as_str());
    assert_eq!(first, ("d3", "Außenminister Ali Jusuf aus SDN warnte."));
    sound(&store);
}

#[test]
fn what_is_taken_back_or_said_otherwise_is_known_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, report("d1", "2024-11-10", "SDN", "reiste")).unwrap();
    add(&mut store, report("d2", "2024-12-01", "SDN", "warnte")).unwrap();
    store.learn().unwrap();
    assert!(known(&store, "2024-11-20").is_some());
    // The second report is revised and introduces nobody now.
    let mut revised = report("d2", "2024-12-01", "SDN", "drohte");
    revised.introductions.clear();
    assert_eq!(add(&mut store, revised), Some(Outcome::Revised));
    store.learn().unwrap();
    assert_eq!(known(&store, "2024-11-20"), None);
    sound(&store);
    // It is read again by another engine, which finds the introduction.
    let again = Record {
        engine: Engine {
            lexicon: "def".to_owned(),
            ..engine()
        },
        ..report("d2", "2024-12-01", "SDN", "drohte")
    };
    assert_eq!(add(&mut store, again), Some(Outcome::Reread));
    store.learn().unwrap();
    assert!(known(&store, "2024-11-20").is_some());
    // Another report says otherwise: one against two is too many.
    add(&mut store, report("d3", "2024-12-02", "TCD", "klagte")).unwrap();
    store.learn().unwrap();
    assert_eq!(known(&store, "2024-11-20"), None);
    let states: Vec<String> = store
        .reader()
        .learnt_rows(Some(ALI))
        .unwrap()
        .into_iter()
        .map(|r| r.state)
        .collect();
    assert_eq!(states, ["disputed", "open"]);
    sound(&store);
}

#[test]
fn reports_that_turn_out_to_be_copies_teach_less() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, report("d1", "2024-11-10", "SDN", "reiste")).unwrap();
    add(&mut store, report("d2", "2024-11-11", "SDN", "warnte")).unwrap();
    store.learn().unwrap();
    assert!(known(&store, "2024-11-20").is_some());
    // The second one is revised and reads like the first now: the families change, and with them what is known.
    add(&mut store, report("d2", "2024-11-11", "SDN", "reiste")).unwrap();
    store.learn().unwrap();
    assert_eq!(known(&store, "2024-11-20"), None);
    sound(&store);
}

#[test]
fn while_reports_wait_nothing_is_taken_over() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, report("d1", "2024-11-10", "SDN", "reiste")).unwrap();
    add(&mut store, report("d2", "2024-12-01", "SDN", "warnte")).unwrap();
    let waiting = Incoming {
        bytes: b"waiting",
        source: None,
        hints: "",
    };
    store.receive(&[waiting], &[engine()], now()).unwrap();
    assert_eq!(store.learn().unwrap(), 0);
    assert_eq!(known(&store, "2024-11-20"), None);
}

#[test]
fn where_tables_and_reports_differ_it_is_listed_and_not_used() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    for (id, day, words) in [("d1", "2024-11-10", "reiste"), ("d2", "2024-12-01", "warnte")] {
        let mut record = report(id, day, "SDN", words);
        record.introductions[0].tables = Some("TCD".to_owned());
        add(&mut store, record).unwrap();
    }
    store.learn().unwrap();
    assert_eq!(known(&store, "2024-11-20"), None);
    let row = &store.reader().learnt_rows(None).unwrap()[0];
    assert_eq!((row.state.as_str(), row.tables.as_deref()), ("conflict", Some("TCD")));
    sound(&store);
}

#[test]
fn readings_come_back_with_what_they_teach_and_owe_and_the_views_tell_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut store = open(&path);
    let mut told = report("d1", "2024-11-10", "SDN", "reiste");
    told.entities.push(EntityRecord {
        id: "person:karl-lemmerz".to_owned(),
        name: "Karl Lemmerz".to_owned(),
        kind: "person".to_owned(),
        country: Some("DEU".to_owned()),
        org: None,
        roles: Vec::new(),
        mentions: Vec::new(),
        learnt: Some(LearntRecord {
            country: Some("DEU".to_owned()),
            org: None,
            roles: Vec::new(),
            reports: 2,
            first: "2024-01-01".to_owned(),
            last: "2024-02-01".to_owned(),
        }),
    });
    add(&mut store, told.clone()).unwrap();
    add(&mut store, report("d2", "2024-12-01", "SDN", "warnte")).unwrap();
    store.learn().unwrap();
    assert_eq!(store.reader().document("d1").unwrap().unwrap().record, told);

    let connection = Ask::open(&path, AskLimits::default()).unwrap();
    let mut rows = Vec::new();
    let query = "SELECT l.person, l.state, l.families, i.document, i.words, i.text FROM learnt_names l
                   JOIN introductions i USING (person) ORDER BY i.document";
    let answered = connection.question(query).unwrap().answer(|row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    answered.unwrap();
    assert_eq!(rows.len(), 2);
    let (words, sentence) = ("Außenminister Ali Jusuf", "Außenminister Ali Jusuf aus SDN reiste.");
    assert_eq!(
        rows[0],
        [
            json!(ALI),
            json!("known"),
            json!(2),
            json!("d1"),
            json!(words),
            json!(sentence)
        ]
    );
}
