//! The layout of plain text: which line is the date, the section, the headline, the body.
//!
//! Scraped news carries all of that in one string, in no fixed order and often twice. The text is never changed;
//! the result is a list of blocks that point into it.
//!
//! Line breaks mean three things: a paragraph wrapped at a fixed width, one sentence a line, or one block a line.
//! A break was made by wrapping when the first word of the next line would not have fitted any more.

use crate::dates::{find_date, is_month, is_weekday};
use lagebild_core::{Block, Date, Part, Span};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Shortest and longest line, in characters, that a fixed width may have.
const NARROWEST_WRAP: usize = 20;
const WIDEST_WRAP: usize = 200;
/// The headline is looked for among so many lines of its form.
const HEADLINES: usize = 20;
/// A headline has at most so many words.
const HEADLINE_WORDS: usize = 32;
/// A heading inside the body has at most so many words.
const HEADING_WORDS: usize = 12;

#[derive(serde::Deserialize)]
struct Words {
    sections: HashSet<String>,
    dateline_words: HashSet<String>,
    small_words: HashSet<String>,
    byline_openers: Vec<String>,
    agencies: HashSet<String>,
    caption_openers: Vec<String>,
    noise: HashSet<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/ingest/layout.toml")).expect("built-in data is checked by a test")
});

/// Where things stand in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The blocks, ordered and without overlap.
    pub blocks: Vec<Block>,
    /// The date of the date line.
    pub published: Option<Date>,
    /// The main headline.
    pub headline: Option<Span>,
}

/// Finds the blocks of `text`; `title` is the headline where metadata tell it.
#[must_use]
pub fn layout(text: &str, title: Option<&str>) -> Layout {
    let units = units(text);
    let headline = main_headline(&units, title);
    let mut reader = Reader {
        layout: Layout::default(),
        front: true,
    };
    for (i, unit) in units.iter().enumerate() {
        reader.read(unit, units.get(i + 1), headline);
    }
    reader.layout
}

/// A line, or the lines of a wrapped paragraph.
#[derive(Clone, Copy, Debug)]
struct Unit<'a> {
    text: &'a str,
    start: usize,
    /// Whether it bore a bullet or number, which `text` no longer holds.
    item: bool,
}

impl Unit<'_> {
    fn span(&self) -> Span {
        Span::at(self.start, self.start + self.text.len())
    }

    fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }

    /// Whether it ends like a sentence.
    fn is_closed(&self) -> bool {
        ends_sentence(self.text)
    }
}

struct Reader {
    layout: Layout,
    /// Whether no running text has been met yet.
    front: bool,
}

impl Reader {
    fn push(&mut self, span: Span, part: Part) {
        self.layout.blocks.push(Block { span, part });
    }

    fn read(&mut self, unit: &Unit<'_>, next: Option<&Unit<'_>>, headline: Option<&str>) {
        let span = unit.span();
        let folded = unit.text.to_lowercase();
        if WORDS.noise.contains(folded.as_str()) {
            return;
        }
        if unit.item {
            self.front = false;
            return self.push(span, Part::ListItem);
        }
        if headline.is_some_and(|h| same_words(h, unit.text)) {
            self.layout.headline.get_or_insert(span);
            return self.push(span, Part::Headline);
        }
        if let Some(date) = date_line(unit) {
            // Below the lead a line of that form may be about anything, and it is not read as prose either.
            if self.front {
                self.layout.published.get_or_insert(date);
            }
            return self.push(span, Part::Dateline);
        }
        if self.front && is_section(&folded) {
            return self.push(span, Part::Section);
        }
        if is_byline(unit, &folded) {
            return self.push(span, Part::Byline);
        }
        if is_caption(unit, &folded) {
            return self.push(span, Part::Caption);
        }
        let is_heading = if self.front {
            headline.is_some() && is_headline_like(unit) && next.is_some()
        } else {
            unit.words() <= HEADING_WORDS
                && !unit.is_closed()
                && next.is_some_and(|n| n.words() > unit.words())
                && unit
                    .text
                    .starts_with(|c: char| c.is_uppercase() || c.is_numeric() || "\"„“»«'‚".contains(c))
        };
        if is_heading {
            return self.push(span, Part::Heading);
        }
        let first = std::mem::replace(&mut self.front, false);
        match agency_dateline(unit.text) {
            Some((len, date)) if len < unit.text.len() => {
                if first && let Some(date) = date {
                    self.layout.published.get_or_insert(date);
                }
                self.push(
                    Span::at(span.start(), span.start() + unit.text[..len].trim_end().len()),
                    Part::Dateline,
                );
                self.push(Span::at(span.start() + len, span.end()), Part::Body);
            }
            _ => self.push(span, Part::Body),
        }
    }
}

/// The text of the main headline, if the front of the report has one.
///
/// The title of the metadata wins, then a line that stands twice, then the first line of the form of a headline; a
/// short one before a longer one is a kicker ("Ukraine-Krieg").
fn main_headline<'a>(units: &[Unit<'a>], title: Option<&'a str>) -> Option<&'a str> {
    if let Some(title) = title.filter(|t| units.iter().take(8).any(|u| same_words(t, u.text))) {
        return Some(title);
    }
    let mut candidates: Vec<&Unit<'a>> = Vec::new();
    for unit in units {
        let folded = unit.text.to_lowercase();
        let is_other = unit.item
            || date_line(unit).is_some()
            || is_section(&folded)
            || is_byline(unit, &folded)
            || is_caption(unit, &folded)
            || WORDS.noise.contains(folded.as_str());
        if is_other {
            continue;
        }
        if !is_headline_like(unit) || candidates.len() == HEADLINES {
            break;
        }
        candidates.push(unit);
    }
    let repeated = candidates.iter().enumerate().find(|(i, unit)| {
        candidates[i + 1..]
            .iter()
            .any(|later| same_words(unit.text, later.text))
    });
    if let Some((_, unit)) = repeated {
        return Some(unit.text);
    }
    match candidates.as_slice() {
        [] => None,
        [kicker, headline, ..] if kicker.words() <= 4 && headline.words() > 4 => Some(headline.text),
        [headline, ..] => Some(headline.text),
    }
}

/// Whether a unit before the lead has the form of a headline: short, and not closed by a full stop.
fn is_headline_like(unit: &Unit<'_>) -> bool {
    let bare = unit.text.trim_end_matches(CLOSERS);
    let stop = bare.ends_with(['.', ':', ';', ',']) && !bare.ends_with("...");
    !stop && unit.words() <= HEADLINE_WORDS && unit.text.chars().count() <= 250
}

const CLOSERS: [char; 12] = ['"', '“', '”', '«', '»', '’', '‘', '\'', ')', ']', '‹', '›'];

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(CLOSERS)
        .ends_with(['.', '!', '?', ':', ';', ',', '…'])
}

/// Whether two lines hold the same words, whatever the white space and punctuation.
fn same_words(a: &str, b: &str) -> bool {
    let words = |text: &'_ str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    !a.is_empty() && a == b
}

/// The words of a line, without the punctuation around them; whether a comma follows each.
fn bare_words(text: &str) -> impl Iterator<Item = (&str, bool)> {
    text.split_whitespace().filter_map(|word| {
        let bare = word
            .trim_matches(|c: char| !c.is_alphanumeric() && c != '.')
            .trim_end_matches('.');
        (!bare.is_empty()).then_some((bare, word.ends_with(',')))
    })
}

/// The date of a line that holds nothing but a date, its place and its time of day.
fn date_line(unit: &Unit<'_>) -> Option<Date> {
    if unit.words() > 16 {
        return None;
    }
    let (range, date) = find_date(unit.text)?;
    let is_known = |word: &str| {
        let folded = word.to_lowercase();
        WORDS.dateline_words.contains(folded.as_str())
            || WORDS.agencies.contains(folded.as_str())
            || is_weekday(word)
            || is_month(word)
            || word.starts_with(|c: char| c.is_ascii_digit())
    };
    // A place stands before the date and is closed by a comma: "New York, 24. Oktober 2024".
    let mut open_place = 0;
    for (word, comma) in bare_words(&unit.text[..range.start]) {
        if is_known(word) {
            open_place = if open_place > 0 { return None } else { 0 };
        } else if word.starts_with(char::is_uppercase) && open_place < 4 {
            open_place = if comma { 0 } else { open_place + 1 };
        } else {
            return None;
        }
    }
    let parenthesis = unit.text[..range.start].trim_end().ends_with(')');
    if open_place > 0 && !parenthesis {
        return None;
    }
    bare_words(&unit.text[range.end..])
        .all(|(word, _)| is_known(word))
        .then_some(date)
}

/// Whether `word`, in lower case, names a news agency or an abbreviation of one.
pub(crate) fn is_agency(word: &str) -> bool {
    WORDS.agencies.contains(word)
}

fn is_section(folded: &str) -> bool {
    let pieces: Vec<&str> = folded
        .split(['/', '|', '>', '›', '»', '·', '•', ',', '&'])
        .map(str::trim)
        .collect();
    pieces.len() <= 5
        && pieces
            .iter()
            .all(|piece| WORDS.sections.contains(piece.trim_end_matches(':')))
}

fn is_byline(unit: &Unit<'_>, folded: &str) -> bool {
    if unit.words() > 14 {
        return false;
    }
    let signature = folded.trim_matches(['(', ')', '[', ']', '.']);
    if signature
        .split(['/', ','])
        .all(|piece| WORDS.agencies.contains(piece.trim()))
    {
        return true;
    }
    WORDS.byline_openers.iter().any(|opener| {
        folded
            .strip_prefix(opener.as_str())
            .is_some_and(|rest| rest.starts_with(' '))
            && unit.text.is_char_boundary(opener.len())
            && is_name_list(&unit.text[opener.len()..])
    })
}

/// Whether a line has only capitalised words and the small words of names, starting with a capitalised one.
///
/// A short sentence such as "Von der Leyen in Kiew" starts otherwise.
fn is_name_list(text: &str) -> bool {
    if text.trim_end().ends_with(['!', '?', ':']) {
        return false;
    }
    let mut words = bare_words(text).map(|(word, _)| word);
    words.next().is_some_and(|w| w.starts_with(char::is_uppercase))
        && words.all(|w| w.starts_with(char::is_uppercase) || WORDS.small_words.contains(w))
}

fn is_caption(unit: &Unit<'_>, folded: &str) -> bool {
    let opens = |text: &str| {
        WORDS
            .caption_openers
            .iter()
            .any(|opener| text.starts_with(opener.as_str()))
    };
    if unit.words() <= 60 && opens(folded.trim_start_matches(['(', '['])) {
        return true;
    }
    // "Der Kreml am Donnerstag. (Foto: dpa)": a credit in brackets closes it.
    let credit = folded
        .rfind(['(', '[', '|'])
        .map(|at| folded[at..].trim_start_matches(['(', '[', '|', ' ']));
    unit.words() <= 60 && credit.is_some_and(|c| c.len() <= 80 && c.contains(':') && opens(c))
}

/// The dateline that opens the lead of agency copy, with white space after it: its length and date.
///
/// Forms: `Moskau/Seoul (dpa) - `, `SEOUL, Oct 24 (Reuters) — `, `Berlin (Deutschland), 24.10.2024 – `, `Moskau – `.
fn agency_dateline(text: &str) -> Option<(usize, Option<Date>)> {
    let head = up_to_chars(text, 130);
    if let Some(open) = head.find('(').filter(|&at| at >= 2)
        && let Some(close) = head[open..].find(')').map(|at| open + at)
    {
        let (place, agency) = (head[..open].trim_end(), &head[open + 1..close]);
        let signed = agency
            .split(['/', ',', ';'])
            .any(|piece| WORDS.agencies.contains(&piece.trim().to_lowercase()));
        if signed && is_place_list(place) {
            let rest = text[close + 1..].trim_start_matches(|c: char| c.is_whitespace() || "-–—:.".contains(c));
            return Some((text.len() - rest.len(), find_date(place).map(|(_, date)| date)));
        }
    }
    let is_dash = |c: char| matches!(c, '-' | '–' | '—');
    let dash = head
        .char_indices()
        .find(|&(at, c)| is_dash(c) && head[..at].ends_with(char::is_whitespace))?
        .0;
    let rest = text[dash..].trim_start_matches(is_dash);
    let place = text[..dash].trim_end();
    if !rest.starts_with(char::is_whitespace) || place.is_empty() || place.contains('\n') {
        return None;
    }
    let len = text.len() - rest.trim_start().len();
    if let Some((range, date)) = find_date(place) {
        let rest = place[range.end..].trim();
        return (is_place_list(&place[..range.start]) && rest.is_empty()).then_some((len, Some(date)));
    }
    // A bare place. "Putin – Russlands Präsident – sagte" looks the same up to the second dash.
    let first_sentence = text[len..].split(". ").next().unwrap_or_default();
    let second_dash = [" - ", " – ", " — "].iter().any(|dash| first_sentence.contains(dash));
    let capital_follows = text[len..].starts_with(|c: char| c.is_uppercase());
    let is_short = place.split_whitespace().count() <= 2 && !ends_sentence(place);
    (is_short && capital_follows && !second_dash && is_place_list(place)).then_some((len, None))
}

/// The first so many characters of a text.
fn up_to_chars(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(at, _)| &text[..at])
}

/// Whether a stretch has only capitalised words, numbers and the small words of place names.
fn is_place_list(text: &str) -> bool {
    let mut words = bare_words(text).map(|(word, _)| word).peekable();
    words.peek().is_some_and(|w| w.starts_with(char::is_uppercase))
        && words
            .all(|w| w.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) || WORDS.small_words.contains(w))
}

/// Line of a text with its offset, trimmed; empty lines are kept because they separate.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let is_outer = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
    let mut found = Vec::new();
    let add = |start: usize, line: &str| -> (usize, usize) {
        let lead = line.len() - line.trim_start_matches(is_outer).len();
        let trimmed = line.trim_matches(is_outer);
        (start + lead, trimmed.len())
    };
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let ends = match c {
            '\n' | '\u{2028}' | '\u{2029}' | '\u{0c}' | '\u{0b}' | '\u{85}' => true,
            // A carriage return alone ends a line; before a line feed it is white space.
            '\r' => !text[at + 1..].starts_with('\n'),
            _ => false,
        };
        if ends {
            found.push(add(start, &text[start..at]));
            start = at + c.len_utf8();
        }
    }
    found.push(add(start, &text[start..]));
    found
        .into_iter()
        .map(|(at, len)| (at, &text[at..at + len.min(text.len() - at)]))
        .collect()
}

/// The bullet or number of a list item at the start of a line: its length in bytes, and the number if it is one.
fn bullet(line: &str) -> Option<(usize, Option<u32>)> {
    let mark = line.chars().next()?;
    let (after, number) = if "-–—*•·▪◦‣●○".contains(mark) {
        (&line[mark.len_utf8()..], None)
    } else {
        let digits = line.strip_prefix('(').unwrap_or(line);
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .filter(|end| (1..=2).contains(end))?;
        (
            digits[end..].strip_prefix(['.', ')'])?,
            Some(digits[..end].parse().ok()?),
        )
    };
    let rest = after.trim_start();
    if rest.len() == after.len() {
        return None;
    }
    let len = line.len() - rest.len();
    let next = line[len..]
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    // "24. Oktober" is a date, not an item.
    (len < line.len() && !(number.is_some() && is_month(next))).then_some((len, number))
}

/// The units of a text: lines, with wrapped ones joined.
fn units(text: &str) -> Vec<Unit<'_>> {
    let lines = lines(text);
    let width = wrap_width(&lines);
    // A number opens an item only beside another: "3. Liga" alone does not.
    let numbers: Vec<Option<u32>> = lines.iter().map(|(_, l)| bullet(l).and_then(|(_, n)| n)).collect();
    let has_neighbour = |i: usize| {
        let Some(n) = numbers[i] else { return true };
        let near = |range: std::ops::Range<usize>, wanted: u32| numbers[range].contains(&Some(wanted));
        near(i.saturating_sub(6)..i, n.wrapping_sub(1)) || near(i + 1..(i + 7).min(numbers.len()), n + 1)
    };
    let mut units: Vec<Unit<'_>> = Vec::new();
    let mut previous: Option<&str> = None;
    for (i, &(start, line)) in lines.iter().enumerate() {
        if line.is_empty() {
            previous = None;
            continue;
        }
        let marker = bullet(line).filter(|_| has_neighbour(i));
        let joins = previous.is_some_and(|p| marker.is_none() && is_wrapped(p, line, width, units.len() > 1));
        match units.last_mut() {
            Some(unit) if joins => unit.text = &text[unit.start..start + line.len()],
            _ => {
                let skip = marker.map_or(0, |(len, _)| len);
                units.push(Unit {
                    text: &line[skip..],
                    start: start + skip,
                    item: marker.is_some(),
                });
            }
        }
        previous = Some(line);
    }
    units
}

fn width_of(line: &str) -> usize {
    line.chars().count()
}

/// Whether `next` would not have fitted on the line of `line` in a text `width` wide.
fn is_forced(line: &str, next: &str, width: usize) -> bool {
    let word = next.split_whitespace().next().unwrap_or_default();
    is_parted_word(line, next) || width_of(line) + 1 + width_of(word) + 2 > width
}

/// Whether the break between two lines of a paragraph was made by wrapping; `inside` says that the line is not the first of the text.
fn is_wrapped(line: &str, next: &str, width: Option<usize>, inside: bool) -> bool {
    if is_parted_word(line, next) || !ends_sentence(line) && next.starts_with(char::is_lowercase) {
        return true;
    }
    // Where words are parted lines end short of the width now and then; a heading ends long before, but for the headline.
    let is_open = inside && !line.trim_end_matches(CLOSERS).ends_with(['.', '!', '?', ':', '…']);
    width.is_some_and(|width| is_forced(line, next, width) || is_open && 3 * width_of(line) > 2 * width)
}

/// Whether a word is parted by the break: "Ukra-⏎ine".
fn is_parted_word(line: &str, next: &str) -> bool {
    let before = line.strip_suffix(['-', '\u{2010}', '\u{ad}']);
    before.is_some_and(|b| b.ends_with(char::is_alphabetic)) && next.starts_with(char::is_alphabetic)
}

/// The width at which the lines of a text were wrapped; `None` when its line breaks mean something.
fn wrap_width(lines: &[(usize, &str)]) -> Option<usize> {
    let breaks: Vec<(&str, &str)> = lines
        .windows(2)
        .filter(|pair| !pair[0].1.is_empty() && !pair[1].1.is_empty())
        .map(|pair| (pair[0].1, pair[1].1))
        .collect();
    let mut widths: Vec<usize> = breaks.iter().map(|(line, _)| width_of(line)).collect();
    widths.sort_unstable();
    // A few overlong lines (addresses of pages) do not set the width.
    let width = *widths.get((widths.len().saturating_sub(1)) * 19 / 20)?;
    // A wrapped text has no line that is much longer; a headline above its paragraph does not wrap it.
    let filled = lines.iter().filter(|(_, line)| !line.is_empty());
    let longer = filled
        .clone()
        .filter(|(_, line)| 2 * width_of(line) > 3 * width)
        .count();
    if !(NARROWEST_WRAP..=WIDEST_WRAP).contains(&width) || longer * 10 > filled.count() {
        return None;
    }
    let forced: Vec<_> = breaks
        .iter()
        .filter(|(line, next)| is_forced(line, next, width))
        .collect();
    let closed = forced.iter().filter(|(line, _)| ends_sentence(line)).count();
    (forced.len() * 10 >= breaks.len() * 6 && closed * 2 < forced.len()).then_some(width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The layout as lines `Part|text`, text shortened.
    fn shown(text: &str, title: Option<&str>) -> Vec<String> {
        layout(text, title)
            .blocks
            .iter()
            .map(|b| {
                let text: String = b.span.of(text).split_whitespace().take(4).collect::<Vec<_>>().join(" ");
                format!("{:?}|{text}", b.part)
            })
            .collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(shown(text, None), expected);
    }

    #[test]
    fn paragraphs_with_parted_words_are_whole() {
        // Lines of 31 to 40 characters, two of them ended by a hyphen, one by a comma.
        let text = "Kiew dankt Berlin für Hilfe\n\nDie ukrainische Regierung hat der Bundes-\nregierung für die \
                    Lieferung von Flug-\nabwehrsystemen gedankt. Außenminister\nKuleba, der in Berlin Gespräche führte,\n\
                    Kanzler Scholz und der US-\nPräsident sprachen von Erfolg.";
        check(
            text,
            &["Headline|Kiew dankt Berlin für", "Body|Die ukrainische Regierung hat"],
        );
    }

    #[test]
    fn scraped_report_with_headline_twice() {
        let text = "24. Oktober, 2024\n\nPolitik\n\nRussland und Nordkorea besiegeln Bündnis – Spannungen eskalieren\n\n\
                    Russland und Nordkorea besiegeln Bündnis – Spannungen eskalieren\n\n\
                    Mit einem Schritt ratifizierte das Parlament ein Abkommen.\n\nDieser Vertrag war das Ergebnis.";
        check(
            text,
            &[
                "Dateline|24. Oktober, 2024",
                "Section|Politik",
                "Headline|Russland und Nordkorea besiegeln",
                "Headline|Russland und Nordkorea besiegeln",
                "Body|Mit einem Schritt ratifizierte",
                "Body|Dieser Vertrag war das",
            ],
        );
        let found = layout(text, None);
        assert_eq!(found.published, Date::new(2024, 10, 24).ok());
        assert!(found.headline.unwrap().of(text).starts_with("Russland und"));
    }

    #[test]
    fn agency_copy() {
        check(
            "Putin trifft Kim\nVon Anna Schmidt und Jan de Vries\n\nMoskau/Seoul (dpa) - Russlands Präsident ist gelandet.\n\
             Er trifft Kim.\n\ndpa/afp",
            &[
                "Headline|Putin trifft Kim",
                "Byline|Von Anna Schmidt und",
                "Dateline|Moskau/Seoul (dpa) -",
                "Body|Russlands Präsident ist gelandet.",
                "Body|Er trifft Kim.",
                "Byline|dpa/afp",
            ],
        );
        check(
            "SEOUL, Oct 24 (Reuters) - North Korea has sent troops.",
            &["Dateline|SEOUL, Oct 24 (Reuters)", "Body|North Korea has sent"],
        );
        check(
            "Moskau – Russland hat gewarnt. Das sagte Putin – wie immer.",
            &["Dateline|Moskau –", "Body|Russland hat gewarnt. Das"],
        );
        check(
            "Putin – Russlands Präsident – sagte nichts.",
            &["Body|Putin – Russlands Präsident"],
        );
        let text = "Paris (Frankreich), 14.09.2012 – Die Regierung will handeln.";
        check(
            text,
            &[
                "Dateline|Paris (Frankreich), 14.09.2012 –",
                "Body|Die Regierung will handeln.",
            ],
        );
        assert_eq!(layout(text, None).published, Date::new(2012, 9, 14).ok());
    }

    #[test]
    fn one_sentence_a_line() {
        check(
            "Erdogan get mixed reception in Cologne\nThere were smiles on Saturday (September 29).\n\
             It was the final day of a visit.\nThere are many issues.",
            &[
                "Headline|Erdogan get mixed reception",
                "Body|There were smiles on",
                "Body|It was the final",
                "Body|There are many issues.",
            ],
        );
    }

    #[test]
    fn hard_wrapped_paragraphs() {
        check(
            "Südkorea prüft Waffenlieferungen\n\nDer südkoreanische Außenminister betonte die\nNotwendigkeit eines \
             entschlossenen Handelns und\nstellte in Aussicht, alle Optionen zu prüfen.\n\nDie Lage sei ernst, sagte \
             er. Man werde reagie-\nren, wenn die eigenen Interessen gefährdet sind.",
            &[
                "Headline|Südkorea prüft Waffenlieferungen",
                "Body|Der südkoreanische Außenminister betonte",
                "Body|Die Lage sei ernst,",
            ],
        );
    }

    #[test]
    fn headings_lists_captions_noise() {
        check(
            "Gipfel in Kasan\n\nDie Staaten einigten sich.\n\nHintergrund\n\nDas Treffen war lange geplant.\n\n- Erstens die \
             Hilfe\n- Zweitens der Handel\n\n1. Ein Punkt\n2. Noch ein Punkt\n\nAnzeige\n\nPutin in Kasan. (Foto: dpa)",
            &[
                "Headline|Gipfel in Kasan",
                "Body|Die Staaten einigten sich.",
                "Heading|Hintergrund",
                "Body|Das Treffen war lange",
                "ListItem|Erstens die Hilfe",
                "ListItem|Zweitens der Handel",
                "ListItem|Ein Punkt",
                "ListItem|Noch ein Punkt",
                "Caption|Putin in Kasan. (Foto:",
            ],
        );
    }

    #[test]
    fn a_headline_right_above_its_paragraph_is_no_part_of_it() {
        check(
            "Israel greift nach Raketenbeschuss den Gazastreifen an\nDie israelische Luftwaffe hat in der Nacht Ziele im Gazastreifen bombardiert. \
             Mehrere Menschen wurden verletzt.",
            &[
                "Headline|Israel greift nach Raketenbeschuss",
                "Body|Die israelische Luftwaffe hat",
            ],
        );
    }

    #[test]
    fn what_is_no_date_line_or_byline() {
        check(
            "Wahl am 24. Oktober 2024\n\nDie Bürger wählen.",
            &["Headline|Wahl am 24. Oktober", "Body|Die Bürger wählen."],
        );
        check(
            "Von der Leyen in Kiew\n\nSie traf Selenskyj.",
            &["Headline|Von der Leyen in", "Body|Sie traf Selenskyj."],
        );
        check("24. Oktober 2024 war der Tag der Wahl.", &["Body|24. Oktober 2024 war"]);
        check("Der Bundestag stimmte zu.", &["Body|Der Bundestag stimmte zu."]);
        check("", &[]);
    }

    #[test]
    fn kicker_and_title() {
        check(
            "Ukraine-Krieg\n\nSelenskyj fordert mehr Waffen vom Westen\n\nEr sprach in Kiew.",
            &[
                "Heading|Ukraine-Krieg",
                "Headline|Selenskyj fordert mehr Waffen",
                "Body|Er sprach in Kiew.",
            ],
        );
        let text = "Selenskyj in Berlin. Er fordert Waffen.\n\nEr sprach am Freitag.";
        let shown = shown(text, Some("Selenskyj in Berlin. Er fordert Waffen"));
        assert_eq!(
            shown,
            ["Headline|Selenskyj in Berlin. Er", "Body|Er sprach am Freitag."]
        );
    }

    proptest! {
        #[test]
        fn blocks_are_ordered_and_on_boundaries(text in "[\\PC\\n\\r\\t ]{0,300}", title in proptest::option::of("\\PC{0,20}")) {
            let found = layout(&text, title.as_deref());
            let mut end = 0;
            for block in &found.blocks {
                prop_assert!(block.span.start() >= end && !block.span.is_empty());
                end = block.span.end();
                prop_assert_eq!(block.span.of(&text).trim(), block.span.of(&text));
            }
            prop_assert!(end <= text.len());
        }

        #[test]
        fn news_like_text_is_laid_out(text in "((Moskau|24\\. Oktober 2024|\\(dpa\\)|-|–|Von|Anna|Politik|1\\.|sagt|er|„|“|Foto:|,|\\.)(\n| |\n\n)){0,40}") {
            let found = layout(&text, None);
            let mut end = 0;
            for block in &found.blocks {
                prop_assert!(block.span.start() >= end && !block.span.is_empty());
                end = block.span.end();
            }
        }
    }
}
