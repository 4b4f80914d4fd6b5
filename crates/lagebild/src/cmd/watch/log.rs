//! What a run tells on stderr: lines for people, or JSON for programs.

use crate::term;
use jiff::Timestamp;
use lagebild_store::DueDelivery;
use serde::{Serialize, Serializer};
use std::io::Write as _;

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// JSON Lines: `time`, `event`, and what belongs to it.
    Json,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(super) enum Event<'a> {
    /// The run begins.
    Start { feeds: usize, version: &'static str },
    /// A feed was asked for. `result` is `read`, `not-modified` or the short name of an error.
    Poll {
        feed: &'a str,
        result: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'a str>,
        new: usize,
        changed: usize,
        /// Items that the feed itself spoils.
        skipped: usize,
        #[serde(serialize_with = "shown")]
        next: Timestamp,
    },
    /// A report was made, or could not be. `result` is `added`, `revised`, `known` or `failed`.
    Report {
        feed: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        url: Option<&'a str>,
        result: &'a str,
        /// Why the page was not read and the feed's own text was, or why nothing was read.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'a str>,
    },
    /// A page could not be had and will be asked for again.
    PutOff {
        url: &'a str,
        reason: &'a str,
        #[serde(serialize_with = "shown")]
        next: Timestamp,
    },
    /// New hits of a saved search were sent to its webhook; with a reason, they did not arrive and are sent again later.
    Delivery {
        search: &'a str,
        id: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The run ends.
    Stop(Tally),
}

impl<'a> Event<'a> {
    /// How an attempt to deliver ended.
    pub(super) fn delivery(delivery: &'a DueDelivery, sent: &Result<(), lagebild_fetch::Error>) -> Self {
        Self::Delivery {
            search: &delivery.search,
            id: &delivery.id,
            reason: sent.as_ref().err().map(ToString::to_string),
        }
    }
}

/// What came of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Tally {
    /// Feeds asked for.
    pub(super) polls: usize,
    /// Those that could not be had or read.
    pub(super) failed_polls: usize,
    /// New reports.
    pub(super) added: usize,
    /// Reports whose text changed.
    pub(super) revised: usize,
    /// Reports that were there already.
    pub(super) known: usize,
    /// Items of which no report could be made.
    pub(super) failed: usize,
}

fn shown<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(time)
}

/// Writes events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Log {
    format: LogFormat,
}

impl Log {
    pub(super) fn new(format: LogFormat) -> Self {
        Self { format }
    }

    pub(super) fn write(self, now: Timestamp, event: &Event<'_>) {
        match self.format {
            LogFormat::Json => {
                #[derive(Serialize)]
                struct Line<'a> {
                    #[serde(serialize_with = "shown")]
                    time: Timestamp,
                    #[serde(flatten)]
                    event: &'a Event<'a>,
                }
                if let Ok(line) = serde_json::to_string(&Line { time: now, event }) {
                    // Who closes the log still wants the news.
                    let _ = writeln!(std::io::stderr().lock(), "{line}");
                }
            }
            LogFormat::Text => {
                if let Some(line) = line(event) {
                    term::note(format!("{} {line}", now.strftime("%Y-%m-%d %H:%M:%SZ")));
                }
            }
        }
    }
}

/// An event in words; `None` for what only programs want to know.
fn line(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Start { feeds, .. } => format!("watching {feeds} feeds"),
        Event::Poll {
            new: 0,
            changed: 0,
            skipped: 0,
            reason: None,
            ..
        } => return None,
        Event::Poll {
            feed,
            reason: Some(reason),
            next,
            ..
        } => {
            format!("{feed}: {reason}; again at {}", next.strftime("%H:%M"))
        }
        Event::Poll {
            feed,
            new,
            changed,
            skipped,
            ..
        } => {
            let skipped = if *skipped > 0 {
                format!(", {skipped} unreadable")
            } else {
                String::new()
            };
            format!("{feed}: {new} new, {changed} changed{skipped}")
        }
        Event::Report {
            result: "known",
            reason: None,
            ..
        } => return None,
        Event::Report {
            feed,
            url,
            result,
            reason,
        } => {
            let reason = reason.map(|r| format!(" ({r})")).unwrap_or_default();
            format!("{}: {result}{reason}", url.unwrap_or(feed))
        }
        Event::PutOff { url, reason, next } => format!("{url}: {reason}; again at {}", next.strftime("%H:%M")),
        Event::Delivery { search, reason, .. } => match reason {
            Some(reason) => format!("search {search}: {reason}; sent again later"),
            None => format!("search {search}: delivered"),
        },
        Event::Stop(t) => format!(
            "stopped: {} polls, {} failed; {} added, {} revised, {} known, {} failed",
            t.polls, t.failed_polls, t.added, t.revised, t.known, t.failed
        ),
    })
}
