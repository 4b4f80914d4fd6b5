//! `lagebild add`: reports into the store.

use super::pool;
use super::read::batch;
use crate::End;
use crate::cli::Add;
use crate::input::{About, Bad, Item, Items};
use crate::pipeline::{KeptHints, Pipeline};
use crate::term;
use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use lagebild_core::wire::Engine;
use lagebild_store::{Finished, Incoming, Outcome, Prepared, Preparer, RawId, Receipt, Store};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

/// Reports received before they are read, with what is needed to read them.
type Received = Vec<(RawId, Item, About)>;
/// Reports read, or why not.
type Read = Vec<(RawId, Result<Prepared, Bad>)>;

/// What became of the reports.
#[derive(Debug, Default)]
struct Tally {
    added: usize,
    revised: usize,
    reread: usize,
    known: usize,
    failed: usize,
    events: usize,
    claims: usize,
    agreements: usize,
}

pub(super) fn run(args: Add) -> anyhow::Result<End> {
    let pipeline = Pipeline::with(&args.overlays)?;
    let pool = pool(args.reading.threads)?;
    let path = args.store.store;
    let mut store = Store::open(&path, Pipeline::compounds())?;
    let started = Instant::now();
    let mut adding = Adding {
        engines: pipeline.engines(),
        pipeline: &pipeline,
        pool: &pool,
        tally: Tally::default(),
        bar: bar(),
    };

    if args.pending {
        // Not found again by the next round: each of them gets an outcome.
        loop {
            let pending = store.pending(super::read::BATCH)?;
            if pending.is_empty() {
                break;
            }
            let received = pending
                .into_iter()
                .map(|p| {
                    let (item, about) = KeptHints::restore(p.source, p.bytes, &p.hints);
                    (p.raw, item, about)
                })
                .collect();
            let read = adding.read(&store.preparer(), received);
            adding.finish(&mut store, read)?;
        }
    }
    let about = args.reading.about();
    let mut items = Items::new(args.inputs, args.reading.input).peekable();
    let mut waiting: Read = Vec::new();
    while items.peek().is_some() {
        let received = adding.receive(&mut store, batch(&mut items), about)?;
        // One batch is written while the next one is read.
        let preparer = store.preparer();
        let (finished, read) = {
            let Adding { pipeline, pool, .. } = adding;
            let write = || finish(&mut store, &waiting);
            pool.install(|| rayon::join(write, || read_all(pipeline, &preparer, received)))
        };
        adding.count(finished?, &waiting);
        waiting = read;
    }
    adding.finish(&mut store, waiting)?;
    let left = store.reader().stats()?.pending;
    adding.bar.finish_and_clear();
    adding.tally.tell(started.elapsed(), &path.display().to_string());
    if left > 0 {
        term::note(format!(
            "{left} reports of an interrupted run are still to be read: lagebild add --pending"
        ));
    }
    Ok(if adding.tally.failed > 0 {
        End::Failed
    } else {
        End::Fine
    })
}

/// A run of `add`.
struct Adding<'a> {
    engines: [Engine; 2],
    pipeline: &'a Pipeline,
    pool: &'a rayon::ThreadPool,
    tally: Tally,
    bar: ProgressBar,
}

impl Adding<'_> {
    /// Keeps the raw bytes; returns what is still to be read.
    fn receive(&mut self, store: &mut Store, batch: Vec<Result<Item, Bad>>, about: About) -> anyhow::Result<Received> {
        let mut items = Vec::with_capacity(batch.len());
        for item in batch {
            match item {
                Ok(item) => items.push((KeptHints::of(&item, about), item)),
                Err(bad) => self.fail(&bad),
            }
        }
        let incoming: Vec<Incoming<'_>> = items
            .iter()
            .map(|(hints, item)| Incoming {
                bytes: &item.bytes,
                source: item.source.as_deref(),
                hints,
            })
            .collect();
        let receipts = store.receive(&incoming, &self.engines, Timestamp::now())?;
        let mut received = Vec::with_capacity(items.len());
        for (receipt, (_, item)) in receipts.into_iter().zip(items) {
            match receipt {
                Receipt::New(raw) => received.push((raw, item, about)),
                Receipt::Known => {
                    self.tally.known += 1;
                    self.bar.inc(1);
                }
            }
        }
        Ok(received)
    }

    fn read(&self, preparer: &Preparer, received: Received) -> Read {
        self.pool.install(|| read_all(self.pipeline, preparer, received))
    }

    /// Adds what was read to the store, and counts it.
    fn finish(&mut self, store: &mut Store, read: Read) -> anyhow::Result<()> {
        let outcomes = finish(store, &read)?;
        self.count(outcomes, &read);
        Ok(())
    }

    fn count(&mut self, outcomes: Vec<Outcome>, read: &Read) {
        for (outcome, (_, result)) in outcomes.into_iter().zip(read) {
            match result {
                Ok(prepared) => {
                    let record = prepared.record();
                    let count = match outcome {
                        Outcome::Added => &mut self.tally.added,
                        Outcome::Revised => &mut self.tally.revised,
                        Outcome::Reread => &mut self.tally.reread,
                        Outcome::Unchanged | Outcome::Failed => &mut self.tally.known,
                    };
                    *count += 1;
                    if outcome != Outcome::Unchanged {
                        self.tally.events += record.events.len();
                        self.tally.claims += record.claims.len();
                        self.tally.agreements += record.agreements.len();
                    }
                    self.bar.set_message(format!("{} events", self.tally.events));
                }
                Err(bad) => self.fail(bad),
            }
            self.bar.inc(1);
        }
    }

    fn fail(&mut self, bad: &Bad) {
        self.tally.failed += 1;
        self.bar.suspend(|| term::error(bad, bad.hint().as_deref()));
    }
}

fn read_all(pipeline: &Pipeline, preparer: &Preparer, received: Received) -> Read {
    received
        .into_par_iter()
        .map(|(raw, item, about)| {
            let read = || -> Result<Prepared, Bad> {
                let record = pipeline.read(&item, about).map_err(|why| Bad {
                    name: item.name.clone(),
                    why,
                })?;
                let url = Pipeline::url(&item, &record);
                let internal = |e: lagebild_store::Error| crate::input::Why::Internal(e.to_string());
                preparer.prepare(record, url).map_err(|e| Bad {
                    name: item.name.clone(),
                    why: internal(e),
                })
            };
            (raw, read())
        })
        .collect()
}

fn finish(store: &mut Store, read: &Read) -> anyhow::Result<Vec<Outcome>> {
    let reasons: Vec<String> = read
        .iter()
        .map(|(_, r)| r.as_ref().err().map(ToString::to_string).unwrap_or_default())
        .collect();
    let finished: Vec<Finished<'_>> = read
        .iter()
        .zip(&reasons)
        .map(|((raw, result), why)| Finished {
            raw: *raw,
            result: result.as_ref().map_err(|_| why.as_str()),
        })
        .collect();
    store
        .finish(&finished, Timestamp::now())
        .context("the reports of this batch are kept and can be read again")
}

/// A bar on stderr; hidden when that is no terminal.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} reports  {per_sec}  {msg}  {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

impl Tally {
    /// The summary of a run.
    fn tell(&self, took: Duration, store: &str) {
        let mut parts = vec![format!("{} added", self.added)];
        for (n, what) in [
            (self.revised, "revised"),
            (self.reread, "read again"),
            (self.known, "known"),
            (self.failed, "failed"),
        ] {
            if n > 0 {
                parts.push(format!("{n} {what}"));
            }
        }
        let read = self.added + self.revised + self.reread;
        let rate = if read > 0 {
            format!(", {:.0} a second", read as f64 / took.as_secs_f64())
        } else {
            String::new()
        };
        term::note(format!(
            "{}; {} events, {} claims, {} agreements; {:.1} s{rate}; {store}",
            parts.join(", "),
            self.events,
            self.claims,
            self.agreements,
            took.as_secs_f64(),
        ));
    }
}
