//! Map, network, treaties, feeds, explanations, about.

use super::{at, german, get, hostile, page, party, record, site};
use axum::http::StatusCode;
use lagebild_core::wire::Record;
use lagebild_store::{NoCompounds, Store};
use serde_json::{Value, json};
use std::sync::Arc;

const TEXT: &str =
    "Russland drohte Nordkorea in Moskau. Russland half Nordkorea in Russland. <b>Boss</b> griff \"><i>Opfer</i> an.";
const EVIL: &str = "</title></svg><script>alert(1)</script>";

/// Events in a town, in a state, in a place that tries to break out of the map.
fn places() -> Record {
    let event = |id: &str, kind: &str, quad: &str, trigger: &str, from: Value, to: Value, place: Value| {
        let mut mention = at(TEXT, trigger);
        mention["trigger"] = at(TEXT, trigger);
        json!({
            "id": id, "type": kind, "mode": null, "content": null, "actors": [from], "recipients": [to], "status": "actual",
            "certainty": "asserted", "date": { "from": "2024-10-21", "to": "2024-10-21", "text": null, "implicit": false },
            "place": place, "quantities": [], "context": [], "claim": null, "quad": quad, "cameo": "130", "goldstein": -4.4,
            "plover_score": -5.0, "rule": "r", "mentions": [mention],
        })
    };
    let place = |words: &str, name: &str, country: Option<&str>, lat: f64, lon: f64| {
        let mut place = at(TEXT, words);
        let more = json!({ "name": name, "country": country, "lat": lat, "lon": lon });
        place.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        place
    };
    let russia = || party(TEXT, "Russland", "country:RUS", "RUS");
    let korea = || party(TEXT, "Nordkorea", "country:PRK", "PRK");
    let mut boss = party(TEXT, "<b>Boss</b>", "person:\"><script>", "\"><i>");
    boss["org"] = json!("\"><ORG>");
    boss["name"] = json!(EVIL);
    let mut victim = party(TEXT, "\"><i>Opfer</i>", "org:<i>", "<i>");
    victim["org"] = json!("<i>");
    victim["name"] = json!("<img src=x onerror=alert(2)>");
    let read = json!({ "events": [
        event("e1", "THREATEN", "verbal-conflict", "drohte", russia(), korea(),
            place("Moskau", "Moskau", Some("RUS"), 55.752, 37.618)),
        event("e2", "AID", "material-cooperation", "half", russia(), korea(),
            place("Russland", "Russland", Some("RUS"), 55.752, 37.618)),
        event("e3", "ASSAULT", "material-conflict", "griff", boss, victim,
            place("Opfer", EVIL, Some("\"><script>"), 10.0, 20.0)),
    ]});
    record("p1", "Orte", "de", TEXT, read)
}

const PAGES: [&str; 13] = [
    "/map",
    "/map/europe",
    "/map/asia?type=AID",
    "/network",
    "/network/actors",
    "/treaties",
    "/treaties?actor=PRK&on=2024-12-31",
    "/treaties/RU-KP-2024?on=2024-07-01",
    "/what-if?by=UKR&attacked=RUS&on=2025-01-01",
    "/explain?doc=p1",
    "/explain?doc=p1&why-not=AID%20PRK%20%3E%20RUS",
    "/feeds",
    "/about",
];

#[tokio::test]
async fn every_page_speaks_both_languages_and_keeps_hostile_names_as_text() {
    let (_keep, site) = site(vec![places(), german(), hostile()]);
    for path in PAGES {
        let sign = if path.contains('?') { '&' } else { '?' };
        for lang in ["de", "en"] {
            let html = page(&site, &format!("{path}{sign}ui={lang}")).await;
            assert!(html.contains(&format!("<html lang=\"{lang}\"")), "{path}");
            assert_eq!(html.matches("<script").count(), 1, "{path}: {html}");
            for bad in [
                "<img",
                "<b>",
                "<i>",
                " style=",
                " onclick=",
                "</svg><",
                "href=\"javascript:",
            ] {
                let bad_elsewhere = bad == "</svg><" && !html.contains("</svg><script");
                assert!(bad_elsewhere || !html.contains(bad), "{path}: {bad}");
            }
        }
    }
    let map = page(&site, "/map").await;
    assert!(
        map.contains("&#60;/title&#62;&#60;/svg&#62;"),
        "the name of the place is shown: {map}"
    );
    assert!(
        page(&site, "/network/actors")
            .await
            .contains("&#60;/title&#62;&#60;/svg&#62;")
    );
    assert!(page(&site, "/network").await.contains("&#34;&#62;&#60;ORG&#62;"));
}

#[tokio::test]
async fn an_empty_store_has_all_pages() {
    let (_keep, site) = site(Vec::new());
    for path in PAGES.iter().filter(|p| !p.contains("doc=")) {
        page(&site, path).await;
    }
    assert!(page(&site, "/feeds?ui=en").await.contains("lagebild watch"));
    assert_eq!(get(&site, "/explain?doc=p1").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_map_tells_town_and_state_apart() {
    let (_keep, site) = site(vec![places()]);
    let map = page(&site, "/map?ui=en").await;
    assert!(
        map.contains("<a href=\"/events?place=Moskau\"><title>Moscow: 1</title><circle class=\"town q-vk\""),
        "{map}"
    );
    assert!(
        map.contains("<a href=\"/events?place=Russland\"><title>Russia: 1</title><use href=\"/assets/world.svg?"),
        "{map}"
    );
    assert!(
        map.contains("the state only") && map.contains("#RUS\" class=\"shade-1\""),
        "{map}"
    );
    // The filters of the list are those of the map, and lead back to the same part of the world.
    let asia = page(&site, "/map/asia?type=AID&ui=en").await;
    assert!(!asia.contains("Moscow: 1") && asia.contains("Russia: 1"));
    assert!(asia.contains("href=\"/map/asia?type=THREATEN\""), "{asia}");
    assert!(page(&site, "/events?place=Moskau&ui=en").await.contains("1–1 of 1"));
    assert!(page(&site, "/events?place=RUS&ui=en").await.contains("1–2 of 2"));
    assert_eq!(get(&site, "/map/atlantis").await.0, StatusCode::NOT_FOUND);
    assert_eq!(get(&site, "/map?type=X").await.0, StatusCode::BAD_REQUEST);
    let shapes = page(&site, "/assets/world.svg").await;
    assert!(shapes.contains("id=\"RUS\"") && shapes.contains("id=\"disputed\""));
}

#[tokio::test]
async fn the_network_has_an_arrow_for_each_direction() {
    let (_keep, site) = site(vec![places()]);
    let network = page(&site, "/network?ui=en").await;
    assert!(network.contains("<title>Russia → North Korea: "), "{network}");
    assert!(
        network.contains("href=\"/events?status=actual&#38;actor=RUS&#38;recipient=PRK\""),
        "{network}"
    );
    assert!(!network.contains("North Korea → Russia"));
    let planned = page(&site, "/network?status=planned&ui=en").await;
    assert!(planned.contains("Nothing found"), "{planned}");
}

#[tokio::test]
async fn treaties_have_their_state_on_a_day() {
    let (_keep, site) = site(vec![german()]);
    for (on, class) in [("2024-07-01", "signed"), ("2024-12-31", "in-force")] {
        let treaty = page(&site, &format!("/treaties/RU-KP-2024?on={on}&ui=en")).await;
        assert!(
            treaty.contains(&format!("class=\"badge stage {class}\"")),
            "{on}: {treaty}"
        );
        assert!(
            treaty.contains("mutual assistance") && treaty.contains("Art. 4"),
            "{treaty}"
        );
    }
    let ledger = page(&site, "/treaties?actor=PRK&on=2024-12-31&ui=en").await;
    assert!(
        ledger.contains("href=\"/treaties/CN-KP-1961?on=2024-12-31\""),
        "{ledger}"
    );
    assert!(!ledger.contains("NATO-1949"));
    // A treaty that only a report tells of is found under the key of its agreement.
    let told = page(&site, "/treaties?on=2024-12-31&kind=defence&actor=RUS").await;
    assert!(told.contains("RU-KP-2024"));
    assert_eq!(get(&site, "/treaties/NO-SUCH").await.0, StatusCode::NOT_FOUND);
    assert_eq!(get(&site, "/treaties?on=someday").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn states_are_asked_for_by_code_or_name() {
    let (_keep, site) = site(Vec::new());
    let case = page(&site, "/what-if?by=ukraine&attacked=Russland&on=2025-01-01&ui=de").await;
    assert!(
        case.contains("Ukraine greift Russland an") && case.contains("<strong>Nordkorea</strong>"),
        "{case}"
    );
    assert!(
        case.contains("Die Kette der Verbündeten") && case.contains("falls Ukraine greift Nordkorea an"),
        "{case}"
    );
    let nobody = page(&site, "/what-if?by=Atlantis&attacked=RUS").await;
    assert!(nobody.contains("„Atlantis“") && !nobody.contains("<svg class=\"graph\""));
    page(&site, "/what-if").await;
}

#[tokio::test]
async fn reasons_open_to_reasons() {
    let text = "Vertrag ratifiziert\n\nDas russische Parlament hat am Donnerstag den Vertrag mit Nordkorea ratifiziert. Präsident \
        Wladimir Putin lobte die Abgeordneten.";
    let (_keep, site) = site(vec![record("x1", "Warum", "de", text, json!({}))]);
    let all = page(&site, "/explain?doc=x1&ui=de").await;
    assert!(
        all.contains("<details open><summary>") && all.contains("SUPPORT"),
        "{all}"
    );
    assert_eq!(all.matches("<details").count(), all.matches("</details>").count());
    assert!(all.contains("Auslöser") && all.contains("data/lexicon/de/"), "{all}");
    let why_not = page(&site, "/explain?doc=x1&why-not=AID+RUS+%3E+PRK&ui=en").await;
    assert!(why_not.contains("It is not read:"), "{why_not}");
    assert_eq!(
        get(&site, "/explain?doc=x1&why-not=nonsense").await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(get(&site, "/explain?doc=x1&event=e99").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn feeds_show_their_state() {
    let (keep, site) = site(Vec::new());
    let mut store = Store::open(keep.path().join("test.db"), Arc::new(NoCompounds)).unwrap();
    let now = "2024-10-25T08:00:00Z".parse().unwrap();
    store
        .watch_feeds(&[("https://example.org/feed?a=<b>", Some("<b>Blatt</b>"))], now)
        .unwrap();
    drop(store);
    let html = page(&site, "/feeds?ui=en").await;
    assert!(html.contains("&#60;b&#62;Blatt") && html.contains("feed-new"), "{html}");
    assert!(html.contains("2024-10-25 08:00") && !html.contains("<b>"));
}
