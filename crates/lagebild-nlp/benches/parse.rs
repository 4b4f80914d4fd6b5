//! Words a second of each step from text to trees, on the sample reports of `data/demo`:
//! `cargo bench -p lagebild-nlp --bench parse`.
//!
//! Figures are of processor time where the system tells it (Linux), since other work on the machine stretches the time of day. The
//! answer is checked beside the time: a sum over the trees that must not change from pass to pass.

use lagebild_core::{Block, DocId, Document, Lang, Part, Span};
use lagebild_nlp::model::Model;
use lagebild_nlp::{parse, segment};
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

const PASSES: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/demo");
    let mut reports = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let text = std::fs::read_to_string(&path)?;
        // Only the body: the front matter is metadata.
        let Some((head, body)) = text.strip_prefix("---\n").and_then(|t| t.split_once("\n---\n")) else {
            continue;
        };
        let lang = if head.contains("lang: en") { Lang::En } else { Lang::De };
        reports.push(document(body, lang));
    }
    let mut out = std::io::stdout().lock();
    for lang in [Lang::De, Lang::En] {
        let docs: Vec<&Arc<Document>> = reports.iter().filter(|d| d.lang == lang).collect();
        let forms: Vec<Vec<Vec<String>>> = docs
            .iter()
            .map(|d| {
                segment::segment(d)
                    .into_iter()
                    .map(|s| s.words.into_iter().map(|w| w.form).collect())
                    .collect()
            })
            .collect();
        let words: usize = forms.iter().flatten().map(Vec::len).sum();
        writeln!(out, "{}: {} reports, {words} words", lang.code(), docs.len())?;

        let start = Instant::now();
        let model = Model::get(lang);
        writeln!(
            out,
            "  load the model         {:8.1} ms",
            start.elapsed().as_secs_f64() * 1e3
        )?;
        let mut best = |name: &str, run: &dyn Fn() -> usize| -> Result<(), Box<dyn Error>> {
            let (expected, mut least) = (run(), f64::INFINITY);
            for _ in 0..PASSES {
                // The clock of the processor moves by some milliseconds: a pass takes many.
                let (start, day, mut runs) = (Clock::now(), Instant::now(), 0);
                while day.elapsed().as_millis() < 200 {
                    let found = run();
                    runs += 1;
                    if found != expected {
                        return Err(format!("{name}: {found} instead of {expected}").into());
                    }
                }
                least = least.min(start.seconds() / f64::from(runs));
            }
            writeln!(out, "  {name:22} {:8.0} words/s", words as f64 / least)?;
            Ok(())
        };
        best("sentences and words", &|| {
            docs.iter().map(|d| segment::segment(d).len()).sum()
        })?;
        best("tags and trees", &|| {
            forms
                .iter()
                .flat_map(|f| model.annotate(f))
                .flatten()
                .map(|w| w.head + w.dep as usize)
                .sum()
        })?;
        best("all of parse", &|| {
            let parsed = docs.iter().map(|d| parse(Arc::clone(d)));
            parsed
                .flat_map(|p| p.tokens)
                .map(|t| t.dep as usize + t.pos as usize)
                .sum()
        })?;
    }
    Ok(())
}

fn document(text: &str, lang: Lang) -> Arc<Document> {
    let (mut blocks, mut start) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        blocks.push(Block {
            span: Span::at(start, start + line.len()),
            part: Part::Body,
        });
        start += line.len();
    }
    let id = DocId("bench".into());
    Arc::new(Document {
        id,
        source: None,
        published: None,
        lang,
        title: None,
        text: text.into(),
        blocks,
    })
}

/// Processor time of this thread in nanoseconds, or the time of day.
enum Clock {
    Processor(u64),
    Day(Instant),
}

impl Clock {
    fn now() -> Self {
        Self::processor().map_or_else(|| Self::Day(Instant::now()), Self::Processor)
    }

    fn processor() -> Option<u64> {
        std::fs::read_to_string("/proc/thread-self/schedstat")
            .ok()?
            .split(' ')
            .next()?
            .parse()
            .ok()
    }

    fn seconds(&self) -> f64 {
        match self {
            Self::Processor(start) => Self::processor().map_or(f64::NAN, |now| (now - start) as f64 / 1e9),
            Self::Day(start) => start.elapsed().as_secs_f64(),
        }
    }
}
