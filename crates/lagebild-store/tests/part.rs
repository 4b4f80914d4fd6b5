//! Lists part by part.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{add, open, record};
use lagebild_core::wire::Record;
use lagebild_store::{
    Cursor, Filter, FilterError, List, NoCompounds, Page, Paging, Part, Reader, Readers, Result, Store,
};
use std::sync::Arc;

/// Twelve reports of four days and of none, with and without headline; events of some days and of none.
fn reports() -> impl Iterator<Item = Record> {
    (0..12_usize).map(|n| {
        let mut report = record(&format!("d{n}"));
        report.published = (n % 5 != 4).then(|| format!("2024-10-{:02}", 20 + n % 5));
        report.title = (n % 3 != 2).then(|| format!("Bericht {}", n % 4));
        report.text.push_str(&format!(" Nummer {n}."));
        for event in &mut report.events {
            event.date.from = (n % 4 != 3).then(|| format!("2024-10-{:02}", 10 + n % 4));
            event.date.to = event.date.from.clone();
        }
        report
    })
}

fn store(path: &std::path::Path) -> Store {
    let mut store = open(path);
    for report in reports() {
        add(&mut store, report);
    }
    store
}

fn paging(list: List, sort: &str, limit: usize, after: Option<&Cursor>) -> Paging {
    let mut pairs = vec![("limit", limit.to_string()), ("total", "true".to_owned())];
    pairs.extend((!sort.is_empty()).then(|| ("sort", sort.to_owned())));
    // As a program does it: through the text of the cursor.
    pairs.extend(after.map(|cursor| ("after", cursor.to_string())));
    Paging::from_pairs(list, pairs, (10, 500)).unwrap()
}

fn in_parts_as_at_once<T: PartialEq + std::fmt::Debug>(
    reader: &Reader,
    list: List,
    whole: impl Fn(&Filter) -> Result<Page<T>>,
    part: impl Fn(&Reader, &Paging) -> Result<Part<T>>,
) {
    for sort in ["", "newest", "oldest", "added", "name"] {
        let pairs = (!sort.is_empty()).then_some(("sort", sort));
        let whole = whole(&Filter::from_pairs(pairs).unwrap()).unwrap();
        for limit in [1, 2, 5, whole.total, 100] {
            let (mut rows, mut after): (Vec<T>, _) = (Vec::new(), None);
            loop {
                let next = part(reader, &paging(list, sort, limit, after.as_ref())).unwrap();
                assert!(next.rows.len() <= limit, "{list:?} {sort} {limit}");
                assert_eq!(next.total, Some(whole.total));
                rows.extend(next.rows);
                after = next.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(rows, whole.rows, "{list:?} {sort} {limit}");
        }
    }
}

#[test]
fn the_parts_of_a_list_make_the_whole_list() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir.path().join("s.db"));
    let reader = store.reader();
    assert_eq!(reader.events(&Filter::default()).unwrap().total, 24);
    in_parts_as_at_once(reader, List::Documents, |f| reader.documents(f), Reader::documents_part);
    in_parts_as_at_once(reader, List::Events, |f| reader.events(f), Reader::events_part);
    in_parts_as_at_once(reader, List::Claims, |f| reader.claims(f), Reader::claims_part);
    in_parts_as_at_once(
        reader,
        List::Agreements,
        |f| reader.agreements(f),
        Reader::agreements_part,
    );
    in_parts_as_at_once(reader, List::Actors, |f| reader.actors(f), Reader::actors_part);
    in_parts_as_at_once(reader, List::Documents, |f| reader.stories(f), Reader::stories_part);
}

#[test]
fn what_comes_in_meanwhile_moves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = store(&dir.path().join("s.db"));
    let ids = |part: &Part<lagebild_store::DocumentRow>| {
        part.rows.iter().map(|row| row.document.id.clone()).collect::<Vec<_>>()
    };
    let whole = store
        .reader()
        .documents_part(&paging(List::Documents, "", 100, None))
        .unwrap();
    let first = store
        .reader()
        .documents_part(&paging(List::Documents, "", 4, None))
        .unwrap();
    // One before the place reached, and one after it.
    for (id, day) in [("new", "2024-12-01"), ("old", "2020-01-01")] {
        let mut report = record(id);
        report.published = Some(day.to_owned());
        report.text.push_str(id);
        add(&mut store, report);
    }
    let rest = paging(List::Documents, "", 100, first.next.as_ref());
    let rest = store.reader().documents_part(&rest).unwrap();
    let mut seen = ids(&first);
    seen.extend(ids(&rest));
    seen.retain(|id| id != "old");
    assert_eq!(seen, ids(&whole));
    assert!(ids(&rest).contains(&"old".to_owned()));
}

#[test]
fn a_cursor_of_another_list_or_order_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir.path().join("s.db"));
    let reader = store.reader();
    let cursor = reader
        .events_part(&paging(List::Events, "", 2, None))
        .unwrap()
        .next
        .unwrap();
    let refused = |error| matches!(error, lagebild_store::Error::Filter(FilterError::Cursor { .. }));
    assert!(refused(
        reader
            .events_part(&paging(List::Events, "oldest", 2, Some(&cursor)))
            .unwrap_err()
    ));
    assert!(refused(
        reader
            .claims_part(&paging(List::Claims, "", 2, Some(&cursor)))
            .unwrap_err()
    ));
    assert!(refused(
        reader
            .actors_part(&paging(List::Actors, "", 2, Some(&cursor)))
            .unwrap_err()
    ));
    for (key, value) in [
        ("after", "x"),
        ("after", "W10"),
        ("limit", "0"),
        ("limit", "501"),
        ("limit", "all"),
        ("total", "yes"),
        ("offset", "3"),
        ("stance", "deny"),
    ] {
        assert!(
            Paging::from_pairs(List::Events, [(key, value)], (10, 500)).is_err(),
            "{key}={value}"
        );
    }
    // Words of a query may name filters, but not lift the limit.
    let paging = Paging::from_pairs(List::Events, [("q", "Soldaten limit:all sort:oldest")], (10, 500)).unwrap();
    assert_eq!(paging.filter.limit, Some(10));
}

#[test]
fn a_state_lasts_until_something_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.db");
    let mut store = store(&path);
    let readers = Readers::open(&path, Arc::new(NoCompounds)).unwrap();
    let before = readers.state().unwrap();
    readers.with(|reader| reader.stats()).unwrap();
    assert_eq!(readers.state().unwrap(), before, "reading changes nothing");
    add(&mut store, record("another"));
    let after = readers.state().unwrap();
    assert_ne!(after, before);
    assert_eq!(readers.state().unwrap(), after);
}
