//! The synchronization primitives of the crate, chosen in one place: std's and crossbeam's, or models of them with
//! `--cfg loom`. The rest of the crate does not know which it runs on. The models are loom's, which tries all
//! interleavings of a few threads under a weak memory model, or, with `--cfg shuttle` too, shuttle's, which tries some
//! interleavings of many threads.

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

    /// An unbounded queue with the interface of crossbeam's `SegQueue`. Like that, it counts what was pushed and what was
    /// popped in two words, and `is_empty` reads them without a lock: a single word, or the lock, would order more than
    /// the real queue does, and hide a missing fence from the models.
    pub(crate) struct Queue<T> {
        items: Mutex<VecDeque<T>>,
        popped: AtomicUsize,
        pushed: AtomicUsize,
    }

    impl<T> Queue<T> {
        pub(crate) fn new() -> Self {
            let (popped, pushed) = (AtomicUsize::new(0), AtomicUsize::new(0));
            Self { items: Mutex::new(VecDeque::new()), popped, pushed }
        }
        pub(crate) fn push(&self, item: T) {
            self.items.lock().unwrap().push_back(item);
            self.pushed.fetch_add(1, Ordering::Release);
        }
        pub(crate) fn pop(&self) -> Option<T> {
            // Counted before it is taken out, so that no more is counted out than in.
            let mut popped = self.popped.load(Ordering::Acquire);
            while popped < self.pushed.load(Ordering::Acquire) {
                let next = popped + 1;
                match self.popped.compare_exchange(popped, next, Ordering::AcqRel, Ordering::Acquire) {
                    Ok(_) => return self.items.lock().unwrap().pop_front(),
                    Err(now) => popped = now,
                }
            }
            None
        }
        pub(crate) fn len(&self) -> usize {
            let popped = self.popped.load(Ordering::Acquire);
            self.pushed.load(Ordering::Acquire).saturating_sub(popped)
        }
        pub(crate) fn is_empty(&self) -> bool {
            let popped = self.popped.load(Ordering::Acquire);
            popped == self.pushed.load(Ordering::Acquire)
        }
    }

    struct Token {
        given: Mutex<bool>,
        changed: Condvar,
    }

    /// crossbeam's `Parker`: `park` waits for the token and takes it.
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
/// Not loom's `Arc`, which cannot hold a `dyn` type and would only check for leaks.
pub(crate) use std::sync::Arc;
pub(crate) use std::sync::atomic::Ordering;
