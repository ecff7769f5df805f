//! Blocks between guard pages: no kernel reads a byte before or after its block.

#![cfg(all(unix, not(miri)))]

use super::{assert_same, oracle};
use crate::{Dot, Norm, Sum};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

/// Readable pages between two that trap.
struct Guarded {
    base: *mut u8,
    page: usize,
    pages: usize,
}

impl Guarded {
    fn new(pages: usize) -> Guarded {
        // SAFETY: asks for a number.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).expect("a page size");
        let (flags, len) = (libc::MAP_PRIVATE | libc::MAP_ANON, (pages + 2) * page);
        // SAFETY: a new mapping, wherever there is room.
        let base = unsafe { libc::mmap(std::ptr::null_mut(), len, libc::PROT_NONE, flags, -1, 0) };
        assert_ne!(base, libc::MAP_FAILED);
        let guarded = Guarded { base: base.cast(), page, pages };
        // SAFETY: whole pages of the mapping just made.
        let status = unsafe {
            libc::mprotect(guarded.first().cast(), pages * page, libc::PROT_READ | libc::PROT_WRITE)
        };
        assert_eq!(status, 0);
        guarded
    }

    fn first(&self) -> *mut u8 {
        self.base.wrapping_add(self.page)
    }

    fn len(&self) -> usize {
        self.pages * self.page
    }

    /// Bytes in the middle of `len()`, which the caller sees to.
    fn block(&self, start: usize, len: usize) -> Block<'_> {
        assert!(start + len <= self.len());
        // SAFETY: within the readable pages, which stay mapped as long as self; they are only ever accessed
        // by raw pointers.
        unsafe { Block::from_raw(self.first().wrapping_add(start), len) }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping that `new` made.
        unsafe { libc::munmap(self.base.cast(), (self.pages + 2) * self.page) };
    }
}

#[test]
fn no_kernel_leaves_its_block() {
    let guarded = Guarded::new(3);
    let bytes: Vec<u8> = (0..guarded.len()).map(|index| (index * 89 % 251) as u8 & 0xbf).collect();
    for (index, &byte) in bytes.iter().enumerate() {
        // SAFETY: within the readable pages.
        unsafe { guarded.first().wrapping_add(index).write(byte) };
    }
    for element in Element::ALL {
        let size = element.size();
        for isa in Isa::available() {
            for count in (0..300).chain([guarded.len() / size - 1, guarded.len() / size]) {
                let len = count * size;
                for start in [0, guarded.len() - len] {
                    let mut sum = Sum::new(element, isa);
                    sum.add(guarded.block(start, len));
                    let expected = oracle::total(element, &bytes[start..][..len]);
                    assert_same(sum.total(), expected, &(element, isa, start, len));
                }
            }
        }
    }
}

/// Products of two blocks that end where the pages do, as other blocks of the same elements have them.
#[test]
fn no_kernel_of_products_leaves_its_blocks() {
    let guarded = [Guarded::new(2), Guarded::new(2)];
    for list in &guarded {
        for index in 0..list.len() {
            // SAFETY: within the readable pages.
            unsafe { list.first().wrapping_add(index).write((index * 89 % 251) as u8 & 0xbf) };
        }
    }
    for element in Element::ALL {
        let len = guarded[0].len();
        for isa in Isa::available() {
            for bytes in (0..100).map(|count| count * element.size()).chain([len]) {
                let results = [0, len - bytes].map(|start| {
                    let blocks = [&guarded[0], &guarded[1]].map(|list| list.block(start, bytes));
                    let (mut dot, mut norm) = (Dot::new([element; 2], isa).unwrap(), Norm::new(element, isa));
                    dot.add(blocks);
                    norm.add(blocks[0]);
                    (dot.total(), norm.value())
                });
                // The bytes at the ends are others; what they come to is tested elsewhere.
                assert!(results.iter().all(|(_, norm)| *norm >= 0.0), "{element:?} {isa:?} {results:?}");
            }
        }
    }
}
