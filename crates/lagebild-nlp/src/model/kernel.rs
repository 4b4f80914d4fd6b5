//! Dense linear algebra on row-major `f32` matrices, vectorised for the processor at hand.
//!
//! [`pulp`] picks the widest vector instructions at run time (AVX-512, AVX2, NEON, or plain scalars), so that one
//! binary is fast everywhere and this crate stays free of `unsafe`. Results may differ in the last bits between
//! processors, because fused multiply-add rounds once.

use pulp::{Arch, Simd, WithSimd, as_arrays};

/// A row-major matrix.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
    /// `rows * cols` values, row after row.
    pub data: Vec<f32>,
}

impl Matrix {
    /// A matrix of zeros.
    #[must_use]
    pub fn zeros(rows: usize, cols: usize) -> Self {
        Self {
            rows,
            cols,
            data: vec![0.0; rows * cols],
        }
    }

    /// The row `i`.
    #[must_use]
    pub fn row(&self, i: usize) -> &[f32] {
        &self.data[i * self.cols..(i + 1) * self.cols]
    }

    /// The row `i`, to be written.
    pub fn row_mut(&mut self, i: usize) -> &mut [f32] {
        &mut self.data[i * self.cols..(i + 1) * self.cols]
    }

    /// Makes it a matrix of zeros of the given shape, keeping the allocation.
    pub fn reset(&mut self, rows: usize, cols: usize) {
        self.rows = rows;
        self.cols = cols;
        self.data.clear();
        self.data.resize(rows * cols, 0.0);
    }

    /// The transposed matrix.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut out = Self::zeros(self.cols, self.rows);
        for i in 0..self.rows {
            for (j, &value) in self.row(i).iter().enumerate() {
                out.data[j * self.rows + i] = value;
            }
        }
        out
    }
}

/// The left factor of a product: element `(i, k)` is `data[start + i * row_step + k * inner_step]`.
///
/// The two steps let one routine serve plain, transposed, shifted and column-sliced factors.
#[derive(Clone, Copy)]
pub struct Left<'a> {
    /// The values.
    pub data: &'a [f32],
    /// Index of element (0, 0).
    pub start: usize,
    /// Distance between rows.
    pub row_step: usize,
    /// Distance between the elements of a row.
    pub inner_step: usize,
}

impl<'a> Left<'a> {
    /// All of `m`.
    #[must_use]
    pub fn plain(m: &'a Matrix) -> Self {
        Self {
            data: &m.data,
            start: 0,
            row_step: m.cols,
            inner_step: 1,
        }
    }

    /// `m`, transposed.
    #[must_use]
    pub fn transposed(m: &'a Matrix) -> Self {
        Self {
            data: &m.data,
            start: 0,
            row_step: 1,
            inner_step: m.cols,
        }
    }

    /// The factor as a matrix of its own.
    fn copied(self, rows: usize, inner: usize) -> Matrix {
        let mut out = Matrix::zeros(rows, inner);
        for i in 0..rows {
            for (k, value) in out.row_mut(i).iter_mut().enumerate() {
                *value = self.data[self.start + i * self.row_step + k * self.inner_step];
            }
        }
        out
    }
}

/// `c += a * b`, where `a` has `rows` rows and `inner` columns, `b` has `inner` rows of `cols` values, and so on.
///
/// # Panics
/// When a slice is shorter than its shape demands.
pub fn multiply_add(c: &mut [f32], a: Left<'_>, b: &[f32], rows: usize, inner: usize, cols: usize) {
    assert!(
        c.len() >= rows * cols && b.len() >= inner * cols,
        "product of {rows}x{inner} and {inner}x{cols}"
    );
    if rows == 0 || inner == 0 || cols == 0 {
        return;
    }
    Arch::new().dispatch(Product {
        c,
        a,
        b,
        rows,
        inner,
        cols,
    });
}

struct Product<'a> {
    c: &'a mut [f32],
    a: Left<'a>,
    b: &'a [f32],
    rows: usize,
    inner: usize,
    cols: usize,
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            c,
            a,
            b,
            rows,
            inner,
            cols,
        } = self;
        if cols % S::F32_LANES != 0 {
            return scalar(c, a, b, rows, inner, cols);
        }
        let width = cols / S::F32_LANES;
        let (b, _) = S::as_simd_f32s(&b[..inner * cols]);
        let (c, _) = S::as_mut_simd_f32s(&mut c[..rows * cols]);
        let copied;
        let a = if a.inner_step == 1 {
            a
        } else {
            copied = a.copied(rows, inner);
            Left::plain(&copied)
        };
        let mut panel = Vec::new();
        let mut j = 0;
        while j < width {
            j += match width - j {
                4.. if S::F32_LANES >= 16 => columns::<S, 4>(simd, c, a, b, j, (rows, width), &mut panel),
                2.. => columns::<S, 2>(simd, c, a, b, j, (rows, width), &mut panel),
                _ => columns::<S, 1>(simd, c, a, b, j, (rows, width), &mut panel),
            };
        }
    }
}

/// `W` vectors of every row of the result, from the `j`th on; returns `W`.
///
/// These columns of `b` are first copied to lie side by side: the copy stays in the first-level cache, and in few
/// pages, while the rows of `a` pass it.
#[inline(always)]
fn columns<S: Simd, const W: usize>(
    simd: S,
    c: &mut [S::f32s],
    a: Left<'_>,
    b: &[S::f32s],
    j: usize,
    (rows, width): (usize, usize),
    panel: &mut Vec<S::f32s>,
) -> usize {
    panel.clear();
    for row in b.chunks_exact(width) {
        panel.extend_from_slice(&row[j..j + W]);
    }
    let (panel, _) = as_arrays::<W, _>(panel);
    let mut i = 0;
    while i + 6 <= rows {
        tile::<S, 6, W>(simd, c, a, panel, i, j, width);
        i += 6;
    }
    while i + 2 <= rows {
        tile::<S, 2, W>(simd, c, a, panel, i, j, width);
        i += 2;
    }
    if i < rows {
        tile::<S, 1, W>(simd, c, a, panel, i, j, width);
    }
    W
}

/// `R` rows and `W` vectors of the result, held in registers.
#[inline(always)]
fn tile<S: Simd, const R: usize, const W: usize>(
    simd: S,
    c: &mut [S::f32s],
    a: Left<'_>,
    panel: &[[S::f32s; W]],
    i: usize,
    j: usize,
    width: usize,
) {
    let mut sum = [[simd.splat_f32s(0.0); W]; R];
    for (r, sums) in sum.iter_mut().enumerate() {
        sums.copy_from_slice(&c[(i + r) * width + j..][..W]);
    }
    // Slices of known length: no index is checked in the innermost loop.
    let mut rows: [&[f32]; R] = [&[]; R];
    for (r, row) in rows.iter_mut().enumerate() {
        *row = &a.data[a.start + (i + r) * a.row_step..][..panel.len()];
    }
    for (k, vectors) in panel.iter().enumerate() {
        for r in 0..R {
            let x = simd.splat_f32s(rows[r][k]);
            for w in 0..W {
                sum[r][w] = simd.mul_add_e_f32s(x, vectors[w], sum[r][w]);
            }
        }
    }
    for (r, sums) in sum.iter().enumerate() {
        c[(i + r) * width + j..][..W].copy_from_slice(sums);
    }
}

/// Shapes that no vector width divides.
fn scalar(c: &mut [f32], a: Left<'_>, b: &[f32], rows: usize, inner: usize, cols: usize) {
    for i in 0..rows {
        for k in 0..inner {
            let x = a.data[a.start + i * a.row_step + k * a.inner_step];
            for (c, b) in c[i * cols..(i + 1) * cols].iter_mut().zip(&b[k * cols..(k + 1) * cols]) {
                *c += x * b;
            }
        }
    }
}

/// `1 / (1 + exp(-x))` by a rational approximation of `tanh` (absolute error below 1e-6), which vectorises.
#[must_use]
#[inline]
pub(crate) fn sigmoid(x: f32) -> f32 {
    0.5 + 0.5 * tanh(0.5 * x)
}

/// `tanh` by the rational approximation of Eigen (13/6, clamped at 7.9).
#[inline]
pub(crate) fn tanh(x: f32) -> f32 {
    let x = x.clamp(-7.905, 7.905);
    let y = x * x;
    let p = -2.760_768_5e-16;
    let p = p * y + 2.000_188_e-13;
    let p = p * y - 8.604_672e-11;
    let p = p * y + 5.122_297e-8;
    let p = p * y + 1.485_722_4e-5;
    let p = p * y + 6.372_619_5e-4;
    let p = p * y + 4.893_525_5e-3;
    let q = 1.198_258_4e-6;
    let q = q * y + 1.185_347_1e-4;
    let q = q * y + 2.268_434_6e-3;
    let q = q * y + 4.893_525_e-3;
    x * p / q
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(rows: usize, cols: usize, seed: u32) -> Matrix {
        let mut state = seed;
        let mut m = Matrix::zeros(rows, cols);
        for x in &mut m.data {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *x = (state >> 8) as f32 / (1 << 24) as f32 - 0.5;
        }
        m
    }

    #[test]
    fn products_of_all_shapes_agree_with_the_definition() {
        for (rows, inner, cols) in [(1, 3, 16), (7, 5, 48), (13, 20, 64), (9, 4, 5), (12, 1, 96), (2, 2, 32)] {
            let (a, b) = (filled(rows, inner, 1), filled(inner, cols, 2));
            let mut expected = filled(rows, cols, 3);
            let mut plain = expected.clone();
            let mut flipped = expected.clone();
            for i in 0..rows {
                for j in 0..cols {
                    for k in 0..inner {
                        expected.data[i * cols + j] += a.row(i)[k] * b.row(k)[j];
                    }
                }
            }
            multiply_add(&mut plain.data, Left::plain(&a), &b.data, rows, inner, cols);
            multiply_add(
                &mut flipped.data,
                Left::transposed(&a.transposed()),
                &b.data,
                rows,
                inner,
                cols,
            );
            for (x, e) in plain.data.iter().chain(&flipped.data).zip(expected.data.iter().cycle()) {
                assert!((x - e).abs() < 1e-5, "{rows} {inner} {cols}");
            }
        }
    }

    #[test]
    fn sigmoid_is_close() {
        for i in -200..=200 {
            let x = i as f32 / 10.0;
            assert!((sigmoid(x) - 1.0 / (1.0 + (-x).exp())).abs() < 2e-6, "{x}");
        }
    }
}
