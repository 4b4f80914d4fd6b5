//! The English lexicon: forms of the training parts of UD English-EWT and the free genres of GUM, and a list of
//! inflected forms whose readings follow from their endings.

use super::set_frequencies;
use crate::sources::read_xz;
use anyhow::Result;
use lagebild_core::{Degree, Mood, Morph, Number, Person, Tense, Upos, VerbForm};
use lagebild_nlp::morph::{Builder, Reading};
use std::collections::HashMap;
use std::path::Path;

/// Collects all forms.
pub(super) fn collect(sources: &Path) -> Result<Builder> {
    let mut builder = Builder::default();
    let mut seen: HashMap<(String, String, Reading), u32> = HashMap::new();
    for treebank in [
        "ud-english-ewt/en_ewt-ud-train.conllu.xz",
        "ud-english-gum-open/gum-open-train.conllu.xz",
    ] {
        count_words(&read_xz(&sources.join(treebank))?, &mut seen);
    }
    let mut lemmas: HashMap<String, Vec<Upos>> = HashMap::new();
    let mut counts: HashMap<(&str, Upos, &str), u32> = HashMap::new();
    for ((form, lemma, reading), count) in &seen {
        *counts.entry((form, reading.pos(), lemma)).or_default() += count;
    }
    let mut most: HashMap<(&str, Upos), u32> = HashMap::new();
    for (&(form, pos, _), &count) in &counts {
        let known = most.entry((form, pos)).or_default();
        *known = count.max(*known);
    }
    for (form, lemma, reading) in seen.keys() {
        let pos = reading.pos();
        // A lemma much rarer than another of the same form and part of speech is a slip of the annotation.
        if 6 * counts[&(&**form, pos, &**lemma)] > most[&(&**form, pos)] {
            builder.add(form, lemma, *reading);
            lemmas.entry(lemma.clone()).or_default().push(pos);
        }
    }
    for line in read_xz(&sources.join("spacy-lemma-lookup/en_lemma_lookup.tsv.xz"))?.lines() {
        let Some((form, lemma)) = line.split_once('\t') else {
            continue;
        };
        if form.chars().all(|c| c.is_ascii_lowercase()) && lemma.chars().all(|c| c.is_ascii_lowercase()) {
            for reading in readings_by_ending(form, lemma, lemmas.get(lemma).map_or(&[], Vec::as_slice)) {
                builder.add(form, lemma, reading);
            }
        }
    }
    set_frequencies(&mut builder, &sources.join("brown-clusters-en"))?;
    Ok(builder)
}

/// Counts the words of a treebank. Words that begin a sentence are taken in lower case unless they are names.
fn count_words(conllu: &str, seen: &mut HashMap<(String, String, Reading), u32>) {
    for line in conllu.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[id, form, lemma, upos, _, feats, ..] = &fields[..] else {
            continue;
        };
        let Some(pos) = Upos::parse(upos).filter(|_| id.bytes().all(|b| b.is_ascii_digit())) else {
            continue;
        };
        if matches!(pos, Upos::Punct | Upos::Sym | Upos::X) || feats.contains("Typo=Yes") || lemma == "_" {
            continue;
        }
        let form = if pos == Upos::Propn || lemma.starts_with(char::is_uppercase) {
            form.to_owned()
        } else {
            form.to_lowercase()
        };
        let reading = Reading::new(pos, Morph::from_feats(feats));
        *seen.entry((form, lemma.to_owned(), reading)).or_default() += 1;
    }
}

/// What an inflected form can be, by its ending; `parts` are the parts of speech that its lemma has in the treebanks.
fn readings_by_ending(form: &str, lemma: &str, parts: &[Upos]) -> Vec<Reading> {
    let may = |pos| parts.is_empty() || parts.contains(&pos);
    let finite = |tense| Morph {
        form: Some(VerbForm::Fin),
        mood: Some(Mood::Ind),
        tense: Some(tense),
        ..Morph::default()
    };
    let participle = |tense| Morph {
        form: Some(VerbForm::Part),
        tense: Some(tense),
        ..Morph::default()
    };
    let mut readings = Vec::new();
    if form == lemma {
        return readings;
    }
    if form.ends_with("ing") {
        let gerund = Morph {
            form: Some(VerbForm::Ger),
            ..Morph::default()
        };
        readings.extend([gerund, participle(Tense::Pres)].map(|m| Reading::new(Upos::Verb, m)));
    } else if form.ends_with("ed") || form.ends_with('n') && may(Upos::Verb) && !form.ends_with("en") {
        readings.extend([finite(Tense::Past), participle(Tense::Past)].map(|m| Reading::new(Upos::Verb, m)));
    } else if form.ends_with("est") || form.ends_with("er") {
        let degree = if form.ends_with("est") {
            Degree::Sup
        } else {
            Degree::Cmp
        };
        readings.push(Reading::new(
            Upos::Adj,
            Morph {
                degree: Some(degree),
                ..Morph::default()
            },
        ));
    } else if form.ends_with('s') {
        if may(Upos::Noun) {
            readings.push(Reading::new(
                Upos::Noun,
                Morph {
                    number: Some(Number::Plur),
                    ..Morph::default()
                },
            ));
        }
        if may(Upos::Verb) {
            let third = Morph {
                person: Some(Person::Third),
                number: Some(Number::Sing),
                ..finite(Tense::Pres)
            };
            readings.push(Reading::new(Upos::Verb, third));
        }
    } else {
        // Irregular: "underwent", "sunk"; "crises", "oxen" have regular look-alikes above or end here.
        if may(Upos::Verb) {
            readings.extend([finite(Tense::Past), participle(Tense::Past)].map(|m| Reading::new(Upos::Verb, m)));
        }
        if may(Upos::Noun) {
            readings.push(Reading::new(
                Upos::Noun,
                Morph {
                    number: Some(Number::Plur),
                    ..Morph::default()
                },
            ));
        }
    }
    readings
}
