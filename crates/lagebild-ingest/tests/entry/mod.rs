//! The readers as functions of any bytes, with what must hold of what they give.
//!
//! Shared by the smoke tests of this crate and the targets of `fuzz/`.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "not all users call all; a failed unwrap is a failed test"
)]

use lagebild_core::Lang;
use lagebild_ingest::feed::parse_feed;
use lagebild_ingest::warc::Warc;
use lagebild_ingest::{
    Columns, Error, Format, Hints, Limit, Report, Table, decode_labelled, read_jsonl_line, read_report, unpack_body,
    unpacked,
};
use std::io::{BufRead as _, Cursor};

/// A reader of any bytes.
pub(crate) type Entry = fn(&[u8]);

/// All of them, by name.
pub(crate) const ALL: [(&str, Entry); 10] = [
    ("decode", decode),
    ("text", text),
    ("markdown", markdown),
    ("html", html),
    ("mail", mail),
    ("feed", feed),
    ("jsonl", jsonl),
    ("table", table),
    ("warc", warc),
    ("packed", packed),
];

pub(crate) fn decode(bytes: &[u8]) {
    for label in [None, Some("utf-8"), Some("latin1"), Some("utf-16"), Some("nonsense")] {
        if let Ok(decoded) = decode_labelled(bytes, label) {
            assert!(!decoded.text.trim().is_empty());
        }
    }
}

pub(crate) fn text(bytes: &[u8]) {
    let _ = report(bytes, Format::Text);
}

pub(crate) fn markdown(bytes: &[u8]) {
    let _ = report(bytes, Format::Markdown);
}

pub(crate) fn html(bytes: &[u8]) {
    let _ = report(bytes, Format::Html);
}

pub(crate) fn mail(bytes: &[u8]) {
    let _ = report(bytes, Format::Mail);
}

pub(crate) fn feed(bytes: &[u8]) {
    if let Ok(feed) = parse_feed(bytes, None) {
        assert!(feed.items.len() <= Limit::FeedItems.max());
        for item in &feed.items {
            assert!(!item.id.is_empty() || item.html().is_some_and(str::is_empty));
            assert!(item.url.is_some() || item.title.is_some() || item.html().is_some());
        }
    }
}

pub(crate) fn jsonl(bytes: &[u8]) {
    if let Ok(line) = std::str::from_utf8(bytes) {
        let _ = read_jsonl_line(line, 1);
    }
}

pub(crate) fn table(bytes: &[u8]) {
    if let Ok(rows) = Table::open(Box::new(Cursor::new(bytes.to_vec())), &Columns::default()) {
        for row in rows.flatten() {
            assert!(row.line >= 2);
            // What a row gives is a line that the other reader understands, whatever it thinks of its values.
            assert!(
                !matches!(read_jsonl_line(&row.json, row.line), Err(Error::Json { .. })),
                "{}",
                row.json
            );
        }
    }
}

pub(crate) fn warc(bytes: &[u8]) {
    let stream = unpacked(Box::new(Cursor::new(bytes.to_vec()))).unwrap();
    let mut last = 0;
    // Each record takes at least its version line.
    for (number, _) in Warc::new(stream).take(bytes.len() + 1) {
        assert!(number >= last);
        last = number;
    }
}

pub(crate) fn packed(bytes: &[u8]) {
    for coding in ["gzip", "deflate", "br", "zstd"] {
        if let Some(Ok(body)) = unpack_body(bytes.to_vec(), coding) {
            assert!(body.len() <= Limit::Unpacked.max());
        }
    }
    let Ok(mut stream) = unpacked(Box::new(Cursor::new(bytes.to_vec()))) else {
        return;
    };
    let mut total = 0usize;
    for _ in 0..10_000 {
        match stream.fill_buf() {
            Ok([]) => break,
            Ok(piece) => {
                let len = piece.len();
                total += len;
                stream.consume(len);
            }
            Err(_) if total > Limit::Unpacked.max() => break,
            Err(_) => {}
        }
    }
}

/// Reads `bytes`, checks what comes out, and gives it.
pub(crate) fn report(bytes: &[u8], format: Format) -> Result<Report, Error> {
    let hints = Hints {
        format: Some(format),
        lang: Some(Lang::De),
        ..Hints::default()
    };
    let report = read_report(bytes, &hints)?;
    let text = &report.document.text;
    let mut end = 0;
    for (n, block) in report.document.blocks.iter().enumerate() {
        let (start, stop) = (block.span.start(), block.span.end());
        assert!(start >= end && stop > start, "blocks overlap or are empty");
        assert!(text.is_char_boundary(start) && text.is_char_boundary(stop));
        // Bytes to code points and back: what the contract promises. Each takes time in the length of the text.
        if n < 20 {
            let chars = text[..start].chars().count();
            assert_eq!(text.char_indices().nth(chars).map(|(at, _)| at), Some(start));
        }
        end = stop;
    }
    for note in &report.notes {
        assert!(!note.to_string().is_empty());
    }
    Ok(report)
}
