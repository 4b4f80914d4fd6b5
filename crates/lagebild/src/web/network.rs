//! `/network`: who acts upon whom, as nodes and directed edges.

use super::graph::{Drawing, Edge, Node};
use super::list::{Listing, filter_of};
use super::mark::quad_class;
use super::page::{Page, link};
use super::text::Ui;
use super::{Site, WebError};
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use lagebild_core::codebook::{Quad, Status};
use lagebild_store::{Ends, List, Reader, Tie};
use std::collections::{BTreeMap, HashMap};

/// Nodes drawn, those with most acts.
const NODES: usize = 40;
/// Edges drawn, those of most acts.
const EDGES: usize = 110;
/// Rows of the table.
const ROWS: usize = 200;

/// Acts by quad class.
type Counts = [usize; Quad::ALL.len()];

fn total(tie: &Tie) -> usize {
    tie.acts.iter().sum()
}

/// The `most` ties with most acts, in order.
fn strongest(mut ties: Vec<&Tie>, most: usize) -> Vec<&Tie> {
    let order = |a: &&Tie, b: &&Tie| {
        let after = total(b).cmp(&total(a));
        after.then_with(|| (&a.actor, &a.recipient).cmp(&(&b.actor, &b.recipient)))
    };
    if most < ties.len() {
        ties.select_nth_unstable_by(most, order);
        ties.truncate(most);
    }
    ties.sort_by(order);
    ties
}

/// Those with most acts, and how many they do or undergo.
fn busiest(ties: &[Tie]) -> Vec<(&str, usize)> {
    let mut acts: HashMap<&str, usize> = HashMap::new();
    for tie in ties {
        *acts.entry(&tie.actor).or_default() += total(tie);
        *acts.entry(&tie.recipient).or_default() += total(tie);
    }
    let mut acts: Vec<(&str, usize)> = acts.into_iter().collect();
    acts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    acts
}

/// A row of the table.
struct Row<'a> {
    actor: &'a str,
    recipient: &'a str,
    actor_href: String,
    recipient_href: String,
    counts: Counts,
    total: usize,
    href: String,
}

#[derive(Template)]
#[template(path = "network.html")]
struct NetworkPage<'a> {
    page: Page,
    listing: Listing,
    /// The two kinds of nodes: address, name, whether it is this one.
    kinds: [(String, &'static str, bool); 2],
    drawing: Drawing,
    quads: Vec<(&'static str, &'static str)>,
    rows: Vec<Row<'a>>,
    /// All who have an act, and all pairs.
    nodes: usize,
    ties: usize,
    /// Pairs that the table leaves out.
    more: usize,
    /// Nobody asked for a status, so only acts told as real count.
    only_actual: bool,
}

/// `/network`: states and organisations.
pub(super) async fn sides(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| network(page, reader, Ends::Sides)).await
}

/// `/network/actors`: persons and bodies, each by itself.
pub(super) async fn actors(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| network(page, reader, Ends::Parties)).await
}

fn network(page: Page, reader: &Reader, ends: Ends) -> Result<Html<String>, WebError> {
    let (ui, t) = (page.ui, page.t);
    let filter = filter_of(&page, List::Events)?;
    let only_actual = filter.statuses.is_empty();
    let mut asked = filter.clone();
    if only_actual {
        // As in the tension of a pair: what was not done is no act.
        asked.statuses = vec![Status::Actual];
    }
    let ties = reader.ties(&asked, ends)?;
    let busiest = busiest(&ties);
    let listing = Listing::of_events(&page, |t| t.network, &filter, reader)?;

    let shown = busiest.iter().take(NODES).zip(0..);
    let shown: HashMap<&str, usize> = shown.map(|((key, _), number)| (*key, number)).collect();
    let number = |key: &str| shown.get(key).copied();
    let listed = strongest(ties.iter().collect(), ROWS);
    let among = |tie: &&Tie| number(&tie.actor).is_some() && number(&tie.recipient).is_some();
    let drawn = strongest(ties.iter().filter(among).collect(), EDGES);
    let mut named: Vec<&str> = listed.iter().flat_map(|tie| [&*tie.actor, &*tie.recipient]).collect();
    named.extend(shown.keys());
    let names = Names::new(ui, reader, ends, &mut named)?;
    let href = |key: &str| names.page(key);
    let events = |tie: &Tie| {
        let mut pairs = asked.for_list(List::Events).pairs();
        pairs.retain(|(key, _)| !["actor", "recipient", "limit", "offset"].contains(key));
        pairs.extend([
            ("actor", tie.actor.to_string()),
            ("recipient", tie.recipient.to_string()),
        ]);
        link("/events", &pairs)
    };
    let nodes = busiest.iter().take(NODES).map(|(key, acts)| Node {
        label: names.of(key).to_owned(),
        title: format!("{}: {} {}", names.of(key), page.number(acts), t.acts_count),
        href: Some(href(key)),
        class: if names.is_state(key) { "state" } else { "box" },
        weight: *acts,
    });
    let edges = drawn.into_iter().filter_map(|tie| {
        let classes = Quad::ALL.iter().zip(tie.acts).filter(|(_, n)| *n > 0);
        let parts: Vec<String> = classes
            .map(|(q, n)| format!("{} {}", ui.term(q.as_str()), page.number(&n)))
            .collect();
        let most = Quad::ALL.iter().zip(tie.acts).max_by_key(|(_, n)| *n)?;
        Some(Edge {
            from: number(&tie.actor)?,
            to: number(&tie.recipient)?,
            directed: true,
            title: format!(
                "{} → {}: {}",
                names.of(&tie.actor),
                names.of(&tie.recipient),
                parts.join(" · ")
            ),
            href: Some(events(tie)),
            class: quad_class(most.0.as_str()),
            weight: total(tie),
        })
    });
    let drawing = Drawing::new(nodes.collect(), edges.collect());
    let row = |tie| {
        let tie: &Tie = tie;
        Row {
            actor: names.of(&tie.actor),
            recipient: names.of(&tie.recipient),
            actor_href: href(&tie.actor),
            recipient_href: href(&tie.recipient),
            counts: tie.acts,
            total: total(tie),
            href: events(tie),
        }
    };
    let kind = |path: &str, label, here| (link(path, &page.pairs), label, here);
    let network = NetworkPage {
        kinds: [
            kind("/network", t.network_sides, ends == Ends::Sides),
            kind("/network/actors", t.network_actors, ends == Ends::Parties),
        ],
        drawing,
        quads: Quad::ALL
            .iter()
            .map(|q| (quad_class(q.as_str()), ui.term(q.as_str())))
            .collect(),
        rows: listed.into_iter().map(row).collect(),
        nodes: busiest.len(),
        ties: ties.len(),
        more: ties.len().saturating_sub(ROWS),
        only_actual,
        listing,
        page,
    };
    Ok(Html(network.render()?))
}

/// Names of nodes, and their pages.
struct Names {
    ui: Ui,
    ends: Ends,
    stored: BTreeMap<String, String>,
}

impl Names {
    fn new(ui: Ui, reader: &Reader, ends: Ends, keys: &mut Vec<&str>) -> Result<Self, WebError> {
        keys.sort_unstable();
        keys.dedup();
        let stored = if ends == Ends::Parties {
            reader.names(keys)?
        } else {
            Vec::new()
        };
        Ok(Self {
            ui,
            ends,
            stored: stored.into_iter().collect(),
        })
    }

    /// The code of a state, if the node is one.
    fn state<'k>(&self, key: &'k str) -> Option<&'k str> {
        match self.ends {
            Ends::Sides => self.ui.country(key).map(|_| key),
            Ends::Parties => key.strip_prefix("country:"),
        }
    }

    fn is_state(&self, key: &str) -> bool {
        self.state(key).is_some()
    }

    fn of<'k>(&'k self, key: &'k str) -> &'k str {
        match self.state(key).and_then(|code| self.ui.country(code)) {
            Some(name) => name,
            None => self.stored.get(key).map_or(key, String::as_str),
        }
    }

    /// The events of a node, on either side where it is a state.
    fn page(&self, key: &str) -> String {
        match self.state(key) {
            Some(code) => link("/events", &[("country", code)]),
            None => link("/events", &[("actor", key)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_come_first_and_those_alike_by_their_keys() {
        let tie = |actor: &str, recipient: &str, acts| Tie {
            actor: actor.into(),
            recipient: recipient.into(),
            acts,
        };
        let ties = [
            tie("RUS", "UKR", [0, 0, 0, 3]),
            tie("RUS", "PRK", [2, 0, 0, 1]),
            tie("KOR", "PRK", [0, 0, 1, 0]),
            tie("PRK", "RUS", [0, 5, 0, 0]),
        ];
        let seen = |most| -> Vec<_> {
            let strongest = strongest(ties.iter().collect(), most).into_iter();
            strongest
                .map(|t| format!("{}>{} {}", t.actor, t.recipient, total(t)))
                .collect()
        };
        assert_eq!(seen(9), ["PRK>RUS 5", "RUS>PRK 3", "RUS>UKR 3", "KOR>PRK 1"]);
        assert_eq!(seen(2), ["PRK>RUS 5", "RUS>PRK 3"]);
        assert_eq!(busiest(&ties), [("RUS", 11), ("PRK", 9), ("UKR", 3), ("KOR", 1)]);
    }
}
