//! `/api/v1`: the store and the engine for programs, as JSON. The face of it is promised in docs/api.md.
//!
//! Lists give the rows of the store, records the contract of [`lagebild_core::wire`]; there is no second shape. Filters
//! are those of all lists. What goes wrong is told as `application/problem+json` ([`super::error::Problem`]).

mod actors;
mod explain;
mod export;
mod openapi;
mod pairs;
mod reports;

pub(super) use reports::KINDS;

use super::page::Page;
use super::{Site, WebError};
use axum::Router;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use lagebild_store::{
    ActorRow, AgreementRow, ClaimRow, DocumentRow, EventRow, Hit, List, Paging, Part, Reader, SavedSearch, Stats,
    StoryRow,
};
use openapi::{ActorFilters, AgreementFilters, ClaimFilters, DocumentFilters, EventFilters, Problems, SearchFilters};
use serde::Serialize;

/// Rows of a part: unless more are asked for, and at most.
const ROWS: (usize, usize) = (50, 500);

/// What is below `/api/v1`.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/", get(about))
        .route("/openapi.json", get(openapi::document))
        .route("/documents", get(documents).post(reports::add))
        .route("/documents/{id}", get(reports::one))
        .route("/read", post(reports::read))
        .route("/events", get(events))
        .route("/claims", get(claims))
        .route("/agreements", get(agreements))
        .route("/actors", get(actors))
        .route("/actors/{name}", get(actors::one))
        .route("/pairs", get(pairs::all))
        .route("/pairs/{a}/{b}", get(pairs::one))
        .route("/stories", get(stories))
        .route("/search", get(search))
        .route("/searches", get(searches))
        .route("/explain", get(explain::stored).post(explain::sent))
        .route("/export/{format}", get(export::export))
        .layer(from_fn(unchanged))
}

/// `value` as JSON, with the hash of it as its tag.
fn json(value: &impl Serialize) -> Result<Response, WebError> {
    Ok(tagged(serde_json::to_vec(value)?))
}

/// JSON with the hash of it as its tag.
fn tagged(body: Vec<u8>) -> Response {
    let tag = format!("\"{}\"", &blake3::hash(&body).to_hex()[..24]);
    let json = HeaderValue::from_static("application/json");
    let mut response = ([(header::CONTENT_TYPE, json)], body).into_response();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Leaves the body away when the client says that it has it already (RFC 9110, 13.1.2).
async fn unchanged(request: Request, next: Next) -> Response {
    let asked = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request
        .headers()
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .cloned()
        .collect::<Vec<_>>();
    let mut response = next.run(request).await;
    let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
    if asked && tag.is_some_and(|tag| known.iter().any(|value| names(value, tag))) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// Whether `If-None-Match` names `tag`; a weak tag will do.
fn names(value: &HeaderValue, tag: &str) -> bool {
    let Ok(value) = value.to_str() else { return false };
    let mut given = value.split(',').map(|given| given.trim().trim_start_matches("W/"));
    given.any(|given| given == "*" || given == tag)
}

/// The part of a list that the query asks for; where it goes on stands in `next`, and as a whole address in `Link`.
async fn part<T: Serialize + Send + 'static>(
    site: Site,
    page: Page,
    list: List,
    read: fn(&Reader, &Paging) -> lagebild_store::Result<Part<T>>,
) -> Result<Response, WebError> {
    let paging = paging(&page, list)?;
    let part = site.read(move |reader| Ok(read(reader, &paging)?)).await?;
    respond(&page, &part)
}

/// Refuses a key without a value: in a form it asks for nothing; a program that sends one has made a mistake.
fn filled(page: &Page) -> Result<(), WebError> {
    match page.pairs.iter().find(|(_, value)| value.trim().is_empty()) {
        None => Ok(()),
        Some((key, _)) => Err(WebError::Query(format!("{key} is empty."))),
    }
}

fn paging(page: &Page, list: List) -> Result<Paging, WebError> {
    filled(page)?;
    Ok(Paging::from_pairs(list, page.pairs.iter().map(|(k, v)| (k, v)), ROWS)?)
}

fn respond<T: Serialize>(page: &Page, part: &Part<T>) -> Result<Response, WebError> {
    let mut response = json(part)?;
    if let Some(next) = &part.next {
        let link = format!("<{}>; rel=\"next\"", page.with("after", &next.to_string()));
        let link = HeaderValue::from_str(&link).map_err(|e| WebError::Broken(e.to_string()))?;
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// What serves, and how much the store holds.
#[derive(Serialize, utoipa::ToSchema)]
struct About {
    /// `lagebild`.
    name: &'static str,
    /// Version of the program.
    version: &'static str,
    /// Whether reports can be added here.
    adding: bool,
    /// How much the store holds.
    store: Stats,
    /// Where this interface is described.
    openapi: &'static str,
}

/// What serves, and how much the store holds.
#[utoipa::path(get, path = "/api/v1", tag = "about", responses(Problems, (status = 200, body = About)))]
async fn about(State(site): State<Site>) -> Result<Response, WebError> {
    let adding = site.0.adding.is_some();
    let store = site.read(|reader| Ok(reader.stats()?)).await?;
    json(&About {
        name: "lagebild",
        version: env!("CARGO_PKG_VERSION"),
        adding,
        store,
        openapi: "/api/v1/openapi.json",
    })
}

/// Reports, the latest first.
#[utoipa::path(get, path = "/api/v1/documents", tag = "lists", params(DocumentFilters),
    responses(Problems, (status = 200, body = Part<DocumentRow>)))]
async fn documents(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    part(site, page, List::Documents, Reader::documents_part).await
}

/// Events, the latest day first.
#[utoipa::path(get, path = "/api/v1/events", tag = "lists", params(EventFilters),
    responses(Problems, (status = 200, body = Part<EventRow>)))]
async fn events(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    part(site, page, List::Events, Reader::events_part).await
}

/// Claims, those of the latest reports first.
#[utoipa::path(get, path = "/api/v1/claims", tag = "lists", params(ClaimFilters),
    responses(Problems, (status = 200, body = Part<ClaimRow>)))]
async fn claims(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    part(site, page, List::Claims, Reader::claims_part).await
}

/// Agreements as each report tells of them, those of the latest reports first.
#[utoipa::path(get, path = "/api/v1/agreements", tag = "lists", params(AgreementFilters),
    responses(Problems, (status = 200, body = Part<AgreementRow>)))]
async fn agreements(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    part(site, page, List::Agreements, Reader::agreements_part).await
}

/// Who acts and is acted upon in the events that the filters let through, the busiest first.
#[utoipa::path(get, path = "/api/v1/actors", tag = "lists", params(ActorFilters),
    responses(Problems, (status = 200, body = Part<ActorRow>)))]
async fn actors(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    part(site, page, List::Actors, Reader::actors_part).await
}

/// Stories: reports on one development, those with the latest report first.
#[utoipa::path(get, path = "/api/v1/stories", tag = "lists", params(DocumentFilters),
    responses(Problems, (status = 200, body = Part<StoryRow>)))]
async fn stories(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    part(site, page, List::Documents, Reader::stories_part).await
}

/// Reports that answer `q`, best first, each with the sentence that answers best.
#[utoipa::path(get, path = "/api/v1/search", tag = "lists", params(SearchFilters),
    responses(Problems, (status = 200, body = Part<Hit>)))]
async fn search(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    part(site, page, List::Documents, Reader::search_part).await
}

/// The saved searches.
#[derive(Serialize, utoipa::ToSchema)]
struct Searches {
    /// By name.
    rows: Vec<SavedSearch>,
}

/// The saved searches by name, each with the number of its hits and of those that were never shown.
#[utoipa::path(get, path = "/api/v1/searches", tag = "lists", responses(Problems, (status = 200, body = Searches)))]
async fn searches(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    Fields::new(&page, &[])?;
    let rows = site.read(super::searches::all).await?;
    json(&Searches { rows })
}

/// Pieces of the path; what is no text is refused like any other mistake.
struct Pieces<T>(T);

impl<S: Sync, T> FromRequestParts<S> for Pieces<T>
where
    Path<T>: FromRequestParts<S>,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(pieces)) => Ok(Self(pieces)),
            Err(_) => Err(WebError::Query("The path is no UTF-8.".to_owned())),
        }
    }
}

/// The fields of a query, those of the program's own language and theme apart.
struct Fields<'a>(&'a Page);

impl<'a> Fields<'a> {
    /// The fields of `page`, which are all among `known` and hold something.
    fn new(page: &'a Page, known: &[&str]) -> Result<Self, WebError> {
        filled(page)?;
        match page.pairs.iter().find(|(key, _)| !known.contains(&key.as_str())) {
            None => Ok(Self(page)),
            Some((key, _)) => Err(WebError::Query(format!(
                "There is no {key:?} here, only {}.",
                known.join(", ")
            ))),
        }
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        let found = self.0.pairs.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A field of a certain form.
    fn parse<T>(&self, name: &str, form: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, WebError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let value = parse(text).ok_or_else(|| WebError::Query(format!("{name} is {form}, not {text:?}.")))?;
        Ok(Some(value))
    }
}

/// The media type of a request, without its parameters.
fn media_type(headers: &HeaderMap) -> &str {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests;
