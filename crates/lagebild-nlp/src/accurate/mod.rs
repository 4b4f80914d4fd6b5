//! The accurate grade: a multilingual transformer with heads for tags and trees, one model for both languages.
//!
//! `training/accurate` makes the model file; `docs/models.md` says what it is and how it compares with the fast grade. Words
//! are cut into `pieces`, the `encoder` gives each piece its meaning in the sentence, a word is its first and last piece.
//! From there on the way is that of the fast grade: tags are chosen with the lexicon, the best tree with one root is found, case
//! bars relations. The products are exact sums of whole numbers (`model::int8`); everything else is done sentence by sentence in
//! a fixed order, so that the result depends neither on neighbours nor on threads.

mod encoder;
mod math;
mod pieces;

use crate::model::file::{self, Input, ModelError};
use crate::model::int8::{Activations, Layer};
use crate::model::kernel::{Left, Matrix, multiply_add};
use crate::model::network::{LABEL_WIDTH, TAG_WIDTH};
use crate::model::{Syntax, decode, join};
use crate::tagger::{self, Tagger};
use encoder::Encoder;
use lagebild_core::{Dep, Lang};
use math::gelu;
use pieces::Pieces;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Version of the format, raised when an older program could not read, or would misread, a new file. It counts on its own, from where
/// the format of the fast models will hardly get to.
const FORMAT: u32 = 1001;
/// Pieces a batch: enough to pay for unpacking the weights, few enough for the cache.
const BATCH_PIECES: usize = 384;
/// What a word has beside its numbers in the product that scores relations: a one, so that words count alone too, and room.
const BESIDE: usize = 16;

/// The model of both languages.
#[derive(Clone, Debug)]
pub struct Transformer {
    name: String,
    digest: String,
    pieces: Pieces,
    /// Words before which, and words after which, no space is thought.
    closing: HashSet<Box<str>>,
    opening: HashSet<Box<str>>,
    encoder: Encoder,
    heads: Heads,
    languages: [Language; 2],
}

/// What scores words, from the encoder's rows of their first and last piece.
#[derive(Clone, Debug)]
struct Heads {
    tag: Layer,
    arc_dependant: Layer,
    arc_head: Layer,
    /// Biaffine form between the two; its bias scores the head alone.
    arc: Layer,
    label_dependant: Layer,
    label_head: Layer,
    /// For each relation a biaffine form.
    label: Layer,
    /// Width of the label layers.
    label_width: usize,
}

/// What is different between the languages.
#[derive(Clone, Debug)]
struct Language {
    /// Tag scores in the order of [`crate::model::network::TAG_GROUPS`].
    tags: Layer,
    /// Added to words before trees are scored: the habits of the treebank.
    habits: Vec<f32>,
    /// The relations of the model that it may bear, by their number.
    relations: Vec<(usize, Dep)>,
}

static BUILT_IN: LazyLock<Transformer> = LazyLock::new(|| {
    // The file is part of the program and read by its tests.
    Transformer::read(include_bytes!("../../../../models/accurate.model"))
        .unwrap_or_else(|e| panic!("built-in model: {e}"))
});

impl Transformer {
    /// The built-in model, unpacked at the first call.
    #[must_use]
    pub fn get() -> &'static Self {
        &BUILT_IN
    }

    /// Its name for the record of what made a reading, such as `de-accurate-0.1.0+5c1f09aa`.
    #[must_use]
    pub fn version(&self, lang: Lang) -> String {
        format!("{}-{}+{}", lang.code(), self.name, self.digest)
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// When it is none, of another format version, or damaged.
    pub fn read(file: &[u8]) -> Result<Self, ModelError> {
        let (body, digest) = file::open(file, FORMAT)?;
        let input = &mut Input(&body);
        let name = input.text()?;
        let mut words = || -> Result<HashSet<Box<str>>, ModelError> {
            (0..input.size()?).map(|_| Ok(input.text()?.into_boxed_str())).collect()
        };
        let (closing, opening) = (words()?, words()?);
        let pieces = Pieces::read(input)?;
        let encoder = Encoder::read(input, pieces.rows())?;
        let [tag_width, arc_width, label_width] = [input.size()?, input.size()?, input.size()?];
        let mut relations = Vec::new();
        for _ in 0..input.size()? {
            let label = input.text()?;
            let spoken = input.take(2).ok_or(ModelError::Content("relations cut short"))?;
            relations.push((Dep::from_label(&label), [spoken[0] != 0, spoken[1] != 0]));
        }
        let word = 2 * encoder.width();
        let beside = label_width + BESIDE;
        let heads = Heads {
            tag: Layer::read(input, word, tag_width)?,
            arc_dependant: Layer::read(input, word, arc_width)?,
            arc_head: Layer::read(input, word, arc_width)?,
            arc: Layer::read(input, arc_width, arc_width)?,
            label_dependant: Layer::read(input, word, label_width)?,
            label_head: Layer::read(input, word, label_width)?,
            label: Layer::read(input, beside, relations.len() * beside)?,
            label_width,
        };
        let mut language = |number: usize| -> Result<Language, ModelError> {
            let spoken = relations.iter().enumerate().filter(|(_, (_, spoken))| spoken[number]);
            Ok(Language {
                tags: Layer::read(input, tag_width, TAG_WIDTH)?,
                habits: input.f32s(word)?,
                relations: spoken.map(|(i, (dep, _))| (i, *dep)).collect(),
            })
        };
        let languages = [language(0)?, language(1)?];
        Ok(Self {
            name,
            digest,
            pieces,
            closing,
            opening,
            encoder,
            heads,
            languages,
        })
    }

    /// Tags and parses tokenised sentences. Each result is a tree: every word reaches the one root.
    #[must_use]
    pub fn annotate<S: AsRef<str>>(&self, lang: Lang, sentences: &[Vec<S>]) -> Vec<Vec<Syntax>> {
        let mut out: Vec<Vec<Syntax>> = vec![Vec::new(); sentences.len()];
        let mut batch = Batch::default();
        for (i, words) in sentences.iter().enumerate() {
            let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
            let mut pieces = self.cut(&words);
            let mut words = &words[..];
            // A sentence that is too long goes in parts, whose roots then hang from the first.
            while !words.is_empty() {
                let (mut taken, mut length) = (0, 2);
                while taken < words.len() && length + pieces[taken].len() <= self.encoder.longest() {
                    length += pieces[taken].len();
                    taken += 1;
                }
                if batch.pieces.len() + length > BATCH_PIECES {
                    self.run(lang, std::mem::take(&mut batch), &mut out);
                }
                let (part, rest) = words.split_at(taken);
                batch.push(i, part, pieces.drain(..taken), &self.pieces);
                words = rest;
            }
        }
        self.run(lang, batch, &mut out);
        out
    }

    /// The pieces of each word of a sentence.
    fn cut(&self, words: &[&str]) -> Vec<Vec<u32>> {
        let before = |i: usize| i.checked_sub(1).map(|i| words[i]);
        let spaced = |i: usize| {
            before(i).is_none_or(|before| !self.closing.contains(words[i]) && !self.opening.contains(before))
        };
        (0..words.len()).map(|i| self.pieces.cut(words[i], spaced(i))).collect()
    }

    /// Parses a batch and joins the parts to sentences.
    fn run(&self, lang: Lang, batch: Batch<'_>, out: &mut [Vec<Syntax>]) {
        if batch.parts.is_empty() {
            return;
        }
        let spans: Vec<Range<usize>> = batch.parts.iter().map(|part| part.pieces.clone()).collect();
        let [for_tags, for_trees] = self.encoder.run(&batch.pieces, &spans);
        let language = &self.languages[lang as usize];
        let heads = &self.heads;

        // A row for the root of each part and one for each of its words.
        let words = |x: &Matrix| {
            let mut rows = Matrix {
                rows: 0,
                cols: 2 * x.cols,
                data: Vec::new(),
            };
            for &(first, last) in &batch.ends {
                rows.data.extend_from_slice(x.row(first));
                rows.data.extend_from_slice(x.row(last));
            }
            rows.rows = batch.ends.len();
            rows
        };
        let hidden = |layer: &Layer, x: &Activations| {
            let mut hidden = Matrix::default();
            layer.apply(x, &mut hidden);
            gelu(&mut hidden.data);
            hidden
        };
        let mut tags = Matrix::default();
        let tag = hidden(&heads.tag, &Activations::of(&words(&for_tags)));
        language.tags.apply(&Activations::of(&tag), &mut tags);
        let mut x = words(&for_trees);
        for row in x.data.chunks_exact_mut(language.habits.len()) {
            row.iter_mut().zip(&language.habits).for_each(|(x, habit)| *x += habit);
        }
        let x = Activations::of(&x);
        let arc_heads = hidden(&heads.arc_head, &x);
        let mut arc_forms = Matrix::default();
        heads
            .arc
            .apply(&Activations::of(&hidden(&heads.arc_dependant, &x)), &mut arc_forms);
        let label_dependants = hidden(&heads.label_dependant, &x);
        let label_heads = hidden(&heads.label_head, &x);

        for part in &batch.parts {
            let root = part.root;
            let arcs = arc_scores(&arc_forms, &arc_heads, root, part.words.len());
            let rows: Vec<&[f32]> = (1..=part.words.len()).map(|i| tags.row(root + i)).collect();
            let bundles: Vec<Vec<tagger::Bundle>> = part.words.iter().map(|word| tagger::bundles(lang, word)).collect();
            let bundles: Vec<&[tagger::Bundle]> = bundles.iter().map(Vec::as_slice).collect();
            let mut syntax = decode(&arcs, &Tagger::new(lang, &rows, &bundles), |found, labels| {
                *labels = heads.label_scores(language, &label_dependants, &label_heads, root, found);
            });
            join(&mut out[part.sentence], &mut syntax);
        }
    }
}

impl Heads {
    /// Scores of relations, a row a word, in the order of [`Dep::ALL`]; `found` are the heads of the words behind row `root`.
    fn label_scores(
        &self,
        language: &Language,
        dependants: &Matrix,
        heads: &Matrix,
        root: usize,
        found: &[usize],
    ) -> Matrix {
        let width = self.label_width + BESIDE;
        let mut x = Matrix::zeros(found.len(), width);
        for i in 0..found.len() {
            let row = x.row_mut(i);
            row[..self.label_width].copy_from_slice(dependants.row(root + 1 + i));
            row[self.label_width] = 1.0;
        }
        let mut forms = Matrix::default();
        self.label.apply(&Activations::of(&x), &mut forms);
        let mut out = Matrix::zeros(found.len(), LABEL_WIDTH);
        out.data.fill(f32::NEG_INFINITY);
        for (i, &head) in found.iter().enumerate() {
            let head = heads.row(root + head);
            for &(number, dep) in &language.relations {
                let form = &forms.row(i)[number * width..][..width];
                let with_head: f32 = form.iter().zip(head).map(|(a, b)| a * b).sum();
                let score = with_head + form[self.label_width];
                // Subtypes that the engine does not know count as their relation.
                let best = &mut out.row_mut(i)[dep as usize];
                *best = best.max(score);
            }
        }
        out
    }
}

/// Scores of every head for every word of a part as [`crate::parser::tree`] takes them.
fn arc_scores(forms: &Matrix, heads: &Matrix, root: usize, words: usize) -> Matrix {
    let padded = (words + 1).next_multiple_of(16);
    let width = heads.cols;
    let mut turned = vec![0.0; width * padded];
    for j in 0..=words {
        for (k, &value) in heads.row(root + j).iter().enumerate() {
            turned[k * padded + j] = value;
        }
    }
    let mut out = Matrix::zeros(words, padded);
    let left = Left {
        data: &forms.data,
        start: (root + 1) * width,
        row_step: width,
        inner_step: 1,
    };
    multiply_add(&mut out.data, left, &turned, words, width, padded);
    for i in 1..=words {
        out.row_mut(i - 1)[i] = f32::NEG_INFINITY;
    }
    out
}

/// Parts of sentences that are parsed together.
#[derive(Default)]
struct Batch<'a> {
    /// The pieces of all parts, each between start and end.
    pieces: Vec<u32>,
    parts: Vec<Part<'a>>,
    /// First and last piece of the root (the start) and the words of each part, by their place in `pieces`.
    ends: Vec<(usize, usize)>,
}

/// A sentence, or a part of one.
struct Part<'a> {
    sentence: usize,
    words: Vec<&'a str>,
    pieces: Range<usize>,
    /// Its first row in [`Batch::ends`].
    root: usize,
}

impl<'a> Batch<'a> {
    fn push(&mut self, sentence: usize, words: &[&'a str], pieces: impl Iterator<Item = Vec<u32>>, known: &Pieces) {
        let (start, root) = (self.pieces.len(), self.ends.len());
        self.pieces.push(known.start);
        self.ends.push((start, start));
        for word in pieces {
            self.ends.push((self.pieces.len(), self.pieces.len() + word.len() - 1));
            self.pieces.extend(word);
        }
        self.pieces.push(known.end);
        self.parts.push(Part {
            sentence,
            words: words.to_vec(),
            pieces: start..self.pieces.len(),
            root,
        });
    }
}
