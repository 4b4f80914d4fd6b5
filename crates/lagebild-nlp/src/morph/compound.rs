//! German compounds: where the head begins, and what the parts are.

use super::{Mask, Morphology, capitalised};
use lagebild_core::{Morph, Upos};
use std::collections::HashSet;
use std::sync::LazyLock;

/// The lines of a word list, without comments.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

static COMBINING_FORMS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../../../data/lang/de/combining-forms.txt")).collect());

/// Short nouns too rare to be part of a compound: `Mini|ster` is none.
static RARE_NOUNS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../../../data/lang/de/rare-nouns.txt")).collect());

/// The shortest part of a compound that is a word by itself, in bytes.
const SHORTEST_PART: usize = 3;

/// The shortest adjective at the end of a compound, in bytes.
const SHORTEST_ADJECTIVE: usize = 4;

/// Where the head of a compound noun begins: the longest known noun at its end that leaves a plausible first part.
pub(super) fn noun_head(morphology: &Morphology, form: &str) -> Option<usize> {
    head(morphology, form, |part| modifier(morphology, part).is_some())
}

/// Where the head of a compound adjective begins.
pub(super) fn adjective_head(morphology: &Morphology, form: &str) -> Option<usize> {
    form.char_indices().map(|(at, _)| at).find(|&at| {
        at > 1
            && form.len() - at >= SHORTEST_ADJECTIVE
            && morphology.lookup(&form[at..]).is_some_and(|e| e.mask().has(Upos::Adj))
            && modifier(morphology, &form[..at]).is_some()
    })
}

fn head(morphology: &Morphology, form: &str, is_modifier: impl Fn(&str) -> bool) -> Option<usize> {
    form.char_indices()
        .map(|(at, _)| at)
        .filter(|&at| at > 1 && form.len() - at >= SHORTEST_PART)
        .filter(|&at| {
            let head = capitalised(&form[at..]);
            morphology.lookup(&head).is_some_and(|e| e.mask().has(Upos::Noun)) && !RARE_NOUNS.contains(&*head)
        })
        .find(|&at| is_modifier(&form[..at]))
}

/// The parts, as lemmas, of what stands before the head of a compound, if it can stand there: `Waffen` → `Waffe`,
/// `Lieferungs` → `Lieferung`, `Sprach` → `Sprache`, `Außen` → `außen`, `Kampfdrohnen` → `Kampf`, `Drohne`.
fn modifier(morphology: &Morphology, part: &str) -> Option<Vec<String>> {
    if let Some(lemma) = simple_modifier(morphology, part) {
        return Some(vec![lemma]);
    }
    let whole = [Some(part), part.strip_suffix('s')].into_iter().flatten();
    whole.filter(|whole| whole.len() > 2 * SHORTEST_PART).find_map(|whole| {
        let at = head(morphology, whole, |part| simple_modifier(morphology, part).is_some())?;
        let (before, after) = whole.split_at(at);
        Some(vec![
            simple_modifier(morphology, before)?,
            noun_lemma(morphology, &capitalised(after))?,
        ])
    })
}

/// The lemma of the first part of a compound, if it is one word.
fn simple_modifier(morphology: &Morphology, part: &str) -> Option<String> {
    let lower = part.to_lowercase();
    if COMBINING_FORMS.contains(&*lower) {
        return Some(lower);
    }
    if part.len() < SHORTEST_PART {
        return None;
    }
    let mut noun = capitalised(&lower);
    if let Some(lemma) = noun_lemma(morphology, part).or_else(|| noun_lemma(morphology, &noun)) {
        return Some(lemma);
    }
    // A linking -s, also after feminine nouns, which have no such genitive.
    if let Some(lemma) = noun.strip_suffix('s').and_then(|bare| noun_lemma(morphology, bare)) {
        return Some(lemma);
    }
    // A final -e that the compound drops.
    noun.push('e');
    if let Some(lemma) = noun_lemma(morphology, &noun) {
        return Some(lemma);
    }
    let has = |form: &str, mask| morphology.lookup(form).is_some_and(|e| e.mask().meets(mask));
    if has(&lower, Mask::PREDICATIVE) {
        return Some(lower);
    }
    // The stem of a verb.
    let infinitives = ["en", "n"].into_iter().map(|ending| lower.clone() + ending);
    infinitives
        .filter(|_| part.len() > SHORTEST_PART)
        .find(|infinitive| has(infinitive, Mask::INFINITIVE))
}

/// The lemma of `form` as a noun or name.
fn noun_lemma(morphology: &Morphology, form: &str) -> Option<String> {
    if RARE_NOUNS.contains(form) {
        return None;
    }
    let is_noun = |pos| matches!(pos, Upos::Noun | Upos::Propn);
    morphology
        .best_lemma(form, is_noun, Morph::default())
        .map(|(_, lemma)| lemma)
}

impl Morphology {
    /// The parts of a German compound noun, each as a lemma: `Waffenlieferung` → `Waffe`, `Lieferung`. At hyphens a
    /// compound is split there and nowhere else: `US-Außenminister` → `US`, `Außenminister`. Otherwise the head is the
    /// longest known noun: `Waffenstillstandsabkommen` → `Waffenstillstand`, `Abkommen`.
    ///
    /// `None` when there is one part, or the language is not German.
    #[must_use]
    pub fn split_compound(&self, noun: &str) -> Option<Vec<String>> {
        if self.lang != lagebild_core::Lang::De {
            return None;
        }
        if noun.contains('-') {
            let parts: Vec<&str> = noun.split('-').filter(|part| !part.is_empty()).collect();
            let (last, before) = parts.split_last().filter(|(_, before)| !before.is_empty())?;
            let mut lemmas: Vec<String> = before.iter().map(|&part| part.to_owned()).collect();
            lemmas.push(self.lemma(last, Upos::Noun, Morph::default()));
            return Some(lemmas);
        }
        let at = noun_head(self, noun)?;
        let mut lemmas = modifier(self, &noun[..at])?;
        lemmas.push(noun_lemma(self, &capitalised(&noun[at..]))?);
        Some(lemmas)
    }
}
