//! POLECAT: tab-separated, with a header of 40 columns.
//!
//! The published files do not tell how they write lists and quad classes. Here lists are separated by `; `, and quad
//! classes are written as PLOVER names them. Columns for what we do not know stay empty.

use crate::Notice;
use crate::codes;
use crate::event::{EventWriter, LeftOut};
use crate::text::one_line;
use lagebild_core::wire::{PartyRecord, Record};
use lagebild_store::{EventRow, StoredDocument};
use std::io::{self, Write};

/// The header.
#[rustfmt::skip]
pub const COLUMNS: [&str; 40] = [
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    "Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors",
    "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID",
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename",
    "Feature Type", "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language",
    "Version",
];

/// Writes the file.
#[derive(Debug)]
pub struct Polecat<W: Write> {
    out: W,
    left_out: LeftOut,
}

impl<W: Write> Polecat<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        writeln!(out, "{}", COLUMNS.join("\t"))?;
        Ok(Self {
            out,
            left_out: LeftOut::default(),
        })
    }
}

fn list<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}

/// The eight columns of a side.
fn side(parties: &[PartyRecord]) -> [String; 8] {
    let each = |field: fn(&PartyRecord) -> &str| list(parties.iter().map(field));
    let mut sectors: Vec<&str> = Vec::new();
    for role in parties.iter().flat_map(|p| &p.roles) {
        if !sectors.contains(&role.as_str()) {
            sectors.push(role);
        }
    }
    [
        each(|p| p.name.as_deref().unwrap_or(&p.text)),
        each(|p| p.country.as_deref().or(p.org.as_deref()).unwrap_or_default()),
        each(|p| p.country.as_deref().and_then(codes::country).map_or("", |c| c.cow)),
        sectors.first().copied().unwrap_or_default().to_owned(),
        list(sectors.iter().copied()),
        String::new(),
        each(|p| &p.text),
        String::new(),
    ]
}

/// Names of the entities of some kinds.
fn story(record: &Record, kinds: &[&str]) -> String {
    let named = record.entities.iter().filter(|e| kinds.contains(&e.kind.as_str()));
    list(named.map(|e| e.name.as_str()))
}

impl<W: Write> EventWriter for Polecat<W> {
    fn event(&mut self, row: &EventRow, report: &StoredDocument) -> io::Result<bool> {
        let Some(day) = self.left_out.day(row) else {
            return Ok(false);
        };
        let (event, record) = (&row.event, &report.record);
        let place = event.place.as_ref();
        let town = place.filter(|p| codes::Precision::of(p) == codes::Precision::Town);
        let mut cells = vec![
            row.key.clone(),
            day.to_string(),
            event.kind.clone(),
            event.mode.clone().unwrap_or_default(),
            event.plover_score.to_string(),
            event.quad.replace('-', " "),
            list(event.context.iter().map(String::as_str)),
        ];
        cells.extend(side(&event.actors));
        cells.extend(side(&event.recipients));
        let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
        cells.extend([
            place.map(|p| p.name.clone()).unwrap_or_default(),
            town.map(|p| p.name.clone()).unwrap_or_default(),
            String::new(),
            String::new(),
            place.and_then(|p| p.country.clone()).unwrap_or_default(),
            number(place.and_then(|p| p.lat)),
            number(place.and_then(|p| p.lon)),
            String::new(),
            place.map(|p| p.text.clone()).unwrap_or_default(),
            String::new(),
            row.document.source.clone().unwrap_or_default(),
            row.document.published.clone().unwrap_or_default(),
            story(record, &["person"]),
            story(record, &["organisation", "group"]),
            story(record, &["country", "place"]),
            match record.lang.as_str() {
                "de" => "German".to_owned(),
                "en" => "English".to_owned(),
                other => other.to_owned(),
            },
            format!("Lagebild {} {}", record.engine.version, record.engine.lexicon),
        ]);
        debug_assert_eq!(cells.len(), COLUMNS.len());
        let cells: Vec<String> = cells.iter().map(|c| one_line(c)).collect();
        writeln!(self.out, "{}", cells.join("\t"))?;
        Ok(true)
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.out.flush()?;
        Ok(self.left_out.notices())
    }
}
