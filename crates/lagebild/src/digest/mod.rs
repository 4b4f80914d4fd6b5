//! What one report says, for a person: who did what to whom, who says what, which agreements there are, each with the
//! sentence that tells it. [`terminal()`] writes it for a terminal, [`markdown()`] as Markdown.

mod markdown;
mod terminal;
mod words;

pub(crate) use markdown::markdown;
pub(crate) use terminal::terminal;

use self::words::Words;
use crate::web::Ui;
use lagebild_core::wire::{EventRecord, PartyRecord, QuantityRecord, Range, Record};
use lagebild_export::CodePoints;
pub(crate) use lagebild_export::days;

/// `range` cut at `marks`: pieces with whether they are marked. Marks that overlap an earlier one are left out.
fn marked<'a>(text: &CodePoints<'a>, range: Range, marks: &mut [Range]) -> Vec<(bool, &'a str)> {
    marks.sort_by_key(|m| (m.start, m.end));
    let (mut pieces, mut at) = (Vec::new(), range.start);
    for mark in marks.iter().filter(|m| m.end <= range.end) {
        if mark.start >= at {
            pieces.push((false, text.of(at, mark.start)));
            pieces.push((true, text.of(mark.start, mark.end)));
            at = mark.end;
        }
    }
    pieces.push((false, text.of(at, range.end)));
    pieces.retain(|(_, text)| !text.is_empty());
    pieces
}

/// The sentence in which code point `at` stands; `or` when it stands in none.
fn sentence_at(record: &Record, at: usize, or: Range) -> Range {
    let after = record.sentences.partition_point(|s| s.start <= at);
    record.sentences[..after]
        .last()
        .filter(|s| at < s.end)
        .copied()
        .unwrap_or(or)
}

/// Events that are first told in the same sentence, in text order.
struct Told<'a> {
    sentence: Range,
    events: Vec<&'a EventRecord>,
}

fn by_sentence(record: &Record) -> Vec<Told<'_>> {
    let mut told: Vec<Told<'_>> = Vec::new();
    for event in &record.events {
        let sentence = match event.mentions.first() {
            Some(m) => sentence_at(
                record,
                m.trigger.start,
                Range {
                    start: m.start,
                    end: m.end,
                },
            ),
            None => Range { start: 0, end: 0 },
        };
        match told.iter_mut().find(|t| t.sentence == sentence) {
            Some(told) => told.events.push(event),
            None => told.push(Told {
                sentence,
                events: vec![event],
            }),
        }
    }
    told.sort_by_key(|t| t.sentence.start);
    told
}

/// The name by which a party is known, or its words.
fn party_name(party: &PartyRecord) -> &str {
    party
        .name
        .as_deref()
        .filter(|_| party.id.is_some())
        .unwrap_or(&party.text)
}

/// An amount in words: `at least 12 Tote`.
fn amount(quantity: &QuantityRecord, ui: Ui) -> String {
    let amount = format!("{} {}", number(quantity.value), quantity.thing);
    match quantity.modifier.as_str() {
        "exact" => amount,
        modifier => format!("{} {amount}", ui.term(modifier)),
    }
}

/// A number with its thousands apart: `3 000`, `2.5`.
fn number(value: f64) -> String {
    let plain = format!("{value}");
    let (whole, rest) = plain
        .split_once('.')
        .map_or((plain.as_str(), None), |(w, r)| (w, Some(r)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |d| ("-", d));
    let mut out = String::from(sign);
    for (i, digit) in digits.chars().enumerate() {
        // A narrow space, as ISO 31 has it: points and commas mean different things in German and English.
        if i > 0 && (digits.len() - i) % 3 == 0 && digits.len() > 4 {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out.push('.');
        out.push_str(rest);
    }
    out
}

/// `type/mode` and, for acts about other acts, what they are about: `REQUEST/change (AID)`.
pub(crate) fn kind(event: &EventRecord) -> String {
    let mut kind = event.kind.clone();
    if let Some(mode) = &event.mode {
        kind.push('/');
        kind.push_str(mode);
    }
    if let Some(content) = &event.content {
        kind.push_str(&format!(" ({content})"));
    }
    kind
}

/// The parties of an event: actors, a sign, recipients. A mutual act has its parties on both sides of `↔`.
fn parties(event: &EventRecord) -> (Vec<&PartyRecord>, &'static str, Vec<&PartyRecord>) {
    let (actors, recipients): (Vec<_>, Vec<_>) = (event.actors.iter().collect(), event.recipients.iter().collect());
    match (actors.len(), recipients.len()) {
        (2.., 0) => (actors[..1].to_vec(), "↔", actors[1..].to_vec()),
        (1, 0) => (actors, "", recipients),
        _ => (actors, "→", recipients),
    }
}

/// `text` with each stretch of white space as one space, those at its ends included.
fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// A quotation in marks of the language `ui`: those of the text are taken off where they stand around the whole of it.
pub(crate) fn quoted(said: &str, ui: Ui) -> String {
    let marks: &[char] = &['"', '„', '“', '”', '«', '»'];
    let bare = said.strip_prefix(marks).and_then(|s| s.strip_suffix(marks));
    let said = bare.filter(|s| !s.contains(marks)).unwrap_or(said);
    match ui {
        Ui::De => format!("„{said}“"),
        Ui::En => format!("“{said}”"),
    }
}

/// `3 events · 1 claim`.
fn counts(record: &Record, ui: Ui) -> String {
    let words = Words::of(ui);
    let all = [
        (record.events.len(), words.event),
        (record.claims.len(), words.claim),
        (record.agreements.len(), words.agreement),
    ];
    let told: Vec<String> = all
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, (one, several))| format!("{n} {}", if n == 1 { one } else { several }))
        .collect();
    if told.is_empty() {
        words.nothing.to_owned()
    } else {
        told.join(" · ")
    }
}

/// The headline; the beginning of a report that has none.
fn headline(record: &Record) -> String {
    if let Some(title) = &record.title {
        return title.clone();
    }
    let first = record
        .sentences
        .first()
        .copied()
        .unwrap_or(Range { start: 0, end: 120 });
    let words = squeezed(CodePoints::new(&record.text).of(first.start, first.end));
    match words.char_indices().nth(100) {
        Some((cut, _)) => format!("{}…", words[..cut].trim_end()),
        None => words.trim().to_owned(),
    }
}

/// The line under the headline: day, source, language.
fn about(record: &Record, ui: Ui) -> String {
    let language = match record.lang.as_str() {
        "de" => Words::of(ui).german,
        "en" => Words::of(ui).english,
        other => other,
    };
    let parts = [record.published.as_deref(), record.source.as_deref(), Some(language)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod snapshots;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_set_in_threes() {
        assert_eq!(number(3000.0), "3000");
        assert_eq!(number(12_500.0), "12\u{202f}500");
        assert_eq!(number(60_000_000_000.0), "60\u{202f}000\u{202f}000\u{202f}000");
        assert_eq!(number(2.5), "2.5");
    }
}
