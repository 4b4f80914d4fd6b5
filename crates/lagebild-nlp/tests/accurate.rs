//! The accurate grade: the same answers as the model that it was made of, whatever else runs, whatever comes in.

use lagebild_core::{Block, Dep, DocId, Document, Lang, Part, Span};
use lagebild_nlp::accurate::Transformer;
use lagebild_nlp::model::Syntax;
use lagebild_nlp::{Grade, conllu};
use std::sync::Arc;

fn words(sentence: &str) -> Vec<&str> {
    sentence.split(' ').collect()
}

fn heads(syntax: &[Syntax]) -> Vec<usize> {
    syntax.iter().map(|word| word.head).collect()
}

/// Sentences of ours and the heads that `training/accurate/teacher.py` finds for them, in full precision.
const REFERENCE: [(Lang, &str, &[usize]); 5] = [
    (
        Lang::De,
        "Den Vorschlag der Präsidentin lehnte das Parlament in Kiew am späten Abend mit knapper Mehrheit ab .",
        &[2, 5, 4, 2, 0, 7, 5, 9, 5, 12, 12, 5, 15, 15, 5, 5, 5],
    ),
    (
        Lang::De,
        "Der Minister warf der Regierung in Minsk vor , Waffen an die Rebellen geliefert zu haben , was deren Sprecher als Lüge zurückwies .",
        &[
            2, 3, 0, 5, 3, 7, 5, 3, 14, 14, 13, 13, 14, 3, 14, 14, 23, 23, 20, 23, 22, 23, 3, 3,
        ],
    ),
    (
        Lang::De,
        "Nach Angaben der Behörden wurden bei dem Angriff auf den Hafen drei Soldaten getötet und zwölf weitere verletzt .",
        &[2, 14, 4, 2, 14, 8, 8, 14, 11, 11, 8, 13, 14, 0, 18, 17, 13, 14, 14],
    ),
    (
        Lang::En,
        "Officials in Seoul said the two governments had signed a treaty that obliges them to help each other if either is attacked .",
        &[
            4, 3, 1, 0, 7, 7, 9, 9, 4, 11, 9, 13, 11, 13, 16, 13, 16, 17, 22, 22, 22, 16, 4,
        ],
    ),
    (
        Lang::En,
        "Asked whether sanctions would follow , the minister declined to comment , but her deputy called the launch a clear breach of the agreement .",
        &[
            9, 5, 5, 5, 1, 1, 8, 9, 0, 11, 9, 16, 16, 15, 16, 9, 18, 16, 21, 21, 18, 24, 24, 21, 9,
        ],
    ),
];

#[test]
fn trees_are_those_of_the_reference() {
    for (lang, sentence, expected) in REFERENCE {
        let syntax = Grade::Accurate.annotate(lang, &[words(sentence)]).remove(0);
        assert_eq!(heads(&syntax), expected, "{sentence}");
    }
}

#[test]
fn who_does_what_to_whom() {
    let syntax = Grade::Accurate.annotate(Lang::De, &[words(REFERENCE[1].1)]).remove(0);
    let relation = |word: usize| syntax[word - 1].dep;
    let expected = [Dep::Nsubj, Dep::Root, Dep::CompoundPrt, Dep::Obj];
    assert_eq!([2, 3, 8, 10].map(relation), expected);
}

#[test]
fn the_grades_differ() {
    let fast_errs = |(lang, sentence, expected): (Lang, &str, &[usize])| {
        heads(&Grade::Fast.annotate(lang, &[words(sentence)])[0]) != expected
    };
    assert!(REFERENCE.into_iter().any(fast_errs));
}

#[test]
fn neighbours_and_threads_change_nothing() {
    let sentences: Vec<Vec<&str>> = REFERENCE.iter().map(|(_, sentence, _)| words(sentence)).collect();
    let together = Grade::Accurate.annotate(Lang::De, &sentences);
    let alone: Vec<Vec<Syntax>> = std::thread::scope(|threads| {
        let each = sentences.iter().map(|sentence| {
            let sentence = sentence.clone();
            threads.spawn(move || Grade::Accurate.annotate(Lang::De, &[sentence]).remove(0))
        });
        let running: Vec<_> = each.collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(together, alone);
}

#[test]
fn any_text_becomes_a_tree_with_one_root() {
    let endless = "Wort und ".repeat(260);
    for text in [
        "",
        "!",
        "\u{ad}",
        "日本は声明を発表した。",
        "aaaaaaaa\u{301}bbbb 😀 \u{1f9ff}",
        endless.as_str(),
    ] {
        let document = Arc::new(Document {
            id: DocId("test".into()),
            source: None,
            published: None,
            lang: Lang::De,
            title: None,
            text: text.into(),
            blocks: vec![Block {
                span: Span::at(0, text.len()),
                part: Part::Body,
            }],
        });
        let written = conllu::write(&Grade::Accurate.parse(document));
        assert!(conllu::read(&written, Lang::De).is_ok(), "{text:?}: {written}");
    }
}

#[test]
fn the_record_names_the_grade() {
    let [fast, accurate] = [Grade::Fast, Grade::Accurate].map(|grade| grade.model(Lang::De));
    assert!(
        fast.starts_with("de-fast-") && accurate.starts_with("de-accurate-"),
        "{fast} {accurate}"
    );
}

#[test]
fn what_is_no_model_is_refused() {
    let file = include_bytes!("../../../models/accurate.model");
    let fault = |file: &[u8]| Transformer::read(file).unwrap_err().to_string();
    assert_eq!(fault(b"LAGE"), "not a Lagebild model file");
    assert_eq!(
        fault(&file[..file.len() - 1]),
        "model file is damaged: its checksum is wrong"
    );
    // A model of the fast grade is of another format.
    let fast = fault(include_bytes!("../../../models/de.model"));
    assert!(
        fast.starts_with("model format 1, but this program reads format"),
        "{fast}"
    );
}
