//! The interface over the sample reports, without a socket.

use super::super::{Setup, Site, router};
use super::openapi;
use crate::pipeline::Pipeline;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use lagebild_store::{Readers, Store};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The sample reports, read once for all tests; nothing is added to it.
static DEMO: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("demo.db");
    crate::demo::fill(&Pipeline::load(), &path).unwrap();
    (directory, path)
});

fn site() -> Site {
    open(&DEMO.1, false)
}

fn open(path: &Path, adding: bool) -> Site {
    let setup = Setup {
        adding,
        ..Setup::patient()
    };
    Site::new(Readers::open(path, Pipeline::compounds()).unwrap(), setup)
}

/// A copy of the sample reports that may be added to.
fn copy() -> (TempDir, PathBuf, Site) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("copy.db");
    std::fs::copy(&DEMO.1, &path).unwrap();
    let site = open(&path, true);
    (directory, path, site)
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {:?}", self.body))
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(site: &Site, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = router(site.clone()).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.unwrap().to_bytes(),
    }
}

async fn get(site: &Site, path: &str) -> Answer {
    ask(site, Method::GET, path, &[("accept-language", "en")], "").await
}

async fn post(site: &Site, path: &str, kind: &str, body: &str) -> Answer {
    let headers = [("content-type", kind), ("accept-language", "en")];
    ask(site, Method::POST, path, &headers, body).await
}

const LISTS: [&str; 7] = [
    "/api/v1/documents",
    "/api/v1/events",
    "/api/v1/claims",
    "/api/v1/agreements",
    "/api/v1/actors",
    "/api/v1/pairs",
    "/api/v1/search?q=Vertrag",
];

#[tokio::test]
async fn lists_go_on_where_their_links_lead() {
    let site = site();
    for list in LISTS {
        let sign = if list.contains('?') { '&' } else { '?' };
        let whole = get(&site, &format!("{list}{sign}limit=500&total=true")).await.json();
        let total = whole["rows"].as_array().unwrap().len();
        assert!(total > 4, "{list}: {total}");
        assert_eq!(whole["total"], total, "{list}");
        let mut rows = Vec::new();
        let mut path = format!("{list}{sign}limit=4");
        loop {
            let answer = get(&site, &path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            let part = answer.json();
            rows.extend(part["rows"].as_array().unwrap().iter().cloned());
            let link = answer.header(header::LINK);
            let Some(next) = link
                .strip_prefix('<')
                .and_then(|link| link.strip_suffix(">; rel=\"next\""))
            else {
                assert_eq!(part["next"], Value::Null, "{path}");
                break;
            };
            path = next.to_owned();
        }
        assert_eq!(whole["rows"], Value::Array(rows), "{list}");
    }
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let (_keep, path, site) = copy();
    let first = get(&site, "/api/v1/events?limit=1&sort=oldest").await;
    let tag = first.header(header::ETAG).to_owned();
    assert!(tag.starts_with('"') && tag.len() > 10, "{tag}");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let headers = [("if-none-match", known.as_str())];
        let again = ask(&site, Method::GET, "/api/v1/events?limit=1&sort=oldest", &headers, "").await;
        assert_eq!(
            (again.status, again.body.len()),
            (StatusCode::NOT_MODIFIED, 0),
            "{known}"
        );
        assert_eq!(again.header(header::ETAG), tag);
    }
    // Another report comes in, and this part of the list stays what it was; the number of reports does not.
    let headers = [("if-none-match", tag.as_str())];
    let count = get(&site, "/api/v1").await.header(header::ETAG).to_owned();
    let added = post(&site, "/api/v1/documents", "text/plain", "Seoul warnt Moskau.").await;
    assert_eq!(added.status, StatusCode::CREATED, "{:?}", added.body);
    let same = ask(&site, Method::GET, "/api/v1/events?limit=1&sort=oldest", &headers, "").await;
    assert_eq!(same.status, StatusCode::NOT_MODIFIED);
    let changed = ask(&site, Method::GET, "/api/v1", &[("if-none-match", &count)], "").await;
    assert_eq!(changed.status, StatusCode::OK);
    drop(path);
}

#[tokio::test]
async fn a_list_is_saved_as_a_search_and_tells_what_is_new() {
    let (_keep, _path, site) = copy();
    let form = "application/x-www-form-urlencoded";
    let text = |answer: &Answer| String::from_utf8(answer.body.to_vec()).unwrap();
    let page = text(&get(&site, "/save-search?list=events&type=ACCUSE&ui=en").await);
    assert!(page.contains("action=\"/searches\"") && page.contains("name=\"type\" value=\"ACCUSE\""));
    let saved = post(&site, "/searches", form, "name=words+%26+more&list=events&type=ACCUSE").await;
    assert_eq!(
        (saved.status, saved.header(header::LOCATION)),
        (StatusCode::SEE_OTHER, "/searches/words%20%26%20more")
    );
    for wrong in [
        "name=&list=events",
        "name=a&list=claims",
        "name=words+%26+more&list=events&type=AID",
        "list=events",
    ] {
        assert_eq!(
            post(&site, "/searches", form, wrong).await.status,
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
    }
    let one = || async { get(&site, "/api/v1/searches").await.json()["rows"][0].clone() };
    let before = one().await;
    assert_eq!((&before["name"], &before["new"]), (&json!("words & more"), &json!(0)));
    let shown = text(&get(&site, "/searches/words%20%26%20more?ui=en").await);
    assert!(
        shown.contains("Nothing new.") && shown.contains("/api/v1/export/atom?type=ACCUSE"),
        "{shown}"
    );
    let report = "Seoul verurteilte die Lieferung von Waffen an Moskau.";
    let added = post(&site, "/api/v1/documents?published=2024-10-24", "text/plain", report).await;
    assert!(added.json()["events"].as_u64() > Some(0), "{:?}", added.json());
    assert_eq!(one().await["new"], json!(1));
    let shown = text(&get(&site, "/searches/words%20%26%20more?ui=en").await);
    assert!(
        shown.contains("verurteilte") && !shown.contains("Nothing new."),
        "{shown}"
    );
    let all = text(&get(&site, "/searches").await);
    assert!(
        all.contains("/searches/words%20%26%20more") && !all.contains("words & more"),
        "{all}"
    );
    assert_eq!(get(&site, "/searches/none").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn errors_have_one_shape() {
    let site = site();
    for (path, status, code) in [
        ("/api/v1/events?typ=AID", 400, "filter"),
        ("/api/v1/events?type=AIDS", 400, "filter"),
        ("/api/v1/events?stance=deny", 400, "filter"),
        ("/api/v1/events?type=", 400, "query"),
        ("/api/v1/events?limit=0", 400, "filter"),
        ("/api/v1/events?limit=501", 400, "filter"),
        ("/api/v1/events?limit=all", 400, "filter"),
        ("/api/v1/events?offset=3", 400, "filter"),
        ("/api/v1/events?after=x", 400, "filter"),
        ("/api/v1/events?from=2024-02-31", 400, "filter"),
        ("/api/v1/search", 400, "filter"),
        ("/api/v1/search?q=-Moskau", 400, "filter"),
        ("/api/v1/documents/none", 404, "not-found"),
        ("/api/v1/documents/%00%ff", 400, "query"),
        ("/api/v1/actors/Niemand%20Sonst", 404, "not-found"),
        ("/api/v1/explain", 400, "query"),
        ("/api/v1/explain?event=none%23e1", 404, "not-found"),
        ("/api/v1/export/docx", 404, "not-found"),
        ("/api/v1/export/csv?table=none", 400, "query"),
        ("/api/v1/export/gdelt?table=events", 400, "query"),
        ("/api/v1/export/csv?limit=3", 400, "query"),
        ("/api/v1/pairs/PRK/KOR?by=year", 400, "filter"),
        ("/api/v1/pairs/PRK/KOR?sort=oldest", 400, "query"),
        ("/api/v1/pairs/PRK/%C2%84", 400, "query"),
        ("/api/v1/nothing", 404, "not-found"),
        ("/api/v2/events", 404, "not-found"),
    ] {
        let answer = get(&site, path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {:?}", answer.body);
        assert_eq!(
            answer.header(header::CONTENT_TYPE),
            "application/problem+json",
            "{path}"
        );
        let problem = answer.json();
        assert_eq!(
            (&problem["status"], &problem["code"]),
            (&json!(status), &json!(code)),
            "{path}: {problem}"
        );
        assert_eq!(problem["type"], format!("urn:lagebild:problem:{code}"));
        assert!(
            problem["detail"].as_str().is_some_and(|text| text.len() > 5),
            "{path}: {problem}"
        );
    }
    let wrong = ask(&site, Method::DELETE, "/api/v1/documents", &[], "").await;
    assert_eq!(
        (wrong.status, wrong.json()["code"].as_str()),
        (StatusCode::METHOD_NOT_ALLOWED, Some("method"))
    );
    assert_eq!(wrong.header(header::ALLOW), "GET,HEAD,POST");
    let hint = get(&site, "/api/v1/events?type=AIDS").await.json();
    assert_eq!(hint["hint"], "did you mean AID?");
}

#[tokio::test]
async fn a_report_is_read_and_not_kept() {
    let site = site();
    let before = get(&site, "/api/v1").await.json();
    let text = "Moskau drohte Seoul am Mittwoch mit Vergeltung.";
    let sent = json!({ "text": text, "published": "2024-10-24", "title": "Drohung", "unknown": [1] });
    let read = post(
        &site,
        "/api/v1/read",
        "application/json; charset=utf-8",
        &sent.to_string(),
    )
    .await;
    assert_eq!(read.status, StatusCode::OK, "{:?}", read.body);
    let record: lagebild_core::wire::Record = serde_json::from_slice(&read.body).unwrap();
    assert_eq!((record.text.as_str(), record.title.as_deref()), (text, Some("Drohung")));
    assert_eq!(record.events[0].kind, "THREATEN");
    assert_eq!(record.events[0].date.from.as_deref(), Some("2024-10-23"));
    let pretty = serde_json::to_string_pretty(&sent).unwrap();
    assert_eq!(
        post(&site, "/api/v1/read", "application/json", &pretty).await.body,
        read.body
    );
    let plain = post(&site, "/api/v1/read?published=2024-10-24&lang=de", "text/plain", text)
        .await
        .json();
    assert_eq!(plain["events"][0]["date"]["from"], "2024-10-23");
    let html = format!("<html><body><article><h1>Drohung</h1><p>{text}</p></article></body></html>");
    let html = post(&site, "/api/v1/read", "text/html", &html).await.json();
    assert_eq!(html["events"][0]["type"], "THREATEN", "{html}");
    for (path, kind, body, status) in [
        ("/api/v1/read", "application/json", "{", 400),
        ("/api/v1/read", "application/json", "[]", 400),
        ("/api/v1/read", "application/json", "{\"title\":\"x\"}", 422),
        (
            "/api/v1/read",
            "application/json",
            "{\"text\":\"x\",\"published\":\"gestern\"}",
            422,
        ),
        ("/api/v1/read", "text/plain", "", 422),
        ("/api/v1/read", "text/html", "<p>Kurz.", 422),
        ("/api/v1/read", "image/png", "x", 415),
        ("/api/v1/read?lang=fr", "text/plain", "x", 400),
        ("/api/v1/read?type=AID", "text/plain", "x", 400),
        ("/api/v1/read?url=", "text/plain", "x", 400),
        ("/api/v1/explain?why_not=nonsense", "text/plain", "x", 400),
        ("/api/v1/explain?event=e9", "text/plain", "Moskau drohte Seoul.", 404),
    ] {
        let answer = post(&site, path, kind, body).await;
        assert_eq!(answer.status.as_u16(), status, "{path} {body}: {:?}", answer.body);
        assert_eq!(answer.json()["status"], status);
    }
    assert_eq!(get(&site, "/api/v1").await.json(), before);
}

#[tokio::test]
async fn reasons_are_told_for_stored_and_sent_reports() {
    let site = site();
    let event = get(&site, "/api/v1/events?type=SUPPORT&limit=1").await.json()["rows"][0].clone();
    let key = event["key"].as_str().unwrap().replace('#', "%23");
    let stored = get(&site, &format!("/api/v1/explain?event={key}")).await.json();
    assert_eq!(
        (&stored["read"], &stored["reasons"][0]["about"]),
        (&json!(true), &json!("event"))
    );
    let text = "Nordkorea lieferte Russland Waffen.";
    let all = post(&site, "/api/v1/explain", "text/plain", text).await.json();
    assert!(!all["reasons"].as_array().unwrap().is_empty());
    let missed = post(
        &site,
        "/api/v1/explain?why_not=ASSAULT%20PRK%20%3E%20RUS",
        "text/plain",
        text,
    )
    .await
    .json();
    assert_eq!(
        (&missed["read"], missed["reasons"].as_array().unwrap().len()),
        (&json!(false), 1)
    );
}

#[tokio::test]
async fn adding_is_off_unless_allowed_and_says_when_the_store_is_taken() {
    let text = "Seoul verurteilte die Lieferung von Waffen an Moskau.";
    let closed = post(&site(), "/api/v1/documents", "text/plain", text).await;
    assert_eq!(
        (closed.status, closed.json()["code"].as_str()),
        (StatusCode::FORBIDDEN, Some("read-only"))
    );
    let (_keep, path, site) = copy();
    let writer = Store::open(&path, Pipeline::compounds()).unwrap();
    let busy = post(&site, "/api/v1/documents", "text/plain", text).await;
    assert_eq!(
        (busy.status, busy.json()["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("busy"))
    );
    assert_eq!(busy.header(header::RETRY_AFTER), "5");
    drop(writer);
    let sent = json!({ "id": "a b/ü", "text": text, "url": "https://example.org/1" }).to_string();
    let added = post(&site, "/api/v1/documents", "application/json", &sent).await;
    assert_eq!(added.status, StatusCode::CREATED, "{:?}", added.body);
    assert_eq!(
        (&added.json()["id"], &added.json()["outcome"]),
        (&json!("a b/ü"), &json!("added"))
    );
    let record = get(&site, added.header(header::LOCATION)).await;
    assert_eq!(record.json()["text"], text);
    let read = post(&site, "/api/v1/read", "application/json", &sent).await;
    assert_eq!(record.body, read.body, "what is kept is what is read");
    let row = get(&site, "/api/v1/documents?q=verurteilte&source=").await;
    assert_eq!(row.status, StatusCode::BAD_REQUEST);
    let row = get(&site, "/api/v1/documents?doc=a%20b%2F%C3%BC").await.json();
    assert_eq!(row["rows"][0]["url"], "https://example.org/1");
    let again = post(&site, "/api/v1/documents", "application/json", &sent).await;
    assert_eq!(
        (again.status, again.json()["outcome"].as_str()),
        (StatusCode::OK, Some("unchanged"))
    );
    let other = sent.replace("verurteilte", "begrüßte");
    let revised = post(&site, "/api/v1/documents", "application/json", &other).await;
    assert_eq!(
        (revised.status, revised.json()["outcome"].as_str()),
        (StatusCode::OK, Some("revised"))
    );
    assert_eq!(
        post(&site, "/api/v1/documents", "text/plain", "").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    // The store is free for others between two requests.
    drop(Store::open(&path, Pipeline::compounds()).unwrap());
}

#[tokio::test]
async fn every_format_comes_as_a_file() {
    let site = site();
    for (format, kind, name) in [
        ("polecat", "text/tab-separated-values; charset=utf-8", "lagebild.tsv"),
        ("plover", "application/x-ndjson", "lagebild.jsonl"),
        ("geojson", "application/geo+json", "lagebild.geojson"),
        ("graphml", "application/xml", "lagebild.graphml"),
        ("gexf", "application/xml", "lagebild.gexf"),
        ("annotation", "application/ld+json", "lagebild.jsonld"),
        ("doccano", "application/x-ndjson", "lagebild.jsonl"),
        ("ris", "application/x-research-info-systems", "lagebild.ris"),
        ("atom", "application/atom+xml", "lagebild.atom"),
        (
            "csv?table=events",
            "text/csv; charset=utf-8; header=present",
            "events.csv",
        ),
        ("ndjson?table=claims", "application/x-ndjson", "claims.ndjson"),
        ("csv", "application/x-tar", "lagebild.tar"),
        ("gdelt", "application/x-tar", "lagebild.tar"),
        ("brat", "application/x-tar", "lagebild.tar"),
        ("markdown", "application/x-tar", "lagebild.tar"),
    ] {
        let answer = get(&site, &format!("/api/v1/export/{format}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{format}: {:?}", answer.body);
        assert_eq!(answer.header(header::CONTENT_TYPE), kind, "{format}");
        assert_eq!(
            answer.header(header::CONTENT_DISPOSITION),
            format!("attachment; filename=\"{name}\"")
        );
        assert_eq!(answer.header(header::CONTENT_LENGTH), answer.body.len().to_string());
        assert!(answer.body.len() > 500, "{format}: {} bytes", answer.body.len());
    }
    let all = get(&site, "/api/v1/export/ndjson?table=events").await;
    let some = get(&site, "/api/v1/export/ndjson?table=events&type=AID").await;
    let types = |answer: &Answer| -> Vec<String> {
        let lines = std::str::from_utf8(&answer.body).unwrap().lines();
        lines
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].to_string())
            .collect()
    };
    assert!(types(&some).iter().all(|kind| kind == "\"AID\"") && types(&some).len() < types(&all).len());
    let archive = get(&site, "/api/v1/export/csv").await;
    let mut archive = tar::Archive::new(&*archive.body);
    let names: Vec<String> = archive
        .entries()
        .unwrap()
        .map(|entry| entry.unwrap().path().unwrap().display().to_string())
        .collect();
    assert!(names.contains(&"lagebild/events.csv".to_owned()), "{names:?}");
    assert!(names.contains(&"lagebild/datapackage.json".to_owned()), "{names:?}");
}

/// What OpenAPI says about `path` and `method`.
fn operation<'a>(api: &'a Value, path: &str, method: &str) -> Option<&'a Value> {
    let path = path.split('?').next()?;
    let fits = |template: &str| {
        let (a, b): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
        a.len() == b.len()
            && a.iter()
                .zip(&b)
                .all(|(a, b)| a == b || a.starts_with('{') && !b.is_empty())
    };
    let paths = api["paths"].as_object()?;
    let exact = paths.get(path);
    let found = exact.or_else(|| {
        paths
            .iter()
            .find(|(template, _)| fits(template))
            .map(|(_, found)| found)
    });
    found?.get(method)
}

/// Whether `value` holds all of `expected`: fields that stand in both are equal, rows begin as told, "…" stands for anything.
fn holds(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (_, Value::String(text)) if text == "…" => true,
        (Value::Object(value), Value::Object(expected)) => expected
            .iter()
            .all(|(name, expected)| value.get(name).is_some_and(|value| holds(value, expected))),
        (Value::Array(value), Value::Array(expected)) => {
            value.len() >= expected.len()
                && value
                    .iter()
                    .zip(expected)
                    .all(|(value, expected)| holds(value, expected))
        }
        (value, expected) => value == expected,
    }
}

/// Requests of docs/api.md, each with the answer that stands after it.
fn examples() -> Vec<(String, Value)> {
    let page = include_str!("../../../../../docs/api.md");
    let mut examples = Vec::new();
    for rest in page.split("```http\n").skip(1) {
        let request = rest.split("\n```").next().unwrap();
        let answer = rest
            .split("```json\n")
            .nth(1)
            .map(|rest| rest.split("\n```").next().unwrap());
        let answer = answer.unwrap_or_else(|| panic!("no answer to {request}"));
        let answer = serde_json::from_str(answer).unwrap_or_else(|e| panic!("{e}: {answer}"));
        examples.push((request.to_owned(), answer));
    }
    examples
}

#[tokio::test]
async fn the_examples_of_the_page_hold_and_show_every_operation() {
    let (_keep, _path, site) = copy();
    let api: Value = serde_json::from_slice(openapi::text()).unwrap();
    let mut shown: Vec<*const Value> = Vec::new();
    for (request, expected) in examples() {
        let (head, body) = request.split_once("\n\n").unwrap_or((&request, ""));
        let mut lines = head.lines();
        let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
        let headers: Vec<(&str, &str)> = lines.map(|line| line.split_once(": ").unwrap()).collect();
        let mut headers = headers;
        headers.push(("accept-language", "en"));
        let answer = ask(&site, method.parse().unwrap(), path, &headers, body).await;
        assert!(
            holds(&answer.json(), &expected),
            "{request}\ngives {} {:#}",
            answer.status,
            answer.json()
        );
        if let Some(operation) = operation(&api, path, &method.to_lowercase()) {
            shown.push(std::ptr::from_ref(operation));
            assert!(
                operation["responses"].get(answer.status.as_str()).is_some(),
                "{request}: {}",
                answer.status
            );
        }
    }
    for (path, operations) in api["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let binary = path.contains("/export/");
            assert!(
                binary || shown.contains(&std::ptr::from_ref(operation)),
                "docs/api.md shows no {method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn the_description_is_what_is_served() {
    let site = site();
    let answer = get(&site, "/api/v1/openapi.json").await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
    let api = answer.json();
    assert_eq!(api["openapi"], "3.1.0");
    let page = include_str!("../../../../../docs/api.md");
    for (path, operations) in api["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            assert!(["get", "post"].contains(&method.as_str()), "{method} {path}");
            let template = path.replace("{", "").replace("}", "");
            let other = ask(&site, Method::DELETE, &template, &[], "").await;
            assert_eq!(
                other.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{path} is described and not served"
            );
            assert!(
                other.header(header::ALLOW).contains(&method.to_uppercase()),
                "{method} {path}"
            );
        }
        assert!(
            page.contains(&format!("`{path}`")),
            "docs/api.md does not tell of {path}"
        );
    }
    // Every filter of the store is told of.
    let names = |path: &str| -> Vec<String> {
        let parameters = api["paths"][path]["get"]["parameters"].as_array().unwrap();
        parameters
            .iter()
            .map(|p| p["name"].as_str().unwrap().to_owned())
            .collect()
    };
    for key in lagebild_store::KEYS.iter().filter(|key| key.name != "offset") {
        for list in key.lists {
            assert!(
                names(&format!("/api/v1/{}", list.name())).contains(&key.name.to_owned()),
                "{}",
                key.name
            );
        }
    }
    // References lead somewhere.
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    for reference in text
        .split("\"$ref\":\"#")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
    {
        assert!(api.pointer(reference).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn hostile_requests_get_an_answer() {
    let site = site();
    let long = "a".repeat(7000);
    for path in [
        format!("/api/v1/documents/{long}"),
        format!("/api/v1/search?q={long}"),
        "/api/v1/search?q=%22%22%22%27%29%3B--".to_owned(),
        "/api/v1/search?q=NEAR%28a%20b%2C%203%29%20OR%20*".to_owned(),
        "/api/v1/events?actor=%27%20OR%201%3D1%20--".to_owned(),
        "/api/v1/events?country=%00%00%00".to_owned(),
        "/api/v1/actors/%F0%9F%92%A9".to_owned(),
        "/api/v1/documents/..%2F..%2Fetc%2Fpasswd".to_owned(),
        "/api/v1/pairs/..%2F/%2F..".to_owned(),
        format!("/api/v1/events?{}", "type=AID&".repeat(500)),
    ] {
        let answer = get(&site, &path).await;
        assert!(
            answer.status.as_u16() < 500,
            "{path}: {} {:?}",
            answer.status,
            answer.body
        );
    }
}

#[tokio::test]
async fn pages_are_made_once_for_each_state_of_the_store_and_each_reader() {
    let (_keep, _path, site) = copy();
    let page = |language: &'static str| {
        let site = site.clone();
        async move { ask(&site, Method::GET, "/events", &[("accept-language", language)], "").await }
    };
    let (first, again, german) = (page("en").await, page("en").await, page("de").await);
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!((&first.body, &first.headers), (&again.body, &again.headers));
    assert_ne!(first.body, german.body);
    let text = "Seoul verurteilte die Lieferung von Waffen an Moskau.";
    let added = post(&site, "/api/v1/documents?published=2031-03-04", "text/plain", text).await;
    assert_eq!(added.status, StatusCode::CREATED, "{:?}", added.body);
    let later = page("en").await;
    assert_ne!(later.body, first.body);
    assert!(String::from_utf8_lossy(&later.body).contains("verurteilte"));
    let head = ask(&site, Method::HEAD, "/events", &[], "").await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    let wrong = ask(&site, Method::POST, "/events", &[], "").await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
}
