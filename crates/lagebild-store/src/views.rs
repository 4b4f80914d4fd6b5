//! Questions in SQL, on the documented views and nothing else.
//!
//! [`Ask`] is a connection of its own that cannot write, whatever the statement: the file is opened read-only, every
//! statement passes an authorizer, and limits on time, depth and size hold. The views are those of the schema; what they
//! may read of the tables below is learnt from themselves when the connection opens, so a new view needs no entry here.

use crate::error::{Error, Result};
use crate::filter::nearest;
use crate::{FORMAT, schema, sql};
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A documented view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
}

/// How much a question may take.
#[derive(Clone, Copy, Debug)]
pub struct AskLimits {
    /// Time for preparing and running it.
    pub time: Duration,
    /// Rows of the answer; `None` for all.
    pub rows: Option<usize>,
}

impl Default for AskLimits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            rows: Some(1000),
        }
    }
}

/// The functions that a question may call: those that compute on values alone.
const FUNCTIONS: &[&str] = &[
    "->",
    "->>",
    "abs",
    "acos",
    "asin",
    "atan",
    "atan2",
    "avg",
    "ceil",
    "ceiling",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "count",
    "cume_dist",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "datetime",
    "degrees",
    "dense_rank",
    "exp",
    "first_value",
    "floor",
    "format",
    "glob",
    "group_concat",
    "hex",
    "if",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_array_length",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_object",
    "json_quote",
    "json_type",
    "json_valid",
    "julianday",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "max",
    "median",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "octet_length",
    "percent_rank",
    "percentile",
    "percentile_cont",
    "percentile_disc",
    "pi",
    "pow",
    "power",
    "printf",
    "quote",
    "radians",
    "rank",
    "replace",
    "rest_json",
    "round",
    "row_number",
    "rtrim",
    "sentences_json",
    "sign",
    "sin",
    "sqrt",
    "strftime",
    "string_agg",
    "substr",
    "substring",
    "sum",
    "tan",
    "time",
    "timediff",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unicode",
    "unixepoch",
    "unlikely",
    "upper",
];

/// Tables that are made of their arguments.
const MADE_TABLES: &[&str] = &["json_each", "json_tree"];

/// Limits on what a statement may be. The length is that of the largest report with its record.
const LIMITS: &[(Limit, i32)] = &[
    (Limit::SQLITE_LIMIT_LENGTH, 96 << 20),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (Limit::SQLITE_LIMIT_COLUMN, 200),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 50),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 50),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 0),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 0),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// SQLite instructions between two looks at the clock: well under a millisecond.
const STEPS: i32 = 10_000;

/// Answers questions in SQL about a store.
pub struct Ask {
    path: PathBuf,
    connection: Connection,
    views: Vec<View>,
    limits: AskLimits,
    /// When the question of the moment has to be done.
    deadline: Arc<Mutex<Option<Instant>>>,
}

impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ask").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Columns of tables that views read, by view and table.
type Reads = BTreeMap<(String, String), BTreeSet<String>>;

impl Ask {
    /// Opens the store at `path` for questions.
    ///
    /// # Errors
    /// As [`crate::Reader::open`].
    pub fn open(path: impl AsRef<Path>, limits: AskLimits) -> Result<Self> {
        let path = path.as_ref();
        sql::probe(path)?;
        if !path.exists() {
            return Err(Error::Missing { path: path.to_owned() });
        }
        let mut connection = sql::connect_reader(path)?;
        match schema::inspect(&connection, path)? {
            schema::Found::Store(FORMAT) => {}
            schema::Found::Store(found) => {
                return Err(Error::Older {
                    path: path.to_owned(),
                    found,
                    known: FORMAT,
                });
            }
            schema::Found::Empty => {
                return Err(Error::NotAStore {
                    path: path.to_owned(),
                    what: "an empty file",
                });
            }
        }
        let deadline = Arc::new(Mutex::new(None));
        let views = restrict(&mut connection, Arc::clone(&deadline)).map_err(|e| Error::sql(path, e))?;
        Ok(Self {
            path: path.to_owned(),
            connection,
            views,
            limits,
            deadline,
        })
    }

    /// The views that can be asked, by name.
    #[must_use]
    pub fn views(&self) -> &[View] {
        &self.views
    }

    /// Prepares a question: one SELECT statement.
    ///
    /// # Errors
    /// [`Error::Question`] when it is more than one statement, does anything but read the views, or cannot be
    /// understood.
    pub fn question(&self, statement: &str) -> Result<Question<'_>> {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now().checked_add(self.limits.time);
        let refuse = |what: &str, hint: Option<String>| Error::Question {
            what: what.to_owned(),
            hint,
        };
        if statement.contains('\0') {
            return Err(refuse("a statement cannot hold a zero character", None));
        }
        let prepared = self
            .connection
            .prepare(statement)
            .map_err(|e| self.explain(statement, e))?;
        if !prepared.readonly() || prepared.column_count() == 0 {
            let hint = Some("a question begins with SELECT or WITH".to_owned());
            return Err(refuse("this is no question", hint));
        }
        Ok(Question {
            columns: prepared.column_names().map(str::to_owned).collect(),
            statement: prepared,
            ask: self,
            text: statement.to_owned(),
        })
    }

    /// An error in words that help.
    fn explain(&self, statement: &str, error: rusqlite::Error) -> Error {
        use rusqlite::ErrorCode as C;
        let code = match &error {
            rusqlite::Error::SqlInputError { error, .. } => Some(error.code),
            other => other.sqlite_error_code(),
        };
        let what = message(&error);
        let (what, hint) = match (&error, code) {
            (rusqlite::Error::MultipleStatement, _) => (
                "only one statement can be asked at a time".to_owned(),
                Some("leave out what follows the semicolon".to_owned()),
            ),
            (rusqlite::Error::Empty, _) => (
                "there is no statement".to_owned(),
                Some("a question begins with SELECT or WITH".to_owned()),
            ),
            (_, Some(C::OperationInterrupted)) => (
                format!("stopped after {} s", self.limits.time.as_secs_f32()),
                Some("ask for less, or give it more time".to_owned()),
            ),
            (_, Some(C::AuthorizationForStatementDenied)) => {
                // "access to event.id is prohibited"
                let table = what.split([' ', '.']).nth(2).unwrap_or_default();
                let hint = self.view_hint(table);
                (what, Some(hint))
            }
            // A fault of the statement; anything else is one of the file.
            (_, Some(C::Unknown | C::TooBig | C::TypeMismatch | C::ParameterOutOfRange)) => {
                let hint = if let Some(table) = what.strip_prefix("no such table: ") {
                    Some(self.view_hint(table))
                } else if let Some(column) = what.strip_prefix("no such column: ") {
                    self.column_hint(statement, column)
                } else {
                    None
                };
                (what, hint)
            }
            _ => return Error::sql(&self.path, error),
        };
        Error::Question { what, hint }
    }

    /// Which view may have been meant by `table`.
    fn view_hint(&self, table: &str) -> String {
        let names: Vec<&str> = self.views.iter().map(|v| v.name.as_str()).collect();
        match nearest(table, &names) {
            Some(view) => format!("did you mean {view}?"),
            None => format!("only views can be read: {}", names.join(", ")),
        }
    }

    /// What an unknown column may have meant: a like name, or all of the views that the statement speaks of.
    fn column_hint(&self, statement: &str, column: &str) -> Option<String> {
        let column = column.split([' ', '—']).next().unwrap_or(column);
        let bare = column.rsplit('.').next().unwrap_or(column);
        let words: BTreeSet<String> = statement
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map(str::to_lowercase)
            .collect();
        let spoken: Vec<&View> = self.views.iter().filter(|v| words.contains(&v.name)).collect();
        let columns: Vec<&str> = spoken
            .iter()
            .flat_map(|v| v.columns.iter().map(String::as_str))
            .collect();
        if let Some(near) = nearest(bare, &columns) {
            return Some(format!("did you mean {near}?"));
        }
        let told = spoken
            .iter()
            .map(|v| format!("{} has {}", v.name, v.columns.join(", ")));
        Some(told.collect::<Vec<_>>().join("; ")).filter(|hint| !hint.is_empty())
    }
}

/// The words of SQLite's message.
fn message(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

/// What a statement may do.
struct Allowed {
    views: BTreeSet<String>,
    closed: BTreeSet<String>,
    reads: Reads,
}

impl Allowed {
    fn allows(&self, action: AuthAction<'_>, accessor: Option<&str>) -> bool {
        match action {
            AuthAction::Select | AuthAction::Recursive => true,
            AuthAction::Function { function_name } => FUNCTIONS.contains(&function_name.to_ascii_lowercase().as_str()),
            // That a table is used without any column of it: of a view that was merged into the statement, or of a table of
            // the statement's own making. It tells the number of rows.
            AuthAction::Read {
                table_name,
                column_name: "",
            } => !self.closed.contains(table_name),
            // SQLite names the view for which a table is read. A table of the statement's own making (WITH events AS …)
            // may bear that name too: it gets the columns that the view shows anyway, and no other.
            AuthAction::Read {
                table_name,
                column_name,
            } => {
                self.views.contains(table_name)
                    || MADE_TABLES.contains(&table_name)
                    || accessor.is_some_and(|view| {
                        let columns = self.reads.get(&(view.to_owned(), table_name.to_owned()));
                        columns.is_some_and(|columns| columns.contains(column_name))
                    })
            }
            _ => false,
        }
    }
}

/// Lets `connection` read the views alone, within the limits and until the deadline; returns the views.
fn restrict(connection: &mut Connection, deadline: Arc<Mutex<Option<Instant>>>) -> rusqlite::Result<Vec<View>> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    let names: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;

    // What the views read by themselves.
    let reads = Arc::new(Mutex::new(Reads::new()));
    let record = Arc::clone(&reads);
    connection.authorizer(Some(move |context: AuthContext<'_>| {
        if let (
            AuthAction::Read {
                table_name,
                column_name,
            },
            Some(view),
        ) = (context.action, context.accessor)
        {
            record
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry((view.to_owned(), table_name.to_owned()))
                .or_default()
                .insert(column_name.to_owned());
        }
        Authorization::Allow
    }))?;
    let mut views = Vec::with_capacity(names.len());
    for name in names {
        let statement = connection.prepare(&format!("SELECT * FROM \"{name}\""))?;
        let columns = statement.column_names().map(str::to_owned).collect();
        views.push(View { name, columns });
    }

    let reads = std::mem::take(&mut *reads.lock().unwrap_or_else(PoisonError::into_inner));
    let tables: BTreeSet<String> = connection
        .prepare("SELECT name FROM sqlite_schema UNION SELECT 'sqlite_master' UNION SELECT 'sqlite_schema'")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let allowed = Allowed {
        views: views.iter().map(|v| v.name.clone()).collect(),
        // Tables that no view reads.
        closed: tables
            .into_iter()
            .filter(|table| !reads.keys().any(|(_, read)| read == table) && !views.iter().any(|v| v.name == *table))
            .collect(),
        reads,
    };
    connection.authorizer(Some(move |context: AuthContext<'_>| {
        if allowed.allows(context.action, context.accessor) {
            Authorization::Allow
        } else {
            Authorization::Deny
        }
    }))?;
    for &(limit, value) in LIMITS {
        connection.set_limit(limit, value)?;
    }
    connection.progress_handler(
        STEPS,
        Some(move || {
            let deadline = *deadline.lock().unwrap_or_else(PoisonError::into_inner);
            deadline.is_some_and(|at| Instant::now() > at)
        }),
    )?;
    Ok(views)
}

/// A question that was understood.
pub struct Question<'a> {
    statement: Statement<'a>,
    columns: Vec<String>,
    ask: &'a Ask,
    text: String,
}

impl std::fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Question")
            .field("text", &self.text)
            .finish_non_exhaustive()
    }
}

impl Question<'_> {
    /// Names of the columns of the answer.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Calls `each` with every row of the answer; tells whether rows beyond the limit were left out.
    ///
    /// # Errors
    /// [`Error::Question`] when time is up or a value is too large.
    pub fn answer(mut self, mut each: impl FnMut(Vec<Value>) -> ControlFlow<()>) -> Result<bool> {
        let explain = |e| self.ask.explain(&self.text, e);
        let columns = self.columns.len();
        let mut rows = self.statement.query([]).map_err(explain)?;
        let mut given = 0;
        while let Some(row) = rows.next().map_err(explain)? {
            if self.ask.limits.rows.is_some_and(|limit| given >= limit) {
                return Ok(true);
            }
            given += 1;
            let values = (0..columns).map(|i| row.get_ref(i).map(value));
            let values = values.collect::<rusqlite::Result<_>>().map_err(explain)?;
            if each(values).is_break() {
                break;
            }
        }
        Ok(false)
    }
}

/// A value of SQLite in JSON; bytes, which no view has, in hexadecimal.
fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => n.into(),
        ValueRef::Real(x) => x.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => bytes.iter().map(|b| format!("{b:02X}")).collect::<String>().into(),
    }
}
