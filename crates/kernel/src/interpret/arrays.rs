//! [`Arrays`]: memory of one thread, which no one else sees.

use std::cell::RefCell;

use super::Memory;
use crate::ir::{ArrayId, AtomicOp, Element};
use crate::numeric;

/// Arrays that convert as their element types have it: what tests run on.
#[derive(Clone, Debug)]
pub struct Arrays(Vec<(Element, RefCell<Vec<f64>>)>);

impl Arrays {
    /// Arrays into which these numbers have been stored.
    pub fn new(arrays: impl IntoIterator<Item = (Element, Vec<f64>)>) -> Self {
        let stored = |(element, mut values): (Element, Vec<f64>)| {
            values.iter_mut().for_each(|value| *value = numeric::through_element(element, *value));
            (element, RefCell::new(values))
        };
        Self(arrays.into_iter().map(stored).collect())
    }

    /// What each array holds.
    pub fn values(&self) -> impl Iterator<Item = Vec<f64>> {
        self.0.iter().map(|(_, values)| values.borrow().clone())
    }
}

impl Memory for Arrays {
    fn len(&self, array: ArrayId) -> u64 {
        self.0[array.index()].1.borrow().len() as u64
    }

    fn load(&self, array: ArrayId, index: u64) -> f64 {
        self.0[array.index()].1.borrow()[index as usize]
    }

    fn store(&self, array: ArrayId, index: u64, value: f64) {
        let (element, values) = &self.0[array.index()];
        values.borrow_mut()[index as usize] = numeric::through_element(*element, value);
    }

    fn atomic(&self, op: AtomicOp, array: ArrayId, index: u64, a: f64, b: f64) -> f64 {
        let (element, values) = &self.0[array.index()];
        let place = &mut values.borrow_mut()[index as usize];
        let (new, returned) = op.apply(*element, *place, a, b);
        *place = new;
        returned
    }
}
