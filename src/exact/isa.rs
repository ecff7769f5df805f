//! [`Isa`]: which instruction set the kernels run on; a value of it is the proof that this processor has it.

use super::simd::{Dispatch, Portable};
#[cfg(target_arch = "x86_64")]
use super::simd::{avx2::Avx2, avx512::Avx512};

/// An instruction set that this processor has.
///
/// There is no way to make one without asking the processor, so whoever holds an `Isa` may run its kernels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Isa(Kind);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Portable(Portable),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
}

impl Isa {
    /// Plain Rust: right everywhere, and what Miri runs.
    pub const PORTABLE: Isa = Isa(Kind::Portable(Portable));

    /// The widest instruction set that this processor has.
    pub fn detect() -> Isa {
        Isa::available().last().unwrap_or(Isa::PORTABLE)
    }

    /// Every instruction set that this processor has, the narrowest first.
    pub fn available() -> impl Iterator<Item = Isa> {
        let portable = Some(Isa::PORTABLE);
        #[cfg(target_arch = "x86_64")]
        let all = [
            portable,
            Avx2::new().map(|it| Isa(Kind::Avx2(it))),
            Avx512::new().map(|it| Isa(Kind::Avx512(it))),
        ];
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
        match self.0 {
            Kind::Portable(_) => "portable",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => "avx512",
        }
    }

    /// Runs `task` in the version that was compiled for this instruction set.
    #[inline]
    pub(super) fn run<R>(self, task: impl Dispatch<R>) -> R {
        match self.0 {
            Kind::Portable(simd) => task.run(simd),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(simd) => simd.run(task),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(simd) => simd.run(task),
        }
    }
}

impl Default for Isa {
    fn default() -> Isa {
        Isa::detect()
    }
}
