//! `lagebild._lagebild`: what the Python package needs of the engine and of the store.
//!
//! Thin on purpose. Reports come in as lines of JSON and readings go out as JSON, through the very code that reads
//! `--input jsonl` and writes `--format jsonl`, so that ids and readings are those of the program. Tables go out as the
//! buffers of Arrow arrays (`columns`). What is pleasant for people is written in Python.
//!
//! Whatever takes time runs without the interpreter's lock.

mod columns;
mod store;
mod tables;

use lagebild_engine::{Engine, guarded};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use std::sync::LazyLock;

pyo3::create_exception!(
    lagebild,
    Error,
    PyValueError,
    "What Lagebild cannot do, and what can be done about it."
);

/// The engine, loaded once a process.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    // No pool of threads, which a process that is forked later would lose.
    let lexicon = std::thread::scope(|threads| {
        threads.spawn(lagebild_bundle::knowledge);
        lagebild_bundle::lexicon()
    });
    Engine {
        lexicon,
        knowledge: lagebild_bundle::knowledge(),
        grade: lagebild_nlp::Grade::default(),
    }
});

/// Name, kind and meaning of a column.
type Described = (&'static str, &'static str, &'static str);

/// A reading in JSON, or why there is none.
type Outcome = Result<String, String>;

/// An error in words, with the remedy.
fn fault(what: impl std::fmt::Display, hint: Option<&str>) -> PyErr {
    Error::new_err(match hint {
        Some(hint) => format!("{what}\nhint: {hint}"),
        None => what.to_string(),
    })
}

/// Reads the report in a line of JSON. `number`, from 1, is for messages.
fn read(number: usize, line: &str) -> Outcome {
    let read = || {
        let document = lagebild_ingest::read_jsonl_line(line, number).map_err(|e| e.to_string())?;
        serde_json::to_string(&ENGINE.record(document)).map_err(|e| e.to_string())
    };
    guarded(read).unwrap_or_else(|what| Err(format!("the program failed on this report ({what})")))
}

/// Reads reports in so many threads; their order is kept.
fn read_all(lines: &[String], first: usize, threads: usize) -> PyResult<Vec<Outcome>> {
    if threads == 1 || lines.len() == 1 {
        return Ok(lines
            .iter()
            .zip(first..)
            .map(|(line, number)| read(number, line))
            .collect());
    }
    // Threads do not outlive the call: a process that is forked in between would lose them.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|e| fault(format!("cannot start threads: {e}"), None))?;
    let outcomes = || {
        lines
            .par_iter()
            .enumerate()
            .map(|(i, line)| read(first + i, line))
            .collect()
    };
    Ok(pool.install(outcomes))
}

/// The module.
#[pymodule]
mod _lagebild {
    #[pymodule_export]
    use super::{Error, store::Store};

    use super::columns::{Batch, Columns};
    use super::{ENGINE, Outcome, fault, read_all, tables};
    use lagebild_core::Lang;
    use pyo3::prelude::*;

    /// Reads reports, each a line of JSON; `first` is the number of the first for messages. A pair for each: the reading
    /// in JSON or None, the reason why there is none or None.
    #[pyfunction]
    fn read_lines(
        py: Python<'_>,
        lines: Vec<String>,
        first: usize,
        threads: usize,
    ) -> PyResult<Vec<(Option<String>, Option<String>)>> {
        let outcomes = py.detach(|| read_all(&lines, first, threads))?;
        let pair = |outcome: Outcome| match outcome {
            Ok(json) => (Some(json), None),
            Err(why) => (None, Some(why)),
        };
        Ok(outcomes.into_iter().map(pair).collect())
    }

    /// The tables below readings: name, meaning, and of each column name, kind and meaning.
    #[pyfunction]
    fn schema() -> Vec<(&'static str, &'static str, Vec<super::Described>)> {
        let column = |c: &lagebild_export::Column| (c.name, super::columns::kind(c.kind), c.about);
        let tables = tables::TABLES.iter();
        tables
            .map(|t| (t.name, t.about, t.columns.iter().map(column).collect()))
            .collect()
    }

    /// The rows of `table` that readings in JSON hold, as buffers of Arrow.
    #[pyfunction]
    fn rows(py: Python<'_>, readings: Vec<String>, table: &str) -> PyResult<Vec<Batch>> {
        let table = tables::find(table)?;
        let columns = py.detach(|| {
            let mut columns = Columns::of(&table);
            for (i, json) in readings.iter().enumerate() {
                let record = serde_json::from_str(json);
                let record = record.map_err(|e| fault(format!("reading {}: {e}", i + 1), None))?;
                tables::fill(&mut columns, &table, &record);
            }
            PyResult::Ok(columns)
        })?;
        Ok(columns.batches())
    }

    /// Versions of program, rules and models.
    #[pyfunction]
    fn versions(py: Python<'_>) -> (String, String, String, String) {
        let [german, english] = py.detach(|| [Lang::De, Lang::En].map(|lang| ENGINE.versions(lang)));
        (german.version, german.lexicon, german.model, english.model)
    }
}
