//! Kernels for any processor, written so that the compiler finds the vectors.

use super::{Element, Kernel};
use crate::memory::Line;

pub(super) fn kernel(element: Element) -> Kernel {
    match element {
        Element::F64 => |lines| sum(lines, f64::from_bits, |a, b| a + b).to_bits(),
        Element::F32 => |lines| {
            let pair = |it: u64| [it as u32, (it >> 32) as u32].map(f32::from_bits);
            let [a, b] = sum(lines, pair, |a, b| [a[0] + b[0], a[1] + b[1]]);
            (f64::from(a) + f64::from(b)).to_bits()
        },
        Element::I64 => |lines| sum(lines, |it| it, u64::wrapping_add),
        Element::I32 => |lines| {
            let pair = |it: u64| i64::from(it as i32).wrapping_add(it.cast_signed() >> 32);
            sum(lines, pair, i64::wrapping_add).cast_unsigned()
        },
        Element::U8 => |lines| {
            let eight = |it: u64| it.to_ne_bytes().into_iter().map(u64::from).sum::<u64>();
            sum(lines, eight, u64::wrapping_add)
        },
    }
}

/// Sixty-four sums side by side, and then their sum.
#[inline(always)]
fn sum<T: Copy + Default>(lines: &[Line], read: impl Fn(u64) -> T, add: impl Fn(T, T) -> T) -> T {
    let mut sums = [[T::default(); 8]; 8];
    let (groups, rest) = lines.as_chunks::<8>();
    for group in groups {
        for (sums, line) in sums.iter_mut().zip(group) {
            for (sum, word) in sums.iter_mut().zip(line.0) {
                *sum = add(*sum, read(word));
            }
        }
    }
    for line in rest {
        for (sum, word) in sums[0].iter_mut().zip(line.0) {
            *sum = add(*sum, read(word));
        }
    }
    sums.as_flattened().iter().copied().fold(T::default(), add)
}
