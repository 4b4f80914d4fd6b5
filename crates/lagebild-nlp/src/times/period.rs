//! Stretches of the calendar with their TIMEX3 values.

use super::words::{DayPart, Edge, Holiday, Season, Unit};
use jiff::ToSpan;
use lagebild_core::{Date, TimeKind};

/// A stretch of the calendar, or what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) kind: TimeKind,
    pub(crate) value: String,
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
    /// How long one of it is; the precision.
    pub(crate) unit: Unit,
}

impl Period {
    fn new(unit: Unit, value: String, range: Option<(Date, Date)>) -> Self {
        Self {
            kind: TimeKind::Date,
            value,
            from: range.map(|r| r.0),
            to: range.map(|r| r.1),
            unit,
        }
    }

    /// A time that the calendar does not tell.
    pub(crate) fn unresolved(unit: Unit, value: impl Into<String>) -> Self {
        Self::new(unit, value.into(), None)
    }

    pub(crate) fn day(date: Date) -> Self {
        Self::new(Unit::Day, date.to_string(), Some((date, date)))
    }

    pub(crate) fn week(date: Date) -> Self {
        let monday = monday_of(date);
        let iso = date.iso_week_date();
        let value = format!("{:04}-W{:02}", iso.year(), iso.week());
        Self::new(Unit::Week, value, Some((monday, plus_days(monday, 6))))
    }

    pub(crate) fn weekend(date: Date) -> Self {
        let monday = monday_of(date);
        let iso = date.iso_week_date();
        let value = format!("{:04}-W{:02}-WE", iso.year(), iso.week());
        Self::new(Unit::Weekend, value, Some((plus_days(monday, 5), plus_days(monday, 6))))
    }

    pub(crate) fn month(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Some(Self::new(
            Unit::Month,
            format!("{year:04}-{month:02}"),
            Some((first, first.last_of_month())),
        ))
    }

    /// The months `first..=last` of a year.
    fn months(year: i16, first: i8, last: i8, unit: Unit, value: String) -> Option<Self> {
        let (from, to) = (
            Date::new(year, first, 1).ok()?,
            Date::new(year, last, 1).ok()?.last_of_month(),
        );
        Some(Self::new(unit, value, Some((from, to))))
    }

    pub(crate) fn quarter(year: i16, quarter: i8) -> Option<Self> {
        (1..=4).contains(&quarter).then_some(())?;
        Self::months(
            year,
            quarter * 3 - 2,
            quarter * 3,
            Unit::Quarter,
            format!("{year:04}-Q{quarter}"),
        )
    }

    pub(crate) fn half_year(year: i16, half: i8) -> Option<Self> {
        (1..=2).contains(&half).then_some(())?;
        Self::months(
            year,
            half * 6 - 5,
            half * 6,
            Unit::HalfYear,
            format!("{year:04}-H{half}"),
        )
    }

    pub(crate) fn year(year: i16) -> Option<Self> {
        Self::months(year, 1, 12, Unit::Year, format!("{year:04}"))
    }

    /// The years from `first` to `last`, told as one (*2012/13*).
    pub(crate) fn years(first: i16, last: i16) -> Option<Self> {
        let (a, b) = (Self::year(first)?, Self::year(last)?);
        Some(Self { to: b.to, ..a })
    }

    /// Ten years, of which `first` is the first.
    pub(crate) fn decade(first: i16) -> Option<Self> {
        let (a, b) = (Self::year(first)?, Self::year(first + 9)?);
        Some(Self {
            value: format!("{:03}", first / 10),
            to: b.to,
            unit: Unit::Decade,
            ..a
        })
    }

    /// The century `number`, as people count them: the 19th has the years 1800 to 1899, as TIMEX3 has it.
    pub(crate) fn century(number: i16) -> Option<Self> {
        let first = (number - 1).checked_mul(100)?;
        let (a, b) = (Self::year(first.max(1))?, Self::year(first + 99)?);
        Some(Self {
            value: format!("{:02}", number - 1),
            to: b.to,
            unit: Unit::Century,
            ..a
        })
    }

    /// A meteorological season; a winter begins in the December of its year.
    pub(crate) fn season(year: i16, season: Season) -> Option<Self> {
        let (code, first) = match season {
            Season::Spring => ("SP", 3),
            Season::Summer => ("SU", 6),
            Season::Autumn => ("FA", 9),
            Season::Winter => ("WI", 12),
        };
        let value = format!("{year:04}-{code}");
        if season == Season::Winter {
            let to = Date::new(year + 1, 2, 1).ok()?.last_of_month();
            return Some(Self::new(
                Unit::Quarter,
                value,
                Some((Date::new(year, 12, 1).ok()?, to)),
            ));
        }
        Self::months(year, first, first + 2, Unit::Quarter, value)
    }

    pub(crate) fn holiday(year: i16, holiday: Holiday) -> Option<Self> {
        Some(Self::day(match holiday {
            Holiday::Fixed(month, day) => Date::new(year, month, day).ok()?,
            Holiday::Easter(days) => plus_days(easter(year)?, days),
        }))
    }

    /// The unit that holds `date`.
    pub(crate) fn around(date: Date, unit: Unit) -> Option<Self> {
        match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => Some(Self::day(date)),
            Unit::Weekend => Some(Self::weekend(date)),
            Unit::Week => Some(Self::week(date)),
            Unit::Month => Self::month(date.year(), date.month()),
            Unit::Quarter => Self::quarter(date.year(), (date.month() - 1) / 3 + 1),
            Unit::HalfYear => Self::half_year(date.year(), (date.month() - 1) / 6 + 1),
            Unit::Year => Self::year(date.year()),
            Unit::Decade => Self::decade(date.year() - date.year().rem_euclid(10)),
            Unit::Century => Self::century(date.year() / 100 + 1),
        }
    }

    /// A part of the day of this period.
    pub(crate) fn at(self, part: DayPart) -> Self {
        Self {
            kind: TimeKind::Time,
            value: self.value + part.0,
            ..self
        }
    }

    /// The beginning, middle or end of it; TIMEX3 leaves the value as it is and marks the edge elsewhere.
    ///
    /// Months are cut at the 10th and 20th, years after April and August, decades after their fourth and seventh year.
    pub(crate) fn edge(self, edge: Edge, today: Option<Date>) -> Self {
        let (Some(from), Some(to)) = (self.from, self.to) else {
            return self;
        };
        let cut = |date: Date, n: i32| match self.unit {
            Unit::Month => plus_days(date.first_of_month(), n * 10),
            Unit::Year => plus(date, n * 4, Unit::Month),
            Unit::Decade => plus(date, n * 3 + i32::from(n > 0), Unit::Year),
            Unit::Century => plus(date, n * 33, Unit::Year),
            Unit::Quarter | Unit::HalfYear => plus(date, n, Unit::Month),
            _ => plus_days(date, n * 2),
        };
        let (from, to) = match edge {
            Edge::Start => (from, plus_days(cut(from, 1), -1)),
            Edge::Mid => (cut(from, 1), plus_days(cut(from, 2), -1)),
            Edge::End => (cut(from, 2), to),
            Edge::Earlier => (from, today.filter(|t| (from..=to).contains(t)).unwrap_or(to)),
            Edge::Later => (today.filter(|t| (from..=to).contains(t)).unwrap_or(from), to),
        };
        Self {
            from: Some(from.min(to)),
            to: Some(to),
            ..self
        }
    }
}

/// `date` moved by `amount` units; it stays where the calendar ends.
pub(crate) fn plus(date: Date, amount: i32, unit: Unit) -> Date {
    let amount = i64::from(amount).clamp(-9_000_000, 9_000_000);
    let months = |n: i64| date.saturating_add(n.clamp(-200_000, 200_000).months());
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour => date,
        Unit::Day => date.saturating_add(amount.clamp(-7_000_000, 7_000_000).days()),
        Unit::Weekend | Unit::Week => date.saturating_add(amount.clamp(-1_000_000, 1_000_000).weeks()),
        Unit::Month => months(amount),
        Unit::Quarter => months(amount * 3),
        Unit::HalfYear => months(amount * 6),
        Unit::Year => months(amount * 12),
        Unit::Decade => months(amount * 120),
        Unit::Century => months(amount * 1200),
    }
}

/// `date` moved by so many days.
pub(crate) fn plus_days(date: Date, days: i32) -> Date {
    plus(date, days, Unit::Day)
}

/// ISO number of the day of the week, Monday 1.
pub(crate) fn weekday(date: Date) -> i8 {
    date.weekday().to_monday_one_offset()
}

fn monday_of(date: Date) -> Date {
    plus_days(date, 1 - i32::from(weekday(date)))
}

/// Easter Sunday (Gregorian), by the algorithm of Meeus, Jones and Butcher.
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn periods() {
        let shown = |p: Option<Period>| {
            let p = p.unwrap();
            format!("{} {} {}", p.value, p.from.unwrap(), p.to.unwrap())
        };
        assert_eq!(shown(Period::month(2024, 2)), "2024-02 2024-02-01 2024-02-29");
        assert_eq!(shown(Period::quarter(2014, 3)), "2014-Q3 2014-07-01 2014-09-30");
        assert_eq!(shown(Period::decade(1990)), "199 1990-01-01 1999-12-31");
        assert_eq!(shown(Period::century(19)), "18 1800-01-01 1899-12-31");
        assert_eq!(
            shown(Period::season(2014, Season::Winter)),
            "2014-WI 2014-12-01 2015-02-28"
        );
        assert_eq!(
            shown(Some(Period::week(date("2008-06-12")))),
            "2008-W24 2008-06-09 2008-06-15"
        );
        assert_eq!(
            shown(Some(Period::weekend(date("2014-02-18")))),
            "2014-W08-WE 2014-02-22 2014-02-23"
        );
    }

    #[test]
    fn edges() {
        let shown = |p: Option<Period>, edge| {
            let p = p.unwrap().edge(edge, Some(date("2018-10-01")));
            format!("{} {}", p.from.unwrap(), p.to.unwrap())
        };
        assert_eq!(shown(Period::month(2012, 7), Edge::End), "2012-07-21 2012-07-31");
        assert_eq!(shown(Period::month(2001, 8), Edge::Start), "2001-08-01 2001-08-10");
        assert_eq!(shown(Period::decade(1990), Edge::Start), "1990-01-01 1993-12-31");
        assert_eq!(shown(Period::year(2018), Edge::Earlier), "2018-01-01 2018-10-01");
        assert_eq!(shown(Period::year(2018), Edge::Later), "2018-10-01 2018-12-31");
    }

    #[test]
    fn easter_sundays() {
        for (year, expected) in [
            (1995, "1995-04-16"),
            (2024, "2024-03-31"),
            (2025, "2025-04-20"),
            (2038, "2038-04-25"),
        ] {
            assert_eq!(easter(year), Some(date(expected)));
        }
    }
}
