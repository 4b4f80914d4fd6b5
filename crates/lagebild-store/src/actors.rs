//! Single actors and speakers, from the sums that are kept of them ([`crate::tallies`]).

use crate::analyse::fold;
use crate::error::Result;
use crate::filter::{Filter, List};
use crate::read::Reader;
use crate::rows::{ActorRow, EventRow, Page};
use crate::sql;
use lagebild_picture::claims::{Record, records};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

/// Somebody with whom an actor has to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Partner {
    /// Entity id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Events in which the actor acts on the partner.
    pub acts: usize,
    /// Events in which the partner acts on the actor.
    pub receives: usize,
}

/// How two take part in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ties {
    /// The first acts on the second.
    Upon,
    /// Both act.
    Mutual,
}

impl Reader {
    /// The actor with this id, when it takes part in an event.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn actor(&self, id: &str) -> Result<Option<ActorRow>> {
        let row = self
            .connection
            .prepare_cached(
                "SELECT x.id, x.name, x.kind, x.country, x.org, p.acts, p.receives, p.documents,
                        (SELECT min(day) FROM actor_day d WHERE d.entity = p.entity),
                        (SELECT max(day) FROM actor_day d WHERE d.entity = p.entity)
                   FROM entity x JOIN actor_tally p USING (entity) WHERE x.id = ?1",
            )
            .and_then(|mut s| s.query_row([id], actor_row).optional());
        row.map_err(|e| self.error(e))
    }

    /// With whom the actor `id` has most to do, at most so many.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn partners(&self, id: &str, most: usize) -> Result<Vec<Partner>> {
        let query = "WITH own AS (SELECT entity FROM entity WHERE id = ?)
             SELECT x.id, x.name, sum(acts), sum(receives)
               FROM (SELECT recipient AS entity, events AS acts, 0 AS receives FROM upon_tally JOIN own ON actor = own.entity
                      UNION ALL
                     SELECT actor, 0, events FROM upon_tally JOIN own ON recipient = own.entity)
               JOIN entity x USING (entity) WHERE entity NOT IN own
              GROUP BY entity ORDER BY sum(acts) + sum(receives) DESC, x.id LIMIT ?";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.rows(query, vec![id.to_owned().into(), most.into()], |row| {
            Ok(Partner {
                id: row.get(0)?,
                name: row.get(1)?,
                acts: row.get(2)?,
                receives: row.get(3)?,
            })
        })
    }

    /// The records of those whose claims the filter lets through, the most talkative first.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn speakers(&self, filter: &Filter) -> Result<Page<Record>> {
        filter.check(List::Claims)?;
        if filter.asks_only(&[]) {
            return self.kept_speakers(filter);
        }
        let all = records(&self.sayings(filter)?);
        let total = all.len();
        let rows = all.into_iter().skip(filter.offset);
        Ok(Page {
            rows: rows.take(filter.limit.unwrap_or(total)).collect(),
            total,
        })
    }

    fn kept_speakers(&self, filter: &Filter) -> Result<Page<Record>> {
        let total = self.rows(
            "SELECT count(*) FROM speaker_tally WHERE stance = '*'",
            Vec::new(),
            |row| row.get(0),
        )?;
        let most = self.rows(
            "SELECT speaker FROM speaker_tally WHERE stance = '*' ORDER BY claims DESC, speaker LIMIT ? OFFSET ?",
            crate::read::values(&sql::Where::default(), filter),
            |row| row.get::<_, String>(0),
        )?;
        let rows = most.into_iter().map(|speaker| self.speaker(speaker));
        Ok(Page {
            rows: rows.collect::<rusqlite::Result<_>>().map_err(|e| self.error(e))?,
            total: total.first().copied().unwrap_or_default(),
        })
    }

    /// The record of a speaker, as [`records`] gives it for all claims of the store.
    fn speaker(&self, speaker: String) -> rusqlite::Result<Record> {
        let mut record = Record::default();
        let mut stances = self
            .connection
            .prepare_cached("SELECT stance, claims FROM speaker_tally WHERE speaker = ?1")?;
        let mut rows = stances.query([&speaker])?;
        while let Some(row) = rows.next()? {
            match row.get_ref(0)?.as_str()? {
                "*" => record.claims = row.get(1)?,
                stance => drop(record.stances.insert(stance.to_owned(), row.get(1)?)),
            }
        }
        self.connection
            .prepare_cached(
                "SELECT told, shared, confirmed, denied, alone, denials, contradicted FROM speaker_act WHERE speaker = ?1",
            )?
            .query_row([&speaker], |row| {
                record.told = row.get(0)?;
                record.shared = row.get(1)?;
                record.confirmed = row.get(2)?;
                record.denied = row.get(3)?;
                record.alone = row.get(4)?;
                record.denials = row.get(5)?;
                record.contradicted = row.get(6)?;
                Ok(())
            })
            .optional()?;
        let mut days = self.connection.prepare_cached(
            "SELECT (SELECT min(day) FROM speaker_report WHERE speaker = ?1 AND day < '~'),
                    (SELECT max(day) FROM speaker_report WHERE speaker = ?1 AND day < '~'),
                    (SELECT max(day) FROM speaker_report WHERE speaker = ?1),
                    (SELECT day FROM speaker_report WHERE speaker = ?1 AND sided > 0 ORDER BY day LIMIT 1)",
        )?;
        let (last, sided): (Option<String>, Option<String>);
        (record.first, record.last, last, sided) = days.query_row([&speaker], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        // Claims of a day are in the order of sayings.
        let said = |value: &str, order: &str| {
            format!(
                "SELECT {value} FROM speaker_report r CROSS JOIN document d ON d.doc = r.doc
                  CROSS JOIN claim c ON c.doc = r.doc CROSS JOIN claim_party p ON p.claim = c.claim AND p.side = 'holder'
                   LEFT JOIN entity x USING (entity)
                  WHERE r.speaker = ?1 AND r.day = ?2 AND coalesce(x.id, p.text) = ?1 AND {value} IS NOT NULL
                  ORDER BY {order} LIMIT 1"
            )
        };
        record.name = self
            .connection
            .prepare_cached(&said("coalesce(p.name, p.text)", "d.id DESC, c.claim DESC"))?
            .query_row(params![speaker, last], |row| row.get(0))?;
        if let Some(day) = sided {
            record.side = self
                .connection
                .prepare_cached(&said("coalesce(p.country, p.org)", "d.id, c.claim"))?
                .query_row(params![speaker, day], |row| row.get(0))
                .optional()?;
        }
        record.speaker = speaker;
        Ok(record)
    }

    /// The latest events between two states or organisations under `filter`, at most as many as it asks for: what
    /// [`Self::events`] gives when the two are its actor and recipient, or both its actors, without counting the others.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn tied(&self, ties: Ties, (one, other): (&str, &str), filter: &Filter) -> Result<Vec<EventRow>> {
        filter.check(List::Events)?;
        if !(self.is_plain(one)? && self.is_plain(other)?) {
            let any = |key: &str| vec![key.to_owned()];
            let mut filter = filter.clone();
            filter.actors.push(any(one));
            match ties {
                Ties::Upon => filter.recipients.push(any(other)),
                Ties::Mutual => filter.actors.push(any(other)),
            }
            return Ok(self.events(&filter)?.rows);
        }
        let mut w = sql::events_tried(filter)?;
        w.add(
            "t.mutual = ? AND t.one = ? AND t.other = ?",
            [
                Value::Integer(i64::from(ties == Ties::Mutual)),
                one.to_owned().into(),
                other.to_owned().into(),
            ],
        );
        let query = format!(
            "SELECT t.event FROM pair_event t CROSS JOIN event e ON e.event = t.event {}
              ORDER BY t.day DESC, t.doc DESC, t.event LIMIT ? OFFSET ?",
            w.clause()
        );
        let events: Vec<i64> = self.rows(&query, crate::read::values(&w, filter), |row| row.get(0))?;
        let rows = events.into_iter().map(|event| self.event_row(event));
        rows.collect::<rusqlite::Result<_>>().map_err(|e| self.error(e))
    }

    /// Whether those whom a filter finds by `key` are those who have it as state or organisation: it is nobody else's name,
    /// and no code of a state with sectors.
    pub(crate) fn is_plain(&self, key: &str) -> Result<bool> {
        if !sql::is_code(key) || sql::sectors(key).is_some() {
            return Ok(false);
        }
        let others = self.rows(
            "SELECT 1 FROM entity_name n JOIN entity x USING (entity)
              WHERE n.folded = ? AND coalesce(x.country, '') <> ? AND coalesce(x.org, '') <> ? LIMIT 1",
            vec![fold(key).into(), key.to_owned().into(), key.to_owned().into()],
            |_| Ok(()),
        )?;
        Ok(others.is_empty())
    }
}

/// An actor with its numbers.
pub(crate) fn actor_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<ActorRow> {
    Ok(ActorRow {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: row.get(2)?,
        country: row.get(3)?,
        org: row.get(4)?,
        acts: row.get(5)?,
        receives: row.get(6)?,
        documents: row.get(7)?,
        first: row.get(8)?,
        last: row.get(9)?,
    })
}
