//! `sum`: the exact sum of the elements of a shared typed array.

use std::collections::TryReserveError;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crossbeam::utils::CachePadded;

use super::{Value, places};
use crate::pool::{Completion, Work};
use allcores_exact::{Sum, Total};
use allcores_machine::{Isa, fp_env};
use allcores_memory::{Element, SharedView};

/// Bytes summed by one piece at the most: some tens of microseconds for most kernels, a tenth of a millisecond for
/// doubles of any exponent, a third for halves without AVX2.
const MAX_PIECE: usize = 256 << 10;
/// Fewer bytes than this are not worth a piece of their own, nor a thread to be woken for.
const MIN_PIECE: usize = 64 << 10;
/// So many pieces for each thread, if the view is large enough, that all threads end at about the same time.
const PIECES_PER_THREAD: usize = 4;

/// A view of no more bytes than this is summed by the thread that asks: handing it to another would take that thread
/// as long: about four microseconds. Here most take one or two; doubles of any exponent take five, and halves without
/// AVX2, the slowest of all, some twenty.
const SMALL: usize = 16 << 10;

/// The sum of a view on the calling thread, if it is small, and if the thread computes as IEEE 754 has it.
pub(crate) fn sum_small(view: &SharedView, element: Element, isa: Isa) -> Option<Value> {
    (view.len() <= SMALL && fp_env::is_default()).then(|| {
        let mut sum = Sum::new(element, isa);
        sum.add(view.block(0..view.len()));
        sum.total().into()
    })
}

/// Sums all elements of a view.
pub(crate) struct SumView {
    view: SharedView,
    element: Element,
    isa: Isa,
    piece: usize,
    /// An accumulator for each lane that has run a piece. The pool sees to it that a lane is one thread's at a time,
    /// so the lock is always free; it costs nanoseconds for each piece.
    ///
    /// Made by the thread that needs it: an accumulator of doubles is two kilobytes, which the submitting thread need
    /// neither clear nor carry over.
    lanes: Box<[CachePadded<Lane>]>,
}

/// The accumulator of a lane, once there is one.
type Lane = Mutex<Option<Box<Sum>>>;

impl SumView {
    /// The job for a view of elements of this type, on at most `threads` threads.
    pub(crate) fn new(
        view: SharedView,
        element: Element,
        isa: Isa,
        threads: usize,
    ) -> Result<Self, TryReserveError> {
        let (piece, width) = pieces(view.len(), threads);
        Ok(Self { view, element, isa, piece, lanes: places(width)? })
    }

    fn empty(&self) -> Sum {
        Sum::new(self.element, self.isa)
    }

    fn lane(&self, lane: usize) -> MutexGuard<'_, Option<Box<Sum>>> {
        // After a panic the job fails, whatever the accumulator holds.
        self.lanes[lane].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many bytes of a view a piece has, and on how many threads at most the pieces run.
pub(super) fn pieces(bytes: usize, threads: usize) -> (usize, usize) {
    let threads = threads.max(1);
    // Both bounds are multiples of every element's size; what lies between is rounded up to one.
    let piece = (bytes / (threads * PIECES_PER_THREAD)).clamp(MIN_PIECE, MAX_PIECE).next_multiple_of(64);
    (piece, threads.min(bytes.div_ceil(piece)).max(1))
}

impl Work for SumView {
    type Output = Value;

    fn pieces(&self) -> usize {
        self.view.len().div_ceil(self.piece).max(1)
    }

    fn run(&self, lane: usize, piece: usize) {
        let start = piece * self.piece;
        let end = (start + self.piece).min(self.view.len());
        let sum = &mut *self.lane(lane);
        sum.get_or_insert_with(|| Box::new(self.empty())).add(self.view.block(start..end));
    }

    fn is_short(&self) -> bool {
        self.view.len() <= SMALL
    }

    fn finish(&self, _: &Completion) -> Value {
        let mut sums = (0..self.lanes.len()).filter_map(|lane| self.lane(lane).take());
        let mut sum = sums.next().unwrap_or_else(|| Box::new(self.empty()));
        sums.for_each(|other| sum.merge(&other));
        sum.total().into()
    }
}

impl From<Total> for Value {
    fn from(total: Total) -> Self {
        match total {
            Total::Number(number) => Self::Number(number),
            Total::BigInt(integer) => Self::BigInt(integer),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ptr::NonNull;

    use super::*;

    fn sum(values: &[f64], threads: usize) -> (usize, Value) {
        let base = NonNull::new(values.as_ptr().cast_mut().cast()).unwrap();
        // SAFETY: the values are borrowed to the end of the function, and nobody writes them.
        let view = unsafe { SharedView::new(base, size_of_val(values)) };
        let job = SumView::new(view, Element::Float64, Isa::detect(), threads).unwrap();
        let lanes = job.lanes.len();
        (0..job.pieces()).rev().for_each(|piece| job.run(piece % lanes, piece));
        (lanes, job.finish(&Completion::Done(())))
    }

    #[test]
    fn pieces_cover_the_view_whatever_the_number_of_threads() {
        let lengths: &[u32] =
            if cfg!(miri) { &[0, 7, 8193] } else { &[0, 1, 7, 8191, 8192, 8193, 100_003, 1_000_000] };
        for &len in lengths {
            let values: Vec<f64> = (0..len).map(f64::from).collect();
            let total = if len == 0 { -0.0 } else { f64::from(len) * f64::from(len - 1) / 2.0 };
            for &threads in if cfg!(miri) { &[3][..] } else { &[0, 1, 2, 3, 64] } {
                let (_, value) = sum(&values, threads);
                let Value::Number(number) = value else { panic!("{value:?}") };
                assert_eq!(number.to_bits(), total.to_bits(), "{len} elements, {threads} threads");
            }
        }
    }

    #[test]
    fn small_views_come_out_the_same_on_the_calling_thread() {
        for len in [0, 1, 100, SMALL / 8, SMALL / 8 + 1] {
            let values: Vec<f64> = (0..len).map(|i| i as f64 * 0.1).collect();
            let base = NonNull::new(values.as_ptr().cast_mut().cast()).unwrap();
            // SAFETY: the values live to the end of the block, and nobody writes them.
            let view = unsafe { SharedView::new(base, size_of_val(&*values)) };
            let small = sum_small(&view, Element::Float64, Isa::detect());
            assert_eq!(small, (len * 8 <= SMALL).then(|| sum(&values, 1).1), "{len}");
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes minutes: half a megabyte")]
    fn a_small_view_is_one_piece_for_one_thread() {
        let (lanes, _) = sum(&vec![1.0; MIN_PIECE / 8], 8);
        assert_eq!(lanes, 1);
        let (lanes, _) = sum(&vec![1.0; MIN_PIECE], 8);
        assert_eq!(lanes, 8);
    }
}
