//! The completion port: how finished jobs reach the thread of the environment that submitted them.
//!
//! One queue and one threadsafe function for an environment, however many calls it has in flight. A pool thread
//! pushes what it has finished and rings, unless the bell has been rung and not yet been answered: many
//! completions cost one wake-up of the event loop.

use std::ptr;
use std::sync::{PoisonError, RwLock};

use crossbeam::queue::SegQueue;
use napi::sys;

use crate::faults;
use crate::jobs::Value;
use crate::pool::End;
use crate::sync::{AtomicBool, Ordering};

/// A job that has ended.
pub(super) struct Done {
    pub(super) id: u32,
    pub(super) end: End<Value>,
}

/// Shared by an environment and the jobs that it has submitted; may outlive the environment.
pub(super) struct Port {
    done: SegQueue<Done>,
    /// Rung, and not yet answered.
    rung: AtomicBool,
    /// `None` before the environment has opened the port, and again once it goes. Read-locked across every call
    /// of the function: on Node 20 and 22 calling it after its environment has gone aborts the process.
    bell: RwLock<Option<Bell>>,
}

/// A threadsafe function.
#[derive(Clone, Copy)]
pub(super) struct Bell(pub(super) sys::napi_threadsafe_function);

// SAFETY: a threadsafe function may be called from any thread; that is what it is for.
unsafe impl Send for Bell {}
// SAFETY: as for Send.
unsafe impl Sync for Bell {}

impl Port {
    pub(super) fn new() -> Self {
        Self { done: SegQueue::new(), rung: AtomicBool::new(false), bell: RwLock::new(None) }
    }

    pub(super) fn open(&self, bell: Bell) {
        *self.bell.write().unwrap_or_else(PoisonError::into_inner) = Some(bell);
    }

    /// After this no thread is inside the threadsafe function, nor will one call it through this port.
    pub(super) fn close(&self) -> Option<Bell> {
        self.bell.write().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// From any thread: has `done` settled on the environment's thread, if there still is one.
    pub(super) fn deliver(&self, done: Done) {
        faults::before_delivery(|| self.is_closed());
        self.done.push(done);
        self.ring();
    }

    fn is_closed(&self) -> bool {
        self.bell.read().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// SeqCst here and in [`answer`](Self::answer): either this swap sees that the bell was answered, and rings
    /// again, or the pops that follow the answer see what was pushed.
    fn ring(&self) {
        if self.rung.swap(true, Ordering::SeqCst) {
            return;
        }
        let bell = self.bell.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(Bell(function)) = *bell {
            // The status says nothing of use: if the function is closing, so is the environment, and its hook
            // ends what is in flight.
            //
            // SAFETY: the function exists as long as the port holds it, and cannot be taken out of the port while
            // the read lock is held. Its queue is unbounded, so the call does not block.
            let _ = unsafe {
                sys::napi_call_threadsafe_function(
                    function,
                    ptr::null_mut(),
                    sys::ThreadsafeFunctionCallMode::nonblocking,
                )
            };
        }
    }

    /// On the environment's thread, when the bell has called it: before the first [`take`](Self::take).
    pub(super) fn answer(&self) {
        self.rung.swap(false, Ordering::SeqCst);
    }

    /// The next finished job.
    pub(super) fn take(&self) -> Option<Done> {
        self.done.pop()
    }

    /// Rings for what is left, when the environment's thread stops before the queue is empty.
    pub(super) fn leave(&self) {
        if !self.done.is_empty() {
            self.ring();
        }
    }
}
