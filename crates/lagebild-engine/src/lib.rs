//! Reads events, claims and agreements out of parsed reports.
//!
//! [`read`] is pure and deterministic: no clock, no I/O, no randomness. It never fails; trouble becomes a note. Rules and
//! knowledge come from `lagebild-lexicon`, trees from `lagebild-nlp`; what a rule may say is told in
//! `data/lexicon/README.md`.
//!
//! The steps: [`entities`] finds who is spoken of; the matcher finds the words of the lexicon and fills their slots over
//! the trees; claims are read before events, because an event told in a claim rests on the word of its holder; mentions
//! of one act are merged at the end.

mod agreements;
mod claims;
pub mod draft;
mod engine;
pub mod entities;
mod events;
pub mod examples;
pub mod explain;
mod lend;
mod matcher;
mod merge;
mod politics;
mod quotes;
mod sides;
mod status;
mod syntax;
mod trace;

pub use crate::engine::{Engine, guarded};

use crate::agreements::AgreementReader;
use crate::claims::{ClaimReader, Tone};
use crate::events::EventReader;
use crate::matcher::Matcher;
use crate::politics::Politics;
use crate::syntax::Syntax;
use crate::trace::{Act, Drop, Step, Trace};
use lagebild_core::codebook::{Certainty, EventType, Mode, Stance};
use lagebild_core::learnt::Learnt;
use lagebild_core::{Claim, Event, EventIx, Evidence, Holder, Judged, Parsed, Reading, Span, TokenIx};
use lagebild_lexicon::Lexicon;
use lagebild_lexicon::knowledge::Knowledge;
use std::sync::Arc;

/// Bytes that the evidence of an event or claim may span; a longer sentence is cut to the clause around the word.
const LONGEST_MENTION: usize = 600;

/// Reads a parsed report.
#[must_use]
pub fn read(parsed: Arc<Parsed>, lexicon: &Lexicon, knowledge: &Knowledge) -> Reading {
    read_with(parsed, lexicon, knowledge, None, Trace::OFF)
}

/// The same, with what earlier reports taught of persons: it counts only where neither the tables nor the report itself know for
/// whom somebody acts.
#[must_use]
pub fn read_beside(parsed: Arc<Parsed>, lexicon: &Lexicon, knowledge: &Knowledge, learnt: &Learnt) -> Reading {
    read_with(parsed, lexicon, knowledge, Some(learnt), Trace::OFF)
}

/// The same, telling `trace` of each decision.
fn read_with(
    parsed: Arc<Parsed>,
    lexicon: &Lexicon,
    knowledge: &Knowledge,
    learnt: Option<&Learnt>,
    trace: Trace<'_>,
) -> Reading {
    let rules = lexicon.rules(parsed.doc.lang);
    let entities = entities::resolve_with(&parsed, knowledge, learnt, trace);
    trace.note(|| Step::Mentions(entities.mentions.clone()));
    let (events, claims, tones, agreements, notes) = {
        let syntax = Syntax::new(&parsed, &rules.grammar);
        let matcher = Matcher::new(&syntax, rules, &entities, trace);
        let quotes = quotes::find(&parsed.doc.text);
        let mention = |t: TokenIx| mention_span(&syntax, t);
        let triggers = matcher.triggers();
        let mut politics = Politics::of(&syntax, &entities, trace);
        let claim_reader = ClaimReader::new(&matcher, knowledge, &quotes, &mention);
        let mut claim_drafts = claim_reader.read(&triggers);
        let tones = claim_reader.tones(&triggers);
        politics.filter_claims(&mut claim_drafts);
        let event_reader = EventReader::new(&matcher, knowledge, &claim_drafts, &mention);
        let mut drafts = event_reader.read(&triggers);
        politics.filter_acts(&mut drafts);
        let agreements = AgreementReader::new(&matcher, knowledge, &event_reader, &mention).read(&triggers, &drafts);
        // What a treaty provides for is a duty, no event (codebook, 6).
        let conditions: Vec<Span> = agreements
            .iter()
            .flat_map(|a| &a.obligations)
            .filter_map(|o| o.condition)
            .collect();
        drafts.retain(|d| {
            let duty = conditions.iter().any(|c| c.contains(syntax.span(d.trigger)));
            if duty {
                trace.note(|| Step::Dropped {
                    act: Act::of(&d.event),
                    why: Drop::Duty,
                });
            }
            !duty
        });
        let claims: Vec<Claim> = claim_drafts.into_iter().map(|c| c.claim).collect();
        let mut events = merge::merge(drafts, &entities.entities, trace);
        events::settle_modes(&mut events);
        (events, claims, tones, agreements, politics.notes())
    };
    let mut reading = Reading {
        parsed,
        entities: entities.entities,
        events,
        claims,
        agreements,
        introductions: entities.introductions,
        notes,
    };
    link_claims(&mut reading, &tones);
    reading
}

/// The sentence of a word; of a very long one the clause around it, cut to what evidence may span.
fn mention_span(syntax: &Syntax<'_>, t: TokenIx) -> Span {
    let sentence = syntax.sentence(t);
    if sentence.span.len() <= LONGEST_MENTION {
        return sentence.span;
    }
    let clause = syntax.subtree_span(t);
    if clause.len() <= LONGEST_MENTION {
        return clause;
    }
    // Grow around the word, word by word, as far as evidence may span.
    let (mut from, mut to, mut span) = (t.0, t.0, syntax.span(t));
    loop {
        let before = from.checked_sub(1).filter(|&b| b >= sentence.tokens.start).map(TokenIx);
        let after = Some(to + 1).filter(|&a| a < sentence.tokens.end).map(TokenIx);
        let grown = [before, after]
            .into_iter()
            .flatten()
            .fold(span, |s, w| s.cover(syntax.span(w)));
        if grown == span || grown.len() > LONGEST_MENTION {
            return span;
        }
        span = grown;
        from = before.map_or(from, |b| b.0);
        to = after.map_or(to, |a| a.0);
    }
}

/// Tells each claim its events, and disputes the events that somebody in the document denies.
fn link_claims(reading: &mut Reading, tones: &[Tone]) {
    let Reading { events, claims, .. } = reading;
    for (e, event) in events.iter().enumerate() {
        let told = event.mentions.iter().map(|m| m.trigger);
        for claim in claims.iter_mut() {
            let own = told.clone().any(|t| claim.cue == t || claim.content.contains(t));
            if own && !claim.events.contains(&EventIx::from(e)) {
                claim.events.push(EventIx::from(e));
            }
        }
    }
    for claim in claims.iter_mut() {
        speech_act(claim, events);
    }
    settle_tones(claims, tones);
    for claim in claims.iter().filter(|c| c.stance.value == Stance::Deny) {
        for event in denied_by(claim, events) {
            event.certainty = Judged {
                value: Certainty::Disputed,
                because: claim.stance.because.clone(),
            };
        }
    }
}

/// A plain saying in which the holder asks, promises, blames, praises or threatens is that act of speech.
fn speech_act(claim: &mut Claim, events: &[Event]) {
    let Holder::Party(holder) = &claim.holder else { return };
    if claim.stance.value != Stance::State {
        return;
    }
    let told = claim.events.iter().map(|e| &events[e.ix()]).find_map(|event| {
        let stance = match (event.kind, event.mode) {
            (EventType::Agree | EventType::Concede, _) => Stance::Promise,
            (EventType::Request, _) => Stance::Demand,
            (EventType::Accuse, Some(Mode::Allege)) => Stance::Accuse,
            (EventType::Accuse, _) => Stance::Criticise,
            (EventType::Support, _) => Stance::Praise,
            (EventType::Threaten, _) => Stance::Warn,
            _ => return None,
        };
        let inside = event.mentions.iter().find(|m| claim.content.contains(m.trigger))?;
        let own = event.actors.iter().any(|a| a.entity == holder.entity);
        own.then(|| (stance, inside.trigger, event.rule.clone()))
    });
    if let Some((value, span, rule)) = told {
        claim.stance = Judged {
            value,
            because: Evidence {
                spans: vec![span],
                rule,
            },
        };
    }
}

/// A plain saying is meant as the first word in it says that tells how, unless somebody else is told to have said that.
fn settle_tones(claims: &mut [Claim], tones: &[Tone]) {
    let contents: Vec<Span> = claims.iter().map(|c| c.content).collect();
    for claim in claims.iter_mut().filter(|c| c.stance.value == Stance::State) {
        let own = |tone: &&Tone| {
            let within = |other: &Span| claim.content.contains(*other) && *other != claim.content;
            claim.content.contains(tone.at) && !contents.iter().any(|c| within(c) && c.contains(tone.at))
        };
        if let Some(tone) = tones.iter().find(own) {
            claim.stance = Judged {
                value: tone.stance,
                because: Evidence {
                    spans: vec![tone.at],
                    rule: tone.rule.clone(),
                },
            };
        }
    }
}

fn denied_by<'e>(claim: &Claim, events: &'e mut [Event]) -> impl Iterator<Item = &'e mut Event> + use<'e> {
    let denied = claim.events.clone();
    let cue = claim.cue;
    events
        .iter_mut()
        .enumerate()
        .filter(move |(e, event)| {
            denied.contains(&EventIx::from(*e)) && event.mentions.iter().all(|m| m.trigger != cue)
        })
        .map(|(_, event)| event)
}
