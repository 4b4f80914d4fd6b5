//! The records of Lagebild in the formats that other programs load: rows in, bytes out.
//!
//! There are three kinds of formats, by what they are made of:
//!
//! - **Tables** ([`Row`]): one documented schema ([`SCHEMA`]) written as CSV, JSON Lines or Parquet, with a Frictionless
//!   [`datapackage`].
//! - Formats of **events** ([`EventWriter`]): GDELT 2.0, POLECAT, PLOVER JSON, GeoJSON, GraphML, GEXF, Atom.
//! - Formats of **reports** ([`ReportWriter`]): Web Annotation, brat, doccano, Markdown, RIS, Atom.
//!
//! Writers stream: they hold one record at a time, or what they count. What a format cannot say is left out, never
//! bent to fit, and told by [`EventWriter::finish`] and [`ReportWriter::finish`] in a [`Notice`] each.
//!
//! The crate knows no files and no SQL; it takes the rows that [`lagebild_store`] gives.

mod annotation;
mod atom;
mod brat;
mod codes;
#[cfg(feature = "columnar")]
mod columnar;
mod doccano;
mod event;
mod gdelt;
mod geojson;
mod graph;
mod markdown;
mod markup;
mod package;
mod plover;
mod polecat;
mod record;
mod report;
mod ris;
mod rows;
mod table;
mod tabular;
mod text;
mod xml;

pub use annotation::Annotations;
pub use atom::Feed;
pub use brat::{Brat, annotation_conf};
#[cfg(feature = "columnar")]
pub use columnar::ParquetWriter;
pub use doccano::Doccano;
pub use event::EventWriter;
pub use gdelt::{EVENT_COLUMNS as GDELT_EVENT_COLUMNS, Gdelt, MENTION_COLUMNS as GDELT_MENTION_COLUMNS};
pub use geojson::{Features, GeoJson};
pub use graph::{Graph, GraphFormat};
pub use markdown::front_matter;
pub use package::datapackage;
pub use plover::Plover;
pub use polecat::{COLUMNS as POLECAT_COLUMNS, Polecat};
pub use record::RecordRows;
pub use report::{ReportWriter, file_name};
pub use ris::Ris;
pub use rows::{
    ClaimEvent, MentionRow, ObligationRow, PartyRow, QuantityRow, SCHEMA, StepRow, TextRow, days, numbers, steps,
};
pub use table::{Cell, Column, Kind, Row, Table};
pub use tabular::{CsvWriter, NdjsonWriter, TableWriter, fields};
pub use text::{CodePoints, harmless};

/// Something that a format could not say: what, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How often.
    pub count: usize,
    /// What, in words that follow the number.
    pub what: &'static str,
}

/// The notices that happened at all.
fn notices<const N: usize>(all: [(usize, &'static str); N]) -> Vec<Notice> {
    all.into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| Notice { count, what })
        .collect()
}
