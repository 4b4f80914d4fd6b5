//! How it stands between two, from the acts of a store: sums, periods and alerts of ordered pairs.

use crate::rows::{AlertRow, DyadRow, PeriodRow};
use lagebild_core::Date;
use lagebild_picture::cluster::{date_of, day_number};
use lagebild_picture::tension::{Acted, Deed, Series};
use lagebild_store::{Acts, Filter};
use std::collections::BTreeMap;

/// A day counted from 1970-01-01 as ISO 8601.
pub(crate) fn iso(day: i32) -> String {
    date_of(day).map(|d| d.to_string()).unwrap_or_default()
}

fn since(from: Option<Date>, day: i32) -> bool {
    from.is_none_or(|from| day >= day_number(from))
}

fn until(to: Option<Date>, day: i32) -> bool {
    to.is_none_or(|to| day <= day_number(to))
}

/// What each did to each other, summed up act by act.
#[derive(Default)]
pub(crate) struct Sums {
    from: Option<Date>,
    pairs: BTreeMap<(String, String), Sum>,
}

/// What one did to another; its days are counted from 1970-01-01.
struct Sum {
    row: DyadRow,
    first: i32,
    last: i32,
}

impl Sums {
    /// Sums of the acts since `from`.
    pub(crate) fn since(from: Option<Date>) -> Self {
        Self {
            from,
            ..Self::default()
        }
    }

    /// Counts an act in.
    pub(crate) fn add(&mut self, act: &Acted) {
        if !since(self.from, act.deed.to) {
            return;
        }
        let to = if act.recipients.is_empty() {
            &act.actors
        } else {
            &act.recipients
        };
        for actor in &act.actors {
            for recipient in to.iter().filter(|to| *to != actor) {
                let pair = (actor.clone(), recipient.clone());
                self.pairs
                    .entry(pair)
                    .or_insert_with(|| Sum {
                        row: DyadRow::default(),
                        first: i32::MAX,
                        last: i32::MIN,
                    })
                    .add(&act.deed);
            }
        }
    }

    /// The pairs with an act, the busiest first.
    pub(crate) fn rows(self) -> Vec<DyadRow> {
        let pairs = self.pairs.into_iter();
        let mut rows: Vec<DyadRow> = pairs
            .map(|((actor, recipient), sum)| DyadRow {
                actor,
                recipient,
                first: Some(iso(sum.first)),
                last: Some(iso(sum.last)),
                ..sum.row
            })
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.acts));
        rows
    }
}

impl Sum {
    fn add(&mut self, deed: &Deed) {
        self.first = self.first.min(deed.from);
        self.last = self.last.max(deed.to);
        let row = &mut self.row;
        row.acts += 1;
        if deed.arms {
            row.arms += 1;
            return;
        }
        match deed.quad.as_str() {
            "verbal-cooperation" => row.verbal_cooperation += 1,
            "material-cooperation" => row.material_cooperation += 1,
            "verbal-conflict" => row.verbal_conflict += 1,
            _ => row.material_conflict += 1,
        }
        row.goldstein += deed.goldstein.unwrap_or_default();
        row.plover += deed.score;
    }
}

/// The sums of `acts` since `from`, the busiest pairs first.
pub(crate) fn sums<'a>(acts: impl IntoIterator<Item = &'a Acted>, from: Option<Date>) -> Vec<DyadRow> {
    let mut sums = Sums::since(from);
    acts.into_iter().for_each(|act| sums.add(act));
    sums.rows()
}

/// Ordered pairs with an act since `from`, the busiest first.
pub(crate) fn busiest(acts: &Acts, from: Option<Date>) -> Vec<(String, String)> {
    let rows = sums(&acts.acts, from).into_iter();
    rows.map(|row| (row.actor, row.recipient)).collect()
}

/// What `a` did to `b` since `from`, summed up; nothing when it did nothing.
pub(crate) fn dyad(a: &str, b: &str, acts: &Acts, from: Option<Date>) -> DyadRow {
    let between = acts.acts.iter().filter(|act| act.is_between(a, b));
    let mut rows = sums(between, from).into_iter();
    rows.find(|row| row.actor == a && row.recipient == b)
        .unwrap_or_else(|| DyadRow {
            actor: a.to_owned(),
            recipient: b.to_owned(),
            ..DyadRow::default()
        })
}

/// The periods of what `a` does to `b` that overlap the days of the filter.
pub(crate) fn periods(a: &str, b: &str, series: Series, filter: &Filter) -> Vec<PeriodRow> {
    let shown = series
        .periods
        .into_iter()
        .filter(|p| since(filter.from, p.to) && until(filter.to, p.from));
    shown
        .map(|period| PeriodRow {
            actor: a.to_owned(),
            recipient: b.to_owned(),
            from: iso(period.from),
            to: iso(period.to),
            period,
        })
        .collect()
}

/// The alerts of what `a` does to `b` since `from`.
pub(crate) fn alerts(a: &str, b: &str, series: &Series, from: Option<Date>) -> Vec<AlertRow> {
    let day = |n: usize, last: bool| series.periods.get(n).map_or(0, |p| if last { p.to } else { p.from });
    series
        .alerts
        .iter()
        .filter(|alert| since(from, day(alert.last, true)))
        .map(|alert| AlertRow {
            actor: a.to_owned(),
            recipient: b.to_owned(),
            from: iso(day(alert.first, false)),
            to: iso(day(alert.last, true)),
            peak: alert.peak,
        })
        .collect()
}
