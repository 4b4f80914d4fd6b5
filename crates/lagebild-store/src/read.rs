//! The reading side of a store.

use crate::analyse::{self, Analyser, Compounds};
use crate::error::{Error, Result};
use crate::facets::{Counted, Number};
use crate::filter::{Filter, List, Sort};
use crate::records::{Records, party};
use crate::rows::{ActorRow, AgreementRow, ClaimRow, DocumentBrief, DocumentRow, EventRow, Page, SaidBy, Stats};
use crate::sql::{self, Where};
use crate::write::{Incoming, hash};
use crate::{FORMAT, learnt, packed, picture, schema, survey, tallies};
use lagebild_core::wire::{Range, Record, Words};
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
    /// When they came in, ISO 8601.
    pub received_at: String,
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
    pub(crate) order: &'static [By],
    pub(crate) count: Count,
}

/// What tells how many rows a list has.
pub(crate) enum Count {
    /// The list itself.
    Listed,
    Of(Counted),
    /// The narrow rows of the events under a filter.
    Events(Filter),
    /// The sets of the reports under a filter.
    Reports(Filter),
}

/// A column that a list is sorted by; where it holds nothing, the row comes last.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    /// Smallest first; it always holds something.
    Up(&'static str),
    /// Smallest first.
    UpOrNothing(&'static str),
    /// Largest first. SQLite takes nothing for the smallest, so that it comes last by itself.
    Down(&'static str),
}

impl By {
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::Up(column) | Self::UpOrNothing(column) | Self::Down(column) => column,
        }
    }

    fn clause(self) -> String {
        match self {
            Self::Up(column) => column.to_owned(),
            Self::UpOrNothing(column) => format!("{column} IS NULL, {column}"),
            Self::Down(column) => format!("{column} DESC"),
        }
    }
}

/// About how many events there are under a filter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// Under all of it.
    pub(crate) found: usize,
    /// Under all but its parties and days: those that are tried.
    pub(crate) tried: usize,
    /// Of its days and of each of its parties, added up: those that are gathered.
    pub(crate) gathered: usize,
}

impl Plan {
    /// What follows `ORDER BY`.
    pub(crate) fn order(&self) -> String {
        self.order.iter().map(|by| by.clause()).collect::<Vec<_>>().join(", ")
    }
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

    /// Changes with every change that another connection makes.
    pub(crate) fn data_version(&self) -> Result<i64> {
        self.connection
            .query_row("PRAGMA data_version", [], |row| row.get(0))
            .map_err(|e| self.error(e))
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn error(&self, source: rusqlite::Error) -> Error {
        Error::sql(&self.path, source)
    }

    pub(crate) fn unpack(&self, packed: &[u8], what: &'static str, document: &str) -> Result<Vec<u8>> {
        self.unpack_beside(packed, None, what, document)
    }

    /// The raw bytes `packed`, beside `text` when there is one.
    pub(crate) fn unpack_raw(&self, packed: &[u8], text: Option<&str>, document: &str) -> Result<Vec<u8>> {
        self.unpack_beside(packed, text, "raw bytes", document)
    }

    fn unpack_beside(&self, packed: &[u8], text: Option<&str>, what: &'static str, document: &str) -> Result<Vec<u8>> {
        packed::unpack_beside(packed, text.unwrap_or_default()).map_err(|e| Error::Unreadable {
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
        // What is pending is unread: without that said SQLite does not know, and goes through all instead of the index of the unread.
        self.connection
            .query_row(
                "SELECT (SELECT coalesce(sum(reports), 0) FROM report_tally WHERE key = 'lang'), (SELECT coalesce(sum(events), 0) FROM event_tally WHERE one = '*'),
                        (SELECT coalesce(sum(claims), 0) FROM claim_tally WHERE one = '*'),
                        (SELECT count(*) FROM agreement), (SELECT count(*) FROM actor_tally),
                        (SELECT count(*) FROM raw WHERE state <> 'read' AND state = 'pending'),
                        (SELECT count(*) FROM raw WHERE state <> 'read' AND state = 'failed'),
                        (SELECT min(value) FROM report_tally WHERE key = 'published'),
                        (SELECT max(value) FROM report_tally WHERE key = 'published')",
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
        let doc = self
            .connection
            .prepare_cached("SELECT doc FROM document WHERE id = ?1")
            .and_then(|mut s| s.query_row([id], |row| row.get(0)).optional())
            .map_err(|e| self.error(e))?;
        doc.map(|doc| self.record_of(id, doc)).transpose()
    }

    /// The record of report `doc`, whose id is `id`.
    pub(crate) fn record_of(&self, id: &str, doc: i64) -> Result<Record> {
        Records(&self.connection).report(doc).map_err(|e| match e {
            rusqlite::Error::FromSqlConversionFailure(_, _, why) => Error::Unreadable {
                document: id.to_owned(),
                what: "record",
                why: why.to_string(),
            },
            other => self.error(other),
        })
    }

    /// A fact about the store itself.
    pub(crate) fn meta(&self, name: &str) -> Result<Option<String>> {
        self.connection
            .query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0))
            .optional()
            .map_err(|e| self.error(e))
    }

    /// The record of a report as JSON, byte for byte as `lagebild read` gives it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn record_json(&self, id: &str) -> Result<Option<Vec<u8>>> {
        let json = self.record(id)?.map(|record| serde_json::to_vec(&record));
        json.transpose().map_err(|e| Error::Unreadable {
            document: id.to_owned(),
            what: "record",
            why: e.to_string(),
        })
    }

    /// The bytes that a report was read from, as they came in.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn raw(&self, id: &str) -> Result<Option<Vec<u8>>> {
        let packed: Option<(Vec<u8>, Option<String>)> = self
            .connection
            .prepare_cached(
                "SELECT r.bytes, b.text FROM document d JOIN raw r USING (raw) LEFT JOIN document b ON b.doc = r.beside
                  WHERE d.id = ?1",
            )
            .and_then(|mut s| s.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .map_err(|e| self.error(e))?;
        packed
            .map(|(bytes, text)| self.unpack_raw(&bytes, text.as_deref(), id))
            .transpose()
    }

    /// What a report was read from: the bytes, where they came from and what the user told about them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn received(&self, id: &str) -> Result<Option<Received>> {
        let Some(bytes) = self.raw(id)? else { return Ok(None) };
        self.connection
            .prepare_cached(
                "SELECT r.source, r.hints, r.received_at FROM raw r JOIN document USING (raw) WHERE id = ?1",
            )
            .and_then(|mut s| {
                s.query_row([id], |row| {
                    Ok(Received {
                        bytes,
                        source: row.get(0)?,
                        hints: row.get(1)?,
                        received_at: row.get(2)?,
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

    /// Reports.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn documents(&self, filter: &Filter) -> Result<Page<DocumentRow>> {
        filter.check(List::Documents)?;
        match self.surveyed_documents(filter)? {
            Some(page) => Ok(page),
            None => self.page(&self.plan_documents(filter)?, filter, Self::document_row),
        }
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
        filter.check(List::Events)?;
        if survey::has_no_sums(List::Events, filter) {
            return self.surveyed_events(filter);
        }
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
        filter.check(List::Claims)?;
        match self.surveyed_claims(filter)? {
            Some(page) => Ok(page),
            None => self.page(&self.plan_claims(filter)?, filter, Self::claim_row),
        }
    }

    /// The claims of a page of [`Self::claims`], without counting the others.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn first_claims(&self, filter: &Filter) -> Result<Vec<ClaimRow>> {
        self.first(&self.plan_claims(filter)?, filter, Self::claim_row)
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
        if !filter.asks_only(&[]) {
            return self.surveyed_actors(filter);
        }
        let order = match filter.sort {
            Sort::Default | Sort::Added => "p.parts DESC, x.id",
            Sort::Newest => "last DESC, x.id",
            Sort::Oldest => "first IS NULL, first, x.id",
            Sort::Name => "x.name, x.id",
        };
        let query = format!(
            "SELECT x.id, x.name, x.kind, x.country, x.org, p.acts, p.receives, p.documents,
                    (SELECT min(day) FROM actor_day d WHERE d.entity = p.entity) AS first,
                    (SELECT max(day) FROM actor_day d WHERE d.entity = p.entity) AS last, (SELECT count(*) FROM actor_tally)
               FROM actor_tally p JOIN entity x USING (entity) ORDER BY {order} LIMIT ? OFFSET ?"
        );
        let mut total = 0;
        let rows = self.rows(&query, values(&Where::default(), filter), |row| {
            total = row.get(10)?;
            crate::actors::actor_row(row)
        })?;
        Ok(Page { rows, total })
    }

    /// Looks for damage: the file's structure, references, the full text, the kept sums, that every record reads back and points into
    /// its text, and that the raw bytes of every report are those that came in. Returns what is wrong, in words; nothing for a sound store.
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
            |row| {
                Ok(format!(
                    "{}: not in the full text (`lagebild reread --fulltext` writes it anew)",
                    row.get::<_, String>(0)?
                ))
            },
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
        problems.extend(self.rows(
            "SELECT id FROM document WHERE doc NOT IN (SELECT doc FROM reading)",
            Vec::new(),
            |row| Ok(format!("{}: its reading is missing", row.get::<_, String>(0)?)),
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
        problems.extend(tallies::check(&self.connection).map_err(|e| self.error(e))?);
        problems.extend(learnt::check(&self.connection).map_err(|e| self.error(e))?);
        if self.meta("tallies")? != Some(tallies::VERSION.to_string()) {
            problems.push("the sums were made by another version and have to be made anew".to_owned());
        }
        if self.meta("analyser")? != Some(analyse::VERSION.to_string()) {
            problems.push(
                "the full text was made by another version and has to be written anew (`lagebild reread --fulltext`)"
                    .to_owned(),
            );
        }
        let ids = self.rows("SELECT id FROM document ORDER BY doc", Vec::new(), |row| {
            row.get::<_, String>(0)
        })?;
        for id in ids {
            match self.document(&id) {
                Ok(Some(StoredDocument { record, .. })) => {
                    let length = record.text.chars().count();
                    if record.sentences.iter().any(|s| s.start > s.end || s.end > length) {
                        problems.push(format!("{id}: a sentence reaches beyond the text"));
                    }
                    let mut words = record.entities.iter().flat_map(|e| &e.mentions);
                    if words.any(|m| m.end > length || m.end - m.start != m.text.chars().count()) {
                        problems.push(format!("{id}: an entity is mentioned beyond the text"));
                    }
                }
                Ok(None) => problems.push(format!("{id}: gone while checking")),
                Err(error) => problems.push(error.to_string()),
            }
            match self.raw_is_whole(&id) {
                Ok(true) => {}
                Ok(false) => problems.push(format!("{id}: its raw bytes are not those that came in")),
                Err(error) => problems.push(error.to_string()),
            }
        }
        Ok(problems)
    }

    fn raw_is_whole(&self, id: &str) -> Result<bool> {
        let Some(Received {
            bytes, source, hints, ..
        }) = self.received(id)?
        else {
            return Ok(false);
        };
        let came = hash(&Incoming {
            bytes: &bytes,
            source: source.as_deref(),
            hints: &hints,
        });
        let kept: [u8; 32] = self
            .connection
            .prepare_cached("SELECT r.hash FROM document d JOIN raw r USING (raw) WHERE d.id = ?1")
            .and_then(|mut s| s.query_row([id], |row| row.get(0)))
            .map_err(|e| self.error(e))?;
        Ok(kept == came)
    }

    // Plans: one for each list.

    pub(crate) fn plan_documents(&self, filter: &Filter) -> Result<Plan> {
        filter.check(List::Documents)?;
        let order: &[By] = match filter.sort {
            Sort::Default | Sort::Newest => &[By::Down("d.published"), By::Down("d.doc")],
            Sort::Oldest => &[By::UpOrNothing("d.published"), By::Up("d.doc")],
            Sort::Added => &[By::Down("d.doc")],
            Sort::Name => &[By::UpOrNothing("d.title"), By::Up("d.doc")],
        };
        Ok(Plan {
            from: "document d",
            key: "d.doc",
            filter: sql::documents(filter)?,
            order,
            count: Count::Reports(filter.clone()),
        })
    }

    pub(crate) fn plan_events(&self, filter: &Filter) -> Result<Plan> {
        filter.check(List::Events)?;
        let count = match Counted::kept(List::Events, filter) {
            Some(kept) => Count::Of(kept),
            None => Count::Events(filter.clone()),
        };
        Ok(Plan {
            from: "event e",
            key: "e.event",
            filter: if self.found_soon(filter)? {
                sql::events_tried(filter)?
            } else {
                sql::events(filter)?
            },
            order: event_order(filter.sort),
            count,
        })
    }

    /// Whether trying events in their order fills the page sooner than gathering all events of the parties and days asked for:
    /// when many of those tried are such, by what is kept of them.
    fn found_soon(&self, filter: &Filter) -> Result<bool> {
        let (Some(wanted), Some(Found { found, tried, gathered })) = (filter.limit, self.events_found(filter)?) else {
            return Ok(false);
        };
        let wanted = wanted.saturating_add(filter.offset);
        // Where there are fewer than are wanted, all have to be tried.
        let share = if found > wanted { found / wanted.max(1) } else { 1 };
        Ok(tried / share < gathered)
    }

    /// How many events there are about under `filter`, from what is kept of them; nothing where that does not tell.
    pub(crate) fn events_found(&self, filter: &Filter) -> Result<Option<Found>> {
        let no_sides = Filter {
            actors: Vec::new(),
            recipients: Vec::new(),
            ..filter.clone()
        };
        let of_any = Filter {
            countries: Vec::new(),
            from: None,
            to: None,
            ..no_sides.clone()
        };
        let kept = |filter: &Filter| Counted::kept(List::Events, filter);
        let (Some(found), Some(tried)) = (kept(&no_sides), kept(&of_any)) else {
            return Ok(None);
        };
        let (mut found, tried, all) = (self.number(&found)?, self.number(&tried)?, self.number_of_events()?);
        let mut gathered = 0;
        if filter.from.is_some() {
            let of_days = Filter {
                from: filter.from,
                to: filter.to,
                ..Filter::default()
            };
            gathered += kept(&of_days).map_or(Ok(0), |of_days| self.number(&of_days))?;
        }
        // The events of two states are gathered as those of one are.
        let states = if sql::two_states(filter).is_some() {
            filter.countries.len()
        } else {
            1
        };
        for countries in filter.countries.chunks(states) {
            let of_states = Filter {
                countries: countries.to_vec(),
                ..Filter::default()
            };
            if let Some(events) = kept(&of_states) {
                gathered += self.number(&events)?;
            }
        }
        for (side, groups) in [("acts", &filter.actors), ("receives", &filter.recipients)] {
            for group in groups {
                let Some(events) = self.events_of(side, group)? else {
                    return Ok(None);
                };
                gathered += events;
                // As if parties met by chance.
                found = found.saturating_mul(events) / all.max(1);
            }
        }
        Ok(Some(Found { found, tried, gathered }))
    }

    /// How many events there are.
    pub(crate) fn number_of_events(&self) -> Result<usize> {
        let all = Counted::kept(List::Events, &Filter::default());
        Ok(all.map(|all| self.number(&all)).transpose()?.unwrap_or_default())
    }

    /// About how many events there are with one of `group` on a side, where sums tell it.
    fn events_of(&self, side: &'static str, group: &[String]) -> Result<Option<usize>> {
        let [one] = group else { return Ok(None) };
        let query = if one.contains(':') {
            format!(
                "SELECT coalesce(sum({side}), 0) FROM actor_tally WHERE entity = (SELECT entity FROM entity WHERE id = ?)"
            )
        } else if !self.is_plain(one)? {
            return Ok(None);
        } else if side == "acts" {
            "SELECT coalesce(sum(events), 0) FROM acting_day WHERE actor = ?".to_owned()
        } else {
            "SELECT coalesce(sum(events), 0) FROM event_tally WHERE one = ?1 AND other = ?1".to_owned()
        };
        let found = self.rows(&query, vec![one.clone().into()], |row| row.get(0))?;
        Ok(found.first().copied())
    }

    pub(crate) fn plan_claims(&self, filter: &Filter) -> Result<Plan> {
        filter.check(List::Claims)?;
        let order: &[By] = match filter.sort {
            Sort::Default | Sort::Newest => &[By::Down("d.published"), By::Down("d.doc"), By::Up("c.claim")],
            Sort::Oldest => &[By::UpOrNothing("d.published"), By::Up("d.doc"), By::Up("c.claim")],
            Sort::Added => &[By::Down("d.doc"), By::Up("c.claim")],
            Sort::Name => &[
                By::Up("c.stance"),
                By::Down("d.published"),
                By::Down("d.doc"),
                By::Up("c.claim"),
            ],
        };
        let gathered = "claim c JOIN document d USING (doc)";
        let mut plan = Plan {
            from: gathered,
            key: "c.claim",
            filter: sql::claims(filter)?,
            order,
            count: Counted::kept(List::Claims, filter).map_or(Count::Listed, Count::Of),
        };
        if matches!(filter.sort, Sort::Default | Sort::Newest) && self.claims_found_soon(filter)? {
            let filter = std::mem::replace(&mut plan.filter, sql::claims_tried(filter)?);
            plan.from = "document d CROSS JOIN claim c ON c.doc = d.doc";
            if let Count::Listed = plan.count {
                plan.count = Count::Of(Counted {
                    from: gathered,
                    filter,
                    number: Number::Rows,
                });
            }
        }
        Ok(plan)
    }

    /// Whether trying claims in their order fills the page sooner than gathering all that are asked for.
    fn claims_found_soon(&self, filter: &Filter) -> Result<bool> {
        let Some(wanted) = filter.limit.filter(|_| !filter.asks_only(&[])) else {
            return Ok(false);
        };
        let of_all = |filter: &Filter| {
            Counted::kept(List::Claims, filter)
                .map(|kept| self.number(&kept))
                .transpose()
        };
        let found = match of_all(filter)? {
            Some(kept) => kept,
            None if filter.asks_only(&["actor"]) => match filter.actors.as_slice() {
                [group] => match self.claims_of(group)? {
                    Some(found) => found,
                    None => return Ok(false),
                },
                _ => return Ok(false),
            },
            None => return Ok(false),
        };
        let all = of_all(&Filter::default())?.unwrap_or_default();
        let until = Filter {
            to: filter.to,
            ..Filter::default()
        };
        // Those after the last day asked for are left out by the index, those before the first one come last.
        let tried = of_all(&until)?.unwrap_or(all);
        Ok(tried.saturating_mul(wanted.saturating_add(filter.offset)) < found.saturating_mul(found))
    }

    /// About how many claims one of `group` makes, where sums tell it.
    fn claims_of(&self, group: &[String]) -> Result<Option<usize>> {
        let [one] = group else { return Ok(None) };
        let query = if one.contains(':') {
            "SELECT coalesce(sum(claims), 0) FROM speaker_tally WHERE speaker = ? AND stance = '*'"
        } else if self.is_plain(one)? {
            "SELECT coalesce(sum(claims), 0) FROM claim_tally WHERE one = ?1 AND other = ?1"
        } else {
            return Ok(None);
        };
        let found = self.rows(query, vec![one.clone().into()], |row| row.get(0))?;
        Ok(found.first().copied())
    }

    pub(crate) fn plan_agreements(&self, filter: &Filter) -> Result<Plan> {
        filter.check(List::Agreements)?;
        let order: &[By] = match filter.sort {
            Sort::Default | Sort::Newest => &[By::Down("d.published"), By::Down("d.doc"), By::Up("a.agreement")],
            Sort::Oldest => &[By::UpOrNothing("d.published"), By::Up("d.doc"), By::Up("a.agreement")],
            Sort::Added => &[By::Down("d.doc"), By::Up("a.agreement")],
            Sort::Name => &[
                By::UpOrNothing("a.name"),
                By::Down("d.published"),
                By::Down("d.doc"),
                By::Up("a.agreement"),
            ],
        };
        let filter = sql::agreements(filter)?;
        Ok(Plan {
            from: "agreement a JOIN document d USING (doc)",
            key: "a.agreement",
            // All of them are counted without their reports.
            count: match filter.is_empty() {
                true => Count::Of(Counted {
                    from: "agreement a",
                    filter: Where::default(),
                    number: Number::Rows,
                }),
                false => Count::Listed,
            },
            filter,
            order,
        })
    }

    fn keys(&self, plan: &Plan, filter: &Filter) -> Result<Vec<i64>> {
        let Plan { from, key, .. } = plan;
        let query = format!(
            "SELECT {key} FROM {from} {} ORDER BY {} LIMIT ? OFFSET ?",
            plan.filter.clause(),
            plan.order()
        );
        self.rows(&query, values(&plan.filter, filter), |row| row.get(0))
    }

    pub(crate) fn page<T>(
        &self,
        plan: &Plan,
        filter: &Filter,
        row: impl Fn(&Self, i64) -> rusqlite::Result<T>,
    ) -> Result<Page<T>> {
        // Where the number of rows is kept, no row is looked for behind the last one.
        let kept = match &plan.count {
            Count::Of(counted) if matches!(counted.number, Number::Sum(_)) => Some(self.number(counted)?),
            _ => None,
        };
        let left = kept.map(|total| total.saturating_sub(filter.offset));
        let filter = &Filter {
            limit: filter.limit.into_iter().chain(left).min(),
            ..filter.clone()
        };
        let keys = self.keys(plan, filter)?;
        let all_seen = filter.limit.is_none_or(|limit| keys.len() < limit) && (filter.offset == 0 || !keys.is_empty());
        let total = match kept {
            Some(total) => total,
            None if all_seen => filter.offset + keys.len(),
            None => self.count(plan)?,
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

    /// As [`Self::page`], without the number of all rows, which may take longer to tell than the first of them.
    pub(crate) fn first<T>(
        &self,
        plan: &Plan,
        filter: &Filter,
        row: impl Fn(&Self, i64) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let rows = self.keys(plan, filter)?.into_iter().map(|key| row(self, key));
        rows.collect::<rusqlite::Result<_>>().map_err(|e| self.error(e))
    }

    pub(crate) fn count(&self, plan: &Plan) -> Result<usize> {
        match &plan.count {
            Count::Of(counted) => self.number(counted),
            Count::Events(filter) => self.surveyed_number(filter),
            Count::Reports(filter) => match self.reports(filter)? {
                Some(found) => Ok(found.len()),
                None => self.number_of_reports(),
            },
            Count::Listed => self.number(&Counted {
                from: plan.from,
                filter: plan.filter.clone(),
                number: Number::Rows,
            }),
        }
    }

    /// How many rows there are.
    pub(crate) fn number(&self, Counted { from, filter, number }: &Counted) -> Result<usize> {
        self.connection
            .prepare_cached(&format!("SELECT {} FROM {from} {}", number.total(), filter.clause()))
            .and_then(|mut s| s.query_row(params_from_iter(&filter.values), |row| row.get(0)))
            .map_err(|e| self.error(e))
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
            .prepare_cached("SELECT id, title, published, source, lang, url FROM document WHERE doc = ?1")?
            .query_row([doc], brief)
    }

    pub(crate) fn document_row(&self, doc: i64) -> rusqlite::Result<DocumentRow> {
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
                    added_at: row.get(6)?,
                    changed_at: row.get(7)?,
                    revision: row.get(8)?,
                    events: row.get(9)?,
                    claims: row.get(10)?,
                    agreements: row.get(11)?,
                })
            })
    }

    pub(crate) fn event_row(&self, event: i64) -> rusqlite::Result<EventRow> {
        let records = Records(&self.connection);
        let (doc, record) = records.event(event)?;
        let sentence = match record.mentions.first() {
            Some(m) => match records.sentence_at(doc, m.trigger.start)? {
                Some(sentence) => sentence,
                None => records.slice(
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
        let records = Records(&self.connection);
        let (doc, record) = records.claim(claim)?;
        let sentence = match records.sentence_at(doc, record.mention.start)? {
            Some(sentence) => sentence,
            None => records.slice(doc, record.mention)?,
        };
        let said = records.slice(doc, record.content)?.text;
        let document = self.brief(doc)?;
        Ok(ClaimRow {
            key: key(&document, &record.id),
            document,
            claim: record,
            said,
            sentence,
        })
    }

    pub(crate) fn agreement_row(&self, agreement: i64) -> rusqlite::Result<AgreementRow> {
        let records = Records(&self.connection);
        let (doc, record) = records.agreement(agreement)?;
        let first = record
            .mentions
            .first()
            .copied()
            .or(record.steps.first().map(|s| s.mention));
        let sentence = match first {
            Some(range) => match records.sentence_at(doc, range.start)? {
                Some(sentence) => Some(sentence),
                None => Some(records.slice(doc, range)?),
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

/// The order of events, and of acts by the event that tells them first.
pub(crate) fn event_order(sort: Sort) -> &'static [By] {
    match sort {
        Sort::Default | Sort::Newest => &[By::Down("e.day"), By::Down("e.doc"), By::Up("e.event")],
        Sort::Oldest => &[By::UpOrNothing("e.day"), By::Up("e.doc"), By::Up("e.event")],
        Sort::Added => &[By::Down("e.doc"), By::Up("e.event")],
        Sort::Name => &[
            By::Up("e.type"),
            By::Down("e.day"),
            By::Down("e.doc"),
            By::Up("e.event"),
        ],
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
        url: row.get(5)?,
    })
}
