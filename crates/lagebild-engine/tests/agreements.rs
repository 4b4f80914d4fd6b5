//! Agreements over whole texts, which the examples of single rules do not reach.

mod common;

use common::read;
use lagebild_core::codebook::Step;

#[test]
fn a_treaty_of_the_ledger_is_known_by_its_name() {
    let reading = read("Indien hat den Atomwaffensperrvertrag nicht unterzeichnet.");
    let ids: Vec<_> = reading
        .agreements
        .iter()
        .filter_map(|a| a.canonical.as_ref().map(|c| c.0.to_string()))
        .collect();
    assert_eq!(ids, ["NPT-1968"]);
}

#[test]
fn where_there_is_none_none_is_read() {
    assert!(
        read("Zwischen Armenien und Aserbaidschan gibt es kein Abkommen.")
            .agreements
            .is_empty()
    );
}

#[test]
fn a_noun_tells_a_step_of_the_agreement_spoken_of() {
    let reading = read(
        "Das russische Parlament ratifizierte ein Abkommen mit Nordkorea. Dieser Vertragsabschluss war das Ergebnis eines \
         Treffens im Juni in Pjöngjang.",
    );
    let [agreement] = reading.agreements.as_slice() else {
        panic!("{} agreements", reading.agreements.len());
    };
    let parties: Vec<&str> = agreement.parties.iter().map(|p| &**p).collect();
    assert!(parties.contains(&"RUS") && parties.contains(&"PRK"), "{parties:?}");
    let steps: Vec<Step> = agreement.steps.iter().map(|s| s.step).collect();
    assert_eq!(steps, [Step::Ratified, Step::Signed]);
    let signed = &agreement.steps[1];
    assert_eq!(signed.date.from.map(|d| d.to_string()).as_deref(), Some("2024-06-01"));
}
