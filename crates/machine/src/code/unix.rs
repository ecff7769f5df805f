//! Executable memory of Linux and macOS.

use std::io;
use std::ptr::{self, NonNull};

use super::{Mapping, Refused};

/// macOS has pages for code that is made at run time: a hardened program may have these and no others. On arm64 their rights
/// never change, and it is the processor that withholds one of them.
#[cfg(target_os = "macos")]
const KIND: libc::c_int = libc::MAP_PRIVATE | libc::MAP_ANON | libc::MAP_JIT;
#[cfg(not(target_os = "macos"))]
const KIND: libc::c_int = libc::MAP_PRIVATE | libc::MAP_ANON;

const RIGHTS: libc::c_int = libc::PROT_READ | libc::PROT_WRITE | if BY_THREAD { libc::PROT_EXEC } else { 0 };

/// Whether it is threads that have the right to write or to run such pages.
const BY_THREAD: bool = cfg!(all(target_os = "macos", target_arch = "aarch64"));

/// New pages that can be read and written.
pub(super) fn map(len: usize) -> Result<NonNull<u8>, Refused> {
    // SAFETY: a new mapping where the system finds room: it replaces nothing.
    let start = unsafe { libc::mmap(ptr::null_mut(), len, RIGHTS, KIND, -1, 0) };
    if start == libc::MAP_FAILED {
        return Err(refused());
    }
    NonNull::new(start.cast()).ok_or(Refused::Exhausted)
}

/// Runs `copy`, which writes to pages that are not sealed. It runs no code that was made at run time, and does not panic.
pub(super) fn while_writable(copy: impl FnOnce()) {
    #[cfg(all(target_os = "macos", target_arch = "aarch64"))]
    {
        // SAFETY: this thread runs no such code before it has the right to again. It had that right: it was called by
        // JavaScript, or is a thread of ours.
        unsafe { libc::pthread_jit_write_protect_np(0) };
        copy();
        // SAFETY: gives the right back.
        unsafe { libc::pthread_jit_write_protect_np(1) };
    }
    #[cfg(not(all(target_os = "macos", target_arch = "aarch64")))]
    copy();
}

/// Takes the right to write away, gives the right to run, and makes every processor forget what was there before.
pub(super) fn seal(mapping: &Mapping) -> Result<(), Refused> {
    if !BY_THREAD {
        let rights = libc::PROT_READ | libc::PROT_EXEC;
        // SAFETY: whole pages, which only `mapping` knows: nobody is about to write to them.
        if unsafe { libc::mprotect(mapping.start.as_ptr().cast(), mapping.len, rights) } != 0 {
            return Err(refused());
        }
    }
    synchronize(mapping)
}

/// # Safety
///
/// `map(len)` returned `start`, which nobody uses any more.
pub(super) unsafe fn unmap(start: NonNull<u8>, len: usize) {
    // SAFETY: the caller's. A process with as many mappings as it may have cannot be rid of one in the middle of another:
    // there is nothing to be done about it, and the pages stay as they are.
    unsafe { libc::munmap(start.as_ptr().cast(), len) };
}

/// What the last call of this thread was refused for.
fn refused() -> Refused {
    match io::Error::last_os_error().raw_os_error() {
        // EAGAIN: pages are locked in memory, and no more may be.
        Some(libc::ENOMEM | libc::EAGAIN) => Refused::Exhausted,
        _ => Refused::Forbidden,
    }
}

/// Nothing to do: the caches of x86-64 see what is written. What a processor may have fetched in advance from pages that were
/// here before it forgot when they were unmapped, which interrupts it.
#[cfg(target_arch = "x86_64")]
fn synchronize(_mapping: &Mapping) -> Result<(), Refused> {
    Ok(())
}

#[cfg(all(target_os = "macos", target_arch = "aarch64"))]
fn synchronize(mapping: &Mapping) -> Result<(), Refused> {
    unsafe extern "C" {
        fn sys_icache_invalidate(start: *mut libc::c_void, len: libc::size_t);
    }
    // SAFETY: these bytes are mapped; the call changes none.
    unsafe { sys_icache_invalidate(mapping.start.as_ptr().cast(), mapping.len) };
    Ok(())
}

/// Writes the code through to where instructions are fetched from, drops what instruction caches have for these addresses,
/// and has every processor that runs a thread of this process fetch anew.
#[cfg(all(target_os = "linux", target_arch = "aarch64"))]
fn synchronize(mapping: &Mapping) -> Result<(), Refused> {
    use std::arch::asm;

    let caches: usize;
    // SAFETY: reads a register that every program may read: the lines of the caches.
    unsafe { asm!("mrs {}, ctr_el0", out(reg) caches, options(nomem, nostack, preserves_flags)) };
    // As logarithms of words. A page is a multiple of a line.
    let (data, instruction) = (4 << ((caches >> 16) & 15), 4 << (caches & 15));
    let start = mapping.start.as_ptr().addr();
    for line in (start..start + mapping.len).step_by(data) {
        // SAFETY: the address is mapped and can be read, which is all that cleaning its line takes.
        unsafe { asm!("dc cvau, {}", in(reg) line, options(nostack, preserves_flags)) };
    }
    // SAFETY: waits.
    unsafe { asm!("dsb ish", options(nostack, preserves_flags)) };
    for line in (start..start + mapping.len).step_by(instruction) {
        // SAFETY: the address is mapped and can be read, which is all that forgetting its line takes.
        unsafe { asm!("ic ivau, {}", in(reg) line, options(nostack, preserves_flags)) };
    }
    // SAFETY: waits, and fetches anew.
    unsafe { asm!("dsb ish", "isb", options(nostack, preserves_flags)) };

    let done = membarrier(libc::MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE.into())
        || membarrier(libc::MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE.into())
            && membarrier(libc::MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE.into());
    if done { Ok(()) } else { Err(Refused::Forbidden) }
}

/// Whether the system has done as it was told. It refuses barriers to a process that has not registered for them.
#[cfg(all(target_os = "linux", target_arch = "aarch64"))]
fn membarrier(command: libc::c_long) -> bool {
    // SAFETY: the call has no other effect than a barrier; 0 is no flags, and no processor.
    unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) == 0 }
}
