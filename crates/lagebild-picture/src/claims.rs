//! Who said what about an act, and how that stood: confirmations, denials, the records of speakers.

use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a claim does with the act that it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Position {
    /// Tells it, in whatever way.
    Says,
    /// Confirms it.
    Confirms,
    /// Denies it, or says that it did not happen.
    Denies,
    /// Asks whether it is so.
    Doubts,
}

impl Position {
    /// By the stance of the claim and the status that it gives the act.
    #[must_use]
    pub fn of(stance: &str, status: &str) -> Self {
        match (stance, status) {
            ("deny", _) => Self::Denies,
            ("confirm", _) => Self::Confirms,
            ("question", _) => Self::Doubts,
            (_, "negated") => Self::Denies,
            _ => Self::Says,
        }
    }

    /// Its spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Says => "says",
            Self::Confirms => "confirms",
            Self::Denies => "denies",
            Self::Doubts => "doubts",
        }
    }
}

/// A claim, once for each act that it speaks of, once without an act when it speaks of none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// Names the claim.
    pub claim: i64,
    /// Names the speaker: entity id, else the words.
    pub speaker: String,
    /// Name of the speaker.
    pub name: String,
    /// State or organisation spoken for.
    pub side: Option<String>,
    /// Codebook stance.
    pub stance: String,
    /// Day of the report, ISO 8601.
    pub day: Option<String>,
    /// The act, and what the claim does with it.
    pub act: Option<(i64, Position)>,
}

/// The record of a speaker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Entity id, else the words.
    pub speaker: String,
    /// Name.
    pub name: String,
    /// State or organisation spoken for, when told.
    pub side: Option<String>,
    /// Claims.
    pub claims: usize,
    /// Claims by stance.
    pub stances: BTreeMap<String, usize>,
    /// Acts told or confirmed by the speaker.
    pub told: usize,
    /// Of these: others say so too.
    pub shared: usize,
    /// Of these: confirmed by another speaker.
    pub confirmed: usize,
    /// Of these: denied by another speaker.
    pub denied: usize,
    /// Of these: nobody else speaks of it.
    pub alone: usize,
    /// Acts denied by the speaker.
    pub denials: usize,
    /// Of these: told or confirmed by another speaker.
    pub contradicted: usize,
    /// Day of the first claim.
    pub first: Option<String>,
    /// Day of the last.
    pub last: Option<String>,
}

/// The records of all speakers, the most talkative first.
///
/// They count who agrees with whom and judge nobody: a denial by an interested party is one, and so is its confirmation.
#[must_use]
pub fn records(sayings: &[Saying]) -> Vec<Record> {
    // Who takes which position on each act.
    let mut positions: Vec<(i64, &str, Position)> = Vec::new();
    let mut records: HashMap<&str, Record> = HashMap::new();
    let mut counted: HashSet<i64> = HashSet::new();
    for saying in sayings {
        positions.extend(
            saying
                .act
                .map(|(act, position)| (act, saying.speaker.as_str(), position)),
        );
        let record = records.entry(&saying.speaker).or_default();
        record.name.clone_from(&saying.name);
        record.side = record.side.take().or_else(|| saying.side.clone());
        if counted.insert(saying.claim) {
            record.claims += 1;
            *record.stances.entry(saying.stance.clone()).or_default() += 1;
        }
        if let Some(day) = &saying.day {
            if record.first.as_ref().is_none_or(|first| day < first) {
                record.first = Some(day.clone());
            }
            if record.last.as_ref().is_none_or(|last| day > last) {
                record.last = Some(day.clone());
            }
        }
    }
    positions.sort_unstable();
    positions.dedup();
    for act in positions.chunk_by(|a, b| a.0 == b.0) {
        for own in act.chunk_by(|a, b| a.1 == b.1) {
            let speaker = own[0].1;
            let Some(record) = records.get_mut(speaker) else {
                continue;
            };
            let takes = |wanted: &[Position]| own.iter().any(|p| wanted.contains(&p.2));
            let other = |wanted: &[Position]| act.iter().any(|p| p.1 != speaker && wanted.contains(&p.2));
            const TELL: &[Position] = &[Position::Says, Position::Confirms];
            if takes(TELL) {
                record.told += 1;
                record.shared += usize::from(other(TELL));
                record.confirmed += usize::from(other(&[Position::Confirms]));
                record.denied += usize::from(other(&[Position::Denies]));
                record.alone += usize::from(own.len() == act.len());
            }
            if takes(&[Position::Denies]) {
                record.denials += 1;
                record.contradicted += usize::from(other(TELL));
            }
        }
    }
    let mut records: Vec<Record> = records
        .into_iter()
        .map(|(speaker, record)| Record {
            speaker: speaker.to_owned(),
            ..record
        })
        .collect();
    records.sort_by(|a, b| b.claims.cmp(&a.claims).then_with(|| a.speaker.cmp(&b.speaker)));
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saying(claim: i64, speaker: &str, stance: &str, act: Option<(i64, Position)>) -> Saying {
        Saying {
            claim,
            speaker: speaker.to_owned(),
            name: speaker.to_owned(),
            side: None,
            stance: stance.to_owned(),
            day: Some(format!("2024-10-{:02}", 10 + claim)),
            act,
        }
    }

    #[test]
    fn positions_follow_stance_and_status() {
        assert_eq!(Position::of("state", "negated"), Position::Denies);
        assert_eq!(Position::of("confirm", "actual"), Position::Confirms);
        assert_eq!(Position::of("warn", "planned"), Position::Says);
    }

    #[test]
    fn records_count_who_agrees_and_who_denies() {
        let sayings = [
            saying(1, "NIS", "state", Some((7, Position::Says))),
            saying(2, "Kreml", "deny", Some((7, Position::Denies))),
            saying(3, "Nato", "confirm", Some((7, Position::Confirms))),
            saying(4, "NIS", "expect", Some((8, Position::Says))),
            saying(4, "NIS", "expect", Some((9, Position::Says))),
            saying(5, "NIS", "warn", None),
        ];
        let records = records(&sayings);
        let nis = &records[0];
        assert_eq!((nis.speaker.as_str(), nis.claims, nis.told), ("NIS", 3, 3));
        assert_eq!((nis.shared, nis.confirmed, nis.denied, nis.alone), (1, 1, 1, 2));
        assert_eq!(nis.stances["expect"], 1, "one claim on two acts is one claim");
        assert_eq!(
            (nis.first.as_deref(), nis.last.as_deref()),
            (Some("2024-10-11"), Some("2024-10-15"))
        );
        let kremlin = records.iter().find(|r| r.speaker == "Kreml").unwrap();
        assert_eq!((kremlin.told, kremlin.denials, kremlin.contradicted), (0, 1, 1));
    }
}
