//! Times of the clock.

use super::atoms::Atom;
use super::period::Period;
use super::words::{Role, Unit};
use super::{Finder, Found};
use lagebild_core::TimeKind;

impl Finder<'_> {
    /// `15 Uhr`, `15.30 Uhr`, `10 bis 18 Uhr`, `5 p.m.`, `15:00 GMT`.
    pub(super) fn clock(&self, i: usize) -> Option<Found> {
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
