//! The encoder: pieces in their sentence, layer by layer (Vaswani et al. 2017, *Attention is all you need*; BERT's form).

use super::math::{Norm, add_and_normalise, gelu, softmax};
use crate::model::file::{Input, ModelError};
use crate::model::int8::{Activations, Layer};
use crate::model::kernel::{Left, Matrix, multiply_add};
use pulp::Arch;
use std::ops::Range;

/// Weights of the embedding in a block, which share a scale.
const BLOCK: usize = 32;

/// The encoder with its embedding.
#[derive(Clone, Debug)]
pub(super) struct Encoder {
    width: usize,
    heads: usize,
    embedding: Embedding,
    /// A row a place in the sentence.
    places: Matrix,
    norm: Norm,
    layers: Vec<Block>,
    /// How much each layer counts for tags and for trees.
    mix: [Vec<f32>; 2],
}

/// A layer of the encoder.
#[derive(Clone, Debug)]
struct Block {
    /// Queries, keys and values, one after another.
    attend: Layer,
    out: Layer,
    attended: Norm,
    up: Layer,
    down: Layer,
    done: Norm,
}

/// Rows of 4-bit weights: a scale for each [`BLOCK`] of them, as the encoder was published.
#[derive(Clone, Debug)]
struct Embedding {
    /// Scales, as half-precision numbers.
    scales: Vec<u16>,
    /// In the lower half of a byte a weight of the first half of the block, in the upper one of the second.
    weights: Vec<u8>,
}

impl Embedding {
    fn put(&self, row: u32, out: &mut [f32]) {
        let blocks = out.len() / BLOCK;
        let at = row as usize * blocks;
        let weights = self.weights[at * BLOCK / 2..].chunks_exact(BLOCK / 2);
        for ((out, &scale), weights) in out.chunks_exact_mut(BLOCK).zip(&self.scales[at..]).zip(weights) {
            let scale = half(scale);
            let (low, high) = out.split_at_mut(BLOCK / 2);
            for ((low, high), &w) in low.iter_mut().zip(high).zip(weights) {
                *low = (f32::from(w & 15) - 8.0) * scale;
                *high = (f32::from(w >> 4) - 8.0) * scale;
            }
        }
    }
}

/// The value of a half-precision number (IEEE 754 binary16), which must be finite.
fn half(bits: u16) -> f32 {
    let magnitude = u32::from(bits & 0x7fff) << 13;
    // The exponent counts from 15, not from 127; multiplying moves it, and makes subnormal numbers normal.
    let value = f32::from_bits(magnitude) * f32::from_bits((127 + 127 - 15) << 23);
    if bits & 0x8000 == 0 { value } else { -value }
}

impl Encoder {
    /// Reads an encoder of `rows` pieces from a model file.
    pub(super) fn read(input: &mut Input<'_>, rows: usize) -> Result<Self, ModelError> {
        let [width, layers, heads, inner, places] = [(); 5].map(|()| input.size());
        let (width, layers, heads, inner, places) = (width?, layers?, heads?, inner?, places?);
        if heads == 0 || !width.is_multiple_of(heads * 16) || !width.is_multiple_of(BLOCK) || places < 16 {
            return Err(ModelError::Content("impossible encoder size"));
        }
        let blocks = rows * width / BLOCK;
        let embedding = Embedding {
            scales: input.u16s(blocks)?,
            weights: input
                .take(blocks * BLOCK / 2)
                .ok_or(ModelError::Content("embedding cut short"))?
                .to_vec(),
        };
        let places = Matrix {
            rows: places,
            cols: width,
            data: input.f32s(places * width)?,
        };
        let epsilon = input.f32()?;
        let norm = |input: &mut Input<'_>| -> Result<Norm, ModelError> {
            let (weight, bias) = (input.f32s(width)?, input.f32s(width)?);
            Ok(Norm { weight, bias, epsilon })
        };
        let first = norm(input)?;
        let mut blocks = Vec::new();
        for _ in 0..layers {
            blocks.push(Block {
                attend: Layer::read(input, width, 3 * width)?,
                out: Layer::read(input, width, width)?,
                attended: norm(input)?,
                up: Layer::read(input, width, inner)?,
                down: Layer::read(input, inner, width)?,
                done: norm(input)?,
            });
        }
        Ok(Self {
            width,
            heads,
            embedding,
            places,
            norm: first,
            mix: [input.f32s(layers)?, input.f32s(layers)?],
            layers: blocks,
        })
    }

    /// Most pieces a sentence may have.
    pub(super) fn longest(&self) -> usize {
        self.places.rows
    }

    /// Numbers a piece.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// What the pieces of sentences mean where they stand: a row each, for tags and for trees. A sentence does not see the others.
    pub(super) fn run(&self, pieces: &[u32], sentences: &[Range<usize>]) -> [Matrix; 2] {
        let mut x = Matrix::zeros(pieces.len(), self.width);
        for sentence in sentences {
            for (place, i) in sentence.clone().enumerate() {
                let row = x.row_mut(i);
                self.embedding.put(pieces[i], row);
                for (x, at) in row.iter_mut().zip(self.places.row(place)) {
                    *x += at;
                }
                self.norm.apply(row);
            }
        }
        let mut out = [(); 2].map(|()| Matrix::zeros(x.rows, x.cols));
        let mut rounded = Activations::default();
        let (mut attend, mut inner, mut more) = (Matrix::default(), Matrix::default(), Matrix::default());
        for (i, block) in self.layers.iter().enumerate() {
            rounded.set(&x);
            block.attend.apply(&rounded, &mut attend);
            rounded.set(&self.attention(&attend, sentences));
            block.out.apply(&rounded, &mut more);
            add_and_normalise(&mut x, &more, &block.attended);
            rounded.set(&x);
            block.up.apply(&rounded, &mut inner);
            gelu(&mut inner.data);
            rounded.set(&inner);
            block.down.apply(&rounded, &mut more);
            add_and_normalise(&mut x, &more, &block.done);
            for (out, mix) in out.iter_mut().zip(&self.mix) {
                let weight = mix[i];
                for (out, x) in out.data.iter_mut().zip(&x.data) {
                    *out += weight * x;
                }
            }
        }
        out
    }

    /// Each piece's mixture of the values of its sentence, head by head; `x` has queries, keys and values.
    fn attention(&self, x: &Matrix, sentences: &[Range<usize>]) -> Matrix {
        let width = self.width / self.heads;
        let mut out = Matrix::zeros(x.rows, self.width);
        let (mut keys, mut values, mut scores, mut mixed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for sentence in sentences {
            let pieces = sentence.len();
            let padded = pieces.next_multiple_of(16);
            for head in 0..self.heads {
                let at = head * width;
                keys.clear();
                keys.resize(width * padded, 0.0);
                values.clear();
                for (j, i) in sentence.clone().enumerate() {
                    let row = x.row(i);
                    for (k, &key) in row[self.width + at..][..width].iter().enumerate() {
                        keys[k * padded + j] = key;
                    }
                    values.extend_from_slice(&row[2 * self.width + at..][..width]);
                }
                let queries = Left {
                    data: &x.data,
                    start: sentence.start * x.cols + at,
                    row_step: x.cols,
                    inner_step: 1,
                };
                scores.clear();
                scores.resize(pieces * padded, 0.0);
                multiply_add(&mut scores, queries, &keys, pieces, width, padded);
                let scale = 1.0 / (width as f32).sqrt();
                Arch::new().dispatch(|| {
                    for row in scores.chunks_exact_mut(padded) {
                        softmax(&mut row[..pieces], scale);
                    }
                });
                let shares = Left {
                    data: &scores,
                    start: 0,
                    row_step: padded,
                    inner_step: 1,
                };
                mixed.clear();
                mixed.resize(pieces * width, 0.0);
                multiply_add(&mut mixed, shares, &values, pieces, pieces, width);
                for (i, mixed) in sentence.clone().zip(mixed.chunks_exact(width)) {
                    out.row_mut(i)[at..at + width].copy_from_slice(mixed);
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_numbers_are_read() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7bff, 65_504.0),
            (0x0001, 5.960_464_5e-8),
        ] {
            assert_eq!(half(bits), value, "{bits:x}");
        }
    }

    #[test]
    fn a_row_of_the_embedding_is_unpacked() {
        let embedding = Embedding {
            scales: vec![0x3c00, 0x4000],
            weights: (0..32).map(|i| if i < 16 { i } else { 0xf8 }).collect(),
        };
        let mut row = [0.0; 32];
        embedding.put(0, &mut row);
        assert_eq!((row[0], row[15], row[16]), (-8.0, 7.0, -8.0));
        embedding.put(1, &mut row);
        assert_eq!((row[0], row[31]), (0.0, 14.0));
    }
}
