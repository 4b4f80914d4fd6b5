//! `lagebild demo`: the sample reports, read into a store of their own and served.

use crate::input::{About, Item, Shape, Told};
use crate::pipeline::Pipeline;
use crate::{intake, term, web};
use anyhow::{Context as _, bail};
use lagebild_ingest::Format;
use lagebild_store::Store;
use std::net::SocketAddr;
use std::path::Path;

/// Names files of `data/demo` and compiles them in.
macro_rules! reports {
    ($($name:literal,)+) => {
        /// The sample reports: file name and content.
        const REPORTS: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../../data/demo/", $name)))),+];
    };
}

reports! {
    "2024-06-19-pjoengjang-vertrag.md",
    "2024-06-21-seoul-waffenfrage.md",
    "2024-06-30-freedom-edge.md",
    "2024-10-16-sanctions-monitoring.md",
    "2024-10-18-geheimdienst-truppen.md",
    "2024-10-21-botschafter-einbestellt.md",
    "2024-10-24-duma-kurier.md",
    "2024-10-24-duma-ratifiziert.md",
    "2024-10-28-nato-confirms.md",
    "2024-10-31-hwasong-19.md",
    "2024-11-06-foederationsrat.md",
    "2024-11-12-kim-decree.md",
    "2024-11-13-blinken-brussels.md",
    "2024-11-17-biden-xi-lima.md",
    "2024-11-19-atacms.md",
    "2024-11-26-g7-fiuggi.md",
    "2024-11-30-belousov-pyongyang.md",
    "2024-12-04-kriegsrecht.md",
    "2024-12-05-vertrag-in-kraft.md",
    "2024-12-16-sanktionen-eu-usa.md",
    "2024-12-23-verluste.md",
}

/// Reads the sample reports into a store in a directory of its own, which goes when the program ends, and serves it.
///
/// # Errors
/// When `addr` cannot be served on, or there is no room for the store.
pub(crate) fn run(addr: SocketAddr) -> anyhow::Result<()> {
    // Before the reports are read: it may refuse the address.
    let gate = web::Gate::new(addr, Vec::new(), None)?;
    let directory = tempfile::Builder::new()
        .prefix("lagebild-demo-")
        .tempdir()
        .context("cannot make a directory for the store")?;
    let path = directory.path().join("lagebild.db");
    let pipeline = Pipeline::load();
    fill(&pipeline, &path)?;
    term::note(format!(
        "{} sample reports are in {} until you stop",
        REPORTS.len(),
        path.display()
    ));
    let setup = web::Setup {
        pipeline,
        gate,
        ..web::Setup::default()
    };
    web::serve(&path, addr, setup)
}

/// Reads the sample reports into the store at `path`.
pub(crate) fn fill(pipeline: &Pipeline, path: &Path) -> anyhow::Result<()> {
    let mut store = Store::open(path, Pipeline::compounds())?;
    let about = About::default();
    for (name, content) in REPORTS {
        let item = Item {
            name: (*name).to_owned(),
            source: Some((*name).to_owned()),
            bytes: content.as_bytes().to_vec(),
            shape: Shape::File(Some(Format::Markdown)),
            told: Told::default(),
        };
        let record = match pipeline.read(&item, about) {
            Ok(record) => record,
            Err(why) => bail!(crate::input::Bad { name: item.name, why }.to_string()),
        };
        intake::put(pipeline, &mut store, &item, about, record)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_store::{Filter, NoCompounds, Reader};
    use std::sync::Arc;

    #[test]
    fn all_files_are_compiled_in() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/demo");
        let mut names: Vec<String> = std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "README.md")
            .collect();
        names.sort();
        let compiled: Vec<&str> = REPORTS.iter().map(|r| r.0).collect();
        assert_eq!(compiled, names);
    }

    #[test]
    fn the_store_holds_every_report_with_day_language_and_headline() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("demo.db");
        fill(&Pipeline::load(), &path).unwrap();
        let reader = Reader::open(&path, Arc::new(NoCompounds)).unwrap();
        let rows = reader.documents(&Filter::default()).unwrap().rows;
        assert_eq!(rows.len(), REPORTS.len());
        for row in rows {
            let d = row.document;
            let day = d.published.as_deref().unwrap_or_default();
            assert!(day.starts_with("2024-") && d.title.is_some(), "{d:?}");
            let german = REPORTS
                .iter()
                .any(|(name, text)| name.starts_with(day) && text.contains("\nlang: de\n"));
            assert_eq!(d.lang == "de", german, "{d:?}");
            assert!(d.source.is_some_and(|s| s.starts_with("Lagebild-Demo")));
        }
    }
}
