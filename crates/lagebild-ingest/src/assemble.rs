//! Puts a clean text together from the pieces of a marked-up one.

use lagebild_core::{Block, Part, Span};

/// A text that grows by blocks, with an empty line between them.
#[derive(Debug, Default)]
pub(crate) struct Assembly {
    pub(crate) text: String,
    pub(crate) blocks: Vec<Block>,
}

impl Assembly {
    /// Adds a block; white space is squeezed, and a block without text is passed over.
    pub(crate) fn push(&mut self, part: Part, piece: &str) {
        let start = if self.text.is_empty() { 0 } else { self.text.len() + 2 };
        let mut empty = true;
        for word in piece
            .split_whitespace()
            .map(|w| w.trim_matches(is_invisible))
            .filter(|w| !w.is_empty())
        {
            if empty {
                if start > 0 {
                    self.text.push_str("\n\n");
                }
            } else {
                self.text.push(' ');
            }
            // Soft hyphens say where a word may break and would split it for every later stage.
            self.text.extend(word.chars().filter(|&c| !is_invisible(c)));
            empty = false;
        }
        if !empty {
            self.blocks.push(Block {
                span: Span::at(start, self.text.len()),
                part,
            });
        }
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}')
}
