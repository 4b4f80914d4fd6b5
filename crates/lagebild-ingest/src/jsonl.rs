//! JSON Lines: one document a line.

use crate::dates::parse_date;
use crate::error::Error;
use crate::{Hints, Source, report};
use lagebild_core::Limit;
use lagebild_core::{Document, Lang};

/// The fields that are read; others are ignored.
#[derive(serde::Deserialize)]
struct Line {
    id: Option<Id>,
    text: Option<String>,
    html: Option<String>,
    published: Option<String>,
    title: Option<String>,
    lang: Option<String>,
    source: Option<String>,
    url: Option<String>,
}

/// Ids may be numbers; a number is its own spelling.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

/// Reads one line `{"id","text","html","published","title","lang","source","url"}`; all but `text` or `html` may be missing.
///
/// `text` is kept exactly and laid out like plain text; where there is none, `html` is read like a page. `published` is an ISO 8601 date or date-time and wins over a
/// date line in the text. `line_no`, counted from 1, is for messages only.
///
/// # Errors
/// [`Error::Json`], [`Error::MissingField`], [`Error::BadField`] with line and column; [`Error::Limit`] for a line over
/// 16 MB; [`Error::Empty`] for a blank text; [`Error::UnsupportedLanguage`].
pub fn read_jsonl_line(line: &str, line_no: usize) -> Result<Document, Error> {
    if line.len() > Limit::Line.max() {
        return Err(Error::Limit {
            limit: Limit::Line,
            found: Some(line.len()),
        });
    }
    let fields: Line = serde_json::from_str(line.trim_start_matches('\u{feff}')).map_err(|error| {
        let message = error.to_string();
        // The reader appends "at line 1 column N", which the error tells in its own way.
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        Error::Json {
            line: line_no,
            column: error.column(),
            message,
        }
    })?;
    let bad = |field: &'static str, value: &str, expected: &'static str| Error::BadField {
        line: line_no,
        column: column_of(line, field),
        field,
        value: value.to_owned(),
        expected,
    };
    let published = match fields.published.as_deref().map(str::trim).filter(|p| !p.is_empty()) {
        Some(value) => Some(parse_date(value).ok_or_else(|| bad("published", value, "a date"))?),
        None => None,
    };
    let lang = match fields.lang.as_deref().filter(|l| !l.is_empty()) {
        Some(code) => Some(Lang::from_code(code).ok_or_else(|| Error::UnsupportedLanguage { code: code.to_owned() })?),
        None => None,
    };
    let id = fields.id.map(|id| match id {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    });
    let title = fields.title.as_deref().filter(|t| !t.trim().is_empty());
    let mut source = match (fields.text, &fields.html) {
        (Some(text), _) => Source::laid_out(text, title),
        (None, Some(page)) => {
            let hints = Hints {
                title,
                url: fields.url.as_deref(),
                ..Hints::default()
            };
            match crate::html::read(page, &hints) {
                // A line such as "Drei Tote in Busan" is no article, and all that a feed may have.
                Err(Error::Empty) => Source::laid_out(crate::feed::plain(page).ok_or(Error::Empty)?, title),
                read => read?,
            }
        }
        (None, None) => {
            return Err(Error::MissingField {
                line: line_no,
                field: "text",
            });
        }
    };
    source.published = published.or(source.published);
    let hints = Hints {
        id: id.as_deref().filter(|id| !id.is_empty()),
        lang,
        source: fields.source.as_deref().or(fields.url.as_deref()),
        title,
        ..Hints::default()
    };
    report(source, &hints).map(|report| report.document)
}

/// Where the key of `field` stands, in bytes from 1.
fn column_of(line: &str, field: &str) -> usize {
    line.find(&format!("\"{field}\"")).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_core::Date;

    #[test]
    fn fields() {
        let line = r#"{"id":7,"text":" 24. Oktober 2024\n\nDer Bundestag hat zugestimmt. ","published":"2024-10-25T08:00:00Z","url":"https://example.org/a","sentences":[1]}"#;
        let doc = read_jsonl_line(line, 1).unwrap();
        assert_eq!(&*doc.id.0, "7");
        assert_eq!(&*doc.text, " 24. Oktober 2024\n\nDer Bundestag hat zugestimmt. ");
        assert_eq!(doc.published, Date::new(2024, 10, 25).ok());
        assert_eq!(doc.source.as_deref(), Some("https://example.org/a"));
        assert_eq!(doc.blocks.len(), 2);
        let doc = read_jsonl_line(
            r#"{"text":"24. Oktober 2024\n\nDer Bundestag stimmt zu.","id":null}"#,
            1,
        )
        .unwrap();
        assert_eq!((doc.published, doc.id.0.len()), (Date::new(2024, 10, 24).ok(), 16));
    }

    #[test]
    fn pages_in_lines() {
        let line = r#"{"url":"https://e.org/a","title":"Seoul prüft","html":"<p>Der Minister prüft alle Optionen.</p><p>Er will bald entscheiden.</p>"}"#;
        let doc = read_jsonl_line(line, 1).unwrap();
        assert_eq!(
            &*doc.text,
            "Seoul prüft\n\nDer Minister prüft alle Optionen.\n\nEr will bald entscheiden."
        );
        assert_eq!(doc.source.as_deref(), Some("https://e.org/a"));
        let doc = read_jsonl_line(r#"{"html":"<b>Drei Tote in Busan</b>","lang":"de"}"#, 1).unwrap();
        assert_eq!(&*doc.text, "Drei Tote in Busan");
    }

    #[test]
    fn errors_name_line_and_column() {
        let text = |line: &str| read_jsonl_line(line, 3).unwrap_err().to_string();
        assert_eq!(text(r#"{"id":"a"}"#), "line 3, column 1: field \"text\" is missing");
        assert!(text(r#"{"id":"a","text":7}"#).starts_with("line 3, column 18: invalid type"));
        assert!(text(r#"{"id":"a","#).starts_with("line 3, column 10: EOF"));
        assert_eq!(
            text(r#"{"text":"Der Satz.","published":"gestern"}"#),
            "line 3, column 21: field \"published\": \"gestern\" is not a date"
        );
        assert_eq!(text(r#"{"text":"Der Satz.","lang":"fr"}"#), "unsupported language: fr");
        assert_eq!(text(r#"{"text":" "}"#), "no text in the input");
    }
}
