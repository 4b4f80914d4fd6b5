//! Joins the mentions of one act (codebook, 1): headline, lead, body, and the later "der Angriff", "die Entscheidung".
//!
//! Mentions are compared by type, parties and date. A mention that names no party is a reference to an act told
//! elsewhere: it joins the nearest one of its type, and counts for nothing when there is none.

use crate::events::{About, EventDraft};
use crate::lend::{aim, distance, face_each_other, fill_recipients, inherit, let_go, same_kind};
use crate::sides::{Side, key};
use crate::trace::{Act, Drop, Step, Trace};
use lagebild_core::codebook::{Certainty, EventType, Mode, Status};
use lagebild_core::{ClaimIx, Entity, EntityKind, Event, Judged, Party, Span};
use std::collections::HashSet;

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
        if differ_in_reality(known, event) {
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
    let_go(&mut merged, entities, trace);
    inherit(&mut merged, entities, &attributes, &mutual, trace);
    for (outer, act) in abouts {
        aim(&mut merged, outer, act, trace);
    }
    fill_recipients(&mut merged, entities, trace);
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
    let nearest = (0..merged.len())
        .filter(|&i| can_refer(&merged[i], &reference.event, entities) && distance(&merged[i], at) <= REFERENCE)
        // What was told before is referred to sooner than what is told later, a whole act sooner than half of one.
        .min_by_key(|&i| {
            let away = distance(&merged[i], at);
            (merged[i].actors.is_empty(), away)
        });
    match nearest {
        Some(known) => {
            joined(trace, &reference.event, &merged[known]);
            absorb(&mut merged[known], reference.event);
        }
        None if reference.implicit => merged.push(reference.event),
        None if let Some(parties) = at_the_table(merged, &reference.event) => {
            let mut event = reference.event;
            event.actors = parties;
            merged.push(event);
        }
        None => trace.note(|| Step::Dropped {
            act: Act::of(&reference.event),
            why: Drop::NobodyNamed,
        }),
    }
}

/// Who negotiates or agrees where nobody is named: those who are told to do the other of the two close by (*Die Verhandlungen sind gescheitert. Rat und
/// Parlament einigten sich nicht*).
fn at_the_table(merged: &[Event], reference: &Event) -> Option<Vec<Party>> {
    use EventType as E;
    let other = match reference.kind {
        E::Consult => E::Agree,
        E::Agree if reference.content.is_none() => E::Consult,
        _ => return None,
    };
    let at = reference.mentions[0].trigger.start();
    let mutual = |e: &&Event| e.kind == other && e.actors.len() > 1 && e.recipients.is_empty();
    let nearest = merged.iter().filter(mutual).min_by_key(|e| distance(e, at))?;
    (distance(nearest, at) <= TABLE).then(|| nearest.actors.clone())
}

/// Bytes between talks and what is agreed upon in them: some three sentences.
const TABLE: usize = 600;

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

/// Bytes at the start of a report within which a mention may announce an act told later: headline and lead.
const ANNOUNCEMENT: usize = 350;

/// Whether of two deeds of violence one is feared or planned and the other was done: *Ein Anschlag wird befürchtet. Schon im Mai gab es Anschläge*.
fn differ_in_reality(a: &Event, b: &Event) -> bool {
    let real = |e: &Event| e.status.value == Status::Actual;
    a.kind == EventType::Assault && real(a) != real(b)
}

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

/// Whether two deeds of violence took place far from one another: *ein Anschlag in Mombasa* and *ein Anschlag in Nairobi*.
fn in_other_towns(a: &Event, b: &Event, entities: &[Entity]) -> bool {
    let town = |e: &Event| {
        let place = e.place.as_ref()?;
        let is_state = |other: &Entity| other.kind == EntityKind::Country && other.name == place.name;
        place.position.filter(|_| !entities.iter().any(is_state))
    };
    let Some(((lat, lon), (other_lat, other_lon))) = town(a).zip(town(b)) else {
        return false;
    };
    let apart = |x: f64, y: f64| (x - y).abs() > FAR;
    a.kind == EventType::Assault && (apart(lat, other_lat) || apart(lon, other_lon))
}

/// Degrees between places that are not two names of one (a town and its province).
const FAR: f64 = 2.0;

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
        && !in_other_towns(known, reference, entities)
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
    let actors = Side::actors(a, entities);
    let recipients = Side::recipients(a, entities);
    let same_sentence = share_sentence(a, b);
    if !same_sentence && in_other_towns(a, b, entities) {
        return false;
    }
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
