//! From the text of a function to a syntax tree with a span on every node.
//!
//! ```
//! use allcores_kernel::{diagnostic::{Kind, render}, syntax};
//!
//! let source = "(i, { a }) => { if (a[i] === 'x') throw i; return a[i] }";
//! let parsed = syntax::parse(source).expect("it is a function");
//! let kinds: Vec<Kind> = parsed.refusals.iter().map(|d| d.kind).collect();
//! assert_eq!(kinds, [Kind::String, Kind::Throw]);
//! assert!(render(&parsed.refusals, source).starts_with("1:30: a body has no strings"));
//! ```
//!
//! A tree is built in three passes: `parser` reads all of ECMAScript, `tools` takes out what coverage counters and
//! compilers have put in, `refuse` lists what a body cannot use. Names are resolved later, by lowering.

#![forbid(unsafe_code)]

pub mod ast;
mod lexer;
pub mod names;
mod parser;
mod refuse;
pub mod span;
mod tools;

use crate::diagnostic::{self, Diagnostic, Kind};
use span::Span;

/// The longest source that is read, in bytes.
pub const MAX_SOURCE: usize = 1 << 20;

/// A function that could be read.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The function. Where there are refusals some of its nodes are foreign.
    pub tree: ast::Tree,
    /// All that the syntax alone refuses, sorted by position. Lowering adds what it refuses.
    pub refusals: Vec<Diagnostic>,
}

/// Reads what `Function.prototype.toString()` returned.
///
/// # Errors
/// Where the text is no function that can be read at all: too long, too deep, native, a class, or no JavaScript.
pub fn parse(source: &str) -> Result<Parsed, Diagnostic> {
    let mut parsed = parse_as_written(source)?;
    tools::strip(&mut parsed.tree);
    refuse::collect(&parsed.tree, &mut parsed.refusals);
    diagnostic::tidy(&mut parsed.refusals);
    Ok(parsed)
}

/// The tree as ECMAScript has it, with what tools have put in, and next to no refusals: to compare with other parsers.
///
/// # Errors
/// As [`parse`].
pub fn parse_as_written(source: &str) -> Result<Parsed, Diagnostic> {
    if source.len() > MAX_SOURCE {
        return Err(Diagnostic::new(Kind::TooLong, Span::new(0, 0)));
    }
    let (tree, refusals) = parser::Parser::new(source).parse()?;
    Ok(Parsed { tree, refusals })
}
