//! What reports teach of persons whom no table knows, as users meet it.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::Path;
use std::process::{Command, Stdio};

fn run(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lagebild"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("LAGEBILD_STORE")
        .env_remove("COLUMNS")
        .envs(["LANG", "LC_ALL", "LC_MESSAGES"].map(|name| (name, "C")))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn write(dir: &Path, file: &str, reports: &[(&str, &str, &str)]) {
    let lines = reports.iter().map(|(id, day, text)| {
        serde_json::json!({"id": id, "published": day, "lang": "de", "source": format!("Blatt {id}"), "text": text})
            .to_string()
    });
    std::fs::write(dir.join(file), lines.collect::<Vec<_>>().join("\n")).unwrap();
}

/// A store that two reports have taught whom Ali Jusuf acts for.
fn taught() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(
        dir.path(),
        "first.jsonl",
        &[
            (
                "a",
                "2024-11-10",
                "Der sudanesische Außenminister Ali Jusuf verurteilte am Montag in Kairo den Angriff der Miliz.",
            ),
            (
                "b",
                "2024-12-01",
                "Hunderte flohen. Ali Jusuf, der Außenminister des Sudan, drohte den Kämpfern mit Vergeltung.",
            ),
        ],
    );
    let (code, _, stderr) = run(dir.path(), &["add", "--store", "s.db", "first.jsonl"]);
    assert_eq!(code, 0, "{stderr}");
    dir
}

#[test]
fn what_reports_taught_is_listed_with_its_evidence() {
    let dir = taught();
    let (code, table, stderr) = run(dir.path(), &["actors", "--learnt", "--store", "s.db"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    for word in ["Ali Jusuf", "SDNGOV", "2024-11-10", "2024-12-01", "known", "Blatt a"] {
        assert!(table.contains(word), "{word}: {table}");
    }
    let (_, json, _) = run(
        dir.path(),
        &["actors", "--learnt", "--format", "jsonl", "--store", "s.db"],
    );
    let row: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&row["person"], &row["families"]),
        (&"person:ali-jusuf".into(), &2.into())
    );
    assert_eq!(row["told"][0]["document"]["id"], "b");
    let (_, csv, _) = run(
        dir.path(),
        &["actors", "--learnt", "--format", "csv", "--store", "s.db"],
    );
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let (code, _, stderr) = run(
        dir.path(),
        &["actors", "--learnt", "--country", "SDN", "--store", "s.db"],
    );
    assert!(
        code == 2 && stderr.contains("--country does not go with --learnt"),
        "{stderr}"
    );

    let (code, text, _) = run(
        dir.path(),
        &["actor", "Ali Jusuf", "--on", "2025-03-01", "--store", "s.db"],
    );
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(code, 0);
    for words in [
        "acts for country:SDN",
        "SDNGOV, from 2 reports, 2024-11-10 to 2024-12-01; used for reports from 2022-11-10 to 2026-12-01",
        "2024-12-01 Blatt b: Ali Jusuf, der Außenminister des Sudan, drohte",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let (_, text, _) = run(
        dir.path(),
        &["actor", "Ali Jusuf", "--on", "2030-03-01", "--store", "s.db"],
    );
    assert!(!text.contains("country:SDN"), "{text}");
}

#[test]
fn later_reports_are_read_with_it_unless_told_not_to() {
    let dir = taught();
    let third = ("c", "2024-12-10", "Ali Jusuf kritisierte am Montag Ägypten scharf.");
    write(dir.path(), "third.jsonl", &[third]);
    std::fs::copy(dir.path().join("s.db"), dir.path().join("without.db")).unwrap();
    let actor = |store: &str, more: &[&str]| {
        let added = run(
            dir.path(),
            &[&["add", "--store", store], more, &["third.jsonl"]].concat(),
        );
        assert_eq!(added.0, 0, "{added:?}");
        let (_, rows, _) = run(
            dir.path(),
            &["events", "--doc", "c", "--format", "jsonl", "--store", store],
        );
        let rows: Vec<serde_json::Value> = rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
        assert!(!rows.is_empty(), "no event in {store}");
        rows[0]["actors"][0]["country"].clone()
    };
    assert_eq!(actor("s.db", &[]), "SDN");
    assert_ne!(actor("without.db", &["--no-learnt"]), "SDN");
    let (code, why, stderr) = run(dir.path(), &["explain", "c#e1", "--format", "json", "--store", "s.db"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(why.contains("learnt from 2 earlier reports"), "{why}");
    let check = run(dir.path(), &["check", "--store", "s.db"]);
    assert_eq!(check.0, 0, "{check:?}");
}

#[test]
fn the_number_of_threads_and_the_order_within_a_run_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let reports: Vec<(String, String)> = (0..40)
        .map(|n| {
            let text = match n % 4 {
                0 => format!("Der sudanesische Außenminister Ali Jusuf traf am Montag {n} Diplomaten aus Ägypten."),
                1 => format!("Ali Jusuf, der Außenminister des Sudan, drohte {n} Kämpfern mit Vergeltung."),
                2 => format!("Ali Jusuf kritisierte am Montag zum {n}. Mal Ägypten scharf."),
                _ => format!("Der tschadische Präsident Musa Harun warnte Ägypten vor {n} Angriffen."),
            };
            (format!("d{n:02}"), text)
        })
        .collect();
    let day = "2024-11-10";
    let mut all: Vec<(&str, &str, &str)> = reports
        .iter()
        .map(|(id, text)| (id.as_str(), day, text.as_str()))
        .collect();
    write(dir.path(), "reports.jsonl", &all);
    all.reverse();
    write(dir.path(), "reversed.jsonl", &all);
    let rows = |store: &str, threads: &str, file: &str| {
        let added = run(dir.path(), &["add", "--threads", threads, "--store", store, file]);
        assert_eq!(added.0, 0, "{added:?}");
        let mut rows = Vec::new();
        for query in [
            "SELECT * FROM learnt_names ORDER BY 1, 2",
            "SELECT * FROM introductions ORDER BY document, n",
            "SELECT * FROM event_parties ORDER BY event, side, n",
        ] {
            rows.push(run(
                dir.path(),
                &["sql", "--format", "jsonl", "--limit", "all", "--store", store, query],
            ));
        }
        assert!(rows.iter().all(|r| r.0 == 0), "{rows:?}");
        rows
    };
    let one = rows("one.db", "1", "reports.jsonl");
    assert!(one[0].1.contains("\"known\""), "{one:?}");
    assert_eq!(rows("four.db", "4", "reports.jsonl"), one);
    assert_eq!(rows("back.db", "2", "reversed.jsonl"), one);
}
