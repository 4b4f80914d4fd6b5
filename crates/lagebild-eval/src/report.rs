//! The accuracy report in Markdown.

use crate::data::Event;
use crate::errors::{Error, Fault};
use crate::score::{Measure, Scores, keys};
use lagebild_core::codebook::EventType;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The kinds of errors, in the order of the report.
const KINDS: [&str; 4] = ["wrong type", "wrong parties", "missed", "spurious"];
/// Characters of a sentence that are shown.
const SHOWN: usize = 300;

/// Writes the report: all measures, by type, confusions, and the worst errors, up to `each` of a kind, with the rule that fired and
/// the sentence. `cause` tells why an event was missed, when that is known.
#[must_use]
pub fn report(
    scores: &Scores,
    errors: &[Error<'_>],
    each: usize,
    cause: impl Fn(&Error<'_>) -> Option<String>,
) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} reports; precision / recall / **F1** (coded, read, right)\n\n| | |\n| --- | --- |",
        scores.documents
    );
    for name in ["typed", "quad", "triple", "directed"] {
        row(&mut out, &format!("events, {name}"), &scores.events[name]);
    }
    row(&mut out, "claims, found", &scores.claims.found);
    row(&mut out, "claims, holder", &scores.claims.holder);
    row(&mut out, "claims, holder+stance", &scores.claims.holder_stance);
    row(&mut out, "agreements, found", &scores.agreements.found);
    for (name, accuracy) in &scores.accuracy {
        let _ = writeln!(out, "| {name}, accuracy | {} (n {}) |", share(accuracy.acc), accuracy.n);
    }
    let _ = writeln!(out, "| merge | {} |", share(scores.merge));
    by_type(&mut out, scores, errors);
    confusions(&mut out, errors);
    list(&mut out, errors, each, cause);
    out
}

fn share(x: Option<f64>) -> String {
    x.map_or_else(|| "–".to_owned(), |x| format!("{x:.3}"))
}

fn row(out: &mut String, name: &str, m: &Measure) {
    let _ = writeln!(
        out,
        "| {name} | {:.3} / {:.3} / **{:.3}** ({}, {}, {}) |",
        m.p, m.r, m.f1, m.gold, m.system, m.hit
    );
}

fn by_type(out: &mut String, scores: &Scores, errors: &[Error<'_>]) {
    let _ = writeln!(
        out,
        "\n## By type\n\n| type | P | R | F1 | coded | read | wrong parties |\n| --- | --- | --- | --- | --- | --- | --- |"
    );
    for kind in EventType::ALL.iter().map(|k| k.as_str()) {
        let m = &scores.per_type[kind];
        let wrong = |e: &&Error<'_>| matches!(e.fault, Fault::Parties(gold, _) if gold.kind == kind);
        let wrong = errors.iter().filter(wrong).count();
        let _ = writeln!(
            out,
            "| {kind} | {:.3} | {:.3} | {:.3} | {} | {} | {wrong} |",
            m.p, m.r, m.f1, m.gold, m.system
        );
    }
}

/// Which types are taken for which others.
fn confusions(out: &mut String, errors: &[Error<'_>]) {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for error in errors {
        if let Fault::Type(gold, read) = error.fault {
            *counts.entry((&gold.kind, &read.kind)).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(pair, n)| (std::cmp::Reverse(n), pair));
    let _ = writeln!(out, "\n## Confusions\n\n| coded | read | times |\n| --- | --- | --- |");
    for ((gold, read), n) in counts {
        let _ = writeln!(out, "| {gold} | {read} | {n} |");
    }
}

fn list(out: &mut String, errors: &[Error<'_>], each: usize, cause: impl Fn(&Error<'_>) -> Option<String>) {
    let _ = writeln!(
        out,
        "\n## The worst errors\n\nUp to {each} of each kind, at most one of a report and type; worst by the points of the PLOVER \
         scale between conflict and cooperation that are put in, left out or given to others."
    );
    let mut sorted: Vec<&Error<'_>> = errors.iter().collect();
    sorted.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    for kind in KINDS {
        let of_kind: Vec<&Error<'_>> = sorted.iter().copied().filter(|e| e.fault.name() == kind).collect();
        let _ = writeln!(out, "\n### {kind}: {} in all\n", of_kind.len());
        let mut seen = BTreeSet::new();
        let act = |e: &Error<'_>| e.coded().or(e.read()).map(|event| event.kind.clone());
        let apart = of_kind
            .into_iter()
            .filter(|e| seen.insert((e.document.id.clone(), act(e))));
        for (n, error) in apart.take(each).enumerate() {
            let events: Vec<String> = [("coded", error.coded()), ("read", error.read())]
                .into_iter()
                .filter_map(|(what, event)| Some(format!("{what} {}", show(event?))))
                .collect();
            let rule = error
                .read()
                .and_then(|e| e.rule.as_deref())
                .map(|r| format!(" by `{r}`"));
            let place = format!("{} [{}]", error.document.id, error.sentence);
            let _ = writeln!(
                out,
                "{}. {}{}  \n   {place}: {}",
                n + 1,
                events.join(", "),
                rule.unwrap_or_default(),
                cut(error.words())
            );
            if let Some(cause) = cause(error) {
                let _ = writeln!(out, "   – {}", cause.replace('\n', " "));
            }
        }
    }
}

/// An event in the form of the lexicon's examples.
fn show(event: &Event) -> String {
    let side = |parties| {
        let keys = keys(parties);
        if keys.is_empty() {
            "-".to_owned()
        } else {
            keys.into_iter().collect::<Vec<_>>().join("+")
        }
    };
    let told = |x: &Option<String>| x.clone().filter(|x| !x.is_empty());
    let mode = told(&event.mode).map(|m| format!("/{m}")).unwrap_or_default();
    let content = told(&event.content).map(|c| format!("({c})")).unwrap_or_default();
    format!(
        "{}{mode}{content} {} > {}, {}",
        event.kind,
        side(event.actors.as_ref()),
        side(event.recipients.as_ref()),
        event.status.as_deref().unwrap_or("-")
    )
}

/// An error on one line.
#[must_use]
pub fn line(error: &Error<'_>) -> String {
    let told: Vec<String> = [error.coded(), error.read()].into_iter().flatten().map(show).collect();
    let rule = error.read().and_then(|e| e.rule.as_deref()).map(|r| format!(" [{r}]"));
    format!(
        "{}: {}[{}] {}{}: {}",
        error.fault.name(),
        error.document.id,
        error.sentence,
        told.join(" → "),
        rule.unwrap_or_default(),
        cut(error.words())
    )
}

fn cut(words: &str) -> String {
    let flat = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= SHOWN {
        return flat;
    }
    flat.chars().take(SHOWN).chain(['…']).collect()
}
