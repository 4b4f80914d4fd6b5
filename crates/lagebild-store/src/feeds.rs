//! Feeds that are watched: when they are due, what their servers said, which of their items are still to be read.
//!
//! Nothing here fetches or reads anything. The watcher asks what is due, tells what came of it, and finds all of it again
//! after a stop at any moment: the items of a poll and the state of their feed are written in one transaction, and an item
//! stays due until a report was made of it.

use crate::error::{Error, Result};
use crate::packed;
use crate::read::Reader;
use crate::write::{Store, stamp};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use serde::Serialize;

/// Names a feed in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeedId(i64);

/// Names an item of a feed in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeedItemId(i64);

/// A feed that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueFeed {
    /// Its name in the store.
    pub id: FeedId,
    /// Its address in the list of feeds.
    pub url: String,
    /// Where it moved to for good.
    pub location: Option<String>,
    /// The header `ETag` of its last answer.
    pub etag: Option<String>,
    /// The header `Last-Modified` of its last answer.
    pub last_modified: Option<String>,
    /// Failures in a row.
    pub failures: u32,
}

/// What came of asking for a feed.
#[derive(Clone, Copy, Debug)]
pub enum Poll<'a> {
    /// It was read.
    Read {
        /// Where it moved to for good; `None` when it answers at its address of the list.
        location: Option<&'a str>,
        /// Its name, where it tells one.
        title: Option<&'a str>,
        /// The header `ETag`.
        etag: Option<&'a str>,
        /// The header `Last-Modified`.
        last_modified: Option<&'a str>,
        /// Its items.
        items: &'a [SeenItem],
    },
    /// It has not changed.
    NotModified {
        /// The header `ETag`.
        etag: Option<&'a str>,
        /// The header `Last-Modified`.
        last_modified: Option<&'a str>,
    },
    /// It could not be had or read.
    Failed {
        /// Why.
        reason: &'a str,
    },
}

/// An item as it stands in a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenItem {
    /// Names it within the feed, the same at each poll.
    pub key: String,
    /// The page to be read for it, with the host to be asked; `None` when the feed's own text is to be read.
    pub page: Option<(String, String)>,
    /// What the feed says of it, in a form of the caller's choice. Another content is a change of the item.
    pub content: Vec<u8>,
}

/// What a poll brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Items that were not known.
    pub new: usize,
    /// Known items of which the feed says something else than before.
    pub changed: usize,
}

/// An item that is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueItem {
    /// Its name in the store.
    pub id: FeedItemId,
    /// The feed it stands in, by its address in the list.
    pub feed: String,
    /// Its name within the feed.
    pub key: String,
    /// The page behind it.
    pub url: Option<String>,
    /// What the feed says of it.
    pub content: Vec<u8>,
    /// How often its page was asked for in vain.
    pub attempts: u32,
}

/// A feed with its state, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeedRow {
    /// Its address in the list of feeds.
    pub url: String,
    /// Where it moved to for good.
    pub location: Option<String>,
    /// Its name.
    pub title: Option<String>,
    /// Whether the last run watched it.
    pub watched: bool,
    /// When it is due, in UTC.
    pub next_poll: String,
    /// When it was last asked for.
    pub polled_at: Option<String>,
    /// When it last answered as it should.
    pub read_at: Option<String>,
    /// Failures in a row since.
    pub failures: u32,
    /// Why it failed the last time; `None` when it did not.
    pub reason: Option<String>,
    /// The items seen in it.
    pub items: u64,
    /// Those of them that are still to be read.
    pub waiting: u64,
}

/// An input that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedRow {
    /// File name or address.
    pub source: Option<String>,
    /// When it came in, UTC, ISO 8601.
    pub received_at: String,
    /// Why it could not be read.
    pub error: Option<String>,
}

impl Store {
    /// Takes over a list of feeds, with their names: new ones are due at once, those that are not in it rest.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn watch_feeds(&mut self, feeds: &[(&str, Option<&str>)], now: Timestamp) -> Result<()> {
        let now = stamp(now);
        self.transact(|tx| {
            tx.execute("UPDATE feed SET watched = 0", [])?;
            let mut put = tx.prepare(
                "INSERT INTO feed(url, title, next_poll) VALUES (?1, ?2, ?3)
                 ON CONFLICT (url) DO UPDATE SET watched = 1, title = coalesce(?2, title)",
            )?;
            for (url, title) in feeds {
                put.execute(params![url, title, now])?;
            }
            Ok(())
        })
    }

    /// Notes what came of asking for a feed and when it is due again.
    ///
    /// An item that is known and unchanged costs nothing. One that changed is due again, but not before `recheck`.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing is noted.
    pub fn polled(
        &mut self,
        feed: FeedId,
        poll: &Poll<'_>,
        next_poll: Timestamp,
        recheck: Timestamp,
        now: Timestamp,
    ) -> Result<Changes> {
        let (next_poll, recheck, now) = (stamp(next_poll), stamp(recheck), stamp(now));
        self.transact(|tx| {
            let mut changes = Changes::default();
            match *poll {
                Poll::Failed { reason } => {
                    tx.prepare_cached(
                        "UPDATE feed SET next_poll = ?2, polled_at = ?3, failures = failures + 1, reason = ?4 WHERE feed = ?1",
                    )?
                    .execute(params![feed.0, next_poll, now, reason])?;
                }
                Poll::NotModified { etag, last_modified } => {
                    tx.prepare_cached(
                        "UPDATE feed SET next_poll = ?2, polled_at = ?3, read_at = ?3, failures = 0, reason = NULL,
                                etag = ?4, last_modified = ?5 WHERE feed = ?1",
                    )?
                    .execute(params![feed.0, next_poll, now, etag, last_modified])?;
                }
                Poll::Read {
                    location,
                    title,
                    etag,
                    last_modified,
                    items,
                } => {
                    tx.prepare_cached(
                        "UPDATE feed SET next_poll = ?2, polled_at = ?3, read_at = ?3, failures = 0, reason = NULL,
                                etag = ?4, last_modified = ?5, location = ?6, title = coalesce(title, ?7) WHERE feed = ?1",
                    )?
                    .execute(params![feed.0, next_poll, now, etag, last_modified, location, title])?;
                    for item in items {
                        put(tx, feed, item, &recheck, &now, &mut changes)?;
                    }
                }
            }
            Ok(changes)
        })
    }

    /// Puts off an item whose page could not be had.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_off_item(&mut self, item: FeedItemId, due: Timestamp, reason: &str) -> Result<()> {
        let due = stamp(due);
        self.transact(|tx| {
            tx.prepare_cached("UPDATE feed_item SET due = ?2, attempts = attempts + 1, reason = ?3 WHERE item = ?1")?
                .execute(params![item.0, due, reason])?;
            Ok(())
        })
    }

    /// Notes that items are read, each with the reason why it was not the page that was read, if there is one.
    ///
    /// An item of which the feed said something new meanwhile stays due.
    ///
    /// # Errors
    /// When the file cannot be written; then all of them stay due.
    pub fn finish_items(&mut self, items: &[(&DueItem, Option<String>)], now: Timestamp) -> Result<()> {
        let now = stamp(now);
        self.transact(|tx| {
            for (item, reason) in items {
                tx.prepare_cached(
                    "UPDATE feed_item SET due = NULL, content = NULL, attempts = 0, done_at = ?2, reason = ?3
                      WHERE item = ?1 AND digest = ?4",
                )?
                .execute(params![item.id.0, now, reason, digest(&item.content)])?;
            }
            Ok(())
        })
    }

    fn transact<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T> {
        let path = self.reader().path().to_owned();
        self.write(work).map_err(|e| Error::sql(&path, e))
    }
}

fn digest(content: &[u8]) -> [u8; 32] {
    *blake3::hash(content).as_bytes()
}

/// Notes one item of a feed.
fn put(
    tx: &Transaction<'_>,
    feed: FeedId,
    item: &SeenItem,
    recheck: &str,
    now: &str,
    changes: &mut Changes,
) -> rusqlite::Result<()> {
    let digest = digest(&item.content);
    let known: Option<(i64, bool)> = tx
        .prepare_cached("SELECT item, digest = ?3 FROM feed_item WHERE feed = ?1 AND key = ?2")?
        .query_row(params![feed.0, item.key, digest], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((_, true)) = known {
        return Ok(());
    }
    let content = packed::pack(&item.content).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let (url, host) = item.page.as_ref().map(|(url, host)| (url, host)).unzip();
    match known {
        Some((known, _)) => {
            changes.changed += 1;
            tx.prepare_cached(
                "UPDATE feed_item SET digest = ?2, content = ?3, url = ?4, host = ?5, attempts = 0,
                        due = CASE WHEN due IS NULL AND ?4 IS NOT NULL THEN ?6 ELSE coalesce(due, ?7) END
                  WHERE item = ?1",
            )?
            .execute(params![known, digest, content, url, host, recheck, now])?;
        }
        None => {
            changes.new += 1;
            tx.prepare_cached(
                "INSERT INTO feed_item(feed, key, url, host, digest, content, due, seen_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            )?
            .execute(params![feed.0, item.key, url, host, digest, content, now])?;
        }
    }
    Ok(())
}

impl Reader {
    /// The feeds that are due, those that wait longest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn due_feeds(&self, now: Timestamp) -> Result<Vec<DueFeed>> {
        self.rows(
            "SELECT feed, url, location, etag, last_modified, failures FROM feed
              WHERE watched AND next_poll <= ? ORDER BY next_poll, feed",
            vec![stamp(now).into()],
            |row| {
                Ok(DueFeed {
                    id: FeedId(row.get(0)?),
                    url: row.get(1)?,
                    location: row.get(2)?,
                    etag: row.get(3)?,
                    last_modified: row.get(4)?,
                    failures: row.get(5)?,
                })
            },
        )
    }

    /// The hosts that pages are to be had from.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn due_hosts(&self, now: Timestamp) -> Result<Vec<String>> {
        // Jumps from host to host in the index instead of reading all items of each.
        self.rows(
            "WITH RECURSIVE hosts(host) AS (
               SELECT min(host) FROM feed_item WHERE due IS NOT NULL
               UNION ALL
               SELECT (SELECT min(host) FROM feed_item WHERE due IS NOT NULL AND host > hosts.host)
                 FROM hosts WHERE host IS NOT NULL)
             SELECT host FROM hosts
              WHERE EXISTS (SELECT 1 FROM feed_item i WHERE i.host = hosts.host AND i.due <= ?)",
            vec![stamp(now).into()],
            |row| row.get(0),
        )
    }

    /// The items that are due at a host, or those to be read from the feed itself, those that wait longest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn due_items(&self, host: Option<&str>, now: Timestamp, limit: usize) -> Result<Vec<DueItem>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut items = self.rows(
            "SELECT item, feed.url, key, feed_item.url, content, attempts FROM feed_item JOIN feed USING (feed)
              WHERE host IS ? AND due <= ? ORDER BY due, item LIMIT ?",
            vec![host.map(str::to_owned).into(), stamp(now).into(), limit.into()],
            due_item,
        )?;
        for item in &mut items {
            item.content = self.unpack(&item.content, "feed item", &item.key)?;
        }
        Ok(items)
    }

    /// Whether the page was read since `since`, for whatever feed.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn page_read_since(&self, url: &str, since: Timestamp) -> Result<bool> {
        self.connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM feed_item WHERE url = ?1 AND done_at >= ?2 AND reason IS NULL)",
            )
            .and_then(|mut s| s.query_row(params![url, stamp(since)], |row| row.get(0)))
            .map_err(|e| self.error(e))
    }

    /// When, after `now`, the next feed or item is due; `None` when none ever is.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let next: Option<String> = self
            .connection
            .prepare_cached(
                "SELECT min(t) FROM (SELECT min(next_poll) AS t FROM feed WHERE watched AND next_poll > ?1
                                     UNION ALL SELECT min(due) FROM feed_item WHERE due IS NOT NULL AND due > ?1)",
            )
            .and_then(|mut s| s.query_row([stamp(now)], |row| row.get(0)))
            .map_err(|e| self.error(e))?;
        let unreadable = |text: &str, why: String| Error::Unreadable {
            document: text.to_owned(),
            what: "time",
            why,
        };
        next.map(|text| text.parse().map_err(|e: jiff::Error| unreadable(&text, e.to_string())))
            .transpose()
    }

    /// Inputs that could not be read, the latest first, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn failed(&self, limit: usize) -> Result<Vec<FailedRow>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.rows(
            "SELECT source, received_at, error FROM raw WHERE state <> 'read' AND state = 'failed' ORDER BY raw DESC LIMIT ?",
            vec![limit.into()],
            |row| {
                Ok(FailedRow {
                    source: row.get(0)?,
                    received_at: row.get(1)?,
                    error: row.get(2)?,
                })
            },
        )
    }

    /// All feeds with their state, in the order in which they came in.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn feeds(&self) -> Result<Vec<FeedRow>> {
        self.rows(
            "SELECT url, location, title, watched, next_poll, polled_at, read_at, failures, reason, items, waiting FROM feeds",
            Vec::new(),
            |row| {
                Ok(FeedRow {
                    url: row.get(0)?,
                    location: row.get(1)?,
                    title: row.get(2)?,
                    watched: row.get(3)?,
                    next_poll: row.get(4)?,
                    polled_at: row.get(5)?,
                    read_at: row.get(6)?,
                    failures: row.get(7)?,
                    reason: row.get(8)?,
                    items: row.get(9)?,
                    waiting: row.get(10)?,
                })
            },
        )
    }
}

fn due_item(row: &Row<'_>) -> rusqlite::Result<DueItem> {
    Ok(DueItem {
        id: FeedItemId(row.get(0)?),
        feed: row.get(1)?,
        key: row.get(2)?,
        url: row.get(3)?,
        content: row.get(4)?,
        attempts: row.get(5)?,
    })
}
