//! Rows as CSV and as JSON Lines.

use crate::table::{Cell, Kind, Table};
use crate::text::harmless;
use std::io::{self, Write};

/// Writes the rows of one table.
pub trait TableWriter {
    /// Writes a row: one cell a column.
    ///
    /// # Errors
    /// When it cannot be written.
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()>;

    /// Writes what is left.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// The fields of a row in CSV: text that a spreadsheet would take for a formula begins with an apostrophe.
pub fn fields<'a>(table: &Table, cells: &'a [Cell<'a>]) -> impl Iterator<Item = String> + use<'a> {
    cells.iter().zip(table.columns).map(|(cell, column)| match column.kind {
        Kind::Text => harmless(cell.to_text()),
        _ => cell.to_text(),
    })
}

/// CSV (RFC 4180) with a header; text cells that a spreadsheet would take for a formula begin with an apostrophe.
#[derive(Debug)]
pub struct CsvWriter<W: Write> {
    csv: csv::Writer<W>,
    table: Table,
}

impl<W: Write> CsvWriter<W> {
    /// Writes the header of `table`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W, table: &Table) -> io::Result<Self> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(table.columns.iter().map(|c| c.name))?;
        Ok(Self { csv, table: *table })
    }
}

impl<W: Write> TableWriter for CsvWriter<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        Ok(self.csv.write_record(fields(&self.table, cells))?)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.csv.flush()
    }
}

/// JSON Lines: an object a row, with all columns.
#[derive(Debug)]
pub struct NdjsonWriter<W: Write> {
    out: W,
    columns: &'static [crate::Column],
}

impl<W: Write> NdjsonWriter<W> {
    /// A writer of rows of `table`.
    pub fn new(out: W, table: &Table) -> Self {
        Self {
            out,
            columns: table.columns,
        }
    }
}

impl<W: Write> TableWriter for NdjsonWriter<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        // By hand, so that columns keep their order.
        let mut first = true;
        for (cell, column) in cells.iter().zip(self.columns) {
            self.out.write_all(if first { b"{" } else { b"," })?;
            first = false;
            serde_json::to_writer(&mut self.out, column.name)?;
            self.out.write_all(b":")?;
            serde_json::to_writer(&mut self.out, &cell.to_json())?;
        }
        self.out.write_all(b"}\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}
