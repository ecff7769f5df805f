//! Characters to tokens, one at a time, as the parser asks for them: only it knows whether `/` divides.
//!
//! V8 has accepted the text before it comes here. So every non-ASCII character that is not white space can count as a part of
//! an identifier: outside of strings, comments, templates and regular expressions, nothing else is left for it to be.

mod literal;
mod number;
mod token;
mod trivia;

pub(crate) use token::{Punct, Token, TokenKind};

use crate::diagnostic::{Diagnostic, Kind};
use crate::syntax::{
    names::{Name, Names},
    span::Span,
};

/// The text is no ECMAScript; [`Lexer::fatal`] says why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fatal;

pub(crate) struct Lexer<'s> {
    source: &'s str,
    pos: usize,
    pub(crate) names: Names,
    /// What is refused although it parses.
    pub(crate) refusals: Vec<Diagnostic>,
    /// Where the last `<!--` that was refused ends.
    html_until: u32,
    /// Why the text cannot be read.
    pub(crate) fatal: Option<Diagnostic>,
}

fn is_start(c: char) -> bool {
    c.is_ascii_alphabetic()
        || c == '$'
        || c == '_'
        || (!c.is_ascii() && !trivia::is_space(c) && !trivia::is_line_end(c))
}

fn is_part(c: char) -> bool {
    is_start(c) || c.is_ascii_digit()
}

impl<'s> Lexer<'s> {
    pub(crate) fn new(source: &'s str) -> Self {
        Self { source, pos: 0, names: Names::default(), refusals: Vec::new(), html_until: 0, fatal: None }
    }

    pub(crate) fn source(&self) -> &'s str {
        self.source
    }

    pub(crate) fn position(&self) -> usize {
        self.pos
    }

    /// Reads on at `pos`, which this lexer has passed before.
    pub(crate) fn rewind(&mut self, pos: usize) {
        self.pos = pos;
    }

    pub(crate) fn fail<T>(&mut self, diagnostic: Diagnostic) -> Result<T, Fatal> {
        self.fatal.get_or_insert(diagnostic);
        Err(Fatal)
    }

    fn fail_here<T>(&mut self, start: usize, what: &'static str) -> Result<T, Fatal> {
        let end = self.pos.max(start);
        self.fail(Diagnostic::new(Kind::Syntax, Span::new(start as u32, end as u32)).saying(what))
    }

    fn peek(&self) -> Option<char> {
        self.source[self.pos..].chars().next()
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.source.as_bytes().get(self.pos + ahead).copied().unwrap_or(0)
    }

    pub(crate) fn next(&mut self) -> Result<Token, Fatal> {
        let newline_before = self.skip_trivia()?;
        let start = self.pos;
        let mut token = Token {
            kind: TokenKind::End,
            span: Span::default(),
            newline_before,
            escaped: false,
            legacy: false,
        };
        if let Some(c) = self.peek() {
            token.kind = match c {
                '0'..='9' => self.number(&mut token.legacy)?,
                '.' if self.byte(1).is_ascii_digit() => self.number(&mut token.legacy)?,
                '"' | '\'' => self.string(&mut token.legacy)?,
                '`' => {
                    self.pos += 1;
                    TokenKind::Template
                }
                '#' => {
                    self.pos += 1;
                    match self.peek() {
                        Some(c) if is_start(c) || c == '\\' => {
                            TokenKind::Private(self.identifier(&mut token.escaped)?)
                        }
                        _ => return self.fail_here(start, "`#` stands before no name"),
                    }
                }
                '\\' => TokenKind::Name(self.identifier(&mut token.escaped)?),
                c if is_start(c) => TokenKind::Name(self.identifier(&mut token.escaped)?),
                _ => match self.punct() {
                    Some(p) => TokenKind::Punct(p),
                    None => {
                        self.pos += c.len_utf8();
                        return self.fail_here(start, "no token of JavaScript starts with this character");
                    }
                },
            };
        }
        token.span = Span::new(start as u32, self.pos as u32);
        Ok(token)
    }

    fn identifier(&mut self, escaped: &mut bool) -> Result<Name, Fatal> {
        let start = self.pos;
        // Almost all names are ASCII without escapes.
        let rest = &self.source[start..];
        let plain = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        self.pos += plain;
        if self.byte(0) != b'\\' {
            return Ok(self.names.intern(&rest[..plain]));
        }
        *escaped = true;
        let mut text = String::from(&rest[..plain]);
        while let Some(c) = self.peek() {
            if c == '\\' {
                let at = self.pos;
                self.pos += 1;
                let c = if self.byte(0) == b'u' { self.unicode_escape() } else { None };
                match c.and_then(char::from_u32) {
                    Some(c) if if text.is_empty() { is_start(c) } else { is_part(c) } => text.push(c),
                    _ => return self.fail_here(at, "this escape is no part of a name"),
                }
            } else if is_part(c) {
                text.push(c);
                self.pos += c.len_utf8();
            } else {
                break;
            }
        }
        Ok(self.names.intern(&text))
    }

    fn punct(&mut self) -> Option<Punct> {
        use Punct::*;
        let table: &[Punct] = match self.byte(0) {
            b'{' => &[BraceOpen],
            b'}' => &[BraceClose],
            b'(' => &[ParenOpen],
            b')' => &[ParenClose],
            b'[' => &[BracketOpen],
            b']' => &[BracketClose],
            b';' => &[Semicolon],
            b',' => &[Comma],
            b':' => &[Colon],
            b'~' => &[Tilde],
            b'@' => &[At],
            b'.' => &[Ellipsis, Dot],
            b'?' => &[CoalesceAssign, Coalesce, QuestionDot, Question],
            b'<' => &[ShiftLeftAssign, ShiftLeft, LessEqual, Less],
            b'>' => &[
                ShiftRightUnsignedAssign,
                ShiftRightUnsigned,
                ShiftRightAssign,
                ShiftRight,
                GreaterEqual,
                Greater,
            ],
            b'=' => &[StrictEqual, Equal, Arrow, Assign],
            b'!' => &[StrictNotEqual, NotEqual, Not],
            b'+' => &[PlusPlus, PlusAssign, Plus],
            b'-' => &[MinusMinus, MinusAssign, Minus],
            b'*' => &[StarStarAssign, StarStar, StarAssign, Star],
            b'/' => &[SlashAssign, Slash],
            b'%' => &[PercentAssign, Percent],
            b'&' => &[AndAndAssign, AndAnd, AndAssign, And],
            b'|' => &[OrOrAssign, OrOr, OrAssign, Or],
            b'^' => &[XorAssign, Xor],
            _ => return None,
        };
        // Longest first. `?.5` is a condition: `a?.5:1`.
        let p = table.iter().copied().find(|p| {
            self.source[self.pos..].starts_with(p.text())
                && !(*p == QuestionDot && self.byte(2).is_ascii_digit())
        })?;
        self.pos += p.text().len();
        Some(p)
    }
}
