//! Events under any filter, looked at in narrow rows.
//!
//! Where no sums are kept of what a filter finds ([`crate::tallies`]), its events are counted one by one. What an index answers is
//! gathered as a set of numbers; then each event that may pass is looked at in its row of `event_brief`, which has all that
//! events are counted by. To go through half a million of them takes some fifty milliseconds; to put them in groups in SQLite
//! takes ten times as long.

use crate::error::Result;
use crate::facets::Counted;
use crate::filter::{Filter, List, Sort};
use crate::read::Reader;
use crate::rows::{ActorRow, ClaimRow, ClusterRow, DocumentRow, EventRow, Page};
use crate::sql::{self, Select};
use lagebild_core::codebook::Quad;
use lagebild_picture::claims::{Position, Saying};
use rusqlite::{Row, params_from_iter};
use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A set is gone through by its members when all are so many times as many as it has; else all are gone through, which takes
/// that much less for each.
const SPARSE: usize = 16;

/// A set of numbers of rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    bits: Vec<u64>,
    len: usize,
}

impl Numbers {
    fn place(n: i64) -> Option<(usize, u64)> {
        let n = usize::try_from(n).ok()?;
        Some((n / 64, 1 << (n % 64)))
    }

    pub(crate) fn insert(&mut self, n: i64) {
        // Numbers of rows begin with 1.
        let Some((word, bit)) = Self::place(n) else { return };
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        self.len += usize::from(self.bits[word] & bit == 0);
        self.bits[word] |= bit;
    }

    pub(crate) fn contains(&self, n: i64) -> bool {
        Self::place(n).is_some_and(|(word, bit)| self.bits.get(word).is_some_and(|bits| bits & bit != 0))
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Its members, the smallest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = i64> + '_ {
        let members = |(word, &bits): (usize, &u64)| {
            let set = (0..64).filter(move |bit| bits >> bit & 1 != 0);
            set.filter_map(move |bit| i64::try_from(word * 64 + bit).ok())
        };
        self.bits
            .iter()
            .enumerate()
            .filter(|(_, bits)| **bits != 0)
            .flat_map(members)
    }

    fn keep(&mut self, other: &Self) {
        self.bits.truncate(other.bits.len());
        for (bits, other) in self.bits.iter_mut().zip(&other.bits) {
            *bits &= other;
        }
        self.len = self.bits.iter().map(|bits| bits.count_ones() as usize).sum();
    }
}

/// What events are counted by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Class {
    states: String,
    /// In the order of [`crate::facets::CODES`].
    codes: [String; 4],
}

impl Class {
    pub(crate) fn states(&self) -> impl Iterator<Item = &str> {
        self.states.split(' ').filter(|state| !state.is_empty())
    }

    pub(crate) fn codes(&self) -> [&str; 4] {
        self.codes.each_ref().map(String::as_str)
    }

    fn kind(&self) -> &str {
        &self.codes[0]
    }

    /// Place of its quad class in [`Quad::ALL`].
    pub(crate) fn quad(&self) -> Option<usize> {
        Quad::ALL.iter().position(|quad| quad.as_str() == self.codes[1])
    }

    pub(crate) fn status(&self) -> &str {
        &self.codes[2]
    }

    /// Whether it has codes and states that `filter` asks for.
    pub(crate) fn passes(&self, filter: &Filter) -> bool {
        fn any<T: AsRef<str>>(asked: impl ExactSizeIterator<Item = T>, code: &str) -> bool {
            asked.len() == 0 || asked.into_iter().any(|asked| asked.as_ref() == code)
        }
        let [kind, quad, status, certainty] = &self.codes;
        any(filter.types.iter().map(|c| c.as_str()), kind)
            && any(filter.quads.iter().map(|c| c.as_str()), quad)
            && any(filter.statuses.iter().map(|c| c.as_str()), status)
            && any(filter.certainties.iter().map(|c| c.as_str()), certainty)
            && (filter.countries.iter())
                .all(|group| self.states().any(|state| group.iter().any(|asked| asked == state)))
    }
}

/// `filter` without the codes that [`Class::passes`] looks at.
pub(crate) fn without_codes(filter: &Filter) -> Filter {
    Filter {
        types: Vec::new(),
        quads: Vec::new(),
        statuses: Vec::new(),
        certainties: Vec::new(),
        ..filter.clone()
    }
}

/// An event as it is looked at.
pub(crate) struct Brief<'a> {
    pub(crate) event: i64,
    pub(crate) doc: i64,
    /// The event that leads its act.
    pub(crate) leader: Option<i64>,
    /// Its place among all classes.
    pub(crate) class: usize,
    /// The day that it is told for, when asked for.
    pub(crate) day: Option<&'a str>,
    /// Who takes part, when asked for: entities, those acted upon with a minus.
    parties: Option<&'a str>,
}

/// What is asked of each event besides its numbers and class.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) day: bool,
    pub(crate) parties: bool,
}

/// An event with what lists of events are ordered by.
struct Placed {
    event: i64,
    doc: i64,
    day: Option<[u8; 10]>,
    /// Place of its type among all, by name.
    kind: usize,
}

impl Placed {
    /// As [`crate::read::event_order`].
    fn order(&self, other: &Self, sort: Sort) -> Ordering {
        let latest = |e: &Self| (Reverse(e.day), Reverse(e.doc), e.event);
        match sort {
            Sort::Default | Sort::Newest => latest(self).cmp(&latest(other)),
            Sort::Oldest => {
                let earliest = |e: &Self| (e.day.is_none(), e.day, e.doc, e.event);
                earliest(self).cmp(&earliest(other))
            }
            Sort::Added => (Reverse(self.doc), self.event).cmp(&(Reverse(other.doc), other.event)),
            Sort::Name => self
                .kind
                .cmp(&other.kind)
                .then_with(|| latest(self).cmp(&latest(other))),
        }
    }
}

/// A day to compare with others.
fn day(text: &str) -> [u8; 10] {
    let mut day = [0; 10];
    for (to, from) in day.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    day
}

/// Those of `all` that a page shows, in order.
fn page_of<T>(mut all: Vec<T>, filter: &Filter, order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let end = filter
        .limit
        .map_or(all.len(), |limit| filter.offset.saturating_add(limit));
    if end == 0 {
        return Vec::new();
    }
    if end < all.len() {
        all.select_nth_unstable_by(end - 1, &order);
        all.truncate(end);
    }
    all.sort_unstable_by(order);
    all.split_off(filter.offset.min(all.len()))
}

/// Where the page of `filter` ends, when it shows the latest of so many that they are soon met in the order of all.
fn soon_met(filter: &Filter, total: usize, all: usize) -> Option<usize> {
    let end = filter
        .limit
        .map_or(total, |limit| filter.offset.saturating_add(limit))
        .min(total);
    let latest = matches!(filter.sort, Sort::Default | Sort::Newest);
    (latest && all.saturating_mul(end) < total.saturating_mul(total)).then_some(end)
}

/// The part that somebody has in events.
#[derive(Default)]
struct Part {
    parts: usize,
    acts: usize,
    receives: usize,
    documents: usize,
    first: Option<[u8; 10]>,
    last: Option<[u8; 10]>,
    /// The last event and report that were counted.
    acted: i64,
    received: i64,
    doc: i64,
}

impl Reader {
    /// The numbers that a query finds.
    fn numbers(&self, Select { query, values }: Select) -> Result<Numbers> {
        let mut found = Numbers::default();
        self.rows(&query, values, |row| {
            found.insert(row.get(0)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// What all of `sets` find; nothing without any.
    fn common(&self, sets: impl IntoIterator<Item = Select>) -> Result<Option<Numbers>> {
        let mut common: Option<Numbers> = None;
        for set in sets {
            let found = self.numbers(set)?;
            match &mut common {
                Some(common) => common.keep(&found),
                None => common = Some(found),
            }
        }
        Ok(common)
    }

    /// All classes of events, each at the place that events name.
    pub(crate) fn classes(&self) -> Result<Vec<Class>> {
        let mut classes: Vec<Class> = Vec::new();
        let query = "SELECT class, states, type, quad, status, certainty FROM event_class";
        self.rows(query, Vec::new(), |row| {
            let class: usize = row.get(0)?;
            if class >= classes.len() {
                classes.resize_with(class + 1, Class::default);
            }
            classes[class] = Class {
                states: row.get(1)?,
                codes: [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?],
            };
            Ok(())
        })?;
        Ok(classes)
    }

    /// The events that may pass `filter`, as far as an index tells; nothing when all may.
    fn gathered(&self, filter: &Filter, all: usize) -> Result<Option<Numbers>> {
        let mut sets = Vec::new();
        match (filter.actors.as_slice(), filter.recipients.as_slice()) {
            ([one], [other]) if self.are_plain(one, other)? => {
                let others = Filter {
                    actors: Vec::new(),
                    recipients: Vec::new(),
                    ..filter.clone()
                };
                sets.push(sql::pair_set(0, (&one[0], &other[0])));
                sets.extend(sql::party_sets(&others));
            }
            _ => sets.extend(sql::party_sets(filter)),
        }
        sets.extend(sql::place_set(filter));
        sets.extend(sql::mode_set(filter));
        let found = self.common(sets)?;
        // The days of few are looked at faster than those of all are gathered.
        if found
            .as_ref()
            .is_some_and(|found| found.len().saturating_mul(SPARSE) < all)
        {
            return Ok(found);
        }
        Ok(match (found, sql::day_set(filter)) {
            (found, None) => found,
            (None, Some(days)) => Some(self.numbers(days)?),
            (Some(mut found), Some(days)) => {
                found.keep(&self.numbers(days)?);
                Some(found)
            }
        })
    }

    /// Whether what passes from `one` to `other` is kept by their keys.
    fn are_plain(&self, one: &[String], other: &[String]) -> Result<bool> {
        let ([one], [other]) = (one, other) else {
            return Ok(false);
        };
        Ok(one != other && self.is_plain(one)? && self.is_plain(other)?)
    }

    /// Calls `each` with every event under `filter`; those of a report come one after another.
    pub(crate) fn survey(
        &self,
        filter: &Filter,
        classes: &[Class],
        wanted: Wanted,
        mut each: impl FnMut(&Brief<'_>),
    ) -> Result<()> {
        let all = self.number_of_events()?;
        let passing: Vec<bool> = classes.iter().map(|class| class.passes(filter)).collect();
        let docs = self.common(sql::report_sets(filter)?)?;
        let events = self.gathered(filter, all)?;
        let (from, to) = (filter.from.map(|d| d.to_string()), filter.to.map(|d| d.to_string()));
        let days = from.is_some() || to.is_some();
        let column = |name, asked: bool| if asked { name } else { "NULL" };
        let columns = format!(
            "b.event, b.doc, b.leader, b.class, {}, {}, {}",
            column("b.day", wanted.day || days),
            column("b.last", days),
            column("b.parties", wanted.parties),
        );
        let mut look = |row: &Row<'_>| -> rusqlite::Result<()> {
            let event: i64 = row.get(0)?;
            if events.as_ref().is_some_and(|events| !events.contains(event)) {
                return Ok(());
            }
            let doc: i64 = row.get(1)?;
            if docs.as_ref().is_some_and(|docs| !docs.contains(doc)) {
                return Ok(());
            }
            let class: usize = row.get(3)?;
            if !passing.get(class).copied().unwrap_or_default() {
                return Ok(());
            }
            let day = row.get_ref(4)?.as_str_or_null()?;
            if days {
                let last = row.get_ref(5)?.as_str_or_null()?.or(day).unwrap_or_default();
                let begins = |to: &str| day.is_some_and(|day| day <= to) && !last.is_empty();
                if from.as_deref().is_some_and(|from| last < from) || to.as_deref().is_some_and(|to| !begins(to)) {
                    return Ok(());
                }
            }
            each(&Brief {
                event,
                doc,
                leader: row.get(2)?,
                class,
                day,
                parties: row.get_ref(6)?.as_str_or_null()?,
            });
            Ok(())
        };
        let members = match (&events, &docs) {
            (Some(events), _) if events.len().saturating_mul(SPARSE) < all => {
                Some((events, "event_brief b WHERE b.event = ?"))
            }
            (_, Some(docs)) if docs.len().saturating_mul(SPARSE) < self.number_of_reports()? => Some((
                docs,
                "event e CROSS JOIN event_brief b ON b.event = e.event WHERE e.doc = ? ORDER BY e.event",
            )),
            _ => None,
        };
        let Some((members, from)) = members else {
            self.rows(&format!("SELECT {columns} FROM event_brief b"), Vec::new(), look)?;
            return Ok(());
        };
        let mut look_up = || -> rusqlite::Result<()> {
            let mut statement = self
                .connection
                .prepare_cached(&format!("SELECT {columns} FROM {from}"))?;
            for member in members.iter() {
                let mut rows = statement.query([member])?;
                while let Some(row) = rows.next()? {
                    look(row)?;
                }
            }
            Ok(())
        };
        look_up().map_err(|e| self.error(e))
    }

    /// How many events there are under `filter`.
    pub(crate) fn surveyed_number(&self, filter: &Filter) -> Result<usize> {
        let mut number = 0;
        self.survey(filter, &self.classes()?, Wanted::default(), |_| number += 1)?;
        Ok(number)
    }

    /// How many reports there are.
    pub(crate) fn number_of_reports(&self) -> Result<usize> {
        let query = "SELECT coalesce(sum(reports), 0) FROM report_tally WHERE key = 'lang'";
        let found = self.rows(query, Vec::new(), |row| row.get(0))?;
        Ok(found.first().copied().unwrap_or_default())
    }

    /// A page of events under a filter of which no sums are kept.
    pub(crate) fn surveyed_events(&self, filter: &Filter) -> Result<Page<EventRow>> {
        self.surveyed(filter, |brief| Some(brief.event), Self::event_row)
    }

    /// A page of the acts of which an event passes a filter of which no sums are kept.
    pub(crate) fn surveyed_acts(
        &self,
        filter: &Filter,
        row: impl Fn(&Self, i64) -> rusqlite::Result<ClusterRow>,
    ) -> Result<Page<ClusterRow>> {
        self.surveyed(filter, |brief| brief.leader, row)
    }

    /// A page of those events that `found` gives for the events under `filter`.
    fn surveyed<T>(
        &self,
        filter: &Filter,
        found: impl Fn(&Brief<'_>) -> Option<i64>,
        row: impl Fn(&Self, i64) -> rusqlite::Result<T>,
    ) -> Result<Page<T>> {
        let classes = self.classes()?;
        let mut events = Numbers::default();
        self.survey(filter, &classes, Wanted::default(), |brief| {
            found(brief).into_iter().for_each(|event| events.insert(event));
        })?;
        let (total, all) = (events.len(), self.number_of_events()?);
        let shown: Vec<i64> = match soon_met(filter, total, all) {
            Some(end) => {
                let order = "SELECT e.event FROM event e ORDER BY e.day DESC, e.doc DESC, e.event";
                self.first_of(order, &events, filter.offset, end)?
            }
            None => {
                let placed = self.placed(&events, &classes).map_err(|e| self.error(e))?;
                let shown = page_of(placed, filter, |a, b| a.order(b, filter.sort));
                shown.into_iter().map(|placed| placed.event).collect()
            }
        };
        let rows = shown.into_iter().map(|event| row(self, event));
        let rows = rows.collect::<rusqlite::Result<_>>().map_err(|e| self.error(e))?;
        Ok(Page { rows, total })
    }

    /// Each of `events` with what it is ordered by.
    fn placed(&self, events: &Numbers, classes: &[Class]) -> rusqlite::Result<Vec<Placed>> {
        let kinds = kinds(classes);
        let mut statement =
            (self.connection).prepare_cached("SELECT doc, day, class FROM event_brief WHERE event = ?")?;
        let mut place = |event| {
            statement.query_row([event], |row| {
                Ok(Placed {
                    event,
                    doc: row.get(0)?,
                    day: row.get_ref(1)?.as_str_or_null()?.map(day),
                    kind: kinds[row.get::<_, usize>(2)?],
                })
            })
        };
        events.iter().map(&mut place).collect()
    }

    /// A page of claims under a filter of which no sums are kept, where so many pass that the first of them are soon met in the
    /// order of all.
    pub(crate) fn surveyed_claims(&self, filter: &Filter) -> Result<Option<Page<ClaimRow>>> {
        if !has_no_sums(List::Claims, filter) || filter.asks_only(&["actor"]) {
            return Ok(None);
        }
        let Some(claims) = self.claimed(filter)? else {
            return Ok(None);
        };
        let total = claims.len();
        let all = Counted::kept(List::Claims, &Filter::default());
        let all = all.map_or(Ok(total), |all| self.number(&all))?;
        let Some(end) = soon_met(filter, total, all) else {
            return Ok(None);
        };
        let order = "SELECT c.claim FROM document d CROSS JOIN claim c ON c.doc = d.doc
                      ORDER BY d.published DESC, d.doc DESC, c.claim";
        let shown = self.first_of(order, &claims, filter.offset, end)?;
        let rows = shown.into_iter().map(|claim| self.claim_row(claim));
        let rows = rows.collect::<rusqlite::Result<_>>().map_err(|e| self.error(e))?;
        Ok(Some(Page { rows, total }))
    }

    /// Of the numbers that `query` gives, those in `set`, from `offset` to `end`.
    pub(crate) fn first_of(&self, query: &str, set: &Numbers, offset: usize, end: usize) -> Result<Vec<i64>> {
        let walk = || -> rusqlite::Result<Vec<i64>> {
            let mut found = Vec::new();
            let mut statement = self.connection.prepare_cached(query)?;
            let mut rows = statement.query(params_from_iter::<[i64; 0]>([]))?;
            while found.len() < end
                && let Some(row) = rows.next()?
            {
                let n: i64 = row.get(0)?;
                if set.contains(n) {
                    found.push(n);
                }
            }
            Ok(found.split_off(offset.min(found.len())))
        };
        walk().map_err(|e| self.error(e))
    }

    /// Who takes part in the events under `filter`, with their numbers.
    pub(crate) fn surveyed_actors(&self, filter: &Filter) -> Result<Page<ActorRow>> {
        let mut parts: HashMap<i64, Part> = HashMap::new();
        let wanted = Wanted {
            day: true,
            parties: true,
        };
        self.survey(filter, &self.classes()?, wanted, |brief| {
            let day = brief.day.map(day);
            for party in brief.parties.unwrap_or_default().split(' ') {
                let Ok(party) = party.parse::<i64>() else { continue };
                let part = parts.entry(party.abs()).or_default();
                part.parts += 1;
                let (events, last) = match party > 0 {
                    true => (&mut part.acts, &mut part.acted),
                    false => (&mut part.receives, &mut part.received),
                };
                // Somebody may be on a side of an event more than once.
                *events += usize::from(std::mem::replace(last, brief.event) != brief.event);
                part.documents += usize::from(std::mem::replace(&mut part.doc, brief.doc) != brief.doc);
                part.first = part.first.into_iter().chain(day).min();
                part.last = part.last.max(day);
            }
        })?;
        let total = parts.len();
        let end = filter.limit.map_or(total, |limit| filter.offset.saturating_add(limit));
        // Names are looked up of those alone that may be on the page.
        let mut most: Vec<usize> = parts.values().map(|part| part.parts).collect();
        most.sort_unstable_by_key(|&parts| Reverse(parts));
        let least = match filter.sort {
            Sort::Default | Sort::Added => most.get(end.saturating_sub(1)).copied().unwrap_or_default(),
            Sort::Newest | Sort::Oldest | Sort::Name => 0,
        };
        parts.retain(|_, part| part.parts >= least);
        let text =
            |day: Option<[u8; 10]>| day.map(|day| String::from_utf8_lossy(&day).trim_end_matches('\0').to_owned());
        let name = || -> rusqlite::Result<Vec<(usize, ActorRow)>> {
            let mut statement =
                (self.connection).prepare_cached("SELECT id, name, kind, country, org FROM entity WHERE entity = ?")?;
            let row = |(entity, part): (i64, Part)| {
                statement.query_row([entity], |row| {
                    let actor = ActorRow {
                        id: row.get(0)?,
                        name: row.get(1)?,
                        kind: row.get(2)?,
                        country: row.get(3)?,
                        org: row.get(4)?,
                        acts: part.acts,
                        receives: part.receives,
                        documents: part.documents,
                        first: text(part.first),
                        last: text(part.last),
                    };
                    Ok((part.parts, actor))
                })
            };
            parts.into_iter().map(row).collect()
        };
        let found = name().map_err(|e| self.error(e))?;
        let shown = page_of(found, filter, |(n, a), (m, b)| {
            let by = match filter.sort {
                Sort::Default | Sort::Added => m.cmp(n),
                Sort::Newest => b.last.cmp(&a.last),
                Sort::Oldest => (a.first.is_none(), &a.first).cmp(&(b.first.is_none(), &b.first)),
                Sort::Name => a.name.cmp(&b.name),
            };
            by.then_with(|| a.id.cmp(&b.id))
        });
        let rows: Vec<ActorRow> = shown.into_iter().map(|(_, row)| row).collect();
        let total = if rows.is_empty() { 0 } else { total };
        Ok(Page { rows, total })
    }

    /// The reports under `filter`; nothing when all are.
    pub(crate) fn reports(&self, filter: &Filter) -> Result<Option<Numbers>> {
        let mut sets = sql::report_sets(filter)?;
        sets.extend(sql::published_set(filter));
        sets.extend(sql::claim_and_agreement_sets(filter));
        let mut found = self.common(sets)?;
        let of_events = Filter {
            from: None,
            to: None,
            sources: Vec::new(),
            langs: Vec::new(),
            added: None,
            documents: Vec::new(),
            q: None,
            stances: Vec::new(),
            kinds: Vec::new(),
            steps: Vec::new(),
            ..filter.clone()
        };
        if !of_events.asks_only(&[]) {
            let mut telling = Numbers::default();
            self.survey(&of_events, &self.classes()?, Wanted::default(), |brief| {
                telling.insert(brief.doc)
            })?;
            match &mut found {
                Some(found) => found.keep(&telling),
                None => found = Some(telling),
            }
        }
        Ok(found)
    }

    /// The claims under `filter`; nothing when all are.
    fn claimed(&self, filter: &Filter) -> Result<Option<Numbers>> {
        let mut sets = sql::claim_sets(filter);
        sets.extend(sql::stance_set(filter));
        let claims = self.common(sets)?;
        let mut of_reports = sql::report_sets(filter)?;
        of_reports.extend(sql::published_set(filter));
        let Some(docs) = self.common(of_reports)? else {
            return Ok(claims);
        };
        let mut found = Numbers::default();
        self.rows("SELECT c.doc, c.claim FROM claim c ORDER BY c.doc", Vec::new(), |row| {
            let claim: i64 = row.get(1)?;
            if docs.contains(row.get(0)?) && claims.as_ref().is_none_or(|claims| claims.contains(claim)) {
                found.insert(claim);
            }
            Ok(())
        })?;
        Ok(Some(found))
    }

    /// The claims under `filter` with the acts that they speak of, by the day and id of their report.
    pub(crate) fn said(&self, filter: &Filter) -> Result<Vec<Saying>> {
        let claims = self.claimed(filter)?;
        let classes = self.classes()?;
        // The indices of reports alone tell their order and days; the reports are wide.
        let mut order: Vec<(usize, Option<String>)> = Vec::new();
        let mut n = 0;
        self.rows("SELECT doc FROM document ORDER BY id", Vec::new(), |row| {
            let doc: usize = row.get(0)?;
            if doc >= order.len() {
                order.resize(doc + 1, (0, None));
            }
            n += 1;
            order[doc].0 = n;
            Ok(())
        })?;
        let days = "SELECT doc, published FROM document ORDER BY published DESC, doc DESC";
        self.rows(days, Vec::new(), |row| {
            if let Some(place) = order.get_mut(row.get::<_, usize>(0)?) {
                place.1 = row.get(1)?;
            }
            Ok(())
        })?;
        let mut found: Vec<(usize, Saying)> = Vec::new();
        let mut look_up = || -> rusqlite::Result<()> {
            let mut all = self.connection.prepare_cached("SELECT claim, doc, stance FROM claim")?;
            let mut holder = self.connection.prepare_cached(
                "SELECT coalesce(x.id, p.text), coalesce(p.name, p.text), coalesce(p.country, p.org)
                   FROM claim_party p LEFT JOIN entity x USING (entity) WHERE p.claim = ? AND p.side = 'holder'",
            )?;
            let mut told = self.connection.prepare_cached(
                "SELECT b.leader, b.class FROM claim_event x CROSS JOIN event_brief b ON b.event = x.event WHERE x.claim = ?",
            )?;
            let mut rows = all.query([])?;
            while let Some(row) = rows.next()? {
                let claim: i64 = row.get(0)?;
                if claims.as_ref().is_some_and(|claims| !claims.contains(claim)) {
                    continue;
                }
                let mut holders = holder.query([claim])?;
                let Some(holder) = holders.next()? else { continue };
                // A claim without a holder is nobody's record.
                if holder.get_ref(0)?.as_str()?.is_empty() {
                    continue;
                }
                let stance: String = row.get(2)?;
                let mut acts: Vec<Option<(i64, Position)>> = Vec::new();
                let mut events = told.query([claim])?;
                while let Some(event) = events.next()? {
                    let (leader, class): (Option<i64>, usize) = (event.get(0)?, event.get(1)?);
                    acts.push(leader.map(|leader| (leader, Position::of(&stance, classes[class].status()))));
                }
                if acts.is_empty() {
                    acts.push(None);
                }
                acts.sort_unstable();
                acts.dedup();
                let (n, day) = order.get(row.get::<_, usize>(1)?).cloned().unwrap_or_default();
                for act in acts {
                    let saying = Saying {
                        claim,
                        speaker: holder.get(0)?,
                        name: holder.get(1)?,
                        side: holder.get(2)?,
                        stance: stance.clone(),
                        day: day.clone(),
                        act,
                    };
                    found.push((n, saying));
                }
            }
            Ok(())
        };
        look_up().map_err(|e| self.error(e))?;
        found.sort_by(|(n, a), (m, b)| {
            let days = (a.day.is_none(), &a.day).cmp(&(b.day.is_none(), &b.day));
            days.then_with(|| (n, a.claim).cmp(&(m, b.claim)))
        });
        Ok(found.into_iter().map(|(_, saying)| saying).collect())
    }

    /// How many claims under `filter` there are of each stance.
    pub(crate) fn by_stance(&self, filter: &Filter) -> Result<Vec<(String, usize)>> {
        let claims = self.claimed(filter)?;
        let mut counts: Vec<(String, usize)> = Vec::new();
        self.rows("SELECT claim, stance FROM claim", Vec::new(), |row| {
            let claim: i64 = row.get(0)?;
            if claims.as_ref().is_none_or(|claims| claims.contains(claim)) {
                let stance = row.get_ref(1)?.as_str()?;
                match counts.iter_mut().find(|(of, _)| of == stance) {
                    Some((_, n)) => *n += 1,
                    None => counts.push((stance.to_owned(), 1)),
                }
            }
            Ok(())
        })?;
        Ok(most_frequent(counts.iter().map(|(stance, n)| (stance.as_str(), *n))))
    }

    /// How many claims under `filter` there are of each state.
    pub(crate) fn claims_by_state(&self, filter: &Filter) -> Result<Vec<(String, usize)>> {
        let claims = self.claimed(filter)?;
        // In the order of the index, where a state comes all at once; a claim may be said and heard in one.
        let mut counts: Vec<(String, Numbers)> = Vec::new();
        let query = "SELECT claim, country FROM claim_party WHERE country > '' ORDER BY country, side";
        self.rows(query, Vec::new(), |row| {
            let claim: i64 = row.get(0)?;
            if claims.as_ref().is_none_or(|claims| claims.contains(claim)) {
                let state = row.get_ref(1)?.as_str()?;
                match counts.last_mut() {
                    Some((of, claims)) if of == state => claims.insert(claim),
                    _ => {
                        counts.push((state.to_owned(), Numbers::default()));
                        counts
                            .last_mut()
                            .into_iter()
                            .for_each(|(_, claims)| claims.insert(claim));
                    }
                }
            }
            Ok(())
        })?;
        Ok(most_frequent(
            counts.iter().map(|(state, claims)| (state.as_str(), claims.len())),
        ))
    }

    /// The acts of which claims under `filter` speak, by the events that lead them; nothing when all claims do.
    pub(crate) fn spoken_of(&self, filter: &Filter) -> Result<Option<Numbers>> {
        let Some(claims) = self.claimed(filter)? else {
            return Ok(None);
        };
        let mut leaders = Numbers::default();
        let mut look_up = || -> rusqlite::Result<()> {
            let mut leader = self.connection.prepare_cached(
                "SELECT b.leader FROM claim_event x CROSS JOIN event_brief b ON b.event = x.event WHERE x.claim = ?",
            )?;
            for claim in claims.iter() {
                let mut rows = leader.query([claim])?;
                while let Some(row) = rows.next()? {
                    row.get::<_, Option<i64>>(0)?
                        .into_iter()
                        .for_each(|leader| leaders.insert(leader));
                }
            }
            Ok(())
        };
        look_up().map_err(|e| self.error(e))?;
        Ok(Some(leaders))
    }

    /// A page of reports under `filter`, in the order of days or of their coming; nothing in other orders, and where an index
    /// finds them sooner.
    pub(crate) fn surveyed_documents(&self, filter: &Filter) -> Result<Option<Page<DocumentRow>>> {
        if filter.asks_only(&["doc"]) || matches!(filter.sort, Sort::Oldest | Sort::Name) {
            return Ok(None);
        }
        let Some(found) = self.reports(filter)? else {
            return Ok(None);
        };
        let total = found.len();
        let end = filter
            .limit
            .map_or(total, |limit| filter.offset.saturating_add(limit))
            .min(total);
        let shown = if filter.sort == Sort::Added {
            let last = found.iter().rev().skip(filter.offset);
            last.take(end.saturating_sub(filter.offset)).collect()
        } else {
            let order = "SELECT d.doc FROM document d ORDER BY d.published DESC, d.doc DESC";
            self.first_of(order, &found, filter.offset, end)?
        };
        let rows = shown.into_iter().map(|doc| self.document_row(doc));
        let rows = rows.collect::<rusqlite::Result<_>>().map_err(|e| self.error(e))?;
        Ok(Some(Page { rows, total }))
    }
}

/// The place of the type of each class among all types, by name.
fn kinds(classes: &[Class]) -> Vec<usize> {
    let mut names: Vec<&str> = classes.iter().map(Class::kind).collect();
    names.sort_unstable();
    names.dedup();
    let place = |class: &Class| names.binary_search(&class.kind()).unwrap_or_default();
    classes.iter().map(place).collect()
}

/// Counts of `values`, the most frequent first.
pub(crate) fn most_frequent<'a>(values: impl Iterator<Item = (&'a str, usize)>) -> Vec<(String, usize)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (value, n) in values {
        match counts.entry(value) {
            Entry::Occupied(mut count) => *count.get_mut() += n,
            Entry::Vacant(place) => drop(place.insert(n)),
        }
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().map(|(value, n)| (value.to_owned(), n)).collect();
    counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    counts
}

/// Whether no sums tell how many rows of `list` are under `filter`.
pub(crate) fn has_no_sums(list: List, filter: &Filter) -> bool {
    Counted::kept(list, filter).is_none()
}
