//! What was read out of a report: events, claims, agreements, each with its evidence.

use crate::codebook::{
    AgreementKind, Certainty, Context, EventType, Mode, ObligationKind, Sector, Stance, Status, Step,
};
use crate::learnt::{Introduction, Taught};
use crate::parsed::{index, spelled};
use crate::{Date, Parsed, Quantity, Span};
use std::sync::Arc;

index!(
    /// An entity of a reading.
    EntityIx
);
index!(
    /// An event of a reading.
    EventIx
);
index!(
    /// A claim of a reading.
    ClaimIx
);

/// Names the rule (lexicon entry, knowledge row or built-in principle) behind a judgement.
///
/// `default` stands for "nothing in the text spoke against the default".
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub Arc<str>);

impl From<&str> for RuleId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

/// Why something was read: the words, and the rule that fired on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The words; a separable verb has two spans, a default none.
    pub spans: Vec<Span>,
    /// The rule.
    pub rule: RuleId,
}

/// A judgement with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged<T> {
    /// What was judged.
    pub value: T,
    /// Why.
    pub because: Evidence,
}

impl<T> Judged<T> {
    /// A judgement that nothing in the text called for.
    #[must_use]
    pub fn by_default(value: T) -> Self {
        Self {
            value,
            because: Evidence {
                spans: Vec::new(),
                rule: "default".into(),
            },
        }
    }
}

spelled!(
    /// What an entity is.
    EntityKind {
        /// A state or territory.
        Country = "country",
        /// An organisation, party, armed group or medium.
        Organisation = "organisation",
        /// A named person.
        Person = "person",
        /// A body or group known only by its description ("die Polizei", "Demonstranten").
        Group = "group",
        /// A place.
        Place = "place",
    }
);

/// A place in the text where an entity is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntityMention {
    /// The words of the mention.
    pub span: Span,
}

/// An actor, organisation, person or place of the document; one entity for each real one, with all its mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// `country:PRK`, `org:UN`, `person:vladimir-putin`, `place:…`; for what no table knows an id made from its name.
    pub id: Arc<str>,
    /// Canonical name, or its fullest form in the text.
    pub name: Arc<str>,
    /// What it is.
    pub kind: EntityKind,
    /// ISO 3166-1 alpha-3 of the state acted for.
    pub country: Option<Arc<str>>,
    /// Key of the organisation acted for, without `org:`.
    pub org: Option<Arc<str>>,
    /// PLOVER sectors.
    pub roles: Vec<Sector>,
    /// Where it is mentioned, in text order.
    pub mentions: Vec<EntityMention>,
    /// Its state or organisation is known from earlier reports; this one does not tell it, and no table knows it.
    pub learnt: Option<Arc<Taught>>,
}

/// An entity as it takes part in an event: the words that name it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The words.
    pub span: Span,
    /// Who is meant.
    pub entity: EntityIx,
    /// Roles in which it acts here (a minister, a parliament, the army).
    pub roles: Vec<Sector>,
}

/// When an event takes place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// The time expression.
    pub span: Option<Span>,
    /// No time was told; the dates are the day of publication.
    pub implicit: bool,
}

/// Where an event takes place.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The words.
    pub span: Span,
    /// Canonical name.
    pub name: Arc<str>,
    /// ISO 3166-1 alpha-3 of the country that it lies in.
    pub country: Option<Arc<str>>,
    /// Latitude and longitude in degrees, WGS 84.
    pub position: Option<(f64, f64)>,
}

/// A place in the text where an event is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventMention {
    /// The clause or sentence.
    pub span: Span,
    /// The word that tells the act.
    pub trigger: Span,
    /// A second word of it, such as the prefix of a separable verb.
    pub particle: Option<Span>,
}

/// Somebody did, does, will do or may do something to somebody (codebook, 2).
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Type.
    pub kind: EventType,
    /// Mode.
    pub mode: Option<Mode>,
    /// The type of the act promised, asked, refused or threatened.
    pub content: Option<EventType>,
    /// Who does it; all parties of a mutual act.
    pub actors: Vec<Party>,
    /// To whom; empty for a mutual act.
    pub recipients: Vec<Party>,
    /// Real or not.
    pub status: Judged<Status>,
    /// How sure.
    pub certainty: Judged<Certainty>,
    /// When.
    pub date: When,
    /// Where.
    pub place: Option<Place>,
    /// Amounts told of the act.
    pub quantities: Vec<Quantity>,
    /// PLOVER contexts.
    pub contexts: Vec<Context>,
    /// The claim that tells it, when somebody says so.
    pub claim: Option<ClaimIx>,
    /// CAMEO code, two to four digits.
    pub cameo: Arc<str>,
    /// Goldstein value of the CAMEO code, −10 to 10.
    pub goldstein: Option<f32>,
    /// PLOVER conflict–cooperation score, −10 to 10.
    pub plover_score: f32,
    /// The lexicon entry that gave it.
    pub rule: RuleId,
    /// Where it is told, in text order.
    pub mentions: Vec<EventMention>,
}

/// Who makes a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A known entity.
    Party(Party),
    /// A source as written ("Geheimdienstkreise", "er").
    Unnamed(Span),
    /// No holder is told ("es wird vermutet").
    Untold,
}

/// Somebody says something (codebook, 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub holder: Holder,
    /// How.
    pub stance: Judged<Stance>,
    /// Whether the wording is given as a quotation.
    pub quote: bool,
    /// To whom.
    pub addressee: Option<Party>,
    /// The word of saying.
    pub cue: Span,
    /// What is said.
    pub content: Span,
    /// Clause or sentence in which it is told.
    pub mention: Span,
    /// Events told in it.
    pub events: Vec<EventIx>,
}

/// A step in the life of an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementStep {
    /// Which.
    pub step: Step,
    /// Keys of the parties that take it: ISO 3166-1 alpha-3 or organisation key.
    pub by: Vec<Arc<str>>,
    /// When.
    pub date: When,
    /// Where, as written.
    pub place: Option<Span>,
    /// The sentence that tells it.
    pub mention: Span,
    /// The rule that tells it.
    pub rule: RuleId,
}

/// What an agreement obliges to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// To what.
    pub kind: ObligationKind,
    /// Keys of those obliged; empty for all parties.
    pub who: Vec<Arc<str>>,
    /// On what condition.
    pub condition: Option<Span>,
    /// The sentence that tells it.
    pub mention: Span,
    /// The rule that tells it.
    pub rule: RuleId,
}

/// A treaty, pact, accord or alliance told of (codebook, 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Its name as written.
    pub name: Option<Span>,
    /// Id and name of the treaty that the knowledge tables know it as.
    pub canonical: Option<(Arc<str>, Arc<str>)>,
    /// Kind.
    pub kind: AgreementKind,
    /// Keys of the parties.
    pub parties: Vec<Arc<str>>,
    /// Steps in text order.
    pub steps: Vec<AgreementStep>,
    /// Duties in text order.
    pub obligations: Vec<Obligation>,
    /// Where it is mentioned.
    pub mentions: Vec<Span>,
}

/// Trouble or doubt that the reader of a reading should know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Stable short code.
    pub code: &'static str,
    /// What it is about.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// All that was read out of a document.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The annotated document.
    pub parsed: Arc<Parsed>,
    /// Entities.
    pub entities: Vec<Entity>,
    /// Events in order of their first mention.
    pub events: Vec<Event>,
    /// Claims in text order.
    pub claims: Vec<Claim>,
    /// Agreements in order of their first mention.
    pub agreements: Vec<Agreement>,
    /// Who is introduced with office and state, in text order.
    pub introductions: Vec<Introduction>,
    /// Notes.
    pub notes: Vec<Note>,
}

impl Reading {
    /// The entity at `ix`.
    #[must_use]
    pub fn entity(&self, ix: EntityIx) -> &Entity {
        &self.entities[ix.ix()]
    }
}
