//! The numbers that people reduce to, other than sums: of the elements of a view, or of what a body returns.
//!
//! ```text
//! source                    kernel                         sink
//! Elements of a view      → Identity: themselves         → PerLane<Reducer>
//! Indices of units        → BodyKernel: a body's values  → PerLane<Reducer>
//! Indices of units        → BodyKernel: a body's values  → FindIndex
//! ElementPairs of two     → Identity: themselves         → PerLane<Box<Dot>>
//! ```
//!
//! A [`Kind`] says which; a [`Reducer`] is the accumulator of any of them, which takes blocks of elements: what a body returns is a block
//! of doubles. A new reduction is a variant of both.
//!
//! 1. `reducer`: the accumulator.
//! 2. `find_index`: the sink that ends a job early.
//! 3. `dot`: the sum of the products of two views.
//! 4. [`partial`]: what part of the terms comes to, as bytes, to be merged with the rest elsewhere.

mod dot;
mod find_index;
pub(crate) mod partial;
mod reducer;
#[cfg(test)]
mod tests;

use std::collections::TryReserveError;

use allcores_machine::{Element, Isa, fp_env};
use allcores_memory::SharedView;

use super::body::{BodyKernel, Call};
use super::claims::Claims;
use super::cut::Cut;
use super::kernel::Identity;
use super::lanes::{Accumulate, Accumulator, PerLane};
use super::pipeline::{Cutting, Pipeline};
use super::source::{ElementBlock, Elements, Indices};
use super::sum::{self, SMALL};
use super::value::Value;
pub(crate) use dot::{DotViews, PairConfig, dot_small};
pub(crate) use find_index::{FindIndex, Found};
use partial::{Method, Part};
pub(crate) use reducer::Reducer;

/// A reduction that takes all terms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// As `Math.min`.
    Min,
    /// As `Math.max`.
    Max,
    /// The lowest index of the minimum.
    ArgMin,
    /// The lowest index of the maximum.
    ArgMax,
    /// How many terms JavaScript takes for true.
    Count,
    /// The sum, of which a partial result is wanted: the whole one has a sink of its own.
    Sum,
    /// The mean, rounded once.
    Mean,
    /// The variance, rounded once.
    Variance {
        /// What is taken off the number of terms that the sum of squares is divided by.
        ddof: u64,
    },
    /// The Euclidean norm, rounded once.
    Norm,
}

impl Kind {
    /// The reduction of this name: that of JavaScript's function. Only a variance looks at `ddof`.
    pub(crate) fn named(name: &str, ddof: u64) -> Option<Self> {
        Some(match name {
            "min" => Self::Min,
            "max" => Self::Max,
            "argMin" => Self::ArgMin,
            "argMax" => Self::ArgMax,
            "count" => Self::Count,
            "mean" => Self::Mean,
            "variance" => Self::Variance { ddof },
            "norm" => Self::Norm,
            _ => return None,
        })
    }

    /// Whether elements can be reduced so without a body.
    pub(crate) fn is_of_elements(self) -> bool {
        self != Self::Count
    }
}

/// What an accumulator is made for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Config {
    pub(crate) kind: Kind,
    /// The type of the terms.
    pub(crate) element: Element,
    pub(crate) isa: Isa,
    /// The index of the first term.
    pub(crate) from: u64,
    /// If only a partial result is wanted.
    pub(crate) part: Option<Part>,
}

/// Reduces the elements of a view.
pub(crate) type ReduceView = Pipeline<Cut, Elements, Identity, PerLane<Reducer>>;
/// Reduces what a body returns.
pub(crate) type ReduceBody = Pipeline<Claims, Indices, BodyKernel, PerLane<Reducer>>;
/// Looks for the first index for which a body returns something true.
pub(crate) type FindBody = Pipeline<Claims, Indices, BodyKernel, FindIndex>;

/// The reduction of a view on the calling thread, if it is small, if the thread computes as IEEE 754 has it, and unless it is refused.
pub(crate) fn reduce_small(view: &SharedView, config: Config) -> Option<Value> {
    if view.len() > SMALL || !fp_env::is_default() {
        return None;
    }
    let mut reducer = Reducer::new(config);
    reducer.add(ElementBlock { start: 0, block: view.block(0..view.len()) });
    Some(reducer.total()).filter(|value| !matches!(value, Value::Refused(_)))
}

impl ReduceView {
    /// The job for a view of elements of the type that the reduction is made for, on at most `threads` threads.
    pub(crate) fn new(view: SharedView, config: Config, threads: usize) -> Result<Self, TryReserveError> {
        let is_short = view.len() <= SMALL;
        let source = Elements { view, element: config.element };
        let cut = sum::cut(source.len(), config.element, threads).with_short(is_short);
        let sink = PerLane::new(cut.lanes(), config)?;
        Ok(Self { cut, source, kernel: Identity, sink })
    }
}

impl Call {
    /// The job of a reduction that takes all terms.
    pub(crate) fn into_reduction(
        self,
        kind: Kind,
        isa: Isa,
        threads: usize,
    ) -> Result<ReduceBody, TryReserveError> {
        self.reduction(kind, isa, threads, None)
    }

    /// The job of `findIndex`.
    pub(crate) fn into_find_index(self, threads: usize) -> FindBody {
        self.find_index(threads, None)
    }

    /// The job of a partial result that takes all terms; `kind` is that of the method.
    pub(crate) fn into_partial_reduction(
        self,
        method: Method,
        kind: Kind,
        isa: Isa,
        threads: usize,
    ) -> Result<ReduceBody, TryReserveError> {
        let part = Part { method, terms: self.grid.units() };
        self.reduction(kind, isa, threads, Some(part))
    }

    /// The job of a partial result of `findIndex`.
    pub(crate) fn into_partial_find_index(self, threads: usize) -> FindBody {
        let part = Part { method: Method::FindIndex, terms: self.grid.units() };
        self.find_index(threads, Some(part))
    }

    fn reduction(
        self,
        kind: Kind,
        isa: Isa,
        threads: usize,
        part: Option<Part>,
    ) -> Result<ReduceBody, TryReserveError> {
        let config = Config { kind, element: Element::Float64, isa, from: self.grid.origin(), part };
        let kernel = BodyKernel::new(self, None);
        let kernel = if matches!(kind, Kind::Sum | Kind::Mean) { kernel.into_sum() } else { kernel };
        let cut = kernel.claims(threads);
        let sink = PerLane::new(cut.lanes(), config)?;
        Ok(Pipeline { cut, source: Indices { from: 0 }, kernel, sink })
    }

    fn find_index(self, threads: usize, part: Option<Part>) -> FindBody {
        let sink = FindIndex::new(self.grid.origin(), part);
        let kernel = BodyKernel::new(self, None).until(sink.found());
        Pipeline { cut: kernel.claims(threads), source: Indices { from: 0 }, kernel, sink }
    }
}
