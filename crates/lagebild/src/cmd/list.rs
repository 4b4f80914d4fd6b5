//! `lagebild documents`, `events`, `claims`, `agreements`, `actors`: the lists of the store.

use super::table::{Column, Writer, count, narrow, wide};
use crate::End;
use crate::cli::{Filters, ListFormat, Query, StoreAt};
use crate::learnt::Teacher;
use crate::pipeline::Pipeline;
use crate::term::{self, Screen};
use crate::web::Ui;
use lagebild_core::wire::PartyRecord;
use lagebild_export::{Row, days, steps};
use lagebild_store::{ActorRow, AgreementRow, ClaimRow, DocumentRow, EventRow, Filter, Page, Reader};
use serde::Serialize;
use std::io::BufWriter;
use std::ops::ControlFlow;

/// Rows of a table unless the user says otherwise; the other formats give all.
const TABLE_ROWS: usize = 50;

pub(super) fn open(store: &StoreAt) -> anyhow::Result<Reader> {
    Ok(Reader::open(&store.store, Pipeline::compounds())?)
}

/// The filter of the flags, with the limit that fits the format.
pub(super) fn filter<const LIST: usize>(flags: &Filters<LIST>, format: ListFormat) -> anyhow::Result<Filter> {
    let mut filter = flags.filter()?;
    if format == ListFormat::Table && !flags.has("limit") {
        filter.limit = Some(TABLE_ROWS);
    }
    Ok(filter)
}

/// How rows of a list look.
pub(super) struct Look<T> {
    pub(super) columns: Vec<Column>,
    pub(super) cells: fn(&T) -> Vec<String>,
}

/// Writes rows that are all there. `total` is their number without a limit.
pub(super) fn write<T: Row + Serialize>(
    rows: &[T],
    total: usize,
    format: ListFormat,
    screen: Screen,
    look: &Look<T>,
) -> anyhow::Result<End> {
    let out = BufWriter::new(std::io::stdout().lock());
    let mut writer = Writer::new::<T>(out, format, &look.columns, screen)?;
    for row in rows {
        writer.row(row, look.cells)?;
    }
    end(writer.finish()?, Some(total).filter(|_| format == ListFormat::Table))
}

/// Tells on stderr what was left out, or that there was nothing.
pub(super) fn end(written: usize, total: Option<usize>) -> anyhow::Result<End> {
    if let Some(total) = total.filter(|&total| total > written && written > 0) {
        term::note(format!("{written} of {total}; more with --limit N or --limit all"));
    }
    if written == 0 {
        term::note("nothing found");
        return Ok(End::Nothing);
    }
    Ok(End::Fine)
}

/// Writes a list: a page as a table, any number of rows in the other formats, one at a time.
pub(super) fn show<T: Row + Serialize, const LIST: usize>(
    args: &Query<LIST>,
    screen: Screen,
    look: &Look<T>,
    page: impl FnOnce(&Reader, &Filter) -> lagebild_store::Result<Page<T>>,
    each: impl FnOnce(&Reader, &Filter, &mut dyn FnMut(T) -> ControlFlow<()>) -> lagebild_store::Result<()>,
) -> anyhow::Result<End> {
    let reader = open(&args.store)?;
    let filter = filter(&args.filter, args.format)?;
    let out = BufWriter::new(std::io::stdout().lock());
    let mut writer = Writer::new::<T>(out, args.format, &look.columns, screen)?;
    let mut total = None;
    if args.format == ListFormat::Table {
        let page = page(&reader, &filter)?;
        total = Some(page.total);
        for row in &page.rows {
            writer.row(row, look.cells)?;
        }
    } else {
        let mut failed = None;
        each(&reader, &filter, &mut |row| match writer.row(&row, look.cells) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
    }
    end(writer.finish()?, total)
}

pub(super) fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

/// Parties for people: code, or name.
pub(super) fn parties(parties: &[PartyRecord]) -> String {
    let short = |p: &PartyRecord| p.code.clone().or(p.name.clone()).unwrap_or_else(|| p.text.clone());
    parties.iter().map(short).collect::<Vec<_>>().join(", ")
}

pub(super) fn document_look() -> Look<DocumentRow> {
    Look {
        columns: vec![
            narrow("Date", 10),
            wide("Headline"),
            narrow("Source", 24),
            narrow("Lang", 4),
            count("Events"),
            count("Claims"),
            narrow("Id", 24),
        ],
        cells: |d| {
            let title = d.document.title.as_deref();
            vec![
                text(d.document.published.as_deref()),
                text(title),
                text(d.document.source.as_deref()),
                d.document.lang.clone(),
                d.events.to_string(),
                d.claims.to_string(),
                d.document.id.clone(),
            ]
        },
    }
}

pub(super) fn documents(args: &Query<0>, screen: Screen) -> anyhow::Result<End> {
    show(args, screen, &document_look(), Reader::documents, |r, f, each| {
        r.each_document(f, each)
    })
}

pub(super) fn event_look() -> Look<EventRow> {
    Look {
        columns: vec![
            narrow("Date", 10),
            narrow("Type", 22),
            narrow("Actor", 16),
            narrow("Recipient", 16),
            narrow("Status", 9),
            narrow("Certainty", 9),
            wide("Sentence"),
        ],
        cells: |e| {
            let kind = crate::digest::kind(&e.event);
            vec![
                text(days(&e.event.date).as_deref()),
                kind,
                parties(&e.event.actors),
                parties(&e.event.recipients),
                e.event.status.clone(),
                e.event.certainty.clone(),
                e.sentence.text.clone(),
            ]
        },
    }
}

pub(super) fn events(args: &Query<1>, screen: Screen) -> anyhow::Result<End> {
    show(args, screen, &event_look(), Reader::events, |r, f, each| {
        r.each_event(f, each)
    })
}

pub(super) fn claims(args: &Query<2>, screen: Screen) -> anyhow::Result<End> {
    let look = Look::<ClaimRow> {
        columns: vec![
            narrow("Date", 10),
            narrow("Holder", 24),
            narrow("Stance", 9),
            wide("Said"),
            narrow("Report", 20),
        ],
        cells: |c| {
            let said = if c.claim.quote {
                crate::digest::quoted(c.said.trim(), Ui::En)
            } else {
                c.said.clone()
            };
            vec![
                text(c.document.published.as_deref()),
                parties(std::slice::from_ref(&c.claim.holder)),
                c.claim.stance.clone(),
                said,
                c.document.id.clone(),
            ]
        },
    };
    show(args, screen, &look, Reader::claims, |r, f, each| r.each_claim(f, each))
}

pub(super) fn agreements(args: &Query<3>, screen: Screen) -> anyhow::Result<End> {
    let look = Look::<AgreementRow> {
        columns: vec![
            narrow("Date", 10),
            wide("Agreement"),
            narrow("Kind", 12),
            narrow("Parties", 16),
            wide("Steps"),
            wide("Duties"),
            narrow("Report", 20),
        ],
        cells: |a| {
            let duties = a
                .agreement
                .obligations
                .iter()
                .map(|o| o.kind.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            vec![
                text(a.document.published.as_deref()),
                text(a.agreement.name.as_deref()),
                a.agreement.kind.clone(),
                a.agreement.parties.join(" + "),
                steps(a),
                duties,
                a.document.id.clone(),
            ]
        },
    };
    show(args, screen, &look, Reader::agreements, |r, f, each| {
        r.each_agreement(f, each)
    })
}

pub(super) fn actors(args: &Query<4>, screen: Screen) -> anyhow::Result<End> {
    let look = Look::<ActorRow> {
        columns: vec![
            wide("Name"),
            narrow("Kind", 12),
            narrow("State", 5),
            count("Acts"),
            count("Receives"),
            count("Reports"),
            narrow("First", 10),
            narrow("Last", 10),
            narrow("Id", 32),
        ],
        cells: |a| {
            vec![
                a.name.clone(),
                a.kind.clone(),
                text(a.country.as_deref()),
                a.acts.to_string(),
                a.receives.to_string(),
                a.documents.to_string(),
                text(a.first.as_deref()),
                text(a.last.as_deref()),
                a.id.clone(),
            ]
        },
    };
    show(args, screen, &look, Reader::actors, |reader, filter, each| {
        // Actors are counted over all events at once; there is nothing to stream.
        for row in reader.actors(filter)?.rows {
            if each(row).is_break() {
                break;
            }
        }
        Ok(())
    })
}

/// The columns of what was learnt, as CSV has them.
const LEARNT: [&str; 15] = [
    "person", "name", "country", "org", "roles", "office", "state", "tables", "since", "until", "first", "last",
    "reports", "families", "sources",
];

/// `lagebild actors --learnt`: who is known from reports, and where these and the tables differ.
pub(super) fn learnt(args: &Query<4>, screen: Screen) -> anyhow::Result<End> {
    if let Some(other) = args.filter.beside(&["limit"]) {
        anyhow::bail!("--{other} does not go with --learnt: of the filters it takes --limit");
    }
    let reader = open(&args.store)?;
    let teacher = Teacher {
        knowledge: lagebild_bundle::knowledge(),
        reader: &reader,
    };
    let (names, total) = teacher.all(filter(&args.filter, args.format)?.limit)?;
    let columns = [
        wide("Name"),
        narrow("Acts for", 16),
        count("Reports"),
        narrow("First", 10),
        narrow("Last", 10),
        narrow("Used until", 10),
        narrow("Standing", 22),
        wide("Sources"),
    ];
    let out = BufWriter::new(std::io::stdout().lock());
    let mut writer = Writer::with_header(out, args.format, &columns, LEARNT.into_iter(), screen)?;
    for name in &names {
        let row = &name.row;
        let cells = || {
            let standing = match (row.state.as_str(), &row.tables) {
                ("conflict", Some(tables)) => format!("conflict: tables {tables}"),
                (state, _) => state.to_owned(),
            };
            let used = match (row.state.as_str(), &row.until) {
                ("known", Some(until)) => until.clone(),
                ("known", None) => "-".to_owned(),
                _ => "not used".to_owned(),
            };
            vec![
                row.name.clone(),
                name.code(),
                row.families.to_string(),
                row.first.clone(),
                row.last.clone(),
                used,
                standing,
                name.sources.join(", "),
            ]
        };
        let fields = || {
            vec![
                row.person.clone(),
                row.name.clone(),
                text(row.country.as_deref()),
                text(row.org.as_deref()),
                row.roles.join(" "),
                u8::from(row.office).to_string(),
                row.state.clone(),
                text(row.tables.as_deref()),
                row.since.clone(),
                text(row.until.as_deref()),
                row.first.clone(),
                row.last.clone(),
                row.reports.to_string(),
                row.families.to_string(),
                name.sources.join("; "),
            ]
        };
        writer.add(name, cells, fields)?;
    }
    end(
        writer.finish()?,
        Some(total).filter(|_| args.format == ListFormat::Table),
    )
}
