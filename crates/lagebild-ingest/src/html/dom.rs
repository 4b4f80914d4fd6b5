//! The tree of a page, built by html5ever into an arena with caps on depth and number of nodes.
//!
//! html5ever has no caps: its time grows with the square of the depth, and its list of active formatting elements
//! copies itself into every paragraph. So the page is fed in small pieces and parsing stops at the first piece after
//! which a cap is passed. Counting has to happen in the sink: a scan of the source would count tags in scripts and
//! miss those that the parser adds.

use crate::error::Error;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, ParseOpts, QualName, parse_document};
use lagebild_core::Limit;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Size of the pieces fed to the parser, in bytes; a piece is all that can pass a cap unnoticed.
const PIECE: usize = 1024;
/// Nodes that any page may have; beyond it, half as many as bytes (an element takes three, its text one).
const FREE_NODES: usize = 10_000;

/// A node of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeIx(u32);

impl NodeIx {
    pub(crate) fn ix(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug)]
pub(crate) enum Data {
    Document,
    Element {
        name: Rc<QualName>,
        attrs: Vec<Attribute>,
    },
    Text(String),
    /// Comment or processing instruction.
    Other,
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) data: Data,
    pub(crate) parent: Option<NodeIx>,
    first: Option<NodeIx>,
    last: Option<NodeIx>,
    previous: Option<NodeIx>,
    next: Option<NodeIx>,
    /// Distance from the document when it was put into the tree.
    depth: usize,
}

impl Node {
    fn new(data: Data) -> Self {
        Self {
            data,
            parent: None,
            first: None,
            last: None,
            previous: None,
            next: None,
            depth: 0,
        }
    }

    /// The tag name of an element.
    pub(crate) fn tag(&self) -> Option<&str> {
        match &self.data {
            Data::Element { name, .. } => Some(&name.local),
            _ => None,
        }
    }

    /// The value of an attribute of an element.
    pub(crate) fn attr(&self, name: &str) -> Option<&str> {
        match &self.data {
            Data::Element { attrs, .. } => attrs.iter().find(|a| &*a.name.local == name).map(|a| &*a.value),
            _ => None,
        }
    }
}

/// The tree of a page.
#[derive(Debug)]
pub(crate) struct Dom {
    nodes: Vec<Node>,
}

/// A step of a walk through a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Enter(NodeIx),
    Leave(NodeIx),
}

impl Dom {
    pub(crate) const ROOT: NodeIx = NodeIx(0);

    /// Parses a page.
    ///
    /// # Errors
    /// [`Error::Limit`] for depth, nodes or attributes.
    pub(crate) fn parse(html: &str) -> Result<Self, Error> {
        if let Some(found) = most_attributes(html).filter(|&n| n > Limit::HtmlAttributes.max()) {
            return Err(Error::Limit {
                limit: Limit::HtmlAttributes,
                found: Some(found),
            });
        }
        let over = Rc::new(Cell::new(None));
        let cap = (html.len() / 2 + FREE_NODES).min(Limit::HtmlNodes.max());
        let sink = Sink {
            nodes: RefCell::new(vec![Node::new(Data::Document)]),
            cap,
            over: Rc::clone(&over),
        };
        let mut parser = parse_document(sink, ParseOpts::default());
        let mut rest = html;
        while !rest.is_empty() {
            let mut end = PIECE.min(rest.len());
            while !rest.is_char_boundary(end) {
                end += 1;
            }
            let (piece, tail) = rest.split_at(end);
            parser.process(StrTendril::from_slice(piece));
            if let Some(limit) = over.get() {
                return Err(Error::Limit { limit, found: None });
            }
            rest = tail;
        }
        Ok(parser.finish())
    }

    pub(crate) fn node(&self, ix: NodeIx) -> &Node {
        &self.nodes[ix.ix()]
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// `ix` and what it lies in, inside out.
    pub(crate) fn ancestors(&self, ix: NodeIx) -> impl Iterator<Item = NodeIx> {
        std::iter::successors(Some(ix), |&at| self.node(at).parent)
    }

    /// Walks through `root` in document order; `visit` answers whether to go into an entered node.
    pub(crate) fn walk(&self, root: NodeIx, mut visit: impl FnMut(Step) -> bool) {
        let mut at = root;
        loop {
            let inside = visit(Step::Enter(at));
            if let Some(child) = self.node(at).first.filter(|_| inside) {
                at = child;
                continue;
            }
            if inside {
                visit(Step::Leave(at));
            }
            loop {
                if at == root {
                    return;
                }
                if let Some(next) = self.node(at).next {
                    at = next;
                    break;
                }
                match self.node(at).parent {
                    Some(parent) => at = parent,
                    None => return,
                }
                visit(Step::Leave(at));
            }
        }
    }

    /// The nodes right inside `ix`.
    pub(crate) fn children(&self, ix: NodeIx) -> impl Iterator<Item = NodeIx> {
        std::iter::successors(self.node(ix).first, |&at| self.node(at).next)
    }

    /// Whether an element stands right behind a `span` or `time`, without any text between them.
    pub(crate) fn follows_mark(&self, ix: NodeIx) -> bool {
        let before = self.node(ix).previous.and_then(|at| self.node(at).tag());
        matches!(before, Some("span" | "time"))
    }

    /// All elements in document order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = NodeIx> {
        self.below(Self::ROOT).filter(|&ix| self.node(ix).tag().is_some())
    }

    /// All elements in document order, each with whether it lies in one that is `dropped`.
    pub(crate) fn elements_with(&self, dropped: &[bool]) -> Vec<(NodeIx, bool)> {
        let mut found = Vec::new();
        let mut inside = 0usize;
        self.walk(Self::ROOT, |step| {
            match step {
                Step::Enter(ix) => {
                    inside += usize::from(dropped[ix.ix()]);
                    if self.node(ix).tag().is_some() {
                        found.push((ix, inside > 0));
                    }
                }
                Step::Leave(ix) => inside -= usize::from(dropped[ix.ix()]),
            }
            true
        });
        found
    }

    /// The node after `at` in document order, as long as it lies below `root`.
    fn following(&self, at: NodeIx, root: NodeIx) -> Option<NodeIx> {
        if let Some(child) = self.node(at).first {
            return Some(child);
        }
        let mut at = at;
        while at != root {
            if let Some(next) = self.node(at).next {
                return Some(next);
            }
            at = self.node(at).parent?;
        }
        None
    }

    /// The nodes below `root` in document order. Unlike [`Dom::walk`] it can be left early.
    pub(crate) fn below(&self, root: NodeIx) -> impl Iterator<Item = NodeIx> {
        std::iter::successors(self.following(root, root), move |&at| self.following(at, root))
    }

    /// The first text below `root`, about `cap` bytes of it: reading all would take time quadratic in nested elements.
    pub(crate) fn short_text(&self, root: NodeIx, cap: usize) -> String {
        let mut text = String::new();
        for ix in self.below(root).take(cap) {
            match &self.node(ix).data {
                Data::Text(piece) => text.push_str(&piece[..crate::floor_boundary(piece, cap)]),
                _ => text.push(' '),
            }
            if text.len() >= cap {
                break;
            }
        }
        text
    }

    /// What a microdata item below `root` gives as its name.
    pub(crate) fn item_name(&self, root: NodeIx, cap: usize) -> Option<String> {
        let is_name = |ix: &NodeIx| {
            self.node(*ix)
                .attr("itemprop")
                .is_some_and(|i| i.eq_ignore_ascii_case("name"))
        };
        let named = self.below(root).take(cap).find(is_name);
        let content = named.and_then(|ix| self.node(ix).attr("content").map(str::to_owned));
        Some(content.unwrap_or_else(|| self.short_text(named.unwrap_or(root), cap)))
    }

    /// All text below `root`.
    pub(crate) fn text(&self, root: NodeIx) -> String {
        let mut text = String::new();
        self.walk(root, |step| {
            if let Step::Enter(ix) = step {
                match &self.node(ix).data {
                    Data::Text(piece) => text.push_str(piece),
                    Data::Element { name, .. } if matches!(&*name.local, "br" | "p" | "div") => text.push(' '),
                    _ => {}
                }
            }
            true
        });
        text
    }
}

/// The largest number of attributes in one tag; html5ever compares each with all before it.
fn most_attributes(html: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    let (mut most, mut at) = (None, 0);
    // `find` skips many bytes at once. `at` stands behind ASCII characters only, so between letters.
    while let Some(open) = html[at..].find('<').map(|n| at + n) {
        at = open + 1;
        let rest = &bytes[at..];
        if rest.starts_with(b"!--") {
            at += html[at..].find("-->").unwrap_or(rest.len());
            continue;
        }
        if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let (count, len) = attributes(rest);
        most = most.max(Some(count));
        at += len;
        // Markup inside these is text.
        for raw in ["script", "style", "title", "textarea"] {
            if rest.len() >= raw.len() && rest[..raw.len()].eq_ignore_ascii_case(raw.as_bytes()) {
                let is_close = |&open: &usize| {
                    let name = bytes.get(at + open + 2..at + open + 2 + raw.len());
                    name.is_some_and(|name| name.eq_ignore_ascii_case(raw.as_bytes()))
                };
                let found = html[at..].match_indices("</").map(|(open, _)| open).find(is_close);
                at += found.unwrap_or(bytes.len() - at);
            }
        }
    }
    most
}

/// The number of attributes of the tag whose name starts `tag`, and its length.
fn attributes(tag: &[u8]) -> (usize, usize) {
    let (mut count, mut at) = (0, 0);
    let mut between = false;
    while let Some(&byte) = tag.get(at) {
        match byte {
            b'>' => break,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0C | b'/' => between = true,
            b'=' => {
                at += tag[at + 1..].iter().take_while(|b| b.is_ascii_whitespace()).count();
                if let Some(&quote @ (b'"' | b'\'')) = tag.get(at + 1) {
                    at += 2 + tag[at + 2..].iter().take_while(|&&b| b != quote).count();
                    between = true;
                } else {
                    between = false;
                }
            }
            _ => {
                count += usize::from(between);
                between = false;
            }
        }
        at += 1;
    }
    (count, at.min(tag.len()))
}

/// What html5ever builds into.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    cap: usize,
    over: Rc<Cell<Option<Limit>>>,
}

/// What html5ever knows a node by; elements bring their name, so that asking for it borrows nothing.
#[derive(Clone)]
struct Handle {
    ix: NodeIx,
    name: Option<Rc<QualName>>,
}

impl Sink {
    fn create(&self, data: Data) -> Handle {
        let mut nodes = self.nodes.borrow_mut();
        if nodes.len() >= self.cap && self.over.get().is_none() {
            self.over.set(Some(Limit::HtmlNodes));
        }
        let name = match &data {
            Data::Element { name, .. } => Some(Rc::clone(name)),
            _ => None,
        };
        let ix = NodeIx(u32::try_from(nodes.len()).unwrap_or(u32::MAX));
        nodes.push(Node::new(data));
        Handle { ix, name }
    }

    fn detach(nodes: &mut [Node], ix: NodeIx) {
        let (parent, previous, next) = {
            let node = &mut nodes[ix.ix()];
            (node.parent.take(), node.previous.take(), node.next.take())
        };
        match previous {
            Some(p) => nodes[p.ix()].next = next,
            None => {
                if let Some(parent) = parent {
                    nodes[parent.ix()].first = next;
                }
            }
        }
        match next {
            Some(n) => nodes[n.ix()].previous = previous,
            None => {
                if let Some(parent) = parent {
                    nodes[parent.ix()].last = previous;
                }
            }
        }
    }

    /// Puts `child` under `parent`, before `before` or at the end.
    fn attach(&self, parent: NodeIx, before: Option<NodeIx>, child: NodeOrText<Handle>) {
        let previous = {
            let nodes = self.nodes.borrow();
            before.map_or(nodes[parent.ix()].last, |b| nodes[b.ix()].previous)
        };
        let child = match child {
            NodeOrText::AppendNode(handle) => handle.ix,
            NodeOrText::AppendText(text) => {
                if let Some(p) = previous
                    && let Data::Text(known) = &mut self.nodes.borrow_mut()[p.ix()].data
                {
                    known.push_str(&text);
                    return;
                }
                self.create(Data::Text(text.to_string())).ix
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        Self::detach(&mut nodes, child);
        // Detaching may have moved the neighbour.
        let previous = before.map_or(nodes[parent.ix()].last, |b| nodes[b.ix()].previous);
        let depth = nodes[parent.ix()].depth + 1;
        if depth > Limit::HtmlDepth.max() && self.over.get().is_none() {
            self.over.set(Some(Limit::HtmlDepth));
        }
        let node = &mut nodes[child.ix()];
        (node.parent, node.previous, node.next, node.depth) = (Some(parent), previous, before, depth);
        match previous {
            Some(p) => nodes[p.ix()].next = Some(child),
            None => nodes[parent.ix()].first = Some(child),
        }
        match before {
            Some(b) => nodes[b.ix()].previous = Some(child),
            None => nodes[parent.ix()].last = Some(child),
        }
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Dom;
    type ElemName<'a> = &'a QualName;

    fn finish(self) -> Dom {
        Dom {
            nodes: self.nodes.into_inner(),
        }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle {
            ix: Dom::ROOT,
            name: None,
        }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a QualName {
        // The parser asks elements only; any name will do for the rest.
        static NONE: std::sync::LazyLock<QualName> =
            std::sync::LazyLock::new(|| QualName::new(None, html5ever::ns!(), LocalName::from("")));
        target.name.as_deref().unwrap_or(&NONE)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> Handle {
        self.create(Data::Element {
            name: Rc::new(name),
            attrs,
        })
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.create(Data::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.create(Data::Other)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.attach(parent.ix, None, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, prev_element: &Handle, child: NodeOrText<Handle>) {
        if self.nodes.borrow()[element.ix.ix()].parent.is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev_element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        // Templates are never read, so their content may stand in them like any other.
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.ix == y.ix
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, new_node: NodeOrText<Handle>) {
        let parent = self.nodes.borrow()[sibling.ix.ix()].parent;
        if let Some(parent) = parent {
            self.attach(parent, Some(sibling.ix), new_node);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, new: Vec<Attribute>) {
        if let Data::Element { attrs, .. } = &mut self.nodes.borrow_mut()[target.ix.ix()].data {
            for attr in new {
                if attrs.len() < Limit::HtmlAttributes.max() && !attrs.iter().any(|known| known.name == attr.name) {
                    attrs.push(attr);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        Self::detach(&mut self.nodes.borrow_mut(), target.ix);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        loop {
            let child = self.nodes.borrow()[node.ix.ix()].first;
            let Some(ix) = child else { return };
            self.attach(new_parent.ix, None, NodeOrText::AppendNode(Handle { ix, name: None }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit_of(html: &str) -> Option<Limit> {
        match Dom::parse(html) {
            Err(Error::Limit { limit, .. }) => Some(limit),
            _ => None,
        }
    }

    #[test]
    fn hostile_pages_hit_a_cap() {
        assert_eq!(limit_of(&"<div>".repeat(50_000)), Some(Limit::HtmlDepth));
        assert_eq!(limit_of(&"<ul><li>".repeat(35_000)), Some(Limit::HtmlDepth));
        let formatting: String = (0..10_000).map(|n| format!("<b id={n}><p>")).collect();
        assert!(limit_of(&formatting).is_some());
        let attributes: String = (0..50_000).map(|n| format!(" a{n}=1")).collect();
        assert_eq!(limit_of(&format!("<p{attributes}>x")), Some(Limit::HtmlAttributes));
        assert_eq!(limit_of(&"<p>x".repeat(50_000)), None);
        assert_eq!(limit_of("<script>a<b c d e</script><p title='a b c'>x"), None);
    }

    #[test]
    fn misplaced_markup_is_put_right() {
        let dom = Dom::parse("<table><p>a<tr><td>b</table><b><p>c</b>d").unwrap();
        assert_eq!(dom.text(Dom::ROOT).split_whitespace().collect::<Vec<_>>(), ["ab", "cd"]);
    }
}
