//! `lagebild sql`: questions on the documented views.

use super::table::{Column, Writer};
use crate::End;
use crate::cli::{ListFormat, Sql};
use crate::term::{self, Screen};
use anyhow::Context as _;
use lagebild_export::harmless;
use lagebild_store::{Ask, AskLimits};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;
use std::io::{BufWriter, Read as _, Write as _};
use std::ops::ControlFlow;
use std::time::Duration;

/// The widest column in a table for people; the last one takes the room that is left.
const WIDEST: u16 = 40;

/// A row of an answer: an object with the columns in their order.
struct Answer<'a> {
    columns: &'a [String],
    values: &'a [Value],
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for (column, value) in self.columns.iter().zip(self.values) {
            map.serialize_entry(column, value)?;
        }
        map.end()
    }
}

pub(super) fn run(args: &Sql, screen: Screen) -> anyhow::Result<End> {
    let limits = AskLimits {
        time: Duration::from_secs(args.seconds),
        rows: args.limit.0,
    };
    let ask = Ask::open(&args.store.store, limits)?;
    let Some(statement) = &args.statement else {
        return views(&ask);
    };
    let statement = match statement.as_str() {
        "-" => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .context("cannot read the statement from standard input")?;
            Cow::Owned(text)
        }
        given => Cow::Borrowed(given),
    };
    let question = ask.question(&statement)?;
    let columns = question.columns().to_vec();
    let last = columns.len().saturating_sub(1);
    let looks: Vec<Column> = columns
        .iter()
        .enumerate()
        .map(|(i, name)| Column {
            name: Cow::Owned(term::clean(name).into_owned()),
            most: (i < last).then_some(WIDEST),
            right: false,
        })
        .collect();
    let out = BufWriter::new(std::io::stdout().lock());
    let header = columns.iter().map(String::as_str);
    let mut writer = Writer::with_header(out, args.format, &looks, header, screen)?;
    let mut failed = None;
    let more = question.answer(|values| {
        let row = Answer {
            columns: &columns,
            values: &values,
        };
        let cells = || values.iter().map(text).collect();
        let fields = || values.iter().map(field).collect();
        match writer.add(&row, cells, fields) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    let written = writer.finish()?;
    if more {
        term::note(format!("the first {written} rows; more with --limit N or --limit all"));
    }
    if written == 0 {
        if args.format == ListFormat::Table {
            term::note("nothing found");
        }
        return Ok(End::Nothing);
    }
    Ok(End::Fine)
}

/// What can be asked: views and columns.
fn views(ask: &Ask) -> anyhow::Result<End> {
    let mut out = std::io::stdout().lock();
    for view in ask.views() {
        writeln!(out, "{}\n  {}", view.name, view.columns.join(", "))?;
    }
    Ok(End::Fine)
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn field(value: &Value) -> String {
    match value {
        Value::String(text) => harmless(text.clone()),
        other => text(other),
    }
}
