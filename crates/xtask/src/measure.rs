//! Measures segmentation and morphology against gold data; the figures in `docs/language.md` come from here.

use crate::sources::{read, read_xz};
use anyhow::{Context, Result};
use lagebild_core::{Block, DocId, Document, Lang, Morph, Part, Span, Upos};
use lagebild_nlp::conllu::{self, Rows};
use lagebild_nlp::morph::{Morphology, Source};
use lagebild_nlp::segment::segment;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::time::Instant;

/// A text with its words and sentences as they should be.
struct Gold {
    text: String,
    blocks: Vec<Block>,
    /// Span and form of each word, where words are known.
    words: HashSet<(Span, String)>,
    sentences: HashSet<Span>,
}

/// Right, given and expected items.
#[derive(Clone, Copy, Default)]
struct Score {
    right: usize,
    given: usize,
    expected: usize,
}

impl Score {
    fn f1(self) -> f64 {
        200.0 * self.right as f64 / ((self.given + self.expected) as f64).max(1.0)
    }
}

/// Measures words and sentences; `errors` differences of each set are shown.
pub(crate) fn segmentation(data: &Path, errors: usize) -> Result<()> {
    let lang = data.join("lang");
    println!(
        "{:<34} {:>9} {:>9} {:>9} {:>9} {:>8}",
        "set", "words", "word F1", "sentences", "sent. F1", "µs/word"
    );
    let gsd = read(&lang.join("ud-german-gsd-dev/de_gsd-ud-dev.conllu"))?;
    report(
        "GSD dev, a block a sentence",
        Lang::De,
        &treebank(&gsd, Lang::De, 1)?,
        errors,
    );
    report(
        "GSD dev, a block 6 sentences",
        Lang::De,
        &treebank(&gsd, Lang::De, 6)?,
        errors,
    );
    for part in ["dev", "test"] {
        let pieces = read_xz(&lang.join(format!("ud-german-hdt-pieces/hdt-{part}.bugs.conllu.xz")))?;
        report(
            &format!("HDT {part} pieces, respaced, 6"),
            Lang::De,
            &respaced_treebank(&pieces)?,
            errors,
        );
    }
    let wikinews = read_xz(&lang.join("wikinews-de-text/articles.txt.xz"))?;
    report("Wikinews, respaced", Lang::De, &wikinews_articles(&wikinews), errors);
    for name in ["seed", "dev", "dev-en"] {
        let lang = if name == "dev-en" { Lang::En } else { Lang::De };
        let reports = read(&data.join(format!("gold/{name}.jsonl")))?;
        report(&format!("gold/{name}.jsonl"), lang, &gold_reports(&reports)?, errors);
    }
    for (name, path) in [
        ("EWT dev", "ud-english-ewt/en_ewt-ud-dev.conllu.xz"),
        ("GUM dev", "ud-english-gum-open/gum-open-dev.conllu.xz"),
    ] {
        report(
            &format!("{name}, paragraphs"),
            Lang::En,
            &treebank(&read_xz(&lang.join(path))?, Lang::En, 0)?,
            errors,
        );
    }
    Ok(())
}

fn report(name: &str, lang: Lang, golds: &[Gold], errors: usize) {
    let (mut words, mut sentences) = (Score::default(), Score::default());
    let (mut shown, mut count, mut seconds) = (0, 0usize, 0.0);
    for gold in golds {
        let doc = document(gold, lang);
        let start = Instant::now();
        let found = segment(&doc);
        seconds += start.elapsed().as_secs_f64();
        count += found.iter().map(|s| s.words.len()).sum::<usize>();
        let found_sentences: HashSet<Span> = found.iter().map(|s| s.span).collect();
        let found_words: HashSet<(Span, String)> = found
            .iter()
            .flat_map(|s| &s.words)
            .map(|w| (w.span, w.form.clone()))
            .collect();
        sentences.right += found_sentences.intersection(&gold.sentences).count();
        sentences.given += found_sentences.len();
        sentences.expected += gold.sentences.len();
        if !gold.words.is_empty() {
            words.right += found_words.intersection(&gold.words).count();
            words.given += found_words.len();
            words.expected += gold.words.len();
        }
        let mut wrong: Vec<(Span, String)> =
            if gold.words.is_empty() || gold.sentences != found_sentences && shown % 2 == 0 {
                found_sentences
                    .difference(&gold.sentences)
                    .map(|&s| (s, String::from("sentence")))
                    .collect()
            } else {
                found_words.difference(&gold.words).cloned().collect()
            };
        wrong.sort();
        for (span, form) in wrong {
            if shown < errors {
                let from = floor(&gold.text, span.start().saturating_sub(30));
                let to = floor(&gold.text, (span.end() + 40).min(gold.text.len()));
                println!(
                    "    {form:<12} {}[{}]{}",
                    &gold.text[from..span.start()],
                    span.of(&gold.text),
                    &gold.text[span.end()..to]
                );
            }
            shown += 1;
        }
    }
    let word_f1 = if words.expected == 0 {
        "–".to_owned()
    } else {
        format!("{:.2}", words.f1())
    };
    println!(
        "{name:<34} {:>9} {word_f1:>9} {:>9} {:>9.2} {:>8.2}",
        words.expected,
        sentences.expected,
        sentences.f1(),
        seconds * 1e6 / count.max(1) as f64
    );
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn document(gold: &Gold, lang: Lang) -> Document {
    Document {
        id: DocId("gold".into()),
        source: None,
        published: None,
        lang,
        title: None,
        text: gold.text.as_str().into(),
        blocks: gold.blocks.clone(),
    }
}

/// The texts of a treebank, `size` sentences a block, or by its paragraphs if `size` is 0.
fn treebank(text: &str, lang: Lang, size: usize) -> Result<Vec<Gold>> {
    let mut golds: Vec<Gold> = Vec::new();
    let mut open = 0;
    for rows in &conllu::sentences(text)? {
        let starts_block = match size {
            0 => {
                rows.comment("newpar").is_some()
                    || rows.comment("newpar id").is_some()
                    || rows.comment("newdoc id").is_some()
            }
            _ => open == 0,
        };
        if starts_block || golds.is_empty() {
            golds.push(Gold {
                text: String::new(),
                blocks: Vec::new(),
                words: HashSet::new(),
                sentences: HashSet::new(),
            });
        }
        open = if size > 0 { (open + 1) % size } else { 0 };
        if let Some(gold) = golds.last_mut() {
            add_sentence(gold, rows, lang);
        }
    }
    Ok(golds.into_iter().map(closed).collect())
}

/// Appends a sentence with its words. German words that the engine keeps whole on purpose (hyphens, points and colons
/// between letters or digits) are joined.
fn add_sentence(gold: &mut Gold, rows: &Rows<'_>, lang: Lang) {
    let start = gold.text.len();
    let mut words: Vec<(Span, String)> = Vec::new();
    let mut glued = false;
    let mut i = 0;
    while i < rows.words.len() {
        let at = gold.text.len();
        let contraction = rows.contractions.iter().find(|c| c.first == i);
        let (surface, misc, last) = match contraction {
            Some(c) => (c.form, c.misc, c.last),
            None => (rows.words[i].form, rows.words[i].misc, i),
        };
        gold.text.push_str(surface);
        let end = gold.text.len();
        let parts: Vec<&str> = rows.words[i..=last].iter().map(|w| w.form).collect();
        if parts.concat() == surface {
            let mut from = at;
            for part in parts {
                push_word(
                    &gold.text,
                    &mut words,
                    from,
                    from + part.len(),
                    part,
                    glued && lang == Lang::De,
                );
                from += part.len();
            }
        } else {
            words.push((Span::at(at, end), parts[0].to_owned()));
            words.extend(parts[1..].iter().map(|part| (Span::at(end, end), (*part).to_owned())));
        }
        glued = misc.split('|').any(|m| m == "SpaceAfter=No");
        if !glued {
            gold.text.push(' ');
        }
        i = last + 1;
    }
    gold.sentences.insert(Span::at(start, gold.text.trim_end().len()));
    if glued {
        gold.text.push(' ');
    }
    gold.words.extend(words);
}

/// Adds a word, joined with the last one where a joint of a compound or number lies between them.
fn push_word(text: &str, words: &mut Vec<(Span, String)>, start: usize, end: usize, form: &str, glued: bool) {
    let is_joint = |s: &str| matches!(s, "-" | "." | "," | ":");
    let is_wordy =
        |s: &str| s.chars().all(|c| c.is_alphanumeric() || "-.,:".contains(c)) && s.chars().any(char::is_alphanumeric);
    if glued && let Some((span, last)) = words.last_mut() {
        let joins = if form == "-" {
            is_wordy(last) && !last.ends_with('-')
        } else {
            is_wordy(form) && last.ends_with(['-', '.', ':', ',']) && is_wordy(last) && !is_joint(last) && {
                let digit = form.starts_with(char::is_numeric)
                    && last.trim_end_matches(['.', ':', ',']).ends_with(char::is_numeric);
                last.ends_with('-') || digit
            }
        };
        if joins {
            *span = Span::at(span.start(), end);
            *last = text[span.start()..end].to_owned();
            return;
        }
    }
    words.push((Span::at(start, end), form.to_owned()));
}

/// Whether a space stands between two tokens of running text.
struct Spacing {
    open_quote: bool,
    after: bool,
}

impl Spacing {
    fn new() -> Self {
        Self {
            open_quote: false,
            after: false,
        }
    }

    /// Whether to write a space before `token`.
    fn before(&mut self, token: &str) -> bool {
        let opens = match token {
            "„" | "(" | "[" | "‚" | "``" => true,
            "\"" | "'" => {
                self.open_quote = !self.open_quote;
                self.open_quote
            }
            _ => false,
        };
        let closes = !opens
            && matches!(
                token,
                "\"" | "'" | "“" | "”" | "‘" | "''" | ")" | "]" | "." | "," | ";" | ":" | "!" | "?" | "…" | "%"
            );
        let space = self.after && !closes;
        self.after = !opens;
        space
    }
}

fn respaced(tokens: &[&str]) -> (String, Vec<Span>) {
    let (mut text, mut spans, mut spacing) = (String::new(), Vec::new(), Spacing::new());
    for token in tokens {
        if spacing.before(token) {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(token);
        spans.push(Span::at(start, text.len()));
    }
    (text, spans)
}

/// The HDT pieces, whose text is published tokenised, with spaces as in print; six sentences a block.
fn respaced_treebank(text: &str) -> Result<Vec<Gold>> {
    let sentences = conllu::sentences(text)?;
    Ok(sentences
        .chunks(6)
        .map(|chunk| {
            let mut gold = empty();
            for rows in chunk {
                let mut tokens: Vec<(&str, Vec<&str>)> = Vec::new();
                let mut i = 0;
                while i < rows.words.len() {
                    let contraction = rows.contractions.iter().find(|c| c.first == i);
                    let (form, last) = contraction.map_or((rows.words[i].form, i), |c| (c.form, c.last));
                    tokens.push((form, rows.words[i..=last].iter().map(|w| w.form).collect()));
                    i = last + 1;
                }
                let surfaces: Vec<&str> = tokens.iter().map(|t| t.0).collect();
                let (sentence, spans) = respaced(&surfaces);
                let at = gold.text.len();
                for ((_, words), span) in tokens.iter().zip(spans) {
                    gold.words
                        .insert((Span::at(at + span.start(), at + span.end()), words[0].to_owned()));
                    for word in &words[1..] {
                        gold.words
                            .insert((Span::at(at + span.end(), at + span.end()), (*word).to_owned()));
                    }
                }
                gold.text.push_str(&sentence);
                gold.sentences.insert(Span::at(at, gold.text.len()));
                gold.text.push(' ');
            }
            closed(gold)
        })
        .collect())
}

/// Wikinews articles, a tokenised sentence a line, respaced; each article is one block.
fn wikinews_articles(text: &str) -> Vec<Gold> {
    text.split("\n\n")
        .map(|article| {
            let mut gold = empty();
            for line in article.lines().skip(1).filter(|l| !l.trim().is_empty()) {
                let (sentence, _) = respaced(&line.split_whitespace().collect::<Vec<_>>());
                let at = gold.text.len();
                gold.text.push_str(&sentence);
                gold.sentences.insert(Span::at(at, gold.text.len()));
                gold.text.push(' ');
            }
            closed(gold)
        })
        .collect()
}

/// Hand-coded reports; each paragraph is a block.
fn gold_reports(text: &str) -> Result<Vec<Gold>> {
    text.lines()
        .map(|line| {
            let report: serde_json::Value = serde_json::from_str(line)?;
            let text = report["text"].as_str().context("no text")?.to_owned();
            let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let offset = |value: &serde_json::Value| value.as_u64().map_or(0, |n| bytes[n as usize]);
            let sentences = report["sentences"].as_array().context("no sentences")?;
            let sentences = sentences
                .iter()
                .map(|s| Span::at(offset(&s["start"]), offset(&s["end"])))
                .collect();
            let mut blocks = Vec::new();
            let mut at = 0;
            for paragraph in text.split('\n') {
                if !paragraph.is_empty() {
                    blocks.push(Block {
                        span: Span::at(at, at + paragraph.len()),
                        part: Part::Body,
                    });
                }
                at += paragraph.len() + 1;
            }
            Ok(Gold {
                text,
                blocks,
                words: HashSet::new(),
                sentences,
            })
        })
        .collect()
}

fn empty() -> Gold {
    Gold {
        text: String::new(),
        blocks: Vec::new(),
        words: HashSet::new(),
        sentences: HashSet::new(),
    }
}

/// Lays `gold` out as the engine gets a report. A line that no mark ends is a heading and a block of its own. Sentences
/// that the data end at a colon are joined with what follows, as in the hand-coded reports.
fn closed(mut gold: Gold) -> Gold {
    gold.text.truncate(gold.text.trim_end().len());
    let mut sentences: Vec<Span> = gold.sentences.iter().copied().collect();
    sentences.sort();
    let mut joined: Vec<Span> = Vec::new();
    let mut blocks: Vec<Span> = Vec::new();
    let mut after = '\n';
    for sentence in sentences {
        if after == ':'
            && let Some(last) = joined.last_mut()
        {
            *last = last.cover(sentence);
        } else {
            joined.push(sentence);
        }
        let last = sentence
            .of(&gold.text)
            .trim_end_matches(['"', '“', '”', '»', '«', '\'', '’', '‘', ')', ']']);
        match blocks.last_mut() {
            Some(block) if matches!(after, '.' | '!' | '?' | '…' | ':') => *block = block.cover(sentence),
            _ => blocks.push(sentence),
        }
        after = last.chars().next_back().unwrap_or('\n');
    }
    gold.sentences = joined.into_iter().collect();
    gold.blocks = blocks
        .into_iter()
        .map(|span| Block { span, part: Part::Body })
        .collect();
    gold
}

/// Measures lemmas for gold tags, coverage and speed; `errors` wrong lemmas of each set are shown.
///
/// German is measured on two halves of GSD dev: rules and lists were made with sight of the odd sentences only.
pub(crate) fn morphology(data: &Path, errors: usize) -> Result<()> {
    let lang = data.join("lang");
    println!(
        "{:<22} {:>7} {:>8} {:>8} {:>8} {:>9}",
        "set", "words", "lemma %", "known %", "reading %", "µs/word"
    );
    let gsd = read(&lang.join("ud-german-gsd-dev/de_gsd-ud-dev.conllu"))?;
    let sentences = conllu::sentences(&gsd)?;
    for (name, parity) in [("GSD dev, odd", 0), ("GSD dev, even", 1)] {
        let half: Vec<&Rows<'_>> = sentences.iter().skip(parity).step_by(2).collect();
        report_lemmas(name, Lang::De, &half, if parity == 0 { errors } else { 0 });
    }
    for part in ["dev", "test"] {
        let text = read_xz(&lang.join(format!("ud-german-hdt-pieces/hdt-{part}.bugs.conllu.xz")))?;
        let sentences = conllu::sentences(&text)?;
        report_lemmas(
            &format!("HDT {part} pieces"),
            Lang::De,
            &sentences.iter().collect::<Vec<_>>(),
            errors,
        );
    }
    for (name, path) in [
        ("EWT dev", "ud-english-ewt/en_ewt-ud-dev.conllu.xz"),
        ("GUM dev", "ud-english-gum-open/gum-open-dev.conllu.xz"),
    ] {
        let text = read_xz(&lang.join(path))?;
        let sentences = conllu::sentences(&text)?;
        report_lemmas(name, Lang::En, &sentences.iter().collect::<Vec<_>>(), errors);
    }
    Ok(())
}

fn report_lemmas(name: &str, lang: Lang, sentences: &[&Rows<'_>], errors: usize) {
    let morphology = Morphology::get(lang);
    let (mut words, mut right, mut known, mut read) = (0usize, 0usize, 0usize, 0usize);
    let mut wrong: BTreeMap<String, usize> = BTreeMap::new();
    for row in sentences.iter().flat_map(|s| &s.words) {
        let Some(pos) = Upos::parse(row.upos).filter(|_| row.lemma != "_" || row.form == "_") else {
            continue;
        };
        let morph = Morph::from_feats(row.feats);
        words += 1;
        let lemma = morphology.lemma(row.form, pos, morph);
        if lemma == row.lemma {
            right += 1;
        } else {
            *wrong
                .entry(format!("{} {pos} {}: {lemma}, not {}", row.form, row.feats, row.lemma))
                .or_default() += 1;
        }
        let is_word = row.form.chars().any(char::is_alphabetic);
        known += usize::from(!is_word || morphology.readings(row.form).source < Source::Compound);
        read += usize::from(!is_word || morphology.analyses(row.form).iter().any(|a| a.pos == pos));
    }
    let forms: Vec<&str> = sentences.iter().flat_map(|s| s.words.iter().map(|w| w.form)).collect();
    let start = Instant::now();
    let count: usize = forms.iter().map(|form| morphology.analyses(form).len()).sum();
    let time = start.elapsed().as_secs_f64() * 1e6 / forms.len() as f64;
    let percent = |n: usize| 100.0 * n as f64 / words.max(1) as f64;
    println!(
        "{name:<22} {words:>7} {:>8.2} {:>8.2} {:>8.2} {time:>9.2}",
        percent(right),
        percent(known),
        percent(read)
    );
    assert!(count > 0, "no word was read");
    let mut wrong: Vec<(String, usize)> = wrong.into_iter().collect();
    wrong.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    for (what, count) in wrong.iter().take(errors) {
        println!("    {count:>3} {what}");
    }
}
