//! Machine code for arm64 processors, with NEON.
//!
//! What lowering makes for masks that are vectors is what this is made of, with two lanes to a vector: an instruction of it is one or some of
//! A64. Where they do not do the same, which is mostly for NaN and for what is out of range, each place says why it does not matter, or
//! what makes up for it.

mod asm;
#[cfg(test)]
mod asm_tests;
mod emit;

pub(super) use emit::{FREE, emit};
