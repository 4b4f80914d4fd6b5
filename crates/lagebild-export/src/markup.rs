//! A record as marks on its text and links between them: what annotation tools know.

use crate::CodePoints;
use lagebild_core::wire::{PartyRecord, Range, Record, Words};

/// A marked stretch of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Its label, letters only: `Country`, `AID`, `Claim`.
    pub(crate) label: String,
    pub(crate) range: Range,
}

/// A word that tells something, with what belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The mark of the word.
    pub(crate) mark: usize,
    /// Roles and marks.
    pub(crate) arguments: Vec<(&'static str, usize)>,
    /// Names and values.
    pub(crate) attributes: Vec<(&'static str, String)>,
}

/// The marks of a record.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    pub(crate) marks: Vec<Mark>,
    pub(crate) told: Vec<Told>,
}

/// A label of letters, digits and hyphens, capital first.
fn label(kind: &str) -> String {
    let mut chars = kind.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

impl Markup {
    /// The mark with this label and range, made when new; nothing for a range that marks nothing.
    fn mark(&mut self, text: &CodePoints<'_>, label: &str, range: Range) -> Option<usize> {
        if !text.holds(range) {
            return None;
        }
        let known = self.marks.iter().position(|m| m.range == range && m.label == label);
        Some(known.unwrap_or_else(|| {
            self.marks.push(Mark {
                label: label.to_owned(),
                range,
            });
            self.marks.len() - 1
        }))
    }

    /// The mark of a party: that of its entity where one stands there.
    fn party(&mut self, text: &CodePoints<'_>, party: &PartyRecord) -> Option<usize> {
        let range = Range {
            start: party.start?,
            end: party.end?,
        };
        let kinds = ["Country", "Organisation", "Person", "Group", "Place"];
        let known = self
            .marks
            .iter()
            .position(|m| m.range == range && kinds.contains(&m.label.as_str()));
        let kind = party
            .id
            .as_deref()
            .and_then(|id| id.split_once(':'))
            .map_or("Party", |(kind, _)| match kind {
                "country" => "Country",
                "org" => "Organisation",
                "person" => "Person",
                _ => "Party",
            });
        known.or_else(|| self.mark(text, kind, range))
    }

    /// The marks of `record`.
    pub(crate) fn of(record: &Record, text: &CodePoints<'_>) -> Self {
        let range = |words: &Words| Range {
            start: words.start,
            end: words.end,
        };
        let mut markup = Self::default();
        for entity in &record.entities {
            for mention in &entity.mentions {
                markup.mark(text, &label(&entity.kind), range(mention));
            }
        }
        for time in &record.times {
            let when = Range {
                start: time.start,
                end: time.end,
            };
            markup.mark(text, "Time", when);
        }
        // Trigger marks of events by id, for the claims that tell them.
        let mut triggers: Vec<(&str, usize)> = Vec::new();
        for event in &record.events {
            let mut arguments: Vec<(&'static str, usize)> = Vec::new();
            for (role, parties) in [("Actor", &event.actors), ("Recipient", &event.recipients)] {
                arguments.extend(parties.iter().filter_map(|p| Some((role, markup.party(text, p)?))));
            }
            for quantity in &event.quantities {
                let counted = Range {
                    start: quantity.start,
                    end: quantity.end,
                };
                arguments.extend(markup.mark(text, "Quantity", counted).map(|m| ("Quantity", m)));
            }
            let mut attributes = vec![("Status", event.status.clone()), ("Certainty", event.certainty.clone())];
            attributes.extend(event.mode.clone().map(|mode| ("Mode", mode)));
            attributes.extend(event.content.clone().map(|content| ("About", content)));
            for mention in &event.mentions {
                if let Some(mark) = markup.mark(text, &event.kind, range(&mention.trigger)) {
                    triggers.push((&event.id, mark));
                    markup.told.push(Told {
                        mark,
                        arguments: arguments.clone(),
                        attributes: attributes.clone(),
                    });
                }
            }
        }
        for claim in &record.claims {
            let Some(mark) = markup.mark(text, "Claim", range(&claim.cue)) else {
                continue;
            };
            let mut arguments: Vec<(&'static str, usize)> = Vec::new();
            arguments.extend(markup.party(text, &claim.holder).map(|m| ("Holder", m)));
            let addressee = claim.addressee.as_ref().and_then(|a| markup.party(text, a));
            arguments.extend(addressee.map(|m| ("Addressee", m)));
            arguments.extend(markup.mark(text, "Said", claim.content).map(|m| ("Content", m)));
            arguments.extend(
                triggers
                    .iter()
                    .filter(|(id, _)| claim.events.iter().any(|e| e == id))
                    .map(|(_, m)| ("Tells", *m)),
            );
            markup.told.push(Told {
                mark,
                arguments,
                attributes: vec![("Stance", claim.stance.clone()), ("Quote", claim.quote.to_string())],
            });
        }
        for agreement in &record.agreements {
            for &mention in &agreement.mentions {
                markup.mark(text, "Agreement", mention);
            }
        }
        markup
    }
}
