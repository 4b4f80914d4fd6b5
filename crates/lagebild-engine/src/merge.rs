//! Joins the mentions of one act (codebook, 1): headline, lead, body, and the later "der Angriff", "die Entscheidung".
//!
//! Mentions are compared by type, parties and date. A mention that names no party is a reference to an act told
//! elsewhere: it joins the nearest one of its type, and counts for nothing when there is none.

use crate::events::{About, EventDraft};
use crate::trace::{Act, Drop, Lender, Side as Half, Step, Trace};
use lagebild_core::codebook::{Certainty, EventType, Mode, Quad, Sector, Status};
use lagebild_core::{ClaimIx, Entity, EntityKind, Event, Judged, Party, Span};
use std::collections::HashSet;

/// Who takes part on one side of an act.
struct Side<'e> {
    parties: &'e [Party],
    entities: &'e [Entity],
}

impl Side<'_> {
    /// Whether two parties can be the same: the same entity, or bodies and groups of one state or organisation whose
    /// sectors do not differ.
    fn same(&self, a: &Party, b: &Party) -> bool {
        if a.entity == b.entity {
            return true;
        }
        let (x, y) = (&self.entities[a.entity.ix()], &self.entities[b.entity.ix()]);
        let key = |e: &Entity| e.org.clone().or_else(|| e.country.clone());
        let sectors = |p: &Party, e: &Entity| {
            if p.roles.is_empty() {
                e.roles.clone()
            } else {
                p.roles.clone()
            }
        };
        // A state is its army too.
        let state = x.kind == EntityKind::Country || y.kind == EntityKind::Country;
        let acts = |s: &[Sector]| s.iter().all(|r| matches!(r, Sector::Gov | Sector::Mil));
        let apart = |s: &[Sector], t: &[Sector]| {
            let one = s.is_empty() || t.is_empty() || s.iter().any(|r| t.contains(r));
            !(one || state && acts(s) && acts(t))
        };
        // Two people or named bodies of one state are two.
        let named = |e: &Entity| matches!(e.kind, EntityKind::Person | EntityKind::Organisation);
        !(named(x) && named(y)) && key(x).is_some() && key(x) == key(y) && !apart(&sectors(a, x), &sectors(b, y))
    }

    /// How many of `others` are among these.
    fn shared(&self, others: &[Party]) -> usize {
        others
            .iter()
            .filter(|o| self.parties.iter().any(|p| self.same(p, o)))
            .count()
    }

    /// Whether one side is a part of the other. (Somebody in common is not enough: acts would grow from mention to mention.)
    fn compatible(&self, others: &[Party]) -> bool {
        let fewer = self.parties.len().min(others.len());
        self.shared(others) >= fewer
    }
}

/// The words that have told an act so far.
struct Words {
    lemmas: Vec<Box<str>>,
    /// Whether a verb has told it, not only nouns that may name it before it is done.
    by_verb: bool,
}

impl Words {
    fn of(draft: &EventDraft) -> Self {
        Self {
            lemmas: vec![draft.lemma.clone()],
            by_verb: draft.by_verb,
        }
    }

    /// Whether the words allow two mentions to be one act. What is planned and what is done are one only where a noun names it; so are
    /// demands, promises and the like of which one tells its content and the other does not, unless their words are the same. Verbs of
    /// two sentences that tell different kinds of act in CAMEO's three digits (a visit and a phone call) tell two.
    fn allow(&self, known: &Event, own: &Self, event: &Event) -> bool {
        let by_verbs = self.by_verb && own.by_verb && !self.shared(own);
        let of_a_kind = || {
            let kind = |e: &Event| e.cameo.get(..3).map(str::to_owned);
            known.rule == event.rule || kind(known) == kind(event) || share_sentence(known, event)
        };
        if by_verbs && (known.content != event.content || !of_a_kind() || is_long_before(event, known)) {
            return false;
        }
        let real = |e: &Event| e.status.value == Status::Actual;
        match (real(known), real(event)) {
            (true, false) => !self.by_verb,
            (false, true) => !own.by_verb,
            _ => true,
        }
    }

    fn shared(&self, own: &Self) -> bool {
        self.lemmas.iter().any(|l| own.lemmas.contains(l))
    }

    /// Whether the noun is one of those that have told an act, or the last part of one (*der Angriff* after *ein Luftangriff*).
    fn name(&self, own: &Self) -> bool {
        let ends = |long: &str, short: &str| long.ends_with(short);
        let alike = |a: &str, b: &str| ends(a, b) || ends(b, a);
        self.lemmas.iter().any(|l| own.lemmas.iter().any(|o| alike(l, o)))
    }

    fn extend(&mut self, own: Self) {
        self.lemmas.extend(own.lemmas);
        self.by_verb |= own.by_verb;
    }
}

/// Merges the events of a document; the result is in order of first mention.
pub(crate) fn merge(drafts: Vec<EventDraft>, entities: &[Entity], trace: Trace<'_>) -> Vec<Event> {
    let abouts: Vec<(Span, About)> = drafts
        .iter()
        .filter_map(|d| Some((d.event.mentions[0].trigger, d.about?)))
        .collect();
    let mutual: HashSet<Span> = drafts
        .iter()
        .filter(|d| d.mutual)
        .map(|d| d.event.mentions[0].trigger)
        .collect();
    // What is told in passing of somebody may have been done by anybody, unless his like suffered it.
    let attributes: HashSet<Span> = drafts
        .iter()
        .filter(|d| d.attribute)
        .map(|d| d.event.mentions[0].trigger)
        .collect();
    let (told, references): (Vec<_>, Vec<_>) = drafts
        .into_iter()
        .partition(|d| !d.event.actors.is_empty() || !d.event.recipients.is_empty());
    let mut merged: Vec<Event> = Vec::new();
    // Words that tell each act, and whether one of them is a verb.
    let mut words: Vec<Words> = Vec::new();
    for draft in told {
        let own = Words::of(&draft);
        let mut event = draft.event;
        let back = if draft.definite {
            (0..merged.len())
                .filter(|&i| words[i].name(&own) && is_meant(&merged[i], &event, entities))
                .max_by_key(|&i| last_told(&merged[i]))
        } else {
            None
        };
        if let Some(i) = back {
            event.actors.clear();
            if !merged[i].recipients.is_empty() {
                event.recipients.clear();
            }
        }
        let known = back.or_else(|| {
            (0..merged.len())
                .filter(|&i| is_same_act(&merged[i], &event, entities) && words[i].allow(&merged[i], &own, &event))
                .max_by_key(|&i| (words[i].shared(&own), i))
        });
        match known {
            Some(i) => {
                joined(trace, &event, &merged[i]);
                words[i].extend(own);
                absorb(&mut merged[i], event);
            }
            None => {
                merged.push(event);
                words.push(own);
            }
        }
    }
    for reference in references {
        refer(&mut merged, reference, entities, trace);
    }
    inherit(&mut merged, entities, &attributes, &mutual, trace);
    for (outer, act) in abouts {
        aim(&mut merged, outer, act, trace);
    }
    reply(&mut merged, entities, trace);
    undo(&mut merged, entities, trace);
    go_on(&mut merged, entities, trace);
    join_in(&mut merged, entities, trace);
    face_each_other(&mut merged, entities, trace);
    for event in &mut merged {
        if event.actors.len() > 1 && event.mentions.iter().any(|m| mutual.contains(&m.trigger)) {
            level(event, entities);
        }
    }
    merged.sort_by_key(|e| e.mentions.iter().map(|m| m.trigger.start()).min());
    for event in &mut merged {
        event.mentions.sort_by_key(|m| m.trigger.start());
    }
    narrate(&mut merged);
    merged
}

/// An act that is done about another one is done to its doers: *lehnte die Forderung ab*, *die Niederschlagung der Proteste*.
fn aim(merged: &mut [Event], outer: Span, about: About, trace: Trace<'_>) {
    let telling =
        |events: &[Event], word: Span| events.iter().position(|e| e.mentions.iter().any(|m| m.trigger == word));
    let Some(outer) = telling(merged, outer) else { return };
    let act = match about {
        About::ToldBy(word) => telling(merged, word),
        About::ToldBefore(word) => told_before(merged, word, outer),
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

/// The last deed of others told before a word, some three sentences back at the most, or else what they last said.
fn told_before(merged: &[Event], word: Span, outer: usize) -> Option<usize> {
    let own = |p: &Party| merged[outer].actors.iter().any(|a| a.entity == p.entity);
    merged
        .iter()
        .enumerate()
        .filter(|(i, e)| *i != outer && !e.actors.is_empty() && !e.actors.iter().any(own))
        .flat_map(|(i, e)| {
            e.mentions
                .iter()
                .map(move |m| (!e.kind.is_verbal(), m.trigger.end(), i))
        })
        .filter(|(_, end, _)| *end <= word.start() && word.start() - end <= REACH_BACK)
        .max()
        .map(|(_, _, i)| i)
}

/// What several do to one another has no recipients on the sides that do it: *Kämpfe zwischen Armee und Rebellen*, in which people
/// of their country die.
fn level(event: &mut Event, entities: &[Entity]) {
    let sides: Vec<_> = event.actors.iter().map(|p| key(p, entities)).collect();
    event.recipients.retain(|p| !sides.contains(&key(p, entities)));
}

fn joined(trace: Trace<'_>, event: &Event, known: &Event) {
    trace.note(|| Step::Joined {
        act: Act::of(event),
        into: Act::of(known),
    });
}

/// Joins a mention without parties to the act that it refers to.
fn refer(merged: &mut Vec<Event>, reference: EventDraft, entities: &[Entity], trace: Trace<'_>) {
    let at = reference.event.mentions[0].trigger.start();
    let nearest = merged
        .iter_mut()
        .filter(|known| can_refer(known, &reference.event, entities) && distance(known, at) <= REFERENCE)
        // What was told before is referred to sooner than what is told later, a whole act sooner than half of one.
        .min_by_key(|known| {
            let away = distance(known, at);
            (known.actors.is_empty(), away)
        });
    match nearest {
        Some(known) => {
            joined(trace, &reference.event, known);
            absorb(known, reference.event);
        }
        None if reference.implicit => merged.push(reference.event),
        None => trace.note(|| Step::Dropped {
            act: Act::of(&reference.event),
            why: Drop::NobodyNamed,
        }),
    }
}

/// Bytes between a place in the text and the nearest mention of an act; those after it count double.
fn distance(known: &Event, at: usize) -> usize {
    let away = |told: usize| if told <= at { at - told } else { (told - at) * 2 };
    known
        .mentions
        .iter()
        .map(|m| away(m.trigger.start()))
        .min()
        .unwrap_or(usize::MAX)
}

/// Fills an empty side from the nearest act of the same type that shares the other: *Dabei wurden Demonstranten verhaftet*
/// after *Die Polizei löste die Versammlung auf*.
fn inherit(
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
        let suffers = Side {
            parties: &event.recipients,
            entities,
        };
        let at = event.mentions[0].trigger.start();
        let donor = merged
            .iter()
            .enumerate()
            .filter(|(j, other)| *j != i && same_kind(other, event) && !other.actors.is_empty())
            // Those who fight one another have not done what is told beside it.
            .filter(|(_, other)| !(event.actors.is_empty() && other.actors.len() > 1 && other.recipients.is_empty()))
            .filter(|(_, other)| {
                if event.actors.is_empty() {
                    let doers = Side {
                        parties: &other.actors,
                        entities,
                    };
                    doers.shared(&event.recipients) == 0 && (!in_passing || suffers.shared(&other.recipients) > 0)
                } else {
                    let doers = Side {
                        parties: &other.actors,
                        entities,
                    };
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

/// What somebody refuses, threatens or blames nobody named for is meant for whoever did something to him just before: *Teheran bot
/// Riad Gespräche an. Riad lehnte ab*; so is what he asks to be taken back (*forderte die Freilassung*).
fn reply(merged: &mut [Event], entities: &[Entity], trace: Trace<'_>) {
    use EventType as E;
    for i in 0..merged.len() {
        let event = &merged[i];
        let answers = match event.kind {
            E::Reject | E::Accuse | E::Threaten | E::Sanction => true,
            E::Request => matches!(event.content, Some(E::Retreat | E::Concede)),
            _ => false,
        };
        if !answers || event.actors.is_empty() || !event.recipients.is_empty() {
            continue;
        }
        let own: Vec<_> = event.actors.iter().map(|p| key(p, entities)).collect();
        let suffered = |e: &Event| e.recipients.iter().any(|p| own.contains(&key(p, entities)));
        let others = |e: &Event| !e.actors.is_empty() && e.actors.iter().all(|p| !own.contains(&key(p, entities)));
        // Asked of nobody else: *Kenia verlangt die Auslieferung eines Generals. Rabat verweigert sie*.
        let asked = |e: &Event| {
            let own = |p: &Party| e.actors.iter().any(|a| key(a, entities) == key(p, entities));
            event.kind == E::Reject && matches!(e.kind, E::Request | E::Agree) && e.recipients.iter().all(own)
        };
        let Some(act) = just_before(merged, i, |e| suffered(e) && others(e))
            .or_else(|| just_before(merged, i, |e| asked(e) && others(e)))
        else {
            continue;
        };
        merged[i].recipients = merged[act].actors.clone();
        lend(merged, i, Half::Recipient, act, trace);
    }
}

/// What is taken back is taken back from whom it was done to: *Indien hatte Sanktionen gegen Iran verhängt. Nun hob es sie auf*.
fn undo(merged: &mut [Event], entities: &[Entity], trace: Trace<'_>) {
    use EventType as E;
    for i in 0..merged.len() {
        let event = &merged[i];
        let undone: &[E] = match (event.kind, event.mode) {
            (E::Concede, _) => &[E::Sanction, E::Coerce],
            (E::Retreat, Some(Mode::Withdraw)) => &[E::Assault, E::Coerce, E::Mobilize],
            (E::Retreat, Some(Mode::Release)) => &[E::Coerce, E::Assault],
            _ => continue,
        };
        if event.actors.is_empty() || !event.recipients.is_empty() {
            continue;
        }
        let own: Vec<_> = event.actors.iter().map(|p| key(p, entities)).collect();
        let same = |e: &Event| e.actors.iter().any(|p| own.contains(&key(p, entities)));
        let other = |p: &Party| key(p, entities).is_some() && !own.contains(&key(p, entities));
        let taken_back = |e: &Event| undone.contains(&e.kind) && same(e) && e.recipients.iter().any(other);
        let Some(act) = just_before(merged, i, taken_back) else {
            continue;
        };
        merged[i].recipients = merged[act].recipients.clone();
        lend(merged, i, Half::Recipient, act, trace);
    }
}

/// What somebody goes on to do to nobody named is done to whom he did the like before: *Peru hat Chile kritisiert. Zugleich drohte die
/// Regierung mit Sanktionen*.
fn go_on(merged: &mut [Event], entities: &[Entity], trace: Trace<'_>) {
    use EventType as E;
    for i in 0..merged.len() {
        let event = &merged[i];
        let hostile = |e: &Event| matches!(e.kind.quad(), Quad::VerbalConflict | Quad::MaterialConflict);
        let goes_on = matches!(event.kind, E::Threaten | E::Sanction | E::Aid);
        if !goes_on || event.actors.is_empty() || !event.recipients.is_empty() {
            continue;
        }
        let own: Vec<_> = event.actors.iter().map(|p| key(p, entities)).collect();
        let same = |e: &Event| e.actors.iter().all(|p| own.contains(&key(p, entities)));
        let other = |p: &Party| key(p, entities).is_some() && !own.contains(&key(p, entities));
        let alike = |e: &Event| {
            let targets = !e.actors.is_empty() && !e.recipients.is_empty() && e.recipients.iter().all(other);
            hostile(e) == hostile(event) && same(e) && targets
        };
        let Some(act) = just_before(merged, i, alike) else {
            continue;
        };
        merged[i].recipients = merged[act].recipients.clone();
        lend(merged, i, Half::Recipient, act, trace);
    }
}

/// Who signs, ratifies or leaves what several have agreed upon does so with the others: *Chile und Peru handelten ein Abkommen aus. Chiles
/// Parlament hat es ratifiziert*.
fn join_in(merged: &mut [Event], entities: &[Entity], trace: Trace<'_>) {
    for i in 0..merged.len() {
        let event = &merged[i];
        let signs =
            event.kind == EventType::Support && event.cameo.starts_with(SIGN) || event.kind == EventType::Sanction;
        let [doer, ..] = &*event.actors else { continue };
        let own = key(doer, entities);
        let alone = event.recipients.is_empty() && event.actors.iter().all(|p| key(p, entities) == own);
        if !signs || !alone || own.is_none() {
            continue;
        }
        let other = |p: &&Party| key(p, entities).is_some_and(|k| Some(k) != own);
        let parties = |e: &Event| e.actors.iter().chain(&e.recipients).cloned().collect::<Vec<_>>();
        let agreed = |e: &Event| {
            let takes_part = parties(e).iter().any(|p| key(p, entities) == own);
            matches!(e.kind, EventType::Agree | EventType::Consult | EventType::Support)
                && takes_part
                && parties(e).iter().any(|p| other(&p))
        };
        let Some(act) = just_before(merged, i, agreed) else {
            continue;
        };
        merged[i].recipients = parties(&merged[act]).iter().filter(other).cloned().collect();
        lend(merged, i, Half::Recipient, act, trace);
    }
}

/// CAMEO code of signing an agreement.
const SIGN: &str = "057";

/// The last of the acts told a few sentences before another that is such a one.
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

fn lend(merged: &[Event], to: usize, side: Half, from: usize, trace: Trace<'_>) {
    trace.note(|| Step::Lent {
        act: Act::of(&merged[to]),
        side,
        by: Lender::Neighbour(Act::of(&merged[from])),
    });
}

/// In a report on two states or bodies, what one of them does against nobody named is meant for the other (*Moskau stoppte das
/// Pipelineprojekt*), and sanctions against one are the other's.
fn face_each_other(merged: &mut [Event], entities: &[Entity], trace: Trace<'_>) {
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

/// For whom a party acts, as records compare it.
fn key<'e>(party: &Party, entities: &'e [Entity]) -> Option<&'e str> {
    let entity = &entities[party.entity.ix()];
    entity.org.as_deref().or(entity.country.as_deref())
}

/// Fewer parties than this do not tell whom a report is about.
const FEW_PARTIES: usize = 6;

/// Gives acts without a time of their own that of one told before: a narrative stays on its day until it names another, and who
/// spoke on a day goes on speaking. They remain marked as implicit.
fn narrate(merged: &mut [Event]) {
    for i in 0..merged.len() {
        let event = &merged[i];
        if !event.date.implicit || event.status.value != Status::Actual {
            continue;
        }
        let at = event.mentions[0].trigger.start();
        let same_scene = |other: &Event, told: usize| {
            if event.kind.is_verbal() {
                let speaks = |p: &Party| event.actors.iter().any(|q| q.entity == p.entity);
                other.kind.is_verbal() && other.actors.iter().any(speaks) && of_the_news(other, event)
            } else {
                at - told <= NARRATIVE
            }
        };
        // Where the time itself stands: a later mention of the act tells another time.
        let told = merged
            .iter()
            .filter(|other| other.date.from.is_some() && other.status.value == Status::Actual)
            .filter_map(|other| Some((other.date.span?.start(), other)))
            .filter(|(start, other)| *start < at && same_scene(other, *start))
            .max_by_key(|(start, _)| *start)
            .map(|(_, other)| (other.date.from, other.date.to));
        if let Some((from, to)) = told {
            let date = &mut merged[i].date;
            (date.from, date.to) = (from, to);
        }
    }
}

/// Whether an act took place in the days before that of `event`, which bears the day of the report.
fn of_the_news(act: &Event, event: &Event) -> bool {
    let both = act.date.from.zip(event.date.from);
    both.and_then(|(from, day)| day.since(from).ok())
        .is_some_and(|past| (0..=NEWS).contains(&past.get_days()))
}

/// Days for which what was said is news.
const NEWS: i32 = 7;

/// Bytes within which a narrative keeps its day: some four sentences.
const NARRATIVE: usize = 600;

/// Bytes within which a word without parties refers to an act: some ten sentences.
const REFERENCE: usize = 1_500;

/// Bytes within which *diese Maßnahme* points back: some three sentences.
const REACH_BACK: usize = 600;

/// Bytes within which an act lends its parties to another: some three sentences.
const INHERITANCE: usize = 2_500;

/// Bytes at the start of a report within which a mention may announce an act told later: headline and lead.
const ANNOUNCEMENT: usize = 350;

/// Whether an act is dated weeks before another one that bears the day of the report: *Im Juli waren 16 Menschen getötet worden*.
fn is_long_before(act: &Event, news: &Event) -> bool {
    let past = act.date.to.zip(news.date.from).and_then(|(to, day)| day.since(to).ok());
    news.date.implicit && !act.date.implicit && past.is_some_and(|past| past.get_days() > NEWS)
}

/// Whether a mention of a deed tells a place in a state that has no part in an act.
fn is_elsewhere(mention: &Event, act: &Event, entities: &[Entity]) -> bool {
    use EventType as E;
    let placed = matches!(act.kind, E::Assault | E::Protest | E::Coerce | E::Mobilize);
    let country = |e: &Event| e.place.as_ref().and_then(|p| p.country.clone());
    let Some(there) = country(mention) else { return false };
    let mut parties = act.actors.iter().chain(&act.recipients);
    let takes_part = parties.any(|p| entities[p.entity.ix()].country.as_deref() == Some(&*there));
    placed && country(act).is_some_and(|c| c != there) && !takes_part
}

fn can_refer(known: &Event, reference: &Event, entities: &[Entity]) -> bool {
    // Headline and lead announce what is told later; elsewhere one refers back.
    let at = reference.mentions[0].trigger.start();
    let told_before = known.mentions.iter().any(|m| m.trigger.start() <= at);
    (told_before || at <= ANNOUNCEMENT)
        && same_kind(known, reference)
        && same_mode(known, reference)
        && (known.status.value == Status::Negated) == (reference.status.value == Status::Negated)
        && dates_agree(known, reference)
        && !is_elsewhere(reference, known, entities)
}

fn same_kind(a: &Event, b: &Event) -> bool {
    a.kind == b.kind && (a.content == b.content || a.content.is_none() || b.content.is_none())
}

/// The manner of violence is told differently from sentence to sentence, but for what is done to captives; other modes tell acts
/// apart.
fn same_mode(a: &Event, b: &Event) -> bool {
    let apart = |m: Option<Mode>| matches!(m, Some(Mode::Abduct | Mode::Torture | Mode::Sexual));
    a.mode == b.mode
        || a.mode.is_none()
        || b.mode.is_none()
        || a.kind == EventType::Assault && !apart(a.mode) && !apart(b.mode)
}

fn dates_agree(a: &Event, b: &Event) -> bool {
    if a.date.implicit || b.date.implicit {
        return true;
    }
    match (a.date.from, a.date.to, b.date.from, b.date.to) {
        (Some(a1), Some(a2), Some(b1), Some(b2)) => a1 <= b2 && b1 <= a2,
        _ => true,
    }
}

/// Whether a definite noun without doers can mean an act told before it.
fn is_meant(known: &Event, event: &Event, entities: &[Entity]) -> bool {
    let at = event.mentions[0].trigger.start();
    known.mentions.iter().any(|m| m.trigger.start() < at)
        && distance(known, at) <= REFERENCE
        && can_refer(known, event, entities)
}

/// Where an act was told last.
fn last_told(event: &Event) -> usize {
    event
        .mentions
        .iter()
        .map(|m| m.trigger.start())
        .max()
        .unwrap_or_default()
}

/// Whether two mentions with parties can tell one act: nothing that contradicts, and somebody in common.
fn is_same_act(a: &Event, b: &Event, entities: &[Entity]) -> bool {
    if !same_kind(a, b) || !same_mode(a, b) || !dates_agree(a, b) {
        return false;
    }
    if (a.status.value == Status::Negated) != (b.status.value == Status::Negated) {
        return false;
    }
    let actors = Side {
        parties: &a.actors,
        entities,
    };
    let recipients = Side {
        parties: &a.recipients,
        entities,
    };
    let same_sentence = share_sentence(a, b);
    // "Bei dem Anschlag auf die Botschaft wurden zwei Iraker getötet": the target and the dead of one blow.
    let one_blow = same_sentence && a.kind == EventType::Assault && a.actors.is_empty() && b.actors.is_empty();
    if !actors.compatible(&b.actors) || !recipients.compatible(&b.recipients) && !one_blow {
        return false;
    }
    // A meeting of two states and one of other two are two meetings.
    let mutual = |e: &Event| e.actors.len() > 1 && e.recipients.is_empty();
    if mutual(a) && mutual(b) && !within(&a.actors, &b.actors, entities) && !within(&b.actors, &a.actors, entities) {
        return false;
    }
    if same_sentence {
        // Two sayings in one sentence are two acts; a noun and a verb that complete one another are one.
        let two_sayings = a.claim.is_some() && b.claim.is_some() && a.claim != b.claim && a.kind.is_verbal();
        return !two_sayings;
    }
    actors.shared(&b.actors) + recipients.shared(&b.recipients) > 0
}

/// Whether a sentence tells both.
fn share_sentence(a: &Event, b: &Event) -> bool {
    a.mentions.iter().any(|m| b.mentions.iter().any(|n| m.span == n.span))
}

/// Whether all of these parties are among the others.
fn within(these: &[Party], others: &[Party], entities: &[Entity]) -> bool {
    let parties = Side {
        parties: others,
        entities,
    };
    parties.shared(these) == these.len()
}

/// Adds what a further mention tells.
fn absorb(known: &mut Event, other: Event) {
    let hearsay = |certainty: &Judged<Certainty>| certainty.value == Certainty::Alleged;
    let as_fact = |certainty: &Judged<Certainty>, claim: Option<ClaimIx>| {
        certainty.value == Certainty::Asserted && claim.is_none()
    };
    let actors_told = !known.actors.is_empty();
    let fill = |side: &mut Vec<Party>, more: Vec<Party>| {
        for party in more {
            if !side.iter().any(|p| p.entity == party.entity) {
                side.push(party);
            }
        }
    };
    fill(&mut known.actors, other.actors);
    let known_actors: Vec<_> = known.actors.iter().map(|p| p.entity).collect();
    fill(
        &mut known.recipients,
        other
            .recipients
            .into_iter()
            .filter(|p| !actors_told || !known_actors.contains(&p.entity))
            .collect(),
    );
    if known.date.implicit && !other.date.implicit {
        known.date = other.date;
    }
    known.place = known.place.take().or(other.place);
    known.mode = known.mode.or(other.mode);
    known.content = known.content.or(other.content);
    // What is told once as fact rests no longer on the word of those who also say so.
    let verbal = known.kind.is_verbal();
    if other.certainty.value == Certainty::Confirmed {
        known.certainty = other.certainty;
        known.claim = known.claim.or(other.claim);
    } else if !verbal && hearsay(&known.certainty) && as_fact(&other.certainty, other.claim) {
        known.certainty = other.certainty;
        known.claim = None;
    } else if verbal || !(as_fact(&known.certainty, known.claim) && hearsay(&other.certainty)) {
        known.claim = known.claim.or(other.claim);
    }
    for quantity in other.quantities {
        if !known
            .quantities
            .iter()
            .any(|q| q.value == quantity.value && q.kind == quantity.kind)
        {
            known.quantities.push(quantity);
        }
    }
    for mention in other.mentions {
        if !known.mentions.iter().any(|m| m.span == mention.span) {
            known.mentions.push(mention);
        }
    }
}
