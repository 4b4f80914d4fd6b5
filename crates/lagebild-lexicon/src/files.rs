//! Where rule files come from: compiled in, or a directory of the user's.

use lagebild_core::Lang;
use rust_embed::RustEmbed;
use std::io;
use std::path::Path;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "../../data/lexicon"]
struct Bundled;

/// A rule file.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Path to show, with `/` between its parts.
    pub path: Arc<str>,
    /// Language: the first folder below the root of the lexicon.
    pub lang: Lang,
    /// Content.
    pub text: Arc<str>,
}

/// The rule files of the project, whose text is compiled in, in path order.
#[must_use]
pub fn bundled_files() -> Vec<RuleFile> {
    let mut names: Vec<_> = Bundled::iter().collect();
    names.sort();
    names
        .into_iter()
        .filter(|name| name.ends_with(".toml"))
        .filter_map(|name| {
            let data = Bundled::get(&name)?.data;
            let text = std::str::from_utf8(&data).ok()?;
            Some(RuleFile {
                path: format!("data/lexicon/{name}").into(),
                lang: Lang::from_code(name.split('/').next()?)?,
                text: text.into(),
            })
        })
        .collect()
}

/// The rule files of a user's directory, laid out like `data/lexicon` (`de/…`, `en/…`), in path order.
///
/// # Errors
/// When the directory or a file cannot be read, or a file is not UTF-8; the error names the path.
pub fn read_overlay(directory: &Path) -> io::Result<Vec<RuleFile>> {
    let mut files = Vec::new();
    for lang in [Lang::De, Lang::En] {
        let folder = directory.join(lang.code());
        if folder.is_dir() {
            collect(&folder, lang, &mut files)?;
        }
    }
    if files.is_empty() {
        let message = format!("{}: no rule files in de/ or en/", directory.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, message));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn collect(folder: &Path, lang: Lang, files: &mut Vec<RuleFile>) -> io::Result<()> {
    let named = |path: &Path, err: io::Error| io::Error::new(err.kind(), format!("{}: {err}", path.display()));
    for item in std::fs::read_dir(folder).map_err(|e| named(folder, e))? {
        let path = item.map_err(|e| named(folder, e))?.path();
        if path.is_dir() {
            collect(&path, lang, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            let text = std::fs::read_to_string(&path).map_err(|e| named(&path, e))?;
            files.push(RuleFile {
                path: path.to_string_lossy().into(),
                lang,
                text: text.into(),
            });
        }
    }
    Ok(())
}
