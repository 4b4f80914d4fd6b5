//! Trains and measures the models of `lagebild-nlp`.
//!
//! `cargo run --release -p lagebild-train -- de --data ../shared/data/lang --out models` makes `models/de.model`;
//! `… -- eval de --data ../shared/data/lang` measures the model that is compiled in on the held-out sentences, with `--accurate` the
//! accurate grade, which `training/accurate` makes.

mod data;
mod eval;
mod gradient;
mod names;
mod rng;
mod train;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use eval::Measured;
use lagebild_core::Lang;
use lagebild_nlp::Grade;
use lagebild_nlp::accurate::Transformer;
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
    /// Train and measure the models of names.
    Names(names::Options),
    /// Measure a model on the sentences that are held out of training.
    Eval {
        /// Language of the model (de, en).
        lang: String,
        /// Folder of the language data.
        #[arg(long)]
        data: PathBuf,
        /// The accurate grade instead of the fast one.
        #[arg(long)]
        accurate: bool,
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
        Command::Names(options) => names::run(&options),
        Command::Eval {
            lang,
            data,
            accurate,
            model,
        } => {
            let lang = Lang::from_code(&lang).with_context(|| format!("unknown language {lang}"))?;
            let corpus = data::corpus(lang, &data)?;
            let file = match &model {
                Some(path) => Some(std::fs::read(path).with_context(|| format!("reading {}", path.display()))?),
                None => None,
            };
            match (accurate, file) {
                (true, Some(file)) => {
                    let model = Transformer::read(&file)?;
                    report(lang, &|s| model.annotate(lang, s), &corpus);
                }
                (true, None) => report(lang, &|s| Grade::Accurate.annotate(lang, s), &corpus),
                (false, Some(file)) => {
                    let model = Model::read(&file)?;
                    report(lang, &|s| model.annotate(s), &corpus);
                }
                (false, None) => report(lang, &|s| Grade::Fast.annotate(lang, s), &corpus),
            }
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
    let model = Model::read(&file)?;
    report(lang, &|s| model.annotate(s), &corpus);
    Ok(())
}

fn report(lang: Lang, annotate: eval::Annotate, corpus: &data::Corpus) {
    eval::report(Measured { lang, annotate }, &corpus.held_out);
}
