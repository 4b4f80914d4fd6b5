//! Lists of feeds: OPML, TOML, or one address a line.

use crate::error::Error;
use crate::schedule::SHORTEST;
use jiff::SignedDuration;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use serde::Deserialize;
use std::collections::HashSet;
use std::fmt;
use std::fmt::Write as _;
use std::time::Duration;
use url::Url;

/// A feed that somebody wants to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its address.
    pub url: Url,
    /// Its name, where the list gives one.
    pub title: Option<String>,
    /// The time between two polls.
    pub interval: Option<Duration>,
    /// Whether the pages behind its items are fetched.
    pub full_text: Option<bool>,
}

/// What a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscriptions {
    /// The feeds, in the order of the list, none twice.
    pub feeds: Vec<Subscription>,
    /// Hosts that may have addresses that are not public.
    pub allow_hosts: Vec<String>,
    /// Entries that give no feed. They do not keep the others from being read.
    pub rejected: Vec<Rejected>,
}

/// An entry of a list that gives no feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The entry's place: a line, or its number in the list.
    pub place: String,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.why)
    }
}

/// The form of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `<opml>`, as feed readers write it.
    Opml,
    /// Tables `[[feed]]` with `url`, `title`, `interval`, `full_text`; above them `interval`, `full_text`, `allow_hosts`.
    Toml,
    /// One address a line; `#` begins a comment.
    Lines,
}

impl Form {
    /// The form of the list `text` in the file `name`.
    #[must_use]
    pub fn of(name: &str, text: &str) -> Self {
        if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
            Self::Opml
        } else if name.to_ascii_lowercase().ends_with(".toml") {
            Self::Toml
        } else {
            Self::Lines
        }
    }
}

/// Reads a list of feeds. What is wrong in it is found in [`Subscriptions::rejected`].
#[must_use]
pub fn read(text: &str, form: Form) -> Subscriptions {
    let text = text.trim_start_matches('\u{feff}');
    let mut list = match form {
        Form::Opml => opml(text),
        Form::Toml => toml(text),
        Form::Lines => lines(text),
    };
    let mut seen = HashSet::new();
    list.feeds.retain(|feed| seen.insert(feed.url.clone()));
    list
}

/// The address of a feed, also when it is written with one of the schemes that once named feeds.
fn address(text: &str) -> Result<Url, String> {
    let text = text.trim();
    let text = match text.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("//") => format!("https:{rest}"),
        Some(rest) => rest.to_owned(),
        None => text.to_owned(),
    };
    let url = Url::parse(&text).map_err(|e| {
        let why = e.to_string();
        Error::Url { url: text, why }.to_string()
    })?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(Error::Scheme { url: url.into() }.to_string())
    }
}

fn lines(text: &str) -> Subscriptions {
    let mut list = Subscriptions::default();
    for (n, line) in text.lines().enumerate() {
        // A fragment is no part of a feed's address, so that `#` can begin a comment.
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        match address(line) {
            Ok(url) => list.feeds.push(Subscription {
                url,
                title: None,
                interval: None,
                full_text: None,
            }),
            Err(why) => list.reject(format!("line {}", n + 1), why),
        }
    }
    list
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TomlList {
    interval: Option<String>,
    full_text: Option<bool>,
    #[serde(default)]
    allow_hosts: Vec<String>,
    #[serde(default)]
    feed: Vec<toml::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TomlFeed {
    url: String,
    title: Option<String>,
    interval: Option<String>,
    full_text: Option<bool>,
}

fn toml(text: &str) -> Subscriptions {
    let mut list = Subscriptions::default();
    let file: TomlList = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let line = error
                .span()
                .map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            list.reject(format!("line {line}"), error.message().to_owned());
            return list;
        }
    };
    let usual = file.interval.as_deref().map(interval).transpose();
    let usual = usual.unwrap_or_else(|why| {
        list.reject("the interval of all feeds".to_owned(), why);
        None
    });
    for (n, entry) in file.feed.into_iter().enumerate() {
        let feed = entry
            .try_into::<TomlFeed>()
            .map_err(|e| e.message().to_owned())
            .and_then(|feed| {
                Ok(Subscription {
                    url: address(&feed.url)?,
                    title: feed.title,
                    interval: feed.interval.as_deref().map(interval).transpose()?.or(usual),
                    full_text: feed.full_text.or(file.full_text),
                })
            });
        match feed {
            Ok(feed) => list.feeds.push(feed),
            Err(why) => list.reject(format!("feed {}", n + 1), why),
        }
    }
    list.allow_hosts = file.allow_hosts;
    list
}

/// A length of time as people write it: `45m`, `1h 30m`.
///
/// # Errors
/// When it cannot be read, or is shorter than feeds are polled.
pub fn interval(text: &str) -> Result<Duration, String> {
    let time: SignedDuration = text
        .parse()
        .map_err(|_| format!("{text:?} is no length of time such as \"30m\" or \"2h\""))?;
    Duration::try_from(time)
        .ok()
        .filter(|time| *time >= SHORTEST)
        .ok_or_else(|| format!("{text:?} is too short: feeds are polled every 5 minutes at most"))
}

fn opml(text: &str) -> Subscriptions {
    let mut list = Subscriptions::default();
    let mut reader = Reader::from_str(text);
    // Lists are written by many hands; an outline that is never closed is no reason to lose what is in it.
    reader.config_mut().check_end_names = false;
    let mut number = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref() == "outline" => {
                number += 1;
                match outline(&tag) {
                    Ok(Some(feed)) => list.feeds.push(feed),
                    Ok(None) => {}
                    Err(why) => list.reject(format!("outline {number}"), why),
                }
            }
            Ok(Event::Eof) => return list,
            Ok(_) => {}
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
                let line = 1 + text.get(..at).unwrap_or(text).matches('\n').count();
                list.reject(format!("line {line}"), format!("{error}; what follows is not read"));
                return list;
            }
        }
    }
}

/// The feed of an outline; folders have none.
fn outline(tag: &BytesStart<'_>) -> Result<Option<Subscription>, String> {
    let (mut url, mut text, mut title) = (None, None, None);
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|e| e.to_string())?;
        let name = attribute.key.local_name();
        let place = match name.as_ref() {
            name if name.eq_ignore_ascii_case("xmlurl") => &mut url,
            "text" => &mut text,
            "title" => &mut title,
            _ => continue,
        };
        let value = match attribute.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => value.into_owned(),
            // A bare `&` in an address is the usual fault, and its meaning is plain.
            Err(_) => attribute.value.into_owned(),
        };
        *place = Some(value).filter(|v| !v.trim().is_empty());
    }
    let Some(url) = url else { return Ok(None) };
    Ok(Some(Subscription {
        url: address(&url)?,
        title: text.or(title),
        interval: None,
        full_text: None,
    }))
}

/// Writes feeds as OPML 2.0.
#[must_use]
pub fn to_opml<'a>(title: &str, feeds: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>{}</title>\n  </head>\n  <body>\n",
        escaped(title)
    );
    for (url, name) in feeds {
        let (url, name) = (escaped(url), escaped(name.unwrap_or(url)));
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "    <outline type=\"rss\" text=\"{name}\" title=\"{name}\" xmlUrl=\"{url}\"/>"
        );
    }
    out.push_str("  </body>\n</opml>\n");
    out
}

/// `text` for an attribute; characters that XML does not allow become the replacement character.
fn escaped(text: &str) -> String {
    let legal: String = text
        .chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' => ' ',
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            c => c,
        })
        .collect();
    quick_xml::escape::escape(legal).into_owned()
}

impl Subscriptions {
    fn reject(&mut self, place: String, why: String) {
        self.rejected.push(Rejected { place, why });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(list: &Subscriptions) -> Vec<&str> {
        list.feeds.iter().map(|f| f.url.as_str()).collect()
    }

    fn rejected(list: &Subscriptions) -> Vec<String> {
        list.rejected.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn lines_with_comments_and_faults() {
        let text = "\u{feff}# news\nhttps://a.example/feed # daily\n\nnonsense\nfeed://b.example/x\nfeed:http://c.example/\nfile:///etc/passwd\nhttps://a.example/feed\n";
        let list = read(text, Form::of("feeds.txt", text));
        assert_eq!(
            urls(&list),
            ["https://a.example/feed", "https://b.example/x", "http://c.example/"]
        );
        let rejected = rejected(&list);
        assert_eq!(rejected.len(), 2);
        assert!(
            rejected[0].starts_with("line 4: nonsense: not a web address"),
            "{}",
            rejected[0]
        );
        assert_eq!(
            rejected[1],
            "line 7: file:///etc/passwd: only http and https are fetched"
        );
    }

    #[test]
    fn toml_with_defaults_and_faults() {
        let text = "interval = \"1h\"\nallow_hosts = [\"wiki.intern\"]\n\n[[feed]]\nurl = \"https://a.example/\"\n\n\
                    [[feed]]\nurl = \"https://b.example/\"\ntitle = \"B\"\ninterval = \"15m\"\nfull_text = false\n\n\
                    [[feed]]\nurl = \"https://c.example/\"\ninterval = \"2s\"\n\n[[feed]]\nurl = \"https://d.example/\"\nfulltext = true\n";
        let list = read(text, Form::of("Feeds.TOML", text));
        assert_eq!(urls(&list), ["https://a.example/", "https://b.example/"]);
        assert_eq!(list.feeds[0].interval, Some(Duration::from_secs(3600)));
        assert_eq!(list.feeds[1].interval, Some(Duration::from_secs(900)));
        assert_eq!((list.feeds[0].full_text, list.feeds[1].full_text), (None, Some(false)));
        assert_eq!(list.allow_hosts, ["wiki.intern"]);
        let rejected = rejected(&list);
        assert_eq!(
            rejected[0],
            "feed 3: \"2s\" is too short: feeds are polled every 5 minutes at most"
        );
        assert!(
            rejected[1].starts_with("feed 4: unknown field `fulltext`"),
            "{}",
            rejected[1]
        );
        let broken = read("interval = \"1h\"\n[[feed\n", Form::Toml);
        assert!(broken.rejected[0].place == "line 2" && broken.feeds.is_empty());
    }

    #[test]
    fn opml_of_many_hands() {
        let text = r#"<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>
            <outline text="Politik"><outline type="rss" text="A &amp; B" xmlUrl="https://a.example/?x=1&amp;y=2"/>
            <outline title="no text" xmlURL="https://b.example/"></outline>
            <outline text="bare" xmlUrl="https://c.example/?x=1&y=2"/>
            <outline text="bad" xmlUrl="nonsense"/>
            <outline text="empty" xmlUrl=""/>
            </body></opml>"#;
        let list = read(text, Form::of("feeds.xml", text));
        assert_eq!(
            urls(&list),
            [
                "https://a.example/?x=1&y=2",
                "https://b.example/",
                "https://c.example/?x=1&y=2"
            ]
        );
        let titles: Vec<_> = list.feeds.iter().map(|f| f.title.as_deref()).collect();
        assert_eq!(titles, [Some("A & B"), Some("no text"), Some("bare")]);
        assert!(rejected(&list)[0].starts_with("outline 5: nonsense: not a web address"));
        let cut = &text[..text.find("<outline text=\"bare").unwrap() + 20];
        assert_eq!(
            read(cut, Form::Opml).feeds.len(),
            2,
            "what stands before the break is kept"
        );
    }

    #[test]
    fn what_is_written_is_read_back() {
        let feeds = [
            ("https://a.example/?x=1&y=%22z%22", Some("Tom & \"Jerry\" <b>\u{1}")),
            ("https://b.example/", None),
        ];
        let text = to_opml("Feeds", feeds);
        let list = read(&text, Form::Opml);
        assert_eq!(urls(&list), feeds.map(|f| f.0));
        assert_eq!(list.feeds[0].title.as_deref(), Some("Tom & \"Jerry\" <b>\u{fffd}"));
        assert_eq!(list.feeds[1].title.as_deref(), Some("https://b.example/"));
        assert_eq!(list.rejected, []);
    }
}
