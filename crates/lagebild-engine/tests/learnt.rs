//! What a report teaches of persons whom no table knows, and what is done with what earlier ones taught.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use lagebild_core::codebook::Sector;
use lagebild_core::learnt::{Learnt, Taught};
use lagebild_core::wire::{Engine, Record};
use lagebild_core::{Block, DocId, Document, Lang, Parsed, Part, Reading, Span};
use lagebild_engine::explain::Traced;
use std::sync::Arc;

fn parse(lang: Lang, text: &str) -> Arc<Parsed> {
    let text: Arc<str> = text.into();
    let document = Document {
        id: DocId("d".into()),
        source: None,
        published: "2024-12-10".parse().ok(),
        lang,
        title: None,
        blocks: vec![Block {
            span: Span::at(0, text.len()),
            part: Part::Body,
        }],
        text,
    };
    Arc::new(lagebild_nlp::parse(Arc::new(document)))
}

fn read(text: &str, learnt: &Learnt) -> Reading {
    lagebild_engine::read_beside(
        parse(Lang::De, text),
        lagebild_bundle::lexicon(),
        lagebild_bundle::knowledge(),
        learnt,
    )
}

/// Who is introduced: *id KEY SECTORS*, `!` before the key that the tables have instead, `~` for a calling that does not end.
fn introduced(lang: Lang, text: &str) -> Vec<String> {
    let reading = lagebild_engine::read(
        parse(lang, text),
        lagebild_bundle::lexicon(),
        lagebild_bundle::knowledge(),
    );
    let found = reading.introductions.iter().map(|i| {
        let roles: Vec<String> = i.roles.iter().map(ToString::to_string).collect();
        let key = i.org.as_deref().or(i.country.as_deref()).unwrap();
        let tables = i.tables.as_deref().map_or(String::new(), |t| format!(" !{t}"));
        let calling = if i.office { "" } else { " ~" };
        assert!(i.mention.contains(i.words), "{i:?}");
        format!("{} {key} {}{tables}{calling}", i.id, roles.join("+"))
    });
    found.collect()
}

fn sudan(reports: u32) -> Learnt {
    let mut learnt = Learnt::default();
    learnt.add(
        "person:ali-jusuf",
        Taught {
            since: "2022-11-10".parse().unwrap(),
            until: "2026-12-01".parse().ok(),
            country: Some("SDN".into()),
            org: None,
            roles: vec![Sector::Gov],
            reports,
            first: "2024-11-10".parse().unwrap(),
            last: "2024-12-01".parse().unwrap(),
        },
    );
    learnt
}

/// State and sectors of the entity `id`.
fn actor(reading: &Reading, id: &str) -> String {
    let entity = reading.entities.iter().find(|e| &*e.id == id).unwrap();
    let roles: Vec<String> = entity.roles.iter().map(ToString::to_string).collect();
    let key = entity.org.as_deref().or(entity.country.as_deref()).unwrap_or("-");
    format!("{key} {}", roles.join("+")).trim_end().to_owned()
}

#[test]
fn a_full_name_beside_an_office_and_its_owner_is_an_introduction() {
    for (text, expected) in [
        (
            "Der sudanesische Außenminister Ali Jusuf reiste nach Kairo.",
            "person:ali-jusuf SDN GOV",
        ),
        (
            "Sudans Außenminister Ali Jusuf reiste nach Kairo.",
            "person:ali-jusuf SDN GOV",
        ),
        (
            "Ali Jusuf, der Außenminister des Sudan, reiste nach Kairo.",
            "person:ali-jusuf SDN GOV",
        ),
        (
            "Der deutsche Dichter Karl Lemmerz wurde in Kairo verhaftet.",
            "person:karl-lemmerz DEU  ~",
        ),
    ] {
        let found = introduced(Lang::De, text);
        // What sectors a calling has is a matter of the tables.
        let fits =
            |f: &String| f == expected || expected.ends_with(" ~") && f.ends_with(" ~") && f.contains("lemmerz DEU");
        assert!(found.len() == 1 && fits(&found[0]), "{text}: {found:?}");
    }
    assert_eq!(
        introduced(
            Lang::En,
            "Sudanese Foreign Minister Ali Jusuf travelled to Cairo on Monday."
        ),
        ["person:ali-jusuf SDN GOV"]
    );
}

#[test]
fn what_is_not_told_in_words_is_no_introduction() {
    for text in [
        // No owner: the context would have to lend one.
        "Im Sudan wird gekämpft. Außenminister Ali Jusuf reiste nach Kairo.",
        // No full name.
        "Der sudanesische Außenminister Jusuf reiste nach Kairo.",
        "Der sudanesische Außenminister reiste nach Kairo.",
        // Out of office.
        "Der frühere sudanesische Außenminister Ali Jusuf reiste nach Kairo.",
        // No role.
        "Ali Jusuf reiste aus dem Sudan nach Kairo.",
        // The tables know him, and say the same.
        "Der russische Präsident Wladimir Putin reiste nach Kairo.",
    ] {
        assert_eq!(introduced(Lang::De, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn where_the_tables_say_otherwise_the_report_is_noted_and_teaches_nothing() {
    assert_eq!(
        introduced(
            Lang::De,
            "Der kanadische Premierminister Wladimir Putin reiste nach Kairo."
        ),
        ["person:wladimir-putin CAN GOV !RUS"]
    );
}

#[test]
fn a_person_of_whom_the_report_tells_nothing_acts_for_whom_earlier_ones_said() {
    let text = "Ali Jusuf reiste nach Kairo. Ägypten kritisierte Jusuf scharf.";
    let without = read(text, &Learnt::default());
    let with = read(text, &sudan(3));
    assert_ne!(actor(&without, "person:ali-jusuf"), "SDN GOV");
    assert_eq!(actor(&with, "person:ali-jusuf"), "SDN GOV");
    let entity = with.entities.iter().find(|e| &*e.id == "person:ali-jusuf").unwrap();
    assert_eq!(entity.learnt.as_ref().map(|l| l.reports), Some(3));
    // The surname alone means him too.
    assert!(entity.mentions.iter().any(|m| m.span.of(text) == "Jusuf"), "{entity:?}");
    assert!(with.introductions.is_empty(), "what is only recalled teaches nothing");
}

#[test]
fn what_the_report_or_the_tables_say_outranks_what_was_learnt() {
    let told = read("Der tschadische Außenminister Ali Jusuf reiste nach Kairo.", &sudan(3));
    assert_eq!(actor(&told, "person:ali-jusuf"), "TCD GOV");
    // The office that the report gives him stays, only the state is recalled.
    let office = read("General Ali Jusuf reiste nach Kairo.", &sudan(3));
    assert_eq!(actor(&office, "person:ali-jusuf"), "SDN MIL");
    let mut learnt = sudan(3);
    let taught = learnt.on("person:ali-jusuf", "2024-12-10".parse().unwrap()).unwrap();
    let taught = Taught::clone(taught);
    learnt.add("person:wladimir-putin", taught);
    let text = "Wladimir Putin reiste nach Kairo.";
    assert_eq!(actor(&read(text, &learnt), "person:wladimir-putin"), "RUS GOV");
}

#[test]
fn a_surname_alone_or_another_time_recalls_nobody() {
    let bare = "Jusuf reiste nach Kairo. Ägypten kritisierte Jusuf scharf.";
    let same = |text: &str, learnt: &Learnt| read(text, learnt).entities == read(text, &Learnt::default()).entities;
    assert!(same(bare, &sudan(3)));
    let mut later = Learnt::default();
    let taught = sudan(3)
        .on("person:ali-jusuf", "2024-12-10".parse().unwrap())
        .cloned()
        .unwrap();
    later.add(
        "person:ali-jusuf",
        Taught {
            until: "2024-12-01".parse().ok(),
            ..Taught::clone(&taught)
        },
    );
    assert!(same("Ali Jusuf reiste nach Kairo.", &later));
}

#[test]
fn the_reading_says_what_it_owes_and_can_be_explained_with_that_alone() {
    let text = "Ali Jusuf kritisierte am Montag die ägyptische Regierung scharf.";
    let reading = read(text, &sudan(3));
    let engine = Engine {
        version: String::new(),
        lexicon: String::new(),
        model: String::new(),
    };
    let record = Record::from_reading(&reading, engine.clone());
    let json = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&json).unwrap(), record);
    let learnt = Learnt::used_by(&record);
    assert_eq!(learnt.len(), 1);
    let (lexicon, knowledge) = (lagebild_bundle::lexicon(), lagebild_bundle::knowledge());
    let traced = Traced::read_beside(parse(Lang::De, text), lexicon, knowledge, &learnt);
    assert_eq!(Record::from_reading(&traced.reading, engine), record);
    assert!(!traced.reading.events.is_empty());
    let why = serde_json::to_string(&traced.event(0usize.into())).unwrap();
    assert!(
        why.contains("learnt from 3 earlier reports, 2024-11-10 to 2024-12-01: acts for SDN"),
        "{why}"
    );
}
