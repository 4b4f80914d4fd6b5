//! Pages that were made, kept until the store changes.
//!
//! A page of a list counts what each further filter would leave, and the overview judges pairs by their past: both read
//! much of the store. As long as nobody writes, the same page is made once; many who ask for it at the same time wait for one
//! of them. When somebody writes, it is made anew. If that takes long, whoever asks is given the page as it was before, which
//! tells its time, and the next one finds the new page.

use super::page::Page;
use super::{Site, WebError};
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State as Of};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use lagebild_store::State;
use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;

/// Bytes of all pages that are kept; beyond it, all make room for new ones.
const ROOM: usize = 64 << 20;
/// The age up to which a page of an earlier state will do.
const OLD: Duration = Duration::from_secs(300);

/// A page as it was made.
#[derive(Clone)]
struct Made {
    /// The state of the store before it was begun.
    state: State,
    begun: Instant,
    body: Bytes,
}

impl Made {
    /// Whether it tells all that was in the store when somebody asked.
    fn tells(&self, asked: &Asked) -> bool {
        self.state == asked.state || self.begun >= asked.at
    }

    fn respond(self) -> Response {
        Html(self.body).into_response()
    }
}

/// When a page is asked for, and in which state the store is then.
#[derive(Clone, Copy)]
struct Asked {
    state: State,
    at: Instant,
}

impl Asked {
    async fn now(site: &Site) -> Result<Self, WebError> {
        let at = Instant::now();
        let readers = Arc::clone(&site.0.readers);
        let state = tokio::task::spawn_blocking(move || readers.state());
        let state = state.await.map_err(|e| WebError::Broken(e.to_string()))??;
        Ok(Self { state, at })
    }
}

/// The pages by all that they depend on besides the store.
#[derive(Default)]
pub(super) struct Kept {
    pages: HashMap<String, Made>,
    size: usize,
    /// Who holds the lock of a page makes it.
    making: HashMap<String, Weak<Mutex<()>>>,
}

impl Kept {
    /// A page that tells all that was in the store when it is asked for.
    fn fresh(&self, key: &str, asked: &Asked) -> Option<Made> {
        self.pages.get(key).filter(|made| made.tells(asked)).cloned()
    }

    /// A page of an earlier state that will do.
    fn older(&self, key: &str) -> Option<Made> {
        self.pages.get(key).filter(|made| made.begun.elapsed() < OLD).cloned()
    }

    fn put(&mut self, key: String, made: Made) {
        if made.body.len() > ROOM {
            return;
        }
        if self.size + made.body.len() > ROOM {
            self.pages.clear();
            self.size = 0;
        }
        self.size += made.body.len();
        if let Some(old) = self.pages.insert(key, made) {
            self.size -= old.body.len();
        }
    }

    /// The lock of a page.
    fn turn(&mut self, key: &str) -> Arc<Mutex<()>> {
        if let Some(turn) = self.making.get(key).and_then(Weak::upgrade) {
            return turn;
        }
        self.making.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::default();
        self.making.insert(key.to_owned(), Arc::downgrade(&turn));
        turn
    }
}

/// Answers with the page that is kept, or has it made.
pub(super) async fn kept(Of(site): Of<Site>, page: Page, request: Request, next: Next) -> Result<Response, WebError> {
    if *request.method() != Method::GET {
        return Ok(next.run(request).await);
    }
    let asked = Asked::now(&site).await?;
    let key = page.key();
    let (fresh, older, turn) = {
        let mut kept = site.kept();
        (kept.fresh(&key, &asked), kept.older(&key), kept.turn(&key))
    };
    if let Some(made) = fresh {
        return Ok(made.respond());
    }
    let Some(older) = older else {
        let turn = turn.lock_owned().await;
        return make(site, key, asked, turn, request, next).await;
    };
    let soon = site.0.page_patience;
    let Ok(turn) = timeout(soon, turn.lock_owned()).await else {
        return Ok(older.respond());
    };
    // It goes on though nobody waits for it.
    let making = tokio::spawn(make(site, key, asked, turn, request, next));
    match timeout(soon.saturating_sub(asked.at.elapsed()), making).await {
        Ok(made) => made.map_err(|e| WebError::Broken(e.to_string()))?,
        Err(_) => Ok(older.respond()),
    }
}

/// Makes a page, unless somebody did meanwhile, and keeps it.
async fn make(
    site: Site,
    key: String,
    asked: Asked,
    _turn: OwnedMutexGuard<()>,
    request: Request,
    next: Next,
) -> Result<Response, WebError> {
    if let Some(made) = site.kept().fresh(&key, &asked) {
        return Ok(made.respond());
    }
    let Asked { state, at: begun } = Asked::now(&site).await?;
    let (parts, body) = next.run(request).await.into_parts();
    let html = parts.headers.get(header::CONTENT_TYPE) == Some(&HeaderValue::from_static(HTML));
    if parts.status != StatusCode::OK || !html {
        return Ok(Response::from_parts(parts, body));
    }
    let body = to_bytes(body, usize::MAX)
        .await
        .map_err(|e| WebError::Broken(e.to_string()))?;
    let made = Made { state, begun, body };
    site.kept().put(key, made.clone());
    Ok(made.respond())
}

/// What [`Html`] calls itself.
const HTML: &str = "text/html; charset=utf-8";

#[cfg(test)]
mod tests {
    use super::super::Setup;
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use lagebild_store::{NoCompounds, Readers, Store};
    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tower::ServiceExt as _;

    /// A store at `path`, and a state of it.
    fn store(path: &Path) -> (Store, Readers) {
        let store = Store::open(path, Arc::new(NoCompounds)).unwrap();
        let readers = Readers::open(path, Arc::new(NoCompounds)).unwrap();
        (store, readers)
    }

    fn write(store: &mut Store, n: usize) {
        let feed = format!("https://example.org/{n}");
        let now = "2024-10-25T08:00:00Z".parse().unwrap();
        store.watch_feeds(&[(feed.as_str(), None)], now).unwrap();
    }

    #[test]
    fn pages_are_fresh_in_their_state_and_go_when_there_is_no_room() {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, readers) = store(&directory.path().join("s.db"));
        let asked = || Asked {
            state: readers.state().unwrap(),
            at: Instant::now(),
        };
        let made = |asked: Asked, body: Bytes| Made {
            state: asked.state,
            begun: asked.at,
            body,
        };
        let first = asked();
        let mut kept = Kept::default();
        assert!(kept.fresh("/a", &first).is_none());
        kept.put("/a".to_owned(), made(first, Bytes::from_static(b"old")));
        kept.put("/a".to_owned(), made(first, Bytes::from_static(b"a")));
        let body = |page: Option<Made>| page.map(|made| made.body);
        assert_eq!(body(kept.fresh("/a", &asked())).as_deref(), Some(&b"a"[..]));
        assert_eq!((body(kept.fresh("/b", &first)), kept.size), (None, 1));
        write(&mut store, 1);
        let second = asked();
        assert_eq!(body(kept.fresh("/a", &second)), None, "it misses what was written");
        assert_eq!(body(kept.older("/a")).as_deref(), Some(&b"a"[..]));
        kept.put("/a".to_owned(), made(asked(), Bytes::from_static(b"new")));
        write(&mut store, 2);
        assert_eq!(
            body(kept.fresh("/a", &second)).as_deref(),
            Some(&b"new"[..]),
            "begun after it was asked for"
        );
        kept.put("/b".to_owned(), made(second, vec![0; ROOM].into()));
        assert_eq!((body(kept.older("/a")), kept.size), (None, ROOM));
        kept.put("/c".to_owned(), made(second, vec![0; ROOM + 1].into()));
        assert_eq!(body(kept.older("/c")), None);
    }

    /// A site with one page that takes `delay` and counts how often it is made.
    fn site(readers: Readers, setup: Setup, delay: Duration) -> (Router, Arc<AtomicUsize>) {
        let site = Site::new(readers, setup);
        let count = Arc::new(AtomicUsize::new(0));
        let made = Arc::clone(&count);
        let slow = move || async move {
            let n = made.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(delay).await;
            Html(n.to_string())
        };
        let layer = from_fn_with_state(site.clone(), kept);
        (
            Router::new()
                .route("/slow", get(slow))
                .route_layer(layer)
                .with_state(site),
            count,
        )
    }

    async fn ask(pages: &Router) -> String {
        let request = Request::get("/slow").body(Body::empty()).unwrap();
        let response = pages.clone().oneshot(request).await.unwrap();
        let body = to_bytes(response.into_body(), 99).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn many_who_ask_have_a_page_made_once_and_nobody_waits_long_for_the_next() {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, readers) = store(&directory.path().join("s.db"));
        let (pages, count) = site(readers, Setup::default(), Duration::from_millis(400));
        let (a, b, c) = tokio::join!(ask(&pages), ask(&pages), ask(&pages));
        assert_eq!([a, b, c], ["0", "0", "0"]);
        write(&mut store, 1);
        let (a, b) = tokio::join!(ask(&pages), ask(&pages));
        assert_eq!([a, b], ["0", "0"], "as it was before");
        // It is made all the same, once; how soon depends on what else the machine does.
        let mut page = ask(&pages).await;
        for _ in 0..100 {
            if page != "0" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            page = ask(&pages).await;
        }
        assert_eq!((page.as_str(), count.load(Ordering::SeqCst)), ("1", 2));
    }

    #[tokio::test]
    async fn a_page_that_is_soon_made_is_always_fresh() {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, readers) = store(&directory.path().join("s.db"));
        let (pages, _) = site(readers, Setup::patient(), Duration::ZERO);
        assert_eq!(ask(&pages).await, "0");
        write(&mut store, 1);
        assert_eq!(ask(&pages).await, "1");
        assert_eq!(ask(&pages).await, "1");
    }
}
