//! Why something was read, or was not.

use super::openapi::{BodyProblems, NotFound, Problems};
use super::reports::{ABOUT, Sent, SentAbout, SentText, sent as sent_report};
use super::{Fields, json};
use crate::answers::{Asked, Explanation, NoAnswer, explain, stored_event};
use crate::web::page::Page;
use crate::web::{Site, WebError};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use lagebild_lexicon::Expected;
use utoipa::IntoParams;

impl From<NoAnswer> for WebError {
    fn from(error: NoAnswer) -> Self {
        match error {
            NoAnswer::Missing(_) => Self::NotFound,
            NoAnswer::Store(error) => error.into(),
            NoAnswer::Report(why) => why.into(),
        }
    }
}

/// The event of the store that is to be explained.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "it describes the query")]
pub(super) struct StoredEvent {
    /// The key of the event.
    #[param(example = "a5c51d324ccb42ff#e1", min_length = 1)]
    event: String,
}

/// The event of a report that is sent, or one that is missed in it; all events when none is named.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "it describes the query")]
pub(super) struct SentEvent {
    /// The id of the event in the report.
    #[param(example = "e1", pattern = "^e[1-9][0-9]*$")]
    event: Option<String>,
    /// An event that is missed: `TYPE[/mode][(CONTENT)] ACTORS > RECIPIENTS[, status][, certainty]`.
    #[param(example = "AID PRK > RUS", format = "event-line")]
    why_not: Option<String>,
}

/// Why an event of the store was read: its report is read again with the rules of today.
#[utoipa::path(get, path = "/api/v1/explain", operation_id = "explain", tag = "explain", params(StoredEvent),
    responses(Problems, NotFound, (status = 200, body = Explanation)))]
pub(super) async fn stored(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    let key = Fields::new(&page, &["event"])?.get("event").map(str::to_owned);
    let key =
        key.ok_or_else(|| WebError::Query("event is missing: the key of an event, such as REPORT#e1.".to_owned()))?;
    let (item, about, asked) = site.read(move |reader| Ok(stored_event(reader, &key)?)).await?;
    let explained = site
        .analyse(move |pipeline| Ok(explain(pipeline, &item, about, &asked)?))
        .await?;
    json(&explained)
}

/// Why a report that is sent reads as it does, or why something is not read out of it.
#[utoipa::path(post, path = "/api/v1/explain", operation_id = "explain_sent", tag = "explain", params(SentEvent, SentAbout),
    request_body(content((Sent = "application/json"), (SentText = "text/plain"), (SentText = "text/markdown"), (SentText = "text/html"),
        (SentText = "message/rfc822"))),
    responses(Problems, NotFound, BodyProblems, (status = 200, body = Explanation)))]
pub(super) async fn sent(
    State(site): State<Site>,
    page: Page,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WebError> {
    let known: Vec<&str> = ABOUT.into_iter().chain(["event", "why_not"]).collect();
    let fields = Fields::new(&page, &known)?;
    let asked = match (fields.get("event"), fields.get("why_not")) {
        (Some(_), Some(_)) => return Err(WebError::Query("event and why_not exclude each other.".to_owned())),
        (Some(id), None) => Asked::Event(id.to_owned(), None),
        (None, Some(line)) => match Expected::parse(line) {
            Ok(Expected::Event(event)) => Asked::WhyNot(event),
            Ok(_) => {
                return Err(WebError::Query(
                    "why_not asks for events: TYPE ACTORS > RECIPIENTS.".to_owned(),
                ));
            }
            Err(why) => return Err(WebError::Query(format!("why_not: {why}."))),
        },
        (None, None) => Asked::All,
    };
    let (item, about) = sent_report(&headers, &fields, &body)?;
    let explained = site
        .analyse(move |pipeline| Ok(explain(pipeline, &item, about, &asked)?))
        .await?;
    json(&explained)
}
