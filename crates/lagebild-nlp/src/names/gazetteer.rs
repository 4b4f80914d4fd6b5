//! Known names as features: which words of a sentence stand in the tables of names, and as what.
//!
//! The tables are compiled into the file of the model as hashes, so that what a model learned of them stays true when the tables
//! grow, and this crate stays free of them.

use crate::model::features::{Feature, Template, fingerprint};

/// What a name is known as, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes(pub u16);

impl Classes {
    /// A person by a whole name.
    pub const PERSON: Self = Self(1);
    /// A word that begins names of persons.
    pub const GIVEN: Self = Self(2);
    /// A word that ends names of persons.
    pub const FAMILY: Self = Self(4);
    /// A state.
    pub const STATE: Self = Self(8);
    /// An adjective or noun made of the name of a state or region.
    pub const DERIVED: Self = Self(16);
    /// A town.
    pub const TOWN: Self = Self(32);
    /// A region, a sea.
    pub const REGION: Self = Self(64);
    /// An organisation, party, armed group, parliament.
    pub const BODY: Self = Self(128);
    /// A newspaper, agency, broadcaster, company.
    pub const MEDIUM: Self = Self(256);
    /// A noun for persons and bodies that act (*Präsident*), which stands beside names and is none.
    pub const ROLE: Self = Self(512);
    /// A house that stands for who sits there (*Kreml*).
    pub const SEAT: Self = Self(1024);
    /// Not a class: a longer name begins so.
    pub const CONTINUES: Self = Self(1 << 15);

    /// Number of classes.
    const COUNT: u32 = 11;

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn continues(self) -> bool {
        self.0 & Self::CONTINUES.0 != 0
    }

    fn classes(self) -> u16 {
        self.0 & !Self::CONTINUES.0
    }
}

/// The longest known name in words.
const LONGEST: usize = 7;

/// Known names.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    /// By hash of the words in lower case.
    known: Vec<(u32, Classes)>,
}

/// The hash of a sequence of words, taken in one after the other.
#[derive(Clone, Copy)]
struct Key(u64);

impl Key {
    const EMPTY: Self = Self(0xCBF2_9CE4_8422_2325);

    /// With a further word; of the last word `cut` bytes are left out.
    fn with(self, word: &str, cut: usize) -> Self {
        let mut hash = self.0 ^ 0x20;
        let mut byte = |b: u8| hash = (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3);
        for c in word[..word.len() - cut].chars().flat_map(char::to_lowercase) {
            let mut buffer = [0; 4];
            c.encode_utf8(&mut buffer).bytes().for_each(&mut byte);
        }
        byte(0x1F);
        Self(hash)
    }

    fn folded(self) -> u32 {
        (self.0 ^ (self.0 >> 32)) as u32
    }
}

/// Bytes of the ending of a genitive: *Russlands*, *Merkels*.
fn genitive(word: &str) -> Option<usize> {
    (word.len() > 4 && word.ends_with('s')).then_some(1)
}

impl Gazetteer {
    /// Of names and their classes.
    #[must_use]
    pub fn new<'a>(names: impl IntoIterator<Item = (&'a str, Classes)>) -> Self {
        let mut pairs = Vec::new();
        for (name, classes) in names {
            let words: Vec<&str> = name.split_whitespace().collect();
            if words.is_empty() || words.len() > LONGEST {
                continue;
            }
            let mut key = Key::EMPTY;
            for (i, word) in words.iter().enumerate() {
                key = key.with(word, 0);
                let last = i + 1 == words.len();
                pairs.push((key.folded(), if last { classes } else { Classes::CONTINUES }));
            }
        }
        Self::of_parts(pairs)
    }

    /// Of hashes and classes; what has one hash is taken together.
    pub(crate) fn of_parts(parts: impl IntoIterator<Item = (u32, Classes)>) -> Self {
        let mut known: Vec<(u32, Classes)> = parts.into_iter().collect();
        known.sort_by_key(|&(key, _)| key);
        known.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.and(next.1);
            }
            same
        });
        Self { known }
    }

    /// Hashes and classes, by hash.
    pub(crate) fn parts(&self) -> &[(u32, Classes)] {
        &self.known
    }

    fn get(&self, key: Key) -> Classes {
        let found = self.known.binary_search_by_key(&key.folded(), |&(k, _)| k);
        found.map_or(Classes::default(), |n| self.known[n].1)
    }

    /// What a name of one word, or of `before` and this word, is known as; with and without the ending of a genitive.
    fn ending(&self, before: Key, word: &str) -> Classes {
        let whole = self.get(before.with(word, 0));
        match genitive(word) {
            Some(cut) if whole.classes() == 0 => whole.and(Classes(self.get(before.with(word, cut)).classes())),
            _ => whole,
        }
    }

    /// What a word is known as alone.
    #[must_use]
    pub fn alone(&self, word: &str) -> Classes {
        self.ending(Key::EMPTY, word)
    }

    /// Tells the features of the words of a sentence; `known` is what each is known as alone.
    pub fn features<'w>(
        &self,
        known: &[Classes],
        word: impl Fn(usize) -> &'w str,
        mut emit: impl FnMut(usize, Feature),
    ) {
        let mut marks = vec![0u64; known.len()];
        for (i, &alone) in known.iter().enumerate() {
            let (mut classes, mut end) = (alone.classes(), i + 1);
            let (mut key, mut now) = (Key::EMPTY, alone);
            let mut j = i;
            while now.continues() && j + 1 < known.len() {
                key = key.with(word(j), 0);
                j += 1;
                now = self.ending(key, word(j));
                if now.classes() != 0 {
                    (classes, end) = (now.classes(), j + 1);
                }
            }
            if classes == 0 {
                continue;
            }
            for (at, mark) in marks[i..end].iter_mut().enumerate() {
                let part = match (at, end - i) {
                    (_, 1) => 0,
                    (0, _) => 1,
                    (at, length) if at + 1 == length => 3,
                    _ => 2,
                };
                for class in (0..Classes::COUNT).filter(|c| classes & (1 << c) != 0) {
                    *mark |= 1 << (4 * class + part);
                }
            }
        }
        for (i, &mark) in marks.iter().enumerate() {
            let mut rest = mark;
            if rest == 0 {
                continue;
            }
            // In lower case it is rather a word that looks like a name.
            let lower = word(i).starts_with(char::is_lowercase);
            while rest != 0 {
                emit(i, feature(lower, rest.trailing_zeros() as u8));
                rest &= rest - 1;
            }
        }
    }
}

fn feature(lower: bool, mark: u8) -> Feature {
    Feature {
        template: Template::Gazetteer,
        fingerprint: fingerprint(Template::Gazetteer, u8::from(lower), &[mark]),
    }
}
