//! The completion port: how finished jobs reach the thread of the environment that submitted them.
//!
//! One queue and one bell for an environment, however many calls it has in flight. A pool thread pushes what it has
//! finished and rings, unless the bell has been rung and not yet been answered: many completions cost one wake-up
//! of the event loop. While the environment goes, the bell wakes its cleanup hook instead.

use std::sync::PoisonError;

use crate::failpoint;
use crate::sync::{AtomicBool, Ordering, Parker, Queue, RwLock, Unparker, fence};

/// What wakes the event loop.
pub(super) trait Bell {
    /// Has the event loop come for what is in the queue. From any thread; must not block.
    fn ring(&self);
}

/// Shared by an environment and the jobs that it has submitted; may outlive the environment. `T` is what is
/// delivered.
pub(super) struct Port<T, B> {
    done: Queue<T>,
    /// Rung, and not yet answered.
    rung: AtomicBool,
    /// Read-locked across every ring: on Node 20 and 22 calling a threadsafe function after its environment has
    /// gone aborts the process.
    listener: RwLock<Listener<B>>,
}

/// Who comes for what has been delivered.
enum Listener<B> {
    /// Before the environment has opened the port, and when it has gone.
    Nobody,
    EventLoop(B),
    /// The cleanup hook, which waits for the last deliveries.
    Hook(Unparker),
}

/// The cleanup hook's side of a port that has been closed.
pub(super) struct Closed<'a, T, B> {
    port: &'a Port<T, B>,
    parker: Parker,
}

impl<T, B: Bell> Port<T, B> {
    pub(super) fn new() -> Self {
        Self { done: Queue::new(), rung: AtomicBool::new(false), listener: RwLock::new(Listener::Nobody) }
    }

    pub(super) fn open(&self, bell: B) {
        self.listen(Listener::EventLoop(bell));
    }

    /// After this no thread is inside the bell, nor will one ring it.
    pub(super) fn close(&self) -> (Option<B>, Closed<'_, T, B>) {
        let parker = Parker::new();
        let bell = match self.listen(Listener::Hook(parker.unparker().clone())) {
            Listener::EventLoop(bell) => Some(bell),
            _ => None,
        };
        (bell, Closed { port: self, parker })
    }

    /// Gives back who listened before.
    fn listen(&self, listener: Listener<B>) -> Listener<B> {
        let mut place = self.listener.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *place, listener)
    }

    /// From any thread: has `done` settled on the environment's thread, if there still is one. Once it is in the queue,
    /// the environment may go: nothing of it is touched here any more.
    pub(super) fn deliver(&self, done: T) {
        failpoint::before_delivery(|| self.is_closed());
        self.done.push(done);
        self.ring();
    }

    fn is_closed(&self) -> bool {
        let listener = self.listener.read().unwrap_or_else(PoisonError::into_inner);
        !matches!(&*listener, Listener::EventLoop(_))
    }

    /// The fences here and in [`answer`](Self::answer) order the two sides: either the bell is seen to have been answered,
    /// and is rung again, or the takes that follow the answer see what was pushed. Most of many deliveries in a row
    /// find the bell rung, and write to nothing that another thread reads.
    fn ring(&self) {
        fence(Ordering::SeqCst);
        if self.rung.load(Ordering::Relaxed) || !self.is_first_to_ring() {
            return;
        }
        let listener = self.listener.read().unwrap_or_else(PoisonError::into_inner);
        match &*listener {
            Listener::Nobody => (),
            Listener::EventLoop(bell) => bell.ring(),
            Listener::Hook(hook) => hook.unpark(),
        }
    }

    /// Of several that find the bell answered, one rings.
    fn is_first_to_ring(&self) -> bool {
        self.rung.compare_exchange(false, true, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// On the environment's thread, when the bell has been heard: before the first [`take`](Self::take).
    pub(super) fn answer(&self) {
        self.rung.store(false, Ordering::Relaxed);
        fence(Ordering::SeqCst);
    }

    /// The next that was delivered.
    pub(super) fn take(&self) -> Option<T> {
        self.done.pop()
    }

    /// Rings for what is left, when the environment's thread stops before the queue is empty.
    pub(super) fn leave(&self) {
        if !self.done.is_empty() {
            self.ring();
        }
    }
}

impl<T, B: Bell> Closed<'_, T, B> {
    /// Waits until `count` more deliveries have come, and drops them.
    pub(super) fn wait_for(self, mut count: usize) {
        loop {
            self.port.answer();
            while count > 0 && self.port.take().is_some() {
                count -= 1;
            }
            if count == 0 {
                break;
            }
            self.parker.park();
        }
        self.port.listen(Listener::Nobody);
    }
}
