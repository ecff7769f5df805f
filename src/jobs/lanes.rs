//! [`PerLane`]: the sink of reductions: an accumulator for each lane, merged in the end.

use std::collections::TryReserveError;
use std::sync::{Mutex, MutexGuard, PoisonError};

use allcores_exact::Sum;
use allcores_machine::{Element, Isa};
use crossbeam::utils::CachePadded;

use super::pipeline::{Sink, SinkEnd};
use super::source::ElementBlock;
use super::value::Value;
use crate::pool::Completion;

/// A sum, or another reduction, to which terms can be added. It loses nothing, so that it does not matter in which order, nor in
/// which of several accumulators.
pub(crate) trait Accumulator: Send + 'static {
    /// What it takes to make an empty one.
    type Config: Copy + Send + Sync + 'static;

    fn empty(config: Self::Config) -> Self;

    fn merge(&mut self, other: &Self);

    fn total(&self) -> Value;

    /// What the job of accumulators that were made for this comes to.
    fn result(&self, _: Self::Config) -> Value {
        self.total()
    }
}

/// An accumulator of terms of type `T`.
pub(crate) trait Accumulate<T>: Accumulator {
    fn add(&mut self, terms: T);
}

/// An accumulator for each lane that has run a piece. The pool sees to it that a lane belongs to one thread at a time, so
/// the lock is always free; it costs nanoseconds for each piece.
///
/// Made by the thread that needs it: an accumulator of doubles is two kilobytes, which the submitting thread need
/// neither clear nor carry over.
pub(crate) struct PerLane<A: Accumulator> {
    /// In the job itself: most jobs that are short have one lane, and allocate nothing for it.
    first: Lane<A>,
    others: Box<[CachePadded<Lane<A>>]>,
    config: A::Config,
}

/// The accumulator of a lane, once there is one.
type Lane<A> = Mutex<Option<A>>;

impl<A: Accumulator> PerLane<A> {
    /// Room for `lanes` accumulators, at least one. How many there are depends on the machine and on the caller, so the memory is asked
    /// for, not taken.
    pub(super) fn new(lanes: usize, config: A::Config) -> Result<Self, TryReserveError> {
        let mut others = Vec::new();
        others.try_reserve_exact(lanes - 1)?;
        others.resize_with(lanes - 1, CachePadded::default);
        Ok(Self { first: Lane::default(), others: others.into_boxed_slice(), config })
    }

    fn lane(&self, lane: usize) -> MutexGuard<'_, Option<A>> {
        let lane = if lane == 0 { &self.first } else { &*self.others[lane - 1] };
        // After a panic the job fails, whatever the accumulator holds.
        lane.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A: Accumulator> SinkEnd for PerLane<A> {
    type Part<'a> = MutexGuard<'a, Option<A>>;

    fn begin(&self, lane: usize) -> Self::Part<'_> {
        self.lane(lane)
    }

    fn end(&self, _: Self::Part<'_>) {}

    fn finish(&self, _: &Completion) -> Value {
        let mut sums = (0..=self.others.len()).filter_map(|lane| self.lane(lane).take());
        let mut sum = sums.next().unwrap_or_else(|| A::empty(self.config));
        sums.for_each(|other| sum.merge(&other));
        sum.result(self.config)
    }
}

impl<T, A: Accumulate<T>> Sink<T> for PerLane<A> {
    #[inline]
    fn take(&self, part: &mut Self::Part<'_>, terms: T) {
        part.get_or_insert_with(|| A::empty(self.config)).add(terms);
    }
}

/// The exact sum of elements of a type. Boxed: see [`PerLane`].
impl Accumulator for Box<Sum> {
    type Config = (Element, Isa);

    fn empty((element, isa): Self::Config) -> Self {
        Box::new(Sum::new(element, isa))
    }

    fn merge(&mut self, other: &Self) {
        Sum::merge(self, other);
    }

    fn total(&self) -> Value {
        Sum::total(self).into()
    }
}

impl Accumulate<ElementBlock<'_>> for Box<Sum> {
    #[inline]
    fn add(&mut self, terms: ElementBlock<'_>) {
        Sum::add(self, terms.block);
    }
}
