//! What the tests of whole reports share.

use lagebild_core::{Block, DocId, Document, Lang, Part, Reading, Span};
use std::sync::Arc;

/// Reads a German report of 24 October 2024.
pub(crate) fn read(text: &str) -> Reading {
    let text: Arc<str> = text.into();
    let document = Document {
        id: DocId("d".into()),
        source: None,
        published: "2024-10-24".parse().ok(),
        lang: Lang::De,
        title: None,
        blocks: vec![Block {
            span: Span::at(0, text.len()),
            part: Part::Body,
        }],
        text,
    };
    let parsed = Arc::new(lagebild_nlp::parse(Arc::new(document)));
    lagebild_engine::read(parsed, lagebild_bundle::lexicon(), lagebild_bundle::knowledge())
}
