//! `lagebild import`: readings made elsewhere are as good as those made here.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use lagebild_core::wire::Record;
use lagebild_export::{Cell, Column, Kind, ParquetWriter, RecordRows, Table, TableWriter as _};
use serde_json::Value;
use std::fs::File;
use std::path::Path;
use std::process::Command;

const REPORTS: &str = concat!(
    r#"{"id":"a","published":"2024-10-24","url":"https://example.org/a","text":"Das russische Parlament hat den Beistandsvertrag mit Nordkorea ratifiziert. Südkorea verurteilte den Schritt."}"#,
    "\n",
    r#"{"id":"b","published":"2024-10-25","source":"Beispiel","text":"The United States accused North Korea of sending troops to Russia."}"#,
    "\n"
);

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

fn run(dir: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_lagebild"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("LAGEBILD_STORE")
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder with reports, a store `here.db` that read them, and their readings.
fn folder() -> (tempfile::TempDir, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("reports.jsonl"), REPORTS).unwrap();
    assert_eq!(run(dir.path(), &["add", "--store", "here.db", "reports.jsonl"]).code, 0);
    let read = run(dir.path(), &["read", "--format", "jsonl", "reports.jsonl"]);
    let readings: Vec<String> = read.stdout.lines().map(str::to_owned).collect();
    assert_eq!(readings.len(), 2);
    (dir, readings)
}

/// All that a store tells of its reports, but for when they came in.
fn told(dir: &Path, store: &str) -> Vec<String> {
    let lists = ["events", "claims", "agreements", "actors", "clusters"].map(|list| {
        let listed = run(dir, &[list, "--store", store, "--format", "json"]);
        assert!(listed.code < 2, "{}", listed.stderr);
        listed.stdout
    });
    let urls = run(
        dir,
        &[
            "sql",
            "--store",
            store,
            "--format",
            "csv",
            "SELECT id, url, title, source FROM documents ORDER BY id",
        ],
    );
    lists.into_iter().chain([urls.stdout]).collect()
}

/// Readings as the Python package writes them: a column each for id, address, reading and reason.
fn write_parquet(path: &Path, rows: &[[Option<&str>; 4]]) {
    const COLUMNS: &[Column] = &[column("id"), column("url"), column("record"), column("error")];
    const fn column(name: &'static str) -> Column {
        let (kind, about) = (Kind::Text, "");
        Column { name, kind, about }
    }
    let table = Table {
        name: "readings",
        about: "",
        columns: COLUMNS,
        refers: &[],
    };
    let mut writer = Box::new(ParquetWriter::new(File::create(path).unwrap(), &table).unwrap());
    for row in rows {
        writer.row(&row.map(Cell::from)).unwrap();
    }
    writer.finish().unwrap();
}

#[test]
fn lines_and_parquet_make_the_store_that_reading_makes() {
    let (dir, readings) = folder();
    let dir = dir.path();
    let here = told(dir, "here.db");
    assert!(here[0].contains("SUPPORT") && here[5].contains("https://example.org/a"));

    std::fs::write(dir.join("readings.jsonl"), readings.join("\n")).unwrap();
    let lines = run(dir, &["import", "--store", "lines.db", "readings.jsonl"]);
    assert_eq!(lines.code, 0, "{}", lines.stderr);
    // A line of JSON has no address beside the reading.
    let no_url = |told: Vec<String>| {
        told.into_iter()
            .map(|t| t.replace("https://example.org/a", ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(no_url(told(dir, "lines.db")), no_url(here.clone()));

    let parts = dir.join("parts");
    std::fs::create_dir(&parts).unwrap();
    let url = Some("https://example.org/a");
    // In the order in which they were added: an actor has the name of the language that came first.
    write_parquet(
        &parts.join("part-0.parquet"),
        &[[Some("a"), url, Some(&readings[0]), None]],
    );
    write_parquet(
        &parts.join("part-1.parquet"),
        &[[Some("b"), None, Some(&readings[1]), None]],
    );
    std::fs::write(parts.join("_SUCCESS"), "").unwrap();
    let import = ["import", "--store", "parts.db", "parts"];
    let parquet = run(dir, &import);
    assert_eq!(parquet.code, 0, "{}", parquet.stderr);
    assert!(parquet.stderr.contains("2 added"), "{}", parquet.stderr);
    assert_eq!(told(dir, "parts.db"), here);
    assert!(
        run(dir, &import).stderr.contains("0 added, 2 known"),
        "importing twice adds nothing"
    );

    let check = run(dir, &["check", "--store", "parts.db"]);
    assert_eq!(check.code, 0, "{}{}", check.stdout, check.stderr);
    let reread = run(dir, &["reread", "--dry-run", "--store", "parts.db"]);
    assert!(reread.code < 2, "{}", reread.stderr);
}

#[test]
fn what_is_no_reading_is_named_and_the_rest_imported() {
    let (dir, readings) = folder();
    let dir = dir.path();
    let beyond = readings[1].replacen("\"sentences\":[{\"start\":0", "\"sentences\":[{\"start\":90000", 1);
    assert_ne!(beyond, readings[1]);
    write_parquet(
        &dir.join("part.parquet"),
        &[
            [Some("x"), None, None, Some("unsupported language: fr")],
            [Some("y"), None, Some(&beyond), None],
            [Some("z"), None, Some("{}"), None],
            [Some("a"), None, Some(&readings[0]), None],
        ],
    );
    let run_ = run(
        dir,
        &["import", "--store", "some.db", "part.parquet", "missing.parquet"],
    );
    assert_eq!(run_.code, 2);
    for expected in [
        "part.parquet, row 1 (x): unsupported language: fr",
        "part.parquet, row 2 (y): this is no reading: 90000 to",
        "part.parquet, row 3 (z): this is no reading: missing field",
        "missing.parquet: there is no such file",
        "1 added, 4 failed",
    ] {
        assert!(run_.stderr.contains(expected), "{expected}\n{}", run_.stderr);
    }

    let whole = std::fs::read(dir.join("part.parquet")).unwrap();
    std::fs::write(dir.join("cut.parquet"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(dir.join("other.parquet"), "PAR1 and then nothing of the kind PAR1").unwrap();
    let damaged = run(dir, &["import", "--store", "some.db", "cut.parquet", "other.parquet"]);
    assert_eq!(damaged.code, 2);
    for file in ["cut.parquet", "other.parquet"] {
        let expected = format!("{file}: this is no sound Parquet");
        assert!(damaged.stderr.contains(&expected), "{}", damaged.stderr);
    }
}

#[test]
fn the_rows_of_a_reading_are_those_of_a_store() {
    let (dir, readings) = folder();
    let records: Vec<Record> = readings.iter().map(|r| serde_json::from_str(r).unwrap()).collect();
    let listed = |list: &str| {
        let listed = run(dir.path(), &[list, "--store", "here.db", "--format", "jsonl"]);
        let mut rows: Vec<Value> = listed
            .stdout
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        rows.sort_by_key(|row| row["key"].to_string());
        for row in &mut rows {
            // Where a report can be fetched is told by a store and not by a reading.
            let url = row["document"]["url"].take();
            assert_eq!(url.is_string(), row["document"]["id"] == "a", "{row}");
        }
        rows
    };
    fn json<T: serde::Serialize>(rows: Vec<T>) -> Vec<Value> {
        rows.iter().map(|row| serde_json::to_value(row).unwrap()).collect()
    }
    let rows: Vec<RecordRows<'_>> = records.iter().map(RecordRows::new).collect();
    let events = json(rows.iter().flat_map(RecordRows::events).collect());
    let claims = json(rows.iter().flat_map(RecordRows::claims).collect());
    let agreements = json(rows.iter().flat_map(RecordRows::agreements).collect());
    assert!(events.len() > 2 && !claims.is_empty() && !agreements.is_empty());
    assert_eq!(events, listed("events"));
    assert_eq!(claims, listed("claims"));
    assert_eq!(agreements, listed("agreements"));
}
