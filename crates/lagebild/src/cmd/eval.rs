//! `lagebild eval`: readings against hand-coded reports.

use super::pool;
use crate::End;
use crate::cli::{Eval, EvalFormat};
use crate::input::{About, Input, Items};
use crate::pipeline::Pipeline;
use crate::term;
use anyhow::{Context as _, anyhow};
use lagebild_core::Span;
use lagebild_core::codebook::EventType;
use lagebild_engine::explain::{Traced, WhyNot};
use lagebild_eval::data::{Document, Event};
use lagebild_eval::{Error, Fault};
use lagebild_lexicon::ExpectedEvent;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

/// Errors of each kind in a report unless the user says otherwise.
const EACH: usize = 5;

pub(super) fn run(args: &Eval) -> anyhow::Result<End> {
    let pipeline = Pipeline::with(&args.overlays)?;
    let gold = documents(&args.gold)?;
    if gold.is_empty() {
        term::note("no hand-coded reports");
        return Ok(End::Nothing);
    }
    let read = match &args.out {
        Some(out) => documents(out)?,
        None => read_now(&args.gold, &pipeline, args.threads)?,
    };
    let pairs = lagebild_eval::pairs(gold, read)?;
    for pair in pairs.iter().filter(|p| p.missing) {
        term::note(format!("no reading of {}", pair.gold.id));
    }
    let scores = lagebild_eval::score(&pairs);
    let errors = lagebild_eval::errors(&pairs);
    let mut out = std::io::stdout().lock();
    let format = if args.json { EvalFormat::Json } else { args.format };
    match format {
        EvalFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &scores)?;
            writeln!(out)?;
        }
        EvalFormat::Text => {
            write!(out, "{}", lagebild_eval::summary(&scores))?;
            let shown = args.errors.unwrap_or(0);
            for kind in ["missed", "spurious", "wrong type", "wrong parties"] {
                for error in errors.iter().filter(|e| e.fault.name() == kind).take(shown) {
                    writeln!(out, "{}", term::clean(&lagebild_eval::line(error)))?;
                }
            }
        }
        EvalFormat::Md => {
            let causes = Causes::of(&args.gold, &pipeline, args.out.is_none())?;
            let each = args.errors.unwrap_or(EACH);
            let command = format!("lagebild eval {} --format md", args.gold.display());
            writeln!(out, "Made by `{command}`, rules {}.\n", pipeline.engines()[0].lexicon)?;
            let report = lagebild_eval::report(&scores, &errors, each, |e| causes.cause(e));
            write!(out, "{report}")?;
        }
    }
    Ok(End::Fine)
}

fn documents(path: &Path) -> anyhow::Result<Vec<Document>> {
    let named = || path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(named)?;
    lagebild_eval::documents(&text).with_context(named)
}

/// Reads the hand-coded reports as they are.
fn read_now(gold: &Path, pipeline: &Pipeline, threads: usize) -> anyhow::Result<Vec<Document>> {
    let items = Items::new([gold.to_owned()], Input::Jsonl.into()).collect::<Result<Vec<_>, _>>();
    let items = items.map_err(|bad| anyhow!("{bad}"))?;
    let read = |item: crate::input::Item| -> anyhow::Result<Document> {
        let record = pipeline.read(&item, About::default()).map_err(|why| {
            anyhow!(
                "{}",
                crate::input::Bad {
                    name: item.name.clone(),
                    why
                }
            )
        })?;
        Ok(serde_json::from_value(serde_json::to_value(record)?)?)
    };
    pool(threads)?.install(|| items.into_par_iter().map(read).collect())
}

/// Reports read once more, to tell why an event was missed.
struct Causes<'p> {
    pipeline: &'p Pipeline,
    items: HashMap<String, crate::input::Item>,
}

impl<'p> Causes<'p> {
    /// Nothing is known of readings that were not made here.
    fn of(gold: &Path, pipeline: &'p Pipeline, made_here: bool) -> anyhow::Result<Self> {
        let mut items = HashMap::new();
        if made_here {
            for item in Items::new([gold.to_owned()], Input::Jsonl.into()) {
                let item = item.map_err(|bad| anyhow!("{bad}"))?;
                if let Ok(document) = pipeline.document(&item, About::default()) {
                    items.insert(document.id.0.to_string(), item);
                }
            }
        }
        Ok(Self { pipeline, items })
    }

    fn cause(&self, error: &Error<'_>) -> Option<String> {
        let gold = match error.fault {
            Fault::Missed(gold) | Fault::Type(gold, _) | Fault::Parties(gold, _) => gold,
            Fault::Spurious(_) => return None,
        };
        let item = self.items.get(&error.document.id)?;
        let document = self.pipeline.document(item, About::default()).ok()?;
        let sentence = error.document.sentences.iter().find(|s| s.i == error.sentence)?;
        let within = bytes(&document.text, sentence.start, sentence.end);
        let parsed = Arc::new(self.pipeline.parse(document));
        let traced = Traced::read(parsed, self.pipeline.lexicon(), self.pipeline.knowledge());
        match traced.why_not(&expected(gold)?, Some(within)) {
            WhyNot::Read(_) => Some("read, but told of another sentence or with another status".to_owned()),
            WhyNot::Not(reason) => Some(reason.why.join("; ")),
        }
    }
}

/// A stretch in code points as bytes.
fn bytes(text: &str, start: usize, end: usize) -> Span {
    let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let from = starts.nth(start).unwrap_or(text.len());
    let to = match end.checked_sub(start + 1) {
        Some(further) => starts.nth(further).unwrap_or(text.len()),
        None => from,
    };
    Span::at(from, to)
}

/// The hand-coded event as an expectation: type and parties.
fn expected(gold: &Event) -> Option<ExpectedEvent> {
    let codes = |parties: &Option<Vec<lagebild_eval::data::Who>>| {
        let keys = parties.iter().flatten().filter_map(|w| w.key());
        keys.map(str::to_owned).collect::<Vec<_>>()
    };
    Some(ExpectedEvent {
        kind: EventType::parse(&gold.kind)?,
        mode: None,
        content: None,
        actors: codes(&gold.actors),
        recipients: codes(&gold.recipients),
        status: None,
        certainty: None,
    })
}
