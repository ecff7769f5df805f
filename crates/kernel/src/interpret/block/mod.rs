//! The block interpreter: runs a function for a block of indices at once, one operation over all of them.
//!
//! A vector engine that masks indices which take no part in a branch computes them all the same. This one does not: where indices
//! part ways, it packs those that go on. Every region runs on a dense list of *lanes*:
//!
//! ```text
//! if odd(i) { A } else { B }; C        8 indices
//!
//!   condition   0 1 0 1 0 1 0 1
//!   A           1 3 5 7            what A takes from outside is gathered, A runs on 4 lanes
//!   B           0 2 4 6
//!   C           0 1 2 3 4 5 6 7    the results of both are scattered to their places
//! ```
//!
//! A loop goes on with the lanes that have branched to it, and so a block whose indices need very different numbers of turns
//! costs what the indices cost, not what the slowest costs times all. Operations on few lanes cost their dispatch, which is why
//! blocks are some hundred lanes long; operations whose operands are *uniform* are computed once for all lanes.
//!
//! 1. `plan`: what is known of the function beforehand; shared by all threads.
//! 2. `buffers`, `registers`: arrays of [`WIDTH`] lanes, reused as values die; and which value is in which.
//! 3. `lanes`: one operation over lanes. All loops that the compiler is to turn into vector instructions are there; `vectors`
//!    has them for each instruction set.
//! 4. `operations`: from the IR's operations to those.
//! 5. `targets`: where lanes meet again.
//! 6. `engine`: the walk through the tree.

mod buffers;
mod engine;
mod lanes;
mod operations;
mod plan;
mod registers;
mod targets;
mod vectors;

pub use engine::{Block, State};
pub use plan::Plan;

/// Lanes of a block at the most. A register of doubles is 4 KiB then: half a dozen fit into the first-level cache.
pub const WIDTH: usize = 512;
