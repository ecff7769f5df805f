//! Vector operations of aarch64 processors, two doubles at a time.

use std::arch::{aarch64::*, asm};

use super::{GROUP, Simd, Words};
use allcores_machine::{Neon, operations};
use allcores_memory::Block;

/// Four half-precision numbers, in the low half of `x`, as single precision: exact. NaN becomes some NaN.
///
/// Relies on [`fp_env`](allcores_machine::fp_env): subnormal halves are numbers, and there is no alternative format
/// without infinities.
#[target_feature(enable = "neon")]
#[inline]
fn widen_low_halves(x: uint64x2_t) -> float32x4_t {
    let wide: float32x4_t;
    // SAFETY: converts a register, and touches nothing else. The intrinsic needs an unstable type.
    unsafe {
        asm!("fcvtl {wide:v}.4s, {x:v}.4h", x = in(vreg) x, wide = lateout(vreg) wide,
            options(pure, nomem, nostack, preserves_flags));
    }
    wide
}

/// Four half-precision numbers, in the high half of `x`, as single precision.
#[target_feature(enable = "neon")]
#[inline]
fn widen_high_halves(x: uint64x2_t) -> float32x4_t {
    let wide: float32x4_t;
    // SAFETY: as in `widen_low_halves`.
    unsafe {
        asm!("fcvtl2 {wide:v}.4s, {x:v}.8h", x = in(vreg) x, wide = lateout(vreg) wide,
            options(pure, nomem, nostack, preserves_flags));
    }
    wide
}

/// Eight single-precision numbers as doubles.
#[target_feature(enable = "neon")]
#[inline]
fn widen_singles([a, b]: [float32x4_t; 2]) -> [float64x2_t; GROUP] {
    [vcvt_f64_f32(vget_low_f32(a)), vcvt_high_f64_f32(a), vcvt_f64_f32(vget_low_f32(b)), vcvt_high_f64_f32(b)]
}

impl Simd for Neon {
    type Doubles = float64x2_t;
    const LANES: usize = 2;

    operations! { Neon:
        fn splat(self, x: f64) -> float64x2_t { vdupq_n_f64(x) }
        fn load_f64(self, block: Block<'_>) -> [float64x2_t; GROUP] {
            block.load_4x128().map(|x| vreinterpretq_f64_u64(x))
        }
        fn load_f32(self, block: Block<'_>) -> [float64x2_t; GROUP] {
            widen_singles(block.load_2x128().map(|x| vreinterpretq_f32_u64(x)))
        }
        fn load_f16(self, block: Block<'_>) -> [float64x2_t; GROUP] {
            let [halves] = block.load_1x128();
            widen_singles([widen_low_halves(halves), widen_high_halves(halves)])
        }
        fn add(self, a: float64x2_t, b: float64x2_t) -> float64x2_t { vaddq_f64(a, b) }
        fn sub(self, a: float64x2_t, b: float64x2_t) -> float64x2_t { vsubq_f64(a, b) }
        fn max_abs(self, max: float64x2_t, x: float64x2_t) -> float64x2_t { vmaxq_f64(max, vabsq_f64(x)) }
        fn two_product(self, a: float64x2_t, b: float64x2_t) -> (float64x2_t, float64x2_t) {
            let p = vmulq_f64(a, b);
            (p, vfmaq_f64(vnegq_f64(p), a, b))
        }
        fn min_product(self, min: float64x2_t, p: float64x2_t, factors: [float64x2_t; 2]) -> float64x2_t {
            let [a, b] = factors.map(|x| vceqzq_f64(x));
            // All ones, which are NaN, where a factor is zero; of a number and NaN, the instruction gives the number.
            let p = vorrq_u64(vreinterpretq_u64_f64(vabsq_f64(p)), vorrq_u64(a, b));
            vminnmq_f64(min, vreinterpretq_f64_u64(p))
        }
        fn or(self, a: float64x2_t, b: float64x2_t) -> float64x2_t {
            vreinterpretq_f64_u64(vorrq_u64(vreinterpretq_u64_f64(a), vreinterpretq_u64_f64(b)))
        }
    }

    #[inline(always)]
    fn lanes(self, x: float64x2_t) -> impl Iterator<Item = f64> {
        let mut lanes = [0.0; Self::LANES];
        // SAFETY: `self` proves NEON; the array has room for the 16 bytes, and the store asks for no alignment.
        unsafe { vst1q_f64(lanes.as_mut_ptr(), x) };
        lanes.into_iter()
    }

    #[inline(always)]
    fn read(self, list: &[f64]) -> float64x2_t {
        let list = &list[..Self::LANES];
        // SAFETY: `self` proves NEON; the list has the 16 bytes, and the load asks for no alignment.
        unsafe { vld1q_f64(list.as_ptr()) }
    }

    #[inline(always)]
    fn write(self, x: float64x2_t, list: &mut [f64]) {
        let list = &mut list[..Self::LANES];
        // SAFETY: `self` proves NEON; the list has room for the 16 bytes, and the store asks for no alignment.
        unsafe { vst1q_f64(list.as_mut_ptr(), x) };
    }
}

impl Words for Neon {
    type Words = uint64x2_t;

    operations! { Neon:
        fn fill(self, word: u64) -> uint64x2_t { vdupq_n_u64(word) }
        fn load_words(self, block: Block<'_>) -> [uint64x2_t; GROUP] { block.load_4x128() }
        fn xor(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t { veorq_u64(a, b) }
        fn add_words(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t { vaddq_u64(a, b) }
        fn add_halves(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
            vreinterpretq_u64_u32(vaddq_u32(vreinterpretq_u32_u64(a), vreinterpretq_u32_u64(b)))
        }
        fn upper_halves(self, x: uint64x2_t) -> uint64x2_t { vshrq_n_u64::<32>(x) }
        fn sum_bytes(self, x: uint64x2_t) -> uint64x2_t {
            vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(vreinterpretq_u8_u64(x))))
        }
        fn sum_pairs(self, x: uint64x2_t) -> uint64x2_t {
            vreinterpretq_u64_s32(vpaddlq_s16(vreinterpretq_s16_u64(x)))
        }
    }

    #[inline(always)]
    fn words(self, x: uint64x2_t) -> impl Iterator<Item = u64> {
        let mut words = [0; Self::LANES];
        // SAFETY: `self` proves NEON; the array has room for the 16 bytes, and the store asks for no alignment.
        unsafe { vst1q_u64(words.as_mut_ptr(), x) };
        words.into_iter()
    }
}
