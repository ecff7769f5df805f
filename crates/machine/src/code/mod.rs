//! [`Code`]: machine code that is made at run time, and the memory that it runs in.
//!
//! **Nothing is ever writable and executable at once** (W^X), and nothing becomes writable again. [`Code::new`] is the only
//! place that makes executable memory: it maps new pages that can be written, copies the code to them, and exchanges the
//! right to write for the right to run in one system call (`mprotect`, `VirtualProtect`); nothing reverses that but unmapping
//! them. The one exception is macOS on arm64, which has no such exchange for JIT memory: there a page is both in name, and
//! the processor gives a thread one right or the other. Threads have the right to run, save for the one that copies, while
//! it copies.
//!
//! What the code does is up to those who make and call it. There are no tables for it to be unwound by: what it calls must
//! not panic.

use std::fmt;
use std::ptr::{self, NonNull};
use std::sync::OnceLock;

mod perf;
#[cfg(test)]
mod tests;

#[cfg(all(
    any(target_arch = "x86_64", target_arch = "aarch64"),
    any(target_os = "linux", target_os = "macos"),
    not(miri)
))]
#[path = "unix.rs"]
mod system;

#[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), windows, not(miri)))]
#[path = "windows.rs"]
mod system;

#[cfg(any(
    not(any(target_arch = "x86_64", target_arch = "aarch64")),
    not(any(target_os = "linux", target_os = "macos", windows)),
    miri
))]
#[path = "unsupported.rs"]
mod system;

/// Mappings are of so many bytes, or a multiple. Divides the size of a page everywhere.
const GRANULE: usize = 4096;

/// Fills the pages after the code: to run into it is a trap. `int3` on x86-64, `udf #0` on arm64.
const TRAP: u8 = if cfg!(target_arch = "x86_64") { 0xcc } else { 0 };

/// Machine code, mapped so that it can be run and read, and never written again. Unmapped when dropped.
#[derive(Debug)]
pub struct Code {
    mapping: Mapping,
    len: usize,
}

impl Code {
    /// A copy of `bytes` that can be run. It takes whole pages, and some system calls: a few microseconds.
    ///
    /// Every thread that learns of it, by whatever synchronizes memory, runs these bytes, even where other code was mapped
    /// before.
    ///
    /// # Errors
    ///
    /// The system refuses executable memory: see [`Refused`]. Nothing stays mapped.
    pub fn new(bytes: &[u8]) -> Result<Code, Refused> {
        Code::sealed_by(system::seal, bytes)
    }

    fn sealed_by(seal: fn(&Mapping) -> Result<(), Refused>, bytes: &[u8]) -> Result<Code, Refused> {
        // No overflow: no slice is longer than isize::MAX bytes.
        let mapping = Mapping::new(bytes.len().max(1).next_multiple_of(GRANULE))?;
        let (start, rest) = (mapping.start.as_ptr(), mapping.len - bytes.len());
        system::while_writable(|| {
            // SAFETY: the mapping is at least as long as `bytes`, can be written by this thread until it is sealed, and is new:
            // it is not part of `bytes`, and nobody else knows of it.
            unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), start, bytes.len()) };
            // SAFETY: as above; these are the bytes of the mapping that are left.
            unsafe { ptr::write_bytes(start.wrapping_add(bytes.len()), TRAP, rest) };
        });
        seal(&mapping)?;
        Ok(Code { mapping, len: bytes.len() })
    }

    /// The first byte of the code, at the start of a page. What is made of it must not be called after the code is dropped.
    pub fn as_ptr(&self) -> *const u8 {
        self.mapping.start.as_ptr()
    }

    /// The length of the code in bytes, as it was given to [`new`](Code::new).
    pub fn len(&self) -> usize {
        self.len
    }

    /// The code, for those who look at it.
    pub fn bytes(&self) -> Vec<u8> {
        // SAFETY: so many bytes are mapped, can be read, and never change.
        (0..self.len).map(|at| unsafe { self.as_ptr().wrapping_add(at).read() }).collect()
    }

    /// Whether there is no code: to run it is a trap.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Calls the code at its first byte, with an address; on x64 by the conventions of System V on every system: those of Windows would
    /// have it keep vector registers.
    ///
    /// # Safety
    ///
    /// These bytes must be a function that takes an address and returns 32 bits, that keeps what the conventions say, returns, and
    /// touches no memory but what the caller answers for.
    pub unsafe fn call(&self, argument: *mut u64) -> u32 {
        #[cfg(target_arch = "x86_64")]
        type Function = unsafe extern "sysv64" fn(*mut u64) -> u32;
        #[cfg(not(target_arch = "x86_64"))]
        type Function = unsafe extern "C" fn(*mut u64) -> u32;
        #[expect(clippy::disallowed_methods, reason = "no other conversion makes a function of an address")]
        // SAFETY: an address of code and a pointer to a function are the same here; what the function is, the caller knows.
        let function = unsafe { std::mem::transmute::<*const u8, Function>(self.as_ptr()) };
        // SAFETY: the caller's promise; the code stays mapped while `self` is borrowed.
        unsafe { function(argument) }
    }

    /// Tells `perf` what the code is: appends a line with its address, its length and `name` to `/tmp/perf-<pid>.map`. Other
    /// systems than Linux have no such file, and no error is told of.
    ///
    /// A control character in `name` becomes a space. Node.js with `--perf-basic-prof` writes the same file, as if it were
    /// alone: what is announced may be lost then.
    pub fn announce(&self, name: &str) {
        if cfg!(target_os = "linux") && !self.is_empty() {
            perf::announce(self.as_ptr().addr(), self.len, name);
        }
    }
}

/// Whole pages, unmapped when dropped.
#[derive(Debug)]
struct Mapping {
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: what the pointer leads to belongs to the mapping, and any thread may unmap it.
unsafe impl Send for Mapping {}
// SAFETY: a shared mapping has been sealed: its bytes do not change until it is dropped, and then nobody shares it.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Pages that can be written, and not run. `len` is a multiple of [`GRANULE`], and not 0.
    fn new(len: usize) -> Result<Mapping, Refused> {
        Ok(Mapping { start: system::map(len)?, len })
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: `new` mapped these pages, and a drop comes once. Who calls code sees to it that it is not dropped meanwhile.
        unsafe { system::unmap(self.start, self.len) };
    }
}

/// Why there is no executable memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// There is none on this system, or for this processor; nor in Miri.
    Unsupported,
    /// The system has no memory, or the process no mapping left.
    Exhausted,
    /// A policy forbids it: SELinux (`execmem`), seccomp, systemd's `MemoryDenyWriteExecute`, a hardened runtime of macOS,
    /// Windows' arbitrary code guard.
    Forbidden,
}

impl Refused {
    /// What to tell a user, as a part of a sentence.
    pub const fn reason(self) -> &'static str {
        match self {
            Refused::Unsupported => "there is no executable memory on this platform",
            Refused::Exhausted => "there is no memory left for machine code",
            Refused::Forbidden => "the system forbids this process to make memory executable",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for Refused {}

/// Whether this process may have executable memory. Tried once, with a function of two instructions that is called.
pub fn is_allowed() -> bool {
    refusal().is_none()
}

/// Why this process has no executable memory, as a part of a sentence; none if it [`is_allowed`].
pub fn refusal() -> Option<&'static str> {
    static REFUSAL: OnceLock<Option<Refused>> = OnceLock::new();
    REFUSAL.get_or_init(|| probe(Code::new).err()).map(Refused::reason)
}

/// What the function of the probe returns.
const ANSWER: u32 = 0x5eed_c0de;

/// `mov eax, answer; ret`
#[cfg(not(target_arch = "aarch64"))]
const fn function(answer: u32) -> [u8; 6] {
    let [a, b, c, d] = answer.to_le_bytes();
    [0xb8, a, b, c, d, 0xc3]
}

/// `movz w0, low half; movk w0, high half, lsl 16; ret`
#[cfg(target_arch = "aarch64")]
const fn function(answer: u32) -> [u8; 12] {
    let [a, b, c, d] = (0x5280_0000 | (answer & 0xffff) << 5).to_le_bytes();
    let [e, f, g, h] = (0x72a0_0000 | (answer >> 16) << 5).to_le_bytes();
    [a, b, c, d, e, f, g, h, 0xc0, 0x03, 0x5f, 0xd6]
}

fn probe(make: impl FnOnce(&[u8]) -> Result<Code, Refused>) -> Result<(), Refused> {
    let code = make(&function(ANSWER))?;
    #[expect(clippy::disallowed_methods, reason = "no other conversion makes a function of an address")]
    // SAFETY: at this address is the whole of a function of this processor's, that takes nothing, returns an integer where the
    // C conventions of all systems have it, and touches neither memory nor stack. `make` gives what `Code::new` gives: memory
    // that can be run, or an error. It outlives the call.
    let answer = unsafe { std::mem::transmute::<*const u8, extern "C" fn() -> u32>(code.as_ptr()) };
    if answer() == ANSWER { Ok(()) } else { Err(Refused::Unsupported) }
}
