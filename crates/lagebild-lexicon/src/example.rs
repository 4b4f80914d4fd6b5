//! Example sentences: marked text, and what must be read out of it.

use lagebild_core::Lang;
use lagebild_core::codebook::{AgreementKind, Certainty, EventType, Mode, ObligationKind, Stance, Status, Step};
use std::ops::Range;
use std::sync::Arc;

/// What a marked stretch of an example is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The word that tells the act.
    Trigger,
    /// A doer.
    Actor,
    /// A recipient.
    Recipient,
    /// Who says it.
    Holder,
}

impl Mark {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "trigger" => Some(Self::Trigger),
            "actor" => Some(Self::Actor),
            "recipient" => Some(Self::Recipient),
            "holder" => Some(Self::Holder),
            _ => None,
        }
    }
}

/// A sentence with marks: `{actor:Der Kreml} {trigger:warnte}.`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedText {
    /// The bare sentence.
    pub text: String,
    /// Marks as byte ranges of `text`.
    pub marks: Vec<(Mark, Range<usize>)>,
}

impl MarkedText {
    /// Takes the marks out of `marked`.
    ///
    /// # Errors
    /// A message when a brace is not closed or a mark has an unknown name.
    pub fn parse(marked: &str) -> Result<Self, String> {
        let (mut text, mut marks, mut rest) = (String::new(), Vec::new(), marked);
        while let Some(open) = rest.find('{') {
            text.push_str(&rest[..open]);
            let inner = &rest[open + 1..];
            let (name, tail) = inner.split_once(':').ok_or("a mark looks like {actor:words}")?;
            let mark = Mark::parse(name)
                .ok_or_else(|| format!("unknown mark \"{name}\" (trigger, actor, recipient, holder)"))?;
            let (words, after) = tail.split_once('}').ok_or("a mark is not closed with }")?;
            marks.push((mark, text.len()..text.len() + words.len()));
            text.push_str(words);
            rest = after;
        }
        text.push_str(rest);
        Ok(Self { text, marks })
    }
}

/// An event that must be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedEvent {
    /// Type.
    pub kind: EventType,
    /// Mode, when given.
    pub mode: Option<Mode>,
    /// Content, when given.
    pub content: Option<EventType>,
    /// Codes that the actors' codes must begin with; empty for nobody.
    pub actors: Vec<String>,
    /// The same of the recipients.
    pub recipients: Vec<String>,
    /// Status, when given.
    pub status: Option<Status>,
    /// Certainty, when given.
    pub certainty: Option<Certainty>,
}

/// What must be read out of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// An event.
    Event(ExpectedEvent),
    /// A claim: stance, and the code of its holder (`None` when written `-`).
    Claim(Stance, Option<String>),
    /// An agreement of a kind that binds all these keys.
    Agreement(AgreementKind, Vec<String>),
    /// A step of an agreement, taken by these keys.
    Step(Step, Vec<String>),
    /// A duty that an agreement obliges to.
    Duty(ObligationKind),
}

impl Expected {
    /// Reads `SUPPORT RUSLEG > PRK, actual, asserted`, `claim warn USA`, `agreement defence RUS+PRK`, `step signed RUS+PRK` or
    /// `duty withdrawal`.
    ///
    /// # Errors
    /// A message that tells what is wrong with it.
    pub fn parse(line: &str) -> Result<Self, String> {
        if let Some(claim) = line.strip_prefix("claim ") {
            let (stance, holder) = claim
                .trim()
                .split_once(' ')
                .ok_or("a claim looks like: claim warn USA")?;
            let stance = Stance::parse(stance).ok_or_else(|| format!("unknown stance \"{stance}\""))?;
            let holder = holder.trim();
            return Ok(Self::Claim(stance, (holder != "-").then(|| holder.to_owned())));
        }
        let codes = |side: &str| -> Vec<String> {
            side.split('+')
                .map(str::trim)
                .filter(|c| !c.is_empty() && *c != "-")
                .map(str::to_owned)
                .collect()
        };
        if let Some(agreement) = line.strip_prefix("agreement ") {
            let (kind, parties) = agreement
                .trim()
                .split_once(' ')
                .ok_or("an agreement looks like: agreement defence RUS+PRK")?;
            let kind = AgreementKind::parse(kind).ok_or_else(|| format!("unknown kind of agreement \"{kind}\""))?;
            return Ok(Self::Agreement(kind, codes(parties)));
        }
        if let Some(step) = line.strip_prefix("step ") {
            let (step, by) = step
                .trim()
                .split_once(' ')
                .ok_or("a step looks like: step signed RUS+PRK")?;
            let step = Step::parse(step).ok_or_else(|| format!("unknown step \"{step}\""))?;
            return Ok(Self::Step(step, codes(by)));
        }
        if let Some(duty) = line.strip_prefix("duty ") {
            let duty = duty.trim();
            let kind = ObligationKind::parse(duty).ok_or_else(|| format!("unknown obligation \"{duty}\""))?;
            return Ok(Self::Duty(kind));
        }
        let mut fields = line.split(',').map(str::trim);
        let head = fields.next().unwrap_or_default();
        let (act, parties) = head
            .split_once(' ')
            .ok_or("an event looks like: SUPPORT RUSLEG > PRK, actual")?;
        let (actors, recipients) = parties
            .split_once('>')
            .ok_or("actors and recipients stand around a >")?;
        let (act, content) = match act.split_once('(') {
            Some((act, rest)) => (act, Some(rest.strip_suffix(')').ok_or("a content stands in ( )")?)),
            None => (act, None),
        };
        let (kind, mode) = match act.split_once('/') {
            Some((kind, mode)) => (kind, Some(mode)),
            None => (act, None),
        };
        let event_type = |t: &str| EventType::parse(t).ok_or_else(|| format!("unknown event type \"{t}\""));
        let mut event = ExpectedEvent {
            kind: event_type(kind)?,
            mode: mode
                .map(|m| Mode::parse(m).ok_or_else(|| format!("unknown mode \"{m}\"")))
                .transpose()?,
            content: content.map(event_type).transpose()?,
            actors: codes(actors),
            recipients: codes(recipients),
            status: None,
            certainty: None,
        };
        for field in fields {
            if let Some(status) = Status::parse(field) {
                event.status = Some(status);
            } else if let Some(certainty) = Certainty::parse(field) {
                event.certainty = Some(certainty);
            } else {
                return Err(format!("\"{field}\" is neither a status nor a certainty"));
            }
        }
        Ok(Self::Event(event))
    }
}

/// An example sentence of an entry or cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The sentence.
    pub text: MarkedText,
    /// What must be read; empty for an example on which the entry must not fire.
    pub read: Vec<Expected>,
    /// Report date, ISO 8601, when it matters.
    pub date: Option<String>,
    /// Why a `no` example gives nothing.
    pub why: Option<String>,
    /// Why it fails today.
    pub known_fault: Option<String>,
    /// Line in its file, counted from 1.
    pub line: usize,
}

/// The examples of an entry or cue: every rule carries its tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleExamples {
    /// Id of the rule.
    pub rule: Arc<str>,
    /// Language of the rule.
    pub lang: Lang,
    /// File.
    pub file: Arc<str>,
    /// Examples that must be read.
    pub yes: Vec<Example>,
    /// Examples on which it must not fire.
    pub no: Vec<Example>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out() {
        let marked = MarkedText::parse("{actor:Südkorea} {trigger:warnte}.").unwrap();
        assert_eq!(marked.text, "Südkorea warnte.");
        assert_eq!(marked.marks, vec![(Mark::Actor, 0..9), (Mark::Trigger, 10..16)]);
        assert!(MarkedText::parse("{akteur:X}").is_err() && MarkedText::parse("{actor:X").is_err());
    }

    #[test]
    fn expectations_are_read() {
        let Expected::Event(event) = Expected::parse("AGREE(AID) DEU+FRA > UKR, planned").unwrap() else {
            panic!()
        };
        assert_eq!((event.kind, event.content), (EventType::Agree, Some(EventType::Aid)));
        assert_eq!(
            (event.actors.len(), event.recipients.len(), event.status),
            (2, 1, Some(Status::Planned))
        );
        assert_eq!(
            Expected::parse("claim warn -").unwrap(),
            Expected::Claim(Stance::Warn, None)
        );
        assert!(
            Expected::parse("ASSAULT/areal RUS > UKR")
                .unwrap_err()
                .contains("areal")
        );
    }
}
