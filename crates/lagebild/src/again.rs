//! Reading a report of the store once more, to explain what was read out of it.

use crate::input::{About, Item};
use crate::pipeline::KeptHints;
use lagebild_core::wire::{EventRecord, Record};
use lagebild_store::Reader;

/// A report as it came in, and what was read out of it.
pub(crate) struct Kept {
    /// The bytes.
    pub(crate) item: Item,
    /// What was told about them.
    pub(crate) about: About,
    /// What the store has.
    pub(crate) record: Record,
}

/// The report with the id `document`.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn kept(reader: &Reader, document: &str) -> lagebild_store::Result<Option<Kept>> {
    let (Some(kept), Some(stored)) = (reader.received(document)?, reader.document(document)?) else {
        return Ok(None);
    };
    let (item, about) = KeptHints::restore(kept.source, kept.bytes, &kept.hints, &kept.received_at);
    Ok(Some(Kept {
        item,
        about,
        record: stored.record,
    }))
}

/// The event of the reading `now` that is meant by the id of the stored one.
pub(crate) fn event_now(id: &str, now: &Record, stored: Option<&Record>) -> Option<usize> {
    let by_id = |record: &Record| record.events.iter().position(|e| e.id == id);
    let Some(stored) = stored.filter(|s| s.engine != now.engine) else {
        return by_id(now);
    };
    // Other rules may have read more or fewer events: the word and the type tell which one is meant.
    let meant = &stored.events[by_id(stored)?];
    let trigger = |e: &EventRecord| (e.kind.clone(), e.mentions.first().map(|m| m.trigger.start));
    now.events.iter().position(|e| trigger(e) == trigger(meant))
}
