//! Turns files and pages into documents: encoding, layout, headline, date, language.
//!
//! Entry points: [`read_bytes`] for a file or page, [`read_jsonl_line`] for batches, [`decode`] and [`layout`] for the
//! single steps. Everything is pure: no files, no network, no clock; no input makes it panic.
//!
//! ```
//! use lagebild_ingest::{Hints, read_bytes};
//! use lagebild_core::Part;
//!
//! let report = "24. Oktober 2024\n\nPutin trifft Kim\n\nRusslands Präsident ist in Pjöngjang.";
//! let doc = read_bytes(report.as_bytes(), &Hints::default())?;
//! assert_eq!(doc.title.as_deref(), Some("Putin trifft Kim"));
//! assert_eq!(doc.published.unwrap().to_string(), "2024-10-24");
//! assert_eq!(doc.blocks.last().unwrap().part, Part::Body);
//! # Ok::<(), lagebild_ingest::Error>(())
//! ```

mod assemble;
mod dates;
mod encoding;
mod entities;
mod error;
pub mod feed;
mod html;
mod jsonl;
mod language;
mod layout;
mod mail;
mod markdown;
mod report;
mod table;
mod unpack;
pub mod warc;

pub use dates::{find_date, is_credible, parse_date};
pub use encoding::{Decoded, Evidence, decode, decode_labelled};
pub use error::Error;
pub use jsonl::read_jsonl_line;
pub use lagebild_core::Limit;
pub use language::detect_language;
pub use layout::{Layout, layout};
pub use report::{Facts, Note, Origin, Report};
pub use table::{Columns, Row, Table};
pub use unpack::{Packing, Stream, unpack_body, unpacked};

use lagebild_core::{Block, Date, DocId, Document, Lang, Part};
use std::sync::Arc;

/// The format of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text; the stored text is the decoded input, unchanged.
    Text,
    /// CommonMark, with YAML or TOML front matter; the stored text is without markup.
    Markdown,
    /// A web page; the stored text is headline and article.
    Html,
    /// An e-mail; the stored text is its plain text, or what its HTML says.
    Mail,
}

impl Format {
    /// The format that the extension of a file name tells.
    #[must_use]
    pub fn from_file_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "txt" | "text" => Some(Self::Text),
            "md" | "markdown" | "mdown" | "mkd" => Some(Self::Markdown),
            "html" | "htm" | "xhtml" | "shtml" => Some(Self::Html),
            "eml" => Some(Self::Mail),
            _ => None,
        }
    }

    /// The format that the beginning of the content tells; plain text when nothing tells otherwise.
    #[must_use]
    pub fn sniff(text: &str) -> Self {
        let head = text[..floor_boundary(text, 4096)].trim_start().to_ascii_lowercase();
        let is_page = ["<!doctype html", "<html", "<head", "<body", "<article"]
            .iter()
            .any(|tag| head.starts_with(tag))
            || (head.starts_with('<') && ["<html", "<body", "<head>"].iter().any(|tag| head.contains(tag)));
        if is_page {
            Self::Html
        } else if markdown::has_front_matter(text) || head.starts_with("# ") || head.contains("\n## ") {
            Self::Markdown
        } else {
            Self::Text
        }
    }
}

/// What is known about an input from outside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    /// Its file name, whose extension tells the format.
    pub file_name: Option<&'a str>,
    /// Its format, where neither extension nor content shall decide.
    pub format: Option<Format>,
    /// Id of the document; otherwise made from the text.
    pub id: Option<&'a str>,
    /// Day of publication, where the input does not tell it.
    pub published: Option<Date>,
    /// Language, where detection shall not decide.
    pub lang: Option<Lang>,
    /// Where it comes from: name of a medium or address; otherwise the page's own address or the file name.
    pub source: Option<&'a str>,
    /// The headline, where known.
    pub title: Option<&'a str>,
    /// The address that it was fetched from.
    pub url: Option<&'a str>,
    /// The charset label that the server sent with it.
    pub charset: Option<&'a str>,
    /// The day on which it was fetched or is read: no report is published later. Reading itself looks at no clock.
    pub read_on: Option<Date>,
}

/// Reads a file or page.
///
/// The day of publication is the one in the input (date line, front matter, metadata of the page), else the hint. One that it cannot be
/// ([`is_credible`]) is not taken, and is a note.
///
/// # Errors
/// Any [`Error`] but those of JSON Lines.
pub fn read_bytes(bytes: &[u8], hints: &Hints<'_>) -> Result<Document, Error> {
    read_report(bytes, hints).map(|report| report.document)
}

/// Reads a file or page like [`read_bytes`], with what it says about its report and what had to be decided.
///
/// # Errors
/// As [`read_bytes`].
pub fn read_report(bytes: &[u8], hints: &Hints<'_>) -> Result<Report, Error> {
    let known = hints
        .format
        .or_else(|| hints.file_name.and_then(Format::from_file_name));
    if known == Some(Format::Mail) {
        let mut source = mail::read(bytes, hints.title)?;
        doubt(&mut source, Origin::Field, hints.read_on);
        return report(source, hints);
    }
    let of_page = if known.is_none_or(|format| format == Format::Html) {
        html::declared_encoding(bytes)
    } else {
        None
    };
    let decoded = decode_labelled(bytes, hints.charset.or(of_page.as_deref()))?;
    let notes = decoded.notes();
    let text = decoded.text;
    let mut source = match known.unwrap_or_else(|| Format::sniff(&text)) {
        Format::Text => Source::laid_out(text, hints.title),
        Format::Markdown => markdown::read(&text, hints.title)?,
        Format::Html => html::read(&text, hints)?,
        Format::Mail => mail::read(text.as_bytes(), hints.title)?,
    };
    source.notes.splice(0..0, notes);
    let origin = if known == Some(Format::Markdown) {
        Origin::Field
    } else {
        Origin::Text
    };
    doubt(&mut source, origin, hints.read_on);
    report(source, hints)
}

/// What a format reader finds in an input.
#[derive(Debug, Default)]
struct Source {
    text: String,
    blocks: Vec<Block>,
    title: Option<String>,
    published: Option<Date>,
    lang: Option<Lang>,
    /// The language that a page gives as its own.
    declared: Option<Lang>,
    facts: Facts,
    notes: Vec<Note>,
}

impl Source {
    /// Plain text, as it stands.
    fn laid_out(text: String, title: Option<&str>) -> Self {
        let Layout {
            blocks,
            published,
            headline,
        } = layout(&text, title);
        let title = title
            .map(str::to_owned)
            .or_else(|| headline.map(|span| span.of(&text).to_owned()));
        Self {
            text,
            blocks,
            title,
            published,
            ..Self::default()
        }
    }
}

/// Drops days that cannot be those of the report, and notes it.
fn doubt(source: &mut Source, origin: Origin, read_on: Option<Date>) {
    let Source {
        published,
        facts,
        notes,
        ..
    } = source;
    for (field, told) in [("published", published), ("modified", &mut facts.modified)] {
        let Some(day) = told.take_if(|day| !is_credible(*day, read_on)) else {
            continue;
        };
        notes.push(Note::Incredible {
            field,
            day,
            origin,
            kept: false,
        });
    }
}

/// Completes what was read with the hints.
fn report(source: Source, hints: &Hints<'_>) -> Result<Report, Error> {
    let Source {
        text,
        blocks,
        title,
        published,
        lang,
        declared,
        mut facts,
        mut notes,
    } = source;
    if text.trim().is_empty() || blocks.is_empty() {
        return Err(Error::Empty);
    }
    let lang = match hints.lang.or(lang) {
        Some(lang) => lang,
        None => detect_language(&running_text(&text, &blocks))?,
    };
    if let Some(declared) = declared.filter(|declared| *declared != lang && hints.lang.is_none()) {
        notes.push(Note::Conflict {
            field: "language",
            taken: (lang.code().to_owned(), Origin::Text),
            other: (declared.code().to_owned(), Origin::LangAttribute),
        });
    }
    if let Some(url) = hints.url {
        facts.url = Some(url.to_owned());
    }
    let origin = facts.url.as_deref().or(facts.publisher.as_deref());
    let document = Document {
        id: DocId(hints.id.map_or_else(|| content_id(&text), Arc::from)),
        source: hints.source.or(origin).or(hints.file_name).map(Arc::from),
        published: published.or(hints.published),
        lang,
        title: hints
            .title
            .map(Arc::from)
            .or_else(|| title.map(|t| Arc::from(squeezed(&t)))),
        text: text.into(),
        blocks,
    };
    Ok(Report { document, facts, notes })
}

/// The text of the body, which alone tells the language: section names and bylines mislead.
fn running_text(text: &str, blocks: &[Block]) -> String {
    let is_prose = |part| {
        matches!(
            part,
            Part::Body | Part::Headline | Part::Heading | Part::Quote | Part::ListItem | Part::Caption
        )
    };
    let body: Vec<&str> = blocks
        .iter()
        .filter(|b| is_prose(b.part))
        .map(|b| b.span.of(text))
        .take(200)
        .collect();
    if body.is_empty() {
        text.to_owned()
    } else {
        body.join("\n")
    }
}

/// The first 16 hexadecimal digits of the BLAKE3 hash of `text`.
#[must_use]
pub fn content_id(text: &str) -> Arc<str> {
    blake3::hash(text.as_bytes()).to_hex()[..16].into()
}

/// `text` with each stretch of white space turned into one space.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The last place for a cut at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formats() {
        assert_eq!(Format::from_file_name("a/b.HTML"), Some(Format::Html));
        assert_eq!(Format::from_file_name("b"), None);
        assert_eq!(Format::sniff("  <!DOCTYPE html><p>x"), Format::Html);
        assert_eq!(Format::sniff("---\ntitle: x\n---\nText"), Format::Markdown);
        assert_eq!(Format::sniff("Ein Satz <html> darin."), Format::Text);
    }

    #[test]
    fn hints_and_ids() {
        let hints = Hints {
            file_name: Some("a.txt"),
            published: Date::new(2024, 1, 2).ok(),
            ..Hints::default()
        };
        let doc = read_bytes("Der Minister ist zurückgetreten.".as_bytes(), &hints).unwrap();
        assert_eq!(doc.id.0, content_id("Der Minister ist zurückgetreten."));
        assert_eq!(doc.id.0.len(), 16);
        assert_eq!((doc.source.as_deref(), doc.published), (Some("a.txt"), hints.published));
        assert_eq!((doc.lang, doc.title), (Lang::De, None));
        let french = "Le président a déclaré que la situation dans le pays restait très difficile pour les habitants.";
        let error = read_bytes(french.as_bytes(), &Hints::default()).unwrap_err();
        assert_eq!(error, Error::UnsupportedLanguage { code: "fra".into() });
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for format in [None, Some(Format::Text), Some(Format::Markdown), Some(Format::Html)] {
                check(&bytes, format)?;
            }
        }

        #[test]
        fn any_markup_is_read_or_refused(text in "(<(/)?(p|b|div|table|tr|td|a|h1|article|script|title|template|svg|select|option|ul|li)( class=\"teaser\")?>|Wort |Satz\\. |\\*\\*|# |- |\n){0,80}") {
            for format in [Some(Format::Markdown), Some(Format::Html)] {
                check(text.as_bytes(), format)?;
            }
        }
    }

    fn check(bytes: &[u8], format: Option<Format>) -> Result<(), TestCaseError> {
        let hints = Hints {
            format,
            lang: Some(Lang::De),
            ..Hints::default()
        };
        if let Ok(doc) = read_bytes(bytes, &hints) {
            let mut end = 0;
            for block in &doc.blocks {
                prop_assert!(block.span.start() >= end);
                end = block.span.end();
                prop_assert!(!block.span.of(&doc.text).is_empty());
            }
        }
        Ok(())
    }
}
