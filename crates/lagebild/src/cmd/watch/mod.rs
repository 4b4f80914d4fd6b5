//! `lagebild watch`: follows feeds and adds what they lead to.
//!
//! One thread decides and writes; requests run in threads of their own, one to a host at a time. All state is in the
//! store: what is due, what was seen, what a feed itself says of an item until a report was made of it. So the program may
//! be stopped at any moment, and memory does not grow with time.

mod agenda;
mod hooks;
mod items;
mod log;
#[cfg(test)]
mod tests;

pub(crate) use log::LogFormat;

use super::add;
use crate::End;
use crate::cli;
use crate::input::{About, Item, line_item, of_feed};
use crate::pipeline::{KeptHints, Pipeline};
use crate::{net, signal, term};
use agenda::{Agenda, Job, Next};
use anyhow::{Context as _, bail};
use hooks::Hooks;
use items::Told;
use jiff::Timestamp;
use jiff::tz::Offset;
use lagebild_core::Date;
use lagebild_core::learnt::Learnt;
use lagebild_fetch::schedule::{self, Polled};
use lagebild_fetch::subscriptions::{self, Form, Subscription, Subscriptions};
use lagebild_fetch::{Answer, Error as FetchError, Page, Url, Visit, Visitor};
use lagebild_ingest::feed::parse_feed;
use lagebild_ingest::{Limit, is_credible};
use lagebild_store::{DueDelivery, DueFeed, DueItem, Incoming, Outcome, Poll, Receipt, Store};
use log::{Event, Log, Tally};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// Requests at the same time, to as many hosts.
const REQUESTS: usize = 16;
/// Reports added at once.
const BATCH: usize = 32;
/// A page is not read again sooner, however often the feed changes what it says of it.
const RECHECK: Duration = Duration::from_secs(3600);
/// A page behind two feeds is read once within this time. Shorter than [`RECHECK`], so that a change is always looked at.
const SAME: Duration = Duration::from_secs(3000);
/// A single run leaves hosts alone that are not ready within this time.
const PATIENCE: Duration = Duration::from_secs(60);
/// The loop looks what is due at least this often.
const LOOK: Duration = Duration::from_secs(60);

/// What is wanted of a feed.
#[derive(Clone, Copy, Debug)]
struct Wish {
    interval: Duration,
    full_text: bool,
}

/// Decides what to ask, and takes the answers in. Knows no clock, no chance and no network: they are handed in.
struct Watcher<'a> {
    store: Store,
    pipeline: &'a Pipeline,
    /// What earlier reports taught of persons.
    learnt: Learnt,
    use_learnt: bool,
    pool: &'a rayon::ThreadPool,
    agenda: Agenda,
    wishes: HashMap<String, Wish>,
    usual: Wish,
    /// A number from 0 up to 1, another each time.
    chance: Box<dyn FnMut() -> f64 + 'a>,
    log: Log,
    tally: Tally,
}

/// An item with all that was found of it, to be made a report.
struct Found {
    item: DueItem,
    told: Told,
    page: Option<Box<Page>>,
    /// Why there is no page.
    reason: Option<String>,
}

/// What a report is made of.
struct Text {
    item: Option<(Item, About)>,
    /// Why it is not the page.
    reason: Option<String>,
}

impl Watcher<'_> {
    /// What to do now. A page that another feed led to a while ago is done without being asked for again.
    fn next(&mut self, now: Timestamp) -> anyhow::Result<Next> {
        loop {
            let next = self.agenda.next(self.store.reader(), now)?;
            let Next::Ask(job @ Job::Page(item)) = &next else {
                return Ok(next);
            };
            let page = item.url.as_deref().unwrap_or_default();
            if !self.store.reader().page_read_since(page, now - SAME)? {
                return Ok(next);
            }
            self.agenda.withdraw(&job.url()?);
            self.store.finish_items(&[(item, None)], now)?;
        }
    }

    /// Takes in what came of a job.
    fn answered(&mut self, job: Job, visit: Visit, now: Timestamp) -> anyhow::Result<()> {
        let url = job.url()?;
        self.agenda.answered(&url, &visit, now);
        match job {
            Job::Feed(feed) => self.polled(&feed, &url, visit.answer, now),
            Job::Page(item) => self.fetched(item, visit.answer, now),
        }
    }

    fn wish(&self, feed: &str) -> Wish {
        self.wishes.get(feed).copied().unwrap_or(self.usual)
    }

    fn polled(
        &mut self,
        feed: &DueFeed,
        asked: &Url,
        answer: Result<Answer, FetchError>,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let wish = self.wish(&feed.url);
        self.tally.polls += 1;
        match answer {
            Ok(Answer::NotModified { validators, max_age }) => {
                let poll = Poll::NotModified {
                    etag: validators.etag.as_deref(),
                    last_modified: validators.last_modified.as_deref(),
                };
                self.note(feed, &poll, Polled::Fine { max_age }, ("not-modified", 0), now)
            }
            Ok(Answer::Page(page)) => match parse_feed(&page.bytes, net::charset(&page)) {
                Ok(read) => {
                    let items = items::seen(&read, &page.url, wish.full_text);
                    let location = page.moved_to.as_ref().unwrap_or(asked).as_str();
                    let poll = Poll::Read {
                        location: Some(location).filter(|l| *l != feed.url),
                        title: read.title.as_deref(),
                        etag: page.validators.etag.as_deref(),
                        last_modified: page.validators.last_modified.as_deref(),
                        items: &items,
                    };
                    let max_age = page.max_age;
                    self.note(feed, &poll, Polled::Fine { max_age }, ("read", read.skipped.len()), now)
                }
                Err(error) => {
                    let reason = error.to_string();
                    let polled = Polled::Failed {
                        failures: feed.failures.saturating_add(1),
                        retry_after: None,
                    };
                    self.note(feed, &Poll::Failed { reason: &reason }, polled, ("not-a-feed", 0), now)
                }
            },
            Err(error) => {
                let polled = match error {
                    FetchError::Status { code: 410, .. } => Polled::Gone,
                    _ => Polled::Failed {
                        failures: feed.failures.saturating_add(1),
                        retry_after: error.retry_after(),
                    },
                };
                let reason = error.to_string();
                self.note(feed, &Poll::Failed { reason: &reason }, polled, (error.code(), 0), now)
            }
        }
    }

    /// Notes a poll in store and log.
    fn note(
        &mut self,
        feed: &DueFeed,
        poll: &Poll<'_>,
        polled: Polled,
        (result, skipped): (&str, usize),
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let chance = (self.chance)();
        let next = now + schedule::wait(self.wish(&feed.url).interval, polled, chance);
        let changes = self.store.polled(feed.id, poll, next, now + RECHECK, now)?;
        let reason = match poll {
            Poll::Failed { reason } => {
                self.tally.failed_polls += 1;
                Some(*reason)
            }
            _ => None,
        };
        let event = Event::Poll {
            feed: &feed.url,
            result,
            reason,
            new: changes.new,
            changed: changes.changed,
            skipped,
            next,
        };
        self.log.write(now, &event);
        Ok(())
    }

    fn fetched(&mut self, item: DueItem, answer: Result<Answer, FetchError>, now: Timestamp) -> anyhow::Result<()> {
        let (page, reason, again) = match answer {
            Ok(Answer::Page(page)) if page.whole => (Some(page), None, None),
            // Nobody asked whether it changed, so nobody says so.
            Ok(Answer::NotModified { .. }) => (None, Some("the server answers 304 unasked".to_owned()), None),
            Ok(Answer::Page(page)) => {
                let again = schedule::retry(item.attempts + 1, None);
                (Some(page), Some("the page broke off".to_owned()), again)
            }
            Err(error) => {
                let again = error
                    .is_passing()
                    .then(|| schedule::retry(item.attempts + 1, error.retry_after()));
                (None, Some(error.to_string()), again.flatten())
            }
        };
        if let (Some(wait), Some(reason)) = (again, &reason) {
            let next = now + wait;
            self.store.put_off_item(item.id, next, reason)?;
            let url = item.url.as_deref().unwrap_or_default();
            self.log.write(now, &Event::PutOff { url, reason, next });
            return Ok(());
        }
        self.add(vec![Found::new(item, page, reason)], now)
    }

    /// Takes over what the reports of this round taught, for those of the next.
    fn learn(&mut self) -> anyhow::Result<()> {
        if self.store.learn()? > 0 {
            self.recall()?;
        }
        Ok(())
    }

    fn recall(&mut self) -> anyhow::Result<()> {
        if self.use_learnt {
            self.learnt = self.store.reader().learnt()?;
        }
        Ok(())
    }

    /// Makes reports of items that are to be read from the feed itself; says whether there were any.
    fn read_own(&mut self, now: Timestamp) -> anyhow::Result<bool> {
        let items = self.store.reader().due_items(None, now, BATCH)?;
        let found: Vec<Found> = items.into_iter().map(|item| Found::new(item, None, None)).collect();
        let any = !found.is_empty();
        if any {
            self.add(found, now)?;
        }
        Ok(any)
    }

    /// Makes reports and adds them: bytes first, then what is read from them, then the word that the items are done.
    fn add(&mut self, found: Vec<Found>, now: Timestamp) -> anyhow::Result<()> {
        let mut texts: Vec<Text> = {
            let (pipeline, day) = (self.pipeline, Offset::UTC.to_datetime(now).date());
            self.pool
                .install(|| found.par_iter().map(|f| f.text(pipeline, day)).collect())
        };
        let chosen: Vec<(usize, (Item, About), String)> = texts
            .iter_mut()
            .enumerate()
            .filter_map(|(n, text)| {
                let (item, about) = text.item.take()?;
                let hints = KeptHints::of(&item, about);
                Some((n, (item, about), hints))
            })
            .collect();
        let incoming: Vec<Incoming<'_>> = chosen
            .iter()
            .map(|(_, (item, _), hints)| Incoming {
                bytes: &item.bytes,
                source: item.source.as_deref(),
                hints,
            })
            .collect();
        let receipts = self.store.receive(&incoming, &self.pipeline.engines(), now)?;
        // What there is to say of each item in the end.
        let mut ends: Vec<(&str, Option<String>)> = texts.iter().map(|text| ("failed", text.reason.clone())).collect();
        let (mut places, mut received) = (Vec::new(), Vec::new());
        for (receipt, (n, (item, about), _)) in receipts.into_iter().zip(chosen) {
            match receipt {
                Receipt::New(raw) => {
                    places.push(n);
                    received.push((raw, item, about));
                }
                Receipt::Known => ends[n].0 = "known",
            }
        }
        let preparer = self.store.preparer();
        let read = self
            .pool
            .install(|| add::read_all(self.pipeline, &self.learnt, &preparer, received));
        let outcomes = add::finish(&mut self.store, &read)?;
        for ((n, outcome), read) in places.into_iter().zip(outcomes).zip(&read) {
            ends[n].0 = match outcome {
                Outcome::Added => "added",
                Outcome::Revised => "revised",
                Outcome::Reread | Outcome::Unchanged => "known",
                Outcome::Failed => "failed",
            };
            if let Err(bad) = &read.result {
                ends[n].1 = Some(bad.why.to_string());
            }
        }
        for (found, (result, reason)) in found.iter().zip(&ends) {
            let count = match *result {
                "added" => &mut self.tally.added,
                "revised" => &mut self.tally.revised,
                "known" => &mut self.tally.known,
                _ => &mut self.tally.failed,
            };
            *count += 1;
            let event = Event::Report {
                feed: &found.item.feed,
                url: found.told.url.as_deref(),
                result,
                reason: reason.as_deref(),
            };
            self.log.write(now, &event);
        }
        let done: Vec<(&DueItem, Option<String>)> = found
            .iter()
            .zip(ends)
            .map(|(found, (_, reason))| (&found.item, reason))
            .collect();
        Ok(self.store.finish_items(&done, now)?)
    }
}

impl Found {
    fn new(item: DueItem, page: Option<Box<Page>>, reason: Option<String>) -> Self {
        // Written by ourselves; what an older version wrote differently says nothing, and the page is still there.
        let told = serde_json::from_slice(&item.content).unwrap_or_default();
        Self {
            item,
            told,
            page,
            reason,
        }
    }

    /// The text to read: that of the page, unless there is none or the feed itself has more of it.
    fn text(&self, pipeline: &Pipeline, today: Date) -> Text {
        let reason = self.reason.clone();
        let told = self.told.published.as_deref().and_then(|day| day.parse().ok());
        let about = About {
            published: told.filter(|&day| is_credible(day, Some(today))),
            lang: None,
            read_on: Some(today),
        };
        let own = self.own().map(|item| (item, about));
        // The id of the report is that of the address in the feed, wherever the page was found in the end.
        let asked = self.item.url.as_deref().and_then(|url| Url::parse(url).ok());
        let page = self
            .page
            .as_ref()
            .zip(asked)
            .map(|(page, url)| (net::item(page, &url), about));
        let Some(page) = page else {
            let reason = reason.or_else(|| own.is_none().then(|| "the feed has no text of it".to_owned()));
            return Text { item: own, reason };
        };
        let Some(own) = own else {
            return Text {
                item: Some(page),
                reason,
            };
        };
        let length = |(item, about): &(Item, About)| {
            let read = || pipeline.report(item, *about).map(|r| r.document.text.chars().count());
            // Found again, and told, when the text is read.
            catch_unwind(AssertUnwindSafe(read)).unwrap_or(Ok(0))
        };
        match (length(&page), length(&own)) {
            (Err(why), Ok(_)) => Text {
                item: Some(own),
                reason: Some(format!("{why}; read from the feed")),
            },
            (Ok(on_page), Ok(in_feed)) if in_feed > on_page => Text {
                item: Some(own),
                reason: Some("the page shows less than the feed; read from the feed".to_owned()),
            },
            _ => Text {
                item: Some(page),
                reason,
            },
        }
    }

    /// What the feed itself has of the item, to be read.
    fn own(&self) -> Option<Item> {
        self.told.html.as_deref().filter(|html| !html.trim().is_empty())?;
        let told = Told {
            id: Some(items::document_id(&self.item)),
            ..self.told.clone()
        };
        let name = self.told.url.as_ref().unwrap_or(&self.item.feed);
        Some(of_feed(line_item(name.clone(), 1, serde_json::to_vec(&told).ok()?)))
    }
}

/// What the loop waits for.
enum Message {
    Answer(Box<(Job, Visit)>),
    Delivered(Box<(DueDelivery, Result<(), FetchError>)>),
    Stop,
}

pub(super) fn run(args: cli::Watch) -> anyhow::Result<End> {
    let (list, mut end) = read_lists(&args.lists)?;
    let pipeline = Pipeline::with(&args.overlays)?;
    let pool = super::pool(args.threads)?;
    let visitor = Arc::new(net::visitor(&args.net, &list.allow_hosts)?);
    let client = net::client(&args.net, &[])?;
    let mut store = Store::open(&args.store.store, Pipeline::compounds())?;
    let feeds: Vec<(&str, Option<&str>)> = list
        .feeds
        .iter()
        .map(|f| (f.url.as_str(), f.title.as_deref()))
        .collect();
    store.watch_feeds(&feeds, Timestamp::now())?;
    let usual = Wish {
        interval: args.interval,
        full_text: !args.no_full_text,
    };
    let wish = |feed: &Subscription| Wish {
        interval: feed.interval.unwrap_or(usual.interval),
        full_text: feed.full_text.unwrap_or(usual.full_text),
    };
    let random = RandomState::new();
    let mut drawn = 0_u64;
    let mut watcher = Watcher {
        store,
        pipeline: &pipeline,
        learnt: Learnt::default(),
        use_learnt: !args.no_learnt,
        pool: &pool,
        agenda: Agenda::new(net::GAP),
        wishes: list.feeds.iter().map(|f| (f.url.to_string(), wish(f))).collect(),
        usual,
        chance: Box::new(move || {
            drawn += 1;
            (random.hash_one(drawn) >> 11) as f64 / (1_u64 << 53) as f64
        }),
        log: Log::new(args.log),
        tally: Tally::default(),
    };
    watcher.recall()?;
    let start = Event::Start {
        feeds: feeds.len(),
        version: env!("CARGO_PKG_VERSION"),
    };
    watcher.log.write(Timestamp::now(), &start);
    let (sender, messages) = mpsc::channel();
    let stop = sender.clone();
    signal::on_stop(move || {
        // Nobody listens any more when the loop has ended by itself.
        let _ = stop.send(Message::Stop);
    })?;
    let hooks = Hooks::new(client, sender.clone());
    watch(&mut watcher, &visitor, &sender, &messages, hooks, args.once)?;
    let tally = watcher.tally;
    watcher.log.write(Timestamp::now(), &Event::Stop(tally));
    if args.once && tally.failed_polls > 0 {
        end = End::Failed;
    }
    Ok(end)
}

/// Asks and takes in answers until a signal comes, or with `once` until nothing is due. Requests that run then are left to
/// themselves: what they would bring is due again at the next start.
fn watch(
    watcher: &mut Watcher<'_>,
    visitor: &Arc<Visitor>,
    sender: &mpsc::Sender<Message>,
    messages: &mpsc::Receiver<Message>,
    mut hooks: Hooks,
    once: bool,
) -> anyhow::Result<()> {
    let mut running = 0;
    loop {
        let now = Timestamp::now();
        let mut until = None;
        while running < REQUESTS {
            match watcher.next(now)? {
                Next::Ask(job) => {
                    ask(job, Arc::clone(visitor), sender.clone())?;
                    running += 1;
                }
                Next::Wait { held, due } => {
                    let soon = held.filter(|&held| !once || held < now + PATIENCE);
                    if once && running == 0 && soon.is_none() && !watcher.read_own(now)? {
                        watcher.learn()?;
                        return hooks.last(&mut watcher.store);
                    }
                    until = soon.into_iter().chain(due.filter(|_| !once)).min();
                    break;
                }
            }
        }
        // A single run looks and sends once, at its end.
        if !once {
            hooks.turn(&mut watcher.store, now)?;
            if running == 0 {
                watcher.learn()?;
            }
        }
        // Not longer than a minute: the clock may be set, and machines sleep.
        let wait = until.map_or(LOOK, |until| {
            Duration::try_from(until.duration_since(now)).unwrap_or_default()
        });
        let wait = if watcher.read_own(now)? {
            Duration::ZERO
        } else {
            wait.min(LOOK)
        };
        match messages.recv_timeout(wait) {
            Ok(Message::Answer(answer)) => {
                running -= 1;
                let (job, visit) = *answer;
                watcher.answered(job, visit, Timestamp::now())?;
            }
            Ok(Message::Delivered(delivered)) => {
                let (delivery, sent) = *delivered;
                let now = Timestamp::now();
                watcher.log.write(now, &Event::delivery(&delivery, &sent));
                hooks.delivered(&mut watcher.store, &delivery, sent)?;
            }
            Ok(Message::Stop) | Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(()),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Does a job in a thread of its own.
fn ask(job: Job, visitor: Arc<Visitor>, sender: mpsc::Sender<Message>) -> anyhow::Result<()> {
    let url = job.url()?;
    let work = move || {
        let validators = job.validators();
        let visit = || visitor.visit(&url, &validators, job.chosen(), Timestamp::now());
        // A fault of the program in one request must not make the host count as asked for ever.
        let visit = catch_unwind(AssertUnwindSafe(visit)).unwrap_or_else(|_| Visit {
            answer: Err(FetchError::Protocol {
                host: lagebild_fetch::host(&url),
                why: "the program failed on it; please report this".to_owned(),
            }),
            delay: None,
        });
        // Nobody waits for it after a stop.
        let _ = sender.send(Message::Answer(Box::new((job, visit))));
    };
    std::thread::Builder::new()
        .name("request".to_owned())
        .spawn(work)
        .context("cannot start a thread for a request")?;
    Ok(())
}

/// Reads the lists of feeds; tells what in them is no feed.
fn read_lists(paths: &[PathBuf]) -> anyhow::Result<(Subscriptions, End)> {
    let mut all = Subscriptions::default();
    let mut end = End::Fine;
    for path in paths {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).with_context(|| format!("cannot read the list of feeds {name}"))?;
        if bytes.len() > Limit::Body.max() {
            bail!("{name}: over the limit: {}", Limit::Body);
        }
        let text = String::from_utf8_lossy(&bytes);
        let list = subscriptions::read(&text, Form::of(&name, &text));
        for rejected in &list.rejected {
            term::error(format!("{name}: {rejected}"), None);
            end = End::Failed;
        }
        all.feeds.extend(list.feeds);
        all.allow_hosts.extend(list.allow_hosts);
    }
    let mut seen = HashSet::new();
    all.feeds.retain(|feed| seen.insert(feed.url.clone()));
    if all.feeds.is_empty() {
        bail!(
            "no feeds in {}",
            paths
                .iter()
                .map(|p| p.display().to_string())
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    Ok((all, end))
}
