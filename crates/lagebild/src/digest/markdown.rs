//! The digest as Markdown (CommonMark).

use super::words::Words;
use super::{
    CodePoints, about, amount, by_sentence, counts, days, headline, kind, marked, parties, party_name, quoted,
    sentence_at, squeezed,
};
use crate::term::clean;
use crate::web::Ui;
use lagebild_core::wire::{PartyRecord, Range, Record};
use std::fmt::Write as _;

/// The digest of `record`, its labels in the language `ui`.
pub(crate) fn markdown(record: &Record, ui: Ui) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut out, record, ui);
    out
}

fn write(out: &mut String, record: &Record, ui: Ui) -> std::fmt::Result {
    let words = Words::of(ui);
    let text = CodePoints::new(&record.text);
    writeln!(out, "# {}\n", escape(&headline(record)))?;
    writeln!(out, "{}  \n{}", escape(&about(record, ui)), counts(record, ui))?;
    if !record.events.is_empty() {
        writeln!(out, "\n## {}", words.who_did_what)?;
    }
    for told in by_sentence(record) {
        writeln!(out)?;
        for event in &told.events {
            let (actors, arrow, recipients) = parties(event);
            write!(out, "- **{}** {}", kind(event), names(&actors))?;
            if !arrow.is_empty() {
                write!(out, " {arrow} {}", names(&recipients))?;
            }
            let mut details = Vec::new();
            let date = days(&event.date);
            details.extend(date.map(|d| if event.date.implicit { format!("({d})") } else { d }));
            details.extend(event.place.as_ref().map(|p| format!("in {}", p.name)));
            details.extend(event.quantities.iter().map(|q| amount(q, ui)));
            details.extend([&event.status, &event.certainty].map(|term| ui.term(term).to_owned()));
            let claim = event
                .claim
                .as_ref()
                .and_then(|id| record.claims.iter().find(|c| c.id == *id));
            let holder = claim.map(|c| party_name(&c.holder)).filter(|h| !h.is_empty());
            details.extend(holder.map(|h| format!("{} {h}", words.according_to)));
            writeln!(out, " – {}", escape(&details.join(" · ")))?;
        }
        let mut triggers: Vec<Range> = told
            .events
            .iter()
            .filter_map(|e| e.mentions.first())
            .map(|m| Range {
                start: m.trigger.start,
                end: m.trigger.end,
            })
            .collect();
        let sentence: String = marked(&text, told.sentence, &mut triggers)
            .into_iter()
            .map(|(is_marked, piece)| {
                if is_marked {
                    format!("**{}**", escape(piece))
                } else {
                    escape(piece)
                }
            })
            .collect();
        if !sentence.is_empty() {
            writeln!(out, "\n  > {sentence}")?;
        }
    }
    if !record.claims.is_empty() {
        writeln!(out, "\n## {}\n", words.who_says_what)?;
    }
    for claim in &record.claims {
        let said = squeezed(text.of(claim.content.start, claim.content.end));
        let said = escape(&if claim.quote { quoted(said.trim(), ui) } else { said });
        let holder = Some(party_name(&claim.holder))
            .filter(|h| !h.is_empty())
            .unwrap_or(words.somebody);
        let to = claim
            .addressee
            .as_ref()
            .map(|a| format!(" → {}", names(&[a])))
            .unwrap_or_default();
        writeln!(out, "- {} *{}*{to}: {said}", escape(holder), ui.term(&claim.stance))?;
    }
    if !record.agreements.is_empty() {
        writeln!(out, "\n## {}\n", words.agreements)?;
    }
    for agreement in &record.agreements {
        let name = agreement.name.as_deref().unwrap_or(words.unnamed);
        writeln!(
            out,
            "- **{}** – {} · {}",
            escape(name),
            ui.term(&agreement.kind),
            escape(&agreement.parties.join(" + "))
        )?;
        for step in &agreement.steps {
            let by = Some(step.by.join(", "))
                .filter(|b| !b.is_empty())
                .map(|b| format!("{} {b}", words.by));
            let place = step.place.as_ref().map(|p| format!("in {p}"));
            let details: Vec<String> = [by, days(&step.date), place].into_iter().flatten().collect();
            writeln!(out, "  - {} {}", ui.term(&step.step), escape(&details.join(" · ")))?;
        }
        for duty in &agreement.obligations {
            let who = if duty.who.is_empty() {
                String::new()
            } else {
                format!(" {} {}", words.of, duty.who.join(", "))
            };
            let condition = duty.condition.as_ref().map(|c| format!(": {c}")).unwrap_or_default();
            let (duty, kind) = (words.duty, ui.term(&duty.kind));
            writeln!(out, "  - {duty}: {kind}{}", escape(&format!("{who}{condition}")))?;
        }
        if let Some(range) = agreement.mentions.first().copied() {
            let sentence = sentence_at(record, range.start, range);
            writeln!(out, "\n  > {}\n", escape(text.of(sentence.start, sentence.end)))?;
        }
    }
    Ok(())
}

fn names(parties: &[&PartyRecord]) -> String {
    if parties.is_empty() {
        return "?".to_owned();
    }
    let name = |p: &&PartyRecord| match p.code.as_deref() {
        Some(code) if code != party_name(p) => format!("{} ({code})", escape(party_name(p))),
        _ => escape(party_name(p)),
    };
    parties.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// `text` as one line of Markdown that means itself.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
