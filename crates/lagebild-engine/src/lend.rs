//! What acts of a report lend one another: the parties that one tells and another leaves out.

use crate::events::About;
use crate::sides::{Side, key};
use crate::trace::{Act, Lender, Side as Half, Step, Trace};
use lagebild_core::codebook::{Context, EventType, Mode, Quad};
use lagebild_core::{Entity, EntityKind, Event, Party, Span};
use std::collections::HashSet;

/// An act that is done about another one is done to its doers: *lehnte die Forderung ab*, *die Niederschlagung der Proteste*.
pub(crate) fn aim(merged: &mut [Event], outer: Span, about: About, trace: Trace<'_>) {
    let telling =
        |events: &[Event], word: Span| events.iter().position(|e| e.mentions.iter().any(|m| m.trigger == word));
    let Some(outer) = telling(merged, outer) else { return };
    let act = match about {
        About::ToldBy(word) => telling(merged, word),
        About::ToldBefore(word) => told_before(merged, word, outer, false),
        About::SaidBefore(word) => told_before(merged, word, outer, true),
    };
    let Some(act) = act else { return };
    if outer == act || merged[outer].mentions.len() > 1 && !merged[outer].recipients.is_empty() {
        return;
    }
    let own = |p: &Party| merged[outer].actors.iter().any(|a| a.entity == p.entity);
    let doers: Vec<Party> = merged[act].actors.iter().filter(|p| !own(p)).cloned().collect();
    if !doers.is_empty() {
        merged[outer].recipients = doers;
        trace.note(|| Step::Lent {
            act: Act::of(&merged[outer]),
            side: Half::Recipient,
            by: Lender::DoersOf(Act::of(&merged[act])),
        });
    }
}

/// The last deed of others told before a word, some three sentences back at the most, or else what they last said; where `said`, the other way
/// round.
fn told_before(merged: &[Event], word: Span, outer: usize, said: bool) -> Option<usize> {
    let own = |p: &Party| merged[outer].actors.iter().any(|a| a.entity == p.entity);
    merged
        .iter()
        .enumerate()
        .filter(|(i, e)| *i != outer && !e.actors.is_empty() && !e.actors.iter().any(own))
        .flat_map(|(i, e)| {
            e.mentions
                .iter()
                .map(move |m| (e.kind.is_verbal() == said, m.trigger.end(), i))
        })
        .filter(|(_, end, _)| *end <= word.start() && word.start() - end <= REACH_BACK)
        .max()
        .map(|(_, _, i)| i)
}

/// Fills an empty side from the nearest act of the same type that shares the other: *Dabei wurden Demonstranten verhaftet*
/// after *Die Polizei löste die Versammlung auf*.
pub(crate) fn inherit(
    merged: &mut [Event],
    entities: &[Entity],
    attributes: &HashSet<Span>,
    mutual: &HashSet<Span>,
    trace: Trace<'_>,
) {
    for i in 0..merged.len() {
        let event = &merged[i];
        if event.actors.is_empty() == event.recipients.is_empty() {
            continue;
        }
        // What two agree upon with one another has no recipient.
        if event.actors.len() > 1 && event.mentions.iter().any(|m| mutual.contains(&m.trigger)) {
            continue;
        }
        let in_passing = event.mentions.iter().all(|m| attributes.contains(&m.trigger));
        let suffers = Side::recipients(event, entities);
        let at = event.mentions[0].trigger.start();
        let donor = merged
            .iter()
            .enumerate()
            .filter(|(j, other)| *j != i && same_kind(other, event) && !other.actors.is_empty())
            .filter(|(_, other)| !event.actors.is_empty() || same_blame(other, event))
            // Those who fight one another have not done what is told beside it.
            .filter(|(_, other)| !(event.actors.is_empty() && other.actors.len() > 1 && other.recipients.is_empty()))
            .filter(|(_, other)| {
                let doers = Side::actors(other, entities);
                if event.actors.is_empty() {
                    doers.shared(&event.recipients) == 0 && (!in_passing || suffers.shared(&other.recipients) > 0)
                } else {
                    !other.recipients.is_empty() && doers.shared(&event.actors) > 0
                }
            })
            .map(|(_, other)| (distance(other, at), other))
            .filter(|(away, _)| *away <= INHERITANCE)
            .min_by_key(|(away, _)| *away)
            .map(|(_, other)| (other.actors.clone(), other.recipients.clone(), Act::of(other)));
        if let Some((actors, recipients, lender)) = donor {
            let side = if merged[i].actors.is_empty() {
                merged[i].actors = actors;
                Half::Actor
            } else {
                merged[i].recipients = recipients;
                Half::Recipient
            };
            trace.note(|| Step::Lent {
                act: Act::of(&merged[i]),
                side,
                by: Lender::Neighbour(lender),
            });
        }
    }
}

/// Who releases or hands over somebody, where no doer is told, is whoever seized him: *Die türkische Polizei nahm den Journalisten fest. Nach
/// drei Tagen wurde er freigelassen*, *He was extradited to Chile*.
pub(crate) fn let_go(merged: &mut [Event], entities: &[Entity], trace: Trace<'_>) {
    for i in 0..merged.len() {
        let event = &merged[i];
        let released = event.mode == Some(Mode::Release);
        let helps = event.kind == EventType::Cooperate || event.content == Some(EventType::Cooperate);
        let handed_over = helps && event.contexts.contains(&Context::Legal);
        if !event.actors.is_empty() || event.recipients.is_empty() || !(released || handed_over) {
            continue;
        }
        let is_seizure = |e: &Event| {
            let doers = Side::actors(e, entities);
            let seized = Side::recipients(e, entities);
            // Nobody is extradited to whoever holds him.
            let others = doers.shared(&event.recipients) == 0;
            let same = handed_over || seized.shared(&event.recipients) > 0;
            e.kind == EventType::Coerce && !e.actors.is_empty() && others && same
        };
        let Some(seizure) = just_before(merged, i, is_seizure) else {
            continue;
        };
        merged[i].actors = merged[seizure].actors.clone();
        trace.note(|| Step::Lent {
            act: Act::of(&merged[i]),
            side: Half::Actor,
            by: Lender::Neighbour(Act::of(&merged[seizure])),
        });
    }
}

/// An act of somebody against nobody named, and whom it may be meant for.
struct Open<'a> {
    merged: &'a [Event],
    entities: &'a [Entity],
    /// Which of them.
    of: usize,
    event: &'a Event,
    /// For whom its doers act.
    own: Vec<Option<&'a str>>,
}

/// Those whom an act names that another one leaves out, and which act that is.
type Loan = (usize, Vec<Party>);

/// Finds whom what somebody does to nobody named is meant for, in the acts told just before.
pub(crate) fn fill_recipients(merged: &mut [Event], entities: &[Entity], trace: Trace<'_>) {
    for i in 0..merged.len() {
        let event = &merged[i];
        if event.actors.is_empty() || !event.recipients.is_empty() {
            continue;
        }
        let open = Open {
            merged,
            entities,
            of: i,
            event,
            own: event.actors.iter().map(|p| key(p, entities)).collect(),
        };
        let loan = open
            .reply()
            .or_else(|| open.undo())
            .or_else(|| open.go_on())
            .or_else(|| open.join_in());
        let Some((act, parties)) = loan else { continue };
        merged[i].recipients = parties;
        trace.note(|| Step::Lent {
            act: Act::of(&merged[i]),
            side: Half::Recipient,
            by: Lender::Neighbour(Act::of(&merged[act])),
        });
    }
}

impl Open<'_> {
    fn is_own(&self, party: &Party) -> bool {
        self.own.contains(&key(party, self.entities))
    }

    /// Somebody else who acts for a state or organisation.
    fn is_other(&self, party: &Party) -> bool {
        key(party, self.entities).is_some() && !self.is_own(party)
    }

    /// What somebody refuses, threatens or blames nobody named for is meant for whoever did something to him just before: *Teheran bot
    /// Riad Gespräche an. Riad lehnte ab*; so is what he asks to be taken back (*forderte die Freilassung*).
    fn reply(&self) -> Option<Loan> {
        use EventType as E;
        let answers = match self.event.kind {
            E::Reject | E::Accuse | E::Threaten | E::Sanction => true,
            E::Request => matches!(self.event.content, Some(E::Retreat | E::Concede)),
            _ => false,
        };
        if !answers {
            return None;
        }
        let others = |e: &Event| !e.actors.is_empty() && !e.actors.iter().any(|p| self.is_own(p));
        let suffered = |e: &Event| others(e) && e.recipients.iter().any(|p| self.is_own(p));
        // Asked of nobody else: *Kenia verlangt die Auslieferung eines Generals. Rabat verweigert sie*.
        let asked = |e: &Event| {
            let own = |p: &Party| e.actors.iter().any(|a| key(a, self.entities) == key(p, self.entities));
            let refusable = self.event.kind == E::Reject && matches!(e.kind, E::Request | E::Agree);
            refusable && others(e) && e.recipients.iter().all(own)
        };
        let act = self.just_before(suffered).or_else(|| self.just_before(asked))?;
        Some((act, self.merged[act].actors.clone()))
    }

    /// What is taken back is taken back from whom it was done to: *Indien hatte Sanktionen gegen Iran verhängt. Nun hob es sie auf*.
    fn undo(&self) -> Option<Loan> {
        use EventType as E;
        let undone: &[E] = match (self.event.kind, self.event.mode) {
            (E::Concede, _) => &[E::Sanction, E::Coerce],
            (E::Retreat, Some(Mode::Withdraw)) => &[E::Assault, E::Coerce, E::Mobilize],
            (E::Retreat, Some(Mode::Release)) => &[E::Coerce, E::Assault],
            _ => return None,
        };
        let taken_back = |e: &Event| {
            let by_same = e.actors.iter().any(|p| self.is_own(p));
            undone.contains(&e.kind) && by_same && e.recipients.iter().any(|p| self.is_other(p))
        };
        let act = self.just_before(taken_back)?;
        Some((act, self.merged[act].recipients.clone()))
    }

    /// What somebody goes on to do is done to whom he did the like before: *Peru hat Chile kritisiert. Zugleich drohte die Regierung mit
    /// Sanktionen*.
    fn go_on(&self) -> Option<Loan> {
        use EventType as E;
        if !matches!(self.event.kind, E::Threaten | E::Sanction | E::Aid) {
            return None;
        }
        let hostile = |e: &Event| matches!(e.kind.quad(), Quad::VerbalConflict | Quad::MaterialConflict);
        let alike = |e: &Event| {
            let by_same = !e.actors.is_empty() && e.actors.iter().all(|p| self.is_own(p));
            let to_others = !e.recipients.is_empty() && e.recipients.iter().all(|p| self.is_other(p));
            hostile(e) == hostile(self.event) && by_same && to_others
        };
        let act = self.just_before(alike)?;
        Some((act, self.merged[act].recipients.clone()))
    }

    /// Who signs, ratifies or leaves what several have agreed upon does so with the others: *Chile und Peru handelten ein Abkommen aus.
    /// Chiles Parlament hat es ratifiziert*.
    fn join_in(&self) -> Option<Loan> {
        use EventType as E;
        let signs = self.event.kind == E::Support && self.event.cameo.starts_with(SIGN);
        let alone = self.own.iter().all(|k| k.is_some() && *k == self.own[0]);
        if !(signs || self.event.kind == E::Sanction) || !alone {
            return None;
        }
        let parties = |e: &Event| e.actors.iter().chain(&e.recipients).cloned().collect::<Vec<_>>();
        let agreed = |e: &Event| {
            let all = parties(e);
            let together = matches!(e.kind, E::Agree | E::Consult | E::Support);
            together && all.iter().any(|p| self.is_own(p)) && all.iter().any(|p| self.is_other(p))
        };
        let act = self.just_before(agreed)?;
        let others = parties(&self.merged[act]).into_iter().filter(|p| self.is_other(p));
        Some((act, others.collect()))
    }

    fn just_before(&self, such: impl Fn(&Event) -> bool) -> Option<usize> {
        just_before(self.merged, self.of, such)
    }
}

/// The last of the acts told a few sentences before act `of` that is such a one.
fn just_before(merged: &[Event], of: usize, such: impl Fn(&Event) -> bool) -> Option<usize> {
    let at = merged[of].mentions[0].trigger.start();
    let told = |e: &Event| {
        let before = e.mentions.iter().map(|m| m.trigger.start()).filter(|&start| start < at);
        before.max().filter(|start| at - start <= REACH_BACK)
    };
    let acts = merged.iter().enumerate().filter(|(j, e)| *j != of && such(e));
    let last = acts.filter_map(|(j, e)| Some((told(e)?, j))).max();
    last.map(|(_, j)| j)
}

/// CAMEO code of signing an agreement.
const SIGN: &str = "057";

/// In a report on two states or bodies, what one of them does against nobody named is meant for the other (*Moskau stoppte das
/// Pipelineprojekt*), and sanctions against one are the other's.
pub(crate) fn face_each_other(merged: &mut [Event], entities: &[Entity], trace: Trace<'_>) {
    let Some(sides) = two_sides(merged, entities) else {
        return;
    };
    for event in merged.iter_mut() {
        use EventType as E;
        let toward = matches!(
            event.kind,
            E::Sanction | E::Concede | E::Reject | E::Accuse | E::Request | E::Threaten
        );
        let (told, half) = match (event.actors.is_empty(), event.recipients.is_empty()) {
            (false, true) if toward => (&event.actors, Half::Recipient),
            (true, false) if event.kind == E::Sanction && event.mode != Some(Mode::Convict) => {
                (&event.recipients, Half::Actor)
            }
            _ => continue,
        };
        let all_of = |side: &Party| told.iter().all(|p| key(p, entities) == key(side, entities));
        let other = match &sides {
            [a, b] if all_of(a) => b,
            [a, b] if all_of(b) => a,
            _ => continue,
        };
        let party = Party {
            span: event.mentions[0].trigger,
            entity: other.entity,
            roles: Vec::new(),
        };
        match half {
            Half::Actor => event.actors.push(party),
            Half::Recipient => event.recipients.push(party),
        }
        trace.note(|| Step::Lent {
            act: Act::of(event),
            side: half,
            by: Lender::TalkedOf,
        });
    }
}

/// The two states or bodies that nearly all parties of a report act for, the state itself rather than somebody in it.
fn two_sides(events: &[Event], entities: &[Entity]) -> Option<[Party; 2]> {
    let mut sides: Vec<(&Party, usize)> = Vec::new();
    let parties = events.iter().flat_map(|e| e.actors.iter().chain(&e.recipients));
    for party in parties.filter(|p| key(p, entities).is_some()) {
        match sides
            .iter_mut()
            .find(|(known, _)| key(known, entities) == key(party, entities))
        {
            Some((known, n)) => {
                *n += 1;
                if entities[party.entity.ix()].kind == EntityKind::Country {
                    *known = party;
                }
            }
            None => sides.push((party, 1)),
        }
    }
    let all: usize = sides.iter().map(|(_, n)| n).sum();
    // The sort is stable: of equals the one named first.
    sides.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let &[(first, n), (second, m), ..] = sides.as_slice() else {
        return None;
    };
    let both = all >= FEW_PARTIES && 4 * m >= all && 5 * (n + m) >= 4 * all;
    both.then(|| [first.clone(), second.clone()])
}

/// Fewer parties than this do not tell whom a report is about.
const FEW_PARTIES: usize = 6;

/// Bytes within which *diese Maßnahme* points back: some three sentences.
const REACH_BACK: usize = 600;

/// Bytes within which an act lends its parties to another: some three sentences.
const INHERITANCE: usize = 2_500;

/// Bytes between a place in the text and the nearest mention of an act; those after it count double.
pub(crate) fn distance(known: &Event, at: usize) -> usize {
    let away = |told: usize| if told <= at { at - told } else { (told - at) * 2 };
    known
        .mentions
        .iter()
        .map(|m| away(m.trigger.start()))
        .min()
        .unwrap_or(usize::MAX)
}

/// Whoever criticises somebody has not charged him: *Die EU kritisierte den Prozess. Die Anklage lautet auf Betrug*.
fn same_blame(a: &Event, b: &Event) -> bool {
    let charge = |e: &Event| matches!(e.mode, Some(Mode::Allege | Mode::Investigate));
    a.kind != EventType::Accuse || charge(a) == charge(b)
}

/// Whether two acts are of one type and content, as far as these are told.
pub(crate) fn same_kind(a: &Event, b: &Event) -> bool {
    a.kind == b.kind && (a.content == b.content || a.content.is_none() || b.content.is_none())
}
