//! Mends what the parser of a language gets wrong as a rule.
//!
//! German: separated prefixes that are adverbs or adjectives elsewhere (*nieder, hoch, lahm*), conditional clauses without conjunction,
//! objects that agree with the verb where the subject does not, objects and datives taken for names and predicates.
//!
//! English: past tenses that look like participles, objects and what is said of them exchanged.
//!
//! Both: a short sentence without auxiliary (*Germany delivered tanks to Ukraine*, *Die USA verhängten Einreiseverbote*) is often taken
//! for a noun phrase, its verb for a participle before the object. Treebanks have few sentences of this kind, agency reports open with
//! them.

use crate::morph::{Analysis, Morphology, NameKind, Source, lines};
use crate::quantities::numbers::words;
use lagebild_core::{
    Case, Dep, Gender, Lang, Mood, Morph, Number, Parsed, Person, Tense, Token, TokenIx, Upos, VerbForm,
};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Gives sentences that have no finite verb, but subject, verb and object in a row, their verb.
pub(crate) fn verbless(parsed: &mut Parsed, morphology: &Morphology) {
    let english = parsed.doc.lang == Lang::En;
    for s in 0..parsed.sentences.len() {
        let range = parsed.sentences[s].tokens.clone();
        let words = &parsed.tokens[range.start as usize..range.end as usize];
        let past = |i: usize| match (english, words[i].pos) {
            // "US and China sign trade pact"
            (true, Upos::Verb) if words[i].dep == Dep::Compound => {
                (words[i].morph.form == Some(VerbForm::Fin)).then_some(words[i].morph)
            }
            (true, Upos::Verb) => past_of_participle(words[i].morph),
            (false, Upos::Adj) => preterite(morphology, parsed.strings.resolve(words[i].form)),
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

/// Makes German preterites finite that were taken for participles though they have a subject and an object and no auxiliary: *Frankreich
/// evakuierte Diplomaten*.
pub(crate) fn preterites_read_as_participles(parsed: &mut Parsed, morphology: &Morphology) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let word = &parsed.tokens[i];
        let has = |dep: Dep| below.iter().any(|c| parsed.token(*c).dep == dep);
        let clause = word.head.is_none() && has(Dep::Nsubj) && has(Dep::Obj) && !has(Dep::Cop) && !has(Dep::Aux);
        if word.pos == Upos::Adj
            && clause
            && let Some(morph) = preterite(morphology, parsed.form(TokenIx::from(i)))
        {
            parsed.tokens[i].pos = Upos::Verb;
            parsed.tokens[i].morph = morph;
        }
    }
}

/// Tells the English subject from the day before it: *On Tuesday Scholz travelled to Paris*. Without a comma the parser takes them for one
/// name. Needs the times.
pub(crate) fn subjects_read_as_days(parsed: &mut Parsed) {
    let children = parsed.children();
    let in_time = |t: TokenIx| {
        let span = parsed.token(t).span;
        parsed.times.iter().any(|time| time.span.contains(span))
    };
    let subjects: Vec<(TokenIx, TokenIx, TokenIx)> = (1..parsed.tokens.len())
        .map(TokenIx::from)
        .filter_map(|name| {
            let word = parsed.token(name);
            let day = TokenIx(name.0 - 1);
            let hung = word.head == Some(day) && matches!(word.dep, Dep::Flat | Dep::Appos | Dep::Compound);
            if !hung || word.pos != Upos::Propn || in_time(name) || !in_time(day) {
                return None;
            }
            let verb = parsed
                .token(day)
                .head
                .filter(|&v| v > name && parsed.token(v).pos == Upos::Verb)?;
            let subject = |c: &TokenIx| is_subject(parsed.token(*c).dep);
            (!children[verb.ix()].iter().any(subject)).then_some((name, day, verb))
        })
        .collect();
    for (name, day, verb) in subjects {
        for &other in children[day.ix()].iter().filter(|c| **c > name && **c < verb) {
            parsed.tokens[other.ix()].head = Some(name);
        }
        parsed.tokens[name.ix()].head = Some(verb);
        parsed.tokens[name.ix()].dep = Dep::Nsubj;
    }
}

/// Makes English participles finite that have a subject, something that they govern and no auxiliary: in *Blinken promised that the
/// troops would stay* the past tense looks like one. So it does in *Germany promised to send tanks.*, where it is taken for an attribute of
/// the first noun; a sentence with a full stop needs a verb.
pub(crate) fn finite_pasts(parsed: &mut Parsed) {
    let children = parsed.children();
    for s in 0..parsed.sentences.len() {
        let range = parsed.sentences[s].tokens.clone();
        if range
            .clone()
            .next_back()
            .is_some_and(|last| parsed.form(TokenIx(last)) == ".")
        {
            promote_attribute(
                &mut parsed.tokens[range.start as usize..range.end as usize],
                range.start,
                &children,
            );
        }
    }
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let clause = matches!(
            parsed.tokens[i].dep,
            Dep::Root | Dep::Ccomp | Dep::Parataxis | Dep::Conj
        );
        let subject = below.iter().any(|c| parsed.token(*c).dep == Dep::Nsubj);
        let relations = below.iter().map(|c| parsed.token(*c).dep);
        if clause && subject && governs_as_participle(&parsed.tokens[i], relations) {
            let morph = &mut parsed.tokens[i].morph;
            (morph.form, morph.mood) = (Some(VerbForm::Fin), Some(Mood::Ind));
        }
    }
}

/// Hangs English verbs that are coordinated with a noun or adjective on the verb that they go on from: *The Kremlin said the situation was cause
/// for concern and called for a ceasefire*.
pub(crate) fn verbs_read_as_conjuncts(parsed: &mut Parsed) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let word = &parsed.tokens[i];
        let Some(peer) = word.head.filter(|_| word.dep == Dep::Conj && word.pos == Upos::Verb) else {
            continue;
        };
        let has = |deps: &[Dep]| below.iter().any(|c| deps.contains(&parsed.token(*c).dep));
        let unlike = matches!(parsed.token(peer).pos, Upos::Noun | Upos::Propn | Upos::Adj);
        let past = word.morph.tense == Some(Tense::Past) && has(&[Dep::Cc]);
        if !unlike || !past || has(&[Dep::Aux, Dep::AuxPass, Dep::Nsubj, Dep::NsubjPass]) {
            continue;
        }
        // The verb that says or does what holds the noun, in the past like this one.
        let verb = std::iter::successors(Some(peer), |&t| parsed.token(t).head).find(|&t| {
            let above = parsed.token(t);
            above.pos == Upos::Verb && above.morph.tense == Some(Tense::Past) && above.morph.form == Some(VerbForm::Fin)
        });
        if let Some(verb) = verb {
            parsed.tokens[i].head = Some(verb);
            (parsed.tokens[i].morph.form, parsed.tokens[i].morph.mood) = (Some(VerbForm::Fin), Some(Mood::Ind));
        }
    }
}

/// Gives an English verb the first of two nouns as its object and the second as what is said of it, where the parser exchanged them:
/// *called Putin a strong leader*.
pub(crate) fn exchanged_predicates(parsed: &mut Parsed) {
    let children = parsed.children();
    for below in &children {
        let nominal = |dep: Dep| {
            below.iter().copied().find(|&c| {
                let bare = |t: TokenIx| !matches!(parsed.token(t).dep, Dep::Case | Dep::Cop | Dep::Mark);
                parsed.token(c).dep == dep
                    && matches!(parsed.token(c).pos, Upos::Noun | Upos::Propn | Upos::Pron)
                    && children[c.ix()].iter().all(|&t| bare(t))
            })
        };
        if let (Some(first), Some(second)) = (nominal(Dep::Xcomp), nominal(Dep::Obj))
            && first < second
        {
            parsed.tokens[first.ix()].dep = Dep::Obj;
            parsed.tokens[second.ix()].dep = Dep::Xcomp;
        }
    }
}

/// Hangs English adjectives that end what a verb governs on the verb: *called the behaviour of the leadership unacceptable*, *shot two men
/// dead*. The parser takes them for attributes behind their noun, which English all but lacks.
pub(crate) fn predicates_behind_objects(parsed: &mut Parsed) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate().skip(1) {
        let word = &parsed.tokens[i];
        let Some(noun) = word.head.filter(|h| h.ix() + 1 == i) else {
            continue;
        };
        let alone = word.pos == Upos::Adj && word.dep == Dep::Amod && below.is_empty();
        let ends = parsed
            .tokens
            .get(i + 1)
            .is_none_or(|next| matches!(next.pos, Upos::Punct | Upos::Adp | Upos::Cconj));
        if !alone || !ends {
            continue;
        }
        let above = std::iter::successors(Some(noun), |&t| {
            let inside = matches!(parsed.token(t).dep, Dep::Nmod | Dep::NmodPoss);
            parsed.token(t).head.filter(|_| inside)
        });
        let object = above.last().filter(|&o| parsed.token(o).dep == Dep::Obj);
        let verb = object.and_then(|o| parsed.token(o).head);
        if let Some(verb) = verb.filter(|&v| parsed.token(v).pos == Upos::Verb) {
            parsed.tokens[i].head = Some(verb);
            parsed.tokens[i].dep = Dep::Xcomp;
        }
    }
}

/// Whether a word is a past participle without an auxiliary that governs an object or a clause; `below` has the relations of what hangs on
/// it.
fn governs_as_participle(word: &Token, below: impl Iterator<Item = Dep> + Clone) -> bool {
    let has = |deps: &[Dep]| below.clone().any(|dep| deps.contains(&dep));
    word.pos == Upos::Verb
        && (word.morph.form, word.morph.tense) == (Some(VerbForm::Part), Some(Tense::Past))
        && has(&[Dep::Obj, Dep::Ccomp, Dep::Xcomp])
        && !has(&[Dep::Aux, Dep::AuxPass, Dep::Cop])
}

/// Makes such a participle behind the nominal root the root of a sentence without a finite verb. The noun becomes its subject; what
/// follows and hung on the noun hangs on the verb.
fn promote_attribute(words: &mut [Token], first: u32, children: &[Vec<TokenIx>]) {
    let at = |i: usize| Some(TokenIx(first + i as u32));
    let finite = |w: &Token| matches!(w.pos, Upos::Verb | Upos::Aux) && w.morph.form == Some(VerbForm::Fin);
    let nominal_root = |w: &Token| w.head.is_none() && matches!(w.pos, Upos::Noun | Upos::Propn);
    let Some(subject) = words
        .iter()
        .position(nominal_root)
        .filter(|_| !words.iter().any(finite))
    else {
        return;
    };
    let attribute = |i: &usize| {
        let word = &words[*i];
        let below = children[first as usize + i].iter();
        let relations = below.map(|c| words[(c.0 - first) as usize].dep);
        word.dep == Dep::Acl && word.head == at(subject) && governs_as_participle(word, relations)
    };
    let Some(verb) = (subject + 1..words.len()).find(attribute) else {
        return;
    };
    for (i, word) in words.iter_mut().enumerate() {
        if word.head == at(subject) && (i > verb || word.pos == Upos::Punct) {
            word.head = at(verb);
        }
    }
    (words[subject].head, words[subject].dep) = (at(verb), Dep::Nsubj);
    (words[verb].head, words[verb].dep) = (None, Dep::Root);
}

/// The features of an English past tense in the guise of a participle; "set" and "cut" bear no tense.
fn past_of_participle(morph: Morph) -> Option<Morph> {
    (morph.tense == Some(Tense::Past) || morph.form.is_none()).then_some(Morph {
        form: Some(VerbForm::Fin),
        mood: Some(Mood::Ind),
        ..morph
    })
}

/// The features of `form` as a German preterite (*verhängten*), if it can be one.
fn preterite(morphology: &Morphology, form: &str) -> Option<Morph> {
    let readings = morphology
        .analyses(form)
        .into_iter()
        .filter(|a| a.pos == Upos::Verb)
        .map(|a| a.morph);
    readings
        .filter(|m| m.form == Some(VerbForm::Fin) && m.tense == Some(Tense::Past) && m.mood != Some(Mood::Sub))
        .find(|m| m.person == Some(Person::Third))
}

/// Tells the separated prefix of a German verb that was taken for an adverb or adjective: *legte die Waffen nieder*. It ends the clause
/// of a finite verb with which it makes a separable one.
pub(crate) fn separated_prefixes(parsed: &mut Parsed, morphology: &Morphology) {
    let mut has_dependants = vec![false; parsed.tokens.len()];
    for head in parsed.tokens.iter().filter_map(|t| t.head) {
        has_dependants[head.ix()] = true;
    }
    for s in 0..parsed.sentences.len() {
        let range = parsed.sentences[s].tokens.clone();
        for i in range.clone().map(|i| i as usize) {
            let word = &parsed.tokens[i];
            let adverbial = matches!(word.dep, Dep::Advmod | Dep::Xcomp | Dep::Obl | Dep::Mark);
            let Some(head) = word.head.filter(|h| adverbial && h.ix() < i && !has_dependants[i]) else {
                continue;
            };
            let verb = &parsed.tokens[head.ix()];
            let finite = verb.pos == Upos::Verb && verb.morph.form == Some(VerbForm::Fin);
            let next = parsed.tokens.get(i + 1).filter(|_| i + 1 < range.end as usize);
            let last = next.is_none_or(|n| matches!(n.pos, Upos::Punct | Upos::Cconj));
            if !finite || !last {
                continue;
            }
            let (prefix, stem) = (
                parsed.strings.resolve(word.form).to_lowercase(),
                parsed.strings.resolve(verb.lemma),
            );
            let joined = morphology.join_prefix(&prefix, stem);
            let separable = joined.is_some_and(|j| morphology.verb_prefix(&j).is_some_and(|(p, _)| p == prefix));
            if separable {
                parsed.tokens[i].dep = Dep::CompoundPrt;
                parsed.tokens[i].pos = Upos::Adp;
            }
        }
    }
}

/// Makes the German object the subject, and the subject the object, where the verb agrees with the object only: *Unterstützung haben auch die
/// Vereinigten Staaten angeboten*. What is named first is taken for the subject too often.
pub(crate) fn agreement(parsed: &mut Parsed, morphology: &Morphology) {
    let children = parsed.children();
    for (verb, below) in children.iter().enumerate() {
        if parsed.tokens[verb].pos != Upos::Verb {
            continue;
        }
        let by = |deps: &[Dep]| -> Vec<TokenIx> {
            let of = below.iter().copied().filter(|c| deps.contains(&parsed.token(*c).dep));
            of.collect()
        };
        let (&[subject], &[object]) = (&*by(&[Dep::Nsubj]), &*by(&[Dep::Obj])) else {
            continue;
        };
        let auxiliary = by(&[Dep::Aux]).into_iter().map(|t| parsed.token(t));
        let finite = auxiliary
            .chain([&parsed.tokens[verb]])
            .find(|t| t.morph.form == Some(VerbForm::Fin));
        // A coordination is plural.
        let number = |t: TokenIx| {
            let several = children[t.ix()].iter().any(|c| parsed.token(*c).dep == Dep::Conj);
            if several {
                Some(Number::Plur)
            } else {
                parsed.token(t).morph.number
            }
        };
        let (Some(wanted), Some(of_subject), Some(of_object)) =
            (finite.and_then(|t| t.morph.number), number(subject), number(object))
        else {
            continue;
        };
        let third = finite.is_some_and(|t| t.morph.person == Some(Person::Third));
        let nominal = |t: TokenIx| matches!(parsed.token(t).pos, Upos::Noun | Upos::Propn);
        // "Bewaffnete" may be one or several.
        let may_agree = morphology
            .analyses(parsed.form(subject))
            .iter()
            .any(|a| matches!(a.pos, Upos::Noun | Upos::Adj) && a.morph.number == Some(wanted));
        if third && !may_agree && of_subject != wanted && of_object == wanted && nominal(subject) && nominal(object) {
            let swap = |parsed: &mut Parsed, t: TokenIx, dep: Dep, case: Case| {
                let token = &mut parsed.tokens[t.ix()];
                token.dep = dep;
                token.morph.case = token.morph.case.map(|_| case);
            };
            swap(parsed, subject, Dep::Obj, Case::Acc);
            swap(parsed, object, Dep::Nsubj, Case::Nom);
        }
    }
}

/// Makes the only noun of a German clause its subject where the parser takes it for the object of nobody's act: *Am Montag klickten die
/// Handschellen*, *Zwischen beiden Seiten gilt eine Waffenruhe*.
pub(crate) fn subjects_read_as_objects(parsed: &mut Parsed) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let verb = &parsed.tokens[i];
        let third = verb.morph.form == Some(VerbForm::Fin) && verb.morph.person == Some(Person::Third);
        let clause = matches!(verb.dep, Dep::Root | Dep::Ccomp | Dep::Advcl | Dep::Parataxis);
        if verb.pos != Upos::Verb || !third || !clause || verb.morph.mood == Some(Mood::Imp) {
            continue;
        }
        let dep = |c: &TokenIx| parsed.token(*c).dep;
        let other = |c: &TokenIx| {
            is_subject(dep(c))
                || matches!(
                    dep(c),
                    Dep::Csubj | Dep::CsubjPass | Dep::Expl | Dep::Xcomp | Dep::Ccomp | Dep::Iobj
                )
        };
        let objects: Vec<TokenIx> = below.iter().copied().filter(|c| dep(c) == Dep::Obj).collect();
        let &[object] = &*objects else { continue };
        let noun = parsed.token(object);
        let number = match children[object.ix()].iter().any(|c| dep(c) == Dep::Conj) {
            true => Some(Number::Plur),
            false => noun.morph.number,
        };
        // The article of a masculine shows the case.
        let accusative = children[object.ix()].iter().any(|c| {
            let morph = parsed.token(*c).morph;
            let shows = matches!(dep(c), Dep::Det | Dep::DetPoss | Dep::Amod);
            shows
                && (morph.case, morph.gender, morph.number) == (Some(Case::Acc), Some(Gender::Masc), Some(Number::Sing))
        });
        if !below.iter().any(other) && noun.pos == Upos::Noun && number == verb.morph.number && !accusative {
            let noun = &mut parsed.tokens[object.ix()];
            noun.dep = Dep::Nsubj;
            noun.morph.case = noun.morph.case.map(|_| Case::Nom);
        }
    }
}

/// Of two German names around a finite verb that show no case, the first is its subject: *Berlin sagte Kiew Panzer zu*. The parser takes it
/// for the receiver now and then.
pub(crate) fn subjects_read_as_receivers(parsed: &mut Parsed) {
    let children = parsed.children();
    for (verb, below) in children.iter().enumerate() {
        let word = &parsed.tokens[verb];
        if word.pos != Upos::Verb || word.morph.form != Some(VerbForm::Fin) || word.morph.person != Some(Person::Third)
        {
            continue;
        }
        // Articles, possessives and prepositions show the case.
        let bare = |t: TokenIx| {
            let shows = |c: &TokenIx| {
                let dep = parsed.token(*c).dep;
                matches!(dep, Dep::Case | Dep::Det | Dep::DetPoss | Dep::Amod | Dep::Conj)
            };
            let name = matches!(parsed.token(t).pos, Upos::Noun | Upos::Propn);
            name && !children[t.ix()].iter().any(shows)
        };
        let Some(&first) = below.first().filter(|t| t.ix() < verb && bare(**t)) else {
            continue;
        };
        let before = below.iter().filter(|t| t.ix() < verb).count();
        let receives = matches!(parsed.token(first).dep, Dep::OblArg | Dep::Iobj | Dep::Obl);
        let subject = below
            .iter()
            .copied()
            .find(|t| t.ix() > verb && is_subject(parsed.token(*t).dep));
        let Some(subject) = subject.filter(|&t| receives && before == 1 && bare(t)) else {
            continue;
        };
        // "G7 sagen Kiew Beistand zu": nobody knows the number of an acronym, but Kyiv is one.
        let number = |t: TokenIx| parsed.token(t).morph.number;
        let agrees =
            number(first) == word.morph.number || number(subject).is_some_and(|n| Some(n) != word.morph.number);
        let names = parsed.token(subject).pos == Upos::Propn && agrees;
        let day = parsed.token(first).morph.case == Some(Case::Acc);
        if names && !day {
            let dep = parsed.tokens[subject.ix()].dep;
            parsed.tokens[first.ix()].dep = dep;
            parsed.tokens[first.ix()].morph.case = Some(Case::Nom);
            parsed.tokens[subject.ix()].dep = Dep::OblArg;
            parsed.tokens[subject.ix()].morph.case = Some(Case::Dat);
        }
    }
}

/// Tells the Konjunktiv of German verbs whose form is no third person of the indicative: *Momentan gebe es Streit* looks like *ich gebe*.
pub(crate) fn konjunktiv(parsed: &mut Parsed, morphology: &Morphology) {
    for i in 0..parsed.tokens.len() {
        let morph = parsed.tokens[i].morph;
        let third =
            (morph.person, morph.number, morph.tense) == (Some(Person::Third), Some(Number::Sing), Some(Tense::Pres));
        if !third || morph.mood != Some(Mood::Ind) {
            continue;
        }
        let analyses = morphology.analyses(parsed.form(TokenIx::from(i)));
        let of = |mood: Mood| {
            analyses.iter().any(|a| {
                (a.morph.mood, a.morph.person, a.morph.number) == (Some(mood), Some(Person::Third), Some(Number::Sing))
            })
        };
        if of(Mood::Sub) && !of(Mood::Ind) {
            parsed.tokens[i].morph.mood = Some(Mood::Sub);
        }
    }
}

/// Hangs German postpositions on the whole phrase before them: *den Messungen am Oberlauf des Flusses zufolge*. They are hung on its last
/// noun.
pub(crate) fn postpositions(parsed: &mut Parsed) {
    let children = parsed.children();
    let governed = |t: TokenIx| {
        children[t.ix()]
            .iter()
            .any(|c| parsed.token(*c).dep == Dep::Case && *c < t)
    };
    let attribute = |t: TokenIx| matches!(parsed.token(t).dep, Dep::Nmod | Dep::Conj | Dep::Appos | Dep::Flat);
    let mut heads = Vec::new();
    for (i, word) in parsed.tokens.iter().enumerate() {
        let Some(noun) = word
            .head
            .filter(|h| word.pos == Upos::Adp && word.dep == Dep::Case && h.ix() < i)
        else {
            continue;
        };
        let phrase = std::iter::successors(Some(noun), |&t| parsed.token(t).head.filter(|h| attribute(t) && *h < t));
        if let Some(top) = phrase.last().filter(|&top| top != noun && !governed(top)) {
            heads.push((i, top));
        }
    }
    for (postposition, top) in heads {
        parsed.tokens[postposition].head = Some(top);
    }
}

/// Hangs German words of indefinite number on the noun that they count: *In Rabat demonstrierten Hunderte Menschen*. Behind the verb the
/// parser takes the two for subject and object.
pub(crate) fn counted_nouns(parsed: &mut Parsed) {
    let numbers = words(Lang::De);
    let children = parsed.children();
    for i in 0..parsed.tokens.len() {
        let word = &parsed.tokens[i];
        let (Some(verb), dep) = (word.head, word.dep) else {
            continue;
        };
        let counts = is_subject(dep) || matches!(dep, Dep::Obj | Dep::Obl | Dep::OblArg);
        if !counts || !numbers.is_indefinite(&parsed.form(TokenIx::from(i)).to_lowercase()) {
            continue;
        }
        let between = |t: &usize| parsed.tokens[*t].pos == Upos::Adj;
        let Some(noun) = (i + 1..parsed.tokens.len()).find(|t| !between(t)) else {
            continue;
        };
        let counted = &parsed.tokens[noun];
        let bare = !children[noun]
            .iter()
            .any(|c| matches!(parsed.token(*c).dep, Dep::Case | Dep::Det));
        let plural = counted.pos == Upos::Noun && counted.morph.number == Some(Number::Plur);
        if !(plural && bare && counted.head == Some(verb)) {
            continue;
        }
        let noun = TokenIx::from(noun);
        for below in &children[i] {
            parsed.tokens[below.ix()].head = Some(noun);
        }
        parsed.tokens[noun.ix()].dep = dep;
        parsed.tokens[i].head = Some(noun);
        parsed.tokens[i].dep = Dep::Nummod;
    }
}

/// Gives German verbs the object that hangs as a name on the receiver or place before it: *liefert der Ukraine Marschflugkörper*, *hat in
/// Idlib Giftgas eingesetzt*, *zieht an der Grenze zur Ukraine Truppen zusammen*. A common noun continues no name of a place, nor one right
/// before the verb any name.
pub(crate) fn objects_read_as_names(parsed: &mut Parsed, morphology: &Morphology) {
    let children = parsed.children();
    let has = |t: TokenIx, deps: &[Dep]| children[t.ix()].iter().any(|c| deps.contains(&parsed.token(*c).dep));
    let verb_of = |name: TokenIx| {
        let above = std::iter::successors(parsed.token(name).head, |&t| parsed.token(t).head);
        let verb = above.take(4).find(|&t| parsed.token(t).pos == Upos::Verb)?;
        (!has(verb, &[Dep::Obj, Dep::NsubjPass, Dep::AuxPass])).then_some(verb)
    };
    let objects: Vec<(usize, TokenIx)> = (0..parsed.tokens.len())
        .filter_map(|i| {
            let word = &parsed.tokens[i];
            let name = word.head.filter(|h| word.dep == Dep::Flat && h.ix() < i)?;
            let verb = verb_of(name).filter(|_| parsed.token(name).pos == Upos::Propn)?;
            let receiver = parsed.token(name);
            let receives = receiver.head == Some(verb) && matches!(receiver.dep, Dep::OblArg | Dep::Iobj | Dep::Obl);
            let named = morphology.analyses(parsed.form(name));
            let place = |kind: NameKind| matches!(kind, NameKind::Town | NameKind::Country | NameKind::Region);
            let at_place = named.iter().any(|a| a.name.is_some_and(place));
            let common = || {
                let analyses = morphology.analyses(parsed.form(TokenIx::from(i)));
                let known = |source: Source| source == Source::Lexicon || source == Source::Compound && at_place;
                let noun = |a: &Analysis| a.pos == Upos::Noun && a.name.is_none() && known(a.source);
                !analyses.is_empty() && analyses.iter().all(noun)
            };
            // "gegen Ex-Präsident Jair Bolsonaro": the preposition stands at what the name is put to.
            let inside = |t: TokenIx| matches!(parsed.token(t).dep, Dep::Appos | Dep::Flat);
            let phrase = std::iter::successors(Some(name), |&t| parsed.token(t).head.filter(|_| inside(t)));
            let found = if phrase.clone().any(|t| has(t, &[Dep::Case])) {
                let person = named.iter().any(|a| a.name == Some(NameKind::First));
                let finite_before = std::iter::once(&verb).chain(&children[verb.ix()]).any(|t| {
                    let word = parsed.token(*t);
                    (*t == verb || word.dep == Dep::Aux) && word.morph.form == Some(VerbForm::Fin) && *t < name
                });
                (verb.ix() == i + 1 || finite_before && !person) && common()
            } else {
                receives && word.pos == Upos::Noun
            };
            found.then_some((i, verb))
        })
        .collect();
    for (object, verb) in objects {
        let word = &mut parsed.tokens[object];
        word.head = Some(verb);
        word.dep = Dep::Obj;
        word.pos = Upos::Noun;
    }
}

/// Gives German verbs the name that hangs on the noun before it though that cannot bear it: a state on a state (*hat der Iran Israel
/// angegriffen*), a person on several or on a place (*haben die Behörden Ekrem Imamoglu festgenommen*, *nahm in Minsk Maria Kolesnikowa
/// fest*). It is the object, or the subject where there is none.
pub(crate) fn names_read_as_appositions(parsed: &mut Parsed, morphology: &Morphology) {
    let children = parsed.children();
    let has = |t: TokenIx, deps: &[Dep]| children[t.ix()].iter().any(|c| deps.contains(&parsed.token(*c).dep));
    let is = |t: TokenIx, kinds: &[NameKind]| {
        let analyses = morphology.analyses(parsed.form(t));
        analyses
            .iter()
            .any(|a| a.name.is_some_and(|kind| kinds.contains(&kind)))
    };
    let hung = |t: TokenIx| matches!(parsed.token(t).dep, Dep::Flat | Dep::Appos | Dep::Nmod);
    let mut moved = Vec::new();
    for i in 1..parsed.tokens.len() {
        let (name, noun) = (TokenIx::from(i), TokenIx::from(i - 1));
        let propn = |t: TokenIx| parsed.token(t).pos == Upos::Propn;
        let bare = !has(name, &[Dep::Case, Dep::Det, Dep::Conj]) && !parsed.form(name).ends_with('s');
        if !propn(name) || !hung(name) || parsed.token(name).head != Some(noun) || !bare {
            continue;
        }
        // The words of the name may hang on the noun as well.
        let rest: Vec<TokenIx> = (i + 1..parsed.tokens.len())
            .map(TokenIx::from)
            .take_while(|&t| propn(t) && hung(t) && matches!(parsed.token(t).head, Some(h) if h == noun || h == name))
            .collect();
        let person = !rest.is_empty() && !is(name, &[NameKind::Town, NameKind::Country]);
        let several = parsed.token(noun).pos == Upos::Noun
            && parsed.token(noun).morph.number == Some(Number::Plur)
            && has(noun, &[Dep::Det]);
        let place = is(noun, &[NameKind::Town, NameKind::Country, NameKind::Region]) && has(noun, &[Dep::Case]);
        let states = [name, noun].iter().all(|&t| propn(t) && is(t, &[NameKind::Country]));
        let apart = states && parsed.token(noun).dep == Dep::Nsubj || person && (several || place);
        let above = std::iter::successors(parsed.token(noun).head, |&t| parsed.token(t).head);
        let verb = above.take(4).find(|&t| parsed.token(t).pos == Upos::Verb);
        let takes = |v: &TokenIx| !has(*v, &[Dep::Obj, Dep::NsubjPass, Dep::AuxPass]);
        if let Some(verb) = verb.filter(takes).filter(|_| apart) {
            let subject = has(verb, &[Dep::Nsubj]);
            moved.push((name, verb, if subject { Dep::Obj } else { Dep::Nsubj }, rest));
        }
    }
    for (name, verb, dep, rest) in moved {
        parsed.tokens[name.ix()].head = Some(verb);
        parsed.tokens[name.ix()].dep = dep;
        for word in rest {
            parsed.tokens[word.ix()].head = Some(name);
            parsed.tokens[word.ix()].dep = Dep::Flat;
        }
    }
}

/// Tells the dative of a German verb from what somebody is: *ist der Nato beigetreten*. In the perfect the parser takes it for a predicate,
/// and the clause for a passive.
pub(crate) fn datives_read_as_predicates(parsed: &mut Parsed, morphology: &Morphology) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let verb = &parsed.tokens[i];
        if verb.pos != Upos::Verb {
            continue;
        }
        let auxiliary = below.iter().copied().find(|&c| {
            let analyses = morphology.analyses(parsed.form(c));
            matches!(parsed.token(c).dep, Dep::Aux | Dep::AuxPass) && analyses.iter().any(|a| &*a.lemma == "sein")
        });
        let dative = |c: TokenIx| {
            let article = |t: &&TokenIx| matches!(parsed.form(**t), "der" | "dem");
            let masculine = |analysis: &crate::morph::Analysis| analysis.morph.gender == Some(Gender::Masc);
            let phrase = &children[c.ix()];
            let determined = phrase.iter().find(article).is_some_and(|t| {
                parsed.form(*t) == "dem" || !morphology.analyses(parsed.form(c)).iter().any(masculine)
            });
            parsed.token(c).dep == Dep::Xcomp
                && matches!(parsed.token(c).pos, Upos::Noun | Upos::Propn)
                && determined
                && !phrase
                    .iter()
                    .any(|t| matches!(parsed.token(*t).dep, Dep::Case | Dep::Cop | Dep::Mark))
        };
        let Some((auxiliary, dative)) = auxiliary.zip(below.iter().copied().find(|&c| dative(c))) else {
            continue;
        };
        let subject = below.iter().copied().find(|&c| parsed.token(c).dep == Dep::NsubjPass);
        parsed.tokens[dative.ix()].dep = Dep::OblArg;
        parsed.tokens[dative.ix()].morph.case = Some(Case::Dat);
        parsed.tokens[auxiliary.ix()].dep = Dep::Aux;
        if let Some(subject) = subject {
            parsed.tokens[subject.ix()].dep = Dep::Nsubj;
        }
    }
}

/// Tells the perfect of German verbs of motion and change (*sind abgezogen*) from the passive of a state (*ist gesperrt*), for which the
/// parser mostly takes it. Needs lemmas.
pub(crate) fn perfects_read_as_passives(parsed: &mut Parsed) {
    static VERBS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| lines(include_str!("../../../data/lang/de/perfect-with-sein.txt")).collect());
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let verb = &parsed.tokens[i];
        let participle = matches!(verb.pos, Upos::Verb | Upos::Adj) && verb.morph.form == Some(VerbForm::Part);
        if !participle || !VERBS.contains(parsed.strings.resolve(verb.lemma)) {
            continue;
        }
        let of = |dep: Dep| -> Vec<TokenIx> {
            let mut found = below.clone();
            found.retain(|c| parsed.token(*c).dep == dep);
            found
        };
        let mut auxiliaries = of(Dep::AuxPass);
        if verb.pos == Upos::Adj {
            auxiliaries.extend(of(Dep::Cop));
        }
        // "sind abgezogen worden" is a passive.
        let passive = auxiliaries.iter().any(|&a| parsed.lemma(a) != "sein") || !of(Dep::OblAgent).is_empty();
        if auxiliaries.is_empty() || passive {
            continue;
        }
        let subjects = of(Dep::NsubjPass);
        parsed.tokens[i].pos = Upos::Verb;
        parsed.tokens[i].morph.degree = None;
        for auxiliary in auxiliaries {
            parsed.tokens[auxiliary.ix()].dep = Dep::Aux;
        }
        for subject in subjects {
            parsed.tokens[subject.ix()].dep = Dep::Nsubj;
        }
    }
}

/// Sets German conditional clauses that open with their verb and stand between commas below the clause around them: *Die USA drohen, sollte
/// Teheran nicht einlenken, mit Sanktionen*. They are mostly taken for what is threatened or said, and draw what follows to them.
pub(crate) fn inserted_conditionals(parsed: &mut Parsed) {
    for s in 0..parsed.sentences.len() {
        let range = parsed.sentences[s].tokens.clone();
        let commas: Vec<bool> = range.clone().map(|i| parsed.form(TokenIx(i)) == ",").collect();
        let words = &mut parsed.tokens[range.start as usize..range.end as usize];
        if let Some(inserted) = Inserted::find(words, range.start, &commas) {
            inserted.write(words, range.start);
        }
    }
}

/// An inserted conditional clause; places count from the first word of the sentence.
struct Inserted {
    clause: Range<usize>,
    /// Its verb.
    verb: usize,
    /// The verb of the clause around it.
    outer: usize,
}

impl Inserted {
    fn find(words: &[Token], first: u32, commas: &[bool]) -> Option<Self> {
        let head = |i: usize| words[i].head.map(|h| (h.0 - first) as usize);
        let finite = |i: usize| words[i].morph.form == Some(VerbForm::Fin);
        let subject = |verb: usize| (0..words.len()).find(|&i| head(i) == Some(verb) && is_subject(words[i].dep));
        let conditional = |i: usize| words[i].pos == Upos::Aux && finite(i) && words[i].morph.is_konjunktiv_2();
        (1..words.len()).find_map(|start| {
            let verb = head(start).filter(|_| commas[start - 1] && conditional(start))?;
            let end = (verb..words.len()).find(|&i| commas[i])?;
            // The subject follows the finite verb, and the clause ends with its verb.
            if verb != end - 1 || !subject(verb).is_some_and(|s| start < s && s < verb) {
                return None;
            }
            // Around it stands a clause that is not inserted itself ("sagte er"): its subject precedes its verb.
            let before = |i: usize| {
                let told = i < start && words[i].pos == Upos::Verb;
                told && (0..i).any(|s| is_subject(words[s].dep) && head(s) == Some(i))
            };
            let governed = head(verb).filter(|&h| before(h));
            let governing = || (0..start).find(|&i| head(i) == Some(verb) && before(i));
            let around = governed.or_else(governing)?;
            // "Er sagte, sollte Iran nicht einlenken, werde man angreifen": it belongs to the clause that follows.
            let next = Some(end + 1).filter(|&n| n < words.len() && finite(n));
            let outer = next.map_or(around, |n| match words[n].pos {
                Upos::Aux => head(n).filter(|&h| h > end).unwrap_or(n),
                _ => n,
            });
            Some(Self {
                clause: start..end,
                verb,
                outer,
            })
        })
    }

    fn write(&self, words: &mut [Token], first: u32) {
        let at = |i: usize| Some(TokenIx(first + i as u32));
        let (verb, outer) = (self.verb, self.outer);
        // Does the clause around hang on the inserted one? Then it takes its place.
        let above = std::iter::successors(words[outer].head, |h| words[(h.0 - first) as usize].head);
        if above.take(words.len()).any(|h| Some(h) == at(verb)) {
            (words[outer].head, words[outer].dep) = (words[verb].head, words[verb].dep);
        }
        for (i, word) in words.iter_mut().enumerate() {
            if word.head == at(verb) && !self.clause.contains(&i) && i != outer {
                word.head = at(outer);
            }
        }
        (words[verb].head, words[verb].dep) = (at(outer), Dep::Advcl);
    }
}

fn is_subject(dep: Dep) -> bool {
    matches!(dep, Dep::Nsubj | Dep::NsubjPass)
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

#[cfg(test)]
mod tests {
    use crate::parse;
    use lagebild_core::{Block, Dep, DocId, Document, Lang, Parsed, Part, Span, TokenIx};
    use std::sync::Arc;

    fn parse_text(lang: Lang, text: &str) -> Parsed {
        let text: Arc<str> = text.into();
        let whole = Span::at(0, text.len());
        parse(Arc::new(Document {
            id: DocId("d".into()),
            source: None,
            title: None,
            published: None,
            lang,
            blocks: vec![Block {
                span: whole,
                part: Part::Body,
            }],
            text,
        }))
    }

    /// Root, its subject and its object.
    fn clause(lang: Lang, text: &str) -> (String, Option<String>, Option<String>) {
        let parsed = parse_text(lang, text);
        let root = parsed.tokens.iter().position(|t| t.head.is_none()).unwrap();
        let form = |i: usize| parsed.form(TokenIx::from(i)).to_owned();
        let by = |dep: Dep| {
            let head = Some(TokenIx::from(root));
            parsed
                .tokens
                .iter()
                .position(|t| t.head == head && t.dep == dep)
                .map(form)
        };
        (form(root), by(Dep::Nsubj), by(Dep::Obj))
    }

    /// The word on which a word of a German text hangs.
    fn head_of(text: &str, word: &str) -> String {
        let parsed = parse_text(Lang::De, text);
        let at = (0..parsed.tokens.len())
            .map(TokenIx::from)
            .find(|t| parsed.form(*t) == word);
        let head = parsed.token(at.unwrap()).head.unwrap();
        parsed.form(head).to_owned()
    }

    fn words(root: &str, subject: &str, object: &str) -> (String, Option<String>, Option<String>) {
        (root.to_owned(), Some(subject.to_owned()), Some(object.to_owned()))
    }

    #[test]
    fn short_sentences_get_their_verb() {
        assert_eq!(
            clause(Lang::En, "Germany delivered tanks to Ukraine."),
            words("delivered", "Germany", "tanks")
        );
        assert_eq!(
            clause(Lang::En, "The UN deployed peacekeepers in Congo."),
            words("deployed", "UN", "peacekeepers")
        );
        assert_eq!(
            clause(Lang::En, "Amnesty International documented torture in Syrian prisons."),
            words("documented", "Amnesty", "torture")
        );
        // A past tense that looks like a participle.
        let (root, subject, _) = clause(Lang::En, "Germany promised to send tanks.");
        assert_eq!((&*root, subject.as_deref()), ("promised", Some("Germany")));
        // The verb agrees with what stands behind it.
        assert_eq!(
            clause(Lang::De, "Unterstützung haben auch die Vereinigten Staaten angeboten."),
            words("angeboten", "Staaten", "Unterstützung")
        );
        // A condition between commas, after which the sentence goes on.
        let (root, subject, _) = clause(Lang::De, "Die USA drohen, sollte Iran nicht einlenken, mit Sanktionen.");
        assert_eq!((&*root, subject.as_deref()), ("drohen", Some("USA")));
        // A thing behind the name of its receiver.
        assert_eq!(
            clause(Lang::De, "Großbritannien liefert der Ukraine Marschflugkörper."),
            words("liefert", "Großbritannien", "Marschflugkörper")
        );
        assert_eq!(
            clause(Lang::De, "Die syrische Armee hat in Idlib Giftgas eingesetzt."),
            words("eingesetzt", "Armee", "Giftgas")
        );
        // The dative of a perfect with "sein".
        let parsed = parse_text(Lang::De, "Schweden ist der Nato beigetreten.");
        let deps: Vec<Dep> = parsed.tokens.iter().map(|t| t.dep).collect();
        assert_eq!(deps[..4], [Dep::Nsubj, Dep::Aux, Dep::Det, Dep::OblArg]);
        // A postposition governs the whole phrase, so that its first noun is no subject.
        let measured = "Den Messungen am Oberlauf des Flusses zufolge steigt das Wasser.";
        assert_eq!(clause(Lang::De, measured).1.as_deref(), Some("Wasser"));
        assert_eq!(head_of(measured, "zufolge"), "Messungen");
        // Whom something is said of stands before it.
        assert_eq!(
            clause(Lang::En, "Trump called Putin a strong leader."),
            words("called", "Trump", "Putin")
        );
        // A participle behind an article stays one.
        assert_eq!(clause(Lang::En, "The captured soldiers").1, None);
    }
    #[test]
    fn objects_continue_no_name() {
        assert_eq!(
            clause(Lang::De, "Russland zieht an der Grenze zur Ukraine Truppen zusammen."),
            words("zieht", "Russland", "Truppen")
        );
        assert_eq!(
            clause(
                Lang::De,
                "Die Terrormiliz IS hat im Irak Senfgas gegen Kämpfer eingesetzt."
            ),
            words("eingesetzt", "Terrormiliz", "Senfgas")
        );
        assert_eq!(
            head_of(
                "Das Gericht hat gegen Ex-Präsident Jair Bolsonaro Hausarrest verhängt.",
                "Bolsonaro"
            ),
            "Jair"
        );
    }

    #[test]
    fn preterites_are_no_attributes() {
        assert_eq!(
            clause(
                Lang::De,
                "In Pakistan verbrannten aufgebrachte Menschen indische Flaggen."
            ),
            words("verbrannten", "Menschen", "Flaggen")
        );
        assert_eq!(
            clause(
                Lang::De,
                "Boliviens Präsidentin und die Opposition vereinbarten Neuwahlen."
            ),
            words("vereinbarten", "Präsidentin", "Neuwahlen")
        );
        assert_eq!(
            clause(Lang::De, "Frankreich evakuierte Diplomaten aus dem Niger."),
            words("evakuierte", "Frankreich", "Diplomaten")
        );
        // But an attribute of what the sentence is about is one.
        let parsed = parse_text(Lang::De, "In der Ukraine zerstörte russische Panzer.");
        assert!(parsed.tokens.iter().all(|t| t.dep != Dep::Obj));
    }

    #[test]
    fn the_first_of_two_bare_names_is_the_subject() {
        let (_, subject, object) = clause(Lang::De, "Berlin sagte Kiew weitere Panzer zu.");
        assert_eq!(
            (subject.as_deref(), object.as_deref()),
            (Some("Berlin"), Some("Panzer"))
        );
    }

    #[test]
    fn adjectives_behind_objects_are_said_of_them() {
        let parsed = parse_text(
            Lang::En,
            "The president of Germany called the behaviour of the Libyan leadership unacceptable.",
        );
        let word = |form: &str| parsed.tokens.iter().find(|t| parsed.strings.resolve(t.form) == form);
        let said = word("unacceptable").expect("the adjective");
        assert_eq!(said.dep, Dep::Xcomp);
        assert_eq!(said.head.map(|h| parsed.form(h)), Some("called"));
    }

    #[test]
    fn headlines_in_the_present_have_a_verb() {
        assert_eq!(
            clause(Lang::En, "US and China sign trade pact"),
            words("sign", "US", "pact")
        );
    }

    #[test]
    fn verbs_go_on_from_verbs() {
        let parsed = parse_text(
            Lang::En,
            "The Kremlin said the situation was cause for concern and called for the restoration of the rule of law.",
        );
        let called = parsed
            .tokens
            .iter()
            .find(|t| parsed.strings.resolve(t.form) == "called")
            .expect("the verb");
        assert_eq!(called.head.map(|h| parsed.form(h)), Some("said"));
    }

    #[test]
    fn the_only_noun_is_the_subject() {
        let (_, subject, object) = clause(
            Lang::De,
            "Zwischen Israel und der Hamas gilt seit dem Morgen eine Waffenruhe.",
        );
        assert_eq!((subject.as_deref(), object), (Some("Waffenruhe"), None));
    }

    #[test]
    fn two_states_side_by_side_are_two() {
        assert_eq!(
            clause(Lang::De, "Mit Raketen und Drohnen hat der Iran Israel angegriffen."),
            words("angegriffen", "Iran", "Israel")
        );
    }

    #[test]
    fn names_are_none_of_several_or_of_a_place() {
        for (text, verb, subject, object) in [
            (
                "In Istanbul haben die Behörden Ekrem Imamoglu festgenommen.",
                "festgenommen",
                "Behörden",
                "Ekrem",
            ),
            (
                "Am Montag nahm die Polizei in Minsk Maria Kolesnikowa fest.",
                "nahm",
                "Polizei",
                "Maria",
            ),
        ] {
            assert_eq!(clause(Lang::De, text), words(verb, subject, object));
        }
    }

    #[test]
    fn dozens_and_what_they_count_are_one() {
        let (_, subject, object) = clause(Lang::De, "In Rabat demonstrierten Hunderte Menschen.");
        assert_eq!((subject.as_deref(), object), (Some("Menschen"), None));
    }

    #[test]
    fn days_are_no_part_of_names() {
        let (_, subject, _) = clause(Lang::En, "On Tuesday Scholz travelled to Paris.");
        assert_eq!(subject.as_deref(), Some("Scholz"));
        let (_, subject, _) = clause(Lang::En, "On Tuesday Olaf Scholz travelled to Paris.");
        assert_eq!(subject.as_deref(), Some("Olaf"));
    }

    #[test]
    fn verbs_of_motion_have_no_passive_of_a_state() {
        let subject = |text: &str, verb: &str| {
            let parsed = parse_text(Lang::De, text);
            let verb = parsed
                .tokens
                .iter()
                .position(|t| parsed.strings.resolve(t.form) == verb);
            let verb = TokenIx(verb.expect("the verb") as u32);
            let subjects = parsed.tokens.iter().filter(|t| t.head == Some(verb));
            subjects
                .map(|t| t.dep)
                .find(|d| matches!(d, Dep::Nsubj | Dep::NsubjPass))
        };
        assert_eq!(
            subject("Die letzten US-Truppen sind aus Niger abgeflogen.", "abgeflogen"),
            Some(Dep::Nsubj)
        );
        assert_eq!(subject("Die Rebellen sind abgerückt.", "abgerückt"), Some(Dep::Nsubj));
        assert_eq!(
            subject("Die Truppen sind abgezogen worden.", "abgezogen"),
            Some(Dep::NsubjPass)
        );
        assert_eq!(
            subject("Der Vertrag ist unterzeichnet.", "unterzeichnet"),
            Some(Dep::NsubjPass)
        );
    }

    #[test]
    fn so_do_german_ones() {
        assert_eq!(
            clause(
                Lang::De,
                "Die USA verhängten Einreiseverbote gegen israelische Siedler."
            ),
            words("verhängten", "USA", "Einreiseverbote")
        );
        assert_eq!(
            clause(Lang::De, "Die Bauern in Frankreich blockierten Autobahnen."),
            words("blockierten", "Bauern", "Autobahnen")
        );
        assert_eq!(clause(Lang::De, "Die eroberten Dörfer").1, None);
    }
}
