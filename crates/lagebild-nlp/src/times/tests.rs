//! Expressions in context, with what they mean: `text → value from..to`.

use super::*;
use crate::times::testing::parsed;

/// The expressions of `text` in a report of `published`, one a line.
fn shown(lang: Lang, published: &str, text: &str) -> Vec<String> {
    let parsed = parsed(text, lang, published.parse().ok());
    let day = |d: Option<Date>| d.map_or("?".to_owned(), |d| d.to_string());
    find(&parsed)
        .iter()
        .map(|t| {
            let range = match (t.from, t.to) {
                (None, None) => String::new(),
                (from, to) if from == to => format!(" {}", day(from)),
                (from, to) => format!(" {}..{}", day(from), day(to)),
            };
            format!("{} {} {}{range}", t.span.of(text), t.kind, t.value)
        })
        .collect()
}

#[track_caller]
fn check(lang: Lang, published: &str, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(shown(lang, published, text), *expected, "{text}");
    }
}

// 24 October 2024 is a Thursday.
const DAY: &str = "2024-10-24";

#[test]
fn german_days() {
    check(
        Lang::De,
        DAY,
        &[
            (
                "Am 3. Mai 2023 geschah es.",
                &["3. Mai 2023 DATE 2023-05-03 2023-05-03"],
            ),
            ("Das Treffen am 24.10.2024.", &["24.10.2024 DATE 2024-10-24 2024-10-24"]),
            ("Stand 2024-10-24.", &["2024-10-24 DATE 2024-10-24 2024-10-24"]),
            (
                "Er kam am 31. Dezember an.",
                &["31. Dezember DATE 2024-12-31 2024-12-31"],
            ),
            ("Er war am 2. Mai dort.", &["2. Mai DATE 2024-05-02 2024-05-02"]),
            ("Er war am 6.5. dort.", &["6.5. DATE 2024-05-06 2024-05-06"]),
            ("Am Mittwoch wurde gewählt.", &["Mittwoch DATE 2024-10-23 2024-10-23"]),
            (
                "Am Mittwoch wird gewählt werden.",
                &["Mittwoch DATE 2024-10-30 2024-10-30"],
            ),
            (
                "Am Donnerstag wurde gewählt.",
                &["Donnerstag DATE 2024-10-24 2024-10-24"],
            ),
            (
                "Am vergangenen Donnerstag kam er.",
                &["vergangenen Donnerstag DATE 2024-10-17 2024-10-17"],
            ),
            (
                "Am kommenden Mittwoch.",
                &["kommenden Mittwoch DATE 2024-10-30 2024-10-30"],
            ),
            (
                "Am Samstag, den 25. August 2012.",
                &["Samstag, den 25. August 2012 DATE 2012-08-25 2012-08-25"],
            ),
            (
                "Am gestrigen Mittwoch.",
                &["gestrigen Mittwoch DATE 2024-10-23 2024-10-23"],
            ),
            (
                "Morgen (Freitag) tagt der Rat.",
                &[
                    "Morgen DATE 2024-10-25 2024-10-25",
                    "Freitag DATE 2024-10-25 2024-10-25",
                ],
            ),
            (
                "Vorgestern und gestern.",
                &[
                    "Vorgestern DATE 2024-10-22 2024-10-22..2024-10-23",
                    "gestern DATE 2024-10-23 2024-10-22..2024-10-23",
                ],
            ),
            (
                "Am 3. Mai kam er. Am Tag darauf ging er.",
                &[
                    "3. Mai DATE 2024-05-03 2024-05-03",
                    "Tag darauf DATE 2024-05-04 2024-05-04",
                ],
            ),
            (
                "Am 3. Mai kam er. Am Vortag ging er.",
                &["3. Mai DATE 2024-05-03 2024-05-03", "Vortag DATE 2024-05-02 2024-05-02"],
            ),
            ("An Heiligabend 2023.", &["Heiligabend 2023 DATE 2023-12-24 2023-12-24"]),
        ],
    );
}

#[test]
fn german_times_of_day() {
    check(
        Lang::De,
        DAY,
        &[
            (
                "Er kam gestern Abend.",
                &["gestern Abend TIME 2024-10-23TEV 2024-10-23"],
            ),
            (
                "Heute Nacht wurde geschossen.",
                &["Heute Nacht TIME 2024-10-24TNI 2024-10-24"],
            ),
            (
                "Am Freitagabend wurde geschossen.",
                &["Freitagabend TIME 2024-10-18TEV 2024-10-18"],
            ),
            (
                "Am Montag wurde um 15.30 Uhr geschossen.",
                &[
                    "Montag DATE 2024-10-21 2024-10-21",
                    "15.30 Uhr TIME 2024-10-21T15:30 2024-10-21",
                ],
            ),
            (
                "In der Nacht zum Samstag wurde geschossen.",
                &["der Nacht zum Samstag TIME 2024-10-18TNI 2024-10-18..2024-10-19"],
            ),
            (
                "In der Nacht zum 1. Januar 2011.",
                &["der Nacht zum 1. Januar 2011 TIME 2010-12-31TNI 2010-12-31..2011-01-01"],
            ),
            (
                "Von 10 bis 18 Uhr.",
                &[
                    "10 TIME 2024-10-24T10:00 2024-10-24",
                    "18 Uhr TIME 2024-10-24T18:00 2024-10-24",
                ],
            ),
            ("Das Spiel endete 2:1.", &[]),
        ],
    );
}

#[test]
fn german_months_and_longer() {
    check(
        Lang::De,
        DAY,
        &[
            (
                "Sie trafen sich im Juni in Pjöngjang.",
                &["Juni DATE 2024-06 2024-06-01..2024-06-30"],
            ),
            (
                "Im Dezember wurde verhandelt.",
                &["Dezember DATE 2023-12 2023-12-01..2023-12-31"],
            ),
            (
                "Im Dezember wird verhandelt werden.",
                &["Dezember DATE 2024-12 2024-12-01..2024-12-31"],
            ),
            (
                "Ende Juni war Schluss.",
                &["Ende Juni DATE 2024-06 2024-06-21..2024-06-30"],
            ),
            ("Anfang 2023.", &["Anfang 2023 DATE 2023 2023-01-01..2023-04-30"]),
            (
                "Bis Ende des Jahres.",
                &["Ende des Jahres DATE 2024 2024-10-24..2024-12-31"],
            ),
            ("Seit 2014 herrscht Krieg.", &["2014 DATE 2014 2014-01-01..2024-10-24"]),
            (
                "Im ersten Halbjahr.",
                &["ersten Halbjahr DATE 2024-H1 2024-01-01..2024-06-30"],
            ),
            (
                "Im dritten Quartal 2023.",
                &["dritten Quartal 2023 DATE 2023-Q3 2023-07-01..2023-09-30"],
            ),
            ("Der Haushalt 2012/13.", &["2012/13 DATE 2012 2012-01-01..2013-12-31"]),
            (
                "Im vergangenen Jahr.",
                &["vergangenen Jahr DATE 2023 2023-01-01..2023-12-31"],
            ),
            ("Letzte Woche.", &["Letzte Woche DATE 2024-W42 2024-10-14..2024-10-20"]),
            (
                "Zwischen dem 3. und 5. Mai.",
                &[
                    "3. DATE 2024-05-03 2024-05-03..2024-05-05",
                    "5. Mai DATE 2024-05-05 2024-05-03..2024-05-05",
                ],
            ),
            (
                "Von Mai bis Juli 2006.",
                &[
                    "Mai DATE 2006-05 2006-05-01..2006-07-31",
                    "Juli 2006 DATE 2006-07 2006-05-01..2006-07-31",
                ],
            ),
            (
                "In den 1990er Jahren.",
                &["den 1990er Jahren DATE 199 1990-01-01..1999-12-31"],
            ),
            (
                "Anfang der 90er-Jahre.",
                &["Anfang der 90er-Jahre DATE 199 1990-01-01..1993-12-31"],
            ),
            (
                "Im 19. Jahrhundert.",
                &["19. Jahrhundert DATE 18 1800-01-01..1899-12-31"],
            ),
            ("Im Sommer 2022.", &["Sommer 2022 DATE 2022-SU 2022-06-01..2022-08-31"]),
            (
                "Im August desselben Jahres.",
                &["August desselben Jahres DATE 2024-08 2024-08-01..2024-08-31"],
            ),
            (
                "Im März 1974 und im August desselben Jahres.",
                &[
                    "März 1974 DATE 1974-03 1974-03-01..1974-03-31",
                    "August desselben Jahres DATE 1974-08 1974-08-01..1974-08-31",
                ],
            ),
            (
                "Im Jahr 1999 gab es 2000 Soldaten.",
                &["Jahr 1999 DATE 1999 1999-01-01..1999-12-31"],
            ),
            ("Etwa 8.000 Menschen und 2000 Panzer.", &[]),
        ],
    );
}

#[test]
fn german_lengths_sets_and_vague_times() {
    check(
        Lang::De,
        DAY,
        &[
            ("Vor drei Tagen.", &["drei Tagen DURATION P3D 2024-10-21"]),
            (
                "Vor knapp zwei Jahren.",
                &["knapp zwei Jahren DURATION P2Y 2022-10-01..2022-10-31"],
            ),
            (
                "Seit drei Jahren.",
                &["drei Jahren DURATION P3Y 2021-10-24..2024-10-24"],
            ),
            (
                "In zwei bis drei Monaten wird er kommen.",
                &["zwei bis drei Monaten DURATION P3M 2024-12-24..2025-01-24"],
            ),
            ("Ein halbes Jahr.", &["Ein halbes Jahr DURATION P6M"]),
            ("Der dreitägige Besuch.", &["dreitägige DURATION P3D"]),
            (
                "In den letzten drei Jahren.",
                &["den letzten drei Jahren DURATION P3Y 2021-10-24..2024-10-24"],
            ),
            ("In den letzten Wochen.", &["den letzten Wochen DURATION PXW"]),
            ("Seit Jahren.", &["Jahren DURATION PXY"]),
            ("Der 31 Jahre alte Mann.", &[]),
            ("Er starb im Alter von 58 Jahren.", &[]),
            ("Eines Tages.", &["Eines Tages DATE FUTURE_REF"]),
            ("Jeden Montag.", &["Jeden Montag SET XXXX-WXX-1"]),
            ("Alle zwei Wochen.", &["Alle zwei Wochen SET P2W"]),
            (
                "Das Parlament ratifizierte kürzlich ein Abkommen.",
                &["kürzlich DATE PAST_REF"],
            ),
            ("Er ist derzeit in Kiew.", &["derzeit DATE PRESENT_REF 2024-10-24"]),
            (
                "Das wird bald in Zukunft geschehen.",
                &["bald DATE FUTURE_REF", "Zukunft DATE FUTURE_REF"],
            ),
        ],
    );
}

#[test]
fn english() {
    // 1 October 2018 is a Monday.
    check(
        Lang::En,
        "2018-10-01",
        &[
            (
                "He was there on Saturday (September 29).",
                &[
                    "Saturday DATE 2018-09-29 2018-09-29",
                    "September 29 DATE 2018-09-29 2018-09-29",
                ],
            ),
            (
                "On Oct 24, 2017, he said so.",
                &["Oct 24, 2017 DATE 2017-10-24 2017-10-24"],
            ),
            (
                "On 24th of October 2017.",
                &["24th of October 2017 DATE 2017-10-24 2017-10-24"],
            ),
            ("Last Wednesday.", &["Last Wednesday DATE 2018-09-26 2018-09-26"]),
            ("He will come on Friday.", &["Friday DATE 2018-10-05 2018-10-05"]),
            (
                "He said on Friday night.",
                &["Friday night TIME 2018-09-28TNI 2018-09-28"],
            ),
            ("They met in June.", &["June DATE 2018-06 2018-06-01..2018-06-30"]),
            ("Since 2014.", &["2014 DATE 2014 2014-01-01..2018-10-01"]),
            (
                "By the end of the year.",
                &["the end of the year DATE 2018 2018-10-01..2018-12-31"],
            ),
            (
                "Earlier this year.",
                &["Earlier this year DATE 2018 2018-01-01..2018-10-01"],
            ),
            (
                "In the past year.",
                &["the past year DURATION P1Y 2017-10-01..2018-10-01"],
            ),
            (
                "Over the past three years.",
                &["the past three years DURATION P3Y 2015-10-01..2018-10-01"],
            ),
            (
                "Last year and next week.",
                &[
                    "Last year DATE 2017 2017-01-01..2017-12-31",
                    "next week DATE 2018-W41 2018-10-08..2018-10-14",
                ],
            ),
            ("Two years ago.", &["Two years ago DURATION P2Y 2016-10-01..2016-10-31"]),
            ("In the 1990s.", &["the 1990s DATE 199 1990-01-01..1999-12-31"]),
            (
                "In the first half of 2017.",
                &["the first half of 2017 DATE 2017-H1 2017-01-01..2017-06-30"],
            ),
            (
                "At 5:30 p.m. on Monday.",
                &[
                    "5:30 p.m. TIME 2018-10-01T17:30 2018-10-01",
                    "Monday DATE 2018-10-01 2018-10-01",
                ],
            ),
            ("Every Monday.", &["Every Monday SET XXXX-WXX-1"]),
            ("It may rain and they march on.", &[]),
            ("2000 people came, 18 states sued.", &[]),
            ("The 12-year-old boy.", &[]),
            (
                "He is currently there and came recently.",
                &["currently DATE PRESENT_REF 2018-10-01", "recently DATE PAST_REF"],
            ),
        ],
    );
}

#[test]
fn without_a_date_of_publication() {
    let parsed = parsed(
        "Am Mittwoch, im Juni, heute, vor drei Tagen, am 3. Mai, seit 2014.",
        Lang::De,
        None,
    );
    let shown: Vec<String> = find(&parsed)
        .iter()
        .map(|t| format!("{} {:?}", t.value, t.from.map(|d| d.to_string())))
        .collect();
    assert_eq!(
        shown,
        [
            "XXXX-WXX-3 None",
            "XXXX-06 None",
            "PRESENT_REF None",
            "P3D None",
            "XXXX-05-03 None",
            "2014 Some(\"2014-01-01\")"
        ]
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(
        text in "((am|im|seit|bis|zum|der|letzten|Ende|Montag|Mai|Juni|2014|24|3|\\.|/|-|:|Uhr|Jahr(en|e)?|drei|zwei|Nacht|er|heute|morgen|vor|Woche|jeden|ersten|Quartal|,|\\(|ß|€|99999999|the|of|may|past) ?){0,30}",
        year in 1i16..9999,
        english in proptest::bool::ANY,
    ) {
        let lang = if english { Lang::En } else { Lang::De };
        let parsed = parsed(&text, lang, Date::new(year, 2, 28).ok());
        let mut end = 0;
        for time in find(&parsed) {
            proptest::prop_assert!(time.span.start() >= end, "{:?} in {}", time, text);
            end = time.span.end();
            proptest::prop_assert!(!time.span.of(&text).is_empty());
        }
    }
}
