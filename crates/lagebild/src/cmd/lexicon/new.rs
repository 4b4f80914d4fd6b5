//! Drafts an entry for a word.

use crate::End;
use crate::cmd::read::batch;
use crate::input::{About, Input, Items};
use crate::pipeline::Pipeline;
use crate::term;
use anyhow::{anyhow, bail};
use lagebild_core::codebook::EventType;
use lagebild_core::{Lang, Parsed};
use lagebild_engine::draft::{Usage, Word};
use lagebild_engine::explain::{Traced, Use};
use lagebild_lexicon::{Lexicon, RuleFile};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

/// Stands in the draft where the author has to choose; the check names the types that there are.
const OPEN: &str = "TYPE";

pub(super) fn run(word: &str, lang: Lang, event: Option<&str>, corpus: &[PathBuf]) -> anyhow::Result<End> {
    let event = match event {
        Some(name) => Some(EventType::parse(&name.to_uppercase()).ok_or_else(|| {
            let types: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
            anyhow!("--event {name}: no such type; the types: {}", types.join(", "))
        })?),
        None => None,
    };
    let word = Word::new(word, lang).map_err(|why| anyhow!("{word}: {why}"))?;
    let pipeline = Pipeline::load();
    let mut usage = Usage::new(word.clone());
    let reports = reports(&pipeline, lang, corpus)?;
    for parsed in &reports {
        usage.count(parsed, pipeline.knowledge());
    }
    let mut out = std::io::stdout().lock();
    let known = pipeline
        .lexicon()
        .rules(lang)
        .lookup(word.class, &word.lemma.to_lowercase());
    for ix in known {
        let entry = pipeline.lexicon().rules(lang).entry(ix);
        term::note(format!(
            "the lexicon has it already: {}  {}:{}",
            entry.id, entry.file, entry.line
        ));
    }
    write!(out, "{}", usage.entry(event.map_or(OPEN, EventType::as_str)))?;
    if reports.is_empty() {
        return Ok(End::Fine);
    }
    // What the type is does not matter for where an entry fires.
    let draft = usage.entry(event.unwrap_or(EventType::Consult).as_str());
    let lexicon = with_draft(&draft, lang)?;
    let id = usage.id(event.unwrap_or(EventType::Consult).as_str());
    let mut fires = 0;
    writeln!(out)?;
    for parsed in &reports {
        let traced = Traced::read(Arc::clone(parsed), &lexicon, pipeline.knowledge());
        for used in traced.uses(&id) {
            fires += usize::from(used.fires);
            writeln!(out, "# {}", term::clean(&line(parsed, &used)))?;
        }
    }
    writeln!(
        out,
        "# fires on {fires} of {} uses in {} reports",
        usage.uses(),
        reports.len()
    )?;
    Ok(if usage.uses() == 0 { End::Nothing } else { End::Fine })
}

/// The reports of `corpus` in `lang`, parsed.
fn reports(pipeline: &Pipeline, lang: Lang, corpus: &[PathBuf]) -> anyhow::Result<Vec<Arc<Parsed>>> {
    let mut items = Items::new(corpus.iter().cloned(), Input::Auto.into()).peekable();
    let mut found = Vec::new();
    while items.peek().is_some() {
        for item in batch(&mut items) {
            match item.and_then(|item| {
                pipeline
                    .document(&item, About::default())
                    .map_err(|why| crate::input::Bad {
                        name: item.name.clone(),
                        why,
                    })
            }) {
                Ok(document) if document.lang == lang => found.push(Arc::new(pipeline.parse(document))),
                Ok(_) => {}
                Err(bad) => bail!("{bad}"),
            }
        }
    }
    Ok(found)
}

/// The rules compiled in with the draft on top.
fn with_draft(draft: &str, lang: Lang) -> anyhow::Result<Lexicon> {
    let file = RuleFile {
        path: "draft.toml".into(),
        lang,
        text: draft.into(),
    };
    match lagebild_lexicon::compile(&[lagebild_lexicon::bundled_files(), vec![file]]) {
        Ok(compiled) => Ok(compiled.lexicon),
        Err(found) => {
            let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
            bail!("the draft is faulty, which is a bug:\n{}", shown.join("\n"))
        }
    }
}

fn line(parsed: &Parsed, used: &Use) -> String {
    let text = &parsed.doc.text;
    format!("{}: {}  – {}", parsed.doc.id.0, used.sentence.of(text), used.outcome)
}
