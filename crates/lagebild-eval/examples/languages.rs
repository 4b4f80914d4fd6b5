//! Whether the German and the English side of one text are read alike.
//!
//! NTREX-128 has English news of 2018 with a professional German translation, sentence by sentence. Both sides of each
//! political document are read, and what is read of a line on one side is compared with what is read of it on the other, by
//! the measures of events: F1 of type, and of type and parties. From the root of the project, with the shared data beside it:
//!
//! ```text
//! cargo run --release -p lagebild-eval --example languages [--errors] [--part read|counted] [FILE]
//! ```
//!
//! `--part` takes the documents of `data/eval/ntrex-parts.tsv` instead of the political ones.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that reports on the terminal"
)]

use lagebild_core::Lang;
use lagebild_core::wire::{Engine, Record};
use lagebild_eval::data::{Document, Event, Mention, Sentence};
use lagebild_eval::{Pair, errors, line, score};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;

const FILE: &str = "../shared/data/news/ntrex128_de_en_sentences.jsonl";
/// Which of the other documents were looked at.
const PARTS: &str = "data/eval/ntrex-parts.tsv";
/// The documents bear no date; they are of autumn 2018.
const PUBLISHED: &str = "2018-10-01";
/// Lines stand so far apart in the made-up text in which both sides meet.
const STRIDE: usize = 10;

/// The lines of one document: German, English.
type Lines = Vec<(String, String)>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let part = arguments.iter().position(|a| a == "--part");
    let file = arguments
        .iter()
        .enumerate()
        .find(|(i, a)| !a.starts_with("--") && part.is_none_or(|p| *i != p + 1))
        .map_or(FILE, |(_, a)| a.as_str());
    let Ok(text) = std::fs::read_to_string(file) else {
        eprintln!("SKIPPED: {file} cannot be read; nothing was measured");
        return;
    };
    let chosen = part.and_then(|p| arguments.get(p + 1)).map(|part| {
        let parts = std::fs::read_to_string(PARTS).unwrap_or_default();
        let names = parts
            .lines()
            .filter_map(|l| l.split_once('\t'))
            .filter(|(_, p)| p == part);
        names.map(|(name, _)| name.to_owned()).collect()
    });
    let documents = documents(&text, chosen.as_ref());
    let lines: usize = documents.iter().map(|(_, lines)| lines.len()).sum();
    let pairs: Vec<Pair> = documents.iter().map(|(id, lines)| pair(id, lines)).collect();
    let scores = score(&pairs);
    println!("{} documents, {lines} lines", pairs.len());
    for (name, level) in [
        ("type", "typed"),
        ("type+parties", "triple"),
        ("quad+parties", "directed"),
    ] {
        let m = scores.events[level];
        println!(
            "{name:<14} agreement F1 {:.3}   (German {}, English {}, alike {})",
            m.f1, m.gold, m.system, m.hit
        );
    }
    if arguments.iter().any(|a| a == "--errors") {
        for error in errors(&pairs) {
            println!("{}", line(&error));
        }
    }
}

/// The documents that are chosen, else those marked as political, in the order of the file.
fn documents(text: &str, chosen: Option<&HashSet<String>>) -> Vec<(String, Lines)> {
    let mut documents: Vec<(String, Lines)> = Vec::new();
    for row in text.lines().filter_map(|l| serde_json::from_str::<Value>(l).ok()) {
        let word = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let id = word("doc");
        let wanted = chosen.map_or_else(|| row["ctx"].as_u64() == Some(1), |names| names.contains(&id));
        if !wanted {
            continue;
        }
        match documents.last_mut() {
            Some((last, lines)) if *last == id => lines.push((word("de"), word("en"))),
            _ => documents.push((id, vec![(word("de"), word("en"))])),
        }
    }
    documents
}

/// Both readings as if they were of one text, whose sentences are the lines.
fn pair(id: &str, lines: &Lines) -> Pair {
    let sentence = |(i, (de, en)): (usize, &(String, String))| Sentence {
        i,
        start: i * STRIDE,
        end: (i + 1) * STRIDE,
        text: format!("{de} | {en}"),
    };
    let german: Vec<&str> = lines.iter().map(|l| l.0.as_str()).collect();
    let english: Vec<&str> = lines.iter().map(|l| l.1.as_str()).collect();
    Pair {
        gold: Document {
            id: id.to_owned(),
            sentences: lines.iter().enumerate().map(sentence).collect(),
            events: read(&german, Lang::De),
            ..Document::default()
        },
        read: Document {
            id: id.to_owned(),
            events: read(&english, Lang::En),
            ..Document::default()
        },
        missing: false,
    }
}

/// The events of a document, told of its lines.
fn read(lines: &[&str], lang: Lang) -> Vec<Event> {
    let text = lines.join("\n");
    let row = json!({ "id": "x", "text": text, "lang": lang.code(), "published": PUBLISHED });
    let Ok(document) = lagebild_ingest::read_jsonl_line(&row.to_string(), 1) else {
        return Vec::new();
    };
    let parsed = Arc::new(lagebild_nlp::parse(Arc::new(document)));
    let reading = lagebild_engine::read(parsed, lagebild_bundle::lexicon(), lagebild_bundle::knowledge());
    let engine = Engine {
        version: String::new(),
        lexicon: String::new(),
        model: String::new(),
    };
    let record = Record::from_reading(&reading, engine);
    let line_of = |at: usize| record.text.chars().take(at).filter(|c| *c == '\n').count();
    let events = record.events.iter().filter_map(|event| {
        let mut event_data: Event = serde_json::from_value(serde_json::to_value(event).ok()?).ok()?;
        for (mention, told) in event_data.mentions.iter_mut().zip(&event.mentions) {
            let line = line_of(told.trigger.start);
            *mention = Mention {
                s: Some(line),
                start: line * STRIDE,
                end: (line + 1) * STRIDE,
                trigger: mention.trigger.take(),
            };
        }
        Some(event_data)
    });
    events.collect()
}
