//! [`Isa`]: which instruction set the kernels run on; a value of it is the proof that this processor has it.

#[cfg(target_arch = "aarch64")]
use crate::Neon;
#[cfg(target_arch = "x86_64")]
use crate::{Avx2, Avx512};
use crate::{Dispatch, Portable};

/// An instruction set that this processor has.
///
/// Each variant holds the token of its instruction set, so holding an `Isa` proves that its kernels can run here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isa {
    /// Plain Rust: right everywhere, and what Miri runs.
    Portable(Portable),
    /// Vectors of 256 bits.
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    /// Vectors of 512 bits.
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    /// Vectors of 128 bits.
    #[cfg(target_arch = "aarch64")]
    Neon(Neon),
}

impl Isa {
    /// What every processor has.
    pub const PORTABLE: Isa = Isa::Portable(Portable);

    /// The widest instruction set that this processor has.
    pub fn detect() -> Isa {
        Isa::available().last().unwrap_or(Isa::PORTABLE)
    }

    /// Every instruction set that this processor has, the narrowest first.
    pub fn available() -> impl Iterator<Item = Isa> {
        let portable = Some(Isa::PORTABLE);
        #[cfg(target_arch = "x86_64")]
        let all = [portable, Avx2::new().map(Isa::Avx2), Avx512::new().map(Isa::Avx512)];
        #[cfg(target_arch = "aarch64")]
        let all = [portable, Neon::new().map(Isa::Neon)];
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let all = [portable];
        all.into_iter().flatten()
    }

    /// The instruction set of this [`name`](Isa::name), if this processor has it.
    pub fn from_name(name: &str) -> Option<Isa> {
        Isa::available().find(|isa| isa.name() == name)
    }

    /// `portable`, `avx2`, `avx512` or `neon`.
    pub const fn name(self) -> &'static str {
        match self {
            Isa::Portable(_) => "portable",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512(_) => "avx512",
            #[cfg(target_arch = "aarch64")]
            Isa::Neon(_) => "neon",
        }
    }

    /// Runs `task` in the version that was compiled for this instruction set.
    #[inline]
    pub fn run<R>(self, task: impl Dispatch<R>) -> R {
        match self {
            Isa::Portable(simd) => task.run(simd),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(simd) => simd.run(task),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512(simd) => simd.run(task),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon(simd) => simd.run(task),
        }
    }
}

impl Default for Isa {
    fn default() -> Isa {
        Isa::detect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_available_instruction_set_is_found_by_its_name() {
        for isa in Isa::available() {
            assert_eq!(Isa::from_name(isa.name()), Some(isa));
        }
        assert_eq!(Isa::available().next(), Some(Isa::PORTABLE));
        assert_eq!(Some(Isa::detect()), Isa::available().last());
        for name in ["", "AVX2", "portable ", "sse2"] {
            assert_eq!(Isa::from_name(name), None, "{name:?}");
        }
    }

    /// The kernels run for which this processor is made, not the portable ones.
    #[test]
    #[cfg_attr(miri, ignore = "Miri runs no assembly")]
    fn the_widest_instruction_set_is_detected() {
        #[cfg(target_arch = "aarch64")]
        assert_eq!(Isa::detect().name(), "neon");
        #[cfg(target_arch = "x86_64")]
        assert_eq!(
            Isa::detect() == Isa::PORTABLE,
            !(std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma"))
        );
    }
}
