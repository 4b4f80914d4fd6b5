//! Measures readings against hand-coded reports.
//!
//! [`score`] compares place by place, as `eval/score.py` of the project's shared files does, and gives the same numbers: an
//! event counts once in each sentence that tells it, *typed* wants its type right, *quad* the quad class, *triple* the
//! type and a common actor and recipient, *directed* the quad class and these. [`errors`] names what went wrong and
//! [`report`] writes it down. The forms of gold and reading are in [`data`].

pub mod data;
mod errors;
mod report;
mod score;

pub use errors::{Error, Fault, errors};
pub use report::{line, report};
pub use score::{Accuracy, AgreementScores, ClaimScores, Measure, Scores, score, summary};

use data::Document;
use std::collections::HashMap;

/// Why readings cannot be compared with the hand-coded reports.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// A line is not the JSON of a report.
    #[error("line {line}: {message}")]
    Json {
        /// Line, counted from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The texts differ, so that offsets would not compare.
    #[error("{id}: the text of the reading is not the text of the hand-coded report; offsets would not compare")]
    Text {
        /// The report.
        id: String,
    },
}

/// A hand-coded report and its reading.
#[derive(Clone, Debug)]
pub struct Pair {
    /// As coded by hand.
    pub gold: Document,
    /// As read; without events when there is no reading.
    pub read: Document,
    /// There is no reading of the report.
    pub missing: bool,
}

/// Reads JSON Lines of reports; of two with one id the later one counts, in the place of the first.
///
/// # Errors
/// [`PairError::Json`] for a line that is no report.
pub fn documents(lines: &str) -> Result<Vec<Document>, PairError> {
    let mut found: Vec<Document> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (n, line) in lines.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let document: Document = serde_json::from_str(line).map_err(|e| PairError::Json {
            line: n + 1,
            message: e.to_string(),
        })?;
        match places.get(&document.id) {
            Some(&known) => found[known] = document,
            None => {
                places.insert(document.id.clone(), found.len());
                found.push(document);
            }
        }
    }
    Ok(found)
}

/// Puts hand-coded reports and readings together by id, in the order of the former.
///
/// # Errors
/// [`PairError::Text`] when the two texts of a report differ.
pub fn pairs(gold: Vec<Document>, read: Vec<Document>) -> Result<Vec<Pair>, PairError> {
    let mut read: HashMap<String, Document> = read.into_iter().map(|d| (d.id.clone(), d)).collect();
    gold.into_iter()
        .map(|gold| {
            let found = read.remove(&gold.id);
            let missing = found.is_none();
            let read = found.unwrap_or_else(|| Document {
                id: gold.id.clone(),
                text: gold.text.clone(),
                ..Document::default()
            });
            if read.text == gold.text {
                Ok(Pair { gold, read, missing })
            } else {
                Err(PairError::Text { id: gold.id })
            }
        })
        .collect()
}
