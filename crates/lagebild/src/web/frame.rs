//! What holds for every request: who may ask, how long it may be, the headers of its response, the face of its errors.

use super::error::WebError;
use super::page::Page;
use super::{Peer, Site};
use crate::term;
use axum::body::{self, Body};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::LengthLimitError;
use std::sync::Arc;
use std::time::Duration;

/// Everything comes from us, nothing is inline, nobody frames us.
const CSP: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// The longest body of a request, in bytes.
pub(super) const LONGEST_BODY: usize = 2 << 20;

/// Wraps every request.
pub(super) async fn frame(State(site): State<Site>, request: Request, next: Next) -> Response {
    let page = Page::new(request.uri(), request.headers());
    let cookies = page.cookies.clone();
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let gate = site.gate();
    let request = match gate.check(request.method(), request.uri(), request.headers(), peer) {
        Ok(()) => whole(request, site.body_patience()).await,
        Err(error) => Err(error),
    };
    let mut response = match request {
        Ok(request) => next.run(request).await,
        Err(error) => axum::response::IntoResponse::into_response(error),
    };
    if let Some(error) = response.extensions_mut().remove::<Arc<WebError>>() {
        if let WebError::Broken(inside) = &*error {
            term::error(format!("{}: {inside}", page.path), None);
        }
        // `allow` tells which methods there are.
        let allow = response.headers_mut().remove(header::ALLOW);
        response = error.respond(page);
        response.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
    }
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("cookie, accept-language"));
    }
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    response
}

/// The request with its whole body at hand, so that no handler ever waits for a client: a body is short, and comes in
/// time or not at all.
async fn whole(request: Request, patience: Duration) -> Result<Request, WebError> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(request);
    }
    let told = request.headers().get(header::CONTENT_LENGTH);
    let told = told.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|length| length > LONGEST_BODY as u64) {
        return Err(WebError::TooLong);
    }
    let (parts, body) = request.into_parts();
    let body = tokio::time::timeout(patience, body::to_bytes(body, LONGEST_BODY)).await;
    match body {
        Ok(Ok(bytes)) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Ok(Err(error)) => Err(match error.into_inner().is::<LengthLimitError>() {
            true => WebError::TooLong,
            // It broke off: nobody is left to read an answer.
            false => WebError::TooSlow,
        }),
        Err(_) => Err(WebError::TooSlow),
    }
}
