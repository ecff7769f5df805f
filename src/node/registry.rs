//! The open environments of this thread, by number.
//!
//! Node-API gets numbers where it takes pointers for callbacks, and JavaScript names its environment by one. A number
//! is never used twice on a thread, so a callback that comes late (runtimes differ in what they still run while an
//! environment goes) finds nothing, whatever became of the memory.

use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;

use super::environment::Environment;

/// The number of an environment; not zero, so that it is never a null pointer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Number(u32);

impl Number {
    /// As Node-API carries it to a callback.
    pub(super) fn to_pointer(self) -> *mut c_void {
        ptr::without_provenance_mut(self.0 as usize)
    }

    /// The number that [`to_pointer`](Self::to_pointer) was called on.
    pub(super) fn from_pointer(pointer: *mut c_void) -> Self {
        Self(pointer.addr() as u32)
    }

    /// As JavaScript has it.
    pub(super) fn get(self) -> u32 {
        self.0
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

struct Registry {
    last: u32,
    /// In ascending order. One, unless this thread has loaded the package several times.
    open: Vec<(u32, Rc<Environment>)>,
}

thread_local! {
    static REGISTRY: RefCell<Registry> = const { RefCell::new(Registry { last: 0, open: Vec::new() }) };
}

/// A number that this thread has not used. `None` after 2^32 of them.
pub(super) fn next() -> Option<Number> {
    REGISTRY.with_borrow_mut(|registry| {
        registry.last = registry.last.checked_add(1)?;
        Some(Number(registry.last))
    })
}

/// Registers an environment by the number from [`next`], of which it must be the only use.
pub(super) fn insert(number: Number, environment: Rc<Environment>) {
    REGISTRY.with_borrow_mut(|registry| {
        let place = registry.open.partition_point(|&(open, _)| open < number.0);
        registry.open.insert(place, (number.0, environment));
    });
}

/// The environment, if it is open.
pub(super) fn get(number: Number) -> Option<Rc<Environment>> {
    // The registry itself is gone when the thread is: then nothing is open.
    let found = REGISTRY.try_with(|registry| {
        let open = &registry.borrow().open;
        let place = open.binary_search_by_key(&number.0, |&(open, _)| open).ok()?;
        Some(Rc::clone(&open[place].1))
    });
    found.ok().flatten()
}

/// Takes an environment out. `None` if it is not open.
pub(super) fn remove(number: Number) -> Option<Rc<Environment>> {
    let removed = REGISTRY.try_with(|registry| {
        let open = &mut registry.borrow_mut().open;
        let place = open.binary_search_by_key(&number.0, |&(open, _)| open).ok()?;
        Some(open.remove(place).1)
    });
    removed.ok().flatten()
}
