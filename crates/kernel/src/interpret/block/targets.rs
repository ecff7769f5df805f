//! Where lanes meet again: at the end of a block or an if, and at the beginning of a loop's next turn.

use super::WIDTH;
use super::registers::{Registers, Slot};
use crate::ir::{Label, Value};
use crate::numeric::Bits;

/// The lanes that have arrived so far, and what they have brought.
#[derive(Default, Debug)]
pub(super) struct Target {
    /// What branches call it.
    pub(super) label: Option<Label>,
    /// Who has arrived, by the lane's number in the block.
    pub(super) lanes: Vec<u16>,
    /// What they have brought for each result.
    brought: Vec<Brought>,
    /// Whether registers have the lanes in the order of `lanes`. That is so as long as all came together; otherwise each is
    /// at its number in the block.
    is_packed: bool,
}

#[derive(Clone, Copy, Debug)]
enum Brought {
    Uniform(Bits),
    Lanes(Slot),
}

impl Target {
    /// Makes it ready for arrivals.
    pub(super) fn open(&mut self, label: Option<Label>) {
        self.label = label;
        self.lanes.clear();
        self.brought.clear();
        self.is_packed = true;
    }

    /// Lanes arrive with a value for each of `results`. `is_uniform` says of which results all lanes bring the same.
    pub(super) fn arrive(
        &mut self,
        registers: &mut Registers,
        lanes: &[u16],
        values: &[Value],
        results: &[Value],
        is_uniform: &[bool],
    ) {
        if self.lanes.is_empty() {
            self.is_packed = true;
            for (number, (value, result)) in values.iter().zip(results).enumerate() {
                let brought = if is_uniform[result.index()] {
                    Brought::Uniform(registers.uniform(*value))
                } else {
                    Brought::Lanes(bring(registers, *value, &values[number + 1..], lanes.len()))
                };
                self.brought.push(brought);
            }
        } else {
            self.unpack(registers);
            for (value, brought) in values.iter().zip(&self.brought) {
                let Brought::Lanes(to) = brought else { continue };
                match registers.slot(*value) {
                    Some(from) => registers.scatter(*to, from, lanes),
                    None => {
                        let from = registers.broadcast_value(*value, lanes.len());
                        registers.scatter(*to, from, lanes);
                        registers.release(from);
                    }
                }
            }
        }
        self.lanes.extend_from_slice(lanes);
    }

    /// Puts each lane to its number in the block.
    fn unpack(&mut self, registers: &mut Registers) {
        if !std::mem::replace(&mut self.is_packed, false) {
            return;
        }
        for brought in &mut self.brought {
            if let Brought::Lanes(slot) = brought {
                let to = registers.acquire(slot.ty);
                registers.scatter(to, *slot, &self.lanes);
                registers.release(std::mem::replace(slot, to));
            }
        }
    }

    /// Puts the numbers of the lanes into ascending order.
    pub(super) fn sort(&mut self) {
        // Those that came together are.
        if !self.is_packed {
            sort(&mut self.lanes);
        }
    }

    /// Gives the results what has arrived: their lanes are `self.lanes` then, which are in ascending order. To be followed
    /// by [`open`](Self::open).
    pub(super) fn close(&mut self, registers: &mut Registers, results: &[Value]) {
        self.sort();
        // Lanes 0, 1, 2, … are where they should be.
        let in_place =
            self.is_packed || self.lanes.last().is_none_or(|last| usize::from(*last) + 1 == self.lanes.len());
        for (result, brought) in results.iter().zip(self.brought.drain(..)) {
            match brought {
                Brought::Uniform(bits) => registers.set_uniform(*result, bits),
                Brought::Lanes(slot) if in_place => registers.set_slot(*result, Some(slot)),
                Brought::Lanes(slot) => {
                    let packed = registers.gather(slot, &self.lanes);
                    registers.release(slot);
                    registers.set_slot(*result, Some(packed));
                }
            }
        }
    }
}

/// A register of its own with a value's lanes: the value's, if it has no more use for it.
fn bring(registers: &mut Registers, value: Value, others: &[Value], lanes: usize) -> Slot {
    let Some(slot) = registers.slot(value) else {
        // Uniform, for a result that is not.
        return registers.broadcast_value(value, lanes);
    };
    // A value that is brought twice is copied, and so is one of very many: to look through them all would take too long.
    if slot.is_owned && others.len() < 16 && !others.contains(&value) {
        registers.set_slot(value, None);
        slot
    } else {
        registers.copy(slot, lanes)
    }
}

/// Sorts lanes, of which each is there once.
fn sort(lanes: &mut Vec<u16>) {
    let mut set = [0_u64; WIDTH / 64];
    for lane in lanes.iter() {
        set[usize::from(*lane) / 64] |= 1 << (lane % 64);
    }
    lanes.clear();
    for (word, bits) in set.iter().enumerate() {
        let mut bits = *bits;
        while bits != 0 {
            lanes.push((word * 64) as u16 + bits.trailing_zeros() as u16);
            bits &= bits - 1;
        }
    }
}

/// Where the lanes of `part` are among those of `whole`; both are in ascending order.
pub(super) fn positions(part: &[u16], whole: &[u16], out: &mut Vec<u16>) {
    out.clear();
    let mut at = 0;
    for lane in part {
        while whole[at] != *lane {
            at += 1;
        }
        out.push(at as u16);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_sorted_and_found() {
        let mut lanes = vec![300, 5, 64, 63, 511, 0];
        sort(&mut lanes);
        assert_eq!(lanes, [0, 5, 63, 64, 300, 511]);
        let mut found = vec![9];
        positions(&[5, 64, 511], &lanes, &mut found);
        assert_eq!(found, [1, 3, 5]);
    }
}
