//! Names of several words, found by walking from word to word: the longest one at a place of a text.

use super::words::{self, Atom};
use crate::dictionary::{Dictionary, DictionaryBuilder, Place};
use lagebild_core::Lang;
use serde::{Deserialize, Serialize};

/// The languages in which a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Langs(u8);

impl Langs {
    pub(super) const BOTH: Self = Self(3);

    pub(super) fn only(lang: Lang) -> Self {
        Self(if lang == Lang::De { 1 } else { 2 })
    }

    fn has(self, lang: Lang) -> bool {
        self.0 & Self::only(lang).0 != 0
    }
}

/// How a name has to be written to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Writing {
    /// Any way.
    Any,
    /// With a capital at the beginning of a word.
    Capital,
    /// In capitals throughout: *US*, *IS*, *WHO*.
    Capitals,
    /// Each word with a capital where the table has one (a bit a word, the first word lowest), none with one where the
    /// table has none at all. The first word is free in English (*the Observer*) and where `free` says so: one that the
    /// table writes small may begin a sentence, one before a hyphen may be a particle (*al-Ahram*).
    Title { wanted: u32, free: bool },
}

impl Writing {
    /// Whether words with `capitals` (a bit a word) are written so; `caps` tells that no small letter is among them.
    fn fits(self, lang: Lang, capitals: u32, caps: bool) -> bool {
        match self {
            Self::Any => true,
            Self::Capital => capitals != 0,
            Self::Capitals => caps,
            Self::Title { wanted, free } => {
                let first = u32::from(free || lang == Lang::En);
                let missing = wanted & !capitals & !first;
                missing == 0 && (wanted != 0 || capitals & !first == 0)
            }
        }
    }
}

/// What a name stands for, with the conditions on its use.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Value<T> {
    langs: Langs,
    writing: Writing,
    of: T,
}

/// Stands between the words of a name; no word holds one.
const GAP: &str = " ";

/// Names of `T`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static, T: Deserialize<'de>"))]
pub(super) struct Index<T> {
    names: Dictionary<Value<T>>,
}

/// An [`Index`] to be.
#[derive(Debug)]
pub(super) struct IndexBuilder<T> {
    names: DictionaryBuilder<Value<T>>,
}

impl<T> Default for IndexBuilder<T> {
    fn default() -> Self {
        Self {
            names: DictionaryBuilder::default(),
        }
    }
}

/// Which of `atoms` begin with a capital: a bit each, the first lowest.
fn capitals(atoms: &[Atom]) -> u32 {
    let of = |(depth, atom): (usize, &Atom)| u32::from(atom.upper) << depth;
    atoms.iter().take(LONGEST).enumerate().map(of).sum()
}

/// A name found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// How many atoms it takes.
    pub atoms: usize,
    /// The last word bears an ending that the table's form does not (*Russlands*, *Moskaus*).
    pub inflected: bool,
    /// What it may stand for, in the order of the tables.
    pub names: Vec<T>,
}

/// The longest chain of words followed in search of a name.
const LONGEST: usize = 16;

impl<T> IndexBuilder<T> {
    /// Adds a name. The adjectives of a German name of several words are found with every ending.
    pub(super) fn add(&mut self, name: &str, langs: Langs, of: T) {
        self.add_atoms(&words::atoms(name), langs, of);
    }

    /// Adds a title such as *Die Welt* or *die tageszeitung*, whose words mean something else in another writing.
    pub(super) fn add_title(&mut self, title: &str, langs: Langs, of: T) {
        let atoms = words::atoms(title);
        self.add_atoms(&atoms, langs, of);
        if let ([first, _, ..], Some(added)) = (atoms.as_slice(), self.names.last_mut()) {
            let hyphen = title
                .get(first.end as usize..)
                .is_some_and(|rest| rest.starts_with('-'));
            added.writing = Writing::Title {
                wanted: capitals(&atoms),
                free: hyphen || !first.upper,
            };
        }
    }

    /// The same as [`add`](Self::add) for a name that is cut already.
    pub(super) fn add_atoms(&mut self, atoms: &[Atom], langs: Langs, of: T) {
        let mut name = String::with_capacity(32);
        for (i, atom) in atoms.iter().enumerate() {
            let adjective = langs.has(Lang::De) && i + 1 < atoms.len() && atom.text.chars().count() > 4;
            let stem = adjective.then(|| words::stem(&atom.text)).flatten();
            if i > 0 {
                name.push_str(GAP);
            }
            name.push_str(stem.as_deref().unwrap_or(&atom.text));
        }
        let writing = match atoms {
            [] => return,
            [one] if one.caps && one.text.chars().count() <= 3 => Writing::Capitals,
            [one, ..] if one.upper => Writing::Capital,
            _ => Writing::Any,
        };
        self.names.add(name, Value { langs, writing, of });
    }

    /// Adds a German adjective, given by its stem, to be found with every ending.
    pub(super) fn add_adjective(&mut self, stem: &str, of: T) {
        let atoms = words::atoms(stem);
        if atoms.is_empty() {
            return;
        }
        let words: Vec<&str> = atoms.iter().map(|atom| &*atom.text).collect();
        let value = Value {
            langs: Langs::only(Lang::De),
            writing: Writing::Any,
            of,
        };
        self.names.add(format!("{}~", words.join(GAP)), value);
    }

    /// The finished index.
    pub(super) fn finish(self) -> Index<T> {
        Index {
            names: self.names.finish(),
        }
    }
}

impl<T: Copy + PartialEq> Index<T> {
    /// The longest name that begins with the first of `atoms`; among equally long ones the least inflected.
    pub(super) fn longest<'a>(&self, lang: Lang, atoms: impl Iterator<Item = &'a Atom> + Clone) -> Option<Found<T>> {
        let mut best: Option<(usize, u32, bool, Vec<T>)> = None;
        let mut open: Vec<(Place, u32)> = vec![(self.names.root(), 0)];
        let mut next = Vec::new();
        let (mut capitals, mut caps) = (0, true);
        for (depth, atom) in atoms.take(LONGEST).enumerate() {
            // "al-Arabiya": the capital need not come first.
            capitals |= u32::from(atom.upper) << depth;
            caps &= atom.caps;
            next.clear();
            for &(place, bent) in &open {
                let mut rank = 0;
                words::readings(lang, &atom.text, |reading| {
                    if let Some(behind) = self.names.walk(place, reading) {
                        next.push((behind, bent + rank, rank > 0));
                    }
                    rank = 1;
                });
            }
            for &(place, bent, ending) in &next {
                let names: Vec<T> = self
                    .names
                    .at(place)
                    .iter()
                    .filter(|v| v.langs.has(lang) && v.writing.fits(lang, capitals, caps))
                    .map(|v| v.of)
                    .collect();
                let longer = best
                    .as_ref()
                    .is_none_or(|b| (b.0, u32::MAX - b.1) < (depth + 1, u32::MAX - bent));
                if !names.is_empty() && longer {
                    best = Some((depth + 1, bent, ending, names));
                }
            }
            open.clear();
            let before_next = |&(place, bent, _): &_| Some((self.names.walk(place, GAP)?, bent));
            open.extend(next.iter().filter_map(before_next));
            if open.is_empty() {
                break;
            }
        }
        best.map(|(atoms, _, inflected, mut names)| {
            names.dedup();
            Found {
                atoms,
                inflected,
                names,
            }
        })
    }

    /// What `name` stands for, exactly as a table writes it.
    pub(super) fn exactly(&self, lang: Lang, name: &str) -> Vec<T> {
        let atoms = words::atoms(name);
        self.longest(lang, atoms.iter())
            .filter(|found| found.atoms == atoms.len())
            .map(|found| found.names)
            .unwrap_or_default()
    }
}
