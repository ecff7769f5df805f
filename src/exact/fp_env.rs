//! The floating-point environment: what the proofs of this folder assume of the processor's control register.
//!
//! IEEE 754 defaults: rounding to nearest, ties to even; subnormal numbers neither flushed to zero nor taken
//! for zero; no traps. Rust assumes the same of every thread. A new thread inherits the register of the
//! thread that starts it, and a program can load libraries that set "fast math" there, so threads that sum
//! [`reset`] it once, when they start.

#[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
use std::arch::asm;

/// Gives the calling thread the default floating-point environment of IEEE 754.
///
/// Does nothing on architectures other than x86-64 and aarch64.
pub fn reset() {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        /// All exceptions masked, none pending, rounding to nearest, flush-to-zero and denormals-are-zero
        /// off.
        const MXCSR: u32 = 0x1f80;
        let mxcsr = MXCSR;
        // SAFETY: 0x1f80 sets no reserved bit, so the instruction does not fault; it is the environment that
        // Rust code must run in anyway. It reads four bytes of a local variable.
        unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const mxcsr, options(nostack, readonly)) };
    }
    #[cfg(all(target_arch = "aarch64", not(miri)))]
    {
        // SAFETY: zero is the architecture's default: rounding to nearest, no flush-to-zero, no traps; it is
        // the environment that Rust code must run in anyway.
        unsafe { asm!("msr fpcr, xzr", options(nostack, nomem)) };
    }
}
