//! What only several sentences together show: which mentions are one act, on what day it took place, who speaks.

mod common;

use common::read;
use lagebild_core::codebook::{EventType, Stance};
use lagebild_core::{Claim, Event, Holder, Reading};

fn of(reading: &Reading, kind: EventType) -> Vec<&Event> {
    reading.events.iter().filter(|e| e.kind == kind).collect()
}

fn days(reading: &Reading, kind: EventType) -> Vec<String> {
    let day = |e: &&Event| e.date.from.map(|d| d.to_string()).unwrap_or_default();
    of(reading, kind).iter().map(day).collect()
}

/// Name of who makes each claim; what nobody is known for is "-".
fn holders(reading: &Reading) -> Vec<&str> {
    let party = |c: &Claim| match &c.holder {
        Holder::Party(party) => Some(party.entity),
        _ => None,
    };
    let holders = reading.claims.iter().map(party);
    holders
        .map(|h| h.map_or("-", |e| &*reading.entities[e.ix()].name))
        .collect()
}

#[test]
fn demands_of_several_people_of_one_state_stay_apart() {
    let reading = read(
        "Der iranische Präsident Massud Peseschkian forderte die Aufhebung der Sanktionen. Der iranische Außenminister Abbas Araghtschi \
         forderte den Abzug der Truppen aus Syrien.",
    );
    let demands = of(&reading, EventType::Request);
    assert_eq!(demands.iter().map(|e| e.actors.len()).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn the_day_of_the_background_is_not_that_of_the_news() {
    let reading = read(
        "Im Jahr 1979 stürzte die Armee in Iran die Regierung. Die iranische Polizei verhaftete am Dienstag drei Journalisten. \
         Die Regierung in Teheran wies einen Reporter der BBC aus.",
    );
    let days = days(&reading, EventType::Coerce);
    assert!(!days.is_empty() && days.iter().all(|d| d == "2024-10-22"), "{days:?}");
}

#[test]
fn who_spoke_on_a_day_goes_on_speaking() {
    let reading = read(
        "Am Montag kritisierte der türkische Präsident Recep Tayyip Erdoğan die Angriffe Israels. Erdoğan forderte die USA zum Eingreifen auf.",
    );
    assert_eq!(days(&reading, EventType::Request), ["2024-10-21"]);
}

#[test]
fn i_and_we_are_who_says_the_quotation() {
    let reading = read("Olaf Scholz sagte: „Das ist gut. Ich glaube, dass Russland einlenkt.“");
    assert!(
        holders(&reading).iter().all(|h| *h == "Olaf Scholz"),
        "{:?}",
        holders(&reading)
    );
}

#[test]
fn somebody_before_a_colon_says_the_quotation() {
    let reading = read("Außenminister Sergej Lawrow am Rande des Gipfels: „Russland wird nicht abziehen.“");
    assert_eq!(holders(&reading), ["Sergej Lawrow"]);
    // A state before the colon is what the report is about.
    let reading = read("Afghanistan: „Während der Wahl wurde gefälscht“");
    assert_eq!(holders(&reading), [""; 0]);
}

#[test]
fn what_is_demanded_is_not_told_as_done() {
    let reading = read("Das Weiße Haus verlangte einen Rückzug der sudanesischen Regierungstruppen.");
    assert!(of(&reading, EventType::Retreat).is_empty());
    let demands = of(&reading, EventType::Request);
    assert_eq!(
        demands.iter().map(|e| e.content).collect::<Vec<_>>(),
        [Some(EventType::Retreat)]
    );
}

#[test]
fn in_an_interview_i_is_whose_turn_it_is() {
    let reading = read("Sergej Lawrow: Ich glaube, dass Kiew verhandelt. Olaf Scholz: Ich denke, dass Moskau blufft.");
    let mut speakers = holders(&reading);
    speakers.dedup();
    assert_eq!(speakers, ["Sergej Lawrow", "Olaf Scholz"]);
}

#[test]
fn a_time_belongs_to_the_noun_that_it_is_said_of() {
    for text in [
        "Am Dienstag demonstrierten in Berlin Tausende. Zu den Themen der Demonstration gehört die Volkszählung 2011.",
        "Bei der Demonstration gegen die Regierung kamen im Vergleich zum Vorjahr weniger Menschen nach Berlin.",
        "Am Ende der Versammlung in Berlin wurde eine Schweigeminute für die Opfer der Anschläge am 11. September 2001 eingelegt.",
    ] {
        let days = days(&read(text), EventType::Protest);
        assert!(
            !days.is_empty() && days.iter().all(|d| d.starts_with("2024-10")),
            "{days:?} in: {text}"
        );
    }
}

#[test]
fn every_sentence_of_a_quotation_is_whose_it_is() {
    // Told behind the quotation, before it by a clause without a word of saying, and in the sentence before.
    for text in [
        "„Das war kein gutes Jahr. Wir haben zwei Wahlen verloren“, sagte Olaf Scholz in Berlin.",
        "Dabei griff Olaf Scholz den Präsidenten Frankreichs direkt an: „Das ist ein Fehler.“ „Wir haben zwei Wahlen verloren.“",
        "Olaf Scholz stellte sich vor seinen Minister. „Das ist kein Fehler.“ „Wir haben zwei Wahlen verloren.“",
    ] {
        let reading = read(text);
        assert!(holders(&reading).len() > 1, "{text}");
        assert!(
            holders(&reading).iter().all(|h| *h == "Olaf Scholz"),
            "{:?} in: {text}",
            holders(&reading)
        );
    }
}

#[test]
fn a_quotation_is_what_is_said() {
    let text = "Olaf Scholz forderte: „Es darf nicht sein, dass Russland gewinnt, der Westen muss zusammenstehen.“";
    let reading = read(text);
    let said: Vec<&str> = reading.claims.iter().map(|c| c.content.of(text)).collect();
    let whole = "Es darf nicht sein, dass Russland gewinnt, der Westen muss zusammenstehen";
    assert!(said.contains(&whole), "{said:?}");
}

#[test]
fn who_does_not_say_a_thing_makes_no_claim() {
    for text in [
        "Der Kreml wollte die Angaben nicht bestätigen.",
        "Die Nato hat bisher keine Stellungnahme veröffentlicht.",
    ] {
        assert!(read(text).claims.is_empty(), "{text}");
    }
}

#[test]
fn indirect_speech_goes_on() {
    let goes_on = |second: &str| {
        let reading = read(&format!("Die Nato teilte mit, die Übung sei beendet. {second}"));
        holders(&reading).iter().filter(|h| **h != "-").count()
    };
    assert_eq!(goes_on("Die Soldaten hätten das Land verlassen."), 2);
    assert_eq!(goes_on("Demnach hat kein Soldat das Land betreten."), 2);
    assert_eq!(goes_on("In Brüssel scheint die Sonne. Die Lage sei ruhig."), 2);
    assert_eq!(goes_on("In Brüssel scheint die Sonne."), 1);
}

#[test]
fn the_author_of_a_text_says_what_stands_in_it() {
    let reading = read("In einer Erklärung der Nato wird gefordert, dass Russland abzieht.");
    assert_eq!(holders(&reading), ["Organisation des Nordatlantikvertrags"]);
}

#[test]
fn i_believe_is_how_it_is_said() {
    let reading = read("„Ich glaube, dass wir gewinnen“, sagte Olaf Scholz in Berlin.");
    assert_eq!(holders(&reading), ["Olaf Scholz"]);
    assert_eq!(reading.claims[0].stance.value, Stance::Expect);
}

#[test]
fn a_statement_goes_on_with_the_words_of_its_author() {
    let reading = read(
        "Nordkorea warnte die USA. Die USA müssten ihre Truppen abziehen, heißt es in der Erklärung. Es seien zu viele, hieß es weiter.",
    );
    assert_eq!(holders(&reading), ["Nordkorea"; 3]);
}

#[test]
fn who_was_toppled_was_not_toppled_by_whoever_did_the_like() {
    let reading = read(
        "In Kairo bewarfen Jugendliche die Polizei mit Steinen. Der gestürzte Präsident von Mali steht vor Gericht.",
    );
    let attacks = of(&reading, EventType::Assault);
    assert_eq!(attacks.iter().map(|e| e.actors.len()).collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn what_man_has_done_the_speaker_has() {
    let reading = read("Das Ministerium in Moskau teilte mit, man habe die Truppen aus Lyman abgezogen.");
    let retreat = of(&reading, EventType::Retreat);
    let country = |e: &&Event| reading.entities[e.actors[0].entity.ix()].country.clone();
    assert_eq!(retreat.iter().map(country).collect::<Vec<_>>(), [Some("RUS".into())]);
}

#[test]
fn both_sides_are_those_named_before() {
    let reading = read("Die USA und Nordkorea drohten einander. China appellierte an beide Seiten, sich zu mäßigen.");
    let appeal = of(&reading, EventType::Request);
    assert_eq!(appeal.iter().map(|e| e.recipients.len()).collect::<Vec<_>>(), [2]);
}

#[test]
fn who_lets_somebody_go_is_whoever_seized_him() {
    let arrest = "Die türkische Polizei nahm den iranischen Journalisten Ali Hassan fest.";
    let doers = |last: &str, kind: EventType| {
        let reading = read(&format!("{arrest} {last}"));
        let country = |e: &&Event| {
            e.actors
                .first()
                .and_then(|p| reading.entities[p.entity.ix()].country.clone())
        };
        of(&reading, kind).iter().map(country).collect::<Vec<_>>()
    };
    let turkey = [Some("TUR".into())];
    assert_eq!(
        doers("Nach drei Tagen wurde er freigelassen.", EventType::Retreat),
        turkey
    );
    assert_eq!(doers("Er wurde in die USA ausgeliefert.", EventType::Cooperate), turkey);
    // Somebody else is let go.
    let other = "Unterdessen wurde in Chile eine Reporterin aus Peru freigelassen.";
    assert_ne!(doers(other, EventType::Retreat), turkey);
}

/// Whom the acts of a type are done to, by state or organisation.
fn recipients(reading: &Reading, kind: EventType) -> Vec<String> {
    let key = |e: &&Event| {
        let entity = e.recipients.first().map(|p| &reading.entities[p.entity.ix()]);
        let key = entity.and_then(|e| e.org.clone().or(e.country.clone()));
        key.map_or_else(|| "-".to_owned(), |k| k.to_string())
    };
    of(reading, kind).iter().map(key).collect()
}

#[test]
fn what_a_noun_threatens_is_meant_for_whom_the_infinitive_names() {
    let reading = read("Die Drohung Nordkoreas, Südkorea anzugreifen, löste Sorge aus.");
    assert_eq!(recipients(&reading, EventType::Threaten), ["KOR"]);
    let reading = read("Ungarns Weigerung, der Ukraine Waffen zu liefern, verurteilte die EU.");
    assert_eq!(recipients(&reading, EventType::Reject), ["UKR"]);
}

#[test]
fn a_feared_attack_is_not_the_one_of_before() {
    let reading = read("In Nairobi gab es im Mai einen Anschlag. Nun befürchten die USA einen Anschlag in Kenia.");
    assert_eq!(of(&reading, EventType::Assault).len(), 2);
}

#[test]
fn attacks_in_distant_towns_are_two() {
    let reading = read(
        "Bei einem Anschlag in Mombasa starben zwei Kenianer. Bei einem Anschlag in Nairobi starben drei Kenianer.",
    );
    assert_eq!(of(&reading, EventType::Assault).len(), 2);
}

#[test]
fn whoever_criticises_a_trial_has_not_brought_the_charge() {
    let reading = read(
        "Die EU kritisierte die frühere ukrainische Regierungschefin Julia Timoschenko. Die Anklage gegen sie lautet auf Betrug.",
    );
    let charge = of(&reading, EventType::Accuse);
    let doers: Vec<usize> = charge.iter().map(|e| e.actors.len()).collect();
    assert_eq!(doers, [1, 0]);
}

#[test]
fn several_states_are_none_of_those_named() {
    let reading = read("Die UN-Mission hat den Kosovo verwaltet. Mehrere Länder haben den Kosovo nicht anerkannt.");
    let refusal = of(&reading, EventType::Reject);
    let entity = &reading.entities[refusal[0].actors[0].entity.ix()];
    assert_eq!((entity.country.as_deref(), entity.org.as_deref()), (None, None));
}

#[test]
fn towns_that_name_treaties_are_no_parties() {
    let reading = read("Das Parlament in Wien hat der Annahme des Vertrags von Lissabon zugestimmt.");
    assert!(reading.entities.iter().all(|e| e.country.as_deref() != Some("PRT")));
}

#[test]
fn who_talks_is_who_then_agrees() {
    let reading =
        read("Die Verhandlungen sind gescheitert. Ägypten und Äthiopien haben sich am Montag nicht geeinigt.");
    let talks = of(&reading, EventType::Consult);
    assert_eq!(talks.iter().map(|e| e.actors.len()).collect::<Vec<_>>(), [2]);
}

#[test]
fn guests_are_of_another_state_than_their_hosts() {
    let reading =
        read("Wladimir Putin ist nach Nordkorea gereist. Kim hatte den Gast in der Nacht am Flughafen empfangen.");
    let welcome = of(&reading, EventType::Consult);
    let welcome = welcome.last().expect("the guest is welcomed");
    let parties = welcome.actors.iter().chain(&welcome.recipients);
    let states: Vec<Option<&str>> = parties
        .map(|p| reading.entities[p.entity.ix()].country.as_deref())
        .collect();
    assert_eq!(states, [Some("RUS"), Some("PRK")]);
}
