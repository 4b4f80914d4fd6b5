//! From the bytes of a report to its record: the one place where the stages are put together.

use crate::cli::Overlays;
use crate::input::{About, Item, Shape, Told, Why};
use crate::term;
use anyhow::Context as _;
use lagebild_core::learnt::Learnt;
use lagebild_core::wire::{Engine as Versions, Record};
use lagebild_core::{Document, Lang, Parsed};
use lagebild_engine::Engine;
use lagebild_ingest::{Error as IngestError, Facts, Hints, Note, Origin, Report, is_credible, parse_date};
use lagebild_lexicon::knowledge::{Knowledge, OverlayError};
use lagebild_lexicon::{Diagnostic, Lexicon};
use lagebild_nlp::Grade;
use lagebild_nlp::morph::compound_parts;
use lagebild_store::Compounds;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// The reading engine with its data, to be shared by all threads.
pub(crate) struct Pipeline {
    engine: Engine,
}

/// What was told about a report and changes its reading; kept beside the raw bytes, so that the same report can be read
/// again in the same way.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct KeptHints {
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<String>,
    #[serde(flatten)]
    told: Told,
}

impl Pipeline {
    /// Loads the rules and tables that are compiled into the program. Language models are loaded when a report needs
    /// them.
    pub(crate) fn load() -> Self {
        let (lexicon, knowledge) = rayon::join(lagebild_bundle::lexicon, lagebild_bundle::knowledge);
        Self {
            engine: Engine {
                lexicon,
                knowledge,
                grade: Grade::default(),
            },
        }
    }

    /// The same with the user's own rules and tables on top. What is wrong with them is shown; then nothing of them is used.
    ///
    /// # Errors
    /// When they cannot be read or are faulty.
    pub(crate) fn with(overlays: &Overlays) -> anyhow::Result<Self> {
        let lexicon = || -> anyhow::Result<&'static Lexicon> {
            Ok(match &overlays.lexicon {
                Some(directory) => Box::leak(Box::new(overlay_lexicon(directory)?)),
                None => lagebild_bundle::lexicon(),
            })
        };
        let knowledge = || -> anyhow::Result<&'static Knowledge> {
            Ok(match &overlays.knowledge {
                Some(directory) => Box::leak(Box::new(overlay_knowledge(directory)?)),
                None => lagebild_bundle::knowledge(),
            })
        };
        let (lexicon, knowledge) = rayon::join(lexicon, knowledge);
        Ok(Self {
            engine: Engine {
                lexicon: lexicon?,
                knowledge: knowledge?,
                grade: overlays.grade.into(),
            },
        })
    }

    /// The same with another grade of the parser.
    pub(crate) fn graded(mut self, grade: Grade) -> Self {
        self.engine.grade = grade;
        self
    }

    /// The rules.
    pub(crate) fn lexicon(&self) -> &'static Lexicon {
        self.engine.lexicon
    }

    /// The tables.
    pub(crate) fn knowledge(&self) -> &'static Knowledge {
        self.engine.knowledge
    }

    /// The versions of what reads a language.
    pub(crate) fn engine(&self, lang: Lang) -> Versions {
        self.engine.versions(lang)
    }

    /// The versions of what reads any language.
    pub(crate) fn engines(&self) -> [Versions; 2] {
        [Lang::De, Lang::En].map(|lang| self.engine(lang))
    }

    /// Splits compounds for the full text of a store.
    pub(crate) fn compounds() -> Arc<dyn Compounds> {
        Arc::new(compound_parts)
    }

    /// Gives one name to nouns for people of one kind, so that *Soldaten*, *Mann* and *soldiers* are counted together: their
    /// sectors. What is no role is itself.
    pub(crate) fn things() -> impl Fn(&str) -> Option<String> {
        let knowledge = lagebild_bundle::knowledge();
        move |thing: &str| {
            let atoms = lagebild_lexicon::knowledge::atoms(thing);
            // The last word is the head in both languages: *nordkoreanische Soldaten*, *North Korean soldiers*.
            let head = atoms.get(atoms.len().checked_sub(1)?..)?;
            [Lang::De, Lang::En].into_iter().find_map(|lang| {
                let found = knowledge.role(lang, head.iter())?;
                let sectors: Vec<&str> = knowledge
                    .role_at(found.role)
                    .sectors
                    .iter()
                    .map(|s| s.as_str())
                    .collect();
                (!sectors.is_empty()).then(|| sectors.join(" "))
            })
        }
    }

    /// The document behind the bytes of `item`.
    pub(crate) fn document(&self, item: &Item, about: About) -> Result<Document, Why> {
        self.report(item, about).map(|report| report.document)
    }

    /// The document behind the bytes of `item`, with what was decided on the way.
    pub(crate) fn report(&self, item: &Item, about: About) -> Result<Report, Why> {
        let fetched = item.told.fetched.as_deref().and_then(parse_date);
        let read_on = fetched.or(about.read_on);
        match item.shape {
            Shape::File(format) => {
                let hints = Hints {
                    id: item.told.id.as_deref(),
                    file_name: item.source.as_deref(),
                    format,
                    published: about.published,
                    lang: about.lang,
                    url: item.told.url.as_deref(),
                    charset: item.told.charset.as_deref(),
                    read_on,
                    ..Hints::default()
                };
                lagebild_ingest::read_report(&item.bytes, &hints).map_err(Why::Ingest)
            }
            Shape::Line(line) => {
                let text = std::str::from_utf8(&item.bytes).map_err(|error| {
                    let (column, message) = (error.valid_up_to() + 1, "not UTF-8".to_owned());
                    Why::Ingest(IngestError::Json { line, column, message })
                })?;
                let mut document = lagebild_ingest::read_jsonl_line(text, line).map_err(Why::Ingest)?;
                // Whoever makes a table of reports may date them as he likes; a feed is some server's.
                let kept = !item.told.of_feed;
                let doubtful = document.published.filter(|&day| !is_credible(day, read_on));
                document.published = document
                    .published
                    .filter(|_| kept || doubtful.is_none())
                    .or(about.published);
                document.lang = about.lang.unwrap_or(document.lang);
                let note = |day| Note::Incredible {
                    field: "published",
                    day,
                    origin: Origin::Field,
                    kept,
                };
                Ok(Report {
                    document,
                    facts: Facts::default(),
                    notes: doubtful.map(note).into_iter().collect(),
                })
            }
        }
    }

    /// The document with its linguistic annotation.
    pub(crate) fn parse(&self, document: Document) -> Parsed {
        self.engine.grade.parse(Arc::new(document))
    }

    /// All that is read out of `item`. A failure of the program on one report is an error of that report alone.
    pub(crate) fn read(&self, item: &Item, about: About) -> Result<Record, Why> {
        self.read_beside(item, about, &Learnt::default())
    }

    /// As [`Pipeline::read`], with what earlier reports taught of persons.
    pub(crate) fn read_beside(&self, item: &Item, about: About, learnt: &Learnt) -> Result<Record, Why> {
        self.read_with_notes(item, about, learnt).map(|(record, _)| record)
    }

    /// As [`Pipeline::read_beside`], with what was decided on the way.
    pub(crate) fn read_with_notes(
        &self,
        item: &Item,
        about: About,
        learnt: &Learnt,
    ) -> Result<(Record, Vec<Note>), Why> {
        let read = || {
            let Report { document, notes, .. } = self.report(item, about)?;
            Ok((self.engine.record_beside(document, learnt), notes))
        };
        lagebild_engine::guarded(read).unwrap_or_else(|what| Err(Why::Internal(what)))
    }

    /// Where the report of `item` can be fetched, when it says so.
    pub(crate) fn url(item: &Item, record: &Record) -> Option<String> {
        #[derive(Deserialize)]
        struct Line {
            url: Option<String>,
        }
        let told = match item.shape {
            Shape::Line(_) => serde_json::from_slice::<Line>(&item.bytes)
                .ok()
                .and_then(|line| line.url),
            Shape::File(_) => item.told.url.clone(),
        };
        told.or_else(|| record.source.clone())
            .filter(|u| u.starts_with("https://") || u.starts_with("http://"))
    }
}

/// The rules compiled in with those of `directory` on top.
///
/// # Errors
/// When they cannot be read or are faulty; what is wrong is shown.
pub(crate) fn overlay_lexicon(directory: &Path) -> anyhow::Result<Lexicon> {
    let files = lagebild_lexicon::read_overlay(directory).with_context(|| directory.display().to_string())?;
    let own = |d: &Diagnostic| Path::new(&*d.file).starts_with(directory);
    match lagebild_lexicon::compile(&[lagebild_lexicon::bundled_files(), files]) {
        Ok(compiled) => {
            compiled.warnings.iter().filter(|d| own(d)).for_each(show);
            Ok(compiled.lexicon)
        }
        Err(found) => {
            found.iter().for_each(show);
            anyhow::bail!("{}: nothing of it was loaded", directory.display())
        }
    }
}

/// The tables compiled in with those of `directory` on top.
///
/// # Errors
/// When they cannot be read or are faulty; what is wrong is shown.
fn overlay_knowledge(directory: &Path) -> anyhow::Result<Knowledge> {
    match Knowledge::with_overlay(directory) {
        Ok((knowledge, warnings)) => {
            warnings.iter().for_each(show);
            Ok(knowledge)
        }
        Err(error) => {
            if let OverlayError::Faulty { found, .. } = &error {
                found.iter().for_each(show);
            }
            Err(error.into())
        }
    }
}

fn show(diagnostic: &Diagnostic) {
    diagnostic.to_string().lines().for_each(term::note);
}

impl KeptHints {
    /// The hints of an item in the form that the store keeps.
    pub(crate) fn of(item: &Item, about: About) -> String {
        use lagebild_ingest::Format;
        // The number of a line is for messages: the same line elsewhere is the same report.
        let format = match item.shape {
            Shape::File(None) => "auto",
            Shape::File(Some(Format::Text)) => "text",
            Shape::File(Some(Format::Markdown)) => "markdown",
            Shape::File(Some(Format::Html)) => "html",
            Shape::File(Some(Format::Mail)) => "mail",
            Shape::Line(_) => "jsonl",
        };
        let hints = Self {
            format: Some(format.to_owned()),
            published: about.published.map(|d| d.to_string()),
            lang: about.lang.map(|l| l.code().to_owned()),
            told: item.told.clone(),
        };
        serde_json::to_string(&hints).unwrap_or_default()
    }

    /// The item and hints that were kept, and the day when they came in.
    pub(crate) fn restore(source: Option<String>, bytes: Vec<u8>, hints: &str, received_at: &str) -> (Item, About) {
        use lagebild_ingest::Format;
        let hints: Self = serde_json::from_str(hints).unwrap_or_default();
        let shape = match hints.format.as_deref() {
            Some("text") => Shape::File(Some(Format::Text)),
            Some("markdown") => Shape::File(Some(Format::Markdown)),
            Some("html") => Shape::File(Some(Format::Html)),
            Some("mail") => Shape::File(Some(Format::Mail)),
            Some("jsonl") => Shape::Line(1),
            _ => Shape::File(None),
        };
        let about = About {
            published: hints.published.and_then(|d| d.parse().ok()),
            lang: hints.lang.as_deref().and_then(Lang::from_code),
            read_on: parse_date(received_at),
        };
        let name = source.clone().unwrap_or_else(|| "a report received earlier".to_owned());
        (
            Item {
                name,
                source,
                bytes,
                shape,
                told: hints.told,
            },
            about,
        )
    }
}
