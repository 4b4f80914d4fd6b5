//! The rows of one reading, without a store: what a store lists that holds this report, but for its address.

use crate::text::CodePoints;
use lagebild_core::wire::{ClaimRecord, EventRecord, Range, Record, Words};
use lagebild_store::{AgreementRow, ClaimRow, DocumentBrief, EventRow, SaidBy};

/// The rows of a record. Ranges that lie beyond its text, as only a damaged record has them, have no words.
#[derive(Debug)]
pub struct RecordRows<'a> {
    record: &'a Record,
    text: CodePoints<'a>,
}

impl<'a> RecordRows<'a> {
    /// Scans the text of `record` once.
    #[must_use]
    pub fn new(record: &'a Record) -> Self {
        Self {
            record,
            text: CodePoints::new(&record.text),
        }
    }

    /// Its events.
    pub fn events(&self) -> impl Iterator<Item = EventRow> {
        self.record.events.iter().map(|event| self.event(event))
    }

    /// Its claims.
    pub fn claims(&self) -> impl Iterator<Item = ClaimRow> {
        self.record.claims.iter().map(|claim| ClaimRow {
            key: self.key(&claim.id),
            document: self.document(),
            sentence: self.sentence(claim.mention.start, claim.mention),
            said: self.words(claim.content).text,
            claim: claim.clone(),
        })
    }

    /// Its agreements.
    pub fn agreements(&self) -> impl Iterator<Item = AgreementRow> {
        self.record.agreements.iter().map(|agreement| {
            let first = agreement.mentions.first().copied();
            let first = first.or(agreement.steps.first().map(|s| s.mention));
            AgreementRow {
                key: self.key(&agreement.id),
                document: self.document(),
                sentence: first.map(|range| self.sentence(range.start, range)),
                agreement: agreement.clone(),
            }
        })
    }

    fn event(&self, event: &EventRecord) -> EventRow {
        let sentence = event.mentions.first().map(|mention| {
            let (start, end) = (mention.start, mention.end);
            self.sentence(mention.trigger.start, Range { start, end })
        });
        let told = |claim: &&ClaimRecord| event.claim.as_ref() == Some(&claim.id);
        EventRow {
            key: self.key(&event.id),
            document: self.document(),
            sentence: sentence.unwrap_or_else(|| self.words(Range { start: 0, end: 0 })),
            said_by: self.record.claims.iter().find(told).map(|claim| SaidBy {
                claim: claim.id.clone(),
                holder: claim.holder.clone(),
                stance: claim.stance.clone(),
            }),
            event: event.clone(),
        }
    }

    fn key(&self, id: &str) -> String {
        format!("{}#{id}", self.record.id)
    }

    fn document(&self) -> DocumentBrief {
        DocumentBrief {
            id: self.record.id.clone(),
            title: self.record.title.clone(),
            published: self.record.published.clone(),
            source: self.record.source.clone(),
            lang: self.record.lang.clone(),
            // A record does not tell it.
            url: None,
        }
    }

    /// The sentence in which code point `at` stands; `otherwise` where it stands in none.
    fn sentence(&self, at: usize, otherwise: Range) -> Words {
        let sentences = &self.record.sentences;
        let found = sentences.iter().find(|s| s.start <= at && at < s.end);
        self.words(found.copied().unwrap_or(otherwise))
    }

    fn words(&self, Range { start, end }: Range) -> Words {
        Words {
            start,
            end,
            text: self.text.of(start, end).to_owned(),
        }
    }
}
