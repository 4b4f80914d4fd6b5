//! `lagebild add`: reports into the store.

use super::pool;
use super::read::batch;
use crate::End;
use crate::cli::Add;
use crate::input::{About, Bad, Item, Items, Progress, Why};
use crate::net::{self, Web};
use crate::pipeline::{KeptHints, Pipeline};
use crate::term;
use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use lagebild_core::learnt::Learnt;
use lagebild_core::wire::Engine;
use lagebild_ingest::Note;
use lagebild_store::{Finished, Incoming, Outcome, Prepared, Preparer, RawId, Reader, Receipt, Store};
use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

/// So many different reasons are told apart.
const REASONS: usize = 1_000;

/// Reports received before they are read, with what is needed to read them.
pub(super) type Received = Vec<(RawId, Item, About)>;

/// A report that was read, or why not.
pub(super) struct Read {
    pub(super) raw: RawId,
    pub(super) name: String,
    pub(super) result: Result<Prepared, Bad>,
    pub(super) notes: Vec<Note>,
}

/// What became of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Fate {
    /// Read for the first time.
    New,
    /// Its text has changed.
    Revised,
    /// Read again by a newer engine.
    Reread,
    /// In the store already.
    Known,
    /// No report, and need not be one.
    Skipped,
    /// Not read.
    Failed,
}

/// A line of `--report`.
#[derive(Serialize)]
struct Line<'a> {
    input: &'a str,
    outcome: Fate,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

pub(super) fn run(args: Add) -> anyhow::Result<End> {
    let pipeline = Pipeline::with(&args.overlays)?;
    let pool = pool(args.reading.threads)?;
    let about = args.reading.about();
    let path = args.store.store;
    let report = args.report.as_deref().map(report_file).transpose()?;
    let (pages, files): (Vec<_>, Vec<_>) = args.inputs.into_iter().partition(|input| net::is_url(input));
    let mut web = Web::new(&args.net)?;
    let items = Items::new(files, args.reading.how());
    let mut adding = Adding {
        engines: pipeline.engines(),
        pipeline: &pipeline,
        learnt: Learnt::default(),
        pool: &pool,
        log: Log::new(items.progress(), report),
    };
    let pages = pages
        .into_iter()
        .flat_map(move |page| web.items(&page.to_string_lossy()));
    let mut items = limited(items.chain(pages), args.limit).fuse().peekable();
    if args.dry_run {
        let store = path
            .exists()
            .then(|| Reader::open(&path, Pipeline::compounds()))
            .transpose()?;
        while items.peek().is_some() {
            adding.look_at(store.as_ref(), batch(&mut items), about)?;
        }
        return adding.log.finish(None);
    }
    let mut store = Store::open(&path, Pipeline::compounds())?;
    // What was known when the run began, for all of it: so it gives the same when it is stopped and taken up.
    if !args.no_learnt {
        adding.learnt = store.reader().learnt()?;
    }
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
                    let (item, about) = KeptHints::restore(p.source, p.bytes, &p.hints, &p.received_at);
                    (p.raw, item, about)
                })
                .collect();
            let read = adding.read(&store.preparer(), received);
            adding.finish(&mut store, read)?;
        }
    }
    // While one batch is read, the one before it is written and the bytes of the one behind it are kept.
    let (mut received, mut waiting): (Received, Vec<Read>) = (Vec::new(), Vec::new());
    while items.peek().is_some() || !received.is_empty() {
        let next = adding.good(batch(&mut items), about)?;
        let preparer = store.preparer();
        let (written, read) = {
            let Adding {
                pipeline,
                pool,
                ref engines,
                ref learnt,
                ..
            } = adding;
            let write = || {
                let finished = finish(&mut store, &waiting)?;
                anyhow::Ok((finished, receive(&mut store, engines, &next)?))
            };
            pool.install(|| rayon::join(write, || read_all(pipeline, learnt, &preparer, received)))
        };
        let (finished, receipts) = written?;
        adding.log.finished(finished, &waiting)?;
        waiting = read;
        received = adding.received(receipts, next, about)?;
    }
    adding.finish(&mut store, waiting)?;
    store.learn()?;
    let left = store.reader().stats()?.pending;
    let end = adding.log.finish(Some(&path.display().to_string()))?;
    if left > 0 {
        term::note(format!(
            "{left} reports of an interrupted run are still to be read: lagebild add --pending"
        ));
    }
    Ok(end)
}

fn report_file(path: &Path) -> anyhow::Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("cannot write the report {}", path.display()))?;
    Ok(BufWriter::new(file))
}

/// No more than `limit` reports; what is no report does not count.
fn limited(
    items: impl Iterator<Item = Result<Item, Bad>>,
    limit: Option<usize>,
) -> impl Iterator<Item = Result<Item, Bad>> {
    let mut left = limit.unwrap_or(usize::MAX);
    items.map_while(move |item| {
        if left == 0 {
            return None;
        }
        left -= usize::from(item.is_ok());
        Some(item)
    })
}

/// A run of `add`.
struct Adding<'a> {
    engines: [Engine; 2],
    pipeline: &'a Pipeline,
    /// What earlier runs taught of persons.
    learnt: Learnt,
    pool: &'a rayon::ThreadPool,
    log: Log,
}

impl Adding<'_> {
    /// Says what would become of reports.
    fn look_at(&mut self, store: Option<&Reader>, batch: Vec<Result<Item, Bad>>, about: About) -> anyhow::Result<()> {
        let pipeline = self.pipeline;
        let reports: Vec<_> = self.pool.install(|| {
            let look = |item: Result<Item, Bad>| {
                let item = item?;
                match pipeline.report(&item, about) {
                    Ok(report) => Ok((item.name, report)),
                    Err(why) => Err(Bad { name: item.name, why }),
                }
            };
            batch.into_par_iter().map(look).collect()
        });
        for report in reports {
            match report {
                Ok((name, report)) => {
                    let id = &*report.document.id.0;
                    let stored = store.map(|s| s.document(id)).transpose()?.flatten();
                    let fate = match stored {
                        None => Fate::New,
                        Some(stored) if stored.record.text == *report.document.text => Fate::Known,
                        Some(_) => Fate::Revised,
                    };
                    self.log.write(&name, fate, Some(id), None, &report.notes)?;
                }
                Err(bad) => self.log.bad(&bad)?,
            }
        }
        Ok(())
    }

    /// The inputs that can be read, with the hints that are kept of them.
    fn good(&mut self, batch: Vec<Result<Item, Bad>>, about: About) -> anyhow::Result<Vec<(String, Item)>> {
        let mut items = Vec::with_capacity(batch.len());
        for item in batch {
            match item {
                Ok(item) => items.push((KeptHints::of(&item, about), item)),
                Err(bad) => self.log.bad(&bad)?,
            }
        }
        Ok(items)
    }

    /// What is still to be read of `items`, whose bytes are kept.
    fn received(
        &mut self,
        receipts: Vec<Receipt>,
        items: Vec<(String, Item)>,
        about: About,
    ) -> anyhow::Result<Received> {
        let mut received = Vec::with_capacity(items.len());
        for (receipt, (_, item)) in receipts.into_iter().zip(items) {
            match receipt {
                Receipt::New(raw) => received.push((raw, item, about)),
                Receipt::Known => self.log.known(&item.name)?,
            }
        }
        Ok(received)
    }

    fn read(&self, preparer: &Preparer, received: Received) -> Vec<Read> {
        self.pool
            .install(|| read_all(self.pipeline, &self.learnt, preparer, received))
    }

    /// Adds what was read to the store, and counts it.
    fn finish(&mut self, store: &mut Store, read: Vec<Read>) -> anyhow::Result<()> {
        let outcomes = finish(store, &read)?;
        self.log.finished(outcomes, &read)
    }
}

/// Reads reports, each in a thread of the pool that this runs in.
pub(super) fn read_all(pipeline: &Pipeline, learnt: &Learnt, preparer: &Preparer, received: Received) -> Vec<Read> {
    received
        .into_par_iter()
        // Report by report, so that no thread waits for the long reports of another.
        .with_max_len(1)
        .map(|(raw, item, about)| {
            let read = || -> Result<(Prepared, Vec<Note>), Why> {
                let (record, notes) = pipeline.read_with_notes(&item, about, learnt)?;
                let url = Pipeline::url(&item, &record);
                let prepared = preparer
                    .prepare(record, url)
                    .map_err(|e| Why::Internal(e.to_string()))?;
                Ok((prepared, notes))
            };
            let (result, notes) = match read() {
                Ok((prepared, notes)) => (Ok(prepared), notes),
                Err(why) => {
                    let name = item.name.clone();
                    (Err(Bad { name, why }), Vec::new())
                }
            };
            Read {
                raw,
                name: item.name,
                result,
                notes,
            }
        })
        .collect()
}

/// Keeps the bytes of reports with their hints.
fn receive(store: &mut Store, engines: &[Engine], items: &[(String, Item)]) -> anyhow::Result<Vec<Receipt>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let incoming: Vec<Incoming<'_>> = items
        .iter()
        .map(|(hints, item)| Incoming {
            bytes: &item.bytes,
            source: item.source.as_deref(),
            hints,
        })
        .collect();
    Ok(store.receive(&incoming, engines, Timestamp::now())?)
}

/// Adds what was read to the store.
pub(super) fn finish(store: &mut Store, read: &[Read]) -> anyhow::Result<Vec<Outcome>> {
    if read.is_empty() {
        return Ok(Vec::new());
    }
    let reasons: Vec<String> = read
        .iter()
        .map(|r| r.result.as_ref().err().map(ToString::to_string).unwrap_or_default())
        .collect();
    let finished: Vec<Finished<'_>> = read
        .iter()
        .zip(&reasons)
        .map(|(read, why)| Finished {
            raw: read.raw,
            result: read.result.as_ref().map_err(|_| why.as_str()),
        })
        .collect();
    store
        .finish(&finished, Timestamp::now())
        .context("the reports of this batch are kept and can be read again")
}

/// What became of the inputs of a run: counted, shown while it goes on, and written to `--report`.
pub(super) struct Log {
    started: Instant,
    bar: ProgressBar,
    progress: Progress,
    report: Option<BufWriter<File>>,
    counts: BTreeMap<Fate, usize>,
    /// Why inputs were skipped or failed, without their names.
    reasons: BTreeMap<(Fate, String), usize>,
    events: usize,
    claims: usize,
    agreements: usize,
}

impl Log {
    pub(super) fn new(progress: Progress, report: Option<BufWriter<File>>) -> Self {
        Self {
            started: Instant::now(),
            bar: bar(progress.total),
            progress,
            report,
            counts: BTreeMap::new(),
            reasons: BTreeMap::new(),
            events: 0,
            claims: 0,
            agreements: 0,
        }
    }

    fn write(
        &mut self,
        input: &str,
        outcome: Fate,
        id: Option<&str>,
        reason: Option<String>,
        notes: &[Note],
    ) -> anyhow::Result<()> {
        *self.counts.entry(outcome).or_default() += 1;
        if let Some(report) = &mut self.report {
            let line = Line {
                input,
                outcome,
                id,
                reason,
                notes: notes.iter().map(ToString::to_string).collect(),
            };
            serde_json::to_writer(&mut *report, &line)?;
            writeln!(report)?;
        }
        let all: usize = self.counts.values().sum();
        let rate = all as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        self.bar.set_position(self.progress.done());
        self.bar
            .set_message(format!("{all} inputs, {rate:.0} a second, {} events", self.events));
        Ok(())
    }

    /// Counts a report that was in the store already.
    pub(super) fn known(&mut self, name: &str) -> anyhow::Result<()> {
        self.write(name, Fate::Known, None, None, &[])
    }

    /// Counts what became of reports that were read.
    pub(super) fn finished(&mut self, outcomes: Vec<Outcome>, read: &[Read]) -> anyhow::Result<()> {
        for (outcome, read) in outcomes.into_iter().zip(read) {
            match &read.result {
                Ok(prepared) => {
                    let record = prepared.record();
                    let fate = match outcome {
                        Outcome::Added => Fate::New,
                        Outcome::Revised => Fate::Revised,
                        Outcome::Reread => Fate::Reread,
                        Outcome::Unchanged | Outcome::Failed => Fate::Known,
                    };
                    if outcome != Outcome::Unchanged {
                        self.events += record.events.len();
                        self.claims += record.claims.len();
                        self.agreements += record.agreements.len();
                    }
                    self.write(&read.name, fate, Some(&record.id), None, &read.notes)?;
                }
                Err(bad) => self.bad(bad)?,
            }
        }
        Ok(())
    }

    pub(super) fn bad(&mut self, bad: &Bad) -> anyhow::Result<()> {
        let reason = bad.why.to_string();
        let fate = match bad.why {
            Why::PassedOver(_) => Fate::Skipped,
            _ => Fate::Failed,
        };
        // Messages may name lines and columns, and a bad file has many of them.
        let key = (fate, reason.clone());
        let key = if self.reasons.len() < REASONS || self.reasons.contains_key(&key) {
            key
        } else {
            (fate, "other reasons".to_owned())
        };
        *self.reasons.entry(key).or_default() += 1;
        // An archive has more images than pages: they are counted, and named in the report.
        if fate == Fate::Failed {
            self.bar.suspend(|| term::error(bad, bad.hint().as_deref()));
        }
        self.write(&bad.name, fate, None, Some(reason), &[])
    }

    fn count(&self, fate: Fate) -> usize {
        self.counts.get(&fate).copied().unwrap_or(0)
    }

    /// The summary of a run; `store` is where the reports went, if anywhere.
    pub(super) fn finish(&mut self, store: Option<&str>) -> anyhow::Result<End> {
        if let Some(report) = &mut self.report {
            report.flush().context("cannot write the report")?;
        }
        self.bar.finish_and_clear();
        let took = self.started.elapsed();
        let added = if store.is_some() { "added" } else { "would be added" };
        let mut parts = vec![format!("{} {added}", self.count(Fate::New))];
        for (fate, what) in [
            (Fate::Revised, "revised"),
            (Fate::Reread, "read again"),
            (Fate::Known, "known"),
            (Fate::Skipped, "skipped"),
            (Fate::Failed, "failed"),
        ] {
            let n = self.count(fate);
            if n > 0 {
                parts.push(format!("{n} {what}"));
            }
        }
        let took = took.as_secs_f64();
        let parts = parts.join(", ");
        term::note(match store {
            None => format!("{parts}; {took:.1} s; nothing was written"),
            Some(store) => {
                let read = self.count(Fate::New) + self.count(Fate::Revised) + self.count(Fate::Reread);
                let rate = if read > 0 {
                    format!(", {:.0} a second", read as f64 / took)
                } else {
                    String::new()
                };
                let Self {
                    events,
                    claims,
                    agreements,
                    ..
                } = self;
                format!(
                    "{parts}; {events} events, {claims} claims, {agreements} agreements; {took:.1} s{rate}; {store}"
                )
            }
        });
        for (fate, what) in [(Fate::Skipped, "skipped"), (Fate::Failed, "failed")] {
            self.tell_reasons(fate, what);
        }
        Ok(if self.count(Fate::Failed) > 0 {
            End::Failed
        } else {
            End::Fine
        })
    }

    /// The most frequent reasons.
    fn tell_reasons(&self, fate: Fate, what: &str) {
        const SHOWN: usize = 10;
        let mut reasons: Vec<(&str, usize)> = self
            .reasons
            .iter()
            .filter(|((f, _), _)| *f == fate)
            .map(|((_, reason), n)| (reason.as_str(), *n))
            .collect();
        reasons.sort_by_key(|&(reason, n)| (std::cmp::Reverse(n), reason));
        for (reason, n) in reasons.iter().take(SHOWN) {
            term::note(format!("  {what} {n:>6}  {reason}"));
        }
        if reasons.len() > SHOWN {
            term::note(format!(
                "  {what} for {} other reasons; --report FILE lists all",
                reasons.len() - SHOWN
            ));
        }
    }
}

/// A bar on stderr; hidden when that is no terminal. It shows the time left when the amount of input is known.
fn bar(total: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match total {
        Some(bytes) => (
            ProgressBar::new(bytes),
            "{spinner} {wide_bar} {percent:>3} %  {msg}  {elapsed}, {eta} left",
        ),
        None => (ProgressBar::no_length(), "{spinner} {msg}  {elapsed}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
