//! The command line: one definition of every flag.

use crate::cmd::LogFormat;
use crate::input::{About, How, Input};
use crate::term::Colour;
use crate::web::Ui;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use lagebild_core::{Date, Lang};
use lagebild_store::{Filter, FilterError, KEYS, List};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Reads German and English news into sourced events, claims and agreements: who did what to whom, when and where; who
/// says so, and how sure it is.
#[derive(Debug, Parser)]
#[command(
    name = "lagebild",
    disable_version_flag = true,
    max_term_width = 100,
    arg_required_else_help = true
)]
#[command(after_help = "Exit codes: 0 fine, 1 nothing found, 2 error (also when only some inputs failed).")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Print the versions of program, rules and language model
    #[arg(long, short = 'V')]
    pub(crate) version: bool,
    /// Print the licences of the program and of the data compiled into it
    #[arg(long)]
    pub(crate) licences: bool,
    /// When to use colour
    #[arg(
        long,
        alias = "color",
        value_enum,
        default_value_t,
        global = true,
        value_name = "WHEN"
    )]
    pub(crate) colour: Colour,
}

/// A command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what reports tell: a digest to read, or JSON
    Read(Read),
    /// Read reports into the store
    Add(Add),
    /// Add readings that were made elsewhere, such as on a cluster
    Import(Import),
    /// Follow feeds and add what they lead to
    Watch(Watch),
    /// Show the feeds and how they do
    Feeds(Feeds),
    /// List the reports of the store
    Documents(Query<0>),
    /// List events
    Events(Query<1>),
    /// List acts, each with all reports that tell it and what they agree and disagree on
    Clusters(Clusters),
    /// List claims; with --about, who says, confirms and denies an act
    Claims(Claims),
    /// List who speaks: how often, how, and how what they say stands with others
    Speakers(Query<2>),
    /// List agreements; the treaties in force on a day; who is bound when one is attacked
    Agreements(Agreements),
    /// List who acts and is acted upon
    Actors(Actors),
    /// Show how it stands between two: acts, sums, tension, alerts
    Dyads(Dyads),
    /// List reports that copy one another
    Copies(Query<0>),
    /// List stories: reports on one development
    Stories(Query<0>),
    /// Search the reports; save searches and be told what is new
    Search(Box<Search>),
    /// Show words, parts of speech, syntax and names as CoNLL-U
    Parse(Parse),
    /// Say what is known of an actor, since when, from where, and what the store has seen of it
    Actor(Actor),
    /// Say why an event was read, or why another one was not
    Explain(Explain),
    /// Measure readings against hand-coded reports
    Eval(Eval),
    /// Check and try the rule files, draft new rules
    Lexicon(Lexicon),
    /// Write the store in the formats of other programs
    #[command(after_help = EXPORT_HELP)]
    Export(Box<Export>),
    /// Ask the store in SQL; without a statement, list what can be asked
    Sql(Sql),
    /// Look for damage in the store
    Check(Check),
    /// Copy the store to a new file, checked; others may be writing meanwhile
    Backup(Backup),
    /// Read reports again that an older engine read, from their raw bytes
    Reread(Reread),
    /// Serve the web interface, REST and MCP
    Serve(Serve),
    /// Serve tools for language models (MCP) at standard input and output
    Mcp(Mcp),
    /// Try it out: a store of sample reports, served on this machine
    Demo(Demo),
    /// Print the completions of a shell
    Completions(Completions),
    /// Write the manual pages
    Man(Man),
}

/// Where the store is.
#[derive(Debug, Args)]
pub(crate) struct StoreAt {
    /// The store
    #[arg(long, value_name = "FILE", env = "LAGEBILD_STORE", default_value = "lagebild.db")]
    pub(crate) store: PathBuf,
}

/// What is said about all inputs, and how to work on them.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// How to understand the inputs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) input: Input,
    /// Columns of tables that do not bear the names expected: text=body,published=date
    #[arg(long, value_name = "FIELD=COLUMN,…")]
    columns: Option<lagebild_ingest::Columns>,
    /// Day of publication (YYYY-MM-DD) of reports that do not tell it
    #[arg(long, value_name = "DATE")]
    published: Option<Date>,
    /// Language of the reports (de, en) instead of the detected one
    #[arg(long, value_parser = language)]
    lang: Option<Lang>,
    /// Number of threads; 0 for one a core. The output does not depend on it
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
}

/// What reads: the user's own rules and tables, and the grade of the parser.
#[derive(Debug, Default, Args)]
pub(crate) struct Overlays {
    /// The parser: `fast` for bulk work, `accurate` errs less on who does what to whom, at a fraction of the speed
    #[arg(long, value_enum, default_value_t, env = "LAGEBILD_GRADE")]
    pub(crate) grade: Grade,
    /// Your own rule files (de/*.toml, en/*.toml) on top of those compiled in; an entry replaces the one with its id
    #[arg(long, value_name = "DIR")]
    pub(crate) lexicon: Option<PathBuf>,
    /// Your own tables (office-holders.tsv …) on top of those compiled in: their rows are added
    #[arg(long, value_name = "DIR")]
    pub(crate) knowledge: Option<PathBuf>,
}

impl Reading {
    pub(crate) fn how(&self) -> How {
        How {
            input: self.input,
            columns: self.columns.clone().unwrap_or_default(),
        }
    }

    pub(crate) fn about(&self) -> About {
        About {
            published: self.published,
            lang: self.lang,
            read_on: Some(crate::treaties::today()),
        }
    }
}

fn ui_language(code: &str) -> Result<Ui, String> {
    Ui::parse(code).ok_or_else(|| "labels are German (de) or English (en)".to_owned())
}

fn language(code: &str) -> Result<Lang, String> {
    Lang::from_code(code).ok_or_else(|| "German (de) and English (en) are read".to_owned())
}

/// How `read` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReadFormat {
    /// A digest for people
    #[default]
    Text,
    /// JSON to look at: an object for one report, an array for several
    Json,
    /// JSON Lines: one object a report
    Jsonl,
    /// Markdown
    Md,
    /// brat standoff, two files a report, into the folder of --output
    Brat,
    /// Words, parts of speech, syntax and names as CoNLL-U
    Conllu,
}

#[derive(Debug, Args)]
pub(crate) struct Read {
    /// Texts, pages, e-mails, JSON Lines, tables, feeds, web archives, each also as .gz or .zst; `-` for standard input;
    /// directories with all files below them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReadFormat,
    /// Folder to write to (brat)
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Language of the labels in the digest (de, en); by the environment (LANG) when not given
    #[arg(long, value_parser = ui_language, value_name = "LANG")]
    pub(crate) ui_lang: Option<Ui>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) overlays: Overlays,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Texts, pages, e-mails, JSON Lines, tables, feeds, web archives, each also as .gz or .zst; `-` for standard input;
    /// directories with all files below them; addresses of web pages and feeds (http, https), which are fetched last
    #[arg(required_unless_present = "pending", value_name = "PATH|URL")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Also read the reports whose reading was interrupted
    #[arg(long)]
    pub(crate) pending: bool,
    /// Read without what earlier reports taught of persons whom no table knows
    #[arg(long)]
    pub(crate) no_learnt: bool,
    /// Say what would be added, and write nothing
    #[arg(long, conflicts_with = "pending")]
    pub(crate) dry_run: bool,
    /// Take in no more than so many reports
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Write what became of each input to a file, as JSON Lines
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) store: StoreAt,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) overlays: Overlays,
    #[command(flatten)]
    pub(crate) net: Net,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Readings: Parquet files of the Python package (table "readings"), JSON Lines of `read --format jsonl`, each also as
    /// .gz or .zst; directories with such files; `-` for JSON Lines on standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Number of threads; 0 for one a core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    #[command(flatten)]
    pub(crate) store: StoreAt,
}

/// How pages are fetched.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct Net {
    /// A host that may have a private address, by its exact name; all others are refused one. May be given several times
    #[arg(long = "allow-host", value_name = "NAME")]
    pub(crate) allow_hosts: Vec<String>,
    /// HTTP proxy to fetch through; without it, the variables ALL_PROXY, HTTPS_PROXY, HTTP_PROXY and NO_PROXY count
    #[arg(long, value_name = "URL", env = "LAGEBILD_PROXY")]
    pub(crate) proxy: Option<String>,
    /// Address (mail or web) at which servers can reach you; it is sent with each request
    #[arg(long, value_name = "ADDRESS", env = "LAGEBILD_CONTACT")]
    pub(crate) contact: Option<String>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Stops on ctrl-c and SIGTERM, and goes on where it stopped at the next start. More: docs/watch.md"
)]
pub(crate) struct Watch {
    /// Lists of feeds: OPML, TOML (`[[feed]]` with url, title, interval, full_text), or one address a line
    #[arg(required = true, value_name = "FEEDS")]
    pub(crate) lists: Vec<PathBuf>,
    /// Ask the feeds that are due, read what is new, and end
    #[arg(long)]
    pub(crate) once: bool,
    /// Time between two polls of a feed whose list names none (30m, 2h)
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = lagebild_fetch::subscriptions::interval)]
    pub(crate) interval: std::time::Duration,
    /// Read what the feeds hold themselves, not the pages behind their items
    #[arg(long)]
    pub(crate) no_full_text: bool,
    /// Read without what earlier reports taught of persons whom no table knows
    #[arg(long)]
    pub(crate) no_learnt: bool,
    /// Form of the log on stderr
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub(crate) log: LogFormat,
    #[command(flatten)]
    pub(crate) store: StoreAt,
    /// Number of threads to read with; 0 for one a core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    #[command(flatten)]
    pub(crate) overlays: Overlays,
    #[command(flatten)]
    pub(crate) net: Net,
}

/// How the feeds are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FeedsFormat {
    /// A table for people
    #[default]
    Table,
    /// A JSON array
    Json,
    /// JSON Lines: one feed a line
    Jsonl,
    /// CSV with a header
    Csv,
    /// OPML, for feed readers and for `lagebild watch`
    Opml,
}

#[derive(Debug, Args)]
pub(crate) struct Feeds {
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: FeedsFormat,
    #[command(flatten)]
    pub(crate) store: StoreAt,
}

/// How lists are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A table for people
    #[default]
    Table,
    /// A JSON array
    Json,
    /// JSON Lines: one row a line
    Jsonl,
    /// CSV with a header; cells that a spreadsheet would take for a formula begin with an apostrophe
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct Query<const LIST: usize> {
    #[command(flatten)]
    pub(crate) filter: Filters<LIST>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) store: StoreAt,
}

#[derive(Debug, Args)]
pub(crate) struct Actors {
    #[command(flatten)]
    pub(crate) query: Query<4>,
    /// List the persons of whom no table knows for whom they act, but reports of the store do, and where reports and tables differ;
    /// of the filters only --limit
    #[arg(long)]
    pub(crate) learnt: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Clusters {
    #[command(flatten)]
    pub(crate) query: Query<1>,
    /// Only acts that at least so many reports tell
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) reports: usize,
    /// Only acts of which every telling passes the filters: with --certainty alleged, what is only alleged
    #[arg(long)]
    pub(crate) only: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Claims {
    #[command(flatten)]
    pub(crate) query: Query<2>,
    /// Who says, confirms and denies these acts, earliest first: the key of an event, or filters of events
    /// such as "type:AID actor:PRK recipient:RUS" and words of reports
    #[arg(long, value_name = "ACT")]
    pub(crate) about: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Agreements {
    #[command(flatten)]
    pub(crate) query: Query<3>,
    /// The ledger: all treaties known or told of, with their state on that day
    #[arg(long, value_name = "DATE")]
    pub(crate) state_on: Option<Date>,
    /// Who is bound to what when this state is attacked, by its three letters
    #[arg(long, value_name = "STATE", requires = "by", conflicts_with = "state_on", value_parser = state)]
    pub(crate) if_attacked: Option<String>,
    /// The attacker
    #[arg(long, value_name = "STATE", requires = "if_attacked", value_parser = state)]
    pub(crate) by: Option<String>,
    /// The day of the attack; today when not given
    #[arg(long, value_name = "DATE", requires = "if_attacked")]
    pub(crate) on: Option<Date>,
    /// Language of the clauses (de, en); by the environment (LANG) when not given
    #[arg(long, value_parser = ui_language, value_name = "LANG")]
    pub(crate) ui_lang: Option<Ui>,
}

/// The length of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Every {
    /// A day
    Day,
    /// A week from Monday on
    #[default]
    Week,
    /// A month
    Month,
}

#[derive(Debug, Args)]
pub(crate) struct Dyads {
    #[command(flatten)]
    pub(crate) query: Query<1>,
    /// One pair, such as PRK:KOR, period by period: first from the one to the other, then back
    #[arg(long, value_name = "A:B", value_parser = pair)]
    pub(crate) pair: Option<(String, String)>,
    /// Length of a period
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: Every,
    /// Only the alerts: periods far above what was to be expected of the pair
    #[arg(long)]
    pub(crate) alerts: bool,
}

fn state(code: &str) -> Result<String, String> {
    if code.len() == 3 && code.bytes().all(|b| b.is_ascii_alphabetic()) {
        Ok(code.to_ascii_uppercase())
    } else {
        Err("a state is named by its three letters (ISO 3166-1), such as RUS".to_owned())
    }
}

fn pair(value: &str) -> Result<(String, String), String> {
    match value.split_once(':') {
        Some((a, b)) if !a.is_empty() && !b.is_empty() && !a.eq_ignore_ascii_case(b) => {
            Ok((a.to_ascii_uppercase(), b.to_ascii_uppercase()))
        }
        _ => Err("a pair is two different states or organisations with a colon, such as PRK:KOR".to_owned()),
    }
}

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "To look for a word that is a command as well: lagebild search -- list"
)]
pub(crate) struct Search {
    #[command(subcommand)]
    pub(crate) saved: Option<SavedCommand>,
    /// What to look for; a filter such as type:AID or country:RUS may stand among the words
    #[arg(required = true, value_name = "WORD", help = "Words to look for", long_help = lagebild_store::SYNTAX)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) filter: Filters<0>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) store: StoreAt,
}

/// What a saved search finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SavedList {
    /// Reports
    #[default]
    Documents,
    /// Events
    Events,
}

/// What to do with saved searches.
#[derive(Debug, Subcommand)]
pub(crate) enum SavedCommand {
    /// Save a search: what is in the store counts as known, what comes later is new
    Save(SaveSearch),
    /// List the saved searches
    List {
        /// Form of the output
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
        #[command(flatten)]
        store: StoreAt,
    },
    /// Show what is new since the last run
    Run {
        /// Name of the search
        name: String,
        /// Form of the output
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
        #[command(flatten)]
        store: StoreAt,
    },
    /// Take out a saved search with its log
    Remove {
        /// Name of the search
        name: String,
        #[command(flatten)]
        store: StoreAt,
    },
    /// Look what is new for all saved searches, and send it to their webhooks; `lagebild watch` does so too
    Deliver {
        #[command(flatten)]
        store: StoreAt,
        #[command(flatten)]
        net: Net,
    },
    /// Show what was sent to webhooks, and what is to be sent, latest first
    Log {
        /// Name of the search; all when not given
        name: Option<String>,
        /// Form of the output
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
        #[command(flatten)]
        store: StoreAt,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SaveSearch {
    /// Its name
    pub(crate) name: String,
    /// Words to look for; filters such as type:AID may stand among them
    #[arg(value_name = "WORD")]
    pub(crate) words: Vec<String>,
    /// What it finds
    #[arg(long, value_enum, default_value_t)]
    pub(crate) find: SavedList,
    /// Address that new hits are sent to as JSON, signed, until it answers (docs/searches.md)
    #[arg(long, value_name = "URL", requires = "secret_file")]
    pub(crate) webhook: Option<String>,
    /// File with the secret that signs what is sent; it is kept in the store
    #[arg(long, value_name = "FILE", requires = "webhook")]
    pub(crate) secret_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) filter: Filters<0>,
    #[command(flatten)]
    pub(crate) store: StoreAt,
}

#[derive(Debug, Args)]
pub(crate) struct Parse {
    /// A text, Markdown or HTML file; `-` for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Language of the report (de, en) instead of the detected one
    #[arg(long, value_parser = language)]
    pub(crate) lang: Option<Lang>,
    /// The parser: `fast`, or `accurate` at a fraction of the speed
    #[arg(long, value_enum, default_value_t, env = "LAGEBILD_GRADE")]
    pub(crate) grade: Grade,
}

/// The grades of the parser, [`lagebild_nlp::Grade`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Grade {
    /// A small network a language
    #[default]
    Fast,
    /// A transformer for both languages
    Accurate,
}

impl From<Grade> for lagebild_nlp::Grade {
    fn from(grade: Grade) -> Self {
        match grade {
            Grade::Fast => Self::Fast,
            Grade::Accurate => Self::Accurate,
        }
    }
}

/// A form for people and one for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// Text for people
    #[default]
    Text,
    /// JSON
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Actor {
    /// A name in German or English, a code (PRK, UN) or an id (person:vladimir-putin)
    pub(crate) name: String,
    /// The day asked for (YYYY-MM-DD): offices and memberships on it
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// The store whose reports are looked through; without it only the tables speak
    #[arg(long, value_name = "FILE", env = "LAGEBILD_STORE")]
    pub(crate) store: Option<PathBuf>,
    /// Your own tables on top of those compiled in
    #[arg(long, value_name = "DIR")]
    pub(crate) knowledge: Option<PathBuf>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TextOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// An event of the store (DOCUMENT#e3), or a report: a text, Markdown or HTML file; `-` for standard input
    #[arg(value_name = "EVENT|FILE")]
    pub(crate) target: String,
    /// The event of the report to explain (e3); all of them when none is given
    #[arg(long, value_name = "ID", conflicts_with = "why_not")]
    pub(crate) event: Option<String>,
    /// An event that you miss, such as "AID PRK > RUS": `TYPE[/mode][(CONTENT)] ACTORS > RECIPIENTS[, status][, certainty]`
    #[arg(long, value_name = "EXPECTED")]
    pub(crate) why_not: Option<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) store: StoreAt,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) overlays: Overlays,
}

/// How `eval` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum EvalFormat {
    /// The measures for people
    #[default]
    Text,
    /// The measures as JSON
    Json,
    /// An accuracy report in Markdown: by type, confusions, the worst errors with their rule and sentence
    Md,
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// Hand-coded reports, JSON Lines
    pub(crate) gold: PathBuf,
    /// Readings of the same reports (`read --format jsonl`); the reports are read now when it is not given
    pub(crate) out: Option<PathBuf>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: EvalFormat,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
    /// List up to N errors of each kind
    #[arg(long, value_name = "N")]
    pub(crate) errors: Option<usize>,
    /// Number of threads; 0 for one a core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    #[command(flatten)]
    pub(crate) overlays: Overlays,
}

#[derive(Debug, Args)]
pub(crate) struct Lexicon {
    #[command(subcommand)]
    pub(crate) command: LexiconCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LexiconCommand {
    /// Check the form of all rule files
    Check {
        /// Rule files that come on top of those compiled in
        #[arg(long, value_name = "DIR")]
        lexicon: Option<PathBuf>,
    },
    /// Read the examples of entries and compare; with --corpus show what your rules change over reports
    Test {
        /// Entries, such as de.support.ratifizieren, or the beginning of their ids; all when none is given
        entries: Vec<String>,
        /// Rule files that come on top of those compiled in
        #[arg(long, value_name = "DIR")]
        lexicon: Option<PathBuf>,
        /// Reports over which the rules with and without DIR are compared: what is added, removed, altered
        #[arg(long, value_name = "PATH", requires = "lexicon", conflicts_with = "entries")]
        corpus: Vec<PathBuf>,
    },
    /// Draft an entry for a verb or noun, and show the sentences that it would fire on
    New {
        /// The infinitive or the singular, as a dictionary has it; a separable prefix may be set off (an|prangern)
        word: String,
        /// Language of the word
        #[arg(long, value_parser = language, default_value = "de")]
        lang: Lang,
        /// Event type that it tells; the draft leaves it open when none is given
        #[arg(long, value_name = "TYPE")]
        event: Option<String>,
        /// Reports to look for the word in
        #[arg(long, value_name = "PATH")]
        corpus: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) store: StoreAt,
}

/// What `export` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Tables with a header and datapackage.json (folder)
    Csv,
    /// The same tables as JSON Lines (folder)
    Ndjson,
    /// The same tables as Parquet (folder)
    #[cfg(feature = "columnar")]
    Parquet,
    /// GDELT 2.0: events with 61 columns and mentions with 16 (folder)
    Gdelt,
    /// POLECAT: 40 tab-separated columns
    Polecat,
    /// PLOVER JSON, an object a line
    Plover,
    /// GeoJSON; events whose place is not known to a point have no geometry
    Geojson,
    /// A network of actors as GraphML
    Graphml,
    /// A network of actors as GEXF 1.3, with dates
    Gexf,
    /// W3C Web Annotation, JSON-LD
    Annotation,
    /// brat standoff (folder)
    Brat,
    /// doccano JSON Lines with relations
    Doccano,
    /// An Atom feed
    Atom,
    /// A Markdown note a report, with front matter (folder)
    Markdown,
    /// References in RIS
    Ris,
}

const EXPORT_HELP: &str = "The filters are those of the lists. Formats made of events (gdelt to gexf) write the events that \
`lagebild events` lists, formats made of reports the reports that `lagebild documents` lists. Files appear whole or not at \
all. Columns and choices: docs/export.md";

/// What the entries of an Atom feed are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AtomEntries {
    /// Reports
    #[default]
    Reports,
    /// Events
    Events,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Form of the output
    #[arg(value_enum)]
    pub(crate) format: ExportFormat,
    /// File to write, or folder for formats of several files; standard output when not given
    #[arg(long, short, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
    /// Write this table only (csv, ndjson, parquet); may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) table: Vec<String>,
    /// What the entries of an Atom feed are; reports when not given, or what the saved search finds
    #[arg(long, value_enum)]
    pub(crate) entries: Option<AtomEntries>,
    /// With the filters of a saved search; more filters narrow it
    #[arg(long, value_name = "NAME")]
    pub(crate) search: Option<String>,
    #[command(flatten)]
    pub(crate) filter: Filters<0>,
    #[command(flatten)]
    pub(crate) store: StoreAt,
}

/// A number of rows, or all of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowLimit(pub(crate) Option<usize>);

fn row_limit(value: &str) -> Result<RowLimit, String> {
    match value {
        "all" => Ok(RowLimit(None)),
        _ => value
            .parse()
            .map(|n| RowLimit(Some(n)))
            .map_err(|_| "a number, or \"all\"".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Sql {
    /// One SELECT statement on the views (docs/sql.md); `-` reads it from standard input
    #[arg(value_name = "STATEMENT")]
    pub(crate) statement: Option<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
    /// The highest number of rows, or "all"
    #[arg(long, value_name = "N", default_value = "1000", value_parser = row_limit)]
    pub(crate) limit: RowLimit,
    /// The longest time that the answer may take, in seconds
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) seconds: u64,
    #[command(flatten)]
    pub(crate) store: StoreAt,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The new file; an existing one is never overwritten
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) store: StoreAt,
}

#[derive(Debug, Args)]
pub(crate) struct Reread {
    /// Tell what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Read without what earlier reports taught of persons whom no table knows
    #[arg(long, conflicts_with = "fulltext")]
    pub(crate) no_learnt: bool,
    /// Read nothing again: write the full text anew, when `lagebild check` says that it has to be
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) fulltext: bool,
    /// Number of threads; 0 for one a core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    #[command(flatten)]
    pub(crate) overlays: Overlays,
    #[command(flatten)]
    pub(crate) store: StoreAt,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Pages are at /, the interface for programs at /api/v1, tools for language models at /mcp. \
                        Addresses that other machines reach need --token-file. More: docs/api.md"
)]
pub(crate) struct Serve {
    /// Address to serve on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) addr: SocketAddr,
    /// A name or address under which others reach the server. May be given several times
    #[arg(long = "host", value_name = "NAME")]
    pub(crate) hosts: Vec<String>,
    /// A file with a token that whoever asks has to show, 16 characters or more
    #[arg(long, value_name = "FILE", env = "LAGEBILD_TOKEN_FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Let those who show the token add reports (POST /api/v1/documents)
    #[arg(long, requires = "token_file")]
    pub(crate) add: bool,
    #[command(flatten)]
    pub(crate) store: StoreAt,
    #[command(flatten)]
    pub(crate) overlays: Overlays,
}

#[derive(Debug, Args)]
#[command(after_help = "The same tools are at /mcp of `lagebild serve`. More: docs/mcp.md")]
pub(crate) struct Mcp {
    #[command(flatten)]
    pub(crate) store: StoreAt,
    #[command(flatten)]
    pub(crate) overlays: Overlays,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Address to serve on, on this machine only
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) addr: SocketAddr,
}

#[derive(Debug, Args)]
#[command(after_help = "For bash: lagebild completions bash > ~/.local/share/bash-completion/completions/lagebild")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Folder to write to, made when new: lagebild.1, and a page for each command
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

/// The lists, in the order of the parameter of [`Filters`].
const LISTS: [List; 5] = [
    List::Documents,
    List::Events,
    List::Claims,
    List::Agreements,
    List::Actors,
];

/// The filters of one list as flags, made from the store's own table of filters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filters<const LIST: usize> {
    pairs: Vec<(&'static str, String)>,
}

impl<const LIST: usize> Filters<LIST> {
    /// The filter that the flags make.
    ///
    /// # Errors
    /// When a value is not known.
    pub(crate) fn filter(&self) -> Result<Filter, FilterError> {
        Filter::from_pairs(self.pairs.iter().map(|(k, v)| (*k, v)))
    }

    /// Whether no flag was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// A flag that was given and is none of `keys`.
    pub(crate) fn beside(&self, keys: &[&str]) -> Option<&'static str> {
        self.pairs.iter().map(|(k, _)| *k).find(|k| !keys.contains(k))
    }

    /// Whether the flag `key` was given.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.pairs.iter().any(|(k, _)| *k == key)
    }
}

impl<const LIST: usize> clap::FromArgMatches for Filters<LIST> {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        let mut filters = Self::default();
        filters.update_from_arg_matches(matches)?;
        Ok(filters)
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        for key in keys(LIST) {
            let values = matches.get_many::<String>(key.name).into_iter().flatten();
            self.pairs.extend(values.map(|v| (key.name, v.clone())));
        }
        Ok(())
    }
}

impl<const LIST: usize> Args for Filters<LIST> {
    fn augment_args(command: clap::Command) -> clap::Command {
        keys(LIST).fold(command, |command, key| {
            let values = (key.values)();
            let help = match values.len() {
                0 => key.help.to_owned(),
                1..=6 => format!("{}: {}", key.help, values.join(", ")),
                _ => key.help.to_owned(),
            };
            let long = if values.is_empty() {
                help.clone()
            } else {
                format!("{}: {}", key.help, values.join(", "))
            };
            let mut letters = help.chars();
            let help: String = letters
                .next()
                .into_iter()
                .flat_map(char::to_uppercase)
                .chain(letters)
                .collect();
            let arg = clap::Arg::new(key.name)
                .long(key.name)
                .value_name(if values.is_empty() { "VALUE" } else { "NAME" })
                .action(ArgAction::Append)
                .help_heading("Filters")
                .help(help)
                .long_help(long);
            command.arg(arg)
        })
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

fn keys(list: usize) -> impl Iterator<Item = &'static lagebild_store::Key> {
    KEYS.iter().filter(move |k| k.lists.contains(&LISTS[list]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn filters_are_flags() {
        let cli = Cli::parse_from([
            "lagebild",
            "events",
            "--type",
            "AID",
            "--country",
            "RUS",
            "--country",
            "PRK",
        ]);
        let Some(Command::Events(query)) = cli.command else {
            panic!("not events")
        };
        let filter = query.filter.filter().unwrap();
        assert_eq!(filter.countries.len(), 2);
        assert!(Cli::try_parse_from(["lagebild", "agreements", "--type", "AID"]).is_err());
    }
}
