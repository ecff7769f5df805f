//! What code for one index at a time takes for granted: that numbers which indices are made of are integers, and not too large. Where that
//! does not hold, vectors run, for which it makes no difference.

use super::block::Indices;
use super::native::Inputs;
use crate::analysis::{Granted, Range};

/// Whether it holds for a block of so many indices.
pub(super) fn holds(granted: &Granted, inputs: &Inputs, indices: Indices<'_>, count: usize) -> bool {
    let (scalars, arrays) = inputs.0.split_at(4 * granted.scalars.len());
    let is_within = |(words, range): (&[u64], &Option<Range>)| match range {
        Some(range) => is_integer_within(words[0], *range),
        None => true,
    };
    scalars.chunks(4).zip(&granted.scalars).all(is_within)
        && arrays.chunks_exact(8).all(|record| record[1] <= granted.length.cast_unsigned())
        && indices.are_up_to(granted.index.cast_unsigned(), count)
}

/// Neither NaN nor -0, which differ from all integers in their bits.
fn is_integer_within(bits: u64, range: Range) -> bool {
    let integer = f64::from_bits(bits) as i64;
    (integer as f64).to_bits() == bits && (range.least..=range.most).contains(&integer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::RawArray;
    use crate::codegen::native::Native;

    fn granted() -> Granted {
        Granted { index: 1000, length: 20, scalars: vec![None, Some(Range::new(-5, 10))] }
    }

    fn inputs(scalars: [f64; 2], len: u64) -> Inputs {
        // SAFETY: no code runs on them.
        unsafe { Inputs::new(&scalars, [RawArray { address: 0, len }]) }
    }

    #[test]
    fn numbers_are_integers_within_their_range() {
        let holds = |x: f64| holds(&granted(), &inputs([0.5, x], 3), Indices::From(0), 10);
        for x in [0.0, -5.0, 10.0, 3.0] {
            assert!(holds(x), "{x}");
        }
        for x in [-0.0, 0.5, -6.0, 11.0, f64::NAN, f64::INFINITY, 1e300, -1e300] {
            assert!(!holds(x), "{x}");
        }
    }

    #[test]
    fn arrays_and_indices_are_not_too_large() {
        let mut lists = [[f64::NAN; Native::WIDTH]];
        lists[0][..3].copy_from_slice(&[7.0, 1000.0, 1001.0]);
        let all = |len, indices, count| holds(&granted(), &inputs([0.5, 1.0], len), indices, count);
        assert!(all(20, Indices::From(991), 10));
        assert!(!all(21, Indices::From(991), 10));
        assert!(!all(20, Indices::From(992), 10));
        assert!(!all(20, Indices::From(u64::MAX), 10));
        assert!(all(20, Indices::Lists(&lists), 2));
        assert!(!all(20, Indices::Lists(&lists), 3));
    }
}
