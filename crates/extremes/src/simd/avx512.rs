//! [`Avx512`]: vector operations of x86-64 processors with AVX-512 (F, DQ and BW).

use std::arch::x86_64::*;

use super::{GROUP, Simd};
use allcores_machine::{Avx512, operations};
use allcores_memory::Block;

impl Simd for Avx512 {
    type Vector = __m512i;
    const BYTES: usize = 64;

    operations! { Avx512:
        fn load(self, block: Block<'_>) -> [__m512i; GROUP] { block.load_4x512() }
        fn fill(self, word: u64) -> __m512i { _mm512_set1_epi64(word.cast_signed()) }
        fn xor(self, a: __m512i, b: __m512i) -> __m512i { _mm512_xor_si512(a, b) }
        fn or(self, a: __m512i, b: __m512i) -> __m512i { _mm512_or_si512(a, b) }
        fn min_i8(self, a: __m512i, b: __m512i) -> __m512i { _mm512_min_epi8(a, b) }
        fn min_i16(self, a: __m512i, b: __m512i) -> __m512i { _mm512_min_epi16(a, b) }
        fn max_i16(self, a: __m512i, b: __m512i) -> __m512i { _mm512_max_epi16(a, b) }
        fn min_i32(self, a: __m512i, b: __m512i) -> __m512i { _mm512_min_epi32(a, b) }
        fn min_i64(self, a: __m512i, b: __m512i) -> __m512i { _mm512_min_epi64(a, b) }
        fn fold_i16(self, x: __m512i) -> __m512i {
            _mm512_xor_si512(x, _mm512_srli_epi16::<1>(_mm512_srai_epi16::<15>(x)))
        }
        fn min_f32(self, a: __m512i, b: __m512i) -> __m512i {
            _mm512_castps_si512(_mm512_min_ps(_mm512_castsi512_ps(a), _mm512_castsi512_ps(b)))
        }
        fn min_f64(self, a: __m512i, b: __m512i) -> __m512i {
            _mm512_castpd_si512(_mm512_min_pd(_mm512_castsi512_pd(a), _mm512_castsi512_pd(b)))
        }
        fn unordered_f32(self, a: __m512i, b: __m512i) -> __m512i {
            let (a, b) = (_mm512_castsi512_ps(a), _mm512_castsi512_ps(b));
            _mm512_movm_epi32(_mm512_cmp_ps_mask::<_CMP_UNORD_Q>(a, b))
        }
        fn unordered_f64(self, a: __m512i, b: __m512i) -> __m512i {
            let (a, b) = (_mm512_castsi512_pd(a), _mm512_castsi512_pd(b));
            _mm512_movm_epi64(_mm512_cmp_pd_mask::<_CMP_UNORD_Q>(a, b))
        }
    }

    #[inline(always)]
    fn words(self, x: __m512i) -> impl Iterator<Item = u64> {
        let mut words = [0; Self::BYTES / size_of::<u64>()];
        // SAFETY: `self` proves AVX-512; the array has room for the 64 bytes, and the store asks for no
        // alignment.
        unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), x) };
        words.into_iter()
    }
}
