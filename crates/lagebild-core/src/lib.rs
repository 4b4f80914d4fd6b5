//! The data that all of Lagebild shares.
//!
//! A report passes through three layers, each an immutable value made from the former:
//! [`Document`] (text and what is known about it) → [`Parsed`] (sentences, words, syntax, times, amounts) →
//! [`Reading`] (events, claims, agreements). This crate defines the layers, the terms of the codebook
//! ([`codebook`]) and the JSON that the outside sees ([`wire`]). It does no I/O and knows no language.
//!
//! Offsets are byte offsets inside ([`Span`]) and code points outside; [`wire`] converts once a document.

pub mod codebook;
mod document;
pub mod learnt;
mod limits;
mod parsed;
mod reading;
mod span;
pub mod wire;

pub use document::{Block, DocId, Document, Lang, Part};
pub use jiff::civil::Date;
pub use limits::Limit;
pub use parsed::{
    Case, Degree, Dep, Gender, Interner, Modifier, Mood, Morph, Name, NameKind, Number, Parsed, Person, Quantity,
    QuantityKind, Sentence, SentenceIx, Sym, Tense, Time, TimeKind, Token, TokenIx, Upos, VerbForm,
};
pub use reading::{
    Agreement, AgreementStep, Claim, ClaimIx, Entity, EntityIx, EntityKind, EntityMention, Event, EventIx,
    EventMention, Evidence, Holder, Judged, Note, Obligation, Party, Place, Reading, RuleId, When,
};
pub use span::{CharOffsets, Span};
