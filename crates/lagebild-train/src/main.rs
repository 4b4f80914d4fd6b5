//! Trains and measures the models of `lagebild-nlp`.
//!
//! `cargo run --release -p lagebild-train -- de --data ../shared/data/lang --out models` makes `models/de.model`;
//! `… -- eval de --data ../shared/data/lang` measures the model that is compiled in on the held-out sentences.

mod data;
mod eval;
mod gradient;
mod rng;
mod train;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use lagebild_core::Lang;
use lagebild_nlp::model::Model;
use std::path::PathBuf;

/// Train and measure the tagger and parser models.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train the German model.
    De(Train),
    /// Train the English model.
    En(Train),
    /// Measure a model on the sentences that are held out of training.
    Eval {
        /// Language of the model (de, en).
        lang: String,
        /// Folder of the language data.
        #[arg(long)]
        data: PathBuf,
        /// A model file instead of the built-in model.
        #[arg(long)]
        model: Option<PathBuf>,
    },
}

#[derive(clap::Args)]
struct Train {
    /// Folder of the language data.
    #[arg(long)]
    data: PathBuf,
    /// Folder for the model file.
    #[arg(long)]
    out: PathBuf,
    /// Changes a setting of the recipe, for experiments (`--set epochs=3`); names: `Recipe` in `train.rs`.
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::De(options) => make(Lang::De, &options),
        Command::En(options) => make(Lang::En, &options),
        Command::Eval { lang, data, model } => {
            let lang = Lang::from_code(&lang).with_context(|| format!("unknown language {lang}"))?;
            let corpus = data::corpus(lang, &data)?;
            let read;
            let model = match model {
                Some(path) => {
                    read = Model::read(&std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?)?;
                    &read
                }
                None => Model::get(lang),
            };
            eval::report(model, &corpus.held_out);
            Ok(())
        }
    }
}

fn make(lang: Lang, options: &Train) -> Result<()> {
    let recipe = train::Recipe::new(lang, &options.set)?;
    let corpus = data::corpus(lang, &options.data)?;
    let model = train::train(lang, &corpus, &recipe)?;
    let file = model.write()?;
    let path = options.out.join(format!("{}.model", lang.code()));
    std::fs::write(&path, &file).with_context(|| format!("writing {}", path.display()))?;
    eval::log(&format!(
        "{}: {:.1} MB, {}",
        path.display(),
        file.len() as f64 / 1e6,
        model.version
    ));
    // What ships is what is measured: the rounded weights of the file.
    eval::report(&Model::read(&file)?, &corpus.held_out);
    Ok(())
}
