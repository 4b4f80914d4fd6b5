//! The digest for a terminal.
//!
//! Everything reads without colour: the sign before an event (`+` `++` cooperation, `-` `--` conflict, doubled for deeds)
//! says what its colour says, and trigger words stand between asterisks where they cannot be underlined.

use super::words::Words;
use super::{
    CodePoints, about, amount, by_sentence, counts, days, headline, kind, marked, parties, party_name, quoted,
    sentence_at, squeezed,
};
use crate::term::{Flow, Screen, Style, clean, columns};
use crate::web::Ui;
use lagebild_core::wire::{AgreementRecord, ClaimRecord, EventRecord, PartyRecord, Range, Record};

/// Columns for sign and type of an event; everything else hangs to the right of it.
const HANG: usize = 24;
/// The hang on narrow screens.
const SHORT_HANG: usize = 6;

/// The digest of `record`, its labels in the language `ui`.
pub(crate) fn terminal(record: &Record, screen: Screen, ui: Ui) -> String {
    let mut digest = Digest {
        record,
        ui,
        words: Words::of(ui),
        text: CodePoints::new(&record.text),
        screen,
        out: String::new(),
    };
    digest.head();
    digest.events();
    digest.claims();
    digest.agreements();
    digest.notes();
    digest.out
}

struct Digest<'a> {
    record: &'a Record,
    ui: Ui,
    words: &'static Words,
    text: CodePoints<'a>,
    screen: Screen,
    out: String,
}

/// The sign and colour of a quad class.
fn sign(quad: &str) -> (&'static str, Style) {
    match quad {
        "verbal-cooperation" => ("+", Style::Mild),
        "material-cooperation" => ("++", Style::Good),
        "verbal-conflict" => ("-", Style::Tense),
        "material-conflict" => ("--", Style::Bad),
        _ => ("", Style::Plain),
    }
}

impl Digest<'_> {
    fn paint(&self, style: Style, text: &str) -> String {
        self.screen.paint(style, text).into_owned()
    }

    fn paragraph(&mut self, flow: &Flow, first: &str, rest: &str) {
        flow.write(&mut self.out, self.screen, first, rest);
    }

    /// The indent of what hangs under an event.
    fn hang(&self) -> String {
        " ".repeat(if self.screen.width < 72 { SHORT_HANG } else { HANG })
    }

    fn head(&mut self) {
        self.paragraph(Flow::new().push(Style::Strong, &headline(self.record)), "", "");
        self.paragraph(Flow::new().push(Style::Dim, &about(self.record, self.ui)), "", "");
        self.paragraph(Flow::new().push(Style::Dim, &counts(self.record, self.ui)), "", "");
    }

    fn section(&mut self, name: &str) {
        let name = &name.to_uppercase();
        let rule = "─".repeat(self.screen.width.saturating_sub(columns(name) + 1));
        let (name, rule) = (self.paint(Style::Strong, name), self.paint(Style::Dim, &rule));
        self.out.push_str(&format!("\n{name} {rule}\n"));
    }

    fn events(&mut self) {
        if self.record.events.is_empty() {
            return;
        }
        self.section(self.words.who_did_what);
        for (i, told) in by_sentence(self.record).into_iter().enumerate() {
            if i > 0 {
                self.out.push('\n');
            }
            for event in &told.events {
                self.event(event);
            }
            let mut triggers: Vec<Range> = told
                .events
                .iter()
                .filter_map(|e| e.mentions.first())
                .map(|m| Range {
                    start: m.trigger.start,
                    end: m.trigger.end,
                })
                .collect();
            self.evidence(told.sentence, &mut triggers);
        }
    }

    fn event(&mut self, event: &EventRecord) {
        let (sign, style) = sign(&event.quad);
        let mut flow = Flow::new();
        let (actors, arrow, recipients) = parties(event);
        push_parties(&mut flow, &actors);
        if !arrow.is_empty() {
            flow.push_whole(style, &format!(" {arrow} "));
            push_parties(&mut flow, &recipients);
        }
        let date = days(&event.date);
        // The day of publication stands in parentheses: the text does not tell when.
        push_detail(
            &mut flow,
            date.map(|d| if event.date.implicit { format!("({d})") } else { d }),
        );
        push_detail(&mut flow, event.place.as_ref().map(|p| format!("in {}", p.name)));
        for quantity in &event.quantities {
            push_detail(&mut flow, Some(amount(quantity, self.ui)));
        }
        let judged = format!("{} · {}", self.ui.term(&event.status), self.ui.term(&event.certainty));
        push_detail(&mut flow, Some(judged));
        push_detail(&mut flow, self.said_by(event));
        self.row(style, &format!("{sign:<2} {}", kind(event)), &flow);
    }

    /// `(said by Seoul)`.
    fn said_by(&self, event: &EventRecord) -> Option<String> {
        let id = event.claim.as_ref()?;
        let claim = self.record.claims.iter().find(|c| c.id == *id)?;
        let holder = party_name(&claim.holder);
        (!holder.is_empty()).then(|| format!("({} {holder})", self.words.according_to))
    }

    /// A label, and what belongs to it hanging to its right.
    fn row(&mut self, style: Style, label: &str, flow: &Flow) {
        let hang = self.hang();
        let painted = self.paint(style, label);
        // A long label takes a line of its own.
        let gap = match columns(&hang).checked_sub(columns(label) + 1) {
            Some(gap @ 2..) => " ".repeat(gap),
            _ => format!("\n{hang}"),
        };
        flow.write(&mut self.out, self.screen, &format!(" {painted}{gap}"), &hang);
    }

    /// A sentence with its marks, set off from the records above it.
    fn evidence(&mut self, sentence: Range, marks: &mut [Range]) {
        let mut flow = Flow::new();
        for (is_marked, text) in marked(&self.text, sentence, marks) {
            let text = squeezed(text);
            match (is_marked, self.screen.colour) {
                (false, _) => flow.push(Style::Dim, &text),
                (true, true) => flow.push(Style::Trigger, &text),
                (true, false) => flow.push(Style::Plain, &format!("*{text}*")),
            };
        }
        let indent = columns(&self.hang());
        let narrow = Screen {
            width: self.screen.width.saturating_sub(indent),
            ..self.screen
        };
        let mut lines = String::new();
        flow.write(&mut lines, narrow, "", "");
        let bar = format!("{}{} ", " ".repeat(indent - 2), self.paint(Style::Dim, "│"));
        self.out.extend(
            lines
                .lines()
                .filter(|l| !l.is_empty())
                .map(|line| format!("{bar}{line}\n")),
        );
    }

    fn claims(&mut self) {
        if self.record.claims.is_empty() {
            return;
        }
        self.section(self.words.who_says_what);
        for claim in &self.record.claims {
            self.claim(claim);
        }
    }

    fn claim(&mut self, claim: &ClaimRecord) {
        let mut flow = Flow::new();
        match party_name(&claim.holder) {
            "" => flow.push(Style::Dim, self.words.somebody),
            _ => push_party(&mut flow, &claim.holder),
        };
        if let Some(addressee) = &claim.addressee {
            flow.push_whole(Style::Plain, " → ");
            push_party(&mut flow, addressee);
        }
        let said = squeezed(self.text.of(claim.content.start, claim.content.end));
        if !said.trim().is_empty() {
            flow.push(
                Style::Plain,
                &format!(
                    ": {}",
                    if claim.quote {
                        quoted(said.trim(), self.ui)
                    } else {
                        said
                    }
                ),
            );
        }
        self.row(stance_style(&claim.stance), self.ui.term(&claim.stance), &flow);
    }

    fn agreements(&mut self) {
        if self.record.agreements.is_empty() {
            return;
        }
        self.section(self.words.agreements);
        for (i, agreement) in self.record.agreements.iter().enumerate() {
            if i > 0 {
                self.out.push('\n');
            }
            self.agreement(agreement);
        }
    }

    fn agreement(&mut self, agreement: &AgreementRecord) {
        let mut flow = Flow::new();
        flow.push(Style::Name, agreement.name.as_deref().unwrap_or(self.words.unnamed));
        push_detail(&mut flow, Some(agreement.parties.join(" + ")).filter(|p| !p.is_empty()));
        self.row(Style::Mild, self.ui.term(&agreement.kind), &flow);
        for step in &agreement.steps {
            let mut flow = Flow::new();
            if !step.by.is_empty() {
                flow.push_whole(Style::Plain, &format!("{} {}", self.words.by, step.by.join(", ")));
            }
            push_detail(&mut flow, days(&step.date));
            push_detail(&mut flow, step.place.as_ref().map(|p| format!("in {p}")));
            self.row(Style::Plain, &format!("  {}", self.ui.term(&step.step)), &flow);
        }
        for duty in &agreement.obligations {
            let mut flow = Flow::new();
            flow.push_whole(Style::Plain, self.ui.term(&duty.kind));
            if !duty.who.is_empty() {
                flow.push_whole(Style::Plain, &format!(" {} {}", self.words.of, duty.who.join(", ")));
            }
            if let Some(condition) = &duty.condition {
                flow.push(Style::Plain, "  ").push(Style::Dim, condition);
            }
            self.row(Style::Plain, &format!("  {}", self.words.duty), &flow);
        }
        let mentions = agreement.mentions.first().copied();
        if let Some(range) = mentions.or(agreement.steps.first().map(|s| s.mention)) {
            let sentence = sentence_at(self.record, range.start, range);
            self.evidence(sentence, &mut []);
        }
    }

    fn notes(&mut self) {
        if self.record.notes.is_empty() {
            return;
        }
        self.section(self.words.notes);
        for note in &self.record.notes {
            let flow = Flow::new()
                .push(Style::Dim, &format!("{} ({})", note.message, note.code))
                .clone();
            self.paragraph(&flow, "   ", "   ");
        }
    }
}

/// The colour of a stance: that of the acts it goes with.
fn stance_style(stance: &str) -> Style {
    match stance {
        "accuse" | "criticise" | "warn" | "demand" | "deny" => Style::Tense,
        "promise" | "praise" | "confirm" => Style::Mild,
        _ => Style::Plain,
    }
}

/// A detail after a wide gap.
fn push_detail(flow: &mut Flow, detail: Option<String>) {
    if let Some(detail) = detail {
        flow.push(Style::Plain, if flow.is_empty() { "" } else { "  " })
            .push_whole(Style::Dim, &detail);
    }
}

fn push_party<'a>(flow: &'a mut Flow, party: &PartyRecord) -> &'a mut Flow {
    let name = clean(party_name(party));
    flow.push(Style::Name, &name);
    if let Some(code) = party.code.as_deref().filter(|code| **code != *name) {
        flow.push(Style::Plain, "\u{a0}").push(Style::Dim, code);
    }
    flow
}

fn push_parties(flow: &mut Flow, parties: &[&PartyRecord]) {
    if parties.is_empty() {
        flow.push(Style::Dim, "?");
    }
    for (i, party) in parties.iter().enumerate() {
        if i > 0 {
            flow.push(Style::Plain, ", ");
        }
        push_party(flow, party);
    }
}
