//! The floating-point environment: what exact arithmetic assumes of the processor's control register.
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

/// Whether the calling thread has the floating-point environment that [`reset`] gives, so that it may sum.
///
/// True on architectures other than x86-64 and aarch64, whose register is not looked at.
pub fn is_default() -> bool {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        /// The flags of exceptions that have happened: they change nothing.
        const FLAGS: u32 = 0x3f;
        let mut mxcsr = 0_u32;
        // SAFETY: stores four bytes to a local variable, and changes nothing else.
        unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut mxcsr, options(nostack, preserves_flags)) };
        mxcsr & !FLAGS == 0x1f80
    }
    #[cfg(all(target_arch = "aarch64", not(miri)))]
    {
        let fpcr: u64;
        // SAFETY: reads a register that every program may read.
        unsafe { asm!("mrs {}, fpcr", out(reg) fpcr, options(nostack, nomem, preserves_flags)) };
        fpcr == 0
    }
    #[cfg(any(not(any(target_arch = "x86_64", target_arch = "aarch64")), miri))]
    {
        true
    }
}

#[cfg(all(test, target_arch = "x86_64", not(miri)))]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_has_set_is_noticed_and_undone() {
        assert!(is_default());
        // Flush-to-zero; denormals-are-zero; rounding down.
        for setting in [0x8000_u32, 0x40, 0x2000] {
            let mxcsr = 0x1f80 | setting;
            // SAFETY: no reserved bit is set, and nothing is computed before the default is back.
            unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const mxcsr, options(nostack, readonly)) };
            let noticed = !is_default();
            reset();
            assert!(noticed && is_default(), "{setting:#x}");
        }
    }
}
