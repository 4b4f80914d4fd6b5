//! What a user's rules change over a corpus: what is read more, no longer, or otherwise than with the rules compiled in.

use crate::End;
use crate::cmd::pool;
use crate::cmd::read::batch;
use crate::digest;
use crate::input::{About, Bad, Input, Item, Items};
use crate::pipeline::{Pipeline, overlay_lexicon};
use crate::term;
use lagebild_core::wire::{ClaimRecord, EventRecord, PartyRecord, Record};
use lagebild_lexicon::Lexicon;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Something read, as it is compared and shown.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Datum {
    /// First code point of the word that tells it.
    word: usize,
    /// All that counts.
    shown: String,
}

/// A difference between two readings of one report.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    Added(Datum),
    Removed(Datum),
    Altered(Datum, Datum),
}

impl Change {
    fn word(&self) -> usize {
        match self {
            Self::Added(datum) | Self::Removed(datum) | Self::Altered(datum, _) => datum.word,
        }
    }
}

pub(super) fn run(corpus: &[PathBuf], overlay: &Path) -> anyhow::Result<End> {
    let pipeline = Pipeline::load();
    let lexicon = overlay_lexicon(overlay)?;
    let pool = pool(0)?;
    let mut items = Items::new(corpus.iter().cloned(), Input::Auto.into()).peekable();
    let (mut reports, mut failed) = (0, 0);
    let mut counts = [0; 3];
    let mut out = std::io::stdout().lock();
    while items.peek().is_some() {
        let batch = batch(&mut items);
        let compared: Vec<Result<(Record, Vec<Change>), Bad>> = pool.install(|| {
            let compare = |item: Result<Item, Bad>| compare(&pipeline, &lexicon, &item?);
            batch.into_par_iter().map(compare).collect()
        });
        for result in compared {
            match result {
                Ok((record, changes)) => {
                    reports += 1;
                    show(&mut out, &record, &changes, &mut counts)?;
                }
                Err(bad) => {
                    failed += 1;
                    out.flush()?;
                    term::error(&bad, bad.hint().as_deref());
                }
            }
        }
    }
    let [added, removed, altered] = counts;
    writeln!(
        out,
        "{reports} reports: {added} added, {removed} removed, {altered} altered"
    )?;
    Ok(match (failed, counts) {
        (1.., _) => End::Failed,
        (_, [0, 0, 0]) => End::Nothing,
        _ => End::Fine,
    })
}

/// The report as read with the rules compiled in, and what the others change of it. It is parsed once.
fn compare(pipeline: &Pipeline, lexicon: &Lexicon, item: &Item) -> Result<(Record, Vec<Change>), Bad> {
    let document = pipeline.document(item, About::default()).map_err(|why| Bad {
        name: item.name.clone(),
        why,
    })?;
    let parsed = Arc::new(pipeline.parse(document));
    let engine = pipeline.engine(parsed.doc.lang);
    let read = |rules: &Lexicon| {
        let reading = lagebild_engine::read(Arc::clone(&parsed), rules, pipeline.knowledge());
        Record::from_reading(&reading, engine.clone())
    };
    let (before, after) = (read(pipeline.lexicon()), read(lexicon));
    let mut changes = changes(events(&before), events(&after));
    changes.extend(self::changes(claims(&before), claims(&after)));
    changes.sort_by_key(Change::word);
    Ok((before, changes))
}

/// What is in one list and not in the other; a datum at the same word is an altered one.
fn changes(before: Vec<Datum>, after: Vec<Datum>) -> Vec<Change> {
    let mut added: Vec<Datum> = after.iter().filter(|d| !before.contains(d)).cloned().collect();
    let gone = before.into_iter().filter(|d| !after.contains(d));
    let mut changes: Vec<Change> = gone
        .map(|old| match added.iter().position(|new| new.word == old.word) {
            Some(n) => Change::Altered(old, added.remove(n)),
            None => Change::Removed(old),
        })
        .collect();
    changes.extend(added.into_iter().map(Change::Added));
    changes
}

fn events(record: &Record) -> Vec<Datum> {
    let datum = |e: &EventRecord| Datum {
        word: e.mentions.first().map_or(0, |m| m.trigger.start),
        shown: format!(
            "{} {} > {}, {}, {}  [{}]",
            digest::kind(e),
            parties(&e.actors),
            parties(&e.recipients),
            e.status,
            e.certainty,
            e.rule
        ),
    };
    record.events.iter().map(datum).collect()
}

fn claims(record: &Record) -> Vec<Datum> {
    let datum = |c: &ClaimRecord| Datum {
        word: c.cue.start,
        shown: format!(
            "claim {} {}  [{}]",
            c.stance,
            parties(std::slice::from_ref(&c.holder)),
            c.rule
        ),
    };
    record.claims.iter().map(datum).collect()
}

fn parties(parties: &[PartyRecord]) -> String {
    let codes = parties
        .iter()
        .map(|p| p.code.clone().unwrap_or_else(|| format!("\"{}\"", p.text)));
    let codes = codes.collect::<Vec<_>>().join("+");
    if codes.is_empty() { "-".to_owned() } else { codes }
}

fn show(
    out: &mut impl std::io::Write,
    record: &Record,
    changes: &[Change],
    counts: &mut [usize; 3],
) -> anyhow::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", term::clean(record.title.as_deref().unwrap_or(&record.id)))?;
    for change in changes {
        match change {
            Change::Added(datum) => {
                counts[0] += 1;
                writeln!(out, "  + {}", datum.shown)?;
            }
            Change::Removed(datum) => {
                counts[1] += 1;
                writeln!(out, "  - {}", datum.shown)?;
            }
            Change::Altered(old, new) => {
                counts[2] += 1;
                writeln!(out, "  ~ {}\n    {}", old.shown, new.shown)?;
            }
        }
        writeln!(out, "      {}", term::clean(&sentence(record, change.word())))?;
    }
    Ok(())
}

/// The sentence that holds a code point.
fn sentence(record: &Record, at: usize) -> String {
    let range = record.sentences.iter().find(|s| s.start <= at && at < s.end);
    range.map_or_else(String::new, |s| {
        record.text.chars().skip(s.start).take(s.end - s.start).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_datum_at_the_same_word_is_altered() {
        let datum = |word, shown: &str| Datum {
            word,
            shown: shown.to_owned(),
        };
        let before = vec![datum(3, "AID"), datum(9, "ACCUSE"), datum(20, "ASSAULT")];
        let after = vec![datum(3, "AID"), datum(9, "REJECT"), datum(30, "CONSULT")];
        assert_eq!(
            changes(before, after),
            [
                Change::Altered(datum(9, "ACCUSE"), datum(9, "REJECT")),
                Change::Removed(datum(20, "ASSAULT")),
                Change::Added(datum(30, "CONSULT"))
            ]
        );
    }
}
