//! What an input says about its report, and what had to be decided on the way.

use crate::encoding::Evidence;
use lagebild_core::{Date, Document};
use std::fmt;

/// A report as it was read.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its text.
    pub document: Document,
    /// What the input says about it.
    pub facts: Facts,
    /// What was decided or lost.
    pub notes: Vec<Note>,
}

/// What an input says about its report, beyond what the document holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The line above the headline.
    pub kicker: Option<String>,
    /// Names of the authors.
    pub authors: Vec<String>,
    /// The section of the medium.
    pub section: Option<String>,
    /// The medium.
    pub publisher: Option<String>,
    /// The address that the page gives as its own, or that it was fetched from.
    pub url: Option<String>,
    /// The day of the last change.
    pub modified: Option<Date>,
}

/// Where something about a page is said, most trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// JSON-LD.
    JsonLd,
    /// OpenGraph and its `article:` names.
    OpenGraph,
    /// Microdata (`itemprop`).
    Microdata,
    /// Other `meta` elements.
    Meta,
    /// `time` elements.
    Time,
    /// The address.
    Address,
    /// Visible text.
    Text,
    /// A field of a record, or of the head of a message.
    Field,
    /// A `link` element.
    Link,
    /// The `lang` of the page.
    LangAttribute,
}

impl Origin {
    /// Its name in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::JsonLd => "JSON-LD",
            Self::OpenGraph => "OpenGraph",
            Self::Microdata => "microdata",
            Self::Meta => "meta element",
            Self::Time => "time element",
            Self::Address => "address",
            Self::Text => "visible text",
            Self::Field => "field",
            Self::Link => "link element",
            Self::LangAttribute => "lang attribute",
        }
    }
}

/// Something that was decided or lost, worth telling whoever has to trust the text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The bytes were not plainly UTF-8.
    Decoded {
        /// The encoding taken.
        encoding: &'static str,
        /// What told it.
        by: Evidence,
    },
    /// Bytes that the encoding does not know were replaced by U+FFFD.
    Replaced {
        /// The encoding taken.
        encoding: &'static str,
    },
    /// Two places of a page contradict each other.
    Conflict {
        /// What is told: `published`, `modified`, `title`, `authors`, `publisher`, `url`, `language`.
        field: &'static str,
        /// What was taken, and from where.
        taken: (String, Origin),
        /// What else is told, and where.
        other: (String, Origin),
    },
    /// A day of publication or of change that lies after the day of reading, or is one that programs write where they know none.
    Incredible {
        /// What is told: `published`, `modified`.
        field: &'static str,
        /// The day.
        day: Date,
        /// Where it is told.
        origin: Origin,
        /// Whether it was taken all the same.
        kept: bool,
    },
    /// The page holds other articles, which were left out.
    OtherArticles(usize),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decoded { encoding, by } => {
                let by = match by {
                    Evidence::Bytes => "by its byte order",
                    Evidence::Utf8 => "by its bytes",
                    Evidence::Label => "as labelled",
                    Evidence::Detection => "by its letters",
                };
                write!(f, "decoded as {encoding} {by}")
            }
            Self::Replaced { encoding } => write!(f, "bytes that are not {encoding} were replaced by U+FFFD"),
            Self::Conflict { field, taken, other } => {
                let ((value, origin), (other, place)) = (taken, other);
                write!(
                    f,
                    "{field}: {value:?} ({}) taken, {other:?} ({}) not",
                    origin.name(),
                    place.name()
                )
            }
            Self::Incredible {
                field,
                day,
                origin,
                kept,
            } => {
                let what = if *kept { "taken as told" } else { "not taken" };
                write!(f, "{field}: {day} ({}) cannot be the day: {what}", origin.name())
            }
            Self::OtherArticles(n) => write!(f, "{n} other articles on the page were left out"),
        }
    }
}
