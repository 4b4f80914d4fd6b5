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
use lagebild_core::{
    Dep, Document, Interner, Lang, Morph, Name, Parsed, Sentence, Sym, Token, TokenIx, Upos, VerbForm,
};
use model::{Model, Syntax};
use morph::{Analysis, Morphology};
use names::{Found, Names};
use std::collections::HashMap;
use std::ops::Range;
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
        // What stands before the colon of a headline, and asides between dashes, are parsed by themselves: "Japan: Regierung verurteilt
        // Raketentest".
        let pieces: Vec<Vec<Piece>> = parsed.sentences.iter().map(|s| Piece::of(&parsed, s)).collect();
        let forms = |(sentence, pieces): (&Sentence, &Vec<Piece>)| {
            let first = sentence.tokens.start;
            let form = |i: &usize| parsed.strings.resolve(parsed.tokens[first as usize + i].form);
            let words = |piece: &Piece| piece.words.iter().map(form).collect();
            pieces.iter().map(words).collect::<Vec<Vec<&str>>>()
        };
        let forms: Vec<Vec<&str>> = parsed.sentences.iter().zip(&pieces).flat_map(forms).collect();
        let mut syntax = self.annotate(lang, &forms).into_iter();
        for (sentence, pieces) in parsed.sentences.iter().zip(pieces) {
            let words = &mut parsed.tokens[sentence.tokens.start as usize..sentence.tokens.end as usize];
            for piece in &pieces {
                piece.write(words, sentence.tokens.start, syntax.next().unwrap_or_default());
            }
            Piece::join(words, sentence.tokens.start, &pieces);
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

/// Words of a sentence that are parsed by themselves, as places in it.
struct Piece {
    kind: PieceKind,
    words: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PieceKind {
    /// The clause that the others belong to.
    Clause,
    /// What stands before the colon.
    Topic,
    /// What stands between two dashes or the parts of a quotation, with the marks around it.
    Aside,
}

impl Piece {
    /// The pieces of a sentence, its clause last.
    fn of(parsed: &Parsed, sentence: &Sentence) -> Vec<Self> {
        let topic = topic_length(parsed, sentence);
        let mut pieces = Vec::new();
        if topic > 0 {
            pieces.push(Self {
                kind: PieceKind::Topic,
                words: (0..topic).collect(),
            });
        }
        let asides = asides(parsed, sentence, topic);
        let inside = |i: &usize| asides.iter().any(|aside| aside.contains(i));
        let clause = (topic..sentence.tokens.len()).filter(|i| !inside(i)).collect();
        pieces.extend(asides.iter().map(|aside| Self {
            kind: PieceKind::Aside,
            words: aside.clone().collect(),
        }));
        pieces.push(Self {
            kind: PieceKind::Clause,
            words: clause,
        });
        pieces
    }

    /// Writes the tree of the piece.
    fn write(&self, words: &mut [Token], first: u32, syntax: Vec<Syntax>) {
        let at = |i: usize| TokenIx(first + self.words[i] as u32);
        for (&word, syntax) in self.words.iter().zip(syntax) {
            let token = &mut words[word];
            token.pos = syntax.pos;
            token.morph = syntax.morph;
            token.head = syntax.head.checked_sub(1).map(at);
            token.dep = syntax.dep;
        }
    }

    /// Hangs all pieces on the clause.
    fn join(words: &mut [Token], first: u32, pieces: &[Self]) {
        let root = |piece: &Self| piece.words.iter().copied().find(|&i| words[i].head.is_none());
        let at = |i: usize| Some(TokenIx(first + i as u32));
        let clause = pieces.iter().find(|p| p.kind == PieceKind::Clause).and_then(root);
        let mut hung = Vec::new();
        for piece in pieces.iter().filter(|p| p.kind != PieceKind::Clause) {
            let Some(own) = root(piece) else { continue };
            let nominal = |i: usize| matches!(words[i].pos, Upos::Noun | Upos::Propn);
            let case = |i: &usize| words[*i].dep == Dep::Case && words[*i].head == at(own);
            let before = piece.words[0].checked_sub(1);
            hung.push(match piece.kind {
                PieceKind::Topic | PieceKind::Clause => (own, clause, Dep::Dislocated),
                // "hat – zum dritten Mal – Kiew angegriffen", "Putin – der Kremlchef – kam"
                PieceKind::Aside if nominal(own) && piece.words.iter().any(case) => (own, clause, Dep::Obl),
                PieceKind::Aside if nominal(own) && before.is_some_and(nominal) => (own, before, Dep::Appos),
                PieceKind::Aside => (own, clause, Dep::Parataxis),
            });
        }
        for (word, head, dep) in hung {
            if let Some(head) = head.filter(|h| *h != word) {
                (words[word].head, words[word].dep) = (at(head), dep);
            }
        }
    }
}

/// Who says it, between the two parts of a quotation, with the commas around: *„Drei Flugzeuge“**, sagte der Minister,** „sind eingedrungen.“*
fn inserted_saying(parsed: &Parsed, sentence: &Sentence, from: usize) -> Option<Range<usize>> {
    let end = sentence.tokens.len();
    let form = |i: usize| (i < end).then(|| parsed.form(TokenIx(sentence.tokens.start + i as u32)));
    let is_mark = |i: usize| form(i).is_some_and(is_quotation_mark);
    if !is_mark(from) {
        return None;
    }
    let closed = (from + 1..end).find(|&i| is_mark(i))?;
    let opened = (closed + 1..end).find(|&i| is_mark(i))?;
    // The comma stands before the mark in English.
    let before = form(closed + 1) == Some(",") || form(closed - 1) == Some(",");
    let saying = closed + 1..opened;
    let fits = before && form(opened - 1) == Some(",") && (LEAST_ASIDE..=LONGEST_ASIDE).contains(&saying.len());
    (fits && opened + LEAST_REST <= end).then_some(saying)
}

/// What stands between two commas behind a German finite verb and opens like no clause that belongs there: *Armenien hat**, so der Minister,** zwei Soldaten
/// freigelassen*.
fn comma_aside(parsed: &Parsed, sentence: &Sentence, from: usize) -> Option<Range<usize>> {
    if parsed.doc.lang != Lang::De {
        return None;
    }
    let end = sentence.tokens.len();
    let form = |i: usize| (i < end).then(|| parsed.form(TokenIx(sentence.tokens.start + i as u32)));
    let opens = |i: usize| {
        matches!(
            (form(i + 1), form(i + 2)),
            (Some("so"), Some(_))
                | (Some("anders"), Some("als"))
                | (Some("wenn"), Some("auch"))
                | (Some("wie"), Some("schon" | "bereits"))
        )
    };
    let morphology = Morphology::get(Lang::De);
    // "…, so die Ankläger, …" behind a whole clause is no aside in it.
    let finite = |i: usize| {
        let saying = form(i + 2) == Some("so");
        let fits =
            |a: &Analysis| a.pos == Upos::Aux || a.pos == Upos::Verb && a.morph.form == Some(VerbForm::Fin) && !saying;
        form(i).is_some_and(|f| morphology.analyses(f).iter().any(fits))
    };
    let open = (from + 1..end).find(|&i| form(i) == Some(",") && finite(i - 1) && opens(i))?;
    let close = (open + 1..end).find(|&i| form(i) == Some(","))?;
    let inside = close - open - 1;
    // "…, so dass er zurücktrat": a clause that ends the sentence is none.
    let conjunction = form(open + 2) == Some("dass");
    let fits = !conjunction && (LEAST_ASIDE..=LONGEST_ASIDE).contains(&inside) && close + LEAST_REST <= end;
    fits.then_some(open..close + 1)
}

/// The asides of a sentence that stand between two dashes, with these, or in a quotation. One of three or more dashes may be of any two.
fn asides(parsed: &Parsed, sentence: &Sentence, from: usize) -> Vec<Range<usize>> {
    let form = |i: usize| parsed.form(TokenIx(sentence.tokens.start + i as u32));
    if let Some(aside) = inserted_saying(parsed, sentence, from).or_else(|| comma_aside(parsed, sentence, from)) {
        return vec![aside];
    }
    let dashes: Vec<usize> = (from..sentence.tokens.len())
        .filter(|&i| matches!(form(i), "–" | "—"))
        .collect();
    match dashes.as_slice() {
        &[open, close] => {
            let inside = close - open - 1;
            let around = open > from && close + LEAST_REST <= sentence.tokens.len();
            // "Moskau – Berlin – Paris"
            let fits = around && (LEAST_ASIDE..=LONGEST_ASIDE).contains(&inside);
            // Quotation marks that open or close inside belong to the clause.
            let quoted = (open + 1..close).filter(|&i| is_quotation_mark(form(i))).count() % 2 == 1;
            Some(open..close + 1).filter(|_| fits && !quoted).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn is_quotation_mark(form: &str) -> bool {
    matches!(form, "„" | "“" | "”" | "\"" | "»" | "«")
}

/// Words that an aside may have.
const LEAST_ASIDE: usize = 2;
const LONGEST_ASIDE: usize = 20;

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

/// An English verb without the ending of the third person that it may bear.
fn third_person_stem(form: &str) -> &str {
    let sibilant = ["sses", "shes", "ches", "xes", "zzes"]
        .iter()
        .any(|end| form.ends_with(end));
    match form.strip_suffix(if sibilant { "es" } else { "s" }) {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem,
        _ => form,
    }
}

/// Gives each word its lemma; a separable verb gets its prefix back (`prangerte … an` → `anprangern`).
fn lemmatise(parsed: &mut Parsed) {
    let morphology = Morphology::get(parsed.doc.lang);
    let mut known: HashMap<(Sym, Upos, Morph), Sym> = HashMap::new();
    for token in &mut parsed.tokens {
        let key = (token.form, token.pos, token.morph);
        token.lemma = *known.entry(key).or_insert_with(|| {
            let form = parsed.strings.resolve(token.form);
            let lemma = morphology.lemma(form, token.pos, token.morph);
            // "Court sentences opposition leader": the dictionary has some verbs as nouns only.
            let lemma = match parsed.doc.lang {
                Lang::En if token.pos == Upos::Verb && *lemma == *form => third_person_stem(form).into(),
                _ => lemma,
            };
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
