//! What a document, a request and a sentence may cost: one table, each entry named in the error or note that it causes.
//!
//! The caps come from measurements of what hostile pages do to parsers: HTML nested 50,000 deep takes html5ever
//! seconds, and 10,000 unclosed formatting elements exhaust memory while passing every size check. Users find the same
//! table in `docs/formats.md`; a test keeps the two alike.

use std::fmt;

/// A cap on the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Size of one document, and of the body of an answer as it is sent.
    Body,
    /// Length of one line of JSON Lines input, and of one row of a table.
    Line,
    /// Size of what a packed file, record or response may unpack to.
    Unpacked,
    /// Size of one record of an archive.
    Record,
    /// How deep elements of a page may nest; browsers stop at the same depth.
    HtmlDepth,
    /// How many nodes a page may have.
    HtmlNodes,
    /// How many attributes a tag may have.
    HtmlAttributes,
    /// How many items of a feed are read.
    FeedItems,
    /// Seconds for a request: names, connections, redirects, body.
    Fetch,
    /// How many redirects of a request are followed.
    Redirects,
    /// Size of the head of an answer.
    ResponseHead,
    /// How many events one sentence may tell; more are a sign of a broken text, not of a busy world.
    SentenceEvents,
}

/// What stands in the table about one limit.
struct Row {
    name: &'static str,
    max: usize,
    unit: &'static str,
}

impl Limit {
    /// All limits.
    pub const ALL: [Self; 12] = [
        Self::Body,
        Self::Line,
        Self::Unpacked,
        Self::Record,
        Self::HtmlDepth,
        Self::HtmlNodes,
        Self::HtmlAttributes,
        Self::FeedItems,
        Self::Fetch,
        Self::Redirects,
        Self::ResponseHead,
        Self::SentenceEvents,
    ];

    /// The table.
    const fn row(self) -> Row {
        let (name, max, unit) = match self {
            Self::Body => ("body", 20_000_000, "bytes"),
            Self::Line => ("line", 16_000_000, "bytes"),
            Self::Unpacked => ("unpacked size", 64_000_000, "bytes"),
            Self::Record => ("record", 64_000_000, "bytes"),
            Self::HtmlDepth => ("HTML depth", 512, "levels"),
            Self::HtmlNodes => ("HTML nodes", 2_000_000, "nodes"),
            Self::HtmlAttributes => ("HTML attributes", 1_024, "attributes"),
            Self::FeedItems => ("feed items", 10_000, "items"),
            Self::Fetch => ("fetch", 30, "s"),
            Self::Redirects => ("redirects", 5, ""),
            Self::ResponseHead => ("response header", 65_536, "bytes"),
            Self::SentenceEvents => ("events", 50, "a sentence"),
        };
        Row { name, max, unit }
    }

    /// The largest value allowed.
    #[must_use]
    pub const fn max(self) -> usize {
        self.row().max
    }

    /// What is counted; empty where the name says it.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        self.row().unit
    }

    /// The name of the limit in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { name, max, unit } = self.row();
        let space = if unit.is_empty() { "" } else { " " };
        write!(f, "{name} of {max}{space}{unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::Limit;

    /// A number as the documentation writes it: `20,000,000`.
    fn grouped(number: usize) -> String {
        let digits = number.to_string();
        let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
        groups.join(&b',').iter().map(|&b| char::from(b)).collect()
    }

    #[test]
    fn the_documentation_has_the_same_table() {
        let page = include_str!("../../../docs/formats.md");
        let section = page
            .split("\n## ")
            .find(|s| s.starts_with("Limits\n"))
            .unwrap_or_default();
        let told: Vec<(&str, &str)> = section
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split_once(" | "))
            .filter_map(|(name, rest)| Some((name, rest.split_once(" | ")?.0)))
            .filter(|(_, value)| value.starts_with(|c: char| c.is_ascii_digit()))
            .collect();
        let values = Limit::ALL.map(|l| format!("{} {}", grouped(l.max()), l.unit()).trim_end().to_owned());
        let known: Vec<(&str, &str)> = Limit::ALL
            .iter()
            .zip(&values)
            .map(|(l, v)| (l.name(), v.as_str()))
            .collect();
        assert_eq!(told, known);
    }

    #[test]
    fn messages_name_them() {
        assert_eq!(Limit::Body.to_string(), "body of 20000000 bytes");
        assert_eq!(Limit::Redirects.to_string(), "redirects of 5");
        assert_eq!(Limit::SentenceEvents.to_string(), "events of 50 a sentence");
    }
}
