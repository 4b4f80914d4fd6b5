//! Web Annotation (W3C Recommendation of 23 February 2017), JSON-LD: one annotation for each event, claim and agreement.
//!
//! Each target has a position and a quotation. Positions are code points, as the recommendation has it; browsers count
//! UTF-16 units, so they should search for the quotation.

use crate::rows::{days, party_name, who_whom};
use crate::{CodePoints, Notice, ReportWriter, report};
use lagebild_core::wire::Range;
use lagebild_store::StoredDocument;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Code points of context before and after a quotation.
const CONTEXT: usize = 32;

/// Writes one annotation page.
#[derive(Debug)]
pub struct Annotations<W: Write> {
    out: W,
    written: usize,
}

impl<W: Write> Annotations<W> {
    /// Writes the head of the page.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(
            b"{\"@context\":\"http://www.w3.org/ns/anno.jsonld\",\"id\":\"urn:lagebild:annotations\",\
              \"type\":\"AnnotationPage\",\"items\":[",
        )?;
        Ok(Self { out, written: 0 })
    }

    fn write(&mut self, annotation: &Value) -> io::Result<()> {
        self.out.write_all(if self.written == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut self.out, annotation)?;
        self.written += 1;
        Ok(())
    }
}

/// A place in a report.
fn target(source: &str, text: &CodePoints<'_>, range: Range) -> Value {
    let Range { start, end } = range;
    json!({
        "source": source,
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {
                "type": "TextQuoteSelector",
                "exact": text.of(start, end),
                "prefix": text.of(start.saturating_sub(CONTEXT), start),
                "suffix": text.of(end, end + CONTEXT),
            },
        ],
    })
}

fn bodies<'a>(sentence: &str, tags: impl IntoIterator<Item = &'a str>) -> Vec<Value> {
    let mut bodies =
        vec![json!({"type": "TextualBody", "purpose": "describing", "format": "text/plain", "value": sentence})];
    bodies.extend(
        tags.into_iter()
            .map(|tag| json!({"type": "TextualBody", "purpose": "tagging", "value": tag})),
    );
    bodies
}

impl<W: Write> ReportWriter for Annotations<W> {
    fn report(&mut self, report: &StoredDocument) -> io::Result<()> {
        let record = &report.record;
        let (text, source) = (CodePoints::new(&record.text), report::iri(report));
        let made = json!({"type": "Software", "name": format!("Lagebild {}", record.engine.version)});
        let annotation = |id: &str, bodies: Vec<Value>, ranges: &[Range]| {
            let targets: Vec<Value> = ranges
                .iter()
                .filter(|r| text.holds(**r))
                .map(|r| target(&source, &text, *r))
                .collect();
            (!targets.is_empty()).then(|| {
                json!({
                    "id": report::urn(&format!("{}#{id}", record.id)),
                    "type": "Annotation",
                    "motivation": "describing",
                    "created": report.row.changed_at,
                    "creator": made,
                    "body": bodies,
                    "target": targets,
                })
            })
        };
        let mut all = Vec::new();
        for event in &record.events {
            let kind = match &event.mode {
                Some(mode) => format!("{}/{mode}", event.kind),
                None => event.kind.clone(),
            };
            let when = days(&event.date).map(|d| format!(", {d}")).unwrap_or_default();
            let described = format!(
                "{kind}: {} ({}, {}{when})",
                who_whom(event),
                event.status,
                event.certainty
            );
            let tags = [kind.as_str(), &event.status, &event.certainty];
            let ranges: Vec<Range> = event
                .mentions
                .iter()
                .map(|m| Range {
                    start: m.start,
                    end: m.end,
                })
                .collect();
            all.extend(annotation(&event.id, bodies(&described, tags), &ranges));
        }
        for claim in &record.claims {
            let holder = if claim.holder.text.is_empty() {
                "–"
            } else {
                party_name(&claim.holder)
            };
            let described = format!("{holder}: {}", claim.stance);
            all.extend(annotation(
                &claim.id,
                bodies(&described, [claim.stance.as_str()]),
                &[claim.content],
            ));
        }
        for agreement in &record.agreements {
            let steps: Vec<&str> = agreement.steps.iter().map(|s| s.step.as_str()).collect();
            let name = agreement.name.as_deref().unwrap_or(&agreement.kind);
            let described = format!("{name}: {} ({})", agreement.parties.join(", "), steps.join(", "));
            let tags = std::iter::once(agreement.kind.as_str()).chain(steps);
            all.extend(annotation(&agreement.id, bodies(&described, tags), &agreement.mentions));
        }
        all.iter().try_for_each(|annotation| self.write(annotation))
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()?;
        Ok(Vec::new())
    }
}
