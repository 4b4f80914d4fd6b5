//! Dates of publication as date lines, front matter and page metadata write them.
//!
//! Only absolute dates with day, month and year; expressions inside the report are the business of the language engine.

use lagebild_core::Date;
use regex::Regex;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Month and weekday names of one language.
#[derive(serde::Deserialize)]
struct Calendar {
    months: HashMap<String, Vec<String>>,
    weekdays: HashMap<String, Vec<String>>,
}

/// Names of all languages read.
struct Names {
    months: HashMap<String, i8>,
    weekdays: Vec<String>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names {
        months: HashMap::new(),
        weekdays: Vec::new(),
    };
    for source in [
        include_str!("../../../data/lang/de/calendar.toml"),
        include_str!("../../../data/lang/en/calendar.toml"),
    ] {
        let calendar: Calendar = toml::from_str(source).expect("built-in data is checked by a test");
        for (number, forms) in calendar.months {
            if let Ok(number) = number.parse() {
                names.months.extend(forms.into_iter().map(|form| (form, number)));
            }
        }
        names.weekdays.extend(calendar.weekdays.into_values().flatten());
    }
    names
});

/// Whether `word` (without final dot) names a day of the week.
pub(crate) fn is_weekday(word: &str) -> bool {
    let word = word.to_lowercase();
    NAMES.weekdays.contains(&word)
}

/// Whether `word` (without final dot) names a month.
pub(crate) fn is_month(word: &str) -> bool {
    NAMES.months.contains_key(&word.to_lowercase())
}

macro_rules! pattern {
    ($name:ident, $pattern:literal) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("fixed pattern"));
    };
}

// ASCII classes throughout: Unicode ones cost milliseconds to compile, and dates have none of their members.
pattern!(
    ISO,
    r"(?-u:\b)(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})(?:[T ][0-9]{2}:[0-9]{2}[0-9:.]*(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
);
pattern!(
    DOTTED,
    r"(?-u:\b)(?P<d>[0-9]{1,2})\.[ \u{a0}]?(?P<m>[0-9]{1,2})\.[ \u{a0}]?(?P<y>[0-9]{4}|[0-9]{2})(?-u:\b)"
);
pattern!(
    DASHED,
    r"(?-u:\b)(?P<d>[0-9]{1,2})-(?P<m>[0-9]{1,2})-(?P<y>(?:19|20)[0-9]{2})(?-u:\b)"
);
pattern!(
    SLASHED,
    r"(?-u:\b)(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})(?-u:\b)"
);
pattern!(
    DAY_FIRST,
    r"(?-u:\b)(?P<d>[0-9]{1,2})(?:\.|st|nd|rd|th)?[ \u{a0}\t]+(?:of +)?(?P<n>[A-Za-zÄÖÜäöü]{3,9})\.?,?[ \u{a0}\t]+(?P<y>[0-9]{4})(?-u:\b)"
);
pattern!(
    MONTH_FIRST,
    r"(?-u:\b)(?P<n>[A-Za-zÄÖÜäöü]{3,9})\.?[ \u{a0}\t]+(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?,?[ \u{a0}\t]+(?P<y>[0-9]{4})(?-u:\b)"
);

/// The first date in `text` and where it stands.
///
/// `10/24/2024` is read as month, day, year, and as day, month, year only where the first cannot be a month.
#[must_use]
pub fn find_date(text: &str) -> Option<(Range<usize>, Date)> {
    let mut best: Option<(Range<usize>, Date)> = None;
    for pattern in [&ISO, &DOTTED, &DASHED, &SLASHED, &DAY_FIRST, &MONTH_FIRST] {
        for found in pattern.captures_iter(text) {
            let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<i16>().ok());
            let named = found
                .name("n")
                .and_then(|n| NAMES.months.get(&n.as_str().to_lowercase()).copied());
            let (Some(year), Some(day)) = (number("y"), number("d")) else {
                continue;
            };
            let Some(month) = named.map(i16::from).or_else(|| number("m")) else {
                continue;
            };
            // 0001-01-01 is what programs write where they know no day, not one of 2001.
            let is_short = found.name("y").is_some_and(|y| y.len() == 2);
            let year = match year {
                _ if !is_short => year,
                0..70 => 2000 + year,
                _ => 1900 + year,
            };
            let date = civil(year, month, day).or_else(|| civil(year, day, month).filter(|_| is_slashed(&found)));
            let (Some(date), Some(whole)) = (date, found.get(0)) else {
                continue;
            };
            if best.as_ref().is_none_or(|(range, _)| whole.start() < range.start) {
                best = Some((whole.range(), date));
            }
            break;
        }
    }
    best
}

fn is_slashed(found: &regex::Captures<'_>) -> bool {
    found
        .get(0)
        .is_some_and(|m| m.as_str().contains('/') && !m.as_str().starts_with(&found["y"]))
}

fn civil(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A date in a metadata field: ISO 8601 with or without time, or any form that [`find_date`] knows.
#[must_use]
pub fn parse_date(value: &str) -> Option<Date> {
    find_date(value).map(|(_, date)| date)
}

/// Days that programs write where they know none: the first of Unix and those west of Greenwich, of spreadsheets, of old computers.
const PLACEHOLDERS: [(i16, i8, i8); 6] = [
    (1970, 1, 1),
    (1969, 12, 31),
    (1899, 12, 30),
    (1899, 12, 31),
    (1900, 1, 1),
    (1904, 1, 1),
];
/// The year of the first newspaper.
const FIRST_YEAR: i16 = 1605;
/// A clock that stands before this year has never been set.
const SET: i16 = 2024;

/// Whether a report that was read on the day `read_on` can have been published on `day`. One day later may be another time zone.
#[must_use]
pub fn is_credible(day: Date, read_on: Option<Date>) -> bool {
    let is_future = read_on
        .filter(|today| today.year() >= SET)
        .and_then(|today| today.tomorrow().ok())
        .is_some_and(|latest| day > latest);
    !is_future && day.year() >= FIRST_YEAR && !PLACEHOLDERS.contains(&(day.year(), day.month(), day.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_forms() {
        let expected = Date::new(2024, 10, 24).unwrap();
        for text in [
            "24. Oktober, 2024",
            "Moskau, 24. Oktober 2024",
            "2024-10-24",
            "[2024.10.24.]",
            "2024-10-24T18:30:00+02:00",
            "Stand: 24.10.2024, 18:30 Uhr",
            "24.10.24",
            "24. 10. 2024",
            "24 October 2024",
            "24th of October 2024",
            "October 24, 2024",
            "Oct. 24, 2024",
            "Thursday, Oct 24th, 2024 6:30 p.m.",
            "10/24/2024",
            "24/10/2024",
            "24-10-2024 News Release 10/26",
            "24. Okt. 2024",
        ] {
            assert_eq!(parse_date(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "24. Oktober",
            "im Oktober 2024",
            "99.99.2024",
            "2024-13-45",
            "Version 1.2.3",
            "am 30. Februar 2024",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn days_that_no_report_can_have() {
        let day = |text: &str| parse_date(text).unwrap();
        let read_on = Some(day("2025-03-10"));
        assert!(is_credible(day("2025-03-10"), read_on) && is_credible(day("2025-03-11"), read_on));
        assert!(!is_credible(day("2025-03-12"), read_on) && !is_credible(day("2052-03-10"), read_on));
        assert!(is_credible(day("2052-03-10"), None));
        // A clock that was never set tells nothing.
        assert!(is_credible(day("2025-03-12"), Some(day("1970-01-02"))));
        assert!(!is_credible(day("1970-01-01"), read_on) && !is_credible(day("0001-01-01"), None));
        assert!(is_credible(day("1848-03-19"), read_on), "archives have old papers");
    }

    #[test]
    fn calendar_is_complete() {
        for month in 1..=12 {
            assert!(NAMES.months.values().filter(|&&m| m == month).count() >= 2);
        }
        assert!(is_weekday("Sonnabend") && is_weekday("Tuesday") && is_month("Jänner"));
    }
}
