//! CSV and TSV: one report a row, turned into the lines that [`read_jsonl_line`](crate::read_jsonl_line) reads.

use crate::error::Error;
use crate::unpack::Stream;
use encoding_rs::WINDOWS_1252;
use lagebild_core::Limit;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, BufRead as _, Read};
use std::rc::Rc;
use std::sync::LazyLock;

/// Known names of columns, by field.
static NAMES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/ingest/columns.toml")).expect("built-in data is checked by a test")
});

/// Which column holds which field, where its name does not tell: `text=body,published=date`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Field and column.
    pairs: Vec<(String, String)>,
}

impl std::str::FromStr for Columns {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut pairs = Vec::new();
        for pair in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (field, column) = pair
                .split_once('=')
                .ok_or_else(|| format!("{pair:?} is not FIELD=COLUMN, such as text=body"))?;
            let field = field.trim().to_lowercase();
            if !NAMES.contains_key(&field) {
                let known: Vec<&str> = NAMES.keys().map(String::as_str).collect();
                return Err(format!("there is no field {field:?}; fields are {}", known.join(", ")));
            }
            pairs.push((field, column.trim().to_owned()));
        }
        Ok(Self { pairs })
    }
}

impl Columns {
    /// The fields of a table with the columns `header`: name and number of column.
    fn of(&self, header: &csv::ByteRecord) -> Result<Vec<(&'static str, usize)>, Error> {
        let header: Vec<String> = header.iter().map(|name| decoded(name).trim().to_owned()).collect();
        let place = |name: &str| header.iter().position(|h| h.to_lowercase() == name.to_lowercase());
        let mut fields = Vec::new();
        for (field, names) in NAMES.iter() {
            let told = self.pairs.iter().find(|(f, _)| f == field).map(|(_, column)| column);
            let found = match told {
                Some(column) => Some(place(column).ok_or_else(|| Error::NoColumn {
                    name: column.clone(),
                    found: header.join(", "),
                })?),
                None => names.iter().find_map(|name| place(name)),
            };
            fields.extend(found.map(|at| (field.as_str(), at)));
        }
        if fields.iter().any(|(field, _)| matches!(*field, "text" | "html")) {
            Ok(fields)
        } else {
            Err(Error::NoColumn {
                name: "text".to_owned(),
                found: header.join(", "),
            })
        }
    }
}

/// The rows of a table.
pub struct Table {
    rows: csv::Reader<Budgeted>,
    fields: Vec<(&'static str, usize)>,
    budget: Rc<Cell<usize>>,
    ended: bool,
    /// Line of the last row, at first that of the header.
    line: usize,
}

/// A row: where it begins, and its fields as a line of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line of the file, from 1.
    pub line: usize,
    /// An object with those of the fields `id`, `text`, `html`, `title`, `published`, `lang`, `source`, `url` that the
    /// row fills.
    pub json: String,
}

impl Table {
    /// Reads the header; `,`, `;`, tab or `|` separate columns, whichever the header has most of.
    ///
    /// Cells are UTF-8, and those that are not are windows-1252, as spreadsheets write it.
    ///
    /// # Errors
    /// [`Error::NoColumn`] when a column is not there; [`Error::Damaged`] when nothing can be read.
    pub fn open(mut stream: Stream, columns: &Columns) -> Result<Self, Error> {
        let damaged = |e: io::Error| Error::Damaged { what: e.to_string() };
        let head = stream.fill_buf().map_err(damaged)?;
        if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
            return Err(Error::Damaged {
                what: "a table in UTF-16; save it as UTF-8".to_owned(),
            });
        }
        let first = head.split(|&b| b == b'\n').next().unwrap_or_default();
        let count = |separator: &u8| first.iter().filter(|b| *b == separator).count();
        // Of equals the first: `max_by_key` takes the last.
        let separator = [b'|', b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
        let budget = Rc::new(Cell::new(Limit::Line.max()));
        let stream = Budgeted {
            stream,
            budget: Rc::clone(&budget),
        };
        let mut rows = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .from_reader(stream);
        let header = rows.byte_headers().map_err(|e| fault(&e))?;
        let fields = columns.of(header)?;
        Ok(Self {
            rows,
            fields,
            budget,
            ended: false,
            line: 1,
        })
    }
}

impl Iterator for Table {
    type Item = Result<Row, (usize, Error)>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = csv::ByteRecord::new();
        while !self.ended {
            self.budget.set(Limit::Line.max());
            let line = usize::try_from(self.rows.position().line()).unwrap_or(usize::MAX);
            match self.rows.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    // The reader stands in the middle of a row and would take the rest of it for another.
                    self.ended = true;
                    return Some(Err((line, fault(&error))));
                }
            }
            let line = record
                .position()
                .map_or(line, |p| usize::try_from(p.line()).unwrap_or(line));
            // The reader counts no lines that end in a bare carriage return, and two rows must not have one number.
            let line = line.max(self.line + 1);
            self.line = line;
            let cells: serde_json::Map<String, serde_json::Value> = self
                .fields
                .iter()
                .filter_map(|&(field, at)| {
                    let cell = decoded(record.get(at)?);
                    (!cell.trim().is_empty()).then(|| (field.to_owned(), cell.into()))
                })
                .collect();
            if !cells.is_empty() {
                let json = serde_json::Value::Object(cells).to_string();
                return Some(Ok(Row { line, json }));
            }
        }
        None
    }
}

fn decoded(cell: &[u8]) -> String {
    match std::str::from_utf8(cell) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(cell).0.into_owned(),
    }
}

fn fault(error: &csv::Error) -> Error {
    if let csv::ErrorKind::Io(io) = error.kind()
        && io.kind() == io::ErrorKind::FileTooLarge
    {
        return Error::Limit {
            limit: Limit::Line,
            found: None,
        };
    }
    Error::Damaged {
        what: error.to_string(),
    }
}

/// A stream that gives no more than a budget: one forgotten quote makes the rest of a file one row.
struct Budgeted {
    stream: Stream,
    budget: Rc<Cell<usize>>,
}

impl Read for Budgeted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.budget.get() == 0 {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the row does not end"));
        }
        let n = self.stream.read(buffer)?;
        self.budget.set(self.budget.get().saturating_sub(n));
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rows = Vec<Result<Row, (usize, Error)>>;

    fn rows(bytes: &[u8], columns: &str) -> Result<Rows, Error> {
        let stream = Box::new(io::Cursor::new(bytes.to_vec()));
        Ok(Table::open(stream, &columns.parse().unwrap())?.collect())
    }

    #[track_caller]
    fn check(bytes: &[u8], columns: &str, expected: &[(usize, &str)]) {
        let found = rows(bytes, columns).unwrap();
        let found: Vec<(usize, String)> = found
            .into_iter()
            .map(|r| r.map(|r| (r.line, r.json)).unwrap())
            .collect();
        let found: Vec<(usize, &str)> = found.iter().map(|(n, j)| (*n, j.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn rows_that_end_in_a_carriage_return_are_lines() {
        check(
            b"id,text\r1,Eins.\r2,Zwei.\r",
            "",
            &[(2, r#"{"id":"1","text":"Eins."}"#), (3, r#"{"id":"2","text":"Zwei."}"#)],
        );
    }

    #[test]
    fn columns_by_name_and_by_mapping() {
        check(
            b"ID,Titel,Text,Datum\n1,A,\"Satz, eins.\n\nZwei.\",2024-10-24\n,,,\n2,B,Drei.,\n",
            "",
            &[
                (
                    2,
                    r#"{"id":"1","published":"2024-10-24","text":"Satz, eins.\n\nZwei.","title":"A"}"#,
                ),
                (6, r#"{"id":"2","text":"Drei.","title":"B"}"#),
            ],
        );
        check(
            "\u{feff}k;absatz;wann\n7;Köln prüft.;24.10.2024\n".as_bytes(),
            "id=k, text=Absatz, published=wann",
            &[(2, r#"{"id":"7","published":"24.10.2024","text":"Köln prüft."}"#)],
        );
        check(
            b"text\turl\nK\xF6ln\thttps://e.org/\n",
            "",
            &[(2, r#"{"text":"Köln","url":"https://e.org/"}"#)],
        );
        check(b"text,title\nnur\n", "", &[(2, r#"{"text":"nur"}"#)]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = rows(b"a,b\n1,2\n", "").unwrap_err().to_string();
        assert_eq!(error, "no column \"text\"; there are: a, b");
        let error = rows(b"a,b\n1,2\n", "text=c").unwrap_err().to_string();
        assert_eq!(error, "no column \"c\"; there are: a, b");
        assert!("txt=a".parse::<Columns>().unwrap_err().contains("fields are html, id"));
        assert!("text".parse::<Columns>().unwrap_err().contains("FIELD=COLUMN"));
    }

    #[test]
    fn a_forgotten_quote_is_bounded() {
        let mut bytes = b"text\ngut\n\"offen".to_vec();
        bytes.resize(Limit::Line.max() + 100_000, b'x');
        let found = rows(&bytes, "").unwrap();
        assert_eq!(found.len(), 2);
        assert!(
            matches!(found[1], Err((3, Error::Limit { limit: Limit::Line, .. }))),
            "{:?}",
            found[1]
        );
    }
}
