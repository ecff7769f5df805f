//! [`Words`]: the memory of a frame.

use std::ops::{Deref, DerefMut};

/// Words that begin with a cache line. A vector of 64 bytes that lies in two of them takes twice as long to read or write.
#[derive(Debug)]
pub(super) struct Words {
    /// Some more than asked for.
    memory: Box<[u64]>,
    start: usize,
    count: usize,
}

/// Of a cache line.
const LINE: usize = 8;

impl Words {
    /// So many, all of them 0.
    pub(super) fn new(count: usize) -> Self {
        let memory: Box<[u64]> = vec![0; count + LINE - 1].into();
        let start = memory.as_ptr().align_offset(8 * LINE).min(LINE - 1);
        Self { memory, start, count }
    }
}

impl Deref for Words {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        &self.memory[self.start..][..self.count]
    }
}

impl DerefMut for Words {
    fn deref_mut(&mut self) -> &mut [u64] {
        &mut self.memory[self.start..][..self.count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_begin_with_a_cache_line_wherever_they_are() {
        let all: Vec<Words> = (1..200).map(Words::new).collect();
        for (count, words) in (1..200).zip(&all) {
            assert_eq!(words.len(), count);
            assert_eq!(words.as_ptr().addr() % 64, 0);
        }
    }
}
