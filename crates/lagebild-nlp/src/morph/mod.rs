//! Morphology: what a word form can be, out of a compiled full-form lexicon and rules for words that it lacks.
//!
//! German rests on the Morphy lexicon of LanguageTool (550,000 forms), English on the forms of two treebanks and a
//! list of inflected forms; `data/lang/README.md` names sources and licences, `cargo run -p xtask -- morphology DIR`
//! compiles both. Unknown words are read as compounds of known ones (`Waffen|lieferungen`), as verbs with a prefix, or
//! by their ending.

mod compound;
mod english;
mod german;
mod lexicon;
mod reading;
#[cfg(test)]
mod tests;

pub(crate) use compound::lines;
pub use lexicon::{Builder, Entry, Lexicon, LexiconError, frequency_class};
pub use reading::{Mask, NameKind, Reading};

use crate::kept::Kept;
use lagebild_core::{Lang, Morph, Upos};
use std::sync::{Arc, LazyLock};

/// How an analysis came about, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// The lexicon has the form as it is spelled.
    Lexicon,
    /// The lexicon has it in lower case, or in the case of a noun where the text has capitals throughout.
    OtherCase,
    /// Its last part is known: a compound, or a verb with a prefix.
    Compound,
    /// Only its shape speaks.
    Shape,
}

/// One thing that a word form can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// Its lemma.
    pub lemma: Arc<str>,
    /// Part of speech.
    pub pos: Upos,
    /// Features.
    pub morph: Morph,
    /// What it names, if it is a name that the lexicon knows.
    pub name: Option<NameKind>,
    /// How sure this is.
    pub source: Source,
}

impl Analysis {
    fn new(lemma: &Arc<str>, reading: Reading, source: Source) -> Self {
        Self {
            lemma: Arc::clone(lemma),
            pos: reading.pos(),
            morph: reading.morph(),
            name: reading.name(),
            source,
        }
    }
}

/// What a word form can be, coarsened for a tagger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readings {
    /// Readings of the form as spelled, or guessed if the lexicon has it in no spelling.
    pub mask: Mask,
    /// Readings of the form in lower case, if it is capitalised; for sentence starts and headlines.
    pub lower: Mask,
    /// Where they come from.
    pub source: Source,
}

/// The morphology of one language.
pub struct Morphology {
    lang: Lang,
    lexicon: Lexicon,
    analyses: Kept<Arc<[Analysis]>>,
    compounds: Kept<Option<Arc<[String]>>>,
}

/// Words whose analyses, and whose parts, are kept.
const KEPT: usize = 1 << 14;

/// The parts of a compound noun as words of their own, for a full text (*Beistandsvertrag* → *Beistand*, *Vertrag*);
/// nothing for other words.
#[must_use]
pub fn compound_parts(word: &str, lang: Lang) -> Vec<String> {
    // Only nouns are split, and German writes them with a capital; short ones have no parts worth finding.
    let noun = lang == Lang::De && word.len() >= 8 && word.chars().next().is_some_and(char::is_uppercase);
    if noun {
        let parts = Morphology::get(lang).split_compound(word);
        parts.map_or_else(Vec::new, |parts| parts.to_vec())
    } else {
        Vec::new()
    }
}

/// Opens one of the lexicons that are compiled in.
fn built_in(lang: Lang, bytes: &'static [u8]) -> Morphology {
    // The files are part of the program and opened by its tests.
    let lexicon = Lexicon::open(bytes).unwrap_or_else(|e| panic!("built-in {} lexicon: {e}", lang.code()));
    Morphology {
        lang,
        lexicon,
        analyses: Kept::new(KEPT),
        compounds: Kept::new(KEPT),
    }
}

static GERMAN: LazyLock<Morphology> =
    LazyLock::new(|| built_in(Lang::De, include_bytes!("../../../../data/lang/de/morphology.lex")));
static ENGLISH: LazyLock<Morphology> =
    LazyLock::new(|| built_in(Lang::En, include_bytes!("../../../../data/lang/en/morphology.lex")));

impl Morphology {
    /// The built-in morphology of a language; opened once, in a few milliseconds.
    #[must_use]
    pub fn get(lang: Lang) -> &'static Self {
        match lang {
            Lang::De => &GERMAN,
            Lang::En => &ENGLISH,
        }
    }

    /// The lexicon entry of `form`, spelled exactly so.
    #[must_use]
    pub fn lookup<'a>(&'a self, form: &'a str) -> Option<Entry<'a>> {
        self.lexicon.get(form)
    }

    /// Everything that `form` can be, the surest first; never empty for a word with letters.
    ///
    /// A capitalised form is also read in lower case, since it may begin a sentence; these analyses follow those of
    /// the form as spelled and are marked [`Source::OtherCase`].
    #[must_use]
    pub fn analyses(&self, form: &str) -> Arc<[Analysis]> {
        self.analyses.get(form, || self.analysed(form).into())
    }

    fn analysed(&self, form: &str) -> Vec<Analysis> {
        let mut found = Vec::new();
        self.collect(form, Source::Lexicon, &mut found);
        if let Some(lower) = lowered(form) {
            self.collect(&lower, Source::OtherCase, &mut found);
        }
        if let Some(title) = title_of_capitals(form) {
            self.collect(&title, Source::OtherCase, &mut found);
        }
        if found.is_empty() {
            self.guess(form, &mut found);
        }
        found
    }

    /// The coarse readings of `form`: at most three walks through the lexicon for a known word, no allocation if it is
    /// in lower case.
    #[must_use]
    pub fn readings(&self, form: &str) -> Readings {
        let exact = self.lexicon.get(form).map(Entry::mask);
        let lower = lowered(form)
            .and_then(|lower| self.lexicon.get(&lower).map(Entry::mask))
            .unwrap_or_default();
        if let Some(mask) = exact {
            return Readings {
                mask,
                lower,
                source: Source::Lexicon,
            };
        }
        if let Some(mask) = title_of_capitals(form).and_then(|title| self.lexicon.get(&title).map(Entry::mask)) {
            return Readings {
                mask,
                lower,
                source: Source::OtherCase,
            };
        }
        if !lower.is_empty() {
            return Readings {
                mask: Mask::default(),
                lower,
                source: Source::OtherCase,
            };
        }
        let mut guesses = Vec::new();
        self.guess(form, &mut guesses);
        let mask = guesses
            .iter()
            .fold(Mask::default(), |all, a| all | Mask::of(Reading::new(a.pos, a.morph)));
        Readings {
            mask,
            lower,
            source: guesses.first().map_or(Source::Shape, |a| a.source),
        }
    }

    /// The lemma of `form`, once its part of speech and features are known.
    ///
    /// German follows UD German-GSD: nouns capitalised, adjectives without ending and in the positive, participles used
    /// as adjectives without ending, verbs in the infinitive with their prefix as far as it is written in the form,
    /// names without genitive *-s*, pronouns in the masculine nominative singular (`der`, `er`, `mein`).
    #[must_use]
    pub fn lemma(&self, form: &str, pos: Upos, morph: Morph) -> String {
        match self.lang {
            Lang::De => german::lemma(self, form, pos, morph),
            Lang::En => english::lemma(self, form, pos, morph),
        }
    }

    fn guess(&self, form: &str, found: &mut Vec<Analysis>) {
        match self.lang {
            Lang::De => german::guess(self, form, found),
            Lang::En => english::guess(form, found),
        }
    }

    fn collect(&self, form: &str, source: Source, found: &mut Vec<Analysis>) {
        for (lemma, readings) in self.lexicon.get(form).into_iter().flat_map(Entry::lemmas) {
            let lemma: Arc<str> = lemma.into();
            found.extend(readings.iter().map(|&r| Analysis::new(&lemma, r, source)));
        }
    }

    /// The lemma of the entry of `form` that agrees best with part of speech and features, and how well it does. A lemma that nobody
    /// writes gives way to one that is written: *Abkommen* is no plural of *Abkomme*.
    fn best_lemma(&self, form: &str, wanted: impl Fn(Upos) -> bool, morph: Morph) -> Option<(u32, String)> {
        let mut best: Option<((bool, u32), String)> = None;
        for (lemma, readings) in self.lexicon.get(form)?.lemmas() {
            let fit = readings
                .iter()
                .filter(|r| wanted(r.pos()))
                .map(|r| agreement(r.morph(), morph))
                .max();
            let Some(fit) = fit else { continue };
            let written = self.lexicon.get(&lemma).is_some_and(|e| e.frequency() > 0);
            if best.as_ref().is_none_or(|(known, _)| (written, fit) > *known) {
                best = Some(((written, fit), lemma));
            }
        }
        best.map(|((_, fit), lemma)| (fit, lemma))
    }
}

/// How many features two bundles share, those that decide between lemmas counting most; a clash counts as none.
fn agreement(a: Morph, b: Morph) -> u32 {
    fn same<T: PartialEq>(a: Option<T>, b: Option<T>) -> u32 {
        u32::from(a.is_some() && a == b)
    }
    8 * same(a.form, b.form)
        + 4 * same(a.number, b.number)
        + 4 * same(a.gender, b.gender)
        + 4 * same(a.degree, b.degree)
        + 4 * same(a.tense, b.tense)
        + 2 * same(a.mood, b.mood)
        + 2 * same(a.person, b.person)
        + 2 * same(a.case, b.case)
}

/// `form` in lower case, if it begins with a capital letter.
fn lowered(form: &str) -> Option<String> {
    form.chars()
        .next()
        .filter(|c| c.is_uppercase())
        .map(|_| form.to_lowercase())
}

/// `form` with only its first letter a capital, if it is written in capitals throughout.
fn title_of_capitals(form: &str) -> Option<String> {
    let mut capitals = 0;
    for c in form.chars() {
        if c.is_lowercase() {
            return None;
        }
        capitals += u32::from(c.is_uppercase());
    }
    // Short ones are abbreviations: "US" is no form of "U".
    (capitals > 4).then(|| capitalised(&form.to_lowercase()))
}

/// `word` with its first letter a capital.
pub(crate) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
