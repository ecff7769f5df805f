//! Executable memory of Windows.

use std::ffi::c_void;
use std::io;
use std::ptr::{self, NonNull};

use super::{Mapping, Refused};

const MEM_COMMIT: u32 = 0x1000;
const MEM_RESERVE: u32 = 0x2000;
const MEM_RELEASE: u32 = 0x8000;
const PAGE_READWRITE: u32 = 0x04;
const PAGE_EXECUTE_READ: u32 = 0x20;

const ERROR_NOT_ENOUGH_MEMORY: i32 = 8;
const ERROR_OUTOFMEMORY: i32 = 14;
const ERROR_COMMITMENT_LIMIT: i32 = 1455;

#[link(name = "kernel32")]
unsafe extern "system" {
    fn VirtualAlloc(address: *mut c_void, size: usize, kind: u32, protection: u32) -> *mut c_void;
    fn VirtualProtect(address: *mut c_void, size: usize, protection: u32, before: *mut u32) -> i32;
    fn VirtualFree(address: *mut c_void, size: usize, kind: u32) -> i32;
    fn GetCurrentProcess() -> *mut c_void;
    fn FlushInstructionCache(process: *mut c_void, address: *const c_void, size: usize) -> i32;
}

/// New pages that can be read and written.
pub(super) fn map(len: usize) -> Result<NonNull<u8>, Refused> {
    // SAFETY: pages where the system finds room: they replace nothing.
    let start = unsafe { VirtualAlloc(ptr::null_mut(), len, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE) };
    NonNull::new(start.cast()).ok_or_else(refused)
}

/// Runs `copy`, which writes to pages that are not sealed.
pub(super) fn while_writable(copy: impl FnOnce()) {
    copy();
}

/// Takes the right to write away, gives the right to run, and makes every processor forget what was there before.
pub(super) fn seal(mapping: &Mapping) -> Result<(), Refused> {
    let (start, mut before) = (mapping.start.as_ptr().cast::<c_void>(), 0);
    // SAFETY: whole pages, which only `mapping` knows: nobody is about to write to them.
    if unsafe { VirtualProtect(start, mapping.len, PAGE_EXECUTE_READ, &raw mut before) } == 0 {
        return Err(refused());
    }
    // SAFETY: returns a constant that stands for this process.
    let process = unsafe { GetCurrentProcess() };
    // SAFETY: changes no memory.
    let flushed = unsafe { FlushInstructionCache(process, start, mapping.len) };
    if flushed == 0 { Err(refused()) } else { Ok(()) }
}

/// # Safety
///
/// `map` returned `start`, which nobody uses any more.
pub(super) unsafe fn unmap(start: NonNull<u8>, _len: usize) {
    // SAFETY: the caller's. 0 is all that was allocated there. There is nothing to be done about a failure.
    unsafe { VirtualFree(start.as_ptr().cast(), 0, MEM_RELEASE) };
}

/// What the last call of this thread was refused for.
fn refused() -> Refused {
    match io::Error::last_os_error().raw_os_error() {
        Some(ERROR_NOT_ENOUGH_MEMORY | ERROR_OUTOFMEMORY | ERROR_COMMITMENT_LIMIT) => Refused::Exhausted,
        _ => Refused::Forbidden,
    }
}
