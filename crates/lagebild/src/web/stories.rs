//! The list of stories.

use super::list::{Listing, STORIES};
use super::page::{self, Page};
use super::{Site, WebError};
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use lagebild_core::Date;
use lagebild_store::StoryRow;

/// A story as a row.
struct StoryView<'a> {
    row: &'a StoryRow,
    href: String,
    title: &'a str,
    days: String,
    /// Days from the first to the last report, counting both.
    length: i32,
    /// Its place between the first and the last day of the rows, in percent: begin and width.
    span: (usize, usize),
}

#[derive(Template)]
#[template(path = "stories.html")]
struct StoriesPage<'a> {
    page: Page,
    listing: Listing,
    rows: Vec<StoryView<'a>>,
}

/// First and last day of a story.
fn days(row: &StoryRow) -> Option<(Date, Date)> {
    Some((row.first.as_deref()?.parse().ok()?, row.last.as_deref()?.parse().ok()?))
}

fn between(a: Date, b: Date) -> i32 {
    a.until(b).map_or(0, |span| span.get_days())
}

/// `/stories`
pub(super) async fn stories(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let filter = STORIES.page_filter(&page)?;
        let found = reader.stories(&filter)?;
        let all = || found.rows.iter().filter_map(days);
        let first = all().map(|d| d.0).min().unwrap_or_default();
        let whole = all().map(|d| between(first, d.1)).max().unwrap_or_default().max(1);
        let share = |days: i32| usize::try_from(days * 100 / whole).unwrap_or_default();
        let view = |row| {
            let (begin, end) = days(row).unwrap_or((first, first));
            let at = share(between(first, begin));
            StoryView {
                href: page::story(&row.key),
                title: row.title.as_deref().unwrap_or(page.t.untitled),
                days: page.ui.interval(
                    row.first.as_deref().unwrap_or_default(),
                    row.last.as_deref().unwrap_or_default(),
                ),
                length: between(begin, end) + 1,
                span: (at.min(99), share(between(begin, end)).max(1)),
                row,
            }
        };
        let stories = StoriesPage {
            listing: Listing::new(&page, STORIES, &filter, reader, (found.rows.len(), found.total))?,
            rows: found.rows.iter().map(view).collect(),
            page,
        };
        Ok(Html(stories.render()?))
    })
    .await
}
