//! [`Grid`]: the indices that a body is called with, by the number of the call.

use std::ops::Range;

/// The most dimensions that a range may have.
pub(crate) const MAX_DIMENSIONS: usize = 3;

/// A range of up to three dimensions, or a part of it. Its units are counted row by row: the last index runs fastest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Grid {
    /// Where the part begins in the whole, counted in units. In one dimension, that is its first index.
    origin: u64,
    units: u64,
    /// Those of the whole.
    counts: [u64; MAX_DIMENSIONS],
    dimensions: usize,
}

/// 0, 1, 2, …
static STEPS: [f64; 64] = {
    let mut steps = [0.0; 64];
    let mut k = 1;
    while k < steps.len() {
        steps[k] = k as f64;
        k += 1;
    }
    steps
};

/// The largest index, and the largest number of units.
const MAX: u64 = (1 << 53) - 1;

impl Grid {
    /// The indices `from .. to`.
    pub(crate) fn range(from: u64, to: u64) -> Self {
        Self { origin: from, units: to.saturating_sub(from), counts: [1; MAX_DIMENSIONS], dimensions: 1 }
    }

    /// All tuples of indices below these counts: one to three of them, whose product is below 2^53. `None` otherwise.
    pub(crate) fn of(counts: &[u64]) -> Option<Self> {
        let units = counts.iter().try_fold(1_u64, |units, count| units.checked_mul(*count));
        // A count of 0 must not hide that another is too large.
        let are_indices = counts.iter().all(|count| *count <= MAX) && units.is_some_and(|units| units <= MAX);
        let units = units.filter(|_| are_indices && (1..=MAX_DIMENSIONS).contains(&counts.len()))?;
        let mut all = [1; MAX_DIMENSIONS];
        all[..counts.len()].copy_from_slice(counts);
        Some(Self { origin: 0, units, counts: all, dimensions: counts.len() })
    }

    /// Some consecutive units of a whole range, by where they are in it; `None` if it does not have them.
    pub(crate) fn part(self, units: Range<u64>) -> Option<Self> {
        let has_them =
            self.origin <= units.start && units.start <= units.end && units.end - self.origin <= self.units;
        if !has_them {
            return None;
        }
        Some(Self { origin: units.start, units: units.end - units.start, ..self })
    }

    /// How many units there are.
    pub(crate) fn units(&self) -> u64 {
        self.units
    }

    /// Where unit 0 is in the whole, counted in units: in one dimension, its index.
    pub(crate) fn origin(&self) -> u64 {
        self.origin
    }

    pub(crate) fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The index of a unit, if those of the units after it follow one by one.
    pub(super) fn first(&self, unit: u64) -> Option<u64> {
        (self.dimensions == 1).then_some(self.origin + unit)
    }

    /// How many units a row has: of one dimension, all.
    pub(super) fn width(&self) -> u64 {
        if self.dimensions == 1 { self.units } else { self.counts[self.dimensions - 1] }
    }

    /// The rows that consecutive units are in: of each the indices but the last, and those of the last.
    pub(super) fn rows(
        self,
        units: Range<u64>,
    ) -> impl Iterator<Item = ([u64; MAX_DIMENSIONS - 1], Range<u64>)> {
        let width = self.counts[self.dimensions - 1];
        let (mut at, end) = (self.origin + units.start, self.origin + units.end);
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let (row, first) = (at / width, at % width);
                let len = (width - first).min(end - at);
                at += len;
                let outer = if self.dimensions == 2 {
                    [row, 0]
                } else {
                    [row / self.counts[1], row % self.counts[1]]
                };
                (outer, first..first + len)
            })
        })
    }

    /// The indices of consecutive units, of which there are: `out` has a list for each dimension.
    pub(super) fn fill(&self, units: Range<u64>, out: &mut [&mut [f64]]) {
        let len = (units.end - units.start) as usize;
        let mut index = [0; MAX_DIMENSIONS];
        let mut rest = self.origin + units.start;
        for dimension in (1..self.dimensions).rev() {
            index[dimension] = rest % self.counts[dimension];
            rest /= self.counts[dimension];
        }
        index[0] = rest;
        let last = self.dimensions - 1;
        let mut at = 0;
        // Row by row: in a row, all indices but the last are the same.
        while at < len {
            let in_row = if last == 0 { u64::MAX } else { self.counts[last] - index[last] };
            let end = len.min(at.saturating_add(in_row as usize));
            for (out, index) in out[..last].iter_mut().zip(index) {
                out[at..end].fill(index as f64);
            }
            count_up(index[last], &mut out[last][at..end]);
            at = end;
            index[last] = 0;
            for dimension in (0..last).rev() {
                index[dimension] += 1;
                if index[dimension] < self.counts[dimension] {
                    break;
                }
                index[dimension] = 0;
            }
        }
    }
}

/// Consecutive indices. Exact: below 2^53. Every processor adds doubles by vectors, and not every one converts integers.
fn count_up(first: u64, out: &mut [f64]) {
    let mut at = first as f64;
    for out in out.chunks_mut(STEPS.len()) {
        out.iter_mut().zip(&STEPS).for_each(|(out, step)| *out = at + step);
        at += STEPS.len() as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tuples(grid: Grid, units: Range<u64>) -> Vec<Vec<f64>> {
        let len = (units.end - units.start) as usize;
        let mut lists = vec![vec![0.0; len]; grid.dimensions()];
        let mut out: Vec<&mut [f64]> = lists.iter_mut().map(Vec::as_mut_slice).collect();
        grid.fill(units, &mut out);
        (0..len).map(|at| lists.iter().map(|list| list[at]).collect()).collect()
    }

    #[test]
    fn units_are_counted_row_by_row() {
        let grid = Grid::of(&[2, 3, 2]).unwrap();
        let mut expected = Vec::new();
        for a in 0..2 {
            for b in 0..3 {
                for c in 0..2 {
                    expected.push(vec![f64::from(a), f64::from(b), f64::from(c)]);
                }
            }
        }
        assert_eq!(grid.units(), 12);
        assert_eq!(tuples(grid, 0..12), expected);
        for start in 0..12 {
            for end in start..=12 {
                assert_eq!(tuples(grid, start..end), expected[start as usize..end as usize]);
            }
        }
    }

    #[test]
    fn rows_are_the_units_in_their_order() {
        for grid in [Grid::of(&[5, 7]).unwrap(), Grid::of(&[3, 2, 5]).unwrap()] {
            for start in 0..=grid.units() {
                for end in start..=grid.units() {
                    let part = grid.part(start..grid.units()).unwrap();
                    let mut found = Vec::new();
                    for (outer, last) in part.rows(0..end - start) {
                        assert!(!last.is_empty() && last.end <= grid.width());
                        let outer = &outer[..grid.dimensions() - 1];
                        found.extend(last.map(|last| {
                            outer.iter().chain([&last]).map(|index| *index as f64).collect::<Vec<_>>()
                        }));
                    }
                    assert_eq!(found, tuples(part, 0..end - start));
                }
            }
        }
    }

    #[test]
    fn a_part_is_as_it_is_in_the_whole() {
        let whole = Grid::of(&[3, 4, 5]).unwrap();
        let expected = tuples(whole, 0..60);
        for start in 0..=60 {
            for end in start..=60 {
                let part = whole.part(start..end).unwrap();
                assert_eq!((part.origin(), part.units()), (start, end - start));
                assert_eq!(tuples(part, 0..end - start), expected[start as usize..end as usize]);
            }
        }
        assert!(whole.part(59..61).is_none());
        #[expect(clippy::reversed_empty_ranges, reason = "that is what is refused")]
        let reversed = whole.part(5..4);
        assert!(reversed.is_none());
        let line = Grid::range(7, 12);
        assert_eq!(line.part(9..12), Some(Grid::range(9, 12)));
        assert_eq!(line.part(12..12).map(|part| part.units()), Some(0));
        assert!(line.part(6..8).is_none() && line.part(7..13).is_none());
    }

    #[test]
    fn a_range_may_begin_anywhere() {
        let grid = Grid::range(MAX - 2, MAX);
        assert_eq!(grid.units(), 2);
        assert_eq!(tuples(grid, 0..2), [[(MAX - 2) as f64], [(MAX - 1) as f64]]);
        assert_eq!(Grid::range(5, 3).units(), 0);
    }

    #[test]
    fn there_are_no_more_units_than_numbers_can_count() {
        assert!(Grid::of(&[1 << 27, 1 << 26]).is_none());
        assert!(Grid::of(&[1 << 26, 1 << 26]).is_some());
        assert!(Grid::of(&[u64::MAX, u64::MAX, 2]).is_none());
        assert!(Grid::of(&[0, u64::MAX]).is_none());
        assert_eq!(Grid::of(&[0, 5]).map(|grid| grid.units()), Some(0));
        assert!(Grid::of(&[]).is_none());
        assert!(Grid::of(&[1, 1, 1, 1]).is_none());
    }
}
