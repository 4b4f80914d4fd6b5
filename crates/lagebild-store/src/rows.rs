//! What lists give: the records of the JSON contract with the report that they stand in.

use lagebild_core::wire::{
    AgreementRecord, ClaimRecord, DateRecord, EventRecord, PartyRecord, PlaceRecord, QuantityRecord, Range, Words,
};
use lagebild_picture::accord::Accord;
use lagebild_picture::claims::Position;
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// Where it can be fetched.
    pub url: Option<String>,
}

/// A report in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentRow {
    /// What names it.
    #[serde(flatten)]
    pub document: DocumentBrief,
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

/// For whom a person acts whom no table knows, or knows otherwise, by reports of one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearntRow {
    /// Entity id.
    pub person: String,
    /// Name.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Organisation key.
    pub org: Option<String>,
    /// PLOVER sectors.
    pub roles: Vec<String>,
    /// An office or an organisation, which ends, as against a calling with a nation.
    pub office: bool,
    /// `known`, and used for later reports; `disputed` by other reports; `open`: too few reports; `conflict`: the tables know the
    /// person otherwise, and are followed.
    pub state: String,
    /// What the tables have instead, where they know the person otherwise.
    pub tables: Option<String>,
    /// First day on which it is used, ISO 8601.
    pub since: String,
    /// Last day on which it is used; none when it does not end.
    pub until: Option<String>,
    /// Day of the first report that says so.
    pub first: String,
    /// Day of the last.
    pub last: String,
    /// How many reports say so.
    pub reports: usize,
    /// How many of these do not copy one another.
    pub families: usize,
}

/// A report that introduces a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Introduced {
    /// The report.
    pub document: DocumentBrief,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Organisation key.
    pub org: Option<String>,
    /// PLOVER sectors.
    pub roles: Vec<String>,
    /// The sentence that says so.
    pub sentence: Words,
}

/// Why an event was taken for a telling of the act.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Joined {
    /// How much it is like the earliest telling; from 5.5 on it is the same act.
    pub score: f64,
    /// The terms that the score is the sum of, as in `type +1, actors +1.5` (docs/picture.md).
    pub terms: String,
}

/// An act as one report tells it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TellingRow {
    /// Key of the event.
    pub key: String,
    /// The report.
    pub document: DocumentBrief,
    /// Names its family of copies: id of the member that came into the store first; its own when it has no copies.
    pub family: String,
    /// `actual`, `planned`, `possible`, `negated`.
    pub status: String,
    /// `confirmed`, `asserted`, `alleged`, `disputed`.
    pub certainty: String,
    /// The claim that tells it.
    pub said_by: Option<SaidBy>,
    /// Amounts told.
    pub quantities: Vec<QuantityRecord>,
    /// The sentence.
    pub sentence: Words,
    /// Why it belongs here; nothing for the earliest telling.
    pub joined: Option<Joined>,
}

/// An act with all reports that tell it.
///
/// Type, parties, date and place are those of the earliest telling; what the others tell differently stands in `status`,
/// `certainty`, `numbers` and `tellings`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClusterRow {
    /// Names the act: key of the event that tells it first. It changes when an earlier report comes in.
    pub key: String,
    /// PLOVER type.
    #[serde(rename = "type")]
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// Type of the act promised, asked, refused or threatened.
    pub content: Option<String>,
    /// Who.
    pub actors: Vec<PartyRecord>,
    /// To whom.
    pub recipients: Vec<PartyRecord>,
    /// When.
    pub date: DateRecord,
    /// Where.
    pub place: Option<PlaceRecord>,
    /// PLOVER quad class.
    pub quad: String,
    /// CAMEO code.
    pub cameo: String,
    /// The earliest report.
    pub earliest: DocumentBrief,
    /// Day of the latest report, ISO 8601.
    pub last: Option<String>,
    /// What the reports agree and disagree on: `reports`, `sources`, `status`, `certainty`, `numbers`.
    #[serde(flatten)]
    pub accord: Accord,
    /// Each telling, earliest first.
    pub tellings: Vec<TellingRow>,
}

/// A report of a family of copies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CopyRow {
    /// The report.
    pub document: DocumentBrief,
    /// Share of three-word runs that it has in common with the member most like it, of those that either has.
    pub resemblance: f64,
    /// The same, of those of the shorter text.
    pub containment: f64,
}

/// Reports that copy one another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FamilyRow {
    /// The one published first.
    pub earliest: DocumentBrief,
    /// All of them, earliest first.
    pub copies: Vec<CopyRow>,
}

/// A report of a story.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoryReport {
    /// The report.
    pub document: DocumentBrief,
    /// Id of the report that it continues; nothing for the one that began the story.
    pub continues: Option<String>,
    /// How far it is like that one, up to 1.
    pub alike: Option<f64>,
}

/// Reports on one development.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoryRow {
    /// Names the story: id of the report that began it. It changes when an earlier one comes in.
    pub key: String,
    /// The headline of the report that is most like all others.
    pub title: Option<String>,
    /// Names of those who take part in most of its reports.
    pub actors: Vec<String>,
    /// Day of the first report, ISO 8601.
    pub first: Option<String>,
    /// Day of the latest.
    pub last: Option<String>,
    /// Groups of reports that neither copy one another nor share a publisher.
    pub sources: usize,
    /// All reports, earliest first.
    pub reports: Vec<StoryReport>,
}

/// What somebody says about an act.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpinionRow {
    /// `says`, `confirms`, `denies`, `doubts`.
    pub position: Position,
    /// The act: key of the event that tells it first.
    pub act: String,
    /// The claim.
    #[serde(flatten)]
    pub claim: ClaimRow,
}

/// An act on which claims are made, with all that is said about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TopicRow {
    /// The act.
    pub act: ClusterRow,
    /// What is said about it, earliest first.
    pub opinions: Vec<OpinionRow>,
}

/// A stretch of a report that answers a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
