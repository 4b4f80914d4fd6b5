//! `explain`, `actor`, `eval`, `lexicon new`, corpus diffs and the user's own rules and tables, as their users meet them.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const REPORT: &str = "24. Oktober 2024\n\nSeoul berät über Waffenhilfe\n\n\
    Das russische Parlament hat den Beistandsvertrag mit Nordkorea ratifiziert. \
    Südkorea warf Nordkorea vor, Soldaten nach Russland geschickt zu haben.\n";

/// Exit code, stdout, stderr.
type Run = (i32, String, String);

fn run(dir: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_lagebild"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("LAGEBILD_STORE")
        .env("COLUMNS", "120")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap_or(-1),
        text(output.stdout),
        text(output.stderr),
    )
}

/// The stdout of a run that has to go well.
fn fine(dir: &Path, arguments: &[&str]) -> String {
    let (code, stdout, stderr) = run(dir, arguments);
    assert_eq!(code, 0, "{arguments:?}: {stderr}");
    stdout
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

fn report() -> tempfile::TempDir {
    folder(&[("bericht.txt", REPORT)])
}

/// The first reason about `about` in a tree.
fn reason<'t>(tree: &'t Value, about: &str) -> &'t Value {
    let reasons = tree["reasons"].as_array().unwrap();
    reasons.iter().find(|r| r["about"] == about).unwrap_or(&Value::Null)
}

/// The tree of the first event of a type.
fn event(dir: &Path, kind: &str) -> Value {
    let trees: Value = serde_json::from_str(&fine(dir, &["explain", "bericht.txt", "--format", "json"])).unwrap();
    let of_kind = |t: &&Value| t["value"].as_str().unwrap().contains(&format!(" {kind}"));
    trees.as_array().unwrap().iter().find(of_kind).unwrap().clone()
}

#[test]
fn an_event_is_explained_down_to_the_line_of_its_rule() {
    let dir = report();
    let tree = event(dir.path(), "SUPPORT");
    let trigger = reason(&tree, "trigger");
    assert_eq!(trigger["value"], "ratifiziert");
    let start = REPORT.chars().count() - REPORT.split_once("ratifiziert").unwrap().1.chars().count() - 11;
    assert_eq!(trigger["words"][0]["start"], start, "code points, not bytes");
    let (id, file, line) = (
        &trigger["rule"]["id"],
        &trigger["rule"]["file"],
        &trigger["rule"]["line"],
    );
    let rules = std::fs::read_to_string(Path::new("../..").join(file.as_str().unwrap())).unwrap();
    let entry: Vec<&str> = rules
        .lines()
        .skip(line.as_u64().unwrap() as usize - 1)
        .take(2)
        .collect();
    assert!(
        entry[0] == "[[entry]]" && entry[1].contains(id.as_str().unwrap()),
        "{entry:?}"
    );

    let actor = reason(&tree, "actor");
    assert_eq!(actor["value"], "Das russische Parlament");
    let why = actor["why"].to_string();
    assert!(
        why.contains("subject of the trigger") && why.contains("adjective"),
        "{why}"
    );
    assert!(why.contains("RUSLEG"), "{why}");
    let why = reason(&tree, "recipient")["why"].to_string();
    assert!(
        why.contains("\\\"mit\\\" at the object") && why.contains("country:PRK"),
        "{why}"
    );
    assert!(
        reason(&tree, "certainty")["why"]
            .to_string()
            .contains("no cue of hearsay")
    );

    let text = fine(dir.path(), &["explain", "bericht.txt", "--event", "e1"]);
    assert!(text.starts_with("e1 ") && text.contains("├─ trigger    \""), "{text}");
    assert!(text.contains("└─ "), "{text}");
}

#[test]
fn events_of_a_store_are_explained_by_their_key() {
    let dir = report();
    let path = dir.path();
    fine(path, &["add", "bericht.txt"]);
    let rows = fine(path, &["events", "--format", "jsonl"]);
    for row in rows.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()) {
        let tree: Value = serde_json::from_str(&fine(
            path,
            &["explain", row["key"].as_str().unwrap(), "--format", "json"],
        ))
        .unwrap();
        assert_eq!(tree["about"], "event");
        let head = format!("{} {}", row["id"].as_str().unwrap(), row["type"].as_str().unwrap());
        assert!(tree["value"].as_str().unwrap().starts_with(&head), "{tree}");
    }
    let document = rows
        .split_once("\"key\":\"")
        .unwrap()
        .1
        .split_once('#')
        .unwrap()
        .0
        .to_owned();
    let (code, stdout, stderr) = run(path, &["explain", &format!("{document}#e99")]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.starts_with("no event e99: e1 to e"), "{stderr}");
    for wrong in ["nowhere#e1", "nowhere.txt"] {
        let (code, _, stderr) = run(path, &["explain", wrong]);
        assert_eq!(code, 2);
        assert!(stderr.contains("nowhere"), "{stderr}");
    }
}

/// The answer to --why-not over a report.
fn why_not(text: &str, asked: &str) -> Value {
    let dir = folder(&[("r.txt", text)]);
    let tree = fine(
        dir.path(),
        &["explain", "r.txt", "--why-not", asked, "--format", "json"],
    );
    serde_json::from_str(&tree).unwrap()
}

fn first(tree: &Value) -> &str {
    tree["why"][0].as_str().unwrap_or_default()
}

#[test]
fn the_first_condition_that_failed_is_named() {
    let word = why_not(
        "Russland warnte die Ukraine vor weiteren Angriffen.",
        "CONCEDE RUS > UKR",
    );
    assert_eq!(first(&word), "no word of the text tells CONCEDE");

    let stranger = why_not(
        "Russland warnte die Ukraine vor weiteren Angriffen.",
        "CONCEDE PRK > UKR",
    );
    let party = reason(&stranger, "party");
    assert_eq!(
        (party["value"].as_str(), stranger["about"].as_str()),
        (Some("PRK"), Some("not read"))
    );

    let slot = why_not("Der Bundestag hat das Ergebnis ratifiziert.", "SUPPORT DEU > -");
    let words = slot["reasons"].as_array().unwrap().iter();
    let word = words
        .clone()
        .find(|r| r["rule"]["id"] == "de.support.ratifizieren")
        .unwrap();
    let why = word["why"][0].as_str().unwrap();
    assert!(why.starts_with("needs as object of the trigger:"), "{slot}");
    assert!(why.ends_with("there is \"das Ergebnis\""), "{slot}");

    let others = why_not(
        "Das russische Parlament hat den Vertrag mit Nordkorea ratifiziert.",
        "SUPPORT RUS > CHN",
    );
    assert!(
        first(&others).contains("read with other recipients: e1 SUPPORT"),
        "{others}"
    );

    let content = why_not(
        "Südkorea forderte Nordkorea auf, seine Soldaten aus Russland abzuziehen.",
        "RETREAT PRK > -",
    );
    assert!(first(&content).contains("it is the content of the act at"), "{content}");

    let (code, stdout, stderr) = {
        let dir = report();
        run(
            dir.path(),
            &["explain", "bericht.txt", "--why-not", "SUPPORT RUS > PRK"],
        )
    };
    assert_eq!((code, stderr.as_str()), (0, "it is read:\n"));
    assert!(stdout.contains("trigger"), "{stdout}");
    let (code, _, stderr) = run(
        report().path(),
        &["explain", "bericht.txt", "--why-not", "SUPORT RUS > PRK"],
    );
    assert_eq!(code, 2);
    assert!(stderr.contains("unknown event type \"SUPORT\""), "{stderr}");
}

const RULE: &str = r#"
[[entry]]
id = "de.consult.knobeln"
verb = "knobeln"
roles = { actor = "subject", recipient = "mit" }
gives = { event = "CONSULT" }
yes = [ { text = "{actor:Seoul} {trigger:knobelte} mit {recipient:Tokio}.", read = "CONSULT KOR > JPN" } ]
no = [ { text = "Der Verein knobelte.", why = "no politics" } ]
"#;
const KNOBELN: &str = "Seoul knobelte am Mittwoch mit Tokio über die Fischerei.";

#[test]
fn rules_of_ones_own_are_used_or_refused_whole() {
    let dir = folder(&[
        ("r.txt", KNOBELN),
        ("mine/de/consult.toml", RULE),
        ("bad/de/consult.toml", &RULE.replace("\"CONSULT\" }", "\"CONSULTS\" }")),
        ("bad/de/more.toml", RULE),
    ]);
    let path = dir.path();
    let read = |arguments: &[&str]| -> Value {
        let all = [&["read", "r.txt", "--format", "json"], arguments].concat();
        serde_json::from_str(&fine(path, &all)).unwrap()
    };
    let (plain, mine) = (read(&[]), read(&["--lexicon", "mine"]));
    assert_eq!(plain["events"], json!([]));
    assert_eq!(mine["events"][0]["rule"], "de.consult.knobeln");
    assert_ne!(plain["engine"]["lexicon"], mine["engine"]["lexicon"]);

    let (code, stdout, stderr) = run(path, &["read", "r.txt", "--lexicon", "bad"]);
    assert_eq!(
        (code, stdout.as_str()),
        (2, ""),
        "nothing is read with half of the rules"
    );
    assert!(
        stderr.contains("error[L012]") && stderr.contains("consult.toml:6:"),
        "{stderr}"
    );
    assert!(stderr.contains("nothing of it was loaded"), "{stderr}");

    fine(path, &["add", "r.txt", "--lexicon", "mine"]);
    assert!(fine(path, &["events", "--format", "jsonl"]).contains("de.consult.knobeln"));
}

#[test]
fn a_claim_names_its_entry_wherever_it_is_shown() {
    let dir = report();
    let path = dir.path();
    let reading: Value = serde_json::from_str(&fine(path, &["read", "bericht.txt", "--format", "json"])).unwrap();
    let claim = &reading["claims"][0];
    assert_eq!(claim["stance"], "accuse");
    let rule = claim["rule"].as_str().unwrap();
    fine(path, &["lexicon", "test", rule]);

    fine(path, &["add", "bericht.txt"]);
    let row: Value = serde_json::from_str(&fine(path, &["claims", "--format", "jsonl"])).unwrap();
    assert_eq!(row["rule"], rule);
    let asked = fine(path, &["sql", "--format", "csv", "SELECT rule FROM claims"]);
    assert_eq!(asked, format!("rule\n{rule}\n"));
    fine(path, &["export", "ndjson", "-o", "tables"]);
    let exported = std::fs::read_to_string(path.join("tables/claims.ndjson")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&exported).unwrap()["rule"], rule);

    let told = fine(path, &["explain", "bericht.txt"]);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("(stance accuse, ") && told.contains(&format!(", {rule})")),
        "{told}"
    );
}

#[test]
fn a_corpus_shows_what_rules_change() {
    let dir = folder(&[("reports/r.txt", KNOBELN), ("mine/de/consult.toml", RULE)]);
    let shown = fine(
        dir.path(),
        &["lexicon", "test", "--lexicon", "mine", "--corpus", "reports"],
    );
    assert!(
        shown.contains("  + CONSULT KORGOV > JPNGOV") || shown.contains("  + CONSULT KOR > JPN"),
        "{shown}"
    );
    assert!(
        shown.contains(KNOBELN) && shown.ends_with("1 reports: 1 added, 0 removed, 0 altered\n"),
        "{shown}"
    );

    // An entry with the id of one of ours replaces it; one that never fires takes its events away.
    let silent = RULE
        .replace("knobeln\"", "ratifizieren\"")
        .replace("consult.ratifizieren", "support.ratifizieren");
    let silent = silent.replace("verb = \"ratifizieren\"", "verb = \"knobeln\"");
    let dir = folder(&[("r.txt", REPORT), ("mine/de/support.toml", &silent)]);
    let shown = fine(
        dir.path(),
        &["lexicon", "test", "--lexicon", "mine", "--corpus", "r.txt"],
    );
    assert!(shown.contains("  - SUPPORT"), "{shown}");
    let (code, ..) = run(dir.path(), &["lexicon", "test", "--corpus", "r.txt"]);
    assert_eq!(code, 2, "there is nothing to compare without rules of one's own");
}

#[test]
fn a_draft_knows_the_frame_of_its_word() {
    let text = "Seoul knobelte mit Tokio. China knobelte mit Japan über Fisch. Die Kinder knobelten im Garten.";
    let dir = folder(&[("r.txt", text)]);
    let draft = fine(
        dir.path(),
        &["lexicon", "new", "knobeln", "--event", "consult", "--corpus", "r.txt"],
    );
    assert!(
        draft.contains("id     = \"de.consult.knobeln\"\nverb   = \"knobeln\"\n"),
        "{draft}"
    );
    assert!(draft.contains("recipient = \"mit\""), "{draft}");
    assert!(
        draft.contains("used 3 times in 1 reports") && draft.contains("# fires on 3 of 3 uses"),
        "{draft}"
    );
    let separable = fine(dir.path(), &["lexicon", "new", "anprangern"]);
    assert!(
        separable.contains("verb   = \"an|prangern\"") && separable.contains("event = \"TYPE\""),
        "{separable}"
    );
    let (code, _, stderr) = run(dir.path(), &["lexicon", "new", "xqzw"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("neither a verb nor a noun"), "{stderr}");
}

const HOLDERS: &str = "person\taliases\tkey\toffice_de\toffice_en\tsectors\trole\tfrom\tto\tas_of\twikidata\tsource\n";

#[test]
fn tables_of_ones_own_are_used_or_refused_whole() {
    let row = "Ada Beispiel\t\tKOR\tPräsidentin\tPresident\tGOV\tHOS\t2031-01-01\t\t2032-01-01\t\tmine\n";
    let dir = folder(&[
        (
            "r.txt",
            "1. Juni 2031\n\nAda Beispiel warf Nordkorea am Freitag vor, Soldaten nach Russland geschickt zu haben.\n",
        ),
        ("mine/office-holders.tsv", &format!("{HOLDERS}{row}")),
        (
            "bad/office-holders.tsv",
            &format!("{HOLDERS}{}", row.replace("KOR", "KOX")),
        ),
    ]);
    let path = dir.path();
    let mine: Value = serde_json::from_str(&fine(
        path,
        &["read", "r.txt", "--format", "json", "--knowledge", "mine"],
    ))
    .unwrap();
    let accuse = mine["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["type"] == "ACCUSE")
        .unwrap();
    assert_eq!(accuse["actors"][0]["id"], "person:ada-beispiel");
    assert_eq!(accuse["actors"][0]["country"], "KOR");
    assert!(mine["engine"]["lexicon"].as_str().unwrap().contains('+'));
    let (code, stdout, stderr) = run(path, &["read", "r.txt", "--knowledge", "bad"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(
        stderr.contains("error[K002]: unknown state \"KOX\"") && stderr.contains("office-holders.tsv:2:"),
        "{stderr}"
    );
    let (code, _, stderr) = run(path, &["add", "r.txt", "--knowledge", "nowhere"]);
    assert_eq!(code, 2);
    assert!(
        stderr.contains("nowhere") && !path.join("lagebild.db").exists(),
        "{stderr}"
    );

    let known = fine(path, &["actor", "Ada Beispiel", "--knowledge", "mine"]);
    assert!(
        known.contains("President (KOR), since 2031-01-01, vouched for until 2032-01-01  [mine]"),
        "{known}"
    );
    let then = fine(
        path,
        &["actor", "Ada Beispiel", "--knowledge", "mine", "--on", "2030-01-01"],
    );
    assert!(then.contains("none that the tables vouch for on 2030-01-01"), "{then}");
}

#[test]
fn actors_are_shown_with_codes_and_terms() {
    let dir = report();
    let path = dir.path();
    let korea: Value = serde_json::from_str(&fine(path, &["actor", "Nordkorea", "--format", "json"])).unwrap();
    let korea = &korea[0];
    assert_eq!(
        (korea["id"].as_str(), korea["kind"].as_str()),
        (Some("country:PRK"), Some("country"))
    );
    let codes = korea["codes"].to_string();
    assert!(codes.contains("\"KP\"") && codes.contains("\"731\""), "{codes}");
    assert!(korea["names"].to_string().contains("nordkoreanisch"));
    assert_eq!(fine(path, &["actor", "PRK"]), fine(path, &["actor", "country:PRK"]));

    let office = |day| fine(path, &["actor", "Joe Biden", "--on", day]);
    assert!(
        office("2024-10-24").contains("President (USA), "),
        "{}",
        office("2024-10-24")
    );
    assert!(
        !office("2025-06-01").contains("President (USA), "),
        "{}",
        office("2025-06-01")
    );
    let led = fine(path, &["actor", "USA", "--on", "2024-10-24"]);
    assert!(led.contains("Joe Biden, President"), "{led}");
    assert!(fine(path, &["actor", "NATO", "--on", "2024-10-24"]).contains("FIN (since "));

    fine(path, &["add", "bericht.txt"]);
    let seen = fine(path, &["actor", "Nordkorea", "--store", "lagebild.db"]);
    assert!(seen.contains("in the store") && seen.contains("in 1 reports"), "{seen}");
    let (code, stdout, stderr) = run(path, &["actor", "Niemandsland-Xyz"]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("nobody called Niemandsland-Xyz"), "{stderr}");
}

#[test]
fn readings_are_measured_against_hand_coded_reports() {
    let text = "Seoul warnt\n\nDas russische Parlament hat den Vertrag mit Nordkorea ratifiziert. Die Lage ist ernst.";
    let at = |words: &str| text[..text.find(words).unwrap()].chars().count();
    let (first, second) = (at("Das russ"), at("Die Lage"));
    let party = |country: &str| json!([{ "text": "", "country": country, "org": null }]);
    let told = |id: &str, kind: &str, s: usize| {
        json!({ "id": id, "type": kind, "actors": party("RUS"), "recipients": party("PRK"), "status": "actual",
            "certainty": "asserted", "mentions": [{ "s": s, "trigger": "x" }] })
    };
    let gold = json!({
        "id": "a", "lang": "de", "published": "2024-10-24", "text": text,
        "sentences": [
            { "i": 0, "start": 0, "end": 11, "text": "Seoul warnt" },
            { "i": 1, "start": first, "end": second - 1, "text": text[text.find("Das russ").unwrap()..text.find(" Die Lage").unwrap()] },
            { "i": 2, "start": second, "end": text.chars().count(), "text": "Die Lage ist ernst." },
        ],
        "events": [told("e1", "SUPPORT", 1), told("e2", "ASSAULT", 2)], "claims": [], "agreements": [],
    });
    let dir = folder(&[("gold.jsonl", &format!("{gold}\n"))]);
    let path = dir.path();
    let scores: Value = serde_json::from_str(&fine(path, &["eval", "gold.jsonl", "--json"])).unwrap();
    let triple = &scores["events"]["triple"];
    assert_eq!(
        (triple["gold"].as_u64(), triple["hit"].as_u64()),
        (Some(2), Some(1)),
        "{scores}"
    );
    let out = fine(path, &["read", "--input", "jsonl", "--format", "jsonl", "gold.jsonl"]);
    std::fs::write(path.join("out.jsonl"), out).unwrap();
    let again: Value = serde_json::from_str(&fine(path, &["eval", "gold.jsonl", "out.jsonl", "--json"])).unwrap();
    assert_eq!(again, scores);
    let text = fine(path, &["eval", "gold.jsonl", "--errors", "5"]);
    assert!(
        text.contains("missed: a[2] ASSAULT RUS > PRK, actual: Die Lage ist ernst."),
        "{text}"
    );
    let report = fine(path, &["eval", "gold.jsonl", "--format", "md"]);
    assert!(
        report.contains("| SUPPORT | 1.000 | 1.000 | 1.000 | 1 | 1 | 0 |"),
        "{report}"
    );
    // What is missed is told with the reason why.
    assert!(report.contains("a [2]: Die Lage ist ernst.\n   – "), "{report}");
    std::fs::write(path.join("other.jsonl"), "{\"id\":\"a\",\"text\":\"Anders.\"}\n").unwrap();
    let (code, _, stderr) = run(path, &["eval", "gold.jsonl", "other.jsonl"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("offsets would not compare"), "{stderr}");
}
