//! [`Block`]: what code is called for, and how its frame is told.

use std::array;
use std::ops::Range;
use std::sync::OnceLock;

use super::native::{Inputs, Native, word};
use super::x64::frame;

/// Far from all lengths, and from wrapping.
pub(super) const NOWHERE: u64 = i64::MIN as u64 / 2 * 3;

/// Where code finds its indices.
pub(super) struct Lanes {
    /// The addresses of the lists.
    pub(super) lists: [usize; 3],
    /// Is added to each of the first list, if there is one dimension.
    pub(super) base: f64,
    /// The first, if they are consecutive.
    pub(super) first: Option<u64>,
}

/// Tells a frame what to begin with. All but the inputs are addresses.
pub(super) fn begin(words: &mut [u64], inputs: &Inputs, lanes: Lanes, mask: usize, out: usize, count: usize) {
    let Lanes { lists: [one, two, three], base, first } = lanes;
    words[word(frame::RESUME)] = 0;
    for (k, list) in [one, two, three, mask].into_iter().enumerate() {
        words[word(frame::LIST) + k] = list as u64;
    }
    words[word(frame::OUT)] = out as u64;
    words[word(frame::INPUTS)] = inputs.0.as_ptr().expose_provenance() as u64;
    words[word(frame::END)] = 8 * count as u64;
    words[word(frame::FIRST)] = first.unwrap_or(NOWHERE);
    words[word(frame::BASE)..][..4].fill(base.to_bits());
}

/// For code that reads.
pub(super) fn address<T>(list: &[T]) -> usize {
    list.as_ptr().expose_provenance()
}

/// For code that writes.
pub(super) fn address_of(list: &mut [f64]) -> usize {
    list.as_mut_ptr().expose_provenance()
}

/// Indices to run a function for, and where what it returns goes.
#[derive(Debug)]
pub struct Block<'b> {
    /// Which they are.
    pub indices: Indices<'b>,
    /// How many there are.
    pub count: usize,
    /// For each index, a double, or a boolean as 1 or 0, if the function returns anything. There must be room for a multiple of
    /// [`Native::lanes`]; what is in it after those of the indices changes.
    pub out: &'b mut [f64],
}

/// The indices of a block.
#[derive(Clone, Copy, Debug)]
pub enum Indices<'b> {
    /// One after the other from this one on, in the one dimension that there is. All are below 2^53.
    From(u64),
    /// A list for each dimension.
    Lists(&'b [[f64; Native::WIDTH]]),
}

impl Indices<'_> {
    pub(super) fn dimensions(self) -> usize {
        match self {
            Self::From(_) => 1,
            Self::Lists(lists) => lists.len(),
        }
    }

    /// Whether none of the first `count` is larger.
    pub(super) fn are_up_to(self, most: u64, count: usize) -> bool {
        match self {
            Self::From(first) => first.saturating_add(count as u64) <= most + 1,
            Self::Lists(lists) => {
                lists.iter().flat_map(|list| &list[..count]).all(|index| *index <= most as f64)
            }
        }
    }

    /// Those from this one on.
    pub(super) fn lanes_from(self, start: usize) -> Lanes {
        match self {
            Self::From(first) => {
                let first = first + start as u64;
                Lanes { lists: [address(&steps().0), 0, 0], base: first as f64, first: Some(first) }
            }
            Self::Lists(lists) => {
                let list = |k: usize| lists.get(k).map_or(0, |list| address(&list[start..]));
                Lanes { lists: [0, 1, 2].map(list), base: -0.0, first: None }
            }
        }
    }

    /// Copies those of a range, and the last one again and again until there are `group`: what stands in for no index.
    pub(super) fn copy(self, range: Range<usize>, group: usize, to: &mut [[f64; LANES]]) {
        for (dimension, list) in to.iter_mut().enumerate() {
            for (lane, index) in list[..group].iter_mut().enumerate() {
                let at = (range.start + lane).min(range.end - 1);
                *index = match self {
                    Self::From(first) => (first + at as u64) as f64,
                    Self::Lists(lists) => lists[dimension][at],
                };
            }
        }
    }
}

/// 0, 1, 2, …: added to the first, the indices of a block. Made when they are needed: a file need not hold them.
fn steps() -> &'static Aligned<f64> {
    static STEPS: OnceLock<Box<Aligned<f64>>> = OnceLock::new();
    STEPS.get_or_init(|| Box::new(Aligned(array::from_fn(|k| k as f64))))
}

/// A list that begins with a cache line: a vector that lies in two takes twice as long.
#[repr(align(64))]
pub(super) struct Aligned<T>(pub(super) [T; Native::WIDTH]);

/// Lanes of a group at the most.
pub(super) const LANES: usize = 32;

/// A mask of lanes that all take part.
pub(super) fn all() -> &'static Aligned<u64> {
    static ALL: OnceLock<Box<Aligned<u64>>> = OnceLock::new();
    ALL.get_or_init(|| Box::new(Aligned([u64::MAX; Native::WIDTH])))
}

/// Masks of which the last ones do not: from `LANES - n` on, `n` lanes do.
pub(super) static REST: [u64; 2 * LANES] = {
    let mut lanes = [0; 2 * LANES];
    let mut k = 0;
    while k < LANES {
        lanes[k] = u64::MAX;
        k += 1;
    }
    lanes
};
