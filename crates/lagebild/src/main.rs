//! The `lagebild` program: reads German and English news into sourced events, claims and agreements.
//!
//! Exit codes: 0 fine, 1 nothing found, 2 error (also when only some inputs failed). Results go to stdout, everything
//! else to stderr.

mod actors;
mod again;
mod answers;
mod cli;
mod cmd;
mod demo;
mod digest;
mod input;
mod intake;
mod learnt;
mod licences;
mod mcp;
mod net;
mod pairs;
mod pipeline;
mod rows;
mod signal;
mod term;
mod treaties;
mod web;

use clap::Parser as _;
use std::process::ExitCode;

/// Reading makes and drops many small things; with this allocator it takes a twelfth less time than with that of the GNU C library
/// (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All was done.
    Fine,
    /// All was done, and there was nothing to show.
    Nothing,
    /// Something failed and was reported; the rest was done.
    Failed,
}

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        // clap prints help and version to stdout with 0, and errors to stderr with 2.
        Err(error) => error.exit(),
    };
    match cmd::run(cli) {
        Ok(End::Fine) => ExitCode::SUCCESS,
        Ok(End::Nothing) => ExitCode::from(1),
        Ok(End::Failed) => ExitCode::from(2),
        // Whoever reads our output has seen enough (`lagebild events | head`).
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            term::error(format!("{error:#}"), hint(&error).as_deref());
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |e: &std::io::Error| e.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(broken)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|e| e.io_error_kind() == Some(std::io::ErrorKind::BrokenPipe))
            || cause
                .downcast_ref::<csv::Error>()
                .is_some_and(|e| matches!(e.kind(), csv::ErrorKind::Io(e) if broken(e)))
    })
}

fn hint(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause| {
        let store = cause
            .downcast_ref::<lagebild_store::Error>()
            .and_then(lagebild_store::Error::hint);
        store.or_else(|| {
            cause
                .downcast_ref::<lagebild_store::FilterError>()
                .and_then(lagebild_store::FilterError::hint)
        })
    })
}
