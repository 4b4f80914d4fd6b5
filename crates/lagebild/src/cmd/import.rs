//! `lagebild import`: readings that were made elsewhere, into the store.
//!
//! A cluster reads, one store collects: what `lagebild read --format jsonl` or the Python package (`read_batches`,
//! `spark.read`) made is added as if it had been read here. The raw bytes that the store keeps are the report as a line
//! of JSON, so that a later engine can read it again.

use super::add::{Log, Read, finish};
use super::pool;
use super::read::batch;
use crate::End;
use crate::cli::Import;
use crate::input::{About, Bad, How, Input, Item, Items, Progress, Why, line_item};
use crate::pipeline::{KeptHints, Pipeline};
use jiff::Timestamp;
use lagebild_core::wire::Record;
use lagebild_store::{Incoming, Preparer, Receipt, Store};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// The readings of an input, each an item whose bytes are its JSON.
type Readings = Box<dyn Iterator<Item = Result<Item, Bad>>>;

pub(super) fn run(args: &Import) -> anyhow::Result<End> {
    let pool = pool(args.threads)?;
    let mut log = Log::new(Progress::default(), None);
    let mut store = Store::open(&args.store.store, Pipeline::compounds())?;
    let preparer = store.preparer();
    let files = args.inputs.iter().flat_map(|path| files(path));
    let mut readings = files
        .flat_map(|file| file.map_or_else(failed, |path| open(&path)))
        .peekable();
    while readings.peek().is_some() {
        let items = batch(&mut readings);
        let made: Vec<Result<Made, Bad>> = pool.install(|| items.into_par_iter().map(make).collect());
        let mut batch = Vec::with_capacity(made.len());
        for made in made {
            match made {
                Ok(made) => batch.push(made),
                Err(bad) => log.bad(&bad)?,
            }
        }
        let engines: Vec<_> = batch.iter().map(|made| made.record.engine.clone()).collect();
        let incoming: Vec<Incoming<'_>> = batch.iter().map(Made::incoming).collect();
        let receipts = store.receive(&incoming, &engines, Timestamp::now())?;
        let mut received = Vec::with_capacity(batch.len());
        for (receipt, made) in receipts.into_iter().zip(batch) {
            match receipt {
                Receipt::New(raw) => received.push((raw, made)),
                Receipt::Known => log.known(&made.name)?,
            }
        }
        let prepare = |(raw, made): (_, Made)| {
            let (name, result) = made.prepare(&preparer);
            Read {
                raw,
                name,
                result,
                notes: Vec::new(),
            }
        };
        let read: Vec<Read> = pool.install(|| received.into_par_iter().map(prepare).collect());
        log.finished(finish(&mut store, &read)?, &read)?;
    }
    store.learn()?;
    log.finish(Some(&args.store.store.display().to_string()))
}

/// A reading, and its report as a line of JSON.
struct Made {
    name: String,
    record: Record,
    url: Option<String>,
    line: Vec<u8>,
    hints: String,
}

impl Made {
    fn incoming(&self) -> Incoming<'_> {
        Incoming {
            bytes: &self.line,
            source: None,
            hints: &self.hints,
        }
    }

    fn prepare(self, preparer: &Preparer) -> (String, Result<lagebild_store::Prepared, Bad>) {
        let Self { name, record, url, .. } = self;
        // A record can be well-formed and still be none that an engine would make.
        let prepared = lagebild_engine::guarded(|| preparer.prepare(record, url));
        let prepared = prepared.and_then(|p| p.map_err(|e| e.to_string()));
        let prepared = prepared.map_err(|why| bad(&name, Why::Internal(why)));
        (name, prepared)
    }
}

fn bad(name: &str, why: Why) -> Bad {
    Bad {
        name: name.to_owned(),
        why,
    }
}

/// Reads the JSON of a reading.
fn make(item: Result<Item, Bad>) -> Result<Made, Bad> {
    let item = item?;
    let no_reading = |why: String| bad(&item.name, Why::NoReading(format!("this is no reading: {why}")));
    let record: Record = serde_json::from_slice(&item.bytes).map_err(|e| no_reading(e.to_string()))?;
    record.check().map_err(no_reading)?;
    let told = item
        .told
        .url
        .clone()
        .filter(|u| u.starts_with("https://") || u.starts_with("http://"));
    let url = told.or_else(|| Pipeline::url(&item, &record));
    let mut line = serde_json::Map::new();
    for (field, value) in [
        ("id", Some(&record.id)),
        ("text", Some(&record.text)),
        ("published", record.published.as_ref()),
        ("title", record.title.as_ref()),
        ("lang", Some(&record.lang)),
        ("source", record.source.as_ref()),
        ("url", url.as_ref()),
    ] {
        line.extend(value.map(|value| (field.to_owned(), value.as_str().into())));
    }
    let line = serde_json::Value::Object(line).to_string().into_bytes();
    let hints = KeptHints::of(&line_item(String::new(), 1, Vec::new()), About::default());
    Ok(Made {
        name: item.name,
        record,
        url,
        line,
        hints,
    })
}

/// The file, or the files with readings in a folder, as Spark writes them; its own are hidden by `_` and `.`.
fn files(path: &Path) -> Vec<Result<PathBuf, Bad>> {
    if !path.is_dir() {
        return vec![Ok(path.to_owned())];
    }
    let entries = || -> io::Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(path)?.map(|entry| entry.map(|e| e.path()));
        let mut files = entries.collect::<io::Result<Vec<_>>>()?;
        files.retain(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let known = [".parquet", ".jsonl", ".jsonl.gz", ".jsonl.zst"];
            !name.starts_with(['_', '.']) && known.iter().any(|end| name.ends_with(end))
        });
        files.sort();
        Ok(files)
    };
    let name = path.display().to_string();
    match entries() {
        Err(error) => vec![Err(bad(&name, Why::Io(error)))],
        Ok(files) if files.is_empty() => {
            let none = "no .parquet or .jsonl files in this directory".to_owned();
            vec![Err(bad(&name, Why::NoReading(none)))]
        }
        Ok(files) => files.into_iter().map(Ok).collect(),
    }
}

fn failed(bad: Bad) -> Readings {
    Box::new(std::iter::once(Err(bad)))
}

/// The readings of a file: Parquet by its first bytes, else JSON Lines.
fn open(path: &Path) -> Readings {
    let name = path.display().to_string();
    let is_parquet = |path: &Path| -> io::Result<bool> {
        let mut head = [0; 4];
        Ok(File::open(path)?.read_exact(&mut head).is_ok() && &head == b"PAR1")
    };
    match is_parquet(path) {
        Err(error) if name != "-" => failed(bad(&name, Why::Io(error))),
        Ok(true) => parquet(name, path),
        _ => Box::new(Items::new([path.to_owned()], How::from(Input::Jsonl))),
    }
}

#[cfg(not(feature = "columnar"))]
fn parquet(name: String, _: &Path) -> Readings {
    let none = "this program was built without Parquet (feature `columnar`)".to_owned();
    failed(bad(&name, Why::NoReading(none)))
}

/// The rows of the table `readings` of the Python package.
#[cfg(feature = "columnar")]
fn parquet(name: String, path: &Path) -> Readings {
    use crate::input::Told;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::{Field, reader::RowIter};
    use parquet::schema::types::Type;
    use std::sync::Arc;

    let rows = || -> Result<RowIter<'static>, Why> {
        let damaged = |e: parquet::errors::ParquetError| Why::NoReading(format!("this is no sound Parquet: {e}"));
        let file = File::open(path).map_err(Why::Io)?;
        let reader = SerializedFileReader::new(file).map_err(damaged)?;
        let schema = reader.metadata().file_metadata().schema();
        let wanted = ["record", "error", "url", "id"];
        let fields = schema.get_fields().iter().filter(|f| wanted.contains(&f.name()));
        let fields: Vec<Arc<Type>> = fields.cloned().collect();
        if !fields.iter().any(|f| f.name() == "record") {
            return Err(Why::NoReading(
                "there is no column \"record\"; readings are made by the Python package or by `read --format jsonl`"
                    .to_owned(),
            ));
        }
        let columns = Type::group_type_builder(schema.name()).with_fields(fields).build();
        let columns = columns.map_err(damaged)?;
        RowIter::from_file_into(Box::new(reader))
            .project(Some(columns))
            .map_err(damaged)
    };
    let rows = match lagebild_engine::guarded(rows) {
        Ok(Ok(rows)) => rows,
        Ok(Err(why)) => return failed(bad(&name, why)),
        Err(panic) => return failed(bad(&name, Why::NoReading(panic))),
    };
    let mut number = 0;
    let mut rows = Some(rows);
    Box::new(std::iter::from_fn(move || {
        // What is not whole ends the file.
        let row = match lagebild_engine::guarded(|| rows.as_mut()?.next()) {
            Ok(None) => return None,
            Ok(Some(Ok(row))) => row,
            Ok(Some(Err(error))) => {
                rows = None;
                return Some(Err(bad(
                    &name,
                    Why::NoReading(format!("this is no sound Parquet: {error}")),
                )));
            }
            Err(panic) => {
                rows = None;
                return Some(Err(bad(&name, Why::NoReading(panic))));
            }
        };
        number += 1;
        let cell = |column: &str| {
            row.get_column_iter()
                .find(|(c, _)| *c == column)
                .and_then(|(_, field)| match field {
                    Field::Str(text) => Some(text.clone()),
                    _ => None,
                })
        };
        let row_name = match cell("id") {
            Some(id) => format!("{name}, row {number} ({id})"),
            None => format!("{name}, row {number}"),
        };
        Some(match cell("record") {
            Some(record) => Ok(Item {
                told: Told {
                    url: cell("url"),
                    ..Told::default()
                },
                ..line_item(row_name, number, record.into_bytes())
            }),
            None => {
                let why = cell("error").unwrap_or_else(|| "the row has no reading".to_owned());
                Err(bad(&row_name, Why::NoReading(why)))
            }
        })
    }))
}
