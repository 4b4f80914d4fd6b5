//! A user's own tables on top of those compiled in.

use super::Knowledge;
use super::check;
use super::load::BUNDLED;
use super::table::Table;
use crate::diagnostic::did_you_mean;
use crate::{Diagnostic, Severity};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a user's tables cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OverlayError {
    /// The system does not give them.
    #[error("{}: {source}", path.display())]
    Io {
        /// Directory or file.
        path: PathBuf,
        /// What it says.
        source: io::Error,
    },
    /// The directory holds no table.
    #[error("{}: no tables (*.tsv) in this directory", path.display())]
    Empty {
        /// The directory.
        path: PathBuf,
    },
    /// Something is wrong with the rows; nothing of them was loaded.
    #[error("{}: nothing of it was loaded", path.display())]
    Faulty {
        /// The directory.
        path: PathBuf,
        /// What is wrong, in the order of the tables.
        found: Vec<Diagnostic>,
    },
}

pub(super) fn load(directory: &Path) -> Result<(Knowledge, Vec<Diagnostic>), OverlayError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| OverlayError::Io { path, source }
    };
    let mut files = Vec::new();
    for item in std::fs::read_dir(directory).map_err(failed(directory))? {
        let path = item.map_err(failed(directory))?.path();
        if path.extension().is_some_and(|e| e == "tsv") {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(OverlayError::Empty {
            path: directory.to_owned(),
        });
    }
    files.sort();
    let mut tables = BUNDLED;
    let mut found = Vec::new();
    let mut hasher = blake3::Hasher::new();
    for path in files {
        let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        hasher.update(name.as_bytes()).update(text.as_bytes());
        let names = tables.named().map(|t| file_name(t.file));
        let table = Table {
            file: path.to_string_lossy().into_owned().leak(),
            text: text.leak(),
            over: None,
        };
        match tables.named().into_iter().find(|t| file_name(t.file) == name) {
            Some(known) => known.over = Some(Box::leak(Box::new(table))),
            None => {
                let hint = match did_you_mean(&name, names) {
                    Some(known) => format!("did you mean {known}?"),
                    None => format!("the tables: {}", names.join(", ")),
                };
                let message = format!("no table is called \"{name}\"");
                found.push(Diagnostic::error("K014", &Arc::from(table.file), table.text, 0..0, message).hint(hint));
            }
        }
    }
    let (mut knowledge, all) = check::load(&tables);
    // Warnings about the tables compiled in are no business of the user's.
    let own = |d: &Diagnostic| Path::new(&*d.file).starts_with(directory);
    found.extend(all.into_iter().filter(own));
    if found.iter().any(|d| d.severity == Severity::Error) {
        return Err(OverlayError::Faulty {
            path: directory.to_owned(),
            found,
        });
    }
    knowledge.overlay = hasher.finalize().to_hex()[..8].to_owned();
    Ok((knowledge, found))
}

/// The name of a file of the project, whose paths are written with `/`.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Name;
    use lagebild_core::{Date, Lang};

    fn overlay(files: &[(&str, &str)]) -> (tempfile::TempDir, Result<(Knowledge, Vec<Diagnostic>), OverlayError>) {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(directory.path().join(name), text).unwrap();
        }
        let loaded = load(directory.path());
        (directory, loaded)
    }

    const HOLDERS: &str =
        "person\taliases\tkey\toffice_de\toffice_en\tsectors\trole\tfrom\tto\tas_of\twikidata\tsource\n";

    #[test]
    fn rows_are_added_to_those_compiled_in() {
        let row =
            "Ada Beispiel\tBeispielin\tDEU\tBundeskanzlerin\tChancellor\tGOV\tHOG\t2031-01-01\t\t2032-01-01\t\tmine\n";
        let (_directory, loaded) = overlay(&[("office-holders.tsv", &format!("# mine\n{HOLDERS}{row}"))]);
        let (knowledge, warnings) = loaded.unwrap();
        assert!(warnings.is_empty() && knowledge.overlay.len() == 8);
        let named = knowledge.named(Lang::De, "Ada Beispiel");
        let [Name::Person(ix)] = named.as_slice() else {
            panic!("{named:?}")
        };
        let person = &knowledge.persons[ix.ix()];
        let day = Date::new(2031, 6, 1).unwrap();
        assert_eq!(
            person.on(day).map(|t| (t.country, t.source)).collect::<Vec<_>>(),
            [(Some("DEU"), "mine")]
        );
        assert_eq!(person.aliases, ["Beispielin"]);
        assert!(knowledge.persons.len() == Knowledge::from_tables().0.persons.len() + 1);
    }

    #[test]
    fn faults_are_named_with_their_place_and_nothing_is_loaded() {
        let row = "Ada Beispiel\t\tDEX\tKanzlerin\t\tGOV\tHOG\tsoon\t\t\t\tmine\n";
        let files = [
            ("office-holders.tsv", &*format!("{HOLDERS}{row}")),
            ("organisation.tsv", "id\n"),
            ("media.tsv", "id\tname\nX\tY\n"),
        ];
        let (directory, loaded) = overlay(&files);
        let Err(OverlayError::Faulty { found, .. }) = loaded else {
            panic!("loaded")
        };
        let mut shown: Vec<(&str, String, usize)> = found
            .iter()
            .map(|d| {
                let file = Path::new(&*d.file).strip_prefix(directory.path()).unwrap();
                (d.code, file.display().to_string(), d.line)
            })
            .collect();
        shown.sort();
        let place = |code, file: &str, line| (code, file.to_owned(), line);
        assert_eq!(
            shown,
            [
                place("K001", "media.tsv", 1),
                place("K002", "office-holders.tsv", 2),
                place("K014", "organisation.tsv", 1)
            ]
        );
        let hint = found.iter().find(|d| d.code == "K014").and_then(|d| d.hint.clone());
        assert_eq!(hint.as_deref(), Some("did you mean organisations.tsv?"));
    }

    #[test]
    fn an_empty_directory_is_an_error() {
        assert!(matches!(overlay(&[]).1, Err(OverlayError::Empty { .. })));
        assert!(matches!(load(Path::new("no/such/place")), Err(OverlayError::Io { .. })));
    }
}
