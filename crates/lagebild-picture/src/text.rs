//! Words of a text in the form in which texts are compared.

use unicode_normalization::UnicodeNormalization as _;

/// The words of `text`, folded: letters and digits only, lower case, accents off, *ß* as *ss*.
///
/// Umlauts lose their dots as other accents do. That is coarser than the analyser of the full text, which has to find
/// *Suedkorea*: copies of a text share its spelling.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric() && !is_mark(c))
        .map(|word| {
            let mut folded = String::with_capacity(word.len());
            for c in word.nfkd().filter(|&c| !is_mark(c)).flat_map(char::to_lowercase) {
                match c {
                    'ß' => folded.push_str("ss"),
                    c => folded.push(c),
                }
            }
            folded
        })
        .filter(|word| !word.is_empty())
}

/// Whether `c` is a combining mark that NFKD parts from Latin letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// A hash of 64 bits that is the same in every version and on every machine, because it is stored: FNV-1a, then mixed so
/// that all of its bits can be used.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let fnv = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    mix(fnv)
}

/// The finaliser of splitmix64: each bit of the result depends on all bits of `x`.
pub(crate) fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        let folded: Vec<String> = words("Südkoreas „Beistands-Vertrag“: ÉTAT, Straße; Su\u{308}d 3.000").collect();
        assert_eq!(
            folded,
            [
                "sudkoreas",
                "beistands",
                "vertrag",
                "etat",
                "strasse",
                "sud",
                "3",
                "000"
            ]
        );
    }

    #[test]
    fn the_hash_is_pinned() {
        // Stored signatures are made of it: a change needs a new version of the picture.
        assert_eq!(hash(b"vertrag"), hash(b"vertrag"));
        assert_eq!(hash(b""), mix(0xcbf2_9ce4_8422_2325));
        assert_ne!(hash(b"a"), hash(b"b"));
    }
}
