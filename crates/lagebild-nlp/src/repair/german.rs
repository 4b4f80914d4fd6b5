//! What the German parser gets wrong as a rule: separated prefixes that are adverbs or adjectives elsewhere (*nieder, hoch, lahm*),
//! conditional clauses without conjunction, objects that agree with the verb where the subject does not, objects and datives taken for
//! names and predicates, numbers taken for what they count.

use super::{OFFICE_HOLDERS, has_full_stop, is_subject, names};
use crate::morph::{Analysis, Morphology, NameKind, Source, lines};
use crate::quantities::numbers::words;
use lagebild_core::{
    Case, Dep, Gender, Lang, Mood, Morph, Number, Parsed, Person, Tense, Token, TokenIx, Upos, VerbForm,
};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Mends German trees. The order matters: who does it is looked for last, when names, numbers and datives have their place.
pub(super) fn trees(parsed: &mut Parsed, morphology: &Morphology) {
    preterites_read_as_participles(parsed, morphology);
    names_read_as_nouns(parsed);
    cut_compounds(parsed);
    asides(parsed, morphology);
    relative_pronouns_read_as_articles(parsed);
    subjects_of_infinitives(parsed);
    inserted_conditionals(parsed);
    postpositions(parsed);
    counted_nouns(parsed);
    wholes_read_as_agents(parsed);
    objects_read_as_appositions(parsed, morphology);
    appositions_read_as_objects(parsed);
    openings_read_as_subjects(parsed);
    sayings_read_as_conjuncts(parsed);
    clauses_of_passives(parsed);
    doers_of_outer_nouns(parsed);
    receivers_read_as_owners(parsed, morphology);
    objects_read_as_names(parsed, morphology);
    objects_of_asides(parsed, morphology);
    names::borne_names(parsed, morphology);
    names::behind_phrases(parsed, morphology);
    names::agents(parsed);
    names::genitives(parsed, morphology);
    datives_read_as_predicates(parsed, morphology);
    konjunktiv(parsed, morphology);
    infinitives_read_as_participles(parsed, morphology);
    agreement(parsed, morphology);
    datives_read_as_subjects(parsed, morphology);
    preterites_read_as_passives(parsed);
    subjects_read_as_receivers(parsed, morphology);
    objects_in_front(parsed);
    subjects_read_as_objects(parsed);
    doers_before_pronouns(parsed);
}

/// Makes German preterites finite that were taken for participles though they have a subject and an object and no auxiliary: *Frankreich
/// evakuierte Diplomaten*.
fn preterites_read_as_participles(parsed: &mut Parsed, morphology: &Morphology) {
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

/// Makes names of office-holders that are nouns as well (*Blinken, Modi, Fischer*) of singular subjects without an article: ***Modi** kritisierte China.* A noun
/// has one there, but in headlines.
fn names_read_as_nouns(parsed: &mut Parsed) {
    let children = parsed.children();
    for s in 0..parsed.sentences.len() {
        if !has_full_stop(parsed, s) {
            continue;
        }
        for i in parsed.sentences[s].tokens.clone().map(|i| i as usize) {
            let word = &parsed.tokens[i];
            let alone = children[i]
                .iter()
                .all(|c| matches!(parsed.token(*c).dep, Dep::Punct | Dep::Advmod));
            let verb = word
                .head
                .filter(|_| word.dep == Dep::Nsubj && word.pos == Upos::Noun && alone);
            let one = verb.is_some_and(|v| {
                let aux = children[v.ix()].iter().find(|c| parsed.token(**c).dep == Dep::Aux);
                let finite = parsed.token(aux.copied().unwrap_or(v)).morph;
                finite.form == Some(VerbForm::Fin) && finite.number == Some(Number::Sing)
            });
            if one && OFFICE_HOLDERS.contains(parsed.form(TokenIx::from(i))) {
                parsed.tokens[i].pos = Upos::Propn;
                parsed.tokens[i].morph.number = Some(Number::Sing);
            }
        }
    }
}

/// The features of `form` as a German preterite (*verhängten*), if it can be one.
pub(super) fn preterite(morphology: &Morphology, form: &str) -> Option<Morph> {
    let analyses = morphology.analyses(form);
    let readings = analyses.iter().filter(|a| a.pos == Upos::Verb).map(|a| a.morph);
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
fn agreement(parsed: &mut Parsed, morphology: &Morphology) {
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
            .filter(|a| a.morph.case.is_none_or(|case| case == Case::Nom))
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

/// Makes German feminines with *der* receivers, which the parser takes for subjects: ***Der Türkei** warf Moskau Vertragsbruch vor*. The name that was taken for the
/// object or receiver is the subject.
fn datives_read_as_subjects(parsed: &mut Parsed, morphology: &Morphology) {
    let children = parsed.children();
    for below in &children {
        let of = |deps: &[Dep]| below.iter().copied().find(|c| deps.contains(&parsed.token(*c).dep));
        let Some(subject) = of(&[Dep::Nsubj]) else { continue };
        let article = |c: &TokenIx| parsed.token(*c).dep == Dep::Det && parsed.form(*c).eq_ignore_ascii_case("der");
        let analyses = morphology.analyses(parsed.form(subject));
        let nouns = || analyses.iter().filter(|a| matches!(a.pos, Upos::Noun | Upos::Propn));
        let may_be = |gender: Option<Gender>, number: Option<Number>| {
            nouns().any(|a| {
                let fits = gender.is_none_or(|g| a.morph.gender.is_none_or(|of| of == g));
                fits && number.is_none_or(|n| a.morph.number == Some(n))
            })
        };
        let masculine = may_be(Some(Gender::Masc), None);
        let feminine = nouns().any(|a| a.morph.gender == Some(Gender::Fem)) && !masculine;
        if !feminine || !children[subject.ix()].iter().any(article) {
            continue;
        }
        // What shows no case may be the subject.
        let bare = |t: &TokenIx| {
            let shows = |c: &TokenIx| matches!(parsed.token(*c).dep, Dep::Case | Dep::Det | Dep::DetPoss);
            parsed.token(*t).pos == Upos::Propn && !children[t.ix()].iter().any(shows)
        };
        let candidates = below
            .iter()
            .copied()
            .filter(|c| matches!(parsed.token(*c).dep, Dep::Obj | Dep::OblArg | Dep::Iobj | Dep::Obl));
        let Some(doer) = candidates.filter(bare).find(|&t| names::may_act(parsed, morphology, t)) else {
            continue;
        };
        let (dep, case) = (Dep::OblArg, Case::Dat);
        parsed.tokens[subject.ix()].dep = dep;
        parsed.tokens[subject.ix()].morph.case = Some(case);
        parsed.tokens[doer.ix()].dep = Dep::Nsubj;
        parsed.tokens[doer.ix()].morph.case = Some(Case::Nom);
    }
}

/// Tells German infinitives that look like participles by the modal they stand with: *will Kiew Panzer **überlassen***.
fn infinitives_read_as_participles(parsed: &mut Parsed, morphology: &Morphology) {
    const MODALS: [&str; 6] = ["wollen", "sollen", "können", "müssen", "dürfen", "mögen"];
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let auxiliaries: Vec<TokenIx> = below
            .iter()
            .copied()
            .filter(|c| matches!(parsed.token(*c).dep, Dep::Aux | Dep::AuxPass | Dep::Cop))
            .collect();
        let &[modal] = &*auxiliaries else { continue };
        let analyses = |t: TokenIx| morphology.analyses(parsed.form(t));
        let is_modal = analyses(modal).iter().any(|a| MODALS.contains(&&*a.lemma));
        let participle = parsed.tokens[i].morph.form == Some(VerbForm::Part);
        let infinitive = analyses(TokenIx::from(i))
            .iter()
            .find(|a| a.morph.form == Some(VerbForm::Inf))
            .map(|a| a.morph);
        if let Some(infinitive) = infinitive.filter(|_| is_modal && participle) {
            parsed.tokens[i].morph = infinitive;
            parsed.tokens[i].pos = Upos::Verb;
        }
    }
}

/// Tells German preterites that look like participles from passives, which have an auxiliary and no object: *Die Truppen vertrieben die Rebellen*.
fn preterites_read_as_passives(parsed: &mut Parsed) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let of = |dep: Dep| below.iter().copied().find(|c| parsed.token(*c).dep == dep);
        let auxiliary = [Dep::Aux, Dep::AuxPass, Dep::Cop]
            .into_iter()
            .any(|dep| of(dep).is_some());
        let main = matches!(
            parsed.tokens[i].dep,
            Dep::Root | Dep::Conj | Dep::Parataxis | Dep::Ccomp
        );
        let Some(subject) = of(Dep::NsubjPass).filter(|s| s.ix() < i && main && !auxiliary && of(Dep::Obj).is_some())
        else {
            continue;
        };
        parsed.tokens[subject.ix()].dep = Dep::Nsubj;
        let verb = &mut parsed.tokens[i];
        verb.pos = Upos::Verb;
        verb.morph.form = Some(VerbForm::Fin);
        verb.morph.tense = Some(Tense::Past);
        verb.morph.person = Some(Person::Third);
        verb.morph.mood = Some(Mood::Ind);
    }
}

/// Makes the only noun of a German clause its subject where the parser takes it for the object of nobody's act: *Am Montag klickten die
/// Handschellen*, *Zwischen beiden Seiten gilt eine Waffenruhe*.
fn subjects_read_as_objects(parsed: &mut Parsed) {
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

/// Takes the masculine that its article shows to be the object for it, and the noun that was taken for the object for the subject: ***Den Botschafter** hat am
/// Dienstag die Regierung ausgewiesen*.
fn objects_in_front(parsed: &mut Parsed) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let dep = |c: &TokenIx| parsed.token(*c).dep;
        let passive = below
            .iter()
            .any(|c| matches!(dep(c), Dep::AuxPass | Dep::Cop) || is_subject(dep(c)));
        if parsed.tokens[i].pos != Upos::Verb || passive || matches!(parsed.tokens[i].dep, Dep::Xcomp | Dep::Acl) {
            continue;
        }
        let of = |noun: TokenIx, wanted: Dep| children[noun.ix()].iter().copied().find(|c| dep(c) == wanted);
        let Some(subject) = below.iter().copied().find(|c| dep(c) == Dep::Obj) else {
            continue;
        };
        let article = |noun: TokenIx| of(noun, Dep::Det).map(|d| parsed.form(d).to_lowercase());
        let in_front = below.iter().copied().find(|&c| {
            let noun = matches!(dep(&c), Dep::Obl | Dep::OblArg) && parsed.token(c).pos == Upos::Noun;
            let bare = of(c, Dep::Case).is_none() && parsed.token(c).morph.number != Some(Number::Plur);
            c < subject && noun && bare && matches!(article(c).as_deref(), Some("den" | "einen"))
        });
        let nominative = matches!(
            article(subject).as_deref(),
            Some("der" | "die" | "das" | "ein" | "eine")
        ) && of(subject, Dep::Case).is_none();
        if let Some(object) = in_front.filter(|_| nominative) {
            parsed.tokens[object.ix()].dep = Dep::Obj;
            parsed.tokens[object.ix()].morph.case = Some(Case::Acc);
            parsed.tokens[subject.ix()].dep = Dep::Nsubj;
            parsed.tokens[subject.ix()].morph.case = Some(Case::Nom);
        }
    }
}

/// Tells the *es* that only opens a German passive from its subject, which was taken for the object: ***Es** wurden fünfzig **Demonstranten** festgenommen*.
/// Passives have no object.
fn openings_read_as_subjects(parsed: &mut Parsed) {
    let children = parsed.children();
    let mut found = Vec::new();
    for below in &children {
        let of = |wanted: Dep| below.iter().copied().find(|c| parsed.token(*c).dep == wanted);
        let opening = of(Dep::NsubjPass).filter(|s| parsed.form(*s).eq_ignore_ascii_case("es"));
        let subject = of(Dep::Obj).filter(|o| matches!(parsed.token(*o).pos, Upos::Noun | Upos::Propn));
        if let (Some(opening), Some(subject), Some(_)) = (opening, subject, of(Dep::AuxPass)) {
            found.push((opening, subject));
        }
    }
    for (opening, subject) in found {
        parsed.tokens[opening.ix()].dep = Dep::Expl;
        parsed.tokens[subject.ix()].dep = Dep::NsubjPass;
        parsed.tokens[subject.ix()].morph.case = parsed.token(subject).morph.case.map(|_| Case::Nom);
    }
}

/// Makes an apposition of what stands between commas behind a name with an article of its own, where the parser took the two for receiver and object:
/// *forderte Spanien, **das Schlusslicht im Bündnis**, zu mehr Ausgaben auf*.
fn appositions_read_as_objects(parsed: &mut Parsed) {
    let children = parsed.children();
    let mut moved = Vec::new();
    for (i, word) in parsed.tokens.iter().enumerate() {
        let noun = TokenIx::from(i);
        let of = |t: TokenIx, wanted: Dep| {
            children[t.ix()]
                .iter()
                .copied()
                .find(|c| parsed.token(*c).dep == wanted)
        };
        let Some(article) = of(noun, Dep::Det).filter(|d| word.dep == Dep::Obj && word.pos == Upos::Noun && d.ix() < i)
        else {
            continue;
        };
        let name = article
            .0
            .checked_sub(2)
            .map(TokenIx)
            .filter(|_| parsed.form(TokenIx(article.0 - 1)) == ",");
        let Some(name) = name.filter(|n| {
            let before = parsed.token(*n);
            let argument = matches!(before.dep, Dep::OblArg | Dep::Iobj | Dep::Obl);
            before.pos == Upos::Propn && argument && before.head == word.head && of(*n, Dep::Case).is_none()
        }) else {
            continue;
        };
        let mut behind = (i + 1..parsed.tokens.len()).map(TokenIx::from);
        let inside = |t: TokenIx| std::iter::successors(Some(t), |&t| parsed.token(t).head).any(|t| t == noun);
        if behind.find(|t| !inside(*t)).is_some_and(|t| parsed.form(t) == ",") {
            moved.push((noun, name));
        }
    }
    for (noun, name) in moved {
        (parsed.tokens[noun.ix()].head, parsed.tokens[noun.ix()].dep) = (Some(name), Dep::Appos);
        parsed.tokens[name.ix()].dep = Dep::Obj;
    }
}

/// Makes clauses of saying behind what is said of verbs that were taken for a second verb of its subject: *Man habe ihn verhaftet, **klagte** die Familie*.
/// A second clause of its own would need *und*, or something before its verb. Behind the Konjunktiv of what is said the speaker may have been taken for an
/// object: *Israel missachte das Recht, **kritisierte** die Regierung*.
fn sayings_read_as_conjuncts(parsed: &mut Parsed) {
    let children = parsed.children();
    let of = |parsed: &Parsed, t: TokenIx, wanted: Dep| {
        let mut below = children[t.ix()].iter().copied();
        below.find(|c| parsed.token(*c).dep == wanted)
    };
    for i in 1..parsed.tokens.len() {
        let word = &parsed.tokens[i];
        let finite = word.pos == Upos::Verb && word.morph.form == Some(VerbForm::Fin);
        let below = &children[i];
        let bare = !below.iter().any(|c| parsed.token(*c).dep == Dep::Cc);
        let opens = parsed.form(TokenIx::from(i - 1)) == ","
            && below.iter().all(|c| c.ix() > i || parsed.token(*c).pos == Upos::Punct);
        let Some(first) = word.head.filter(|_| finite && word.dep == Dep::Conj && bare && opens) else {
            continue;
        };
        if !children[first.ix()].iter().any(|c| is_subject(parsed.token(*c).dep)) {
            continue;
        }
        let inverted = below.iter().any(|c| is_subject(parsed.token(*c).dep));
        let indirect = || {
            let aux = of(parsed, first, Dep::Aux).or_else(|| of(parsed, first, Dep::AuxPass));
            let cop = of(parsed, first, Dep::Cop);
            let finite = aux.or(cop).unwrap_or(first);
            parsed.token(finite).morph.mood == Some(Mood::Sub) && word.morph.mood != Some(Mood::Sub)
        };
        let speaker = of(parsed, TokenIx::from(i), Dep::Obj).filter(|&s| {
            // The article of a masculine shows the case.
            let article = of(parsed, s, Dep::Det).map(|d| parsed.form(d).to_lowercase());
            let shown = matches!(article.as_deref(), Some("den" | "einen" | "dem" | "einem"));
            !inverted && !shown && parsed.token(s).morph.number == word.morph.number && indirect()
        });
        if let Some(speaker) = speaker {
            parsed.tokens[speaker.ix()].dep = Dep::Nsubj;
            parsed.tokens[speaker.ix()].morph.case = parsed.token(speaker).morph.case.map(|_| Case::Nom);
        }
        if inverted || speaker.is_some() {
            parsed.tokens[i].dep = Dep::Parataxis;
        }
    }
}

/// Makes clauses with *dass* what a passive without a subject tells: *Am Montag wurde gemeldet, **dass** Truppen die Grenze überschritten*. The parser
/// takes them for circumstances.
fn clauses_of_passives(parsed: &mut Parsed) {
    let children = parsed.children();
    let found: Vec<usize> = (0..parsed.tokens.len())
        .filter(|&i| {
            let word = &parsed.tokens[i];
            let marked =
                |c: &TokenIx| parsed.token(*c).dep == Dep::Mark && parsed.form(*c).eq_ignore_ascii_case("dass");
            let Some(head) = word.head.filter(|h| word.dep == Dep::Advcl && h.ix() < i) else {
                return false;
            };
            let has = |dep: Dep| children[head.ix()].iter().any(|c| parsed.token(*c).dep == dep);
            let told = [Dep::Nsubj, Dep::NsubjPass, Dep::Ccomp, Dep::Obj].into_iter().any(has);
            // "…, ohne dass", "so dass"
            let plain = children[i]
                .iter()
                .filter(|c| parsed.token(**c).dep == Dep::Mark)
                .count()
                == 1;
            children[i].iter().any(marked) && plain && has(Dep::AuxPass) && !told
        })
        .collect();
    for clause in found {
        parsed.tokens[clause].dep = Dep::Ccomp;
    }
}

/// Hangs who does what a noun of an act tells on that noun where it was hung on the act that it is about, which has its doer: *die Verurteilung des
/// russischen Angriffs **durch die UN***.
fn doers_of_outer_nouns(parsed: &mut Parsed) {
    let children = parsed.children();
    let moved: Vec<(usize, TokenIx)> = (0..parsed.tokens.len())
        .filter_map(|i| {
            let word = &parsed.tokens[i];
            let case = |c: &TokenIx| parsed.token(*c).dep == Dep::Case && parsed.form(*c) == "durch";
            let inner = word
                .head
                .filter(|h| word.dep == Dep::Nmod && h.ix() < i && children[i].iter().any(case))?;
            let outer = parsed
                .token(inner)
                .head
                .filter(|_| parsed.token(inner).dep == Dep::Nmod)?;
            let done = children[inner.ix()]
                .iter()
                .any(|c| parsed.token(*c).dep == Dep::Amod && names::is_of_state(parsed.form(*c)));
            let nominal = matches!(parsed.token(outer).pos, Upos::Noun);
            (done && nominal).then_some((i, outer))
        })
        .collect();
    for (doer, noun) in moved {
        parsed.tokens[doer].head = Some(noun);
    }
}

/// Gives verbs the doers behind a time that hang on it: *wurde am Freitag **von Russland und China** verhindert*. Times are of nobody. Needs the times.
pub(super) fn doers_behind_times(parsed: &mut Parsed) {
    let children = parsed.children();
    let marked = |t: TokenIx| {
        let case = |c: &TokenIx| parsed.token(*c).dep == Dep::Case && matches!(parsed.form(*c), "von" | "durch");
        children[t.ix()].iter().any(case)
    };
    let moved: Vec<(usize, TokenIx)> = (0..parsed.tokens.len())
        .filter_map(|i| {
            let word = &parsed.tokens[i];
            let time = word
                .head
                .filter(|h| word.dep == Dep::Nmod && h.ix() < i && marked(TokenIx::from(i)))?;
            let verb = parsed
                .token(time)
                .head
                .filter(|_| super::in_time(parsed, time) && !super::in_time(parsed, TokenIx::from(i)))?;
            let passive = children[verb.ix()].iter().any(|c| parsed.token(*c).dep == Dep::AuxPass);
            passive.then_some((i, verb))
        })
        .collect();
    for (doer, verb) in moved {
        (parsed.tokens[doer].head, parsed.tokens[doer].dep) = (Some(verb), Dep::Obl);
    }
}

/// Makes people and bodies in front of the verb its subject where *sie* follows: *Die Polizei nahm **sie** fest*. The forms allow either, and the
/// parser takes the pronoun for it.
fn doers_before_pronouns(parsed: &mut Parsed) {
    static ROLES: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let rows = lines(include_str!("../../../../data/knowledge/roles.de.tsv"));
        let cells = rows.map(|row| row.split('\t').collect::<Vec<_>>());
        let acts = cells.filter(|cells| cells.get(4).is_some_and(|kind| *kind != "thing"));
        acts.flat_map(|cells| [cells[0].to_lowercase(), cells[1].to_lowercase()])
            .collect()
    });
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let verb = TokenIx::from(i);
        let of = |dep: Dep| below.iter().copied().find(|c| parsed.token(*c).dep == dep);
        let (Some(object), Some(subject)) = (of(Dep::Obj), of(Dep::Nsubj)) else {
            continue;
        };
        let pronoun = parsed.form(subject) == "sie" && parsed.token(subject).pos == Upos::Pron;
        let finite = below
            .iter()
            .copied()
            .chain([verb])
            .find(|&t| parsed.token(t).morph.form == Some(VerbForm::Fin));
        let noun = parsed.token(object);
        let masculine = (noun.morph.gender, noun.morph.number) == (Some(Gender::Masc), Some(Number::Sing));
        let order = finite.is_some_and(|f| object < f && f < subject);
        if !pronoun || !order || masculine || noun.pos != Upos::Noun {
            continue;
        }
        let agrees = finite.is_some_and(|f| parsed.token(f).morph.number == noun.morph.number);
        let form = parsed.form(object).to_lowercase();
        let ends = form
            .char_indices()
            .map(|(at, _)| &form[at..])
            .take_while(|end| end.len() > 3);
        if agrees && ends.into_iter().any(|end| ROLES.contains(end)) {
            (parsed.tokens[object.ix()].dep, parsed.tokens[subject.ix()].dep) = (Dep::Nsubj, Dep::Obj);
            parsed.tokens[subject.ix()].morph.case = Some(Case::Acc);
        }
    }
}

/// Of two German names around a finite verb that show no case, the first is its subject: *Berlin sagte Kiew Panzer zu*, *Israels Armee kritisiert
/// Schweiz*. The parser takes it for the receiver or object now and then.
fn subjects_read_as_receivers(parsed: &mut Parsed, morphology: &Morphology) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let verb = TokenIx::from(i);
        if parsed.token(verb).pos != Upos::Verb {
            continue;
        }
        let auxiliary = below.iter().copied().find(|c| parsed.token(*c).dep == Dep::Aux);
        let finite = auxiliary.filter(|a| *a < verb).unwrap_or(verb);
        let morph = parsed.token(finite).morph;
        if morph.form != Some(VerbForm::Fin) || morph.person != Some(Person::Third) {
            continue;
        }
        let several = |t: TokenIx| {
            // "Präsident Macron und Moskau": hung on the name.
            let phrase = std::iter::once(t).chain(children[t.ix()].iter().copied());
            let mut parts = phrase.flat_map(|p| children[p.ix()].iter());
            parts.any(|c| parsed.token(*c).dep == Dep::Conj)
        };
        // Articles, possessives and prepositions show the case.
        let bare = |t: TokenIx| {
            let shows = |c: &TokenIx| {
                let dep = parsed.token(*c).dep;
                matches!(dep, Dep::Case | Dep::Det | Dep::DetPoss | Dep::Amod)
            };
            let name = matches!(parsed.token(t).pos, Upos::Noun | Upos::Propn);
            name && !children[t.ix()].iter().any(shows)
        };
        let Some(&first) = below.first().filter(|t| **t < finite && bare(**t)) else {
            continue;
        };
        let before = below.iter().filter(|t| **t < finite).count();
        let subject = below
            .iter()
            .copied()
            .find(|t| *t > finite && is_subject(parsed.token(*t).dep));
        let Some(subject) = subject.filter(|&t| before == 1 && bare(t) && !several(t)) else {
            continue;
        };
        let receives = match parsed.token(first).dep {
            Dep::OblArg | Dep::Iobj | Dep::Obl => true,
            Dep::Obj if names::may_act(parsed, morphology, first) => false,
            _ => continue,
        };
        // "G7 sagen Kiew Beistand zu": nobody knows the number of an acronym, but Kyiv is one.
        let number = |t: TokenIx| match several(t) {
            true => Some(Number::Plur),
            false => parsed.token(t).morph.number,
        };
        let agrees = number(first) == morph.number || number(subject).is_some_and(|n| Some(n) != morph.number);
        let name = parsed.token(subject).pos == Upos::Propn;
        let day = parsed.token(first).morph.case == Some(Case::Acc);
        // "Japan und Moskau haben Gespräche aufgenommen"
        let fits = match receives {
            true => name && !day && !several(first),
            false => name || several(first),
        };
        if agrees && fits {
            let (dep, case) = if receives {
                (Dep::OblArg, Case::Dat)
            } else {
                (Dep::Obj, Case::Acc)
            };
            parsed.tokens[first.ix()].dep = parsed.tokens[subject.ix()].dep;
            parsed.tokens[first.ix()].morph.case = Some(Case::Nom);
            parsed.tokens[subject.ix()].dep = dep;
            parsed.tokens[subject.ix()].morph.case = Some(case);
        }
    }
}

/// Tells the Konjunktiv of German verbs whose form is no third person of the indicative: *Momentan gebe es Streit* looks like *ich gebe*.
fn konjunktiv(parsed: &mut Parsed, morphology: &Morphology) {
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

/// Makes one noun of two that share their last part: *Chinas Staats- und **Parteichef** lobte Kuba*. The parser takes the first, of which it knows nothing, for the
/// head.
fn cut_compounds(parsed: &mut Parsed) {
    for i in 2..parsed.tokens.len() {
        let [cut, conjunction, whole] = [i - 2, i - 1, i].map(TokenIx::from);
        let joined = parsed.token(conjunction).pos == Upos::Cconj && parsed.token(whole).head == Some(cut);
        let is_cut = parsed.form(cut).ends_with('-') && parsed.form(cut).len() > 2;
        if !(joined && is_cut && parsed.token(whole).dep == Dep::Conj && parsed.token(whole).pos == Upos::Noun) {
            continue;
        }
        let (head, dep) = (parsed.token(cut).head, parsed.token(cut).dep);
        for token in &mut parsed.tokens {
            if token.head == Some(cut) {
                token.head = Some(whole);
            }
        }
        let case = parsed.token(cut).morph.case;
        let word = &mut parsed.tokens[whole.ix()];
        (word.head, word.dep) = (head, dep);
        word.morph.case = word.morph.case.or(case);
        (parsed.tokens[cut.ix()].head, parsed.tokens[cut.ix()].dep) = (Some(whole), Dep::Compound);
    }
}

/// Makes an aside with *wie* of a participle that was taken for an attribute of the noun behind it: *lieferte wie angekündigt Munition*. An attribute
/// has an ending.
fn asides(parsed: &mut Parsed, morphology: &Morphology) {
    for i in 1..parsed.tokens.len() {
        let (like, participle) = (TokenIx::from(i - 1), TokenIx::from(i));
        let word = parsed.token(participle);
        let Some(noun) = word.head.filter(|h| word.dep == Dep::Amod && h.ix() > i) else {
            continue;
        };
        let analyses = morphology.analyses(parsed.form(participle));
        let bare = analyses.iter().find(|a| a.morph.form == Some(VerbForm::Part));
        let like_that = parsed.form(like) == "wie" && parsed.token(like).head == Some(noun);
        let Some(morph) = bare.filter(|_| like_that).map(|a| a.morph) else {
            continue;
        };
        let Some(verb) = parsed.token(noun).head.filter(|v| parsed.token(*v).pos == Upos::Verb) else {
            continue;
        };
        let word = &mut parsed.tokens[i];
        (word.head, word.dep, word.pos, word.morph) = (Some(verb), Dep::Advcl, Upos::Verb, morph);
        let like = &mut parsed.tokens[i - 1];
        (like.head, like.dep) = (Some(participle), Dep::Mark);
    }
}

/// Tells the German relative pronoun before a noun without article from its article: *der Iran, **den** Bundeskanzler Scholz kritisiert hatte*. With it the
/// clause would have no subject.
fn relative_pronouns_read_as_articles(parsed: &mut Parsed) {
    let children = parsed.children();
    for i in 1..parsed.tokens.len() {
        let pronoun = TokenIx::from(i);
        let word = parsed.token(pronoun);
        let opens = parsed.form(TokenIx::from(i - 1)) == "," && matches!(parsed.form(pronoun), "den" | "das" | "die");
        let Some(noun) = word.head.filter(|h| opens && word.dep == Dep::Det && h.ix() == i + 1) else {
            continue;
        };
        let object = parsed.token(noun);
        let Some(verb) = object.head.filter(|v| object.dep == Dep::Obj && *v > noun) else {
            continue;
        };
        let below = &children[verb.ix()];
        let relative = matches!(parsed.token(verb).dep, Dep::Acl | Dep::AclRelcl);
        let has_subject = below.iter().any(|c| is_subject(parsed.token(*c).dep));
        // "die Warnung, die Lage könne eskalieren" is none: its finite verb does not come last.
        let words = below
            .iter()
            .filter(|c| parsed.token(**c).pos != Upos::Punct)
            .chain([&verb]);
        let finite_last = words
            .max()
            .is_some_and(|last| parsed.token(*last).morph.form == Some(VerbForm::Fin));
        if !relative || has_subject || !finite_last {
            continue;
        }
        parsed.tokens[noun.ix()].dep = Dep::Nsubj;
        parsed.tokens[noun.ix()].morph.case = Some(Case::Nom);
        let word = &mut parsed.tokens[i];
        (word.head, word.dep, word.pos) = (Some(verb), Dep::Obj, Upos::Pron);
        word.morph.case = Some(Case::Acc);
    }
}

/// Gives German infinitives with *zu* the receiver or object that was taken for their subject, which they never have: *angekündigt, **Israel** Waffen zu
/// liefern*.
fn subjects_of_infinitives(parsed: &mut Parsed) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let verb = &parsed.tokens[i];
        let has = |dep: Dep| below.iter().any(|c| parsed.token(*c).dep == dep);
        let marked = |c: &TokenIx| parsed.token(*c).dep == Dep::Mark && parsed.form(*c) == "zu";
        let infinitive = verb.morph.form == Some(VerbForm::Inf) && below.iter().any(marked);
        let finite = |c: &TokenIx| parsed.token(*c).morph.form == Some(VerbForm::Fin);
        if !infinitive || below.iter().any(finite) || has(Dep::AuxPass) {
            continue;
        }
        let subject = below
            .iter()
            .copied()
            .find(|c| parsed.token(*c).dep == Dep::Nsubj && c.ix() < i);
        let nominal = |t: &TokenIx| matches!(parsed.token(*t).pos, Upos::Noun | Upos::Propn);
        let Some(subject) = subject.filter(nominal) else {
            continue;
        };
        let (dep, case) = match has(Dep::Obj) {
            true => (Dep::OblArg, Case::Dat),
            false => (Dep::Obj, Case::Acc),
        };
        let word = &mut parsed.tokens[subject.ix()];
        word.dep = dep;
        word.morph.case = Some(case);
    }
}

/// Gives German verbs what stands behind an aside with *wie* that has no subject of its own: *lobte wie angekündigt den Iran*.
fn objects_of_asides(parsed: &mut Parsed, morphology: &Morphology) {
    let children = parsed.children();
    let of = |t: TokenIx, dep: Dep| children[t.ix()].iter().copied().find(|c| parsed.token(*c).dep == dep);
    let mut moved = Vec::new();
    for (i, below) in children.iter().enumerate() {
        let aside = TokenIx::from(i);
        let word = parsed.token(aside);
        let (Some(verb), Dep::Advcl | Dep::Ccomp) = (word.head, word.dep) else {
            continue;
        };
        let marked = of(aside, Dep::Mark).is_some_and(|m| parsed.form(m) == "wie" && m.ix() + 1 == i);
        // "wie angekündigt" has nothing of its own, "wie sie ankündigte" has a subject.
        let may_be = |a: &Analysis| a.morph.form == Some(VerbForm::Part);
        let participle = of(aside, Dep::Aux).is_none() && morphology.analyses(parsed.form(aside)).iter().any(may_be);
        let alone = [Dep::Nsubj, Dep::NsubjPass].iter().all(|dep| of(aside, *dep).is_none());
        let follows = parsed.token(verb).pos == Upos::Verb && verb < aside;
        if !marked || !follows || !(alone || participle) {
            continue;
        }
        let behind = below.iter().copied().filter(|&c| c > aside);
        moved.extend(behind.filter_map(|c| {
            let dep = match parsed.token(c).dep {
                Dep::Nsubj if participle && of(verb, Dep::Nsubj).is_some() => Dep::Obj,
                dep => dep,
            };
            let moves = match dep {
                Dep::Obj => of(verb, Dep::Obj).is_none(),
                Dep::Obl | Dep::OblArg | Dep::CompoundPrt | Dep::Advmod => participle,
                _ => false,
            };
            moves.then_some((c, verb, dep))
        }));
    }
    for (word, verb, dep) in moved {
        let word = &mut parsed.tokens[word.ix()];
        (word.head, word.dep) = (Some(verb), dep);
    }
}

/// Hangs German postpositions on the whole phrase before them: *den Messungen am Oberlauf des Flusses zufolge*. They are hung on its last
/// noun.
fn postpositions(parsed: &mut Parsed) {
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
fn counted_nouns(parsed: &mut Parsed) {
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

/// Hangs the whole on its part: *drei **von ihnen** wurden getötet*, but not *drei wurden von Soldaten getötet*. In the passive the
/// parser takes it for the doer.
fn wholes_read_as_agents(parsed: &mut Parsed) {
    let numbers = words(Lang::De);
    let children = parsed.children();
    for i in 0..parsed.tokens.len() {
        let part = &parsed.tokens[i];
        let form = parsed.form(TokenIx::from(i)).to_lowercase();
        let counts = part.pos == Upos::Num || numbers.is_indefinite(&form);
        let argument = is_subject(part.dep) || part.dep == Dep::Obj;
        let Some(verb) = part.head.filter(|_| counts && argument) else {
            continue;
        };
        let preposition = TokenIx::from(i + 1);
        let Some(whole) = parsed
            .tokens
            .get(i + 1)
            .and_then(|p| p.head.filter(|_| p.dep == Dep::Case))
        else {
            continue;
        };
        let of = matches!(parsed.form(preposition), "von" | "vom") && children[whole.ix()].contains(&preposition);
        let word = parsed.token(whole);
        if of
            && word.pos == Upos::Pron
            && word.head == Some(verb)
            && matches!(word.dep, Dep::Obl | Dep::OblAgent | Dep::OblArg)
        {
            parsed.tokens[whole.ix()].head = Some(TokenIx::from(i));
            parsed.tokens[whole.ix()].dep = Dep::Nmod;
        }
    }
}

/// Gives German verbs the bare object that hangs as an apposition on the subject behind them: *Im Mai lieferte das Land **Panzer***. Such
/// nouns name nobody, and no comma sets them off.
fn objects_read_as_appositions(parsed: &mut Parsed, morphology: &Morphology) {
    let children = parsed.children();
    for i in 1..parsed.tokens.len() {
        let object = &parsed.tokens[i];
        let Some(subject) = object.head.filter(|h| object.dep == Dep::Appos && h.ix() + 1 == i) else {
            continue;
        };
        let noun = parsed.token(subject);
        let Some(verb) = noun
            .head
            .filter(|v| noun.dep == Dep::Nsubj && *v < subject && noun.pos == Upos::Noun)
        else {
            continue;
        };
        let finite = parsed.token(verb);
        let active = finite.pos == Upos::Verb && finite.morph.form == Some(VerbForm::Fin);
        let alone = !children[verb.ix()]
            .iter()
            .any(|c| matches!(parsed.token(*c).dep, Dep::Obj | Dep::Xcomp | Dep::Ccomp));
        let determined = children[subject.ix()]
            .iter()
            .any(|c| matches!(parsed.token(*c).dep, Dep::Det | Dep::DetPoss));
        let analyses = morphology.analyses(parsed.form(TokenIx::from(i)));
        let common = !analyses.is_empty() && analyses.iter().all(|a| a.pos == Upos::Noun && a.name.is_none());
        if active && alone && determined && common && object.pos == Upos::Noun {
            let object = &mut parsed.tokens[i];
            (object.head, object.dep) = (Some(verb), Dep::Obj);
        }
    }
}

/// Tells *ihr*, whom something is given to, from the possessive: *sicherte **ihr** Unterstützung zu*. Before feminine and plural nouns
/// that would be *ihre*.
fn receivers_read_as_owners(parsed: &mut Parsed, morphology: &Morphology) {
    for i in 0..parsed.tokens.len() {
        let word = TokenIx::from(i);
        let Some(noun) = parsed
            .token(word)
            .head
            .filter(|_| parsed.token(word).dep == Dep::DetPoss)
        else {
            continue;
        };
        let agrees = |a: &Analysis| a.morph.gender != Some(Gender::Fem) && a.morph.number != Some(Number::Plur);
        let analyses = morphology.analyses(parsed.form(noun));
        let verb = parsed.token(noun).head.filter(|v| parsed.token(*v).pos == Upos::Verb);
        let Some(verb) =
            verb.filter(|_| parsed.form(word) == "ihr" && !analyses.is_empty() && !analyses.iter().any(agrees))
        else {
            continue;
        };
        let receiver = &mut parsed.tokens[i];
        (receiver.head, receiver.dep, receiver.pos) = (Some(verb), Dep::OblArg, Upos::Pron);
        receiver.morph = Morph {
            case: Some(Case::Dat),
            gender: Some(Gender::Fem),
            number: Some(Number::Sing),
            ..receiver.morph
        };
    }
}

/// Gives German verbs the object that hangs as a name on the receiver or place before it: *liefert der Ukraine Marschflugkörper*, *hat in
/// Idlib Giftgas eingesetzt*, *zieht an der Grenze zur Ukraine Truppen zusammen*. A common noun continues no name of a place, nor one right
/// before the verb any name.
fn objects_read_as_names(parsed: &mut Parsed, morphology: &Morphology) {
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

/// Tells the dative of a German verb from what somebody is: *ist der Nato beigetreten*. In the perfect the parser takes it for a predicate,
/// and the clause for a passive.
fn datives_read_as_predicates(parsed: &mut Parsed, morphology: &Morphology) {
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
            let masculine = |analysis: &Analysis| analysis.morph.gender == Some(Gender::Masc);
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
        LazyLock::new(|| lines(include_str!("../../../../data/lang/de/perfect-with-sein.txt")).collect());
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
fn inserted_conditionals(parsed: &mut Parsed) {
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
