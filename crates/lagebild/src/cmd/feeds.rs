//! `lagebild feeds`: the feeds of the store and how they do.

use super::list::open;
use super::table::{Column, Writer, count, narrow, wide};
use crate::End;
use crate::cli::{Feeds, FeedsFormat, ListFormat};
use crate::term::{self, Screen};
use lagebild_fetch::subscriptions::to_opml;
use lagebild_store::FeedRow;
use std::io::{BufWriter, Write as _};

pub(super) fn run(args: &Feeds, screen: Screen) -> anyhow::Result<End> {
    let feeds = open(&args.store)?.feeds()?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    if feeds.is_empty() {
        term::note("no feeds: lagebild watch FEEDS takes them in");
    }
    let format = match args.format {
        FeedsFormat::Opml => {
            let watched = feeds.iter().filter(|f| f.watched);
            let opml = to_opml("Lagebild", watched.map(|f| (f.url.as_str(), f.title.as_deref())));
            write!(out, "{opml}")?;
            out.flush()?;
            return Ok(end(&feeds));
        }
        FeedsFormat::Table => ListFormat::Table,
        FeedsFormat::Json => ListFormat::Json,
        FeedsFormat::Jsonl => ListFormat::Jsonl,
        FeedsFormat::Csv => ListFormat::Csv,
    };
    let columns: [Column; 7] = [
        wide("Feed"),
        narrow("State", 12),
        narrow("Last read", 16),
        narrow("Next poll", 16),
        count("Items"),
        count("Waiting"),
        wide("Last failure"),
    ];
    let mut writer = Writer::new::<FeedRow>(out, format, &columns, screen)?;
    for feed in &feeds {
        writer.row(feed, cells)?;
    }
    writer.finish()?;
    Ok(end(&feeds))
}

fn end(feeds: &[FeedRow]) -> End {
    if feeds.is_empty() { End::Nothing } else { End::Fine }
}

/// A feed for people; times to the minute.
fn cells(feed: &FeedRow) -> Vec<String> {
    let minute = |time: &str| time.get(..16).unwrap_or(time).replace('T', " ");
    let name = match &feed.title {
        Some(title) => format!("{title} ({})", feed.url),
        None => feed.url.clone(),
    };
    let state = match feed.failures {
        _ if !feed.watched => "not watched".to_owned(),
        0 if feed.polled_at.is_none() => "new".to_owned(),
        0 => "fine".to_owned(),
        n => format!("failing {n}\u{d7}"),
    };
    vec![
        name,
        state,
        feed.read_at.as_deref().map(minute).unwrap_or_default(),
        if feed.watched {
            minute(&feed.next_poll)
        } else {
            String::new()
        },
        feed.items.to_string(),
        feed.waiting.to_string(),
        feed.reason.clone().unwrap_or_default(),
    ]
}
