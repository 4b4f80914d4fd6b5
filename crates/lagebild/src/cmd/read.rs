//! `lagebild read`: what reports tell.

use super::files::Files;
use super::pool;
use crate::End;
use crate::cli::{Read, ReadFormat};
use crate::digest;
use crate::input::{Bad, Item, Items, Why};
use crate::pipeline::Pipeline;
use crate::term::{self, Screen};
use crate::web::Ui;
use anyhow::{Context as _, bail};
use lagebild_core::wire::Record;
use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};
use std::io::{BufWriter, Write};
use std::path::PathBuf;

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
    match (args.format, &args.output) {
        (ReadFormat::Brat, Some(folder)) => {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
            let mut files = Files::new();
            super::export::brat_conf(&mut files, folder)?;
            out.brat = Some((folder.clone(), files));
        }
        (ReadFormat::Brat, None) => bail!("brat has two files a report: name a folder with --output DIR"),
        (_, Some(_)) => bail!("only brat is written to a folder; other formats go to standard output"),
        _ => {}
    }
    let mut end = End::Fine;
    while items.peek().is_some() {
        let batch = batch(&mut items);
        // Collected in the order of the input, so that the output is the same with any number of threads.
        let made: Vec<Result<Made, Bad>> = pool.install(|| {
            let make = |item: Result<Item, Bad>| {
                let item = item?;
                let made = match args.format {
                    ReadFormat::Conllu => pipeline.document(&item, about).map(|document| {
                        Made::Conllu(lagebild_nlp::conllu::write(&lagebild_nlp::with_names(
                            pipeline.parse(document),
                        )))
                    }),
                    _ => pipeline.read(&item, about).map(|record| Made::Record(Box::new(record))),
                };
                made.map_err(|why| Bad { name: item.name, why })
            };
            // Report by report, so that no thread waits for the long reports of another.
            batch.into_par_iter().with_max_len(1).map(make).collect()
        });
        for made in made {
            match made {
                Ok(Made::Record(record)) => out.write(&record)?,
                Ok(Made::Conllu(text)) => out.text(&text)?,
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

/// What is made of a report.
enum Made {
    Record(Box<Record>),
    Conllu(String),
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
    /// The folder for brat, and the files on their way there.
    brat: Option<(PathBuf, Files)>,
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
            brat: None,
        }
    }

    /// Writes what needs no record.
    fn text(&mut self, text: &str) -> anyhow::Result<()> {
        self.written += 1;
        Ok(self.out.write_all(text.as_bytes())?)
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
            ReadFormat::Brat => {
                if let Some((folder, files)) = &mut self.brat {
                    super::export::brat(files, folder, record)?;
                }
            }
            ReadFormat::Conllu => {}
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
        if let Some((_, files)) = self.brat.take() {
            files.publish()?;
        }
        self.flush()
    }
}
