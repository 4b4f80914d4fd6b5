//! Days: dates, days of the week, *gestern*, nights and other parts of the day.

use super::period::{Period, plus_days, weekday};
use super::tense::Tense;
use super::words::{DayPart, Info, Role, Unit};
use super::{Finder, Found};
use lagebild_core::{Date, TimeKind};

impl Finder<'_> {
    /// A date with day and month, with or without its day of the week; a day of the week; a day beside such a date.
    pub(super) fn dated(&self, i: usize, info: Info) -> Option<Found> {
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
    pub(super) fn weekday(&self, i: usize, number: i8, info: Info) -> Option<Found> {
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
    pub(super) fn part_after(&self, at: usize) -> (Option<DayPart>, usize) {
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
            Some(Tense::Future | Tense::Present) => plus_days(today, ahead),
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
    pub(super) fn nearest(&self, candidates: impl Iterator<Item = (Date, Date)> + Clone, i: usize) -> Option<Date> {
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

    /// `gestern Abend`, `Vorjahr`, `am Wochenende`.
    pub(super) fn relative(&self, i: usize, info: Info) -> Option<Found> {
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

    /// `in der Nacht zum Samstag`: the night before.
    pub(super) fn night_to(&self, i: usize, info: Info) -> Option<Found> {
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

    /// A part of the day alone: `am Abend`, `in der Nacht`, `in the evening`; it belongs to the day told.
    pub(super) fn daypart(&self, i: usize, info: Info) -> Option<Found> {
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

fn days_between(from: Date, to: Date) -> i64 {
    let day = |d: Date| i64::from(d.year()) * 366 + i64::from(d.day_of_year());
    day(to) - day(from)
}
