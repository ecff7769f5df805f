//! Properties of how jobs are cut up, near the largest numbers that there are: no product overflows, and pieces cover
//! everything once.

use proptest::prelude::*;

use allcores_machine::Element;

use crate::jobs::cut::Cut;
use crate::jobs::pipeline::Cutting;
use crate::jobs::series::{self, Cuts};
use crate::jobs::{MIN_INDICES, sum, sum_into_shared_buffer, sum_range};

/// Numbers near the ends of their type, near powers of two, and any.
fn extreme() -> impl Strategy<Value = u64> {
    prop_oneof![
        0_u64..5,
        (0_u64..5).prop_map(|below| u64::MAX - below),
        (0_u32..64, -2_i64..3).prop_map(|(bit, off)| (1_u64 << bit).wrapping_add_signed(off)),
        any::<u64>(),
    ]
}

/// Lengths that a slice of memory can have.
fn bytes() -> impl Strategy<Value = usize> {
    extreme().prop_map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX).min(isize::MAX as usize))
}

/// The pieces of a cut begin where the one before ends, and the last one ends where the units do.
fn covers(cut: &Cut, units: u64, threads: usize) {
    let pieces = cut.pieces();
    assert!((1..=threads.max(1).min(pieces)).contains(&cut.lanes()), "{cut:?}");
    assert_eq!(cut.piece(0).start, 0);
    assert_eq!(cut.piece(pieces - 1).end, units, "{cut:?}");
    for piece in
        (1..pieces.min(20)).chain((1..20).filter_map(|back| pieces.checked_sub(back))).filter(|&k| k > 0)
    {
        assert_eq!(cut.piece(piece - 1).end, cut.piece(piece).start, "{cut:?}");
        assert!(!cut.piece(piece).is_empty(), "{cut:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn pieces_of_a_view_cover_it(bytes in bytes(), size in 0_usize..4, threads in 0_usize..1025) {
        let element = [Element::Int8, Element::Int16, Element::Float32, Element::Float64][size];
        let len = (bytes / element.size()) as u64;
        let cut = sum::cut(len, element, threads);
        let piece = cut.piece_len() as usize * element.size();
        prop_assert!(piece.is_multiple_of(64), "{piece} bytes");
        prop_assert!((64 << 10..=256 << 10).contains(&piece));
        covers(&cut, len, threads);
    }

    #[test]
    fn pieces_of_slots_cover_them(num in extreme(), count in extreme(), threads in 0_usize..1025) {
        // A slot has four bytes at least.
        let count = count.clamp(1, 1 << 62);
        let cut = sum_into_shared_buffer::cut(num, count, threads);
        prop_assert!((1..=2048).contains(&cut.piece_len()));
        covers(&cut, count, threads);
    }

    #[test]
    fn a_range_has_no_more_pieces_than_threads(num in extreme(), threads in 0_usize..1025) {
        let cut = sum_range::cut(num, threads);
        prop_assert!((1..=threads.max(1)).contains(&cut.pieces()));
        prop_assert_eq!(cut.pieces(), cut.lanes());
        prop_assert!(cut.pieces() == 1 || cut.piece_len() >= MIN_INDICES);
        covers(&cut, num, threads);
    }

    /// The definition, in numbers twice as wide.
    #[test]
    fn slices_are_those_of_the_definition(num in extreme(), parts in extreme(), k in extreme()) {
        let parts = parts.clamp(1, u64::MAX - 1);
        let k = k % parts;
        let start = |k: u64| u128::from(num) * u128::from(k) / u128::from(parts);
        for (slice, k) in Cuts::new(num, parts).slices_from(k).take(20).zip(k..) {
            prop_assert_eq!((u128::from(slice.start), u128::from(slice.end)), (start(k), start(k + 1)));
        }
        prop_assert_eq!(Cuts::new(num, parts).slice(parts - 1).end, num);
    }

    /// The first slice above a limit that one of them just reaches: it is above, and those before it are not.
    #[test]
    fn the_first_slice_above_a_limit(num in extreme(), parts in extreme(), k in extreme(), off in 0_u64..3) {
        let parts = parts.clamp(1, 1 << 62);
        let cuts = Cuts::new(num, parts);
        let max = (series::sum(cuts.slice(k % parts)).min(u128::from(u64::MAX)) as u64)
            .saturating_add(off)
            .saturating_sub(1);
        let is_above = |k| series::sum(cuts.slice(k)) > u128::from(max);
        let found = cuts.first_above(max);
        prop_assert!(found.is_none_or(is_above));
        let end = found.unwrap_or(parts);
        for k in (1..200).filter_map(|back| end.checked_sub(back)) {
            prop_assert!(!is_above(k), "{found:?}, but so is {k}");
        }
    }
}
