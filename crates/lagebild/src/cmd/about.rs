//! `--version` and `--licences`.

use crate::End;
use crate::licences::LICENCES;
use crate::pipeline::Pipeline;
use std::io::Write as _;

/// Prints the versions of all that a reading depends on.
pub(super) fn versions() -> anyhow::Result<End> {
    let pipeline = Pipeline::load();
    let [german, english] = pipeline.engines();
    let mut out = std::io::stdout().lock();
    writeln!(out, "lagebild {}", german.version)?;
    writeln!(out, "lexicon  {}", german.lexicon)?;
    writeln!(out, "model    {} (German), {} (English)", german.model, english.model)?;
    writeln!(out, "store    format {}", lagebild_store::FORMAT)?;
    Ok(End::Fine)
}

/// Prints all licences.
pub(super) fn licences() -> anyhow::Result<End> {
    let mut out = std::io::stdout().lock();
    for (name, text) in LICENCES {
        writeln!(
            out,
            "{name}\n{}\n\n{}\n",
            "=".repeat(name.chars().count()),
            text.trim_end()
        )?;
    }
    Ok(End::Fine)
}
