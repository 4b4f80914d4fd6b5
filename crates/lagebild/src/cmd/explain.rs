//! `lagebild explain`: why an event was read, or why another one was not.

use crate::End;
use crate::again;
use crate::cli::{Explain, TextOrJson};
use crate::input::{About, Item, Items};
use crate::pipeline::Pipeline;
use crate::term::{self, Flow, Screen, Style};
use anyhow::{Context as _, anyhow, bail};
use lagebild_core::EventIx;
use lagebild_core::learnt::Learnt;
use lagebild_core::wire::Record;
use lagebild_engine::explain::{Reason, RuleAt, Traced, WhyNot};
use lagebild_lexicon::Expected;
use lagebild_store::Reader;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

/// Entries shown that were not taken; JSON has all.
const NOT_TAKEN: usize = 4;
/// Columns of the first two fields of a line.
const ABOUT: usize = 10;
const VALUE: usize = 28;

pub(super) fn run(args: &Explain, screen: Screen) -> anyhow::Result<End> {
    let asked = args.why_not.as_deref().map(expected).transpose()?;
    let pipeline = Pipeline::with(&args.overlays)?;
    let (item, about, stored, event) = target(args)?;
    let document = pipeline.document(&item, about).map_err(|why| {
        anyhow!(
            "{}",
            crate::input::Bad {
                name: item.name.clone(),
                why
            }
        )
    })?;
    let parsed = Arc::new(pipeline.parse(document));
    let engine = pipeline.engine(parsed.doc.lang);
    let learnt = stored.as_ref().map(Learnt::used_by).unwrap_or_default();
    let traced = Traced::read_beside(parsed, pipeline.lexicon(), pipeline.knowledge(), &learnt);
    let record = Record::from_reading(&traced.reading, engine);
    if let Some(asked) = asked {
        let reason = match traced.why_not(&asked, None) {
            WhyNot::Read(ix) => {
                term::note("it is read:");
                traced.event(ix)
            }
            WhyNot::Not(reason) => reason,
        };
        show(&[reason], true, args.format, screen)?;
        return Ok(End::Fine);
    }
    let count = record.events.len();
    let Some(id) = event else {
        let reasons: Vec<Reason> = (0..count).map(|n| traced.event(EventIx::from(n))).collect();
        if reasons.is_empty() {
            term::note("no event is read; ask for one that you miss with --why-not \"TYPE ACTOR > RECIPIENT\"");
            return Ok(End::Nothing);
        }
        show(&reasons, false, args.format, screen)?;
        return Ok(End::Fine);
    };
    if let Some(stored) = stored.as_ref().filter(|s| s.engine != record.engine) {
        term::note(format!(
            "the store was filled with other rules ({}, now {}); this is how the report is read now",
            stored.engine.lexicon, record.engine.lexicon
        ));
    }
    let Some(n) = again::event_now(&id, &record, stored.as_ref()) else {
        term::note(match count {
            0 => format!("no event {id}: no event is read"),
            _ => format!("no event {id}: e1 to e{count} are read"),
        });
        return Ok(End::Nothing);
    };
    show(&[traced.event(EventIx::from(n))], true, args.format, screen)?;
    Ok(End::Fine)
}

/// An expectation as the examples of the lexicon write it.
fn expected(line: &str) -> anyhow::Result<lagebild_lexicon::ExpectedEvent> {
    match Expected::parse(line).map_err(|why| anyhow!("--why-not: {why}"))? {
        Expected::Event(event) => Ok(event),
        _ => bail!("--why-not asks for events: TYPE ACTORS > RECIPIENTS"),
    }
}

/// What to read: the report, what was said about it, what the store has read out of it, and the event asked for.
fn target(args: &Explain) -> anyhow::Result<(Item, About, Option<Record>, Option<String>)> {
    let named = &args.target;
    if named == "-" || Path::new(named).exists() {
        let mut items = Items::new([named.into()], args.reading.how());
        let item = items
            .next()
            .context("nothing to read")?
            .map_err(|bad| anyhow!("{bad}"))?;
        if items.next().is_some() {
            bail!("{named} holds several reports; name one file with one report");
        }
        return Ok((item, args.reading.about(), None, args.event.clone()));
    }
    let Some((document, event)) = named.rsplit_once('#') else {
        bail!("{named}: neither a file nor the key of an event in a store (DOCUMENT#e3)");
    };
    let path = &args.store.store;
    let reader = Reader::open(path, Pipeline::compounds())?;
    let Some(again::Kept { item, about, record }) = again::kept(&reader, document)? else {
        bail!("{}: no report {document}", path.display());
    };
    Ok((item, about, Some(record), Some(event.to_owned())))
}

fn show(reasons: &[Reason], single: bool, format: TextOrJson, screen: Screen) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match format {
        TextOrJson::Json => {
            match reasons {
                [one] if single => serde_json::to_writer_pretty(&mut out, one)?,
                all => serde_json::to_writer_pretty(&mut out, all)?,
            }
            writeln!(out)?;
        }
        TextOrJson::Text => {
            let mut text = String::new();
            for (n, reason) in reasons.iter().enumerate() {
                if n > 0 {
                    text.push('\n');
                }
                tree(reason, screen, &mut text);
            }
            write!(out, "{text}")?;
        }
    }
    Ok(())
}

/// A tree of reasons for people.
fn tree(reason: &Reason, screen: Screen, out: &mut String) {
    let mut head = Flow::new();
    head.push(Style::Strong, &reason.value);
    for why in &reason.why {
        head.push(Style::Plain, &format!(": {why}"));
    }
    head.write(out, screen, "", "");
    for words in reason.words.iter().filter(|_| reason.about == "event") {
        let mut told = Flow::new();
        told.push(Style::Dim, words.text.trim());
        told.write(out, screen, "│  ", "│  ");
    }
    branches(&reason.reasons, "", screen, out);
}

fn branches(reasons: &[Reason], indent: &str, screen: Screen, out: &mut String) {
    let (refused, taken): (Vec<&Reason>, Vec<&Reason>) = reasons.iter().partition(|r| r.about == "not taken");
    let hidden = refused.len().saturating_sub(NOT_TAKEN);
    let shown: Vec<&Reason> = taken.into_iter().chain(refused.into_iter().take(NOT_TAKEN)).collect();
    for (n, reason) in shown.iter().enumerate() {
        let last = n + 1 == shown.len() && hidden == 0;
        let (knot, line) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let about = format!("{:<ABOUT$} ", reason.about);
        let first = format!("{indent}{knot}{}", screen.paint(Style::Dim, &about));
        let below = format!("{indent}{line}");
        let rest = format!("{below}{}", " ".repeat(term::columns(&about)));
        branch(reason).write(out, screen, &first, &rest);
        branches(&reason.reasons, &below, screen, out);
    }
    if hidden > 0 {
        out.push_str(&format!(
            "{indent}└─ and {hidden} more entries with this word: --format json\n"
        ));
    }
}

fn branch(reason: &Reason) -> Flow {
    let mut flow = Flow::new();
    let words = reason
        .words
        .iter()
        .map(|w| format!("\"{}\" {}..{}", w.text, w.start, w.end));
    let words = words.collect::<Vec<_>>().join(", ");
    let refused = reason.about == "not taken";
    let told = reason.words.iter().any(|w| w.text == reason.value);
    let value = if told { words.clone() } else { reason.value.clone() };
    let style = match reason.about {
        "trigger" | "also told" => Style::Trigger,
        "actor" | "recipient" => Style::Name,
        _ => Style::Plain,
    };
    flow.push(style, &value);
    let why = reason.why.join("; ").replace("; →", " →");
    let rule = reason.rule.as_ref().map(rule).unwrap_or_default();
    // An entry that was not taken has the word of the trigger, which is told above.
    let words = if told || refused { String::new() } else { words };
    let details = if refused {
        [rule, why, words]
    } else {
        [words, why, rule]
    };
    let mut gap = " ".repeat(VALUE.saturating_sub(term::columns(&value)).max(2));
    for part in details.iter().filter(|p| !p.is_empty()) {
        flow.push(Style::Plain, &gap).push(Style::Plain, part);
        gap = "  ".to_owned();
    }
    flow
}

fn rule(at: &RuleAt) -> String {
    match (&at.file, at.line) {
        (Some(file), Some(line)) => format!("{}  {file}:{line}", at.id),
        _ => at.id.clone(),
    }
}
