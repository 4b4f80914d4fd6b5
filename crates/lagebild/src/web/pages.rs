//! The pages of single things that are no lists: report, act, story; search.

use super::list::DOCUMENTS;
use super::mark::{Paragraph, paragraphs};
use super::page::{Page, link, report, story as story_path};
use super::view::{ActView, PositionView, ReportView, TellingView, marked};
use super::{Site, WebError};
use crate::pipeline::Pipeline;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use lagebild_store::{DocumentRow, Filter, Hit, Reader, StoryReport, StoryRow};

#[derive(Template)]
#[template(path = "document.html")]
struct Document<'a> {
    page: Page,
    row: &'a DocumentRow,
    day: String,
    lang: &'a str,
    /// The headline stands in the text and needs no place of its own.
    headline_in_text: bool,
    title: &'a str,
    paragraphs: Vec<Paragraph<'a>>,
    report: ReportView<'a>,
    notes: &'a [lagebild_core::wire::NoteRecord],
    engine: &'a lagebild_core::wire::Engine,
    /// The reports that copy it, or that it copies: address, day, source or headline.
    copies: Vec<(String, String, String)>,
    /// The story that it is part of: address, headline, number of reports.
    story: Option<(String, String, usize)>,
}

/// A filter for one report.
fn of_report(id: &str) -> Filter {
    Filter {
        documents: vec![id.to_owned()],
        ..Filter::default()
    }
}

/// The reports that copy report `id`, or that it copies.
fn copies(page: &Page, reader: &Reader, id: &str) -> Result<Vec<(String, String, String)>, WebError> {
    let families = reader.families(&of_report(id))?.rows;
    let copies = families.into_iter().flat_map(|family| family.copies);
    let others = copies.map(|copy| copy.document).filter(|document| document.id != id);
    let shown = others.map(|d| {
        let day = page.ui.short_day(d.published.as_deref().unwrap_or_default());
        (report(&d.id), day, d.source.or(d.title).unwrap_or(d.id))
    });
    Ok(shown.collect())
}

/// `/documents/{id}`, and `/documents/{id}.json` for the record as it was made.
pub(super) async fn document(
    State(site): State<Site>,
    Path(id): Path<String>,
    page: Page,
) -> Result<axum::response::Response, WebError> {
    use axum::response::IntoResponse as _;
    site.read(move |reader| {
        let Some(stored) = reader.document(&id)? else {
            // An id may itself end in .json, so the report with the whole id comes first.
            let json = id
                .strip_suffix(".json")
                .map(|id| reader.record_json(id))
                .transpose()?
                .flatten();
            let json = json.ok_or(WebError::NotFound)?;
            return Ok((
                [(axum::http::header::CONTENT_TYPE, "application/json; charset=utf-8")],
                json,
            )
                .into_response());
        };
        let record = &stored.record;
        let lang = lagebild_core::Lang::from_code(&record.lang).unwrap_or(lagebild_core::Lang::De);
        let hits = match page.words() {
            "" => Vec::new(),
            q => reader.marks(q, &record.text, lang)?,
        };
        let paragraphs = paragraphs(record, &hits);
        let document = Document {
            row: &stored.row,
            day: page.ui.day(record.published.as_deref().unwrap_or_default()),
            lang: &record.lang,
            headline_in_text: paragraphs.iter().any(|p| p.headline),
            title: record.title.as_deref().unwrap_or(page.t.untitled),
            paragraphs,
            report: ReportView::new(&page, record),
            notes: &record.notes,
            engine: &record.engine,
            copies: copies(&page, reader, &record.id)?,
            story: reader.stories(&of_report(&record.id))?.rows.pop().map(|s| {
                let title = s.title.unwrap_or_else(|| page.t.untitled.to_owned());
                (story_path(&s.key), title, s.reports.len())
            }),
            page,
        };
        Ok(Html(document.render()?).into_response())
    })
    .await
}

#[derive(Template)]
#[template(path = "cluster.html")]
struct ClusterPage<'a> {
    page: Page,
    act: ActView<'a>,
    tellings: Vec<TellingView<'a>>,
    positions: Vec<PositionView<'a>>,
}

/// `/clusters/{key}`: the act that an event tells, with all reports on it; `/clusters/{key}.json` for programs.
pub(super) async fn cluster(
    State(site): State<Site>,
    Path(key): Path<String>,
    page: Page,
) -> Result<axum::response::Response, WebError> {
    use axum::response::IntoResponse as _;
    site.read(move |reader| {
        // An id may itself hold a # or end in .json; an event's never does.
        let (document, event) = key.rsplit_once('#').ok_or(WebError::NotFound)?;
        let (event, json) = match event.strip_suffix(".json") {
            Some(event) => (event, true),
            None => (event, false),
        };
        let things = Pipeline::things();
        let row = reader.cluster(document, event, &things)?.ok_or(WebError::NotFound)?;
        if json {
            let body = serde_json::to_string(&row)?;
            return Ok((
                [(axum::http::header::CONTENT_TYPE, "application/json; charset=utf-8")],
                body,
            )
                .into_response());
        }
        let opinions = reader.opinions(&of_report(document), Some(event))?;
        let cluster = ClusterPage {
            act: ActView::new(page.ui, &row),
            tellings: TellingView::all(page.ui, &row.tellings),
            positions: PositionView::all(page.ui, &opinions),
            page,
        };
        Ok(Html(cluster.render()?).into_response())
    })
    .await
}

/// A report of a story.
struct Chapter<'a> {
    report: &'a StoryReport,
    href: String,
    day: String,
    /// Likeness with the one that it continues, in percent.
    alike: Option<String>,
    /// The headline of that one, and where it stands on the page.
    continues: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "story.html")]
struct StoryPage<'a> {
    page: Page,
    story: &'a StoryRow,
    title: &'a str,
    days: String,
    chapters: Vec<Chapter<'a>>,
    acts: Vec<ActView<'a>>,
}

/// Acts of a story at most.
const STORY_ACTS: usize = 40;

/// `/stories/{id}`: the story that a report is part of.
pub(super) async fn story(
    State(site): State<Site>,
    Path(id): Path<String>,
    page: Page,
) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let row = reader.stories(&of_report(&id))?.rows.pop().ok_or(WebError::NotFound)?;
        let mut reports: Vec<String> = row.reports.iter().map(|r| r.document.id.clone()).collect();
        // SQLite takes some thousands of values a statement.
        reports.truncate(500);
        let told = Filter {
            documents: reports,
            limit: Some(STORY_ACTS),
            sort: lagebild_store::Sort::Newest,
            ..Filter::default()
        };
        let acts = reader
            .clusters(&told, lagebild_store::Choice::default(), &Pipeline::things())?
            .rows;
        let title = |id: &str| {
            let found = row.reports.iter().find(|r| r.document.id == id)?;
            Some(
                found
                    .document
                    .title
                    .clone()
                    .unwrap_or_else(|| page.t.untitled.to_owned()),
            )
        };
        let chapters = row.reports.iter().map(|told| Chapter {
            href: report(&told.document.id),
            day: page
                .ui
                .short_day(told.document.published.as_deref().unwrap_or_default()),
            alike: told.alike.map(|alike| format!("{:.0} %", alike * 100.0)),
            continues: told.continues.as_deref().and_then(|id| Some((title(id)?, report(id)))),
            report: told,
        });
        let story = StoryPage {
            title: row.title.as_deref().unwrap_or(page.t.untitled),
            days: page.ui.interval(
                row.first.as_deref().unwrap_or_default(),
                row.last.as_deref().unwrap_or_default(),
            ),
            chapters: chapters.collect(),
            acts: acts.iter().map(|row| ActView::new(page.ui, row)).collect(),
            story: &row,
            page: page.clone(),
        };
        Ok(Html(story.render()?))
    })
    .await
}

/// A hit of a search.
struct HitView<'a> {
    hit: &'a Hit,
    href: String,
    day: String,
    title: Vec<(bool, &'a str)>,
    words: Vec<(bool, &'a str)>,
}

impl<'a> HitView<'a> {
    fn new(page: &Page, hit: &'a Hit) -> Self {
        let Hit {
            document,
            title_marks,
            snippet,
            ..
        } = hit;
        Self {
            hit,
            href: format!("{}#hit-1", link(&report(&document.id), &[("q", page.words())])),
            day: page.ui.short_day(document.published.as_deref().unwrap_or_default()),
            title: marked(document.title.as_deref().unwrap_or(page.t.untitled), title_marks),
            words: marked(&snippet.text, &snippet.marks),
        }
    }
}

#[derive(Template)]
#[template(path = "search.html")]
struct Search<'a> {
    page: Page,
    q: String,
    hits: Vec<HitView<'a>>,
    total: usize,
    prev: Option<String>,
    next: Option<String>,
    json: String,
}

/// `/search?q=`
pub(super) async fn search(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let filter = DOCUMENTS.page_filter(&page)?;
        let Some(q) = filter.q.clone() else {
            let json = String::new();
            let empty = Search {
                page,
                q: String::new(),
                hits: Vec::new(),
                total: 0,
                prev: None,
                next: None,
                json,
            };
            return Ok(Html(empty.render()?));
        };
        let found = reader.search(&filter)?;
        let at = |offset: usize| page.with("offset", &offset.to_string());
        let after = filter.offset + found.rows.len();
        let back = filter.offset.saturating_sub(filter.limit.unwrap_or(filter.offset));
        let search = Search {
            hits: found.rows.iter().map(|hit| HitView::new(&page, hit)).collect(),
            total: found.total,
            prev: (filter.offset > 0).then(|| at(back)),
            next: (after < found.total && !found.rows.is_empty()).then(|| at(after)),
            json: link("/search.json", &page.pairs),
            q,
            page,
        };
        Ok(Html(search.render()?))
    })
    .await
}
