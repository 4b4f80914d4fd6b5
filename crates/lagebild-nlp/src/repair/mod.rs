//! Mends what the parser of a language gets wrong as a rule.

mod clause;
mod english;
mod german;
#[cfg(test)]
mod tests;

pub(crate) use english::subjects_read_as_days;
pub(crate) use german::{perfects_read_as_passives, separated_prefixes};

use crate::morph::Morphology;
use lagebild_core::{Dep, Lang, Parsed};

/// Mends the trees; what needs lemmas or times has functions of its own, to be called when there are any.
pub(crate) fn trees(parsed: &mut Parsed) {
    let lang = parsed.doc.lang;
    let morphology = Morphology::get(lang);
    clause::verbless(parsed, morphology);
    match lang {
        Lang::De => german::trees(parsed, morphology),
        Lang::En => english::trees(parsed),
    }
}

fn is_subject(dep: Dep) -> bool {
    matches!(dep, Dep::Nsubj | Dep::NsubjPass)
}
