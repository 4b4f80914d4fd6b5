//! Turns text and queries into the same search terms.
//!
//! SQLite's own tokenizers find neither *Beistandsvertrag* for *Vertrag* nor *Südkorea* for *Suedkorea*. Here one
//! analyser serves the index and the query: a word is **folded** (case, accents, *ä/ae/a*, *ß/ss* fall together), then
//! **stemmed** in the language of the report. Beside the running stems, a word gives further terms: the parts of a
//! German compound, the joined form of a hyphenated one, and, for a word with umlauts, a form that keeps them, so that
//! reports with the very spelling of the query rank first.

use lagebild_core::Lang;
use rust_stemmers::{Algorithm, Stemmer};
use std::ops::Range;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Version of the analysis; a store indexed by another one has to rebuild its full text.
pub(crate) const VERSION: u32 = 1;

/// Longer runs of letters are no words (encoded data, separator lines) and are not indexed. In bytes.
const LONGEST_WORD: usize = 120;

/// Splits compounds. The store knows no morphology; the program lends it one.
pub trait Compounds: Send + Sync {
    /// The parts of `word` as words of their own (*Beistandsvertrag* → *Beistand*, *Vertrag*); empty for a simple word.
    fn parts(&self, word: &str, lang: Lang) -> Vec<String>;
}

impl<F: Fn(&str, Lang) -> Vec<String> + Send + Sync> Compounds for F {
    fn parts(&self, word: &str, lang: Lang) -> Vec<String> {
        self(word, lang)
    }
}

/// Splits nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCompounds;

impl Compounds for NoCompounds {
    fn parts(&self, _: &str, _: Lang) -> Vec<String> {
        Vec::new()
    }
}

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Where it stands, in bytes.
    pub(crate) span: Range<usize>,
    /// Its folded form.
    pub(crate) folded: String,
    /// Whether a hyphen alone stands between it and the next word.
    pub(crate) hyphen: bool,
}

/// The one analyser of a store.
#[derive(Clone)]
pub(crate) struct Analyser {
    compounds: Arc<dyn Compounds>,
}

/// The terms of a text for the index, each string space-separated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// One stem a word, in text order, so that phrases can be found.
    pub(crate) body: String,
    /// Further terms: compound parts, joined hyphen words, spellings with umlauts.
    pub(crate) more: String,
}

impl Analyser {
    pub(crate) fn new(compounds: Arc<dyn Compounds>) -> Self {
        Self { compounds }
    }

    /// The index terms of `text`.
    pub(crate) fn terms(&self, text: &str, lang: Lang) -> Terms {
        let stemmer = Stems::new(lang);
        let words = words(text);
        let mut terms = Terms::default();
        for (i, word) in words.iter().enumerate() {
            push(&mut terms.body, &stemmer.stem(&word.folded));
            for term in self.more(text, &words, i, lang, &stemmer) {
                push(&mut terms.more, &term);
            }
        }
        terms
    }

    /// The further terms of word `i`.
    fn more(&self, text: &str, words: &[Word], i: usize, lang: Lang, stemmer: &Stems) -> Vec<String> {
        let word = &words[i];
        let surface = &text[word.span.clone()];
        let mut terms = Vec::new();
        for part in self.compounds.parts(surface, lang) {
            terms.extend(self::words(&part).iter().map(|w| stemmer.stem(&w.folded)));
        }
        terms.extend(marked(surface));
        if i == 0 || !words[i - 1].hyphen {
            terms.extend(joined(&words[i..]).map(|whole| stemmer.stem(&whole)));
        }
        terms
    }

    /// Whether word `i` answers a search for one of `terms` (as [`Stems::query_terms`] gives them).
    pub(crate) fn answers(
        &self,
        text: &str,
        words: &[Word],
        i: usize,
        lang: Lang,
        stems: &Stems,
        terms: &[Term],
    ) -> bool {
        // Stemming changes ends, never the first letter, and costs more than looking at it.
        let first = words[i].folded.chars().next();
        if terms.iter().any(|t| t.text().chars().next() == first) {
            let stem = stems.stem(&words[i].folded);
            if terms.iter().any(|t| t.matches(&stem)) {
                return true;
            }
        }
        // Compounds are split only where a part can be the term: a term is always found within the folded whole.
        terms
            .iter()
            .any(|t| words[i].folded.contains(t.text()) || words[i].hyphen)
            && self
                .more(text, words, i, lang, stems)
                .iter()
                .any(|own| terms.iter().any(|t| t.matches(own)))
    }
}

/// A search term.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Term {
    /// This very term.
    Whole(String),
    /// Any term that begins so.
    Prefix(String),
}

impl Term {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Whole(text) | Self::Prefix(text) => text,
        }
    }

    pub(crate) fn matches(&self, own: &str) -> bool {
        match self {
            Self::Whole(text) => own == text,
            Self::Prefix(text) => own.starts_with(text.as_str()),
        }
    }
}

/// The stemmer of a language.
pub(crate) struct Stems {
    lang: Lang,
    stemmer: Stemmer,
}

/// Names and words whose final *s* is their own.
const OWN_S: &[&str] = &[
    "andreas", "arkansas", "basis", "chaos", "davos", "hamas", "honduras", "kansas", "laos", "lukas", "nicolas",
    "paris", "praxis", "texas", "thomas",
];

/// Takes the genitive off a German name where Snowball leaves it: it knows *Putins*, not *Südkoreas, Trumps, Moskaus*.
fn without_genitive(folded: &str) -> &str {
    let Some(rest) = folded
        .strip_suffix('s')
        .filter(|r| r.len() >= 4 && !OWN_S.contains(&folded))
    else {
        return folded;
    };
    let genitive = rest.ends_with(['a', 'i', 'o', 'y', 'w', 'j', 'p', 'c', 'v']) && !rest.ends_with("ni");
    if genitive || rest.ends_with("au") || rest.ends_with("eu") {
        rest
    } else {
        folded
    }
}

impl Stems {
    pub(crate) fn new(lang: Lang) -> Self {
        let algorithm = match lang {
            Lang::De => Algorithm::German,
            Lang::En => Algorithm::English,
        };
        Self {
            lang,
            stemmer: Stemmer::create(algorithm),
        }
    }

    /// The stem of a folded word.
    pub(crate) fn stem(&self, folded: &str) -> String {
        let word = match self.lang {
            Lang::De => without_genitive(folded),
            Lang::En => folded,
        };
        self.stemmer.stem(word).into_owned()
    }
}

/// Appends a term to a space-separated list.
fn push(list: &mut String, term: &str) {
    if !list.is_empty() {
        list.push(' ');
    }
    list.push_str(term);
}

/// The words of `text`: runs of letters and digits.
///
/// Groups of thousands are one number (*3.000*, *3,000* → `3000`); an English genitive `'s` belongs to no word.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if !first.is_alphanumeric() {
            continue;
        }
        let mut end = start + first.len_utf8();
        while let Some(&(at, c)) = chars.peek() {
            if !c.is_alphanumeric() && !is_mark(c) {
                break;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        let piece = &text[start..end];
        let before = words.last().map(|w| &text[w.span.end..start]);
        if matches!(before, Some("'" | "’")) && piece.eq_ignore_ascii_case("s") || piece.len() > LONGEST_WORD {
            continue;
        }
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if let (Some(last), Some("." | "," | "\u{a0}" | "\u{202f}")) = (words.last_mut(), before)
            && piece.len() == 3
            && digits(piece)
            && digits(&last.folded)
            && (last.span.len() > last.folded.len() || last.folded.len() <= 3)
        {
            last.span.end = end;
            last.folded.push_str(piece);
            continue;
        }
        if let (Some(last), Some("-" | "‐" | "‑")) = (words.last_mut(), before) {
            last.hyphen = true;
        }
        // A few compatibility characters decompose into several words.
        let folded: String = fold(piece).chars().filter(|c| c.is_alphanumeric()).collect();
        if !folded.is_empty() {
            words.push(Word {
                span: start..end,
                folded,
                hyphen: false,
            });
        }
    }
    words
}

/// Combining accents, as in decomposed text.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Folds case, accents, umlauts and sharp s, so that *Südkorea*, *SÜDKOREA*, *Suedkorea* and *Sudkorea* fall together.
///
/// Other characters stay as they are.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|&c| !is_mark(c)).flat_map(char::to_lowercase) {
        let digraph = match c {
            'e' => true,
            'ß' => {
                folded.push_str("ss");
                continue;
            }
            'æ' => {
                folded.push('a');
                continue;
            }
            'œ' | 'ø' => {
                folded.push('o');
                continue;
            }
            'ł' => {
                folded.push('l');
                continue;
            }
            'đ' | 'ð' => {
                folded.push('d');
                continue;
            }
            'ı' => {
                folded.push('i');
                continue;
            }
            // Lower case of İ and the like may bring a mark of its own.
            c if is_mark(c) => continue,
            _ => false,
        };
        if !(digraph && ends_in_umlaut_base(&folded)) {
            folded.push(c);
        }
    }
    folded
}

/// Whether an *e* after this makes an umlaut: not after *qu*, nor where *u* ends a diphthong (*neue, Frauen, Steuer*).
fn ends_in_umlaut_base(text: &str) -> bool {
    let mut back = text.chars().rev();
    match back.next() {
        Some('a' | 'o') => true,
        Some('u') => !matches!(back.next(), Some('a' | 'e' | 'i' | 'o' | 'u' | 'q')),
        _ => false,
    }
}

/// The form of a word with umlauts that keeps them, marked so that it is never taken for a stem.
pub(crate) fn marked(surface: &str) -> Option<String> {
    let composed: String = surface.nfc().flat_map(char::to_lowercase).collect();
    composed
        .contains(['ä', 'ö', 'ü'])
        .then(|| format!("¨{}", composed.replace('ß', "ss")))
}

/// The hyphenated word at the start of `words` written as one, when there is one.
pub(crate) fn joined(words: &[Word]) -> Option<String> {
    let parts = words.iter().take_while(|w| w.hyphen).count();
    (parts > 0).then(|| words.iter().take(parts + 1).map(|w| w.folded.as_str()).collect())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Knows a handful of compounds.
    pub(crate) struct SomeCompounds;

    impl Compounds for SomeCompounds {
        fn parts(&self, word: &str, _: Lang) -> Vec<String> {
            let parts: &[&str] = match word {
                "Beistandsvertrag" | "Beistandsvertrages" => &["Beistand", "Vertrag"],
                "Waffenlieferungen" | "Waffenlieferung" => &["Waffe", "Lieferung"],
                _ => &[],
            };
            parts.iter().map(ToString::to_string).collect()
        }
    }

    #[test]
    fn spellings_fall_together() {
        for (a, b) in [
            ("Südkorea", "Suedkorea"),
            ("Südkorea", "SUDKOREA"),
            ("Su\u{308}dkorea", "südkorea"),
            ("Straße", "STRASSE"),
            ("Verstoß", "Verstoss"),
            ("Müller", "Mueller"),
            ("Selenskyj", "selenskyj"),
            ("Erdoğan", "Erdogan"),
            ("Łódź", "Lodz"),
            ("İstanbul", "Istanbul"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        for (a, b) in [("neue", "neu"), ("Quelle", "Qulle"), ("Steuer", "Steur")] {
            assert_ne!(fold(a), fold(b), "{a} {b}");
        }
    }

    #[test]
    fn compounds_and_hyphens_give_their_parts() {
        let analyser = Analyser::new(Arc::new(SomeCompounds));
        let terms = analyser.terms("Der Beistandsvertrag und UN-Resolutionen", Lang::De);
        assert_eq!(terms.body, "der beistandsvertrag und un resolution");
        assert_eq!(terms.more, "beistand vertrag unresolution");
        assert_eq!(analyser.terms("Südkoreas Verträge", Lang::De).body, "sudkorea vertrag");
        assert_eq!(
            analyser.terms("Trumps Kiews Moskaus Hamas Bündnis", Lang::De).body,
            "trump kiew moskau hamas bundnis"
        );
    }

    #[test]
    fn numbers_with_groups_are_one_word() {
        let folded = |text| words(text).into_iter().map(|w| w.folded).collect::<Vec<_>>();
        assert_eq!(
            folded("3.000 Soldaten, 1,234,567 dollars, 3.5 or 2024.100"),
            ["3000", "soldaten", "1234567", "dollars", "3", "5", "or", "2024", "100"]
        );
        assert_eq!(folded("Putin's visit"), ["putin", "visit"]);
    }

    proptest! {
        #[test]
        fn words_stand_where_they_say(text in "\\PC{0,80}") {
            let mut last = 0;
            for word in words(&text) {
                prop_assert!(word.span.start >= last && word.span.end <= text.len());
                prop_assert!(text.get(word.span.clone()).is_some());
                prop_assert!(!word.folded.contains(' '));
                last = word.span.end;
            }
        }
    }
}
