//! Times as feeds write them.

use crate::dates::find_date;
use jiff::Timestamp;
use jiff::fmt::{rfc2822, temporal};
use lagebild_core::Date;

/// A time that a publisher claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day as written, in the publisher's own time zone.
    pub day: Date,
    /// The instant, where time and zone are given.
    pub at: Option<Timestamp>,
}

impl Moment {
    /// Reads RFC 822 and 2822 (`Thu, 24 Oct 2024 18:30:00 +0200`), RFC 3339 (`2024-10-24T18:30:00+02:00`), and the day
    /// of any other form that [`find_date`](crate::find_date) knows.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        // Weekdays are often wrong, and no reason to lose the date.
        const MAIL: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
        if let Ok(zoned) = MAIL.parse_zoned_datetime(text) {
            return Some(Self {
                day: zoned.date(),
                at: Some(zoned.timestamp()),
            });
        }
        let (range, day) = find_date(text)?;
        const ISO: temporal::DateTimeParser = temporal::DateTimeParser::new();
        let at = ISO.parse_timestamp(text).ok().filter(|_| range.start == 0);
        Some(Self { day, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let day = Date::new(2024, 10, 24).unwrap();
        let at: Timestamp = "2024-10-24T16:30:00Z".parse().unwrap();
        for text in [
            "Thu, 24 Oct 2024 18:30:00 +0200",
            "Wed, 24 Oct 2024 16:30:00 GMT",
            "24 Oct 2024 12:30:00 EDT",
            "2024-10-24T18:30:00+02:00",
            "2024-10-24T16:30:00Z",
        ] {
            assert_eq!(Moment::parse(text), Some(Moment { day, at: Some(at) }), "{text}");
        }
        for text in ["24. Oktober 2024", "2024-10-24", "Do, 24 Okt 2024 18:30:00 MESZ"] {
            assert_eq!(Moment::parse(text), Some(Moment { day, at: None }), "{text}");
        }
        assert_eq!(Moment::parse("gestern"), None);
    }
}
