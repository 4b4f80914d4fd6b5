//! The Model Context Protocol (MCP) on a store: tools with which a language model looks things up and shows where they stand.
//!
//! - **Nothing but reading.** The tools have a [`lagebild_store::Readers`] and an [`Engine`]; there is no tool that writes or fetches, so a report
//!   that talks a model into something finds no way out through them.
//! - **Words of reports are marked.** News is written by strangers. Every string of a result that is not a code or an id
//!   of ours stands in an object of its own, `{"untrusted": "…"}`; this happens at one place, the module `untrusted`, right before a result leaves.
//! - **Small results.** Lists come in parts of ten rows unless more are asked for; `next` leads on.
//!
//! [`stdio`] serves a client that started the program, [`http()`] gives a service to mount in a web server. Its answers need
//! no session, so nothing is kept between two requests.

mod tools;
mod untrusted;

pub use tools::{Answer, Engine, Refusal, Tools};

use http::header::{HOST, ORIGIN};
use http::{HeaderValue, Request};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ServiceExt as _, transport};
use std::sync::Arc;
use tower::util::MapRequest;

/// The longest request, in bytes. Only `read_text` sends more than a few words.
pub const LONGEST_REQUEST: usize = 1 << 20;

/// Names of this machine for itself.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The service over HTTP, for requests with bodies of type `B`.
pub type Http<B> = MapRequest<StreamableHttpService<Tools, NeverSessionManager>, fn(Request<B>) -> Request<B>>;

/// Serves the client at standard input and output until it leaves.
///
/// # Errors
/// When the client does not speak MCP, or the connection breaks.
pub async fn stdio(tools: Tools) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let running = tools.serve(transport::stdio()).await?;
    running.waiting().await?;
    Ok(())
}

/// A service for the streamable HTTP transport, which answers under the names of this machine and under `hosts`.
///
/// Requests under other names and from pages of other origins are refused with 403, as the specification demands: a
/// page elsewhere whose name was bent to this machine (DNS rebinding) cannot use the tools through its visitor's browser.
#[must_use]
pub fn http<B>(tools: Tools, hosts: &[String]) -> Http<B> {
    let names = || LOOPBACK.into_iter().chain(hosts.iter().map(String::as_str));
    let origin = |name: &str| {
        let name = if name.contains(':') {
            format!("[{name}]")
        } else {
            name.to_owned()
        };
        [format!("http://{name}:*"), format!("https://{name}:*")]
    };
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(LONGEST_REQUEST)
        .with_allowed_hosts(names())
        .with_allowed_origins(names().flat_map(origin))
        .enforce_origin_validation();
    let sessions = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(tools.clone()), sessions, config);
    MapRequest::new(service, unmistakable)
}

/// Several hosts or origins are none: of more than one value, rmcp checks the first alone.
fn unmistakable<B>(mut request: Request<B>) -> Request<B> {
    let headers = request.headers_mut();
    for name in [HOST, ORIGIN] {
        if headers.get_all(&name).iter().nth(1).is_some() {
            headers.insert(name, HeaderValue::from_static("null"));
        }
    }
    request
}
