//! What the English parser gets wrong as a rule: past tenses that look like participles, objects and what is said of them exchanged, days
//! taken for a part of the name behind them.

use super::{OFFICE_HOLDERS, country_names, has_full_stop, is_subject};
use crate::morph::{Morphology, Source, lines};
use lagebild_core::{Dep, Mood, Morph, Number, Parsed, Tense, Token, TokenIx, Upos, VerbForm};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Mends English trees.
pub(super) fn trees(parsed: &mut Parsed, morphology: &Morphology) {
    names_read_as_words(parsed, morphology);
    people_read_as_verbs(parsed, morphology);
    perfects_read_as_possession(parsed);
    adjectives_in_a_row(parsed);
    clauses_read_as_phrases(parsed);
    finite_pasts(parsed);
    verbs_read_as_conjuncts(parsed);
    exchanged_predicates(parsed);
    predicates_behind_objects(parsed);
    objects_of_adjectives(parsed);
    estimates_read_as_phrases(parsed);
    announcements(parsed);
    contents_read_as_relatives(parsed);
    phrases_behind_asides(parsed);
    subjects_read_as_appositions(parsed);
    objects_before_numbers(parsed);
    speakers_in_quotations(parsed);
    verbs_of_headlines(parsed, morphology);
    states_of_headlines(parsed, morphology);
    worths(parsed);
    gerunds_behind_commas(parsed);
}

/// Makes names of office-holders that were taken for nouns: *Zelensky calls on Venezuela to withdraw*. What the lexicon has as a noun may be one.
fn names_read_as_words(parsed: &mut Parsed, morphology: &Morphology) {
    for i in 0..parsed.tokens.len() {
        let form = parsed.form(TokenIx::from(i));
        if parsed.tokens[i].pos != Upos::Noun || !OFFICE_HOLDERS.contains(form) {
            continue;
        }
        let analyses = morphology.analyses(&form.to_lowercase());
        let word = analyses
            .iter()
            .any(|a| a.pos == Upos::Noun && a.name.is_none() && a.source == Source::Lexicon);
        if !word {
            parsed.tokens[i].pos = Upos::Propn;
        }
    }
}

/// Tells the perfect from what somebody has: *Ankara has **strongly condemned** rebels in Mali*, *has struck targets*. Without an article the parser takes the
/// participle for an attribute; it is one where the tagger has it for an adjective.
fn perfects_read_as_possession(parsed: &mut Parsed) {
    let children = parsed.children();
    let mut found = Vec::new();
    for (i, below) in children.iter().enumerate() {
        let have = TokenIx::from(i);
        let finite = parsed.token(have).morph.form == Some(VerbForm::Fin);
        if !finite || !matches!(parsed.form(have), "has" | "have" | "had") {
            continue;
        }
        let Some(object) = below.iter().copied().find(|c| parsed.token(*c).dep == Dep::Obj) else {
            continue;
        };
        let participle = children[object.ix()]
            .iter()
            .copied()
            .find(|c| parsed.token(*c).dep == Dep::Amod);
        let Some(participle) = participle.filter(|p| parsed.token(*p).morph.form == Some(VerbForm::Part)) else {
            continue;
        };
        let mut between = (have.0 + 1..participle.0).map(TokenIx);
        let beside = participle.0 == have.0 + 1;
        let told = beside && parsed.token(have).pos == Upos::Aux && parsed.token(participle).pos == Upos::Verb;
        let adverbs = told || !beside && between.all(|t| parsed.token(t).pos == Upos::Adv);
        let past = parsed.token(participle).morph.tense != Some(Tense::Pres);
        if adverbs && past && participle < object {
            found.push((have, participle, object));
        }
    }
    for (have, participle, object) in found {
        let (head, dep) = (parsed.tokens[have.ix()].head, parsed.tokens[have.ix()].dep);
        for below in &children[have.ix()] {
            parsed.tokens[below.ix()].head = Some(participle);
        }
        let verb = &mut parsed.tokens[participle.ix()];
        (verb.head, verb.dep, verb.pos) = (head, dep, Upos::Verb);
        (parsed.tokens[object.ix()].head, parsed.tokens[object.ix()].dep) = (Some(participle), Dep::Obj);
        let auxiliary = &mut parsed.tokens[have.ix()];
        (auxiliary.head, auxiliary.dep, auxiliary.pos) = (Some(participle), Dep::Aux, Upos::Aux);
    }
}

/// Gives verbs the object that was taken for what is worth a sum: *suspended **aid** worth 100 million dollars*.
fn worths(parsed: &mut Parsed) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let word = &parsed.tokens[i];
        let Some(verb) = word
            .head
            .filter(|_| word.dep == Dep::Xcomp && parsed.form(TokenIx::from(i)) == "worth")
        else {
            continue;
        };
        let thing = below
            .iter()
            .copied()
            .find(|c| parsed.token(*c).dep == Dep::Nsubj && c.ix() + 1 == i);
        let Some(thing) = thing.filter(|t| *t > verb) else {
            continue;
        };
        let worth = TokenIx::from(i);
        let sum = children[verb.ix()]
            .iter()
            .copied()
            .find(|c| parsed.token(*c).dep == Dep::Obj && c.ix() > i);
        (parsed.tokens[thing.ix()].head, parsed.tokens[thing.ix()].dep) = (Some(verb), Dep::Obj);
        (parsed.tokens[i].head, parsed.tokens[i].dep) = (Some(thing), Dep::Acl);
        if let Some(sum) = sum {
            (parsed.tokens[sum.ix()].head, parsed.tokens[sum.ix()].dep) = (Some(worth), Dep::Obl);
        }
    }
}

/// Gives the doer of the sentence the participles behind a comma: *Niger ordered the ambassador to leave, **accusing** Paris of
/// ignoring it*. The parser hangs them on what stands before.
fn gerunds_behind_commas(parsed: &mut Parsed) {
    let children = parsed.children();
    let has_subject = |t: TokenIx| children[t.ix()].iter().any(|c| is_subject(parsed.token(*c).dep));
    let mut moved = Vec::new();
    for (i, below) in children.iter().enumerate().skip(1) {
        let gerund = TokenIx::from(i);
        let word = parsed.token(gerund);
        let form = word.morph.form == Some(VerbForm::Ger)
            || word.morph.form == Some(VerbForm::Part) && word.morph.tense == Some(Tense::Pres);
        let hung = matches!(word.dep, Dep::Acl | Dep::Conj | Dep::Advcl) && parsed.form(TokenIx::from(i - 1)) == ",";
        let joined = below.iter().any(|c| parsed.token(*c).dep == Dep::Cc);
        if word.pos != Upos::Verb || !form || !hung || joined || has_subject(gerund) {
            continue;
        }
        let above = std::iter::successors(word.head, |&t| parsed.token(t).head);
        let verb = above
            .take(6)
            .find(|&t| parsed.token(t).pos == Upos::Verb && has_subject(t));
        // "the ambassador, facing charges, left": behind its subject it is that noun's.
        moved.extend(verb.filter(|v| *v < gerund).map(|verb| (gerund, verb)));
    }
    for (gerund, verb) in moved {
        (parsed.tokens[gerund.ix()].head, parsed.tokens[gerund.ix()].dep) = (Some(verb), Dep::Advcl);
    }
}

/// Makes verbs of the nouns that head a headline and have an object: *Germany **expels** two diplomats*; and of two names before its verb one subject: *Putin,
/// Lukashenko **hold** talks*.
fn verbs_of_headlines(parsed: &mut Parsed, morphology: &Morphology) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate() {
        let of = |dep: Dep| below.iter().copied().find(|c| parsed.token(*c).dep == dep);
        let root = parsed.tokens[i].head.is_none();
        let present = |number| Morph {
            form: Some(VerbForm::Fin),
            mood: Some(Mood::Ind),
            tense: Some(Tense::Pres),
            number: Some(number),
            ..Morph::default()
        };
        // What the lexicon has as an adjective only is none.
        let may_be = |stem: &str| {
            let analyses = morphology.analyses(&stem.to_lowercase());
            let mut known = analyses.iter().filter(|a| a.source == Source::Lexicon).peekable();
            known.peek().is_none() || known.any(|a| matches!(a.pos, Upos::Noun | Upos::Verb))
        };
        let third = |form: &str| {
            let stem = form.strip_suffix('s')?;
            may_be(stem).then(|| present(Number::Sing))
        };
        let before = of(Dep::Compound).filter(|c| c.ix() + 1 == i);
        if root
            && parsed.tokens[i].pos == Upos::Noun
            && let Some(subject) = before.filter(|_| of(Dep::Obj).is_some_and(|o| o.ix() > i))
            && let Some(morph) = third(parsed.form(TokenIx::from(i)))
        {
            (parsed.tokens[i].pos, parsed.tokens[i].morph) = (Upos::Verb, morph);
            parsed.tokens[subject.ix()].dep = Dep::Nsubj;
            // What stands before belongs to the subject: "Egyptian court sentences".
            for word in below.iter().copied().filter(|c| *c < subject) {
                if matches!(
                    parsed.token(word).dep,
                    Dep::Amod | Dep::Det | Dep::Compound | Dep::Nummod | Dep::NmodPoss
                ) {
                    parsed.tokens[word.ix()].head = Some(subject);
                }
            }
            continue;
        }
        // "Israeli jets strike depots"
        let several = of(Dep::Nsubj).filter(|s| s.ix() < i && parsed.token(*s).morph.number == Some(Number::Plur));
        let governs = of(Dep::Obj).is_some_and(|o| o.ix() > i) && of(Dep::Cop).is_none();
        if root && parsed.tokens[i].pos == Upos::Noun && several.is_some() && governs {
            (parsed.tokens[i].pos, parsed.tokens[i].morph) = (Upos::Verb, present(Number::Plur));
            continue;
        }
        let Some(verb) = of(Dep::List)
            .or(of(Dep::Parataxis))
            .filter(|_| root && parsed.tokens[i].pos == Upos::Propn)
        else {
            continue;
        };
        let finite = parsed.token(verb).pos == Upos::Verb && parsed.token(verb).morph.form == Some(VerbForm::Fin);
        let second = below.iter().copied().find(|c| {
            let name = parsed.token(*c).pos == Upos::Propn
                && matches!(parsed.token(*c).dep, Dep::Flat | Dep::Appos | Dep::Conj);
            name && c.ix() > i && parsed.form(TokenIx(c.0 - 1)) == ","
        });
        let own_subject = children[verb.ix()].iter().any(|c| is_subject(parsed.token(*c).dep));
        let Some(second) = second.filter(|s| finite && !own_subject && s.0 + 1 == verb.0) else {
            continue;
        };
        let subject = TokenIx::from(i);
        (parsed.tokens[verb.ix()].head, parsed.tokens[verb.ix()].dep) = (None, Dep::Root);
        (parsed.tokens[i].head, parsed.tokens[i].dep) = (Some(verb), Dep::Nsubj);
        (parsed.tokens[second.ix()].head, parsed.tokens[second.ix()].dep) = (Some(subject), Dep::Conj);
    }
}

/// English names of states.
static STATES: LazyLock<HashSet<&str>> = LazyLock::new(|| country_names("\ten\tname\t"));

/// English adjectives of states.
static STATE_ADJECTIVES: LazyLock<HashSet<&str>> = LazyLock::new(|| country_names("\ten\tadjective\t"));

/// Gives a noun all the adjectives with capitals that stand in a row before it: ***French, German and** British diplomats*, ***American,** Japanese and South Korean
/// warships*. The parser hangs the first of them on the verb or takes them for a phrase of their own.
fn adjectives_in_a_row(parsed: &mut Parsed) {
    let capital = |parsed: &Parsed, i: usize| parsed.form(TokenIx::from(i)).starts_with(char::is_uppercase);
    let joins = |parsed: &Parsed, i: usize| matches!(parsed.form(TokenIx::from(i)), "," | "and" | "or");
    for last in 2..parsed.tokens.len() {
        let attribute = parsed.tokens[last].head.filter(|n| {
            let named =
                parsed.tokens[last].dep == Dep::Amod && parsed.tokens[last].pos == Upos::Adj && capital(parsed, last);
            named && n.ix() > last && parsed.token(*n).pos == Upos::Noun
        });
        // "Polish, Czech and Slovak officials", the last taken for a name
        let before_noun = || {
            let state = STATE_ADJECTIVES.contains(parsed.form(TokenIx::from(last)));
            let next = TokenIx::from(last + 1);
            let noun = parsed.tokens.get(next.ix()).filter(|w| state && w.pos == Upos::Noun)?;
            let whole = noun.head.filter(|h| noun.dep == Dep::Compound && *h > next);
            Some(whole.unwrap_or(next))
        };
        let noun = attribute.or_else(before_noun);
        let Some(noun) = noun else { continue };
        let first = parsed.sentences[parsed.sentence_of(noun).ix()].tokens.start as usize;
        // "South Korean": two words.
        let opens =
            |parsed: &Parsed, i: usize| matches!(parsed.tokens[i].pos, Upos::Propn | Upos::Adj) && capital(parsed, i);
        let start = match last.checked_sub(1) {
            Some(before) if before > first && opens(parsed, before) && !joins(parsed, before) => before,
            _ => last,
        };
        let mut row: Vec<usize> = Vec::new();
        let mut at = start;
        while at >= first + 2 && joins(parsed, at - 1) {
            // ", and"
            let before = at - 1 - usize::from(at >= first + 3 && parsed.form(TokenIx::from(at - 2)) == ",");
            let Some(adjective) = before.checked_sub(1).filter(|&a| a >= first) else {
                break;
            };
            let named = || STATE_ADJECTIVES.contains(parsed.form(TokenIx::from(adjective)));
            if parsed.tokens[adjective].pos != Upos::Adj && !named() || !capital(parsed, adjective) {
                break;
            }
            row.push(adjective);
            at = adjective;
        }
        let conjunction = start > first && matches!(parsed.form(TokenIx::from(start - 1)), "and" | "or");
        let Some((&leftmost, others)) = row.split_last().filter(|_| conjunction) else {
            continue;
        };
        for &adjective in row.iter().chain([&last]) {
            parsed.tokens[adjective].pos = Upos::Adj;
        }
        (parsed.tokens[leftmost].head, parsed.tokens[leftmost].dep) = (Some(noun), Dep::Amod);
        for &other in others.iter().chain([&last]) {
            (parsed.tokens[other].head, parsed.tokens[other].dep) = (Some(TokenIx::from(leftmost)), Dep::Conj);
        }
        if start < last {
            (parsed.tokens[start].head, parsed.tokens[start].dep) = (Some(TokenIx::from(last)), Dep::Compound);
        }
    }
}

/// Makes a sentence of a headline that opens with a state and what looks like a plural of its verb (***Serbia blocks** Kosovo border crossing*), or with two
/// states and a verb (***Ukraine, Russia swap** prisoners*).
fn states_of_headlines(parsed: &mut Parsed, morphology: &Morphology) {
    for s in 0..parsed.sentences.len() {
        let words = parsed.sentences[s].tokens.start as usize..parsed.sentences[s].tokens.end as usize;
        let form = |i: usize| parsed.form(TokenIx::from(i));
        if words.len() < 3
            || words
                .clone()
                .next_back()
                .is_some_and(|last| matches!(form(last), "." | "!" | "?"))
        {
            continue;
        }
        // Names of states have one to three words.
        let state = |start: usize| {
            (start + 1..=(start + 3).min(words.end)).rev().find(|&end| {
                let name: Vec<&str> = (start..end).map(form).collect();
                STATES.contains(&*name.join(" "))
            })
        };
        let Some(end) = state(words.start) else { continue };
        let second = (end + 1 < words.end && form(end) == ",")
            .then(|| state(end + 1))
            .flatten();
        let verb = second.unwrap_or(end);
        if verb + 1 >= words.end {
            continue;
        }
        let finite = |i: usize| {
            let word = &parsed.tokens[i];
            matches!(word.pos, Upos::Verb | Upos::Aux) && word.morph.form == Some(VerbForm::Fin)
        };
        let other_verb = words.clone().any(|i| i != verb && finite(i));
        let next = &parsed.tokens[verb + 1];
        let named = form(verb + 1).starts_with(char::is_uppercase);
        // "EU sanctions list": a singular without an article goes on the compound.
        let object = match next.pos {
            Upos::Noun => second.is_some() || named || next.morph.number == Some(Number::Plur),
            Upos::Propn | Upos::Num | Upos::Det => true,
            Upos::Adj => named || words.end > verb + 2,
            _ => false,
        };
        let verbal = |stem: &str| {
            morphology
                .analyses(stem)
                .iter()
                .any(|a| a.pos == Upos::Verb && a.source == Source::Lexicon)
        };
        let tagged = parsed.tokens[verb].pos == Upos::Verb && finite(verb);
        let looks = match second {
            Some(_) => tagged,
            None => {
                let form = form(verb).to_lowercase();
                let stem = form
                    .strip_suffix("es")
                    .filter(|stem| verbal(stem))
                    .or_else(|| form.strip_suffix('s'));
                parsed.tokens[verb].pos == Upos::Noun && stem.is_some_and(verbal)
            }
        };
        if other_verb || !object || !looks {
            continue;
        }
        let number = if second.is_some() { Number::Plur } else { Number::Sing };
        let (first, root) = (TokenIx::from(words.start), TokenIx::from(verb));
        let old = words.clone().find(|&i| parsed.tokens[i].head.is_none());
        let inside = |i: usize| i < verb;
        // What the old root governed stays with it, unless it was the verb or a name before it.
        let heir = match old {
            Some(old) if old > verb => TokenIx::from(old),
            _ => {
                let Some(first) = words.clone().find(|&i| {
                    let word = &parsed.tokens[i];
                    i > verb
                        && word.head.is_some_and(|h| h.ix() <= verb)
                        && matches!(word.pos, Upos::Noun | Upos::Propn)
                }) else {
                    continue;
                };
                TokenIx::from(first)
            }
        };
        for i in words.clone() {
            let head = parsed.tokens[i].head;
            if i == verb || i == heir.ix() {
                continue;
            }
            if inside(i) {
                (parsed.tokens[i].head, parsed.tokens[i].dep) = match i {
                    _ if i == words.start => (Some(root), Dep::Nsubj),
                    _ if i < end => (Some(first), Dep::Flat),
                    _ if i == end && second.is_some() => (Some(TokenIx::from(end + 1)), Dep::Punct),
                    _ if i == end + 1 => (Some(first), Dep::Conj),
                    _ => (Some(TokenIx::from(end + 1)), Dep::Flat),
                };
            } else if head.is_some_and(|h| h.ix() <= verb) {
                parsed.tokens[i].head = Some(if i < heir.ix() { heir } else { root });
            }
        }
        (parsed.tokens[heir.ix()].head, parsed.tokens[heir.ix()].dep) = (Some(root), Dep::Obj);
        let verb = &mut parsed.tokens[verb];
        (verb.head, verb.dep, verb.pos) = (None, Dep::Root, Upos::Verb);
        verb.morph = Morph {
            form: Some(VerbForm::Fin),
            mood: Some(Mood::Ind),
            tense: Some(Tense::Pres),
            number: Some(number),
            ..Morph::default()
        };
    }
}

/// Makes nouns of people's names that no lexicon has: *Gunmen in Nigeria attacked a school*. As they end like nothing the tagger knows, it takes them for verbs.
fn people_read_as_verbs(parsed: &mut Parsed, morphology: &Morphology) {
    /// Plurals of the nouns for people that do not end in *s*.
    static PLURALS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let rows = lines(include_str!("../../../../data/knowledge/roles.en.tsv"));
        let plurals = rows.filter_map(|row| row.split('\t').nth(1));
        plurals
            .filter(|plural| plural.len() > 2 && !plural.contains(' '))
            .collect()
    });
    for i in 0..parsed.tokens.len() {
        let form = parsed.form(TokenIx::from(i)).to_lowercase();
        let nominal = matches!(
            parsed.tokens[i].dep,
            Dep::Nsubj | Dep::NsubjPass | Dep::Obj | Dep::Obl | Dep::Nmod
        );
        let verbal = matches!(parsed.tokens[i].pos, Upos::Verb | Upos::Adj) && nominal;
        if verbal && PLURALS.contains(&*form) && !morphology.analyses(&form).iter().any(|a| a.pos != Upos::Noun) {
            let word = &mut parsed.tokens[i];
            word.pos = Upos::Noun;
            word.morph = Morph {
                number: Some(Number::Plur),
                ..Morph::default()
            };
        }
    }
}

/// Verbs that a clause with *that* completes.
static CLAUSE_VERBS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../../../data/lang/en/clause-verbs.txt")).collect());

/// Gives verbs of saying their clause where it was taken for a relative one of the phrase between: *demanded for the first time **that** Iran withdraw*.
/// Needs lemmas.
pub(super) fn clauses_read_as_relatives(parsed: &mut Parsed) {
    let children = parsed.children();
    let has = |t: TokenIx, deps: &[Dep]| children[t.ix()].iter().any(|c| deps.contains(&parsed.token(*c).dep));
    let mut moved = Vec::new();
    for (i, below) in children.iter().enumerate() {
        let clause = TokenIx::from(i);
        let word = parsed.token(clause);
        // "demanded on October 5 that Iran withdraw": taken for an adverbial one.
        if let Some(verb) = word.head.filter(|_| word.dep == Dep::Advcl) {
            let that = below
                .iter()
                .copied()
                .find(|c| parsed.form(*c) == "that" && parsed.token(*c).dep == Dep::Mark);
            let open = !has(verb, &[Dep::Ccomp, Dep::Xcomp, Dep::Obj]) && parsed.token(verb).pos == Upos::Verb;
            let completes = verb < clause && open && CLAUSE_VERBS.contains(parsed.lemma(verb));
            moved.extend(that.filter(|_| completes).map(|that| (clause, that, verb)));
        }
        let Some(noun) = word.head.filter(|_| matches!(word.dep, Dep::Acl | Dep::AclRelcl)) else {
            continue;
        };
        let above = std::iter::successors(Some(noun), |&t| {
            parsed
                .token(t)
                .head
                .filter(|_| matches!(parsed.token(t).dep, Dep::Nmod | Dep::Obl))
        });
        let Some(verb) = above
            .take(4)
            .last()
            .filter(|v| *v != noun && parsed.token(*v).pos == Upos::Verb)
        else {
            continue;
        };
        let that = below.iter().copied().find(|c| parsed.form(*c) == "that");
        // "said last week that …"
        let beside = has(noun, &[Dep::Case]) || super::in_time(parsed, noun);
        let Some(that) = that.filter(|t| beside && noun < *t && verb < noun) else {
            continue;
        };
        // The subject of a relative clause is the pronoun, or it has another one and misses its object.
        let subject = |c: &TokenIx| is_subject(parsed.token(*c).dep) && *c != that;
        let whole = below.iter().any(subject);
        let open = !has(verb, &[Dep::Ccomp, Dep::Xcomp, Dep::Obj]);
        if whole && open && CLAUSE_VERBS.contains(parsed.lemma(verb)) {
            moved.push((clause, that, verb));
        }
    }
    for (clause, that, verb) in moved {
        (parsed.tokens[clause.ix()].head, parsed.tokens[clause.ix()].dep) = (Some(verb), Dep::Ccomp);
        let that = &mut parsed.tokens[that.ix()];
        (that.head, that.dep, that.pos) = (Some(clause), Dep::Mark, Upos::Sconj);
    }
}

/// Makes those behind a verb of saying its subject where a quotation goes on behind them, whose own subject the parser took: *“The troops,” said **Erdogan**,
/// “will withdraw.”*
fn speakers_in_quotations(parsed: &mut Parsed) {
    static SAYING: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let forms = lines(include_str!("../../../../data/lang/en/speech-verbs.txt"));
        forms.flat_map(str::split_whitespace).collect()
    });
    let children = parsed.children();
    let mut found = Vec::new();
    for (i, below) in children.iter().enumerate().skip(1) {
        let verb = TokenIx::from(i);
        let closes = matches!(parsed.form(TokenIx::from(i - 1)), "”" | "\"" | "’" | "'" | "''" | "»");
        if !closes || !SAYING.contains(parsed.form(verb)) {
            continue;
        }
        let of = |dep: Dep| below.iter().copied().find(|c| parsed.token(*c).dep == dep);
        let (Some(quoted), Some(speaker), Some(rest)) = (of(Dep::Nsubj), of(Dep::Obj), of(Dep::Ccomp)) else {
            continue;
        };
        if quoted < verb && verb < speaker && speaker < rest {
            found.push((quoted, speaker, rest));
        }
    }
    for (quoted, speaker, rest) in found {
        parsed.tokens[speaker.ix()].dep = Dep::Nsubj;
        parsed.tokens[quoted.ix()].head = Some(rest);
    }
}

/// Tells the object from how often something is done to it: *visited **North Korea** three times*. What stands before a number is no part of the
/// name behind it.
fn objects_before_numbers(parsed: &mut Parsed) {
    let children = parsed.children();
    let mut found = Vec::new();
    for (i, word) in parsed.tokens.iter().enumerate() {
        let Some(noun) = word.head.filter(|h| word.dep == Dep::Compound && h.ix() > i) else {
            continue;
        };
        let numbered = children[noun.ix()]
            .iter()
            .any(|c| parsed.token(*c).dep == Dep::Nummod && (i..noun.ix()).contains(&c.ix()));
        let Some(verb) = parsed.token(noun).head.filter(|v| v.ix() < i) else {
            continue;
        };
        let bare = parsed.token(verb).pos == Upos::Verb
            && !children[verb.ix()].iter().any(|c| parsed.token(*c).dep == Dep::Obj);
        let phrase = children[noun.ix()].iter().any(|c| parsed.token(*c).dep == Dep::Case);
        if numbered && bare && !phrase && word.pos == Upos::Propn && parsed.token(noun).dep == Dep::Obl {
            found.push((TokenIx::from(i), verb));
        }
    }
    for (name, verb) in found {
        parsed.tokens[name.ix()].head = Some(verb);
        parsed.tokens[name.ix()].dep = Dep::Obj;
    }
}

/// Gives verbs without a subject the name behind a phrase in front that was taken for a second name of what it ends with: *At the summit in
/// Geneva, **Erdogan**, who had threatened Syria, praised Iran*.
fn subjects_read_as_appositions(parsed: &mut Parsed) {
    let children = parsed.children();
    let mut found = Vec::new();
    for (i, below) in children.iter().enumerate() {
        let verb = &parsed.tokens[i];
        let dep = |c: &TokenIx| parsed.token(*c).dep;
        let finite = verb.morph.form == Some(VerbForm::Fin) && verb.pos == Upos::Verb;
        if !finite || below.iter().any(|c| is_subject(dep(c)) || dep(c) == Dep::Csubj) {
            continue;
        }
        for phrase in below.iter().copied().filter(|c| c.ix() < i && dep(c) == Dep::Obl) {
            let within = |t: TokenIx| std::iter::successors(Some(t), |&x| parsed.token(x).head).any(|x| x == phrase);
            let name = (phrase.ix()..i).map(TokenIx::from).find(|&t| {
                let word = parsed.token(t);
                let behind_comma = t.ix() > 0 && parsed.form(TokenIx::from(t.ix() - 1)) == ",";
                word.dep == Dep::Appos && word.pos == Upos::Propn && behind_comma && within(t)
            });
            let Some(name) = name else { continue };
            // Only what belongs to the name may stand between it and the verb.
            let owner = parsed.token(name).head;
            let clauses: Vec<TokenIx> = (name.ix() + 1..i)
                .map(TokenIx::from)
                .filter(|&t| parsed.token(t).head == owner && dep(&t) == Dep::AclRelcl)
                .collect();
            let covered = (name.ix() + 1..i).map(TokenIx::from).all(|t| {
                parsed.token(t).dep == Dep::Punct
                    || std::iter::successors(Some(t), |&x| parsed.token(x).head)
                        .any(|x| x == name || clauses.contains(&x))
            });
            if covered {
                found.push((name, TokenIx::from(i), clauses));
            }
        }
    }
    for (name, verb, clauses) in found {
        parsed.tokens[name.ix()].head = Some(verb);
        parsed.tokens[name.ix()].dep = Dep::Nsubj;
        for clause in clauses {
            parsed.tokens[clause.ix()].head = Some(name);
        }
    }
}

/// Gives verbs what stands behind an aside with *as* that is a mere participle: *appealed as announced **to Japan***.
fn phrases_behind_asides(parsed: &mut Parsed) {
    let children = parsed.children();
    let mut moved = Vec::new();
    for (i, below) in children.iter().enumerate().skip(1) {
        let word = &parsed.tokens[i];
        let Some(verb) = word.head.filter(|v| word.dep == Dep::Advcl && v.ix() < i) else {
            continue;
        };
        let dep = |c: &TokenIx| parsed.token(*c).dep;
        let like = |c: &TokenIx| dep(c) == Dep::Mark && c.ix() + 1 == i && parsed.form(*c) == "as";
        let before = below.iter().filter(|c| c.ix() < i);
        let aside = word.morph.form == Some(VerbForm::Part) && before.clone().count() == 1 && before.clone().all(like);
        if aside && parsed.token(verb).pos == Upos::Verb {
            let behind = below.iter().copied().filter(|c| c.ix() > i);
            moved.extend(
                behind
                    .filter(|c| matches!(dep(c), Dep::Obj | Dep::Obl | Dep::Advcl | Dep::Xcomp | Dep::Ccomp))
                    .map(|c| (c, verb)),
            );
        }
    }
    for (word, verb) in moved {
        parsed.tokens[word.ix()].head = Some(verb);
    }
}

/// Gives a verb in the past its subject where a conjunction was taken for a preposition: *Markets fell after Turkey attacked Syria*.
fn clauses_read_as_phrases(parsed: &mut Parsed) {
    const CONJUNCTIONS: [&str; 6] = ["after", "before", "since", "until", "as", "once"];
    let children = parsed.children();
    let has = |t: usize, deps: &[Dep]| children[t].iter().any(|c| deps.contains(&parsed.token(*c).dep));
    let mut found = Vec::new();
    for i in 1..parsed.tokens.len() {
        let word = &parsed.tokens[i];
        let clause = matches!(word.dep, Dep::Advcl | Dep::Acl) && word.pos == Upos::Verb;
        let bare = !has(
            i,
            &[
                Dep::Nsubj,
                Dep::NsubjPass,
                Dep::Mark,
                Dep::Aux,
                Dep::AuxPass,
                Dep::Cop,
                Dep::OblAgent,
            ],
        );
        if !clause || !bare || word.morph.tense != Some(Tense::Past) || !has(i, &[Dep::Obj]) {
            continue;
        }
        // The phrase that ends right before the verb.
        let above = std::iter::successors(Some(TokenIx::from(i - 1)), |&t| parsed.token(t).head);
        let phrase = above.take(5).find_map(|noun| {
            let inside = matches!(parsed.token(noun).dep, Dep::Obl | Dep::Nmod) && noun.ix() < i;
            let case = children[noun.ix()]
                .iter()
                .copied()
                .find(|c| parsed.token(*c).dep == Dep::Case && *c < noun)?;
            let conjunction = CONJUNCTIONS.contains(&parsed.form(case).to_lowercase().as_str());
            (inside && conjunction).then_some((noun, case))
        });
        found.extend(phrase.map(|(noun, case)| (TokenIx::from(i), noun, case)));
    }
    for (verb, noun, conjunction) in found {
        let above = parsed.tokens[noun.ix()].head;
        if parsed.tokens[verb.ix()].head == Some(noun) {
            parsed.tokens[verb.ix()].head = above;
        }
        parsed.tokens[verb.ix()].dep = Dep::Advcl;
        let morph = &mut parsed.tokens[verb.ix()].morph;
        (morph.form, morph.mood) = (Some(VerbForm::Fin), Some(Mood::Ind));
        (parsed.tokens[noun.ix()].head, parsed.tokens[noun.ix()].dep) = (Some(verb), Dep::Nsubj);
        (
            parsed.tokens[conjunction.ix()].head,
            parsed.tokens[conjunction.ix()].dep,
        ) = (Some(verb), Dep::Mark);
    }
}

/// Makes English participles finite that have a subject and no auxiliary: in *Blinken promised that the troops would stay* the past tense looks
/// like one. So it does in *Germany promised to send tanks.*, where it is taken for an attribute of the first noun, in *Drones destroyed bombers.*, where it is
/// taken for one of the second, and in *Raids killed ten people, medics said.*; a sentence with a full stop needs a verb.
fn finite_pasts(parsed: &mut Parsed) {
    let children = parsed.children();
    for s in 0..parsed.sentences.len() {
        if !has_full_stop(parsed, s) {
            continue;
        }
        let range = parsed.sentences[s].tokens.clone();
        let words = &mut parsed.tokens[range.start as usize..range.end as usize];
        promote_attribute(words, range.start, &children);
        promote_attribute_of_object(words, range.start, &children);
        promote_reported(words, range.start, &children);
    }
    let children = parsed.children();
    for s in 0..parsed.sentences.len() {
        let closed = has_full_stop(parsed, s);
        for i in parsed.sentences[s].tokens.clone().map(|i| i as usize) {
            let below = &children[i];
            let word = &parsed.tokens[i];
            let clause = matches!(word.dep, Dep::Root | Dep::Ccomp | Dep::Parataxis | Dep::Conj);
            let subject = below.iter().find(|c| is_subject(parsed.token(**c).dep)).copied();
            let relations = below.iter().map(|c| parsed.token(*c).dep);
            let Some(subject) = subject.filter(|_| clause && is_bare_participle(word, relations.clone())) else {
                continue;
            };
            // *Militias trained by Iran fought in Syria.*
            let by = |c: &TokenIx| children[c.ix()].iter().any(|p| parsed.form(*p) == "by");
            if below.iter().any(by) || relations.clone().any(|dep| dep == Dep::OblAgent) {
                continue;
            }
            // Without a full stop it may be a headline: *Ten killed in Paris*.
            let passive = parsed.token(subject).dep == Dep::NsubjPass;
            let governs = relations
                .clone()
                .any(|dep| matches!(dep, Dep::Obj | Dep::Ccomp | Dep::Xcomp));
            if governs || closed && (word.dep == Dep::Root || !passive) {
                parsed.tokens[subject.ix()].dep = Dep::Nsubj;
                let morph = &mut parsed.tokens[i].morph;
                (morph.form, morph.mood) = (Some(VerbForm::Fin), Some(Mood::Ind));
            }
        }
    }
}

/// Hangs English verbs that are coordinated with a noun or adjective on the verb that they go on from: *The Kremlin said the situation was cause
/// for concern and called for a ceasefire*.
fn verbs_read_as_conjuncts(parsed: &mut Parsed) {
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
fn exchanged_predicates(parsed: &mut Parsed) {
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
fn predicates_behind_objects(parsed: &mut Parsed) {
    let children = parsed.children();
    for (i, below) in children.iter().enumerate().skip(1) {
        let word = &parsed.tokens[i];
        let Some(noun) = word.head.filter(|h| h.ix() + 1 == i) else {
            continue;
        };
        // "held the leaders responsible for his death"
        let completed = |c: &TokenIx| c.ix() > i && matches!(parsed.token(*c).dep, Dep::Obl | Dep::Nmod);
        let alone = word.pos == Upos::Adj && word.dep == Dep::Amod && below.iter().all(completed);
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

/// Gives verbs the object of an adjective that ends what they tell: *shot dead **a teenager***. English adjectives have none.
fn objects_of_adjectives(parsed: &mut Parsed) {
    let moved: Vec<(usize, TokenIx)> = (0..parsed.tokens.len())
        .filter_map(|i| {
            let word = &parsed.tokens[i];
            let adjective = parsed.token(word.head.filter(|_| word.dep == Dep::Obj)?);
            let verb = adjective
                .head
                .filter(|_| adjective.pos == Upos::Adj && adjective.dep == Dep::Xcomp)?;
            (parsed.token(verb).pos == Upos::Verb).then_some((i, verb))
        })
        .collect();
    for (object, verb) in moved {
        parsed.tokens[object].head = Some(verb);
    }
}

/// Makes clauses with *that* what a noun is about where the parser took them for relative ones: *the accusation **that Rwanda had shelled a camp***. In a relative
/// clause the pronoun is subject or object.
fn contents_read_as_relatives(parsed: &mut Parsed) {
    let children = parsed.children();
    let mut found = Vec::new();
    for (i, below) in children.iter().enumerate() {
        let word = &parsed.tokens[i];
        let dep = |c: &TokenIx| parsed.token(*c).dep;
        let Some(that) = below.iter().copied().find(|c| parsed.form(*c) == "that" && c.ix() < i) else {
            continue;
        };
        let noun = word.head.filter(|h| word.dep == Dep::AclRelcl && h.0 + 1 == that.0);
        let idle = !matches!(dep(&that), Dep::Nsubj | Dep::NsubjPass | Dep::Obj);
        let objects = below.iter().filter(|c| dep(c) == Dep::Obj).count();
        let subject = below.iter().any(|c| is_subject(dep(c)) && *c != that);
        if noun.is_some() && subject && (idle || dep(&that) == Dep::Obj && objects > 1) {
            found.push((i, that));
        }
    }
    for (clause, that) in found {
        parsed.tokens[clause].dep = Dep::Acl;
        parsed.tokens[that.ix()].dep = Dep::Mark;
        parsed.tokens[that.ix()].pos = Upos::Sconj;
        parsed.tokens[that.ix()].head = Some(TokenIx::from(clause));
    }
}

/// Makes numbers of what stands before them: *arrested **at least** 30 people*, *killed **up to** ten*. The parser takes *at* for a preposition of the noun.
fn estimates_read_as_phrases(parsed: &mut Parsed) {
    let children = parsed.children();
    for i in 0..parsed.tokens.len().saturating_sub(2) {
        let (first, second, number) = (TokenIx::from(i), TokenIx::from(i + 1), TokenIx::from(i + 2));
        let estimate = matches!(
            (
                &*parsed.form(first).to_lowercase(),
                &*parsed.form(second).to_lowercase()
            ),
            ("at", "least" | "most") | ("up", "to") | ("more" | "fewer" | "less", "than")
        );
        let of = parsed.token(first).head.filter(|h| *h > number);
        let Some(noun) =
            of.filter(|n| estimate && parsed.token(number).pos == Upos::Num && parsed.token(number).head == Some(*n))
        else {
            continue;
        };
        if parsed.token(first).dep != Dep::Case {
            continue;
        }
        (parsed.tokens[i].head, parsed.tokens[i].dep) = (Some(number), Dep::Advmod);
        (parsed.tokens[i + 1].head, parsed.tokens[i + 1].dep) = (Some(first), Dep::Fixed);
        let verb = parsed.token(noun).head.filter(|v| parsed.token(*v).pos == Upos::Verb);
        let governs = |v: TokenIx| {
            children[v.ix()]
                .iter()
                .any(|c| matches!(parsed.token(*c).dep, Dep::Obj | Dep::AuxPass))
        };
        if parsed.token(noun).dep == Dep::Obl && verb.is_some_and(|v| v < noun && !governs(v)) {
            parsed.tokens[noun.ix()].dep = Dep::Obj;
        }
    }
}

/// Makes a clause of what a headline announces before its source: *EU **to lift sanctions**, diplomats say*. The parser takes whoever will do it for somebody
/// who is addressed.
fn announcements(parsed: &mut Parsed) {
    let children = parsed.children();
    let mut found = Vec::new();
    for (i, word) in parsed.tokens.iter().enumerate() {
        let doer = TokenIx::from(i);
        let addressed = matches!(word.dep, Dep::Vocative | Dep::Dislocated | Dep::Parataxis | Dep::Obl)
            && matches!(word.pos, Upos::Propn | Upos::Noun);
        let Some(saying) = word
            .head
            .filter(|h| addressed && h.ix() > i && parsed.token(*h).head.is_none())
        else {
            continue;
        };
        let infinitive = children[i].iter().copied().find(|c| {
            let marked = children[c.ix()]
                .iter()
                .any(|m| parsed.token(*m).dep == Dep::Mark && parsed.form(*m) == "to");
            matches!(parsed.token(*c).dep, Dep::Acl) && parsed.token(*c).pos == Upos::Verb && marked && c.ix() <= i + 3
        });
        let opens =
            i == 0 || children[i].iter().any(|c| c.ix() == 0) || matches!(parsed.form(TokenIx::from(i - 1)), ":" | "-");
        let said = parsed.token(saying).pos == Upos::Verb
            && children[saying.ix()]
                .iter()
                .any(|c| is_subject(parsed.token(*c).dep) && c.ix() > i);
        if let Some(infinitive) = infinitive.filter(|_| opens && said) {
            found.push((doer, infinitive, saying));
        }
    }
    for (doer, infinitive, saying) in found {
        (parsed.tokens[infinitive.ix()].head, parsed.tokens[infinitive.ix()].dep) = (Some(saying), Dep::Ccomp);
        (parsed.tokens[doer.ix()].head, parsed.tokens[doer.ix()].dep) = (Some(infinitive), Dep::Nsubj);
    }
}

/// Gives verbs the clauses behind a time that hang on it: *accused on Monday **of moving troops***. Times are about nothing. Needs the times.
pub(super) fn clauses_behind_times(parsed: &mut Parsed) {
    let moved: Vec<(usize, TokenIx)> = (0..parsed.tokens.len())
        .filter_map(|i| {
            let word = &parsed.tokens[i];
            let time = word
                .head
                .filter(|h| word.dep == Dep::Acl && word.pos == Upos::Verb && h.ix() < i)?;
            let verb = parsed
                .token(time)
                .head
                .filter(|_| super::in_time(parsed, time) && parsed.token(time).dep == Dep::Obl)?;
            (parsed.token(verb).pos == Upos::Verb && verb < time).then_some((i, verb))
        })
        .collect();
    for (clause, verb) in moved {
        (parsed.tokens[clause].head, parsed.tokens[clause].dep) = (Some(verb), Dep::Advcl);
    }
}

/// Gives English verbs of giving the state that was taken for the first part of what it gets: *has given Ukraine weapons*. Needs lemmas.
pub(super) fn receivers_read_as_compounds(parsed: &mut Parsed) {
    static GIVING: LazyLock<HashSet<&str>> =
        LazyLock::new(|| lines(include_str!("../../../../data/lang/en/giving-verbs.txt")).collect());
    let children = parsed.children();
    let mut found = Vec::new();
    for (i, below) in children.iter().enumerate() {
        let verb = TokenIx::from(i);
        let of = |dep: Dep| below.iter().copied().find(|c| parsed.token(*c).dep == dep);
        let giving = parsed.token(verb).pos == Upos::Verb && GIVING.contains(parsed.lemma(verb));
        let Some(thing) = of(Dep::Obj).filter(|_| giving && of(Dep::Iobj).is_none()) else {
            continue;
        };
        let words = &children[thing.ix()];
        let determined = words
            .iter()
            .any(|c| matches!(parsed.token(*c).dep, Dep::Det | Dep::DetPoss | Dep::NmodPoss));
        // "sent the Ukrainians six hospitals": what stands before a number is no part of the noun behind it.
        let counted = words
            .iter()
            .copied()
            .find(|c| parsed.token(*c).dep == Dep::Nummod && *c < thing);
        let before_number = counted.and_then(|n| words.iter().copied().rfind(|c| c.0 + 1 == n.0));
        let people = |c: &TokenIx| {
            parsed.token(*c).dep == Dep::Compound && matches!(parsed.token(*c).pos, Upos::Propn | Upos::Noun)
        };
        if let Some(receiver) = before_number.filter(people) {
            found.push((vec![receiver], verb));
            continue;
        }
        // The words that begin the phrase: "Saudi Arabia", whose parts hang as they like.
        let Some(first) = words.first().filter(|c| **c < thing && !determined) else {
            continue;
        };
        let first = children[first.ix()].first().copied().unwrap_or(*first).min(*first);
        let name =
            |words: u32| -> Vec<TokenIx> { (first.0..(first.0 + words).min(thing.0)).rev().map(TokenIx).collect() };
        let is_state = |parts: &Vec<TokenIx>| {
            let forms: Vec<&str> = parts.iter().rev().map(|w| parsed.form(*w)).collect();
            STATES.contains(forms.join(" ").as_str())
        };
        found.extend((1..=3).rev().map(name).find(is_state).map(|parts| (parts, verb)));
    }
    for (parts, verb) in found {
        let Some((receiver, rest)) = parts.split_first() else {
            continue;
        };
        (parsed.tokens[receiver.ix()].head, parsed.tokens[receiver.ix()].dep) = (Some(verb), Dep::Iobj);
        for part in rest {
            parsed.tokens[part.ix()].head = Some(*receiver);
        }
    }
}

/// Tells the English subject from the day before it: *On Tuesday Scholz travelled to Paris*. Without a comma the parser takes them for one
/// name. Needs the times.
pub(super) fn subjects_read_as_days(parsed: &mut Parsed) {
    let children = parsed.children();
    let in_time = |t: TokenIx| super::in_time(parsed, t);
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

/// Whether a word is a past participle without an auxiliary; `below` has the relations of what hangs on it.
fn is_bare_participle(word: &Token, mut below: impl Iterator<Item = Dep>) -> bool {
    word.pos == Upos::Verb
        && (word.morph.form, word.morph.tense) == (Some(VerbForm::Part), Some(Tense::Past))
        && !below.any(|dep| matches!(dep, Dep::Aux | Dep::AuxPass | Dep::Cop))
}

/// Whether such a participle governs an object or a clause.
fn governs_as_participle(word: &Token, mut below: impl Iterator<Item = Dep> + Clone) -> bool {
    is_bare_participle(word, below.clone()) && below.any(|dep| matches!(dep, Dep::Obj | Dep::Ccomp | Dep::Xcomp))
}

/// Whether a sentence has a finite verb other than in clauses that tell more of one of its words.
fn has_main_verb(words: &[Token], first: u32) -> bool {
    let place = |t: TokenIx| (t.0 - first) as usize;
    let aside = |i: usize| {
        let mut above = std::iter::successors(Some(i), |&i| words[i].head.map(place));
        above.any(|i| matches!(words[i].dep, Dep::AclRelcl | Dep::Advcl))
    };
    let finite = |w: &Token| matches!(w.pos, Upos::Verb | Upos::Aux) && w.morph.form == Some(VerbForm::Fin);
    words.iter().enumerate().any(|(i, w)| finite(w) && !aside(i))
}

/// Makes a past participle that was taken for an attribute of the noun behind it the root of a sentence without a main verb: *Ukrainian drones
/// **destroyed** Russian bombers.* The nominal root becomes its subject, the noun its object.
fn promote_attribute_of_object(words: &mut [Token], first: u32, children: &[Vec<TokenIx>]) {
    let at = |i: usize| Some(TokenIx(first + i as u32));
    let place = |t: TokenIx| (t.0 - first) as usize;
    let nominal = |w: &Token| matches!(w.pos, Upos::Noun | Upos::Propn);
    let Some(subject) = words.iter().position(|w| w.head.is_none()) else {
        return;
    };
    if !nominal(&words[subject]) || has_main_verb(words, first) {
        return;
    }
    let relations = |i: usize| children[first as usize + i].iter().map(|c| words[place(*c)].dep);
    // Right behind the subject and what belongs to it.
    let end = (subject + 1..words.len())
        .find(|&i| words[i].head != at(subject) || !matches!(words[i].dep, Dep::Flat | Dep::Advmod))
        .unwrap_or(words.len());
    let attribute = |i: usize| words[i].dep == Dep::Amod && is_bare_participle(&words[i], relations(i));
    let Some(object) = words
        .get(end)
        .filter(|_| attribute(end))
        .and_then(|w| w.head)
        .map(place)
    else {
        return;
    };
    let marked = relations(object).any(|dep| matches!(dep, Dep::Case | Dep::Det | Dep::DetPoss));
    if object <= end || words[object].head != at(subject) || marked || !nominal(&words[object]) {
        return;
    }
    for (i, word) in words.iter_mut().enumerate() {
        if word.head == at(subject) && (i > end || word.pos == Upos::Punct) {
            word.head = at(end);
        }
    }
    (words[object].head, words[object].dep) = (at(end), Dep::Obj);
    (words[subject].head, words[subject].dep) = (at(end), Dep::Nsubj);
    (words[end].head, words[end].dep) = (None, Dep::Root);
}

/// Makes a past participle behind a noun without a preposition the predicate of what is said before *medics said*: *Raids **killed** ten people, medics
/// said.* The parser hangs the noun on the verb of saying and the participle on the noun.
fn promote_reported(words: &mut [Token], first: u32, children: &[Vec<TokenIx>]) {
    let at = |i: usize| Some(TokenIx(first + i as u32));
    let place = |t: TokenIx| (t.0 - first) as usize;
    let Some(saying) = words.iter().position(|w| w.head.is_none()) else {
        return;
    };
    let relations = |i: usize| children[first as usize + i].iter().map(|c| words[place(*c)].dep);
    // Its own subject stands between the comma and the verb, or behind the verb, and nothing else is said.
    let own = children[first as usize + saying].iter().map(|c| place(*c));
    let Some(speaker) = own.clone().find(|&c| is_subject(words[c].dep)) else {
        return;
    };
    let said = own.clone().any(|c| matches!(words[c].dep, Dep::Ccomp | Dep::Obj));
    if words[saying].pos != Upos::Verb || said {
        return;
    }
    let bare = |i: usize| !relations(i).any(|dep| dep == Dep::Case);
    let nominal = |i: usize| matches!(words[i].pos, Upos::Noun | Upos::Propn) && bare(i);
    let told = own
        .filter(|&noun| noun < speaker.min(saying) && nominal(noun))
        .find_map(|noun| {
            let mut below = children[first as usize + noun].iter().map(|c| place(*c));
            let verb = below.find(|&v| {
                v > noun && v < saying && words[v].dep == Dep::Acl && governs_as_participle(&words[v], relations(v))
            })?;
            Some((noun, verb))
        });
    let Some((noun, verb)) = told else { return };
    for (i, word) in words.iter_mut().enumerate() {
        if word.head == at(noun) && i > verb {
            word.head = at(verb);
        }
    }
    (words[noun].head, words[noun].dep) = (at(verb), Dep::Nsubj);
    (words[verb].head, words[verb].dep) = (at(saying), Dep::Ccomp);
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
pub(super) fn past_of_participle(morph: Morph) -> Option<Morph> {
    (morph.tense == Some(Tense::Past) || morph.form.is_none()).then_some(Morph {
        form: Some(VerbForm::Fin),
        mood: Some(Mood::Ind),
        ..morph
    })
}
