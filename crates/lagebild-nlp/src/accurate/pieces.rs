//! Words into pieces: the unigram segmentation of SentencePiece (Kudo 2018, *Subword regularization*).

use crate::model::file::{Input, ModelError};
use std::collections::HashMap;

/// Mark of a piece before which a space stands.
const SPACE: char = '\u{2581}';
/// How much worse a character without a piece is than the worst piece, in natural logarithms.
const UNKNOWN_COST: f32 = 10.0;
/// A word counts with so many pieces; what follows is left out, as in training.
const LONGEST: usize = 12;

/// The pieces of the vocabulary.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    /// Row of the embedding and score (natural logarithm of the frequency) of each piece.
    known: HashMap<Box<str>, (u32, f32)>,
    /// What characters are written as: half of NFKC, as a table.
    normal: HashMap<char, Box<str>>,
    /// Bytes of the longest piece.
    longest: usize,
    /// Score of a character without a piece.
    unknown_score: f32,
    /// Row of a character without a piece.
    unknown: u32,
    /// Row of what stands before a sentence.
    pub(super) start: u32,
    /// Row of what stands behind it.
    pub(super) end: u32,
}

impl Pieces {
    /// Reads them from a model file: rows of start, end and unknown; pieces with their scores, a row each from the third on;
    /// characters and what they are written as.
    pub(super) fn read(input: &mut Input<'_>) -> Result<Self, ModelError> {
        let [start, end, unknown] = [0, 1, 2];
        let worst = input.f32()?;
        let count = input.size()?;
        let scores = input.f32s(count)?;
        let mut known = HashMap::with_capacity(count);
        for (i, score) in scores.into_iter().enumerate() {
            known.insert(input.text()?.into_boxed_str(), (3 + i as u32, score));
        }
        let mut normal = HashMap::new();
        for _ in 0..input.size()? {
            let from = char::from_u32(input.u32()?).ok_or(ModelError::Content("no character"))?;
            normal.insert(from, input.text()?.into_boxed_str());
        }
        Ok(Self {
            longest: known.keys().map(|piece| piece.len()).max().unwrap_or(0),
            known,
            normal,
            unknown_score: worst - UNKNOWN_COST,
            unknown,
            start,
            end,
        })
    }

    /// Rows of the embedding: pieces, start, end, unknown.
    pub(super) fn rows(&self) -> usize {
        self.known.len() + 3
    }

    /// The rows of the pieces of a word, one at least; `spaced` says whether a space stands before it.
    pub(super) fn cut(&self, form: &str, spaced: bool) -> Vec<u32> {
        let mut text = String::with_capacity(form.len() + SPACE.len_utf8());
        if spaced {
            text.push(SPACE);
        }
        for c in form.chars() {
            match self.normal.get(&c) {
                Some(written) => text.extend(written.chars().filter(|&c| c != ' ')),
                None if c == ' ' => {}
                None => text.push(c),
            }
        }
        let mut rows = self.best(&text);
        rows.truncate(LONGEST);
        if rows.is_empty() {
            rows.push(self.unknown);
        }
        rows
    }

    /// The segmentation with the best sum of scores (Viterbi). What no piece covers is unknown character by character.
    fn best(&self, text: &str) -> Vec<u32> {
        // For each place in the text: the best score up to it, and where its last piece begins.
        let mut reached: Vec<Option<(f32, usize, u32)>> = vec![None; text.len() + 1];
        reached[0] = Some((0.0, 0, 0));
        let ends: Vec<usize> = text.char_indices().map(|(i, c)| i + c.len_utf8()).collect();
        let mut from = 0;
        for (i, &next) in ends.iter().enumerate() {
            let score = reached[from].map_or(f32::NEG_INFINITY, |(score, ..)| score);
            let mut offer = |to: usize, score: f32, row: u32| {
                if reached[to].is_none_or(|(best, ..)| score > best) {
                    reached[to] = Some((score, from, row));
                }
            };
            for &to in ends[i..].iter().take_while(|&&to| to - from <= self.longest) {
                if let Some(&(row, own)) = self.known.get(&text[from..to]) {
                    offer(to, score + own, row);
                }
            }
            offer(next, score + self.unknown_score, self.unknown);
            from = next;
        }
        let (mut rows, mut at) = (Vec::new(), text.len());
        while let Some((_, from, row)) = reached[at].filter(|_| at > 0) {
            rows.push(row);
            at = from;
        }
        rows.reverse();
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> Pieces {
        let known = [
            ("▁Waffen", -9.0),
            ("▁Waffe", -9.5),
            ("n", -4.0),
            ("▁", -3.0),
            ("lieferung", -10.0),
            ("en", -4.5),
            ("ffi", -9.0),
        ];
        Pieces {
            known: known
                .iter()
                .enumerate()
                .map(|(i, &(piece, score))| (piece.into(), (3 + i as u32, score)))
                .collect(),
            normal: [('ﬃ', "ffi".into()), ('\u{a0}', " ".into()), ('\u{ad}', "".into())].into(),
            longest: 9,
            unknown_score: -20.0,
            unknown: 2,
            start: 0,
            end: 1,
        }
    }

    #[test]
    fn the_best_sum_wins() {
        assert_eq!(pieces().cut("Waffenlieferungen", true), [3, 7, 8]);
        assert_eq!(pieces().cut("Waffe", true), [4]);
    }

    #[test]
    fn what_has_no_piece_is_unknown_but_never_lost() {
        assert_eq!(pieces().cut("日n", true), [6, 2, 5]);
        assert_eq!(pieces().cut("", false), [2]);
        assert_eq!(pieces().cut("\u{ad}", false), [2]);
        assert_eq!(pieces().cut(&"日".repeat(50), false).len(), LONGEST);
    }

    #[test]
    fn characters_are_written_in_their_normal_form() {
        assert_eq!(pieces().cut("ﬃ\u{a0}n", false), [9, 5]);
    }
}
