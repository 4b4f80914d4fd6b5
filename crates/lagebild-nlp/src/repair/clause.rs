//! A short sentence without auxiliary (*Germany delivered tanks to Ukraine*, *Die USA verhängten Einreiseverbote*) is often taken for a
//! noun phrase, its verb for a participle before the object. Treebanks have few sentences of this kind, agency reports open with them.

use super::{english, german};
use crate::morph::Morphology;
use lagebild_core::{Case, Dep, Lang, Morph, Number, Parsed, Token, TokenIx, Upos, VerbForm};

/// Gives sentences that have no finite verb, but subject, verb and object in a row, their verb.
pub(super) fn verbless(parsed: &mut Parsed, morphology: &Morphology) {
    let english = parsed.doc.lang == Lang::En;
    for s in 0..parsed.sentences.len() {
        let range = parsed.sentences[s].tokens.clone();
        let words = &parsed.tokens[range.start as usize..range.end as usize];
        let past = |i: usize| match (english, words[i].pos) {
            // "US and China sign trade pact"
            (true, Upos::Verb) if words[i].dep == Dep::Compound => {
                (words[i].morph.form == Some(VerbForm::Fin)).then_some(words[i].morph)
            }
            (true, Upos::Verb) => english::past_of_participle(words[i].morph),
            (false, Upos::Adj) => german::preterite(morphology, parsed.strings.resolve(words[i].form)),
            _ => None,
        };
        let clause = Clause::find(words, range.start, past);
        let inverted = || {
            (!english)
                .then(|| Clause::find_inverted(words, range.start, past))
                .flatten()
        };
        if let Some(clause) = clause.or_else(inverted) {
            clause.write(
                &mut parsed.tokens[range.start as usize..range.end as usize],
                range.start,
            );
        }
    }
}

/// A clause in the guise of a noun phrase; places count from the first word of the sentence.
struct Clause {
    subject: usize,
    verb: usize,
    object: usize,
    /// Features of the verb.
    morph: Morph,
}

impl Clause {
    /// `past` gives the features of a word as a verb of the past, if it can be one.
    fn find(words: &[Token], first: u32, past: impl Fn(usize) -> Option<Morph>) -> Option<Self> {
        let head = |i: usize| words[i].head.map(|h| (h.0 - first) as usize);
        let nominal = |i: usize| matches!(words[i].pos, Upos::Noun | Upos::Propn | Upos::Pron);
        let verbal = |i: usize| matches!(words[i].pos, Upos::Verb | Upos::Aux);
        let object = (0..words.len()).find(|&i| words[i].head.is_none() && nominal(i))?;
        // "Amnesty International documented abuses": a name may end in an adjective.
        let named = |i: usize| words[i].pos == Upos::Adj && i > 0 && words[i - 1].pos == Upos::Propn;
        let ends_phrase = |i: usize| nominal(i) || named(i);
        // The verb is an attribute of the root and follows a noun at once; an article between them would make it one.
        let (verb, morph) = (1..object)
            .filter(|&i| {
                head(i) == Some(object) && matches!(words[i].dep, Dep::Amod | Dep::Compound) && ends_phrase(i - 1)
            })
            .find_map(|i| Some((i, past(i)?)))?;
        if (0..words.len()).any(|i| i != verb && verbal(i) && words[i].morph.form == Some(VerbForm::Fin)) {
            return None;
        }
        // "Von Israel blockierte Häfen" has no subject.
        let marked = |i: usize| (0..verb).any(|c| words[c].dep == Dep::Case && head(c) == Some(i));
        let subject = (0..verb)
            .rev()
            .find(|&i| nominal(i) && !marked(i) && head(i).is_some_and(|h| h >= verb || !nominal(h)))?;
        // "Dutzende verletzte Menschen"
        if morph.number == Some(Number::Sing) && words[subject].morph.number == Some(Number::Plur) {
            return None;
        }
        Some(Self {
            subject,
            verb,
            object,
            morph,
        })
    }

    /// The same where the root is the subject (*Die Präsidentin und die Opposition vereinbarten Neuwahlen*) or the subject follows the verb
    /// (*In Pakistan verbrannten Demonstranten Flaggen*). Subject and verb must agree.
    fn find_inverted(words: &[Token], first: u32, past: impl Fn(usize) -> Option<Morph>) -> Option<Self> {
        let head = |i: usize| words[i].head.map(|h| (h.0 - first) as usize);
        let nominal = |i: usize| matches!(words[i].pos, Upos::Noun | Upos::Propn);
        let finite = |w: &Token| matches!(w.pos, Upos::Verb | Upos::Aux) && w.morph.form == Some(VerbForm::Fin);
        if words.iter().any(finite) {
            return None;
        }
        let root = words.iter().position(|w| w.head.is_none()).filter(|&r| nominal(r))?;
        let marked = |i: usize| (0..words.len()).any(|c| words[c].dep == Dep::Case && head(c) == Some(i));
        let agrees = |subject: usize, verb: usize, morph: &Morph| {
            let several = (subject..verb.max(subject)).any(|c| words[c].dep == Dep::Conj && head(c) == Some(subject));
            let number = if several {
                Some(Number::Plur)
            } else {
                words[subject].morph.number
            };
            number.is_some() && number == morph.number
        };
        (1..words.len())
            .filter(|&i| words[i].dep == Dep::Amod && nominal(i - 1))
            .filter_map(|i| Some((i, head(i).filter(|&h| h > i && nominal(h))?, past(i)?)))
            .find_map(|(verb, noun, morph)| {
                let follows = words[noun].dep == Dep::Nsubj && head(noun) == Some(root) && root > noun;
                let precedes = root < verb && matches!(words[noun].dep, Dep::Conj | Dep::Nmod | Dep::Appos | Dep::Flat);
                let (subject, object) = match (follows, precedes) {
                    (true, _) => (noun, root),
                    (_, true) => (root, noun),
                    _ => return None,
                };
                let clause = Self {
                    subject,
                    verb,
                    object,
                    morph,
                };
                (!marked(subject) && !marked(object) && agrees(subject, verb, &clause.morph)).then_some(clause)
            })
    }

    fn write(&self, words: &mut [Token], first: u32) {
        let at = |i: usize| Some(TokenIx(first + i as u32));
        let Self {
            subject,
            verb,
            object,
            morph,
        } = *self;
        if subject > verb {
            // All that stands before the verb belongs to it.
            for word in words.iter_mut().take(verb).filter(|w| w.head == at(object)) {
                word.head = at(verb);
            }
        }
        for (i, word) in words.iter_mut().enumerate() {
            let below = word.head == at(object) || word.head == at(verb);
            if !below || i == verb || subject > verb {
                continue;
            }
            match (i < verb, word.pos) {
                // Articles and attributes before the verb belong to the subject.
                (true, Upos::Punct) | (false, Upos::Punct) => word.head = at(verb),
                (true, Upos::Adv) => word.head = at(verb),
                (true, _) if i != subject => word.head = at(subject),
                _ => {}
            }
        }
        words[subject].head = at(verb);
        words[subject].dep = Dep::Nsubj;
        words[object].head = at(verb);
        words[object].dep = Dep::Obj;
        words[object].morph.case = words[object].morph.case.map(|_| Case::Acc);
        let word = &mut words[verb];
        word.head = None;
        word.dep = Dep::Root;
        word.pos = Upos::Verb;
        word.morph = morph;
    }
}
