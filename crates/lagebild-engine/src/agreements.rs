//! Agreements: treaties, pacts and deals, their steps and duties (codebook, 4).

use crate::events::EventDraft;
use crate::matcher::{Matcher, Trigger};
use crate::status::judge;
use lagebild_core::codebook::{AgreementKind, ObligationKind, Status};
use lagebild_core::{Agreement, AgreementStep, Date, Dep, EntityKind, Obligation, Party, Span, TokenIx, When};
use lagebild_lexicon::knowledge::{Knowledge, Treaty};
use lagebild_lexicon::{CueUse, Role, Slot, WordClass};
use std::sync::Arc;

/// An agreement while its mentions are gathered.
struct Draft {
    agreement: Agreement,
    /// Head words of its mentions.
    heads: Vec<TokenIx>,
}

pub(crate) struct AgreementReader<'m, 'a> {
    matcher: &'m Matcher<'a>,
    knowledge: &'a Knowledge,
    mention: &'m dyn Fn(TokenIx) -> Span,
}

impl<'m, 'a> AgreementReader<'m, 'a> {
    pub(crate) fn new(
        matcher: &'m Matcher<'a>,
        knowledge: &'a Knowledge,
        mention: &'m dyn Fn(TokenIx) -> Span,
    ) -> Self {
        Self {
            matcher,
            knowledge,
            mention,
        }
    }

    /// The agreements of the document, in order of their first mention.
    pub(crate) fn read(&self, triggers: &[Trigger], events: &[EventDraft]) -> Vec<Agreement> {
        let mut drafts = self.named(triggers);
        self.steps(&mut drafts, events);
        self.steps_of_itself(&mut drafts, triggers);
        self.obligations(&mut drafts, triggers);
        let told = |d: &Draft| {
            d.agreement.parties.len() >= 2
                && (!d.agreement.steps.is_empty()
                    || !d.agreement.obligations.is_empty()
                    || d.agreement.mentions.len() > 1)
        };
        drafts
            .into_iter()
            .filter(told)
            .map(|mut d| {
                d.agreement.canonical = self.canonical(&d.agreement);
                // A bare "Abkommen" is what it obliges to.
                let assists = |a: &Agreement| a.obligations.iter().any(|o| o.kind == ObligationKind::MutualAssistance);
                if d.agreement.kind == AgreementKind::Other && assists(&d.agreement) {
                    d.agreement.kind = AgreementKind::Defence;
                }
                d.agreement
            })
            .collect()
    }

    /// Mentions of agreements by name, those of one agreement together.
    fn named(&self, triggers: &[Trigger]) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = Vec::new();
        for trigger in triggers {
            let entry = self.matcher.rules.entry(trigger.entry);
            let Some(kind) = entry.gives.kind else { continue };
            if trigger.class != WordClass::Noun || drafts.iter().any(|d| d.heads.contains(&trigger.token)) {
                continue;
            }
            let parties = self.parties(trigger);
            let span = (self.mention)(trigger.token);
            let known = drafts.iter_mut().rev().find(|d| is_same(&d.agreement, kind, &parties));
            match known {
                Some(known) => {
                    known.heads.push(trigger.token);
                    if known.agreement.kind == AgreementKind::Other {
                        known.agreement.kind = kind;
                    }
                    add_keys(&mut known.agreement.parties, &parties);
                    if !known.agreement.mentions.contains(&span) {
                        known.agreement.mentions.push(span);
                    }
                }
                None => drafts.push(Draft {
                    agreement: Agreement {
                        name: Some(self.name(trigger.token)),
                        canonical: None,
                        kind,
                        parties,
                        steps: Vec::new(),
                        obligations: Vec::new(),
                        mentions: vec![span],
                    },
                    heads: vec![trigger.token],
                }),
            }
        }
        drafts
    }

    /// The words that name it: the noun with what stands before it and the phrases that hang on it.
    fn name(&self, noun: TokenIx) -> Span {
        let syntax = self.matcher.syntax;
        let phrases = syntax
            .by_dep(
                noun,
                &[
                    Dep::Det,
                    Dep::DetPoss,
                    Dep::Amod,
                    Dep::Nmod,
                    Dep::Compound,
                    Dep::Flat,
                    Dep::NmodPoss,
                ],
            )
            .map(|c| syntax.phrase_span(c).cover(self.with_preposition(c)));
        phrases.fold(syntax.span(noun), Span::cover)
    }

    fn with_preposition(&self, t: TokenIx) -> Span {
        let syntax = self.matcher.syntax;
        syntax
            .by_dep(t, &[Dep::Case])
            .map(|c| syntax.span(c))
            .fold(syntax.span(t), Span::cover)
    }

    /// Who is bound: those that the noun phrase names; with one of them, also the subject around it.
    fn parties(&self, trigger: &Trigger) -> Vec<Arc<str>> {
        let entry = self.matcher.rules.entry(trigger.entry);
        let between = vec![Slot::Preposition(self.matcher.syntax.grammar.between.clone())];
        let places: [Role; 5] = [
            entry
                .noun_roles
                .actor
                .clone()
                .or_else(|| entry.roles.actor.clone())
                .unwrap_or_default(),
            vec![between],
            vec![vec![Slot::Genitive]],
            vec![vec![Slot::Adjective]],
            vec![vec![Slot::Compound]],
        ];
        let mut keys = Vec::new();
        for place in &places {
            add_keys(&mut keys, &self.keys(&self.matcher.role(trigger, place)));
        }
        if keys.len() == 1 {
            add_keys(
                &mut keys,
                &self.keys(&self.matcher.role(trigger, &vec![vec![Slot::Context]])),
            );
        }
        keys
    }

    fn keys(&self, parties: &[Party]) -> Vec<Arc<str>> {
        let mut keys = Vec::new();
        for party in parties {
            let entity = self.matcher.entities.entity(party.entity);
            // Persons and bodies bind their state; nobody is bound by a place or an unnamed group.
            let key = entity.org.as_ref().or(entity.country.as_ref());
            if let Some(key) = key.filter(|_| entity.kind != EntityKind::Place) {
                add_keys(&mut keys, std::slice::from_ref(key));
            }
        }
        keys
    }

    /// Steps come from events whose word governs the agreement, or whose noun is compounded with it.
    fn steps(&self, drafts: &mut [Draft], events: &[EventDraft]) {
        let syntax = self.matcher.syntax;
        for event in events {
            let Some(step) = event.gives.step else { continue };
            if event.event.status.value != Status::Actual {
                continue;
            }
            let sentence = syntax.parsed.sentence_of(event.trigger);
            let governs = |head: &TokenIx| {
                *head == event.trigger || syntax.is_below(*head, event.trigger) || syntax.is_below(event.trigger, *head)
            };
            let in_sentence = |d: &Draft| {
                d.heads
                    .iter()
                    .any(|&h| syntax.parsed.sentence_of(h) == sentence && governs(&h))
            };
            let before = |d: &Draft| d.heads.first().is_some_and(|&h| h <= event.trigger);
            let by = self.keys(&event.event.actors);
            let mut all = by.clone();
            add_keys(&mut all, &self.keys(&event.event.recipients));
            let shares = |d: &Draft| d.agreement.parties.iter().any(|p| all.contains(p));
            let target = match drafts.iter().position(in_sentence) {
                Some(found) => found,
                // The noun itself tells the agreement ("dieser Vertragsabschluss"): the last one spoken of.
                None => match drafts.iter().rposition(|d| before(d) && shares(d)) {
                    Some(found) => found,
                    None => continue,
                },
            };
            let agreement = &mut drafts[target].agreement;
            if agreement.parties.len() < 2 {
                add_keys(&mut agreement.parties, &all);
            }
            if agreement.steps.iter().any(|s| s.step == step && s.by == by) {
                continue;
            }
            agreement.steps.push(AgreementStep {
                step,
                by,
                date: event.event.date.clone(),
                place: event.event.place.as_ref().map(|p| p.span),
                mention: (self.mention)(event.trigger),
            });
        }
    }

    /// Steps that nobody takes: *der Vertrag trat in Kraft*.
    fn steps_of_itself(&self, drafts: &mut [Draft], triggers: &[Trigger]) {
        let syntax = self.matcher.syntax;
        for trigger in triggers {
            let gives = &self.matcher.rules.entry(trigger.entry).gives;
            let (Some(step), None) = (gives.step, gives.event) else {
                continue;
            };
            let governs = |d: &&mut Draft| d.heads.iter().any(|&h| syntax.is_below(h, trigger.token));
            let Some(found) = drafts.iter_mut().find(governs) else {
                continue;
            };
            if judge(self.matcher, trigger).status().value != Status::Actual
                || found.agreement.steps.iter().any(|s| s.step == step)
            {
                continue;
            }
            let sentence = syntax.sentence(trigger.token).span;
            let time = syntax.parsed.times.iter().find(|t| sentence.contains(t.span));
            let date = time.map_or_else(When::default, |t| When {
                from: t.from,
                to: t.to,
                span: Some(t.span),
                implicit: false,
            });
            found.agreement.steps.push(AgreementStep {
                step,
                by: Vec::new(),
                date,
                place: None,
                mention: (self.mention)(trigger.token),
            });
        }
    }

    /// Duties told in a sentence that speaks of an agreement, or right after one.
    fn obligations(&self, drafts: &mut [Draft], triggers: &[Trigger]) {
        let parsed = self.matcher.syntax.parsed;
        for trigger in triggers {
            let Some(kind) = self.matcher.rules.entry(trigger.entry).gives.obligation else {
                continue;
            };
            let sentence = parsed.sentence_of(trigger.token);
            let near = |d: &Draft| {
                d.heads.iter().any(|&h| {
                    let at = parsed.sentence_of(h);
                    at == sentence || at.0 + 1 == sentence.0
                })
            };
            let Some(found) = drafts.iter_mut().rev().find(|d| near(d)) else {
                continue;
            };
            let mention = (self.mention)(trigger.token);
            if found.agreement.obligations.iter().any(|o| o.kind == kind) {
                continue;
            }
            found.agreement.obligations.push(Obligation {
                kind,
                who: Vec::new(),
                condition: self.condition(trigger.token),
                mention,
            });
        }
    }

    /// A conditional clause or phrase in the sentence of a duty.
    fn condition(&self, t: TokenIx) -> Option<Span> {
        let syntax = self.matcher.syntax;
        let conditional = |used: CueUse, word: TokenIx| {
            self.matcher
                .rules
                .cues(used, syntax.lemma(word))
                .any(|c| c.status == Some(Status::Possible))
        };
        syntax.sentence(t).tokens.clone().map(TokenIx).find_map(|w| {
            let clause = syntax.dep(w) == Dep::Mark && conditional(CueUse::Conjunction, w);
            let phrase = syntax.dep(w) == Dep::Case && conditional(CueUse::Preposition, w);
            let noun = conditional(CueUse::Noun, w) && syntax.by_dep(w, &[Dep::Case]).next().is_some();
            match (clause || phrase, noun) {
                (true, _) => syntax.head(w).map(|h| syntax.subtree_span(h)),
                (_, true) => Some(syntax.subtree_span(w)),
                _ => None,
            }
        })
    }

    /// The treaty of the knowledge tables that an agreement with these parties and steps can only be.
    fn canonical(&self, agreement: &Agreement) -> Option<(Arc<str>, Arc<str>)> {
        let published = self.matcher.syntax.parsed.doc.published;
        let fits = |treaty: &&Treaty| {
            treaty.parties.len() == agreement.parties.len()
                && treaty
                    .parties
                    .iter()
                    .all(|p| agreement.parties.iter().any(|a| a.as_ref() == *p))
                && self.is_of_its_time(treaty, published)
        };
        let mut fitting = self.knowledge.treaties.iter().filter(fits);
        match (fitting.next(), fitting.next()) {
            (Some(treaty), None) => Some((treaty.id.into(), treaty.name_de.into())),
            _ => None,
        }
    }

    /// Whether a treaty was news, not history, on the day of the report: signed within two years of it.
    fn is_of_its_time(&self, treaty: &Treaty, published: Option<Date>) -> bool {
        match (treaty.signed, published) {
            (Some((from, _)), Some(day)) => (from.year() - day.year()).abs() <= 1,
            _ => false,
        }
    }
}

/// Whether a mention can be of an agreement already spoken of: nothing in kind or parties speaks against it.
fn is_same(known: &Agreement, kind: AgreementKind, parties: &[Arc<str>]) -> bool {
    let kinds = known.kind == kind || known.kind == AgreementKind::Other || kind == AgreementKind::Other;
    let named = |p: &Arc<str>| known.parties.contains(p);
    kinds && (parties.iter().all(named) || known.parties.iter().all(|p| parties.contains(p)))
}

fn add_keys(keys: &mut Vec<Arc<str>>, more: &[Arc<str>]) {
    for key in more {
        if !keys.contains(key) {
            keys.push(Arc::clone(key));
        }
    }
}
