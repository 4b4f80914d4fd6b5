//! The rules and knowledge tables that come with the program, ready for use.
//!
//! `lagebild-lexicon` reads and checks the files under `data/lexicon` and `data/knowledge`. The build script of this crate
//! has it do so when the program is built, so that a faulty file fails the build, and stores what comes of it. When the
//! program starts, names and words are used where they lie in it; only the rows around them are put together.

use lagebild_lexicon::Lexicon;
use lagebild_lexicon::knowledge::Knowledge;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    // Written by this very version of the types (build.rs), and read by the tests.
    postcard::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/lexicon")))
        .unwrap_or_else(|e| panic!("bundled rules: {e}"))
});

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    postcard::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/knowledge")))
        .unwrap_or_else(|e| panic!("bundled tables: {e}"))
});

/// The rules of `data/lexicon`, without their examples; put together at the first call.
#[must_use]
pub fn lexicon() -> &'static Lexicon {
    &LEXICON
}

/// The tables of `data/knowledge`; put together at the first call.
#[must_use]
pub fn knowledge() -> &'static Knowledge {
    &KNOWLEDGE
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_lexicon::{bundled_files, compile};

    /// All that a value shows of itself, in one order: hash maps have none.
    fn pieces(value: &impl std::fmt::Debug) -> Vec<String> {
        let shown = format!("{value:?}");
        let signs = [' ', ',', '{', '}', '[', ']', '(', ')'];
        let mut pieces: Vec<String> = shown.split(signs).map(str::to_owned).collect();
        pieces.sort_unstable();
        pieces
    }

    #[test]
    fn what_is_bundled_is_what_the_files_say() {
        let compiled = compile(&[bundled_files()]).unwrap();
        assert_eq!(lexicon().version, compiled.lexicon.version);
        assert!(pieces(lexicon()) == pieces(&compiled.lexicon));
        assert!(pieces(knowledge()) == pieces(&Knowledge::from_tables().0));
    }
}
