//! Readers for programs that answer many at a time.

use crate::analyse::Compounds;
use crate::error::{Error, Result};
use crate::read::Reader;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Readers of one store, opened when needed and kept: as many as were at work at one time.
pub struct Readers {
    path: PathBuf,
    compounds: Arc<dyn Compounds>,
    idle: Mutex<Vec<Reader>>,
    /// Sees when others write: SQLite counts the changes for each connection.
    watch: Mutex<Reader>,
}

/// A state of a store: two are equal when nothing was written in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State(i64);

impl std::fmt::Debug for Readers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readers")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Readers {
    /// Readers of the store at `path`; the first is opened now.
    ///
    /// # Errors
    /// Those of [`Reader::open`].
    pub fn open(path: impl AsRef<Path>, compounds: Arc<dyn Compounds>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let first = Reader::open(&path, Arc::clone(&compounds))?;
        let watch = Reader::open(&path, Arc::clone(&compounds))?;
        Ok(Self {
            path,
            compounds,
            idle: Mutex::new(vec![first]),
            watch: Mutex::new(watch),
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The state that the store is in. It says nothing about what these readers see once it was asked for; asked for before
    /// something is read, it tells later whether that is still so.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn state(&self) -> Result<State> {
        let watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        watch.data_version().map(State)
    }

    /// Does `work` with a reader that nobody else uses meanwhile.
    ///
    /// # Errors
    /// Those of `work`, and when another reader is needed and cannot be opened.
    pub fn with<T, E: From<Error>>(&self, work: impl FnOnce(&Reader) -> Result<T, E>) -> Result<T, E> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let reader = match kept {
            Some(reader) => reader,
            None => Reader::open(&self.path, Arc::clone(&self.compounds))?,
        };
        let result = work(&reader);
        idle().push(reader);
        result
    }
}
