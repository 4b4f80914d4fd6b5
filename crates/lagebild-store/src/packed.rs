//! How bytes are packed, and what a reading holds beside the rows that lists ask for: two small columns of its report.
//!
//! Events, claims and agreements are rows. Sentences, entities with their mentions, times and notes are read with their
//! report and never asked for alone, so a row of each would cost more than it says. Their words are not kept again: they
//! are where their offsets point in the text.

use lagebild_core::wire::{EntityRecord, LearntRecord, NoteRecord, Range, Record, TimeRecord, Words};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::io::Read as _;
use zstd::bulk::Compressor;

/// Level of zstd: beyond it, time doubles for a few per cent.
const COMPRESSION: i32 = 3;

/// What an unpacked [`Rest`] may come to: more than the largest report that is read can hold.
const LARGEST: u64 = 96 << 20;

/// Packs bytes, which [`unpack`] gives back.
pub(crate) fn pack(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    pack_beside(bytes, "")
}

/// Packs bytes so that only the same `text` unpacks them: what of them stands in the text takes hardly any room.
pub(crate) fn pack_beside(bytes: &[u8], text: &str) -> std::io::Result<Vec<u8>> {
    thread_local! {
        // Its tables are large: made anew each time, they cost more than what is packed.
        static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    }
    COMPRESSOR.with_borrow_mut(|kept| {
        let compressor = match kept {
            Some(compressor) => compressor,
            None => kept.insert(Compressor::new(COMPRESSION)?),
        };
        compressor.set_dictionary(COMPRESSION, text.as_bytes())?;
        let packed = compressor.compress(bytes);
        // The text is not kept with it.
        compressor.set_dictionary(COMPRESSION, &[])?;
        packed
    })
}

/// From [`pack`].
pub(crate) fn unpack(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    unpack_beside(packed, "")
}

/// From [`pack_beside`] with the same `text`.
pub(crate) fn unpack_beside(packed: &[u8], text: &str) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    zstd::Decoder::with_dictionary(packed, text.as_bytes())?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Entities, times and notes of a report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rest {
    entities: Vec<Entity>,
    times: Vec<Time>,
    notes: Vec<NoteRecord>,
    /// What entities, by their number, have from earlier reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    learnt: Vec<(usize, LearntRecord)>,
}

/// Id, name, kind, state, organisation, sectors, and the mentions as distances: to the first code point from the end of the
/// former mention, then to the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entity(
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Vec<String>,
    Vec<i64>,
);

/// Start, end, type, value, first and last day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Time(usize, usize, String, String, Option<String>, Option<String>);

impl Rest {
    pub(crate) fn of(record: &Record) -> Self {
        let entities = record.entities.iter().map(|e| {
            Entity(
                e.id.clone(),
                e.name.clone(),
                e.kind.clone(),
                e.country.clone(),
                e.org.clone(),
                e.roles.clone(),
                distances(e.mentions.iter().map(|m| (m.start, m.end))),
            )
        });
        let times = record.times.iter().map(|t| {
            Time(
                t.start,
                t.end,
                t.kind.clone(),
                t.value.clone(),
                t.from.clone(),
                t.to.clone(),
            )
        });
        Self {
            entities: entities.collect(),
            times: times.collect(),
            notes: record.notes.clone(),
            learnt: (0..)
                .zip(&record.entities)
                .filter_map(|(n, e)| Some((n, e.learnt.clone()?)))
                .collect(),
        }
    }

    pub(crate) fn pack(&self) -> std::io::Result<Vec<u8>> {
        pack(&serde_json::to_vec(self)?)
    }

    pub(crate) fn unpack(bytes: &[u8]) -> std::io::Result<Self> {
        let mut json = Vec::new();
        zstd::Decoder::with_buffer(bytes)?
            .take(LARGEST)
            .read_to_end(&mut json)?;
        Ok(serde_json::from_slice(&json)?)
    }

    /// As records; `words` gives the words of a stretch of the report.
    pub(crate) fn records(
        self,
        words: impl Fn(Range) -> Words,
    ) -> (Vec<EntityRecord>, Vec<TimeRecord>, Vec<NoteRecord>) {
        let mut entities: Vec<EntityRecord> = self
            .entities
            .into_iter()
            .map(|Entity(id, name, kind, country, org, roles, mentions)| EntityRecord {
                id,
                name,
                kind,
                country,
                org,
                roles,
                mentions: ranges(&mentions).map(&words).collect(),
                learnt: None,
            })
            .collect();
        for (n, learnt) in self.learnt {
            if let Some(entity) = entities.get_mut(n) {
                entity.learnt = Some(learnt);
            }
        }
        let times = self
            .times
            .into_iter()
            .map(|Time(start, end, kind, value, from, to)| TimeRecord {
                start,
                end,
                text: words(Range { start, end }).text,
                kind,
                value,
                from,
                to,
            })
            .collect();
        (entities, times, self.notes)
    }

    /// Mentions, times and notes as JSON for the views: `{"mentions":[[entity,start,end]],"times":…,"notes":…}`.
    fn json(&self) -> serde_json::Value {
        let mentions: Vec<(&str, usize, usize)> = self
            .entities
            .iter()
            .flat_map(|e| ranges(&e.6).map(|m| (e.0.as_str(), m.start, m.end)))
            .collect();
        serde_json::json!({ "mentions": mentions, "times": self.times, "notes": self.notes })
    }
}

fn distances(spans: impl Iterator<Item = (usize, usize)>) -> Vec<i64> {
    let signed = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut at = 0;
    spans
        .flat_map(|(start, end)| {
            let pair = [signed(start) - at, signed(end) - signed(start)];
            at = signed(end);
            pair
        })
        .collect()
}

fn ranges(distances: &[i64]) -> impl Iterator<Item = Range> {
    let unsigned = |n: i64| usize::try_from(n).unwrap_or(0);
    let mut at = 0_i64;
    distances.chunks_exact(2).map(move |pair| {
        let start = at.saturating_add(pair[0]);
        at = start.saturating_add(pair[1]);
        Range {
            start: unsigned(start),
            end: unsigned(at),
        }
    })
}

/// Sentences as bytes: distances as in [`Entity`], each a number of groups of seven bits, the sign in the lowest bit.
pub(crate) fn pack_sentences(sentences: &[Range]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(2 * sentences.len());
    for distance in distances(sentences.iter().map(|s| (s.start, s.end))) {
        let mut rest = ((distance << 1) ^ (distance >> 63)).cast_unsigned();
        while rest >= 0x80 {
            bytes.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
    }
    bytes
}

/// From [`pack_sentences`].
pub(crate) fn unpack_sentences(bytes: &[u8]) -> Vec<Range> {
    let (mut numbers, mut number, mut shift) = (Vec::new(), 0_u64, 0_u32);
    for &byte in bytes {
        number |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        shift += 7;
        if byte & 0x80 == 0 {
            numbers.push((number >> 1).cast_signed() ^ -(number & 1).cast_signed());
            (number, shift) = (0, 0);
        }
    }
    ranges(&numbers).collect()
}

/// Gives `connection` the functions that the views `sentences`, `entity_mentions`, `times` and `notes` unpack with, and
/// those that the steps to formats 4 and 6 pack with.
pub(crate) fn functions(connection: &Connection) -> rusqlite::Result<()> {
    // Innocuous: they compute on their argument alone, so views may use them in an untrusted file.
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let failed = |error: std::io::Error| rusqlite::Error::UserFunctionError(error.into());
    connection.create_scalar_function("sentences_json", 1, flags, |context| {
        let sentences = unpack_sentences(context.get_raw(0).as_blob()?);
        let pairs: Vec<(usize, usize)> = sentences.iter().map(|s| (s.start, s.end)).collect();
        serde_json::to_string(&pairs).map_err(|e| rusqlite::Error::UserFunctionError(e.into()))
    })?;
    connection.create_scalar_function("rest_json", 1, flags, move |context| {
        let rest = Rest::unpack(context.get_raw(0).as_blob()?).map_err(failed)?;
        Ok(rest.json().to_string())
    })?;
    let whole = move |packed: &[u8]| -> rusqlite::Result<Record> {
        let json = unpack(packed).map_err(failed)?;
        serde_json::from_slice(&json).map_err(|e| rusqlite::Error::UserFunctionError(e.into()))
    };
    connection.create_scalar_function("sentences_of_record", 1, flags, move |context| {
        Ok(pack_sentences(&whole(context.get_raw(0).as_blob()?)?.sentences))
    })?;
    connection.create_scalar_function("rest_of_record", 1, flags, move |context| {
        Rest::of(&whole(context.get_raw(0).as_blob()?)?).pack().map_err(failed)
    })?;
    connection.create_scalar_function("raw_beside", 2, flags, move |context| {
        let bytes = unpack(context.get_raw(0).as_blob()?).map_err(failed)?;
        pack_beside(&bytes, context.get_raw(1).as_str()?).map_err(failed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sentences_come_back(spans in prop::collection::vec((0_usize..3_000_000, 0_usize..3_000_000), 0..40)) {
            let sentences: Vec<Range> = spans.into_iter().map(|(start, end)| Range { start, end }).collect();
            prop_assert_eq!(unpack_sentences(&pack_sentences(&sentences)), sentences);
        }

        #[test]
        fn bytes_come_back_beside_their_text(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "\\PC{0,300}") {
            let packed = pack_beside(&bytes, &text).unwrap();
            prop_assert_eq!(unpack_beside(&packed, &text).unwrap(), bytes);
        }

        #[test]
        fn damaged_bytes_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            unpack_sentences(&bytes);
            let _ = Rest::unpack(&bytes);
            let _ = unpack_beside(&bytes, "a text");
        }
    }

    #[test]
    fn a_text_takes_no_room_beside_itself() {
        let text = "Das russische Parlament hat den Vertrag mit Nordkorea ratifiziert. ".to_owned()
            + "Südkorea warnte davor, weitere Waffen zu liefern, und berief den Botschafter ein.";
        let bytes = format!("{{\"id\": \"d1\", \"text\": \"{text}\"}}").into_bytes();
        let (alone, beside) = (pack(&bytes).unwrap(), pack_beside(&bytes, &text).unwrap());
        assert!(3 * beside.len() < alone.len(), "{} of {}", beside.len(), alone.len());
        assert_eq!(unpack(&alone).unwrap(), bytes);
        assert!(unpack_beside(&beside, "another text").ok() != Some(bytes));
    }
}
