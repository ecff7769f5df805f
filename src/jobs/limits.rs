//! Properties of how jobs are cut up, near the largest numbers that there are: no product overflows, and pieces cover
//! everything once.

use proptest::prelude::*;

use super::series::{self, Cuts};
use super::{fill, range, view};

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn pieces_of_a_view_cover_it(bytes in bytes(), threads in 0_usize..1025) {
        let (piece, lanes) = view::pieces(bytes, threads);
        let count = bytes.div_ceil(piece).max(1);
        prop_assert!(piece.is_multiple_of(64), "{piece} bytes are no whole number of elements");
        prop_assert!((64 << 10..=256 << 10).contains(&piece));
        prop_assert!((1..=count.min(threads.max(1))).contains(&lanes));
        // As `run` has it, for the last piece.
        let start = (count - 1).checked_mul(piece).unwrap();
        prop_assert!(start <= bytes && start.checked_add(piece).unwrap() >= bytes);
    }

    #[test]
    fn pieces_of_a_fill_cover_its_slots(num in extreme(), count in extreme()) {
        // A slot has four bytes at least.
        let count = count.clamp(1, 1 << 62);
        let each = fill::slots_per_piece(num, count);
        let pieces = count.div_ceil(each);
        prop_assert!((1..=2048).contains(&each));
        let first = (pieces - 1).checked_mul(each).unwrap();
        prop_assert!(first < count && first.checked_add(each).unwrap() >= count);
    }

    #[test]
    fn a_range_has_no_more_slices_than_threads(num in extreme(), threads in 0_usize..1025) {
        let slices = range::slices(num, threads);
        prop_assert!((1..=threads.max(1) as u64).contains(&slices));
        prop_assert!(slices == 1 || num / slices >= super::MIN_SLICE);
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
