//! [`Isa`]: which instruction set the kernels run on; a value of it is the proof that this processor has it.

#[cfg(target_arch = "x86_64")]
use crate::{Avx2, Avx512};
use crate::{Dispatch, Portable};

/// An instruction set that this processor has.
///
/// Each variant holds the token of its instruction set, which only the processor gives out: whoever holds an `Isa`
/// may run its kernels.
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
        #[cfg(not(target_arch = "x86_64"))]
        let all = [portable];
        all.into_iter().flatten()
    }

    /// The instruction set of this [`name`](Isa::name), if this processor has it.
    pub fn from_name(name: &str) -> Option<Isa> {
        Isa::available().find(|isa| isa.name() == name)
    }

    /// `portable`, `avx2` or `avx512`.
    pub const fn name(self) -> &'static str {
        match self {
            Isa::Portable(_) => "portable",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512(_) => "avx512",
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
        }
    }
}

impl Default for Isa {
    fn default() -> Isa {
        Isa::detect()
    }
}
