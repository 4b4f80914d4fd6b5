//! `lagebild clusters`, `copies`, `claims --about`, `speakers`: what many reports tell together.

use super::list::{Look, filter, open, parties, show, text, write};
use super::table::{count, narrow, wide};
use crate::End;
use crate::cli::{Clusters, Query};
use crate::digest::days;
use crate::pipeline::Pipeline;
use crate::rows::numbers;
use crate::term::Screen;
use lagebild_picture::accord::Told;
use lagebild_picture::claims::{Record, records};
use lagebild_store::{Choice, ClusterRow, FamilyRow, Filter, OpinionRow, StoryRow};
use std::collections::BTreeSet;

/// A value that all tell, or each with the number of those who do: `alleged 3, confirmed 1`.
fn opinions(told: &[Told]) -> String {
    match told {
        [one] => one.value.clone(),
        more => {
            let each = more.iter().map(|t| format!("{} {}", t.value, t.events.len()));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

pub(super) fn clusters(args: &Clusters, screen: Screen) -> anyhow::Result<End> {
    let look = Look::<ClusterRow> {
        columns: vec![
            narrow("Date", 10),
            narrow("Act", 10),
            narrow("Who", 22),
            narrow("Where", 12),
            narrow("Reports (sources)", 9),
            narrow("Status, certainty", 24),
            wide("Numbers"),
            wide("First told"),
        ],
        cells: |c| {
            let who = match c.recipients.as_slice() {
                [] => parties(&c.actors),
                recipients => format!("{} > {}", parties(&c.actors), parties(recipients)),
            };
            vec![
                text(days(&c.date).as_deref()),
                c.kind.clone(),
                who,
                text(c.place.as_ref().map(|p| p.name.as_str())),
                format!("{} ({})", c.accord.reports, c.accord.sources),
                format!("{}; {}", opinions(&c.accord.status), opinions(&c.accord.certainty)),
                numbers(&c.accord.numbers),
                c.tellings.first().map(|t| t.sentence.text.clone()).unwrap_or_default(),
            ]
        },
    };
    let things = Pipeline::things();
    let choice = Choice {
        least: args.reports,
        only: args.only,
    };
    show(
        &args.query,
        screen,
        &look,
        |reader, filter| reader.clusters(filter, choice, &things),
        |reader, filter, each| reader.each_cluster(filter, choice, &things, each),
    )
}

pub(super) fn copies(args: &Query<0>, screen: Screen) -> anyhow::Result<End> {
    let look = Look::<FamilyRow> {
        columns: vec![
            narrow("First", 10),
            count("Reports"),
            wide("Headline of the first"),
            wide("Reports, with the share of text in common"),
        ],
        cells: |f| {
            let copy = |c: &lagebild_store::CopyRow| {
                let source = c.document.source.as_deref().unwrap_or(&c.document.id);
                let day = c.document.published.as_deref().unwrap_or_default();
                format!("{source} {day} ({:.0} %)", c.containment * 100.0)
            };
            vec![
                text(f.earliest.published.as_deref()),
                f.copies.len().to_string(),
                text(f.earliest.title.as_deref()),
                f.copies.iter().map(copy).collect::<Vec<_>>().join("; "),
            ]
        },
    };
    let page = open(&args.store)?.families(&filter(&args.filter, args.format)?)?;
    write(&page.rows, page.total, args.format, screen, &look)
}

pub(super) fn stories(args: &Query<0>, screen: Screen) -> anyhow::Result<End> {
    let look = Look::<StoryRow> {
        columns: vec![
            narrow("First", 10),
            narrow("Last", 10),
            count("Reports"),
            count("Sources"),
            wide("Headline"),
            wide("Who"),
            narrow("Begun by", 24),
        ],
        cells: |s| {
            vec![
                text(s.first.as_deref()),
                text(s.last.as_deref()),
                s.reports.len().to_string(),
                s.sources.to_string(),
                text(s.title.as_deref()),
                s.actors.join(", "),
                s.key.clone(),
            ]
        },
    };
    let page = open(&args.store)?.stories(&filter(&args.filter, args.format)?)?;
    write(&page.rows, page.total, args.format, screen, &look)
}

/// Who says, confirms and denies the acts that `act` names: by the key of an event, or by filters of events. The filters of
/// claims choose among what is said.
pub(super) fn about(args: &Query<2>, act: &str, screen: Screen) -> anyhow::Result<End> {
    let look = Look::<OpinionRow> {
        columns: vec![
            narrow("Date", 10),
            narrow("Holder", 24),
            narrow("Position", 9),
            narrow("Stance", 9),
            wide("Said"),
            narrow("Source", 20),
        ],
        cells: |o| {
            let c = &o.claim;
            vec![
                text(c.document.published.as_deref()),
                parties(std::slice::from_ref(&c.claim.holder)),
                o.position.as_str().to_owned(),
                c.claim.stance.clone(),
                c.said.clone(),
                c.document.source.clone().unwrap_or_else(|| c.document.id.clone()),
            ]
        },
    };
    let reader = open(&args.store)?;
    let mut acts = Filter::default();
    let event = match act.rsplit_once('#') {
        Some((document, event)) if !act.contains(' ') => {
            acts.set("doc", document)?;
            Some(event)
        }
        _ => {
            acts.set("q", act)?;
            None
        }
    };
    let wanted = filter(&args.filter, args.format)?;
    let mut rows = reader.opinions(&acts, event)?;
    if !args.filter.is_empty() {
        let unlimited = Filter {
            limit: None,
            offset: 0,
            ..wanted.clone()
        };
        let mut chosen = BTreeSet::new();
        reader.each_claim(&unlimited, |row| {
            chosen.insert(row.key);
            std::ops::ControlFlow::Continue(())
        })?;
        rows.retain(|row| chosen.contains(&row.claim.key));
    }
    let total = rows.len();
    let rows: Vec<OpinionRow> = rows
        .into_iter()
        .skip(wanted.offset)
        .take(wanted.limit.unwrap_or(usize::MAX))
        .collect();
    write(&rows, total, args.format, screen, &look)
}

pub(super) fn speakers(args: &Query<2>, screen: Screen) -> anyhow::Result<End> {
    let look = Look::<Record> {
        columns: vec![
            wide("Speaker"),
            narrow("For", 10),
            count("Claims"),
            wide("How"),
            count("Acts told"),
            count("Shared"),
            count("Confirmed"),
            count("Denied"),
            count("Alone"),
            count("Denials"),
            count("Contradicted"),
        ],
        cells: |r| {
            let how = r.stances.iter().map(|(stance, n)| format!("{stance} {n}"));
            vec![
                r.name.clone(),
                text(r.side.as_deref()),
                r.claims.to_string(),
                how.collect::<Vec<_>>().join(", "),
                r.told.to_string(),
                r.shared.to_string(),
                r.confirmed.to_string(),
                r.denied.to_string(),
                r.alone.to_string(),
                r.denials.to_string(),
                r.contradicted.to_string(),
            ]
        },
    };
    let reader = open(&args.store)?;
    let wanted = filter(&args.filter, args.format)?;
    // The others' words on the same acts count too: speakers are chosen after the reckoning.
    let speakers: BTreeSet<String> = reader.sayings(&wanted)?.into_iter().map(|s| s.speaker).collect();
    let all = Filter {
        actors: Vec::new(),
        ..wanted.clone()
    };
    let mut rows = records(&reader.sayings(&all)?);
    rows.retain(|r| speakers.contains(&r.speaker));
    let total = rows.len();
    let rows: Vec<Record> = rows
        .into_iter()
        .skip(wanted.offset)
        .take(wanted.limit.unwrap_or(usize::MAX))
        .collect();
    write(&rows, total, args.format, screen, &look)
}
