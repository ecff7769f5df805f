//! Kernels for any processor, written so that the compiler finds the vectors.

use super::{Element, Kernel, Work};
use crate::memory::Line;

pub(super) fn kernel(work: Work) -> Kernel {
    match work {
        Work::Sum(Element::F64) => |a, _| [sum(a, f64::from_bits, |a, b| a + b).to_bits(), 0],
        Work::Sum(Element::F32) => |a, _| {
            let pair = |it: u64| [it as u32, (it >> 32) as u32].map(f32::from_bits);
            let [a, b] = sum(a, pair, |a, b| [a[0] + b[0], a[1] + b[1]]);
            [(f64::from(a) + f64::from(b)).to_bits(), 0]
        },
        Work::Sum(Element::I64) => |a, _| [sum(a, |it| it, u64::wrapping_add), 0],
        Work::Sum(Element::I32) => |a, _| {
            let pair = |it: u64| i64::from(it as i32).wrapping_add(it.cast_signed() >> 32);
            [sum(a, pair, i64::wrapping_add).cast_unsigned(), 0]
        },
        Work::Sum(Element::U8) => |a, _| {
            let eight = |it: u64| it.to_ne_bytes().into_iter().map(u64::from).sum::<u64>();
            [sum(a, eight, u64::wrapping_add), 0]
        },
        Work::Squares => |a, _| {
            let square = |it| f64::from_bits(it) * f64::from_bits(it);
            [sum(a, square, |a, b| a + b).to_bits(), 0]
        },
        Work::Moments => |a, _| {
            let both = |it| [f64::from_bits(it), f64::from_bits(it) * f64::from_bits(it)];
            sum(a, both, |a, b| [a[0] + b[0], a[1] + b[1]]).map(f64::to_bits)
        },
        Work::Dot => |a, b| [dot(a, b).to_bits(), 0],
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

/// The same for the products of two arrays of as many lines.
fn dot(a: &[Line], b: &[Line]) -> f64 {
    let mut sums = [[0.0; 8]; 8];
    for (number, (x, y)) in a.iter().zip(b).enumerate() {
        for ((sum, x), y) in sums[number % 8].iter_mut().zip(x.0).zip(y.0) {
            *sum += f64::from_bits(x) * f64::from_bits(y);
        }
    }
    sums.as_flattened().iter().sum()
}
