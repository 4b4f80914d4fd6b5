//! Sentences, words, morphology, dependency trees, times and amounts of German and English news.
//!
//! [`parse`] makes a [`Parsed`] of a [`Document`]: [`segment`] finds sentences and words, a model tags and parses them, [`morph`]
//! gives lemmas. [`Grade`] says which model: the small [`model::Model`] of a language (trained by the crate `lagebild-train`), or
//! the [`accurate::Transformer`] of both; they are compiled in. [`conllu`] exchanges trees with other tools, and
//! [`parse_pretokenised`] parses what others have tokenised.
//!
//! ```
//! use lagebild_core::{Block, Dep, DocId, Document, Lang, Part, Span, TokenIx};
//!
//! let text = "Die Ministerin prangerte den Angriff an.";
//! let parsed = lagebild_nlp::parse(std::sync::Arc::new(Document {
//!     id: DocId("example".into()),
//!     source: None,
//!     published: None,
//!     lang: Lang::De,
//!     title: None,
//!     text: text.into(),
//!     blocks: vec![Block { span: Span::at(0, text.len()), part: Part::Body }],
//! }));
//! assert_eq!(parsed.lemma(TokenIx(2)), "anprangern");
//! assert_eq!(parsed.token(TokenIx(1)).dep, Dep::Nsubj);
//! ```

pub mod accurate;
pub mod conllu;
mod kept;
pub mod model;
pub mod morph;
pub mod names;
pub mod parser;
pub mod quantities;
mod repair;
pub mod segment;
pub mod tagger;
pub mod times;

use accurate::Transformer;
use lagebild_core::{Dep, Document, Interner, Lang, Morph, Name, Parsed, Sentence, Sym, Token, TokenIx, Upos};
use model::{Model, Syntax};
use morph::Morphology;
use names::{Found, Names};
use std::collections::HashMap;
use std::sync::Arc;

/// Which model tags and parses. Sentences, words, lemmas, times and amounts are found in the same way for both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Grade {
    /// A small network a language, for bulk work.
    #[default]
    Fast,
    /// A transformer for both languages: fewer errors on subjects and objects, at a few hundredths of the speed.
    Accurate,
}

impl Grade {
    /// The name of its model of a language, for the record of what made a reading: `de-fast-0.1.0+5c1f09aa`.
    #[must_use]
    pub fn model(self, lang: Lang) -> String {
        match self {
            Self::Fast => Model::get(lang).version.clone(),
            Self::Accurate => Transformer::get().version(lang),
        }
    }

    /// Tags and parses tokenised sentences. Each result is a tree: every word reaches the one root.
    #[must_use]
    pub fn annotate<S: AsRef<str>>(self, lang: Lang, sentences: &[Vec<S>]) -> Vec<Vec<Syntax>> {
        match self {
            Self::Fast => Model::get(lang).annotate(sentences),
            Self::Accurate => Transformer::get().annotate(lang, sentences),
        }
    }

    /// Reads a document: sentences, words, tags, trees, lemmas, times, amounts. Names are found by [`with_names`].
    #[must_use]
    pub fn parse(self, doc: Arc<Document>) -> Parsed {
        let (mut strings, mut sentences, mut tokens) = (Interner::default(), Vec::new(), Vec::new());
        for sentence in segment::segment(&doc) {
            let first = tokens.len() as u32;
            for word in &sentence.words {
                let form = strings.intern(&word.form);
                tokens.push(Token {
                    span: word.span,
                    form,
                    lemma: form,
                    pos: Upos::X,
                    morph: Morph::default(),
                    head: None,
                    dep: Dep::Root,
                });
            }
            sentences.push(Sentence {
                span: sentence.span,
                tokens: first..tokens.len() as u32,
                part: sentence.part,
            });
        }
        let words = Parsed {
            doc,
            strings,
            sentences,
            tokens,
            names: Vec::new(),
            times: Vec::new(),
            quantities: Vec::new(),
        };
        self.parse_pretokenised(words)
    }

    /// Tags and parses anew, keeping sentences and words: what [`conllu::read`] gives for a file of another tokeniser.
    #[must_use]
    pub fn parse_pretokenised(self, mut parsed: Parsed) -> Parsed {
        let lang = parsed.doc.lang;
        // What stands before the colon of a headline is parsed by itself: "Japan: Regierung verurteilt Raketentest".
        let topics: Vec<usize> = parsed.sentences.iter().map(|s| topic_length(&parsed, s)).collect();
        let pieces = |(s, topic): (&Sentence, &usize)| {
            let tokens = &parsed.tokens[s.tokens.start as usize..s.tokens.end as usize];
            let forms: Vec<&str> = tokens.iter().map(|t| parsed.strings.resolve(t.form)).collect();
            let (topic, rest) = forms.split_at(*topic);
            [topic.to_vec(), rest.to_vec()]
        };
        let forms: Vec<Vec<&str>> = parsed.sentences.iter().zip(&topics).flat_map(pieces).collect();
        let mut syntax = self.annotate(lang, &forms).into_iter();
        for (sentence, topic) in parsed.sentences.iter().zip(topics) {
            let first = sentence.tokens.start as usize;
            let (before, after) = (syntax.next().unwrap_or_default(), syntax.next().unwrap_or_default());
            let root = after
                .iter()
                .position(|word| word.head == 0)
                .map(|root| first + topic + root);
            let words = before
                .into_iter()
                .map(|w| (w, first))
                .chain(after.into_iter().map(|w| (w, first + topic)));
            for (i, (token, (word, origin))) in parsed.tokens[first..].iter_mut().zip(words).enumerate() {
                token.pos = word.pos;
                token.morph = word.morph;
                token.head = word.head.checked_sub(1).map(|head| TokenIx::from(origin + head));
                token.dep = word.dep;
                if i < topic && token.head.is_none() {
                    token.head = root.map(TokenIx::from);
                    token.dep = Dep::Dislocated;
                }
            }
        }
        repair::trees(&mut parsed);
        lemmatise(&mut parsed);
        parsed.times = times::find(&parsed);
        repair::beside_times(&mut parsed);
        parsed.quantities = quantities::find(&parsed);
        parsed
    }
}

/// Finds the names of a document, for those who ask: the reading has its own, of tables and context, and does without. Both grades find
/// the same, by the network of the fast one.
#[must_use]
pub fn with_names(mut parsed: Parsed) -> Parsed {
    let lang = parsed.doc.lang;
    let words = |s: &Sentence| -> Vec<&str> {
        let tokens = &parsed.tokens[s.tokens.start as usize..s.tokens.end as usize];
        tokens.iter().map(|t| parsed.strings.resolve(t.form)).collect()
    };
    let sentences: Vec<Vec<&str>> = parsed.sentences.iter().map(words).collect();
    let found = Names::get(lang).find(Model::get(lang), &sentences);
    let mut names = Vec::new();
    for (sentence, found) in parsed.sentences.iter().zip(found) {
        let first = sentence.tokens.start;
        for Found { words, kind } in found {
            let tokens = first + words.start as u32..first + words.end as u32;
            let span = |t: u32| parsed.tokens[t as usize].span;
            names.push(Name {
                span: span(tokens.start).cover(span(tokens.end - 1)),
                tokens,
                kind,
            });
        }
    }
    parsed.names = names;
    parsed
}

/// Reads a document with the default grade.
#[must_use]
pub fn parse(doc: Arc<Document>) -> Parsed {
    Grade::default().parse(doc)
}

/// Tags and parses anew with the default grade, keeping sentences and words.
#[must_use]
pub fn parse_pretokenised(parsed: Parsed) -> Parsed {
    Grade::default().parse_pretokenised(parsed)
}

/// How many words head a headline or a turn of an interview, the colon counted in; 0 where none do.
fn topic_length(parsed: &Parsed, sentence: &Sentence) -> usize {
    let form = |i: u32| parsed.form(TokenIx(i));
    let range = sentence.tokens.clone();
    let ends_like_a_sentence = range
        .clone()
        .next_back()
        .is_some_and(|last| form(last).ends_with(['.', '!', '?', '“', '”', '"', ':']));
    let colon = range.clone().take(LONGEST_TOPIC + 1).position(|i| form(i) == ":");
    let named = |i: u32| form(i).chars().next().is_some_and(char::is_uppercase);
    // In a whole sentence only names stand there: "Olaf Scholz: Das haben wir geprüft."
    let label = |colon: usize| match ends_like_a_sentence {
        true => range.clone().take(colon).all(named),
        false => named(range.start),
    };
    match colon {
        Some(colon) if colon > 0 && colon + LEAST_REST < range.len() && label(colon) => colon + 1,
        _ => 0,
    }
}

/// Words that may stand before the colon of a headline.
const LONGEST_TOPIC: usize = 4;

/// Words that must follow it.
const LEAST_REST: usize = 3;

/// Gives each word its lemma; a separable verb gets its prefix back (`prangerte … an` → `anprangern`).
fn lemmatise(parsed: &mut Parsed) {
    let morphology = Morphology::get(parsed.doc.lang);
    let mut known: HashMap<(Sym, Upos, Morph), Sym> = HashMap::new();
    for token in &mut parsed.tokens {
        let key = (token.form, token.pos, token.morph);
        token.lemma = *known.entry(key).or_insert_with(|| {
            let form = parsed.strings.resolve(token.form);
            let lemma = morphology.lemma(form, token.pos, token.morph);
            // The dictionary knows some nouns in the old spelling only: "Schüsse" is of "Schuss".
            let lemma = if token.pos == Upos::Noun && form.contains("ss") && !form.contains('ß') {
                lemma.replace('ß', "ss")
            } else {
                lemma.to_string()
            };
            parsed.strings.intern(&lemma)
        });
    }
    if parsed.doc.lang != Lang::De {
        return;
    }
    repair::separated_prefixes(parsed, morphology);
    for i in 0..parsed.tokens.len() {
        let Token {
            form,
            dep: Dep::CompoundPrt,
            head: Some(head),
            ..
        } = parsed.tokens[i]
        else {
            continue;
        };
        let verb = parsed.tokens[head.ix()].lemma;
        if let Some(joined) = morphology.join_prefix(parsed.strings.resolve(form), parsed.strings.resolve(verb)) {
            parsed.tokens[head.ix()].lemma = parsed.strings.intern(&joined);
        }
    }
    repair::perfects_read_as_passives(parsed);
}
