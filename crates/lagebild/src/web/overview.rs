//! The overview: what is new, what is tense, what came last.

use super::list::{ReportRow, agreement_rows};
use super::map::{self, Picture};
use super::page::{Page, read_pairs};
use super::pair::{AlertView, Watched, bursts, watched, weeks_before};
use super::view::{ActView, AgreementView, Origin, PositionView};
use super::{Site, WebError};
use crate::pipeline::Pipeline;
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use lagebild_core::Date;
use lagebild_store::{Choice, Filter, List, Stats};
use std::ops::ControlFlow;

/// Rows of each short list.
const LATEST: usize = 7;
/// Pairs shown when none is watched.
const BUSIEST: usize = 6;
/// Weeks before the last report in which pairs are busy and acts disputed.
const WEEKS: i32 = 60;
/// Weeks in which bursts are news.
const NEWS: i32 = 12;

/// What came into the store since a time.
struct News {
    /// In words.
    since: String,
    /// In links.
    added: String,
    documents: usize,
    events: usize,
    claims: usize,
    agreements: usize,
}

/// An act with what is said for and against it.
struct Dispute<'a> {
    act: ActView<'a>,
    positions: Vec<PositionView<'a>>,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview<'a> {
    page: Page,
    stats: Stats,
    first: String,
    last: String,
    news: Option<News>,
    watched: Vec<Watched>,
    bursts: Vec<AlertView>,
    acts: Vec<ActView<'a>>,
    disputes: Vec<Dispute<'a>>,
    agreements: Vec<(AgreementView<'a>, Origin<'a>)>,
    stories: Vec<Running>,
    documents: Vec<ReportRow<'a>>,
    /// Where it happens.
    map: Option<Picture>,
    world: String,
}

/// A story as a row.
struct Running {
    href: String,
    title: String,
    days: String,
    reports: usize,
    actors: String,
}

/// `/`; `since=` asks what is new since a day or time, `pairs=RUS:UKR.PRK:KOR` for the tension of these.
pub(super) async fn overview(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let ui = page.ui;
        let latest = Filter {
            limit: Some(LATEST),
            ..Filter::default()
        };
        let stats = reader.stats()?;
        let last: Option<Date> = stats.last.as_deref().and_then(|day| day.parse().ok());
        // Plans may lie years ahead; the latest are those up to the latest report.
        let past = Filter {
            to: last,
            ..latest.clone()
        };
        let between = reader.between(&Filter::default())?;
        let recent = weeks_before(&between, WEEKS);
        let sums = between.sums(recent, None)?;
        let asked = page.asked("pairs").map(read_pairs);
        let pairs = watched(asked.as_deref().unwrap_or(&page.watched), &sums, BUSIEST);
        let things = Pipeline::things();
        let mut acts = Vec::new();
        reader.each_cluster(&past, Choice::default(), &things, |act| {
            acts.push(act);
            ControlFlow::Continue(())
        })?;
        let topics = reader
            .topics(
                &Filter {
                    from: recent,
                    limit: Some(4),
                    ..Filter::default()
                },
                &things,
            )?
            .rows;
        let agreements = reader.agreements(&latest)?.rows;
        let stories = reader
            .stories(&Filter {
                limit: Some(5),
                ..Filter::default()
            })?
            .rows;
        let documents = reader.documents(&latest)?.rows;
        let overview = Overview {
            first: ui.short_day(stats.first.as_deref().unwrap_or_default()),
            last: ui.day(stats.last.as_deref().unwrap_or_default()),
            stats,
            news: news(&page, reader)?,
            map: map::of_all(&page, reader)?,
            world: super::world_address(),
            watched: pairs
                .iter()
                .map(|(a, b)| Watched::new(ui, &between, (a.as_str(), b.as_str())))
                .collect::<Result<_, _>>()?,
            bursts: bursts(&between, &sums, weeks_before(&between, NEWS))?
                .iter()
                .take(LATEST)
                .map(|alert| AlertView::new(ui, alert))
                .collect(),
            acts: acts.iter().map(|row| ActView::new(ui, row)).collect(),
            disputes: topics
                .iter()
                .map(|topic| Dispute {
                    act: ActView::new(ui, &topic.act),
                    positions: PositionView::all(ui, &topic.opinions),
                })
                .collect(),
            agreements: agreement_rows(ui, &agreements),
            stories: stories
                .into_iter()
                .map(|s| Running {
                    href: super::page::story(&s.key),
                    title: s.title.unwrap_or_else(|| page.t.untitled.to_owned()),
                    days: ui.interval(&s.first.unwrap_or_default(), &s.last.unwrap_or_default()),
                    reports: s.reports.len(),
                    actors: s.actors.join(", "),
                })
                .collect(),
            documents: documents.iter().map(|row| ReportRow::new(ui, row)).collect(),
            page,
        };
        Ok(Html(overview.render()?))
    })
    .await
}

/// What is new since the time that the page asks for, else since the last visit.
fn news(page: &Page, reader: &lagebild_store::Reader) -> Result<Option<News>, WebError> {
    let added = match (page.asked("since"), page.last_visit) {
        (Some(since), _) => since.to_owned(),
        (None, Some(visit)) => visit.to_string(),
        (None, None) => return Ok(None),
    };
    let filter = Filter {
        limit: Some(1),
        ..Filter::from_pairs([("added", &added)])?
    };
    let day = added.get(..10).unwrap_or(&added);
    Ok(Some(News {
        since: page.ui.short_day(day),
        documents: reader.documents(&filter)?.total,
        events: reader.events(&filter)?.total,
        claims: reader.claims(&filter.for_list(List::Claims))?.total,
        agreements: reader.agreements(&filter.for_list(List::Agreements))?.total,
        added,
    }))
}
