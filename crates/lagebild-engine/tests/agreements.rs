//! Agreements over whole texts, which the examples of single rules do not reach.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

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

/// Name, parties and steps of each agreement.
fn told(text: &str) -> Vec<(String, String, Vec<Step>)> {
    let reading = read(text);
    let keys = |keys: &[std::sync::Arc<str>]| keys.iter().map(|k| &**k).collect::<Vec<_>>().join("+");
    let agreements = reading.agreements.iter().map(|a| {
        let name = a.name.map(|n| n.of(&reading.parsed.doc.text).to_owned());
        let steps = a.steps.iter().map(|s| s.step).collect();
        (name.unwrap_or_default(), keys(&a.parties), steps)
    });
    agreements.collect()
}

#[test]
fn an_agreement_is_called_by_its_name_alone() {
    let name = |text: &str| told(text).into_iter().next().map(|a| a.0).unwrap_or_default();
    let report = "Russland und die Türkei haben am Montag das jüngst in Sotschi ausgehandelte Abkommen über eine Pufferzone, das Damaskus ablehnt, \
                  unterzeichnet.";
    assert_eq!(name(report), "Abkommen über eine Pufferzone");
    let pair = "Die Vereinbarung zwischen Russland und der Türkei wurde 2018 unterzeichnet.";
    assert_eq!(name(pair), "Vereinbarung zwischen Russland und der Türkei");
}

#[test]
fn later_words_mean_the_agreement_spoken_of() {
    let report = "Kirgistan und Tadschikistan haben einen Vertrag über die Grenze unterzeichnet. Das Papier hatten beide Länder 2024 paraphiert. \
                  Das Parlament in Duschanbe hat ihm schon zugestimmt.";
    let [(_, parties, steps)] = told(report).try_into().unwrap();
    assert_eq!(parties, "KGZ+TJK");
    assert_eq!(steps, [Step::Signed, Step::Initialled, Step::Approved]);
}

#[test]
fn nobody_binds_a_state_with_a_contract_of_his_own() {
    assert!(told("Der Vertrag des Trainers in Tiflis wurde im Mai unterzeichnet.").is_empty());
    assert!(told("Der Präsident von Kenia hat den Pakt mit den Wählern gebrochen.").is_empty());
}

#[test]
fn a_town_in_a_name_is_where_it_was_signed() {
    let [(_, parties, _)] = told("Griechenland hat das Prespa-Abkommen mit Nordmazedonien ratifiziert.")
        .try_into()
        .unwrap();
    assert_eq!(parties, "MKD+GRC");
}

#[test]
fn what_is_only_wanted_is_no_step() {
    for text in [
        "Polen und Litauen wollen das Abkommen über die Bahn am Freitag unterzeichnen.",
        "Das Parlament in Bern hat dem Abkommen mit Italien nicht zugestimmt.",
    ] {
        assert!(told(text).iter().all(|(_, _, steps)| steps.is_empty()), "{text}");
    }
}

#[test]
fn duties_are_those_that_the_agreement_obliges_to() {
    let duties = |text: &str| -> Vec<String> {
        let reading = read(text);
        let of = reading.agreements.iter().flat_map(|a| &a.obligations);
        of.map(|o| o.kind.as_str().to_owned()).collect()
    };
    let report = "Serbien und Kosovo haben ein Abkommen unterzeichnet. Es sieht den Abzug der Polizei und regelmäßige Konsultationen vor.";
    assert_eq!(duties(report), ["withdrawal", "consultation"]);
    assert!(
        duties("Serbien und Kosovo haben ein Abkommen unterzeichnet. Das Gesetz sieht den Abzug der Polizei vor.")
            .is_empty()
    );
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
