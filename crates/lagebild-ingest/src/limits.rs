//! What a document may cost: one table, each entry named in the error that it causes.
//!
//! The caps come from measurements of what hostile pages do to parsers: HTML nested 50,000 deep takes html5ever
//! seconds, and 10,000 unclosed formatting elements exhaust memory while passing every size check.

use std::fmt;

/// A cap on the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Size of one document.
    Body,
    /// Length of one line of JSON Lines input.
    Line,
    /// How deep elements of a page may nest; browsers stop at the same depth.
    HtmlDepth,
    /// How many nodes a page may have.
    HtmlNodes,
    /// How many attributes a tag may have.
    HtmlAttributes,
    /// Size of what a packed file, record or response may unpack to.
    Unpacked,
    /// Size of one record of an archive.
    Record,
    /// How many items of a feed are read.
    FeedItems,
}

impl Limit {
    /// All limits.
    pub const ALL: [Self; 8] = [
        Self::Body,
        Self::Line,
        Self::HtmlDepth,
        Self::HtmlNodes,
        Self::HtmlAttributes,
        Self::Unpacked,
        Self::Record,
        Self::FeedItems,
    ];

    /// The largest value allowed.
    #[must_use]
    pub const fn max(self) -> usize {
        match self {
            Self::Body => 20_000_000,
            Self::Line => 16_000_000,
            Self::HtmlDepth => 512,
            Self::HtmlNodes => 2_000_000,
            Self::HtmlAttributes => 1_024,
            Self::Unpacked | Self::Record => 64_000_000,
            Self::FeedItems => 10_000,
        }
    }

    /// What is counted.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Body | Self::Line | Self::Unpacked | Self::Record => "bytes",
            Self::HtmlDepth => "levels",
            Self::HtmlNodes => "nodes",
            Self::HtmlAttributes => "attributes",
            Self::FeedItems => "items",
        }
    }

    /// The name of the limit in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Line => "line",
            Self::HtmlDepth => "HTML depth",
            Self::HtmlNodes => "HTML nodes",
            Self::HtmlAttributes => "HTML attributes",
            Self::Unpacked => "unpacked size",
            Self::Record => "record",
            Self::FeedItems => "feed items",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} {}", self.name(), self.max(), self.unit())
    }
}
