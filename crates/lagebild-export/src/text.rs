//! Text for other programs: places in it, and what must not stand in it.

use lagebild_core::wire::Range;

/// A text in which places are found by code points.
#[derive(Debug)]
pub struct CodePoints<'a> {
    text: &'a str,
    /// Byte offsets of all code points and of the end; none for ASCII, where they are the same.
    bytes: Option<Vec<usize>>,
}

impl<'a> CodePoints<'a> {
    /// Scans `text` once.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let bytes = (!text.is_ascii()).then(|| {
            text.char_indices()
                .map(|(i, _)| i)
                .chain(std::iter::once(text.len()))
                .collect()
        });
        Self { text, bytes }
    }

    /// The number of code points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.as_ref().map_or(self.text.len(), |b| b.len() - 1)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The byte at which code point `at` begins; the end of the text when it lies beyond.
    #[must_use]
    pub fn byte(&self, at: usize) -> usize {
        match &self.bytes {
            Some(bytes) => bytes.get(at).copied().unwrap_or(self.text.len()),
            None => at.min(self.text.len()),
        }
    }

    /// The words of a range; nothing for one that ends before it starts.
    #[must_use]
    pub fn of(&self, start: usize, end: usize) -> &'a str {
        self.text.get(self.byte(start)..self.byte(end)).unwrap_or_default()
    }

    /// Whether a range holds at least one code point of the text.
    #[must_use]
    pub fn holds(&self, range: Range) -> bool {
        range.start < range.end && range.end <= self.len()
    }
}

/// A field that no spreadsheet takes for a formula: `'` goes before what begins like one, numbers apart.
#[must_use]
pub fn harmless(field: String) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<f64>().is_err();
    if formula { format!("'{field}") } else { field }
}

/// `text` on one line, without tabs: what a tab-separated file can hold.
pub(crate) fn one_line(text: &str) -> String {
    text.replace(['\t', '\n', '\r', '\0'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        for field in ["=1+1", "@SUM(A1)", "+cmd", "-x", "\tx"] {
            assert_eq!(harmless(field.to_owned()), format!("'{field}"));
        }
        for field in ["-2.5", "3", "Seoul", ""] {
            assert_eq!(harmless(field.to_owned()), field);
        }
    }

    #[test]
    fn ranges_count_code_points() {
        let text = CodePoints::new("Südkorea 🇰🇷 prüft");
        assert_eq!(text.of(0, 8), "Südkorea");
        assert_eq!(text.of(12, 17), "prüft");
        assert_eq!((text.len(), text.of(3, 2), text.of(90, 99)), (17, "", ""));
        let holds = |start, end| text.holds(Range { start, end });
        assert!(holds(12, 17) && !holds(12, 18) && !holds(4, 4));
    }
}
