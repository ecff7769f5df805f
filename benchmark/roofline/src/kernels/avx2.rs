//! Kernels for processors with AVX2 and FMA: two vectors are one line. An accumulator is a pair of vectors.

use std::arch::x86_64::*;

use super::{Element, Kernel, Work, vectors};
use crate::memory::Line;

vectors::kernels! {
    "avx2,fma";
    sum_f64 8 [_mm256_setzero_pd(); 2], add_f64, fold_f64;
    sum_f32 8 [_mm256_setzero_ps(); 2], add_f32, fold_f32;
    sum_i64 8 [_mm256_setzero_si256(); 2], add_i64, fold_i64;
    sum_i32 8 [_mm256_setzero_si256(); 2], add_i32, fold_i64;
    sum_u8 8 [_mm256_setzero_si256(); 2], add_u8, fold_i64;
    squares 4 [_mm256_setzero_pd(); 2], add_squares, fold_f64;
    moments 2 [[_mm256_setzero_pd(); 2]; 2], add_moments, fold_moments;
}

vectors::kernel_of_pairs! {
    "avx2,fma";
    dot 4 [_mm256_setzero_pd(); 2], add_products, fold_f64
}

/// The kernel for that work, on a processor of which the caller has asked whether it has the features.
pub(super) fn kernel<const PREFETCH: bool>(work: Work) -> Kernel {
    match work {
        // SAFETY: the caller has asked the processor for the features.
        Work::Sum(Element::F64) => |a, _| unsafe { sum_f64::<PREFETCH>(a) },
        // SAFETY: the caller has asked the processor for the features.
        Work::Sum(Element::F32) => |a, _| unsafe { sum_f32::<PREFETCH>(a) },
        // SAFETY: the caller has asked the processor for the features.
        Work::Sum(Element::I64) => |a, _| unsafe { sum_i64::<PREFETCH>(a) },
        // SAFETY: the caller has asked the processor for the features.
        Work::Sum(Element::I32) => |a, _| unsafe { sum_i32::<PREFETCH>(a) },
        // SAFETY: the caller has asked the processor for the features.
        Work::Sum(Element::U8) => |a, _| unsafe { sum_u8::<PREFETCH>(a) },
        // SAFETY: the caller has asked the processor for the features.
        Work::Squares => |a, _| unsafe { squares::<PREFETCH>(a) },
        // SAFETY: the caller has asked the processor for the features.
        Work::Moments => |a, _| unsafe { moments::<PREFETCH>(a) },
        // SAFETY: the caller has asked the processor for the features.
        Work::Dot => |a, b| unsafe { dot::<PREFETCH>(a, b) },
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn load(line: &Line) -> [__m256i; 2] {
    let (halves, _) = line.0.as_chunks::<4>();
    // SAFETY: half a line has 32 bytes, and its address is a multiple of 32.
    let load = |half: &[u64; 4]| unsafe { _mm256_load_si256(half.as_ptr().cast()) };
    [load(&halves[0]), load(&halves[1])]
}

#[inline]
#[target_feature(enable = "avx2")]
fn add_f64([a, b]: [__m256d; 2], line: &Line) -> [__m256d; 2] {
    let [x, y] = load(line);
    [_mm256_add_pd(a, _mm256_castsi256_pd(x)), _mm256_add_pd(b, _mm256_castsi256_pd(y))]
}

#[inline]
#[target_feature(enable = "avx2")]
fn add_f32([a, b]: [__m256; 2], line: &Line) -> [__m256; 2] {
    let [x, y] = load(line);
    [_mm256_add_ps(a, _mm256_castsi256_ps(x)), _mm256_add_ps(b, _mm256_castsi256_ps(y))]
}

#[inline]
#[target_feature(enable = "avx2")]
fn add_i64([a, b]: [__m256i; 2], line: &Line) -> [__m256i; 2] {
    let [x, y] = load(line);
    [_mm256_add_epi64(a, x), _mm256_add_epi64(b, y)]
}

#[inline]
#[target_feature(enable = "avx2")]
fn add_i32([a, b]: [__m256i; 2], line: &Line) -> [__m256i; 2] {
    let [x, y] = load(line);
    [_mm256_add_epi64(a, widened(x)), _mm256_add_epi64(b, widened(y))]
}

/// The sums of the lower and the upper four of eight integers.
#[inline]
#[target_feature(enable = "avx2")]
fn widened(x: __m256i) -> __m256i {
    let low = _mm256_cvtepi32_epi64(_mm256_castsi256_si128(x));
    let high = _mm256_cvtepi32_epi64(_mm256_extracti128_si256::<1>(x));
    _mm256_add_epi64(low, high)
}

#[inline]
#[target_feature(enable = "avx2")]
fn add_u8([a, b]: [__m256i; 2], line: &Line) -> [__m256i; 2] {
    let [x, y] = load(line);
    let zero = _mm256_setzero_si256();
    [_mm256_add_epi64(a, _mm256_sad_epu8(x, zero)), _mm256_add_epi64(b, _mm256_sad_epu8(y, zero))]
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn add_squares(sums: [__m256d; 2], line: &Line) -> [__m256d; 2] {
    add_products(sums, line, line)
}

/// The sums of the numbers, and of their squares.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn add_moments([sums, squares]: [[__m256d; 2]; 2], line: &Line) -> [[__m256d; 2]; 2] {
    [add_f64(sums, line), add_squares(squares, line)]
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn add_products([a, b]: [__m256d; 2], line: &Line, other: &Line) -> [__m256d; 2] {
    let ([x, y], [v, w]) = (load(line), load(other));
    [
        _mm256_fmadd_pd(_mm256_castsi256_pd(x), _mm256_castsi256_pd(v), a),
        _mm256_fmadd_pd(_mm256_castsi256_pd(y), _mm256_castsi256_pd(w), b),
    ]
}

#[target_feature(enable = "avx2")]
fn fold_f64(sums: &[[__m256d; 2]]) -> [u64; 2] {
    let mut lanes = [0.0_f64; 4];
    let mut total = 0.0;
    for sum in sums.as_flattened() {
        // SAFETY: four doubles fit.
        unsafe { _mm256_storeu_pd(lanes.as_mut_ptr(), *sum) };
        total += lanes.iter().sum::<f64>();
    }
    [total.to_bits(), 0]
}

#[target_feature(enable = "avx2")]
fn fold_f32(sums: &[[__m256; 2]]) -> [u64; 2] {
    let mut lanes = [0.0_f32; 8];
    let mut total = 0.0;
    for sum in sums.as_flattened() {
        // SAFETY: eight floats fit.
        unsafe { _mm256_storeu_ps(lanes.as_mut_ptr(), *sum) };
        total += lanes.iter().copied().map(f64::from).sum::<f64>();
    }
    [total.to_bits(), 0]
}

#[target_feature(enable = "avx2")]
fn fold_i64(sums: &[[__m256i; 2]]) -> [u64; 2] {
    let mut lanes = [0_u64; 4];
    let mut total = 0;
    for sum in sums.as_flattened() {
        // SAFETY: four integers fit.
        unsafe { _mm256_storeu_si256(lanes.as_mut_ptr().cast(), *sum) };
        total = lanes.iter().fold(total, |total: u64, lane| total.wrapping_add(*lane));
    }
    [total, 0]
}

#[target_feature(enable = "avx2")]
fn fold_moments(all: &[[[__m256d; 2]; 2]]) -> [u64; 2] {
    [0, 1].map(|which| {
        let [bits, _] = fold_f64(&all.iter().map(|sums| sums[which]).collect::<Vec<_>>());
        bits
    })
}
