//! One report into a store, for those who have it at hand with its reading.

use crate::input::{About, Item};
use crate::pipeline::{KeptHints, Pipeline};
use jiff::Timestamp;
use lagebild_core::wire::Record;
use lagebild_store::{Finished, Incoming, Outcome, Receipt, Result, Store};

/// Adds what was read out of `item`; it is on disk when this returns.
///
/// # Errors
/// When the store cannot be written.
pub(crate) fn put(
    pipeline: &Pipeline,
    store: &mut Store,
    item: &Item,
    about: About,
    record: Record,
) -> Result<Outcome> {
    let hints = KeptHints::of(item, about);
    let incoming = Incoming {
        bytes: &item.bytes,
        source: item.source.as_deref(),
        hints: &hints,
    };
    let now = Timestamp::now();
    let receipts = store.receive(&[incoming], &pipeline.engines(), now)?;
    let Some(&Receipt::New(raw)) = receipts.first() else {
        return Ok(Outcome::Unchanged);
    };
    let url = Pipeline::url(item, &record);
    let document = store.preparer().prepare(record, url)?;
    let finished = Finished {
        raw,
        result: Ok(&document),
    };
    let outcomes = store.finish(&[finished], now)?;
    store.learn()?;
    Ok(outcomes.first().copied().unwrap_or(Outcome::Unchanged))
}
