//! Quotations: which stretches of a text stand in quotation marks.

use lagebild_core::Span;

/// A quotation longer than this has surely lost its closing mark.
const LONGEST: usize = 2_000;

/// The stretches inside quotation marks, marks included, in text order, outermost only.
///
/// German („ “, » «, › ‹, ‚ ‘), English (“ ”) and straight marks count; ' ' and ‘ ’, which look like apostrophes, only around what begins with a
/// capital letter. A mark that is never closed opens nothing.
pub(crate) fn find(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, mark) in text.char_indices() {
        match open {
            Some((start, opener)) => {
                if at - start > LONGEST {
                    open = None;
                } else if closes(opener, mark) && (!is_apostrophe(mark) || ends_word(text, at, mark)) {
                    found.push(Span::at(start, at + mark.len_utf8()));
                    open = None;
                }
            }
            None => {
                if opens(text, at, mark) {
                    open = Some((at, mark));
                }
            }
        }
    }
    found
}

fn opens(text: &str, at: usize, mark: char) -> bool {
    match mark {
        '„' | '‚' | '»' | '›' | '“' => true,
        // « opens in Swiss German and French; straight marks open before a word.
        '«' | '"' => text[at + mark.len_utf8()..]
            .chars()
            .next()
            .is_some_and(|c| !c.is_whitespace()),
        '\'' | '‘' => {
            let before = text[..at].chars().next_back();
            let next = text[at + mark.len_utf8()..].chars().next();
            before.is_none_or(|c| c.is_whitespace() || "(:\"„“".contains(c)) && next.is_some_and(char::is_uppercase)
        }
        _ => false,
    }
}

fn is_apostrophe(mark: char) -> bool {
    matches!(mark, '\'' | '’')
}

/// Whether an apostrophe stands behind a word and is no mark of the genitive: *the politicians' own words*.
fn ends_word(text: &str, at: usize, mark: char) -> bool {
    let before = text[..at].chars().next_back();
    let mut behind = text[at + mark.len_utf8()..].chars();
    let next = behind.next();
    let genitive = before == Some('s') && next == Some(' ') && behind.next().is_some_and(char::is_lowercase);
    next.is_none_or(|c| !c.is_alphanumeric()) && !genitive
}

fn closes(opener: char, mark: char) -> bool {
    match opener {
        '„' => matches!(mark, '“' | '”' | '"'),
        '‚' => mark == '‘',
        '“' => mark == '”' || mark == '"',
        '›' => mark == '‹',
        '‘' => mark == '’',
        '»' => mark == '«',
        '«' => mark == '»',
        _ => mark == opener,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|s| s.of(text)).collect()
    }

    #[test]
    fn all_kinds_of_marks_pair() {
        assert_eq!(quoted("Er sagte: „Wir gehen.“ Dann ging er."), ["„Wir gehen.“"]);
        assert_eq!(
            quoted("als \"Söldner\" unter »fremdem« Befehl"),
            ["\"Söldner\"", "»fremdem«"]
        );
        assert_eq!(quoted("He said “no” and left."), ["“no”"]);
        assert_eq!(quoted("Sie sagte: ‚Das ist gut.‘"), ["‚Das ist gut.‘"]);
        assert_eq!(
            quoted("'It's the politicians' own fault. Listen.' She left."),
            ["'It's the politicians' own fault. Listen.'"]
        );
        assert_eq!(quoted("He said: ‘We can’t go.’"), ["‘We can’t go.’"]);
        assert_eq!(quoted("the minister's 'big' plan"), [""; 0]);
        assert_eq!(quoted("„nie geschlossen"), [""; 0]);
    }
}
