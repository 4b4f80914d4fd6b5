//! Overview, report, search.

use super::chart::Timeline;
use super::list::{ActorView, Origin, ReportRow, agreement_rows, claim_rows, event_rows, page_filter};
use super::mark::{Paragraph, paragraphs, quad_class};
use super::page::{Page, link, report};
use super::text::Ui;
use super::view::{AgreementView, ClaimView, EventView, ReportView, marked};
use super::{Site, WebError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use lagebild_store::{DocumentRow, Filter, Hit, List, Stats};

/// Rows of each short list on the overview.
const LATEST: usize = 8;

/// A horizontal bar with its number.
struct Bar {
    text: String,
    class: &'static str,
    count: usize,
    /// Of the longest bar, in percent.
    width: usize,
    href: String,
}

/// Bars for `counts`; `class` gives the colour of a value.
fn bars(ui: Ui, key: &str, counts: Vec<(String, usize)>, class: impl Fn(&str) -> &'static str) -> Vec<Bar> {
    let longest = counts.iter().map(|c| c.1).max().unwrap_or(1).max(1);
    let bar = |(value, count): (String, usize)| Bar {
        text: ui.term(&value).to_owned(),
        class: class(&value),
        count,
        width: (count * 100).div_ceil(longest),
        href: link("/events", &[(key, &value)]),
    };
    counts.into_iter().map(bar).collect()
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview<'a> {
    page: Page,
    stats: Stats,
    first: String,
    last: String,
    quads: Vec<Bar>,
    types: Vec<Bar>,
    timeline: Option<Timeline>,
    events: Vec<(EventView<'a>, Origin<'a>)>,
    claims: Vec<(ClaimView<'a>, Origin<'a>)>,
    agreements: Vec<(AgreementView<'a>, Origin<'a>)>,
    actors: Vec<ActorView<'a>>,
    documents: Vec<ReportRow<'a>>,
}

/// `/`
pub(super) async fn overview(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let ui = page.ui;
        let latest = Filter {
            limit: Some(LATEST),
            ..Filter::default()
        };
        let stats = reader.stats()?;
        let quads = reader.facet(List::Events, "quad", &Filter::default())?;
        let types = reader.facet(List::Events, "type", &Filter::default())?;
        let type_class =
            |kind: &str| lagebild_core::codebook::EventType::parse(kind).map_or("", |k| quad_class(k.quad().as_str()));
        let timeline = Timeline::new(&page, &reader.weeks(&Filter::default())?, &stats);
        // Plans may lie years ahead; the latest are those up to the latest report.
        let past = Filter {
            to: stats.last.as_deref().and_then(|day| day.parse().ok()),
            ..latest.clone()
        };
        let events = reader.events(&past)?;
        let claims = reader.claims(&latest)?;
        let agreements = reader.agreements(&latest)?;
        let actors = reader.actors(&latest)?;
        let documents = reader.documents(&latest)?;
        let overview = Overview {
            first: ui.day(stats.first.as_deref().unwrap_or_default()),
            last: ui.day(stats.last.as_deref().unwrap_or_default()),
            stats,
            quads: bars(ui, "quad", quads, quad_class),
            types: bars(ui, "type", types, type_class),
            timeline,
            events: event_rows(ui, &events.rows),
            claims: claim_rows(ui, &claims.rows),
            agreements: agreement_rows(ui, &agreements.rows),
            actors: actors
                .rows
                .iter()
                .map(|row| ActorView::new(ui, row, &Filter::default()))
                .collect(),
            documents: documents.rows.iter().map(|row| ReportRow::new(ui, row)).collect(),
            page,
        };
        Ok(Html(overview.render()?))
    })
    .await
}

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
            page,
        };
        Ok(Html(document.render()?).into_response())
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
            day: page.ui.day(document.published.as_deref().unwrap_or_default()),
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
        let filter = page_filter(&page, List::Documents)?;
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
