//! The watcher with a clock, a web and a chance of the tests.

use super::*;
use jiff::{SignedDuration, ToSpan as _};
use lagebild_fetch::Validators;
use lagebild_store::{Filter, Reader};
use std::cell::RefCell;
use std::collections::BTreeMap;

const FEED: &str = "https://news.example/feed";

fn start() -> Timestamp {
    "2026-11-29T12:00:00Z".parse().unwrap()
}

/// What a server answers at a time.
type Answerer<'a> = Box<dyn Fn(Timestamp) -> Result<Answer, FetchError> + 'a>;

/// A web: answers by address, and a record of who asked when.
#[derive(Default)]
struct World<'a> {
    pages: BTreeMap<String, Answerer<'a>>,
    asked: RefCell<Vec<(Timestamp, String)>>,
    delay: Option<Duration>,
}

impl<'a> World<'a> {
    fn with(mut self, url: &str, answer: impl Fn(Timestamp) -> Result<Answer, FetchError> + 'a) -> Self {
        self.pages.insert(url.to_owned(), Box::new(answer));
        self
    }

    fn visit(&self, url: &Url, now: Timestamp) -> Visit {
        self.asked.borrow_mut().push((now, url.to_string()));
        let answer = match self.pages.get(url.as_str()) {
            Some(answer) => answer(now),
            None => Err(FetchError::Status {
                code: 404,
                retry_after: None,
            }),
        };
        Visit {
            answer,
            delay: self.delay,
        }
    }

    /// How often an address was asked for.
    fn times(&self, url: &str) -> usize {
        self.asked.borrow().iter().filter(|(_, asked)| asked == url).count()
    }
}

fn page(url: &str, content_type: &str, body: &str) -> Page {
    Page {
        url: Url::parse(url).unwrap(),
        moved_to: None,
        content_type: Some(content_type.to_owned()),
        validators: Validators::default(),
        max_age: None,
        bytes: body.as_bytes().to_vec(),
        whole: true,
    }
}

fn answer(page: Page) -> Result<Answer, FetchError> {
    Ok(Answer::Page(Box::new(page)))
}

fn status(code: u16, retry_after: Option<u64>) -> Result<Answer, FetchError> {
    Err(FetchError::Status {
        code,
        retry_after: retry_after.map(Duration::from_secs),
    })
}

/// A feed of items with guid, link, headline and text.
fn rss(items: &[(&str, &str, &str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(guid, link, title, text)| {
            format!(
                "<item><guid>{guid}</guid><link>{link}</link><title>{title}</title><description>{text}</description>\
                 <pubDate>Sun, 29 Nov 2026 09:00:00 +0100</pubDate></item>"
            )
        })
        .collect();
    format!("<rss version=\"2.0\"><channel><title>Nachrichten</title>{items}</channel></rss>")
}

fn feed(items: &[(&str, &str, &str, &str)]) -> Result<Answer, FetchError> {
    answer(page(FEED, "application/rss+xml", &rss(items)))
}

/// A page with an article of two paragraphs.
fn article(url: &str, first: &str) -> Result<Answer, FetchError> {
    let html = format!(
        "<!DOCTYPE html><html><head><title>Seoul berät</title></head><body><article><h1>Seoul berät</h1><p>{first}</p>\
         <p>Das russische Parlament hat den Beistandsvertrag mit Nordkorea ratifiziert, wie die Agentur am Donnerstag \
         meldete. Der Vertrag war im Juni in Pjöngjang unterzeichnet worden und sieht gegenseitige Hilfe im Fall eines \
         Angriffs vor.</p></article></body></html>"
    );
    answer(page(url, "text/html; charset=utf-8", &html))
}

const FIRST: &str = "Südkorea prüft nach Angaben des Verteidigungsministeriums Waffenlieferungen an die Ukraine, sagte ein \
                     Sprecher in Seoul vor der Presse.";
const CORRECTED: &str = "Südkorea liefert nach Angaben des Verteidigungsministeriums keine Waffen an die Ukraine, sagte ein \
                         Sprecher in Seoul vor der Presse.";

struct Fixture {
    dir: tempfile::TempDir,
    pipeline: Pipeline,
    pool: rayon::ThreadPool,
}

impl Fixture {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            pipeline: Pipeline::load(),
            pool: crate::cmd::pool(1).unwrap(),
        }
    }

    fn watcher(&self, feeds: &[&str]) -> Watcher<'_> {
        let mut store = Store::open(self.dir.path().join("s.db"), Pipeline::compounds()).unwrap();
        let list: Vec<_> = feeds.iter().map(|f| (*f, None)).collect();
        store.watch_feeds(&list, start()).unwrap();
        Watcher {
            store,
            pipeline: &self.pipeline,
            learnt: Learnt::default(),
            use_learnt: true,
            pool: &self.pool,
            agenda: Agenda::new(Duration::from_secs(2)),
            wishes: HashMap::new(),
            usual: Wish {
                interval: Duration::from_secs(3600),
                full_text: true,
            },
            chance: Box::new(|| 0.5),
            log: Log::new(LogFormat::Json),
            tally: Tally::default(),
        }
    }
}

/// Runs the watcher through time until `end`; requests take none.
fn run(watcher: &mut Watcher<'_>, world: &World<'_>, mut now: Timestamp, end: Timestamp) {
    while now < end {
        match watcher.next(now).unwrap() {
            Next::Ask(job) => {
                let visit = world.visit(&job.url().unwrap(), now);
                watcher.answered(job, visit, now).unwrap();
            }
            Next::Wait { held, due } => {
                if !watcher.read_own(now).unwrap() {
                    now = held.into_iter().chain(due).min().unwrap_or(end).max(now + 1.second());
                }
            }
        }
    }
}

fn hours(n: i64) -> Timestamp {
    start() + SignedDuration::from_hours(n)
}

fn documents(reader: &Reader) -> Vec<lagebild_store::DocumentRow> {
    reader.documents(&Filter::default()).unwrap().rows
}

const PAGE: &str = "https://news.example/a";

#[test]
fn what_feeds_lead_to_is_read_once_and_again_when_it_changes() {
    let fixture = Fixture::new();
    let mut watcher = fixture.watcher(&[FEED]);
    let changed = hours(5);
    let world = World::default()
        .with(FEED, |now| {
            let title = if now < changed {
                "Seoul berät"
            } else {
                "Seoul lehnt ab"
            };
            feed(&[("1", "/a?utm_source=rss", title, "Kurz.")])
        })
        .with(PAGE, |now| article(PAGE, if now < changed { FIRST } else { CORRECTED }));
    run(&mut watcher, &world, start(), hours(4));
    assert_eq!((world.times(FEED), world.times(PAGE)), (4, 1));
    let rows = documents(watcher.store.reader());
    assert_eq!(rows.len(), 1);
    assert_eq!(
        rows[0].document.published.as_deref(),
        Some("2026-11-29"),
        "as the feed says"
    );
    assert_eq!(rows[0].document.url.as_deref(), Some(PAGE));
    run(&mut watcher, &world, hours(4), hours(24));
    assert_eq!(world.times(PAGE), 2);
    let rows = documents(watcher.store.reader());
    assert_eq!((rows.len(), rows[0].revision), (1, 2), "a revision, not another report");
    let tally = watcher.tally;
    assert_eq!(
        (tally.added, tally.revised, tally.failed, tally.failed_polls),
        (1, 1, 0, 0)
    );
}

#[test]
fn a_feed_that_flickers_does_not_have_its_page_fetched_at_each_poll() {
    let fixture = Fixture::new();
    let mut watcher = fixture.watcher(&[FEED]);
    watcher.usual.interval = schedule::SHORTEST;
    let world = World::default()
        .with(FEED, |now| feed(&[("1", "/a", "T", &format!("Stand {now}"))]))
        .with(PAGE, |_| article(PAGE, FIRST));
    run(&mut watcher, &world, start(), hours(6));
    assert!(world.times(FEED) > 60, "{}", world.times(FEED));
    assert!((5..=7).contains(&world.times(PAGE)), "{}", world.times(PAGE));
    assert_eq!(documents(watcher.store.reader()).len(), 1);
    assert_eq!((watcher.tally.added, watcher.tally.revised), (1, 0));
}

#[test]
fn the_feeds_own_text_stands_in_for_pages_that_cannot_be_had_or_say_less() {
    let fixture = Fixture::new();
    let mut watcher = fixture.watcher(&[FEED]);
    let long = format!("&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{CORRECTED}&lt;/p&gt;");
    let world = World::default()
        .with(FEED, |_| {
            feed(&[
                ("1", "/closed", "Seoul berät", &long),
                ("2", "/thin", "Seoul berät weiter", &long.replace("Seoul", "Busan")),
                ("3", "/broken", "Seoul berät noch", &long.replace("Seoul", "Daegu")),
                ("4", "/nothing", "Nur eine Überschrift", ""),
            ])
        })
        .with("https://news.example/closed", |_| status(403, None))
        .with("https://news.example/thin", |_| {
            let html = "<!DOCTYPE html><html><body><article><h1>Seoul berät</h1><p>Dieser Artikel ist nur für Abonnenten \
                        lesbar.</p></article></body></html>";
            answer(page("https://news.example/thin", "text/html", html))
        })
        .with("https://news.example/broken", |_| {
            let mut half = page("https://news.example/broken", "text/html", "<html><body><p>Seo");
            half.whole = false;
            answer(half)
        });
    run(&mut watcher, &world, start(), hours(1));
    let rows = documents(watcher.store.reader());
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows.iter().all(|r| {
        r.document
            .title
            .as_deref()
            .is_some_and(|t| t.starts_with("Seoul berät"))
    }));
    run(&mut watcher, &world, hours(1), hours(24));
    assert_eq!(documents(watcher.store.reader()).len(), 3);
    assert_eq!(world.times("https://news.example/closed"), 1, "a no is taken for a no");
    assert_eq!(
        world.times("https://news.example/broken"),
        5,
        "what may pass is tried again, and not for ever"
    );
    assert_eq!((watcher.tally.added, watcher.tally.failed), (3, 1));
    assert_eq!(watcher.store.reader().feeds().unwrap()[0].waiting, 0);
}

#[test]
fn items_that_share_guid_or_page_all_become_reports() {
    let fixture = Fixture::new();
    let mut watcher = fixture.watcher(&[FEED]);
    let texts: Vec<String> = (0..10)
        .map(|n| FIRST.replace("Seoul", ["Busan", "Daegu"][n % 2]) + &format!(" Das war Meldung {n} des Tages."))
        .collect();
    let entries: Vec<(String, String)> = (0..10).map(|n| (format!("Meldung {n}"), texts[n].clone())).collect();
    let world = World::default().with(FEED, |_| {
        let items: Vec<_> = entries
            .iter()
            .map(|(t, x)| ("same", "/ticker", t.as_str(), x.as_str()))
            .collect();
        feed(&items)
    });
    run(&mut watcher, &world, start(), hours(3));
    assert_eq!(documents(watcher.store.reader()).len(), 10);
    assert_eq!(world.times("https://news.example/ticker"), 0);
    assert_eq!(watcher.tally.added, 10);
}

#[test]
fn failures_are_backed_off_shown_and_never_for_good() {
    let fixture = Fixture::new();
    let mut watcher = fixture.watcher(&[FEED]);
    let (down, up) = (hours(3), hours(24 * 7));
    let world = World::default().with(FEED, |now| {
        if now < down || now >= up {
            feed(&[])
        } else if now < hours(50) {
            answer(page(
                FEED,
                "text/html",
                "<!DOCTYPE html><html><body><h1>Wartung</h1></body></html>",
            ))
        } else {
            status(503, Some(10 * 365 * 24 * 3600))
        }
    });
    run(&mut watcher, &world, start(), hours(26));
    let row = watcher.store.reader().feeds().unwrap().remove(0);
    assert!(row.failures >= 4, "{row:?}");
    assert!(row.reason.unwrap().contains("not a feed"));
    assert!(
        row.read_at.unwrap().starts_with("2026-11-29T14:"),
        "the last good poll is remembered"
    );
    let before = world.times(FEED);
    run(&mut watcher, &world, hours(26), up);
    assert!(
        (3..=9).contains(&(world.times(FEED) - before)),
        "about once a day: {}",
        world.times(FEED) - before
    );
    run(&mut watcher, &world, up, up + SignedDuration::from_hours(48));
    let row = watcher.store.reader().feeds().unwrap().remove(0);
    assert_eq!((row.failures, row.reason), (0, None));
}

#[test]
fn moved_and_gone_feeds() {
    let fixture = Fixture::new();
    let gone = "https://gone.example/feed";
    let new = "https://new.example/feed";
    let mut watcher = fixture.watcher(&[FEED, gone]);
    let broken = hours(5);
    let world = World::default()
        .with(FEED, |_| {
            let mut moved = page(new, "application/rss+xml", &rss(&[]));
            moved.moved_to = Some(Url::parse(new).unwrap());
            answer(moved)
        })
        .with(new, |now| {
            if now < broken {
                answer(page(new, "application/rss+xml", &rss(&[])))
            } else {
                status(404, None)
            }
        })
        .with(gone, |_| status(410, None));
    run(&mut watcher, &world, start(), hours(4));
    assert_eq!((world.times(FEED), world.times(new), world.times(gone)), (1, 3, 1));
    assert_eq!(
        watcher.store.reader().feeds().unwrap()[0].location.as_deref(),
        Some(new)
    );
    run(&mut watcher, &world, hours(4), hours(7 * 24));
    assert!(
        world.times(FEED) > 1,
        "a feed that was sent astray is found again where it was"
    );
    let rows = watcher.store.reader().feeds().unwrap();
    assert!(rows[1].reason.as_deref().unwrap().contains("410"));
    assert_eq!(world.times(gone), 1);
    run(&mut watcher, &world, hours(7 * 24), hours(9 * 24));
    assert_eq!(world.times(gone), 2, "a week later it is looked at again");
}

#[test]
fn a_page_behind_two_feeds_is_asked_for_once_and_one_report() {
    let fixture = Fixture::new();
    let other = "https://other.example/feed";
    let mut watcher = fixture.watcher(&[FEED, other]);
    let changed = hours(5);
    let world = World::default()
        .with(FEED, |_| feed(&[("1", "/a", "Seoul berät", "Kurz.")]))
        .with(other, |now| {
            let text = if now < changed { "Kurz." } else { "Kurz, berichtigt." };
            let item = ("x", "https://news.example/a?utm_medium=feed", "Seoul berät", text);
            answer(page(other, "application/rss+xml", &rss(&[item])))
        })
        .with(PAGE, |now| article(PAGE, if now < changed { FIRST } else { CORRECTED }));
    run(&mut watcher, &world, start(), hours(4));
    assert_eq!(world.times(PAGE), 1);
    run(&mut watcher, &world, hours(4), hours(12));
    assert_eq!(world.times(PAGE), 2);
    let rows = documents(watcher.store.reader());
    assert_eq!((rows.len(), rows[0].revision), (1, 2));
}

#[test]
fn hosts_are_asked_one_at_a_time_with_the_pause_that_they_want() {
    let fixture = Fixture::new();
    let mut watcher = fixture.watcher(&[FEED]);
    let items: Vec<(String, String)> = (0..20).map(|n| (format!("{n}"), format!("/a/{n}"))).collect();
    let mut world = World::default().with(FEED, |_| {
        let items: Vec<_> = items
            .iter()
            .map(|(id, link)| (id.as_str(), link.as_str(), "T", FIRST))
            .collect();
        feed(&items)
    });
    world.delay = Some(Duration::from_secs(10));
    run(&mut watcher, &world, start(), hours(1));
    let asked = world.asked.borrow();
    assert_eq!(asked.len(), 21);
    for pair in asked.windows(2) {
        assert!(
            pair[1].0.duration_since(pair[0].0) >= SignedDuration::from_secs(10),
            "{pair:?}"
        );
    }
    // Nothing is given out for a host that is being asked.
    let mut agenda = Agenda::new(Duration::from_secs(2));
    let reader = watcher.store.reader();
    let later = hours(100);
    assert!(matches!(agenda.next(reader, later).unwrap(), Next::Ask(Job::Feed(_))));
    assert!(matches!(
        agenda.next(reader, later).unwrap(),
        Next::Wait { held: None, .. }
    ));
}

#[test]
fn a_host_that_wants_rest_holds_up_no_other() {
    let fixture = Fixture::new();
    let slow = "https://slow.example/feed";
    let mut watcher = fixture.watcher(&[slow, FEED]);
    let world = World::default()
        .with(slow, |_| status(429, Some(7200)))
        .with(FEED, |_| feed(&[]));
    run(&mut watcher, &world, start(), hours(24));
    assert!(world.times(FEED) >= 22, "{}", world.times(FEED));
    assert!(world.times(slow) <= 6, "{}", world.times(slow));
}

#[test]
fn nothing_is_lost_or_doubled_by_a_stop_at_any_moment() {
    let fixture = Fixture::new();
    let items: Vec<String> = (0..6).map(|n| format!("/a/{n}")).collect();
    let world = items.iter().fold(
        World::default().with(FEED, |_| {
            let items: Vec<_> = items
                .iter()
                .map(|link| (link.as_str(), link.as_str(), "T", "Kurz."))
                .collect();
            feed(&items)
        }),
        |world, link| {
            let url = format!("https://news.example{link}");
            world.with(&url.clone(), move |_| article(&url, &format!("{FIRST} Meldung {url}.")))
        },
    );
    // Stopped after each request, with a request under way that is never heard of again.
    for step in 0..12 {
        let mut watcher = fixture.watcher(&[FEED]);
        let now = start() + SignedDuration::from_mins(step);
        if let Next::Ask(job) = watcher.next(now).unwrap() {
            let visit = world.visit(&job.url().unwrap(), now);
            if step % 2 == 0 {
                watcher.answered(job, visit, now).unwrap();
            }
        }
    }
    let mut watcher = fixture.watcher(&[FEED]);
    run(&mut watcher, &world, hours(1), hours(3));
    let rows = documents(watcher.store.reader());
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|r| r.revision == 1));
    assert_eq!(watcher.store.reader().check().unwrap(), Vec::<String>::new());
}
