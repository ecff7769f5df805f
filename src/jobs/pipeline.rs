//! [`Pipeline`]: a job that is put together from a source, a kernel and a sink.

use std::ops::Range;

use super::cut::Cut;
use super::value::Value;
use crate::pool::{Completion, Work};

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

    /// Computes the terms of one block.
    fn map<'s>(&self, block: B, scratch: &'s mut Self::Scratch) -> Self::Terms<'s>;
}

/// The part of a kernel that does not depend on what its blocks are.
pub(crate) trait KernelShape: Send + Sync + 'static {
    /// Memory of a thread for the terms of one block; made once a piece.
    type Scratch: Default;

    /// How many indices or elements a block may have. What is computed for each of them and kept for the sink should
    /// stay in the L1 cache.
    const BLOCK: u64;
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

    /// See [`Work::finish`].
    fn finish(&self, completion: &Completion) -> Value;

    /// See [`Work::on_abort`].
    fn on_abort(&self) {}
}

/// A job: the units of a source go through a kernel into a sink, a piece at a time.
pub(crate) struct Pipeline<S, K, T> {
    pub(super) cut: Cut,
    pub(super) source: S,
    pub(super) kernel: K,
    pub(super) sink: T,
    /// Whether all of it takes less time than waking a thread.
    pub(super) is_short: bool,
}

impl<S, K, T> Pipeline<S, K, T> {
    /// On how many threads the pieces run at most.
    #[cfg(test)]
    pub(super) fn lanes(&self) -> usize {
        self.cut.lanes()
    }
}

impl<S, K, T> Work for Pipeline<S, K, T>
where
    S: Source,
    K: for<'a> Kernel<S::Block<'a>>,
    T: for<'a, 's> Sink<<K as Kernel<S::Block<'a>>>::Terms<'s>>,
{
    type Output = Value;

    fn pieces(&self) -> usize {
        self.cut.pieces()
    }

    fn run(&self, lane: usize, piece: usize) {
        let mut part = self.sink.begin(lane);
        let mut scratch = K::Scratch::default();
        self.source.blocks(self.cut.piece(piece), K::BLOCK, |block| {
            self.sink.take(&mut part, self.kernel.map(block, &mut scratch));
        });
        self.sink.end(part);
    }

    fn is_short(&self) -> bool {
        self.is_short
    }

    fn finish(&self, completion: &Completion) -> Value {
        self.sink.finish(completion)
    }

    fn on_abort(&self) {
        self.sink.on_abort();
    }
}
