//! [`Portable`]: vector operations as plain Rust on arrays of two doubles, which compilers turn into what
//! each processor has.

use super::{GROUP, Simd};
use crate::format::{Double, Format, Half, Single};
use allcores_machine::Portable;
use allcores_memory::Block;

const LANES: usize = 2;

type Pair = [f64; LANES];

/// Applies `f` lane by lane.
#[inline(always)]
fn zip(a: Pair, b: Pair, f: impl Fn(f64, f64) -> f64) -> Pair {
    [f(a[0], b[0]), f(a[1], b[1])]
}

/// `a * b - p`, where `p` is the product rounded: Dekker's product, since `mul_add` is a slow function where there is no instruction.
#[inline(always)]
fn missing(a: f64, b: f64, p: f64) -> f64 {
    /// The upper 26 bits of `x`, and the others.
    #[inline(always)]
    fn split(x: f64) -> (f64, f64) {
        let scaled = x * ((1 << 27) + 1) as f64;
        let upper = scaled - (scaled - x);
        (upper, x - upper)
    }
    let ((a, a_low), (b, b_low)) = (split(a), split(b));
    a * b - p + a * b_low + a_low * b + a_low * b_low
}

/// The first numbers of `block` in a group of vectors.
#[inline(always)]
fn load<F: Format>(block: Block<'_>) -> [Pair; GROUP] {
    let numbers = block.load_array::<F::Bits, { GROUP * LANES }>();
    std::array::from_fn(|vector| std::array::from_fn(|lane| F::widen(numbers[vector * LANES + lane])))
}

impl Simd for Portable {
    type Doubles = Pair;
    const LANES: usize = LANES;

    #[inline(always)]
    fn splat(self, x: f64) -> Pair {
        [x; LANES]
    }

    #[inline(always)]
    fn load_f64(self, block: Block<'_>) -> [Pair; GROUP] {
        load::<Double>(block)
    }

    #[inline(always)]
    fn load_f32(self, block: Block<'_>) -> [Pair; GROUP] {
        load::<Single>(block)
    }

    #[inline(always)]
    fn load_f16(self, block: Block<'_>) -> [Pair; GROUP] {
        load::<Half>(block)
    }

    #[inline(always)]
    fn add(self, a: Pair, b: Pair) -> Pair {
        zip(a, b, |a, b| a + b)
    }

    #[inline(always)]
    fn sub(self, a: Pair, b: Pair) -> Pair {
        zip(a, b, |a, b| a - b)
    }

    #[inline(always)]
    fn max_abs(self, max: Pair, x: Pair) -> Pair {
        zip(max, x, |max, x| if x.abs() > max { x.abs() } else { max })
    }

    #[inline(always)]
    fn two_product(self, a: Pair, b: Pair) -> (Pair, Pair) {
        let p = zip(a, b, |a, b| a * b);
        (p, std::array::from_fn(|lane| missing(a[lane], b[lane], p[lane])))
    }

    #[inline(always)]
    fn min_product(self, min: Pair, p: Pair, factors: [Pair; 2]) -> Pair {
        std::array::from_fn(|lane| {
            let is_zero = factors[0][lane] == 0.0 || factors[1][lane] == 0.0;
            if !is_zero && p[lane].abs() < min[lane] { p[lane].abs() } else { min[lane] }
        })
    }

    #[inline(always)]
    fn or(self, a: Pair, b: Pair) -> Pair {
        zip(a, b, |a, b| f64::from_bits(a.to_bits() | b.to_bits()))
    }

    #[inline(always)]
    fn lanes(self, x: Pair) -> impl Iterator<Item = f64> {
        x.into_iter()
    }

    #[inline(always)]
    fn read(self, list: &[f64]) -> Pair {
        [list[0], list[1]]
    }

    #[inline(always)]
    fn write(self, x: Pair, list: &mut [f64]) {
        list[..LANES].copy_from_slice(&x);
    }
}
