//! From tag scores to part of speech and morphology.
//!
//! The network scores each feature by itself. A full-form lexicon knows which bundles of features a form can bear at
//! all: `sei` is a subjunctive whatever the scores say, `des` a genitive. The best bundle that the lexicon has wins,
//! unless the scores speak strongly against all of them (no lexicon is complete).

use crate::model::network::{TAG_GROUPS, tag_range, tag_values, tags_of};
use crate::morph::{Morphology, Source};
use lagebild_core::{Lang, Morph, Upos};

/// A bundle of features that a form can bear: one value a group of [`TAG_GROUPS`].
pub type Bundle = [usize; TAG_GROUPS.len()];

/// How much worse than the best scores (in natural logarithms of probability) a bundle of the lexicon may be.
const PATIENCE: f32 = 6.0;

/// The bundles of a form that the lexicon of the language has, or builds from parts of the word.
///
/// None for English: its forms say little, and its lexicon is made of the treebanks.
#[must_use]
pub fn bundles(lang: Lang, form: &str) -> Vec<Bundle> {
    if lang == Lang::En {
        return Vec::new();
    }
    let mut out: Vec<Bundle> = Morphology::get(lang)
        .analyses(form)
        .iter()
        .filter(|a| a.source != Source::Shape && constrained(a.pos))
        .map(|a| tag_values(a.pos, a.morph))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Parts of speech whose bundles in the lexicon follow the treebank.
fn constrained(pos: Upos) -> bool {
    matches!(
        pos,
        Upos::Verb | Upos::Aux | Upos::Noun | Upos::Adj | Upos::Det | Upos::Pron
    )
}

/// The best tags of a word, given its row of [`crate::model::network::Scores::tags`] and the bundles of its form.
#[must_use]
pub fn tags(scores: &[f32], bundles: &[Bundle]) -> (Upos, Morph) {
    let mut values = [0; TAG_GROUPS.len()];
    for (group, value) in values.iter_mut().enumerate() {
        *value = best(&scores[tag_range(group)]);
    }
    let pos = Upos::ALL[values[0]];
    let mut chosen = (PATIENCE, values);
    for bundle in bundles.iter().filter(|b| alike(Upos::ALL[b[0]], pos)) {
        let (mut cost, mut merged) = (0.0, values);
        for group in 1..TAG_GROUPS.len() {
            // What the lexicon leaves open, as the gender of a plural, the scores decide.
            if bundle[group] > 0 || is_verbal(pos) {
                let scores = &scores[tag_range(group)];
                cost += scores[values[group]] - scores[bundle[group]];
                merged[group] = bundle[group];
            }
        }
        if cost < chosen.0 {
            chosen = (cost, merged);
        }
    }
    tags_of(chosen.1)
}

fn is_verbal(pos: Upos) -> bool {
    matches!(pos, Upos::Verb | Upos::Aux)
}

/// Whether a reading of one part of speech speaks for the other: verbs and auxiliaries share their forms.
fn alike(a: Upos, b: Upos) -> bool {
    a == b || (is_verbal(a) && is_verbal(b))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::network::TAG_WIDTH;
    use lagebild_core::{Mood, VerbForm};

    #[test]
    fn the_lexicon_corrects_the_mood() {
        let indicative = Morph {
            mood: Some(Mood::Ind),
            form: Some(VerbForm::Fin),
            ..Morph::default()
        };
        let subjunctive = Morph {
            mood: Some(Mood::Sub),
            ..indicative
        };
        let mut scores = [0.0; TAG_WIDTH];
        for (group, value) in tag_values(Upos::Aux, indicative).into_iter().enumerate() {
            scores[tag_range(group)][value] = 2.0;
        }
        assert_eq!(tags(&scores, &[]), (Upos::Aux, indicative));
        assert_eq!(
            tags(&scores, &[tag_values(Upos::Verb, subjunctive)]),
            (Upos::Aux, subjunctive)
        );
    }
}
