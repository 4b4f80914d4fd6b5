//! A store, for reading.

use crate::columns::{Batch, Columns};
use crate::fault;
use lagebild_export::{Cell, Kind, Row};
use lagebild_nlp::morph::compound_parts;
use lagebild_store::{ActorRow, AgreementRow, Ask, AskLimits, ClaimRow, DocumentRow, EventRow, Filter, Hit, Reader};
use pyo3::prelude::*;
use serde_json::Value;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A store that is read; nothing is ever written to it.
#[pyclass(frozen, module = "lagebild._lagebild")]
pub(crate) struct Store {
    path: PathBuf,
}

/// Filters by name, as the lists of the program take them.
type Pairs = Vec<(String, String)>;

fn store_fault(error: lagebild_store::Error) -> PyErr {
    let hint = error.hint();
    fault(&error, hint.as_deref())
}

fn filter(pairs: &Pairs) -> PyResult<Filter> {
    Filter::from_pairs(pairs.iter().map(|(k, v)| (k, v))).map_err(|error| {
        let hint = error.hint();
        fault(&error, hint.as_deref())
    })
}

impl Store {
    fn reader(&self) -> PyResult<Reader> {
        Reader::open(&self.path, Arc::new(compound_parts)).map_err(store_fault)
    }

    /// All rows that `each` gives.
    fn collect<T: Row>(
        &self,
        each: impl FnOnce(&Reader, &mut dyn FnMut(T) -> ControlFlow<()>) -> lagebild_store::Result<()>,
    ) -> PyResult<Columns> {
        let mut columns = Columns::of(&T::TABLE);
        let mut row = |row: T| {
            columns.row(&row.cells());
            ControlFlow::Continue(())
        };
        each(&self.reader()?, &mut row).map_err(store_fault)?;
        Ok(columns)
    }
}

#[pymethods]
impl Store {
    /// Opens the file, to say at once what is wrong with it.
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let store = Self { path };
        py.detach(|| store.reader())?;
        Ok(store)
    }

    /// The rows of a list under filters, as buffers of Arrow.
    fn rows(&self, py: Python<'_>, list: &str, filters: Pairs) -> PyResult<Vec<Batch>> {
        let columns = py.detach(|| {
            let filter = &filter(&filters)?;
            match list {
                "documents" => self.collect::<DocumentRow>(|reader, each| reader.each_document(filter, each)),
                "events" => self.collect::<EventRow>(|reader, each| reader.each_event(filter, each)),
                "claims" => self.collect::<ClaimRow>(|reader, each| reader.each_claim(filter, each)),
                "agreements" => self.collect::<AgreementRow>(|reader, each| reader.each_agreement(filter, each)),
                "actors" => self.collect::<ActorRow>(|reader, each| {
                    let page = reader.actors(filter)?;
                    let _ = page.rows.into_iter().try_for_each(each);
                    Ok(())
                }),
                "hits" => self.collect::<Hit>(|reader, each| {
                    let page = reader.search(filter)?;
                    let _ = page.rows.into_iter().try_for_each(each);
                    Ok(())
                }),
                _ => Err(fault(format!("there is no list {list:?}"), None)),
            }
        })?;
        Ok(columns.batches())
    }

    /// The reading of a report in JSON; None when there is no such report.
    fn reading(&self, py: Python<'_>, id: &str) -> PyResult<Option<String>> {
        let json = py.detach(|| self.reader()?.record_json(id).map_err(store_fault))?;
        let text = json.map(String::from_utf8).transpose();
        text.map_err(|e| fault(format!("the reading of {id} is damaged: {e}"), None))
    }

    /// The views that a statement can ask: name and columns.
    fn views(&self, py: Python<'_>) -> PyResult<Vec<(String, Vec<String>)>> {
        py.detach(|| {
            let ask = Ask::open(&self.path, AskLimits::default()).map_err(store_fault)?;
            Ok(ask
                .views()
                .iter()
                .map(|v| (v.name.clone(), v.columns.clone()))
                .collect())
        })
    }

    /// The answer to a SELECT statement as buffers of Arrow, and whether rows beyond `limit` were left out.
    fn sql(&self, py: Python<'_>, statement: &str, limit: Option<usize>, seconds: f64) -> PyResult<(Vec<Batch>, bool)> {
        let time = Duration::try_from_secs_f64(seconds).map_err(|e| fault(format!("seconds: {e}"), None))?;
        let limits = AskLimits { time, rows: limit };
        let (columns, more) = py.detach(|| {
            let ask = Ask::open(&self.path, limits).map_err(store_fault)?;
            let question = ask.question(statement).map_err(store_fault)?;
            let names = question.columns().to_vec();
            let mut rows: Vec<Vec<Value>> = Vec::new();
            let more = question
                .answer(|row| {
                    rows.push(row);
                    ControlFlow::Continue(())
                })
                .map_err(store_fault)?;
            PyResult::Ok((answer(names, rows), more))
        })?;
        Ok((columns.batches(), more))
    }
}

/// The rows of an answer. SQLite has types by value, Arrow by column: a column has the narrowest type that all its values have.
fn answer(names: Vec<String>, rows: Vec<Vec<Value>>) -> Columns {
    let kinds = (0..names.len()).map(|i| {
        let values = || rows.iter().filter_map(|row| row.get(i)).filter(|v| !v.is_null());
        match values().next() {
            Some(_) if values().all(Value::is_i64) => Kind::Integer,
            Some(_) if values().all(Value::is_number) => Kind::Number,
            _ => Kind::Text,
        }
    });
    let kinds: Vec<Kind> = kinds.collect();
    let columns = names.into_iter().map(Into::into).zip(kinds.iter().copied()).collect();
    let mut columns = Columns::new(columns);
    for row in &rows {
        let cells: Vec<Cell<'_>> = row.iter().zip(&kinds).map(|(value, kind)| cell(value, *kind)).collect();
        columns.row(&cells);
    }
    columns
}

fn cell(value: &Value, kind: Kind) -> Cell<'_> {
    match (kind, value) {
        (_, Value::Null) => Cell::Missing,
        (Kind::Integer, _) => value.as_i64().map_or(Cell::Missing, Cell::Integer),
        (Kind::Number, _) => value.as_f64().into(),
        (_, Value::String(text)) => text.into(),
        _ => value.to_string().into(),
    }
}
