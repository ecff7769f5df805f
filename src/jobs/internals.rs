//! How jobs are cut up, for `fuzz/` to look at: numbers in, numbers out.

use std::ops::Range;

use allcores_machine::Element;

use super::pipeline::Cutting;
use super::series::{self, Cuts};
use super::{sum as sum_view, sum_into_shared_buffer, sum_range};

/// The sum of the integers in `range`.
pub fn sum(range: Range<u64>) -> u128 {
    series::sum(range)
}

/// The slices `k ..` of `0 .. num` cut into `parts`.
pub fn slices_from(num: u64, parts: u64, k: u64) -> impl Iterator<Item = Range<u64>> {
    Cuts::new(num, parts).slices_from(k)
}

/// Slice `k` alone.
pub fn slice(num: u64, parts: u64, k: u64) -> Range<u64> {
    Cuts::new(num, parts).slice(k)
}

/// The first of `parts` slices whose sum is above `max`.
pub fn first_above(num: u64, parts: u64, max: u64) -> Option<u64> {
    Cuts::new(num, parts).first_above(max)
}

/// How many of `count` slots a piece of `sumIntoSharedBuffer` fills.
pub fn slots_per_piece(num: u64, count: u64) -> u64 {
    sum_into_shared_buffer::cut(num, count, 1).piece_len()
}

/// How many pieces `sumRange` has on that many threads.
pub fn range_slices(num: u64, threads: usize) -> u64 {
    sum_range::cut(num, threads).pieces() as u64
}

/// How many bytes a piece of `sum` has, and how many lanes there are.
pub fn view_pieces(bytes: usize, threads: usize) -> (usize, usize) {
    let cut = sum_view::cut(bytes as u64, Element::Int8, threads);
    (cut.piece_len() as usize, cut.lanes())
}
