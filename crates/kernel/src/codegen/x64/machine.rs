//! What code is made for.

/// An instruction set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Machine {
    /// AVX2 and FMA: four lanes to a vector.
    Avx2,
}

impl Machine {
    /// The one that code is made for on this processor.
    pub(in crate::codegen) fn of_processor() -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        return (allcores_machine::Avx2::new().is_some() && std::arch::is_x86_feature_detected!("fma"))
            .then_some(Self::Avx2);
        #[cfg(not(target_arch = "x86_64"))]
        return None;
    }

    /// What it is called.
    pub(in crate::codegen) const fn name(self) -> &'static str {
        "avx2"
    }

    /// Lanes of 64 bits in a vector.
    pub(in crate::codegen) const fn lanes(self) -> usize {
        4
    }

    /// Bytes of a vector, and of a place for one in the frame.
    pub(in crate::codegen) const fn bytes(self) -> i32 {
        8 * self.lanes() as i32
    }

    /// Vector registers.
    pub(in crate::codegen) const fn registers(self) -> u8 {
        16
    }

    /// A bit for each vector register.
    pub(in crate::codegen) const fn free_registers(self) -> u32 {
        u32::MAX >> (32 - self.registers())
    }

    /// A bit for each register of masks.
    pub(in crate::codegen) const fn free_masks(self) -> u32 {
        0
    }

    /// A bit for each lane.
    pub(in crate::codegen) const fn all_lanes(self) -> u32 {
        (1 << self.lanes()) - 1
    }
}
