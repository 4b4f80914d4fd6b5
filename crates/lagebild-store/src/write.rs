//! The writing side of a store.

use crate::analyse::{self, Analyser, Compounds, Terms, fold};
use crate::error::{Error, Result};
use crate::packed::{self, Rest, pack_sentences};
use crate::picture::{self, Picture, Traits};
use crate::read::Reader;
use crate::records::Records;
use crate::{learnt, schema, sql, tallies};
use jiff::Timestamp;
use lagebild_core::Lang;
use lagebild_core::wire::{
    AgreementRecord, ClaimRecord, DateRecord, Engine, EntityRecord, EventRecord, PartyRecord, Record,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Names raw bytes in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RawId(pub(crate) i64);

/// A report as it comes in.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// Its bytes, kept as they are.
    pub bytes: &'a [u8],
    /// File name or URL.
    pub source: Option<&'a str>,
    /// What the user told about it and what changes the reading (format, day, language), in a form of the caller's
    /// choice. The same bytes with other hints are another report.
    pub hints: &'a str,
}

/// What came of receiving a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Its bytes are kept; it has to be read and finished.
    New(RawId),
    /// It is in the store, read by this very engine: nothing to do.
    Known,
}

/// A report that was received and not finished, because the program ended in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its raw bytes' id.
    pub raw: RawId,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// File name or URL.
    pub source: Option<String>,
    /// The hints given.
    pub hints: String,
    /// When it was received, ISO 8601.
    pub received_at: String,
}

/// The end of the way of received bytes.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'a> {
    /// Which bytes.
    pub raw: RawId,
    /// The report made from them, or why there is none.
    pub result: Result<&'a Prepared, &'a str>,
}

/// What finishing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new report.
    Added,
    /// The text of a known report changed; the former version is kept.
    Revised,
    /// The text is known, the reading or the data about the report changed: replaced.
    Reread,
    /// All of it was there.
    Unchanged,
    /// The report could not be read; its bytes and the reason are kept.
    Failed,
}

/// A report with all that takes time to compute before it is written: made in parallel, written by one.
#[derive(Debug)]
pub struct Prepared {
    record: Record,
    url: Option<String>,
    sentences: Vec<u8>,
    rest: Vec<u8>,
    title: Terms,
    body: Terms,
    traits: Traits,
}

impl Prepared {
    /// The record.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }
}

/// Prepares reports; cheap to clone, to be used in any thread.
#[derive(Clone)]
pub struct Preparer {
    analyser: Analyser,
    path: PathBuf,
}

impl std::fmt::Debug for Preparer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Preparer").finish_non_exhaustive()
    }
}

impl Preparer {
    /// Computes what writing `record` needs. `url` is where the report can be fetched.
    ///
    /// # Errors
    /// When compression fails for want of memory.
    pub fn prepare(&self, record: Record, url: Option<String>) -> Result<Prepared> {
        let io = |source| Error::Io {
            path: self.path.clone(),
            source,
        };
        let rest = Rest::of(&record).pack().map_err(io)?;
        let lang = language(&record.lang);
        let title = record
            .title
            .as_deref()
            .map(|t| self.analyser.terms(t, lang))
            .unwrap_or_default();
        let body = self.analyser.terms(&record.text, lang);
        Ok(Prepared {
            traits: Traits::of(&record),
            sentences: pack_sentences(&record.sentences),
            rest,
            record,
            url,
            title,
            body,
        })
    }
}

/// The language by whose rules a report is indexed.
pub(crate) fn language(code: &str) -> Lang {
    Lang::from_code(code).unwrap_or(Lang::De)
}

/// The one writer of a store file.
///
/// While it lives, other processes can read the file but not open it for writing.
pub struct Store {
    reader: Reader,
    /// Holds the lock of the file until the store is dropped.
    _lock: File,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("path", &self.reader.path)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store at `path`, makes it if there is none, and brings an older one up to date.
    ///
    /// A file that is no store, or one of a newer version, is left untouched.
    ///
    /// # Errors
    /// [`Error::NotAStore`], [`Error::Newer`], [`Error::InUse`], [`Error::ReadOnly`], [`Error::Full`], [`Error::Damaged`].
    pub fn open(path: impl AsRef<Path>, compounds: Arc<dyn Compounds>) -> Result<Self> {
        let path = path.as_ref();
        sql::probe(path)?;
        if path.exists() {
            // Before anything is written, a lock file included.
            match sql::connect_reader(path).and_then(|c| schema::inspect(&c, path)) {
                // A writer was killed while it changed the file: that is mended by opening it for writing, and it is
                // looked at again then.
                Ok(_) | Err(Error::ReadOnly { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let lock = lock(path)?;
        let mut connection = sql::connect_writer(path)?;
        let sql = |source| Error::sql(path, source);
        // WAL: readers go on while one writes. FULL: an acknowledged report survives a power cut, not just a crash.
        connection.pragma_update(None, "journal_mode", "WAL").map_err(sql)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(sql)?;
        connection
            .pragma_update(None, "journal_size_limit", 64 << 20)
            .map_err(sql)?;
        // In pages: moving the log into the file costs more than writing it, so it waits for several batches.
        connection
            .pragma_update(None, "wal_autocheckpoint", 4000)
            .map_err(sql)?;
        let older = schema::migrate(&mut connection, path)?;
        let reader = Reader::new(path.to_owned(), connection, Analyser::new(compounds));
        let mut store = Self { reader, _lock: lock };
        if store.reader.meta("analyser")?.is_none() {
            store.rebuild_fulltext()?;
        }
        if store.reader.meta("picture")? != Some(picture::VERSION.to_string()) {
            store.rebuild_picture()?;
        } else if store.reader.meta("tallies")? != Some(tallies::VERSION.to_string()) {
            store
                .write(|tx| tallies::rebuild(tx))
                .map_err(|e| Error::sql(path, e))?;
        }
        if older {
            // What the steps freed goes back to the file system.
            store
                .reader
                .connection
                .execute_batch("VACUUM")
                .map_err(|e| Error::sql(path, e))?;
        }
        Ok(store)
    }

    /// The reading side of this store.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Prepares reports for [`Self::finish`].
    #[must_use]
    pub fn preparer(&self) -> Preparer {
        Preparer {
            analyser: self.reader.analyser.clone(),
            path: self.reader.path.clone(),
        }
    }

    /// Keeps the bytes of reports, in one transaction; tells which are new.
    ///
    /// A report counts as known when one of `engines` read it; one that failed or was read by another engine is given
    /// out to be read again.
    ///
    /// # Errors
    /// When the file cannot be written; then none of the reports is kept.
    pub fn receive(&mut self, reports: &[Incoming<'_>], engines: &[Engine], now: Timestamp) -> Result<Vec<Receipt>> {
        let path = self.reader.path.clone();
        let now = stamp(now);
        // Hash before the transaction, to hold the write lock briefly.
        let hashed: Vec<([u8; 32], &Incoming<'_>)> = reports.iter().map(|r| (hash(r), r)).collect();
        self.write(|tx| {
            let mut receipts = Vec::with_capacity(hashed.len());
            for (hash, report) in hashed {
                let known: Option<(i64, bool)> = tx
                    .prepare_cached(
                        "SELECT raw, state = 'read', version, lexicon, model FROM raw
                           LEFT JOIN document USING (raw) LEFT JOIN engine USING (engine) WHERE hash = ?1",
                    )?
                    .query_row([hash], |row| {
                        let current = match row.get(2)? {
                            Some(version) => {
                                let engine = Engine { version, lexicon: row.get(3)?, model: row.get(4)? };
                                engines.contains(&engine)
                            }
                            // What it gave was revised since, or was there already from other bytes.
                            None => true,
                        };
                        Ok((row.get(0)?, row.get::<_, bool>(1)? && current))
                    })
                    .optional()?;
                receipts.push(match known {
                    Some((_, true)) => Receipt::Known,
                    Some((raw, false)) => {
                        tx.prepare_cached("UPDATE raw SET state = 'pending', error = NULL WHERE raw = ?1")?
                            .execute([raw])?;
                        Receipt::New(RawId(raw))
                    }
                    None => {
                        let bytes = packed::pack(report.bytes).map_err(unfit)?;
                        let size = i64::try_from(report.bytes.len()).unwrap_or(i64::MAX);
                        tx.prepare_cached(
                            "INSERT INTO raw(hash, size, bytes, source, hints, received_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        )?
                        .execute(params![hash, size, bytes, report.source, report.hints, now])?;
                        Receipt::New(RawId(tx.last_insert_rowid()))
                    }
                });
            }
            Ok(receipts)
        })
        .map_err(|e| Error::sql(&path, e))
    }

    /// Adds reports, in one transaction: all of them are on disk when this returns, or none.
    ///
    /// # Errors
    /// When the file cannot be written; what was received stays pending.
    pub fn finish(&mut self, reports: &[Finished<'_>], now: Timestamp) -> Result<Vec<Outcome>> {
        let path = self.reader.path.clone();
        let now = stamp(now);
        self.write(|tx| {
            let mut picture = Picture::new(tx);
            let mut outcomes = Vec::with_capacity(reports.len());
            let mut beside = BTreeMap::new();
            for report in reports {
                let (state, error, outcome) = match report.result {
                    Ok(prepared) => {
                        let outcome = put(tx, &mut picture, &mut beside, report.raw, prepared, &now)?;
                        ("read", None, outcome)
                    }
                    Err(why) => ("failed", Some(why), Outcome::Failed),
                };
                tx.prepare_cached("UPDATE raw SET state = ?2, error = ?3 WHERE raw = ?1")?
                    .execute(params![report.raw.0, state, error])?;
                outcomes.push(outcome);
            }
            picture.settle()?;
            pack_beside(tx, &beside)?;
            Ok(outcomes)
        })
        .map_err(|e| Error::sql(&path, e))
    }

    /// Reports that were received and never finished, at most `limit`, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn pending(&self, limit: usize) -> Result<Vec<Pending>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let reports = self.reader.rows(
            "SELECT r.raw, r.bytes, r.source, r.hints, r.received_at, b.text FROM raw r LEFT JOIN document b ON b.doc = r.beside
              WHERE r.state <> 'read' AND r.state = 'pending' ORDER BY r.raw LIMIT ?",
            vec![limit.into()],
            |row| {
                let report = Pending {
                    raw: RawId(row.get(0)?),
                    bytes: row.get(1)?,
                    source: row.get(2)?,
                    hints: row.get(3)?,
                    received_at: row.get(4)?,
                };
                Ok((report, row.get::<_, Option<String>>(5)?))
            },
        )?;
        reports
            .into_iter()
            .map(|(report, text)| {
                let name = report.source.as_deref().unwrap_or("a report");
                let bytes = self.reader.unpack_raw(&report.bytes, text.as_deref(), name)?;
                Ok(Pending { bytes, ..report })
            })
            .collect()
    }

    /// Writes the full text anew, after an upgrade that changed its analysis or when a check found it damaged.
    ///
    /// # Errors
    /// When the file cannot be read or written; then the former index stays.
    pub fn rebuild_fulltext(&mut self) -> Result<()> {
        let analyser = self.reader.analyser.clone();
        let path = self.reader.path.clone();
        self.write(|tx| {
            tx.execute("INSERT INTO fulltext(fulltext) VALUES ('delete-all')", [])?;
            let mut statement = tx.prepare("SELECT doc, title, text, lang FROM document ORDER BY doc")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let lang = language(row.get_ref(3)?.as_str()?);
                let title = row
                    .get_ref(1)?
                    .as_str_or_null()?
                    .map(|t| analyser.terms(t, lang))
                    .unwrap_or_default();
                let body = analyser.terms(row.get_ref(2)?.as_str()?, lang);
                index(tx, row.get(0)?, &title, &body)?;
            }
            tx.execute(
                "INSERT OR REPLACE INTO meta VALUES ('analyser', ?1)",
                [analyse::VERSION.to_string()],
            )?;
            Ok(())
        })
        .map_err(|e| Error::sql(&path, e))
    }

    /// Finds copies and clusters anew from the readings, in one transaction.
    ///
    /// Done when a store of an older version is opened for writing; takes about a millisecond a report.
    ///
    /// # Errors
    /// When the file cannot be read or written; then the former picture stays.
    pub fn rebuild_picture(&mut self) -> Result<()> {
        let path = self.reader.path.clone();
        let ids = self
            .reader
            .rows("SELECT doc, id FROM document ORDER BY doc", Vec::new(), |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
            })?;
        let tx = self
            .reader
            .connection
            .unchecked_transaction()
            .map_err(|e| Error::sql(&path, e))?;
        let mut picture = Picture::new(&tx);
        picture.clear().map_err(|e| Error::sql(&path, e))?;
        for (n, (doc, id)) in ids.iter().enumerate() {
            let Some(record) = self.reader.record(id)? else {
                continue;
            };
            let added = picture.add(*doc, &Traits::of(&record));
            added.map_err(|e| Error::sql(&path, e))?;
            if n % 64 == 63 {
                picture.settle().map_err(|e| Error::sql(&path, e))?;
            }
        }
        picture.settle().map_err(|e| Error::sql(&path, e))?;
        drop(picture);
        tallies::rebuild(&tx).map_err(|e| Error::sql(&path, e))?;
        tx.commit().map_err(|e| Error::sql(&path, e))
    }

    /// Runs `work` in one transaction.
    pub(crate) fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let tx = self
            .reader
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let result = work(&tx)?;
        tx.commit()?;
        Ok(result)
    }
}

/// Takes the lock beside the store. The file stays when the lock goes: to delete it would race with the next writer.
fn lock(path: &Path) -> Result<File> {
    let mut lock_path = path.as_os_str().to_owned();
    lock_path.push(".lock");
    let lock_path = PathBuf::from(lock_path);
    let io = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            Error::ReadOnly { path: path.to_owned() }
        }
        std::io::ErrorKind::StorageFull => Error::Full { path: path.to_owned() },
        _ => Error::Io {
            path: path.to_owned(),
            source,
        },
    };
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&lock_path)
        .map_err(io)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            let _ = file.read_to_string(&mut pid);
            return Err(Error::InUse {
                path: path.to_owned(),
                pid: pid.trim().parse().ok(),
            });
        }
        Err(TryLockError::Error(source)) => return Err(io(source)),
    }
    // The pid only makes the message of a second writer better: failing to write it is no reason to stop.
    let _ = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "{}", std::process::id()));
    Ok(file)
}

/// UTC, to the second.
pub(crate) fn stamp(now: Timestamp) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Names raw bytes: the same bytes with the same hints are known.
pub(crate) fn hash(report: &Incoming<'_>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    // The length first, so that bytes and hints cannot run into each other.
    hasher.update(&(report.bytes.len() as u64).to_le_bytes());
    hasher.update(report.bytes);
    hasher.update(report.hints.as_bytes());
    *hasher.finalize().as_bytes()
}

/// What is known of a document with the same id.
struct Former {
    doc: i64,
    raw: i64,
    revision: u32,
    same_text: bool,
    same_about: bool,
}

/// Adds or renews one document. Bytes that are to be packed beside its text go to `beside`.
fn put(
    tx: &Transaction<'_>,
    picture: &mut Picture<'_>,
    beside: &mut BTreeMap<i64, i64>,
    raw: RawId,
    prepared: &Prepared,
    now: &str,
) -> rusqlite::Result<Outcome> {
    let record = &prepared.record;
    let engine = engine(tx, &record.engine)?;
    let former = tx
        .prepare_cached(
            "SELECT doc, raw, revision, text = ?2,
                    engine = ?3 AND title IS ?4 AND published IS ?5 AND lang = ?6
               FROM document WHERE id = ?1",
        )?
        .query_row(
            params![
                record.id,
                record.text,
                engine,
                record.title,
                record.published,
                record.lang
            ],
            |row| {
                Ok(Former {
                    doc: row.get(0)?,
                    raw: row.get(1)?,
                    revision: row.get(2)?,
                    same_text: row.get(3)?,
                    same_about: row.get(4)?,
                })
            },
        )
        .optional()?;
    let (doc, outcome) = match former {
        Some(former) if former.same_text && former.same_about => return Ok(Outcome::Unchanged),
        Some(former) => {
            let (revision, outcome) = if former.same_text {
                (former.revision, Outcome::Reread)
            } else {
                let whole = whole(&Records(tx).report(former.doc)?)?;
                tx.prepare_cached("INSERT INTO revision VALUES (?1, ?2, ?3, ?4, ?5)")?
                    .execute(params![former.doc, former.revision, former.raw, now, whole])?;
                (former.revision + 1, Outcome::Revised)
            };
            picture.remove(former.doc)?;
            picture.report_goes(former.doc)?;
            clear(tx, former.doc)?;
            // Bytes received and read in this very transaction are packed alone as yet.
            if beside.remove(&former.raw).is_none() {
                pack_alone(tx, former.raw)?;
            }
            tx.prepare_cached(
                "UPDATE document SET raw = ?2, engine = ?3, revision = ?4, source = ?5, url = ?6, title = ?7, published = ?8,
                        lang = ?9, changed_at = ?10, text = ?11 WHERE doc = ?1",
            )?
            .execute(params![
                former.doc,
                raw.0,
                engine,
                revision,
                record.source,
                prepared.url,
                record.title,
                record.published,
                record.lang,
                now,
                record.text
            ])?;
            (former.doc, outcome)
        }
        None => {
            tx.prepare_cached(
                "INSERT INTO document(id, raw, engine, source, url, title, published, lang, added_at, changed_at, text)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)",
            )?
            .execute(params![
                record.id,
                raw.0,
                engine,
                record.source,
                prepared.url,
                record.title,
                record.published,
                record.lang,
                now,
                record.text
            ])?;
            (tx.last_insert_rowid(), Outcome::Added)
        }
    };
    beside.insert(raw.0, doc);
    index(tx, doc, &prepared.title, &prepared.body)?;
    tx.prepare_cached("INSERT INTO reading VALUES (?1, ?2, ?3)")?
        .execute(params![doc, prepared.sentences, prepared.rest])?;
    Rows {
        tx,
        doc,
        told: record.entities.iter().map(|e| (e.id.as_str(), e)).collect(),
        entities: HashMap::new(),
    }
    .record(record)?;
    learnt::put(tx, doc, &record.introductions)?;
    picture.report_came(doc);
    picture.add(doc, &prepared.traits)?;
    Ok(outcome)
}

/// The row of an engine, made when new.
fn engine(tx: &Transaction<'_>, engine: &Engine) -> rusqlite::Result<i64> {
    let key = params![engine.version, engine.lexicon, engine.model];
    tx.prepare_cached("INSERT OR IGNORE INTO engine(version, lexicon, model) VALUES (?1, ?2, ?3)")?
        .execute(key)?;
    tx.prepare_cached("SELECT engine FROM engine WHERE version = ?1 AND lexicon = ?2 AND model = ?3")?
        .query_row(key, |row| row.get(0))
}

/// The row of a lexicon entry, made when new; none of an entry that is not known.
fn rule(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<i64>> {
    if id.is_empty() {
        return Ok(None);
    }
    tx.prepare_cached("INSERT OR IGNORE INTO rule(id) VALUES (?1)")?
        .execute([id])?;
    tx.prepare_cached("SELECT rule FROM rule WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .map(Some)
}

/// Packs the bytes `raw` alone, before the text goes that they are packed beside.
fn pack_alone(tx: &Transaction<'_>, raw: i64) -> rusqlite::Result<()> {
    let (packed, text): (Vec<u8>, Option<String>) = tx
        .prepare_cached("SELECT r.bytes, d.text FROM raw r LEFT JOIN document d ON d.doc = r.beside WHERE r.raw = ?1")?
        .query_row([raw], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let packed = packed::unpack_beside(&packed, text.as_deref().unwrap_or_default())
        .and_then(|bytes| packed::pack(&bytes))
        .map_err(unfit)?;
    tx.prepare_cached("UPDATE raw SET bytes = ?2, beside = NULL WHERE raw = ?1")?
        .execute(params![raw, packed])?;
    Ok(())
}

/// Packs bytes beside the texts that were read out of them, each with the number of its document.
///
/// The rows are taken out together and put in again: shrunk where they are, they would leave most of their pages empty.
fn pack_beside(tx: &Transaction<'_>, beside: &BTreeMap<i64, i64>) -> rusqlite::Result<()> {
    /// All columns but those that change.
    type Row = ([u8; 32], i64, Option<String>, String, String, String, Option<String>);
    // Their documents refer to them.
    tx.pragma_update(None, "defer_foreign_keys", true)?;
    let mut rows: Vec<(Row, Vec<u8>)> = Vec::with_capacity(beside.len());
    for (raw, doc) in beside {
        let (row, packed, former, text) = tx
            .prepare_cached(
                "SELECT r.hash, r.size, r.source, r.hints, r.received_at, r.state, r.error, r.bytes, f.text, d.text
                   FROM raw r JOIN document d ON d.doc = ?2 LEFT JOIN document f ON f.doc = r.beside WHERE r.raw = ?1",
            )?
            .query_row([raw, doc], |row| {
                let kept: Row = (
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                    row.get(6)?,
                );
                let former: Option<String> = row.get(8)?;
                Ok((kept, row.get::<_, Vec<u8>>(7)?, former, row.get::<_, String>(9)?))
            })?;
        let packed = packed::unpack_beside(&packed, former.as_deref().unwrap_or_default())
            .and_then(|bytes| packed::pack_beside(&bytes, &text))
            .map_err(unfit)?;
        rows.push((row, packed));
    }
    for raw in beside.keys() {
        tx.prepare_cached("DELETE FROM raw WHERE raw = ?1")?.execute([raw])?;
    }
    for ((raw, doc), ((hash, size, source, hints, received_at, state, error), packed)) in beside.iter().zip(rows) {
        tx.prepare_cached(
            "INSERT INTO raw(raw, hash, size, bytes, source, hints, received_at, state, error, beside)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            raw,
            hash,
            size,
            packed,
            source,
            hints,
            received_at,
            state,
            error,
            doc
        ])?;
    }
    Ok(())
}

/// Removes the reading of a document; what hangs on its rows goes with them.
fn clear(tx: &Transaction<'_>, doc: i64) -> rusqlite::Result<()> {
    for delete in [
        "DELETE FROM reading WHERE doc = ?1",
        "DELETE FROM event WHERE doc = ?1",
        "DELETE FROM claim WHERE doc = ?1",
        "DELETE FROM agreement WHERE doc = ?1",
        "DELETE FROM introduction WHERE doc = ?1",
        "DELETE FROM fulltext WHERE rowid = ?1",
    ] {
        tx.prepare_cached(delete)?.execute([doc])?;
    }
    Ok(())
}

/// Adds a document to the full text.
fn index(tx: &Connection, doc: i64, title: &Terms, body: &Terms) -> rusqlite::Result<()> {
    let mut more = title.more.clone();
    if !more.is_empty() && !body.more.is_empty() {
        more.push(' ');
    }
    more.push_str(&body.more);
    tx.prepare_cached("INSERT INTO fulltext(rowid, body, title, more) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![doc, body.body, title.body, more])?;
    Ok(())
}

/// Writes the rows of one record.
struct Rows<'a> {
    tx: &'a Transaction<'a>,
    doc: i64,
    /// Entities of this document by id.
    told: HashMap<&'a str, &'a EntityRecord>,
    /// Rows of those that take part in something.
    entities: HashMap<String, i64>,
}

impl Rows<'_> {
    fn record(&mut self, record: &Record) -> rusqlite::Result<()> {
        let mut events = HashMap::new();
        for event in &record.events {
            events.insert(event.id.as_str(), self.event(event, record.published.as_deref())?);
        }
        for claim in &record.claims {
            self.claim(claim, &events)?;
        }
        for agreement in &record.agreements {
            self.agreement(agreement)?;
        }
        Ok(())
    }

    /// The row of an entity, made when new, with the names by which this report calls it.
    fn entity(&mut self, party: &PartyRecord, id: &str) -> rusqlite::Result<i64> {
        if let Some(&entity) = self.entities.get(id) {
            return Ok(entity);
        }
        let told = self.told.get(id).copied();
        let name = told.map_or_else(|| party.name.as_ref().unwrap_or(&party.text), |e| &e.name);
        let kind = told.map_or_else(|| kind(id), |e| &e.kind);
        let known = self
            .tx
            .prepare_cached("SELECT entity FROM entity WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let entity = match known {
            Some(entity) => entity,
            None => {
                let (country, org) = told.map_or((&party.country, &party.org), |e| (&e.country, &e.org));
                self.tx
                    .prepare_cached("INSERT INTO entity(id, name, kind, country, org) VALUES (?1, ?2, ?3, ?4, ?5)")?
                    .execute(params![id, name, kind, country, org])?;
                self.tx.last_insert_rowid()
            }
        };
        self.name(entity, name)?;
        // People are looked for by their last name, whether or not a report calls them so.
        if kind == "person"
            && let Some((_, last)) = name.rsplit_once(' ')
        {
            self.name(entity, last)?;
        }
        let mut names: Vec<&str> = told
            .into_iter()
            .flat_map(|e| &e.mentions)
            .map(|m| m.text.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            self.name(entity, name)?;
        }
        self.entities.insert(id.to_owned(), entity);
        Ok(entity)
    }

    /// Remembers a name under which an entity can be looked up.
    fn name(&self, entity: i64, name: &str) -> rusqlite::Result<()> {
        // Lower-case mentions are pronouns and descriptions; long ones nobody types.
        if name.len() > 100 || !name.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric()) {
            return Ok(());
        }
        self.tx
            .prepare_cached("INSERT OR IGNORE INTO entity_name VALUES (?1, ?2)")?
            .execute(params![fold(name), entity])?;
        Ok(())
    }

    /// The entity of a party, `None` for one that is not resolved.
    fn party_entity(&mut self, party: &PartyRecord) -> rusqlite::Result<Option<i64>> {
        match &party.id {
            Some(id) => self.entity(party, id).map(Some),
            None => Ok(None),
        }
    }

    fn event(&mut self, e: &EventRecord, published: Option<&str>) -> rusqlite::Result<i64> {
        let tx = self.tx;
        let place = e.place.as_ref();
        let day = match (e.date.from.as_deref(), e.date.to.as_deref(), published) {
            (None, Some(end), Some(published)) => Some(published.min(end)),
            (begin, end, published) => begin.or(published).or(end),
        };
        tx.prepare_cached(
            "INSERT INTO event(doc, id, type, mode, content, status, certainty, date_from, date_to, date_text, date_implicit,
                 place_text, place_name, place_country, place_lat, place_lon, claim, quad, cameo, goldstein, plover_score,
                 rule, context, day)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
                 ?23, ?24)",
        )?
        .execute(params![
            self.doc,
            e.id,
            e.kind,
            e.mode,
            e.content,
            e.status,
            e.certainty,
            e.date.from,
            e.date.to,
            e.date.text,
            e.date.implicit,
            place.map(|p| &p.text),
            place.map(|p| &p.name),
            place.and_then(|p| p.country.as_ref()),
            place.and_then(|p| p.lat),
            place.and_then(|p| p.lon),
            e.claim,
            e.quad,
            e.cameo,
            e.goldstein.map(widen),
            widen(e.plover_score),
            e.rule,
            e.context.join(" "),
            day
        ])?;
        let event = tx.last_insert_rowid();
        for (side, parties) in [("actor", &e.actors), ("recipient", &e.recipients)] {
            for (n, p) in parties.iter().enumerate() {
                let entity = self.party_entity(p)?;
                tx.prepare_cached(
                    "INSERT INTO event_party VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                )?
                .execute(params![
                    event,
                    side,
                    n,
                    entity,
                    p.name,
                    p.country,
                    p.org,
                    p.roles.join(" "),
                    p.code,
                    p.text,
                    p.start,
                    p.end
                ])?;
            }
        }
        for (n, q) in e.quantities.iter().enumerate() {
            tx.prepare_cached("INSERT INTO event_quantity VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
                .execute(params![event, n, q.value, q.thing, q.kind, q.modifier, q.start, q.end])?;
        }
        for (n, m) in e.mentions.iter().enumerate() {
            let t = &m.trigger;
            tx.prepare_cached("INSERT INTO event_mention VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
                .execute(params![event, n, m.start, m.end, t.start, t.end, t.text])?;
        }
        Ok(event)
    }

    fn claim(&mut self, c: &ClaimRecord, events: &HashMap<&str, i64>) -> rusqlite::Result<()> {
        let tx = self.tx;
        let rule = rule(tx, &c.rule)?;
        tx.prepare_cached(
            "INSERT INTO claim(doc, id, stance, quote, cue_start, cue_end, cue_text, content_start, content_end, start, \"end\",
                 rule)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            self.doc,
            c.id,
            c.stance,
            c.quote,
            c.cue.start,
            c.cue.end,
            c.cue.text,
            c.content.start,
            c.content.end,
            c.mention.start,
            c.mention.end,
            rule
        ])?;
        let claim = tx.last_insert_rowid();
        for (side, party) in [("holder", Some(&c.holder)), ("addressee", c.addressee.as_ref())] {
            let Some(p) = party else { continue };
            let entity = self.party_entity(p)?;
            tx.prepare_cached("INSERT INTO claim_party VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?
                .execute(params![
                    claim,
                    side,
                    entity,
                    p.name,
                    p.country,
                    p.org,
                    p.roles.join(" "),
                    p.code,
                    p.text,
                    p.start,
                    p.end
                ])?;
        }
        for event in c.events.iter().filter_map(|id| events.get(id.as_str())) {
            tx.prepare_cached("INSERT OR IGNORE INTO claim_event VALUES (?1, ?2)")?
                .execute(params![claim, event])?;
        }
        Ok(())
    }

    fn agreement(&mut self, a: &AgreementRecord) -> rusqlite::Result<()> {
        let tx = self.tx;
        tx.prepare_cached("INSERT INTO agreement(doc, id, name, canonical, kind) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![self.doc, a.id, a.name, a.canonical, a.kind])?;
        let agreement = tx.last_insert_rowid();
        for (n, party) in a.parties.iter().enumerate() {
            tx.prepare_cached("INSERT INTO agreement_party VALUES (?1, ?2, ?3)")?
                .execute(params![agreement, n, party])?;
        }
        for (n, s) in a.steps.iter().enumerate() {
            let DateRecord {
                from,
                to,
                text,
                implicit,
            } = &s.date;
            tx.prepare_cached("INSERT INTO agreement_step VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?
                .execute(params![
                    agreement,
                    n,
                    s.step,
                    s.by.join(" "),
                    from,
                    to,
                    text,
                    implicit,
                    s.place,
                    s.mention.start,
                    s.mention.end
                ])?;
        }
        for (n, o) in a.obligations.iter().enumerate() {
            tx.prepare_cached("INSERT INTO agreement_obligation VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
                .execute(params![
                    agreement,
                    n,
                    o.kind,
                    o.who.join(" "),
                    o.condition,
                    o.mention.start,
                    o.mention.end
                ])?;
        }
        for (n, m) in a.mentions.iter().enumerate() {
            tx.prepare_cached("INSERT INTO agreement_mention VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![agreement, n, m.start, m.end])?;
        }
        Ok(())
    }
}

/// The kind of an entity that the report does not list, by its id.
fn kind(id: &str) -> &'static str {
    match id.split_once(':').map_or("", |(kind, _)| kind) {
        "country" => "country",
        "org" => "organisation",
        "person" => "person",
        "place" => "place",
        _ => "group",
    }
}

/// A whole record as it is kept of former versions.
fn whole(record: &Record) -> rusqlite::Result<Vec<u8>> {
    serde_json::to_vec(record)
        .map_err(std::io::Error::from)
        .and_then(|json| packed::pack(&json))
        .map_err(unfit)
}

/// Bytes that could not be packed.
fn unfit(error: std::io::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(error.into())
}

/// The double that is written with the same digits: 3.4 stays 3.4 for people who query the views.
fn widen(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| f64::from(value))
}
