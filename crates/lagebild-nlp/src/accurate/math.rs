//! The functions between the products, element by element, in forms that vectorise and that no library of the system computes:
//! results are the same everywhere.

use crate::model::kernel::Matrix;
use pulp::Arch;

/// Applies the Gaussian error linear unit (Hendrycks and Gimpel 2016), `x * Φ(x)`.
pub(super) fn gelu(values: &mut [f32]) {
    Arch::new().dispatch(|| {
        for x in values.iter_mut() {
            *x = 0.5 * *x * (1.0 + erf(*x * std::f32::consts::FRAC_1_SQRT_2));
        }
    });
}

/// Adds the rows of `more` to those of `x` and normalises each (Ba et al. 2016, *Layer normalization*).
pub(super) fn add_and_normalise(x: &mut Matrix, more: &Matrix, norm: &Norm) {
    Arch::new().dispatch(|| {
        let cols = x.cols;
        for (x, more) in x.data.chunks_exact_mut(cols).zip(more.data.chunks_exact(cols)) {
            for (x, more) in x.iter_mut().zip(more) {
                *x += more;
            }
            norm.apply(x);
        }
    });
}

/// Normalises rows: weight and bias of each column.
#[derive(Clone, Debug)]
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
    /// Added to the variance.
    pub(super) epsilon: f32,
}

impl Norm {
    /// Normalises a row.
    #[inline(always)]
    pub(super) fn apply(&self, row: &mut [f32]) {
        let mean = sum(row, |x| x) / row.len() as f32;
        let variance = sum(row, |x| (x - mean) * (x - mean)) / row.len() as f32;
        let scale = 1.0 / (variance + self.epsilon).sqrt();
        for ((x, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
            *x = (*x - mean) * scale * weight + bias;
        }
    }
}

/// Makes scores probabilities: `exp(scale * x)`, divided by their sum.
#[inline(always)]
pub(super) fn softmax(row: &mut [f32], scale: f32) {
    let most = row.iter().fold(f32::NEG_INFINITY, |m, &x| if x > m { x } else { m });
    for x in row.iter_mut() {
        *x = exp((*x - most) * scale);
    }
    let factor = 1.0 / sum(row, |x| x);
    for x in row {
        *x *= factor;
    }
}

/// The sum over a row in eight parts, so that they fill a vector; always in the same order.
#[inline(always)]
fn sum(row: &[f32], value: impl Fn(f32) -> f32) -> f32 {
    let mut parts = [0.0f32; 8];
    let (chunks, rest) = row.as_chunks::<8>();
    for chunk in chunks {
        for (part, &x) in parts.iter_mut().zip(chunk) {
            *part += value(x);
        }
    }
    parts.iter().sum::<f32>() + rest.iter().map(|&x| value(x)).sum::<f32>()
}

/// `exp(x)` for `x <= 0` (relative error below 3e-7): a power of two, and a polynomial for the rest.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = if x > -87.0 { x } else { -87.0 };
    // Rounds to a whole number: beyond 2^23 a float has no others.
    let shifted = x * std::f32::consts::LOG2_E + 12_582_912.0;
    let power = shifted - 12_582_912.0;
    // ln 2 in two parts, the first exact in few digits (Cody and Waite).
    let rest = x - power * 0.693_359_4 + power * 2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * rest + 1.398_199_9e-3;
    let p = p * rest + 8.333_452e-3;
    let p = p * rest + 4.166_579_6e-2;
    let p = p * rest + 1.666_666_5e-1;
    let p = p * rest + 0.5;
    let value = p * rest * rest + rest + 1.0;
    value * f32::from_bits(shifted.to_bits().wrapping_sub(0x4b40_0000).wrapping_add(127) << 23)
}

/// The error function by the rational approximation of Eigen (13/8, clamped at 4; absolute error below 1e-6).
#[inline(always)]
fn erf(x: f32) -> f32 {
    let x = x.clamp(-4.0, 4.0);
    let y = x * x;
    let p = -2.726_142_3e-10;
    let p = p * y + 2.770_681_4e-8;
    let p = p * y - 2.101_024e-6;
    let p = p * y - 5.692_506_4e-5;
    let p = p * y - 7.349_906_3e-4;
    let p = p * y - 2.954_6e-3;
    let p = p * y - 1.609_603_3e-2;
    let q = -1.456_607_2e-5;
    let q = q * y - 2.133_740_6e-4;
    let q = q * y - 1.682_827e-3;
    let q = q * y - 7.373_329e-3;
    let q = q * y - 1.426_473_9e-2;
    x * p / q
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_are_what_they_are_called() {
        for i in 0..=1000 {
            let x = -(i as f32) / 20.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) - exact).abs() <= exact * 3e-7, "exp {x}");
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37);
        // Values of the error function to seven places.
        for (x, exact) in [
            (0.0, 0.0),
            (0.1, 0.112_462_9),
            (0.5, 0.520_499_9),
            (1.0, 0.842_700_8),
            (2.0, 0.995_322_3),
            (3.5, 0.999_999_3),
        ] {
            assert!(
                (erf(x) - exact).abs() < 1e-6 && (erf(-x) + exact).abs() < 1e-6,
                "erf {x}: {}",
                erf(x)
            );
        }
    }

    #[test]
    fn a_normalised_row_has_no_mean_and_variance_one() {
        let norm = Norm {
            weight: vec![1.0; 20],
            bias: vec![0.0; 20],
            epsilon: 0.0,
        };
        let mut x = Matrix {
            rows: 1,
            cols: 20,
            data: (0..20).map(|i| (i * i) as f32).collect(),
        };
        add_and_normalise(&mut x, &Matrix::zeros(1, 20), &norm);
        let mean = x.data.iter().sum::<f32>() / 20.0;
        let variance = x.data.iter().map(|x| x * x).sum::<f32>() / 20.0;
        assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-5, "{mean} {variance}");
    }

    #[test]
    fn probabilities_add_up_to_one() {
        let mut row: Vec<f32> = (0..19).map(|i| i as f32 * 3.0 - 40.0).collect();
        softmax(&mut row, 0.5);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(row.windows(2).all(|w| w[0] < w[1]));
        assert!((row[17] / row[18] - (-1.5f32).exp()).abs() < 1e-6);
    }
}
