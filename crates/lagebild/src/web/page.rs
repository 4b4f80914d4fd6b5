//! What every page knows of its request: language, theme, path and query.

use super::text::{Texts, Ui};
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, Uri, header, request::Parts};
use form_urlencoded::Serializer;
use std::convert::Infallible;

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
        pairs.retain(|(key, _)| key != "ui" && key != "theme");

        let keep =
            |name: &str, value: &str| format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
        let mut cookies = Vec::new();
        cookies.extend(asked_ui.map(|ui| keep("ui", ui.code())));
        cookies.extend(asked_theme.map(|theme| keep("theme", theme.name())));
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
            cookies,
        }
    }

    /// This page in the other language.
    pub(super) fn other_language(&self) -> String {
        self.with("ui", if self.ui == Ui::De { "en" } else { "de" })
    }

    /// The code of the other language.
    pub(super) fn other_code(&self) -> &'static str {
        if self.ui == Ui::De { "en" } else { "de" }
    }

    /// This page with one more setting.
    pub(super) fn with(&self, key: &str, value: &str) -> String {
        let mut pairs = self.pairs.clone();
        pairs.retain(|(k, _)| k != key);
        pairs.push((key.to_owned(), value.to_owned()));
        link(&self.path, &pairs)
    }

    /// The search words of this page.
    pub(super) fn words(&self) -> &str {
        self.pairs
            .iter()
            .find(|(key, _)| key == "q")
            .map_or("", |(_, value)| value)
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

    /// A count for people.
    pub(super) fn number(&self, n: &usize) -> String {
        self.ui.number(*n as u64)
    }
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::new(&parts.uri, &parts.headers))
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

/// `path` of a report.
pub(super) fn report(id: &str) -> String {
    segment("/documents", id)
}

/// `id` under `path`, escaped as one path segment.
pub(super) fn segment(path: &str, id: &str) -> String {
    let escaped: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    // In a path a space is %20; a plus is a plus.
    format!("{path}/{}", escaped.replace('+', "%20"))
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
        assert_eq!(page("/", &[english]).ui, Ui::En);
        let kept = page("/", &[english, german]);
        assert_eq!((kept.ui, kept.theme, kept.cookies.len()), (Ui::De, Theme::Dark, 0));
        let asked = page("/?ui=en&theme=light&q=a", &[german]);
        assert_eq!((asked.ui, asked.theme, asked.cookies.len()), (Ui::En, Theme::Light, 2));
        assert_eq!(asked.pairs, [("q".to_owned(), "a".to_owned())]);
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
