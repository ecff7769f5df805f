//! Strings, templates and regular expressions, and escapes in them.

use super::{Fatal, Lexer, TokenKind, is_part};
use crate::syntax::span::Span;

impl Lexer<'_> {
    pub(super) fn string(&mut self, legacy: &mut bool) -> Result<TokenKind, Fatal> {
        let start = self.pos;
        let quote = self.byte(0);
        self.pos += 1;
        loop {
            match self.byte(0) {
                b if b == quote => {
                    self.pos += 1;
                    return Ok(TokenKind::String);
                }
                b'\\' => {
                    let digit = self.byte(1);
                    *legacy |=
                        matches!(digit, b'1'..=b'9') || (digit == b'0' && self.byte(2).is_ascii_digit());
                    self.escape(start)?;
                }
                b'\n' | b'\r' => return self.fail_here(start, "this string has no end"),
                0 if self.pos >= self.source.len() => return self.fail_here(start, "this string has no end"),
                _ => self.pos += self.peek().map_or(1, char::len_utf8),
            }
        }
    }

    /// Skips an escape of a string, which has to be whole.
    fn escape(&mut self, start: usize) -> Result<Option<char>, Fatal> {
        self.pos += 1;
        let Some(c) = self.peek() else { return self.fail_here(start, "this string has no end") };
        let value = match c {
            'x' => {
                let digits = self.source.get(self.pos + 1..self.pos + 3).unwrap_or("");
                let Some(code) = hex(digits).filter(|_| digits.len() == 2) else {
                    return self.fail_here(start, "`\\x` needs two hex digits");
                };
                self.pos += 3;
                return Ok(char::from_u32(code));
            }
            'u' => {
                let Some(code) = self.unicode_escape() else {
                    return self.fail_here(start, "`\\u` needs four hex digits, or digits in braces");
                };
                return Ok(Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)));
            }
            '\r' if self.byte(1) == b'\n' => {
                self.pos += 2;
                return Ok(None);
            }
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => None,
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            'b' => Some('\u{8}'),
            'v' => Some('\u{b}'),
            'f' => Some('\u{c}'),
            '0'..='7' => {
                let limit = if c < '4' { 3 } else { 2 };
                let digits = self.source[self.pos..]
                    .bytes()
                    .take(limit)
                    .take_while(|d| matches!(d, b'0'..=b'7'))
                    .count();
                let code = u32::from_str_radix(&self.source[self.pos..self.pos + digits], 8).unwrap_or(0);
                self.pos += digits;
                return Ok(char::from_u32(code));
            }
            c => Some(c),
        };
        self.pos += c.len_utf8();
        Ok(value)
    }

    /// At the `u` of an escape: its code point. A pair of surrogates written as two escapes stays two.
    pub(super) fn unicode_escape(&mut self) -> Option<u32> {
        let rest = &self.source[self.pos + 1..];
        let (digits, length) = match rest.strip_prefix('{') {
            Some(rest) => {
                let digits = &rest[..rest.find('}')?];
                (digits, digits.len() + 2)
            }
            None => (rest.get(..4)?, 4),
        };
        let code = hex(digits).filter(|code| *code <= 0x10_ffff)?;
        self.pos += 1 + length;
        Some(code)
    }

    /// At a backslash: the surrogate that this escape stands for.
    fn surrogate(&mut self) -> Option<u32> {
        let back = self.pos;
        self.pos += 1;
        let code = if self.byte(0) == b'u' { self.unicode_escape() } else { None };
        self.pos = back;
        code.filter(|code| matches!(code, 0xd800..=0xdfff))
    }

    /// The text that a string token stands for; lone surrogates become U+FFFD.
    pub(crate) fn string_value(&mut self, span: Span) -> Result<Box<str>, Fatal> {
        let (start, end) = (span.start as usize + 1, span.end as usize - 1);
        let raw = &self.source[start..end];
        if !raw.contains('\\') {
            return Ok(raw.into());
        }
        let back = std::mem::replace(&mut self.pos, start);
        let mut text = String::with_capacity(raw.len());
        // The first half of a pair of surrogates, until its second half follows.
        let mut high: Option<u32> = None;
        while self.pos < end {
            let mut low: Option<u32> = None;
            let c = if self.byte(0) == b'\\' {
                low = self.surrogate();
                self.escape(start)?
            } else {
                let c = self.peek();
                self.pos += c.map_or(1, char::len_utf8);
                c
            };
            if let (Some(first), Some(second @ 0xdc00..)) = (high.take(), low) {
                text.pop();
                text.extend(char::from_u32(0x10000 + (((first - 0xd800) << 10) | (second - 0xdc00))));
            } else {
                high = low.filter(|first| *first < 0xdc00);
                text.extend(c);
            }
        }
        self.pos = back;
        Ok(text.into())
    }

    /// From behind a backtick or the `}` of an inserted value: the text up to the next value (true) or to the end.
    /// Escapes are not looked at: V8 has, and all templates are refused.
    pub(crate) fn template_text(&mut self) -> Result<(Span, bool), Fatal> {
        let start = self.pos;
        loop {
            let span = Span::new(start as u32, self.pos as u32);
            match self.byte(0) {
                b'`' => {
                    self.pos += 1;
                    return Ok((span, false));
                }
                b'$' if self.byte(1) == b'{' => {
                    self.pos += 2;
                    return Ok((span, true));
                }
                b'\\' => {
                    self.pos += 1;
                    self.pos += self.peek().map_or(0, char::len_utf8);
                }
                0 if self.pos >= self.source.len() => {
                    return self.fail_here(start, "this template has no end");
                }
                _ => self.pos += self.peek().map_or(1, char::len_utf8),
            }
        }
    }

    /// A regular expression that starts at `start`. What it says is not looked at: V8 has, and all are refused.
    pub(crate) fn regex(&mut self, start: u32) -> Result<Span, Fatal> {
        self.pos = start as usize + 1;
        let mut class = false;
        loop {
            match self.peek() {
                None | Some('\n' | '\r' | '\u{2028}' | '\u{2029}') => {
                    return self.fail_here(start as usize, "this regular expression has no end");
                }
                Some('\\') => {
                    self.pos += 1;
                    if !matches!(self.peek(), None | Some('\n' | '\r' | '\u{2028}' | '\u{2029}')) {
                        self.pos += self.peek().map_or(0, char::len_utf8);
                    }
                    continue;
                }
                Some('[') => class = true,
                Some(']') => class = false,
                Some('/') if !class => break,
                Some(_) => {}
            }
            self.pos += self.peek().map_or(0, char::len_utf8);
        }
        self.pos += 1;
        let rest = &self.source[self.pos..];
        self.pos += rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        Ok(Span::new(start, self.pos as u32))
    }
}

fn hex(digits: &str) -> Option<u32> {
    // `from_str_radix` alone would take a sign.
    if digits.bytes().all(|d| d.is_ascii_hexdigit()) { u32::from_str_radix(digits, 16).ok() } else { None }
}
