//! Requests as the user sets them: who asks, through what, and which hosts of an own network are allowed; and pages as
//! items to read.

use crate::cli::Net;
use crate::input::{Bad, Item, Shape, Told, Why, entries};
use jiff::Timestamp;
use lagebild_fetch::{Answer, Chosen, Client, Error, Limits, Pace, Page, Settings, Url, Validators, Visitor};
use lagebild_ingest::feed::parse_feed;
use lagebild_ingest::{Format, Limit, content_id};
use std::path::Path;
use std::time::Duration;

/// The time between two requests to a host that wants no longer one.
pub(crate) const GAP: Duration = Duration::from_secs(2);

/// The name in robots.txt, and the beginning of the User-Agent.
const ROBOT: &str = "Lagebild";

/// A visitor by the settings of the user; `allowed` are more hosts that may have private addresses.
///
/// # Errors
/// When the proxy is not named by a URL.
pub(crate) fn visitor(net: &Net, allowed: &[String]) -> Result<Visitor, Error> {
    Ok(Visitor::new(client(net, allowed)?, ROBOT))
}

/// A client by the settings of the user; `allowed` are more hosts that may have private addresses.
///
/// # Errors
/// When the proxy is not named by a URL.
pub(crate) fn client(net: &Net, allowed: &[String]) -> Result<Client, Error> {
    let contact = net.contact.as_deref().unwrap_or(env!("CARGO_PKG_REPOSITORY"));
    let agent = format!("{ROBOT}/{} (+{contact})", env!("CARGO_PKG_VERSION"));
    Client::new(Settings {
        allow_hosts: net.allow_hosts.iter().chain(allowed).cloned().collect(),
        proxy: net.proxy.clone().or_else(|| first_of(&PROXIES)),
        no_proxy: first_of(&["NO_PROXY", "no_proxy"])
            .map(|hosts| hosts.split(',').map(str::to_owned).collect())
            .unwrap_or_default(),
        limits: Limits {
            body: Limit::Body.max() as u64,
            unpacked: Limit::Unpacked.max() as u64,
            ..Limits::default()
        },
        ..Settings::new(agent)
    })
}

/// Where programs look for a proxy.
const PROXIES: [&str; 6] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
];

/// The first of these environment variables that is set.
fn first_of(names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

/// Fetches the pages that a user names, one after another.
pub(crate) struct Web {
    visitor: Visitor,
    pace: Pace,
}

impl Web {
    /// By the settings of the user.
    ///
    /// # Errors
    /// When the proxy is not named by a URL.
    pub(crate) fn new(net: &Net) -> Result<Self, Error> {
        Ok(Self {
            visitor: visitor(net, &[])?,
            pace: Pace::new(GAP),
        })
    }

    /// The report at `address`, or the reports of the feed there.
    pub(crate) fn items(&mut self, address: &str) -> Vec<Result<Item, Bad>> {
        let page = self.page(address).map_err(|error| Bad {
            name: address.to_owned(),
            why: Why::Fetch(error),
        });
        match page {
            Err(bad) => vec![Err(bad)],
            Ok((page, url)) => match parse_feed(&page.bytes, charset(&page)) {
                Ok(feed) => entries(address.to_owned(), feed).collect(),
                Err(_) => vec![Ok(item(&page, &url))],
            },
        }
    }

    fn page(&mut self, address: &str) -> Result<(Page, Url), Error> {
        let url = Url::parse(address).map_err(|e| Error::Url {
            url: address.to_owned(),
            why: e.to_string(),
        })?;
        let host = lagebild_fetch::host(&url);
        let now = Timestamp::now();
        if let Some(free) = self.pace.free_at(&host, now) {
            std::thread::sleep(free.duration_since(now).try_into().unwrap_or_default());
        }
        let asked = Timestamp::now();
        let visit = self.visitor.visit(&url, &Validators::default(), Chosen::ByUser, asked);
        self.pace.asked(&host, Timestamp::now(), visit.delay);
        match visit.answer? {
            Answer::Page(page) if page.whole => Ok((*page, url)),
            Answer::Page(_) => Err(Error::Connection {
                host,
                why: "the page broke off".to_owned(),
            }),
            Answer::NotModified { .. } => Err(Error::Empty),
        }
    }
}

/// Whether an argument is an address of the web.
pub(crate) fn is_url(argument: &Path) -> bool {
    let argument = argument.to_string_lossy();
    let scheme = argument
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

/// A page that was asked for at `url`, to be read. Its report is known by that address, so that the page read again later
/// is the same report.
pub(crate) fn item(page: &Page, url: &Url) -> Item {
    let source = lagebild_fetch::plain(url.clone()).to_string();
    Item {
        name: url.to_string(),
        told: Told {
            url: Some(source.clone()),
            charset: charset(page).map(str::to_owned),
            id: Some(content_id(&source).to_string()),
            ..Told::default()
        },
        source: Some(source),
        bytes: page.bytes.clone(),
        shape: Shape::File(format(page)),
    }
}

/// The charset that the server names.
pub(crate) fn charset(page: &Page) -> Option<&str> {
    let parameters = page.content_type.as_deref()?.split(';').skip(1);
    let charset = parameters
        .filter_map(|p| p.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?
        .1;
    Some(charset.trim().trim_matches('"')).filter(|c| !c.is_empty())
}

/// The format that the server names; its content decides where it names another.
fn format(page: &Page) -> Option<Format> {
    let kind = page
        .content_type
        .as_deref()?
        .split(';')
        .next()?
        .trim()
        .to_ascii_lowercase();
    match kind.as_str() {
        "text/html" | "application/xhtml+xml" => Some(Format::Html),
        _ => None,
    }
}
