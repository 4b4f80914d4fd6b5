//! Questions in SQL: what is answered, what is refused, and that the documentation names every view and column.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{add, open, record};
use lagebild_store::{Ask, AskLimits, Error};
use serde_json::{Value, json};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

fn store() -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut store = open(&path);
    add(&mut store, record("d1")).unwrap();
    add(&mut store, record("d2")).unwrap();
    (dir, path)
}

fn ask(ask: &Ask, statement: &str) -> Result<Vec<Vec<Value>>, Error> {
    let mut rows = Vec::new();
    ask.question(statement)?.answer(|row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

#[test]
fn the_views_answer() {
    let (_dir, path) = store();
    let connection = Ask::open(&path, AskLimits::default()).unwrap();
    let rows = ask(
        &connection,
        "WITH side AS (SELECT * FROM event_parties WHERE side = 'actor')
         SELECT e.type, side.country, count(*) AS n, round(avg(goldstein), 1) FROM events e JOIN side ON side.event = e.key
         GROUP BY 1, 2 ORDER BY 1",
    )
    .unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0][..3], [json!("AID"), json!("PRK"), json!(2)]);
    for view in connection.views() {
        let counted = ask(&connection, &format!("SELECT count(*) FROM {}", view.name)).unwrap();
        let listed = ask(&connection, &format!("SELECT * FROM {}", view.name)).unwrap();
        assert_eq!(counted[0][0], json!(listed.len()), "{}", view.name);
    }
    // An entry is kept once, and one that is not known is none.
    let mut unknown = record("d3");
    unknown.claims[0].rule.clear();
    add(&mut open(&path), unknown).unwrap();
    let found = "SELECT rule, count(*) FROM claims GROUP BY rule ORDER BY rule NULLS LAST";
    let expected = [[json!("de.test.laut"), json!(2)], [json!(null), json!(1)]];
    assert_eq!(ask(&connection, found).unwrap(), expected);
    let parts = "SELECT value FROM json_each('[\"a\", \"b\"]')";
    assert_eq!(ask(&connection, parts).unwrap().len(), 2);
    // Text is what the offsets point into.
    let slice = "SELECT substr(d.text, s.start + 1, s.\"end\" - s.start) = s.text FROM sentences s JOIN documents d ON d.id = s.document";
    assert!(ask(&connection, slice).unwrap().iter().all(|row| row[0] == json!(1)));
}

#[test]
fn everything_else_is_refused() {
    let (_dir, path) = store();
    let connection = Ask::open(&path, AskLimits::default()).unwrap();
    let files = || std::fs::read_dir(path.parent().unwrap()).unwrap().count();
    let before = files();
    for statement in [
        "SELECT * FROM raw",
        "SELECT bytes FROM raw",
        "SELECT count(*) FROM raw",
        "SELECT id FROM document",
        "SELECT count(*) FROM fulltext",
        "SELECT count(*) FROM sqlite_schema",
        "SELECT * FROM sqlite_schema",
        "SELECT * FROM fulltext",
        "SELECT * FROM pragma_table_info('raw')",
        "PRAGMA query_only = 0",
        "PRAGMA table_info(raw)",
        "DELETE FROM document",
        "DELETE FROM documents",
        "UPDATE document SET title = 'x'",
        "INSERT INTO meta VALUES ('a', 'b')",
        "CREATE TEMP TABLE t(x)",
        "CREATE TEMP VIEW v AS SELECT * FROM raw",
        "ATTACH ':memory:' AS other",
        "VACUUM INTO 'copy.db'",
        "BEGIN",
        "SELECT load_extension('x')",
        "SELECT 1; SELECT 2",
        "SELECT writefile('x', 'y')",
        "SELECT zeroblob(1000000000)",
        "SELECT hex(randomblob(100000000))",
        "SELECT ?1",
        "",
        "-- nothing",
        "SELECT '\0'",
        // A table of its own making that bears the name of a view gets nothing that the view does not show.
        "WITH documents AS (SELECT bytes FROM raw) SELECT * FROM documents",
        "WITH documents AS (SELECT raw FROM document) SELECT * FROM documents",
        "SELECT * FROM (SELECT raw FROM document) AS documents",
    ] {
        let refused = ask(&connection, statement).unwrap_err();
        assert!(matches!(refused, Error::Question { .. }), "{statement}: {refused:?}");
    }
    assert_eq!(files(), before, "a file came or went");
}

#[test]
fn slips_get_a_hint() {
    let (_dir, path) = store();
    let connection = Ask::open(&path, AskLimits::default()).unwrap();
    let hint = |statement: &str| ask(&connection, statement).unwrap_err().hint().unwrap_or_default();
    assert_eq!(hint("SELECT * FROM event"), "did you mean events?");
    assert_eq!(hint("SELECT typ FROM events"), "did you mean type?");
    assert_eq!(hint("SELECT e.certanty FROM events e"), "did you mean certainty?");
    assert!(hint("SELECT nonsense FROM notes").starts_with("notes has document, code"));
    assert!(hint("SELECT * FROM raw").starts_with("only views can be read: agreement_obligations"));
    assert!(hint("SELECT 1; SELECT 2").contains("semicolon"));
}

#[test]
fn time_and_rows_have_limits() {
    let (_dir, path) = store();
    let limits = AskLimits {
        time: Duration::from_millis(200),
        rows: Some(3),
    };
    let connection = Ask::open(&path, limits).unwrap();
    let started = Instant::now();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
    let stopped = ask(&connection, endless).unwrap_err();
    assert!(stopped.to_string().starts_with("stopped after 0.2 s"), "{stopped}");
    assert!(started.elapsed() < Duration::from_secs(10));

    let mut rows = 0;
    let more = connection
        .question("SELECT * FROM sentences")
        .unwrap()
        .answer(|_| {
            rows += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(more && rows == 3);
}

#[test]
fn the_documentation_names_every_view_and_column() {
    let (_dir, path) = store();
    let connection = Ask::open(&path, AskLimits::default()).unwrap();
    let page = include_str!("../../../docs/sql.md");
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for line in page.lines() {
        if let Some(view) = line.strip_prefix("### `").and_then(|l| l.strip_suffix('`')) {
            told.push((view.to_owned(), Vec::new()));
        } else if let Some((columns, (_, meaning))) = line
            .strip_prefix("| `")
            .and_then(|l| l.split_once("` |"))
            .zip(told.last_mut())
            .map(|((names, meaning), view)| {
                assert!(meaning.len() > 3, "{line}");
                (names, (view.1.extend(names.split("`, `").map(str::to_owned)), meaning))
            })
        {
            assert!(!columns.is_empty() && meaning.ends_with('|'), "{line}");
        }
    }
    told.sort();
    let known: Vec<(String, Vec<String>)> = connection
        .views()
        .iter()
        .map(|v| (v.name.clone(), v.columns.clone()))
        .collect();
    assert_eq!(told, known);
}
