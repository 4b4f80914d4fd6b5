//! Full-text search: queries, ranking, hits in the text.
//!
//! **Rank.** `score = bm25 × (0.7 + 0.3 × 2^(−age / 365 days))`: bm25 with headline words counting four times, parts of
//! compounds half; age counts back from the latest report of the store, so that the same store gives the same order
//! on any day. The factor breaks near ties in favour of the later report and never more than that.
//!
//! Of more than [`RANKED`] hits the last added are ranked; the others follow, the last added first. Words that stand in so
//! many reports hardly tell them apart, and each hit that is ranked takes time. All hits are counted, and all are listed.

use crate::analyse::{self, Stems, Term, Word};
use crate::error::Result;
use crate::filter::{Filter, FilterError, KEYS, List, Sort};
use crate::read::Reader;
use crate::records::Records;
use crate::rows::{Hit, Page, Snippet};
use crate::sql;
use lagebild_core::wire::Range;
use lagebild_core::{CharOffsets, Lang};
use rusqlite::types::Value;
use std::ops::Range as Bytes;

/// The syntax of queries in one line.
pub const SYNTAX: &str = "words are all searched for; \"several words\" stand together; begin* stands for every ending; \
                          -word must not occur; type:AID, country:RUS and the other filters narrow it down";

/// The number of best reports by bm25 among which age decides.
const CANDIDATES: usize = 1000;

/// The number of hits that are ranked, whole [`CANDIDATES`].
const RANKED: usize = 3 * CANDIDATES;

/// The longest snippet, in code points.
const SNIPPET: usize = 320;

/// One condition of a query: any of its alternatives, each a sequence of neighbouring terms.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Clause {
    alternatives: Vec<Vec<Term>>,
    excluded: bool,
}

/// A query that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    clauses: Vec<Clause>,
}

/// A piece of a query as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece<'a> {
    text: &'a str,
    quoted: bool,
    excluded: bool,
}

/// Cuts a query at spaces outside quotation marks.
fn pieces(query: &str) -> Vec<Piece<'_>> {
    let is_quote = |c: char| matches!(c, '"' | '„' | '“' | '”' | '«' | '»');
    let mut pieces = Vec::new();
    let mut rest = query.trim_start();
    while let Some(first) = rest.chars().next() {
        let excluded = first == '-'
            && rest[1..]
                .chars()
                .next()
                .is_some_and(|c| c.is_alphanumeric() || is_quote(c));
        if excluded {
            rest = &rest[1..];
        }
        let open = rest.chars().next().filter(|&c| is_quote(c));
        let (text, after) = match open {
            Some(quote) => {
                let inner = &rest[quote.len_utf8()..];
                match inner.find(is_quote) {
                    Some(end) => (&inner[..end], inner[end..].trim_start_matches(is_quote)),
                    // A mark that is never closed belongs to the word: people type inches and half quotations.
                    None => inner.split_at(inner.find(char::is_whitespace).unwrap_or(inner.len())),
                }
            }
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        pieces.push(Piece {
            text,
            quoted: open.is_some(),
            excluded,
        });
        rest = after.trim_start();
    }
    pieces
}

/// Takes the filters (`type:AID`) out of a query; returns the words that are left, and the filters.
pub(crate) fn split_filters(query: &str) -> (String, Vec<(&'static str, String)>) {
    let (mut words, mut filters) = (Vec::new(), Vec::new());
    for piece in pieces(query) {
        let filter = (!piece.quoted && !piece.excluded)
            .then(|| piece.text.split_once([':', '=']))
            .flatten()
            .and_then(|(name, value)| {
                let key = KEYS
                    .iter()
                    .find(|k| k.name == name && !matches!(name, "q" | "limit" | "offset"))?;
                (!value.is_empty()).then(|| (key.name, value.to_owned()))
            });
        match filter {
            Some(filter) => filters.push(filter),
            None => {
                let mark = if piece.quoted { "\"" } else { "" };
                let minus = if piece.excluded { "-" } else { "" };
                words.push(format!("{minus}{mark}{}{mark}", piece.text));
            }
        }
    }
    (words.join(" "), filters)
}

impl Query {
    /// Reads a query; its words are stemmed by the rules of each of `langs`.
    pub(crate) fn parse(query: &str, langs: &[Lang]) -> Result<Self, FilterError> {
        let refuse = |why| FilterError::Query {
            query: query.to_owned(),
            why,
        };
        let clauses: Vec<Clause> = pieces(query)
            .iter()
            .filter_map(|piece| Clause::new(piece, langs))
            .collect();
        if clauses.is_empty() {
            return Err(refuse("it has no word"));
        }
        if clauses.iter().all(|c| c.excluded) {
            return Err(refuse("it only says what must not occur"));
        }
        Ok(Self { clauses })
    }

    /// The query in FTS5's language. Every term stands in quotation marks, so nothing in it is taken for an operator.
    pub(crate) fn expression(&self) -> String {
        let join = |excluded: bool, operator: &str| {
            let parts: Vec<String> = self
                .clauses
                .iter()
                .filter(|c| c.excluded == excluded)
                .map(Clause::expression)
                .collect();
            parts.join(operator)
        };
        let (wanted, unwanted) = (join(false, " AND "), join(true, " OR "));
        if unwanted.is_empty() {
            wanted
        } else {
            format!("({wanted}) NOT ({unwanted})")
        }
    }

    /// The words of `text` that answer the query, as byte ranges with the number of the clause that each answers.
    fn marks(&self, reader: &Reader, text: &str, lang: Lang) -> Vec<(Bytes<usize>, usize)> {
        let words = analyse::words(text);
        let stems = Stems::new(lang);
        // Only phrases need the stem of every word.
        let phrases = self
            .clauses
            .iter()
            .any(|c| !c.excluded && c.alternatives.iter().any(|a| a.len() > 1));
        let own: Vec<String> = match phrases {
            true => words.iter().map(|w| stems.stem(&w.folded)).collect(),
            false => Vec::new(),
        };
        let mut marks = Vec::new();
        for (n, clause) in self.clauses.iter().enumerate().filter(|(_, c)| !c.excluded) {
            let single: Vec<Term> = clause
                .alternatives
                .iter()
                .filter(|a| a.len() == 1)
                .flatten()
                .cloned()
                .collect();
            for i in 0..words.len() {
                if !single.is_empty() && reader.analyser.answers(text, &words, i, lang, &stems, &single) {
                    marks.push((words[i].span.clone(), n));
                }
                for sequence in clause.alternatives.iter().filter(|a| a.len() > 1) {
                    let here = own.get(i..i + sequence.len());
                    if here.is_some_and(|own| sequence.iter().zip(own).all(|(term, own)| term.matches(own))) {
                        marks.push((words[i].span.start..words[i + sequence.len() - 1].span.end, n));
                    }
                }
            }
        }
        marks.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        // Marks must not overlap: the longer one at the same place stays.
        let mut end = 0;
        marks.retain(|(span, _)| {
            let keep = span.start >= end;
            end = if keep { span.end } else { end };
            keep
        });
        marks
    }
}

impl Clause {
    fn new(piece: &Piece<'_>, langs: &[Lang]) -> Option<Self> {
        let prefix = !piece.quoted && piece.text.ends_with('*');
        let words = analyse::words(piece.text);
        let last = words.len().checked_sub(1)?;
        let mut alternatives: Vec<Vec<Term>> = Vec::new();
        let mut add = |alternative| {
            if !alternatives.contains(&alternative) {
                alternatives.push(alternative);
            }
        };
        for &lang in langs {
            let stems = Stems::new(lang);
            let term = |(i, word): (usize, &Word)| match prefix && i == last {
                true => Term::Prefix(word.folded.clone()),
                false => Term::Whole(stems.stem(&word.folded)),
            };
            add(words.iter().enumerate().map(term).collect());
            if prefix && last == 0 {
                // The stem of a word may be shorter than the beginning asked for.
                add(vec![Term::Whole(stems.stem(&words[0].folded))]);
            }
            if let Some(whole) = analyse::joined(&words).filter(|_| !piece.quoted) {
                add(vec![Term::Whole(stems.stem(&whole))]);
            }
        }
        if last == 0 && !prefix {
            analyse::marked(piece.text.trim_matches(|c: char| !c.is_alphanumeric()))
                .into_iter()
                .for_each(|marked| add(vec![Term::Whole(marked)]));
        }
        Some(Self {
            alternatives,
            excluded: piece.excluded,
        })
    }

    fn expression(&self) -> String {
        let alternatives: Vec<String> = self
            .alternatives
            .iter()
            .map(|sequence| {
                let words: Vec<&str> = sequence.iter().map(Term::text).collect();
                let star = if matches!(sequence.last(), Some(Term::Prefix(_))) {
                    "*"
                } else {
                    ""
                };
                format!("\"{}\"{star}", words.join(" "))
            })
            .collect();
        format!("({})", alternatives.join(" OR "))
    }
}

impl Reader {
    /// Reports that answer `filter.q`, best first unless the filter sorts otherwise.
    ///
    /// # Errors
    /// When there is no query, the filter does not fit, or the file cannot be read.
    pub fn search(&self, filter: &Filter) -> Result<Page<Hit>> {
        self.search_ranking(filter, RANKED)
    }

    /// As [`Self::search`], with so many hits ranked.
    fn search_ranking(&self, filter: &Filter, ranked: usize) -> Result<Page<Hit>> {
        filter.check(List::Documents)?;
        let Some(text) = &filter.q else {
            return Err(FilterError::Query {
                query: String::new(),
                why: "it has no word",
            }
            .into());
        };
        let query = Query::parse(text, &sql::languages(filter))?;
        let mut matching = sql::matching(filter)?;
        matching.add("f.fulltext MATCH ?", [Value::Text(query.expression())]);
        let from = format!("fulltext f {}", matching.clause());
        let total = self.rows(
            &format!("SELECT count(*) FROM {from}"),
            matching.values.clone(),
            |row| row.get(0),
        )?;
        let total: usize = total.first().copied().unwrap_or_default();

        let limit = filter.limit.unwrap_or(total);
        let end = filter.offset.saturating_add(limit).min(total);
        let ranks = format!("SELECT f.rowid AS doc, f.rank AS rank FROM {from}");
        let scored = |best: &str, order: &str, bounds: &[usize]| -> Result<Vec<(i64, f64)>> {
            // The latest report is the reference for age.
            let query = format!(
                "SELECT d.doc, -best.rank, julianday((SELECT max(published) FROM document)) - julianday(d.published)
                   FROM ({best}) best CROSS JOIN document d USING (doc) {order} LIMIT ?"
            );
            let mut values = matching.values.clone();
            let bounds = bounds.iter().map(|&n| i64::try_from(n).unwrap_or(i64::MAX));
            values.extend(bounds.map(Value::Integer));
            self.rows(&query, values, |row| {
                Ok((row.get(0)?, row.get::<_, f64>(1)? * freshness(row.get(2)?)))
            })
        };
        let order = match filter.sort {
            Sort::Default => None,
            Sort::Newest => Some("d.published DESC, d.doc DESC"),
            Sort::Oldest => Some("d.published IS NULL, d.published, d.doc"),
            Sort::Added => Some("d.doc DESC"),
            Sort::Name => Some("d.title IS NULL, d.title, d.doc"),
        };
        let mut found: Vec<(i64, f64)>;
        // The place on the list of the first that was found.
        let mut first = 0;
        if let Some(order) = order {
            found = scored(&ranks, &format!("ORDER BY {order}"), &[end])?;
        } else {
            found = Vec::new();
            if filter.offset < ranked {
                // Whole multiples, so that neighbouring pages order the same reports.
                let wanted = end.next_multiple_of(CANDIDATES).min(ranked);
                // Sorted here: the full text itself takes four times as long, because it looks each hit up again.
                let best =
                    format!("SELECT * FROM ({ranks} ORDER BY f.rowid DESC LIMIT ?) ORDER BY rank, doc DESC LIMIT ?");
                found = scored(&best, "", &[ranked, wanted, wanted])?;
                found.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
            } else {
                first = filter.offset;
            }
            let begin = filter.offset.max(ranked);
            if end > begin {
                let others = format!("{ranks} ORDER BY f.rowid DESC LIMIT ? OFFSET ?");
                found.extend(scored(
                    &others,
                    "ORDER BY d.doc DESC",
                    &[end - begin, begin, end - begin],
                )?);
            }
        }
        let rows = found
            .into_iter()
            .skip(filter.offset - first)
            .take(limit)
            .map(|(doc, score)| self.hit(&query, doc, score))
            .collect::<Result<_>>()?;
        Ok(Page { rows, total })
    }

    fn hit(&self, query: &Query, doc: i64, score: f64) -> Result<Hit> {
        let document = self.brief(doc).map_err(|e| self.error(e))?;
        let lang = crate::write::language(&document.lang);
        let text = self
            .rows(
                "SELECT text FROM document WHERE doc = ?",
                vec![Value::Integer(doc)],
                |row| row.get::<_, String>(0),
            )?
            .pop()
            .unwrap_or_default();
        let sentences = Records(&self.connection).sentences(doc).map_err(|e| self.error(e))?;
        let snippet = snippet(
            &text,
            document.title.as_deref(),
            &sentences,
            &query.marks(self, &text, lang),
        );
        let title_marks = document
            .title
            .as_deref()
            .map(|title| {
                let offsets = CharOffsets::new(title);
                let marks = query.marks(self, title, lang);
                marks.into_iter().map(|(span, _)| chars(&offsets, &span)).collect()
            })
            .unwrap_or_default();
        Ok(Hit {
            document,
            score,
            title_marks,
            snippet,
        })
    }

    /// The words of a report's text that answer the query, in code points of `text`, for showing the whole report.
    ///
    /// # Errors
    /// When the query cannot be understood.
    pub fn marks(&self, q: &str, text: &str, lang: Lang) -> Result<Vec<Range>, FilterError> {
        let query = Query::parse(q, &[Lang::De, Lang::En])?;
        let offsets = CharOffsets::new(text);
        Ok(query
            .marks(self, text, lang)
            .into_iter()
            .map(|(span, _)| chars(&offsets, &span))
            .collect())
    }
}

/// The factor for a report that is so many days older than the latest one; undated reports count as very old.
fn freshness(age: Option<f64>) -> f64 {
    0.7 + 0.3 * age.map_or(0.0, |days| 0.5_f64.powf(days / 365.0))
}

fn chars(offsets: &CharOffsets, span: &Bytes<usize>) -> Range {
    Range {
        start: offsets.char_at(span.start),
        end: offsets.char_at(span.end),
    }
}

/// The sentence that answers most clauses, the first of equals; cut around its hits when it is long. The headline, which
/// is shown anyway, comes last among equals.
fn snippet(text: &str, title: Option<&str>, sentences: &[Range], marks: &[(Bytes<usize>, usize)]) -> Snippet {
    let offsets = CharOffsets::new(text);
    let marks: Vec<(Range, usize)> = marks.iter().map(|(span, n)| (chars(&offsets, span), *n)).collect();
    let inside = |s: &Range| -> Vec<(Range, usize)> {
        marks
            .iter()
            .filter(|(m, _)| m.start >= s.start && m.end <= s.end)
            .copied()
            .collect()
    };
    let answered = |s: &Range| {
        let mut clauses: Vec<usize> = inside(s).into_iter().map(|(_, n)| n).collect();
        clauses.sort_unstable();
        clauses.dedup();
        clauses.len()
    };
    let chars: Vec<char> = text.chars().collect();
    let is_title = |s: &Range| {
        let words: Option<String> = chars.get(s.start..s.end).map(|c| c.iter().collect());
        title.is_some() && words.as_deref() == title
    };
    let best = sentences
        .iter()
        .enumerate()
        .max_by_key(|(i, s)| (answered(s), !is_title(s), std::cmp::Reverse(*i)))
        .map(|(_, s)| *s);
    let sentence = match best {
        Some(best) if answered(&best) > 0 || marks.is_empty() => best,
        // Hits outside all sentences, or a text without sentences.
        _ => Range {
            start: marks.first().map_or(0, |(m, _)| m.start.saturating_sub(SNIPPET / 4)),
            end: chars.len(),
        },
    };
    let hits = inside(&sentence);
    let mut window = sentence;
    if sentence.end - sentence.start > SNIPPET {
        let first = hits.first().map_or(sentence.start, |(m, _)| m.start);
        window.start = first
            .saturating_sub(SNIPPET / 3)
            .clamp(sentence.start, sentence.end - SNIPPET);
        window.end = window.start + SNIPPET;
    }
    // Cut at spaces, not within words.
    let cut = &chars[window.start.min(chars.len())..window.end.min(chars.len())];
    let skip = match window.start > sentence.start {
        true => cut.iter().position(|c| c.is_whitespace()).map_or(0, |p| p + 1),
        false => 0,
    };
    let keep = match window.end < sentence.end {
        true => cut
            .iter()
            .rposition(|c| c.is_whitespace())
            .filter(|&p| p > skip)
            .unwrap_or(cut.len()),
        false => cut.len(),
    };
    let (start, end) = (window.start + skip, window.start + keep);
    let relative = |m: &Range| Range {
        start: m.start - start,
        end: m.end - start,
    };
    Snippet {
        start,
        text: cut[skip..keep].iter().collect(),
        marks: hits
            .iter()
            .filter(|(m, _)| m.start >= start && m.end <= end)
            .map(|(m, _)| relative(m))
            .collect(),
        cut_before: start > sentence.start,
        cut_after: end < sentence.end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn expression(query: &str) -> String {
        Query::parse(query, &[Lang::De]).unwrap().expression()
    }

    #[test]
    fn queries_become_quoted_terms() {
        assert_eq!(
            expression("Verträge Pjöngjang"),
            r#"("vertrag" OR "¨verträge") AND ("pjongjang" OR "¨pjöngjang")"#
        );
        assert_eq!(expression("\"geplante Lieferung\""), r#"("geplant liefer")"#);
        assert_eq!(expression("UN-Resolutionen"), r#"("un resolution" OR "unresolution")"#);
        assert_eq!(expression("Liefer* -Polen"), r#"(("liefer"* OR "lief")) NOT (("pol"))"#);
        assert_eq!(
            expression("2024-10-24 OR"),
            r#"("2024 10 24" OR "20241024") AND ("or")"#
        );
        assert_eq!(expression("\"offen"), r#"("off")"#);
        assert!(Query::parse("-nur -das", &[Lang::De]).is_err());
        assert!(Query::parse(" ... \"\" ", &[Lang::De]).is_err());
    }

    #[test]
    fn filters_are_taken_out_of_queries() {
        let (words, filters) = split_filters("Soldaten type:AID country:RUS \"Ziel: Frieden\" Ziel:Sieg -Polen");
        assert_eq!(words, "Soldaten \"Ziel: Frieden\" Ziel:Sieg -Polen");
        assert_eq!(filters, [("type", "AID".to_owned()), ("country", "RUS".to_owned())]);
    }

    #[test]
    fn hits_beyond_those_ranked_follow_by_when_they_came() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = crate::Store::open(dir.path().join("s.db"), std::sync::Arc::new(crate::NoCompounds)).unwrap();
        let now = "2024-10-25T08:00:00Z".parse().unwrap();
        // The first reports speak most of it.
        for n in 0..12 {
            let text = format!("{}Ende {n}.", "Vertrag ".repeat(13 - n));
            let record: lagebild_core::wire::Record = serde_json::from_value(serde_json::json!({
                "id": format!("d{n}"), "title": null, "published": "2024-10-24", "lang": "de", "source": null,
                "text": text, "offsets": "char", "engine": {"version": "1", "lexicon": "1", "model": "1"},
                "sentences": [], "entities": [], "events": [], "claims": [], "agreements": [], "times": [], "notes": [],
            }))
            .unwrap();
            let incoming = crate::Incoming {
                bytes: text.as_bytes(),
                source: None,
                hints: "",
            };
            let engines = [record.engine.clone()];
            let receipt = store.receive(&[incoming], &engines, now).unwrap().remove(0);
            let crate::Receipt::New(raw) = receipt else {
                panic!("{receipt:?}")
            };
            let document = store.preparer().prepare(record, None).unwrap();
            store
                .finish(
                    &[crate::Finished {
                        raw,
                        result: Ok(&document),
                    }],
                    now,
                )
                .unwrap();
        }
        let found = |ranked: usize, limit: &str, offset: &str| -> Vec<String> {
            let filter = Filter::from_pairs([("q", "Vertrag"), ("limit", limit), ("offset", offset)]).unwrap();
            let page = store.reader().search_ranking(&filter, ranked).unwrap();
            assert_eq!(page.total, 12);
            page.rows.into_iter().map(|hit| hit.document.id).collect()
        };
        let all = found(RANKED, "all", "0");
        assert_eq!(all, (0..12).map(|n| format!("d{n}")).collect::<Vec<_>>(), "by rank");
        let expected = ["d8", "d9", "d10", "d11", "d7", "d6", "d5", "d4", "d3", "d2", "d1", "d0"];
        assert_eq!(found(4, "all", "0"), expected);
        // The same in parts, wherever they are cut.
        for size in 1..13 {
            let parts = (0..12)
                .step_by(size)
                .flat_map(|offset| found(4, &size.to_string(), &offset.to_string()));
            assert_eq!(parts.collect::<Vec<_>>(), expected, "parts of {size}");
        }
        assert_eq!(found(4, "3", "12"), Vec::<String>::new());
        assert_eq!(found(4, "3", "40"), Vec::<String>::new());
    }

    #[test]
    fn snippets_keep_to_words_and_hits() {
        let long = format!("{} Vertrag {}", "Wörter ".repeat(80), "danach ".repeat(80));
        let text = format!("Kurz. {long}");
        let hit = text.find("Vertrag").unwrap();
        let sentences = [
            Range { start: 0, end: 5 },
            Range {
                start: 6,
                end: text.chars().count(),
            },
        ];
        let s = snippet(&text, None, &sentences, &[(hit..hit + 7, 0)]);
        assert!(s.text.chars().count() <= SNIPPET && s.cut_before && s.cut_after);
        let mark: String = s.text.chars().skip(s.marks[0].start).take(7).collect();
        assert_eq!(mark, "Vertrag");
        assert!(
            s.text.starts_with("Wörter ") && s.text.ends_with("danach"),
            "{}",
            s.text
        );
        let whole: String = text.chars().skip(s.start).take(s.text.chars().count()).collect();
        assert_eq!(whole, s.text);
    }

    proptest! {
        #[test]
        fn any_query_is_understood_or_refused(query in "\\PC{0,40}") {
            let connection = rusqlite::Connection::open_in_memory().unwrap();
            connection.execute_batch("CREATE VIRTUAL TABLE f USING fts5(a, tokenize = 'ascii')").unwrap();
            if let Ok(query) = Query::parse(&query, &[Lang::De, Lang::En]) {
                let found: rusqlite::Result<i64> =
                    connection.query_row("SELECT count(*) FROM f WHERE f MATCH ?1", [query.expression()], |r| r.get(0));
                prop_assert_eq!(found.unwrap(), 0);
            }
        }
    }
}
