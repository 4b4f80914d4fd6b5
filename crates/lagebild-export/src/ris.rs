//! RIS, for Zotero, EndNote, Citavi, JabRef: one reference a report.

use crate::rows::party_name;
use crate::text::one_line;
use crate::{Notice, ReportWriter};
use lagebild_store::StoredDocument;
use std::io::{self, Write};

/// Writes the file.
#[derive(Debug)]
pub struct Ris<W: Write> {
    out: W,
}

impl<W: Write> Ris<W> {
    /// A writer of the file.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    fn field(&mut self, tag: &str, value: &str) -> io::Result<()> {
        if value.is_empty() {
            return Ok(());
        }
        write!(self.out, "{tag}  - {}\r\n", one_line(value))
    }
}

impl<W: Write> ReportWriter for Ris<W> {
    fn report(&mut self, report: &StoredDocument) -> io::Result<()> {
        let record = &report.record;
        self.field("TY", "NEWS")?;
        self.field("ID", &record.id)?;
        self.field("TI", record.title.as_deref().unwrap_or(&record.id))?;
        if let Some(day) = &record.published {
            self.field("PY", day.get(..4).unwrap_or_default())?;
            self.field("DA", &day.replace('-', "/"))?;
        }
        self.field("T2", record.source.as_deref().unwrap_or_default())?;
        self.field("UR", report.row.document.url.as_deref().unwrap_or_default())?;
        self.field("LA", &record.lang)?;
        let mut words: Vec<&str> = Vec::new();
        for event in &record.events {
            let parties = event.actors.iter().chain(&event.recipients).map(party_name);
            for word in std::iter::once(event.kind.as_str()).chain(parties) {
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        for word in words {
            self.field("KW", word)?;
        }
        write!(self.out, "ER  - \r\n\r\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.out.flush()?;
        Ok(Vec::new())
    }
}
