//! `lagebild search`: full text.

use super::list::{filter, open};
use super::table::Writer;
use crate::End;
use crate::cli::{ListFormat, Search};
use crate::term::{self, Flow, Screen, Style};
use lagebild_core::wire::Range;
use lagebild_store::Hit;
use std::io::{BufWriter, Write as _};

pub(super) fn run(args: &Search, screen: Screen) -> anyhow::Result<End> {
    let mut filter = filter(&args.filter, args.format)?;
    filter.set("q", &args.words.join(" "))?;
    let page = open(&args.store)?.search(&filter)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    if args.format == ListFormat::Table {
        for (i, hit) in page.rows.iter().enumerate() {
            write!(out, "{}{}", if i > 0 { "\n" } else { "" }, shown(hit, screen))?;
        }
        out.flush()?;
    } else {
        let mut writer = Writer::new::<Hit>(out, args.format, &[], screen)?;
        for hit in &page.rows {
            writer.row(hit, |_| Vec::new())?;
        }
        writer.finish()?;
    }
    if page.rows.is_empty() {
        term::note("nothing found");
        return Ok(End::Nothing);
    }
    if page.rows.len() < page.total {
        term::note(format!(
            "{} of {}; more with --limit N or --limit all",
            page.rows.len(),
            page.total
        ));
    }
    Ok(End::Fine)
}

/// A hit for people: headline, day and source, the sentence with its hits.
fn shown(hit: &Hit, screen: Screen) -> String {
    let mut out = String::new();
    let document = &hit.document;
    let mut title = Flow::new();
    marked(
        &mut title,
        document.title.as_deref().unwrap_or(&document.id),
        &hit.title_marks,
        Style::Strong,
        screen,
    );
    title.write(&mut out, screen, "", "");
    let about = [
        document.published.as_deref(),
        document.source.as_deref(),
        Some(document.id.as_str()),
    ];
    let about = about.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    Flow::new().push(Style::Dim, &about).write(&mut out, screen, "  ", "  ");
    let mut snippet = Flow::new();
    let dots = |cut: bool| if cut { "…" } else { "" };
    snippet.push(Style::Plain, dots(hit.snippet.cut_before));
    marked(
        &mut snippet,
        &hit.snippet.text,
        &hit.snippet.marks,
        Style::Plain,
        screen,
    );
    snippet.push(Style::Plain, dots(hit.snippet.cut_after));
    snippet.write(&mut out, screen, "  ", "  ");
    out
}

/// Adds `text` with its marks to a paragraph.
fn marked(flow: &mut Flow, text: &str, marks: &[Range], style: Style, screen: Screen) {
    let chars: Vec<char> = text.chars().collect();
    let piece = |from: usize, to: usize| {
        chars
            .get(from..to)
            .map(|c| c.iter().collect::<String>())
            .unwrap_or_default()
    };
    let mut at = 0;
    for mark in marks {
        flow.push(style, &piece(at, mark.start));
        let hit = piece(mark.start, mark.end);
        if screen.colour {
            flow.push(Style::Trigger, &hit);
        } else {
            flow.push(style, &format!("*{hit}*"));
        }
        at = mark.end;
    }
    flow.push(style, &piece(at, chars.len()));
}
