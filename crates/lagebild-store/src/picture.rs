//! Keeps the picture over many reports in step with them: which reports copy one another, which events are one act.
//!
//! The methods are those of `lagebild-picture`; this module looks up candidates and writes results, within the transaction
//! that writes the reports. Look-ups are bounded: at most [`CANDIDATES`] texts are compared with a new one, those that share
//! most keys, and at most [`LEADERS`] acts with an event, those nearest in time.

use crate::records::CodePoints;
use crate::tallies::Changes;
use jiff::civil::Date;
use lagebild_core::wire::{PartyRecord, Range, Record};
use lagebild_picture::cluster::{self, Act, Amount, Board, Order, Party, REACH, Terms, Words};
use lagebild_picture::near::{self, Shingles, Signature};
use lagebild_picture::story::{self, Desk, Place, Profile, Report, WINDOW};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::HashMap;
use std::rc::Rc;

/// Version of the methods and of what is stored of them; a store with another one has to be gone over anew.
pub(crate) const VERSION: u32 = 2;

/// Texts that a new one is compared with.
const CANDIDATES: usize = 32;
/// Texts looked at for one key: more under one key are copies of one another anyhow.
const UNDER_KEY: usize = 64;
/// Leaders that an event is compared with.
const LEADERS: usize = 32;
/// Acts that are looked at again when a new leader comes before them.
const NEIGHBOURS: usize = 256;
/// Reports that a report is compared with, those that share most keys.
const RELATED: usize = 48;
/// Reports looked at for one key, nearest in time first.
const NEAREST: usize = 128;
/// Acts kept in memory between look-ups.
const REMEMBERED: usize = 20_000;

/// What the picture needs of a report, computed before it is written.
#[derive(Clone, Debug)]
pub(crate) struct Traits {
    shingles: Shingles,
    signature: Signature,
    /// One for each event.
    words: Vec<Words>,
    profile: Profile,
}

impl Traits {
    pub(crate) fn of(record: &Record) -> Self {
        let shingles = Shingles::new(&record.text);
        let points = CodePoints::new(&record.text);
        let words = record
            .events
            .iter()
            .map(|e| {
                let first = e.mentions.first();
                first.map_or("", |m| {
                    points.slice(Range {
                        start: m.start,
                        end: m.end,
                    })
                })
            })
            .map(Words::new)
            .collect();
        let entities = record
            .entities
            .iter()
            .map(|e| (e.id.as_str(), e.kind.as_str(), e.mentions.len()));
        let acts = record.events.iter().map(|e| {
            let actors: Vec<&str> = e.actors.iter().filter_map(key).collect();
            (e.kind.as_str(), actors, e.recipients.iter().filter_map(key).collect())
        });
        Self {
            profile: Profile::new(entities, acts),
            signature: shingles.signature(),
            shingles,
            words,
        }
    }
}

/// State or organisation acted for, else the entity itself; nothing for a party that is nobody known.
fn key(party: &PartyRecord) -> Option<&str> {
    let key = party.country.as_ref().or(party.org.as_ref()).or(party.id.as_ref());
    key.map(String::as_str)
}

/// The half of a hash that is kept: what shares a key by chance is told apart when it is compared, and of the keys of 100,000
/// reports hardly any does.
fn integer(key: u64) -> i64 {
    i64::from(key as u32 as i32)
}

/// The picture while reports are written.
pub(crate) struct Picture<'a> {
    tx: &'a Transaction<'a>,
    acts: HashMap<i64, Rc<Act>>,
    reports: HashMap<i64, Rc<Report>>,
    /// Events whose leader is to be found.
    open: Vec<i64>,
    /// Reports whose place in a story is to be found.
    unplaced: Vec<i64>,
    /// Whether the tallies follow; nothing when they are counted anew afterwards.
    changes: Option<Changes>,
}

impl<'a> Picture<'a> {
    pub(crate) fn new(tx: &'a Transaction<'a>) -> Self {
        Self {
            tx,
            acts: HashMap::new(),
            reports: HashMap::new(),
            open: Vec::new(),
            unplaced: Vec::new(),
            changes: Some(Changes::default()),
        }
    }

    /// Forgets everything; the tallies have to be counted anew when all is found again.
    pub(crate) fn clear(&mut self) -> rusqlite::Result<()> {
        self.acts.clear();
        self.reports.clear();
        self.open.clear();
        self.unplaced.clear();
        self.changes = None;
        for table in ["text_key", "copy", "family", "act_key", "act", "story_key", "story"] {
            self.tx.execute(&format!("DELETE FROM {table}"), [])?;
        }
        self.tx.execute(
            "INSERT OR REPLACE INTO meta VALUES ('picture', ?1)",
            [VERSION.to_string()],
        )?;
        Ok(())
    }

    /// Adds a report whose rows are written.
    pub(crate) fn add(&mut self, doc: i64, traits: &Traits) -> rusqlite::Result<()> {
        self.add_text(doc, traits)?;
        self.add_story(doc, &traits.profile)?;
        let events = self.events(doc)?;
        for (event, words) in events.iter().zip(&traits.words) {
            self.tx
                .prepare_cached("INSERT INTO act(event, words) VALUES (?1, ?2)")?
                .execute(params![event, words.to_bytes()])?;
        }
        for event in events {
            self.open.push(event);
            let act = self.act(event)?;
            let Some(days) = act.days else { continue };
            let mut insert = self.tx.prepare_cached("INSERT INTO act_key VALUES (?1, ?2, ?3, ?4)")?;
            for key in act.keys().stored {
                insert.execute(params![integer(key), days.coarse(), days.from, event])?;
            }
        }
        Ok(())
    }

    /// Takes a report out, before its rows go.
    pub(crate) fn remove(&mut self, doc: i64) -> rusqlite::Result<()> {
        let events = self.events(doc)?;
        for &event in &events {
            if let Some(leader) = self.leader(event)? {
                self.act_changes(leader)?;
            }
        }
        self.remove_text(doc)?;
        self.remove_story(doc)?;
        for event in events {
            let act = self.act(event)?;
            if let Some(days) = act.days {
                let mut delete = self
                    .tx
                    .prepare_cached("DELETE FROM act_key WHERE key = ?1 AND coarse = ?2 AND day = ?3 AND event = ?4")?;
                for key in act.keys().stored {
                    delete.execute(params![integer(key), days.coarse(), days.from, event])?;
                }
            }
            let followers = self.followers(event)?;
            self.open.extend(followers);
            // Not only that: the number of the event may be given to another one.
            self.tx
                .prepare_cached("UPDATE act SET leader = NULL, score = NULL, terms = NULL WHERE leader = ?1")?
                .execute([event])?;
            self.tx
                .prepare_cached("DELETE FROM act WHERE event = ?1")?
                .execute([event])?;
            self.acts.remove(&event);
        }
        Ok(())
    }

    /// Finds the leaders of all events, and the places of all reports, that were added or lost theirs.
    pub(crate) fn settle(&mut self) -> rusqlite::Result<()> {
        // What lost its leader may be gone itself by now.
        let (open, unplaced) = (std::mem::take(&mut self.open), std::mem::take(&mut self.unplaced));
        let open = self.here("SELECT 1 FROM act WHERE event = ?1", open)?;
        cluster::settle(self, open)?;
        let unplaced = self.here("SELECT 1 FROM story WHERE doc = ?1", unplaced)?;
        story::settle(self, unplaced)?;
        if let Some(changes) = &mut self.changes {
            changes.settle(self.tx)?;
        }
        if self.acts.len() > REMEMBERED {
            self.acts.clear();
            self.reports.clear();
        }
        Ok(())
    }

    /// Counts a report in when its rows and those of the others are written.
    pub(crate) fn report_came(&mut self, doc: i64) {
        if let Some(changes) = &mut self.changes {
            changes.report_came(doc);
        }
    }

    /// Takes a report off what is counted before its rows go.
    pub(crate) fn report_goes(&mut self, doc: i64) -> rusqlite::Result<()> {
        self.changes
            .as_mut()
            .map_or(Ok(()), |changes| changes.report_goes(self.tx, doc))
    }

    fn act_changes(&mut self, leader: i64) -> rusqlite::Result<()> {
        self.changes
            .as_mut()
            .map_or(Ok(()), |changes| changes.act_changes(self.tx, leader))
    }

    /// Whatever story `doc` is in changes.
    fn story_changes(&mut self, doc: i64) -> rusqlite::Result<()> {
        let story = Desk::place(self, doc)?.map(|place| place.story);
        story
            .zip(self.changes.as_mut())
            .map_or(Ok(()), |(story, changes)| changes.story_changes(self.tx, story))
    }

    /// Those for which the query finds a row.
    fn here(&self, query: &str, all: Vec<i64>) -> rusqlite::Result<Vec<i64>> {
        let mut here = Vec::with_capacity(all.len());
        for one in all {
            if self.tx.prepare_cached(query)?.exists([one])? {
                here.push(one);
            }
        }
        Ok(here)
    }

    fn add_story(&mut self, doc: i64, profile: &Profile) -> rusqlite::Result<()> {
        self.tx
            .prepare_cached("INSERT INTO story(doc, profile) VALUES (?1, ?2)")?
            .execute(params![doc, profile.to_bytes()])?;
        self.unplaced.push(doc);
        let day = self.report(doc)?.order.day;
        if day != i32::MAX {
            let mut insert = self
                .tx
                .prepare_cached("INSERT OR IGNORE INTO story_key VALUES (?1, ?2, ?3)")?;
            for key in profile.keys() {
                insert.execute(params![integer(key), day, doc])?;
            }
        }
        Ok(())
    }

    fn remove_story(&mut self, doc: i64) -> rusqlite::Result<()> {
        let report = self.report(doc)?;
        for key in report.profile.keys() {
            self.tx
                .prepare_cached("DELETE FROM story_key WHERE key = ?1 AND day = ?2 AND doc = ?3")?
                .execute(params![integer(key), report.order.day, doc])?;
        }
        let children = self.children(doc)?;
        self.story_changes(doc)?;
        for child in &children {
            self.story_changes(*child)?;
            self.tx
                .prepare_cached("UPDATE story SET parent = NULL, alike = NULL, story = NULL WHERE doc = ?1")?
                .execute([child])?;
        }
        self.unplaced.extend(children);
        self.tx
            .prepare_cached("DELETE FROM story WHERE doc = ?1")?
            .execute([doc])?;
        self.reports.remove(&doc);
        Ok(())
    }

    fn events(&self, doc: i64) -> rusqlite::Result<Vec<i64>> {
        numbers(self.tx, "SELECT event FROM event WHERE doc = ?1 ORDER BY event", doc)
    }

    fn add_text(&mut self, doc: i64, traits: &Traits) -> rusqlite::Result<()> {
        let tx = self.tx;
        tx.prepare_cached("INSERT INTO family VALUES (?1, ?1)")?
            .execute([doc])?;
        if traits.shingles.is_empty() {
            return Ok(());
        }
        let mut shared: HashMap<i64, usize> = HashMap::new();
        {
            let mut look = tx.prepare_cached("SELECT doc FROM text_key WHERE key = ?1 LIMIT ?2")?;
            let mut insert = tx.prepare_cached("INSERT INTO text_key VALUES (?1, ?2)")?;
            for key in traits.signature.bands.map(integer) {
                let found = look.query_map(params![key, UNDER_KEY], |row| row.get::<_, i64>(0))?;
                for other in found {
                    *shared.entry(other?).or_default() += 1;
                }
                insert.execute([key, doc])?;
            }
        }
        let mut candidates: Vec<(usize, i64)> = shared.into_iter().map(|(doc, n)| (n, doc)).collect();
        candidates.sort_unstable_by_key(|&(n, doc)| (std::cmp::Reverse(n), doc));
        for (_, other) in candidates.into_iter().take(CANDIDATES) {
            let text: String = tx
                .prepare_cached("SELECT text FROM document WHERE doc = ?1")?
                .query_row([other], |row| row.get(0))?;
            let likeness = traits.shingles.compare(&Shingles::new(&text));
            if likeness.is_copy() {
                tx.prepare_cached("INSERT INTO copy VALUES (?1, ?2, ?3, ?4)")?
                    .execute(params![doc, other, likeness.resemblance, likeness.containment])?;
                self.join(doc, other)?;
            }
        }
        Ok(())
    }

    /// Makes the families of two reports one.
    fn join(&self, doc: i64, other: i64) -> rusqlite::Result<()> {
        let family = |doc: i64| {
            self.tx
                .prepare_cached("SELECT family FROM family WHERE doc = ?1")?
                .query_row([doc], |row| row.get::<_, i64>(0))
        };
        let (a, b) = (family(doc)?, family(other)?);
        self.tx
            .prepare_cached("UPDATE family SET family = ?1 WHERE family = ?2")?
            .execute([a.min(b), a.max(b)])?;
        Ok(())
    }

    /// Takes a text out; what hung together by it falls apart.
    fn remove_text(&mut self, doc: i64) -> rusqlite::Result<()> {
        let tx = self.tx;
        let text: String = tx
            .prepare_cached("SELECT text FROM document WHERE doc = ?1")?
            .query_row([doc], |row| row.get(0))?;
        for key in Shingles::new(&text).signature().bands.map(integer) {
            tx.prepare_cached("DELETE FROM text_key WHERE key = ?1 AND doc = ?2")?
                .execute([key, doc])?;
        }
        let family: Option<i64> = tx
            .prepare_cached("SELECT family FROM family WHERE doc = ?1")?
            .query_row([doc], |row| row.get(0))
            .optional()?;
        let members = match family {
            Some(family) => numbers(tx, "SELECT doc FROM family WHERE family = ?1 ORDER BY doc", family)?,
            None => Vec::new(),
        };
        for delete in [
            "DELETE FROM copy WHERE doc = ?1 OR other = ?1",
            "DELETE FROM family WHERE doc = ?1",
        ] {
            tx.prepare_cached(delete)?.execute([doc])?;
        }
        let rest: Vec<i64> = members.into_iter().filter(|&member| member != doc).collect();
        let place: HashMap<i64, usize> = rest.iter().enumerate().map(|(i, &member)| (member, i)).collect();
        let mut links = Vec::new();
        for (i, &member) in rest.iter().enumerate() {
            let others = numbers(tx, "SELECT other FROM copy WHERE doc = ?1", member)?;
            links.extend(others.iter().filter_map(|o| place.get(o)).map(|&j| (i, j)));
        }
        for group in near::components(rest.len(), links) {
            let name = rest[group[0]];
            for i in group {
                tx.prepare_cached("UPDATE family SET family = ?1 WHERE doc = ?2")?
                    .execute([name, rest[i]])?;
            }
        }
        Ok(())
    }

    /// Acts stored under the keys that `act` seeks, nearest in time first.
    fn found(&self, act: &Act, condition: &str, most: usize) -> rusqlite::Result<Vec<i64>> {
        let Some(days) = act.days else { return Ok(Vec::new()) };
        let query = format!(
            "SELECT k.event, k.day FROM act_key k JOIN act a USING (event)
              WHERE k.key = ?1 AND k.coarse = ?2 AND k.day BETWEEN ?3 AND ?4 {condition}"
        );
        let mut select = self.tx.prepare_cached(&query)?;
        let mut all: Vec<(i32, i64)> = Vec::new();
        for key in act.keys().sought {
            for coarse in [false, true] {
                let reach = REACH[usize::from(coarse || days.coarse())];
                let range = params![integer(key), coarse, days.from - reach, days.from + reach];
                let rows = select.query_map(range, |row| Ok((row.get::<_, i32>(1)?, row.get(0)?)))?;
                for row in rows {
                    let (day, event) = row?;
                    all.push(((day - days.from).abs(), event));
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        Ok(all.into_iter().map(|(_, event)| event).take(most).collect())
    }
}

impl Board for Picture<'_> {
    type Key = i64;
    type Error = rusqlite::Error;

    fn act(&mut self, event: i64) -> rusqlite::Result<Rc<Act>> {
        if let Some(act) = self.acts.get(&event) {
            return Ok(Rc::clone(act));
        }
        let act = Rc::new(load(self.tx, event)?);
        self.acts.insert(event, Rc::clone(&act));
        Ok(act)
    }

    fn leaders(&mut self, act: &Act) -> rusqlite::Result<Vec<i64>> {
        self.found(act, "AND a.leader = a.event", LEADERS)
    }

    fn neighbours(&mut self, act: &Act) -> rusqlite::Result<Vec<i64>> {
        self.found(act, "", NEIGHBOURS)
    }

    fn followers(&mut self, event: i64) -> rusqlite::Result<Vec<i64>> {
        numbers(
            self.tx,
            "SELECT event FROM act WHERE leader = ?1 AND event <> leader ORDER BY event",
            event,
        )
    }

    fn leader(&mut self, event: i64) -> rusqlite::Result<Option<i64>> {
        self.tx
            .prepare_cached("SELECT leader FROM act WHERE event = ?1")?
            .query_row([event], |row| row.get(0))
    }

    fn assign(&mut self, event: i64, leader: i64, why: Option<&Terms>) -> rusqlite::Result<()> {
        if let Some(former) = self.leader(event)? {
            self.act_changes(former)?;
        }
        self.act_changes(leader)?;
        self.tx
            .prepare_cached("UPDATE act SET leader = ?2, score = ?3, terms = ?4 WHERE event = ?1")?
            .execute(params![
                event,
                leader,
                why.map(|terms| f64::from((terms.score() * 100.0).round()) / 100.0),
                why.map(ToString::to_string)
            ])?;
        Ok(())
    }
}

impl Desk for Picture<'_> {
    type Key = i64;
    type Error = rusqlite::Error;

    fn report(&mut self, doc: i64) -> rusqlite::Result<Rc<Report>> {
        if let Some(report) = self.reports.get(&doc) {
            return Ok(Rc::clone(report));
        }
        let report = self
            .tx
            .prepare_cached(
                "SELECT d.id, d.published, s.profile FROM story s JOIN document d USING (doc) WHERE s.doc = ?1",
            )?
            .query_row([doc], |row| {
                let order = Order {
                    day: date(row.get(1)?).map_or(i32::MAX, cluster::day_number),
                    report: row.get(0)?,
                    event: 0,
                };
                let profile = Profile::from_bytes(row.get_ref(2)?.as_blob()?);
                Ok(Rc::new(Report { order, profile }))
            })?;
        self.reports.insert(doc, Rc::clone(&report));
        Ok(report)
    }

    fn neighbours(&mut self, report: &Report) -> rusqlite::Result<Vec<i64>> {
        let day = report.order.day;
        let mut shared: HashMap<i64, (usize, i32)> = HashMap::new();
        let mut select = self.tx.prepare_cached(
            "SELECT doc, day FROM story_key WHERE key = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day DESC LIMIT ?4",
        )?;
        for key in report.profile.keys() {
            // Before and after apart, so that a flood on one side leaves room for the other.
            for (from, to) in [
                (day.saturating_sub(WINDOW), day),
                (day.saturating_add(1), day.saturating_add(WINDOW)),
            ] {
                let rows = select.query_map(params![integer(key), from, to, NEAREST], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, i32>(1)?))
                })?;
                for row in rows {
                    let (doc, other) = row?;
                    shared.entry(doc).or_insert((0, (other - day).abs())).0 += 1;
                }
            }
        }
        let mut found: Vec<(i64, (usize, i32))> = shared.into_iter().collect();
        found.sort_unstable_by_key(|&(doc, (keys, away))| (std::cmp::Reverse(keys), away, doc));
        Ok(found.into_iter().map(|(doc, _)| doc).take(RELATED).collect())
    }

    fn place(&mut self, doc: i64) -> rusqlite::Result<Option<Place<i64>>> {
        self.tx
            .prepare_cached("SELECT parent, alike, story FROM story WHERE doc = ?1")?
            .query_row([doc], |row| {
                let (parent, alike): (Option<i64>, Option<f32>) = (row.get(0)?, row.get(1)?);
                let story: Option<i64> = row.get(2)?;
                Ok(story.map(|story| Place {
                    parent: parent.zip(alike),
                    story,
                }))
            })
    }

    fn children(&mut self, doc: i64) -> rusqlite::Result<Vec<i64>> {
        numbers(self.tx, "SELECT doc FROM story WHERE parent = ?1 ORDER BY doc", doc)
    }

    fn put(&mut self, doc: i64, place: Place<i64>) -> rusqlite::Result<()> {
        self.story_changes(doc)?;
        if let Some(changes) = &mut self.changes {
            changes.story_changes(self.tx, place.story)?;
        }
        self.tx
            .prepare_cached("UPDATE story SET parent = ?2, alike = ?3, story = ?4 WHERE doc = ?1")?
            .execute(params![
                doc,
                place.parent.map(|p| p.0),
                place.parent.map(|p| f64::from(p.1)),
                place.story
            ])?;
        Ok(())
    }
}

fn date(text: Option<String>) -> Option<Date> {
    text.and_then(|t| t.parse().ok())
}

fn numbers(connection: &Connection, query: &str, of: i64) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare_cached(query)?
        .query_map([of], |row| row.get(0))?
        .collect()
}

/// An event as the picture compares it.
fn load(connection: &Connection, event: i64) -> rusqlite::Result<Act> {
    let mut act = connection
        .prepare_cached(
            "SELECT d.id, d.published, e.id, e.type, e.mode, e.content, e.cameo, e.date_from, e.date_to, e.date_implicit,
                    e.place_name, e.place_country, a.words
               FROM act a JOIN event e USING (event) JOIN document d USING (doc) WHERE a.event = ?1",
        )?
        .query_row([event], |row| {
            let published = date(row.get(1)?);
            let id: String = row.get(2)?;
            Ok(Act {
                order: Order {
                    day: published.map_or(i32::MAX, cluster::day_number),
                    report: row.get(0)?,
                    event: id.trim_start_matches('e').parse().unwrap_or(u32::MAX),
                },
                kind: row.get(3)?,
                mode: row.get(4)?,
                content: row.get(5)?,
                cameo: row.get(6)?,
                actors: Vec::new(),
                recipients: Vec::new(),
                days: cluster::days(date(row.get(7)?), date(row.get(8)?), row.get(9)?, published),
                place: match row.get(10)? {
                    Some(name) => Some((name, row.get(11)?)),
                    None => None,
                },
                amounts: Vec::new(),
                words: Words::from_bytes(row.get_ref(12)?.as_blob()?),
            })
        })?;
    let mut parties = connection.prepare_cached(
        "SELECT p.side = 'actor', p.country, p.org, x.id, p.roles
           FROM event_party p LEFT JOIN entity x USING (entity) WHERE event = ?1 ORDER BY side, n",
    )?;
    let rows = parties.query_map([event], |row| {
        let (country, org, id): (Option<String>, Option<String>, Option<String>) =
            (row.get(1)?, row.get(2)?, row.get(3)?);
        let roles = row
            .get_ref(4)?
            .as_str()?
            .split_ascii_whitespace()
            .map(str::to_owned)
            .collect();
        let person = id.clone().filter(|id| id.starts_with("person:"));
        let party = country.or(org).or(id).map(|key| Party { key, person, roles });
        Ok((row.get::<_, bool>(0)?, party))
    })?;
    for row in rows {
        let (acts, party) = row?;
        if let Some(party) = party {
            if acts { &mut act.actors } else { &mut act.recipients }.push(party);
        }
    }
    act.amounts = connection
        .prepare_cached("SELECT value, thing, kind, modifier FROM event_quantity WHERE event = ?1 ORDER BY n")?
        .query_map([event], |row| {
            Ok(Amount {
                value: row.get(0)?,
                thing: row.get(1)?,
                kind: row.get(2)?,
                modifier: row.get(3)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(act)
}

/// What is wrong with the tables of the picture, in words.
pub(crate) const CHECKS: &[(&str, &str)] = &[
    (
        "SELECT count(*) FROM document WHERE doc NOT IN (SELECT doc FROM family)",
        "reports are in no family",
    ),
    (
        "SELECT count(*) FROM event WHERE event NOT IN (SELECT event FROM act)",
        "events are in no cluster",
    ),
    (
        "SELECT count(*) FROM act a LEFT JOIN act l ON l.event = a.leader WHERE l.leader IS NULL OR l.leader <> l.event",
        "events follow one that does not lead",
    ),
    (
        "SELECT count(*) FROM document WHERE doc NOT IN (SELECT doc FROM story WHERE story IS NOT NULL)",
        "reports are in no story",
    ),
    (
        "SELECT count(*) FROM story s LEFT JOIN story r ON r.doc = s.story WHERE r.parent IS NOT NULL OR r.doc IS NULL",
        "reports are in a story that another report begins",
    ),
    (
        "SELECT count(*) FROM story_key WHERE doc NOT IN (SELECT doc FROM story)",
        "keys belong to stories that are gone",
    ),
    (
        "SELECT count(*) FROM act_key WHERE event NOT IN (SELECT event FROM act)",
        "keys belong to events that are gone",
    ),
    (
        "SELECT count(*) FROM text_key WHERE doc NOT IN (SELECT doc FROM document)",
        "keys belong to texts that are gone",
    ),
];
