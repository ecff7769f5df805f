//! How much stack a thread has left.

use std::ops::Range;

/// Bytes from here to the end of this thread's stack. `None` where the system does not tell, and on a stack that is not the thread's own.
#[inline(never)]
pub fn left() -> Option<usize> {
    thread_local! {
        static STACK: Option<Range<usize>> = stack();
    }
    let local = 0_u8;
    let here = (&raw const local).addr();
    let stack = STACK.try_with(Clone::clone).ok().flatten()?;
    stack.contains(&here).then(|| here - stack.start)
}

/// Where this thread's stack is. Of the main thread on Linux, glibc reads that in `/proc/self/maps`, in less than a tenth of a millisecond;
/// musl counts the pages that have been used.
#[cfg(all(target_os = "linux", not(miri)))]
fn stack() -> Option<Range<usize>> {
    use std::mem::MaybeUninit;

    // SAFETY: every thread has a name for itself.
    let thread = unsafe { libc::pthread_self() };
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    // SAFETY: the thread runs, and there is room for its attributes.
    if unsafe { libc::pthread_getattr_np(thread, attributes.as_mut_ptr()) } != 0 {
        return None;
    }
    let (mut start, mut len) = (std::ptr::null_mut(), 0);
    // SAFETY: the attributes have been written.
    let is_known = unsafe { libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut start, &raw mut len) };
    // SAFETY: as above, and nobody uses them any more.
    unsafe { libc::pthread_attr_destroy(attributes.as_mut_ptr()) };
    let start = start.addr();
    (is_known == 0).then(|| start..start.saturating_add(len))
}

#[cfg(not(all(target_os = "linux", not(miri))))]
fn stack() -> Option<Range<usize>> {
    None
}

#[cfg(all(test, target_os = "linux", not(miri)))]
mod tests {
    use super::*;
    use std::thread;

    #[inline(never)]
    fn deeper() -> Option<usize> {
        let room = std::hint::black_box([0_u8; 100_000]);
        left().map(|left| left + usize::from(room[0]))
    }

    #[test]
    fn it_is_what_the_thread_was_given_less_what_it_uses() {
        const BYTES: usize = 8 << 20;
        let thread = thread::Builder::new().stack_size(BYTES).spawn(|| (left().unwrap(), deeper().unwrap()));
        let (left, deeper) = thread.unwrap().join().unwrap();
        assert!((BYTES - (BYTES >> 4)..=BYTES + (BYTES >> 4)).contains(&left), "{left}");
        assert!((100_000..110_000).contains(&(left - deeper)), "{left} and then {deeper}");
    }
}
