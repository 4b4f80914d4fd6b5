//! `/map`: where events are told to be, as precisely as they are told.
//!
//! A town is a point. A region is a circle about its middle, and says so. A state is filled as a whole: an event "in Russia"
//! lies nowhere in particular, least of all in the capital.

use super::list::{Listing, filter_of};
use super::mark::quad_class;
use super::page::{Page, link};
use super::text::Ui;
use super::world::{Point, WIDTH, WORLD, height, project};
use super::{Site, WebError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use lagebild_core::Lang;
use lagebild_core::codebook::Quad;
use lagebild_lexicon::knowledge::{Name, Place};
use lagebild_store::{Filter, List, PlaceCount, Reader};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of the table at most; the exports have all.
const ROWS: usize = 200;
/// Marks that would come closer than this are one, in thousandths of the width of the figure.
const APART: f64 = 26.0;
/// States of a smaller area get a mark, in square thousandths of the width of the figure.
const TINY: f64 = 12.0;
/// Shades of states.
const SHADES: usize = 4;

/// Parts of the world by name in the path: west, south, east, north.
const WINDOWS: [(&str, [f64; 4]); 6] = [
    ("", [-180.0, -57.0, 180.0, 84.0]),
    ("europe", [-14.0, 34.0, 46.0, 66.0]),
    ("middle-east", [22.0, 11.0, 66.0, 43.0]),
    ("asia", [64.0, -11.0, 150.0, 54.0]),
    ("africa", [-20.0, -36.0, 54.0, 38.0]),
    ("americas", [-140.0, -56.0, -30.0, 62.0]),
];

/// How precisely a place is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Precision {
    Town,
    Region,
    State,
    /// The tables have no coordinates for it.
    Unknown,
}

/// Events by quad class.
type Counts = [usize; Quad::ALL.len()];

/// A place with its events.
#[derive(Clone, Debug)]
struct Spot {
    name: String,
    country: Option<String>,
    precision: Precision,
    /// Degrees north and east; of states too, where they are nowhere in particular.
    at: Option<(f64, f64)>,
    counts: Counts,
    /// Its names in reports, which a filter asks for.
    told_as: BTreeSet<String>,
}

impl Spot {
    fn total(&self) -> usize {
        self.counts.iter().sum()
    }
}

/// The place of the tables that a report names so and puts there.
fn known(count: &PlaceCount) -> Option<&'static Place> {
    let knowledge = lagebild_bundle::knowledge();
    let same = |a: Option<f64>, b: f64| a.is_some_and(|a| (a - b).abs() < 0.002);
    [Lang::De, Lang::En].into_iter().find_map(|lang| {
        knowledge
            .named(lang, &count.name)
            .into_iter()
            .find_map(|name| match name {
                Name::Place(ix) => {
                    Some(&knowledge.places[ix.ix()]).filter(|p| same(count.lat, p.lat) && same(count.lon, p.lon))
                }
                _ => None,
            })
    })
}

/// Counts of the same place under its names, most events first.
fn spots(ui: Ui, counts: Vec<PlaceCount>) -> Vec<Spot> {
    /// A state by its code, a place by its coordinates in thousandths of a degree, else by its name.
    type Key = (Precision, String);
    let mut spots: BTreeMap<Key, Spot> = BTreeMap::new();
    for count in counts {
        let state = count.country.clone().filter(|key| ui.names_country(key, &count.name));
        let known = known(&count);
        let at = count.lat.zip(count.lon);
        let precision = match (&state, known, at) {
            (Some(_), ..) => Precision::State,
            (None, _, None) => Precision::Unknown,
            (None, Some(place), _) if place.region => Precision::Region,
            _ => Precision::Town,
        };
        let key = match (&state, at) {
            (Some(code), _) => code.clone(),
            (None, Some((lat, lon))) => format!("{lat:.3} {lon:.3}"),
            (None, None) => count.name.clone(),
        };
        let name = match (&state, known) {
            (Some(code), _) => ui.party(code).to_owned(),
            (None, Some(place)) if ui == Ui::De => place.name_de.to_owned(),
            (None, Some(place)) => place.name_en.to_owned(),
            (None, None) => count.name.clone(),
        };
        let spot = spots.entry((precision, key)).or_insert_with(|| Spot {
            name,
            country: count.country,
            precision,
            at,
            counts: Counts::default(),
            told_as: BTreeSet::new(),
        });
        spot.told_as.insert(count.name);
        if let Some(n) = Quad::ALL.iter().position(|q| q.as_str() == count.quad) {
            spot.counts[n] += count.events;
        }
    }
    let mut spots: Vec<Spot> = spots.into_values().collect();
    spots.sort_by(|a, b| b.total().cmp(&a.total()).then_with(|| a.name.cmp(&b.name)));
    spots
}

/// The events of places under a filter.
fn events_at<'a>(filter: &Filter, spots: impl Iterator<Item = &'a Spot>) -> String {
    let names: BTreeSet<&str> = spots.flat_map(|s| s.told_as.iter().map(String::as_str)).collect();
    let mut pairs = filter.pairs();
    // A place in force is one of those shown, or the filter would not have found it.
    pairs.retain(|(key, _)| !["place", "limit", "offset"].contains(key));
    pairs.push(("place", names.into_iter().collect::<Vec<_>>().join(",")));
    link("/events", &pairs)
}

/// The class that most of the events have.
fn leading(counts: &Counts) -> &'static str {
    let most = Quad::ALL.iter().zip(counts).max_by_key(|(_, n)| **n);
    most.map_or("", |(quad, _)| quad_class(quad.as_str()))
}

/// What a pointer resting on a mark shows: places with their events, the first few of them.
fn title(page: &Page, spots: &[&Spot]) -> String {
    const FEW: usize = 6;
    let mut words: Vec<String> = spots
        .iter()
        .take(FEW)
        .map(|s| format!("{}: {}", s.name, page.number(&s.total())))
        .collect();
    if spots.len() > FEW {
        words.push(format!("+ {}", spots.len() - FEW));
    }
    words.join(" · ")
}

/// A circle on the map: a place or several near one another. Lengths are units of the map.
pub(super) struct Mark {
    pub x: i32,
    pub y: i32,
    pub r: i32,
    /// Where the number stands.
    base: i32,
    pub class: &'static str,
    count: usize,
    title: String,
    href: String,
}

/// A state, filled.
pub(super) struct Filled {
    pub key: String,
    pub shade: usize,
    /// Left, top and side of a square for a state that is too small to be seen.
    pub dot: Option<[i32; 3]>,
    title: String,
    href: String,
}

/// The picture: the part of the world that it shows, in units of the map, and what lies on it.
pub(super) struct Picture {
    /// Left, top, width, height.
    pub frame: [i32; 4],
    /// Size of numbers.
    font: i32,
    pub states: Vec<Filled>,
    pub regions: Vec<Mark>,
    pub towns: Vec<Mark>,
    /// The most events of each shade of states.
    shades: Vec<(usize, String)>,
}

impl Picture {
    fn new(page: &Page, window: [f64; 4], filter: &Filter, spots: &[Spot]) -> Self {
        let [x, y, width, height] = frame(window);
        // A thousandth of the width of the figure, which is twice as wide as high: what is drawn over the map keeps its size,
        // whatever part of the world is shown.
        let unit = width.max(2.0 * height) / 1000.0;
        let inside = |[px, py]: Point| (x..=x + width).contains(&px) && (y..=y + height).contains(&py);
        let marks = |precision: Precision, more: f64| {
            let on_map = spots.iter().filter(|s| s.precision == precision).filter_map(|s| {
                let (lat, lon) = s.at?;
                Some((project(lat, lon), s)).filter(|(point, _)| inside(*point))
            });
            groups(on_map, APART * unit).into_iter().map(move |(place, members)| {
                let counts = members.iter().fold(Counts::default(), |mut sum, s| {
                    sum.iter_mut().zip(s.counts).for_each(|(a, b)| *a += b);
                    sum
                });
                let count: usize = counts.iter().sum();
                Mark {
                    x: whole(place[0]),
                    y: whole(place[1]),
                    r: whole((radius(count) + more) * unit),
                    base: whole(place[1] + 3.6 * unit),
                    class: leading(&counts),
                    count,
                    title: title(page, &members),
                    href: events_at(filter, members.into_iter()),
                }
            })
        };
        let states = spots.iter().filter(|s| s.precision == Precision::State);
        let most = states.clone().map(Spot::total).max().unwrap_or(0);
        let filled = states.filter_map(|s| {
            let key = s.country.clone()?;
            let shape = WORLD.shapes.get(&key);
            // Territories that have no shape of their own get a mark where the tables put them.
            let place = shape
                .map(|shape| shape.middle)
                .or_else(|| s.at.map(|(lat, lon)| project(lat, lon)))?;
            let tiny = shape.is_none_or(|shape| shape.area < TINY * unit * unit);
            Some(Filled {
                key: if shape.is_some() { key } else { String::new() },
                shade: shade(s.total(), most),
                dot: (tiny && inside(place)).then(|| {
                    let side = 9.0 * unit;
                    [place[0] - side / 2.0, place[1] - side / 2.0, side].map(whole)
                }),
                title: title(page, &[s]),
                href: events_at(filter, [s].into_iter()),
            })
        });
        Self {
            frame: [x, y, width, height].map(whole),
            font: whole(10.5 * unit),
            states: filled.collect(),
            // A region's circle shows through, so it may be larger.
            regions: marks(Precision::Region, 5.0).collect(),
            towns: marks(Precision::Town, 0.0).collect(),
            shades: shades(page, most),
        }
    }
}

/// The picture of the whole world with all events; nothing when none of them names a place.
pub(super) fn of_all(page: &Page, reader: &Reader) -> Result<Option<Picture>, WebError> {
    let all = Filter::default();
    let spots = spots(page.ui, reader.places(&all)?);
    let (_, world) = WINDOWS[0];
    Ok((!spots.is_empty()).then(|| Picture::new(page, world, &all, &spots)))
}

/// A length in whole units.
fn whole(length: f64) -> i32 {
    // The map is ten thousand units wide.
    #[expect(clippy::cast_possible_truncation)]
    {
        length.round() as i32
    }
}

/// The box around a part of the world.
fn frame([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    if west <= -180.0 {
        return [0.0, 0.0, WIDTH, height()];
    }
    // The sides of a window are curves: their ends and where they bulge.
    let middle = if south < 0.0 && north > 0.0 {
        0.0
    } else {
        f64::midpoint(south, north)
    };
    let corners = [south, middle, north]
        .into_iter()
        .flat_map(|lat| [west, east].map(|lon| project(lat, lon)));
    let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
    for point in corners {
        for axis in [0, 1] {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    [low[0], low[1], high[0] - low[0], high[1] - low[1]]
}

/// Places that lie closer than `apart` to one with more events, together, each group where its events are on average.
fn groups<'a>(spots: impl Iterator<Item = (Point, &'a Spot)>, apart: f64) -> Vec<(Point, Vec<&'a Spot>)> {
    let mut groups: Vec<(Point, Vec<(Point, &Spot)>)> = Vec::new();
    // Most events first, so the busiest place is the seed.
    for (point, spot) in spots {
        let near = groups
            .iter_mut()
            .find(|(seed, _)| (seed[0] - point[0]).hypot(seed[1] - point[1]) < apart);
        match near {
            Some((_, members)) => members.push((point, spot)),
            None => groups.push((point, vec![(point, spot)])),
        }
    }
    let settle = |(_, members): (Point, Vec<(Point, &'a Spot)>)| {
        let weight = |n: usize| n as f64;
        let all: f64 = members.iter().map(|(_, s)| weight(s.total())).sum();
        let mean = |axis: usize| members.iter().map(|(p, s)| p[axis] * weight(s.total())).sum::<f64>() / all.max(1.0);
        ([mean(0), mean(1)], members.into_iter().map(|(_, s)| s).collect())
    };
    groups.into_iter().map(settle).collect()
}

/// Radius of a mark for so many events, in units of the picture: its area grows with the number.
fn radius(count: usize) -> f64 {
    (3.5 + 2.2 * (count as f64).sqrt()).min(24.0)
}

/// The shade for `n` events of at most `most`: as the root, so that one event is seen beside a hundred.
fn shade(n: usize, most: usize) -> usize {
    (1..SHADES).find(|&s| n <= ceiling(s, most)).unwrap_or(SHADES)
}

/// The most events that shade `s` stands for.
fn ceiling(s: usize, most: usize) -> usize {
    (most * s * s).div_ceil(SHADES * SHADES)
}

/// The shades in use with their ranges in words.
fn shades(page: &Page, most: usize) -> Vec<(usize, String)> {
    let mut low = 1;
    let mut shades = Vec::new();
    for s in 1..=SHADES {
        let high = ceiling(s, most);
        if high >= low {
            let range = if low == high {
                page.number(&low)
            } else {
                format!("{}–{}", page.number(&low), page.number(&high))
            };
            shades.push((s, range));
            low = high + 1;
        }
    }
    shades
}

/// A row of the table.
struct Row {
    name: String,
    state: String,
    precision: &'static str,
    counts: Counts,
    total: usize,
    href: String,
}

/// How many events name what.
struct Told {
    events: usize,
    towns: usize,
    regions: usize,
    states: usize,
    unknown: usize,
    nowhere: usize,
}

#[derive(Template)]
#[template(path = "map.html")]
struct MapPage {
    page: Page,
    listing: Listing,
    /// Parts of the world: address, name, whether it is this one.
    windows: Vec<(String, &'static str, bool)>,
    picture: Picture,
    quads: Vec<(&'static str, &'static str)>,
    told: Told,
    rows: Vec<Row>,
    /// Places that the table leaves out.
    more: usize,
    world: String,
}

/// `/map`
pub(super) async fn world(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    show(site, page, "").await
}

/// `/map/{window}`: a part of the world.
pub(super) async fn window(
    State(site): State<Site>,
    Path(name): Path<String>,
    page: Page,
) -> Result<Html<String>, WebError> {
    if name.is_empty() {
        return Err(WebError::NotFound);
    }
    show(site, page, &name).await
}

async fn show(site: Site, page: Page, name: &str) -> Result<Html<String>, WebError> {
    let (name, window) = *WINDOWS.iter().find(|w| w.0 == name).ok_or(WebError::NotFound)?;
    site.read(move |reader| Ok(Html(map(page, reader, name, window)?.render()?)))
        .await
}

fn map(page: Page, reader: &Reader, name: &str, window: [f64; 4]) -> Result<MapPage, WebError> {
    let (ui, t) = (page.ui, page.t);
    let filter = filter_of(&page, List::Events)?;
    let spots = spots(ui, reader.places(&filter)?);
    let listing = Listing::of_events(&page, |t| t.map, &filter, reader)?;
    let sum = |precision: Precision| {
        spots
            .iter()
            .filter(|s| s.precision == precision)
            .map(Spot::total)
            .sum::<usize>()
    };
    let told = Told {
        events: listing.total,
        towns: sum(Precision::Town),
        regions: sum(Precision::Region),
        states: sum(Precision::State),
        unknown: sum(Precision::Unknown),
        nowhere: listing.total.saturating_sub(spots.iter().map(Spot::total).sum()),
    };
    let row = |s: &Spot| Row {
        name: s.name.clone(),
        state: match &s.country {
            Some(key) if s.precision != Precision::State => ui.party(key).to_owned(),
            _ => String::new(),
        },
        precision: match s.precision {
            Precision::Town => t.map_town,
            Precision::Region => t.map_region,
            Precision::State => t.map_state,
            Precision::Unknown => t.map_unknown,
        },
        counts: s.counts,
        total: s.total(),
        href: events_at(&filter, [s].into_iter()),
    };
    let names = [
        t.map_world,
        t.map_europe,
        t.map_middle_east,
        t.map_asia,
        t.map_africa,
        t.map_americas,
    ];
    let windows = WINDOWS.iter().zip(names).map(|((key, _), label)| {
        let path = if key.is_empty() {
            "/map".to_owned()
        } else {
            format!("/map/{key}")
        };
        (link(&path, &page.pairs), label, *key == name)
    });
    Ok(MapPage {
        windows: windows.collect(),
        picture: Picture::new(&page, window, &filter, &spots),
        quads: Quad::ALL
            .iter()
            .map(|q| (quad_class(q.as_str()), ui.term(q.as_str())))
            .collect(),
        told,
        rows: spots.iter().take(ROWS).map(row).collect(),
        more: spots.len().saturating_sub(ROWS),
        world: super::world_address(),
        listing,
        page,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(name: &str, country: Option<&str>, at: Option<(f64, f64)>, events: usize) -> PlaceCount {
        PlaceCount {
            name: name.to_owned(),
            country: country.map(str::to_owned),
            lat: at.map(|a| a.0),
            lon: at.map(|a| a.1),
            quad: "verbal-conflict".to_owned(),
            events,
        }
    }

    fn page() -> Page {
        Page::new(&"/map".parse().unwrap(), &axum::http::HeaderMap::new())
    }

    #[test]
    fn a_state_is_not_its_capital() {
        let moscow = Some((55.752, 37.618));
        let spots = spots(
            Ui::De,
            vec![
                count("Russland", Some("RUS"), moscow, 5),
                count("Russia", Some("RUS"), moscow, 1),
                count("Moskau", Some("RUS"), moscow, 2),
                count("Moscow", Some("RUS"), moscow, 2),
                count("Gazastreifen", Some("PSE"), Some((31.4, 34.35)), 1),
                count("Nirgendwo", None, None, 1),
            ],
        );
        let seen: Vec<_> = spots
            .iter()
            .map(|s| (s.name.as_str(), s.precision, s.total()))
            .collect();
        assert_eq!(
            seen,
            [
                ("Russland", Precision::State, 6),
                ("Moskau", Precision::Town, 4),
                ("Gazastreifen", Precision::Region, 1),
                ("Nirgendwo", Precision::Unknown, 1),
            ]
        );
        let picture = Picture::new(&page(), WINDOWS[0].1, &Filter::default(), &spots);
        assert_eq!(picture.towns.len(), 1);
        assert_eq!(
            picture.towns[0].count, 4,
            "what is told of the state is not in the capital"
        );
        assert_eq!((picture.states.len(), picture.states[0].key.as_str()), (1, "RUS"));
        assert!(picture.states[0].dot.is_none());
        assert_eq!(picture.states[0].href, "/events?place=Russia%2CRussland");
    }

    #[test]
    fn near_places_are_one_mark_until_one_looks_closer() {
        let berlin = Some((52.524, 13.411));
        let potsdam = Some((52.399, 13.066));
        let spots = spots(
            Ui::De,
            vec![
                count("Berlin", Some("DEU"), berlin, 3),
                count("Potsdam", Some("DEU"), potsdam, 1),
                count("Tokio", Some("JPN"), Some((35.69, 139.69)), 1),
            ],
        );
        let marks = |window: usize| Picture::new(&page(), WINDOWS[window].1, &Filter::default(), &spots).towns;
        let counts: Vec<usize> = marks(0).iter().map(|m| m.count).collect();
        assert_eq!(counts, [4, 1]);
        let europe = marks(1);
        assert_eq!(europe.len(), 1, "Tokyo is not in Europe");
        let close = groups(
            spots.iter().map(|s| (project(s.at.unwrap().0, s.at.unwrap().1), s)),
            1.0,
        );
        assert_eq!(close.len(), 3);
    }

    #[test]
    fn small_states_can_be_seen() {
        let spots = spots(Ui::En, vec![count("Malta", Some("MLT"), Some((35.9, 14.5)), 1)]);
        let picture = Picture::new(&page(), WINDOWS[0].1, &Filter::default(), &spots);
        assert!(picture.states[0].dot.is_some());
        assert_eq!(shades(&page(), 1), [(1, "1".to_owned())]);
        assert_eq!(
            shades(&page(), 32).iter().map(|s| s.1.as_str()).collect::<Vec<_>>(),
            ["1–2", "3–8", "9–18", "19–32"]
        );
        assert_eq!([1, 2, 3, 18, 19, 32].map(|n| shade(n, 32)), [1, 1, 2, 3, 4, 4]);
    }

    #[test]
    fn every_window_has_a_picture() {
        for (name, window) in WINDOWS {
            let [x, y, width, height] = frame(window);
            assert!(x >= 0.0 && y >= 0.0 && width > 1000.0 && height > 700.0, "{name}");
            assert!(
                x + width <= WIDTH && (0.3..1.3).contains(&(height / width)),
                "{name}: {width} {height}"
            );
        }
    }
}
