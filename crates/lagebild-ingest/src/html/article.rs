//! Finds the article in a page.
//!
//! Boilerplate is dropped by element, role and class name first. The page is then a sequence of text units, each worth
//! its words when it is prose and a fixed debt when it is not; the article is the element whose units are worth most
//! together. That is maximum-subsequence segmentation (Pasternack and Roth, WWW 2009) on the tree instead of the line:
//! a wider element pays only where it adds more prose than clutter.

use super::PATTERNS;
use super::dom::{Data, Dom, Node, NodeIx, Step};
use super::meta::{Meta, fold, without_opener};
use super::shown::{self, Days, Label, dates_in, is_date_alone};
use crate::dates::find_date;
use crate::layout::{is_agency, layout};
use crate::squeezed;
use lagebild_core::{Date, Part};
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

/// What a unit that is no prose costs, in words.
const CLUTTER: f64 = 8.0;
/// Share of linked text from which on a unit is navigation.
const LINKED: f64 = 0.5;
/// A dropped element that holds more than this share of the prose of the page was dropped wrongly.
const TOO_MUCH: f64 = 0.6;

/// A teaser has no more words than this.
const TEASER: usize = 70;
/// So many headings may be the headline: each is compared with each.
const HEADINGS: usize = 50;
/// A line beside a heading is no longer than this, in bytes.
const LINE: usize = 200;
/// In the words of so many paragraphs those of a title are looked for.
const TOLD: usize = 100;
/// So many nodes of a header are looked at.
const HEADER: usize = 200;
/// So many units may stand between a headline and a lead that is a heading.
const BETWEEN: usize = 5;
/// What is said of the author below a text has no more words than this.
const ABOUT: usize = 60;
/// So many nodes beside a quotation are looked at.
const SIBLINGS: usize = 50;
/// So many words of prose make an article of its own.
const WHOLE_ARTICLE: usize = 60;

/// A stretch of article text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) part: Part,
    pub(crate) text: String,
}

/// What was found in a page.
#[derive(Debug, Default)]
pub(crate) struct Article {
    pub(crate) title: Option<String>,
    /// Headings that may be the headline, in order.
    pub(crate) headings: Vec<Heading>,
    /// The date shown, where the metadata tell none.
    pub(crate) date: Option<Date>,
    /// The date shown that the page calls that of publication.
    pub(crate) called_date: Option<Date>,
    /// The day of the last change shown beside it, where the metadata tell none.
    pub(crate) modified: Option<Date>,
    /// The line marked as kicker right above the headline.
    pub(crate) kicker: Option<String>,
    pub(crate) pieces: Vec<Piece>,
    /// Author lines, in order, each with whether it is a link.
    pub(crate) bylines: Vec<(String, bool)>,
    /// The name in a line of several things beside the headline: "10.09.2015 13:04 von Ruth Menzel".
    pub(crate) signature: Option<String>,
    /// Other articles on the page, which were left out.
    pub(crate) others: usize,
}

/// The text of one block of the page.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) node: NodeIx,
    pub(super) part: Part,
    /// Rank of a heading, 0 for other units.
    pub(super) rank: u8,
    pub(super) text: String,
    /// Characters inside links.
    linked: usize,
    /// Characters in bold type.
    bold: usize,
    /// Whether its text began in an element that is named as a headline, such as `<span class="titel">`.
    named: bool,
    /// Whether it is a heading named as what stands below the headline.
    is_deck: bool,
    /// Whether it is a quotation set apart. To find the article it is prose as any other.
    is_quote: bool,
    /// Where the last element inside it begins: pages put kicker and headline into one heading, each in its own.
    last: Option<usize>,
    /// Whether the article body that the metadata hold has this text; `None` when they hold none.
    told: Option<bool>,
}

/// A body in the metadata is believed from so many bytes on; below it is a summary.
const BODY: usize = 400;
/// Words in the runs by which texts are compared.
const SHINGLE: usize = 4;

impl Unit {
    pub(super) fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }

    pub(super) fn link_share(&self) -> f64 {
        self.linked as f64 / self.text.chars().count().max(1) as f64
    }

    /// Whether it ends like a sentence.
    pub(super) fn is_closed(&self) -> bool {
        self.text
            .trim_end_matches(['"', '“', '”', '«', '»', ')', '\''])
            .ends_with(['.', '!', '?', '…', ':'])
    }

    /// Whether it is a line in bold type, as pages without headings set them between paragraphs.
    fn is_bold_heading(&self) -> bool {
        self.part == Part::Body
            && self.rank == 0
            && !self.is_closed()
            && (2..=12).contains(&self.words())
            && self.link_share() < 0.1
            && without_opener(self.text.trim_start()).is_none()
            && self.bold * 10 >= self.text.chars().filter(|c| !c.is_whitespace()).count() * 9
    }

    pub(super) fn is_prose(&self) -> bool {
        let words = self.words();
        self.link_share() < LINKED && ((self.is_closed() && words >= 4) || words >= 20)
    }

    fn prose_words(&self) -> usize {
        if self.is_prose() { self.words() } else { 0 }
    }

    /// What the unit adds to an element that holds it.
    fn worth(&self) -> f64 {
        // What the metadata leave out may be article all the same, but it does not make a place the article.
        let trust = if self.told == Some(false) { 0.0 } else { 1.0 };
        if self.is_prose() && matches!(self.part, Part::Body | Part::ListItem) {
            self.words() as f64 * (1.0 - self.link_share()) * trust
        } else if self.rank > 0
            || self.told == Some(true)
            || (self.part != Part::Body || self.words() >= 8) && self.link_share() < LINKED
        {
            0.0
        } else {
            -CLUTTER
        }
    }
}

/// Extracts the article of `dom`; `dropped` are elements to pass over.
pub(crate) fn extract(dom: &Dom, dropped: &[bool], meta: &Meta) -> Article {
    let mut units = units(dom, dropped);
    if let Some(body) = meta.body.as_deref().filter(|b| b.len() >= BODY) {
        compare(dom, &mut units, body);
    }
    units.retain(|u| !(u.rank > 1 && opens_closed_box(dom, u.node)));
    drop_teasers(dom, &mut units);
    drop_discussion(dom, &mut units);
    drop_repeated_quotes(&mut units);
    let best = best_element(dom, &units);
    let headings = main_headings(dom, &units, best, meta);
    let told: HashSet<String> = best
        .map(|best| units.iter().filter(move |u| dom.ancestors(u.node).any(|a| a == best)))
        .into_iter()
        .flatten()
        .filter(|u| u.part == Part::Body && u.is_prose())
        .take(TOLD)
        .flat_map(|u| long_words(&u.text))
        .collect();
    let title = meta.title(&headings, &told);
    if let Some(title) = &title {
        read_subtitle(&mut units, title);
    }
    let days = match meta.published {
        Some(_) if meta.modified.is_some() && !meta.is_day_of_time() => Days::default(),
        _ => shown::days(dom, &units, best, title.as_deref(), meta.day_first),
    };
    let modified = days
        .modified
        .filter(|day| meta.published.is_none_or(|known| *day > known || meta.is_day_of_time()));
    let kicker = title.as_deref().and_then(|t| shown::kicker_above(&units, t));
    let is_signed = |unit: &Unit| {
        // A sentence in such an element is about the author.
        let line = unit.text.trim_start();
        unit.words() <= 16 && is_byline(unit) && (!unit.is_prose() || without_opener(line).is_some())
    };
    let bylines = units.iter().enumerate().filter(|(_, u)| is_signed(u)).map(|(at, u)| {
        // "Von:" in an element of its own.
        let label = at.checked_sub(1).map(|before| units[before].text.trim());
        let label = label.filter(|l| {
            PATTERNS
                .author_labels
                .contains(l.trim_end_matches(':').to_lowercase().as_str())
        });
        let line = format!("{} {}", label.unwrap_or_default(), u.text);
        (squeezed(&line), u.link_share() > LINKED)
    });
    let bylines = bylines.collect();
    let signature = title.as_deref().and_then(|t| shown::signature_beside(&units, t));
    let mut article = Article {
        headings,
        date: days.published.filter(|_| meta.published.is_none()),
        called_date: days.published.filter(|_| days.is_called),
        modified,
        kicker,
        bylines,
        signature,
        ..Article::default()
    };
    if let Some(best) = best {
        let is_inside = |u: &Unit| dom.ancestors(u.node).any(|a| a == best);
        let mut inside: Vec<&Unit> = units.iter().filter(|u| is_inside(u)).collect();
        if let Some(title) = &title {
            leave_article(dom, best, title, &mut inside);
            article.others = choose_article(dom, best, title, &mut inside);
            let begins = units.iter().position(is_inside).unwrap_or_default();
            let above = lead_above(&units[..begins], title);
            inside.splice(0..0, above);
        }
        article.pieces = pieces(dom, &inside, title.as_deref());
        let authors = meta.authors(&article);
        // "Reach her at a.smith@example.org"
        let is_about_author = |piece: &Piece| {
            piece.part == Part::Body
                && piece.text.split_whitespace().count() <= ABOUT
                && (authors.iter().any(|name| piece.text.starts_with(name.as_str())) || ADDRESS.is_match(&piece.text))
        };
        let is_author =
            |piece: &Piece| piece.part == Part::Heading && authors.iter().any(|name| same_line(name, &piece.text));
        while article.pieces.len() > 1
            && article
                .pieces
                .last()
                .is_some_and(|p| is_about_author(p) || is_author(p))
        {
            article.pieces.pop();
        }
    }
    article.title = title;
    article
}

/// Notes which units the article body of the metadata has. Some pages give only its beginning: paragraphs that have the class of those it
/// has may be text of the article too.
fn compare(dom: &Dom, units: &mut [Unit], body: &str) {
    let known: HashSet<u64> = shingles(body).collect();
    for unit in &mut *units {
        let (mut all, mut told) = (0usize, 0usize);
        for shingle in shingles(&unit.text) {
            all += 1;
            told += usize::from(known.contains(&shingle));
        }
        unit.told = (all > 0).then(|| told * 10 >= all * 7);
    }
    let class = |unit: &Unit| dom.node(unit.node).attr("class").filter(|c| !c.trim().is_empty());
    let of_told = units.iter().filter(|u| u.told == Some(true) && u.is_prose());
    let classes: HashSet<&str> = of_told.filter_map(class).collect();
    for unit in units.iter_mut().filter(|u| u.told == Some(false)) {
        if class(unit).is_some_and(|c| classes.contains(c)) {
            unit.told = None;
        }
    }
}

/// Takes out what announces other articles: an element with a heading that is a link, and little text beside it.
fn drop_teasers(dom: &Dom, units: &mut Vec<Unit>) {
    let mut words: HashMap<NodeIx, usize> = HashMap::new();
    // A byline may be a heading with a link, below the headline.
    let headlines = units.iter().filter(|u| u.rank == 1 && u.link_share() < LINKED);
    let with_headline: HashSet<NodeIx> = headlines.flat_map(|u| dom.ancestors(u.node)).collect();
    let cards: HashSet<NodeIx> = units
        .iter()
        .filter(|u| u.rank > 0 && u.link_share() > LINKED)
        .filter_map(|u| {
            // A link or a header may stand around the heading and be an element of its own in the card.
            let around = dom
                .ancestors(u.node)
                .skip(1)
                .find(|&a| !matches!(dom.node(a).tag(), Some("a" | "header")));
            around.filter(|&a| !matches!(dom.node(a).tag(), Some("body" | "main")) && !with_headline.contains(&a))
        })
        .collect();
    for unit in units.iter().filter(|u| u.rank == 0) {
        for card in dom.ancestors(unit.node).filter(|a| cards.contains(a)) {
            *words.entry(card).or_default() += unit.words();
        }
    }
    let is_small = |card: &NodeIx| cards.contains(card) && words.get(card).is_none_or(|&n| n <= TEASER);
    let is_teaser = |u: &Unit| dom.ancestors(u.node).any(|a| is_small(&a));
    // A page of short notices is nothing but such elements.
    if units
        .iter()
        .any(|u| u.part == Part::Body && u.is_prose() && !is_teaser(u))
    {
        units.retain(|u| !is_teaser(u));
    }
}

/// Whether a heading has nothing beside it but what is hidden, and buttons to show it.
fn opens_closed_box(dom: &Dom, heading: NodeIx) -> bool {
    let siblings = dom.node(heading).parent.map(|parent| dom.children(parent));
    let mut others = siblings
        .into_iter()
        .flatten()
        .take(SIBLINGS)
        .filter(|&at| at != heading && dom.node(at).tag().is_some())
        .peekable();
    others.peek().is_some() && others.all(|at| is_hidden(dom.node(at)) || dom.node(at).tag() == Some("button"))
}

/// Takes out what readers say: an element with two and more elements that each have a link to answer or to complain.
fn drop_discussion(dom: &Dom, units: &mut Vec<Unit>) {
    // Elements on the way up from such a link, with the children through which they were reached.
    let mut reached: HashMap<NodeIx, HashSet<NodeIx>> = HashMap::new();
    let is_answer = |u: &&Unit| {
        let line = u.text.to_lowercase();
        let mut words = line
            .split(|c: char| !c.is_alphabetic())
            .filter(|w| !w.is_empty())
            .peekable();
        words.peek().is_some() && words.all(|w| PATTERNS.answer_links.contains(w))
    };
    let links = units.iter().filter(|u| u.link_share() > LINKED && u.words() <= 4);
    for unit in links.filter(is_answer) {
        let mut below = unit.node;
        for above in dom.ancestors(unit.node).skip(1) {
            reached.entry(above).or_default().insert(below);
            below = above;
        }
    }
    // What holds the article besides the discussion has the headline in it.
    let headlines = units.iter().filter(|u| u.rank == 1);
    let above: HashSet<NodeIx> = headlines.flat_map(|u| dom.ancestors(u.node)).collect();
    let is_talk = |ix: &NodeIx| reached.get(ix).is_some_and(|below| below.len() >= 2) && !above.contains(ix);
    let talks: HashSet<NodeIx> = reached.keys().copied().filter(is_talk).collect();
    units.retain(|u| !dom.ancestors(u.node).any(|a| talks.contains(&a)));
}

/// Makes a long heading right below the headline text: it is the lead, not the heading of a section.
fn read_subtitle(units: &mut [Unit], title: &str) {
    let Some(headline) = units.iter().position(|u| u.rank > 0 && is_title(&u.text, title)) else {
        return;
    };
    let front = units[headline + 1..]
        .iter()
        .take_while(|u| !(u.part == Part::Body && u.is_prose()));
    // Date and byline may stand between them.
    let front = headline + 1..headline + 1 + front.count().min(BETWEEN);
    for at in front {
        let unit = &units[at];
        let is_lead = if at == headline + 1 && units[headline].rank == 1 {
            unit.words() >= 8 || unit.is_deck && unit.words() >= 3
        } else {
            unit.words() >= 12 && unit.is_closed()
        };
        if unit.rank > 1 && unit.link_share() < LINKED && is_lead {
            (units[at].part, units[at].rank) = (Part::Body, 0);
            return;
        }
    }
}

/// Takes out quotations set apart that repeat a sentence of the text.
fn drop_repeated_quotes(units: &mut Vec<Unit>) {
    let is_short = |u: &Unit| u.is_quote && u.words() <= 60;
    let quotes: Vec<bool> = units.iter().map(is_short).collect();
    if !quotes.contains(&true) {
        return;
    }
    let text = units.iter().zip(&quotes).filter(|(u, quote)| !**quote && u.is_prose());
    let told: HashSet<u64> = text.flat_map(|(u, _)| shingles(&u.text)).collect();
    let mut quotes = quotes.into_iter();
    units.retain(|u| {
        let is_quote = quotes.next().unwrap_or_default();
        !is_quote || shingles(&u.text).next().is_none() || shingles(&u.text).any(|s| !told.contains(&s))
    });
}

/// The lead, where it stands between the headline and the element of the text.
fn lead_above<'a>(units: &'a [Unit], title: &str) -> Vec<&'a Unit> {
    let Some(headline) = units.iter().rposition(|u| u.rank > 0 && is_title(&u.text, title)) else {
        return Vec::new();
    };
    // Points above the text are often no whole sentences.
    let is_lead = |u: &&Unit| {
        let is_point = u.part == Part::ListItem;
        let least = if is_point && u.is_closed() { 5 } else { 8 };
        (u.part == Part::Body && u.is_closed() || is_point) && u.words() >= least && u.link_share() < 0.3
    };
    // What stands right below the headline may be a long subtitle.
    let subtitle = units.get(headline + 1).filter(|u| {
        let line = u.part == Part::Body && !u.is_closed() && (8..=30).contains(&u.words());
        (line || u.is_deck && u.part == Part::Body)
            && u.link_share() < 0.1
            && find_date(&u.text).is_none()
            && !is_byline(u)
    });
    subtitle
        .into_iter()
        .chain(units[headline..].iter().filter(is_lead).take(4))
        .collect()
}

/// The words of a line that tell what it is about, in lower case.
pub(crate) fn long_words(line: &str) -> impl Iterator<Item = String> {
    let words = line.split(|c: char| !c.is_alphanumeric());
    words.filter(|w| w.chars().count() >= 5).map(str::to_lowercase)
}

/// A heading that may be the headline.
#[derive(Debug)]
pub(crate) struct Heading {
    pub(crate) text: String,
    /// What stands in its last element, where other text stands before it.
    pub(crate) last: Option<String>,
    /// The lines right above and below it.
    pub(crate) beside: Vec<String>,
}

/// Headings that may be the headline: those of the first rank, then those before the first sentence; where there are
/// none, lines that the title of the page begins or ends with, the one line that its class names so, and where the title of
/// the page names nothing but the site, the last line in bold type above the text.
fn main_headings(dom: &Dom, units: &[Unit], best: Option<NodeIx>, meta: &Meta) -> Vec<Heading> {
    // The name of the site at the top of a page is a link to its front page.
    let is_own = |u: &&Unit| u.rank > 0 && u.link_share() < LINKED && !u.text.is_empty();
    let first_rank = units.iter().filter(is_own).filter(|u| u.rank == 1);
    let above = || {
        units.iter().take_while(|u| {
            !(u.part == Part::Body && u.is_prose() && u.words() >= 20 && !is_noise(&u.text.to_lowercase()))
        })
    };
    let front = above()
        .filter(is_own)
        .filter(|u| u.rank > 1 && layout(&u.text, None).published.is_none());
    let short = |u: &Unit| Some(squeezed(&u.text)).filter(|line| line.len() <= LINE);
    let heading = |u: &Unit| {
        let at = units
            .iter()
            .position(|other| std::ptr::eq(other, u))
            .unwrap_or_default();
        let around = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        Heading {
            text: squeezed(&u.text),
            last: u.last.map(|at| squeezed(&u.text[at..])),
            beside: around.filter_map(|at| units.get(at).and_then(short)).collect(),
        }
    };
    let found: Vec<Heading> = first_rank.chain(front).take(HEADINGS).map(heading).collect();
    if !found.is_empty() {
        return found;
    }
    let lines = above().filter(|u| (u.link_share() < LINKED || u.rank > 0) && (3..=30).contains(&u.words()));
    let titled = lines.filter_map(|u| {
        meta.title_at_end(&u.text)
            .filter(|t| u.link_share() < LINKED || same_line(t, &u.text))
    });
    let titled: Vec<Heading> = titled
        .map(|text| Heading {
            text,
            last: None,
            beside: Vec::new(),
        })
        .collect();
    let named = above()
        .filter(|u| u.named && u.part != Part::Section && u.link_share() < LINKED && (2..=30).contains(&u.words()));
    // Whether there is one or more is all that matters.
    let named = named.filter(|u| find_date(&u.text).is_none()).take(2);
    let named: Vec<Heading> = named.map(heading).collect();
    if titled.is_empty() && named.len() == 1 {
        return named;
    }
    let is_inside = |u: &Unit| best.is_some_and(|best| dom.ancestors(u.node).any(|a| a == best));
    let mut text = units
        .iter()
        .filter(|u| u.is_prose() && is_inside(u))
        .map(|u| u.text.as_str());
    if !titled.is_empty() || meta.names_text(&mut text) {
        return titled;
    }
    let text = units
        .iter()
        .position(|u| u.part == Part::Body && u.is_prose() && is_inside(u));
    let above = units[..text.unwrap_or_default()].iter().rev();
    let bold = above.filter(|u| u.is_bold_heading() && u.words() >= 3 && find_date(&u.text).is_none() && !is_byline(u));
    bold.take(1).map(heading).collect()
}

/// Leaves only what stands in the article element that has the headline and half of the text or more, where `best` is wider:
/// requests for support and the like stand below it.
fn leave_article(dom: &Dom, best: NodeIx, title: &str, units: &mut Vec<&Unit>) {
    let headline = units.iter().find(|u| u.rank > 0 && is_title(&u.text, title));
    let above = headline.map(|u| dom.ancestors(u.node).take_while(|&a| a != best));
    let Some(article) = above.and_then(|mut a| a.find(|&a| dom.node(a).tag() == Some("article"))) else {
        return;
    };
    let is_inside = |u: &Unit| dom.ancestors(u.node).any(|a| a == article);
    let all: usize = units.iter().map(|u| u.prose_words()).sum();
    let inside: usize = units.iter().filter(|u| is_inside(u)).map(|u| u.prose_words()).sum();
    if inside * 2 >= all {
        units.retain(|u| is_inside(u));
    }
}

/// Leaves only the article whose heading is the title, where `best` holds several; returns the number of the others.
///
/// Pages that load the next story below the first put each into an element of its own. Entries of a live ticker are such
/// elements too, but none of them bears the title of the page.
fn choose_article(dom: &Dom, best: NodeIx, title: &str, units: &mut Vec<&Unit>) -> usize {
    let article_of = |unit: &Unit| {
        let inner = dom.ancestors(unit.node).take_while(|&a| a != best);
        inner.filter(|&a| dom.node(a).tag() == Some("article")).last()
    };
    let mut found: Vec<(NodeIx, usize, bool)> = Vec::new();
    for unit in units.iter() {
        let Some(article) = article_of(unit) else { continue };
        if found.last().is_none_or(|(last, ..)| *last != article) {
            found.push((article, 0, false));
        }
        if let Some((_, words, titled)) = found.last_mut() {
            *words += unit.prose_words();
            *titled |= unit.rank > 0 && is_title(&unit.text, title);
        }
    }
    let long = found.iter().filter(|(_, words, _)| *words >= WHOLE_ARTICLE);
    let mut titled = found
        .iter()
        .filter(|(_, words, titled)| *titled && *words >= WHOLE_ARTICLE);
    match (titled.next(), titled.next(), long.count()) {
        (Some(&(chosen, ..)), None, 2..) => {
            let others = found
                .iter()
                .filter(|(a, words, _)| *a != chosen && *words >= WHOLE_ARTICLE)
                .count();
            units.retain(|u| article_of(u) == Some(chosen));
            others
        }
        _ => 0,
    }
}

/// The article text among the units of its element.
fn pieces(dom: &Dom, units: &[&Unit], title: Option<&str>) -> Vec<Piece> {
    let parent = |unit: &Unit| dom.node(unit.node).parent;
    let among_prose: HashSet<NodeIx> = units
        .iter()
        .filter(|u| u.part == Part::Body && u.is_prose())
        .filter_map(|u| parent(u))
        .collect();
    let is_paragraph = |unit: &Unit| unit.part == Part::Body && unit.is_prose() && unit.words() >= 20;
    let amounts = Held::of(dom, units);
    let cards = cards(dom, units);
    let units = without_signed_remarks(units);
    let all = units.iter().map(|u| u.prose_words()).sum::<usize>();
    // Words of prose above each unit.
    let mut above = 0;
    let mut kept: Vec<&Unit> = Vec::new();
    let mut titled = false;
    // Whether what follows a heading such as "Mehr zum Thema" is still to be passed over, and the element that holds it.
    let mut in_appendix = false;
    let mut appendix: Option<NodeIx> = None;
    for unit in units {
        above += unit.prose_words();
        if dom
            .ancestors(unit.node)
            .any(|a| appendix == Some(a) || cards.contains(&a))
        {
            continue;
        }
        in_appendix &= appendix.take().is_none();
        if title.is_some_and(|t| is_title(&unit.text, t)) {
            // What stood before the headline belongs to the page, but for the kicker and the pictures: walls that ask
            // for consent stand there. Below the first paragraph the title is only repeated.
            let opens = (unit.rank == 1 || unit.rank > 0 && !titled) && above * 2 < all;
            titled |= unit.rank > 0;
            if opens || !kept.iter().any(|unit| is_paragraph(unit)) {
                kept.retain(|unit| matches!(unit.part, Part::Section | Part::Caption));
            }
            in_appendix = false;
            continue;
        }
        let line = squeezed(&unit.text).to_lowercase();
        if unit.rank > 0 || unit.words() <= 5 {
            // "Kommentare (16)", "16 Kommentare"
            let bare = line.trim_matches(|c: char| !c.is_alphabetic());
            // "Leser*innenkommentare" is one word.
            let mut names = bare.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
            // "Forum: 412 Postings"
            let is_last = PATTERNS.last_headings.contains(bare)
                || names.all(|w| PATTERNS.last_headings.contains(w)) && !bare.is_empty()
                || bare.ends_with("nenkommentare");
            // Beside the headline it counts the remarks, or leads down to them.
            let is_count = unit.rank == 0 && (unit.link_share() > LINKED || above * 4 < all);
            if is_last && is_count {
                continue;
            }
            if is_last && kept.iter().any(|unit| unit.part == Part::Body) {
                break;
            }
            let is_offer = || unit.rank > 0 && bare.split(|c: char| !c.is_alphabetic()).any(opens_offer);
            if PATTERNS.end_headings.contains(bare)
                || is_more_heading(bare)
                || unit.rank > 0 && is_noise(&line)
                || is_offer()
            {
                in_appendix = true;
                appendix = amounts
                    .box_of(dom, unit)
                    .filter(|(_, words)| words * 4 < all)
                    .map(|(ix, _)| ix);
                continue;
            }
        }
        let is_text = unit.part == Part::Body && unit.is_prose() && unit.link_share() < 0.3;
        in_appendix &= !is_text;
        let among = parent(unit).is_some_and(|p| among_prose.contains(&p));
        let front = kept.iter().all(|unit| unit.part != Part::Body);
        let passed_over = in_appendix || is_noise(&line) || is_stamp(unit, &line, front) || (front && is_tool(unit));
        if passed_over || !(keep(dom, unit, among, front) || unit.is_bold_heading() && among) {
            continue;
        }
        kept.push(unit);
    }
    // Old pages indent the whole text by the element for quotations.
    let words = |quotes: bool| {
        kept.iter()
            .filter(|u| u.is_quote == quotes)
            .map(|u| u.prose_words())
            .sum::<usize>()
    };
    let indented = words(true) > words(false);
    // A heading with nothing under it announces what was dropped; within the text pictures and films may stand between it and its text.
    let is_heading = |unit: &Unit| unit.rank > 0 || unit.is_bold_heading();
    let text_below = |i: usize| {
        let is_within = kept[..i].iter().any(|unit| is_paragraph(unit));
        let mut below = kept[i + 1..].iter();
        below
            .find(|unit| !is_within || unit.part != Part::Caption)
            .is_some_and(|next| !is_heading(next) && next.part != Part::Caption)
    };
    (0..kept.len())
        .filter(|&i| !is_heading(kept[i]) || text_below(i))
        .map(|i| Piece {
            part: match kept[i].part {
                Part::Body if kept[i].is_bold_heading() => Part::Heading,
                Part::Body if is_caption(&kept[i].text) => Part::Caption,
                Part::Body if kept[i].is_quote && !indented => Part::Quote,
                part => part,
            },
            text: kept[i].text.clone(),
        })
        .collect()
}

/// The units above what readers add: two and more texts below the article that begin with who wrote them and when.
fn without_signed_remarks<'a, 'b>(units: &'a [&'b Unit]) -> &'a [&'b Unit] {
    let is_stamp = |u: &&Unit| u.part == Part::Byline && u.words() <= 16 && !dates_in(&u.text, false).is_empty();
    let Some(text) = units.iter().position(|u| u.part == Part::Body && u.is_prose()) else {
        return units;
    };
    let below = units.iter().enumerate().skip(text);
    let mut stamps = below.filter(|(_, u)| is_stamp(u)).map(|(at, _)| at);
    let (Some(first), Some(_)) = (stamps.next(), stamps.next()) else {
        return units;
    };
    let headings = units[..first].iter().rev().take_while(|u| u.rank > 0).count();
    &units[..first - headings]
}

/// Small articles in the article, each with a heading: they announce others. Entries of a live ticker are articles too,
/// but hold most of the text.
fn cards(dom: &Dom, units: &[&Unit]) -> HashSet<NodeIx> {
    let mut found: HashMap<NodeIx, (usize, bool)> = HashMap::new();
    let (mut all, mut nested) = (0, 0);
    for unit in units {
        let words = unit.prose_words();
        all += words;
        let mut articles = dom
            .ancestors(unit.node)
            .filter(|&a| dom.node(a).tag() == Some("article"));
        if let (Some(card), Some(_)) = (articles.next(), articles.next()) {
            nested += words;
            let (held, headed) = found.entry(card).or_default();
            *held += words;
            *headed |= unit.rank > 0;
        }
    }
    if nested * 3 > all {
        return HashSet::new();
    }
    let small = found
        .into_iter()
        .filter(|(_, (words, headed))| *headed && *words <= TEASER);
    small.map(|(card, _)| card).collect()
}

/// What each element holds: the number of its units, and the words of prose in them.
struct Held(Vec<(usize, usize)>);

impl Held {
    fn of(dom: &Dom, units: &[&Unit]) -> Self {
        let mut held = vec![(0, 0); dom.len()];
        for unit in units {
            let words = unit.prose_words();
            for element in dom.ancestors(unit.node) {
                let (units, prose) = &mut held[element.ix()];
                *units += 1;
                *prose += words;
            }
        }
        Self(held)
    }

    /// The element that a heading opens, the innermost one that holds anything besides it, and the words in it.
    fn box_of(&self, dom: &Dom, heading: &Unit) -> Option<(NodeIx, usize)> {
        let mut around = dom
            .ancestors(heading.node)
            .map(|element| (element, self.0[element.ix()]));
        let (element, (_, words)) = around.find(|(_, (units, _))| *units > 1)?;
        Some((element, words))
    }
}

/// Whether a text under a picture says where the picture is from: "… (Foto: AP)", "… [EPA/OLIVIER HOSLET]",
/// "… © dpa".
fn is_caption(text: &str) -> bool {
    static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:\((?:Archiv|Symbol)?(?:[Ff]oto|[Bb]ild|Quelle|Photo|Image|Credit|Source)s?: [^()]{2,60}\)|\[[A-Z]{2,}/[^\[\]]{2,60}\]|.© ?\p{L}[^.©]{2,60}|[.!?…] (?:[-–] )?(?:Foto|Bild|Photo|Credit)s?: [^.:]{2,60})$")
            .expect("fixed pattern")
    });
    let text = text.trim_end();
    text.split_whitespace().count() <= 60 && (CREDIT.is_match(text) || ends_with_agency(text))
}

/// Whether a line that is no sentence ends with agency and photographer: "Soldaten bei Kirkuk (AFP / Karim Sahib)".
fn ends_with_agency(text: &str) -> bool {
    let Some((line, credit)) = text.strip_suffix(')').and_then(|t| t.rsplit_once(" (")) else {
        return false;
    };
    let (agency, who) = credit.split_once('/').unwrap_or((credit, ""));
    let is_line = !line.ends_with(['.', '!', '?', '…', '"', '“', '”', '«', '»']);
    is_line && who.split_whitespace().count() <= 4 && is_agency(&agency.trim().to_lowercase())
}

/// Whether a unit is the headline, alone or with a kicker or date beside it.
pub(super) fn is_title(text: &str, title: &str) -> bool {
    let (text, title) = (fold(text), fold(title));
    let (len, whole) = (text.chars().count(), title.chars().count());
    text == title
        || (len >= 12 && len * 2 > whole && title.ends_with(&text))
        || (whole >= 12 && len < whole + 40 && (text.ends_with(&title) || text.starts_with(&title)))
}

/// Whether a heading announces other articles: "Mehr auf Zeitung Online".
fn is_more_heading(line: &str) -> bool {
    line.split_whitespace().count() <= 6 && PATTERNS.more_openers.iter().any(|o| line.starts_with(o.as_str()))
}

/// Whether a word in a heading says that the medium offers something of its own below it: "NRW-Newsletter".
fn opens_offer(word: &str) -> bool {
    PATTERNS.offer_words.iter().any(|offer| word.ends_with(offer.as_str()))
}

/// Whether a line is one that publishers put between or under their texts; `line` is in lower case.
fn is_noise(line: &str) -> bool {
    let words = line.split_whitespace().count();
    let short = words <= 60;
    PATTERNS
        .noise_lines
        .contains(line.trim_matches(|c: char| !c.is_alphanumeric()))
        || (short && PATTERNS.noise_openers.iter().any(|o| line.starts_with(o.as_str())))
        || (short && PATTERNS.noise_phrases.iter().any(|p| line.contains(p.as_str())))
        || (words <= 10 && is_signature(line))
        || (short && (CONTACT.is_match(line) || !line.ends_with('.') && PHONE.is_match(line)))
        || (short && COPYRIGHT.is_match(line))
}

/// An e-mail address.
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[[:alnum:]]@[[:alnum:]-]+\.[[:alnum:]]").expect("fixed pattern"));

/// A telephone number with an e-mail address: whom to ask, below the text of a press release.
static CONTACT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:tel|telefon|fon|phone)\b\W{1,3}\(?\+?[0-9].*[[:word:].-]@[[:word:]-]").expect("fixed pattern")
});

/// A telephone number that is called so, in what is no sentence.
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:tel|telefon|fon|phone|mobile|mobil|fax)\b\W{1,3}\(?\+?[0-9][0-9 ()/.-]{5,}")
        .expect("fixed pattern")
});

static COPYRIGHT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:19|20)[0-9]{2}").expect("fixed pattern"));

/// Whether a unit is a time stamp with what stands beside it; a sentence that begins with a date is one of a chronology.
/// Above the text, or where bars and dots separate its parts, the date may stand anywhere in it.
fn is_stamp(unit: &Unit, line: &str, front: bool) -> bool {
    if unit.part == Part::ListItem {
        return is_date_alone(line);
    }
    if unit.part != Part::Body || unit.is_closed() || unit.words() > 25 {
        return false;
    }
    let dates = dates_in(line, false);
    if dates.len() > 1 && dates.iter().all(|(label, _)| *label != Label::Plain) {
        return true;
    }
    find_date(line).is_some_and(|(range, _)| {
        let once = || find_date(&line[range.end..]).is_none();
        front || line.contains(['·', '|', '•']) || (range.start == 0 && (unit.words() <= 14 || !once()))
    })
}

/// Whether a unit is something to click on ("Link kopieren").
fn is_tool(unit: &Unit) -> bool {
    unit.part == Part::ListItem && !unit.is_prose() && unit.words() <= 4
}

/// Whether a line consists of the initials of editors and the names of agencies: "dop/AFP/dpa", "(APA, red, 16.12.)".
fn is_signature(line: &str) -> bool {
    let mut tokens = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|t| !t.is_empty())
        .peekable();
    // "Ja, so ist es." has short words, too.
    let is_marked = line.contains('/') || line.starts_with('(') || line.split(' ').any(is_agency);
    is_marked
        && tokens.peek().is_some()
        && tokens.all(|t| is_agency(t) || t.chars().all(|c| c.is_ascii_digit()) || t.chars().count() <= 3)
        && !line.ends_with(['!', '?'])
}

fn is_byline(unit: &Unit) -> bool {
    unit.part == Part::Byline
        || layout(&unit.text, None)
            .blocks
            .first()
            .is_some_and(|b| b.part == Part::Byline)
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

/// Whether a unit of the article's element is article text; `among_prose` says that it has prose beside it.
fn keep(dom: &Dom, unit: &Unit, among_prose: bool, front: bool) -> bool {
    let is_term = matches!(dom.node(unit.node).tag(), Some("dt" | "dd"));
    match unit.part {
        // What a page names as the line below the headline need not be a sentence.
        Part::Body if unit.is_deck => true,
        Part::Body => {
            // An address ("Sehr geehrte Damen und Herren,") is as good as a sentence.
            let is_whole = unit.is_closed() || unit.text.ends_with(',');
            let short_sentence = among_prose && is_whole && unit.words() >= 2;
            unit.link_share() < LINKED
                && (unit.is_prose() || (unit.words() >= 8 && (among_prose || front)) || short_sentence)
        }
        // Lists of terms hold facts about the page more often than text.
        Part::ListItem => unit.is_prose() || (!is_term && unit.link_share() < 0.3 && unit.words() >= 2),
        _ => unit.link_share() < LINKED,
    }
}

/// Whether a word of a class or id name is such as `is` looks for. Names are split at everything that is no letter or
/// digit, and before capitals; the words are in lower case.
///
/// Large pages have thousands of names: one buffer serves all words.
fn any_word(name: &str, mut is: impl FnMut(&str) -> bool) -> bool {
    let mut word = String::new();
    let mut lower_before = false;
    for c in name.chars() {
        if (!c.is_alphanumeric() || c.is_uppercase() && lower_before) && !word.is_empty() {
            if is(&word) {
                return true;
            }
            word.clear();
        }
        lower_before = c.is_lowercase();
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    !word.is_empty() && is(&word)
}

/// Whether an element is not shown until something is clicked on.
fn is_hidden(node: &Node) -> bool {
    let is = |name: &str, what: &dyn Fn(&str) -> bool| node.attr(name).is_some_and(what);
    is("hidden", &|_| true)
        || is("aria-hidden", &|hidden| hidden.eq_ignore_ascii_case("true"))
        || is("style", &|style| {
            style.replace(' ', "").to_ascii_lowercase().contains("display:none")
        })
}

/// How sure it is that an element holds no article text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Boilerplate {
    No,
    /// Its name may mean something else: the class `iconLinks` says how links in the text look.
    Maybe,
    Yes,
}

/// Whether an element looks like boilerplate by itself.
fn boilerplate(dom: &Dom, ix: NodeIx) -> Boilerplate {
    let node = dom.node(ix);
    let Some(tag) = node.tag() else { return Boilerplate::No };
    if PATTERNS.drop_tags.contains(tag) {
        return Boilerplate::Yes;
    }
    if matches!(tag, "html" | "body" | "article" | "main") {
        return Boilerplate::No;
    }
    let is = |name: &str, what: &dyn Fn(&str) -> bool| node.attr(name).is_some_and(what);
    if is("role", &|role| {
        PATTERNS.drop_roles.contains(role.to_ascii_lowercase().as_str())
    }) || is_hidden(node)
    {
        return Boilerplate::Yes;
    }
    if tag == "header" {
        // The header of the article holds headline and byline, that of the page holds navigation.
        let in_article = dom
            .ancestors(ix)
            .any(|a| matches!(dom.node(a).tag(), Some("article" | "main")));
        let is_headline = || has_own_headline(dom, ix);
        return if in_article || is_headline() {
            Boilerplate::No
        } else {
            Boilerplate::Yes
        };
    }
    let names = ["class", "id", "itemprop"].map(|name| node.attr(name).unwrap_or_default());
    let is_kept = |name: &str| PATTERNS.keep_words.iter().any(|kept| kept.eq_ignore_ascii_case(name));
    if names.iter().any(|n| n.split_whitespace().any(is_kept)) {
        return Boilerplate::No;
    }
    // A paragraph so marked stands behind the wall and is text of the article.
    let is_text = matches!(tag, "p" | "h2" | "h3" | "li" | "ul" | "blockquote");
    let mut found = Boilerplate::No;
    let mut is_sure = |word: &str| {
        if PATTERNS.maybe_drop_words.contains(word) {
            found = Boilerplate::Maybe;
        }
        let is_offer = || {
            PATTERNS
                .offer_words
                .iter()
                .any(|offer| word.starts_with(offer.as_str()))
        };
        (PATTERNS.drop_words.contains(word) || is_offer()) && !(word == "paywall" && is_text)
    };
    if names.iter().take(2).any(|name| any_word(name, &mut is_sure)) {
        return Boilerplate::Yes;
    }
    found
}

/// Whether a header holds a heading of the first rank that is no link, and hardly a link besides it: it is that of a text, not
/// that of the site.
fn has_own_headline(dom: &Dom, header: NodeIx) -> bool {
    let (mut links, mut headed) = (0, false);
    for ix in dom.below(header).take(HEADER) {
        match dom.node(ix).tag() {
            Some("a") => links += 1,
            Some("nav" | "form" | "input") => return false,
            Some("h1") => {
                let linked = dom
                    .below(ix)
                    .chain(dom.ancestors(ix))
                    .any(|at| dom.node(at).tag() == Some("a"));
                if linked {
                    return false;
                }
                headed = dom.short_text(ix, 200).split_whitespace().count() >= 3;
            }
            _ => {}
        }
    }
    headed && links <= 3
}

/// Elements to pass over; an element that holds most of the prose of the page is not among them.
pub(crate) fn dropped(dom: &Dom) -> Vec<bool> {
    let Amounts { prose, linked, total } = Amounts::of(dom);
    let mut dropped = vec![false; dom.len()];
    for ix in dom.elements() {
        let i = ix.ix();
        let always = is_never_read(dom, ix);
        let holds_most = prose[i] as f64 > total as f64 * TOO_MUCH;
        dropped[i] = match boilerplate(dom, ix) {
            Boilerplate::No => false,
            Boilerplate::Maybe => !holds_most && (prose[i] < 8 || linked[i] * 3 >= prose[i]),
            Boilerplate::Yes => always || !holds_most,
        };
    }
    dropped
}

/// Whether an element is the number of a footnote: raised, and a link to it.
fn is_note_mark(dom: &Dom, ix: NodeIx) -> bool {
    if dom.node(ix).tag() != Some("sup") {
        return false;
    }
    let text = dom.short_text(ix, 12);
    let mark = text.trim().trim_matches(['[', ']']);
    (1..=3).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_digit()) && {
        let is_link = |at: NodeIx| dom.node(at).tag() == Some("a");
        dom.below(ix).take(4).any(is_link) || dom.node(ix).parent.is_some_and(is_link)
    }
}

/// Elements that hold no text, whatever stands in them.
pub(super) fn is_never_read(dom: &Dom, ix: NodeIx) -> bool {
    is_silent(dom, ix) || matches!(dom.node(ix).tag(), Some("template" | "svg"))
}

/// Elements whose content is never shown.
fn is_silent(dom: &Dom, ix: NodeIx) -> bool {
    matches!(dom.node(ix).tag(), Some("script" | "style" | "noscript" | "head"))
}

/// Words of prose and of links in each element.
struct Amounts {
    prose: Vec<usize>,
    linked: Vec<usize>,
    /// Prose of the whole page.
    total: usize,
}

impl Amounts {
    fn of(dom: &Dom) -> Self {
        let (mut prose, mut linked) = (vec![0usize; dom.len()], vec![0usize; dom.len()]);
        let (mut total, mut silent, mut links) = (0, 0usize, 0usize);
        dom.walk(Dom::ROOT, |step| {
            match step {
                Step::Enter(ix) => match &dom.node(ix).data {
                    Data::Text(text) if silent == 0 => {
                        let words = text.split_whitespace().count();
                        if links > 0 {
                            linked[ix.ix()] = words;
                        } else if words >= 8 {
                            prose[ix.ix()] = words;
                            total += words;
                        }
                    }
                    _ => {
                        silent += usize::from(is_silent(dom, ix));
                        links += usize::from(dom.node(ix).tag() == Some("a"));
                    }
                },
                Step::Leave(ix) => {
                    silent -= usize::from(is_silent(dom, ix));
                    links -= usize::from(dom.node(ix).tag() == Some("a"));
                    if let Some(parent) = dom.node(ix).parent {
                        prose[parent.ix()] += prose[ix.ix()];
                        linked[parent.ix()] += linked[ix.ix()];
                    }
                }
            }
            true
        });
        Self { prose, linked, total }
    }
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

/// Whether an element is named as a headline: pages without headings set them so.
fn is_headline(node: &Node) -> bool {
    let is = |name: &str| {
        let name = node.attr(name).unwrap_or_default();
        any_word(name, |w| PATTERNS.headline_words.contains(w))
    };
    is("class") || is("id")
}

/// Whether an element is named as what stands below a headline.
fn is_subtitle(node: &Node) -> bool {
    let class = node.attr("class").unwrap_or_default();
    any_word(class, |w| PATTERNS.subtitle_words.contains(w))
}

/// Whether a class name ends with a word for the line above the headline: `article-kicker`, but not `kicker-headline`.
fn is_named_kicker(class: &str) -> bool {
    let last = |name: &str| name.rsplit(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    class
        .split_whitespace()
        .any(|name| PATTERNS.kicker_words.contains(&last(name)))
}

/// Whether a class name means what is said about a picture: `image-meta`, `bild__text`.
fn is_about_picture(name: &str) -> bool {
    let (mut picture, mut said) = (false, false);
    any_word(name, |w| {
        said |= picture && PATTERNS.picture_text_words.contains(w);
        picture |= PATTERNS.picture_words.contains(w);
        false
    });
    said
}

/// The role that an element gives to the text in it.
fn role(dom: &Dom, ix: NodeIx) -> Option<(Part, u8)> {
    let node = dom.node(ix);
    let tag = node.tag()?;
    if let Some(rank) = tag.strip_prefix('h').and_then(|r| r.parse::<u8>().ok()) {
        let is_kicker = rank > 1 && node.attr("class").is_some_and(is_named_kicker);
        return Some(if is_kicker {
            (Part::Section, 0)
        } else {
            (Part::Heading, rank)
        });
    }
    match tag {
        "figcaption" | "caption" | "figure" => return Some((Part::Caption, 0)),
        // A figure may hold one.
        "blockquote" => return Some((Part::Quote, 0)),
        "q" if is_alone(dom, ix) => return Some((Part::Quote, 0)),
        "li" | "dd" | "dt" => return Some((Part::ListItem, 0)),
        _ => {}
    }
    let class = node.attr("class")?;
    let has = |words: &HashSet<String>| any_word(class, |w| words.contains(w));
    let is_caption = |word: &str| PATTERNS.caption_words.iter().any(|c| word.ends_with(c.as_str()));
    let is_named = |name: &str| PATTERNS.caption_names.contains(name.to_ascii_lowercase().as_str());
    if class
        .split_whitespace()
        .any(|name| is_about_picture(name) || is_named(name))
        || any_word(class, is_caption)
    {
        Some((Part::Caption, 0))
    } else if has(&PATTERNS.byline_words) {
        Some((Part::Byline, 0))
    } else if has(&PATTERNS.kicker_words) {
        Some((Part::Section, 0))
    } else if matches!(tag, "div" | "p" | "section") && has(&PATTERNS.quote_words) {
        Some((Part::Quote, 0))
    } else {
        None
    }
}

/// Whether an element is all that its parent says, but for blocks beside it: no words in the middle of a sentence.
fn is_alone(dom: &Dom, ix: NodeIx) -> bool {
    let is_block_or_empty = |at: NodeIx| match &dom.node(at).data {
        Data::Text(text) => text.trim().is_empty(),
        _ => {
            let tag = dom.node(at).tag();
            tag.is_none_or(|tag| is_block(tag) || tag == "cite") || dom.short_text(at, 8).trim().is_empty()
        }
    };
    let siblings = dom.node(ix).parent.map(|parent| dom.children(parent));
    siblings.is_none_or(|siblings| siblings.take(SIBLINGS).all(|at| at == ix || is_block_or_empty(at)))
}

struct Collector<'a> {
    dom: &'a Dom,
    /// The marks that browsers set around a quotation within a sentence.
    marks: [char; 2],
    units: Vec<Unit>,
    open: String,
    linked: usize,
    links: usize,
    bold: usize,
    /// Elements of bold type that are open.
    bolds: usize,
    /// Elements named as a headline that are open.
    names: Vec<NodeIx>,
    named: bool,
    last: Option<usize>,
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
        let open = std::mem::take(&mut self.open);
        let text = open.trim().to_owned();
        let linked = std::mem::take(&mut self.linked);
        let bold = std::mem::take(&mut self.bold);
        let named = std::mem::take(&mut self.named);
        let cut = open.len() - open.trim_start().len();
        let last = self
            .last
            .take()
            .map(|at| at.saturating_sub(cut))
            .filter(|&at| at > 0 && at < text.len());
        if text.is_empty() {
            return;
        }
        let (part, rank) = self
            .roles
            .last()
            .map_or((Part::Body, 0), |&(_, part, rank)| (part, rank));
        let is_quote = part == Part::Quote;
        let part = if is_quote { Part::Body } else { part };
        let node = self.blocks.last().copied().unwrap_or(Dom::ROOT);
        self.units.push(Unit {
            node,
            part,
            rank,
            text,
            linked,
            bold,
            named,
            is_deck: rank > 1 && is_subtitle(self.dom.node(node)),
            is_quote,
            last,
            told: None,
        });
    }

    /// A line break after a line in bold type ends it: pages without headings set them so.
    fn end_bold_line(&mut self) {
        let letters = self.open.chars().filter(|c| !c.is_whitespace()).count();
        if self.bolds == 0 && self.bold > 0 && self.bold == letters && self.open.split_whitespace().count() >= 3 {
            self.flush();
        }
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
        if self.open.trim().is_empty() {
            self.named = !self.names.is_empty();
        }
        if self.links > 0 {
            self.linked += piece.chars().count();
        }
        if self.bolds > 0 {
            self.bold += piece.chars().filter(|c| !c.is_whitespace()).count();
        }
        self.open.push_str(piece);
    }

    /// Whether a quotation brings its marks with it.
    fn is_marked(&self, ix: NodeIx) -> bool {
        let opening = self.dom.short_text(ix, 8);
        opening
            .trim_start()
            .starts_with(['"', '„', '“', '”', '«', '»', '›', '‹', '‚', '‘', '\''])
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
                if dropped[ix.ix()] || is_note_mark(self.dom, ix) {
                    self.open.push(' ');
                    return false;
                }
                let in_heading = self.roles.last().is_some_and(|&(_, _, rank)| rank > 0);
                let below = (in_heading && is_subtitle(node)).then_some((Part::Body, 0));
                let role = role(self.dom, ix).or(below);
                if is_block(tag) || role.is_some() {
                    self.flush();
                    self.blocks.push(ix);
                }
                if let Some((part, rank)) = role {
                    self.roles.push((ix, part, rank));
                }
                match tag {
                    // Two in a row are set apart by the style of the page: "Pressemitteilung" "4. April 2025".
                    "span" | "time" if self.dom.follows_mark(ix) => self.open.push(' '),
                    // A line of its own in what names the author: "By Anna Smith", "More by this author".
                    "br" if self.roles.last().is_some_and(|&(_, part, _)| part == Part::Byline) => self.flush(),
                    "br" => {
                        self.end_bold_line();
                        self.breaks += 1;
                        self.open.push(' ');
                    }
                    "a" => self.links += 1,
                    "b" | "strong" => self.bolds += 1,
                    "q" if role.is_none() && !self.is_marked(ix) => self.text(self.marks[0].encode_utf8(&mut [0; 4])),
                    _ => {}
                }
                if matches!(tag, "div" | "p" | "span" | "font" | "b" | "strong" | "td") && is_headline(node) {
                    self.names.push(ix);
                }
                // Only what opens right below the heading, not a word in italics inside its last element.
                let is_below = |heading: NodeIx| node.parent == Some(heading);
                if self
                    .roles
                    .last()
                    .is_some_and(|&(heading, _, rank)| rank > 0 && is_below(heading))
                    && !self.open.trim().is_empty()
                {
                    self.last = Some(self.open.len());
                }
            }
            Step::Leave(ix) => {
                let is_inline = self.blocks.last() != Some(&ix);
                if is_inline && self.dom.node(ix).tag() == Some("q") && !self.is_marked(ix) {
                    self.text(self.marks[1].encode_utf8(&mut [0; 4]));
                }
                if self.blocks.last() == Some(&ix) {
                    self.flush();
                    self.blocks.pop();
                }
                if self.roles.last().is_some_and(|&(node, ..)| node == ix) {
                    self.roles.pop();
                }
                match self.dom.node(ix).tag() {
                    Some("a") => self.links = self.links.saturating_sub(1),
                    Some("b" | "strong") => self.bolds = self.bolds.saturating_sub(1),
                    _ => {}
                }
                if self.names.last() == Some(&ix) {
                    self.names.pop();
                }
            }
        }
        true
    }
}

pub(super) fn units(dom: &Dom, dropped: &[bool]) -> Vec<Unit> {
    let is_english = |ix: NodeIx| {
        let code = dom.node(ix).attr("lang").unwrap_or_default();
        dom.node(ix).tag() == Some("html") && code.to_ascii_lowercase().starts_with("en")
    };
    let mut collector = Collector {
        dom,
        marks: if dom.children(Dom::ROOT).any(is_english) {
            ['“', '”']
        } else {
            ['„', '“']
        },
        units: Vec::new(),
        open: String::new(),
        linked: 0,
        links: 0,
        bold: 0,
        bolds: 0,
        names: Vec::new(),
        named: false,
        last: None,
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
