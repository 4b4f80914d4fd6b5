//! Compiles the morphological lexicons.

mod english;
mod german;
mod morphy;

use anyhow::{Context, Result};
use lagebild_nlp::morph::Builder;
use std::fs;
use std::io::BufReader;
use std::path::Path;

/// Compiles both lexicons from the data under `sources` into `out`.
pub(crate) fn compile(sources: &Path, out: &Path) -> Result<()> {
    for (name, builder) in [("de/morphology.lex", german::collect(sources)?), ("en/morphology.lex", english::collect(sources)?)] {
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

/// The text of an xz-packed file.
fn read_xz(path: &Path) -> Result<String> {
    let file = fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut bytes = Vec::new();
    lzma_rs::xz_decompress(&mut BufReader::new(file), &mut bytes)
        .map_err(|e| anyhow::anyhow!("cannot unpack {}: {e:?}", path.display()))?;
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))
}
