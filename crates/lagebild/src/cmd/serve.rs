//! `lagebild serve`: the store in a browser, and for programs.

use crate::End;
use crate::cli::Serve;
use crate::pipeline::Pipeline;
use crate::web::{self, Gate, Setup, Token};

pub(super) fn run(args: Serve) -> anyhow::Result<End> {
    let token = args.token_file.as_deref().map(Token::read).transpose()?;
    let setup = Setup {
        gate: Gate::new(args.addr, args.hosts, token)?,
        pipeline: Pipeline::with(&args.overlays)?,
        adding: args.add,
        ..Setup::default()
    };
    web::serve(&args.store.store, args.addr, setup)?;
    Ok(End::Fine)
}
