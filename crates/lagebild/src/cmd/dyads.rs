//! `lagebild dyads`: how it stands between two.

use super::list::{Look, filter, open, text, write};
use super::table::{count, narrow};
use crate::End;
use crate::answers::dyads;
use crate::cli::{Dyads, Every};
use crate::pairs::{alerts, periods};
use crate::rows::{AlertRow, DyadRow, PeriodRow};
use crate::term::{self, Screen};
use lagebild_picture::tension::Step;
use lagebild_store::Filter;

pub(super) fn run(args: &Dyads, screen: Screen) -> anyhow::Result<End> {
    let wanted = filter(&args.query.filter, args.query.format)?;
    let step = match args.by {
        Every::Day => Step::Day,
        Every::Week => Step::Week,
        Every::Month => Step::Month,
    };
    let format = args.query.format;
    let reader = open(&args.query.store)?;
    if args.pair.is_none() && !args.alerts {
        return part(&dyads(&reader, &wanted)?, &wanted, |rows, total| {
            write(rows, total, format, screen, &sum_look())
        });
    }
    let between = reader.between(&wanted)?;
    let pairs = match &args.pair {
        Some((a, b)) => vec![(a.clone(), b.clone()), (b.clone(), a.clone())],
        None => {
            let sums = between.sums(wanted.from, None)?.into_iter();
            sums.map(|pair| (pair.actor, pair.recipient)).collect()
        }
    };
    if args.alerts {
        let mut rows: Vec<AlertRow> = Vec::new();
        for (a, b) in &pairs {
            rows.extend(alerts(a, b, &between.course(a, b, step)?, wanted.from));
        }
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
    let mut rows = Vec::new();
    for (a, b) in &pairs {
        let series = between.series(a, b, step)?;
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
    part(&rows, &wanted, |rows, total| {
        write(rows, total, format, screen, &period_look())
    })
}

fn sum_look() -> Look<DyadRow> {
    Look {
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
    }
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
