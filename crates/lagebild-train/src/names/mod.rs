//! The models of names: the recipe, and how they are measured.

mod data;
mod learn;

use crate::eval::log;
use crate::gradient::Table;
use crate::rng::Rng;
use crate::train::rate;
use anyhow::{Context, Result};
use data::{Corpus, FOLDS, Sentence};
use lagebild_core::{Lang, NameKind};
use lagebild_nlp::model::features::{Dictionary, Feature, Knowledge, Template, boundary, word_features};
use lagebild_nlp::model::kernel::Matrix;
use lagebild_nlp::model::network::Layout;
use lagebild_nlp::model::{Embedding, Model};
use lagebild_nlp::morph::Morphology;
use lagebild_nlp::names::{Classes, Found, Gazetteer, Names, Shape};
use learn::{Batch, Dropout, Gradient, Target, Weights, learn};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Train, cross-validate or measure a model of names.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Language (de, en).
    lang: String,
    /// Folder of the language data.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Folder of the tables of names.
    #[arg(long, default_value = "data/knowledge")]
    tables: PathBuf,
    /// Folder for the file of the model.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Trains on four fifths and measures on the fifth, five times, and writes nothing.
    #[arg(long)]
    cross: bool,
    /// Measures the model that is compiled in: on this IOB2 file (number, form, label), or on the held-out part.
    #[arg(long, num_args = 0..=1, value_name = "FILE")]
    eval: Option<Option<PathBuf>>,
    /// Changes a setting of the recipe, for experiments.
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
}

/// The choices of a training run.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Recipe {
    /// Passes over the data.
    epochs: usize,
    /// Words a step.
    batch: usize,
    /// Highest learning rate of Adam.
    rate: f32,
    /// Seed of all randomness.
    seed: u64,
    /// Width of the word embedding.
    embed: usize,
    /// Neighbours on each side.
    radius: usize,
    /// Width of the hidden layer.
    hidden: usize,
    /// Share of values of the network's states dropped.
    drop_state: f32,
    /// Share of embedding values dropped.
    drop_embed: f32,
    /// Share of hidden values dropped.
    drop_hidden: f32,
    /// Share of words that hide their form.
    drop_form: f32,
    /// Share of words of which the tables are as if they knew nothing.
    drop_tables: f32,
    /// A feature seen less often gets no row.
    min_count: usize,
    /// How much a sentence of the helping corpus counts; of 0 it is not used.
    helping: f32,
    /// How many parts are cross-validated.
    parts: usize,
    /// Whether the tables of names are used.
    tables: bool,
    /// Whether the states of the network are used.
    states: bool,
    /// The last part of the steps, over which the weights are averaged.
    average: f32,
    /// Weight decay.
    decay: f32,
}

impl Recipe {
    fn new(lang: Lang, settings: &[String]) -> Result<Self> {
        let german = Self {
            epochs: 25,
            batch: 400,
            rate: 2e-3,
            seed: 1,
            embed: 48,
            radius: 1,
            hidden: 64,
            drop_state: 0.3,
            drop_embed: 0.3,
            drop_hidden: 0.3,
            drop_form: 0.4,
            drop_tables: 0.1,
            min_count: 2,
            helping: 0.5,
            parts: FOLDS,
            tables: true,
            states: true,
            average: 0.4,
            decay: 0.0,
        };
        let shipped = match lang {
            Lang::De => german,
            Lang::En => Self { epochs: 20, ..german },
        };
        let mut all = serde_json::to_value(shipped)?;
        for setting in settings {
            let (name, value) = setting
                .split_once('=')
                .with_context(|| format!("{setting}: want NAME=VALUE"))?;
            let slot = all.get_mut(name).with_context(|| format!("{name}: no such setting"))?;
            *slot = serde_json::from_str(value).with_context(|| format!("{setting}: no such value"))?;
        }
        Ok(serde_json::from_value(all)?)
    }
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let lang = Lang::from_code(&options.lang).with_context(|| format!("unknown language {}", options.lang))?;
    let base = Model::get(lang);
    if let Some(Some(file)) = &options.eval {
        let sentences = data::iob2(file, false)?;
        report(&Counts::of(&found(Names::get(lang), base, &sentences), &sentences));
        return Ok(());
    }
    let data = options.data.as_deref().context("--data is needed")?;
    let recipe = Recipe::new(lang, &options.set)?;
    let gazetteer = if recipe.tables {
        data::gazetteer(lang, &options.tables)?
    } else {
        Gazetteer::default()
    };
    let corpus = data::corpus(lang, data, &gazetteer)?;
    if options.eval.is_some() {
        report(&Counts::of(
            &found(Names::get(lang), base, &corpus.held_out),
            &corpus.held_out,
        ));
        return Ok(());
    }
    log(&format!("{recipe:?}"));
    if options.cross {
        return cross(lang, base, &gazetteer, &corpus, &recipe);
    }
    let used = |s: &&Sentence| s.source == 0 || recipe.helping > 0.0;
    let train: Vec<&Sentence> = corpus.train.iter().filter(used).collect();
    let names = train_names(base, &gazetteer, &train, &recipe)?;
    let file = names.write()?;
    // What ships is what is measured: the rounded weights of the file.
    let names = Names::read(&file)?;
    log(&format!("{:.1} MB, {}", file.len() as f64 / 1e6, names.version));
    report(&Counts::of(&found(&names, base, &corpus.held_out), &corpus.held_out));
    if let Some(folder) = &options.out {
        write(&folder.join(format!("{}.names", lang.code())), &file)?;
    }
    Ok(())
}

fn write(path: &Path, file: &[u8]) -> Result<()> {
    std::fs::write(path, file).with_context(|| format!("writing {}", path.display()))
}

/// Cross-validation by documents of the corpus whose habits are learned; the helping ones are trained on whole.
fn cross(lang: Lang, base: &Model, gazetteer: &Gazetteer, corpus: &Corpus, recipe: &Recipe) -> Result<()> {
    let (mut all, mut mean) = (Counts::default(), 0.0);
    for part in 0..recipe.parts {
        // The seed of the hash differs from that of the held-out part, of which no document is left here.
        let held = |s: &&Sentence| s.source == 0 && data::fold(&format!("{}{}", lang.code(), s.doc), FOLDS) == part;
        let used = |s: &&Sentence| s.source == 0 || recipe.helping > 0.0;
        let train: Vec<&Sentence> = corpus.train.iter().filter(|s| !held(s) && used(s)).collect();
        let test: Vec<Sentence> = corpus.train.iter().filter(held).cloned().collect();
        let names = train_names(base, gazetteer, &train, recipe)?;
        let names = Names::read(&names.write()?)?;
        let counts = Counts::of(&found(&names, base, &test), &test);
        log(&format!("part {part}: {}", counts.line()));
        mean += counts.f1(&MEASURED) / recipe.parts as f64;
        all.add(&counts);
    }
    report(&all);
    log(&format!("mean F1 of the parts {mean:.4}"));
    Ok(())
}

fn found(names: &Names, base: &Model, sentences: &[Sentence]) -> Vec<Vec<Found>> {
    let forms: Vec<Vec<&str>> = sentences
        .iter()
        .map(|s| s.forms.iter().map(String::as_str).collect())
        .collect();
    names.find(base, &forms)
}

/// The kinds that the bars count.
const MEASURED: [NameKind; 3] = [NameKind::Person, NameKind::Place, NameKind::Organisation];

/// Right, found and true names of each kind.
#[derive(Default)]
struct Counts([[usize; 3]; NameKind::ALL.len()]);

impl Counts {
    fn of(found: &[Vec<Found>], sentences: &[Sentence]) -> Self {
        let mut counts = Self::default();
        for (found, sentence) in found.iter().zip(sentences) {
            let truth = sentence.names();
            for name in found {
                counts.0[name.kind as usize][0] += usize::from(truth.contains(name));
                counts.0[name.kind as usize][1] += 1;
            }
            for name in &truth {
                counts.0[name.kind as usize][2] += 1;
            }
        }
        counts
    }

    fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().flatten().zip(other.0.iter().flatten()) {
            *mine += theirs;
        }
    }

    fn sum(&self, kinds: &[NameKind]) -> [usize; 3] {
        let mut sum = [0; 3];
        for &kind in kinds {
            for (s, n) in sum.iter_mut().zip(self.0[kind as usize]) {
                *s += n;
            }
        }
        sum
    }

    fn f1(&self, kinds: &[NameKind]) -> f64 {
        let [right, found, truth] = self.sum(kinds);
        2.0 * right as f64 / (found + truth).max(1) as f64
    }

    fn figures(&self, kinds: &[NameKind]) -> String {
        let [right, found, truth] = self.sum(kinds);
        let share = |of: usize| right as f64 / of.max(1) as f64;
        format!(
            "precision {:.3}  recall {:.3}  F1 {:.3}  ({found} found, {truth} true)",
            share(found),
            share(truth),
            self.f1(kinds)
        )
    }

    fn line(&self) -> String {
        let single = MEASURED.map(|kind| format!("{kind} {:.3}", self.f1(&[kind])));
        format!("{}  {}", self.figures(&MEASURED), single.join("  "))
    }
}

fn report(counts: &Counts) {
    for &kind in NameKind::ALL {
        log(&format!("{kind}          {}", counts.figures(&[kind])));
    }
    log(&format!("PER+LOC+ORG  {}", counts.figures(&MEASURED)));
}

/// The rows of a word: that of its form, which is hidden at times, and the others.
#[derive(Default)]
struct Known {
    form: Vec<u32>,
    other: Vec<u32>,
}

/// A sentence, ready to be learned.
struct Prepared {
    states: Matrix,
    /// For each word the rows of what the tables of names know.
    tables: Vec<Vec<u32>>,
}

fn train_names(base: &Model, gazetteer: &Gazetteer, train: &[&Sentence], recipe: &Recipe) -> Result<Names> {
    let mut rng = Rng::new(recipe.seed);
    let lang = base.lang;
    let knowledge = Knowledge {
        clusters: &base.clusters,
        morphology: (lang == Lang::De).then(|| Morphology::get(lang)),
    };
    let marks = |sentence: &Sentence, emit: &mut dyn FnMut(usize, Feature)| {
        let known: Vec<Classes> = sentence.forms.iter().map(|f| gazetteer.alone(f)).collect();
        gazetteer.features(&known, |i| &sentence.forms[i], emit);
    };

    // Frequent features get a row.
    let mut counts: HashMap<u32, usize> = HashMap::new();
    let mut words: HashMap<(&str, bool), usize> = HashMap::new();
    for sentence in train {
        for (i, form) in sentence.forms.iter().enumerate() {
            *words.entry((form, i == 0)).or_default() += 1;
        }
        marks(sentence, &mut |_, f| *counts.entry(f.fingerprint).or_default() += 1);
    }
    for ((form, first), times) in words {
        word_features(form, first, knowledge, |f| {
            *counts.entry(f.fingerprint).or_default() += times
        });
    }
    let mut frequent: Vec<(usize, u32)> = counts
        .into_iter()
        .filter(|&(_, n)| n >= recipe.min_count)
        .map(|(f, n)| (n, f))
        .collect();
    frequent.extend([false, true].map(|end| (usize::MAX, boundary(end).fingerprint)));
    frequent.sort_unstable_by(|a, b| b.cmp(a));
    let dictionary = Dictionary::new(frequent.into_iter().map(|(_, f)| f).collect());
    let rows = dictionary.fingerprints().len();

    let forms: Vec<Vec<&str>> = train
        .iter()
        .map(|s| s.forms.iter().map(String::as_str).collect())
        .collect();
    let mut states: Vec<Vec<f32>> = vec![Vec::new(); train.len()];
    let mut width = 0;
    base.states(&forms, |at, _, batch, layout| {
        width = batch.cols;
        for (&(sentence, _), &(root, length)) in at.iter().zip(&layout.sentences) {
            for i in 1..=length {
                states[sentence].extend_from_slice(batch.row(root + i));
            }
        }
    });
    let mut vocabulary: HashMap<(&str, bool), Known> = HashMap::new();
    let mut prepared = Vec::with_capacity(train.len());
    for (sentence, states) in train.iter().zip(states) {
        for (i, form) in sentence.forms.iter().enumerate() {
            vocabulary.entry((form, i == 0)).or_insert_with(|| {
                let mut known = Known::default();
                word_features(form, i == 0, knowledge, |feature| {
                    let list = if feature.template == Template::Form {
                        &mut known.form
                    } else {
                        &mut known.other
                    };
                    list.extend(dictionary.row(feature));
                });
                known
            });
        }
        let mut tables = vec![Vec::new(); sentence.forms.len()];
        marks(sentence, &mut |i, f| tables[i].extend(dictionary.row(f)));
        prepared.push(Prepared {
            states: Matrix {
                rows: sentence.forms.len(),
                cols: width,
                data: if recipe.states { states } else { vec![0.0; states.len()] },
            },
            tables,
        });
    }

    let shape = Shape {
        state: width,
        embed: recipe.embed,
        radius: recipe.radius,
        hidden: recipe.hidden,
    };
    let sources = 1 + train.iter().map(|s| s.source).max().unwrap_or(0);
    let mut weights = Weights::zeros(shape, sources, rows);
    let hidden_range = (6.0 / shape.inputs() as f32).sqrt();
    let values = &mut weights.head.hidden.weights.data;
    values
        .iter_mut()
        .for_each(|v| *v = (rng.unit() * 2.0 - 1.0) * hidden_range);
    let out_range = (3.0 / shape.hidden as f32).sqrt();
    let values = &mut weights.head.out.weights.data;
    values
        .iter_mut()
        .for_each(|v| *v = (rng.unit() * 2.0 - 1.0) * out_range);
    // About twenty rows are summed.
    weights
        .table
        .rows
        .data
        .iter_mut()
        .for_each(|v| *v = (rng.unit() - 0.5) * 0.5);
    let mut gradient = Gradient {
        weights: Weights::zeros(shape, sources, rows),
        touched: Vec::new(),
    };
    let mut moments = [
        Weights::zeros(shape, sources, rows),
        Weights::zeros(shape, sources, rows),
    ];
    let dropout = Dropout {
        state: recipe.drop_state,
        embed: recipe.drop_embed,
        hidden: recipe.drop_hidden,
    };
    let mut order: Vec<usize> = (0..train.len()).collect();
    let words: usize = forms.iter().map(Vec::len).sum();
    let steps = (words * recipe.epochs).div_ceil(recipe.batch).max(1);
    let first_averaged = ((1.0 - recipe.average) * steps as f32) as usize;
    let (mut average, mut averaged) = (Weights::zeros(shape, sources, rows), 0);
    let mut step = 0;
    for _ in 0..recipe.epochs {
        rng.shuffle(&mut order);
        let mut at = 0;
        while at < order.len() {
            let (start, mut size) = (at, 0);
            while at < order.len() && size < recipe.batch {
                size += train[order[at]].forms.len();
                at += 1;
            }
            let batch = batch(
                &order[start..at],
                train,
                &prepared,
                &vocabulary,
                &dictionary,
                width,
                recipe,
                &mut rng,
            );
            gradient.clear();
            learn(shape, &weights, &batch, dropout, &mut rng, &mut gradient);
            step += 1;
            adam(
                &mut weights,
                &mut gradient,
                &mut moments,
                step,
                rate(recipe.rate, step, steps),
                recipe.decay,
            );
            // The mean of the last weights errs less than the last ones (Polyak and Juditsky 1992). The table is large: now and then will do.
            if step > first_averaged && step.is_multiple_of(8) {
                averaged += 1;
                let into = average.dense_mut().into_iter().zip(weights.dense_mut());
                into.for_each(|(a, w)| a.iter_mut().zip(w).for_each(|(a, w)| *a += *w));
                let rows = average.table.rows.data.iter_mut().zip(&weights.table.rows.data);
                rows.for_each(|(a, w)| *a += w);
            }
        }
    }
    if averaged > 0 {
        let share = 1.0 / averaged as f32;
        average.dense_mut().into_iter().flatten().for_each(|a| *a *= share);
        average.table.rows.data.iter_mut().for_each(|a| *a *= share);
        weights = average;
    }
    // The habits that are shipped are those of the first corpus.
    for (bias, s) in weights.head.hidden.bias.iter_mut().zip(weights.sources.row(0)) {
        *bias += s;
    }
    let Table { rows, bias } = &weights.table;
    Ok(Names::new(
        base,
        format!("{}-names-{}", lang.code(), env!("CARGO_PKG_VERSION")),
        shape,
        gazetteer.clone(),
        dictionary,
        Embedding::quantised(rows, bias),
        weights.head,
    ))
}

#[allow(clippy::too_many_arguments, reason = "all that a batch is made of")]
fn batch(
    chosen: &[usize],
    train: &[&Sentence],
    prepared: &[Prepared],
    vocabulary: &HashMap<(&str, bool), Known>,
    dictionary: &Dictionary,
    width: usize,
    recipe: &Recipe,
    rng: &mut Rng,
) -> Batch {
    let layout = Layout::new(chosen.iter().map(|&n| train[n].forms.len()));
    let mut states = Matrix::zeros(layout.rows, width);
    let mut features: Vec<Vec<u32>> = vec![Vec::new(); layout.rows];
    features[0].extend(dictionary.row(boundary(true)));
    let mut targets = Vec::with_capacity(chosen.len());
    for (&n, &(root, length)) in chosen.iter().zip(&layout.sentences) {
        let sentence = train[n];
        features[root].extend(dictionary.row(boundary(false)));
        features[root + length + 1].extend(dictionary.row(boundary(true)));
        for (i, form) in sentence.forms.iter().enumerate() {
            states.row_mut(root + 1 + i).copy_from_slice(prepared[n].states.row(i));
            let list = &mut features[root + 1 + i];
            if let Some(known) = vocabulary.get(&(form.as_str(), i == 0)) {
                list.extend(&known.other);
                if !rng.chance(recipe.drop_form) {
                    list.extend(&known.form);
                }
            }
            if !rng.chance(recipe.drop_tables) {
                list.extend(&prepared[n].tables[i]);
            }
        }
        targets.push(Target {
            allowed: sentence.allowed.clone(),
            weight: if sentence.source == 0 { 1.0 } else { recipe.helping },
            source: sentence.source,
        });
    }
    Batch {
        layout,
        states,
        features,
        targets,
    }
}

/// A step of Adam (Kingma and Ba 2015); rows of the table move only when a batch touches them.
fn adam(
    weights: &mut Weights,
    gradient: &mut Gradient,
    moments: &mut [Weights; 2],
    step: usize,
    rate: f32,
    decay: f32,
) {
    const DECAY: [f32; 2] = [0.9, 0.98];
    let power = i32::try_from(step).unwrap_or(i32::MAX);
    let rate = rate * (1.0 - DECAY[1].powi(power)).sqrt() / (1.0 - DECAY[0].powi(power));
    let update = |values: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32], decay: f32| {
        for (((v, g), m), s) in values.iter_mut().zip(gradient).zip(first).zip(second) {
            *m = DECAY[0] * *m + (1.0 - DECAY[0]) * g;
            *s = DECAY[1] * *s + (1.0 - DECAY[1]) * g * g;
            *v -= rate * (*m / (s.sqrt() + 1e-8) + decay * *v);
        }
    };
    let [first, second] = moments;
    let parts = weights.dense_mut().into_iter().zip(gradient.weights.dense_mut());
    let parts = parts.zip(first.dense_mut()).zip(second.dense_mut());
    for (((v, g), m), s) in parts {
        update(v, g, m, s, decay);
    }
    gradient.touched.sort_unstable();
    gradient.touched.dedup();
    for &row in &gradient.touched {
        let row = row as usize;
        update(
            weights.table.rows.row_mut(row),
            gradient.weights.table.rows.row(row),
            first.table.rows.row_mut(row),
            second.table.rows.row_mut(row),
            decay,
        );
    }
}
