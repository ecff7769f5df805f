//! The loop that all kernels of a processor with vectors share.

/// Lines that a kernel is ahead of itself in asking for memory: one page.
pub(super) const AHEAD: usize = 64;

/// Declares `kernel`, the choice among one kernel for each type of element.
///
/// A kernel has eight accumulators of type `V`, so that no addition waits for the one before it. `step` adds a line to
/// an accumulator; `fold` gives the bits of the sum of all accumulators.
macro_rules! kernels {
    ($features:literal; $($name:ident $element:ident $zero:expr, $step:ident, $fold:ident;)*) => {
        pub(super) fn kernel<const PREFETCH: bool>(element: Element) -> Kernel {
            match element {
                // SAFETY: the caller has asked the processor for the features.
                $(Element::$element => |lines| unsafe { $name::<PREFETCH>(lines) },)*
            }
        }

        $(
            #[target_feature(enable = $features)]
            fn $name<const PREFETCH: bool>(lines: &[Line]) -> u64 {
                let mut accumulators = [$zero; 8];
                let (groups, rest) = lines.as_chunks::<8>();
                for group in groups {
                    for (accumulator, line) in accumulators.iter_mut().zip(group) {
                        if PREFETCH {
                            let ahead = std::ptr::from_ref(line).wrapping_add(vectors::AHEAD);
                            _mm_prefetch::<_MM_HINT_T0>(ahead.cast());
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

pub(super) use kernels;
