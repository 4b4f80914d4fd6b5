//! The world as a map: where a place lies on it, and the shapes of states as one SVG file that pages point into.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

const TOPOLOGY: &str = include_str!("../../../../data/world/world.json");
const DISPUTED: &str = include_str!("../../../../data/world/disputed.tsv");

/// Width of the map, in units of its SVG; fine enough for whole numbers.
pub(super) const WIDTH: f64 = 10_000.0;
/// Latitudes of its upper and lower edge; nothing that reports speak of lies beyond.
const NORTH: f64 = 84.0;
const SOUTH: f64 = -57.0;

/// A place on the map, or a step on it.
pub(super) type Point = [f64; 2];

/// Equal Earth (Šavrič, Patterson and Jenny 2018), in radians of the globe: areas keep their proportions, so that a filled
/// state weighs as much as it is large.
fn equal_earth(lat: f64, lon: f64) -> Point {
    const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];
    let root = 3.0_f64.sqrt();
    let theta = (root / 2.0 * lat.to_radians().sin()).asin();
    let (t2, t6) = (theta.powi(2), theta.powi(6));
    let slope = A[0] + 3.0 * A[1] * t2 + t6 * (7.0 * A[2] + 9.0 * A[3] * t2);
    [
        2.0 * root / 3.0 * lon.to_radians() * theta.cos() / slope,
        theta * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2)),
    ]
}

/// Where a place lies, from the upper left corner of the map.
pub(super) fn project(lat: f64, lon: f64) -> Point {
    let scale = WIDTH / (2.0 * equal_earth(0.0, 180.0)[0]);
    let ([x, y], top) = (equal_earth(lat, lon), equal_earth(NORTH, 0.0)[1]);
    [WIDTH / 2.0 + x * scale, (top - y) * scale]
}

/// Height of the map.
pub(super) fn height() -> f64 {
    project(SOUTH, 0.0)[1]
}

/// A state as it lies on the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shape {
    /// The middle of its largest part.
    pub middle: Point,
    /// The area of that part.
    pub area: f64,
}

/// The map.
#[derive(Debug, Default)]
pub(super) struct World {
    /// The file: each state under its ISO 3166-1 alpha-3 code, `borders`, and `disputed` ones apart.
    pub svg: String,
    /// The states, by that code.
    pub shapes: BTreeMap<String, Shape>,
}

/// The map, drawn once.
pub(super) static WORLD: LazyLock<World> = LazyLock::new(World::draw);

/// The part of TopoJSON that `xtask world` writes.
#[derive(Deserialize, Default)]
struct Topology {
    transform: Transform,
    objects: Objects,
    arcs: Vec<Vec<[i32; 2]>>,
}

#[derive(Deserialize, Default)]
struct Transform {
    scale: Point,
    translate: Point,
}

#[derive(Deserialize, Default)]
struct Objects {
    countries: Collection,
}

#[derive(Deserialize, Default)]
struct Collection {
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    id: String,
    /// Polygons of rings of arcs; a negative number is an arc walked backwards.
    arcs: Vec<Vec<Vec<i32>>>,
}

/// A border that is drawn dashed, wholly or within a box of west, south, east, north.
struct Disputed {
    sides: [&'static str; 2],
    within: Option<[f64; 4]>,
}

fn disputed() -> Vec<Disputed> {
    let rows = DISPUTED.lines().filter(|line| !line.starts_with('#')).skip(1);
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let sides = [cells.next()?, cells.next()?];
        let numbers: Vec<f64> = cells.take(4).filter_map(|cell| cell.parse().ok()).collect();
        Some(Disputed {
            sides,
            within: numbers.try_into().ok(),
        })
    };
    rows.filter_map(row).collect()
}

fn forward(arc: i32) -> usize {
    usize::try_from(if arc < 0 { !arc } else { arc }).unwrap_or(usize::MAX)
}

impl World {
    fn draw() -> Self {
        // A test sees to it that the file can be read; without it there would be places on an empty sea.
        let topology: Topology = serde_json::from_str(TOPOLOGY).unwrap_or_default();
        let arcs = topology.degrees();
        let mut sides: Vec<Vec<&str>> = vec![Vec::new(); arcs.len()];
        let mut world = Self::default();
        let mut states = String::new();
        for Geometry { id, arcs: polygons } in &topology.objects.countries.geometries {
            let mut path = Pen::default();
            let mut largest: Option<Shape> = None;
            for (n, ring) in polygons.iter().flat_map(|rings| rings.iter().enumerate()) {
                let mut outline: Vec<Point> = Vec::new();
                for &arc in ring {
                    let line = arcs.get(forward(arc)).map(Vec::as_slice).unwrap_or_default();
                    if arc < 0 {
                        outline.extend(line.iter().rev());
                    } else {
                        outline.extend(line);
                    }
                    if let Some(side) = sides.get_mut(forward(arc)).filter(|s| !s.contains(&id.as_str())) {
                        side.push(id);
                    }
                }
                unroll(&mut outline);
                let points: Vec<Point> = outline.into_iter().map(|[lon, lat]| project(lat, lon)).collect();
                path.line(&points, true);
                let shape = middle(&points);
                if n == 0 && largest.is_none_or(|l| l.area < shape.area) {
                    largest = Some(shape);
                }
            }
            // Identifiers of this file are codes of three letters; nothing else comes from the data.
            let _ = writeln!(states, "<path id=\"{id}\" d=\"{}\"/>", path.d);
            world.shapes.extend(largest.map(|shape| (id.clone(), shape)));
        }
        let (plain, dashed) = borders(&arcs, &sides);
        world.svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {:.0}\">\n<g id=\"land\">\n{states}</g>\n\
             <path id=\"borders\" fill=\"none\" vector-effect=\"non-scaling-stroke\" d=\"{plain}\"/>\n<path id=\"disputed\" fill=\"none\" vector-effect=\"non-scaling-stroke\" d=\"{dashed}\"/>\n</svg>\n",
            height()
        );
        world
    }
}

impl Topology {
    /// The arcs in degrees: longitude, latitude.
    fn degrees(&self) -> Vec<Vec<Point>> {
        let Transform { scale, translate } = &self.transform;
        let line = |arc: &Vec<[i32; 2]>| {
            let mut at = [0, 0];
            arc.iter()
                .map(|step| {
                    at = [at[0] + step[0], at[1] + step[1]];
                    [
                        f64::from(at[0]) * scale[0] + translate[0],
                        f64::from(at[1]) * scale[1] + translate[1],
                    ]
                })
                .collect()
        };
        self.arcs.iter().map(line).collect()
    }
}

/// Joins the halves of an outline that crosses the 180th meridian, as the east of Russia does: it goes on beyond the edge of
/// the globe, on the side where more of it lies.
fn unroll(outline: &mut [Point]) {
    let mut turns = 0.0;
    let mut before = None;
    let mut sum = 0.0;
    for point in &mut *outline {
        let lon = point[0];
        match before {
            Some(last) if lon - last > 180.0 => turns -= 360.0,
            Some(last) if lon - last < -180.0 => turns += 360.0,
            _ => {}
        }
        before = Some(lon);
        point[0] += turns;
        sum += point[0];
    }
    let middle = sum / outline.len().max(1) as f64;
    let back = (middle / 360.0).round() * 360.0;
    for point in outline {
        point[0] -= back;
    }
}

/// The lines that two states share: undisputed and disputed ones.
fn borders(arcs: &[Vec<Point>], sides: &[Vec<&str>]) -> (String, String) {
    let disputed = disputed();
    let (mut plain, mut dashed) = (Pen::default(), Pen::default());
    for (arc, sides) in arcs.iter().zip(sides).filter(|(_, sides)| sides.len() == 2) {
        let between: Vec<&Disputed> = disputed
            .iter()
            .filter(|d| d.sides.iter().all(|s| sides.contains(s)))
            .collect();
        let is_disputed = |a: Point, b: Point| {
            let [lon, lat] = [f64::midpoint(a[0], b[0]), f64::midpoint(a[1], b[1])];
            let inside =
                |[west, south, east, north]: [f64; 4]| (west..=east).contains(&lon) && (south..=north).contains(&lat);
            between.iter().any(|d| d.within.is_none_or(inside))
        };
        // Stretches of the border that are drawn alike.
        for stretch in arc
            .windows(2)
            .collect::<Vec<_>>()
            .chunk_by(|a, b| is_disputed(a[0], a[1]) == is_disputed(b[0], b[1]))
        {
            let ends = stretch.iter().map(|pair| pair[1]);
            let points: Vec<Point> = [stretch[0][0]]
                .into_iter()
                .chain(ends)
                .map(|[lon, lat]| project(lat, lon))
                .collect();
            let pen = if is_disputed(stretch[0][0], stretch[0][1]) {
                &mut dashed
            } else {
                &mut plain
            };
            pen.line(&points, false);
        }
    }
    (plain.d, dashed.d)
}

/// Centre and area of a ring.
fn middle(ring: &[Point]) -> Shape {
    let Some(&origin) = ring.first() else {
        return Shape {
            middle: [0.0, 0.0],
            area: 0.0,
        };
    };
    // From a point of the ring, not from far away: small states would be lost to rounding.
    let from = |p: Point| [p[0] - origin[0], p[1] - origin[1]];
    let (mut area, mut sum) = (0.0, [0.0, 0.0]);
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (a, b) = (from(*a), from(*b));
        let cross = a[0] * b[1] - b[0] * a[1];
        area += cross / 2.0;
        sum = [sum[0] + (a[0] + b[0]) * cross, sum[1] + (a[1] + b[1]) * cross];
    }
    let middle = if area == 0.0 {
        origin
    } else {
        [origin[0] + sum[0] / (6.0 * area), origin[1] + sum[1] / (6.0 * area)]
    };
    Shape {
        middle,
        area: area.abs(),
    }
}

/// Writes path data in whole units, each step from the point before.
#[derive(Default)]
struct Pen {
    d: String,
}

impl Pen {
    fn line(&mut self, points: &[Point], closed: bool) {
        // Units of the map are small; all of it fits by far.
        #[expect(clippy::cast_possible_truncation)]
        let mut whole = points.iter().map(|p| [p[0].round() as i32, p[1].round() as i32]);
        let Some(mut at) = whole.next() else { return };
        let _ = write!(self.d, "M{} {}l", at[0], at[1]);
        for point in whole {
            let step = [point[0] - at[0], point[1] - at[1]];
            if step != [0, 0] {
                let gap = if self.d.ends_with('l') || step[0] < 0 { "" } else { " " };
                let _ = write!(self.d, "{gap}{}", step[0]);
                let gap = if step[1] < 0 { "" } else { " " };
                let _ = write!(self.d, "{gap}{}", step[1]);
            }
            at = point;
        }
        if self.d.ends_with('l') {
            self.d.push_str("0 0");
        }
        if closed {
            self.d.push('z');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: Point, b: Point, within: f64) -> bool {
        (a[0] - b[0]).hypot(a[1] - b[1]) < within
    }

    #[test]
    fn the_projection_is_equal_earth() {
        // Values of the reference implementation (d3-geo 3, geoEqualEarthRaw).
        assert!(near(equal_earth(0.0, 0.0), [0.0, 0.0], 1e-12));
        assert!(near(equal_earth(0.0, 180.0), [2.706_629_983_696_074_8, 0.0], 1e-9));
        assert!(near(equal_earth(90.0, 0.0), [0.0, 1.317_362_759_157_413_3], 1e-9));
        assert_eq!(project(0.0, -180.0)[0], 0.0);
        assert!((project(NORTH, 10.0)[1]).abs() < 1e-6);
    }

    #[test]
    fn every_state_of_the_map_is_where_it_should_be() {
        let world = &*WORLD;
        assert!(world.shapes.len() > 230, "{}", world.shapes.len());
        for (key, lat, lon) in [
            ("DEU", 51.2, 10.4),
            ("PRK", 40.1, 127.2),
            ("BRA", -10.8, -53.1),
            ("ZAF", -29.0, 25.1),
        ] {
            let middle = world.shapes[key].middle;
            assert!(near(middle, project(lat, lon), 80.0), "{key}: {middle:?}");
        }
        let area = |key: &str| world.shapes[key].area;
        // 357,000 and 120,000 square kilometres.
        assert!(
            (area("DEU") / area("PRK") - 2.97).abs() < 0.1,
            "{}",
            area("DEU") / area("PRK")
        );
        assert!(area("SGP") < area("LUX") && area("LUX") < area("DEU"));
    }

    #[test]
    fn no_outline_runs_across_the_whole_map() {
        let mut fiji = [[178.0, -17.0], [-179.0, -17.0], [-179.0, -18.0], [178.0, -18.0]];
        unroll(&mut fiji);
        assert_eq!(fiji.map(|p| p[0]), [178.0, 181.0, 181.0, 178.0]);
        let mut west = [[-179.0, 0.0], [179.0, 0.0], [-170.0, 0.0], [-171.0, 0.0]];
        unroll(&mut west);
        assert_eq!(west.map(|p| p[0]), [-179.0, -181.0, -170.0, -171.0]);
        // Steps of path data are short: no state has a side of a third of the globe.
        let paths = WORLD.svg.split(" d=\"").skip(1).filter_map(|d| d.split('"').next());
        for line in paths.flat_map(|d| d.split('M').skip(1)) {
            let steps = line.split_once('l').unwrap().1.trim_end_matches('z').replace('-', " -");
            let longest = steps.split_whitespace().map(|n| n.parse::<i32>().unwrap().abs()).max();
            assert!(longest < Some(1500), "{longest:?} in M{}", &line[..line.len().min(80)]);
        }
        let russia = WORLD.shapes["RUS"];
        assert!(near(russia.middle, project(62.0, 96.0), 300.0), "{russia:?}");
    }

    #[test]
    fn disputed_borders_are_apart() {
        let svg = &WORLD.svg;
        let dashed = svg.split("id=\"disputed\"").nth(1).unwrap();
        for Disputed { sides, within } in disputed() {
            for side in sides {
                assert!(svg.contains(&format!("id=\"{side}\"")), "{side} is no shape");
            }
            assert!(within.is_none_or(|[west, south, east, north]| west < east && south < north));
        }
        // One stretch at least for each row.
        assert!(
            dashed.matches('M').count() >= disputed().len(),
            "{}",
            dashed.matches('M').count()
        );
        assert!(svg.len() < 400_000, "{}", svg.len());
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}
