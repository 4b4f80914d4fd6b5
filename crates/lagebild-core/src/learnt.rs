//! What reports teach of persons whom no table knows: who is introduced with office and state, and what is known of him from
//! that when another report names him without either.

use crate::codebook::Sector;
use crate::wire::{EntityRecord, LearntRecord, Record};
use crate::{Date, Span};
use std::collections::HashMap;
use std::sync::Arc;

/// A person introduced in a report by an office or calling with its owner: *der sudanesische Außenminister Ali Yusuf*, *Ali Yusuf,
/// Sprecher der RSF*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction {
    /// Entity id, made from the full name.
    pub id: Arc<str>,
    /// The full name.
    pub name: Arc<str>,
    /// ISO 3166-1 alpha-3 of the state acted for.
    pub country: Option<Arc<str>>,
    /// Key of the organisation acted for, without `org:`.
    pub org: Option<Arc<str>>,
    /// PLOVER sectors.
    pub roles: Vec<Sector>,
    /// He holds an office or acts for an organisation, which ends; a calling with a nation does not (*der deutsche Dichter*).
    pub office: bool,
    /// The words that say so, the name included or beside them.
    pub words: Span,
    /// The sentence.
    pub mention: Span,
    /// The tables know the person, and have this state or organisation for him: nothing is learnt, but they may be behind.
    pub tables: Option<Arc<str>>,
}

/// What earlier reports taught of a person, for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taught {
    /// First day on which it is used.
    pub since: Date,
    /// Last day on which it is used; none when it does not end.
    pub until: Option<Date>,
    /// ISO 3166-1 alpha-3 of the state acted for.
    pub country: Option<Arc<str>>,
    /// Key of the organisation acted for, without `org:`.
    pub org: Option<Arc<str>>,
    /// PLOVER sectors.
    pub roles: Vec<Sector>,
    /// How many reports taught it, copies counted once.
    pub reports: u32,
    /// Day of the first of them.
    pub first: Date,
    /// Day of the last.
    pub last: Date,
}

/// What is known of persons from earlier reports, by the ids of their entities: a state of knowledge, never changed while it is
/// read with.
#[derive(Clone, Debug, Default)]
pub struct Learnt {
    persons: HashMap<Arc<str>, Vec<Arc<Taught>>>,
}

impl Learnt {
    /// Nobody is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// How many persons are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.persons.len()
    }

    /// Adds something known of the person `id`.
    pub fn add(&mut self, id: &str, taught: Taught) {
        self.persons.entry(id.into()).or_default().push(Arc::new(taught));
    }

    /// What is known of the person `id` on a day; of several things the one that was told nearest to it.
    #[must_use]
    pub fn on(&self, id: &str, day: Date) -> Option<&Arc<Taught>> {
        let holds = |t: &&Arc<Taught>| t.since <= day && t.until.is_none_or(|until| day <= until);
        let days = |a: Date, b: Date| (a - b).get_days().max(0);
        let away = |t: &Taught| days(t.first, day).max(days(day, t.last));
        let taught = self.persons.get(id)?.iter().filter(holds);
        taught.min_by_key(|t| (away(t), std::cmp::Reverse(t.last)))
    }

    /// What a reading was made with, as far as it used any of it: reading the report again with this gives the same.
    #[must_use]
    pub fn used_by(record: &Record) -> Self {
        let mut learnt = Self::default();
        for EntityRecord { id, learnt: from, .. } in &record.entities {
            if let Some(taught) = from.as_ref().and_then(LearntRecord::taught) {
                learnt.add(id, taught);
            }
        }
        learnt
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn taught(country: &str, first: Date, last: Date) -> Taught {
        Taught {
            since: date(first.year() - 2, 1, 1),
            until: Some(date(last.year() + 2, 12, 31)),
            country: Some(country.into()),
            org: None,
            roles: vec![Sector::Gov],
            reports: 2,
            first,
            last,
        }
    }

    #[test]
    fn what_was_told_nearest_to_a_day_holds_on_it() {
        let mut learnt = Learnt::default();
        learnt.add("person:a-b", taught("SDN", date(2010, 3, 1), date(2011, 3, 1)));
        learnt.add("person:a-b", taught("TCD", date(2014, 3, 1), date(2014, 5, 1)));
        let on = |day| learnt.on("person:a-b", day).and_then(|t| t.country.as_deref());
        assert_eq!(on(date(2010, 9, 1)), Some("SDN"));
        assert_eq!(on(date(2012, 7, 1)), Some("SDN"), "nearer to 2011 than to 2014");
        assert_eq!(on(date(2013, 7, 1)), Some("TCD"));
        assert_eq!(on(date(2007, 7, 1)), None);
        assert_eq!(on(date(2018, 7, 1)), None);
        assert_eq!(learnt.on("person:c-d", date(2010, 9, 1)), None);
    }
}
