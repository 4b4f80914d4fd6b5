//! German compounds: where the head begins, and what the parts are.

use super::{Entry, Mask, Morphology, Reading, capitalised};
use lagebild_core::{Morph, Upos};
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

/// The lines of a word list, without comments.
pub(crate) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

static COMBINING_FORMS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../../../data/lang/de/combining-forms.txt")).collect());

/// Nouns that are spelled like the end of a derived word, and no heads: `Hand|lungen`.
static SUFFIX_NOUNS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../../../data/lang/de/suffix-nouns.txt")).collect());

/// The shortest part of a compound that is a word by itself, in bytes.
const SHORTEST_PART: usize = 3;

/// The shortest adjective at the end of a compound, in bytes.
const SHORTEST_ADJECTIVE: usize = 4;

/// Nouns up to this length, in bytes, stand at the end of many words by chance: they must be frequent to be a head.
const SHORT_NOUN: usize = 5;

/// No longer word is taken apart, in bytes: the time to do so grows with the square.
const LONGEST_COMPOUND: usize = 96;

/// The least frequency class of a short noun that can be a head, about one in a million words.
const FREQUENT: u8 = 3;

/// Parts of speech of function words, which are not parts of compounds when capitalised.
const FUNCTION_WORDS: [Upos; 6] = [Upos::Det, Upos::Pron, Upos::Aux, Upos::Adp, Upos::Cconj, Upos::Sconj];

/// A part of a compound.
struct Modifier {
    /// Its lemmas: one, or two if it is a compound itself.
    lemmas: Vec<String>,
    /// How well it goes as a part: the mean frequency class of its words, less for rarer patterns.
    score: f32,
}

/// What may stand before the head.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Anything that does so in some word, also what derives rather than compounds: `Über|prüfung`.
    Anything,
    /// Words with a meaning of their own.
    Words,
}

/// Where the head of an unknown compound noun begins: the longest known noun that leaves a plausible first part.
pub(super) fn noun_head(morphology: &Morphology, form: &str) -> Option<usize> {
    heads(morphology, form).find(|&at| modifier(morphology, &form[..at], Before::Anything).is_some())
}

/// Where the head of an unknown compound adjective begins.
pub(super) fn adjective_head(morphology: &Morphology, form: &str) -> Option<usize> {
    starts(form).find(|&at| {
        at > 1
            && form.len() - at >= SHORTEST_ADJECTIVE
            && morphology.lookup(&form[at..]).is_some_and(|e| e.mask().has(Upos::Adj))
            && modifier(morphology, &form[..at], Before::Anything).is_some()
    })
}

/// Where the characters of `form` begin; nowhere if it is too long.
fn starts(form: &str) -> impl Iterator<Item = usize> {
    form.char_indices()
        .map(|(at, _)| at)
        .filter(|_| form.len() <= LONGEST_COMPOUND)
}

/// Where a known noun begins that ends with `form`, the longest first.
fn heads(morphology: &Morphology, form: &str) -> impl Iterator<Item = usize> {
    starts(form).filter(move |&at| {
        if at < 2 || form.len() - at < SHORTEST_PART {
            return false;
        }
        let head = capitalised(&form[at..]);
        let entry = morphology.lookup(&head).filter(|e| e.mask().has(Upos::Noun));
        entry.is_some_and(|e| is_sound(morphology, &head, e.frequency())) && !SUFFIX_NOUNS.contains(&*head)
    })
}

/// What stands before the head of a compound, if it can stand there: `Waffen`, `Lieferungs`, `Sprach`, `Außen`,
/// `Kampfdrohnen`.
fn modifier(morphology: &Morphology, part: &str, before: Before) -> Option<Modifier> {
    simple_modifier(morphology, part, before).or_else(|| {
        let whole = [Some(part), part.strip_suffix('s')].into_iter().flatten();
        whole.filter(|whole| whole.len() > 2 * SHORTEST_PART).find_map(|whole| {
            heads(morphology, whole).find_map(|at| {
                let (first, second) = whole.split_at(at);
                let mut first = simple_modifier(morphology, first, before)?;
                let (lemma, frequency) = noun(morphology, &capitalised(second))?;
                first.lemmas.push(lemma);
                Some(Modifier {
                    score: (first.score + frequency) / 2.0 - 1.0,
                    ..first
                })
            })
        })
    })
}

/// The first part of a compound, if it is one word.
fn simple_modifier(morphology: &Morphology, part: &str, before: Before) -> Option<Modifier> {
    let one = |(lemma, score): (String, f32)| Modifier {
        lemmas: vec![lemma],
        score,
    };
    let lower = part.to_lowercase();
    let frequency_as = |form: &str, mask| {
        let entry = morphology.lookup(form).filter(|e| e.mask().meets(mask))?;
        Some(f32::from(entry.frequency()))
    };
    let mut title = capitalised(&lower);
    if part.len() >= SHORTEST_PART {
        // As it stands, or with a linking -s, which feminine nouns take too; but "Aus" is no "Au".
        let without_s = title
            .strip_suffix('s')
            .filter(|_| frequency_as(&lower, Mask::pos(Upos::Adp)).is_none());
        let as_noun = noun(morphology, part)
            .or_else(|| noun(morphology, &title))
            .or_else(|| noun(morphology, without_s?));
        if let Some(found) = as_noun {
            return Some(one(found));
        }
    }
    if COMBINING_FORMS.contains(&*lower) {
        // Productive, but without a frequency of its own.
        return Some(one((lower, 6.0)));
    }
    if let Some(frequency) = frequency_as(&lower, Mask::pos(Upos::Adp)) {
        return (before == Before::Anything).then(|| one((lower, frequency)));
    }
    if part.len() < SHORTEST_PART {
        return None;
    }
    if let Some(frequency) = frequency_as(&lower, Mask::PREDICATIVE) {
        return Some(one((lower, frequency)));
    }
    if part.len() == SHORTEST_PART {
        return None;
    }
    // Without the final -e of the noun: "Sprach", "Schul", "Hilfs".
    let stem = title.strip_suffix('s').map_or(title.len(), str::len);
    for length in [title.len(), stem] {
        title.truncate(length);
        title.push('e');
        if let Some((lemma, frequency)) = noun(morphology, &title) {
            return Some(one((lemma, frequency - 2.0)));
        }
        title.pop();
    }
    // The stem of a verb: "Schreib", "Sammel".
    let infinitives = ["en", "n"].into_iter().map(|ending| lower.clone() + ending);
    infinitives
        .filter_map(|infinitive| {
            let frequency = frequency_as(&infinitive, Mask::INFINITIVE)?;
            Some(one((infinitive, frequency - 2.0)))
        })
        .next()
}

/// Whether a short noun is one by nature and not by chance: frequent, and no capitalised function word.
fn is_sound(morphology: &Morphology, noun: &str, frequency: u8) -> bool {
    let is_function_word = || {
        let mask = morphology
            .lookup(&noun.to_lowercase())
            .map_or(Mask::default(), |e| e.mask());
        FUNCTION_WORDS.iter().any(|&pos| mask.has(pos))
    };
    noun.len() > SHORT_NOUN || (frequency >= FREQUENT && !is_function_word())
}

/// The lemma of `form` as a noun or name, and the frequency class of the form or the lemma. Of several lemmas it is the
/// most frequent (`Abkommen`, not `Abkomme`); nominalised infinitives take second place (`Stunde`, not `Stunden`).
fn noun(morphology: &Morphology, form: &str) -> Option<(String, f32)> {
    /// Classes by which an infinitive must be the more frequent, its form being that of a plural too.
    const HANDICAP: u8 = 2;
    let entry = morphology
        .lookup(form)
        .filter(|e| is_sound(morphology, form, e.frequency()))?;
    let is_noun = |readings: &[Reading]| readings.iter().any(|r| matches!(r.pos(), Upos::Noun | Upos::Propn));
    let (lemma, frequency) = entry
        .lemmas()
        .filter(|(_, readings)| is_noun(readings))
        .map(|(lemma, _)| {
            let frequency = morphology.lookup(&lemma).map_or(0, |e| e.frequency());
            (lemma, frequency)
        })
        .max_by_key(|(lemma, frequency)| {
            let may_be_infinitive = lemma == form && form.ends_with('n');
            if may_be_infinitive {
                frequency.saturating_sub(HANDICAP)
            } else {
                *frequency
            }
        })?;
    Some((lemma, f32::from(entry.frequency().max(frequency))))
}

impl Morphology {
    /// The parts of a German compound noun, each as a lemma: `Waffenlieferung` → `Waffe`, `Lieferung`. At hyphens a
    /// compound is split there and nowhere else: `US-Außenminister` → `US`, `Außenminister`. Else it is split where the
    /// parts are the most frequent words by geometric mean, and not at all if the whole is more frequent than that
    /// (Koehn and Knight, *Empirical Methods for Compound Splitting*, EACL 2003).
    ///
    /// `None` when there is one part, or the language is not German.
    #[must_use]
    pub fn split_compound(&self, noun_form: &str) -> Option<Arc<[String]>> {
        if self.lang != lagebild_core::Lang::De {
            return None;
        }
        let split = || self.parts(noun_form).map(Arc::from);
        self.compounds.get(noun_form, split)
    }

    fn parts(&self, noun_form: &str) -> Option<Vec<String>> {
        if noun_form.contains('-') {
            let parts: Vec<&str> = noun_form.split('-').filter(|part| !part.is_empty()).collect();
            let (last, before) = parts.split_last().filter(|(_, before)| !before.is_empty())?;
            let mut lemmas: Vec<String> = before.iter().map(|&part| part.to_owned()).collect();
            lemmas.push(self.lemma(last, Upos::Noun, Morph::default()));
            return Some(lemmas);
        }
        // No compounds: names, adverbs that begin a sentence ("Danach"), nominalised adjectives ("Vorsitzende").
        let whole = self.lookup(noun_form).map_or(Mask::default(), Entry::mask);
        let lower = self
            .lookup(&noun_form.to_lowercase())
            .map_or(Mask::default(), |e| e.mask());
        if (!whole.is_empty() && !whole.has(Upos::Noun))
            || lower.has(Upos::Adj)
            || (whole.is_empty() && !lower.is_empty())
        {
            return None;
        }
        let mut best: Option<Modifier> = None;
        for at in heads(self, noun_form) {
            let Some(before) = modifier(self, &noun_form[..at], Before::Words) else {
                continue;
            };
            let Some((lemma, frequency)) = noun(self, &capitalised(&noun_form[at..])) else {
                continue;
            };
            let parts = before.lemmas.len() as f32;
            let score = (before.score * parts + frequency) / (parts + 1.0);
            if best.as_ref().is_none_or(|b| score > b.score) {
                let lemmas = before.lemmas.into_iter().chain([lemma]).collect();
                best = Some(Modifier { lemmas, score });
            }
        }
        let frequency = noun(self, noun_form).map_or(0.0, |(_, frequency)| frequency);
        best.filter(|b| b.score >= frequency).map(|b| b.lemmas)
    }
}
