//! [`Parts`]: the vectors of a value.

use std::ops::{Deref, DerefMut};

use super::V;
use crate::codegen::x64::frame::MAX_PARTS;

/// One vector for each part: few, and lowering makes and hands on many of these. Those of a pair are the same.
#[derive(Clone, PartialEq)]
pub(super) struct Parts {
    /// Those behind the last are always this one.
    vectors: [V; MAX_PARTS as usize],
    count: u8,
}

const NONE: V = V::vector(0);

impl Default for Parts {
    fn default() -> Self {
        Self { vectors: [NONE; MAX_PARTS as usize], count: 0 }
    }
}

impl Deref for Parts {
    type Target = [V];

    fn deref(&self) -> &[V] {
        &self.vectors[..usize::from(self.count)]
    }
}

impl DerefMut for Parts {
    fn deref_mut(&mut self) -> &mut [V] {
        &mut self.vectors[..usize::from(self.count)]
    }
}

impl FromIterator<V> for Parts {
    fn from_iter<I: IntoIterator<Item = V>>(all: I) -> Self {
        let mut parts = Self::default();
        for v in all {
            parts.vectors[usize::from(parts.count)] = v;
            parts.count += 1;
        }
        parts
    }
}

impl From<Vec<V>> for Parts {
    fn from(all: Vec<V>) -> Self {
        all.into_iter().collect()
    }
}

impl From<&[V]> for Parts {
    fn from(all: &[V]) -> Self {
        all.iter().copied().collect()
    }
}

impl<'a> IntoIterator for &'a Parts {
    type Item = &'a V;
    type IntoIter = std::slice::Iter<'a, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
