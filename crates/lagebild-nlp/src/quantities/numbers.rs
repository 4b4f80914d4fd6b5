//! Numbers in digits and words.

use crate::times::atoms::{Atom, Kind};
use lagebild_core::Lang;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A number found in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
    /// Its value.
    pub(crate) value: f64,
    /// The atom after it.
    pub(crate) end: usize,
    /// Whether it stands for so many or more: *Hunderte*, *dozens*.
    pub(crate) indefinite: bool,
    /// Whether it is nothing but an indefinite article: *ein*, *a*.
    pub(crate) article: bool,
}

/// The table as the file has it: value → words.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    units: HashMap<String, Vec<String>>,
    multipliers: HashMap<String, Vec<String>>,
    short_multipliers: HashMap<String, Vec<String>>,
    plurals: HashMap<String, Vec<String>>,
    fractions: HashMap<String, Vec<String>>,
    ordinals: HashMap<String, Vec<String>>,
    both: Vec<String>,
    articles: Vec<String>,
    joiner: Vec<String>,
    endings: Vec<String>,
}

/// The number words of a language.
pub(crate) struct Words {
    units: HashMap<String, f64>,
    multipliers: HashMap<String, f64>,
    /// Multipliers that follow digits only: *Mio.*, *bn*.
    short_multipliers: HashMap<String, f64>,
    plurals: HashMap<String, f64>,
    fractions: HashMap<String, f64>,
    ordinals: HashMap<String, f64>,
    both: Vec<String>,
    articles: Vec<String>,
    /// *und*, *and* inside a number.
    joiner: Vec<String>,
    lang: Lang,
}

static GERMAN: LazyLock<Words> =
    LazyLock::new(|| Words::load(include_str!("../../../../data/lang/de/numbers.toml"), Lang::De));
static ENGLISH: LazyLock<Words> =
    LazyLock::new(|| Words::load(include_str!("../../../../data/lang/en/numbers.toml"), Lang::En));

/// The number words of `lang`.
pub(crate) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::De => &GERMAN,
        Lang::En => &ENGLISH,
    }
}

impl Words {
    fn load(source: &str, lang: Lang) -> Self {
        let table: Table = toml::from_str(source).expect("built-in data is checked by a test");
        let by_word = |map: HashMap<String, Vec<String>>| -> HashMap<String, f64> {
            let values = map
                .into_iter()
                .filter_map(|(value, words)| Some((value.parse::<f64>().ok()?, words)));
            values
                .flat_map(|(value, words)| words.into_iter().map(move |word| (word, value)))
                .collect()
        };
        let stems = by_word(table.ordinals);
        let mut ordinals = HashMap::new();
        for ending in &table.endings {
            ordinals.extend(stems.iter().map(|(stem, &value)| (stem.clone() + ending, value)));
        }
        Self {
            units: by_word(table.units),
            multipliers: by_word(table.multipliers),
            short_multipliers: by_word(table.short_multipliers),
            plurals: by_word(table.plurals),
            fractions: by_word(table.fractions),
            ordinals,
            both: table.both,
            articles: table.articles,
            joiner: table.joiner,
            lang,
        }
    }

    /// The value of an ordinal: *dritten*, *third*.
    pub(crate) fn ordinal(&self, lower: &str) -> Option<u32> {
        self.ordinals.get(lower).map(|&value| value as u32)
    }

    /// Whether a word is *beide*, *both*.
    pub(crate) fn is_both(&self, lower: &str) -> bool {
        self.both.iter().any(|word| word == lower)
    }

    /// Whether a word stands for so many or more: *Hunderte*, *dozens*.
    pub(crate) fn is_indefinite(&self, lower: &str) -> bool {
        self.plurals.contains_key(lower)
    }

    /// Whether a word is an indefinite article, which counts one thing.
    pub(crate) fn is_article(&self, lower: &str) -> bool {
        self.articles.iter().any(|word| word == lower)
    }

    /// The value of a number word, German compounds included.
    pub(crate) fn word(&self, lower: &str) -> Option<f64> {
        if let Some(&value) = self.units.get(lower).or_else(|| self.fractions.get(lower)) {
            return Some(value);
        }
        (self.lang == Lang::De)
            .then(|| self.compound(lower, 1_000_000.0))
            .flatten()
    }

    /// A German compound below `limit`: `[X]tausend[Y]`, `[X]hundert[Y]`, `[X]und[Y]`.
    fn compound(&self, word: &str, limit: f64) -> Option<f64> {
        if let Some(&value) = self.units.get(word) {
            return Some(value).filter(|v| *v < limit);
        }
        for (part, size) in [("tausend", 1000.0), ("hundert", 100.0)] {
            if size < limit
                && let Some((left, right)) = word.split_once(part)
            {
                let many = if left.is_empty() {
                    Some(1.0)
                } else {
                    self.compound(left, size)
                };
                let right = right.strip_prefix("und").unwrap_or(right);
                let rest = if right.is_empty() {
                    Some(0.0)
                } else {
                    self.compound(right, size)
                };
                return Some(many? * size + rest?);
            }
        }
        let (one, ten) = word.split_once("und")?;
        let (one, ten) = (*self.units.get(one)?, *self.units.get(ten)?);
        (one < 10.0 && ten >= 20.0).then_some(one + ten)
    }

    /// The value of a word that multiplies: *Millionen*.
    pub(crate) fn multiplier(&self, lower: &str, after_digits: bool) -> Option<f64> {
        let short = self.short_multipliers.get(lower).filter(|_| after_digits);
        self.multipliers.get(lower).or(short).copied()
    }

    /// The number that starts at atom `i`, with the words that multiply it.
    pub(crate) fn number_at(&self, atoms: &[Atom<'_>], i: usize) -> Option<Number> {
        let first = atoms.get(i)?;
        let (mut value, mut end, digits) = match first.kind {
            Kind::Digits => {
                let (value, end) = self.digits_at(atoms, i)?;
                (value, end, true)
            }
            Kind::Word => {
                if let Some(&value) = self.plurals.get(&first.lower) {
                    return Some(Number {
                        value,
                        end: i + 1,
                        indefinite: true,
                        article: false,
                    });
                }
                let (value, end) = self.words_at(atoms, i)?;
                (value, end, false)
            }
            Kind::Mark => return None,
        };
        let article = end == i + 1 && self.is_article(&first.lower);
        let mut multiplied = false;
        while let Some(next) = atoms.get(end) {
            // "eine halbe Million", "half a million"
            if !multiplied && !digits {
                if let Some(&part) = self.fractions.get(&next.lower).filter(|_| article) {
                    value = part;
                    end += 1;
                    continue;
                }
                let skips_article = value < 1.0 && self.is_article(&next.lower);
                if skips_article
                    && atoms
                        .get(end + 1)
                        .is_some_and(|a| self.multipliers.contains_key(&a.lower))
                {
                    end += 1;
                    continue;
                }
            }
            let Some(factor) = self.multiplier(&next.lower, digits) else {
                break;
            };
            value *= factor;
            end += 1;
            multiplied = true;
            // "5 Mio. Euro"
            if self.short_multipliers.contains_key(&next.lower) && atoms.get(end).is_some_and(|a| a.is('.') && a.glued)
            {
                end += 1;
            }
        }
        Some(Number {
            value,
            end,
            indefinite: false,
            article: article && !multiplied && end == i + 1,
        })
    }

    /// Digits with marks of thousands and decimals.
    fn digits_at(&self, atoms: &[Atom<'_>], i: usize) -> Option<(f64, usize)> {
        let (thousands, decimal) = match self.lang {
            Lang::De => ('.', ','),
            Lang::En => (',', '.'),
        };
        let mut text = atoms.get(i)?.text.to_owned();
        let mut end = i + 1;
        if text.len() <= 3 {
            while let (Some(mark), Some(group)) = (atoms.get(end), atoms.get(end + 1)) {
                let is_group = mark.is(thousands) && mark.glued && group.glued && group.kind == Kind::Digits;
                if !is_group || group.text.len() != 3 {
                    break;
                }
                text.push_str(group.text);
                end += 2;
            }
        }
        if let (Some(mark), Some(part)) = (atoms.get(end), atoms.get(end + 1))
            && mark.is(decimal)
            && mark.glued
            && part.glued
            && part.kind == Kind::Digits
        {
            text.push('.');
            text.push_str(part.text);
            end += 2;
        }
        Some((text.parse().ok()?, end))
    }

    /// Number words: one compound in German, several words in English (*two hundred and fifty*).
    fn words_at(&self, atoms: &[Atom<'_>], i: usize) -> Option<(f64, usize)> {
        let first = atoms.get(i)?;
        let mut value = self
            .word(&first.lower)
            .or_else(|| self.multipliers.get(&first.lower).copied())?;
        let mut end = i + 1;
        if self.lang == Lang::De {
            return Some((value, end));
        }
        while let Some(next) = atoms.get(end) {
            let joined = next.is('-') && next.glued || (self.joiner.contains(&next.lower) && value >= 100.0);
            let at = end + usize::from(joined);
            let Some(word) = atoms.get(at).filter(|a| a.kind == Kind::Word) else {
                break;
            };
            if self.is_article(&word.lower) && word.lower != "one" {
                break;
            }
            if let Some(&unit) = self.units.get(&word.lower) {
                let fits = (unit < 10.0 && value % 10.0 == 0.0 && value >= 20.0)
                    || (unit < 100.0 && value % 100.0 == 0.0 && value >= 100.0);
                if !fits {
                    break;
                }
                value += unit;
            } else if let Some(&factor) = self
                .multipliers
                .get(&word.lower)
                .filter(|&&f| !joined && f > value % 1000.0)
            {
                // "two hundred", "two hundred thousand"; the caller multiplies by the last.
                value *= factor;
            } else {
                break;
            }
            end = at + 1;
        }
        Some((value, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::times::atoms::atoms;
    use lagebild_core::Span;

    #[track_caller]
    fn check(lang: Lang, text: &str, value: f64, rest: &str) {
        let atoms = atoms(text, Span::at(0, text.len()));
        let number = words(lang)
            .number_at(&atoms, 0)
            .unwrap_or_else(|| panic!("no number in {text}"));
        let tail = atoms.get(number.end).map_or("", |a| &text[a.start..]);
        assert_eq!((number.value, tail), (value, rest), "{text}");
    }

    #[test]
    fn german_numbers() {
        for (text, value, rest) in [
            ("3.000 Soldaten", 3000.0, "Soldaten"),
            ("1.250.000 Menschen", 1_250_000.0, "Menschen"),
            ("1,5 Millionen Menschen", 1_500_000.0, "Menschen"),
            ("60 Milliarden Dollar", 6e10, "Dollar"),
            ("5 Mio. Euro", 5e6, "Euro"),
            ("zwölf Tote", 12.0, "Tote"),
            ("zweiundzwanzig Jahre", 22.0, "Jahre"),
            ("dreihundertfünfzig Mann", 350.0, "Mann"),
            ("zweitausenddreihundert Mann", 2300.0, "Mann"),
            ("hunderttausend Mann", 100_000.0, "Mann"),
            ("eintausend Christen", 1000.0, "Christen"),
            ("hundert Soldaten", 100.0, "Soldaten"),
            ("drei Millionen", 3e6, ""),
            ("eine halbe Million Euro", 5e5, "Euro"),
            ("anderthalb Jahre", 1.5, "Jahre"),
            ("zwei Dutzend Panzer", 24.0, "Panzer"),
            ("Hunderte Menschen", 100.0, "Menschen"),
            ("2024 war", 2024.0, "war"),
            ("15.30 Uhr", 15.0, ".30 Uhr"),
        ] {
            check(Lang::De, text, value, rest);
        }
        for text in ["Tausendsassa", "Hundertschaft", "und", "Achtung", "Einheit"] {
            let atoms = atoms(text, Span::at(0, text.len()));
            assert_eq!(words(Lang::De).number_at(&atoms, 0), None, "{text}");
        }
    }

    #[test]
    fn english_numbers() {
        for (text, value, rest) in [
            ("3,000 troops", 3000.0, "troops"),
            ("2.5 million people", 2_500_000.0, "people"),
            ("twenty-two men", 22.0, "men"),
            ("two hundred and fifty men", 250.0, "men"),
            ("two hundred thousand men", 200_000.0, "men"),
            ("a dozen tanks", 12.0, "tanks"),
            ("dozens of people", 24.0, "of people"),
            ("half a million", 500_000.0, ""),
            ("200bn", 2e11, ""),
            ("one of", 1.0, "of"),
        ] {
            check(Lang::En, text, value, rest);
        }
    }
}
