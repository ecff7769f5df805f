//! `dot`: the exact sum of the products of the elements of two shared typed arrays.

use std::collections::TryReserveError;

use allcores_exact::Dot;
use allcores_machine::{Element, Isa, fp_env};
use allcores_memory::Block;

use crate::jobs::cut::Cut;
use crate::jobs::kernel::Identity;
use crate::jobs::lanes::{Accumulate, Accumulator, PerLane};
use crate::jobs::pipeline::{Cutting, Pipeline};
use crate::jobs::source::{ElementPairs, Elements};
use crate::jobs::sum::{self, SMALL};
use crate::jobs::value::Value;

/// Two types whose elements have products, and the instruction set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PairConfig {
    elements: [Element; 2],
    isa: Isa,
}

impl PairConfig {
    /// `None` if only one of the types is one of BigInts.
    pub(crate) fn new(elements: [Element; 2], isa: Isa) -> Option<Self> {
        (elements[0].is_bigint() == elements[1].is_bigint()).then_some(Self { elements, isa })
    }
}

/// Sums the products of two views.
pub(crate) type DotViews = Pipeline<Cut, ElementPairs, Identity, PerLane<Box<Dot>>>;

/// The dot product on the calling thread, if it is small, and if the thread computes as IEEE 754 has it.
pub(crate) fn dot_small(pairs: &ElementPairs, config: PairConfig) -> Option<Value> {
    let [x, y] = &pairs.0;
    (x.view.len() + y.view.len() <= SMALL && fp_env::is_default()).then(|| {
        let mut dot = Box::<Dot>::empty(config);
        dot.add([x.view.block(0..x.view.len()), y.view.block(0..y.view.len())]);
        Accumulator::total(&dot)
    })
}

impl DotViews {
    /// The job for two views of as many elements, of the types that the configuration is of, on at most `threads` threads.
    pub(crate) fn new(
        pairs: ElementPairs,
        config: PairConfig,
        threads: usize,
    ) -> Result<Self, TryReserveError> {
        let [x, y] = &pairs.0;
        let is_short = x.view.len() + y.view.len() <= SMALL;
        // The larger elements decide how long a piece is.
        let element = if x.element.size() >= y.element.size() { x.element } else { y.element };
        let cut = sum::cut(x.len(), element, threads).with_short(is_short);
        let sink = PerLane::new(cut.lanes(), config)?;
        Ok(Self { cut, source: pairs, kernel: Identity, sink })
    }
}

impl ElementPairs {
    /// Those of two views; `None` if one has more elements than the other.
    pub(crate) fn new(x: Elements, y: Elements) -> Option<Self> {
        (x.len() == y.len()).then_some(Self([x, y]))
    }
}

/// Boxed: see [`PerLane`].
impl Accumulator for Box<Dot> {
    type Config = PairConfig;

    fn empty(PairConfig { elements, isa }: PairConfig) -> Self {
        Box::new(
            Dot::new(elements, isa).expect("a configuration is of two types whose elements have products"),
        )
    }

    fn merge(&mut self, other: &Self) {
        Dot::merge(self, other);
    }

    fn total(&self) -> Value {
        Dot::total(self).into()
    }
}

impl Accumulate<[Block<'_>; 2]> for Box<Dot> {
    #[inline]
    fn add(&mut self, terms: [Block<'_>; 2]) {
        Dot::add(self, terms);
    }
}
