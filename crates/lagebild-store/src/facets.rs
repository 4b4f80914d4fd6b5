//! Counts: what the rows of a list have in common, for filters with numbers beside them, charts, maps and networks.
//!
//! What is counted over the whole store, or of events and claims by their codes and by one or two states, is kept
//! ([`crate::tallies`]); under other filters the rows are counted.

use crate::error::Result;
use crate::filter::{Filter, List};
use crate::read::Reader;
use crate::sql::{self, Where};
use lagebild_core::codebook::Status;
use serde::Serialize;
use std::collections::BTreeMap;

/// The number of events that begin on one day, of one quad class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayCount {
    /// The day, ISO 8601.
    pub day: String,
    /// Quad class.
    pub quad: String,
    /// Events.
    pub events: usize,
}

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

/// The codes of events that are counted in one go.
const CODES: [&str; 4] = ["type", "quad", "status", "certainty"];

/// Rows to count: where they are, under which conditions, and how many lie under one value.
pub(crate) struct Counted {
    pub(crate) from: &'static str,
    pub(crate) filter: Where,
    pub(crate) number: &'static str,
}

impl Counted {
    /// The rows of `list` under `filter`, from what is kept where it tells them.
    fn of(list: List, filter: &Filter) -> Result<Self> {
        if let Some(kept) = Self::kept(list, filter) {
            return Ok(kept);
        }
        let (from, number, filter) = match list {
            List::Documents => ("document d", "count(*)", sql::documents(filter)?),
            List::Claims => ("claim c JOIN document d USING (doc)", "count(*)", sql::claims(filter)?),
            List::Agreements => (
                "agreement a JOIN document d USING (doc)",
                "count(*)",
                sql::agreements(filter)?,
            ),
            List::Events | List::Actors => ("event e", "count(*)", sql::events(filter)?),
        };
        Ok(Self { from, filter, number })
    }

    /// What is kept of the rows of `list` under `filter`: of all, of one state or of two.
    pub(crate) fn kept(list: List, filter: &Filter) -> Option<Self> {
        let (states, mut kept) = Self::by_state(list, filter)?;
        let (one, other) = match states.as_slice() {
            [] => ("*", "*"),
            [one] => (*one, *one),
            [one, other] => (*one, *other),
            _ => return None,
        };
        let columns = [one.to_owned().into(), other.to_owned().into()];
        kept.filter.add("k.one = ? AND k.other = ?", columns);
        Some(kept)
    }

    /// What is kept of the rows of `list` with any state under `filter` but for its states, which are given beside.
    fn by_state(list: List, filter: &Filter) -> Option<(Vec<&str>, Self)> {
        let (keys, from, number): (&[&str], _, _) = match list {
            List::Events => (
                &["type", "quad", "status", "certainty", "country"],
                "event_tally k",
                "coalesce(sum(k.events), 0)",
            ),
            List::Claims => (&["stance", "country"], "claim_tally k", "coalesce(sum(k.claims), 0)"),
            _ => return None,
        };
        let states = filter.countries.iter().map(|group| match group.as_slice() {
            [one] => Some(one.as_str()),
            _ => None,
        });
        let states = states
            .collect::<Option<Vec<&str>>>()
            .filter(|_| filter.asks_only(keys))?;
        let filter = match list {
            List::Events => sql::event_codes(filter, "k"),
            _ => sql::claim_codes(filter, "k"),
        };
        Some((states, Self { from, filter, number }))
    }

    /// As [`Self::of`], by `state` with which column to group by.
    fn of_states(list: List, filter: &Filter) -> Result<(&'static str, Self)> {
        match Self::by_state(list, filter) {
            Some((states, mut kept)) if states.len() < 2 => {
                match states.first() {
                    // Of the pairs of states, those of one with itself are the states.
                    None => kept.filter.add("k.one = k.other AND k.one <> '*'", []),
                    Some(state) => kept.filter.add("k.one = ?", [(*state).to_owned().into()]),
                }
                Ok(("k.other", kept))
            }
            _ if list == List::Claims => Ok((
                "y.country",
                Self {
                    from: "claim c JOIN document d USING (doc) JOIN claim_party y USING (claim)",
                    filter: sql::claims(filter)?,
                    number: "count(DISTINCT c.claim)",
                },
            )),
            _ => Ok((
                "y.country",
                Self {
                    from: "event e JOIN event_party y USING (event)",
                    filter: sql::events(filter)?,
                    number: "count(DISTINCT e.event)",
                },
            )),
        }
    }
}

/// `filter` without what it asks of `key`; but for states, which add up.
fn without(filter: &Filter, key: &str) -> Filter {
    let mut filter = filter.clone();
    match key {
        "type" => filter.types.clear(),
        "quad" => filter.quads.clear(),
        "status" => filter.statuses.clear(),
        "certainty" => filter.certainties.clear(),
        "stance" => filter.stances.clear(),
        "kind" => filter.kinds.clear(),
        "step" => filter.steps.clear(),
        "lang" => filter.langs.clear(),
        "source" => filter.sources.clear(),
        _ => {}
    }
    filter
}

impl Reader {
    /// How many rows of `list` fall under each value of each of the filters `keys`, the most frequent first.
    ///
    /// What `filter` asks of the same key is left aside, so that the other values keep their numbers; but for `country`,
    /// where values add up. A key that this cannot count has no values.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn facets(&self, list: List, keys: &[&str], filter: &Filter) -> Result<Vec<Vec<(String, usize)>>> {
        filter.check(list)?;
        let mut together: Option<[Vec<(String, usize)>; CODES.len()]> = None;
        let facet = |key: &&str| {
            let others = without(filter, key);
            let code = CODES.iter().position(|code| code == key);
            match code.filter(|_| list == List::Events) {
                // Codes that the filter does not ask for are counted in one go.
                Some(n) if others == *filter => {
                    let all = match together.take() {
                        Some(all) => all,
                        None => self.codes(filter)?,
                    };
                    Ok(together.insert(all)[n].clone())
                }
                Some(n) => Ok(std::mem::take(&mut self.codes(&others)?[n])),
                None => self.facet(list, key, &others),
            }
        };
        keys.iter().map(facet).collect()
    }

    /// Events under `filter` by each of [`CODES`].
    fn codes(&self, filter: &Filter) -> Result<[Vec<(String, usize)>; CODES.len()]> {
        let Counted { from, filter, number } = Counted::of(List::Events, filter)?;
        let query = format!(
            "SELECT type, quad, status, certainty, {number} FROM {from} {} GROUP BY 1, 2, 3, 4",
            filter.clause()
        );
        let mut counts: [BTreeMap<String, usize>; CODES.len()] = Default::default();
        self.rows(&query, filter.values, |row| {
            let events: usize = row.get(CODES.len())?;
            for (n, counts) in counts.iter_mut().enumerate() {
                *counts.entry(row.get(n)?).or_default() += events;
            }
            Ok(())
        })?;
        Ok(counts.map(|counts| {
            let mut counts: Vec<_> = counts.into_iter().collect();
            counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
            counts
        }))
    }

    fn facet(&self, list: List, key: &str, filter: &Filter) -> Result<Vec<(String, usize)>> {
        if list == List::Documents && filter.asks_only(&[]) {
            let query = "SELECT value, reports FROM report_tally WHERE key = ? ORDER BY reports DESC, value";
            return self.rows(query, vec![key.to_owned().into()], |row| Ok((row.get(0)?, row.get(1)?)));
        }
        let (value, counted) = match (list, key) {
            (List::Events | List::Claims, "country") => Counted::of_states(list, filter)?,
            (List::Claims, "stance") => ("stance", Counted::of(list, filter)?),
            (List::Documents, "lang") => ("d.lang", Counted::of(list, filter)?),
            (List::Documents, "source") => ("d.source", Counted::of(list, filter)?),
            (List::Agreements, "kind") => ("a.kind", Counted::of(list, filter)?),
            (List::Agreements, "step") => (
                "y.step",
                Counted {
                    from: "agreement a JOIN document d USING (doc) JOIN agreement_step y USING (agreement)",
                    number: "count(DISTINCT a.agreement)",
                    ..Counted::of(list, filter)?
                },
            ),
            _ => return Ok(Vec::new()),
        };
        let Counted { from, filter, number } = counted;
        let query = format!(
            "SELECT value, n FROM (SELECT {value} AS value, {number} AS n FROM {from} {} GROUP BY 1)
              WHERE value IS NOT NULL ORDER BY n DESC, value",
            filter.clause()
        );
        self.rows(&query, filter.values, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Events by day and quad class, earliest first; those that did not and will not happen are left out, and so are
    /// those without a day.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn days(&self, filter: &Filter) -> Result<Vec<DayCount>> {
        filter.check(List::Events)?;
        let state = match filter.countries.as_slice() {
            [] => Some("*"),
            [group] if group.len() == 1 => Some(group[0].as_str()),
            _ => None,
        };
        let acting = match filter.actors.as_slice() {
            [group] => match group.as_slice() {
                [one] if filter.asks_only(&["actor", "quad"]) && self.is_plain(one)? => Some(one.clone()),
                _ => None,
            },
            _ => None,
        };
        let state = state.filter(|_| filter.asks_only(&["country", "type", "quad"]));
        let (from, number, w) = if let Some(actor) = acting {
            let mut w = sql::event_codes(filter, "e");
            w.add("e.actor = ?", [actor.into()]);
            ("acting_day e", "sum(e.events)", w)
        } else if let Some(state) = state {
            let mut w = sql::event_codes(filter, "e");
            w.add("e.state = ?", [state.to_owned().into()]);
            ("day_tally e", "sum(e.events)", w)
        } else {
            let mut w = sql::events(filter)?;
            w.add("e.day IS NOT NULL AND e.status <> 'negated'", []);
            ("event e", "count(*)", w)
        };
        let query = format!(
            "SELECT e.day, e.quad, {number} FROM {from} {} GROUP BY 1, 2 ORDER BY 1, 2",
            w.clause()
        );
        self.rows(&query, w.values, |row| {
            Ok(DayCount {
                day: row.get(0)?,
                quad: row.get(1)?,
                events: row.get(2)?,
            })
        })
    }

    /// How many events are told of each place, by quad class. Events whose report names no place are left out.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn places(&self, filter: &Filter) -> Result<Vec<PlaceCount>> {
        filter.check(List::Events)?;
        let (query, values) = if filter.asks_only(&[]) {
            let query = "SELECT place ->> 0, place ->> 1, place ->> 2, place ->> 3, quad, events FROM place_tally
                          ORDER BY 6 DESC, 1, 2, 3, 4, 5";
            (query.to_owned(), Vec::new())
        } else {
            let mut w = sql::events(filter)?;
            w.add("e.place_name IS NOT NULL", []);
            let query = format!(
                "SELECT e.place_name, e.place_country, e.place_lat, e.place_lon, e.quad, count(*) FROM event e {}
                  GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 1, 2, 3, 4, 5",
                w.clause()
            );
            (query, w.values)
        };
        self.rows(&query, values, |row| {
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
        let (table, actor, recipient, names) = match ends {
            Ends::Sides => (
                "side_tie",
                "coalesce(a.country, a.org)",
                "coalesce(r.country, r.org)",
                "",
            ),
            Ends::Parties => (
                "party_tie",
                "x.id",
                "y.id",
                "JOIN entity x ON x.entity = a.entity JOIN entity y ON y.entity = r.entity",
            ),
        };
        let all_actual = filter.asks_only(&["status"]) && filter.statuses == [Status::Actual];
        let (query, values) = if all_actual {
            let (actor, recipient, names) = match ends {
                Ends::Sides => ("a.actor", "a.recipient", ""),
                Ends::Parties => (
                    "x.id",
                    "y.id",
                    "JOIN entity x ON x.entity = a.actor JOIN entity y ON y.entity = a.recipient",
                ),
            };
            let query =
                format!("SELECT {actor}, {recipient}, a.quad, a.acts FROM {table} a {names} ORDER BY 4 DESC, 1, 2, 3");
            (query, Vec::new())
        } else {
            let mut w = sql::events(filter)?;
            w.add(format!("{actor} <> {recipient}"), []);
            let query = format!(
                "SELECT {actor}, {recipient}, e.quad, count(DISTINCT t.leader) FROM event e JOIN act t USING (event)
                   JOIN event_party a ON a.event = e.event AND a.side = 'actor'
                   JOIN event_party r ON r.event = e.event AND r.side = 'recipient' {names} {}
                  GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3",
                w.clause()
            );
            (query, w.values)
        };
        self.rows(&query, values, |row| {
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
