//! The lists for programs: JSON, JSON Lines, CSV, GeoJSON and Parquet under the filters of the page, streamed, so that a
//! store of any size fits.

use super::list::{ACTORS, AGREEMENTS, CLAIMS, CLUSTERS, DOCUMENTS, EVENTS, SPEAKERS, STORIES, Sheet, TOPICS, choice};
use super::page::Page;
use super::{Site, WebError};
use crate::pipeline::Pipeline;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use lagebild_export::{CsvWriter, EventWriter as _, Features, GeoJson, Row, TableWriter};
use lagebild_picture::claims::{Record, records};
use lagebild_store::{
    ActorRow, AgreementRow, ClaimRow, ClusterRow, DocumentRow, EventRow, Filter, OpinionRow, Reader, StoredDocument,
    StoryRow,
};
use serde::Serialize;
use std::io::{self, Write};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Ndjson,
    Csv,
    Geojson,
    #[cfg(feature = "columnar")]
    Parquet,
}

impl Format {
    /// All of them.
    pub(super) const ALL: &'static [Self] = &[
        Self::Csv,
        Self::Json,
        Self::Ndjson,
        Self::Geojson,
        #[cfg(feature = "columnar")]
        Self::Parquet,
    ];

    /// The end of the path.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Geojson => "geojson",
            #[cfg(feature = "columnar")]
            Self::Parquet => "parquet",
        }
    }

    /// For people.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Ndjson => "NDJSON",
            Self::Csv => "CSV",
            Self::Geojson => "GeoJSON",
            #[cfg(feature = "columnar")]
            Self::Parquet => "Parquet",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Ndjson => "application/x-ndjson; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Geojson => "application/geo+json; charset=utf-8",
            #[cfg(feature = "columnar")]
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// The list and the format that a path asks for.
    pub(super) fn split(path: &str) -> Option<(&str, Self)> {
        let (list, extension) = path.rsplit_once('.')?;
        let format = Self::ALL.iter().find(|f| f.extension() == extension)?;
        Some((list, *format))
    }
}

/// Takes the rows of a list.
pub(super) type Take<'a, T> = &'a mut dyn FnMut(T) -> ControlFlow<()>;

/// `/{list}.{format}`
pub(super) async fn list(State(site): State<Site>, Path(file): Path<String>, page: Page) -> Result<Response, WebError> {
    let Some((name, format)) = Format::split(&file) else {
        return Err(WebError::NotFound);
    };
    match name {
        "documents" => {
            send::<DocumentRow>(
                site,
                page,
                DOCUMENTS,
                format,
                |r, f, each| Ok(r.each_document(f, each)?),
            )
            .await
        }
        // The writer of events knows which of them have a point on the map.
        "events" if format == Format::Geojson => map(site, page).await,
        "events" => send::<EventRow>(site, page, EVENTS, format, |r, f, each| Ok(r.each_event(f, each)?)).await,
        "clusters" => {
            let choice = choice(&page)?;
            send::<ClusterRow>(site, page, CLUSTERS, format, move |r, f, each| {
                Ok(r.each_cluster(f, choice, &Pipeline::things(), each)?)
            })
            .await
        }
        "claims" => send::<ClaimRow>(site, page, CLAIMS, format, |r, f, each| Ok(r.each_claim(f, each)?)).await,
        "topics" => {
            send::<OpinionRow>(site, page, TOPICS, format, |r, f, each| {
                let topics = r.topics(f, &Pipeline::things())?.rows;
                all(topics.into_iter().flat_map(|topic| topic.opinions), each)
            })
            .await
        }
        "speakers" => {
            send::<Record>(site, page, SPEAKERS, format, |r, f, each| {
                all(records(&r.sayings(f)?), each)
            })
            .await
        }
        "agreements" => {
            send::<AgreementRow>(site, page, AGREEMENTS, format, |r, f, each| {
                Ok(r.each_agreement(f, each)?)
            })
            .await
        }
        "actors" => send::<ActorRow>(site, page, ACTORS, format, |r, f, each| all(r.actors(f)?.rows, each)).await,
        "stories" => send::<StoryRow>(site, page, STORIES, format, |r, f, each| all(r.stories(f)?.rows, each)).await,
        "pairs" => super::pair::export_all(site, page, format).await,
        _ => Err(WebError::NotFound),
    }
}

/// Gives rows that are all there.
pub(super) fn all<T>(rows: impl IntoIterator<Item = T>, each: Take<'_, T>) -> Result<(), WebError> {
    let _ = rows.into_iter().try_for_each(each);
    Ok(())
}

/// Streams the list that `each` walks.
async fn send<T: Row + Serialize + 'static>(
    site: Site,
    page: Page,
    sheet: Sheet<'static>,
    format: Format,
    each: impl FnOnce(&Reader, &Filter, Take<'_, T>) -> Result<(), WebError> + Send + 'static,
) -> Result<Response, WebError> {
    let filter = sheet.filter(&page)?;
    stream(
        site,
        page,
        T::TABLE.name,
        format,
        filter,
        move |reader, filter, pipe| rows(reader, filter, format, each, pipe),
    )
    .await
}

/// Streams what `write` writes.
pub(super) async fn stream(
    site: Site,
    page: Page,
    name: &'static str,
    format: Format,
    filter: Filter,
    write: impl FnOnce(&Reader, &Filter, &mut Pipe) -> Result<(), WebError> + Send + 'static,
) -> Result<Response, WebError> {
    // A read of no row shows what is wrong with the search words while there can still be an error page.
    let probe = Filter {
        limit: Some(0),
        ..filter.clone().for_list(lagebild_store::List::Documents)
    };
    site.read(move |reader| Ok(reader.documents(&probe).map(|_| ())?))
        .await?;

    let (sender, body) = Channel::<Bytes, BrokeOff>::new(2);
    let runtime = tokio::runtime::Handle::current();
    tokio::spawn(async move {
        let work = move |reader: &Reader| {
            let mut pipe = Pipe {
                sender,
                runtime,
                buffer: Vec::with_capacity(CHUNK + 4096),
                alive: true,
            };
            let result = write(reader, &filter, &mut pipe).and_then(|()| Ok(pipe.flush()?));
            // A client that has seen enough is no trouble.
            let gone = !pipe.alive;
            pipe.end(result.is_ok());
            if gone { Ok(()) } else { result }
        };
        if let Err(WebError::Broken(inside)) = site.read(work).await {
            crate::term::error(format!("{}: {inside}", page.path), None);
        }
    });
    let mut response = Body::new(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    if !matches!(format, Format::Json | Format::Ndjson) {
        let name = format!("attachment; filename=\"lagebild-{name}.{}\"", format.extension());
        let name = HeaderValue::from_str(&name).map_err(|e| WebError::Broken(e.to_string()))?;
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Writes the rows that `each` walks.
pub(super) fn rows<T: Row + Serialize>(
    reader: &Reader,
    filter: &Filter,
    format: Format,
    each: impl FnOnce(&Reader, &Filter, Take<'_, T>) -> Result<(), WebError>,
    pipe: &mut Pipe,
) -> Result<(), WebError> {
    let mut failed = None;
    let walk = |row: &mut dyn FnMut(T) -> io::Result<()>| {
        each(reader, filter, &mut |item| match row(item) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })
    };
    let mut table: Box<dyn TableWriter + '_> = match format {
        Format::Json | Format::Ndjson => {
            let lines = format == Format::Ndjson;
            pipe.write_all(if lines { b"" } else { b"{\"rows\":[" })?;
            let mut count = 0_usize;
            walk(&mut |row| {
                match (lines, count) {
                    (true, _) => {}
                    (false, 0) => pipe.write_all(b"\n")?,
                    (false, _) => pipe.write_all(b",\n")?,
                }
                serde_json::to_writer(&mut *pipe, &row)?;
                count += 1;
                if lines { pipe.write_all(b"\n") } else { Ok(()) }
            })?;
            if let Some(error) = failed {
                return Err(error.into());
            }
            if !lines {
                pipe.write_all(format!("\n],\"count\":{count}}}\n").as_bytes())?;
            }
            return Ok(());
        }
        Format::Csv => Box::new(CsvWriter::new(pipe, &T::TABLE)?),
        Format::Geojson => Box::new(Features::new(pipe, &T::TABLE)?),
        #[cfg(feature = "columnar")]
        Format::Parquet => Box::new(lagebild_export::ParquetWriter::new(pipe, &T::TABLE)?),
    };
    walk(&mut |row| table.row(&row.cells()))?;
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(table.finish()?),
    }
}

/// `/events.geojson`: the events with their places.
async fn map(site: Site, page: Page) -> Result<Response, WebError> {
    let filter = EVENTS.filter(&page)?;
    stream(site, page, "events", Format::Geojson, filter, |reader, filter, pipe| {
        let mut writer = Box::new(GeoJson::new(pipe)?);
        let mut failed = None;
        let mut report: Option<StoredDocument> = None;
        let mut write = |event: &EventRow| -> Result<(), WebError> {
            if report.as_ref().is_none_or(|r| r.record.id != event.document.id) {
                report = reader.document(&event.document.id)?;
            }
            if let Some(report) = &report {
                writer.event(event, report)?;
            }
            Ok(())
        };
        reader.each_event(filter, |event| match write(&event) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        // What has no point is in the file, without one.
        writer.finish()?;
        Ok(())
    })
    .await
}

/// Sends what is written into it, from a thread where it may block.
pub(super) struct Pipe {
    sender: Sender<Bytes, BrokeOff>,
    runtime: tokio::runtime::Handle,
    buffer: Vec<u8>,
    /// The client still listens.
    alive: bool,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.alive && !self.buffer.is_empty() {
            let chunk = Bytes::from(std::mem::take(&mut self.buffer));
            let sent = self
                .runtime
                .block_on(async { tokio::time::timeout(PATIENCE, self.sender.send_data(chunk)).await });
            self.alive = matches!(sent, Ok(Ok(())));
        }
        if self.alive {
            Ok(())
        } else {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
}

impl Pipe {
    fn end(self, whole: bool) {
        if !whole || !self.alive {
            self.sender.abort(BrokeOff);
        }
    }
}

/// `/search.json`: hits with their marks; as many as the page shows unless `limit` asks for more.
pub(super) async fn search_json(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    site.read(move |reader| {
        let filter = DOCUMENTS.page_filter(&page)?;
        let body = serde_json::to_string(&reader.search(&filter)?)?;
        Ok(([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response())
    })
    .await
}
