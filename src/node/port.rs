//! The completion port: how finished jobs reach the thread of the environment that submitted them.
//!
//! An environment has one queue and one waker, however many calls are in flight. A pool thread pushes what it has finished
//! and wakes the event loop, unless a wake-up is pending: sent, and not yet acknowledged. So many completions cost one
//! wake-up. While the environment ends, its cleanup hook is woken instead.

use std::sync::PoisonError;

use crate::failpoint;
use crate::sync::{AtomicBool, Ordering, Parker, Queue, RwLock, Unparker, fence};

/// Wakes an event loop.
pub(super) trait Waker {
    /// Makes the event loop come for what is in the queue. From any thread; must not block.
    fn wake(&self);
}

/// Shared by an environment and the jobs that it has submitted; may outlive the environment. `T` is what is
/// delivered.
pub(super) struct Port<T, W> {
    done: Queue<T>,
    /// A wake-up was sent, and not yet acknowledged.
    pending: AtomicBool,
    /// Read-locked across every wake-up: on Node 20 and 22 calling a threadsafe function after its environment has
    /// gone aborts the process.
    listener: RwLock<Listener<W>>,
}

/// What comes for what has been delivered.
enum Listener<W> {
    /// Nothing: the environment has not opened the port yet, or has ended.
    None,
    EventLoop(W),
    /// The cleanup hook, which waits for the last deliveries.
    Hook(Unparker),
}

/// The cleanup hook's side of a port that has been closed.
pub(super) struct Closed<'a, T, W> {
    port: &'a Port<T, W>,
    parker: Parker,
}

impl<T, W: Waker> Port<T, W> {
    pub(super) fn new() -> Self {
        Self { done: Queue::new(), pending: AtomicBool::new(false), listener: RwLock::new(Listener::None) }
    }

    pub(super) fn open(&self, waker: W) {
        self.listen(Listener::EventLoop(waker));
    }

    /// After this no thread is inside the waker, and none will enter it.
    pub(super) fn close(&self) -> (Option<W>, Closed<'_, T, W>) {
        let parker = Parker::new();
        let waker = match self.listen(Listener::Hook(parker.unparker().clone())) {
            Listener::EventLoop(waker) => Some(waker),
            _ => None,
        };
        (waker, Closed { port: self, parker })
    }

    /// Returns the listener before.
    fn listen(&self, listener: Listener<W>) -> Listener<W> {
        let mut place = self.listener.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *place, listener)
    }

    /// Hands `done` to the environment's thread. From any thread. Once it is in the queue the environment may end: from
    /// there on nothing of the environment is touched.
    pub(super) fn deliver(&self, done: T) {
        failpoint::before_delivery(|| self.is_closed());
        self.done.push(done);
        self.wake();
    }

    fn is_closed(&self) -> bool {
        let listener = self.listener.read().unwrap_or_else(PoisonError::into_inner);
        !matches!(&*listener, Listener::EventLoop(_))
    }

    /// The fences here and in [`ack`](Self::ack) order the two sides: either this side sees the acknowledgement, and
    /// wakes again, or the takes that follow the acknowledgement see what was pushed. Most of many deliveries in a row
    /// find a wake-up pending, and write to nothing that another thread reads.
    fn wake(&self) {
        fence(Ordering::SeqCst);
        if self.pending.load(Ordering::Relaxed) || !self.is_first_to_wake() {
            return;
        }
        let listener = self.listener.read().unwrap_or_else(PoisonError::into_inner);
        match &*listener {
            Listener::None => (),
            Listener::EventLoop(waker) => waker.wake(),
            Listener::Hook(hook) => hook.unpark(),
        }
    }

    /// Of several threads that find no wake-up pending, one sends it.
    fn is_first_to_wake(&self) -> bool {
        self.pending.compare_exchange(false, true, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Acknowledges a wake-up. On the environment's thread, before the first [`take`](Self::take).
    pub(super) fn ack(&self) {
        self.pending.store(false, Ordering::Relaxed);
        fence(Ordering::SeqCst);
    }

    /// The next that was delivered.
    pub(super) fn take(&self) -> Option<T> {
        self.done.pop()
    }

    /// Sends a wake-up for what is left, when the environment's thread stops before the queue is empty.
    pub(super) fn leave(&self) {
        if !self.done.is_empty() {
            self.wake();
        }
    }
}

impl<T, W: Waker> Closed<'_, T, W> {
    /// Waits until `count` more deliveries have come, and drops them.
    pub(super) fn wait_for(self, mut count: usize) {
        loop {
            self.port.ack();
            while count > 0 && self.port.take().is_some() {
                count -= 1;
            }
            if count == 0 {
                break;
            }
            self.parker.park();
        }
        self.port.listen(Listener::None);
    }
}
