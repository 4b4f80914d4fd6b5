//! Compiles the morphological lexicons.

mod english;
mod german;
mod morphy;

use anyhow::{Context, Result};
use lagebild_nlp::morph::Builder;
use std::fs;
use std::path::Path;

/// Compiles both lexicons from the data under `sources` into `out`.
pub(crate) fn compile(sources: &Path, out: &Path) -> Result<()> {
    let german = german::collect(sources)?;
    fs::write(out.join("de/rare-nouns.txt"), german::rare_nouns(&german, sources)?)
        .context("cannot write rare-nouns.txt")?;
    for (name, builder) in [
        ("de/morphology.lex", german),
        ("en/morphology.lex", english::collect(sources)?),
    ] {
        let bytes = builder.compile()?;
        report(name, &builder, bytes.len());
        fs::write(out.join(name), bytes).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(())
}

#[allow(clippy::print_stderr, reason = "what the user of a build command wants to see")]
fn report(name: &str, builder: &Builder, bytes: usize) {
    eprintln!("{name}: {} forms in {bytes} bytes", builder.len());
}
