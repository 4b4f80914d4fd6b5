//! The program as its users meet it: arguments in, exit code, stdout and stderr out.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const REPORT: &str = "24. Oktober 2024\n\nSeoul berät über Waffenhilfe\n\n\
    Das russische Parlament hat den Beistandsvertrag mit Nordkorea ratifiziert. \
    Südkorea prüft nach Angaben des Verteidigungsministeriums Waffenlieferungen an die Ukraine.\n";
const ENGLISH: &str = "October 24, 2024\n\n# Russia ratifies treaty with North Korea\n\n\
    The Russian parliament ratified a mutual defence treaty with North Korea on Thursday. \
    The United States accused Pyongyang of sending troops to Russia.\n";

/// What a run of the program gave.
#[derive(Debug)]
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

fn run_with(dir: &Path, arguments: &[&str], stdin: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lagebild"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("LAGEBILD_STORE")
        .env_remove("COLUMNS")
        .envs(["LANG", "LC_ALL", "LC_MESSAGES"].map(|name| (name, "C")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes = stdin.to_vec();
    // A thread of its own: the program may answer before it has read everything.
    let feeder = std::thread::spawn(move || {
        let _ = input.write_all(&bytes);
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn run(dir: &Path, arguments: &[&str]) -> Run {
    run_with(dir, arguments, b"")
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("bericht.txt"), REPORT).unwrap();
    std::fs::write(dir.path().join("report.md"), ENGLISH).unwrap();
    dir
}

#[test]
fn read_gives_a_digest_or_the_contract() {
    let dir = folder();
    let digest = run(dir.path(), &["read", "bericht.txt"]);
    assert_eq!((digest.code, digest.stderr.as_str()), (0, ""));
    assert!(
        digest
            .stdout
            .starts_with("Seoul berät über Waffenhilfe\n2024-10-24 · bericht.txt · German\n"),
        "{}",
        digest.stdout
    );
    assert!(!digest.stdout.contains('\x1b'), "no colour where there is no terminal");

    let jsonl = run(dir.path(), &["read", "--format", "jsonl", "bericht.txt"]);
    let record: lagebild_core::wire::Record = serde_json::from_str(&jsonl.stdout).unwrap();
    assert_eq!(
        (record.text.as_str(), record.lang.as_str(), record.offsets.as_str()),
        (REPORT, "de", "char")
    );
    let json = run(dir.path(), &["read", "--format", "json", "bericht.txt"]);
    assert_eq!(
        serde_json::from_str::<lagebild_core::wire::Record>(&json.stdout).unwrap(),
        record
    );
    let both = run(dir.path(), &["read", "--format", "json", "bericht.txt", "report.md"]);
    assert_eq!(
        serde_json::from_str::<Vec<lagebild_core::wire::Record>>(&both.stdout)
            .unwrap()
            .len(),
        2
    );
    let markdown = run(dir.path(), &["read", "--format", "md", "report.md"]);
    assert!(
        markdown
            .stdout
            .starts_with("# Russia ratifies treaty with North Korea\n"),
        "{}",
        markdown.stdout
    );
    let colour = run(dir.path(), &["read", "--colour", "always", "bericht.txt"]);
    assert!(colour.stdout.contains("\x1b[1m"));
}

#[test]
fn standard_input_takes_text_and_lines() {
    let dir = tempfile::tempdir().unwrap();
    let text = run_with(
        dir.path(),
        &["read", "-", "--format", "jsonl", "--published", "2024-10-25"],
        "Seoul warnt Pjöngjang vor den Folgen.".as_bytes(),
    );
    assert_eq!(text.code, 0, "{}", text.stderr);
    assert!(text.stdout.contains("\"published\":\"2024-10-25\""));
    let lines = "{\"id\":\"a\",\"text\":\"Seoul warnt Pjöngjang vor den Folgen.\",\"lang\":\"de\"}\n\n{\"id\":\"b\",\"text\":\"Berlin warnt Moskau vor den Folgen.\",\"lang\":\"de\"}\n";
    for arguments in [
        &["read", "-", "--format", "jsonl"][..],
        &["read", "-", "--format", "jsonl", "--input", "jsonl"],
    ] {
        let read = run_with(dir.path(), arguments, lines.as_bytes());
        let ids: Vec<String> = read
            .stdout
            .lines()
            .map(|l| serde_json::from_str::<lagebild_core::wire::Record>(l).unwrap().id)
            .collect();
        assert_eq!(ids, ["a", "b"]);
    }
}

#[test]
fn the_output_does_not_depend_on_the_number_of_threads() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..40 {
        std::fs::write(
            dir.path().join(format!("{n:02}.txt")),
            format!("{REPORT}\nBericht Nummer {n}.\n"),
        )
        .unwrap();
    }
    let read = |threads| run(dir.path(), &["read", ".", "--format", "jsonl", "--threads", threads]).stdout;
    let one = read("1");
    assert_eq!(one.lines().count(), 40);
    assert_eq!(one, read("4"));
}

#[test]
fn bad_inputs_are_named_and_the_others_done() {
    let dir = folder();
    let write = |name: &str, bytes: &[u8]| std::fs::write(dir.path().join(name), bytes).unwrap();
    write("empty.txt", b"");
    write("binary.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    write("lines.jsonl", b"{\"id\":\"x\",\"text\":\"Seoul warnt Pj\xf6ngjang.\"}\n{\"id\":\n{\"id\":\"y\",\"text\":\"Berlin warnt Moskau vor den Folgen des Krieges.\",\"lang\":\"de\"}\n");
    std::fs::create_dir_all(dir.path().join("nothing/here")).unwrap();
    write("nothing/here/picture.png", b"\x89PNG");
    let arguments = [
        "read",
        "--format",
        "jsonl",
        "none.txt",
        "empty.txt",
        "bericht.txt",
        "binary.txt",
        "nothing",
        "lines.jsonl",
        "report.md",
    ];
    let read = run(dir.path(), &arguments);
    assert_eq!(read.code, 2);
    assert_eq!(read.stdout.lines().count(), 3, "{}", read.stderr);
    let errors: Vec<&str> = read.stderr.lines().filter(|l| l.starts_with("error: ")).collect();
    let starts = [
        "error: none.txt: there is no such file",
        "error: empty.txt: no text in the input",
        "error: binary.txt: not text but ",
        "error: nothing: no reports in this directory",
        "error: lines.jsonl: line 1, column 33: not UTF-8",
        "error: lines.jsonl: line 2, column ",
    ];
    assert_eq!(errors.len(), starts.len(), "{errors:#?}");
    for (error, start) in errors.iter().zip(starts) {
        assert!(error.starts_with(start), "{error}");
    }
    assert_eq!(
        read.stderr.lines().filter(|l| l.starts_with("hint:")).count(),
        starts.len()
    );
}

#[test]
fn a_line_of_a_hundred_megabytes_is_refused_in_little_memory() {
    let dir = tempfile::tempdir().unwrap();
    let mut input = vec![b'a'; 100 << 20];
    input.extend(b"\n{\"id\":\"b\",\"text\":\"Berlin warnt Moskau vor den Folgen.\",\"lang\":\"de\"}\n");
    std::fs::write(dir.path().join("long.jsonl"), &input).unwrap();
    std::fs::write(dir.path().join("long.txt"), &input).unwrap();
    let lines = run(dir.path(), &["read", "--format", "jsonl", "long.jsonl", "long.txt"]);
    assert_eq!((lines.code, lines.stdout.lines().count()), (2, 1));
    assert!(
        lines.stderr.contains("error: long.jsonl, line 1: over the limit"),
        "{}",
        lines.stderr
    );
    assert!(
        lines.stderr.contains("error: long.txt: over the limit"),
        "{}",
        lines.stderr
    );
}

#[test]
fn reports_go_into_the_store_and_come_out_of_every_list() {
    let dir = folder();
    let path = dir.path();
    let first = run(path, &["add", "."]);
    assert_eq!((first.code, first.stdout.as_str()), (0, ""), "{}", first.stderr);
    assert!(first.stderr.starts_with("2 added; "), "{}", first.stderr);
    let second = run(path, &["add", "bericht.txt", "report.md"]);
    assert!(
        second.stderr.starts_with("0 added, 2 known; 0 events"),
        "{}",
        second.stderr
    );

    let documents = run(path, &["documents", "--format", "jsonl"]);
    assert_eq!((documents.code, documents.stdout.lines().count()), (0, 2));
    let german = run(path, &["documents", "--lang", "de", "--format", "csv"]);
    let lines: Vec<&str> = german.stdout.lines().collect();
    assert!(lines[0].starts_with("id,published,lang,source,url,title,events"));
    assert!(
        lines.len() == 2 && lines[1].contains(",2024-10-24,de,bericht.txt,"),
        "{lines:?}"
    );
    for list in ["events", "claims", "agreements", "actors"] {
        let json = run(path, &[list, "--format", "json"]);
        let rows: Vec<serde_json::Value> = serde_json::from_str(&json.stdout).unwrap();
        assert_eq!(json.code, i32::from(rows.is_empty()), "{list}");
        let table = run(path, &[list]);
        assert_eq!(
            (table.code, table.stdout.is_empty()),
            (json.code, rows.is_empty()),
            "{list}"
        );
    }
    let found = run(path, &["search", "Vertrag"]);
    assert_eq!(found.code, 0, "{}", found.stderr);
    assert!(found.stdout.contains("*Beistandsvertrag*"), "{}", found.stdout);
    let found = run(path, &["search", "Suedkorea", "--format", "jsonl"]);
    assert_eq!(found.stdout.lines().count(), 1);
    let none = run(path, &["search", "Waffenruhe"]);
    assert_eq!(
        (none.code, none.stdout.as_str(), none.stderr.as_str()),
        (1, "", "nothing found\n")
    );
    let check = run(path, &["check"]);
    assert!(
        check.code == 0 && check.stdout.starts_with("sound: 2 documents"),
        "{check:?}"
    );
}

#[test]
fn filters_that_are_not_understood_get_a_hint() {
    let dir = folder();
    run(dir.path(), &["add", "bericht.txt"]);
    let wrong = run(dir.path(), &["events", "--type", "ASAULT"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (2, ""));
    assert_eq!(
        wrong.stderr,
        "error: type cannot be \"ASAULT\"\nhint:  did you mean ASSAULT?\n"
    );
    assert_eq!(run(dir.path(), &["agreements", "--type", "AID"]).code, 2);
    assert_eq!(run(dir.path(), &["events", "--colour", "sometimes"]).code, 2);
}

#[test]
fn stores_that_cannot_be_used_are_named_and_left_alone() {
    let dir = folder();
    let path = dir.path();
    let missing = run(path, &["events"]);
    assert_eq!(missing.code, 2);
    assert!(
        missing
            .stderr
            .starts_with("error: there is no store at lagebild.db\nhint:  add reports first"),
        "{}",
        missing.stderr
    );
    assert!(!path.join("lagebild.db").exists());

    let foreign = run(path, &["add", "--store", "bericht.txt", "report.md"]);
    assert_eq!(foreign.code, 2);
    assert!(
        foreign.stderr.contains("bericht.txt is not a Lagebild store"),
        "{}",
        foreign.stderr
    );
    assert_eq!(std::fs::read_to_string(path.join("bericht.txt")).unwrap(), REPORT);

    run(path, &["add", "bericht.txt"]);
    let held = lagebild_store::Store::open(
        path.join("lagebild.db"),
        std::sync::Arc::new(lagebild_store::NoCompounds),
    )
    .unwrap();
    let busy = run(path, &["add", "report.md"]);
    assert_eq!(busy.code, 2);
    assert!(
        busy.stderr.contains(&format!(
            "lagebild.db is in use by another process (pid {})",
            std::process::id()
        )),
        "{}",
        busy.stderr
    );
    assert_eq!(run(path, &["documents"]).code, 0, "reading goes on");
    drop(held);
    assert_eq!(run(path, &["add", "report.md"]).code, 0);

    let bytes = std::fs::read(path.join("lagebild.db")).unwrap();
    let mut newer = bytes.clone();
    // `PRAGMA user_version`, big-endian, at byte 60 of the file header.
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(path.join("newer.db"), &newer).unwrap();
    for arguments in [
        &["add", "--store", "newer.db", "report.md"][..],
        &["events", "--store", "newer.db"],
    ] {
        let refused = run(path, arguments);
        assert_eq!(refused.code, 2);
        assert!(
            refused
                .stderr
                .contains("was written by a newer Lagebild (store format 99"),
            "{}",
            refused.stderr
        );
    }
    assert_eq!(std::fs::read(path.join("newer.db")).unwrap(), newer);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..30 {
        std::fs::write(
            dir.path().join(format!("{n:02}.txt")),
            format!("{}\nBericht Nummer {n}.\n", REPORT.repeat(20)),
        )
        .unwrap();
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_lagebild"))
        .args(["read", ".", "--format", "jsonl"])
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()),
        (Some(0), "")
    );
}

/// How far a process steps back behind others (0 to 19).
#[cfg(target_os = "linux")]
fn niceness(process: &str) -> i32 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // Field 19; the name of the program before it is in brackets and may hold spaces.
    let fields = stat.rsplit(')').next().unwrap();
    fields.split_whitespace().nth(16).unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn adding_lets_those_go_first_who_wait_for_answers() {
    let dir = tempfile::tempdir().unwrap();
    let wanted = (niceness("self") + 5).min(19);
    let mut child = Command::new(env!("CARGO_BIN_EXE_lagebild"))
        .args(["add", "-"])
        .current_dir(dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let at = || niceness(&child.id().to_string());
    // It waits for its input; the first steps take some milliseconds.
    let reached = (0..200).any(|_| {
        let there = at() == wanted;
        if !there {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        there
    });
    assert!(reached, "{} instead of {wanted}", at());
    drop(child.stdin.take());
    child.wait().unwrap();
}

#[test]
fn versions_and_licences_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let version = run(dir.path(), &["--version"]);
    let names: Vec<&str> = version
        .stdout
        .lines()
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    assert_eq!(
        (version.code, names),
        (0, vec!["lagebild", "lexicon", "model", "store"])
    );
    assert!(run(dir.path(), &["--licences"]).stdout.contains("Apache"));
    assert_eq!(run(dir.path(), &[]).code, 2);
}
