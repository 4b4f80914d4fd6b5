//! Stores of earlier formats open and are brought up to date; copies are whole.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{add, engine, now, open, record};
use lagebild_core::wire::{Engine, Record};
use lagebild_store::{Error, FORMAT, Filter, Finished, NoCompounds, Outcome, Reader, Store};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The stores kept, with their format. `examples/fixture.rs` made them, each by the code of its time.
fn kept() -> Vec<(u32, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut kept: Vec<(u32, PathBuf)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?;
            let format = name.strip_prefix("store-v")?.strip_suffix(".db.zst")?.parse().ok()?;
            Some((format, path))
        })
        .collect();
    kept.sort();
    kept
}

#[test]
fn every_kept_format_opens_and_tells_what_it_held() {
    let kept = kept();
    assert!(kept.first().is_some_and(|(format, _)| *format == 1) && kept.iter().all(|(f, _)| *f <= FORMAT));
    for (format, packed) in kept {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.db");
        let bytes = zstd::decode_all(std::fs::File::open(packed).unwrap()).unwrap();
        std::fs::write(&path, &bytes).unwrap();
        if format < FORMAT {
            let refused = Reader::open(&path, Arc::new(NoCompounds)).unwrap_err();
            assert!(
                matches!(refused, Error::Older { found, .. } if found == format),
                "{refused:?}"
            );
        }
        let mut store = open(&path);
        let backup = dir.path().join(format!("s.db.v{format}.backup"));
        assert_eq!(backup.exists(), format < FORMAT);
        assert_eq!(store.reader().check().unwrap(), Vec::<String>::new(), "format {format}");
        let stats = store.reader().stats().unwrap();
        assert_eq!(
            (
                stats.documents,
                stats.events,
                stats.claims,
                stats.agreements,
                stats.pending,
                stats.failed
            ),
            (2, 4, 2, 2, 1, 1),
            "format {format}"
        );
        let filter = Filter::from_pairs([("q", "Vertrag"), ("type", "AID"), ("actor", "Nordkorea")]).unwrap();
        assert_eq!(store.reader().events(&filter).unwrap().rows.len(), 2);
        assert_eq!(
            store.reader().documents(&filter).unwrap().rows[0]
                .document
                .source
                .as_deref(),
            Some("Muster, Berlin")
        );
        let revised = store.reader().document("d2").unwrap().unwrap();
        assert!(revised.row.revision == 2 && revised.record.text.ends_with("Nachtrag."));
        assert!(store.reader().revision_json("d2", 1).unwrap().is_some());
        assert_eq!(store.pending(9).unwrap()[0].bytes, b"waiting");
        for id in ["d1", "d2"] {
            let bytes = store.reader().raw(id).unwrap().unwrap();
            let came: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            let text = store.reader().document(id).unwrap().unwrap().record.text;
            assert_eq!(came["text"], text, "format {format}");
        }
        // Claims read before format 12 name no entry, until their report is read again.
        let rules = |store: &Store| -> Vec<String> {
            let claims = store
                .reader()
                .claims(&Filter::from_pairs([("doc", "d1")]).unwrap())
                .unwrap();
            claims.rows.into_iter().map(|row| row.claim.rule).collect()
        };
        assert_eq!(rules(&store)[0].is_empty(), format < 12, "format {format}");
        let mut again = store.reader().document("d1").unwrap().unwrap().record;
        again.engine.lexicon = "def".to_owned();
        again.claims[0].rule = "de.test.again".to_owned();
        assert_eq!(add(&mut store, again), Some(Outcome::Reread), "format {format}");
        assert_eq!(rules(&store), ["de.test.again"], "format {format}");
        assert_eq!(store.reader().check().unwrap(), Vec::<String>::new(), "format {format}");
    }
}

#[test]
fn a_backup_is_a_store_of_the_moment_and_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, record("d1")).unwrap();
    let copy = dir.path().join("copy.db");
    store.reader().backup(&copy).unwrap();
    add(&mut store, record("d2")).unwrap();

    let copied = Reader::open(&copy, Arc::new(NoCompounds)).unwrap();
    assert_eq!(copied.stats().unwrap().documents, 1);
    assert_eq!(copied.check().unwrap(), Vec::<String>::new());
    let refused = store.reader().backup(&copy).unwrap_err();
    assert!(matches!(refused, Error::Exists { .. }), "{refused:?}");
    assert_eq!(
        Reader::open(&copy, Arc::new(NoCompounds))
            .unwrap()
            .stats()
            .unwrap()
            .documents,
        1
    );

    assert!(store.reader().backup(&dir.path().join("no/such/copy.db")).is_err());
    let left: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("backup"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn work_at_one_time_sees_one_state() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut store = open(&path);
    add(&mut store, record("d1")).unwrap();
    let reader = Reader::open(&path, Arc::new(NoCompounds)).unwrap();
    let seen = reader
        .at_one_time(|reader| {
            let before = reader.stats()?.documents;
            add(&mut store, record("d2")).unwrap();
            Ok::<_, Error>((before, reader.stats()?.documents))
        })
        .unwrap();
    assert_eq!(seen, (1, 1));
    assert_eq!(reader.stats().unwrap().documents, 2);
}

#[test]
fn reports_of_an_older_engine_are_given_out_until_they_are_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    for id in ["d1", "d2", "d3"] {
        add(&mut store, record(id)).unwrap();
    }
    let newer = Engine {
        lexicon: "def".to_owned(),
        ..engine()
    };
    let engines = [newer.clone()];
    assert_eq!(store.reader().count_outdated(&[engine()]).unwrap(), 0);
    assert_eq!(store.reader().count_outdated(&engines).unwrap(), 3);

    let first = store.reader().outdated(&engines, None, 2).unwrap();
    assert_eq!(
        first.iter().map(|o| o.record.id.as_str()).collect::<Vec<_>>(),
        ["d1", "d2"]
    );
    let told: Record = serde_json::from_slice(&first[0].report.bytes).unwrap();
    assert_eq!(told, first[0].record, "the bytes are those received");
    // The text that comes out of the same bytes may be another now; the report keeps its id, and its former version.
    let mut changed = first[0].record.clone();
    changed.engine = newer;
    changed.text.push_str(" Mehr.");
    let prepared = store.preparer().prepare(changed, None).unwrap();
    let raw = first[0].report.raw;
    let result = Ok(&prepared);
    assert_eq!(
        store.finish(&[Finished { raw, result }], now()).unwrap(),
        [Outcome::Revised]
    );

    let left = store.reader().outdated(&engines, None, 9).unwrap();
    assert_eq!(
        left.iter().map(|o| o.record.id.as_str()).collect::<Vec<_>>(),
        ["d2", "d3"]
    );
    let behind = store.reader().outdated(&engines, Some(left[0].report.raw), 9).unwrap();
    assert_eq!(behind.len(), 1);
    assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
}
