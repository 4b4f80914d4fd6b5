//! What every page knows of its request: language, theme, path and query, and what its visitor was shown before.

use super::export::Format;
use super::text::{Texts, Ui};
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::{HeaderMap, Uri, header, request::Parts};
use form_urlencoded::Serializer;
use jiff::Timestamp;
use jiff::tz::Offset;
use lagebild_core::Date;
use std::convert::Infallible;

/// After so many minutes without a look at the overview the next one is a new visit.
const VISIT: i64 = 30;
/// Pairs watched at most.
const WATCHED: usize = 12;

/// An entry of the navigation.
pub(super) struct Part {
    pub path: &'static str,
    pub label: &'static str,
    /// The key that leads there after `g`.
    pub key: &'static str,
    /// Further paths that belong to it.
    pub also: &'static [&'static str],
}

/// The navigation; what is further down is under *more*.
fn parts(t: &'static Texts) -> (Vec<Part>, Vec<Part>) {
    let part = |path, label, key, also| Part { path, label, key, also };
    let first = vec![
        part("/", t.overview, "o", &[][..]),
        part("/events", t.events, "e", &["/clusters"]),
        part("/topics", t.claims, "c", &["/claims", "/speakers"]),
        part("/agreements", t.agreements, "a", &[]),
        part("/treaties", t.treaties, "t", &["/what-if"]),
        part("/actors", t.actors, "w", &[]),
        part("/pairs", t.pairs, "p", &[]),
        part("/stories", t.stories, "s", &[]),
        part("/documents", t.documents, "r", &[]),
        part("/map", t.map, "m", &[]),
        part("/network", t.network, "n", &[]),
    ];
    let more = vec![
        part("/searches", t.searches, "v", &["/save-search"]),
        part("/feeds", t.feeds, "f", &[]),
        part("/about", t.about, "i", &[]),
    ];
    (first, more)
}

/// Light, dark, or as the system is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    /// As in the query, the cookie and the style sheet.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The request as pages see it.
///
/// Language and theme come from `?ui=` and `?theme=`, which also set a cookie, then from the cookie, then from the
/// browser. (`?lang=` is the filter for the language of the report.)
#[derive(Clone)]
pub(super) struct Page {
    pub ui: Ui,
    pub t: &'static Texts,
    pub theme: Theme,
    /// The path.
    pub path: String,
    /// The query without language and theme of the interface.
    pub pairs: Vec<(String, String)>,
    /// When the last visit ended, as far as the browser knows of one.
    pub last_visit: Option<Timestamp>,
    /// Pairs that the visitor watches: who acts, towards whom.
    pub watched: Vec<(String, String)>,
    /// The day on which the page is shown.
    pub today: Date,
    /// When it was asked for: what it shows is of that time, or younger.
    pub asked_at: Timestamp,
    /// Cookies that this request asks for.
    pub cookies: Vec<String>,
}

impl Page {
    pub(super) fn new(uri: &Uri, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let cookie = |name: &str| {
            let pairs = text(header::COOKIE)
                .split(';')
                .filter_map(|pair| pair.trim().split_once('='));
            pairs
                .filter(|(key, _)| *key == name)
                .map(|(_, value)| value)
                .next_back()
        };
        let mut pairs: Vec<(String, String)> = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        let asked = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        let asked_ui = asked("ui").and_then(|v| Ui::parse(&v));
        let asked_theme = asked("theme").and_then(|v| Theme::parse(&v));
        let asked_watch = asked("watch");
        pairs.retain(|(key, _)| !["ui", "theme", "watch"].contains(&key.as_str()));
        let now = Timestamp::now();

        let keep =
            |name: &str, value: &str| format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
        let mut cookies = Vec::new();
        cookies.extend(asked_ui.map(|ui| keep("ui", ui.code())));
        cookies.extend(asked_theme.map(|theme| keep("theme", theme.name())));
        let mut watched = read_pairs(cookie("pairs").unwrap_or_default());
        if let (Some(watch), Some(pair)) = (asked_watch, pair_of(uri.path())) {
            watched.retain(|known| *known != pair);
            if watch == "on" {
                watched.insert(0, pair);
                watched.truncate(WATCHED);
            }
            cookies.push(keep("pairs", &write_pairs(&watched)));
        }
        let (mut last_visit, seen) = read_visits(cookie("visits").unwrap_or_default());
        if uri.path() == "/" {
            if seen.is_some_and(|seen| now.duration_since(seen).as_mins() >= VISIT) {
                last_visit = seen;
            }
            let last = last_visit.map(|time| time.as_second().to_string()).unwrap_or_default();
            cookies.push(keep("visits", &format!("{last}.{}", now.as_second())));
        }
        let ui = asked_ui.or_else(|| Ui::parse(cookie("ui")?));
        let ui = ui.unwrap_or_else(|| Ui::negotiate(text(header::ACCEPT_LANGUAGE)));
        let theme = asked_theme
            .or_else(|| Theme::parse(cookie("theme")?))
            .unwrap_or_default();
        Self {
            ui,
            t: ui.texts(),
            theme,
            path: uri.path().to_owned(),
            pairs,
            last_visit,
            watched,
            today: Offset::UTC.to_datetime(now).date(),
            asked_at: now,
            cookies,
        }
    }

    /// The navigation, and what is under *more*.
    pub(super) fn nav(&self) -> (Vec<Part>, Vec<Part>) {
        parts(self.t)
    }

    /// Whether the page belongs to a part of the navigation.
    pub(super) fn on(&self, part: &Part) -> bool {
        part.path == self.path
            || part.path != "/" && self.within(part.path)
            || part.also.iter().any(|path| self.within(path))
    }

    /// The value of a parameter of the query.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        let (_, value) = self.pairs.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// The time of what it shows, for programs and for people.
    pub(super) fn state_time(&self) -> (String, String) {
        let time = Offset::UTC.to_datetime(self.asked_at);
        (
            time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            time.strftime("%H:%M:%S UTC").to_string(),
        )
    }

    /// How long ago a day was: *vor 3 Tagen*.
    pub(super) fn ago(&self, iso: &str) -> String {
        iso.parse()
            .map_or_else(|_| String::new(), |day| self.ui.relative(day, self.today))
    }

    /// This page in the other language.
    pub(super) fn other_language(&self) -> String {
        self.with("ui", if self.ui == Ui::De { "en" } else { "de" })
    }

    /// The code of the other language.
    pub(super) fn other_code(&self) -> &'static str {
        if self.ui == Ui::De { "en" } else { "de" }
    }

    /// This page as a link for others, which keeps the language.
    pub(super) fn permalink(&self) -> String {
        self.with("ui", self.ui.code())
    }

    /// This page with one more setting.
    pub(super) fn with(&self, key: &str, value: &str) -> String {
        let mut pairs = self.pairs.clone();
        pairs.retain(|(k, _)| k != key);
        pairs.push((key.to_owned(), value.to_owned()));
        link(&self.path, &pairs)
    }

    /// All that the page depends on besides the store.
    pub(super) fn key(&self) -> String {
        let address = link(&self.path, &self.pairs);
        let (ui, theme) = (self.ui.code(), self.theme.name());
        format!(
            "{address} {ui} {theme} {:?} {:?} {}",
            self.last_visit, self.watched, self.today
        )
    }

    /// The search words of this page.
    pub(super) fn words(&self) -> &str {
        self.asked("q").unwrap_or_default()
    }

    /// Whether the page belongs to the part of the site at `path`.
    pub(super) fn within(&self, path: &str) -> bool {
        self.path == path || self.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The themes: setting, label, and whether it is in force.
    pub(super) fn themes(&self) -> [(&'static str, &'static str, bool); 3] {
        [Theme::Auto, Theme::Light, Theme::Dark].map(|theme| {
            let label = match theme {
                Theme::Auto => self.t.theme_auto,
                Theme::Light => self.t.theme_light,
                Theme::Dark => self.t.theme_dark,
            };
            (theme.name(), label, theme == self.theme)
        })
    }

    /// Whether a count is one.
    pub(super) fn is_one(&self, n: &usize) -> bool {
        *n == 1
    }

    /// Whether a count is nothing.
    pub(super) fn is_none(&self, n: &usize) -> bool {
        *n == 0
    }

    /// Whether a program asks rather than a browser.
    pub(super) fn for_programs(&self) -> bool {
        self.within("/api") || self.within("/mcp") || Format::split(&self.path).is_some()
    }

    /// A count for people.
    pub(super) fn number(&self, n: &usize) -> String {
        self.ui.number(*n as u64)
    }
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // Below a nested router the path is cut short, and links lead along the whole one.
        let uri = parts.extensions.get().map_or(&parts.uri, |OriginalUri(uri)| uri);
        Ok(Self::new(uri, &parts.headers))
    }
}

/// `path` with a query.
pub(super) fn link<K: AsRef<str>, V: AsRef<str>>(path: &str, pairs: &[(K, V)]) -> String {
    if pairs.is_empty() {
        return path.to_owned();
    }
    let mut out = Serializer::new(format!("{path}?"));
    out.extend_pairs(pairs);
    // The serializer puts an `&` after anything that stands before the first pair.
    out.finish().replacen("?&", "?", 1)
}

/// `id` under `path`, escaped as one path segment.
pub(super) fn segment(path: &str, id: &str) -> String {
    let escaped: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    // In a path a space is %20; a plus is a plus.
    format!("{path}/{}", escaped.replace('+', "%20"))
}

/// `path` of a report.
pub(super) fn report(id: &str) -> String {
    segment("/documents", id)
}

/// `path` of an act, by the key of any event that tells it.
pub(super) fn act(key: &str) -> String {
    segment("/clusters", key)
}

/// `path` of an actor, by its entity id.
pub(super) fn actor(id: &str) -> String {
    segment("/actors", id)
}

/// `path` of a pair.
pub(super) fn pair(a: &str, b: &str) -> String {
    segment(&segment("/pairs", a), b)
}

/// `path` of a story, by the id of any of its reports.
pub(super) fn story(id: &str) -> String {
    segment("/stories", id)
}

/// Whether a state or organisation can be called so.
pub(super) fn is_key(key: &str) -> bool {
    (1..=24).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// The pair whose page is at `path`.
fn pair_of(path: &str) -> Option<(String, String)> {
    let (a, b) = path.strip_prefix("/pairs/")?.split_once('/')?;
    (is_key(a) && is_key(b) && a != b).then(|| (a.to_owned(), b.to_owned()))
}

/// Pairs as in `RUS:UKR.PRK:KOR`; what is none is passed over.
pub(super) fn read_pairs(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| pair_of(&format!("/pairs/{}", pair.replacen(':', "/", 1)));
    text.split('.').filter_map(pair).take(WATCHED).collect()
}

/// The inverse of [`read_pairs`].
pub(super) fn write_pairs(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(a, b)| format!("{a}:{b}")).collect();
    pairs.join(".")
}

/// When the last visit ended, and when the present one was last seen: seconds, with a point between.
fn read_visits(text: &str) -> (Option<Timestamp>, Option<Timestamp>) {
    let time = |text: &str| Timestamp::from_second(text.parse().ok()?).ok();
    text.split_once('.')
        .map_or((None, None), |(last, seen)| (time(last), time(seen)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(uri: &str, headers: &[(&str, &str)]) -> Page {
        let headers = headers
            .iter()
            .map(|(k, v)| (k.parse::<header::HeaderName>().unwrap(), v.parse().unwrap()));
        Page::new(&uri.parse().unwrap(), &headers.collect())
    }

    #[test]
    fn query_beats_cookie_beats_browser() {
        let (english, german) = (("accept-language", "en"), ("cookie", "x=1; ui=de; theme=dark"));
        assert_eq!(page("/events", &[english]).ui, Ui::En);
        let kept = page("/events", &[english, german]);
        assert_eq!((kept.ui, kept.theme, kept.cookies.len()), (Ui::De, Theme::Dark, 0));
        let asked = page("/events?ui=en&theme=light&q=a", &[german]);
        assert_eq!((asked.ui, asked.theme, asked.cookies.len()), (Ui::En, Theme::Light, 2));
        assert_eq!(asked.pairs, [("q".to_owned(), "a".to_owned())]);
    }

    #[test]
    fn a_visit_begins_when_the_overview_was_not_looked_at_for_a_while() {
        let now = Timestamp::now();
        let at = |minutes: i64| (now.as_second() - 60 * minutes).to_string();
        let visit = |cookie: String| {
            let page = page("/", &[("cookie", cookie.as_str())]);
            assert!(page.cookies[0].starts_with("visits="), "{:?}", page.cookies);
            page.last_visit.map(|time| time.as_second().to_string())
        };
        assert_eq!(visit(String::new()), None);
        assert_eq!(visit(format!("visits=.{}", at(5))), None);
        assert_eq!(visit(format!("visits={}.{}", at(900), at(5))), Some(at(900)));
        assert_eq!(visit(format!("visits={}.{}", at(900), at(31))), Some(at(31)));
        assert_eq!(visit("visits=x.99999999999999999999".to_owned()), None);
        assert_eq!(page("/events", &[("cookie", "visits=1.2")]).cookies, [""; 0]);
    }

    #[test]
    fn pairs_are_watched_from_their_page() {
        let watched = |uri: &str| page(uri, &[("cookie", "pairs=RUS:UKR.x:x.PRK:KOR.a b:c")]);
        assert_eq!(write_pairs(&watched("/").watched), "RUS:UKR.PRK:KOR");
        let more = watched("/pairs/ISR/IRN?watch=on&by=day");
        assert_eq!(write_pairs(&more.watched), "ISR:IRN.RUS:UKR.PRK:KOR");
        assert!(more.cookies[0].starts_with("pairs=ISR:IRN.RUS:UKR.PRK:KOR;"));
        assert_eq!(more.pairs, [("by".to_owned(), "day".to_owned())]);
        assert_eq!(write_pairs(&watched("/pairs/RUS/UKR?watch=off").watched), "PRK:KOR");
        assert!(watched("/events?watch=on").cookies.is_empty());
    }

    #[test]
    fn links_are_escaped() {
        let page = page("/events?q=a%26b&type=AID", &[]);
        assert_eq!(page.with("type", "ASSAULT"), "/events?q=a%26b&type=ASSAULT");
        assert_eq!(page.other_language(), "/events?q=a%26b&type=AID&ui=en");
        assert_eq!(link::<&str, &str>("/about", &[]), "/about");
        assert_eq!(report("a b/c#d"), "/documents/a%20b%2Fc%23d");
        assert_eq!(report("a+b"), "/documents/a%2Bb");
    }
}
