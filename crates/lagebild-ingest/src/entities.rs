//! Named and numbered characters of HTML and XML, outside of the HTML parser.

use quick_xml::escape::resolve_html5_entity;
use std::borrow::Cow;

/// Longest name with `&` and `;`.
const LONGEST: usize = 40;

/// The character reference that `text` begins with: what it stands for, and its length.
pub(crate) fn leading(text: &str) -> Option<(Cow<'static, str>, usize)> {
    let end = text.bytes().take(LONGEST).position(|b| b == b';')?;
    let resolved = resolve(text.get(1..end)?)?;
    Some((resolved, end + 1))
}

/// What the reference `&name;` stands for.
pub(crate) fn resolve(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else {
        return resolve_html5_entity(name).map(Cow::Borrowed);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    // Publishers write the codes of windows-1252 where those of Unicode belong, and browsers take them so.
    let c = match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9F) => encoding_rs::WINDOWS_1252
            .decode_without_bom_handling(&[byte])
            .0
            .chars()
            .next()?,
        _ => char::from_u32(code).filter(|&c| c != '\0')?,
    };
    Some(Cow::Owned(c.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        let resolved = |text| leading(text).map(|(c, len)| (c.into_owned(), len));
        assert_eq!(resolved("&uuml;ber"), Some(("ü".to_owned(), 6)));
        assert_eq!(resolved("&#8222;"), Some(("„".to_owned(), 7)));
        assert_eq!(resolved("&#x84;"), Some(("„".to_owned(), 6)));
        for text in ["& Söhne;", "&nosuch;", "&#0;", "&#xD800;", "&#99999999999;", "&"] {
            assert_eq!(resolved(text), None, "{text}");
        }
    }
}
