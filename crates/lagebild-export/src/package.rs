//! `datapackage.json`: what the files of a folder are, for programs (Frictionless Data Package, version 1).

use crate::table::{Kind, Table};
use serde_json::{Value, json};

/// The description of files `NAME.EXTENSION`, one for each of `tables`, made at `created` (UTC, ISO 8601).
#[must_use]
pub fn datapackage(tables: &[Table], extension: &str, created: &str) -> Value {
    let (format, media_type) = match extension {
        "csv" => ("csv", "text/csv"),
        "ndjson" => ("ndjson", "application/x-ndjson"),
        other => (other, "application/vnd.apache.parquet"),
    };
    let resource = |table: &Table| {
        let fields: Vec<Value> = table
            .columns
            .iter()
            .map(|column| {
                let kind = match column.kind {
                    Kind::Text => "string",
                    Kind::Integer => "integer",
                    Kind::Number => "number",
                    Kind::Boolean => "boolean",
                    Kind::Date => "date",
                    Kind::Time => "datetime",
                };
                json!({"name": column.name, "type": kind, "description": column.about})
            })
            .collect();
        // A reference to a table that is not there would make the package invalid.
        let foreign: Vec<Value> = table
            .refers
            .iter()
            .filter(|(_, to, _)| tables.iter().any(|t| t.name == *to))
            .map(|(from, to, column)| json!({"fields": from, "reference": {"resource": to, "fields": column}}))
            .collect();
        let mut schema = json!({"fields": fields, "missingValues": [""]});
        if matches!(table.columns.first(), Some(first) if matches!(first.name, "id" | "key")) {
            schema["primaryKey"] = json!(table.columns[0].name);
        }
        if !foreign.is_empty() {
            schema["foreignKeys"] = json!(foreign);
        }
        json!({
            "name": table.name.replace('_', "-"),
            "title": table.name,
            "description": table.about,
            "path": format!("{}.{extension}", table.name),
            "profile": "tabular-data-resource",
            "format": format,
            "mediatype": media_type,
            "encoding": "utf-8",
            "schema": schema,
        })
    };
    json!({
        "name": "lagebild",
        "title": "Events, claims and agreements read out of news by Lagebild",
        "description": "Offsets (start, end) are code points into texts.text. Days are ISO 8601.",
        "profile": "tabular-data-package",
        "version": env!("CARGO_PKG_VERSION"),
        "created": created,
        "resources": tables.iter().map(resource).collect::<Vec<_>>(),
    })
}
