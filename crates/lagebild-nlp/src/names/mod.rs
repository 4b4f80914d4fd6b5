//! Names in sentences: persons, places, organisations and others.
//!
//! A small head stands on the tagging and parsing network of a language, which it leaves as it is. For each word it sees the state
//! of a recurrent layer, an embedding of its own of the word and its neighbours ([`word_features`] and
//! what the [`Gazetteer`] knows), one hidden layer, and scores the labels of the BIO scheme; the best sequence of labels is
//! found by Viterbi over learned transitions (a linear-chain conditional random field, Lafferty et al. 2001).
//!
//! `cargo run --release -p lagebild-train -- names de` makes `models/de.names`, `docs/models.md` says what was tried.

mod gazetteer;

pub use gazetteer::{Classes, Gazetteer};

use crate::model::features::{Dictionary, Feature, Knowledge, boundary, word_features};
use crate::model::file::{self, Input, ModelError, put_size, put_text};
use crate::model::int8::{Activations, Layer};
use crate::model::kernel::Matrix;
use crate::model::network::{Layout, Linear, relu};
use crate::model::{Embedding, Model};
use crate::morph::Morphology;
use lagebild_core::{Lang, NameKind};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Version of the format of the files, raised when an older program could not read, or would misread, a new file. It counts apart
/// from those of the other models, so that none is taken for another.
pub(crate) const FORMAT: u32 = 2001;

/// Labels of the BIO scheme: outside, and begin and inside of each kind.
pub const LABELS: usize = 1 + 2 * NameKind::ALL.len();
/// Columns of the scores of labels: padded to a vector multiple.
pub const LABEL_COLUMNS: usize = 16;
/// The row of the transitions that tells with which label a sentence begins.
pub const START: usize = LABELS;

/// The label of a word that begins or continues a name.
#[must_use]
pub fn label(kind: NameKind, inside: bool) -> usize {
    1 + 2 * kind as usize + usize::from(inside)
}

/// Whether a label may follow another one (or [`START`]): a name is continued only where it has begun.
#[must_use]
pub fn may_follow(before: usize, next: usize) -> bool {
    let inside = next > 0 && next.is_multiple_of(2);
    !inside || (before < LABELS && (before == next || before + 1 == next))
}

/// A name in a sentence: its words, counted from 0, and its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The words.
    pub words: Range<usize>,
    /// The kind.
    pub kind: NameKind,
}

/// The names that a sequence of labels means.
#[must_use]
pub fn names_of(labels: &[usize]) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    let mut open = false;
    for (i, &label) in labels.iter().enumerate() {
        let kind = label.checked_sub(1).and_then(|l| NameKind::ALL.get(l / 2)).copied();
        let inside = label > 0 && label.is_multiple_of(2);
        match (kind, out.last_mut()) {
            (Some(kind), Some(last)) if inside && open && last.kind == kind => last.words.end = i + 1,
            (Some(kind), _) => out.push(Found { words: i..i + 1, kind }),
            (None, _) => {}
        }
        open = kind.is_some();
    }
    out
}

/// The sizes of the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Width of the states of the network below.
    pub state: usize,
    /// Width of its own word embedding.
    pub embed: usize,
    /// How many neighbours it sees on each side.
    pub radius: usize,
    /// Width of the hidden layer.
    pub hidden: usize,
}

impl Shape {
    /// Inputs of the hidden layer: the state, then the embeddings of the word and its neighbours from left to right.
    #[must_use]
    pub fn inputs(self) -> usize {
        self.state + (2 * self.radius + 1) * self.embed
    }
}

/// The parameters, but for the embedding table.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The hidden layer.
    pub hidden: Linear,
    /// Scores of the labels.
    pub out: Linear,
    /// Score of a label (column) after another one (row) or at the start of a sentence.
    pub transitions: Matrix,
}

impl Head {
    /// All zeros.
    #[must_use]
    pub fn zeros(shape: Shape) -> Self {
        Self {
            hidden: Linear::zeros(shape.inputs(), shape.hidden),
            out: Linear::zeros(shape.hidden, LABEL_COLUMNS),
            transitions: Matrix::zeros(LABELS + 1, LABEL_COLUMNS),
        }
    }

    /// All parameters as slices with the length of a row, in the order of the file.
    pub fn parameters_mut(&mut self) -> [(&mut [f32], usize); 5] {
        let (hidden, out) = (self.hidden.bias.len(), self.out.bias.len());
        [
            (&mut self.hidden.weights.data, hidden),
            (&mut self.hidden.bias, hidden),
            (&mut self.out.weights.data, out),
            (&mut self.out.bias, out),
            (&mut self.transitions.data, LABEL_COLUMNS),
        ]
    }
}

/// Puts the inputs of the hidden layer side by side: states and the embeddings around each row.
pub fn inputs(shape: Shape, states: &Matrix, embedded: &Matrix, out: &mut Matrix) {
    out.reset(states.rows, shape.inputs());
    for i in 0..states.rows {
        let row = out.row_mut(i);
        row[..shape.state].copy_from_slice(states.row(i));
        for (k, part) in row[shape.state..].chunks_exact_mut(shape.embed).enumerate() {
            if let Some(from) = (i + k).checked_sub(shape.radius).filter(|&from| from < embedded.rows) {
                part.copy_from_slice(embedded.row(from));
            }
        }
    }
}

/// The best sequence of labels: `scores` has a row a word.
#[must_use]
pub fn viterbi(scores: &[&[f32]], transitions: &Matrix) -> Vec<usize> {
    let mut best = [0.0f32; LABELS];
    let mut back: Vec<[u8; LABELS]> = Vec::with_capacity(scores.len());
    for (i, row) in scores.iter().enumerate() {
        let mut next = [f32::NEG_INFINITY; LABELS];
        let mut from = [0u8; LABELS];
        for label in 0..LABELS {
            let before = if i == 0 { START..START + 1 } else { 0..LABELS };
            for b in before.filter(|&b| may_follow(b, label)) {
                let so_far = if i == 0 { 0.0 } else { best[b] };
                let score = so_far + transitions.row(b)[label] + row[label];
                if score > next[label] {
                    next[label] = score;
                    from[label] = b as u8;
                }
            }
        }
        best = next;
        back.push(from);
    }
    let mut label = (0..LABELS).fold(0, |m, l| if best[l] > best[m] { l } else { m });
    let mut out = vec![0; scores.len()];
    for (slot, from) in out.iter_mut().zip(&back).rev() {
        *slot = label;
        label = from[label].into();
    }
    out
}

/// What is looked up for a word: it depends on nothing but the form and whether it begins its sentence.
struct Word {
    /// Sum of its embedding rows.
    sum: Vec<f32>,
    /// What the gazetteer knows of it alone.
    known: Classes,
}

/// The words of a text, each looked up once.
#[derive(Default)]
pub(crate) struct Vocabulary<'a>(HashMap<(&'a str, bool), Word>);

/// A model of names, for the network of one language.
#[derive(Clone, Debug)]
pub struct Names {
    /// Its language.
    pub lang: Lang,
    /// Its name for records, such as `de-names-0.1.0+5c1f09aa`.
    pub version: String,
    /// The version of the network that it stands on: with another one its figures mean nothing.
    pub base: String,
    /// Its sizes.
    pub shape: Shape,
    /// Whether the full-form lexicon is asked.
    lexicon: bool,
    gazetteer: Gazetteer,
    dictionary: Dictionary,
    embedding: Embedding,
    /// The parameters as they were trained, to be written.
    head: Head,
    hidden: Layer,
    out: Layer,
}

/// One of the models that are compiled in, whose file the build script has checked and unpacked.
macro_rules! built_in {
    ($lang:literal) => {
        LazyLock::new(|| {
            let body = include_bytes!(concat!(env!("OUT_DIR"), "/", $lang, ".names.body"));
            let digest = include_str!(concat!(env!("OUT_DIR"), "/", $lang, ".names.digest"));
            // The body is part of the program and read by its tests.
            Names::unpacked(body, digest).unwrap_or_else(|e| panic!("built-in model of names: {e}"))
        })
    };
}

static GERMAN: LazyLock<Names> = built_in!("de");
static ENGLISH: LazyLock<Names> = built_in!("en");

impl Names {
    /// A model of its parts.
    #[must_use]
    #[allow(
        clippy::too_many_arguments,
        reason = "the parts of a file, put together at one place"
    )]
    pub fn new(
        base: &Model,
        version: String,
        shape: Shape,
        gazetteer: Gazetteer,
        dictionary: Dictionary,
        embedding: Embedding,
        head: Head,
    ) -> Self {
        Self::of_parts(
            base.lang,
            version,
            base.version.clone(),
            shape,
            gazetteer,
            dictionary,
            embedding,
            head,
        )
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the parts of a file, put together at one place"
    )]
    fn of_parts(
        lang: Lang,
        version: String,
        base: String,
        shape: Shape,
        gazetteer: Gazetteer,
        dictionary: Dictionary,
        embedding: Embedding,
        head: Head,
    ) -> Self {
        Self {
            lang,
            version,
            base,
            shape,
            lexicon: dictionary.has_lexicon(),
            gazetteer,
            dictionary,
            embedding,
            hidden: Layer::rounded(&head.hidden),
            out: Layer::rounded(&head.out),
            head,
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

    /// Finds the names of tokenised sentences, with the network that the model stands on.
    #[must_use]
    pub fn find<S: AsRef<str>>(&self, base: &Model, sentences: &[Vec<S>]) -> Vec<Vec<Found>> {
        let mut finder = Finder::new(self, base, sentences.len());
        base.states(sentences, |sentence, pieces, states, layout| {
            finder.batch(sentence, pieces, states, layout);
        });
        // No English corpus marks names of the fourth kind: a word that none marks may be one or no name, and is as often called the one as
        // the other.
        if self.lang == Lang::En {
            for names in &mut finder.found {
                names.retain(|name| name.kind != NameKind::Other);
            }
        }
        finder.found
    }

    fn word(&self, base: &Model, form: &str, first: bool) -> Word {
        let knowledge = Knowledge {
            clusters: &base.clusters,
            morphology: self.lexicon.then(|| Morphology::get(self.lang)),
        };
        let mut sum = vec![0.0; self.embedding.width];
        word_features(form, first, knowledge, |feature| self.embed(feature, &mut sum));
        Word {
            sum,
            known: self.gazetteer.alone(form),
        }
    }

    fn embed(&self, feature: Feature, sum: &mut [f32]) {
        if let Some(row) = self.dictionary.row(feature) {
            self.embedding.add(row, sum);
        }
    }

    /// Reads a file.
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
        let base = input.text()?;
        let known = input.size()?;
        let fingerprints = input.u32s(known)?;
        let classes = input.u16s(known)?;
        let gazetteer = Gazetteer::of_parts(fingerprints.into_iter().zip(classes.into_iter().map(Classes)));
        let rows = input.size()?;
        let dictionary = Dictionary::new(input.u32s(rows)?);
        let shape = Shape {
            state: input.size()?,
            embed: input.size()?,
            radius: input.size()?,
            hidden: input.size()?,
        };
        let sizes = [shape.state, shape.embed, shape.hidden];
        if sizes.iter().any(|&n| n == 0 || n > 2048 || !n.is_multiple_of(16)) || shape.radius > 4 {
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
        let mut head = Head::zeros(shape);
        for (values, _) in head.parameters_mut() {
            let read = input.f32s(values.len())?;
            values.copy_from_slice(&read);
        }
        Ok(Self::of_parts(
            lang, version, base, shape, gazetteer, dictionary, embedding, head,
        ))
    }

    /// Writes a file.
    ///
    /// # Errors
    /// When compression fails.
    pub fn write(&self) -> Result<Vec<u8>, ModelError> {
        let mut body = Vec::new();
        put_text(&mut body, self.lang.code());
        put_text(&mut body, self.version.split('+').next().unwrap_or_default());
        put_text(&mut body, &self.base);
        let known = self.gazetteer.parts();
        put_size(&mut body, known.len());
        body.extend(known.iter().flat_map(|(f, _)| f.to_le_bytes()));
        body.extend(known.iter().flat_map(|(_, c)| c.0.to_le_bytes()));
        put_size(&mut body, self.dictionary.fingerprints().len());
        body.extend(self.dictionary.fingerprints().iter().flat_map(|f| f.to_le_bytes()));
        let Shape {
            state,
            embed,
            radius,
            hidden,
        } = self.shape;
        for size in [state, embed, radius, hidden] {
            put_size(&mut body, size);
        }
        body.extend(self.embedding.bias.iter().flat_map(|x| x.to_le_bytes()));
        body.extend(self.embedding.scales.iter().flat_map(|x| x.to_le_bytes()));
        body.extend(self.embedding.weights.iter().map(|x| x.cast_unsigned()));
        for (values, _) in self.head.clone().parameters_mut() {
            body.extend(values.iter().flat_map(|x| x.to_le_bytes()));
        }
        file::seal(&body, FORMAT)
    }
}

/// Finds the names of a text batch by batch, while its network runs.
pub(crate) struct Finder<'a> {
    names: &'a Names,
    base: &'a Model,
    known: Vocabulary<'a>,
    /// The names of each sentence.
    pub(crate) found: Vec<Vec<Found>>,
    embedded: Matrix,
    inputs: Matrix,
    activations: Activations,
    hidden: Matrix,
    scores: Matrix,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(names: &'a Names, base: &'a Model, sentences: usize) -> Self {
        Self {
            names,
            base,
            known: Vocabulary::default(),
            found: vec![Vec::new(); sentences],
            embedded: Matrix::default(),
            inputs: Matrix::default(),
            activations: Activations::default(),
            hidden: Matrix::default(),
            scores: Matrix::default(),
        }
    }

    /// Finds the names of a batch: pieces of sentences, each with the number of its sentence and of its first word there.
    pub(crate) fn batch<S: AsRef<str>>(
        &mut self,
        at: &[(usize, usize)],
        pieces: &[&'a [S]],
        states: &Matrix,
        layout: &Layout,
    ) {
        let names = self.names;
        if states.cols != names.shape.state {
            return;
        }
        self.embedded.reset(layout.rows, names.shape.embed);
        names.embed(boundary(true), self.embedded.row_mut(0));
        for (words, &(root, length)) in pieces.iter().zip(&layout.sentences) {
            names.embed(boundary(false), self.embedded.row_mut(root));
            names.embed(boundary(true), self.embedded.row_mut(root + length + 1));
            let mut known = Vec::with_capacity(length);
            for (i, word) in words.iter().enumerate() {
                let (form, first) = (word.as_ref(), i == 0);
                let word = self.known.0.entry((form, first));
                let word = word.or_insert_with(|| names.word(self.base, form, first));
                self.embedded.row_mut(root + 1 + i).copy_from_slice(&word.sum);
                known.push(word.known);
            }
            names.gazetteer.features(
                &known,
                |i| words[i].as_ref(),
                |i, feature| names.embed(feature, self.embedded.row_mut(root + 1 + i)),
            );
        }
        for row in self.embedded.data.chunks_exact_mut(names.shape.embed) {
            for (value, bias) in row.iter_mut().zip(&names.embedding.bias) {
                *value = (*value + bias).max(0.0);
            }
        }
        inputs(names.shape, states, &self.embedded, &mut self.inputs);
        self.activations.set(&self.inputs);
        names.hidden.apply(&self.activations, &mut self.hidden);
        relu(&mut self.hidden.data);
        self.activations.set(&self.hidden);
        names.out.apply(&self.activations, &mut self.scores);
        for (&(sentence, offset), &(root, length)) in at.iter().zip(&layout.sentences) {
            let rows: Vec<&[f32]> = (1..=length).map(|i| self.scores.row(root + i)).collect();
            let found = names_of(&viterbi(&rows, &names.head.transitions));
            self.found[sentence].extend(found.into_iter().map(|f| Found {
                words: f.words.start + offset..f.words.end + offset,
                kind: f.kind,
            }));
        }
    }
}

#[cfg(test)]
mod tests;
