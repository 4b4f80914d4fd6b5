//! Web archives: WARC 0.17 to 1.1 (ISO 28500), read as a stream.
//!
//! Only pages come out: responses with status 2xx whose content is HTML or plain text, resources of these types, and
//! plain-text conversions (the WET files of Common Crawl). A record that is damaged, too large or cut off is told and
//! passed over; the next one is found by its version line.

use crate::Format;
use crate::error::Error;
use crate::unpack::{Stream, unpack_body};
use lagebild_core::Limit;
use std::io::{self, BufRead as _, Read as _};

/// Longest line of a head, in bytes.
const LINE: usize = 64 * 1024;
/// Most lines of a head.
const LINES: usize = 1_000;

/// A page out of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its address.
    pub url: Option<String>,
    /// When it was fetched (`WARC-Date`), as written.
    pub fetched: Option<String>,
    /// The charset label that the server sent with it.
    pub charset: Option<String>,
    /// HTML or plain text.
    pub format: Format,
    /// The page, free of the encodings of the transfer.
    pub bytes: Vec<u8>,
}

/// What a record gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A page.
    Page(Page),
    /// A response that is no page, and why: its status or content type.
    PassedOver {
        /// Its address.
        url: Option<String>,
        /// Why.
        reason: String,
    },
    /// A record that cannot be read.
    Bad(Error),
}

/// Reads the records of an archive.
pub struct Warc {
    stream: Stream,
    /// Records met so far.
    number: usize,
    /// The version line of the next record, when it was read while looking for it.
    version_read: bool,
    ended: bool,
}

impl Warc {
    /// Reads from `stream`, which is unpacked already.
    #[must_use]
    pub fn new(stream: Stream) -> Self {
        Self {
            stream,
            number: 0,
            version_read: false,
            ended: false,
        }
    }

    fn record(&mut self) -> Result<Option<Outcome>, Error> {
        if !std::mem::take(&mut self.version_read) {
            match self.version_line()? {
                Line::Version => {}
                Line::End => {
                    self.ended = true;
                    return Ok(None);
                }
                Line::Other => {
                    self.number += 1;
                    self.resume();
                    return Err(damaged("a record does not begin with WARC/1.0"));
                }
            }
        }
        self.number += 1;
        let head = Head::read(&mut self.stream)?.ok_or_else(|| damaged("the head of a record is cut off"))?;
        let length: u64 = head
            .get("content-length")
            .and_then(|l| l.parse().ok())
            .ok_or_else(|| damaged("a record does not tell its length"))?;
        let kind = head.get("warc-type").unwrap_or_default().to_ascii_lowercase();
        if !matches!(kind.as_str(), "response" | "resource" | "conversion") {
            self.skip(length)?;
            return Ok(None);
        }
        let url = head
            .get("warc-target-uri")
            .map(|u| u.trim_matches(['<', '>']).to_owned());
        // Films and programs are in archives too: what cannot be a page is not taken into memory.
        let media = head.get("content-type").map(media_type).unwrap_or_default();
        if kind != "response" && page_format(&media).is_none() {
            self.skip(length)?;
            return Ok(Some(Outcome::PassedOver {
                url,
                reason: format!("content type {media}"),
            }));
        }
        if length > Limit::Record.max() as u64 {
            self.skip(length)?;
            return Err(Error::Limit {
                limit: Limit::Record,
                found: usize::try_from(length).ok(),
            });
        }
        let mut bytes = Vec::new();
        (&mut self.stream)
            .take(length)
            .read_to_end(&mut bytes)
            .map_err(|e| io_error(&e))?;
        if (bytes.len() as u64) < length {
            self.ended = true;
            return Err(damaged(format!(
                "the record is cut off after {} of {length} bytes",
                bytes.len()
            )));
        }
        let fetched = head.get("warc-date").map(str::to_owned);
        let is_http = kind == "response" && head.get("content-type").is_none_or(|t| t.contains("http"));
        if is_http {
            return response(&bytes, url, fetched).map(Some);
        }
        let charset = head.get("content-type").and_then(charset_of);
        Ok(Some(match page_format(&media) {
            Some(format) => Outcome::Page(Page {
                url,
                fetched,
                charset,
                format,
                bytes,
            }),
            None => Outcome::PassedOver {
                url,
                reason: format!("content type {media}"),
            },
        }))
    }

    /// Reads on to the next line with text.
    fn version_line(&mut self) -> Result<Line, Error> {
        loop {
            match line(&mut self.stream)? {
                None => return Ok(Line::End),
                Some(text) if text.is_empty() => {}
                Some(text) if is_version(&text) => return Ok(Line::Version),
                Some(_) => return Ok(Line::Other),
            }
        }
    }

    /// Goes to the version line of the next record, wherever the reader stands.
    fn resume(&mut self) {
        loop {
            match line(&mut self.stream) {
                Ok(None) => {
                    self.ended = true;
                    return;
                }
                Ok(Some(text)) if is_version(&text) => {
                    self.version_read = true;
                    return;
                }
                Ok(Some(_)) => {}
                // A damaged gzip member: the stream goes on with the next one.
                Err(Error::Damaged { .. }) if !self.at_end() => {}
                Err(_) => {
                    self.ended = true;
                    return;
                }
            }
        }
    }

    fn at_end(&mut self) -> bool {
        match self.stream.fill_buf() {
            Ok(buffer) => buffer.is_empty(),
            Err(error) => error.kind() != io::ErrorKind::InvalidData,
        }
    }

    fn skip(&mut self, length: u64) -> Result<(), Error> {
        let skipped = io::copy(&mut (&mut self.stream).take(length), &mut io::sink()).map_err(|e| io_error(&e))?;
        if skipped < length {
            self.ended = true;
        }
        Ok(())
    }
}

enum Line {
    Version,
    Other,
    End,
}

impl Iterator for Warc {
    /// The number of the record, from 1, and what it gives.
    type Item = (usize, Outcome);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.record() {
                Ok(None) => {}
                Ok(Some(outcome)) => return Some((self.number, outcome)),
                Err(error) => {
                    // After damage the reader may stand anywhere; after any other fault behind the record.
                    if matches!(error, Error::Damaged { .. }) && !self.ended && !self.version_read {
                        self.resume();
                    }
                    return Some((self.number.max(1), Outcome::Bad(error)));
                }
            }
        }
        None
    }
}

fn damaged(what: impl Into<String>) -> Error {
    Error::Damaged { what: what.into() }
}

fn io_error(error: &io::Error) -> Error {
    damaged(error.to_string())
}

fn is_version(line: &[u8]) -> bool {
    line.strip_prefix(b"WARC/")
        .is_some_and(|v| v.first().is_some_and(u8::is_ascii_digit) && v.len() < 8)
}

/// The next line without its end; no more than [`LINE`] bytes of it are kept.
fn line(stream: &mut impl io::BufRead) -> Result<Option<Vec<u8>>, Error> {
    let mut text = Vec::new();
    let mut begun = false;
    loop {
        let buffer = stream.fill_buf().map_err(|e| io_error(&e))?;
        if buffer.is_empty() {
            return Ok(begun.then_some(text));
        }
        begun = true;
        let end = buffer.iter().position(|&b| b == b'\n');
        let piece = &buffer[..end.unwrap_or(buffer.len())];
        text.extend_from_slice(&piece[..piece.len().min(LINE.saturating_sub(text.len()))]);
        let used = end.map_or(buffer.len(), |at| at + 1);
        stream.consume(used);
        if end.is_some() {
            if text.last() == Some(&b'\r') {
                text.pop();
            }
            return Ok(Some(text));
        }
    }
}

/// The fields of the head of a record or of an HTTP response.
#[derive(Debug, Default)]
struct Head {
    fields: Vec<(String, String)>,
}

impl Head {
    /// Reads up to the empty line; `None` when there is none.
    fn read(stream: &mut impl io::BufRead) -> Result<Option<Self>, Error> {
        let mut head = Self::default();
        for _ in 0..LINES {
            let Some(line) = line(stream)? else { return Ok(None) };
            if line.is_empty() {
                return Ok(Some(head));
            }
            let text = String::from_utf8_lossy(&line);
            if text.starts_with([' ', '\t']) {
                // A field may go on in the next line.
                if let Some((_, value)) = head.fields.last_mut() {
                    value.push(' ');
                    value.push_str(text.trim());
                }
            } else if let Some((name, value)) = text.split_once(':') {
                head.fields
                    .push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Err(damaged(format!("a head of more than {LINES} lines")))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// The type of a content type, without its parameters, in lower case.
fn media_type(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// The charset of a content type.
#[must_use]
pub fn charset_of(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}

fn page_format(media: &str) -> Option<Format> {
    match media {
        "text/html" | "application/xhtml+xml" => Some(Format::Html),
        "text/plain" => Some(Format::Text),
        _ => None,
    }
}

/// The page in an HTTP response as it was sent.
fn response(bytes: &[u8], url: Option<String>, fetched: Option<String>) -> Result<Outcome, Error> {
    let mut rest = bytes;
    let status = line(&mut rest)?.unwrap_or_default();
    let status = String::from_utf8_lossy(&status).into_owned();
    let code: u16 = status
        .strip_prefix("HTTP/")
        .and_then(|s| s.split_whitespace().nth(1))
        .and_then(|c| c.parse().ok())
        .ok_or_else(|| damaged("the record holds no HTTP response"))?;
    if !(200..300).contains(&code) {
        return Ok(Outcome::PassedOver {
            url,
            reason: format!("HTTP status {code}"),
        });
    }
    let Some(head) = Head::read(&mut rest)? else {
        return Err(damaged("the head of the HTTP response is cut off"));
    };
    let content_type = head.get("content-type").unwrap_or("text/html");
    let Some(format) = page_format(&media_type(content_type)) else {
        let reason = format!("content type {}", media_type(content_type));
        return Ok(Outcome::PassedOver { url, reason });
    };
    let charset = charset_of(content_type);
    let is_chunked = head
        .get("transfer-encoding")
        .is_some_and(|t| t.to_ascii_lowercase().contains("chunked"));
    let mut body = if is_chunked { dechunked(rest)? } else { rest.to_vec() };
    // Several codings were put on in the order in which they are named.
    for coding in head.get("content-encoding").unwrap_or_default().rsplit(',').take(4) {
        body = match unpack_body(body, coding) {
            Some(unpacked) => unpacked?,
            None => {
                return Ok(Outcome::PassedOver {
                    url,
                    reason: format!("content encoding {}", coding.trim()),
                });
            }
        };
    }
    Ok(Outcome::Page(Page {
        url,
        fetched,
        charset,
        format,
        bytes: body,
    }))
}

/// The body of a chunked response. Archives keep the header of bodies that they have put together: what does not begin
/// with the length of a chunk stays as it is.
fn dechunked(body: &[u8]) -> Result<Vec<u8>, Error> {
    let mut rest = body;
    let mut joined = Vec::new();
    loop {
        let size = line(&mut rest)?.unwrap_or_default();
        let size = String::from_utf8_lossy(&size);
        let digits = size.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(digits, 16) else {
            return if joined.is_empty() {
                Ok(body.to_vec())
            } else {
                Err(damaged("a chunk of the response has no length"))
            };
        };
        if size == 0 {
            return Ok(joined);
        }
        if size > rest.len() {
            return Err(damaged("a chunk of the response is cut off"));
        }
        joined.extend_from_slice(&rest[..size]);
        rest = &rest[size..];
        rest = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unpacked;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    fn record(version: &str, fields: &str, body: &[u8]) -> Vec<u8> {
        let head = format!("{version}\r\n{fields}Content-Length: {}\r\n\r\n", body.len());
        [head.as_bytes(), body, b"\r\n\r\n"].concat()
    }

    fn response(url: &str, head: &str, body: &[u8]) -> Vec<u8> {
        let http = [format!("HTTP/1.1 200 OK\r\n{head}\r\n").as_bytes(), body].concat();
        let fields = format!(
            "WARC-Type: response\r\nWARC-Target-URI: <{url}>\r\nWARC-Date: 2024-10-24T10:00:00Z\r\n\
             Content-Type: application/http;\r\n msgtype=response\r\n"
        );
        record("WARC/1.0", &fields, &http)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: Vec<u8>) -> Vec<(usize, Outcome)> {
        Warc::new(unpacked(Box::new(io::Cursor::new(bytes))).unwrap()).collect()
    }

    /// Bodies of pages, reasons and messages, in order.
    fn shown(bytes: Vec<u8>) -> Vec<String> {
        let show = |(number, outcome)| match outcome {
            Outcome::Page(page) => format!("{number} {}", String::from_utf8_lossy(&page.bytes)),
            Outcome::PassedOver { reason, .. } => format!("{number} - {reason}"),
            Outcome::Bad(error) => format!("{number} ! {error}"),
        };
        read(bytes).into_iter().map(show).collect()
    }

    const HTML: &str = "Content-Type: text/html; charset=\"windows-1252\"\r\n";

    #[test]
    fn pages_of_an_archive() {
        let archive = [
            record("WARC/1.1", "WARC-Type: warcinfo\r\n", b"software: test"),
            record("WARC/1.0", "WARC-Type: request\r\n", b"GET / HTTP/1.1\r\n\r\n"),
            response("https://example.org/a", HTML, b"<p>K\xF6ln"),
            response("https://example.org/b", "Content-Type: image/png\r\n", b"\x89PNG"),
            record(
                "WARC/0.18",
                "WARC-Type: resource\r\nWARC-Target-URI: https://example.org/c\r\nContent-Type: text/plain\r\n",
                b"Text",
            ),
            record(
                "WARC/1.0",
                "WARC-Type: response\r\nContent-Type: application/http\r\n",
                b"HTTP/1.1 404 Not Found\r\n\r\nx",
            ),
        ]
        .concat();
        let outcomes = read(archive.clone());
        let Outcome::Page(page) = &outcomes[0].1 else {
            panic!("{outcomes:?}")
        };
        assert_eq!(
            (outcomes[0].0, page.url.as_deref(), page.charset.as_deref(), page.format),
            (3, Some("https://example.org/a"), Some("windows-1252"), Format::Html)
        );
        assert_eq!(page.fetched.as_deref(), Some("2024-10-24T10:00:00Z"));
        assert_eq!(page.bytes, b"<p>K\xF6ln");
        assert_eq!(
            shown(archive)[1..],
            ["4 - content type image/png", "5 Text", "6 - HTTP status 404"]
        );
    }

    #[test]
    fn encodings_of_the_transfer() {
        let chunked = format!("{HTML}Transfer-Encoding: chunked\r\n");
        let packed = format!("{chunked}Content-Encoding: gzip\r\n");
        let body = gzip(b"<p>packed");
        let chunk = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
        let archive = [
            response("a", &chunked, b"3;x=y\r\n<p>\r\n5\r\nchunk\r\n0\r\n\r\n"),
            response("b", &packed, &chunk),
            response("c", &packed, b"<p>neither chunked nor packed any more"),
            response(
                "d",
                &format!("{HTML}Content-Encoding: br\r\n"),
                &[0x0B, 0x00, 0x80, b'x', 0x03],
            ),
            response(
                "e",
                &format!("{HTML}Content-Encoding: gzip\r\n"),
                &gzip(&vec![b' '; 65_000_000]),
            ),
            response("f", &chunked, b"ff\r\n<p>cut"),
            response("g", HTML, b"<p>last"),
        ]
        .concat();
        assert_eq!(
            shown(archive),
            [
                "1 <p>chunk",
                "2 <p>packed",
                "3 <p>neither chunked nor packed any more",
                "4 x",
                "5 ! over the limit: unpacked size of 64000000 bytes",
                "6 ! damaged: a chunk of the response is cut off",
                "7 <p>last",
            ]
        );
    }

    #[test]
    fn a_bad_record_does_not_stop_the_rest() {
        let good = |n: usize| response(&format!("https://example.org/{n}"), HTML, format!("<p>{n}").as_bytes());
        let wrong_length = String::from_utf8(good(2))
            .unwrap()
            .replace("Content-Length: ", "Content-Length: 1");
        let archive = [
            good(1),
            b"rubbish\nrubbish\n".to_vec(),
            good(2),
            b"WARC/1.0\r\nWARC-Type: response\r\n\r\n".to_vec(),
            good(3),
        ]
        .concat();
        assert_eq!(
            shown(archive),
            [
                "1 <p>1",
                "2 ! damaged: a record does not begin with WARC/1.0",
                "3 <p>2",
                "4 ! damaged: a record does not tell its length",
                "5 <p>3",
            ]
        );
        let cut = [good(1), good(2)].concat();
        let end = cut.len() - 12;
        assert!(shown(cut[..end].to_vec())[1].starts_with("2 ! damaged: the record is cut off"));
        assert!(shown(wrong_length.into_bytes())[0].starts_with("1 ! damaged"));
        let members = |damage: bool| {
            let mut bad = gzip(&good(2));
            let at = bad.len() / 2;
            bad[at] ^= if damage { 0xFF } else { 0 };
            [gzip(&good(1)), bad, gzip(&good(3))].concat()
        };
        assert_eq!(shown(members(false)), ["1 <p>1", "2 <p>2", "3 <p>3"]);
        let found = shown(members(true));
        assert_eq!(
            (found.first().unwrap().as_str(), found.last().unwrap().ends_with("<p>3")),
            ("1 <p>1", true)
        );
        assert!(found.iter().any(|o| o.contains("! damaged")), "{found:?}");
        let whole = gzip(&good(2));
        let cut = [gzip(&good(1)), whole[..whole.len() - 20].to_vec()].concat();
        let found = shown(cut);
        assert_eq!((found.len(), found[0].as_str()), (2, "1 <p>1"));
        assert!(found[1].contains("cut off"), "{found:?}");
    }

    #[test]
    fn a_record_over_the_limit_is_not_taken_into_memory() {
        let head =
            b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: 70000000\r\n\r\n";
        let zeros = io::repeat(b'x').take(70_000_000);
        let tail = response("a", HTML, b"<p>next");
        let stream = head.chain(zeros).chain(io::Cursor::new(tail));
        let outcomes: Vec<_> = Warc::new(Box::new(io::BufReader::new(stream))).collect();
        assert!(matches!(
            outcomes[0].1,
            Outcome::Bad(Error::Limit {
                limit: Limit::Record,
                ..
            })
        ));
        assert!(matches!(outcomes[1].1, Outcome::Page(_)));
    }
}
