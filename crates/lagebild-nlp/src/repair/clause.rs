//! A short sentence without auxiliary (*Germany delivered tanks to Ukraine*, *Die USA verhängten Einreiseverbote*) is often taken for a
//! noun phrase, its verb for a participle before the object. Treebanks have few sentences of this kind, agency reports open with them.

use super::{english, german};
use crate::morph::{Morphology, lines};
use lagebild_core::{Case, Dep, Lang, Morph, Number, Parsed, Token, TokenIx, Upos, VerbForm};
use std::collections::HashSet;
use std::sync::LazyLock;

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

/// Words that an infinitive completes.
struct Completed {
    verbs: HashSet<&'static str>,
    /// In lower case; of a compound its last part.
    nouns: HashSet<&'static str>,
}

impl Completed {
    fn of(lang: Lang) -> &'static Self {
        macro_rules! words {
            ($file:literal) => {
                lines(include_str!(concat!("../../../../data/lang/", $file)))
                    .flat_map(str::split_whitespace)
                    .collect()
            };
        }
        static GERMAN: LazyLock<Completed> = LazyLock::new(|| Completed {
            verbs: words!("de/infinitive-verbs.txt"),
            nouns: words!("de/infinitive-nouns.txt"),
        });
        static ENGLISH: LazyLock<Completed> = LazyLock::new(|| Completed {
            verbs: words!("en/infinitive-verbs.txt"),
            nouns: words!("en/infinitive-nouns.txt"),
        });
        match lang {
            Lang::De => &GERMAN,
            Lang::En => &ENGLISH,
        }
    }

    /// Whether a noun takes an infinitive itself.
    fn takes(&self, noun: &str) -> bool {
        let noun = noun.to_lowercase();
        let mut ends = noun.char_indices().map(|(at, _)| at);
        ends.any(|at| self.nouns.contains(&noun[at..]))
    }
}

/// Gives verbs that an infinitive completes theirs where it hangs on a phrase between: *pledged on the sidelines of the summit **to help Ukraine***, *weigerte sich am
/// Montag, **mit Kiew zu verhandeln***. Needs lemmas.
pub(super) fn complements_behind_phrases(parsed: &mut Parsed) {
    let completed = Completed::of(parsed.doc.lang);
    let children = parsed.children();
    let has = |t: TokenIx, deps: &[Dep]| children[t.ix()].iter().any(|c| deps.contains(&parsed.token(*c).dep));
    let mut moved = Vec::new();
    for i in 1..parsed.tokens.len() {
        let infinitive = TokenIx::from(i);
        let word = parsed.token(infinitive);
        let attribute =
            matches!(word.dep, Dep::Acl | Dep::Xcomp | Dep::AclRelcl) && word.morph.form == Some(VerbForm::Inf);
        let marked = || has(infinitive, &[Dep::Mark]) && !has(infinitive, &[Dep::Nsubj, Dep::NsubjPass, Dep::Aux]);
        let Some(noun) = word.head.filter(|h| attribute && *h < infinitive && marked()) else {
            continue;
        };
        let inside = |t: TokenIx| matches!(parsed.token(t).dep, Dep::Nmod | Dep::Obl);
        let mut phrase = vec![noun];
        while let Some(above) = parsed
            .token(phrase[phrase.len() - 1])
            .head
            .filter(|_| inside(phrase[phrase.len() - 1]))
        {
            phrase.push(above);
        }
        let Some(verb) = phrase
            .pop()
            .filter(|v| parsed.token(*v).pos == Upos::Verb && !phrase.is_empty())
        else {
            continue;
        };
        let nominal = |t: &TokenIx| matches!(parsed.token(*t).pos, Upos::Noun | Upos::Propn | Upos::Num);
        let takes = phrase.iter().any(|t| !nominal(t) || completed.takes(parsed.lemma(*t)));
        let governed = has(phrase[phrase.len() - 1], &[Dep::Case]) && phrase.iter().all(|t| *t > verb);
        if completed.verbs.contains(parsed.lemma(verb)) && governed && !takes && !has(verb, &[Dep::Xcomp, Dep::Ccomp]) {
            moved.push((infinitive, verb));
        }
    }
    for (infinitive, verb) in moved {
        let word = &mut parsed.tokens[infinitive.ix()];
        (word.head, word.dep) = (Some(verb), Dep::Xcomp);
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
                let before_root = head(noun) == Some(root) && root > noun && !marked(noun);
                let follows = before_root && matches!(words[noun].dep, Dep::Nsubj | Dep::Nmod | Dep::Obl | Dep::Iobj);
                // "In Mali ermordeten Islamisten zwölf Bauern"
                let behind = (root + 1..words.len()).find(|&i| {
                    let hung = matches!(words[i].dep, Dep::Nmod | Dep::Appos | Dep::Obj | Dep::Nsubj);
                    hung && head(i) == Some(root) && nominal(i) && !marked(i)
                });
                if let Some(object) = behind.filter(|_| noun == root) {
                    let clause = Self {
                        subject: noun,
                        verb,
                        object,
                        morph,
                    };
                    return (!marked(noun) && agrees(noun, verb, &clause.morph)).then_some(clause);
                }
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
