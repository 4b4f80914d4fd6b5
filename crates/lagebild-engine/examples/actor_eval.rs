//! How well actors are resolved, apart from how well events are found.
//!
//! For each actor and recipient of the hand-coded reports: is there a mention over its words, and does it bear the same
//! key (organisation, else state)? Run from the root of the project with the shared data beside it:
//!
//! ```text
//! cargo run --release -p lagebild-engine --example actor_eval [--check] [--errors] [FILE...]
//! ```
//!
//! Without files it reads seed, dev and dev-en of `../shared/data/gold`. The last eleven reports of `dev.jsonl` are kept for
//! checking: they are left out, or with `--check` the only ones read. `--errors` lists the misses.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that reports on the terminal"
)]

use lagebild_core::{Block, DocId, Document, Lang, Part, Span};
use lagebild_engine::entities::{Entities, Mention, resolve};
use lagebild_lexicon::knowledge::Knowledge;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reports at the end of `dev.jsonl` that tuning never looks at.
const HELD_OUT: usize = 11;

#[derive(Default)]
struct Count {
    actors: usize,
    found: usize,
    right: usize,
    nobody: usize,
    nobody_right: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|a| a == name);
    let (check, errors) = (flag("--check"), flag("--errors"));
    let named: Vec<PathBuf> = arguments
        .iter()
        .filter(|a| !a.starts_with("--"))
        .map(PathBuf::from)
        .collect();
    let gold = Path::new("../shared/data/gold");
    let files = if named.is_empty() {
        ["seed.jsonl", "dev.jsonl", "dev-en.jsonl"]
            .map(|f| gold.join(f))
            .to_vec()
    } else {
        named
    };
    let knowledge = lagebild_bundle::knowledge();
    let mut all = Count::default();
    for file in &files {
        let Ok(text) = std::fs::read_to_string(file) else {
            eprintln!("SKIPPED: {} cannot be read; nothing was measured on it", file.display());
            continue;
        };
        let reports: Vec<Value> = text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect();
        let dev = file.file_name().is_some_and(|n| n == "dev.jsonl");
        let held_out = reports.len().saturating_sub(if dev { HELD_OUT } else { 0 });
        let mut count = Count::default();
        for (n, report) in reports.iter().enumerate() {
            if (n >= held_out) == check {
                measure(report, knowledge, errors && !check, &mut count);
            }
        }
        print(&file.display().to_string(), &count);
        all.actors += count.actors;
        all.found += count.found;
        all.right += count.right;
        all.nobody += count.nobody;
        all.nobody_right += count.nobody_right;
    }
    print("all", &all);
}

fn print(name: &str, c: &Count) {
    let share = |a: usize, b: usize| if b == 0 { 0.0 } else { a as f64 / b as f64 };
    println!(
        "{name}: actors {}  found {:.3}  right {:.3}  right of found {:.3}  nobody {}/{}",
        c.actors,
        share(c.found, c.actors),
        share(c.right, c.actors),
        share(c.right, c.found),
        c.nobody_right,
        c.nobody
    );
}

fn measure(report: &Value, knowledge: &Knowledge, errors: bool, count: &mut Count) {
    let Some(document) = document(report) else { return };
    let text = Arc::clone(&document.text);
    let parsed = lagebild_nlp::parse(Arc::new(document));
    let entities = resolve(&parsed, knowledge);
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    for event in list(&report["events"]) {
        for party in list(&event["actors"]).into_iter().chain(list(&event["recipients"])) {
            let words = party["text"].as_str().unwrap_or_default();
            let wanted = party["org"].as_str().or(party["country"].as_str());
            let sentences = list(&event["mentions"]).into_iter().filter_map(|m| m["s"].as_u64());
            let span = sentences
                .filter_map(|s| find(&text, &report["sentences"][s as usize], words))
                .next();
            let Some(span) = span else { continue };
            let mention = best(&entities, span);
            let keys: Vec<&str> = mention
                .into_iter()
                .flat_map(|m| m.actor.iter().chain(&m.also))
                .filter_map(|e| entities.key(*e))
                .collect();
            let right = match wanted {
                Some(wanted) => {
                    count.actors += 1;
                    count.found += usize::from(mention.is_some());
                    count.right += usize::from(keys.contains(&wanted));
                    keys.contains(&wanted)
                }
                None => {
                    count.nobody += 1;
                    count.nobody_right += usize::from(keys.is_empty());
                    keys.is_empty()
                }
            };
            if errors && !right {
                let seen = mention.map(|m| (m.kind, m.span.of(&text)));
                println!(
                    "  {} {words:?}: wanted {wanted:?}, got {keys:?} by {seen:?}",
                    report["id"].as_str().unwrap_or("")
                );
            }
        }
    }
}

/// The report as a document: its first line is the headline, the others are paragraphs.
fn document(report: &Value) -> Option<Document> {
    let text = report["text"].as_str()?;
    let mut blocks = Vec::new();
    let mut at = 0;
    for paragraph in text.split('\n') {
        let span = Span::at(at, at + paragraph.len());
        at += paragraph.len() + 1;
        if !paragraph.trim().is_empty() {
            let part = if blocks.is_empty() { Part::Headline } else { Part::Body };
            blocks.push(Block { span, part });
        }
    }
    Some(Document {
        id: DocId(report["id"].as_str()?.into()),
        source: None,
        published: report["published"].as_str().and_then(|d| d.parse().ok()),
        lang: Lang::from_code(report["lang"].as_str()?)?,
        title: report["title"].as_str().map(Into::into),
        text: text.into(),
        blocks,
    })
}

/// Where `words` stand in a sentence, as a whole word if possible.
fn find(text: &str, sentence: &Value, words: &str) -> Option<Span> {
    let start = usize::try_from(sentence["start"].as_u64()?).ok()?;
    let content = sentence["text"].as_str()?;
    let whole = |at: &usize| {
        !content[..*at].ends_with(char::is_alphanumeric)
            && !content[at + words.len()..].starts_with(char::is_alphanumeric)
    };
    let at = content
        .match_indices(words)
        .map(|m| m.0)
        .find(whole)
        .or_else(|| content.find(words))?;
    let base = text.char_indices().nth(start).map(|c| c.0)?;
    Some(Span::at(base + at, base + at + words.len()))
}

/// The mention that covers `span` best; one that names somebody is preferred.
fn best(entities: &Entities, span: Span) -> Option<&Mention> {
    let score = |m: &Mention| {
        let shared = m
            .span
            .end()
            .min(span.end())
            .saturating_sub(m.span.start().max(span.start()));
        let spanned = m.span.end().max(span.end()) - m.span.start().min(span.start());
        let named = if m.actor.is_some() { 0.2 } else { 0.0 };
        if shared == 0 {
            0.0
        } else {
            shared as f64 / spanned as f64 + named
        }
    };
    entities
        .mentions
        .iter()
        .filter(|m| score(m) > 0.0)
        .max_by(|a, b| score(a).total_cmp(&score(b)))
}
