//! The whole way from text to trees, on sentences that leave no room for doubt.

use lagebild_core::{Block, Case, Dep, DocId, Document, Lang, Parsed, Part, Span, TokenIx, Upos};
use lagebild_nlp::{conllu, parse, parse_pretokenised};
use proptest::prelude::*;
use std::sync::Arc;

fn document(text: &str, lang: Lang) -> Arc<Document> {
    Arc::new(Document {
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
    })
}

/// `form<relation<form of the head` of the words that have one of the relations.
fn arcs(parsed: &Parsed, relations: &[Dep]) -> Vec<String> {
    let words = (0..parsed.tokens.len()).map(TokenIx::from);
    words
        .filter(|&w| relations.contains(&parsed.token(w).dep))
        .map(|w| {
            let token = parsed.token(w);
            let head = token.head.map_or("", |h| parsed.form(h));
            format!("{}<{}<{head}", parsed.form(w), token.dep)
        })
        .collect()
}

const ROLES: [Dep; 5] = [Dep::Root, Dep::Nsubj, Dep::NsubjPass, Dep::Obj, Dep::OblArg];

#[track_caller]
fn check(lang: Lang, text: &str, expected: &[&str]) {
    let parsed = parse(document(text, lang));
    assert_eq!(arcs(&parsed, &ROLES), expected, "\n{}", conllu::write(&parsed));
}

#[test]
fn german_word_order_is_free_but_case_decides() {
    check(
        Lang::De,
        "Den Vertrag hat das russische Parlament am Donnerstag ratifiziert.",
        &[
            "Vertrag<obj<ratifiziert",
            "Parlament<nsubj<ratifiziert",
            "ratifiziert<root<",
        ],
    );
    check(
        Lang::De,
        "Nordkorea liefert Russland Waffen.",
        &[
            "Nordkorea<nsubj<liefert",
            "liefert<root<",
            "Russland<obl:arg<liefert",
            "Waffen<obj<liefert",
        ],
    );
}

#[test]
fn german_passive_and_embedded_clause() {
    check(
        Lang::De,
        "Das Abkommen wurde von beiden Präsidenten unterzeichnet.",
        &["Abkommen<nsubj:pass<unterzeichnet", "unterzeichnet<root<"],
    );
    check(
        Lang::De,
        "Der Sprecher sagte, dass die Regierung den Angriff verurteile.",
        &[
            "Sprecher<nsubj<sagte",
            "sagte<root<",
            "Regierung<nsubj<verurteile",
            "Angriff<obj<verurteile",
        ],
    );
}

#[test]
fn separable_verbs_are_joined() {
    let parsed = parse(document("Südkorea kündigte am Freitag neue Sanktionen an.", Lang::De));
    assert_eq!(parsed.lemma(TokenIx(1)), "ankündigen");
    let subject = parsed.token(TokenIx(0));
    assert_eq!((subject.pos, subject.morph.case), (Upos::Propn, Some(Case::Nom)));
}

#[test]
fn english_clauses() {
    check(
        Lang::En,
        "The parliament ratified the treaty on Thursday.",
        &["parliament<nsubj<ratified", "ratified<root<", "treaty<obj<ratified"],
    );
    check(
        Lang::En,
        "The agreement was signed by both presidents.",
        &["agreement<nsubj:pass<signed", "signed<root<"],
    );
}

#[test]
fn given_words_are_kept() {
    let given = "1\tUS\t_\t_\t_\t_\t_\t_\t_\t_\n2\t-\t_\t_\t_\t_\t_\t_\t_\t_\n3\tTruppen\t_\t_\t_\t_\t_\t_\t_\t_\n\n";
    let parsed = parse_pretokenised(conllu::read(given, Lang::De).unwrap());
    assert_eq!(parsed.tokens.len(), 3);
    assert_eq!(&*parsed.doc.text, "US - Truppen");
    assert_eq!(parsed.token(TokenIx(2)).pos, Upos::Noun);
}

#[test]
fn a_sentence_does_not_depend_on_its_neighbours() {
    let alone = parse(document("Moskau weist den Vorwurf zurück.", Lang::De));
    let among = parse(document(
        "Kiew klagt an. Moskau weist den Vorwurf zurück. Das war es.",
        Lang::De,
    ));
    let second = &among.sentences[1].tokens;
    for (a, b) in alone.tokens.iter().zip(&among.tokens[second.start as usize..]) {
        assert_eq!((a.pos, a.morph, a.dep), (b.pos, b.morph, b.dep));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_text_becomes_trees(text in "\\PC{0,120}", german: bool) {
        let parsed = parse(document(&text, if german { Lang::De } else { Lang::En }));
        let again = conllu::read(&conllu::write(&parsed), parsed.doc.lang);
        prop_assert!(again.is_ok(), "{:?}", again.err());
    }
}

#[test]
fn an_endless_sentence_is_one_tree() {
    let text = "Wort und ".repeat(700);
    let parsed = parse(document(&text, Lang::De));
    for sentence in &parsed.sentences {
        let tokens = &parsed.tokens[sentence.tokens.start as usize..sentence.tokens.end as usize];
        assert_eq!(tokens.iter().filter(|t| t.head.is_none()).count(), 1);
    }
    assert!(conllu::read(&conllu::write(&parsed), Lang::De).is_ok());
}
