//! Rows as the buffers of Arrow arrays.
//!
//! The memory layout of Arrow is a published format (<https://arrow.apache.org/docs/format/Columnar.html>): a bitmap of the
//! cells that are there, the ends of texts, the values. pyarrow makes arrays of such buffers without copying them
//! (`Array.from_buffers`), so the module needs no Arrow library of its own, which would double what it is built from.

use lagebild_export::{Cell, Kind, Table};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::borrow::Cow;

/// Rows of a batch.
const ROWS: usize = 50_000;
/// Bytes of text in a column of a batch; a single cell may exceed it. Arrow counts the ends of texts in 32 bits.
const BYTES: usize = 256 << 20;

/// The name of a kind of column: pyarrow's types by the table in `arrow.py`.
pub(crate) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Date => "date",
        Kind::Time => "time",
    }
}

/// Rows on their way to Python, in batches.
pub(crate) struct Columns {
    columns: Vec<(Cow<'static, str>, Kind)>,
    full: Vec<Rows>,
    open: Rows,
}

/// The rows of a batch.
struct Rows {
    rows: usize,
    columns: Vec<Buffers>,
}

/// The buffers of a column.
#[derive(Default)]
struct Buffers {
    /// A bit for each cell that is there.
    there: Bits,
    /// Where each text ends, after a 0.
    ends: Vec<u8>,
    /// The values; of booleans, see `bits`.
    values: Vec<u8>,
    /// The values of booleans.
    bits: Bits,
    missing: usize,
}

/// Bits, the least significant of a byte first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    len: usize,
}

impl Bits {
    fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (self.len % 8);
        }
        self.len += 1;
    }
}

impl Buffers {
    fn new(kind: Kind) -> Self {
        let mut buffers = Self::default();
        if kind == Kind::Text {
            buffers.end();
        }
        buffers
    }

    fn end(&mut self) {
        // A batch is closed long before; a cell beyond 2 GB is more than any limit on input lets in.
        let end = i32::try_from(self.values.len()).unwrap_or(i32::MAX);
        self.ends.extend_from_slice(&end.to_le_bytes());
    }

    fn push(&mut self, kind: Kind, cell: &Cell<'_>) {
        let there = match (kind, cell) {
            (Kind::Text, Cell::Text(text)) => {
                self.values.extend_from_slice(text.as_bytes());
                true
            }
            (Kind::Text, _) => false,
            (Kind::Boolean, _) => {
                self.bits.push(*cell == Cell::Boolean(true));
                matches!(cell, Cell::Boolean(_))
            }
            (Kind::Integer, Cell::Integer(n)) => self.value(Some(n.to_le_bytes())),
            (Kind::Number, Cell::Number(x)) => self.value(Some(x.to_le_bytes())),
            (Kind::Integer | Kind::Number, _) => self.value(None::<[u8; 8]>),
            (Kind::Date, _) => self.value(cell.days().map(i32::to_le_bytes)),
            (Kind::Time, _) => self.value(cell.milliseconds().map(i64::to_le_bytes)),
        };
        if kind == Kind::Text {
            self.end();
        }
        self.there.push(there);
        self.missing += usize::from(!there);
    }

    /// Adds a value of fixed width, zeros where there is none; tells whether there is one.
    fn value<const N: usize>(&mut self, value: Option<[u8; N]>) -> bool {
        self.values.extend_from_slice(&value.unwrap_or([0; N]));
        value.is_some()
    }
}

impl Rows {
    fn new(columns: &[(Cow<'static, str>, Kind)]) -> Self {
        Self {
            rows: 0,
            columns: columns.iter().map(|(_, kind)| Buffers::new(*kind)).collect(),
        }
    }
}

impl Columns {
    /// No rows yet of `table`.
    pub(crate) fn of(table: &Table) -> Self {
        Self::new(table.columns.iter().map(|c| (c.name.into(), c.kind)).collect())
    }

    /// No rows yet of these columns.
    pub(crate) fn new(columns: Vec<(Cow<'static, str>, Kind)>) -> Self {
        Self {
            open: Rows::new(&columns),
            full: Vec::new(),
            columns,
        }
    }

    /// Adds a row: one cell a column. A cell of another kind than its column is missing.
    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) {
        for ((buffers, (_, kind)), cell) in self.open.columns.iter_mut().zip(&self.columns).zip(cells) {
            buffers.push(*kind, cell);
        }
        self.open.rows += 1;
        if self.open.rows >= ROWS || self.open.columns.iter().any(|c| c.values.len() >= BYTES) {
            let full = std::mem::replace(&mut self.open, Rows::new(&self.columns));
            self.full.push(full);
        }
    }

    /// The rows; one batch at least, so that an empty answer has its columns.
    pub(crate) fn batches(mut self) -> Vec<Batch> {
        if self.open.rows > 0 || self.full.is_empty() {
            self.full.push(self.open);
        }
        let columns = &self.columns;
        self.full
            .into_iter()
            .map(|rows| Batch {
                rows: rows.rows,
                columns: columns.iter().cloned().zip(rows.columns).collect(),
            })
            .collect()
    }
}

/// A batch on its way to Python: the number of rows, and of each column name, kind, number of missing cells and buffers.
pub(crate) struct Batch {
    rows: usize,
    columns: Vec<((Cow<'static, str>, Kind), Buffers)>,
}

impl<'py> IntoPyObject<'py> for Batch {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let bytes = |bytes: &[u8]| PyBytes::new(py, bytes);
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|((name, of), buffers)| {
                let there = (buffers.missing > 0).then(|| bytes(&buffers.there.bytes));
                let rest = match of {
                    Kind::Text => vec![bytes(&buffers.ends), bytes(&buffers.values)],
                    Kind::Boolean => vec![bytes(&buffers.bits.bytes)],
                    _ => vec![bytes(&buffers.values)],
                };
                (name.as_ref(), kind(*of), buffers.missing, there, rest)
            })
            .collect();
        Ok((self.rows, columns).into_pyobject(py)?.into_any())
    }
}
