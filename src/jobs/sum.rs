//! `sum`: the exact sum of the elements of a shared typed array.

use std::collections::TryReserveError;

use allcores_exact::Sum as ExactSum;
use allcores_machine::{Element, Isa, fp_env};
use allcores_memory::SharedView;

use super::cut::{Cut, Grain};
use super::kernel::Identity;
use super::lanes::PerLane;
use super::pipeline::{Cutting, Pipeline};
use super::source::Elements;
use super::value::Value;

/// Bytes summed by one piece at the most: some tens of microseconds for most kernels, a tenth of a millisecond for
/// doubles of any exponent, a third for halves without AVX2.
const MAX_PIECE: usize = 256 << 10;
/// Fewer bytes than this are not worth a piece of their own, nor a thread to be woken for.
const MIN_PIECE: usize = 64 << 10;
/// How many pieces each thread has, if the view is large enough.
const PIECES_PER_THREAD: u64 = 4;
/// Pieces begin where cache lines of an aligned view do.
const CACHE_LINE: usize = 64;

/// A view of no more bytes than this is summed by the thread that asks: to hand it over takes that thread about four microseconds, and the
/// program waits for some twenty. Here most take up to six, doubles of any exponent seventeen, and halves without AVX2, the slowest of all,
/// some eighty.
pub(super) const SMALL: usize = MIN_PIECE;

/// The sum of a view on the calling thread, if it is small, and if the thread computes as IEEE 754 has it.
pub(crate) fn sum_small(view: &SharedView, element: Element, isa: Isa) -> Option<Value> {
    (view.len() <= SMALL && fp_env::is_default()).then(|| {
        let mut sum = ExactSum::new(element, isa);
        sum.add(view.block(0..view.len()));
        sum.total().into()
    })
}

/// Sums all elements of a view.
pub(crate) type Sum = Pipeline<Cut, Elements, Identity, PerLane<Box<ExactSum>>>;

impl Sum {
    /// The job for a view of elements of this type, on at most `threads` threads.
    pub(crate) fn new(
        view: SharedView,
        element: Element,
        isa: Isa,
        threads: usize,
    ) -> Result<Self, TryReserveError> {
        let is_short = view.len() <= SMALL;
        let source = Elements { view, element };
        let cut = cut(source.len(), element, threads).with_short(is_short);
        let sink = PerLane::new(cut.lanes(), (element, isa))?;
        Ok(Self { cut, source, kernel: Identity, sink })
    }
}

/// How a view of so many elements is cut.
pub(super) fn cut(len: u64, element: Element, threads: usize) -> Cut {
    let elements = |bytes: usize| (bytes / element.size()) as u64;
    let grain = Grain {
        min: elements(MIN_PIECE),
        max: elements(MAX_PIECE),
        per_thread: PIECES_PER_THREAD,
        align: elements(CACHE_LINE),
    };
    Cut::new(len, grain, threads)
}

#[cfg(test)]
mod tests {
    use std::ptr::NonNull;

    use super::*;
    use crate::pool::{Completion, Work};

    fn sum(values: &[f64], threads: usize) -> (usize, Value) {
        let base = NonNull::new(values.as_ptr().cast_mut().cast()).unwrap();
        // SAFETY: the values are borrowed to the end of the function, and nobody writes them.
        let view = unsafe { SharedView::new(base, size_of_val(values)) };
        let job = Sum::new(view, Element::Float64, Isa::detect(), threads).unwrap();
        let lanes = job.lanes();
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
