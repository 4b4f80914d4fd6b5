//! The rules and knowledge of Lagebild: reads, checks and compiles the files under `data/`.
//!
//! `lagebild-bundle` compiles them when the program is built; at run time they are read when a user puts files of his own on
//! top, and to run the examples.
//!
//! Rules are TOML files written by political scientists (`data/lexicon/README.md` tells how). This crate knows their
//! form, their files and their line numbers; it knows no German. A broken file gives [`Diagnostic`]s that name file,
//! line, column and a remedy, and never a half-loaded lexicon.

mod compile;
mod diagnostic;
mod dictionary;
mod example;
mod files;
pub mod knowledge;
pub mod ontology;
mod rules;

pub use compile::{Compiled, compile};
pub use diagnostic::{Diagnostic, Severity};
pub use example::{Example, Expected, ExpectedEvent, Mark, MarkedText, RuleExamples};
pub use files::{RuleFile, bundled_files, read_overlay};
pub use rules::{
    Class, Cue, CueUse, CueWords, Entry, EntryIx, Filler, Gives, Grammar, InfinitiveForm, Lexicon, ModalMood, Path,
    Role, Roles, Rules, Slot, WordClass,
};
