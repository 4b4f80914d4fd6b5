//! GDELT 2.0: a file of events with 61 columns and one of mentions with 16, tab-separated, without header, as GDELT
//! publishes them (GDELT Event Database codebook 2.0).
//!
//! An event with several parties becomes one row for each ordered pair, as GDELT has no lists. Columns for what we do not
//! know (tone, ethnic and religious codes, places of actors) stay empty.

use crate::codes::{self, Precision};
use crate::event::{EventWriter, LeftOut};
use crate::rows::{dyads, party_name};
use crate::text::one_line;
use crate::{Notice, report};
use lagebild_core::Date;
use lagebild_core::wire::{PartyRecord, Record};
use lagebild_store::{EventRow, StoredDocument};
use std::io::{self, Write};

/// The columns of the file of events.
#[rustfmt::skip]
pub const EVENT_COLUMNS: [&str; 61] = [
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    "Actor1Code", "Actor1Name", "Actor1CountryCode", "Actor1KnownGroupCode", "Actor1EthnicCode", "Actor1Religion1Code",
    "Actor1Religion2Code", "Actor1Type1Code", "Actor1Type2Code", "Actor1Type3Code",
    "Actor2Code", "Actor2Name", "Actor2CountryCode", "Actor2KnownGroupCode", "Actor2EthnicCode", "Actor2Religion1Code",
    "Actor2Religion2Code", "Actor2Type1Code", "Actor2Type2Code", "Actor2Type3Code",
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions",
    "NumSources", "NumArticles", "AvgTone",
    "Actor1Geo_Type", "Actor1Geo_FullName", "Actor1Geo_CountryCode", "Actor1Geo_ADM1Code", "Actor1Geo_ADM2Code",
    "Actor1Geo_Lat", "Actor1Geo_Long", "Actor1Geo_FeatureID",
    "Actor2Geo_Type", "Actor2Geo_FullName", "Actor2Geo_CountryCode", "Actor2Geo_ADM1Code", "Actor2Geo_ADM2Code",
    "Actor2Geo_Lat", "Actor2Geo_Long", "Actor2Geo_FeatureID",
    "ActionGeo_Type", "ActionGeo_FullName", "ActionGeo_CountryCode", "ActionGeo_ADM1Code", "ActionGeo_ADM2Code",
    "ActionGeo_Lat", "ActionGeo_Long", "ActionGeo_FeatureID",
    "DATEADDED", "SOURCEURL",
];

/// The columns of the file of mentions.
#[rustfmt::skip]
pub const MENTION_COLUMNS: [&str; 16] = [
    "GLOBALEVENTID", "EventTimeDate", "MentionTimeDate", "MentionType", "MentionSourceName", "MentionIdentifier",
    "SentenceID", "Actor1CharOffset", "Actor2CharOffset", "ActionCharOffset", "InRawText", "Confidence", "MentionDocLen",
    "MentionDocTone", "MentionDocTranslationInfo", "Extras",
];

/// Writes the two files.
#[derive(Debug)]
pub struct Gdelt<E: Write, M: Write> {
    events: E,
    mentions: M,
    left_out: LeftOut,
}

impl<E: Write, M: Write> Gdelt<E, M> {
    /// A writer of both files.
    pub fn new(events: E, mentions: M) -> Self {
        Self {
            events,
            mentions,
            left_out: LeftOut::default(),
        }
    }
}

/// A CAMEO actor.
#[derive(Default)]
struct Actor {
    code: String,
    name: String,
    country: &'static str,
    group: String,
    types: Vec<String>,
}

impl Actor {
    fn new(party: &PartyRecord) -> Self {
        let mut actor = Self::default();
        let mut types: Vec<String> = Vec::new();
        let state = party.country.as_deref().and_then(codes::country);
        match (state, party.org.as_deref()) {
            (Some(state), _) => {
                actor.country = state.cameo;
                actor.code = state.cameo.to_owned();
            }
            (None, Some(org)) => {
                // IGOUNO: a type, then the group, then roles.
                let code = codes::gdelt("org", org).unwrap_or("IGO");
                actor.code = code.to_owned();
                types.extend(code.get(..3).map(str::to_owned));
                actor.group = code.get(3..6).unwrap_or_default().to_owned();
            }
            (None, None) => {}
        }
        let roles = party
            .roles
            .iter()
            .map(|r| codes::gdelt("sector", r).unwrap_or(r.as_str()));
        for role in roles.filter(|r| !r.is_empty()) {
            if !types.iter().any(|t| t == role) {
                types.push(role.to_owned());
                actor.code.push_str(role);
            }
        }
        actor.types = types;
        let is_state = party.id.as_deref().is_some_and(|id| id.starts_with("country:"));
        let name = match state {
            Some(state) if is_state => state.name_en,
            _ => party_name(party),
        };
        actor.name = one_line(name).to_uppercase();
        actor
    }

    /// Ten columns.
    fn cells(&self) -> [String; 10] {
        let kind = |n: usize| self.types.get(n).cloned().unwrap_or_default();
        let empty = String::new;
        [
            self.code.clone(),
            self.name.clone(),
            self.country.to_owned(),
            self.group.clone(),
            empty(),
            empty(),
            empty(),
            kind(0),
            kind(1),
            kind(2),
        ]
    }
}

/// A number for a row that stays the same from export to export and fits a double without loss.
fn global_id(key: &str, pair: usize) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key.as_bytes());
    hasher.update(&(pair as u64).to_le_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(bytes) >> 12
}

/// `YYYYMMDDHHMMSS` of a time in ISO 8601.
fn compact(time: &str) -> String {
    let digits: String = time.chars().filter(char::is_ascii_digit).take(14).collect();
    format!("{digits:0<14}")
}

/// The eight columns of the place of the act.
fn place(event: &EventRow) -> [String; 8] {
    let mut cells: [String; 8] = Default::default();
    let Some(place) = &event.event.place else { return cells };
    let state = place.country.as_deref().and_then(codes::country);
    let fips = state.map_or("", |s| s.fips);
    let american = place.country.as_deref() == Some("USA");
    let kind = match (Precision::of(place), american) {
        (Precision::Country, _) => "1",
        (Precision::Region, true) => "2",
        (Precision::Town, true) => "3",
        (Precision::Town, false) => "4",
        (Precision::Region, false) => "5",
        (Precision::Name, _) => "",
    };
    cells[0] = kind.to_owned();
    cells[1] = one_line(&match state {
        Some(state) if kind == "1" => state.name_en.to_owned(),
        Some(state) => format!("{}, {}", place.name, state.name_en),
        None => place.name.clone(),
    });
    cells[2] = fips.to_owned();
    cells[3] = fips.to_owned();
    if let (Some(lat), Some(lon)) = (place.lat, place.lon) {
        cells[5] = lat.to_string();
        cells[6] = lon.to_string();
    }
    if kind == "1" {
        cells[7] = fips.to_owned();
    }
    cells
}

/// The number of the sentence at a code point, from 1; 0 when it stands in none.
fn sentence(record: &Record, at: usize) -> usize {
    let found = record.sentences.iter().position(|s| s.start <= at && at < s.end);
    found.map_or(0, |n| n + 1)
}

fn line(out: &mut impl Write, cells: &[String]) -> io::Result<()> {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.write_all(b"\t")?;
        }
        out.write_all(cell.as_bytes())?;
    }
    out.write_all(b"\n")
}

impl<E: Write, M: Write> Gdelt<E, M> {
    fn pair(
        &mut self,
        row: &EventRow,
        report: &StoredDocument,
        day: Date,
        n: usize,
        pair: (Option<&PartyRecord>, Option<&PartyRecord>),
    ) -> io::Result<()> {
        let event = &row.event;
        let id = global_id(&row.key, n).to_string();
        let added = compact(&report.row.added_at);
        let url = one_line(&report::iri(report));
        let actor = |party: Option<&PartyRecord>| party.map(Actor::new).unwrap_or_default().cells();
        let first = event
            .mentions
            .first()
            .map_or(0, |m| sentence(&report.record, m.trigger.start));
        let root = event.cameo.get(..2).unwrap_or_default();
        let goldstein = match codes::gdelt("goldstein", &event.cameo) {
            Some(value) => value.to_owned(),
            None => event.goldstein.map(|g| g.to_string()).unwrap_or_default(),
        };
        let (year, month, date) = (day.year(), day.month(), day.day());
        let fraction = f64::from(year) + f64::from(i32::from(month) * 30 + i32::from(date)) / 365.0;
        let mut cells: Vec<String> = vec![
            id.clone(),
            format!("{year:04}{month:02}{date:02}"),
            format!("{year:04}{month:02}"),
            format!("{year:04}"),
            format!("{fraction:.4}"),
        ];
        cells.extend(actor(pair.0));
        cells.extend(actor(pair.1));
        cells.extend([
            // Told in the headline or the sentence after it.
            u8::from((1..=2).contains(&first)).to_string(),
            event.cameo.clone(),
            event.cameo.get(..3).unwrap_or(&event.cameo).to_owned(),
            root.to_owned(),
            codes::gdelt("quad", root).unwrap_or_default().to_owned(),
            goldstein,
            event.mentions.len().to_string(),
            "1".to_owned(),
            "1".to_owned(),
            String::new(),
        ]);
        cells.extend(std::iter::repeat_n(String::new(), 16));
        cells.extend(place(row));
        cells.extend([added.clone(), url.clone()]);
        line(&mut self.events, &cells)?;

        let offset = |party: Option<&PartyRecord>| match party.and_then(|p| p.start) {
            Some(start) => start.to_string(),
            None => "-1".to_owned(),
        };
        let source = row.document.source.as_deref().unwrap_or(&row.document.id);
        let length = report.record.text.chars().count();
        for mention in &event.mentions {
            line(
                &mut self.mentions,
                &[
                    id.clone(),
                    added.clone(),
                    added.clone(),
                    // 1 is the web, 2 a citation that is no address.
                    if report.row.document.url.is_some() { "1" } else { "2" }.to_owned(),
                    one_line(source),
                    url.clone(),
                    sentence(&report.record, mention.trigger.start).to_string(),
                    offset(pair.0),
                    offset(pair.1),
                    mention.trigger.start.to_string(),
                    "1".to_owned(),
                    codes::gdelt("confidence", &event.certainty)
                        .unwrap_or_default()
                        .to_owned(),
                    length.to_string(),
                    String::new(),
                    String::new(),
                    String::new(),
                ],
            )?;
        }
        Ok(())
    }
}

impl<E: Write, M: Write> EventWriter for Gdelt<E, M> {
    fn event(&mut self, row: &EventRow, report: &StoredDocument) -> io::Result<bool> {
        let Some(day) = self.left_out.day(row) else {
            return Ok(false);
        };
        for (n, pair) in dyads(&row.event).into_iter().enumerate() {
            self.pair(row, report, day, n, pair)?;
        }
        Ok(true)
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.events.flush()?;
        self.mentions.flush()?;
        Ok(self.left_out.notices())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_ids_are_numbers() {
        assert_eq!(compact("2024-10-25T08:00:00Z"), "20241025080000");
        assert_eq!(compact("2024-10-25"), "20241025000000");
        assert!(global_id("d#e1", 0) != global_id("d#e1", 1) && global_id("d#e1", 0) < 1 << 52);
    }

    #[test]
    fn actors_have_cameo_codes() {
        let party = |country: Option<&str>, org: Option<&str>, roles: &[&str]| PartyRecord {
            text: "x".to_owned(),
            start: None,
            end: None,
            name: Some("Deutsche Welle".to_owned()),
            id: country.map(|c| format!("country:{c}")),
            country: country.map(str::to_owned),
            org: org.map(str::to_owned),
            roles: roles.iter().map(ToString::to_string).collect(),
            code: None,
        };
        let medium = Actor::new(&party(Some("DEU"), None, &["JRN"]));
        assert_eq!((medium.code.as_str(), medium.name.as_str()), ("DEUMED", "GERMANY"));
        let un = Actor::new(&party(None, Some("UN"), &["IGO"]));
        assert_eq!(
            (un.code.as_str(), un.group.as_str(), un.types.as_slice()),
            ("IGOUNO", "UNO", &["IGO".to_owned()][..])
        );
        assert_eq!(Actor::new(&party(None, Some("AUKUS"), &[])).code, "IGO");
    }
}
