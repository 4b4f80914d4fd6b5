//! The commands, one module each.

mod about;
mod actor;
mod add;
mod backup;
mod check;
mod dyads;
mod eval;
mod explain;
pub(crate) mod export;
mod feeds;
mod files;
mod import;
mod lexicon;
mod list;
mod parse;
mod picture;
mod read;
mod reread;
mod saved;
mod search;
mod serve;
mod shell;
mod sql;
mod table;
mod treaties;
mod watch;

pub(crate) use watch::LogFormat;

use crate::End;
use crate::cli::{Cli, Command};
use crate::term::Screen;
use anyhow::Context as _;
use clap::CommandFactory as _;

/// Runs what the command line asks for.
pub(crate) fn run(cli: Cli) -> anyhow::Result<End> {
    let screen = Screen::stdout(cli.colour);
    if cli.version {
        return about::versions();
    }
    if cli.licences {
        return about::licences();
    }
    let Some(command) = cli.command else {
        Cli::command().print_help()?;
        return Ok(End::Failed);
    };
    if matches!(
        command,
        Command::Add(_) | Command::Import(_) | Command::Reread(_) | Command::Watch(_)
    ) {
        yield_to_those_who_wait();
    }
    match command {
        Command::Read(args) => read::run(&args, screen),
        Command::Add(args) => add::run(args),
        Command::Import(args) => import::run(&args),
        Command::Watch(args) => watch::run(args),
        Command::Feeds(args) => feeds::run(&args, screen),
        Command::Documents(args) => list::documents(&args, screen),
        Command::Events(args) => list::events(&args, screen),
        Command::Clusters(args) => picture::clusters(&args, screen),
        Command::Claims(args) => match &args.about {
            Some(act) => picture::about(&args.query, act, screen),
            None => list::claims(&args.query, screen),
        },
        Command::Speakers(args) => picture::speakers(&args, screen),
        Command::Agreements(args) => match (&args.state_on, &args.if_attacked) {
            (None, None) => list::agreements(&args.query, screen),
            _ => treaties::run(&args, screen),
        },
        Command::Actors(args) if args.learnt => list::learnt(&args.query, screen),
        Command::Actors(args) => list::actors(&args.query, screen),
        Command::Dyads(args) => dyads::run(&args, screen),
        Command::Copies(args) => picture::copies(&args, screen),
        Command::Stories(args) => picture::stories(&args, screen),
        Command::Search(args) => match &args.saved {
            Some(command) => saved::run(command, screen),
            None => search::run(&args, screen),
        },
        Command::Parse(args) => parse::run(&args),
        Command::Actor(args) => actor::run(&args, screen),
        Command::Explain(args) => explain::run(&args, screen),
        Command::Eval(args) => eval::run(&args),
        Command::Lexicon(args) => lexicon::run(&args.command),
        Command::Check(args) => check::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Sql(args) => sql::run(&args, screen),
        Command::Backup(args) => backup::run(&args),
        Command::Reread(args) => reread::run(&args),
        Command::Serve(args) => serve::run(args),
        Command::Mcp(args) => crate::mcp::stdio(&args.store.store, &args.overlays),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
        Command::Demo(args) => {
            crate::demo::run(args.addr)?;
            Ok(End::Fine)
        }
    }
}

/// By so much those commands step back that fill a store while others ask it (`nice`, of 19): two cores that are wanted by both go to
/// the answers for three quarters. On a machine that is idle otherwise it changes nothing.
#[cfg(unix)]
const STEP_BACK: i32 = 5;

/// Lets programs that somebody waits for go first. Threads started later do the same.
fn yield_to_those_who_wait() {
    // Where it is refused the command runs as before.
    #[cfg(unix)]
    let _ = rustix::process::nice(STEP_BACK);
}

/// A pool of so many threads; 0 for one a core.
fn pool(threads: usize) -> anyhow::Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .context("cannot start threads")
}
