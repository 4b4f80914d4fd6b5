//! What can go wrong on the way from bytes to a document.

use lagebild_core::Limit;

/// Why a document could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no text: no bytes, only white space, or a page without an article.
    #[error("no text in the input")]
    Empty,
    /// The bytes are not text.
    #[error("not text but {what}")]
    Binary {
        /// What they look like: `a PDF file`, `binary data (NUL byte at offset 17)`.
        what: String,
    },
    /// The input exceeds a cap.
    #[error("over the limit: {limit}{}", .found.map(|n| format!(" (found {n})")).unwrap_or_default())]
    Limit {
        /// Which cap.
        limit: Limit,
        /// The size of the input in units of the cap, where reading did not stop at the cap.
        found: Option<usize>,
    },
    /// The bytes are cut off or broken.
    #[error("damaged: {what}")]
    Damaged {
        /// What is wrong with them.
        what: String,
    },
    /// A table has no such column.
    #[error("no column \"{name}\"; there are: {found}")]
    NoColumn {
        /// The column that is missed.
        name: String,
        /// Those of the table.
        found: String,
    },
    /// The content is no feed.
    #[error("not a feed: neither RSS, RDF, Atom nor JSON Feed")]
    NotAFeed,
    /// The text is in a language that the engine does not read.
    #[error("unsupported language: {code}")]
    UnsupportedLanguage {
        /// ISO 639 code as given or detected.
        code: String,
    },
    /// A line is not a JSON object of the expected form.
    #[error("line {line}, column {column}: {message}")]
    Json {
        /// Line of the input, from 1.
        line: usize,
        /// Column in bytes, from 1; 0 when the trouble has no place.
        column: usize,
        /// What the JSON reader says.
        message: String,
    },
    /// A field that must be there is missing or null.
    #[error("line {line}, column 1: field \"{field}\" is missing")]
    MissingField {
        /// Line of the input, from 1.
        line: usize,
        /// Its name.
        field: &'static str,
    },
    /// A field has a value that cannot be used.
    #[error("line {line}, column {column}: field \"{field}\": {value:?} is not {expected}")]
    BadField {
        /// Line of the input, from 1.
        line: usize,
        /// Column of the value in bytes, from 1.
        column: usize,
        /// Its name.
        field: &'static str,
        /// Its value.
        value: String,
        /// What was expected: `a date`.
        expected: &'static str,
    },
}

impl Error {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty => {
                "check that the file is whole; a page built by scripts has to be saved after it was rendered"
            }
            Self::Binary { .. } => "extract the text first; plain text, Markdown, HTML and JSON Lines are read",
            Self::Limit { .. } => "split the input; the limits guard against hostile files",
            Self::Damaged { .. } => "get the file again; what was whole has been read",
            Self::NoColumn { .. } => "name the columns: --columns text=body,published=date",
            Self::NotAFeed => "give the address of the feed itself, not that of the page which links to it",
            Self::UnsupportedLanguage { .. } => {
                "German and English are read; where the detection errs, name the language (`--lang de`)"
            }
            Self::Json { .. } => "each line holds one object: {\"id\":…,\"text\":…,\"published\":\"2024-10-24\"}",
            Self::MissingField { .. } => {
                "each line needs \"text\"; \"id\", \"published\", \"title\", \"lang\", \"source\" are optional"
            }
            Self::BadField { .. } => "dates are ISO 8601 (2024-10-24); languages ISO 639-1 (de, en)",
        }
    }
}
