//! What holds for every request: the host it may ask for, the headers of its response, the face of its errors.

use super::error::WebError;
use super::page::Page;
use crate::term;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// Everything comes from us, nothing is inline, nobody frames us.
const CSP: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// Wraps every request.
pub(super) async fn frame(request: Request, next: Next) -> Response {
    let page = Page::new(request.uri(), request.headers());
    let cookies = page.cookies.clone();
    let mut response = if ours(request.uri(), request.headers()) {
        let mut response = next.run(request).await;
        match response.extensions_mut().remove::<Arc<WebError>>() {
            Some(error) => {
                if let WebError::Broken(inside) = &*error {
                    term::error(format!("{}: {inside}", page.path), None);
                }
                // `allow` tells which methods there are.
                let allow = response.headers_mut().remove(header::ALLOW);
                response = error.respond(page);
                response.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
                response
            }
            None => response,
        }
    } else {
        WebError::Host.respond(page)
    };
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

/// Whether the request names this machine. A page elsewhere whose name was bent to 127.0.0.1 (DNS rebinding) does not,
/// and so cannot read the store through its visitor's browser.
fn ours(uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let Ok(host) = Authority::try_from(host.as_bytes()) else {
        return false;
    };
    let loopback = |host: &str| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    };
    !host.as_str().contains('@') && loopback(host.host()) && uri.host().is_none_or(loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_are_ours() {
        let ours = |host: &str| {
            let headers: HeaderMap = [(header::HOST, host.parse().unwrap())].into_iter().collect();
            ours(&"/".parse().unwrap(), &headers)
        };
        for host in ["localhost", "LOCALHOST:7373", "127.0.0.1:80", "[::1]:7373", "127.0.0.2"] {
            assert!(ours(host), "{host}");
        }
        for host in [
            "example.org",
            "localhost.example.org",
            "127.0.0.1.nip.io:80",
            "a@localhost",
            "",
            "10.0.0.1",
            "[::]",
        ] {
            assert!(!ours(host), "{host}");
        }
        assert!(!super::ours(&"/".parse().unwrap(), &HeaderMap::new()));
    }
}
