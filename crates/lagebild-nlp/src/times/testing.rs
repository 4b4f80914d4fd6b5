//! A parse without a parser: sentences end at full stops, words have no tags. For tests of what works on words alone.

use lagebild_core::{
    Block, Date, Dep, DocId, Document, Interner, Lang, Morph, Parsed, Part, Sentence, Span, Token, Upos,
};
use std::sync::Arc;

/// Parses `text` as a report of `published`.
pub(crate) fn parsed(text: &str, lang: Lang, published: Option<Date>) -> Parsed {
    let whole = Span::at(0, text.len());
    let doc = Document {
        id: DocId("test".into()),
        source: None,
        published,
        lang,
        title: None,
        text: text.into(),
        blocks: vec![Block {
            span: whole,
            part: Part::Body,
        }],
    };
    let (mut strings, mut tokens) = (Interner::default(), Vec::new());
    for word in super::atoms::atoms(text, whole) {
        let form = strings.intern(word.text);
        tokens.push(Token {
            span: Span::at(word.start, word.end()),
            form,
            lemma: form,
            pos: Upos::X,
            morph: Morph::default(),
            head: None,
            dep: Dep::Root,
        });
    }
    let (mut sentences, mut start, mut first) = (Vec::new(), 0, 0);
    let starts: Vec<usize> = text
        .match_indices(". ")
        .map(|(at, _)| at + 2)
        .chain([text.len()])
        .collect();
    for end in starts {
        // "24. Oktober" goes on; a sentence ends after a word.
        let ends = end == text.len() || !text[..end - 2].ends_with(|c: char| c.is_ascii_digit());
        if ends && end > start {
            let last = tokens
                .iter()
                .position(|t| t.span.start() >= end)
                .unwrap_or(tokens.len());
            let span = Span::at(start, start + text[start..end].trim_end().len());
            let range = u32::try_from(first).unwrap()..u32::try_from(last).unwrap();
            sentences.push(Sentence {
                span,
                tokens: range,
                part: Part::Body,
            });
            (start, first) = (end, last);
        }
    }
    Parsed {
        doc: Arc::new(doc),
        strings,
        sentences,
        tokens,
        times: Vec::new(),
        names: Vec::new(),
        quantities: Vec::new(),
    }
}
