//! `lagebild lexicon`: the rule files, for people who do not program.

mod diff;
mod new;

use crate::End;
use crate::cli::LexiconCommand;
use anyhow::Context as _;
use lagebild_engine::examples;
use lagebild_lexicon::knowledge::Knowledge;
use lagebild_lexicon::{Diagnostic, RuleFile, Severity};
use std::io::Write as _;
use std::path::Path;

pub(super) fn run(command: &LexiconCommand) -> anyhow::Result<End> {
    match command {
        LexiconCommand::Check { lexicon } => check(lexicon.as_deref()),
        LexiconCommand::Test {
            lexicon: Some(lexicon),
            corpus,
            ..
        } if !corpus.is_empty() => diff::run(corpus, lexicon),
        LexiconCommand::Test { entries, lexicon, .. } => test(entries, lexicon.as_deref()),
        LexiconCommand::New {
            word,
            lang,
            event,
            corpus,
        } => new::run(word, *lang, event.as_deref(), corpus),
    }
}

/// The rule files compiled in, and those of `overlay` on top of them.
fn layers(overlay: Option<&Path>) -> anyhow::Result<Vec<Vec<RuleFile>>> {
    let mut layers = vec![lagebild_lexicon::bundled_files()];
    if let Some(directory) = overlay {
        let files = lagebild_lexicon::read_overlay(directory).with_context(|| directory.display().to_string())?;
        layers.push(files);
    }
    Ok(layers)
}

/// Prints diagnostics; returns the number of errors among them.
fn show(diagnostics: &[Diagnostic]) -> anyhow::Result<usize> {
    let mut out = std::io::stdout().lock();
    for diagnostic in diagnostics {
        writeln!(out, "{diagnostic}")?;
    }
    Ok(diagnostics.iter().filter(|d| d.severity == Severity::Error).count())
}

/// Checks the form of the rule files and of the knowledge tables.
fn check(overlay: Option<&Path>) -> anyhow::Result<End> {
    let layers = layers(overlay)?;
    let files: usize = layers.iter().map(Vec::len).sum();
    let mut diagnostics = match lagebild_lexicon::compile(&layers) {
        Ok(compiled) => compiled.warnings,
        Err(diagnostics) => diagnostics,
    };
    diagnostics.extend(Knowledge::from_tables().1);
    let errors = show(&diagnostics)?;
    writeln!(
        std::io::stdout().lock(),
        "{files} rule files, {errors} errors, {} warnings",
        diagnostics.len() - errors
    )?;
    Ok(if errors > 0 { End::Failed } else { End::Fine })
}

/// Reads the examples of the entries whose ids begin with one of `prefixes`, and compares.
fn test(prefixes: &[String], overlay: Option<&Path>) -> anyhow::Result<End> {
    let compiled = match lagebild_lexicon::compile(&layers(overlay)?) {
        Ok(compiled) => compiled,
        Err(diagnostics) => {
            show(&diagnostics)?;
            return Ok(End::Failed);
        }
    };
    let all = [String::new()];
    let prefixes = if prefixes.is_empty() { &all } else { prefixes };
    let outcomes: Vec<_> = prefixes
        .iter()
        .flat_map(|prefix| {
            examples::run(
                &compiled.lexicon,
                &compiled.examples,
                lagebild_bundle::knowledge(),
                prefix,
            )
        })
        .collect();
    if outcomes.is_empty() {
        crate::term::note("no entry has such an id");
        return Ok(End::Nothing);
    }
    let mut out = std::io::stdout().lock();
    let (mut failures, mut known) = (0, 0);
    for outcome in &outcomes {
        known += usize::from(outcome.known_fault.is_some());
        let Some(fault) = outcome.fault.as_deref().filter(|_| outcome.is_failure()) else {
            continue;
        };
        failures += 1;
        writeln!(out, "{}:{}: {}: {fault}", outcome.file, outcome.line, outcome.rule)?;
        writeln!(out, "    {}", outcome.text)?;
        for line in &outcome.read {
            writeln!(out, "    read: {line}")?;
        }
    }
    for outcome in outcomes.iter().filter(|o| o.is_mended()) {
        writeln!(
            out,
            "{}:{}: {}: marked as a known fault, but reads as written",
            outcome.file, outcome.line, outcome.rule
        )?;
    }
    writeln!(
        out,
        "{} examples, {failures} fail, {known} known faults",
        outcomes.len()
    )?;
    Ok(if failures > 0 { End::Failed } else { End::Fine })
}
