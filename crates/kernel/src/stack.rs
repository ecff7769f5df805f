//! Stack for work that nests as deep as a program's source does.

use std::panic::resume_unwind;
use std::thread;

/// The deepest source takes less than half of it in a build without optimizations.
const BYTES: usize = 4 << 20;

/// Does some work on a stack of its own: the caller may be a program that has nearly used up its own. If the system starts no thread,
/// the caller's has to do.
pub fn on_own_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
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
    use super::on_own_stack;
    use std::panic::catch_unwind;

    #[test]
    fn returns_what_the_work_returns() {
        let text = String::from("text");
        assert_eq!(on_own_stack(|| text.len()), 4);
    }

    #[test]
    fn passes_panics_on() {
        let panic = catch_unwind(|| on_own_stack(|| -> u8 { panic!("it is wrong") })).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"it is wrong"));
    }
}
