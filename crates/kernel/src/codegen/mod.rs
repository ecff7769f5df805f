//! From the IR to machine code, and what runs it.
//!
//! Code is made for the processor that runs it: for x64 with AVX2 or AVX-512, and for arm64 with NEON. For functions that it does not know, and where the
//! system gives no executable memory, there is none, and the block interpreter runs the function: [`NoCode`] says why.
//!
//! The code works on blocks of indices, as the interpreter does, and leaves what the body returns in a list in the first-level cache:
//! whoever sums or stores that need not know where it comes from.

mod a64;
mod answers;
mod block;
mod choice;
mod contest;
mod fibers;
mod granted;
mod native;
mod rows;
mod self_test;
#[cfg(test)]
mod tests;
mod words;
pub mod x64;

pub use choice::{distrusted, use_isa};
pub use x64::Machine;

pub use block::{Block, Indices};
pub use native::{Frame, Inputs, Native, RawArray, SumLanes, World};
pub use rows::{LEAST_ROW, of_rows};

use allcores_machine::AtomicOp;
use allcores_machine::code::Refused;

use crate::ir::{ArrayId, Math};

/// Why there is no machine code for a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoCode {
    /// Something in it has no code.
    Function(Unsupported),
    /// None is made for this processor.
    Processor,
    /// The program asks for the interpreter by asking for no instruction set.
    Asked,
    /// What is made has not done here what the interpreter does.
    Distrusted,
    /// The system gives no executable memory.
    Memory(Refused),
}

/// What code asks its driver for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Question {
    /// A function of doubles.
    Call(Math),
    /// An atomic operation: of an index, and of what it takes.
    Atomic(AtomicOp, ArrayId),
    /// The remainder of two doubles.
    Remainder,
}

/// What has no code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unsupported {
    /// Loops in which an index may wait for another one.
    Waits,
    /// Large arrays of the body's own.
    LocalArray,
    /// Elements or numbers of half precision.
    Half,
    /// More than there is room for.
    TooLarge,
}

impl Unsupported {
    /// What to tell a user, as a part of a sentence.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Waits => "an index of it may wait for another one",
            Self::LocalArray => "it has large arrays of its own",
            Self::Half => "it works on numbers of half precision",
            Self::TooLarge => "it is too large",
        }
    }
}

impl NoCode {
    /// What to tell a user, as a part of a sentence.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Function(unsupported) => unsupported.reason(),
            Self::Processor => "there is no machine code for this processor",
            Self::Asked => "ALLCORES_ISA asks for it",
            Self::Distrusted => "machine code fails its test on this processor",
            Self::Memory(refused) => refused.reason(),
        }
    }
}
