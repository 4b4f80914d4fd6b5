//! What an adjective places: *vergangene Woche*, *next year*, *den letzten drei Jahren*, *Vorjahr*.

use super::atoms::{Atom, Kind};
use super::period::{Period, plus, plus_days, weekday};
use super::tense::Tense;
use super::words::{Info, Role, Shift, Unit};
use super::{Finder, Found, shown};
use lagebild_core::{Date, TimeKind};

impl Finder<'_> {
    /// `vergangene Woche`, `nächsten Jahres`, `diesen Mittwoch`, `den letzten drei Jahren`, `am gestrigen Samstag`.
    pub(super) fn shifted(&self, i: usize, info: Info) -> Option<Found> {
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
            // "the next day" follows the day told; "the last day" of something is not yesterday.
            Shift::Next if unit == Unit::Day => (told, 1),
            Shift::This if unit == Unit::Day => (told, 0),
            Shift::Last if unit == Unit::Day => return None,
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
    pub(super) fn this_weekend(&self, today: Date, i: usize) -> Period {
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

    /// `Vorjahr`, `Vortag`, `Folgejahr`.
    pub(super) fn relative_unit(&self, i: usize, info: Info) -> Option<Found> {
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
}
