//! `lagebild add` killed at random times: what it told as done is whole, nothing is half done, and going on gives what an
//! undisturbed run gives.
//!
//! Ten kills over a few documents in `cargo test`; the full run takes
//! `.ci/kills`.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

fn lagebild(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lagebild"));
    command
        .args(arguments)
        .current_dir(dir)
        .env_remove("LAGEBILD_STORE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    lagebild(dir, arguments).output().unwrap()
}

/// All documents and events of a store in the order of their ids, without the times at which they were added.
fn export(dir: &Path, store: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for list in ["documents", "events", "claims"] {
        let output = run(dir, &[list, "--format", "jsonl", "--store", store]);
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let mut row: serde_json::Value = serde_json::from_str(line).unwrap();
            if let Some(fields) = row.as_object_mut() {
                fields.remove("added_at");
                fields.remove("changed_at");
            }
            lines.push(format!("{list} {row}"));
        }
    }
    lines.sort();
    lines
}

/// The number of events of each document.
fn events_by_document(rows: &[String]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for row in rows.iter().filter_map(|row| row.strip_prefix("events ")) {
        let event: serde_json::Value = serde_json::from_str(row).unwrap();
        *counts
            .entry(event["document"]["id"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    counts
}

#[test]
fn killed_runs_lose_nothing_and_can_be_taken_up() {
    let (kills, documents) = (number("LAGEBILD_KILLS", 10), number("LAGEBILD_KILL_DOCUMENTS", 40));
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let lines: String = (0..documents)
        .map(|n| {
            format!(
                "{{\"id\":\"d{n}\",\"published\":\"2024-10-24\",\"text\":\"Russland hat am Montag {n} Soldaten nach \
                 Nordkorea entsandt. Südkorea verurteilte den Schritt und drohte mit Sanktionen.\"}}\n"
            )
        })
        .collect();
    std::fs::write(dir.join("reports.jsonl"), lines).unwrap();
    let started = Instant::now();
    let whole = run(dir, &["add", "--store", "whole.db", "reports.jsonl"]);
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
    // Where others share the processor, the next run may take a fraction of it: most would end before they are killed.
    let within = Duration::from_millis(number("LAGEBILD_KILL_WITHIN_MS", 1_000_000) as u64);
    let length = started.elapsed().min(within);
    let known = export(dir, "whole.db");
    assert_eq!(known.iter().filter(|l| l.starts_with("documents")).count(), documents);
    assert!(known.iter().any(|l| l.starts_with("events")));

    // A fixed sequence, so that a failure can be repeated; a linear congruence after Knuth.
    let mut random = number("LAGEBILD_KILL_SEED", 42) as u64;
    let (mut stopped, mut stores) = (0, 0);
    for n in 0..4 * kills {
        if stopped == kills {
            break;
        }
        // A long run takes an hour on a busy machine: `.ci/kills` shows this.
        if n % 10 == 0 {
            eprintln!("{stopped} killed, {stores} ended before");
        }
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let share = (random >> 33) as f64 / f64::from(1u32 << 31);
        let store = format!("killed{stores}.db");
        let mut child = lagebild(dir, &["add", "--pending", "--store", &store, "reports.jsonl"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(length.mul_f64(share).max(Duration::from_millis(1)));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            // All was read before the kill came: the next one falls into a store of its own.
            stores += 1;
        } else {
            stopped += 1;
        }
        if !dir.join(&store).exists() {
            continue;
        }
        let check = run(dir, &["check", "--store", &store]);
        // Killed before its tables were there: the next run makes them.
        if String::from_utf8_lossy(&check.stderr).contains("(an empty file)") {
            continue;
        }
        assert!(
            check.status.success(),
            "kill {n}: {}",
            String::from_utf8_lossy(&check.stderr)
        );
        // Each document that is there is there with everything that was read out of it.
        let rows = export(dir, &store);
        let missing: Vec<&String> = rows.iter().filter(|row| known.binary_search(row).is_err()).collect();
        assert!(missing.is_empty(), "kill {n}: {missing:?}");
        let (events, of_whole) = (events_by_document(&rows), events_by_document(&known));
        for row in rows.iter().filter_map(|row| row.strip_prefix("documents ")) {
            let document: serde_json::Value = serde_json::from_str(row).unwrap();
            let id = document["id"].as_str().unwrap();
            assert_eq!(events.get(id), of_whole.get(id), "kill {n}: events of {id}");
        }
    }
    assert_eq!(stopped, kills, "the other runs ended before they could be killed");
    for n in 0..=stores {
        let store = format!("killed{n}.db");
        let last = run(dir, &["add", "--pending", "--store", &store, "reports.jsonl"]);
        assert!(last.status.success(), "{}", String::from_utf8_lossy(&last.stderr));
        assert_eq!(export(dir, &store), known, "{store}");
    }
}
