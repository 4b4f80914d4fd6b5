//! What is compared of a hand-coded report and of its reading.
//!
//! One form serves both: hand-coded reports name sentences by number, readings name places in code points. Fields that are
//! not compared are passed over, fields that are not there count as empty, so that the readings of other coders can be
//! measured too.

use serde::Deserialize;

/// A report.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Document {
    /// Its id, by which the two are paired.
    pub id: String,
    /// The text; the same in both.
    pub text: String,
    /// Sentences, of hand-coded reports only.
    pub sentences: Vec<Sentence>,
    /// Events.
    pub events: Vec<Event>,
    /// Claims.
    pub claims: Vec<Claim>,
    /// Agreements.
    pub agreements: Vec<Agreement>,
}

/// A sentence, in code points.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sentence {
    /// Its number, which mentions refer to.
    pub i: usize,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Its words.
    pub text: String,
}

/// An event.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Event {
    /// Its id within the report.
    pub id: String,
    /// PLOVER type.
    #[serde(rename = "type")]
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// Type of the act promised, asked, refused or threatened.
    pub content: Option<String>,
    /// Status.
    pub status: Option<String>,
    /// Certainty.
    pub certainty: Option<String>,
    /// When.
    pub date: Option<Days>,
    /// Id of the claim that tells it.
    pub claim: Option<String>,
    /// Who does it.
    pub actors: Option<Vec<Who>>,
    /// To whom.
    pub recipients: Option<Vec<Who>>,
    /// Where it is told.
    pub mentions: Vec<Mention>,
    /// The lexicon entry that gave it, in readings of this program.
    pub rule: Option<String>,
}

/// First and last day with the words that tell them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Days {
    /// First day, ISO 8601.
    pub from: Option<String>,
    /// Last day, ISO 8601.
    pub to: Option<String>,
    /// The words.
    pub text: Option<String>,
}

/// Somebody.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Who {
    /// As written.
    pub text: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Organisation key.
    pub org: Option<String>,
}

impl Who {
    /// What is compared: the organisation, else the state.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        let told = |key: &&str| !key.is_empty();
        let org = self.org.as_deref().filter(told);
        org.or(self.country.as_deref().filter(told))
    }
}

/// A place in which something is told: a sentence number or code points.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Mention {
    /// Number of the sentence, in hand-coded reports.
    pub s: Option<usize>,
    /// First code point, in readings.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The word that tells it.
    pub trigger: Option<Trigger>,
}

/// The word that tells an act.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Trigger {
    /// As hand-coded reports have it.
    Word(String),
    /// As readings have it.
    Place {
        /// First code point.
        start: usize,
        /// The word.
        text: String,
    },
}

impl Trigger {
    /// The word.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Word(text) | Self::Place { text, .. } => text,
        }
    }
}

/// A claim.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Claim {
    /// Who says it.
    pub holder: Option<Who>,
    /// How.
    pub stance: Option<String>,
    /// In quotation marks or not.
    pub quote: Option<bool>,
    /// Number of its sentence, in hand-coded reports.
    pub s: usize,
    /// Its place, in readings.
    pub mention: Option<Place>,
}

/// A stretch of text in code points.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Place {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// An agreement.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Agreement {
    /// Kind.
    pub kind: Option<String>,
    /// Keys of its parties.
    pub parties: Vec<String>,
    /// Steps.
    pub steps: Vec<Step>,
}

/// A step of an agreement.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Step {
    /// Which.
    pub step: String,
}
