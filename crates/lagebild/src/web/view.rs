//! Records as pages show them: terms in the reader's language, links, and the words behind offsets.

use super::mark::{anchor, quad_class};
use super::page::{Page, link};
use super::text::Ui;
use lagebild_core::wire::{
    AgreementRecord, ClaimRecord, DateRecord, EventRecord, ObligationRecord, PartyRecord, Range, Record, StepRecord,
};

/// Cuts words out of one text by code points.
pub(super) struct Words<'a> {
    text: &'a str,
    /// The byte at which each character begins, and the length.
    bytes: Vec<usize>,
}

impl<'a> Words<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).collect();
        bytes.push(text.len());
        Self { text, bytes }
    }

    /// The words from `start` to `end`; empty where the text does not reach.
    pub(super) fn of(&self, start: usize, end: usize) -> &'a str {
        match (self.bytes.get(start), self.bytes.get(end)) {
            (Some(&from), Some(&to)) if from <= to => &self.text[from..to],
            _ => "",
        }
    }

    /// The number of characters.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() - 1
    }

    /// The number of characters before byte `byte`.
    pub(super) fn char_at(&self, byte: usize) -> usize {
        self.bytes.partition_point(|&b| b < byte)
    }

    fn range(&self, range: Range) -> &'a str {
        self.of(range.start, range.end)
    }
}

/// `text` cut at the code points where `marks` begin and end; the flag tells which pieces are marked.
pub(super) fn marked<'a>(text: &'a str, marks: &[Range]) -> Vec<(bool, &'a str)> {
    let words = Words::new(text);
    let len = words.len();
    let (mut pieces, mut at) = (Vec::new(), 0);
    for mark in marks {
        if mark.start < at || mark.end <= mark.start || mark.end > len {
            continue;
        }
        pieces.push((false, words.of(at, mark.start)));
        pieces.push((true, words.range(*mark)));
        at = mark.end;
    }
    pieces.push((false, words.of(at, len)));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}

/// An actor, recipient, holder or party.
pub(super) struct PartyView<'a> {
    /// Its name.
    pub name: &'a str,
    /// CAMEO-style code; empty without one.
    pub code: &'a str,
    /// As written, where that differs from the name.
    pub written: &'a str,
    /// Its other events or claims.
    pub href: Option<String>,
}

impl<'a> PartyView<'a> {
    /// `None` for a holder who is not told. `list` and `key` tell where its name leads.
    pub(super) fn new(ui: Ui, party: &'a PartyRecord, (list, key): (&str, &str)) -> Option<Self> {
        let state = party.id.as_deref().and_then(|id| id.strip_prefix("country:"));
        let name = match state {
            Some(key) => ui.country(key).or(party.name.as_deref()),
            None => party.name.as_deref(),
        };
        let name = name.filter(|n| !n.is_empty()).unwrap_or(&party.text);
        (!name.is_empty()).then(|| Self {
            name,
            code: party.code.as_deref().unwrap_or_default(),
            written: if party.text == name { "" } else { &party.text },
            href: party.id.as_deref().map(|id| link(list, &[(key, id)])),
        })
    }

    fn all(ui: Ui, parties: &'a [PartyRecord], key: &str) -> Vec<Self> {
        parties
            .iter()
            .filter_map(|p| Self::new(ui, p, ("/events", key)))
            .collect()
    }

    /// Who makes a claim.
    pub(super) fn holder(ui: Ui, party: &'a PartyRecord) -> Option<Self> {
        Self::new(ui, party, ("/claims", "actor"))
    }
}

/// A date.
pub(super) struct DateView {
    /// For people; empty when unknown.
    pub text: String,
    /// ISO 8601 of the first day; empty when unknown.
    pub iso: String,
    /// It is the day of publication because the text tells none.
    pub implicit: bool,
}

impl DateView {
    pub(super) fn new(ui: Ui, date: &DateRecord) -> Self {
        Self {
            text: ui.date(date),
            iso: date.from.clone().unwrap_or_default(),
            implicit: date.implicit,
        }
    }
}

/// An event.
pub(super) struct EventView<'a> {
    /// The record, for what needs no words.
    pub event: &'a EventRecord,
    /// CSS class of its quad class.
    pub quad: &'static str,
    /// Its type and mode in words.
    pub kind: String,
    /// The type of its content in words.
    pub content: Option<&'a str>,
    pub actors: Vec<PartyView<'a>>,
    pub recipients: Vec<PartyView<'a>>,
    pub status: &'a str,
    pub certainty: &'a str,
    pub date: DateView,
    pub place: Option<String>,
    pub amounts: Vec<String>,
    pub contexts: String,
    /// Where it is told: fragment of the anchor in the text, and the words.
    pub mentions: Vec<(String, &'a str)>,
    /// Who tells it, with the id of the claim.
    pub said_by: Option<(&'a str, Option<PartyView<'a>>)>,
}

impl<'a> EventView<'a> {
    pub(super) fn new(ui: Ui, event: &'a EventRecord) -> Self {
        let place = event.place.as_ref().map(|place| match place.country.as_deref() {
            Some(key) if ui.names_country(key, &place.name) => ui.party(key).to_owned(),
            Some(key) => format!("{}, {}", place.name, ui.party(key)),
            None => place.name.clone(),
        });
        let amounts = event
            .quantities
            .iter()
            .map(|q| ui.amount(q.value, &q.thing, &q.kind, &q.modifier))
            .collect();
        Self {
            quad: quad_class(&event.quad),
            kind: [Some(&event.kind), event.mode.as_ref()]
                .into_iter()
                .flatten()
                .map(|t| ui.term(t))
                .collect::<Vec<_>>()
                .join(" · "),
            content: event.content.as_deref().map(|c| ui.term(c)),
            actors: PartyView::all(ui, &event.actors, "actor"),
            recipients: PartyView::all(ui, &event.recipients, "recipient"),
            status: ui.term(&event.status),
            certainty: ui.term(&event.certainty),
            date: DateView::new(ui, &event.date),
            place,
            amounts,
            contexts: event.context.iter().map(|c| ui.term(c)).collect::<Vec<_>>().join(", "),
            mentions: Vec::new(),
            said_by: None,
            event,
        }
    }
}

/// A claim.
pub(super) struct ClaimView<'a> {
    pub claim: &'a ClaimRecord,
    pub holder: Option<PartyView<'a>>,
    pub stance: &'a str,
    pub addressee: Option<PartyView<'a>>,
    /// The words of its content.
    pub said: &'a str,
    /// Fragment of the anchor in the text.
    pub anchor: String,
    /// The events told in it: id and type in words.
    pub tells: Vec<(&'a str, &'a str)>,
}

impl<'a> ClaimView<'a> {
    pub(super) fn new(ui: Ui, claim: &'a ClaimRecord, said: &'a str) -> Self {
        Self {
            holder: PartyView::holder(ui, &claim.holder),
            stance: ui.term(&claim.stance),
            addressee: claim
                .addressee
                .as_ref()
                .and_then(|a| PartyView::new(ui, a, ("/claims", "recipient"))),
            said,
            anchor: anchor(&claim.id, 0),
            tells: Vec::new(),
            claim,
        }
    }
}

/// A step of an agreement.
pub(super) struct StepView<'a> {
    pub step: &'a str,
    pub by: String,
    pub date: DateView,
    pub place: Option<&'a str>,
    /// The sentence that tells it; empty in lists.
    pub words: &'a str,
}

/// A duty of an agreement.
pub(super) struct DutyView<'a> {
    pub kind: &'a str,
    /// Empty for all parties.
    pub who: String,
    pub condition: Option<&'a str>,
    /// The sentence that tells it; empty in lists.
    pub words: &'a str,
}

/// An agreement.
pub(super) struct AgreementView<'a> {
    pub agreement: &'a AgreementRecord,
    pub kind: &'a str,
    pub parties: Vec<(&'a str, &'a str)>,
    pub steps: Vec<StepView<'a>>,
    pub duties: Vec<DutyView<'a>>,
    /// Fragments of the anchors in the text.
    pub anchors: Vec<String>,
}

impl<'a> AgreementView<'a> {
    /// With the sentences behind steps and duties where `words` can cut them out.
    pub(super) fn new(ui: Ui, agreement: &'a AgreementRecord, words: Option<&Words<'a>>) -> Self {
        let names = |keys: &[String]| {
            keys.iter()
                .map(|k| ui.party(k).to_owned())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let cut = |range: Range| words.map_or("", |w| w.range(range));
        let step = |s: &'a StepRecord| StepView {
            step: ui.term(&s.step),
            by: names(&s.by),
            date: DateView::new(ui, &s.date),
            place: s.place.as_deref(),
            words: cut(s.mention),
        };
        let duty = |o: &'a ObligationRecord| DutyView {
            kind: ui.term(&o.kind),
            who: names(&o.who),
            condition: o.condition.as_deref(),
            words: cut(o.mention),
        };
        Self {
            kind: ui.term(&agreement.kind),
            parties: agreement.parties.iter().map(|k| (k.as_str(), ui.party(k))).collect(),
            steps: agreement.steps.iter().map(step).collect(),
            duties: agreement.obligations.iter().map(duty).collect(),
            anchors: (0..agreement.mentions.len())
                .map(|n| anchor(&agreement.id, n))
                .collect(),
            agreement,
        }
    }
}

impl AgreementView<'_> {
    /// Whether there are sentences to show behind steps and duties.
    pub(super) fn has_words(&self) -> bool {
        self.steps.iter().any(|s| !s.words.is_empty()) || self.duties.iter().any(|d| !d.words.is_empty())
    }
}

/// All records of one report, each with the words behind it and the records it belongs with.
pub(super) struct ReportView<'a> {
    pub events: Vec<EventView<'a>>,
    pub claims: Vec<ClaimView<'a>>,
    pub agreements: Vec<AgreementView<'a>>,
}

impl<'a> ReportView<'a> {
    pub(super) fn new(page: &Page, record: &'a Record) -> Self {
        let (ui, words) = (page.ui, Words::new(&record.text));
        let event = |e: &'a EventRecord| {
            let mut view = EventView::new(ui, e);
            let mentions = e.mentions.iter().enumerate();
            view.mentions = mentions
                .map(|(n, m)| (anchor(&e.id, n), words.of(m.start, m.end)))
                .collect();
            let claim = e
                .claim
                .as_deref()
                .and_then(|id| record.claims.iter().find(|c| c.id == id));
            view.said_by = claim.map(|c| (c.id.as_str(), PartyView::holder(ui, &c.holder)));
            view
        };
        let claim = |c: &'a ClaimRecord| {
            let mut view = ClaimView::new(ui, c, words.range(c.content));
            let told = c
                .events
                .iter()
                .filter_map(|id| record.events.iter().find(|e| e.id == *id));
            view.tells = told.map(|e| (e.id.as_str(), ui.term(&e.kind))).collect();
            view
        };
        Self {
            events: record.events.iter().map(event).collect(),
            claims: record.claims.iter().map(claim).collect(),
            agreements: record
                .agreements
                .iter()
                .map(|a| AgreementView::new(ui, a, Some(&words)))
                .collect(),
        }
    }

    /// Nothing was read.
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.claims.is_empty() && self.agreements.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_cut_and_nothing_is_lost() {
        let range = |start, end| Range { start, end };
        let pieces = marked("Süd und Nord", &[range(0, 3), range(2, 5), range(8, 12), range(12, 99)]);
        assert_eq!(pieces, [(true, "Süd"), (false, " und "), (true, "Nord")]);
        assert_eq!(marked("", &[]), []);
    }

    #[test]
    fn words_beyond_the_text_are_empty() {
        let words = Words::new("Größe");
        assert_eq!((words.of(2, 5), words.of(0, 9), words.of(3, 1)), ("öße", "", ""));
    }
}
