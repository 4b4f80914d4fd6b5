//! A report says the same in another spelling.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::read;
use lagebild_core::{Reading, TokenIx};

const REPORT: &str = "Südkorea prüft Waffenhilfe für die Ukraine\n\nDas russische Parlament hat am Donnerstag den Beistandsvertrag \
    mit Nordkorea ratifiziert. Südkoreas Präsident Yoon Suk Yeol verurteilte die Entsendung nordkoreanischer Soldaten nach Russland. \
    Außenminister Dmytro Kuleba hieß die Ankündigung aus Seoul gut und dankte den Vereinigten Staaten für die Lieferung von \
    Flugabwehrraketen.";

/// Type, mode, status and parties of all events, and holder and stance of all claims; nothing of where they stand.
fn told(reading: &Reading) -> Vec<String> {
    let key = |ix| {
        let entity = reading.entity(ix);
        entity.org.clone().or_else(|| entity.country.clone())
    };
    let events = reading.events.iter().map(|e| {
        let side = |parties: &[lagebild_core::Party]| parties.iter().map(|p| key(p.entity)).collect::<Vec<_>>();
        let (actors, recipients) = (side(&e.actors), side(&e.recipients));
        format!(
            "{:?} {:?} {:?} {actors:?} {recipients:?}",
            e.kind, e.mode, e.status.value
        )
    });
    let claims = reading.claims.iter().map(|c| format!("{:?}", c.stance.value));
    events.chain(claims).collect()
}

#[track_caller]
fn check(variant: &str) {
    let plain = told(&read(REPORT));
    assert!(plain.len() > 5, "{plain:#?}");
    assert_eq!(told(&read(variant)), plain, "{variant}");
}

#[test]
fn accents_apart() {
    check(
        &REPORT
            .replace('ü', "u\u{308}")
            .replace('ä', "a\u{308}")
            .replace('ö', "o\u{308}"),
    );
}

#[test]
fn umlauts_in_two_letters() {
    let two = [("ü", "ue"), ("ä", "ae"), ("ö", "oe"), ("ß", "ss")];
    check(
        &two.iter()
            .fold(REPORT.to_owned(), |text, (one, two)| text.replace(one, two)),
    );
}

#[test]
fn a_headline_in_capitals() {
    let (headline, body) = REPORT.split_once("\n\n").unwrap();
    check(&format!("{}\n\n{body}", headline.to_uppercase()));
}

#[test]
fn words_parted_at_the_end_of_a_line() {
    let parted = [
        ("Soldaten", "Sol-\ndaten"),
        ("Parlament", "Parla-\nment"),
        ("Flugabwehr", "Flug-\nabwehr"),
        ("verurteilte", "verur-\nteilte"),
    ];
    check(
        &parted
            .iter()
            .fold(REPORT.to_owned(), |text, (whole, parts)| text.replace(whole, parts)),
    );
}

#[test]
fn words_stand_where_they_stand() {
    let reading = read("Die Ukra-\nine prüft Ma\u{308}ngel.");
    let parsed = &reading.parsed;
    let words: Vec<_> = (0..parsed.tokens.len() as u32)
        .map(TokenIx)
        .map(|t| (parsed.form(t), parsed.token(t).span.of(&parsed.doc.text)))
        .collect();
    assert_eq!(words[1], ("Ukraine", "Ukra-\nine"));
    assert_eq!(words[3], ("Mängel", "Ma\u{308}ngel"));
}
