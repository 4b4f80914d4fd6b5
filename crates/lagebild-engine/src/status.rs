//! Status and certainty, composed from tense, mood, modals, negation, conditions and the words that govern the event.
//!
//! The walk starts at the word that tells the act and goes up the tree as long as what is above says something about
//! whether the act is real: light verbs, matrix verbs and nouns (*plant einen Angriff*, *der Verzicht auf Lieferungen*).
//! It stops at verbs of saying; who says so is the business of the claim around the event.

use crate::matcher::{Matcher, Trigger};
use lagebild_core::codebook::{Certainty, Status};
use lagebild_core::{Dep, Evidence, Judged, Mood, RuleId, Tense, TokenIx, Upos, VerbForm};
use lagebild_lexicon::{Cue, CueUse, ModalMood};

/// What the words around an event say about it.
#[derive(Default)]
pub(crate) struct Judgement {
    negations: Vec<Evidence>,
    possible: Option<Evidence>,
    planned: Option<Evidence>,
    certainty: Option<Judged<Certainty>>,
    /// What a cue says instead in reported speech.
    reported: Option<(Status, Evidence)>,
    /// The act is not told at all: the cue that says so.
    pub(crate) stop: Option<Evidence>,
}

impl Judgement {
    /// Two negations cancel; what is possible is not yet planned.
    pub(crate) fn status(&self) -> Judged<Status> {
        let judged = |value, because: &Evidence| Judged {
            value,
            because: because.clone(),
        };
        if self.negations.len() % 2 == 1 {
            return judged(Status::Negated, &self.negations[0]);
        }
        match (&self.possible, &self.planned) {
            (Some(because), _) => judged(Status::Possible, because),
            (None, Some(because)) => judged(Status::Planned, because),
            (None, None) => Judged::by_default(Status::Actual),
        }
    }

    pub(crate) fn certainty(&self) -> Judged<Certainty> {
        self.certainty
            .clone()
            .unwrap_or_else(|| Judged::by_default(Certainty::Asserted))
    }

    pub(crate) fn is_negated(&self) -> bool {
        self.negations.len() % 2 == 1
    }

    /// Takes the negation for granted: the entry itself asked for it.
    pub(crate) fn use_up_negation(&mut self) {
        self.negations.clear();
    }

    /// Reads the act as told in somebody's reported speech, where some forms say less (*er sagte, man würde angreifen*).
    pub(crate) fn report(&mut self) {
        if let Some((status, because)) = self.reported.take()
            && self.possible.as_ref() == Some(&because)
        {
            self.possible = None;
            if status == Status::Planned {
                self.planned = self.planned.take().or(Some(because));
            }
        }
    }

    /// Whether the doer plans not to do it (*will nicht, wird keine … liefern*).
    pub(crate) fn is_unwilling(&self) -> bool {
        self.planned.is_some() && self.possible.is_none() && self.negations.len() % 2 == 1
    }

    /// Takes the purpose of an act for reached with it (*versammelten sich, um zu demonstrieren*).
    pub(crate) fn reach_purpose(&mut self) {
        self.planned = self.planned.take().filter(|why| &*why.rule.0 != PURPOSE);
    }

    pub(crate) fn is_default(&self) -> bool {
        self.negations.is_empty() && self.possible.is_none() && self.planned.is_none()
    }
}

/// What tells that an act is the purpose of another.
const PURPOSE: &str = "grammar.purpose";

/// Levels that the walk climbs at the most.
const MAX_LEVELS: usize = 6;

struct Walk<'m, 'a> {
    matcher: &'m Matcher<'a>,
    found: Judgement,
    /// What is told further up is told of something else that has to do with the act, which no "no" there takes away.
    there: bool,
}

/// Judges the event that `trigger` tells.
pub(crate) fn judge(matcher: &Matcher<'_>, trigger: &Trigger) -> Judgement {
    let mut walk = Walk {
        matcher,
        found: Judgement::default(),
        there: false,
    };
    // What negates a modal hangs on the verb below it: "durften das Haus nicht verlassen".
    walk.climb(matcher.syntax.main_verb(trigger.token));
    walk.found
}

impl Walk<'_, '_> {
    fn evidence(&self, rule: &str, t: TokenIx) -> Evidence {
        Evidence {
            spans: vec![self.matcher.syntax.span(t)],
            rule: RuleId::from(rule),
        }
    }

    fn status(&mut self, status: Status, because: Evidence) {
        match status {
            // One "no" is met twice on the way up: "has no interest".
            Status::Negated if self.there => {}
            Status::Negated if self.found.negations.iter().any(|n| n.spans == because.spans) => {}
            Status::Negated => self.found.negations.push(because),
            Status::Possible => self.found.possible = self.found.possible.take().or(Some(because)),
            Status::Planned => self.found.planned = self.found.planned.take().or(Some(because)),
            Status::Actual => {}
        }
    }

    fn certainty(&mut self, value: Certainty, because: Evidence) {
        if self.found.certainty.is_none() {
            self.found.certainty = Some(Judged { value, because });
        }
    }

    fn apply(&mut self, cue: &Cue, at: TokenIx) {
        let because = self.evidence(&cue.id, at);
        if let Some(status) = cue.status {
            self.status(status, because.clone());
        }
        // Told only where another negation lifts that of the cue.
        if let Some(status) = cue.negated {
            self.status(status, because.clone());
        }
        if let Some(status) = cue.reported {
            self.found.reported = Some((status, because.clone()));
        }
        if let Some(certainty) = cue.certainty {
            self.certainty(certainty, because.clone());
        }
        if cue.stop {
            self.found.stop.get_or_insert(because);
        }
    }

    /// Applies the first cue with this word; whether there was one.
    fn apply_word(&mut self, used: CueUse, t: TokenIx) -> bool {
        let (rules, syntax) = (self.matcher.rules, self.matcher.syntax);
        // "ruled out an attack"
        let with_particle = || {
            let particle = syntax.by_dep(t, &[Dep::CompoundPrt]).next()?;
            rules
                .cues(used, &syntax.joined(syntax.lemma(particle), syntax.lemma(t)))
                .next()
        };
        let cue = with_particle().or_else(|| rules.cues(used, syntax.lemma(t)).next());
        if let Some(cue) = cue {
            self.apply(cue, t);
        }
        cue.is_some()
    }

    fn climb(&mut self, start: TokenIx) {
        let syntax = self.matcher.syntax;
        let mut at = start;
        self.beside(at);
        for _ in 0..MAX_LEVELS {
            let mut relation = syntax.dep(at);
            let Some(mut head) = syntax.head(at) else { return };
            // A second member of a coordination stands where the first one stands.
            if let Some(peer) = syntax.finite_peer(at) {
                // Not that of an infinitive that it was hung on.
                relation = syntax.dep(peer);
                match syntax.head(peer) {
                    Some(next) => head = next,
                    None => return,
                }
            }
            // Nor has an apposition one of its own: "erwägt Schritte, darunter Waffenlieferungen".
            while matches!(relation, Dep::Conj | Dep::Appos) {
                if relation == Dep::Conj {
                    self.shared_with_first(at, head);
                }
                relation = syntax.dep(head);
                match syntax.head(head) {
                    Some(next) => head = next,
                    None => return,
                }
            }
            let complement = matches!(
                relation,
                Dep::Obj
                    | Dep::Obl
                    | Dep::OblArg
                    | Dep::Nsubj
                    | Dep::NsubjPass
                    | Dep::Xcomp
                    | Dep::Ccomp
                    | Dep::Csubj
                    | Dep::CsubjPass
                    | Dep::Nmod
                    | Dep::Acl
                    | Dep::Iobj
            ) || relation == Dep::Advcl && syntax.finite(at).is_none();
            // "Der Plan, der von Rabat erstellt wurde": what a relative clause tells of a noun is not what the noun is about.
            let told_of =
                relation == Dep::Acl && syntax.finite(at).is_some() && syntax.by_dep(at, &[Dep::Mark]).next().is_none();
            if !complement || told_of || syntax.is_adjunct(at) {
                return;
            }
            let planned = self.found.planned.clone();
            let governed = if syntax.is_nominal(head) {
                self.apply_word(CueUse::Noun, head)
            } else {
                match syntax.pos(head) {
                    Upos::Adj => self.apply_word(CueUse::Adjective, head) || self.apply_word(CueUse::Adverb, head),
                    _ => self.apply_word(CueUse::Verb, head),
                }
            };
            // "gab bekannt, dass er festgenommen wurde": what is told as done is no plan.
            if relation == Dep::Ccomp && self.is_done(at) {
                self.found.planned = planned;
            }
            let light = syntax.is_nominal(at) && syntax.light_verb(at) == Some(head)
                // "will continue to negotiate"
                || relation == Dep::Xcomp && syntax.grammar.phases.iter().any(|p| p == syntax.lemma(head));
            // "Es kam zu keinen Gesprächen", "könnte den Angriff planen": what stands beside the governing word counts too.
            if governed || light {
                self.beside(head);
            } else if !(syntax.is_nominal(head) && relation == Dep::Nmod) {
                return;
            } else {
                // "Eine Begründung für die Sperre gibt es nicht": the closure is there all the same.
                self.there |= syntax.is_definite(at);
            }
            at = head;
        }
    }

    /// Whether a clause tells its act in the past, without a modal.
    fn is_done(&self, verb: TokenIx) -> bool {
        let syntax = self.matcher.syntax;
        let Some(finite) = syntax.finite(verb) else {
            return false;
        };
        let modal = |t: TokenIx| self.matcher.rules.cues(CueUse::Modal, syntax.lemma(t)).next().is_some();
        let morph = syntax.parsed.token(finite).morph;
        let past = morph.tense == Some(Tense::Past) && morph.mood != Some(Mood::Sub);
        // "has been arrested", "ist zurückgetreten"
        let perfect = finite != verb
            && syntax.dep(finite) == Dep::Aux
            && syntax.parsed.token(verb).morph.form == Some(VerbForm::Part);
        (past || perfect) && !syntax.auxiliaries(verb).into_iter().any(modal)
    }

    /// What a second verb shares with the first: auxiliaries, modals and the conjunction that opens the clause.
    fn shared_with_first(&mut self, second: TokenIx, first: TokenIx) {
        if self.matcher.syntax.is_nominal(second) {
            self.determiners(first);
            return;
        }
        if self
            .matcher
            .syntax
            .finite(second)
            .is_none_or(|f| self.matcher.syntax.head(f) == Some(first))
        {
            self.conjunctions(first);
        }
    }

    /// Cues that hang on `t` itself.
    fn beside(&mut self, t: TokenIx) {
        let syntax = self.matcher.syntax;
        for &child in syntax.children(t) {
            let relation = syntax.dep(child);
            match relation {
                Dep::Advmod | Dep::Amod | Dep::Obl | Dep::Discourse if syntax.pos(child) != Upos::Noun => {
                    if self.is_focused(child) {
                        continue;
                    }
                    if !self.apply_word(CueUse::Adverb, child) && relation == Dep::Amod {
                        self.apply_word(CueUse::Adjective, child);
                    }
                    // "nicht länger": the negation hangs on the adverb.
                    for below in syntax.by_dep(child, &[Dep::Advmod]).collect::<Vec<_>>() {
                        if relation == Dep::Advmod && !self.is_focused(below) {
                            self.apply_word(CueUse::Adverb, below);
                        }
                    }
                }
                Dep::Case => {
                    self.apply_word(CueUse::Preposition, child);
                }
                _ => {}
            }
        }
        self.determiners(t);
        if syntax.is_nominal(t) {
            return;
        }
        self.conjunctions(t);
        for argument in syntax
            .by_dep(t, &[Dep::Obj, Dep::Nsubj, Dep::NsubjPass, Dep::Obl])
            .collect::<Vec<_>>()
        {
            self.determiners(argument);
        }
        self.modals(t);
        if syntax.is_scheduled(t) || self.matcher.headline_doer(t).is_some() {
            self.status(Status::Planned, self.evidence("grammar.infinitive-of-the-future", t));
        }
        if syntax.is_purpose(t) {
            self.status(Status::Planned, self.evidence(PURPOSE, t));
        }
        if let Some(finite) = syntax.finite(t)
            && syntax.parsed.token(finite).morph.is_konjunktiv_1()
        {
            self.certainty(Certainty::Alleged, self.evidence("grammar.konjunktiv-1", finite));
        }
    }

    /// "nicht nur": the negation belongs to the adverb behind it.
    fn is_focused(&self, adverb: TokenIx) -> bool {
        let next = TokenIx(adverb.0 + 1);
        next.0 < self.matcher.syntax.sentence(adverb).tokens.end
            && self
                .matcher
                .syntax
                .grammar
                .focus
                .iter()
                .any(|f| f == self.matcher.syntax.lemma(next))
    }

    fn determiners(&mut self, noun: TokenIx) {
        let syntax = self.matcher.syntax;
        for det in syntax.by_dep(noun, &[Dep::Det, Dep::Advmod]).collect::<Vec<_>>() {
            if syntax.grammar.no_determiner.iter().any(|d| d == syntax.lemma(det)) {
                self.status(Status::Negated, self.evidence("grammar.no-determiner", det));
            }
        }
    }

    fn conjunctions(&mut self, verb: TokenIx) {
        let syntax = self.matcher.syntax;
        for mark in syntax.by_dep(verb, &[Dep::Mark]).collect::<Vec<_>>() {
            self.apply_word(CueUse::Conjunction, mark);
        }
        // "Sollte Moskau angreifen, …": a conditional clause that opens with its finite verb.
        if syntax.dep(verb) == Dep::Advcl
            && let Some(finite) = syntax.finite(verb)
            && syntax.subtree(verb).iter().find(|&&w| syntax.pos(w) != Upos::Punct) == Some(&finite)
        {
            self.status(
                Status::Possible,
                self.evidence("grammar.verb-first-conditional", finite),
            );
        }
    }

    fn modals(&mut self, verb: TokenIx) {
        let syntax = self.matcher.syntax;
        for modal in syntax.auxiliaries(verb) {
            if syntax.dep(modal) == Dep::AuxPass && syntax.is_passive(verb) {
                continue;
            }
            let infinitive = syntax.infinitive_under(modal);
            let morph = syntax.parsed.token(modal).morph;
            let mood = if morph.mood == Some(Mood::Sub) && morph.is_konjunktiv_2() {
                ModalMood::Konjunktiv2
            } else {
                ModalMood::Indicative
            };
            let fits = |cue: &&Cue| {
                cue.mood.is_none_or(|m| m == mood)
                    && cue.tense.is_none_or(|t| morph.tense == Some(t))
                    && cue.infinitive.is_none_or(|i| i == infinitive)
            };
            let cue = self.matcher.rules.cues(CueUse::Modal, syntax.lemma(modal)).find(fits);
            if let Some(cue) = cue {
                self.apply(cue, modal);
            }
        }
    }
}
