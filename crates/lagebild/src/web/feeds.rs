//! `/feeds`: the feeds of the store, how they do, and what of all that came in could not be read.

use super::page::Page;
use super::{Site, WebError};
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use lagebild_store::{FailedRow, FeedRow, Stats};

/// Failed inputs shown.
const FAILED: usize = 50;

/// A feed as the page shows it.
struct FeedView {
    name: String,
    url: String,
    state: String,
    /// CSS class of the state.
    class: &'static str,
    read_at: String,
    next_poll: String,
    items: usize,
    waiting: usize,
    reason: Option<String>,
}

impl FeedView {
    fn new(page: &Page, feed: FeedRow) -> Self {
        let t = page.t;
        let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let (state, class) = match feed.failures {
            _ if !feed.watched => (t.feed_rests.to_owned(), "rests"),
            0 if feed.polled_at.is_none() => (t.feed_new.to_owned(), "new"),
            0 => (t.feed_fine.to_owned(), "fine"),
            n => (format!("{} {n}×", t.feed_fails), "fails"),
        };
        Self {
            name: feed.title.unwrap_or_else(|| feed.url.clone()),
            state,
            class,
            read_at: feed.read_at.as_deref().map(minute).unwrap_or_default(),
            next_poll: if feed.watched {
                minute(&feed.next_poll)
            } else {
                String::new()
            },
            items: count(feed.items),
            waiting: count(feed.waiting),
            reason: feed.reason,
            url: feed.url,
        }
    }
}

/// A time to the minute, UTC.
pub(super) fn minute(time: &str) -> String {
    time.get(..16).unwrap_or(time).replace('T', " ")
}

#[derive(Template)]
#[template(path = "feeds.html")]
struct FeedsPage {
    page: Page,
    stats: Stats,
    feeds: Vec<FeedView>,
    count: usize,
    failed: Vec<(FailedRow, String)>,
}

/// `/feeds`
pub(super) async fn feeds(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let failed = reader.failed(FAILED)?.into_iter().map(|row| {
            let when = minute(&row.received_at);
            (row, when)
        });
        let feeds = reader.feeds()?;
        let feeds = FeedsPage {
            stats: reader.stats()?,
            count: feeds.len(),
            feeds: feeds.into_iter().map(|feed| FeedView::new(&page, feed)).collect(),
            failed: failed.collect(),
            page,
        };
        Ok(Html(feeds.render()?))
    })
    .await
}
