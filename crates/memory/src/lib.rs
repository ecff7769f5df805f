//! The only code that touches memory JavaScript can write.
//!
//! The bytes of a `SharedArrayBuffer` are not Rust's: other threads may store to them at any moment, with plain
//! stores, of any width. To Rust a plain load that races with such a store is undefined behavior, so no
//! reference and no slice to these bytes ever exists. Instead there are:
//!
//! 1. [`SharedView`]: where the elements of a typed array are, and how many bytes they have. Cannot be read.
//! 2. [`Block`]: bytes that are read once each, by loads that may race.
//! 3. [`Slots`]: 32- or 64-bit integers that are stored and loaded one by one, sequentially consistent, as
//!    JavaScript's `Atomics` do.
//! 4. [`Claim`]: keeps two calls from storing to the same bytes at the same time.
//! 5. [`SharedArray`]: the elements of a typed array, read and written one by one or in runs, as a loop body does.
//!
//! None of them keeps the memory alive. Node-API has no handle that does: a `SharedArrayBuffer` that only one
//! environment holds is freed with that environment. So the Node edge ends every job before it lets go of the
//! memory (`node/environment.rs`), and that is the one fact on which every SAFETY argument here rests.

mod block;
mod claim;
mod shared_array;
mod shared_view;
mod slots;

pub use block::{Atom, Block};
pub use claim::Claim;
pub use shared_array::SharedArray;
pub use shared_view::SharedView;
pub use slots::{SlotType, Slots};
