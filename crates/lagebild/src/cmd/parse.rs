//! `lagebild parse`: words, parts of speech, syntax and names of one report.

use crate::cli::Parse;
use crate::input::{About, How, Input, Items};
use crate::pipeline::Pipeline;
use crate::{End, term};
use std::io::Write as _;

pub(super) fn run(args: &Parse) -> anyhow::Result<End> {
    let pipeline = Pipeline::load().graded(args.grade.into());
    let about = About {
        published: None,
        lang: args.lang,
        read_on: None,
    };
    let mut end = End::Fine;
    let how = How {
        input: Input::Text,
        ..How::default()
    };
    for item in Items::new([args.file.clone()], how) {
        let parsed = item.and_then(|item| match pipeline.document(&item, about) {
            Ok(document) => Ok(lagebild_nlp::with_names(pipeline.parse(document))),
            Err(why) => Err(crate::input::Bad { name: item.name, why }),
        });
        match parsed {
            Ok(parsed) => std::io::stdout()
                .lock()
                .write_all(lagebild_nlp::conllu::write(&parsed).as_bytes())?,
            Err(bad) => {
                term::error(&bad, bad.hint().as_deref());
                end = End::Failed;
            }
        }
    }
    Ok(end)
}
