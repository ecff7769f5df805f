//! The loops that all kernels of a processor with vectors share.

/// Lines that a kernel is ahead of itself in asking for memory: one page.
pub(super) const AHEAD: usize = 64;

/// Declares kernels for one array.
///
/// A kernel has some accumulators side by side, so that no addition waits for the one before it: as many as there are registers for.
/// `step` adds a line to an accumulator; `fold` gives the bits of the sums of all accumulators.
macro_rules! kernels {
    ($features:literal; $($name:ident $count:literal $zero:expr, $step:ident, $fold:ident;)*) => {
        $(
            #[target_feature(enable = $features)]
            fn $name<const PREFETCH: bool>(lines: &[Line]) -> [u64; 2] {
                let mut accumulators = [$zero; $count];
                let (groups, rest) = lines.as_chunks::<$count>();
                for group in groups {
                    for (accumulator, line) in accumulators.iter_mut().zip(group) {
                        if PREFETCH {
                            vectors::prefetch(line);
                        }
                        *accumulator = $step(*accumulator, line);
                    }
                }
                for line in rest {
                    accumulators[0] = $step(accumulators[0], line);
                }
                $fold(&accumulators)
            }
        )*
    };
}

/// Declares a kernel for two arrays of as many lines, in the same way.
macro_rules! kernel_of_pairs {
    ($features:literal; $name:ident $count:literal $zero:expr, $step:ident, $fold:ident) => {
        #[target_feature(enable = $features)]
        fn $name<const PREFETCH: bool>(a: &[Line], b: &[Line]) -> [u64; 2] {
            let mut accumulators = [$zero; $count];
            let ((groups, rest), (others, other_rest)) = (a.as_chunks::<$count>(), b.as_chunks::<$count>());
            for (group, other) in groups.iter().zip(others) {
                for ((accumulator, line), other) in accumulators.iter_mut().zip(group).zip(other) {
                    if PREFETCH {
                        vectors::prefetch(line);
                        vectors::prefetch(other);
                    }
                    *accumulator = $step(*accumulator, line, other);
                }
            }
            for (line, other) in rest.iter().zip(other_rest) {
                accumulators[0] = $step(accumulators[0], line, other);
            }
            $fold(&accumulators)
        }
    };
}

/// Asks for the line that comes so many lines later; beyond the end of the memory that does nothing.
#[inline(always)]
pub(super) fn prefetch(line: &crate::memory::Line) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    let ahead = std::ptr::from_ref(line).wrapping_add(AHEAD);
    // SAFETY: all processors of this architecture have the instruction, and it never faults.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(ahead.cast()) };
}

pub(super) use kernel_of_pairs;
pub(super) use kernels;
