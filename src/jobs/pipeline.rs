//! [`Pipeline`]: a job that is put together from a source, a kernel and a sink.

use std::ops::Range;

use super::value::{Refusal, Value};
use crate::pool::{Completion, Work};

/// Which units a piece has.
pub(crate) trait Cutting: Send + Sync + 'static {
    /// See [`Work::pieces`].
    fn pieces(&self) -> usize;

    /// On how many threads the pieces run at most.
    fn lanes(&self) -> usize;

    /// Whether all of it takes less time than waking a thread.
    fn is_short(&self) -> bool;

    /// Does `work` with the units of a piece.
    fn run(&self, piece: usize, work: impl FnOnce(Range<u64>));

    /// See [`Work::is_exhausted`].
    fn is_exhausted(&self) -> bool {
        false
    }

    /// How many units have run.
    fn progress(&self) -> u64 {
        0
    }

    /// How many picoseconds a unit took, if that is measured; 0 otherwise.
    fn cost(&self) -> u64 {
        0
    }
}

/// Where the data of a job comes from: a number of *units* (indices, elements, slots) that are read in blocks.
pub(crate) trait Source: Send + Sync + 'static {
    /// Some consecutive units, as a kernel takes them.
    type Block<'a>;

    /// Calls `each` with the blocks of these units, in ascending order. A block has at most `most` indices or elements.
    fn blocks(&self, units: Range<u64>, most: u64, each: impl FnMut(Self::Block<'_>));
}

/// What is computed for each index or element of a block.
pub(crate) trait Kernel<B>: KernelShape {
    /// What a sink takes.
    type Terms<'s>;

    /// Computes the terms of one block; `None` if it was told to stop, or cannot go on.
    fn map<'s>(&self, block: B, scratch: &'s mut Self::Scratch) -> Option<Self::Terms<'s>>;

    /// What it still has of the blocks of a piece, if it keeps anything back.
    fn rest<'s>(&self, _scratch: &'s mut Self::Scratch) -> Option<Self::Terms<'s>> {
        None
    }
}

/// The part of a kernel that does not depend on what its blocks are.
pub(crate) trait KernelShape: Send + Sync + 'static {
    /// Memory of a thread for the terms of one block.
    type Scratch;

    /// How many indices or elements a block may have. What is computed for each of them and kept for the sink should
    /// stay in the L1 cache.
    const BLOCK: u64;

    /// The same for this job: fewer, if what comes of one of them has to be there before the next one begins.
    fn block(&self) -> u64 {
        Self::BLOCK
    }

    /// The scratch memory of a piece.
    fn begin(&self) -> Self::Scratch;

    /// Takes it back.
    fn end(&self, scratch: Self::Scratch) {
        drop(scratch);
    }

    /// See [`Work::stop`].
    fn stop(&self) {}

    /// See [`Work::is_cut_short`].
    fn is_cut_short(&self) -> bool {
        false
    }

    /// Whether it cannot go on: the call fails. Once it is true it stays true.
    fn is_refused(&self) -> bool {
        false
    }

    /// Why.
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    /// Called once the job has ended. `cost` is how many picoseconds a unit took.
    fn learn(&self, _cost: u64) {}
}

/// What becomes of the terms. The result must not depend on how the source was cut.
pub(crate) trait Sink<T>: SinkEnd {
    /// Takes the terms of one block.
    fn take(&self, part: &mut Self::Part<'_>, terms: T);
}

/// The part of a sink that does not depend on what it takes.
pub(crate) trait SinkEnd: Send + Sync + 'static {
    /// The state of a sink during one piece.
    type Part<'a>;

    /// Begins a piece. No two parts of one lane exist at the same time.
    fn begin(&self, lane: usize) -> Self::Part<'_>;

    /// Ends a piece.
    fn end(&self, part: Self::Part<'_>);

    /// Whether it takes nothing more: the call fails. Once it is true it stays true.
    fn is_refused(&self) -> bool {
        false
    }

    /// Why.
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    /// Whether it needs no units but those that have been claimed. Once it is true it stays true.
    fn is_full(&self) -> bool {
        false
    }

    /// See [`Work::finish`]. After a refusal the completion is never `Done`.
    fn finish(&self, completion: &Completion) -> Value;

    /// See [`Work::on_abort`].
    fn on_abort(&self) {}
}

/// A job: the units of a source go through a kernel into a sink, a piece at a time.
pub(crate) struct Pipeline<C, S, K, T> {
    pub(super) cut: C,
    pub(super) source: S,
    pub(super) kernel: K,
    pub(super) sink: T,
}

impl<C: Cutting, S, K: KernelShape, T: SinkEnd> Pipeline<C, S, K, T> {
    /// On how many threads the pieces run at most.
    #[cfg(test)]
    pub(super) fn lanes(&self) -> usize {
        self.cut.lanes()
    }

    fn is_refused(&self) -> bool {
        self.kernel.is_refused() || self.sink.is_refused()
    }

    fn refusal(&self) -> Option<Refusal> {
        self.kernel.refusal().or_else(|| self.sink.refusal())
    }
}

impl<C, S, K, T> Work for Pipeline<C, S, K, T>
where
    C: Cutting,
    S: Source,
    K: for<'a> Kernel<S::Block<'a>>,
    T: for<'a, 's> Sink<<K as Kernel<S::Block<'a>>>::Terms<'s>>,
{
    type Output = Value;

    fn pieces(&self) -> usize {
        self.cut.pieces()
    }

    fn width(&self) -> usize {
        self.cut.lanes()
    }

    fn run(&self, lane: usize, piece: usize) {
        self.cut.run(piece, |units| {
            let mut part = self.sink.begin(lane);
            let mut scratch = self.kernel.begin();
            self.source.blocks(units, self.kernel.block(), |block| {
                if let Some(terms) = self.kernel.map(block, &mut scratch) {
                    self.sink.take(&mut part, terms);
                    if self.sink.is_refused() {
                        self.kernel.stop();
                    }
                }
            });
            if let Some(terms) = self.kernel.rest(&mut scratch) {
                self.sink.take(&mut part, terms);
            }
            self.kernel.end(scratch);
            self.sink.end(part);
        });
    }

    fn is_exhausted(&self) -> bool {
        self.cut.is_exhausted() || self.sink.is_full() || self.is_refused()
    }

    fn is_short(&self) -> bool {
        self.cut.is_short()
    }

    fn stop(&self) {
        self.kernel.stop();
    }

    fn is_cut_short(&self) -> bool {
        // After a refusal the job is over, and not canceled.
        self.kernel.is_cut_short() && !self.is_refused()
    }

    fn progress(&self) -> u64 {
        self.cut.progress()
    }

    fn finish(&self, completion: &Completion) -> Value {
        self.kernel.learn(self.cut.cost());
        match self.refusal() {
            None => self.sink.finish(completion),
            Some(refusal) => {
                self.sink.finish(&Completion::Canceled);
                Value::Refused(refusal)
            }
        }
    }

    fn on_abort(&self) {
        self.sink.on_abort();
    }
}
