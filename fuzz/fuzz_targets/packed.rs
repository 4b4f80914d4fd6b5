#![no_main]
#[path = "../../crates/lagebild-ingest/tests/entry/mod.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entry::packed(bytes));
