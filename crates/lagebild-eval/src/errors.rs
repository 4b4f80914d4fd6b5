//! What went wrong, one error after the other.

use crate::Pair;
use crate::data::{Document, Event};
use crate::score::{Told, keys, matches, parties_agree, told_as_read, told_by_hand};
use lagebild_core::codebook::{EventType, Mode};
use lagebild_lexicon::ontology;
use std::collections::HashSet;

/// An event that was not read as it was coded.
#[derive(Clone, Debug)]
pub struct Error<'d> {
    /// The hand-coded report.
    pub document: &'d Document,
    /// Number of the sentence.
    pub sentence: usize,
    /// What is wrong with it.
    pub fault: Fault<'d>,
}

/// What is wrong with an event.
#[derive(Clone, Copy, Debug)]
pub enum Fault<'d> {
    /// Coded, not read.
    Missed(&'d Event),
    /// Read, not coded.
    Spurious(&'d Event),
    /// Read with another type: coded, read.
    Type(&'d Event, &'d Event),
    /// Read with other parties: coded, read.
    Parties(&'d Event, &'d Event),
}

impl Fault<'_> {
    /// How the list calls it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Missed(_) => "missed",
            Self::Spurious(_) => "spurious",
            Self::Type(..) => "wrong type",
            Self::Parties(..) => "wrong parties",
        }
    }
}

impl<'d> Error<'d> {
    /// The event as coded.
    #[must_use]
    pub fn coded(&self) -> Option<&'d Event> {
        match self.fault {
            Fault::Missed(gold) | Fault::Type(gold, _) | Fault::Parties(gold, _) => Some(gold),
            Fault::Spurious(_) => None,
        }
    }

    /// The event as read.
    #[must_use]
    pub fn read(&self) -> Option<&'d Event> {
        match self.fault {
            Fault::Spurious(read) | Fault::Type(_, read) | Fault::Parties(_, read) => Some(read),
            Fault::Missed(_) => None,
        }
    }

    /// The words of the sentence.
    #[must_use]
    pub fn words(&self) -> &'d str {
        let sentence = self.document.sentences.iter().find(|s| s.i == self.sentence);
        sentence.map_or("", |s| s.text.as_str())
    }

    /// How wrong a picture the error draws: points of the PLOVER scale between conflict and cooperation (−10 to 10) that
    /// are put in, left out or given to others; half of them where only parties are wrong.
    #[must_use]
    pub fn weight(&self) -> f32 {
        match self.fault {
            Fault::Missed(event) | Fault::Spurious(event) => scale(event).abs(),
            Fault::Type(gold, read) => (scale(gold) - scale(read)).abs(),
            Fault::Parties(gold, _) => scale(gold).abs() / 2.0,
        }
    }
}

fn scale(event: &Event) -> f32 {
    let mode = event.mode.as_deref().and_then(Mode::parse);
    EventType::parse(&event.kind).map_or(0.0, |kind| ontology::plover_score(kind, mode))
}

/// All errors of `pairs`, in text order. An event that is left over on both sides of one sentence counts as read with the wrong
/// type when the same word tells it or its parties agree.
#[must_use]
pub fn errors(pairs: &[Pair]) -> Vec<Error<'_>> {
    let mut found = Vec::new();
    for pair in pairs {
        of_report(pair, &mut found);
    }
    found
}

fn of_report<'d>(pair: &'d Pair, found: &mut Vec<Error<'d>>) {
    let Pair { gold, read, .. } = pair;
    let (golds, reads) = (told_by_hand(gold), told_as_read(gold, read));
    let mut own = Vec::new();
    let mut error = |sentence, fault| {
        own.push(Error {
            document: gold,
            sentence,
            fault,
        });
    };
    let typed = matches(&golds, &reads, |g, s| g.kind == s.kind);
    for &(g, s) in &typed {
        if !parties_agree(golds[g].event, reads[s].event) {
            error(golds[g].sentence, Fault::Parties(golds[g].event, reads[s].event));
        }
    }
    let left = |told: &[Told<'d>], used: HashSet<usize>| -> Vec<Told<'d>> {
        let unused = told.iter().enumerate().filter(|(n, _)| !used.contains(n));
        unused.map(|(_, t)| *t).collect()
    };
    let golds = left(&golds, typed.iter().map(|m| m.0).collect());
    let reads = left(&reads, typed.iter().map(|m| m.1).collect());
    let other = matches(&golds, &reads, |g, s| same_word(g, s) || share_parties(g, s));
    for &(g, s) in &other {
        error(golds[g].sentence, Fault::Type(golds[g].event, reads[s].event));
    }
    for missed in left(&golds, other.iter().map(|m| m.0).collect()) {
        error(missed.sentence, Fault::Missed(missed.event));
    }
    for spurious in left(&reads, other.iter().map(|m| m.1).collect()) {
        error(spurious.sentence, Fault::Spurious(spurious.event));
    }
    own.sort_by_key(|e| e.sentence);
    found.append(&mut own);
}

/// Whether two events are told by one word of their sentence.
fn same_word(gold: &Event, read: &Event) -> bool {
    let words = |event: &'_ Event| -> HashSet<String> {
        let triggers = event.mentions.iter().filter_map(|m| m.trigger.as_ref());
        triggers.map(|t| t.text().to_lowercase()).collect()
    };
    let (gold, read) = (words(gold), words(read));
    // Coders mark a phrase where the program marks its word ("wies zurück").
    gold.iter()
        .any(|phrase| read.iter().any(|word| phrase.split_whitespace().any(|w| w == word)))
}

/// Whether both have parties, and the same.
fn share_parties(gold: &Event, read: &Event) -> bool {
    let somebody = |e: &Event| !keys(e.actors.as_ref()).is_empty() && !keys(e.recipients.as_ref()).is_empty();
    somebody(gold) && somebody(read) && parties_agree(gold, read)
}
