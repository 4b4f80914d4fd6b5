//! What the two grades of the parser bring for the reading: hand-coded reports, read with each.
//!
//! `cargo run --release -p lagebild-eval --example grades -- ../shared/data/gold/dev.jsonl`

use lagebild_engine::Engine;
use lagebild_eval::data::Document;
use lagebild_nlp::Grade;
use std::error::Error;
use std::io::Write as _;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path)?;
        for grade in [Grade::Fast, Grade::Accurate] {
            let engine = Engine {
                lexicon: lagebild_bundle::lexicon(),
                knowledge: lagebild_bundle::knowledge(),
                grade,
            };
            let start = Instant::now();
            let mut read: Vec<Document> = Vec::new();
            for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                let document = lagebild_ingest::read_jsonl_line(line, number + 1)?;
                read.push(serde_json::from_value(serde_json::to_value(engine.record(document))?)?);
            }
            let seconds = start.elapsed().as_secs_f64();
            let pairs = lagebild_eval::pairs(lagebild_eval::documents(&text)?, read)?;
            writeln!(out, "{path}, {grade:?}, {seconds:.1} s")?;
            write!(out, "{}", lagebild_eval::summary(&lagebild_eval::score(&pairs)))?;
        }
    }
    Ok(())
}
