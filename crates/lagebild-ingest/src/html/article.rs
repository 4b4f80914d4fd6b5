//! Finds the article in a page.
//!
//! Boilerplate is dropped by element, role and class name first. The page is then a sequence of text units, each worth
//! its words when it is prose and a fixed debt when it is not; the article is the element whose units are worth most
//! together. That is maximum-subsequence segmentation (Pasternack and Roth, WWW 2009) on the tree instead of the line:
//! a wider element pays only where it adds more prose than clutter.

use super::PATTERNS;
use super::dom::{Data, Dom, NodeIx, Step};
use super::meta::fold;
use crate::layout::layout;
use lagebild_core::{Date, Part};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a unit that is no prose costs, in words.
const CLUTTER: f64 = 8.0;
/// Share of linked text from which on a unit is navigation.
const LINKED: f64 = 0.5;
/// A dropped element that holds more than this share of the prose of the page was dropped wrongly.
const TOO_MUCH: f64 = 0.6;

/// A stretch of article text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) part: Part,
    pub(crate) text: String,
}

/// What was found in a page.
#[derive(Debug, Default)]
pub(crate) struct Article {
    /// First-rank headings, in order.
    pub(crate) headings: Vec<String>,
    /// The date of the first date line shown.
    pub(crate) date: Option<Date>,
    pub(crate) pieces: Vec<Piece>,
}

/// The text of one block of the page.
#[derive(Debug)]
struct Unit {
    node: NodeIx,
    part: Part,
    /// Rank of a heading, 0 for other units.
    rank: u8,
    text: String,
    /// Characters inside links.
    linked: usize,
    /// Whether the article body that the metadata hold has this text; `None` when they hold none.
    told: Option<bool>,
}

/// A body in the metadata is believed from so many bytes on; below it is a summary.
const BODY: usize = 400;
/// Words in the runs by which texts are compared.
const SHINGLE: usize = 4;

impl Unit {
    fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }

    fn link_share(&self) -> f64 {
        self.linked as f64 / self.text.chars().count().max(1) as f64
    }

    fn is_prose(&self) -> bool {
        let closed = self
            .text
            .trim_end_matches(['"', '“', '”', '«', '»', ')', '\''])
            .ends_with(['.', '!', '?', '…', ':']);
        let words = self.words();
        self.link_share() < LINKED && ((closed && words >= 4) || words >= 20)
    }

    /// What the unit adds to an element that holds it.
    fn worth(&self) -> f64 {
        // What the metadata leave out may be article all the same, but it does not make a place the article.
        let trust = if self.told == Some(false) { 0.0 } else { 1.0 };
        if self.is_prose() && matches!(self.part, Part::Body | Part::ListItem) {
            self.words() as f64 * (1.0 - self.link_share()) * trust
        } else if self.rank > 0 || self.told == Some(true) || self.part != Part::Body && self.link_share() < LINKED {
            0.0
        } else {
            -CLUTTER
        }
    }
}

/// Extracts the article of `dom`; `body` is its text as the metadata have it.
pub(crate) fn extract(dom: &Dom, body: Option<&str>) -> Article {
    let dropped = dropped(dom);
    let mut units = units(dom, &dropped);
    if let Some(body) = body.filter(|b| b.len() >= BODY) {
        let known: HashSet<u64> = shingles(body).collect();
        for unit in &mut units {
            let (mut all, mut told) = (0usize, 0usize);
            for shingle in shingles(&unit.text) {
                all += 1;
                told += usize::from(known.contains(&shingle));
            }
            unit.told = (all > 0).then(|| told * 10 >= all * 7);
        }
    }
    let is_short = |unit: &&Unit| unit.words() <= 16 && unit.link_share() < LINKED;
    let date = units
        .iter()
        .filter(is_short)
        .find_map(|unit| layout(&unit.text, None).published);
    let headings: Vec<String> = units
        .iter()
        .filter(|u| u.rank == 1 && !u.text.is_empty())
        .map(|u| u.text.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let Some(best) = best_element(dom, &units) else {
        return Article {
            headings,
            date,
            pieces: Vec::new(),
        };
    };
    let mut kept: Vec<&Unit> = Vec::new();
    for unit in units.iter().filter(|u| dom.ancestors(u.node).any(|a| a == best)) {
        if keep(unit) {
            kept.push(unit);
        }
    }
    // A heading with nothing under it announces what was dropped.
    let has_text_below: Vec<bool> = (0..kept.len())
        .map(|i| {
            kept.get(i + 1)
                .is_some_and(|next| next.rank == 0 && next.part != Part::Caption)
        })
        .collect();
    let pieces = kept
        .iter()
        .zip(has_text_below)
        .filter(|(unit, below)| unit.rank == 0 || *below || unit.rank == 1)
        .map(|(unit, _)| Piece {
            part: unit.part,
            text: unit.text.clone(),
        })
        .collect();
    Article { headings, date, pieces }
}

/// Hashes of the runs of [`SHINGLE`] words of a text.
///
/// Searching each paragraph in the whole body would take time quadratic in the size of a hostile page.
fn shingles(text: &str) -> impl Iterator<Item = u64> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    (0..(words.len() + 1).saturating_sub(SHINGLE)).map(move |i| {
        let mut hasher = DefaultHasher::new();
        words[i..i + SHINGLE].hash(&mut hasher);
        hasher.finish()
    })
}

/// Whether two lines are the same but for case, space and punctuation.
pub(crate) fn same_line(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

fn keep(unit: &Unit) -> bool {
    match unit.part {
        Part::Body => unit.is_prose() || (unit.link_share() < LINKED && unit.words() >= 8),
        Part::ListItem => unit.is_prose() || (unit.link_share() < 0.3 && unit.words() >= 2),
        _ => unit.link_share() < LINKED,
    }
}

/// The words of class and id names: split at everything that is no letter or digit, and before capitals.
fn name_words(name: &str) -> impl Iterator<Item = String> {
    name.split(|c: char| !c.is_alphanumeric()).flat_map(|token| {
        let mut words = vec![String::new()];
        let mut lower_before = false;
        for c in token.chars() {
            if c.is_uppercase() && lower_before {
                words.push(String::new());
            }
            lower_before = c.is_lowercase();
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        words
    })
}

/// Whether an element looks like boilerplate by itself.
fn is_boilerplate(dom: &Dom, ix: NodeIx) -> bool {
    let node = dom.node(ix);
    let Some(tag) = node.tag() else { return false };
    if PATTERNS.drop_tags.contains(tag) {
        return true;
    }
    if matches!(tag, "html" | "body" | "article" | "main") {
        return false;
    }
    let attr = |name: &str| node.attr(name).unwrap_or_default();
    let role = attr("role").to_ascii_lowercase();
    let style = attr("style").replace(' ', "").to_ascii_lowercase();
    if PATTERNS.drop_roles.contains(role.as_str())
        || node.attr("hidden").is_some()
        || attr("aria-hidden").eq_ignore_ascii_case("true")
        || style.contains("display:none")
    {
        return true;
    }
    if tag == "header" {
        // The header of the article holds headline and byline, that of the page holds navigation.
        return !dom
            .ancestors(ix)
            .any(|a| matches!(dom.node(a).tag(), Some("article" | "main")));
    }
    let names = [attr("class"), attr("id"), attr("itemprop")];
    if names.iter().any(|n| {
        n.to_ascii_lowercase()
            .split_whitespace()
            .any(|w| PATTERNS.keep_words.contains(w))
    }) {
        return false;
    }
    names
        .iter()
        .take(2)
        .any(|n| name_words(n).any(|w| PATTERNS.drop_words.contains(w.as_str())))
}

/// Elements to pass over; an element that holds most of the prose of the page is not among them.
fn dropped(dom: &Dom) -> Vec<bool> {
    let mut prose = vec![0usize; dom.len()];
    let mut total = 0;
    let mut silent = 0usize;
    dom.walk(Dom::ROOT, |step| {
        match step {
            Step::Enter(ix) => match &dom.node(ix).data {
                Data::Element { name, .. } if matches!(&*name.local, "script" | "style" | "noscript" | "head") => {
                    silent += 1
                }
                Data::Text(text) if silent == 0 => {
                    let words = text.split_whitespace().count();
                    if words >= 8 {
                        prose[ix.ix()] = words;
                        total += words;
                    }
                }
                _ => {}
            },
            Step::Leave(ix) => {
                if matches!(dom.node(ix).tag(), Some("script" | "style" | "noscript" | "head")) {
                    silent = silent.saturating_sub(1);
                }
                if let Some(parent) = dom.node(ix).parent {
                    prose[parent.ix()] += prose[ix.ix()];
                }
            }
        }
        true
    });
    let mut dropped = vec![false; dom.len()];
    for ix in dom.elements(Dom::ROOT) {
        let always = matches!(
            dom.node(ix).tag(),
            Some("script" | "style" | "noscript" | "head" | "template" | "svg")
        );
        let holds_most = prose[ix.ix()] as f64 > total as f64 * TOO_MUCH;
        dropped[ix.ix()] = is_boilerplate(dom, ix) && (always || !holds_most);
    }
    dropped
}

/// Elements that break the line.
fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// The role that an element gives to the text in it.
fn role(dom: &Dom, ix: NodeIx) -> Option<(Part, u8)> {
    let node = dom.node(ix);
    let tag = node.tag()?;
    if let Some(rank) = tag.strip_prefix('h').and_then(|r| r.parse::<u8>().ok()) {
        return Some((Part::Heading, rank));
    }
    match tag {
        "figcaption" | "caption" => return Some((Part::Caption, 0)),
        "li" | "dd" | "dt" => return Some((Part::ListItem, 0)),
        _ => {}
    }
    let class = node.attr("class")?;
    let has = |words: &HashSet<String>| name_words(class).any(|w| words.contains(w.as_str()));
    if has(&PATTERNS.caption_words) {
        Some((Part::Caption, 0))
    } else if has(&PATTERNS.byline_words) {
        Some((Part::Byline, 0))
    } else if has(&PATTERNS.kicker_words) {
        Some((Part::Section, 0))
    } else {
        None
    }
}

struct Collector<'a> {
    dom: &'a Dom,
    units: Vec<Unit>,
    open: String,
    linked: usize,
    links: usize,
    /// Blocks that hold the open text, outermost first.
    blocks: Vec<NodeIx>,
    /// Roles of the elements that hold it.
    roles: Vec<(NodeIx, Part, u8)>,
    /// Line breaks since the last word.
    breaks: usize,
}

impl Collector<'_> {
    fn flush(&mut self) {
        self.breaks = 0;
        let text = std::mem::take(&mut self.open).trim().to_owned();
        let linked = std::mem::take(&mut self.linked);
        if text.is_empty() {
            return;
        }
        let (part, rank) = self
            .roles
            .last()
            .map_or((Part::Body, 0), |&(_, part, rank)| (part, rank));
        let node = self.blocks.last().copied().unwrap_or(Dom::ROOT);
        self.units.push(Unit {
            node,
            part,
            rank,
            text,
            linked,
            told: None,
        });
    }

    fn text(&mut self, piece: &str) {
        if piece.trim().is_empty() {
            self.open.push(' ');
            return;
        }
        // Two line breaks end a paragraph on pages that know no other.
        if self.breaks >= 2 {
            self.flush();
        }
        self.breaks = 0;
        if self.links > 0 {
            self.linked += piece.chars().count();
        }
        self.open.push_str(piece);
    }

    fn step(&mut self, step: Step, dropped: &[bool]) -> bool {
        match step {
            Step::Enter(ix) => {
                let node = self.dom.node(ix);
                if let Data::Text(piece) = &node.data {
                    self.text(piece);
                    return true;
                }
                let Some(tag) = node.tag() else { return true };
                if dropped[ix.ix()] {
                    self.open.push(' ');
                    return false;
                }
                let role = role(self.dom, ix);
                if is_block(tag) || role.is_some() {
                    self.flush();
                    self.blocks.push(ix);
                }
                if let Some((part, rank)) = role {
                    self.roles.push((ix, part, rank));
                }
                match tag {
                    "br" => {
                        self.breaks += 1;
                        self.open.push(' ');
                    }
                    "a" => self.links += 1,
                    _ => {}
                }
            }
            Step::Leave(ix) => {
                if self.blocks.last() == Some(&ix) {
                    self.flush();
                    self.blocks.pop();
                }
                if self.roles.last().is_some_and(|&(node, ..)| node == ix) {
                    self.roles.pop();
                }
                if self.dom.node(ix).tag() == Some("a") {
                    self.links = self.links.saturating_sub(1);
                }
            }
        }
        true
    }
}

fn units(dom: &Dom, dropped: &[bool]) -> Vec<Unit> {
    let mut collector = Collector {
        dom,
        units: Vec::new(),
        open: String::new(),
        linked: 0,
        links: 0,
        blocks: Vec::new(),
        roles: Vec::new(),
        breaks: 0,
    };
    dom.walk(Dom::ROOT, |step| collector.step(step, dropped));
    collector.flush();
    collector.units
}

/// The element whose units are worth most; of equals the innermost.
fn best_element(dom: &Dom, units: &[Unit]) -> Option<NodeIx> {
    let mut worth = vec![0.0f64; dom.len()];
    for unit in units {
        let value = unit.worth();
        for ancestor in dom.ancestors(unit.node) {
            worth[ancestor.ix()] += value;
        }
    }
    let mut best: Option<(NodeIx, f64)> = None;
    dom.walk(Dom::ROOT, |step| {
        if let Step::Enter(ix) = step {
            let value = worth[ix.ix()];
            // Children come after their parents, so that the innermost of equals stays.
            if value > 0.0 && best.is_none_or(|(_, most)| value >= most) {
                best = Some((ix, value));
            }
        }
        true
    });
    let (ix, _) = best?;
    // Headline, byline and pictures stand beside the body in the article element, not in it.
    let article = dom
        .ancestors(ix)
        .find(|&a| matches!(dom.node(a).tag(), Some("article" | "main")));
    Some(article.filter(|a| worth[a.ix()] >= worth[ix.ix()] * 0.7).unwrap_or(ix))
}
