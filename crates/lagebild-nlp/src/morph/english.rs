//! English words that the lexicon lacks, and the choice of a lemma.

use super::{Analysis, Morphology, Reading, Source, lowered};
use lagebild_core::{Degree, Mood, Morph, Number, Person, Tense, Upos, VerbForm};
use std::sync::Arc;

/// The lemma of a word with known part of speech and features.
pub(super) fn lemma(morphology: &Morphology, form: &str, pos: Upos, morph: Morph) -> String {
    let wanted = |p| p == pos || matches!((p, pos), (Upos::Aux, Upos::Verb) | (Upos::Verb, Upos::Aux));
    if pos == Upos::Propn {
        let known = morphology.best_lemma(form, wanted, morph).map(|(_, lemma)| lemma);
        return known.unwrap_or_else(|| form.to_owned());
    }
    let lower = lowered(form);
    let spelled = lower.as_deref().unwrap_or(form);
    let known = [spelled, form]
        .into_iter()
        .find_map(|f| morphology.best_lemma(f, wanted, morph));
    if let Some((_, lemma)) = known {
        return lemma;
    }
    match pos {
        Upos::Noun if morph.number == Some(Number::Plur) => singular(spelled),
        Upos::Verb | Upos::Aux => infinitive(spelled, morph),
        _ => spelled.to_owned(),
    }
}

fn singular(form: &str) -> String {
    let ends = |suffixes: &[&str]| suffixes.iter().any(|s| form.ends_with(s));
    if let Some(stem) = form.strip_suffix("ies").filter(|s| s.len() > 1) {
        stem.to_owned() + "y"
    } else if ends(&["sses", "shes", "ches", "xes", "zzes"]) {
        form[..form.len() - 2].to_owned()
    } else if let Some(stem) = form.strip_suffix("men") {
        stem.to_owned() + "man"
    } else if ends(&["ss", "us", "is"]) {
        form.to_owned()
    } else {
        form.strip_suffix('s').unwrap_or(form).to_owned()
    }
}

fn infinitive(form: &str, morph: Morph) -> String {
    let stem = match (morph.form, morph.tense, morph.person) {
        (Some(VerbForm::Ger), ..) => form.strip_suffix("ing"),
        (Some(VerbForm::Part), Some(Tense::Pres), _) => form.strip_suffix("ing"),
        (Some(VerbForm::Part), ..) | (Some(VerbForm::Fin), Some(Tense::Past), _) => form.strip_suffix("ed"),
        (Some(VerbForm::Fin), Some(Tense::Pres), Some(Person::Third)) => return singular(form),
        _ => None,
    };
    stem.filter(|s| s.len() > 1).map_or_else(|| form.to_owned(), restored)
}

/// The infinitive of a stem that lost its ending: `stopp` → `stop`, `ratifi` → `ratify`, `escalat` → `escalate`.
fn restored(stem: &str) -> String {
    let is_vowel = |c: char| "aeiouy".contains(c);
    let last: Vec<char> = stem.chars().rev().take(3).collect();
    match last[..] {
        ['i', ..] => stem[..stem.len() - 1].to_owned() + "y",
        [a, b, ..] if a == b && !is_vowel(a) && !"lsz".contains(a) => stem[..stem.len() - a.len_utf8()].to_owned(),
        _ if [
            "at", "iz", "is", "v", "c", "g", "dl", "bl", "tl", "pl", "rs", "ns", "ur", "ut", "u", "in",
        ]
        .iter()
        .any(|end| stem.ends_with(end))
            && !stem.ends_with("ain")
            && !stem.ends_with("ng") =>
        {
            stem.to_owned() + "e"
        }
        _ => stem.to_owned(),
    }
}

/// Reads an unknown word by its shape.
pub(super) fn guess(form: &str, found: &mut Vec<Analysis>) {
    let Some(first) = form.chars().next().filter(|_| form.chars().any(char::is_alphabetic)) else {
        return;
    };
    let mut add = |pos, morph: Morph, lemma: String| {
        found.push(Analysis::new(
            &Arc::from(lemma),
            Reading::new(pos, morph),
            Source::Shape,
        ));
    };
    let number = |number| Morph {
        number: Some(number),
        ..Morph::default()
    };
    let degree = Morph {
        degree: Some(Degree::Pos),
        ..Morph::default()
    };
    let lower = form.to_lowercase();
    if first.is_uppercase() {
        add(Upos::Propn, number(Number::Sing), form.to_owned());
    }
    let past = Morph {
        form: Some(VerbForm::Fin),
        tense: Some(Tense::Past),
        mood: Some(Mood::Ind),
        ..Morph::default()
    };
    let participle = |tense| Morph {
        form: Some(VerbForm::Part),
        tense: Some(tense),
        ..Morph::default()
    };
    let third = Morph {
        form: Some(VerbForm::Fin),
        tense: Some(Tense::Pres),
        mood: Some(Mood::Ind),
        person: Some(Person::Third),
        number: Some(Number::Sing),
        ..Morph::default()
    };
    if lower.len() > 4 && lower.ends_with("ly") {
        add(Upos::Adv, Morph::default(), lower);
    } else if lower.len() > 4 && lower.ends_with("ed") {
        for morph in [past, participle(Tense::Past)] {
            add(Upos::Verb, morph, infinitive(&lower, morph));
        }
        add(Upos::Adj, degree, lower);
    } else if lower.len() > 5 && lower.ends_with("ing") {
        let gerund = Morph {
            form: Some(VerbForm::Ger),
            ..Morph::default()
        };
        for morph in [gerund, participle(Tense::Pres)] {
            add(Upos::Verb, morph, infinitive(&lower, morph));
        }
        add(Upos::Noun, number(Number::Sing), lower.clone());
        add(Upos::Adj, degree, lower);
    } else if lower.len() > 3 && lower.ends_with('s') && !lower.ends_with("ss") {
        add(Upos::Noun, number(Number::Plur), singular(&lower));
        add(Upos::Verb, third, singular(&lower));
    } else {
        add(Upos::Noun, number(Number::Sing), lower.clone());
        add(Upos::Adj, degree, lower);
    }
}
