//! `lagebild dyads`: how it stands between two.

use super::list::{Look, filter, open, text, write};
use super::table::{count, narrow};
use crate::End;
use crate::cli::{Dyads, Every};
use crate::rows::{AlertRow, DyadRow, PeriodRow};
use crate::term::{self, Screen};
use lagebild_core::Date;
use lagebild_picture::cluster::{date_of, day_number};
use lagebild_picture::tension::{Series, Step, of_pair};
use lagebild_store::{Acts, Filter};
use std::collections::BTreeMap;

pub(super) fn run(args: &Dyads, screen: Screen) -> anyhow::Result<End> {
    let wanted = filter(&args.query.filter, args.query.format)?;
    let step = match args.by {
        Every::Day => Step::Day,
        Every::Week => Step::Week,
        Every::Month => Step::Month,
    };
    // A pair is judged by its own past: what lies before the first day asked for is read too and not shown.
    let acts = open(&args.query.store)?.acts(&Filter {
        from: None,
        ..wanted.clone()
    })?;
    let pairs = match &args.pair {
        Some((a, b)) => vec![(a.clone(), b.clone()), (b.clone(), a.clone())],
        None => pairs(&acts, wanted.from),
    };
    let series = |a: &str, b: &str| of_pair(&acts.acts, &acts.reports, a, b, step);
    let format = args.query.format;
    if args.alerts {
        let rows: Vec<AlertRow> = pairs
            .iter()
            .flat_map(|(a, b)| alerts(a, b, &series(a, b), wanted.from))
            .collect();
        let look = Look::<AlertRow> {
            columns: vec![
                narrow("Actor", 10),
                narrow("Recipient", 10),
                narrow("From", 10),
                narrow("To", 10),
                count("Peak"),
            ],
            cells: |r| {
                vec![
                    r.actor.clone(),
                    r.recipient.clone(),
                    r.from.clone(),
                    r.to.clone(),
                    one(Some(r.peak)),
                ]
            },
        };
        return part(&rows, &wanted, |rows, total| write(rows, total, format, screen, &look));
    }
    if args.pair.is_some() {
        let mut rows = Vec::new();
        for (a, b) in &pairs {
            let series = series(a, b);
            if series.untimed > 0 {
                term::note(format!(
                    "{a} > {b}: {} acts told for longer than a period are left out",
                    series.untimed
                ));
            }
            rows.extend(periods(a, b, series, &wanted));
        }
        // A pair without any act between its two is not found, however many days were reported on.
        if rows.iter().all(|r| r.period.acts() == 0) {
            rows.clear();
        }
        return part(&rows, &wanted, |rows, total| {
            write(rows, total, format, screen, &period_look())
        });
    }
    let rows: Vec<DyadRow> = pairs.iter().map(|(a, b)| dyad(a, b, &acts, wanted.from)).collect();
    let look = Look::<DyadRow> {
        columns: vec![
            narrow("Actor", 10),
            narrow("Recipient", 10),
            count("Coop. verbal"),
            count("material"),
            count("Conflict verbal"),
            count("material"),
            count("Arms"),
            count("Goldstein"),
            count("PLOVER"),
            narrow("First", 10),
            narrow("Last", 10),
        ],
        cells: |r| {
            vec![
                r.actor.clone(),
                r.recipient.clone(),
                r.verbal_cooperation.to_string(),
                r.material_cooperation.to_string(),
                r.verbal_conflict.to_string(),
                r.material_conflict.to_string(),
                r.arms.to_string(),
                one(Some(r.goldstein)),
                one(Some(r.plover)),
                text(r.first.as_deref()),
                text(r.last.as_deref()),
            ]
        },
    };
    part(&rows, &wanted, |rows, total| write(rows, total, format, screen, &look))
}

/// The rows that limit and offset leave.
fn part<T>(rows: &[T], filter: &Filter, write: impl FnOnce(&[T], usize) -> anyhow::Result<End>) -> anyhow::Result<End> {
    let rest = rows.get(filter.offset..).unwrap_or_default();
    let shown = &rest[..filter.limit.unwrap_or(usize::MAX).min(rest.len())];
    write(shown, rows.len())
}

fn period_look() -> Look<PeriodRow> {
    Look {
        columns: vec![
            narrow("From", 10),
            narrow("Pair", 10),
            count("Coop."),
            count("(mat.)"),
            count("Conflict"),
            count("(mat.)"),
            count("Arms"),
            count("Against"),
            count("PLOVER"),
            count("Tension"),
            count("Expected"),
            count("Index"),
        ],
        cells: |r| {
            let p = &r.period;
            vec![
                r.from.clone(),
                format!("{} > {}", r.actor, r.recipient),
                p.verbal_cooperation.to_string(),
                p.material_cooperation.to_string(),
                p.verbal_conflict.to_string(),
                p.material_conflict.to_string(),
                p.arms.to_string(),
                p.arms_against.to_string(),
                one(Some(p.plover)),
                one(p.tension),
                one(p.expected),
                one(p.index) + if p.alarm { " !" } else { "" },
            ]
        },
    }
}

/// With one decimal, and no minus before zero.
fn one(value: Option<f32>) -> String {
    value
        .map(|v| format!("{:.1}", if v.abs() < 0.05 { 0.0 } else { v }))
        .unwrap_or_default()
}

fn iso(day: i32) -> String {
    date_of(day).map(|d| d.to_string()).unwrap_or_default()
}

fn since(from: Option<Date>, day: i32) -> bool {
    from.is_none_or(|from| day >= day_number(from))
}

fn until(to: Option<Date>, day: i32) -> bool {
    to.is_none_or(|to| day <= day_number(to))
}

/// Ordered pairs with an act since `from`, the busiest first.
fn pairs(acts: &Acts, from: Option<Date>) -> Vec<(String, String)> {
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

fn dyad(a: &str, b: &str, acts: &Acts, from: Option<Date>) -> DyadRow {
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

fn periods(a: &str, b: &str, series: Series, filter: &Filter) -> Vec<PeriodRow> {
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

fn alerts(a: &str, b: &str, series: &Series, from: Option<Date>) -> Vec<AlertRow> {
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
