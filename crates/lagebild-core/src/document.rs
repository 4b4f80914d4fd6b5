//! A report as it came in, before anything is read into it.

use crate::{Date, Span};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Names a document: given by the user, or made from its content.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocId(pub Arc<str>);

/// The languages that the engine reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Lang {
    /// German.
    #[serde(rename = "de")]
    De,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// From an ISO 639-1 code or a longer tag that begins with one (`de-AT`).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "de" | "deu" | "ger" => Some(Self::De),
            "en" | "eng" => Some(Self::En),
            _ => None,
        }
    }
}

/// What a stretch of a report is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Date or place line ("24. Oktober, 2024", "Moskau (dpa) -").
    Dateline,
    /// Section line ("Politik").
    Section,
    /// Author line.
    Byline,
    /// The main headline.
    Headline,
    /// A heading inside the body.
    Heading,
    /// Running text.
    Body,
    /// A quotation that is set apart from the running text: words of somebody else, or a document quoted.
    Quote,
    /// An item of a list.
    ListItem,
    /// Text under a picture.
    Caption,
}

/// A stretch of text with one role; blocks are ordered and do not overlap, sentences never cross them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Where it stands.
    pub span: Span,
    /// What it is for.
    pub part: Part,
}

/// A report: its text and what is known about it.
///
/// `text` is what all spans point into and is never changed after this.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its name.
    pub id: DocId,
    /// Where it comes from: a file name, URL or the name of a medium.
    pub source: Option<Arc<str>>,
    /// The day it was published.
    pub published: Option<Date>,
    /// Language, given or detected.
    pub lang: Lang,
    /// The headline: metadata, or the text of the headline block.
    pub title: Option<Arc<str>>,
    /// The whole text.
    pub text: Arc<str>,
    /// Its layout. Text outside all blocks is not read.
    pub blocks: Vec<Block>,
}

impl Document {
    /// The text of `span`.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        span.of(&self.text)
    }
}
