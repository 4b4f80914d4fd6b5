//! GeoJSON (RFC 7946): one feature an event.
//!
//! An event whose place is not known to a point has no geometry, as the standard allows, never the middle of a state or
//! the seat of a government; `place_precision` tells how exactly the place is known.

use crate::codes::Precision;
use crate::event::EventWriter;
use crate::rows::party_name;
use crate::table::{Column, Table};
use crate::tabular::TableWriter;
use crate::{Cell, Notice, report};
use lagebild_store::{EventRow, StoredDocument};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Writes the file.
#[derive(Debug)]
pub struct GeoJson<W: Write> {
    out: W,
    written: usize,
    pointless: usize,
}

impl<W: Write> GeoJson<W> {
    /// Writes the head of the collection.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Self {
            out,
            written: 0,
            pointless: 0,
        })
    }
}

impl<W: Write> EventWriter for GeoJson<W> {
    fn event(&mut self, row: &EventRow, report: &StoredDocument) -> io::Result<bool> {
        let event = &row.event;
        let place = event.place.as_ref();
        let precision = place.map(Precision::of);
        let point = match (place.and_then(|p| p.lat.zip(p.lon)), precision) {
            (Some((lat, lon)), Some(Precision::Town | Precision::Region)) => {
                json!({"type": "Point", "coordinates": [lon, lat]})
            }
            _ => Value::Null,
        };
        self.pointless += usize::from(point.is_null());
        let names = |parties: &[lagebild_core::wire::PartyRecord]| -> String {
            parties.iter().map(party_name).collect::<Vec<_>>().join("; ")
        };
        let codes = |parties: &[lagebild_core::wire::PartyRecord]| -> String {
            parties
                .iter()
                .filter_map(|p| p.code.as_deref())
                .collect::<Vec<_>>()
                .join("; ")
        };
        let feature = json!({
            "type": "Feature",
            "id": row.key,
            "geometry": point,
            "properties": {
                "type": event.kind,
                "mode": event.mode,
                "actors": names(&event.actors),
                "actor_codes": codes(&event.actors),
                "recipients": names(&event.recipients),
                "recipient_codes": codes(&event.recipients),
                "status": event.status,
                "certainty": event.certainty,
                "start": event.date.from,
                "end": event.date.to,
                "date_implicit": event.date.implicit,
                "place": place.map(|p| &p.name),
                "place_country": place.and_then(|p| p.country.as_ref()),
                "place_precision": precision.map(Precision::as_str),
                "quad": event.quad,
                "plover_score": Cell::from(event.plover_score).to_json(),
                "holder": row.said_by.as_ref().map(|s| &s.holder.text),
                "sentence": row.sentence.text,
                "document": row.document.id,
                "published": row.document.published,
                "source": row.document.source,
                "url": report::iri(report),
            },
        });
        self.out.write_all(if self.written == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut self.out, &feature)?;
        self.written += 1;
        Ok(true)
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()?;
        Ok(crate::notices([(
            self.pointless,
            "events without geometry: their place is not known to a point",
        )]))
    }
}

/// Rows of a table as features without geometry, their columns as properties: for programs that take GeoJSON alone.
#[derive(Debug)]
pub struct Features<W: Write> {
    out: W,
    columns: &'static [Column],
    written: usize,
}

impl<W: Write> Features<W> {
    /// Writes the head of the collection.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(mut out: W, table: &Table) -> io::Result<Self> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Self {
            out,
            columns: table.columns,
            written: 0,
        })
    }
}

impl<W: Write> TableWriter for Features<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let properties: serde_json::Map<String, Value> = self
            .columns
            .iter()
            .zip(cells)
            .map(|(column, cell)| (column.name.to_owned(), cell.to_json()))
            .collect();
        let feature = json!({"type": "Feature", "geometry": null, "properties": properties});
        self.out.write_all(if self.written == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut self.out, &feature)?;
        self.written += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
    }
}
