//! Sentences, words, morphology, dependency trees, times and amounts of German and English news.
//!
//! A [`model::Model`] tags and parses tokenised sentences; it is trained by the crate `lagebild-train` and compiled
//! in. [`conllu`] exchanges trees with other tools.

pub mod conllu;
pub mod model;
pub mod morph;
pub mod parser;
pub mod segment;
pub mod tagger;
