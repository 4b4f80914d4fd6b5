//! The engine with its data: from a document to its record.

use lagebild_core::learnt::Learnt;
use lagebild_core::wire::{self, Record};
use lagebild_core::{Document, Lang};
use lagebild_lexicon::Lexicon;
use lagebild_lexicon::knowledge::Knowledge;
use lagebild_nlp::Grade;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The engine with its rules and tables, shared by all threads.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    /// The rules.
    pub lexicon: &'static Lexicon,
    /// The tables.
    pub knowledge: &'static Knowledge,
    /// The grade of the parser.
    pub grade: Grade,
}

impl Engine {
    /// The versions of what reads a language.
    #[must_use]
    pub fn versions(&self, lang: Lang) -> wire::Engine {
        // A user's tables change the version of the rules too, because they change what is read.
        let lexicon = match self.knowledge.overlay.as_str() {
            "" => self.lexicon.version.clone(),
            tables => format!("{}+{tables}", self.lexicon.version),
        };
        wire::Engine {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            lexicon,
            model: self.grade.model(lang),
        }
    }

    /// All that is read out of a report.
    #[must_use]
    pub fn record(&self, document: Document) -> Record {
        self.record_beside(document, &Learnt::default())
    }

    /// The same, with what earlier reports taught of persons.
    #[must_use]
    pub fn record_beside(&self, document: Document, learnt: &Learnt) -> Record {
        let parsed = Arc::new(self.grade.parse(Arc::new(document)));
        let versions = self.versions(parsed.doc.lang);
        Record::from_reading(
            &crate::read_beside(parsed, self.lexicon, self.knowledge, learnt),
            versions,
        )
    }
}

/// Does `work` on one report; a panic is a failure on that report alone, told in its words.
///
/// What readings share is never changed by them, so nothing can be left half done.
///
/// # Errors
/// The message of the panic.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
        message.unwrap_or("unknown").to_owned()
    })
}
