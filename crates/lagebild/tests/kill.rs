//! `lagebild add` killed at random times: what it told as done is whole, nothing is half done, and going on gives what an
//! undisturbed run gives.
//!
//! Ten kills over a few documents in `cargo test`; the full run takes
//! `.ci/kills`.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::print_stderr, reason = "shows how far a run of an hour has come")]

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

/// The longest wait for a kill. Where others share the processor, the next run may take a fraction of it: most would end before they are killed.
fn within() -> Duration {
    Duration::from_millis(number("LAGEBILD_KILL_WITHIN_MS", 1_000_000) as u64)
}

/// Adds `reports.jsonl` in `dir` to copies of the store `base`, or to new ones, kills the program and takes it up again. The length of
/// an undisturbed run and what it gives are known.
fn survives_kills(dir: &Path, base: Option<&str>, kills: usize, length: Duration, known: &[String]) {
    let begin = |store: &str| {
        if let Some(base) = base {
            std::fs::copy(dir.join(base), dir.join(store)).unwrap();
        }
    };
    // A fixed sequence, so that a failure can be repeated; a linear congruence after Knuth.
    let mut random = number("LAGEBILD_KILL_SEED", 42) as u64;
    let (mut stopped, mut stores) = (0, 0);
    begin("killed0.db");
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
            begin(&format!("killed{stores}.db"));
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
        let (events, of_whole) = (events_by_document(&rows), events_by_document(known));
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
    let length = started.elapsed().min(within());
    let known = export(dir, "whole.db");
    assert_eq!(known.iter().filter(|l| l.starts_with("documents")).count(), documents);
    assert!(known.iter().any(|l| l.starts_with("events")));
    survives_kills(dir, None, kills, length, &known);
}

/// A first run teaches whom Ali Jusuf acts for, a second one uses it. It also introduces Musa Harun: that is used by none of its own
/// reports, whether it is killed in between or not, and by those of a third.
#[test]
fn killed_runs_read_with_what_was_known_when_they_began() {
    let (kills, documents) = (number("LAGEBILD_KILLS", 10), number("LAGEBILD_KILL_DOCUMENTS", 40));
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let line = |id: &str, text: &str| format!("{{\"id\":\"{id}\",\"published\":\"2024-10-24\",\"text\":\"{text}\"}}\n");
    let first = [
        line(
            "a",
            "Der sudanesische Außenminister Ali Jusuf verurteilte am Montag in Kairo den Angriff der Miliz.",
        ),
        line(
            "b",
            "Hunderte Menschen flohen. Ali Jusuf, der Außenminister des Sudan, drohte den Kämpfern mit Vergeltung.",
        ),
    ];
    std::fs::write(dir.join("first.jsonl"), first.concat()).unwrap();
    let second: String = (0..documents)
        .map(|n| {
            let text = if n % 2 == 0 {
                format!("Der tschadische Außenminister Musa Harun traf am Montag {n} Diplomaten. Ali Jusuf kritisierte Ägypten.")
            } else {
                format!("Musa Harun verurteilte am Montag {n} Angriffe auf Ägypten. Ali Jusuf drohte Äthiopien mit Sanktionen.")
            };
            line(&format!("d{n}"), &text)
        })
        .collect();
    std::fs::write(dir.join("reports.jsonl"), second).unwrap();
    for store in ["base.db", "whole.db"] {
        let added = run(dir, &["add", "--store", store, "first.jsonl"]);
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    }
    let started = Instant::now();
    let whole = run(dir, &["add", "--threads", "1", "--store", "whole.db", "reports.jsonl"]);
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
    let length = started.elapsed().min(within());
    let known = export(dir, "whole.db");
    let acts_for = |person: &str, country: &str| {
        let acts = |row: &&str| {
            let row: serde_json::Value = serde_json::from_str(row).unwrap();
            let parties = row["actors"].as_array().cloned().unwrap_or_default();
            parties.iter().any(|p| p["id"] == person && p["country"] == country)
        };
        known
            .iter()
            .filter_map(|row| row.strip_prefix("events "))
            .filter(acts)
            .count()
    };
    assert!(acts_for("person:ali-jusuf", "SDN") >= documents, "{known:#?}");
    assert!(acts_for("person:musa-harun", "TCD") <= documents / 2, "{known:#?}");
    survives_kills(dir, Some("base.db"), kills, length, &known);
    // The third run knows both.
    let third = line("e", "Musa Harun verurteilte am Montag den Angriff auf Ägypten.");
    std::fs::write(dir.join("third.jsonl"), third).unwrap();
    let added = run(dir, &["add", "--store", "killed0.db", "third.jsonl"]);
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let learnt = run(
        dir,
        &["actors", "--learnt", "--format", "jsonl", "--store", "killed0.db"],
    );
    let learnt = String::from_utf8(learnt.stdout).unwrap();
    assert!(
        learnt.contains("person:musa-harun") && learnt.contains("person:ali-jusuf"),
        "{learnt}"
    );
}
