//! Inputs of all kinds through the program: each record a report of its own, each fault named, nothing lost.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const REPORTS: [&str; 4] = [
    "Russland hat am Montag Soldaten nach Nordkorea entsandt, wie das Ministerium mitteilte.",
    "Südkorea verurteilte am Dienstag die Entsendung und drohte mit Sanktionen.",
    "Die EU verhängte am Mittwoch Sanktionen gegen Nordkorea.",
    "Präsident Putin reiste am Donnerstag nach Pjöngjang und traf Kim Jong Un.",
];

fn run(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lagebild"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("LAGEBILD_STORE")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code().unwrap_or(-1),
        text(&output.stdout),
        text(&output.stderr),
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn page(text: &str) -> String {
    format!("<!DOCTYPE html><html><body><article><h1>Meldung des Tages</h1><p>{text}</p></article></body></html>")
}

fn record(url: &str, status: &str, content_type: &str, body: &str) -> Vec<u8> {
    let http = format!("HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n\r\n{body}");
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-10-24T10:00:00Z\r\n\
         Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
        http.len()
    );
    gzip(format!("{head}{http}\r\n\r\n").as_bytes())
}

/// The lines of a report file.
fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn outcomes(lines: &[Value]) -> Vec<(&str, &str)> {
    lines
        .iter()
        .map(|l| (l["input"].as_str().unwrap(), l["outcome"].as_str().unwrap()))
        .collect()
}

#[test]
fn every_record_of_every_kind_is_a_report() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let write = |name: &str, bytes: &[u8]| std::fs::write(dir.join("in").join(name), bytes).unwrap();
    std::fs::create_dir(dir.join("in")).unwrap();
    write(
        "feed.xml",
        format!(
            "<rss><channel><item><title>Krieg & Frieden</title><link>https://e.org/1</link><pubDate>Thu, 24 Oct 2024 \
             10:00:00 GMT</pubDate><description>{}</description></item><item></item></channel></rss>",
            REPORTS[0]
        )
        .as_bytes(),
    );
    let archive = [
        record(
            "https://e.org/2",
            "200 OK",
            "text/html; charset=utf-8",
            &page(REPORTS[1]),
        ),
        record("https://e.org/x.png", "200 OK", "image/png", "x"),
        record("https://e.org/404", "404 Not Found", "text/html", "x"),
    ]
    .concat();
    write("crawl.warc.gz", &archive);
    write(
        "mail.eml",
        format!(
            "Subject: Meldung\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}",
            REPORTS[2]
        )
        .as_bytes(),
    );
    write("page.html.gz", &gzip(page(REPORTS[3]).as_bytes()));
    write(
        "table.csv",
        "absatz;tag\nDie USA kritisierten am Freitag den Vertrag.;2024-10-25\n".as_bytes(),
    );
    write("cut.txt.gz", &gzip(REPORTS[0].as_bytes())[..30]);

    let arguments = [
        "add",
        "in",
        "--columns",
        "text=absatz,published=tag",
        "--report",
        "report.jsonl",
    ];
    let (code, _, stderr) = run(dir, &arguments);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("5 added, 3 skipped, 1 failed"), "{stderr}");
    assert!(
        stderr.contains("cut.txt.gz: damaged: the packed data is cut off"),
        "{stderr}"
    );
    let report = lines(&dir.join("report.jsonl"));
    let mut found = outcomes(&report);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("in/crawl.warc.gz#1 (https://e.org/2)", "new"),
            ("in/crawl.warc.gz#2 (https://e.org/x.png)", "skipped"),
            ("in/crawl.warc.gz#3 (https://e.org/404)", "skipped"),
            ("in/cut.txt.gz", "failed"),
            ("in/feed.xml#1 (https://e.org/1)", "new"),
            ("in/feed.xml, item 2", "skipped"),
            ("in/mail.eml", "new"),
            ("in/page.html.gz", "new"),
            ("in/table.csv, line 2", "new"),
        ]
    );
    assert_eq!(report.iter().filter(|l| l["id"].is_string()).count(), 5);
    let reasons: Vec<&str> = report.iter().filter_map(|l| l["reason"].as_str()).collect();
    assert!(
        reasons.contains(&"content type image/png") && reasons.contains(&"HTTP status 404"),
        "{reasons:?}"
    );

    let (_, documents, _) = run(dir, &["documents", "--format", "jsonl"]);
    let rows: Vec<Value> = documents.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let row = |url: &str| {
        rows.iter()
            .find(|r| r["url"] == *url)
            .unwrap_or_else(|| panic!("{url}: {documents}"))
    };
    assert_eq!(
        (&row("https://e.org/1")["title"], &row("https://e.org/1")["published"]),
        (&"Krieg & Frieden".into(), &"2024-10-24".into())
    );
    assert_eq!(row("https://e.org/2")["title"], "Meldung des Tages");

    let (_, _, again) = run(dir, &arguments);
    assert!(again.contains("0 added, 5 known, 3 skipped, 1 failed"), "{again}");
    assert_eq!(run(dir, &["check"]).0, 0);
}

#[test]
fn runs_can_be_tried_and_limited() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let text: String = REPORTS.iter().map(|r| format!("{{\"text\":\"{r}\"}}\n")).collect();
    std::fs::write(dir.join("r.jsonl"), text).unwrap();
    let (code, _, stderr) = run(dir, &["add", "r.jsonl", "--dry-run", "--report", "dry.jsonl"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stderr.starts_with("4 would be added; ") && stderr.contains("nothing was written"),
        "{stderr}"
    );
    assert!(!dir.join("lagebild.db").exists());
    assert_eq!(outcomes(&lines(&dir.join("dry.jsonl")))[3], ("r.jsonl, line 4", "new"));

    let (_, _, stderr) = run(dir, &["add", "r.jsonl", "--limit", "3"]);
    assert!(stderr.starts_with("3 added; "), "{stderr}");
    let (_, _, stderr) = run(dir, &["add", "r.jsonl", "--dry-run"]);
    assert!(stderr.starts_with("1 would be added, 3 known; "), "{stderr}");
    let (_, documents, _) = run(dir, &["documents", "--format", "jsonl"]);
    assert_eq!(documents.lines().count(), 3);
}

#[test]
fn days_after_that_of_reading_are_doubted() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).unwrap();
    let head = "<meta property=article:published_time content=2999-01-02>";
    write(
        "page.html",
        &page(REPORTS[0]).replace("<body>", &format!("{head}<body>")),
    );
    write(
        "feed.xml",
        &format!(
            "<rss><channel><item><title>Entsendung</title><link>https://e.org/1</link><pubDate>Sun, 02 Jan 2999 10:00:00 GMT</pubDate>\
             <description>{}</description></item></channel></rss>",
            REPORTS[1]
        ),
    );
    // Whoever writes a table dates it as he likes.
    write("table.csv", &format!("text,published\n\"{}\",2999-01-02\n", REPORTS[2]));
    let inputs = ["page.html", "feed.xml", "table.csv"];
    let mut arguments = vec!["add", "--store", "s.db", "--report", "r.jsonl"];
    arguments.extend(inputs);
    let (code, _, stderr) = run(dir, &arguments);
    assert_eq!(code, 0, "{stderr}");
    let notes: Vec<String> = lines(&dir.join("r.jsonl"))
        .iter()
        .map(|l| l["notes"].to_string())
        .collect();
    assert_eq!(
        notes,
        [
            "[\"published: 2999-01-02 (OpenGraph) cannot be the day: not taken\"]",
            "[\"published: 2999-01-02 (field) cannot be the day: not taken\"]",
            "[\"published: 2999-01-02 (field) cannot be the day: taken as told\"]",
        ]
    );
    let (_, listed, _) = run(
        dir,
        &["documents", "--format", "jsonl", "--sort", "oldest", "--store", "s.db"],
    );
    let mut days: Vec<Option<String>> = listed
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["published"]
                .as_str()
                .map(str::to_owned)
        })
        .collect();
    days.sort();
    assert_eq!(days, [None, None, Some("2999-01-02".to_owned())]);
}
