//! Networks of actors, for Gephi, networkx, Cytoscape: GraphML, and GEXF 1.3 with dates.
//!
//! Nodes are actors. Each event is an edge from actor to recipient with its days, type, status and score; an event of many
//! is one edge for each pair, a mutual one an edge each way with `mutual`. Parties without an entity are left out: a
//! word is no node.

use crate::Notice;
use crate::event::EventWriter;
use crate::rows::dyads;
use crate::xml::{REPLACED, Xml};
use lagebild_core::wire::PartyRecord;
use lagebild_store::{EventRow, StoredDocument};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Which of the two formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphFormat {
    /// GraphML.
    GraphMl,
    /// GEXF 1.3.
    Gexf,
}

/// An actor.
#[derive(Debug)]
struct Node {
    name: String,
    kind: String,
    country: String,
    /// First and last day of its events.
    days: Option<(String, String)>,
}

/// Writes the file. Nodes stand before edges, so all events are announced first.
#[derive(Debug)]
pub struct Graph<W: Write> {
    xml: Xml<W>,
    format: GraphFormat,
    nodes: BTreeMap<String, Node>,
    begun: bool,
    edges: usize,
    nameless: usize,
}

/// Name and type of the attributes of nodes.
const NODE_ATTRIBUTES: &[(&str, &str)] = &[("kind", "string"), ("country", "string")];

/// Name and type of the attributes of edges.
const EDGE_ATTRIBUTES: &[(&str, &str)] = &[
    ("event", "string"),
    ("type", "string"),
    ("mode", "string"),
    ("status", "string"),
    ("certainty", "string"),
    ("score", "double"),
    ("sign", "integer"),
    ("mutual", "boolean"),
    ("source_name", "string"),
];

impl<W: Write> Graph<W> {
    /// A writer of the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W, format: GraphFormat) -> io::Result<Self> {
        Ok(Self {
            xml: Xml::new(out)?,
            format,
            nodes: BTreeMap::new(),
            begun: false,
            edges: 0,
            nameless: 0,
        })
    }

    /// Whether an attribute of nodes or edges has another type name in this format.
    fn type_name<'k>(&self, kind: &'k str) -> &'k str {
        match (self.format, kind) {
            (GraphFormat::GraphMl, "integer") => "int",
            _ => kind,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        match self.format {
            GraphFormat::GraphMl => {
                self.xml
                    .open("graphml", &[("xmlns", "http://graphml.graphdrawing.org/xmlns")])?;
                let dates: &[(&str, &str)] = &[("start", "string"), ("end", "string")];
                let nodes = [("label", "string")]
                    .iter()
                    .chain(NODE_ATTRIBUTES)
                    .chain(dates)
                    .map(|a| ("node", a));
                let edges = [("weight", "double")]
                    .iter()
                    .chain(EDGE_ATTRIBUTES)
                    .chain(dates)
                    .map(|a| ("edge", a));
                for (on, (name, kind)) in nodes.chain(edges) {
                    let (id, kind) = (format!("{on}_{name}"), self.type_name(kind));
                    self.xml.empty(
                        "key",
                        &[("id", &id), ("for", on), ("attr.name", name), ("attr.type", kind)],
                    )?;
                }
                self.xml
                    .open("graph", &[("id", "lagebild"), ("edgedefault", "directed")])?;
            }
            GraphFormat::Gexf => {
                self.xml
                    .open("gexf", &[("xmlns", "http://gexf.net/1.3"), ("version", "1.3")])?;
                self.xml.open("meta", &[])?;
                self.xml.text("creator", &[], "Lagebild")?;
                self.xml.close("meta")?;
                self.xml.open(
                    "graph",
                    &[
                        ("defaultedgetype", "directed"),
                        ("mode", "dynamic"),
                        ("timeformat", "date"),
                    ],
                )?;
                for (class, attributes) in [("node", NODE_ATTRIBUTES), ("edge", EDGE_ATTRIBUTES)] {
                    self.xml.open("attributes", &[("class", class), ("mode", "static")])?;
                    for (name, kind) in attributes {
                        self.xml
                            .empty("attribute", &[("id", name), ("title", name), ("type", kind)])?;
                    }
                    self.xml.close("attributes")?;
                }
                self.xml.open("nodes", &[])?;
            }
        }
        let nodes = std::mem::take(&mut self.nodes);
        for (id, node) in &nodes {
            let values = [("kind", node.kind.as_str()), ("country", node.country.as_str())];
            let days = node.days.as_ref().map(|(from, to)| (from.as_str(), to.as_str()));
            match self.format {
                GraphFormat::GraphMl => {
                    self.xml.open("node", &[("id", id)])?;
                    self.xml.text("data", &[("key", "node_label")], &node.name)?;
                    self.data("node", &values, days)?;
                    self.xml.close("node")?;
                }
                GraphFormat::Gexf => {
                    let mut attributes = vec![("id", id.as_str()), ("label", node.name.as_str())];
                    if let Some((from, to)) = days {
                        attributes.extend([("start", from), ("end", to)]);
                    }
                    self.xml.open("node", &attributes)?;
                    self.values(&values)?;
                    self.xml.close("node")?;
                }
            }
        }
        self.nodes = nodes;
        if self.format == GraphFormat::Gexf {
            self.xml.close("nodes")?;
            self.xml.open("edges", &[])?;
        }
        Ok(())
    }

    /// Attribute values in GraphML.
    fn data(&mut self, on: &str, values: &[(&str, &str)], days: Option<(&str, &str)>) -> io::Result<()> {
        let days = days.map(|(from, to)| [("start", from), ("end", to)]);
        for (name, value) in values.iter().chain(days.iter().flatten()) {
            if !value.is_empty() {
                self.xml.text("data", &[("key", &format!("{on}_{name}"))], value)?;
            }
        }
        Ok(())
    }

    /// Attribute values in GEXF.
    fn values(&mut self, values: &[(&str, &str)]) -> io::Result<()> {
        self.xml.open("attvalues", &[])?;
        for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
            self.xml.empty("attvalue", &[("for", name), ("value", value)])?;
        }
        self.xml.close("attvalues")
    }
}

/// The closed interval of days of an event: programs reject intervals that are open at one end.
fn interval(event: &EventRow) -> Option<(String, String)> {
    let date = &event.event.date;
    let day = date
        .from
        .as_ref()
        .or(date.to.as_ref())
        .or(event.document.published.as_ref())?;
    Some((
        date.from.as_ref().unwrap_or(day).clone(),
        date.to.as_ref().unwrap_or(day).clone(),
    ))
}

impl<W: Write> EventWriter for Graph<W> {
    fn wants_announcement(&self) -> bool {
        true
    }

    fn announce(&mut self, event: &EventRow) {
        let days = interval(event);
        for (a, b) in dyads(&event.event) {
            let (Some(a), Some(b)) = (a, b) else { continue };
            // Only pairs make an edge; a node is what an edge ends at.
            if a.id.is_none() || b.id.is_none() {
                continue;
            }
            for party in [a, b] {
                let Some(id) = &party.id else { continue };
                let node = self.nodes.entry(id.clone()).or_insert_with(|| Node {
                    name: party.name.clone().unwrap_or_else(|| party.text.clone()),
                    kind: id.split(':').next().unwrap_or_default().to_owned(),
                    country: party.country.clone().unwrap_or_default(),
                    days: None,
                });
                if let Some((from, to)) = &days {
                    node.days = Some(match node.days.take() {
                        Some((first, last)) => (first.min(from.clone()), last.max(to.clone())),
                        None => (from.clone(), to.clone()),
                    });
                }
            }
        }
    }

    fn event(&mut self, row: &EventRow, _: &StoredDocument) -> io::Result<bool> {
        self.begin()?;
        let event = &row.event;
        let mutual = event.actors.len() > 1 && event.recipients.is_empty();
        let days = interval(row);
        let days = days.as_ref().map(|(from, to)| (from.as_str(), to.as_str()));
        let score = event.plover_score.to_string();
        let sign = match event.plover_score {
            s if s > 0.0 => "1",
            s if s < 0.0 => "-1",
            _ => "0",
        };
        let mut written = false;
        for (a, b) in dyads(event) {
            let known = |party: Option<&PartyRecord>| {
                let id = party.and_then(|p| p.id.clone());
                id.filter(|id| self.nodes.contains_key(id))
            };
            let (Some(from), Some(to)) = (known(a), known(b)) else {
                self.nameless += 1;
                continue;
            };
            let id = self.edges.to_string();
            let values = [
                ("event", row.key.as_str()),
                ("type", event.kind.as_str()),
                ("mode", event.mode.as_deref().unwrap_or_default()),
                ("status", event.status.as_str()),
                ("certainty", event.certainty.as_str()),
                ("score", score.as_str()),
                ("sign", sign),
                ("mutual", if mutual { "true" } else { "false" }),
                ("source_name", row.document.source.as_deref().unwrap_or_default()),
            ];
            let ends = [("id", id.as_str()), ("source", from.as_str()), ("target", to.as_str())];
            match self.format {
                GraphFormat::GraphMl => {
                    self.xml.open("edge", &ends)?;
                    self.xml.text("data", &[("key", "edge_weight")], "1")?;
                    self.data("edge", &values, days)?;
                    self.xml.close("edge")?;
                }
                GraphFormat::Gexf => {
                    let mut attributes = ends.to_vec();
                    attributes.extend([("weight", "1"), ("label", event.kind.as_str())]);
                    if let Some((from, to)) = days {
                        attributes.extend([("start", from), ("end", to)]);
                    }
                    self.xml.open("edge", &attributes)?;
                    self.values(&values)?;
                    self.xml.close("edge")?;
                }
            }
            self.edges += 1;
            written = true;
        }
        Ok(written)
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.begin()?;
        let outer = match self.format {
            GraphFormat::GraphMl => "graphml",
            GraphFormat::Gexf => {
                self.xml.close("edges")?;
                "gexf"
            }
        };
        self.xml.close("graph")?;
        self.xml.close(outer)?;
        let replaced = self.xml.finish()?;
        Ok(crate::notices([
            (self.nameless, "edges left out: one end is told by no name"),
            (replaced, REPLACED),
        ]))
    }
}
