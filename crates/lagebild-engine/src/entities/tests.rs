//! Hard cases, each a short report: who is meant by which words.

use super::*;
use lagebild_core::{Block, DocId, Document, Lang, Part};
use std::sync::Arc;

fn read(lang: Lang, day: &str, text: &str) -> (Arc<str>, Entities) {
    let document = Document {
        id: DocId("case".into()),
        source: None,
        published: day.parse().ok(),
        lang,
        title: None,
        text: text.into(),
        blocks: vec![Block {
            span: Span::at(0, text.len()),
            part: Part::Body,
        }],
    };
    let text = Arc::clone(&document.text);
    let parsed = lagebild_nlp::parse(Arc::new(document));
    (text, resolve(&parsed, lagebild_bundle::knowledge()))
}

/// The mention that covers the words best, as `KEY` or `KEY+KEY`; `-` for nobody.
fn meant(text: &str, entities: &Entities, words: &str) -> (String, Option<MentionKind>) {
    let start = text
        .find(words)
        .unwrap_or_else(|| panic!("\"{words}\" does not stand in the text"));
    let span = Span::at(start, start + words.len());
    let score = |m: &&Mention| {
        let shared = m
            .span
            .end()
            .min(span.end())
            .saturating_sub(m.span.start().max(span.start()));
        let spanned = m.span.end().max(span.end()) - m.span.start().min(span.start());
        shared * 1000 / spanned.max(1)
    };
    let best = entities.mentions.iter().filter(|m| score(m) > 0).max_by_key(score);
    let keys: Vec<&str> = best
        .into_iter()
        .flat_map(|m| m.actor.iter().chain(&m.also))
        .filter_map(|e| entities.key(*e))
        .collect();
    (
        if keys.is_empty() {
            "-".to_owned()
        } else {
            keys.join("+")
        },
        best.map(|m| m.kind),
    )
}

/// Checks who is meant: pairs of words and keys.
#[track_caller]
fn check(lang: Lang, day: &str, text: &str, expected: &[(&str, &str)]) {
    let (text, entities) = read(lang, day, text);
    for (words, key) in expected {
        let (found, kind) = meant(&text, &entities, words);
        assert_eq!(&found, key, "\"{words}\" ({kind:?}) in: {text}");
    }
}

#[track_caller]
fn de(day: &str, text: &str, expected: &[(&str, &str)]) {
    check(Lang::De, day, text, expected);
}

#[track_caller]
fn en(day: &str, text: &str, expected: &[(&str, &str)]) {
    check(Lang::En, day, text, expected);
}

#[track_caller]
fn kinds(text: &str, expected: &[(&str, MentionKind)]) {
    let (text, entities) = read(Lang::De, "2024-10-24", text);
    for (words, kind) in expected {
        assert_eq!(meant(&text, &entities, words).1, Some(*kind), "\"{words}\" in: {text}");
    }
}

#[test]
fn capitals_act_and_lie() {
    kinds(
        "Moskau warnte den Westen. Putin traf Kim in Moskau.",
        &[("Moskau", MentionKind::Name), ("in Moskau", MentionKind::Place)],
    );
    de(
        "2024-10-24",
        "Berlin kritisiert Peking scharf.",
        &[("Berlin", "DEU"), ("Peking", "CHN")],
    );
}

#[test]
fn houses_of_power_are_never_mere_places() {
    kinds(
        "Im Kreml hieß es, man werde reagieren.",
        &[("Kreml", MentionKind::Name)],
    );
    de(
        "2024-10-24",
        "Das Weiße Haus bestätigte den Bericht.",
        &[("Weiße Haus", "USA")],
    );
    de(
        "2024-10-24",
        "Nach Angaben des Pentagons starben drei Soldaten der USA.",
        &[("Pentagons", "USA")],
    );
}

#[test]
fn a_newspaper_is_no_capital() {
    en(
        "2024-10-24",
        "The Washington Post reported on talks in Moscow.",
        &[("Washington Post", "USA")],
    );
    de(
        "2024-10-24",
        "Die „Washington Post“ berichtet über Gespräche in Moskau.",
        &[("Washington Post", "USA")],
    );
}

#[test]
fn cases_and_endings_do_not_hide_states() {
    de(
        "2024-10-24",
        "Russlands Angriff auf die Ukraine verurteilten die Vereinigten Staaten und die Schweizer Regierung.",
        &[
            ("Russlands", "RUS"),
            ("die Ukraine", "UKR"),
            ("Vereinigten Staaten", "USA"),
            ("Schweizer Regierung", "CHE"),
        ],
    );
}

#[test]
fn north_and_south_korea_stay_apart() {
    de(
        "2024-10-24",
        "Südkorea warf Nordkorea vor, nordkoreanische Soldaten nach Russland zu schicken. Seoul bestellte den Botschafter ein.",
        &[
            ("Südkorea", "KOR"),
            ("Nordkorea", "PRK"),
            ("nordkoreanische Soldaten", "PRK"),
            ("Seoul", "KOR"),
        ],
    );
}

#[test]
fn two_kims_in_one_report() {
    de(
        "2024-10-24",
        "Nordkoreas Machthaber Kim Jong Un besuchte eine Fabrik. Südkoreas Verteidigungsminister Kim Yong Hyun sprach von \
         einer Drohung. Verteidigungsminister Kim kündigte eine Antwort an.",
        &[
            ("Nordkoreas Machthaber Kim Jong Un", "PRK"),
            ("Südkoreas Verteidigungsminister Kim Yong Hyun", "KOR"),
            ("Verteidigungsminister Kim kündigte", "KOR"),
        ],
    );
}

#[test]
fn georgia_is_a_state_of_either_kind() {
    en(
        "2008-09-10",
        "Georgia accused Russia of an attack on Tbilisi.",
        &[("Georgia", "GEO"), ("Russia", "RUS")],
    );
    de(
        "2008-09-10",
        "Georgien wirft Moskau einen Angriff auf Tiflis vor.",
        &[("Georgien", "GEO"), ("Moskau", "RUS")],
    );
}

#[test]
fn offices_change_hands() {
    for (day, name) in [
        ("2005-11-01", "person:gerhard-schroeder"),
        ("2006-03-01", "person:angela-merkel"),
    ] {
        let text = "Bundeskanzlerin Merkel und Gerhard Schröder sprachen in Berlin.";
        let (_, entities) = read(Lang::De, day, text);
        let entity = entities
            .entities
            .iter()
            .find(|e| &*e.id == name)
            .unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(entity.country.as_deref(), Some("DEU"));
    }
    let roles = |day| {
        let (_, entities) = read(Lang::De, day, "Joe Biden sprach in Washington.");
        entities
            .entities
            .iter()
            .find(|e| e.id.contains("biden"))
            .map(|e| e.roles.clone())
            .unwrap_or_default()
    };
    assert_eq!(roles("2024-10-24"), [Sector::Gov]);
    assert!(roles("2025-06-01").is_empty(), "out of office, Biden has no role");
}

#[test]
fn former_presidents_act_for_nobody_else() {
    de(
        "2024-10-24",
        "Der frühere US-Präsident Jimmy Carter besuchte Äthiopien und lobte die Wahl.",
        &[("US-Präsident Jimmy Carter", "USA")],
    );
    let (_, entities) = read(
        Lang::De,
        "2010-01-01",
        "Der ehemalige ukrainische Präsident Hryhorij Wolkow starb.",
    );
    let person = entities.entities.iter().find(|e| e.id.contains("wolkow"));
    assert_eq!(person.map(|p| p.roles.clone()), Some(vec![Sector::Eli]));
}

#[test]
fn what_the_text_says_outranks_the_tables() {
    de(
        "2019-07-25",
        "Der kanadische Außenminister Boris Johnson reiste nach Ottawa. Johnson lobte Kanada.",
        &[("Johnson lobte", "CAN")],
    );
}

#[test]
fn short_names_follow_full_ones() {
    de(
        "2024-10-24",
        "Die peruanische Ministerin Rosa Quispe trat zurück. Quispe nannte keine Gründe.",
        &[("Quispe nannte", "PER")],
    );
}

#[test]
fn weak_nouns_are_one_or_many() {
    de(
        "2010-02-20",
        "Die Junta in Niamey setzte den nigrischen Präsidenten Salifou Danda ab. Danda floh.",
        &[
            ("den nigrischen Präsidenten Salifou Danda", "NER"),
            ("Danda floh", "NER"),
        ],
    );
}

#[test]
fn initials_stand_for_given_names() {
    de(
        "2013-04-08",
        "Der kanadische Minister Robert Kellner sprach in Japan. R. Kellner lobte Tokio.",
        &[("R. Kellner", "CAN")],
    );
}

#[test]
fn bodies_of_towns() {
    de(
        "2013-04-08",
        "Nordkorea droht. Die Universität Busan warnt, die Staatsanwaltschaft Köln ermittelt.",
        &[("Die Universität Busan", "KOR"), ("die Staatsanwaltschaft Köln", "DEU")],
    );
}

#[test]
fn party_names_that_many_states_have() {
    de(
        "2010-05-06",
        "In Thailand kündigte der Premier Neuwahlen an. Die Demokratische Partei stimmte zu.",
        &[("Demokratische Partei", "THA")],
    );
}

#[test]
fn surnames_alone_need_standing() {
    de(
        "2007-02-01",
        "Präsident Bush und Blair berieten über den Irak.",
        &[("Präsident Bush", "USA"), ("Blair", "GBR")],
    );
    de(
        "2024-10-24",
        "Putin droht der Nato.",
        &[("Putin", "RUS"), ("Nato", "NATO")],
    );
}

#[test]
fn roles_take_their_state_from_every_side() {
    de(
        "2024-10-24",
        "Der polnische Außenminister traf Estlands Präsidenten, den Präsidenten der Ukraine, den US-Verteidigungsminister und \
         die Regierung in Seoul.",
        &[
            ("Der polnische Außenminister", "POL"),
            ("Estlands Präsidenten", "EST"),
            ("Präsidenten der Ukraine", "UKR"),
            ("US-Verteidigungsminister", "USA"),
            ("Regierung in Seoul", "KOR"),
        ],
    );
}

#[test]
fn speakers_act_for_their_bodies() {
    de(
        "2024-10-24",
        "Ein Sprecher des ukrainischen Generalstabs dementierte. Der Kremlsprecher schwieg. Ein UN-Sprecher mahnte.",
        &[
            ("Ein Sprecher des ukrainischen Generalstabs", "UKR"),
            ("Kremlsprecher", "RUS"),
            ("UN-Sprecher", "UN"),
        ],
    );
}

#[test]
fn appositions_teach() {
    de(
        "2024-10-24",
        "Am Dienstag sprach Tomasz Nowak, Sprecher des polnischen Außenministeriums, in Kiew. Nowak warnte Russland.",
        &[("Nowak warnte", "POL")],
    );
    de(
        "2024-10-24",
        "Der Präsident des türkischen Hochschulrates, Dr. Erdem Yilmazer, gab den Orden zurück. Yilmazer schrieb an Paris.",
        &[("Yilmazer schrieb", "TUR")],
    );
}

#[test]
fn people_of_bodies() {
    de(
        "2008-05-14",
        "Elizabeth Byrs vom UN-Büro für humanitäre Hilfe sprach über Myanmar. Byrs lobte die Helfer.",
        &[("Byrs lobte", "UN")],
    );
}

#[test]
fn generic_bodies_belong_to_the_state_of_the_report() {
    de(
        "2009-04-07",
        "In Thailand protestieren tausende Menschen. Die Regierung rief die Armee. Demonstranten griffen Polizisten an.",
        &[
            ("Menschen", "THA"),
            ("Die Regierung", "THA"),
            ("die Armee", "THA"),
            ("Demonstranten", "THA"),
            ("Polizisten", "THA"),
        ],
    );
}

#[test]
fn a_body_named_before_is_the_same_body() {
    de(
        "2006-08-23",
        "Die sudanesische Regierung wies die Vorwürfe der USA zurück. Die USA drohten erneut. Die Regierung bat um Hilfe.",
        &[("Die Regierung bat", "SDN")],
    );
}

#[test]
fn people_without_a_state_stay_without_one() {
    de(
        "2024-10-24",
        "Kritiker warfen der Regierung in Paris Versagen vor.",
        &[("Kritiker", "-")],
    );
    de(
        "2024-10-24",
        "Hilfsorganisationen kritisieren Italien.",
        &[("Hilfsorganisationen", "-")],
    );
    de(
        "2024-10-24",
        "Frankreich bat ausländische Soldaten um Hilfe.",
        &[("ausländische Soldaten", "-")],
    );
}

#[test]
fn organisations_have_keys_and_parts() {
    de(
        "2011-02-27",
        "Der UN-Sicherheitsrat, die EU-Kommission, die Afrikanische Union und der Internationale Strafgerichtshof ermitteln \
         gegen Libyen.",
        &[
            ("UN-Sicherheitsrat", "UN"),
            ("EU-Kommission", "EU"),
            ("Afrikanische Union", "AU"),
            ("Internationale Strafgerichtshof", "ICC"),
        ],
    );
}

#[test]
fn agencies_and_parties_name_their_state() {
    de(
        "2006-03-01",
        "Der BND und die SPD äußerten sich.",
        &[("BND", "DEU"), ("SPD", "DEU")],
    );
    de(
        "2006-04-05",
        "Die Konservative Partei Kanadas gewann.",
        &[("Konservative Partei Kanadas", "CAN")],
    );
}

#[test]
fn armed_groups_have_key_and_state() {
    let (_, entities) = read(
        Lang::De,
        "2024-10-24",
        "Die Hamas und die Hisbollah feuerten Raketen auf Israel.",
    );
    let hamas = entities.entities.iter().find(|e| &*e.id == "org:HAMAS").expect("Hamas");
    assert_eq!(hamas.country.as_deref(), Some("PSE"));
    assert_eq!(hamas.roles, [Sector::Reb]);
}

#[test]
fn compounds_name_their_first_part() {
    let (text, entities) = read(
        Lang::De,
        "2024-10-24",
        "Nach dem US-Angriff begann der Irakkrieg. Der Nato-Beitritt stockt.",
    );
    let part = |word: &str| {
        let start = text.find(word).expect("the word stands there");
        let mention = entities
            .mentions
            .iter()
            .find(|m| m.kind == MentionKind::CompoundPart && m.span.start() == start)
            .unwrap_or_else(|| panic!("{word} names nobody"));
        entities.compound_part_of(mention.head).and_then(|e| entities.key(e))
    };
    assert_eq!(part("US-Angriff"), Some("USA"));
    assert_eq!(part("Irakkrieg"), Some("IRQ"));
    assert_eq!(part("Nato-Beitritt"), Some("NATO"));
}

#[test]
fn compounds_of_roles_name_a_body() {
    de(
        "2009-04-07",
        "In Thailand endete der Truppenabzug nach einem Gerichtsurteil.",
        &[("Truppenabzug", "THA"), ("Gerichtsurteil", "THA")],
    );
}

#[test]
fn adjectives_are_found_by_their_word() {
    let (text, entities) = read(Lang::De, "2024-10-24", "Russische Raketen trafen Charkiw.");
    let adjective = entities
        .mentions
        .iter()
        .find(|m| m.kind == MentionKind::Adjective)
        .expect("an adjective");
    assert_eq!(adjective.span.of(&text), "Russische");
    assert_eq!(
        entities.adjective_at(adjective.head).and_then(|e| entities.key(e)),
        Some("RUS")
    );
}

#[test]
fn adjectives_of_towns_and_double_adjectives() {
    de(
        "2024-10-24",
        "Die Pariser Regierung und die Londoner Behörden schwiegen.",
        &[("Pariser Regierung", "FRA"), ("Londoner Behörden", "GBR")],
    );
    de(
        "2024-10-24",
        "Russisch-nordkoreanische Manöver beunruhigen Tokio.",
        &[("Tokio", "JPN")],
    );
}

#[test]
fn inhabitants_are_people_not_the_state() {
    let (text, entities) = read(
        Lang::De,
        "2024-10-24",
        "Die Ukrainer demonstrieren. Tibeter protestieren.",
    );
    assert_eq!(
        meant(&text, &entities, "Ukrainer"),
        ("UKR".into(), Some(MentionKind::Group))
    );
    assert_eq!(
        meant(&text, &entities, "Tibeter"),
        ("CHN".into(), Some(MentionKind::Group))
    );
    let actors = entities.mentions.iter().filter_map(|m| m.actor);
    assert!(actors.map(|a| entities.entity(a)).all(|e| &*e.id != "country:UKR"));
}

#[test]
fn pronouns_by_gender() {
    de(
        "2024-10-24",
        "Die deutsche Außenministerin traf den türkischen Präsidenten. Sie forderte ein Ende der Angriffe.",
        &[("Sie forderte", "DEU")],
    );
    de(
        "2024-10-24",
        "Der türkische Präsident traf die deutsche Außenministerin. Er forderte ein Ende der Angriffe.",
        &[("Er forderte", "TUR")],
    );
}

#[test]
fn relative_pronouns_follow_their_noun() {
    de(
        "2024-10-24",
        "Die Armee von Sudan, die das Dorf beschoss, schwieg.",
        &[("die das Dorf", "SDN")],
    );
}

#[test]
fn the_country_and_both_sides() {
    de(
        "2012-09-14",
        "Frankreich weist Roma aus. Das Land will hart bleiben.",
        &[("Das Land", "FRA")],
    );
    de(
        "2024-10-24",
        "Russland verhandelt mit Nordkorea. Beide Länder unterzeichneten einen Vertrag.",
        &[("Beide Länder", "RUS+PRK")],
    );
}

#[test]
fn the_alliance_is_the_one_named() {
    de(
        "2024-10-24",
        "Schweden trat der Nato bei. Das Bündnis begrüßte den Schritt.",
        &[("Das Bündnis", "NATO")],
    );
}

#[test]
fn ambiguous_states_follow_the_report() {
    de(
        "2007-01-24",
        "In Kinshasa demonstrieren Studenten. Die kongolesische Regierung griff ein.",
        &[("kongolesische Regierung", "COD")],
    );
    de(
        "2007-01-24",
        "In Brazzaville brachen Gefangene aus. Die kongolesische Regierung schwieg.",
        &[("kongolesische Regierung", "COG")],
    );
}

#[test]
fn es_is_whatever_is_neuter() {
    let meant = |text: &str| {
        let (text, entities) = read(Lang::De, "2024-10-24", text);
        let pronoun =
            |m: &&super::Mention| m.kind == MentionKind::Pronoun && m.span.of(&text).eq_ignore_ascii_case("es");
        let mention = entities.mentions.iter().find(pronoun)?;
        entities.entities[mention.actor?.ix()]
            .country
            .as_deref()
            .map(str::to_owned)
    };
    let prk = Some("PRK".to_owned());
    assert_eq!(meant("Nordkorea ist zornig. Es drohte den USA mit Vergeltung."), prk);
    assert_eq!(
        meant("Polen warnte, es werde seine Grenze schließen."),
        Some("POL".to_owned())
    );
    assert_eq!(
        meant("Das russische Parlament tagte. Es verurteilte den Angriff."),
        Some("RUS".to_owned())
    );
    // Turkey is feminine, Israel is not.
    assert_eq!(
        meant("Die Türkei kritisierte Israel. Es habe Zivilisten getötet."),
        Some("ISR".to_owned())
    );
    assert_eq!(meant("Russland drohte. Es wurden 20 Menschen getötet."), None);
    assert_eq!(meant("Israel griff an. Es kam zu Kämpfen."), None);
    assert_eq!(meant("Israel griff an. Es heißt, die Armee habe gesiegt."), None);
}

#[test]
fn those_whom_a_state_helps_are_not_its_own() {
    de(
        "2018-01-24",
        "Die von der Türkei unterstützten Rebellen griffen die syrische Armee an.",
        &[("unterstützten Rebellen", "SYR")],
    );
    en(
        "2018-01-24",
        "Turkish-backed rebels attacked the Syrian army.",
        &[("rebels", "SYR")],
    );
    en(
        "2018-01-24",
        "The US-led coalition bombed Raqqa.",
        &[("coalition", "USA")],
    );
}

#[test]
fn one_person_serves_a_state_and_an_organisation() {
    for (day, key) in [("2004-12-15", "IAEA"), ("2011-10-17", "EGY")] {
        de(
            day,
            "Mohammed el-Baradei kritisierte Togo.",
            &[("Mohammed el-Baradei", key)],
        );
    }
    for (day, key) in [("2002-04-02", "IMF"), ("2006-04-02", "DEU")] {
        de(day, "Horst Köhler kritisierte Togo.", &[("Horst Köhler", key)]);
    }
}

#[test]
fn surnames_may_be_words() {
    de(
        "2023-05-15",
        "Antony Blinken traf den Minister aus Togo. Am Montag warnte Blinken ihn.",
        &[("warnte Blinken", "USA")],
    );
    de(
        "2002-05-15",
        "Joschka Fischer besuchte Togo. Später kritisierte Fischer die Lage.",
        &[("kritisierte Fischer", "DEU")],
    );
}

#[test]
fn towns_that_are_words_are_words() {
    let (_, entities) = read(
        Lang::De,
        "2024-10-24",
        "Das Essen war gut. Die Lage in der Halle blieb ruhig.",
    );
    assert!(
        entities.mentions.iter().all(|m| m.place.is_none()),
        "{:?}",
        entities.mentions
    );
}

#[test]
fn towns_that_are_words_or_given_names_need_a_place_to_stand() {
    for text in [
        "Die Behörden warnten vor Corona.",
        "Vor dem Tank explodierte eine Bombe.",
        "David wurde verhaftet.",
        "Der Ajatollah erließ eine Fatwa gegen den Schriftsteller.",
        "In der Metro gab es Tote.",
    ] {
        let (_, entities) = read(Lang::De, "2024-10-24", text);
        assert!(entities.mentions.iter().all(|m| m.place.is_none()), "{text}");
    }
    check(
        Lang::De,
        "2019-10-10",
        "In Halle wurden zwei Menschen erschossen.",
        &[("Halle", "DEU")],
    );
}

#[test]
fn places_have_coordinates() {
    let (_, entities) = read(Lang::De, "2024-10-24", "Russland griff Charkiw und Saporischschja an.");
    let place = entities
        .mentions
        .iter()
        .filter_map(|m| m.place.as_ref())
        .find(|p| &*p.name == "Charkiw")
        .expect("Charkiw");
    assert_eq!(place.country.as_deref(), Some("UKR"));
    let (lat, lon) = place.position.expect("a position");
    assert!((lat - 50.0).abs() < 0.2 && (lon - 36.2).abs() < 0.3);
}

#[test]
fn federal_offices_are_german_unless_the_report_is_not() {
    de(
        "2017-04-03",
        "In Russland explodierte eine Bombe. Der Bundesaußenminister kondolierte.",
        &[("Bundesaußenminister", "DEU")],
    );
    de(
        "2019-04-03",
        "Österreichs Bundespräsident kondolierte.",
        &[("Bundespräsident", "AUT")],
    );
    de(
        "2012-02-19",
        "In den USA verurteilte ein Bundesrichter den Mann.",
        &[("Bundesrichter", "USA")],
    );
}

#[test]
fn premises_stand_for_their_owners() {
    kinds(
        "In der Ukraine trafen Raketen ein Krankenhaus.",
        &[("ein Krankenhaus", MentionKind::Thing)],
    );
    de(
        "2024-10-24",
        "In der Ukraine trafen Raketen ein Krankenhaus.",
        &[("ein Krankenhaus", "UKR")],
    );
}

#[test]
fn derivations_are_no_compounds() {
    let (_, entities) = read(
        Lang::De,
        "2024-10-24",
        "Die Entführung und die Institutionen, die Fahrzeuge und der Vorrat in Mali.",
    );
    let named = entities
        .mentions
        .iter()
        .filter(|m| m.kind != MentionKind::Place)
        .filter(|m| !matches!(m.kind, MentionKind::Pronoun));
    let roles: Vec<_> = named.filter(|m| matches!(m.kind, MentionKind::CompoundPart)).collect();
    assert!(roles.is_empty(), "{roles:?}");
}

#[test]
fn english_owners() {
    en(
        "2018-10-01",
        "North Korea's foreign minister met the Ukrainian president. The U.S. ambassador accused China. President Donald \
         Trump spoke. Xi Jinping, China's president, listened.",
        &[
            ("North Korea's foreign minister", "PRK"),
            ("Ukrainian president", "UKR"),
            ("U.S. ambassador", "USA"),
            ("President Donald Trump", "USA"),
            ("Xi Jinping", "CHN"),
        ],
    );
}

#[test]
fn english_pronouns_and_groups() {
    en(
        "2018-10-01",
        "Police in Thailand arrested protesters.",
        &[("Police", "THA"), ("protesters", "THA")],
    );
    en(
        "2018-10-01",
        "The White House rejected the report.",
        &[("White House", "USA")],
    );
}

#[test]
fn adjectives_of_continents() {
    // Offices are those of the bloc, other people of no state that the report is about.
    de(
        "2024-10-24",
        "Die europäischen Verteidigungsminister verurteilten den Putsch in Niger. Europäische Demonstranten riefen nach Hilfe, \
         zwanzig afrikanische Staaten schwiegen.",
        &[
            ("Die europäischen Verteidigungsminister", "EU"),
            ("Europäische Demonstranten", "-"),
            ("zwanzig afrikanische Staaten", "-"),
        ],
    );
}

#[test]
fn parties_with_names_of_their_own_keep_their_state() {
    de(
        "2015-05-06",
        "Die AfD, der Likud und die PiS verurteilten den Angriff auf Kandahar. Die Sozialdemokraten schwiegen.",
        &[
            ("AfD", "DEU"),
            ("Likud", "ISR"),
            ("PiS", "POL"),
            ("Sozialdemokraten", "AFG"),
        ],
    );
}

#[test]
fn groups_belong_where_they_are() {
    for (text, known) in [
        (
            "Sicherheitskräfte in Myanmar schossen.",
            ("Sicherheitskräfte in Myanmar", "MMR"),
        ),
        (
            "Kanada lobte Journalisten in der Türkei.",
            ("Journalisten in der Türkei", "TUR"),
        ),
        (
            "Kanada kritisierte Regierungstruppen im Sudan.",
            ("Regierungstruppen im Sudan", "SDN"),
        ),
        ("Soldaten aus Ruanda griffen an.", ("Soldaten aus Ruanda", "RWA")),
        ("Kanada lobte die Miliz M23.", ("die Miliz M23", "M23")),
        (
            "Die Schweizer Regierung lobte die Behörden in Baku.",
            ("Die Schweizer Regierung", "CHE"),
        ),
        ("Die Schweizer lobten Kuba.", ("Schweizer", "CHE")),
    ] {
        de("2024-10-16", text, &[known]);
    }
}

#[test]
fn two_people_side_by_side() {
    for (text, known) in [
        (
            "In Genf machte US-Präsident Joe Biden Wladimir Putin verantwortlich.",
            [("US-Präsident Joe Biden", "USA"), ("Wladimir Putin", "RUS")],
        ),
        (
            "Am Montag lobte Erdogan Netanjahu.",
            [("Erdogan", "TUR"), ("Netanjahu", "ISR")],
        ),
        (
            "Die Gespräche Präsident Macrons mit Moskau begannen.",
            [("Präsident Macrons", "FRA"), ("Moskau", "RUS")],
        ),
    ] {
        de("2024-03-01", text, &known);
    }
}

#[test]
fn names_in_other_transcriptions_are_the_same_people() {
    de(
        "2023-03-01",
        "Mohsen Rezai und Olexij Resnikow schwiegen, Peter Hahn nicht.",
        &[("Mohsen Rezai", "IRN"), ("Olexij Resnikow", "UKR")],
    );
    let (_, entities) = read(Lang::De, "2023-03-01", "Olexij Resnikow schwieg, Peter Hahn nicht.");
    let ids: Vec<&str> = entities.entities.iter().map(|e| &*e.id).collect();
    assert_eq!(ids, ["person:oleksij-resnikow", "person:peter-hahn"]);
}

#[test]
fn chancellors_are_where_they_hold_office() {
    de(
        "2024-10-16",
        "Bundeskanzler Scholz sprach in Wien mit Bundeskanzler Nehammer.",
        &[("Bundeskanzler Scholz", "DEU"), ("Bundeskanzler Nehammer", "AUT")],
    );
    // A president of Austria had that name then.
    de(
        "2005-09-19",
        "Bundesaußenminister Joschka Fischer schwieg, Bundesaußenminister Fischer auch.",
        &[("Joschka Fischer", "DEU"), ("Bundesaußenminister Fischer", "DEU")],
    );
}

#[test]
fn national_bodies_are_not_those_of_the_un() {
    de(
        "2024-10-24",
        "Der iranische Sicherheitsrat tagte, danach der Sicherheitsrat in New York.",
        &[
            ("Sicherheitsrat tagte", "IRN"),
            ("der Sicherheitsrat in New York", "UN"),
        ],
    );
}

#[test]
fn police_belong_where_they_are_and_hold_their_own() {
    en(
        "2018-10-01",
        "Turkish President Recep Tayyip Erdogan travelled to Germany. Erdogan opened a mosque in Cologne. Police closed \
         the roads.",
        &[("Police", "DEU")],
    );
    de(
        "2024-10-24",
        "Der Iran kritisierte die USA. Der iranische Präsident drohte Israel. Die ukrainische Staatsanwaltschaft nahm zehn \
         Beamte fest.",
        &[("zehn Beamte", "UKR")],
    );
}

#[test]
fn nothing_breaks_on_odd_input() {
    for text in [
        "",
        " ",
        "…",
        "(",
        "„“",
        "des",
        "Präsident",
        "- - -",
        "US-",
        "Bundes-",
        "\u{feff}ß’s",
        "A.B.C. von der",
    ] {
        for lang in [Lang::De, Lang::En] {
            read(lang, "2024-10-24", text);
        }
    }
}

#[test]
fn a_body_is_named_after_its_noun() {
    de(
        "2011-05-23",
        "Die Hilfsorganisation Ärzte ohne Grenzen und der arabische Sender Al-Dschasira widersprachen. Die Zeitung \"Kommersant\" schwieg.",
        &[
            ("Hilfsorganisation Ärzte ohne Grenzen", "MSF"),
            ("der arabische Sender Al-Dschasira", "QAT"),
            ("Die Zeitung \"Kommersant\"", "RUS"),
        ],
    );
}

#[test]
fn an_office_means_who_was_named_with_it() {
    let (text, entities) = read(
        Lang::De,
        "2005-07-21",
        "Bundespräsident Horst Köhler hat den Bundestag aufgelöst. Der Bundespräsident begründete dies.",
    );
    let office = text.rfind("Der Bundespräsident").unwrap();
    let mention = entities.mentions.iter().find(|m| m.span.start() == office).unwrap();
    assert_eq!(&*entities.entity(mention.actor.unwrap()).id, "person:horst-koehler");
}

#[test]
fn possessives_mean_who_was_told_of() {
    de(
        "2024-10-24",
        "Premierminister Benjamin Netanjahu sprach in Paris. Seiner Ansicht nach ist die Lage ernst.",
        &[("Seiner", "ISR")],
    );
}

#[test]
fn a_named_owner_stands_before_a_possessive() {
    de(
        "2018-10-24",
        "Außenminister Maas traf seinen französischen Amtskollegen und seinen US-Kollegen.",
        &[("seinen französischen", "FRA"), ("seinen US-Kollegen", "USA")],
    );
    en(
        "2021-10-24",
        "Armenia's prime minister met his Azerbaijani counterpart in Brussels.",
        &[("his Azerbaijani", "AZE")],
    );
    // Where they come from is no owner.
    de(
        "2018-10-24",
        "Frankreich hat seine Staatsbürger aus Niger evakuiert.",
        &[("seine", "FRA")],
    );
}

#[test]
fn an_adjective_tells_where_only_within() {
    de(
        "2024-05-24",
        "Bei russischen Luftangriffen auf Charkiw wurden zwölf Menschen getötet.",
        &[("zwölf Menschen", "UKR")],
    );
}

#[test]
fn a_junta_governs_where_it_is() {
    de(
        "2023-08-24",
        "Die Militärjunta in Niger hat den französischen Botschafter ausgewiesen.",
        &[("Die Militärjunta", "NER")],
    );
}

#[test]
fn of_two_in_office_the_first_row_is_meant_by_a_surname() {
    let (text, entities) = read(
        Lang::De,
        "2024-06-19",
        "Putin und Kim unterzeichnen in Pjöngjang einen Vertrag.",
    );
    let at = text.find("Kim").unwrap() as u32;
    let mention = entities.mentions.iter().find(|m| m.span.start() as u32 == at);
    let name = mention.and_then(|m| m.actor).map(|a| &*entities.entity(a).name);
    assert_eq!(name, Some("Kim Jong Un"), "not the prime minister Kim Tok Hun");
}

#[test]
fn an_english_adjective_reaches_over_a_compound() {
    en(
        "2023-08-24",
        "China sanctioned two American defence companies over arms sales to Taiwan.",
        &[("two American", "USA")],
    );
}

#[test]
fn an_acronym_means_the_words_that_it_is_spelled_out_by() {
    de(
        "2007-07-29",
        "Die Partei Thai Rak Thai (TRT) wurde in Thailand verboten. Anhänger der TRT protestierten.",
        &[("der TRT", "THA")],
    );
    de("2007-07-29", "Das türkische TRT berichtete.", &[("TRT", "TUR")]);
}

#[test]
fn a_name_behind_a_genitive_is_not_the_genitives() {
    let (text, entities) = read(
        Lang::De,
        "2006-05-21",
        "Einer der Kritiker des thailändischen Ministerpräsidenten, Sondhi Limthongkul, wies darauf hin.",
    );
    let name = text.find("Sondhi").unwrap();
    let office = text.find("des thailändischen").unwrap();
    let actor = |at| {
        entities
            .mentions
            .iter()
            .find(|m| m.span.start() == at)
            .and_then(|m| m.actor)
    };
    assert_ne!(actor(name), actor(office));
}

#[test]
fn english_names_keep_their_hyphens() {
    en(
        "2018-10-01",
        "Hans-Peter Bartels of the German parliament criticised Russia.",
        &[("Hans-Peter Bartels", "DEU")],
    );
}

/// Checks the name of who is meant.
#[track_caller]
fn named(lang: Lang, text: &str, expected: &[(&str, &str)]) {
    let (text, entities) = read(lang, "2015-05-05", text);
    for (words, name) in expected {
        let at = text.find(words).unwrap();
        let last = Span::at(at, at + words.len());
        let mention = entities
            .mentions
            .iter()
            .find(|m| m.span.contains(last) || last.contains(m.span));
        let found = mention.and_then(|m| m.actor).map(|e| &*entities.entity(e).name);
        assert_eq!(found, Some(*name), "\"{words}\" in: {text}");
    }
}

#[test]
fn a_name_stands_behind_office_body_and_brackets() {
    named(
        Lang::En,
        "Minister of Education Stefania Giannini spoke in Rome.",
        &[("Stefania Giannini", "Stefania Giannini")],
    );
    en(
        "2015-05-05",
        "The minister of defence, Marco Galantino, spoke in Rome. Galantino criticised Italy.",
        &[("Galantino criticised", "ITA")],
    );
    de(
        "2015-05-05",
        "Der Vorsitzende der CSU (Christlich-Soziale Union), Hans Huber, sprach in Paris. Huber lobte Frankreich.",
        &[("Huber lobte", "DEU")],
    );
    named(
        Lang::De,
        "Der Direktor der CEI, Nunzio Galantino, sprach in Rom.",
        &[("Der Direktor", "Nunzio Galantino")],
    );
}

#[test]
fn a_body_stands_before_the_role_of_who_was_named() {
    for role in ["the State Department spokesman", "a State Department Spokesperson"] {
        en(
            "2015-05-05",
            &format!("Jeff Rathke, {role}, spoke in Rome."),
            &[("Jeff Rathke", "USA")],
        );
    }
}

#[test]
fn titles_are_no_names() {
    named(
        Lang::En,
        "New Zealand's Prime Minister John Key spoke in Rome. Mr Key criticised Italy.",
        &[("Mr Key", "John Key")],
    );
}

#[test]
fn two_parties_of_one_state_are_both() {
    let (text, entities) = read(
        Lang::De,
        "2021-11-24",
        "Die SPD und die FDP verhandelten in Berlin. Beide Parteien einigten sich.",
    );
    let at = text.find("Beide Parteien").unwrap();
    let mention = entities.mentions.iter().find(|m| m.span.start() == at).unwrap();
    let parties = mention.actor.iter().chain(&mention.also);
    let names: Vec<&str> = parties.map(|e| &*entities.entity(*e).name).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn another_paper_is_not_the_one_named_before() {
    let (_, entities) = read(
        Lang::De,
        "2021-11-24",
        "Die Zeitung „Haaretz“ meldet Gefechte. Die Ärztezeitung berichtet aus Berlin.",
    );
    let mention = entities
        .mentions
        .iter()
        .find(|m| m.tokens.len() == 2 && m.kind == MentionKind::Role);
    let actor = mention
        .and_then(|m| m.actor)
        .map(|e| entities.entity(e).country.as_deref());
    assert_ne!(actor, Some(Some("ISR")));
}

#[test]
fn nobody_acts_for_a_body_before_his_term() {
    de(
        "2006-11-16",
        "Jean-Claude Juncker kritisierte in Luxemburg die Regierung von Luxemburg.",
        &[("Jean-Claude Juncker", "LUX")],
    );
}

#[test]
fn a_body_that_is_named_outranks_that_of_the_office() {
    de(
        "2010-05-05",
        "Der Kommissionspräsident der Afrikanischen Union sprach. Der luxemburgische Ratspräsident schwieg.",
        &[
            ("Der Kommissionspräsident der Afrikanischen Union", "AU"),
            ("Der luxemburgische Ratspräsident", "EU"),
        ],
    );
}

#[test]
fn people_come_from_where_they_are_said_to() {
    de(
        "2019-05-14",
        "Indische Behörden haben einen Journalisten aus Myanmar verhaftet.",
        &[("einen Journalisten aus Myanmar", "MMR")],
    );
}

#[test]
fn what_lies_in_a_part_of_a_state_lies_in_the_state() {
    de(
        "2019-05-14",
        "Pakistanische Kampfflugzeuge bombardierten Stellungen im Norden Armeniens.",
        &[("Stellungen", "ARM")],
    );
}

#[test]
fn a_place_of_talks_gives_no_federal_government() {
    de(
        "2014-05-14",
        "Die Bundesregierung verurteilte Russland. In Genf wurde verhandelt.",
        &[("Die Bundesregierung", "DEU")],
    );
    de(
        "2014-05-14",
        "Österreich schließt die Grenze. In Österreich war die Bundesregierung einig.",
        &[("die Bundesregierung", "AUT")],
    );
}

#[test]
fn somebody_named_before_is_no_small_town() {
    de(
        "2012-03-03",
        "Ex-Präsident Bush ermahnte Syrien. Bush warnte den Iran.",
        &[("Ex-Präsident Bush", "USA"), ("Bush", "USA")],
    );
}

#[test]
fn an_alliance_without_its_name_is_that_of_the_report() {
    de(
        "2009-04-04",
        "Die Nato-Staaten haben sich geeinigt. Das Bündnis verurteilte Russland.",
        &[("Das Bündnis", "NATO")],
    );
    de(
        "2017-01-19",
        "Truppen des westafrikanischen Staatenbundes Ecowas marschierten in Gambia ein.",
        &[("Truppen des westafrikanischen Staatenbundes Ecowas", "ECOWAS")],
    );
}

#[test]
fn a_role_of_several_has_a_list_of_owners() {
    let owners = |text: &str| {
        let (_, entities) = read(Lang::De, "2019-05-14", text);
        let first = &entities.mentions[0];
        let all = first.actor.iter().chain(&first.also);
        let keys: Vec<String> = all
            .map(|e| {
                let entity = entities.entity(*e);
                let key = entity.org.as_deref().or(entity.country.as_deref());
                key.unwrap_or_default().to_owned()
            })
            .collect();
        keys.join(" ")
    };
    assert_eq!(
        owners("Die Präsidenten von Algerien, Nigeria und Ghana trafen sich."),
        "DZA NGA GHA"
    );
    assert_eq!(owners("Vertreter der USA und der Taliban trafen sich."), "USA TALIBAN");
    assert_eq!(
        owners("Der Präsident der USA und die Nato kritisierten Russland."),
        "USA"
    );
}

#[test]
fn those_to_whom_something_happens_in_a_state_are_its_people() {
    de(
        "2019-05-14",
        "In Hongkong demonstrieren Tausende. Hongkong wählt. In Saudi-Arabien ist Raif Badawi verurteilt worden. \
         In Mexiko wurden sieben Reporter ermordet.",
        &[("Raif Badawi", "SAU"), ("sieben Reporter", "MEX")],
    );
}

/// Checks who is meant in the last of several sentences.
#[track_caller]
fn check_last(lang: Lang, before: &str, last: &str, expected: &[(&str, &str)]) {
    let text = format!("{before} {last}");
    let (text, entities) = read(lang, "2024-10-24", &text);
    for (words, key) in expected {
        let at = before.len() + 1 + last.find(words).expect("the words stand in the last sentence");
        let span = Span::at(at, at + words.len());
        let apart = |m: &&Mention| m.span.start().abs_diff(span.start()) + m.span.end().abs_diff(span.end());
        let mention = entities.mentions.iter().min_by_key(apart);
        let keys: Vec<_> = mention
            .into_iter()
            .flat_map(|m| m.actor.iter().chain(&m.also))
            .filter_map(|e| entities.key(*e))
            .collect();
        assert_eq!(keys.join("+"), *key, "{words} in {text}");
    }
}

#[test]
fn governments_without_a_name_are_those_of_the_subject() {
    let before = "Thailand hat Venezuela scharf kritisiert.";
    check_last(
        Lang::De,
        before,
        "Zugleich drohte die Regierung mit Sanktionen.",
        &[("die Regierung", "THA")],
    );
    let before = "Thailand has sharply criticised Venezuela.";
    check_last(
        Lang::En,
        before,
        "The government also threatened sanctions.",
        &[("The government", "THA")],
    );
    let before = "Indien hat den Angriff auf seine Botschaft in Kabul verurteilt.";
    check_last(
        Lang::De,
        before,
        "Das Außenministerium sprach von Terror.",
        &[("Das Außenministerium", "IND")],
    );
}

#[test]
fn the_land_that_one_does_something_to_is_another() {
    let before = "Kenia hat auf den Raketentest Perus reagiert.";
    check_last(
        Lang::De,
        before,
        "Die Regierung in Nairobi verhängte Sanktionen gegen das Land.",
        &[("das Land", "PER")],
    );
    check_last(
        Lang::De,
        before,
        "Die Regierung in Nairobi bestellte den Botschafter des Landes ein.",
        &[("den Botschafter", "PER")],
    );
    let before = "Der kenianische Präsident hat mit Peru abgerechnet.";
    check_last(
        Lang::De,
        before,
        "Das Land müsse seine Truppen abziehen, verlangte er.",
        &[("Das Land", "PER")],
    );
    let before = "The Cuban foreign minister flew into Baghdad on Monday.";
    check_last(
        Lang::En,
        before,
        "The country's president received him.",
        &[("The country's president", "IRQ")],
    );
}

#[test]
fn counterparts_and_hosts_are_of_another_state() {
    let before = "Der kolumbianische Präsident ist nach Kigali gereist.";
    check_last(
        Lang::De,
        before,
        "Dort traf er seinen Amtskollegen.",
        &[("seinen Amtskollegen", "RWA")],
    );
    check_last(
        Lang::De,
        before,
        "Am Abend empfing ihn der Staatschef.",
        &[("der Staatschef", "RWA")],
    );
}

#[test]
fn two_that_were_named_together_are_both() {
    let before = "Vertreter Kolumbiens und Russlands haben in Genf verhandelt.";
    check_last(
        Lang::De,
        before,
        "Die beiden Länder einigten sich.",
        &[("Die beiden Länder", "COL+RUS")],
    );
    let before = "Zwei kenianische Piloten saßen im Iran in Haft.";
    check_last(
        Lang::De,
        before,
        "Am Freitag ließen die Behörden die beiden frei.",
        &[("die beiden", "KEN"), ("die Behörden", "IRN")],
    );
    let before = "Two Kenyan pilots were held in Iran.";
    check_last(
        Lang::En,
        before,
        "On Friday the authorities freed the two men.",
        &[("the two men", "KEN")],
    );
}

#[test]
fn pronouns_take_up_governments_and_those_to_whom_something_is_done() {
    let before = "Die Regierung in Seoul spricht von einer Kampagne.";
    check_last(Lang::De, before, "Sie lobte Nigeria.", &[("Sie", "KOR")]);
    let before = "Croatian rebels abducted 14 Japanese journalists in February.";
    check_last(
        Lang::En,
        before,
        "The kidnappers let them go on Wednesday.",
        &[("them", "JPN")],
    );
    let before = "Kenya objects to the past of the Peruvian envoy.";
    check_last(
        Lang::En,
        before,
        "Its foreign ministry refused to accept him.",
        &[("Its foreign ministry", "KEN")],
    );
}

#[test]
fn who_speaks_of_the_navy_speaks_of_his_own() {
    let before = "Vietnamese gunboats have been harassing tankers from Canada.";
    let last = "The navy will open fire next time, the Canadian defence minister warned.";
    check_last(Lang::En, before, last, &[("The navy", "CAN")]);
}

#[test]
fn members_named_behind_a_group_give_it_their_state() {
    de(
        "2018-10-01",
        "Die Regierungsbeamten, darunter Präsident Donald Trump, forderten Deutschland zum Ausstieg auf.",
        &[("Die Regierungsbeamten", "USA")],
    );
    en(
        "2018-10-01",
        "Cabinet members, including President Donald Trump, urged Germany to leave.",
        &[("Cabinet members", "USA")],
    );
}

#[test]
fn a_neighbouring_country_is_the_other_one() {
    let before = "China accuses Vietnam of sheltering rebels.";
    let last = "On Sunday the Chinese president threatened the neighbouring country.";
    check_last(Lang::En, before, last, &[("the neighbouring country", "VNM")]);
    let before = "Malaysia wirft Singapur Spionage vor.";
    let last = "Der malaysische Präsident drohte am Sonntag, das benachbarte Land anzugreifen.";
    check_last(Lang::De, before, last, &[("das benachbarte Land", "SGP")]);
}

#[test]
fn ones_home_country_is_where_one_is_from() {
    let before = "Former Iraqi minister Felix Norden was arrested in France in December.";
    let last = "On Wednesday he was extradited to his home country.";
    check_last(Lang::En, before, last, &[("his home country", "IRQ")]);
    let before = "Die türkische Polizei nahm den Syrer Ali Hassan fest.";
    check_last(
        Lang::De,
        before,
        "Am Montag kehrte er in seine Heimat zurück.",
        &[("seine Heimat", "SYR")],
    );
}

#[test]
fn fighters_are_the_armed_group_named_last() {
    de(
        "2025-10-29",
        "Die Rapid Support Forces haben im Sudan eine Stadt erobert. Die Miliz tötete Zivilisten. Die Armee greift die Paramilitärs an.",
        &[("Die Miliz", "RSF"), ("die Paramilitärs", "RSF")],
    );
    en(
        "2025-10-29",
        "The Houthis fired at a ship off Yemen. The rebels threatened Israel.",
        &[("The rebels", "HOUTHI")],
    );
}

#[test]
fn an_office_is_held_by_whom_the_tables_have_in_it() {
    en(
        "2025-03-04",
        "Canada criticised Trump. The president argued that both neighbours had failed.",
        &[("The president", "USA")],
    );
    de(
        "2024-05-01",
        "Polen lud Scholz ein. Der Kanzler kritisierte Russland.",
        &[("Der Kanzler", "DEU")],
    );
}

#[test]
fn a_region_is_better_known_than_a_town_of_its_name() {
    en(
        "2025-03-04",
        "Ontario Premier Doug Ford warned Washington.",
        &[("Doug Ford", "CAN")],
    );
}

#[test]
fn speakers_stand_for_whom_the_report_spoke_of_before() {
    en(
        "2025-03-04",
        "Beijing announced duties on American goods. \"The United States started it,\" a Foreign Ministry spokesman said.",
        &[("a Foreign Ministry", "CHN"), ("spokesman", "CHN")],
    );
    de(
        "2024-10-08",
        "China verhängte Zölle. Brüssel kündigte eine Klage an. Es gebe keine Grundlage für die Abgaben, erklärte ein Sprecher.",
        &[("ein Sprecher", "EU")],
    );
}

#[test]
fn heads_of_several_states_are_those_of_the_body_that_the_report_is_about() {
    de(
        "2023-07-30",
        "Die Ecowas tagte in Abuja. In Niger hatte das Militär geputscht. Der Präsident müsse freikommen, verlangten die Staatschefs.",
        &[("die Staatschefs", "ECOWAS")],
    );
}

#[test]
fn some_nouns_mean_only_certain_states() {
    de(
        "2025-10-29",
        "Katar vermittelt zwischen Israel und der Hamas. Der Golfstaat warnte Israel.",
        &[("Der Golfstaat", "QAT")],
    );
    en(
        "2017-09-04",
        "South Korea and North Korea held talks. The South warned the North.",
        &[("The South", "KOR"), ("the North", "PRK")],
    );
    de(
        "2017-09-04",
        "Südkorea warnte Nordkorea. Im Süden der Türkei bebte die Erde.",
        &[("Im Süden", "-")],
    );
}

#[test]
fn what_somebody_is_may_be_told_at_length() {
    en(
        "2018-10-01",
        "Bolivia lost its case. The matter was closed, said Paz Zárate, a Chilean expert in international law.",
        &[("Paz Zárate", "CHL")],
    );
}

#[test]
fn as_many_are_those_named_together() {
    de(
        "2025-08-28",
        "Deutschland, Frankreich und Polen warnten den Iran. Die drei Länder verhängten Sanktionen.",
        &[("Die drei Länder", "DEU+FRA+POL")],
    );
}

#[test]
fn given_names_tell_whom_a_pronoun_means() {
    named(
        Lang::En,
        "Nikki Ambers spoke to Peter Strand in Rome. She warned Iran.",
        &[("She", "Nikki Ambers")],
    );
}

#[test]
fn people_in_office_whose_surname_nobody_shares_need_no_introduction() {
    de(
        "2024-06-01",
        "Peskow kritisierte am Montag die Entscheidung.",
        &[("Peskow", "RUS")],
    );
    en(
        "2024-06-01",
        "Guterres criticised the decision on Monday.",
        &[("Guterres", "UN")],
    );
    // A name that is a noun as well.
    de(
        "2024-10-24",
        "Modi kritisierte am Montag die Entscheidung.",
        &[("Modi", "IND")],
    );
}
