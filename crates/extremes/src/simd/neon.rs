//! [`Neon`]: vector operations of aarch64 processors.

use std::arch::aarch64::*;

use super::{GROUP, Simd};
use allcores_machine::{Neon, operations};
use allcores_memory::Block;

impl Simd for Neon {
    type Vector = uint64x2_t;
    const BYTES: usize = 16;

    operations! { Neon:
        fn load(self, block: Block<'_>) -> [uint64x2_t; GROUP] { block.load_4x128() }
        fn fill(self, word: u64) -> uint64x2_t { vdupq_n_u64(word) }
        fn xor(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t { veorq_u64(a, b) }
        fn or(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t { vorrq_u64(a, b) }
        fn min_i8(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
            vreinterpretq_u64_s8(vminq_s8(vreinterpretq_s8_u64(a), vreinterpretq_s8_u64(b)))
        }
        fn min_i16(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
            vreinterpretq_u64_s16(vminq_s16(vreinterpretq_s16_u64(a), vreinterpretq_s16_u64(b)))
        }
        fn max_i16(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
            vreinterpretq_u64_s16(vmaxq_s16(vreinterpretq_s16_u64(a), vreinterpretq_s16_u64(b)))
        }
        fn min_i32(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
            vreinterpretq_u64_s32(vminq_s32(vreinterpretq_s32_u64(a), vreinterpretq_s32_u64(b)))
        }
        fn min_i64(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
            vbslq_u64(vcgtq_s64(vreinterpretq_s64_u64(a), vreinterpretq_s64_u64(b)), b, a)
        }
        fn fold_i16(self, x: uint64x2_t) -> uint64x2_t {
            let negative = vreinterpretq_u16_s16(vshrq_n_s16::<15>(vreinterpretq_s16_u64(x)));
            veorq_u64(x, vreinterpretq_u64_u16(vshrq_n_u16::<1>(negative)))
        }
        fn min_f32(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
            vreinterpretq_u64_f32(vminq_f32(vreinterpretq_f32_u64(a), vreinterpretq_f32_u64(b)))
        }
        fn min_f64(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
            vreinterpretq_u64_f64(vminq_f64(vreinterpretq_f64_u64(a), vreinterpretq_f64_u64(b)))
        }
        fn unordered_f32(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
            let (a, b) = (vreinterpretq_f32_u64(a), vreinterpretq_f32_u64(b));
            vreinterpretq_u64_u32(vmvnq_u32(vandq_u32(vceqq_f32(a, a), vceqq_f32(b, b))))
        }
        fn unordered_f64(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
            let (a, b) = (vreinterpretq_f64_u64(a), vreinterpretq_f64_u64(b));
            let ordered = vandq_u64(vceqq_f64(a, a), vceqq_f64(b, b));
            veorq_u64(ordered, vdupq_n_u64(u64::MAX))
        }
    }

    #[inline(always)]
    fn words(self, x: uint64x2_t) -> impl Iterator<Item = u64> {
        let mut words = [0; Self::BYTES / size_of::<u64>()];
        // SAFETY: `self` proves NEON; the array has room for the 16 bytes, and the store asks for no alignment.
        unsafe { vst1q_u64(words.as_mut_ptr(), x) };
        words.into_iter()
    }
}
