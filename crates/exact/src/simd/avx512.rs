//! [`Avx512`]: vector operations of x86-64 processors with AVX-512 (F, DQ and BW), eight doubles at a time.

use std::arch::x86_64::*;

use super::{GROUP, Simd, Words};
use allcores_machine::{Avx512, operations};
use allcores_memory::Block;

/// What `_mm512_range_pd` computes: the larger in magnitude (low bits 11), its sign cleared (high bits 10).
const MAX_MAGNITUDE: i32 = 0b10_11;

/// The smaller in magnitude (low bits 10), its sign cleared.
const MIN_MAGNITUDE: i32 = 0b10_10;

impl Simd for Avx512 {
    type Doubles = __m512d;
    const LANES: usize = 8;

    operations! { Avx512:
        fn splat(self, x: f64) -> __m512d { _mm512_set1_pd(x) }
        fn load_f64(self, block: Block<'_>) -> [__m512d; GROUP] {
            block.load_4x512().map(|x| _mm512_castsi512_pd(x))
        }
        fn load_f32(self, block: Block<'_>) -> [__m512d; GROUP] {
            block.load_4x256().map(|x| _mm512_cvtps_pd(_mm256_castsi256_ps(x)))
        }
        fn load_f16(self, block: Block<'_>) -> [__m512d; GROUP] {
            block.load_4x128().map(|x| _mm512_cvtps_pd(_mm256_cvtph_ps(x)))
        }
        fn add(self, a: __m512d, b: __m512d) -> __m512d { _mm512_add_pd(a, b) }
        fn sub(self, a: __m512d, b: __m512d) -> __m512d { _mm512_sub_pd(a, b) }
        fn sub_by_fma(self, a: __m512d, b: __m512d, one: __m512d) -> __m512d { _mm512_fmsub_pd(a, one, b) }
        fn max_abs(self, max: __m512d, x: __m512d) -> __m512d { _mm512_range_pd::<MAX_MAGNITUDE>(max, x) }
        fn two_product(self, a: __m512d, b: __m512d) -> (__m512d, __m512d) {
            let p = _mm512_mul_pd(a, b);
            (p, _mm512_fmsub_pd(a, b, p))
        }
        fn min_product(self, min: __m512d, p: __m512d, factors: [__m512d; 2]) -> __m512d {
            let [a, b] = factors.map(|x| _mm512_cmp_pd_mask::<_CMP_NEQ_UQ>(x, _mm512_setzero_pd()));
            _mm512_mask_range_pd::<MIN_MAGNITUDE>(min, a & b, min, p)
        }
        fn or(self, a: __m512d, b: __m512d) -> __m512d { _mm512_or_pd(a, b) }
    }

    #[inline(always)]
    fn lanes(self, x: __m512d) -> impl Iterator<Item = f64> {
        let mut lanes = [0.0; Self::LANES];
        // SAFETY: `self` proves AVX-512; the array has room for the 64 bytes, and the store asks for no
        // alignment.
        unsafe { _mm512_storeu_pd(lanes.as_mut_ptr(), x) };
        lanes.into_iter()
    }

    #[inline(always)]
    fn read(self, list: &[f64]) -> __m512d {
        let list = &list[..Self::LANES];
        // SAFETY: `self` proves AVX-512; the list has the 64 bytes, and the load asks for no alignment.
        unsafe { _mm512_loadu_pd(list.as_ptr()) }
    }

    #[inline(always)]
    fn write(self, x: __m512d, list: &mut [f64]) {
        let list = &mut list[..Self::LANES];
        // SAFETY: `self` proves AVX-512; the list has room for the 64 bytes, and the store asks for no alignment.
        unsafe { _mm512_storeu_pd(list.as_mut_ptr(), x) };
    }
}

impl Words for Avx512 {
    type Words = __m512i;

    operations! { Avx512:
        fn fill(self, word: u64) -> __m512i { _mm512_set1_epi64(word.cast_signed()) }
        fn load_words(self, block: Block<'_>) -> [__m512i; GROUP] { block.load_4x512() }
        fn xor(self, a: __m512i, b: __m512i) -> __m512i { _mm512_xor_si512(a, b) }
        fn add_words(self, a: __m512i, b: __m512i) -> __m512i { _mm512_add_epi64(a, b) }
        fn add_halves(self, a: __m512i, b: __m512i) -> __m512i { _mm512_add_epi32(a, b) }
        fn upper_halves(self, x: __m512i) -> __m512i { _mm512_srli_epi64::<32>(x) }
        fn sum_bytes(self, x: __m512i) -> __m512i { _mm512_sad_epu8(x, _mm512_setzero_si512()) }
        fn sum_pairs(self, x: __m512i) -> __m512i { _mm512_madd_epi16(x, _mm512_set1_epi16(1)) }
    }

    #[inline(always)]
    fn words(self, x: __m512i) -> impl Iterator<Item = u64> {
        let mut words = [0; Self::LANES];
        // SAFETY: `self` proves AVX-512; the array has room for the 64 bytes, and the store asks for no
        // alignment.
        unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), x) };
        words.into_iter()
    }
}
