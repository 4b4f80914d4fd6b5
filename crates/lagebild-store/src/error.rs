//! What can go wrong with a store.

use crate::filter::FilterError;
use std::path::PathBuf;

/// What can go wrong with a store. [`Error::hint`] tells what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no file at the path, and the store was opened for reading.
    #[error("there is no store at {}", .path.display())]
    Missing {
        /// The path asked for.
        path: PathBuf,
    },
    /// The file is no SQLite database, or one of another program.
    #[error("{} is not a Lagebild store ({what})", .path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
        /// How this was seen.
        what: &'static str,
    },
    /// A later Lagebild wrote the store; it is left untouched.
    #[error("{} was written by a newer Lagebild (store format {found}, this program knows {known})", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The format found.
        found: u32,
        /// The highest format that this program knows.
        known: u32,
    },
    /// An older Lagebild wrote the store, and it was opened for reading only.
    #[error("{} has the older store format {found}, this program uses {known}", .path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// The format found.
        found: u32,
        /// The format that this program uses.
        known: u32,
    },
    /// Another process is writing to the store.
    #[error("{} is in use by another process{}", .path.display(), .pid.as_ref().map(|p| format!(" (pid {p})")).unwrap_or_default())]
    InUse {
        /// The store.
        path: PathBuf,
        /// The other process, where it is known.
        pid: Option<u32>,
    },
    /// The disk is full. What was acknowledged before is safe.
    #[error("the disk is full: {} could not be written", .path.display())]
    Full {
        /// The store.
        path: PathBuf,
    },
    /// The file or its directory does not let us write.
    #[error("{} cannot be written", .path.display())]
    ReadOnly {
        /// The store.
        path: PathBuf,
    },
    /// There is a file where a new one was to be made.
    #[error("{} exists already", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A question in SQL cannot be answered.
    #[error("{what}")]
    Question {
        /// Why not.
        what: String,
        /// What would be understood.
        hint: Option<String>,
    },
    /// SQLite found the file damaged.
    #[error("{} is damaged: {what}", .path.display())]
    Damaged {
        /// The store.
        path: PathBuf,
        /// What SQLite says.
        what: String,
    },
    /// A stored value does not read back.
    #[error("{document}: the stored {what} does not read back: {why}")]
    Unreadable {
        /// The document.
        document: String,
        /// Which value.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// A filter cannot be used for the list asked for.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// The file system refused.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// SQLite refused for another reason.
    #[error("{}: {source}", .path.display())]
    Sql {
        /// The store.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
}

/// The result of a store function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// What the user can do about it, as one sentence without a full stop.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Missing { .. } => "add reports first, or name another file with --store FILE".to_owned(),
            Self::NotAStore { .. } => "nothing was changed; name another file with --store FILE".to_owned(),
            Self::Newer { .. } => "use the newer Lagebild; the store was left as it is".to_owned(),
            Self::Older { .. } => {
                "open it once for writing (`lagebild add` without new reports) to bring it up to date".to_owned()
            }
            Self::InUse { .. } => "wait until it is done, or stop it; reading stays possible meanwhile".to_owned(),
            Self::Full { .. } => {
                "free some space and run the same command again: it goes on where it stopped".to_owned()
            }
            Self::ReadOnly { .. } => "check the permissions of the file and of its directory".to_owned(),
            Self::Damaged { .. } => {
                "copy the file away before anything else; reports may still be read out of it".to_owned()
            }
            Self::Exists { .. } => "nothing was overwritten; name a new file".to_owned(),
            Self::Question { hint, .. } => return hint.clone(),
            Self::Filter(error) => return error.hint(),
            Self::Unreadable { .. } | Self::Io { .. } | Self::Sql { .. } => return None,
        })
    }

    /// The error of SQLite at `path`, sorted by what it means to the user.
    pub(crate) fn sql(path: &std::path::Path, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as C;
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(C::DiskFull) => Self::Full { path },
            Some(C::DatabaseBusy | C::DatabaseLocked) => Self::InUse { path, pid: None },
            Some(C::NotADatabase) => Self::NotAStore {
                path,
                what: "not an SQLite file",
            },
            Some(C::DatabaseCorrupt) => Self::Damaged {
                path,
                what: source.to_string(),
            },
            Some(C::ReadOnly) => Self::ReadOnly { path },
            _ => Self::Sql { path, source },
        }
    }
}
