//! The store of Lagebild: one SQLite file with reports, readings and full text.
//!
//! A [`Store`] is the one writer of a file, a [`Reader`] one of any number of readers, also while a writer is at work.
//! A report enters in two steps, each one transaction that is on disk when the call returns:
//!
//! 1. [`Store::receive`] keeps the **raw bytes**, so that nothing is lost whatever happens to the reading of them.
//! 2. [`Store::finish`] adds text, reading and full text of the report, or the reason why there is none.
//!
//! Both are idempotent: bytes and documents are known by their content. A report whose text changed under the same id is
//! a **revision**; the former version is kept.
//!
//! With each report the **picture** over all of them is brought up to date, in the same transaction: which reports copy one
//! another, which events are the same act, which reports tell one story. The methods are those of `lagebild_picture`.
//!
//! What reports teach of persons whom no table knows is kept with its evidence, and taken over at the end of a run
//! ([`Store::learn`]); the next run reads with it ([`Reader::learnt`]).
//!
//! The store knows nothing of language: the reading comes as a finished [`lagebild_core::wire::Record`], and the splitter
//! of compounds for the full text is lent by the caller ([`Compounds`]).
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = tempfile::tempdir()?;
//! # let path = dir.path().join("lagebild.db");
//! # let record: lagebild_core::wire::Record = serde_json::from_str(r#"{"id":"d1","title":null,"published":"2024-10-24",
//! #   "lang":"de","source":null,"text":"Seoul warnt vor dem Vertrag.","offsets":"char",
//! #   "engine":{"version":"1","lexicon":"1","model":"1"},"sentences":[{"start":0,"end":28}],"entities":[],"events":[],
//! #   "claims":[],"agreements":[],"times":[],"notes":[]}"#)?;
//! use lagebild_store::{Filter, Finished, Incoming, NoCompounds, Outcome, Receipt, Store};
//! use std::sync::Arc;
//!
//! let now = "2024-10-25T08:00:00Z".parse()?;
//! let mut store = Store::open(&path, Arc::new(NoCompounds))?;
//! let bytes = record.text.as_bytes();
//! let receipts = store.receive(&[Incoming { bytes, source: None, hints: "" }], std::slice::from_ref(&record.engine), now)?;
//! let Receipt::New(raw) = receipts[0] else { panic!("new in a new store") };
//! let document = store.preparer().prepare(record, None)?;
//! let outcomes = store.finish(&[Finished { raw, result: Ok(&document) }], now)?;
//! assert_eq!(outcomes, [Outcome::Added]);
//!
//! let filter = Filter::from_pairs([("q", "Verträge")])?;
//! let hits = store.reader().search(&filter)?;
//! assert_eq!(hits.rows[0].document.id, "d1");
//! # Ok(())
//! # }
//! ```

mod actors;
mod analyse;
mod backup;
mod between;
mod clusters;
mod error;
mod facets;
mod feeds;
mod filter;
mod learnt;
mod packed;
mod part;
mod picture;
mod read;
mod readers;
mod records;
mod reread;
mod rows;
mod schema;
mod search;
mod searches;
mod sql;
mod survey;
mod tallies;
mod views;
mod write;

pub use actors::{Partner, Ties};
pub use analyse::{Compounds, NoCompounds, fold};
pub use between::{Between, PairSum};
pub use clusters::{Choice, Things};
pub use error::{Error, Result};
pub use facets::{DayCount, Ends, PlaceCount, Tie};
pub use feeds::{Changes, DueFeed, DueItem, FailedRow, FeedId, FeedItemId, FeedRow, Poll, SeenItem};
pub use filter::{AnyOf, Filter, FilterError, KEYS, Key, List, Sort};
pub use part::{Cursor, Paging, Part};
pub use read::{Reader, Received, StoredDocument};
pub use readers::{Readers, State};
pub use reread::Outdated;
pub use rows::{
    ActorRow, AgreementRow, ClaimRow, ClusterRow, CopyRow, DocumentBrief, DocumentRow, EventRow, FamilyRow, Hit,
    Introduced, Joined, LearntRow, OpinionRow, Page, SaidBy, Snippet, Stats, StoryReport, StoryRow, TellingRow,
    TopicRow,
};
pub use schema::FORMAT;
pub use search::SYNTAX;
pub use searches::{DeliveryId, DeliveryRow, DueDelivery, Found, Hook, NewSearch, SavedSearch};
pub use views::{Ask, AskLimits, Question, View};
pub use write::{Finished, Incoming, Outcome, Pending, Prepared, Preparer, RawId, Receipt, Store};
