//! Words as the tables and the texts spell them, brought to one form.
//!
//! A text is cut into [`Atom`]s: the parts between spaces, hyphens, slashes and apostrophes, lower-cased and without
//! diacritics but the German umlauts. So *Kim Jong-un* and *Kim Jong Un*, *Élysée-Palast* and *Elysee-Palast*, *Lord's*
//! as one token or two, come out the same; and a compound such as *US-Präsident* falls into the parts that name somebody.

use lagebild_core::Lang;
use std::borrow::Cow;

/// Part of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atom {
    /// Lower-cased and folded.
    pub text: Box<str>,
    /// Byte offset in the token.
    pub start: u32,
    /// Byte offset of its end in the token.
    pub end: u32,
    /// Begins with a capital letter or a digit.
    pub upper: bool,
    /// Has no small letter.
    pub caps: bool,
}

/// Whether `c` parts atoms.
fn parts(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '‐' | '‑' | '–' | '/' | '\'' | '’' | 'ʼ' | '`' | '´' | '‘' | '(' | ')' | ',' | '"'
        )
}

/// Cuts `token` into atoms; one without letters or digits has none.
#[must_use]
pub fn atoms(token: &str) -> Vec<Atom> {
    let mut found = Vec::with_capacity(1);
    let mut start = 0;
    for (at, c) in token.char_indices().chain([(token.len(), ' ')]) {
        if !parts(c) {
            continue;
        }
        let piece = &token[start..at];
        if piece.chars().any(char::is_alphanumeric) {
            found.push(Atom {
                text: fold(piece).into(),
                start: start as u32,
                end: at as u32,
                upper: piece.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric()),
                caps: !piece.chars().any(char::is_lowercase),
            });
        }
        start = at + c.len_utf8();
    }
    found
}

/// `word` lower-cased, without full stops and without diacritics but the German umlauts; `ß` becomes `ss`.
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return Cow::Borrowed(word);
    }
    if word.is_ascii() {
        let lower = word
            .bytes()
            .filter(|b| *b != b'.')
            .map(|b| char::from(b.to_ascii_lowercase()));
        return Cow::Owned(lower.collect());
    }
    let mut out = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            '.' | '\u{307}' => {}
            'ß' => out.push_str("ss"),
            'á' | 'à' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' | 'ə' => out.push('a'),
            'æ' => out.push_str("ae"),
            'ç' | 'ć' | 'č' => out.push('c'),
            'đ' | 'ď' | 'ð' => out.push('d'),
            'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' | 'ė' => out.push('e'),
            'ğ' | 'ģ' => out.push('g'),
            'ħ' | 'ḥ' => out.push('h'),
            'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ı' => out.push('i'),
            'ł' | 'ľ' | 'ļ' => out.push('l'),
            'ñ' | 'ń' | 'ň' | 'ņ' => out.push('n'),
            'ó' | 'ò' | 'ô' | 'õ' | 'ō' | 'ő' | 'ø' => out.push('o'),
            'œ' => out.push_str("oe"),
            'ř' | 'ŕ' => out.push('r'),
            'ş' | 'ș' | 'ś' | 'š' => out.push('s'),
            'ţ' | 'ț' | 'ť' | 'þ' => out.push('t'),
            'ú' | 'ù' | 'û' | 'ū' | 'ů' | 'ű' => out.push('u'),
            'ý' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The endings of a German adjective.
const ADJECTIVE: [&str; 5] = ["en", "er", "es", "em", "e"];

/// A German adjective without its ending, with a mark that keeps stems apart from words; `None` when it has none.
///
/// The shortest stem is three letters, so that *der* and *eine* have none.
pub(super) fn stem(word: &str) -> Option<String> {
    let bare = ADJECTIVE.iter().find_map(|ending| word.strip_suffix(ending))?;
    (bare.chars().count() >= 3).then(|| format!("{bare}~"))
}

/// The forms under which the word of a text may stand in a table, the likeliest first: itself, without the German
/// ending of a genitive or dative, as the stem of an adjective.
pub(super) fn readings(lang: Lang, word: &str, mut found: impl FnMut(&str)) {
    found(word);
    if lang == Lang::En {
        // Names of both languages hold their adjectives as stems ("Peter" is one by its looks).
        if let Some(stem) = stem(word) {
            found(&stem);
        }
        return;
    }
    if word.len() > 3 {
        for ending in ["s", "es", "n"] {
            if let Some(bare) = word.strip_suffix(ending) {
                found(bare);
            }
        }
        if let Some(stem) = stem(word) {
            found(&stem);
        }
    }
    if word.ends_with("sch") {
        // The first part of "russisch-nordkoreanisch".
        found(&format!("{word}~"));
    }
}

/// All forms of a German noun, folded, from its nominative singular and plural.
pub(super) fn german_noun(term: &str, plural: &str, nominalised: bool) -> Vec<String> {
    let singular = fold(term).into_owned();
    if nominalised {
        let bare = ADJECTIVE
            .iter()
            .find_map(|e| singular.strip_suffix(e))
            .unwrap_or(&singular)
            .to_owned();
        return ADJECTIVE.iter().map(|ending| format!("{bare}{ending}")).collect();
    }
    let mut forms: Vec<String> = ["", "s", "es"].iter().map(|e| format!("{singular}{e}")).collect();
    if !plural.is_empty() && plural != "-" {
        let plural = fold(plural).into_owned();
        // Weak masculines take the ending of the plural in the singular too, so that no more has to be listed.
        forms.extend([format!("{plural}n"), plural]);
    }
    forms
}

/// The feminine of a German noun for a person: regular for `+`, none for `-`, else as given.
pub(super) fn german_feminine(term: &str, feminine: &str) -> Option<(String, String)> {
    let singular = match feminine {
        "-" | "" => return None,
        "+" => format!("{}in", term.strip_suffix('e').unwrap_or(term)),
        given => given.to_owned(),
    };
    let plural = if singular.ends_with("in") {
        format!("{singular}nen")
    } else {
        format!("{singular}en")
    };
    Some((singular, plural))
}

/// The adjectives made of a German town's name: *Kairoer*, *Bremer*, *Münchner*.
pub(super) fn town_adjectives(town: &str) -> impl Iterator<Item = String> {
    let bare = town.strip_suffix("en");
    let whole = match town.strip_suffix('e') {
        Some(stem) => format!("{stem}er"),
        None => format!("{town}er"),
    };
    std::iter::once(whole).chain(bare.into_iter().flat_map(|b| [format!("{b}er"), format!("{b}ner")]))
}

/// What makes a new word of the same stem rather than a compound: *Institut|ionen*, *Präsident|schaft*.
const DERIVATIONS: [&str; 12] = [
    "ion", "ung", "heit", "keit", "schaft", "tum", "ismus", "ist", "isch", "innen", "ierung", "chen",
];

/// Whether the rest of a German word is a derivational ending, not a word.
pub(super) fn is_derivation(rest: &str) -> bool {
    DERIVATIONS.iter().any(|d| rest.starts_with(d))
}

/// Regular English plural.
pub(super) fn english_plural(term: &str) -> String {
    format!("{term}s")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(token: &str) -> Vec<String> {
        atoms(token).into_iter().map(|a| a.text.into()).collect()
    }

    #[test]
    fn spellings_of_one_name_fall_together() {
        assert_eq!(texts("Kim Jong-un"), texts("Kim Jong Un"));
        assert_eq!(texts("Élysée-Palast"), texts("Elysee-Palast"));
        assert_eq!(texts("U.S."), texts("US"));
        assert_eq!(texts("Weißrussland"), texts("Weissrussland"));
        assert_eq!(texts("Erdoğan"), texts("Erdogan"));
    }

    #[test]
    fn umlauts_stay() {
        assert_ne!(texts("Köln"), texts("Koln"));
    }

    #[test]
    fn atoms_know_their_place() {
        let token = "Ex-US-Präsident";
        let found = atoms(token);
        assert_eq!(&token[found[1].start as usize..found[1].end as usize], "US");
        assert!(found[1].caps && found[2].upper && !found[2].caps);
        assert!(atoms("–").is_empty());
    }

    #[test]
    fn nouns_are_inflected() {
        assert!(german_noun("Soldat", "Soldaten", false).contains(&"soldaten".into()));
        assert!(german_noun("Abgeordneter", "Abgeordnete", true).contains(&"abgeordneten".into()));
        assert_eq!(
            german_feminine("Kollege", "+"),
            Some(("Kollegin".into(), "Kolleginnen".into()))
        );
    }
}
