//! What a table is: named, typed columns with their meaning, and rows that give a cell for each.

use std::borrow::Cow;

/// What a column holds. Any cell may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// A day, ISO 8601.
    Date,
    /// A time in UTC, ISO 8601.
    Time,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it means.
    pub about: &'static str,
}

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// Columns that refer to a column of another table: column, table, column there.
    pub refers: &'static [(&'static str, &'static str, &'static str)],
}

/// A cell; days and times are ISO 8601.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Not known, or there is none.
    Missing,
    /// Text, a day or a time.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
}

impl Cell<'_> {
    /// The cell as text; empty when missing.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Missing => String::new(),
            Self::Text(text) => text.clone().into_owned(),
            Self::Integer(n) => n.to_string(),
            Self::Number(x) => x.to_string(),
            Self::Boolean(b) => b.to_string(),
        }
    }

    /// Days since 1970 of a day.
    #[must_use]
    pub fn days(&self) -> Option<i32> {
        let Self::Text(text) = self else { return None };
        let day: jiff::civil::Date = text.parse().ok()?;
        Some(day.since(jiff::civil::date(1970, 1, 1)).ok()?.get_days())
    }

    /// Milliseconds since 1970 of a time.
    #[must_use]
    pub fn milliseconds(&self) -> Option<i64> {
        let Self::Text(text) = self else { return None };
        text.parse().ok().map(jiff::Timestamp::as_millisecond)
    }

    /// The cell in JSON.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Missing => serde_json::Value::Null,
            Self::Text(text) => text.as_ref().into(),
            Self::Integer(n) => (*n).into(),
            Self::Number(x) => (*x).into(),
            Self::Boolean(b) => (*b).into(),
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}
impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}
impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}
impl From<usize> for Cell<'_> {
    fn from(n: usize) -> Self {
        Self::Integer(i64::try_from(n).unwrap_or(i64::MAX))
    }
}
impl From<u64> for Cell<'_> {
    fn from(n: u64) -> Self {
        Self::Integer(i64::try_from(n).unwrap_or(i64::MAX))
    }
}
impl From<u32> for Cell<'_> {
    fn from(n: u32) -> Self {
        Self::Integer(n.into())
    }
}
impl From<f64> for Cell<'_> {
    fn from(x: f64) -> Self {
        Self::Number(x)
    }
}
impl From<f32> for Cell<'_> {
    /// The double that is written with the same digits: 3.4 stays 3.4.
    fn from(x: f32) -> Self {
        Self::Number(x.to_string().parse().unwrap_or_else(|_| f64::from(x)))
    }
}
impl From<bool> for Cell<'_> {
    fn from(b: bool) -> Self {
        Self::Boolean(b)
    }
}
impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

/// A row of a table.
pub trait Row {
    /// The table.
    const TABLE: Table;
    /// One cell a column.
    fn cells(&self) -> Vec<Cell<'_>>;
}

/// Defines a table and how a row fills it, column by column: `"name" Kind "meaning" = value;`.
#[macro_export]
macro_rules! table {
    (
        $row:ty as $name:literal, $about:literal, refers [$($from:literal => $table:literal . $to:literal),*], |$it:ident| {
            $($column:literal $kind:ident $help:literal = $value:expr;)+
        }
    ) => {
        impl $crate::Row for $row {
            const TABLE: $crate::Table = $crate::Table {
                name: $name,
                about: $about,
                columns: &[$($crate::Column {
                    name: $column,
                    kind: $crate::Kind::$kind,
                    about: $help,
                }),+],
                refers: &[$(($from, $table, $to)),*],
            };

            fn cells(&self) -> Vec<$crate::Cell<'_>> {
                let $it = self;
                vec![$($crate::Cell::from($value)),+]
            }
        }
    };
}
pub(crate) use table;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_count_from_1970() {
        let days = |text: &str| Cell::from(text).days();
        assert_eq!(
            (days("1970-01-02"), days("2024-10-24"), days("1969-12-31")),
            (Some(1), Some(20_020), Some(-1))
        );
        assert_eq!(days("soon"), None);
        assert_eq!(Cell::from("1970-01-01T00:00:01Z").milliseconds(), Some(1000));
        assert_eq!(Cell::from(7_usize).milliseconds(), None);
    }
}
