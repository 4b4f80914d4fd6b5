//! The store in the formats of other programs: the files that `lagebild export` writes.

use super::openapi::{NotFound, Problems, filters};
use super::{Fields, Pieces, filled};
use crate::cli::{AtomEntries, ExportFormat};
use crate::cmd::export::{Wanted, export as write};
use crate::web::page::Page;
use crate::web::{Site, WebError};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use clap::ValueEnum as _;
use http_body_util::channel::Channel;
use lagebild_export::SCHEMA;
use lagebild_store::{Filter, List};
use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

/// Bytes sent at once.
const CHUNK: usize = 64 * 1024;
/// How long a client may let a chunk wait.
const PATIENCE: Duration = Duration::from_secs(30);

/// The parameters of an export.
pub(super) struct ExportParameters;

impl IntoParams for ExportParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let one_of = |values: Vec<String>| {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .enum_values(Some(values))
                .build()
        };
        let parameter = |name: &str, place: ParameterIn, about: &str, values: Vec<String>| {
            let needed = matches!(place, ParameterIn::Path);
            ParameterBuilder::new()
                .name(name)
                .parameter_in(place)
                .required(if needed { Required::True } else { Required::False })
                .description(Some(about))
                .schema(Some(one_of(values)))
                .build()
        };
        let formats = ExportFormat::value_variants().iter();
        let formats = formats.filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()));
        let mut parameters = vec![
            parameter(
                "format",
                ParameterIn::Path,
                "the format, as in docs/export.md",
                formats.collect(),
            ),
            parameter(
                "table",
                ParameterIn::Query,
                "one table of csv, ndjson or parquet instead of an archive of all",
                SCHEMA.iter().map(|table| table.name.to_owned()).collect(),
            ),
            parameter(
                "entries",
                ParameterIn::Query,
                "what the entries of atom are",
                vec!["reports".to_owned(), "events".to_owned()],
            ),
        ];
        parameters.extend(filters(List::Documents));
        parameters
    }
}

/// The store in a format of other programs, under the filters of reports. Formats of several files come as a tar archive.
#[utoipa::path(get, path = "/api/v1/export/{format}", tag = "export", params(ExportParameters),
    responses(Problems, NotFound, (status = 200, description = "the file", content((String = "text/csv"), (String = "application/x-ndjson"),
        (Vec<u8> = "application/vnd.apache.parquet"), (Vec<u8> = "application/x-tar"), (String = "text/tab-separated-values"),
        (Object = "application/geo+json"), (String = "application/xml"), (Object = "application/ld+json"),
        (String = "application/x-research-info-systems"), (String = "application/atom+xml")))))]
pub(super) async fn export(
    State(site): State<Site>,
    Pieces(format): Pieces<String>,
    page: Page,
) -> Result<Response, WebError> {
    let format = ExportFormat::from_str(&format, false).map_err(|_| WebError::NotFound)?;
    let (own, filters): (Vec<_>, Vec<_>) = page
        .pairs
        .iter()
        .cloned()
        .partition(|(key, _)| key == "table" || key == "entries");
    filled(&page)?;
    if let Some((key, _)) = filters.iter().find(|(key, _)| key == "limit" || key == "offset") {
        return Err(WebError::Query(format!("{key} is none here: an export is whole.")));
    }
    let mut filter = Filter::from_pairs(filters.iter().map(|(k, v)| (k, v)))?;
    (filter.limit, filter.offset) = (None, 0);
    filter.check(List::Documents)?;
    let own = Page { pairs: own, ..page };
    let fields = Fields::new(&own, &["table", "entries"])?;
    let table = fields.parse("table", "a table of docs/export.md", |name| {
        SCHEMA.iter().find(|table| table.name == name && format.is_tables())
    })?;
    let entries = fields.parse("entries", "reports or events", |name| {
        AtomEntries::from_str(name, false).ok()
    })?;
    // One at a time: each may take as much of the disk as the store.
    let turn = Arc::clone(&site.0.exporting).lock_owned().await;
    let work = move |reader: &lagebild_store::Reader| -> Result<Written, WebError> {
        let _turn = turn;
        let broken = |e: anyhow::Error| WebError::Broken(format!("{e:#}"));
        let folder = tempfile::Builder::new().prefix("lagebild-export-").tempdir();
        let folder = folder.map_err(|e| broken(e.into()))?;
        let (kind, name, output) = match (table, format.single()) {
            (Some(table), _) => {
                let (kind, extension) = format.table();
                (kind, format!("{}.{extension}", table.name), folder.path().to_owned())
            }
            (None, Some((kind, extension))) => {
                let name = format!("lagebild.{extension}");
                (kind, name.clone(), folder.path().join(name))
            }
            (None, None) => (
                "application/x-tar",
                "lagebild.tar".to_owned(),
                folder.path().join("lagebild"),
            ),
        };
        let wanted = Wanted {
            format,
            output: Some(output.clone()),
            tables: table.iter().map(|table| table.name.to_owned()).collect(),
            entries,
            filter,
            search: None,
        };
        write(reader, wanted).map_err(broken)?;
        let path = folder.path().join(&name);
        let archive = || -> std::io::Result<()> {
            let mut archive = tar::Builder::new(File::create(&path)?);
            archive.mode(tar::HeaderMode::Deterministic);
            archive.append_dir_all("lagebild", &output)?;
            archive.into_inner().map(drop)
        };
        if table.is_none() && format.single().is_none() {
            archive().map_err(|e| broken(e.into()))?;
        }
        let file = File::open(&path).map_err(|e| broken(e.into()))?;
        Ok(Written {
            file,
            folder,
            kind,
            name,
        })
    };
    site.read(work).await?.respond()
}

/// A file that was written, to be sent.
struct Written {
    file: File,
    /// Goes when the file was sent.
    folder: TempDir,
    kind: &'static str,
    name: String,
}

impl Written {
    fn respond(self) -> Result<Response, WebError> {
        let broken = |e: &dyn std::fmt::Display| WebError::Broken(e.to_string());
        let length = self.file.metadata().map_err(|e| broken(&e))?.len();
        let disposition = format!("attachment; filename=\"{}\"", self.name);
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(self.kind)),
            (header::CONTENT_LENGTH, HeaderValue::from(length)),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::from_str(&disposition).map_err(|e| broken(&e))?,
            ),
        ];
        Ok((headers, self.body()).into_response())
    }

    fn body(self) -> Body {
        let (mut sender, body) = Channel::<Bytes, std::io::Error>::new(2);
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || {
            let Self { mut file, folder, .. } = self;
            let _keep = folder;
            loop {
                let mut chunk = Vec::with_capacity(CHUNK);
                match file.by_ref().take(CHUNK as u64).read_to_end(&mut chunk) {
                    Ok(0) => break,
                    Ok(_) => {
                        let send = sender.send_data(chunk.into());
                        let sent = runtime.block_on(async { tokio::time::timeout(PATIENCE, send).await });
                        if !matches!(sent, Ok(Ok(()))) {
                            break;
                        }
                    }
                    Err(error) => {
                        sender.abort(error);
                        break;
                    }
                }
            }
        });
        Body::new(body)
    }
}
