//! `lagebild read`: what reports tell.

use super::pool;
use crate::End;
use crate::cli::{Read, ReadFormat};
use crate::digest;
use crate::input::{Bad, Item, Items, Why};
use crate::pipeline::Pipeline;
use crate::term::{self, Screen};
use crate::web::Ui;
use lagebild_core::wire::Record;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use std::io::{BufWriter, Write};

/// Reports taken in at once: enough to keep all cores at work, few enough to bound memory and waiting.
pub(super) const BATCH: usize = 64;
/// Bytes taken in at once; a single report may exceed it.
pub(super) const BATCH_BYTES: usize = 8 << 20;

pub(super) fn run(args: &Read, screen: Screen) -> anyhow::Result<End> {
    let pipeline = Pipeline::with(&args.overlays)?;
    let pool = pool(args.reading.threads)?;
    let about = args.reading.about();
    let mut items = Items::new(args.inputs.iter().cloned(), args.reading.how()).peekable();
    let mut out = Output::new(BufWriter::new(std::io::stdout().lock()), args, screen);
    let mut end = End::Fine;
    while items.peek().is_some() {
        let batch = batch(&mut items);
        // Collected in the order of the input, so that the output is the same with any number of threads.
        let records: Vec<Result<Record, Bad>> = pool.install(|| {
            let read = |item: Result<Item, Bad>| {
                let item = item?;
                pipeline.read(&item, about).map_err(|why| Bad { name: item.name, why })
            };
            batch.into_par_iter().map(read).collect()
        });
        for record in records {
            match record {
                Ok(record) => out.write(&record)?,
                Err(Bad {
                    why: Why::PassedOver(_),
                    ..
                }) => {}
                Err(bad) => {
                    // What was read before the fault is shown before the message.
                    out.flush()?;
                    term::error(&bad, bad.hint().as_deref());
                    end = End::Failed;
                }
            }
        }
        out.flush()?;
    }
    out.finish()?;
    Ok(end)
}

/// The next reports.
pub(super) fn batch(items: &mut impl Iterator<Item = Result<Item, Bad>>) -> Vec<Result<Item, Bad>> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while batch.len() < BATCH && bytes < BATCH_BYTES {
        let Some(item) = items.next() else { break };
        bytes += item.as_ref().map_or(0, |i| i.bytes.len());
        batch.push(item);
    }
    batch
}

/// Writes records one after another.
struct Output<W: Write> {
    out: W,
    format: ReadFormat,
    screen: Screen,
    ui: Ui,
    /// Whether JSON output is an array: with several inputs, or one that may hold several reports.
    array: bool,
    written: usize,
}

impl<W: Write> Output<W> {
    fn new(out: W, args: &Read, screen: Screen) -> Self {
        let single = match args.inputs.as_slice() {
            [input] => !crate::input::is_many(input, args.reading.input),
            _ => false,
        };
        Self {
            out,
            format: args.format,
            screen,
            ui: args.ui_lang.unwrap_or_else(term::language),
            array: !single,
            written: 0,
        }
    }

    fn write(&mut self, record: &Record) -> anyhow::Result<()> {
        let first = self.written == 0;
        self.written += 1;
        match self.format {
            ReadFormat::Jsonl => {
                serde_json::to_writer(&mut self.out, record)?;
                writeln!(self.out)?;
            }
            ReadFormat::Json => {
                if self.array {
                    writeln!(self.out, "{}", if first { "[" } else { "," })?;
                }
                serde_json::to_writer_pretty(&mut self.out, record)?;
                if !self.array {
                    writeln!(self.out)?;
                }
            }
            ReadFormat::Text => {
                if !first {
                    writeln!(
                        self.out,
                        "\n{}\n",
                        self.screen.paint(term::Style::Dim, &"═".repeat(self.screen.width))
                    )?;
                }
                write!(self.out, "{}", digest::terminal(record, self.screen, self.ui))?;
            }
            ReadFormat::Md => {
                if !first {
                    writeln!(self.out, "\n---\n")?;
                }
                write!(self.out, "{}", digest::markdown(record, self.ui))?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        Ok(self.out.flush()?)
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        if self.format == ReadFormat::Json && self.array {
            writeln!(self.out, "{}", if self.written == 0 { "[]" } else { "\n]" })?;
        }
        self.flush()
    }
}
