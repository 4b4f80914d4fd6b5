//! Atom (RFC 4287): reports or events as the entries of a feed.

use crate::event::EventWriter;
use crate::rows::who_whom;
use crate::xml::{REPLACED, Xml};
use crate::{Notice, ReportWriter, report};
use lagebild_store::{EventRow, StoredDocument};
use std::io::{self, Write};

/// Writes a feed.
#[derive(Debug)]
pub struct Feed<W: Write> {
    xml: Xml<W>,
}

/// An entry.
struct Entry<'a> {
    id: String,
    title: &'a str,
    report: &'a StoredDocument,
    summary: String,
    terms: Vec<&'a str>,
}

impl<W: Write> Feed<W> {
    /// Writes the head of a feed called `title`, made at `updated` (UTC, ISO 8601). `id` names the feed for ever.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W, id: &str, title: &str, updated: &str) -> io::Result<Self> {
        let mut xml = Xml::new(out)?;
        xml.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom")])?;
        xml.text("id", &[], &report::urn(id))?;
        xml.text("title", &[], title)?;
        xml.text("updated", &[], updated)?;
        xml.open("author", &[])?;
        xml.text("name", &[], "Lagebild")?;
        xml.close("author")?;
        xml.text("generator", &[("version", env!("CARGO_PKG_VERSION"))], "Lagebild")?;
        Ok(Self { xml })
    }

    fn entry(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        let row = &entry.report.row;
        self.xml.open("entry", &[])?;
        self.xml.text("id", &[], &report::urn(&entry.id))?;
        self.xml.text("title", &[], entry.title)?;
        self.xml.text("updated", &[], &row.changed_at)?;
        if let Some(day) = &row.document.published {
            self.xml.text("published", &[], &format!("{day}T00:00:00Z"))?;
        }
        if let Some(url) = &row.document.url {
            self.xml.empty("link", &[("rel", "alternate"), ("href", url)])?;
        }
        if let Some(source) = &row.document.source {
            self.xml.open("author", &[])?;
            self.xml.text("name", &[], source)?;
            self.xml.close("author")?;
        }
        for term in &entry.terms {
            self.xml.empty("category", &[("term", term)])?;
        }
        self.xml.text("summary", &[], &entry.summary)?;
        self.xml.close("entry")
    }

    fn end(mut self) -> io::Result<Vec<Notice>> {
        self.xml.close("feed")?;
        Ok(crate::notices([(self.xml.finish()?, REPLACED)]))
    }
}

impl<W: Write> ReportWriter for Feed<W> {
    fn report(&mut self, report: &StoredDocument) -> io::Result<()> {
        let record = &report.record;
        let mut terms: Vec<&str> = Vec::new();
        for event in &record.events {
            if !terms.contains(&event.kind.as_str()) {
                terms.push(&event.kind);
            }
        }
        let text = crate::CodePoints::new(&record.text);
        // The first sentence that is not the headline.
        let lead = record
            .sentences
            .iter()
            .map(|s| text.of(s.start, s.end))
            .find(|s| record.title.as_deref() != Some(*s));
        self.entry(&Entry {
            id: record.id.clone(),
            title: record.title.as_deref().unwrap_or(&record.id),
            report,
            summary: lead.unwrap_or_default().to_owned(),
            terms,
        })
    }

    fn finish(self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.end()
    }
}

impl<W: Write> EventWriter for Feed<W> {
    fn event(&mut self, row: &EventRow, report: &StoredDocument) -> io::Result<bool> {
        let event = &row.event;
        let title = format!(
            "{}: {} ({}, {})",
            event.kind,
            who_whom(event),
            event.status,
            event.certainty
        );
        self.entry(&Entry {
            id: row.key.clone(),
            title: &title,
            report,
            summary: row.sentence.text.clone(),
            terms: vec![&event.kind, &event.status, &event.certainty],
        })?;
        Ok(true)
    }

    fn finish(self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.end()
    }
}
