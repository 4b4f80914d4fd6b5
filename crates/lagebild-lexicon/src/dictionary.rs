//! A read-only map from words to values, which takes no time to load.

use fst::raw::{CompiledAddr, Output};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Words, each with its values in the order in which they were added.
///
/// The words are a finite-state map: bytes that are used where they lie, in the program or in memory. It takes a word to
/// the place of its first value and their number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dictionary<T> {
    #[serde(with = "bytes", borrow = "'static")]
    words: fst::Map<Cow<'static, [u8]>>,
    values: Vec<T>,
}

/// A place within words: what leads to it was walked byte by byte.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    node: CompiledAddr,
    sum: Output,
}

/// Bits of an output that hold the number of values; those above hold the place of the first.
const COUNT_BITS: u32 = 16;

impl<T> Dictionary<T> {
    /// The values of `word`; none when it is unknown.
    pub(crate) fn get(&self, word: &str) -> &[T] {
        self.words.get(word).map_or(&[], |output| self.slice(output))
    }

    /// The first value of `word`.
    pub(crate) fn first(&self, word: &str) -> Option<&T> {
        self.get(word).first()
    }

    /// The words that `text` begins with, by their length in bytes, with their values; the shortest first.
    pub(crate) fn prefixes(&self, text: &str) -> impl Iterator<Item = (usize, &[T])> {
        let walk = text.bytes().scan(self.root(), |place, byte| {
            *place = self.step(*place, byte)?;
            Some(*place)
        });
        let ends = walk.enumerate().map(|(n, place)| (n + 1, self.at(place)));
        ends.filter(|(_, values)| !values.is_empty())
    }

    /// The place at which all words begin.
    pub(crate) fn root(&self) -> Place {
        Place {
            node: self.words.as_fst().root().addr(),
            sum: Output::zero(),
        }
    }

    /// The place behind `text` when one walks on from `place`; `None` when no word goes on so.
    pub(crate) fn walk(&self, place: Place, text: &str) -> Option<Place> {
        text.bytes().try_fold(place, |place, byte| self.step(place, byte))
    }

    /// The values of the word that ends at `place`; none when no word does.
    pub(crate) fn at(&self, place: Place) -> &[T] {
        let node = self.words.as_fst().node(place.node);
        if node.is_final() {
            self.slice(place.sum.cat(node.final_output()).value())
        } else {
            &[]
        }
    }

    fn step(&self, place: Place, byte: u8) -> Option<Place> {
        let node = self.words.as_fst().node(place.node);
        let transition = node.transition(node.find_input(byte)?);
        Some(Place {
            node: transition.addr,
            sum: place.sum.cat(transition.out),
        })
    }

    fn slice(&self, output: u64) -> &[T] {
        let first = (output >> COUNT_BITS) as usize;
        let count = (output & ((1 << COUNT_BITS) - 1)) as usize;
        self.values.get(first..first + count).unwrap_or_default()
    }
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        DictionaryBuilder::default().finish()
    }
}

/// A [`Dictionary`] to be.
#[derive(Debug)]
pub(crate) struct DictionaryBuilder<T> {
    entries: Vec<(Box<str>, T)>,
}

impl<T> Default for DictionaryBuilder<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T> DictionaryBuilder<T> {
    /// Adds a value of `word`, after those that it has.
    pub(crate) fn add(&mut self, word: impl Into<Box<str>>, value: T) {
        self.entries.push((word.into(), value));
    }

    /// The value added last.
    pub(crate) fn last_mut(&mut self) -> Option<&mut T> {
        self.entries.last_mut().map(|(_, value)| value)
    }

    /// The finished dictionary.
    ///
    /// # Panics
    /// When a word has more than 65,535 values.
    pub(crate) fn finish(mut self) -> Dictionary<T> {
        // Stable: the values of a word keep their order.
        self.entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut words = fst::MapBuilder::memory();
        let mut first = 0;
        for same in self.entries.chunk_by(|(a, _), (b, _)| a == b) {
            assert!(same.len() < 1 << COUNT_BITS, "too many values of \"{}\"", same[0].0);
            words
                .insert(&*same[0].0, first << COUNT_BITS | same.len() as u64)
                .expect("words come sorted, each once");
            first += same.len() as u64;
        }
        let words = words.into_map().map_data(Cow::Owned);
        Dictionary {
            words: words.expect("what was just written can be read"),
            values: self.entries.into_iter().map(|(_, value)| value).collect(),
        }
    }
}

impl<W: Into<Box<str>>, T> FromIterator<(W, T)> for Dictionary<T> {
    fn from_iter<I: IntoIterator<Item = (W, T)>>(entries: I) -> Self {
        let entries = entries.into_iter().map(|(word, value)| (word.into(), value));
        DictionaryBuilder {
            entries: entries.collect(),
        }
        .finish()
    }
}

/// The words as bytes, which are not copied when they are read.
mod bytes {
    use serde::{Deserialize, Deserializer, Serializer, de};
    use std::borrow::Cow;

    type Words = fst::Map<Cow<'static, [u8]>>;

    pub(super) fn serialize<S: Serializer>(words: &Words, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(words.as_fst().as_bytes())
    }

    pub(super) fn deserialize<D: Deserializer<'static>>(deserializer: D) -> Result<Words, D::Error> {
        let bytes = <&'static [u8]>::deserialize(deserializer)?;
        fst::Map::new(Cow::Borrowed(bytes)).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_their_values_in_order() {
        let words: Dictionary<u8> = [("b", 1), ("a", 2), ("b", 3), ("ab", 4), ("b", 1)]
            .into_iter()
            .collect();
        assert_eq!(
            (words.get("b"), words.get("a"), words.get("c")),
            (&[1, 3, 1][..], &[2][..], &[][..])
        );
        assert_eq!(
            words.prefixes("abc").collect::<Vec<_>>(),
            [(1, &[2][..]), (2, &[4][..])]
        );
        assert!(
            words
                .walk(words.root(), "a")
                .is_some_and(|place| words.at(place) == [2])
        );
        assert!(words.walk(words.root(), "ac").is_none());
        assert!(Dictionary::<u8>::default().get("").is_empty());
    }
}
