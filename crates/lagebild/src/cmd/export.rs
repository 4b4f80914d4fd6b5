//! `lagebild export`: the store in the formats of other programs.

use super::files::{Files, Out};
use super::list::open;
use crate::End;
use crate::cli::{AtomEntries, Export, ExportFormat};
use crate::digest;
use crate::term;
use crate::web::Ui;
use anyhow::bail;
use jiff::Timestamp;
use lagebild_core::wire::Record;
use lagebild_export::{
    Annotations, Brat, ClaimEvent, CsvWriter, Doccano, EventWriter, Feed, Gdelt, GeoJson, Graph, GraphFormat,
    MentionRow, NdjsonWriter, Notice, ObligationRow, PartyRow, Plover, Polecat, QuantityRow, ReportWriter, Ris, Row,
    SCHEMA, StepRow, Table, TableWriter, TextRow, file_name, front_matter,
};
use lagebild_store::{
    AgreementRow, ClaimRow, DocumentRow, EventRow, Filter, List, Reader, SavedSearch, StoredDocument,
};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Report ids in one condition; SQLite takes some thousands of values a statement.
const IDS: usize = 500;

/// What is to be written, and where.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Form of the output.
    pub(crate) format: ExportFormat,
    /// File, or folder for formats of several files; standard output when not given.
    pub(crate) output: Option<PathBuf>,
    /// The tables to write; all when none is given.
    pub(crate) tables: Vec<String>,
    /// What the entries of an Atom feed are; those of the saved search, else reports, when not given.
    pub(crate) entries: Option<AtomEntries>,
    /// Which rows.
    pub(crate) filter: Filter,
    /// The saved search whose filters are among them.
    pub(crate) search: Option<SavedSearch>,
}

pub(super) fn run(args: &Export) -> anyhow::Result<End> {
    let reader = open(&args.store)?;
    let mut filter = args.filter.filter()?;
    let search = match &args.search {
        Some(name) => Some(saved(&reader, name, &mut filter)?),
        None => None,
    };
    let wanted = Wanted {
        format: args.format,
        output: args.output.clone(),
        tables: args.table.clone(),
        entries: args.entries,
        filter,
        search,
    };
    let (written, notices) = export(&reader, wanted)?;
    for notice in &notices {
        term::note(format!("{} {}", notice.count, notice.what));
    }
    if written == 0 {
        term::note("nothing found");
        return Ok(End::Nothing);
    }
    if let Some(output) = &args.output {
        term::note(format!("{written} {}; {}", args.format.counts(), output.display()));
    }
    Ok(End::Fine)
}

/// The saved search of this name; its filters are added to `filter`.
fn saved(reader: &Reader, name: &str, filter: &mut Filter) -> anyhow::Result<SavedSearch> {
    let Some(search) = reader.saved_search(name)? else {
        return super::saved::unknown(name);
    };
    // A second value would take the place of the first or stand beside it, and narrow nothing.
    if let Some((key, _)) = filter
        .pairs()
        .iter()
        .find(|(key, _)| search.filter.iter().any(|(own, _)| own == key))
    {
        bail!("the saved search {name:?} has a filter `{key}` of its own: leave yours out");
    }
    for (key, value) in &search.filter {
        filter.set(key, value)?;
    }
    Ok(search)
}

/// Writes what is wanted, whole or not at all. Returns the number of rows, events or reports, and what could not be said.
///
/// # Errors
/// When the filters do not fit, or something cannot be read or written.
pub(crate) fn export(reader: &Reader, wanted: Wanted) -> anyhow::Result<(usize, Vec<Notice>)> {
    let mut job = Job {
        wanted,
        files: Files::new(),
        notices: Vec::new(),
        now: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    };
    // All tables and passes see the same state of the store.
    let written = reader.at_one_time(|reader| job.write(reader))?;
    job.files.publish()?;
    Ok((written, job.notices))
}

/// An export under way.
struct Job {
    wanted: Wanted,
    files: Files,
    notices: Vec<Notice>,
    now: String,
}

impl Job {
    /// Writes everything; returns the number of rows, events or reports.
    fn write(&mut self, reader: &Reader) -> anyhow::Result<usize> {
        use ExportFormat as F;
        match self.wanted.format {
            F::Csv | F::Ndjson => self.tables(reader),
            #[cfg(feature = "columnar")]
            F::Parquet => self.tables(reader),
            F::Gdelt => {
                let folder = self.folder()?;
                let events = self.files.create(&folder.join("lagebild.export.CSV"))?;
                let mentions = self.files.create(&folder.join("lagebild.mentions.CSV"))?;
                self.events(reader, Box::new(Gdelt::new(events, mentions)))
            }
            F::Polecat => {
                let writer = Polecat::new(self.single()?)?;
                self.events(reader, Box::new(writer))
            }
            F::Plover => {
                let writer = Plover::new(self.single()?);
                self.events(reader, Box::new(writer))
            }
            F::Geojson => {
                let writer = GeoJson::new(self.single()?)?;
                self.events(reader, Box::new(writer))
            }
            F::Graphml => {
                let writer = Graph::new(self.single()?, GraphFormat::GraphMl)?;
                self.events(reader, Box::new(writer))
            }
            F::Gexf => {
                let writer = Graph::new(self.single()?, GraphFormat::Gexf)?;
                self.events(reader, Box::new(writer))
            }
            F::Annotation => {
                let writer = Annotations::new(self.single()?)?;
                self.reports(reader, Box::new(writer))
            }
            F::Doccano => {
                let writer = Doccano::new(self.single()?);
                self.reports(reader, Box::new(writer))
            }
            F::Ris => {
                let writer = Ris::new(self.single()?);
                self.reports(reader, Box::new(writer))
            }
            F::Atom => {
                let filter: Vec<String> = self
                    .wanted
                    .filter
                    .pairs()
                    .into_iter()
                    .map(|(k, v)| format!("{k}={v}"))
                    .collect();
                let (name, title) = match (&self.wanted.search, filter.as_slice()) {
                    (Some(search), _) => (format!("search/{}", search.name), format!("Lagebild: {}", search.name)),
                    (None, []) => ("feed".to_owned(), "Lagebild".to_owned()),
                    (None, _) => (
                        format!("feed?{}", filter.join("&")),
                        format!("Lagebild: {}", filter.join(" ")),
                    ),
                };
                let feed = Feed::new(self.single()?, &name, &title, &self.now)?;
                let entries = self.wanted.entries.unwrap_or(match &self.wanted.search {
                    Some(search) if search.list() == List::Events => AtomEntries::Events,
                    _ => AtomEntries::Reports,
                });
                match entries {
                    AtomEntries::Reports => self.reports(reader, Box::new(feed)),
                    AtomEntries::Events => self.events(reader, Box::new(feed)),
                }
            }
            F::Brat => {
                let folder = self.folder()?;
                brat_conf(&mut self.files, &folder)?;
                self.each_report(reader, |files, report| brat(files, &folder, &report.record))
            }
            F::Markdown => {
                let folder = self.folder()?;
                self.each_report(reader, |files, report| {
                    let name = format!("{}.md", file_name(&report.record.id));
                    let ui = if report.record.lang == "de" { Ui::De } else { Ui::En };
                    let text = front_matter(report) + &digest::markdown(&report.record, ui);
                    files.write(&folder.join(name), &text)
                })
            }
        }
    }

    /// The one file of the format, or standard output.
    fn single(&mut self) -> anyhow::Result<Out> {
        match &self.wanted.output {
            Some(path) => self.files.create(path),
            None => Ok(Box::new(std::io::BufWriter::new(std::io::stdout()))),
        }
    }

    /// The folder of a format of several files, made when new.
    fn folder(&self) -> anyhow::Result<PathBuf> {
        let Some(folder) = &self.wanted.output else {
            bail!("this format has several files: name a folder with --output DIR");
        };
        if folder.exists() && !folder.is_dir() {
            bail!("{} is a file, and this format needs a folder", folder.display());
        }
        std::fs::create_dir_all(folder)?;
        Ok(folder.clone())
    }

    fn events(&mut self, reader: &Reader, mut writer: Box<dyn EventWriter>) -> anyhow::Result<usize> {
        let filters = narrowed(reader, &self.wanted.filter, List::Events)?;
        if writer.wants_announcement() {
            for filter in &filters {
                reader.each_event(filter, |event| {
                    writer.announce(&event);
                    ControlFlow::Continue(())
                })?;
            }
        }
        let mut written = 0;
        let mut report: Option<StoredDocument> = None;
        for filter in &filters {
            walk(
                |each| reader.each_event(filter, each),
                |event: EventRow| {
                    let id = &event.document.id;
                    if report.as_ref().is_none_or(|r| r.record.id != *id) {
                        report = reader.document(id)?;
                    }
                    if let Some(report) = &report {
                        written += usize::from(writer.event(&event, report)?);
                    }
                    Ok(())
                },
            )?;
        }
        self.notices.extend(writer.finish()?);
        Ok(written)
    }

    fn reports(&mut self, reader: &Reader, mut writer: Box<dyn ReportWriter>) -> anyhow::Result<usize> {
        let written = self.each_report(reader, |_, report| Ok(writer.report(report)?))?;
        self.notices.extend(writer.finish()?);
        Ok(written)
    }

    fn each_report(
        &mut self,
        reader: &Reader,
        mut each: impl FnMut(&mut Files, &StoredDocument) -> anyhow::Result<()>,
    ) -> anyhow::Result<usize> {
        let mut written = 0;
        let files = &mut self.files;
        walk(
            |rows| reader.each_document(&self.wanted.filter, rows),
            |row: DocumentRow| {
                if let Some(report) = reader.document(&row.document.id)? {
                    each(files, &report)?;
                    written += 1;
                }
                Ok(())
            },
        )?;
        Ok(written)
    }

    fn tables(&mut self, reader: &Reader) -> anyhow::Result<usize> {
        let folder = self.folder()?;
        let extension = self.wanted.format.extension();
        let mut chosen: Vec<Table> = Vec::new();
        for name in &self.wanted.tables {
            match SCHEMA.iter().find(|t| t.name == name) {
                Some(table) => chosen.push(*table),
                None => {
                    let names: Vec<&str> = SCHEMA.iter().map(|t| t.name).collect();
                    bail!("there is no table {name:?}; tables are {}", names.join(", "));
                }
            }
        }
        if chosen.is_empty() {
            chosen = SCHEMA.to_vec();
        }
        let mut tables = Tables::default();
        for table in &chosen {
            let out = self.files.create(&folder.join(format!("{}.{extension}", table.name)))?;
            let writer: Box<dyn TableWriter> = match self.wanted.format {
                ExportFormat::Ndjson => Box::new(NdjsonWriter::new(out, table)),
                #[cfg(feature = "columnar")]
                ExportFormat::Parquet => Box::new(lagebild_export::ParquetWriter::new(out, table)?),
                _ => Box::new(CsvWriter::new(out, table)?),
            };
            tables.writers.insert(table.name, writer);
        }
        tables.fill(reader, &self.wanted.filter)?;
        let rows = tables.rows;
        for writer in tables.writers.into_values() {
            writer.finish()?;
        }
        let mut out = self.files.create(&folder.join("datapackage.json"))?;
        serde_json::to_writer_pretty(&mut out, &lagebild_export::datapackage(&chosen, extension, &self.now))?;
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(rows)
    }
}

/// The tables that are written, by name.
#[derive(Default)]
struct Tables {
    writers: BTreeMap<&'static str, Box<dyn TableWriter>>,
    rows: usize,
    /// Reports that rows stand in.
    reports: BTreeSet<String>,
}

impl Tables {
    fn has(&self, tables: &[&str]) -> bool {
        tables.iter().any(|t| self.writers.contains_key(t))
    }

    fn put<T: Row>(&mut self, row: &T) -> anyhow::Result<()> {
        if let Some(writer) = self.writers.get_mut(T::TABLE.name) {
            writer.row(&row.cells())?;
            self.rows += 1;
        }
        Ok(())
    }

    /// Writes all rows that the filter lets through, and the reports that they stand in.
    fn fill(&mut self, reader: &Reader, filter: &Filter) -> anyhow::Result<()> {
        if self.has(&["events", "parties", "mentions", "quantities"]) {
            for filter in narrowed(reader, filter, List::Events)? {
                let rows = |each: &mut dyn FnMut(EventRow) -> ControlFlow<()>| reader.each_event(&filter, each);
                walk(rows, |event| {
                    self.reports.insert(event.document.id.clone());
                    self.put(&event)?;
                    PartyRow::of(&event).try_for_each(|row| self.put(&row))?;
                    MentionRow::of(&event).try_for_each(|row| self.put(&row))?;
                    QuantityRow::of(&event).try_for_each(|row| self.put(&row))
                })?;
            }
        }
        if self.has(&["claims", "claim_events"]) {
            for filter in narrowed(reader, filter, List::Claims)? {
                let rows = |each: &mut dyn FnMut(ClaimRow) -> ControlFlow<()>| reader.each_claim(&filter, each);
                walk(rows, |claim| {
                    self.reports.insert(claim.document.id.clone());
                    self.put(&claim)?;
                    ClaimEvent::of(&claim).try_for_each(|row| self.put(&row))
                })?;
            }
        }
        if self.has(&["agreements", "steps", "obligations"]) {
            for filter in narrowed(reader, filter, List::Agreements)? {
                let rows = |each: &mut dyn FnMut(AgreementRow) -> ControlFlow<()>| reader.each_agreement(&filter, each);
                walk(rows, |agreement| {
                    self.reports.insert(agreement.document.id.clone());
                    self.put(&agreement)?;
                    StepRow::of(&agreement).try_for_each(|row| self.put(&row))?;
                    ObligationRow::of(&agreement).try_for_each(|row| self.put(&row))
                })?;
            }
        }
        if self.has(&["documents", "texts"]) {
            let mut left = std::mem::take(&mut self.reports);
            walk(
                |each| reader.each_document(filter, each),
                |row: DocumentRow| {
                    left.remove(&row.document.id);
                    self.report(reader, &row)
                },
            )?;
            // An event of June may stand in a report of October: references between tables have to hold.
            for id in left {
                if let Some(report) = reader.document(&id)? {
                    self.report(reader, &report.row)?;
                }
            }
        }
        Ok(())
    }

    fn report(&mut self, reader: &Reader, row: &DocumentRow) -> anyhow::Result<()> {
        self.put(row)?;
        if self.has(&["texts"])
            && let Some(report) = reader.document(&row.document.id)?
        {
            let (document, text) = (report.record.id.as_str(), report.record.text.as_str());
            self.put(&TextRow { document, text })?;
        }
        Ok(())
    }
}

/// The filters that together list what `filter` lets through in `list`.
///
/// Where the list knows nothing of a part of the filter (agreements have no event type), that part is asked of the
/// reports, so that no part is passed over.
fn narrowed(reader: &Reader, filter: &Filter, list: List) -> anyhow::Result<Vec<Filter>> {
    if filter.check(list).is_ok() {
        return Ok(vec![filter.clone()]);
    }
    let mut ids = Vec::new();
    reader.each_document(filter, |row| {
        ids.push(row.document.id);
        ControlFlow::Continue(())
    })?;
    let fitting = Filter {
        limit: None,
        offset: 0,
        ..filter.for_list(list)
    };
    let filters = ids.chunks(IDS).map(|ids| Filter {
        documents: ids.to_vec(),
        ..fitting.clone()
    });
    Ok(filters.collect())
}

/// Calls `row` with each row that `each` gives, until one fails.
fn walk<T>(
    each: impl FnOnce(&mut dyn FnMut(T) -> ControlFlow<()>) -> lagebild_store::Result<()>,
    mut row: impl FnMut(T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut failed = None;
    each(&mut |item| match row(item) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    })?;
    failed.map_or(Ok(()), Err)
}

impl ExportFormat {
    /// The end of file names of its tables.
    fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            #[cfg(feature = "columnar")]
            Self::Parquet => "parquet",
            _ => "csv",
        }
    }

    /// Whether it is made of tables, which can be had one by one.
    pub(crate) fn is_tables(self) -> bool {
        match self {
            Self::Csv | Self::Ndjson => true,
            #[cfg(feature = "columnar")]
            Self::Parquet => true,
            _ => false,
        }
    }

    /// Media type and end of the file name of a format of one file; nothing for those of several files.
    pub(crate) fn single(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Polecat => ("text/tab-separated-values; charset=utf-8", "tsv"),
            Self::Plover | Self::Doccano => ("application/x-ndjson", "jsonl"),
            Self::Geojson => ("application/geo+json", "geojson"),
            Self::Graphml => ("application/xml", "graphml"),
            Self::Gexf => ("application/xml", "gexf"),
            Self::Annotation => ("application/ld+json", "jsonld"),
            Self::Ris => ("application/x-research-info-systems", "ris"),
            Self::Atom => ("application/atom+xml", "atom"),
            _ => return None,
        })
    }

    /// Media type of a table and the end of its file name.
    pub(crate) fn table(self) -> (&'static str, &'static str) {
        let kind = match self {
            Self::Ndjson => "application/x-ndjson",
            #[cfg(feature = "columnar")]
            Self::Parquet => "application/vnd.apache.parquet",
            _ => "text/csv; charset=utf-8; header=present",
        };
        (kind, self.extension())
    }

    /// What is counted at the end.
    fn counts(self) -> &'static str {
        match self {
            Self::Csv | Self::Ndjson => "rows",
            #[cfg(feature = "columnar")]
            Self::Parquet => "rows",
            Self::Gdelt | Self::Polecat | Self::Plover | Self::Geojson | Self::Graphml | Self::Gexf => "events",
            Self::Annotation | Self::Brat | Self::Doccano | Self::Markdown | Self::Ris => "reports",
            Self::Atom => "entries",
        }
    }
}

/// Writes the brat files of one record into a folder.
pub(super) fn brat(files: &mut Files, folder: &Path, record: &Record) -> anyhow::Result<()> {
    let name = file_name(&record.id);
    let Brat { txt, ann } = Brat::of(record);
    files.write(&folder.join(format!("{name}.txt")), &txt)?;
    files.write(&folder.join(format!("{name}.ann")), &ann)
}

/// Writes the configuration that brat needs beside its files.
pub(super) fn brat_conf(files: &mut Files, folder: &Path) -> anyhow::Result<()> {
    files.write(&folder.join("annotation.conf"), &lagebild_export::annotation_conf())
}
