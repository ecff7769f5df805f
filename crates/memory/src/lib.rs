//! The only code that touches memory JavaScript can write.
//!
//! The bytes of a `SharedArrayBuffer` are not Rust's: other threads may store to them at any moment, with plain
//! stores, of any width. To Rust a plain load that races with such a store is undefined behaviour, so no
//! reference and no slice to these bytes ever exists. What exists is three views of them:
//!
//! 1. `SharedView`: where the elements of a typed array lie, and how many. Cannot be read.
//! 2. `Block`: a run of bytes that is read, each once, by loads that race without harm.
//! 3. `Slots`: 32- or 64-bit integers that are stored and loaded one by one, sequentially consistent, as
//!    JavaScript's `Atomics` do.
//!
//! and [`Claim`], which keeps two calls from storing to the same bytes at the same time.
//!
//! None of them keeps the memory alive. Node-API has no handle that does: a `SharedArrayBuffer` that only one
//! environment holds is freed with that environment. So the Node edge ends every job before it lets go of the
//! memory (`node/environment.rs`), and that is the one fact on which every SAFETY argument here rests.

mod block;
mod claim;
mod element;
mod slots;
mod view;

pub use block::{Atom, Block};
pub use claim::Claim;
pub use element::Element;
pub use slots::{SlotType, Slots};
pub use view::SharedView;
