//! Which language a text is in.
//!
//! Function words decide between German and English: a dozen words of news text hold several of them, where n-gram
//! detectors need a paragraph and are misled by names. The n-gram detector (whatlang) is asked only when the text has
//! few function words of either, to tell a third language.

use crate::error::Error;
use lagebild_core::Lang;
use std::collections::HashMap;
use std::sync::LazyLock;

/// How much of a text is looked at, in words.
const SAMPLE: usize = 2000;
/// Shares of function words, in percent of all words, below which a third language is considered.
const FEW: usize = 12;

static WORDS: LazyLock<HashMap<String, Lang>> = LazyLock::new(|| {
    let table: HashMap<String, Vec<String>> = toml::from_str(include_str!("../../../data/ingest/languages.toml"))
        .expect("built-in data is checked by a test");
    let mut words = HashMap::new();
    for (code, list) in table {
        if let Some(lang) = Lang::from_code(&code) {
            words.extend(list.into_iter().map(|word| (word, lang)));
        }
    }
    words
});

/// Detects the language of `text`.
///
/// A text without any evidence (a single name) counts as German, the language read first.
///
/// # Errors
/// [`Error::UnsupportedLanguage`] when the text is clearly in neither German nor English.
pub fn detect_language(text: &str) -> Result<Lang, Error> {
    let (mut german, mut english, mut all) = (0usize, 0usize, 0usize);
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    for word in words.take(SAMPLE) {
        all += 1;
        match WORDS.get(word.to_lowercase().as_str()) {
            Some(Lang::De) => german += 1,
            Some(Lang::En) => english += 1,
            None => {}
        }
    }
    let best = german.max(english);
    if best * 100 < all * FEW {
        let sample: String = text.chars().take(SAMPLE * 6).collect();
        if let Some(info) = whatlang::detect(&sample) {
            match info.lang() {
                whatlang::Lang::Deu => return Ok(Lang::De),
                whatlang::Lang::Eng => return Ok(Lang::En),
                other if info.is_reliable() && (best == 0 || all >= 30) => {
                    return Err(Error::UnsupportedLanguage {
                        code: other.code().to_owned(),
                    });
                }
                _ => {}
            }
        }
    }
    Ok(match german.cmp(&english) {
        std::cmp::Ordering::Less => Lang::En,
        std::cmp::Ordering::Greater => Lang::De,
        // Umlauts and ß settle a tie; English has neither.
        std::cmp::Ordering::Equal => {
            let latin_only = text.is_ascii() && whatlang::detect_lang(text) == Some(whatlang::Lang::Eng);
            if latin_only { Lang::En } else { Lang::De }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        let cases = [
            ("Russland und Nordkorea besiegeln strategisches Bündnis", Some(Lang::De)),
            ("Putin trifft Kim in Pjöngjang", Some(Lang::De)),
            (
                "North Korea says 'no way' will disarm unilaterally without trust",
                Some(Lang::En),
            ),
            ("The minister said that Seoul was weighing its options.", Some(Lang::En)),
            (
                "Le président a déclaré que la situation dans le pays restait très difficile pour les habitants.",
                None,
            ),
            (
                "El presidente dijo que la situación en el país seguía siendo muy difícil para los habitantes.",
                None,
            ),
            (
                "Министр заявил, что переговоры продолжатся на следующей неделе в Москве.",
                None,
            ),
            (
                "De minister zei dat de situatie in het land zeer moeilijk blijft voor de inwoners van de stad.",
                None,
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(detect_language(text).ok(), expected, "{text}");
        }
    }
}
