//! Sums over the whole store, kept in the transaction that writes a report, so that no page has to read everything.
//!
//! A [`Tally`] is what one query gives for the whole store. The same query for one report, act or story is what that one
//! counts for: it is taken off before the one changes and put on again afterwards, so that what is kept is always what the
//! query would give. [`check`] compares the two.
//!
//! What one did to another ([`Pairs`]) is no query: which telling speaks for an act and on which day it counts is a matter of
//! code ([`clusters::each_act`]). It is kept by the same rule.

use crate::clusters;
use crate::sql::Where;
use lagebild_picture::tension::{self, Acted, Passed};
use rusqlite::{Connection, Row, params};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Version of what is counted; a store with another one is counted anew.
pub(crate) const VERSION: u32 = 4;

/// What a tally is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    Reports,
    Acts,
    Stories,
}

/// A table of sums.
struct Tally {
    table: &'static str,
    over: Over,
    /// The columns that rows are told apart by.
    keys: &'static str,
    /// Those that add up; the first is never 0. None when a row belongs to one act, story or event and holds what is known of it.
    sums: &'static [&'static str],
    /// Writes what its rows refer to and is not there yet; `{one}` as in its query.
    before: Option<&'static str>,
    /// What it holds. `{one}` stands for the condition that picks a report, act or story.
    query: &'static str,
    /// The column of that condition.
    one: &'static str,
}

/// The states that take part in `event e`, in order.
macro_rules! event_states {
    () => {
        "(SELECT coalesce(group_concat(country, ' ' ORDER BY country), '')
            FROM (SELECT DISTINCT p.country FROM event_party p WHERE p.event = e.event AND p.country IS NOT NULL))"
    };
}

const TALLIES: &[Tally] = &[
    Tally {
        table: "event_tally",
        over: Over::Reports,
        keys: "one, other, type, quad, status, certainty",
        sums: &["events"],
        before: None,
        query: "SELECT '*' AS one, '*' AS other, e.type, e.quad, e.status, e.certainty, count(*) AS events
                  FROM event e WHERE {one} GROUP BY 3, 4, 5, 6
                 UNION ALL
                SELECT one, other, type, quad, status, certainty, count(*)
                  FROM (SELECT DISTINCT e.event, x.country AS one, y.country AS other, e.type, e.quad, e.status, e.certainty
                          FROM event e JOIN event_party x USING (event) JOIN event_party y USING (event)
                         WHERE {one} AND x.country IS NOT NULL AND y.country IS NOT NULL)
                 GROUP BY 1, 2, 3, 4, 5, 6",
        one: "e.doc",
    },
    Tally {
        table: "day_tally",
        over: Over::Reports,
        keys: "state, day, last, type, quad, status, certainty",
        sums: &["events"],
        before: None,
        query: "SELECT state, day, coalesce(date_to, CASE WHEN date_from IS NOT NULL THEN '9999' ELSE '' END) AS last, type, quad,
                       status, certainty, count(*) AS events
                  FROM (SELECT '*' AS state, event FROM event e WHERE {one}
                         UNION
                        SELECT p.country, event FROM event e JOIN event_party p USING (event)
                         WHERE {one} AND p.country IS NOT NULL)
                  JOIN event USING (event) WHERE day IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7",
        one: "e.doc",
    },
    Tally {
        table: "event_brief",
        over: Over::Reports,
        keys: "event",
        sums: &[],
        before: Some(concat!(
            "INSERT OR IGNORE INTO event_class(states, type, quad, status, certainty)
             SELECT DISTINCT ",
            event_states!(),
            ", e.type, e.quad, e.status, e.certainty FROM event e WHERE {one} ORDER BY 1, 2, 3, 4, 5"
        )),
        query: concat!(
            "SELECT e.event, e.doc, (SELECT a.leader FROM act a WHERE a.event = e.event) AS leader,
                    (SELECT c.class FROM event_class c
                      WHERE c.states = ",
            event_states!(),
            "   AND c.type = e.type AND c.quad = e.quad AND c.status = e.status AND c.certainty = e.certainty) AS class,
                    e.day,
                    nullif(coalesce(e.date_to, CASE WHEN e.date_from IS NOT NULL THEN '9999' ELSE '' END), e.day) AS last,
                    (SELECT group_concat(CASE p.side WHEN 'actor' THEN p.entity ELSE -p.entity END, ' ' ORDER BY p.side, p.n)
                       FROM event_party p WHERE p.event = e.event AND p.entity IS NOT NULL) AS parties
               FROM event e WHERE {one}"
        ),
        one: "e.doc",
    },
    Tally {
        table: "place_tally",
        over: Over::Reports,
        keys: "place, quad",
        sums: &["events"],
        before: None,
        query: "SELECT json_array(e.place_name, e.place_country, e.place_lat, e.place_lon) AS place, e.quad, count(*) AS events
                  FROM event e WHERE {one} AND e.place_name IS NOT NULL GROUP BY 1, 2",
        one: "e.doc",
    },
    Tally {
        table: "actor_tally",
        over: Over::Reports,
        keys: "entity",
        sums: &["parts", "acts", "receives", "documents"],
        before: None,
        query: "SELECT p.entity, count(*) AS parts, count(DISTINCT CASE p.side WHEN 'actor' THEN e.event END) AS acts,
                       count(DISTINCT CASE p.side WHEN 'recipient' THEN e.event END) AS receives,
                       count(DISTINCT e.doc) AS documents
                  FROM event e JOIN event_party p USING (event) WHERE {one} AND p.entity IS NOT NULL GROUP BY 1",
        one: "e.doc",
    },
    Tally {
        table: "actor_day",
        over: Over::Reports,
        keys: "entity, day",
        sums: &["parts"],
        before: None,
        query: "SELECT p.entity, e.day, count(*) AS parts FROM event e JOIN event_party p USING (event)
                 WHERE {one} AND p.entity IS NOT NULL AND e.day IS NOT NULL GROUP BY 1, 2",
        one: "e.doc",
    },
    Tally {
        table: "claim_tally",
        over: Over::Reports,
        keys: "one, other, stance",
        sums: &["claims"],
        before: None,
        query: "SELECT '*' AS one, '*' AS other, c.stance, count(*) AS claims FROM claim c WHERE {one} GROUP BY 3
                 UNION ALL
                SELECT one, other, stance, count(*)
                  FROM (SELECT DISTINCT c.claim, x.country AS one, y.country AS other, c.stance
                          FROM claim c JOIN claim_party x USING (claim) JOIN claim_party y USING (claim)
                         WHERE {one} AND x.country IS NOT NULL AND y.country IS NOT NULL)
                 GROUP BY 1, 2, 3",
        one: "c.doc",
    },
    Tally {
        table: "claim_day",
        over: Over::Reports,
        keys: "state, day, stance",
        sums: &["claims"],
        before: None,
        query: "SELECT state, coalesce(d.published, '') AS day, stance, count(*) AS claims
                  FROM (SELECT '*' AS state, claim FROM claim c WHERE {one}
                         UNION
                        SELECT p.country, claim FROM claim c JOIN claim_party p USING (claim)
                         WHERE {one} AND p.country IS NOT NULL)
                  JOIN claim USING (claim) JOIN document d USING (doc) GROUP BY 1, 2, 3",
        one: "c.doc",
    },
    Tally {
        table: "report_tally",
        over: Over::Reports,
        keys: "key, value",
        sums: &["reports"],
        before: None,
        query: "SELECT 'lang' AS key, d.lang AS value, count(*) AS reports FROM document d WHERE {one} GROUP BY 2
                 UNION ALL
                SELECT 'source', d.source, count(*) FROM document d WHERE {one} AND d.source IS NOT NULL GROUP BY 2
                 UNION ALL
                SELECT 'published', d.published, count(*) FROM document d WHERE {one} AND d.published IS NOT NULL GROUP BY 2",
        one: "d.doc",
    },
    Tally {
        table: "speaker_tally",
        over: Over::Reports,
        keys: "speaker, stance",
        sums: &["claims"],
        before: None,
        query: "SELECT coalesce(x.id, p.text) AS speaker, '*' AS stance, count(*) AS claims
                  FROM claim c JOIN claim_party p ON p.claim = c.claim AND p.side = 'holder' LEFT JOIN entity x USING (entity)
                 WHERE {one} AND coalesce(x.id, p.text) <> '' GROUP BY 1
                 UNION ALL
                SELECT coalesce(x.id, p.text), c.stance, count(*)
                  FROM claim c JOIN claim_party p ON p.claim = c.claim AND p.side = 'holder' LEFT JOIN entity x USING (entity)
                 WHERE {one} AND coalesce(x.id, p.text) <> '' GROUP BY 1, 2",
        one: "c.doc",
    },
    Tally {
        table: "speaker_report",
        over: Over::Reports,
        keys: "speaker, day, doc",
        sums: &["claims", "sided"],
        before: None,
        query: "SELECT coalesce(x.id, p.text) AS speaker, coalesce(d.published, '~') AS day, c.doc, count(*) AS claims,
                       count(coalesce(p.country, p.org)) AS sided
                  FROM claim c JOIN document d USING (doc)
                  JOIN claim_party p ON p.claim = c.claim AND p.side = 'holder' LEFT JOIN entity x USING (entity)
                 WHERE {one} AND coalesce(x.id, p.text) <> '' GROUP BY 1, 2, 3",
        one: "c.doc",
    },
    Tally {
        table: "upon_tally",
        over: Over::Reports,
        keys: "actor, recipient",
        sums: &["events"],
        before: None,
        query: "SELECT a.entity AS actor, r.entity AS recipient, count(DISTINCT e.event) AS events
                  FROM event e JOIN event_party a ON a.event = e.event AND a.side = 'actor'
                  JOIN event_party r ON r.event = e.event AND r.side = 'recipient'
                 WHERE {one} AND a.entity IS NOT NULL AND r.entity IS NOT NULL GROUP BY 1, 2",
        one: "e.doc",
    },
    Tally {
        table: "acting_day",
        over: Over::Reports,
        keys: "actor, day, quad",
        sums: &["events"],
        before: None,
        query: "SELECT actor, day, quad, count(*) AS events
                  FROM (SELECT e.event, p.country AS actor, e.day, e.quad
                          FROM event e JOIN event_party p ON p.event = e.event AND p.side = 'actor'
                         WHERE {one} AND e.day IS NOT NULL AND e.status <> 'negated' AND p.country IS NOT NULL
                         UNION
                        SELECT e.event, p.org, e.day, e.quad
                          FROM event e JOIN event_party p ON p.event = e.event AND p.side = 'actor'
                         WHERE {one} AND e.day IS NOT NULL AND e.status <> 'negated' AND p.org IS NOT NULL)
                 GROUP BY 1, 2, 3",
        one: "e.doc",
    },
    Tally {
        table: "pair_event",
        over: Over::Reports,
        keys: "mutual, one, other, day, doc, event",
        sums: &["parts"],
        before: None,
        query: "SELECT mutual, one, other, day, doc, event, count(*) AS parts
                  FROM (SELECT r.side = 'actor' AS mutual, k.value AS one, l.value AS other, coalesce(e.day, '') AS day, e.doc,
                               e.event
                          FROM event e JOIN event_party a ON a.event = e.event AND a.side = 'actor'
                          JOIN event_party r ON r.event = e.event
                          JOIN json_each(json_array(a.country, a.org)) k JOIN json_each(json_array(r.country, r.org)) l
                         WHERE {one} AND k.value <> l.value
                         UNION ALL
                        SELECT 2, a.country, r.country, coalesce(e.day, ''), e.doc, e.event
                          FROM event e JOIN event_party a USING (event) JOIN event_party r USING (event)
                         WHERE {one} AND a.country < r.country)
                 GROUP BY 1, 2, 3, 4, 5, 6",
        one: "e.doc",
    },
    Tally {
        table: "act_codes",
        over: Over::Acts,
        keys: "one, other, codes",
        sums: &["acts"],
        before: None,
        query: "SELECT one, other, codes, count(*) AS acts
                  FROM (SELECT one, other, json_group_array(json(code) ORDER BY code) AS codes
                          FROM (SELECT t.leader, '*' AS one, '*' AS other,
                                       json_array(e.type, e.quad, e.status, e.certainty) AS code
                                  FROM act t JOIN event e USING (event) WHERE {one}
                                 UNION
                                SELECT t.leader, x.country, y.country, json_array(e.type, e.quad, e.status, e.certainty)
                                  FROM act t JOIN event e USING (event)
                                  JOIN event_party x USING (event) JOIN event_party y USING (event)
                                 WHERE {one} AND x.country IS NOT NULL AND y.country IS NOT NULL)
                         GROUP BY leader, one, other)
                 GROUP BY 1, 2, 3",
        one: "t.leader",
    },
    Tally {
        table: "side_tie",
        over: Over::Acts,
        keys: "actor, recipient, quad",
        sums: &["acts"],
        before: None,
        query: "SELECT coalesce(a.country, a.org) AS actor, coalesce(r.country, r.org) AS recipient, e.quad,
                       count(DISTINCT t.leader) AS acts
                  FROM act t JOIN event e USING (event)
                  JOIN event_party a ON a.event = e.event AND a.side = 'actor'
                  JOIN event_party r ON r.event = e.event AND r.side = 'recipient'
                 WHERE {one} AND e.status = 'actual' AND coalesce(a.country, a.org) <> coalesce(r.country, r.org)
                 GROUP BY 1, 2, 3",
        one: "t.leader",
    },
    Tally {
        table: "party_tie",
        over: Over::Acts,
        keys: "actor, recipient, quad",
        sums: &["acts"],
        before: None,
        query: "SELECT a.entity AS actor, r.entity AS recipient, e.quad, count(DISTINCT t.leader) AS acts
                  FROM act t JOIN event e USING (event)
                  JOIN event_party a ON a.event = e.event AND a.side = 'actor'
                  JOIN event_party r ON r.event = e.event AND r.side = 'recipient'
                 WHERE {one} AND e.status = 'actual' AND a.entity <> r.entity GROUP BY 1, 2, 3",
        one: "t.leader",
    },
    Tally {
        table: "act_tally",
        over: Over::Acts,
        keys: "leader",
        sums: &[],
        before: None,
        // As `Position::of` judges: who denies, and who says so.
        query: "SELECT t.leader, count(DISTINCT e.doc) AS reports, count(DISTINCT c.claim) AS claims,
                       count(DISTINCT CASE WHEN c.claim IS NOT NULL THEN coalesce(p.entity, p.text) END) AS speakers,
                       coalesce(max(c.stance = 'deny' OR (c.stance NOT IN ('confirm', 'question') AND e.status = 'negated'))
                            AND max(c.stance = 'confirm' OR (c.stance NOT IN ('deny', 'question') AND e.status <> 'negated')),
                                0) AS contested,
                       max(CASE WHEN c.claim IS NOT NULL THEN d.published END) AS said
                  FROM act t JOIN event e USING (event) LEFT JOIN claim_event x USING (event)
                  LEFT JOIN claim c ON c.claim = x.claim
                  LEFT JOIN document d ON d.doc = c.doc LEFT JOIN claim_party p ON p.claim = c.claim AND p.side = 'holder'
                 WHERE {one} GROUP BY 1",
        one: "t.leader",
    },
    Tally {
        table: "speaker_act",
        over: Over::Acts,
        keys: "speaker",
        sums: &[
            "acts", "told", "shared", "confirmed", "denied", "alone", "denials", "contradicted",
        ],
        before: None,
        // As `claims::records` reckons with `Position::of`.
        query: "SELECT speaker, count(*) AS acts, sum(tells) AS told, sum(tells AND telling > tells) AS shared,
                       sum(tells AND confirming > confirms) AS confirmed, sum(tells AND denying > denies) AS denied,
                       sum(tells AND speakers = 1) AS alone, sum(denies) AS denials,
                       sum(denies AND telling > tells) AS contradicted
                  FROM (SELECT speaker, tells, confirms, denies, sum(tells) OVER act AS telling,
                               sum(confirms) OVER act AS confirming, sum(denies) OVER act AS denying, count(*) OVER act AS speakers
                          FROM (SELECT t.leader, coalesce(x.id, p.text) AS speaker,
                                       max(c.stance = 'confirm' OR (c.stance NOT IN ('deny', 'question')
                                           AND e.status <> 'negated')) AS tells,
                                       max(c.stance = 'confirm') AS confirms,
                                       max(c.stance = 'deny' OR (c.stance NOT IN ('confirm', 'question')
                                           AND e.status = 'negated')) AS denies
                                  FROM act t JOIN event e USING (event) JOIN claim_event y USING (event)
                                  JOIN claim c ON c.claim = y.claim
                                  JOIN claim_party p ON p.claim = c.claim AND p.side = 'holder'
                                  LEFT JOIN entity x ON x.entity = p.entity
                                 WHERE {one} AND coalesce(x.id, p.text) <> '' GROUP BY 1, 2)
                        WINDOW act AS (PARTITION BY leader))
                 GROUP BY 1",
        one: "t.leader",
    },
    Tally {
        table: "story_tally",
        over: Over::Stories,
        keys: "story",
        sums: &[],
        before: None,
        query: "SELECT s.story, count(*) AS reports, max(d.published) AS last FROM story s JOIN document d USING (doc)
                 WHERE {one} GROUP BY 1",
        one: "s.story",
    },
];

/// The statements of a tally.
struct Statements {
    over: Over,
    /// What some count for (their numbers are a JSON array) is put on.
    add: Vec<String>,
    /// What one counts for is taken off; rows that count nothing go.
    remove: Vec<String>,
    /// All of it is thrown away, counted.
    rebuild: Vec<String>,
    /// The number of rows that are not as they would be counted.
    check: String,
}

impl Statements {
    fn of(tally: &Tally) -> Self {
        let Tally {
            table,
            over,
            keys,
            sums,
            before,
            query,
            one,
        } = tally;
        let of_all = |query: &str| query.replace("{one}", &format!("{one} IS NOT NULL"));
        let some = format!("{one} IN (SELECT value FROM json_each(?1))");
        let of_some = |query: &str| query.replace("{one}", &some);
        let (all, one) = (of_all(query), query.replace("{one}", &format!("{one} = ?1")));
        let some = of_some(query);
        let names: Vec<String> = sums.iter().map(|sum| (*sum).to_owned()).collect();
        let less: Vec<String> = sums.iter().map(|sum| format!("-{sum}")).collect();
        let more: Vec<String> = sums
            .iter()
            .map(|sum| format!("{sum} = {sum} + excluded.{sum}"))
            .collect();
        let upsert = |values: &[String], of: &str| {
            format!(
                "INSERT INTO {table} SELECT {keys}, {} FROM ({of}) WHERE true ON CONFLICT DO UPDATE SET {}",
                values.join(", "),
                more.join(", ")
            )
        };
        let (add, remove) = match sums.first() {
            Some(first) => {
                let empty =
                    format!("DELETE FROM {table} WHERE ({keys}) IN (SELECT {keys} FROM ({one})) AND {first} = 0");
                (upsert(&names, &some), vec![upsert(&less, &one), empty])
            }
            None => {
                let gone = match over {
                    Over::Reports => format!("IN (SELECT {keys} FROM ({one}))"),
                    Over::Acts | Over::Stories => "= ?1".to_owned(),
                };
                let delete = format!("DELETE FROM {table} WHERE {keys} {gone}");
                (format!("INSERT INTO {table} {some}"), vec![delete])
            }
        };
        let before = |of: &dyn Fn(&str) -> String| before.iter().map(|before| of(before)).collect::<Vec<_>>();
        Self {
            over: *over,
            add: [before(&of_some), vec![add]].concat(),
            remove,
            rebuild: [
                before(&of_all),
                vec![format!("DELETE FROM {table}"), format!("INSERT INTO {table} {all}")],
            ]
            .concat(),
            check: format!(
                "SELECT (SELECT count(*) FROM (SELECT * FROM {table} EXCEPT SELECT * FROM ({all})))
                      + (SELECT count(*) FROM (SELECT * FROM ({all}) EXCEPT SELECT * FROM {table}))"
            ),
        }
    }
}

static STATEMENTS: LazyLock<Vec<Statements>> = LazyLock::new(|| TALLIES.iter().map(Statements::of).collect());

/// Puts some on in one go: a statement costs more to begin than to do for one, and many of them count in the same rows.
fn add(connection: &Connection, over: Over, some: &str) -> rusqlite::Result<()> {
    for tally in STATEMENTS.iter().filter(|tally| tally.over == over) {
        for statement in &tally.add {
            connection.prepare_cached(statement)?.execute([some])?;
        }
    }
    Ok(())
}

/// Numbers as a JSON array; `None` when there are none.
fn array(numbers: BTreeSet<i64>) -> Option<String> {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    (!numbers.is_empty()).then(|| format!("[{}]", numbers.join(",")))
}

fn remove(connection: &Connection, over: Over, one: i64) -> rusqlite::Result<()> {
    for tally in STATEMENTS.iter().filter(|tally| tally.over == over) {
        for statement in &tally.remove {
            connection.prepare_cached(statement)?.execute([one])?;
        }
    }
    Ok(())
}

/// Reports, acts and stories that change while reports are written: taken off, and to be put on again.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    reports: BTreeSet<i64>,
    acts: BTreeSet<i64>,
    stories: BTreeSet<i64>,
}

impl Changes {
    /// Remembers a report to be counted in when the rows of all are written.
    pub(crate) fn report_came(&mut self, doc: i64) {
        self.reports.insert(doc);
    }

    /// Takes a report off before its rows go.
    pub(crate) fn report_goes(&mut self, connection: &Connection, doc: i64) -> rusqlite::Result<()> {
        if self.reports.remove(&doc) {
            // It came in the same transaction and is not counted in yet.
            return Ok(());
        }
        remove(connection, Over::Reports, doc)
    }

    /// Takes an act off before its tellings change.
    pub(crate) fn act_changes(&mut self, connection: &Connection, leader: i64) -> rusqlite::Result<()> {
        let told = "SELECT 1 FROM act WHERE leader = ?1";
        if self.acts.insert(leader) && connection.prepare_cached(told)?.exists([leader])? {
            remove(connection, Over::Acts, leader)?;
            pairs(connection, &format!("[{leader}]"), -1)?;
        }
        Ok(())
    }

    /// Takes a story off before its reports change.
    pub(crate) fn story_changes(&mut self, connection: &Connection, story: i64) -> rusqlite::Result<()> {
        if self.stories.insert(story) {
            remove(connection, Over::Stories, story)?;
        }
        Ok(())
    }

    /// Counts in all reports, acts and stories that changed, as they are now.
    pub(crate) fn settle(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let Self { reports, acts, stories } = std::mem::take(self);
        if let Some(reports) = array(reports) {
            add(connection, Over::Reports, &reports)?;
        }
        if let Some(leaders) = array(acts) {
            add(connection, Over::Acts, &leaders)?;
            pairs(connection, &leaders, 1)?;
        }
        if let Some(stories) = array(stories) {
            add(connection, Over::Stories, &stories)?;
        }
        Ok(())
    }
}

/// Counts everything anew.
pub(crate) fn rebuild(connection: &Connection) -> rusqlite::Result<()> {
    for statement in STATEMENTS.iter().flat_map(|tally| &tally.rebuild) {
        connection.execute(statement, [])?;
    }
    connection.execute_batch("DELETE FROM pair_tally; DELETE FROM pair_report; DELETE FROM pair_day")?;
    pairs_of(connection, Where::default(), 1)?;
    connection.execute(
        "INSERT OR REPLACE INTO meta VALUES ('tallies', ?1)",
        [VERSION.to_string()],
    )?;
    Ok(())
}

/// What is kept and not what would be counted, in words.
pub(crate) fn check(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut problems = Vec::new();
    for (tally, statements) in TALLIES.iter().zip(STATEMENTS.iter()) {
        let wrong: i64 = connection.query_row(&statements.check, [], |row| row.get(0))?;
        if wrong > 0 {
            problems.push(format!("{wrong} sums of {} are not what the reports give", tally.table));
        }
    }
    let mut acts = Vec::new();
    clusters::each_act(connection, Where::default(), |act| acts.push(act))?;
    let counted = tension::Pairs::of(&acts);
    let mut kept = tension::Pairs::default();
    for (a, b) in Pairs(connection).all()? {
        *kept.entry(&a, &b) = Pairs(connection).passed(&a, &b)?;
    }
    let days: i64 = connection.query_row(
        "SELECT count(*) FROM (SELECT actor, recipient, day, count(*) FROM pair_report GROUP BY 1, 2, 3
                               EXCEPT SELECT * FROM pair_day)",
        [],
        |row| row.get(0),
    )?;
    if days > 0 || !alike(&kept, &counted) {
        problems.push("the sums of pairs are not what the reports give".to_owned());
    }
    Ok(problems)
}

/// Whether two sums are the same but for what is lost in adding up floating-point numbers.
fn alike(kept: &tension::Pairs, counted: &tension::Pairs) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() <= 0.01 + a.abs() / 1000.0;
    let same = |a: &tension::Tally, b: &tension::Tally| {
        near(a.goldstein, b.goldstein)
            && near(a.plover, b.plover)
            && near(a.squares, b.squares)
            && tension::Tally {
                goldstein: b.goldstein,
                plover: b.plover,
                squares: b.squares,
                ..*a
            } == *b
    };
    kept.iter().count() == counted.iter().count()
        && kept.iter().zip(counted.iter()).all(|((a, b, x), (c, d, y))| {
            (a, b) == (c, d)
                && x.reports == y.reports
                && x.acts.len() == y.acts.len()
                && x.acts.iter().zip(&y.acts).all(|(x, y)| same(x, y))
        })
}

/// Puts the acts that `leaders` (a JSON array) lead on the sums of pairs, or takes them off (`times` −1).
fn pairs(connection: &Connection, leaders: &str, times: i64) -> rusqlite::Result<()> {
    let mut of = Where::default();
    of.add(
        "a.leader IN (SELECT value FROM json_each(?))",
        [leaders.to_owned().into()],
    );
    pairs_of(connection, of, times)
}

fn pairs_of(connection: &Connection, of: Where, times: i64) -> rusqlite::Result<()> {
    let mut done = Ok(());
    clusters::each_act(connection, of, |act| {
        if done.is_ok() {
            done = pair_act(connection, &act, times);
        }
    })?;
    done
}

fn pair_act(connection: &Connection, act: &Acted, times: i64) -> rusqlite::Result<()> {
    let tally = act.tally();
    let counts = [
        tally.acts(),
        tally.verbal_cooperation,
        tally.material_cooperation,
        tally.verbal_conflict,
        tally.material_conflict,
        tally.assaults,
        tally.arms,
    ]
    .map(|n| i64::from(n > 0) * times);
    let plover = hundredths(tally.plover);
    let scores = [
        hundredths(tally.goldstein) * times,
        plover * times,
        plover * plover * times,
    ];
    for (actor, recipient) in act.pairs() {
        connection
            .prepare_cached(
                "INSERT INTO pair_tally VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
                 ON CONFLICT DO UPDATE SET acts = acts + ?5, verbal_cooperation = verbal_cooperation + ?6,
                     material_cooperation = material_cooperation + ?7, verbal_conflict = verbal_conflict + ?8,
                     material_conflict = material_conflict + ?9, assaults = assaults + ?10, arms = arms + ?11,
                     goldstein = goldstein + ?12, plover = plover + ?13, squares = squares + ?14",
            )?
            .execute(params![
                actor, recipient, tally.from, tally.to, counts[0], counts[1], counts[2], counts[3], counts[4],
                counts[5], counts[6], scores[0], scores[1], scores[2]
            ])?;
        for (day, doc) in &act.told {
            pair_report(connection, (actor, recipient), (*day, *doc), times)?;
        }
        if times < 0 {
            connection
                .prepare_cached(
                    "DELETE FROM pair_tally WHERE actor = ?1 AND recipient = ?2 AND first = ?3 AND last = ?4 AND acts = 0",
                )?
                .execute(params![actor, recipient, tally.from, tally.to])?;
        }
    }
    Ok(())
}

/// Counts in that report `doc` of a day tells an act of a pair, or that it no longer does (`times` −1).
fn pair_report(
    connection: &Connection,
    (actor, recipient): (&str, &str),
    (day, doc): (i32, i64),
    times: i64,
) -> rusqlite::Result<()> {
    let acts: i64 = connection
        .prepare_cached(
            "INSERT INTO pair_report VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET acts = acts + ?5 RETURNING acts",
        )?
        .query_row(params![actor, recipient, day, doc, times], |row| row.get(0))?;
    // A report counts once, however many acts of the pair it tells.
    let (comes, goes) = (times > 0 && acts == times, acts == 0);
    if comes || goes {
        connection
            .prepare_cached(
                "INSERT INTO pair_day VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET reports = reports + ?4",
            )?
            .execute(params![actor, recipient, day, times])?;
    }
    if goes {
        connection
            .prepare_cached("DELETE FROM pair_report WHERE actor = ?1 AND recipient = ?2 AND day = ?3 AND doc = ?4")?
            .execute(params![actor, recipient, day, doc])?;
        connection
            .prepare_cached("DELETE FROM pair_day WHERE actor = ?1 AND recipient = ?2 AND day = ?3 AND reports = 0")?
            .execute(params![actor, recipient, day])?;
    }
    Ok(())
}

/// A score in hundredths; the tables of the codebook have two decimals at most.
fn hundredths(score: f32) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "scores are from -10 to 10")]
    {
        (f64::from(score) * 100.0).round() as i64
    }
}

/// What is kept of ordered pairs.
pub(crate) struct Pairs<'a>(pub(crate) &'a Connection);

impl Pairs<'_> {
    fn all(&self) -> rusqlite::Result<Vec<(String, String)>> {
        self.0
            .prepare_cached("SELECT actor, recipient FROM pair_tally UNION SELECT actor, recipient FROM pair_day")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    }

    /// What `a` did to `b`, without the reports.
    pub(crate) fn acts(&self, a: &str, b: &str) -> rusqlite::Result<Vec<tension::Tally>> {
        let query =
            format!("SELECT {COLUMNS} FROM pair_tally WHERE actor = ?1 AND recipient = ?2 ORDER BY first, last");
        self.0
            .prepare_cached(&query)?
            .query_map([a, b], |row| tally(row, 0))?
            .collect()
    }

    /// What `a` did to `b`.
    pub(crate) fn passed(&self, a: &str, b: &str) -> rusqlite::Result<Passed> {
        let acts = self.acts(a, b)?;
        let reports = self
            .0
            .prepare_cached("SELECT day, reports FROM pair_day WHERE actor = ?1 AND recipient = ?2")?
            .query_map([a, b], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Passed { acts, reports })
    }

    /// To whom `a` delivered arms.
    pub(crate) fn armed(&self, a: &str) -> rusqlite::Result<Vec<String>> {
        self.0
            .prepare_cached("SELECT DISTINCT recipient FROM pair_tally WHERE actor = ?1 AND arms > 0")?
            .query_map([a], |row| row.get(0))?
            .collect()
    }

    /// Sums of each pair over the acts that end on `from` or later, the busiest pairs first; of the pairs that `of` is one
    /// of, when it is given.
    pub(crate) fn sums(
        &self,
        from: Option<i32>,
        of: Option<&str>,
    ) -> rusqlite::Result<Vec<(String, String, tension::Tally)>> {
        let rows = match of {
            // Nobody does anything to itself: no row comes twice.
            Some(_) => {
                "(SELECT * FROM pair_tally WHERE actor = ?2 UNION ALL SELECT * FROM pair_tally WHERE recipient = ?2)"
            }
            None => "(SELECT * FROM pair_tally WHERE ?2 IS NULL)",
        };
        let query = format!(
            "SELECT actor, recipient, min(first), max(last), sum(verbal_cooperation), sum(material_cooperation),
                    sum(verbal_conflict), sum(material_conflict), sum(assaults), sum(arms), sum(goldstein), sum(plover),
                    sum(squares)
               FROM {rows} WHERE last >= ?1 GROUP BY 1, 2 ORDER BY sum(acts) DESC, 1, 2"
        );
        self.0
            .prepare_cached(&query)?
            .query_map(params![from.unwrap_or(i32::MIN), of], |row| {
                Ok((row.get(0)?, row.get(1)?, tally(row, 2)?))
            })?
            .collect()
    }
}

/// The columns of a [`tension::Tally`].
const COLUMNS: &str = "first, last, verbal_cooperation, material_cooperation, verbal_conflict, material_conflict, assaults, \
                       arms, goldstein, plover, squares";

/// A tally from [`COLUMNS`], which begin with column `n`.
fn tally(row: &Row<'_>, n: usize) -> rusqlite::Result<tension::Tally> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "sums of scores are far below 2^24 hundredths, or need no such precision"
    )]
    let part = |n: usize, by: f32| row.get::<_, i64>(n).map(|sum| sum as f32 / by);
    Ok(tension::Tally {
        from: row.get(n)?,
        to: row.get(n + 1)?,
        verbal_cooperation: row.get(n + 2)?,
        material_cooperation: row.get(n + 3)?,
        verbal_conflict: row.get(n + 4)?,
        material_conflict: row.get(n + 5)?,
        assaults: row.get(n + 6)?,
        arms: row.get(n + 7)?,
        goldstein: part(n + 8, 100.0)?,
        plover: part(n + 9, 100.0)?,
        squares: part(n + 10, 10_000.0)?,
    })
}
