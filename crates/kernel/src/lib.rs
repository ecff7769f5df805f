//! The compiler of loop bodies: the text of a JavaScript function goes in, a kernel or diagnostics come out.
//!
//! ```text
//! syntax → lower → ir → passes → codegen      machine code
//!                              → interpret    the portable engine, and the oracle
//! ```
//!
//! 1. [`syntax`]: from the text to a tree; [`diagnostic`]: what is refused, and what to write instead.
//! 2. [`lower`]: from the tree to the [`ir`], whose operations have the meaning of ECMAScript's.
//! 3. [`analysis`], [`passes`]: what is known without running, and less to run.
//! 4. [`codegen`]: machine code, and what drives it. [`interpret`]: what runs the others.
//! 5. [`numeric`], [`math`]: arithmetic, one number at a time.
//! 6. [`Body`], [`Cache`], [`explain()`]: for those who use all that.
//!
//! This crate knows no thread pool, no Node.js and no exact sums.

pub mod analysis;
mod body;
mod cache;
pub mod codegen;
pub mod diagnostic;
mod expand;
mod explain;
mod hash;
pub mod interpret;
pub mod ir;
pub mod lower;
pub mod math;
pub mod numeric;
pub mod passes;
mod stack;
pub mod syntax;

pub use body::Body;
pub use cache::Cache;
pub use explain::{explain, first_call};
pub use stack::with_stack;
