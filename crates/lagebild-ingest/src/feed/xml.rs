//! RSS, RDF and Atom: a tolerant reader that works item by item.
//!
//! The tokens come from quick-xml with its checks off. Where it gives up, or takes text for a tag (`Umsatz < 5 Mrd`),
//! the `<` is text and reading goes on behind it. A field ends with its own end tag, so that markup inside it need not
//! be well-formed; an item ends with its end tag or where the next one begins.

use super::{Feed, FeedItem, Moment, escaped, plain};
use crate::entities;
use quick_xml::Reader;
use quick_xml::errors::Error as XmlError;
use quick_xml::events::{BytesStart, Event};

/// So often a search that ran to the end of the feed in vain may begin again; each costs time in its length.
const VAIN_SEARCHES: usize = 16;
/// Elements with fields of their own that must not be taken for those of the item or feed.
const CONTAINERS: [&str; 4] = ["source", "image", "textinput", "media:group"];

/// Reads `text` into `feed`.
pub(super) fn read(text: &str, feed: &mut Feed) {
    let mut scan = Scan {
        text,
        feed,
        item: None,
        field: None,
        container: None,
        index: 0,
    };
    let (mut from, mut vain) = (0, 0);
    let mut reader = open(text);
    loop {
        let start = from + position(&reader);
        let event = reader.read_event();
        let end = from + position(&reader);
        let wanted = match event {
            Ok(Event::Eof) => break,
            Ok(Event::Start(tag)) if !is_name(&tag) => {
                scan.text("<");
                from = start + 1;
                reader = open(&text[from..]);
                true
            }
            Ok(Event::Start(tag)) => scan.start(&tag, false, &text[start..end]),
            Ok(Event::Empty(tag)) => scan.start(&tag, true, &text[start..end]),
            Ok(Event::End(tag)) => scan.end(&core_name(tag.name().0), &text[start..end]),
            Ok(Event::Text(piece)) => {
                scan.text(&piece);
                true
            }
            Ok(Event::CData(piece)) => {
                scan.text(&piece);
                true
            }
            Ok(Event::GeneralRef(reference)) => {
                scan.reference(&reference, &text[start..end]);
                true
            }
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => true,
            Err(error) => {
                vain += usize::from(matches!(error, XmlError::Syntax(_)));
                if start >= text.len() || vain > VAIN_SEARCHES {
                    break;
                }
                // Whatever stands there, it is no markup: its first character is text.
                let len = text[start..].chars().next().map_or(1, char::len_utf8);
                scan.text(&text[start..start + len]);
                from = start + len;
                reader = open(&text[from..]);
                true
            }
        };
        if !wanted {
            return;
        }
    }
    scan.cut_off();
}

fn open(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    config.check_comments = false;
    reader
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// Whether a tag has the name of one; `< 5 Mrd` has not.
fn is_name(tag: &BytesStart<'_>) -> bool {
    let name = tag.name().0;
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.'))
}

/// The name of an element, in lower case and without the prefixes of the feed formats themselves.
fn core_name(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    for prefix in ["atom:", "atom10:", "a10:", "rss:"] {
        if let Some(bare) = name.strip_prefix(prefix) {
            return bare.to_owned();
        }
    }
    name
}

/// How the text of a field is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meant {
    /// Escaped HTML, which is also what RSS has everywhere.
    Html,
    /// Plain text.
    Text,
    /// Markup of the feed itself (`type="xhtml"`).
    Markup,
}

/// A field that is being read.
#[derive(Debug)]
struct Field {
    name: String,
    meant: Meant,
    text: String,
    /// Elements of the same name inside it.
    nested: usize,
    /// `isPermaLink` of a guid.
    permalink: bool,
}

struct Scan<'t, 'f> {
    text: &'t str,
    feed: &'f mut Feed,
    item: Option<FeedItem>,
    field: Option<Field>,
    container: Option<String>,
    /// Number of the item that is read or comes next.
    index: usize,
}

impl Scan<'_, '_> {
    fn start(&mut self, tag: &BytesStart<'_>, empty: bool, raw: &str) -> bool {
        let name = core_name(tag.name().0);
        if matches!(name.as_str(), "item" | "entry") && self.container.is_none() {
            self.close_field();
            let wanted = self.close_item();
            self.item = Some(FeedItem {
                lang: attribute(tag, "xml:lang"),
                ..FeedItem::default()
            });
            return if empty { self.close_item() } else { wanted };
        }
        if let Some(field) = &mut self.field {
            field.nested += usize::from(name == field.name && !empty);
            field.text.push_str(raw);
            return true;
        }
        if self.container.is_some() {
            return true;
        }
        if CONTAINERS.contains(&name.as_str()) {
            self.container = Some(name).filter(|_| !empty);
            return true;
        }
        match name.as_str() {
            "feed" | "rss" if self.item.is_none() => self.feed.lang = attribute(tag, "xml:lang"),
            "link" if attribute(tag, "href").is_some() => {
                let rel = attribute(tag, "rel").unwrap_or_default();
                if rel.is_empty() || rel.eq_ignore_ascii_case("alternate") {
                    let address = attribute(tag, "href");
                    match &mut self.item {
                        Some(item) => item.url = item.url.take().or(address),
                        None => self.feed.site = self.feed.site.take().or(address),
                    }
                }
            }
            "link"
            | "title"
            | "description"
            | "language"
            | "dc:language"
            | "dc:title"
            | "guid"
            | "id"
            | "pubdate"
            | "dc:date"
            | "dcterms:created"
            | "dcterms:issued"
            | "dcterms:modified"
            | "published"
            | "updated"
            | "issued"
            | "created"
            | "modified"
            | "content:encoded"
            | "content"
            | "summary"
            | "subtitle"
            | "author"
            | "dc:creator"
            | "feedburner:origlink"
                if !empty =>
            {
                self.field = Some(Field {
                    meant: self.meant(&name, tag),
                    text: String::new(),
                    nested: 0,
                    permalink: attribute(tag, "ispermalink").is_none_or(|v| !v.eq_ignore_ascii_case("false")),
                    name,
                });
            }
            _ => {}
        }
        true
    }

    fn meant(&self, name: &str, tag: &BytesStart<'_>) -> Meant {
        let is_atom = self.feed.kind == super::FeedKind::Atom;
        match attribute(tag, "type").unwrap_or_default().to_ascii_lowercase().as_str() {
            // Atom 0.3 says whether it is escaped in another attribute.
            "xhtml" | "application/xhtml+xml" if attribute(tag, "mode").is_none_or(|m| m != "escaped") => Meant::Markup,
            "" | "text" | "text/plain" if is_atom && matches!(name, "title" | "summary" | "content" | "subtitle") => {
                Meant::Text
            }
            _ => Meant::Html,
        }
    }

    fn end(&mut self, name: &str, raw: &str) -> bool {
        let closes_item = matches!(name, "item" | "entry");
        if let Some(field) = &mut self.field {
            if name == field.name {
                if field.nested == 0 {
                    self.close_field();
                } else {
                    field.nested -= 1;
                    field.text.push_str(raw);
                }
                return true;
            }
            if !closes_item {
                field.text.push_str(raw);
                return true;
            }
            self.close_field();
        }
        if self.container.as_deref() == Some(name) || closes_item {
            self.container = None;
        }
        if closes_item { self.close_item() } else { true }
    }

    fn text(&mut self, piece: &str) {
        if let Some(field) = &mut self.field {
            field.text.push_str(piece);
        }
    }

    fn reference(&mut self, name: &str, raw: &str) {
        if let Some(field) = &mut self.field {
            match entities::resolve(name).filter(|_| field.meant != Meant::Markup) {
                Some(resolved) => field.text.push_str(&resolved),
                None => field.text.push_str(raw),
            }
        }
    }

    fn close_field(&mut self) {
        let Some(field) = self.field.take() else { return };
        let text = field.text.trim();
        if text.is_empty() {
            return;
        }
        let line = || match field.meant {
            Meant::Text => Some(crate::squeezed(text)),
            Meant::Html | Meant::Markup => plain(text),
        };
        let html = || match field.meant {
            Meant::Text => escaped(text),
            Meant::Html | Meant::Markup => text.to_owned(),
        };
        let Some(item) = &mut self.item else {
            match field.name.as_str() {
                "title" => self.feed.title = self.feed.title.take().or_else(line),
                "link" => self.feed.site = self.feed.site.take().or_else(|| Some(text.to_owned())),
                "language" | "dc:language" => self.feed.lang = Some(text.to_owned()),
                _ => {}
            }
            return;
        };
        match field.name.as_str() {
            "title" => item.title = item.title.take().or_else(line),
            "dc:title" if item.title.is_none() => item.title = line(),
            "link" => item.url = item.url.take().or_else(|| Some(text.to_owned())),
            // The address of the publisher, where the link is one that counts readers.
            "feedburner:origlink" => item.url = Some(text.to_owned()),
            "guid" | "id" => {
                item.id = text.to_owned();
                if field.permalink && item.url.is_none() && text.starts_with("http") {
                    item.url = Some(text.to_owned());
                }
            }
            "pubdate" | "published" | "issued" | "dcterms:issued" => {
                item.published = Moment::parse(text).or(item.published);
            }
            "dc:date" | "created" | "dcterms:created" => {
                item.published = item.published.or_else(|| Moment::parse(text))
            }
            "updated" | "modified" | "dcterms:modified" => item.updated = Moment::parse(text).or(item.updated),
            "description" | "summary" => item.summary_html = Some(html()),
            "content:encoded" | "content" => item.content_html = Some(html()),
            "author" | "dc:creator" => item.authors.extend(author(text)),
            "language" | "dc:language" => item.lang = Some(text.to_owned()),
            _ => {}
        }
    }

    fn close_item(&mut self) -> bool {
        let Some(mut item) = self.item.take() else { return true };
        self.container = None;
        item.published = item.published.or(item.updated);
        self.index += 1;
        self.feed.push(self.index - 1, item)
    }

    /// The feed has ended; an item that is still open is not whole.
    fn cut_off(&mut self) {
        if self.item.take().is_some() {
            self.feed.skip(self.index, "cut off at the end of the feed");
        } else if self.feed.items.is_empty() && self.feed.skipped.is_empty() && self.text.len() > 1_000 {
            // A feed may be empty, but not at this length.
            self.feed.skip(0, "no items found");
        }
    }
}

/// The name of an author: Atom has an element for it, RSS `mail@example.org (Name)`.
fn author(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    for (open, close) in [("<name>", "</name>"), ("<atom:name>", "</atom:name>")] {
        if let Some(from) = lower.find(open).map(|at| at + open.len()) {
            let to = lower[from..].find(close).map_or(text.len(), |at| from + at);
            return plain(&text[from..to]);
        }
    }
    let line = plain(text)?;
    match line.split_once('(') {
        Some((mail, name)) if mail.contains('@') => plain(name.trim_end_matches(')')),
        _ => Some(line),
    }
}

/// The value of an attribute, by its name in lower case.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag
        .html_attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.0.eq_ignore_ascii_case(name))?;
    plain(&found.value)
}
