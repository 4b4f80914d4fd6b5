//! Pages that were made, kept until the store changes.
//!
//! A page of a list counts what each further filter would leave, and the overview judges pairs by their past: both read
//! much of the store. As long as nobody writes, the same page is made once.

use super::page::Page;
use super::{Site, WebError};
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State as Of};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use lagebild_store::State;
use std::collections::HashMap;
use std::sync::Arc;

/// Bytes of all pages that are kept; beyond it, all make room for new ones.
const ROOM: usize = 64 << 20;

/// The pages of one state of the store, by all that they depend on besides.
#[derive(Default)]
pub(super) struct Kept {
    state: Option<State>,
    pages: HashMap<String, Bytes>,
    size: usize,
}

impl Kept {
    /// A page as it was made in this state of the store. Those of another state go.
    fn get(&mut self, state: State, key: &str) -> Option<Bytes> {
        if self.state != Some(state) {
            *self = Self {
                state: Some(state),
                ..Self::default()
            };
        }
        self.pages.get(key).cloned()
    }

    /// Keeps a page that was made from this state or a later one; not when the store is known to have gone on since.
    fn put(&mut self, state: State, key: String, body: Bytes) {
        if self.state != Some(state) || body.len() > ROOM {
            return;
        }
        if self.size + body.len() > ROOM {
            self.pages.clear();
            self.size = 0;
        }
        self.size += body.len();
        if let Some(old) = self.pages.insert(key, body) {
            self.size -= old.len();
        }
    }
}

/// Answers with the page that is kept, or has it made.
pub(super) async fn kept(Of(site): Of<Site>, page: Page, request: Request, next: Next) -> Result<Response, WebError> {
    if *request.method() != Method::GET {
        return Ok(next.run(request).await);
    }
    let readers = Arc::clone(&site.0.readers);
    let state = tokio::task::spawn_blocking(move || readers.state());
    let state = state.await.map_err(|e| WebError::Broken(e.to_string()))??;
    let key = page.key();
    if let Some(body) = site.kept().get(state, &key) {
        return Ok(Html(body).into_response());
    }
    let (parts, body) = next.run(request).await.into_parts();
    let html = parts.headers.get(header::CONTENT_TYPE) == Some(&HeaderValue::from_static(HTML));
    if parts.status != StatusCode::OK || !html {
        return Ok(Response::from_parts(parts, body));
    }
    let body = to_bytes(body, usize::MAX)
        .await
        .map_err(|e| WebError::Broken(e.to_string()))?;
    site.kept().put(state, key, body.clone());
    Ok(Html(body).into_response())
}

/// What [`Html`] calls itself.
const HTML: &str = "text/html; charset=utf-8";

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_store::{NoCompounds, Readers, Store};

    #[test]
    fn pages_go_with_their_state_and_when_there_is_no_room() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("s.db");
        let mut store = Store::open(&path, Arc::new(NoCompounds)).unwrap();
        let readers = Readers::open(&path, Arc::new(NoCompounds)).unwrap();
        let first = readers.state().unwrap();
        let mut kept = Kept::default();
        assert_eq!(kept.get(first, "/a"), None);
        kept.put(first, "/a".to_owned(), Bytes::from_static(b"old"));
        kept.put(first, "/a".to_owned(), Bytes::from_static(b"a"));
        assert_eq!(kept.get(first, "/a").as_deref(), Some(&b"a"[..]));
        assert_eq!((kept.get(first, "/b"), kept.size), (None, 1));
        kept.put(first, "/b".to_owned(), vec![0; ROOM].into());
        assert_eq!((kept.get(first, "/a"), kept.size), (None, ROOM));
        kept.put(first, "/c".to_owned(), vec![0; ROOM + 1].into());
        assert_eq!(kept.get(first, "/c"), None);

        store
            .watch_feeds(
                &[("https://example.org/feed", None)],
                "2024-10-25T08:00:00Z".parse().unwrap(),
            )
            .unwrap();
        let second = readers.state().unwrap();
        assert_eq!((kept.get(second, "/b"), kept.size), (None, 0));
        kept.put(first, "/late".to_owned(), Bytes::from_static(b"late"));
        assert_eq!(kept.get(second, "/late"), None);
    }
}
