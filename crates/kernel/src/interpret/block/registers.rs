//! Which register holds a value's lanes, whatever the value's type.

use super::buffers::{Buffers, Register};
use super::lanes;
use crate::ir::{Type, Value};
use crate::numeric::Bits;

/// Runs the same code over two different registers of one type, whichever that is.
macro_rules! between {
    ($registers:expr, $to:expr, $from:expr, |$out:ident, $a:ident| $body:expr) => {
        match $to.ty {
            Type::F64 => between!(@ $registers.f64, $to, $from, |$out, $a| $body),
            Type::I32 => between!(@ $registers.i32, $to, $from, |$out, $a| $body),
            Type::Bool => between!(@ $registers.bool, $to, $from, |$out, $a| $body),
        }
    };
    (@ $buffers:expr, $to:expr, $from:expr, |$out:ident, $a:ident| $body:expr) => {{
        let mut lanes = $buffers.take($to.register);
        let ($out, $a) = (&mut lanes[..], $buffers.get($from.register));
        $body;
        $buffers.put($to.register, lanes);
    }};
}

/// Where a value's lanes are.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Slot {
    pub(super) register: Register,
    pub(super) ty: Type,
    /// Whether this is the one slot that will release the register. A region that takes a value from outside without
    /// packing it only borrows.
    pub(super) is_owned: bool,
}

/// All registers, and the slot of each value that has lanes.
#[derive(Debug)]
pub(super) struct Registers {
    pub(super) f64: Buffers<f64>,
    pub(super) i32: Buffers<i32>,
    pub(super) bool: Buffers<bool>,
    types: Box<[Type]>,
    slots: Vec<Option<Slot>>,
    uniform: Vec<Bits>,
}

impl Registers {
    /// For values of these types.
    pub(super) fn new(types: &[Type]) -> Self {
        Self {
            f64: Buffers::new(),
            i32: Buffers::new(),
            bool: Buffers::new(),
            types: types.into(),
            slots: vec![None; types.len()],
            uniform: vec![Bits(0); types.len()],
        }
    }

    /// Of how many values.
    pub(super) fn len(&self) -> usize {
        self.types.len()
    }

    /// Forgets all values.
    pub(super) fn reset(&mut self) {
        self.slots.fill(None);
        self.f64.release_all();
        self.i32.release_all();
        self.bool.release_all();
    }

    /// How many registers are not free.
    #[cfg(test)]
    pub(super) fn in_use(&self) -> usize {
        self.f64.in_use() + self.i32.in_use() + self.bool.in_use()
    }

    pub(super) fn acquire(&mut self, ty: Type) -> Slot {
        let register = match ty {
            Type::F64 => self.f64.acquire(),
            Type::I32 => self.i32.acquire(),
            Type::Bool => self.bool.acquire(),
        };
        Slot { register, ty, is_owned: true }
    }

    pub(super) fn release(&mut self, slot: Slot) {
        if slot.is_owned {
            match slot.ty {
                Type::F64 => self.f64.release(slot.register),
                Type::I32 => self.i32.release(slot.register),
                Type::Bool => self.bool.release(slot.register),
            }
        }
    }

    pub(super) fn slot(&self, value: Value) -> Option<Slot> {
        self.slots[value.index()]
    }

    /// The register of a value that must have lanes.
    pub(super) fn register(&self, value: Value) -> Register {
        self.slots[value.index()].expect("a varying value is defined before its use").register
    }

    pub(super) fn set_slot(&mut self, value: Value, slot: Option<Slot>) {
        self.slots[value.index()] = slot;
    }

    /// Takes the slot of a value away, and releases its register if it was the value's own.
    pub(super) fn kill(&mut self, value: Value) {
        if let Some(slot) = self.slots[value.index()].take() {
            self.release(slot);
        }
    }

    pub(super) fn uniform(&self, value: Value) -> Bits {
        self.uniform[value.index()]
    }

    pub(super) fn set_uniform(&mut self, value: Value, bits: Bits) {
        self.uniform[value.index()] = bits;
    }

    /// A register with the same bits in that many lanes.
    pub(super) fn broadcast(&mut self, ty: Type, bits: Bits, lanes: usize) -> Slot {
        let slot = self.acquire(ty);
        match ty {
            Type::F64 => self.f64.get_mut(slot.register)[..lanes].fill(bits.as_f64()),
            Type::I32 => self.i32.get_mut(slot.register)[..lanes].fill(bits.as_i32()),
            Type::Bool => self.bool.get_mut(slot.register)[..lanes].fill(bits.as_bool()),
        }
        slot
    }

    /// A register with a uniform value in that many lanes.
    pub(super) fn broadcast_value(&mut self, value: Value, lanes: usize) -> Slot {
        self.broadcast(self.types[value.index()], self.uniform(value), lanes)
    }

    /// A register of its own with the first lanes of another.
    pub(super) fn copy(&mut self, from: Slot, lanes: usize) -> Slot {
        let to = self.acquire(from.ty);
        between!(self, to, from, |out, a| out[..lanes].copy_from_slice(&a[..lanes]));
        to
    }

    /// A register of its own with the lanes at these positions of another.
    pub(super) fn gather(&mut self, from: Slot, positions: &[u16]) -> Slot {
        let to = self.acquire(from.ty);
        between!(self, to, from, |out, a| lanes::gather(out, a, positions));
        to
    }

    /// Puts the first lanes of `from` to these positions of `to`.
    pub(super) fn scatter(&mut self, to: Slot, from: Slot, positions: &[u16]) {
        between!(self, to, from, |out, a| lanes::scatter(out, a, positions));
    }
}
