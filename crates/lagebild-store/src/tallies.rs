//! Counts of events by place and by pair of parties, for maps and networks.

use crate::error::Result;
use crate::filter::{Filter, List};
use crate::read::Reader;
use crate::sql;
use serde::Serialize;

/// The number of events of one quad class at a place as reports name it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceCount {
    /// Canonical name, in the language of the reports.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Degrees north, WGS 84.
    pub lat: Option<f64>,
    /// Degrees east, WGS 84.
    pub lon: Option<f64>,
    /// Quad class.
    pub quad: String,
    /// Events.
    pub events: usize,
}

/// What the ends of a [`TieCount`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// The states and organisations that parties act for.
    Sides,
    /// The parties themselves: persons, organisations, states.
    Parties,
}

/// The number of acts of one quad class by one upon another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TieCount {
    /// Who acts: key of a state or organisation, or id of an actor.
    pub actor: String,
    /// Upon whom.
    pub recipient: String,
    /// Quad class.
    pub quad: String,
    /// Acts; one that several reports tell counts once.
    pub acts: usize,
}

impl Reader {
    /// How many events are told of each place, by quad class. Events whose report names no place are left out.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn places(&self, filter: &Filter) -> Result<Vec<PlaceCount>> {
        filter.check(List::Events)?;
        let mut w = sql::events(filter)?;
        w.add("e.place_name IS NOT NULL", []);
        let query = format!(
            "SELECT e.place_name, e.place_country, e.place_lat, e.place_lon, e.quad, count(*) FROM event e {}
              GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 1, 2, 3, 4, 5",
            w.clause()
        );
        self.rows(&query, w.values, |row| {
            Ok(PlaceCount {
                name: row.get(0)?,
                country: row.get(1)?,
                lat: row.get(2)?,
                lon: row.get(3)?,
                quad: row.get(4)?,
                events: row.get(5)?,
            })
        })
    }

    /// How many acts of each quad class lead from one to another, most first. What somebody does to itself is left out.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn ties(&self, filter: &Filter, ends: Ends) -> Result<Vec<TieCount>> {
        filter.check(List::Events)?;
        let (actor, recipient, names) = match ends {
            Ends::Sides => ("coalesce(a.country, a.org)", "coalesce(r.country, r.org)", ""),
            Ends::Parties => (
                "x.id",
                "y.id",
                "JOIN entity x ON x.entity = a.entity JOIN entity y ON y.entity = r.entity",
            ),
        };
        let mut w = sql::events(filter)?;
        w.add(format!("{actor} <> {recipient}"), []);
        let query = format!(
            "SELECT {actor}, {recipient}, e.quad, count(DISTINCT t.leader) FROM event e JOIN act t USING (event)
               JOIN event_party a ON a.event = e.event AND a.side = 'actor'
               JOIN event_party r ON r.event = e.event AND r.side = 'recipient' {names} {}
              GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3",
            w.clause()
        );
        self.rows(&query, w.values, |row| {
            Ok(TieCount {
                actor: row.get(0)?,
                recipient: row.get(1)?,
                quad: row.get(2)?,
                acts: row.get(3)?,
            })
        })
    }

    /// Names of actors by id, those that are known.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn names(&self, ids: &[&str]) -> Result<Vec<(String, String)>> {
        let marks = vec!["?"; ids.len()].join(", ");
        let values = ids.iter().map(|id| (*id).to_owned().into()).collect();
        let query = format!("SELECT id, name FROM entity WHERE id IN ({marks})");
        self.rows(&query, values, |row| Ok((row.get(0)?, row.get(1)?)))
    }
}
