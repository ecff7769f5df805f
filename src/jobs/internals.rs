//! How jobs are cut up, and what their partial results are, for `fuzz/` to look at: numbers in, numbers out.

use std::ops::Range;

use allcores_machine::Element;

use super::pipeline::Cutting;
use super::reduction::partial::{self, Method, Partial};
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

/// How many methods have partial results. They are told by their number.
pub const METHODS: usize = Method::ALL.len();

/// The partial result of these terms, the first of which is at `start`.
pub fn partial(method: usize, start: u64, terms: &mut [f64]) -> Box<[u8]> {
    partial::of(Method::ALL[method], start, terms)
}

/// What two come to together; `None` if these bytes are none, or have too many terms.
pub fn merge_partials(method: usize, a: &[u8], b: &[u8]) -> Option<Box<[u8]>> {
    let mut merged = Partial::read(Method::ALL[method], a, "a").ok()?;
    merged.merge(&Partial::read(Method::ALL[method], b, "b").ok()?).ok()?;
    Some(merged.bytes())
}

/// What the public function comes to; `None` if these bytes are no partial result.
pub fn finish_partial(method: usize, bytes: &[u8], ddof: u64) -> Option<f64> {
    Some(Partial::read(Method::ALL[method], bytes, "bytes").ok()?.value(ddof))
}
