//! Lists as tables, JSON and CSV.

use crate::cli::ListFormat;
use crate::term::{Screen, clean};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};
use lagebild_export::{Row, fields};
use serde::Serialize;
use std::borrow::Cow;
use std::io::Write;

/// A column of a table for people.
pub(super) struct Column {
    pub(super) name: Cow<'static, str>,
    /// The widest it may get; `None` for the column that takes the room that is left.
    pub(super) most: Option<u16>,
    pub(super) right: bool,
}

/// A column that is at most `most` wide.
pub(super) const fn narrow(name: &'static str, most: u16) -> Column {
    Column {
        name: Cow::Borrowed(name),
        most: Some(most),
        right: false,
    }
}

/// A column of numbers.
pub(super) const fn count(name: &'static str) -> Column {
    Column {
        name: Cow::Borrowed(name),
        most: Some(12),
        right: true,
    }
}

/// A column that takes the room that is left.
pub(super) const fn wide(name: &'static str) -> Column {
    Column {
        name: Cow::Borrowed(name),
        most: None,
        right: false,
    }
}

/// Writes the rows of a list as they come.
pub(super) struct Writer<W: Write> {
    out: Out<W>,
    written: usize,
}

enum Out<W: Write> {
    Table(W, Table),
    Json(W),
    Jsonl(W),
    Csv(csv::Writer<W>),
}

impl<W: Write> Writer<W> {
    /// A writer of rows of type `T`.
    pub(super) fn new<T: Row>(out: W, format: ListFormat, columns: &[Column], screen: Screen) -> anyhow::Result<Self> {
        Self::with_header(out, format, columns, T::TABLE.columns.iter().map(|c| c.name), screen)
    }

    /// A writer of rows whose fields have the names of `header`.
    pub(super) fn with_header<'a>(
        mut out: W,
        format: ListFormat,
        columns: &[Column],
        header: impl Iterator<Item = &'a str>,
        screen: Screen,
    ) -> anyhow::Result<Self> {
        let out = match format {
            ListFormat::Table => Out::Table(out, table(columns, screen)),
            ListFormat::Json => {
                write!(out, "[")?;
                Out::Json(out)
            }
            ListFormat::Jsonl => Out::Jsonl(out),
            ListFormat::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(header)?;
                Out::Csv(csv)
            }
        };
        Ok(Self { out, written: 0 })
    }

    /// Adds a row; `cells` are what a table shows of it.
    pub(super) fn row<T: Row + Serialize>(
        &mut self,
        row: &T,
        cells: impl FnOnce(&T) -> Vec<String>,
    ) -> anyhow::Result<()> {
        self.add(row, || cells(row), || fields(&T::TABLE, &row.cells()).collect())
    }

    /// Adds a row: what it is in JSON, what a table shows of it, and its fields in CSV.
    pub(super) fn add(
        &mut self,
        row: &impl Serialize,
        cells: impl FnOnce() -> Vec<String>,
        fields: impl FnOnce() -> Vec<String>,
    ) -> anyhow::Result<()> {
        match &mut self.out {
            Out::Table(_, table) => {
                table.add_row(cells().iter().map(|c| clean(c).into_owned()));
            }
            Out::Json(out) => {
                writeln!(out, "{}", if self.written == 0 { "" } else { "," })?;
                serde_json::to_writer(out, row)?;
            }
            Out::Jsonl(out) => {
                serde_json::to_writer(&mut *out, row)?;
                writeln!(out)?;
            }
            Out::Csv(csv) => csv.write_record(fields())?,
        }
        self.written += 1;
        Ok(())
    }

    /// Writes what is left; returns the number of rows.
    pub(super) fn finish(self) -> anyhow::Result<usize> {
        match self.out {
            Out::Table(mut out, table) => {
                if self.written > 0 {
                    writeln!(out, "{}", table.trim_fmt())?;
                }
                out.flush()?;
            }
            Out::Json(mut out) => {
                writeln!(out, "{}]", if self.written == 0 { "" } else { "\n" })?;
                out.flush()?;
            }
            Out::Jsonl(mut out) => out.flush()?,
            Out::Csv(mut csv) => csv.flush()?,
        }
        Ok(self.written)
    }
}

fn table(columns: &[Column], screen: Screen) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(screen.width).unwrap_or(u16::MAX));
    table.set_header(columns.iter().map(|c| c.name.as_ref()));
    for (shown, column) in table.column_iter_mut().zip(columns) {
        if let Some(most) = column.most {
            // The boundary counts the space on both sides of the content.
            shown.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(most + 2)));
        }
        if column.right {
            shown.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
