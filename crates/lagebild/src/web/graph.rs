//! Networks as drawings: nodes and edges placed by the server, the same picture for the same data.

/// Size of the picture.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 640.0;
/// Room at the edges for labels.
const MARGIN: [f64; 2] = [70.0, 24.0];
/// Steps of the layout.
const STEPS: u32 = 300;

/// A node.
pub(super) struct Node {
    pub label: String,
    /// What a pointer resting on it shows.
    pub title: String,
    pub href: Option<String>,
    /// CSS class; `box` is drawn as a square.
    pub class: &'static str,
    /// How large it is.
    pub weight: usize,
}

/// An edge between two nodes by their number.
pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    /// It has a direction, which is drawn.
    pub directed: bool,
    pub title: String,
    pub href: Option<String>,
    /// CSS class.
    pub class: &'static str,
    /// How thick it is.
    pub weight: usize,
}

/// A node with its place.
pub(super) struct DrawnNode {
    pub x: i32,
    pub y: i32,
    pub r: i32,
    /// Where its label begins.
    pub text: [i32; 2],
    pub node: Node,
}

/// An edge as paths.
pub(super) struct DrawnEdge {
    pub line: String,
    /// Head of the arrow; empty without direction.
    pub head: String,
    /// Thickness in tenths.
    pub thick: usize,
    pub edge: Edge,
}

/// The picture.
pub(super) struct Drawing {
    pub nodes: Vec<DrawnNode>,
    pub edges: Vec<DrawnEdge>,
}

impl Drawing {
    /// Places nodes, the first one in the middle of the start, and draws edges; those that lead nowhere are left out.
    pub(super) fn new(nodes: Vec<Node>, edges: Vec<Edge>) -> Self {
        let edges: Vec<Edge> = edges
            .into_iter()
            .filter(|e| e.from < nodes.len() && e.to < nodes.len() && e.from != e.to)
            .collect();
        let ties: Vec<(usize, usize)> = edges.iter().map(|e| (e.from, e.to)).collect();
        let sizes: Vec<[f64; 2]> = nodes
            .iter()
            .map(|n| [2.0 * radius(n) + 8.0 + width(&n.label), 20.0])
            .collect();
        let places = apart(fit(layout(nodes.len(), &ties)), &sizes);
        let drawn = nodes.into_iter().zip(&places).map(|(node, &[x, y])| {
            let r = radius(&node);
            // Labels of the right edge stand to the left of their node.
            let left = x + r + 4.0 + width(&node.label) > WIDTH;
            let start = if left {
                x - r - 4.0 - width(&node.label)
            } else {
                x + r + 4.0
            };
            DrawnNode {
                x: whole(x),
                y: whole(y),
                r: whole(r),
                text: [whole(start), whole(y + 4.5)],
                node,
            }
        });
        let nodes: Vec<DrawnNode> = drawn.collect();
        let edges = edges.into_iter().map(|edge| {
            let (a, b) = (places[edge.from], places[edge.to]);
            let gap = radius(&nodes[edge.to].node) + if edge.directed { 3.0 } else { 0.0 };
            let thick = 1.0 + (edge.weight as f64).log2().max(0.0) * 0.8;
            let (line, head) = arrow(a, b, gap, thick, edge.directed);
            DrawnEdge {
                line,
                head,
                thick: (thick * 10.0) as usize,
                edge,
            }
        });
        Self {
            edges: edges.collect(),
            nodes,
        }
    }

    /// Nothing to be seen.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Width and height of the picture.
    pub(super) fn size(&self) -> [i32; 2] {
        [whole(WIDTH), whole(HEIGHT)]
    }
}

fn radius(node: &Node) -> f64 {
    (4.0 + 1.4 * (node.weight as f64).sqrt()).min(16.0)
}

/// About the width of a label.
fn width(label: &str) -> f64 {
    label.chars().count() as f64 * 6.6
}

fn whole(length: f64) -> i32 {
    // Lengths are within the picture.
    #[expect(clippy::cast_possible_truncation)]
    {
        length.round() as i32
    }
}

/// Places of `n` nodes by forces between them (Fruchterman and Reingold 1991) with a pull to the middle that keeps parts
/// without a tie in sight.
///
/// Nothing is random: nodes start on a spiral in their order. Only operations that are the same on every machine are used.
fn layout(n: usize, ties: &[(usize, usize)]) -> Vec<[f64; 2]> {
    // A turn by the golden angle, 137.5 degrees.
    const TURN: [f64; 2] = [-0.737_368_878_078_32, 0.675_490_294_261_523_8];
    let mut turn = [1.0, 0.0];
    let mut places: Vec<[f64; 2]> = (0..n)
        .map(|i| {
            let away = (i as f64).sqrt();
            turn = [
                turn[0] * TURN[0] - turn[1] * TURN[1],
                turn[0] * TURN[1] + turn[1] * TURN[0],
            ];
            [turn[0] * away, turn[1] * away]
        })
        .collect();
    for step in 0..STEPS {
        let heat = 0.5 * f64::from(STEPS - step) / f64::from(STEPS);
        let mut moves = vec![[0.0, 0.0]; n];
        let mut push = |a: usize, b: usize, force: f64, dx: f64, dy: f64| {
            moves[a] = [moves[a][0] + dx * force, moves[a][1] + dy * force];
            moves[b] = [moves[b][0] - dx * force, moves[b][1] - dy * force];
        };
        for a in 0..n {
            for b in a + 1..n {
                let (dx, dy) = (places[a][0] - places[b][0], places[a][1] - places[b][1]);
                push(a, b, 1.0 / (dx * dx + dy * dy).max(0.01), dx, dy);
            }
        }
        for &(a, b) in ties {
            let (dx, dy) = (places[a][0] - places[b][0], places[a][1] - places[b][1]);
            push(a, b, -(dx * dx + dy * dy).sqrt() * 0.35, dx, dy);
        }
        for (place, moved) in places.iter_mut().zip(moves) {
            let moved = [moved[0] - place[0] * 0.25, moved[1] - place[1] * 0.25];
            let far = (moved[0] * moved[0] + moved[1] * moved[1]).sqrt();
            let share = if far > heat { heat / far } else { 1.0 };
            *place = [place[0] + moved[0] * share, place[1] + moved[1] * share];
        }
    }
    places
}

/// Stretches places to the picture.
fn fit(mut places: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    for (axis, size) in [WIDTH, HEIGHT].into_iter().enumerate() {
        let low = places.iter().map(|p| p[axis]).fold(f64::MAX, f64::min);
        let high = places.iter().map(|p| p[axis]).fold(f64::MIN, f64::max);
        let room = size - 2.0 * MARGIN[axis];
        for place in &mut places {
            place[axis] = if high - low < 1e-9 {
                size / 2.0
            } else {
                MARGIN[axis] + (place[axis] - low) / (high - low) * room
            };
        }
    }
    places
}

/// Moves nodes apart whose labels would lie on one another.
fn apart(mut places: Vec<[f64; 2]>, sizes: &[[f64; 2]]) -> Vec<[f64; 2]> {
    for _ in 0..60 {
        let mut moved = false;
        for a in 0..places.len() {
            for b in a + 1..places.len() {
                let between = [places[b][0] - places[a][0], places[b][1] - places[a][1]];
                let lap = [0, 1].map(|axis| {
                    let room = f64::midpoint(sizes[a][axis], sizes[b][axis]);
                    room - between[axis].abs()
                });
                if lap[0] <= 0.0 || lap[1] <= 0.0 {
                    continue;
                }
                // Labels are wide and low: up and down is the shorter way.
                let shift = lap[1] / 2.0 + 0.5;
                let down = if between[1] >= 0.0 { shift } else { -shift };
                places[a][1] = (places[a][1] - down).clamp(MARGIN[1], HEIGHT - MARGIN[1]);
                places[b][1] = (places[b][1] + down).clamp(MARGIN[1], HEIGHT - MARGIN[1]);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    places
}

/// A bent line from `a` to `b` that ends `gap` before it, and the head of its arrow. The bend keeps the two directions of a
/// pair apart.
fn arrow(a: [f64; 2], b: [f64; 2], gap: f64, thick: f64, directed: bool) -> (String, String) {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let far = (dx * dx + dy * dy).sqrt().max(1.0);
    let bend = if directed { 0.14 } else { 0.0 };
    let control = [
        f64::midpoint(a[0], b[0]) - dy * bend,
        f64::midpoint(a[1], b[1]) + dx * bend,
    ];
    let (tx, ty) = (b[0] - control[0], b[1] - control[1]);
    let along = (tx * tx + ty * ty).sqrt().max(1.0);
    let (tx, ty) = (tx / along, ty / along);
    let size = 6.0 + thick;
    let tip = [b[0] - tx * gap, b[1] - ty * gap];
    let end = if directed {
        [tip[0] - tx * size * 0.8, tip[1] - ty * size * 0.8]
    } else {
        tip
    };
    let line = format!(
        "M{:.0} {:.0}Q{:.0} {:.0} {:.0} {:.0}",
        a[0], a[1], control[0], control[1], end[0], end[1]
    );
    // Nodes that lie on one another have no room for an arrow.
    if !directed || far < gap + size {
        return (line, String::new());
    }
    let back = [tip[0] - tx * size, tip[1] - ty * size];
    let side = size * 0.45;
    let head = format!(
        "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}z",
        tip[0],
        tip[1],
        back[0] - ty * side,
        back[1] + tx * side,
        back[0] + ty * side,
        back[1] - tx * side
    );
    (line, head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(label: &str) -> Node {
        Node {
            label: label.to_owned(),
            title: String::new(),
            href: None,
            class: "",
            weight: 4,
        }
    }

    fn edge(from: usize, to: usize) -> Edge {
        Edge {
            from,
            to,
            directed: true,
            title: String::new(),
            href: None,
            class: "",
            weight: 3,
        }
    }

    #[test]
    fn the_same_data_makes_the_same_picture_and_ties_bring_together() {
        let ties = [(0, 1), (0, 2), (1, 2), (3, 4), (4, 5), (3, 5)];
        let places = layout(6, &ties);
        assert_eq!(places, layout(6, &ties));
        let far = |a: usize, b: usize| (places[a][0] - places[b][0]).hypot(places[a][1] - places[b][1]);
        let mean = |pairs: &[(usize, usize)]| pairs.iter().map(|&(a, b)| far(a, b)).sum::<f64>() / pairs.len() as f64;
        let across = [(0, 3), (0, 4), (0, 5), (1, 3), (1, 4), (1, 5), (2, 3), (2, 4), (2, 5)];
        assert!(mean(&ties) * 1.5 < mean(&across), "{} {}", mean(&ties), mean(&across));
        assert!(places.iter().flatten().all(|x| x.is_finite()));
    }

    #[test]
    fn labels_do_not_lie_on_one_another_and_nothing_leaves_the_picture() {
        let nodes: Vec<Node> = (0..40).map(|n| node(&format!("Vereinigtes Land {n}"))).collect();
        let edges = (1..40).map(|n| edge(0, n)).collect();
        let drawing = Drawing::new(nodes, edges);
        for n in &drawing.nodes {
            assert!((0..=1000).contains(&n.x) && (0..=640).contains(&n.y), "{} {}", n.x, n.y);
            assert!(n.text[0] >= 0, "{}", n.text[0]);
        }
        let close = drawing
            .nodes
            .iter()
            .enumerate()
            .flat_map(|(i, a)| drawing.nodes[..i].iter().map(move |b| (a, b)));
        let lapping = close
            .filter(|(a, b)| (a.x - b.x).abs() < 100 && (a.y - b.y).abs() < 12)
            .count();
        assert!(lapping <= 4, "{lapping} labels lie on one another");
    }

    #[test]
    fn edges_without_ends_are_left_out() {
        let drawing = Drawing::new(
            vec![node("a"), node("b")],
            vec![edge(0, 1), edge(1, 0), edge(0, 0), edge(0, 7)],
        );
        assert_eq!(drawing.edges.len(), 2);
        assert_ne!(drawing.edges[0].line, drawing.edges[1].line);
        assert!(drawing.edges.iter().all(|e| e.head.ends_with('z')));
        assert!(Drawing::new(Vec::new(), Vec::new()).is_empty());
    }
}
