//! The word lists that segmentation rests on, one set for each language.

use lagebild_core::Lang;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What may follow an abbreviation that ends in a full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// A word that belongs to it (`Dr. Merkel`): it never ends a sentence.
    Never,
    /// A number (`Nr. 5`); before anything else it ends a sentence if that begins one.
    Number,
    /// Anything: it may end a sentence (`usw.`, `Inc.`).
    Maybe,
}

/// The lists of one language.
pub(super) struct Words {
    abbreviations: HashMap<&'static str, Abbreviation>,
    contractions: HashMap<&'static str, (&'static str, &'static str)>,
    starters: HashSet<&'static str>,
    hyphen_prefixes: HashSet<&'static str>,
    speech_verbs: HashSet<&'static str>,
    months: HashSet<&'static str>,
    coordinators: HashSet<&'static str>,
    capitals: HashSet<&'static str>,
}

/// The text of a file under `data/lang`.
macro_rules! data {
    ($name:literal) => {
        include_str!(concat!("../../../../data/lang/", $name))
    };
}

static GERMAN: LazyLock<Words> = LazyLock::new(|| Words {
    abbreviations: abbreviations(data!("de/abbreviations.tsv")),
    contractions: contractions(data!("de/contractions.tsv")),
    starters: list(data!("de/sentence-starters.txt")),
    hyphen_prefixes: HashSet::new(),
    speech_verbs: HashSet::new(),
    months: list(data!("de/months.txt")),
    coordinators: list(data!("de/coordinators.txt")),
    capitals: list(data!("de/capitals.txt")),
});

static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words {
    abbreviations: abbreviations(data!("en/abbreviations.tsv")),
    contractions: contractions(data!("en/splits.tsv")),
    starters: list(data!("en/sentence-starters.txt")),
    hyphen_prefixes: list(data!("en/hyphen-prefixes.txt")),
    speech_verbs: list(data!("en/speech-verbs.txt")),
    months: HashSet::new(),
    coordinators: HashSet::new(),
    capitals: list(data!("en/capitals.txt")),
});

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

fn list(text: &'static str) -> HashSet<&'static str> {
    lines(text).flat_map(|line| line.split(' ')).collect()
}

fn abbreviations(text: &'static str) -> HashMap<&'static str, Abbreviation> {
    lines(text)
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(class, list)| {
            let class = match class {
                "never" => Abbreviation::Never,
                "number" => Abbreviation::Number,
                "maybe" => Abbreviation::Maybe,
                _ => return None,
            };
            Some(list.split(' ').map(move |word| (word, class)))
        })
        .flatten()
        .collect()
}

fn contractions(text: &'static str) -> HashMap<&'static str, (&'static str, &'static str)> {
    lines(text)
        .filter_map(|line| {
            let mut fields = line.split('\t');
            Some((fields.next()?, (fields.next()?, fields.next()?)))
        })
        .collect()
}

impl Words {
    /// The lists of a language.
    pub(super) fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::De => &GERMAN,
            Lang::En => &ENGLISH,
        }
    }

    /// What `word`, full stop included, abbreviates like, if it is an abbreviation.
    pub(super) fn abbreviation(&self, word: &str) -> Option<Abbreviation> {
        self.abbreviations.get(word).copied()
    }

    /// The two words in `word`, if it is a contraction; in the case of `word` where its first letter or all are capitals.
    pub(super) fn contraction(&self, word: &str) -> Option<(String, String)> {
        let (first, second) = self.contractions.get(&*word.to_lowercase())?;
        let mut letters = word.chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        if capital && letters.all(char::is_uppercase) {
            return Some((first.to_uppercase(), second.to_uppercase()));
        }
        let mut first = (*first).to_owned();
        if capital && let Some(letter) = first.chars().next() {
            first.replace_range(..letter.len_utf8(), &letter.to_uppercase().to_string());
        }
        Some((first, (*second).to_owned()))
    }

    /// Whether `word` begins a sentence where one may begin.
    pub(super) fn starts_sentence(&self, word: &str) -> bool {
        self.starters.contains(word)
    }

    /// Whether `word` stays one with what follows its hyphen.
    pub(super) fn keeps_hyphen(&self, word: &str) -> bool {
        self.hyphen_prefixes.contains(&*word.to_lowercase())
    }

    /// Whether `word` is a month, where ordinals stand before months.
    pub(super) fn is_month(&self, word: &str) -> bool {
        self.months.contains(word)
    }

    /// Whether `word` joins the halves of a coordination (*Mord- **und** Totschlag*).
    pub(super) fn coordinates(&self, word: &str) -> bool {
        self.coordinators.contains(word)
    }

    /// Whether `word` is an abbreviation though it looks like another word in small letters: *US*.
    pub(super) fn stays_in_capitals(&self, word: &str) -> bool {
        self.capitals.contains(word)
    }

    /// Whether `word` tells that somebody says something.
    pub(super) fn is_speech_verb(&self, word: &str) -> bool {
        self.speech_verbs.contains(word)
    }
}
