//! Opening connections, and building the conditions of lists.

use crate::error::{Error, Result};
use crate::filter::{AnyOf, Filter};
use crate::write::stamp;
use crate::{analyse::fold, packed, search};
use lagebild_core::Lang;
use lagebild_core::codebook::Sector;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

/// How long a statement waits for a lock of another connection before it gives up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Refuses what is no database file, before anything beside it is made.
pub(crate) fn probe(path: &Path) -> Result<()> {
    let not = |what| {
        Err(Error::NotAStore {
            path: path.to_owned(),
            what,
        })
    };
    let io = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::PermissionDenied => Error::ReadOnly { path: path.to_owned() },
        _ => Error::Io {
            path: path.to_owned(),
            source,
        },
    };
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => not("a directory"),
        Ok(meta) if meta.len() == 0 => Ok(()),
        Ok(_) => {
            let mut head = Vec::new();
            std::fs::File::open(path)
                .and_then(|f| f.take(16).read_to_end(&mut head))
                .map_err(io)?;
            if head == b"SQLite format 3\0" {
                Ok(())
            } else {
                not("not an SQLite file")
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io(error)),
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let sql = |source| Error::sql(path, source);
    // No URI: a path that begins with "file:" is a path.
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(sql)?;
    connection.busy_timeout(PATIENCE).map_err(sql)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.pragma_update(None, "foreign_keys", true).map_err(sql)?;
    connection.pragma_update(None, "trusted_schema", false).map_err(sql)?;
    // The planner must not look at bound values: it would plan a range anew for each, which costs more than the look-up.
    connection
        .set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(sql)?;
    connection.pragma_update(None, "cache_size", -16_000).map_err(sql)?;
    packed::functions(&connection).map_err(sql)?;
    Ok(connection)
}

pub(crate) fn connect_writer(path: &Path) -> Result<Connection> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
}

pub(crate) fn connect_reader(path: &Path) -> Result<Connection> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection
        .pragma_update(None, "query_only", true)
        .map_err(|source| Error::sql(path, source))?;
    Ok(connection)
}

/// A connection that reads the store and may write copies of it.
pub(crate) fn connect_copier(path: &Path) -> Result<Connection> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// A query for the numbers of rows, with the values of its `?` in order.
#[derive(Clone, Debug)]
pub(crate) struct Select {
    pub(crate) query: String,
    pub(crate) values: Vec<Value>,
}

/// Conditions joined by AND, with the values of their `?` in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Where {
    conditions: Vec<String>,
    pub(crate) values: Vec<Value>,
}

impl Where {
    pub(crate) fn add(&mut self, condition: impl Into<String>, values: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.into());
        self.values.extend(values);
    }

    /// What `other` asks for as well.
    pub(crate) fn and(&mut self, other: Self) {
        self.conditions.extend(other.conditions);
        self.values.extend(other.values);
    }

    /// Whether everything passes.
    pub(crate) fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// `column IN (…)`; no condition when there are no values.
    fn any_of<T: ToString>(&mut self, column: &str, values: &[T]) {
        if !values.is_empty() {
            let marks = vec!["?"; values.len()].join(", ");
            self.add(
                format!("{column} IN ({marks})"),
                values.iter().map(|v| Value::Text(v.to_string())),
            );
        }
    }

    /// `column IN (SELECT select … WHERE inner)`; no condition when `inner` has none.
    pub(crate) fn within(&mut self, column: &str, select: &str, inner: Self) {
        if !inner.conditions.is_empty() {
            self.add(
                format!("{column} IN (SELECT {select} WHERE {})", inner.conditions.join(" AND ")),
                inner.values,
            );
        }
    }

    /// `column IN (…)` for what `select` finds.
    fn in_select(&mut self, column: &str, select: Select) {
        self.add(format!("{column} IN ({})", select.query), select.values);
    }

    /// The clause, empty when there are no conditions.
    pub(crate) fn clause(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!("WHERE {}", self.conditions.join(" AND "))
        }
    }
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// Whether `party` is written as the code of a state or organisation is.
pub(crate) fn is_code(party: &str) -> bool {
    party
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// The sectors of a CAMEO-style code: a state, then sectors.
pub(crate) fn sectors(code: &str) -> Option<Vec<Sector>> {
    code.get(3..)
        .filter(|rest| !rest.is_empty() && rest.len() % 3 == 0)
        .and_then(|rest| {
            rest.as_bytes()
                .chunks(3)
                .map(|c| Sector::parse(std::str::from_utf8(c).ok()?))
                .collect()
        })
}

/// How parties and days are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// All of them, by their indices.
    Gather,
    /// Those of an event or claim that is tried; for parties a plus keeps SQLite from gathering all for each.
    Try,
}

/// The condition that a row `p` with columns `entity`, `country`, `org`, `roles` is one of `parties`.
fn is_party(parties: &AnyOf<String>, look: Look) -> (String, Vec<Value>) {
    let p = if look == Look::Try { "+p" } else { "p" };
    let (mut alternatives, mut values) = (Vec::new(), Vec::new());
    for party in parties {
        if party.contains(':') {
            alternatives.push(format!("{p}.entity = (SELECT entity FROM entity WHERE id = ?)"));
            values.push(text(party));
            continue;
        }
        if is_code(party) {
            alternatives.push(format!("{p}.country = ? OR {p}.org = ?"));
            values.extend([text(party), text(party)]);
            if let Some(sectors) = sectors(party) {
                let roles = vec!["instr(' ' || p.roles || ' ', ?)"; sectors.len()].join(" AND ");
                alternatives.push(format!("{p}.country = ? AND {roles}"));
                values.push(text(&party[..3]));
                values.extend(sectors.iter().map(|s| Value::Text(format!(" {s} "))));
            }
        }
        alternatives.push(format!(
            "{p}.entity IN (SELECT entity FROM entity_name WHERE folded = ?)"
        ));
        values.push(Value::Text(fold(party)));
    }
    (format!("({})", alternatives.join(" OR ")), values)
}

/// What is asked of the report (table `document d`), its words and the day of publication apart, each by itself.
fn report_conditions(filter: &Filter) -> Vec<Where> {
    let mut all = Vec::new();
    let mut add = |write: &dyn Fn(&mut Where)| {
        let mut w = Where::default();
        write(&mut w);
        all.extend((!w.is_empty()).then_some(w));
    };
    if !filter.sources.is_empty() {
        // There are far fewer sources than reports.
        let any = vec!["instr(lower(value), lower(?))"; filter.sources.len()].join(" OR ");
        let condition = format!("d.source IN (SELECT value FROM report_tally WHERE key = 'source' AND ({any}))");
        add(&|w| w.add(condition.as_str(), filter.sources.iter().map(|s| text(s))));
    }
    add(&|w| w.any_of("d.lang", &filter.langs.iter().map(|l| l.code()).collect::<Vec<_>>()));
    add(&|w| w.any_of("d.id", &filter.documents));
    if let Some(added) = filter.added {
        // Numbers rise as reports come in: from the end it is a step to the last one that was there before.
        let condition = "d.doc > coalesce((SELECT doc FROM document WHERE added_at < ? ORDER BY doc DESC LIMIT 1), 0)";
        add(&|w| w.add(condition, [Value::Text(stamp(added))]));
    }
    all
}

/// The reports with the words asked for.
fn with_words(filter: &Filter) -> Result<Option<Select>> {
    let Some(q) = &filter.q else { return Ok(None) };
    let expression = search::Query::parse(q, &languages(filter))?.expression();
    Ok(Some(Select {
        query: "SELECT rowid FROM fulltext WHERE fulltext MATCH ?".to_owned(),
        values: vec![Value::Text(expression)],
    }))
}

/// What is asked of the report (table `document d`), the day of publication apart.
fn about_report(filter: &Filter) -> Result<Where> {
    let mut w = Where::default();
    report_conditions(filter)
        .into_iter()
        .for_each(|condition| w.and(condition));
    if let Some(words) = with_words(filter)? {
        w.in_select("d.doc", words);
    }
    Ok(w)
}

/// The reports that meet each part of what is asked of them, one query for each part, the day of publication apart.
pub(crate) fn report_sets(filter: &Filter) -> Result<Vec<Select>> {
    let of = |w: Where| Select {
        query: format!("SELECT d.doc FROM document d {}", w.clause()),
        values: w.values,
    };
    let sets = report_conditions(filter).into_iter().map(of);
    Ok(sets.chain(with_words(filter)?).collect())
}

/// The reports with the claims asked for, and those with the agreements.
pub(crate) fn claim_and_agreement_sets(filter: &Filter) -> Vec<Select> {
    let sets = [
        ("SELECT c.doc FROM claim c", claim_codes(filter, "c")),
        ("SELECT a.doc FROM agreement a", about_agreement(filter)),
    ];
    let asked = sets.into_iter().filter(|(_, w)| !w.is_empty());
    let select = |(query, w): (&str, Where)| Select {
        query: format!("{query} {}", w.clause()),
        values: w.values,
    };
    asked.map(select).collect()
}

/// The reports that were published within the days asked for; nothing when none are.
pub(crate) fn published_set(filter: &Filter) -> Option<Select> {
    let mut w = Where::default();
    published(filter, &mut w);
    (!w.is_empty()).then(|| Select {
        query: format!("SELECT d.doc FROM document d {}", w.clause()),
        values: w.values,
    })
}

/// The languages by whose rules the words of a query are stemmed.
pub(crate) fn languages(filter: &Filter) -> Vec<Lang> {
    if filter.langs.is_empty() {
        vec![Lang::De, Lang::En]
    } else {
        filter.langs.clone()
    }
}

fn published(filter: &Filter, w: &mut Where) {
    if let Some(from) = filter.from {
        w.add("d.published >= ?", [Value::Text(from.to_string())]);
    }
    if let Some(to) = filter.to {
        w.add("d.published <= ?", [Value::Text(to.to_string())]);
    }
}

/// What is asked of the codes of an event that are counted, which `table` has.
pub(crate) fn event_codes(filter: &Filter, table: &str) -> Where {
    let mut w = Where::default();
    w.any_of(&format!("{table}.type"), &filter.types);
    w.any_of(&format!("{table}.quad"), &filter.quads);
    w.any_of(&format!("{table}.status"), &filter.statuses);
    w.any_of(&format!("{table}.certainty"), &filter.certainties);
    w
}

/// What is asked of the days of events, of sums `k` by day and last day.
pub(crate) fn event_days(filter: &Filter) -> Where {
    let mut w = Where::default();
    if let Some(from) = filter.from {
        w.add("k.last >= ?", [Value::Text(from.to_string())]);
    }
    if let Some(to) = filter.to {
        w.add("k.day <= ? AND k.last <> ''", [Value::Text(to.to_string())]);
    }
    w
}

/// What is asked of the days of claims, of sums `k` by the day of the report.
pub(crate) fn claim_days(filter: &Filter) -> Where {
    let mut w = Where::default();
    if let Some(from) = filter.from {
        w.add("k.day >= ?", [Value::Text(from.to_string())]);
    }
    if let Some(to) = filter.to {
        w.add("k.day <= ? AND k.day <> ''", [Value::Text(to.to_string())]);
    }
    w
}

/// What is asked of the codes of a claim, which `table` has.
pub(crate) fn claim_codes(filter: &Filter, table: &str) -> Where {
    let mut w = Where::default();
    w.any_of(&format!("{table}.stance"), &filter.stances);
    w
}

/// The two states asked for, in order, when it is these and nothing else of states: their events are kept together.
pub(crate) fn two_states(filter: &Filter) -> Option<(&str, &str)> {
    match filter.countries.as_slice() {
        [a, b] => match (a.as_slice(), b.as_slice()) {
            ([a], [b]) if a != b => Some((a.min(b).as_str(), a.max(b).as_str())),
            _ => None,
        },
        _ => None,
    }
}

/// The events with the parties asked for, one query for each side and group; states apart, unless they are two.
pub(crate) fn party_sets(filter: &Filter) -> Vec<Select> {
    let mut sets = Vec::new();
    for (side, groups) in [("actor", &filter.actors), ("recipient", &filter.recipients)] {
        for group in groups {
            let (condition, values) = is_party(group, Look::Gather);
            let query = format!("SELECT p.event FROM event_party p WHERE p.side = '{side}' AND {condition}");
            sets.push(Select { query, values });
        }
    }
    sets.extend(two_states(filter).map(|states| pair_set(2, states)));
    sets
}

/// The events between two as `pair_event` keeps them.
pub(crate) fn pair_set(mutual: i64, (one, other): (&str, &str)) -> Select {
    Select {
        query: "SELECT t.event FROM pair_event t WHERE t.mutual = ? AND t.one = ? AND t.other = ?".to_owned(),
        values: vec![Value::Integer(mutual), text(one), text(other)],
    }
}

/// The events at the places asked for; nothing when none are.
pub(crate) fn place_set(filter: &Filter) -> Option<Select> {
    let is_code = |place: &str| place.len() == 3 && place.bytes().all(|b| b.is_ascii_uppercase());
    let select = |place: &String| {
        let column = if is_code(place) { "place_country" } else { "place_name" };
        format!("SELECT x.event FROM event x WHERE x.{column} = ?")
    };
    // One query for each, so that each has its index.
    let all: Vec<String> = filter.places.iter().map(select).collect();
    (!all.is_empty()).then(|| Select {
        query: all.join(" UNION "),
        values: filter.places.iter().map(|p| text(p)).collect(),
    })
}

/// The events of the modes asked for; nothing when none are.
pub(crate) fn mode_set(filter: &Filter) -> Option<Select> {
    let mut w = Where::default();
    w.any_of("e.mode", &filter.modes);
    (!w.is_empty()).then(|| Select {
        query: format!("SELECT e.event FROM event e {}", w.clause()),
        values: w.values,
    })
}

/// The events that may lie within days from `filter.from` or up to `filter.to`: those that begin within them, and of the others
/// those that last. Nothing when no days are asked for.
pub(crate) fn day_set(filter: &Filter) -> Option<Select> {
    let day = |day: lagebild_core::Date| Value::Text(day.to_string());
    match (filter.from, filter.to) {
        (None, None) => None,
        (None, Some(to)) => Some(Select {
            query: "SELECT x.event FROM event x WHERE x.day <= ?".to_owned(),
            values: vec![day(to)],
        }),
        (Some(from), to) => {
            let from = day(from);
            let to = to.map_or_else(|| text("9999"), day);
            Some(Select {
                query: "SELECT x.event FROM event x WHERE x.day >= ? AND x.day <= ?
                         UNION ALL
                        SELECT x.event FROM event x WHERE x.date_to IS NOT x.date_from
                           AND coalesce(x.date_to, '9999') >= ? AND x.day < ?"
                    .to_owned(),
                values: vec![from.clone(), to, from.clone(), from],
            })
        }
    }
}

/// What is asked of an event (table `event e`), day and report apart.
fn about_event(filter: &Filter) -> Where {
    let mut w = event_codes(filter, "e");
    w.any_of("e.mode", &filter.modes);
    for set in party_sets(filter) {
        w.in_select("e.event", set);
    }
    if two_states(filter).is_none() {
        for group in &filter.countries {
            let mut inner = Where::default();
            inner.any_of("p.country", group);
            w.within("e.event", "p.event FROM event_party p", inner);
        }
    }
    if let Some(places) = place_set(filter) {
        w.in_select("e.event", places);
    }
    w
}

/// Conditions on `event e`.
pub(crate) fn events(filter: &Filter) -> Result<Where> {
    events_within(filter, Look::Gather)
}

/// Conditions on `event e`, with its days looked at as `look` says.
fn events_within(filter: &Filter, look: Look) -> Result<Where> {
    let mut w = about_event(filter);
    // An event lies within the days asked for when its interval overlaps them; one without days never does.
    if let Some(from) = filter.from {
        w.add(
            "coalesce(e.date_to, CASE WHEN e.date_from IS NOT NULL THEN '9999' END) >= ?",
            [Value::Text(from.to_string())],
        );
    }
    if let Some(to) = filter.to {
        w.add(
            "e.day <= ? AND coalesce(e.date_from, e.date_to) IS NOT NULL",
            [Value::Text(to.to_string())],
        );
    }
    if let (Some(_), Look::Gather) = (filter.from, look)
        && let Some(days) = day_set(filter)
    {
        w.in_select("e.event", days);
    }
    w.within("e.doc", "d.doc FROM document d", about_report(filter)?);
    Ok(w)
}

/// As [`events`], with the days and parties of each event looked at when it is tried.
pub(crate) fn events_tried(filter: &Filter) -> Result<Where> {
    let others = Filter {
        actors: Vec::new(),
        recipients: Vec::new(),
        countries: Vec::new(),
        ..filter.clone()
    };
    let mut w = events_within(&others, Look::Try)?;
    for (side, groups) in [("actor", &filter.actors), ("recipient", &filter.recipients)] {
        for group in groups {
            let (condition, values) = is_party(group, Look::Try);
            w.add(
                format!(
                    "EXISTS (SELECT 1 FROM event_party p WHERE p.event = e.event AND p.side = '{side}' AND {condition})"
                ),
                values,
            );
        }
    }
    for group in &filter.countries {
        let mut inner = Where::default();
        inner.add("p.event = e.event", []);
        // The plus keeps SQLite from going through all events of the state for each that is tried.
        inner.any_of("+p.country", group);
        let condition = format!("EXISTS (SELECT 1 FROM event_party p {})", inner.clause());
        w.add(condition, inner.values);
    }
    Ok(w)
}

/// As [`claims`], with the speaker of each claim looked at when it is tried.
pub(crate) fn claims_tried(filter: &Filter) -> Result<Where> {
    let mut w = claims(&Filter {
        actors: Vec::new(),
        ..filter.clone()
    })?;
    for group in &filter.actors {
        let (condition, values) = is_party(group, Look::Try);
        w.add(
            format!(
                "EXISTS (SELECT 1 FROM claim_party p WHERE p.claim = c.claim AND p.side = 'holder' AND {condition})"
            ),
            values,
        );
    }
    Ok(w)
}

/// Conditions on `fulltext f`, words apart: as [`documents`], from indices alone where these tell, so that no report that matches
/// is looked up to be counted.
pub(crate) fn matching(filter: &Filter) -> Result<Where> {
    let of_report = Filter {
        q: None,
        ..filter.clone()
    };
    let mut sets = report_sets(&of_report)?;
    sets.extend(published_set(filter));
    sets.extend(claim_and_agreement_sets(filter));
    let mut w = Where::default();
    for set in sets {
        // The plus keeps the full text from being asked once for each report of the set.
        w.in_select("+f.rowid", set);
    }
    w.within("+f.rowid", "e.doc FROM event e", about_event(filter));
    Ok(w)
}

/// Conditions on `document d`.
pub(crate) fn documents(filter: &Filter) -> Result<Where> {
    let mut w = about_report(filter)?;
    published(filter, &mut w);
    w.within("d.doc", "e.doc FROM event e", about_event(filter));
    w.within("d.doc", "c.doc FROM claim c", claim_codes(filter, "c"));
    w.within("d.doc", "a.doc FROM agreement a", about_agreement(filter));
    Ok(w)
}

/// The claims that meet each part of what is asked of them, one query for each part; stance and report apart.
pub(crate) fn claim_sets(filter: &Filter) -> Vec<Select> {
    let mut sets = Vec::new();
    for (side, groups) in [("holder", &filter.actors), ("addressee", &filter.recipients)] {
        for group in groups {
            let (condition, values) = is_party(group, Look::Gather);
            let query = format!("SELECT p.claim FROM claim_party p WHERE p.side = '{side}' AND {condition}");
            sets.push(Select { query, values });
        }
    }
    let mut add = |query: &str, w: Where| {
        if !w.is_empty() {
            let query = format!("{query} {}", w.clause());
            let values = w.values;
            sets.push(Select { query, values });
        }
    };
    for group in &filter.countries {
        let mut of = Where::default();
        of.any_of("p.country", group);
        add("SELECT p.claim FROM claim_party p", of);
    }
    let acts = Filter {
        actors: Vec::new(),
        recipients: Vec::new(),
        countries: Vec::new(),
        ..filter.clone()
    };
    let about = about_event(&acts);
    add("SELECT x.claim FROM claim_event x JOIN event e USING (event)", about);
    sets
}

/// The claims with the stances asked for; nothing when none are.
pub(crate) fn stance_set(filter: &Filter) -> Option<Select> {
    let w = claim_codes(filter, "c");
    (!w.is_empty()).then(|| Select {
        query: format!("SELECT c.claim FROM claim c {}", w.clause()),
        values: w.values,
    })
}

/// Conditions on `claim c JOIN document d`.
pub(crate) fn claims(filter: &Filter) -> Result<Where> {
    let mut w = about_report(filter)?;
    published(filter, &mut w);
    w.and(claim_codes(filter, "c"));
    for set in claim_sets(filter) {
        w.in_select("c.claim", set);
    }
    Ok(w)
}

fn about_agreement(filter: &Filter) -> Where {
    let mut w = Where::default();
    w.any_of("a.kind", &filter.kinds);
    let mut steps = Where::default();
    steps.any_of("s.step", &filter.steps);
    w.within("a.agreement", "s.agreement FROM agreement_step s", steps);
    w
}

/// Conditions on `agreement a JOIN document d`.
pub(crate) fn agreements(filter: &Filter) -> Result<Where> {
    let mut w = about_report(filter)?;
    published(filter, &mut w);
    let about = about_agreement(filter);
    w.and(about);
    for group in filter.actors.iter().chain(&filter.countries) {
        let keys: Vec<&str> = group
            .iter()
            .map(|v| v.split_once(':').map_or(v.as_str(), |(_, key)| key))
            .collect();
        let mut inner = Where::default();
        inner.any_of("p.party", &keys);
        w.within("a.agreement", "p.agreement FROM agreement_party p", inner);
    }
    Ok(w)
}
