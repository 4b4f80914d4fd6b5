//! Tab-separated tables: a comment header (`#`), a line of column names, one fact a line.

use crate::Diagnostic;
use lagebild_core::Date;
use std::sync::Arc;

/// A table and the file that it comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    /// Path from the root of the project.
    pub(super) file: &'static str,
    /// Content.
    pub(super) text: &'static str,
    /// A user's table of the same name, whose rows come after its own.
    pub(super) over: Option<&'static Table>,
}

/// The longest row of the tables that we know.
const WIDEST: usize = 16;

/// One fact of a table: the cells asked for, in the order asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<const N: usize> {
    table: Table,
    /// Byte offset of the line.
    start: usize,
    pub(super) cells: [&'static str; N],
}

impl<const N: usize> Row<N> {
    /// An error about `cell`, which must be one of this row's cells.
    pub(super) fn error(&self, code: &'static str, cell: &'static str, message: impl Into<String>) -> Diagnostic {
        self.table.error(code, self.start, cell, message)
    }

    /// Where the row stands, for messages made later.
    pub(super) fn place(&self) -> Place {
        Place {
            table: self.table,
            start: self.start,
        }
    }
}

/// A line of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    table: Table,
    start: usize,
}

impl Place {
    /// An error about `cell`, which must stand on this line.
    pub(super) fn error(&self, code: &'static str, cell: &'static str, message: impl Into<String>) -> Diagnostic {
        self.table.error(code, self.start, cell, message)
    }
}

impl Table {
    fn error(self, code: &'static str, start: usize, cell: &'static str, message: impl Into<String>) -> Diagnostic {
        // Cells are slices of the text, so that their addresses tell where they stand; an empty cell marks the line.
        let at = (cell.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let range = if at < self.text.len() {
            at..at + cell.len()
        } else {
            start..start + 1
        };
        Diagnostic::error(code, &Arc::from(self.file), self.text, range, message)
    }

    /// The cells of the named columns, row by row, those of a user's table last. A missing column gives one error and no
    /// rows; a cell that is not there counts as empty.
    pub(super) fn rows<const N: usize>(self, columns: [&str; N], errors: &mut Vec<Diagnostic>) -> Vec<Row<N>> {
        let mut rows = self.own_rows(columns, errors);
        if let Some(over) = self.over {
            rows.extend(over.own_rows(columns, errors));
        }
        rows
    }

    fn own_rows<const N: usize>(self, columns: [&str; N], errors: &mut Vec<Diagnostic>) -> Vec<Row<N>> {
        let mut lines = self.text.split_inclusive('\n').scan(0, |offset, line| {
            let start = *offset;
            *offset += line.len();
            Some((start, line.trim_end_matches(['\n', '\r'])))
        });
        let header = lines
            .by_ref()
            .find(|(_, line)| !line.starts_with('#') && !line.is_empty());
        let Some((header_start, header)) = header else {
            errors.push(self.error("K001", 0, "", "the table has no line of column names"));
            return Vec::new();
        };
        let mut wanted = [0; N];
        for (place, column) in wanted.iter_mut().zip(columns) {
            match header.split('\t').position(|c| c == column) {
                Some(n) if n < WIDEST => *place = n,
                _ => {
                    let error = self.error("K001", header_start, header, format!("no column \"{column}\""));
                    errors.push(error.hint(format!("the columns wanted: {}", columns.join(", "))));
                    return Vec::new();
                }
            }
        }
        lines
            .filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
            .map(|(start, line)| {
                let mut all = [""; WIDEST];
                for (place, cell) in all.iter_mut().zip(line.split('\t')) {
                    *place = cell.trim();
                }
                Row {
                    table: self,
                    start,
                    cells: wanted.map(|n| all[n]),
                }
            })
            .collect()
    }
}

/// The members of a `;`-separated list.
pub(super) fn list(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// First and last day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
pub(super) fn days(cell: &str) -> Option<(Date, Date)> {
    let mut parts = cell.split('-');
    let year: i16 = parts.next()?.parse().ok()?;
    let month = parts.next().map(|m| m.parse::<i8>().ok());
    let day = parts.next().map(|d| d.parse::<i8>().ok());
    if parts.next().is_some() {
        return None;
    }
    match (month, day) {
        (None, _) => Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)),
        (Some(month), None) => {
            let first = Date::new(year, month?, 1).ok()?;
            Some((first, first.last_of_month()))
        }
        (Some(month), Some(day)) => {
            let date = Date::new(year, month?, day?).ok()?;
            Some((date, date))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_core::Date;

    #[test]
    fn dates_have_a_first_and_a_last_day() {
        let date = |y, m, d| Date::new(y, m, d).unwrap();
        assert_eq!(days("2024"), Some((date(2024, 1, 1), date(2024, 12, 31))));
        assert_eq!(days("2024-02"), Some((date(2024, 2, 1), date(2024, 2, 29))));
        assert_eq!(days("2024-06-19"), Some((date(2024, 6, 19), date(2024, 6, 19))));
        assert_eq!(days("2024-13"), None);
        assert_eq!(days("bald"), None);
    }

    #[test]
    fn errors_name_line_and_column() {
        let table = Table {
            file: "data/knowledge/x.tsv",
            text: "# note\na\tb\n1\tzwei\n",
            over: None,
        };
        let mut errors = Vec::new();
        let rows = table.rows(["b"], &mut errors);
        assert!(errors.is_empty());
        let error = rows[0].error("K009", rows[0].cells[0], "no number");
        assert_eq!((error.line, error.column, error.width), (3, 3, 4));
    }

    #[test]
    fn a_missing_column_is_an_error() {
        let mut errors = Vec::new();
        assert!(
            Table {
                file: "x.tsv",
                text: "a\n1\n",
                over: None,
            }
            .rows(["b"], &mut errors)
            .is_empty()
        );
        assert_eq!(errors.len(), 1);
    }
}
