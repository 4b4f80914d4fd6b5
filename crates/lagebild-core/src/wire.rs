//! The JSON contract of `lagebild read --format json|jsonl`: one object a document.
//!
//! Offsets are code points into `text` (`"offsets": "char"`). Field names and values are those of the codebook.
//! [`Record::from_reading`] makes the object; all types read back with serde, so that the store and other programs
//! share one definition.

use crate::codebook::Sector;
use crate::learnt::{Introduction, Taught};
use crate::{CharOffsets, Date, Event, Holder, Party, Quantity, Reading, Span, When};
use serde::{Deserialize, Serialize};

/// Versions of what made a reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Engine {
    /// Version of the program.
    pub version: String,
    /// Version of the lexicon: hash of its files.
    pub lexicon: String,
    /// Name and version of the language model.
    pub model: String,
}

/// A place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Range {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// A place in the text with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Words {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The words.
    pub text: String,
}

/// An entity of the document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntityRecord {
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
    /// PLOVER sectors.
    pub roles: Vec<String>,
    /// Where it is mentioned.
    pub mentions: Vec<Words>,
    /// Absent unless state, organisation or sectors come from earlier reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learnt: Option<LearntRecord>,
}

/// What earlier reports told of a person whom no table knows, in a reading that relies on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearntRecord {
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Organisation key.
    pub org: Option<String>,
    /// PLOVER sectors.
    pub roles: Vec<String>,
    /// How many reports told it when this one was read, copies counted once.
    pub reports: u32,
    /// Day of the first of them, ISO 8601.
    pub first: String,
    /// Day of the last of them, ISO 8601.
    pub last: String,
}

impl LearntRecord {
    fn of(taught: &Taught) -> Self {
        Self {
            country: taught.country.as_deref().map(str::to_owned),
            org: taught.org.as_deref().map(str::to_owned),
            roles: taught.roles.iter().map(ToString::to_string).collect(),
            reports: taught.reports,
            first: taught.first.to_string(),
            last: taught.last.to_string(),
        }
    }

    /// As the engine takes it, without an end; nothing when it is no record of ours.
    pub(crate) fn taught(&self) -> Option<Taught> {
        Some(Taught {
            since: Date::MIN,
            until: None,
            country: self.country.as_deref().map(Into::into),
            org: self.org.as_deref().map(Into::into),
            roles: self.roles.iter().filter_map(|role| Sector::parse(role)).collect(),
            reports: self.reports,
            first: self.first.parse().ok()?,
            last: self.last.parse().ok()?,
        })
    }
}

/// A person introduced by an office or calling with its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IntroductionRecord {
    /// Entity id.
    pub id: String,
    /// The full name.
    pub name: String,
    /// ISO 3166-1 alpha-3 of the state acted for.
    pub country: Option<String>,
    /// Key of the organisation acted for.
    pub org: Option<String>,
    /// PLOVER sectors.
    pub roles: Vec<String>,
    /// An office or an organisation, as against a calling with a nation.
    pub office: bool,
    /// The words that say so.
    pub words: Words,
    /// The sentence.
    pub mention: Range,
    /// Absent unless the tables know the person: the state or organisation that they have instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tables: Option<String>,
}

/// An entity as it takes part in an event or claim: `E` of the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartyRecord {
    /// As written.
    pub text: String,
    /// First code point; absent for a holder who is not told.
    pub start: Option<usize>,
    /// One past the last code point.
    pub end: Option<usize>,
    /// Canonical name.
    pub name: Option<String>,
    /// Entity id.
    pub id: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Organisation key.
    pub org: Option<String>,
    /// PLOVER sectors.
    pub roles: Vec<String>,
    /// CAMEO-style code: country or organisation, then sectors (`PRKMIL`).
    pub code: Option<String>,
}

/// When.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DateRecord {
    /// First day, ISO 8601.
    pub from: Option<String>,
    /// Last day, ISO 8601.
    pub to: Option<String>,
    /// The time expression.
    pub text: Option<String>,
    /// The dates are the day of publication because the text tells none.
    pub implicit: bool,
}

/// Where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceRecord {
    /// As written.
    pub text: String,
    /// Canonical name.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Degrees north, WGS 84.
    pub lat: Option<f64>,
    /// Degrees east, WGS 84.
    pub lon: Option<f64>,
}

/// An amount.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuantityRecord {
    /// The number.
    pub value: f64,
    /// What is counted, or a currency code.
    pub thing: String,
    /// `count`, `dead`, `injured`, `arrested`, `money`, `percent`.
    pub kind: String,
    /// `exact`, `about`, `at-least`, `up-to`.
    pub modifier: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// Where an event is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MentionRecord {
    /// First code point of the clause or sentence.
    pub start: usize,
    /// One past its last code point.
    pub end: usize,
    /// The word that tells the act.
    pub trigger: Words,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventRecord {
    /// `e1`, `e2` … within the document.
    pub id: String,
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
    /// `actual`, `planned`, `possible`, `negated`.
    pub status: String,
    /// `confirmed`, `asserted`, `alleged`, `disputed`.
    pub certainty: String,
    /// When.
    pub date: DateRecord,
    /// Where.
    pub place: Option<PlaceRecord>,
    /// Amounts.
    pub quantities: Vec<QuantityRecord>,
    /// PLOVER contexts.
    pub context: Vec<String>,
    /// Id of the claim that tells it.
    pub claim: Option<String>,
    /// PLOVER quad class.
    pub quad: String,
    /// CAMEO code.
    pub cameo: String,
    /// Goldstein value.
    pub goldstein: Option<f32>,
    /// PLOVER score.
    pub plover_score: f32,
    /// Lexicon entry.
    pub rule: String,
    /// Where it is told.
    pub mentions: Vec<MentionRecord>,
}

/// A claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimRecord {
    /// `c1`, `c2` … within the document.
    pub id: String,
    /// Who says it.
    pub holder: PartyRecord,
    /// Codebook stance.
    pub stance: String,
    /// Whether it is a quotation.
    pub quote: bool,
    /// To whom.
    pub addressee: Option<PartyRecord>,
    /// The word of saying.
    pub cue: Words,
    /// What is said.
    pub content: Range,
    /// Clause or sentence.
    pub mention: Range,
    /// Ids of the events told in it.
    pub events: Vec<String>,
    /// Lexicon entry; `speech.…` where no word of saying is told. Empty in records of earlier versions, which did not tell it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub rule: String,
}

/// A step of an agreement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepRecord {
    /// Codebook step.
    pub step: String,
    /// Party keys.
    pub by: Vec<String>,
    /// When.
    pub date: DateRecord,
    /// Where, as written.
    pub place: Option<String>,
    /// The sentence.
    pub mention: Range,
}

/// A duty of an agreement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObligationRecord {
    /// Codebook kind.
    pub kind: String,
    /// Party keys; empty for all parties.
    pub who: Vec<String>,
    /// Condition as written.
    pub condition: Option<String>,
    /// The sentence.
    pub mention: Range,
}

/// An agreement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgreementRecord {
    /// `a1`, `a2` … within the document.
    pub id: String,
    /// As written.
    pub name: Option<String>,
    /// Id in the treaty tables.
    pub canonical: Option<String>,
    /// Codebook kind.
    pub kind: String,
    /// Party keys: ISO 3166-1 alpha-3 or organisation key.
    pub parties: Vec<String>,
    /// Steps.
    pub steps: Vec<StepRecord>,
    /// Duties.
    pub obligations: Vec<ObligationRecord>,
    /// Where it is mentioned.
    pub mentions: Vec<Range>,
}

/// A time expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeRecord {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The words.
    pub text: String,
    /// TIMEX3 type.
    #[serde(rename = "type")]
    pub kind: String,
    /// TIMEX3 value.
    pub value: String,
    /// First day, ISO 8601.
    pub from: Option<String>,
    /// Last day, ISO 8601.
    pub to: Option<String>,
}

/// Trouble or doubt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoteRecord {
    /// Stable short code.
    pub code: String,
    /// What it is about.
    pub message: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// A document and all that was read out of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Record {
    /// Document id.
    pub id: String,
    /// Headline.
    pub title: Option<String>,
    /// Day of publication, ISO 8601.
    pub published: Option<String>,
    /// ISO 639-1 code.
    pub lang: String,
    /// Where it comes from.
    pub source: Option<String>,
    /// The text that all offsets point into.
    pub text: String,
    /// Unit of all offsets: always `char`, code points.
    pub offsets: String,
    /// What made the reading.
    pub engine: Engine,
    /// Sentences.
    pub sentences: Vec<Range>,
    /// Entities.
    pub entities: Vec<EntityRecord>,
    /// Events.
    pub events: Vec<EventRecord>,
    /// Claims.
    pub claims: Vec<ClaimRecord>,
    /// Agreements.
    pub agreements: Vec<AgreementRecord>,
    /// Time expressions.
    pub times: Vec<TimeRecord>,
    /// Persons introduced whom no table knows, or knows otherwise; absent when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub introductions: Vec<IntroductionRecord>,
    /// Notes.
    pub notes: Vec<NoteRecord>,
}

/// Converts spans and parties of one reading.
struct Writer<'a> {
    reading: &'a Reading,
    text: &'a str,
    offsets: CharOffsets,
}

impl Writer<'_> {
    fn range(&self, span: Span) -> Range {
        Range {
            start: self.offsets.char_at(span.start()),
            end: self.offsets.char_at(span.end()),
        }
    }

    fn words(&self, span: Span) -> Words {
        let Range { start, end } = self.range(span);
        Words {
            start,
            end,
            text: span.of(self.text).to_owned(),
        }
    }

    fn party(&self, party: &Party) -> PartyRecord {
        let entity = self.reading.entity(party.entity);
        let Words { start, end, text } = self.words(party.span);
        let roles: Vec<String> = party.roles.iter().map(|r| r.as_str().to_owned()).collect();
        let base = entity.country.as_deref().or(entity.org.as_deref());
        PartyRecord {
            text,
            start: Some(start),
            end: Some(end),
            name: Some(entity.name.to_string()),
            id: Some(entity.id.to_string()),
            country: entity.country.as_deref().map(str::to_owned),
            org: entity.org.as_deref().map(str::to_owned),
            code: base.map(|b| b.to_owned() + &roles.concat()),
            roles,
        }
    }

    fn holder(&self, holder: &Holder) -> PartyRecord {
        let bare = |words: Option<Words>| PartyRecord {
            start: words.as_ref().map(|w| w.start),
            end: words.as_ref().map(|w| w.end),
            text: words.map(|w| w.text).unwrap_or_default(),
            name: None,
            id: None,
            country: None,
            org: None,
            roles: Vec::new(),
            code: None,
        };
        match holder {
            Holder::Party(party) => self.party(party),
            Holder::Unnamed(span) => bare(Some(self.words(*span))),
            Holder::Untold => bare(None),
        }
    }

    fn date(&self, when: &When) -> DateRecord {
        DateRecord {
            from: when.from.map(|d| d.to_string()),
            to: when.to.map(|d| d.to_string()),
            text: when.span.map(|s| s.of(self.text).to_owned()),
            implicit: when.implicit,
        }
    }

    fn quantity(&self, quantity: &Quantity) -> QuantityRecord {
        let Range { start, end } = self.range(quantity.span);
        QuantityRecord {
            value: quantity.value,
            thing: quantity.thing.clone(),
            kind: quantity.kind.to_string(),
            modifier: quantity.modifier.to_string(),
            start,
            end,
        }
    }

    fn introduction(&self, introduction: &Introduction) -> IntroductionRecord {
        IntroductionRecord {
            id: introduction.id.to_string(),
            name: introduction.name.to_string(),
            country: introduction.country.as_deref().map(str::to_owned),
            org: introduction.org.as_deref().map(str::to_owned),
            roles: introduction.roles.iter().map(ToString::to_string).collect(),
            office: introduction.office,
            words: self.words(introduction.words),
            mention: self.range(introduction.mention),
            tables: introduction.tables.as_deref().map(str::to_owned),
        }
    }

    fn event(&self, ix: usize, event: &Event) -> EventRecord {
        EventRecord {
            id: format!("e{}", ix + 1),
            kind: event.kind.to_string(),
            mode: event.mode.map(|m| m.to_string()),
            content: event.content.map(|c| c.to_string()),
            actors: event.actors.iter().map(|p| self.party(p)).collect(),
            recipients: event.recipients.iter().map(|p| self.party(p)).collect(),
            status: event.status.value.to_string(),
            certainty: event.certainty.value.to_string(),
            date: self.date(&event.date),
            place: event.place.as_ref().map(|place| PlaceRecord {
                text: place.span.of(self.text).to_owned(),
                name: place.name.to_string(),
                country: place.country.as_deref().map(str::to_owned),
                lat: place.position.map(|p| p.0),
                lon: place.position.map(|p| p.1),
            }),
            quantities: event.quantities.iter().map(|q| self.quantity(q)).collect(),
            context: event.contexts.iter().map(|c| c.to_string()).collect(),
            claim: event.claim.map(|c| format!("c{}", c.0 + 1)),
            quad: event.kind.quad().to_string(),
            cameo: event.cameo.to_string(),
            goldstein: event.goldstein,
            plover_score: event.plover_score,
            rule: event.rule.0.to_string(),
            mentions: event
                .mentions
                .iter()
                .map(|m| {
                    let Range { start, end } = self.range(m.span);
                    MentionRecord {
                        start,
                        end,
                        trigger: self.words(m.trigger),
                    }
                })
                .collect(),
        }
    }
}

impl Record {
    /// Whether a record that was made elsewhere is sound: offsets are code points, and all of them lie in the text.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn check(&self) -> Result<(), String> {
        if self.offsets != "char" {
            return Err(format!("offsets are counted in {:?}, not in \"char\"", self.offsets));
        }
        let length = self.text.chars().count();
        match self.ranges().into_iter().find(|r| r.start > r.end || r.end > length) {
            Some(Range { start, end }) => Err(format!(
                "{start} to {end} does not lie in a text of {length} characters"
            )),
            None => Ok(()),
        }
    }

    /// All places in the text.
    fn ranges(&self) -> Vec<Range> {
        fn words(words: &Words) -> Range {
            let Words { start, end, .. } = *words;
            Range { start, end }
        }
        let party = |party: &PartyRecord| {
            Some(Range {
                start: party.start?,
                end: party.end?,
            })
        };
        let mut ranges = self.sentences.clone();
        ranges.extend(self.entities.iter().flat_map(|e| &e.mentions).map(words));
        for event in &self.events {
            ranges.extend(event.actors.iter().chain(&event.recipients).filter_map(party));
            ranges.extend(
                event
                    .quantities
                    .iter()
                    .map(|&QuantityRecord { start, end, .. }| Range { start, end }),
            );
            for mention in &event.mentions {
                let &MentionRecord { start, end, .. } = mention;
                ranges.extend([Range { start, end }, words(&mention.trigger)]);
            }
        }
        for claim in &self.claims {
            ranges.extend([claim.content, claim.mention, words(&claim.cue)]);
            ranges.extend(
                [Some(&claim.holder), claim.addressee.as_ref()]
                    .into_iter()
                    .flatten()
                    .filter_map(party),
            );
        }
        for agreement in &self.agreements {
            ranges.extend(&agreement.mentions);
            ranges.extend(agreement.steps.iter().map(|s| s.mention));
            ranges.extend(agreement.obligations.iter().map(|o| o.mention));
        }
        for introduction in &self.introductions {
            ranges.extend([introduction.mention, words(&introduction.words)]);
        }
        ranges.extend(
            self.times
                .iter()
                .map(|&TimeRecord { start, end, .. }| Range { start, end }),
        );
        ranges.extend(
            self.notes
                .iter()
                .map(|&NoteRecord { start, end, .. }| Range { start, end }),
        );
        ranges
    }

    /// The record of `reading`.
    #[must_use]
    pub fn from_reading(reading: &Reading, engine: Engine) -> Self {
        let doc = &reading.parsed.doc;
        let text = &*doc.text;
        let writer = Writer {
            reading,
            text,
            offsets: CharOffsets::new(text),
        };
        let strings = |keys: &[std::sync::Arc<str>]| keys.iter().map(|k| k.to_string()).collect::<Vec<_>>();
        Self {
            id: doc.id.0.to_string(),
            title: doc.title.as_deref().map(str::to_owned),
            published: doc.published.map(|d| d.to_string()),
            lang: doc.lang.code().to_owned(),
            source: doc.source.as_deref().map(str::to_owned),
            text: text.to_owned(),
            offsets: "char".to_owned(),
            engine,
            sentences: reading.parsed.sentences.iter().map(|s| writer.range(s.span)).collect(),
            entities: reading
                .entities
                .iter()
                .map(|e| EntityRecord {
                    id: e.id.to_string(),
                    name: e.name.to_string(),
                    kind: e.kind.to_string(),
                    country: e.country.as_deref().map(str::to_owned),
                    org: e.org.as_deref().map(str::to_owned),
                    roles: e.roles.iter().map(|r| r.to_string()).collect(),
                    mentions: e.mentions.iter().map(|m| writer.words(m.span)).collect(),
                    learnt: e.learnt.as_deref().map(LearntRecord::of),
                })
                .collect(),
            events: reading
                .events
                .iter()
                .enumerate()
                .map(|(i, e)| writer.event(i, e))
                .collect(),
            claims: reading
                .claims
                .iter()
                .enumerate()
                .map(|(i, c)| ClaimRecord {
                    id: format!("c{}", i + 1),
                    holder: writer.holder(&c.holder),
                    stance: c.stance.value.to_string(),
                    quote: c.quote,
                    addressee: c.addressee.as_ref().map(|p| writer.party(p)),
                    cue: writer.words(c.cue),
                    content: writer.range(c.content),
                    mention: writer.range(c.mention),
                    events: c.events.iter().map(|e| format!("e{}", e.0 + 1)).collect(),
                    rule: c.stance.because.rule.0.to_string(),
                })
                .collect(),
            agreements: reading
                .agreements
                .iter()
                .enumerate()
                .map(|(i, a)| AgreementRecord {
                    id: format!("a{}", i + 1),
                    name: a.name.map(|s| s.of(text).to_owned()),
                    canonical: a.canonical.as_ref().map(|(id, _)| id.to_string()),
                    kind: a.kind.to_string(),
                    parties: strings(&a.parties),
                    steps: a
                        .steps
                        .iter()
                        .map(|s| StepRecord {
                            step: s.step.to_string(),
                            by: strings(&s.by),
                            date: writer.date(&s.date),
                            place: s.place.map(|p| p.of(text).to_owned()),
                            mention: writer.range(s.mention),
                        })
                        .collect(),
                    obligations: a
                        .obligations
                        .iter()
                        .map(|o| ObligationRecord {
                            kind: o.kind.to_string(),
                            who: strings(&o.who),
                            condition: o.condition.map(|c| c.of(text).to_owned()),
                            mention: writer.range(o.mention),
                        })
                        .collect(),
                    mentions: a.mentions.iter().map(|&m| writer.range(m)).collect(),
                })
                .collect(),
            times: reading
                .parsed
                .times
                .iter()
                .map(|t| {
                    let Words { start, end, text } = writer.words(t.span);
                    TimeRecord {
                        start,
                        end,
                        text,
                        kind: t.kind.to_string(),
                        value: t.value.clone(),
                        from: t.from.map(|d| d.to_string()),
                        to: t.to.map(|d| d.to_string()),
                    }
                })
                .collect(),
            introductions: reading.introductions.iter().map(|i| writer.introduction(i)).collect(),
            notes: reading
                .notes
                .iter()
                .map(|n| {
                    let Range { start, end } = writer.range(n.span);
                    NoteRecord {
                        code: n.code.to_owned(),
                        message: n.message.clone(),
                        start,
                        end,
                    }
                })
                .collect(),
        }
    }
}
