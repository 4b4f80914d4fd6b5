//! The network: a word is encoded in its sentence, then tagged, attached and labelled.
//!
//! Embedding sum → ReLU → convolution over three words → bidirectional simple recurrent units (Lei et al. 2018,
//! *Simple recurrent units for highly parallelizable recurrence*) → linear tag scores, biaffine head scores (Dozat and
//! Manning 2017, *Deep biaffine attention for neural dependency parsing*) and label scores of a small feed-forward
//! layer (Kiperwasser and Goldberg 2016). All heavy products run over many sentences at once; what is sequential
//! is element-wise.
//!
//! The functions here are those of training (crate `lagebild-train`), which is why they leave the intermediate values behind
//! that back-propagation needs; prediction (`predictor`) runs the same layers rounded to whole numbers.

use super::kernel::{Left, Matrix, multiply_add, sigmoid};
use lagebild_core::{Case, Degree, Dep, Gender, Mood, Morph, Number, Person, Tense, Upos, VerbForm};
use pulp::Arch;
use std::ops::Range;

/// The sizes that define a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Width of the word embedding.
    pub embed: usize,
    /// Width of one direction of the encoder.
    pub half: usize,
    /// Number of recurrent layers.
    pub layers: usize,
    /// The recurrent layer, counted from 1, whose output is tagged.
    pub tag_layer: usize,
    /// Width of the arc scorer.
    pub arc: usize,
    /// Width of the label scorer.
    pub label: usize,
}

/// Scores of a word's tags: UPOS, then the features in the order of [`TAG_GROUPS`], padded to a vector multiple.
pub const TAG_WIDTH: usize = 64;
/// Scores of a word's relation, in the order of [`Dep::ALL`], padded to a vector multiple.
pub const LABEL_WIDTH: usize = 48;
/// Distance classes between a word and its head, padded to a vector multiple.
pub const DISTANCE_WIDTH: usize = 32;

const _: () = assert!(Dep::ALL.len() <= LABEL_WIDTH);

/// The number of values of each tag: UPOS, and the features of [`Morph`], whose value 0 is "none".
pub const TAG_GROUPS: [usize; 9] = [
    Upos::ALL.len(),
    Case::ALL.len() + 1,
    Number::ALL.len() + 1,
    Gender::ALL.len() + 1,
    Person::ALL.len() + 1,
    Tense::ALL.len() + 1,
    Mood::ALL.len() + 1,
    VerbForm::ALL.len() + 1,
    Degree::ALL.len() + 1,
];

/// The tags of a word as one value a group of [`TAG_GROUPS`].
#[must_use]
pub fn tag_values(pos: Upos, morph: Morph) -> [usize; 9] {
    fn value<T: Copy>(feature: Option<T>, number: impl Fn(T) -> usize) -> usize {
        feature.map_or(0, |f| number(f) + 1)
    }
    [
        pos as usize,
        value(morph.case, |f| f as usize),
        value(morph.number, |f| f as usize),
        value(morph.gender, |f| f as usize),
        value(morph.person, |f| f as usize),
        value(morph.tense, |f| f as usize),
        value(morph.mood, |f| f as usize),
        value(morph.form, |f| f as usize),
        value(morph.degree, |f| f as usize),
    ]
}

/// The tags behind the values, the inverse of [`tag_values`].
#[must_use]
pub fn tags_of(values: [usize; 9]) -> (Upos, Morph) {
    fn feature<T: Copy>(all: &[T], value: usize) -> Option<T> {
        value.checked_sub(1).and_then(|i| all.get(i)).copied()
    }
    let morph = Morph {
        case: feature(Case::ALL, values[1]),
        number: feature(Number::ALL, values[2]),
        gender: feature(Gender::ALL, values[3]),
        person: feature(Person::ALL, values[4]),
        tense: feature(Tense::ALL, values[5]),
        mood: feature(Mood::ALL, values[6]),
        form: feature(VerbForm::ALL, values[7]),
        degree: feature(Degree::ALL, values[8]),
    };
    (Upos::ALL.get(values[0]).copied().unwrap_or(Upos::X), morph)
}

/// The class of the way from a word to its head, both counted from 1; the root is head 0.
#[must_use]
pub fn distance(word: usize, head: usize) -> usize {
    if head == 0 {
        return 0;
    }
    let class = match word.abs_diff(head) {
        n @ 0..=4 => n.max(1),
        5..=6 => 5,
        7..=9 => 6,
        10..=14 => 7,
        15..=24 => 8,
        _ => 9,
    };
    if head < word { class } else { class + 9 }
}

/// A matrix and a bias.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// One row an input.
    pub weights: Matrix,
    /// One value an output.
    pub bias: Vec<f32>,
}

impl Linear {
    /// All zeros.
    #[must_use]
    pub fn zeros(inputs: usize, outputs: usize) -> Self {
        Self {
            weights: Matrix::zeros(inputs, outputs),
            bias: vec![0.0; outputs],
        }
    }

    /// `out = x * weights + bias` for each row of `x`.
    pub fn apply(&self, x: &Matrix, out: &mut Matrix) {
        out.rows = x.rows;
        out.cols = self.bias.len();
        out.data.clear();
        for _ in 0..x.rows {
            out.data.extend_from_slice(&self.bias);
        }
        multiply_add(
            &mut out.data,
            Left::plain(x),
            &self.weights.data,
            x.rows,
            x.cols,
            out.cols,
        );
    }
}

/// One direction of a recurrent layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Direction {
    /// Input to candidate, forget gate and output gate, three times the width of a direction.
    pub input: Linear,
    /// Cell to forget gate and to output gate, element by element.
    pub cell: [Vec<f32>; 2],
}

/// The parameters, but for the embedding table.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Its sizes.
    pub shape: Shape,
    /// Convolution: the rows of the word before, the word, the word after.
    pub conv: Linear,
    /// Recurrent layers, each forward and backward.
    pub layers: Vec<[Direction; 2]>,
    /// Tag scores.
    pub tag: Linear,
    /// A word as a dependant.
    pub arc_dependant: Linear,
    /// A word as a head.
    pub arc_head: Linear,
    /// Biaffine form between the two; the bias scores the head alone.
    pub arc: Linear,
    /// Score of a distance class, by dependant.
    pub arc_distance: Linear,
    /// A word as a dependant, for its label.
    pub label_dependant: Linear,
    /// A word as a head, for the label.
    pub label_head: Linear,
    /// Distance class, for the label.
    pub label_distance: Matrix,
    /// Label scores.
    pub label: Linear,
}

impl Network {
    /// A network of zeros.
    #[must_use]
    pub fn zeros(shape: Shape) -> Self {
        let wide = 2 * shape.half;
        let direction = || Direction {
            input: Linear::zeros(wide, 3 * shape.half),
            cell: [vec![0.0; shape.half], vec![0.0; shape.half]],
        };
        Self {
            shape,
            conv: Linear::zeros(3 * shape.embed, wide),
            layers: (0..shape.layers).map(|_| [direction(), direction()]).collect(),
            tag: Linear::zeros(wide, TAG_WIDTH),
            arc_dependant: Linear::zeros(wide, shape.arc),
            arc_head: Linear::zeros(wide, shape.arc),
            arc: Linear::zeros(shape.arc, shape.arc),
            arc_distance: Linear::zeros(shape.arc, DISTANCE_WIDTH),
            label_dependant: Linear::zeros(wide, shape.label),
            label_head: Linear::zeros(wide, shape.label),
            label_distance: Matrix::zeros(DISTANCE_WIDTH, shape.label),
            label: Linear::zeros(shape.label, LABEL_WIDTH),
        }
    }

    /// All parameters as slices with the length of a row, in the order of the model file.
    pub fn parameters_mut(&mut self) -> Vec<(&mut [f32], usize)> {
        fn linear<'a>(out: &mut Vec<(&'a mut [f32], usize)>, l: &'a mut Linear) {
            let cols = l.bias.len();
            out.push((&mut l.weights.data, cols));
            out.push((&mut l.bias, cols));
        }
        let mut out = Vec::new();
        linear(&mut out, &mut self.conv);
        for direction in self.layers.iter_mut().flatten() {
            linear(&mut out, &mut direction.input);
            for cell in &mut direction.cell {
                let cols = cell.len();
                out.push((cell, cols));
            }
        }
        for l in [
            &mut self.tag,
            &mut self.arc_dependant,
            &mut self.arc_head,
            &mut self.arc,
            &mut self.arc_distance,
            &mut self.label_dependant,
            &mut self.label_head,
            &mut self.label,
        ] {
            linear(&mut out, l);
        }
        let cols = self.label_distance.cols;
        out.push((&mut self.label_distance.data, cols));
        out
    }
}

/// Where the sentences of a batch stand in its matrices.
///
/// Each sentence has a row before its words, where the root stands, and one after them; a further end row leads
/// the batch, so that what a sentence sees does not depend on its neighbours.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// For each sentence the row of its root and the number of its words.
    pub sentences: Vec<(usize, usize)>,
    /// Number of rows.
    pub rows: usize,
}

impl Layout {
    /// Lays out sentences of the given numbers of words.
    #[must_use]
    pub fn new(lengths: impl IntoIterator<Item = usize>) -> Self {
        let mut layout = Self {
            sentences: Vec::new(),
            rows: 1,
        };
        for length in lengths {
            layout.sentences.push((layout.rows, length));
            layout.rows += length + 2;
        }
        layout
    }
}

/// The convolution: `out = relu(conv(x))`, where `x` has one row a row of the layout.
pub fn convolve(conv: &Linear, x: &Matrix, out: &mut Matrix) {
    let (rows, inner, cols) = (x.rows, x.cols, conv.bias.len());
    out.rows = rows;
    out.cols = cols;
    out.data.clear();
    for _ in 0..rows {
        out.data.extend_from_slice(&conv.bias);
    }
    let part = |k: usize| &conv.weights.data[k * inner * cols..(k + 1) * inner * cols];
    let from = |start| Left {
        data: &x.data,
        start,
        row_step: inner,
        inner_step: 1,
    };
    if rows > 1 {
        multiply_add(&mut out.data[cols..], from(0), part(0), rows - 1, inner, cols);
        multiply_add(&mut out.data, from(inner), part(2), rows - 1, inner, cols);
    }
    multiply_add(&mut out.data, from(0), part(1), rows, inner, cols);
    relu(&mut out.data);
}

/// Sets negative values to zero.
pub fn relu(values: &mut [f32]) {
    for value in values {
        *value = value.max(0.0);
    }
}

/// What one direction of a recurrent layer computed: back-propagation needs it.
#[derive(Clone, Debug, Default)]
pub struct Recurrence {
    /// For each row candidate, forget gate, output gate.
    pub gates: Matrix,
    /// For each row the cell.
    pub cells: Matrix,
}

/// One direction of a recurrent layer over all sentences; writes its half of `out`, which has the shape of `x`.
pub fn recur(
    direction: &Direction,
    backward: bool,
    x: &Matrix,
    layout: &Layout,
    work: &mut Recurrence,
    out: &mut Matrix,
) {
    let half = direction.cell[0].len();
    direction.input.apply(x, &mut work.gates);
    work.cells.reset(x.rows, half);
    let side = if backward { half } else { 0 };
    Arch::new().dispatch(|| {
        for_each_row(layout, backward, half, |row, cell| {
            let out = &mut out.row_mut(row)[side..side + half];
            advance(
                &direction.cell,
                work.gates.row_mut(row),
                &x.row(row)[side..side + half],
                cell,
                out,
            );
            work.cells.row_mut(row).copy_from_slice(cell);
        });
    });
}

/// Visits the rows of each sentence, root and words, in the order of a direction, with a cell of `half` values that begins at zero.
#[inline(always)]
pub(crate) fn for_each_row(layout: &Layout, backward: bool, half: usize, mut visit: impl FnMut(usize, &mut [f32])) {
    let mut cell = vec![0.0; half];
    for &(root, words) in &layout.sentences {
        cell.fill(0.0);
        let rows = root..root + words + 1;
        if backward {
            rows.rev().for_each(|row| visit(row, &mut cell));
        } else {
            rows.for_each(|row| visit(row, &mut cell));
        }
    }
}

/// One step of the recurrence: from the row of `gates` (candidate, forget gate, output gate before their sigmoid; the gates
/// are left as they come out), the input `skip` and the cell before to the cell after and the output.
#[inline(always)]
pub(crate) fn advance(
    cell_weights: &[Vec<f32>; 2],
    gates: &mut [f32],
    skip: &[f32],
    cell: &mut [f32],
    out: &mut [f32],
) {
    let half = cell.len();
    let (candidate, gates) = gates.split_at_mut(half);
    let (forget, output) = gates.split_at_mut(half);
    let [to_forget, to_output] = cell_weights;
    // Slices of one length: no index is checked in the loop.
    let (candidate, skip) = (&candidate[..half], &skip[..half]);
    let (to_forget, to_output) = (&to_forget[..half], &to_output[..half]);
    let (forget, output, out) = (&mut forget[..half], &mut output[..half], &mut out[..half]);
    for i in 0..half {
        let f = sigmoid(forget[i] + to_forget[i] * cell[i]);
        let o = sigmoid(output[i] + to_output[i] * cell[i]);
        let c = f * cell[i] + (1.0 - f) * candidate[i];
        forget[i] = f;
        output[i] = o;
        cell[i] = c;
        out[i] = o * c + (1.0 - o) * skip[i];
    }
}

/// Scores of every head for every word of one sentence.
///
/// `dependants` and `heads` hold the ReLU outputs of the arc layers for the whole batch, `forms` and `distances` the
/// dependants after [`Network::arc`] and [`Network::arc_distance`]. The result has one row a word and at least one
/// column a head, the root first; further columns are padding and hold the value of padding heads.
pub fn arc_scores(heads: &Matrix, forms: &Matrix, distances: &Matrix, sentence: (usize, usize), out: &mut Matrix) {
    let (root, words) = sentence;
    let padded = (words + 1).next_multiple_of(16);
    let width = heads.cols;
    let mut turned = vec![0.0; width * padded];
    for j in 0..=words {
        for (k, &value) in heads.row(root + j).iter().enumerate() {
            turned[k * padded + j] = value;
        }
    }
    out.reset(words, padded);
    let left = Left {
        data: &forms.data,
        start: (root + 1) * width,
        row_step: width,
        inner_step: 1,
    };
    multiply_add(&mut out.data, left, &turned, words, width, padded);
    for i in 1..=words {
        let by_distance = distances.row(root + i);
        let row = out.row_mut(i - 1);
        for (j, score) in row[..=words].iter_mut().enumerate() {
            *score += by_distance[distance(i, j)];
        }
        row[i] = f32::NEG_INFINITY;
    }
}

/// The range of group `group` in the tag scores of a word.
#[must_use]
pub fn tag_range(group: usize) -> Range<usize> {
    let start = TAG_GROUPS[..group].iter().sum();
    start..start + TAG_GROUPS[group]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_survive_their_numbers() {
        let morph = Morph {
            case: Some(Case::Dat),
            number: Some(Number::Plur),
            ..Morph::default()
        };
        assert_eq!(tags_of(tag_values(Upos::Noun, morph)), (Upos::Noun, morph));
        assert!(tag_range(8).end <= TAG_WIDTH);
    }

    #[test]
    fn distance_classes_fit() {
        for word in 1..100 {
            for head in 0..100 {
                assert!(distance(word, head) < DISTANCE_WIDTH);
            }
        }
    }
}
