//! From the text of a function to a syntax tree with a span on every node.
#![forbid(unsafe_code)]

pub mod span;
