//! What can go wrong with a request, and the page or JSON that says so.

use super::frame::LONGEST_BODY;
use super::page::Page;
use super::text::Ui;
use crate::input::Why;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lagebild_store::FilterError;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

/// Why a request gets no answer.
#[derive(Debug)]
pub(super) enum WebError {
    /// There is no such page or report.
    NotFound,
    /// The page exists, but not for this method.
    Method,
    /// The request came under a name that is not ours.
    Host,
    /// A page of another origin asks.
    Origin,
    /// The token is missing or wrong.
    Token,
    /// The address sent too many wrong tokens; nothing of it is looked at for so long.
    Failures(Duration),
    /// The filters cannot be understood.
    Filter(FilterError),
    /// Something else in the query cannot be understood.
    Query(String),
    /// The body is too long.
    TooLong,
    /// The body did not come in time.
    TooSlow,
    /// The body is of no kind that is read.
    Kind,
    /// The body is no report.
    Report(Why),
    /// Nothing can be added here.
    ReadOnly,
    /// Somebody else is adding.
    Busy(String),
    /// The store does not answer, or a page could not be made. The inside goes to the log, not to the client.
    Broken(String),
}

impl From<lagebild_store::Error> for WebError {
    fn from(error: lagebild_store::Error) -> Self {
        match error {
            lagebild_store::Error::Filter(error) => Self::Filter(error),
            error @ lagebild_store::Error::InUse { .. } => Self::Busy(error.to_string()),
            error => Self::Broken(error.to_string()),
        }
    }
}

impl From<FilterError> for WebError {
    fn from(error: FilterError) -> Self {
        Self::Filter(error)
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<std::io::Error> for WebError {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<serde_json::Error> for WebError {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl IntoResponse for WebError {
    /// The bare status with the error beside it: the frame, which knows language and format, makes the page.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl WebError {
    /// The HTTP status.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Host | Self::Origin | Self::ReadOnly => StatusCode::FORBIDDEN,
            Self::Token => StatusCode::UNAUTHORIZED,
            Self::Failures(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Filter(_) | Self::Query(_) => StatusCode::BAD_REQUEST,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Kind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Report(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Stable short name for programs.
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Method => "method",
            Self::Host => "host",
            Self::Origin => "origin",
            Self::Token => "token",
            Self::Failures(_) => "failures",
            Self::Filter(_) => "filter",
            Self::Query(_) => "query",
            Self::TooLong => "too-long",
            Self::TooSlow => "too-slow",
            Self::Kind => "kind",
            Self::Report(_) => "report",
            Self::ReadOnly => "read-only",
            Self::Busy(_) => "busy",
            Self::Broken(_) => "internal",
        }
    }

    /// For people: a headline, what is wrong, and what would be right.
    fn words(&self, ui: Ui) -> (&'static str, String, Option<String>) {
        let t = ui.texts();
        match self {
            Self::NotFound => (t.not_found, t.not_found_text.to_owned(), None),
            Self::Method => (t.method, t.method_text.to_owned(), None),
            Self::Host => (t.forbidden, t.forbidden_host.to_owned(), None),
            Self::Origin => (t.forbidden, t.forbidden_origin.to_owned(), None),
            Self::Token => (t.no_token, t.no_token_text.to_owned(), None),
            Self::Failures(_) => (t.no_token, t.failures_text.to_owned(), None),
            Self::Filter(error) => (t.bad_request, filter_words(ui, error), error.hint()),
            Self::Query(why) => (t.bad_request, why.clone(), None),
            Self::TooLong => (
                t.bad_request,
                format!("{} {} MiB.", t.too_long, LONGEST_BODY >> 20),
                None,
            ),
            Self::TooSlow => (t.bad_request, t.too_slow.to_owned(), None),
            Self::Kind => (t.bad_request, t.no_kind.to_owned(), Some(super::api::KINDS.to_owned())),
            Self::Report(why) => (t.no_report, format!("{why}."), why.hint()),
            Self::ReadOnly => (
                t.forbidden,
                t.read_only.to_owned(),
                Some("lagebild serve --add --token-file FILE".to_owned()),
            ),
            Self::Busy(why) => (t.busy, format!("{why}."), Some(t.busy_text.to_owned())),
            Self::Broken(_) => (t.broken, t.broken_text.to_owned(), None),
        }
    }

    /// The whole response, as JSON for programs and as a page for people.
    pub(super) fn respond(&self, page: Page) -> Response {
        let (title, message, hint) = self.words(page.ui);
        let status = self.status();
        let mut response = if page.for_programs() {
            Problem {
                kind: format!("urn:lagebild:problem:{}", self.code()),
                title: title.to_owned(),
                status: status.as_u16(),
                detail: message,
                hint,
                code: self.code().to_owned(),
            }
            .into_response()
        } else {
            Self::page(page, status, title, message, hint)
        };
        let headers = response.headers_mut();
        match self {
            Self::Token => {
                let ways = "Basic realm=\"Lagebild\", charset=\"UTF-8\", Bearer realm=\"Lagebild\"";
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(ways));
            }
            Self::Failures(left) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(left.as_secs() + 1));
            }
            Self::Busy(_) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            _ => {}
        }
        response
    }

    fn page(page: Page, status: StatusCode, title: &str, message: String, hint: Option<String>) -> Response {
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        let code = status.as_u16();
        match askama::Template::render(&ErrorPage {
            page,
            code,
            title,
            message: &message,
            hint,
        }) {
            Ok(body) => (status, [(header::CONTENT_TYPE, html)], body).into_response(),
            // The template itself failed: plain words are all that is left.
            Err(_) => (status, message).into_response(),
        }
    }
}

/// An error for programs: RFC 9457, with a stable `code`, and a `hint` that says what would be right.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Problem {
    /// `urn:lagebild:problem:` with the code.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of error in words, in the language asked for.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What is wrong with this request.
    detail: String,
    /// What would be right.
    hint: Option<String>,
    /// Short name of the kind of error, which does not change.
    code: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let json = HeaderValue::from_static("application/problem+json");
        let body = serde_json::to_string(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, json)], body).into_response()
    }
}

/// What is wrong with a filter, in the language of the page.
fn filter_words(ui: Ui, error: &FilterError) -> String {
    match (ui, error) {
        (Ui::De, FilterError::UnknownKey { key }) => format!("Einen Filter „{key}“ gibt es nicht."),
        (Ui::De, FilterError::UnknownValue { key, value }) => format!("{key} kann nicht „{value}“ sein."),
        (Ui::De, FilterError::NotFor { key, list }) => format!("Die Liste {list} kennt den Filter {key} nicht."),
        (Ui::De, FilterError::Query { query, .. }) => format!("Die Suche „{query}“ ist nicht zu verstehen."),
        (_, error) => format!("{error}."),
    }
}

#[derive(askama::Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    page: Page,
    code: u16,
    title: &'a str,
    message: &'a str,
    hint: Option<String>,
}
