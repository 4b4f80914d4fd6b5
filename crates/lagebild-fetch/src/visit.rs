//! A client that keeps to robots.txt.

use crate::client::{Answer, Client, Validators};
use crate::error::Error;
use crate::robots::Robots;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// For how long a robots.txt is kept (RFC 9309, 2.4: not longer than a day).
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// For how long one that could not be had is not asked for again.
const MISSED: Duration = Duration::from_secs(600);
/// Servers whose robots.txt is kept at a time.
const SERVERS: usize = 2048;

/// Who chose a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The user named it: a feed, or a page to add. This is no crawling, and robots.txt has no say: many sites forbid
    /// their feeds to robots and mean search engines.
    ByUser,
    /// It was found behind something else.
    ByProgram,
}

/// What came of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The answer.
    pub answer: Result<Answer, Error>,
    /// The time that the host asked wants between two requests, as far as known.
    pub delay: Option<Duration>,
}

/// Robots.txt of a server, or why it could not be had.
type Found = Result<Robots, Error>;

/// Visits pages, in any thread.
#[derive(Debug)]
pub struct Visitor {
    client: Client,
    token: String,
    robots: Mutex<HashMap<String, (Timestamp, Found)>>,
}

impl Visitor {
    /// A visitor whose name in robots.txt is `token`.
    #[must_use]
    pub fn new(client: Client, token: impl Into<String>) -> Self {
        Self {
            client,
            token: token.into(),
            robots: Mutex::new(HashMap::new()),
        }
    }

    /// Asks for `url`; also for robots.txt of its server, where the page was not chosen by the user and the file is not
    /// known. Servers redirected to are asked too.
    pub fn visit(&self, url: &Url, validators: &Validators, chosen: Chosen, now: Timestamp) -> Visit {
        let mut permit = |hop: &Url| match chosen {
            Chosen::ByUser => Ok(()),
            Chosen::ByProgram => self.permit(hop, now),
        };
        let answer = self.client.get(url, validators, now, &mut permit);
        let known = self.known(url, now);
        Visit {
            answer,
            delay: known.and_then(|robots| robots.ok()?.delay()),
        }
    }

    fn permit(&self, url: &Url, now: Timestamp) -> Result<(), Error> {
        let robots = match self.known(url, now) {
            Some(known) => known,
            None => {
                let found = self.fetch(url, now);
                self.keep(url, found.clone(), now);
                found
            }
        }?;
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        if robots.allows(&path) {
            Ok(())
        } else {
            let host = url.host_str().unwrap_or_default().to_owned();
            Err(Error::Robots { host })
        }
    }

    /// What RFC 9309, 2.3.1 makes of the answers: no file allows all, a server in trouble forbids all for now.
    fn fetch(&self, url: &Url, now: Timestamp) -> Found {
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut file = url.clone();
        file.set_path("/robots.txt");
        file.set_query(None);
        file.set_fragment(None);
        match self.client.get(&file, &Validators::default(), now, &mut |_| Ok(())) {
            Ok(Answer::Page(page)) => Ok(Robots::parse(&page.bytes, &self.token)),
            Ok(Answer::NotModified { .. }) | Err(Error::Empty | Error::Redirects { .. }) => Ok(Robots::default()),
            Err(Error::Status { code, .. }) if code != 429 && code < 500 => Ok(Robots::default()),
            Err(error @ (Error::Refused { .. } | Error::IsProxy { .. } | Error::NoSuchHost { .. })) => Err(error),
            Err(error) => Err(Error::NoRobots {
                host,
                why: error.to_string(),
            }),
        }
    }

    fn known(&self, url: &Url, now: Timestamp) -> Option<Found> {
        let robots = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, found) = robots.get(&server(url))?;
        (*until > now).then(|| found.clone())
    }

    fn keep(&self, url: &Url, found: Found, now: Timestamp) {
        let time = if found.is_ok() { KEPT } else { MISSED };
        let until = now.saturating_add(time).unwrap_or(Timestamp::MAX);
        let mut robots = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        if robots.len() >= SERVERS {
            // The half that would go first anyway.
            let mut ends: Vec<Timestamp> = robots.values().map(|(until, _)| *until).collect();
            ends.sort_unstable();
            let middle = ends[ends.len() / 2];
            robots.retain(|_, (until, _)| *until > middle);
        }
        robots.insert(server(url), (until, found));
    }
}

fn server(url: &Url) -> String {
    url.origin().ascii_serialization()
}
