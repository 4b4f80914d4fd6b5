//! Places in a text.

/// Half-open byte range into a document's text, on character boundaries, `start <= end`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// A span from `start` to `end`.
    ///
    /// # Panics
    /// When `start > end`: a span that runs backwards is a bug of the caller, never of the input.
    #[must_use]
    pub fn new(start: u32, end: u32) -> Self {
        assert!(start <= end, "span {start}..{end} runs backwards");
        Self { start, end }
    }

    /// A span from `usize` offsets; texts are capped at 20 MB, far below `u32::MAX`.
    ///
    /// # Panics
    /// When `start > end`, or an offset does not fit in 32 bits.
    #[must_use]
    pub fn at(start: usize, end: usize) -> Self {
        let fit = |n: usize| u32::try_from(n).expect("text offsets fit in 32 bits");
        Self::new(fit(start), fit(end))
    }

    /// First byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// One past the last byte.
    #[must_use]
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no text.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The text of the span.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        &text[self.start()..self.end()]
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Whether `other` lies within.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// Converts byte offsets of one text to code-point offsets, in constant time for each offset.
pub struct CharOffsets {
    /// Code points before byte `64 * i`.
    marks: Vec<u32>,
    continuation: Vec<u64>,
    ascii: bool,
}

impl CharOffsets {
    /// Scans `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self {
                marks: Vec::new(),
                continuation: Vec::new(),
                ascii: true,
            };
        }
        let (mut marks, mut continuation, mut chars) = (Vec::new(), Vec::new(), 0u32);
        for chunk in text.as_bytes().chunks(64) {
            marks.push(chars);
            // Bit i tells that byte i starts a character.
            let mut starts = 0u64;
            for (i, byte) in chunk.iter().enumerate() {
                if byte & 0xC0 != 0x80 {
                    starts |= 1 << i;
                }
            }
            chars += starts.count_ones();
            continuation.push(starts);
        }
        marks.push(chars);
        continuation.push(0);
        Self {
            marks,
            continuation,
            ascii: false,
        }
    }

    /// The number of code points before byte `offset`.
    ///
    /// # Panics
    /// When `offset` lies beyond the text.
    #[must_use]
    pub fn char_at(&self, offset: usize) -> usize {
        if self.ascii {
            return offset;
        }
        let (block, bit) = (offset / 64, offset % 64);
        let before = self.continuation[block] & ((1u64 << bit) - 1);
        self.marks[block] as usize + before.count_ones() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn char_offsets_count_code_points(text in "\\PC{0,200}") {
            let offsets = CharOffsets::new(&text);
            for (chars, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(offsets.char_at(byte), chars);
            }
            prop_assert_eq!(offsets.char_at(text.len()), text.chars().count());
        }
    }

    #[test]
    fn spans_cover_and_overlap() {
        let (a, b) = (Span::new(2, 5), Span::new(4, 9));
        assert_eq!(a.cover(b), Span::new(2, 9));
        assert!(a.overlaps(b) && !a.contains(b) && a.cover(b).contains(b));
        assert!(!Span::new(2, 4).overlaps(b));
    }
}
