//! A view on the trees of a document that answers in terms of the rules: subject, object, prepositions, clauses.
//!
//! Trees come from a statistical parser and are wrong in places. Where a second reading of the tree is nearly always
//! the same fact (a preposition hung on the object instead of its verb), both are looked at.

use lagebild_core::{
    Case, Dep, Gender, Lang, Morph, Number, Parsed, Person, Sentence, Span, Tense, TokenIx, Upos, VerbForm,
};
use lagebild_lexicon::{Grammar, InfinitiveForm};
use lagebild_nlp::morph::Morphology;
use std::collections::HashSet;

/// What fills a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Filled {
    /// The phrase headed by this word.
    Phrase(TokenIx),
    /// The country of this adjective.
    Adjective(TokenIx),
    /// The first part of this compound.
    Compound(TokenIx),
}

impl Filled {
    /// The word that it hangs on.
    pub(crate) fn token(self) -> TokenIx {
        match self {
            Self::Phrase(t) | Self::Adjective(t) | Self::Compound(t) => t,
        }
    }
}

/// How deep chains of control and coordination are followed; longer ones only occur in broken trees.
const MAX_CHAIN: usize = 6;

pub(crate) struct Syntax<'a> {
    pub(crate) parsed: &'a Parsed,
    pub(crate) grammar: &'a Grammar,
    pub(crate) morphology: &'static Morphology,
    children: Vec<Vec<TokenIx>>,
    /// Lemmas in lower case, one a token.
    lower: Vec<String>,
    /// Whether a word stands in a time expression, one a token.
    in_time: Vec<bool>,
}

impl<'a> Syntax<'a> {
    pub(crate) fn new(parsed: &'a Parsed, grammar: &'a Grammar) -> Self {
        let lower = (0..parsed.tokens.len())
            .map(|i| parsed.lemma(TokenIx::from(i)).to_lowercase())
            .collect();
        let mut in_time = vec![false; parsed.tokens.len()];
        for time in &parsed.times {
            let from = parsed.tokens.partition_point(|t| t.span.start() < time.span.start());
            let words = parsed.tokens[from..].iter().take_while(|t| time.span.contains(t.span));
            in_time[from..from + words.count()].fill(true);
        }
        Self {
            morphology: Morphology::get(parsed.doc.lang),
            parsed,
            grammar,
            children: parsed.children(),
            lower,
            in_time,
        }
    }

    /// Whether a word stands in a time expression (*on Thursday*).
    pub(crate) fn is_time(&self, t: TokenIx) -> bool {
        self.in_time[t.ix()]
    }

    pub(crate) fn children(&self, t: TokenIx) -> &[TokenIx] {
        &self.children[t.ix()]
    }

    /// The lemma in lower case.
    pub(crate) fn lemma(&self, t: TokenIx) -> &str {
        &self.lower[t.ix()]
    }

    pub(crate) fn pos(&self, t: TokenIx) -> Upos {
        self.parsed.token(t).pos
    }

    pub(crate) fn dep(&self, t: TokenIx) -> Dep {
        self.parsed.token(t).dep
    }

    pub(crate) fn head(&self, t: TokenIx) -> Option<TokenIx> {
        self.parsed.token(t).head
    }

    pub(crate) fn span(&self, t: TokenIx) -> Span {
        self.parsed.token(t).span
    }

    pub(crate) fn sentence(&self, t: TokenIx) -> &Sentence {
        &self.parsed.sentences[self.parsed.sentence_of(t).ix()]
    }

    /// Dependants of `t` with one of these relations.
    pub(crate) fn by_dep<'s>(&'s self, t: TokenIx, deps: &'s [Dep]) -> impl Iterator<Item = TokenIx> + 's {
        self.children(t)
            .iter()
            .copied()
            .filter(move |&c| deps.contains(&self.dep(c)))
    }

    fn first_by_dep(&self, t: TokenIx, deps: &[Dep]) -> Option<TokenIx> {
        self.children(t).iter().copied().find(|&c| deps.contains(&self.dep(c)))
    }

    /// All words below `t` and itself, in text order.
    pub(crate) fn subtree(&self, t: TokenIx) -> Vec<TokenIx> {
        let (mut found, mut open) = (Vec::new(), vec![t]);
        while let Some(next) = open.pop() {
            found.push(next);
            open.extend(self.children(next));
        }
        found.sort_unstable();
        found
    }

    /// The text from the first to the last word below `t`, without outer punctuation.
    pub(crate) fn subtree_span(&self, t: TokenIx) -> Span {
        let words = self.subtree(t);
        // The article in "vom" has no letters of its own.
        let inner = |w: &&TokenIx| self.pos(**w) != Upos::Punct && !self.span(**w).is_empty();
        let first = words.iter().find(inner).copied().unwrap_or(t);
        let last = words.iter().rev().find(inner).copied().unwrap_or(t);
        self.span(first).cover(self.span(last))
    }

    /// Whether `t` lies below `above` or is it.
    pub(crate) fn is_below(&self, t: TokenIx, above: TokenIx) -> bool {
        std::iter::successors(Some(t), |&x| self.head(x)).any(|x| x == above)
    }

    /// The lemma of the preposition of a noun, or of the particle that introduces it (*als*).
    pub(crate) fn preposition(&self, t: TokenIx) -> Option<&str> {
        // "mit in den Tod", "bis nach Moskau": the one next to the noun tells the relation.
        let first = self.by_dep(t, &[Dep::Case, Dep::Mark]).next()?;
        let nearest = self.by_dep(t, &[Dep::Case]).take_while(|c| *c < t).last();
        Some(self.lemma(nearest.unwrap_or(first)))
    }

    /// `t` and what is coordinated with it, in text order.
    pub(crate) fn conjuncts(&self, t: TokenIx) -> Vec<TokenIx> {
        let mut found = vec![t];
        for conj in self.by_dep(t, &[Dep::Conj]) {
            found.extend(self.conjuncts(conj));
        }
        // "Präsident Putin und Machthaber Kim": the second one hung on the name of the first.
        for name in self.by_dep(t, &[Dep::Appos, Dep::Flat]) {
            found.extend(self.by_dep(name, &[Dep::Conj]).flat_map(|conj| self.conjuncts(conj)));
        }
        found
    }

    /// The first member of the coordination that `t` is in.
    pub(crate) fn first_conjunct(&self, t: TokenIx) -> TokenIx {
        let mut at = t;
        for _ in 0..MAX_CHAIN {
            match self.head(at) {
                Some(head) if self.dep(at) == Dep::Conj => at = head,
                _ => break,
            }
        }
        at
    }

    pub(crate) fn is_nominal(&self, t: TokenIx) -> bool {
        matches!(
            self.pos(t),
            Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num | Upos::Sym
        )
    }

    /// The auxiliaries of a verb, its own and those shared from the first verb of a coordination.
    pub(crate) fn auxiliaries(&self, verb: TokenIx) -> Vec<TokenIx> {
        let own: Vec<TokenIx> = self.by_dep(verb, &[Dep::Aux, Dep::AuxPass, Dep::Cop]).collect();
        let first = self.first_conjunct(verb);
        // "will angreifen und besetzen": the second infinitive has no finite verb of its own.
        let finite = self.parsed.token(verb).morph.form == Some(VerbForm::Fin);
        if own.is_empty() && !finite && first != verb {
            return self.by_dep(first, &[Dep::Aux, Dep::AuxPass, Dep::Cop]).collect();
        }
        own
    }

    /// The verb that a modal or auxiliary stands with; any other word itself.
    pub(crate) fn main_verb(&self, t: TokenIx) -> TokenIx {
        match self.head(t) {
            Some(verb) if matches!(self.dep(t), Dep::Aux | Dep::AuxPass) => verb,
            _ => t,
        }
    }

    /// Whether an auxiliary only makes a tense or a passive of the participle beside it.
    pub(crate) fn forms_a_tense(&self, auxiliary: TokenIx) -> bool {
        matches!(self.dep(auxiliary), Dep::Aux | Dep::AuxPass)
            && self.parsed.token(self.main_verb(auxiliary)).morph.form == Some(VerbForm::Part)
    }

    /// The infinitive that stands with a modal.
    pub(crate) fn infinitive_under(&self, modal: TokenIx) -> InfinitiveForm {
        let verb = self.main_verb(modal);
        let is_infinitive = |t: TokenIx| self.parsed.token(t).morph.form == Some(VerbForm::Inf);
        let others: Vec<TokenIx> = self
            .auxiliaries(verb)
            .into_iter()
            .filter(|&a| a != modal && is_infinitive(a))
            .collect();
        if others.iter().any(|&a| self.dep(a) == Dep::Aux) {
            InfinitiveForm::Perfect
        } else if is_infinitive(verb) || !others.is_empty() {
            InfinitiveForm::Present
        } else {
            InfinitiveForm::Absent
        }
    }

    /// The clause that a verb of saying behind or amid it reports: *Israel solle abziehen, forderte Macron*.
    pub(crate) fn reported_clause(&self, saying: TokenIx) -> Option<TokenIx> {
        let clause = self.head(saying)?;
        let complements = [Dep::Obj, Dep::Iobj, Dep::Ccomp, Dep::Xcomp];
        let has = |t: TokenIx, deps: &[Dep]| self.by_dep(t, deps).next().is_some();
        let predicate = !self.is_nominal(clause) || has(clause, &[Dep::Cop]);
        let bare = !self.is_nominal(saying) && has(saying, &[Dep::Nsubj]) && !has(saying, &complements);
        (self.dep(saying) == Dep::Parataxis && clause < saying && predicate && bare).then_some(clause)
    }

    /// The finite verb of a clause: the verb itself or its auxiliary.
    pub(crate) fn finite(&self, verb: TokenIx) -> Option<TokenIx> {
        let is_finite = |&t: &TokenIx| self.parsed.token(t).morph.form == Some(VerbForm::Fin);
        std::iter::once(verb).chain(self.auxiliaries(verb)).find(is_finite)
    }

    /// Whether a participle stands as an attribute before a noun or as a reduced relative behind it.
    fn attribute_of(&self, verb: TokenIx) -> Option<TokenIx> {
        let attributive = match self.dep(verb) {
            Dep::Amod => true,
            Dep::Acl => self.parsed.token(verb).morph.form == Some(VerbForm::Part) && self.finite(verb).is_none(),
            _ => false,
        };
        self.head(verb).filter(|&head| attributive && self.is_nominal(head))
    }

    /// Whether a participle stands before its noun with nothing but adverbs of its own.
    pub(crate) fn is_quality(&self, participle: TokenIx) -> bool {
        let adverb = |&c: &TokenIx| matches!(self.dep(c), Dep::Advmod | Dep::Punct);
        self.pos(participle) == Upos::Adj
            && self.dep(participle) == Dep::Amod
            && self.children(participle).iter().all(adverb)
    }

    /// Whether a clause is in the passive.
    pub(crate) fn is_passive(&self, verb: TokenIx) -> bool {
        // "spoke by phone": a finite past has no agent.
        let finite = self.parsed.token(verb).morph.form == Some(VerbForm::Fin);
        let marks: &[Dep] = match finite {
            true => &[Dep::AuxPass, Dep::NsubjPass, Dep::CsubjPass],
            false => &[Dep::AuxPass, Dep::NsubjPass, Dep::CsubjPass, Dep::OblAgent],
        };
        if self.by_dep(verb, marks).next().is_some() {
            // "wird angreifen": a future that the parser took for a passive; "wurde empfangen" cannot be one.
            let present = |t: TokenIx| self.parsed.token(t).morph.tense == Some(Tense::Pres);
            let infinitive = self.parsed.token(verb).morph.form == Some(VerbForm::Inf);
            return !(infinitive && self.agent(verb).is_none() && self.by_dep(verb, &[Dep::AuxPass]).all(present));
        }
        let first = self.first_conjunct(verb);
        if first != verb
            && self.subjects_of(verb).is_none()
            && self.parsed.token(verb).morph.form == Some(VerbForm::Part)
        {
            return self.is_passive(first);
        }
        if self.is_bare_participle(verb) {
            return true;
        }
        // A past participle as attribute is passive ("der entführte Minister"), a present one active.
        self.attribute_of(verb).is_some() && !self.is_present_participle(verb)
    }

    /// Whether a verb stands with the auxiliary that makes the perfect of verbs of motion and the passive of a state (*sein*).
    pub(crate) fn has_perfect_auxiliary(&self, verb: TokenIx) -> bool {
        let auxiliary = &self.grammar.perfect;
        self.auxiliaries(verb)
            .iter()
            .any(|&a| auxiliary.iter().any(|p| p == self.lemma(a)))
            && !self
                .auxiliaries(verb)
                .iter()
                .any(|&a| self.grammar.future.iter().any(|f| f == self.lemma(a)))
    }

    fn is_present_participle(&self, verb: TokenIx) -> bool {
        let token = self.parsed.token(verb);
        token.morph.tense == Some(Tense::Pres) || token.morph.form == Some(VerbForm::Ger)
    }

    /// The relative pronoun stands for the noun that its clause belongs to.
    pub(crate) fn antecedent(&self, t: TokenIx) -> TokenIx {
        if self.pos(t) != Upos::Pron || !self.grammar.relative.iter().any(|r| r == self.lemma(t)) {
            return t;
        }
        let mut at = t;
        for _ in 0..MAX_CHAIN {
            let Some(head) = self.head(at) else { break };
            if matches!(self.dep(at), Dep::Acl | Dep::AclRelcl) && self.is_nominal(head) && head < t {
                return head;
            }
            at = head;
        }
        t
    }

    /// The grammatical subject.
    fn subjects_of(&self, verb: TokenIx) -> Option<TokenIx> {
        // "NATO chief warns Russia": taken for the first part of a compound.
        let compounded = || {
            let finite = self.parsed.token(verb).morph.form == Some(VerbForm::Fin);
            self.by_dep(verb, &[Dep::Compound])
                .find(|&c| finite && self.pos(verb) == Upos::Verb && c < verb && self.is_nominal(c))
        };
        self.first_by_dep(verb, &[Dep::Nsubj, Dep::NsubjPass])
            .or_else(compounded)
    }

    /// Whether the determiner of a noun phrase allows a case; `None` without a determiner that shows any.
    pub(crate) fn allows(&self, noun: TokenIx, case: Case) -> Option<bool> {
        let determiner = self.by_dep(noun, &[Dep::Det, Dep::DetPoss]).next()?;
        let readings = self.morphology.analyses(self.parsed.form(determiner));
        let cases: Vec<Case> = readings.iter().filter_map(|r| r.morph.case).collect();
        (!cases.is_empty()).then(|| cases.contains(&case))
    }

    /// The lemma of a noun that declines like an adjective, with its other ending (*Gefangener* for *Gefangene*); nouns that only look
    /// so have none that any list holds.
    pub(crate) fn other_ending(&self, noun: TokenIx) -> Option<String> {
        let lemma = self.lemma(noun);
        let form = self.parsed.form(noun).to_lowercase();
        match lemma.strip_suffix("er") {
            Some(stem) => (!form.starts_with(lemma)).then(|| format!("{stem}e")),
            None => lemma.ends_with('e').then(|| format!("{lemma}r")),
        }
    }

    /// The case of a noun phrase: that of its determiner, which shows it best, else of its noun.
    pub(crate) fn case(&self, noun: TokenIx) -> Option<Case> {
        let determiner = self
            .by_dep(noun, &[Dep::Det, Dep::DetPoss])
            .find_map(|d| self.parsed.token(d).morph.case);
        determiner.or(self.parsed.token(noun).morph.case)
    }

    /// Who does what the verb tells: the subject, in the passive the agent; through control, coordination and relatives.
    pub(crate) fn subject(&self, verb: TokenIx) -> Vec<TokenIx> {
        self.subject_within(verb, MAX_CHAIN)
    }

    fn subject_within(&self, verb: TokenIx, depth: usize) -> Vec<TokenIx> {
        if depth == 0 {
            return Vec::new();
        }
        if self.is_passive(verb) {
            return self.agent(verb).map(|a| vec![self.antecedent(a)]).unwrap_or_default();
        }
        if let Some(subject) = self.subjects_of(verb) {
            return vec![self.antecedent(subject)];
        }
        if let Some(noun) = self.attribute_of(verb) {
            return vec![noun];
        }
        let Some(head) = self.head(verb) else { return Vec::new() };
        match self.dep(verb) {
            Dep::Conj if self.finite(head).is_some() || !self.is_nominal(head) => {
                self.logical_subject(self.finite_peer(verb).unwrap_or(head), depth - 1)
            }
            Dep::Xcomp | Dep::Ccomp | Dep::Advcl | Dep::Csubj if !self.is_nominal(head) && self.is_controlled(verb) => {
                if !self.is_participle_of_subject(verb)
                    && self.grammar.object_control.iter().any(|v| v == self.lemma(head))
                {
                    let controller = if self.is_passive(head) {
                        self.patient(head)
                    } else {
                        self.object(head)
                            .or_else(|| self.dative(head))
                            .or_else(|| self.any_oblique(head).filter(|_| !self.is_causative(head)))
                    };
                    if let Some(controller) = controller {
                        return vec![controller];
                    }
                }
                self.logical_subject(head, depth - 1)
            }
            // "told two diplomats to leave": hung on the object, who does it.
            Dep::Acl if self.controlling_object(verb).is_some() => vec![head],
            // "Versuche, die Stadt zu stürmen": whoever the noun belongs to, or "war im Begriff" is said of.
            Dep::Acl if self.is_nominal(head) => self
                .owner(head)
                .or_else(|| self.governed(head, &self.grammar.doer).into_iter().next())
                .or_else(|| {
                    self.by_dep(head, &[Dep::Compound])
                        .find(|&c| self.pos(c) == Upos::Propn)
                })
                .or_else(|| self.subjects_of(head))
                .or_else(|| self.context_subject(head))
                .into_iter()
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a present participle beside a verb tells what its subject does besides: *ordered him to leave, **accusing** Paris*.
    fn is_participle_of_subject(&self, verb: TokenIx) -> bool {
        let comma = |t: u32| self.parsed.form(TokenIx(t)) == ",";
        self.dep(verb) == Dep::Advcl
            && self.is_present_participle(verb)
            && verb.0.checked_sub(1).is_some_and(comma)
            && self.by_dep(verb, &[Dep::Mark, Dep::Case]).next().is_none()
    }

    /// The verb that a finite one is coordinated with where the parser hung it on an infinitive or participle below it: *accused
    /// Moscow of prolonging the war and vowed to respond*.
    pub(crate) fn finite_peer(&self, verb: TokenIx) -> Option<TokenIx> {
        let own_finite = |t: TokenIx| self.parsed.token(t).morph.form == Some(VerbForm::Fin);
        let first = self.head(verb).filter(|_| self.dep(verb) == Dep::Conj)?;
        if !own_finite(verb) || self.is_nominal(first) || self.finite(first).is_some() {
            return None;
        }
        std::iter::successors(self.head(first), |&t| self.head(t))
            .take(MAX_CHAIN)
            .find(|&t| self.finite(t).is_some())
    }

    /// The verb that an infinitive belongs to, when it hangs on the object that does it: *told two diplomats to leave*.
    fn controlling_object(&self, infinitive: TokenIx) -> Option<TokenIx> {
        let object = self.head(infinitive).filter(|_| self.dep(infinitive) == Dep::Acl)?;
        let is_infinitive = self.parsed.token(infinitive).morph.form == Some(VerbForm::Inf);
        let verb = self.head(object)?;
        let controls = self.grammar.object_control.iter().any(|v| v == self.lemma(verb));
        let governed = matches!(self.dep(object), Dep::Obj | Dep::Iobj) || self.dep(object) == Dep::NsubjPass;
        (is_infinitive && self.finite(infinitive).is_none() && controls && governed && !self.is_nominal(verb))
            .then_some(verb)
    }

    /// The infinitives that hang on the object of a verb instead of it.
    fn infinitives_on_object(&self, verb: TokenIx) -> Vec<TokenIx> {
        self.by_dep(verb, &[Dep::Obj, Dep::Iobj, Dep::NsubjPass])
            .flat_map(|o| self.by_dep(o, &[Dep::Acl]))
            .filter(|&c| self.controlling_object(c) == Some(verb))
            .collect()
    }

    /// Whether a verb stands as an infinitive with *to*.
    fn is_marked_infinitive(&self, verb: TokenIx) -> bool {
        self.parsed.token(verb).morph.form == Some(VerbForm::Inf)
            && self.by_dep(verb, &[Dep::Mark]).any(|m| self.pos(m) == Upos::Part)
    }

    /// The noun before an infinitive that is all the verb a headline has: *Trump to meet Kim*, but also *Plan to meet Kim*.
    pub(crate) fn headline_subject(&self, infinitive: TokenIx) -> Option<TokenIx> {
        let noun = self.head(infinitive)?;
        let is_finite = |t: TokenIx| self.parsed.token(t).morph.form == Some(VerbForm::Fin);
        // "Putin and Trump to meet"
        let last = self
            .conjuncts(noun)
            .into_iter()
            .filter(|&c| c < infinitive)
            .max()
            .unwrap_or(noun);
        let follows = self
            .by_dep(infinitive, &[Dep::Mark])
            .any(|m| m.0 == last.0 + 1 || m.0 == last.0 + 2 && self.pos(TokenIx(last.0 + 1)) == Upos::Punct);
        let verbless = || !self.sentence(noun).tokens.clone().map(TokenIx).any(is_finite);
        (matches!(self.dep(infinitive), Dep::Acl | Dep::Xcomp)
            && self.dep(noun) == Dep::Root
            && self.is_nominal(noun)
            && self.is_marked_infinitive(infinitive)
            && follows
            && verbless())
        .then_some(noun)
    }

    /// Whether an infinitive behind a form of *be* tells what will be: *the talks are to continue*.
    pub(crate) fn is_scheduled(&self, verb: TokenIx) -> bool {
        self.is_marked_infinitive(verb) && self.by_dep(verb, &[Dep::Cop]).next().is_some()
    }

    /// The agent of a passive verb.
    fn agent(&self, verb: TokenIx) -> Option<TokenIx> {
        let named = |t: &TokenIx| {
            self.dep(*t) == Dep::OblAgent
                || self
                    .preposition(*t)
                    .is_some_and(|p| self.grammar.agent.iter().any(|a| a == p))
        };
        // "Iran-backed militias"
        let hyphenated = |t: &TokenIx| *t < verb && self.parsed.form(TokenIx(t.0 + 1)) == "-";
        self.by_dep(verb, &[Dep::OblAgent, Dep::Obl, Dep::Nmod])
            .find(named)
            .or_else(|| {
                self.attribute_of(verb)
                    .and_then(|_| self.by_dep(verb, &[Dep::Compound, Dep::Amod]).find(hyphenated))
            })
            .or_else(|| {
                // Hung on an object instead of the verb; on the subject it is as often a genitive.
                let objects = self.by_dep(verb, &[Dep::Obj, Dep::Obl, Dep::OblArg, Dep::Xcomp]);
                objects
                    // "nach Angaben von Amnesty getötet"
                    .filter(|&o| !self.is_adjunct(o))
                    // "were shot dead by border guards"
                    .flat_map(|o| self.by_dep(o, &[Dep::Nmod, Dep::OblAgent]).collect::<Vec<_>>())
                    .find(named)
            })
    }

    /// Whether a past participle stands without auxiliary, as headlines have it (*Minister von Rebellen entführt*).
    pub(crate) fn is_bare_participle(&self, verb: TokenIx) -> bool {
        self.parsed.token(verb).morph.form == Some(VerbForm::Part)
            && !self.is_present_participle(verb)
            && self.attribute_of(verb).is_none()
            && self.auxiliaries(verb).is_empty()
            && self.first_by_dep(verb, &[Dep::Obj]).is_none()
            && self.heads_a_sentence(verb)
    }

    fn heads_a_sentence(&self, verb: TokenIx) -> bool {
        matches!(self.dep(self.first_conjunct(verb)), Dep::Root | Dep::Parataxis)
    }

    /// The grammatical subject of a clause, be it active or passive: what an infinitive below it is done by.
    fn logical_subject(&self, verb: TokenIx, depth: usize) -> Vec<TokenIx> {
        match self.first_by_dep(verb, &[Dep::Nsubj, Dep::NsubjPass]) {
            Some(subject) => vec![self.antecedent(subject)],
            None => self.subject_within(verb, depth),
        }
    }

    /// Whether a clause has no finite verb, so that its subject stands outside.
    fn is_controlled(&self, verb: TokenIx) -> bool {
        self.finite(verb).is_none()
    }

    /// The one it is done to in the passive.
    pub(crate) fn patient(&self, verb: TokenIx) -> Option<TokenIx> {
        if let Some(subject) = self.first_by_dep(verb, &[Dep::NsubjPass, Dep::Nsubj]) {
            return Some(self.antecedent(subject));
        }
        if let Some(noun) = self.attribute_of(verb) {
            return Some(noun);
        }
        let first = self.first_conjunct(verb);
        if first != verb { self.patient(first) } else { None }
    }

    /// The direct object; in the passive its subject.
    pub(crate) fn object(&self, verb: TokenIx) -> Option<TokenIx> {
        if self.is_passive(verb) {
            return self.patient(verb);
        }
        // "rejected Thursday a proposal": the day is no object, and what it hides hangs elsewhere.
        let (days, mut objects): (Vec<_>, Vec<_>) = self
            .by_dep(verb, &[Dep::Obj])
            .partition(|&o| self.is_time(o) && self.pos(o) == Upos::Propn);
        if objects.is_empty() && !days.is_empty() {
            objects.extend(self.bare_complement(verb));
        }
        let dative = |o: TokenIx| self.case(o) == Some(Case::Dat) && self.allows(o, Case::Acc) != Some(true);
        let accusative = objects.iter().copied().find(|&o| !dative(o));
        let own = accusative.or(objects.first().copied());
        // "griff an und zerstörte die Brücke": the object follows the last verb only; a shared one follows the first.
        own.map(|o| self.antecedent(o))
    }

    /// The verb that has another one done, and what it is done to, where the parser hung this on it: *ließ Proteste niederschlagen*.
    pub(crate) fn caused(&self, verb: TokenIx) -> Option<(TokenIx, TokenIx)> {
        let bare = self.dep(verb) == Dep::Xcomp && self.first_by_dep(verb, &[Dep::Obj]).is_none();
        let head = self.head(verb).filter(|&head| bare && self.is_causative(head))?;
        Some((head, self.object(head)?))
    }

    fn is_causative(&self, verb: TokenIx) -> bool {
        self.grammar.causative.iter().any(|v| v == self.lemma(verb))
    }

    /// A noun without preposition that the parser took for a predicate of the verb.
    fn bare_complement(&self, verb: TokenIx) -> Option<TokenIx> {
        self.by_dep(verb, &[Dep::Xcomp, Dep::Obl]).find(|&t| {
            matches!(self.pos(t), Upos::Noun | Upos::Propn) && !self.is_time(t) && self.preposition(t).is_none()
        })
    }

    /// The particles of a verb, also those that the parser took for adverbs (*brought them home*) or prepositions (*was kicked out of
    /// the G8*).
    pub(crate) fn particles(&self, verb: TokenIx) -> Vec<TokenIx> {
        let listed = |t: &TokenIx| {
            let mut between = (verb.0 + 1..t.0).map(TokenIx);
            *t > verb
                && self.grammar.particles.iter().any(|p| p == self.lemma(*t))
                && between.all(|b| self.pos(b) != Upos::Punct)
        };
        let outer = |o: TokenIx| {
            let mut cases = self.by_dep(o, &[Dep::Case]);
            let first = cases.next()?;
            cases.next().map(|_| first)
        };
        self.by_dep(verb, &[Dep::CompoundPrt])
            .chain(self.by_dep(verb, &[Dep::Advmod]).filter(listed))
            .chain(self.by_dep(verb, &[Dep::Obl]).filter_map(outer).filter(listed))
            .collect()
    }

    /// A preposition right behind a verb without object, and what it governs: perhaps the particle of the verb and its object.
    pub(crate) fn particle_read_as_preposition(&self, verb: TokenIx) -> Option<(TokenIx, TokenIx)> {
        let next = TokenIx(verb.0 + 1);
        let object = self
            .by_dep(verb, &[Dep::Obl, Dep::Obj])
            .find(|&o| self.by_dep(o, &[Dep::Case]).any(|c| c == next))?;
        let other = self.by_dep(verb, &[Dep::Obj]).any(|o| o != object);
        (!other && !self.is_passive(verb)).then_some((next, object))
    }

    /// A verb with what it brings about as the rules name it: *deutlichmachen*, *make clear*.
    pub(crate) fn joined(&self, result: &str, verb: &str) -> String {
        match self.parsed.doc.lang {
            Lang::De => format!("{result}{verb}"),
            Lang::En => format!("{verb} {result}"),
        }
    }

    /// The phrases of a German verb that make a set phrase with it perhaps, in lower case: *in kraft*, *die stirn*.
    pub(crate) fn phrases_of(&self, verb: TokenIx) -> Vec<String> {
        /// No set phrase is longer.
        const WORDS: u32 = 4;
        if self.parsed.doc.lang != Lang::De {
            return Vec::new();
        }
        let nouns = self.by_dep(verb, &[Dep::Obl, Dep::OblArg, Dep::Obj, Dep::Xcomp, Dep::Advmod]);
        let phrase = |noun: TokenIx| {
            let first = self.children(noun).first().map_or(noun, |&c| c.min(noun));
            let short = noun.0 - first.0 < WORDS && !self.is_time(noun);
            let words = (first.0..=noun.0).map(|i| self.parsed.form(TokenIx(i)).to_lowercase());
            short.then(|| words.collect::<Vec<_>>().join(" "))
        };
        nouns
            .filter(|&n| self.pos(n) == Upos::Noun)
            .filter_map(phrase)
            .collect()
    }

    /// Whether a noun and the words before it are these (*aid worker*, *carrier strike group*).
    pub(crate) fn ends_in(&self, noun: TokenIx, words: &str) -> bool {
        let mut at = Some(noun);
        words.rsplit(' ').all(|word| {
            let Some(token) = at else { return false };
            at = token.0.checked_sub(1).map(TokenIx);
            self.lemma(token) == word || self.parsed.form(token).to_lowercase() == word
        })
    }

    /// The object of a verb that stands right behind it without article or attribute.
    pub(crate) fn bare_object(&self, verb: TokenIx) -> Option<TokenIx> {
        self.by_dep(verb, &[Dep::Obj])
            .find(|&o| o.0 == verb.0 + 1 && self.pos(o) == Upos::Noun)
    }

    /// Whether an adjective stands where a noun stands, with an article or owner.
    pub(crate) fn is_used_as_noun(&self, t: TokenIx) -> bool {
        matches!(
            self.dep(t),
            Dep::Nsubj | Dep::NsubjPass | Dep::Obj | Dep::Obl | Dep::Nmod
        ) && self.by_dep(t, &[Dep::Det, Dep::NmodPoss]).next().is_some()
    }

    /// What is given in the passive of a verb with two objects: *refugees were denied entry*.
    pub(crate) fn retained_object(&self, verb: TokenIx) -> Option<TokenIx> {
        self.by_dep(verb, &[Dep::NsubjPass]).next()?;
        self.by_dep(verb, &[Dep::Obj])
            .find(|&t| !self.is_time(t))
            .or_else(|| self.bare_complement(verb))
    }

    /// The dative or indirect object.
    pub(crate) fn dative(&self, verb: TokenIx) -> Option<TokenIx> {
        let bare = |&t: &TokenIx| self.by_dep(t, &[Dep::Case]).next().is_none();
        self.by_dep(verb, &[Dep::Iobj])
            .chain(self.by_dep(verb, &[Dep::OblArg]).filter(bare))
            .chain(
                self.by_dep(verb, &[Dep::Obj, Dep::Obl])
                    .filter(bare)
                    .filter(|&t| self.is_nominal(t) && self.case(t) == Some(Case::Dat)),
            )
            .next()
            .map(|t| self.antecedent(t))
    }

    fn any_oblique(&self, verb: TokenIx) -> Option<TokenIx> {
        self.first_by_dep(verb, &[Dep::Obl, Dep::OblArg])
    }

    /// What one of these prepositions governs at a verb or noun.
    pub(crate) fn governed(&self, t: TokenIx, prepositions: &[String]) -> Vec<TokenIx> {
        let fits = |&c: &TokenIx| {
            self.preposition(c)
                .is_some_and(|p| prepositions.iter().any(|wanted| wanted == p))
        };
        let direct = [
            Dep::Obl,
            Dep::OblArg,
            Dep::OblAgent,
            Dep::Nmod,
            Dep::Advcl,
            Dep::Xcomp,
            Dep::Obj,
        ];
        // "dabei": the preposition and what was told before.
        let stands_for = |c: &TokenIx| {
            let preposition = self.grammar.preposition_in(self.lemma(*c));
            preposition.is_some_and(|p| prepositions.iter().any(|wanted| wanted == p))
        };
        let own: Vec<TokenIx> = self
            .by_dep(t, &direct)
            .chain(self.infinitives_on_object(t))
            .filter(fits)
            .map(|c| self.antecedent(c))
            .chain(self.by_dep(t, &[Dep::Advmod]).filter(stands_for))
            .collect();
        if !own.is_empty() {
            // "reiste zu Gesprächen nach Belgrad": another of them, hung on what the first one governs.
            let other = |c: &TokenIx| own.iter().all(|&o| self.preposition(o) != self.preposition(*c));
            let behind = own.iter().filter(|_| !self.is_nominal(t));
            let behind = behind.flat_map(|&o| self.by_dep(o, &[Dep::Nmod]).collect::<Vec<_>>());
            let behind: Vec<TokenIx> = behind.filter(fits).filter(other).collect();
            return [own, behind].concat();
        }
        // "brought its soldiers home from Iraq"
        let particles = self.particles(t).into_iter();
        let behind = particles.flat_map(|p| self.by_dep(p, &[Dep::Obl, Dep::Nmod]).collect::<Vec<_>>());
        let behind: Vec<TokenIx> = behind.filter(fits).collect();
        if !behind.is_empty() {
            return behind;
        }
        if self.is_nominal(t) {
            // Hung one noun too low: "die Offensive der Armee gegen Syrien", "€2 billion for Ukraine".
            // "Abzug nach Aufforderung durch die Junta": what follows a noun of its own phrase was done by nobody else.
            let doers = *prepositions == *self.grammar.doer;
            let owner = |n: TokenIx| {
                self.preposition(n)
                    .is_none_or(|p| self.grammar.of.iter().any(|of| of == p))
            };
            let lower = self
                .by_dep(t, &[Dep::Nmod, Dep::NmodPoss, Dep::Nummod])
                .filter(|&n| !doers || owner(n))
                .flat_map(|n| self.children(n).iter().copied());
            let lower: Vec<TokenIx> = lower.collect();
            let found: Vec<TokenIx> = lower
                .iter()
                .copied()
                .filter(|&c| self.dep(c) == Dep::Nmod)
                .filter(fits)
                .collect();
            if !found.is_empty() {
                return found;
            }
            // Two: "die Kritik der Regierung in Warschau an Moskau", "die Lieferungen von Kanzler Scholz an Israel".
            let names = lower.into_iter().filter(|&c| self.pos(c) == Upos::Propn);
            let lowest = names.flat_map(|c| self.by_dep(c, &[Dep::Nmod]).collect::<Vec<_>>());
            let lowest: Vec<TokenIx> = lowest.filter(fits).collect();
            if !lowest.is_empty() {
                return lowest;
            }
            // Hung one noun too high: "das Ergebnis eines Treffens zwischen Putin und Kim". Who does something is the doer of the upper noun.
            if self.dep(t) == Dep::Nmod
                && *prepositions != *self.grammar.doer
                && let Some(upper) = self.head(t)
            {
                let beside: Vec<TokenIx> = self
                    .by_dep(upper, &[Dep::Nmod])
                    .filter(|&c| c > t)
                    .filter(fits)
                    .collect();
                if !beside.is_empty() {
                    return beside;
                }
            }
            // Hung on the verb instead of the noun: "erhob Vorwürfe gegen Nordkorea".
            let Some(head) = self.head(t).filter(|&h| !self.is_nominal(h)) else {
                return Vec::new();
            };
            if !matches!(
                self.dep(t),
                Dep::Obj | Dep::Nsubj | Dep::NsubjPass | Dep::Obl | Dep::Root | Dep::OblArg
            ) {
                return Vec::new();
            }
            // "Zwischen Israel und dem Libanon kam es zu Gefechten": parties stand at the front as well, places do.
            let of_parties = |p: &str| {
                [&self.grammar.between, &self.grammar.agent]
                    .iter()
                    .any(|ws| ws.iter().any(|w| w == p))
            };
            let fronted =
                |c: TokenIx| c < t && self.light_verb(t) == Some(head) && self.preposition(c).is_some_and(of_parties);
            self.by_dep(head, &[Dep::Obl, Dep::OblArg])
                .filter(|&c| c > t || fronted(c))
                .filter(fits)
                .map(|c| self.antecedent(c))
                .collect()
        } else {
            // Hung on the object, subject or predicate instead of the verb, or on what belongs to these ("Anhänger der Opposition gegen Orbán").
            let arguments = self
                .by_dep(t, &[Dep::Obj, Dep::Nsubj, Dep::NsubjPass, Dep::Obl])
                .chain(self.by_dep(t, &[Dep::Xcomp]).filter(|&x| self.pos(x) == Upos::Adj));
            let below: Vec<TokenIx> = arguments
                .flat_map(|o| self.by_dep(o, &[Dep::Nmod]).collect::<Vec<_>>())
                .collect();
            let mut found: Vec<TokenIx> = below.iter().copied().filter(fits).collect();
            if found.is_empty() {
                let lower = below
                    .iter()
                    .flat_map(|&o| self.by_dep(o, &[Dep::Nmod]).collect::<Vec<_>>());
                found = lower.filter(|&c| c > t).filter(fits).collect();
            }
            found.into_iter().map(|c| self.antecedent(c)).collect()
        }
    }

    /// Heads of the clauses and infinitives below a verb or noun that tell what is said, asked or tried.
    pub(crate) fn clauses(&self, t: TokenIx) -> Vec<TokenIx> {
        let nominal = self.is_nominal(t);
        let below = self.children(t).iter().copied();
        below
            .filter(|&c| match self.dep(c) {
                Dep::Ccomp | Dep::Xcomp | Dep::Csubj | Dep::CsubjPass => true,
                Dep::Parataxis => !nominal && self.reported_clause(c) != Some(t),
                // A clause on a noun is content unless it is relative.
                Dep::Acl => nominal && !self.is_relative(c),
                Dep::Advcl => {
                    !nominal && self.is_controlled(c) && !self.is_purpose(c) && !self.is_participle_of_subject(c)
                }
                _ => false,
            })
            .chain(self.reported_clause(t))
            .chain(self.infinitives_on_object(t))
            .collect()
    }

    fn is_relative(&self, clause: TokenIx) -> bool {
        self.subtree(clause)
            .iter()
            .take(3)
            .any(|&t| self.pos(t) == Upos::Pron && self.grammar.relative.iter().any(|r| r == self.lemma(t)))
    }

    /// Whether a noun has a definite article or demonstrative.
    pub(crate) fn is_definite(&self, noun: TokenIx) -> bool {
        let definite = |d: TokenIx| self.grammar.definite.iter().any(|w| w == self.lemma(d));
        self.by_dep(noun, &[Dep::Det]).any(definite)
    }

    /// Whether an infinitive tells a purpose (*um … zu*).
    pub(crate) fn is_purpose(&self, verb: TokenIx) -> bool {
        let content = || {
            let around = self.head(verb).map(|h| self.lemma(h));
            around.is_some_and(|v| self.grammar.infinitive_verbs.iter().any(|i| i == v))
        };
        // "admitted to shooting" tells no purpose.
        self.dep(verb) == Dep::Advcl
            && self.parsed.token(verb).morph.form != Some(VerbForm::Part)
            && self.is_controlled(verb)
            && !content()
            && self
                .by_dep(verb, &[Dep::Mark, Dep::Case, Dep::Advmod])
                .any(|m| self.grammar.purpose.iter().any(|p| p == self.lemma(m)))
    }

    /// The genitive attributes of a noun.
    pub(crate) fn genitives(&self, noun: TokenIx) -> Vec<TokenIx> {
        let marked_as = |n: TokenIx| self.by_dep(n, &[Dep::Case]).next();
        let owners: Vec<TokenIx> = self
            .by_dep(noun, &[Dep::NmodPoss])
            .filter(|&n| marked_as(n).is_some_and(|case| self.pos(case) == Upos::Part))
            .collect();
        // "the EU's criticism of Hungary": with an owner before the noun, what follows it is no owner.
        if !owners.is_empty() {
            return owners;
        }
        self.by_dep(noun, &[Dep::Nmod, Dep::NmodPoss])
            .filter(|&n| match marked_as(n) {
                None => self.case(n) != Some(Case::Dat) || self.dep(n) == Dep::NmodPoss,
                Some(case) => self.grammar.of.iter().any(|o| o == self.lemma(case)),
            })
            .map(|n| self.antecedent(n))
            .collect()
    }

    /// What is said of the object of a verb: *macht ihn verantwortlich*, *nahm sie gefangen*, *nennt es einen Überfall*.
    pub(crate) fn predicates(&self, verb: TokenIx) -> Vec<TokenIx> {
        let own_subject = |c: TokenIx| self.by_dep(c, &[Dep::Nsubj, Dep::NsubjPass]).next().is_some();
        let marked = |c: TokenIx| self.by_dep(c, &[Dep::Case, Dep::Mark]).next().is_some();
        // "called Putin a killer", "called the vote a farce": the second of two phrases without preposition.
        let receivers = self.by_dep(verb, &[Dep::Iobj]).take(1);
        let second = receivers.flat_map(|_| self.by_dep(verb, &[Dep::Obj]));
        let apart = |c: &TokenIx| self.by_dep(*c, &[Dep::Det]).next().is_some() && !marked(*c);
        let apposed = self
            .by_dep(verb, &[Dep::Obj])
            .flat_map(|o| self.by_dep(o, &[Dep::Appos]))
            .filter(apart);
        self.children(verb)
            .iter()
            .copied()
            .filter(|&c| match self.dep(c) {
                Dep::Xcomp => !own_subject(c) && !marked(c),
                Dep::Advmod | Dep::Obl | Dep::Obj | Dep::Amod => {
                    let participle = self.parsed.token(c).morph.form == Some(VerbForm::Part);
                    // "reacted angrily", "entwickeln gemeinsam": no entry asks for an adverb that it does not name.
                    let adverb = self.dep(c) == Dep::Advmod && self.pos(c) == Upos::Adv;
                    (self.pos(c) == Upos::Adj || participle || adverb) && !marked(c)
                }
                _ => false,
            })
            .chain(second)
            .chain(apposed)
            .collect()
    }

    /// The genitive objects of a verb (*des Landes verweisen*).
    pub(crate) fn genitive_objects(&self, verb: TokenIx) -> Vec<TokenIx> {
        self.by_dep(verb, &[Dep::Obj, Dep::Obl, Dep::OblArg, Dep::Iobj, Dep::Nmod])
            .filter(|&t| self.is_nominal(t) && self.case(t) == Some(Case::Gen))
            .filter(|&t| self.by_dep(t, &[Dep::Case]).next().is_none())
            .collect()
    }

    /// The possessive determiner of a noun.
    pub(crate) fn possessive(&self, noun: TokenIx) -> Option<TokenIx> {
        self.by_dep(noun, &[Dep::DetPoss, Dep::NmodPoss])
            .find(|&d| matches!(self.pos(d), Upos::Det | Upos::Pron))
    }

    /// Whom a noun belongs to: genitive or possessive.
    fn owner(&self, noun: TokenIx) -> Option<TokenIx> {
        self.genitives(noun)
            .into_iter()
            .next()
            .or_else(|| self.possessive(noun))
    }

    /// The predicate of the clause that `t` stands in, not counting `t` itself.
    pub(crate) fn clause_predicate(&self, t: TokenIx) -> Option<TokenIx> {
        let mut at = self.head(t)?;
        for _ in 0..40 {
            if matches!(self.pos(at), Upos::Verb | Upos::Aux)
                || self
                    .by_dep(at, &[Dep::Nsubj, Dep::NsubjPass, Dep::Cop])
                    .next()
                    .is_some()
            {
                return Some(at);
            }
            at = self.head(at)?;
        }
        None
    }

    /// The subject of the clause around `t`, when `t` is not (in) that subject.
    pub(crate) fn context_subject(&self, t: TokenIx) -> Option<TokenIx> {
        let predicate = self.clause_predicate(t)?;
        let subject = self.subject(predicate).into_iter().next()?;
        (!self.is_below(t, subject)).then_some(subject)
    }

    /// The nouns that a personal pronoun may mean by gender and number: those before it in its sentence, and those of the sentence
    /// before.
    pub(crate) fn things_before(&self, pronoun: TokenIx) -> Vec<TokenIx> {
        let word = self.parsed.token(pronoun);
        if word.morph.person.is_some_and(|p| p != Person::Third)
            || !self.grammar.things.iter().any(|p| p == self.lemma(pronoun))
        {
            return Vec::new();
        }
        let sentence = self.parsed.sentence_of(pronoun).ix();
        let from = self.parsed.sentences[sentence.saturating_sub(1)].tokens.start;
        let plural = |m: Morph| m.number == Some(Number::Plur);
        // Where it is no subject, "sie" may be either number: its form tells no more.
        let subject = matches!(word.dep, Dep::Nsubj | Dep::NsubjPass);
        let numbers = |m: Morph| plural(m) == plural(word.morph) || !subject && word.morph.gender != Some(Gender::Neut);
        // "Ihm" is of either gender that is not feminine.
        let oblique = matches!(word.morph.case, Some(Case::Dat | Case::Gen));
        let feminine = |m: Morph| m.gender == Some(Gender::Fem);
        let genders = |m: Morph| {
            let alike = oblique && feminine(m) == feminine(word.morph);
            let either = alike || word.morph.gender.is_none() || m.gender.is_none();
            plural(m) || either || m.gender == word.morph.gender
        };
        let agrees = |t: &TokenIx| {
            let noun = self.parsed.token(*t);
            noun.pos == Upos::Noun && numbers(noun.morph) && genders(noun.morph)
        };
        (from..pronoun.0).map(TokenIx).filter(agrees).collect()
    }

    /// The noun with little meaning of its own that a noun hangs on (*eine Reihe von Angriffen*).
    pub(crate) fn light_noun(&self, noun: TokenIx) -> Option<TokenIx> {
        let first = self.first_conjunct(noun);
        self.head(first).filter(|&head| {
            matches!(self.dep(first), Dep::Nmod | Dep::Appos)
                && self.grammar.light_nouns.iter().any(|l| l == self.lemma(head))
        })
    }

    /// Whether a word stands in a phrase of time, cause or circumstance (*nach dem Angriff*), told beside the verb.
    pub(crate) fn is_adjunct(&self, t: TokenIx) -> bool {
        let adjunct = |p: &str| self.grammar.adjunct.iter().any(|a| a == p);
        matches!(self.dep(t), Dep::Obl | Dep::Advcl | Dep::Nmod) && self.preposition(t).is_some_and(adjunct)
    }

    /// Whether a noun is governed by a verb with little meaning of its own, directly or through such a noun; that verb.
    pub(crate) fn light_verb(&self, noun: TokenIx) -> Option<TokenIx> {
        let outer = std::iter::successors(Some(noun), |&n| self.light_noun(n))
            .take(MAX_CHAIN)
            .last()?;
        let first = self.first_conjunct(outer);
        let relation = matches!(
            self.dep(first),
            Dep::Obj | Dep::Obl | Dep::OblArg | Dep::Nsubj | Dep::NsubjPass | Dep::Xcomp | Dep::Expl
        );
        let is_light = |lemma: &str| self.grammar.light_verbs.iter().any(|l| l == lemma);
        self.head(first).filter(|&verb| {
            // "hat sich zu dem Anschlag bekannt": the participle is tagged as an adjective.
            let participle = || self.pos(verb) == Upos::Adj && self.verb_of(verb).is_some_and(|v| is_light(&v));
            // "kam zu Gesprächen", but not "nach den Gesprächen"; what is said by an adjective takes its own preposition.
            let supported = !matches!(self.dep(first), Dep::Obl | Dep::OblArg)
                || self.pos(verb) == Upos::Adj && !self.is_adjunct(first)
                || self
                    .preposition(first)
                    .is_none_or(|p| self.grammar.support.iter().any(|s| s == p));
            relation && supported && (is_light(self.lemma(verb)) || participle())
        })
    }

    /// The infinitive of a verb that is tagged as a noun: it has a subject of its own, or the mark of an infinitive (*Qatar mediates
    /// between them*, *to hand him over*).
    pub(crate) fn verb_tagged_as_noun(&self, t: TokenIx) -> Option<String> {
        let has = |deps: &[Dep]| self.by_dep(t, deps).next().is_some();
        let heads_clause = matches!(
            self.dep(t),
            Dep::Root | Dep::Ccomp | Dep::Parataxis | Dep::Conj | Dep::Advcl | Dep::AclRelcl
        );
        let subject = heads_clause
            && has(&[Dep::Nsubj])
            && !has(&[Dep::Cop, Dep::Det, Dep::DetPoss, Dep::Case, Dep::Amod, Dep::NmodPoss]);
        let mark = self.by_dep(t, &[Dep::Mark]).any(|m| self.pos(m) == Upos::Part);
        let wanted = match (subject, mark) {
            (true, _) => VerbForm::Fin,
            (_, true) => VerbForm::Inf,
            _ => return None,
        };
        self.morphology
            .analyses(self.parsed.form(t))
            .iter()
            .find(|a| a.pos == Upos::Verb && a.morph.form == Some(wanted))
            .map(|a| a.lemma.to_lowercase())
    }

    /// The infinitive behind a participle or finite verb that is tagged as an adjective, in lower case.
    pub(crate) fn verb_of(&self, t: TokenIx) -> Option<String> {
        let form = match self.parsed.token(t).morph.form {
            Some(VerbForm::Fin) => VerbForm::Fin,
            _ => VerbForm::Part,
        };
        let verb = |word: &str| {
            let analyses = self.morphology.analyses(word);
            let verb = analyses
                .iter()
                .find(|a| a.pos == Upos::Verb && a.morph.form == Some(form))?;
            Some(verb.lemma.to_lowercase())
        };
        // Inflected, German participles are adjectives to the lexicon: *angegriffene*, whose lemma is *angegriffen*.
        verb(self.parsed.form(t)).or_else(|| verb(self.lemma(t)))
    }

    /// The span of a noun phrase without clauses and appositions that hang on it.
    pub(crate) fn phrase_span(&self, t: TokenIx) -> Span {
        let mut span = self.span(t);
        let skip = [
            Dep::AclRelcl,
            Dep::Acl,
            Dep::Appos,
            Dep::Conj,
            Dep::Punct,
            Dep::Parataxis,
            Dep::Case,
            Dep::Cc,
            Dep::Mark,
            Dep::Advcl,
            Dep::Cop,
            Dep::Nsubj,
        ];
        for &child in self.children(t) {
            if !skip.contains(&self.dep(child)) && !self.span(child).is_empty() {
                span = span.cover(self.subtree_span(child));
            }
        }
        span
    }
}

/// Collects without repeats, keeping the order.
pub(crate) fn distinct<T: Copy + Eq + std::hash::Hash>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    items.into_iter().filter(|&item| seen.insert(item)).collect()
}
