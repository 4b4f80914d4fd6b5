//! What a page says about its article: title, dates, authors, address, publisher, language.
//!
//! The same is said in several places, in the order of trust of [`Origin`]. The most trusted place wins; what
//! contradicts it is kept for a note.

use super::article::{Article, Heading, long_words, same_line};
use super::dom::Dom;
use super::{PATTERNS, json};
use crate::dates::{find_date, is_credible, parse_date};
use crate::layout::is_agency;
use crate::report::{Note, Origin};
use crate::squeezed;
use lagebild_core::{Date, Lang, Part};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Longest value taken from text, in bytes.
const VALUE: usize = 400;
/// Most authors of a report; a list beyond it is no byline.
const AUTHORS: usize = 20;
/// So many days may lie between two places that tell the day of publication: time zones and updates in the night.
const SAME_DAY: u32 = 1;

/// What is said about one thing, with the places.
type Claims<T> = Vec<(Origin, T)>;

/// What was found in the head of a page, in its JSON-LD and in marked elements.
#[derive(Debug, Default)]
pub(crate) struct Meta {
    /// `headline` of the JSON-LD article.
    headline: Option<String>,
    /// Title by meta elements or microdata.
    meta_title: Option<String>,
    /// Content of the title element.
    page_title: Option<String>,
    pub(crate) published: Option<Date>,
    pub(crate) modified: Option<Date>,
    pub(crate) lang: Option<Lang>,
    /// Whether dates such as 8/11/2016 begin with the day: where the page says that it is not in the English of the States.
    pub(crate) day_first: bool,
    pub(crate) address: Option<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) section: Option<String>,
    authors: Vec<String>,
    /// Links and cards that name an author.
    signed: Vec<String>,
    /// Whether no author is told but the medium itself.
    anonymous: bool,
    /// `articleBody` of the JSON-LD article.
    pub(crate) body: Option<String>,
    /// All days of publication told that can be it.
    days: Claims<Date>,
    /// Those that cannot.
    doubtful: Claims<Date>,
    /// Places that contradict each other on the rest.
    conflicts: Vec<Note>,
    /// The first `time` in what is no text of the article: that of a comment, if the page shows no better one.
    pub(crate) hidden_day: Option<Date>,
}

impl Meta {
    /// Reads `dom`; `dropped` are its elements without article text, `url` is where it was fetched from,
    /// `read_on` the day when.
    pub(crate) fn read(dom: &Dom, dropped: &[bool], url: Option<&str>, read_on: Option<Date>) -> Self {
        let mut meta = Self::default();
        let mut fields: HashMap<String, String> = HashMap::new();
        let mut items: HashMap<&str, String> = HashMap::new();
        let mut articles: Vec<Value> = Vec::new();
        let mut times: Vec<Date> = Vec::new();
        // The same in elements that hold no text of the article, such as the footer of a post: better than nothing.
        let mut hidden_items: HashMap<&str, String> = HashMap::new();
        let mut hidden_times: Vec<Date> = Vec::new();
        // Persons and organisations of the JSON-LD by their `@id`, by which articles refer to them.
        let mut things: HashMap<String, Value> = HashMap::new();
        let mut signed: Vec<String> = Vec::new();
        let mut named = 0;
        for (ix, hidden) in dom.elements_with(dropped) {
            let node = dom.node(ix);
            let attr = |name: &str| node.attr(name).map(str::trim).filter(|v| !v.is_empty());
            let tag = node.tag().unwrap_or_default();
            match tag {
                "html" => {
                    let code = attr("lang").or_else(|| attr("xml:lang"));
                    meta.lang = code.and_then(Lang::from_code);
                    meta.day_first = code.is_some_and(is_day_first);
                }
                "title" if meta.page_title.is_none() => {
                    meta.page_title = Some(squeezed(&dom.short_text(ix, VALUE))).filter(|t| !t.is_empty());
                }
                "meta" => {
                    if let (Some(name), Some(content)) = (attr("property").or_else(|| attr("name")), attr("content")) {
                        let known = fields.entry(name.to_ascii_lowercase());
                        known.or_insert_with(|| content.to_owned());
                    }
                }
                "link" if attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                    meta.address = meta.address.or_else(|| attr("href").map(str::to_owned));
                }
                "script" if attr("type").is_some_and(|t| t.eq_ignore_ascii_case("application/ld+json")) => {
                    if let Some(value) = json::lenient(&dom.text(ix)) {
                        articles.extend(articles_in(value, &mut things));
                    }
                }
                "a" if attr("rel").is_some_and(|rel| rel.split(' ').any(|r| r.eq_ignore_ascii_case("author"))) => {
                    signed.push(dom.short_text(ix, VALUE));
                }
                // hCard, the microformat that blogs have.
                _ if attr("class").is_some_and(|c| c.split_whitespace().any(|w| w == "fn")) => {
                    signed.push(dom.short_text(ix, VALUE));
                }
                "time" => {
                    let value = attr("datetime").map_or_else(|| dom.short_text(ix, VALUE), str::to_owned);
                    let found = if hidden { &mut hidden_times } else { &mut times };
                    found.extend(parse_date(&value));
                }
                _ => {}
            }
            let marked = node
                .attr("pubdate")
                .map(|_| "datePublished")
                .or_else(|| attr("itemprop"));
            if let Some(name) = marked.and_then(|m| m.split_whitespace().next()) {
                let kind = ITEMS.into_iter().find(|i| i.eq_ignore_ascii_case(name));
                // A publisher or author is an item of its own, whose name is told inside.
                named += usize::from(matches!(kind, Some("author" | "publisher")));
                let value = attr("content")
                    .or_else(|| attr("datetime"))
                    .or_else(|| {
                        attr("href").filter(|_| matches!(tag, "link" | "a") && kind == Some("mainEntityOfPage"))
                    })
                    .map(str::to_owned);
                let value = value.or_else(|| match kind {
                    Some("author" | "publisher") if node.attr("itemscope").is_some() && named < AUTHORS => {
                        dom.item_name(ix, VALUE)
                    }
                    Some(_) => Some(dom.short_text(ix, VALUE)),
                    None => None,
                });
                if let (Some(kind), Some(value)) = (kind, value.map(|v| squeezed(&v)).filter(|v| !v.is_empty())) {
                    let found = if hidden { &mut hidden_items } else { &mut items };
                    found.entry(kind).or_insert(value);
                }
            }
        }
        for (kind, value) in hidden_items {
            items.entry(kind).or_insert(value);
        }
        let article = articles
            .iter()
            .find(|a| a.get("headline").is_some())
            .or(articles.first());
        let text = |key: &str| article?.get(key)?.as_str().map(squeezed).filter(|t| !t.is_empty());
        let field = |names: &[String]| names.iter().find_map(|n| fields.get(n)).map(|v| squeezed(v));
        meta.headline = text("headline").or_else(|| text("name"));
        meta.body = text("articleBody");
        meta.meta_title = field(&PATTERNS.title_metas).or_else(|| items.get("headline").cloned());
        let addresses: Claims<String> = [
            (Origin::Link, meta.address.take()),
            (Origin::OpenGraph, fields.get("og:url").cloned()),
            (Origin::Microdata, items.get("mainEntityOfPage").cloned()),
        ]
        .into_iter()
        .filter_map(|(origin, address)| Some((origin, address?)))
        .collect();
        meta.address = addresses
            .first()
            .map(|(_, address)| address.clone())
            .or_else(|| url.map(str::to_owned))
            .filter(|a| a.starts_with("http"));
        meta.conflicts.extend(disagreement("url", &addresses, |a, b| {
            let told = [a, b].into_iter().all(|address| address.starts_with("http"));
            !told || contains_either(&without_frame(a), &without_frame(b))
        }));

        let told = |ld: Option<String>, metas: &[String], item: &str| -> Claims<Date> {
            let in_metas = metas
                .iter()
                .filter_map(|n| Some((meta_origin(n), parse_date(fields.get(n)?)?)));
            let in_items = items.get(item).and_then(|v| parse_date(v));
            let mut claims: Claims<Date> = ld
                .and_then(|d| parse_date(&d))
                .map(|d| (Origin::JsonLd, d))
                .into_iter()
                .collect();
            claims.extend(in_metas);
            claims.extend(in_items.map(|d| (Origin::Microdata, d)));
            claims.sort_by_key(|(origin, _)| *origin);
            claims
        };
        // A film is uploaded, not published.
        let day = text("datePublished").or_else(|| text("uploadDate"));
        meta.days = told(day, &PATTERNS.date_metas, "datePublished");
        meta.days.extend(
            text("dateCreated")
                .and_then(|d| parse_date(&d))
                .filter(|_| meta.days.is_empty())
                .map(|d| (Origin::JsonLd, d)),
        );
        let is_credible = |day: &Date| is_credible(*day, read_on);
        let time = times.iter().find(|day| is_credible(day)).or(times.first());
        meta.days.extend(time.map(|&d| (Origin::Time, d)));
        let address = meta.address.as_deref().or(url);
        meta.days
            .extend(address.and_then(date_in_address).map(|d| (Origin::Address, d)));
        let (days, doubtful) = meta.days.into_iter().partition(|(_, day)| is_credible(day));
        (meta.days, meta.doubtful) = (days, doubtful);
        meta.hidden_day = hidden_times.into_iter().find(is_credible);
        meta.published = meta.days.first().map(|(_, day)| *day);
        let mut changed = told(text("dateModified"), &PATTERNS.modified_metas, "dateModified");
        changed.retain(|(_, day)| is_credible(day));
        meta.modified = changed.first().map(|(_, day)| *day);
        meta.conflicts.extend(contradiction("modified", &changed));

        let in_ld = article
            .and_then(|a| a.get("publisher"))
            .and_then(|publisher| name_of(referred(publisher, &things)));
        let publishers: Claims<String> = [
            (Origin::JsonLd, in_ld),
            (Origin::OpenGraph, fields.get("og:site_name").map(|n| squeezed(n))),
            (Origin::Microdata, items.get("publisher").cloned()),
        ]
        .into_iter()
        .filter_map(|(origin, name)| Some((origin, name?)))
        .collect();
        meta.publisher = publishers.first().map(|(_, name)| name.clone());
        meta.conflicts.extend(disagreement("publisher", &publishers, |a, b| {
            contains_either(&fold(a), &fold(b))
        }));
        meta.section = text("articleSection")
            .or_else(|| field(&PATTERNS.section_metas))
            .or_else(|| items.get("articleSection").cloned());
        let in_ld: Vec<String> = article
            .and_then(|a| a.get("author"))
            .map(|author| names_of(author, &things))
            .unwrap_or_default();
        let in_metas = PATTERNS.author_metas.iter();
        let in_metas = in_metas.filter_map(|n| Some((meta_origin(n), vec![fields.get(n)?.clone()])));
        let told = std::iter::once((Origin::JsonLd, in_ld))
            .chain(in_metas)
            .chain(items.get("author").map(|n| (Origin::Microdata, vec![n.clone()])));
        signed.truncate(AUTHORS);
        meta.signed = signed;
        let told = told.map(|(origin, names)| (origin, meta.people(names)));
        let told: Claims<Vec<String>> = told.filter(|(_, names)| !names.is_empty()).collect();
        let joined: Claims<String> = told.iter().map(|(o, names)| (*o, names.join(", "))).collect();
        meta.conflicts.extend(disagreement("authors", &joined, |a, b| {
            let (a, b) = (fold(a), fold(b));
            told.iter().any(|(_, names)| {
                let both = |name: &String| a.contains(&fold(name)) && b.contains(&fold(name));
                names.iter().any(both)
            })
        }));
        meta.authors = told.into_iter().next().map(|(_, names)| names).unwrap_or_default();
        meta.anonymous = article.and_then(|a| a.get("author")).is_some() && meta.authors.is_empty();
        meta
    }

    /// The places that contradict what was taken.
    pub(crate) fn notes(&self) -> Vec<Note> {
        let doubtful = self.doubtful.first().map(|&(origin, day)| Note::Incredible {
            field: "published",
            day,
            origin,
            kept: false,
        });
        let days = contradiction("published", &self.days);
        doubtful
            .into_iter()
            .chain(days)
            .chain(self.conflicts.iter().cloned())
            .collect()
    }

    /// Whether the day of publication is known from a `time` element alone, which may be that of anything.
    pub(crate) fn is_day_of_time(&self) -> bool {
        self.days.first().is_some_and(|(origin, _)| *origin == Origin::Time)
    }

    /// A headline of the metadata that has nothing to do with the one taken.
    pub(crate) fn title_note(&self, title: &str) -> Option<Note> {
        let told = [(Origin::JsonLd, &self.headline), (Origin::OpenGraph, &self.meta_title)];
        let agrees = |claim: &str| contains_either(&fold(claim), &fold(title));
        let claims = told
            .into_iter()
            .filter_map(|(origin, claim)| Some((origin, claim.as_deref()?)));
        let taken_from = claims.clone().find(|(_, claim)| agrees(claim));
        let (origin, other) = claims.clone().find(|(_, claim)| !agrees(claim))?;
        Some(Note::Conflict {
            field: "title",
            taken: (title.to_owned(), taken_from.map_or(Origin::Text, |(origin, _)| origin)),
            other: (other.to_owned(), origin),
        })
    }

    /// The authors: those of the metadata, else those of the byline shown.
    ///
    /// Where the metadata name the medium as author, only a line that is a link, or says "von" or "by", knows better.
    pub(crate) fn authors(&self, article: &Article) -> Vec<String> {
        if !self.authors.is_empty() {
            return self.authors.clone();
        }
        let lines = article
            .bylines
            .iter()
            .filter(|(line, linked)| !self.anonymous || *linked || without_opener(line).is_some());
        let shown = lines.map(|(line, _)| self.people(vec![line.clone()]));
        if self.anonymous {
            return shown.into_iter().find(|names| !names.is_empty()).unwrap_or_default();
        }
        let signed = self.signed.iter().chain(&article.signature);
        let signed = signed.map(|name| self.people(vec![name.clone()]));
        shown.chain(signed).find(|names| !names.is_empty()).unwrap_or_default()
    }

    /// The line above the headline: marked as such, or the beginning of the first heading that the title leaves out.
    pub(crate) fn kicker(&self, article: &Article, title: Option<&str>) -> Option<String> {
        let title = title?;
        let marked = article
            .pieces
            .iter()
            .find(|p| p.part == Part::Section)
            .map(|p| squeezed(&p.text));
        let marked = article
            .kicker
            .clone()
            .or(marked)
            .filter(|k| !same_line(k, title) && k.chars().count() < 80 && find_date(k).is_none());
        marked.or_else(|| {
            let prefixed = article.headings.iter().find_map(|h| h.text.strip_suffix(title))?;
            Some(squeezed(prefixed.trim_end_matches([':', ' ', '|', '–']))).filter(|k| !k.is_empty())
        })
    }

    /// The persons in lines such as "Von Anna Schmidt, Tokio, und Jan Weber".
    fn people(&self, lines: Vec<String>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for line in &lines {
            let mut line = squeezed(line);
            // "Interview: Von Anna Schmidt"
            while let Some(rest) = without_opener(&line) {
                line = rest.to_owned();
            }
            // "Schmidt, Anna"
            let turned = line.split_once(", ").filter(|(last, first)| {
                let is_word = |part: &str| {
                    part.starts_with(char::is_uppercase) && part.chars().all(|c| c.is_alphabetic() || c == '-')
                };
                is_word(last) && is_word(first) && !is_agency(&first.to_lowercase()) && !is_agency(&last.to_lowercase())
            });
            if let Some((last, first)) = turned {
                line = format!("{first} {last}");
            }
            let pieces = line
                .replace(" und ", ",")
                .replace(" and ", ",")
                .replace(['/', ';', '|', '•'], ",");
            for (n, name) in pieces.split(',').map(str::trim).enumerate() {
                // "NDR | Von Anna Schmidt"
                let name = without_opener(name).unwrap_or(name);
                // After a comma stands another person or a place; a place is one word.
                let name = name.split(" in ").next().unwrap_or_default().trim_end();
                // The full stop of a sentence, not that of an abbreviation.
                let name = if name.ends_with("e.V.") {
                    name
                } else {
                    name.trim_end_matches(['.', ' '])
                };
                let words = name.split_whitespace().count();
                let is_name = (2..=6).contains(&words) || (words == 1 && n == 0 && lines.len() > 1);
                let is_person = is_name
                    && name.starts_with(char::is_uppercase)
                    && !name.contains(['@', '(', '<'])
                    && !name.starts_with("http")
                    && !PATTERNS.no_authors.contains(name.to_lowercase().as_str())
                    && !self.title_parts().any(|part| same_line(part, name))
                    && !name.contains(|c: char| c.is_ascii_digit())
                    && !self
                        .publisher
                        .as_deref()
                        .is_some_and(|p| contains_either(&fold(p), &fold(name)) || is_desk(name, p));
                if is_person && names.len() < AUTHORS && !names.iter().any(|n| same_line(n, name)) {
                    names.push(name.to_owned());
                }
            }
        }
        names
    }

    /// The headline, chosen by agreement.
    ///
    /// JSON-LD, meta elements, first-rank headings and the title element are each right on two pages of three, one of
    /// them on nearly all. The one wins that most others repeat; among equals the one that the page shows, because
    /// metadata may be written for search engines. `headings` are those shown.
    ///
    /// `text` are the words of the article: titles of the metadata that have none of them, where a heading has, are those of a part of
    /// the site.
    pub(crate) fn title(&self, headings: &[Heading], text: &HashSet<String>) -> Option<String> {
        let bare = |title: &Option<String>| title.as_deref().map(|t| self.without_site_name(t, headings));
        let told = [bare(&self.headline), bare(&self.meta_title), bare(&self.page_title)];
        let is_about = |title: &str| long_words(title).any(|w| text.contains(&w));
        let is_headed = headings.iter().any(|h| is_about(&h.text));
        let told: Vec<String> = told
            .into_iter()
            .flatten()
            .filter(|t| !is_headed || is_about(t) || headings.iter().any(|h| contains_either(&fold(&h.text), &fold(t))))
            .collect();
        let shown: Vec<String> = headings
            .iter()
            .map(|heading| without_shown_kicker(heading, &told))
            .collect();
        let told: Vec<String> = told
            .iter()
            .map(|t| without_line_beside(t, headings).unwrap_or_else(|| without_kicker(t, &shown)))
            .map(|t| shown.iter().find(|whole| is_cut_from(&t, whole)).cloned().unwrap_or(t))
            .collect();
        let candidates: Vec<String> = shown
            .into_iter()
            .chain(told)
            .map(|c| c.trim_start_matches([':', '|', '–', '-', ' ']).to_owned())
            .collect();
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
        // A first headline that says the same in other words is the one of the page, what the metadata say that of search engines.
        let best = best.map(|best| {
            if best > 0 && is_reworded(&candidates[0], &candidates[best]) {
                0
            } else {
                best
            }
        });
        best.or_else(|| (0..candidates.len()).find(|&i| !folded[i].is_empty()))
            .map(|i| candidates[i].clone())
    }

    /// What the title of the page says before or after a separator.
    fn title_parts(&self) -> impl Iterator<Item = &str> {
        let title = self.page_title.as_deref().unwrap_or_default();
        let parts = SEPARATORS
            .iter()
            .flat_map(|s| [title.split_once(s), title.rsplit_once(s)]);
        parts.flatten().flat_map(|(head, tail)| [head, tail])
    }

    /// Whether the metadata have a title of the text: one of its own, or a title of the page that has a word in common
    /// with the text.
    pub(crate) fn names_text<'a>(&self, text: &mut impl Iterator<Item = &'a str>) -> bool {
        let words = |line: &str| -> Vec<String> {
            let words = line.split(|c: char| !c.is_alphanumeric());
            words.filter(|w| w.len() >= 4).map(str::to_lowercase).collect()
        };
        let told = self.page_title.as_deref().map(words).unwrap_or_default();
        self.headline.is_some()
            || self.meta_title.is_some()
            || text.any(|line| words(line).iter().any(|word| told.contains(word)))
    }

    /// The longest title, or part of one, that this line ends with.
    pub(crate) fn title_at_end(&self, line: &str) -> Option<String> {
        let whole_title = self.page_title.as_deref().unwrap_or_default();
        let line_text = squeezed(line);
        // "Headline -PAPER - Section; date", whatever stands between them.
        if line_text.len() >= 20
            && line_text.split_whitespace().count() >= 4
            && whole_title
                .strip_prefix(line_text.as_str())
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        {
            return Some(line_text);
        }
        // "Kicker: Headline" of the metadata, of which the page shows the second part in a line of its own.
        let titles = [&self.headline, &self.meta_title, &self.page_title]
            .into_iter()
            .flatten();
        let mut tails = titles.filter_map(|t| {
            self.without_site_name(t, &[])
                .rsplit_once(": ")
                .map(|(_, tail)| tail.to_owned())
        });
        if line_text.len() >= 12 && tails.any(|tail| same_line(&tail, &line_text)) {
            return Some(line_text);
        }
        let line = fold(line);
        let whole = [&self.headline, &self.meta_title]
            .into_iter()
            .flatten()
            .map(String::as_str);
        let said = |part: &&str| (12..=line.len()).contains(&fold(part).len()) && line.ends_with(&fold(part));
        let told = self.title_parts().chain(whole).filter(said);
        told.max_by_key(|part| part.len()).map(|part| part.trim().to_owned())
    }

    /// A title without " | Site" or " - Site" at its end.
    fn without_site_name(&self, title: &str, shown: &[Heading]) -> String {
        let is_shown = |part: &str| shown.iter().any(|h| same_line(&h.text, part));
        for separator in SEPARATORS {
            if let Some((_, tail)) = title.split_once(separator)
                && is_shown(tail)
            {
                return tail.trim().to_owned();
            }
            if let Some((head, tail)) = title.rsplit_once(separator) {
                let is_site = is_shown(head)
                    || self
                        .publisher
                        .as_deref()
                        .is_some_and(|p| contains_either(&p.to_lowercase(), &tail.to_lowercase()))
                    || (matches!(separator, " | " | " :: ") && tail.split_whitespace().count() <= 4);
                if is_site && !head.trim().is_empty() {
                    return self.without_site_name(head.trim(), shown);
                }
            }
        }
        title.to_owned()
    }
}

/// Another place that tells another day than the one taken, which is the first.
fn contradiction(field: &'static str, days: &[(Origin, Date)]) -> Option<Note> {
    let &(taken_from, taken) = days.first()?;
    let far = |day: &Date| (*day - taken).get_days().unsigned_abs() > SAME_DAY;
    let mut others = days.iter();
    let &(origin, day) = others.find(|(origin, day)| *origin != Origin::Time && far(day))?;
    Some(Note::Conflict {
        field,
        taken: (taken.to_string(), taken_from),
        other: (day.to_string(), origin),
    })
}

/// Another place that does not agree with the one taken, which is the first.
fn disagreement(field: &'static str, claims: &[(Origin, String)], agree: impl Fn(&str, &str) -> bool) -> Option<Note> {
    let taken = claims.first()?;
    let other = claims.iter().find(|(_, other)| !agree(&taken.1, other))?;
    Some(Note::Conflict {
        field,
        taken: (taken.1.clone(), taken.0),
        other: (other.1.clone(), other.0),
    })
}

/// An address without what differs between forms of the same: scheme, `www.`, query, fragment, the last slash.
fn without_frame(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    rest.trim_start_matches("www.").trim_end_matches('/').to_lowercase()
}

/// Whether a name is that of a part of the medium, written in capitals: "NDR Info" of "NDR".
fn is_desk(name: &str, medium: &str) -> bool {
    let first = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let short = first(name);
    (2..=5).contains(&short.len()) && !short.contains(char::is_lowercase) && first(medium) == short
}

/// A byline without "Von", "Interview:" and the like before the name.
pub(crate) fn without_opener(line: &str) -> Option<&str> {
    PATTERNS.author_openers.iter().find_map(|opener| {
        let (head, rest) = line.split_at_checked(opener.len())?;
        let matches = head.to_lowercase() == *opener && rest.starts_with([' ', ':']);
        Some(rest.trim_start_matches([' ', ':'])).filter(|rest| matches && !rest.is_empty())
    })
}

/// What stands between a title and the name of the site.
const SEPARATORS: [&str; 12] = [
    " | ", " – ", " — ", " - ", " -- ", " :: ", " » ", " « ", " ‹ ", " // ", " • ", " · ",
];

/// The headline in a heading that holds the kicker or the subtitle too, each in an element of its own, where the metadata
/// know it as such: alone, or set off from the kicker by a mark.
fn without_shown_kicker(heading: &Heading, told: &[String]) -> String {
    let whole = heading.text.clone();
    let Some(last) = &heading.last else { return whole };
    let kicker = whole.strip_suffix(last.as_str()).unwrap_or_default();
    let is_alone = |part: &str| told.iter().any(|title| same_line(title, part));
    if is_alone(kicker) && !is_alone(last) {
        return kicker.trim().to_owned();
    }
    let is_told = |title: &String| {
        let before = title.strip_suffix(last.as_str()).map(str::trim_end);
        same_line(title, last)
            || before.is_some_and(|b| b.ends_with([':', '|', '–', '—', '-', '•']) && same_line(b, kicker))
    };
    if told.iter().any(is_told) { last.clone() } else { whole }
}

/// The headline in a title of the metadata that joins it with another line: "Headline: Line", where that is shown right above or below it;
/// "Kicker: Headline", where the headline has an element of its own in a heading, below whatever kicker.
fn without_line_beside(title: &str, headings: &[Heading]) -> Option<String> {
    let (head, line) = title.split_once(": ")?;
    let is_shown = |h: &&Heading| same_line(&h.text, head) && h.beside.iter().any(|beside| same_line(beside, line));
    let in_last = || {
        headings
            .iter()
            .filter_map(|h| h.last.as_ref())
            .find(|last| same_line(last, line))
    };
    headings
        .iter()
        .find(is_shown)
        .map(|h| &h.text)
        .or_else(in_last)
        .cloned()
}

/// A title without a "Kicker: " that the page does not show in its headline.
fn without_kicker(title: &str, shown: &[String]) -> String {
    let folded = fold(title);
    // "ROUNDUP/Headline", as agencies mark their reports.
    let marked = title
        .split_once('/')
        .filter(|(mark, _)| mark.len() >= 3 && mark.chars().all(|c| c.is_uppercase() || c == '-'));
    match marked.or_else(|| title.split_once(": ")) {
        Some((_, rest))
            if shown
                .iter()
                .map(|h| fold(h))
                .any(|h| h.ends_with(&fold(rest)) && !h.ends_with(&folded)) =>
        {
            rest.trim().to_owned()
        }
        _ => title.to_owned(),
    }
}

/// Whether two titles have most words of the first in common, and neither is a part of the other.
fn is_reworded(shown: &str, told: &str) -> bool {
    let words = |title: &str| -> Vec<String> { title.split_whitespace().map(fold).filter(|w| !w.is_empty()).collect() };
    let (first, second) = (words(shown), words(told));
    let same = first.iter().filter(|w| second.contains(w)).count();
    // One of search engines may be a part of it in words, not in order.
    let is_shortened = second.len() >= 3 && first.len() > second.len() && second.iter().all(|w| first.contains(w));
    first.len() >= 4 && (same * 5 >= first.len() * 3 || is_shortened) && !contains_either(&fold(shown), &fold(told))
}

/// Whether a title of the metadata is what was left of the headline shown when its first sentence or its end was cut off, as
/// search engines want it short: a kicker is no sentence, and the name of a site stands behind a mark.
fn is_cut_from(title: &str, shown: &str) -> bool {
    if let Some(opening) = shown.strip_suffix(title) {
        return opening.trim_end().ends_with(['!', '?']);
    }
    let kept = title.trim_end_matches(['…', '.', ' ']);
    shown.strip_prefix(kept).map(str::trim_start).is_some_and(|rest| {
        let goes_on = |c: char| c.is_lowercase() || c == ',' || (c.is_alphanumeric() && title.ends_with(['…', '.']));
        !kept.is_empty() && rest.starts_with(goes_on)
    })
}

/// Names of microdata that are read.
const ITEMS: [&str; 7] = [
    "headline",
    "datePublished",
    "dateModified",
    "author",
    "publisher",
    "articleSection",
    "mainEntityOfPage",
];

/// Whether dates in figures begin with the day in the language of this code: "de", "en-GB".
fn is_day_first(code: &str) -> bool {
    let code = code.to_ascii_lowercase().replace('_', "-");
    let (language, region) = code.split_once('-').unwrap_or((&code, ""));
    language != "en" || !matches!(region, "" | "us" | "ca" | "ph")
}

/// Where a meta element of this name belongs.
fn meta_origin(name: &str) -> Origin {
    if name.starts_with("og:") || name.starts_with("article:") {
        Origin::OpenGraph
    } else {
        Origin::Meta
    }
}

/// The name of a JSON-LD thing.
fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(squeezed(name)),
        Value::Object(thing) => thing.get("name").and_then(Value::as_str).map(squeezed),
        Value::Array(things) => things
            .iter()
            .find_map(|t| t.get("name").and_then(Value::as_str).map(squeezed)),
        _ => None,
    }
    .filter(|n| !n.is_empty())
}

/// A JSON-LD thing, where it is told by its `@id` alone the one that it refers to.
fn referred<'a>(value: &'a Value, things: &'a HashMap<String, Value>) -> &'a Value {
    let id = value
        .get("@id")
        .and_then(Value::as_str)
        .filter(|_| value.get("name").is_none());
    id.and_then(|id| things.get(id)).unwrap_or(value)
}

/// The names of JSON-LD persons; an organisation is the medium, not an author.
fn names_of(value: &Value, things: &HashMap<String, Value>) -> Vec<String> {
    let one = |value: &Value| {
        let value = referred(value, things);
        let kind = value.get("@type").and_then(Value::as_str).unwrap_or("Person");
        let names = match value.get("name") {
            // One person with the names of all.
            Some(Value::Array(names)) => names.iter().take(AUTHORS).filter_map(name_of).collect(),
            _ => name_of(value).into_iter().collect::<Vec<_>>(),
        };
        if kind == "Person" { names } else { Vec::new() }
    };
    match value {
        Value::Array(things) => things.iter().take(AUTHORS).flat_map(one).collect(),
        one_thing => one(one_thing),
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
    find_date(path)
        .map(|(_, date)| date)
        .filter(|date| (1990..2100).contains(&date.year()))
}

/// The articles in a JSON-LD value: the value, the members of a list, of `@graph`, of `mainEntity`.
/// Notes in `things` what has a name, by its `@id`.
fn articles_in(value: Value, things: &mut HashMap<String, Value>) -> Vec<Value> {
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
                if let (Some(Value::String(id)), Some(kind), Some(name)) =
                    (object.get("@id"), object.get("@type"), object.get("name"))
                {
                    things.insert(id.clone(), serde_json::json!({ "@type": kind, "name": name }));
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
