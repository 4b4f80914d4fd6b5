//! The filters that all lists share, spelled the same in command-line flags and in query strings.
//!
//! `key=value` pairs make a [`Filter`]; [`Filter::pairs`] gives them back. Within a value, commas separate
//! alternatives: `type=AID,ASSAULT` is either. A key given twice is either for fields with one value (`type`, `status`),
//! and both for parties: `country=RUS` with `country=PRK` asks for what involves the two.

use jiff::Timestamp;
use jiff::tz::Offset;
use lagebild_core::codebook::{AgreementKind, Certainty, EventType, Mode, Quad, Stance, Status, Step};
use lagebild_core::{Date, Lang};

/// A list of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named for what they list")]
pub enum List {
    Documents,
    Events,
    Claims,
    Agreements,
    Actors,
}

impl List {
    /// Its name in commands and URLs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Events => "events",
            Self::Claims => "claims",
            Self::Agreements => "agreements",
            Self::Actors => "actors",
        }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Latest day first; for actors, the most frequent first. A search sorts by relevance unless told otherwise.
    #[default]
    Default,
    /// Latest day first.
    Newest,
    /// Earliest day first.
    Oldest,
    /// Last added first.
    Added,
    /// By name (actors), headline (documents) or type (events).
    Name,
}

impl Sort {
    pub(crate) const ALL: &'static [(&'static str, Self)] = &[
        ("newest", Self::Newest),
        ("oldest", Self::Oldest),
        ("added", Self::Added),
        ("name", Self::Name),
    ];

    /// Its name in filters; nothing for the one that lists have of themselves.
    pub(crate) fn name(self) -> Option<&'static str> {
        Self::ALL.iter().find(|s| s.1 == self).map(|s| s.0)
    }
}

/// Alternatives, one of which has to hold.
pub type AnyOf<T> = Vec<T>;

/// What to list. An empty field asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Event types.
    pub types: AnyOf<EventType>,
    /// Event modes.
    pub modes: AnyOf<Mode>,
    /// Quad classes.
    pub quads: AnyOf<Quad>,
    /// Event statuses.
    pub statuses: AnyOf<Status>,
    /// Event certainties.
    pub certainties: AnyOf<Certainty>,
    /// Who acts: each group has to be met. In claims, who says it; in agreements, a party.
    pub actors: Vec<AnyOf<String>>,
    /// Who is acted upon: each group has to be met. In claims, to whom it is said.
    pub recipients: Vec<AnyOf<String>>,
    /// States on either side, ISO 3166-1 alpha-3 in capitals: each group has to be met.
    pub countries: Vec<AnyOf<String>>,
    /// Where: a state by its code, with all that lies in it, or a place by its name.
    pub places: AnyOf<String>,
    /// Stances of claims.
    pub stances: AnyOf<Stance>,
    /// Kinds of agreements.
    pub kinds: AnyOf<AgreementKind>,
    /// Steps that an agreement took.
    pub steps: AnyOf<Step>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Parts of source names.
    pub sources: AnyOf<String>,
    /// Languages.
    pub langs: AnyOf<Lang>,
    /// Reports that came into the store at this time or later.
    pub added: Option<Timestamp>,
    /// Document ids.
    pub documents: AnyOf<String>,
    /// Full-text query.
    pub q: Option<String>,
    /// Order.
    pub sort: Sort,
    /// At most so many rows; `None` for all.
    pub limit: Option<usize>,
    /// Leave out so many rows first.
    pub offset: usize,
}

/// A filter that cannot be understood or does not fit the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// No filter has this name.
    #[error("unknown filter {key:?}")]
    UnknownKey {
        /// As given.
        key: String,
    },
    /// The value is none of those that the filter takes.
    #[error("{key} cannot be {value:?}")]
    UnknownValue {
        /// The filter.
        key: &'static str,
        /// As given.
        value: String,
    },
    /// The list has nothing that the filter speaks of.
    #[error("{list} cannot be filtered by {key}")]
    NotFor {
        /// The filter.
        key: &'static str,
        /// The list.
        list: &'static str,
    },
    /// The place to go on from is none of this list in this order.
    #[error("the list cannot go on from {value:?}")]
    Cursor {
        /// As given.
        value: String,
    },
    /// The full-text query cannot be understood.
    #[error("the search {query:?} cannot be understood: {why}")]
    Query {
        /// As given.
        query: String,
        /// Why.
        why: &'static str,
    },
}

impl FilterError {
    /// What would be understood.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { key } => {
                let names: Vec<&str> = KEYS.iter().map(|k| k.name).collect();
                Some(match nearest(key, &names) {
                    Some(name) => format!("did you mean {name}?"),
                    None => format!("filters are {}", names.join(", ")),
                })
            }
            Self::UnknownValue { key, value } => {
                let key = KEYS.iter().find(|k| k.name == *key)?;
                let values = (key.values)();
                match nearest(value, &values) {
                    Some(near) => Some(format!("did you mean {near}?")),
                    None if values.is_empty() => Some(format!("{} is {}", key.name, key.help)),
                    None => Some(format!("{} is one of {}", key.name, values.join(", "))),
                }
            }
            Self::NotFor { list, .. } => {
                let fit: Vec<&str> = KEYS
                    .iter()
                    .filter(|k| k.lists.iter().any(|l| l.name() == *list))
                    .map(|k| k.name)
                    .collect();
                Some(format!("{list} take {}", fit.join(", ")))
            }
            Self::Cursor { .. } => Some(
                "give `next` of the part before, and the filters and the order that it was asked for with".to_owned(),
            ),
            Self::Query { .. } => Some(crate::search::SYNTAX.to_owned()),
        }
    }
}

/// The candidate that differs from `given` by a slip: case, a missing, doubled or wrong letter or two.
pub(crate) fn nearest<'a>(given: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let given = given.to_lowercase();
    candidates
        .iter()
        .map(|&c| (distance(&given, &c.to_lowercase()), c))
        .min()
        .filter(|(d, c)| *d <= 2 && *d < c.chars().count())
        .map(|(_, c)| c)
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, &y) in b.iter().enumerate() {
            let here = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], here);
        }
    }
    row[b.len()]
}

/// A filter as users see it.
pub struct Key {
    /// Its name in flags and query strings.
    pub name: &'static str,
    /// What its value is, in a few words.
    pub help: &'static str,
    /// The lists that it fits.
    pub lists: &'static [List],
    /// The values it takes, empty when they are open.
    pub values: fn() -> Vec<&'static str>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("name", &self.name).finish_non_exhaustive()
    }
}

macro_rules! spellings {
    ($type:ty) => {
        || <$type>::ALL.iter().map(|v| v.as_str()).collect()
    };
}

const NONE: fn() -> Vec<&'static str> = Vec::new;
const ALL_LISTS: &[List] = &[
    List::Documents,
    List::Events,
    List::Claims,
    List::Agreements,
    List::Actors,
];
const EVENTFUL: &[List] = &[List::Documents, List::Events, List::Claims, List::Actors];

/// All filters, in the order in which help and forms show them.
pub const KEYS: &[Key] = &[
    Key {
        name: "type",
        help: "the type of event",
        lists: EVENTFUL,
        values: spellings!(EventType),
    },
    Key {
        name: "mode",
        help: "the mode of event",
        lists: EVENTFUL,
        values: spellings!(Mode),
    },
    Key {
        name: "quad",
        help: "the class of event types",
        lists: EVENTFUL,
        values: spellings!(Quad),
    },
    Key {
        name: "actor",
        help: "who acts, says it or is party: country code, code, id or name",
        lists: ALL_LISTS,
        values: NONE,
    },
    Key {
        name: "recipient",
        help: "to whom: country code, code, id or name",
        lists: EVENTFUL,
        values: NONE,
    },
    Key {
        name: "country",
        help: "a state on either side, by its three letters (ISO 3166-1), such as RUS",
        lists: ALL_LISTS,
        values: NONE,
    },
    Key {
        name: "place",
        help: "where: a place by its name, or a state by its three letters with all that lies in it",
        lists: EVENTFUL,
        values: NONE,
    },
    Key {
        name: "status",
        help: "whether the act is real",
        lists: EVENTFUL,
        values: spellings!(Status),
    },
    Key {
        name: "certainty",
        help: "how sure that is",
        lists: EVENTFUL,
        values: spellings!(Certainty),
    },
    Key {
        name: "stance",
        help: "how it is said",
        lists: &[List::Documents, List::Claims],
        values: spellings!(Stance),
    },
    Key {
        name: "kind",
        help: "the kind of agreement",
        lists: &[List::Documents, List::Agreements],
        values: spellings!(AgreementKind),
    },
    Key {
        name: "step",
        help: "a step that the agreement took",
        lists: &[List::Documents, List::Agreements],
        values: spellings!(Step),
    },
    Key {
        name: "from",
        help: "the first day: YYYY-MM-DD, YYYY-MM or YYYY",
        lists: ALL_LISTS,
        values: NONE,
    },
    Key {
        name: "to",
        help: "the last day: YYYY-MM-DD, YYYY-MM or YYYY",
        lists: ALL_LISTS,
        values: NONE,
    },
    Key {
        name: "source",
        help: "a part of the source's name",
        lists: ALL_LISTS,
        values: NONE,
    },
    Key {
        name: "lang",
        help: "the language of the report",
        lists: ALL_LISTS,
        values: || vec!["de", "en"],
    },
    Key {
        name: "added",
        help: "reports that came into the store since: YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ",
        lists: ALL_LISTS,
        values: NONE,
    },
    Key {
        name: "doc",
        help: "the id of the report",
        lists: ALL_LISTS,
        values: NONE,
    },
    Key {
        name: "q",
        help: "words of the report, as in a search",
        lists: ALL_LISTS,
        values: NONE,
    },
    Key {
        name: "sort",
        help: "the order",
        lists: ALL_LISTS,
        values: || Sort::ALL.iter().map(|s| s.0).collect(),
    },
    Key {
        name: "limit",
        help: "the highest number of rows, or \"all\"",
        lists: ALL_LISTS,
        values: NONE,
    },
    Key {
        name: "offset",
        help: "the number of rows to leave out first",
        lists: ALL_LISTS,
        values: NONE,
    },
];

impl Filter {
    /// Reads pairs as they come from a query string or from flags. Empty values ask for nothing.
    ///
    /// # Errors
    /// When a key or a value is not known.
    pub fn from_pairs<K: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        for (key, value) in pairs {
            filter.set(key.as_ref(), value.as_ref())?;
        }
        Ok(filter)
    }

    /// Adds one pair.
    ///
    /// # Errors
    /// When the key or the value is not known.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), FilterError> {
        let Some(known) = KEYS.iter().find(|k| k.name == key) else {
            return Err(FilterError::UnknownKey { key: key.to_owned() });
        };
        let (key, value) = (known.name, value.trim());
        if value.is_empty() {
            return Ok(());
        }
        let unknown = || FilterError::UnknownValue {
            key,
            value: value.to_owned(),
        };
        let group = || -> AnyOf<String> { split(value).map(str::to_owned).collect() };
        match key {
            "type" => add(&mut self.types, key, value, |v| {
                EventType::parse(&v.to_ascii_uppercase())
            })?,
            "mode" => add(&mut self.modes, key, value, |v| Mode::parse(&v.to_ascii_lowercase()))?,
            "quad" => add(&mut self.quads, key, value, |v| Quad::parse(&v.to_ascii_lowercase()))?,
            "status" => add(&mut self.statuses, key, value, |v| {
                Status::parse(&v.to_ascii_lowercase())
            })?,
            "certainty" => add(&mut self.certainties, key, value, |v| {
                Certainty::parse(&v.to_ascii_lowercase())
            })?,
            "stance" => add(&mut self.stances, key, value, |v| {
                Stance::parse(&v.to_ascii_lowercase())
            })?,
            "kind" => add(&mut self.kinds, key, value, |v| {
                AgreementKind::parse(&v.to_ascii_lowercase())
            })?,
            "step" => add(&mut self.steps, key, value, |v| Step::parse(&v.to_ascii_lowercase()))?,
            "lang" => add(&mut self.langs, key, value, Lang::from_code)?,
            "actor" => self.actors.push(group()),
            "recipient" => self.recipients.push(group()),
            "country" => {
                let mut codes = Vec::new();
                add(&mut codes, key, value, |v| {
                    (v.len() == 3 && v.bytes().all(|b| b.is_ascii_alphabetic())).then(|| v.to_ascii_uppercase())
                })?;
                self.countries.push(codes);
            }
            "place" => self.places.extend(group()),
            "source" => self.sources.push(value.to_owned()),
            "doc" => self.documents.push(value.to_owned()),
            "added" => self.added = Some(time(value).ok_or_else(unknown)?),
            "from" => self.from = Some(days(value).ok_or_else(unknown)?.0),
            "to" => self.to = Some(days(value).ok_or_else(unknown)?.1),
            "q" => {
                // Filters may stand among the words: `q=Soldaten type:AID`.
                let (words, filters) = crate::search::split_filters(value);
                self.q = (!words.is_empty()).then_some(words);
                for (key, value) in filters {
                    self.set(key, &value)?;
                }
            }
            "sort" => self.sort = Sort::ALL.iter().find(|s| s.0 == value).ok_or_else(unknown)?.1,
            "limit" if value == "all" => self.limit = None,
            "limit" => self.limit = Some(value.parse().map_err(|_| unknown())?),
            "offset" => self.offset = value.parse().map_err(|_| unknown())?,
            _ => return Err(FilterError::UnknownKey { key: key.to_owned() }),
        }
        Ok(())
    }

    /// The pairs that make this filter, in the order of [`KEYS`].
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        fn one<T: ToString>(key: &'static str, values: &[T]) -> Option<(&'static str, String)> {
            let all: Vec<String> = values.iter().map(ToString::to_string).collect();
            (!all.is_empty()).then(|| (key, all.join(",")))
        }
        let groups = |key, groups: &[AnyOf<String>]| groups.iter().map(|g| (key, g.join(","))).collect::<Vec<_>>();
        let mut pairs = Vec::new();
        pairs.extend(one("type", &self.types));
        pairs.extend(one("mode", &self.modes));
        pairs.extend(one("quad", &self.quads));
        pairs.extend(groups("actor", &self.actors));
        pairs.extend(groups("recipient", &self.recipients));
        pairs.extend(groups("country", &self.countries));
        pairs.extend(one("place", &self.places));
        pairs.extend(one("status", &self.statuses));
        pairs.extend(one("certainty", &self.certainties));
        pairs.extend(one("stance", &self.stances));
        pairs.extend(one("kind", &self.kinds));
        pairs.extend(one("step", &self.steps));
        pairs.extend(self.from.map(|d| ("from", d.to_string())));
        pairs.extend(self.to.map(|d| ("to", d.to_string())));
        pairs.extend(self.sources.iter().map(|s| ("source", s.clone())));
        pairs.extend(one("lang", &self.langs.iter().map(|l| l.code()).collect::<Vec<_>>()));
        pairs.extend(self.added.map(|t| ("added", t.to_string())));
        pairs.extend(self.documents.iter().map(|d| ("doc", d.clone())));
        pairs.extend(self.q.iter().map(|q| ("q", q.clone())));
        pairs.extend(self.sort.name().map(|name| ("sort", name.to_owned())));
        pairs.extend(self.limit.map(|n| ("limit", n.to_string())));
        pairs.extend((self.offset > 0).then(|| ("offset", self.offset.to_string())));
        pairs
    }

    /// Refuses a filter that speaks of what the list does not have.
    ///
    /// # Errors
    /// [`FilterError::NotFor`] names the filter.
    pub fn check(&self, list: List) -> Result<(), FilterError> {
        for (name, _) in self.pairs() {
            if let Some(key) = KEYS.iter().find(|k| k.name == name)
                && !key.lists.contains(&list)
            {
                return Err(FilterError::NotFor {
                    key: key.name,
                    list: list.name(),
                });
            }
        }
        Ok(())
    }

    /// Whether it asks for nothing but `keys`, order and place on the list apart.
    #[must_use]
    pub fn asks_only(&self, keys: &[&str]) -> bool {
        let place = ["sort", "limit", "offset"];
        self.pairs()
            .iter()
            .all(|(key, _)| keys.contains(key) || place.contains(key))
    }

    /// The part of the filter that fits `list`, for links from one list to another.
    #[must_use]
    pub fn for_list(&self, list: List) -> Self {
        let mut filter = Self::default();
        for (name, value) in self.pairs() {
            if KEYS.iter().any(|k| k.name == name && k.lists.contains(&list)) {
                // The pairs of a filter are its own spelling and read back (a test below).
                let _ = filter.set(name, &value);
            }
        }
        filter
    }
}

fn split(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|v| !v.is_empty())
}

fn add<T>(
    values: &mut Vec<T>,
    key: &'static str,
    given: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<(), FilterError> {
    for value in split(given) {
        values.push(parse(value).ok_or_else(|| FilterError::UnknownValue {
            key,
            value: value.to_owned(),
        })?);
    }
    Ok(())
}

/// A time, or the first moment of a day, UTC.
fn time(value: &str) -> Option<Timestamp> {
    let day = |value: &str| {
        Offset::UTC
            .to_timestamp(value.parse::<Date>().ok()?.at(0, 0, 0, 0))
            .ok()
    };
    value.parse().ok().or_else(|| day(value))
}

/// First and last day of a date, month or year.
fn days(value: &str) -> Option<(Date, Date)> {
    let first: Date = match value.len() {
        4 => format!("{value}-01-01").parse().ok()?,
        7 => format!("{value}-01").parse().ok()?,
        10 => value.parse().ok()?,
        _ => return None,
    };
    Some(match value.len() {
        4 => (first, first.last_of_year()),
        7 => (first, first.last_of_month()),
        _ => (first, first),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_read_back() {
        let given = [
            ("type", "AID,ASSAULT"),
            ("actor", "RUS,org:UN"),
            ("country", "RUS"),
            ("country", "PRK"),
            ("place", "RUS,Pjöngjang"),
            ("status", "actual"),
            ("from", "2024-06-01"),
            ("to", "2024-06-30"),
            ("source", "Wikinews, Berlin"),
            ("lang", "de"),
            ("added", "2024-10-25T08:00:00Z"),
            ("q", "Beistand \"UN-Resolution\""),
            ("sort", "oldest"),
            ("limit", "10"),
            ("offset", "20"),
        ];
        let filter = Filter::from_pairs(given).unwrap();
        assert_eq!(filter.pairs(), given.map(|(k, v)| (k, v.to_owned())));
        assert_eq!(Filter::from_pairs(filter.pairs()).unwrap(), filter);
        assert_eq!(
            Filter::from_pairs([("from", "2024-06"), ("to", "2024-06")])
                .unwrap()
                .pairs(),
            [("from", "2024-06-01".to_owned()), ("to", "2024-06-30".to_owned())]
        );
    }

    #[test]
    fn slips_get_a_hint() {
        let hint = |key: &str, value: &str| Filter::from_pairs([(key, value)]).unwrap_err().hint().unwrap();
        assert_eq!(hint("typ", "AID"), "did you mean type?");
        assert_eq!(hint("type", "ASAULT"), "did you mean ASSAULT?");
        assert!(hint("status", "maybe").starts_with("status is one of actual, planned"));
        assert!(hint("from", "yesterday").contains("YYYY-MM-DD"));
        assert!(hint("country", "Russia").contains("three letters"));
    }

    #[test]
    fn filters_that_do_not_fit_are_refused_or_dropped() {
        let filter = Filter::from_pairs([("type", "AID"), ("country", "RUS")]).unwrap();
        let refused = filter.check(List::Agreements).unwrap_err();
        assert_eq!(refused.to_string(), "agreements cannot be filtered by type");
        assert!(filter.for_list(List::Agreements).check(List::Agreements).is_ok());
        assert_eq!(filter.for_list(List::Events), filter);
    }
}
