//! Writes the store that `tests/formats.rs` keeps of each format, packed:
//! `cargo run -p lagebild-store --example fixture -- crates/lagebild-store/tests/data/store-vN.db.zst`.
#![allow(clippy::unwrap_used, reason = "run by hand by the authors")]

#[path = "../tests/common/mod.rs"]
mod common;

use common::{add, engine, now, open, record};
use lagebild_store::{Finished, Incoming, Receipt};

fn main() {
    let target = std::env::args().nth(1).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("s.db"));
    add(&mut store, record("d1"));
    add(&mut store, record("d2"));
    // A report whose text changed, one that failed, and one that was received and never read.
    let mut changed = record("d2");
    changed.text.push_str(" Nachtrag.");
    add(&mut store, changed);
    for (bytes, failed) in [("bad", true), ("waiting", false)] {
        let incoming = Incoming {
            bytes: bytes.as_bytes(),
            source: Some("file.txt"),
            hints: "{}",
        };
        let receipts = store.receive(&[incoming], &[engine()], now()).unwrap();
        let Receipt::New(raw) = receipts[0] else { unreachable!() };
        if failed {
            let result = Err("no text");
            store.finish(&[Finished { raw, result }], now()).unwrap();
        }
    }
    let copy = dir.path().join("copy.db");
    store.reader().backup(&copy).unwrap();
    let bytes = std::fs::read(&copy).unwrap();
    std::fs::write(target, zstd::encode_all(&bytes[..], 19).unwrap()).unwrap();
}
