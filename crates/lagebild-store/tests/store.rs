//! A store as its users see it.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{add, engine, now, open, record};
use lagebild_store::{Error, Filter, Finished, Incoming, NoCompounds, Outcome, Reader, Receipt, Store};
use std::sync::Arc;

fn filter(pairs: &[(&str, &str)]) -> Filter {
    Filter::from_pairs(pairs.iter().copied()).unwrap()
}

#[test]
fn a_report_comes_back_as_it_went_in() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    let report = record("d1");
    assert_eq!(add(&mut store, report.clone()), Some(Outcome::Added));
    let reader = store.reader();
    assert_eq!(
        reader.record_json("d1").unwrap().unwrap(),
        serde_json::to_vec(&report).unwrap()
    );
    assert_eq!(reader.document("d1").unwrap().unwrap().record, report);
    assert_eq!(reader.document("d2").unwrap(), None);
    // The tables hold the same as the record.
    let all = Filter::default();
    let events: Vec<_> = reader
        .events(&filter(&[("sort", "added")]))
        .unwrap()
        .rows
        .into_iter()
        .map(|r| r.event)
        .collect();
    assert_eq!(events, report.events);
    let claims: Vec<_> = reader.claims(&all).unwrap().rows.into_iter().map(|r| r.claim).collect();
    assert_eq!(claims, report.claims);
    let agreements: Vec<_> = reader
        .agreements(&all)
        .unwrap()
        .rows
        .into_iter()
        .map(|r| r.agreement)
        .collect();
    assert_eq!(agreements, report.agreements);
    assert_eq!(reader.check().unwrap(), Vec::<String>::new());
}

#[test]
fn rows_name_their_report_and_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, record("d1"));
    let reader = store.reader();
    let aid = reader.events(&filter(&[("type", "aid")])).unwrap().rows.remove(0);
    assert_eq!(aid.key, "d1#e2");
    assert_eq!(
        aid.sentence.text,
        "Nordkorea schickte laut Seoul 3.000 Soldaten nach Russland."
    );
    assert_eq!(aid.said_by.unwrap().holder.text, "Seoul");
    let claim = reader.claims(&Filter::default()).unwrap().rows.remove(0);
    assert_eq!(
        (claim.said.as_str(), claim.document.id.as_str()),
        (aid.sentence.text.as_str(), "d1")
    );
    let document = reader.documents(&Filter::default()).unwrap().rows.remove(0);
    assert_eq!(
        (document.events, document.claims, document.agreements, document.revision),
        (2, 1, 1, 1)
    );
}

#[test]
fn adding_twice_adds_nothing_and_a_changed_text_is_a_revision() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    let first = record("d1");
    assert_eq!(add(&mut store, first.clone()), Some(Outcome::Added));
    assert_eq!(add(&mut store, first.clone()), None, "the same bytes are known");

    let mut reread = first.clone();
    reread.engine.lexicon = "def".to_owned();
    reread.events.pop();
    assert_eq!(add(&mut store, reread.clone()), Some(Outcome::Reread));
    let bytes = store.reader().raw("d1").unwrap();
    assert_eq!(bytes, Some(serde_json::to_vec(&reread).unwrap()));

    let mut changed = record("d1");
    changed.text.push_str(" Kiew reagierte.");
    assert_eq!(add(&mut store, changed.clone()), Some(Outcome::Revised));
    let reader = store.reader();
    assert_eq!(reader.documents(&Filter::default()).unwrap().rows[0].revision, 2);
    assert_eq!(reader.document("d1").unwrap().unwrap().record, changed);
    assert_eq!(reader.raw("d1").unwrap(), Some(serde_json::to_vec(&changed).unwrap()));
    // The bytes of the former text need it no more.
    let former: Vec<u8> = rusqlite::Connection::open(reader.path())
        .unwrap()
        .query_row(
            "SELECT bytes FROM raw WHERE beside IS NULL ORDER BY raw DESC",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(
        zstd::decode_all(&former[..]).unwrap(),
        serde_json::to_vec(&reread).unwrap()
    );
    let former: lagebild_core::wire::Record =
        serde_json::from_slice(&reader.revision_json("d1", 1).unwrap().unwrap()).unwrap();
    assert_eq!(former.text, first.text);
    assert_eq!(reader.events(&Filter::default()).unwrap().total, 2);
    assert_eq!(reader.search(&filter(&[("q", "Kiew")])).unwrap().total, 1);
    // The former bytes are known as a revision: adding the old corpus again does not turn the clock back.
    let (mut old, engine) = (serde_json::to_vec(&first).unwrap(), engine());
    let again = store
        .receive(
            &[Incoming {
                bytes: &old,
                source: None,
                hints: "",
            }],
            &[engine],
            now(),
        )
        .unwrap();
    assert_eq!(again, [Receipt::Known]);
    old.push(b' ');
    assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
}

#[test]
fn versions_of_a_report_that_come_together_are_kept_apart() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    let versions: Vec<_> = ["", " Kiew reagierte.", " Kiew reagierte nicht."]
        .into_iter()
        .map(|more| {
            let mut record = record("d1");
            record.text.push_str(more);
            record
        })
        .collect();
    let bytes: Vec<Vec<u8>> = versions.iter().map(|v| serde_json::to_vec(v).unwrap()).collect();
    let incoming: Vec<_> = bytes
        .iter()
        .map(|bytes| Incoming {
            bytes,
            source: None,
            hints: "",
        })
        .collect();
    let receipts = store.receive(&incoming, &[engine()], now()).unwrap();
    let preparer = store.preparer();
    let prepared: Vec<_> = versions
        .iter()
        .map(|v| preparer.prepare(v.clone(), None).unwrap())
        .collect();
    let finished: Vec<_> = receipts
        .iter()
        .zip(&prepared)
        .map(|(receipt, prepared)| match receipt {
            Receipt::New(raw) => Finished {
                raw: *raw,
                result: Ok(prepared),
            },
            Receipt::Known => panic!("{receipts:?}"),
        })
        .collect();
    let outcomes = store.finish(&finished, now()).unwrap();
    assert_eq!(outcomes, [Outcome::Added, Outcome::Revised, Outcome::Revised]);
    let reader = store.reader();
    assert_eq!(reader.raw("d1").unwrap().as_ref(), bytes.last());
    assert_eq!(reader.documents(&Filter::default()).unwrap().rows[0].revision, 3);
    assert_eq!(reader.check().unwrap(), Vec::<String>::new());
    let states: Vec<(String, bool)> = rusqlite::Connection::open(reader.path())
        .unwrap()
        .prepare("SELECT state, beside IS NULL FROM raw ORDER BY raw")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    // Those of former texts are packed by themselves.
    assert_eq!(states, [true, true, false].map(|alone| ("read".to_owned(), alone)));
}

#[test]
fn bytes_packed_beside_their_text_leave_no_room_behind() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut store = open(&path);
    // Words that do not repeat, so that bytes packed alone are large.
    let mut number = 1_u32;
    let mut word = || {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        format!(" {:x}", number >> 4)
    };
    for batch in 0..6 {
        let records: Vec<_> = (0..32)
            .map(|n| {
                let mut record = record(&format!("d{batch}-{n}"));
                record.text.extend((0..200).map(|_| word()));
                record
            })
            .collect();
        let incoming: Vec<_> = records
            .iter()
            .map(|record| Incoming {
                bytes: record.text.as_bytes(),
                source: None,
                hints: "",
            })
            .collect();
        let receipts = store.receive(&incoming, &[engine()], now()).unwrap();
        let preparer = store.preparer();
        let prepared: Vec<_> = records
            .iter()
            .map(|r| preparer.prepare(r.clone(), None).unwrap())
            .collect();
        let finished: Vec<_> = receipts
            .iter()
            .zip(&prepared)
            .filter_map(|(receipt, prepared)| match receipt {
                Receipt::New(raw) => Some(Finished {
                    raw: *raw,
                    result: Ok(prepared),
                }),
                Receipt::Known => None,
            })
            .collect();
        assert_eq!(finished.len(), 32);
        store.finish(&finished, now()).unwrap();
    }
    assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
    drop(store);
    // Copied out of the file, the rows fill their pages.
    let connection = rusqlite::Connection::open(&path).unwrap();
    let pages = |connection: &rusqlite::Connection| {
        let used =
            "SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count)";
        connection.query_row(used, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let all = pages(&connection);
    connection
        .execute_batch("CREATE TABLE packed AS SELECT * FROM raw")
        .unwrap();
    let packed = pages(&connection) - all;
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM raw")
        .unwrap();
    let freed = all + packed - pages(&connection);
    assert!(freed <= 2 * packed + 4, "{freed} pages of what fits into {packed}");
}

#[test]
fn what_failed_or_was_interrupted_is_kept_and_given_out_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut store = open(&path);
    let incoming = [
        Incoming {
            bytes: b"\0\0",
            source: Some("a.bin"),
            hints: "{}",
        },
        Incoming {
            bytes: b"later",
            source: Some("b.txt"),
            hints: "{}",
        },
    ];
    let receipts = store.receive(&incoming, &[engine()], now()).unwrap();
    let Receipt::New(broken) = receipts[0] else {
        panic!("{receipts:?}")
    };
    let outcome = store
        .finish(
            &[Finished {
                raw: broken,
                result: Err("binary"),
            }],
            now(),
        )
        .unwrap();
    assert_eq!(outcome, [Outcome::Failed]);
    drop(store);
    let mut store = open(&path);
    let pending = store.pending(10).unwrap();
    assert_eq!(pending.len(), 1);
    assert_eq!(
        (pending[0].bytes.as_slice(), pending[0].source.as_deref()),
        (b"later".as_slice(), Some("b.txt"))
    );
    let stats = store.reader().stats().unwrap();
    assert_eq!((stats.pending, stats.failed), (1, 1));
    assert!(
        store
            .receive(&incoming, &[engine()], now())
            .unwrap()
            .iter()
            .all(|r| matches!(r, Receipt::New(_)))
    );
}

#[test]
fn filters_narrow_every_list() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, record("d1"));
    let mut later = record("d2");
    later.text.push(' ');
    later.published = Some("2024-11-02".to_owned());
    later.source = Some("Anders".to_owned());
    for event in &mut later.events {
        event.date = lagebild_core::wire::DateRecord::default();
    }
    add(&mut store, later);
    let reader = store.reader();
    let events = |pairs: &[(&str, &str)]| reader.events(&filter(pairs)).unwrap().total;
    assert_eq!(events(&[]), 4);
    for (pairs, expected) in [
        (vec![("type", "AID,ASSAULT")], 2),
        (vec![("actor", "RUS")], 2),
        (vec![("actor", "PRKMIL")], 2),
        (vec![("actor", "PRKLEG")], 0),
        (vec![("actor", "country:RUS")], 2),
        (vec![("actor", "russland")], 2),
        (vec![("actor", "Nord-Korea")], 0),
        (vec![("recipient", "Nordkorea,RUS")], 4),
        (vec![("country", "rus"), ("country", "prk")], 4),
        (vec![("country", "KOR")], 0),
        (vec![("certainty", "alleged"), ("doc", "d2")], 1),
        (vec![("quad", "material-cooperation")], 2),
        (vec![("from", "2024-10-30"), ("to", "2024-11-30")], 1),
        (vec![("source", "muster")], 2),
        (vec![("lang", "en")], 0),
        (vec![("q", "Vertrag source:Anders")], 2),
        (vec![("q", "Frieden")], 0),
    ] {
        assert_eq!(events(&pairs), expected, "{pairs:?}");
    }
    let page = reader.events(&filter(&[("limit", "1"), ("offset", "2")])).unwrap();
    assert_eq!((page.rows.len(), page.total), (1, 4));
    let beyond = reader.events(&filter(&[("limit", "5"), ("offset", "9")])).unwrap();
    assert_eq!((beyond.rows.len(), beyond.total), (0, 4));
    let keys = |sort| {
        reader
            .events(&filter(&[("sort", sort)]))
            .unwrap()
            .rows
            .into_iter()
            .map(|r| r.key)
            .collect::<Vec<_>>()
    };
    assert_eq!(keys("newest"), ["d2#e1", "d2#e2", "d1#e1", "d1#e2"]);
    assert_eq!(keys("oldest"), ["d1#e2", "d1#e1", "d2#e1", "d2#e2"]);

    let documents = |pairs: &[(&str, &str)]| reader.documents(&filter(pairs)).unwrap().total;
    assert_eq!(documents(&[("type", "AID"), ("from", "2024-11")]), 1);
    assert_eq!(documents(&[("stance", "deny")]), 0);
    assert_eq!(documents(&[("kind", "defence"), ("step", "ratified")]), 2);
    let claims = |pairs: &[(&str, &str)]| reader.claims(&filter(pairs)).unwrap().total;
    assert_eq!(claims(&[("actor", "KOR"), ("stance", "state")]), 2);
    assert_eq!(claims(&[("actor", "Seoul"), ("type", "AID")]), 2);
    assert_eq!(claims(&[("type", "SUPPORT")]), 0);
    let agreements = |pairs: &[(&str, &str)]| reader.agreements(&filter(pairs)).unwrap().total;
    assert_eq!(
        agreements(&[("country", "RUS"), ("country", "PRK"), ("step", "ratified")]),
        2
    );
    assert_eq!(agreements(&[("country", "KOR")]), 0);
    let actors = reader.actors(&filter(&[("type", "AID")])).unwrap();
    assert_eq!(actors.total, 2);
    assert_eq!(
        (actors.rows[0].id.as_str(), actors.rows[0].acts, actors.rows[0].receives),
        ("country:PRK", 2, 0)
    );
    assert!(matches!(
        reader.agreements(&filter(&[("type", "AID")])),
        Err(Error::Filter(_))
    ));
}

#[test]
fn searches_find_german_in_all_its_forms() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, record("d1"));
    let reader = store.reader();
    let found = |q: &str| {
        let hits = reader.search(&filter(&[("q", q)])).unwrap();
        hits.rows.into_iter().next().map(|hit| {
            let marks = hit
                .snippet
                .marks
                .iter()
                .map(|m| hit.snippet.text.chars().skip(m.start).take(m.end - m.start).collect());
            marks.collect::<Vec<String>>().join("|")
        })
    };
    for (q, marked) in [
        ("Vertrag", "Beistandsvertrag"),
        ("Verträge Nordkoreas", "Beistandsvertrag|Nordkorea"),
        ("Suedkorea", "Südkorea"),
        ("SUDKOREA", "Südkorea"),
        ("\"Beistandsvertrag mit Nordkorea\"", "Beistandsvertrag mit Nordkorea"),
        ("ratifiz*", "ratifizierte"),
        ("3000 Soldat", "3.000|Soldaten"),
        ("Lieferung", "Lieferungen"),
        ("Seoul -Tokio", "Seoul"),
    ] {
        assert_eq!(found(q).as_deref(), Some(marked), "{q}");
    }
    for q in ["\"Nordkorea mit Beistandsvertrag\"", "Vertrag Tokio", "Vertrag -Seoul"] {
        assert_eq!(found(q), None, "{q}");
    }
    let hit = reader.search(&filter(&[("q", "Südkorea")])).unwrap().rows.remove(0);
    assert_eq!(hit.title_marks.len(), 1);
    assert!(reader.search(&Filter::default()).is_err());
}

#[test]
fn the_full_text_can_be_built_anew() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, record("d1"));
    store.rebuild_fulltext().unwrap();
    assert_eq!(store.reader().search(&filter(&[("q", "Vertrag")])).unwrap().total, 1);
    assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_check_tells_raw_bytes_that_are_not_those_that_came_in() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, record("d1"));
    add(&mut store, record("d2"));
    assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
    // The raw bytes of a report are packed beside its text: behind the store's back, neither changes alone.
    rusqlite::Connection::open(store.reader().path())
        .unwrap()
        .execute(
            "UPDATE document SET text = replace(text, 'Nordkorea', 'Südkoreas') WHERE id = 'd2'",
            [],
        )
        .unwrap();
    let problems = store.reader().check().unwrap();
    assert!(problems.iter().any(|p| p.starts_with("d2: ")), "{problems:?}");
    assert!(!problems.iter().any(|p| p.starts_with("d1: ")), "{problems:?}");
}

#[test]
fn foreign_newer_and_busy_files_are_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let refuse = |path: &std::path::Path| Store::open(path, Arc::new(NoCompounds)).unwrap_err();
    let text = dir.path().join("report.txt");
    std::fs::write(&text, "Seoul warnt Pjöngjang vor den Folgen.").unwrap();
    assert!(matches!(refuse(&text), Error::NotAStore { .. }));
    assert!(matches!(
        Reader::open(&text, Arc::new(NoCompounds)),
        Err(Error::NotAStore { .. })
    ));
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        1,
        "nothing is made beside it"
    );
    assert!(matches!(refuse(dir.path()), Error::NotAStore { .. }));

    let other = dir.path().join("other.db");
    rusqlite::Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE t(x)")
        .unwrap();
    assert!(matches!(refuse(&other), Error::NotAStore { .. }));

    let missing = dir.path().join("none.db");
    assert!(matches!(
        Reader::open(&missing, Arc::new(NoCompounds)),
        Err(Error::Missing { .. })
    ));
    assert!(!missing.exists());

    let path = dir.path().join("s.db");
    let mut store = open(&path);
    add(&mut store, record("d1"));
    let Error::InUse { pid, .. } = refuse(&path) else {
        panic!("opened twice")
    };
    assert_eq!(pid, Some(std::process::id()));
    let reader = Reader::open(&path, Arc::new(NoCompounds)).unwrap();
    assert_eq!(
        reader.stats().unwrap().documents,
        1,
        "reading goes on while a writer is there"
    );
    drop((store, reader));

    let newer = rusqlite::Connection::open(&path).unwrap();
    newer
        .pragma_update(None, "user_version", lagebild_store::FORMAT + 1)
        .unwrap();
    drop(newer);
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(refuse(&path), Error::Newer { .. }));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn the_views_answer_plain_sql() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    add(&mut open(&path), record("d1"));
    let sql = rusqlite::Connection::open(&path).unwrap();
    let views: Vec<String> = sql
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(views.len(), 27);
    // These are unpacked by the program.
    let (packed, plain): (Vec<_>, Vec<_>) = views
        .into_iter()
        .partition(|v| ["sentences", "entity_mentions", "times", "notes"].contains(&v.as_str()));
    for view in packed {
        let refused = sql.prepare(&format!("SELECT * FROM {view}")).unwrap_err();
        assert!(refused.to_string().contains("no such function"), "{refused}");
    }
    for view in plain {
        let count: i64 = sql
            .query_row(&format!("SELECT count(*) FROM (SELECT * FROM {view})"), [], |r| {
                r.get(0)
            })
            .unwrap();
        assert_eq!(
            count == 0,
            [
                "copies",
                "deliveries",
                "feeds",
                "feed_items",
                "introductions",
                "learnt_names",
                "revisions",
                "saved_searches"
            ]
            .contains(&view.as_str()),
            "{view}"
        );
    }
    let (text, score): (String, f64) = sql
        .query_row(
            "SELECT text, plover_score FROM events WHERE \"key\" = 'd1#e1'",
            [],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
        .unwrap();
    assert_eq!(
        (text.as_str(), score),
        ("Russland ratifizierte den Beistandsvertrag mit Nordkorea.", 3.4)
    );
}
