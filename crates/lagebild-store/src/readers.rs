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
}

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
        Ok(Self {
            path,
            compounds,
            idle: Mutex::new(vec![first]),
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
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
