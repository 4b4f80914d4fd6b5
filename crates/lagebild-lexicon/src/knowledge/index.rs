//! A trie over words that finds the longest name at a place of a text.

use super::words::{self, Atom};
use lagebild_core::Lang;
use rustc_hash::FxHashMap;

/// The languages in which a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug)]
struct Value<T> {
    node: u32,
    langs: Langs,
    writing: Writing,
    of: T,
}

/// Names of `T`.
#[derive(Debug)]
pub(super) struct Index<T> {
    words: FxHashMap<Box<str>, u32>,
    edges: FxHashMap<(u32, u32), u32>,
    nodes: u32,
    values: Vec<Value<T>>,
    /// First value of each node that has one.
    first: FxHashMap<u32, u32>,
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

impl<T: Copy + PartialEq> Index<T> {
    /// An index with room for about `names` names.
    pub(super) fn with_room(names: usize) -> Self {
        let mut index = Self {
            words: FxHashMap::default(),
            edges: FxHashMap::default(),
            nodes: 1,
            values: Vec::with_capacity(names),
            first: FxHashMap::default(),
        };
        // Growing the maps step by step costs a third of the start-up time.
        index.words.reserve(names);
        index.edges.reserve(names + names / 4);
        index
    }

    fn word(&mut self, word: &str) -> u32 {
        if let Some(&id) = self.words.get(word) {
            return id;
        }
        let id = self.words.len() as u32;
        self.words.insert(word.into(), id);
        id
    }

    fn step(&mut self, node: u32, word: &str) -> u32 {
        let word = self.word(word);
        let next = self.nodes;
        let found = *self.edges.entry((node, word)).or_insert(next);
        self.nodes += u32::from(found == next);
        found
    }

    /// Adds a name. The adjectives of a German name of several words are found with every ending.
    pub(super) fn add(&mut self, name: &str, langs: Langs, of: T) {
        self.add_atoms(&words::atoms(name), langs, of);
    }

    /// Adds a title such as *Die Welt* or *die tageszeitung*, whose words mean something else in another writing.
    pub(super) fn add_title(&mut self, title: &str, langs: Langs, of: T) {
        let atoms = words::atoms(title);
        self.add_atoms(&atoms, langs, of);
        if let ([first, _, ..], Some(added)) = (atoms.as_slice(), self.values.last_mut()) {
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
        let mut node = 0;
        for (i, atom) in atoms.iter().enumerate() {
            let adjective = langs.has(Lang::De) && i + 1 < atoms.len() && atom.text.chars().count() > 4;
            let stem = adjective.then(|| words::stem(&atom.text)).flatten();
            node = self.step(node, stem.as_deref().unwrap_or(&atom.text));
        }
        let writing = match atoms {
            [] => return,
            [one] if one.caps && one.text.chars().count() <= 3 => Writing::Capitals,
            [one, ..] if one.upper => Writing::Capital,
            _ => Writing::Any,
        };
        self.values.push(Value {
            node,
            langs,
            writing,
            of,
        });
    }

    /// Adds a German adjective, given by its stem, to be found with every ending.
    pub(super) fn add_adjective(&mut self, stem: &str, of: T) {
        let atoms = words::atoms(stem);
        let mut node = 0;
        for (i, atom) in atoms.iter().enumerate() {
            let last = i + 1 == atoms.len();
            node = if last {
                self.step(node, &format!("{}~", atom.text))
            } else {
                self.step(node, &atom.text)
            };
        }
        if !atoms.is_empty() {
            self.values.push(Value {
                node,
                langs: Langs::only(Lang::De),
                writing: Writing::Any,
                of,
            });
        }
    }

    /// Sorts the names for use; call once after the last [`add`](Self::add).
    pub(super) fn finish(&mut self) {
        self.values.sort_by_key(|v| v.node);
        self.first.reserve(self.values.len());
        for (i, value) in self.values.iter().enumerate() {
            self.first.entry(value.node).or_insert(i as u32);
        }
        self.values.shrink_to_fit();
    }

    fn values(&self, node: u32) -> &[Value<T>] {
        self.first.get(&node).map_or(&[], |&first| {
            let rest = &self.values[first as usize..];
            &rest[..rest.partition_point(|v| v.node == node)]
        })
    }

    /// The longest name that begins with the first of `atoms`; among equally long ones the least inflected.
    pub(super) fn longest<'a>(&self, lang: Lang, atoms: impl Iterator<Item = &'a Atom> + Clone) -> Option<Found<T>> {
        let mut best: Option<(usize, u32, bool, Vec<T>)> = None;
        let mut open = vec![(0u32, 0u32)];
        let (mut capitals, mut caps) = (0, true);
        for (depth, atom) in atoms.take(LONGEST).enumerate() {
            // "al-Arabiya": the capital need not come first.
            capitals |= u32::from(atom.upper) << depth;
            caps &= atom.caps;
            let mut next = Vec::new();
            for &(node, bent) in &open {
                let mut rank = 0;
                words::readings(lang, &atom.text, |reading| {
                    if let Some(&child) = self.words.get(reading).and_then(|&w| self.edges.get(&(node, w))) {
                        next.push((child, bent + rank, rank > 0));
                    }
                    rank = 1;
                });
            }
            for &(node, bent, ending) in &next {
                let names: Vec<T> = self
                    .values(node)
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
            if next.is_empty() {
                break;
            }
            open.clear();
            open.extend(next.iter().map(|&(node, bent, _)| (node, bent)));
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
