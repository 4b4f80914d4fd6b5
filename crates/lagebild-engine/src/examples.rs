//! Runs the examples of the lexicon: every entry carries its own tests.

use crate::read;
use lagebild_core::codebook::Sector;
use lagebild_core::{
    Agreement, AgreementStep, Block, Date, DocId, Document, Event, Holder, Lang, Part, Party, Reading, Span,
};
use lagebild_lexicon::knowledge::Knowledge;
use lagebild_lexicon::{Example, Expected, ExpectedEvent, Lexicon, Mark, RuleExamples};
use std::sync::Arc;

/// The day of the reports of examples that name none.
const REPORT_DATE: &str = "2024-10-24";

/// What came of an example.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Id of the entry or cue.
    pub rule: Arc<str>,
    /// Its file.
    pub file: Arc<str>,
    /// Line of the example, counted from 1.
    pub line: usize,
    /// The sentence.
    pub text: String,
    /// What is wrong; `None` when all is as written.
    pub fault: Option<String>,
    /// Why it is known to fail.
    pub known_fault: Option<String>,
    /// What was read, one line each.
    pub read: Vec<String>,
}

impl Outcome {
    /// Whether the example fails and nobody has said why.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.fault.is_some() && self.known_fault.is_none()
    }

    /// Whether the example is marked as failing but does not.
    #[must_use]
    pub fn is_mended(&self) -> bool {
        self.fault.is_none() && self.known_fault.is_some()
    }
}

/// Runs the examples of all rules whose id begins with `prefix`, in the order given.
#[must_use]
pub fn run(lexicon: &Lexicon, examples: &[RuleExamples], knowledge: &Knowledge, prefix: &str) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for tests in examples.iter().filter(|tests| tests.rule.starts_with(prefix)) {
        let yes = tests.yes.iter().map(|e| (e, true));
        for (example, positive) in yes.chain(tests.no.iter().map(|e| (e, false))) {
            let reading = read_example(example, tests.lang, lexicon, knowledge);
            let fault = if positive {
                missing(example, &reading)
            } else {
                firing(&tests.rule, &reading)
            };
            outcomes.push(Outcome {
                rule: Arc::clone(&tests.rule),
                file: Arc::clone(&tests.file),
                line: example.line,
                text: example.text.text.clone(),
                fault,
                known_fault: example.known_fault.clone(),
                read: describe(&reading),
            });
        }
    }
    outcomes
}

fn read_example(example: &Example, lang: Lang, lexicon: &Lexicon, knowledge: &Knowledge) -> Reading {
    let text: Arc<str> = example.text.text.as_str().into();
    let date = example.date.as_deref().unwrap_or(REPORT_DATE);
    let document = Document {
        id: DocId("example".into()),
        source: None,
        published: date.parse::<Date>().ok(),
        lang,
        title: None,
        blocks: vec![Block {
            span: Span::at(0, text.len()),
            part: Part::Body,
        }],
        text,
    };
    read(Arc::new(lagebild_nlp::parse(Arc::new(document))), lexicon, knowledge)
}

/// The first thing that a `yes` example wants and the reading lacks.
fn missing(example: &Example, reading: &Reading) -> Option<String> {
    for expected in &example.read {
        match expected {
            Expected::Event(event) => {
                let found: Vec<&Event> = reading.events.iter().filter(|e| matches(event, e, reading)).collect();
                if found.is_empty() {
                    return Some(format!("not read: {}", show_expected(event)));
                }
                if let Some(mark) = unmet_mark(example, &found) {
                    return Some(mark);
                }
            }
            Expected::Agreement(kind, parties) => {
                let binds =
                    |a: &Agreement| a.kind == *kind && parties.iter().all(|p| a.parties.iter().any(|b| **b == **p));
                if !reading.agreements.iter().any(binds) {
                    return Some(format!("not read: agreement {} {}", kind.as_str(), parties.join("+")));
                }
            }
            Expected::Step(step, by) => {
                let mut steps = reading.agreements.iter().flat_map(|a| &a.steps);
                let takes = |s: &AgreementStep| {
                    s.step == *step && s.by.len() == by.len() && by.iter().all(|p| s.by.iter().any(|b| **b == **p))
                };
                if !steps.any(takes) {
                    return Some(format!("not read: step {} {}", step.as_str(), by.join("+")));
                }
            }
            Expected::Duty(kind) => {
                let mut duties = reading.agreements.iter().flat_map(|a| &a.obligations);
                if !duties.any(|o| o.kind == *kind) {
                    return Some(format!("not read: duty {}", kind.as_str()));
                }
            }
            Expected::Claim(stance, holder) => {
                let found = reading.claims.iter().any(|c| {
                    c.stance.value == *stance
                        && match (&c.holder, holder) {
                            (Holder::Party(party), Some(code)) => code_of(party, reading).starts_with(code.as_str()),
                            (Holder::Unnamed(_) | Holder::Untold, None) => true,
                            _ => false,
                        }
                });
                if !found {
                    return Some(format!("not read: claim {stance} {}", holder.as_deref().unwrap_or("-")));
                }
            }
        }
    }
    None
}

/// A trigger mark that no matching event has at its place.
fn unmet_mark(example: &Example, found: &[&Event]) -> Option<String> {
    example.text.marks.iter().find_map(|(mark, range)| {
        let place = Span::at(range.start, range.end);
        let met = match mark {
            Mark::Trigger => found
                .iter()
                .any(|e| e.mentions.iter().any(|m| m.trigger.overlaps(place))),
            // Parties are compared by their codes; their spans may be a part of the marked words.
            Mark::Actor | Mark::Recipient | Mark::Holder => true,
        };
        (!met).then(|| {
            format!(
                "read, but not at the marked trigger \"{}\"",
                place.of(&example.text.text)
            )
        })
    })
}

pub(crate) fn matches(expected: &ExpectedEvent, event: &Event, reading: &Reading) -> bool {
    expected.kind == event.kind
        && expected.mode.is_none_or(|m| Some(m) == event.mode)
        && expected.content.is_none_or(|c| Some(c) == event.content)
        && expected.status.is_none_or(|s| s == event.status.value)
        && expected.certainty.is_none_or(|c| c == event.certainty.value)
        && side(&expected.actors, &event.actors, reading)
        && side(&expected.recipients, &event.recipients, reading)
}

/// Whether a side has all the parties expected; where none is expected, whether it has none with a code.
pub(crate) fn side(codes: &[String], parties: &[Party], reading: &Reading) -> bool {
    codes
        .iter()
        .all(|code| parties.iter().any(|p| code_of(p, reading).starts_with(code.as_str())))
        && (!codes.is_empty() || parties.iter().all(|p| code_of(p, reading).is_empty()))
}

/// Organisation or country with sectors; empty for a party that no state or organisation is known of.
pub(crate) fn code_of(party: &Party, reading: &Reading) -> String {
    let entity = reading.entity(party.entity);
    let Some(base) = entity.org.as_deref().or(entity.country.as_deref()) else {
        return String::new();
    };
    base.to_owned() + &party.roles.iter().map(|r: &Sector| r.as_str()).collect::<String>()
}

/// What a `no` example shows when the rule has fired on it all the same.
fn firing(id: &Arc<str>, reading: &Reading) -> Option<String> {
    let event = reading.events.iter().find(|e| {
        [&e.rule, &e.status.because.rule, &e.certainty.because.rule]
            .iter()
            .any(|rule| rule.0 == *id)
    });
    let claim = reading.claims.iter().find(|c| c.stance.because.rule.0 == *id);
    let agreements = || reading.agreements.iter();
    let step = || agreements().flat_map(|a| &a.steps).find(|s| s.rule.0 == *id);
    let duty = || agreements().flat_map(|a| &a.obligations).find(|o| o.rule.0 == *id);
    event
        .map(|event| format!("fires: {}", show_event(event, reading)))
        .or_else(|| claim.map(|claim| format!("fires: claim {}", claim.stance.value)))
        .or_else(|| step().map(|step| format!("fires: step {}", step.step.as_str())))
        .or_else(|| duty().map(|duty| format!("fires: duty {}", duty.kind.as_str())))
}

fn describe(reading: &Reading) -> Vec<String> {
    let events = reading.events.iter().map(|e| show_event(e, reading));
    let claims = reading.claims.iter().map(|c| {
        let holder = match &c.holder {
            Holder::Party(party) => code_of(party, reading),
            Holder::Unnamed(span) => format!("\"{}\"", span.of(&reading.parsed.doc.text)),
            Holder::Untold => "-".to_owned(),
        };
        format!("claim {} {holder}  [{}]", c.stance.value, c.stance.because.rule.0)
    });
    let agreements = reading.agreements.iter().flat_map(|a| {
        let steps = a
            .steps
            .iter()
            .map(|s| format!("step {} {}  [{}]", s.step.as_str(), s.by.join("+"), s.rule.0));
        let duties = a
            .obligations
            .iter()
            .map(|o| format!("duty {}  [{}]", o.kind.as_str(), o.rule.0));
        let whole = format!("agreement {} {}", a.kind.as_str(), a.parties.join("+"));
        std::iter::once(whole).chain(steps).chain(duties).collect::<Vec<_>>()
    });
    events.chain(claims).chain(agreements).collect()
}

pub(crate) fn show_event(event: &Event, reading: &Reading) -> String {
    let side = |parties: &[Party]| {
        let codes: Vec<String> = parties
            .iter()
            .map(|p| code_of(p, reading))
            .filter(|c| !c.is_empty())
            .collect();
        if codes.is_empty() {
            "-".to_owned()
        } else {
            codes.join("+")
        }
    };
    let mode = event.mode.map(|m| format!("/{m}")).unwrap_or_default();
    let content = event.content.map(|c| format!("({c})")).unwrap_or_default();
    format!(
        "{}{mode}{content} {} > {}, {}, {}  [{}]",
        event.kind,
        side(&event.actors),
        side(&event.recipients),
        event.status.value,
        event.certainty.value,
        event.rule.0
    )
}

pub(crate) fn show_expected(event: &ExpectedEvent) -> String {
    let side = |codes: &[String]| {
        if codes.is_empty() {
            "-".to_owned()
        } else {
            codes.join("+")
        }
    };
    let mode = event.mode.map(|m| format!("/{m}")).unwrap_or_default();
    let content = event.content.map(|c| format!("({c})")).unwrap_or_default();
    let status = event.status.map(|s| format!(", {s}")).unwrap_or_default();
    let certainty = event.certainty.map(|c| format!(", {c}")).unwrap_or_default();
    format!(
        "{}{mode}{content} {} > {}{status}{certainty}",
        event.kind,
        side(&event.actors),
        side(&event.recipients)
    )
}
