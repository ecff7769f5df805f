//! Loops and sums on every core, straight on the memory of a JavaScript `SharedArrayBuffer`.
//!
//! This crate is the native half of the npm package `allcores`. Its rooms, from the top down; a room knows only
//! the rooms below it:
//!
//! * `node/` is the edge to Node-API: arguments in, promises' results out, and an environment's life and death.
//! * `jobs/` is what each public function computes, cut into pieces.
//! * `pool/` is the threads that run the pieces of any number of jobs, fairly. It knows neither JavaScript nor
//!   shared memory.
//! * `sync.rs` chooses between std and loom, `failpoint.rs` injects faults for the tests.
//!
//! Crates of their own, in crates/, are below all of them:
//!
//! * `kernel` compiles loop bodies from their JavaScript source, to machine code where it can, and interprets the others.
//! * `exact` is sums that lose nothing: accumulators, their kernels for each instruction set, their rounding.
//! * `memory` is the only code that touches memory JavaScript can write.
//! * `machine` is what this processor can do, how it computes, and the types of elements.
//!
//! ARCHITECTURE.md tells the life of a call and of an environment, and why what is unsafe is sound.

#![cfg_attr(
    any(test, loom),
    allow(
        dead_code,
        unused_imports,
        reason = "napi registers no exports here, so what only they use looks unused"
    )
)]

mod failpoint;
#[cfg(not(loom))]
mod jobs;
mod node;
mod pool;
mod sync;

#[cfg(all(feature = "internals", not(loom)))]
#[doc(hidden)]
pub use jobs::internals;
