//! The lists for programs: JSON and CSV under the filters of the page, streamed, so that a store of any size fits.

use super::list::filter_of;
use super::page::Page;
use super::{Site, WebError};
use crate::rows::Row;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use lagebild_export::harmless;
use lagebild_store::{Filter, List, Reader};
use std::ops::ControlFlow;
use std::time::Duration;

/// Bytes sent at once.
const CHUNK: usize = 64 * 1024;
/// How long a client may let a chunk wait; meanwhile it holds a connection to the store.
const PATIENCE: Duration = Duration::from_secs(30);

/// The end of a body that could not be made whole: the client sees a broken transfer, not a short list.
#[derive(Debug, thiserror::Error)]
#[error("the list broke off")]
struct BrokeOff;

/// What is sent.
#[derive(Clone, Copy)]
enum Format {
    Json,
    Csv,
}

/// Calls the function with every row.
type Each<T> = fn(&Reader, &Filter, &mut dyn FnMut(T) -> ControlFlow<()>) -> lagebild_store::Result<()>;

/// Streams the list that `each` walks.
async fn stream<T: Row + 'static>(
    site: Site,
    page: Page,
    list: List,
    format: Format,
    each: Each<T>,
) -> Result<Response, WebError> {
    let filter = filter_of(&page, list)?;
    // A read of no row shows what is wrong with the filter while there can still be an error page.
    let probe = Filter {
        limit: Some(0),
        ..filter.clone()
    };
    site.read(move |reader| Ok(each(reader, &probe, &mut |_| ControlFlow::Break(()))?))
        .await?;

    let (sender, body) = Channel::<Bytes, BrokeOff>::new(2);
    let runtime = tokio::runtime::Handle::current();
    tokio::spawn(async move {
        let work = move |reader: &Reader| {
            let mut writer = Writer {
                sender,
                runtime,
                buffer: Vec::with_capacity(CHUNK + 4096),
                rows: 0,
                alive: true,
            };
            let result = writer.list(reader, &filter, format, each);
            writer.end(result.is_ok());
            result
        };
        if let Err(WebError::Broken(inside)) = site.read(work).await {
            crate::term::error(format!("{}: {inside}", page.path), None);
        }
    });
    let kind = match format {
        Format::Json => "application/json; charset=utf-8",
        Format::Csv => "text/csv; charset=utf-8; header=present",
    };
    let mut response = Body::new(body).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Format::Csv = format {
        let name = format!("attachment; filename=\"lagebild-{}.csv\"", list.name());
        let name = HeaderValue::from_str(&name).map_err(|e| WebError::Broken(e.to_string()))?;
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Writes a list into a body, from a thread where it may block.
struct Writer {
    sender: Sender<Bytes, BrokeOff>,
    runtime: tokio::runtime::Handle,
    buffer: Vec<u8>,
    rows: usize,
    /// The client still listens.
    alive: bool,
}

impl Writer {
    fn list<T: Row>(
        &mut self,
        reader: &Reader,
        filter: &Filter,
        format: Format,
        each: Each<T>,
    ) -> Result<(), WebError> {
        match format {
            Format::Json => self.buffer.extend_from_slice(b"{\"rows\":["),
            Format::Csv => self.line(T::columns().into_iter().map(str::to_owned)),
        }
        let mut failed = None;
        each(reader, filter, &mut |row| {
            match format {
                Format::Json => {
                    self.buffer
                        .extend_from_slice(if self.rows == 0 { b"\n" } else { b",\n" });
                    if let Err(error) = serde_json::to_writer(&mut self.buffer, &row) {
                        failed = Some(error);
                        return ControlFlow::Break(());
                    }
                }
                Format::Csv => self.line(row.fields().into_iter().map(harmless)),
            }
            self.rows += 1;
            if self.buffer.len() >= CHUNK {
                self.flush();
            }
            if self.alive {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        if let Format::Json = format {
            self.buffer
                .extend_from_slice(format!("\n],\"count\":{}}}\n", self.rows).as_bytes());
        }
        self.flush();
        Ok(())
    }

    /// A line of CSV (RFC 4180).
    fn line(&mut self, fields: impl Iterator<Item = String>) {
        for (i, field) in fields.enumerate() {
            if i > 0 {
                self.buffer.push(b',');
            }
            if field.contains(['"', ',', '\n', '\r']) {
                self.buffer
                    .extend_from_slice(format!("\"{}\"", field.replace('"', "\"\"")).as_bytes());
            } else {
                self.buffer.extend_from_slice(field.as_bytes());
            }
        }
        self.buffer.extend_from_slice(b"\r\n");
    }

    fn flush(&mut self) {
        if self.alive && !self.buffer.is_empty() {
            let chunk = Bytes::from(std::mem::take(&mut self.buffer));
            let sent = self
                .runtime
                .block_on(async { tokio::time::timeout(PATIENCE, self.sender.send_data(chunk)).await });
            self.alive = matches!(sent, Ok(Ok(())));
        }
    }

    fn end(self, whole: bool) {
        if !whole || !self.alive {
            self.sender.abort(BrokeOff);
        }
    }
}

/// Defines the two handlers of a list.
macro_rules! exports {
    ($($json:ident, $csv:ident: $list:expr, $each:expr;)+) => {$(
        pub(super) async fn $json(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
            stream(site, page, $list, Format::Json, $each).await
        }

        pub(super) async fn $csv(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
            stream(site, page, $list, Format::Csv, $each).await
        }
    )+};
}

exports! {
    documents_json, documents_csv: List::Documents, |reader, filter, each| reader.each_document(filter, each);
    events_json, events_csv: List::Events, |reader, filter, each| reader.each_event(filter, each);
    claims_json, claims_csv: List::Claims, |reader, filter, each| reader.each_claim(filter, each);
    agreements_json, agreements_csv: List::Agreements, |reader, filter, each| reader.each_agreement(filter, each);
    actors_json, actors_csv: List::Actors, |reader, filter, each| {
        reader.actors(filter)?.rows.into_iter().try_for_each(each).is_break();
        Ok(())
    };
}

/// `/search.json`: hits with their marks; as many as the page shows unless `limit` asks for more.
pub(super) async fn search_json(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    site.read(move |reader| {
        let filter = super::list::page_filter(&page, List::Documents)?;
        let body = serde_json::to_string(&reader.search(&filter)?)?;
        Ok(([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response())
    })
    .await
}
