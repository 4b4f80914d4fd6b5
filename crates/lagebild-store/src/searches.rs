//! Saved searches: what is new for each since it was last looked at, and what is to be sent to their hooks.
//!
//! A hit is found once: it is noted, and queued for the hook, in one transaction. A delivery stays due until it is told to
//! have arrived, so it arrives at least once, whatever stops in between. Nothing here opens a connection.

use crate::error::{Error, Result};
use crate::filter::{Filter, FilterError, List, Sort};
use crate::packed;
use crate::read::Reader;
use crate::rows::{DocumentRow, EventRow};
use crate::sql::{self, Where};
use crate::write::{Store, stamp};
use jiff::{SignedDuration, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Row, Transaction, params};
use serde::Serialize;

/// Hits in one delivery: a receiver takes so many in at once.
const HITS: usize = 100;

/// Reports changed so long before the last look are looked at again, because clocks are set back.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// Where new hits are sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Hook {
    /// The address.
    pub url: String,
    /// Signs what is sent.
    pub secret: String,
}

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hook").field("url", &self.url).finish_non_exhaustive()
    }
}

/// A search to be saved.
#[derive(Clone, Debug)]
pub struct NewSearch<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it finds: [`List::Documents`] or [`List::Events`].
    pub list: List,
    /// What it looks for; without order, limit and offset.
    pub filter: &'a Filter,
    /// Where new hits are sent.
    pub hook: Option<&'a Hook>,
}

/// A saved search.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedSearch {
    /// Its name.
    pub name: String,
    /// `documents` or `events`.
    pub list: String,
    /// What it looks for, as pairs of filter and value.
    pub filter: Vec<(String, String)>,
    /// When it was saved, UTC, ISO 8601.
    pub created_at: String,
    /// When the store was last gone through for it.
    pub looked_at: String,
    /// Hits so far.
    pub hits: usize,
    /// Those that were never shown.
    pub new: usize,
    /// Server that new hits are sent to: the rest of the address may be a secret.
    pub hook: Option<String>,
    /// Deliveries that have not arrived.
    pub waiting: usize,
    /// Why the last attempt to deliver failed, when it did.
    pub reason: Option<String>,
}

impl SavedSearch {
    /// What it finds.
    #[must_use]
    pub fn list(&self) -> List {
        if self.list == List::Events.name() {
            List::Events
        } else {
            List::Documents
        }
    }

    /// What it looks for.
    ///
    /// # Errors
    /// When a later version saved a filter that this one does not know.
    pub fn filter(&self) -> Result<Filter, FilterError> {
        Filter::from_pairs(self.filter.iter().map(|(key, value)| (key, value)))
    }
}

/// Hits of a saved search, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Found {
    /// Reports.
    Documents(Vec<DocumentRow>),
    /// Events.
    Events(Vec<EventRow>),
}

impl Found {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Documents(rows) => rows.len(),
            Self::Events(rows) => rows.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Names a delivery in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryId(i64);

/// A delivery to be attempted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueDelivery {
    /// Its name in the store.
    pub key: DeliveryId,
    /// Its name for the receiver, the same at each attempt.
    pub id: String,
    /// Name of the search.
    pub search: String,
    /// Where it goes.
    pub hook: Hook,
    /// Attempts so far.
    pub attempts: u32,
    /// JSON: `search`, `list`, `found_at`, `hits`.
    pub body: Vec<u8>,
}

/// A delivery in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryRow {
    /// Name of the search.
    pub search: String,
    /// Its name for the receiver.
    pub id: String,
    /// Hits in it.
    pub hits: usize,
    /// When the hits were found, UTC, ISO 8601.
    pub made_at: String,
    /// Attempts so far.
    pub attempts: u32,
    /// When the next attempt is due; nothing when it arrived.
    pub due: Option<String>,
    /// When it arrived.
    pub done_at: Option<String>,
    /// Why the last attempt failed.
    pub reason: Option<String>,
}

/// What is sent.
#[derive(Serialize)]
struct Body<'a, T> {
    search: &'a str,
    list: &'a str,
    found_at: &'a str,
    hits: &'a [T],
}

/// A search as it is gone through.
struct Looking {
    search: i64,
    name: String,
    list: String,
    filter: Filter,
    hook: bool,
}

/// A hit as it is noted; the first number is that of the report or event.
struct Noted(i64, String, String, i64);

impl Reader {
    /// The saved searches, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn searches(&self) -> Result<Vec<SavedSearch>> {
        self.rows(
            "SELECT s.name, s.list, s.filter, s.created_at, s.looked_at, v.hits, v.new, s.hook,
                    (SELECT count(*) FROM delivery d WHERE d.search = s.search AND d.due IS NOT NULL),
                    (SELECT d.reason FROM delivery d WHERE d.search = s.search AND d.due IS NOT NULL AND d.reason IS NOT NULL
                      ORDER BY d.delivery LIMIT 1)
               FROM saved_search s JOIN saved_searches v USING (name) ORDER BY s.name",
            Vec::new(),
            |row| {
                Ok(SavedSearch {
                    name: row.get(0)?,
                    list: row.get(1)?,
                    filter: pairs(row, 2)?,
                    created_at: row.get(3)?,
                    looked_at: row.get(4)?,
                    hits: row.get(5)?,
                    new: row.get(6)?,
                    hook: row.get::<_, Option<String>>(7)?.map(|url| server(&url).to_owned()),
                    waiting: row.get(8)?,
                    reason: row.get(9)?,
                })
            },
        )
    }

    /// The saved search of this name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn saved_search(&self, name: &str) -> Result<Option<SavedSearch>> {
        Ok(self.searches()?.into_iter().find(|s| s.name == name))
    }

    /// Deliveries, latest first, at most `limit`; those of one search when it is named.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn deliveries(&self, search: Option<&str>, limit: usize) -> Result<Vec<DeliveryRow>> {
        self.rows(
            "SELECT s.name, d.id, d.hits, d.made_at, d.attempts, d.due, d.done_at, d.reason
               FROM delivery d JOIN saved_search s USING (search) WHERE ?1 IS NULL OR s.name = ?1
              ORDER BY d.delivery DESC LIMIT ?2",
            vec![
                search.map_or(Value::Null, |name| Value::Text(name.to_owned())),
                Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)),
            ],
            |row| {
                Ok(DeliveryRow {
                    search: row.get(0)?,
                    id: row.get(1)?,
                    hits: row.get(2)?,
                    made_at: row.get(3)?,
                    attempts: row.get(4)?,
                    due: row.get(5)?,
                    done_at: row.get(6)?,
                    reason: row.get(7)?,
                })
            },
        )
    }

    /// Deliveries whose attempt is due, the longest waiting first; of each search only the first, so that one that does
    /// not answer is asked once, and what is sent arrives in order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn due_deliveries(&self, now: Timestamp, limit: usize) -> Result<Vec<DueDelivery>> {
        let mut due = self.rows(
            "SELECT d.delivery, d.id, s.hook, s.hook_secret, d.attempts, d.body, s.name
               FROM delivery d JOIN saved_search s USING (search)
              WHERE d.due <= ?1 AND s.hook IS NOT NULL AND d.delivery =
                    (SELECT min(f.delivery) FROM delivery f WHERE f.search = d.search AND f.due IS NOT NULL)
              ORDER BY d.due, d.delivery LIMIT ?2",
            vec![
                Value::Text(stamp(now)),
                Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)),
            ],
            |row| {
                Ok(DueDelivery {
                    key: DeliveryId(row.get(0)?),
                    id: row.get(1)?,
                    search: row.get(6)?,
                    hook: Hook {
                        url: row.get(2)?,
                        secret: row.get(3)?,
                    },
                    attempts: row.get(4)?,
                    body: row.get(5)?,
                })
            },
        )?;
        for delivery in &mut due {
            delivery.body = self.unpack(&delivery.body, "delivery", &delivery.id)?;
        }
        Ok(due)
    }

    /// What a search finds that was never shown, the latest first: how many, and at most `limit` of them. Nothing is noted by
    /// that: it is as new afterwards. `None` when there is no search of this name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn whats_new(&self, name: &str, limit: usize) -> Result<Option<(usize, Found)>> {
        let Some((looking, looked_at)) = self.looking(Some(name))?.pop() else {
            return Ok(None);
        };
        let mut keys = self.unshown(&looking)?;
        keys.extend(self.unnoted(&looking, Some(&since(&looked_at)))?.iter().map(|n| n.0));
        keys.sort_unstable_by_key(|key| std::cmp::Reverse(*key));
        keys.dedup();
        let found = self.found(&looking.list, keys.iter().copied().take(limit))?;
        Ok(Some((keys.len(), found)))
    }

    /// The events or reports that were noted and never shown, in the order in which they were found.
    fn unshown(&self, looking: &Looking) -> Result<Vec<i64>> {
        // An event that another reading no longer has is no hit any more.
        let query = if looking.list == List::Events.name() {
            "SELECT min(e.event) FROM search_hit h JOIN document d ON d.id = h.document JOIN event e ON e.doc = d.doc
               JOIN event_mention m ON m.event = e.event AND m.trigger_start = h.at
              WHERE h.search = ?1 AND NOT h.shown AND e.type = h.type
              GROUP BY h.document, h.type, h.at ORDER BY min(h.found_at), 1"
        } else {
            "SELECT d.doc FROM search_hit h JOIN document d ON d.id = h.document
              WHERE h.search = ?1 AND NOT h.shown ORDER BY h.found_at, d.doc"
        };
        self.rows(query, vec![looking.search.into()], |row| row.get(0))
    }

    fn looking(&self, name: Option<&str>) -> Result<Vec<(Looking, String)>> {
        let rows = self.rows(
            "SELECT search, name, list, filter, hook IS NOT NULL, looked_at FROM saved_search
              WHERE ?1 IS NULL OR name = ?1 ORDER BY search",
            vec![name.map_or(Value::Null, |name| Value::Text(name.to_owned()))],
            |row| {
                Ok((
                    row.get(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                    pairs(row, 3)?,
                    row.get(4)?,
                    row.get::<_, String>(5)?,
                ))
            },
        )?;
        rows.into_iter()
            .map(|(search, name, list, pairs, hook, looked_at)| {
                let looking = Looking {
                    search,
                    name,
                    list,
                    filter: Filter::from_pairs(pairs)?,
                    hook,
                };
                Ok((looking, looked_at))
            })
            .collect()
    }

    /// What a search finds and has not noted, among the reports that changed since `since`.
    fn unnoted(&self, looking: &Looking, since: Option<&str>) -> Result<Vec<Noted>> {
        let events = looking.list == List::Events.name();
        let mut w = if events {
            sql::events(&looking.filter)?
        } else {
            sql::documents(&looking.filter)?
        };
        if let Some(since) = since {
            w.add("d.changed_at >= ?", [Value::Text(since.to_owned())]);
        }
        let at =
            "coalesce((SELECT m.trigger_start FROM event_mention m WHERE m.event = e.event ORDER BY m.n LIMIT 1), -1)";
        let (select, from, kind, at, order) = if events {
            (
                "e.event",
                "event e JOIN document d USING (doc)",
                "e.type",
                at,
                "e.doc, e.event",
            )
        } else {
            ("d.doc", "document d", "''", "-1", "d.doc")
        };
        w.add(
            format!(
                "NOT EXISTS (SELECT 1 FROM search_hit h
                   WHERE h.search = ? AND h.document = d.id AND h.type = {kind} AND h.at = {at})"
            ),
            [Value::Integer(looking.search)],
        );
        let Where { values, .. } = &w;
        self.rows(
            &format!(
                "SELECT {select}, d.id, {kind}, {at} FROM {from} {} ORDER BY {order}",
                w.clause()
            ),
            values.clone(),
            |row| Ok(Noted(row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
    }

    fn found(&self, list: &str, keys: impl Iterator<Item = i64>) -> Result<Found> {
        let found = if list == List::Events.name() {
            keys.map(|key| self.event_row(key))
                .collect::<rusqlite::Result<_>>()
                .map(Found::Events)
        } else {
            keys.map(|key| self.document_row(key))
                .collect::<rusqlite::Result<_>>()
                .map(Found::Documents)
        };
        found.map_err(|e| self.error(e))
    }
}

impl Store {
    /// Saves a search; `false` when its name is taken. What it finds already counts as known; what comes later is new.
    ///
    /// # Errors
    /// When the filter does not fit the list or the file cannot be written.
    pub fn save_search(&mut self, new: &NewSearch<'_>, now: Timestamp) -> Result<bool> {
        let filter = Filter {
            sort: Sort::Default,
            limit: None,
            offset: 0,
            ..new.filter.clone()
        };
        filter.check(new.list)?;
        let json = serde_json::to_string(&filter.pairs()).map_err(|e| self.trouble(e.into()))?;
        let mut looking = Looking {
            search: 0,
            name: new.name.to_owned(),
            list: new.list.name().to_owned(),
            filter,
            hook: false,
        };
        let noted = self.reader().unnoted(&looking, None)?;
        let path = self.reader().path().to_owned();
        let now = stamp(now);
        self.write(|tx| {
            let saved = tx
                .prepare_cached(
                    "INSERT OR IGNORE INTO saved_search(name, list, filter, created_at, looked_at, hook, hook_secret)
                     VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)",
                )?
                .execute(params![
                    looking.name,
                    looking.list,
                    json,
                    now,
                    new.hook.map(|h| &h.url),
                    new.hook.map(|h| &h.secret)
                ])?;
            if saved > 0 {
                looking.search = tx.last_insert_rowid();
                note(tx, &looking, &noted, &now, true)?;
            }
            Ok(saved > 0)
        })
        .map_err(|e| Error::sql(&path, e))
    }

    /// Forgets a search with its hits and deliveries; tells whether there was one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn remove_search(&mut self, name: &str) -> Result<bool> {
        let path = self.reader().path().to_owned();
        self.write(|tx| Ok(tx.execute("DELETE FROM saved_search WHERE name = ?1", [name])? > 0))
            .map_err(|e| Error::sql(&path, e))
    }

    /// Goes through the store for all saved searches, notes what they find anew and queues it for their hooks; returns the
    /// number of new hits.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn look(&mut self, now: Timestamp) -> Result<usize> {
        let mut new = 0;
        for (looking, looked_at) in self.reader().looking(None)? {
            new += self.look_for(&looking, &looked_at, now)?;
        }
        Ok(new)
    }

    fn look_for(&mut self, looking: &Looking, looked_at: &str, now: Timestamp) -> Result<usize> {
        let noted = self.reader().unnoted(looking, Some(&since(looked_at)))?;
        let now = stamp(now);
        let mut deliveries = Vec::new();
        if looking.hook {
            for some in noted.chunks(HITS) {
                let body = match self.reader().found(&looking.list, some.iter().map(|n| n.0))? {
                    Found::Documents(hits) => self.body(looking, &now, &hits)?,
                    Found::Events(hits) => self.body(looking, &now, &hits)?,
                };
                deliveries.push((body, some.len()));
            }
        }
        let path = self.reader().path().to_owned();
        self.write(|tx| {
            note(tx, looking, &noted, &now, false)?;
            for ((id, body), hits) in &deliveries {
                tx.prepare_cached(
                    "INSERT OR IGNORE INTO delivery(search, id, body, hits, made_at, due) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
                )?
                .execute(params![looking.search, id, body, hits, now])?;
            }
            tx.prepare_cached("UPDATE saved_search SET looked_at = ?2 WHERE search = ?1")?
                .execute(params![looking.search, now])?;
            Ok(noted.len())
        })
        .map_err(|e| Error::sql(&path, e))
    }

    /// What is sent, packed, with its name.
    fn body<T: Serialize>(&self, looking: &Looking, found_at: &str, hits: &[T]) -> Result<(String, Vec<u8>)> {
        let body = Body {
            search: &looking.name,
            list: &looking.list,
            found_at,
            hits,
        };
        let json = serde_json::to_vec(&body).map_err(|e| self.trouble(e.into()))?;
        let packed = packed::pack(&json).map_err(|e| self.trouble(e))?;
        Ok((format!("msg_{}", &blake3::hash(&json).to_hex()[..32]), packed))
    }

    /// The hits of a search that were never shown, after looking for new ones; from now on they count as shown. `None` when
    /// there is no search of this name.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn run_search(&mut self, name: &str, now: Timestamp) -> Result<Option<Found>> {
        let Some((looking, looked_at)) = self.reader().looking(Some(name))?.pop() else {
            return Ok(None);
        };
        self.look_for(&looking, &looked_at, now)?;
        let keys = self.reader().unshown(&looking)?;
        let found = self.reader().found(&looking.list, keys.into_iter())?;
        let path = self.reader().path().to_owned();
        self.write(|tx| {
            tx.execute(
                "UPDATE search_hit SET shown = 1 WHERE search = ?1 AND NOT shown",
                [looking.search],
            )
        })
        .map_err(|e| Error::sql(&path, e))?;
        Ok(Some(found))
    }

    /// Notes how an attempt to deliver ended: it arrived, or why not and when it is tried again.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn attempted(&mut self, delivery: DeliveryId, failed: Option<(&str, Timestamp)>, now: Timestamp) -> Result<()> {
        let path = self.reader().path().to_owned();
        self.write(|tx| match failed {
            None => tx
                .prepare_cached(
                    "UPDATE delivery SET attempts = attempts + 1, due = NULL, done_at = ?2, body = NULL, reason = NULL
                      WHERE delivery = ?1",
                )?
                .execute(params![delivery.0, stamp(now)]),
            Some((reason, next)) => tx
                .prepare_cached(
                    "UPDATE delivery SET attempts = attempts + 1, due = ?2, reason = ?3
                      WHERE delivery = ?1 AND due IS NOT NULL",
                )?
                .execute(params![delivery.0, stamp(next), reason]),
        })
        .map(|_| ())
        .map_err(|e| Error::sql(&path, e))
    }

    fn trouble(&self, source: std::io::Error) -> Error {
        Error::Io {
            path: self.reader().path().to_owned(),
            source,
        }
    }
}

/// From when on reports are looked at that changed since the last look.
fn since(looked_at: &str) -> String {
    let time = looked_at.parse::<Timestamp>().ok();
    // A time that is none comes before all others.
    time.and_then(|at| at.checked_sub(OVERLAP).ok())
        .map(stamp)
        .unwrap_or_default()
}

fn note(tx: &Transaction<'_>, looking: &Looking, noted: &[Noted], now: &str, shown: bool) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO search_hit VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for Noted(_, document, kind, at) in noted {
        insert.execute(params![looking.search, document, kind, at, now, shown])?;
    }
    Ok(())
}

/// Scheme, host and port of an address.
fn server(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find(['/', '?', '#']).map_or(url.len(), |at| host + at);
    // Name and password stand before the host.
    match url[host..end].rfind('@') {
        Some(at) => &url[host + at + 1..end],
        None => &url[..end],
    }
}

/// A column with the pairs of a filter.
fn pairs(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<(String, String)>> {
    serde_json::from_str(row.get_ref(column)?.as_str()?)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, e.into()))
}
