//! Stack for work that nests as deep as a program's source does.

use std::panic::resume_unwind;
use std::thread;

use allcores_machine::stack;

/// The deepest source takes less than half of it in a build without optimizations.
const BYTES: usize = 4 << 20;

/// Where so much is left, none of its own is needed: a thread that is started takes longer than a small body.
const ENOUGH: usize = BYTES / 4 * 3;

/// Does some work where there is stack for it: here, or on a stack of its own, since the caller may be a program that has nearly used up its
/// own. If the system starts no thread, the caller's has to do.
pub fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if stack::left().is_some_and(|left| left >= ENOUGH) {
        return work();
    }
    let mut work = Some(work);
    let mut act = || work.take().map(|work| work());
    let done = thread::scope(|scope| {
        let started = thread::Builder::new().stack_size(BYTES).spawn_scoped(scope, &mut act);
        started.ok().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    done.unwrap_or_else(act).expect("the work is done once")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    /// What `act` returns on a thread with so many bytes of stack.
    fn on_thread<T: Send + 'static>(bytes: usize, act: impl FnOnce() -> T + Send + 'static) -> T {
        thread::Builder::new().stack_size(bytes).spawn(act).unwrap().join().unwrap()
    }

    #[test]
    fn returns_what_the_work_returns() {
        for bytes in [BYTES / 8, 2 * BYTES] {
            assert_eq!(on_thread(bytes, || with_stack(|| String::from("text").len())), 4);
        }
    }

    #[test]
    fn passes_panics_on() {
        for bytes in [BYTES / 8, 2 * BYTES] {
            let panic = || catch_unwind(|| with_stack(|| -> u8 { panic!("it is wrong") })).unwrap_err();
            assert_eq!(on_thread(bytes, panic).downcast_ref(), Some(&"it is wrong"));
        }
    }

    #[test]
    fn a_thread_is_started_where_little_is_left() {
        let is_here = || with_stack(|| thread::current().id()) == thread::current().id();
        assert!(!on_thread(BYTES / 8, is_here));
        if cfg!(all(target_os = "linux", not(miri))) {
            assert!(on_thread(2 * BYTES, is_here), "there is enough");
        }
    }
}
