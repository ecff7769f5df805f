//! The synchronisation primitives of the whole crate, chosen in one place: std and crossbeam, or their models under
//! `--cfg loom`. Nothing else in the crate knows which of the two it runs on. The models are loom's, which tries all
//! interleavings of a few threads under a weak memory; with `--cfg shuttle` as well they are shuttle's, which tries some
//! interleavings of many.

#[cfg(not(loom))]
mod imp {
    pub(crate) use crossbeam::queue::SegQueue as Queue;
    pub(crate) use crossbeam::sync::{Parker, Unparker};
    pub(crate) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, fence};
    pub(crate) use std::sync::{Mutex, RwLock};
}

#[cfg(loom)]
mod imp {
    #[cfg(not(shuttle))]
    use loom as model;
    use model::sync::Condvar;
    pub(crate) use model::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, fence};
    pub(crate) use model::sync::{Mutex, RwLock};
    #[cfg(shuttle)]
    use shuttle as model;
    use std::collections::VecDeque;

    use super::{Arc, Ordering};

    /// An unbounded queue with the interface of crossbeam's `SegQueue`. `is_empty` does not take the lock: it would
    /// order more than the real queue does, and hide a missing fence from the models.
    pub(crate) struct Queue<T> {
        items: Mutex<VecDeque<T>>,
        len: AtomicUsize,
    }

    impl<T> Queue<T> {
        pub(crate) fn new() -> Self {
            Self { items: Mutex::new(VecDeque::new()), len: AtomicUsize::new(0) }
        }
        pub(crate) fn push(&self, item: T) {
            self.items.lock().unwrap().push_back(item);
            self.len.fetch_add(1, Ordering::Release);
        }
        pub(crate) fn pop(&self) -> Option<T> {
            // Counted before it is taken out, so that the count never falls below zero.
            let mut len = self.len.load(Ordering::Acquire);
            while len > 0 {
                match self.len.compare_exchange(len, len - 1, Ordering::AcqRel, Ordering::Acquire) {
                    Ok(_) => return self.items.lock().unwrap().pop_front(),
                    Err(now) => len = now,
                }
            }
            None
        }
        pub(crate) fn is_empty(&self) -> bool {
            self.len.load(Ordering::Acquire) == 0
        }
    }

    struct Token {
        given: Mutex<bool>,
        changed: Condvar,
    }

    /// crossbeam's `Parker`: `park` takes the token, waiting for it if it is not there yet.
    pub(crate) struct Parker(Unparker);

    #[derive(Clone)]
    pub(crate) struct Unparker(Arc<Token>);

    impl Parker {
        pub(crate) fn new() -> Self {
            Self(Unparker(Arc::new(Token { given: Mutex::new(false), changed: Condvar::new() })))
        }
        pub(crate) fn unparker(&self) -> &Unparker {
            &self.0
        }
        pub(crate) fn park(&self) {
            let token = &self.0.0;
            let mut given = token.given.lock().unwrap();
            while !*given {
                given = token.changed.wait(given).unwrap();
            }
            *given = false;
        }
    }

    impl Unparker {
        pub(crate) fn unpark(&self) {
            *self.0.given.lock().unwrap() = true;
            self.0.changed.notify_one();
        }
    }
}

/// What the loom models share.
#[cfg(all(test, loom, not(shuttle)))]
pub(crate) mod models {
    use super::Arc;
    use loom::sync::{Condvar, Mutex};

    /// Runs `check` through every interleaving with at most LOOM_MAX_PREEMPTIONS preemptions, 2 by default.
    pub(crate) fn model(check: impl Fn() + Sync + Send + 'static) {
        model_of(2, check);
    }

    /// The same for a model of many threads, with another default.
    pub(crate) fn model_of(preemptions: usize, check: impl Fn() + Sync + Send + 'static) {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound =
            Some(std::env::var("LOOM_MAX_PREEMPTIONS").map_or(preemptions, |n| n.parse().unwrap()));
        builder.check(check);
    }

    /// A one-shot signal and the wait for it.
    pub(crate) fn signal() -> (impl FnOnce() + Send, impl FnOnce() + Send) {
        let pair = Arc::new((Mutex::new(false), Condvar::new()));
        let sender = Arc::clone(&pair);
        let set = move || {
            *sender.0.lock().unwrap() = true;
            sender.1.notify_one();
        };
        let wait = move || {
            let mut set = pair.0.lock().unwrap();
            while !*set {
                set = pair.1.wait(set).unwrap();
            }
        };
        (set, wait)
    }
}

pub(crate) use imp::*;
/// Not loom's: that one cannot hold a `dyn` type, and only checks for leaks.
pub(crate) use std::sync::Arc;
pub(crate) use std::sync::atomic::Ordering;
