//! The network as it is run: the layers of [`network`](super::network), rounded to whole numbers.
//!
//! 8-bit weights make the products faster, and their sums are exact, whatever the processor; only the scores of heads
//! ([`arc_scores`](super::network::arc_scores)) are sums of floating-point numbers. What rounding costs is in `docs/models.md`.

use super::int8::{Activations, Layer};
use super::kernel::Matrix;
use super::network::{Direction, Layout, Network, advance, distance, for_each_row, relu};
use pulp::Arch;

/// A network, ready to run.
#[derive(Clone, Debug)]
pub(super) struct Predictor {
    /// Takes the rows of the word before, the word and the word after, side by side.
    conv: Layer,
    layers: Vec<[Half; 2]>,
    /// The recurrent layer, counted from 1, whose output is tagged.
    tag_layer: usize,
    tag: Layer,
    arc_dependant: Layer,
    arc_head: Layer,
    arc: Layer,
    arc_distance: Layer,
    label_dependant: Layer,
    label_head: Layer,
    label_distance: Matrix,
    label: Layer,
}

/// One direction of a recurrent layer.
#[derive(Clone, Debug)]
struct Half {
    input: Layer,
    cell: [Vec<f32>; 2],
}

impl Half {
    fn of(direction: &Direction) -> Self {
        Self {
            input: Layer::rounded(&direction.input),
            cell: direction.cell.clone(),
        }
    }
}

/// Everything computed for a batch.
#[derive(Clone, Debug, Default)]
pub(super) struct Scores {
    /// What the recurrent layer that is tagged puts out: the models of names look at it.
    pub(super) states: Matrix,
    /// One row a row of the layout, [`TAG_WIDTH`](super::network::TAG_WIDTH) columns.
    pub(super) tags: Matrix,
    /// Arc layers: heads, forms, distances as [`arc_scores`](super::network::arc_scores) takes them.
    pub(super) arc_heads: Matrix,
    pub(super) arc_forms: Matrix,
    pub(super) arc_distances: Matrix,
    /// Label layer of a word as a dependant, before ReLU.
    label_dependants: Matrix,
    /// Label layer of a word as a head, before ReLU.
    label_heads: Matrix,
}

/// What is computed on the way to [`Scores`].
#[derive(Clone, Debug, Default)]
pub(super) struct Within {
    triples: Matrix,
    activations: Activations,
    now: Matrix,
    next: Matrix,
    gates: Matrix,
    dependants: Matrix,
}

impl Predictor {
    pub(super) fn of(network: &Network) -> Self {
        Self {
            conv: Layer::rounded(&network.conv),
            layers: network
                .layers
                .iter()
                .map(|both| both.each_ref().map(Half::of))
                .collect(),
            tag_layer: network.shape.tag_layer,
            tag: Layer::rounded(&network.tag),
            arc_dependant: Layer::rounded(&network.arc_dependant),
            arc_head: Layer::rounded(&network.arc_head),
            arc: Layer::rounded(&network.arc),
            arc_distance: Layer::rounded(&network.arc_distance),
            label_dependant: Layer::rounded(&network.label_dependant),
            label_head: Layer::rounded(&network.label_head),
            label_distance: network.label_distance.clone(),
            label: Layer::rounded(&network.label),
        }
    }

    /// Runs the encoder and all scorers over a batch; `x` is the ReLU of the embedding sums.
    pub(super) fn scores(&self, x: &Matrix, layout: &Layout, within: &mut Within, scores: &mut Scores) {
        let Within {
            triples,
            activations,
            now,
            next,
            gates,
            dependants,
        } = within;
        in_threes(x, triples);
        activations.set(triples);
        self.conv.apply(activations, now);
        relu(&mut now.data);
        for (i, layer) in self.layers.iter().enumerate() {
            activations.set(now);
            next.reset(now.rows, now.cols);
            for (half, backward) in layer.iter().zip([false, true]) {
                half.input.apply(activations, gates);
                half.recur(backward, now, layout, gates, next);
            }
            std::mem::swap(now, next);
            if i + 1 == self.tag_layer {
                activations.set(now);
                self.tag.apply(activations, &mut scores.tags);
                scores.states.clone_from(now);
            }
        }
        activations.set(now);
        self.arc_dependant.apply(activations, dependants);
        relu(&mut dependants.data);
        self.arc_head.apply(activations, &mut scores.arc_heads);
        relu(&mut scores.arc_heads.data);
        self.label_dependant.apply(activations, &mut scores.label_dependants);
        self.label_head.apply(activations, &mut scores.label_heads);
        activations.set(dependants);
        self.arc.apply(activations, &mut scores.arc_forms);
        self.arc_distance.apply(activations, &mut scores.arc_distances);
    }

    /// Label scores of one sentence under given heads, one row a word; `heads[i]` counts words from 1, the root is 0.
    pub(super) fn label_scores(&self, scores: &Scores, sentence: (usize, usize), heads: &[usize], out: &mut Matrix) {
        let (root, words) = sentence;
        let mut hidden = Matrix::zeros(words, self.label_distance.cols);
        for (i, &head) in heads.iter().enumerate().take(words) {
            let dependant = scores.label_dependants.row(root + 1 + i);
            let above = scores.label_heads.row(root + head);
            let far = self.label_distance.row(distance(i + 1, head));
            for (((h, d), a), f) in hidden.row_mut(i).iter_mut().zip(dependant).zip(above).zip(far) {
                *h = (d + a + f).max(0.0);
            }
        }
        self.label.apply(&Activations::of(&hidden), out);
    }
}

impl Half {
    /// The recurrence over all sentences; writes its half of `out`, which has the shape of `x`.
    fn recur(&self, backward: bool, x: &Matrix, layout: &Layout, gates: &mut Matrix, out: &mut Matrix) {
        let half = self.cell[0].len();
        let side = if backward { half } else { 0 };
        Arch::new().dispatch(|| {
            for_each_row(layout, backward, half, |row, cell| {
                let out = &mut out.row_mut(row)[side..side + half];
                let skip = &x.row(row)[side..side + half];
                advance(&self.cell, gates.row_mut(row), skip, cell, out);
            });
        });
    }
}

/// Each row between the one before it and the one after it.
fn in_threes(x: &Matrix, out: &mut Matrix) {
    out.reset(x.rows, 3 * x.cols);
    for i in 0..x.rows {
        let row = out.row_mut(i);
        for (k, part) in row.chunks_exact_mut(x.cols).enumerate() {
            if let Some(from) = (i + k).checked_sub(1).filter(|&from| from < x.rows) {
                part.copy_from_slice(x.row(from));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::network::{Linear, convolve};
    use super::*;

    #[test]
    fn the_convolution_is_that_of_training() {
        let filled = |rows: usize, cols: usize| Matrix {
            rows,
            cols,
            data: (0..rows * cols).map(|i| (i * 37 % 101) as f32 / 101.0 - 0.5).collect(),
        };
        let conv = Linear {
            weights: filled(3 * 16, 32),
            bias: vec![0.25; 32],
        };
        let x = filled(5, 16);
        let (mut trained, mut run, mut threes) = (Matrix::default(), Matrix::default(), Matrix::default());
        convolve(&conv, &x, &mut trained);
        in_threes(&x, &mut threes);
        Layer::rounded(&conv).apply(&Activations::of(&threes), &mut run);
        relu(&mut run.data);
        for (a, b) in trained.data.iter().zip(&run.data) {
            assert!((a - b).abs() < 0.02, "{a} {b}");
        }
    }
}
