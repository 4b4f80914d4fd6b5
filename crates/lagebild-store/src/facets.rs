//! Counts: what the rows of a list have in common, for filters with numbers beside them, charts, maps and networks.
//!
//! What is counted over the whole store, or of events and claims by their codes and by one or two states, is kept
//! ([`crate::tallies`]); under other filters the rows are counted.

use crate::error::Result;
use crate::filter::{Filter, List};
use crate::read::Reader;
use crate::sql::{self, Where};
use crate::survey::{self, Class, Numbers, Wanted, most_frequent};
use lagebild_core::codebook::{Quad, Status};
use rusqlite::types::ValueRef;
use serde::Serialize;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

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

/// What the ends of a [`Tie`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// The states and organisations that parties act for.
    Sides,
    /// The parties themselves: persons, organisations, states.
    Parties,
}

/// The acts of one upon another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// Who acts: key of a state or organisation, or id of an actor.
    pub actor: Arc<str>,
    /// Upon whom.
    pub recipient: Arc<str>,
    /// Acts of each quad class, in the order of [`Quad::ALL`]; one that several reports tell counts once.
    pub acts: [usize; Quad::ALL.len()],
}

/// The codes of events that are counted in one go.
pub(crate) const CODES: [&str; 4] = ["type", "quad", "status", "certainty"];

/// Rows to count: where they are, under which conditions, and what is counted.
pub(crate) struct Counted {
    pub(crate) from: &'static str,
    pub(crate) filter: Where,
    pub(crate) number: Number,
}

/// What is counted.
#[derive(Clone, Copy)]
pub(crate) enum Number {
    Rows,
    /// What stands in a column of sums.
    Sum(&'static str),
    /// The values of a column, each once.
    Distinct(&'static str),
}

impl Number {
    /// Of all rows, or of a group of them.
    pub(crate) fn total(self) -> String {
        match self {
            Self::Rows => "count(*)".to_owned(),
            Self::Sum(column) => format!("coalesce(sum({column}), 0)"),
            Self::Distinct(column) => format!("count(DISTINCT {column})"),
        }
    }

    /// For how many one row stands.
    fn each(self) -> &'static str {
        match self {
            Self::Sum(column) => column,
            Self::Rows | Self::Distinct(_) => "1",
        }
    }
}

impl Counted {
    /// The rows of `list` under `filter`, from what is kept where it tells them.
    fn of(list: List, filter: &Filter) -> Result<Self> {
        match Self::kept(list, filter) {
            Some(kept) => Ok(kept),
            None => Self::rows(list, filter),
        }
    }

    /// The rows of `list` under `filter`, each by itself.
    fn rows(list: List, filter: &Filter) -> Result<Self> {
        let (from, filter) = match list {
            List::Documents => ("document d", sql::documents(filter)?),
            List::Agreements => ("agreement a JOIN document d USING (doc)", sql::agreements(filter)?),
            List::Claims => ("claim c JOIN document d USING (doc)", sql::claims(filter)?),
            List::Events | List::Actors => ("event e", sql::events(filter)?),
        };
        Ok(Self {
            from,
            filter,
            number: Number::Rows,
        })
    }

    /// What is kept of the rows of `list` under `filter`: of all, of one state or of two.
    pub(crate) fn kept(list: List, filter: &Filter) -> Option<Self> {
        if filter.from.is_some() || filter.to.is_some() {
            return Self::kept_days(list, filter);
        }
        let (states, mut kept) = Self::by_state(list, filter)?;
        kept.filter.and(of_pair(&states)?);
        Some(kept)
    }

    /// The acts with a telling under `filter`, from what is kept of them: of all, of one state or of two.
    pub(crate) fn kept_acts(filter: &Filter) -> Option<Self> {
        let (states, _) = Self::by_state(List::Events, filter)?;
        let mut kept = of_pair(&states)?;
        let codes = sql::event_codes(filter, "c");
        if !codes.is_empty() {
            kept.add(
                format!(
                    "EXISTS (SELECT 1 FROM (SELECT value ->> 0 AS type, value ->> 1 AS quad, value ->> 2 AS status,
                                                   value ->> 3 AS certainty FROM json_each(k.codes)) c {})",
                    codes.clause()
                ),
                codes.values,
            );
        }
        Some(Self {
            from: "act_codes k",
            filter: kept,
            number: Number::Sum("k.acts"),
        })
    }

    /// What is kept of events or claims by days under `filter`: of all or of one state.
    fn kept_days(list: List, filter: &Filter) -> Option<Self> {
        let (states, mut kept) = Self::by_day(list, filter)?;
        let state = match states.as_slice() {
            [] => "*",
            [one] => *one,
            _ => return None,
        };
        kept.filter.add("k.state = ?", [state.to_owned().into()]);
        Some(kept)
    }

    /// What is kept of events or claims by days under `filter` but for its states, which are given beside.
    fn by_day(list: List, filter: &Filter) -> Option<(Vec<&str>, Self)> {
        let (keys, from, asked, number): (&[&str], _, _, _) = match list {
            List::Events => {
                let mut asked = sql::event_codes(filter, "k");
                asked.and(sql::event_days(filter));
                let keys = &["type", "quad", "status", "certainty", "country", "from", "to"];
                (keys, "day_tally k", asked, Number::Sum("k.events"))
            }
            List::Claims => {
                let mut asked = sql::claim_codes(filter, "k");
                asked.and(sql::claim_days(filter));
                let keys = &["stance", "country", "from", "to"];
                (keys, "claim_day k", asked, Number::Sum("k.claims"))
            }
            _ => return None,
        };
        let states = states(filter, keys)?;
        let filter = asked;
        Some((states, Self { from, filter, number }))
    }

    /// What is kept of the rows of `list` with any state under `filter` but for its states, which are given beside.
    fn by_state(list: List, filter: &Filter) -> Option<(Vec<&str>, Self)> {
        let (keys, from, number): (&[&str], _, _) = match list {
            List::Events => (
                &["type", "quad", "status", "certainty", "country"],
                "event_tally k",
                Number::Sum("k.events"),
            ),
            List::Claims => (&["stance", "country"], "claim_tally k", Number::Sum("k.claims")),
            _ => return None,
        };
        let states = states(filter, keys)?;
        let filter = match list {
            List::Events => sql::event_codes(filter, "k"),
            _ => sql::claim_codes(filter, "k"),
        };
        Some((states, Self { from, filter, number }))
    }

    /// As [`Self::kept`], by state, with the column to group by.
    fn of_states(list: List, filter: &Filter) -> Option<(&'static str, Self)> {
        if let Some((states, mut kept)) = Self::by_state(list, filter)
            && states.len() < 2
        {
            match states.first() {
                // Of the pairs of states, those of one with itself are the states.
                None => kept.filter.add("k.one = k.other AND k.one <> '*'", []),
                Some(state) => kept.filter.add("k.one = ?", [(*state).to_owned().into()]),
            }
            return Some(("k.other", kept));
        }
        if let Some((states, mut kept)) = Self::by_day(list, filter)
            && states.is_empty()
        {
            kept.filter.add("k.state <> '*'", []);
            return Some(("k.state", kept));
        }
        None
    }
}

/// The states that `filter` asks for, each by itself, when it asks for nothing else but `keys`.
fn states<'a>(filter: &'a Filter, keys: &[&str]) -> Option<Vec<&'a str>> {
    let states = filter.countries.iter().map(|group| match group.as_slice() {
        [one] => Some(one.as_str()),
        _ => None,
    });
    states.collect::<Option<_>>().filter(|_| filter.asks_only(keys))
}

/// The rows of sums `k` by ordered pairs of states that are of all, of one state or of two; nothing for more.
fn of_pair(states: &[&str]) -> Option<Where> {
    let (one, other) = match states {
        [] => ("*", "*"),
        [one] => (*one, *one),
        [one, other] => (*one, *other),
        _ => return None,
    };
    let mut of = Where::default();
    of.add(
        "k.one = ? AND k.other = ?",
        [one, other].map(|state| state.to_owned().into()),
    );
    Some(of)
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
        if list == List::Documents {
            return self.report_facets(keys, filter);
        }
        let mut together: Option<[Vec<(String, usize)>; CODES.len()]> = None;
        let mut surveyed: Option<Vec<(Class, usize)>> = None;
        let facet = |key: &&str| {
            let others = without(filter, key);
            let code = CODES
                .iter()
                .position(|code| code == key)
                .filter(|_| list == List::Events);
            let counted = match (list, *key) {
                (List::Events, _) if code.is_some() => Counted::kept(list, &others).map(|kept| ("", kept)),
                (List::Events | List::Claims, "country") => Counted::of_states(list, filter),
                _ => return self.facet(list, key, &others),
            };
            match (counted, code) {
                // Codes that the filter does not ask for are counted in one go.
                (Some((_, kept)), Some(n)) if others == *filter => {
                    let all = match together.take() {
                        Some(all) => all,
                        None => self.codes(kept)?,
                    };
                    Ok(together.insert(all)[n].clone())
                }
                (Some((_, kept)), Some(n)) => Ok(std::mem::take(&mut self.codes(kept)?[n])),
                (Some((value, counted)), None) => self.groups(value, counted),
                (None, None) if list == List::Claims => self.claims_by_state(filter),
                (None, code) => {
                    let all = match surveyed.take() {
                        Some(all) => all,
                        None => self.by_class(filter)?,
                    };
                    let passing = surveyed.insert(all).iter().filter(|(class, _)| class.passes(&others));
                    Ok(match code {
                        Some(code) => most_frequent(passing.map(|(class, n)| (class.codes()[code], *n))),
                        None => most_frequent(passing.flat_map(|(class, n)| class.states().map(|state| (state, *n)))),
                    })
                }
            }
        };
        keys.iter().map(facet).collect()
    }

    /// How many events there are of each class under all of `filter` but its codes.
    fn by_class(&self, filter: &Filter) -> Result<Vec<(Class, usize)>> {
        let classes = self.classes()?;
        let mut counts = vec![0_usize; classes.len()];
        let others = survey::without_codes(filter);
        self.survey(&others, &classes, Wanted::default(), |brief| counts[brief.class] += 1)?;
        let told = classes.into_iter().zip(counts);
        Ok(told.filter(|(_, n)| *n > 0).collect())
    }

    /// Events that are kept by each of [`CODES`].
    fn codes(&self, kept: Counted) -> Result<[Vec<(String, usize)>; CODES.len()]> {
        let Counted { from, filter, number } = kept;
        // Grouped here: SQLite needs ten times as long to put rows in groups as to read them.
        let query = format!(
            "SELECT type, quad, status, certainty, {} FROM {from} {}",
            number.each(),
            filter.clause()
        );
        let mut counts: [Vec<(String, usize)>; CODES.len()] = Default::default();
        self.rows(&query, filter.values, |row| {
            let events: usize = row.get(CODES.len())?;
            for (n, counts) in counts.iter_mut().enumerate() {
                let code = row.get_ref(n)?.as_str()?;
                match counts.iter_mut().find(|(of, _)| of == code) {
                    Some((_, count)) => *count += events,
                    None => counts.push((code.to_owned(), events)),
                }
            }
            Ok(())
        })?;
        for counts in &mut counts {
            counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        }
        Ok(counts)
    }

    fn facet(&self, list: List, key: &str, filter: &Filter) -> Result<Vec<(String, usize)>> {
        let (value, counted) = match (list, key) {
            (List::Claims, "stance") => match Counted::kept(list, filter) {
                Some(kept) => ("stance", kept),
                None => return self.by_stance(filter),
            },
            (List::Agreements, "kind") => ("a.kind", Counted::of(list, filter)?),
            (List::Agreements, "step") => (
                "y.step",
                Counted {
                    from: "agreement a JOIN document d USING (doc) JOIN agreement_step y USING (agreement)",
                    number: Number::Distinct("a.agreement"),
                    ..Counted::of(list, filter)?
                },
            ),
            _ => return Ok(Vec::new()),
        };
        self.groups(value, counted)
    }

    /// As [`Self::facets`], of reports.
    fn report_facets(&self, keys: &[&str], filter: &Filter) -> Result<Vec<Vec<(String, usize)>>> {
        let found = self.reports(filter)?;
        let facet = |key: &&str| {
            let others = without(filter, key);
            if others.asks_only(&[]) {
                let query = "SELECT value, reports FROM report_tally WHERE key = ? ORDER BY reports DESC, value";
                return self.rows(query, vec![(*key).to_owned().into()], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                });
            }
            if others == *filter {
                self.by_value(key, found.as_ref())
            } else {
                self.by_value(key, self.reports(&others)?.as_ref())
            }
        };
        keys.iter().map(facet).collect()
    }

    /// How many of the reports `found` there are of each language or source.
    fn by_value(&self, key: &str, found: Option<&Numbers>) -> Result<Vec<(String, usize)>> {
        let column = match key {
            "lang" => "d.lang",
            "source" => "d.source",
            _ => return Ok(Vec::new()),
        };
        // In the order of the index, where the same value comes many times in a row.
        let mut counts: Vec<(String, usize)> = Vec::new();
        let query = format!("SELECT d.doc, {column} FROM document d ORDER BY d.source, d.lang");
        self.rows(&query, Vec::new(), |row| {
            let Some(value) = row.get_ref(1)?.as_str_or_null()? else {
                return Ok(());
            };
            let doc: i64 = row.get(0)?;
            if found.is_none_or(|found| found.contains(doc)) {
                match counts.last_mut() {
                    Some((of, n)) if of == value => *n += 1,
                    _ => counts.push((value.to_owned(), 1)),
                }
            }
            Ok(())
        })?;
        Ok(most_frequent(counts.iter().map(|(value, n)| (value.as_str(), *n))))
    }

    /// What is counted, in groups by `value`, the most frequent first.
    fn groups(&self, value: &str, Counted { from, filter, number }: Counted) -> Result<Vec<(String, usize)>> {
        let query = format!(
            "SELECT value, n FROM (SELECT {value} AS value, {} AS n FROM {from} {} GROUP BY 1)
              WHERE value IS NOT NULL ORDER BY n DESC, value",
            number.total(),
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
        let mut days: BTreeMap<String, [usize; Quad::ALL.len()]> = BTreeMap::new();
        let mut count = |day: &str, quad: usize, events: usize| match days.get_mut(day) {
            Some(counts) => counts[quad] += events,
            None => days.entry(day.to_owned()).or_default()[quad] = events,
        };
        if let Some(Counted { from, filter, number }) = self.kept_by_day(filter)? {
            let query = format!("SELECT day, quad, {} FROM {from} {}", number.each(), filter.clause());
            self.rows(&query, filter.values, |row| {
                let (day, quad) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
                if let Some(quad) = Quad::ALL.iter().position(|q| q.as_str() == quad) {
                    count(day, quad, row.get(2)?);
                }
                Ok(())
            })?;
        } else {
            let classes = self.classes()?;
            let real = |class: &Class| class.quad().filter(|_| class.status() != Status::Negated.as_str());
            let quads: Vec<Option<usize>> = classes.iter().map(real).collect();
            let wanted = Wanted {
                day: true,
                ..Wanted::default()
            };
            self.survey(filter, &classes, wanted, |brief| {
                if let (Some(day), Some(quad)) = (brief.day, quads[brief.class]) {
                    count(day, quad, 1);
                }
            })?;
        }
        let of_day = |(day, counts): (String, [usize; Quad::ALL.len()])| {
            let counts = Quad::ALL.iter().zip(counts).filter(|(_, events)| *events > 0);
            counts.map(move |(quad, events)| DayCount {
                day: day.clone(),
                quad: quad.to_string(),
                events,
            })
        };
        Ok(days.into_iter().flat_map(of_day).collect())
    }

    /// What is kept of the events under `filter` that [`Self::days`] counts.
    fn kept_by_day(&self, filter: &Filter) -> Result<Option<Counted>> {
        if let [group] = filter.actors.as_slice()
            && let [actor] = group.as_slice()
            && filter.asks_only(&["actor", "quad"])
            && self.is_plain(actor)?
        {
            let mut acting = sql::event_codes(filter, "k");
            acting.add("k.actor = ?", [actor.clone().into()]);
            return Ok(Some(Counted {
                from: "acting_day k",
                filter: acting,
                number: Number::Sum("k.events"),
            }));
        }
        Ok(Counted::kept_days(List::Events, filter).map(|mut kept| {
            kept.filter.add("day IS NOT NULL AND status <> 'negated'", []);
            kept
        }))
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

    /// How many acts of each quad class lead from one to another, in no order. What somebody does to itself is left out.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn ties(&self, filter: &Filter, ends: Ends) -> Result<Vec<Tie>> {
        filter.check(List::Events)?;
        let (table, actor, recipient) = match ends {
            Ends::Sides => ("side_tie", "coalesce(a.country, a.org)", "coalesce(r.country, r.org)"),
            Ends::Parties => ("party_tie", "a.entity", "r.entity"),
        };
        let all_actual = filter.asks_only(&["status"]) && filter.statuses == [Status::Actual];
        let (query, values) = if all_actual {
            let query = format!("SELECT actor, recipient, quad, acts FROM {table} ORDER BY 1, 2");
            (query, Vec::new())
        } else {
            let mut w = sql::events(filter)?;
            w.add(format!("{actor} <> {recipient}"), []);
            let query = format!(
                "SELECT {actor}, {recipient}, e.quad, count(DISTINCT t.leader) FROM event e JOIN act t USING (event)
                   JOIN event_party a ON a.event = e.event AND a.side = 'actor'
                   JOIN event_party r ON r.event = e.event AND r.side = 'recipient' {}
                  GROUP BY 1, 2, 3 ORDER BY 1, 2",
                w.clause()
            );
            (query, w.values)
        };
        // There are many more ties than parties, whose ids are looked up once each.
        let mut ids: HashMap<i64, Arc<str>> = HashMap::new();
        let mut key = |end: ValueRef<'_>| match end {
            ValueRef::Integer(entity) => match ids.entry(entity) {
                Entry::Occupied(id) => Ok(Arc::clone(id.get())),
                Entry::Vacant(place) => self.entity_id(entity).map(|id| Arc::clone(place.insert(id))),
            },
            text => Ok(Arc::from(text.as_str()?)),
        };
        let mut ties: Vec<Tie> = Vec::new();
        self.rows(&query, values, |row| {
            let (actor, recipient) = (key(row.get_ref(0)?)?, key(row.get_ref(1)?)?);
            let quad = row.get_ref(2)?.as_str()?;
            let Some(quad) = Quad::ALL.iter().position(|q| q.as_str() == quad) else {
                return Ok(());
            };
            let acts: usize = row.get(3)?;
            match ties.last_mut() {
                Some(tie) if tie.actor == actor && tie.recipient == recipient => tie.acts[quad] += acts,
                _ => {
                    let mut tie = Tie {
                        actor,
                        recipient,
                        acts: Default::default(),
                    };
                    tie.acts[quad] = acts;
                    ties.push(tie);
                }
            }
            Ok(())
        })?;
        Ok(ties)
    }

    fn entity_id(&self, entity: i64) -> rusqlite::Result<Arc<str>> {
        self.connection
            .prepare_cached("SELECT id FROM entity WHERE entity = ?1")?
            .query_row([entity], |row| row.get(0))
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
