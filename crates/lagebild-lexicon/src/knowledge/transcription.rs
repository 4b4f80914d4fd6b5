//! Names of other scripts under the spellings of different newsrooms: *Jahia al-Sinwar* and *Yahya Sinwar*, *Sergej Lawrow* and *Sergey
//! Lavrov*.
//!
//! Two spellings of one name share a [`skeleton`], which keeps what German, English and French transcriptions do not spell at will: the
//! consonants, with those that one sound is written with brought to one letter. Since it keeps little, [`alike`] also wants the letters
//! themselves to be near each other.

use super::words::Atom;

/// Letters that stand for one sound, the longest first; what is left out of them (vowels, `h`, `y`, `i`, `j`) counts only at the beginning.
/// German `tsch`, `ch` and English `ch`, `kh` fall together, as do `dsch`, `dj` and `j`.
const SOUNDS: [(&str, &str); 29] = [
    ("schtsch", "sx"),
    ("shch", "sx"),
    ("tsch", "x"),
    ("dsch", ""),
    ("tch", "x"),
    ("sch", "s"),
    ("dzh", ""),
    ("ch", "x"),
    ("kh", "x"),
    ("sh", "s"),
    ("zh", "s"),
    ("ph", "v"),
    ("gh", "k"),
    ("th", "t"),
    ("dh", "d"),
    ("dj", ""),
    ("ts", "s"),
    ("tz", "s"),
    ("ck", "k"),
    ("x", "ks"),
    ("z", "s"),
    ("f", "v"),
    ("w", "v"),
    ("c", "k"),
    ("g", "k"),
    ("q", "k"),
    ("h", ""),
    ("j", ""),
    ("y", ""),
];

/// Parts of names that one newsroom writes and another leaves out.
const PARTICLES: [&str; 11] = ["al", "el", "ul", "as", "asch", "ash", "ad", "ar", "an", "at", "az"];

/// Consonants that a skeleton needs to tell anybody.
const LEAST: usize = 5;
/// How near the letters of two spellings must be, of 1.
const NEAR: f64 = 0.6;

/// The words of a name that are not particles.
fn parts(words: &[Box<str>]) -> impl Iterator<Item = &str> {
    words.iter().map(|w| &**w).filter(|w| !PARTICLES.contains(w))
}

/// What the spellings of a name have in common, of its first and last word; `None` when that is too little to go by, as it is with a
/// surname alone. `words` are folded, as [`Atom::text`] is.
pub(super) fn skeleton(words: &[Box<str>]) -> Option<String> {
    let mut words = parts(words);
    let (first, last) = (words.next()?, words.last()?);
    let (first, last) = (sounds(first), sounds(last));
    let consonants = |word: &str| word.chars().filter(|c| *c != '_').count();
    let enough = consonants(&first) + consonants(&last) >= LEAST && consonants(&last) >= 2;
    enough.then(|| format!("{first} {last}"))
}

/// The consonants of a word; `_` for a vowel at its beginning.
fn sounds(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let found = SOUNDS.iter().find(|(letters, _)| rest.starts_with(letters));
        let (sound, length) = match found {
            Some((letters, sound)) => (*sound, letters.len()),
            None if "aeiouäöü".contains(c) || !c.is_alphabetic() => ("", c.len_utf8()),
            None => (&rest[..c.len_utf8()], c.len_utf8()),
        };
        let initial = rest.len() == word.len();
        let sound = match (initial, sound, c) {
            // "Hamid" may be "Chamid".
            (true, "", 'h') => "x",
            (true, "", _) => "_",
            _ => sound,
        };
        for letter in sound.chars() {
            if !out.ends_with(letter) {
                out.push(letter);
            }
        }
        rest = &rest[length..];
    }
    out
}

/// Whether two spellings of one skeleton are near enough in their letters.
pub(super) fn alike(words: &[Box<str>], name: &[Atom]) -> bool {
    let ends = |words: &[Box<str>]| -> Option<String> {
        let mut words = parts(words);
        Some(format!("{} {}", words.next()?, words.last()?))
    };
    let name: Vec<Box<str>> = name.iter().map(|a| a.text.clone()).collect();
    let (Some(one), Some(other)) = (ends(words), ends(&name)) else {
        return false;
    };
    strsim::normalized_levenshtein(&one, &other) >= NEAR
}

#[cfg(test)]
mod tests {
    use super::super::words::atoms;
    use super::*;

    fn words(name: &str) -> Vec<Box<str>> {
        atoms(name).into_iter().map(|a| a.text).collect()
    }

    #[test]
    fn spellings_of_one_name_share_their_skeleton() {
        for (one, other) in [
            ("Jahia al-Sinwar", "Yahya Sinwar"),
            ("Sergej Lawrow", "Sergey Lavrov"),
            ("Michail Gorbatschow", "Mikhail Gorbachev"),
            ("Chalifa Haftar", "Khalifa Haftar"),
            ("Mohammed Dschawad Sarif", "Mohammad Javad Zarif"),
            ("Muammar al-Gaddafi", "Moammar Gadhafi"),
            ("Olexij Resnikow", "Oleksii Reznikov"),
            ("Aschraf Ghani", "Ashraf Ghani"),
            ("Wladimir Schirinowski", "Vladimir Zhirinovsky"),
        ] {
            let (a, b) = (words(one), words(other));
            assert_eq!(skeleton(&a), skeleton(&b), "{one}, {other}");
            assert!(alike(&a, &atoms(other)), "{one}, {other}");
        }
    }

    #[test]
    fn others_do_not() {
        for (one, other) in [
            ("Sergej Lawrow", "Sergej Iwanow"),
            ("Ali Chamenei", "Ali Laridschani"),
            ("Peter Müller", "Petra Möllers"),
            ("Hassan Ruhani", "Hassan Nasrallah"),
        ] {
            let same = skeleton(&words(one)) == skeleton(&words(other)) && skeleton(&words(one)).is_some();
            assert!(!(same && alike(&words(one), &atoms(other))), "{one}, {other}");
        }
        // Too little to go by.
        assert_eq!(skeleton(&words("Li Yi")), None);
        assert_eq!(skeleton(&words("Selenskyj")), None);
    }
}
