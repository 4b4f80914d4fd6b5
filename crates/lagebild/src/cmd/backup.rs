//! `lagebild backup`: a checked copy of the store.

use super::list::open;
use crate::End;
use crate::cli::Backup;
use crate::term;

pub(super) fn run(args: &Backup) -> anyhow::Result<End> {
    let reader = open(&args.store)?;
    reader.backup(&args.file)?;
    let documents = reader.stats()?.documents;
    term::note(format!("{documents} reports, checked; {}", args.file.display()));
    Ok(End::Fine)
}
