//! Cuts a block of text into pieces: words, numbers, marks. Full stops that could belong to a word stay with it, and
//! the piece says so; whether they end a sentence is decided afterwards, when the next piece is known.

use super::words::{Abbreviation, Words};
use crate::morph::Morphology;
use lagebild_core::Lang;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, a number, a symbol.
    Word,
    /// An abbreviation with its full stop.
    Abbreviated(Abbreviation),
    /// A number or Roman numeral with a full stop: an ordinal or the end of a sentence.
    Ordinal,
    /// A single letter with a full stop: an initial or the end of a sentence.
    Initial,
    /// `.`, `!`, `?`, `…` or several of them.
    Stop,
    /// An opening quotation mark or bracket.
    Opening,
    /// A closing quotation mark or bracket.
    Closing,
    /// Another mark.
    Mark,
}

/// A stretch of a block that holds no white space (but for digit groups) and becomes one or two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// First byte in the block.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    pub(super) kind: Kind,
}

impl Piece {
    pub(super) fn text(self, block: &str) -> &str {
        &block[self.start..self.end]
    }
}

/// Characters that show nothing and mean nothing for the words: soft hyphens, zero-width and direction marks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE2F}')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´')
}

/// What parts the items of a news ticker.
pub(super) const TICKER: &str = "+++";

pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// A space that does not part the groups of a number.
fn is_group_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{202F}' | '\u{2009}')
}

/// What stands for a character beyond the ends of the block.
const NOTHING: char = '\0';

/// Cuts `block`.
pub(super) fn pieces(block: &str, lang: Lang) -> Vec<Piece> {
    let chars = block.char_indices().map(|(at, c)| (at as u32, c)).collect();
    let mut scanner = Scanner {
        block,
        chars,
        words: Words::of(lang),
        lang,
        pieces: Vec::new(),
        in_single: false,
    };
    scanner.run();
    scanner.pieces
}

struct Scanner<'a> {
    block: &'a str,
    /// Byte and character; a text is far shorter than 4 GB.
    chars: Vec<(u32, char)>,
    words: &'static Words,
    lang: Lang,
    pieces: Vec<Piece>,
    /// Whether a single quotation mark is open, so that an apostrophe at the end of a word may close it.
    in_single: bool,
}

impl Scanner<'_> {
    /// The character at `i`, counted in characters.
    fn at(&self, i: usize) -> char {
        self.chars.get(i).map_or(NOTHING, |&(_, c)| c)
    }

    fn before(&self, i: usize) -> char {
        i.checked_sub(1).map_or(NOTHING, |i| self.at(i))
    }

    /// The first visible character from `i` on.
    fn visible_at(&self, mut i: usize) -> char {
        while is_invisible(self.at(i)) {
            i += 1;
        }
        self.at(i)
    }

    fn byte(&self, i: usize) -> usize {
        self.chars.get(i).map_or(self.block.len(), |&(byte, _)| byte as usize)
    }

    fn text(&self, from: usize, to: usize) -> &str {
        &self.block[self.byte(from)..self.byte(to)]
    }

    fn push(&mut self, from: usize, to: usize, kind: Kind) {
        if from < to {
            self.pieces.push(Piece {
                start: self.byte(from),
                end: self.byte(to),
                kind,
            });
        }
    }

    fn run(&mut self) {
        let mut i = 0;
        while i < self.chars.len() {
            let c = self.at(i);
            i = if is_space(c) || is_invisible(c) {
                i + 1
            } else if c == '+' && self.text(i, i + TICKER.len()) == TICKER {
                i + TICKER.len()
            } else if let Some(end) = self.address(i) {
                self.push(i, end, Kind::Word);
                end
            } else if self.begins_word(i) {
                self.word(i)
            } else {
                self.mark(i)
            };
        }
    }

    /// The end of the web or e-mail address that begins at `i`.
    fn address(&self, i: usize) -> Option<usize> {
        /// Characters of the longest user name and host of an e-mail address (RFC 5321), so that no look is long.
        const LONGEST_EMAIL: usize = 320;
        let begins_here = !is_word(self.before(i)) && !matches!(self.before(i), ',' | '.' | '@' | '-' | '/' | '_');
        if !begins_here || !is_word(self.at(i)) {
            return None;
        }
        let is_web = self.begins_web_address(i);
        let longest = if is_web { usize::MAX } else { LONGEST_EMAIL };
        let is_inside = |c: char| !is_space(c) && !matches!(c, '"' | '<' | '>' | '“' | '”' | '„' | '»' | '«');
        let mut end = i + (i..).take(longest).take_while(|&k| is_inside(self.at(k))).count();
        // A bracket that was opened inside belongs to the address.
        let has_bracket = is_web && self.text(i, end).contains('(');
        while end > i && ".,;:!?)]}'’".contains(self.at(end - 1)) && !(has_bracket && self.at(end - 1) == ')') {
            end -= 1;
        }
        (is_web || is_email(self.text(i, end))).then_some(end)
    }

    fn begins_web_address(&self, i: usize) -> bool {
        ["http://", "https://", "ftp://", "www."].iter().any(|start| {
            start
                .chars()
                .enumerate()
                .all(|(k, c)| self.at(i + k).eq_ignore_ascii_case(&c))
                && is_word(self.at(i + start.len()))
        })
    }

    fn begins_word(&self, i: usize) -> bool {
        let (c, next) = (self.at(i), self.visible_at(i + 1));
        let apart = |c: char| c == NOTHING || is_space(c) || matches!(c, '(' | '[' | '„' | '“' | '"' | '»' | '«' | '/');
        match c {
            _ if is_word(c) => true,
            '@' | '#' => next.is_alphanumeric() && apart(self.before(i)),
            '-' | '−' if next.is_numeric() => apart(self.before(i)),
            '-' => {
                self.lang == Lang::De
                    && apart(self.before(i))
                    && (next.is_lowercase() || next.is_uppercase() && self.is_coordinated())
            }
            // "'s ist gut", "'s hat geregnet"
            _ if is_apostrophe(c) => {
                !self.in_single && matches!(next, 's' | 'S') && !is_word(self.at(i + 2)) && apart(self.before(i))
            }
            '.' => next.is_numeric() && apart(self.before(i)),
            '°' => matches!(next, 'C' | 'F') && !is_word(self.at(i + 2)),
            _ => false,
        }
    }

    /// Whether the last piece coordinates, so that a hyphen may begin a word: "Kampfflugzeuge und -Hubschrauber".
    fn is_coordinated(&self) -> bool {
        self.pieces
            .last()
            .is_some_and(|p| matches!(p.text(self.block), "," | "/") || self.words.coordinates(p.text(self.block)))
    }

    /// Reads the word at `i`, with what belongs to it, and returns where it ends.
    fn word(&mut self, i: usize) -> usize {
        let mut end = i + 1;
        // Where the part after the last joint begins.
        let mut part = i;
        loop {
            end = self.end_of_letters(end);
            match self.joint(i, part, end) {
                Some(length) => end += length,
                None => break,
            }
            part = end;
        }
        self.finish_word(i, end)
    }

    /// Where the letters and digits end that begin at `i`, with what is invisible between them.
    fn end_of_letters(&self, mut i: usize) -> usize {
        loop {
            let mut next = i;
            while is_invisible(self.at(next)) {
                next += 1;
            }
            if !is_word(self.at(next)) {
                return i;
            }
            i = next + 1;
        }
    }

    /// The length of what joins the word in `start..end`, whose last part begins at `part`, to what follows it.
    fn joint(&self, start: usize, part: usize, end: usize) -> Option<usize> {
        let (last, c, next) = (self.before(end), self.at(end), self.visible_at(end + 1));
        let digits = last.is_numeric() && next.is_numeric();
        let letters = last.is_alphabetic() && next.is_alphabetic();
        let joined = match c {
            '.' => {
                digits || (last.is_numeric() && next.is_lowercase()) || (letters && !self.is_glued_sentence(start, end))
            }
            ',' => digits,
            ':' if digits => true,
            ':' | '*' | '_' => self.lang == Lang::De && letters && self.is_gender_suffix(end + 1),
            '(' if self.lang == Lang::De && letters => return self.bracketed_suffix(end),
            '/' => digits || self.is_unit(start, end),
            '&' => {
                let is_big = |c: char| c.is_uppercase() || c.is_numeric();
                is_big(last) && is_big(next)
            }
            _ if is_hyphen(c) => return self.hyphen(start, part, end),
            _ if is_apostrophe(c) => letters && !self.is_clitic(start, end),
            _ if is_group_space(c) => digits && self.is_digit_group(part, end),
            _ => false,
        };
        joined.then_some(1)
    }

    fn hyphen(&self, start: usize, part: usize, end: usize) -> Option<usize> {
        let (last, next) = (self.before(end), self.visible_at(end + 1));
        if !is_word(last) && last != '.' {
            return None;
        }
        if let Some(length) = self.line_break(part, end) {
            return Some(length);
        }
        if !is_word(next) {
            // The first half of a coordination: "Mord- und Totschlag", "Spa-/Wellness-Bereich".
            let is_half = self.lang == Lang::De && last.is_alphabetic() && (is_space(next) || "/,)".contains(next));
            return (is_half && next != NOTHING).then_some(1);
        }
        if last.is_numeric() && next.is_numeric() {
            // A span of numbers is three words, a telephone number or date one.
            let mut rest = end + 1;
            while is_word(self.at(rest)) {
                rest += 1;
            }
            let is_span = part == start && !is_hyphen(self.at(rest));
            return (!is_span || self.lang == Lang::De && !self.is_plain_number(part, end)).then_some(1);
        }
        match self.lang {
            Lang::De => Some(1),
            Lang::En => (part == start && self.keeps_english_hyphen(start, end)).then_some(1),
        }
    }

    /// The length of hyphen and white space where the word, whose last part begins at `part`, goes on in the next line: "Ukra-⏎ine", "US-⏎Präsident".
    fn line_break(&self, part: usize, end: usize) -> Option<usize> {
        let mut next = end + 1;
        while next < self.chars.len() && is_space(self.at(next)) {
            next += 1;
        }
        let lines = (end + 1..next).filter(|&k| self.at(k) == '\n').count();
        let rest = self.end_of_letters(next);
        if lines != 1 || !self.before(end).is_alphabetic() || !self.at(next).is_alphabetic() {
            return None;
        }
        let goes_on = match (self.lang, self.at(next).is_uppercase()) {
            (Lang::De, true) => true,
            // "Mord-⏎und Totschlag"
            (Lang::De, false) => !self.words.coordinates(self.text(next, rest)),
            (Lang::En, true) => false,
            // "coun-⏎try", but "long-⏎range"
            (Lang::En, false) => {
                let word = format!("{}{}", self.text(part, end), self.text(next, rest));
                let is_known = |word: &str| Morphology::get(Lang::En).lookup(word).is_some();
                is_known(&word) || is_known(&word.to_lowercase())
            }
        };
        goes_on.then_some(next - end)
    }

    /// Whether the English word in `start..end` stays one with what follows its hyphen: by its prefix, or because it
    /// looks like half of a given name ("Kim Jong-un", "Ban Ki-moon").
    fn keeps_english_hyphen(&self, start: usize, end: usize) -> bool {
        let word = self.text(start, end);
        if self.words.keeps_hyphen(word) {
            return true;
        }
        let mut letters = word.chars();
        let is_short_title = (2..=5).contains(&(end - start))
            && letters.next().is_some_and(char::is_uppercase)
            && letters.all(char::is_lowercase);
        let after_name = self.pieces.last().is_some_and(|p| {
            p.kind == Kind::Word && p.end + 1 == self.byte(start) && p.text(self.block).starts_with(char::is_uppercase)
        });
        let mut to = end + 1;
        while is_word(self.at(to)) {
            to += 1;
        }
        let second = self.text(end + 1, to);
        let is_name_half = second.len() <= 5
            && second.chars().all(char::is_lowercase)
            && ![
                "led", "based", "born", "era", "made", "held", "wide", "run", "owned", "like", "bound",
            ]
            .contains(&second);
        is_short_title && after_name && is_name_half
    }

    fn is_plain_number(&self, from: usize, to: usize) -> bool {
        self.chars[from..to].iter().all(|(_, c)| c.is_numeric())
    }

    /// Whether the full stop at `end` ends a sentence although no space follows it: "geendet.Der".
    fn is_glued_sentence(&self, start: usize, end: usize) -> bool {
        let lower_before = (start..end).rev().take_while(|&i| self.at(i).is_lowercase()).count();
        let lower_after = (end + 2..).take_while(|&i| self.at(i).is_lowercase()).count();
        lower_before >= 3 && self.visible_at(end + 1).is_uppercase() && lower_after >= 1
    }

    /// Whether `in` or `innen` stands at `i` and ends there: "Bürger:innen", "Student*in".
    fn is_gender_suffix(&self, i: usize) -> bool {
        ["in", "innen"].iter().any(|suffix| {
            let length = suffix.len();
            suffix.chars().enumerate().all(|(k, c)| self.at(i + k) == c) && !is_word(self.at(i + length))
        })
    }

    /// The length of a bracket of lower-case letters that ends the word: "Bürger(innen)".
    fn bracketed_suffix(&self, i: usize) -> Option<usize> {
        let letters = (i + 1..).take_while(|&k| self.at(k).is_lowercase()).count();
        let closes = self.at(i + 1 + letters) == ')';
        ((1..=5).contains(&letters) && closes && !is_word(self.at(i + letters + 2))).then_some(letters + 2)
    }

    /// Whether a unit with a slash stands around the one at `end`: "km/h", "m/s".
    fn is_unit(&self, start: usize, end: usize) -> bool {
        (1..=4).contains(&(end - start))
            && self.at(end + 1).is_lowercase()
            && !is_word(self.at(end + 2))
            && (start..end).all(|i| self.at(i).is_lowercase())
    }

    /// Whether three digits stand after the space at `end`, and one to three before it.
    fn is_digit_group(&self, part: usize, end: usize) -> bool {
        let after = (end + 1..).take_while(|&i| self.at(i).is_numeric()).count();
        (1..=3).contains(&(end - part)) && self.is_plain_number(part, end) && after == 3
    }

    /// Whether the apostrophe at `i` begins a word of its own: `'s`, `'re`; in German after a lower-case word only, since
    /// names take it before the genitive ("Putin's").
    fn is_clitic(&self, start: usize, i: usize) -> bool {
        let length = (i + 1..).take_while(|&k| is_word(self.at(k))).count();
        let clitic = self.text(i + 1, i + 1 + length);
        match self.lang {
            Lang::De => clitic == "s" && self.at(start).is_lowercase() && i - start > 1,
            Lang::En => {
                let lower = clitic.to_lowercase();
                ["s", "re", "ve", "ll", "d", "m"].contains(&&*lower)
            }
        }
    }

    /// Pushes the word in `start..end`, split where it holds two and with the full stop that belongs to it.
    fn finish_word(&mut self, start: usize, end: usize) -> usize {
        if self.lang == Lang::En
            && let Some(at) = self.negation(start, end)
        {
            self.push(start, at, Kind::Word);
            self.push(at, end, Kind::Word);
            return end;
        }
        if self.at(end) == '.'
            && self.at(end + 1) != '.'
            && let Some(kind) = self.dotted(start, end)
        {
            self.push(start, end + 1, kind);
            return end + 1;
        }
        self.push(start, end, Kind::Word);
        if is_apostrophe(self.at(end)) {
            return self.after_apostrophe(start, end);
        }
        end
    }

    /// Where `n't` begins in the word, if it ends so.
    fn negation(&self, start: usize, end: usize) -> Option<usize> {
        let at = end.checked_sub(3).filter(|&at| at > start)?;
        let matches =
            matches!(self.at(at), 'n' | 'N') && is_apostrophe(self.at(at + 1)) && matches!(self.at(at + 2), 't' | 'T');
        matches.then_some(at)
    }

    /// Handles the apostrophe after the word in `start..end`: a clitic, or a genitive after *s*.
    fn after_apostrophe(&mut self, start: usize, end: usize) -> usize {
        let length = (end + 1..).take_while(|&k| is_word(self.at(k))).count();
        if length > 0 {
            if self.is_clitic(start, end) {
                self.push(end, end + 1 + length, Kind::Word);
                return end + 1 + length;
            }
            return end;
        }
        let after_sibilant = matches!(self.before(end), 's' | 'S' | 'x' | 'z' | 'ß');
        if !after_sibilant || self.in_single {
            return end;
        }
        match self.lang {
            // One word: "Hans'".
            Lang::De => {
                let after = self.byte(end + 1);
                if let Some(last) = self.pieces.last_mut() {
                    last.end = after;
                }
            }
            // A word of its own: "the states' rights".
            Lang::En => self.push(end, end + 1, Kind::Word),
        }
        end + 1
    }

    /// What the word in `start..end` is together with the full stop after it; `None` if that is no part of it.
    fn dotted(&self, start: usize, end: usize) -> Option<Kind> {
        let word = self.text(start, end);
        if let Some(class) = self.words.abbreviation(self.text(start, end + 1)) {
            return Some(Kind::Abbreviated(class));
        }
        // "z.B.", "U.S.", "a.m."
        let is_spelled = word.contains('.')
            && word
                .split('.')
                .all(|part| part.chars().count() <= 2 && part.chars().all(char::is_alphabetic) && !part.is_empty());
        if is_spelled {
            return Some(Kind::Abbreviated(Abbreviation::Maybe));
        }
        let length = end - start;
        if length == 1 && self.at(start).is_alphabetic() {
            return Some(Kind::Initial);
        }
        let is_number = length <= 3 && self.is_plain_number(start, end);
        if (is_number && self.lang == Lang::De) || is_roman(word) {
            return Some(Kind::Ordinal);
        }
        // An abbreviation that no list has: no known word, and something goes on that no sentence begins with.
        let next = self.at(end + 1);
        let goes_on =
            matches!(next, ',' | ';' | '-') || (is_space(next) && length <= 6 && self.at(end + 2).is_lowercase());
        let is_unknown = || word.chars().all(char::is_alphabetic) && Morphology::get(self.lang).lookup(word).is_none();
        (goes_on && is_unknown()).then_some(Kind::Abbreviated(Abbreviation::Never))
    }

    /// The length of the smiley at `i`, 0 if there is none: ":-)", ";)".
    fn smiley(&self, i: usize) -> usize {
        let nose = usize::from(self.at(i + 1) == '-');
        let is_face = matches!(self.at(i), ':' | ';')
            && matches!(self.at(i + 1 + nose), ')' | '(' | 'D' | 'P')
            && !is_word(self.at(i + 2 + nose))
            && !is_word(self.before(i));
        if is_face { 2 + nose } else { 0 }
    }

    /// Reads the mark at `i` and returns where it ends.
    fn mark(&mut self, i: usize) -> usize {
        let c = self.at(i);
        if let length @ 1.. = self.smiley(i) {
            self.push(i, i + length, Kind::Mark);
            return i + length;
        }
        let run = |set: &str| {
            (i..)
                .take_while(|&k| set.contains(self.at(k)) && self.at(k) != NOTHING)
                .count()
        };
        let (length, kind) = match c {
            '.' | '!' | '?' | '…' => (run(".!?…"), Kind::Stop),
            '(' | '[' | '{' => (1, Kind::Opening),
            ')' | ']' | '}' => (1, Kind::Closing),
            '„' | '‚' => (1, Kind::Opening),
            '`' if self.at(i + 1) == '`' => (2, Kind::Opening),
            '\'' if self.at(i + 1) == '\'' => (2, Kind::Closing),
            '"' | '“' | '”' | '»' | '«' | '›' | '‹' | '‟' => (1, self.side(i)),
            '-' => (run("-"), Kind::Mark),
            '=' | '*' | '_' | '~' | '<' | '>' => (run(&c.to_string()), Kind::Mark),
            _ if is_apostrophe(c) => (1, self.side(i)),
            _ => {
                let mut length = 1;
                while is_combining(self.at(i + length)) || self.at(i + length) == '\u{200D}' {
                    // Joined emoji are one.
                    length += if self.at(i + length) == '\u{200D}' && !is_space(self.at(i + length + 1)) {
                        2
                    } else {
                        1
                    };
                }
                (length.min(self.chars.len() - i), Kind::Mark)
            }
        };
        if is_apostrophe(c) || c == '‚' {
            self.in_single = kind == Kind::Opening;
        }
        self.push(i, i + length, kind);
        i + length
    }

    /// Whether the quotation mark at `i` opens or closes, by what stands around it.
    fn side(&self, i: usize) -> Kind {
        let (before, after) = (self.before(i), self.visible_at(i + 1));
        let open_before = before == NOTHING
            || is_space(before)
            || matches!(before, '(' | '[' | '-' | '–' | '—' | '/' | '„' | '"' | '»' | '«' | '‚');
        let open_after = after == NOTHING || is_space(after);
        match (open_before, open_after) {
            (true, false) => Kind::Opening,
            (false, _) => Kind::Closing,
            // Spaces on both sides: close what was opened.
            (true, true) => {
                let mark = self.at(i).to_string();
                let same = self.pieces.iter().rev().find(|p| {
                    let text = p.text(self.block);
                    text == mark || (mark == "“" && text == "„")
                });
                if same.is_some_and(|p| p.kind == Kind::Opening) {
                    Kind::Closing
                } else {
                    Kind::Opening
                }
            }
        }
    }
}

/// Whether `text` is an e-mail address.
fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && host.chars().all(|c| c.is_alphanumeric() || ".-_".contains(c))
    })
}

/// Whether `word` is a Roman numeral from I to some hundred; no other capitals are read so.
fn is_roman(word: &str) -> bool {
    word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L'))
        && !word.contains("IIII")
        && !word.contains("VV")
        && !word.contains("XXXX")
}
