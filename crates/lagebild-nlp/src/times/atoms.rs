//! The smallest pieces of text that dates and amounts are made of.
//!
//! The tokeniser of the parser keeps `3.000`, `24.` and `2012/13` whole, for its own good reasons. Grammars of dates and
//! amounts need to look into them, and must not depend on how a tokeniser decides about each.

use lagebild_core::Span;

/// What a piece is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters.
    Word,
    /// ASCII digits.
    Digits,
    /// One other character.
    Mark,
}

/// A run of letters, a run of digits, or a single other character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Atom<'a> {
    /// The text.
    pub(crate) text: &'a str,
    /// The text in lower case.
    pub(crate) lower: String,
    /// First byte in the document.
    pub(crate) start: usize,
    pub(crate) kind: Kind,
    /// Whether it follows the atom before without white space.
    pub(crate) glued: bool,
}

impl Atom<'_> {
    /// One past the last byte.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is the one character `mark`.
    pub(crate) fn is(&self, mark: char) -> bool {
        self.kind == Kind::Mark && self.text.starts_with(mark)
    }

    /// Whether it is a hyphen or dash.
    pub(crate) fn is_dash(&self) -> bool {
        self.kind == Kind::Mark && matches!(self.text, "-" | "–" | "—" | "‐" | "‑")
    }

    /// Whether it starts with a capital letter.
    pub(crate) fn is_capitalised(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    /// Its value, if it is a run of at most nine digits.
    pub(crate) fn number(&self) -> Option<u32> {
        (self.kind == Kind::Digits && self.text.len() <= 9)
            .then(|| self.text.parse().ok())
            .flatten()
    }
}

/// The atoms of `span`.
pub(crate) fn atoms(text: &str, span: Span) -> Vec<Atom<'_>> {
    let mut found: Vec<Atom<'_>> = Vec::new();
    let mut chars = text[span.start()..span.end()].char_indices().peekable();
    let mut glued = false;
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() {
            glued = false;
            continue;
        }
        let kind = if c.is_ascii_digit() {
            Kind::Digits
        } else if c.is_alphabetic() {
            Kind::Word
        } else {
            Kind::Mark
        };
        let mut end = at + c.len_utf8();
        while let Some(&(next, n)) = chars.peek() {
            // A combining mark belongs to the letter before it.
            let goes_on = match kind {
                Kind::Word => n.is_alphabetic() || matches!(n, '\u{300}'..='\u{36f}'),
                Kind::Digits => n.is_ascii_digit(),
                Kind::Mark => false,
            };
            if !goes_on {
                break;
            }
            end = next + n.len_utf8();
            chars.next();
        }
        let piece = &text[span.start() + at..span.start() + end];
        let lower = if kind == Kind::Word {
            piece.to_lowercase()
        } else {
            String::new()
        };
        found.push(Atom {
            text: piece,
            lower,
            start: span.start() + at,
            kind,
            glued,
        });
        glued = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atoms_of_dates() {
        let text = "Am 24.10.2024 (3.000 Männer)";
        let shown: Vec<_> = atoms(text, Span::at(0, text.len()))
            .iter()
            .map(|a| (a.text, a.glued))
            .collect();
        assert_eq!(
            shown,
            [
                ("Am", false),
                ("24", false),
                (".", true),
                ("10", true),
                (".", true),
                ("2024", true),
                ("(", false),
                ("3", true),
                (".", true),
                ("000", true),
                ("Männer", false),
                (")", true),
            ]
        );
    }
}
