//! Measures article extraction on pages with known articles.
//!
//! Usage: `cargo run --release -p lagebild-ingest --example pages -- [DIR] [-v]`. Each page NAME.html has its truth in
//! NAME.json: title, published, authors, kicker, publisher, url, modified, lang, body. The body is compared as a bag of words.
#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]

use lagebild_core::Part;
use lagebild_ingest::{Format, Hints, read_report};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(Deserialize)]
struct Truth {
    title: String,
    published: Option<String>,
    modified: Option<String>,
    authors: Vec<String>,
    kicker: Option<String>,
    publisher: Option<String>,
    url: Option<String>,
    lang: String,
    body: Vec<String>,
}

fn fold(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn bag(texts: &[&str]) -> HashMap<String, usize> {
    let mut bag = HashMap::new();
    for word in texts
        .iter()
        .flat_map(|t| t.split(|c: char| !(c.is_alphanumeric() || c == '_')))
    {
        if !word.is_empty() {
            *bag.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    bag
}

/// Precision, recall and F1 of the words of `found`.
fn score(found: &[&str], truth: &[&str]) -> [f64; 3] {
    let (found, truth) = (bag(found), bag(truth));
    let same: usize = found.iter().map(|(w, n)| n.min(truth.get(w).unwrap_or(&0))).sum();
    let total = |bag: &HashMap<String, usize>| bag.values().sum::<usize>().max(1) as f64;
    let (p, r) = (same as f64 / total(&found), same as f64 / total(&truth));
    [p, r, if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }]
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let verbose = arguments.iter().any(|a| a == "-v");
    let directory = arguments.iter().find(|a| *a != "-v").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages"),
        PathBuf::from,
    );
    let mut pages: Vec<PathBuf> = std::fs::read_dir(&directory)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "html"))
        .collect();
    pages.sort();

    let (mut sums, mut right, mut n) = ([0.0; 3], [0usize; 8], 0usize);
    let (mut took, mut bytes) = (Duration::ZERO, 0);
    for path in &pages {
        let page = std::fs::read(path)?;
        let truth: Truth = serde_json::from_slice(&std::fs::read(path.with_extension("json"))?)?;
        let hints = Hints {
            format: Some(Format::Html),
            ..Hints::default()
        };
        // The first reading loads tables and patterns.
        let _ = read_report(&page, &hints);
        let started = Instant::now();
        let report = read_report(&page, &hints);
        took += started.elapsed();
        bytes += page.len();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let report = match report {
            Ok(report) => report,
            Err(error) => {
                println!("  {name:24} {error}");
                n += 1;
                continue;
            }
        };
        let (doc, facts) = (&report.document, &report.facts);
        let is_body = |part| {
            matches!(
                part,
                Part::Body | Part::Heading | Part::Quote | Part::ListItem | Part::Dateline
            )
        };
        // A date line of its own belongs to the page; one that opens a paragraph to the text.
        let body: Vec<&str> = doc
            .blocks
            .iter()
            .enumerate()
            .filter(|(i, b)| {
                let opens = doc.blocks.get(i + 1).is_some_and(|next| next.part == Part::Body);
                is_body(b.part) && (b.part != Part::Dateline || opens)
            })
            .map(|(_, b)| b.span.of(&doc.text))
            .collect();
        let truth_body: Vec<&str> = truth.body.iter().map(String::as_str).collect();
        let scores = score(&body, &truth_body);
        let same = |a: Option<&str>, b: Option<&str>| a.map(fold) == b.map(fold);
        let sorted = |names: &[String]| {
            let mut names: Vec<String> = names.iter().map(|n| fold(n)).collect();
            names.sort();
            names
        };
        let is_right = [
            same(doc.title.as_deref(), Some(&truth.title)),
            doc.published.map(|d| d.to_string()) == truth.published,
            sorted(&facts.authors) == sorted(&truth.authors),
            same(facts.kicker.as_deref(), truth.kicker.as_deref()),
            same(facts.publisher.as_deref(), truth.publisher.as_deref()),
            facts.url == truth.url,
            facts.modified.map(|d| d.to_string()) == truth.modified,
            doc.lang.code() == truth.lang,
        ];
        if verbose {
            let [p, r, f] = scores;
            println!(
                "  {name:24} {p:.3} {r:.3} {f:.3} {:?} {:?} {facts:?} {:?}",
                doc.title, doc.published, report.notes
            );
            if f < 0.995 {
                for block in &doc.blocks {
                    println!("      {:?}: {:.90}", block.part, block.span.of(&doc.text));
                }
            }
        }
        for (sum, score) in sums.iter_mut().zip(scores) {
            *sum += score;
        }
        for (count, right) in right.iter_mut().zip(is_right) {
            *count += usize::from(right);
        }
        n += 1;
    }
    let share = |count: usize| count as f64 / n.max(1) as f64;
    let [p, r, f] = sums.map(|s| s / n.max(1) as f64);
    println!("pages {n}  body {p:.3} / {r:.3} / {f:.3}");
    let names = [
        "title",
        "published",
        "authors",
        "kicker",
        "publisher",
        "url",
        "modified",
        "language",
    ];
    for (name, count) in names.iter().zip(right) {
        println!("{name:10} {:.3}", share(count));
    }
    let seconds = took.as_secs_f64();
    println!(
        "{:.0} pages/s, {:.1} MB/s",
        n as f64 / seconds,
        bytes as f64 / 1e6 / seconds
    );
    Ok(())
}
