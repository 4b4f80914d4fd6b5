//! A short sentence without auxiliary (*Germany delivered tanks to Ukraine*, *Die USA verhängten Einreiseverbote*) is often taken for a
//! noun phrase, its verb for a participle before the object. Treebanks have few sentences of this kind, agency reports open with them.

use super::{english, german, is_subject};
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

/// Hangs on the verb what hangs on its auxiliary: *Die Taliban **haben**, so Augenzeugen, zwei Polizisten verhaftet*. Auxiliaries govern nothing.
pub(super) fn dependants_of_auxiliaries(parsed: &mut Parsed) {
    let is_auxiliary = |t: TokenIx| matches!(parsed.token(t).dep, Dep::Aux | Dep::AuxPass);
    let moved: Vec<(usize, TokenIx)> = (0..parsed.tokens.len())
        .filter_map(|i| {
            let word = &parsed.tokens[i];
            let own = matches!(
                word.dep,
                Dep::Aux | Dep::AuxPass | Dep::Conj | Dep::Cc | Dep::Punct | Dep::Fixed | Dep::CompoundPrt
            );
            let auxiliary = word.head.filter(|h| !own && is_auxiliary(*h))?;
            let verb = parsed.token(auxiliary).head?;
            (verb.ix() != i).then_some((i, verb))
        })
        .collect();
    for (word, verb) in moved {
        parsed.tokens[word].head = Some(verb);
    }
}

/// Conjunctions that open a circumstance and never what somebody says, thinks or wants: in the treebanks (UD GSD and EWT) none of their clauses is
/// a `ccomp`.
fn opens_circumstance(conjunction: &str, lang: Lang) -> bool {
    let words: &[&str] = match lang {
        Lang::De => &[
            "während", "weil", "da", "obwohl", "obgleich", "obschon", "nachdem", "bevor", "ehe", "damit", "indem",
            "sodass", "seitdem", "sobald", "solange", "falls",
        ],
        Lang::En => &[
            "while", "whereas", "because", "although", "though", "after", "before", "since", "until", "unless",
        ],
    };
    words.contains(&conjunction)
}

/// *Russland hält am Abkommen fest, während Südkorea Lieferungen abwägt*: a clause behind such a conjunction is none of what the verb before it is about.
pub(super) fn circumstances_read_as_complements(parsed: &mut Parsed) {
    let children = parsed.children();
    let opens = |mark: &TokenIx| opens_circumstance(&parsed.form(*mark).to_lowercase(), parsed.doc.lang);
    let clauses: Vec<usize> = (0..parsed.tokens.len())
        .filter(|&i| parsed.tokens[i].dep == Dep::Ccomp)
        .filter(|&i| {
            let mut marks = children[i]
                .iter()
                .filter(|c| parsed.token(**c).dep == Dep::Mark)
                .peekable();
            marks.peek().is_some() && marks.all(opens)
        })
        .collect();
    for clause in clauses {
        parsed.tokens[clause].dep = Dep::Advcl;
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

/// Hangs German infinitives with *zu* on the noun before their comma that they complete: *Die Drohung Nordkoreas, **den Süden anzugreifen**, löste Sorge aus*,
/// *wies den Vorwurf zurück, **Waffen zu liefern***. The parser hangs them on the verb of the sentence, and what stands in them on the owner of the noun.
/// Needs lemmas.
pub(super) fn infinitives_behind_nouns(parsed: &mut Parsed) {
    let completed = Completed::of(Lang::De);
    for s in 0..parsed.sentences.len() {
        let range = parsed.sentences[s].tokens.clone();
        for i in range.clone() {
            if let Some(found) = Complement::find(parsed, completed, range.start, TokenIx(i)) {
                found.write(parsed);
            }
        }
    }
}

/// The same for English infinitives right behind a noun that they complete: *criticised Israel's plan **to attack Iran***. Verbs that an infinitive completes
/// keep theirs (*asked the force to leave*). Needs lemmas.
pub(super) fn infinitives_right_behind_nouns(parsed: &mut Parsed) {
    let completed = Completed::of(Lang::En);
    let mut moved = Vec::new();
    for i in 2..parsed.tokens.len() {
        let to = TokenIx::from(i - 1);
        let noun = TokenIx::from(i - 2);
        let (mark, word) = (parsed.token(to), &parsed.tokens[i]);
        let marked = mark.dep == Dep::Mark && parsed.form(to) == "to" && mark.head == Some(TokenIx::from(i));
        let verb = word
            .head
            .filter(|h| *h < noun && matches!(word.dep, Dep::Advcl | Dep::Xcomp));
        let object = parsed.token(noun).dep == Dep::Obj && parsed.token(noun).head == verb;
        let takes = parsed.token(noun).pos == Upos::Noun && completed.takes(parsed.lemma(noun));
        let free =
            verb.is_some_and(|v| parsed.token(v).pos == Upos::Verb && !completed.verbs.contains(parsed.lemma(v)));
        if marked && object && takes && free {
            moved.push((i, noun));
        }
    }
    for (infinitive, noun) in moved {
        let word = &mut parsed.tokens[infinitive];
        (word.head, word.dep) = (Some(noun), Dep::Acl);
    }
}

/// An infinitive behind a comma, and the noun before it that it completes.
struct Complement {
    noun: TokenIx,
    /// Comma that opens the clause.
    comma: TokenIx,
    infinitive: TokenIx,
}

impl Complement {
    fn find(parsed: &Parsed, completed: &Completed, first: u32, infinitive: TokenIx) -> Option<Self> {
        let word = parsed.token(infinitive);
        let hung = matches!(
            word.dep,
            Dep::Xcomp | Dep::Ccomp | Dep::Advcl | Dep::Acl | Dep::Conj | Dep::AclRelcl
        );
        let head = word.head.filter(|_| hung && word.pos == Upos::Verb)?;
        let words = || (first..infinitive.0).rev().map(TokenIx);
        let finite = |t: TokenIx| parsed.token(t).morph.form == Some(VerbForm::Fin);
        let comma = words().take_while(|t| !finite(*t)).find(|t| parsed.form(*t) == ",")?;
        let inside = |t: TokenIx| comma < t && t < infinitive;
        let marked = words().take_while(|t| *t > comma).any(|t| {
            let mark = parsed.token(t);
            mark.dep == Dep::Mark && mark.head == Some(infinitive) && parsed.form(t) == "zu"
        });
        // "anzugreifen"
        let infixed = || {
            let form = parsed.form(infinitive).to_lowercase();
            let mut places = form.match_indices("zu");
            places.any(|(at, zu)| {
                at > 0 && format!("{}{}", &form[..at], &form[at + zu.len()..]) == parsed.lemma(infinitive)
            })
        };
        let subject = |t: TokenIx| parsed.token(t).head == Some(infinitive) && is_subject(parsed.token(t).dep);
        let opened = |t: TokenIx| {
            let word = parsed.token(t);
            word.dep == Dep::Mark && word.head == Some(infinitive) && parsed.form(t) != "zu"
        };
        let clause = || words().take_while(|t| *t > comma);
        if !(marked || infixed()) || clause().any(|t| subject(t) || opened(t)) {
            return None;
        }
        let before = TokenIx(comma.0.checked_sub(1).filter(|b| *b >= first)?);
        let nominal = |t: TokenIx| matches!(parsed.token(t).pos, Upos::Noun | Upos::Propn);
        let attribute = |t: TokenIx| {
            let dep = parsed.token(t).dep;
            matches!(
                dep,
                Dep::Nmod | Dep::NmodPoss | Dep::Appos | Dep::Flat | Dep::Conj | Dep::Compound
            )
        };
        let takes = |t: &TokenIx| nominal(*t) && completed.takes(parsed.lemma(*t));
        let phrase = std::iter::successors(Some(before).filter(|b| nominal(*b)), |&t| {
            parsed.token(t).head.filter(|h| attribute(t) && *h < t)
        });
        let governed = |noun: TokenIx| {
            let case = |t: TokenIx| parsed.token(t).dep == Dep::Case && parsed.token(t).head == Some(noun);
            (first..noun.0).map(TokenIx).any(case)
        };
        // A verb that an infinitive completes takes it over the head of what stands in a phrase beside it.
        let own = head < comma && !nominal(head) && completed.verbs.contains(parsed.lemma(head));
        let noun = match phrase.into_iter().find(takes) {
            Some(noun) if own && head != noun && governed(noun) => return None,
            Some(noun) => noun,
            // "Hat den Plan kritisiert, …", "wies den Vorwurf zurück, …"
            None if !nominal(before) && head < comma && !own => {
                let object = |t: &TokenIx| {
                    let word = parsed.token(*t);
                    word.head == Some(head) && matches!(word.dep, Dep::Obj | Dep::NsubjPass)
                };
                (first..comma.0).map(TokenIx).filter(object).find(takes)?
            }
            None => return None,
        };
        // Nothing that the noun hangs on may come to hang on it.
        let mut above = std::iter::successors(parsed.token(noun).head, |&t| parsed.token(t).head);
        if above.any(|t| comma <= t && t <= infinitive) {
            return None;
        }
        let strays = clause().any(|t| inside(t) && parsed.token(t).head.is_some_and(|h| h <= comma));
        (head != noun || word.dep != Dep::Acl || strays).then_some(Self {
            noun,
            comma,
            infinitive,
        })
    }

    fn write(&self, parsed: &mut Parsed) {
        let Self {
            noun,
            comma,
            infinitive,
        } = *self;
        let clause = (comma.0 + 1..infinitive.0).map(TokenIx);
        let children = parsed.children();
        let has = |t: TokenIx, dep: Dep| children[t.ix()].iter().any(|c| parsed.token(*c).dep == dep);
        let mut object = has(infinitive, Dep::Obj);
        let mut moved: Vec<(TokenIx, TokenIx, Dep)> = Vec::new();
        for t in clause {
            let word = parsed.token(t);
            if word.head.is_none_or(|h| h > comma) || word.pos == Upos::Punct {
                continue;
            }
            let nominal = matches!(word.pos, Upos::Noun | Upos::Propn | Upos::Pron);
            let (head, dep) = match (word.dep, moved.first()) {
                (Dep::Conj, Some(&(first, ..))) if has(t, Dep::Cc) => (first, Dep::Conj),
                _ if !nominal => (infinitive, word.dep),
                _ if has(t, Dep::Case) => (infinitive, Dep::Obl),
                _ if object => (infinitive, Dep::OblArg),
                _ => {
                    object = true;
                    (infinitive, Dep::Obj)
                }
            };
            moved.push((t, head, dep));
        }
        moved.push((infinitive, noun, Dep::Acl));
        for (t, head, dep) in moved {
            let word = &mut parsed.tokens[t.ix()];
            (word.head, word.dep) = (Some(head), dep);
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
