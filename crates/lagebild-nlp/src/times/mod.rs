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
mod period;
mod tense;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod words;

use crate::quantities::numbers;
use atoms::{Atom, Kind, atoms};
use lagebild_core::{Date, Lang, Parsed, Sentence, Span, Time, TimeKind, Upos};
use period::{Period, plus, plus_days, weekday};
use tense::{Tense, tense_at};
use words::{DayPart, Info, Meaning, Role, Shift, Unit, Vocabulary, vocabulary};

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

    // ---- access ----

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

    // ---- output ----

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
            if self.is(at, Role::Until) && !(self.is_german() && self.is(at, Role::Since)) {
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
            if a.kind != TimeKind::Date || b.kind != TimeKind::Date {
                continue;
            }
            let (Some(from), Some(to)) = (self.start_of(a), b.to) else {
                continue;
            };
            let (gap_start, gap_end) = (a.span.end(), b.span.start());
            let gap: Vec<usize> = (0..self.atoms.len())
                .filter(|&j| (gap_start..gap_end).contains(&self.atoms[j].start))
                .collect();
            let joins = !gap.is_empty()
                && gap.len() <= 4
                && gap.iter().all(|&j| {
                    self.dash(j)
                        || self.mark(j, '/')
                        || self.mark(j, '.')
                        || [Role::And, Role::Until, Role::Determiner, Role::NightTo]
                            .iter()
                            .any(|&r| self.is(j, r))
                });
            let ranges = gap
                .iter()
                .any(|&j| self.dash(j) || self.mark(j, '/') || self.is(j, Role::Until));
            let start = self
                .atoms
                .iter()
                .position(|atom| atom.start == a.span.start())
                .unwrap_or(0);
            let between = (start.saturating_sub(3)..start).any(|j| self.is(j, Role::Between) || self.is(j, Role::From));
            // "am 16. und 17. Juni"
            let neighbours = a.from == a.to && b.from == b.to && plus_days(from, 1) == to;
            if joins && (ranges || between || neighbours) && from <= to {
                let (value_a, value_b) = (self.times[i].from.is_some(), self.times[i + 1].to.is_some());
                if value_a && value_b {
                    (self.times[i].from, self.times[i].to) = (Some(from), Some(to));
                    (self.times[i + 1].from, self.times[i + 1].to) = (Some(from), Some(to));
                }
            }
        }
    }

    fn start_of(&self, time: &Time) -> Option<Date> {
        time.from
    }

    // ---- grammar ----

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
            .or_else(|| self.length(i))
            .or_else(|| self.relative(i, info))
            .or_else(|| self.month(i, info))
            .or_else(|| self.season(i, info))
            .or_else(|| self.phrase(i))
            .or_else(|| self.year(i, info))
            .or_else(|| self.daypart(i, info))
    }

    // -- days --

    /// A date with day and month, with or without its day of the week; a day of the week; a day beside such a date.
    fn dated(&self, i: usize, info: Info) -> Option<Found> {
        if let Some(number) = info.weekday {
            return self.weekday(i, number, info);
        }
        if let Some((year, month, day, end)) = self.day_month(i) {
            let period = self.day_period(year, month, day, i)?;
            return Some(Found {
                framed: true,
                year_told: year.is_some(),
                ..Found::new(i, end, period)
            });
        }
        let day = i8::try_from(self.number(i)?).ok().filter(|d| (1..=31).contains(d))?;
        let (year, month, end) = self.month_of_list(i)?;
        let period = self.day_period(year, month, day, i)?;
        Some(Found {
            framed: true,
            year_told: year.is_some(),
            ..Found::new(i, end, period)
        })
    }

    /// A day of the week, what may stand before its date, and the date.
    fn weekday(&self, i: usize, number: i8, info: Info) -> Option<Found> {
        let lower = self.word(i);
        let is_adverb = self.is_german() && lower.ends_with('s') && !self.atom(i)?.is_capitalised();
        let is_plural = !self.is_german() && lower.ends_with("days");
        if is_adverb || is_plural {
            let value = format!("XXXX-WXX-{number}");
            let mut period = Period::unresolved(Unit::Day, value);
            period.kind = TimeKind::Set;
            return Some(Found::new(i, i + 1, period));
        }
        let is_compound = self.glued(i) && i > 0 && self.dash(i - 1);
        if !self.atom(i)?.is_capitalised() || is_compound {
            return None;
        }
        let (part, after) = match info.daypart {
            Some(part) => (Some(part), i + 1),
            None => self.part_after(i + 1),
        };
        // "Samstag, den 25. August 2012"
        let mut at = after;
        if self.mark(at, ',') {
            at += 1;
        }
        if self.is(at, Role::DateArticle) {
            at += 1;
        }
        if let Some((year, month, day, end)) = self.day_month(at) {
            let period = self.day_period(year, month, day, i)?;
            let period = part.map_or(period.clone(), |p| period.at(p));
            return Some(Found {
                framed: true,
                year_told: year.is_some(),
                ..Found::new(i, end, period)
            });
        }
        let period = self.weekday_period(number, self.tense(i), i);
        let period = part.map_or(period.clone(), |p| period.at(p));
        Some(Found {
            framed: true,
            ..Found::new(i, after, period)
        })
    }

    /// A part of the day right after a day: *Montag früh*, *gestern Abend*, *Saturday night*.
    fn part_after(&self, at: usize) -> (Option<DayPart>, usize) {
        let info = self.info(at);
        match info.daypart {
            Some(part) if self.atom(at).is_some_and(|a| !a.glued) && info.weekday.is_none() => (Some(part), at + 1),
            _ => (None, at),
        }
    }

    fn weekday_period(&self, number: i8, tense: Option<Tense>, i: usize) -> Period {
        let Some(today) = self.today else {
            return Period::unresolved(Unit::Day, format!("XXXX-WXX-{number}"));
        };
        // "morgen (Mittwoch)"
        if let Some(day) = self
            .sentence_day
            .filter(|&d| i > 0 && self.mark(i - 1, '(') && weekday(d) == number)
        {
            return Period::day(day);
        }
        let back = i32::from((weekday(today) - number).rem_euclid(7));
        let ahead = i32::from((number - weekday(today)).rem_euclid(7));
        Period::day(match tense {
            Some(Tense::Future) => plus_days(today, ahead),
            _ => plus_days(today, -back),
        })
    }

    /// Day and month at `i`, with the year if told: `24. Oktober 2024`, `24.10.2024`, `2024-10-24`, `Oct. 24, 2024`.
    fn day_month(&self, i: usize) -> Option<(Option<i16>, i8, i8, usize)> {
        let small = |n: u32, most: i8| i8::try_from(n).ok().filter(|n| (1..=most).contains(n));
        if let Some(month) = self.info(i).month {
            // "October 24th, 2024"
            let at = if self.mark(i + 1, '.') { i + 2 } else { i + 1 };
            let day = small(self.number(at)?, 31)?;
            let mut end = at + 1;
            if self.is_german()
                || self.mark(end, '.') && self.glued(end) && self.number(end + 1).is_some() && self.glued(end + 1)
            {
                return None;
            }
            if self.glued(end) && matches!(self.word(end), "st" | "nd" | "rd" | "th") {
                end += 1;
            }
            let (year, end) = self.year_after(end, true);
            return Some((year, month, day, end));
        }
        let first = self.number(i)?;
        // ISO 8601
        if self.atom(i)?.text.len() == 4 && self.dash(i + 1) && self.glued(i + 1) && self.dash(i + 3) {
            let (month, day) = (small(self.number(i + 2)?, 12)?, small(self.number(i + 4)?, 31)?);
            return Some((i16::try_from(first).ok(), month, day, i + 5));
        }
        let day = small(first, 31)?;
        if self.mark(i + 1, '/') && self.mark(i + 3, '/') && self.number(i + 4).is_some() {
            let (second, year) = (self.number(i + 2)?, self.number(i + 4)?);
            // Month first, unless that is no month.
            let (month, day) = match (small(first, 12), small(second, 12)) {
                (Some(month), _) if !self.is_german() => (month, small(second, 31)?),
                (_, Some(month)) => (month, day),
                _ => return None,
            };
            return Some((i16::try_from(year).ok().filter(|y| *y > 1000), month, day, i + 5));
        }
        let mut at = i + 1;
        if self.mark(at, '.') && self.glued(at) {
            at += 1;
            if let Some(month) = self.number(at).and_then(|n| small(n, 12)) {
                return self.numeric_rest(day, month, at + 1, i);
            }
        } else if self.glued(at) && matches!(self.word(at), "st" | "nd" | "rd" | "th") {
            at += 1;
        } else if self.is_german() {
            return None;
        }
        if self.word(at) == "of" {
            at += 1;
        }
        let month = self.info(at).month?;
        let mut end = at + 1;
        if self.info(at).short && self.mark(end, '.') && self.glued(end) {
            end += 1;
        }
        let (year, end) = self.year_after(end, true);
        Some((year, month, day, end))
    }

    /// The rest of `24.10.2024`, `24.10.24`, `24.10.`, from the mark after the month.
    fn numeric_rest(&self, day: i8, month: i8, at: usize, start: usize) -> Option<(Option<i16>, i8, i8, usize)> {
        if !(self.mark(at, '.') && self.glued(at)) {
            return None;
        }
        if let Some(number) = self.number(at + 1) {
            let text = self.atom(at + 1)?.text;
            let year = i16::try_from(number).ok()?;
            match text.len() {
                4 if (1000..=2200).contains(&year) => return Some((Some(year), month, day, at + 2)),
                2 if self.glued(at + 1) => {
                    let year = if year < 70 { 2000 + year } else { 1900 + year };
                    return Some((Some(year), month, day, at + 2));
                }
                _ => {}
            }
        }
        // Without a year it may be a section number; a preposition tells.
        let is_told = self.before(start).is(Role::At)
            || self.before(start).is(Role::From)
            || self.before(start).is(Role::Until)
            || self.before(start).is(Role::NightTo)
            || self.before(start).is(Role::DateArticle);
        is_told.then_some((None, month, day, at + 1))
    }

    /// The month and year of a bare day that stands in a list or range before a full date: `3. bis 5. Mai`.
    ///
    /// Returns the end of the day itself.
    fn month_of_list(&self, i: usize) -> Option<(Option<i16>, i8, usize)> {
        let mut at = i + 1;
        if self.is_german() {
            if !(self.mark(at, '.') && self.glued(at)) {
                // "3/4. Mai", "3-5. Mai"
                if !self.dash(at) && !self.mark(at, '/') {
                    return None;
                }
            } else {
                at += 1;
            }
        }
        let end = at;
        for _ in 0..8 {
            let connects = self.dash(at)
                || self.mark(at, '/')
                || self.mark(at, ',')
                || [Role::And, Role::Until, Role::DateArticle, Role::NightTo]
                    .iter()
                    .any(|&r| self.is(at, r));
            if connects {
                at += 1;
                continue;
            }
            if at == end {
                return None;
            }
            if let Some((year, month, _, _)) = self.day_month(at) {
                return Some((year, month, end));
            }
            self.number(at).filter(|n| *n <= 31)?;
            at += 1;
            if self.mark(at, '.') && self.glued(at) {
                at += 1;
            }
        }
        None
    }

    /// The day, in the year told or in that which tense and season suggest.
    fn day_period(&self, year: Option<i16>, month: i8, day: i8, i: usize) -> Option<Period> {
        if let Some(year) = year {
            return Date::new(year, month, day).ok().map(Period::day);
        }
        let Some(today) = self.today else {
            Date::new(2000, month, day).ok()?;
            return Some(Period::unresolved(Unit::Day, format!("XXXX-{month:02}-{day:02}")));
        };
        if let Some(year) = self.told_year {
            return Date::new(year, month, day).ok().map(Period::day);
        }
        let candidates = [-1, 0, 1].map(|n| Date::new(today.year() + n, month, day).ok());
        self.nearest(candidates.into_iter().flatten().map(|d| (d, d)), i)
            .map(Period::day)
    }

    /// Of stretches that differ by their year, the first day of the one that is meant: on the side that the tense
    /// tells, else the nearest.
    ///
    /// A day of the coming weeks is meant whatever the tense: *wurde für den 19. Dezember angesetzt*.
    fn nearest(&self, candidates: impl Iterator<Item = (Date, Date)> + Clone, i: usize) -> Option<Date> {
        let today = self.today?;
        let distance = |(from, to): (Date, Date)| {
            if from > today {
                days_between(today, from)
            } else {
                days_between(to, today).max(0)
            }
        };
        let tense = self.tense(i);
        let on_side = candidates.clone().filter(|&(from, to)| match tense {
            Some(Tense::Past) => from <= today || (from == to && days_between(today, from) <= 60),
            Some(Tense::Future) => to >= today,
            _ => true,
        });
        on_side
            .min_by_key(|&c| distance(c))
            .or_else(|| candidates.min_by_key(|&c| distance(c)))
            .map(|c| c.0)
    }

    // -- years --

    /// A year after a date or month: digits, or `des vergangenen Jahres`.
    fn year_after(&self, i: usize, comma: bool) -> (Option<i16>, usize) {
        let at = if comma && self.mark(i, ',') { i + 1 } else { i };
        if let Some(year) = self.four_digits(at) {
            return (Some(year), at + 1);
        }
        if let Some((year, end)) = self.year_phrase(i) {
            return (Some(year), end);
        }
        (None, i)
    }

    fn four_digits(&self, i: usize) -> Option<i16> {
        let atom = self.atom(i)?;
        let year = i16::try_from(atom.number().filter(|_| atom.text.len() == 4)?).ok()?;
        // "1.200" has three digits after its mark, "2012,5" and "2012er" are no years.
        let decimal = (self.mark(i + 1, ',') || self.mark(i + 1, '.'))
            && self.glued(i + 1)
            && self.glued(i + 2)
            && self.number(i + 2).is_some();
        let suffix = self.glued(i + 1) && self.atom(i + 1).is_some_and(|a| a.kind == Kind::Word || a.is('%'));
        ((1000..=2200).contains(&year) && !decimal && !suffix).then_some(year)
    }

    /// `(des) vergangenen Jahres`, `dieses Jahres`, `desselben Jahres`, `des Vorjahres`, `last year`.
    fn year_phrase(&self, i: usize) -> Option<(i16, usize)> {
        let mut at = i;
        while self.is(at, Role::Determiner) || self.word(at) == "of" {
            at += 1;
        }
        if let Some((Unit::Year, years)) = self.info(at).relative {
            return Some((self.today?.year().checked_add(i16::try_from(years).ok()?)?, at + 1));
        }
        let shift = self.info(at).shift?;
        let is_year = self.info(at + 1).unit == Some(Unit::Year) && !self.info(at + 1).plural;
        is_year.then_some(())?;
        let year = match shift {
            Shift::Last => self.today?.year() - 1,
            Shift::This => self.today?.year(),
            Shift::Next => self.today?.year() + 1,
            Shift::Same => self.told_year.or(self.told_day.or(self.today).map(Date::year))?,
            Shift::Following => self.told_year.or(self.told_day.map(Date::year))? + 1,
            Shift::Previous => self.told_year.or(self.told_day.map(Date::year))? - 1,
            Shift::Past => return None,
        };
        Some((year, at + 2))
    }

    /// A year in digits: `2014`, `Jahr 2014`, `2012/13`.
    fn year(&self, i: usize, info: Info) -> Option<Found> {
        let (at, named) = if info.unit == Some(Unit::Year) && self.four_digits(i + 1).is_some() {
            (i + 1, true)
        } else {
            (i, false)
        };
        let year = self.four_digits(at)?;
        let start = if named && self.before(i).is(Role::Determiner) && i > 0 {
            i - 1
        } else {
            i
        };
        // "2012/13"
        if (self.mark(at + 1, '/') || (self.dash(at + 1) && self.glued(at + 1)))
            && let Some(second) = self.number(at + 2)
            && let Ok(second) = i16::try_from(second)
        {
            let last = year - year % 100 + second;
            // Two whole years are told one by one.
            if last > year && last - year <= 20 && self.atom(at + 2)?.text.len() == 2 {
                let period = Period::years(year, last)?;
                return Some(Found {
                    framed: true,
                    year_told: true,
                    ..Found::new(start, at + 3, period)
                });
            }
        }
        if !named && !self.looks_like_year(at, year) {
            return None;
        }
        let period = Period::year(year)?;
        Some(Found {
            framed: true,
            year_told: true,
            ..Found::new(start, at + 1, period)
        })
    }

    /// Whether four digits are a year and not an amount.
    fn looks_like_year(&self, i: usize, year: i16) -> bool {
        let before = self.before(i);
        let introduced = [
            Role::Since,
            Role::Until,
            Role::Within,
            Role::From,
            Role::Between,
            Role::After,
            Role::Ago,
        ]
        .iter()
        .any(|&r| before.is(r))
            || before.month.is_some()
            || before.season.is_some()
            || before.edge.is_some()
            || i > 0 && (self.mark(i - 1, '(') || self.mark(i - 1, ',') || self.mark(i - 1, '/') || self.dash(i - 1))
            || before.is(Role::And) && i > 1 && self.four_digits(i - 2).is_some();
        let next = self.atom(i + 1);
        // A noun after it makes it an amount; in German capitals tell nouns, in English only tags do.
        let counts = next.filter(|a| a.kind == Kind::Word && !a.glued).is_some_and(|a| {
            let after = self.parsed.tokens.partition_point(|t| t.span.start() <= a.start);
            let pos = self.parsed.tokens[after.saturating_sub(1)].pos;
            if self.is_german() {
                a.is_capitalised()
            } else {
                matches!(pos, Upos::Noun | Upos::Adj | Upos::X)
            }
        });
        let symbol = i > 0
            && self
                .atom(i - 1)
                .is_some_and(|a| matches!(a.text, "$" | "€" | "£" | "§" | "#" | ":" | "." | "%"));
        let unit = next.is_some_and(|a| matches!(a.text, "%" | "€" | "$" | "£" | "°" | ":"));
        // "davon 2000 im Jahr 2011"
        let counted_in = self.is(i + 1, Role::Within) && self.info(i + 2).unit == Some(Unit::Year);
        if symbol || unit || counted_in || self.before(i).unit.is_some_and(Unit::is_clock) {
            return false;
        }
        if (1900..=2050).contains(&year) {
            // Lower-case words after it are no nouns in German, but may be units.
            let known_unit = self.info(i + 1).unit.is_some();
            !known_unit && (!counts || introduced && !self.is_german() || introduced && year > 1980)
        } else {
            introduced && !counts && (1100..1900).contains(&year)
        }
    }

    // -- months and seasons --

    fn month(&self, i: usize, info: Info) -> Option<Found> {
        let month = info.month?;
        let atom = self.atom(i)?;
        if !atom.is_capitalised() || self.glued(i) && i > 0 && self.dash(i - 1) || self.dash(i + 1) && self.glued(i + 1)
        {
            return None;
        }
        let at = if info.short && self.mark(i + 1, '.') && self.glued(i + 1) {
            i + 2
        } else {
            i + 1
        };
        let (year, end) = self.year_after(at, !self.is_german());
        let introduced = self.introduces(i);
        if year.is_none() && (info.short || info.is(Role::Ambiguous) && !introduced) {
            return None;
        }
        let period = self.month_period(year, month, i)?;
        let is_list = year.is_none() && self.month_list_year(i + 1).is_some();
        let period = match self.month_list_year(i + 1).filter(|_| is_list) {
            Some(year) => Period::month(year, month)?,
            None => period,
        };
        // "dem Juni des vergangenen Jahres"
        let start = self.with_determiner(i, end > at + 1);
        Some(Found {
            framed: true,
            year_told: year.is_some(),
            ..Found::new(start, end, period)
        })
    }

    /// The year of a month before another month with a year: `von Mai bis Juli 2006`.
    fn month_list_year(&self, at: usize) -> Option<i16> {
        let connects = self.dash(at) || self.mark(at, '/') || self.is(at, Role::And) || self.is(at, Role::Until);
        let next = at + 1;
        (connects && self.info(next).month.is_some())
            .then(|| self.year_after(next + 1, false).0)
            .flatten()
    }

    fn month_period(&self, year: Option<i16>, month: i8, i: usize) -> Option<Period> {
        if let Some(year) = year.or(self.told_year) {
            return Period::month(year, month);
        }
        let Some(today) = self.today else {
            return Some(Period::unresolved(Unit::Month, format!("XXXX-{month:02}")));
        };
        let candidates = [-1, 0, 1].map(|n| Period::month(today.year() + n, month));
        let ranges = candidates.iter().flatten().filter_map(|p| p.from.zip(p.to));
        let from = self.nearest(ranges, i)?;
        Period::month(from.year(), month)
    }

    /// Whether what stands before `i` makes a name of month or season a time.
    fn introduces(&self, i: usize) -> bool {
        let mut at = i;
        while at > 0 {
            at -= 1;
            let info = self.info(at);
            let known = [
                Role::Since,
                Role::Until,
                Role::Within,
                Role::From,
                Role::Between,
                Role::After,
                Role::At,
                Role::And,
            ]
            .iter()
            .any(|&r| info.is(r));
            if known || info.shift.is_some() || info.edge.is_some() || self.word(at) == "of" || self.word(at) == "for" {
                return true;
            }
            if !info.is(Role::Determiner) && !info.is(Role::NightTo) {
                return false;
            }
        }
        false
    }

    fn season(&self, i: usize, info: Info) -> Option<Found> {
        let season = info.season?;
        let (year, end) = self.year_after(i + 1, false);
        let capital = self.atom(i)?.is_capitalised();
        if self.is_german() && !capital || self.dash(i + 1) && self.glued(i + 1) {
            return None;
        }
        if year.is_none() && !self.introduces(i) {
            return None;
        }
        if info.is(Role::Ambiguous) && year.is_none() {
            return None;
        }
        let period = match (year.or(self.told_year), self.today) {
            (Some(year), _) => Period::season(year, season)?,
            (None, Some(today)) => {
                let candidates = [-1, 0, 1].map(|n| Period::season(today.year() + n, season));
                let ranges = candidates.iter().flatten().filter_map(|p| p.from.zip(p.to));
                Period::season(self.nearest(ranges, i)?.year(), season)?
            }
            (None, None) => Period::unresolved(Unit::Quarter, "XXXX"),
        };
        let start = self.with_determiner(i, year.is_none());
        Some(Found {
            framed: true,
            year_told: year.is_some(),
            ..Found::new(start, end, period)
        })
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

    // -- edges --

    /// `Ende August`, `Anfang der Woche`, `Mitte nächsten Jahres`, `late last year`, `mid-June`.
    fn edge(&self, i: usize, info: Info) -> Option<Found> {
        if let Some((edge, unit)) = info.edge_unit {
            let (year, end) = self.year_after(i + 1, false);
            let period = match (unit, year, self.today) {
                (Unit::Year, Some(year), _) => Period::year(year)?,
                (_, _, Some(today)) => Period::around(today, unit)?,
                _ => Period::unresolved(unit, "XXXX"),
            };
            return Some(Found {
                framed: true,
                ..Found::new(i, end, period.edge(edge, self.today))
            });
        }
        let (edge, mut at) = match info.edge {
            Some(edge) => (edge, i + 1),
            None => match self.vocabulary.phrase(&self.atoms[i..])? {
                (Meaning::Edge(edge), words) => (*edge, i + words),
                _ => return None,
            },
        };
        if self.dash(at) && self.glued(at) {
            at += 1;
        }
        let inner = self.edge_target(at)?;
        let start = if i > 0 && self.is_german() {
            i
        } else {
            self.with_determiner(i, true)
        };
        let period = inner.period.edge(edge, self.today);
        Some(Found {
            framed: true,
            year_told: inner.year_told,
            ..Found::new(start, inner.end, period)
        })
    }

    fn edge_target(&self, i: usize) -> Option<Found> {
        let mut at = i;
        while self.is(at, Role::Determiner) && at < i + 2 {
            at += 1;
        }
        let info = self.info(at);
        let unit = info.unit.filter(|u| *u >= Unit::Week && *u != Unit::Weekend);
        if let Some(unit) = unit.filter(|_| at > i && !info.plural && self.four_digits(at + 1).is_none()) {
            let period = match (unit, self.told_year, self.today) {
                (Unit::Year, Some(year), _) => Period::year(year)?,
                (_, _, Some(today)) => Period::around(today, unit)?,
                _ => return None,
            };
            return Some(Found::new(i, at + 1, period));
        }
        self.shifted(at, info)
            .or_else(|| self.decade(at, info))
            .or_else(|| self.ordinal_unit(at))
            .or_else(|| self.month(at, info))
            .or_else(|| {
                let year = self.four_digits(at).filter(|y| (1800..=2100).contains(y))?;
                Some(Found {
                    year_told: true,
                    ..Found::new(at, at + 1, Period::year(year)?)
                })
            })
            .or_else(|| self.year(at, info))
            .or_else(|| self.relative_unit(at, info))
    }

    // -- relative --

    /// `vergangene Woche`, `nächsten Jahres`, `diesen Mittwoch`, `den letzten drei Jahren`, `am gestrigen Samstag`.
    fn shifted(&self, i: usize, info: Info) -> Option<Found> {
        if let Some(days) = info.day_adjective {
            let next = self.info(i + 1);
            let period = match self.today {
                Some(today) => Period::day(plus_days(today, days)),
                None => Period::unresolved(Unit::Day, "XXXX-XX-XX"),
            };
            if next.weekday.is_some() || next.unit == Some(Unit::Day) {
                let (part, end) = match next.daypart {
                    Some(part) => (Some(part), i + 2),
                    None => self.part_after(i + 2),
                };
                let period = part.map_or(period.clone(), |p| period.at(p));
                return Some(Found {
                    framed: true,
                    ..Found::new(i, end, period)
                });
            }
            if let Some(part) = next.daypart {
                return Some(Found::new(i, i + 2, period.at(part)));
            }
            // "das heutige Russland" means now, "die gestrige Sitzung" means that day.
            let period = if days == 0 { self.vague("PRESENT_REF") } else { period };
            return Some(Found::new(i, i + 1, period));
        }
        let shift = info.shift?;
        let start = self.with_determiner(i, true);
        let mut at = i + 1;
        // "den letzten drei Jahren", "the past few weeks"
        let number = self
            .numbers
            .number_at(&self.atoms, at)
            .filter(|n| !n.article || n.value > 1.0);
        let both = self.numbers.is_both(self.word(at));
        if let Some(number) = number.filter(|n| self.info(n.end).unit.is_some()) {
            return self.shifted_length(start, number.end, shift, Some(number.value));
        }
        if (self.is(at, Role::Several) || both) && self.info(at + 1).unit.is_some() {
            return self.shifted_length(start, at + 1, shift, both.then_some(2.0));
        }
        // One adjective may stand between: "diesem strengen Winter".
        if self.info(at).season.is_none()
            && self.info(at).unit.is_none()
            && self.info(at + 1).season.is_some()
            && self
                .atom(at)
                .is_some_and(|a| a.kind == Kind::Word && !a.is_capitalised())
        {
            at += 1;
        }
        let next = self.info(at);
        if let Some(unit) = next.unit {
            if next.plural || !self.is_german() && self.word(at).ends_with('s') {
                return self.shifted_length(start, at, shift, None);
            }
            return self.shifted_unit(start, at, shift, unit);
        }
        if let Some(number) = next.weekday {
            let (part, end) = match next.daypart {
                Some(part) => (Some(part), at + 1),
                None => self.part_after(at + 1),
            };
            let found = self.weekday(at, number, next)?;
            let is_dated = found.end > end;
            let period = if is_dated {
                found.period
            } else {
                self.shifted_weekday(number, shift, i)?
            };
            let period = if is_dated {
                period
            } else {
                part.map_or(period.clone(), |p| period.at(p))
            };
            return Some(Found {
                framed: true,
                ..Found::new(i, found.end.max(end), period)
            });
        }
        if let Some(part) = next.daypart.filter(|_| shift == Shift::This || shift == Shift::Last) {
            let day = plus_days(self.today?, if shift == Shift::Last { -1 } else { 0 });
            return Some(Found::new(start, at + 1, Period::day(day).at(part)));
        }
        if let Some(month) = next.month.filter(|_| self.atom(at).is_some_and(Atom::is_capitalised)) {
            let period = self.shifted_range(shift, |year| Period::month(year, month))?;
            return Some(Found {
                framed: true,
                ..Found::new(start, at + 1, period)
            });
        }
        if let Some(season) = next.season {
            let period = self.shifted_range(shift, |year| Period::season(year, season))?;
            return Some(Found {
                framed: true,
                ..Found::new(start, at + 1, period)
            });
        }
        None
    }

    /// A month or season last, this or next.
    fn shifted_range(&self, shift: Shift, make: impl Fn(i16) -> Option<Period>) -> Option<Period> {
        let today = self.today?;
        let mut candidates = (-2..=2).filter_map(|n| make(today.year() + n));
        match shift {
            Shift::Last | Shift::Past | Shift::Previous => candidates.filter(|p| p.to < Some(today)).last(),
            Shift::Next | Shift::Following => candidates.find(|p| p.from > Some(today)),
            Shift::This | Shift::Same => make(today.year()),
        }
    }

    fn shifted_weekday(&self, number: i8, shift: Shift, i: usize) -> Option<Period> {
        let today = self.today?;
        let back = i32::from((weekday(today) - number).rem_euclid(7));
        let ahead = i32::from((number - weekday(today)).rem_euclid(7));
        let week = |n: i32| if n == 0 { 7 } else { n };
        Some(match shift {
            Shift::Last | Shift::Past | Shift::Previous => Period::day(plus_days(today, -week(back))),
            Shift::Next => Period::day(plus_days(today, week(ahead))),
            Shift::Following => {
                let day = self.told_day?;
                Period::day(plus_days(day, week(i32::from((number - weekday(day)).rem_euclid(7)))))
            }
            Shift::This => match self.tense(i) {
                Some(Tense::Past) => Period::day(plus_days(today, -back)),
                _ => Period::day(plus_days(today, ahead)),
            },
            Shift::Same => Period::day(self.told_day?),
        })
    }

    /// One unit last, this, next.
    fn shifted_unit(&self, start: usize, at: usize, shift: Shift, unit: Unit) -> Option<Found> {
        let told = self.told_day.or(self.today);
        let (base, by) = match shift {
            // "the past year" is the twelve months up to now.
            Shift::Past => return self.shifted_length(start, at, shift, Some(1.0)),
            Shift::Last => (self.today, -1),
            Shift::This => (self.today, 0),
            Shift::Next => (self.today, 1),
            Shift::Same => (told, 0),
            Shift::Following => (told, 1),
            Shift::Previous => (told, -1),
        };
        let named_year = self.four_digits(at + 1).is_some() && unit == Unit::Year;
        if unit.is_clock() || named_year {
            return None;
        }
        let period = match base {
            Some(base) => self.unit_from(base, by, unit, start)?,
            None => Period::unresolved(unit, "XXXX"),
        };
        Some(Found {
            framed: true,
            year_told: unit == Unit::Year,
            ..Found::new(start, at + 1, period)
        })
    }

    fn unit_from(&self, base: Date, by: i32, unit: Unit, i: usize) -> Option<Period> {
        if unit == Unit::Weekend {
            return Some(match by {
                0 => self.this_weekend(base, i),
                by => Period::weekend(plus_days(base, by * 7)),
            });
        }
        Period::around(plus(base, by, unit), unit)
    }

    /// The weekend of the week of the report where the clause is not past, else the one before.
    fn this_weekend(&self, today: Date, i: usize) -> Period {
        let past = matches!(self.tense(i), Some(Tense::Past) | None);
        let days = if past && weekday(today) < 6 { -7 } else { 0 };
        Period::weekend(plus_days(today, days))
    }

    /// A length that ends or starts now: `den letzten drei Jahren`, `the coming weeks`.
    fn shifted_length(&self, start: usize, unit_at: usize, shift: Shift, amount: Option<f64>) -> Option<Found> {
        let unit = self.info(unit_at).unit?;
        let value = amount.map_or_else(|| "X".to_owned(), shown);
        let mut period = Period::unresolved(unit, unit.duration(&value));
        period.kind = TimeKind::Duration;
        if let (Some(today), Some(amount)) = (self.today, amount.filter(|a| a.fract() == 0.0 && *a < 10_000.0)) {
            let moved = |sign: i32| plus(today, sign * amount as i32, unit);
            match shift {
                Shift::Last | Shift::Past => (period.from, period.to) = (Some(moved(-1)), Some(today)),
                Shift::Next => (period.from, period.to) = (Some(today), Some(moved(1))),
                _ => {}
            }
        }
        Some(Found::new(start, unit_at + 1, period))
    }

    /// `gestern Abend`, `Vorjahr`, `am Wochenende`.
    fn relative(&self, i: usize, info: Info) -> Option<Found> {
        if let Some(days) = info.day {
            // "am Morgen" is a part of the day, "morgen" and "Morgen beginnt" a day.
            let is_part = info.daypart.is_some() && i > 0 && self.atom(i)?.is_capitalised();
            let is_repeated = info.daypart.is_some() && self.before(i).is(Role::Each);
            if !is_part && !is_repeated {
                let period = match self.today {
                    Some(today) => Period::day(plus_days(today, days)),
                    None if days == 0 => Period::unresolved(Unit::Day, "PRESENT_REF"),
                    None => Period::unresolved(Unit::Day, "XXXX-XX-XX"),
                };
                let (part, end) = self.part_after(i + 1);
                let own = (self.word(i) == "tonight").then_some(DayPart("TNI"));
                let period = part.or(own).map_or(period.clone(), |p| period.at(p));
                return Some(Found {
                    framed: true,
                    ..Found::new(i, end, period)
                });
            }
        }
        self.relative_unit(i, info).or_else(|| {
            let is_weekend = info.unit == Some(Unit::Weekend) && !info.plural && self.introduces(i);
            let today = self.today.filter(|_| is_weekend)?;
            Some(Found {
                framed: true,
                ..Found::new(i, i + 1, self.this_weekend(today, i))
            })
        })
    }

    /// `Vorjahr`, `Vortag`, `Folgejahr`.
    fn relative_unit(&self, i: usize, info: Info) -> Option<Found> {
        let (unit, by) = info.relative?;
        // The day before counts from the day told, the year before from the year of the report.
        let base = if unit == Unit::Day {
            self.told_day.or(self.today)
        } else {
            self.today
        };
        let period = match base {
            Some(base) => Period::around(plus(base, by, unit), unit)?,
            None => Period::unresolved(unit, "XXXX"),
        };
        Some(Found {
            framed: true,
            ..Found::new(self.with_determiner(i, true), i + 1, period)
        })
    }

    /// `in der Nacht zum Samstag`: the night before.
    fn night_to(&self, i: usize, info: Info) -> Option<Found> {
        if info.daypart != Some(DayPart("TNI")) || !self.is(i + 1, Role::NightTo) {
            return None;
        }
        let mut at = i + 2;
        while self.is(at, Role::DateArticle) {
            at += 1;
        }
        let next = self.info(at);
        let target = if let Some(days) = next.day {
            Found::new(at, at + 1, Period::day(plus_days(self.today?, days)))
        } else {
            self.dated(at, next).or_else(|| self.shifted(at, next))?
        };
        let day = target.period.from.filter(|_| target.period.unit == Unit::Day)?;
        let night = plus_days(day, -1);
        let period = Period {
            to: Some(day),
            ..Period::day(night).at(DayPart("TNI"))
        };
        Some(Found {
            year_told: target.year_told,
            ..Found::new(self.with_determiner(i, true), target.end, period)
        })
    }

    // -- parts of longer units --

    /// `dritten Quartal 2014`, `19. Jahrhundert`, `first half of 2023`.
    fn ordinal_unit(&self, i: usize) -> Option<Found> {
        let (ordinal, at) = if let Some(n) = self.number(i) {
            let suffixed =
                self.glued(i + 1) && (self.mark(i + 1, '.') || matches!(self.word(i + 1), "st" | "nd" | "rd" | "th"));
            (suffixed.then_some(n)?, i + 2)
        } else {
            (self.numbers.ordinal(self.word(i))?, i + 1)
        };
        let ordinal = i16::try_from(ordinal).ok()?;
        let unit = self.info(at).unit?;
        let start = self.with_determiner(i, true);
        if unit == Unit::Century && (1..=22).contains(&ordinal) {
            return Some(Found {
                framed: true,
                ..Found::new(start, at + 1, Period::century(ordinal)?)
            });
        }
        if !matches!(unit, Unit::Quarter | Unit::HalfYear) {
            return None;
        }
        let mut year_at = at + 1;
        while self.is(year_at, Role::Determiner) || self.word(year_at) == "of" {
            year_at += 1;
        }
        let (told, end) = match self.four_digits(year_at) {
            Some(year) => (Some(year), year_at + 1),
            None => match self.year(year_at, self.info(year_at)) {
                Some(found) => (found.period.from.map(Date::year), found.end),
                None => self.year_after(at + 1, false),
            },
        };
        let year = told.or_else(|| self.today.map(Date::year))?;
        let number = i8::try_from(ordinal).ok()?;
        let make = |year| {
            if unit == Unit::Quarter {
                Period::quarter(year, number)
            } else {
                Period::half_year(year, number)
            }
        };
        // A quarter that lies ahead while the clause is past was last year's.
        let ahead = |p: &Period| p.from > self.today && told.is_none() && self.tense(i) == Some(Tense::Past);
        let period = make(year).and_then(|p| if ahead(&p) { make(year - 1) } else { Some(p) })?;
        Some(Found {
            framed: true,
            year_told: told.is_some(),
            ..Found::new(start, end, period)
        })
    }

    /// `den 90er Jahren`, `1990er-Jahren`, `fünfziger Jahren`, `the 1990s`.
    fn decade(&self, i: usize, info: Info) -> Option<Found> {
        let is_years = |at: usize| self.info(at).unit == Some(Unit::Year);
        let start = self.with_determiner(i, true);
        if let Some(first) = info.decade {
            let complete = self.word(i).contains("jahre") || !self.is_german();
            let end = if complete {
                i + 1
            } else {
                is_years(i + 1).then_some(i + 2)?
            };
            return Some(Found {
                framed: true,
                ..Found::new(start, end, Period::decade(first)?)
            });
        }
        let number = i16::try_from(self.number(i)?).ok().filter(|n| n % 10 == 0)?;
        let first = match self.atom(i)?.text.len() {
            2 => 1900 + number,
            4 => number,
            _ => return None,
        };
        let suffix = i + 1;
        let end = match self.word(suffix) {
            "er" if self.glued(suffix) => {
                let years = if self.dash(suffix + 1) && self.glued(suffix + 1) {
                    suffix + 2
                } else {
                    suffix + 1
                };
                if is_years(years) {
                    years + 1
                } else if start < i || self.introduces(i) {
                    suffix + 1
                } else {
                    return None;
                }
            }
            "erjahre" | "erjahren" if self.glued(suffix) => suffix + 1,
            "s" if self.glued(suffix) && !self.is_german() => suffix + 1,
            _ => return None,
        };
        Some(Found {
            framed: true,
            ..Found::new(start, end, Period::decade(first)?)
        })
    }

    // -- lengths --

    /// `drei Tage`, `rund 200 Stunden`, `zwei bis drei Monaten`, `mehreren Wochen`, `dreitägig`, `14-Tage`.
    fn length(&self, i: usize) -> Option<Found> {
        let mut start = i;
        while start > 0 && self.is(start - 1, Role::About) && !self.taken(start - 1) {
            start -= 1;
        }
        if self.is(i, Role::Several) && self.info(i + 1).unit.is_some() {
            let unit = self.info(i + 1).unit?;
            let start = self.with_determiner(i, self.is(i, Role::Determiner));
            let mut period = Period::unresolved(unit, unit.duration("X"));
            period.kind = TimeKind::Duration;
            return Some(Found::new(start, i + 2, period));
        }
        // "seit Jahren", "vor Wochen", "for years"
        if let Some(unit) = self.info(i).unit.filter(|_| self.info(i).plural) {
            let open = [Role::Since, Role::Ago].iter().any(|&r| self.before(i).is(r)) || self.is(i + 1, Role::AgoAfter);
            let mut period = Period::unresolved(unit, unit.duration("X"));
            period.kind = TimeKind::Duration;
            let end = if self.is(i + 1, Role::AgoAfter) { i + 2 } else { i + 1 };
            return open.then(|| Found::new(i, end, period));
        }
        if let Some((amount, unit)) = self.adjective_of_length(i) {
            return Some(Found::new(i, i + 1, self.length_period(amount, unit)));
        }
        let number = self.numbers.number_at(&self.atoms, i)?;
        if number.indefinite {
            return None;
        }
        let (mut amount, mut at, mut least) = (number.value, number.end, number.value);
        // "zwei bis drei Monaten"
        if (self.is(at, Role::And) || self.dash(at) || self.is(at, Role::Until))
            && let Some(second) = self.numbers.number_at(&self.atoms, at + 1)
            && self.info(second.end).unit.is_some()
            && second.value > amount
        {
            (least, amount, at) = (amount, second.value, second.end);
        }
        // "ein halbes Jahr", "half an hour"
        let half = self.numbers.word(self.word(at)).filter(|v| *v < 1.0 && number.article);
        if let Some(part) = half {
            (amount, least, at) = (part, part, at + 1);
        } else if amount < 1.0 && self.numbers.is_article(self.word(at)) {
            at += 1;
        }
        if self.dash(at) && self.glued(at) && self.glued(at + 1) {
            at += 1;
            // "14-tägig", "one-week", but not "12-year-old"
            let is_age = self.dash(at + 1) && self.is(at + 2, Role::Old);
            if let Some(unit) = self.length_unit(self.word(at)).filter(|_| !is_age) {
                return Some(Found::new(i, at + 1, self.length_period(amount, unit)));
            }
        }
        // One adjective may stand between: "zwei weitere Jahre".
        if self.info(at).unit.is_none()
            && self.info(at + 1).unit.is_some()
            && !number.article
            && self
                .atom(at)
                .is_some_and(|a| a.kind == Kind::Word && !a.is_capitalised() && a.text.len() > 3)
            && self.info(at).shift.is_none()
            && self.info(at).roles_empty()
        {
            at += 1;
        }
        let unit = self.info(at).unit?;
        if number.article && self.info(at).plural {
            return None;
        }
        let mut end = at + 1;
        let is_age = self.is(end, Role::Old) || self.dash(end) && self.is(end + 1, Role::Old);
        // "1. Tag", "am 5. Tag" count days, they do not measure.
        let is_ordinal = self.mark(i + 1, '.') && at > i + 1 && self.number(i).is_some() && number.end == i + 1;
        if is_age || is_ordinal {
            return None;
        }
        let mut period = self.length_period(amount, unit);
        let about = start;
        self.anchor(&mut period, least, amount, unit, about, &mut end);
        if self.is(end, Role::Long) {
            end += 1;
        }
        Some(Found::new(start, end, period))
    }

    fn length_period(&self, amount: f64, unit: Unit) -> Period {
        let value = match (amount, unit) {
            (0.5, Unit::Year) => "P6M".to_owned(),
            (0.5, Unit::Hour) => "PT30M".to_owned(),
            (0.25, Unit::Hour) => "PT15M".to_owned(),
            (0.75, Unit::Hour) => "PT45M".to_owned(),
            _ => unit.duration(&shown(amount)),
        };
        let mut period = Period::unresolved(unit, value);
        period.kind = TimeKind::Duration;
        period
    }

    /// The unit that an adjective of length ends with.
    fn length_unit(&self, lower: &str) -> Option<Unit> {
        let stem = |word: &str| {
            self.vocabulary
                .lengths
                .iter()
                .find(|(suffix, _)| word == suffix.as_str())
                .map(|(_, unit)| *unit)
        };
        stem(lower).or_else(|| stem(strip_ending(lower)))
    }

    /// `dreitägig`: number word and unit in one adjective.
    fn adjective_of_length(&self, i: usize) -> Option<(f64, Unit)> {
        if !self.is_german() {
            return None;
        }
        let stem = strip_ending(self.word(i));
        let (suffix, unit) = self
            .vocabulary
            .lengths
            .iter()
            .find(|(suffix, _)| stem.ends_with(suffix.as_str()))?;
        let amount = self.numbers.word(stem.strip_suffix(suffix.as_str())?)?;
        Some((amount, *unit))
    }

    /// Places a length on the calendar: `vor drei Tagen`, `three days ago`, `seit drei Jahren`, `in zwei Wochen`.
    fn anchor(&self, period: &mut Period, least: f64, most: f64, unit: Unit, start: usize, end: &mut usize) {
        let whole = |n: f64| (n < 100_000.0).then_some(n.round() as i32);
        let (Some(least), Some(most)) = (whole(least), whole(most)) else {
            return;
        };
        let half = period.value == "P6M" && unit == Unit::Year;
        let shift = |date: Date, sign: i32, n: i32| {
            if half {
                plus(date, sign * 6, Unit::Month)
            } else {
                plus(date, sign * n, unit)
            }
        };
        // A year ago means about that month, a month ago about that month, a week ago that week.
        let precision = match unit {
            Unit::Year | Unit::HalfYear | Unit::Quarter | Unit::Month => Unit::Month,
            Unit::Week | Unit::Weekend => Unit::Week,
            Unit::Decade | Unit::Century => Unit::Year,
            _ => Unit::Day,
        };
        let around = |date: Date| Period::around(date, precision);
        let before = self.before(start);
        let past = |base: Option<Date>| {
            let base = base?;
            Some((around(shift(base, -1, most))?.from, around(shift(base, -1, least))?.to))
        };
        let future = |base: Option<Date>| {
            let base = base?;
            Some((around(shift(base, 1, least))?.from, around(shift(base, 1, most))?.to))
        };
        let range = if self.is(*end, Role::AgoAfter) {
            *end += 1;
            past(self.today)
        } else if self.is(*end, Role::Later) {
            let base = self.told_day.or(self.today);
            *end += 1;
            future(base)
        } else if before.is(Role::Ago) {
            past(self.today)
        } else if before.is(Role::Since) {
            self.today.map(|t| (Some(shift(t, -1, most)), Some(t)))
        } else if before.is(Role::Within) && self.tense(start) != Some(Tense::Past) && self.tense(start).is_some() {
            future(self.today)
        } else {
            None
        };
        if let Some((from, to)) = range {
            (period.from, period.to) = (from, to);
        }
    }

    // -- clock --

    /// `15 Uhr`, `15.30 Uhr`, `10 bis 18 Uhr`, `5 p.m.`, `15:00 GMT`.
    fn clock(&self, i: usize) -> Option<Found> {
        if self.glued(i) && i > 0 {
            return None;
        }
        let (hour, minute, after) = self.hour(i)?;
        let (hour, end) = match self.clock_word(after) {
            Some((shift, end)) => (shift.apply(hour)?, end),
            None => {
                // The first of two: "10 bis 18 Uhr".
                let joins = self.is(after, Role::And) || self.is(after, Role::Until) || self.dash(after);
                let at = if joins { after + 1 } else { after };
                let second = self.hour(at).and_then(|(_, _, end)| self.clock_word(end));
                match second {
                    Some((shift, _)) if joins => (shift.apply(hour)?, after),
                    // "um 15:30"
                    _ if minute.is_some() && self.mark(i + 1, ':') && self.before(i).is(Role::HourAt) => (hour, after),
                    _ => return None,
                }
            }
        };
        let minute = minute.unwrap_or(0);
        let clock = format!("T{hour:02}:{minute:02}");
        let day = self.sentence_day.or(self.told_day).or(self.today);
        let mut period = match day {
            Some(day) => Period {
                value: format!("{day}{clock}"),
                ..Period::day(day)
            },
            None => Period::unresolved(Unit::Hour, clock),
        };
        period.kind = TimeKind::Time;
        Some(Found::new(i, end, period))
    }

    /// Hour and minute in digits.
    fn hour(&self, i: usize) -> Option<(u32, Option<u32>, usize)> {
        let hour = self
            .number(i)
            .filter(|h| *h <= 24 && self.atom(i).is_some_and(|a| a.text.len() <= 2))?;
        let mark = self.mark(i + 1, ':') || self.mark(i + 1, '.');
        let minute = self
            .atom(i + 2)
            .filter(|a| a.glued && a.text.len() == 2 && mark && self.glued(i + 1));
        match minute.and_then(Atom::number).filter(|m| *m < 60) {
            Some(minute) => Some((hour, Some(minute), i + 3)),
            None => Some((hour, None, i + 1)),
        }
    }

    /// `Uhr`, `a.m.`, `p.m.`, `GMT`.
    fn clock_word(&self, i: usize) -> Option<(Half, usize)> {
        if self.is(i, Role::Clock) {
            return Some((Half::Full, i + 1));
        }
        if self.word(i) == "o" && matches!(self.atom(i + 1)?.text, "'" | "’") && self.word(i + 2) == "clock" {
            return Some((Half::Full, i + 3));
        }
        let half = match self.word(i) {
            "am" | "a" => Half::Am,
            "pm" | "p" => Half::Pm,
            _ => return None,
        };
        if self.is_german() {
            return None;
        }
        if matches!(self.word(i), "am" | "pm") {
            return Some((half, i + 1));
        }
        let spelled = self.mark(i + 1, '.') && self.word(i + 2) == "m" && self.glued(i + 2);
        spelled.then(|| {
            (
                half,
                if self.mark(i + 3, '.') && self.glued(i + 3) {
                    i + 4
                } else {
                    i + 3
                },
            )
        })
    }

    // -- repeated --

    /// `jeden Montag`, `alle zwei Wochen`, `pro Jahr`, `einmal im Monat`.
    fn repeated(&self, i: usize, info: Info) -> Option<Found> {
        let set = |end: usize, value: String| {
            let mut period = Period::unresolved(Unit::Day, value);
            period.kind = TimeKind::Set;
            Some(Found::new(i, end, period))
        };
        // "einmal im Monat", "twice a week"
        if self.is_german() && self.word(i).ends_with("mal") && self.info(i + 2).unit.is_some_and(|u| u >= Unit::Day) {
            let joins = self.is(i + 1, Role::Within) || self.is(i + 1, Role::Each) || self.is(i + 1, Role::At);
            let unit = self.info(i + 2).unit?;
            return if joins { set(i + 3, unit.duration("1")) } else { None };
        }
        if !info.is(Role::Each) {
            return None;
        }
        let next = self.info(i + 1);
        if let Some(number) = next.weekday {
            let part = next.daypart.map_or("", |p| p.0);
            let end = if part.is_empty() {
                self.part_after(i + 2).1
            } else {
                i + 2
            };
            return set(end, format!("XXXX-WXX-{number}{part}"));
        }
        // "jeden dritten Mittwoch im Monat"
        if self.numbers.ordinal(self.word(i + 1)).is_some() && self.info(i + 2).weekday.is_some() {
            let monthly = self.is(i + 3, Role::Within) && self.info(i + 4).unit == Some(Unit::Month);
            return set(if monthly { i + 5 } else { i + 3 }, "P1M".to_owned());
        }
        if let Some(number) = self
            .numbers
            .number_at(&self.atoms, i + 1)
            .filter(|n| self.info(n.end).unit.is_some())
        {
            let unit = self.info(number.end).unit?;
            return set(number.end + 1, unit.duration(&shown(number.value)));
        }
        if let Some(unit) = next.unit {
            return set(i + 2, unit.duration("1"));
        }
        if self.is(i + 1, Role::Several) && self.info(i + 2).unit.is_some() {
            return set(i + 3, self.info(i + 2).unit?.duration("X"));
        }
        if let Some(part) = next.daypart {
            return set(i + 2, format!("XXXX-XX-XX{}", part.0));
        }
        None
    }

    // -- the rest --

    /// Vague times, sets in one word, days with a name.
    fn phrase(&self, i: usize) -> Option<Found> {
        let (meaning, words) = self.vocabulary.phrase(&self.atoms[i..])?;
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

    /// A part of the day alone: `am Abend`, `in der Nacht`, `in the evening`; it belongs to the day told.
    fn daypart(&self, i: usize, info: Info) -> Option<Found> {
        let part = info.daypart?;
        let is_adverb = self.is_german() && !self.atom(i)?.is_capitalised();
        if is_adverb {
            let is_repeated = self.word(i).ends_with('s') && i > 0 && !self.before(i).is(Role::Clock);
            if !is_repeated || self.before(i).weekday.is_some() || self.before(i).day.is_some() {
                return None;
            }
            let mut period = Period::unresolved(Unit::Day, format!("XXXX-XX-XX{}", part.0));
            period.kind = TimeKind::Set;
            return Some(Found::new(i, i + 1, period));
        }
        if !self.introduces(i) || self.dash(i + 1) && self.glued(i + 1) {
            return None;
        }
        let start = self.with_determiner(i, true);
        let day = self.sentence_day.or(self.told_day).or(self.today);
        let period = match day {
            Some(day) => Period::day(day).at(part),
            None => {
                let mut period = Period::unresolved(Unit::Day, format!("XXXX-XX-XX{}", part.0));
                period.kind = TimeKind::Time;
                period
            }
        };
        Some(Found::new(start, i + 1, period))
    }
}

/// The half of the day that an hour belongs to.
#[derive(Clone, Copy)]
enum Half {
    Full,
    Am,
    Pm,
}

impl Half {
    /// The hour on a 24-hour clock.
    fn apply(self, hour: u32) -> Option<u32> {
        match self {
            Self::Full => Some(hour),
            Self::Am => (1..=12).contains(&hour).then_some(hour % 12),
            Self::Pm => (1..=12).contains(&hour).then_some(hour % 12 + 12),
        }
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

/// A German adjective without its ending.
fn strip_ending(lower: &str) -> &str {
    for ending in ["en", "er", "es", "em", "e"] {
        if let Some(stem) = lower.strip_suffix(ending).filter(|s| s.ends_with("ig")) {
            return stem;
        }
    }
    lower
}

fn days_between(from: Date, to: Date) -> i64 {
    let day = |d: Date| i64::from(d.year()) * 366 + i64::from(d.day_of_year());
    day(to) - day(from)
}
