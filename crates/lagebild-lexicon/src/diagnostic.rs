//! Messages about data files, with place and remedy.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The data can be used, but somebody should look.
    Warning,
    /// The data cannot be used.
    Error,
}

/// What is wrong with a data file, where, and what to do about it.
///
/// Displays like a message of rustc: code and text, file with line and column, the line, a mark under the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, such as `L012`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do, when we know.
    pub hint: Option<String>,
    /// File, relative to the project or as the user named it.
    pub file: Arc<str>,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The line itself.
    pub source: String,
    /// Characters to mark from `column` on.
    pub width: usize,
}

impl Diagnostic {
    /// An error at the byte range `at` of `text`.
    #[must_use]
    pub fn error(
        code: &'static str,
        file: &Arc<str>,
        text: &str,
        at: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let start = floor_boundary(text, at.start);
        let line_start = text[..start].rfind('\n').map_or(0, |n| n + 1);
        let source = text[line_start..].lines().next().unwrap_or_default();
        let line_end = line_start + source.len();
        let end = floor_boundary(text, at.end.clamp(start, line_end.max(start)));
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            hint: None,
            file: Arc::clone(file),
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            source: source.to_owned(),
            width: text[start..end].chars().count().max(1),
        }
    }

    /// The same with a remedy.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }
}

/// The largest character boundary of `text` that is not beyond `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(0)
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        writeln!(f, "{kind}[{}]: {}", self.code, self.message)?;
        writeln!(f, "{gutter}--> {}:{}:{}", self.file, self.line, self.column)?;
        writeln!(f, "{number} | {}", self.source)?;
        write!(
            f,
            "{gutter} | {}{}",
            " ".repeat(self.column - 1),
            "^".repeat(self.width)
        )?;
        if let Some(hint) = &self.hint {
            write!(f, " {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

/// The member of `known` nearest to `word` by edit distance, when it is near enough to be a slip.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + word.chars().count() / 4;
    known
        .into_iter()
        .map(|candidate| (distance(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(d, _)| *d <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_place_and_remedy() {
        let text = "[[entry]]\ngives = { event = \"SUPORT\" }\n";
        let at = text.find("\"SUPORT\"").unwrap();
        let shown = Diagnostic::error(
            "L012",
            &"de/events/support.toml".into(),
            text,
            at..at + 8,
            "unknown event type \"SUPORT\"",
        )
        .hint("did you mean SUPPORT?")
        .to_string();
        assert_eq!(
            shown,
            "error[L012]: unknown event type \"SUPORT\"\n --> de/events/support.toml:2:19\n2 | gives = { event = \"SUPORT\" }\n  |                   ^^^^^^^^ did you mean SUPPORT?"
        );
    }

    #[test]
    fn near_words_are_found() {
        assert_eq!(did_you_mean("SUPORT", ["AGREE", "SUPPORT"]), Some("SUPPORT"));
        assert_eq!(did_you_mean("xyz", ["AGREE", "SUPPORT"]), None);
    }
}
