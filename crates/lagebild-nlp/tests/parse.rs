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

/// Words and marks that the repairs of trees look at, in an order that no report has.
const GERMAN_WORDS: &str = "Die Der Das den dem des Regierung Präsident Putin Russland Ukraine Berlin Truppen hat hatte wurde werden sei sagte erklärte \
    forderte auf zurück ab angegriffen unterzeichnet getötet verhängte Sanktionen Abkommen gegen mit nach von durch dass ob weil , . : „ “ – und nicht zu \
    liefern um es sie ihre kein mindestens 20 drei Menschen am Montag 2014 die deren Angriff auf Kiew bereit kann soll Außenminister Lawrow NATO Gespräche";
const ENGLISH_WORDS: &str = "The a President Putin Russia Ukraine Berlin troops have has was were are to said says announced called for on signed attacked \
    arrested sanctions agreement against with after by in that whether because , . : \" — - and not sign supply it he his their no at least 20 three people \
    on Monday 2014 who which's whose attack Kyiv ready can will Foreign Minister Lavrov of the US NATO meeting talks Tehran Iranian Russian 's from its";

/// Sentences of a news vocabulary without any sense.
fn word_salad() -> impl Strategy<Value = (String, Lang)> {
    prop_oneof![Just((GERMAN_WORDS, Lang::De)), Just((ENGLISH_WORDS, Lang::En))].prop_flat_map(|(words, lang)| {
        let words: Vec<&str> = words.split_whitespace().collect();
        let sentence = proptest::collection::vec(proptest::sample::select(words), 3..40);
        sentence.prop_map(move |words| (words.join(" "), lang))
    })
}

fn is_read_back(parsed: &Parsed) -> Result<(), TestCaseError> {
    let again = conllu::read(&conllu::write(parsed), parsed.doc.lang);
    prop_assert!(again.is_ok(), "{}: {:?}", parsed.doc.text, again.err());
    Ok(())
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
        is_read_back(&parse(document(&text, if german { Lang::De } else { Lang::En })))?;
    }

    #[test]
    fn word_salad_becomes_trees((text, lang) in word_salad()) {
        is_read_back(&parse(document(&text, lang)))?;
    }
}

/// Two repairs hung words on one another here.
#[test]
fn repairs_leave_trees() -> Result<(), TestCaseError> {
    let sentences = [
        "arrested were \", people after whose which Iranian will who attack on supply bombed people supply or were people yesterday attacked President which's \
         Tehran his meeting threatens says said Minister Putin who three meeting Foreign has.",
        "ready US after will should Monday the The agreement imposed March announced have attack arrested the in Kyiv people wounded Berlin.",
    ];
    for sentence in sentences {
        is_read_back(&parse(document(sentence, Lang::En)))?;
    }
    Ok(())
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
