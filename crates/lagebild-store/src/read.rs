//! The reading side of a store.

use crate::analyse::{self, Analyser, Compounds};
use crate::error::{Error, Result};
use crate::filter::{Filter, List, Sort};
use crate::rows::{ActorRow, AgreementRow, ClaimRow, DocumentBrief, DocumentRow, EventRow, Page, SaidBy, Stats};
use crate::sql::{self, Where};
use crate::{FORMAT, picture, schema};
use lagebild_core::wire::{
    AgreementRecord, ClaimRecord, DateRecord, EventRecord, MentionRecord, ObligationRecord, PartyRecord, PlaceRecord,
    QuantityRecord, Range, Record, StepRecord, Words,
};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads a store file; sees a consistent state while others write.
///
/// A reader can be sent to another thread but not shared between threads: open one for each.
pub struct Reader {
    pub(crate) path: PathBuf,
    pub(crate) connection: Connection,
    pub(crate) analyser: Analyser,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// What a report was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The bytes as they came in.
    pub bytes: Vec<u8>,
    /// File name or URL.
    pub source: Option<String>,
    /// The hints given with them.
    pub hints: String,
}

/// A report of the store with all that was read out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDocument {
    /// Its row in lists.
    pub row: DocumentRow,
    /// The record, as it was added.
    pub record: Record,
}

/// A list's way from filter to rows.
pub(crate) struct Plan {
    /// What follows `SELECT key FROM`.
    pub(crate) from: &'static str,
    pub(crate) key: &'static str,
    pub(crate) filter: Where,
    pub(crate) order: &'static str,
}

impl Reader {
    pub(crate) fn new(path: PathBuf, connection: Connection, analyser: Analyser) -> Self {
        Self {
            path,
            connection,
            analyser,
        }
    }

    /// Opens the store at `path` for reading; nothing is ever written to it.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::NotAStore`], [`Error::Newer`], [`Error::Older`].
    pub fn open(path: impl AsRef<Path>, compounds: Arc<dyn Compounds>) -> Result<Self> {
        Self::open_analysing(path.as_ref(), Analyser::new(compounds))
    }

    pub(crate) fn open_analysing(path: &Path, analyser: Analyser) -> Result<Self> {
        sql::probe(path)?;
        if !path.exists() {
            return Err(Error::Missing { path: path.to_owned() });
        }
        let connection = sql::connect_reader(path)?;
        match schema::inspect(&connection, path)? {
            schema::Found::Store(FORMAT) => Ok(Self::new(path.to_owned(), connection, analyser)),
            schema::Found::Store(found) => Err(Error::Older {
                path: path.to_owned(),
                found,
                known: FORMAT,
            }),
            schema::Found::Empty => Err(Error::NotAStore {
                path: path.to_owned(),
                what: "an empty file",
            }),
        }
    }

    /// Runs `work` on one state of the store, whatever others write meanwhile.
    ///
    /// # Errors
    /// Those of `work`, and when the file cannot be read.
    pub fn at_one_time<T, E: From<Error>>(&self, work: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        // A transaction that reads; it ends with the block, also by an error.
        let transaction = self.connection.unchecked_transaction().map_err(|e| self.error(e))?;
        let result = work(self);
        drop(transaction);
        result
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn error(&self, source: rusqlite::Error) -> Error {
        Error::sql(&self.path, source)
    }

    pub(crate) fn unpack(&self, bytes: &[u8], what: &'static str, document: &str) -> Result<Vec<u8>> {
        zstd::decode_all(bytes).map_err(|e| Error::Unreadable {
            document: document.to_owned(),
            what,
            why: e.to_string(),
        })
    }

    /// How much the store holds.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn stats(&self) -> Result<Stats> {
        self.connection
            .query_row(
                "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM event), (SELECT count(*) FROM claim),
                        (SELECT count(*) FROM agreement), (SELECT count(DISTINCT entity) FROM event_party),
                        (SELECT count(*) FROM raw WHERE state = 'pending'), (SELECT count(*) FROM raw WHERE state = 'failed'),
                        (SELECT min(published) FROM document), (SELECT max(published) FROM document)",
                [],
                |row| {
                    Ok(Stats {
                        documents: row.get(0)?,
                        events: row.get(1)?,
                        claims: row.get(2)?,
                        agreements: row.get(3)?,
                        actors: row.get(4)?,
                        pending: row.get(5)?,
                        failed: row.get(6)?,
                        first: row.get(7)?,
                        last: row.get(8)?,
                    })
                },
            )
            .map_err(|e| self.error(e))
    }

    /// The report with this id.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn document(&self, id: &str) -> Result<Option<StoredDocument>> {
        let Some(record) = self.record(id)? else {
            return Ok(None);
        };
        let filter = Filter {
            documents: vec![id.to_owned()],
            ..Filter::default()
        };
        let row = self.documents(&filter)?.rows.pop();
        Ok(row.map(|row| StoredDocument { row, record }))
    }

    pub(crate) fn record(&self, id: &str) -> Result<Option<Record>> {
        let Some(json) = self.record_json(id)? else {
            return Ok(None);
        };
        let record = serde_json::from_slice(&json).map_err(|e| Error::Unreadable {
            document: id.to_owned(),
            what: "record",
            why: e.to_string(),
        })?;
        Ok(Some(record))
    }

    /// A fact about the store itself.
    pub(crate) fn meta(&self, name: &str) -> Result<Option<String>> {
        self.connection
            .query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0))
            .optional()
            .map_err(|e| self.error(e))
    }

    /// The record of a report as JSON, byte for byte as it was made.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn record_json(&self, id: &str) -> Result<Option<Vec<u8>>> {
        self.packed("SELECT record FROM document WHERE id = ?1", "record", id)
    }

    /// The bytes that a report was read from, as they came in.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn raw(&self, id: &str) -> Result<Option<Vec<u8>>> {
        self.packed(
            "SELECT bytes FROM raw JOIN document USING (raw) WHERE id = ?1",
            "raw bytes",
            id,
        )
    }

    /// What a report was read from: the bytes, where they came from and what the user told about them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn received(&self, id: &str) -> Result<Option<Received>> {
        let Some(bytes) = self.raw(id)? else { return Ok(None) };
        self.connection
            .prepare_cached("SELECT r.source, r.hints FROM raw r JOIN document USING (raw) WHERE id = ?1")
            .and_then(|mut s| {
                s.query_row([id], |row| {
                    Ok(Received {
                        bytes,
                        source: row.get(0)?,
                        hints: row.get(1)?,
                    })
                })
                .optional()
            })
            .map_err(|e| self.error(e))
    }

    /// The record of a former version of a report; versions count from 1.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn revision_json(&self, id: &str, revision: u32) -> Result<Option<Vec<u8>>> {
        let packed: Option<Vec<u8>> = self
            .connection
            .prepare_cached(
                "SELECT r.record FROM revision r JOIN document USING (doc) WHERE id = ?1 AND r.revision = ?2",
            )
            .and_then(|mut s| s.query_row(params![id, revision], |row| row.get(0)).optional())
            .map_err(|e| self.error(e))?;
        packed.map(|bytes| self.unpack(&bytes, "record", id)).transpose()
    }

    fn packed(&self, query: &str, what: &'static str, id: &str) -> Result<Option<Vec<u8>>> {
        let packed: Option<Vec<u8>> = self
            .connection
            .prepare_cached(query)
            .and_then(|mut s| s.query_row([id], |row| row.get(0)).optional())
            .map_err(|e| self.error(e))?;
        packed.map(|bytes| self.unpack(&bytes, what, id)).transpose()
    }

    /// Reports.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn documents(&self, filter: &Filter) -> Result<Page<DocumentRow>> {
        self.page(&self.plan_documents(filter)?, filter, Self::document_row)
    }

    /// Calls `each` with every report, without holding them all.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn each_document(&self, filter: &Filter, each: impl FnMut(DocumentRow) -> ControlFlow<()>) -> Result<()> {
        self.each(&self.plan_documents(filter)?, filter, Self::document_row, each)
    }

    /// Events.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn events(&self, filter: &Filter) -> Result<Page<EventRow>> {
        self.page(&self.plan_events(filter)?, filter, Self::event_row)
    }

    /// Calls `each` with every event, without holding them all.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn each_event(&self, filter: &Filter, each: impl FnMut(EventRow) -> ControlFlow<()>) -> Result<()> {
        self.each(&self.plan_events(filter)?, filter, Self::event_row, each)
    }

    /// Claims.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn claims(&self, filter: &Filter) -> Result<Page<ClaimRow>> {
        self.page(&self.plan_claims(filter)?, filter, Self::claim_row)
    }

    /// Calls `each` with every claim, without holding them all.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn each_claim(&self, filter: &Filter, each: impl FnMut(ClaimRow) -> ControlFlow<()>) -> Result<()> {
        self.each(&self.plan_claims(filter)?, filter, Self::claim_row, each)
    }

    /// Agreements, as each report tells of them.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn agreements(&self, filter: &Filter) -> Result<Page<AgreementRow>> {
        self.page(&self.plan_agreements(filter)?, filter, Self::agreement_row)
    }

    /// Calls `each` with every agreement, without holding them all.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn each_agreement(&self, filter: &Filter, each: impl FnMut(AgreementRow) -> ControlFlow<()>) -> Result<()> {
        self.each(&self.plan_agreements(filter)?, filter, Self::agreement_row, each)
    }

    /// Actors and recipients of the events that the filter lets through, with their numbers.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn actors(&self, filter: &Filter) -> Result<Page<ActorRow>> {
        filter.check(List::Actors)?;
        let w = sql::events(filter)?;
        let order = match filter.sort {
            Sort::Default | Sort::Added => "count(*) DESC, x.id",
            Sort::Newest => "max(e.day) DESC, x.id",
            Sort::Oldest => "min(e.day) IS NULL, min(e.day), x.id",
            Sort::Name => "x.name, x.id",
        };
        let query = format!(
            "SELECT x.id, x.name, x.kind, x.country, x.org, count(DISTINCT CASE p.side WHEN 'actor' THEN e.event END),
                    count(DISTINCT CASE p.side WHEN 'recipient' THEN e.event END), count(DISTINCT e.doc), min(e.day),
                    max(e.day), count(*) OVER ()
               FROM event e JOIN event_party p USING (event) JOIN entity x USING (entity) {}
              GROUP BY x.entity ORDER BY {order} LIMIT ? OFFSET ?",
            w.clause()
        );
        let mut total = 0;
        let rows = self.rows(&query, values(&w, filter), |row| {
            total = row.get(10)?;
            Ok(ActorRow {
                id: row.get(0)?,
                name: row.get(1)?,
                kind: row.get(2)?,
                country: row.get(3)?,
                org: row.get(4)?,
                acts: row.get(5)?,
                receives: row.get(6)?,
                documents: row.get(7)?,
                first: row.get(8)?,
                last: row.get(9)?,
            })
        })?;
        Ok(Page {
            total: total.max(if rows.is_empty() { 0 } else { filter.offset + rows.len() }),
            rows,
        })
    }

    /// Looks for damage: the file's structure, references, the full text, and that every record reads back and agrees
    /// with its rows. Returns what is wrong, in words; nothing for a sound store.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn check(&self) -> Result<Vec<String>> {
        let mut problems: Vec<String> = self
            .rows("PRAGMA integrity_check", Vec::new(), |row| row.get::<_, String>(0))?
            .into_iter()
            .filter(|line| line != "ok")
            .collect();
        problems.extend(self.rows("PRAGMA foreign_key_check", Vec::new(), |row| {
            Ok(format!(
                "a row of {} refers to a missing one of {}",
                row.get::<_, String>(0)?,
                row.get::<_, String>(2)?
            ))
        })?);
        problems.extend(self.rows(
            "SELECT d.id FROM document d LEFT JOIN fulltext_docsize f ON f.id = d.doc WHERE f.id IS NULL",
            Vec::new(),
            |row| Ok(format!("{}: not in the full text", row.get::<_, String>(0)?)),
        )?);
        problems.extend(self.rows(
            "SELECT count(*) FROM fulltext_docsize WHERE id NOT IN (SELECT doc FROM document) HAVING count(*) > 0",
            Vec::new(),
            |row| {
                Ok(format!(
                    "the full text holds {} reports that are gone",
                    row.get::<_, i64>(0)?
                ))
            },
        )?);
        for (query, what) in picture::CHECKS {
            let found: i64 = self
                .connection
                .query_row(query, [], |row| row.get(0))
                .map_err(|e| self.error(e))?;
            if found > 0 {
                problems.push(format!("{found} {what}"));
            }
        }
        if self.meta("analyser")? != Some(analyse::VERSION.to_string()) {
            problems.push("the full text was made by another version and has to be built anew".to_owned());
        }
        let ids = self.rows("SELECT id FROM document ORDER BY doc", Vec::new(), |row| {
            row.get::<_, String>(0)
        })?;
        for id in ids {
            match self.document(&id) {
                Ok(Some(StoredDocument { row, record })) => {
                    let told = (record.events.len(), record.claims.len(), record.agreements.len());
                    if told != (row.events, row.claims, row.agreements) {
                        problems.push(format!("{id}: the tables do not agree with the record"));
                    }
                }
                Ok(None) => problems.push(format!("{id}: gone while checking")),
                Err(error) => problems.push(error.to_string()),
            }
        }
        Ok(problems)
    }

    // Plans: one for each list.

    fn plan_documents(&self, filter: &Filter) -> Result<Plan> {
        filter.check(List::Documents)?;
        let order = match filter.sort {
            Sort::Default | Sort::Newest => "d.published DESC, d.doc DESC",
            Sort::Oldest => "d.published IS NULL, d.published, d.doc",
            Sort::Added => "d.doc DESC",
            Sort::Name => "d.title IS NULL, d.title, d.doc",
        };
        Ok(Plan {
            from: "document d",
            key: "d.doc",
            filter: sql::documents(filter)?,
            order,
        })
    }

    fn plan_events(&self, filter: &Filter) -> Result<Plan> {
        filter.check(List::Events)?;
        let order = match filter.sort {
            Sort::Default | Sort::Newest => "e.day DESC, e.doc DESC, e.event",
            Sort::Oldest => "e.day IS NULL, e.day, e.doc, e.event",
            Sort::Added => "e.doc DESC, e.event",
            Sort::Name => "e.type, e.day DESC, e.doc DESC, e.event",
        };
        Ok(Plan {
            from: "event e",
            key: "e.event",
            filter: sql::events(filter)?,
            order,
        })
    }

    fn plan_claims(&self, filter: &Filter) -> Result<Plan> {
        filter.check(List::Claims)?;
        let order = match filter.sort {
            Sort::Default | Sort::Newest => "d.published DESC, d.doc DESC, c.claim",
            Sort::Oldest => "d.published IS NULL, d.published, d.doc, c.claim",
            Sort::Added => "d.doc DESC, c.claim",
            Sort::Name => "c.stance, d.published DESC, d.doc DESC, c.claim",
        };
        Ok(Plan {
            from: "claim c JOIN document d USING (doc)",
            key: "c.claim",
            filter: sql::claims(filter)?,
            order,
        })
    }

    fn plan_agreements(&self, filter: &Filter) -> Result<Plan> {
        filter.check(List::Agreements)?;
        let order = match filter.sort {
            Sort::Default | Sort::Newest => "d.published DESC, d.doc DESC, a.agreement",
            Sort::Oldest => "d.published IS NULL, d.published, d.doc, a.agreement",
            Sort::Added => "d.doc DESC, a.agreement",
            Sort::Name => "a.name IS NULL, a.name, d.published DESC, d.doc DESC, a.agreement",
        };
        let from = "agreement a JOIN document d USING (doc)";
        Ok(Plan {
            from,
            key: "a.agreement",
            filter: sql::agreements(filter)?,
            order,
        })
    }

    fn keys(&self, plan: &Plan, filter: &Filter) -> Result<Vec<i64>> {
        let Plan { from, key, order, .. } = plan;
        let query = format!(
            "SELECT {key} FROM {from} {} ORDER BY {order} LIMIT ? OFFSET ?",
            plan.filter.clause()
        );
        self.rows(&query, values(&plan.filter, filter), |row| row.get(0))
    }

    pub(crate) fn page<T>(
        &self,
        plan: &Plan,
        filter: &Filter,
        row: impl Fn(&Self, i64) -> rusqlite::Result<T>,
    ) -> Result<Page<T>> {
        let keys = self.keys(plan, filter)?;
        let all_seen = filter.limit.is_none_or(|limit| keys.len() < limit) && (filter.offset == 0 || !keys.is_empty());
        let total = if all_seen {
            filter.offset + keys.len()
        } else {
            let query = format!("SELECT count(*) FROM {} {}", plan.from, plan.filter.clause());
            self.connection
                .query_row(&query, params_from_iter(&plan.filter.values), |row| row.get(0))
                .map_err(|e| self.error(e))?
        };
        let rows = keys
            .into_iter()
            .map(|key| row(self, key))
            .collect::<rusqlite::Result<_>>();
        Ok(Page {
            rows: rows.map_err(|e| self.error(e))?,
            total,
        })
    }

    pub(crate) fn each<T>(
        &self,
        plan: &Plan,
        filter: &Filter,
        row: impl Fn(&Self, i64) -> rusqlite::Result<T>,
        mut each: impl FnMut(T) -> ControlFlow<()>,
    ) -> Result<()> {
        for key in self.keys(plan, filter)? {
            if each(row(self, key).map_err(|e| self.error(e))?).is_break() {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn rows<T>(
        &self,
        query: &str,
        values: Vec<Value>,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let rows = self.connection.prepare_cached(query).and_then(|mut s| {
            s.query_map(params_from_iter(values), row)?
                .collect::<rusqlite::Result<Vec<T>>>()
        });
        rows.map_err(|e| self.error(e))
    }

    // Rows: each of them by its key.

    pub(crate) fn brief(&self, doc: i64) -> rusqlite::Result<DocumentBrief> {
        self.connection
            .prepare_cached("SELECT id, title, published, source, lang FROM document WHERE doc = ?1")?
            .query_row([doc], brief)
    }

    fn document_row(&self, doc: i64) -> rusqlite::Result<DocumentRow> {
        self.connection
            .prepare_cached(
                "SELECT id, title, published, source, lang, url, added_at, changed_at, revision,
                        (SELECT count(*) FROM event WHERE doc = d.doc), (SELECT count(*) FROM claim WHERE doc = d.doc),
                        (SELECT count(*) FROM agreement WHERE doc = d.doc)
                   FROM document d WHERE doc = ?1",
            )?
            .query_row([doc], |row| {
                Ok(DocumentRow {
                    document: brief(row)?,
                    url: row.get(5)?,
                    added_at: row.get(6)?,
                    changed_at: row.get(7)?,
                    revision: row.get(8)?,
                    events: row.get(9)?,
                    claims: row.get(10)?,
                    agreements: row.get(11)?,
                })
            })
    }

    /// The sentence in which code point `at` of a report stands; nothing when it stands in none.
    fn sentence_at(&self, doc: i64, at: usize) -> rusqlite::Result<Option<Words>> {
        self.connection
            .prepare_cached(
                "SELECT s.start, s.\"end\", substr(d.text, s.start + 1, s.\"end\" - s.start)
                   FROM sentence s JOIN document d USING (doc)
                  WHERE doc = ?1 AND s.start <= ?2 AND s.\"end\" > ?2 LIMIT 1",
            )?
            .query_row(params![doc, at], words)
            .optional()
    }

    /// The words of a stretch of a report.
    fn slice(&self, doc: i64, range: Range) -> rusqlite::Result<Words> {
        self.connection
            .prepare_cached("SELECT ?2, ?3, substr(text, ?2 + 1, ?3 - ?2) FROM document WHERE doc = ?1")?
            .query_row(params![doc, range.start, range.end], words)
    }

    pub(crate) fn event_row(&self, event: i64) -> rusqlite::Result<EventRow> {
        let (doc, mut record) = self
            .connection
            .prepare_cached(
                "SELECT doc, id, type, mode, content, status, certainty, date_from, date_to, date_text, date_implicit,
                        place_text, place_name, place_country, place_lat, place_lon, claim, quad, cameo, goldstein,
                        plover_score, rule, context FROM event WHERE event = ?1",
            )?
            .query_row([event], |row| {
                let place: Option<String> = row.get(11)?;
                let event = EventRecord {
                    id: row.get(1)?,
                    kind: row.get(2)?,
                    mode: row.get(3)?,
                    content: row.get(4)?,
                    actors: Vec::new(),
                    recipients: Vec::new(),
                    status: row.get(5)?,
                    certainty: row.get(6)?,
                    date: DateRecord {
                        from: row.get(7)?,
                        to: row.get(8)?,
                        text: row.get(9)?,
                        implicit: row.get(10)?,
                    },
                    place: match place {
                        Some(text) => Some(PlaceRecord {
                            text,
                            name: row.get(12)?,
                            country: row.get(13)?,
                            lat: row.get(14)?,
                            lon: row.get(15)?,
                        }),
                        None => None,
                    },
                    quantities: Vec::new(),
                    context: list(row, 22)?,
                    claim: row.get(16)?,
                    quad: row.get(17)?,
                    cameo: row.get(18)?,
                    goldstein: row.get(19)?,
                    plover_score: row.get(20)?,
                    rule: row.get(21)?,
                    mentions: Vec::new(),
                };
                Ok((row.get::<_, i64>(0)?, event))
            })?;
        for (side, parties) in [("actor", &mut record.actors), ("recipient", &mut record.recipients)] {
            *parties = self
                .connection
                .prepare_cached(
                    "SELECT p.text, p.start, p.\"end\", p.name, x.id, p.country, p.org, p.roles, p.code
                       FROM event_party p LEFT JOIN entity x USING (entity) WHERE event = ?1 AND side = ?2 ORDER BY n",
                )?
                .query_map(params![event, side], |row| party(row, 0))?
                .collect::<rusqlite::Result<_>>()?;
        }
        record.quantities = self
            .connection
            .prepare_cached(
                "SELECT value, thing, kind, modifier, start, \"end\" FROM event_quantity WHERE event = ?1 ORDER BY n",
            )?
            .query_map([event], |row| {
                Ok(QuantityRecord {
                    value: row.get(0)?,
                    thing: row.get(1)?,
                    kind: row.get(2)?,
                    modifier: row.get(3)?,
                    start: row.get(4)?,
                    end: row.get(5)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        record.mentions = self
            .connection
            .prepare_cached(
                "SELECT start, \"end\", trigger_start, trigger_end, trigger_text FROM event_mention
                  WHERE event = ?1 ORDER BY n",
            )?
            .query_map([event], |row| {
                let trigger = Words {
                    start: row.get(2)?,
                    end: row.get(3)?,
                    text: row.get(4)?,
                };
                Ok(MentionRecord {
                    start: row.get(0)?,
                    end: row.get(1)?,
                    trigger,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let sentence = match record.mentions.first() {
            Some(m) => match self.sentence_at(doc, m.trigger.start)? {
                Some(sentence) => sentence,
                None => self.slice(
                    doc,
                    Range {
                        start: m.start,
                        end: m.end,
                    },
                )?,
            },
            None => Words {
                start: 0,
                end: 0,
                text: String::new(),
            },
        };
        let said_by = match &record.claim {
            Some(claim) => self
                .connection
                .prepare_cached(
                    "SELECT p.text, p.start, p.\"end\", p.name, x.id, p.country, p.org, p.roles, p.code, c.stance
                       FROM claim c JOIN claim_party p ON p.claim = c.claim AND p.side = 'holder'
                       LEFT JOIN entity x USING (entity) WHERE c.doc = ?1 AND c.id = ?2",
                )?
                .query_row(params![doc, claim], |row| {
                    Ok(SaidBy {
                        claim: claim.clone(),
                        holder: party(row, 0)?,
                        stance: row.get(9)?,
                    })
                })
                .optional()?,
            None => None,
        };
        let document = self.brief(doc)?;
        Ok(EventRow {
            key: key(&document, &record.id),
            document,
            event: record,
            sentence,
            said_by,
        })
    }

    pub(crate) fn claim_row(&self, claim: i64) -> rusqlite::Result<ClaimRow> {
        let (doc, mut record) = self
            .connection
            .prepare_cached(
                "SELECT doc, id, stance, quote, cue_start, cue_end, cue_text, content_start, content_end, start, \"end\"
                   FROM claim WHERE claim = ?1",
            )?
            .query_row([claim], |row| {
                let record = ClaimRecord {
                    id: row.get(1)?,
                    holder: nobody(),
                    stance: row.get(2)?,
                    quote: row.get(3)?,
                    addressee: None,
                    cue: Words { start: row.get(4)?, end: row.get(5)?, text: row.get(6)? },
                    content: Range { start: row.get(7)?, end: row.get(8)? },
                    mention: Range { start: row.get(9)?, end: row.get(10)? },
                    events: Vec::new(),
                };
                Ok((row.get::<_, i64>(0)?, record))
            })?;
        let mut parties = self.connection.prepare_cached(
            "SELECT p.text, p.start, p.\"end\", p.name, x.id, p.country, p.org, p.roles, p.code, p.side
               FROM claim_party p LEFT JOIN entity x USING (entity) WHERE claim = ?1",
        )?;
        for found in parties.query_map([claim], |row| Ok((row.get::<_, String>(9)?, party(row, 0)?)))? {
            match found? {
                (side, party) if side == "holder" => record.holder = party,
                (_, party) => record.addressee = Some(party),
            }
        }
        record.events = self
            .connection
            .prepare_cached(
                "SELECT e.id FROM claim_event x JOIN event e USING (event) WHERE x.claim = ?1 ORDER BY e.event",
            )?
            .query_map([claim], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let sentence = match self.sentence_at(doc, record.mention.start)? {
            Some(sentence) => sentence,
            None => self.slice(doc, record.mention)?,
        };
        let said = self.slice(doc, record.content)?.text;
        let document = self.brief(doc)?;
        Ok(ClaimRow {
            key: key(&document, &record.id),
            document,
            claim: record,
            said,
            sentence,
        })
    }

    fn agreement_row(&self, agreement: i64) -> rusqlite::Result<AgreementRow> {
        let (doc, mut record) = self
            .connection
            .prepare_cached("SELECT doc, id, name, canonical, kind FROM agreement WHERE agreement = ?1")?
            .query_row([agreement], |row| {
                let record = AgreementRecord {
                    id: row.get(1)?,
                    name: row.get(2)?,
                    canonical: row.get(3)?,
                    kind: row.get(4)?,
                    parties: Vec::new(),
                    steps: Vec::new(),
                    obligations: Vec::new(),
                    mentions: Vec::new(),
                };
                Ok((row.get::<_, i64>(0)?, record))
            })?;
        record.parties = self
            .connection
            .prepare_cached("SELECT party FROM agreement_party WHERE agreement = ?1 ORDER BY n")?
            .query_map([agreement], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        record.steps = self
            .connection
            .prepare_cached(
                "SELECT step, \"by\", date_from, date_to, date_text, date_implicit, place, start, \"end\"
                   FROM agreement_step WHERE agreement = ?1 ORDER BY n",
            )?
            .query_map([agreement], |row| {
                Ok(StepRecord {
                    step: row.get(0)?,
                    by: list(row, 1)?,
                    date: DateRecord {
                        from: row.get(2)?,
                        to: row.get(3)?,
                        text: row.get(4)?,
                        implicit: row.get(5)?,
                    },
                    place: row.get(6)?,
                    mention: Range {
                        start: row.get(7)?,
                        end: row.get(8)?,
                    },
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        record.obligations = self
            .connection
            .prepare_cached(
                "SELECT kind, who, condition, start, \"end\" FROM agreement_obligation WHERE agreement = ?1 ORDER BY n",
            )?
            .query_map([agreement], |row| {
                Ok(ObligationRecord {
                    kind: row.get(0)?,
                    who: list(row, 1)?,
                    condition: row.get(2)?,
                    mention: Range {
                        start: row.get(3)?,
                        end: row.get(4)?,
                    },
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        record.mentions = self
            .connection
            .prepare_cached("SELECT start, \"end\" FROM agreement_mention WHERE agreement = ?1 ORDER BY n")?
            .query_map([agreement], |row| {
                Ok(Range {
                    start: row.get(0)?,
                    end: row.get(1)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let first = record
            .mentions
            .first()
            .copied()
            .or(record.steps.first().map(|s| s.mention));
        let sentence = match first {
            Some(range) => match self.sentence_at(doc, range.start)? {
                Some(sentence) => Some(sentence),
                None => Some(self.slice(doc, range)?),
            },
            None => None,
        };
        let document = self.brief(doc)?;
        Ok(AgreementRow {
            key: key(&document, &record.id),
            document,
            agreement: record,
            sentence,
        })
    }
}

/// The values of a condition, then limit and offset.
pub(crate) fn values(w: &Where, filter: &Filter) -> Vec<Value> {
    let mut values = w.values.clone();
    // A negative limit is none to SQLite.
    values.push(Value::Integer(
        filter.limit.map_or(-1, |n| i64::try_from(n).unwrap_or(i64::MAX)),
    ));
    values.push(Value::Integer(i64::try_from(filter.offset).unwrap_or(i64::MAX)));
    values
}

fn key(document: &DocumentBrief, id: &str) -> String {
    format!("{}#{id}", document.id)
}

fn brief(row: &Row<'_>) -> rusqlite::Result<DocumentBrief> {
    Ok(DocumentBrief {
        id: row.get(0)?,
        title: row.get(1)?,
        published: row.get(2)?,
        source: row.get(3)?,
        lang: row.get(4)?,
    })
}

fn words(row: &Row<'_>) -> rusqlite::Result<Words> {
    Ok(Words {
        start: row.get(0)?,
        end: row.get(1)?,
        text: row.get(2)?,
    })
}

/// A space-separated column.
fn list(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    let value = row
        .get_ref(column)?
        .as_str()?
        .split_ascii_whitespace()
        .map(str::to_owned)
        .collect();
    Ok(value)
}

/// A party in nine columns from `first` on.
fn party(row: &Row<'_>, first: usize) -> rusqlite::Result<PartyRecord> {
    Ok(PartyRecord {
        text: row.get(first)?,
        start: row.get(first + 1)?,
        end: row.get(first + 2)?,
        name: row.get(first + 3)?,
        id: row.get(first + 4)?,
        country: row.get(first + 5)?,
        org: row.get(first + 6)?,
        roles: list(row, first + 7)?,
        code: row.get(first + 8)?,
    })
}

/// A holder who is not told.
fn nobody() -> PartyRecord {
    PartyRecord {
        text: String::new(),
        start: None,
        end: None,
        name: None,
        id: None,
        country: None,
        org: None,
        roles: Vec::new(),
        code: None,
    }
}
