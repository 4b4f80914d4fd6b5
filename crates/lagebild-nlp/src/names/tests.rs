use super::*;
use crate::model::network::Network;
use lagebild_core::{Block, DocId, Document, Part, Span};
use std::sync::Arc;

fn tiny() -> Names {
    let shape = Shape {
        state: 32,
        embed: 16,
        radius: 1,
        hidden: 16,
    };
    let mut head = Head::zeros(shape);
    for (i, (values, _)) in head.parameters_mut().into_iter().enumerate() {
        for (j, value) in values.iter_mut().enumerate() {
            *value = ((i * 31 + j * 17) % 64) as f32 / 64.0 - 0.5;
        }
    }
    let mut table = Matrix::zeros(2, 16);
    table.data.iter_mut().enumerate().for_each(|(i, x)| *x = i as f32);
    Names::new(
        &base(),
        "de-names-test".into(),
        shape,
        Gazetteer::new([("Vereinte Nationen", Classes::BODY), ("Moskau", Classes::TOWN)]),
        Dictionary::new(vec![boundary(false).fingerprint, boundary(true).fingerprint]),
        Embedding::quantised(&table, &[0.5; 16]),
        head,
    )
}

/// A network of no sense, 32 wide.
fn base() -> Model {
    let shape = crate::model::network::Shape {
        embed: 16,
        half: 16,
        layers: 1,
        tag_layer: 1,
        arc: 16,
        label: 16,
    };
    let mut network = Network::zeros(shape);
    for (i, (values, _)) in network.parameters_mut().into_iter().enumerate() {
        for (j, value) in values.iter_mut().enumerate() {
            *value = ((i * 13 + j * 29) % 64) as f32 / 64.0 - 0.5;
        }
    }
    Model::new(
        Lang::De,
        "de-test".into(),
        crate::model::features::Clusters::default(),
        Dictionary::new(vec![boundary(false).fingerprint, boundary(true).fingerprint]),
        Embedding::quantised(&Matrix::zeros(2, 16), &[0.5; 16]),
        network,
    )
}

#[test]
fn a_file_reads_back() {
    let names = tiny();
    let file = names.write().unwrap();
    let read = Names::read(&file).unwrap();
    assert!(read.version.starts_with("de-names-test+"), "{}", read.version);
    assert_eq!(
        (read.lang, read.shape, read.base.as_str()),
        (Lang::De, names.shape, "de-test")
    );
    assert_eq!(read.write().unwrap(), file);
    let sentences = [vec!["Moskau", "schweigt", "."]];
    assert_eq!(read.find(&base(), &sentences), names.find(&base(), &sentences));
}

#[test]
fn what_is_no_file_of_names_is_refused() {
    let file = tiny().write().unwrap();
    assert!(matches!(Names::read(b"LAGE"), Err(ModelError::Magic)));
    assert!(matches!(Names::read(b"something else"), Err(ModelError::Magic)));
    assert!(matches!(
        Names::read(&file[..file.len() - 1]),
        Err(ModelError::Checksum)
    ));
    // A model of another kind is told by its format.
    let other = file::seal(b"", file::FORMAT).unwrap();
    let error = Names::read(&other).unwrap_err().to_string();
    assert!(error.contains("format 1") && error.contains("2001"), "{error}");
    for at in 8..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 0x40;
        assert!(Names::read(&damaged).is_err(), "byte {at}");
    }
    // A whole file with a body cut short anywhere.
    let (body, _) = file::open(&file, FORMAT).unwrap();
    for length in 0..body.len() {
        assert!(Names::unpacked(&body[..length], "0").is_err(), "{length} bytes");
    }
}

#[test]
fn names_are_continued_only_where_they_began() {
    let (b, i) = (label(NameKind::Person, false), label(NameKind::Person, true));
    let place = label(NameKind::Place, true);
    assert!(may_follow(b, i) && may_follow(i, i) && may_follow(START, b) && may_follow(i, b));
    assert!(!may_follow(0, i) && !may_follow(START, i) && !may_follow(b, place));
    let found = names_of(&[0, b, i, b, 0]);
    let words: Vec<_> = found.iter().map(|f| f.words.clone()).collect();
    assert_eq!(words, [1..3, 3..4]);
    // Whatever the scores, the best sequence keeps to it.
    let mut row = [0.0; LABEL_COLUMNS];
    row[i] = 5.0;
    let best = viterbi(&[&row, &row, &row], &Matrix::zeros(LABELS + 1, LABEL_COLUMNS));
    assert_eq!(best, [b, i, i]);
    assert!(viterbi(&[], &Matrix::zeros(LABELS + 1, LABEL_COLUMNS)).is_empty());
}

#[test]
fn the_gazetteer_knows_genitives_and_longer_names() {
    let gazetteer = Gazetteer::new([
        ("Vereinte Nationen", Classes::BODY),
        ("Russland", Classes::STATE),
        ("Kim Jong Un", Classes::PERSON),
        ("Kim", Classes::GIVEN),
    ]);
    assert_eq!(gazetteer.alone("Russlands"), Classes::STATE);
    let marks = |words: &[&str]| {
        let known: Vec<Classes> = words.iter().map(|w| gazetteer.alone(w)).collect();
        let mut at = Vec::new();
        gazetteer.features(&known, |i| words[i], |i, _| at.push(i));
        at
    };
    assert_eq!(marks(&["Die", "Vereinte", "Nationen"]), [1, 2]);
    assert_eq!(marks(&["Kim", "Jong", "Un", "."]), [0, 1, 2]);
    assert_eq!(marks(&["Kim", "Jong"]), [0]);
    assert!(marks(&["Nationen"]).is_empty());
}

#[test]
fn the_models_stand_on_the_networks_that_ship() {
    for lang in [Lang::De, Lang::En] {
        assert_eq!(
            Names::get(lang).base,
            Model::get(lang).version,
            "train the names of {lang:?} again: models/README.md"
        );
    }
}

fn names(lang: Lang, text: &str) -> Vec<(String, NameKind)> {
    let parsed = crate::with_names(crate::parse(Arc::new(Document {
        id: DocId("test".into()),
        source: None,
        published: None,
        lang,
        title: None,
        text: text.into(),
        blocks: vec![Block {
            span: Span::at(0, text.len()),
            part: Part::Body,
        }],
    })));
    let text = |n: &lagebild_core::Name| (parsed.doc.slice(n.span).to_owned(), n.kind);
    parsed.names.iter().map(text).collect()
}

#[test]
fn boundaries_are_right() {
    let has = |text: &str, name: &str, kind| {
        let found = names(Lang::De, text);
        assert!(found.contains(&(name.to_owned(), kind)), "{text}: {found:?}");
    };
    let text = "Südkoreas Präsident Yoon Suk Yeol warnte am Montag vor dem Angriff.";
    has(text, "Südkoreas", NameKind::Place);
    has(text, "Yoon Suk Yeol", NameKind::Person);
    has(
        "Machthaber Kim Jong Un reiste nach Russland.",
        "Kim Jong Un",
        NameKind::Person,
    );
    has(
        "UN-Generalsekretär António Guterres rief zur Ruhe auf.",
        "António Guterres",
        NameKind::Person,
    );
    has(
        "Generalsekretär António Guterres rief zur Ruhe auf.",
        "António Guterres",
        NameKind::Person,
    );
    // In GermEval a compound is no name but has a part that is one; whatever it is taken for, the article is no part of it.
    for (name, _) in names(Lang::De, "Am Dienstag verurteilte die US-Regierung den Angriff.") {
        assert!(name == "US-Regierung", "{name}");
    }
    let found = names(
        Lang::En,
        "President Vladimir Putin said on Monday that Russia would respond.",
    );
    assert!(
        found.contains(&("Vladimir Putin".into(), NameKind::Person)),
        "{found:?}"
    );
    assert!(found.contains(&("Russia".into(), NameKind::Place)), "{found:?}");
}

#[test]
fn neighbours_change_nothing() {
    let (model, names) = (Model::get(Lang::De), Names::get(Lang::De));
    let sentence = vec!["António", "Guterres", "traf", "Olaf", "Scholz", "in", "Berlin", "."];
    let alone = names.find(model, std::slice::from_ref(&sentence));
    let many: Vec<_> = (0..60)
        .map(|i| {
            if i % 2 == 0 {
                sentence.clone()
            } else {
                vec!["Kiew", "schweigt"]
            }
        })
        .collect();
    let together = names.find(model, &many);
    assert!(together.iter().step_by(2).all(|found| *found == alone[0]));
    assert_eq!(names.find(model, &many), together);
    assert!(names.find::<&str>(model, &[Vec::new()])[0].is_empty());
}

#[test]
fn english_words_are_no_names_of_another_kind() {
    assert_eq!(
        names(Lang::En, "On Tuesday Scholz travelled to Paris."),
        [
            ("Scholz".to_owned(), NameKind::Person),
            ("Paris".to_owned(), NameKind::Place)
        ]
    );
}
