//! Questions that the store alone cannot answer, answered alike for the command line, REST and MCP: what the engine reads
//! and why, what the tables know of an actor, how it stands between two.

use crate::actors::{Known, Tables};
use crate::again;
use crate::input::{About, Item, Why};
use crate::learnt::{LearntName, Teacher};
use crate::pairs;
use crate::pipeline::Pipeline;
use crate::rows::{AlertRow, DyadRow, PeriodRow};
use lagebild_core::EventIx;
use lagebild_core::learnt::Learnt;
use lagebild_core::wire::{Engine, Record};
use lagebild_engine::explain::{Reason, Traced, WhyNot};
use lagebild_lexicon::ExpectedEvent;
use lagebild_picture::tension::Step;
use lagebild_store::{ActorRow, Filter, Reader};
use serde::Serialize;
use std::sync::Arc;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// There is nothing of the kind asked for.
    Missing(String),
    /// The store does not give it.
    Store(lagebild_store::Error),
    /// The report cannot be read.
    Report(Why),
}

impl From<lagebild_store::Error> for NoAnswer {
    fn from(error: lagebild_store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<Why> for NoAnswer {
    fn from(why: Why) -> Self {
        Self::Report(why)
    }
}

/// Why events were read, or one was not.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Explanation {
    /// Whether what was asked for is read.
    pub(crate) read: bool,
    /// What reads now. A store that was filled by another engine may hold something else.
    pub(crate) engine: Engine,
    /// A tree of reasons for each event; for one that is not read, the first thing that was missing.
    pub(crate) reasons: Vec<Reason>,
}

/// Which events of a report are to be explained.
#[derive(Debug)]
pub(crate) enum Asked {
    /// All.
    All,
    /// The one with this id, as a store has it when one is given.
    Event(String, Option<Box<Record>>),
    /// One that is missed.
    WhyNot(ExpectedEvent),
}

/// Reads a report and tells why it reads so.
///
/// # Errors
/// When it cannot be read, or there is no such event.
pub(crate) fn explain(pipeline: &Pipeline, item: &Item, about: About, asked: &Asked) -> Result<Explanation, NoAnswer> {
    let document = pipeline.document(item, about)?;
    let parsed = Arc::new(pipeline.parse(document));
    let engine = pipeline.engine(parsed.doc.lang);
    // What the stored reading owes to earlier reports.
    let learnt = match asked {
        Asked::Event(_, Some(stored)) => Learnt::used_by(stored),
        _ => Learnt::default(),
    };
    let traced = Traced::read_beside(parsed, pipeline.lexicon(), pipeline.knowledge(), &learnt);
    let (read, reasons) = match asked {
        Asked::All => {
            let events = 0..traced.reading.events.len();
            (true, events.map(|n| traced.event(EventIx::from(n))).collect())
        }
        Asked::Event(id, stored) => {
            let now = Record::from_reading(&traced.reading, engine.clone());
            let Some(n) = again::event_now(id, &now, stored.as_deref()) else {
                let count = now.events.len();
                return Err(NoAnswer::Missing(format!(
                    "there is no event {id}: e1 to e{count} are read"
                )));
            };
            (true, vec![traced.event(EventIx::from(n))])
        }
        Asked::WhyNot(expected) => match traced.why_not(expected, None) {
            WhyNot::Read(ix) => (true, vec![traced.event(ix)]),
            WhyNot::Not(reason) => (false, vec![reason]),
        },
    };
    Ok(Explanation { read, engine, reasons })
}

/// The report behind the key of an event (`DOCUMENT#e1`), and what to ask of it.
///
/// # Errors
/// When there is no such report.
pub(crate) fn stored_event(reader: &Reader, key: &str) -> Result<(Item, About, Asked), NoAnswer> {
    let missing = |what: String| NoAnswer::Missing(what);
    let (document, event) = key
        .rsplit_once('#')
        .ok_or_else(|| missing(format!("{key} is no key of an event, such as REPORT#e1")))?;
    let kept = again::kept(reader, document)?.ok_or_else(|| missing(format!("there is no report {document}")))?;
    if kept.record.events.iter().all(|e| e.id != event) {
        return Err(missing(format!("there is no event {event} in {document}")));
    }
    let asked = Asked::Event(event.to_owned(), Some(Box::new(kept.record)));
    Ok((kept.item, kept.about, asked))
}

/// Everybody whom `name` may mean, with what the store has seen of them; last those whom only reports know.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn actor(tables: &Tables, reader: &Reader, name: &str) -> lagebild_store::Result<Vec<Known>> {
    let mut known = tables.look_up(name);
    let seen = reader.actors(&Filter::default())?.rows;
    for one in &mut known {
        let key = one.id.split_once(':').map_or("", |(_, key)| key);
        let own = |row: &&ActorRow| {
            row.id == one.id
                || one.kind == "country" && row.country.as_deref() == Some(key)
                || one.kind == "organisation" && row.org.as_deref() == Some(key)
        };
        one.seen = seen.iter().filter(own).cloned().collect();
    }
    // Names that no table knows are known from reports only.
    let asked = name.to_lowercase();
    let named = |row: &&ActorRow| row.id == name || row.name.to_lowercase() == asked;
    let told = |row: &&ActorRow| known.iter().all(|one| one.seen.iter().all(|s| s.id != row.id));
    let unknown: Vec<ActorRow> = seen.iter().filter(named).filter(told).cloned().collect();
    known.extend(unknown.into_iter().map(|row| Known {
        id: row.id.clone(),
        kind: "known from reports only",
        name: row.name.clone(),
        parent: row.org.clone().or(row.country.clone()),
        seen: vec![row],
        ..Known::default()
    }));
    learnt(tables, reader, name, &mut known)?;
    Ok(known)
}

/// Adds what reports taught of persons, and those of whom nothing else is known.
fn learnt(tables: &Tables, reader: &Reader, name: &str, known: &mut Vec<Known>) -> lagebild_store::Result<()> {
    let teacher = Teacher {
        knowledge: tables.knowledge,
        reader,
    };
    for one in known.iter_mut().filter(|one| one.id.starts_with("person:")) {
        one.learnt = teacher.of(&one.id)?;
    }
    let asked = teacher.of(name)?;
    if let Some(first) = asked.first()
        && known.iter().all(|one| one.id != first.row.person)
    {
        known.push(Known {
            id: first.row.person.clone(),
            kind: "known from reports only",
            name: first.row.name.clone(),
            learnt: asked,
            ..Known::default()
        });
    }
    // Those in no table act for whom they are known to act for on the day; without one, lastly.
    for one in known.iter_mut().filter(|one| one.kind == "known from reports only") {
        let holds = |l: &&LearntName| {
            let row = &l.row;
            let on = |day: &str| *row.since <= *day && row.until.as_deref().is_none_or(|until| day <= until);
            row.state == "known" && tables.on.is_none_or(|day| on(&day.to_string()))
        };
        if let Some(LearntName { row, .. }) = one.learnt.iter().rfind(holds) {
            one.parent = row
                .org
                .as_ref()
                .map(|org| format!("org:{org}"))
                .or(row.country.as_ref().map(|country| format!("country:{country}")));
            one.sectors.clone_from(&row.roles);
        }
    }
    Ok(())
}

/// What one did to another.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Direction {
    /// Summed up.
    pub(crate) sum: DyadRow,
    /// Period by period.
    pub(crate) periods: Vec<PeriodRow>,
    /// Periods far above what was to be expected.
    pub(crate) alerts: Vec<AlertRow>,
    /// Acts told for longer than a period, which are in the sum only.
    pub(crate) untimed: usize,
}

/// How it stands between two under the filters of events: from the one to the other, then back.
///
/// # Errors
/// When the filter does not fit or the store cannot be read.
pub(crate) fn pair(
    reader: &Reader,
    (a, b): (&str, &str),
    filter: &Filter,
    step: Step,
) -> lagebild_store::Result<[Direction; 2]> {
    // A pair is judged by its own past: what lies before the first day asked for is read too and not shown.
    let between = reader.between(filter)?;
    let direction = |a: &str, b: &str| -> lagebild_store::Result<Direction> {
        let series = between.series(a, b, step)?;
        Ok(Direction {
            sum: pairs::dyad(&between, a, b, filter.from)?,
            alerts: pairs::alerts(a, b, &series, filter.from),
            untimed: series.untimed,
            periods: pairs::periods(a, b, series, filter),
        })
    };
    Ok([direction(a, b)?, direction(b, a)?])
}

/// What each did to each under the filters of events, the busiest first.
///
/// # Errors
/// When the filter does not fit or the store cannot be read.
pub(crate) fn dyads(reader: &Reader, filter: &Filter) -> lagebild_store::Result<Vec<DyadRow>> {
    Ok(pairs::rows(&reader.between(filter)?.sums(filter.from, None)?))
}
