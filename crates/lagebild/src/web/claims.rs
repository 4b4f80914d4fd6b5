//! Claims side by side: by act, and by speaker.

use super::list::{Listing, SPEAKERS, TOPICS};
use super::page::{self, Page};
use super::view::{ActView, PositionView};
use super::{Site, WebError};
use crate::pipeline::Pipeline;
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use lagebild_picture::claims::Record;

/// Acts of a page unless `limit` asks for another number: each comes with all that is said about it.
const ROWS: usize = 20;

/// An act and what is said about it.
struct Topic<'a> {
    act: ActView<'a>,
    positions: Vec<PositionView<'a>>,
}

#[derive(Template)]
#[template(path = "topics.html")]
struct TopicsPage<'a> {
    page: Page,
    listing: Listing,
    rows: Vec<Topic<'a>>,
}

/// `/topics`
pub(super) async fn topics(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let mut filter = TOPICS.page_filter(&page)?;
        if page.asked("limit").is_none() {
            filter.limit = Some(ROWS);
        }
        let found = reader.topics(&filter, &Pipeline::things())?;
        let topics = TopicsPage {
            listing: Listing::new(&page, TOPICS, &filter, reader, (found.rows.len(), found.total))?,
            rows: found
                .rows
                .iter()
                .map(|topic| Topic {
                    act: ActView::new(page.ui, &topic.act),
                    positions: PositionView::all(page.ui, &topic.opinions),
                })
                .collect(),
            page,
        };
        Ok(Html(topics.render()?))
    })
    .await
}

/// A speaker as a row.
struct SpeakerView<'a> {
    row: &'a Record,
    /// The page of one who is known by an id.
    href: Option<String>,
    name: &'a str,
    side: &'a str,
    stances: String,
}

#[derive(Template)]
#[template(path = "speakers.html")]
struct SpeakersPage<'a> {
    page: Page,
    listing: Listing,
    rows: Vec<SpeakerView<'a>>,
}

/// Stances named in a row, the most frequent.
const STANCES: usize = 4;

/// `/speakers`
pub(super) async fn speakers(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let filter = SPEAKERS.page_filter(&page)?;
        let found = reader.speakers(&filter)?;
        let ui = page.ui;
        let stances = |row: &Record| {
            let mut stances: Vec<_> = row.stances.iter().collect();
            stances.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
            let named = stances
                .iter()
                .take(STANCES)
                .map(|(stance, n)| format!("{} {n}", ui.term(stance)));
            named.collect::<Vec<_>>().join(", ")
        };
        let rows: Vec<SpeakerView<'_>> = found
            .rows
            .iter()
            .map(|row| SpeakerView {
                href: row.speaker.contains(':').then(|| page::actor(&row.speaker)),
                name: row
                    .speaker
                    .strip_prefix("country:")
                    .and_then(|key| ui.country(key))
                    .unwrap_or(&row.name),
                side: row.side.as_deref().map_or("", |side| ui.party(side)),
                stances: stances(row),
                row,
            })
            .collect();
        let speakers = SpeakersPage {
            listing: Listing::new(&page, SPEAKERS, &filter, reader, (rows.len(), found.total))?,
            rows,
            page,
        };
        Ok(Html(speakers.render()?))
    })
    .await
}
