//! `--version` and `--licences`.

use crate::End;
use crate::pipeline::Pipeline;
use std::io::Write as _;

/// Licences of the program and of the data compiled into it, as they stand in the repository.
const LICENCES: &[(&str, &str)] = &[
    (
        "The program, at your choice: MIT",
        include_str!("../../../../LICENSE-MIT"),
    ),
    ("or: Apache 2.0", include_str!("../../../../LICENSE-APACHE")),
    ("The language data", include_str!("../../../../data/lang/README.md")),
    ("The language models", include_str!("../../../../models/README.md")),
    (
        "The knowledge tables",
        include_str!("../../../../data/knowledge/README.md"),
    ),
    (
        "The codebook's tables",
        include_str!("../../../../data/ontology/README.md"),
    ),
    ("The sample reports", include_str!("../../../../data/demo/README.md")),
];

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
