//! Records as pages show them: terms in the reader's language, links, and the words behind offsets.

use super::mark::{anchor, quad_class};
use super::page::{self, Page, report};
use super::text::Ui;
use lagebild_core::wire::{
    AgreementRecord, ClaimRecord, DateRecord, EventRecord, ObligationRecord, PartyRecord, PlaceRecord, QuantityRecord,
    Range, Record, StepRecord, Words as Sentence,
};
use lagebild_picture::accord::{Number, Numbers, Told};
use lagebild_picture::claims::Position;
use lagebild_store::{ClaimRow, ClusterRow, DocumentBrief, OpinionRow, TellingRow};

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
    /// Its page.
    pub href: Option<String>,
}

impl<'a> PartyView<'a> {
    /// `None` for a holder who is not told.
    pub(super) fn new(ui: Ui, party: &'a PartyRecord) -> Option<Self> {
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
            href: party.id.as_deref().map(page::actor),
        })
    }

    fn all(ui: Ui, parties: &'a [PartyRecord]) -> Vec<Self> {
        parties.iter().filter_map(|p| Self::new(ui, p)).collect()
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

/// What is done: of an event in a report, or of an act over many.
pub(super) struct DeedView<'a> {
    /// Its type.
    pub code: &'a str,
    /// CSS class of its quad class.
    pub quad: &'static str,
    /// Its type and mode in words.
    pub kind: String,
    /// The type of its content, and that in words.
    pub content: Option<(&'a str, &'a str)>,
    pub actors: Vec<PartyView<'a>>,
    pub recipients: Vec<PartyView<'a>>,
    pub date: DateView,
    pub place: Option<String>,
    /// The page with all reports that tell of it.
    pub href: String,
}

impl<'a> DeedView<'a> {
    fn of_event(ui: Ui, event: &'a EventRecord, href: String) -> Self {
        Self {
            code: &event.kind,
            quad: quad_class(&event.quad),
            kind: kind(ui, &event.kind, event.mode.as_deref()),
            content: event.content.as_deref().map(|c| (c, ui.term(c))),
            actors: PartyView::all(ui, &event.actors),
            recipients: PartyView::all(ui, &event.recipients),
            date: DateView::new(ui, &event.date),
            place: event.place.as_ref().map(|p| place(ui, p)),
            href,
        }
    }

    pub(super) fn of_act(ui: Ui, act: &'a ClusterRow) -> Self {
        Self {
            code: &act.kind,
            quad: quad_class(&act.quad),
            kind: kind(ui, &act.kind, act.mode.as_deref()),
            content: act.content.as_deref().map(|c| (c, ui.term(c))),
            actors: PartyView::all(ui, &act.actors),
            recipients: PartyView::all(ui, &act.recipients),
            date: DateView::new(ui, &act.date),
            place: act.place.as_ref().map(|p| place(ui, p)),
            href: page::act(&act.key),
        }
    }

    /// In words without links: *Russland → Nordkorea*.
    pub(super) fn who_whom(&self) -> String {
        let names = |parties: &[PartyView]| parties.iter().map(|p| p.name).collect::<Vec<_>>().join(", ");
        match (names(&self.actors), names(&self.recipients)) {
            (actors, recipients) if recipients.is_empty() => actors,
            (actors, recipients) => format!("{actors} → {recipients}"),
        }
    }
}

/// Type and mode in words.
fn kind(ui: Ui, kind: &str, mode: Option<&str>) -> String {
    let words: Vec<&str> = [Some(kind), mode].into_iter().flatten().map(|t| ui.term(t)).collect();
    words.join(" · ")
}

/// A place with its state, unless it is the state.
fn place(ui: Ui, place: &PlaceRecord) -> String {
    match place.country.as_deref() {
        Some(key) if ui.names_country(key, &place.name) => ui.party(key).to_owned(),
        Some(key) => format!("{}, {}", place.name, ui.party(key)),
        None => place.name.clone(),
    }
}

fn amounts(ui: Ui, quantities: &[QuantityRecord]) -> Vec<String> {
    quantities
        .iter()
        .map(|q| ui.amount(q.value, &q.thing, &q.kind, &q.modifier))
        .collect()
}

/// A status or certainty.
#[derive(Clone, Copy)]
pub(super) struct Badge<'a> {
    /// The term, which is its CSS class.
    pub class: &'a str,
    pub text: &'a str,
}

impl<'a> Badge<'a> {
    pub(super) fn new(ui: Ui, term: &'a str) -> Self {
        Self {
            class: term,
            text: ui.term(term),
        }
    }
}

/// An event.
pub(super) struct EventView<'a> {
    /// The record, for what needs no words.
    pub event: &'a EventRecord,
    pub deed: DeedView<'a>,
    /// Status and certainty.
    pub badges: [Badge<'a>; 2],
    pub amounts: Vec<String>,
    pub contexts: String,
    /// Where it is told: fragment of the anchor in the text, and the words.
    pub mentions: Vec<(String, &'a str)>,
    /// Who tells it, with the id of the claim.
    pub said_by: Option<(&'a str, Option<PartyView<'a>>)>,
}

impl<'a> EventView<'a> {
    /// An event of report `document`.
    pub(super) fn new(ui: Ui, document: &str, event: &'a EventRecord) -> Self {
        Self {
            deed: DeedView::of_event(ui, event, page::act(&format!("{document}#{}", event.id))),
            badges: [Badge::new(ui, &event.status), Badge::new(ui, &event.certainty)],
            amounts: amounts(ui, &event.quantities),
            contexts: event.context.iter().map(|c| ui.term(c)).collect::<Vec<_>>().join(", "),
            mentions: Vec::new(),
            said_by: None,
            event,
        }
    }
}

/// A value that reports tell of an act, with those who do.
pub(super) struct ValueView<'a> {
    pub badge: Badge<'a>,
    pub by: &'a [String],
}

impl<'a> ValueView<'a> {
    fn all(ui: Ui, told: &'a [Told]) -> Vec<Self> {
        let value = |t: &'a Told| Self {
            badge: Badge::new(ui, &t.value),
            by: &t.by,
        };
        told.iter().map(value).collect()
    }
}

/// Numbers of one kind that reports tell of an act.
pub(super) struct NumbersView<'a> {
    pub agreed: bool,
    /// What the numbers say, each with its place between nothing and the highest in percent and those who tell it.
    pub values: Vec<(String, usize, &'a [String])>,
}

impl<'a> NumbersView<'a> {
    fn new(ui: Ui, numbers: &'a Numbers) -> Self {
        let share = |value: f64| {
            let share = (value / numbers.high * 100.0).clamp(0.0, 100.0);
            // Within 0 to 100; a number that is none has no place.
            (share as usize).max(1)
        };
        let value = |n: &'a Number| {
            let text = ui.amount(n.value, &n.thing, &numbers.kind, &n.modifier);
            (text, share(n.value), n.by.as_slice())
        };
        Self {
            agreed: numbers.agreed,
            values: numbers.values.iter().map(value).collect(),
        }
    }
}

/// An act over all reports that tell of it.
pub(super) struct ActView<'a> {
    pub row: &'a ClusterRow,
    pub deed: DeedView<'a>,
    pub status: Vec<ValueView<'a>>,
    pub certainty: Vec<ValueView<'a>>,
    pub numbers: Vec<NumbersView<'a>>,
    /// The sentence that tells it first.
    pub origin: Option<Origin<'a>>,
}

impl<'a> ActView<'a> {
    pub(super) fn new(ui: Ui, row: &'a ClusterRow) -> Self {
        Self {
            deed: DeedView::of_act(ui, row),
            status: ValueView::all(ui, &row.accord.status),
            certainty: ValueView::all(ui, &row.accord.certainty),
            numbers: row.accord.numbers.iter().map(|n| NumbersView::new(ui, n)).collect(),
            origin: row.tellings.first().map(|telling| Origin::of_telling(ui, telling)),
            row,
        }
    }

    /// Whether reports tell it differently.
    pub(super) fn contested(&self) -> bool {
        self.status.len() > 1 || self.certainty.len() > 1 || self.numbers.iter().any(|n| !n.agreed)
    }
}

/// Where a row of a list stands.
pub(super) struct Origin<'a> {
    pub document: &'a DocumentBrief,
    /// The record in its report.
    pub href: String,
    /// Day of publication for people.
    pub day: String,
    /// The sentence that tells it, in pieces; the flag tells which are the words that count.
    pub sentence: Vec<(bool, &'a str)>,
    /// CSS class of the words that count.
    pub class: &'static str,
}

impl<'a> Origin<'a> {
    pub(super) fn new(ui: Ui, document: &'a DocumentBrief, id: &str) -> Self {
        Self {
            href: format!("{}#{id}", report(&document.id)),
            day: ui.short_day(document.published.as_deref().unwrap_or_default()),
            document,
            sentence: Vec::new(),
            class: "",
        }
    }

    /// With `sentence`, in which the code points from `start` to `end` of the report are the words that count.
    pub(super) fn told(mut self, sentence: &'a Sentence, class: &'static str, start: usize, end: usize) -> Self {
        let within = |at: usize| at.saturating_sub(sentence.start);
        let words = Range {
            start: within(start),
            end: within(end.min(sentence.end)),
        };
        self.sentence = marked(&sentence.text, &[words]);
        self.class = class;
        self
    }

    pub(super) fn of_telling(ui: Ui, telling: &'a TellingRow) -> Self {
        let id = telling.key.rsplit_once('#').map_or("", |(_, id)| id);
        Self::new(ui, &telling.document, id).told(&telling.sentence, "", 0, 0)
    }
}

/// Who tells an act in one report, how, and why it is the same act.
pub(super) struct TellingView<'a> {
    pub row: &'a TellingRow,
    pub origin: Origin<'a>,
    pub badges: [Badge<'a>; 2],
    pub amounts: Vec<String>,
    pub said_by: Option<Option<PartyView<'a>>>,
    /// It copies an earlier one of the list.
    pub copy: bool,
}

impl<'a> TellingView<'a> {
    pub(super) fn all(ui: Ui, tellings: &'a [TellingRow]) -> Vec<Self> {
        let one = |(n, row): (usize, &'a TellingRow)| Self {
            origin: Origin::of_telling(ui, row),
            badges: [Badge::new(ui, &row.status), Badge::new(ui, &row.certainty)],
            amounts: amounts(ui, &row.quantities),
            said_by: row.said_by.as_ref().map(|by| PartyView::new(ui, &by.holder)),
            copy: tellings[..n]
                .iter()
                .any(|t| t.family == row.family && t.document.id != row.document.id),
            row,
        };
        tellings.iter().enumerate().map(one).collect()
    }
}

/// What is said about an act, by position.
pub(super) struct PositionView<'a> {
    pub class: &'static str,
    pub title: &'static str,
    pub claims: Vec<(ClaimView<'a>, Origin<'a>)>,
}

impl<'a> PositionView<'a> {
    /// The positions that somebody takes.
    pub(super) fn all(ui: Ui, opinions: &'a [OpinionRow]) -> Vec<Self> {
        let t = ui.texts();
        let columns = [
            (Position::Says, t.position_says),
            (Position::Confirms, t.position_confirms),
            (Position::Denies, t.position_denies),
            (Position::Doubts, t.position_doubts),
        ];
        let column = |(position, title): (Position, &'static str)| Self {
            class: position.as_str(),
            title,
            claims: opinions
                .iter()
                .filter(|o| o.position == position)
                .map(|o| claim_row(ui, &o.claim))
                .collect(),
        };
        let mut columns: Vec<Self> = columns.into_iter().map(column).collect();
        columns.retain(|c| !c.claims.is_empty());
        columns
    }
}

/// A claim with its report.
pub(super) fn claim_row(ui: Ui, row: &ClaimRow) -> (ClaimView<'_>, Origin<'_>) {
    let Range { start, end } = row.claim.content;
    let origin = Origin::new(ui, &row.document, &row.claim.id).told(&row.sentence, "m-said", start, end);
    (ClaimView::new(ui, &row.claim, &row.said), origin)
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
            holder: PartyView::new(ui, &claim.holder),
            stance: ui.term(&claim.stance),
            addressee: claim.addressee.as_ref().and_then(|a| PartyView::new(ui, a)),
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
            let mut view = EventView::new(ui, &record.id, e);
            let mentions = e.mentions.iter().enumerate();
            view.mentions = mentions
                .map(|(n, m)| (anchor(&e.id, n), words.of(m.start, m.end)))
                .collect();
            let claim = e
                .claim
                .as_deref()
                .and_then(|id| record.claims.iter().find(|c| c.id == id));
            view.said_by = claim.map(|c| (c.id.as_str(), PartyView::new(ui, &c.holder)));
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
