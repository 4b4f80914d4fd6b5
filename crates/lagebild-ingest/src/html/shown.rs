//! What a page shows beside its headline, where the metadata are silent: dates, the author, the kicker.

use super::PATTERNS;
use super::article::{Unit, is_never_read, is_title, units};
use super::dom::{Dom, NodeIx};
use crate::dates::{find_date, is_weekday};
use crate::layout::layout;
use crate::squeezed;
use lagebild_core::{Date, Part};
use regex::Regex;
use std::sync::LazyLock;

/// So many units above a headline belong to it: kicker and date.
const ABOVE: usize = 2;
/// So many units below a text may be about it.
const UNDER: usize = 6;
/// So many dates of one line are looked at.
const DATES: usize = 4;
/// Share of linked text from which on a line beside the headline is one of links.
const LINKS: f64 = 0.8;

/// What the words before a date say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Published,
    Modified,
    Plain,
    /// The day of something else: of printing, of an archive's visit.
    Other,
}

/// Where a date stands, the best place first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Between headline and first paragraph.
    Below,
    /// Right above the headline, in the same element.
    Above,
    /// Right above the headline in another element: that may be today's.
    Apart,
    /// Between the first paragraph, which may be the lead, and the second.
    Lead,
    /// Anywhere in the article.
    Inside,
}

/// A date that the page shows.
#[derive(Clone, Copy, Debug)]
struct Shown {
    label: Label,
    day: Date,
    /// Whether its line has no other words.
    alone: bool,
    place: Place,
}

impl Shown {
    /// How good it is as the day of publication: the less the better.
    fn rank(&self) -> Option<u8> {
        use Place::{Above, Apart, Below, Inside, Lead};
        Some(match (self.label, self.place, self.alone) {
            (Label::Published, Below | Above | Apart | Lead, _) => 0,
            (Label::Plain, Below, true) => 1,
            (Label::Plain, Above, true) => 2,
            (Label::Plain, Below, false) => 3,
            (Label::Plain, Above, false) => 4,
            (Label::Published, Inside, _) => 5,
            (Label::Modified, Below, _) => 6,
            (Label::Plain, Apart, _) => 7,
            (Label::Plain, Lead, _) => 8,
            (Label::Modified, Above | Apart | Lead, _) => 9,
            (Label::Plain | Label::Modified, Inside, _) | (Label::Other, ..) => return None,
        })
    }
}

/// The days of publication and of the last change.
#[derive(Debug, Default)]
pub(super) struct Days {
    pub(super) published: Option<Date>,
    pub(super) modified: Option<Date>,
    /// Whether the page calls the first so.
    pub(super) is_called: bool,
}

impl Days {
    fn of(shown: &[Shown]) -> Self {
        let ranked = shown.iter().filter_map(|s| Some((s.rank()?, s)));
        let Some((_, best)) = ranked.min_by_key(|(rank, _)| *rank) else {
            return Self::default();
        };
        let changed = shown
            .iter()
            .find(|s| s.label == Label::Modified && s.place != Place::Inside);
        Self {
            published: Some(best.day),
            modified: changed
                .map(|s| s.day)
                .filter(|day| best.label != Label::Modified && *day >= best.day),
            is_called: best.label == Label::Published,
        }
    }
}

/// The dates of a line, each with what is said of it.
///
/// `day_first` says that 8/11/2016 is a day of November, as everywhere but in the United States.
pub(super) fn dates_in(line: &str, day_first: bool) -> Vec<(Label, Date)> {
    let (mut found, mut rest) = (Vec::new(), line);
    while let Some((range, date)) = find_date(rest).filter(|_| found.len() < DATES) {
        let before = rest[..range.start].to_lowercase();
        let says = |words: &[String]| words.iter().filter_map(|w| before.rfind(w.as_str())).max();
        let labels = [
            (says(&PATTERNS.published_labels), Label::Published),
            (says(&PATTERNS.modified_labels), Label::Modified),
            (says(&PATTERNS.other_labels), Label::Other),
        ];
        let told = labels.into_iter().filter_map(|(at, label)| Some((at?, label)));
        let nearest = told.max_by_key(|(at, _)| *at);
        let is_slashed = rest[range.clone()].find('/').is_some_and(|at| at <= 2);
        let turned = Date::new(date.year(), date.day(), date.month()).ok();
        let date = turned.filter(|_| day_first && is_slashed).unwrap_or(date);
        found.push((nearest.map_or(Label::Plain, |(_, label)| label), date));
        rest = &rest[range.end..];
    }
    found
}

/// Whether a line says nothing but a day and a time.
pub(super) fn is_date_alone(line: &str) -> bool {
    const SMALL: [&str; 20] = [
        "uhr", "um", "am", "den", "vom", "at", "on", "the", "of", "h", "pm", "p", "m", "a", "cet", "gmt", "utc", "mez",
        "mesz", "est",
    ];
    find_date(line).is_some_and(|(range, _)| {
        let rest = format!("{} {}", &line[..range.start], &line[range.end..]).to_lowercase();
        let mut words = rest.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
        words.all(|w| is_weekday(w) || SMALL.contains(&w))
    })
}

/// Whether a unit is a line such as those that tell when, and by whom, a text was written.
fn is_short(unit: &&Unit) -> bool {
    unit.words() <= 16 && unit.link_share() < LINKS
}

/// Whether a unit may be the line that tells when a text was written; one with two dates may be longer.
fn may_tell_date(unit: &Unit) -> bool {
    let dates = || dates_in(&unit.text, false);
    // "Lesedauer: 2 Min." is no end of a sentence.
    let is_told = || unit.words() <= 10 && dates().iter().any(|(label, _)| *label != Label::Plain);
    if unit.is_closed() {
        return is_told();
    }
    is_short(&unit) || unit.words() <= 30 && unit.link_share() < LINKS && dates().len() > 1
}

/// The dates of a unit; what is said of one may stand in the unit before ("Published").
fn shown_in(unit: &Unit, before: Option<&Unit>, place: Place, day_first: bool) -> Vec<Shown> {
    if !may_tell_date(unit) {
        return Vec::new();
    }
    let opens = find_date(&unit.text).is_some_and(|(range, _)| range.start <= 2);
    let opener = before.filter(|b| opens && b.words() <= 3 && find_date(&b.text).is_none());
    let line = match opener {
        Some(opener) => format!("{} {}", opener.text, unit.text),
        None => unit.text.clone(),
    };
    let alone = is_date_alone(&unit.text);
    let dates = dates_in(&line, day_first);
    let shown = dates.into_iter().map(|(label, day)| Shown {
        label,
        day,
        alone,
        place,
    });
    shown.collect()
}

/// Those of all `units`, each told its place.
fn shown_among<'a>(
    units: &'a [Unit],
    day_first: bool,
    place: impl Fn(usize, &Unit) -> Option<Place> + 'a,
) -> impl Iterator<Item = Shown> + 'a {
    units.iter().enumerate().flat_map(move |(at, unit)| {
        let before = at.checked_sub(1).and_then(|before| units.get(before));
        let place = place(at, unit);
        place.map_or_else(Vec::new, |place| shown_in(unit, before, place, day_first))
    })
}

fn is_paragraph(unit: &&Unit) -> bool {
    unit.part == Part::Body && unit.is_prose() && unit.words() >= 20
}

/// Whether a unit is a paragraph, if only a short one.
fn is_text(unit: &Unit) -> bool {
    unit.part == Part::Body && unit.is_prose() && unit.words() >= 8
}

/// Where the text begins; short paragraphs count where there is no long one.
fn first_paragraph(units: &[Unit]) -> Option<usize> {
    let long = units.iter().position(|u| is_paragraph(&u));
    long.or_else(|| units.iter().position(is_text))
}

/// Where it goes on: between the first paragraph, which may be the lead, and the next one date and name may stand.
fn front_ends(units: &[Unit], first: usize) -> usize {
    let next = units[first + 1..].iter().position(is_text);
    next.map_or(first, |n| first + 1 + n)
}

/// The dates that stand beside the headline and, where they are called so, in the article `best`.
///
/// Farther above the headline today's date may stand; what stands beside it is about this text even where pages call it a footer.
pub(super) fn days(dom: &Dom, kept: &[Unit], best: Option<NodeIx>, title: Option<&str>, day_first: bool) -> Days {
    let mut shown: Vec<Shown> = Vec::new();
    if let Some(title) = title {
        shown.extend(beside_headline(dom, kept, title, day_first).unwrap_or_default());
    }
    let is_inside = |u: &Unit| best.is_some_and(|best| dom.ancestors(u.node).any(|a| a == best));
    shown.extend(shown_among(kept, day_first, |_, u| {
        is_inside(u).then_some(Place::Inside)
    }));
    // "Erstellt: 24.02.2011, 19:12 Uhr"
    if let Some(last) = kept.iter().rposition(is_inside) {
        let under = shown_among(kept, day_first, |at, _| {
            (at > last && at <= last + UNDER).then_some(Place::Inside)
        });
        shown.extend(under.filter(|s| s.label == Label::Published));
    }
    let found = Days::of(&shown);
    if found.published.is_some() {
        return found;
    }
    // One of which nothing is said; in the article before those around it, which may be of today or of other texts.
    let plain = |label: Label| shown.iter().find(|s| s.label == label).map(|s| s.day);
    let in_article = plain(Label::Plain).or_else(|| plain(Label::Modified));
    Days {
        published: in_article.or_else(|| anywhere(kept)),
        ..Days::default()
    }
}

/// The dates beside the headline, in whatever elements.
fn beside_headline(dom: &Dom, kept: &[Unit], title: &str, day_first: bool) -> Option<Vec<Shown>> {
    // The first paragraph of the article; those of what was dropped, such as a wall of consent, do not count.
    let first = squeezed(&kept[first_paragraph(kept)?].text);
    let mut silent = vec![false; dom.len()];
    for ix in dom.elements() {
        silent[ix.ix()] = is_never_read(dom, ix);
    }
    let all = units(dom, &silent);
    let paragraph = all.iter().position(|u| squeezed(&u.text) == first)?;
    let headline = all[..paragraph].iter().rposition(|u| is_title(&u.text, title))?;
    let around = dom.node(all[headline].node).parent;
    let is_beside = |u: &Unit| {
        let own = around.filter(|&a| !matches!(dom.node(a).tag(), Some("body" | "html")));
        own.is_some_and(|own| dom.ancestors(u.node).any(|a| a == own))
    };
    let end = front_ends(&all, paragraph);
    // Nearest first above the headline.
    let above = all[headline.saturating_sub(ABOVE)..headline].iter().enumerate().rev();
    let above = above.flat_map(|(n, unit)| {
        let at = headline.saturating_sub(ABOVE) + n;
        let before = at.checked_sub(1).map(|before| &all[before]);
        let place = if is_beside(unit) { Place::Above } else { Place::Apart };
        shown_in(unit, before, place, day_first)
    });
    let below = shown_among(&all[..end], day_first, move |at, _| {
        if at <= headline {
            None
        } else if at < paragraph {
            Some(Place::Below)
        } else {
            Some(Place::Lead)
        }
    });
    Some(below.chain(above).collect())
}

/// The date that the page shows anywhere.
fn anywhere(units: &[Unit]) -> Option<Date> {
    let is_other = |u: &&Unit| {
        let dates = dates_in(&u.text, false);
        dates.first().is_some_and(|(label, _)| *label == Label::Other)
    };
    let lines = units.iter().filter(is_short).filter(|u| !is_other(u));
    lines
        .clone()
        .find_map(|unit| layout(&unit.text, None).published)
        // Old pages put date and headline into one cell.
        .or_else(|| {
            let opening = units.iter().filter(|u| u.words() <= 40);
            let opening = opening.filter_map(|u| find_date(&u.text));
            opening
                .filter(|(range, _)| range.start == 0)
                .map(|(_, date)| date)
                .next()
        })
        // "Gespeichert von redaktion am Fr, 21.06.2024 - 18:05"
        .or_else(|| {
            let lines = lines.filter(|u| !u.is_closed());
            lines.filter_map(|u| find_date(&u.text)).map(|(_, date)| date).next()
        })
}

/// The line marked as kicker that stands nearest above the headline, or right below it.
pub(super) fn kicker_above(units: &[Unit], title: &str) -> Option<String> {
    let headline = units.iter().position(|u| u.rank > 0 && is_title(&u.text, title))?;
    let above = units[headline.saturating_sub(ABOVE)..headline].iter().rev();
    let found = above.chain(units.get(headline + 1)).find(|u| u.part == Part::Section)?;
    Some(squeezed(found.text.trim_end_matches([':', ' ', '|', '–', '-'])))
}

/// The name in the lines beside the headline, where one begins with "von" or "by", or has a date too.
pub(super) fn signature_beside(units: &[Unit], title: &str) -> Option<String> {
    static SIGNED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:^|[\s|,·•–-])(?:(?:[Vv]on|VON|[Bb]y|BY):?|Autor(?:in)?:|Author:)\s+((?:\p{Lu}[\p{L}.'’-]+)(?: (?:(?:von|van|de|al|der|bin) )?\p{Lu}[\p{L}.'’-]+){1,3})",
        )
        .expect("fixed pattern")
    });
    let first = first_paragraph(units)?;
    let end = front_ends(units, first);
    let headline = units[..first].iter().rposition(|u| is_title(&u.text, title))?;
    // The name in an element of its own, below a word for it: "Autor/in", "By".
    let is_labelled = |at: &usize| {
        let label = units[at - 1].text.trim().trim_end_matches(':').to_lowercase();
        PATTERNS.author_labels.contains(label.as_str()) && (2..=6).contains(&units[*at].words())
    };
    if let Some(at) = (headline + 1..end).find(is_labelled) {
        return Some(squeezed(&units[at].text));
    }
    let above = units[headline.saturating_sub(ABOVE)..headline].iter().rev();
    let beside = units[headline + 1..end].iter().chain(above);
    let lines = beside
        .filter(|u| u.words() <= 20 && !u.is_closed())
        .map(|u| squeezed(&u.text));
    let mut names = lines.filter_map(|line| {
        let found = SIGNED.captures(&line)?;
        let opens = found.get(0).is_some_and(|m| m.start() == 0);
        let name = found.get(1)?;
        // "Autor: Marlies Ahrend Seite: 01"
        let ends = !line[name.end()..].trim_start().starts_with(':');
        let name = if ends {
            name.as_str()
        } else {
            name.as_str().rsplit_once(' ')?.0
        };
        (opens || find_date(&line).is_some()).then(|| name.to_owned())
    });
    names.next()
}
