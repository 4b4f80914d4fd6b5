//! Loss and gradient of the head that finds names, by hand-written back-propagation.

use crate::gradient::{Mask, Table, linear_backward, relu_backward};
use crate::rng::Rng;
use lagebild_nlp::model::kernel::{Left, Matrix, multiply_add};
use lagebild_nlp::model::network::{Layout, relu};
use lagebild_nlp::names::{Head, LABEL_COLUMNS, LABELS, START, Shape, inputs, may_follow};

/// The sentences of a step.
pub(crate) struct Batch {
    pub(crate) layout: Layout,
    /// The states of the network below, one row a row of the layout.
    pub(crate) states: Matrix,
    /// The rows of the embedding table that each row of the layout sums.
    pub(crate) features: Vec<Vec<u32>>,
    pub(crate) targets: Vec<Target>,
}

/// What a sentence teaches.
pub(crate) struct Target {
    /// The labels that each word may have, a bit each: of what its corpus does not tell, all that could be true.
    pub(crate) allowed: Vec<u16>,
    /// How much it counts.
    pub(crate) weight: f32,
    /// The corpus, whose habits have a vector of their own.
    pub(crate) source: usize,
}

/// How much is dropped.
#[derive(Clone, Copy)]
pub(crate) struct Dropout {
    pub(crate) state: f32,
    pub(crate) embed: f32,
    pub(crate) hidden: f32,
}

/// All that is learned, or its gradient.
#[derive(Clone)]
pub(crate) struct Weights {
    pub(crate) head: Head,
    /// Added to the hidden layer for each corpus.
    pub(crate) sources: Matrix,
    pub(crate) table: Table,
}

impl Weights {
    pub(crate) fn zeros(shape: Shape, sources: usize, rows: usize) -> Self {
        Self {
            head: Head::zeros(shape),
            sources: Matrix::zeros(sources, shape.hidden),
            table: Table {
                rows: Matrix::zeros(rows, shape.embed),
                bias: vec![0.0; shape.embed],
            },
        }
    }

    /// All but the rows of the table.
    pub(crate) fn dense_mut(&mut self) -> Vec<&mut [f32]> {
        let head = self.head.parameters_mut().into_iter().map(|(values, _)| values);
        head.chain([&mut self.sources.data[..], &mut self.table.bias[..]])
            .collect()
    }
}

/// A gradient, and the rows of the table that it touches.
pub(crate) struct Gradient {
    pub(crate) weights: Weights,
    pub(crate) touched: Vec<u32>,
}

impl Gradient {
    pub(crate) fn clear(&mut self) {
        self.weights.dense_mut().into_iter().for_each(|values| values.fill(0.0));
        for row in self.touched.drain(..) {
            self.weights.table.rows.row_mut(row as usize).fill(0.0);
        }
    }
}

/// Expectations under the field: of each label of each word, and of each transition.
struct Expected {
    /// The logarithm of the sum over all sequences.
    log_sum: f64,
    labels: Vec<[f64; LABELS]>,
    transitions: [[f64; LABELS]; LABELS + 1],
}

/// Factors of the transitions: their exponentials, 0 where none may be.
fn factors(transitions: &Matrix) -> [[f64; LABELS]; LABELS + 1] {
    let mut out = [[0.0; LABELS]; LABELS + 1];
    for (before, row) in out.iter_mut().enumerate() {
        for (label, factor) in row.iter_mut().enumerate() {
            if may_follow(before, label) {
                *factor = f64::from(transitions.row(before)[label]).exp();
            }
        }
    }
    out
}

/// The forward-backward algorithm over the sequences that `allowed` leaves; `None` when it leaves none. The sums of each word are
/// scaled to 1 (Rabiner 1989), so that nothing overflows and few logarithms are needed.
fn expected(
    scores: &[&[f32]],
    steps: &[[f64; LABELS]; LABELS + 1],
    allowed: impl Fn(usize) -> u16,
) -> Option<Expected> {
    let n = scores.len();
    let mut own = vec![[0.0; LABELS]; n];
    let mut forward = vec![[0.0; LABELS]; n];
    let mut scales = vec![0.0; n];
    let mut log_sum = 0.0;
    for i in 0..n {
        let top = scores[i][..LABELS].iter().fold(f32::NEG_INFINITY, |m, &x| m.max(x));
        for label in (0..LABELS).filter(|l| allowed(i) & (1 << l) != 0) {
            own[i][label] = f64::from(scores[i][label] - top).exp();
            let before = match i.checked_sub(1) {
                None => steps[START][label],
                Some(last) => (0..LABELS).map(|b| forward[last][b] * steps[b][label]).sum(),
            };
            forward[i][label] = before * own[i][label];
        }
        let sum: f64 = forward[i].iter().sum();
        if sum <= 0.0 {
            return None;
        }
        scales[i] = 1.0 / sum;
        forward[i].iter_mut().for_each(|f| *f *= scales[i]);
        log_sum += sum.ln() + f64::from(top);
    }
    let mut out = Expected {
        log_sum,
        labels: vec![[0.0; LABELS]; n],
        transitions: [[0.0; LABELS]; LABELS + 1],
    };
    let mut backward = [1.0; LABELS];
    for i in (0..n).rev() {
        let mut after = [0.0; LABELS];
        for label in 0..LABELS {
            out.labels[i][label] = forward[i][label] * backward[label];
            after[label] = own[i][label] * backward[label] * scales[i];
        }
        let Some(last) = i.checked_sub(1) else {
            out.transitions[START] = out.labels[0];
            break;
        };
        for before in 0..LABELS {
            let mut sum = 0.0;
            for label in 0..LABELS {
                let through = steps[before][label] * after[label];
                out.transitions[before][label] += forward[last][before] * through;
                sum += through;
            }
            backward[before] = sum;
        }
    }
    Some(out)
}

/// Loss of a batch, summed over its sentences; adds its gradient, divided by the number of words, to `gradient`.
pub(crate) fn learn(
    shape: Shape,
    weights: &Weights,
    batch: &Batch,
    dropout: Dropout,
    rng: &mut Rng,
    gradient: &mut Gradient,
) -> f32 {
    let (rows, Weights { head, sources, table }) = (batch.layout.rows, weights);
    let words: usize = batch.layout.sentences.iter().map(|s| s.1).sum();
    let per_word = 1.0 / words.max(1) as f32;

    // Forward.
    let mut embedded = Matrix::zeros(rows, shape.embed);
    for (row, features) in batch.features.iter().enumerate() {
        let sum = embedded.row_mut(row);
        sum.copy_from_slice(&table.bias);
        for &feature in features {
            for (s, e) in sum.iter_mut().zip(table.rows.row(feature as usize)) {
                *s += e;
            }
        }
    }
    relu(&mut embedded.data);
    let embed_mask = Mask::draw(dropout.embed, embedded.data.len(), rng);
    embed_mask.apply(&mut embedded.data);
    let mut states = batch.states.clone();
    Mask::draw(dropout.state, states.data.len(), rng).apply(&mut states.data);
    let mut input = Matrix::default();
    inputs(shape, &states, &embedded, &mut input);
    let mut hidden = Matrix::default();
    head.hidden.apply(&input, &mut hidden);
    for (target, &(root, length)) in batch.targets.iter().zip(&batch.layout.sentences) {
        for row in root + 1..=root + length {
            for (h, s) in hidden.row_mut(row).iter_mut().zip(sources.row(target.source)) {
                *h += s;
            }
        }
    }
    relu(&mut hidden.data);
    let hidden_mask = Mask::draw(dropout.hidden, hidden.data.len(), rng);
    hidden_mask.apply(&mut hidden.data);
    let mut scores = Matrix::default();
    head.out.apply(&hidden, &mut scores);

    // Loss and its gradient at the scores.
    let steps = factors(&head.transitions);
    let mut d_scores = Matrix::zeros(rows, LABEL_COLUMNS);
    let mut loss = 0.0;
    for (target, &(root, length)) in batch.targets.iter().zip(&batch.layout.sentences) {
        let score_rows: Vec<&[f32]> = (1..=length).map(|i| scores.row(root + i)).collect();
        let (Some(free), Some(bound)) = (
            expected(&score_rows, &steps, |_| u16::MAX),
            expected(&score_rows, &steps, |i| target.allowed[i]),
        ) else {
            continue;
        };
        loss += (free.log_sum - bound.log_sum) as f32 * target.weight;
        let factor = f64::from(target.weight * per_word);
        for i in 0..length {
            let row = d_scores.row_mut(root + 1 + i);
            for (d, (free, bound)) in row.iter_mut().zip(free.labels[i].iter().zip(&bound.labels[i])) {
                *d = (factor * (free - bound)) as f32;
            }
        }
        let d_transitions = &mut gradient.weights.head.transitions;
        for (before, (free, bound)) in free.transitions.iter().zip(&bound.transitions).enumerate() {
            for (d, (f, b)) in d_transitions.row_mut(before).iter_mut().zip(free.iter().zip(bound)) {
                *d += (factor * (f - b)) as f32;
            }
        }
    }

    // Backward.
    let mut d_hidden = Matrix::zeros(rows, shape.hidden);
    let into = &mut gradient.weights;
    linear_backward(&head.out, &hidden, &d_scores, &mut into.head.out, Some(&mut d_hidden));
    hidden_mask.apply(&mut d_hidden.data);
    relu_backward(&hidden.data, &mut d_hidden.data);
    for (target, &(root, length)) in batch.targets.iter().zip(&batch.layout.sentences) {
        for row in root + 1..=root + length {
            for (s, d) in into.sources.row_mut(target.source).iter_mut().zip(d_hidden.row(row)) {
                *s += d;
            }
        }
    }
    linear_backward(&head.hidden, &input, &d_hidden, &mut into.head.hidden, None);
    // The states are not learned: of the inputs only the embeddings have a gradient.
    let own = &head.hidden.weights.data[shape.state * shape.hidden..];
    let own = Matrix {
        rows: shape.inputs() - shape.state,
        cols: shape.hidden,
        data: own.to_vec(),
    }
    .transposed();
    let mut d_input = Matrix::zeros(rows, own.cols);
    multiply_add(
        &mut d_input.data,
        Left::plain(&d_hidden),
        &own.data,
        rows,
        shape.hidden,
        own.cols,
    );
    let mut d_embedded = Matrix::zeros(rows, shape.embed);
    for i in 0..rows {
        for (k, part) in d_input.row(i).chunks_exact(shape.embed).enumerate() {
            if let Some(to) = (i + k).checked_sub(shape.radius).filter(|&to| to < rows) {
                for (d, p) in d_embedded.row_mut(to).iter_mut().zip(part) {
                    *d += p;
                }
            }
        }
    }
    embed_mask.apply(&mut d_embedded.data);
    relu_backward(&embedded.data, &mut d_embedded.data);
    for (row, features) in batch.features.iter().enumerate() {
        let d = d_embedded.row(row);
        for (b, d) in into.table.bias.iter_mut().zip(d) {
            *b += d;
        }
        for &feature in features {
            gradient.touched.push(feature);
            for (g, d) in into.table.rows.row_mut(feature as usize).iter_mut().zip(d) {
                *g += d;
            }
        }
    }
    loss
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape() -> Shape {
        Shape {
            state: 16,
            embed: 16,
            radius: 1,
            hidden: 16,
        }
    }

    fn batch() -> Batch {
        let layout = Layout::new([3, 2]);
        let mut states = Matrix::zeros(layout.rows, 16);
        states
            .data
            .iter_mut()
            .enumerate()
            .for_each(|(i, x)| *x = (i * 37 % 101) as f32 / 101.0 - 0.5);
        Batch {
            features: (0..layout.rows).map(|i| vec![(i % 4) as u32, 4]).collect(),
            layout,
            states,
            targets: vec![
                Target {
                    allowed: vec![1 << 1, 1 << 2, 1 | 1 << 7],
                    weight: 1.0,
                    source: 0,
                },
                Target {
                    allowed: vec![1, 1 << 3],
                    weight: 0.5,
                    source: 1,
                },
            ],
        }
    }

    /// The gradient against differences.
    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let mut rng = Rng::new(3);
        let mut weights = Weights::zeros(shape(), 2, 5);
        for values in weights.dense_mut() {
            values.iter_mut().for_each(|v| *v = rng.unit() - 0.5);
        }
        weights.table.rows.data.iter_mut().for_each(|v| *v = rng.unit() - 0.4);
        let nothing = Dropout {
            state: 0.0,
            embed: 0.0,
            hidden: 0.0,
        };
        let batch = batch();
        let fresh = || Gradient {
            weights: Weights::zeros(shape(), 2, 5),
            touched: Vec::new(),
        };
        let mut gradient = fresh();
        learn(shape(), &weights, &batch, nothing, &mut Rng::new(1), &mut gradient);
        let loss = |weights: &Weights| learn(shape(), weights, &batch, nothing, &mut Rng::new(1), &mut fresh()) / 5.0;
        let step = 2e-3;
        for part in 0..8 {
            for at in [0, 7, 11] {
                let slot = |w: &mut Weights, by: f32| {
                    if part == 7 {
                        w.table.rows.data[at] += by;
                        return;
                    }
                    let mut dense = w.dense_mut();
                    let values = &mut dense[part];
                    values[at] += by;
                };
                let (mut up, mut down) = (weights.clone(), weights.clone());
                slot(&mut up, step);
                slot(&mut down, -step);
                let difference = (loss(&up) - loss(&down)) / (2.0 * step);
                let computed = if part == 7 {
                    gradient.weights.table.rows.data[at]
                } else {
                    gradient.weights.dense_mut()[part][at]
                };
                assert!(
                    (difference - computed).abs() < 2e-3 + 0.03 * difference.abs(),
                    "part {part} at {at}: {difference} {computed}"
                );
            }
        }
    }
}
