//! Plain sums: neither exact, nor atomic, nor shared. The widest vectors the processor has, several accumulators.

use crate::memory::Line;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;
#[cfg(target_arch = "x86_64")]
mod vectors;

/// A sum of all elements in some lines: a double by its bits, or a wrapped integer.
pub(crate) type Kernel = fn(&[Line]) -> u64;

/// Memory from this size on does not stay in the caches: it is asked for ahead of time.
#[cfg(target_arch = "x86_64")]
const PREFETCH_FROM: usize = 8 << 20;

/// What is summed.
#[derive(Clone, Copy)]
pub(crate) enum Element {
    F64,
    F32,
    I64,
    I32,
    U8,
}

impl Element {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "f64" => Self::F64,
            "f32" => Self::F32,
            "i64" => Self::I64,
            "i32" => Self::I32,
            "u8" => Self::U8,
            _ => return None,
        })
    }

    /// Adds up the sums of the shares.
    pub(crate) fn total(self, parts: impl Iterator<Item = u64>) -> u64 {
        match self {
            Self::F64 | Self::F32 => parts.map(f64::from_bits).sum::<f64>().to_bits(),
            Self::I64 | Self::I32 | Self::U8 => parts.fold(0, u64::wrapping_add),
        }
    }
}

/// The name of the instruction set in use.
pub(crate) fn instruction_set() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if has_avx512() {
            return "AVX-512";
        }
        if is_x86_feature_detected!("avx2") {
            return "AVX2";
        }
    }
    std::env::consts::ARCH
}

/// The fastest kernel for that number of bytes of such elements.
pub(crate) fn kernel(element: Element, bytes: usize) -> Kernel {
    #[cfg(target_arch = "x86_64")]
    {
        let ahead = bytes >= PREFETCH_FROM;
        if has_avx512() {
            return if ahead { avx512::kernel::<true>(element) } else { avx512::kernel::<false>(element) };
        }
        if is_x86_feature_detected!("avx2") {
            return if ahead { avx2::kernel::<true>(element) } else { avx2::kernel::<false>(element) };
        }
    }
    let _ = bytes;
    portable::kernel(element)
}

#[cfg(target_arch = "x86_64")]
fn has_avx512() -> bool {
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw")
}
