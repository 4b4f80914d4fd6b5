//! The ten questions of docs/questions.md, asked of a store of the sample reports: the commands of the page run, and their
//! answers say what they must, in whatever words. The answers on the page are a record; a change of the rules may change them.
//! `LAGEBILD_UPDATE_DOCS=1 cargo test -p lagebild --test questions` writes them anew, to be read in the diff.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// What an answer must say, whatever its form: question, then words of its answer.
const FACTS: &[(&str, &[&str])] = &[
    ("1.", &["RUS", "PRK", "2024-06-19"]),
    ("2.", &["PRK"]),
    (
        "3.",
        &[
            "Comprehensive Strategic Partnership",
            "mutual-assistance (Art. 4)",
            "in-force",
            "Sino-North Korean",
        ],
    ),
    ("4.", &["KOR > PRK", "PRK > KOR", "2024-10-28"]),
    ("5.", &["2024-06-19", "Pjöngjang", "RUS", "PRK"]),
    ("6.", &["UKR"]),
    ("7.", &["alleged"]),
    ("8.", &["Kurier"]),
    ("9.", &["Südkorea werde nicht tatenlos zusehen"]),
    ("10.", &["2024-11-06", "2024-12-04"]),
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
    let mut asked = 0;
    while let Some((before, block)) = rest.split_once("```console\n$ lagebild ") {
        let (command, after) = block.split_once('\n').unwrap();
        let (_, after) = after.split_once("```\n").unwrap();
        let (code, answer, stderr) = lagebild(dir.path(), &arguments(command));
        let heading = before
            .lines()
            .rev()
            .find_map(|l| l.strip_prefix("## "))
            .unwrap_or_default();
        assert_eq!(code, 0, "{heading}: {stderr}");
        if let Some((_, facts)) = FACTS.iter().find(|(n, _)| heading.split(' ').next() == Some(*n)) {
            for fact in *facts {
                assert!(answer.contains(fact), "{heading}: no {fact:?} in\n{answer}");
            }
            asked += 1;
        }
        new.push_str(&format!("{before}```console\n$ lagebild {command}\n{answer}```\n"));
        rest = after;
    }
    new.push_str(rest);
    assert!(asked >= FACTS.len(), "{asked} questions");
    if std::env::var_os("LAGEBILD_UPDATE_DOCS").is_some() {
        std::fs::write(&page, new).unwrap();
    }
}
