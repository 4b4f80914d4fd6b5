//! Lengths of time, and times that repeat.

use super::atoms::Kind;
use super::period::{Period, plus};
use super::tense::Tense;
use super::words::{Info, Role, Unit};
use super::{Finder, Found, shown};
use lagebild_core::{Date, TimeKind};

impl Finder<'_> {
    /// `drei Tage`, `rund 200 Stunden`, `zwei bis drei Monaten`, `mehreren Wochen`, `dreitägig`, `14-Tage`.
    pub(super) fn length(&self, i: usize) -> Option<Found> {
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
        // "31 Jahre alt", "12-year-old", "im Alter von 58 Jahren", "zwischen 15 und 17 Jahren alt"
        let is_age = self.is(end, Role::Old)
            || self.dash(end) && self.is(end + 1, Role::Old)
            || (start.saturating_sub(4)..start).any(|j| self.is(j, Role::Age));
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
            // A range tells its days as well as can be told.
            if least != most {
                return Some((Some(shift(base, 1, least)), Some(shift(base, 1, most))));
            }
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

    /// `jeden Montag`, `alle zwei Wochen`, `pro Jahr`, `einmal im Monat`.
    pub(super) fn repeated(&self, i: usize, info: Info) -> Option<Found> {
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
