//! Amounts in context: `value thing kind modifier`.

use super::*;
use crate::times;
use crate::times::testing::parsed;

fn shown(lang: Lang, text: &str) -> Vec<String> {
    let mut parsed = parsed(text, lang, "2024-10-24".parse().ok());
    parsed.times = times::find(&parsed);
    find(&parsed)
        .iter()
        .map(|q| format!("{} {} {} {}", q.value, q.thing, q.kind, q.modifier))
        .collect()
}

#[track_caller]
fn check(lang: Lang, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(shown(lang, text), *expected, "{text}");
    }
}

#[test]
fn german_counts() {
    check(
        Lang::De,
        &[
            (
                "Die Entsendung von 3.000 nordkoreanischen Soldaten.",
                &["3000 Soldaten count exact"],
            ),
            (
                "Rund 15.000 Roma und mehr als 200 Helfer.",
                &["15000 Roma count about", "200 Helfer count at-least"],
            ),
            (
                "Bis zu zwölf Panzer, mindestens drei Schiffe.",
                &["12 Panzer count up-to", "3 Schiffe count at-least"],
            ),
            ("Drei Millionen Menschen.", &["3000000 Menschen count exact"]),
            (
                "Hunderte Menschen, Dutzende von Festnahmen.",
                &["100 Menschen count at-least", "24 Festnahmen arrested at-least"],
            ),
            ("Einige hundert Studenten.", &["100 Studenten count at-least"]),
            (
                "Ein Marsch von 300 bis 400 Tibetern.",
                &["300 Tibetern count at-least", "400 Tibetern count up-to"],
            ),
            (
                "Zwei bis drei Millionen Menschen.",
                &["2000000 Menschen count at-least", "3000000 Menschen count up-to"],
            ),
            (
                "Zwischen 20 und 30 Raketen.",
                &["20 Raketen count at-least", "30 Raketen count up-to"],
            ),
            ("Es waren 12 US-Soldaten.", &["12 US-Soldaten count exact"]),
        ],
    );
}

#[test]
fn german_casualties() {
    check(
        Lang::De,
        &[
            (
                "Mindestens zwölf Tote und 110 Verletzte.",
                &["12 Tote dead at-least", "110 Verletzte injured exact"],
            ),
            (
                "Drei Menschen wurden getötet, 20 verletzt.",
                &["3 Menschen dead exact", "20  injured exact"],
            ),
            (
                "Zehn Menschen starben, 110 weitere wurden verletzt.",
                &["10 Menschen dead exact", "110 weitere injured exact"],
            ),
            (
                "Es gab 41 Verhaftungen und 40 verletzte Teilnehmer.",
                &["41 Verhaftungen arrested exact", "40 Teilnehmer injured exact"],
            ),
            (
                "Ein Mann wurde erschossen, ein Mann stand dabei.",
                &["1 Mann dead exact"],
            ),
            (
                "Ein Anschlag, bei dem 18 Menschen ums Leben kamen.",
                &["18 Menschen dead exact"],
            ),
            (
                "18 Menschen wurden getötet, davon sieben Soldaten.",
                &["18 Menschen dead exact", "7 Soldaten dead exact"],
            ),
            (
                "Unter den Toten sind 36 Kinder sowie neun Frauen.",
                &["36 Kinder dead exact", "9 Frauen dead exact"],
            ),
            ("Die Zahl der Toten stieg auf 384.", &["384 Toten dead exact"]),
            ("Die Armee tötete 17 Kämpfer.", &["17 Kämpfer dead exact"]),
        ],
    );
}

#[test]
fn german_money_and_percent() {
    check(
        Lang::De,
        &[
            ("Hilfe von 60 Milliarden Dollar.", &["60000000000 USD money exact"]),
            ("Etwa 1,5 Mrd Euro.", &["1500000000 EUR money about"]),
            ("Das 700-Milliarden-US-Dollar-Paket.", &["700000000000 USD money exact"]),
            (
                "Um 5,5 Prozent auf 20 %.",
                &["5.5 Prozent percent exact", "20 % percent exact"],
            ),
            ("Es kostet 45.000 €.", &["45000 EUR money exact"]),
        ],
    );
}

#[test]
fn what_is_no_amount() {
    check(
        Lang::De,
        &[
            ("Am 3. Oktober 2024 um 15 Uhr, vor drei Tagen.", &[]),
            ("Artikel 5 des Vertrags, Resolution 1718, § 12.", &[]),
            ("Die G7 und die F-16 im Spiel 2:1.", &[]),
            ("Der 31-jährige Mann ist 31 Jahre alt.", &[]),
            ("Ein Soldat und eine Frau sprachen.", &[]),
            ("Im 3. Anlauf.", &[]),
        ],
    );
}

#[test]
fn english() {
    check(
        Lang::En,
        &[
            ("At least 3,000 North Korean troops.", &["3000 troops count at-least"]),
            (
                "Two people were killed and 20 injured.",
                &["2 people dead exact", "20 injured injured exact"],
            ),
            (
                "Tariffs on $200 billion (£150 billion) of goods.",
                &["200000000000 USD money exact", "150000000000 GBP money exact"],
            ),
            (
                "A £150m deal, 60 billion dollars.",
                &["150000000 GBP money exact", "60000000000 USD money exact"],
            ),
            ("Hundreds of protesters.", &["100 protesters count at-least"]),
            ("18 states support it.", &["18 states count exact"]),
            (
                "Five percent, 12 per cent.",
                &["5 percent percent exact", "12 per cent percent exact"],
            ),
            ("More than 20 arrests.", &["20 arrests arrested at-least"]),
        ],
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(
        text in "((3|000|\\.|,|-|drei|Millionen|bis|zwischen|und|Soldaten|Tote|getötet|ein|Mann|\\$|€|%|Dollar|Prozent|mehr als|rund|weitere|\\(|of|killed|:|ß|99999999999999) ?){0,30}",
        english in proptest::bool::ANY,
    ) {
        let lang = if english { Lang::En } else { Lang::De };
        let mut parsed = parsed(&text, lang, None);
        parsed.times = times::find(&parsed);
        let mut start = 0;
        for quantity in find(&parsed) {
            proptest::prop_assert!(quantity.span.start() >= start && quantity.value.is_finite());
            start = quantity.span.start();
            proptest::prop_assert!(!quantity.span.of(&text).is_empty());
        }
    }
}
