//! How it stands between two: sums, periods and alerts of ordered pairs as rows.

use crate::rows::{AlertRow, DyadRow, PeriodRow};
use lagebild_core::Date;
use lagebild_picture::cluster::{date_of, day_number};
use lagebild_picture::tension::{Series, Tally};
use lagebild_store::{Between, Filter, PairSum};

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

/// A pair summed up as a row.
fn row(actor: &str, recipient: &str, sum: &Tally) -> DyadRow {
    DyadRow {
        actor: actor.to_owned(),
        recipient: recipient.to_owned(),
        acts: sum.acts(),
        verbal_cooperation: sum.verbal_cooperation,
        material_cooperation: sum.material_cooperation,
        verbal_conflict: sum.verbal_conflict,
        material_conflict: sum.material_conflict,
        arms: sum.arms,
        goldstein: sum.goldstein,
        plover: sum.plover,
        first: Some(iso(sum.from)),
        last: Some(iso(sum.to)),
    }
}

/// Sums as rows.
pub(crate) fn rows(sums: &[PairSum]) -> Vec<DyadRow> {
    sums.iter()
        .map(|pair| row(&pair.actor, &pair.recipient, &pair.sum))
        .collect()
}

/// What `a` did to `b` since `from`, summed up; nothing but the two when it did nothing.
pub(crate) fn dyad(between: &Between<'_>, a: &str, b: &str, from: Option<Date>) -> lagebild_store::Result<DyadRow> {
    Ok(between.sum(a, b, from)?.map_or_else(
        || DyadRow {
            actor: a.to_owned(),
            recipient: b.to_owned(),
            ..DyadRow::default()
        },
        |sum| row(a, b, &sum),
    ))
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
