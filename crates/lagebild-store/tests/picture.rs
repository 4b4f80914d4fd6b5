//! What many reports tell together, as users of a store see it.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{add, open, record};
use lagebild_core::codebook::Status;
use lagebild_core::wire::{EventRecord, Record};
use lagebild_picture::claims::{Position, records};
use lagebild_picture::tension::Step;
use lagebild_store::{Choice, Ends, Filter, List, Reader, Store, Ties};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

const AGENCY: &str = " Die russische Staatsduma hat am Donnerstag den Vertrag über eine umfassende strategische Partnerschaft \
    mit Nordkorea ratifiziert. Präsident Wladimir Putin hatte das Abkommen im Juni bei einem Besuch in Pjöngjang mit \
    Machthaber Kim Jong Un unterzeichnet. Es verpflichtet beide Staaten zu militärischem Beistand.";

fn filter(pairs: &[(&str, &str)]) -> Filter {
    Filter::from_pairs(pairs.iter().copied()).unwrap()
}

/// The record of the tests under another id, with text of its own after what is told.
fn report(id: &str, more: &str) -> Record {
    let mut record = record(id);
    record.text.push_str(more);
    record.source = Some(format!("Blatt {id}"));
    record
}

/// Each act by the keys of its tellings, the families and the stories by their reports.
fn picture(reader: &Reader) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    let clusters = reader
        .clusters(&Filter::default(), Choice::default(), &|_| None)
        .unwrap();
    groups.extend(
        clusters
            .rows
            .into_iter()
            .map(|c| c.tellings.into_iter().map(|t| t.key).collect()),
    );
    let families = reader.families(&Filter::default()).unwrap().rows.into_iter();
    groups.extend(families.map(|f| f.copies.into_iter().map(|c| c.document.id).collect()));
    let stories = reader.stories(&Filter::default()).unwrap().rows.into_iter();
    groups.extend(stories.map(|s| s.reports.into_iter().map(|r| r.document.id).collect()));
    groups.sort();
    groups
}

#[test]
fn one_act_in_two_reports_is_one_with_both_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, report("d1", ""));
    let mut second = report("d2", " Nummer zwei.");
    second.published = Some("2024-10-28".to_owned());
    second.events[1].quantities[0].value = 10_000.0;
    second.events[1].certainty = "confirmed".to_owned();
    second.events[1].claim = None;
    add(&mut store, second);
    let reader = store.reader();
    let aid = filter(&[("type", "AID")]);
    let clusters = reader.clusters(&aid, Choice::default(), &|_| None).unwrap();
    let [sent] = clusters.rows.as_slice() else {
        panic!("{clusters:?}")
    };
    assert_eq!(
        (sent.key.as_str(), sent.accord.reports, sent.accord.sources),
        ("d1#e2", 2, 2)
    );
    assert_eq!(
        (sent.earliest.id.as_str(), sent.last.as_deref()),
        ("d1", Some("2024-10-28"))
    );
    let numbers = &sent.accord.numbers[0];
    assert_eq!((numbers.agreed, numbers.low, numbers.high), (false, 3000.0, 10_000.0));
    assert_eq!(
        (numbers.values[0].by.as_slice(), numbers.values[1].by.as_slice()),
        (["Südkorea".to_owned()].as_slice(), ["Blatt d2".to_owned()].as_slice())
    );
    assert_eq!(sent.accord.status.len(), 1, "both tell it as real");
    assert_eq!(sent.accord.certainty.len(), 2);
    let joined = sent.tellings[1].joined.as_ref().unwrap();
    assert!(
        joined.score >= 5.5 && joined.terms.contains("actors +1.5"),
        "{joined:?}"
    );
    assert_eq!(sent.tellings[0].joined, None);
    // What is only alleged, and what two reports tell.
    let alleged = filter(&[("certainty", "alleged")]);
    let only = Choice {
        only: true,
        ..Choice::default()
    };
    assert_eq!(
        reader.clusters(&alleged, Choice::default(), &|_| None).unwrap().total,
        1
    );
    assert_eq!(reader.clusters(&alleged, only, &|_| None).unwrap().total, 0);
    let three = Choice {
        least: 3,
        ..Choice::default()
    };
    assert_eq!(reader.clusters(&Filter::default(), three, &|_| None).unwrap().total, 0);
    // Counted once, on the day that is told.
    let acts = reader.acts(&aid).unwrap();
    assert_eq!((acts.len(), acts[0].told.len(), acts[0].deed.arms), (1, 2, true));
}

#[test]
fn claims_on_an_act_are_found_across_reports() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, report("d1", ""));
    let mut denial = report("d2", " Moskau bestritt das.");
    denial.published = Some("2024-10-25".to_owned());
    denial.claims[0].stance = "deny".to_owned();
    denial.claims[0].holder.name = Some("Russland".to_owned());
    denial.claims[0].holder.id = Some("country:RUS".to_owned());
    add(&mut store, denial);
    let reader = store.reader();
    let opinions = reader.opinions(&filter(&[("doc", "d2")]), Some("e2")).unwrap();
    let told: Vec<_> = opinions
        .iter()
        .map(|o| (o.position, o.claim.key.as_str(), o.act.as_str()))
        .collect();
    assert_eq!(
        told,
        [(Position::Says, "d1#c1", "d1#e2"), (Position::Denies, "d2#c1", "d1#e2")]
    );
    assert!(
        reader
            .opinions(&filter(&[("doc", "d2")]), Some("e1"))
            .unwrap()
            .is_empty(),
        "nobody speaks of the ratification"
    );
    let records = records(&reader.sayings(&Filter::default()).unwrap());
    let korea = records.iter().find(|r| r.speaker == "country:KOR").unwrap();
    assert_eq!((korea.told, korea.denied, korea.alone), (1, 1, 0));
    let russia = records.iter().find(|r| r.speaker == "country:RUS").unwrap();
    assert_eq!((russia.denials, russia.contradicted), (1, 1));
    let topics = |pairs: &[(&str, &str)]| {
        let rows = reader.topics(&filter(pairs), &|_| None).unwrap().rows;
        rows.into_iter()
            .map(|t| (t.act.key, t.opinions.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(topics(&[]), [("d1#e2".to_owned(), 2)]);
    assert_eq!(
        topics(&[("stance", "deny")]),
        [("d1#e2".to_owned(), 2)],
        "with what the others say"
    );
    // The act by either of its events.
    let key = |document, event| reader.cluster(document, event, &|_| None).unwrap().map(|c| c.key);
    assert_eq!((key("d2", "e2").as_deref(), key("d2", "e9")), (Some("d1#e2"), None));
}

#[test]
fn what_came_in_since_a_time_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, report("d1", ""));
    let reader = store.reader();
    let since = |time: &str| reader.documents(&filter(&[("added", time)])).unwrap().total;
    assert_eq!(
        [
            "2024-10-25",
            "2024-10-25T08:00:00Z",
            "2024-10-25T08:00:01Z",
            "2024-10-26"
        ]
        .map(since),
        [1, 1, 0, 0]
    );
    assert_eq!(reader.events(&filter(&[("added", "2024-10-26")])).unwrap().total, 0);
}

#[test]
fn copies_are_one_family_until_one_of_them_changes() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, report("d1", AGENCY));
    add(
        &mut store,
        report("d2", &format!("{AGENCY} Der Föderationsrat soll folgen.")),
    );
    add(
        &mut store,
        report(
            "d3",
            " In Kiew trafen sich am selben Tag Minister aus vier Ländern und berieten über Hilfe im Winter und den Schutz der Kraftwerke.",
        ),
    );
    let family = |store: &Store| -> Vec<Vec<String>> {
        let families = store.reader().families(&Filter::default()).unwrap().rows;
        families
            .into_iter()
            .map(|f| f.copies.into_iter().map(|c| c.document.id).collect())
            .collect()
    };
    assert_eq!(family(&store), [["d1", "d2"]]);
    let likeness = &store.reader().families(&Filter::default()).unwrap().rows[0].copies[1];
    assert!(
        likeness.containment > 0.95 && likeness.resemblance > 0.8,
        "{likeness:?}"
    );
    // Copies are one source.
    let clusters = store
        .reader()
        .clusters(&filter(&[("type", "SUPPORT")]), Choice::default(), &|_| None)
        .unwrap();
    assert_eq!(
        (clusters.rows[0].accord.reports, clusters.rows[0].accord.sources),
        (3, 2)
    );
    add(
        &mut store,
        report("d2", " Wegen eines Irrtums wurde der Bericht zurückgezogen."),
    );
    assert_eq!(family(&store), Vec::<Vec<String>>::new());
    assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_store_of_an_older_version_gets_its_picture_when_it_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut store = open(&path);
    for n in 0..5 {
        add(&mut store, report(&format!("d{n}"), &format!(" Nummer {n}.")));
    }
    let before = picture(store.reader());
    assert!(before.iter().any(|group| group.len() == 5));
    drop(store);
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "DELETE FROM act; DELETE FROM act_key; DELETE FROM family; DELETE FROM text_key; DELETE FROM copy;
             DELETE FROM story; DELETE FROM story_key; DELETE FROM meta WHERE name = 'picture'",
        )
        .unwrap();
    drop(connection);
    assert!(
        !Reader::open(&path, std::sync::Arc::new(common::SomeCompounds))
            .unwrap()
            .check()
            .unwrap()
            .is_empty()
    );
    let store = open(&path);
    assert_eq!(picture(store.reader()), before);
    assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
}

/// A report of a day with one of a few acts, texts and persons.
fn varied(n: usize, (day, act, text): (usize, usize, usize)) -> Record {
    let texts = ["", AGENCY, " Kiew meldete Angriffe auf drei Städte im Osten."];
    let mut record = report(&format!("d{n}"), texts[text % texts.len()]);
    let date = format!("2024-10-{:02}", 1 + day % 28);
    record.published = Some(date.clone());
    record.events.truncate(1 + act % 2);
    record.events[0].date.from = Some(date.clone());
    record.events[0].date.to = Some(date);
    record.claims.clear();
    for event in &mut record.events {
        event.claim = None;
    }
    record
}

fn build(path: &Path, reports: &[Record]) -> Store {
    let mut store = open(path);
    for report in reports {
        add(&mut store, report.clone());
    }
    store
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn the_picture_does_not_depend_on_the_order_of_arrival(
        reports in proptest::collection::vec((0_usize..10, 0_usize..2, 0_usize..3), 2..9),
        order in Just((0_usize..9).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let all: Vec<Record> = reports.iter().enumerate().map(|(n, r)| varied(n, *r)).collect();
        let shuffled: Vec<Record> = order.iter().filter_map(|&n| all.get(n).cloned()).collect();
        let forth = build(&dir.path().join("a.db"), &all);
        let mut back = build(&dir.path().join("b.db"), &shuffled);
        prop_assert_eq!(picture(forth.reader()), picture(back.reader()));
        // A report that changes and changes back leaves no trace.
        let mut changed = all[0].clone();
        changed.text.push_str(" Anders.");
        changed.events.clear();
        add(&mut back, changed);
        let mut restored = all[0].clone();
        restored.text.push(' ');
        add(&mut back, restored);
        prop_assert_eq!(picture(forth.reader()), picture(back.reader()));
        prop_assert_eq!(back.reader().check().unwrap(), Vec::<String>::new());
    }
}

#[test]
fn events_are_counted_by_place_and_by_pair() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, report("d1", ""));
    add(&mut store, report("d2", " Nummer zwei."));
    let reader = store.reader();
    let all = Filter::default();
    let places = reader.places(&all).unwrap();
    let told: usize = places.iter().map(|p| p.events).sum();
    let placed = reader
        .events(&all)
        .unwrap()
        .rows
        .into_iter()
        .filter(|r| r.event.place.is_some());
    assert!(told > 0 && told == placed.count(), "{places:?}");
    for place in &places {
        let there = reader.events(&filter(&[("place", &place.name)])).unwrap();
        assert_eq!(there.total, told_at(&places, &place.name), "{place:?}");
        if let Some(country) = &place.country {
            assert!(reader.events(&filter(&[("place", country)])).unwrap().total >= there.total);
        }
    }
    assert_eq!(reader.events(&filter(&[("place", "Nirgendwo")])).unwrap().total, 0);

    let sides = reader.ties(&all, Ends::Sides).unwrap();
    let tie = |actor: &str, recipient: &str| {
        let same = |t: &&lagebild_store::Tie| &*t.actor == actor && &*t.recipient == recipient;
        sides.iter().find(same).map(|t| t.acts)
    };
    // Two reports tell each act; it counts once.
    assert_eq!(tie("PRK", "RUS").map(|acts| acts[1]), Some(1), "{sides:?}");
    assert!(tie("RUS", "PRK").is_none_or(|acts| acts[1] == 0), "{sides:?}");
    let parties = reader.ties(&all, Ends::Parties).unwrap();
    assert!(
        parties
            .iter()
            .any(|t| &*t.actor == "country:PRK" && &*t.recipient == "country:RUS"),
        "{parties:?}"
    );
    let names = reader.names(&["country:PRK", "country:XXX"]).unwrap();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0].0, "country:PRK");
}

fn told_at(places: &[lagebild_store::PlaceCount], name: &str) -> usize {
    places.iter().filter(|p| p.name == name).map(|p| p.events).sum()
}

/// A report of the store with some of its events, claims and days as `n` says.
fn turned(id: &str, n: usize) -> Record {
    let mut record = varied(0, (n % 5, n / 5 % 2, n / 3 % 3));
    record.id = id.to_owned();
    record.source = Some(format!("Blatt {}", n % 3));
    if n.is_multiple_of(3) {
        record.claims = self::record(id).claims;
        record.claims[0].stance = ["say", "deny", "confirm"][n / 3 % 3].to_owned();
        record.claims[0].events = vec!["e1".to_owned()];
        record.claims[0].content = record.claims[0].mention;
    }
    for event in &mut record.events {
        // Sums of halves are exact in floating point too.
        event.plover_score = 2.5;
    }
    if n.is_multiple_of(4) {
        record.events[0].status = "negated".to_owned();
    }
    let day = |day: &str| Some(format!("2024-{day}"));
    if let Some(EventRecord { date, .. }) = record.events.get_mut(1) {
        (date.from, date.to) = match n % 5 {
            0 => (day("09-20"), day("10-20")),
            1 => (None, day("09-30")),
            2 => (None, day("12-31")),
            3 => (day("08-01"), None),
            _ => (None, None),
        };
    }
    record
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    /// Reports come, change so that acts and stories merge and fall apart, and lose their events.
    #[test]
    fn kept_sums_are_those_of_the_reports(
        changes in proptest::collection::vec((0_usize..6, 0_usize..60), 4..20),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.db");
        let mut store = open(&path);
        for (n, (report, turn)) in changes.into_iter().enumerate() {
            let mut record = turned(&format!("d{report}"), turn);
            if turn % 7 == 6 {
                record.events.clear();
                record.claims.clear();
            }
            // Another text, so that the report is revised and not taken for the same.
            record.text.push_str(&format!(" Fassung {n}."));
            add(&mut store, record);
            prop_assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
        }
        // Counted anew they are the same.
        drop(store);
        let dump = || dump(&path);
        let kept = dump();
        rusqlite::Connection::open(&path).unwrap().execute("DELETE FROM meta WHERE name = 'tallies'", []).unwrap();
        drop(open(&path));
        prop_assert_eq!(dump(), kept);
    }
}

/// All rows of the tables of sums.
fn dump(path: &Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut tables = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND (name LIKE '%!_tally' ESCAPE '!' OR name IN ('side_tie', 'party_tie', 'actor_day', 'act_codes', 'pair_day', 'pair_report', 'speaker_report', 'speaker_act', 'acting_day', 'pair_event', 'claim_day', 'event_brief')) ORDER BY name")
        .unwrap();
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(tables.len(), 23, "{tables:?}");
    let mut rows = Vec::new();
    for table in tables {
        let mut all = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = all.column_count();
        let found = all.query_map([], |row| {
            let cells = (0..columns).map(|n| row.get::<_, rusqlite::types::Value>(n).map(|v| format!("{v:?}")));
            Ok(format!(
                "{table} {}",
                cells.collect::<rusqlite::Result<Vec<_>>>()?.join(" ")
            ))
        });
        rows.extend(found.unwrap().map(Result::unwrap));
    }
    rows.sort();
    rows
}

#[test]
fn sums_that_were_changed_by_others_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut store = open(&path);
    add(&mut store, report("d1", ""));
    drop(store);
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute(
            "UPDATE event_tally SET events = events + 1 WHERE one = '*' AND type = 'AID'",
            [],
        )
        .unwrap();
    other
        .execute("UPDATE pair_tally SET plover = plover + 100 WHERE actor = 'PRK'", [])
        .unwrap();
    let found = Reader::open(&path, std::sync::Arc::new(common::SomeCompounds))
        .unwrap()
        .check()
        .unwrap();
    assert!(
        found.iter().any(|p| p.contains("event_tally")) && found.iter().any(|p| p.contains("pairs")),
        "{found:?}"
    );
}

/// What is kept is asked for without a filter or by codes, days and states; the same asked for with a filter that lets all
/// through is counted from the rows.
#[test]
fn kept_and_counted_answers_are_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    for n in 0..24 {
        add(&mut store, turned(&format!("d{n}"), n * 7 + n));
    }
    let reader = store.reader();
    let all = ("added", "1000-01-01");
    for asked in [
        &[][..],
        &[("country", "RUS")],
        &[("country", "PRK"), ("type", "AID,SUPPORT")],
        &[("country", "PRK"), ("country", "RUS")],
        &[("country", "PRK"), ("country", "RUS"), ("type", "AID")],
        &[("status", "negated"), ("quad", "verbal-cooperation")],
        &[("status", "actual,negated")],
        &[("from", "2024-10-05")],
        &[("to", "2024-09-30")],
        &[("from", "2024-10-01"), ("to", "2024-10-10"), ("type", "AID,SUPPORT")],
        &[
            ("from", "2024-08-15"),
            ("to", "2024-11-10"),
            ("country", "PRK"),
            ("status", "actual,planned"),
        ],
        &[
            ("from", "2024-09-25"),
            ("to", "2024-12-10"),
            ("country", "PRK"),
            ("country", "RUS"),
        ],
        &[("actor", "RUS")],
        &[("actor", "country:RUS")],
        &[("actor", "RUS"), ("recipient", "PRK")],
        &[("actor", "RUS"), ("from", "2024-09-25"), ("to", "2024-12-10")],
        &[("actor", "Russland"), ("quad", "verbal-cooperation")],
    ] {
        let kept = filter(asked);
        let counted = filter(&[asked, &[all]].concat());
        for list in [List::Events, List::Claims] {
            let (kept, counted) = (kept.for_list(list), counted.for_list(list));
            let keys = ["type", "quad", "status", "certainty", "stance", "country"];
            let facets = reader.facets(list, &keys, &kept).unwrap();
            assert_eq!(facets, reader.facets(list, &keys, &counted).unwrap(), "{asked:?}");
            assert!(facets[if list == List::Events { 0 } else { 4 }].len() + asked.len() > 0);
        }
        let page = |filter: &Filter| {
            let limited = Filter {
                limit: Some(3),
                ..filter.clone()
            };
            let found = reader.events(&limited).unwrap();
            (
                found.total,
                found.rows.into_iter().map(|row| row.key).collect::<Vec<_>>(),
            )
        };
        assert_eq!(page(&kept), page(&counted), "{asked:?}");
        assert!(page(&kept).0 > 0, "{asked:?}");
        assert_eq!(reader.days(&kept).unwrap(), reader.days(&counted).unwrap(), "{asked:?}");
        let acts = |filter: &Filter, limit| {
            let limited = Filter {
                limit,
                ..filter.clone()
            };
            let found = reader.clusters(&limited, Choice::default(), &|_| None).unwrap();
            (
                found.total,
                found.rows.into_iter().map(|row| row.key).collect::<Vec<_>>(),
            )
        };
        // Tried one by one, or gathered.
        let (tried, gathered) = (acts(&kept, Some(1)), acts(&counted, None));
        assert_eq!((tried.0, &tried.1[..]), (gathered.0, &gathered.1[..1]), "{asked:?}");
    }
    // What is told until a day is told for no time long before.
    let before = filter(&[("from", "2015-01-01"), ("to", "2015-12-31")]);
    assert_eq!(reader.events(&before).unwrap().total, 0);
    let (none, with) = (Filter::default(), filter(&[all]));
    let days = reader.days(&none).unwrap();
    assert_eq!(days, reader.days(&with).unwrap());
    assert!(!days.is_empty());
    assert_eq!(reader.places(&none).unwrap(), reader.places(&with).unwrap());
    for ends in [Ends::Sides, Ends::Parties] {
        let actual = |filter: &Filter| {
            let statuses = vec![Status::Actual];
            let mut ties = reader
                .ties(
                    &Filter {
                        statuses,
                        ..filter.clone()
                    },
                    ends,
                )
                .unwrap();
            ties.sort_by_key(|tie| (Arc::clone(&tie.actor), Arc::clone(&tie.recipient)));
            ties
        };
        assert_eq!(actual(&none), actual(&with));
        assert!(!actual(&none).is_empty());
    }
    assert_eq!(reader.actors(&none).unwrap(), reader.actors(&with).unwrap());
    let documents = |filter: &Filter| reader.facets(List::Documents, &["lang", "source"], filter).unwrap();
    assert_eq!(documents(&none), documents(&with));
    assert_eq!(documents(&none)[1].len(), 3);
    for choice in [Choice::default(), Choice { least: 2, only: false }] {
        let clusters = |filter: &Filter| {
            let found = reader.clusters(filter, choice, &|_| None).unwrap();
            (
                found.total,
                found.rows.into_iter().map(|row| row.key).collect::<Vec<_>>(),
            )
        };
        let all = clusters(&none);
        assert_eq!(all, clusters(&with), "{choice:?}");
        // Tried in their order when few are wanted.
        let one = clusters(&filter(&[("limit", "1")]));
        assert_eq!((one.0, &one.1[..]), (all.0, &all.1[..1]), "{choice:?}");
    }
    let stories = |filter: &Filter| {
        let found = reader.stories(filter).unwrap();
        (
            found.total,
            found.rows.into_iter().map(|row| row.key).collect::<Vec<_>>(),
        )
    };
    let topics = |filter: &Filter| {
        let found = reader.topics(filter, &|_| None).unwrap();
        (
            found.total,
            found.rows.into_iter().map(|row| row.act.key).collect::<Vec<_>>(),
        )
    };
    for from in ["2024-10-01", "2024-10-03", "2024-10-05", "2025-01-01"] {
        let (kept, counted) = (
            filter(&[("from", from)]),
            filter(&[("from", from), ("to", "2999-01-01")]),
        );
        assert_eq!(stories(&kept), stories(&counted), "{from}");
        assert_eq!(topics(&kept), topics(&counted), "{from}");
    }
    assert!(stories(&none).0 > 0 && topics(&none).0 > 0);
    // Acts between pairs, of which a filter by a kind that all have lets all through.
    let read = reader.between(&filter(&[("to", "2999-01-01")])).unwrap();
    let kept = reader.between(&none).unwrap();
    let sums = kept.sums(None, None).unwrap();
    assert!(!sums.is_empty());
    let names = |sums: &[lagebild_store::PairSum]| {
        let mut names: Vec<_> = sums
            .iter()
            .map(|s| (s.actor.clone(), s.recipient.clone(), s.sum.acts(), s.sum.from, s.sum.to))
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&sums), names(&read.sums(None, None).unwrap()));
    for pair in &sums {
        let series =
            |between: &lagebild_store::Between<'_>| between.series(&pair.actor, &pair.recipient, Step::Week).unwrap();
        assert_eq!(series(&kept), series(&read), "{pair:?}");
        assert_eq!(kept.sum(&pair.actor, &pair.recipient, None).unwrap(), Some(pair.sum));
    }
}

/// Under filters of which no sums are kept, pages are made of narrow rows and sets of numbers, exports of the rows themselves.
#[test]
fn pages_and_exports_find_the_same_in_the_same_order() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    for n in 0..30 {
        let mut record = turned(&format!("d{n}"), n * 7 + n);
        if n % 6 == 5 {
            record.lang = "en".to_owned();
            record.published = None;
        }
        add(&mut store, record);
    }
    // Some are read once more, so that numbers are given anew.
    for n in [3, 9, 21] {
        let mut record = turned(&format!("d{n}"), n + 1);
        record.text.push_str(" Nachtrag.");
        add(&mut store, record);
    }
    let reader = store.reader();
    let place = reader.places(&Filter::default()).unwrap()[0].clone();
    let state = place.country.clone().unwrap();
    for asked in [
        &[("source", "Blatt 1")][..],
        &[("source", "blatt")],
        &[("source", "Blatt 2"), ("type", "AID"), ("country", "PRK")],
        &[("lang", "en")],
        &[("lang", "de"), ("from", "2024-10-01")],
        &[("q", "Vertrag")],
        &[("q", "Vertrag"), ("source", "Blatt 1"), ("status", "negated")],
        &[("doc", "d3")],
        &[("place", &place.name)],
        &[("place", &state)],
        &[("place", &state), ("from", "2024-10-01"), ("to", "2024-10-31")],
        &[("place", "Nirgendwo")],
        &[("country", "PRK,RUS"), ("to", "2024-10-04")],
        &[("actor", "PRK"), ("recipient", "RUS")],
        &[("actor", "RUS"), ("recipient", "Nordkorea")],
        &[("actor", "RUS"), ("recipient", "RUS")],
        &[("actor", "RUS"), ("recipient", "PRK"), ("source", "Blatt 0")],
        &[("actor", "RUS"), ("actor", "PRK")],
    ] {
        for more in [
            &[][..],
            &[("sort", "oldest")],
            &[("sort", "added")],
            &[("sort", "name")],
        ] {
            let all = filter(&[asked, more].concat());
            let part = filter(&[asked, more, &[("limit", "3"), ("offset", "2")]].concat());
            let place = |n: usize| n.min(2)..n.min(5);

            let mut events = Vec::new();
            reader
                .each_event(&all, |row| {
                    events.push(row);
                    ControlFlow::Continue(())
                })
                .unwrap();
            let keys: Vec<&str> = events.iter().map(|row| row.key.as_str()).collect();
            for (page, shown) in [(&all, 0..keys.len()), (&part, place(keys.len()))] {
                let found = reader.events(page).unwrap();
                let found: (usize, Vec<&str>) = (found.total, found.rows.iter().map(|row| row.key.as_str()).collect());
                assert_eq!(found, (keys.len(), keys[shown].to_vec()), "{page:?}");
            }

            let mut acts = Vec::new();
            let each = |row: lagebild_store::ClusterRow| {
                acts.push(row.key);
                ControlFlow::Continue(())
            };
            reader.each_cluster(&all, Choice::default(), &|_| None, each).unwrap();
            for (page, shown) in [(&all, 0..acts.len()), (&part, place(acts.len()))] {
                let found = reader.clusters(page, Choice::default(), &|_| None).unwrap();
                let keys: Vec<&String> = found.rows.iter().map(|row| &row.key).collect();
                assert_eq!(
                    (found.total, keys),
                    (acts.len(), acts[shown].iter().collect()),
                    "{page:?}"
                );
            }

            let mut documents = Vec::new();
            let each = |row: lagebild_store::DocumentRow| {
                documents.push(row.document);
                ControlFlow::Continue(())
            };
            reader.each_document(&all, each).unwrap();
            for (page, shown) in [(&all, 0..documents.len()), (&part, place(documents.len()))] {
                let found = reader.documents(page).unwrap();
                let rows: Vec<_> = found.rows.into_iter().map(|row| row.document).collect();
                assert_eq!(
                    (found.total, rows),
                    (documents.len(), documents[shown].to_vec()),
                    "{page:?}"
                );
            }
            let sources = reader.facets(List::Documents, &["source"], &all).unwrap();
            if all.sources.is_empty() {
                let counted: usize = sources[0].iter().map(|(_, n)| n).sum();
                assert_eq!(counted, documents.len(), "{all:?}");
            }

            let mut claims = Vec::new();
            let each = |row: lagebild_store::ClaimRow| {
                claims.push(row.key);
                ControlFlow::Continue(())
            };
            reader.each_claim(&all, each).unwrap();
            for (page, shown) in [(&all, 0..claims.len()), (&part, place(claims.len()))] {
                let found = reader.claims(page).unwrap();
                let rows: Vec<_> = found.rows.into_iter().map(|row| row.key).collect();
                assert_eq!((found.total, rows), (claims.len(), claims[shown].to_vec()), "{page:?}");
            }
            let said: BTreeSet<i64> = reader.sayings(&all).unwrap().iter().map(|s| s.claim).collect();
            assert_eq!(said.len(), claims.len(), "{all:?}");
            if all.q.is_some() {
                assert_eq!(reader.search(&all).unwrap().total, documents.len(), "{all:?}");
            }

            // Actors are counted here from the events.
            let mut actors: BTreeMap<String, (usize, usize, BTreeSet<String>)> = BTreeMap::new();
            for row in &events {
                let ids = |parties: &[lagebild_core::wire::PartyRecord]| -> BTreeSet<String> {
                    parties.iter().filter_map(|p| p.id.clone()).collect()
                };
                let (acting, receiving) = (ids(&row.event.actors), ids(&row.event.recipients));
                for id in acting.union(&receiving) {
                    let of = actors.entry(id.clone()).or_default();
                    of.0 += usize::from(acting.contains(id));
                    of.1 += usize::from(receiving.contains(id));
                    of.2.insert(row.document.id.clone());
                }
            }
            let found = reader.actors(&all).unwrap();
            assert_eq!(found.total, actors.len(), "{all:?}");
            for row in &found.rows {
                let of = &actors[&row.id];
                assert_eq!(
                    (row.acts, row.receives, row.documents),
                    (of.0, of.1, of.2.len()),
                    "{all:?}"
                );
            }
            let part = reader.actors(&part).unwrap();
            assert_eq!(part.rows[..], found.rows[place(actors.len())], "{all:?}");
        }
    }
}

/// Reports in which a few speak of a few acts, under changing names, for nobody, on no day; and in which states act together.
fn spoken(n: usize) -> Record {
    let mut record = record(&format!("d{:02}", n * 7 % 40));
    record.text.push_str(&format!(" Nummer {n}."));
    record.published = (!n.is_multiple_of(6)).then(|| format!("2024-10-{:02}", 1 + n * 5 % 9));
    let holder = &mut record.claims[0].holder;
    match n % 5 {
        0 => (holder.id, holder.name) = (None, None),
        1 => {
            holder.id = Some("country:RUS".to_owned());
            holder.name = Some(["Russland", "Moskau"][n / 5 % 2].to_owned());
            holder.country = n.is_multiple_of(2).then(|| "RUS".to_owned());
        }
        2 => (holder.country, holder.org) = (None, Some("UN".to_owned())),
        3 => holder.text.clear(),
        _ => {}
    }
    if n % 5 == 3 && n.is_multiple_of(2) {
        holder.id = None;
    }
    record.claims[0].stance = ["say", "deny", "confirm", "question"][n / 2 % 4].to_owned();
    record.events[1].status = ["actual", "negated", "planned"][n / 3 % 3].to_owned();
    if n.is_multiple_of(4) {
        let both = record.events[0].recipients.remove(0);
        record.events[0].actors.push(both);
        record.events[0].actors[0].org = Some("UN".to_owned());
    }
    let month = ["08", "10", "12"][n / 10 % 3];
    let date = &mut record.events[1].date;
    (date.from, date.to) = (Some(format!("2024-{month}-01")), Some(format!("2024-{month}-28")));
    if n % 7 == 1 {
        record.events[0].date = record.events[1].date.clone();
        record.events[0].status = "actual".to_owned();
    }
    record
}

#[test]
fn speakers_partners_and_pairs_are_those_that_counting_gives() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    for n in 0..60 {
        add(&mut store, spoken(n));
    }
    assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
    let reader = store.reader();
    let none = Filter::default();
    let counted = records(&reader.sayings(&none).unwrap());
    let kept = reader.speakers(&none).unwrap();
    assert!(
        counted.len() > 2 && counted.iter().any(|r| r.contradicted > 0),
        "{counted:?}"
    );
    assert_eq!((kept.total, &kept.rows), (counted.len(), &counted));
    let part = reader.speakers(&filter(&[("limit", "2"), ("offset", "1")])).unwrap();
    assert_eq!((part.total, &part.rows[..]), (counted.len(), &counted[1..3]));
    let denials = reader.speakers(&filter(&[("stance", "deny"), ("limit", "1")])).unwrap();
    assert!(denials.rows.len() == 1 && denials.total > 1);

    let keys = |filter: &[(&str, &str)]| -> Vec<String> {
        let found = reader.events(&self::filter(filter)).unwrap().rows;
        found.into_iter().map(|row| row.key).collect()
    };
    let tied = |ties, a, b, filter: &[(&str, &str)]| -> Vec<String> {
        let found = reader.tied(ties, (a, b), &self::filter(filter)).unwrap();
        found.into_iter().map(|row| row.key).collect()
    };
    for (a, b) in [
        ("RUS", "PRK"),
        ("PRK", "RUS"),
        ("UN", "PRK"),
        ("RUS", "UN"),
        ("RUS", "Nordkorea"),
        ("KOR", "RUS"),
    ] {
        for more in [
            &[][..],
            &[("status", "actual")],
            &[("limit", "3")],
            &[("from", "2024-10-20")],
        ] {
            let asked = |with: &[(&'static str, &'static str)]| [with, more].concat();
            assert_eq!(
                tied(Ties::Upon, a, b, more),
                keys(&asked(&[("actor", a), ("recipient", b)])),
                "{a} {b} {more:?}"
            );
            assert_eq!(
                tied(Ties::Mutual, a, b, more),
                keys(&asked(&[("actor", a), ("actor", b)])),
                "{a} {b} {more:?}"
            );
        }
    }
    assert!(!tied(Ties::Mutual, "UN", "PRK", &[]).is_empty() && !tied(Ties::Upon, "PRK", "RUS", &[]).is_empty());

    let russia = reader.actor("country:RUS").unwrap().unwrap();
    let all = reader.actors(&none).unwrap().rows;
    assert_eq!(Some(&russia), all.iter().find(|row| row.id == "country:RUS"));
    assert_eq!(reader.actor("country:XXX").unwrap(), None);
    let upon = keys(&[("actor", "country:RUS"), ("recipient", "country:PRK")]).len();
    let back = keys(&[("actor", "country:PRK"), ("recipient", "country:RUS")]).len();
    let partners = reader.partners("country:RUS", 9).unwrap();
    assert_eq!(
        (partners[0].id.as_str(), partners[0].acts, partners[0].receives),
        ("country:PRK", upon, back)
    );

    for actor in ["RUS", "country:RUS", "Südkorea", "UN"] {
        let page = filter(&[("actor", actor), ("limit", "3")]);
        let all = filter(&[("actor", actor), ("from", "1000-01-01")]);
        let of_claims = |filter: &Filter| reader.claims(filter).unwrap();
        let first: Vec<String> = reader.first_claims(&page).unwrap().into_iter().map(|c| c.key).collect();
        let listed: Vec<String> = of_claims(&page).rows.into_iter().map(|c| c.key).collect();
        let undated = of_claims(&filter(&[("actor", actor)]));
        assert_eq!(first, listed);
        assert_eq!(
            listed,
            undated.rows.iter().map(|c| c.key.clone()).take(3).collect::<Vec<_>>(),
            "{actor}"
        );
        assert_eq!(of_claims(&page).total, undated.rows.len(), "{actor}");
        let acts: Vec<String> = reader
            .first_clusters(&page, Choice::default(), &|_| None)
            .unwrap()
            .into_iter()
            .map(|row| row.key)
            .collect();
        let gathered = reader.clusters(&all, Choice::default(), &|_| None).unwrap().rows;
        assert_eq!(
            acts,
            gathered.into_iter().map(|row| row.key).take(3).collect::<Vec<_>>(),
            "{actor}"
        );
    }
}
