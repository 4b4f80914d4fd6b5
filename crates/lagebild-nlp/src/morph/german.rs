//! German words that the lexicon lacks, compounds, separable prefixes, and the choice of a lemma.

use super::compound::{self, lines};
use super::{Analysis, Entry, Mask, Morphology, Reading, Source, capitalised, title_of_capitals};
use lagebild_core::{Case, Degree, Morph, Number, Person, Tense, Upos, VerbForm};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// Separable prefixes, the longest first.
static PREFIXES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut prefixes: Vec<&str> = lines(include_str!("../../../../data/lang/de/verb-prefixes.txt")).collect();
    prefixes.sort_by_key(|p| std::cmp::Reverse(p.len()));
    prefixes
});

/// Lemmas of determiners, pronouns and other function words: (lower-case form, part of speech) → lemma.
static FUNCTION_WORDS: LazyLock<HashMap<(&str, Upos), &str>> = LazyLock::new(|| {
    lines(include_str!("../../../../data/lang/de/function-words.tsv"))
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let (pos, lemma, forms) = (fields.next()?, fields.next()?, fields.next()?);
            Some((Upos::parse(pos)?, lemma, forms))
        })
        .flat_map(|(pos, lemma, forms)| forms.split(' ').map(move |form| ((form, pos), lemma)))
        .collect()
});

/// Endings of adjectives, the longest first.
const ADJECTIVE_ENDINGS: [&str; 5] = ["en", "em", "er", "es", "e"];

/// What parts the words of a compound written apart.
const HYPHENS: [char; 4] = ['-', '‑', '–', '/'];

/// The lemma of a word with known part of speech and features.
pub(super) fn lemma(morphology: &Morphology, form: &str, pos: Upos, morph: Morph) -> String {
    match pos {
        Upos::Punct | Upos::Sym | Upos::X => return form.to_owned(),
        Upos::Propn => return name(morphology, form, morph),
        _ => {}
    }
    let lower = form.to_lowercase();
    if pos == Upos::Num {
        let is_known = morphology.lookup(&lower).is_some_and(|e| e.mask().has(Upos::Num));
        return if is_known { lower } else { form.to_owned() };
    }
    if pos == Upos::Pron && morph.person == Some(Person::Second) {
        match form {
            "Sie" | "Ihnen" => return "Sie".to_owned(),
            "Ihr" | "ihr" => return "ihr".to_owned(),
            _ => {}
        }
    }
    if let Some(lemma) = FUNCTION_WORDS.get(&(&*lower, pos)) {
        return (*lemma).to_owned();
    }
    match pos {
        Upos::Noun => noun(morphology, form, morph),
        Upos::Verb | Upos::Aux => verb(morphology, &lower, morph),
        Upos::Adj => adjective(morphology, form, &lower, morph),
        _ => lower,
    }
}

fn is_nominal(pos: Upos) -> bool {
    matches!(pos, Upos::Noun | Upos::Propn)
}

fn is_verbal(pos: Upos) -> bool {
    matches!(pos, Upos::Verb | Upos::Aux)
}

fn name(morphology: &Morphology, form: &str, morph: Morph) -> String {
    let known = |form: &str| {
        morphology
            .best_lemma(form, |p| p == Upos::Propn, morph)
            .or_else(|| morphology.best_lemma(form, is_nominal, morph))
            .map(|(_, lemma)| lemma)
    };
    if let Some(lemma) = known(form) {
        return lemma;
    }
    if let Some((before, last)) = form.rsplit_once('-')
        && !last.is_empty()
    {
        return format!("{before}-{}", name(morphology, last, morph));
    }
    if let Some(bare) = form.strip_suffix(['\'', '’']) {
        return bare.to_owned();
    }
    match form.strip_suffix('s') {
        Some(bare) if bare.len() > 2 && !bare.ends_with('s') && bare.ends_with(char::is_lowercase) => {
            let is_genitive = morph.case == Some(Case::Gen) || (morph.case.is_none() && known(bare).is_some());
            if is_genitive { bare.to_owned() } else { form.to_owned() }
        }
        _ => form.to_owned(),
    }
}

fn noun(morphology: &Morphology, form: &str, morph: Morph) -> String {
    let spelled = if form.starts_with(char::is_lowercase) {
        capitalised(form)
    } else {
        form.to_owned()
    };
    let known = |form: &str| morphology.best_lemma(form, is_nominal, morph).map(|(_, lemma)| lemma);
    if let Some(lemma) = known(&spelled) {
        return lemma;
    }
    let capitals = title_of_capitals(form);
    if let Some(lemma) = capitals.as_deref().and_then(known) {
        return lemma;
    }
    // A compound is inflected as its head.
    if !spelled.contains(HYPHENS)
        && let Some(at) = compound::noun_head(morphology, &spelled)
        && let Some(head) = known(&capitalised(&spelled[at..]))
    {
        return format!("{}{}", &spelled[..at], head.to_lowercase());
    }
    // "Ceta-Abkommens", like "Abkommens"
    if let Some((before, last)) = spelled.rsplit_once('-')
        && last.starts_with(char::is_uppercase)
        && let Some(head) = known(last)
    {
        return format!("{before}-{head}");
    }
    let mut guesses = Vec::new();
    guess(morphology, &spelled, &mut guesses);
    guesses
        .iter()
        .filter(|a| a.pos == Upos::Noun && a.source == Source::Compound)
        .max_by_key(|a| super::agreement(a.morph, morph))
        .map_or_else(|| spelled.clone(), |a| a.lemma.to_string())
}

fn verb(morphology: &Morphology, lower: &str, morph: Morph) -> String {
    if let Some((_, lemma)) = morphology.best_lemma(lower, is_verbal, morph) {
        return lemma;
    }
    let mut guesses = Vec::new();
    guess(morphology, lower, &mut guesses);
    guesses
        .iter()
        .filter(|a| is_verbal(a.pos) && (a.source != Source::Shape || a.morph.form == morph.form))
        .max_by_key(|a| super::agreement(a.morph, morph))
        .map_or_else(|| weak_infinitive(lower, morph), |a| a.lemma.to_string())
}

/// The infinitive of a weak verb that no lexicon has, by the ending of a finite form: *ermunterte*, *watschten*. Strong ones cannot be told.
fn weak_infinitive(form: &str, morph: Morph) -> String {
    let endings: &[&str] = match (morph.form, morph.tense) {
        (Some(VerbForm::Fin), Some(Tense::Past)) => &["ten", "test", "tet", "te"],
        (Some(VerbForm::Fin), _) => &["st", "t"],
        _ => &[],
    };
    let stem = endings.iter().find_map(|ending| form.strip_suffix(ending));
    match stem.filter(|stem| stem.len() > 2) {
        // "ermuntern", "drosseln", "öffnen"
        Some(stem) if stem.ends_with("er") || stem.ends_with("el") || stem.ends_with('e') => format!("{stem}n"),
        Some(stem) => format!("{stem}en"),
        None => form.to_owned(),
    }
}

fn adjective(morphology: &Morphology, form: &str, lower: &str, morph: Morph) -> String {
    // Predicative participles that the treebank keeps apart from adjectives by VerbForm have the verb as lemma.
    if morph.form == Some(VerbForm::Part)
        && let Some((_, lemma)) = morphology.best_lemma(lower, is_verbal, morph)
    {
        return lemma;
    }
    let is_adjective = |p| p == Upos::Adj;
    if let Some((_, lemma)) = morphology.best_lemma(lower, is_adjective, morph) {
        return lemma;
    }
    // Adjectives of towns never change: "Berliner", "Frankfurter".
    if form.ends_with("er") && form.starts_with(char::is_uppercase) {
        return form.to_owned();
    }
    // Words of another class used as adjectives: "super", "online".
    if morph.case.is_none() && morphology.lookup(lower).is_some() {
        return lower.to_owned();
    }
    let mut guesses = Vec::new();
    guess(morphology, if form.contains('-') { form } else { lower }, &mut guesses);
    guesses
        .iter()
        .filter(|a| is_adjective(a.pos))
        .max_by_key(|a| (super::agreement(a.morph, morph), std::cmp::Reverse(a.source)))
        .map_or_else(|| lower.to_owned(), |a| a.lemma.to_string())
}

/// Reads a word that the lexicon has in no spelling.
pub(super) fn guess(morphology: &Morphology, form: &str, found: &mut Vec<Analysis>) {
    let Some(first) = form.chars().next().filter(|_| form.chars().any(char::is_alphabetic)) else {
        return;
    };
    if let Some(hyphen) = form.rfind(HYPHENS)
        && hyphen > 0
    {
        guess_hyphenated(morphology, form, hyphen, found);
    } else if first.is_uppercase() {
        guess_noun(morphology, form, found);
        // It may begin a sentence.
        if found.iter().all(|a| a.source == Source::Shape) {
            let lower = form.to_lowercase();
            guess_verb(morphology, &lower, found);
            guess_adjective(morphology, &lower, found);
        }
    } else {
        guess_verb(morphology, form, found);
        guess_adjective(morphology, form, found);
    }
    if found.is_empty() {
        guess_by_shape(form, first.is_uppercase(), found);
    }
}

/// Reads `US-Außenminister` as `Außenminister` with something before it.
fn guess_hyphenated(morphology: &Morphology, form: &str, hyphen: usize, found: &mut Vec<Analysis>) {
    let after = hyphen + form[hyphen..].chars().next().map_or(1, char::len_utf8);
    let (before, last) = form.split_at(after);
    if last.is_empty() {
        return;
    }
    let mut heads = Vec::new();
    morphology.collect(last, Source::Compound, &mut heads);
    if heads.is_empty() {
        guess(morphology, last, &mut heads);
    }
    for head in heads {
        if matches!(head.pos, Upos::Noun | Upos::Propn | Upos::Adj | Upos::Verb) {
            let source = head.source.max(Source::Compound);
            found.push(Analysis {
                lemma: format!("{before}{}", head.lemma).into(),
                source,
                ..head
            });
        }
    }
}

/// Reads an unknown capitalised word as a compound with a known noun at its end.
fn guess_noun(morphology: &Morphology, form: &str, found: &mut Vec<Analysis>) {
    if let Some(at) = compound::noun_head(morphology, form) {
        push_head(
            morphology,
            form,
            at,
            &capitalised(&form[at..]),
            |p| p == Upos::Noun,
            found,
        );
    }
    // Whatever else a capitalised unknown word may be, it may be a name.
    let bare = form
        .strip_suffix('s')
        .filter(|b| b.len() > 2 && !b.ends_with('s') && !b.ends_with(char::is_uppercase));
    let mut add = |lemma: &str, case| {
        let morph = Morph {
            case: Some(case),
            number: Some(Number::Sing),
            ..Morph::default()
        };
        found.push(Analysis::new(
            &Arc::from(lemma),
            Reading::new(Upos::Propn, morph),
            Source::Shape,
        ));
    };
    if let Some(bare) = bare {
        add(bare, Case::Gen);
    }
    for case in [Case::Nom, Case::Acc, Case::Dat] {
        add(form, case);
    }
}

/// Adds the readings of the head that begins at byte `at` of `form`, with `form` up to there before each lemma.
fn push_head(
    morphology: &Morphology,
    form: &str,
    at: usize,
    head: &str,
    wanted: impl Fn(Upos) -> bool,
    found: &mut Vec<Analysis>,
) {
    for (lemma, readings) in morphology.lookup(head).into_iter().flat_map(Entry::lemmas) {
        let lemma: Arc<str> = format!("{}{}", &form[..at], lemma.to_lowercase()).into();
        for &reading in readings.iter().filter(|r| wanted(r.pos())) {
            found.push(Analysis::new(&lemma, reading, Source::Compound));
        }
    }
}

/// Reads an unknown lower-case word as a known verb form with a separable prefix before it.
fn guess_verb(morphology: &Morphology, form: &str, found: &mut Vec<Analysis>) {
    for prefix in PREFIXES.iter() {
        let Some(rest) = form.strip_prefix(prefix).filter(|rest| rest.len() > 2) else {
            continue;
        };
        if let Some(base) = rest.strip_prefix("zu")
            && morphology
                .lookup(base)
                .is_some_and(|e| e.mask().meets(Mask::INFINITIVE))
        {
            let infinitive = Morph {
                form: Some(VerbForm::Inf),
                ..Morph::default()
            };
            let lemma: Arc<str> = format!("{prefix}{base}").into();
            found.push(Analysis::new(
                &lemma,
                Reading::new(Upos::Verb, infinitive).with_zu(),
                Source::Compound,
            ));
        }
        let before = found.len();
        push_head(morphology, form, prefix.len(), rest, |p| p == Upos::Verb, found);
        if found.len() > before {
            return;
        }
    }
}

/// Reads an unknown lower-case word as a compound with a known adjective or participle at its end.
fn guess_adjective(morphology: &Morphology, form: &str, found: &mut Vec<Analysis>) {
    if let Some(at) = compound::adjective_head(morphology, form) {
        push_head(morphology, form, at, &form[at..], |p| p == Upos::Adj, found);
    }
}

/// Reads a word that nothing is known of.
fn guess_by_shape(form: &str, capital: bool, found: &mut Vec<Analysis>) {
    let mut add = |pos, morph, lemma: &str| {
        found.push(Analysis::new(
            &Arc::from(lemma),
            Reading::new(pos, morph),
            Source::Shape,
        ));
    };
    if capital {
        for pos in [Upos::Noun, Upos::Propn] {
            add(pos, Morph::default(), form);
        }
        return;
    }
    let degree = Morph {
        degree: Some(Degree::Pos),
        ..Morph::default()
    };
    let stem = ADJECTIVE_ENDINGS
        .iter()
        .find_map(|e| form.strip_suffix(e))
        .filter(|s| s.len() > 2);
    add(Upos::Adj, degree, stem.unwrap_or(form));
    if form.ends_with('n') {
        add(
            Upos::Verb,
            Morph {
                form: Some(VerbForm::Inf),
                ..Morph::default()
            },
            form,
        );
    }
    if let Some(stem) = form.strip_suffix('t').filter(|s| s.len() > 2) {
        let infinitive = format!("{stem}en");
        add(
            Upos::Verb,
            Morph {
                form: Some(VerbForm::Part),
                ..Morph::default()
            },
            &infinitive,
        );
        add(
            Upos::Verb,
            Morph {
                form: Some(VerbForm::Fin),
                number: Some(Number::Sing),
                ..Morph::default()
            },
            &infinitive,
        );
    }
    add(Upos::Adv, Morph::default(), form);
    add(Upos::X, Morph::default(), form);
}

impl Morphology {
    /// The lemma of a separable verb, from its prefix and the lemma of its stem: `an` + `prangern` → `anprangern`.
    ///
    /// `None` when `prefix` is no separable prefix, or `lemma` no verb that could take it.
    #[must_use]
    pub fn join_prefix(&self, prefix: &str, lemma: &str) -> Option<String> {
        let prefix = prefix.to_lowercase();
        let joined = format!("{prefix}{lemma}");
        let is_infinitive = |form: &str| self.lookup(form).is_some_and(|e| e.mask().meets(Mask::INFINITIVE));
        if is_infinitive(&joined) || (PREFIXES.contains(&&*prefix) && is_infinitive(lemma)) {
            return Some(joined);
        }
        None
    }

    /// Prefix and stem of a separable verb: `anprangern` → (`an`, `prangern`). `None` for other verbs.
    #[must_use]
    pub fn verb_prefix<'a>(&self, lemma: &'a str) -> Option<(&'a str, &'a str)> {
        PREFIXES.iter().find_map(|prefix| {
            let base = lemma.strip_prefix(prefix).filter(|base| base.len() > 2)?;
            let infinitive = format!("{prefix}zu{base}");
            let is_separable = self
                .lookup(&infinitive)
                .is_some_and(|e| e.mask().meets(Mask::ZU_INFINITIVE));
            is_separable.then(|| lemma.split_at(prefix.len()))
        })
    }
}
