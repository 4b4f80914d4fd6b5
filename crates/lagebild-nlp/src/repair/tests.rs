//! One sentence or two for each repair.

use crate::parse;
use lagebild_core::{Block, Dep, DocId, Document, Lang, Parsed, Part, Span, TokenIx, Upos};
use std::sync::Arc;

fn parse_text(lang: Lang, text: &str) -> Parsed {
    let text: Arc<str> = text.into();
    let whole = Span::at(0, text.len());
    parse(Arc::new(Document {
        id: DocId("d".into()),
        source: None,
        title: None,
        published: None,
        lang,
        blocks: vec![Block {
            span: whole,
            part: Part::Body,
        }],
        text,
    }))
}

/// Root, its subject and its object.
fn clause(lang: Lang, text: &str) -> (String, Option<String>, Option<String>) {
    let parsed = parse_text(lang, text);
    let root = parsed.tokens.iter().position(|t| t.head.is_none()).unwrap();
    let form = |i: usize| parsed.form(TokenIx::from(i)).to_owned();
    let by = |dep: Dep| {
        let head = Some(TokenIx::from(root));
        parsed
            .tokens
            .iter()
            .position(|t| t.head == head && t.dep == dep)
            .map(form)
    };
    (form(root), by(Dep::Nsubj), by(Dep::Obj))
}

/// The first word of that form.
fn word(parsed: &Parsed, form: &str) -> TokenIx {
    let mut all = (0..parsed.tokens.len()).map(TokenIx::from);
    all.find(|t| parsed.form(*t) == form).unwrap()
}

/// The word on which a word of a text hangs.
fn head_of(lang: Lang, text: &str, form: &str) -> String {
    let parsed = parse_text(lang, text);
    let head = parsed.token(word(&parsed, form)).head.unwrap();
    parsed.form(head).to_owned()
}

fn words(root: &str, subject: &str, object: &str) -> (String, Option<String>, Option<String>) {
    (root.to_owned(), Some(subject.to_owned()), Some(object.to_owned()))
}

#[test]
fn short_sentences_get_their_verb() {
    assert_eq!(
        clause(Lang::En, "Germany delivered tanks to Ukraine."),
        words("delivered", "Germany", "tanks")
    );
    assert_eq!(
        clause(Lang::En, "The UN deployed peacekeepers in Congo."),
        words("deployed", "UN", "peacekeepers")
    );
    assert_eq!(
        clause(Lang::En, "Amnesty International documented torture in Syrian prisons."),
        words("documented", "Amnesty", "torture")
    );
    // A past tense that looks like a participle.
    let (root, subject, _) = clause(Lang::En, "Germany promised to send tanks.");
    assert_eq!((&*root, subject.as_deref()), ("promised", Some("Germany")));
    // The verb agrees with what stands behind it.
    assert_eq!(
        clause(Lang::De, "Unterstützung haben auch die Vereinigten Staaten angeboten."),
        words("angeboten", "Staaten", "Unterstützung")
    );
    // A condition between commas, after which the sentence goes on.
    let (root, subject, _) = clause(Lang::De, "Die USA drohen, sollte Iran nicht einlenken, mit Sanktionen.");
    assert_eq!((&*root, subject.as_deref()), ("drohen", Some("USA")));
    // A thing behind the name of its receiver.
    assert_eq!(
        clause(Lang::De, "Großbritannien liefert der Ukraine Marschflugkörper."),
        words("liefert", "Großbritannien", "Marschflugkörper")
    );
    assert_eq!(
        clause(Lang::De, "Die syrische Armee hat in Idlib Giftgas eingesetzt."),
        words("eingesetzt", "Armee", "Giftgas")
    );
    // The dative of a perfect with "sein".
    let parsed = parse_text(Lang::De, "Schweden ist der Nato beigetreten.");
    let deps: Vec<Dep> = parsed.tokens.iter().map(|t| t.dep).collect();
    assert_eq!(deps[..4], [Dep::Nsubj, Dep::Aux, Dep::Det, Dep::OblArg]);
    // A postposition governs the whole phrase, so that its first noun is no subject.
    let measured = "Den Messungen am Oberlauf des Flusses zufolge steigt das Wasser.";
    assert_eq!(clause(Lang::De, measured).1.as_deref(), Some("Wasser"));
    assert_eq!(head_of(Lang::De, measured, "zufolge"), "Messungen");
    // Whom something is said of stands before it.
    assert_eq!(
        clause(Lang::En, "Trump called Putin a strong leader."),
        words("called", "Trump", "Putin")
    );
    // A participle behind an article stays one.
    assert_eq!(clause(Lang::En, "The captured soldiers").1, None);
}
#[test]
fn objects_continue_no_name() {
    assert_eq!(
        clause(Lang::De, "Russland zieht an der Grenze zur Ukraine Truppen zusammen."),
        words("zieht", "Russland", "Truppen")
    );
    assert_eq!(
        clause(
            Lang::De,
            "Die Terrormiliz IS hat im Irak Senfgas gegen Kämpfer eingesetzt."
        ),
        words("eingesetzt", "Terrormiliz", "Senfgas")
    );
    assert_eq!(
        head_of(
            Lang::De,
            "Das Gericht hat gegen Ex-Präsident Jair Bolsonaro Hausarrest verhängt.",
            "Bolsonaro"
        ),
        "Jair"
    );
}

#[test]
fn preterites_are_no_attributes() {
    assert_eq!(
        clause(
            Lang::De,
            "In Pakistan verbrannten aufgebrachte Menschen indische Flaggen."
        ),
        words("verbrannten", "Menschen", "Flaggen")
    );
    assert_eq!(
        clause(
            Lang::De,
            "Boliviens Präsidentin und die Opposition vereinbarten Neuwahlen."
        ),
        words("vereinbarten", "Präsidentin", "Neuwahlen")
    );
    assert_eq!(
        clause(Lang::De, "Frankreich evakuierte Diplomaten aus dem Niger."),
        words("evakuierte", "Frankreich", "Diplomaten")
    );
    // But an attribute of what the sentence is about is one.
    let parsed = parse_text(Lang::De, "In der Ukraine zerstörte russische Panzer.");
    assert!(parsed.tokens.iter().all(|t| t.dep != Dep::Obj));
}

#[test]
fn the_first_of_two_bare_names_is_the_subject() {
    let (_, subject, object) = clause(Lang::De, "Berlin sagte Kiew weitere Panzer zu.");
    assert_eq!(
        (subject.as_deref(), object.as_deref()),
        (Some("Berlin"), Some("Panzer"))
    );
}

#[test]
fn adjectives_behind_objects_are_said_of_them() {
    assert_eq!(
        head_of(
            Lang::En,
            "Kenya held the country's leaders responsible for his death.",
            "responsible"
        ),
        "held"
    );
    let parsed = parse_text(
        Lang::En,
        "The president of Germany called the behaviour of the Libyan leadership unacceptable.",
    );
    let said = parsed.token(word(&parsed, "unacceptable"));
    assert_eq!(said.dep, Dep::Xcomp);
    assert_eq!(said.head, Some(word(&parsed, "called")));
}

#[test]
fn headlines_in_the_present_have_a_verb() {
    assert_eq!(
        clause(Lang::En, "US and China sign trade pact"),
        words("sign", "US", "pact")
    );
}

#[test]
fn verbs_go_on_from_verbs() {
    let text =
        "The Kremlin said the situation was cause for concern and called for the restoration of the rule of law.";
    assert_eq!(head_of(Lang::En, text, "called"), "said");
}

#[test]
fn the_only_noun_is_the_subject() {
    let (_, subject, object) = clause(
        Lang::De,
        "Zwischen Israel und der Hamas gilt seit dem Morgen eine Waffenruhe.",
    );
    assert_eq!((subject.as_deref(), object), (Some("Waffenruhe"), None));
}

#[test]
fn two_states_side_by_side_are_two() {
    assert_eq!(
        clause(Lang::De, "Mit Raketen und Drohnen hat der Iran Israel angegriffen."),
        words("angegriffen", "Iran", "Israel")
    );
}

#[test]
fn names_are_none_of_several_or_of_a_place() {
    for (text, verb, subject, object) in [
        (
            "In Istanbul haben die Behörden Ekrem Imamoglu festgenommen.",
            "festgenommen",
            "Behörden",
            "Ekrem",
        ),
        (
            "Am Montag nahm die Polizei in Minsk Maria Kolesnikowa fest.",
            "nahm",
            "Polizei",
            "Maria",
        ),
    ] {
        assert_eq!(clause(Lang::De, text), words(verb, subject, object));
    }
}

#[test]
fn states_behind_other_phrases_are_objects() {
    for (text, verb, subject, object) in [
        (
            "Die Türkei kritisierte am Montag Japan.",
            "kritisierte",
            "Türkei",
            "Japan",
        ),
        (
            "Israel hat in der Nacht Syrien angegriffen.",
            "angegriffen",
            "Israel",
            "Syrien",
        ),
        (
            "Kanada kritisierte in einer Rede Venezuela.",
            "kritisierte",
            "Kanada",
            "Venezuela",
        ),
        (
            "In Genf hat der iranische Minister Armenien verurteilt.",
            "verurteilt",
            "Minister",
            "Armenien",
        ),
        (
            "Erneut verurteilte die Regierung Ungarns Opposition.",
            "verurteilte",
            "Regierung",
            "Opposition",
        ),
        (
            "Polen will am Rande des Gipfels Aserbaidschan besuchen.",
            "besuchen",
            "Polen",
            "Aserbaidschan",
        ),
    ] {
        assert_eq!(clause(Lang::De, text), words(verb, subject, object), "{text}");
    }
    // A person behind a day is the subject where there is none.
    let (_, subject, object) = clause(Lang::De, "In Berlin kritisierte am Montag Baerbock die Türkei.");
    assert_eq!(
        (subject.as_deref(), object.as_deref()),
        (Some("Baerbock"), Some("Türkei"))
    );
}

#[test]
fn nouns_for_states_bear_their_names() {
    for (text, state, noun) in [
        ("Der Minister sprach im Golfstaat Katar.", "Katar", "Golfstaat"),
        (
            "Die Diplomaten reisten aus der Republik Moldau ab.",
            "Moldau",
            "Republik",
        ),
        ("Greenpeace Russland protestierte.", "Russland", "Greenpeace"),
        (
            "Der Minister war im Gespräch mit Präsidentin Maia Sandu.",
            "Maia",
            "Präsidentin",
        ),
        (
            "Die Sprecherin der Fraktion, Gisela Piltz, schwieg.",
            "Gisela",
            "Sprecherin",
        ),
    ] {
        assert_eq!(head_of(Lang::De, text, state), noun, "{text}");
    }
}

#[test]
fn receivers_and_what_they_get() {
    let relations = |lang: Lang, text: &str, form: &str| {
        let parsed = parse_text(lang, text);
        parsed.token(word(&parsed, form)).dep
    };
    for text in [
        "Kanada hat Israel Panzer geliefert.",
        "Kanada hat der Ukraine Panzer geliefert.",
    ] {
        assert_eq!(relations(Lang::De, text, "Panzer"), Dep::Obj, "{text}");
    }
    let text = "Die Nato hat vergangene Woche der Ukraine mit Vergeltung gedroht.";
    assert_eq!(relations(Lang::De, text, "Ukraine"), Dep::OblArg);
    let text = "Canada has given Saudi Arabia weapons.";
    assert_eq!(relations(Lang::En, text, "Arabia"), Dep::Iobj);
    // "Eine Ladung Waffen" is one thing.
    let text = "Polen hat die Ukraine mit einer Ladung Waffen unterstützt.";
    assert_eq!(head_of(Lang::De, text, "Waffen"), "Ladung");
}

#[test]
fn doers_of_passives_and_of_clauses_behind_prepositions() {
    let text = "Am Montag wurde die polnische Regierung von Nordkorea bedroht.";
    assert_eq!(head_of(Lang::De, text, "Nordkorea"), "bedroht");
    let text = "Am Montag wurde die neue Regierung von Mali gestürzt.";
    assert_eq!(head_of(Lang::De, text, "Mali"), "Regierung");
    let text = "Baku wurde nach eigenen Angaben von der Nato angegriffen.";
    assert_eq!(head_of(Lang::De, text, "Nato"), "angegriffen");
    let text = "Markets fell after the United States attacked Iran.";
    assert_eq!(head_of(Lang::En, text, "States"), "attacked");
    assert_eq!(
        clause(Lang::De, "Die EU lobte wie angekündigt den Iran."),
        words("lobte", "EU", "Iran")
    );
}

#[test]
fn people_behind_other_names() {
    for (text, subject, object) in [
        ("Am Sonntag hat die Nato Wladimir Putin verurteilt.", "Nato", "Wladimir"),
        (
            "Wie angekündigt kritisierte der Kreml Emmanuel Macron.",
            "Kreml",
            "Emmanuel",
        ),
        (
            "In Genf machte US-Präsident Joe Biden Wladimir Putin verantwortlich.",
            "US-Präsident",
            "Wladimir",
        ),
        (
            "Scholz kritisierte nach Angaben der Nachrichtenagentur AFP Netanjahu und Belarus.",
            "Scholz",
            "Netanjahu",
        ),
        (
            "Am 5. Oktober hat die israelische Armee Wladimir Putin verurteilt.",
            "Armee",
            "Wladimir",
        ),
        (
            "Zum ersten Mal lobte Außenministerin Baerbock Emmanuel Macron.",
            "Außenministerin",
            "Emmanuel",
        ),
        (
            "Vor Journalisten wollte Bundeskanzler Scholz Moskau kritisieren.",
            "Bundeskanzler",
            "Moskau",
        ),
        (
            "Erdogan kritisierte bei einem Treffen in Wien Israel und Belarus.",
            "Erdogan",
            "Israel",
        ),
    ] {
        let (_, of, to) = clause(Lang::De, text);
        assert_eq!((of.as_deref(), to.as_deref()), (Some(subject), Some(object)), "{text}");
    }
    for (text, name, above) in [
        (
            "Der Führer der Hisbollah Hassan Nasrallah ist tot.",
            "Nasrallah",
            "Hassan",
        ),
        ("Am Montag besuchte Meles Zenawi Kairo.", "Zenawi", "Meles"),
        (
            "Ihm werden Verbindungen zum Terrornetzwerk al-Qaida nachgesagt.",
            "al-Qaida",
            "Terrornetzwerk",
        ),
    ] {
        assert_eq!(head_of(Lang::De, text, name), above, "{text}");
    }
}

#[test]
fn genitives_of_people() {
    for (text, owner) in [
        ("Die EU lehnte den Vorschlag Netanjahus ab.", "Netanjahus"),
        ("Die EU lehnte den Vorschlag Emmanuel Macrons ab.", "Emmanuel"),
        ("Die EU lehnte den Vorschlag Präsident Macrons ab.", "Präsident"),
    ] {
        let parsed = parse_text(Lang::De, text);
        let token = parsed.token(word(&parsed, owner));
        assert_eq!(
            (parsed.form(token.head.unwrap()), token.dep),
            ("Vorschlag", Dep::Nmod),
            "{text}"
        );
    }
}

#[test]
fn asides_with_like_have_nothing_of_their_own() {
    assert_eq!(
        clause(Lang::De, "Die EU lieferte wie angekündigt Munition."),
        words("lieferte", "EU", "Munition")
    );
    let text = "Der Kreml wies wie angekündigt die Forderung Polens zurück.";
    assert_eq!(head_of(Lang::De, text, "zurück"), "wies");
}

#[test]
fn relative_pronouns_and_articles() {
    let relation = |text: &str, form: &str| {
        let parsed = parse_text(Lang::De, text);
        parsed.token(word(&parsed, form)).dep
    };
    let text = "Der Iran, den Bundeskanzler Scholz kritisiert hatte, schwieg.";
    assert_eq!(relation(text, "den"), Dep::Obj);
    assert_eq!(relation(text, "Bundeskanzler"), Dep::Nsubj);
    let text = "Die Warnung der Nato, die Lage könne eskalieren, blieb ungehört.";
    assert_eq!(relation(text, "die"), Dep::Det);
}

#[test]
fn complements_behind_phrases() {
    for (text, verb, above) in [
        (
            "The EU pledged on the sidelines of the summit to help Ukraine.",
            "help",
            "pledged",
        ),
        (
            "Baerbock weigerte sich trotz aller Warnungen, mit Kiew zu verhandeln.",
            "verhandeln",
            "weigerte",
        ),
        (
            "Erdogan demanded for the first time that the Polish government withdraw its troops.",
            "withdraw",
            "demanded",
        ),
        (
            "Joe Biden demanded on October 5 that Taiwan withdraw its troops.",
            "withdraw",
            "demanded",
        ),
        (
            "Canada appealed as announced to Japan to end the fighting.",
            "Japan",
            "appealed",
        ),
        // Their own.
        ("The EU agreed on a plan to help Ukraine.", "help", "plan"),
    ] {
        let lang = if text.contains(" zu ") { Lang::De } else { Lang::En };
        assert_eq!(head_of(lang, text, verb), above, "{text}");
    }
    let parsed = parse_text(Lang::En, "Zelensky calls on Venezuela to withdraw");
    assert_eq!(parsed.tokens[0].pos, Upos::Propn);
}

#[test]
fn speakers_in_quotations() {
    let parsed = parse_text(Lang::En, "“The troops,” said Erdogan in 2023, “will withdraw.”");
    assert_eq!(parsed.token(word(&parsed, "Erdogan")).dep, Dep::Nsubj);
    assert_eq!(
        parsed.form(parsed.token(word(&parsed, "troops")).head.unwrap()),
        "withdraw"
    );
}

#[test]
fn cut_compounds_and_people() {
    assert_eq!(
        clause(Lang::De, "Chinas Staats- und Parteichef Xi Jinping lobte Kuba."),
        words("lobte", "Parteichef", "Kuba")
    );
    let parsed = parse_text(Lang::En, "Gunmen in Nigeria attacked a school.");
    assert_eq!(parsed.tokens[0].pos, Upos::Noun);
}

#[test]
fn short_german_clauses() {
    for (text, root, subject, object) in [
        (
            "In Mali ermordeten Islamisten zwölf Bauern.",
            "ermordeten",
            "Islamisten",
            "Bauern",
        ),
        (
            "In Tiflis belagerten Demonstranten das Parlament.",
            "belagerten",
            "Demonstranten",
            "Parlament",
        ),
        (
            "Der Türkei warf Moskau Vertragsbruch vor.",
            "warf",
            "Moskau",
            "Vertragsbruch",
        ),
    ] {
        assert_eq!(clause(Lang::De, text), words(root, subject, object), "{text}");
    }
    let parsed = parse_text(Lang::De, "Berlin will Kiew Panzer überlassen.");
    let form = parsed.token(word(&parsed, "überlassen")).morph.form;
    assert_eq!(form, Some(lagebild_core::VerbForm::Inf));
}

#[test]
fn perfects_with_adverbs() {
    assert_eq!(
        clause(Lang::En, "The Rwandan air force has struck targets in Congo."),
        words("struck", "force", "targets")
    );
    assert_eq!(
        clause(Lang::En, "Ankara has strongly condemned rebels in Mali."),
        words("condemned", "Ankara", "rebels")
    );
}

#[test]
fn verbs_of_english_headlines() {
    assert_eq!(
        clause(Lang::En, "Germany expels two Iranian diplomats"),
        words("expels", "Germany", "diplomats")
    );
    assert_eq!(
        clause(Lang::En, "Putin, Lukashenko hold talks in Minsk."),
        words("hold", "Putin", "talks")
    );
}

#[test]
fn infinitives_have_no_subject() {
    let parsed = parse_text(
        Lang::De,
        "Russland hat am Sonntag angekündigt, Netanjahu Waffen zu liefern.",
    );
    assert_eq!(parsed.token(word(&parsed, "Netanjahu")).dep, Dep::OblArg);
}

#[test]
fn the_first_of_two_names_acts() {
    for (text, subject) in [
        ("Israels Armee kritisiert Schweiz", "Armee"),
        (
            "Präsident Macron und Moskau haben erneut Gespräche aufgenommen.",
            "Präsident",
        ),
        // A thing is no doer.
        ("Waffen liefert Deutschland.", "Deutschland"),
    ] {
        assert_eq!(clause(Lang::De, text).1.as_deref(), Some(subject), "{text}");
    }
}

#[test]
fn dozens_and_what_they_count_are_one() {
    let (_, subject, object) = clause(Lang::De, "In Rabat demonstrierten Hunderte Menschen.");
    assert_eq!((subject.as_deref(), object), (Some("Menschen"), None));
}

#[test]
fn days_are_no_part_of_names() {
    let (_, subject, _) = clause(Lang::En, "On Tuesday Scholz travelled to Paris.");
    assert_eq!(subject.as_deref(), Some("Scholz"));
    let (_, subject, _) = clause(Lang::En, "On Tuesday Olaf Scholz travelled to Paris.");
    assert_eq!(subject.as_deref(), Some("Olaf"));
}

#[test]
fn verbs_of_motion_have_no_passive_of_a_state() {
    let subject = |text: &str, verb: &str| {
        let parsed = parse_text(Lang::De, text);
        let verb = Some(word(&parsed, verb));
        let mut below = parsed.tokens.iter().filter(|t| t.head == verb).map(|t| t.dep);
        below.find(|d| matches!(d, Dep::Nsubj | Dep::NsubjPass))
    };
    assert_eq!(
        subject("Die letzten US-Truppen sind aus Niger abgeflogen.", "abgeflogen"),
        Some(Dep::Nsubj)
    );
    assert_eq!(subject("Die Rebellen sind abgerückt.", "abgerückt"), Some(Dep::Nsubj));
    assert_eq!(
        subject("Die Truppen sind abgezogen worden.", "abgezogen"),
        Some(Dep::NsubjPass)
    );
    assert_eq!(
        subject("Der Vertrag ist unterzeichnet.", "unterzeichnet"),
        Some(Dep::NsubjPass)
    );
}

#[test]
fn so_do_german_ones() {
    assert_eq!(
        clause(
            Lang::De,
            "Die USA verhängten Einreiseverbote gegen israelische Siedler."
        ),
        words("verhängten", "USA", "Einreiseverbote")
    );
    assert_eq!(
        clause(Lang::De, "Die Bauern in Frankreich blockierten Autobahnen."),
        words("blockierten", "Bauern", "Autobahnen")
    );
    assert_eq!(clause(Lang::De, "Die eroberten Dörfer").1, None);
}

#[test]
fn wholes_hang_on_their_parts() {
    let text = "Bei einem Anschlag wurden drei von ihnen getötet.";
    assert_eq!(head_of(Lang::De, text, "ihnen"), "drei");
    let text = "In Mali wurden drei von Soldaten getötet.";
    assert_eq!(head_of(Lang::De, text, "Soldaten"), "getötet");
}

#[test]
fn receivers_are_no_owners() {
    let parsed = parse_text(Lang::De, "Der Minister sicherte ihr Unterstützung zu.");
    assert_eq!(parsed.token(word(&parsed, "ihr")).dep, Dep::OblArg);
    let parsed = parse_text(Lang::De, "Der Minister nannte ihr Vorgehen falsch.");
    assert_eq!(parsed.token(word(&parsed, "ihr")).dep, Dep::DetPoss);
}

#[test]
fn bare_objects_are_no_appositions() {
    assert_eq!(
        clause(Lang::De, "Im vergangenen Jahr lieferte das Land Panzer und Munition."),
        words("lieferte", "Land", "Panzer")
    );
}

#[test]
fn people_before_the_verb_act_upon_pronouns() {
    assert_eq!(
        clause(Lang::De, "Die Polizei nahm sie fest."),
        words("nahm", "Polizei", "sie")
    );
}

#[test]
fn names_behind_phrases_in_front_are_subjects() {
    let text = "This year at the United Nations, Erdogan, who last year threatened to strike Syria, praised Assad.";
    assert_eq!(clause(Lang::En, text), words("praised", "Erdogan", "Assad"));
    assert_eq!(head_of(Lang::En, text, "threatened"), "Erdogan");
}

#[test]
fn what_stands_before_a_number_is_no_part_of_the_name_behind_it() {
    let text = "Pompeo has visited North Korea three times already this year, but his last trip did not go well.";
    assert_eq!(clause(Lang::En, text), words("visited", "Pompeo", "Korea"));
}

#[test]
fn infinitives_hang_on_the_noun_before_their_comma() {
    let text = "Die Drohung Nordkoreas, Südkorea anzugreifen, löste Sorge aus.";
    assert_eq!(head_of(Lang::De, text, "anzugreifen"), "Drohung");
    assert_eq!(head_of(Lang::De, text, "Südkorea"), "anzugreifen");
    let text = "Der Versuch der Türkei, zwischen Russland und der Ukraine zu vermitteln, ist gescheitert.";
    assert_eq!(head_of(Lang::De, text, "vermitteln"), "Versuch");
    assert_eq!(head_of(Lang::De, text, "Russland"), "vermitteln");
    // Behind the particle of the verb.
    let text = "Die EU wies den Vorwurf zurück, Waffen zu liefern.";
    assert_eq!(head_of(Lang::De, text, "liefern"), "Vorwurf");
    // A verb that an infinitive completes keeps its own.
    let text = "Die Türkei drohte nach der Ankündigung, Syrien anzugreifen.";
    assert_eq!(head_of(Lang::De, text, "anzugreifen"), "drohte");
    let text = "The US criticised Israel's plan to attack Iran.";
    assert_eq!(head_of(Lang::En, text, "attack"), "plan");
}

#[test]
fn english_pasts_that_look_like_participles_are_finite() {
    assert_eq!(
        clause(
            Lang::En,
            "Ukrainian drones destroyed Russian bombers at four airfields."
        ),
        words("destroyed", "drones", "bombers")
    );
    assert_eq!(
        clause(Lang::En, "Gunmen burned down a village in Nigeria."),
        words("burned", "Gunmen", "village")
    );
    let parsed = parse_text(Lang::En, "Israeli raids killed 40 Palestinians, medics said.");
    let killed = word(&parsed, "killed");
    assert_eq!(parsed.token(killed).dep, Dep::Ccomp);
    assert_eq!(parsed.token(word(&parsed, "raids")).head, Some(killed));
    // Passives stay what they are.
    let parsed = parse_text(Lang::En, "Militias trained by Iran fought in Syria.");
    assert_ne!(
        parsed.token(word(&parsed, "Militias")).head,
        Some(word(&parsed, "Syria"))
    );
}

#[test]
fn who_says_it_behind_indirect_speech_is_no_object() {
    let parsed = parse_text(
        Lang::De,
        "Israel missachte das Völkerrecht, kritisierte die irische Regierung.",
    );
    let says = word(&parsed, "kritisierte");
    let speaker = parsed.token(word(&parsed, "Regierung"));
    assert_eq!((speaker.head, speaker.dep), (Some(says), Dep::Nsubj));
    assert_eq!(parsed.token(says).dep, Dep::Parataxis);
}

#[test]
fn what_is_reported_is_told_by_the_passive() {
    let parsed = parse_text(
        Lang::De,
        "Am Montag wurde gemeldet, dass Truppen die Grenze überschritten haben.",
    );
    assert_eq!(parsed.token(word(&parsed, "überschritten")).dep, Dep::Ccomp);
}

#[test]
fn plurals_in_front_are_no_subjects_of_singular_verbs() {
    assert_eq!(
        clause(
            Lang::De,
            "Deutliche Worte fand die Außenministerin für das Vorgehen Israels."
        ),
        words("fand", "Außenministerin", "Worte")
    );
}

#[test]
fn adjectives_in_a_row_belong_to_their_noun() {
    for (text, noun, adjectives) in [
        (
            "American, Japanese and South Korean warships shelled a port.",
            "warships",
            ["American", "Japanese", "Korean"],
        ),
        (
            "Polish, Czech and Slovak officials met in Prague.",
            "officials",
            ["Polish", "Czech", "Slovak"],
        ),
    ] {
        let parsed = parse_text(Lang::En, text);
        let first = word(&parsed, adjectives[0]);
        assert_eq!(parsed.token(first).head, Some(word(&parsed, noun)), "{text}");
        for other in &adjectives[1..] {
            assert_eq!(parsed.token(word(&parsed, other)).head, Some(first), "{text}");
        }
    }
}

#[test]
fn headlines_that_open_with_states_have_a_verb() {
    assert_eq!(
        clause(Lang::En, "Serbia blocks Kosovo border crossing"),
        words("blocks", "Serbia", "crossing")
    );
    assert_eq!(
        clause(Lang::En, "Israel strikes targets in Syria"),
        words("strikes", "Israel", "targets")
    );
    assert_eq!(
        clause(Lang::En, "Ukraine, Russia swap prisoners"),
        words("swap", "Ukraine", "prisoners")
    );
    assert_eq!(
        head_of(Lang::En, "Germany, France condemn Iranian attack on Israel", "France"),
        "Germany"
    );
}

#[test]
fn circumstances_are_no_complements() {
    for (text, verb, expected) in [
        (
            "Russland hält an der Rechtmäßigkeit des Abkommens fest, während Südkorea mögliche Schritte, darunter Waffenlieferungen an die Ukraine, abwägt.",
            "abwägt",
            Dep::Advcl,
        ),
        (
            "Die Regierung erklärte, dass sie die Truppen abzieht.",
            "abzieht",
            Dep::Ccomp,
        ),
    ] {
        let parsed = parse_text(Lang::De, text);
        assert_eq!(parsed.token(word(&parsed, verb)).dep, expected, "{text}");
    }
}
