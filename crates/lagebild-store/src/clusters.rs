//! Reading the picture: copies, clusters, the acts between pairs, claims on an act.

use crate::error::Result;
use crate::facets::{Counted, Number};
use crate::filter::{Filter, List, Sort};
use crate::read::{Count, Found, Plan, Reader};
use crate::rows::{
    ClusterRow, CopyRow, DocumentBrief, EventRow, FamilyRow, Joined, OpinionRow, Page, StoryReport, StoryRow,
    TellingRow, TopicRow,
};
use crate::sql::{self, Where};
use jiff::civil::Date;
use lagebild_picture::accord::{Telling, accord};
use lagebild_picture::claims::{Position, Saying};
use lagebild_picture::cluster::{Amount, day_number, days};
use lagebild_picture::near::independent;
use lagebild_picture::story::{Profile, central};
use lagebild_picture::tension::{Acted, Deed};
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use std::ops::ControlFlow;

/// Gives one name to things that are the same, such as *Soldaten* and *soldiers*; the store knows no words.
pub type Things<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Which of the acts that the filter finds are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Told by so many reports at least.
    pub least: usize,
    /// Every telling passes the filter, not just one: what is *only* alleged.
    pub only: bool,
}

impl Default for Choice {
    fn default() -> Self {
        Self { least: 1, only: false }
    }
}

impl Reader {
    /// Acts, each with all reports that tell it. An act is listed when one of its tellings passes the filter, and then with
    /// all of them.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn clusters(&self, filter: &Filter, choice: Choice, things: Things<'_>) -> Result<Page<ClusterRow>> {
        filter.check(List::Events)?;
        if choice == Choice::default() && Counted::kept_acts(filter).is_none() {
            return self.surveyed_acts(filter, |r, k| r.cluster_row(k, things));
        }
        self.page(&self.plan_clusters(filter, choice)?, filter, |r, k| {
            r.cluster_row(k, things)
        })
    }

    /// The acts of a page of [`Self::clusters`], without counting the others.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn first_clusters(&self, filter: &Filter, choice: Choice, things: Things<'_>) -> Result<Vec<ClusterRow>> {
        self.first(&self.plan_clusters(filter, choice)?, filter, |r, k| {
            r.cluster_row(k, things)
        })
    }

    /// Calls `each` with every act, without holding them all.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn each_cluster(
        &self,
        filter: &Filter,
        choice: Choice,
        things: Things<'_>,
        each: impl FnMut(ClusterRow) -> ControlFlow<()>,
    ) -> Result<()> {
        let plan = self.plan_clusters(filter, choice)?;
        self.each(&plan, filter, |r, k| r.cluster_row(k, things), each)
    }

    /// The act that event `event` of report `document` tells, with all reports that tell it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn cluster(&self, document: &str, event: &str, things: Things<'_>) -> Result<Option<ClusterRow>> {
        let leader: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT a.leader FROM document d JOIN event e ON e.doc = d.doc JOIN act a USING (event)
                  WHERE d.id = ?1 AND e.id = ?2 AND a.leader IS NOT NULL",
            )
            .and_then(|mut s| s.query_row([document, event], |row| row.get(0)).optional())
            .map_err(|e| self.error(e))?;
        let row = leader.map(|leader| self.cluster_row(leader, things)).transpose();
        row.map_err(|e| self.error(e))
    }

    fn plan_clusters(&self, filter: &Filter, choice: Choice) -> Result<Plan> {
        filter.check(List::Events)?;
        let mut w = Where::default();
        let telling = sql::events(filter)?;
        if self.told_soon(filter)? {
            let mut one = Where::default();
            one.add("x.leader = t.leader", []);
            one.and(sql::events_tried(filter)?);
            let condition = format!(
                "EXISTS (SELECT 1 FROM act x CROSS JOIN event e ON e.event = x.event {})",
                one.clause()
            );
            w.add(condition, one.values);
        } else {
            w.within(
                "e.event",
                "x.leader FROM act x JOIN event e USING (event)",
                telling.clone(),
            );
        }
        if choice.only {
            let asked = sql::events(filter)?;
            w.add(
                format!(
                    "e.event NOT IN (SELECT x.leader FROM act x WHERE x.event NOT IN (SELECT e.event FROM event e {}))",
                    asked.clause()
                ),
                asked.values,
            );
        }
        let mut told = Where::default();
        let mut from = "event e CROSS JOIN act_tally t ON t.leader = e.event";
        if choice.least > 1 {
            let least = i64::try_from(choice.least).unwrap_or(i64::MAX);
            // The first says nothing new: it is that of the index.
            told.add("t.reports > 1 AND t.reports >= ?", [least.into()]);
        }
        w.and(told.clone());
        let acts = Counted {
            from: "act_tally t",
            filter: told,
            number: Number::Rows,
        };
        if choice.least > 1 && !self.often_told_soon(filter, &acts)? {
            // Few acts are told by many reports: they are gathered and put in order.
            from = "act_tally t CROSS JOIN event e ON e.event = t.leader";
        }
        let count = match (telling.is_empty(), choice) {
            (true, _) => Count::Of(acts),
            (
                false,
                Choice {
                    least: ..=1,
                    only: false,
                },
            ) => Count::Of(Counted::kept_acts(filter).unwrap_or(Counted {
                from: "event e JOIN act x USING (event)",
                filter: telling,
                number: Number::Distinct("x.leader"),
            })),
            _ => Count::Listed,
        };
        Ok(Plan {
            from,
            key: "e.event",
            filter: w,
            order: crate::read::event_order(filter.sort),
            count,
        })
    }

    /// Whether trying all acts in their order fills the page sooner than gathering and sorting `acts`, those often told.
    fn often_told_soon(&self, filter: &Filter, acts: &Counted) -> Result<bool> {
        let (Some(wanted), Sort::Default | Sort::Newest) = (filter.limit, filter.sort) else {
            return Ok(false);
        };
        if !filter.asks_only(&[]) {
            return Ok(false);
        }
        let (all, often) = (self.number_of_events()?, self.number(acts)?);
        Ok(all.saturating_mul(wanted.saturating_add(filter.offset)) < often.saturating_mul(often))
    }

    /// Whether trying acts in their order fills the page sooner than gathering all that the filter finds: when it finds many.
    fn told_soon(&self, filter: &Filter) -> Result<bool> {
        let Some(wanted) = filter.limit.filter(|_| !filter.asks_only(&[])) else {
            return Ok(false);
        };
        let Some(Found { found, .. }) = self.events_found(filter)? else {
            return Ok(false);
        };
        let all = self.number_of_events()?;
        let until = Filter {
            to: filter.to,
            ..Filter::default()
        };
        // Those after the last day asked for are tried first.
        let until = Counted::kept(List::Events, &until).map_or(Ok(all), |until| self.number(&until))?;
        let behind = all.saturating_sub(until).saturating_mul(found);
        let tried = all.saturating_mul(wanted.saturating_add(filter.offset));
        Ok(behind.saturating_add(tried) < found.saturating_mul(found))
    }

    fn cluster_row(&self, leader: i64, things: Things<'_>) -> rusqlite::Result<ClusterRow> {
        /// Event, score and terms of its joining, family of its report, id of that family's first report.
        type Member = (i64, Option<f64>, Option<String>, i64, String);
        let members: Vec<Member> = self
            .connection
            .prepare_cached(
                "SELECT a.event, a.score, a.terms, f.family, n.id
                   FROM act a JOIN event e USING (event) JOIN document d USING (doc) JOIN family f USING (doc)
                   JOIN document n ON n.doc = f.family
                  WHERE a.leader = ?1 ORDER BY a.event <> a.leader, d.published IS NULL, d.published, d.id, e.event",
            )?
            .query_map([leader], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let (mut tellings, mut rows) = (Vec::new(), Vec::new());
        let mut first: Option<EventRow> = None;
        for (event, score, terms, family, family_id) in members {
            let row = self.event_row(event)?;
            tellings.push(telling(&row, family));
            rows.push(TellingRow {
                key: row.key.clone(),
                document: row.document.clone(),
                family: family_id,
                status: row.event.status.clone(),
                certainty: row.event.certainty.clone(),
                said_by: row.said_by.clone(),
                quantities: row.event.quantities.clone(),
                sentence: row.sentence.clone(),
                joined: score.zip(terms).map(|(score, terms)| Joined { score, terms }),
            });
            first.get_or_insert(row);
        }
        let first = first.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let last = rows.iter().filter_map(|r| r.document.published.clone()).max();
        Ok(ClusterRow {
            key: first.key,
            kind: first.event.kind,
            mode: first.event.mode,
            content: first.event.content,
            actors: first.event.actors,
            recipients: first.event.recipients,
            date: first.event.date,
            place: first.event.place,
            quad: first.event.quad,
            cameo: first.event.cameo,
            earliest: first.document,
            last,
            accord: accord(&tellings, things),
            tellings: rows,
        })
    }

    /// Families of reports that copy one another, largest first, of those in which a report passes the filter.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn families(&self, filter: &Filter) -> Result<Page<FamilyRow>> {
        filter.check(List::Documents)?;
        let mut w = Where::default();
        w.within(
            "f.family",
            "x.family FROM family x JOIN document d USING (doc)",
            sql::documents(filter)?,
        );
        let query = format!(
            "SELECT f.family, count(*) OVER () FROM family f {} GROUP BY f.family HAVING count(*) > 1
              ORDER BY count(*) DESC, f.family LIMIT ? OFFSET ?",
            w.clause()
        );
        let mut total = 0;
        let families: Vec<i64> = self.rows(&query, crate::read::values(&w, filter), |row| {
            total = row.get(1)?;
            row.get(0)
        })?;
        let rows = families.into_iter().map(|family| self.family_row(family));
        Ok(Page {
            rows: rows.collect::<rusqlite::Result<_>>().map_err(|e| self.error(e))?,
            total,
        })
    }

    fn family_row(&self, family: i64) -> rusqlite::Result<FamilyRow> {
        let members: Vec<i64> = self
            .connection
            .prepare_cached(
                "SELECT f.doc FROM family f JOIN document d USING (doc) WHERE f.family = ?1
                  ORDER BY d.published IS NULL, d.published, d.id",
            )?
            .query_map([family], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut copies = Vec::new();
        for &doc in &members {
            let alike: Option<(f64, f64)> = self
                .connection
                .prepare_cached(
                    "SELECT max(resemblance), max(containment) FROM copy WHERE doc = ?1 OR other = ?1
                     HAVING count(*) > 0",
                )?
                .query_row([doc], |row| Ok((row.get(0)?, row.get(1)?)))
                .ok();
            let document = self.brief(doc)?;
            copies.push(CopyRow {
                document,
                resemblance: alike.map_or(0.0, |a| a.0),
                containment: alike.map_or(0.0, |a| a.1),
            });
        }
        let first = copies.first().ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        Ok(FamilyRow {
            earliest: first.document.clone(),
            copies,
        })
    }

    /// Stories of more than one report, the latest first, of those in which a report passes the filter.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn stories(&self, filter: &Filter) -> Result<Page<StoryRow>> {
        filter.check(List::Documents)?;
        let mut w = Where::default();
        w.add("s.reports > 1", []);
        match filter.from.filter(|_| filter.asks_only(&["from"])) {
            // A story has a report of that day or later when its last one is.
            Some(from) => w.add("s.last >= ?", [from.to_string().into()]),
            None => w.within(
                "s.story",
                "x.story FROM story x JOIN document d USING (doc)",
                sql::documents(filter)?,
            ),
        }
        let total = self.number(&Counted {
            from: "story_tally s",
            filter: w.clone(),
            number: Number::Rows,
        })?;
        let query = format!(
            "SELECT s.story FROM story_tally s {} ORDER BY s.last DESC, s.story LIMIT ? OFFSET ?",
            w.clause()
        );
        let stories: Vec<i64> = self.rows(&query, crate::read::values(&w, filter), |row| row.get(0))?;
        let rows = stories.into_iter().map(|story| self.story_row(story));
        Ok(Page {
            rows: rows.collect::<rusqlite::Result<_>>().map_err(|e| self.error(e))?,
            total,
        })
    }

    fn story_row(&self, story: i64) -> rusqlite::Result<StoryRow> {
        /// Document, its parent and likeness, profile, family.
        type Member = (i64, Option<i64>, Option<f64>, Profile, i64);
        let members: Vec<Member> = self
            .connection
            .prepare_cached(
                "SELECT s.doc, s.parent, s.alike, s.profile, f.family
                   FROM story s JOIN document d USING (doc) JOIN family f USING (doc)
                  WHERE s.story = ?1 ORDER BY d.published IS NULL, d.published, d.id",
            )?
            .query_map([story], |row| {
                let profile = Profile::from_bytes(row.get_ref(3)?.as_blob()?);
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, profile, row.get(4)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let (mut reports, mut origins, mut profiles) = (Vec::new(), Vec::new(), Vec::new());
        for (doc, parent, alike, profile, family) in members {
            let document = self.brief(doc)?;
            origins.push((family, document.source.clone()));
            profiles.push(profile);
            reports.push(StoryReport {
                document,
                continues: parent.map(|p| self.brief(p)).transpose()?.map(|d| d.id),
                alike,
            });
        }
        // Hundreds of reports name a story no better than the first of them.
        profiles.truncate(300);
        let title = central(&profiles).and_then(|n| reports[n].document.title.clone());
        let actors = self
            .connection
            .prepare_cached(
                "SELECT x.name FROM story s JOIN event e USING (doc) JOIN event_party p USING (event) JOIN entity x USING (entity)
                  WHERE s.story = ?1 GROUP BY x.entity ORDER BY count(DISTINCT s.doc) DESC, count(*) DESC, x.id LIMIT 4",
            )?
            .query_map([story], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let days = || reports.iter().filter_map(|r| r.document.published.clone());
        Ok(StoryRow {
            key: self.brief(story)?.id,
            title,
            actors,
            first: days().min(),
            last: days().max(),
            sources: independent(&origins).len(),
            reports,
        })
    }

    /// The acts that the filter lets through and that are told as real.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn acts(&self, filter: &Filter) -> Result<Vec<Acted>> {
        filter.check(List::Events)?;
        let mut acts = Vec::new();
        each_act(&self.connection, sql::events(filter)?, |act| acts.push(act)).map_err(|e| self.error(e))?;
        Ok(acts)
    }

    /// Who said what about the acts of which an event passes the filter, earliest first; of which the event with id
    /// `event` of its report does, when one is given.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn opinions(&self, filter: &Filter, event: Option<&str>) -> Result<Vec<OpinionRow>> {
        filter.check(List::Events)?;
        let mut events = sql::events(filter)?;
        if let Some(id) = event {
            events.add("e.id = ?", [id.to_owned().into()]);
        }
        let mut w = Where::default();
        w.within("a.leader", "x.leader FROM act x JOIN event e USING (event)", events);
        self.opinions_on(w)
    }

    /// What is said about the acts whose `act a` passes `w`.
    fn opinions_on(&self, w: Where) -> Result<Vec<OpinionRow>> {
        let query = format!(
            "SELECT x.claim, e.status, ld.id || '#' || l.id, a.leader
               FROM act a JOIN event e USING (event) JOIN claim_event x USING (event) JOIN document d USING (doc)
               JOIN event l ON l.event = a.leader JOIN document ld ON ld.doc = l.doc {}
              GROUP BY x.claim, a.leader
              ORDER BY d.published IS NULL, d.published, d.id, x.claim",
            w.clause()
        );
        let found: Vec<(i64, String, String)> =
            self.rows(&query, w.values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let rows = found.into_iter().map(|(claim, status, act)| {
            let row = self.claim_row(claim)?;
            Ok(OpinionRow {
                position: Position::of(&row.claim.stance, &status),
                act,
                claim: row,
            })
        });
        rows.collect::<rusqlite::Result<_>>().map_err(|e| self.error(e))
    }

    /// The acts on which claims that the filter lets through speak, each with all that is said about it: the contested
    /// ones first, then those with most speakers. Acts of which one claim alone speaks are left out.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn topics(&self, filter: &Filter, things: Things<'_>) -> Result<Page<TopicRow>> {
        filter.check(List::Claims)?;
        let mut w = Where::default();
        w.add("t.claims > 1", []);
        let order = match filter.sort {
            Sort::Default | Sort::Name => "t.contested DESC, t.speakers DESC, t.said DESC, t.leader",
            Sort::Newest | Sort::Added => "t.said DESC, t.leader",
            Sort::Oldest => "t.said IS NULL, t.said, t.leader",
        };
        let spoken_of = match filter.from.filter(|_| filter.asks_only(&["from"])) {
            // One of the claims is of that day or later when the last one is.
            Some(from) => {
                w.add("t.said >= ?", [from.to_string().into()]);
                None
            }
            None => self.spoken_of(filter)?,
        };
        let query = format!("SELECT t.leader FROM act_tally t {} ORDER BY {order}", w.clause());
        let (leaders, total) = match spoken_of {
            Some(acts) => {
                let all = self.first_of(&query, &acts, 0, acts.len())?;
                let leaders = all.iter().copied().skip(filter.offset);
                let leaders: Vec<i64> = leaders.take(filter.limit.unwrap_or(all.len())).collect();
                (leaders, all.len())
            }
            None => {
                let leaders = self.rows(
                    &format!("{query} LIMIT ? OFFSET ?"),
                    crate::read::values(&w, filter),
                    |row| row.get(0),
                )?;
                let total = self.number(&Counted {
                    from: "act_tally t",
                    filter: w,
                    number: Number::Rows,
                })?;
                (leaders, total)
            }
        };
        let topic = |leader: i64| {
            let mut on = Where::default();
            on.add("a.leader = ?", [leader.into()]);
            Ok(TopicRow {
                act: self.cluster_row(leader, things).map_err(|e| self.error(e))?,
                opinions: self.opinions_on(on)?,
            })
        };
        Ok(Page {
            rows: leaders.into_iter().map(topic).collect::<Result<_>>()?,
            total,
        })
    }

    /// The claims that the filter lets through with the acts that they speak of.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn sayings(&self, filter: &Filter) -> Result<Vec<Saying>> {
        filter.check(List::Claims)?;
        self.said(filter)
    }
}

/// Calls `each` with every act that is told as real by an event that passes `of` (conditions on `event e`, `act a`).
pub(crate) fn each_act(connection: &Connection, mut of: Where, mut each: impl FnMut(Acted)) -> rusqlite::Result<()> {
    of.add("e.status = 'actual'", []);
    // The tellings of an act come together, those that tell the day first.
    let query = format!(
        "SELECT a.leader, e.event, e.doc, d.published, e.date_from, e.date_to, e.date_implicit, e.type, e.quad,
                e.goldstein, e.plover_score, e.context
           FROM event e JOIN act a USING (event) JOIN document d USING (doc) {}
          ORDER BY a.leader, e.date_from IS NULL, e.date_implicit, e.event <> a.leader, e.event",
        of.clause()
    );
    let mut statement = connection.prepare_cached(&query)?;
    let mut rows = statement.query(params_from_iter(of.values))?;
    // An act whose first telling names no day it can be counted on is left out with all its tellings.
    let mut open: Option<(i64, Option<Acted>)> = None;
    while let Some(row) = rows.next()? {
        let (leader, event, doc): (Option<i64>, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Some(leader) = leader else { continue };
        let published = date(row.get(3)?);
        let told_on = published.map(|day| (day_number(day), doc));
        if let Some((_, act)) = open.as_mut().filter(|(of, _)| *of == leader) {
            if let Some(act) = act {
                act.told.extend(told_on);
            }
            continue;
        }
        let (kind, context): (String, String) = (row.get(7)?, row.get(11)?);
        let act = match days(date(row.get(4)?), date(row.get(5)?), row.get(6)?, published) {
            Some(days) => {
                let [actors, recipients] = sides(connection, event)?;
                Some(Acted {
                    actors,
                    recipients,
                    deed: Deed {
                        from: days.from,
                        to: days.to,
                        quad: row.get(8)?,
                        goldstein: row.get(9)?,
                        score: row.get(10)?,
                        arms: kind == "AID" && context.split(' ').any(|c| c == "military"),
                    },
                    kind,
                    told: told_on.into_iter().collect(),
                })
            }
            None => None,
        };
        if let Some((_, Some(done))) = open.replace((leader, act)) {
            each(done);
        }
    }
    if let Some((_, Some(done))) = open {
        each(done);
    }
    Ok(())
}

/// States and organisations that act in an event, and that are acted upon.
fn sides(connection: &Connection, event: i64) -> rusqlite::Result<[Vec<String>; 2]> {
    let mut sides = [Vec::new(), Vec::new()];
    let mut select = connection.prepare_cached(
        "SELECT p.side = 'recipient', coalesce(p.country, p.org) FROM event_party p
          WHERE p.event = ?1 AND coalesce(p.country, p.org) IS NOT NULL ORDER BY p.side, p.n",
    )?;
    let mut rows = select.query([event])?;
    while let Some(row) = rows.next()? {
        let (side, key): (bool, String) = (row.get(0)?, row.get(1)?);
        let side: &mut Vec<String> = &mut sides[usize::from(side)];
        if !side.contains(&key) {
            side.push(key);
        }
    }
    Ok(sides)
}

fn date(text: Option<String>) -> Option<Date> {
    text.and_then(|t| t.parse().ok())
}

fn telling(row: &EventRow, family: i64) -> Telling {
    let DocumentBrief { id, source, .. } = row.document.clone();
    let holder = row.said_by.as_ref().map(|s| &s.holder);
    Telling {
        key: row.key.clone(),
        report: id,
        family,
        source,
        holder: holder
            .map(|h| h.name.clone().unwrap_or_else(|| h.text.clone()))
            .filter(|name| !name.is_empty()),
        status: row.event.status.clone(),
        certainty: row.event.certainty.clone(),
        amounts: row
            .event
            .quantities
            .iter()
            .map(|q| Amount {
                value: q.value,
                thing: q.thing.clone(),
                kind: q.kind.clone(),
                modifier: q.modifier.clone(),
            })
            .collect(),
    }
}
