//! Where there is no executable memory.

use std::ptr::NonNull;

use super::{Mapping, Refused};

pub(super) fn map(_len: usize) -> Result<NonNull<u8>, Refused> {
    Err(Refused::Unsupported)
}

pub(super) fn while_writable(copy: impl FnOnce()) {
    copy();
}

pub(super) fn seal(_mapping: &Mapping) -> Result<(), Refused> {
    Err(Refused::Unsupported)
}

/// # Safety
///
/// Nobody can call it: there is no mapping.
pub(super) unsafe fn unmap(_start: NonNull<u8>, _len: usize) {}
