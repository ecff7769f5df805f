//! Sums of consecutive integers, and a range cut into slices of almost equal length.
//!
//! The sum of a slice is computed in closed form, length times mean, in 128-bit integers: exact for all ranges
//! below 2^64, in constant time whatever the length.

use std::ops::Range;

/// The sum of the integers in `range`. Below 2^127 for any range. O(1).
pub(super) fn sum(range: Range<u64>) -> u128 {
    if range.is_empty() {
        return 0;
    }
    let len = u128::from(range.end - range.start);
    let ends = u128::from(range.start) + u128::from(range.end - 1);
    // One of the two is even: if len is odd, first and last have the same parity. Halved before the product,
    // which is then at most 2^63 * 2^64.
    if len.is_multiple_of(2) { len / 2 * ends } else { len * (ends / 2) }
}

/// The integers `0 .. num`, cut into `parts` slices: slice k starts at floor(num * k / parts).
#[derive(Clone, Copy, Debug)]
pub(super) struct Cuts {
    num: u64,
    parts: u64,
}

impl Cuts {
    pub(super) fn new(num: u64, parts: u64) -> Self {
        assert!(parts > 0, "a range is cut into at least one slice");
        Self { num, parts }
    }

    /// Where slice `k` starts, for `k <= parts`; slice `parts` would start at `num`.
    fn start(self, k: u64) -> u64 {
        // The product is below 2^128, and the quotient at most num.
        (u128::from(self.num) * u128::from(k) / u128::from(self.parts)) as u64
    }

    /// Slice `k`, for `k < parts`.
    pub(super) fn slice(self, k: u64) -> Range<u64> {
        self.start(k)..self.start(k + 1)
    }

    /// The slice that a unit is in, for `unit < num`.
    pub(super) fn slice_of(self, unit: u64) -> u64 {
        // The last k with num * k / parts <= unit, rounded down: with num * k < (unit + 1) * parts.
        let above = (u128::from(unit) + 1) * u128::from(self.parts);
        (above.div_ceil(u128::from(self.num)) - 1) as u64
    }

    /// The slices `k ..`, without a division for each.
    pub(super) fn slices_from(self, k: u64) -> impl Iterator<Item = Range<u64>> {
        let (step, rest) = (self.num / self.parts, self.num % self.parts);
        // start = (num * k - fraction) / parts, with fraction < parts.
        let mut start = self.start(k);
        let mut fraction = u128::from(rest) * u128::from(k) % u128::from(self.parts);
        (k..self.parts).map(move |_| {
            fraction += u128::from(rest);
            let carry = fraction >= u128::from(self.parts);
            if carry {
                fraction -= u128::from(self.parts);
            }
            let slice = start..start + step + u64::from(carry);
            start = slice.end;
            slice
        })
    }

    /// The first slice whose sum is above `max`. O(log parts).
    ///
    /// Slices have one of two lengths, `num / parts` and one more. Sums of slices of the *same* length grow with
    /// k, so for each length the first start from which such a slice would be too large is found by bisection.
    pub(super) fn first_above(self, max: u64) -> Option<u64> {
        let max = u128::from(max);
        let (short, rest) = (self.num / self.parts, self.num % self.parts);
        let first_start_above = |len: u64| {
            bisect(self.parts, |k| {
                let start = self.start(k);
                // A long slice that would reach beyond num is not there; only its sum is asked for.
                sum_of(start, len) > max
            })
        };
        // Any slice from there on is at least as long as a short one.
        let short = first_start_above(short);
        if rest == 0 {
            return (short < self.parts).then_some(short);
        }
        // Slice k is long when rest * k mod parts wraps: the next such k at or after the one found.
        let from = first_start_above(self.num / self.parts + 1);
        let long = if from < self.parts {
            let wraps = u128::from(rest) * u128::from(from) / u128::from(self.parts) + 1;
            ((wraps * u128::from(self.parts)).div_ceil(u128::from(rest)) - 1) as u64
        } else {
            self.parts
        };
        let first = short.min(long);
        (first < self.parts).then_some(first)
    }
}

/// The sum of `len` integers from `start` on, the last of which may be 2^64: with `start + len <= 2^64 + 1` the
/// product is below 2^127.
fn sum_of(start: u64, len: u64) -> u128 {
    u128::from(len) * u128::from(start) + sum(0..len)
}

/// The first k in `0 .. end` for which `holds`, which is false up to there and true from there on; or `end`.
fn bisect(end: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The oracle: one term after the other.
    fn naive(range: Range<u64>) -> u128 {
        range.map(u128::from).sum()
    }

    #[test]
    fn sums_of_short_ranges_are_those_of_the_loop() {
        for start in 0..40 {
            for end in start..60 {
                assert_eq!(sum(start..end), naive(start..end), "{start}..{end}");
            }
        }
    }

    #[test]
    fn sums_at_the_limits_do_not_overflow() {
        assert_eq!(sum(0..u64::MAX), (u128::from(u64::MAX) * u128::from(u64::MAX - 1)) / 2);
        assert_eq!(sum(u64::MAX - 1..u64::MAX), u128::from(u64::MAX - 1));
        assert_eq!(sum(u64::MAX - 2..u64::MAX), 2 * u128::from(u64::MAX) - 3);
        assert_eq!(sum(0..u64::MAX - 1), u128::from(u64::MAX - 1) * u128::from(u64::MAX - 2) / 2);
    }

    /// A number of any size: few bits as often as many.
    fn any_size() -> impl Strategy<Value = u64> {
        (any::<u64>(), 0_u32..64).prop_map(|(bits, shift)| bits >> shift)
    }

    proptest! {
        #[test]
        fn splitting_a_range_splits_its_sum(mut cuts in prop::array::uniform3(any_size())) {
            cuts.sort_unstable();
            let [a, b, c] = cuts;
            prop_assert_eq!(sum(a..b) + sum(b..c), sum(a..c));
        }

        #[test]
        fn slices_cover_the_range_without_gap_or_overlap(num in any_size(), parts in 1_u64..500, k in 0_u64..500) {
            let cuts = Cuts::new(num, parts);
            let k = k % parts;
            let listed: Vec<_> = cuts.slices_from(k).collect();
            prop_assert_eq!(listed.len() as u64, parts - k);
            for (index, slice) in listed.iter().enumerate() {
                prop_assert_eq!(slice, &cuts.slice(k + index as u64));
            }
            prop_assert_eq!(cuts.slice(0).start, 0);
            prop_assert_eq!(listed.last().unwrap().end, num);
            for pair in listed.windows(2) {
                prop_assert_eq!(pair[0].end, pair[1].start);
            }
        }

        #[test]
        fn slices_far_out_are_those_of_the_definition(num in any_size(), parts in any_size(), k in any_size()) {
            let parts = parts.clamp(1, 1 << 53);
            let cuts = Cuts::new(num, parts);
            let k = k % parts;
            for (slice, k) in cuts.slices_from(k).take(50).zip(k..) {
                prop_assert_eq!(slice, cuts.slice(k));
            }
        }

        #[test]
        fn a_unit_is_in_one_slice(num in any_size(), parts in any_size(), unit in any_size()) {
            let cuts = Cuts::new(num.max(1), parts.clamp(1, 1 << 53));
            let unit = unit % num.max(1);
            let slice = cuts.slice_of(unit);
            prop_assert!(slice < parts.clamp(1, 1 << 53));
            prop_assert!(cuts.slice(slice).contains(&unit));
        }

        #[test]
        fn the_first_slice_above_a_limit_is_the_first(num in any_size(), parts in 1_u64..300, limit in any_size()) {
            let cuts = Cuts::new(num, parts);
            let naive = (0..parts).find(|&k| sum(cuts.slice(k)) > u128::from(limit));
            prop_assert_eq!(cuts.first_above(limit), naive);
        }

        /// Limits near the sums that occur: where a long slice is above and the short one after it is not.
        #[test]
        fn the_first_slice_above_a_close_limit(num in 1_u64..5000, parts in 1_u64..300, k in 0_u64..300, off in 0_u64..3) {
            let cuts = Cuts::new(num, parts);
            let limit = (sum(cuts.slice(k % parts)) as u64 + off).saturating_sub(1);
            let naive = (0..parts).find(|&k| sum(cuts.slice(k)) > u128::from(limit));
            prop_assert_eq!(cuts.first_above(limit), naive);
        }
    }
}
