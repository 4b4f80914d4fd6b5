//! Saved searches: what each of them found that was never shown, and saving one.

use super::list::{Choose, ReportRow, chips, event_rows};
use super::page::{self, Page, link};
use super::view::{EventView, Origin};
use super::{Site, WebError};
use crate::pipeline::Pipeline;
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use jiff::Timestamp;
use lagebild_store::{Filter, Found, List, NewSearch, Reader, SavedSearch, Store};
use std::sync::Arc;

/// Hits of a page; the list has all.
const HITS: usize = 100;
/// The longest name.
const NAME: usize = 80;

/// A saved search as the pages show it.
struct SearchView {
    name: String,
    /// Its page.
    href: String,
    /// What it finds, in words.
    finds: &'static str,
    /// The filters, in words.
    filters: Vec<String>,
    /// The list of all that it finds.
    list: String,
    feed: String,
    hits: usize,
    new: usize,
    looked_at: String,
    hook: Option<String>,
    waiting: usize,
    reason: Option<String>,
}

impl SearchView {
    fn new(page: &Page, search: SavedSearch) -> Self {
        let list = search.list();
        let mut entries = search.filter.clone();
        entries.push(("entries".to_owned(), entries_of(list).to_owned()));
        Self {
            href: address(&search.name),
            finds: finds(page, list),
            filters: words(page, &search.filter),
            list: link(&format!("/{}", list.name()), &search.filter),
            feed: link("/api/v1/export/atom", &entries),
            hits: search.hits,
            new: search.new,
            looked_at: super::feeds::minute(&search.looked_at),
            hook: search.hook,
            waiting: search.waiting,
            reason: search.reason,
            name: search.name,
        }
    }
}

/// What the entries of a feed are.
fn entries_of(list: List) -> &'static str {
    if list == List::Events { "events" } else { "reports" }
}

fn finds(page: &Page, list: List) -> &'static str {
    if list == List::Events {
        page.t.events
    } else {
        page.t.documents
    }
}

/// Filters in words.
fn words<K: AsRef<str>>(page: &Page, pairs: &[(K, String)]) -> Vec<String> {
    // A filter that a later version saved has no words here.
    let known = Filter::from_pairs(pairs.iter().map(|(k, v)| (k.as_ref(), v)));
    match known {
        Ok(filter) => chips(page.ui, "", &filter.pairs())
            .into_iter()
            .map(|chip| chip.text)
            .collect(),
        Err(_) => pairs
            .iter()
            .map(|(key, value)| format!("{}={value}", key.as_ref()))
            .collect(),
    }
}

/// The page of a saved search.
fn address(name: &str) -> String {
    page::segment("/searches", name)
}

#[derive(Template)]
#[template(path = "searches.html")]
struct SearchesPage {
    page: Page,
    rows: Vec<SearchView>,
    lists: [Choose; 2],
}

/// The saved searches, with what came in since the store was last gone through for them.
pub(super) fn all(reader: &Reader) -> Result<Vec<SavedSearch>, WebError> {
    let mut searches = reader.searches()?;
    for search in &mut searches {
        search.new = reader.whats_new(&search.name, 0)?.map_or(0, |(new, _)| new);
    }
    Ok(searches)
}

/// `/searches`
pub(super) async fn searches(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let rows = all(reader)?.into_iter().map(|search| SearchView::new(&page, search));
        let list = |list: List| Choose {
            text: finds(&page, list).to_owned(),
            href: format!("/{}", list.name()),
            on: false,
        };
        let searches = SearchesPage {
            rows: rows.collect(),
            lists: [list(List::Events), list(List::Documents)],
            page,
        };
        Ok(Html(searches.render()?))
    })
    .await
}

#[derive(Template)]
#[template(path = "saved-search.html")]
struct SearchPage<'a> {
    page: Page,
    search: SearchView,
    events: Vec<(EventView<'a>, Origin<'a>)>,
    documents: Vec<ReportRow<'a>>,
    /// More than are shown.
    more: bool,
    /// How the command line shows the hits and takes them for known.
    command: String,
}

/// `/searches/{name}`
pub(super) async fn search(
    State(site): State<Site>,
    Path(name): Path<String>,
    page: Page,
) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let mut search = reader.saved_search(&name)?.ok_or(WebError::NotFound)?;
        let (new, found) = reader.whats_new(&name, HITS)?.ok_or(WebError::NotFound)?;
        search.new = new;
        let (events, documents) = match &found {
            Found::Events(rows) => (event_rows(page.ui, rows), Vec::new()),
            Found::Documents(rows) => (
                Vec::new(),
                rows.iter().map(|row| ReportRow::new(page.ui, row)).collect(),
            ),
        };
        let search = SearchPage {
            command: format!("lagebild search run {}", quoted(&name)),
            search: SearchView::new(&page, search),
            more: new > found.len(),
            events,
            documents,
            page,
        };
        Ok(Html(search.render()?))
    })
    .await
}

#[derive(Template)]
#[template(path = "save-search.html")]
struct SavePage {
    page: Page,
    finds: &'static str,
    filters: Vec<String>,
    /// What it finds now.
    count: usize,
    list: &'static str,
    pairs: Vec<(&'static str, String)>,
    back: String,
    adding: bool,
    command: String,
    name: usize,
}

/// The list and the filter that are to be saved: the pairs of a list, with its name under `list`.
fn wanted(pairs: &[(String, String)]) -> Result<(List, Filter), WebError> {
    let asked = pairs
        .iter()
        .find(|(key, _)| key == "list")
        .map(|(_, value)| value.as_str());
    let list = [List::Events, List::Documents]
        .into_iter()
        .find(|list| asked == Some(list.name()))
        .ok_or_else(|| WebError::Query("list is events or documents.".to_owned()))?;
    let filters = pairs.iter().filter(|(key, _)| key != "list" && key != "name");
    let mut filter = Filter::from_pairs(filters.map(|(k, v)| (k, v)))?;
    // What is saved has no place on the list.
    (filter.sort, filter.limit, filter.offset) = (lagebild_store::Sort::default(), None, 0);
    filter.check(list)?;
    Ok((list, filter))
}

fn count(reader: &Reader, list: List, filter: &Filter) -> Result<usize, WebError> {
    let none = Filter {
        limit: Some(0),
        ..filter.clone()
    };
    Ok(match list {
        List::Events => reader.events(&none)?.total,
        _ => reader.documents(&none)?.total,
    })
}

/// `/save-search?list=events&…`
pub(super) async fn save_page(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    let (list, filter) = wanted(&page.pairs)?;
    let adding = site.0.adding.is_some();
    site.read(move |reader| {
        let pairs = filter.pairs();
        let save = SavePage {
            finds: finds(&page, list),
            filters: words(&page, &pairs),
            count: count(reader, list, &filter)?,
            list: list.name(),
            back: link(&format!("/{}", list.name()), &pairs),
            command: command(list, &pairs),
            pairs,
            adding,
            name: NAME,
            page,
        };
        Ok(Html(save.render()?))
    })
    .await
}

/// The command that saves the search.
fn command(list: List, pairs: &[(&'static str, String)]) -> String {
    let mut command = format!("lagebild search save NAME --find {}", list.name());
    for (key, value) in pairs.iter().filter(|(key, _)| *key != "q") {
        command.push_str(&format!(" --{key} {}", quoted(value)));
    }
    if let Some((_, words)) = pairs.iter().find(|(key, _)| *key == "q") {
        command.push_str(&format!(" -- {}", quoted(words)));
    }
    command
}

/// A word of a command line as shells read it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_,.:/@%+=-".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// `POST /searches`: saves a search, where reports may be added too.
pub(super) async fn save(State(site): State<Site>, form: Bytes) -> Result<Response, WebError> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&form).into_owned().collect();
    let Some(adding) = &site.0.adding else {
        return Err(WebError::ReadOnly);
    };
    let (list, filter) = wanted(&pairs)?;
    let name = pairs
        .iter()
        .find(|(key, _)| key == "name")
        .map_or("", |(_, value)| value.trim())
        .to_owned();
    if name.is_empty() || name.len() > NAME || name.chars().any(char::is_control) {
        return Err(WebError::Query(format!("A name has 1 to {NAME} characters.")));
    }
    let turn = Arc::clone(adding).lock_owned().await;
    let path = site.0.readers.path().to_owned();
    let saved = site.analyse(move |_| {
        let _turn = turn;
        let mut store = Store::open(&path, Pipeline::compounds())?;
        let search = NewSearch {
            name: &name,
            list,
            filter: &filter,
            hook: None,
        };
        let saved = store.save_search(&search, Timestamp::now())?;
        Ok((saved, name))
    });
    match saved.await? {
        (true, name) => Ok(Redirect::to(&address(&name)).into_response()),
        (false, name) => Err(WebError::Query(format!("There is a saved search {name:?} already."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_by_shells_as_they_were_meant() {
        let filter = Filter::from_pairs([("type", "AID"), ("actor", "Kim Jong Un"), ("q", "it's \"so\"")]).unwrap();
        assert_eq!(
            command(List::Events, &filter.pairs()),
            "lagebild search save NAME --find events --type AID --actor 'Kim Jong Un' -- 'it'\\''s \"so\"'"
        );
        assert_eq!(quoted(""), "''");
    }
}
