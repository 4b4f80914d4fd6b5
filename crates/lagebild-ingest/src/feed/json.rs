//! JSON Feed 1.0 and 1.1.

use super::{Feed, FeedItem, Moment, escaped, plain};
use serde_json::{Map, Value};

/// Reads `text` into `feed`.
pub(super) fn read(text: &str, feed: &mut Feed) {
    let text = text.trim_start_matches('\u{feff}');
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(fields)) => {
            head(&fields, feed);
            for (index, item) in fields
                .get("items")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .enumerate()
            {
                if !take(index, item, feed) {
                    break;
                }
            }
        }
        _ => salvage(text, feed),
    }
}

fn head(fields: &Map<String, Value>, feed: &mut Feed) {
    feed.title = text_of(fields, "title").and_then(|t| plain(&t));
    feed.site = text_of(fields, "home_page_url");
    feed.lang = text_of(fields, "language");
}

/// The items of a feed that is broken somewhere, each read by itself.
fn salvage(text: &str, feed: &mut Feed) {
    let Some(items) = text
        .find("\"items\"")
        .and_then(|at| Some(at + text[at..].find('[')? + 1))
    else {
        feed.skip(0, "the feed is not JSON and has no list of items");
        return;
    };
    // What stands before the list is whole when closing it makes an object.
    if let Some(comma) = text[..items].rfind("\"items\"")
        && let Ok(fields) = serde_json::from_str(&format!("{}}}", text[..comma].trim_end().trim_end_matches(',')))
    {
        head(&fields, feed);
    }
    let (mut at, mut index) = (items, 0);
    while let Some(open) = text[at..]
        .find(|c: char| !c.is_whitespace() && c != ',')
        .map(|n| at + n)
    {
        if !text[open..].starts_with('{') {
            break;
        }
        let Some(end) = object_end(&text[open..]).map(|len| open + len) else {
            feed.skip(index, "cut off at the end of the feed");
            break;
        };
        match serde_json::from_str(&text[open..end]) {
            Ok(item) => {
                if !take(index, &item, feed) {
                    break;
                }
            }
            Err(error) => feed.skip(index, format!("not JSON: {error}")),
        }
        (at, index) = (end, index + 1);
    }
}

/// Where the object that `text` begins with ends.
fn object_end(text: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut escape) = (0usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escape => escape = false,
            b'\\' if in_text => escape = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn take(index: usize, item: &Value, feed: &mut Feed) -> bool {
    let Value::Object(fields) = item else {
        feed.skip(index, "the item is no JSON object");
        return true;
    };
    let text = |key| text_of(fields, key);
    let moment = |key| text(key).and_then(|t| Moment::parse(&t));
    let name = |author: &Value| author.get("name").and_then(Value::as_str).and_then(plain);
    let authors = fields.get("authors").and_then(Value::as_array).into_iter().flatten();
    let item = FeedItem {
        id: text("id").unwrap_or_default(),
        url: text("url").or_else(|| text("external_url")),
        title: text("title").and_then(|t| plain(&t)),
        published: moment("date_published"),
        updated: moment("date_modified"),
        summary_html: text("summary").map(|t| escaped(&t)),
        content_html: text("content_html").or_else(|| text("content_text").map(|t| paragraphs(&t))),
        authors: authors.chain(fields.get("author")).filter_map(name).collect(),
        lang: text("language"),
    };
    feed.push(index, item)
}

/// A field as text; numbers are their own spelling.
fn text_of(fields: &Map<String, Value>, key: &str) -> Option<String> {
    match fields.get(key)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Plain text as HTML, a paragraph for each stretch between line breaks.
fn paragraphs(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    lines.map(|line| format!("<p>{}</p>", escaped(line))).collect()
}
