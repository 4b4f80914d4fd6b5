//! MCP: the tools of [`lagebild_mcp`] with the engine and tables of this program.

use crate::End;
use crate::actors::Tables;
use crate::answers::{self, NoAnswer};
use crate::cli::Overlays;
use crate::input::{About, Item, Shape, Told};
use crate::pipeline::Pipeline;
use crate::treaties::today;
use crate::web::Ui;
use lagebild_core::{Date, Lang};
use lagebild_ingest::Format;
use lagebild_mcp::{Answer, Engine, Refusal, Tools};
use lagebild_picture::tension::Step;
use lagebild_store::{Paging, Reader, Readers};
use serde::Serialize;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Parts of a reading that the tools leave out: the asker has the text, and the rest repeats it.
const LEFT_OUT: [&str; 5] = ["text", "source", "sentences", "entities", "times"];
/// Entries that were not taken, in the explanation of an event.
const NOT_TAKEN: usize = 4;

/// Serves the tools over `store` at standard input and output.
///
/// # Errors
/// When there is no store, the rules are faulty, or the client does not speak MCP.
pub(crate) fn stdio(store: &Path, overlays: &Overlays) -> anyhow::Result<End> {
    let readers = Arc::new(Readers::open(store, Pipeline::compounds())?);
    let tools = tools(readers, Arc::new(Pipeline::with(overlays)?), None);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let served = runtime.block_on(async {
        tokio::select! {
            served = lagebild_mcp::stdio(tools) => served,
            () = crate::signal::stop() => Ok(()),
        }
    });
    // A read of standard input cannot be called off; waiting for it would hold the program after ctrl-c.
    runtime.shutdown_background();
    served.map_err(|e| anyhow::anyhow!(e))?;
    Ok(End::Fine)
}

/// The tools over the store of `readers`; `pages` is where it is shown in a browser.
pub(crate) fn tools(readers: Arc<Readers>, pipeline: Arc<Pipeline>, pages: Option<String>) -> Tools {
    Tools::new(readers, Arc::new(Lent(pipeline)), pages)
}

/// The engine that is lent to the tools.
struct Lent(Arc<Pipeline>);

impl From<NoAnswer> for Refusal {
    fn from(error: NoAnswer) -> Self {
        match error {
            NoAnswer::Missing(what) => Self(what),
            NoAnswer::Store(error) => error.into(),
            NoAnswer::Report(why) => Self(why.to_string()),
        }
    }
}

fn value(of: &impl Serialize) -> Answer {
    serde_json::to_value(of).map_err(|e| Refusal(e.to_string()))
}

impl Engine for Lent {
    fn actor(&self, reader: &Reader, name: &str, on: Option<Date>) -> Answer {
        let tables = Tables {
            knowledge: self.0.knowledge(),
            on,
            ui: Ui::En,
        };
        let known = answers::actor(&tables, reader, name)?;
        if known.is_empty() {
            return Err(Refusal(format!("nobody called {name} is known")));
        }
        Ok(json!({ "rows": value(&known)? }))
    }

    fn pair(&self, reader: &Reader, (a, b): (&str, &str), paging: &Paging) -> Answer {
        let (a, b) = (a.to_ascii_uppercase(), b.to_ascii_uppercase());
        let mut directions = answers::pair(reader, (&a, &b), &paging.filter, Step::Week)?;
        for direction in &mut directions {
            // Weeks without an act tell nothing but the index falling back; of the others the latest count most.
            direction.periods.retain(|row| row.period.acts() > 0);
            let shown = paging.filter.limit.unwrap_or(usize::MAX);
            let before = direction.periods.len().saturating_sub(shown);
            direction.periods.drain(..before);
        }
        Ok(json!({ "directions": value(&directions)? }))
    }

    fn explain(&self, reader: &Reader, event: &str) -> Answer {
        let (item, about, asked) = answers::stored_event(reader, event)?;
        let mut explained = answers::explain(&self.0, &item, about, &asked)?;
        for reason in &mut explained.reasons {
            let mut left = NOT_TAKEN;
            reason.reasons.retain(|reason| {
                let keep = reason.about != "not taken" || left > 0;
                left -= usize::from(reason.about == "not taken" && left > 0);
                keep
            });
        }
        value(&explained)
    }

    fn read(&self, text: &str, published: Option<Date>, lang: Option<Lang>) -> Answer {
        let item = Item {
            name: "the text".to_owned(),
            source: None,
            bytes: text.as_bytes().to_vec(),
            shape: Shape::File(Some(Format::Text)),
            told: Told::default(),
        };
        let record = self
            .0
            .read(
                &item,
                About {
                    published,
                    lang,
                    read_on: Some(today()),
                },
            )
            .map_err(|why| Refusal(why.to_string()))?;
        let mut record = value(&record)?;
        if let Value::Object(fields) = &mut record {
            fields.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
        }
        Ok(record)
    }
}
