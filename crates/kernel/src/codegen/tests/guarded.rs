//! Memory between pages that trap.

use std::ptr::NonNull;

use allcores_memory::SharedArray;

use super::super::RawArray;
use crate::ir::Element;

/// Which end of an array touches a page that traps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Touches {
    Start,
    End,
}

/// Room for one array at a time.
pub(super) struct Guarded {
    base: *mut u8,
    page: usize,
    room: usize,
    len: usize,
    start: usize,
    element: Element,
}

#[cfg(unix)]
impl Guarded {
    /// Room for that many bytes at least.
    pub(super) fn new(bytes: usize) -> Self {
        // SAFETY: asks for a number.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap();
        let room = bytes.max(1).next_multiple_of(page);
        let flags = libc::MAP_PRIVATE | libc::MAP_ANON;
        // SAFETY: a new mapping, wherever there is room.
        let base =
            unsafe { libc::mmap(std::ptr::null_mut(), room + 2 * page, libc::PROT_NONE, flags, -1, 0) };
        assert_ne!(base, libc::MAP_FAILED);
        let base: *mut u8 = base.cast();
        let rights = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: whole pages of the mapping just made.
        assert_eq!(unsafe { libc::mprotect(base.wrapping_add(page).cast(), room, rights) }, 0);
        Self { base, page, room, len: 0, start: 0, element: Element::Float64 }
    }
}

#[cfg(unix)]
impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping that `new` made.
        unsafe { libc::munmap(self.base.cast(), self.room + 2 * self.page) };
    }
}

/// Elsewhere the memory is not guarded, and never given back.
#[cfg(not(unix))]
impl Guarded {
    pub(super) fn new(bytes: usize) -> Self {
        let room = bytes.max(1).next_multiple_of(4096);
        let base = vec![0_u64; room / 8].leak().as_mut_ptr().cast::<u8>();
        Self { base, page: 0, room, len: 0, start: 0, element: Element::Float64 }
    }
}

impl Guarded {
    /// Puts an array there.
    pub(super) fn put(&mut self, touches: Touches, element: Element, values: &[f64]) {
        let size = values.len() * element.size();
        assert!(size <= self.room, "room for {size} bytes");
        self.len = values.len();
        self.element = element;
        self.start = if touches == Touches::Start { 0 } else { self.room - size };
        let array = self.array();
        values.iter().enumerate().for_each(|(k, value)| array.store(k, *value));
    }

    fn address(&self) -> *mut u8 {
        self.base.wrapping_add(self.page + self.start)
    }

    pub(super) fn array(&self) -> SharedArray {
        let base = NonNull::new(self.address()).unwrap();
        // SAFETY: the memory is as long as that, aligned as its elements are, and nobody else has it.
        unsafe { SharedArray::new(base, self.len, self.element) }
    }

    pub(super) fn raw(&self) -> RawArray {
        RawArray { address: self.address().expose_provenance(), len: self.len as u64 }
    }

    pub(super) fn values(&self) -> Vec<f64> {
        let array = self.array();
        (0..self.len).map(|k| array.load(k)).collect()
    }
}
