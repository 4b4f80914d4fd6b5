//! Reading the files that data is made from.

use anyhow::{Context, Result};
use std::fs;
use std::io::BufReader;
use std::path::Path;

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The text of an xz-packed file.
pub(crate) fn read_xz(path: &Path) -> Result<String> {
    let file = fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut bytes = Vec::new();
    lzma_rs::xz_decompress(&mut BufReader::new(file), &mut bytes)
        .map_err(|e| anyhow::anyhow!("cannot unpack {}: {e:?}", path.display()))?;
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))
}
