//! [`Avx2`]: vector operations of x86-64 processors since Haswell and Excavator.

use std::arch::x86_64::*;

use super::{GROUP, Simd};
use allcores_machine::{Avx2, operations};
use allcores_memory::Block;

impl Simd for Avx2 {
    type Vector = __m256i;
    const BYTES: usize = 32;

    operations! { Avx2:
        fn load(self, block: Block<'_>) -> [__m256i; GROUP] { block.load_4x256() }
        fn fill(self, word: u64) -> __m256i { _mm256_set1_epi64x(word.cast_signed()) }
        fn xor(self, a: __m256i, b: __m256i) -> __m256i { _mm256_xor_si256(a, b) }
        fn or(self, a: __m256i, b: __m256i) -> __m256i { _mm256_or_si256(a, b) }
        fn min_i8(self, a: __m256i, b: __m256i) -> __m256i { _mm256_min_epi8(a, b) }
        fn min_i16(self, a: __m256i, b: __m256i) -> __m256i { _mm256_min_epi16(a, b) }
        fn max_i16(self, a: __m256i, b: __m256i) -> __m256i { _mm256_max_epi16(a, b) }
        fn min_i32(self, a: __m256i, b: __m256i) -> __m256i { _mm256_min_epi32(a, b) }
        fn min_i64(self, a: __m256i, b: __m256i) -> __m256i {
            _mm256_blendv_epi8(a, b, _mm256_cmpgt_epi64(a, b))
        }
        fn fold_i16(self, x: __m256i) -> __m256i {
            _mm256_xor_si256(x, _mm256_srli_epi16::<1>(_mm256_srai_epi16::<15>(x)))
        }
        fn min_f32(self, a: __m256i, b: __m256i) -> __m256i {
            _mm256_castps_si256(_mm256_min_ps(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b)))
        }
        fn min_f64(self, a: __m256i, b: __m256i) -> __m256i {
            _mm256_castpd_si256(_mm256_min_pd(_mm256_castsi256_pd(a), _mm256_castsi256_pd(b)))
        }
        fn unordered_f32(self, a: __m256i, b: __m256i) -> __m256i {
            _mm256_castps_si256(_mm256_cmp_ps::<_CMP_UNORD_Q>(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b)))
        }
        fn unordered_f64(self, a: __m256i, b: __m256i) -> __m256i {
            _mm256_castpd_si256(_mm256_cmp_pd::<_CMP_UNORD_Q>(_mm256_castsi256_pd(a), _mm256_castsi256_pd(b)))
        }
    }

    #[inline(always)]
    fn words(self, x: __m256i) -> impl Iterator<Item = u64> {
        let mut words = [0; Self::BYTES / size_of::<u64>()];
        // SAFETY: `self` proves AVX; the array has room for the 32 bytes, and the store asks for no
        // alignment.
        unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), x) };
        words.into_iter()
    }
}
