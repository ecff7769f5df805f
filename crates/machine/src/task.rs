//! [`Task`]: a computation that is written once and compiled for every instruction set.

#[cfg(target_arch = "aarch64")]
use crate::Neon;
use crate::Portable;
#[cfg(target_arch = "x86_64")]
use crate::{Avx2, Avx512};

/// A computation that is written once, over a generic `S`, and compiled for each instruction set that takes the
/// place of `S`.
pub trait Task<S, R> {
    /// Does the work. Implementations are `#[inline(always)]`, so that they are compiled with the features of
    /// `S`.
    fn run(self, simd: S) -> R;
}

/// A task for every instruction set of this architecture: what [`Isa::run`](crate::Isa::run) takes.
#[cfg(target_arch = "x86_64")]
pub trait Dispatch<R>: Task<Portable, R> + Task<Avx2, R> + Task<Avx512, R> {}

#[cfg(target_arch = "x86_64")]
impl<R, T: Task<Portable, R> + Task<Avx2, R> + Task<Avx512, R>> Dispatch<R> for T {}

/// A task for every instruction set of this architecture: what [`Isa::run`](crate::Isa::run) takes.
#[cfg(target_arch = "aarch64")]
pub trait Dispatch<R>: Task<Portable, R> + Task<Neon, R> {}

#[cfg(target_arch = "aarch64")]
impl<R, T: Task<Portable, R> + Task<Neon, R>> Dispatch<R> for T {}

/// A task for every instruction set of this architecture: what [`Isa::run`](crate::Isa::run) takes.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub trait Dispatch<R>: Task<Portable, R> {}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
impl<R, T: Task<Portable, R>> Dispatch<R> for T {}
