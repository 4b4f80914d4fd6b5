//! The ten questions of docs/questions.md, asked of a store of the sample reports: the commands of the page run, and their
//! answers say what they must, in whatever words. The answers on the page are a record; a change of the rules may change them.
//! `LAGEBILD_UPDATE_DOCS=1 cargo test -p lagebild --test questions` writes them anew, to be read in the diff.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// What the answers to a question must say: in CSV, where no cell is wrapped.
const FACTS: &[(&str, &[&str])] = &[
    ("1.", &["RUSGOV", "PRKGOV", "2024-06-19"]),
    ("2.", &["3.000", "10.000", "KORSPY", "deny"]),
    (
        "3.",
        &[
            "RU-KP-2024",
            "mutual-assistance (Art. 4)",
            "in-force,2024-12-04",
            "CN-KP-1961",
        ],
    ),
    ("4.", &["PRK,KOR,2024-10-28", "KOR,PRK,2024-10-28"]),
    ("5.", &["CONSULT", "2024-06-19", "Pjöngjang"]),
    ("6.", &["UKR"]),
    ("7.", &["alleged"]),
    ("8.", &["Lagebild-Demo Kurier"]),
    ("9.", &["Südkorea werde nicht tatenlos zusehen"]),
    ("10.", &["2024-11-06", "RUSLEG"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn lagebild(dir: &Path, arguments: &[String]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lagebild"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("LAGEBILD_STORE")
        .env("COLUMNS", "160")
        .envs(["LANG", "LC_ALL", "LC_MESSAGES"].map(|name| (name, "C")))
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap_or(-1),
        text(output.stdout),
        text(output.stderr),
    )
}

/// The words of a command line; `"` holds words together.
fn arguments(line: &str) -> Vec<String> {
    line.split('"')
        .enumerate()
        .flat_map(|(n, part)| match n % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
fn each_question_is_answered_by_one_command() {
    let dir = tempfile::tempdir().unwrap();
    let mut reports: Vec<String> = std::fs::read_dir(root().join("data/demo"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().is_some_and(|name| name != "README.md"))
        .map(|path| path.to_str().unwrap().to_owned())
        .collect();
    reports.sort();
    reports.insert(0, "add".to_owned());
    let (code, _, stderr) = lagebild(dir.path(), &reports);
    assert_eq!(code, 0, "{stderr}");

    let page = root().join("docs/questions.md");
    let old = std::fs::read_to_string(&page).unwrap();
    let mut new = String::new();
    let mut rest = old.as_str();
    let mut heading = "";
    // All answers under one heading, in CSV.
    let mut answers: Vec<(&str, String)> = Vec::new();
    while let Some((before, block)) = rest.split_once("```console\n$ lagebild ") {
        let (command, after) = block.split_once('\n').unwrap();
        let (_, after) = after.split_once("```\n").unwrap();
        heading = before
            .lines()
            .rev()
            .find_map(|l| l.strip_prefix("## "))
            .unwrap_or(heading);
        let mut words = arguments(command);
        let (code, answer, stderr) = lagebild(dir.path(), &words);
        assert_eq!(code, 0, "{heading}: {stderr}");
        if !words.iter().any(|w| w == "--format") {
            words.extend(["--format".to_owned(), "csv".to_owned()]);
        }
        let (_, csv, _) = lagebild(dir.path(), &words);
        match answers.last_mut().filter(|a| a.0 == heading) {
            Some((_, all)) => all.push_str(&csv),
            None => answers.push((heading, csv)),
        }
        new.push_str(&format!("{before}```console\n$ lagebild {command}\n{answer}```\n"));
        rest = after;
    }
    new.push_str(rest);
    for (number, facts) in FACTS {
        let answer = answers.iter().find(|a| a.0.split(' ').next() == Some(*number));
        let (heading, csv) = answer.unwrap_or_else(|| panic!("question {number} is not asked"));
        for fact in *facts {
            assert!(csv.contains(fact), "{heading}: no {fact:?} in\n{csv}");
        }
    }
    if std::env::var_os("LAGEBILD_UPDATE_DOCS").is_some() {
        std::fs::write(&page, new).unwrap();
    }
}
