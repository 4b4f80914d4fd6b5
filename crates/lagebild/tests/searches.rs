//! Saved searches as their users meet them: what is new, the feed, and the webhook.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "../../lagebild-fetch/tests/server/mod.rs"]
#[allow(dead_code, reason = "each test program uses its part")]
mod server;

use server::{Server, answer};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

const FIRST: &str =
    "24. Oktober 2024\n\nSeoul prüft\n\nDas russische Parlament hat den Vertrag mit Nordkorea ratifiziert.\n";
const SECOND: &str = "28. Oktober 2024\n\nNeue Sanktionen\n\nDie USA haben Sanktionen gegen Nordkorea verhängt. \
    Südkorea warnte Russland vor weiteren Lieferungen.\n";

fn run(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lagebild"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("LAGEBILD_STORE")
        .env_remove("LAGEBILD_PROXY")
        .envs(
            [
                "ALL_PROXY",
                "HTTPS_PROXY",
                "HTTP_PROXY",
                "http_proxy",
                "https_proxy",
                "all_proxy",
            ]
            .map(|name| (name, "")),
        )
        .output()
        .unwrap()
}

/// The standard output of a run that has to end with `code`.
fn ends(dir: &Path, arguments: &[&str], code: i32) -> String {
    let output = run(dir, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// A receiver that is in trouble at first.
fn receiver() -> Server {
    let asked = AtomicUsize::new(0);
    Server::start(move |_, stream| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => answer(stream, "500 Internal Server Error", &[], b""),
        _ => answer(stream, "200 OK", &[], b""),
    })
}

#[test]
fn what_is_new_is_shown_fed_and_delivered() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    std::fs::write(path.join("a.txt"), FIRST).unwrap();
    std::fs::write(path.join("b.txt"), SECOND).unwrap();
    std::fs::write(path.join("secret"), "a secret of its own\n").unwrap();
    ends(path, &["search", "list"], 2);
    ends(path, &["add", "a.txt"], 0);
    ends(path, &["search", "list"], 1);

    let receiver = receiver();
    let hook = receiver.url("127.0.0.1", "/hook?token=hidden");
    let saved = [
        "search",
        "save",
        "prk",
        "--find",
        "events",
        "--country",
        "PRK",
        "--webhook",
        &hook,
        "--secret-file",
        "secret",
    ];
    ends(path, &saved, 0);
    ends(path, &saved, 2);
    ends(path, &["search", "save", "words", "Sanktionen", "lang:de"], 0);
    ends(
        path,
        &["search", "save", "unfit", "--find", "events", "--stance", "deny"],
        2,
    );
    ends(path, &["search", "run", "prk"], 1);
    ends(path, &["search", "run", "none"], 2);
    ends(path, &["add", "b.txt"], 0);

    // The receiver has a private address, then trouble, then a success.
    ends(path, &["search", "deliver"], 2);
    let log = ends(path, &["search", "log", "--format", "jsonl"], 0);
    assert!(log.contains("\"attempts\":1") && log.contains("127.0.0.1"), "{log}");
    let listed = ends(path, &["search", "list", "--format", "json"], 0);
    assert!(!listed.contains("hidden") && !listed.contains("secret"), "{listed}");

    let found = ends(path, &["search", "run", "prk", "--format", "jsonl"], 0);
    assert!(found.lines().count() == 1 && found.contains("\"SANCTION\""), "{found}");
    ends(path, &["search", "run", "prk"], 1);
    let words = ends(path, &["search", "run", "words", "--format", "csv"], 0);
    assert!(words.contains("Neue Sanktionen"), "{words}");

    let feed = ends(path, &["export", "atom", "--search", "prk"], 0);
    assert!(
        feed.contains("<title>Lagebild: prk</title>") && feed.contains("SANCTION"),
        "{feed}"
    );
    let narrowed = ["export", "atom", "--search", "prk", "--type", "SANCTION"];
    assert!(!ends(path, &narrowed, 0).contains("SUPPORT"));
    ends(path, &["export", "atom", "--search", "prk", "--country", "KOR"], 2);
    assert!(
        feed.contains("SUPPORT"),
        "the feed holds what was known before too: {feed}"
    );

    // Due again only after a while: the wait is taken out, not waited for.
    let connection = rusqlite::Connection::open(path.join("lagebild.db")).unwrap();
    let now = || {
        connection
            .execute("UPDATE delivery SET due = made_at WHERE due IS NOT NULL", [])
            .unwrap()
    };
    assert_eq!(now(), 1);
    ends(path, &["search", "deliver", "--allow-host", "127.0.0.1"], 2);
    assert_eq!(now(), 1);
    ends(path, &["search", "deliver", "--allow-host", "127.0.0.1"], 0);
    let requests = receiver.requests();
    let [first, second] = &requests[..] else {
        panic!("{requests:?}")
    };
    assert_eq!(first.path, "/hook?token=hidden");
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body, "what is delivered does not change");
    assert!(first.header("webhook-signature").unwrap().starts_with("v1,"));
    assert_eq!(first.header("content-type"), Some("application/json"));
    let told: serde_json::Value = serde_json::from_slice(&first.body).unwrap();
    assert_eq!(
        (&told["search"], &told["hits"][0]["type"]),
        (&"prk".into(), &"SANCTION".into())
    );

    ends(path, &["search", "deliver"], 1);
    ends(path, &["search", "remove", "prk"], 0);
    ends(path, &["search", "remove", "prk"], 2);
    ends(path, &["check"], 0);
}
