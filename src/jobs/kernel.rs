//! The kernels that exist: what computes nothing, and what takes a shortcut.

use std::ops::Range;

use super::pipeline::{Kernel, KernelShape};
use super::series;
use super::source::SliceBlock;

/// The terms are the elements themselves. The sink gets blocks of any length: exact accumulators cut them as they need.
pub(crate) struct Identity;

impl KernelShape for Identity {
    type Scratch = ();
    const BLOCK: u64 = u64::MAX;

    fn begin(&self) {}
}

impl<B> Kernel<B> for Identity {
    type Terms<'s> = B;

    #[inline]
    fn map(&self, block: B, (): &mut ()) -> Option<B> {
        Some(block)
    }
}

/// The terms are the integers themselves, and since they are consecutive, their sum is known without looking at each:
/// the sink gets the sum of a block.
pub(crate) struct ClosedForm;

impl KernelShape for ClosedForm {
    type Scratch = ();
    const BLOCK: u64 = u64::MAX;

    fn begin(&self) {}
}

impl Kernel<Range<u64>> for ClosedForm {
    type Terms<'s> = u128;

    #[inline]
    fn map(&self, block: Range<u64>, (): &mut ()) -> Option<u128> {
        Some(series::sum(block))
    }
}

/// The sum of a block of a slice.
pub(crate) struct SliceSum {
    pub(super) slice: u64,
    pub(super) sum: u128,
    /// Whether the slice ends here.
    pub(super) is_last: bool,
}

impl Kernel<SliceBlock> for ClosedForm {
    type Terms<'s> = SliceSum;

    #[inline]
    fn map(&self, block: SliceBlock, (): &mut ()) -> Option<SliceSum> {
        Some(SliceSum { slice: block.slice, sum: series::sum(block.indices), is_last: block.is_last })
    }
}
