//! [`Direct`]: the kernel for half-precision numbers, whose sums fit a double.
//!
//! Every finite half is a multiple of 2^-24 below 2^16. A tile has at most 2^12 of them, and their sum is a
//! multiple of 2^-24 below 2^28: 52 bits, so no addition of doubles is ever rounded. Infinities and NaN need
//! no care either: a lane that has met one ends as the infinity or the NaN that the sum of its elements is.

use super::{
    expansion::TILE,
    format::{Format, Half},
    simd::{GROUP, Simd},
    superaccumulator::Superaccumulator,
};
use allcores_machine::Task;
use allcores_memory::Block;

/// At most [`TILE`] halves, to be added to a superaccumulator.
pub(super) struct Direct<'a, 's> {
    pub(super) tile: Block<'a>,
    pub(super) sum: &'s mut Superaccumulator,
}

impl<S: Simd> Task<S, ()> for Direct<'_, '_> {
    #[inline(always)]
    fn run(self, simd: S) {
        debug_assert!(self.tile.len() <= TILE * size_of::<u16>());
        let (groups, rest) = self.tile.whole_pieces(GROUP * S::LANES * size_of::<u16>());
        let mut sums = [simd.splat(0.0); GROUP];
        for vectors in groups {
            let vectors = Half::load(simd, vectors);
            for (sum, x) in sums.iter_mut().zip(vectors) {
                *sum = simd.add(*sum, x);
            }
        }
        self.sum.reserve((TILE + GROUP * S::LANES) as u64);
        sums.into_iter().flat_map(|sum| simd.lanes(sum)).for_each(|lane| self.sum.add(lane));
        rest.for_each(|bits| self.sum.add(Half::widen(bits)));
    }
}
