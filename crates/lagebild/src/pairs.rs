//! How it stands between two, from the acts of a store: sums, periods and alerts of ordered pairs.

use crate::rows::{AlertRow, DyadRow, PeriodRow};
use lagebild_core::Date;
use lagebild_picture::cluster::{date_of, day_number};
use lagebild_picture::tension::Series;
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

/// Ordered pairs with an act since `from`, the busiest first.
pub(crate) fn busiest(acts: &Acts, from: Option<Date>) -> Vec<(String, String)> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for act in acts.acts.iter().filter(|act| since(from, act.deed.to)) {
        let to = if act.recipients.is_empty() {
            &act.actors
        } else {
            &act.recipients
        };
        for a in &act.actors {
            for b in to.iter().filter(|b| *b != a) {
                *counts.entry((a, b)).or_default() += 1;
            }
        }
    }
    let mut pairs: Vec<_> = counts.into_iter().collect();
    pairs.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    pairs
        .into_iter()
        .map(|((a, b), _)| (a.to_owned(), b.to_owned()))
        .collect()
}

/// What `a` did to `b`, summed up over the acts since `from`.
pub(crate) fn dyad(a: &str, b: &str, acts: &Acts, from: Option<Date>) -> DyadRow {
    let mut row = DyadRow {
        actor: a.to_owned(),
        recipient: b.to_owned(),
        ..DyadRow::default()
    };
    let between = acts
        .acts
        .iter()
        .filter(|act| act.is_between(a, b) && since(from, act.deed.to));
    let (mut first, mut last) = (i32::MAX, i32::MIN);
    for deed in between.map(|act| &act.deed) {
        row.acts += 1;
        first = first.min(deed.from);
        last = last.max(deed.to);
        if deed.arms {
            row.arms += 1;
            continue;
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
    if row.acts > 0 {
        (row.first, row.last) = (Some(iso(first)), Some(iso(last)));
    }
    row
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
