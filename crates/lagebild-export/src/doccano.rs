//! doccano: JSON Lines with entities and relations (sequence labelling with relation extraction).
//!
//! Attributes that doccano has no place for (status, certainty, stance) stand in the label after a slash: `AID/actual`.

use crate::markup::Markup;
use crate::{CodePoints, Notice, ReportWriter};
use lagebild_store::StoredDocument;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Writes the file.
#[derive(Debug)]
pub struct Doccano<W: Write> {
    out: W,
}

impl<W: Write> Doccano<W> {
    /// A writer of the file.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> ReportWriter for Doccano<W> {
    fn report(&mut self, report: &StoredDocument) -> io::Result<()> {
        let record = &report.record;
        let text = CodePoints::new(&record.text);
        let markup = Markup::of(record, &text);
        let entities: Vec<Value> = markup
            .marks
            .iter()
            .enumerate()
            .map(|(id, mark)| {
                let told = markup.told.iter().find(|t| t.mark == id);
                let judged = told.and_then(|t| {
                    t.attributes
                        .iter()
                        .find(|(name, _)| matches!(*name, "Status" | "Stance"))
                });
                let label = match judged {
                    Some((_, value)) => format!("{}/{value}", mark.label),
                    None => mark.label.clone(),
                };
                json!({"id": id, "label": label, "start_offset": mark.range.start, "end_offset": mark.range.end})
            })
            .collect();
        let links: BTreeSet<(usize, &str, usize)> = markup
            .told
            .iter()
            .flat_map(|t| t.arguments.iter().map(|(role, to)| (t.mark, *role, *to)))
            .collect();
        let relations: Vec<Value> = links
            .into_iter()
            .enumerate()
            .map(|(id, (from, role, to))| json!({"id": id, "from_id": from, "to_id": to, "type": role}))
            .collect();
        let line = json!({
            "text": record.text,
            "entities": entities,
            "relations": relations,
            "document": record.id,
            "published": record.published,
            "source": record.source,
            "lang": record.lang,
        });
        serde_json::to_writer(&mut self.out, &line)?;
        self.out.write_all(b"\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.out.flush()?;
        Ok(Vec::new())
    }
}
