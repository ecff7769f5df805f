//! What each public function computes: a source, a kernel and a sink, cut into pieces for the pool.
//!
//! ```text
//! source                  kernel                     sink
//! units, read in blocks → the terms of a block     → what becomes of them
//!
//! Indices   0 .. num      ClosedForm: their sum      IntegerSums: two words for each lane        sumRange
//! Slices    of 0 .. num   ClosedForm: their sum      SlotSums: a slot of the caller's for each    sumIntoSharedBuffer
//! Elements  of a view     Identity: themselves       PerLane: an exact one                        sum
//! Elements  of a view     Identity: themselves       PerLane: a Reducer                           min, mean, …
//! ElementPairs of two     Identity: themselves       PerLane: a Dot                               dot
//! Indices   of units      BodyKernel: what a body    PerLane, FindIndex, SliceSums, Stores,       calls with a body
//!                         returns for each           Nothing
//! ```
//!
//! A [`Pipeline`](pipeline::Pipeline) of the three is a job. The pool gives one of its threads a piece: some consecutive
//! units. How long it is, a [`Cutting`](pipeline::Cutting) alone decides: [`Cut`](cut::Cut) beforehand, or
//! [`Claims`](claims::Claims) as measured. The thread
//!
//! 1. begins a *part* of the sink: what is of one piece, in a lane that is the thread's alone for this time;
//! 2. has the source call back with block after block, none longer than the kernel says;
//! 3. lets the kernel compute the terms of the block, into scratch memory of its own if it needs any;
//! 4. has the sink take the terms, and ends the part.
//!
//! All of it is static: a job that exists compiles to the loop that one would write by hand.
//!
//! **A kernel that computes something** for each index or element writes the terms of a block, 1024 doubles, into its
//! scratch, and any sink of doubles takes them from there while they are in the L1 cache. `tests/blocks.rs` has one:
//!
//! ```ignore
//! impl KernelShape for Tenths {
//!     type Scratch = Doubles;               // 8 KiB, made once a piece
//!     const BLOCK: u64 = 1024;
//! }
//! impl Kernel<Range<u64>> for Tenths {
//!     type Terms<'s> = &'s mut [f64];
//!     fn map<'s>(&self, block: Range<u64>, scratch: &'s mut Doubles) -> Option<&'s mut [f64]> { ... }
//! }
//! Pipeline { cut, source: Indices { from: 0 }, kernel: Tenths, sink: PerLane::<Box<Sum>>::new(...)? }
//! ```
//!
//! Where other things have their place:
//!
//! * *Several indices, or a first one that is not 0*: in the kernel; a unit stays one number, which a block takes apart
//!   (`body::Grid`).
//! * *A kernel or a sink that fails* (a partial sum does not fit its slot): it remembers why (`refusal`), the other threads stop,
//!   and `finish` says so.
//! * *An abort in the middle of a block*: `stop` sets what the kernel's own loops look at; what was left out, `is_cut_short` tells.
//! * *Progress*: units are counted where a piece ends.
//! * *A part of a range*, whose result is to be merged elsewhere: `reduction::partial`.
//!
//! `series` is sums of consecutive integers, and how a range is cut into slices. Pure arithmetic.

mod body;
mod claims;
mod cut;
mod flagged_slots;
mod integer_sums;
#[cfg(feature = "internals")]
pub mod internals;
mod kernel;
mod lanes;
mod pipeline;
mod reduction;
mod series;
mod slot_sums;
mod source;
mod sum;
mod sum_into_shared_buffer;
mod sum_range;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use body::{
    Array, Call, Grid, Length, Library, engine, may_run_here, rehearse, repeats, run_here,
};
pub(crate) use reduction::partial::{MAX_BYTES, Method, Partial};
pub(crate) use reduction::{Config, DotViews, Kind, PairConfig, ReduceView, dot_small, reduce_small};
pub(crate) use source::{ElementPairs, Elements};
pub(crate) use sum::{Sum, sum_small};
pub(crate) use sum_into_shared_buffer::{BeginError, SumIntoSharedBuffer, begin_slots};
pub(crate) use sum_range::SumRange;
pub(crate) use value::{Numeric, Refusal, Value};

/// Fewer integers than this are not worth a thread of their own. The closed form takes nanoseconds for any number of
/// them; the limit is made for work that is done for each integer.
const MIN_INDICES: u64 = 1 << 16;
