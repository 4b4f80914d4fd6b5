//! The rows of lists as CSV: one set of columns for the command line and the web.

use crate::web::Ui;
use lagebild_core::wire::{PartyRecord, StepRecord};
use lagebild_store::{ActorRow, AgreementRow, ClaimRow, DocumentRow, EventRow, FeedRow, Hit};
use serde::Serialize;

/// A row of a list as CSV; JSON is what it serialises to.
pub(crate) trait Row: Serialize {
    /// Names of the columns.
    const COLUMNS: &'static [&'static str];
    /// One field a column.
    fn fields(&self) -> Vec<String>;
}

/// A field that no spreadsheet takes for a formula: `'` goes before what begins like one, numbers apart.
pub(crate) fn harmless(field: String) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<f64>().is_err();
    if formula { format!("'{field}") } else { field }
}

/// The steps of an agreement: `signed 2024-06; ratified`.
pub(crate) fn steps(row: &AgreementRow) -> String {
    let step = |s: &StepRecord| match crate::digest::days(&s.date) {
        Some(date) => format!("{} {date}", s.step),
        None => s.step.clone(),
    };
    joined(row.agreement.steps.iter().map(step))
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn number<T: ToString>(value: Option<T>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

/// One field of parties, separated by semicolons.
fn each(parties: &[PartyRecord], field: impl Fn(&PartyRecord) -> Option<&String>) -> String {
    parties.iter().map(|p| text(field(p))).collect::<Vec<_>>().join("; ")
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}

impl Row for DocumentRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "published",
        "lang",
        "source",
        "url",
        "title",
        "events",
        "claims",
        "agreements",
        "revision",
        "added_at",
        "changed_at",
    ];

    fn fields(&self) -> Vec<String> {
        let d = &self.document;
        vec![
            d.id.clone(),
            text(d.published.as_ref()),
            d.lang.clone(),
            text(d.source.as_ref()),
            text(self.url.as_ref()),
            text(d.title.as_ref()),
            self.events.to_string(),
            self.claims.to_string(),
            self.agreements.to_string(),
            self.revision.to_string(),
            self.added_at.clone(),
            self.changed_at.clone(),
        ]
    }
}

impl Row for EventRow {
    const COLUMNS: &'static [&'static str] = &[
        "key",
        "document",
        "published",
        "source",
        "type",
        "mode",
        "content",
        "actors",
        "actor_ids",
        "actor_codes",
        "recipients",
        "recipient_ids",
        "recipient_codes",
        "status",
        "certainty",
        "date_from",
        "date_to",
        "date_text",
        "date_implicit",
        "place",
        "place_country",
        "lat",
        "lon",
        "quantities",
        "context",
        "claim",
        "holder",
        "quad",
        "cameo",
        "goldstein",
        "plover_score",
        "rule",
        "sentence",
    ];

    fn fields(&self) -> Vec<String> {
        let (e, d) = (&self.event, &self.document);
        let place = e.place.as_ref();
        vec![
            self.key.clone(),
            d.id.clone(),
            text(d.published.as_ref()),
            text(d.source.as_ref()),
            e.kind.clone(),
            text(e.mode.as_ref()),
            text(e.content.as_ref()),
            each(&e.actors, |p| p.name.as_ref().or(Some(&p.text))),
            each(&e.actors, |p| p.id.as_ref()),
            each(&e.actors, |p| p.code.as_ref()),
            each(&e.recipients, |p| p.name.as_ref().or(Some(&p.text))),
            each(&e.recipients, |p| p.id.as_ref()),
            each(&e.recipients, |p| p.code.as_ref()),
            e.status.clone(),
            e.certainty.clone(),
            text(e.date.from.as_ref()),
            text(e.date.to.as_ref()),
            text(e.date.text.as_ref()),
            e.date.implicit.to_string(),
            place.map(|p| p.name.clone()).unwrap_or_default(),
            text(place.and_then(|p| p.country.as_ref())),
            number(place.and_then(|p| p.lat)),
            number(place.and_then(|p| p.lon)),
            joined(e.quantities.iter().map(|q| crate::digest::amount(q, Ui::En))),
            e.context.join(" "),
            text(e.claim.as_ref()),
            self.said_by.as_ref().map(|s| s.holder.text.clone()).unwrap_or_default(),
            e.quad.clone(),
            e.cameo.clone(),
            number(e.goldstein),
            e.plover_score.to_string(),
            e.rule.clone(),
            self.sentence.text.clone(),
        ]
    }
}

impl Row for ClaimRow {
    const COLUMNS: &'static [&'static str] = &[
        "key",
        "document",
        "published",
        "source",
        "holder",
        "holder_name",
        "holder_id",
        "holder_code",
        "stance",
        "quote",
        "addressee",
        "addressee_id",
        "cue",
        "said",
        "events",
        "sentence",
    ];

    fn fields(&self) -> Vec<String> {
        let (c, d) = (&self.claim, &self.document);
        vec![
            self.key.clone(),
            d.id.clone(),
            text(d.published.as_ref()),
            text(d.source.as_ref()),
            c.holder.text.clone(),
            text(c.holder.name.as_ref()),
            text(c.holder.id.as_ref()),
            text(c.holder.code.as_ref()),
            c.stance.clone(),
            c.quote.to_string(),
            c.addressee.as_ref().map(|a| a.text.clone()).unwrap_or_default(),
            text(c.addressee.as_ref().and_then(|a| a.id.as_ref())),
            c.cue.text.clone(),
            self.said.clone(),
            c.events.join(" "),
            self.sentence.text.clone(),
        ]
    }
}

impl Row for AgreementRow {
    const COLUMNS: &'static [&'static str] = &[
        "key",
        "document",
        "published",
        "source",
        "name",
        "canonical",
        "kind",
        "parties",
        "steps",
        "obligations",
        "sentence",
    ];

    fn fields(&self) -> Vec<String> {
        let (a, d) = (&self.agreement, &self.document);
        vec![
            self.key.clone(),
            d.id.clone(),
            text(d.published.as_ref()),
            text(d.source.as_ref()),
            text(a.name.as_ref()),
            text(a.canonical.as_ref()),
            a.kind.clone(),
            a.parties.join(" "),
            steps(self),
            joined(a.obligations.iter().map(|o| o.kind.clone())),
            self.sentence.as_ref().map(|s| s.text.clone()).unwrap_or_default(),
        ]
    }
}

impl Row for ActorRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name",
        "kind",
        "country",
        "org",
        "acts",
        "receives",
        "documents",
        "first",
        "last",
    ];

    fn fields(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.name.clone(),
            self.kind.clone(),
            text(self.country.as_ref()),
            text(self.org.as_ref()),
            self.acts.to_string(),
            self.receives.to_string(),
            self.documents.to_string(),
            text(self.first.as_ref()),
            text(self.last.as_ref()),
        ]
    }
}

impl Row for Hit {
    const COLUMNS: &'static [&'static str] = &["id", "published", "source", "title", "score", "start", "text"];

    fn fields(&self) -> Vec<String> {
        let d = &self.document;
        vec![
            d.id.clone(),
            text(d.published.as_ref()),
            text(d.source.as_ref()),
            text(d.title.as_ref()),
            format!("{:.3}", self.score),
            self.snippet.start.to_string(),
            self.snippet.text.clone(),
        ]
    }
}

impl Row for FeedRow {
    const COLUMNS: &'static [&'static str] = &[
        "url",
        "location",
        "title",
        "watched",
        "next_poll",
        "polled_at",
        "read_at",
        "failures",
        "reason",
        "items",
        "waiting",
    ];

    fn fields(&self) -> Vec<String> {
        vec![
            self.url.clone(),
            text(self.location.as_ref()),
            text(self.title.as_ref()),
            self.watched.to_string(),
            self.next_poll.clone(),
            text(self.polled_at.as_ref()),
            text(self.read_at.as_ref()),
            self.failures.to_string(),
            text(self.reason.as_ref()),
            self.items.to_string(),
            self.waiting.to_string(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        for field in ["=1+1", "@SUM(A1)", "+cmd", "-x", "\tx"] {
            assert_eq!(harmless(field.to_owned()), format!("'{field}"));
        }
        for field in ["-2.5", "3", "Seoul", ""] {
            assert_eq!(harmless(field.to_owned()), field);
        }
    }
}
