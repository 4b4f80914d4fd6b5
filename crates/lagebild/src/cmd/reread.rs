//! `lagebild reread`: the engine over the raw bytes of the store, after an upgrade.

use super::pool;
use super::read::BATCH;
use crate::End;
use crate::cli::Reread;
use crate::input::{Bad, Item};
use crate::pipeline::{KeptHints, Pipeline};
use crate::term;
use indicatif::ProgressBar;
use jiff::Timestamp;
use lagebild_core::learnt::Learnt;
use lagebild_core::wire::{AgreementRecord, ClaimRecord, EventRecord, PartyRecord, Record};
use lagebild_store::{Finished, Outdated, Prepared, Reader, Store};
use rayon::iter::{
    IndexedParallelIterator as _, IntoParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _,
};
use std::collections::HashMap;
use std::io::Write as _;
use std::time::Instant;

/// Where a run reads from.
enum Source {
    /// A store to be renewed.
    Store(Store),
    /// A store that is only looked at: neither locked nor brought up to date.
    Reader(Reader),
}

impl Source {
    fn reader(&self) -> &Reader {
        match self {
            Self::Store(store) => store.reader(),
            Self::Reader(reader) => reader,
        }
    }
}

pub(super) fn run(args: &Reread) -> anyhow::Result<End> {
    if args.fulltext {
        let mut store = Store::open(&args.store.store, Pipeline::compounds())?;
        store.rebuild_fulltext()?;
        term::note(format!("the full text is written anew; {}", args.store.store.display()));
        return Ok(End::Fine);
    }
    let pipeline = Pipeline::with(&args.overlays)?;
    let pool = pool(args.threads)?;
    let engines = pipeline.engines();
    let path = &args.store.store;
    let mut source = if args.dry_run {
        Source::Reader(Reader::open(path, Pipeline::compounds())?)
    } else {
        Source::Store(Store::open(path, Pipeline::compounds())?)
    };
    let learnt = if args.no_learnt {
        Learnt::default()
    } else {
        source.reader().learnt()?
    };
    let started = Instant::now();
    let bar = ProgressBar::new(source.reader().count_outdated(&engines)? as u64);
    let mut changes = Changes::default();
    let mut after = None;
    loop {
        let batch = source.reader().outdated(&engines, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = Some(last.report.raw);
        let read: Vec<(Item, Result<Record, Bad>)> = pool.install(|| {
            let read = |Outdated { report, record }: &Outdated| {
                let (item, about) = KeptHints::restore(
                    report.source.clone(),
                    report.bytes.clone(),
                    &report.hints,
                    &report.received_at,
                );
                // The same bytes are the same report, also when another text comes out of them now.
                let read = pipeline.read_beside(&item, about, &learnt).map(|read| Record {
                    id: record.id.clone(),
                    ..read
                });
                let name = item.name.clone();
                (item, read.map_err(|why| Bad { name, why }))
            };
            batch.par_iter().with_max_len(1).map(read).collect()
        });
        for (former, (_, result)) in batch.iter().zip(&read) {
            match result {
                Ok(record) => changes.count(&former.record, record),
                Err(bad) => {
                    changes.failed += 1;
                    bar.suspend(|| term::error(bad, bad.hint().as_deref()));
                }
            }
            bar.inc(1);
        }
        if let Source::Store(store) = &mut source {
            renew(store, &pool, &batch, read)?;
        }
    }
    if let Source::Store(store) = &mut source {
        store.learn()?;
    }
    bar.finish_and_clear();
    if changes.reports + changes.failed == 0 {
        term::note("every report was read by this engine");
        return Ok(End::Fine);
    }
    changes.tell()?;
    let failed = match changes.failed {
        0 => String::new(),
        n => format!(", {n} failed and keep their former reading"),
    };
    let what = if args.dry_run {
        "would be read again"
    } else {
        "read again"
    };
    term::note(format!(
        "{} reports {what}{failed}; {:.1} s; {}",
        changes.reports,
        started.elapsed().as_secs_f64(),
        path.display()
    ));
    Ok(if changes.failed > 0 { End::Failed } else { End::Fine })
}

/// Writes what was read of a batch.
fn renew(
    store: &mut Store,
    pool: &rayon::ThreadPool,
    batch: &[Outdated],
    read: Vec<(Item, Result<Record, Bad>)>,
) -> anyhow::Result<()> {
    let preparer = store.preparer();
    let prepared: Vec<Result<Prepared, String>> = pool.install(|| {
        let prepare = |(item, record): (Item, Result<Record, Bad>)| {
            let record = record.map_err(|bad| bad.to_string())?;
            let url = Pipeline::url(&item, &record);
            preparer.prepare(record, url).map_err(|error| error.to_string())
        };
        read.into_par_iter().map(prepare).collect()
    });
    let finished: Vec<Finished<'_>> = batch
        .iter()
        .zip(&prepared)
        .map(|(former, prepared)| Finished {
            raw: former.report.raw,
            result: prepared.as_ref().map_err(String::as_str),
        })
        .collect();
    store.finish(&finished, Timestamp::now())?;
    Ok(())
}

/// Records that stayed as they were, came and went.
#[derive(Debug, Default)]
struct Change {
    kept: usize,
    new: usize,
    gone: usize,
}

impl Change {
    /// Compares by what the records say; ids within a document are mere counters.
    fn count<T>(&mut self, former: &[T], now: &[T], says: impl Fn(&T) -> String) {
        let mut left: HashMap<String, usize> = HashMap::new();
        for record in former {
            *left.entry(says(record)).or_default() += 1;
        }
        let mut kept = 0;
        for record in now {
            if let Some(n) = left.get_mut(&says(record)).filter(|n| **n > 0) {
                *n -= 1;
                kept += 1;
            }
        }
        self.kept += kept;
        self.new += now.len() - kept;
        self.gone += former.len() - kept;
    }
}

/// What a run changed.
#[derive(Debug, Default)]
struct Changes {
    reports: usize,
    failed: usize,
    texts: usize,
    changed: usize,
    events: Change,
    claims: Change,
    agreements: Change,
}

impl Changes {
    fn count(&mut self, former: &Record, now: &Record) {
        let before = self.differing();
        self.reports += 1;
        self.texts += usize::from(former.text != now.text);
        self.events.count(&former.events, &now.events, event);
        self.claims.count(&former.claims, &now.claims, claim);
        self.agreements.count(&former.agreements, &now.agreements, agreement);
        self.changed += usize::from(former.text != now.text || self.differing() > before);
    }

    fn differing(&self) -> usize {
        let layers = [&self.events, &self.claims, &self.agreements];
        layers.iter().map(|c| c.new + c.gone).sum()
    }

    fn tell(&self) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        let unchanged = self.reports - self.changed;
        writeln!(
            out,
            "reports     {unchanged} unchanged, {} changed, {} with another text",
            self.changed, self.texts
        )?;
        for (name, Change { kept, new, gone }) in [
            ("events", &self.events),
            ("claims", &self.claims),
            ("agreements", &self.agreements),
        ] {
            writeln!(out, "{name:<11} {kept} kept, {new} new, {gone} gone")?;
        }
        Ok(())
    }
}

fn parties(parties: &[PartyRecord]) -> Vec<(&str, &Option<String>, &Option<String>)> {
    parties.iter().map(|p| (p.text.as_str(), &p.id, &p.code)).collect()
}

fn event(e: &EventRecord) -> String {
    let triggers: Vec<usize> = e.mentions.iter().map(|m| m.trigger.start).collect();
    format!(
        "{:?}",
        (
            (&e.kind, &e.mode, &e.content, &e.status, &e.certainty),
            (parties(&e.actors), parties(&e.recipients)),
            (&e.date, &e.place, &e.quantities, &e.context, &e.cameo, triggers),
        )
    )
}

fn claim(c: &ClaimRecord) -> String {
    let holder = parties(std::slice::from_ref(&c.holder));
    format!("{:?}", (holder, &c.stance, c.quote, &c.addressee, &c.cue, c.content))
}

fn agreement(a: &AgreementRecord) -> String {
    format!(
        "{:?}",
        (&a.name, &a.canonical, &a.kind, &a.parties, &a.steps, &a.obligations)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_compared_by_what_they_say_each_once() {
        let mut change = Change::default();
        change.count(&["a", "a", "b"], &["a", "c", "a", "a"], ToString::to_string);
        assert_eq!((change.kept, change.new, change.gone), (2, 2, 1));
    }
}
