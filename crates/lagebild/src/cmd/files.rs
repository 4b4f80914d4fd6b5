//! Files that are whole or not there: written beside their place, synced, then renamed.

use anyhow::{Context as _, bail};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// Where output goes.
pub(super) type Out = Box<dyn Write + Send>;

/// Files on their way. Nothing bears its name before [`Self::publish`]; what was there stays until then.
pub(super) struct Files {
    made: Vec<(TempPath, PathBuf)>,
}

impl Files {
    pub(super) fn new() -> Self {
        Self { made: Vec::new() }
    }

    /// A new file that will be called `path`.
    pub(super) fn create(&mut self, path: &Path) -> anyhow::Result<Out> {
        if path.is_dir() {
            bail!("{} is a folder", path.display());
        }
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let (file, temporary) = tempfile::Builder::new()
            .prefix(".lagebild-")
            .tempfile_in(folder)
            .with_context(|| format!("cannot write {}", path.display()))?
            .into_parts();
        self.made.push((temporary, path.to_owned()));
        Ok(Box::new(BufWriter::with_capacity(1 << 16, file)))
    }

    /// A new file with this content.
    pub(super) fn write(&mut self, path: &Path, content: &str) -> anyhow::Result<()> {
        let mut out = self.create(path)?;
        out.write_all(content.as_bytes())
            .and_then(|()| out.flush())
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// Gives all files their names; they are on disk then.
    pub(super) fn publish(self) -> anyhow::Result<()> {
        let mut folders: Vec<PathBuf> = Vec::new();
        for (temporary, path) in &self.made {
            File::open(temporary)
                .and_then(|file| file.sync_all())
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        for (temporary, path) in self.made {
            permissions(&temporary)?;
            temporary
                .persist(&path)
                .map_err(|e| e.error)
                .with_context(|| format!("cannot write {}", path.display()))?;
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        // A name is on disk when its folder is. Windows cannot sync folders.
        if cfg!(unix) {
            for folder in folders {
                let folder = if folder.as_os_str().is_empty() {
                    Path::new(".")
                } else {
                    &folder
                };
                File::open(folder)
                    .and_then(|f| f.sync_all())
                    .with_context(|| format!("cannot write into {}", folder.display()))?;
            }
        }
        Ok(())
    }
}

/// Temporary files are private; an export is an ordinary file. The program cannot ask for its umask without changing it,
/// so it gives what most umasks leave.
#[cfg(unix)]
fn permissions(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "as on Unix")]
fn permissions(_: &Path) -> anyhow::Result<()> {
    Ok(())
}
