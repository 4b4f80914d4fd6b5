//! What the digests look like.

use super::{markdown, terminal};
use crate::term::Screen;
use crate::web::Ui;
use lagebild_core::wire::Record;
use serde_json::{Value, json};

const TEXT: &str = "Seoul berät über Waffenhilfe\n\nDas russische Parlament hat am Mittwoch ein Abkommen mit Nordkorea ratifiziert. \
                    Südkoreas Präsident warf Pjöngjang vor, 3.000 Soldaten nach Russland geschickt zu haben. \
                    „Das ist eine Provokation“, sagte er.";

/// The first place of `words`.
fn at(words: &str) -> Value {
    let start = TEXT[..TEXT.find(words).unwrap()].chars().count();
    json!({"start": start, "end": start + words.chars().count(), "text": words})
}

fn party(words: &str, name: &str, id: &str, code: &str) -> Value {
    let mut party = at(words);
    let more = json!({"name": name, "id": id, "country": &code[..3], "org": null, "roles": [], "code": code});
    party.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    party
}

fn event(id: &str, kind: &str, quad: &str, sentence: &str, trigger: &str, more: Value) -> Value {
    let mut mention = at(sentence);
    mention["trigger"] = at(trigger);
    let mut event = json!({"id": id, "type": kind, "mode": null, "content": null, "status": "actual", "certainty": "asserted",
        "date": {"from": "2024-10-24", "to": "2024-10-24", "text": null, "implicit": true}, "place": null, "quantities": [],
        "context": [], "claim": null, "quad": quad, "cameo": "010", "goldstein": null, "plover_score": 0.0, "rule": "test",
        "actors": [], "recipients": [], "mentions": [mention]});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

fn record() -> Record {
    let treaty = "Das russische Parlament hat am Mittwoch ein Abkommen mit Nordkorea ratifiziert.";
    let troops = "Südkoreas Präsident warf Pjöngjang vor, 3.000 Soldaten nach Russland geschickt zu haben.";
    let quote = "„Das ist eine Provokation“, sagte er.";
    let sentences: Vec<Value> = ["Seoul berät über Waffenhilfe", treaty, troops, quote].map(at).to_vec();
    let yoon = party("Südkoreas Präsident", "Yoon Suk Yeol", "person:yoon-suk-yeol", "KORGOV");
    let north = party("Pjöngjang", "Nordkorea", "country:PRK", "PRKGOV");
    let soldiers = at("3.000 Soldaten");
    let record = json!({
        "id": "d1", "title": "Seoul berät über Waffenhilfe", "published": "2024-10-24", "lang": "de", "source": "bericht.txt",
        "text": TEXT, "offsets": "char", "engine": {"version": "0", "lexicon": "0", "model": "0"}, "sentences": sentences,
        "entities": [], "times": [],
        "events": [
            event("e1", "SUPPORT", "verbal-cooperation", treaty, "ratifiziert", json!({
                "actors": [party("Das russische Parlament", "Staatsduma", "org:duma", "RUSLEG")],
                "recipients": [party("Nordkorea", "Nordkorea", "country:PRK", "PRK")],
                "date": {"from": "2024-10-23", "to": "2024-10-23", "text": "am Mittwoch", "implicit": false}})),
            event("e2", "ACCUSE", "verbal-conflict", troops, "warf", json!({
                "mode": "allege", "actors": [yoon], "recipients": [north], "claim": "c1"})),
            event("e3", "AID", "material-cooperation", troops, "geschickt", json!({
                "actors": [north], "recipients": [party("Russland", "Russland", "country:RUS", "RUS")], "claim": "c1",
                "certainty": "alleged",
                "place": {"text": "Russland", "name": "Russland", "country": "RUS", "lat": null, "lon": null},
                "quantities": [{"value": 3000.0, "thing": "Soldaten", "kind": "count", "modifier": "about",
                    "start": soldiers["start"], "end": soldiers["end"]}]})),
        ],
        "claims": [
            {"id": "c1", "holder": yoon, "stance": "accuse", "quote": false, "addressee": north, "cue": at("warf"),
                "content": at("3.000 Soldaten nach Russland geschickt zu haben"), "mention": at(troops), "events": ["e2", "e3"]},
            {"id": "c2", "holder": {"text": "er", "start": null, "end": null, "name": null, "id": null, "country": null,
                "org": null, "roles": [], "code": null}, "stance": "criticise", "quote": true, "addressee": null,
                "cue": at("sagte"), "content": at("„Das ist eine Provokation“"), "mention": at(quote), "events": []},
        ],
        "agreements": [{"id": "a1", "name": "ein Abkommen mit Nordkorea", "canonical": null, "kind": "defence",
            "parties": ["RUS", "PRK"],
            "steps": [{"step": "ratified", "by": ["RUS"], "place": null, "mention": at(treaty),
                "date": {"from": "2024-10-01", "to": "2024-10-31", "text": "im Oktober", "implicit": false}}],
            "obligations": [{"kind": "mutual-assistance", "who": [], "condition": "im Falle eines Angriffs",
                "mention": at(treaty)}],
            "mentions": [at(treaty)]}],
        "notes": [{"code": "N1", "message": "one sentence is very long", "start": 0, "end": 1}],
    });
    serde_json::from_value(record).unwrap()
}

#[test]
fn a_wide_screen_without_colour() {
    insta::assert_snapshot!(terminal(&record(), Screen { width: 100, colour: false }, Ui::En), @r#"
    Seoul berät über Waffenhilfe
    2024-10-24 · bericht.txt · German
    3 events · 2 claims · 1 agreement

    WHO DID WHAT TO WHOM ───────────────────────────────────────────────────────────────────────────────
     +  SUPPORT             Staatsduma RUSLEG → Nordkorea PRK  2024-10-23  actual · asserted
                          │ Das russische Parlament hat am Mittwoch ein Abkommen mit Nordkorea
                          │ *ratifiziert*.

     -  ACCUSE/allege       Yoon Suk Yeol KORGOV → Nordkorea PRKGOV  (2024-10-24)  actual · asserted
                            (said by Yoon Suk Yeol)
     ++ AID                 Nordkorea PRKGOV → Russland RUS  (2024-10-24)  in Russland
                            about 3000 Soldaten  actual · alleged  (said by Yoon Suk Yeol)
                          │ Südkoreas Präsident *warf* Pjöngjang vor, 3.000 Soldaten nach Russland
                          │ *geschickt* zu haben.

    WHO SAYS WHAT ──────────────────────────────────────────────────────────────────────────────────────
     accuses                Yoon Suk Yeol KORGOV → Nordkorea PRKGOV: 3.000 Soldaten nach Russland
                            geschickt zu haben
     criticises             er: “Das ist eine Provokation”

    AGREEMENTS ─────────────────────────────────────────────────────────────────────────────────────────
     defence                ein Abkommen mit Nordkorea  RUS + PRK
       ratified             by RUS  2024-10
       duty                 mutual assistance  im Falle eines Angriffs
                          │ Das russische Parlament hat am Mittwoch ein Abkommen mit Nordkorea
                          │ ratifiziert.

    NOTES ──────────────────────────────────────────────────────────────────────────────────────────────
       one sentence is very long (N1)
    "#);
}

#[test]
fn a_narrow_screen_in_german() {
    insta::assert_snapshot!(terminal(&record(), Screen { width: 56, colour: false }, Ui::De), @r#"
    Seoul berät über Waffenhilfe
    2024-10-24 · bericht.txt · Deutsch
    3 Ereignisse · 2 Aussagen · 1 Abkommen

    WER TUT WEM WAS ────────────────────────────────────────
     +  SUPPORT
          Staatsduma RUSLEG → Nordkorea PRK  2024-10-23
          geschehen · berichtet
        │ Das russische Parlament hat am Mittwoch ein
        │ Abkommen mit Nordkorea *ratifiziert*.

     -  ACCUSE/allege
          Yoon Suk Yeol KORGOV → Nordkorea PRKGOV
          (2024-10-24)  geschehen · berichtet
          (laut Yoon Suk Yeol)
     ++ AID
          Nordkorea PRKGOV → Russland RUS  (2024-10-24)
          in Russland  etwa 3000 Soldaten
          geschehen · behauptet  (laut Yoon Suk Yeol)
        │ Südkoreas Präsident *warf* Pjöngjang vor, 3.000
        │ Soldaten nach Russland *geschickt* zu haben.

    WER SAGT WAS ───────────────────────────────────────────
     wirft vor
          Yoon Suk Yeol KORGOV → Nordkorea PRKGOV: 3.000
          Soldaten nach Russland geschickt zu haben
     kritisiert
          er: „Das ist eine Provokation“

    ABKOMMEN ───────────────────────────────────────────────
     Verteidigung
          ein Abkommen mit Nordkorea  RUS + PRK
       ratifiziert
          durch RUS  2024-10
       Pflicht
          gegenseitiger Beistand  im Falle eines Angriffs
        │ Das russische Parlament hat am Mittwoch ein
        │ Abkommen mit Nordkorea ratifiziert.

    HINWEISE ───────────────────────────────────────────────
       one sentence is very long (N1)
    "#);
}

#[test]
fn colours_change_nothing_but_colour() {
    let (plain, painted) = [false, true]
        .map(|colour| terminal(&record(), Screen { width: 100, colour }, Ui::En))
        .into();
    let mut bare = String::new();
    let mut rest = painted.as_str();
    while let Some((before, after)) = rest.split_once("\x1b[") {
        bare.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    bare.push_str(rest);
    // Words that colour underlines stand between asterisks without it, which moves line breaks; the words are the same.
    let words = |text: &str| {
        text.replace(['*', '│'], "")
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(words(&bare), words(&plain));
    assert!(painted.contains("\x1b[1;4mratifiziert\x1b[0m"));
}

#[test]
fn markdown_of_the_same_report() {
    insta::assert_snapshot!(markdown(&record(), Ui::En), @r#"
    # Seoul berät über Waffenhilfe

    2024-10-24 · bericht.txt · German  
    3 events · 2 claims · 1 agreement

    ## Who did what to whom

    - **SUPPORT** Staatsduma (RUSLEG) → Nordkorea (PRK) – 2024-10-23 · actual · asserted

      > Das russische Parlament hat am Mittwoch ein Abkommen mit Nordkorea **ratifiziert**.

    - **ACCUSE/allege** Yoon Suk Yeol (KORGOV) → Nordkorea (PRKGOV) – (2024-10-24) · actual · asserted · said by Yoon Suk Yeol
    - **AID** Nordkorea (PRKGOV) → Russland (RUS) – (2024-10-24) · in Russland · about 3000 Soldaten · actual · alleged · said by Yoon Suk Yeol

      > Südkoreas Präsident **warf** Pjöngjang vor, 3.000 Soldaten nach Russland **geschickt** zu haben.

    ## Who says what

    - Yoon Suk Yeol *accuses* → Nordkorea (PRKGOV): 3.000 Soldaten nach Russland geschickt zu haben
    - er *criticises*: “Das ist eine Provokation”

    ## Agreements

    - **ein Abkommen mit Nordkorea** – defence · RUS + PRK
      - ratified by RUS · 2024-10
      - duty: mutual assistance: im Falle eines Angriffs

      > Das russische Parlament hat am Mittwoch ein Abkommen mit Nordkorea ratifiziert.
    "#);
}
