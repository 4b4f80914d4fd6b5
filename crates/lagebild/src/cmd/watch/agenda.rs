//! What is to be asked next, and of whom: one request to a host at a time, with a pause between two.

use anyhow::Context as _;
use jiff::Timestamp;
use lagebild_fetch::{Chosen, Pace, Url, Validators, Visit};
use lagebild_store::{DueFeed, DueItem, Reader};
use std::collections::HashSet;
use std::time::Duration;

/// Something to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Job {
    /// A feed.
    Feed(DueFeed),
    /// The page behind an item of a feed.
    Page(DueItem),
}

impl Job {
    /// Where to ask.
    fn address(&self) -> &str {
        match self {
            // A feed that moved and then fails may have been sent astray: every other time it is asked where it was.
            Self::Feed(feed) if feed.failures > 2 && feed.failures % 2 == 1 => &feed.url,
            Self::Feed(feed) => feed.location.as_ref().unwrap_or(&feed.url),
            Self::Page(item) => item.url.as_deref().unwrap_or_default(),
        }
    }

    /// Where to ask.
    pub(super) fn url(&self) -> anyhow::Result<Url> {
        let address = self.address();
        Url::parse(address).with_context(|| format!("{address} in the store is no address"))
    }

    /// What the server gave along with its last answer.
    pub(super) fn validators(&self) -> Validators {
        match self {
            Self::Feed(feed) => Validators {
                etag: feed.etag.clone(),
                last_modified: feed.last_modified.clone(),
            },
            // Only asked for when it is new or the feed says that it changed.
            Self::Page(_) => Validators::default(),
        }
    }

    /// Who chose the address.
    pub(super) fn chosen(&self) -> Chosen {
        match self {
            Self::Feed(_) => Chosen::ByUser,
            Self::Page(_) => Chosen::ByProgram,
        }
    }
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Ask this.
    Ask(Job),
    /// Wait: for answers, and for time.
    Wait {
        /// When something that is due may be asked for, as its host will be ready.
        held: Option<Timestamp>,
        /// When something will be due.
        due: Option<Timestamp>,
    },
}

/// Gives out what is due, host by host.
#[derive(Debug)]
pub(super) struct Agenda {
    pace: Pace,
    /// Hosts that are being asked.
    asked: HashSet<String>,
}

impl Agenda {
    /// An agenda that leaves `gap` between two requests to one host.
    pub(super) fn new(gap: Duration) -> Self {
        Self {
            pace: Pace::new(gap),
            asked: HashSet::new(),
        }
    }

    /// The next thing to do: feeds first, as news are in them.
    pub(super) fn next(&mut self, store: &Reader, now: Timestamp) -> anyhow::Result<Next> {
        let mut held: Option<Timestamp> = None;
        for feed in store.due_feeds(now)? {
            let job = Job::Feed(feed);
            let host = lagebild_fetch::host(&job.url()?);
            if self.is_free(&host, now, &mut held) {
                self.asked.insert(host);
                return Ok(Next::Ask(job));
            }
        }
        for host in store.due_hosts(now)? {
            if self.is_free(&host, now, &mut held)
                && let Some(item) = store.due_items(Some(&host), now, 1)?.pop()
            {
                self.asked.insert(host);
                return Ok(Next::Ask(Job::Page(item)));
            }
        }
        let due = store.next_due(now)?;
        Ok(Next::Wait { held, due })
    }

    fn is_free(&self, host: &str, now: Timestamp, held: &mut Option<Timestamp>) -> bool {
        if self.asked.contains(host) {
            return false;
        }
        match self.pace.free_at(host, now) {
            None => true,
            Some(free) => {
                *held = Some(held.map_or(free, |held| held.min(free)));
                false
            }
        }
    }

    /// Notes that `url` is not asked for after all.
    pub(super) fn withdraw(&mut self, url: &Url) {
        self.asked.remove(&lagebild_fetch::host(url));
    }

    /// Notes that `url` was asked for and what came of it.
    pub(super) fn answered(&mut self, url: &Url, visit: &Visit, now: Timestamp) {
        let host = lagebild_fetch::host(url);
        self.asked.remove(&host);
        self.pace.asked(&host, now, visit.delay);
        // What a server says about one page it means about all of them (429, 503).
        if let Err(error) = &visit.answer
            && let Some(time) = error.retry_after()
        {
            self.pace.hold(&host, now, time);
        }
    }
}
