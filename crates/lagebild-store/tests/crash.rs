//! A writer that is killed loses nothing that it acknowledged and leaves nothing half done.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{engine, now, open, record};
use lagebild_core::wire::Record;
use lagebild_store::{Finished, Incoming, Receipt};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Tells the child which store to write to.
const STORE: &str = "LAGEBILD_CRASH_STORE";
const REPORTS: usize = 240;
const BATCH: usize = 8;

fn report(n: usize) -> Record {
    let mut record = record(&format!("d{n}"));
    record.text.push_str(&format!(" Nummer {n}."));
    record
}

/// Adds all reports that the store does not have, and says so after each batch.
fn import(path: &Path) {
    let mut store = open(path);
    let mut out = std::io::stdout();
    for first in (0..REPORTS).step_by(BATCH) {
        let records: Vec<Record> = (first..first + BATCH).map(report).collect();
        let bytes: Vec<Vec<u8>> = records.iter().map(|r| serde_json::to_vec(r).unwrap()).collect();
        let incoming: Vec<Incoming<'_>> = bytes
            .iter()
            .map(|bytes| Incoming {
                bytes,
                source: None,
                hints: "",
            })
            .collect();
        let receipts = store.receive(&incoming, &[engine()], now()).unwrap();
        let preparer = store.preparer();
        let new: Vec<_> = receipts
            .into_iter()
            .zip(records)
            .filter_map(|(receipt, record)| match receipt {
                Receipt::New(raw) => Some((raw, preparer.prepare(record, None).unwrap())),
                Receipt::Known => None,
            })
            .collect();
        let finished: Vec<Finished<'_>> = new
            .iter()
            .map(|(raw, prepared)| Finished {
                raw: *raw,
                result: Ok(prepared),
            })
            .collect();
        store.finish(&finished, now()).unwrap();
        writeln!(out, "ACK {}", first + BATCH).unwrap();
        out.flush().unwrap();
    }
}

/// No test of its own: what [`killed_writers_lose_nothing`] starts and kills.
#[test]
fn child() {
    if let Some(path) = std::env::var_os(STORE) {
        import(Path::new(&path));
    }
}

#[test]
fn killed_writers_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let (mut acknowledged, mut kills) = (0, 0);
    // Later and later, so that the kills fall into every stage of the import.
    for delay in (0..).map(|n| Duration::from_millis(30 + 7 * n)) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture"])
            .env(STORE, &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(delay);
        child.kill().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        for line in output.lines().map_while(Result::ok) {
            // The name of the test may stand before it on the line.
            if let Some((_, n)) = line.split_once("ACK ") {
                acknowledged = acknowledged.max(n.parse().unwrap());
            }
        }
        kills += usize::from(!child.wait().unwrap().success());

        let store = open(&path);
        let problems = store.reader().check().unwrap();
        assert_eq!(problems, Vec::<String>::new(), "after {kills} kills");
        for n in 0..acknowledged {
            let json = store.reader().record_json(&format!("d{n}")).unwrap();
            assert_eq!(
                json,
                Some(serde_json::to_vec(&report(n)).unwrap()),
                "report {n} after {kills} kills"
            );
        }
        if acknowledged == REPORTS {
            break;
        }
    }
    assert!(kills > 2, "the import was too quick to be killed");
    import(&path);
    let store = open(&path);
    let stats = store.reader().stats().unwrap();
    assert_eq!(
        (stats.documents, stats.events, stats.pending, stats.failed),
        (REPORTS, 2 * REPORTS, 0, 0)
    );
    assert_eq!(store.reader().check().unwrap(), Vec::<String>::new());
}
