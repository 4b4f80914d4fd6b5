//! Saved searches: what is new is found once, shown once, and delivered until it arrives.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{add, now, open, record};
use jiff::{SignedDuration, Timestamp};
use lagebild_core::wire::Record;
use lagebild_store::{Error, Filter, Found, Hook, List, NewSearch, Store};
use std::path::Path;

fn after(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

fn save(store: &mut Store, name: &str, list: List, filter: &[(&str, &str)], hook: Option<&Hook>) -> bool {
    let filter = &Filter::from_pairs(filter.iter().copied()).unwrap();
    let search = NewSearch {
        name,
        list,
        filter,
        hook,
    };
    store.save_search(&search, now()).unwrap()
}

fn hook() -> Hook {
    Hook {
        url: "https://receiver.example/lagebild".to_owned(),
        secret: "whsec_c2VjcmV0".to_owned(),
    }
}

/// The keys of events, or the ids of reports.
fn keys(found: Option<Found>) -> Vec<String> {
    match found.unwrap() {
        Found::Documents(rows) => rows.into_iter().map(|r| r.document.id).collect(),
        Found::Events(rows) => rows.into_iter().map(|r| r.key).collect(),
    }
}

fn searching(dir: &Path) -> Store {
    let mut store = open(&dir.join("s.db"));
    add(&mut store, record("d1")).unwrap();
    store
}

#[test]
fn what_comes_after_is_new_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = searching(dir.path());
    assert!(save(
        &mut store,
        "aid",
        List::Events,
        &[("type", "AID"), ("limit", "1")],
        None
    ));
    assert!(save(&mut store, "duty", List::Documents, &[("q", "Beistand")], None));
    assert!(
        !save(&mut store, "aid", List::Documents, &[], None),
        "the name is taken"
    );
    assert_eq!(keys(store.run_search("aid", now()).unwrap()), Vec::<String>::new());

    add(&mut store, record("d2")).unwrap();
    add(&mut store, record("d3")).unwrap();
    assert_eq!(store.look(after(1)).unwrap(), 4, "two events and two reports");
    assert_eq!(store.look(after(2)).unwrap(), 0);
    let saved = store.reader().saved_search("aid").unwrap().unwrap();
    assert_eq!((saved.hits, saved.new, saved.list()), (3, 2, List::Events));
    assert_eq!(
        saved.filter,
        [("type".to_owned(), "AID".to_owned())],
        "no limit is saved"
    );
    assert_eq!(keys(store.run_search("aid", after(3)).unwrap()), ["d2#e2", "d3#e2"]);
    assert_eq!(keys(store.run_search("aid", after(4)).unwrap()), Vec::<String>::new());
    assert_eq!(keys(store.run_search("duty", after(4)).unwrap()), ["d2", "d3"]);

    assert!(store.run_search("none", after(4)).unwrap().is_none());
    assert!(store.remove_search("aid").unwrap() && !store.remove_search("aid").unwrap());
    assert_eq!(store.reader().searches().unwrap().len(), 1);
}

#[test]
fn another_reading_of_a_known_event_is_nothing_new_and_another_event_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = searching(dir.path());
    save(&mut store, "all", List::Events, &[], None);
    // A newer engine finds the events in another order, and one more in the same sentence.
    let mut again: Record = record("d1");
    again.engine.lexicon = "def".to_owned();
    again.events.swap(0, 1);
    let mut more = again.events[0].clone();
    more.kind = "MOBILIZE".to_owned();
    again.events.push(more);
    for (n, event) in again.events.iter_mut().enumerate() {
        event.id = format!("e{}", n + 1);
    }
    again.claims.clear();
    add(&mut store, again).unwrap();
    assert_eq!(keys(store.run_search("all", after(1)).unwrap()), ["d1#e3"]);
}

#[test]
fn filters_that_do_not_fit_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = searching(dir.path());
    let filter = &Filter::from_pairs([("stance", "deny")]).unwrap();
    let search = NewSearch {
        name: "x",
        list: List::Events,
        filter,
        hook: None,
    };
    assert!(matches!(store.save_search(&search, now()), Err(Error::Filter(_))));
    assert_eq!(store.reader().searches().unwrap(), []);
}

#[test]
fn deliveries_stay_due_until_they_arrive() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut store = searching(dir.path());
    save(&mut store, "aid", List::Events, &[("type", "AID")], Some(&hook()));
    add(&mut store, record("d2")).unwrap();
    store.look(after(1)).unwrap();
    add(&mut store, record("d3")).unwrap();
    store.look(after(2)).unwrap();

    // One at a time, in order; the program may end at any moment.
    drop(store);
    let mut store = open(&path);
    let first = store.reader().due_deliveries(after(2), 9).unwrap();
    assert_eq!((first.len(), first[0].attempts, &first[0].hook), (1, 0, &hook()));
    let body: serde_json::Value = serde_json::from_slice(&first[0].body).unwrap();
    assert_eq!(body["search"], "aid");
    assert_eq!(body["hits"][0]["key"], "d2#e2");
    assert_eq!(body["hits"].as_array().unwrap().len(), 1);

    store
        .attempted(first[0].key, Some(("answers 500", after(5))), after(2))
        .unwrap();
    assert_eq!(store.reader().due_deliveries(after(4), 9).unwrap(), []);
    let waiting = store.reader().saved_search("aid").unwrap().unwrap();
    assert_eq!((waiting.waiting, waiting.reason.as_deref()), (2, Some("answers 500")));
    assert_eq!(waiting.hook.as_deref(), Some("https://receiver.example"));
    let again = store.reader().due_deliveries(after(5), 9).unwrap();
    assert_eq!(
        (&again[0].id, &again[0].body, again[0].attempts),
        (&first[0].id, &first[0].body, 1)
    );

    store.attempted(again[0].key, None, after(5)).unwrap();
    let second = store.reader().due_deliveries(after(5), 9).unwrap();
    assert_ne!(second[0].id, first[0].id);
    store.attempted(second[0].key, None, after(6)).unwrap();
    assert_eq!(store.reader().due_deliveries(after(99), 9).unwrap(), []);
    let log = store.reader().deliveries(Some("aid"), 9).unwrap();
    let told: Vec<_> = log
        .iter()
        .map(|d| (d.attempts, d.due.is_none(), d.done_at.is_some()))
        .collect();
    assert_eq!(told, [(1, true, true), (2, true, true)], "latest first");
    assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
}
