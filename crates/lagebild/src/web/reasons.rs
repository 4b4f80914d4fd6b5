//! The reasons of the engine in the language of the page: `reasons.tsv` has them as phrases with gaps.

use super::text::Ui;
use std::sync::LazyLock;

/// A phrase with gaps.
struct Phrase {
    /// What stands around the gaps: one more than there are.
    english: Vec<&'static str>,
    german: &'static str,
}

impl Phrase {
    /// What fills the gaps when `text` is this phrase: as little as possible in each but the last.
    fn gaps<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let (first, others) = self.english.split_first()?;
        let mut rest = text.strip_prefix(first)?;
        let Some((last, between)) = others.split_last() else {
            return rest.is_empty().then(Vec::new);
        };
        let mut gaps = Vec::new();
        for literal in between {
            let (gap, behind) = rest.split_once(literal)?;
            gaps.push(gap);
            rest = behind;
        }
        gaps.push(rest.strip_suffix(last)?);
        gaps.iter().all(|gap| !gap.is_empty()).then_some(gaps)
    }
}

/// The phrases, those with most words of their own first.
static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let lines = include_str!("reasons.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'));
    let mut phrases: Vec<Phrase> = lines
        .filter_map(|line| {
            let (english, german) = line.split_once('\t')?;
            Some(Phrase {
                english: english
                    .split('{')
                    .enumerate()
                    .map(|(n, piece)| if n == 0 { piece } else { &piece[2..] })
                    .collect(),
                german,
            })
        })
        .collect();
    phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.english.concat().len()));
    phrases
});

/// A reason in the language of the page; nothing when it is known in English only.
pub(super) fn reason(ui: Ui, english: &str) -> Option<String> {
    match ui {
        Ui::En => Some(english.to_owned()),
        Ui::De => german(english),
    }
}

fn german(english: &str) -> Option<String> {
    PHRASES.iter().find_map(|phrase| {
        let gaps = phrase.gaps(english)?;
        let mut text = String::new();
        for (n, piece) in phrase.german.split('{').enumerate() {
            let piece = if n == 0 {
                piece
            } else {
                let gap = gaps.get(piece.get(..1)?.parse::<usize>().ok()?.checked_sub(1)?)?;
                // Names and words of the report stay as they are.
                text.push_str(&german(gap).unwrap_or_else(|| (*gap).to_owned()));
                &piece[2..]
            };
            text.push_str(piece);
        }
        Some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_in_german_down_to_what_they_name() {
        let german = |english| reason(Ui::De, english).unwrap();
        assert_eq!(german("subject of the trigger"), "Subjekt des Auslösers");
        assert_eq!(
            german("\"mit\" at the object of the trigger: not there"),
            "\"mit\" am Objekt des Auslösers: nicht vorhanden"
        );
        assert_eq!(
            german("\"Er\" stands for \"Putin\" and \"Kim\""),
            "\"Er\" steht für \"Putin\" und \"Kim\""
        );
        assert_eq!(
            german("needs as object of the trigger: &abkommen; there is \"Haus\" (lemma Haus), \"Hof\""),
            "braucht als Objekt des Auslösers: &abkommen; dort steht \"Haus\" (lemma Haus), \"Hof\""
        );
        assert_eq!(
            german("Präsident (RUS) 2012-05-07 to 2026-01-01, not in office on 2027-01-01: stands for it all the same"),
            "Präsident (RUS) 2012-05-07 bis 2026-01-01, am 2027-01-01 nicht im Amt: steht trotzdem dafür"
        );
        assert_eq!(reason(Ui::De, "a reason nobody translated"), None);
        assert_eq!(reason(Ui::En, "whatever").as_deref(), Some("whatever"));
    }

    #[test]
    fn every_phrase_is_whole() {
        let lines = include_str!("reasons.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'));
        for line in lines.clone() {
            let (english, german) = line.split_once('\t').unwrap();
            for n in 1..=5 {
                let gap = format!("{{{n}}}");
                assert_eq!(english.matches(&gap).count(), german.matches(&gap).count(), "{line}");
            }
            assert!(reason(Ui::De, &english.replace(['{', '}'], "")).is_some(), "{line}");
        }
        assert_eq!(lines.count(), PHRASES.len());
    }
}
