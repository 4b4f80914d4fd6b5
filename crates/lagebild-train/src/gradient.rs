//! Loss and gradient of the network, by hand-written back-propagation.
//!
//! The forward pass is made of the layers of `lagebild_nlp::model::network`, so that training and prediction compute the
//! same; dropout stands between them.

use crate::rng::Rng;
use lagebild_core::Dep;
use lagebild_nlp::model::kernel::{Left, Matrix, multiply_add};
use lagebild_nlp::model::network::{
    DISTANCE_WIDTH, Direction, LABEL_WIDTH, Layout, Linear, Network, Recurrence, arc_scores, convolve, distance, recur,
    relu, tag_range,
};

/// A word as the network learns it.
pub(crate) struct Target {
    pub(crate) tags: [Option<usize>; 9],
    pub(crate) head: usize,
    pub(crate) dep: Dep,
    pub(crate) weight: f32,
}

/// A batch: for each row of the layout the rows of the embedding table that it sums, and for each sentence its words.
pub(crate) struct Batch {
    pub(crate) layout: Layout,
    pub(crate) features: Vec<Vec<u32>>,
    pub(crate) targets: Vec<Vec<Target>>,
}

/// The embedding table and its bias, in full precision.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) rows: Matrix,
    pub(crate) bias: Vec<f32>,
}

/// How much is dropped.
#[derive(Clone, Copy)]
pub(crate) struct Dropout {
    pub(crate) input: f32,
    pub(crate) hidden: f32,
}

/// Weights of the parts of the loss.
const TAG_LOSS: f32 = 0.5;
const FEATURE_LOSS: f32 = 0.15;

/// Gradients of all parameters; the embedding rows that a batch touches are listed in `touched`.
pub(crate) struct Gradient {
    pub(crate) network: Network,
    pub(crate) table: Table,
    pub(crate) touched: Vec<u32>,
}

impl Gradient {
    pub(crate) fn zeros(network: &Network, table: &Table) -> Self {
        Self {
            network: Network::zeros(network.shape),
            table: Table {
                rows: Matrix::zeros(table.rows.rows, table.rows.cols),
                bias: vec![0.0; table.bias.len()],
            },
            touched: Vec::new(),
        }
    }

    pub(crate) fn clear(&mut self) {
        for (values, _) in self.network.parameters_mut() {
            values.fill(0.0);
        }
        self.table.bias.fill(0.0);
        for row in self.touched.drain(..) {
            self.table.rows.row_mut(row as usize).fill(0.0);
        }
    }
}

/// Factors that drop values at random and keep the mean; `None` drops nothing.
pub(crate) struct Mask(Option<Vec<f32>>);

impl Mask {
    pub(crate) fn draw(p: f32, size: usize, rng: &mut Rng) -> Self {
        if p <= 0.0 {
            return Self(None);
        }
        let keep = 1.0 / (1.0 - p);
        // Sixteen bits decide each value: four values a number.
        let limit = (p * 65_536.0) as u64;
        let mut values = Vec::with_capacity(size + 3);
        while values.len() < size {
            let bits = rng.next();
            for part in 0..4 {
                values.push(if (bits >> (16 * part)) & 0xFFFF < limit {
                    0.0
                } else {
                    keep
                });
            }
        }
        values.truncate(size);
        Self(Some(values))
    }

    pub(crate) fn apply(&self, values: &mut [f32]) {
        if let Some(mask) = &self.0 {
            for (value, factor) in values.iter_mut().zip(mask) {
                *value *= factor;
            }
        }
    }
}

/// Adds the gradient of `y = x * weights + bias`; `dx` receives the gradient of the input.
pub(crate) fn linear_backward(layer: &Linear, x: &Matrix, dy: &Matrix, gradient: &mut Linear, dx: Option<&mut Matrix>) {
    let (inputs, outputs) = (layer.weights.rows, layer.weights.cols);
    multiply_add(
        &mut gradient.weights.data,
        Left::transposed(x),
        &dy.data,
        inputs,
        x.rows,
        outputs,
    );
    for row in dy.data.chunks_exact(outputs) {
        for (g, d) in gradient.bias.iter_mut().zip(row) {
            *g += d;
        }
    }
    if let Some(dx) = dx {
        let turned = layer.weights.transposed();
        multiply_add(&mut dx.data, Left::plain(dy), &turned.data, dy.rows, outputs, inputs);
    }
}

/// Zeroes gradients where ReLU (whose output is given) was shut.
pub(crate) fn relu_backward(output: &[f32], gradient: &mut [f32]) {
    for (g, o) in gradient.iter_mut().zip(output) {
        if *o <= 0.0 {
            *g = 0.0;
        }
    }
}

/// Turns scores into the gradient of the cross entropy against `right`, times `weight`; returns the loss.
fn softmax_gradient(scores: &mut [f32], right: usize, weight: f32) -> f32 {
    let top = scores.iter().fold(f32::NEG_INFINITY, |m, &x| m.max(x));
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - top).exp();
        sum += *score;
    }
    let factor = weight / sum;
    let loss = -(scores[right] / sum).max(1e-12).ln() * weight;
    for score in scores.iter_mut() {
        *score *= factor;
    }
    scores[right] -= weight;
    loss
}

/// Loss of a batch, summed over its words; adds its gradient, divided by the number of words, to `gradient`.
pub(crate) fn learn(
    network: &Network,
    table: &Table,
    batch: &Batch,
    dropout: Dropout,
    rng: &mut Rng,
    gradient: &mut Gradient,
) -> f32 {
    let layout = &batch.layout;
    let rows = layout.rows;
    let words: usize = layout.sentences.iter().map(|s| s.1).sum();
    let per_word = 1.0 / words.max(1) as f32;
    let width = table.rows.cols;
    let wide = 2 * network.shape.half;

    // Forward.
    let mut input = Matrix::zeros(rows, width);
    for (row, features) in batch.features.iter().enumerate() {
        let sum = input.row_mut(row);
        sum.copy_from_slice(&table.bias);
        for &feature in features {
            for (s, e) in sum.iter_mut().zip(table.rows.row(feature as usize)) {
                *s += e;
            }
        }
    }
    relu(&mut input.data);
    let input_mask = Mask::draw(dropout.input, input.data.len(), rng);
    input_mask.apply(&mut input.data);
    let mut layers = vec![Matrix::default()];
    convolve(&network.conv, &input, &mut layers[0]);
    let mut masks = vec![Mask::draw(dropout.hidden, rows * wide, rng)];
    masks[0].apply(&mut layers[0].data);
    let mut work: Vec<[Recurrence; 2]> = Vec::new();
    for layer in &network.layers {
        let below = &layers[layers.len() - 1];
        let mut out = Matrix::zeros(rows, wide);
        let mut both = [Recurrence::default(), Recurrence::default()];
        for ((direction, work), backward) in layer.iter().zip(&mut both).zip([false, true]) {
            recur(direction, backward, below, layout, work, &mut out);
        }
        let mask = Mask::draw(dropout.hidden, rows * wide, rng);
        mask.apply(&mut out.data);
        masks.push(mask);
        work.push(both);
        layers.push(out);
    }
    let top = &layers[layers.len() - 1];
    let tagged = &layers[network.shape.tag_layer];

    let scorer = |layer: &Linear, rng: &mut Rng| {
        let mut out = Matrix::default();
        layer.apply(top, &mut out);
        relu(&mut out.data);
        let mask = Mask::draw(dropout.hidden, out.data.len(), rng);
        mask.apply(&mut out.data);
        (out, mask)
    };
    let (dependants, dependants_mask) = scorer(&network.arc_dependant, rng);
    let (heads, heads_mask) = scorer(&network.arc_head, rng);
    let (mut forms, mut distances) = (Matrix::default(), Matrix::default());
    network.arc.apply(&dependants, &mut forms);
    network.arc_distance.apply(&dependants, &mut distances);

    let mut loss = 0.0;
    let mut d_layers: Vec<Matrix> = layers.iter().map(|l| Matrix::zeros(l.rows, l.cols)).collect();
    let last = d_layers.len() - 1;

    // Tags.
    let mut d_tags = Matrix::default();
    network.tag.apply(tagged, &mut d_tags);
    let mut seen = vec![false; rows];
    for (&(root, _), targets) in layout.sentences.iter().zip(&batch.targets) {
        for (i, target) in targets.iter().enumerate() {
            let row = d_tags.row_mut(root + 1 + i);
            seen[root + 1 + i] = true;
            for (group, value) in target.tags.iter().enumerate() {
                let scores = &mut row[tag_range(group)];
                match value {
                    Some(value) => {
                        let weight = if group == 0 { TAG_LOSS } else { FEATURE_LOSS };
                        loss += softmax_gradient(scores, *value, weight * per_word);
                    }
                    None => scores.fill(0.0),
                }
            }
            row[tag_range(8).end..].fill(0.0);
        }
    }
    for (row, seen) in seen.iter().enumerate() {
        if !seen {
            d_tags.row_mut(row).fill(0.0);
        }
    }
    linear_backward(
        &network.tag,
        tagged,
        &d_tags,
        &mut gradient.network.tag,
        Some(&mut d_layers[network.shape.tag_layer]),
    );

    // Arcs.
    let arc = network.shape.arc;
    let mut d_heads = Matrix::zeros(rows, arc);
    let mut d_forms = Matrix::zeros(rows, arc);
    let mut d_distances = Matrix::zeros(rows, DISTANCE_WIDTH);
    let mut scores = Matrix::default();
    for (&(root, count), targets) in layout.sentences.iter().zip(&batch.targets) {
        arc_scores(&heads, &forms, &distances, (root, count), &mut scores);
        let padded = scores.cols;
        for (i, target) in targets.iter().enumerate() {
            let row = scores.row_mut(i);
            row[count + 1..].fill(0.0);
            if target.weight > 0.0 {
                loss += softmax_gradient(&mut row[..=count], target.head, target.weight * per_word);
            } else {
                row.fill(0.0);
            }
            let by_distance = d_distances.row_mut(root + 1 + i);
            for (j, g) in row[..=count].iter().enumerate() {
                by_distance[distance(i + 1, j)] += g;
            }
        }
        let from_heads = Left {
            data: &scores.data,
            start: 0,
            row_step: padded,
            inner_step: 1,
        };
        multiply_add(
            &mut d_forms.data[(root + 1) * arc..],
            from_heads,
            &heads.data[root * arc..],
            count,
            count + 1,
            arc,
        );
        let from_forms = Left {
            data: &scores.data,
            start: 0,
            row_step: 1,
            inner_step: padded,
        };
        multiply_add(
            &mut d_heads.data[root * arc..],
            from_forms,
            &forms.data[(root + 1) * arc..],
            count + 1,
            count,
            arc,
        );
    }
    let mut d_dependants = Matrix::zeros(rows, arc);
    linear_backward(
        &network.arc,
        &dependants,
        &d_forms,
        &mut gradient.network.arc,
        Some(&mut d_dependants),
    );
    linear_backward(
        &network.arc_distance,
        &dependants,
        &d_distances,
        &mut gradient.network.arc_distance,
        Some(&mut d_dependants),
    );
    for (layer, grad, output, mask, mut d) in [
        (
            &network.arc_dependant,
            &mut gradient.network.arc_dependant,
            &dependants,
            &dependants_mask,
            d_dependants,
        ),
        (
            &network.arc_head,
            &mut gradient.network.arc_head,
            &heads,
            &heads_mask,
            d_heads,
        ),
    ] {
        relu_backward(&output.data, &mut d.data);
        mask.apply(&mut d.data);
        linear_backward(layer, top, &d, grad, Some(&mut d_layers[last]));
    }

    // Labels, under the right heads.
    let (mut label_dependants, mut label_heads) = (Matrix::default(), Matrix::default());
    network.label_dependant.apply(top, &mut label_dependants);
    network.label_head.apply(top, &mut label_heads);
    let label = network.shape.label;
    let mut hidden = Matrix::zeros(words, label);
    let mut next = 0;
    for (&(root, _), targets) in layout.sentences.iter().zip(&batch.targets) {
        for (i, target) in targets.iter().enumerate() {
            let parts = [
                label_dependants.row(root + 1 + i),
                label_heads.row(root + target.head),
                network.label_distance.row(distance(i + 1, target.head)),
            ];
            for (k, h) in hidden.row_mut(next).iter_mut().enumerate() {
                *h = (parts[0][k] + parts[1][k] + parts[2][k]).max(0.0);
            }
            next += 1;
        }
    }
    let label_mask = Mask::draw(dropout.hidden, hidden.data.len(), rng);
    label_mask.apply(&mut hidden.data);
    let mut d_labels = Matrix::default();
    network.label.apply(&hidden, &mut d_labels);
    for (row, target) in d_labels
        .data
        .chunks_exact_mut(LABEL_WIDTH)
        .zip(batch.targets.iter().flatten())
    {
        row[Dep::ALL.len()..].fill(0.0);
        // The relation of the root follows from its head.
        if target.weight > 0.0 && target.head != 0 {
            loss += softmax_gradient(
                &mut row[..Dep::ALL.len()],
                target.dep as usize,
                target.weight * per_word,
            );
        } else {
            row.fill(0.0);
        }
    }
    let mut d_hidden = Matrix::zeros(words, label);
    linear_backward(
        &network.label,
        &hidden,
        &d_labels,
        &mut gradient.network.label,
        Some(&mut d_hidden),
    );
    relu_backward(&hidden.data, &mut d_hidden.data);
    label_mask.apply(&mut d_hidden.data);
    let (mut d_label_dependants, mut d_label_heads) = (Matrix::zeros(rows, label), Matrix::zeros(rows, label));
    let mut next = 0;
    for (&(root, _), targets) in layout.sentences.iter().zip(&batch.targets) {
        for (i, target) in targets.iter().enumerate() {
            let d = d_hidden.row(next);
            for sums in [
                d_label_dependants.row_mut(root + 1 + i),
                d_label_heads.row_mut(root + target.head),
                gradient.network.label_distance.row_mut(distance(i + 1, target.head)),
            ] {
                for (s, g) in sums.iter_mut().zip(d) {
                    *s += g;
                }
            }
            next += 1;
        }
    }
    let parts = &mut gradient.network;
    linear_backward(
        &network.label_dependant,
        top,
        &d_label_dependants,
        &mut parts.label_dependant,
        Some(&mut d_layers[last]),
    );
    linear_backward(
        &network.label_head,
        top,
        &d_label_heads,
        &mut parts.label_head,
        Some(&mut d_layers[last]),
    );

    // Encoder, from the top down.
    for i in (0..network.layers.len()).rev() {
        let (below, above) = d_layers.split_at_mut(i + 1);
        let (d_below, d_out) = (&mut below[i], &mut above[0]);
        masks[i + 1].apply(&mut d_out.data);
        for (side, work) in work[i].iter().enumerate() {
            recur_backward(
                &network.layers[i][side],
                side == 1,
                &layers[i],
                layout,
                work,
                d_out,
                &mut gradient.network.layers[i][side],
                d_below,
            );
        }
    }
    let mut d_conv = d_layers.swap_remove(0);
    relu_backward(&layers[0].data, &mut d_conv.data);
    masks[0].apply(&mut d_conv.data);
    let mut d_input = Matrix::zeros(rows, width);
    conv_backward(&network.conv, &input, &d_conv, &mut gradient.network.conv, &mut d_input);
    relu_backward(&input.data, &mut d_input.data);
    input_mask.apply(&mut d_input.data);
    for (row, features) in batch.features.iter().enumerate() {
        let d = d_input.row(row);
        for (g, d) in gradient.table.bias.iter_mut().zip(d) {
            *g += d;
        }
        for &feature in features {
            gradient.touched.push(feature);
            for (g, d) in gradient.table.rows.row_mut(feature as usize).iter_mut().zip(d) {
                *g += d;
            }
        }
    }
    loss / per_word
}

fn conv_backward(conv: &Linear, x: &Matrix, dy: &Matrix, gradient: &mut Linear, dx: &mut Matrix) {
    let (rows, inner, cols) = (x.rows, x.cols, conv.bias.len());
    for row in dy.data.chunks_exact(cols) {
        for (g, d) in gradient.bias.iter_mut().zip(row) {
            *g += d;
        }
    }
    let turned = conv.weights.transposed();
    // Row i of y looks at row i + k - 1 of x.
    for k in 0..3 {
        let (x_start, y_start) = ((k + 1usize).saturating_sub(2), 1usize.saturating_sub(k));
        let count = rows - x_start.max(y_start);
        let from_x = Left {
            data: &x.data,
            start: x_start * inner,
            row_step: 1,
            inner_step: inner,
        };
        let weights = &mut gradient.weights.data[k * inner * cols..(k + 1) * inner * cols];
        multiply_add(weights, from_x, &dy.data[y_start * cols..], inner, count, cols);
        let mut part = Matrix::zeros(cols, inner);
        for c in 0..cols {
            part.row_mut(c)
                .copy_from_slice(&turned.row(c)[k * inner..(k + 1) * inner]);
        }
        let from_y = Left {
            data: &dy.data,
            start: y_start * cols,
            row_step: cols,
            inner_step: 1,
        };
        multiply_add(&mut dx.data[x_start * inner..], from_y, &part.data, count, cols, inner);
    }
}

#[allow(
    clippy::too_many_arguments,
    reason = "the quantities of one layer; a struct would only rename them"
)]
fn recur_backward(
    direction: &Direction,
    backward: bool,
    x: &Matrix,
    layout: &Layout,
    work: &Recurrence,
    d_out: &Matrix,
    gradient: &mut Direction,
    dx: &mut Matrix,
) {
    let half = direction.cell[0].len();
    let side = if backward { half } else { 0 };
    let mut d_gates = Matrix::zeros(x.rows, 3 * half);
    let zero = vec![0.0; half];
    let mut d_cell = vec![0.0; half];
    let [to_forget, to_output] = &direction.cell;
    let [d_to_forget, d_to_output] = &mut gradient.cell;
    for &(root, words) in &layout.sentences {
        d_cell.fill(0.0);
        // Against the direction of the recurrence.
        for step in 0..=words {
            let row = if backward { root + step } else { root + words - step };
            let before = match (backward, step == words) {
                (_, true) => None,
                (true, false) => Some(row + 1),
                (false, false) => Some(row - 1),
            };
            let previous = before.map_or(zero.as_slice(), |r| work.cells.row(r));
            let (gates, cell) = (work.gates.row(row), work.cells.row(row));
            let skip = &x.row(row)[side..side + half];
            let d = &d_out.row(row)[side..side + half];
            let d_skip = &mut dx.row_mut(row)[side..side + half];
            let d_gate = d_gates.row_mut(row);
            for i in 0..half {
                let (candidate, f, o) = (gates[i], gates[half + i], gates[2 * half + i]);
                let d_o = d[i] * (cell[i] - skip[i]) * o * (1.0 - o);
                let d_c = d_cell[i] + d[i] * o;
                let d_f = d_c * (previous[i] - candidate) * f * (1.0 - f);
                d_skip[i] += d[i] * (1.0 - o);
                d_gate[i] = d_c * (1.0 - f);
                d_gate[half + i] = d_f;
                d_gate[2 * half + i] = d_o;
                d_to_forget[i] += d_f * previous[i];
                d_to_output[i] += d_o * previous[i];
                d_cell[i] = d_c * f + d_f * to_forget[i] + d_o * to_output[i];
            }
        }
    }
    linear_backward(&direction.input, x, &d_gates, &mut gradient.input, Some(dx));
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_nlp::model::network::Shape;

    /// The gradient of every kind of parameter agrees with the change of the loss.
    #[test]
    fn gradients_agree_with_differences() {
        let shape = Shape {
            embed: 16,
            half: 16,
            layers: 2,
            tag_layer: 1,
            arc: 16,
            label: 16,
        };
        let mut rng = Rng::new(3);
        let mut network = Network::zeros(shape);
        for (values, _) in network.parameters_mut() {
            values.iter_mut().for_each(|v| *v = (rng.unit() - 0.5) * 0.6);
        }
        let mut table = Table {
            rows: Matrix::zeros(12, 16),
            bias: vec![0.1; 16],
        };
        table.rows.data.iter_mut().for_each(|v| *v = rng.unit() - 0.5);
        let layout = Layout::new([3, 2]);
        let features = (0..layout.rows)
            .map(|_| vec![rng.below(12) as u32, rng.below(12) as u32])
            .collect();
        let target = |head, dep, weight| Target {
            tags: [
                Some(1),
                Some(2),
                None,
                Some(0),
                Some(1),
                Some(0),
                Some(2),
                Some(1),
                Some(0),
            ],
            head,
            dep,
            weight,
        };
        let targets = vec![
            vec![
                target(2, Dep::Nsubj, 1.0),
                target(0, Dep::Root, 0.8),
                target(1, Dep::Obj, 0.0),
            ],
            vec![target(0, Dep::Root, 1.0), target(1, Dep::Advmod, 0.5)],
        ];
        let batch = Batch {
            layout,
            features,
            targets,
        };
        let none = Dropout {
            input: 0.0,
            hidden: 0.0,
        };
        let loss = |network: &mut Network, table: &Table| {
            let mut unused = Gradient::zeros(network, table);
            f64::from(learn(network, table, &batch, none, &mut Rng::new(1), &mut unused)) / 5.0
        };
        let mut gradient = Gradient::zeros(&network, &table);
        learn(&network, &table, &batch, none, &mut Rng::new(1), &mut gradient);

        let step = 2e-3;
        let kinds = network.parameters_mut().len();
        for kind in 0..kinds {
            let size = network.parameters_mut()[kind].0.len();
            for _ in 0..12 {
                let at = rng.below(size);
                let before = network.parameters_mut()[kind].0[at];
                let mut at_value = |value: f32| {
                    network.parameters_mut()[kind].0[at] = value;
                    loss(&mut network, &table)
                };
                let difference = (at_value(before + step) - at_value(before - step)) / (2.0 * f64::from(step));
                at_value(before);
                let computed = f64::from(gradient.network.parameters_mut()[kind].0[at]);
                assert!(
                    (difference - computed).abs() < 2e-3,
                    "kind {kind} at {at}: {difference} {computed}"
                );
            }
        }
        for _ in 0..20 {
            let at = rng.below(table.rows.data.len());
            let before = table.rows.data[at];
            let mut at_value = |value: f32| {
                table.rows.data[at] = value;
                loss(&mut network, &table)
            };
            let difference = (at_value(before + step) - at_value(before - step)) / (2.0 * f64::from(step));
            at_value(before);
            assert!((difference - f64::from(gradient.table.rows.data[at])).abs() < 2e-3);
        }
    }
}
