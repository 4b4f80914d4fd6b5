//! Parses a plain text file, one paragraph a block, and writes CoNLL-U: `cargo run --example parse -- de report.txt`.

use lagebild_core::{Block, DocId, Document, Lang, Part, Span};
use std::error::Error;
use std::io::Write;
use std::sync::Arc;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(lang), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: parse de|en FILE".into());
    };
    let lang = Lang::from_code(&lang).ok_or("unknown language")?;
    let text = std::fs::read_to_string(path)?;
    let (mut blocks, mut start) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        blocks.push(Block {
            span: Span::at(start, start + line.len()),
            part: Part::Body,
        });
        start += line.len();
    }
    let id = DocId("example".into());
    let document = Document {
        id,
        source: None,
        published: None,
        lang,
        title: None,
        text: text.into(),
        blocks,
    };
    let parsed = lagebild_nlp::parse(Arc::new(document));
    std::io::stdout()
        .lock()
        .write_all(lagebild_nlp::conllu::write(&parsed).as_bytes())?;
    Ok(())
}
