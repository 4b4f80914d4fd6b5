//! The items of a feed: which is which, where its page is, what the feed itself says of it.
//!
//! Ids of feeds are not to be trusted: publishers give one id to many items, and a new id to an item whose headline
//! changed. So an item is known by the page behind it; only where items of a feed share a page (a live ticker, links to
//! the front page) or have none, the id tells them apart, and where ids are shared as well, headline and words.

use lagebild_fetch::{Url, host, plain};
use lagebild_ingest::content_id;
use lagebild_ingest::feed::{Feed, FeedItem};
use lagebild_store::{DueItem, SeenItem};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What a feed says of an item: a line of JSON as `read --input jsonl` takes it, so that it can be read as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    /// Given to the report when it is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) published: Option<String>,
    /// For changes that show nowhere else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) updated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) html: Option<String>,
}

/// The items of `feed`, which was found at `base`. With `full_text`, the pages behind them are to be read.
pub(super) fn seen(feed: &Feed, base: &Url, full_text: bool) -> Vec<SeenItem> {
    let pages: Vec<Option<Url>> = feed.items.iter().map(|item| page(item, base)).collect();
    let ladders: Vec<Vec<String>> = feed
        .items
        .iter()
        .zip(&pages)
        .map(|(i, p)| names(i, p.as_ref()))
        .collect();
    let mut bearers = HashMap::<&str, usize>::new();
    for name in ladders.iter().flatten() {
        *bearers.entry(name).or_default() += 1;
    }
    let told = |item: &FeedItem, page: Option<&Url>| Told {
        id: None,
        url: page.map(ToString::to_string),
        title: item.title.clone(),
        published: item.published.map(|m| m.day.to_string()),
        updated: item.updated.and_then(|m| m.at).map(|at| at.to_string()),
        html: item.html().map(str::to_owned),
    };
    let items = feed.items.iter().zip(&pages).zip(&ladders);
    items
        .filter_map(|((item, page), names)| {
            // The last name holds all that the feed says: who shares it is the same.
            let key = names.iter().find(|name| bearers[name.as_str()] == 1).or(names.last())?;
            let own_page = page.as_ref().filter(|page| full_text && key == page.as_str());
            Some(SeenItem {
                key: key.clone(),
                page: own_page.map(|page| (page.to_string(), host(page))),
                content: serde_json::to_vec(&told(item, page.as_ref())).ok()?,
            })
        })
        .collect()
}

/// The address of the page behind an item, without what tells where a reader came from.
fn page(item: &FeedItem, base: &Url) -> Option<Url> {
    let url = base.join(item.url.as_deref()?.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| plain(url))
}

/// Names for an item, from the one that holds longest to the one that tells apart most.
fn names(item: &FeedItem, page: Option<&Url>) -> Vec<String> {
    let page = page.map(Url::as_str);
    let by_id = format!("{}\n{}", page.unwrap_or_default(), item.id);
    let by_title = format!("{by_id}\n{}", item.title.as_deref().unwrap_or_default());
    let by_words = format!("{by_title}\n{}", content_id(item.html().unwrap_or_default()));
    page.map(str::to_owned)
        .into_iter()
        .chain([by_id, by_title, by_words])
        .collect()
}

/// The id of the report made of an item: that of its page where it has one of its own, so that the same page is one
/// report whatever feed leads to it.
pub(super) fn document_id(item: &DueItem) -> String {
    if item.key.contains('\n') {
        content_id(&format!("{}\n{}", item.feed, item.key)).to_string()
    } else {
        content_id(&item.key).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_ingest::feed::parse_feed;

    const BASE: &str = "https://news.example/politik/feed.xml";

    fn items(entries: &[(&str, &str, &str)]) -> Vec<SeenItem> {
        let entries: String = entries
            .iter()
            .map(|(guid, link, title)| {
                format!("<item><guid>{guid}</guid><link>{link}</link><title>{title}</title><description>x</description></item>")
            })
            .collect();
        let rss = format!("<rss version=\"2.0\"><channel><title>N</title>{entries}</channel></rss>");
        let feed = parse_feed(rss.as_bytes(), None).unwrap();
        seen(&feed, &Url::parse(BASE).unwrap(), true)
    }

    fn keys(items: &[SeenItem]) -> Vec<&str> {
        items.iter().map(|i| i.key.as_str()).collect()
    }

    #[test]
    fn ten_items_with_one_guid_are_ten_items() {
        let links: Vec<String> = (0..10).map(|n| format!("/a/{n}")).collect();
        let entries: Vec<_> = links.iter().map(|l| ("same", l.as_str(), "T")).collect();
        let items = items(&entries);
        assert_eq!(items.len(), 10);
        assert_eq!(items[3].key, "https://news.example/a/3");
        assert_eq!(
            items[3].page,
            Some(("https://news.example/a/3".to_owned(), "news.example".to_owned()))
        );
    }

    #[test]
    fn a_new_guid_or_headline_is_no_new_item() {
        let before = items(&[("1", "https://news.example/a?utm_source=rss#top", "Old")]);
        let after = items(&[("1-rev2", "https://news.example/a", "New")]);
        assert_eq!(keys(&before), keys(&after));
        assert_ne!(before[0].content, after[0].content, "it is a changed one");
    }

    #[test]
    fn items_that_share_a_page_are_told_apart_and_read_from_the_feed() {
        let shared = items(&[
            ("1", "/ticker#1", "A"),
            ("2", "/ticker#2", "B"),
            ("same", "/", "C"),
            ("same", "/", "D"),
            ("same", "/", "D"),
        ]);
        assert_eq!(
            keys(&shared)[..3],
            [
                "https://news.example/ticker\n1",
                "https://news.example/ticker\n2",
                "https://news.example/\nsame\nC"
            ]
        );
        assert_eq!(shared[3].key, shared[4].key, "twice the same");
        assert!(shared.iter().all(|i| i.page.is_none()));
        let without = items(&[("1", "javascript:alert(1)", "A"), ("2", "", "B")]);
        assert_eq!(keys(&without), ["\n1", "\n2"]);
    }
}
