use super::*;
use lagebild_core::DocId;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

fn document(text: &str, lang: Lang) -> Document {
    let span = Span::at(0, text.len());
    Document {
        id: DocId("test".into()),
        source: None,
        published: None,
        lang,
        title: None,
        text: text.into(),
        blocks: vec![lagebild_core::Block { span, part: Part::Body }],
    }
}

/// Words parted by spaces, sentences by ` | `.
fn shown(text: &str, lang: Lang) -> String {
    let sentences = segment(&document(text, lang));
    let words = |s: &RawSentence| s.words.iter().map(|w| w.form.clone()).collect::<Vec<_>>().join(" ");
    sentences.iter().map(words).collect::<Vec<_>>().join(" | ")
}

#[track_caller]
fn check(lang: Lang, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(text, lang), *expected, "{text}");
    }
}

#[test]
fn accents_apart_are_read_as_one_letter() {
    check(
        Lang::De,
        &[(
            "Su\u{308}dkorea pru\u{308}ft Waffenhilfe.",
            "Südkorea prüft Waffenhilfe .",
        )],
    );
}

#[test]
fn words_go_on_in_the_next_line() {
    check(
        Lang::De,
        &[
            ("Die Ukra-\nine wehrt sich.", "Die Ukraine wehrt sich ."),
            ("Die Ukra-\r\n   ine wehrt sich.", "Die Ukraine wehrt sich ."),
            ("der US-\nPräsident", "der US-Präsident"),
            ("Mord-\nund Totschlag", "Mord- und Totschlag"),
            ("Waffen-\n\nlieferungen", "Waffen- | lieferungen"),
            ("Waffen-\n", "Waffen-"),
            ("Waffen-\n  ", "Waffen-"),
        ],
    );
    check(
        Lang::En,
        &[
            ("The coun-\ntry agreed.", "The country agreed ."),
            ("a long-\nrange missile", "a long - range missile"),
        ],
    );
    // It stands where it stands.
    let text = "Die Ukra-\nine";
    let words = &segment(&document(text, Lang::De))[0].words;
    assert_eq!(words[1].span.of(text), "Ukra-\nine");
}

#[test]
fn headlines_in_capitals_are_read_as_others() {
    check(
        Lang::De,
        &[
            (
                "MOSKAU VERHÄNGT SANKTIONEN GEGEN DEUTSCHLAND UND DIE EU",
                "Moskau verhängt Sanktionen gegen Deutschland und die EU",
            ),
            ("US-RAKETEN FÜR MALI", "US-Raketen für Mali"),
            ("DIE ELN WEIST VORWÜRFE ZURÜCK", "Die ELN weist Vorwürfe zurück"),
            // Abbreviations alone are no headline in capitals.
            ("EU, USA und NATO", "EU , USA und NATO"),
            ("CDU/CSU SPD FDP", "CDU / CSU SPD FDP"),
        ],
    );
    check(
        Lang::En,
        &[(
            "UKRAINE STRIKES RUSSIAN AIR BASE, US SAYS",
            "Ukraine strikes Russian air base , US says",
        )],
    );
}

#[test]
fn english_titles_are_read_as_others() {
    check(
        Lang::En,
        &[
            (
                "Senate Turns Down Test Ban Treaty in Blow to Clinton",
                "Senate turns down test ban Treaty in blow to Clinton",
            ),
            // A sentence with names.
            (
                "President Bill Clinton Met Prime Minister Tony Blair.",
                "President Bill Clinton Met Prime Minister Tony Blair .",
            ),
            (
                "Theresa May met Xi Jinping in London",
                "Theresa May met Xi Jinping in London",
            ),
            (
                "Theresa May Meets Xi Over Trade Deal in China",
                "Theresa May meets Xi over trade deal in China",
            ),
        ],
    );
}

#[test]
fn umlauts_in_two_letters_are_known_where_a_text_has_none() {
    check(
        Lang::De,
        &[
            (
                "Der israelische Praesident Michael Schaefer dankte Suedkorea fuer die neue Hilfe.",
                "Der israelische Präsident Michael Schäfer dankte Südkorea für die neue Hilfe .",
            ),
            // One word alone may be a name, and who has umlauts writes them.
            ("Frau Mueller kam an.", "Frau Mueller kam an ."),
            (
                "Frau Mueller und Herr Schaefer kamen spät.",
                "Frau Mueller und Herr Schaefer kamen spät .",
            ),
        ],
    );
}

#[test]
fn the_sharp_s_is_known_where_a_text_has_none() {
    check(
        Lang::De,
        &[
            ("Es hiess, man begrüsse dies.", "Es hieß , man begrüße dies ."),
            (
                "Es hiess, die Größe begrüsse man.",
                "Es hiess , die Größe begrüsse man .",
            ),
        ],
    );
}

#[test]
fn items_of_a_ticker_are_sentences() {
    let text = "+++ Kiew meldet Angriffe +++ Moskau schweigt +++";
    assert_eq!(shown(text, Lang::De), "Kiew meldet Angriffe | Moskau schweigt");
    let spans: Vec<&str> = segment(&document(text, Lang::De))
        .iter()
        .map(|s| s.span.of(text))
        .collect();
    assert_eq!(spans, ["Kiew meldet Angriffe", "Moskau schweigt"]);
}

#[test]
fn a_dash_where_a_line_was_broken_is_no_list() {
    check(
        Lang::De,
        &[
            (
                "Der Minister kam\n– wie erwartet – spät.",
                "Der Minister kam – wie erwartet – spät .",
            ),
            ("- Kiew siegt\n- Moskau schweigt", "- Kiew siegt | - Moskau schweigt"),
            ("Die Lage:\n- Kiew siegt", "Die Lage : | - Kiew siegt"),
        ],
    );
}

#[test]
fn german_words() {
    check(
        Lang::De,
        &[
            (
                "Er war im Haus, beim Arzt und zur Tür.",
                "Er war in dem Haus , bei dem Arzt und zu der Tür .",
            ),
            ("Am Abend", "An dem Abend"),
            (
                "UN-Resolutionen des US-Präsidenten",
                "UN-Resolutionen des US-Präsidenten",
            ),
            ("Mord- und Totschlag", "Mord- und Totschlag"),
            ("Kampfflugzeuge und -hubschrauber", "Kampfflugzeuge und -hubschrauber"),
            (
                "Linux-Entwickler und -Distributoren",
                "Linux-Entwickler und -Distributoren",
            ),
            ("'s war gut :-) auf MP3.com", "'s war gut :-) auf MP3.com"),
            ("3.000 Soldaten, 1,5 Mio. Euro", "3.000 Soldaten , 1,5 Mio. Euro"),
            ("um 10:30 Uhr 5% mehr, 20 °C", "um 10:30 Uhr 5 % mehr , 20 °C"),
            ("30\u{A0}000 Menschen", "30\u{A0}000 Menschen"),
            ("von 2014–2018 und 3-4 Tage", "von 2014 – 2018 und 3 - 4 Tage"),
            ("Moskau/Seoul (dpa) - Der Kreml", "Moskau / Seoul ( dpa ) - Der Kreml"),
            ("mit 120 km/h", "mit 120 km/h"),
            (
                "Wie geht's? Putin's Rede, Hans' Haus",
                "Wie geht 's ? | Putin's Rede , Hans' Haus",
            ),
            (
                "die Bürger:innen und Student*innen",
                "die Bürger:innen und Student*innen",
            ),
            ("Waf\u{AD}fen\u{200B}lieferung", "Waffenlieferung"),
            (
                "siehe https://example.org/a_(b)?c=1. Oder a.b@example.org!",
                "siehe https://example.org/a_(b)?c=1 . | Oder a.b@example.org !",
            ),
            ("100 US-Dollar (90 €)", "100 US-Dollar ( 90 € )"),
            ("Valéry Giscard d'Estaing", "Valéry Giscard d'Estaing"),
        ],
    );
}

#[test]
fn german_sentences() {
    check(
        Lang::De,
        &[
            (
                "Das war am 24. Oktober. Dann kam Dr. Meier.",
                "Das war an dem 24. Oktober . | Dann kam Dr. Meier .",
            ),
            (
                "Am 3. und 4. Mai tagte der 2. Senat.",
                "An dem 3. und 4. Mai tagte der 2. Senat .",
            ),
            ("im 19. Jahrhundert", "in dem 19. Jahrhundert"),
            (
                "Elizabeth II. reiste ab. Königin Elizabeth II. Die Reise",
                "Elizabeth II. reiste ab . | Königin Elizabeth II . | Die Reise",
            ),
            (
                "Es geschah 2014. Danach war Ruhe.",
                "Es geschah 2014 . | Danach war Ruhe .",
            ),
            ("Sie wurde 24. Das war gut.", "Sie wurde 24 . | Das war gut ."),
            (
                "z.B. Waffen, u. a. Panzer usw. Die Lage",
                "z.B. Waffen , u. a. Panzer usw. | Die Lage",
            ),
            (
                "George W. Bush und J. D. Vance kamen.",
                "George W. Bush und J. D. Vance kamen .",
            ),
            (
                "„Wir siegen!“, sagte er. „Kommt er?“ fragte sie.",
                "„ Wir siegen ! “ , sagte er . | „ Kommt er ? “ fragte sie .",
            ),
            (
                "Er sagte: „Es ist gut. Wir gehen.“ Dann ging er.",
                "Er sagte : „ Es ist gut . | Wir gehen . “ | Dann ging er .",
            ),
            (
                "»Nein.« Und «Ja.» Dann nichts.",
                "» Nein . « | Und « Ja . » | Dann nichts .",
            ),
            (
                "Das (!) ist neu. (Foto: dpa) Weiter",
                "Das ( ! ) ist neu . | ( Foto : dpa ) Weiter",
            ),
            (
                "Er zögerte … und ging. Na ja... Dann kam er.",
                "Er zögerte … und ging . | Na ja ... | Dann kam er .",
            ),
            ("Erster Punkt\n\nZweiter Punkt", "Erster Punkt | Zweiter Punkt"),
            ("Themen:\n• Krieg\n• Frieden", "Themen : | • Krieg | • Frieden"),
            ("1. Die Regierung handelt.", "1. Die Regierung handelt ."),
            (
                "Das ist das Ende.Der Rest fehlt.",
                "Das ist das Ende . | Der Rest fehlt .",
            ),
            ("Die Müller GmbH & Co. KG zahlt.", "Die Müller GmbH & Co. KG zahlt ."),
            (
                "Er kam auf Platz 19. Trainer Wolf freute sich.",
                "Er kam auf Platz 19 . | Trainer Wolf freute sich .",
            ),
            ("Samstag 24. Dezember", "Samstag 24. Dezember"),
            (
                "Der Dienst „E!“ Online meldet es.",
                "Der Dienst „ E ! “ Online meldet es .",
            ),
            ("Es ist aus. c't schreibt", "Es ist aus . c't schreibt"),
            ("So war es.[6] Danach", "So war es . [ 6 ] | Danach"),
            ("", ""),
        ],
    );
}

#[test]
fn english_words() {
    check(
        Lang::En,
        &[
            ("He didn't say it's Putin's.", "He did n't say it 's Putin 's ."),
            ("They cannot; we've won't", "They can not ; we 've wo n't"),
            ("the states' rights", "the states ' rights"),
            ("a U.S.-led, anti-Western pact", "a U.S. - led , anti-Western pact"),
            ("Kim Jong-un met Ban Ki-moon", "Kim Jong-un met Ban Ki-moon"),
            ("$3.5 billion, 5%, £20", "$ 3.5 billion , 5 % , £ 20"),
            ("AT&T on 9/11 at 10:30 a.m.", "AT&T on 9/11 at 10:30 a.m."),
            ("O'Brien’s house isn’t", "O'Brien ’s house is n’t"),
            ("'Yes,' he said", "' Yes , ' he said"),
        ],
    );
}

#[test]
fn english_sentences() {
    check(
        Lang::En,
        &[
            (
                "Lt. Gen. Smith left the U.S. He flew.",
                "Lt. Gen. Smith left the U.S. | He flew .",
            ),
            (
                "The U.S. Army and Mr. Jones of Acme Inc. agreed.",
                "The U.S. Army and Mr. Jones of Acme Inc. agreed .",
            ),
            (
                "\"Will he come?\" Putin asked. \"No!\" He left.",
                "\" Will he come ? \" Putin asked . | \" No ! \" | He left .",
            ),
            ("It rose to 24. Then it fell.", "It rose to 24 . | Then it fell ."),
            (
                "Article No. 5 applies. No. He said no. It is.",
                "Article No. 5 applies . | No. | He said no. | It is .",
            ),
            (
                "John F. Kennedy spoke on Nov. 6 in Ala. about it.",
                "John F. Kennedy spoke on Nov. 6 in Ala. about it .",
            ),
        ],
    );
}

#[test]
fn contractions_span_the_surface_once() {
    let sentences = segment(&document("Er ist im Haus.", Lang::De));
    let spans: Vec<_> = sentences[0]
        .words
        .iter()
        .map(|w| (w.span.start(), w.span.end(), &*w.form))
        .collect();
    assert_eq!(
        spans,
        [
            (0, 2, "Er"),
            (3, 6, "ist"),
            (7, 9, "in"),
            (9, 9, "dem"),
            (10, 14, "Haus"),
            (14, 15, ".")
        ]
    );
}

#[test]
fn text_outside_blocks_is_not_read() {
    let mut doc = document("Eins. Zwei. Drei.", Lang::De);
    doc.blocks[0].span = Span::at(6, 11);
    let sentences = segment(&doc);
    assert_eq!(sentences.len(), 1);
    assert_eq!(doc.slice(sentences[0].span), "Zwei.");
}

/// A word without what spelling alone decides: capitals, hyphens where lines end, one letter or two, accents apart or not.
fn folded(word: &str) -> String {
    let two = |c: char| match c {
        'ä' => "ae".to_owned(),
        'ö' => "oe".to_owned(),
        'ü' => "ue".to_owned(),
        'ß' => "ss".to_owned(),
        c => c.to_lowercase().to_string(),
    };
    let shown = word.chars().filter(|&c| !scan::is_invisible(c) && !scan::is_hyphen(c));
    let letters: String = shown.filter(|c| !c.is_whitespace()).nfc().collect();
    letters.to_lowercase().chars().map(two).collect()
}

/// What holds for the segmentation of any text.
fn check_laws(text: &str, lang: Lang) -> Result<(), TestCaseError> {
    let doc = document(text, lang);
    let mut position = 0;
    for sentence in segment(&doc) {
        prop_assert!(!sentence.words.is_empty());
        prop_assert_eq!(sentence.span.start(), sentence.words[0].span.start());
        prop_assert_eq!(sentence.span.end(), sentence.words[sentence.words.len() - 1].span.end());
        for word in &sentence.words {
            // In order, without overlap, and nothing visible left out.
            let gap = doc.text.get(position..word.span.start());
            prop_assert!(gap.is_some(), "{:?} begins inside the word before it", word);
            let is_gap = |c: char| c.is_whitespace() || c.is_control() || scan::is_invisible(c);
            prop_assert!(
                gap.unwrap_or_default().replace(scan::TICKER, "").chars().all(is_gap),
                "{:?} skips {:?}",
                word,
                gap
            );
            let surface = doc.slice(word.span);
            let is_contraction = Words::of(lang).contraction(&spelling::form(surface)).is_some();
            prop_assert!(
                folded(&word.form) == folded(surface) || is_contraction || word.span.is_empty(),
                "{:?}",
                word
            );
            prop_assert!(!word.form.is_empty());
            position = word.span.end();
        }
    }
    prop_assert!(
        doc.text[position..]
            .replace(scan::TICKER, "")
            .chars()
            .all(|c| c.is_whitespace() || c.is_control() || scan::is_invisible(c))
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_covered(text in "(?s).{0,80}") {
        check_laws(&text, Lang::De)?;
        check_laws(&text, Lang::En)?;
    }

    #[test]
    fn any_mix_of_hard_parts_is_covered(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "im", "Zum", "Dr.", "24.", "II.", "A.", "z.B.", "U.S.", "usw.", "Die", "sagte", "n't", "don't", "cannot",
                "'s", "’", "'", "\"", "„", "“", "»", "«", "(", ")", ".", "...", "…", "!", "?", ",", ":", "-", "–", "/",
                " ", " ", " ", "\n", "\n\n", "\u{A0}", "\u{AD}", "\u{200D}", "\u{301}", "3.000", "1,5", "10:30", "€", "$",
                "%", "www.x.de", "a@b.de", "http://", "😀", "👨‍👩‍👧", "Ä", "ß", "innen", "*", "_", "&", "•", "#", "@",
                "+++", "-\n", "RUSSLAND", "ANGRIFF", "GEGEN", "fuer", "Praesident", "hiess", "u\u{308}",
            ]),
            0..30,
        )
    ) {
        let text = parts.concat();
        check_laws(&text, Lang::De)?;
        check_laws(&text, Lang::En)?;
    }
}

#[test]
fn hostile_text_takes_time_in_proportion() {
    // Each of these took quadratic time in some design; as a test it needs no clock, only to come to an end.
    for part in [
        "a,",
        "a@",
        "(",
        ")",
        "\u{AD}",
        "a/",
        "1/",
        "a.",
        "' ",
        "\" ",
        "-",
        "a-",
        "…",
        "1. ",
        "A. ",
        "(a@",
        "\n",
        "a-\n",
        "+",
        "RUSSLAND ",
        "Aeaeaeae ",
        "u\u{308}",
        "- \n",
    ] {
        let text = part.repeat(200_000 / part.len());
        for lang in [Lang::De, Lang::En] {
            let _ = segment(&document(&text, lang));
        }
    }
}
