//! Pairs: who does how much to whom, and how tense it is between two.

use super::export::{self, Format};
use super::list::{Choose, bare, event_rows, exports};
use super::page::{self, Page, is_key, link};
use super::text::Ui;
use super::view::{EventView, Origin};
use super::{Site, WebError};
use crate::pairs::{alerts, dyad, iso, periods, rows};
use crate::rows::{AlertRow, DyadRow, PeriodRow};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Response};
use jiff::ToSpan as _;
use lagebild_core::Date;
use lagebild_core::codebook::Status;
use lagebild_picture::cluster::day_number;
use lagebild_picture::tension::{Series, Step};
use lagebild_store::{Between, Filter, FilterError, List, PairSum, Ties};

/// Pairs shown at most; exports have all.
const PAIRS: usize = 100;
/// Events shown behind a chart at most.
const BEHIND: usize = 60;
/// Pairs of which bursts are looked for.
pub(super) const JUDGED: usize = 40;
/// Weeks of a spark line.
const SPARK: usize = 26;

/// The sums of a pair as a row.
pub(super) struct DyadView {
    pub row: DyadRow,
    pub actor: String,
    pub recipient: String,
    pub href: String,
    pub first: String,
    pub last: String,
    pub plover: String,
}

impl DyadView {
    pub(super) fn new(ui: Ui, row: DyadRow) -> Self {
        let day = |day: &Option<String>| ui.short_day(day.as_deref().unwrap_or_default());
        Self {
            actor: ui.party(&row.actor).to_owned(),
            recipient: ui.party(&row.recipient).to_owned(),
            href: page::pair(&row.actor, &row.recipient),
            first: day(&row.first),
            last: day(&row.last),
            plover: ui.figure(row.plover),
            row,
        }
    }
}

/// A burst as a row.
pub(super) struct AlertView {
    pub actor: String,
    pub recipient: String,
    pub days: String,
    pub peak: String,
    /// The pair with the acts behind the burst.
    pub href: String,
}

impl AlertView {
    pub(super) fn new(ui: Ui, row: &AlertRow) -> Self {
        let days = [("from", row.from.as_str()), ("to", row.to.as_str())];
        Self {
            actor: ui.party(&row.actor).to_owned(),
            recipient: ui.party(&row.recipient).to_owned(),
            days: ui.interval(&row.from, &row.to),
            peak: ui.figure(row.peak),
            href: link(&page::pair(&row.actor, &row.recipient), &days),
        }
    }
}

/// A pair with its tension over the last weeks.
pub(super) struct Watched {
    pub dyad: DyadView,
    /// The line of its tension in a box of 100 by 24, as SVG points; empty without any.
    pub line: String,
    /// Where what was expected ends, in the same box.
    pub expected: Option<usize>,
    pub index: Option<String>,
    pub alarm: bool,
}

impl Watched {
    /// The pair `a`, `b` in weeks up to the last report.
    pub(super) fn new(ui: Ui, between: &Between<'_>, (a, b): (&str, &str)) -> Result<Self, WebError> {
        let series = between.course(a, b, Step::Week)?;
        let tail = &series.periods[series.periods.len().saturating_sub(SPARK)..];
        let values: Vec<Option<f32>> = tail.iter().map(|p| p.tension).collect();
        let (low, high) = bounds(values.iter().flatten().copied());
        let y = |value: f32| 22 - percent(value, low, high) * 20 / 100;
        let x = |n: usize| n * 100 / tail.len().saturating_sub(1).max(1);
        let points = values
            .iter()
            .enumerate()
            .filter_map(|(n, v)| v.map(|v| format!("{},{}", x(n), y(v))));
        let last = tail.last();
        Ok(Self {
            dyad: DyadView::new(ui, dyad(between, a, b, None)?),
            line: points.collect::<Vec<_>>().join(" "),
            expected: last.and_then(|p| p.expected).map(y),
            index: last.and_then(|p| p.index).map(|v| ui.figure(v)),
            alarm: last.is_some_and(|p| p.alarm),
        })
    }
}

/// The pairs that a visitor watches, or the busiest.
pub(super) fn watched(watched: &[(String, String)], sums: &[PairSum], most: usize) -> Vec<(String, String)> {
    if watched.is_empty() {
        let busiest = sums.iter().take(most);
        busiest
            .map(|pair| (pair.actor.clone(), pair.recipient.clone()))
            .collect()
    } else {
        watched.to_vec()
    }
}

/// The bursts of the busiest pairs since `from`, the highest first.
pub(super) fn bursts(between: &Between<'_>, sums: &[PairSum], from: Option<Date>) -> Result<Vec<AlertRow>, WebError> {
    let mut rows: Vec<AlertRow> = Vec::new();
    for PairSum { actor, recipient, .. } in sums.iter().take(JUDGED) {
        let series = between.course(actor, recipient, Step::Week)?;
        rows.extend(alerts(actor, recipient, &series, from));
    }
    rows.sort_by(|a, b| b.peak.total_cmp(&a.peak));
    Ok(rows)
}

/// The lowest and the highest, and nothing between them and zero.
fn bounds(values: impl Iterator<Item = f32>) -> (f32, f32) {
    values.fold((0.0, 0.0), |(low, high), v| (v.min(low), v.max(high)))
}

/// Where `value` lies between `low` and `high`, in percent.
fn percent(value: f32, low: f32, high: f32) -> usize {
    let share = (value - low) / (high - low).max(f32::EPSILON) * 100.0;
    share.clamp(0.0, 100.0).round() as usize
}

#[derive(Template)]
#[template(path = "pairs.html")]
struct PairsPage {
    page: Page,
    rows: Vec<DyadView>,
    total: usize,
    alarms: Vec<AlertView>,
    from: String,
    to: String,
    country: String,
    exports: Vec<Choose>,
}

/// The filter of the page, which is that of events.
fn filter(page: &Page) -> Result<Filter, WebError> {
    let pairs = page.pairs.iter().filter(|(key, _)| key != "by");
    let filter = Filter::from_pairs(pairs.map(|(k, v)| (k, v)))?;
    filter.check(List::Events)?;
    Ok(filter)
}

/// `/pairs`
pub(super) async fn pairs(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let filter = filter(&page)?;
        let between = reader.between(&filter)?;
        let sums = between.sums(filter.from, None)?;
        let busiest = rows(&sums[..sums.len().min(PAIRS)]).into_iter();
        let pairs = PairsPage {
            total: sums.len(),
            rows: busiest.map(|row| DyadView::new(page.ui, row)).collect(),
            alarms: bursts(&between, &sums, filter.from)?
                .iter()
                .map(|a| AlertView::new(page.ui, a))
                .collect(),
            from: filter.from.map(|d| d.to_string()).unwrap_or_default(),
            to: filter.to.map(|d| d.to_string()).unwrap_or_default(),
            country: page.asked("country").unwrap_or_default().to_owned(),
            exports: exports("/pairs", &bare(&filter)),
            page,
        };
        Ok(Html(pairs.render()?))
    })
    .await
}

/// `/pairs.{format}`
pub(super) async fn export_all(site: Site, page: Page, format: Format) -> Result<Response, WebError> {
    let wanted = filter(&page)?;
    export::stream(site, page, "pairs", format, wanted, move |reader, filter, pipe| {
        let rows = rows(&reader.between(filter)?.sums(filter.from, None)?);
        export::rows(reader, filter, format, |_, _, each| export::all(rows, each), pipe)
    })
    .await
}

/// The length of periods that `page` asks for.
pub(super) fn step(page: &Page) -> Result<Step, WebError> {
    Ok(match page.asked("by") {
        None | Some("week") => Step::Week,
        Some("day") => Step::Day,
        Some("month") => Step::Month,
        Some(other) => {
            let value = other.to_owned();
            return Err(FilterError::UnknownValue { key: "by", value }.into());
        }
    })
}

/// A period in a chart.
struct Point {
    x: usize,
    /// The bar of its tension: from the top, and its height.
    bar: (usize, usize),
    /// Height of what was expected.
    expected: Option<usize>,
    /// CSS class: tension above or below nothing.
    class: &'static str,
    row: PeriodRow,
    days: String,
    tension: String,
    told: String,
    index: String,
    title: String,
    /// The acts behind it.
    href: String,
}

/// How one side does to the other, period by period.
struct Chart {
    actor: String,
    recipient: String,
    points: Vec<Point>,
    /// Width of a bar.
    bar: usize,
    /// Where nothing is.
    zero: usize,
    /// Labels of the tension axis: position and figure.
    grid: Vec<(usize, String)>,
    labels: Vec<(usize, String)>,
    /// What was expected, as points of a line.
    expected: String,
    /// Sums over the periods shown.
    sums: [usize; 4],
    arms: usize,
    untimed: usize,
    alarms: Vec<AlertView>,
    has_index: bool,
}

/// Height of a chart.
const HEIGHT: usize = 120;
/// Periods at most, the latest.
const PERIODS: usize = 200;

impl Chart {
    fn new(page: &Page, (a, b): (&str, &str), series: Series, filter: &Filter, (low, high): (f32, f32)) -> Self {
        let ui = page.ui;
        let alarms = alerts(a, b, &series, filter.from);
        let untimed = series.untimed;
        let mut rows = periods(a, b, series, filter);
        let rows = rows.split_off(rows.len().saturating_sub(PERIODS));
        let step = (super::chart::WIDTH / rows.len().max(1)).clamp(4, 40);
        let y = |value: f32| HEIGHT - percent(value, low, high) * HEIGHT / 100;
        let zero = y(0.0);
        let mut sums = [0; 4];
        let mut arms = 0;
        let point = |(n, row): (usize, PeriodRow)| {
            let p = &row.period;
            let counts = [
                p.verbal_cooperation,
                p.material_cooperation,
                p.verbal_conflict,
                p.material_conflict,
            ];
            sums.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
            arms += p.arms;
            let top = p.tension.map_or(zero, y);
            let figure = |value: Option<f32>| value.map(|v| ui.figure(v)).unwrap_or_default();
            let days = ui.interval(&row.from, &row.to);
            let (tension, told, index) = (figure(p.tension), figure(p.expected), figure(p.index));
            let mut title = format!("{days}: {} {tension}", page.t.tension);
            if !index.is_empty() {
                title.push_str(&format!(", {} {told}, {} {index}", page.t.expected, page.t.index));
            }
            let mut pairs: Vec<(String, String)> = page.pairs.clone();
            pairs.retain(|(key, _)| key != "from" && key != "to");
            pairs.extend([("from".to_owned(), row.from.clone()), ("to".to_owned(), row.to.clone())]);
            Point {
                x: n * step,
                bar: (top.min(zero), top.abs_diff(zero).max(usize::from(p.acts() > 0))),
                expected: p.expected.map(y),
                class: if p.alarm {
                    "alarm"
                } else if top <= zero {
                    "tense"
                } else {
                    "calm"
                },
                title,
                days,
                tension,
                told,
                index,
                href: format!("{}#behind", link(&page::pair(a, b), &pairs)),
                row,
            }
        };
        let points: Vec<Point> = rows.into_iter().enumerate().map(point).collect();
        let line = points
            .iter()
            .filter_map(|p| p.expected.map(|y| format!("{},{y}", p.x + step / 2)));
        Self {
            actor: ui.party(a).to_owned(),
            recipient: ui.party(b).to_owned(),
            expected: line.collect::<Vec<_>>().join(" "),
            has_index: points.iter().any(|p| !p.index.is_empty()),
            bar: step - step / 8 - usize::from(step > 4),
            zero,
            grid: [low, high]
                .iter()
                .filter(|v| **v != 0.0)
                .map(|v| (y(*v), ui.figure(*v)))
                .collect(),
            labels: labels(ui, &points, step),
            alarms: alarms.iter().map(|alert| AlertView::new(ui, alert)).collect(),
            points,
            sums,
            arms,
            untimed,
        }
    }

    /// Acts of any kind in the periods shown.
    fn acts(&self) -> usize {
        self.sums.iter().sum::<usize>() + self.arms
    }

    /// The periods in which something happened or was expected, latest first.
    fn told(&self) -> impl Iterator<Item = &Point> {
        self.points
            .iter()
            .rev()
            .filter(|p| p.row.period.acts() + p.row.period.arms_against > 0)
    }
}

/// The months that begin in the chart, as many as have room.
fn labels(ui: Ui, points: &[Point], step: usize) -> Vec<(usize, String)> {
    let mut labels: Vec<(usize, String)> = Vec::new();
    let mut before: Option<Date> = None;
    for point in points {
        let Ok(month) = point.row.to.parse::<Date>().map(|day| day.first_of_month()) else {
            continue;
        };
        let begins = before.is_none_or(|before| before != month);
        if begins && labels.last().is_none_or(|(x, _)| point.x >= x + 64) && (before.is_some() || step > 12) {
            labels.push((point.x, ui.axis(month, false)));
        }
        before = Some(month);
    }
    labels
}

#[derive(Template)]
#[template(path = "pair.html")]
struct PairPage<'a> {
    page: Page,
    /// Names of the two.
    names: [String; 2],
    actors: [String; 2],
    watched: bool,
    charts: [Chart; 2],
    steps: Vec<Choose>,
    from: String,
    to: String,
    /// The days that are chosen, in words.
    chosen: Option<String>,
    whole: String,
    other: String,
    events: Vec<(bool, EventView<'a>, Origin<'a>)>,
    more: Option<String>,
    exports: Vec<Choose>,
}

/// `/pairs/{a}/{b}`, and `/pairs/{a}/{b}.{format}`
pub(super) async fn pair(
    State(site): State<Site>,
    Path((a, b)): Path<(String, String)>,
    page: Page,
) -> Result<Response, WebError> {
    if let Some((b, format)) = Format::split(&b) {
        return export_one(site, page, a, b.to_owned(), format).await;
    }
    if !is_key(&a) || !is_key(&b) || a == b {
        return Err(WebError::NotFound);
    }
    site.read(move |reader| {
        let (wanted, step, ui) = (filter(&page)?, step(&page)?, page.ui);
        let between = reader.between(&wanted)?;
        let series = [between.series(&a, &b, step)?, between.series(&b, &a, step)?];
        // A chosen stretch of time stands in its surroundings.
        let around = surroundings(&wanted, step);
        let shown = |period: &&lagebild_picture::tension::Period| {
            around.from.is_none_or(|from| period.to >= day_number(from))
                && around.to.is_none_or(|to| period.from <= day_number(to))
        };
        let tensions = series.iter().flat_map(|s| s.periods.iter().filter(shown));
        let bounds = bounds(tensions.flat_map(|p| [p.tension, p.expected]).flatten());
        let [there, back] = series;
        let charts = [
            Chart::new(&page, (a.as_str(), b.as_str()), there, &around, bounds),
            Chart::new(&page, (b.as_str(), a.as_str()), back, &around, bounds),
        ];
        let mut rows = Vec::new();
        let mut total = 0;
        let actual = Filter {
            statuses: vec![Status::Actual],
            // One more tells that there are more.
            limit: Some(BEHIND + 1),
            actors: Vec::new(),
            ..wanted.clone()
        };
        let upon = Filter {
            recipients: Vec::new(),
            ..actual.clone()
        };
        let (there, back) = ((a.as_str(), b.as_str()), (b.as_str(), a.as_str()));
        let lists = [
            (Ties::Upon, there, &upon),
            (Ties::Upon, back, &upon),
            (Ties::Mutual, there, &actual),
        ];
        for (n, (ties, pair, filter)) in lists.into_iter().enumerate() {
            let mut found = reader.tied(ties, pair, filter)?;
            total += found.len();
            found.truncate(BEHIND);
            rows.extend(found.into_iter().map(|row| (n, row)));
        }
        rows.sort_by(|(_, x), (_, y)| {
            y.event
                .date
                .from
                .cmp(&x.event.date.from)
                .then_with(|| x.key.cmp(&y.key))
        });
        rows.dedup_by(|(_, x), (_, y)| x.key == y.key);
        rows.truncate(BEHIND);
        let (sides, rows): (Vec<usize>, Vec<_>) = rows.into_iter().unzip();
        let views = event_rows(ui, &rows);
        let events = sides.into_iter().zip(views).map(|(n, (e, o))| (n == 1, e, o)).collect();
        let own = page::pair(&a, &b);
        let steps = [
            ("day", page.t.step_day),
            ("week", page.t.step_week),
            ("month", page.t.step_month),
        ];
        let current = page.asked("by").unwrap_or("week").to_owned();
        let chosen = wanted.from.zip(wanted.to);
        let country = |key: &str| vec![("country", key.to_owned())];
        let pair = PairPage {
            names: [ui.party(&a).to_owned(), ui.party(&b).to_owned()],
            actors: [&a, &b].map(|key| page::actor(&entity(ui, key))),
            watched: page.watched.contains(&(a.clone(), b.clone())),
            steps: steps
                .into_iter()
                .map(|(name, text)| Choose {
                    text: text.to_owned(),
                    href: page.with("by", name),
                    on: name == current,
                })
                .collect(),
            from: wanted.from.map(|d| d.to_string()).unwrap_or_default(),
            to: wanted.to.map(|d| d.to_string()).unwrap_or_default(),
            chosen: chosen.map(|(from, to)| ui.interval(&from.to_string(), &to.to_string())),
            whole: link(
                &own,
                &page
                    .pairs
                    .iter()
                    .filter(|(k, _)| k == "by")
                    .cloned()
                    .collect::<Vec<_>>(),
            ),
            other: link(&page::pair(&b, &a), &page.pairs),
            more: (total > BEHIND).then(|| link("/events", &[country(&a), country(&b)].concat())),
            exports: exports(
                &own,
                &page
                    .pairs
                    .iter()
                    .map(|(k, v)| (k.as_str(), v.as_str()))
                    .collect::<Vec<_>>(),
            ),
            charts,
            events,
            page,
        };
        Ok(Html(pair.render()?).into_response())
    })
    .await
}

/// The entity id of a key of a side: a state, else an organisation.
fn entity(ui: Ui, key: &str) -> String {
    match ui.country(key) {
        Some(_) => format!("country:{key}"),
        None => format!("org:{key}"),
    }
}

/// The filter with half a year more on each side of the days that are chosen.
fn surroundings(filter: &Filter, step: Step) -> Filter {
    let room = match step {
        Step::Day => 30,
        Step::Week => 180,
        Step::Month => 730,
    };
    Filter {
        from: filter.from.map(|day| day.checked_sub(room.days()).unwrap_or(day)),
        to: filter.to.map(|day| day.checked_add(room.days()).unwrap_or(day)),
        ..filter.clone()
    }
}

/// The periods of a pair, both ways.
async fn export_one(site: Site, page: Page, a: String, b: String, format: Format) -> Result<Response, WebError> {
    if !is_key(&a) || !is_key(&b) || a == b {
        return Err(WebError::NotFound);
    }
    let (wanted, step) = (filter(&page)?, step(&page)?);
    export::stream(site, page, "periods", format, wanted, move |reader, filter, pipe| {
        let between = reader.between(filter)?;
        let mut rows: Vec<PeriodRow> = Vec::new();
        for (a, b) in [(&a, &b), (&b, &a)] {
            rows.extend(periods(a, b, between.series(a, b, step)?, filter));
        }
        export::rows(reader, filter, format, |_, _, each| export::all(rows, each), pipe)
    })
    .await
}

/// The day so many weeks before the last report.
pub(super) fn weeks_before(between: &Between<'_>, weeks: i32) -> Option<Date> {
    iso(between.last_report()? - 7 * weeks).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lie_within_the_box() {
        assert_eq!(bounds([3.0, -1.0].into_iter()), (-1.0, 3.0));
        assert_eq!(
            [(-1.0), 0.0, 3.0, 9.0].map(|v| percent(v, -1.0, 3.0)),
            [0, 25, 100, 100]
        );
        assert_eq!(percent(0.0, 0.0, 0.0), 0);
        assert_eq!(percent(f32::NAN, 0.0, 1.0), 0);
    }
}
