//! Kernels for processors with AVX-512: one vector is one line.

use std::arch::x86_64::*;

use super::{Element, Kernel, Work, vectors};
use crate::memory::Line;

vectors::kernels! {
    "avx512f,avx512bw";
    sum_f64 8 _mm512_setzero_pd(), add_f64, fold_f64;
    sum_f32 8 _mm512_setzero_ps(), add_f32, fold_f32;
    sum_i64 8 _mm512_setzero_si512(), add_i64, fold_i64;
    sum_i32 8 _mm512_setzero_si512(), add_i32, fold_i64;
    sum_u8 8 _mm512_setzero_si512(), add_u8, fold_i64;
    squares 8 _mm512_setzero_pd(), add_squares, fold_f64;
    moments 8 [_mm512_setzero_pd(); 2], add_moments, fold_moments;
}

vectors::kernel_of_pairs! {
    "avx512f,avx512bw";
    dot 8 _mm512_setzero_pd(), add_products, fold_f64
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
#[target_feature(enable = "avx512f")]
fn load(line: &Line) -> __m512i {
    // SAFETY: a line has 64 bytes, and its address is a multiple of 64.
    unsafe { _mm512_load_si512(line.0.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add_f64(sum: __m512d, line: &Line) -> __m512d {
    _mm512_add_pd(sum, _mm512_castsi512_pd(load(line)))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add_f32(sum: __m512, line: &Line) -> __m512 {
    _mm512_add_ps(sum, _mm512_castsi512_ps(load(line)))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add_i64(sum: __m512i, line: &Line) -> __m512i {
    _mm512_add_epi64(sum, load(line))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add_i32(sum: __m512i, line: &Line) -> __m512i {
    let x = load(line);
    let low = _mm512_cvtepi32_epi64(_mm512_castsi512_si256(x));
    let high = _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64::<1>(x));
    _mm512_add_epi64(sum, _mm512_add_epi64(low, high))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn add_u8(sum: __m512i, line: &Line) -> __m512i {
    _mm512_add_epi64(sum, _mm512_sad_epu8(load(line), _mm512_setzero_si512()))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add_squares(sum: __m512d, line: &Line) -> __m512d {
    let x = _mm512_castsi512_pd(load(line));
    _mm512_fmadd_pd(x, x, sum)
}

/// The sum of the numbers, and that of their squares.
#[inline]
#[target_feature(enable = "avx512f")]
fn add_moments([sum, squares]: [__m512d; 2], line: &Line) -> [__m512d; 2] {
    [add_f64(sum, line), add_squares(squares, line)]
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add_products(sum: __m512d, line: &Line, other: &Line) -> __m512d {
    _mm512_fmadd_pd(_mm512_castsi512_pd(load(line)), _mm512_castsi512_pd(load(other)), sum)
}

#[target_feature(enable = "avx512f")]
fn fold_f64(sums: &[__m512d]) -> [u64; 2] {
    [sums.iter().fold(0.0, |sum, it| sum + _mm512_reduce_add_pd(*it)).to_bits(), 0]
}

#[target_feature(enable = "avx512f")]
fn fold_f32(sums: &[__m512]) -> [u64; 2] {
    [sums.iter().fold(0.0, |sum, it| sum + f64::from(_mm512_reduce_add_ps(*it))).to_bits(), 0]
}

#[target_feature(enable = "avx512f")]
fn fold_i64(sums: &[__m512i]) -> [u64; 2] {
    let sum = sums.iter().fold(0_i64, |sum, it| sum.wrapping_add(_mm512_reduce_add_epi64(*it)));
    [sum.cast_unsigned(), 0]
}

#[target_feature(enable = "avx512f")]
fn fold_moments(all: &[[__m512d; 2]]) -> [u64; 2] {
    [0, 1].map(|which| all.iter().fold(0.0, |sum, sums| sum + _mm512_reduce_add_pd(sums[which])).to_bits())
}
