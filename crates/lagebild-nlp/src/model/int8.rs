//! Products of 8-bit weights with 16-bit activations.
//!
//! Sums are whole numbers, so they are exact and the same on every processor, in any order. Two products a lane and
//! instruction (`pmaddwd`) make them about twice as fast as floating-point numbers, and the weights take a quarter of the room.

use super::file::{Input, ModelError};
use super::kernel::Matrix;
use super::network::Linear;
use pulp::Arch;

/// Activations of a row go from `-STEPS` to `STEPS`.
const STEPS: f32 = 4095.0;
/// Most inputs a layer may have, lest a sum overflow: `WIDEST * 127 * STEPS < 2^31`.
const WIDEST: usize = 4096;
/// Outputs that are computed at a time.
const PANEL: usize = 16;
/// Rows that are computed at a time: six rows of two vectors, and what they are made of, fill 16 registers.
const TILE: usize = 6;

/// A layer: `out = x * weights + bias`, each output with the scale of its weights.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    inputs: usize,
    outputs: usize,
    scales: Vec<f32>,
    bias: Vec<f32>,
    /// For each [`PANEL`] of outputs, for each pair of inputs `(k, k + inputs / 2)`, for each output: the two weights.
    weights: Vec<i8>,
}

impl Layer {
    /// Reads a layer of the given number of inputs and outputs (which must be a multiple of 2 and of 16) from a model file.
    pub(crate) fn read(input: &mut Input<'_>, inputs: usize, outputs: usize) -> Result<Self, ModelError> {
        if !inputs.is_multiple_of(2) || inputs > WIDEST || !outputs.is_multiple_of(PANEL) {
            return Err(ModelError::Content("impossible layer size"));
        }
        let scales = input.f32s(outputs)?;
        let bias = input.f32s(outputs)?;
        let weights = input
            .take(inputs * outputs)
            .ok_or(ModelError::Content("layer cut short"))?;
        Ok(Self {
            inputs,
            outputs,
            scales,
            bias,
            weights: weights.iter().map(|&b| b.cast_signed()).collect(),
        })
    }

    /// Rounds a layer to 8 bits; its numbers of inputs and outputs must be multiples of 2 and of 16.
    pub(crate) fn rounded(linear: &Linear) -> Self {
        let (inputs, outputs) = (linear.weights.rows, linear.weights.cols);
        assert!(
            inputs.is_multiple_of(2) && inputs <= WIDEST && outputs.is_multiple_of(PANEL),
            "a layer of {inputs} inputs and {outputs} outputs"
        );
        let mut scales = vec![0.0f32; outputs];
        for row in linear.weights.data.chunks_exact(outputs) {
            for (scale, weight) in scales.iter_mut().zip(row) {
                *scale = scale.max(weight.abs());
            }
        }
        scales.iter_mut().for_each(|scale| *scale /= 127.0);
        let step = |k: usize, o: usize| {
            let weight = linear.weights.row(k)[o];
            if scales[o] > 0.0 {
                (weight / scales[o]).round() as i8
            } else {
                0
            }
        };
        let mut weights = Vec::with_capacity(inputs * outputs);
        for panel in (0..outputs).step_by(PANEL) {
            for k in 0..inputs / 2 {
                for o in panel..panel + PANEL {
                    weights.extend([step(k, o), step(k + inputs / 2, o)]);
                }
            }
        }
        Self {
            inputs,
            outputs,
            scales,
            bias: linear.bias.clone(),
            weights,
        }
    }

    /// The layer for each row of `x`.
    pub(crate) fn apply(&self, x: &Activations, out: &mut Matrix) {
        assert_eq!(x.pairs * 2, self.inputs, "activations do not fit the layer");
        out.rows = x.scales.len();
        out.cols = self.outputs;
        out.data.resize(out.rows * out.cols, 0.0);
        if self.inputs == 0 || out.rows == 0 {
            return;
        }
        match Arch::new() {
            #[cfg(target_arch = "x86_64")]
            Arch::V3(simd) => simd.vectorize(x86::Product {
                simd,
                x,
                layer: self,
                out,
            }),
            #[cfg(target_arch = "x86_64")]
            Arch::V4(simd) => {
                let wide = x86::Wide {
                    f: simd.avx512f,
                    bw: simd.avx512bw,
                };
                match x86::Vnni::try_new() {
                    Some(vnni) => vnni.vectorize(x86::WideProduct::<4> {
                        wide,
                        x,
                        layer: self,
                        out,
                    }),
                    None => simd.vectorize(x86::WideProduct::<6> {
                        wide,
                        x,
                        layer: self,
                        out,
                    }),
                }
            }
            other => other.dispatch(|| self.apply_plainly(x, out)),
        }
    }

    /// The same without vector instructions of our choice.
    #[inline(always)]
    fn apply_plainly(&self, x: &Activations, out: &mut Matrix) {
        for (panel, weights) in self.weights.chunks_exact(PANEL * self.inputs).enumerate() {
            for row in 0..x.scales.len() {
                let mut sums = [0i32; PANEL];
                for (&pair, weights) in x.row(row).iter().zip(weights.chunks_exact(2 * PANEL)) {
                    let (a, b) = (pair as i16, (pair >> 16) as i16);
                    for (sum, w) in sums.iter_mut().zip(weights.chunks_exact(2)) {
                        *sum += i32::from(a) * i32::from(w[0]) + i32::from(b) * i32::from(w[1]);
                    }
                }
                self.put(out, x.scales[row], row, panel, &sums);
            }
        }
    }

    /// Writes the sums of a row and panel as numbers.
    #[inline(always)]
    fn put(&self, out: &mut Matrix, scale: f32, row: usize, panel: usize, sums: &[i32; PANEL]) {
        let at = panel * PANEL;
        let out = &mut out.data[row * self.outputs + at..][..PANEL];
        let (scales, bias) = (&self.scales[at..][..PANEL], &self.bias[at..][..PANEL]);
        for i in 0..PANEL {
            out[i] = sums[i] as f32 * (scale * scales[i]) + bias[i];
        }
    }
}

/// The input of layers: rows of numbers in [`STEPS`] steps of their largest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Activations {
    pairs: usize,
    /// The step of each row.
    scales: Vec<f32>,
    /// Two numbers `(k, k + pairs)` each, the first in the lower half.
    data: Vec<i32>,
}

impl Activations {
    /// Rounds the rows of `x`, which has an even number of columns.
    pub(crate) fn of(x: &Matrix) -> Self {
        let mut out = Self::default();
        out.set(x);
        out
    }

    /// Replaces them by the rows of `x`.
    pub(crate) fn set(&mut self, x: &Matrix) {
        self.pairs = x.cols / 2;
        self.scales.clear();
        self.data.clear();
        self.data.reserve(x.rows * self.pairs);
        Arch::new().dispatch(|| {
            for i in 0..x.rows {
                let row = x.row(i);
                let largest = largest(row);
                self.scales.push(largest / STEPS);
                let steps = if largest > 0.0 { STEPS / largest } else { 0.0 };
                // Rounds to whole numbers without a call: beyond 2^23 a float has no others.
                let whole = |x: f32| (x * steps + 12_582_912.0).to_bits() as i32 - 0x4b40_0000;
                let (low, high) = row.split_at(self.pairs);
                self.data.extend(
                    low.iter()
                        .zip(high)
                        .map(|(&a, &b)| (whole(a) & 0xffff) | (whole(b) << 16)),
                );
            }
        });
    }

    #[inline(always)]
    fn row(&self, i: usize) -> &[i32] {
        &self.data[i * self.pairs..(i + 1) * self.pairs]
    }
}

/// The largest magnitude in a row; eight partial results, so that they fill a vector.
#[inline(always)]
fn largest(row: &[f32]) -> f32 {
    let mut parts = [0.0f32; 8];
    let (chunks, rest) = row.as_chunks::<8>();
    for chunk in chunks {
        for (part, x) in parts.iter_mut().zip(chunk) {
            *part = if x.abs() > *part { x.abs() } else { *part };
        }
    }
    parts
        .iter()
        .chain(rest)
        .fold(0.0, |most, x| if x.abs() > most { x.abs() } else { most })
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Activations, Layer, Matrix, PANEL, TILE};
    use pulp::core_arch::x86::{Avx512bw, Avx512f};
    use pulp::x86::V3;
    use pulp::{NullaryFnOnce, cast, f32x8, f32x16, i8x16, i8x32, i16x16, i16x32, i32x16};

    pulp::simd_type! {
        /// Processors that multiply and add in one instruction (`vpdpwssd`); the compiler makes it of the two.
        pub(crate) struct Vnni {
            pub(crate) avx512f: "avx512f",
            pub(crate) avx512bw: "avx512bw",
            pub(crate) avx512dq: "avx512dq",
            pub(crate) avx512vl: "avx512vl",
            pub(crate) avx512vnni: "avx512vnni",
        }
    }

    /// The instructions on vectors of 512 bits that are needed.
    #[derive(Clone, Copy)]
    pub(crate) struct Wide {
        pub(crate) f: Avx512f,
        pub(crate) bw: Avx512bw,
    }

    /// The product by instructions of x86-64-v4 (AVX-512), `R` rows at a time.
    pub(crate) struct WideProduct<'a, const R: usize> {
        pub(crate) wide: Wide,
        pub(crate) x: &'a Activations,
        pub(crate) layer: &'a Layer,
        pub(crate) out: &'a mut Matrix,
    }

    impl<const R: usize> NullaryFnOnce for WideProduct<'_, R> {
        type Output = ();

        #[inline(always)]
        fn call(mut self) {
            let panels = self.layer.outputs / PANEL;
            for panel in 0..panels / 2 {
                self.panels::<2>(2 * panel);
            }
            if !panels.is_multiple_of(2) {
                self.panels::<1>(panels - 1);
            }
        }
    }

    impl<const R: usize> WideProduct<'_, R> {
        /// `W` panels, from `panel` on.
        #[inline(always)]
        fn panels<const W: usize>(&mut self, panel: usize) {
            let pairs = self.x.pairs;
            let (weights, _) = self.layer.weights[panel * PANEL * self.layer.inputs..].as_chunks::<32>();
            let zero: i16x32 = cast([0i16; 32]);
            let mut wide = vec![[zero; W]; pairs];
            for p in 0..W {
                for (wide, &narrow) in wide.iter_mut().zip(&weights[p * pairs..][..pairs]) {
                    let narrow: i8x32 = cast(narrow);
                    wide[p] = cast(self.wide.bw._mm512_cvtepi8_epi16(cast(narrow)));
                }
            }
            let (rows, mut row) = (self.x.scales.len(), 0);
            while row + R <= rows {
                self.tile::<R, W>(&wide, row, panel);
                row += R;
            }
            while row < rows {
                self.tile::<1, W>(&wide, row, panel);
                row += 1;
            }
        }

        /// `N` rows of `W` panels, held in registers.
        #[inline(always)]
        fn tile<const N: usize, const W: usize>(&mut self, weights: &[[i16x32; W]], row: usize, panel: usize) {
            let (Wide { f, bw }, x) = (self.wide, self.x);
            let zero: i32x16 = cast([0i32; 16]);
            let mut sums = [[zero; W]; N];
            // Slices of known length: no index is checked in the innermost loop.
            let mut pairs: [&[i32]; N] = [&[]; N];
            for (r, pairs) in pairs.iter_mut().enumerate() {
                *pairs = &x.row(row + r)[..weights.len()];
            }
            for (k, weights) in weights.iter().enumerate() {
                for r in 0..N {
                    let pair = f._mm512_set1_epi32(pairs[r][k]);
                    for (sum, &w) in sums[r].iter_mut().zip(weights) {
                        *sum = cast(f._mm512_add_epi32(cast(*sum), bw._mm512_madd_epi16(pair, cast(w))));
                    }
                }
            }
            let at = panel * PANEL;
            let (scales, _) = self.layer.scales[at..][..W * PANEL].as_chunks::<PANEL>();
            let (bias, _) = self.layer.bias[at..][..W * PANEL].as_chunks::<PANEL>();
            for (r, sums) in sums.iter().enumerate() {
                let scale = f._mm512_set1_ps(x.scales[row + r]);
                let (out, _) =
                    self.out.data[(row + r) * self.layer.outputs + at..][..W * PANEL].as_chunks_mut::<PANEL>();
                for i in 0..W {
                    let scale = f._mm512_mul_ps(scale, cast(scales[i]));
                    let sum = f._mm512_cvtepi32_ps(cast(sums[i]));
                    let sum: f32x16 = cast(f._mm512_add_ps(f._mm512_mul_ps(sum, scale), cast(bias[i])));
                    out[i] = cast(sum);
                }
            }
        }
    }

    /// The product by instructions of x86-64-v3 (AVX2).
    pub(crate) struct Product<'a> {
        pub(crate) simd: V3,
        pub(crate) x: &'a Activations,
        pub(crate) layer: &'a Layer,
        pub(crate) out: &'a mut Matrix,
    }

    impl NullaryFnOnce for Product<'_> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            let Self { simd, x, layer, out } = self;
            let rows = x.scales.len();
            let mut wide: Vec<[i16x16; 2]> = Vec::with_capacity(x.pairs);
            for (panel, weights) in layer.weights.chunks_exact(PANEL * layer.inputs).enumerate() {
                wide.clear();
                let (weights, _) = weights.as_chunks::<32>();
                wide.extend(weights.iter().map(|w| {
                    let [low, high]: [i8x16; 2] = cast(*w);
                    [simd.convert_i8x16_to_i16x16(low), simd.convert_i8x16_to_i16x16(high)]
                }));
                let mut row = 0;
                while row + TILE <= rows {
                    tile::<TILE>(simd, x, layer, &wide, row, panel, out);
                    row += TILE;
                }
                while row < rows {
                    tile::<1>(simd, x, layer, &wide, row, panel, out);
                    row += 1;
                }
            }
        }
    }

    /// `R` rows of a panel, held in registers.
    #[inline(always)]
    fn tile<const R: usize>(
        simd: V3,
        x: &Activations,
        layer: &Layer,
        weights: &[[i16x16; 2]],
        row: usize,
        panel: usize,
        out: &mut Matrix,
    ) {
        let mut sums = [[simd.splat_i32x8(0); 2]; R];
        // Slices of known length: no index is checked in the innermost loop.
        let mut pairs: [&[i32]; R] = [&[]; R];
        for (r, pairs) in pairs.iter_mut().enumerate() {
            *pairs = &x.row(row + r)[..weights.len()];
        }
        for (k, weights) in weights.iter().enumerate() {
            for r in 0..R {
                let pair: i16x16 = cast(simd.splat_i32x8(pairs[r][k]));
                for (sum, &w) in sums[r].iter_mut().zip(weights) {
                    let products = simd.multiply_wrapping_add_adjacent_i16x16(pair, w);
                    *sum = cast(simd.avx2._mm256_add_epi32(cast(*sum), cast(products)));
                }
            }
        }
        let at = panel * PANEL;
        let (scales, _) = layer.scales[at..][..PANEL].as_chunks::<8>();
        let (bias, _) = layer.bias[at..][..PANEL].as_chunks::<8>();
        for (r, sums) in sums.iter().enumerate() {
            let scale = simd.splat_f32x8(x.scales[row + r]);
            let (out, _) = out.data[(row + r) * layer.outputs + at..][..PANEL].as_chunks_mut::<8>();
            for i in 0..2 {
                let scale = simd.mul_f32x8(scale, cast(scales[i]));
                let sum: f32x8 = cast(simd.avx._mm256_cvtepi32_ps(cast(sums[i])));
                out[i] = cast(simd.add_f32x8(simd.mul_f32x8(sum, scale), cast(bias[i])));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(n: usize, seed: u32) -> impl Iterator<Item = u32> {
        let mut state = seed;
        (0..n).map(move |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        })
    }

    fn matrix(rows: usize, cols: usize) -> Matrix {
        let data = numbers(rows * cols, 5).map(|n| n as f32 / (1 << 23) as f32 - 1.0);
        Matrix {
            rows,
            cols,
            data: data.collect(),
        }
    }

    fn layer(inputs: usize, outputs: usize) -> Layer {
        Layer {
            inputs,
            outputs,
            scales: numbers(outputs, 1).map(|n| n as f32 * 1e-9).collect(),
            bias: numbers(outputs, 2).map(|n| n as f32 * 1e-7).collect(),
            weights: numbers(inputs * outputs, 3).map(|n| (n % 255) as i16 as i8).collect(),
        }
    }

    #[test]
    fn vectors_give_what_the_definition_gives_to_the_bit() {
        for (rows, inputs, outputs) in [(1, 2, 16), (6, 10, 32), (13, 384, 48), (20, 66, 16)] {
            let (layer, x) = (layer(inputs, outputs), Activations::of(&matrix(rows, inputs)));
            let mut plain = Matrix::zeros(rows, outputs);
            layer.apply_plainly(&x, &mut plain);
            let mut fast = Matrix::default();
            layer.apply(&x, &mut fast);
            assert_eq!(fast, plain, "{rows} {inputs} {outputs}");
            // The instructions that a better processor leaves out.
            #[cfg(target_arch = "x86_64")]
            {
                let (x, layer) = (&x, &layer);
                if let Some(simd) = pulp::x86::V3::try_new() {
                    let mut out = Matrix::zeros(rows, outputs);
                    simd.vectorize(x86::Product {
                        simd,
                        x,
                        layer,
                        out: &mut out,
                    });
                    assert_eq!(out, plain, "AVX2: {rows} {inputs} {outputs}");
                }
                if let Some(simd) = pulp::x86::V4::try_new() {
                    let mut out = Matrix::zeros(rows, outputs);
                    let wide = x86::Wide {
                        f: simd.avx512f,
                        bw: simd.avx512bw,
                    };
                    simd.vectorize(x86::WideProduct::<6> {
                        wide,
                        x,
                        layer,
                        out: &mut out,
                    });
                    assert_eq!(out, plain, "AVX-512: {rows} {inputs} {outputs}");
                }
            }
        }
    }

    #[test]
    fn rounding_costs_little() {
        let (layer, x) = (layer(64, 16), matrix(3, 64));
        let mut out = Matrix::default();
        layer.apply(&Activations::of(&x), &mut out);
        for row in 0..3 {
            for o in 0..16 {
                // The layout by its definition: pairs of inputs half a row apart.
                let weight = |k: usize| f32::from(layer.weights[(k % 32) * 32 + 2 * o + k / 32]);
                let exact: f32 =
                    (0..64).map(|k| x.row(row)[k] * weight(k)).sum::<f32>() * layer.scales[o] + layer.bias[o];
                let allowed = 64.0 * 127.0 * layer.scales[o] * 0.5 / STEPS + 1e-5;
                assert!(
                    (out.row(row)[o] - exact).abs() <= allowed,
                    "{} {exact}",
                    out.row(row)[o]
                );
            }
        }
    }

    #[test]
    fn a_rounded_layer_gives_nearly_what_the_layer_gives() {
        let (inputs, outputs) = (96, 32);
        let linear = Linear {
            weights: matrix(inputs, outputs),
            bias: matrix(1, outputs).data,
        };
        let x = matrix(7, inputs);
        let (mut exact, mut rounded) = (Matrix::default(), Matrix::default());
        linear.apply(&x, &mut exact);
        Layer::rounded(&linear).apply(&Activations::of(&x), &mut rounded);
        // Each weight is wrong by half a step at most, the errors of many have no common direction.
        let allowed = 0.5 / 127.0 * (inputs as f32).sqrt() * 2.0;
        for (a, b) in exact.data.iter().zip(&rounded.data) {
            assert!((a - b).abs() < allowed, "{a} {b}");
        }
        let zero = Layer::rounded(&Linear::zeros(inputs, outputs));
        zero.apply(&Activations::of(&x), &mut rounded);
        assert!(rounded.data.iter().all(|&out| out == 0.0));
    }

    #[test]
    fn the_largest_values_do_not_overflow() {
        let mut layer = layer(WIDEST, 16);
        layer.weights.fill(127);
        layer.scales.fill(1.0);
        layer.bias.fill(0.0);
        let x = Matrix {
            rows: 1,
            cols: WIDEST,
            data: vec![1.0; WIDEST],
        };
        let mut out = Matrix::default();
        layer.apply(&Activations::of(&x), &mut out);
        assert!(
            (out.data[0] / (WIDEST as f32 * 127.0) - 1.0).abs() < 1e-5,
            "{}",
            out.data[0]
        );
    }

    #[test]
    fn zeros_stay_zeros() {
        let layer = layer(32, 16);
        let mut out = Matrix::default();
        layer.apply(&Activations::of(&Matrix::zeros(2, 32)), &mut out);
        assert_eq!(out.row(0), layer.bias);
        assert_eq!(out.row(1), layer.bias);
    }
}
