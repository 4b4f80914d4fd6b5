//! Whether the clause around a place in the text is past, present or future.

use lagebild_core::{Dep, Lang, Mood, Parsed, Tense as Form, Token, TokenIx, Upos, VerbForm};

/// The time that a clause speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    Past,
    Present,
    Future,
}

/// How far the search for the verb climbs.
const CLIMB: usize = 16;

/// The tense of the clause that holds byte `at`; `None` when the tree does not tell.
pub(crate) fn tense_at(parsed: &Parsed, at: usize) -> Option<Tense> {
    let after = parsed.tokens.partition_point(|t| t.span.start() <= at);
    let mut ix = TokenIx::from(after.checked_sub(1)?);
    for _ in 0..CLIMB {
        let token = parsed.token(ix);
        let is_predicate = matches!(token.pos, Upos::Verb | Upos::Aux) || has_copula(parsed, ix);
        if let Some(tense) = is_predicate.then(|| tense_of_group(parsed, ix)).flatten() {
            return Some(tense);
        }
        if token.dep == Dep::Amod
            && token.span.start() > at
            && let Some(tense) = tense_of_attribute(parsed, token)
        {
            return Some(tense);
        }
        ix = token.head?;
    }
    None
}

/// The tense of a participle before its noun: *die am Dienstag erfolgte Wahl*, *die am Dienstag beginnende Wahl*.
fn tense_of_attribute(parsed: &Parsed, token: &Token) -> Option<Tense> {
    if parsed.doc.lang != Lang::De {
        return None;
    }
    let form = parsed.strings.resolve(token.form).to_lowercase();
    let stem = ["en", "er", "es", "em", "e"]
        .iter()
        .find_map(|ending| form.strip_suffix(ending))?;
    if stem.ends_with("end") {
        Some(Tense::Present)
    } else {
        (stem.ends_with('t') || stem.ends_with("en")).then_some(Tense::Past)
    }
}

/// The words of the sentence that depend on `ix`.
fn dependants(parsed: &Parsed, ix: TokenIx) -> impl Iterator<Item = &Token> {
    let sentence = &parsed.sentences[parsed.sentence_of(ix).ix()];
    let range = sentence.tokens.start as usize..sentence.tokens.end as usize;
    parsed.tokens[range].iter().filter(move |t| t.head == Some(ix))
}

fn has_copula(parsed: &Parsed, ix: TokenIx) -> bool {
    dependants(parsed, ix).any(|t| t.dep == Dep::Cop)
}

/// The tense of a verb with its auxiliaries; `None` for a bare infinitive or participle without any.
fn tense_of_group(parsed: &Parsed, ix: TokenIx) -> Option<Tense> {
    let verb = parsed.token(ix);
    let lemma = |token: &Token| parsed.strings.resolve(token.lemma);
    let helpers: Vec<&Token> = dependants(parsed, ix)
        .filter(|t| matches!(t.dep, Dep::Aux | Dep::AuxPass | Dep::Cop))
        .collect();
    let lang = parsed.doc.lang;
    let is_participle = verb.morph.form == Some(VerbForm::Part);
    for helper in &helpers {
        let present = helper.morph.tense != Some(Form::Past);
        let name = lemma(helper);
        let promises = match lang {
            Lang::De => matches!(
                name,
                "werden" | "wollen" | "sollen" | "müssen" | "dürfen" | "können" | "mögen" | "möchten"
            ),
            Lang::En => matches!(
                name,
                "will" | "shall" | "would" | "may" | "might" | "must" | "should" | "can" | "could"
            ),
        };
        // "möchte" is the subjunctive of a past form that nobody hears as past.
        let subjunctive = lang == Lang::De && (helper.morph.is_konjunktiv_2() || name == "mögen");
        // "sollte am Mittwoch stattfinden" was yet to come.
        let was_to =
            lang == Lang::De && name == "sollen" && verb.morph.form == Some(VerbForm::Inf) && helpers.len() == 1;
        // "wird getroffen" is a present passive, "wird treffen" a future.
        let passive = lang == Lang::De && name == "werden" && (helper.dep == Dep::AuxPass || is_participle);
        if promises && (present || subjunctive || was_to) && !passive {
            return Some(Tense::Future);
        }
    }
    let perfect = match lang {
        Lang::De => ["haben", "sein"].as_slice(),
        Lang::En => ["have"].as_slice(),
    };
    if is_participle && helpers.iter().any(|h| perfect.contains(&lemma(h)) && h.dep != Dep::Cop) {
        return Some(Tense::Past);
    }
    let finite = helpers
        .iter()
        .copied()
        .chain([verb])
        .filter(|t| t.morph.form == Some(VerbForm::Fin));
    for token in finite {
        match (token.morph.tense, token.morph.mood) {
            (Some(Form::Past), Some(Mood::Sub)) => return Some(Tense::Future),
            (Some(Form::Past), _) => return Some(Tense::Past),
            (Some(Form::Pres), _) => return Some(Tense::Present),
            (None, _) => {}
        }
    }
    match verb.morph.form {
        // "plans to visit Berlin on Monday"
        Some(VerbForm::Inf) if helpers.is_empty() => Some(Tense::Future),
        Some(VerbForm::Part) if helpers.is_empty() && lang == Lang::En => Some(Tense::Past),
        _ => None,
    }
}
