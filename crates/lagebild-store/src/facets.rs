//! Counts: what the rows of a list have in common, for filters with numbers beside them and for charts.

use crate::error::Result;
use crate::filter::{Filter, List};
use crate::read::Reader;
use crate::sql;
use serde::Serialize;

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

impl Reader {
    /// How many rows of `list` fall under each value of the filter `key`, the most frequent first.
    ///
    /// What `filter` asks of the same key is left aside, so that the other values keep their numbers; but for `country`,
    /// where values add up. A key that this cannot count has no values.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn facet(&self, list: List, key: &str, filter: &Filter) -> Result<Vec<(String, usize)>> {
        filter.check(list)?;
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
        let (from, w) = match list {
            List::Documents => ("document d", sql::documents(&filter)?),
            List::Events => ("event e", sql::events(&filter)?),
            List::Claims => ("claim c JOIN document d USING (doc)", sql::claims(&filter)?),
            List::Agreements => ("agreement a JOIN document d USING (doc)", sql::agreements(&filter)?),
            List::Actors => return Ok(Vec::new()),
        };
        let (value, row, join) = match (list, key) {
            (List::Documents, "lang") => ("d.lang", "d.doc", ""),
            (List::Documents, "source") => ("d.source", "d.doc", ""),
            (List::Events, "type") => ("e.type", "e.event", ""),
            (List::Events, "quad") => ("e.quad", "e.event", ""),
            (List::Events, "status") => ("e.status", "e.event", ""),
            (List::Events, "certainty") => ("e.certainty", "e.event", ""),
            (List::Events, "country") => ("y.country", "e.event", "JOIN event_party y USING (event)"),
            (List::Claims, "stance") => ("c.stance", "c.claim", ""),
            (List::Claims, "country") => ("y.country", "c.claim", "JOIN claim_party y USING (claim)"),
            (List::Agreements, "kind") => ("a.kind", "a.agreement", ""),
            (List::Agreements, "step") => ("y.step", "a.agreement", "JOIN agreement_step y USING (agreement)"),
            _ => return Ok(Vec::new()),
        };
        let query = format!(
            "SELECT value, n FROM (SELECT {value} AS value, count(DISTINCT {row}) AS n FROM {from} {join} {} GROUP BY 1)
              WHERE value IS NOT NULL ORDER BY n DESC, value",
            w.clause()
        );
        self.rows(&query, w.values, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Events by day and quad class, earliest first; those that did not and will not happen are left out, and so are
    /// those without a day.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn days(&self, filter: &Filter) -> Result<Vec<DayCount>> {
        filter.check(List::Events)?;
        let mut w = sql::events(filter)?;
        w.add("e.day IS NOT NULL AND e.status <> 'negated'", []);
        let query = format!(
            "SELECT e.day, e.quad, count(*) FROM event e {} GROUP BY 1, 2 ORDER BY 1, 2",
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
}
