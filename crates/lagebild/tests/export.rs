//! `export`, `sql`, `backup` and `reread` as their users meet them.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::Path;
use std::process::{Command, Output};

const REPORT: &str = "24. Oktober 2024\n\nSeoul berät über Waffenhilfe\n\n\
    Das russische Parlament hat den Beistandsvertrag mit Nordkorea ratifiziert. \
    Südkorea prüft nach Angaben des Verteidigungsministeriums Waffenlieferungen an die Ukraine.\n";
const ENGLISH: &str = "October 28, 2024\n\n# Russia ratifies treaty with North Korea\n\n\
    The Russian parliament ratified a mutual defence treaty with North Korea on Thursday. \
    The United States accused Pyongyang of sending troops to Russia.\n";

fn run(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lagebild"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("LAGEBILD_STORE")
        .output()
        .unwrap()
}

/// The standard output of a run that has to go well.
fn fine(dir: &Path, arguments: &[&str]) -> String {
    let output = run(dir, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// The standard error of a run that has to end with `code`.
fn told(dir: &Path, arguments: &[&str], code: i32) -> String {
    let output = run(dir, arguments);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
    stderr
}

fn store() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("bericht.txt"), REPORT).unwrap();
    std::fs::write(dir.path().join("report.md"), ENGLISH).unwrap();
    fine(dir.path(), &["add", "bericht.txt", "report.md"]);
    dir
}

#[test]
fn every_format_is_written_whole_and_obeys_the_filters() {
    let dir = store();
    let path = dir.path();
    let listed = fine(path, &["events", "--format", "jsonl"]).lines().count();
    let german = fine(path, &["events", "--format", "jsonl", "--lang", "de"])
        .lines()
        .count();
    assert!(0 < german && german < listed);

    let folders = ["csv", "ndjson", "gdelt", "brat", "markdown"];
    #[cfg(feature = "columnar")]
    let folders = [&folders[..], &["parquet"]].concat();
    for format in folders {
        fine(path, &["export", format, "-o", format]);
        assert!(std::fs::read_dir(path.join(format)).unwrap().count() >= 2, "{format}");
        assert!(told(path, &["export", format], 2).contains("--output DIR"), "{format}");
    }
    for format in [
        "polecat",
        "plover",
        "geojson",
        "graphml",
        "gexf",
        "annotation",
        "doccano",
        "atom",
        "ris",
    ] {
        let file = format!("out.{format}");
        fine(path, &["export", format, "-o", &file]);
        let written = std::fs::read_to_string(path.join(&file)).unwrap();
        let streamed = fine(path, &["export", format]);
        // A feed bears the time when it was made.
        assert!(format == "atom" || written == streamed, "{format}");
        assert!(!written.is_empty(), "{format}");
    }
    let points = |arguments: &[&str]| -> usize {
        let json = fine(path, &[&["export", "geojson"], arguments].concat());
        let collection: serde_json::Value = serde_json::from_str(&json).unwrap();
        collection["features"].as_array().unwrap().len()
    };
    assert_eq!(points(&[]), listed);
    assert_eq!(points(&["--lang", "de"]), german);
    // Events know no kind of agreement: it is asked of the reports.
    assert!(points(&["--kind", "defence"]) >= german);
    assert!(told(path, &["export", "geojson", "--kind", "border"], 1).contains("nothing found"));

    let left: Vec<String> = std::fs::read_dir(path)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".lagebild-"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn tables_refer_to_rows_that_are_there() {
    let dir = store();
    let path = dir.path();
    fine(path, &["export", "ndjson", "-o", "t", "--type", "SUPPORT"]);
    let rows = |name: &str| -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(path.join("t").join(format!("{name}.ndjson"))).unwrap();
        text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    };
    let (events, documents) = (rows("events"), rows("documents"));
    assert!(!events.is_empty() && events.iter().all(|e| e["type"] == "SUPPORT"));
    assert!(
        events
            .iter()
            .all(|e| documents.iter().any(|d| d["id"] == e["document"]))
    );
    assert!(
        rows("parties")
            .iter()
            .all(|p| events.iter().any(|e| e["key"] == p["event"]))
    );
    assert!(rows("texts").iter().all(|t| !t["text"].as_str().unwrap().is_empty()));
    let unknown = told(path, &["export", "csv", "-o", "t", "--table", "event"], 2);
    assert!(unknown.contains("tables are documents, texts, events"), "{unknown}");
}

#[test]
fn sql_answers_in_every_format_and_says_when_there_is_more() {
    let dir = store();
    let path = dir.path();
    let question = "SELECT type, count(*) AS n FROM events GROUP BY type ORDER BY type";
    let csv = fine(path, &["sql", question, "--format", "csv"]);
    assert!(csv.starts_with("type,n\n"), "{csv}");
    let line = fine(
        path,
        &["sql", "SELECT 1 AS b, 'x' AS a, NULL AS c", "--format", "jsonl"],
    );
    assert_eq!(line, "{\"b\":1,\"a\":\"x\",\"c\":null}\n", "columns keep their order");
    assert!(fine(path, &["sql", question]).contains("SUPPORT"));
    assert!(fine(path, &["sql"]).contains("event_parties\n  event, side"));
    let more = run(path, &["sql", "SELECT * FROM sentences", "--limit", "1"]);
    assert!(String::from_utf8_lossy(&more.stderr).contains("the first 1 rows"));
    let slip = told(path, &["sql", "SELECT typ FROM events"], 2);
    assert!(
        slip.contains("no such column: typ") && slip.contains("did you mean type?"),
        "{slip}"
    );
    assert!(told(path, &["sql", "SELECT bytes FROM raw"], 2).contains("only views can be read"));
    assert!(told(path, &["sql", "DROP TABLE document"], 2).contains("error"));
}

#[test]
fn a_backup_holds_the_reports_and_overwrites_nothing() {
    let dir = store();
    let path = dir.path();
    fine(path, &["backup", "copy.db"]);
    assert!(fine(path, &["check", "--store", "copy.db"]).starts_with("sound: 2 documents"));
    assert!(told(path, &["backup", "copy.db"], 2).contains("copy.db exists already"));
}

#[test]
fn reread_goes_over_what_another_engine_read() {
    let dir = store();
    let path = dir.path();
    assert!(told(path, &["reread"], 0).contains("every report was read by this engine"));
    let events = fine(path, &["events", "--format", "jsonl"]);
    // As an older engine would have left it: another version, and one event fewer.
    let connection = rusqlite::Connection::open(path.join("lagebild.db")).unwrap();
    connection.execute("UPDATE engine SET lexicon = 'older'", []).unwrap();
    drop(connection);
    let dry = fine(path, &["reread", "--dry-run"]);
    assert!(dry.starts_with("reports     2 unchanged, 0 changed"), "{dry}");
    assert_eq!(fine(path, &["reread"]), dry);
    assert!(told(path, &["reread"], 0).contains("every report was read by this engine"));
    assert_eq!(fine(path, &["events", "--format", "jsonl"]), events);
}

#[test]
fn read_writes_brat_and_conllu() {
    let dir = store();
    let path = dir.path();
    fine(path, &["read", "bericht.txt", "--format", "brat", "-o", "brat"]);
    let anns = std::fs::read_dir(path.join("brat")).unwrap().filter(|e| {
        let name = e.as_ref().unwrap().file_name().into_string().unwrap();
        name.ends_with(".ann")
    });
    assert_eq!(anns.count(), 1);
    assert!(told(path, &["read", "bericht.txt", "--format", "brat"], 2).contains("--output DIR"));
    let words = fine(path, &["read", "bericht.txt", "--format", "conllu"]);
    assert_eq!(words, fine(path, &["parse", "bericht.txt"]));
}
