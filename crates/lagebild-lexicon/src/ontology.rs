//! Numbers of the event ontologies: CAMEO codes with Goldstein values, PLOVER scores.
//!
//! Tables in `data/ontology`, with their sources and licences.

use lagebild_core::codebook::{EventType, Mode};
use std::collections::HashMap;
use std::sync::LazyLock;

static GOLDSTEIN: LazyLock<HashMap<&'static str, Option<f32>>> = LazyLock::new(|| {
    rows(include_str!("../../../data/ontology/cameo.tsv"))
        .map(|cells| (cells[0], cells.get(1).and_then(|value| value.parse().ok())))
        .collect()
});

/// Score and CAMEO code of a type and mode.
type Score = (f32, &'static str);

static SCORES: LazyLock<HashMap<(&'static str, &'static str), Score>> = LazyLock::new(|| {
    rows(include_str!("../../../data/ontology/plover.tsv"))
        .filter_map(|cells| {
            Some((
                (cells[0], *cells.get(1)?),
                (cells.get(2)?.parse().ok()?, *cells.get(3)?),
            ))
        })
        .collect()
});

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
        .map(|l| l.split('\t').collect())
}

/// Whether `code` is a CAMEO code.
#[must_use]
pub fn is_cameo(code: &str) -> bool {
    GOLDSTEIN.contains_key(code)
}

/// Goldstein value of a CAMEO code, −10 to 10; of its parent code where the code itself has none.
#[must_use]
pub fn goldstein(code: &str) -> Option<f32> {
    (2..=code.len())
        .rev()
        .find_map(|n| GOLDSTEIN.get(code.get(..n)?).copied().flatten())
}

/// PLOVER conflict–cooperation score of an event, −10 to 10; that of the type where the mode has none.
#[must_use]
pub fn plover_score(kind: EventType, mode: Option<Mode>) -> f32 {
    row(kind, mode).map_or(0.0, |r| r.0)
}

/// The CAMEO code that fits a type and mode best, for entries that name none.
#[must_use]
pub fn default_cameo(kind: EventType, mode: Option<Mode>) -> &'static str {
    row(kind, mode).map_or("", |r| r.1)
}

fn row(kind: EventType, mode: Option<Mode>) -> Option<Score> {
    let of = |mode: &'static str| SCORES.get(&(kind.as_str(), mode)).copied();
    mode.and_then(|m| of(m.as_str())).or_else(|| of(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_and_mode_has_a_score_and_a_code() {
        for &kind in EventType::ALL {
            for mode in kind.modes().iter().map(|&m| Some(m)).chain([None]) {
                let code = default_cameo(kind, mode);
                assert!(is_cameo(code), "{kind} {mode:?}: {code:?}");
                assert!(row(kind, mode).is_some());
            }
        }
        assert_eq!(goldstein("057"), Some(8.0));
        assert!(plover_score(EventType::Accuse, None) < 0.0);
    }
}
