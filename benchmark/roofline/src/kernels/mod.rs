//! Plain sums, of products too: neither exact, nor atomic, nor shared. The widest vectors the processor has, several accumulators.

use crate::memory::Line;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;
#[cfg(target_arch = "x86_64")]
mod vectors;

/// What comes of all elements in some lines, or of two such arrays: doubles by their bits, or a wrapped integer first.
pub(crate) type Kernel = fn(&[Line], &[Line]) -> [u64; 2];

/// Memory from this size on does not stay in the caches: it is asked for ahead of time.
#[cfg(target_arch = "x86_64")]
const PREFETCH_FROM: usize = 8 << 20;

/// Lines from either side of the middle of the memory that belong to no array: what is copied over and over has other numbers there.
const APART: usize = 64;

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
}

/// What is computed.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// The sum of the elements.
    Sum(Element),
    /// The sum of the squares of doubles.
    Squares,
    /// The sum of doubles, and that of their squares, in one pass.
    Moments,
    /// The sum of the products of two arrays of doubles.
    Dot,
}

impl Work {
    /// The work of that name on elements of that type.
    pub(crate) fn named(name: &str, element: Element) -> Option<Self> {
        Some(match (name, element) {
            ("sum", _) => Self::Sum(element),
            ("squares", Element::F64) => Self::Squares,
            ("moments", Element::F64) => Self::Moments,
            ("dot", Element::F64) => Self::Dot,
            _ => return None,
        })
    }

    /// The array in these lines, or the two.
    pub(crate) fn arrays(self, lines: &[Line]) -> [&[Line]; 2] {
        match self {
            Self::Dot => {
                let count = (lines.len() / 2).saturating_sub(APART);
                [&lines[..count], &lines[lines.len() - count..]]
            }
            _ => [lines, &[]],
        }
    }

    /// Adds up what has come of the shares.
    pub(crate) fn total(self, parts: impl Iterator<Item = [u64; 2]>) -> [u64; 2] {
        parts.fold([0; 2], |sums, part| {
            [0, 1].map(|which| match self {
                Self::Sum(Element::I64 | Element::I32 | Element::U8) => sums[which].wrapping_add(part[which]),
                _ => (f64::from_bits(sums[which]) + f64::from_bits(part[which])).to_bits(),
            })
        })
    }
}

/// The name of the instruction set in use.
pub(crate) fn instruction_set() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if has_avx512() {
            return "AVX-512";
        }
        if has_avx2() {
            return "AVX2";
        }
    }
    std::env::consts::ARCH
}

/// The fastest kernel for that work on so many bytes.
pub(crate) fn kernel(work: Work, bytes: usize) -> Kernel {
    #[cfg(target_arch = "x86_64")]
    {
        let ahead = bytes >= PREFETCH_FROM;
        if has_avx512() {
            return if ahead { avx512::kernel::<true>(work) } else { avx512::kernel::<false>(work) };
        }
        if has_avx2() {
            return if ahead { avx2::kernel::<true>(work) } else { avx2::kernel::<false>(work) };
        }
    }
    let _ = bytes;
    portable::kernel(work)
}

#[cfg(target_arch = "x86_64")]
fn has_avx512() -> bool {
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw")
}

#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}
