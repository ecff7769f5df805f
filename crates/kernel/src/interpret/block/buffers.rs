//! Registers of the block interpreter: arrays of [`WIDTH`] lanes of one type, given out and taken back.

use super::WIDTH;

/// A register's number among those of its type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Register(u32);

/// All registers of one type. Those that are free are given out again, the last one first: it may still be in the cache.
#[derive(Debug)]
pub(super) struct Buffers<T> {
    all: Vec<Box<[T]>>,
    free: Vec<Register>,
}

impl<T: Copy + Default> Buffers<T> {
    pub(super) fn new() -> Self {
        Self { all: Vec::new(), free: Vec::new() }
    }

    /// A register whose lanes hold anything.
    pub(super) fn acquire(&mut self) -> Register {
        self.free.pop().unwrap_or_else(|| {
            self.all.push(vec![T::default(); WIDTH].into());
            Register(self.all.len() as u32 - 1)
        })
    }

    pub(super) fn release(&mut self, register: Register) {
        debug_assert!(!self.free.contains(&register), "{register:?} is released twice");
        self.free.push(register);
    }

    /// Takes all registers back.
    pub(super) fn release_all(&mut self) {
        self.free.clear();
        self.free.extend((0..self.all.len() as u32).rev().map(Register));
    }

    /// How many are not free.
    #[cfg(test)]
    pub(super) fn in_use(&self) -> usize {
        self.all.len() - self.free.len()
    }

    pub(super) fn get(&self, register: Register) -> &[T] {
        &self.all[register.0 as usize]
    }

    pub(super) fn get_mut(&mut self, register: Register) -> &mut [T] {
        &mut self.all[register.0 as usize]
    }

    /// Takes a register out, to be written while others are read, and to be put back.
    pub(super) fn take(&mut self, register: Register) -> Box<[T]> {
        std::mem::take(&mut self.all[register.0 as usize])
    }

    pub(super) fn put(&mut self, register: Register, lanes: Box<[T]>) {
        debug_assert_eq!(lanes.len(), WIDTH);
        self.all[register.0 as usize] = lanes;
    }
}
