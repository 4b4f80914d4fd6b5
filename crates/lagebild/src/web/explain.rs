//! `/explain?doc=…&event=…`: why an event was read as it is, as a tree of reasons; `&why-not=…` why another one was not.
//!
//! The report is read once more, by the rules of this program, with the decisions of the engine written down.

use super::page::{Page, link, report};
use super::{Site, WebError};
use crate::again;
use crate::pipeline::Pipeline;
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use lagebild_core::EventIx;
use lagebild_core::wire::Record;
use lagebild_engine::explain::{Reason, Traced, WhyNot};
use lagebild_lexicon::Expected;
use lagebild_store::FilterError;
use std::sync::Arc;

/// A reason as a line of a tree.
struct Line {
    /// What it is about, in words.
    about: String,
    value: String,
    /// Words of the report.
    words: Vec<String>,
    /// Why, each with its language.
    why: Vec<(&'static str, String)>,
    /// Id of the rule, and file and line.
    rule: Option<(String, String)>,
    refused: bool,
    /// Lines below it follow.
    opens: bool,
    /// Levels that end after it.
    closes: usize,
}

/// A reason in the language of the page, else in English.
fn in_words(page: &Page, why: &str) -> (&'static str, String) {
    match super::reasons::reason(page.ui, why) {
        Some(why) => (page.ui.code(), why),
        None => ("en", why.to_owned()),
    }
}

/// The lines of a tree from top to bottom, added to `lines`.
fn lines(page: &Page, reason: &Reason, lines: &mut Vec<Line>) {
    let words = reason.words.iter().map(|w| w.text.trim().to_owned());
    lines.push(Line {
        about: page.ui.reason(reason.about).to_owned(),
        value: reason.value.clone(),
        words: words.filter(|w| *w != reason.value).collect(),
        why: reason.why.iter().map(|why| in_words(page, why)).collect(),
        rule: reason.rule.as_ref().map(|rule| {
            let place = match (&rule.file, rule.line) {
                (Some(file), Some(line)) => format!("{file}:{line}"),
                _ => String::new(),
            };
            (rule.id.clone(), place)
        }),
        refused: reason.about == "not taken",
        opens: !reason.reasons.is_empty(),
        closes: 0,
    });
    for below in &reason.reasons {
        self::lines(page, below, lines);
    }
    if let Some(last) = lines.last_mut().filter(|_| !reason.reasons.is_empty()) {
        last.closes += 1;
    }
}

#[derive(Template)]
#[template(path = "explain.html")]
struct ExplainPage {
    page: Page,
    title: String,
    href: String,
    lang: &'static str,
    /// Events of the report: address, name, whether it is this one.
    events: Vec<(String, String, bool)>,
    /// Trees, each from top to bottom.
    trees: Vec<Vec<Line>>,
    why_not: String,
    /// The answer to "why not", in words.
    answer: Option<&'static str>,
    /// The store was filled with other rules: those, and the ones now.
    outdated: Option<(String, String)>,
    document: String,
}

/// `/explain`
pub(super) async fn explain(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let value = |key: &str| {
            let found = page.pairs.iter().find(|(k, _)| k == key);
            found.map_or("", |(_, value)| value.trim())
        };
        let (document, event, why_not) = (value("doc"), value("event"), value("why-not"));
        let kept = again::kept(reader, document)?.ok_or(WebError::NotFound)?;
        let asked = match why_not {
            "" => None,
            line => match Expected::parse(line) {
                Ok(Expected::Event(event)) => Some(event),
                _ => {
                    let (key, value) = ("why-not", line.to_owned());
                    return Err(FilterError::UnknownValue { key, value }.into());
                }
            },
        };
        let pipeline = Pipeline::load();
        let parsed = pipeline
            .document(&kept.item, kept.about)
            .map_err(|why| WebError::Broken(why.to_string()))?;
        let parsed = Arc::new(pipeline.parse(parsed));
        let lang = parsed.doc.lang;
        let engine = pipeline.engine(lang);
        let traced = Traced::read(parsed, pipeline.lexicon(), pipeline.knowledge());
        let now = Record::from_reading(&traced.reading, engine);
        let (mut reasons, mut answer) = (Vec::new(), None);
        if let Some(asked) = &asked {
            reasons.push(match traced.why_not(asked, None) {
                WhyNot::Read(ix) => {
                    answer = Some(page.t.explain_is_read);
                    traced.event(ix)
                }
                WhyNot::Not(reason) => {
                    answer = Some(page.t.explain_not_read);
                    reason
                }
            });
        } else if event.is_empty() {
            reasons.extend((0..now.events.len()).map(|n| traced.event(EventIx::from(n))));
        } else {
            let n = again::event_now(event, &now, Some(&kept.record)).ok_or(WebError::NotFound)?;
            reasons.push(traced.event(EventIx::from(n)));
        }
        let tree = |reason: &Reason| {
            let mut tree = Vec::new();
            lines(&page, reason, &mut tree);
            tree
        };
        let trees = reasons.iter().map(tree).collect();
        let events = kept.record.events.iter().map(|e| {
            let href = link("/explain", &[("doc", document), ("event", &e.id)]);
            let trigger = e.mentions.first().map_or("", |m| m.trigger.text.as_str());
            (
                href,
                format!("{} {} · {trigger}", e.id, page.ui.term(&e.kind)),
                e.id == event && asked.is_none(),
            )
        });
        let outdated = kept.record.engine != now.engine;
        let explained = ExplainPage {
            title: kept.record.title.clone().unwrap_or_else(|| page.t.untitled.to_owned()),
            href: if event.is_empty() {
                report(document)
            } else {
                format!("{}#{event}", report(document))
            },
            lang: lang.code(),
            events: events.collect(),
            trees,
            why_not: why_not.to_owned(),
            answer,
            outdated: outdated.then(|| (kept.record.engine.lexicon.clone(), now.engine.lexicon.clone())),
            document: document.to_owned(),
            page: page.clone(),
        };
        Ok(Html(explained.render()?))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_opens_and_closes_its_levels() {
        let reason = |value: &str, reasons: Vec<Reason>| Reason {
            about: "trigger",
            value: value.to_owned(),
            reasons,
            ..Reason::default()
        };
        let tree = reason(
            "a",
            vec![reason("b", vec![reason("c", Vec::new())]), reason("d", Vec::new())],
        );
        let page = Page::new(&"/explain?ui=de".parse().unwrap(), &axum::http::HeaderMap::new());
        let mut all = Vec::new();
        lines(&page, &tree, &mut all);
        let seen: Vec<_> = all.iter().map(|l| (l.value.as_str(), l.opens, l.closes)).collect();
        assert_eq!(seen, [("a", true, 0), ("b", true, 0), ("c", false, 1), ("d", false, 1)]);
        assert_eq!(all[0].about, "Auslöser");
    }
}
