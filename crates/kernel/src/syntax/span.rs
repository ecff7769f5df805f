//! Where something stands in the source: byte offsets inside, lines and UTF-16 columns for people.

/// A range of bytes of the source. Both ends lie on character boundaries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The text of this span, or "" where the source is not the one that it was made from.
    #[must_use]
    pub fn text(self, source: &str) -> &str {
        source.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// A position as editors show it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Location<'s> {
    /// Counted from 1. Lines end at LF, CR, CR LF, U+2028 and U+2029, as in ECMAScript.
    pub line: u32,
    /// Counted from 1, in UTF-16 units.
    pub column: u32,
    /// The whole line, without its end.
    pub text: &'s str,
    /// Offset of the first byte of `text`.
    pub offset: u32,
}

/// The line and column of a byte offset; an offset past the end, or inside a character, counts as the next one before it.
#[must_use]
pub fn locate(source: &str, offset: u32) -> Location<'_> {
    let mut at = (offset as usize).min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    let is_end = |c: char| matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
    let before = &source[..at];
    let mut line = 1;
    let mut start = 0;
    for (i, c) in before.char_indices() {
        // Of CR LF only the LF counts; a CR at the very end of `before` may be half of a pair.
        let pair = c == '\r' && source[i + 1..].starts_with('\n');
        if is_end(c) && !pair {
            line += 1;
            start = i + c.len_utf8();
        }
    }
    let rest = &source[start..];
    let text = &rest[..rest.find(is_end).unwrap_or(rest.len())];
    let column = 1 + source[start..at].encode_utf16().count() as u32;
    Location { line, column, text, offset: start as u32 }
}
