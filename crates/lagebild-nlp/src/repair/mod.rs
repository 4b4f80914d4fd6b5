//! Mends what the parser of a language gets wrong as a rule.

mod clause;
mod english;
mod german;
mod names;
#[cfg(test)]
mod tests;

pub(crate) use german::{perfects_read_as_passives, separated_prefixes};

use crate::morph::{Morphology, lines};
use crate::parser::is_tree;
use lagebild_core::{Dep, Lang, Parsed, Token, TokenIx};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Mends the trees; what needs lemmas or times has functions of its own, to be called when there are any.
pub(crate) fn trees(parsed: &mut Parsed) {
    keeping_trees(parsed, mend_trees);
}

/// Mends what needs times or lemmas, once they are known.
pub(crate) fn beside_times(parsed: &mut Parsed) {
    keeping_trees(parsed, mend_beside_times);
}

/// Mends, and takes back what was done to the words of a sentence that are no tree afterwards: repairs that are right one by one may hang two words on one
/// another in a sentence that nobody thought of.
fn keeping_trees(parsed: &mut Parsed, mend: impl Fn(&mut Parsed)) {
    let before: Vec<(Option<TokenIx>, Dep)> = parsed.tokens.iter().map(|t| (t.head, t.dep)).collect();
    mend(parsed);
    for sentence in &parsed.sentences {
        let words = sentence.tokens.start as usize..sentence.tokens.end as usize;
        let first = sentence.tokens.start;
        // A head in another sentence gets a place that no word has.
        let place = |t: &Token| t.head.map_or(0, |h| h.0.wrapping_sub(first) as usize + 1);
        let heads: Vec<usize> = parsed.tokens[words.clone()].iter().map(place).collect();
        if !heads.is_empty() && !is_tree(&heads) {
            for (token, (head, dep)) in parsed.tokens[words.clone()].iter_mut().zip(&before[words]) {
                (token.head, token.dep) = (*head, *dep);
            }
        }
    }
}

fn mend_trees(parsed: &mut Parsed) {
    let lang = parsed.doc.lang;
    let morphology = Morphology::get(lang);
    clause::dependants_of_auxiliaries(parsed);
    clause::verbless(parsed, morphology);
    clause::circumstances_read_as_complements(parsed);
    match lang {
        Lang::De => german::trees(parsed, morphology),
        Lang::En => english::trees(parsed, morphology),
    }
}

fn mend_beside_times(parsed: &mut Parsed) {
    clause::complements_behind_phrases(parsed);
    match parsed.doc.lang {
        Lang::De => {
            let morphology = Morphology::get(Lang::De);
            clause::infinitives_behind_nouns(parsed);
            german::doers_behind_times(parsed);
            names::behind_times(parsed, morphology);
            names::bare_objects(parsed, morphology);
        }
        Lang::En => {
            english::subjects_read_as_days(parsed);
            clause::infinitives_right_behind_nouns(parsed);
            english::clauses_behind_times(parsed);
            english::clauses_read_as_relatives(parsed);
            english::receivers_read_as_compounds(parsed);
        }
    }
}

/// The forms of states in the tables of knowledge, of the rows that hold `kind` (language and kind between tabs).
fn country_names(kind: &str) -> HashSet<&'static str> {
    let rows = lines(include_str!("../../../../data/knowledge/country-names.tsv"));
    let forms = rows.filter_map(|row| row.split_once(kind));
    forms.filter_map(|(_, rest)| rest.split('\t').next()).collect()
}

/// Names of one word by which the tables know office-holders.
static OFFICE_HOLDERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let names = office_holders().flat_map(|[_, aliases]| aliases.split(';'));
    names.filter(|name| !name.is_empty() && !name.contains(' ')).collect()
});

/// Name and aliases of each office-holder.
fn office_holders() -> impl Iterator<Item = [&'static str; 2]> {
    let rows = lines(include_str!("../../../../data/knowledge/office-holders.tsv"));
    rows.filter_map(|row| {
        let mut cells = row.split('\t');
        Some([cells.next()?, cells.next()?])
    })
}

/// Whether a word is part of a time.
fn in_time(parsed: &Parsed, word: TokenIx) -> bool {
    let span = parsed.token(word).span;
    parsed.times.iter().any(|time| time.span.contains(span))
}

/// Whether a sentence ends with a full stop, as headlines do not.
fn has_full_stop(parsed: &Parsed, sentence: usize) -> bool {
    let last = parsed.sentences[sentence].tokens.clone().next_back();
    last.is_some_and(|last| parsed.form(TokenIx(last)) == ".")
}

fn is_subject(dep: Dep) -> bool {
    matches!(dep, Dep::Nsubj | Dep::NsubjPass)
}
