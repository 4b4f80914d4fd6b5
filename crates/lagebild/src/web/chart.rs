//! The chart of events over time, as numbers that the template draws in SVG: a column a day, week, month or year.

use super::WebError;
use super::list::bare;
use super::mark::quad_class;
use super::page::{Page, link};
use jiff::ToSpan as _;
use lagebild_core::Date;
use lagebild_core::codebook::Quad;
use lagebild_store::{DayCount, Filter, Reader, Stats};
use std::collections::BTreeMap;

/// Columns over time, their quad classes stacked from the calm at the bottom to the loud on top.
pub(super) struct Timeline {
    pub columns: Vec<Column>,
    /// Horizontal lines: position from the top and number.
    pub grid: Vec<(usize, usize)>,
    /// Labels under the columns: position and text.
    pub labels: Vec<(usize, String)>,
    /// Width of a column.
    pub bar: usize,
    /// Height of the columns.
    pub height: usize,
    /// What a column stands for.
    pub unit: &'static str,
    /// The list without its days, when it has any.
    pub out: Option<String>,
}

/// A stretch of time.
pub(super) struct Column {
    pub x: usize,
    /// Its days, in words.
    pub days: String,
    pub parts: Vec<Part>,
    /// Events in all, and of each quad class.
    pub total: usize,
    pub counts: [usize; 4],
    /// What a pointer resting on it shows.
    pub title: String,
    /// Its events.
    pub href: String,
}

/// The events of one quad class in a column.
pub(super) struct Part {
    pub class: &'static str,
    pub y: usize,
    pub height: usize,
}

/// Height of the columns; the template knows the frame around them.
const HEIGHT: usize = 100;
/// Width of the chart.
pub(super) const WIDTH: usize = 1000;
/// Widest distance of two columns.
const MAX_STEP: usize = 40;
/// Columns at most.
const COLUMNS: i32 = 80;

/// What a column stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    /// The finest one in which the days fit.
    fn fitting(first: Date, last: Date) -> Self {
        let days = first.until(last).map_or(i32::MAX, |span| span.get_days());
        match days {
            ..COLUMNS => Self::Day,
            days if days / 7 < COLUMNS => Self::Week,
            days if days / 30 < COLUMNS => Self::Month,
            _ => Self::Year,
        }
    }

    /// First day of the unit that `day` is in.
    fn first(self, day: Date) -> Option<Date> {
        match self {
            Self::Day => Some(day),
            Self::Week => day
                .checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
                .ok(),
            Self::Month => Some(day.first_of_month()),
            Self::Year => Some(day.first_of_year()),
        }
    }

    /// First day of the next unit.
    fn next(self, first: Date) -> Option<Date> {
        let span = match self {
            Self::Day => 1.day(),
            Self::Week => 7.days(),
            Self::Month => 1.month(),
            Self::Year => 1.year(),
        };
        first.checked_add(span).ok()
    }
}

impl Timeline {
    /// The events under `filter`, as columns that lead to `path` under the same filter and `own`. Without days in the filter
    /// it spans the days of the reports: what they tell of other times is background and not shown.
    pub(super) fn of_events(
        page: &Page,
        path: &str,
        filter: &Filter,
        own: &[(&'static str, String)],
        reader: &Reader,
    ) -> Result<Option<Self>, WebError> {
        let mut pairs = bare(filter);
        pairs.extend(own.iter().cloned());
        let stats = reader.stats()?;
        Ok(Self::new(page, path, &pairs, &reader.days(filter)?, &stats))
    }

    /// `None` when there are not two columns to compare.
    pub(super) fn new(
        page: &Page,
        path: &str,
        pairs: &[(&'static str, String)],
        counts: &[DayCount],
        stats: &Stats,
    ) -> Option<Self> {
        let date = |iso: &str| iso.parse::<Date>().ok();
        let asked = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .and_then(|(_, value)| date(value))
        };
        let dated = asked("from").is_some() || asked("to").is_some();
        let bound = |name: &str, report: Option<&String>| {
            asked(name).or_else(|| date(report?).filter(|_| !dated || name == "to"))
        };
        let (from, to) = (bound("from", stats.first.as_ref()), bound("to", stats.last.as_ref()));
        let mut days: BTreeMap<Date, [usize; 4]> = BTreeMap::new();
        for count in counts {
            let quad = Quad::ALL.iter().position(|q| q.as_str() == count.quad);
            let shown = |day: &Date| from.is_none_or(|from| from <= *day) && to.is_none_or(|to| *day <= to);
            if let (Some(day), Some(quad)) = (date(&count.day).filter(shown), quad) {
                days.entry(day).or_default()[quad] += count.events;
            }
        }
        let (&first, &last) = (days.keys().next()?, days.keys().next_back()?);
        let unit = Unit::fitting(first, last);
        let mut bins: BTreeMap<Date, [usize; 4]> = BTreeMap::new();
        for (day, counts) in days {
            let bin = bins.entry(unit.first(day)?).or_default();
            bin.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
        }
        let mut starts = Vec::new();
        let mut start = *bins.keys().next()?;
        while start <= last {
            starts.push(start);
            start = unit.next(start)?;
        }
        // Of more years than fit, the latest.
        let starts = &starts[starts.len().saturating_sub(COLUMNS as usize + 1)..];
        if starts.len() < 2 {
            return None;
        }
        let step = (WIDTH / starts.len()).min(MAX_STEP);
        let top = bins.values().map(|counts| counts.iter().sum()).max()?;
        let mut bare = pairs.to_vec();
        bare.retain(|(key, _)| *key != "from" && *key != "to");
        let column = |(n, start): (usize, &Date)| {
            let counts = bins.get(start)?;
            let last = unit.next(*start)?.checked_sub(1.day()).ok()?;
            Some(column(page, path, &bare, (*start, last), *counts, top, n * step))
        };
        Some(Self {
            columns: starts.iter().enumerate().filter_map(column).collect(),
            grid: grid(top),
            labels: labels(page, unit, starts, step),
            bar: step - step / 8 - usize::from(step > 4),
            height: HEIGHT,
            unit: match unit {
                Unit::Day => page.t.per_day,
                Unit::Week => page.t.per_week,
                Unit::Month => page.t.per_month,
                Unit::Year => page.t.per_year,
            },
            out: dated.then(|| link(path, &bare)),
        })
    }
}

fn column(
    page: &Page,
    path: &str,
    pairs: &[(&'static str, String)],
    (from, to): (Date, Date),
    counts: [usize; 4],
    top: usize,
    x: usize,
) -> Column {
    let total: usize = counts.iter().sum();
    let days = page.ui.interval(&from.to_string(), &to.to_string());
    let mut title = format!("{days}: {total}");
    let (mut below, mut parts) = (0, Vec::new());
    for (quad, n) in Quad::ALL.iter().map(|q| q.as_str()).zip(counts).filter(|(_, n)| *n > 0) {
        let height = |n: usize| n * HEIGHT / top.max(1);
        parts.push(Part {
            class: quad_class(quad),
            y: HEIGHT - height(below + n),
            height: height(below + n) - height(below),
        });
        below += n;
        title.push_str(&format!(" · {} {n}", page.ui.term(quad)));
    }
    let mut pairs = pairs.to_vec();
    pairs.extend([("from", from.to_string()), ("to", to.to_string())]);
    let href = link(path, &pairs);
    Column {
        x,
        days,
        parts,
        total,
        counts,
        title,
        href,
    }
}

/// Round numbers up to `top`, at most three.
fn grid(top: usize) -> Vec<(usize, usize)> {
    let decades = std::iter::successors(Some(1_usize), |n| n.checked_mul(10));
    let step = decades
        .flat_map(|n| [n, 2 * n, 5 * n])
        .find(|step| top / step <= 3)
        .unwrap_or(top.max(1));
    let lines = (1..=top / step).map(|n| (HEIGHT - n * step * HEIGHT / top.max(1), n * step));
    lines.collect()
}

/// Labels where months or years begin; of days, every Monday. Some are left out where they would touch.
fn labels(page: &Page, unit: Unit, starts: &[Date], step: usize) -> Vec<(usize, String)> {
    let told = |start: &Date, n: usize| match unit {
        Unit::Day => start.weekday().to_monday_zero_offset() == 0,
        // The week in which a month begins.
        Unit::Week => start.day() <= 7,
        Unit::Month => start.month() % 3 == 1,
        Unit::Year => n.is_multiple_of(5),
    };
    let mut labels: Vec<(usize, String)> = Vec::new();
    for (n, start) in starts.iter().enumerate().filter(|(n, start)| told(start, *n)) {
        let shown = if unit == Unit::Week {
            start.first_of_month()
        } else {
            *start
        };
        let label = page.ui.axis(shown, unit == Unit::Year);
        if labels.last().is_none_or(|(x, _)| n * step >= x + 56) {
            labels.push((n * step, label));
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(
        counts: &[(&str, &str, usize)],
        first: &str,
        last: &str,
        pairs: &[(&'static str, &str)],
    ) -> Option<Timeline> {
        let headers = [(axum::http::header::ACCEPT_LANGUAGE, "de".parse().unwrap())];
        let page = Page::new(&"/".parse().unwrap(), &headers.into_iter().collect());
        let stats = Stats {
            first: Some(first.to_owned()),
            last: Some(last.to_owned()),
            ..Stats::default()
        };
        let day = |&(day, quad, events): &(&str, &str, usize)| DayCount {
            day: day.into(),
            quad: quad.into(),
            events,
        };
        let pairs: Vec<(&'static str, String)> = pairs.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
        Timeline::new(
            &page,
            "/events",
            &pairs,
            &counts.iter().map(day).collect::<Vec<_>>(),
            &stats,
        )
    }

    const COUNTS: [(&str, &str, usize); 4] = [
        ("2014-03-18", "material-conflict", 90),
        ("2024-06-19", "verbal-cooperation", 3),
        ("2024-06-19", "material-conflict", 1),
        ("2024-07-01", "verbal-conflict", 2),
    ];

    #[test]
    fn columns_stack_and_stand_where_their_days_are() {
        let chart = timeline(&COUNTS, "2024-06-19", "2024-07-03", &[("type", "AID")]).unwrap();
        let seen: Vec<_> = chart
            .columns
            .iter()
            .map(|c| (c.x, c.total, c.parts.iter().map(|p| (p.y, p.height)).collect()))
            .collect();
        let expected: [(usize, usize, Vec<_>); 2] =
            [(0, 4, vec![(25, 75), (0, 25)]), (12 * MAX_STEP, 2, vec![(50, 50)])];
        assert_eq!(seen, expected);
        assert_eq!(chart.columns[0].href, "/events?type=AID&from=2024-06-19&to=2024-06-19");
        assert_eq!(chart.grid, [(50, 2), (0, 4)]);
        assert_eq!(
            chart.labels,
            [
                (5 * MAX_STEP, "24. Juni".to_owned()),
                (12 * MAX_STEP, "Juli".to_owned())
            ]
        );
        assert_eq!(chart.out, None);
    }

    #[test]
    fn days_asked_for_are_shown_though_no_report_is_from_them() {
        let pairs = [("from", "2014-01-01"), ("to", "2024-12-31")];
        let chart = timeline(&COUNTS, "2024-06-19", "2024-07-03", &pairs).unwrap();
        assert_eq!((chart.unit, chart.columns.len()), ("je Jahr", 2));
        assert_eq!(chart.columns[0].href, "/events?from=2014-01-01&to=2014-12-31");
        assert_eq!(chart.out.as_deref(), Some("/events"));
    }

    #[test]
    fn long_times_have_coarse_columns() {
        let unit = |first: &str, last: &str| Unit::fitting(first.parse().unwrap(), last.parse().unwrap());
        assert_eq!(unit("2024-01-01", "2024-03-19"), Unit::Day);
        assert_eq!(unit("2024-01-01", "2024-03-21"), Unit::Week);
        assert_eq!(unit("2024-01-01", "2026-01-01"), Unit::Month);
        assert_eq!(unit("1990-01-01", "2026-01-01"), Unit::Year);
        assert_eq!(unit("-009999-01-01", "9999-12-31"), Unit::Year);
        assert_eq!(grid(1), [(0, 1)]);
        assert_eq!(grid(47).iter().map(|g| g.1).collect::<Vec<_>>(), [20, 40]);
        assert_eq!(grid(160).iter().map(|g| g.1).collect::<Vec<_>>(), [50, 100, 150]);
    }

    #[test]
    fn one_day_is_no_chart_and_strange_days_are_left_out() {
        assert!(timeline(&COUNTS[1..3], "2024-06-19", "2024-06-19", &[]).is_none());
        assert!(timeline(&[("never", "verbal-conflict", 2)], "2024-06-19", "2024-07-19", &[]).is_none());
        assert!(timeline(&[], "-9999-01-01", "9999-12-31", &[]).is_none());
        let ends = [
            ("-9999-01-01", "verbal-conflict", 2),
            ("9999-12-31", "verbal-conflict", 1),
        ];
        let _ = timeline(&ends, "-9999-01-01", "9999-12-31", &[]);
    }
}
