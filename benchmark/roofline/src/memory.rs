//! Private memory, first touched by as many threads as will read it.

use std::{mem::MaybeUninit, thread};

/// A cache line. Memory that consists of them needs neither unaligned loads nor loops for a rest.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Line(pub(crate) [u64; 8]);

/// Bytes in a line.
pub(crate) const LINE: usize = size_of::<Line>();

/// Memory that only this program knows.
pub(crate) struct Memory(Vec<Line>);

impl Memory {
    /// Memory of that size, filled with copies of a tile. Each of the threads touches its share first, so that a system with
    /// several memory nodes can put the share next to it.
    pub(crate) fn filled(bytes: usize, tile: &[u8], threads: usize) -> Result<Self, String> {
        let tile: Vec<Line> = tile.chunks_exact(LINE).map(line).collect();
        let count = lines(bytes)?;
        if tile.is_empty() {
            return Err("an empty tile".to_owned());
        }
        let mut memory = Vec::new();
        memory.try_reserve_exact(count).map_err(|it| it.to_string())?;
        let share = count.div_ceil(threads).max(1);
        thread::scope(|scope| {
            for (index, part) in memory.spare_capacity_mut()[..count].chunks_mut(share).enumerate() {
                let tile = &tile;
                scope.spawn(move || fill(part, tile, index * share));
            }
        });
        // SAFETY: the threads have written all of it; a scope ends after its threads.
        unsafe { memory.set_len(count) };
        Ok(Self(memory))
    }

    /// The cache lines of the first `bytes` bytes.
    pub(crate) fn lines(&self, bytes: usize) -> Result<&[Line], String> {
        self.0.get(..lines(bytes)?).ok_or_else(|| format!("{bytes} bytes are more than were loaded"))
    }
}

fn lines(bytes: usize) -> Result<usize, String> {
    if bytes.is_multiple_of(LINE) {
        Ok(bytes / LINE)
    } else {
        Err(format!("{bytes} is no multiple of {LINE}"))
    }
}

fn line(bytes: &[u8]) -> Line {
    let (words, _) = bytes.as_chunks::<8>();
    Line(std::array::from_fn(|index| u64::from_ne_bytes(words[index])))
}

fn fill(part: &mut [MaybeUninit<Line>], tile: &[Line], start: usize) {
    let copies = tile.iter().cycle().skip(start % tile.len());
    for (to, from) in part.iter_mut().zip(copies) {
        to.write(*from);
    }
}
