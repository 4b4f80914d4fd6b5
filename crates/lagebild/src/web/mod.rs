//! The web interface: server-rendered pages that work without JavaScript, on loopback only.
//!
//! [`router`] answers requests and needs no socket; [`serve`] puts it on one. Every page is made from one read of the
//! store inside `spawn_blocking`. Reports are untrusted: their words reach the page as escaped text, never as HTML.

mod about;
mod actor;
mod chart;
mod claims;
mod error;
mod explain;
mod export;
mod feeds;
mod frame;
mod graph;
mod list;
mod map;
mod mark;
mod network;
mod overview;
mod page;
mod pages;
mod pair;
mod server;
mod stories;
mod text;
mod treaties;
mod view;
mod world;

pub(crate) use server::{check_address, serve};
pub(crate) use text::Ui;

use axum::Router;
use axum::http::HeaderValue;
use axum::middleware::from_fn;
use axum::response::IntoResponse;
use axum::routing::get;
use error::WebError;
use lagebild_store::{Compounds, Reader};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Reads of the store at the same time; more would only wait for each other.
const READERS: usize = 4;

/// What the pages read from: a store, over a few connections that are opened when needed and kept.
#[derive(Clone)]
pub(crate) struct Site(Arc<Inner>);

struct Inner {
    path: PathBuf,
    compounds: Arc<dyn Compounds>,
    idle: Mutex<Vec<Reader>>,
    slots: Semaphore,
}

impl Site {
    /// The site of the store at `path`.
    ///
    /// # Errors
    /// When there is no store that this program can read.
    pub(crate) fn open(path: &Path, compounds: Arc<dyn Compounds>) -> lagebild_store::Result<Self> {
        let first = Reader::open(path, Arc::clone(&compounds))?;
        let (path, idle) = (path.to_owned(), Mutex::new(vec![first]));
        Ok(Self(Arc::new(Inner {
            path,
            compounds,
            idle,
            slots: Semaphore::new(READERS),
        })))
    }

    /// Runs `work` on a connection, on a thread where it may block.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reader) -> Result<T, WebError> + Send + 'static,
    ) -> Result<T, WebError> {
        let inner = Arc::clone(&self.0);
        // The permit goes along with the work: a client that leaves early does not free the slot while work goes on.
        let blocking = move || {
            let idle = inner.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let reader = match idle {
                Some(reader) => reader,
                None => Reader::open(&inner.path, Arc::clone(&inner.compounds))?,
            };
            let result = work(&reader);
            inner.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            result
        };
        let _slot = self
            .0
            .slots
            .acquire()
            .await
            .map_err(|e| WebError::Broken(e.to_string()))?;
        tokio::task::spawn_blocking(blocking)
            .await
            .map_err(|e| WebError::Broken(e.to_string()))?
    }
}

/// All pages over `site`.
pub(crate) fn router(site: Site) -> Router {
    Router::new()
        .route("/", get(overview::overview))
        .route("/documents", get(list::documents))
        .route("/documents/{id}", get(pages::document))
        .route("/events", get(list::events))
        .route("/clusters", get(list::clusters))
        .route("/clusters/{key}", get(pages::cluster))
        .route("/topics", get(claims::topics))
        .route("/claims", get(list::claims))
        .route("/speakers", get(claims::speakers))
        .route("/agreements", get(list::agreements))
        .route("/actors", get(list::actors))
        .route("/actors/{id}", get(actor::actor))
        .route("/pairs", get(pair::pairs))
        .route("/pairs/{a}/{b}", get(pair::pair))
        .route("/stories", get(stories::stories))
        .route("/stories/{id}", get(pages::story))
        .route("/{export}", get(export::list))
        .route("/search", get(pages::search))
        .route("/search.json", get(export::search_json))
        .route("/map", get(map::world))
        .route("/map/{window}", get(map::window))
        .route("/network", get(network::sides))
        .route("/network/actors", get(network::actors))
        .route("/treaties", get(treaties::all))
        .route("/treaties/{id}", get(treaties::one))
        .route("/what-if", get(treaties::what_if))
        .route("/explain", get(explain::explain))
        .route("/feeds", get(feeds::feeds))
        .route("/about", get(about::about))
        .route("/assets/app.css", get(async || asset("text/css; charset=utf-8", CSS)))
        .route(
            "/assets/app.js",
            get(async || asset("text/javascript; charset=utf-8", JS)),
        )
        .route(
            "/assets/world.svg",
            get(async || asset("image/svg+xml", &world::WORLD.svg)),
        )
        .route("/assets/icon.svg", get(async || asset("image/svg+xml", ICON)))
        .route("/favicon.ico", get(async || asset("image/svg+xml", ICON)))
        .fallback(async || WebError::NotFound)
        .method_not_allowed_fallback(async || WebError::Method)
        .layer(from_fn(frame::frame))
        .with_state(site)
}

const CSS: &str = include_str!("assets/app.css");
const JS: &str = include_str!("assets/app.js");
const ICON: &str = include_str!("assets/icon.svg");

/// Address of the shapes of the world.
fn world_address() -> String {
    format!("/assets/world.svg?{:x}", *WORLD_PRINT)
}

/// Changes with the shapes of the world.
static WORLD_PRINT: LazyLock<u64> = LazyLock::new(|| fingerprint(ASSETS, &world::WORLD.svg));

/// Changes with any asset, so that browsers may keep them for good.
const ASSETS: u64 = fingerprint(fingerprint(fingerprint(0xcbf2_9ce4_8422_2325, CSS), JS), ICON);

/// FNV-1a over `text`, from `hash` on.
const fn fingerprint(mut hash: u64, text: &str) -> u64 {
    let (bytes, mut i) = (text.as_bytes(), 0);
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    hash
}

fn asset(kind: &'static str, body: &'static str) -> impl IntoResponse {
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let kind = HeaderValue::from_static(kind);
    (
        [
            (axum::http::header::CONTENT_TYPE, kind),
            (axum::http::header::CACHE_CONTROL, forever),
        ],
        body,
    )
}

#[cfg(test)]
mod tests;
