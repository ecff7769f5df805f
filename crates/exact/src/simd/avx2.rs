//! [`Avx2`]: vector operations of x86-64 processors since Haswell and Excavator, four doubles at a time.

use std::arch::x86_64::*;

use super::{GROUP, Simd, Words};
use allcores_machine::{Avx2, operations};
use allcores_memory::Block;

impl Simd for Avx2 {
    type Doubles = __m256d;
    const LANES: usize = 4;
    const MANY_REGISTERS: bool = false;

    operations! { Avx2:
        fn splat(self, x: f64) -> __m256d { _mm256_set1_pd(x) }
        fn load_f64(self, block: Block<'_>) -> [__m256d; GROUP] {
            block.load_4x256().map(|x| _mm256_castsi256_pd(x))
        }
        fn load_f32(self, block: Block<'_>) -> [__m256d; GROUP] {
            block.load_4x128().map(|x| _mm256_cvtps_pd(_mm_castsi128_ps(x)))
        }
        fn load_f16(self, block: Block<'_>) -> [__m256d; GROUP] {
            block.load_4x64().map(|x| _mm256_cvtps_pd(_mm_cvtph_ps(x)))
        }
        fn add(self, a: __m256d, b: __m256d) -> __m256d { _mm256_add_pd(a, b) }
        fn sub(self, a: __m256d, b: __m256d) -> __m256d { _mm256_sub_pd(a, b) }
        fn sub_by_fma(self, a: __m256d, b: __m256d, one: __m256d) -> __m256d { _mm256_fmsub_pd(a, one, b) }
        fn max_abs(self, max: __m256d, x: __m256d) -> __m256d {
            _mm256_max_pd(_mm256_andnot_pd(_mm256_set1_pd(-0.0), x), max)
        }
        fn two_product(self, a: __m256d, b: __m256d) -> (__m256d, __m256d) {
            let p = _mm256_mul_pd(a, b);
            (p, _mm256_fmsub_pd(a, b, p))
        }
        fn min_product(self, min: __m256d, p: __m256d, factors: [__m256d; 2]) -> __m256d {
            let [a, b] = factors.map(|x| _mm256_cmp_pd::<_CMP_EQ_OQ>(x, _mm256_setzero_pd()));
            // All ones, which are NaN, where a factor is zero; of a number and NaN, the instruction gives its second operand.
            let p = _mm256_or_pd(_mm256_andnot_pd(_mm256_set1_pd(-0.0), p), _mm256_or_pd(a, b));
            _mm256_min_pd(p, min)
        }
        fn or(self, a: __m256d, b: __m256d) -> __m256d { _mm256_or_pd(a, b) }
    }

    #[inline(always)]
    fn lanes(self, x: __m256d) -> impl Iterator<Item = f64> {
        let mut lanes = [0.0; Self::LANES];
        // SAFETY: `self` proves AVX; the array has room for the 32 bytes, and the store asks for no
        // alignment.
        unsafe { _mm256_storeu_pd(lanes.as_mut_ptr(), x) };
        lanes.into_iter()
    }

    #[inline(always)]
    fn read(self, list: &[f64]) -> __m256d {
        let list = &list[..Self::LANES];
        // SAFETY: `self` proves AVX; the list has the 32 bytes, and the load asks for no alignment.
        unsafe { _mm256_loadu_pd(list.as_ptr()) }
    }

    #[inline(always)]
    fn write(self, x: __m256d, list: &mut [f64]) {
        let list = &mut list[..Self::LANES];
        // SAFETY: `self` proves AVX; the list has room for the 32 bytes, and the store asks for no alignment.
        unsafe { _mm256_storeu_pd(list.as_mut_ptr(), x) };
    }
}

impl Words for Avx2 {
    type Words = __m256i;

    operations! { Avx2:
        fn fill(self, word: u64) -> __m256i { _mm256_set1_epi64x(word.cast_signed()) }
        fn load_words(self, block: Block<'_>) -> [__m256i; GROUP] { block.load_4x256() }
        fn xor(self, a: __m256i, b: __m256i) -> __m256i { _mm256_xor_si256(a, b) }
        fn add_words(self, a: __m256i, b: __m256i) -> __m256i { _mm256_add_epi64(a, b) }
        fn add_halves(self, a: __m256i, b: __m256i) -> __m256i { _mm256_add_epi32(a, b) }
        fn upper_halves(self, x: __m256i) -> __m256i { _mm256_srli_epi64::<32>(x) }
        fn sum_bytes(self, x: __m256i) -> __m256i { _mm256_sad_epu8(x, _mm256_setzero_si256()) }
        fn sum_pairs(self, x: __m256i) -> __m256i { _mm256_madd_epi16(x, _mm256_set1_epi16(1)) }
    }

    #[inline(always)]
    fn words(self, x: __m256i) -> impl Iterator<Item = u64> {
        let mut words = [0; Self::LANES];
        // SAFETY: `self` proves AVX; the array has room for the 32 bytes, and the store asks for no
        // alignment.
        unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), x) };
        words.into_iter()
    }
}
