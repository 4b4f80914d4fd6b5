//! What was worked out for a word, kept for the next time: most words of a report stand in other reports too.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Parts of a [`Kept`], each with a lock of its own, so that threads seldom wait for one another.
const PARTS: usize = 16;

/// Values by word, for all threads. A value is a function of its word, so it makes no difference what is kept.
pub(crate) struct Kept<V> {
    parts: [Mutex<HashMap<Box<str>, V>>; PARTS],
    /// The most values of a part; a part that has as many begins anew.
    most: usize,
}

impl<V: Clone> Kept<V> {
    /// Room for `most` values.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            parts: Default::default(),
            most: most / PARTS,
        }
    }

    /// The value of `word`, which `make` works out.
    pub(crate) fn get(&self, word: &str, make: impl FnOnce() -> V) -> V {
        // Words differ in their first and last letters as in anything.
        let ends = [word.as_bytes().first(), word.as_bytes().last()];
        let part = ends
            .into_iter()
            .flatten()
            .fold(word.len(), |n, &b| n * 5 + usize::from(b))
            % PARTS;
        let part = || self.parts[part].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = part().get(word) {
            return value.clone();
        }
        // Without the lock: others need not wait, and `make` may look something up here.
        let value = make();
        let mut part = part();
        if part.len() >= self.most {
            part.clear();
        }
        part.insert(word.into(), value.clone());
        value
    }
}

impl<V> std::fmt::Debug for Kept<V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_value_is_worked_out_once_and_not_too_many_are_kept() {
        let made = Cell::new(0);
        let kept = Kept::new(64);
        let length = |word: &str| {
            kept.get(word, || {
                made.set(made.get() + 1);
                word.len()
            })
        };
        assert_eq!([length("Vertrag"), length("Vertrag"), length("")], [7, 7, 0]);
        assert_eq!(made.get(), 2);
        for n in 0..1_000 {
            assert_eq!(length(&format!("Wort{n}")), 4 + n.to_string().len());
        }
        let all: usize = kept.parts.iter().map(|part| part.lock().unwrap().len()).sum();
        assert!(all <= 64, "{all}");
        assert_eq!(length("Vertrag"), 7);
    }
}
