//! `lagebild completions` and `lagebild man`: what packages install beside the program, made from the command line itself.

use crate::End;
use crate::cli::{Cli, Completions, Man};
use anyhow::Context as _;
use clap::CommandFactory as _;
use std::io::Write as _;

/// Prints the completions of a shell.
pub(super) fn completions(args: &Completions) -> anyhow::Result<End> {
    // Not written at once: the generator panics when nobody reads on.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "lagebild", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(End::Fine)
}

/// Writes a page a command.
pub(super) fn man(args: &Man) -> anyhow::Result<End> {
    let folder = &args.output;
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), folder))
        .with_context(|| format!("cannot write to {}", folder.display()))?;
    Ok(End::Fine)
}
