//! Reports whose reading is older than the engine.

use crate::error::Result;
use crate::read::Reader;
use crate::write::{Pending, RawId};
use lagebild_core::wire::{Engine, Record};
use rusqlite::types::Value;

/// A report of the store, to be read again.
#[derive(Clone, Debug, PartialEq)]
pub struct Outdated {
    /// Its raw bytes with what was told about them.
    pub report: Pending,
    /// What was read out of it, with the id that it keeps.
    pub record: Record,
}

impl Reader {
    /// Reports that none of `engines` read, at most `limit`, in the order of their raw bytes, from behind `after` on.
    ///
    /// A report that is finished anew is no longer among them, so an interrupted run goes on where it stopped.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outdated(&self, engines: &[Engine], after: Option<RawId>, limit: usize) -> Result<Vec<Outdated>> {
        let (condition, mut values) = not_read_by(engines);
        values.insert(0, Value::Integer(after.map_or(-1, |raw| raw.0)));
        values.push(Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        let rows = self.rows(
            &format!(
                "SELECT r.raw, r.bytes, r.source, r.hints, r.received_at, b.text, d.id, d.doc
                   FROM document d JOIN raw r USING (raw) JOIN engine g USING (engine)
                   LEFT JOIN document b ON b.doc = r.beside
                  WHERE r.raw > ? AND {condition} ORDER BY r.raw LIMIT ?"
            ),
            values,
            |row| {
                let report = Pending {
                    raw: RawId(row.get(0)?),
                    bytes: row.get(1)?,
                    source: row.get(2)?,
                    hints: row.get(3)?,
                    received_at: row.get(4)?,
                };
                let text: Option<String> = row.get(5)?;
                Ok((report, text, row.get::<_, String>(6)?, row.get::<_, i64>(7)?))
            },
        )?;
        rows.into_iter()
            .map(|(report, text, id, doc)| {
                let bytes = self.unpack_raw(&report.bytes, text.as_deref(), &id)?;
                Ok(Outdated {
                    report: Pending { bytes, ..report },
                    record: self.record_of(&id, doc)?,
                })
            })
            .collect()
    }

    /// How many reports none of `engines` read.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn count_outdated(&self, engines: &[Engine]) -> Result<usize> {
        let (condition, values) = not_read_by(engines);
        let query = format!("SELECT count(*) FROM document d JOIN engine g USING (engine) WHERE {condition}");
        let counts = self.rows(&query, values, |row| row.get(0))?;
        Ok(counts.first().copied().unwrap_or_default())
    }
}

/// The condition that `engine g` is none of `engines`.
fn not_read_by(engines: &[Engine]) -> (String, Vec<Value>) {
    let one = "(g.version = ? AND g.lexicon = ? AND g.model = ?)";
    let any = vec![one; engines.len()].join(" OR ");
    let values = engines
        .iter()
        .flat_map(|e| [&e.version, &e.lexicon, &e.model].map(|text| Value::Text(text.clone())));
    let condition = if any.is_empty() {
        "1".to_owned()
    } else {
        format!("NOT ({any})")
    };
    (condition, values.collect())
}
