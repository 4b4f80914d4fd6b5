//! PLOVER JSON, one object a line, with the field names of the PLOVER manual (chapter 4).
//!
//! Beside the fields of the manual stands `lagebild` with status, certainty and rule, which the manual has no place for.

use crate::codes::{self, Precision};
use crate::event::{EventWriter, LeftOut};
use crate::{Notice, report};
use lagebild_core::wire::PartyRecord;
use lagebild_store::{EventRow, StoredDocument};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes the file.
#[derive(Debug)]
pub struct Plover<W: Write> {
    out: W,
    left_out: LeftOut,
}

impl<W: Write> Plover<W> {
    /// A writer of the file.
    pub fn new(out: W) -> Self {
        Self {
            out,
            left_out: LeftOut::default(),
        }
    }
}

fn party(party: &PartyRecord) -> Value {
    // The manual's country slot: a state, or one of a few codes for actors beyond states.
    let code = match (party.country.as_deref(), party.org.as_deref()) {
        (Some("XKX"), _) => Some("KOS"),
        (Some(state), _) => Some(state),
        (None, Some("UN")) => Some("UNO"),
        (None, Some("EU")) => Some("EUR"),
        (None, Some(_)) if party.roles.iter().any(|r| r == "NGO") => Some("NGO"),
        (None, Some(_)) => Some("IGO"),
        (None, None) => None,
    };
    json!({
        "code": code,
        "sector": party.roles,
        "entity_text": party.text,
        "identifier_id": party.id,
        "identifier_text": party.name,
    })
}

impl<W: Write> EventWriter for Plover<W> {
    fn event(&mut self, row: &EventRow, report: &StoredDocument) -> io::Result<bool> {
        let Some(day) = self.left_out.day(row) else {
            return Ok(false);
        };
        let (event, record) = (&row.event, &report.record);
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("id", json!(row.key));
        put("date", json!(day.to_string()));
        put("actor", event.actors.iter().map(party).collect());
        put("recipient", event.recipients.iter().map(party).collect());
        put("has_event", json!(true));
        put("event", json!([event.kind]));
        put("mode", event.mode.iter().map(|m| json!(m)).collect());
        put("context", json!(event.context));
        if let Some(mention) = event.mentions.first() {
            let sequence = record
                .sentences
                .iter()
                .position(|s| s.start <= mention.trigger.start && mention.trigger.start < s.end);
            put(
                "text",
                json!({
                    "sequence": sequence.map(|n| n + 1),
                    "start": mention.start,
                    "end": mention.end,
                    "text_story": record.text,
                }),
            );
        }
        let size = |kind: &str| -> Option<f64> {
            let counted = event.quantities.iter().filter(|q| q.kind == kind);
            counted.map(|q| q.value).reduce(f64::max)
        };
        if ["dead", "injured", "arrested"].iter().any(|k| size(k).is_some()) {
            put(
                "size",
                json!({"dead": size("dead"), "injured": size("injured"), "arrested": size("arrested")}),
            );
        }
        put(
            "citation",
            json!({
                "corpus": "Lagebild",
                "citation": row.document.source,
                "url": report::iri(report),
                "title": record.title,
                "language": record.lang,
                "publication": record.published,
                "coder": format!("Lagebild {}", record.engine.version),
                "codebook": "PLOVER 2.0",
                "version": record.engine.lexicon,
            }),
        );
        if let Some(place) = &event.place {
            let precision = Precision::of(place);
            let state = place.country.as_deref().and_then(codes::country);
            put(
                "location",
                json!({
                    "extracted_place": place.text,
                    "resolved_place": place.name,
                    "lat": place.lat,
                    "lon": place.lon,
                    "city": (precision == Precision::Town).then_some(&place.name),
                    "country": state.map(|s| s.name_en),
                    "country_code": place.country,
                    // The manual counts from 5, below a city, to 1, a country.
                    "resolution": match precision {
                        Precision::Town => Some(4),
                        Precision::Region => Some(2),
                        Precision::Country => Some(1),
                        Precision::Name => None,
                    },
                }),
            );
        }
        put(
            "lagebild",
            json!({
                "status": event.status,
                "certainty": event.certainty,
                "content": event.content,
                "score": crate::Cell::from(event.plover_score).to_json(),
                "rule": event.rule,
                "holder": row.said_by.as_ref().map(|s| &s.holder.text),
                "stance": row.said_by.as_ref().map(|s| &s.stance),
            }),
        );
        serde_json::to_writer(&mut self.out, &object)?;
        self.out.write_all(b"\n")?;
        Ok(true)
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.out.flush()?;
        Ok(self.left_out.notices())
    }
}
