//! Hash tables for keys of a few words: numbers that the compiler gives out, and what is made of them.
//!
//! The hash of the standard library is made for texts of any length, and takes longer than all else that is done with such a key. This one
//! takes a multiplication for each word. A body may choose the constants in its operations, but not the seed.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

pub(crate) type Map<K, V> = HashMap<K, V, Seed>;
pub(crate) type Set<K> = HashSet<K, Seed>;

/// What hashes begin with, another one in each process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed(u64);

impl Default for Seed {
    fn default() -> Self {
        static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));
        Self(*SEED)
    }
}

impl BuildHasher for Seed {
    type Hasher = Words;

    fn build_hasher(&self) -> Words {
        Words(self.0)
    }
}

/// The hash of the words so far.
pub(crate) struct Words(u64);

/// Odd, and half of its bits are set.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for Words {
    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * u128::from(FACTOR);
        self.0 = (product >> 64) as u64 ^ product as u64;
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u16(&mut self, word: u16) {
        self.write_u64(u64::from(word));
    }

    fn write_u8(&mut self, word: u8) {
        self.write_u64(u64::from(word));
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lowest bits choose where to look, and the highest ones what to compare.
    #[test]
    fn both_ends_of_hashes_differ_for_keys_that_are_alike() {
        let seed = Seed::default();
        let small = (0..256_u64).map(|number| seed.hash_one(number));
        let doubles = (0..256_u64).map(|number| seed.hash_one((number as f64).to_bits()));
        let pairs = (0..256_u32).map(|number| seed.hash_one((number / 16, number % 16)));
        for hashes in [small.collect::<Vec<_>>(), doubles.collect(), pairs.collect()] {
            let lowest: Set<u64> = hashes.iter().map(|hash| hash & 0xff).collect();
            let highest: Set<u64> = hashes.iter().map(|hash| hash >> 57).collect();
            assert!(lowest.len() > 120 && highest.len() > 80, "{} and {}", lowest.len(), highest.len());
        }
    }
}
