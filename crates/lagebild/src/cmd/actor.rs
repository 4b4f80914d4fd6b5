//! `lagebild actor`: what is known of an actor, since when, from where, and what the store has seen of it.

use crate::End;
use crate::actors::{Known, Office, Tables, Tie};
use crate::answers;
use crate::cli::{Actor, Overlays, TextOrJson};
use crate::pipeline::Pipeline;
use crate::term::{self, Flow, Screen, Style};
use crate::web::Ui;
use lagebild_core::Date;
use lagebild_store::Reader;
use std::io::Write as _;

/// Sentences shown that introduce a person.
const SAID: usize = 5;

/// Rows shown of what the store has seen.
const SEEN: usize = 8;

pub(super) fn run(args: &Actor, screen: Screen) -> anyhow::Result<End> {
    let overlays = Overlays {
        knowledge: args.knowledge.clone(),
        ..Overlays::default()
    };
    let pipeline = Pipeline::with(&overlays)?;
    let tables = Tables {
        knowledge: pipeline.knowledge(),
        on: args.on,
        ui: Ui::En,
    };
    let known = match &args.store {
        Some(store) => answers::actor(&tables, &Reader::open(store, Pipeline::compounds())?, &args.name)?,
        None => tables.look_up(&args.name),
    };
    if known.is_empty() {
        term::note(format!("nobody called {} is known", args.name));
        return Ok(End::Nothing);
    }
    let mut out = std::io::stdout().lock();
    match args.format {
        TextOrJson::Json => {
            serde_json::to_writer_pretty(&mut out, &known)?;
            writeln!(out)?;
        }
        TextOrJson::Text => {
            let shown: Vec<String> = known.iter().map(|k| k.show(screen, args.on)).collect();
            write!(out, "{}", shown.join("\n"))?;
        }
    }
    Ok(End::Fine)
}

/// *2012-05-07 to 2018-05-07*, *since 2012-05-07 (vouched for until 2026-01-31)*.
fn days(from: Option<&str>, to: Option<&str>, as_of: Option<&str>) -> String {
    match (from, to, as_of) {
        (Some(from), Some(to), _) => format!("{from} to {to}"),
        (None, Some(to), _) => format!("until {to}"),
        (Some(from), None, Some(as_of)) => format!("since {from}, vouched for until {as_of}"),
        (Some(from), None, None) => format!("since {from}"),
        (None, None, Some(as_of)) => format!("vouched for until {as_of}"),
        (None, None, None) => String::new(),
    }
}

impl Known {
    fn show(&self, screen: Screen, on: Option<Date>) -> String {
        let mut out = String::new();
        let mut head = Flow::new();
        head.push(Style::Strong, &self.name)
            .push(Style::Plain, &format!("  {}", self.id));
        head.push(Style::Dim, &format!("  {}", self.kind));
        if let Some(by) = &self.by {
            head.push(Style::Dim, &format!("  ({by})"));
        }
        head.write(&mut out, screen, "", "");
        let mut field = |name: &str, value: &str| {
            if !value.is_empty() {
                let mut flow = Flow::new();
                flow.push(Style::Plain, value);
                let label = screen.paint(Style::Dim, &format!("{name:<12}")).into_owned();
                flow.write(&mut out, screen, &format!("  {label}"), &" ".repeat(14));
            }
        };
        let codes: Vec<String> = self
            .codes
            .iter()
            .map(|c| format!("{} ({})", c.code, c.scheme))
            .collect();
        field("codes", &codes.join(", "));
        field("names", &self.names.join(", "));
        field("sectors", &self.sectors.join(", "));
        field("acts for", self.parent.as_deref().unwrap_or_default());
        field("capital", self.capital.as_deref().unwrap_or_default());
        let term = |o: &Office| days(o.from.as_deref(), o.to.as_deref(), o.as_of.as_deref());
        for (n, o) in self.offices.iter().enumerate() {
            let name = if n == 0 { "offices" } else { "" };
            field(
                name,
                &format!("{} ({}), {}  [{}]", o.office, o.of.unwrap_or("-"), term(o), o.source),
            );
        }
        if self.offices.is_empty() && self.kind == "person" {
            field(
                "offices",
                &on.map_or("none".to_owned(), |day| {
                    format!("none that the tables vouch for on {day}")
                }),
            );
        }
        for (n, o) in self.leaders.iter().enumerate() {
            let name = if n == 0 { "led by" } else { "" };
            field(
                name,
                &format!("{}, {}, {}  [{}]", o.person, o.office, term(o), o.source),
            );
        }
        let ties = |ties: &[Tie]| {
            let told = ties.iter().map(|t| {
                let status = if t.status == "member" {
                    String::new()
                } else {
                    format!("{}, ", t.status)
                };
                let days = days(t.from.as_deref(), t.to.as_deref(), None);
                match format!("{status}{days}").trim_end_matches(", ") {
                    "" => t.with.to_owned(),
                    told => format!("{} ({told})", t.with),
                }
            });
            told.collect::<Vec<_>>().join(", ")
        };
        field("member of", &ties(&self.memberships));
        field("members", &ties(&self.members));
        field("source", self.source);
        for (n, learnt) in self.learnt.iter().enumerate() {
            let row = &learnt.row;
            let name = if n == 0 { "learnt" } else { "" };
            let told = match row.families {
                1 => "from one report".to_owned(),
                n => format!("from {n} reports"),
            };
            let tables = row.tables.as_deref().unwrap_or_default();
            let state = match row.state.as_str() {
                "known" => match &row.until {
                    Some(until) => format!("used for reports from {} to {until}", row.since),
                    None => format!("used for reports from {} on", row.since),
                },
                "disputed" => "not used: other reports say otherwise".to_owned(),
                "conflict" => format!("not used: the tables say {tables}"),
                "tables" => "not used: the tables know it themselves".to_owned(),
                _ => "not used: too few reports".to_owned(),
            };
            let days = days(Some(&row.first), Some(&row.last), None);
            field(name, &format!("{}, {told}, {days}; {state}", learnt.code()));
            for one in learnt.told.iter().take(SAID) {
                let day = one.document.published.as_deref().unwrap_or_default();
                let source = one.document.source.as_deref().unwrap_or(&one.document.id);
                field("", &format!("{day} {source}: {}", one.sentence.text.trim()));
            }
        }
        for (n, row) in self.seen.iter().take(SEEN).enumerate() {
            let name = if n == 0 { "in the store" } else { "" };
            let days = days(row.first.as_deref(), row.last.as_deref(), None);
            let told = format!(
                "{} ({}): acts {}, acted upon {}, in {} reports, {days}",
                row.name, row.id, row.acts, row.receives, row.documents
            );
            field(name, &told);
        }
        if self.seen.len() > SEEN {
            field("", &format!("and {} more: lagebild actors", self.seen.len() - SEEN));
        }
        out
    }
}
