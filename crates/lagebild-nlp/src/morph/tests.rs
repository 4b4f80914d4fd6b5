use super::*;
use lagebild_core::{Case, Gender, Tense, VerbForm};

fn de() -> &'static Morphology {
    Morphology::get(Lang::De)
}

fn en() -> &'static Morphology {
    Morphology::get(Lang::En)
}

/// All analyses as `LEMMA POS feats`.
fn shown(morphology: &Morphology, form: &str) -> Vec<String> {
    morphology
        .analyses(form)
        .iter()
        .map(|a| format!("{} {} {}", a.lemma, a.pos, a.morph.to_feats()))
        .collect()
}

#[track_caller]
fn can_be(morphology: &Morphology, form: &str, expected: &str) {
    let all = shown(morphology, form);
    assert!(
        all.iter().any(|a| a == expected),
        "{form}: no {expected} among {all:#?}"
    );
}

#[test]
fn weak_verbs_that_no_lexicon_has() {
    let morphology = Morphology::get(Lang::De);
    let past = Morph {
        form: Some(VerbForm::Fin),
        tense: Some(Tense::Past),
        ..Morph::default()
    };
    for (form, lemma) in [
        ("ermunterte", "ermuntern"),
        ("watschten", "watschen"),
        ("schwurbelte", "schwurbeln"),
    ] {
        assert_eq!(morphology.lemma(form, Upos::Verb, past), lemma);
    }
}

#[test]
fn german_forms_have_their_readings() {
    for (form, expected) in [
        (
            "ratifizierte",
            "ratifizieren VERB Mood=Ind|Number=Sing|Person=3|Tense=Past|VerbForm=Fin",
        ),
        (
            "unterstütze",
            "unterstützen VERB Mood=Sub|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin",
        ),
        (
            "hätten",
            "haben AUX Mood=Sub|Number=Plur|Person=3|Tense=Past|VerbForm=Fin",
        ),
        ("gerichtet", "richten VERB VerbForm=Part"),
        ("vorzubereiten", "vorbereiten VERB VerbForm=Inf"),
        ("russischen", "russisch ADJ Case=Gen|Degree=Pos|Gender=Fem|Number=Sing"),
        ("Abkommens", "Abkommen NOUN Case=Gen|Gender=Neut|Number=Sing"),
        ("Russlands", "Russland PROPN Case=Gen|Gender=Neut|Number=Sing"),
        ("Die", "der DET Case=Nom|Gender=Fem|Number=Sing"),
        ("ANGRIFF", "Angriff NOUN Case=Nom|Gender=Masc|Number=Sing"),
        (
            "Waffenlieferungen",
            "Waffenlieferung NOUN Case=Dat|Gender=Fem|Number=Plur",
        ),
        ("UN-Resolutionen", "UN-Resolution NOUN Case=Acc|Gender=Fem|Number=Plur"),
        (
            "US-amerikanische",
            "US-amerikanisch ADJ Case=Nom|Degree=Pos|Gender=Fem|Number=Sing",
        ),
        ("weitergeschickt", "weiterschicken VERB VerbForm=Part"),
    ] {
        can_be(de(), form, expected);
    }
}

#[test]
fn english_forms_have_their_readings() {
    for (form, expected) in [
        ("said", "say VERB Mood=Ind|Number=Sing|Person=3|Tense=Past|VerbForm=Fin"),
        ("troops", "troop NOUN Number=Plur"),
        ("ratified", "ratify VERB Tense=Past|VerbForm=Part"),
        ("Russia", "Russia PROPN Number=Sing"),
        ("The", "the DET _"),
        ("deconflicted", "deconflict VERB Tense=Past|VerbForm=Part"),
    ] {
        can_be(en(), form, expected);
    }
}

#[test]
fn lemmas_follow_part_of_speech_and_features() {
    for (form, pos, feats, lemma) in [
        ("Putins", "PROPN", "Case=Gen|Number=Sing", "Putin"),
        ("Selenskyjs", "PROPN", "Case=Gen|Number=Sing", "Selenskyj"),
        ("Dschabarowkas", "PROPN", "Case=Gen|Number=Sing", "Dschabarowka"),
        ("USA", "PROPN", "Case=Nom|Number=Plur", "USA"),
        (
            "Waffenlieferungen",
            "NOUN",
            "Case=Dat|Gender=Fem|Number=Plur",
            "Waffenlieferung",
        ),
        (
            "Drohnenangriffen",
            "NOUN",
            "Case=Dat|Gender=Masc|Number=Plur",
            "Drohnenangriff",
        ),
        // The tagger takes them for plurals of the rare "Abkomme".
        ("Abkommen", "NOUN", "Case=Acc|Gender=Masc|Number=Plur", "Abkommen"),
        (
            "Ceta-Abkommen",
            "NOUN",
            "Case=Dat|Gender=Masc|Number=Sing",
            "Ceta-Abkommen",
        ),
        (
            "US-Präsidenten",
            "NOUN",
            "Case=Gen|Gender=Masc|Number=Sing",
            "US-Präsident",
        ),
        (
            "Militärabkommen",
            "NOUN",
            "Case=Acc|Gender=Masc|Number=Plur",
            "Militärabkommen",
        ),
        (
            "nordkoreanischen",
            "ADJ",
            "Case=Dat|Degree=Pos|Gender=Masc|Number=Plur",
            "nordkoreanisch",
        ),
        ("nächsten", "ADJ", "Case=Dat|Degree=Sup|Gender=Fem|Number=Sing", "nah"),
        (
            "tiefgreifende",
            "ADJ",
            "Case=Acc|Degree=Pos|Gender=Fem|Number=Sing",
            "tiefgreifend",
        ),
        ("Verletzten", "NOUN", "Case=Gen|Gender=Masc|Number=Plur", "Verletzte"),
        ("den", "DET", "Case=Dat|Number=Plur", "der"),
        ("ihm", "PRON", "Case=Dat|Gender=Masc|Number=Sing|Person=3", "er"),
        ("mich", "PRON", "Case=Acc|Number=Sing|Person=1", "ich"),
        (
            "sei",
            "AUX",
            "Mood=Sub|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin",
            "sein",
        ),
        (
            "prangert",
            "VERB",
            "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin",
            "prangern",
        ),
        ("gefallen", "VERB", "VerbForm=Part", "fallen"),
        ("gefallen", "VERB", "VerbForm=Inf", "gefallen"),
    ] {
        let pos = Upos::parse(pos).expect("a part of speech");
        assert_eq!(de().lemma(form, pos, Morph::from_feats(feats)), lemma, "{form} {pos}");
    }
    for (form, pos, feats, lemma) in [
        ("sanctions", "NOUN", "Number=Plur", "sanction"),
        (
            "is",
            "AUX",
            "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin",
            "be",
        ),
        ("shelled", "VERB", "Tense=Past|VerbForm=Part", "shell"),
        ("envoys", "NOUN", "Number=Plur", "envoy"),
        ("Houthis", "PROPN", "Number=Plur", "Houthis"),
    ] {
        let pos = Upos::parse(pos).expect("a part of speech");
        assert_eq!(en().lemma(form, pos, Morph::from_feats(feats)), lemma, "{form} {pos}");
    }
}

#[test]
fn prefixes_join_and_part() {
    assert_eq!(de().join_prefix("an", "prangern").as_deref(), Some("anprangern"));
    assert_eq!(de().join_prefix("Zurück", "weisen").as_deref(), Some("zurückweisen"));
    assert_eq!(de().join_prefix("gestern", "weisen"), None);
    assert_eq!(de().verb_prefix("anprangern"), Some(("an", "prangern")));
    assert_eq!(de().verb_prefix("zurückweisen"), Some(("zurück", "weisen")));
    assert_eq!(de().verb_prefix("unterstützen"), None);
    assert_eq!(de().verb_prefix("sagen"), None);
}

#[test]
fn compounds_come_apart() {
    for (noun, parts) in [
        ("Waffenlieferung", &["Waffe", "Lieferung"][..]),
        ("Waffenlieferungen", &["Waffe", "Lieferung"]),
        ("Beistandsvertrag", &["Beistand", "Vertrag"]),
        ("US-Außenminister", &["US", "Außenminister"]),
        ("Friedensgespräch", &["Frieden", "Gespräch"]),
        ("Raketenangriff", &["Rakete", "Angriff"]),
        ("Waffenstillstandsabkommen", &["Waffenstillstand", "Abkommen"]),
        ("Arbeitsstunden", &["Arbeit", "Stunde"]),
        ("Staatsbürgern", &["Staat", "Bürger"]),
        ("Truppenabzug", &["Truppe", "Abzug"]),
        ("Sprachrohr", &["Sprache", "Rohr"]),
        ("Kampfdrohnenlieferung", &["Kampf", "Drohne", "Lieferung"]),
    ] {
        assert_eq!(
            de().split_compound(noun).as_deref(),
            Some(&parts.iter().map(|&p| p.to_owned()).collect::<Vec<_>>()[..]),
            "{noun}"
        );
    }
    for noun in [
        "Lieferung",
        "Minister",
        "Vertrag",
        "Soldat",
        "Regierung",
        "Handlungen",
        "Vorschlag",
        "Überfall",
        "Gesellschaft",
        "Vorsitzende",
        "Entscheidung",
        "Danach",
        "Putin",
    ] {
        assert_eq!(de().split_compound(noun), None, "{noun}");
    }
}

#[test]
fn readings_tell_ambiguity() {
    let der = de().readings("der").mask;
    assert!(der.has(Upos::Det) && der.has(Upos::Pron));
    assert!(der.meets(Mask::singular(Case::Nom, Gender::Masc)) && der.meets(Mask::singular(Case::Gen, Gender::Fem)));
    assert!(!der.meets(Mask::singular(Case::Acc, Gender::Masc)));
    let russia = de().readings("Russland");
    assert!(russia.mask.meets(Mask::COUNTRY) && russia.source == Source::Lexicon);
    assert_eq!(de().readings("Grenzschutzgesprächen").source, Source::Compound);
    let neue = de().readings("Neue");
    assert!(neue.lower.has(Upos::Adj));
    assert!(de().readings("…").mask.is_empty());
}

proptest::proptest! {
    #[test]
    fn no_word_makes_it_panic(form in "\\PC{0,30}", prefix in "\\PC{0,5}") {
        for morphology in [de(), en()] {
            let _ = morphology.readings(&form);
            let _ = morphology.analyses(&form);
            let _ = morphology.split_compound(&form);
            let _ = morphology.verb_prefix(&form);
            let _ = morphology.join_prefix(&prefix, &form);
            for &pos in Upos::ALL {
                let _ = morphology.lemma(&form, pos, Morph::default());
            }
        }
    }
}

#[test]
fn endless_words_come_to_an_end() {
    for part in ["Staats", "waffen", "a-", "über", "\u{AD}", "É"] {
        let word = part.repeat(100_000 / part.len());
        let _ = (de().readings(&word), de().analyses(&word), de().split_compound(&word));
        let _ = (
            de().lemma(&word, Upos::Noun, Morph::default()),
            de().lemma(&word, Upos::Adj, Morph::default()),
        );
    }
}
