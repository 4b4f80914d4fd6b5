//! The measures give the numbers of `eval/score.py` of the project's shared files, which made `expected.json`.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use lagebild_eval::{Fault, Pair, PairError, documents, errors, line, pairs, report, score, summary};
use serde_json::Value;

const GOLD: &str = include_str!("fixtures/gold.jsonl");
const READ: &str = include_str!("fixtures/read.jsonl");
const EXPECTED: &str = include_str!("fixtures/expected.json");

fn fixture() -> Vec<Pair> {
    pairs(documents(GOLD).unwrap(), documents(READ).unwrap()).unwrap()
}

/// All numbers by their path; whole and broken ones compare.
fn numbers(path: &str, value: &Value, out: &mut Vec<(String, Option<f64>)>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(k, v)| numbers(&format!("{path}/{k}"), v, out)),
        other => out.push((path.to_owned(), other.as_f64())),
    }
}

#[test]
fn the_numbers_are_those_of_the_shared_scorer() {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    numbers("", &serde_json::to_value(score(&fixture())).unwrap(), &mut ours);
    numbers("", &serde_json::from_str(EXPECTED).unwrap(), &mut theirs);
    ours.sort_by(|a, b| a.0.cmp(&b.0));
    theirs.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(theirs.len() > 100);
    assert_eq!(ours, theirs);
}

#[test]
fn errors_are_told_apart() {
    let pairs = fixture();
    let found: Vec<(&str, &str, usize)> = errors(&pairs)
        .iter()
        .map(|e| (e.fault.name(), e.document.id.as_str(), e.sentence))
        .collect();
    assert!(
        found.contains(&("wrong type", "a", 1)),
        "AID read as MOBILIZE at one word: {found:?}"
    );
    assert!(found.contains(&("missed", "c", 1)) && found.contains(&("spurious", "b", 0)));
    assert!(
        !found.iter().any(|e| e.0 == "wrong parties" && e.1 == "a" && e.2 == 2),
        "mutual acts in any order"
    );
}

#[test]
fn the_report_names_rule_and_cause() {
    let pairs = fixture();
    let (scores, errors) = (score(&pairs), errors(&pairs));
    let cause = |e: &lagebild_eval::Error<'_>| matches!(e.fault, Fault::Missed(_)).then(|| "no word".to_owned());
    let written = report(&scores, &errors, 1, cause);
    assert!(written.contains("| AID | MOBILIZE | 1 |"), "{written}");
    let lists: Vec<&str> = written.split("\n### ").skip(1).collect();
    let heads: Vec<&str> = lists.iter().filter_map(|l| l.lines().next()).collect();
    assert_eq!(
        heads,
        [
            "wrong type: 1 in all",
            "wrong parties: 3 in all",
            "missed: 6 in all",
            "spurious: 3 in all"
        ]
    );
    assert!(lists[0].contains("1. coded AID PRK > RUS, actual, read MOBILIZE PRK > RUS, actual by `de.made.up`"));
    assert!(lists[2].contains("– no word") && !lists[0].contains("– "), "{written}");
    assert!(lists.iter().all(|l| !l.contains("\n2. ")), "one of each kind");
    assert!(errors.iter().any(|e| line(e).contains("[de.made.up]")));
    assert!(summary(&scores).contains("typed           P 0."));
}

#[test]
fn readings_that_cannot_be_compared_are_refused() {
    let other = READ.replace("Mittwoch", "Dienstag");
    let refused = pairs(documents(GOLD).unwrap(), documents(&other).unwrap()).unwrap_err();
    assert_eq!(refused, PairError::Text { id: "a".to_owned() });
    let Err(PairError::Json { line: 2, .. }) = documents("{\"id\":\"x\"}\n{\"id\":\n") else {
        panic!("taken")
    };
    assert!(
        pairs(documents(GOLD).unwrap(), Vec::new())
            .unwrap()
            .iter()
            .all(|p| p.missing)
    );
}
