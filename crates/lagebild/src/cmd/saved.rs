//! `lagebild search save`, `list`, `run`, `remove`, `deliver`, `log`: saved searches.

use super::list::{self, open};
use super::table::{Column, Writer, count, narrow, wide};
use crate::End;
use crate::cli::{ListFormat, SaveSearch, SavedCommand, SavedList};
use crate::net;
use crate::pipeline::Pipeline;
use crate::term::{self, Screen};
use anyhow::{Context as _, bail};
use jiff::Timestamp;
use lagebild_fetch::{Client, Error as FetchError, Url, hook, schedule};
use lagebild_store::{DeliveryRow, DueDelivery, Found, Hook, NewSearch, Reader, SavedSearch, Store};
use std::io::BufWriter;
use std::path::Path;

/// Deliveries looked for at once.
const DELIVERIES: usize = 64;

pub(super) fn run(command: &SavedCommand, screen: Screen) -> anyhow::Result<End> {
    match command {
        SavedCommand::Save(args) => save(args),
        SavedCommand::List { format, store } => searches(&open(store)?, *format, screen),
        SavedCommand::Log { name, format, store } => log(&open(store)?, name.as_deref(), *format, screen),
        SavedCommand::Remove { name, store } => {
            if writer(&store.store)?.remove_search(name)? {
                Ok(End::Fine)
            } else {
                unknown(name)
            }
        }
        SavedCommand::Run { name, format, store } => match writer(&store.store)?.run_search(name, Timestamp::now())? {
            Some(Found::Documents(rows)) => list::write(&rows, rows.len(), *format, screen, &list::document_look()),
            Some(Found::Events(rows)) => list::write(&rows, rows.len(), *format, screen, &list::event_look()),
            None => unknown(name),
        },
        SavedCommand::Deliver { store, net } => {
            let mut store = writer(&store.store)?;
            store.look(Timestamp::now())?;
            let (arrived, failed) = deliver(&mut store, &net::client(net, &[])?)?;
            term::note(format!("{arrived} delivered, {failed} failed"));
            Ok(match (arrived, failed) {
                (0, 0) => End::Nothing,
                (_, 0) => End::Fine,
                _ => End::Failed,
            })
        }
    }
}

fn writer(store: &Path) -> anyhow::Result<Store> {
    if !store.exists() {
        // A search of nothing is a slip in the name.
        bail!(lagebild_store::Error::Missing { path: store.to_owned() });
    }
    Ok(Store::open(store, Pipeline::compounds())?)
}

pub(super) fn unknown<T>(name: &str) -> anyhow::Result<T> {
    bail!("there is no saved search {name:?}; `lagebild search list` shows them");
}

fn save(args: &SaveSearch) -> anyhow::Result<End> {
    let mut filter = args.filter.filter()?;
    if !args.words.is_empty() {
        filter.set("q", &args.words.join(" "))?;
    }
    let hook = args.webhook.as_ref().map(|url| {
        let secret = match &args.secret_file {
            Some(file) => std::fs::read_to_string(file)
                .with_context(|| format!("cannot read the secret in {}", file.display()))?
                .trim()
                .to_owned(),
            None => bail!("a webhook is signed: name the file with its secret by --secret-file"),
        };
        if secret.len() < 16 {
            bail!("the secret of a webhook has 16 characters at least");
        }
        let url = Url::parse(url).with_context(|| format!("{url} is no address of a webhook"))?;
        if !matches!(url.scheme(), "http" | "https") {
            bail!("{url} is no address of a webhook: it begins with http:// or https://");
        }
        Ok(Hook {
            url: url.to_string(),
            secret,
        })
    });
    let hook = hook.transpose()?;
    let search = NewSearch {
        name: &args.name,
        list: match args.find {
            SavedList::Documents => lagebild_store::List::Documents,
            SavedList::Events => lagebild_store::List::Events,
        },
        filter: &filter,
        hook: hook.as_ref(),
    };
    let mut store = writer(&args.store.store)?;
    if !store.save_search(&search, Timestamp::now())? {
        bail!(
            "there is a saved search {:?} already; `lagebild search remove` takes it out",
            args.name
        );
    }
    let known = store.reader().saved_search(&args.name)?.map_or(0, |s| s.hits);
    term::note(format!("saved; {known} hits are in the store, what comes now is new"));
    Ok(End::Fine)
}

fn searches(reader: &Reader, format: ListFormat, screen: Screen) -> anyhow::Result<End> {
    let columns: [Column; 7] = [
        narrow("Name", 24),
        narrow("Finds", 9),
        wide("Filters"),
        count("Hits"),
        count("New"),
        wide("Webhook"),
        wide("Waiting"),
    ];
    let cells = |s: &SavedSearch| {
        let filter = s.filter.iter().map(|(key, value)| format!("{key}={value}"));
        let waiting = match (s.waiting, &s.reason) {
            (0, _) => String::new(),
            (n, Some(reason)) => format!("{n} ({reason})"),
            (n, None) => n.to_string(),
        };
        vec![
            s.name.clone(),
            s.list.clone(),
            filter.collect::<Vec<_>>().join(" "),
            s.hits.to_string(),
            s.new.to_string(),
            s.hook.clone().unwrap_or_default(),
            waiting,
        ]
    };
    let rows = reader.searches()?;
    let mut out = Writer::new::<SavedSearch>(BufWriter::new(std::io::stdout().lock()), format, &columns, screen)?;
    for row in &rows {
        out.row(row, cells)?;
    }
    list::end(out.finish()?, None)
}

fn log(reader: &Reader, name: Option<&str>, format: ListFormat, screen: Screen) -> anyhow::Result<End> {
    let columns: [Column; 7] = [
        narrow("Found", 20),
        narrow("Search", 24),
        count("Hits"),
        count("Attempts"),
        narrow("Arrived", 20),
        narrow("Next attempt", 20),
        wide("Last failure"),
    ];
    let cells = |d: &DeliveryRow| {
        vec![
            d.made_at.clone(),
            d.search.clone(),
            d.hits.to_string(),
            d.attempts.to_string(),
            d.done_at.clone().unwrap_or_default(),
            d.due.clone().unwrap_or_default(),
            d.reason.clone().unwrap_or_default(),
        ]
    };
    let rows = reader.deliveries(name, 1000)?;
    let mut out = Writer::new::<DeliveryRow>(BufWriter::new(std::io::stdout().lock()), format, &columns, screen)?;
    for row in &rows {
        out.row(row, cells)?;
    }
    list::end(out.finish()?, None)
}

/// Sends what is due, one after another; tells how many arrived and how many did not.
pub(super) fn deliver(store: &mut Store, client: &Client) -> anyhow::Result<(usize, usize)> {
    let (mut arrived, mut failed) = (0, 0);
    loop {
        let due = store.reader().due_deliveries(Timestamp::now(), DELIVERIES)?;
        if due.is_empty() {
            return Ok((arrived, failed));
        }
        for delivery in due {
            let sent = send(client, &delivery);
            if let Err(error) = &sent {
                term::error(format!("search {}: {error}", delivery.search), None);
            }
            *if sent.is_ok() { &mut arrived } else { &mut failed } += 1;
            attempted(store, &delivery, sent)?;
        }
    }
}

/// Sends a delivery.
pub(super) fn send(client: &Client, delivery: &DueDelivery) -> Result<(), FetchError> {
    let Hook { url, secret } = &delivery.hook;
    let url = Url::parse(url).map_err(|e| FetchError::Url {
        url: url.clone(),
        why: e.to_string(),
    })?;
    hook::send(client, &url, secret, &delivery.id, &delivery.body, Timestamp::now())
}

/// Notes how an attempt ended.
pub(super) fn attempted(store: &mut Store, delivery: &DueDelivery, sent: Result<(), FetchError>) -> anyhow::Result<()> {
    let now = Timestamp::now();
    match sent {
        Ok(()) => store.attempted(delivery.key, None, now)?,
        Err(error) => {
            let next = now + schedule::redeliver(delivery.attempts + 1, error.retry_after());
            store.attempted(delivery.key, Some((&error.to_string(), next)), now)?;
        }
    }
    Ok(())
}
