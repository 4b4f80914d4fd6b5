//! `lagebild check`: looks for damage in the store.

use crate::End;
use crate::cli::Check;
use crate::pipeline::Pipeline;
use crate::term;
use lagebild_store::Reader;
use std::io::Write as _;

pub(super) fn run(args: &Check) -> anyhow::Result<End> {
    let reader = Reader::open(&args.store.store, Pipeline::compounds())?;
    let problems = reader.check()?;
    let stats = reader.stats()?;
    let mut out = std::io::stdout().lock();
    for problem in &problems {
        writeln!(out, "{}", term::clean(problem))?;
    }
    if !problems.is_empty() {
        term::error(
            format!("{} problems in {}", problems.len(), args.store.store.display()),
            None,
        );
        return Ok(End::Failed);
    }
    writeln!(
        out,
        "sound: {} documents, {} events, {} claims, {} agreements; {} pending, {} failed",
        stats.documents, stats.events, stats.claims, stats.agreements, stats.pending, stats.failed
    )?;
    Ok(End::Fine)
}
