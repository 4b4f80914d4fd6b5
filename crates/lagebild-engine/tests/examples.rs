//! Every example of every rule reads as written, or says why it does not.

use lagebild_engine::examples::{Outcome, run};
use lagebild_lexicon::{Compiled, bundled_files, compile};

fn shown(outcomes: &[Outcome], wanted: fn(&Outcome) -> bool) -> Vec<String> {
    outcomes
        .iter()
        .filter(|o| wanted(o))
        .map(|o| {
            let fault = o.fault.as_deref().unwrap_or("reads as written");
            format!("{}:{} {}\n  {}\n  {fault}", o.file, o.line, o.rule, o.text)
        })
        .collect()
}

#[test]
fn examples_read_as_written() {
    let Compiled { lexicon, examples, .. } =
        compile(&[bundled_files()]).expect("the rules are checked when they are built");
    let outcomes = run(&lexicon, &examples, lagebild_bundle::knowledge(), "");
    assert!(outcomes.len() > 2_000, "the examples are compiled in");
    let failures = shown(&outcomes, Outcome::is_failure);
    assert!(
        failures.is_empty(),
        "{} examples fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
    let mended = shown(&outcomes, Outcome::is_mended);
    assert!(
        mended.is_empty(),
        "take known_fault off {} examples:\n{}",
        mended.len(),
        mended.join("\n")
    );
}
