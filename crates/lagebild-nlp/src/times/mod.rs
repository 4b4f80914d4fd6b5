//! Expressions of time, resolved against the day of the report.
//!
//! The grammar is written here once for both languages; the words are data (`data/lang/*/times.toml`). Extents and
//! values follow TIMEX3 (ISO-TimeML, with the conventions for German of Strötgen and Gertz): prepositions stay outside,
//! `Ende August` has the value of August, `vor drei Tagen` is a duration. What the engine needs beside the value is the
//! stretch of the calendar that the phrase means, its preposition included: `seit 2014` runs from 2014 to the report,
//! `Ende August` over the last days of August.
//!
//! A day of the week or a month without year lies in the past or the future as the tense of its clause does.

pub(crate) mod atoms;
mod calendar;
mod clock;
mod days;
mod lengths;
mod period;
mod shifts;
mod tense;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod words;

use crate::quantities::numbers;
use atoms::{Atom, Kind, atoms};
use lagebild_core::{Date, Lang, Parsed, Sentence, Span, Time, TimeKind};
use period::{Period, plus_days};
use tense::{Tense, tense_at};
use words::{Info, Meaning, Role, Unit, Vocabulary, vocabulary};

/// Finds the expressions of time in a parsed report, in text order.
///
/// Tenses are taken from the trees where there are any, else from auxiliaries nearby. Without a date of publication,
/// relative expressions are found but not resolved.
#[must_use]
pub fn find(parsed: &Parsed) -> Vec<Time> {
    let mut finder = Finder {
        parsed,
        vocabulary: vocabulary(parsed.doc.lang),
        numbers: numbers::words(parsed.doc.lang),
        today: parsed.doc.published,
        atoms: Vec::new(),
        infos: Vec::new(),
        told_day: None,
        told_year: None,
        sentence_day: None,
        times: Vec::new(),
    };
    for sentence in &parsed.sentences {
        finder.read(sentence);
    }
    finder.times
}

/// Whether a form is a unit of time (`Jahren`, `weeks`): what counts them is a length, not an amount.
pub(crate) fn is_unit_of_time(lang: Lang, lower: &str) -> bool {
    vocabulary(lang).info(lower).unit.is_some()
}

/// An expression found: atoms `start..end`, and what it means.
#[derive(Clone, Debug)]
struct Found {
    start: usize,
    end: usize,
    period: Period,
    /// Whether prepositions before it still have to be read.
    framed: bool,
    /// Whether it names its year.
    year_told: bool,
}

impl Found {
    fn new(start: usize, end: usize, period: Period) -> Self {
        Self {
            start,
            end,
            period,
            framed: false,
            year_told: false,
        }
    }
}

struct Finder<'a> {
    parsed: &'a Parsed,
    vocabulary: &'static Vocabulary,
    numbers: &'static numbers::Words,
    today: Option<Date>,
    /// The sentence being read.
    atoms: Vec<Atom<'a>>,
    infos: Vec<Info>,
    /// The day told last, which *am Tag darauf* counts from.
    told_day: Option<Date>,
    /// The year told last in the sentence, which a month without year belongs to.
    told_year: Option<i16>,
    /// The day told last in the sentence, which a time of day belongs to.
    sentence_day: Option<Date>,
    times: Vec<Time>,
}

impl<'a> Finder<'a> {
    fn read(&mut self, sentence: &Sentence) {
        self.atoms = atoms(&self.parsed.doc.text, sentence.span);
        self.infos = self.atoms.iter().map(|a| self.vocabulary.info(&a.lower)).collect();
        (self.told_year, self.sentence_day) = (None, None);
        let first = self.times.len();
        let mut i = 0;
        while i < self.atoms.len() {
            match self.expression(i) {
                Some(found) => {
                    i = found.end.max(i + 1);
                    self.add(found);
                }
                None => i += 1,
            }
        }
        self.join_ranges(first);
    }

    fn atom(&self, i: usize) -> Option<&Atom<'a>> {
        self.atoms.get(i)
    }

    fn info(&self, i: usize) -> Info {
        self.infos.get(i).copied().unwrap_or_default()
    }

    fn is(&self, i: usize, role: Role) -> bool {
        self.info(i).is(role)
    }

    fn mark(&self, i: usize, mark: char) -> bool {
        self.atom(i).is_some_and(|a| a.is(mark))
    }

    fn dash(&self, i: usize) -> bool {
        self.atom(i).is_some_and(Atom::is_dash)
    }

    fn glued(&self, i: usize) -> bool {
        self.atom(i).is_some_and(|a| a.glued)
    }

    fn word(&self, i: usize) -> &str {
        self.atom(i).map_or("", |a| &a.lower)
    }

    fn number(&self, i: usize) -> Option<u32> {
        self.atom(i)?.number()
    }

    fn before(&self, i: usize) -> Info {
        i.checked_sub(1).map_or_else(Info::default, |p| self.info(p))
    }

    fn is_german(&self) -> bool {
        self.parsed.doc.lang == Lang::De
    }

    /// The tense of the clause around atom `i`.
    fn tense(&self, i: usize) -> Option<Tense> {
        let atom = self.atom(i)?;
        // What lasts since a day has begun.
        if self.before(i).is(Role::Since) || i > 1 && self.before(i).is(Role::Determiner) && self.is(i - 2, Role::Since)
        {
            return Some(Tense::Past);
        }
        tense_at(self.parsed, atom.start).or_else(|| self.tense_of_words(i))
    }

    /// The tense that auxiliaries nearby tell: in the clause first, then in the sentence.
    fn tense_of_words(&self, i: usize) -> Option<Tense> {
        let is_border = |a: &Atom<'_>| a.is(',') || a.is(';') || a.is(':');
        let start = self.atoms[..i].iter().rposition(is_border).map_or(0, |p| p + 1);
        let end = self.atoms[i..]
            .iter()
            .position(is_border)
            .map_or(self.atoms.len(), |p| i + p);
        let told = |range: std::ops::Range<usize>| {
            let has = |role| range.clone().any(|j| self.is(j, role));
            if has(Role::Future) {
                Some(Tense::Future)
            } else {
                has(Role::Past).then_some(Tense::Past)
            }
        };
        told(start..end).or_else(|| told(0..self.atoms.len()))
    }

    fn add(&mut self, mut found: Found) {
        if found.framed {
            self.frame(&mut found);
        }
        let Found {
            start,
            end,
            period,
            year_told,
            ..
        } = found;
        let (Some(first), Some(last)) = (self.atoms.get(start), self.atoms.get(end.wrapping_sub(1))) else {
            return;
        };
        let is_day = matches!(period.kind, TimeKind::Date | TimeKind::Time) && period.unit <= Unit::Day;
        if let Some(day) = period.from.filter(|_| is_day) {
            self.told_day = Some(day);
            self.sentence_day = Some(day);
        }
        if year_told {
            self.told_year = period.from.map(Date::year);
        }
        self.times.push(Time {
            span: Span::at(first.start, last.end()),
            kind: period.kind,
            value: period.value,
            from: period.from,
            to: period.to,
        });
    }

    /// Reads the preposition before an expression into its stretch of the calendar.
    fn frame(&self, found: &mut Found) {
        let mut at = found.start;
        while at > 0 {
            at -= 1;
            if self.is(at, Role::Since) {
                if let (Some(from), Some(today)) = (found.period.from, self.today)
                    && from <= today
                {
                    found.period.to = Some(today);
                }
                return;
            }
            if self.is(at, Role::Until) {
                if let Some(to) = found.period.to {
                    found.period.from = self.today.filter(|&t| t <= to);
                }
                return;
            }
            let skipped = [Role::Determiner, Role::About, Role::NightTo, Role::At]
                .iter()
                .any(|&r| self.is(at, r));
            if !skipped {
                return;
            }
        }
    }

    /// `vom 3. bis 5. Mai`, `zwischen März und Juni`: both ends mean the whole stretch.
    fn join_ranges(&mut self, first: usize) {
        for i in first..self.times.len().saturating_sub(1) {
            let (a, b) = (&self.times[i], &self.times[i + 1]);
            let (Some(from), Some(to)) = (a.from, b.to) else {
                continue;
            };
            let dates = a.kind == TimeKind::Date && b.kind == TimeKind::Date && from <= to;
            if dates && self.is_range(a, b) {
                for time in &mut self.times[i..=i + 1] {
                    (time.from, time.to) = (Some(from), Some(to));
                }
            }
        }
    }

    /// Whether two expressions that follow one another are the ends of a range.
    fn is_range(&self, a: &Time, b: &Time) -> bool {
        let start = self.atoms.partition_point(|atom| atom.start < a.span.start());
        let gap = self.atoms.partition_point(|atom| atom.start < a.span.end())
            ..self.atoms.partition_point(|atom| atom.start < b.span.start());
        let is_stroke = |j: usize| self.dash(j) || self.mark(j, '/');
        let is_joint = |j: usize| {
            is_stroke(j)
                || [Role::And, Role::Until, Role::Determiner, Role::NightTo]
                    .iter()
                    .any(|&r| self.is(j, r))
        };
        if gap.is_empty() || gap.len() > 4 || !gap.clone().all(is_joint) {
            return false;
        }
        let announced = (start.saturating_sub(3)..start).any(|j| self.is(j, Role::Between) || self.is(j, Role::From));
        // "am 16. und 17. Juni"
        let neighbours = a.from == a.to && b.from == b.to && a.from.map(|day| plus_days(day, 1)) == b.to;
        announced || neighbours || gap.clone().any(|j| is_stroke(j) || self.is(j, Role::Until))
    }

    /// The expression that starts at atom `i`.
    fn expression(&self, i: usize) -> Option<Found> {
        let info = self.info(i);
        let kind = self.atom(i)?.kind;
        if kind == Kind::Mark {
            return None;
        }
        self.dated(i, info)
            .or_else(|| self.edge(i, info))
            .or_else(|| self.night_to(i, info))
            .or_else(|| self.shifted(i, info))
            .or_else(|| self.ordinal_unit(i))
            .or_else(|| self.decade(i, info))
            .or_else(|| self.clock(i))
            .or_else(|| self.repeated(i, info))
            .or_else(|| self.phrase(i, 2))
            .or_else(|| self.length(i))
            .or_else(|| self.relative(i, info))
            .or_else(|| self.month(i, info))
            .or_else(|| self.season(i, info))
            .or_else(|| self.phrase(i, 1))
            .or_else(|| self.year(i, info))
            .or_else(|| self.daypart(i, info))
    }

    /// `i`, or the determiner before it, which belongs to the expression unless it is part of a contraction.
    fn with_determiner(&self, i: usize, wanted: bool) -> usize {
        if wanted && i > 0 && self.is(i - 1, Role::Determiner) && !self.taken(i - 1) {
            i - 1
        } else {
            i
        }
    }

    /// Whether an earlier expression covers atom `i`.
    fn taken(&self, i: usize) -> bool {
        self.times
            .last()
            .zip(self.atom(i))
            .is_some_and(|(time, atom)| time.span.end() > atom.start)
    }

    /// Vague times, sets in one word, days with a name, of at least so many words.
    fn phrase(&self, i: usize, least: usize) -> Option<Found> {
        let (meaning, words) = self
            .vocabulary
            .phrase(&self.atoms[i..])
            .filter(|&(_, words)| words >= least)?;
        let end = i + words;
        // "in the past year", "the past few years"
        let goes_on = self.info(end).unit.is_some() || self.info(end + 1).unit.is_some() && self.is(end, Role::Several);
        if goes_on && matches!(meaning, Meaning::Vague(_)) {
            return None;
        }
        Some(match meaning {
            // "in Zukunft": a preposition that could be left out stays outside, as before other times.
            Meaning::Vague(value) if words > 1 && self.is(i, Role::Within) && self.word(i) == "in" => {
                Found::new(i + 1, end, self.vague(value))
            }
            Meaning::Vague(value) => Found::new(i, end, self.vague(value)),
            Meaning::Set(value) => {
                let mut period = Period::unresolved(Unit::Day, value.clone());
                period.kind = TimeKind::Set;
                Found::new(i, end, period)
            }
            Meaning::FromToldDay(days) => {
                let period = match self.told_day.or(self.today) {
                    Some(day) => Period::day(plus_days(day, *days)),
                    None => Period::unresolved(Unit::Day, "XXXX-XX-XX"),
                };
                Found::new(i, end, period)
            }
            Meaning::Holiday(holiday) => {
                let (year, end) = self.year_after(end, false);
                let period = match (year, self.today) {
                    (Some(year), _) => Period::holiday(year, *holiday)?,
                    (None, Some(today)) => {
                        let candidates = [-1, 0, 1].map(|n| Period::holiday(today.year() + n, *holiday));
                        let ranges = candidates.iter().flatten().filter_map(|p| p.from.zip(p.to));
                        Period::day(self.nearest(ranges, i)?)
                    }
                    _ => Period::unresolved(Unit::Day, "XXXX-XX-XX"),
                };
                Found {
                    framed: true,
                    year_told: year.is_some(),
                    ..Found::new(i, end, period)
                }
            }
            Meaning::Edge(_) => return None,
        })
    }

    /// A vague time; the present is the day of the report. None moves the day told.
    fn vague(&self, value: &str) -> Period {
        let mut period = Period::unresolved(Unit::Century, value);
        if value == "PRESENT_REF" {
            (period.from, period.to) = (self.today, self.today);
        }
        period
    }
}

/// A number as TIMEX3 writes it.
fn shown(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value}")
    }
}
