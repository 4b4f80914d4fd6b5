//! Feeds: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed.
//!
//! Feeds in the field are dirty: a bare `&`, a tag that is never closed, a file cut off in transfer, a wrong charset
//! label, a number where a text belongs. None of that may cost the items that are whole, so there is one tolerant
//! reader for clean and dirty feeds alike: it decodes by itself, works item by item, and reports what it left out.
//! Document types are passed over; entities are the named characters of HTML and nothing else.

mod json;
mod moment;
mod xml;

pub use moment::Moment;

use crate::encoding::{Decoded, decode_labelled};
use crate::error::Error;
use crate::squeezed;
use lagebild_core::Limit;

/// The family of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FeedKind {
    /// RSS 0.91 to 2.0.
    Rss,
    /// RSS 0.9, 1.0 and others in RDF.
    Rdf,
    /// Atom 0.3 and 1.0.
    Atom,
    /// JSON Feed.
    Json,
}

/// A feed with the items that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its name.
    pub title: Option<String>,
    /// Its family.
    pub kind: FeedKind,
    /// The site that it belongs to, as written; may be relative.
    pub site: Option<String>,
    /// Language tag as written (`de-DE`).
    pub lang: Option<String>,
    /// Its items in the order of the feed.
    pub items: Vec<FeedItem>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// Name of the encoding that it was decoded from.
    pub encoding: &'static str,
}

/// An item of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedItem {
    /// `guid` or `id`, else the address, else the title. Publishers repeat and change ids: two items may share one.
    pub id: String,
    /// Address of the article, as written; may be relative to the feed's own address.
    pub url: Option<String>,
    /// Headline, without markup.
    pub title: Option<String>,
    /// When it was published, as the feed claims.
    pub published: Option<Moment>,
    /// When it was changed, as the feed claims.
    pub updated: Option<Moment>,
    /// The summary as HTML.
    pub summary_html: Option<String>,
    /// The full text as HTML, in feeds that bring it.
    pub content_html: Option<String>,
    /// Names of the authors.
    pub authors: Vec<String>,
    /// Language tag of the item, as written.
    pub lang: Option<String>,
}

impl FeedItem {
    /// The longest text that the feed has of the item: its full text, else its summary.
    #[must_use]
    pub fn html(&self) -> Option<&str> {
        self.content_html.as_deref().or(self.summary_html.as_deref())
    }

    /// Whether it says anything at all.
    fn is_empty(&self) -> bool {
        self.url.is_none() && self.title.is_none() && self.html().is_none()
    }

    /// With its id where it has none of its own.
    fn named(mut self) -> Self {
        if self.id.is_empty() {
            let stand_in = self.url.as_ref().or(self.title.as_ref());
            self.id = stand_in.cloned().unwrap_or_else(|| {
                let text = self.html().unwrap_or_default();
                crate::content_id(text).to_string()
            });
        }
        self
    }
}

/// An item that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its number in the feed, from 0.
    pub index: usize,
    /// Why.
    pub reason: String,
}

/// Reads a feed; `charset` is the label that the server sent with it.
///
/// # Errors
/// [`Error::NotAFeed`] when the content is none, and what decoding says ([`Error::Binary`], [`Error::Empty`],
/// [`Error::Limit`]). Bad items are no error: they are listed in [`Feed::skipped`].
pub fn parse_feed(bytes: &[u8], charset: Option<&str>) -> Result<Feed, Error> {
    let in_prolog = crate::html::declared_encoding(bytes);
    let Decoded { text, encoding, .. } = decode_labelled(bytes, charset.or(in_prolog.as_deref()))?;
    let kind = kind_of(&text).ok_or(Error::NotAFeed)?;
    let mut feed = Feed {
        title: None,
        kind,
        site: None,
        lang: None,
        items: Vec::new(),
        skipped: Vec::new(),
        encoding,
    };
    if kind == FeedKind::Json {
        json::read(&text, &mut feed);
    } else {
        xml::read(&text, &mut feed);
    }
    Ok(feed)
}

/// Whether the first bytes of an input are those of a feed.
#[must_use]
pub fn is_feed(head: &[u8]) -> bool {
    kind_of(&String::from_utf8_lossy(&head[..head.len().min(8192)])).is_some()
}

/// Whether `text` is a feed, and of which family.
fn kind_of(text: &str) -> Option<FeedKind> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    if rest.starts_with('{') {
        let head = rest.get(..crate::floor_boundary(rest, 4096))?;
        let is_feed = head.contains("jsonfeed.org/version")
            || (head.contains("\"items\"") && head.contains("\"version\"") && head.contains("\"title\""));
        return is_feed.then_some(FeedKind::Json);
    }
    // What may stand before the root element.
    loop {
        let end = if rest.starts_with("<?") {
            rest.find("?>").map(|at| at + 2)
        } else if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest.get(..9).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype")) {
            // An internal subset is in brackets and may hold tags of its own.
            let close = rest.find('>')?;
            match rest[..close].find('[') {
                Some(_) => rest.find("]>").map(|at| at + 2),
                None => Some(close + 1),
            }
        } else {
            break;
        };
        rest = rest[end?..].trim_start();
    }
    let name: String = rest
        .strip_prefix('<')?
        .chars()
        .take(20)
        .take_while(|c| c.is_ascii_alphanumeric() || *c == ':')
        .collect();
    match name.to_ascii_lowercase().as_str() {
        "rss" | "channel" => Some(FeedKind::Rss),
        "rdf:rdf" | "rdf" => Some(FeedKind::Rdf),
        "feed" | "atom:feed" | "entry" => Some(FeedKind::Atom),
        _ => None,
    }
}

impl Feed {
    /// Takes in an item, or notes why not; says whether more are wanted.
    fn push(&mut self, index: usize, item: FeedItem) -> bool {
        if self.items.len() >= Limit::FeedItems.max() {
            let reason = format!(
                "over the limit: {}; it and the items after it are not read",
                Limit::FeedItems
            );
            self.skip(index, reason);
            return false;
        }
        if item.is_empty() {
            self.skip(index, "neither title nor text nor address");
        } else {
            self.items.push(item.named());
        }
        true
    }

    fn skip(&mut self, index: usize, reason: impl Into<String>) {
        self.skipped.push(Skipped {
            index,
            reason: reason.into(),
        });
    }
}

/// A short text without markup and with its entities resolved, white space squeezed.
pub(crate) fn plain(html: &str) -> Option<String> {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        if rest.starts_with('&') {
            match crate::entities::leading(rest) {
                Some((resolved, len)) => {
                    text.push_str(&resolved);
                    rest = &rest[len..];
                }
                None => {
                    text.push('&');
                    rest = &rest[1..];
                }
            }
        } else if let Some(end) = rest.find('>').filter(|_| is_tag) {
            rest = &rest[end + 1..];
        } else {
            text.push('<');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    Some(squeezed(&text)).filter(|t| !t.is_empty())
}

/// Text as HTML.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '&' => html.push_str("&amp;"),
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests;
