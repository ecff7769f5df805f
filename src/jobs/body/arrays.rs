//! [`Arrays`]: the arrays of the caller, as a running body sees them.

use std::ops::Range;

use allcores_kernel::codegen::RawArray;
use allcores_kernel::interpret::Memory;
use allcores_kernel::ir::{ArrayId, AtomicOp};
use allcores_machine::Element;
use allcores_memory::SharedArray;

/// An array of the caller.
pub(crate) enum Array {
    /// A typed array on shared memory.
    Shared(SharedArray),
    /// Constants: what a private array, or a plain one, held when the call was made. The body does not write it.
    Table(Box<[f64]>),
}

impl Array {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Shared(array) => array.len() as u64,
            Self::Table(table) => table.len() as u64,
        }
    }

    /// Where it is, if others can write there.
    pub(super) fn addresses(&self) -> Option<Range<usize>> {
        match self {
            Self::Shared(array) => Some(array.addresses()),
            Self::Table(_) => None,
        }
    }

    /// What is in memory for its elements.
    pub(super) fn element(&self) -> Element {
        match self {
            Self::Shared(array) => array.element(),
            Self::Table(_) => Element::Float64,
        }
    }

    /// Where machine code finds it. A table is doubles, whatever it was made from.
    pub(super) fn raw(&self) -> RawArray {
        let address = match self {
            Self::Shared(array) => array.addresses().start,
            Self::Table(table) => table.as_ptr().expose_provenance(),
        };
        RawArray { address, len: self.len() }
    }

    pub(super) fn load(&self, index: u64) -> f64 {
        match self {
            Self::Shared(array) => array.load(index as usize),
            Self::Table(table) => table[index as usize],
        }
    }
}

/// In the order of the compiled function.
pub(super) struct Arrays(pub(super) Box<[Array]>);

// Indices are below lengths, which are those of memory: they fit a usize.
impl Memory for Arrays {
    fn len(&self, array: ArrayId) -> u64 {
        self.0[array.index()].len()
    }

    fn load(&self, array: ArrayId, index: u64) -> f64 {
        self.0[array.index()].load(index)
    }

    fn store(&self, array: ArrayId, index: u64, value: f64) {
        match &self.0[array.index()] {
            Array::Shared(array) => array.store(index as usize, value),
            Array::Table(_) => unreachable!("the compiler lets no body write a constant"),
        }
    }

    fn load_run(&self, array: ArrayId, start: u64, out: &mut [f64]) {
        match &self.0[array.index()] {
            Array::Shared(array) => array.load_run(start as usize, out),
            Array::Table(table) => out.copy_from_slice(&table[start as usize..][..out.len()]),
        }
    }

    fn store_run(&self, array: ArrayId, start: u64, values: &[f64]) {
        match &self.0[array.index()] {
            Array::Shared(array) => array.store_run(start as usize, values),
            Array::Table(_) => unreachable!("the compiler lets no body write a constant"),
        }
    }

    fn atomic(&self, op: AtomicOp, array: ArrayId, index: u64, a: f64, b: f64) -> f64 {
        match &self.0[array.index()] {
            Array::Shared(array) => array.atomic(op, index as usize, a, b),
            Array::Table(table) => {
                assert_eq!(op, AtomicOp::Load, "the compiler lets no body write a constant");
                table[index as usize]
            }
        }
    }
}
