//! From the arguments of a command to single reports: files, directories, standard input, lines of JSON.
//!
//! Inputs are read one after another and never more of them than a limit allows, so that memory stays bounded whatever
//! comes in. A bad input is an item like any other: the caller reports it and goes on.

use lagebild_core::{Date, Lang};
use lagebild_ingest::{Error as IngestError, Format, Limit};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// How the bytes of an input are to be understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Input {
    /// By file name and content.
    #[default]
    Auto,
    /// One report: text, Markdown or HTML.
    Text,
    /// JSON Lines: one report a line, `{"id","text","published","title","lang","source","url"}`.
    Jsonl,
}

/// What the user says about all inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// Day of publication, for reports that do not tell it.
    pub(crate) published: Option<Date>,
    /// Language, where detection shall not decide.
    pub(crate) lang: Option<Lang>,
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
    /// It is no report.
    Ingest(IngestError),
    /// The program failed on it.
    Internal(String),
}

impl std::fmt::Display for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, why } = self;
        match why {
            Why::Io(error) if error.kind() == io::ErrorKind::NotFound => write!(f, "{name}: there is no such file"),
            Why::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                write!(f, "{name}: no permission to read")
            }
            Why::Io(error) => write!(f, "{name}: {error}"),
            Why::NoReports => write!(f, "{name}: no reports in this directory"),
            Why::Ingest(error) => {
                // Errors of JSON tell the line themselves.
                use IngestError::{BadField, Json, MissingField};
                let tells = matches!(error, Json { .. } | MissingField { .. } | BadField { .. });
                let file = name.rsplit_once(LINE).map_or(name.as_str(), |(file, _)| file);
                write!(f, "{}: {error}", if tells { file } else { name })
            }
            Why::Internal(what) => write!(f, "{name}: the program failed on this report ({what})"),
        }
    }
}

impl Bad {
    /// What the user can do.
    pub(crate) fn hint(&self) -> Option<String> {
        Some(match &self.why {
            Why::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => "check the spelling; `-` stands for standard input".to_owned(),
                io::ErrorKind::PermissionDenied => {
                    "check the permissions of the file and of its directories".to_owned()
                }
                _ => return None,
            },
            Why::NoReports => format!("files named {} are read", EXTENSIONS.map(|e| format!(".{e}")).join(" ")),
            Why::Ingest(error) => error.hint().to_owned(),
            Why::Internal(_) => "this is a bug; please report it with the input".to_owned(),
        })
    }
}

/// What stands between the name of a file and the number of a line.
const LINE: &str = ", line ";

/// Files of these kinds are taken out of directories; a file that is named itself is read whatever its name.
const EXTENSIONS: [&str; 9] = [
    "txt", "text", "md", "markdown", "html", "htm", "xhtml", "jsonl", "ndjson",
];

fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}

fn is_jsonl(path: &Path) -> bool {
    matches!(extension(path).as_deref(), Some("jsonl" | "ndjson"))
}

/// The reports of the arguments, in order.
pub(crate) struct Items {
    arguments: VecDeque<PathBuf>,
    input: Input,
    /// Files found in directories, to be read before the next argument.
    files: VecDeque<(PathBuf, String)>,
    lines: Option<Lines>,
}

impl Items {
    pub(crate) fn new(arguments: impl IntoIterator<Item = PathBuf>, input: Input) -> Self {
        Self {
            arguments: arguments.into_iter().collect(),
            input,
            files: VecDeque::new(),
            lines: None,
        }
    }

    fn argument(&mut self, path: PathBuf) -> Option<Result<Item, Bad>> {
        let name = path.display().to_string();
        if name == "-" {
            return self.stdin();
        }
        let bad = |why| {
            Some(Err(Bad {
                name: name.clone(),
                why,
            }))
        };
        match std::fs::metadata(&path) {
            Err(error) => bad(Why::Io(error)),
            Ok(meta) if meta.is_dir() => {
                let mut found = Vec::new();
                if let Err(error) = walk(&path, &mut found) {
                    return bad(Why::Io(error));
                }
                if found.is_empty() {
                    return bad(Why::NoReports);
                }
                // Named by their place below the directory that was given: the same on every machine.
                let named = path.file_name().is_some();
                let root = if named {
                    path.parent().unwrap_or(Path::new(""))
                } else {
                    &path
                }
                .to_owned();
                self.files.extend(found.into_iter().map(|file| {
                    let source = file
                        .strip_prefix(&root)
                        .unwrap_or(&file)
                        .to_string_lossy()
                        .replace('\\', "/");
                    (file, source)
                }));
                None
            }
            Ok(_) => {
                let source = path
                    .file_name()
                    .map(|n| n.to_string_lossy().into_owned())
                    .unwrap_or_default();
                self.file(&path, source)
            }
        }
    }

    fn file(&mut self, path: &Path, source: String) -> Option<Result<Item, Bad>> {
        let name = path.display().to_string();
        let bad = |why| {
            Some(Err(Bad {
                name: name.clone(),
                why,
            }))
        };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) => return bad(Why::Io(error)),
        };
        if self.input == Input::Jsonl || self.input == Input::Auto && is_jsonl(path) {
            self.lines = Some(Lines::new(name, Box::new(BufReader::new(file))));
            return None;
        }
        let size = file.metadata().map(|m| m.len()).ok();
        match whole(file, size) {
            Ok(bytes) => {
                let format = Format::from_file_name(&source);
                Some(Ok(Item {
                    name,
                    source: Some(source),
                    bytes,
                    shape: Shape::File(format),
                }))
            }
            Err(why) => bad(why),
        }
    }

    fn stdin(&mut self) -> Option<Result<Item, Bad>> {
        let name = "standard input".to_owned();
        let mut stdin = BufReader::new(io::stdin());
        let jsonl = match self.input {
            Input::Jsonl => true,
            Input::Text => false,
            // A report does not begin with an object.
            Input::Auto => stdin
                .fill_buf()
                .is_ok_and(|head| head.trim_ascii_start().starts_with(b"{\"")),
        };
        if jsonl {
            self.lines = Some(Lines::new(name, Box::new(stdin)));
            return None;
        }
        Some(match whole(stdin, None) {
            Ok(bytes) => Ok(Item {
                name,
                source: None,
                bytes,
                shape: Shape::File(None),
            }),
            Err(why) => Err(Bad { name, why }),
        })
    }
}

impl Iterator for Items {
    type Item = Result<Item, Bad>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next() {
                    Some(item) => return Some(item),
                    None => self.lines = None,
                }
            }
            let item = if let Some((file, source)) = self.files.pop_front() {
                self.file(&file, source)
            } else {
                let next = self.arguments.pop_front()?;
                self.argument(next)
            };
            if item.is_some() {
                return item;
            }
        }
    }
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
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(Why::Io)?;
    if bytes.len() > limit {
        Err(too_long(None))
    } else {
        Ok(bytes)
    }
}

/// Files of known kinds below `directory`, in order of their names; hidden ones and links to directories are left out.
fn walk(directory: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = std::fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            walk(&path, found)?;
        } else if extension(&path).is_some_and(|e| EXTENSIONS.contains(&e.as_str())) {
            found.push(path);
        }
    }
    Ok(())
}

/// The lines of a JSON Lines input, none of them held beyond the limit for a line.
struct Lines {
    name: String,
    reader: Box<dyn BufRead>,
    line: usize,
    broken: bool,
}

impl Lines {
    fn new(name: String, reader: Box<dyn BufRead>) -> Self {
        Self {
            name,
            reader,
            line: 0,
            broken: false,
        }
    }

    fn next(&mut self) -> Option<Result<Item, Bad>> {
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
                        why: Why::Io(error),
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
                return Some(Ok(Item {
                    name,
                    source: None,
                    bytes,
                    shape: Shape::Line(self.line),
                }));
            }
        }
        None
    }
}

/// Reads to the end of the line without keeping it; returns its length.
fn skip_line(reader: &mut dyn BufRead) -> io::Result<usize> {
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
        let mut lines = Lines::new(
            "x".to_owned(),
            Box::new(BufReader::new(io::Cursor::new(input.to_vec()))),
        );
        std::iter::from_fn(|| lines.next()).collect()
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
