//! Vector loads of aarch64.

use std::arch::{aarch64::uint64x2_t, asm};

use super::Block;

/// Loads of the vectors of 16 bytes that a block begins with.
///
/// There is no prefetch as on x86-64: it has not been measured on aarch64.
macro_rules! load_quadwords {
    (
        $(#[$doc:meta])*
        $name:ident: $count:literal vectors, $bytes:literal bytes, $($instruction:literal)* -> $($vector:ident)*
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
        #[target_feature(enable = "neon")]
        #[inline]
        pub fn $name(self) -> [uint64x2_t; $count] {
            assert!(self.len >= $bytes, "the vectors need more bytes than the block has");
            $(let $vector;)*
            // SAFETY: the block has at least the bytes that the loads cover (asserted), they are readable by the
            // promise of `from_raw`, and the instructions accept any alignment. `readonly` without `pure`: it runs once
            // for each time the program gets here, so each byte is read once.
            unsafe {
                asm!(
                    $($instruction,)*
                    ptr = in(reg) self.ptr,
                    $($vector = lateout(vreg) $vector,)*
                    options(nostack, readonly, preserves_flags),
                );
            }
            [$($vector),*]
        }
    };
}

impl Block<'_> {
    load_quadwords!(
        /// The first 16 bytes.
        load_1x128: 1 vectors, 16 bytes, "ldr {a:q}, [{ptr}]" -> a
    );
    load_quadwords!(
        /// The first 32 bytes as two vectors.
        load_2x128: 2 vectors, 32 bytes, "ldp {a:q}, {b:q}, [{ptr}]" -> a b
    );
    load_quadwords!(
        /// The first 64 bytes as four vectors.
        load_4x128: 4 vectors, 64 bytes, "ldp {a:q}, {b:q}, [{ptr}]" "ldp {c:q}, {d:q}, [{ptr}, #32]" -> a b c d
    );
}
