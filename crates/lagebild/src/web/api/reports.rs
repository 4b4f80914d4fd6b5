//! Reports one by one: shown, read, added.

use super::openapi::{BodyProblems, NotFound, Problems};
use super::{Fields, Pieces, json, media_type, tagged};
use crate::input::{About, Item, Shape, Told, Why};
use crate::intake;
use crate::pipeline::Pipeline;
use crate::treaties::today;
use crate::web::page::Page;
use crate::web::{Site, WebError};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use lagebild_core::Lang;
use lagebild_core::wire::Record;
use lagebild_ingest::Format;
use lagebild_store::{Outcome, Store};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The kinds of reports that can be sent.
pub(in crate::web) const KINDS: &str =
    "application/json, text/plain, text/markdown, text/html and message/rfc822 are read";

/// A report as a client sends it. Unknown fields are ignored.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "it describes what the reader of JSON Lines takes")]
pub(super) struct Sent {
    /// The text; all offsets of the answer point into it, in code points.
    #[schema(min_length = 1, example = "Seoul warnt Pjöngjang vor Waffenlieferungen an Moskau.")]
    text: String,
    /// Names the report; made from the text when it is not given.
    id: Option<SentId>,
    /// Headline, when it is not part of the text.
    title: Option<String>,
    /// Day of publication, ISO 8601, as far as known; days such as *gestern* count from it.
    #[schema(example = "2024-10-24")]
    published: Option<String>,
    /// Language; found out when it is not given.
    lang: Option<SentLang>,
    /// Where it comes from.
    source: Option<String>,
    /// Where it can be fetched.
    url: Option<String>,
}

/// An id; a number is its own spelling.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it describes what the reader of JSON Lines takes")]
enum SentId {
    Text(String),
    Number(f64),
}

/// A report as it stands, not blank.
#[derive(ToSchema)]
#[schema(pattern = "\\S", example = "Seoul warnt Pjöngjang vor Waffenlieferungen an Moskau.")]
#[allow(dead_code, reason = "it describes the body of a request")]
pub(super) struct SentText(String);

/// A language that is read.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "it describes what the reader of JSON Lines takes")]
enum SentLang {
    De,
    En,
}

/// What is told about a report that is sent as text, page or e-mail.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "it describes the query")]
pub(super) struct SentAbout {
    /// Day of publication, when the report does not tell it.
    #[param(format = Date)]
    published: Option<String>,
    /// Language, instead of the one found out.
    #[param(inline)]
    lang: Option<SentLang>,
    /// Where it comes from, when the report does not tell it.
    #[param(min_length = 1)]
    source: Option<String>,
    /// Where it can be fetched.
    #[param(min_length = 1)]
    url: Option<String>,
}

/// The fields of [`SentAbout`].
pub(super) const ABOUT: [&str; 4] = ["published", "lang", "source", "url"];

/// The report in the body of a request, to be read.
pub(super) fn sent(headers: &HeaderMap, fields: &Fields<'_>, body: &Bytes) -> Result<(Item, About), WebError> {
    let about = About {
        published: fields.parse("published", "a day, YYYY-MM-DD", |text| text.parse().ok())?,
        lang: fields.parse("lang", "de or en", Lang::from_code)?,
        read_on: Some(today()),
    };
    let format = match media_type(headers) {
        "application/json" => None,
        "text/plain" | "" => Some(Format::Text),
        "text/markdown" => Some(Format::Markdown),
        "text/html" | "application/xhtml+xml" => Some(Format::Html),
        "message/rfc822" => Some(Format::Mail),
        _ => return Err(WebError::Kind),
    };
    let bytes = match format {
        // Line ends inside the object do not matter to JSON, and a report is one line to the reader.
        None => {
            let object: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(body)
                .map_err(|e| WebError::Query(format!("The body is no JSON object: {e}.")))?;
            serde_json::to_vec(&object)?
        }
        Some(_) => body.to_vec(),
    };
    let item = Item {
        name: "the body".to_owned(),
        source: fields.get("source").map(str::to_owned),
        bytes,
        shape: format.map_or(Shape::Line(1), |format| Shape::File(Some(format))),
        told: Told {
            url: fields.get("url").map(str::to_owned),
            ..Told::default()
        },
    };
    Ok((item, about))
}

impl From<Why> for WebError {
    fn from(why: Why) -> Self {
        match why {
            Why::Internal(what) => Self::Broken(what),
            why => Self::Report(why),
        }
    }
}

/// One report with all that was read out of it, as it was made: the contract of `lagebild read --format jsonl`.
#[utoipa::path(get, path = "/api/v1/documents/{id}", operation_id = "document", tag = "reports", params(("id" = String, Path, description = "the id of the report")),
    responses(Problems, NotFound, (status = 200, body = Record)))]
pub(super) async fn one(
    State(site): State<Site>,
    Pieces(id): Pieces<String>,
    page: Page,
) -> Result<Response, WebError> {
    Fields::new(&page, &[])?;
    let record = site.read(move |reader| Ok(reader.record_json(&id)?)).await?;
    Ok(tagged(record.ok_or(WebError::NotFound)?))
}

/// Reads a report and keeps nothing.
#[utoipa::path(post, path = "/api/v1/read", tag = "reports", params(SentAbout),
    request_body(content((Sent = "application/json"), (SentText = "text/plain"), (SentText = "text/markdown"), (SentText = "text/html"),
        (SentText = "message/rfc822"))),
    responses(Problems, BodyProblems, (status = 200, body = Record)))]
pub(super) async fn read(
    State(site): State<Site>,
    page: Page,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WebError> {
    let (item, about) = sent(&headers, &Fields::new(&page, &ABOUT)?, &body)?;
    let record = site.analyse(move |pipeline| Ok(pipeline.read(&item, about)?)).await?;
    json(&record)
}

/// What became of a report that was added.
#[derive(Serialize, ToSchema)]
struct Added {
    /// The id of the report.
    id: String,
    /// `added`; `revised` when its text changed, `reread` when its reading changed; `unchanged` when it was all there.
    outcome: &'static str,
    /// What was read out of it.
    events: usize,
    claims: usize,
    agreements: usize,
}

/// Reads a report and adds it to the store; it is on disk when this is answered.
///
/// Only where the server was started with `--add`. The same report twice is one report. While another program writes to the
/// store, this is refused with 503 and `Retry-After`.
#[utoipa::path(post, path = "/api/v1/documents", tag = "reports", params(SentAbout),
    request_body(content((Sent = "application/json"), (SentText = "text/plain"), (SentText = "text/markdown"), (SentText = "text/html"),
        (SentText = "message/rfc822"))),
    responses(Problems, BodyProblems, (status = 200, description = "it was known", body = Added),
        (status = 201, description = "it was added", body = Added),
        (status = 503, description = "another program writes to the store", content_type = "application/problem+json",
            body = crate::web::error::Problem)))]
pub(super) async fn add(
    State(site): State<Site>,
    page: Page,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WebError> {
    let (item, about) = sent(&headers, &Fields::new(&page, &ABOUT)?, &body)?;
    let Some(adding) = &site.0.adding else {
        return Err(WebError::ReadOnly);
    };
    let learnt = site.read(|reader| Ok(reader.learnt()?)).await?;
    let read = site.analyse(move |pipeline| {
        let record = pipeline.read_beside(&item, about, &learnt)?;
        Ok((item, record))
    });
    let (item, record) = read.await?;
    // The store has one writer, and this program is it only for as long as it takes.
    let turn = Arc::clone(adding).lock_owned().await;
    let path = site.0.readers.path().to_owned();
    let put = site.analyse(move |pipeline| {
        let _turn = turn;
        let mut store = Store::open(&path, Pipeline::compounds())?;
        let outcome = intake::put(pipeline, &mut store, &item, about, record.clone())?;
        Ok((outcome, record))
    });
    let (outcome, record) = put.await?;
    let link = crate::web::page::report(&record.id);
    let mut response = json(&Added {
        outcome: match outcome {
            Outcome::Added => "added",
            Outcome::Revised => "revised",
            Outcome::Reread => "reread",
            Outcome::Unchanged | Outcome::Failed => "unchanged",
        },
        events: record.events.len(),
        claims: record.claims.len(),
        agreements: record.agreements.len(),
        id: record.id,
    })?;
    if outcome == Outcome::Added {
        *response.status_mut() = StatusCode::CREATED;
    }
    let location = HeaderValue::from_str(&format!("/api/v1{link}")).map_err(|e| WebError::Broken(e.to_string()))?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}
