//! What has a political side: the whole report decides, not the sentence.

mod common;

use common::read;
use lagebild_core::codebook::EventType;
use lagebild_core::{Event, Reading};

/// Codes of the notes.
fn notes(reading: &Reading) -> Vec<&str> {
    reading.notes.iter().map(|n| n.code).collect()
}

fn of(reading: &Reading, kind: EventType) -> Vec<&Event> {
    reading.events.iter().filter(|e| e.kind == kind).collect()
}

/// A burglary in a report that names nobody in politics and is long enough to be none of politics if it names somebody once.
const BURGLARY: &str = "In einem Vorort haben Unbekannte am Sonntag ein Lager mit Fahrrädern aufgebrochen. Die Polizei nahm wenig später drei Männer fest. \
     Nachbarn hatten gegen vier Uhr Lärm gehört und von ihrem Balkon aus einen Lieferwagen gesehen, der ohne Licht vor dem Tor stand. \
     Der Besitzer des Lagers sagte, er habe die Schlösser erst im Frühjahr erneuert. Der Schaden beträgt nach ersten Schätzungen rund achttausend Euro. \
     Die Fahrräder lagen noch auf der Ladefläche, als der Wagen an einer Kreuzung mit defektem Rücklicht auffiel. Ein Hund fand in einem Gebüsch das \
     Werkzeug. Die Werkstatt daneben bleibt bis Mittwoch geschlossen, weil auch dort eine Scheibe zu Bruch ging und das Glas noch nicht geliefert ist. \
     Wer am Sonntag zwischen drei und fünf Uhr etwas gehört oder gesehen hat, kann sich auf der Wache melden. Ein Richter ordnete an, dass die drei Männer vorerst in Haft bleiben.";

#[test]
fn crime_among_private_people_tells_no_events() {
    let reading = read(BURGLARY);
    assert!(reading.events.is_empty(), "{:?}", reading.events);
    assert!(reading.claims.is_empty(), "{:?}", reading.claims);
    assert_eq!(notes(&reading), ["private"]);
}

#[test]
fn acts_of_powers_count_in_any_report() {
    let reading = read(&format!(
        "{BURGLARY} Zur selben Zeit verurteilte die russische Regierung die Nato."
    ));
    let blame = of(&reading, EventType::Accuse);
    assert_eq!(blame.len(), 1);
    assert!(of(&reading, EventType::Coerce).is_empty());
}

#[test]
fn short_texts_are_not_judged() {
    let reading = read("Die Polizei nahm drei Männer fest.");
    assert!(notes(&reading).is_empty());
}

#[test]
fn games_between_states_are_no_politics() {
    let reading = read(
        "Deutschland hat das Finale des Turniers gegen Spanien gewonnen. Der Stürmer traf in der zweiten Halbzeit zweimal, der Torwart hielt einen Elfmeter. \
         Der Trainer von Spanien kritisierte den Schiedsrichter. Spaniens Mannschaft habe ein starkes Spiel gezeigt, sagte der Spieler mit der Nummer neun. \
         Im Stadion feierten die Fans bis in die Nacht. In der kommenden Saison wechselt der Torwart zu einem Verein der Bundesliga, für den er schon als \
         junger Spieler in vielen Partien auf dem Platz gestanden hatte.",
    );
    assert!(of(&reading, EventType::Accuse).is_empty(), "{:?}", reading.events);
    assert_eq!(notes(&reading), ["private"]);
}

#[test]
fn captains_and_attackers_of_teams_are_no_powers() {
    let reading = read(
        "Kapitän Martin Huber hat den Trainer nach dem Finale kritisiert. Der Angreifer traf in der zweiten Halbzeit zweimal, der Verteidiger hielt einen Elfmeter. \
         Kapitän Huber sagte, der Angreifer habe ein starkes Spiel gezeigt, aber die Verteidiger seien in der ersten Halbzeit schlecht gewesen. Die Angreifer \
         der Mannschaft warfen dem Schiedsrichter vor, den Verein aus der Hauptstadt in dieser Saison bei jedem zweiten Spiel zu bevorzugen.",
    );
    assert!(of(&reading, EventType::Accuse).is_empty(), "{:?}", reading.events);
    assert_eq!(notes(&reading), ["private"]);
}

#[test]
fn nobody_does_the_harm_of_disasters() {
    let quake = "Bei einem Erdbeben in Chile sind viele Häuser eingestürzt. In der Hauptstadt wurden zwölf Menschen getötet. Hunderte Gebäude wurden zerstört.";
    let reading = read(quake);
    assert!(of(&reading, EventType::Assault).is_empty(), "{:?}", reading.events);
    assert_eq!(notes(&reading), ["disaster"]);
    // An army that kills there does.
    let reading = read(&format!(
        "{quake} In der Provinz Maule tötete die chilenische Armee zwei Plünderer."
    ));
    assert_eq!(of(&reading, EventType::Assault).len(), 1);
}
