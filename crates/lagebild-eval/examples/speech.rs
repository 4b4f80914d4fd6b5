//! Who says what, in German parliamentary speeches: claims against the annotation of SpkAtt-2023 (task 1).
//!
//! The measure is our own, because the definition of the shared task's is not among the data: a claim and an annotation
//! belong together when they share a word of the cue; then precision, recall and F1 count the words of cue, source and message
//! over all of both. Annotations and claims without a counterpart count with all their words as missed or spurious. From the
//! root of the project, with the shared data beside it (unpacked: `tar xJf train.tar.xz -C DIR`):
//!
//! ```text
//! cargo run --release -p lagebild-eval --example speech DIR
//! ```

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that reports on the terminal"
)]

use lagebild_core::{Holder, Reading, Span};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The parts of a saying that are measured: name here, field there.
const PARTS: [(&str, &str); 3] = [("cue", "Cue"), ("source", "Source"), ("message", "Message")];

/// A saying: the words of each part, counted through the speech.
type Saying = [BTreeSet<usize>; 3];

#[derive(Default)]
struct Count {
    right: usize,
    read: usize,
    coded: usize,
}

impl Count {
    fn show(&self, name: &str) {
        let share = |of: usize| if of == 0 { 0.0 } else { self.right as f64 / of as f64 };
        let (p, r) = (share(self.read), share(self.coded));
        let f1 = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        println!(
            "{name:<8} P {p:.3}  R {r:.3}  F1 {f1:.3}   (coded {}, read {}, right {})",
            self.coded, self.read, self.right
        );
    }
}

fn main() {
    let Some(directory) = std::env::args().nth(1).map(PathBuf::from) else {
        eprintln!("SKIPPED: name the directory of the unpacked annotations; nothing was measured");
        return;
    };
    let mut files = Vec::new();
    walk(&directory, &mut files);
    files.sort();
    if files.is_empty() {
        eprintln!(
            "SKIPPED: no annotations (*.json) under {}; nothing was measured",
            directory.display()
        );
        return;
    }
    let mut sayings = Count::default();
    let mut parts: BTreeMap<&str, Count> = BTreeMap::new();
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if let Ok(speech) = serde_json::from_str::<Value>(&text) {
            measure(&speech, &mut sayings, &mut parts);
        }
    }
    println!("{} speeches", files.len());
    sayings.show("sayings");
    let mut joint = Count::default();
    for (name, _) in PARTS {
        let count = parts.remove(name).unwrap_or_default();
        count.show(name);
        joint.right += count.right;
        joint.read += count.read;
        joint.coded += count.coded;
    }
    joint.show("joint");
}

fn walk(directory: &Path, files: &mut Vec<PathBuf>) {
    for item in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = item.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e == "json") {
            files.push(path);
        }
    }
}

fn measure(speech: &Value, sayings: &mut Count, parts: &mut BTreeMap<&'static str, Count>) {
    let (text, words, starts) = words(speech);
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let coded: Vec<Saying> = list(&speech["Annotations"])
        .iter()
        .map(|annotation| {
            PARTS.map(|(_, field)| {
                let places = list(&annotation[field]);
                places.iter().filter_map(|p| place(p.as_str()?, &starts)).collect()
            })
        })
        .collect();
    let read: Vec<Saying> = reading(&text).map(|r| claims(&r, &words)).unwrap_or_default();
    let mut taken = BTreeSet::new();
    sayings.coded += coded.len();
    sayings.read += read.len();
    for gold in &coded {
        // The claim that shares most words with the annotation, among those that share one of the cue.
        let shared = |saying: &Saying| (0..3).map(|n| gold[n].intersection(&saying[n]).count()).sum::<usize>();
        let found = read.iter().enumerate();
        let found = found.filter(|(j, s)| !taken.contains(j) && !gold[0].is_disjoint(&s[0]));
        let found = found.max_by_key(|(j, s)| (shared(s), std::cmp::Reverse(*j)));
        if let Some((j, saying)) = found {
            taken.insert(j);
            sayings.right += 1;
            for (n, (name, _)) in PARTS.iter().enumerate() {
                parts.entry(name).or_default().right += gold[n].intersection(&saying[n]).count();
            }
        }
    }
    for (n, (name, _)) in PARTS.iter().enumerate() {
        let count = parts.entry(name).or_default();
        count.coded += coded.iter().map(|s| s[n].len()).sum::<usize>();
        count.read += read.iter().map(|s| s[n].len()).sum::<usize>();
    }
}

/// The text, the place of each word in it, and the number of the first word of each sentence.
fn words(speech: &Value) -> (String, Vec<Span>, Vec<usize>) {
    let (mut text, mut words, mut starts) = (String::new(), Vec::new(), Vec::new());
    for sentence in speech["Sentences"].as_array().into_iter().flatten() {
        starts.push(words.len());
        for token in sentence["Tokens"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            let glued = token.starts_with(|c| ",.;:!?".contains(c));
            if glued && text.ends_with(' ') {
                text.pop();
            }
            let at = text.len();
            text.push_str(token);
            words.push(Span::at(at, text.len()));
            text.push(' ');
        }
    }
    (text, words, starts)
}

/// `sentence:word` as the number of a word.
fn place(id: &str, starts: &[usize]) -> Option<usize> {
    let (sentence, word) = id.split_once(':')?;
    let sentence: usize = sentence.parse().ok()?;
    Some(starts.get(sentence)? + word.parse::<usize>().ok()?)
}

fn reading(text: &str) -> Option<Reading> {
    let row = json!({ "id": "x", "text": text, "lang": "de", "published": "2019-01-01" });
    let document = lagebild_ingest::read_jsonl_line(&row.to_string(), 1).ok()?;
    let parsed = Arc::new(lagebild_nlp::parse(Arc::new(document)));
    Some(lagebild_engine::read(
        parsed,
        lagebild_bundle::lexicon(),
        lagebild_bundle::knowledge(),
    ))
}

fn claims(reading: &Reading, words: &[Span]) -> Vec<Saying> {
    let inside = |span: Span| -> BTreeSet<usize> {
        let from = words.partition_point(|w| w.end() <= span.start());
        let to = words.partition_point(|w| w.start() < span.end());
        (from..to.max(from)).collect()
    };
    let claims = reading.claims.iter();
    let of = |claim: &lagebild_core::Claim| {
        let source = match &claim.holder {
            Holder::Party(party) => inside(party.span),
            Holder::Unnamed(span) => inside(*span),
            Holder::Untold => BTreeSet::new(),
        };
        // The content of a claim may be its whole sentence; neither cue nor source is part of a message.
        let cue = inside(claim.cue);
        let message = inside(claim.content)
            .into_iter()
            .filter(|w| !cue.contains(w) && !source.contains(w));
        [cue.clone(), source.clone(), message.collect()]
    };
    claims.map(of).collect()
}
