//! Sentences and words.
//!
//! A block is cut into pieces (module `scan`), the pieces into sentences, and the pieces of a sentence into syntactic words
//! as the treebanks of the language have them: German after UD German-GSD with two differences, made because the engine
//! looks compounds and numbers up as one word: hyphens do not split (`US-Präsident`), nor do the points of numbers.
//! English follows UD English-EWT, where hyphens split unless a prefix stands before them.

mod scan;
pub(crate) mod spelling;
#[cfg(test)]
mod tests;
mod words;

use lagebild_core::{Document, Lang, Part, Span};
use scan::{Kind, Piece};
use words::{Abbreviation, Words};

/// A sentence, not yet parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawSentence {
    /// Where it stands, without outer white space.
    pub span: Span,
    /// The role of its block.
    pub part: Part,
    /// Its words, at least one.
    pub words: Vec<RawWord>,
}

/// A syntactic word, not yet tagged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawWord {
    /// Where it stands. The second word of a German contraction has the empty span at its end ([`lagebild_core::Token`]).
    pub span: Span,
    /// The word as other texts spell it (module `spelling`), mostly the text of the span; or the word in a contraction.
    pub form: String,
}

/// The sentences of a document, in text order. They lie within its blocks; text outside blocks is not read.
#[must_use]
pub fn segment(doc: &Document) -> Vec<RawSentence> {
    let mut sentences = Vec::new();
    for block in &doc.blocks {
        let mut offset = block.span.start();
        // An empty line ends a sentence whatever stands before it.
        for paragraph in paragraphs(doc.slice(block.span)) {
            let pieces = scan::pieces(paragraph, doc.lang);
            let paragraph = Paragraph {
                text: paragraph,
                offset,
                pieces: &pieces,
                words: Words::of(doc.lang),
                lang: doc.lang,
                part: block.part,
            };
            let mut start = 0;
            while start < pieces.len() {
                let end = paragraph.end_of_sentence(start);
                sentences.push(paragraph.sentence(start, end));
                start = end.last + 1;
            }
            offset += paragraph.text.len();
        }
    }
    spelling::settle(&mut sentences, doc);
    sentences
}

/// The parts of `text` after each empty line, and between the marks of a news ticker; together they are `text`.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        (!rest.is_empty()).then_some(())?;
        let mut at = 0;
        for line in rest.split_inclusive('\n') {
            if let Some(mark) = line.find(scan::TICKER) {
                at += mark + scan::TICKER.len();
                break;
            }
            at += line.len();
            if line.trim().is_empty() {
                break;
            }
        }
        let (paragraph, after) = rest.split_at(at);
        rest = after;
        Some(paragraph)
    })
}

/// Where a sentence ends.
#[derive(Clone, Copy)]
struct End {
    /// Its last piece.
    last: usize,
    /// The piece whose full stop is the end of the sentence, and no part of the number or letter before it.
    parted: Option<usize>,
}

/// A block, or a part of it between empty lines, that was cut into pieces.
struct Paragraph<'a> {
    text: &'a str,
    /// Where it begins in the document.
    offset: usize,
    pieces: &'a [Piece],
    words: &'static Words,
    lang: Lang,
    part: Part,
}

impl Paragraph<'_> {
    fn text_of(&self, i: usize) -> &str {
        self.pieces.get(i).map_or("", |piece| piece.text(self.text))
    }

    fn kind(&self, i: usize) -> Option<Kind> {
        self.pieces.get(i).map(|piece| piece.kind)
    }

    /// The text between piece `i` and the next.
    fn gap_after(&self, i: usize) -> &str {
        let end = self.pieces.get(i + 1).map_or(self.text.len(), |next| next.start);
        &self.text[self.pieces[i].end..end]
    }

    /// The end of the sentence that begins with piece `start`.
    fn end_of_sentence(&self, start: usize) -> End {
        (start..self.pieces.len())
            .find_map(|i| self.end_at(start, i))
            .unwrap_or(End {
                last: self.pieces.len() - 1,
                parted: None,
            })
    }

    /// The end of the sentence, if piece `i` (with the quotation marks and brackets that close after it) ends it.
    fn end_at(&self, start: usize, i: usize) -> Option<End> {
        let kind = self.pieces[i].kind;
        let mut last = i;
        if !matches!(kind, Kind::Word | Kind::Mark | Kind::Opening | Kind::Closing) {
            while self.kind(last + 1) == Some(Kind::Closing) && !self.gap_after(last).contains('\n') {
                last += 1;
            }
            if kind == Kind::Stop && self.is_reference(last) {
                last += 3;
            }
        }
        let is_parted = matches!(kind, Kind::Ordinal | Kind::Initial) && i > start;
        let end = End {
            last,
            parted: is_parted.then_some(i),
        };
        if last + 1 == self.pieces.len() {
            return Some(end);
        }
        let gap = self.gap_after(last);
        if gap.contains('\n') && self.is_bullet(last + 1) {
            return Some(end);
        }
        let ends = match kind {
            Kind::Stop => self.stop_ends(start, i, last),
            Kind::Abbreviated(Abbreviation::Never) => false,
            Kind::Abbreviated(Abbreviation::Number | Abbreviation::Maybe) => self.begins_sentence(last + 1),
            // A number at the start of a sentence counts a list.
            Kind::Ordinal => i > start && (self.begins_sentence(last + 1) || self.is_cardinal(start, i)),
            Kind::Initial => i > start && self.begins_sentence(last + 1),
            Kind::Mark => self.text_of(i) == ":" && gap.contains('\n'),
            Kind::Word | Kind::Opening | Kind::Closing => false,
        };
        ends.then_some(end)
    }

    /// Whether a reference such as "[6]" is glued to piece `i`.
    fn is_reference(&self, i: usize) -> bool {
        self.text_of(i + 1) == "["
            && self.text_of(i + 3) == "]"
            && self.text_of(i + 2).bytes().all(|b| b.is_ascii_digit())
            && (i..i + 3).all(|i| self.gap_after(i).is_empty())
    }

    /// Whether the German number `i` counts or names what stands before it ("Platz 19.") rather than what follows: it
    /// comes after a noun, and no month follows.
    fn is_cardinal(&self, start: usize, i: usize) -> bool {
        let is_capitalised = |i: usize| self.text_of(i).starts_with(char::is_uppercase);
        self.text_of(i).starts_with(char::is_numeric)
            && i > start + 1
            && self.kind(i - 1) == Some(Kind::Word)
            && is_capitalised(i - 1)
            && is_capitalised(i + 1)
            && !self.words.is_month(self.text_of(i + 1))
    }

    /// Whether the quotation that ends with stop `i` is but a name or a shout inside a sentence: `der Ruf „Freiheit!“`.
    fn is_short_quotation(&self, start: usize, i: usize) -> bool {
        let opening = (start + 1..i)
            .rev()
            .take(4)
            .find(|&k| self.kind(k) == Some(Kind::Opening));
        opening.is_some_and(|k| self.kind(k - 1) == Some(Kind::Word))
    }

    /// Whether piece `i`, the first of its line, begins an item of a list.
    fn is_bullet(&self, i: usize) -> bool {
        let mark = self.text_of(i);
        // A dash may as well have come to stand there where the line was broken.
        let in_list = || self.text_of(0) == mark || matches!(self.kind(i - 1), Some(Kind::Stop | Kind::Mark));
        !self.gap_after(i).is_empty()
            && (matches!(mark, "•" | "·" | "▪" | "‣" | "◦" | "*") || matches!(mark, "-" | "–" | "—") && in_list())
    }

    /// The first piece from `i` on that opens nothing.
    fn content(&self, i: usize) -> usize {
        (i..).find(|&i| self.kind(i) != Some(Kind::Opening)).unwrap_or(i)
    }

    /// Whether piece `i`, but for quotation marks before it, is a word that begins a sentence after what need be no end.
    fn begins_sentence(&self, i: usize) -> bool {
        self.words.starts_sentence(self.text_of(self.content(i)))
    }

    /// Whether the stop `i`, closed at `last`, ends the sentence.
    fn stop_ends(&self, start: usize, i: usize, last: usize) -> bool {
        let (stop, next) = (self.text_of(i), last + 1);
        let first = |i: usize| {
            self.text_of(i)
                .trim_start_matches(scan::is_invisible)
                .chars()
                .next()
                .unwrap_or(' ')
        };
        let mut content = self.content(next);
        if matches!(first(next), '–' | '—' | '-') {
            content = self.content(next + 1);
        } else if matches!(self.kind(next), Some(Kind::Mark | Kind::Stop | Kind::Closing)) && !first(next).is_numeric()
        {
            // A mark that goes on: ", sagte er". A symbol or bullet begins.
            return !",;:.!?…)]}/".contains(first(next)) && self.kind(next) == Some(Kind::Mark);
        }
        let is_remark = i > 0 && self.kind(i - 1) == Some(Kind::Opening) && last > i && stop != ".";
        if first(content).is_lowercase() || is_remark {
            return false;
        }
        if stop.starts_with('…') || stop.starts_with("..") {
            return self.lang == Lang::En || last > i || self.begins_sentence(content);
        }
        if last > i && stop != "." {
            let is_told = self.lang == Lang::En && self.is_told(content);
            return !is_told && (!self.is_short_quotation(start, i) || self.begins_sentence(content));
        }
        true
    }

    /// Whether somebody is said to say something in the few words from piece `i` on: `Putin asked`.
    fn is_told(&self, i: usize) -> bool {
        (i..i + 5)
            .take_while(|&i| self.kind(i) == Some(Kind::Word))
            .any(|i| self.words.is_speech_verb(self.text_of(i)))
    }

    fn sentence(&self, start: usize, end: End) -> RawSentence {
        let mut words = Vec::with_capacity(end.last - start + 2);
        for (i, piece) in self.pieces.iter().enumerate().take(end.last + 1).skip(start) {
            if end.parted == Some(i) {
                words.push(self.word(piece.start, piece.end - 1));
                words.push(self.word(piece.end - 1, piece.end));
            } else {
                self.push_words(*piece, &mut words);
            }
        }
        let span = Span::at(
            self.offset + self.pieces[start].start,
            self.offset + self.pieces[end.last].end,
        );
        RawSentence {
            span,
            part: self.part,
            words,
        }
    }

    fn word(&self, start: usize, end: usize) -> RawWord {
        RawWord {
            span: Span::at(self.offset + start, self.offset + end),
            form: spelling::form(&self.text[start..end]),
        }
    }

    /// Pushes the word of a piece, or the two words of a contraction.
    fn push_words(&self, piece: Piece, words: &mut Vec<RawWord>) {
        let whole = self.word(piece.start, piece.end);
        let Some((first, second)) = self.words.contraction(&whole.form).filter(|_| piece.kind == Kind::Word) else {
            words.push(whole);
            return;
        };
        match self.lang {
            Lang::De => {
                let end = whole.span.end();
                words.push(RawWord {
                    span: whole.span,
                    form: first,
                });
                words.push(RawWord {
                    span: Span::at(end, end),
                    form: second,
                });
            }
            // The two words stand side by side in the text.
            Lang::En => {
                let at = piece.start + first.len();
                if self.text.is_char_boundary(at) && at < piece.end {
                    words.push(self.word(piece.start, at));
                    words.push(self.word(at, piece.end));
                } else {
                    words.push(whole);
                }
            }
        }
    }
}
