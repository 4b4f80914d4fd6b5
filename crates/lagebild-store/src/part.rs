//! Lists part by part, for programs.
//!
//! A part of a list of records goes on **after the last row** of the part before, found by what the list is sorted by: rows
//! that come in meanwhile are neither shown twice nor passed over, and a part far down costs as much as the first. Lists
//! that are ranked anew for each part (hits, actors, stories) go on at a position instead.

use crate::error::Result;
use crate::filter::{Filter, FilterError, List, Sort};
use crate::read::{By, Plan, Reader};
use crate::rows::{ActorRow, AgreementRow, ClaimRow, DocumentRow, EventRow, Hit, Page, StoryRow};
use crate::sql::Where;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::types::Value;
use serde::{Deserialize, Serialize, Serializer};

/// A place in a list, for programs to hand back: the row that a part ended with, or a position. Its text may change with
/// any version of Lagebild.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    sort: Sort,
    place: Place,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Place {
    /// The list, and what its last row is sorted by.
    #[serde(rename = "k")]
    After(String, Vec<Sorted>),
    #[serde(rename = "p")]
    At(usize),
}

/// A value that a row is sorted by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Sorted {
    Number(i64),
    Text(String),
    Nothing,
}

impl From<Sorted> for Value {
    fn from(value: Sorted) -> Self {
        match value {
            Sorted::Number(n) => Self::Integer(n),
            Sorted::Text(text) => Self::Text(text),
            Sorted::Nothing => Self::Null,
        }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let json = serde_json::to_vec(&(self.sort.name(), &self.place)).map_err(|_| std::fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

impl std::str::FromStr for Cursor {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let read = || {
            let json = URL_SAFE_NO_PAD.decode(text).ok()?;
            let (sort, place): (Option<String>, Place) = serde_json::from_slice(&json).ok()?;
            let sort = match sort {
                None => Sort::Default,
                Some(name) => Sort::ALL.iter().find(|s| s.0 == name)?.1,
            };
            Some(Self { sort, place })
        };
        read().ok_or_else(|| FilterError::Cursor { value: text.to_owned() })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paging {
    /// What to list. Its `limit` is the length of the part, its `offset` is not looked at.
    pub filter: Filter,
    /// Where the part before ended; nothing for the first part.
    pub after: Option<Cursor>,
    /// Whether all rows that the filter lets through are to be counted.
    pub total: bool,
}

impl Paging {
    /// Reads pairs as [`Filter::from_pairs`] does, with `after` (a [`Cursor`]) and `total` (`true`, `false`) besides.
    /// `limit` is a number from 1 to `most`; `usual` when it is not given.
    ///
    /// # Errors
    /// When a key or a value is not known, or the filter does not fit `list`.
    pub fn from_pairs<K: AsRef<str>, V: AsRef<str>>(
        list: List,
        pairs: impl IntoIterator<Item = (K, V)>,
        (usual, most): (usize, usize),
    ) -> Result<Self, FilterError> {
        let mut paging = Self::default();
        let mut limit = usual;
        for (key, value) in pairs {
            let (key, value) = (key.as_ref(), value.as_ref());
            let unknown = |key| FilterError::UnknownValue {
                key,
                value: value.to_owned(),
            };
            match key {
                "after" => paging.after = Some(value.parse()?),
                "total" => paging.total = value.parse().map_err(|_| unknown("total"))?,
                "limit" => {
                    let number = value.parse().ok().filter(|n| (1..=most).contains(n));
                    limit = number.ok_or_else(|| unknown("limit"))?;
                }
                "offset" => return Err(FilterError::UnknownKey { key: key.to_owned() }),
                _ => paging.filter.set(key, value)?,
            }
        }
        paging.filter.check(list)?;
        // Only now: words of a query may have set them too.
        (paging.filter.limit, paging.filter.offset) = (Some(limit), 0);
        Ok(paging)
    }

    /// The part of rows that are all at hand.
    ///
    /// # Errors
    /// When the list cannot go on from where it is asked to.
    pub fn cut<T>(&self, rows: Vec<T>) -> Result<Part<T>, FilterError> {
        let total = rows.len();
        let filter = self.positioned()?;
        let rows = rows
            .into_iter()
            .skip(filter.offset)
            .take(filter.limit.unwrap_or(usize::MAX))
            .collect();
        Ok(self.ranked(&filter, Page { rows, total }))
    }

    /// The filter that gives the part of a list that goes on at a position.
    fn positioned(&self) -> Result<Filter, FilterError> {
        let offset = match &self.after {
            None => 0,
            Some(Cursor {
                place: Place::At(position),
                sort,
            }) if *sort == self.filter.sort => *position,
            Some(cursor) => return Err(wrong(cursor)),
        };
        Ok(Filter {
            offset,
            ..self.filter.clone()
        })
    }

    fn ranked<T>(&self, filter: &Filter, Page { rows, total }: Page<T>) -> Part<T> {
        let end = filter.offset.saturating_add(rows.len());
        let next = (end < total && !rows.is_empty()).then_some(Cursor {
            sort: filter.sort,
            place: Place::At(end),
        });
        Part {
            rows,
            next,
            total: self.total.then_some(total),
        }
    }
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next part begins; nothing in the last one.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub next: Option<Cursor>,
    /// The number of all rows, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<usize>,
}

fn wrong(cursor: &Cursor) -> FilterError {
    FilterError::Cursor {
        value: cursor.to_string(),
    }
}

impl Reader {
    /// A part of the reports.
    ///
    /// # Errors
    /// When the filter or the cursor does not fit or the file cannot be read.
    pub fn documents_part(&self, paging: &Paging) -> Result<Part<DocumentRow>> {
        self.part(self.plan_documents(&paging.filter)?, paging, Self::document_row)
    }

    /// A part of the events.
    ///
    /// # Errors
    /// When the filter or the cursor does not fit or the file cannot be read.
    pub fn events_part(&self, paging: &Paging) -> Result<Part<EventRow>> {
        self.part(self.plan_events(&paging.filter)?, paging, Self::event_row)
    }

    /// A part of the claims.
    ///
    /// # Errors
    /// When the filter or the cursor does not fit or the file cannot be read.
    pub fn claims_part(&self, paging: &Paging) -> Result<Part<ClaimRow>> {
        self.part(self.plan_claims(&paging.filter)?, paging, Self::claim_row)
    }

    /// A part of the agreements.
    ///
    /// # Errors
    /// When the filter or the cursor does not fit or the file cannot be read.
    pub fn agreements_part(&self, paging: &Paging) -> Result<Part<AgreementRow>> {
        self.part(self.plan_agreements(&paging.filter)?, paging, Self::agreement_row)
    }

    /// A part of the actors.
    ///
    /// # Errors
    /// As [`Self::actors`], and when the cursor does not fit.
    pub fn actors_part(&self, paging: &Paging) -> Result<Part<ActorRow>> {
        let filter = paging.positioned()?;
        Ok(paging.ranked(&filter, self.actors(&filter)?))
    }

    /// A part of the stories.
    ///
    /// # Errors
    /// As [`Self::stories`], and when the cursor does not fit.
    pub fn stories_part(&self, paging: &Paging) -> Result<Part<StoryRow>> {
        let filter = paging.positioned()?;
        Ok(paging.ranked(&filter, self.stories(&filter)?))
    }

    /// A part of the hits of a search.
    ///
    /// # Errors
    /// As [`Self::search`], and when the cursor does not fit.
    pub fn search_part(&self, paging: &Paging) -> Result<Part<Hit>> {
        let filter = paging.positioned()?;
        Ok(paging.ranked(&filter, self.search(&filter)?))
    }

    fn part<T>(&self, plan: Plan, paging: &Paging, row: impl Fn(&Self, i64) -> rusqlite::Result<T>) -> Result<Part<T>> {
        let Paging { filter, after, total } = paging;
        let total = total.then(|| self.count(&plan)).transpose()?;
        let stretches = match after {
            None => vec![Where::default()],
            Some(cursor) => match &cursor.place {
                Place::After(list, values)
                    if list == plan.key && cursor.sort == filter.sort && values.len() == plan.order.len() =>
                {
                    beyond(plan.order, values)
                }
                _ => return Err(wrong(cursor).into()),
            },
        };
        let columns: Vec<&str> = plan.order.iter().map(|by| by.column()).collect();
        let limit = filter.limit.unwrap_or(usize::MAX);
        // One more than is shown tells whether the list goes on.
        let wanted = limit.saturating_add(1);
        let mut found: Vec<(i64, Vec<Sorted>)> = Vec::new();
        for stretch in stretches {
            let mut condition = plan.filter.clone();
            condition.and(stretch);
            let query = format!(
                "SELECT {}, {} FROM {} {} ORDER BY {} LIMIT ?",
                plan.key,
                columns.join(", "),
                plan.from,
                condition.clause(),
                plan.order()
            );
            let mut values = condition.values;
            let left = i64::try_from(wanted - found.len()).unwrap_or(i64::MAX);
            values.push(left.into());
            found.extend(self.rows(&query, values, |row| {
                let sorted = (1..=columns.len()).map(|n| {
                    Ok(match row.get(n)? {
                        Value::Integer(number) => Sorted::Number(number),
                        Value::Text(text) => Sorted::Text(text),
                        _ => Sorted::Nothing,
                    })
                });
                Ok((row.get(0)?, sorted.collect::<rusqlite::Result<_>>()?))
            })?);
            if found.len() == wanted {
                break;
            }
        }
        let goes_on = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| goes_on).map(|(_, sorted)| Cursor {
            sort: filter.sort,
            place: Place::After(plan.key.to_owned(), sorted.clone()),
        });
        let rows = found.into_iter().map(|(key, _)| row(self, key));
        Ok(Part {
            rows: rows.collect::<rusqlite::Result<_>>().map_err(|e| self.error(e))?,
            next,
            total,
        })
    }
}

/// Conditions that together hold for the rows after the one with `values`, in their order. Each of them bounds the first
/// column, so that an index leads to its first row.
fn beyond(order: &[By], values: &[Sorted]) -> Vec<Where> {
    let mut stretches = Vec::new();
    let (Some(by), Some(value)) = (order.first(), values.first()) else {
        return stretches;
    };
    let column = by.column();
    let (condition, condition_values) = after(order, values);
    let mut bounded = Where::default();
    match value {
        Sorted::Nothing => bounded.add(format!("{column} IS NULL"), []),
        value => {
            let bound = if matches!(by, By::Down(_)) { "<=" } else { ">=" };
            bounded.add(format!("{column} {bound} ?"), [Value::from(value.clone())]);
        }
    }
    bounded.add(condition, condition_values);
    stretches.push(bounded);
    if !matches!(by, By::Up(_)) && *value != Sorted::Nothing {
        let mut nothing = Where::default();
        nothing.add(format!("{column} IS NULL"), []);
        stretches.push(nothing);
    }
    stretches
}

/// The condition that a row comes after the one with `values`.
fn after(order: &[By], values: &[Sorted]) -> (String, Vec<Value>) {
    let (Some(by), Some(value)) = (order.first(), values.first()) else {
        return ("0".to_owned(), Vec::new());
    };
    let column = by.column();
    let (rest, rest_values) = after(&order[1..], &values[1..]);
    if *value == Sorted::Nothing {
        return (format!("({column} IS NULL AND {rest})"), rest_values);
    }
    let sign = if matches!(by, By::Down(_)) { '<' } else { '>' };
    let or_nothing = match by {
        By::Up(_) => String::new(),
        By::UpOrNothing(_) | By::Down(_) => format!(" OR {column} IS NULL"),
    };
    let value = Value::from(value.clone());
    let mut values = vec![value.clone(), value];
    values.extend(rest_values);
    (
        format!("({column} {sign} ? OR {column} = ? AND {rest}{or_nothing})"),
        values,
    )
}
