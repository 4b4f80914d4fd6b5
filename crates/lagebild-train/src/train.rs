//! The recipe: which features get a row, how sentences are drawn, how weights move.

use crate::data::{Corpus, Sentence};
use crate::eval;
use crate::gradient::{Batch, Dropout, Gradient, Table, Target, learn};
use crate::rng::Rng;
use anyhow::{Context, Result};
use lagebild_core::Lang;
use lagebild_nlp::model::features::{Dictionary, Feature, Knowledge, Template, boundary, word_features};
use lagebild_nlp::model::kernel::Matrix;
use lagebild_nlp::model::network::{Layout, Linear, Network, Shape};
use lagebild_nlp::model::{Embedding, Model};
use lagebild_nlp::morph::Morphology;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::Instant;

/// The choices of a training run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Recipe {
    /// Passes over the data.
    epochs: usize,
    /// Words a step.
    batch: usize,
    /// Highest learning rate of Adam; it rises over the first steps and falls to zero.
    rate: f32,
    /// Seed of all randomness.
    seed: u64,
    /// Width of the word embedding.
    embed: usize,
    /// Width of one direction of the encoder.
    half: usize,
    /// Recurrent layers.
    layers: usize,
    /// The recurrent layer that is tagged.
    tag_layer: usize,
    /// Width of the arc scorer.
    arc: usize,
    /// Width of the label scorer.
    label: usize,
    /// Share of embedding values dropped.
    drop_input: f32,
    /// Share of hidden values dropped.
    drop_hidden: f32,
    /// Share of words that hide their form.
    drop_form: f32,
    /// A word seen this often hides its form half of the time.
    drop_rare: f32,
    /// Whether what the lexicon says is hidden with the form: the English one is made of the treebanks themselves, so
    /// that no word of the training is unknown to it.
    hide_lexicon: bool,
    /// Share of sentences that lose their final stop.
    drop_stop: f32,
    /// Share of short sentences that are cut to the manner of headlines.
    headlines: f32,
    /// Whether the full-form lexicon is used. The English one is made of the treebanks themselves: in training every
    /// word would be known, which is not so in the world.
    lexicon: bool,
    /// A feature seen less often gets no row.
    min_count: usize,
}

impl Recipe {
    /// The recipe of the shipped model.
    fn shipped(lang: Lang) -> Self {
        let german = Self {
            epochs: 9,
            batch: 400,
            rate: 2e-3,
            seed: 1,
            embed: 128,
            half: 128,
            layers: 3,
            tag_layer: 2,
            arc: 128,
            label: 128,
            drop_input: 0.15,
            drop_hidden: 0.3,
            drop_form: 0.2,
            drop_rare: 0.0,
            hide_lexicon: false,
            drop_stop: 0.08,
            headlines: 0.12,
            lexicon: true,
            min_count: 4,
        };
        match lang {
            Lang::De => german,
            Lang::En => Self {
                epochs: 12,
                batch: 300,
                drop_hidden: 0.33,
                drop_form: 0.25,
                hide_lexicon: true,
                lexicon: false,
                min_count: 3,
                ..german
            },
        }
    }

    /// The recipe of the shipped model, changed by settings such as `epochs=3`.
    ///
    /// # Errors
    /// When a setting has no such name, or a value of another kind.
    pub(crate) fn new(lang: Lang, settings: &[String]) -> Result<Self> {
        let mut all = serde_json::to_value(Self::shipped(lang))?;
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

/// The rows of a word: those that are hidden at times, as if the word were new, and the others.
#[derive(Default)]
struct Known {
    hidden: Vec<u32>,
    other: Vec<u32>,
    /// How often it occurs.
    count: usize,
}

/// The rows of every word of the corpus, by form and whether it begins its sentence.
type Vocabulary<'a> = HashMap<(&'a str, bool), Known>;

fn vocabulary<'a>(
    sentences: &'a [Sentence],
    knowledge: Knowledge<'_>,
    dictionary: &Dictionary,
    recipe: &Recipe,
) -> Vocabulary<'a> {
    let hides = |template| template == Template::Form || (template == Template::Lexicon && recipe.hide_lexicon);
    let mut vocabulary = Vocabulary::new();
    for (i, word) in sentences.iter().flat_map(|s| s.words.iter().enumerate()) {
        let known = vocabulary.entry((&word.form, i == 0)).or_insert_with(|| {
            let mut known = Known::default();
            word_features(&word.form, i == 0, knowledge, |feature| {
                let list = if hides(feature.template) {
                    &mut known.hidden
                } else {
                    &mut known.other
                };
                list.extend(dictionary.row(feature));
            });
            known
        });
        known.count += 1;
    }
    vocabulary
}

pub(crate) fn train(lang: Lang, corpus: &Corpus, recipe: &Recipe) -> Result<Model> {
    let start = Instant::now();
    let mut rng = Rng::new(recipe.seed);
    let knowledge = Knowledge {
        clusters: &corpus.clusters,
        morphology: recipe.lexicon.then(|| Morphology::get(lang)),
    };
    let dictionary = dictionary(&corpus.train, knowledge, recipe.min_count);
    let rows = dictionary.fingerprints().len();
    let words: usize = corpus.train.iter().map(|s| s.words.len()).sum();
    eval::log(&format!("{recipe:?}"));
    eval::log(&format!(
        "{} sentences, {words} words, {rows} features",
        corpus.train.len()
    ));

    let shape = Shape {
        embed: recipe.embed,
        half: recipe.half,
        layers: recipe.layers,
        tag_layer: recipe.tag_layer,
        arc: recipe.arc,
        label: recipe.label,
    };
    let vocabulary = vocabulary(&corpus.train, knowledge, &dictionary, recipe);
    let mut network = Network::zeros(shape);
    initialise(&mut network, &mut rng);
    let mut table = Table {
        rows: Matrix::zeros(rows, shape.embed),
        bias: vec![0.0; shape.embed],
    };
    // About twenty rows are summed.
    table.rows.data.iter_mut().for_each(|v| *v = (rng.unit() - 0.5) * 0.5);
    let mut adam = Adam::new(&network, &table);
    let mut gradient = Gradient::zeros(&network, &table);

    let mut order: Vec<usize> = Vec::new();
    for (i, sentence) in corpus.train.iter().enumerate() {
        order.extend(std::iter::repeat_n(i, sentence.copies));
    }
    let shown: usize = order.iter().map(|&i| corpus.train[i].words.len()).sum();
    let steps = (shown * recipe.epochs).div_ceil(recipe.batch).max(1);
    let dropout = Dropout {
        input: recipe.drop_input,
        hidden: recipe.drop_hidden,
    };
    let version = format!("{}-fast-{}", lang.code(), env!("CARGO_PKG_VERSION"));
    let model = |network: &Network, table: &Table| {
        Model::new(
            lang,
            version.clone(),
            corpus.clusters.clone(),
            dictionary.clone(),
            Embedding::quantised(&table.rows, &table.bias),
            network.clone(),
        )
    };

    let mut step = 0;
    for epoch in 0..recipe.epochs {
        rng.shuffle(&mut order);
        let (mut loss, mut seen, mut at) = (0.0, 0, 0);
        while at < order.len() {
            let mut sentences = Vec::new();
            let mut size = 0;
            while at < order.len() && size < recipe.batch {
                let sentence = &corpus.train[order[at]];
                at += 1;
                let shortened = if rng.chance(recipe.headlines) {
                    sentence.headline(|| rng.chance(0.8))
                } else if rng.chance(recipe.drop_stop) {
                    sentence.without_stop()
                } else {
                    None
                };
                let sentence = shortened.unwrap_or_else(|| sentence.clone());
                size += sentence.words.len();
                sentences.push(sentence);
            }
            let batch = batch(&sentences, &dictionary, &vocabulary, recipe, &mut rng);
            gradient.clear();
            loss += learn(&network, &table, &batch, dropout, &mut rng, &mut gradient);
            seen += size;
            step += 1;
            adam.step(&mut network, &mut table, &mut gradient, rate(recipe.rate, step, steps));
        }
        let trained = model(&network, &table);
        let annotate = |s: &[Vec<&str>]| trained.annotate(s);
        let measured = eval::Measured {
            lang,
            annotate: &annotate,
        };
        eval::log(&format!(
            "epoch {:2}  loss {:.4}  {}  {:.0} s",
            epoch + 1,
            loss / seen as f32,
            eval::brief(measured, &corpus.held_out),
            start.elapsed().as_secs_f64(),
        ));
    }
    Ok(model(&network, &table))
}

/// Rises over the first 300 steps, then falls to zero along a line.
pub(crate) fn rate(highest: f32, step: usize, steps: usize) -> f32 {
    let rise = (step as f32 / 300.0).min(1.0);
    let left = steps.saturating_sub(step) as f32 / steps as f32;
    highest * rise * left.max(0.002)
}

/// The features that occur often enough, the most frequent first.
fn dictionary(sentences: &[Sentence], knowledge: Knowledge<'_>, min_count: usize) -> Dictionary {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    for sentence in sentences {
        for (i, word) in sentence.words.iter().enumerate() {
            word_features(&word.form, i == 0, knowledge, |f| {
                *counts.entry(f.fingerprint).or_default() += 1
            });
        }
    }
    let mut frequent: Vec<(usize, u32)> = counts
        .into_iter()
        .filter(|&(_, n)| n >= min_count)
        .map(|(f, n)| (n, f))
        .collect();
    for end in [false, true] {
        frequent.push((usize::MAX, boundary(end).fingerprint));
    }
    frequent.sort_unstable_by(|a, b| b.cmp(a));
    Dictionary::new(frequent.into_iter().map(|(_, f)| f).collect())
}

fn batch(
    sentences: &[Sentence],
    dictionary: &Dictionary,
    vocabulary: &Vocabulary<'_>,
    recipe: &Recipe,
    rng: &mut Rng,
) -> Batch {
    let layout = Layout::new(sentences.iter().map(|s| s.words.len()));
    let row = |feature: Feature| dictionary.row(feature);
    let mut features: Vec<Vec<u32>> = vec![Vec::new(); layout.rows];
    features[0].extend(row(boundary(true)));
    for (sentence, &(root, length)) in sentences.iter().zip(&layout.sentences) {
        features[root].extend(row(boundary(false)));
        features[root + length + 1].extend(row(boundary(true)));
        for (i, word) in sentence.words.iter().enumerate() {
            let Some(known) = vocabulary.get(&(word.form.as_str(), i == 0)) else {
                continue;
            };
            let list = &mut features[root + 1 + i];
            // The rarer a word, the likelier it could have been unknown.
            let unknown = recipe.drop_rare / (recipe.drop_rare + known.count as f32);
            if !rng.chance(recipe.drop_form.max(unknown)) {
                list.extend(&known.hidden);
            }
            list.extend(&known.other);
        }
    }
    let targets = sentences
        .iter()
        .map(|s| {
            s.words
                .iter()
                .map(|w| Target {
                    tags: w.tags,
                    head: w.head,
                    dep: w.dep,
                    weight: w.weight,
                })
                .collect()
        })
        .collect();
    Batch {
        layout,
        features,
        targets,
    }
}

/// Uniform in the range of He et al. (2015) for ReLU layers and of Glorot and Bengio (2010) for the others.
fn initialise(network: &mut Network, rng: &mut Rng) {
    let mut fill = |values: &mut [f32], variance: f32| {
        let range = (3.0 * variance).sqrt();
        values.iter_mut().for_each(|v| *v = (rng.unit() * 2.0 - 1.0) * range);
    };
    let mut linear = |layer: &mut Linear, gain: f32| {
        let variance = gain / layer.weights.rows as f32;
        fill(&mut layer.weights.data, variance);
    };
    linear(&mut network.conv, 2.0);
    for layer in [
        &mut network.tag,
        &mut network.arc_dependant,
        &mut network.arc_head,
        &mut network.label_dependant,
        &mut network.label_head,
        &mut network.label,
    ] {
        linear(layer, 1.0);
    }
    // Attachment starts out undecided.
    linear(&mut network.arc, 0.1);
    for direction in network.layers.iter_mut().flatten() {
        linear(&mut direction.input, 1.0);
    }
    for cell in network.layers.iter_mut().flatten().flat_map(|d| &mut d.cell) {
        fill(cell, 0.1);
    }
}

/// Adam (Kingma and Ba 2015); rows of the embedding table move only when a batch touches them.
struct Adam {
    network: [Network; 2],
    table: [Table; 2],
    steps: i32,
}

impl Adam {
    const DECAY: [f32; 2] = [0.9, 0.98];

    fn new(network: &Network, table: &Table) -> Self {
        let zeros = || Gradient::zeros(network, table);
        let (first, second) = (zeros(), zeros());
        Self {
            network: [first.network, second.network],
            table: [first.table, second.table],
            steps: 0,
        }
    }

    fn step(&mut self, network: &mut Network, table: &mut Table, gradient: &mut Gradient, rate: f32) {
        self.steps += 1;
        // Long gradients, of rare odd sentences, are cut.
        let square: f32 = gradient
            .network
            .parameters_mut()
            .iter()
            .map(|(v, _)| v.iter().map(|x| x * x).sum::<f32>())
            .sum();
        let cut = (2.0 / square.sqrt().max(1e-9)).min(1.0);
        let [d1, d2] = Self::DECAY;
        let correction = (1.0 - d2.powi(self.steps)).sqrt() / (1.0 - d1.powi(self.steps));
        let rate = rate * correction;
        let update = |values: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32]| {
            for (((v, g), m), s) in values.iter_mut().zip(gradient).zip(first).zip(second) {
                let g = g * cut;
                *m = d1 * *m + (1.0 - d1) * g;
                *s = d2 * *s + (1.0 - d2) * g * g;
                *v -= rate * *m / (s.sqrt() + 1e-8);
            }
        };
        let [first, second] = &mut self.network;
        let parts = network
            .parameters_mut()
            .into_iter()
            .zip(gradient.network.parameters_mut())
            .zip(first.parameters_mut())
            .zip(second.parameters_mut());
        for ((((v, _), (g, _)), (m, _)), (s, _)) in parts {
            update(v, g, m, s);
        }
        let [first, second] = &mut self.table;
        update(&mut table.bias, &gradient.table.bias, &mut first.bias, &mut second.bias);
        gradient.touched.sort_unstable();
        gradient.touched.dedup();
        for &row in &gradient.touched {
            let row = row as usize;
            update(
                table.rows.row_mut(row),
                gradient.table.rows.row(row),
                first.rows.row_mut(row),
                second.rows.row_mut(row),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_change_the_recipe() {
        let recipe = Recipe::new(Lang::En, &["epochs=3".into(), "rate=0.001".into()]).unwrap();
        assert_eq!((recipe.epochs, recipe.rate, recipe.lexicon), (3, 0.001, false));
        for wrong in ["epoch=3", "epochs=many", "epochs"] {
            assert!(Recipe::new(Lang::De, &[wrong.into()]).is_err());
        }
    }
}
