//! The compiler of loop bodies: the text of a JavaScript function goes in, a kernel or diagnostics come out.
//!
//! This crate knows no thread pool, no Node.js and no exact sums.

pub mod analysis;
mod body;
mod cache;
pub mod diagnostic;
mod explain;
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
pub use stack::on_own_stack;
