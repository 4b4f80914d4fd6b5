//! The spelling in which words are read, where a text has another one. Where they stand in the text stays as it is.
//!
//! Texts come with letters and accents apart (`u` and `◌̈`, as some programs for PDF write them), with umlauts in two letters (*Suedkorea
//! verhaengt Sanktionen*, as agencies long sent them) or without the letter ß (as in Switzerland), with words broken at the end of a line, and with headlines in capitals. Models, lexicon and
//! names know none of these spellings, so each word is given the form that it has in other texts.

use super::scan::{is_hyphen, is_invisible};
use super::words::Words;
use super::{RawSentence, RawWord};
use crate::morph::{Morphology, Source, capitalised};
use lagebild_core::{Document, Lang};
use std::collections::HashSet;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// The form of a word by the text that it stands in: without what is invisible and without the break of a line, each letter with its accents one character.
pub(super) fn form(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    let mut rest = text.chars().filter(|&c| !is_invisible(c)).peekable();
    while let Some(c) = rest.next() {
        if is_hyphen(c) && rest.peek().is_some_and(|c| c.is_whitespace()) {
            while rest.next_if(|c| c.is_whitespace()).is_some() {}
            // "Ukra-⏎ine", but "US-⏎Präsident"
            if rest.peek().is_none_or(|next| !next.is_lowercase()) {
                form.push(c);
            }
            continue;
        }
        form.push(c);
    }
    if is_nfc(&form) { form } else { form.nfc().collect() }
}

/// A word as its text spells it, on one line and without what is invisible.
pub(crate) fn surface(text: &str) -> String {
    let shown = text.chars().filter(|&c| !is_invisible(c));
    if text.contains('\n') {
        shown.filter(|c| !c.is_whitespace()).collect()
    } else {
        shown.collect()
    }
}

/// Gives words their usual spelling.
pub(super) fn settle(sentences: &mut [RawSentence], doc: &Document) {
    for sentence in sentences.iter_mut().filter(|s| is_in_capitals(s)) {
        let mut first = true;
        for word in &mut sentence.words {
            word.form = out_of_capitals(&word.form, first, doc.lang);
            first &= !word.form.contains(char::is_alphabetic);
        }
    }
    if doc.lang == Lang::En {
        for sentence in sentences.iter_mut().filter(|s| is_in_title_case(s)) {
            for word in sentence.words.iter_mut().skip(1) {
                if let Some(lower) = out_of_title_case(&word.form) {
                    word.form = lower;
                }
            }
        }
    }
    if doc.lang == Lang::De {
        spell_in_one_letter(sentences, &Missing::in_text(&doc.text));
    }
}

/// Whether all words of a sentence stand in capitals, and they are not just abbreviations.
fn is_in_capitals(sentence: &RawSentence) -> bool {
    let (mut words, mut long) = (0, 0);
    for word in &sentence.words {
        let mut letters = word.form.chars().filter(|c| c.is_alphabetic()).peekable();
        if letters.peek().is_none() {
            continue;
        }
        let mut length = 0;
        for c in letters {
            // The sharp s has no capital in common use.
            if c.is_lowercase() && c != 'ß' {
                return false;
            }
            length += 1;
        }
        words += 1;
        long += usize::from(length >= LONGEST_ABBREVIATION);
    }
    long >= 2 || long == 1 && words >= 3
}

/// Words of so many letters are capitals in a title, all but a few particles.
const LONG_IN_TITLE: usize = 5;

/// Whether an English headline is written as a title, *Senate Turns Down Test Ban Treaty*: each long word begins with a capital, three of them words that
/// are commoner without.
fn is_in_title_case(sentence: &RawSentence) -> bool {
    let open = sentence.words.last().is_none_or(|w| !w.form.ends_with('.'));
    let mut common = 0;
    for word in sentence.words.iter().skip(1) {
        let small = word.form.starts_with(char::is_lowercase);
        if small && word.form.chars().count() >= LONG_IN_TITLE {
            return false;
        }
        common += usize::from(out_of_title_case(&word.form).is_some());
    }
    open && common >= 3
}

/// By so much a word is commoner in small letters where its capital is no part of it: "turns", but not "Bush".
const FAR_COMMONER: u8 = 2;

/// An English word with a capital that is far commoner without one, and so spelled.
fn out_of_title_case(form: &str) -> Option<String> {
    let mut letters = form.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    let stays = Words::of(Lang::En).stays_in_capitals(form);
    if !capital || stays || !letters.all(char::is_lowercase) || form.len() < 2 {
        return None;
    }
    let morphology = Morphology::get(Lang::En);
    let lower = form.to_lowercase();
    let common = |form: &str| morphology.lookup(form).map(|entry| entry.frequency());
    let (small, capital) = (common(&lower)?, common(form));
    capital
        .is_none_or(|capital| small >= capital + FAR_COMMONER)
        .then_some(lower)
}

/// Letters from which on a word in capitals is more likely one of a headline than an abbreviation.
const LONGEST_ABBREVIATION: usize = 5;

/// A word of a sentence in capitals as it is spelled otherwise: the commonest of its spellings.
fn out_of_capitals(form: &str, first: bool, lang: Lang) -> String {
    let words = Words::of(lang);
    let parts: Vec<String> = form
        .split('-')
        .enumerate()
        .map(|(i, part)| part_out_of_capitals(part, first && i == 0, lang, words))
        .collect();
    parts.join("-")
}

fn part_out_of_capitals(part: &str, first: bool, lang: Lang, words: &Words) -> String {
    let letters = part.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 2 || words.stays_in_capitals(part) {
        return part.to_owned();
    }
    let morphology = Morphology::get(lang);
    let lower = part.to_lowercase();
    let title = capitalised(&lower);
    let common = |form: &str| morphology.lookup(form).map(|entry| entry.frequency());
    // The later of equals: a noun or name before a verb, a word before an abbreviation.
    let spellings = [part.to_owned(), lower.clone(), title.clone()];
    let known = spellings.iter().filter_map(|s| Some((common(s)?, s)));
    let best = known.max_by_key(|(frequency, _)| *frequency).map(|(_, s)| s.clone());
    let best = best.unwrap_or_else(|| {
        let is_word = |form: &str| morphology.analyses(form).iter().any(|a| a.source == Source::Compound);
        match letters {
            _ if is_word(&title) => title.clone(),
            _ if is_word(&lower) => lower,
            // "KFOR", "UNIFIL" are no words; longer ones are names.
            ..=LONGEST_ABBREVIATION if !is_spoken(part) => part.to_owned(),
            _ => title.clone(),
        }
    });
    if first && best.starts_with(char::is_lowercase) {
        title
    } else {
        best
    }
}

/// Whether letters in capitals can be said as a word: a vowel at every third letter or so (*MALI*, not *KFOR*).
fn is_spoken(word: &str) -> bool {
    let is_vowel = |c: &char| "AEIOUYÄÖÜ".contains(*c);
    let letters: Vec<char> = word.chars().collect();
    letters.len() > 3 && letters.windows(3).all(|three| three.iter().any(is_vowel))
}

/// German letters that a text never uses, so that two others may stand for each of them.
struct Missing {
    /// *ae* for *ä*
    umlauts: bool,
    /// *ss* for *ß*, as always in Switzerland
    sharp_s: bool,
}

impl Missing {
    fn in_text(text: &str) -> Self {
        Self {
            // Letters with accents apart have theirs, too.
            umlauts: !text.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü', '\u{308}']),
            sharp_s: !text.contains('ß'),
        }
    }

    /// The letter that a pair may stand for.
    fn letter(&self, pair: &str) -> Option<&'static str> {
        let umlaut = |letter| self.umlauts.then_some(letter);
        match pair {
            "ae" => umlaut("ä"),
            "oe" => umlaut("ö"),
            "ue" => umlaut("ü"),
            "Ae" | "AE" => umlaut("Ä"),
            "Oe" | "OE" => umlaut("Ö"),
            "Ue" | "UE" => umlaut("Ü"),
            "ss" => self.sharp_s.then_some("ß"),
            _ => None,
        }
    }
}

/// Different words that must be known only with those letters before a text is taken for one that has none: one alone may be a name.
const WORDS_IN_TWO_LETTERS: usize = 2;

/// Gives the words of a German text the letters that it lacks, where the lexicon knows them only so: *fuer*, *Praesident*, *hiess*, but not *Israel*.
fn spell_in_one_letter(sentences: &mut [RawSentence], missing: &Missing) {
    let mut spelled: Vec<(&mut RawWord, String)> = Vec::new();
    for word in sentences.iter_mut().flat_map(|s| &mut s.words) {
        if let Some(form) = in_one_letter(&word.form, missing) {
            spelled.push((word, form));
        }
    }
    let different: HashSet<String> = spelled.iter().map(|(_, form)| form.to_lowercase()).collect();
    if different.len() >= WORDS_IN_TWO_LETTERS {
        for (word, form) in spelled {
            word.form = form;
        }
    }
}

/// Places at most where two letters may stand for one; longer words have not more.
const MOST_PAIRS: usize = 4;

/// `form` with those letters that make a word of the lexicon of it; `None` where it is one as it is, or never becomes one.
fn in_one_letter(form: &str, missing: &Missing) -> Option<String> {
    let pairs: Vec<(usize, &str)> = (0..form.len().saturating_sub(1))
        .filter_map(|at| Some((at, missing.letter(form.get(at..at + 2)?)?)))
        .take(MOST_PAIRS)
        .collect();
    let morphology = Morphology::get(Lang::De);
    let is_word = |form: &str| {
        let first = morphology.analyses(form).first().map(|a| a.source);
        first.is_some_and(|source| source != Source::Shape)
    };
    if pairs.is_empty() || is_word(form) {
        return None;
    }
    // All pairs first: who has no umlauts has none anywhere, but for "Israel" and its like.
    let mut choices: Vec<u32> = (1..1 << pairs.len()).collect();
    choices.sort_by_key(|choice: &u32| std::cmp::Reverse(choice.count_ones()));
    choices.into_iter().find_map(|choice| {
        let mut spelled = String::with_capacity(form.len());
        let mut at = 0;
        for (i, (place, letter)) in pairs.iter().enumerate() {
            if choice & (1 << i) != 0 && *place >= at {
                spelled.push_str(&form[at..*place]);
                spelled.push_str(letter);
                at = place + 2;
            }
        }
        spelled.push_str(&form[at..]);
        is_word(&spelled).then_some(spelled)
    })
}
