//! From the arguments of a command to single reports: files, directories, archives, feeds, tables, lines of JSON.
//!
//! Inputs are read one after another and never more of them than a limit allows, so that memory stays bounded whatever
//! comes in. A bad input is an item like any other: the caller reports it and goes on.
//!
//! Commands take any iterator over `Result<Item, Bad>`; [`Items`] is the one over files. Another source of reports, such
//! as pages fetched from the web, makes its own items: the bytes as they came, [`Shape::File`] with the format that the
//! server told or `None`, and what else the server told in [`Told`].

use lagebild_core::{Date, Lang};
use lagebild_fetch::Error as FetchError;
use lagebild_ingest::feed::{Feed, FeedItem, parse_feed};
use lagebild_ingest::warc::{Outcome, Warc};
use lagebild_ingest::{Columns, Error as IngestError, Format, Limit, Packing, Stream, Table, unpacked};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How the bytes of an input are to be understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Input {
    /// By file name and content.
    #[default]
    Auto,
    /// One report: text, Markdown, HTML or e-mail.
    Text,
    /// JSON Lines: one report a line, `{"id","text","published","title","lang","source","url"}`.
    Jsonl,
    /// A table with a header, one report a row: CSV, TSV.
    Csv,
    /// A feed: RSS, Atom, JSON Feed.
    Feed,
    /// A web archive.
    Warc,
}

/// How all inputs are to be understood.
#[derive(Clone, Debug, Default)]
pub(crate) struct How {
    /// What they are.
    pub(crate) input: Input,
    /// Which columns of a table hold what.
    pub(crate) columns: Columns,
}

impl From<Input> for How {
    fn from(input: Input) -> Self {
        Self {
            input,
            ..Self::default()
        }
    }
}

/// What the user says about all inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// Day of publication, for reports that do not tell it.
    pub(crate) published: Option<Date>,
    /// Language, where detection shall not decide.
    pub(crate) lang: Option<Lang>,
    /// The day on which the inputs are read or were received; archives tell when they fetched theirs.
    pub(crate) read_on: Option<Date>,
}

/// One report as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// For messages: the path as given, with the line for JSON Lines.
    pub(crate) name: String,
    /// What the report's `source` is when it names none itself.
    pub(crate) source: Option<String>,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// What they are.
    pub(crate) shape: Shape,
    /// What the server or archive told about it.
    pub(crate) told: Told,
}

/// What a server tells about a page, and an archive keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// The address of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    /// Its charset label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) charset: Option<String>,
    /// The id that its report gets, the same for each version of the page; otherwise made from the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// When it was fetched, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fetched: Option<String>,
    /// Whether it is an item of a feed, whose fields are what a server claims.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) of_feed: bool,
}

/// What the bytes of an item are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A whole file.
    File(Option<Format>),
    /// The line of a JSON Lines file, counted from 1.
    Line(usize),
}

/// An input that gives no report.
#[derive(Debug)]
pub(crate) struct Bad {
    /// The input as given.
    pub(crate) name: String,
    /// What is wrong.
    pub(crate) why: Why,
}

/// What is wrong with an input.
#[derive(Debug)]
pub(crate) enum Why {
    /// The system does not give it.
    Io(io::Error),
    /// A directory that holds no file of a format that is read.
    NoReports,
    /// The web does not give it.
    Fetch(FetchError),
    /// It is no report and need not be one: an image in an archive, an empty item of a feed.
    PassedOver(String),
    /// It is no report.
    Ingest(IngestError),
    /// A reading made elsewhere that is none, or the reason why none was made there.
    NoReading(String),
    /// The program failed on it.
    Internal(String),
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) if error.kind() == io::ErrorKind::NotFound => f.write_str("there is no such file"),
            Self::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => f.write_str("no permission to read"),
            Self::Io(error) => error.fmt(f),
            Self::NoReports => f.write_str("no reports in this directory"),
            Self::Fetch(error) => error.fmt(f),
            Self::PassedOver(reason) | Self::NoReading(reason) => f.write_str(reason),
            Self::Ingest(error) => error.fmt(f),
            Self::Internal(what) => write!(f, "the program failed on this report ({what})"),
        }
    }
}

impl std::fmt::Display for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use IngestError::{BadField, Json, MissingField};
        let Self { name, why } = self;
        // Errors of JSON tell the line themselves.
        let tells_line = matches!(why, Why::Ingest(Json { .. } | MissingField { .. } | BadField { .. }));
        let file = name.rsplit_once(LINE).map_or(name.as_str(), |(file, _)| file);
        write!(f, "{}: {why}", if tells_line { file } else { name })
    }
}

impl Bad {
    /// What the user can do.
    pub(crate) fn hint(&self) -> Option<String> {
        self.why.hint()
    }
}

impl Why {
    /// What the user can do.
    pub(crate) fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => "check the spelling; `-` stands for standard input".to_owned(),
                io::ErrorKind::PermissionDenied => {
                    "check the permissions of the file and of its directories".to_owned()
                }
                _ => return None,
            },
            Self::NoReports => {
                let known: Vec<String> = KINDS.iter().flat_map(|(e, _)| *e).map(|e| format!(".{e}")).collect();
                format!("files named {} are read, and these with .gz or .zst", known.join(" "))
            }
            Self::Fetch(error) => return error.hint(),
            Self::PassedOver(_) | Self::NoReading(_) => return None,
            Self::Ingest(error) => error.hint().to_owned(),
            Self::Internal(_) => "this is a bug; please report it with the input".to_owned(),
        })
    }
}

/// What stands between the name of a file and the number of a line.
const LINE: &str = ", line ";

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// One report.
    One,
    Lines,
    Table,
    Feed,
    Warc,
    /// A feed where it is one, else JSON Lines or a report.
    Perhaps,
}

/// Files with these endings are taken out of directories; a file that is named itself is read whatever its name.
const KINDS: [(&[&str], Kind); 6] = [
    (
        &["txt", "text", "md", "markdown", "html", "htm", "xhtml", "eml"],
        Kind::One,
    ),
    (&["jsonl", "ndjson"], Kind::Lines),
    (&["csv", "tsv"], Kind::Table),
    (&["rss", "atom", "rdf"], Kind::Feed),
    (&["warc", "wet"], Kind::Warc),
    (&["xml", "json"], Kind::Perhaps),
];

/// What the name of a file tells.
fn kind_of(name: &str) -> Option<Kind> {
    let extension = Path::new(Packing::bare_name(name))
        .extension()?
        .to_str()?
        .to_ascii_lowercase();
    let known = KINDS.iter().find(|(names, _)| names.contains(&extension.as_str()));
    known.map(|(_, kind)| *kind)
}

/// Whether an input may hold several reports.
pub(crate) fn is_many(path: &Path, input: Input) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.is_dir()
        || match input {
            Input::Auto => !matches!(kind_of(&name), None | Some(Kind::One)),
            Input::Text => false,
            Input::Jsonl | Input::Csv | Input::Feed | Input::Warc => true,
        }
}

/// How far the reading of inputs has come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    done: Arc<AtomicU64>,
    /// Bytes of all inputs, when none of them is standard input.
    pub(crate) total: Option<u64>,
}

impl Progress {
    /// Bytes taken in so far.
    pub(crate) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }
}

/// An input that was found.
enum Found {
    File {
        path: PathBuf,
        /// What the source of its report is called.
        source: String,
        size: u64,
    },
    Stdin,
    Bad(Bad),
}

/// The reports of an input that is open.
type Open = Box<dyn Iterator<Item = Result<Item, Bad>>>;

/// The reports of the arguments, in order.
pub(crate) struct Items {
    found: VecDeque<Found>,
    how: How,
    open: Option<Open>,
    done: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Items {
    /// Looks for the files of the arguments; they are opened when their turn comes.
    pub(crate) fn new(arguments: impl IntoIterator<Item = PathBuf>, how: How) -> Self {
        let mut found = VecDeque::new();
        for path in arguments {
            find(&path, &mut found);
        }
        let size = |f: &Found| match f {
            Found::File { size, .. } => Some(*size),
            Found::Stdin => None,
            Found::Bad(_) => Some(0),
        };
        let total = found.iter().map(size).sum();
        Self {
            found,
            how,
            open: None,
            done: Arc::default(),
            total,
        }
    }

    /// How far the reading has come.
    pub(crate) fn progress(&self) -> Progress {
        Progress {
            done: Arc::clone(&self.done),
            total: self.total,
        }
    }

    fn open(&self, found: Found) -> Result<Open, Bad> {
        let (name, source, size, stream): (String, Option<String>, Option<u64>, Stream) = match found {
            Found::Bad(bad) => return Err(bad),
            Found::Stdin => {
                let stdin = BufReader::with_capacity(BUFFER, io::stdin());
                ("standard input".to_owned(), None, None, Box::new(stdin))
            }
            Found::File { path, source, size } => {
                let name = path.display().to_string();
                let file = match File::open(&path) {
                    Ok(file) => file,
                    Err(error) => {
                        return Err(Bad {
                            name,
                            why: Why::Io(error),
                        });
                    }
                };
                let counted = Counted {
                    stream: file,
                    done: Arc::clone(&self.done),
                };
                let stream = Box::new(BufReader::with_capacity(BUFFER, counted));
                (name, Some(source), Some(size), stream)
            }
        };
        let bad = |why| Bad {
            name: name.clone(),
            why,
        };
        let mut stream = stream;
        let packed = stream.fill_buf().is_ok_and(|head| Packing::of(head) != Packing::None);
        let mut stream = unpacked(stream).map_err(|e| bad(io_fault(e)))?;
        let told = source.as_deref().and_then(kind_of);
        let kind = match (self.how.input, told) {
            (Input::Text, _) => Kind::One,
            (Input::Jsonl, _) => Kind::Lines,
            (Input::Csv, _) => Kind::Table,
            (Input::Feed, _) => Kind::Feed,
            (Input::Warc, _) => Kind::Warc,
            (Input::Auto, Some(kind)) => kind,
            (Input::Auto, None) => stream.fill_buf().map_or(Kind::One, sniff),
        };
        let format = source
            .as_deref()
            .and_then(|s| Format::from_file_name(Packing::bare_name(s)));
        Ok(match kind {
            Kind::Lines => Box::new(Lines::new(name, stream)),
            Kind::Table => Box::new(rows(name.clone(), stream, &self.how.columns).map_err(|e| bad(Why::Ingest(e)))?),
            Kind::Warc => Box::new(records(name, source, stream)),
            Kind::One | Kind::Feed | Kind::Perhaps => {
                let bytes = whole(stream, size.filter(|_| !packed)).map_err(bad)?;
                let charset = None;
                if kind != Kind::One {
                    match parse_feed(&bytes, charset) {
                        Err(IngestError::NotAFeed) if kind == Kind::Perhaps => {}
                        Err(error) => return Err(bad(Why::Ingest(error))),
                        Ok(feed) => return Ok(Box::new(entries(name, feed))),
                    }
                    if sniff(&bytes) == Kind::Lines {
                        return Ok(Box::new(Lines::new(name, Box::new(io::Cursor::new(bytes)))));
                    }
                }
                Box::new(std::iter::once(Ok(Item {
                    name,
                    source,
                    bytes,
                    shape: Shape::File(format),
                    told: Told::default(),
                })))
            }
        })
    }
}

/// Bytes read at once.
const BUFFER: usize = 64 * 1024;

/// What the first bytes of an input tell.
fn sniff(head: &[u8]) -> Kind {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    if head.starts_with(b"WARC/") {
        Kind::Warc
    } else if lagebild_ingest::feed::is_feed(head) {
        Kind::Feed
    } else if head.starts_with(b"{\"") {
        // A report does not begin with an object.
        Kind::Lines
    } else {
        Kind::One
    }
}

/// The files of an argument.
fn find(path: &Path, found: &mut VecDeque<Found>) {
    let name = path.display().to_string();
    if name == "-" {
        found.push_back(Found::Stdin);
        return;
    }
    let bad = |why| {
        Found::Bad(Bad {
            name: name.clone(),
            why,
        })
    };
    match std::fs::metadata(path) {
        Err(error) => found.push_back(bad(Why::Io(error))),
        Ok(meta) if meta.is_dir() => {
            let mut files = Vec::new();
            match walk(path, &mut files) {
                Err(error) => found.push_back(bad(Why::Io(error))),
                Ok(()) if files.is_empty() => found.push_back(bad(Why::NoReports)),
                Ok(()) => {
                    // Named by their place below the directory that was given: the same on every machine.
                    let root = match path.file_name() {
                        Some(_) => path.parent().unwrap_or(Path::new("")),
                        None => path,
                    };
                    found.extend(files.into_iter().map(|(file, size)| {
                        let below = file.strip_prefix(root).unwrap_or(&file);
                        let source = below.to_string_lossy().replace('\\', "/");
                        Found::File {
                            path: file,
                            source,
                            size,
                        }
                    }));
                }
            }
        }
        Ok(meta) => found.push_back(Found::File {
            path: path.to_owned(),
            source: path
                .file_name()
                .map(|n| n.to_string_lossy().into_owned())
                .unwrap_or_default(),
            size: meta.len(),
        }),
    }
}

impl Iterator for Items {
    type Item = Result<Item, Bad>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(open) = &mut self.open {
                if let Some(item) = open.next() {
                    return Some(item);
                }
                self.open = None;
            }
            let next = self.found.pop_front()?;
            match self.open(next) {
                Ok(open) => self.open = Some(open),
                Err(bad) => return Some(Err(bad)),
            }
        }
    }
}

/// A file whose reading is counted.
struct Counted {
    stream: File,
    done: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer)?;
        self.done.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// A fault of the system, or of packed data.
fn io_fault(error: io::Error) -> Why {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => Why::Ingest(IngestError::Damaged {
            what: error.to_string(),
        }),
        _ => Why::Io(error),
    }
}

/// The rows of a table; each is kept as the line of JSON that says the same.
fn rows(
    name: String,
    stream: Stream,
    columns: &Columns,
) -> Result<impl Iterator<Item = Result<Item, Bad>> + use<>, IngestError> {
    let table = Table::open(stream, columns)?;
    Ok(table.map(move |row| match row {
        Ok(row) => Ok(line_item(
            format!("{name}{LINE}{}", row.line),
            row.line,
            row.json.into_bytes(),
        )),
        Err((line, error)) => Err(Bad {
            name: format!("{name}{LINE}{line}"),
            why: Why::Ingest(error),
        }),
    }))
}

/// A report as a line of JSON.
pub(crate) fn line_item(name: String, line: usize, bytes: Vec<u8>) -> Item {
    Item {
        name,
        source: None,
        bytes,
        shape: Shape::Line(line),
        told: Told::default(),
    }
}

/// The items of a feed and those left out, each kept as the line of JSON that says the same.
pub(crate) fn entries(name: String, feed: Feed) -> impl Iterator<Item = Result<Item, Bad>> {
    let skipped = feed.skipped.into_iter().map(|s| Err((s.index, s.reason)));
    let mut n = 0;
    skipped
        .chain(feed.items.into_iter().map(Ok))
        .map(move |entry| match entry {
            Ok(item) => {
                n += 1;
                let place = item.url.as_ref().map(|u| format!(" ({u})")).unwrap_or_default();
                Ok(of_feed(line_item(
                    format!("{name}#{n}{place}"),
                    n,
                    feed_line(&item).into_bytes(),
                )))
            }
            Err((index, reason)) => Err(Bad {
                name: format!("{name}, item {}", index + 1),
                why: Why::PassedOver(reason),
            }),
        })
}

/// A line of JSON that says what a feed does.
pub(crate) fn of_feed(mut item: Item) -> Item {
    item.told.of_feed = true;
    item
}

/// An item of a feed as a line of JSON.
pub(crate) fn feed_line(item: &FeedItem) -> String {
    let mut fields = serde_json::Map::new();
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            fields.insert(key.to_owned(), value.into());
        }
    };
    put("url", item.url.clone());
    put("title", item.title.clone());
    put("published", item.published.map(|p| p.day.to_string()));
    match item.html() {
        Some(html) => put("html", Some(html.to_owned())),
        None => put("text", item.title.clone()),
    }
    serde_json::Value::Object(fields).to_string()
}

/// The pages of an archive.
fn records(name: String, source: Option<String>, stream: Stream) -> impl Iterator<Item = Result<Item, Bad>> {
    Warc::new(stream).map(move |(number, outcome)| {
        let named = |url: &Option<String>| match url {
            Some(url) => format!("{name}#{number} ({url})"),
            None => format!("{name}#{number}"),
        };
        match outcome {
            Outcome::Page(page) => Ok(Item {
                name: named(&page.url),
                source: page.url.clone().or_else(|| source.clone()),
                bytes: page.bytes,
                shape: Shape::File(Some(page.format)),
                told: Told {
                    url: page.url,
                    charset: page.charset,
                    fetched: page.fetched,
                    ..Told::default()
                },
            }),
            Outcome::PassedOver { url, reason } => Err(Bad {
                name: named(&url),
                why: Why::PassedOver(reason),
            }),
            Outcome::Bad(error) => Err(Bad {
                name: named(&None),
                why: Why::Ingest(error),
            }),
        }
    })
}

/// All of a file, up to the limit for one report.
fn whole(file: impl Read, size: Option<u64>) -> Result<Vec<u8>, Why> {
    let limit = Limit::Body.max();
    let too_long = |found| {
        Why::Ingest(IngestError::Limit {
            limit: Limit::Body,
            found,
        })
    };
    if let Some(size) = size.filter(|&size| size > limit as u64) {
        return Err(too_long(usize::try_from(size).ok()));
    }
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(io_fault)?;
    if bytes.len() > limit {
        Err(too_long(None))
    } else {
        Ok(bytes)
    }
}

/// Files of known kinds below `directory` with their sizes, in order of their names; hidden ones and links to
/// directories are left out.
fn walk(directory: &Path, found: &mut Vec<(PathBuf, u64)>) -> io::Result<()> {
    let mut entries = std::fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            walk(&path, found)?;
        } else if kind_of(&name).is_some() {
            let size = std::fs::metadata(&path).map_or(0, |m| m.len());
            found.push((path, size));
        }
    }
    Ok(())
}

/// The lines of a JSON Lines input, none of them held beyond the limit for a line.
struct Lines {
    name: String,
    reader: Stream,
    line: usize,
    broken: bool,
}

impl Lines {
    fn new(name: String, reader: Stream) -> Self {
        Self {
            name,
            reader,
            line: 0,
            broken: false,
        }
    }
}

impl Iterator for Lines {
    type Item = Result<Item, Bad>;

    fn next(&mut self) -> Option<Self::Item> {
        let limit = Limit::Line.max();
        while !self.broken {
            let mut bytes = Vec::new();
            let read = (&mut self.reader).take(limit as u64 + 2).read_until(b'\n', &mut bytes);
            self.line += 1;
            let name = format!("{}{LINE}{}", self.name, self.line);
            let mut total = match read {
                Ok(0) => return None,
                Ok(n) => n,
                Err(error) => {
                    self.broken = true;
                    return Some(Err(Bad {
                        name,
                        why: io_fault(error),
                    }));
                }
            };
            if bytes.last() != Some(&b'\n') && total > limit {
                match skip_line(&mut self.reader) {
                    Ok(rest) => total += rest,
                    Err(error) => {
                        self.broken = true;
                        return Some(Err(Bad {
                            name,
                            why: Why::Io(error),
                        }));
                    }
                }
                let why = Why::Ingest(IngestError::Limit {
                    limit: Limit::Line,
                    found: Some(total),
                });
                return Some(Err(Bad { name, why }));
            }
            while matches!(bytes.last(), Some(b'\n' | b'\r')) {
                bytes.pop();
            }
            if !bytes.trim_ascii().is_empty() {
                return Some(Ok(line_item(name, self.line, bytes)));
            }
        }
        None
    }
}

/// Reads to the end of the line without keeping it; returns its length.
fn skip_line(reader: &mut dyn io::BufRead) -> io::Result<usize> {
    let mut skipped = 0;
    loop {
        let buffer = reader.fill_buf()?;
        let (used, done) = match buffer.iter().position(|&b| b == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(used);
        skipped += used;
        if done {
            return Ok(skipped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<Result<Item, Bad>> {
        Lines::new("x".to_owned(), Box::new(io::Cursor::new(input.to_vec()))).collect()
    }

    #[test]
    fn lines_are_counted_and_blank_ones_skipped() {
        let found = lines(b"{\"a\":1}\r\n\n  \n{\"b\":2}");
        let found: Vec<_> = found.into_iter().map(|i| i.unwrap()).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].bytes.as_slice(), found[0].shape),
            (b"{\"a\":1}".as_slice(), Shape::Line(1))
        );
        assert_eq!(
            (found[1].bytes.as_slice(), found[1].shape),
            (b"{\"b\":2}".as_slice(), Shape::Line(4))
        );
    }

    #[test]
    fn an_overlong_line_is_named_and_the_next_one_read() {
        let mut input = vec![b'x'; Limit::Line.max() + 100];
        input.extend(b"\n{}");
        let found = lines(&input);
        assert_eq!(found.len(), 2);
        let error = found[0].as_ref().unwrap_err().to_string();
        assert!(error.starts_with("x, line 1: over the limit"), "{error}");
        assert_eq!(found[1].as_ref().unwrap().shape, Shape::Line(2));
    }
}
