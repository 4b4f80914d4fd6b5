//! What a page says about its article: title, date, address, publisher, language.

use super::PATTERNS;
use super::dom::{Dom, NodeIx};
use crate::dates::parse_date;
use crate::squeezed;
use lagebild_core::{Date, Lang};
use serde_json::Value;
use std::collections::HashMap;

/// What was found in the head of a page and in its JSON-LD.
#[derive(Debug, Default)]
pub(crate) struct Meta {
    /// `headline` of the JSON-LD article.
    pub(crate) headline: Option<String>,
    /// Title by meta elements.
    pub(crate) meta_title: Option<String>,
    /// Content of the title element.
    pub(crate) page_title: Option<String>,
    pub(crate) published: Option<Date>,
    pub(crate) lang: Option<Lang>,
    pub(crate) address: Option<String>,
    pub(crate) publisher: Option<String>,
    /// `articleBody` of the JSON-LD article.
    pub(crate) body: Option<String>,
}

impl Meta {
    pub(crate) fn read(dom: &Dom, elements: &[NodeIx]) -> Self {
        let mut meta = Self::default();
        let mut fields: HashMap<String, String> = HashMap::new();
        let mut articles: Vec<Value> = Vec::new();
        let mut times: Vec<(bool, Date)> = Vec::new();
        for &ix in elements {
            let node = dom.node(ix);
            let attr = |name: &str| node.attr(name).map(str::trim).filter(|v| !v.is_empty());
            match node.tag().unwrap_or_default() {
                "html" => meta.lang = attr("lang").or_else(|| attr("xml:lang")).and_then(Lang::from_code),
                "title" if meta.page_title.is_none() => {
                    meta.page_title = Some(squeezed(&dom.text(ix))).filter(|t| !t.is_empty());
                }
                "meta" => {
                    let name = attr("property").or_else(|| attr("name")).or_else(|| attr("itemprop"));
                    if let (Some(name), Some(content)) = (name, attr("content")) {
                        fields
                            .entry(name.to_ascii_lowercase())
                            .or_insert_with(|| content.to_owned());
                    }
                }
                "link" if attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                    meta.address = attr("href").map(str::to_owned);
                }
                "script" if attr("type").is_some_and(|t| t.eq_ignore_ascii_case("application/ld+json")) => {
                    // A broken script says nothing; the page has other places to look.
                    if let Ok(value) = serde_json::from_str(dom.text(ix).trim()) {
                        articles.extend(articles_in(value));
                    }
                }
                "time" => {
                    let value = attr("datetime").map(str::to_owned).unwrap_or_else(|| dom.text(ix));
                    if let Some(date) = parse_date(&value) {
                        let marked = attr("itemprop").is_some_and(|i| i.eq_ignore_ascii_case("datePublished"))
                            || node.attr("pubdate").is_some();
                        times.push((marked, date));
                    }
                }
                _ => {}
            }
        }
        let field = |names: &[String]| names.iter().find_map(|n| fields.get(n)).cloned();
        let article = articles
            .iter()
            .find(|a| a.get("headline").is_some())
            .or(articles.first());
        let text = |key: &str| article?.get(key)?.as_str().map(squeezed).filter(|t| !t.is_empty());
        meta.headline = text("headline");
        meta.body = text("articleBody");
        meta.meta_title = field(&PATTERNS.title_metas).map(|t| squeezed(&t));
        let marked = times.iter().find(|(marked, _)| *marked).or(times.first());
        meta.published = text("datePublished")
            .and_then(|d| parse_date(&d))
            .or_else(|| {
                PATTERNS
                    .date_metas
                    .iter()
                    .filter_map(|n| fields.get(n))
                    .find_map(|d| parse_date(d))
            })
            .or_else(|| text("dateCreated").and_then(|d| parse_date(&d)))
            .or(marked.map(|&(_, date)| date));
        meta.address = meta
            .address
            .or_else(|| fields.get("og:url").cloned())
            .filter(|a| a.starts_with("http"));
        meta.published = meta.published.or_else(|| date_in_address(meta.address.as_deref()?));
        meta.publisher = fields
            .get("og:site_name")
            .cloned()
            .or_else(|| article?.get("publisher")?.get("name")?.as_str().map(squeezed));
        meta
    }

    /// The headline, chosen by agreement.
    ///
    /// JSON-LD, meta elements, first-rank headings and the title element are each right on two pages of three, one of
    /// them on nearly all. The one wins that most others repeat; among equals the one that the page shows, because
    /// metadata may be written for search engines. `shown` are the first-rank headings.
    pub(crate) fn title(&self, shown: &[String]) -> Option<String> {
        let bare = |title: &Option<String>| title.as_deref().map(|t| self.without_site_name(t));
        let told = [bare(&self.headline), bare(&self.meta_title), bare(&self.page_title)];
        let candidates: Vec<String> = shown.iter().cloned().chain(told.into_iter().flatten()).collect();
        let folded: Vec<String> = candidates.iter().map(|c| fold(c)).collect();
        let votes = |i: usize| -> usize {
            let agreement = folded.iter().enumerate().filter(|&(j, _)| j != i).map(|(_, other)| {
                if *other == folded[i] {
                    3
                } else {
                    // A kicker or the name of the site may be left in one of the two.
                    usize::from(contains_either(other, &folded[i]))
                }
            });
            agreement.sum()
        };
        let usable = |i: &usize| folded[*i].chars().count() >= 5 && candidates[*i].contains(char::is_whitespace);
        // `max_by_key` takes the last of equals, the order above is best first.
        let best = (0..candidates.len()).rev().filter(usable).max_by_key(|&i| votes(i));
        best.or_else(|| (0..candidates.len()).find(|&i| !folded[i].is_empty()))
            .map(|i| candidates[i].clone())
    }

    /// A title without " | Site" or " - Site" at its end.
    fn without_site_name(&self, title: &str) -> String {
        for separator in [" | ", " – ", " — ", " - ", " :: ", " » ", " • "] {
            if let Some((head, tail)) = title.rsplit_once(separator) {
                let is_site = self
                    .publisher
                    .as_deref()
                    .is_some_and(|p| contains_either(&p.to_lowercase(), &tail.to_lowercase()))
                    || (matches!(separator, " | " | " :: ") && tail.split_whitespace().count() <= 4);
                if is_site && !head.trim().is_empty() {
                    return self.without_site_name(head.trim());
                }
            }
        }
        title.to_owned()
    }
}

fn contains_either(a: &str, b: &str) -> bool {
    !a.is_empty() && !b.is_empty() && (a.contains(b) || b.contains(a))
}

/// Letters and digits of a text, in lower case.
pub(crate) fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The date in the path of an address: `/2024/10/24/`, `-2024-10-24.html`.
fn date_in_address(address: &str) -> Option<Date> {
    let (_, path) = address.split_once("://")?.1.split_once('/')?;
    parse_date(path).filter(|date| (1990..2100).contains(&date.year()))
}

/// The articles in a JSON-LD value: the value, the members of a list, of `@graph`, of `mainEntity`.
fn articles_in(value: Value) -> Vec<Value> {
    let (mut found, mut open) = (Vec::new(), vec![value]);
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items.into_iter().rev()),
            Value::Object(mut object) => {
                for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                    if let Some(inner @ (Value::Array(_) | Value::Object(_))) = object.remove(key) {
                        open.push(inner);
                    }
                }
                let is_article = |kind: &Value| {
                    kind.as_str()
                        .is_some_and(|k| PATTERNS.article_types.contains(k.to_ascii_lowercase().as_str()))
                };
                let kind = object.get("@type");
                let matches =
                    kind.is_some_and(|k| is_article(k) || k.as_array().is_some_and(|a| a.iter().any(is_article)));
                if matches {
                    found.push(Value::Object(object));
                }
            }
            _ => {}
        }
    }
    found
}
