//! What reports teach of persons whom no table knows: their introductions, and what follows from these.
//!
//! Introductions are rows of their report, written and removed with it. What follows from them ([`lagebild_picture::learnt`])
//! changes at one moment only, [`Store::learn`]: a run reads all its reports with what was known when it began, however often
//! it is stopped and taken up, and with however many threads.

use crate::Error;
use crate::error::Result;
use crate::read::Reader;
use crate::rows::{Introduced, LearntRow};
use crate::write::Store;
use lagebild_core::codebook::Sector;
use lagebild_core::learnt::{Learnt, Taught};
use lagebild_core::wire::{IntroductionRecord, Range, Words};
use lagebild_picture::learnt::{self, Standing, Tie};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, Transaction, params};
use std::collections::BTreeMap;

impl Store {
    /// Takes over what reports have taught since the last time, and says of how many persons something else is known now.
    ///
    /// To be called when a run is complete. While reports wait to be read, because a run was interrupted, nothing is taken over.
    ///
    /// # Errors
    /// When the file cannot be read or written; then the former knowledge stays.
    pub fn learn(&mut self) -> Result<usize> {
        let path = self.reader().path.clone();
        if persons(&self.reader().connection, "SELECT person FROM learnt_stale LIMIT 1")
            .map_err(|e| Error::sql(&path, e))?
            .is_empty()
        {
            return Ok(0);
        }
        self.write(|tx| {
            let waiting = "SELECT EXISTS (SELECT 1 FROM raw r WHERE r.state <> 'read' AND r.state = 'pending')";
            if tx.query_row(waiting, [], |row| row.get(0))? {
                return Ok(0);
            }
            let stale = persons(tx, "SELECT person FROM learnt_stale ORDER BY person")?;
            let mut changed = 0;
            for person in &stale {
                let now = follows(tx, person)?;
                if now != kept(tx, person)? {
                    changed += 1;
                    renew(tx, person, &now)?;
                }
            }
            tx.execute("DELETE FROM learnt_stale", [])?;
            Ok(changed)
        })
        .map_err(|e| Error::sql(&path, e))
    }
}

impl Reader {
    /// What is known of persons from reports, as of the last [`Store::learn`]: what the next run reads with.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn learnt(&self) -> Result<Learnt> {
        let query =
            format!("SELECT {COLUMNS} FROM learnt WHERE state <> 'open' AND state = 'known' ORDER BY person, n");
        let rows = self.rows(&query, Vec::new(), learnt_row)?;
        let mut learnt = Learnt::default();
        for row in rows {
            if let Some(taught) = taught(&row) {
                learnt.add(&row.person, taught);
            }
        }
        Ok(learnt)
    }

    /// What follows from reports on a person, known or not; with none given, on all of whom enough reports say something, those
    /// with most reports first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn learnt_rows(&self, person: Option<&str>) -> Result<Vec<LearntRow>> {
        let (condition, values) = match person {
            Some(person) => ("person = ? ORDER BY n", vec![Value::Text(person.to_owned())]),
            None => ("state <> 'open' ORDER BY families DESC, person, n", Vec::new()),
        };
        self.rows(
            &format!("SELECT {COLUMNS} FROM learnt WHERE {condition}"),
            values,
            learnt_row,
        )
    }

    /// How reports introduce a person, the latest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn introductions(&self, person: &str) -> Result<Vec<Introduced>> {
        let found = self.rows(
            "SELECT i.doc, i.country, i.org, i.roles, i.start, i.\"end\", substr(d.text, i.start + 1, i.\"end\" - i.start)
               FROM introduction i JOIN document d USING (doc) WHERE i.person = ?
              ORDER BY d.published DESC, d.id, i.n",
            vec![person.to_owned().into()],
            |row| {
                let sentence = Words {
                    start: row.get(4)?,
                    end: row.get(5)?,
                    text: row.get(6)?,
                };
                Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, list(row, 3)?, sentence))
            },
        )?;
        let with_report = |(doc, country, org, roles, sentence)| {
            Ok(Introduced {
                document: self.brief(doc)?,
                country,
                org,
                roles,
                sentence,
            })
        };
        let rows: rusqlite::Result<_> = found.into_iter().map(with_report).collect();
        rows.map_err(|e| self.error(e))
    }
}

const COLUMNS: &str =
    "person, name, country, org, roles, office, state, tables, since, until, first, last, reports, families";

fn list(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    let text = row.get_ref(column)?.as_str()?;
    Ok(text.split_whitespace().map(str::to_owned).collect())
}

fn learnt_row(row: &Row<'_>) -> rusqlite::Result<LearntRow> {
    Ok(LearntRow {
        person: row.get(0)?,
        name: row.get(1)?,
        country: row.get(2)?,
        org: row.get(3)?,
        roles: list(row, 4)?,
        office: row.get(5)?,
        state: row.get(6)?,
        tables: row.get(7)?,
        since: row.get(8)?,
        until: row.get(9)?,
        first: row.get(10)?,
        last: row.get(11)?,
        reports: row.get(12)?,
        families: row.get(13)?,
    })
}

/// As the engine takes it. Rows are written by ourselves; one that does not hold days teaches nothing.
fn taught(row: &LearntRow) -> Option<Taught> {
    let day = |text: &str| text.parse().ok();
    Some(Taught {
        since: day(&row.since)?,
        until: match &row.until {
            Some(until) => Some(day(until)?),
            None => None,
        },
        country: row.country.as_deref().map(Into::into),
        org: row.org.as_deref().map(Into::into),
        roles: row.roles.iter().filter_map(|role| Sector::parse(role)).collect(),
        reports: u32::try_from(row.families).unwrap_or(u32::MAX),
        first: day(&row.first)?,
        last: day(&row.last)?,
    })
}

fn persons(connection: &Connection, query: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached(query)?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// What is kept of a person.
fn kept(connection: &Connection, person: &str) -> rusqlite::Result<Vec<LearntRow>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM learnt WHERE person = ?1 ORDER BY n"))?
        .query_map([person], learnt_row)?
        .collect()
}

/// What follows from the introductions of a person.
fn follows(connection: &Connection, person: &str) -> rusqlite::Result<Vec<LearntRow>> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    // By what the tables had for the person: nothing, when they did not know him.
    let mut told: BTreeMap<Option<String>, Vec<learnt::Introduced>> = BTreeMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT i.name, i.tables, d.published, f.family, i.doc, i.country, i.org, i.roles, i.office
           FROM introduction i JOIN document d USING (doc) JOIN family f USING (doc) WHERE i.person = ?1",
    )?;
    let mut rows = statement.query([person])?;
    while let Some(row) = rows.next()? {
        *names.entry(row.get(0)?).or_default() += 1;
        let day = row.get_ref(2)?.as_str_or_null()?.and_then(|day| day.parse().ok());
        let Some(day) = day else { continue };
        told.entry(row.get(1)?).or_default().push(learnt::Introduced {
            day,
            family: row.get(3)?,
            report: row.get(4)?,
            country: row.get(5)?,
            org: row.get(6)?,
            roles: row.get(7)?,
            office: row.get(8)?,
        });
    }
    let name = names.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
    let name = name.map(|(name, _)| name).unwrap_or_default();
    let mut follows = Vec::new();
    for (tables, introduced) in told {
        for tie in learnt::ties(&introduced) {
            let Tie {
                country,
                org,
                roles,
                office,
                standing,
                reports,
                families,
                first,
                last,
                since,
                until,
            } = tie;
            let state = match (standing, &tables) {
                (Standing::Known, Some(_)) => "conflict",
                (standing, _) => standing.as_str(),
            };
            follows.push(LearntRow {
                person: person.to_owned(),
                name: name.clone(),
                country,
                org,
                roles: roles.split_whitespace().map(str::to_owned).collect(),
                office,
                state: state.to_owned(),
                tables: tables.clone(),
                since: since.to_string(),
                until: until.map(|day| day.to_string()),
                first: first.to_string(),
                last: last.to_string(),
                reports,
                families,
            });
        }
    }
    Ok(follows)
}

fn renew(tx: &Transaction<'_>, person: &str, rows: &[LearntRow]) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM learnt WHERE person = ?1")?
        .execute([person])?;
    let mut insert = tx.prepare_cached(&format!(
        "INSERT INTO learnt(n, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    ))?;
    for (n, row) in rows.iter().enumerate() {
        insert.execute(params![
            n,
            row.person,
            row.name,
            row.country,
            row.org,
            row.roles.join(" "),
            row.office,
            row.state,
            row.tables,
            row.since,
            row.until,
            row.first,
            row.last,
            row.reports,
            row.families
        ])?;
    }
    Ok(())
}

/// Writes the introductions of a report.
pub(crate) fn put(tx: &Transaction<'_>, doc: i64, introductions: &[IntroductionRecord]) -> rusqlite::Result<()> {
    for (n, i) in introductions.iter().enumerate() {
        tx.prepare_cached("INSERT INTO introduction VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")?
            .execute(params![
                doc,
                n,
                i.id,
                i.name,
                i.country,
                i.org,
                i.roles.join(" "),
                i.office,
                i.tables,
                i.words.start,
                i.words.end,
                i.mention.start,
                i.mention.end
            ])?;
    }
    Ok(())
}

/// The introductions of a report; `words` gives the words of a stretch of it.
pub(crate) fn of_report(
    connection: &Connection,
    doc: i64,
    words: impl Fn(Range) -> Words,
) -> rusqlite::Result<Vec<IntroductionRecord>> {
    connection
        .prepare_cached(
            "SELECT person, name, country, org, roles, office, tables, words_start, words_end, start, \"end\"
               FROM introduction WHERE doc = ?1 ORDER BY n",
        )?
        .query_map([doc], |row| {
            Ok(IntroductionRecord {
                id: row.get(0)?,
                name: row.get(1)?,
                country: row.get(2)?,
                org: row.get(3)?,
                roles: list(row, 4)?,
                office: row.get(5)?,
                tables: row.get(6)?,
                words: words(Range {
                    start: row.get(7)?,
                    end: row.get(8)?,
                }),
                mention: Range {
                    start: row.get(9)?,
                    end: row.get(10)?,
                },
            })
        })?
        .collect()
}

/// Whether what is kept is what follows from the introductions, but for those that changed since the last run.
pub(crate) fn check(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let settled = "SELECT person FROM (SELECT person FROM introduction UNION SELECT person FROM learnt)
                    WHERE person NOT IN (SELECT person FROM learnt_stale) ORDER BY person";
    let mut wrong = 0;
    for person in persons(connection, settled)? {
        wrong += usize::from(follows(connection, &person)? != kept(connection, &person)?);
    }
    Ok(match wrong {
        0 => Vec::new(),
        n => vec![format!("what is kept of {n} persons is not what their reports say")],
    })
}
