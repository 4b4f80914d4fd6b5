//! Why an event was read, and why another one was not.
//!
//! [`Traced::read`] reads a report once more and listens to the decisions of the engine. [`Traced::event`] makes a tree of
//! reasons of what led to one event, [`Traced::why_not`] tells for an event that was expected which condition failed first.
//! The trees serialise as they are; offsets are code points, as in `lagebild_core::wire`.

use crate::entities::{Mention, MentionKind};
use crate::events::when_planned;
use crate::examples;
use crate::read_with;
use crate::trace::{Act, Drop, How, Lender, Owned, Place, Recorder, Side, Step, Trace, Unfit};
use lagebild_core::codebook::{Certainty, Status};
use lagebild_core::learnt::{Learnt, Taught};
use lagebild_core::wire::Words;
use lagebild_core::{
    CharOffsets, Dep, Entity, EntityKind, Event, EventIx, Evidence, Holder, Judged, Lang, Limit, Parsed, Party,
    Reading, Span, TokenIx, When,
};
use lagebild_lexicon::knowledge::{Knowledge, Name, Person, SeatKind, Term};
use lagebild_lexicon::{Entry, EntryIx, ExpectedEvent, Lexicon, Path, Rules, Slot, WordClass};
use serde::Serialize;
use std::ops::Range;
use std::sync::Arc;

/// A reason, with the reasons behind it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// What it is about: `event`, `trigger`, `type`, `actor`, `recipient`, `status`, `certainty`, `date`, `place`, `also told`,
    /// `not taken`; for an event that was not read `not read`, `word`, `party`.
    pub about: &'static str,
    /// What was decided.
    pub value: String,
    /// The words that it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Words>,
    /// Why, one thing after the other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
    /// The rule that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleAt>,
    /// The reasons behind it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub reasons: Vec<Reason>,
}

/// A rule and where it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleAt {
    /// Its id.
    pub id: String,
    /// File; none for a principle that is built in (`grammar.konjunktiv-1`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// What became of an event that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyNot {
    /// It is read.
    Read(EventIx),
    /// It is not, and why.
    Not(Reason),
}

/// A reading with the decisions that led to it.
pub struct Traced<'a> {
    /// What was read: the same as [`crate::read`] gives.
    pub reading: Reading,
    rules: &'a Rules,
    knowledge: &'a Knowledge,
    offsets: CharOffsets,
    steps: Vec<Step>,
    mentions: Vec<Mention>,
}

impl<'a> Traced<'a> {
    /// Reads a parsed report and keeps the decisions.
    #[must_use]
    pub fn read(parsed: Arc<Parsed>, lexicon: &'a Lexicon, knowledge: &'a Knowledge) -> Self {
        Self::read_beside(parsed, lexicon, knowledge, &Learnt::default())
    }

    /// The same, with what earlier reports taught of persons.
    #[must_use]
    pub fn read_beside(parsed: Arc<Parsed>, lexicon: &'a Lexicon, knowledge: &'a Knowledge, learnt: &Learnt) -> Self {
        let recorder = Recorder::default();
        let lang = parsed.doc.lang;
        let offsets = CharOffsets::new(&parsed.doc.text);
        let reading = read_with(parsed, lexicon, knowledge, Some(learnt), Trace::to(&recorder));
        let mut steps = recorder.into_steps();
        let mut mentions = Vec::new();
        steps.retain_mut(|step| match step {
            Step::Mentions(found) => {
                mentions = std::mem::take(found);
                false
            }
            _ => true,
        });
        Self {
            reading,
            rules: lexicon.rules(lang),
            knowledge,
            offsets,
            steps,
            mentions,
        }
    }

    /// Why the event at `ix` was read as it is.
    ///
    /// # Panics
    /// When the reading has no such event.
    #[must_use]
    pub fn event(&self, ix: EventIx) -> Reason {
        let event = &self.reading.events[ix.ix()];
        let acts = self.acts_of(event);
        let mut reasons = Vec::new();
        if let Some(first) = acts.first() {
            reasons.push(self.trigger(first));
        }
        reasons.extend(self.composed(event));
        for (about, side, parties) in [
            ("actor", Side::Actor, &event.actors),
            ("recipient", Side::Recipient, &event.recipients),
        ] {
            reasons.extend(parties.iter().map(|p| self.party(about, side, p, &acts)));
            if parties.is_empty() && !(side == Side::Recipient && self.is_mutual(event)) {
                reasons.push(self.nobody(about, side, &acts));
            }
        }
        reasons.push(self.status(event));
        reasons.push(self.certainty(event));
        reasons.push(self.date(&event.date));
        if let Some(place) = &event.place {
            reasons.push(Reason {
                about: "place",
                value: place.name.to_string(),
                words: vec![self.words(place.span)],
                why: vec!["the place nearest to the trigger in the tree of its sentence".to_owned()],
                ..Reason::default()
            });
        }
        reasons.extend(acts.iter().skip(1).map(|act| Reason {
            about: "also told",
            why: vec!["same type, and neither parties nor dates contradict".to_owned()],
            ..self.trigger(act)
        }));
        reasons.extend(self.not_taken(&acts));
        Reason {
            about: "event",
            value: format!("e{} {}", ix.0 + 1, self.headline(event)),
            words: event.mentions.iter().map(|m| self.words(m.span)).collect(),
            reasons,
            ..Reason::default()
        }
    }

    /// Why no event is read that `asked` describes: the condition that failed first, for the try that came furthest.
    ///
    /// With `within`, only words in that stretch of the text (in bytes) are considered.
    #[must_use]
    pub fn why_not(&self, asked: &ExpectedEvent, within: Option<Span>) -> WhyNot {
        let inside = |span: Span| within.is_none_or(|w| w.contains(span));
        let told = |e: &Event| e.mentions.iter().any(|m| inside(m.trigger));
        let events = &self.reading.events;
        let found = events
            .iter()
            .position(|e| told(e) && examples::matches(asked, e, &self.reading));
        if let Some(found) = found {
            return WhyNot::Read(EventIx::from(found));
        }
        let mut tries: Vec<(Stage, Reason)> = self.tries(asked, inside);
        tries.sort_by_key(|(stage, _)| std::cmp::Reverse(*stage));
        let strangers: Vec<Reason> = asked
            .actors
            .iter()
            .chain(&asked.recipients)
            .filter(|code| !self.reading.entities.iter().any(|e| bears(e, code)))
            .map(|code| Reason {
                about: "party",
                value: code.clone(),
                why: vec![format!("no words of the text are understood to mean {code}")],
                ..Reason::default()
            })
            .collect();
        let first = match tries.first() {
            None => format!("no word of the text tells {}", asked.kind),
            Some((_, best)) => format!("\"{}\": {}", best.value, best.why.join("; ")),
        };
        WhyNot::Not(Reason {
            about: "not read",
            value: examples::show_expected(asked),
            why: vec![first],
            reasons: tries.into_iter().map(|(_, r)| r).chain(strangers).collect(),
            ..Reason::default()
        })
    }

    /// All words that could have told the event, with how far they came.
    fn tries(&self, asked: &ExpectedEvent, inside: impl Fn(Span) -> bool) -> Vec<(Stage, Reason)> {
        let mut tries = Vec::new();
        for step in &self.steps {
            let Step::Word {
                token, entry, unfit, ..
            } = step
            else {
                continue;
            };
            let row = self.rules.entry(*entry);
            let Some(kind) = row
                .gives
                .event
                .filter(|_| inside(self.reading.parsed.token(*token).span))
            else {
                continue;
            };
            if kind != asked.kind && when_planned(kind) != Some(asked.kind) {
                continue;
            }
            let sentence = self.reading.parsed.sentence_of(*token);
            let told = self.reading.parsed.sentences[sentence.ix()].span;
            let near = self.near(asked, told);
            let mut reason = Reason {
                about: "word",
                ..self.trigger(&self.act_at(*token, *entry))
            };
            let passed = match unfit {
                Some(unfit) => {
                    reason.why = vec![self.unfit(row, *token, unfit)];
                    match unfit {
                        Unfit::Unmet { tried, .. } if tried.is_empty() => Passed::Word,
                        Unfit::Unmet { .. } | Unfit::NotReflexive | Unfit::Attribute => Passed::Filled,
                        Unfit::Barred { .. } | Unfit::NotNegated | Unfit::OtherInfinitive | Unfit::LessSpecific => {
                            Passed::Needs
                        }
                    }
                }
                None => {
                    let act = self.act_at(*token, *entry);
                    // Another type that the act would have become is a guess, unless it did become it.
                    match self.fate(&act) {
                        Fate::Dropped(why) => {
                            reason.why = vec![self.dropped(why)];
                            reason.reasons = self.sought(&act);
                            Passed::Rule
                        }
                        Fate::Event(ix) => {
                            let event = &self.reading.events[ix.ix()];
                            let (passed, why) = self.differs(asked, event, ix);
                            reason.why = vec![why];
                            reason.reasons = self.event(ix).reasons;
                            passed
                        }
                        Fate::Unknown => continue,
                    }
                }
            };
            if kind != asked.kind && passed <= Passed::Rule {
                continue;
            }
            tries.push((Stage { near, passed }, reason));
        }
        tries
    }

    /// How many of the parties asked for are named in a sentence.
    fn near(&self, asked: &ExpectedEvent, sentence: Span) -> usize {
        let named = |code: &String| {
            self.mentions.iter().any(|m| {
                let actors = m.actor.iter().chain(&m.also);
                sentence.contains(m.span) && actors.into_iter().any(|a| bears(self.reading.entity(*a), code))
            })
        };
        asked
            .actors
            .iter()
            .chain(&asked.recipients)
            .filter(|c| named(c))
            .count()
    }

    /// In what an event differs from the one asked for, the likest thing last.
    fn differs(&self, asked: &ExpectedEvent, event: &Event, ix: EventIx) -> (Passed, String) {
        let read = format!("e{} {}", ix.0 + 1, self.headline(event));
        let kind = asked.kind == event.kind
            && asked.mode.is_none_or(|m| Some(m) == event.mode)
            && asked.content.is_none_or(|c| Some(c) == event.content);
        if !examples::side(&asked.actors, &event.actors, &self.reading) {
            return (Passed::Made, format!("read with other actors: {read}"));
        }
        if !examples::side(&asked.recipients, &event.recipients, &self.reading) {
            return (Passed::Actors, format!("read with other recipients: {read}"));
        }
        if !kind {
            return (Passed::Parties, format!("read as another type: {read}"));
        }
        (Passed::Type, format!("read with another status or certainty: {read}"))
    }

    fn act_at(&self, token: TokenIx, entry: EntryIx) -> Act {
        Act {
            trigger: self.reading.parsed.token(token).span,
            rule: lagebild_core::RuleId(self.rules.entry(entry).id.clone()),
        }
    }

    /// What became of an act.
    fn fate(&self, act: &Act) -> Fate<'_> {
        let mut at = act;
        // Each act is joined at most once; the loop ends with the steps.
        for step in &self.steps {
            match step {
                Step::Dropped { act, why } if act == at => return Fate::Dropped(why),
                Step::Joined { act, into } if act == at => at = into,
                _ => {}
            }
        }
        let told = |e: &Event| e.rule == at.rule && e.mentions.iter().any(|m| m.trigger == at.trigger);
        match self.reading.events.iter().position(told) {
            Some(ix) => Fate::Event(EventIx::from(ix)),
            None => Fate::Unknown,
        }
    }

    /// The acts that an event was made of, the one that others were joined to first.
    fn acts_of(&self, event: &Event) -> Vec<Act> {
        let own = |act: &Act| act.rule == event.rule && event.mentions.iter().any(|m| m.trigger == act.trigger);
        let mut into: Option<Act> = None;
        let mut others = Vec::new();
        for step in &self.steps {
            if let Step::Joined { act, into: target } = step
                && own(target)
            {
                into = Some(target.clone());
                others.push(act.clone());
            }
        }
        let first = into.unwrap_or_else(|| Act::of(event));
        let mut acts = vec![first];
        acts.extend(others);
        acts
    }

    fn is_mutual(&self, event: &Event) -> bool {
        self.entry(&event.rule.0).is_some_and(|e| e.mutual)
    }

    fn entry(&self, id: &str) -> Option<&'a Entry> {
        self.rules.entries.iter().find(|e| &*e.id == id)
    }

    fn rule(&self, id: &str) -> RuleAt {
        let cues = self.rules.all_cues.iter().map(|c| (&c.id, &c.file, c.line));
        let entries = self.rules.entries.iter().map(|e| (&e.id, &e.file, e.line));
        let found = entries.chain(cues).find(|(known, ..)| &***known == id);
        RuleAt {
            id: id.to_owned(),
            file: found.map(|(_, file, _)| file.to_string()),
            line: found.map(|(.., line)| line),
        }
    }

    fn words(&self, span: Span) -> Words {
        Words {
            start: self.offsets.char_at(span.start()),
            end: self.offsets.char_at(span.end()),
            text: self.text(span).to_owned(),
        }
    }

    fn text(&self, span: Span) -> &str {
        span.of(&self.reading.parsed.doc.text)
    }

    fn quoted(&self, span: Span) -> String {
        format!("\"{}\"", self.text(span))
    }

    /// Some words with the lemma of the last one, which is what fillers are compared with.
    fn with_lemma(&self, words: Span) -> String {
        let parsed = &self.reading.parsed;
        let inside = parsed
            .tokens
            .iter()
            .rposition(|t| words.contains(t.span) && !t.span.is_empty());
        let Some(last) = inside.map(TokenIx::from) else {
            return self.quoted(words);
        };
        let lemma = parsed.lemma(last);
        if lemma.eq_ignore_ascii_case(parsed.form(last)) {
            self.quoted(words)
        } else {
            format!("{} (lemma {lemma})", self.quoted(words))
        }
    }

    fn span(&self, tokens: &Range<u32>) -> Span {
        let at = |t: u32| self.reading.parsed.token(TokenIx(t)).span;
        at(tokens.start).cover(at(tokens.end.max(tokens.start + 1) - 1))
    }

    fn headline(&self, event: &Event) -> String {
        examples::show_event(event, &self.reading)
    }

    fn trigger(&self, act: &Act) -> Reason {
        Reason {
            about: "trigger",
            value: self.text(act.trigger).to_owned(),
            words: vec![self.words(act.trigger)],
            rule: Some(self.rule(&act.rule.0)),
            ..Reason::default()
        }
    }

    /// The ruling that made another type of the act that the word tells.
    fn composed(&self, event: &Event) -> Option<Reason> {
        let told = self.entry(&event.rule.0)?.gives.event?;
        let why = match (told == event.kind, event.content) {
            (false, _) => format!(
                "{told} that is planned is {} with it as content (codebook 2.1, rule 1)",
                event.kind
            ),
            (true, Some(content)) => {
                format!("content {content}: the act inside what the word governs, or the entry says so")
            }
            (true, None) => return None,
        };
        Some(Reason {
            about: "type",
            value: event.kind.to_string(),
            why: vec![why],
            ..Reason::default()
        })
    }

    fn party(&self, about: &'static str, side: Side, party: &Party, acts: &[Act]) -> Reason {
        let mut why = Vec::new();
        why.push(self.place_of(side, party, acts));
        why.extend(self.who(party));
        Reason {
            about,
            value: self.text(party.span).to_owned(),
            words: vec![self.words(party.span)],
            why,
            ..Reason::default()
        }
    }

    /// Where in the sentence a party was found.
    fn place_of(&self, side: Side, party: &Party, acts: &[Act]) -> String {
        let mut lender = None;
        for act in acts {
            for step in &self.steps {
                match step {
                    Step::Sought {
                        act: at,
                        places,
                        side: sought,
                        ..
                    } if at == act && (*sought == side || self.entry(&act.rule.0).is_some_and(|e| e.mutual)) => {
                        if let Some(place) = places.iter().find(|p| p.parties.contains(party)) {
                            return self.path(&place.path, act, party.span);
                        }
                    }
                    Step::Lent {
                        act: at,
                        side: lent,
                        by,
                    } if at == act && *lent == side => lender = Some(by),
                    _ => {}
                }
            }
        }
        match lender {
            Some(Lender::TalkedOf) => "nobody is named: the state that the sentence is about".to_owned(),
            Some(Lender::Speaker) => "nobody is named: the act of whoever says so".to_owned(),
            Some(Lender::Neighbour(act)) => format!(
                "nobody is named: lent by the act of the same type at {}",
                self.quoted(act.trigger)
            ),
            Some(Lender::BlamedIn(act)) => format!("nobody is named: blamed for it, {}", self.quoted(act.trigger)),
            Some(Lender::Topic) => "nobody is named: who heads the headline".to_owned(),
            Some(Lender::Around) => "the other side is not named at the word: taken from around it".to_owned(),
            Some(Lender::DoersOf(act)) => format!("doer of the act that it is about, {}", self.quoted(act.trigger)),
            Some(Lender::DoneTo(act)) => {
                format!("the act that it is about is done to them, {}", self.quoted(act.trigger))
            }
            None => "at the noun of the act".to_owned(),
        }
    }

    /// A side on which nobody was found.
    fn nobody(&self, about: &'static str, side: Side, acts: &[Act]) -> Reason {
        let tried = self
            .steps
            .iter()
            .find_map(|step| match step {
                Step::Sought {
                    act,
                    side: sought,
                    places,
                } if acts.first() == Some(act) && *sought == side => Some(self.tried(places, act)),
                _ => None,
            })
            .unwrap_or_default();
        Reason {
            about,
            value: "-".to_owned(),
            why: tried,
            ..Reason::default()
        }
    }

    fn tried(&self, places: &[Place], act: &Act) -> Vec<String> {
        let shown = |place: &Place| {
            let path = self.path(&place.path, act, act.trigger);
            let words: Vec<String> = place.words.iter().map(|w| self.quoted(*w)).collect();
            match words.as_slice() {
                [] => format!("{path}: not there"),
                words => format!("{path}: {} names nobody who counts", words.join(", ")),
            }
        };
        if places.is_empty() {
            return vec!["the entry looks for nobody here".to_owned()];
        }
        places.iter().map(shown).collect()
    }

    /// The places in which the parties of an act were looked for.
    fn sought(&self, act: &Act) -> Vec<Reason> {
        let mut found = Vec::new();
        for step in &self.steps {
            let Step::Sought { act: at, side, places } = step else {
                continue;
            };
            if at != act {
                continue;
            }
            let about = match side {
                Side::Actor => "actor",
                Side::Recipient => "recipient",
            };
            let parties: Vec<&Party> = places.iter().flat_map(|p| &p.parties).collect();
            if parties.is_empty() {
                found.push(Reason {
                    about,
                    value: "-".to_owned(),
                    why: self.tried(places, act),
                    ..Reason::default()
                });
            }
            let acts = std::slice::from_ref(act);
            found.extend(parties.into_iter().map(|p| self.party(about, *side, p, acts)));
        }
        found
    }

    /// A slot in words; `doer` is that of a noun.
    fn slot(&self, slot: &Slot, doer: bool, filled: Span) -> String {
        match slot {
            Slot::Subject if doer => "doer".to_owned(),
            Slot::Subject => "subject".to_owned(),
            Slot::Object => "object".to_owned(),
            Slot::Dative => "dative".to_owned(),
            Slot::Clause => "clause".to_owned(),
            Slot::Others => "others".to_owned(),
            Slot::Genitive => "genitive".to_owned(),
            Slot::Possessive => "possessive".to_owned(),
            Slot::Adjective => "adjective".to_owned(),
            Slot::Compound => "first part of the compound".to_owned(),
            Slot::Context => "subject of the sentence around".to_owned(),
            Slot::Predicate => "what is said of the object".to_owned(),
            Slot::Case => "preposition before it".to_owned(),
            Slot::Preposition(words) => match self.preposition(filled, words) {
                Some(word) => format!("\"{word}\""),
                None => format!("\"{}\"", words.join("/")),
            },
            Slot::AnyOf(slots) => {
                let slots = slots.iter().map(|slot| self.slot(slot, doer, filled));
                slots.collect::<Vec<_>>().join(" or ")
            }
        }
    }

    /// A path in words: *"mit" at the object*.
    fn path(&self, path: &Path, act: &Act, filled: Span) -> String {
        let noun = self.class_at(act) == Some(WordClass::Noun);
        let mut said = Vec::new();
        for (depth, slot) in path.iter().enumerate().rev() {
            said.push(self.slot(slot, noun && depth == 0, filled));
        }
        match said.as_slice() {
            [] => "nowhere".to_owned(),
            [around] if matches!(path.as_slice(), [Slot::Context]) => around.clone(),
            [one] => format!("{one} of the trigger"),
            [inner @ .., outer] => format!("{} at the {outer} of the trigger", inner.join(" at the ")),
        }
    }

    /// The preposition before some words, when it is one of `among`.
    fn preposition(&self, words: Span, among: &[String]) -> Option<String> {
        let parsed = &self.reading.parsed;
        let first = parsed.tokens.partition_point(|t| t.span.start() < words.start());
        parsed.tokens[first..]
            .iter()
            .enumerate()
            .take_while(|(_, t)| t.span.start() < words.end())
            .map(|(n, _)| TokenIx::from(first + n))
            .flat_map(|head| {
                let near = first.saturating_sub(8)..first + 1;
                near.map(TokenIx::from)
                    .filter(move |c| parsed.token(*c).head == Some(head) && parsed.token(*c).dep == Dep::Case)
            })
            .map(|c| parsed.lemma(c).to_lowercase())
            .find(|lemma| among.contains(lemma))
    }

    fn class_at(&self, act: &Act) -> Option<WordClass> {
        self.steps.iter().find_map(|step| match step {
            Step::Word {
                token,
                entry,
                class,
                unfit: None,
            } if self.act_at(*token, *entry) == *act => Some(*class),
            _ => None,
        })
    }

    /// Why words mean whom they mean.
    fn who(&self, party: &Party) -> Vec<String> {
        let entity = self.reading.entity(party.entity);
        let mut said = Vec::new();
        if let Some(mention) = self.mention(party) {
            said.extend(self.named(mention, entity));
        }
        let code = examples::code_of(party, &self.reading);
        said.push(if code.is_empty() {
            format!("→ {}, of no state or organisation that is known", entity.id)
        } else {
            format!("→ {} → {code}", entity.id)
        });
        said
    }

    fn mention(&self, party: &Party) -> Option<&Mention> {
        let means = |m: &&Mention| m.actor == Some(party.entity) || m.also.contains(&party.entity);
        let about = |m: &&Mention| m.span.overlaps(party.span);
        let same = |m: &&Mention| (m.span != party.span, m.span.len().abs_diff(party.span.len()));
        self.mentions.iter().filter(about).filter(means).min_by_key(same)
    }

    fn named(&self, mention: &Mention, entity: &Entity) -> Vec<String> {
        let mut said = vec![match mention.kind {
            MentionKind::Name => self.name(mention, entity),
            MentionKind::Adjective => "adjective of it".to_owned(),
            MentionKind::CompoundPart => "first part of the compound".to_owned(),
            MentionKind::Place => "place, for the state that it lies in".to_owned(),
            MentionKind::Pronoun => "word that points back".to_owned(),
            MentionKind::Role => "office or body".to_owned(),
            MentionKind::Group => "people".to_owned(),
            MentionKind::Thing => "thing that stands for its owner".to_owned(),
        }];
        said.extend(self.office(entity));
        said.extend(entity.learnt.as_deref().map(taught));
        said.extend(self.how(&mention.tokens));
        said
    }

    /// What the tables say of a name.
    fn name(&self, mention: &Mention, entity: &Entity) -> String {
        let parsed = &self.reading.parsed;
        let key = entity.org.as_deref().or(entity.country.as_deref());
        let meanings = self.knowledge.named(parsed.doc.lang, self.text(mention.span));
        let seat = meanings.iter().find_map(|name| match name {
            Name::Seat(ix) => Some(&self.knowledge.seats[ix.ix()]).filter(|s| s.org.or(s.country) == key),
            _ => None,
        });
        match (seat.map(|s| s.kind), meanings.len()) {
            (Some(SeatKind::Capital), _) => "capital, for its government".to_owned(),
            (Some(SeatKind::House | SeatKind::City), _) => "seat of power, for whoever sits there".to_owned(),
            (None, 0) if entity.kind == EntityKind::Person && self.person(entity).is_none() => {
                "name that no table knows".to_owned()
            }
            (None, 0 | 1) => "alias".to_owned(),
            (None, n) => format!("alias, the likeliest of {n} meanings"),
        }
    }

    fn person(&self, entity: &Entity) -> Option<&'a Person> {
        let id = entity.id.strip_prefix("person:")?;
        self.knowledge.persons.iter().find(|p| p.id == id)
    }

    /// The office that the tables give a person on the day of the report.
    fn office(&self, entity: &Entity) -> Option<String> {
        let person = self.person(entity)?;
        let doc = &self.reading.parsed.doc;
        let term = person.nearest(doc.published)?;
        let day = |d: Option<lagebild_core::Date>| d.map_or("?".to_owned(), |d| d.to_string());
        let term_text = format!(
            "{} {} to {}",
            term_office(term, doc.lang),
            day(term.from),
            day(term.to.or(term.as_of))
        );
        Some(match doc.published {
            Some(published) if !term.holds_on(published) => {
                format!("{term_text}, not in office on {published}: stands for it all the same")
            }
            _ => term_text,
        })
    }

    /// The steps by which the words were resolved; of several on the same words the last one decided.
    fn how(&self, tokens: &Range<u32>) -> Vec<String> {
        let mut found: Vec<(&Range<u32>, &How)> = Vec::new();
        for step in &self.steps {
            let Step::Resolved { tokens: at, how } = step else {
                continue;
            };
            if at.start < tokens.end && tokens.start < at.end {
                found.retain(|(known, _)| *known != at);
                found.push((at, how));
            }
        }
        found.into_iter().map(|(at, how)| self.resolved(at, how)).collect()
    }

    fn resolved(&self, at: &Range<u32>, how: &How) -> String {
        let of = self.quoted(self.span(at));
        match how {
            How::OwnedBy(owned) => format!(
                "{of} acts for {}",
                match owned {
                    Owned::Body => "the body that the table gives it",
                    Owned::Adjective => "the state of the adjective before it",
                    Owned::Genitive => "the genitive before it",
                    Owned::Compound => "the first part of the compound",
                    Owned::Federal => "the state whose federal office it is",
                    Owned::Attribute => "what the phrase after it names",
                    Owned::Chamber => "the state that has a chamber of this name",
                    Owned::Here => "the state that the report is about",
                }
            ),
            How::ByHolder => format!("{of} acts for the state of its holder"),
            How::SameBefore => format!("{of} as named before"),
            How::TalkedOf(key) => format!("{of} names no state: that of the context, {key}"),
            How::Possessive => format!("{of} belongs to whom the possessive means"),
            How::ShortFor(full) => format!("{of} is short for {}", self.quoted(self.span(full))),
            How::Surname => format!("{of} is a surname that the tables know, of a state that the report names"),
            How::SurnameInOffice => format!("{of} is a surname of somebody in such an office"),
            How::Namesake(other) => format!("{of} is a namesake of {}", self.quoted(self.span(other))),
            How::Antecedent(tokens) => {
                let meant: Vec<String> = tokens.iter().map(|t| self.quoted(self.span(&(*t..*t + 1)))).collect();
                format!("{of} stands for {}", meant.join(" and "))
            }
        }
    }

    fn judged<T: std::fmt::Display>(&self, about: &'static str, judged: &Judged<T>, by_default: &str) -> Reason {
        let Evidence { spans, rule } = &judged.because;
        let cue = &*rule.0 != "default";
        Reason {
            about,
            value: judged.value.to_string(),
            words: spans.iter().map(|s| self.words(*s)).collect(),
            why: if cue { Vec::new() } else { vec![by_default.to_owned()] },
            rule: cue.then(|| self.rule(&rule.0)),
            ..Reason::default()
        }
    }

    fn status(&self, event: &Event) -> Reason {
        let default = match event.status.value {
            Status::Actual => "nothing around the word negates, plans or conditions it",
            _ => "by default",
        };
        self.judged("status", &event.status, default)
    }

    fn certainty(&self, event: &Event) -> Reason {
        let default = match event.certainty.value {
            Certainty::Asserted => "no cue of hearsay, confirmation or denial",
            _ => "by default",
        };
        let mut reason = self.judged("certainty", &event.certainty, default);
        if let Some(ix) = event.claim {
            let claim = &self.reading.claims[ix.ix()];
            let holder = match &claim.holder {
                Holder::Party(party) => self.quoted(party.span),
                Holder::Unnamed(span) => self.quoted(*span),
                Holder::Untold => "somebody untold".to_owned(),
            };
            reason.why.push(format!(
                "told in claim c{} of {holder} (stance {}, {}, {})",
                ix.0 + 1,
                claim.stance.value,
                self.quoted(claim.cue),
                claim.stance.because.rule.0
            ));
        }
        reason
    }

    fn date(&self, when: &When) -> Reason {
        let published = self.reading.parsed.doc.published;
        let why = match (when.span, when.from) {
            (Some(_), Some(_)) => "the time expression nearest to the trigger",
            (Some(_), None) => "a time expression that names no day",
            (None, None) => "neither the act nor the report has a date",
            (None, from) if from == published => "no time is told: the day of publication",
            (None, _) => "no time is told: that of the act told before",
        };
        let days = match (when.from, when.to) {
            (Some(from), Some(to)) if from == to => from.to_string(),
            (Some(from), Some(to)) => format!("{from} to {to}"),
            _ => "unknown".to_owned(),
        };
        Reason {
            about: "date",
            value: days,
            words: when.span.iter().map(|s| self.words(*s)).collect(),
            why: vec![why.to_owned()],
            ..Reason::default()
        }
    }

    /// Entries that have the same words and were not taken, and acts that were left out in favour of this one.
    /// Those that came nearest stand first.
    fn not_taken(&self, acts: &[Act]) -> Vec<Reason> {
        let mut found: Vec<(u8, Reason)> = Vec::new();
        for step in &self.steps {
            match step {
                Step::Word {
                    token,
                    entry,
                    unfit: Some(unfit),
                    ..
                } => {
                    let act = self.act_at(*token, *entry);
                    let row = self.rules.entry(*entry);
                    if acts.iter().any(|a| a.trigger == act.trigger) {
                        let gives = row.gives.event.map(|e| e.to_string());
                        let stance = row.gives.stance.map(|s| format!("claim {s}"));
                        let far = match unfit {
                            Unfit::Unmet { tried, .. } if tried.is_empty() => 2,
                            Unfit::Unmet { .. } => 1,
                            _ => 0,
                        };
                        let reason = Reason {
                            about: "not taken",
                            value: gives.or(stance).unwrap_or_else(|| "other".to_owned()),
                            why: vec![self.unfit(row, *token, unfit)],
                            ..self.trigger(&act)
                        };
                        found.push((far, reason));
                    }
                }
                Step::Dropped { act, why } => {
                    let inside = match why {
                        Drop::ContentOf { outer } => acts.iter().any(|a| a.trigger == *outer),
                        _ => acts.iter().any(|a| a.trigger == act.trigger && a.rule != act.rule),
                    };
                    if inside {
                        let kind = self.entry(&act.rule.0).and_then(|e| e.gives.event);
                        let reason = Reason {
                            about: "not taken",
                            value: kind.map(|k| k.to_string()).unwrap_or_default(),
                            why: vec![self.dropped(why)],
                            ..self.trigger(act)
                        };
                        found.push((0, reason));
                    }
                }
                _ => {}
            }
        }
        found.sort_by_key(|(far, _)| *far);
        found.into_iter().map(|(_, reason)| reason).collect()
    }

    fn unfit(&self, entry: &Entry, token: TokenIx, unfit: &Unfit) -> String {
        let act = Act {
            trigger: self.reading.parsed.token(token).span,
            rule: lagebild_core::RuleId(entry.id.clone()),
        };
        match unfit {
            Unfit::NotReflexive => "the verb needs a reflexive pronoun; there is none".to_owned(),
            Unfit::Attribute => "the adjective must be a predicate; it is an attribute".to_owned(),
            Unfit::NotNegated => "the act must be negated; nothing negates it".to_owned(),
            Unfit::OtherInfinitive => "under the modal stands another infinitive than the entry asks for".to_owned(),
            Unfit::LessSpecific => {
                let winner = self.steps.iter().find_map(|step| match step {
                    Step::Word {
                        token: t,
                        entry,
                        unfit: None,
                        ..
                    } if *t == token => Some(&self.rules.entry(*entry).id),
                    _ => None,
                });
                match winner {
                    Some(winner) => format!("{winner} has more conditions and fits too"),
                    None => "another entry with more conditions fits too".to_owned(),
                }
            }
            Unfit::Unmet { need, tried } => {
                let (path, fillers) = &entry.needs[*need];
                let wanted: Vec<String> = fillers.iter().map(ToString::to_string).collect();
                let path = self.path(path, &act, act.trigger);
                let wanted = shorten(&wanted);
                match tried.as_slice() {
                    [] => format!("needs as {path}: {wanted}; nothing is there"),
                    tried => {
                        let tried: Vec<String> = tried.iter().map(|t| self.with_lemma(*t)).collect();
                        format!("needs as {path}: {wanted}; there is {}", tried.join(", "))
                    }
                }
            }
            Unfit::Barred { bar, by } => {
                let path = self.path(&entry.bars[*bar].0, &act, act.trigger);
                format!("barred by {} as {path}", self.quoted(*by))
            }
        }
    }

    fn dropped(&self, why: &Drop) -> String {
        match why {
            Drop::NotPolitical => "made and dropped: nothing ties its parties to a state or organisation".to_owned(),
            Drop::Private => {
                "made and dropped: no state or power takes part, in a report that hardly names any".to_owned()
            }
            Drop::Disaster => {
                "made and dropped: harm without a doer, in a report on a natural disaster or accident".to_owned()
            }
            Drop::Untold { cue, at } => {
                format!(
                    "made and dropped: {} ({}) says that it is not told at all",
                    self.quoted(*at),
                    cue.0
                )
            }
            Drop::Twin { rule } => format!("made and dropped: {} tells the same act and says more of it", rule.0),
            Drop::TooMany => format!("made and dropped: over the limit: {}", Limit::SentenceEvents),
            Drop::ContentOf { outer } => format!(
                "made and dropped: it is the content of the act at {}, without a status of its own (codebook 6)",
                self.quoted(*outer)
            ),
            Drop::Question => "found and dropped: what is asked is a question".to_owned(),
            Drop::NotSpoken => "found and dropped: it counts only in what somebody says of others".to_owned(),
            Drop::Duty => {
                "made and dropped: a treaty's text provides for it; that is a duty, no event (codebook 6)".to_owned()
            }
            Drop::NobodyNamed => "made and dropped: it names no party, and no act told elsewhere fits it".to_owned(),
        }
    }
}

/// How far a word came on its way to the event asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Passed {
    /// An entry has the word, but a slot that it needs is empty.
    Word,
    /// The slot is filled otherwise.
    Filled,
    /// All that it needs is there, and something bars it or another entry is preferred.
    Needs,
    /// Its conditions are met.
    Rule,
    /// The event was made and kept.
    Made,
    /// Its actors are those asked for.
    Actors,
    /// Its recipients too.
    Parties,
    /// Its type too.
    Type,
}

/// How near a try came: one in a sentence that names the parties counts more than any elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Stage {
    near: usize,
    passed: Passed,
}

/// What became of an act.
enum Fate<'t> {
    Event(EventIx),
    Dropped(&'t Drop),
    Unknown,
}

/// Whether records know the entity under a key that the code begins with, or the other way round.
fn bears(entity: &Entity, code: &str) -> bool {
    let key = entity.org.as_deref().or(entity.country.as_deref());
    key.is_some_and(|key| code.starts_with(key) || key.starts_with(code))
}

/// What earlier reports taught of a person.
fn taught(taught: &Taught) -> String {
    let Taught {
        country,
        org,
        reports,
        first,
        last,
        ..
    } = taught;
    let of = org.as_deref().or(country.as_deref()).unwrap_or_default();
    format!("learnt from {reports} earlier reports, {first} to {last}: acts for {of}")
}

fn term_office(term: &Term, lang: Lang) -> String {
    let (first, second) = match lang {
        Lang::De => (term.office_de, term.office_en),
        Lang::En => (term.office_en, term.office_de),
    };
    let office = if first.is_empty() { second } else { first };
    let of = term.org.or(term.country).unwrap_or_default();
    format!("{office} ({of})")
}

/// The first of many words.
fn shorten(words: &[String]) -> String {
    const SHOWN: usize = 6;
    if words.len() <= SHOWN {
        words.join(", ")
    } else {
        format!("{} … ({} in all)", words[..SHOWN].join(", "), words.len())
    }
}

/// A use of an entry's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The sentence.
    pub sentence: Span,
    /// Whether the entry fired.
    pub fires: bool,
    /// What was read, or why nothing was.
    pub outcome: String,
}

impl Traced<'_> {
    /// All uses of the words of an entry, with what came of them.
    #[must_use]
    pub fn uses(&self, rule: &str) -> Vec<Use> {
        let mut uses = Vec::new();
        for step in &self.steps {
            let Step::Word {
                token, entry, unfit, ..
            } = step
            else {
                continue;
            };
            let row = self.rules.entry(*entry);
            if &*row.id != rule {
                continue;
            }
            let sentence = self.reading.parsed.sentence_of(*token);
            let outcome = match unfit {
                Some(unfit) => self.unfit(row, *token, unfit),
                None => match self.fate(&self.act_at(*token, *entry)) {
                    Fate::Event(ix) => self.headline(&self.reading.events[ix.ix()]),
                    Fate::Dropped(why) => self.dropped(why),
                    Fate::Unknown => "no event".to_owned(),
                },
            };
            uses.push(Use {
                sentence: self.reading.parsed.sentences[sentence.ix()].span,
                fires: unfit.is_none(),
                outcome,
            });
        }
        uses
    }
}
