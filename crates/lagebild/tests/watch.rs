//! `add URL`, `watch` and `feeds` as their users meet them, against a server on loopback.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "../../lagebild-fetch/tests/server/mod.rs"]
#[allow(dead_code, reason = "each test program uses its part")]
mod server;

use server::{Request, Server, answer, drip};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const ARTICLE: &str = "<!DOCTYPE html><html><head><title>Seoul berät über Waffenhilfe</title></head><body><article>\
    <h1>Seoul berät über Waffenhilfe</h1><p>Das russische Parlament hat den Beistandsvertrag mit Nordkorea ratifiziert, wie \
    die Agentur am Donnerstag meldete.</p><p>Südkorea prüft nach Angaben des Verteidigungsministeriums Waffenlieferungen an \
    die Ukraine, sagte ein Sprecher in Seoul vor der Presse.</p></article></body></html>";

/// A feed of one article, a feed that is none, one that never comes, and a host that closes a page to robots.
fn news(request: &Request, stream: &mut TcpStream) {
    let rss = |item: &str| format!("<rss version=\"2.0\"><channel><title>Nachrichten</title>{item}</channel></rss>");
    let html = [("Content-Type", "text/html; charset=utf-8")];
    match request.path.split('?').next().unwrap_or_default() {
        "/feed" if request.header("if-none-match") == Some("\"1\"") => answer(stream, "304 Not Modified", &[], b""),
        "/feed" => {
            let items = "<item><guid>1</guid><link>/article</link><title>Seoul berät</title>\
                 <description>Kurz.</description></item><item><guid>2</guid><link>/closed</link>\
                 <title>Moskau droht</title><description>Russland droht Südkorea mit Vergeltung, falls Seoul Waffen an die \
                 Ukraine liefert, wie das Außenministerium in Moskau am Freitag mitteilte.</description></item>";
            answer(stream, "200 OK", &[("ETag", "\"1\"")], rss(items).as_bytes());
        }
        "/article" => answer(stream, "200 OK", &html, ARTICLE.as_bytes()),
        "/robots.txt" => answer(stream, "200 OK", &[], b"User-agent: Lagebild\nDisallow: /closed\n"),
        "/no-feed" => answer(
            stream,
            "200 OK",
            &html,
            b"<!DOCTYPE html><html><body><h1>Wartung</h1></body></html>",
        ),
        "/slow" => drip(stream, b"HTTP/1.1 200 OK\r\n\r\nx", Duration::from_millis(200)),
        _ => answer(stream, "404 Not Found", &html, b"<h1>404</h1>"),
    }
}

fn command(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lagebild"));
    command
        .args(arguments)
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in ["LAGEBILD_STORE", "LAGEBILD_PROXY", "LAGEBILD_CONTACT", "COLUMNS"] {
        command.env_remove(name);
    }
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    command(dir, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn json(line: &str) -> serde_json::Value {
    serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))
}

fn lines(bytes: &[u8]) -> Vec<serde_json::Value> {
    text(bytes).lines().map(json).collect()
}

#[test]
fn a_page_is_added_by_its_address_and_a_private_host_only_by_leave() {
    let server = Server::start(news);
    let dir = tempfile::tempdir().unwrap();
    let url = server.url("127.0.0.1", "/article");
    let refused = run(dir.path(), &["add", &url]);
    assert_eq!(refused.status.code(), Some(2));
    let message = text(&refused.stderr);
    assert!(
        message.contains("127.0.0.1 is not public (127.0.0.0/8, loopback)"),
        "{message}"
    );
    assert!(message.contains("--allow-host 127.0.0.1"), "{message}");
    assert!(server.paths().is_empty());

    let contact = ["--allow-host", "127.0.0.1", "--contact", "news@example.org"];
    let added = run(dir.path(), &[&["add", &url], &contact[..]].concat());
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    let again = run(
        dir.path(),
        &[&["add", &format!("{url}?utm_source=x#top")], &contact[..]].concat(),
    );
    assert!(
        text(&again.stderr).contains("1 known"),
        "the same page by another address: {}",
        text(&again.stderr)
    );
    let agent = server.requests()[0].header("user-agent").unwrap().to_owned();
    assert!(
        agent.starts_with("Lagebild/") && agent.ends_with("(+news@example.org)"),
        "{agent}"
    );
    let documents = lines(&run(dir.path(), &["documents", "--format", "jsonl"]).stdout);
    assert_eq!(documents.len(), 1);
    assert_eq!(documents[0]["url"], url);
    assert_eq!(documents[0]["title"], "Seoul berät über Waffenhilfe");
}

#[test]
fn what_a_saved_search_finds_anew_is_sent_once() {
    let server = Server::start(|request, stream| match request.path.as_str() {
        "/hook" => answer(stream, "204 No Content", &[], b""),
        _ => news(request, stream),
    });
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    write(
        "old.txt",
        "1. Juni 2024\n\nBesuch\n\nPräsident Putin besuchte am Samstag Nordkorea.\n",
    );
    write("secret", "known to two only");
    write("feeds.txt", &server.url("127.0.0.1", "/feed"));
    assert_eq!(run(dir.path(), &["add", "old.txt"]).status.code(), Some(0));
    let hook = server.url("127.0.0.1", "/hook");
    let save = [
        "search",
        "save",
        "duty",
        "Beistand",
        "--webhook",
        &hook,
        "--secret-file",
        "secret",
    ];
    let saved = run(dir.path(), &save);
    assert_eq!(saved.status.code(), Some(0), "{}", text(&saved.stderr));
    for _ in 0..2 {
        let watched = run(
            dir.path(),
            &["watch", "feeds.txt", "--once", "--allow-host", "127.0.0.1"],
        );
        assert_eq!(watched.status.code(), Some(0), "{}", text(&watched.stderr));
    }
    let sent: Vec<_> = server.requests().into_iter().filter(|r| r.path == "/hook").collect();
    let [sent] = &sent[..] else { panic!("{sent:?}") };
    let body: serde_json::Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(body["hits"][0]["title"], "Seoul berät über Waffenhilfe");
}

#[test]
fn one_run_reads_what_is_due_and_tells_how_each_feed_did() {
    let server = Server::start(news);
    let dir = tempfile::tempdir().unwrap();
    let urls = ["/feed", "/no-feed", "/missing"].map(|path| server.url("127.0.0.1", path));
    std::fs::write(
        dir.path().join("feeds.txt"),
        format!("# all\n{}\nnonsense\n", urls.join("\n")),
    )
    .unwrap();
    let watch = [
        "watch",
        "feeds.txt",
        "--once",
        "--log",
        "json",
        "--allow-host",
        "127.0.0.1",
    ];
    let first = run(dir.path(), &watch);
    assert_eq!(first.status.code(), Some(2), "feeds failed");
    let (errors, log): (Vec<&str>, Vec<&str>) = text(&first.stderr).lines().partition(|line| !line.starts_with('{'));
    assert!(
        errors[0].contains("feeds.txt: line 5: nonsense: not a web address"),
        "{errors:?}"
    );
    let log: Vec<_> = log.into_iter().map(json).collect();
    let find = |event: &str, url: &str| {
        let named = |l: &&serde_json::Value| l["event"] == event && [&l["feed"], &l["url"]].iter().any(|u| **u == url);
        log.iter()
            .find(named)
            .unwrap_or_else(|| panic!("{event} {url} in {log:?}"))
    };
    assert_eq!(
        (&find("poll", &urls[0])["result"], &find("poll", &urls[0])["new"]),
        (&"read".into(), &2.into())
    );
    assert_eq!(find("poll", &urls[1])["result"], "not-a-feed");
    assert_eq!(find("poll", &urls[2])["result"], "status");
    assert_eq!(find("report", &server.url("127.0.0.1", "/article"))["result"], "added");
    let closed = find("report", &server.url("127.0.0.1", "/closed"));
    assert_eq!(closed["result"], "added");
    assert!(closed["reason"].as_str().unwrap().contains("robots.txt"), "{closed}");
    let stop = log.last().unwrap();
    assert_eq!(
        (&stop["added"], &stop["failed_polls"]),
        (&2.into(), &2.into()),
        "{stop}"
    );
    assert!(!server.paths().iter().any(|p| p == "/closed"));

    let asked = server.paths().len();
    let second = run(dir.path(), &watch);
    assert_eq!(second.status.code(), Some(2), "the bad line of the list is still there");
    assert_eq!(server.paths().len(), asked, "nothing is due");

    let feeds = lines(&run(dir.path(), &["feeds", "--format", "jsonl"]).stdout);
    assert_eq!(feeds.len(), 3);
    assert_eq!(
        (&feeds[0]["title"], &feeds[0]["items"]),
        (&"Nachrichten".into(), &2.into())
    );
    assert_eq!((&feeds[1]["failures"], &feeds[0]["failures"]), (&1.into(), &0.into()));
    let table = run(dir.path(), &["feeds"]);
    assert!(text(&table.stdout).contains("failing 1×"), "{}", text(&table.stdout));
    let opml = run(dir.path(), &["feeds", "--format", "opml"]);
    std::fs::write(dir.path().join("feeds.opml"), &opml.stdout).unwrap();
    let third = run(
        dir.path(),
        &["watch", "feeds.opml", "--once", "--allow-host", "127.0.0.1"],
    );
    assert_eq!(third.status.code(), Some(0), "{}", text(&third.stderr));
    assert!(
        text(&third.stderr).contains("watching 3 feeds"),
        "{}",
        text(&third.stderr)
    );
}

/// Waits until `child` ends; kills it when it takes longer.
fn end(mut child: Child, patience: Duration) -> Output {
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > patience {
            child.kill().unwrap();
            panic!("it goes on: {:?}", child.wait_with_output());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_while_a_server_drips() {
    let server = Server::start(news);
    let dir = tempfile::tempdir().unwrap();
    let feeds = format!(
        "{}\n{}\n",
        server.url("127.0.0.1", "/slow"),
        server.url("localhost", "/feed")
    );
    std::fs::write(dir.path().join("feeds.txt"), feeds).unwrap();
    let hosts = ["--allow-host", "127.0.0.1", "--allow-host", "localhost"];
    let child = command(
        dir.path(),
        &[&["watch", "feeds.txt", "--log", "json"], &hosts[..]].concat(),
    )
    .spawn()
    .unwrap();
    let started = Instant::now();
    // The slow server holds up nobody else: the other feed and its page are read meanwhile.
    while !server.paths().iter().any(|p| p == "/article") {
        assert!(started.elapsed() < Duration::from_secs(60), "{:?}", server.paths());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(server.paths().iter().any(|p| p == "/slow"));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let output = end(child, Duration::from_secs(5));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(lines(&output.stderr).last().unwrap()["event"], "stop");
    // What was under way is due again.
    let waiting = run(dir.path(), &["feeds", "--format", "jsonl"]);
    assert_eq!(lines(&waiting.stdout)[0]["polled_at"], serde_json::Value::Null);
}
