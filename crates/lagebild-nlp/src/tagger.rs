//! From tag scores to part of speech and morphology.

use crate::model::network::{TAG_GROUPS, tag_range, tags_of};
use lagebild_core::{Morph, Upos};

/// The best tags of a word, given its row of [`crate::model::network::Scores::tags`].
#[must_use]
pub fn tags(scores: &[f32]) -> (Upos, Morph) {
    let mut values = [0; TAG_GROUPS.len()];
    for (group, value) in values.iter_mut().enumerate() {
        *value = best(&scores[tag_range(group)]);
    }
    tags_of(values)
}

/// The index of the largest score, the first of equals.
fn best(scores: &[f32]) -> usize {
    let mut best = 0;
    for (i, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = i;
        }
    }
    best
}
