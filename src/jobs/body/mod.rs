//! Loop bodies of the user's own: a kernel that runs a compiled body, and the jobs that are made with it.
//!
//! ```text
//! source               kernel                        sink
//! Indices of units   → BodyKernel: the body's values → PerLane   sumRange, sum
//!                                                      PerLane    min, argMin, count, … (`reduction`)
//!                                                      FindIndex  findIndex (`reduction`)
//!                                                      SliceSums  sumIntoSharedBuffer
//!                                                      Stores     map
//!                                                      Nothing    forRange
//! ```
//!
//! A unit is one call of the body: an index, a tuple of indices counted row by row, an element of a view. Nobody knows what a
//! unit costs, so [`Claims`] measures it.
//!
//! 1. `kernel`: runs the body in blocks, and stops in the middle of its loops when it is told to.
//! 2. `grid`: from the number of a unit to the indices that the body is called with.
//! 3. `arrays`: the arrays of the caller, as the body sees them; `engine`: its machine code, if that may run it.
//! 4. `slice_sums`, `stores`, `nothing`: sinks.
//! 5. `here`: short calls, on the thread that makes them.
//! 6. `rehearsal`: runs a body on copies, to compare it with the function that it was made from.

mod arrays;
mod code;
pub(crate) mod engine;
mod grid;
mod here;
mod kernel;
mod nothing;
mod rehearsal;
mod slice_sums;
mod stores;
#[cfg(test)]
pub(super) mod tests;

use std::collections::TryReserveError;
use std::sync::Arc;

use allcores_exact::Sum as ExactSum;
use allcores_kernel::Body;
use allcores_kernel::interpret::MathLibrary;
use allcores_machine::{Element, Isa};
use allcores_memory::{Block, SharedArray, Slots};

use super::claims::Claims;
use super::lanes::{Accumulate, PerLane};
use super::pipeline::{Cutting, Pipeline};
use super::source::Indices;
pub(crate) use arrays::Array;
pub(crate) use grid::Grid;
pub(crate) use here::{Length, may_run_here, repeats, run_here};
pub(super) use kernel::{BodyKernel, Terms};
use nothing::Nothing;
pub(crate) use rehearsal::rehearse;
use slice_sums::SliceSums;
use stores::Stores;

/// The functions of `Math` that a body calls.
pub(crate) type Library = &'static (dyn MathLibrary + Sync);

/// A body and all that it works on.
pub(crate) struct Call {
    pub(crate) body: Arc<Body>,
    /// In the order of [`Body::scalars`].
    pub(crate) scalars: Box<[f64]>,
    /// In the order of [`Body::arrays`].
    pub(crate) arrays: Box<[Array]>,
    pub(crate) library: Library,
    pub(crate) grid: Grid,
}

/// Sums what the body returns.
pub(crate) type SumBody = Pipeline<Claims, Indices, BodyKernel, PerLane<Box<ExactSum>>>;
/// The same, with partial sums in slots.
pub(crate) type SumBodyIntoSlots = Pipeline<Claims, Indices, BodyKernel, SliceSums>;
/// Stores what the body returns.
pub(crate) type MapBody = Pipeline<Claims, Indices, BodyKernel, Stores>;
/// Runs the body for what it does.
pub(crate) type ForEach = Pipeline<Claims, Indices, BodyKernel, Nothing>;

impl Call {
    /// The job of `sumRange` and of `sum`.
    pub(crate) fn into_sum(self, isa: Isa, threads: usize) -> Result<SumBody, TryReserveError> {
        let kernel = BodyKernel::new(self, None).into_sum();
        let cut = kernel.claims(threads);
        let sink = PerLane::new(cut.lanes(), (Element::Float64, isa))?;
        Ok(Pipeline { cut, source: Indices { from: 0 }, kernel, sink })
    }

    /// The job of `sumIntoSharedBuffer`, for slots that have begun: claimed, the flag slot holds the request.
    pub(crate) fn into_slots(self, slots: Slots, isa: Isa, threads: usize) -> SumBodyIntoSlots {
        let sink = SliceSums::new(slots, self.grid.units(), isa);
        let kernel = BodyKernel::new(self, None);
        Pipeline { cut: kernel.claims(threads), source: Indices { from: 0 }, kernel, sink }
    }

    /// The job of `map`; `into` has a place for each unit.
    pub(crate) fn into_map(self, into: SharedArray, threads: usize) -> MapBody {
        let kernel = BodyKernel::new(self, Some(&into));
        Pipeline { cut: kernel.claims(threads), source: Indices { from: 0 }, kernel, sink: Stores::new(into) }
    }

    /// The job of `forRange`.
    pub(crate) fn into_for_each(self, threads: usize) -> ForEach {
        let kernel = BodyKernel::new(self, None);
        Pipeline { cut: kernel.claims(threads), source: Indices { from: 0 }, kernel, sink: Nothing }
    }
}

impl Accumulate<Terms<'_>> for Box<ExactSum> {
    #[inline]
    fn add(&mut self, terms: Terms<'_>) {
        if !terms.values.is_empty() {
            ExactSum::add(self, Block::from_doubles(terms.values));
        }
        if let Some(fused) = terms.fused {
            self.take(fused);
        }
    }
}
