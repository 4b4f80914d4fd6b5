//! Compiles the morphological lexicons.

mod english;
mod german;
mod morphy;

use crate::sources::read_xz;
use anyhow::{Context, Result};
use lagebild_nlp::morph::{Builder, frequency_class};
use std::fs;
use std::path::Path;

/// Compiles both lexicons from the data under `sources` into `out`.
pub(crate) fn compile(sources: &Path, out: &Path) -> Result<()> {
    for (name, builder) in [
        ("de/morphology.lex", german::collect(sources, out)?),
        ("en/morphology.lex", english::collect(sources)?),
    ] {
        let bytes = builder.compile()?;
        report(name, &builder, bytes.len());
        fs::write(out.join(name), bytes).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(())
}

/// Sets the frequencies that come with the Brown clusters in `folder`: form, cluster, natural logarithm of the share.
fn set_frequencies(builder: &mut Builder, folder: &Path) -> Result<()> {
    for line in read_xz(&folder.join("clusters.tsv.xz"))?.lines() {
        let mut fields = line.split('\t');
        let (Some(form), Some(Ok(share))) = (fields.next(), fields.nth(1).map(str::parse)) else {
            continue;
        };
        builder.set_frequency(form, frequency_class(share));
    }
    Ok(())
}

#[allow(clippy::print_stderr, reason = "what the user of a build command wants to see")]
fn report(name: &str, builder: &Builder, bytes: usize) {
    eprintln!("{name}: {} forms in {bytes} bytes", builder.len());
}
