//! What can go wrong with a request, and the page or JSON that says so.

use super::export::Format;
use super::page::Page;
use super::text::Ui;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lagebild_store::FilterError;
use std::sync::Arc;

/// Why a request gets no answer.
#[derive(Debug)]
pub(super) enum WebError {
    /// There is no such page or report.
    NotFound,
    /// The page exists, but not for this method.
    Method,
    /// The request came under a name that is not ours.
    Host,
    /// The filters cannot be understood.
    Filter(FilterError),
    /// The store does not answer, or a page could not be made. The inside goes to the log, not to the client.
    Broken(String),
}

impl From<lagebild_store::Error> for WebError {
    fn from(error: lagebild_store::Error) -> Self {
        match error {
            lagebild_store::Error::Filter(error) => Self::Filter(error),
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
            Self::Host => StatusCode::FORBIDDEN,
            Self::Filter(_) => StatusCode::BAD_REQUEST,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Stable short name for programs.
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Method => "method",
            Self::Host => "host",
            Self::Filter(_) => "filter",
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
            Self::Filter(error) => (t.bad_request, filter_words(ui, error), error.hint()),
            Self::Broken(_) => (t.broken, t.broken_text.to_owned(), None),
        }
    }

    /// The whole response, as JSON for programs and as a page for people.
    pub(super) fn respond(&self, page: Page) -> Response {
        let (title, message, hint) = self.words(page.ui);
        let status = self.status();
        if Format::split(&page.path).is_some() {
            let error = serde_json::json!({ "code": self.code(), "message": message, "hint": hint });
            let body = serde_json::json!({ "error": error }).to_string();
            let json = HeaderValue::from_static("application/json; charset=utf-8");
            return (status, [(header::CONTENT_TYPE, json)], body).into_response();
        }
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
