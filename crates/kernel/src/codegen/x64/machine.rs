//! What code is made for.

use crate::codegen::a64;

/// An instruction set, and how many indices its code works on side by side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Machine {
    /// One index at a time, with the instructions of AVX2, FMA, BMI2 and LZCNT: of each vector, only the first lane counts. Integers of
    /// 32 bits are in general registers, and branches are jumps.
    Scalar,
    /// AVX2 and FMA: four lanes to a vector; masks are vectors.
    Avx2,
    /// AVX-512 F, DQ, BW and VL: eight lanes to a vector; masks have registers of their own.
    Avx512,
    /// NEON, of arm64: two lanes to a vector; masks are vectors.
    Neon,
}

impl Machine {
    /// All that code can be made for, the narrowest first.
    pub(in crate::codegen) const ALL: [Self; 4] = [Self::Scalar, Self::Avx2, Self::Avx512, Self::Neon];

    /// Those that this processor has, and the system keeps the registers of, the widest first.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().rev().filter(|machine| machine.is_available())
    }

    #[cfg(target_arch = "x86_64")]
    pub(in crate::codegen) fn is_available(self) -> bool {
        use allcores_machine::{Avx2, Avx512};
        use std::arch::is_x86_feature_detected as has;
        match self {
            Self::Scalar => Self::Avx2.is_available() && has!("bmi2") && has!("lzcnt"),
            Self::Avx2 => Avx2::new().is_some() && has!("fma"),
            Self::Avx512 => Avx512::new().is_some() && has!("avx512vl") && has!("fma"),
            Self::Neon => false,
        }
    }

    #[cfg(target_arch = "aarch64")]
    pub(in crate::codegen) fn is_available(self) -> bool {
        self.is_neon() && allcores_machine::Neon::new().is_some()
    }

    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    pub(in crate::codegen) fn is_available(self) -> bool {
        false
    }

    /// Which of all it is.
    pub(in crate::codegen) const fn number(self) -> usize {
        self as usize
    }

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Neon => "neon",
        }
    }

    /// Whether it works on one index at a time.
    pub(in crate::codegen) const fn is_scalar(self) -> bool {
        matches!(self, Self::Scalar)
    }

    /// Whether it is one of arm64.
    pub(in crate::codegen) const fn is_neon(self) -> bool {
        matches!(self, Self::Neon)
    }

    /// Lanes of 64 bits in a vector that count.
    pub(in crate::codegen) const fn lanes(self) -> usize {
        match self {
            Self::Scalar => 1,
            Self::Neon => 2,
            Self::Avx2 => 4,
            Self::Avx512 => 8,
        }
    }

    /// Bytes of a vector, and of a place for one in the frame.
    pub(in crate::codegen) const fn bytes(self) -> i32 {
        match self {
            Self::Scalar => 16,
            _ => 8 * self.lanes() as i32,
        }
    }

    /// Whether masks have registers of their own.
    pub(in crate::codegen) const fn has_masks(self) -> bool {
        matches!(self, Self::Avx512)
    }

    /// Vector registers.
    pub(in crate::codegen) const fn registers(self) -> u8 {
        match self {
            Self::Scalar | Self::Avx2 => 16,
            Self::Avx512 | Self::Neon => 32,
        }
    }

    /// A bit for each vector register.
    pub(in crate::codegen) const fn free_registers(self) -> u32 {
        match self {
            Self::Neon => a64::FREE,
            _ => u32::MAX >> (32 - self.registers()),
        }
    }

    /// A bit for each register of masks.
    pub(in crate::codegen) const fn free_masks(self) -> u32 {
        if self.has_masks() { 0b1111_1111 } else { 0 }
    }

    /// A bit for each general register that code for one index at a time has for integers: all that `emit` does not need.
    pub(in crate::codegen) const fn free_generals(self) -> u32 {
        if self.is_scalar() { 0b1111_1100_0010_1010 } else { 0 }
    }

    /// A bit for each lane.
    pub(in crate::codegen) const fn all_lanes(self) -> u32 {
        (1 << self.lanes()) - 1
    }
}
