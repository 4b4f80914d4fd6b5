//! How fast a store takes reports in and answers, alone and while it is written to.
//!
//! `cargo bench -p lagebild-store -- 100000` fills a store with so many made-up reports (20,000 without a number), then
//! asks for pages and searches, first alone and then beside a writer. Each figure stands with the number of answers, so
//! that a fast wrong answer shows. `-- 100000 big.db` keeps the store, and asks it again without filling it when it is there.
//! `-- big.db pages` asks such a store for what pages are made of under many filters, in processor time of this program, which
//! other programs beside it do not lengthen much.

#![allow(clippy::print_stdout, reason = "the figures are the result")]

use jiff::Timestamp;
use lagebild_core::wire::{
    ClaimRecord, DateRecord, Engine, EntityRecord, EventRecord, MentionRecord, PartyRecord, PlaceRecord, Range, Record,
    Words,
};
use lagebild_store::{Choice, Ends, Filter, Finished, Incoming, List, NoCompounds, Reader, Receipt, Store};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const BATCH: usize = 64;
const STATES: [&str; 12] = [
    "RUS", "PRK", "KOR", "USA", "UKR", "CHN", "DEU", "FRA", "POL", "JPN", "IRN", "ISR",
];
const STANCES: [&str; 5] = ["say", "say", "accuse", "confirm", "deny"];
const PLACES: usize = 300;
const PERSONS: usize = 3_000;
const TYPES: [(&str, &str); 4] = [
    ("SUPPORT", "verbal-cooperation"),
    ("AID", "material-cooperation"),
    ("ACCUSE", "verbal-conflict"),
    ("ASSAULT", "material-conflict"),
];

/// Numbers that look random and are the same in every run (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    /// A rank below `n` that follows Zipf's law roughly, as words of a language do.
    fn rank(&mut self, n: usize) -> usize {
        let uniform = (self.below(1 << 30) as f64 + 1.0) / (1_u64 << 30) as f64;
        ((n as f64).powf(uniform) as usize).saturating_sub(1).min(n - 1)
    }
}

/// The word of a rank: made of syllables, so that words share beginnings as real ones do.
fn word(rank: usize) -> String {
    const SYLLABLES: [&str; 20] = [
        "ver", "trag", "be", "stand", "land", "kor", "rea", "min", "is", "ter", "kon", "fer", "enz", "waf", "fen",
        "lie", "run", "gen", "prä", "süd",
    ];
    let (mut text, mut rest) = (String::new(), rank + 20);
    while rest > 0 {
        text.push_str(SYLLABLES[rest % 20]);
        rest /= 20;
    }
    text
}

/// A report of some 250 words with five events and two claims: Wikinews has 3.2 and 4.2.
fn report(n: usize) -> Record {
    let mut random = Random(n as u64);
    let (mut text, mut sentences, mut events) = (String::new(), Vec::new(), Vec::new());
    let day = format!("20{:02}-{:02}-{:02}", 10 + n % 15, 1 + n % 12, 1 + n % 28);
    let state = |code: &str| PartyRecord {
        text: code.to_owned(),
        start: Some(0),
        end: Some(3),
        name: Some(code.to_owned()),
        id: Some(format!("country:{code}")),
        country: Some(code.to_owned()),
        org: None,
        roles: vec!["GOV".to_owned()],
        code: Some(format!("{code}GOV")),
    };
    let person = |n: usize| PartyRecord {
        name: Some(format!("Person {n}")),
        id: Some(format!("person:p{n}")),
        ..state(STATES[n % 12])
    };
    let place = |n: usize| PlaceRecord {
        text: format!("Ort {n}"),
        name: format!("Ort {n}"),
        country: Some(STATES[n % 12].to_owned()),
        lat: Some(10.0 + (n % 50) as f64),
        lon: Some((n % 120) as f64),
    };
    let mut claims = Vec::new();
    let mut chars = 0;
    for i in 0..14 {
        let start = chars;
        for _ in 0..18 {
            let word = word(random.rank(60_000));
            chars += word.chars().count() + 1;
            text.push_str(&word);
            text.push(' ');
        }
        let range = Range { start, end: chars - 1 };
        sentences.push(range);
        if i < 5 {
            let (kind, quad) = TYPES[random.below(4)];
            let date = DateRecord {
                from: Some(day.clone()),
                to: Some(day.clone()),
                text: None,
                implicit: true,
            };
            let trigger = Words {
                start,
                end: start + 3,
                text: "xxx".to_owned(),
            };
            events.push(EventRecord {
                id: format!("e{}", i + 1),
                kind: kind.to_owned(),
                mode: None,
                content: None,
                actors: vec![match random.below(3) {
                    0 => person(random.rank(PERSONS)),
                    _ => state(STATES[random.below(12)]),
                }],
                recipients: vec![state(STATES[random.below(12)])],
                status: "actual".to_owned(),
                certainty: "asserted".to_owned(),
                date,
                place: (random.below(3) == 0).then(|| place(random.rank(PLACES))),
                quantities: Vec::new(),
                context: vec!["military".to_owned()],
                claim: None,
                quad: quad.to_owned(),
                cameo: "057".to_owned(),
                goldstein: Some(1.0),
                plover_score: 1.0,
                rule: "bench".to_owned(),
                mentions: vec![MentionRecord {
                    start,
                    end: range.end,
                    trigger: trigger.clone(),
                }],
            });
            if i < 2 {
                claims.push(ClaimRecord {
                    id: format!("c{}", i + 1),
                    holder: person(random.rank(PERSONS)),
                    stance: STANCES[random.below(5)].to_owned(),
                    quote: false,
                    addressee: None,
                    cue: trigger,
                    content: range,
                    mention: range,
                    events: vec![format!("e{}", i + 1)],
                    rule: "bench".to_owned(),
                });
            }
        }
    }
    let entities = STATES.map(|code| EntityRecord {
        id: format!("country:{code}"),
        name: code.to_owned(),
        kind: "country".to_owned(),
        country: Some(code.to_owned()),
        org: None,
        roles: Vec::new(),
        mentions: vec![Words {
            start: 0,
            end: 3,
            text: code.to_owned(),
        }],
        learnt: None,
    });
    Record {
        id: format!("r{n}"),
        title: Some(text.split(' ').take(6).collect::<Vec<_>>().join(" ")),
        published: Some(day),
        lang: "de".to_owned(),
        source: Some(format!("source {}", n % 40)),
        text,
        offsets: "char".to_owned(),
        engine: engine(),
        sentences,
        entities: entities.to_vec(),
        events,
        claims,
        agreements: Vec::new(),
        times: Vec::new(),
        introductions: Vec::new(),
        notes: Vec::new(),
    }
}

fn engine() -> Engine {
    Engine {
        version: "0".to_owned(),
        lexicon: "0".to_owned(),
        model: "0".to_owned(),
    }
}

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Adds reports in batches; stops early when `stop` is set. Returns how many were added.
fn fill(store: &mut Store, reports: std::ops::Range<usize>, stop: &AtomicBool) -> Outcome<usize> {
    let (engines, now) = ([engine()], Timestamp::UNIX_EPOCH);
    let preparer = store.preparer();
    let mut added = 0;
    for first in reports.clone().step_by(BATCH) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let records: Vec<Record> = (first..reports.end.min(first + BATCH)).map(report).collect();
        let incoming: Vec<Incoming<'_>> = records
            .iter()
            .map(|r| Incoming {
                bytes: r.text.as_bytes(),
                source: r.source.as_deref(),
                hints: "{}",
            })
            .collect();
        let receipts = store.receive(&incoming, &engines, now)?;
        let mut prepared = Vec::new();
        for (receipt, record) in receipts.into_iter().zip(records) {
            if let Receipt::New(raw) = receipt {
                prepared.push((raw, preparer.prepare(record, None)?));
            }
        }
        let finished: Vec<Finished<'_>> = prepared
            .iter()
            .map(|(raw, document)| Finished {
                raw: *raw,
                result: Ok(document),
            })
            .collect();
        added += store.finish(&finished, now)?.len();
    }
    Ok(added)
}

/// Asks one thing again and again; prints median, 99th percentile and the number of answers.
fn measure(name: &str, rounds: usize, mut ask: impl FnMut(usize) -> Outcome<usize>) -> Outcome<()> {
    let (mut times, mut answers) = (Vec::new(), 0);
    for round in 0..rounds {
        let start = Instant::now();
        answers += ask(round)?;
        times.push(start.elapsed());
    }
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "  {name:<34} p50 {:>8.2} ms   p99 {:>8.2} ms   {answers} answers",
        ms(at(0.5)),
        ms(at(0.99))
    );
    Ok(())
}

fn ask_all(path: &Path) -> Outcome<()> {
    let reader = Reader::open(path, Arc::new(NoCompounds))?;
    let page = |pairs: &[(&str, &str)]| Filter::from_pairs([("limit", "20")].iter().chain(pairs).copied());
    measure("search, one word", 300, |i| {
        Ok(reader.search(&page(&[("q", &word(i * 7 % 3000))])?)?.total)
    })?;
    measure("search, two words", 300, |i| {
        let q = format!("{} {}", word(i % 200), word(i * 13 % 5000));
        Ok(reader.search(&page(&[("q", &q)])?)?.total)
    })?;
    measure("search, the commonest word", 20, |_| {
        Ok(reader.search(&page(&[("q", &word(0))])?)?.total)
    })?;
    measure("events, latest", 100, |_| Ok(reader.events(&page(&[])?)?.rows.len()))?;
    measure("events, type and two states", 100, |i| {
        let (a, b) = (STATES[i % 12], STATES[(i + 5) % 12]);
        Ok(reader
            .events(&page(&[("type", "AID"), ("country", a), ("country", b)])?)?
            .total)
    })?;
    measure("documents, latest", 100, |_| {
        Ok(reader.documents(&page(&[])?)?.rows.len())
    })?;
    measure("one document", 300, |i| {
        Ok(usize::from(reader.document(&format!("r{}", i * 37 % 5000))?.is_some()))
    })?;
    Ok(())
}

/// Processor time that this thread has had, where Linux tells it; elsewhere the time since `start`.
fn worked(start: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// The median of five processor times in milliseconds, and the number of answers.
fn median(mut ask: impl FnMut() -> Outcome<usize>) -> Outcome<(f64, usize)> {
    let (start, mut times, mut answers) = (Instant::now(), Vec::new(), 0);
    for _ in 0..5 {
        let before = worked(start);
        answers = ask()?;
        times.push((worked(start) - before).as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok((times[times.len() / 2], answers))
}

/// What pages are made of, under many filters.
fn ask_pages(path: &Path) -> Outcome<()> {
    let reader = Reader::open(path, Arc::new(NoCompounds))?;
    let filter = |query: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        Filter::from_pairs(pairs.chain([("limit", "50")]))
    };
    println!(
        "| events under | list | facets | chart | as acts | events, acts |\n| --- | --- | --- | --- | --- | --- |"
    );
    for query in [
        "",
        "type=ASSAULT",
        "country=DEU",
        "type=AID&country=USA&country=PRK",
        "status=planned",
        "from=2015-03-01&to=2015-03-31",
        "to=2012-06-30",
        "from=2020-01-01",
        "country=DEU&from=2015-03-01&to=2015-03-31",
        "actor=person:p1",
        "actor=RUS&recipient=PRK",
        "recipient=DEU",
        "actor=CHN",
        "place=USA",
        "source=source 3",
        "source=source 3&type=AID",
        "q=vertrag",
    ] {
        let asked = filter(query)?;
        let keys = ["quad", "status", "certainty", "type", "country"];
        let (list, events) = median(|| Ok(reader.events(&asked)?.total))?;
        let (facets, _) = median(|| Ok(reader.facets(List::Events, &keys, &asked)?.len()))?;
        let (chart, _) = median(|| Ok(reader.days(&asked)?.len()))?;
        let (acts, told) = median(|| Ok(reader.clusters(&asked, Choice::default(), &|_| None)?.total))?;
        println!("| `{query}` | {list:.0} | {facets:.0} | {chart:.0} | {acts:.0} | {events}, {told} |");
    }
    println!("\n| other lists under | list | facets | rows |\n| --- | --- | --- | --- |");
    for (list, query) in [
        (List::Claims, ""),
        (List::Claims, "stance=deny"),
        (List::Claims, "country=RUS"),
        (List::Claims, "from=2015-03-01&to=2015-03-31"),
        (List::Claims, "from=2020-01-01"),
        (List::Claims, "actor=person:p1"),
        (List::Claims, "source=source 3"),
        (List::Actors, ""),
        (List::Actors, "country=RUS"),
        (List::Actors, "type=AID"),
        (List::Documents, ""),
        (List::Documents, "source=source 3"),
        (List::Documents, "type=AID"),
        (List::Documents, "q=vertrag"),
    ] {
        let asked = filter(query)?;
        let (rows, found) = median(|| {
            Ok(match list {
                List::Claims => reader.claims(&asked)?.total,
                List::Actors => reader.actors(&asked)?.total,
                _ => reader.documents(&asked)?.total,
            })
        })?;
        let keys: &[&str] = match list {
            List::Claims => &["stance", "country"],
            List::Documents => &["lang", "source"],
            _ => &[],
        };
        let (facets, _) = median(|| Ok(reader.facets(list, keys, &asked)?.len()))?;
        println!("| {}, `{query}` | {rows:.0} | {facets:.0} | {found} |", list.name());
    }
    println!("\n| other calls | ms | answers |\n| --- | --- | --- |");
    let other = |name: &str, ask: &dyn Fn(&Filter) -> Outcome<usize>, query: &str| -> Outcome<()> {
        let asked = filter(query)?;
        let (time, answers) = median(|| ask(&asked))?;
        println!("| {name} `{query}` | {time:.0} | {answers} |");
        Ok(())
    };
    let speakers = |asked: &Filter| Ok(reader.speakers(asked)?.total);
    let topics = |asked: &Filter| Ok(reader.topics(asked, &|_| None)?.total);
    for query in ["", "stance=deny", "country=RUS", "from=2020-01-01"] {
        other("speakers", &speakers, query)?;
        other("topics", &topics, query)?;
    }
    let often = Choice { least: 2, only: false };
    other(
        "acts told by two reports",
        &|asked| Ok(reader.clusters(asked, often, &|_| None)?.total),
        "",
    )?;
    other("stories", &|asked| Ok(reader.stories(asked)?.total), "")?;
    other(
        "ties",
        &|asked| Ok(reader.ties(asked, Ends::Parties)?.len()),
        "status=actual",
    )?;
    other("places", &|asked| Ok(reader.places(asked)?.len()), "")?;
    other(
        "sums of pairs",
        &|asked| Ok(reader.between(asked)?.sums(None, None)?.len()),
        "",
    )?;
    other("what the store holds", &|_| Ok(reader.stats()?.events), "")?;
    for query in [
        "q=vertrag",
        "q=kortrag",
        "q=vertrag kortrag",
        "q=vertrag&source=source 3",
    ] {
        other("search", &|asked| Ok(reader.search(asked)?.total), query)?;
    }
    Ok(())
}

fn main() -> Outcome<()> {
    // Cargo adds flags of its own.
    let reports: usize = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(20_000);
    let dir = tempfile::tempdir()?;
    let kept = std::env::args().skip(1).find(|a| a.ends_with(".db")).map(PathBuf::from);
    let path = kept.unwrap_or_else(|| dir.path().join("bench.db"));
    if std::env::args().any(|a| a == "pages") {
        // Opened for writing once, which brings it up to date.
        let start = Instant::now();
        drop(Store::open(&path, Arc::new(NoCompounds))?);
        println!(
            "opened in {:.1} s, of which worked {:.1} s",
            start.elapsed().as_secs_f64(),
            worked(start).as_secs_f64()
        );
        return ask_pages(&path);
    }
    let mut store = Store::open(&path, Arc::new(NoCompounds))?;
    let there = store.reader().stats()?.documents;
    if there == 0 {
        let start = Instant::now();
        let added = fill(&mut store, 0..reports, &AtomicBool::new(false))?;
        let took = start.elapsed().as_secs_f64();
        println!(
            "{added} reports of 250 words added in {took:.1} s: {:.0} a second",
            added as f64 / took
        );
    }
    let reports = if there == 0 { reports } else { there };
    let size = std::fs::metadata(&path)?.len();
    println!(
        "{reports} reports, {:.1} kB each on disk",
        size as f64 / reports as f64 / 1000.0
    );
    println!("alone:");
    ask_all(&path)?;
    println!("while writing:");
    let stop = AtomicBool::new(false);
    let written = std::thread::scope(|scope| -> Outcome<(usize, Duration)> {
        let start = Instant::now();
        let writer = scope.spawn(|| fill(&mut store, reports..usize::MAX / 2, &stop));
        let asked = ask_all(&path);
        stop.store(true, Ordering::Relaxed);
        let written = writer.join().map_err(|_| "the writer failed")??;
        asked?;
        Ok((written, start.elapsed()))
    })?;
    println!(
        "  beside it {:.0} reports a second added",
        written.0 as f64 / written.1.as_secs_f64()
    );
    Ok(())
}
