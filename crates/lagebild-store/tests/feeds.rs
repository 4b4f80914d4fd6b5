//! The state of watched feeds.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{now, open};
use jiff::{SignedDuration, Timestamp};
use lagebild_store::{Changes, DueFeed, Poll, SeenItem, Store};

const A: &str = "https://a.example/feed";
const B: &str = "https://b.example/feed";

fn after(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

fn item(key: &str, host: Option<&str>, content: &str) -> SeenItem {
    SeenItem {
        key: key.to_owned(),
        page: host.map(|h| (format!("https://{h}/{key}"), h.to_owned())),
        content: content.as_bytes().to_vec(),
    }
}

fn read(store: &mut Store, feed: &DueFeed, items: &[SeenItem], at: Timestamp) -> Changes {
    let poll = Poll::Read {
        location: None,
        title: Some("A"),
        etag: Some("\"1\""),
        last_modified: None,
        items,
    };
    let later = |minutes| at + SignedDuration::from_mins(minutes);
    store.polled(feed.id, &poll, later(30), later(60), at).unwrap()
}

/// A store that watches A and B, and A as it is due.
fn watching(dir: &std::path::Path) -> (Store, DueFeed) {
    let mut store = open(&dir.join("s.db"));
    store.watch_feeds(&[(A, None), (B, Some("B"))], now()).unwrap();
    let feed = store.reader().due_feeds(now()).unwrap().remove(0);
    assert_eq!(feed.url, A);
    (store, feed)
}

#[test]
fn feeds_are_due_by_their_time_and_rest_when_they_leave_the_list() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, feed) = watching(dir.path());
    let failed = Poll::Failed {
        reason: "over the limit",
    };
    store.polled(feed.id, &failed, after(60), after(60), now()).unwrap();
    store
        .polled(feed.id, &failed, after(120), after(120), after(60))
        .unwrap();
    let due = |store: &Store, at| -> Vec<String> {
        let feeds = store.reader().due_feeds(at).unwrap();
        feeds.into_iter().map(|f| f.url).collect()
    };
    assert_eq!(due(&store, after(60)), [B]);
    assert_eq!(due(&store, after(120)), [B, A], "who waits longest comes first");
    assert_eq!(store.reader().due_feeds(after(120)).unwrap()[1].failures, 2);
    let row = &store.reader().feeds().unwrap()[0];
    assert_eq!((row.failures, row.reason.as_deref()), (2, Some("over the limit")));
    assert_eq!(row.read_at, None);

    store.watch_feeds(&[(A, Some("named"))], after(1)).unwrap();
    assert_eq!(due(&store, after(120)), [A]);
    let rows = store.reader().feeds().unwrap();
    assert_eq!(rows.iter().map(|r| r.watched).collect::<Vec<_>>(), [true, false]);
    assert_eq!(rows[0].title.as_deref(), Some("named"));
    assert_eq!(
        store.reader().next_due(after(1)).unwrap(),
        Some(after(120)),
        "the list does not make a feed due again"
    );

    read(&mut store, &feed, &[], after(120));
    let row = &store.reader().feeds().unwrap()[0];
    assert_eq!((row.failures, row.reason.as_deref()), (0, None));
    let not_modified = Poll::NotModified {
        etag: Some("\"2\""),
        last_modified: None,
    };
    store
        .polled(feed.id, &not_modified, after(180), after(180), after(150))
        .unwrap();
    assert_eq!(
        store.reader().due_feeds(after(180)).unwrap()[0].etag.as_deref(),
        Some("\"2\"")
    );
}

#[test]
fn items_stay_due_until_they_are_read_and_become_due_again_when_they_change() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, feed) = watching(dir.path());
    let items = [item("1", Some("a.example"), "one"), item("2", None, "two")];
    assert_eq!(read(&mut store, &feed, &items, now()), Changes { new: 2, changed: 0 });
    assert_eq!(read(&mut store, &feed, &items, after(30)), Changes::default());

    drop(store);
    let mut store = open(&dir.path().join("s.db"));
    let due = |store: &Store, host, at| store.reader().due_items(host, at, 10).unwrap();
    assert_eq!(store.reader().due_hosts(now()).unwrap(), ["a.example"]);
    let pages = due(&store, Some("a.example"), now());
    assert_eq!((pages[0].key.as_str(), pages[0].feed.as_str()), ("1", A));
    assert_eq!(pages[0].content, b"one");
    let own = due(&store, None, now());
    assert_eq!((own.len(), own[0].key.as_str()), (1, "2"));

    store
        .put_off_item(pages[0].id, after(90), "the server answers 503")
        .unwrap();
    assert!(store.reader().due_hosts(after(89)).unwrap().is_empty());
    let pages = due(&store, Some("a.example"), after(90));
    assert_eq!(pages[0].attempts, 1);

    let reason = Some("the feed's own text was read".to_owned());
    store
        .finish_items(&[(&pages[0], None), (&own[0], reason)], after(90))
        .unwrap();
    assert!(due(&store, Some("a.example"), after(900)).is_empty() && due(&store, None, after(900)).is_empty());
    assert!(
        store
            .reader()
            .page_read_since("https://a.example/1", after(90))
            .unwrap()
    );
    assert!(
        !store
            .reader()
            .page_read_since("https://a.example/1", after(91))
            .unwrap()
    );
    let row = &store.reader().feeds().unwrap()[0];
    assert_eq!((row.items, row.waiting), (2, 0));

    // A page is not asked for again at once; what the feed itself holds can be read right away.
    let items = [
        item("1", Some("a.example"), "one, corrected"),
        item("2", None, "two, corrected"),
    ];
    assert_eq!(
        read(&mut store, &feed, &items, after(100)),
        Changes { new: 0, changed: 2 }
    );
    assert!(due(&store, Some("a.example"), after(159)).is_empty());
    assert_eq!(due(&store, Some("a.example"), after(160)).len(), 1);
    assert_eq!(due(&store, None, after(100))[0].content, b"two, corrected");
}

#[test]
fn a_change_while_an_item_is_read_is_not_lost() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, feed) = watching(dir.path());
    read(&mut store, &feed, &[item("1", None, "one")], now());
    let own = store.reader().due_items(None, now(), 10).unwrap();
    read(&mut store, &feed, &[item("1", None, "one, corrected")], after(1));
    store.finish_items(&[(&own[0], None)], after(1)).unwrap();
    let again = store.reader().due_items(None, after(1), 10).unwrap();
    assert_eq!(again[0].content, b"one, corrected");
    store.finish_items(&[(&again[0], None)], after(2)).unwrap();
    assert!(store.reader().due_items(None, after(2), 10).unwrap().is_empty());
}
