//! The chart of events by week, as numbers that the template draws in SVG.

use super::mark::quad_class;
use super::page::{Page, link};
use jiff::ToSpan as _;
use lagebild_core::Date;
use lagebild_core::codebook::Quad;
use lagebild_store::{Stats, WeekCount};
use std::collections::BTreeMap;

/// A column a week, its quad classes stacked from the calm at the bottom to the loud on top.
pub(super) struct Timeline {
    pub columns: Vec<Column>,
    /// Horizontal lines: position from the top and number.
    pub grid: Vec<(usize, usize)>,
    /// Labels under the columns: position and text.
    pub months: Vec<(usize, String)>,
    pub width: usize,
    /// Width of a column.
    pub bar: usize,
}

/// A week.
pub(super) struct Column {
    pub x: usize,
    pub parts: Vec<Part>,
    /// What a pointer resting on it shows.
    pub title: String,
    /// The events of the week.
    pub href: String,
}

/// The events of one quad class in a week.
pub(super) struct Part {
    pub class: &'static str,
    pub y: usize,
    pub height: usize,
}

/// Height of the columns; the template knows the frame around them.
const HEIGHT: usize = 120;
/// Width of the chart when it is full.
const WIDTH: usize = 1000;
/// Widest distance of two weeks.
const MAX_STEP: usize = 40;
/// Weeks shown at most: the latest two years.
const MAX_WEEKS: usize = 105;

impl Timeline {
    /// The weeks that the reports of the store are from. What they tell of other times is background and not shown.
    ///
    /// `None` when there are not two weeks to compare.
    pub(super) fn new(page: &Page, counts: &[WeekCount], stats: &Stats) -> Option<Self> {
        let date = |iso: &str| iso.parse::<Date>().ok();
        let (first_report, last_report) = (date(stats.first.as_deref()?)?, date(stats.last.as_deref()?)?);
        // The week of the first report began up to six days before it.
        let reported = first_report.checked_sub(6.days()).ok()?..=last_report;
        let mut weeks: BTreeMap<Date, [usize; 4]> = BTreeMap::new();
        for count in counts {
            let quad = Quad::ALL.iter().position(|q| q.as_str() == count.quad);
            if let (Some(week), Some(quad)) = (date(&count.week).filter(|week| reported.contains(week)), quad) {
                weeks.entry(week).or_default()[quad] += count.events;
            }
        }
        let last = *weeks.keys().next_back()?;
        let back = |week: Date| {
            week.until(last)
                .ok()
                .and_then(|span| usize::try_from(span.get_days() / 7).ok())
        };
        weeks.retain(|&week, _| back(week).is_some_and(|n| n < MAX_WEEKS));
        let first = *weeks.keys().next()?;
        let len = back(first)? + 1;
        if len < 2 {
            return None;
        }
        let step = (WIDTH / len).min(MAX_STEP);
        let top = weeks.values().map(|counts| counts.iter().sum()).max()?;
        let column = |(&week, counts): (&Date, &[usize; 4])| {
            Some(column(page, week, counts, top, (len - 1 - back(week)?) * step))
        };
        Some(Self {
            columns: weeks.iter().map(column).collect::<Option<_>>()?,
            grid: grid(top),
            months: months(page, first, last, step, len),
            width: len * step,
            bar: step - step / 8 - 1,
        })
    }
}

fn column(page: &Page, week: Date, counts: &[usize; 4], top: usize, x: usize) -> Column {
    let total: usize = counts.iter().sum();
    let mut title = format!("{}: {total}", page.ui.day(&week.to_string()));
    let (mut below, mut parts) = (0, Vec::new());
    for (quad, &n) in Quad::ALL
        .iter()
        .map(|q| q.as_str())
        .zip(counts)
        .filter(|(_, n)| **n > 0)
    {
        let height = |n: usize| n * HEIGHT / top.max(1);
        parts.push(Part {
            class: quad_class(quad),
            y: HEIGHT - height(below + n),
            height: height(below + n) - height(below),
        });
        below += n;
        title.push_str(&format!(" · {} {n}", page.ui.term(quad)));
    }
    let end = week.checked_add(6.days()).unwrap_or(week);
    let href = link("/events", &[("from", week.to_string()), ("to", end.to_string())]);
    Column { x, parts, title, href }
}

fn grid(top: usize) -> Vec<(usize, usize)> {
    let half = top / 2;
    let mut lines = vec![(0, top)];
    if half > 0 {
        lines.push((HEIGHT - half * HEIGHT / top, half));
    }
    lines
}

/// The months that begin in the chart, or every second and so on when there are many.
fn months(page: &Page, first: Date, last: Date, step: usize, len: usize) -> Vec<(usize, String)> {
    let every = len.div_ceil(60);
    let mut labels = Vec::new();
    let mut month = first.first_of_month();
    let mut n = 0;
    while month <= last {
        if month >= first && n % every == 0 {
            let days = first
                .until(month)
                .ok()
                .and_then(|span| usize::try_from(span.get_days()).ok());
            labels.extend(days.map(|days| (days * step / 7, page.ui.axis(month))));
        }
        n += 1;
        let Ok(next) = month.checked_add(1.month()) else { break };
        month = next;
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(counts: &[(&str, &str, usize)], first: &str, last: &str) -> Option<Timeline> {
        let page = Page::new(&"/".parse().unwrap(), &axum::http::HeaderMap::new());
        let stats = Stats {
            first: Some(first.to_owned()),
            last: Some(last.to_owned()),
            ..Stats::default()
        };
        let week = |&(week, quad, events): &(&str, &str, usize)| WeekCount {
            week: week.into(),
            quad: quad.into(),
            events,
        };
        Timeline::new(&page, &counts.iter().map(week).collect::<Vec<_>>(), &stats)
    }

    #[test]
    fn columns_stack_and_stand_where_their_week_is() {
        let counts = [
            ("2014-03-17", "material-conflict", 90),
            ("2024-06-17", "verbal-cooperation", 3),
            ("2024-06-17", "material-conflict", 1),
            ("2024-07-01", "verbal-conflict", 2),
        ];
        let chart = timeline(&counts, "2024-06-19", "2024-07-03").unwrap();
        let seen: Vec<_> = chart
            .columns
            .iter()
            .map(|c| (c.x, c.parts.iter().map(|p| (p.y, p.height)).collect()))
            .collect();
        let expected: [(usize, Vec<_>); 2] = [(0, vec![(30, 90), (0, 30)]), (2 * MAX_STEP, vec![(60, 60)])];
        assert_eq!(seen, expected);
        assert_eq!(chart.columns[0].href, "/events?from=2024-06-17&to=2024-06-23");
        assert_eq!(chart.grid, [(0, 4), (60, 2)]);
        assert_eq!(chart.months, [(2 * MAX_STEP, "Jul".to_owned())]);
    }

    #[test]
    fn one_week_is_no_chart_and_strange_days_are_left_out() {
        assert!(timeline(&[("2024-06-17", "verbal-conflict", 2)], "2024-06-19", "2024-06-19").is_none());
        assert!(timeline(&[("never", "verbal-conflict", 2)], "2024-06-19", "2024-07-19").is_none());
        assert!(timeline(&[], "-9999-01-01", "9999-12-31").is_none());
        let long = [
            ("1990-01-01", "verbal-conflict", 2),
            ("2024-06-17", "verbal-conflict", 2),
            ("2024-06-24", "verbal-conflict", 1),
        ];
        assert_eq!(timeline(&long, "1980-01-01", "2024-12-31").unwrap().columns.len(), 2);
    }
}
