//! What lists give: the records of the JSON contract with the report that they stand in.

use lagebild_core::wire::{AgreementRecord, ClaimRecord, EventRecord, PartyRecord, Range, Words};
use serde::Serialize;

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page<T> {
    /// The rows asked for.
    pub rows: Vec<T>,
    /// The number of rows without limit and offset.
    pub total: usize,
}

/// The report that a row stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentBrief {
    /// Document id.
    pub id: String,
    /// Headline.
    pub title: Option<String>,
    /// Day of publication, ISO 8601.
    pub published: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// ISO 639-1 code.
    pub lang: String,
}

/// A report in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentRow {
    /// What names it.
    #[serde(flatten)]
    pub document: DocumentBrief,
    /// Where it can be fetched.
    pub url: Option<String>,
    /// When it was first added, UTC, ISO 8601.
    pub added_at: String,
    /// When its text or reading last changed, UTC, ISO 8601.
    pub changed_at: String,
    /// 1, and one more for each change of its text.
    pub revision: u32,
    /// The number of events read out of it.
    pub events: usize,
    /// The number of claims.
    pub claims: usize,
    /// The number of agreements.
    pub agreements: usize,
}

/// Who tells of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SaidBy {
    /// Id of the claim within the document.
    pub claim: String,
    /// Who says so.
    pub holder: PartyRecord,
    /// How.
    pub stance: String,
}

/// An event in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventRow {
    /// Names the event in the whole store: document id, `#`, id within the document.
    pub key: String,
    /// The report.
    pub document: DocumentBrief,
    /// The event; offsets are code points into the report's text.
    #[serde(flatten)]
    pub event: EventRecord,
    /// The sentence that tells it first.
    pub sentence: Words,
    /// The claim that tells it.
    pub said_by: Option<SaidBy>,
}

/// A claim in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimRow {
    /// Names the claim in the whole store: document id, `#`, id within the document.
    pub key: String,
    /// The report.
    pub document: DocumentBrief,
    /// The claim; offsets are code points into the report's text.
    #[serde(flatten)]
    pub claim: ClaimRecord,
    /// The words of `content`.
    pub said: String,
    /// The sentence that tells it.
    pub sentence: Words,
}

/// An agreement as one report tells of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgreementRow {
    /// Names the agreement in the whole store: document id, `#`, id within the document.
    pub key: String,
    /// The report.
    pub document: DocumentBrief,
    /// The agreement; offsets are code points into the report's text.
    #[serde(flatten)]
    pub agreement: AgreementRecord,
    /// The sentence that mentions it first.
    pub sentence: Option<Words>,
}

/// An actor over all events that the filter lets through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActorRow {
    /// `country:PRK`, `org:UN`, `person:…`.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// `country`, `organisation`, `person`, `group` or `place`.
    pub kind: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Organisation key.
    pub org: Option<String>,
    /// Events in which it acts.
    pub acts: usize,
    /// Events in which it is acted upon.
    pub receives: usize,
    /// Reports that these events stand in.
    pub documents: usize,
    /// The earliest day of these events, ISO 8601.
    pub first: Option<String>,
    /// The latest day.
    pub last: Option<String>,
}

/// A stretch of a report that answers a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// Its first code point in the report's text.
    pub start: usize,
    /// The words; `…` never stands for left-out text, so offsets hold.
    pub text: String,
    /// The hits, in code points of this text.
    pub marks: Vec<Range>,
    /// Whether words of the sentence were left out before it.
    pub cut_before: bool,
    /// Whether words of the sentence were left out after it.
    pub cut_after: bool,
}

/// A report found by a search.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// The report.
    pub document: DocumentBrief,
    /// Relevance: higher is better; comparable within one search only.
    pub score: f64,
    /// Hits in the headline, in code points of it.
    pub title_marks: Vec<Range>,
    /// The sentence that answers best.
    pub snippet: Snippet,
}

/// How much a store holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Reports.
    pub documents: usize,
    /// Events.
    pub events: usize,
    /// Claims.
    pub claims: usize,
    /// Agreements as told in reports.
    pub agreements: usize,
    /// Entities that take part in events.
    pub actors: usize,
    /// Reports received but not read yet.
    pub pending: usize,
    /// Reports that could not be read.
    pub failed: usize,
    /// Day of the earliest report, ISO 8601.
    pub first: Option<String>,
    /// Day of the latest report.
    pub last: Option<String>,
}
