//! White space and comments, and the line ends in them.

use super::{Fatal, Lexer};
use crate::diagnostic::{Diagnostic, Kind};
use crate::syntax::span::Span;

pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

pub(super) fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t' | '\u{b}' | '\u{c}' | ' ' | '\u{a0}' | '\u{feff}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

impl Lexer<'_> {
    /// Skips to the next token; true if a line ended on the way.
    pub(super) fn skip_trivia(&mut self) -> Result<bool, Fatal> {
        let mut newline = false;
        loop {
            let rest = &self.source[self.pos..];
            let Some(c) = rest.chars().next() else { return Ok(newline) };
            if is_line_end(c) {
                newline = true;
                self.pos += c.len_utf8();
            } else if is_space(c) {
                self.pos += c.len_utf8();
            } else if rest.starts_with("//") {
                self.skip_line();
            } else if let Some(comment) = rest.strip_prefix("/*") {
                let start = self.pos;
                let Some(length) = comment.find("*/") else {
                    self.pos = self.source.len();
                    return self.fail_here(start, "this comment has no end");
                };
                self.pos += length + 4;
                newline |= comment[..length].contains(is_line_end);
            } else if rest.starts_with("-->") && (newline || self.pos == 0) {
                // In a module this would be `--` before `>`, which is no expression: so it is a comment of a script.
                self.skip_line();
            } else if rest.starts_with("<!--") {
                let start = self.pos as u32;
                self.skip_line();
                // Once for each, also where the parser reads on from here a second time.
                if self.html_until <= start {
                    self.html_until = start + 4;
                    self.refusals.push(Diagnostic::new(Kind::HtmlComment, Span::new(start, start + 4)));
                }
            } else {
                return Ok(newline);
            }
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.source[self.pos..];
        self.pos += rest.find(is_line_end).unwrap_or(rest.len());
    }
}
