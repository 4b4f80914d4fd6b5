//! Events: who does what to whom (codebook, 2).

use crate::claims::ClaimDraft;
use crate::entities::{Entities, Mention, MentionKind};
use crate::matcher::{Matcher, Trigger, distinct_parties};
use crate::status::{Judgement, judge};
use crate::syntax::Filled;
use crate::trace::{Act, Drop, Lender, Side, Step};
use lagebild_core::codebook::{Certainty, EventType, Mode, Quad, Sector, Stance, Status};
use lagebild_core::{
    Claim, ClaimIx, Dep, EntityIx, EntityKind, Event, EventMention, Evidence, Holder, Judged, Limit, Mood, Number,
    Party, Person, Place, Quantity, QuantityKind, RuleId, Span, Tense, Time, TimeKind, TokenIx, Upos, When,
};
use lagebild_lexicon::knowledge::Knowledge;
use lagebild_lexicon::{CueUse, Entry, Gives, Role, Slot, WordClass, ontology};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Sectors that act in politics even where no word tells for whom. (Ministers and critics may be anybody's.)
const POWERS: [Sector; 6] = [
    Sector::Igo,
    Sector::Mil,
    Sector::Prm,
    Sector::Reb,
    Sector::Spy,
    Sector::Uaf,
];

pub(crate) struct EventReader<'m, 'a> {
    matcher: &'m Matcher<'a>,
    knowledge: &'m Knowledge,
    claims: &'m [ClaimDraft],
    mention: &'m dyn Fn(TokenIx) -> Span,
}

/// What somebody promises to do or to end where he gives way.
const GIVEN_UP: [EventType; 4] = [
    EventType::Concede,
    EventType::Retreat,
    EventType::Sanction,
    EventType::Coerce,
];

/// An event with the word that tells it.
pub(crate) struct EventDraft {
    pub(crate) event: Event,
    pub(crate) trigger: TokenIx,
    /// The lemma of that word, in lower case.
    pub(crate) lemma: Box<str>,
    /// Whether it is a verb.
    pub(crate) by_verb: bool,
    /// Whether it is a participle that says nothing but what was done to its noun: *der gestürzte Präsident*.
    pub(crate) attribute: bool,
    /// Whether it is a definite noun beside which nobody is named (*der Angriff dauerte an*), so that it may mean an act told before.
    pub(crate) definite: bool,
    /// What its entry gives beside the event.
    pub(crate) gives: Gives,
    /// It counts though no party is told.
    pub(crate) implicit: bool,
    /// All its parties do it to one another.
    pub(crate) mutual: bool,
    /// The word of the act that stands where its recipient should: *lehnte den Angriff ab*, *die Auflösung der Kundgebung*.
    /// The recipients, if there are any, are only those whom the report is about.
    pub(crate) about: Option<About>,
}

/// An act that stands where a recipient should.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About {
    /// Told by this word.
    ToldBy(Span),
    /// Told before; this word points back to it (*diese Maßnahme*).
    ToldBefore(Span),
    /// Said before; this word points back to it (*diese Warnung*).
    SaidBefore(Span),
}

/// Who takes part in an act, as its entry sees it.
struct Parties {
    actors: Vec<Party>,
    recipients: Vec<Party>,
    about: Option<About>,
}

impl<'m, 'a> EventReader<'m, 'a> {
    pub(crate) fn new(
        matcher: &'m Matcher<'a>,
        knowledge: &'m Knowledge,
        claims: &'m [ClaimDraft],
        mention: &'m dyn Fn(TokenIx) -> Span,
    ) -> Self {
        Self {
            matcher,
            knowledge,
            claims,
            mention,
        }
    }

    /// The events of the document, one for each word that tells one, in text order.
    pub(crate) fn read(&self, triggers: &[Trigger]) -> Vec<EventDraft> {
        let acts: Vec<&Trigger> = triggers
            .iter()
            .filter(|t| self.matcher.rules.entry(t.entry).gives.event.is_some())
            .collect();
        let mut told_as_content = HashMap::new();
        // Nouns that the entry of a verb names, with the verb.
        let mut named: HashMap<TokenIx, TokenIx> = HashMap::new();
        let mut drafts: Vec<EventDraft> = Vec::new();
        for trigger in &acts {
            let entry = self.matcher.rules.entry(trigger.entry);
            let Some(kind) = entry.gives.event else { continue };
            let content = self.content(trigger, kind, &acts);
            // "Israel dürfe nicht angreifen": what must not be done is not what is asked for.
            let averted = entry.spoken && entry.negated;
            let Some(draft) = self.event(trigger, entry, kind, content.map(|c| c.0).filter(|_| !averted)) else {
                continue;
            };
            // An entry that names its content itself leaves other acts below it alone.
            // Help promised is told as support, and the other way round.
            let friendly = |kind: EventType| matches!(kind, EventType::Aid | EventType::Support);
            let same = |kind: EventType| {
                let told = draft.event.content;
                told == Some(kind) || told.is_some_and(friendly) && friendly(kind)
            };
            if let Some((_, inner)) = content.filter(|c| averted || same(c.0)) {
                told_as_content.insert(inner, trigger.token);
            }
            if trigger.class == WordClass::Verb {
                let nouns = self.matcher.named_nouns(trigger).into_iter();
                // "stellte seine Entwicklungshilfe ein": what is ended is not given.
                let ended = self
                    .matcher
                    .syntax
                    .patient(trigger.token)
                    .filter(|_| kind == EventType::Sanction);
                named.extend(nouns.chain(ended).map(|noun| (noun, trigger.token)));
            }
            // Two entries of one type on one word tell one act: the one that says more of it stands.
            let told = |d: &EventDraft| {
                let sides = [d.event.actors.is_empty(), d.event.recipients.is_empty()];
                (
                    sides.iter().filter(|empty| !**empty).count(),
                    d.event.mode.is_some(),
                    d.event.content.is_some(),
                )
            };
            let twin = |d: &&mut EventDraft| d.trigger == draft.trigger && d.event.kind == draft.event.kind;
            if let Some(known) = drafts.iter_mut().rev().find(twin) {
                let mut lesser = draft;
                if told(&lesser) > told(known) {
                    std::mem::swap(known, &mut lesser);
                }
                let rule = known.event.rule.clone();
                self.dropped(Act::of(&lesser.event), || Drop::Twin { rule });
                continue;
            }
            let sentence = self.matcher.syntax.parsed.sentence_of(trigger.token);
            let fellows = drafts
                .iter()
                .rev()
                .take_while(|d| self.matcher.syntax.parsed.sentence_of(d.trigger) == sentence)
                .count();
            if fellows < Limit::SentenceEvents.max() {
                drafts.push(draft);
            } else {
                self.dropped(Act::of(&draft.event), || Drop::TooMany);
            }
        }
        // What is asked, promised, refused or threatened has no status of its own (codebook, 6) – unless somebody else
        // does it: "die Forderung der EU lehnte Israel ab" tells two acts.
        let outer_acts: HashMap<TokenIx, (EventType, Vec<EntityIx>)> = drafts
            .iter()
            .map(|d| {
                (
                    d.trigger,
                    (d.event.kind, d.event.actors.iter().map(|p| p.entity).collect()),
                )
            })
            .collect();
        self.repeat(&mut drafts);
        self.blame(&mut drafts);
        self.promise(&mut drafts, &told_as_content);
        self.mean(&mut drafts, &told_as_content);
        self.face_reply(&mut drafts);
        let told_of_somebody: HashSet<TokenIx> = drafts
            .iter()
            .filter(|d| !d.event.actors.is_empty() || !d.event.recipients.is_empty())
            .map(|d| d.trigger)
            .collect();
        // "legte Protest ein", "eröffnete das Feuer": the noun tells no other act of the same doer.
        drafts.retain(|d| {
            let outer = named
                .get(&d.trigger)
                .filter(|_| !d.by_verb && !told_as_content.contains_key(&d.trigger));
            let Some((outer, (kind, actors))) = outer.and_then(|o| Some((o, outer_acts.get(o)?))) else {
                return true;
            };
            let other = d.event.actors.iter().any(|p| !actors.contains(&p.entity));
            // "beendete seinen Hungerstreik": what ends was done.
            let ends = *kind == EventType::Retreat;
            let judged = kind.is_verbal() && d.event.kind != EventType::Protest;
            let kept = other || !told_of_somebody.contains(outer) || *kind == d.event.kind || judged || ends;
            if !kept {
                let outer = self.matcher.syntax.span(*outer);
                self.dropped(Act::of(&d.event), || Drop::ContentOf { outer });
            }
            kept
        });
        drafts.retain(|d| {
            let Some(outer) = told_as_content.get(&d.trigger) else {
                return true;
            };
            let Some((kind, actors)) = outer_acts.get(outer) else {
                return true;
            };
            let noun = !matches!(self.matcher.syntax.pos(d.trigger), Upos::Verb | Upos::Aux);
            // A doer whom no word names is only the state that is talked of.
            let named = |p: &&Party| p.span != d.event.mentions[0].trigger;
            let other = |p: &Party| !actors.contains(&p.entity);
            // "lehnt Verhandlungen mit Polen ab": talks that one takes part in oneself are no act of the others.
            let takes_part = d.mutual && !d.event.actors.iter().all(other);
            let own_doer = !takes_part && d.event.actors.iter().filter(named).any(other);
            // "verlangte einen Rückzug der Truppen": what others are asked to do is not done, nor is what one refuses to do with them.
            let friendly = d.event.kind.quad() == Quad::MaterialCooperation;
            let done = d.event.kind.is_verbal() || *kind == EventType::Reject && !friendly;
            let kept = noun && own_doer && done;
            if !kept {
                let outer = self.matcher.syntax.span(*outer);
                self.dropped(Act::of(&d.event), || Drop::ContentOf { outer });
            }
            kept
        });
        drafts
    }

    /// Who is to do what is promised promises it, where nobody else does: *Die Finanzspritze der EU ist beschlossen*.
    fn promise(&self, drafts: &mut [EventDraft], contents: &HashMap<TokenIx, TokenIx>) {
        let doers = |outer: TokenIx| {
            let of = drafts.iter().find(|d| contents.get(&d.trigger) == Some(&outer))?;
            Some((Act::of(&of.event), of.event.actors.clone()))
        };
        let unsaid = |d: &&EventDraft| d.event.kind == EventType::Agree && d.event.actors.is_empty();
        let found: Vec<_> = drafts
            .iter()
            .filter(unsaid)
            .filter_map(|d| Some((d.trigger, doers(d.trigger)?)))
            .collect();
        for (outer, (inner, actors)) in found {
            for draft in drafts.iter_mut().filter(|d| d.trigger == outer) {
                let event = &mut draft.event;
                if event.kind == EventType::Agree && event.actors.is_empty() {
                    let other = |p: &&Party| !event.recipients.iter().any(|r| r.entity == p.entity);
                    event.actors = actors.iter().filter(other).cloned().collect();
                    self.lent(Act::of(event), Side::Actor, Lender::DoersOf(inner.clone()));
                }
            }
        }
    }

    /// Those to whom something is to be done are whom a noun threatens, promises or refuses it: *Nordkoreas Drohung, **den Süden** anzugreifen*.
    fn mean(&self, drafts: &mut [EventDraft], contents: &HashMap<TokenIx, TokenIx>) {
        use EventType as E;
        let open = |d: &EventDraft| {
            let toward = matches!(d.event.kind, E::Threaten | E::Agree | E::Reject | E::Concede);
            toward && !d.mutual && d.event.recipients.is_empty() && !d.event.actors.is_empty()
        };
        for i in 0..drafts.len() {
            let outer = &drafts[i];
            let Some(inner) = drafts
                .iter()
                .find(|d| open(outer) && contents.get(&d.trigger) == Some(&outer.trigger))
            else {
                continue;
            };
            // Who will not lift sanctions refuses nothing to those whom they hit.
            if outer.event.kind == E::Reject && inner.event.kind.quad() == Quad::MaterialConflict {
                continue;
            }
            let other = |p: &&Party| !outer.event.actors.iter().any(|own| self.same_side(own, p));
            let side = if inner.mutual {
                &inner.event.actors
            } else {
                &inner.event.recipients
            };
            let meant: Vec<Party> = side.iter().filter(other).cloned().collect();
            if !meant.is_empty() {
                self.lent(
                    Act::of(&outer.event),
                    Side::Recipient,
                    Lender::DoneTo(Act::of(&inner.event)),
                );
                drafts[i].event.recipients = meant;
            }
        }
    }

    /// Whoever answers an offer, a demand, a threat or blame is whom it was meant for: *Kiew lehnte Brasiliens **Angebot** ab*, *Teheran reagierte auf die
    /// **Drohung** der USA*.
    fn face_reply(&self, drafts: &mut [EventDraft]) {
        use EventType as E;
        let syntax = self.matcher.syntax;
        for draft in drafts {
            let event = &draft.event;
            let open = matches!(event.kind, E::Agree | E::Request | E::Accuse | E::Threaten)
                && !draft.by_verb
                && !draft.mutual;
            if !open || !event.recipients.is_empty() || event.actors.is_empty() {
                continue;
            }
            let argument = matches!(
                syntax.dep(draft.trigger),
                Dep::Obj | Dep::Obl | Dep::OblArg | Dep::Iobj | Dep::NsubjPass
            );
            let replies = |verb: &TokenIx| syntax.grammar.replies.iter().any(|r| r == syntax.lemma(*verb));
            let Some(verb) = syntax.head(draft.trigger).filter(|v| argument && replies(v)) else {
                continue;
            };
            let doers = syntax
                .subject(verb)
                .into_iter()
                .flat_map(|t| self.matcher.parties_of(Filled::Phrase(t)));
            let others: Vec<Party> = doers
                .filter(|p| !event.actors.iter().any(|a| self.same_side(a, p)))
                .collect();
            if !others.is_empty() {
                self.lent(Act::of(event), Side::Recipient, Lender::Around);
                draft.event.recipients = others;
            }
        }
    }

    /// Whether a treaty is the subject of the clause: what its text provides for is a duty, no event (codebook, 6).
    fn is_provided(&self, t: TokenIx, entry: &Entry) -> bool {
        let syntax = self.matcher.syntax;
        // "Zwischen beiden gilt eine Waffenruhe": an entry that asks for the treaty tells of it.
        if entry.needs.iter().any(|(path, _)| path.as_slice() == [Slot::Subject]) && syntax.main_verb(t) == t {
            return false;
        }
        let names_agreement = |noun: TokenIx| self.matcher.names_agreement(noun);
        let verbs = std::iter::successors(Some(t), |&t| syntax.clause_predicate(t)).take(3);
        verbs
            .filter(|&v| matches!(syntax.pos(v), Upos::Verb | Upos::Aux))
            .map(|v| (v, syntax.subject(v)))
            .find(|(v, subject)| syntax.is_passive(*v) || !subject.is_empty())
            .is_some_and(|(_, subject)| subject.into_iter().any(|s| s != t && names_agreement(s)))
    }

    /// Whether two parties act for the same state or organisation.
    fn same_side(&self, a: &Party, b: &Party) -> bool {
        let key = |p: &Party| self.matcher.entities.key(p.entity);
        a.entity == b.entity || key(a).is_some() && key(a) == key(b)
    }

    /// *Die Entsendung der Soldaten* after *die Entsendung von 3.000 Soldaten nach Russland*: a noun that says less of its act means
    /// the one that the same word told before, and is of its type.
    fn repeat(&self, drafts: &mut [EventDraft]) {
        let syntax = self.matcher.syntax;
        for i in 1..drafts.len() {
            let (before, rest) = drafts.split_at_mut(i);
            let act = &mut rest[0];
            if !act.event.recipients.is_empty() || !syntax.is_nominal(act.trigger) {
                continue;
            }
            let told = before.iter().rev().find(|d| {
                d.event.kind != act.event.kind
                    && !d.event.recipients.is_empty()
                    && syntax.lemma(d.trigger) == syntax.lemma(act.trigger)
                    && act
                        .event
                        .actors
                        .iter()
                        .all(|a| d.event.actors.iter().any(|b| self.same_side(a, b)))
            });
            if let Some(told) = told {
                let (to, from) = (&mut act.event, &told.event);
                (to.kind, to.mode, to.content) = (from.kind, from.mode, from.content);
                (to.cameo, to.rule) = (Arc::clone(&from.cameo), from.rule.clone());
                score(to);
            }
        }
    }

    /// Whoever is accused, arrested or convicted for an act that names no doer is said to have done it: *wegen des Anschlags wurden
    /// drei Männer verhaftet* (codebook, 6: certain act, uncertain doer).
    fn blame(&self, drafts: &mut [EventDraft]) {
        let syntax = self.matcher.syntax;
        let blames = |event: &Event| {
            matches!(
                (event.kind, event.mode),
                (EventType::Accuse, Some(Mode::Allege | Mode::Investigate))
                    | (EventType::Sanction, Some(Mode::Convict))
                    | (EventType::Coerce, Some(Mode::Arrest))
            ) && event.status.value == Status::Actual
                && !event.recipients.is_empty()
        };
        for i in 0..drafts.len() {
            let act = &drafts[i];
            if act.event.kind.quad() != Quad::MaterialConflict || !act.event.actors.is_empty() {
                continue;
            }
            // The act must be what one is blamed for, not told beside it or in the name of somebody.
            let reason = |outer: TokenIx| {
                let chain: Vec<TokenIx> = std::iter::successors(Some(act.trigger), |&t| syntax.head(t))
                    .take_while(|&t| t != outer)
                    .collect();
                let complement = [Dep::Obl, Dep::OblArg, Dep::Nmod, Dep::Obj, Dep::Xcomp, Dep::Ccomp];
                // "wird vorgeworfen, nach Anschlägen Netze zu sperren": the attacks are told beside what he is blamed for.
                let beside = |&t: &TokenIx| syntax.dep(t) == Dep::Obl && syntax.is_adjunct(t);
                chain.split_last().is_some_and(|(&top, below)| {
                    syntax.head(top) == Some(outer)
                        && complement.contains(&syntax.dep(top))
                        && !chain.iter().any(|&t| syntax.dep(t) == Dep::AclRelcl)
                        && !below.iter().any(beside)
                })
            };
            let blamed = drafts
                .iter()
                .filter(|d| d.trigger != act.trigger && blames(&d.event))
                .find(|d| reason(d.trigger))
                .map(|d| {
                    let because = d.event.certainty.because.clone();
                    // "Die Polizei untersucht den Anschlag" blames nobody: the act is no doer.
                    let named = |p: &&Party| !p.span.overlaps(act.event.mentions[0].trigger);
                    let doers: Vec<Party> = d.event.recipients.iter().filter(named).cloned().collect();
                    (doers, because, Act::of(&d.event))
                });
            let Some((doers, because, blame)) = blamed.filter(|(doers, ..)| !doers.is_empty()) else {
                continue;
            };
            self.lent(Act::of(&act.event), Side::Actor, Lender::BlamedIn(blame));
            let act = &mut drafts[i].event;
            act.actors = doers
                .into_iter()
                .filter(|p| !act.recipients.iter().any(|r| r.entity == p.entity))
                .collect();
            if !act.actors.is_empty() && act.certainty.value == Certainty::Asserted {
                act.certainty = Judged {
                    value: Certainty::Alleged,
                    because,
                };
            }
        }
    }

    /// The act promised, asked, refused or threatened, with the word that tells it.
    fn content(&self, trigger: &Trigger, kind: EventType, acts: &[&Trigger]) -> Option<(EventType, TokenIx)> {
        if !kind.has_content() {
            return None;
        }
        let syntax = self.matcher.syntax;
        let own = syntax.main_verb(trigger.token);
        let own = syntax.reported_clause(own).unwrap_or(own);
        let depth = |t: TokenIx| std::iter::successors(Some(t), |&x| syntax.head(x)).position(|x| x == own);
        let through_relative = |t: TokenIx| {
            std::iter::successors(Some(t), |&x| syntax.head(x))
                .take_while(|&x| x != trigger.token)
                .any(|x| syntax.dep(x) == Dep::AclRelcl || syntax.dep(x) == Dep::Advcl && syntax.finite(x).is_some())
        };
        // What somebody does is told beside his name, not in it.
        let active = !syntax.is_passive(trigger.token);
        let in_subject = |t: TokenIx| {
            active
                && syntax
                    .by_dep(trigger.token, &[Dep::Nsubj])
                    .any(|s| syntax.is_below(t, s))
        };
        // "Nach dem Angriff kündigte Polen Hilfe an": told beside it, not by it.
        let beside = |t: TokenIx| {
            std::iter::successors(Some(t), |&x| syntax.head(x))
                .take_while(|&x| x != trigger.token)
                .any(|x| syntax.is_adjunct(x))
        };
        // "refused to sign and vowed to respond": a second verb tells an act of its own.
        let coordinated = |t: TokenIx| {
            let chain = std::iter::successors(Some(t), |&x| syntax.head(x)).take_while(|&x| x != own);
            let last = chain.clone().last();
            last.is_some_and(|x| syntax.dep(x) == Dep::Conj && !syntax.is_nominal(own))
                || chain.into_iter().any(|x| syntax.finite_peer(x).is_some())
        };
        acts.iter()
            .filter(|a| a.token != trigger.token && !through_relative(a.token) && !in_subject(a.token))
            .filter(|a| !coordinated(a.token))
            .filter(|a| !beside(a.token) && syntax.main_verb(a.token) == a.token)
            .filter_map(|a| {
                let gives = &self.matcher.rules.entry(a.entry).gives;
                // To refuse a demand is to refuse what is demanded.
                let inner = gives.content.filter(|_| kind == EventType::Reject).or(gives.event)?;
                Some((depth(a.token)?, inner, a.token))
            })
            // Who gives way gives up what he did; an attack that he regrets was done.
            .filter(|(_, inner, _)| kind != EventType::Concede || GIVEN_UP.contains(inner))
            .min_by_key(|&(depth, _, token)| (depth, token))
            .map(|(_, inner, token)| (inner, token))
    }

    fn event(
        &self,
        trigger: &Trigger,
        entry: &Entry,
        kind: EventType,
        content: Option<EventType>,
    ) -> Option<EventDraft> {
        let Parties {
            mut actors,
            mut recipients,
            about,
        } = self.parties(trigger, entry);
        if entry.mutual {
            actors.append(&mut recipients);
            actors = distinct_parties(actors);
        }
        let helps = kind == EventType::Aid
            || entry.gives.content.or(content) == Some(EventType::Aid) && kind == EventType::Agree;
        if helps && recipients.is_empty() && !actors.is_empty() {
            recipients.extend(self.helped(trigger, entry, &actors));
        }
        let in_the_street = kind == EventType::Protest && matches!(entry.gives.mode, Some(Mode::Demo | Mode::Riot));
        if in_the_street && recipients.is_empty() && !entry.is_reference() {
            recipients.extend(self.opposed(trigger, entry, &actors));
        }
        // "Die Anschuldigung, dass russische Hacker angegriffen haben", "die Forderung, dass die Nato einlädt"
        let in_clause = matches!(kind, EventType::Accuse | EventType::Request) && !entry.spoken;
        if in_clause && recipients.is_empty() && about.is_none() && !entry.is_reference() {
            recipients = self.doer_in_clause(trigger, &actors);
            if !recipients.is_empty() {
                self.lent(self.act(trigger, entry), Side::Recipient, Lender::Around);
            }
        }
        let definite = self.means_one_told_before(trigger, &actors, &recipients);
        let span = self.matcher.syntax.span(trigger.token);
        if kind.quad() != Quad::VerbalConflict
            && kind.quad() != Quad::MaterialConflict
            && self.is_provided(trigger.token, entry)
        {
            self.dropped(self.act(trigger, entry), || Drop::Duty);
            return None;
        }
        if !self.is_political(kind, actors.iter().chain(&recipients)) {
            self.dropped(self.act(trigger, entry), || Drop::NotPolitical);
            return None;
        }
        if kind == EventType::Request && self.is_question(trigger) {
            self.dropped(self.act(trigger, entry), || Drop::Question);
            return None;
        }
        if kind == EventType::Accuse && recipients.is_empty() && self.is_about_the_speaker(trigger, entry, &actors) {
            self.dropped(self.act(trigger, entry), || Drop::NotSpoken);
            return None;
        }
        let mut judgement = judge(self.matcher, trigger);
        if let Some(cue) = &judgement.stop {
            self.dropped(self.act(trigger, entry), || Drop::Untold {
                cue: cue.rule.clone(),
                at: cue.spans.first().copied().unwrap_or(span),
            });
            return None;
        }
        if entry.negated {
            judgement.use_up_negation();
        }
        // Who comes together to protest protests.
        if kind == EventType::Protest {
            judgement.reach_purpose();
        }
        let told_by = self.claim_around(trigger.token);
        if told_by.is_some_and(|(_, c)| !c.claim.quote) {
            judgement.report();
        }
        if entry.spoken {
            // "Die USA werden nicht zögern" blames nobody for hesitating.
            if judgement.is_negated() && !entry.negated && kind == EventType::Accuse {
                self.dropped(self.act(trigger, entry), || Drop::NotSpoken);
                return None;
            }
            // What is told is the speaking, and that it was spoken is told as fact.
            judgement = Judgement::default();
            // A demand is made on somebody; who calls something a scandal need not say whose.
            let spoken = kind == EventType::Accuse || !recipients.is_empty();
            let speaker = self.speaker(trigger.token, &recipients, entry.subjunctive);
            let Some(speaker) = speaker.filter(|_| spoken) else {
                self.dropped(self.act(trigger, entry), || Drop::NotSpoken);
                return None;
            };
            self.lent(self.act(trigger, entry), Side::Actor, Lender::Speaker);
            actors = speaker;
        }
        if entry.mutual && actors.len() == 1 {
            let other = self.counterpart(trigger, &actors[0], told_by.map(|(_, c)| c));
            if other.is_some() {
                self.lent(self.act(trigger, entry), Side::Actor, Lender::Around);
            }
            actors.extend(other);
        }
        let own = |value: Option<Status>| {
            value.map(|value| Judged {
                value,
                because: Evidence {
                    spans: vec![span],
                    rule: RuleId(entry.id.clone()),
                },
            })
        };
        let mut event = Event {
            kind,
            mode: entry.gives.mode,
            content: entry.gives.content.or(content),
            actors,
            recipients,
            status: own(entry.gives.status).unwrap_or_else(|| judgement.status()),
            certainty: judgement.certainty(),
            date: self.date(trigger.token),
            place: self.place(trigger.token),
            quantities: self.quantities(trigger),
            contexts: entry.gives.contexts.clone(),
            claim: None,
            cameo: entry.gives.cameo.clone().unwrap_or_else(|| "".into()),
            goldstein: None,
            plover_score: 0.0,
            rule: RuleId(entry.id.clone()),
            mentions: vec![EventMention {
                span: (self.mention)(trigger.token),
                trigger: span,
                particle: self
                    .matcher
                    .syntax
                    .by_dep(trigger.token, &[Dep::CompoundPrt])
                    .next()
                    .map(|p| self.matcher.syntax.span(p)),
            }],
        };
        if let Some(certainty) = entry.gives.certainty {
            event.certainty = Judged {
                value: certainty,
                because: Evidence {
                    spans: vec![span],
                    rule: RuleId(entry.id.clone()),
                },
            };
        }
        self.future_by_date(&mut event, &judgement);
        self.attach_claim(&mut event, trigger.token);
        if !entry.is_reference() {
            self.accuse_denier(&mut event, trigger.token);
            self.speak_for_oneself(&mut event, trigger.token);
        }
        compose(&mut event, &judgement, self.claims, self.matcher.entities);
        score(&mut event);
        Some(EventDraft {
            event,
            trigger: trigger.token,
            lemma: self.matcher.syntax.lemma(trigger.token).into(),
            by_verb: trigger.class == WordClass::Verb,
            attribute: self.matcher.syntax.is_quality(trigger.token),
            definite,
            gives: entry.gives.clone(),
            implicit: entry.implicit,
            mutual: entry.mutual,
            about,
        })
    }

    /// Who does what an accusation or demand tells in its clause: the subject of the clause at its noun, or at the noun that its verb governs.
    fn doer_in_clause(&self, trigger: &Trigger, accusers: &[Party]) -> Vec<Party> {
        let syntax = self.matcher.syntax;
        let noun = match trigger.class {
            WordClass::Noun => Some(trigger.token),
            _ => self.matcher.named_nouns(trigger).into_iter().next(),
        };
        let clauses = noun.map(|n| syntax.clauses(n)).unwrap_or_default();
        let mut subjects = clauses.into_iter().flat_map(|clause| syntax.subject(clause));
        let other = |p: &Party| !accusers.iter().any(|a| self.same_side(a, p));
        let accused = |t: TokenIx| {
            let parties = self.matcher.parties_of(Filled::Phrase(t));
            parties.into_iter().filter(other).collect::<Vec<_>>()
        };
        subjects
            .find_map(|t| Some(accused(t)).filter(|p| !p.is_empty()))
            .unwrap_or_default()
    }

    /// Whether a definite noun has no doer of its own, nor somebody it is done to in its own phrase.
    fn means_one_told_before(&self, trigger: &Trigger, actors: &[Party], recipients: &[Party]) -> bool {
        let syntax = self.matcher.syntax;
        let lent = syntax.span(trigger.token);
        let phrase = syntax.subtree_span(trigger.token);
        trigger.class == WordClass::Noun
            && syntax.is_definite(trigger.token)
            && actors.iter().all(|p| p.span == lent)
            && recipients.iter().all(|p| p.span == lent || !phrase.contains(p.span))
    }

    /// Who speaks of others: the holder of the innermost claim around the word who does not speak of himself or his own state.
    /// With `subjunctive`, indirect speech counts only in the Konjunktiv or preterite.
    fn speaker(&self, t: TokenIx, others: &[Party], subjunctive: bool) -> Option<Vec<Party>> {
        let entities = self.matcher.entities;
        let syntax = self.matcher.syntax;
        let at = syntax.span(t);
        // What is told of somebody in passing is no demand on him, nor is what hangs on another verb than that of saying.
        let clause = syntax.main_verb(t);
        let said = |verb: TokenIx| self.claims.iter().any(|c| c.cue == verb);
        let embedded = matches!(syntax.dep(clause), Dep::Ccomp | Dep::Csubj | Dep::Advcl | Dep::Acl)
            && syntax
                .head(clause)
                .is_some_and(|h| h < clause && !syntax.is_nominal(h) && !said(h));
        if syntax.dep(clause) == Dep::AclRelcl || embedded {
            return None;
        }
        let morph = syntax.parsed.token(t).morph;
        // "sollen" may be either mood.
        let singular = morph.number == Some(Number::Sing);
        let distant = morph.tense == Some(Tense::Past) || morph.mood == Some(Mood::Sub) && singular;
        // "Nach Angaben der Polizei mussten Tausende fliehen" tells what happened.
        if !subjunctive && morph.tense == Some(Tense::Past) && morph.mood == Some(Mood::Ind) {
            return None;
        }
        // Opposition, parties and associations speak of their government as of another.
        let of_himself = |holder: &Party| {
            let speaker = entities.entity(holder.entity);
            let mut sectors = holder.roles.iter().chain(&speaker.roles);
            let apart =
                sectors.any(|s| matches!(s, Sector::Opp | Sector::Pty | Sector::Ngo | Sector::Lab | Sector::Reb));
            others.iter().any(|p| {
                let state = entities.entity(p.entity);
                let own = !apart && state.kind == EntityKind::Country && state.country == speaker.country;
                p.entity == holder.entity || own
            })
        };
        let holders = self
            .claims
            .iter()
            .filter(|c| c.claim.content.contains(at))
            .filter(|c| !subjunctive || distant || c.claim.quote)
            .filter_map(|c| match &c.claim.holder {
                Holder::Party(holder) if !of_himself(holder) => Some((c.claim.content.len(), holder)),
                _ => None,
            });
        let (_, holder) = holders.min_by_key(|(len, _)| *len)?;
        Some(vec![holder.clone()])
    }

    /// The other side of a mutual act that names but one: the subject of the sentence around, who tells it, or the state that the
    /// report is about (*Nach dem Treffen mit Putin lobte Kim die Gespräche*).
    fn counterpart(&self, trigger: &Trigger, known: &Party, told_by: Option<&ClaimDraft>) -> Option<Party> {
        let matcher = self.matcher;
        let entities = matcher.entities;
        let other = |p: &Party| {
            let kind = entities.entity(p.entity).kind;
            p.entity != known.entity
                && kind != EntityKind::Place
                && entities.key(p.entity).is_some()
                && entities.key(p.entity) != entities.key(known.entity)
        };
        // "das Treffen der EU-Außenminister", "der Nato-Gipfel": several meet already. Not so "die Gespräche mit der EU".
        let syntax = matcher.syntax;
        let inside = |t: &TokenIx| known.span.overlaps(syntax.span(*t));
        let plural = |t: TokenIx| syntax.parsed.token(t).morph.number == Some(Number::Plur);
        let alliance = entities.entity(known.entity).roles.contains(&Sector::Igo);
        let beside = syntax
            .governed(trigger.token, &syntax.grammar.between)
            .iter()
            .any(inside);
        let among = trigger.class == WordClass::Noun && !beside;
        let genitive = syntax.genitives(trigger.token).into_iter().find(inside);
        if among && genitive.is_some_and(|t| alliance || plural(t)) {
            return None;
        }
        let subject = || {
            let subject = syntax.context_subject(trigger.token)?;
            matcher.parties_of(Filled::Phrase(subject)).into_iter().find(other)
        };
        // "am Rande des EU-Gipfels wird Selenskyj erwartet"
        let attendant = || {
            let nouns = std::iter::successors(Some(trigger.token), |&t| {
                syntax
                    .head(t)
                    .filter(|_| matches!(syntax.dep(t), Dep::Nmod | Dep::NmodPoss))
            });
            let outer = nouns.last()?;
            let attends = |p: &str| syntax.grammar.attended.iter().any(|w| w == p);
            syntax.preposition(outer).filter(|p| attends(p))?;
            let patient = || syntax.patient(syntax.clause_predicate(outer)?);
            let expected = || matcher.parties_of(Filled::Phrase(patient()?)).into_iter().find(other);
            subject().or_else(expected)
        };
        let teller = || match &told_by?.claim.holder {
            Holder::Party(holder) => Some(holder.clone()).filter(|p| other(p)),
            _ => None,
        };
        let state = || {
            // "Die Außenminister der G7" are several already.
            let subject = syntax.subject(syntax.main_verb(trigger.token));
            let subject_is_plural = subject.iter().filter(|t| inside(t)).any(|&t| plural(t));
            if subject_is_plural || trigger.class == WordClass::Verb && alliance {
                return None;
            }
            let entity = entities.talked_of(matcher.syntax.parsed.sentence_of(trigger.token))?;
            let party = Party {
                span: matcher.syntax.span(trigger.token),
                entity,
                roles: Vec::new(),
            };
            // "das Treffen in Singapur": where it takes place is no party.
            let there = self.place(trigger.token).and_then(|p| p.country);
            let held_there =
                trigger.class == WordClass::Noun && there.is_some() && there == entities.entity(entity).country;
            Some(party).filter(|p| other(p) && !held_there)
        };
        if among && alliance {
            return attendant();
        }
        subject().or_else(teller).or_else(state)
    }

    /// Whether the clause of a verb is an indirect question: *asked whether Ankara would sign*.
    fn is_question(&self, trigger: &Trigger) -> bool {
        let syntax = self.matcher.syntax;
        let clauses = syntax.by_dep(trigger.token, &[Dep::Ccomp, Dep::Advcl, Dep::Xcomp]);
        let opens = |clause: TokenIx| {
            let words = syntax.subtree(clause);
            words.iter().copied().find(|&w| syntax.pos(w) != Upos::Punct)
        };
        trigger.class == WordClass::Verb
            && clauses
                .filter_map(opens)
                .any(|w| w.0 == trigger.token.0 + 1 && syntax.grammar.questions.iter().any(|q| q == syntax.lemma(w)))
    }

    /// Whether somebody is told to say of himself what an entry takes for blame of others: *said he would ignore the verdict*.
    fn is_about_the_speaker(&self, trigger: &Trigger, entry: &Entry, actors: &[Party]) -> bool {
        let role = entry.roles.recipient.iter().flatten();
        let mut doers = role.filter(|path| **path == [Slot::Clause, Slot::Subject]);
        doers.any(|path| {
            let said_of = self.matcher.role(trigger, &vec![path.clone()]);
            // "das sei inakzeptabel" is not said of oneself.
            let personal = |p: &Party| {
                let word = self.head_of(trigger.token, p.span);
                word.is_some_and(|t| self.matcher.syntax.parsed.token(t).morph.person.is_some())
            };
            let is_speaker = |p: &Party| actors.iter().any(|a| a.entity == p.entity);
            !said_of.is_empty() && said_of.iter().all(|p| personal(p) && is_speaker(p))
        })
    }

    fn parties(&self, trigger: &Trigger, entry: &Entry) -> Parties {
        let noun = trigger.class == WordClass::Noun;
        let actor = match (noun, &entry.noun_roles.actor, &entry.roles.actor) {
            (true, Some(role), _) | (_, _, Some(role)) => role.clone(),
            _ => vec![vec![Slot::Subject]],
        };
        // "die Anschläge von Madrid", "die Pariser Anschläge": a town suffers what it gives its name to.
        let violence = noun && entry.gives.event == Some(EventType::Assault);
        let acts = |f: Filled| !(violence && self.matcher.names_town(f));
        let actors = self.matcher.role_of(trigger, &actor, acts);
        let recipient = match (noun, &entry.roles.recipient) {
            (true, _) => self.noun_recipient(entry),
            (false, Some(role)) => role.clone(),
            (false, None) => vec![vec![Slot::Object]],
        };
        // The doer cannot fill the other role with the same words ("der Angriff Russlands").
        // Organs of one body may oppose one another ("das Parlament", "der Ministerrat").
        let organs = |a: &Party, b: &Party| {
            let text = &self.matcher.syntax.parsed.doc.text;
            let words = |p: &Party| p.span.of(text).rsplit(' ').next().map(str::to_owned);
            self.matcher.entities.entity(a.entity).org.is_some() && words(a) != words(b)
        };
        let same = |a: &Party, b: &Party| a.entity == b.entity && !organs(a, b);
        let taken = |p: &Party| actors.iter().any(|a| a.span.overlaps(p.span) || same(a, p));
        let recipients = recipient
            .iter()
            .map(|path| {
                self.matcher
                    .role(trigger, &vec![path.clone()])
                    .into_iter()
                    .filter(|p| !taken(p))
                    .collect::<Vec<_>>()
            })
            .find(|parties| !parties.is_empty())
            .unwrap_or_default();
        let recipients = if violence && recipients.is_empty() {
            let there = self.matcher.role_of(trigger, &actor, |f| self.matcher.names_town(f));
            there.into_iter().filter(|p| !taken(p)).collect()
        } else {
            recipients
        };
        // "Oslo nannte den Einsatz rücksichtslos. Peru verteidigte ihn": what is praised or blamed is the act, of whoever did it.
        let judged = matches!(
            entry.gives.event,
            Some(EventType::Support | EventType::Accuse | EventType::Reject)
        );
        let recipients = if judged && self.pronoun_for_act(trigger, &recipient).is_some() {
            Vec::new()
        } else {
            recipients
        };
        // "Die Verurteilung des russischen Angriffs auf Charkiw": whom the act is done to is not who is blamed for it.
        let blames = entry.gives.event == Some(EventType::Accuse);
        let act_of = |t: &TokenIx| match noun {
            true => judged && EventType::ALL.iter().any(|&kind| self.matcher.tells(*t, kind)),
            // "Moskau verurteilte die Waffenlieferungen an Kiew"
            false => blames && self.matcher.tells(*t, EventType::Aid),
        };
        let of = match noun {
            true => self.matcher.syntax.genitives(trigger.token),
            false => self.matcher.syntax.object(trigger.token).into_iter().collect(),
        };
        let judged_act = of.into_iter().find(act_of);
        let recipients = match judged_act.map(|act| self.matcher.syntax.subtree_span(act)) {
            Some(act)
                if recipients
                    .iter()
                    .all(|p| act.contains(p.span) && p.span.start() > act.start()) =>
            {
                Vec::new()
            }
            _ => recipients,
        };
        let about = if let Some(act) = judged_act.filter(|_| recipients.is_empty()) {
            Some(About::ToldBy(self.matcher.syntax.span(act)))
        } else if recipients.is_empty() {
            let blamed = matches!(entry.gives.event, Some(EventType::Accuse | EventType::Reject));
            self.act_in_role(trigger, &recipient, blamed).or_else(|| {
                self.act_left_out(trigger, entry, &recipient)
                    .filter(|_| !actors.is_empty())
            })
        } else {
            None
        };
        self.matcher.trace.note(|| Step::Sought {
            act: self.act(trigger, entry),
            side: Side::Actor,
            places: self.matcher.places(trigger, &actor, acts, |_| true),
        });
        self.matcher.trace.note(|| Step::Sought {
            act: self.act(trigger, entry),
            side: Side::Recipient,
            places: self.matcher.places(trigger, &recipient, |_| true, |p| !taken(p)),
        });
        // "Odessa, die Russland angriff": a town suffers what a state does, whichever of the two forms the parser took for the subject.
        let verbal_violence = !noun && entry.gives.event == Some(EventType::Assault);
        let places = |parties: &[Party]| !parties.is_empty() && parties.iter().all(|p| self.is_town(p));
        let (actors, recipients) =
            if verbal_violence && places(&actors) && !recipients.is_empty() && !places(&recipients) {
                (recipients, actors)
            } else {
                (actors, recipients)
            };
        let actors = if entry.war && actors.is_empty() {
            self.attackers(trigger, &recipients)
        } else {
            actors
        };
        let told = [actors.is_empty(), recipients.is_empty()];
        let (actors, recipients) = self.fill_from_context(trigger, entry, actors, &recipient, recipients);
        for (side, was_empty, parties) in [(Side::Actor, told[0], &actors), (Side::Recipient, told[1], &recipients)] {
            if was_empty && !parties.is_empty() {
                self.lent(self.act(trigger, entry), side, Lender::TalkedOf);
            }
        }
        Parties {
            actors,
            recipients,
            about,
        }
    }

    /// Whether a party is named by a town, which stands for no government.
    fn is_town(&self, party: &Party) -> bool {
        let syntax = self.matcher.syntax;
        // "Rebellen aus dem Tschad" are people.
        let ends = |m: &Mention| {
            let last = party.span.contains(m.span) && m.span.end() == party.span.end();
            m.kind == MentionKind::Place && last && syntax.by_dep(m.head, &[Dep::Case]).next().is_none()
        };
        self.matcher.entities.mentions.iter().any(ends)
    }

    /// Who attacked the state that a war is named after, as far as the report speaks of them: *der Ukraine-Krieg*.
    fn attackers(&self, trigger: &Trigger, recipients: &[Party]) -> Vec<Party> {
        let entities = self.matcher.entities;
        let attacked = recipients
            .first()
            .and_then(|r| entities.entity(r.entity).country.as_deref());
        let Some((attacked, published)) = attacked.zip(self.matcher.syntax.parsed.doc.published) else {
            return Vec::new();
        };
        let attackers = self.knowledge.attackers(attacked, published).iter();
        let known = |key: &&str| {
            let mut all = entities.entities.iter();
            all.position(|e| match e.kind {
                EntityKind::Country => e.country.as_deref() == Some(*key),
                EntityKind::Organisation => e.org.as_deref() == Some(*key),
                _ => false,
            })
        };
        let span = self.matcher.syntax.span(trigger.token);
        let party = |ix: usize| Party {
            span,
            entity: EntityIx::from(ix),
            roles: Vec::new(),
        };
        attackers.filter_map(known).map(party).collect()
    }

    /// The state that the report is about, which is helped when nobody is named: *Nach dem Beben in Nepal schickte Indien Helfer*.
    fn helped(&self, trigger: &Trigger, entry: &Entry, doers: &[Party]) -> Option<Party> {
        let entities = self.matcher.entities;
        let syntax = self.matcher.syntax;
        let state = entities.talked_of(syntax.parsed.sentence_of(trigger.token))?;
        let other = doers.iter().all(|p| entities.key(p.entity) != entities.key(state));
        if !other {
            return None;
        }
        self.lent(self.act(trigger, entry), Side::Recipient, Lender::TalkedOf);
        Some(Party {
            span: syntax.span(trigger.token),
            entity: state,
            roles: Vec::new(),
        })
    }

    /// The government that an opposition turns against when nobody is named: *Proteste von Regierungsgegnern*.
    fn opposed(&self, trigger: &Trigger, entry: &Entry, doers: &[Party]) -> Option<Party> {
        let entities = self.matcher.entities;
        let opposes = |p: &Party| {
            let mut sectors = p.roles.iter().chain(&entities.entity(p.entity).roles);
            sectors.any(|s| *s == Sector::Opp)
        };
        let first = doers.first().filter(|_| doers.iter().all(opposes))?;
        let country = entities.entity(first.entity).country.as_deref()?;
        let state = entities
            .entities
            .iter()
            .position(|e| e.kind == EntityKind::Country && e.country.as_deref() == Some(country))?;
        self.lent(self.act(trigger, entry), Side::Recipient, Lender::TalkedOf);
        Some(Party {
            span: first.span,
            entity: EntityIx::from(state),
            roles: vec![Sector::Gov],
        })
    }

    /// The word of an act that fills a role: *die Auflösung der Kundgebung*, *verurteilte den Überfall*; of one that is `blamed`, also
    /// where a role seeks its doer and finds none: *condemned the launch*.
    fn act_in_role(&self, trigger: &Trigger, role: &Role, blamed: bool) -> Option<About> {
        let outer = || {
            if !blamed {
                return None;
            }
            let heads: Role = role.iter().filter(|p| p.len() > 1).map(|p| p[..1].to_vec()).collect();
            self.matcher.filler(trigger, &heads)
        };
        let Some(Filled::Phrase(filler)) = self.matcher.filler(trigger, role).or_else(outer) else {
            return None;
        };
        if let Some(pronoun) = self.pronoun_for_act(trigger, role) {
            return Some(About::ToldBefore(self.matcher.syntax.span(pronoun)));
        }
        let grammar = &self.matcher.syntax.grammar;
        let syntax = self.matcher.syntax;
        // "Hailed what he termed a bold move."
        if syntax.pos(filler) == Upos::Pron && syntax.by_dep(filler, &[Dep::Acl, Dep::AclRelcl]).next().is_some() {
            return Some(About::ToldBefore(syntax.span(filler)));
        }
        let points_back = |t: TokenIx| grammar.act_nouns.iter().any(|n| n == syntax.lemma(t)) && syntax.is_definite(t);
        if let Some(noun) = std::iter::once(filler)
            .chain(syntax.by_dep(filler, &[Dep::Nmod]))
            .find(|&t| points_back(t))
        {
            return Some(About::ToldBefore(syntax.span(noun)));
        }
        if grammar.said_nouns.iter().any(|n| n == syntax.lemma(filler)) && syntax.is_definite(filler) {
            return Some(About::SaidBefore(syntax.span(filler)));
        }
        let tells = |t: TokenIx| EventType::ALL.iter().any(|&kind| self.matcher.tells(t, kind));
        let act = std::iter::once(filler)
            .chain(syntax.by_dep(filler, &[Dep::Nmod]))
            .find(|&t| t != trigger.token && tells(t))?;
        Some(About::ToldBy(syntax.span(act)))
    }

    /// Whoever is pleased or dismayed, with nothing said of what at, is so at the act told before: *Aus Jerusalem kam Beifall*, *Moscow was
    /// deeply disappointed*.
    fn act_left_out(&self, trigger: &Trigger, entry: &Entry, role: &Role) -> Option<About> {
        let judges = match entry.gives.event? {
            EventType::Accuse => entry.gives.mode != Some(Mode::Investigate),
            EventType::Support => entry.gives.mode.is_none(),
            _ => false,
        };
        // What two sign with one another is no judgement of others, and "the accusations" are known ones.
        let between = entry.mutual || entry.gives.step.is_some();
        let known = trigger.class == WordClass::Noun && self.matcher.syntax.is_definite(trigger.token);
        let told = || self.matcher.filler(trigger, role).is_some();
        (judges && !between && !known && !entry.is_reference() && !told())
            .then(|| About::ToldBefore(self.matcher.syntax.span(trigger.token)))
    }

    /// The pronoun in a role that means an act told before, by a noun for acts (*der Einsatz … ihn*).
    fn pronoun_for_act(&self, trigger: &Trigger, role: &Role) -> Option<TokenIx> {
        let Some(Filled::Phrase(filler)) = self.matcher.filler(trigger, role) else {
            return None;
        };
        let syntax = self.matcher.syntax;
        let act = |t: TokenIx| syntax.grammar.act_nouns.iter().any(|n| n == syntax.lemma(t));
        let last = syntax.things_before(filler).into_iter().next_back();
        (syntax.pos(filler) == Upos::Pron && last.is_some_and(act)).then_some(filler)
    }

    fn act(&self, trigger: &Trigger, entry: &Entry) -> Act {
        Act {
            trigger: self.matcher.syntax.span(trigger.token),
            rule: RuleId(entry.id.clone()),
        }
    }

    fn dropped(&self, act: Act, why: impl FnOnce() -> Drop) {
        self.matcher.trace.note(|| Step::Dropped { act, why: why() });
    }

    fn lent(&self, act: Act, side: Side, by: Lender) {
        self.matcher.trace.note(|| Step::Lent { act, side, by });
    }

    /// Fills an empty side from what the sentence is about: *das Gesetz* is a law of the state spoken of, unnamed police that
    /// arrest people are those of the state in which they do.
    fn fill_from_context(
        &self,
        trigger: &Trigger,
        entry: &Entry,
        mut actors: Vec<Party>,
        recipient: &Role,
        mut recipients: Vec<Party>,
    ) -> (Vec<Party>, Vec<Party>) {
        let syntax = self.matcher.syntax;
        let Some(state) = self
            .matcher
            .entities
            .talked_of(syntax.parsed.sentence_of(trigger.token))
        else {
            return (actors, recipients);
        };
        let party = |span, roles: &[Sector]| Party {
            span,
            entity: state,
            roles: roles.to_vec(),
        };
        // "Krieg mit Waffenlieferungen": a thing behind a preposition of company is a means, nobody's.
        let grammar = syntax.grammar;
        let is_company = |slot: &Slot| match slot {
            Slot::Preposition(words) => words.iter().all(|w| grammar.between.contains(w)),
            _ => false,
        };
        let toward = grammar
            .toward
            .iter()
            .filter(|w| !grammar.between.contains(w))
            .cloned()
            .collect();
        let things: Role = match trigger.class {
            WordClass::Noun => recipient
                .iter()
                .filter(|path| {
                    !path
                        .iter()
                        .any(|slot| is_company(slot) || *slot == Slot::Preposition(grammar.toward.clone()))
                })
                .cloned()
                .chain([vec![Slot::Preposition(toward)]])
                .collect(),
            // "warf ihm Vertragsbruch vor": what somebody is accused of is nobody's.
            _ => {
                let accused = entry.gives.event == Some(EventType::Accuse)
                    && recipient.iter().any(|path| path.as_slice() == [Slot::Dative]);
                let said = |path: &Vec<Slot>| accused && entry.says.iter().flatten().any(|says| says == path);
                // "pledged not to build nuclear weapons": nor is what somebody promises.
                let promised = |path: &Vec<Slot>| {
                    entry.gives.event == Some(EventType::Agree) && path.first() == Some(&Slot::Clause)
                };
                let nobodys = |path: &&Vec<Slot>| said(path) || promised(path);
                recipient.iter().filter(|path| !nobodys(path)).cloned().collect()
            }
        };
        // "USA: Neue Sanktionen gegen Iran": whoever heads the headline does it; violence only happens there.
        if actors.is_empty()
            && !matches!(entry.gives.event, Some(EventType::Assault | EventType::Protest))
            && !entry.is_reference()
            && let Some((topic, _)) = self.matcher.headline_topic(trigger.token)
            && !recipients.iter().any(|r| r.entity == topic.entity)
        {
            self.lent(self.act(trigger, entry), Side::Actor, Lender::Topic);
            actors.push(topic);
        }
        if recipients.is_empty()
            && let Some(Filled::Phrase(thing)) = self.matcher.filler(trigger, &things)
            && matches!(syntax.pos(thing), Upos::Noun)
            // "Das Parlament" beside "der Ministerrat" of the EU is no thing of the state talked of.
            && self.matcher.parties_of(Filled::Phrase(thing)).iter().all(|p| self.matcher.entities.entity(p.entity).org.is_none())
            && !syntax.is_time(thing)
            && self.matcher.quantity(thing).is_none_or(|q| q.kind != QuantityKind::Percent)
            // An attack that is condemned or investigated is nobody's while nobody is known to have done it; one that is threatened
            // is meant for somebody.
            && (entry.gives.event == Some(EventType::Threaten) || !self.matcher.tells(thing, EventType::Assault))
            // A demand or an offer that is refused is that of others.
            && (entry.gives.event != Some(EventType::Reject)
                || ![EventType::Request, EventType::Agree].iter().any(|&kind| self.matcher.tells(thing, kind)))
            && !actors.iter().any(|a| a.entity == state)
        {
            recipients.push(party(syntax.phrase_span(thing), &[]));
        }
        if actors.is_empty()
            && !recipients.is_empty()
            && let Some(sector) = entry.by_state
        {
            actors.push(party(syntax.span(trigger.token), &[sector]));
        }
        let located = || self.place(trigger.token).is_some_and(|p| p.country.is_some());
        // "Bei der Parade gab es 41 Festnahmen."
        if let Some(sector) = entry.by_state
            && actors.is_empty()
            && recipients.is_empty()
            && entry.gives.event == Some(EventType::Coerce)
            && (located() || !self.quantities(trigger).is_empty())
        {
            self.lent(self.act(trigger, entry), Side::Actor, Lender::TalkedOf);
            actors.push(party(syntax.span(trigger.token), &[sector]));
        }
        if entry.implicit
            && actors.is_empty()
            && recipients.is_empty()
            && entry.gives.event == Some(EventType::Assault)
            && located()
        {
            recipients.push(party(syntax.span(trigger.token), &[]));
        }
        // An entry that switches its parties off only refers to acts told elsewhere.
        let refers = entry.roles.actor.as_ref().is_some_and(Vec::is_empty);
        if entry.gives.event == Some(EventType::Protest) && actors.is_empty() && !refers {
            actors.push(party(syntax.span(trigger.token), &[Sector::Cvl]));
        }
        (actors, recipients)
    }

    /// Where the one it is done to stands at a noun: where the entry says; at the genitive, when nouns of the entry have it
    /// there; behind the prepositions of direction; in the first part of the compound.
    fn noun_recipient(&self, entry: &Entry) -> Role {
        let given = entry.noun_roles.recipient.as_ref().or(entry.roles.recipient.as_ref());
        let mut role = Vec::new();
        if entry.genitive_is_recipient && entry.noun_roles.recipient.is_none() {
            role.push(vec![Slot::Genitive]);
        }
        // "Seine Festnahme"
        if entry.genitive_is_recipient && !given.is_some_and(Vec::is_empty) {
            role.push(vec![Slot::Possessive]);
        }
        let own = given
            .into_iter()
            .flatten()
            .filter(|path| path.as_slice() != [Slot::Object]);
        role.extend(own.cloned());
        if given.is_some_and(Vec::is_empty) {
            return role;
        }
        role.push(vec![Slot::Preposition(self.matcher.syntax.grammar.toward.clone())]);
        if given.is_none_or(|given| given.iter().any(|path| path.as_slice() == [Slot::Object])) {
            role.extend([vec![Slot::Genitive], vec![Slot::Compound]]);
        }
        role
    }

    /// Present tense with a date after the report tells a plan.
    fn future_by_date(&self, event: &mut Event, judgement: &Judgement) {
        let published = self.matcher.syntax.parsed.doc.published;
        if judgement.is_default()
            && event.status.value == Status::Actual
            && (!event.kind.is_verbal() || event.kind == EventType::Consult)
            && let (Some(from), Some(published), Some(span)) = (event.date.from, published, event.date.span)
            && from > published
        {
            event.status = Judged {
                value: Status::Planned,
                because: Evidence {
                    spans: vec![span],
                    rule: "time.future".into(),
                },
            };
        }
    }

    /// Acts among people whom nothing ties to a state, an organisation or a power of one (*die Koalitionstruppen*) are no politics;
    /// violence and protest may be, whoever suffers or does them.
    fn is_political<'p>(&self, kind: EventType, mut parties: impl Iterator<Item = &'p Party>) -> bool {
        let entities = self.matcher.entities;
        let power = |p: &Party| {
            let sectors = p.roles.iter().chain(&entities.entity(p.entity).roles);
            sectors.into_iter().any(|sector| POWERS.contains(sector))
        };
        let mut named = parties.by_ref().peekable();
        matches!(kind, EventType::Assault | EventType::Protest)
            || named.peek().is_none()
            || named.any(|p| entities.key(p.entity).is_some() || power(p))
    }

    /// The innermost claim whose content holds a word.
    fn claim_around(&self, t: TokenIx) -> Option<(usize, &'m ClaimDraft)> {
        let at = self.matcher.syntax.span(t);
        self.claims
            .iter()
            .enumerate()
            .filter(|(_, c)| c.claim.content.contains(at))
            .min_by_key(|(_, c)| c.claim.content.len())
    }

    /// The claim that tells the event: its own saying, or the innermost one whose content holds the word.
    fn attach_claim(&self, event: &mut Event, trigger: TokenIx) {
        if let Some(own) = self.claims.iter().position(|c| c.cue == trigger) {
            event.claim = Some(ClaimIx::from(own));
            return;
        }
        let Some((ix, draft)) = self.claim_around(trigger) else {
            return;
        };
        event.claim = Some(ClaimIx::from(ix));
        let because = draft.claim.stance.because.clone();
        // "The US sanctions are to blame": what a definite noun or an attribute names is taken for granted, whoever speaks of it.
        let syntax = self.matcher.syntax;
        let presupposed = syntax.is_nominal(trigger) && syntax.is_definite(trigger) || syntax.dep(trigger) == Dep::Amod;
        let by_doer = match &draft.claim.holder {
            Holder::Party(holder) => event.actors.iter().any(|a| a.entity == holder.entity),
            _ => false,
        };
        let certainty = match draft.claim.stance.value {
            Stance::Confirm => Certainty::Confirmed,
            Stance::Deny => Certainty::Disputed,
            _ if by_doer || presupposed => return,
            _ => Certainty::Alleged,
        };
        if event.certainty.value == Certainty::Asserted {
            event.certainty = Judged {
                value: certainty,
                because,
            };
        }
    }

    /// Who denies an accusation is the one it is made against (*Teheran wies die Vorwürfe zurück*).
    fn accuse_denier(&self, event: &mut Event, trigger: TokenIx) {
        if event.kind == EventType::Accuse
            && event.recipients.is_empty()
            && let Some((_, around)) = self.claim_around(trigger)
            && around.claim.stance.value == Stance::Deny
            && let Holder::Party(holder) = &around.claim.holder
            && !event.actors.iter().any(|a| self.same_side(a, holder))
        {
            event.recipients.push(holder.clone());
            self.lent(Act::of(event), Side::Recipient, Lender::Speaker);
        }
    }

    /// A speech act told in somebody's words without a doer is the speaker's (*„Unser Mitgefühl gilt den Opfern“*), and so is what *man* has
    /// done, or *we* (*man habe die Truppen abgezogen, teilte das Ministerium mit*).
    fn speak_for_oneself(&self, event: &mut Event, trigger: TokenIx) {
        let syntax = self.matcher.syntax;
        let first_person =
            |t: TokenIx| syntax.pos(t) == Upos::Pron && syntax.parsed.token(t).morph.person == Some(Person::First);
        let anybody = |t: &TokenIx| first_person(*t) || syntax.grammar.anybody.iter().any(|w| w == syntax.lemma(*t));
        // "Der Angriff verletze das Völkerrecht": what does it is told, though it is nobody. Those whom it is said of do not do it.
        let subjects = syntax.subject(trigger);
        let meant = |s: &TokenIx| event.recipients.iter().any(|r| r.span.overlaps(syntax.span(*s)));
        let does = |s: &TokenIx| syntax.is_nominal(*s) && !meant(s);
        let blames = event.kind == EventType::Accuse;
        let thing = !blames && !syntax.is_nominal(trigger) && subjects.iter().any(does);
        if event.actors.is_empty()
            && (event.kind.is_verbal() && !thing || subjects.iter().any(anybody))
            && event.mode != Some(Mode::Investigate)
            && let Some(claim) = event.claim
            && let Holder::Party(holder) = &self.claims[claim.ix()].claim.holder
            && !event.recipients.iter().any(|r| r.entity == holder.entity)
        {
            event.actors.push(holder.clone());
            self.lent(Act::of(event), Side::Actor, Lender::Speaker);
        }
    }

    /// When the act takes place: the time expression nearest in the tree, the day of publication where there is none.
    pub(crate) fn date(&self, trigger: TokenIx) -> When {
        let parsed = self.matcher.syntax.parsed;
        let sentence = self.matcher.syntax.sentence(trigger);
        let usable = |t: &&Time| sentence.span.contains(t.span) && matches!(t.kind, TimeKind::Date | TimeKind::Time);
        let nearest = parsed
            .times
            .iter()
            .filter(usable)
            .filter(|t| !self.dates_another(trigger, t))
            .min_by_key(|t| (self.tree_distance(trigger, t.span), t.span));
        match nearest {
            Some(time) => When {
                from: time.from,
                to: time.to,
                span: Some(time.span),
                implicit: false,
            },
            None => When {
                from: parsed.doc.published,
                to: parsed.doc.published,
                span: None,
                implicit: true,
            },
        }
    }

    /// The word in the sentence of `near` that heads a stretch of text.
    fn head_of(&self, near: TokenIx, span: Span) -> Option<TokenIx> {
        let syntax = self.matcher.syntax;
        let inside = |t: TokenIx| span.contains(syntax.span(t));
        let words = syntax.sentence(near).tokens.clone().map(TokenIx);
        words
            .into_iter()
            .find(|&t| inside(t) && syntax.head(t).is_none_or(|h| !inside(h)))
    }

    /// Whether a time expression is said of another noun than the one that tells the act: *demonstrierten gegen das Ergebnis der Wahl vom 12.
    /// Juni*, *die Volkszählung 2011*, *im Vergleich zum Vorjahr*. Times with other prepositions hang on nouns that they do not date too
    /// often.
    fn dates_another(&self, trigger: TokenIx, time: &Time) -> bool {
        let syntax = self.matcher.syntax;
        let grammar = syntax.grammar;
        let Some(head) = self.head_of(trigger, time.span) else {
            return false;
        };
        // "Die Abdankung des Schahs und der Umsturz 1979" took place together.
        let another = |n: &TokenIx| {
            syntax.is_nominal(*n) && *n != trigger && syntax.first_conjunct(*n) != syntax.first_conjunct(trigger)
        };
        if self.act_long_ago(trigger, time).is_some_and(|act| another(&act)) || self.in_other_clause(trigger, head) {
            return true;
        }
        let Some(noun) = syntax.head(head).filter(another) else {
            return false;
        };
        let case = syntax.by_dep(head, &[Dep::Case]).next().map(|c| syntax.lemma(c));
        let of = case.is_some_and(|c| grammar.of.iter().any(|p| p == c));
        let bare = case.is_none() && noun.0 + 1 == head.0 && syntax.dep(head) != Dep::Conj;
        let compared = grammar.comparison.iter().any(|n| n == syntax.lemma(noun));
        of || bare || compared
    }

    /// Whether a time stands in a relative clause or a condition that does not tell the act: *gab den Orden zurück, der ihm **2004** verliehen worden war*.
    fn in_other_clause(&self, trigger: TokenIx, time: TokenIx) -> bool {
        let syntax = self.matcher.syntax;
        let mut above = std::iter::successors(Some(time), |&t| syntax.head(t));
        let own = |t: TokenIx| syntax.is_below(trigger, t);
        above.by_ref().take_while(|&t| !own(t)).any(|t| {
            let relative = matches!(syntax.dep(t), Dep::Acl | Dep::AclRelcl) && syntax.finite(t).is_some();
            let condition = || {
                let possible = |m: TokenIx| {
                    let mut cues = self.matcher.rules.cues(CueUse::Conjunction, syntax.lemma(m));
                    cues.any(|cue| cue.status == Some(Status::Possible))
                };
                syntax.by_dep(t, &[Dep::Mark]).any(possible)
            };
            relative || syntax.dep(t) == Dep::Advcl && condition()
        })
    }

    /// The act right before a time that lies more than a year back, be it told by the verb or not: *Gedenken an die Opfer der Anschläge am
    /// 11. September 2001*. It is that of the act.
    fn act_long_ago(&self, near: TokenIx, time: &Time) -> Option<TokenIx> {
        let syntax = self.matcher.syntax;
        let day = syntax.parsed.doc.published?;
        if day.year() - time.to.or(time.from)?.year() <= 1 {
            return None;
        }
        let sentence = syntax.sentence(near).tokens.clone();
        let before = sentence
            .map(TokenIx)
            .take_while(|&t| syntax.span(t).start() < time.span.start());
        let noun = before
            .filter(|&t| !matches!(syntax.pos(t), Upos::Adp | Upos::Det))
            .last()?;
        let tells = |t: TokenIx| EventType::ALL.iter().any(|&kind| self.matcher.tells(t, kind));
        (syntax.is_nominal(noun) && tells(noun)).then_some(noun)
    }

    /// Steps in the tree between the word and the head of a stretch of text.
    fn tree_distance(&self, from: TokenIx, span: Span) -> usize {
        let syntax = self.matcher.syntax;
        let Some(head) = self.head_of(from, span) else {
            return usize::MAX;
        };
        let up = |t: TokenIx| std::iter::successors(Some(t), |&x| syntax.head(x)).collect::<Vec<_>>();
        let (a, b) = (up(from), up(head));
        a.iter()
            .enumerate()
            .find_map(|(i, x)| b.iter().position(|y| y == x).map(|j| i + j))
            .unwrap_or(usize::MAX)
    }

    /// Where the act takes place: the place nearest in the tree, in its sentence.
    fn place(&self, trigger: TokenIx) -> Option<Place> {
        let syntax = self.matcher.syntax;
        syntax
            .sentence(trigger)
            .tokens
            .clone()
            .map(TokenIx)
            .filter(|&t| syntax.by_dep(t, &[Dep::Case]).next().is_some())
            .filter_map(|t| {
                Some((
                    self.tree_distance(trigger, syntax.span(t)),
                    t,
                    self.matcher.entities.place_at(t)?,
                ))
            })
            .min_by_key(|(distance, t, _)| (*distance, *t))
            .map(|(_, _, place)| place.clone())
    }

    /// Amounts at the words of the event: its arguments and what hangs on its own word.
    fn quantities(&self, trigger: &Trigger) -> Vec<Quantity> {
        let t = trigger.token;
        let syntax = self.matcher.syntax;
        let mut found: Vec<&Quantity> = Vec::new();
        let arguments = syntax.children(t).iter().copied().filter(|&c| {
            matches!(
                syntax.dep(c),
                Dep::Obj | Dep::Nsubj | Dep::NsubjPass | Dep::Obl | Dep::OblArg | Dep::Nmod | Dep::Nummod | Dep::Iobj
            )
        });
        let filled = [Slot::Subject, Slot::Object]
            .into_iter()
            .filter_map(|slot| self.matcher.filler(trigger, &vec![vec![slot]]).map(Filled::token));
        for word in std::iter::once(t).chain(arguments).chain(filled) {
            if let Some(quantity) = self.matcher.quantity(word)
                && !found.iter().any(|f| f.span == quantity.span)
            {
                found.push(quantity);
            }
        }
        found.into_iter().cloned().collect()
    }
}

/// The rulings on future acts (codebook 2.1, rule 1 and 6): a promise of help is AGREE, of withdrawal CONCEDE, a hostile
/// act announced by its doer THREATEN, each with the act as content.
fn compose(event: &mut Event, judgement: &Judgement, claims: &[ClaimDraft], entities: &Entities) {
    if refuses(event, judgement) {
        event.content = event.content.or(Some(event.kind));
        event.kind = EventType::Reject;
        event.mode = None;
        event.status.value = Status::Actual;
        event.cameo = "".into();
        return;
    }
    if event.status.value != Status::Planned || event.content.is_some() {
        return;
    }
    let holder = event.claim.map(|c| &claims[c.ix()].claim);
    let announced_by_doer = holder.is_some_and(|claim: &Claim| match &claim.holder {
        // A spokesman announces what his side will do.
        Holder::Party(holder) => event
            .actors
            .iter()
            .any(|a| a.entity == holder.entity || entities.key(a.entity) == entities.key(holder.entity)),
        _ => false,
    });
    // Who will resign gives way in deeds all the same (codebook, 6).
    let resigns = event.mode == Some(Mode::Resign);
    let Some(kind) = when_planned(event.kind).filter(|_| !resigns) else {
        return;
    };
    if kind == EventType::Threaten && (!announced_by_doer || event.recipients.is_empty()) {
        return;
    }
    event.content = Some(event.kind);
    event.mode = threat_mode(event.kind, event.mode).filter(|_| kind == EventType::Threaten);
    event.kind = kind;
    // The code of the act itself would tell it as done.
    event.cameo = "".into();
}

/// What one will not do for others is refused (*will nicht verhandeln, werde keine Waffen liefern*; codebook 2.1, rule 8).
fn refuses(event: &Event, judgement: &Judgement) -> bool {
    let cooperative = matches!(event.kind.quad(), Quad::VerbalCooperation | Quad::MaterialCooperation);
    cooperative && !event.actors.is_empty() && judgement.is_unwilling()
}

/// The type that an act of this type has while it is only announced by its doer.
pub(crate) fn when_planned(kind: EventType) -> Option<EventType> {
    match kind {
        EventType::Aid | EventType::Cooperate | EventType::Support | EventType::Consult => Some(EventType::Agree),
        EventType::Retreat => Some(EventType::Concede),
        EventType::Assault | EventType::Sanction | EventType::Coerce | EventType::Mobilize => Some(EventType::Threaten),
        _ => None,
    }
}

/// Gives events without a mode the one that follows from what they are about; last, since it says nothing of which mentions tell
/// one act.
pub(crate) fn settle_modes(events: &mut [Event]) {
    for event in events.iter_mut().filter(|e| e.mode.is_none()) {
        event.mode = mode_by_content(event.kind, event.content);
        if event.mode.is_some() {
            if *event.cameo == *ontology::default_cameo(event.kind, None) {
                event.cameo = "".into();
            }
            score(event);
        }
    }
}

/// The mode of asking and refusing by what is asked or refused: help, talks, giving way, or else a change of policy.
fn mode_by_content(kind: EventType, content: Option<EventType>) -> Option<Mode> {
    match (kind, content) {
        (EventType::Request | EventType::Reject, Some(EventType::Aid)) => Some(Mode::Assist),
        (EventType::Request | EventType::Reject, Some(EventType::Consult)) => Some(Mode::Meet),
        (EventType::Request | EventType::Reject, Some(EventType::Retreat)) => Some(Mode::Yield),
        (EventType::Reject, Some(EventType::Concede)) => Some(Mode::Yield),
        (EventType::Request | EventType::Reject, _) => Some(Mode::Change),
        (EventType::Threaten, Some(act)) => threat_mode(act, None),
        _ => None,
    }
}

fn threat_mode(kind: EventType, mode: Option<Mode>) -> Option<Mode> {
    match (kind, mode) {
        (EventType::Assault, _) => Some(Mode::Violence),
        (EventType::Sanction, Some(Mode::Expel)) => Some(Mode::Expel),
        (EventType::Sanction, _) => Some(Mode::Relations),
        (EventType::Coerce, Some(Mode::Arrest)) => Some(Mode::Arrest),
        (EventType::Coerce, _) => Some(Mode::Restrict),
        _ => None,
    }
}

/// Fills in the numbers of the ontologies.
fn score(event: &mut Event) {
    if event.cameo.is_empty() {
        event.cameo = Arc::from(ontology::default_cameo(event.kind, event.mode));
    }
    event.goldstein = ontology::goldstein(&event.cameo);
    event.plover_score = ontology::plover_score(event.kind, event.mode);
}
