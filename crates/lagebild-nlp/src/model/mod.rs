//! The statistical model of a language: what it knows, how it is stored, how it is run.
//!
//! A model file holds a header (magic bytes, format version, language, checksum) and a zstd-compressed body: the name
//! of the model, Brown clusters, the feature dictionary, the embedding table in 8 bits and the network in 16 bits.
//! `cargo run --release -p lagebild-train` writes it; `models/README.md` says what it was trained on.

pub mod features;
pub(crate) mod file;
pub(crate) mod int8;
pub mod kernel;
pub mod network;
mod predictor;

use crate::kept::Kept;
use crate::morph::Morphology;
use crate::parser;
use crate::tagger::{self, Tagger};
use features::{Clusters, Dictionary, Feature, Knowledge, boundary, word_features};
pub use file::ModelError;
use file::{FORMAT, Input, put_size, put_text};
use kernel::Matrix;
use lagebild_core::{Dep, Lang, Morph, Upos};
use network::{Layout, Network, Shape, arc_scores};
use predictor::{Predictor, Scores, Within};
use pulp::Arch;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// Words a batch: enough to keep the processor busy, little enough to stay in its cache.
const BATCH_WORDS: usize = 256;
/// Words that are kept for later texts, those that begin a sentence apart from the others.
const KEPT: usize = 1 << 13;
/// Longer sentences, which no newspaper writes, are parsed in pieces.
const LONGEST: usize = 400;

/// The embedding table: one row of 8-bit weights a feature, each row with its scale.
#[derive(Clone, Debug, Default)]
pub struct Embedding {
    /// Values a row.
    pub width: usize,
    /// The step between two weights of a row.
    pub scales: Vec<f32>,
    /// The weights, in steps.
    pub weights: Vec<i8>,
    /// Added to every sum.
    pub bias: Vec<f32>,
}

impl Embedding {
    /// Rounds a table of rows to 8 bits.
    #[must_use]
    pub fn quantised(table: &Matrix, bias: &[f32]) -> Self {
        let (mut scales, mut weights) = (Vec::with_capacity(table.rows), Vec::with_capacity(table.data.len()));
        for i in 0..table.rows {
            let row = table.row(i);
            let largest = row.iter().fold(0.0f32, |m, x| m.max(x.abs()));
            let scale = largest / 127.0;
            scales.push(scale);
            let steps = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            weights.extend(row.iter().map(|x| (x * steps).round() as i8));
        }
        Self {
            width: table.cols,
            scales,
            weights,
            bias: bias.to_vec(),
        }
    }

    /// Adds row `row` to `sum`.
    #[inline(always)]
    pub(crate) fn add(&self, row: u32, sum: &mut [f32]) {
        let at = row as usize * self.width;
        let scale = self.scales[row as usize];
        for (sum, &weight) in sum.iter_mut().zip(&self.weights[at..at + self.width]) {
            *sum += scale * f32::from(weight);
        }
    }
}

/// Tags, head and relation of a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Syntax {
    /// Part of speech.
    pub pos: Upos,
    /// Morphology.
    pub morph: Morph,
    /// Its head in the sentence, counted from 1; 0 for the root.
    pub head: usize,
    /// Relation to the head.
    pub dep: Dep,
}

/// A trained model.
#[derive(Debug)]
pub struct Model {
    /// Its language.
    pub lang: Lang,
    /// Its name for the record of what made a reading, such as `de-fast-0.1.0+5c1f09aa`: language, grade, version of the
    /// trainer, and the first digits of the checksum of its file (which a model fresh from training does not have yet).
    pub version: String,
    /// Brown clusters.
    pub clusters: Clusters,
    /// Rows of the features.
    pub dictionary: Dictionary,
    /// Embedding of the features.
    pub embedding: Embedding,
    /// The network as it was trained, to be written.
    network: Network,
    /// The network as it is run.
    predictor: Predictor,
    /// Words within a sentence, and words that begin one.
    kept: [Kept<Arc<Word>>; 2],
}

/// What is looked up for a word: it depends on nothing but the form and whether it begins its sentence.
struct Word {
    /// Sum of its embedding rows.
    sum: Vec<f32>,
    /// What the lexicon says it can be.
    bundles: Vec<tagger::Bundle>,
}

/// The words of a text, each looked up once.
type Vocabulary<'a> = HashMap<(&'a str, bool), Arc<Word>>;

/// The matrices of a run of the network.
#[derive(Default)]
struct Work {
    x: Matrix,
    within: Within,
    scores: Scores,
}

thread_local! {
    static WORK: RefCell<Work> = RefCell::default();
}

/// What the network computed for some pieces of sentences.
struct Batch<'b, 'a, S> {
    /// The sentence of each piece, and the number of its first word there.
    at: &'b [(usize, usize)],
    pieces: &'b [&'a [S]],
    known: &'b Vocabulary<'a>,
    layout: &'b Layout,
    scores: &'b Scores,
}

/// One of the models that are compiled in, whose file the build script has checked and unpacked: packed it is hardly
/// smaller, and unpacking took longer than all else of a start.
macro_rules! built_in {
    ($lang:literal) => {
        LazyLock::new(|| {
            let body = include_bytes!(concat!(env!("OUT_DIR"), "/", $lang, ".body"));
            let digest = include_str!(concat!(env!("OUT_DIR"), "/", $lang, ".digest"));
            // The body is part of the program and read by its tests.
            Model::unpacked(body, digest).unwrap_or_else(|e| panic!("built-in model: {e}"))
        })
    };
}

static GERMAN: LazyLock<Model> = built_in!("de");
static ENGLISH: LazyLock<Model> = built_in!("en");

impl Model {
    /// A model of its parts.
    #[must_use]
    pub fn new(
        lang: Lang,
        version: String,
        clusters: Clusters,
        dictionary: Dictionary,
        embedding: Embedding,
        network: Network,
    ) -> Self {
        Self {
            lang,
            version,
            clusters,
            dictionary,
            embedding,
            predictor: Predictor::of(&network),
            network,
            kept: [Kept::new(KEPT), Kept::new(KEPT)],
        }
    }

    /// The built-in model of a language, read at the first call.
    #[must_use]
    pub fn get(lang: Lang) -> &'static Self {
        match lang {
            Lang::De => &GERMAN,
            Lang::En => &ENGLISH,
        }
    }

    /// Tags and parses tokenised sentences. Each result is a tree: every word reaches the one root.
    #[must_use]
    pub fn annotate<S: AsRef<str>>(&self, sentences: &[Vec<S>]) -> Vec<Vec<Syntax>> {
        let mut out: Vec<Vec<Syntax>> = vec![Vec::new(); sentences.len()];
        self.batches(sentences, |batch| self.decode(&batch, &mut out));
        out
    }

    /// Runs the network and tells for each batch where its pieces of sentences come from (sentence and first word), their words, and
    /// the states of the recurrent layer that is tagged, one row a row of the layout.
    pub fn states<'a, S: AsRef<str>>(
        &self,
        sentences: &'a [Vec<S>],
        mut see: impl FnMut(&[(usize, usize)], &[&'a [S]], &Matrix, &Layout),
    ) {
        self.batches(sentences, |batch| {
            see(batch.at, batch.pieces, &batch.scores.states, batch.layout)
        });
    }

    /// Runs the network over sentences, batch by batch.
    fn batches<'a, S: AsRef<str>>(&self, sentences: &'a [Vec<S>], mut see: impl FnMut(Batch<'_, 'a, S>)) {
        // Sentences that are too long go in pieces, whose roots then hang from the first.
        let (mut at, mut pieces): (Vec<(usize, usize)>, Vec<&'a [S]>) = (Vec::new(), Vec::new());
        for (i, words) in sentences.iter().enumerate() {
            for (k, piece) in words.chunks(LONGEST).enumerate() {
                at.push((i, k * LONGEST));
                pieces.push(piece);
            }
        }
        let mut known = Vocabulary::new();
        // The matrices of the last text are used again: they are large enough to be fetched from the system each time.
        let mut work = WORK.take();
        let mut start = 0;
        while start < pieces.len() {
            let (mut end, mut words) = (start, 0);
            while end < pieces.len() && (end == start || words + pieces[end].len() <= BATCH_WORDS) {
                words += pieces[end].len();
                end += 1;
            }
            let layout = self.scores(&pieces[start..end], &mut known, &mut work);
            see(Batch {
                at: &at[start..end],
                pieces: &pieces[start..end],
                known: &known,
                layout: &layout,
                scores: &work.scores,
            });
            start = end;
        }
        WORK.set(work);
    }

    /// Runs the network over a batch. `known` keeps what was looked up for each word.
    fn scores<'a, S: AsRef<str>>(
        &self,
        sentences: &[&'a [S]],
        known: &mut Vocabulary<'a>,
        Work { x, within, scores }: &mut Work,
    ) -> Layout {
        let layout = Layout::new(sentences.iter().map(|s| s.len()));
        x.reset(layout.rows, self.embedding.width);
        self.embed(boundary(true), x.row_mut(0));
        for (words, &(root, length)) in sentences.iter().zip(&layout.sentences) {
            self.embed(boundary(false), x.row_mut(root));
            self.embed(boundary(true), x.row_mut(root + length + 1));
            for (i, word) in words.iter().enumerate() {
                let word = known
                    .entry((word.as_ref(), i == 0))
                    .or_insert_with_key(|&(form, first)| self.word(form, first));
                x.row_mut(root + 1 + i).copy_from_slice(&word.sum);
            }
        }
        for row in x.data.chunks_exact_mut(self.embedding.width) {
            for (value, bias) in row.iter_mut().zip(&self.embedding.bias) {
                *value = (*value + bias).max(0.0);
            }
        }
        self.predictor.scores(x, &layout, within, scores);
        layout
    }

    /// Appends the syntax of the pieces of a batch to their sentences.
    fn decode<S: AsRef<str>>(&self, batch: &Batch<'_, '_, S>, out: &mut [Vec<Syntax>]) {
        let scores = batch.scores;
        let mut arcs = Matrix::default();
        for ((&sentence, words), &(i, _)) in batch.layout.sentences.iter().zip(batch.pieces).zip(batch.at) {
            arc_scores(
                &scores.arc_heads,
                &scores.arc_forms,
                &scores.arc_distances,
                sentence,
                &mut arcs,
            );
            let rows: Vec<&[f32]> = (1..=words.len()).map(|i| scores.tags.row(sentence.0 + i)).collect();
            let bundles: Vec<&[tagger::Bundle]> = words
                .iter()
                .enumerate()
                .map(|(i, word)| {
                    batch
                        .known
                        .get(&(word.as_ref(), i == 0))
                        .map_or(&[][..], |w| &w.bundles)
                })
                .collect();
            let tagger = Tagger::new(self.lang, &rows, &bundles);
            let mut syntax = decode(&arcs, &tagger, |heads, labels| {
                self.predictor.label_scores(scores, sentence, heads, labels);
            });
            join(&mut out[i], &mut syntax);
        }
    }

    fn embed(&self, feature: Feature, sum: &mut [f32]) {
        if let Some(row) = self.dictionary.row(feature) {
            self.embedding.add(row, sum);
        }
    }

    fn word(&self, form: &str, first: bool) -> Arc<Word> {
        self.kept[usize::from(first)].get(form, || Arc::new(self.made_word(form, first)))
    }

    fn made_word(&self, form: &str, first: bool) -> Word {
        let morphology = Morphology::get(self.lang);
        let knowledge = Knowledge {
            clusters: &self.clusters,
            morphology: self.dictionary.has_lexicon().then_some(morphology),
        };
        let mut rows = Vec::new();
        word_features(form, first, knowledge, |feature| {
            rows.extend(self.dictionary.row(feature))
        });
        let mut sum = vec![0.0; self.embedding.width];
        Arch::new().dispatch(|| {
            for &row in &rows {
                self.embedding.add(row, &mut sum);
            }
        });
        Word {
            sum,
            bundles: tagger::bundles(self.lang, form),
        }
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// When it is none, of another format version, or damaged.
    pub fn read(file: &[u8]) -> Result<Self, ModelError> {
        let (body, digest) = file::open(file, FORMAT)?;
        Self::unpacked(&body, &digest)
    }

    /// The model with this body, of a file with this `digest`.
    fn unpacked(body: &[u8], digest: &str) -> Result<Self, ModelError> {
        let mut input = Input(body);
        let lang = Lang::from_code(&input.text()?).ok_or(ModelError::Content("unknown language"))?;
        let version = format!("{}+{digest}", input.text()?);
        let count = input.size()?;
        let fingerprints = input.u32s(count)?;
        let numbers = input.u16s(count)?;
        let clusters = Clusters::new(fingerprints.into_iter().zip(numbers));
        let rows = input.size()?;
        let dictionary = Dictionary::new(input.u32s(rows)?);
        let shape = Shape {
            embed: input.size()?,
            half: input.size()?,
            layers: input.size()?,
            tag_layer: input.size()?,
            arc: input.size()?,
            label: input.size()?,
        };
        let sizes = [shape.embed, shape.half, shape.layers, shape.arc, shape.label];
        if sizes.iter().any(|&n| n == 0 || n > 4096) || !(1..=shape.layers).contains(&shape.tag_layer) {
            return Err(ModelError::Content("impossible layer size"));
        }
        let bias = input.f32s(shape.embed)?;
        let scales = input.f32s(rows)?;
        let weights = input
            .take(rows * shape.embed)
            .ok_or(ModelError::Content("embedding cut short"))?
            .iter()
            .map(|&b| b.cast_signed())
            .collect();
        let embedding = Embedding {
            width: shape.embed,
            scales,
            weights,
            bias,
        };
        let mut network = Network::zeros(shape);
        for (values, row) in network.parameters_mut() {
            for part in values.chunks_mut(row) {
                let scale = input.f32()?;
                let steps = input.u16s(part.len())?;
                for (value, step) in part.iter_mut().zip(steps) {
                    *value = scale * f32::from(step.cast_signed());
                }
            }
        }
        Ok(Self::new(lang, version, clusters, dictionary, embedding, network))
    }

    /// Writes a model file.
    ///
    /// # Errors
    /// When compression fails.
    pub fn write(&self) -> Result<Vec<u8>, ModelError> {
        let mut body = Vec::new();
        put_text(&mut body, self.lang.code());
        put_text(&mut body, self.version.split('+').next().unwrap_or_default());
        let pairs = self.clusters.pairs();
        put_size(&mut body, pairs.len());
        body.extend(pairs.iter().flat_map(|(f, _)| f.to_le_bytes()));
        body.extend(pairs.iter().flat_map(|(_, c)| c.to_le_bytes()));
        put_size(&mut body, self.dictionary.fingerprints().len());
        body.extend(self.dictionary.fingerprints().iter().flat_map(|f| f.to_le_bytes()));
        let Shape {
            embed,
            half,
            layers,
            tag_layer,
            arc,
            label,
        } = self.network.shape;
        for size in [embed, half, layers, tag_layer, arc, label] {
            put_size(&mut body, size);
        }
        body.extend(self.embedding.bias.iter().flat_map(|x| x.to_le_bytes()));
        body.extend(self.embedding.scales.iter().flat_map(|x| x.to_le_bytes()));
        body.extend(self.embedding.weights.iter().map(|x| x.cast_unsigned()));
        for (values, row) in self.network.clone().parameters_mut() {
            for part in values.chunks(row) {
                let scale = part.iter().fold(0.0f32, |m, x| m.max(x.abs())) / f32::from(i16::MAX);
                let steps = if scale > 0.0 { 1.0 / scale } else { 0.0 };
                body.extend(scale.to_le_bytes());
                body.extend(part.iter().flat_map(|x| ((x * steps).round() as i16).to_le_bytes()));
            }
        }
        file::seal(&body, FORMAT)
    }
}

/// The syntax of a sentence from the scores of a network, whichever it is.
///
/// `arcs` is as [`parser::tree`] takes it; `score` writes the scores of relations under heads as [`parser::relations`] takes them.
pub(crate) fn decode(arcs: &Matrix, tagger: &Tagger<'_>, score: impl FnOnce(&[usize], &mut Matrix)) -> Vec<Syntax> {
    let heads = parser::tree(arcs);
    let mut labels = Matrix::default();
    score(&heads, &mut labels);
    let deps = parser::relations(&labels, &heads, tagger.barred(&heads));
    let tags = tagger.tags(&heads, &deps);
    tags.into_iter()
        .zip(heads)
        .zip(deps)
        .map(|(((pos, morph), head), dep)| Syntax { pos, morph, head, dep })
        .collect()
}

/// Appends a piece to a sentence; its root becomes a dependant of the root of the sentence.
pub(crate) fn join(sentence: &mut Vec<Syntax>, piece: &mut Vec<Syntax>) {
    let offset = sentence.len();
    if let Some(root) = sentence.iter().position(|w| w.head == 0) {
        for word in piece.iter_mut() {
            if word.head == 0 {
                word.head = root + 1;
                word.dep = Dep::Parataxis;
            } else {
                word.head += offset;
            }
        }
    }
    sentence.append(piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiny() -> Model {
        let shape = Shape {
            embed: 16,
            half: 16,
            layers: 2,
            tag_layer: 1,
            arc: 16,
            label: 16,
        };
        let mut network = Network::zeros(shape);
        for (i, (values, _)) in network.parameters_mut().into_iter().enumerate() {
            for (j, value) in values.iter_mut().enumerate() {
                *value = ((i * 31 + j * 17) % 64) as f32 / 64.0 - 0.5;
            }
        }
        let mut table = Matrix::zeros(2, 16);
        table.data.iter_mut().enumerate().for_each(|(i, x)| *x = i as f32);
        Model::new(
            Lang::De,
            "de-test".into(),
            Clusters::new([(Clusters::fingerprint("Moskau"), 7)]),
            Dictionary::new(vec![boundary(false).fingerprint, boundary(true).fingerprint]),
            Embedding::quantised(&table, &[0.5; 16]),
            network,
        )
    }

    #[test]
    fn a_model_file_reads_back() {
        let model = tiny();
        let mut read = Model::read(&model.write().unwrap()).unwrap();
        assert!(
            read.lang == Lang::De && read.version.starts_with("de-test+"),
            "{}",
            read.version
        );
        assert_eq!(read.write().unwrap(), model.write().unwrap());
        assert_eq!((read.clusters.of("Moskau"), read.clusters.of("Kiew")), (7, 0));
        assert_eq!(read.embedding.weights, model.embedding.weights);
        for ((a, _), (b, _)) in read
            .network
            .parameters_mut()
            .iter()
            .zip(tiny().network.parameters_mut())
        {
            for (a, b) in a.iter().zip(b.iter()) {
                assert!((a - b).abs() < 1e-4);
            }
        }
        let sentence = vec![vec!["Moskau", "schweigt", "."]];
        assert_eq!(read.annotate(&sentence), model.annotate(&sentence));
    }

    #[test]
    fn what_is_no_model_is_refused() {
        let file = tiny().write().unwrap();
        assert!(matches!(Model::read(b"LAGE"), Err(ModelError::Magic)));
        assert!(matches!(Model::read(b"something else"), Err(ModelError::Magic)));
        assert!(matches!(
            Model::read(&file[..file.len() - 1]),
            Err(ModelError::Checksum)
        ));
        let mut later = file.clone();
        later[8] += 1;
        let error = Model::read(&later).unwrap_err();
        assert!(
            matches!(
                error,
                ModelError::Format {
                    found: 2,
                    reads: FORMAT
                }
            ),
            "{error}"
        );
        for at in 8..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 0x40;
            assert!(Model::read(&damaged).is_err(), "byte {at}");
        }
    }

    #[test]
    fn nothing_gives_nothing() {
        let model = tiny();
        assert!(model.annotate::<&str>(&[]).is_empty());
        assert_eq!(
            model
                .annotate(&[Vec::<&str>::new(), vec!["Ja"]])
                .iter()
                .map(Vec::len)
                .collect::<Vec<_>>(),
            [0, 1]
        );
    }
}
