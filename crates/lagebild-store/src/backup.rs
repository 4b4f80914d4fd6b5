//! Copies of a store.

use crate::error::{Error, Result};
use crate::read::Reader;
use crate::sql;
use std::path::Path;

impl Reader {
    /// Copies the store as it stands to the new file `target`; others may go on writing meanwhile.
    ///
    /// The copy is one file without log. It is checked before it gets its name: a file called `target` is a whole store
    /// or does not exist.
    ///
    /// # Errors
    /// [`Error::Exists`] when there is a file `target`, [`Error::Damaged`] when the copy is found wanting, and when
    /// either file cannot be read or written.
    pub fn backup(&self, target: &Path) -> Result<()> {
        let exists = || Error::Exists {
            path: target.to_owned(),
        };
        let io = |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::StorageFull => Error::Full {
                path: target.to_owned(),
            },
            std::io::ErrorKind::PermissionDenied => Error::ReadOnly {
                path: target.to_owned(),
            },
            _ => Error::Io {
                path: target.to_owned(),
                source,
            },
        };
        if target.exists() {
            return Err(exists());
        }
        let directory = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let copy = tempfile::Builder::new()
            .prefix(".lagebild-backup-")
            .tempfile_in(directory)
            .map_err(io)?;
        // A connection of its own: the one for reading refuses every statement that writes, be it elsewhere.
        sql::connect_copier(self.path())?
            .execute("VACUUM INTO ?1", [copy.path().to_string_lossy()])
            .map_err(|e| Error::sql(target, e))?;
        let problems = Self::open_analysing(copy.path(), self.analyser.clone())?.check()?;
        if !problems.is_empty() {
            return Err(Error::Damaged {
                path: self.path().to_owned(),
                what: problems.join("; "),
            });
        }
        copy.as_file().sync_all().map_err(io)?;
        copy.persist_noclobber(target).map_err(|e| match e.error.kind() {
            std::io::ErrorKind::AlreadyExists => exists(),
            _ => io(e.error),
        })?;
        // The name of a file is on disk when its directory is. Windows knows no such thing.
        if cfg!(unix) {
            std::fs::File::open(directory).and_then(|d| d.sync_all()).map_err(io)?;
        }
        Ok(())
    }
}
