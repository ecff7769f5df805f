//! Vector loads of x86-64.

use std::arch::{
    asm,
    x86_64::{__m128i, __m256i, __m512i},
};

use super::Block;

/// Loads of four vectors at once, and a request for the cache lines that the same vectors have one page
/// `ahead`.
///
/// Hardware prefetchers stop at the end of a page, and a kernel that computes between loads has fewer loads in
/// flight than one that only adds. A prefetch is a hint. It never faults, and past the end of the block it
/// changes nothing that a program can see.
macro_rules! load_four {
    (
        $(#[$doc:meta])*
        $name:ident: $feature:literal $instruction:literal $class:ident $vector:ident $size:literal,
        ahead $($ahead:literal)*
    ) => {
        $(#[$doc])*
        ///
        /// # Panics
        ///
        /// If the block is shorter. Kernels load from pieces of constant length, and the test folds away.
        ///
        /// # Safety
        ///
        /// Callers must ensure that the processor has the target feature. A function that has it may call this one as a
        /// safe function.
        #[target_feature(enable = $feature)]
        #[inline]
        pub fn $name(self) -> [$vector; 4] {
            assert!(self.len >= 4 * $size, "four vectors need more bytes than the block has");
            let (a, b, c, d);
            // SAFETY: the block has at least the bytes that the four loads cover (asserted), they are
            // readable by the promise of `from_raw`, and the instruction accepts any alignment. `readonly`
            // without `pure`: it runs once for each time the program gets here, so each byte is read once.
            unsafe {
                asm!(
                    $(concat!("prefetcht0 [{ptr} + ", $ahead, "]"),)*
                    concat!($instruction, " {a}, [{ptr}]"),
                    concat!($instruction, " {b}, [{ptr} + ", $size, "]"),
                    concat!($instruction, " {c}, [{ptr} + 2 * ", $size, "]"),
                    concat!($instruction, " {d}, [{ptr} + 3 * ", $size, "]"),
                    ptr = in(reg) self.ptr,
                    a = lateout($class) a,
                    b = lateout($class) b,
                    c = lateout($class) c,
                    d = lateout($class) d,
                    options(nostack, readonly, preserves_flags),
                );
            }
            [a, b, c, d]
        }
    };
}

impl Block<'_> {
    load_four!(
        /// The first 32 bytes as four vectors, each with eight bytes in its low half and zeros above.
        load_4x64: "avx" "vmovq" xmm_reg __m128i 8, ahead 4096
    );
    load_four!(
        /// The first 64 bytes as four vectors of sixteen bytes.
        load_4x128: "avx" "vmovdqu" xmm_reg __m128i 16, ahead 4096
    );
    load_four!(
        /// The first 128 bytes as four vectors of 32 bytes.
        load_4x256: "avx" "vmovdqu" ymm_reg __m256i 32, ahead 4096 4160
    );
    load_four!(
        /// The first 256 bytes as four vectors of 64 bytes.
        load_4x512: "avx512f" "vmovdqu64" zmm_reg __m512i 64, ahead 4096 4160 4224 4288
    );
}
