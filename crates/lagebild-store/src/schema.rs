//! The tables of a store, and how older stores are brought up to date.
//!
//! Tables have singular names and are internal. The documented face is the plural **views** (`documents`, `events`,
//! `event_parties`, …): they keep their columns across formats, so queries written against them keep working. All
//! offsets are code points into the document's text, so SQLite's `substr(text, start + 1, end - start)` gives the words.
//! Lists of codes in one column (`roles`, `context`) are separated by single spaces.

use crate::error::{Error, Result};
use crate::{analyse, picture, tallies};
use rusqlite::Connection;
use std::path::Path;

/// `PRAGMA application_id` of every store: "LAGE".
pub(crate) const APPLICATION_ID: i32 = 0x4C41_4745;

/// One script a format, oldest first. Applied scripts are never edited: a change is a new script.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/v1.sql"),
    include_str!("schema/v2.sql"),
    include_str!("schema/v3.sql"),
    include_str!("schema/v4.sql"),
    include_str!("schema/v5.sql"),
    include_str!("schema/v6.sql"),
    include_str!("schema/v7.sql"),
    include_str!("schema/v8.sql"),
    include_str!("schema/v9.sql"),
    include_str!("schema/v10.sql"),
    include_str!("schema/v11.sql"),
    include_str!("schema/v12.sql"),
];

/// The store format that this program writes: the number of scripts applied.
pub const FORMAT: u32 = MIGRATIONS.len() as u32;

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing in it yet.
    Empty,
    /// A store of this format.
    Store(u32),
}

/// Looks at the file behind `connection` without changing it.
pub(crate) fn inspect(connection: &Connection, path: &Path) -> Result<Found> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let sql = |source| Error::sql(path, source);
    let id = pragma("application_id").map_err(sql)?;
    let version = pragma("user_version").map_err(sql)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(sql)?;
    if id == 0 && version == 0 && tables == 0 {
        return Ok(Found::Empty);
    }
    if id != i64::from(APPLICATION_ID) {
        return Err(Error::NotAStore {
            path: path.to_owned(),
            what: "an SQLite file of another program",
        });
    }
    let found = u32::try_from(version).unwrap_or(u32::MAX);
    if found > FORMAT {
        return Err(Error::Newer {
            path: path.to_owned(),
            found,
            known: FORMAT,
        });
    }
    Ok(Found::Store(found))
}

/// Brings the file to [`FORMAT`] in one transaction: afterwards it has either the old format or the new one, whole.
///
/// A store with content is copied first, to `FILE.vN.backup`; tells whether that was so.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<bool> {
    let from = match inspect(connection, path)? {
        Found::Empty => 0,
        Found::Store(version) => version,
    };
    // Full text, picture and tallies of a store without reports are those of this version. Said in the same transaction, so that a
    // program that is stopped right after it leaves a sound store.
    let derived = format!(
        "INSERT INTO meta VALUES ('analyser', '{}'), ('picture', '{}'), ('tallies', '{}')",
        analyse::VERSION,
        picture::VERSION,
        tallies::VERSION
    );
    run(
        connection,
        path,
        from,
        MIGRATIONS,
        if from == 0 { &derived } else { "" },
    )?;
    Ok(from > 0 && from < FORMAT)
}

/// Runs the scripts after the first `from`, and `last` behind them, in one transaction.
fn run(connection: &mut Connection, path: &Path, from: u32, scripts: &[&str], last: &str) -> Result<()> {
    let sql = |source| Error::sql(path, source);
    let todo = scripts.get(from as usize..).unwrap_or_default();
    if todo.is_empty() {
        return Ok(());
    }
    if from > 0 {
        let mut backup = path.as_os_str().to_owned();
        backup.push(format!(".v{from}.backup"));
        // VACUUM INTO refuses an existing file; a copy left by an interrupted attempt holds the same content.
        if !Path::new(&backup).exists() {
            connection
                .execute("VACUUM INTO ?1", [backup.to_string_lossy()])
                .map_err(sql)?;
        }
    }
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(sql)?;
    for script in todo.iter().chain([&last]) {
        transaction.execute_batch(script).map_err(sql)?;
    }
    transaction
        .pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(sql)?;
    transaction
        .pragma_update(None, "user_version", scripts.len() as i64)
        .map_err(sql)?;
    transaction.commit().map_err(sql)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_store_is_backed_up_and_brought_up_to_date_or_left_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.db");
        let mut connection = Connection::open(&path).unwrap();
        run(
            &mut connection,
            &path,
            0,
            &["CREATE TABLE a(x); INSERT INTO a VALUES (1)"],
            "",
        )
        .unwrap();
        let broken = &["", "ALTER TABLE a ADD COLUMN y; CREATE TABLE nonsense(", ""];
        assert!(run(&mut connection, &path, 1, broken, "").is_err());
        assert!(
            connection.prepare("SELECT y FROM a").is_err(),
            "half a migration stayed"
        );
        run(&mut connection, &path, 1, &["", "ALTER TABLE a ADD COLUMN y"], "").unwrap();
        let version: i64 = connection
            .pragma_query_value(None, "user_version", |r| r.get(0))
            .unwrap();
        assert_eq!(version, 2);
        let backup = Connection::open(dir.path().join("s.db.v1.backup")).unwrap();
        let old: i64 = backup.query_row("SELECT x FROM a", [], |r| r.get(0)).unwrap();
        assert_eq!(old, 1);
    }

    #[test]
    fn a_new_store_is_sound_once_its_tables_are_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.db");
        let mut connection = crate::sql::connect_writer(&path).unwrap();
        assert!(!migrate(&mut connection, &path).unwrap());
        drop(connection);
        let reader = crate::Reader::open(&path, std::sync::Arc::new(crate::NoCompounds)).unwrap();
        assert_eq!(reader.check().unwrap(), Vec::<String>::new());
    }
}
