//! Relief: a thread that is held up in one piece has another thread serve the queue in its place.
//!
//! Pieces take some tens of microseconds, but nobody can cut a call of a user's function into pieces, and it may take minutes. As
//! long as each thread of the pool is in such a call, no other job would have a turn. So work that may take long calls
//! [`relieve`] now and then. If tickets are waiting by then, a *stand-in* is started, which serves them until the thread is back
//! from its piece, or until none is left. The system shares the processors among them all.
//!
//! ```text
//! thread      piece of a long call ──┬───────── relieve ────────────────┬─ back: tells the stand-in ─ serves
//! stand-in                           └ starts, serves tickets ──────────┴─ ends after its piece
//! ```
//!
//! A stand-in may be held up itself, and be relieved. Each thread has one stand-in at a time. All together there are no more than
//! three for each thread of the pool, and a reserve, which serves only jobs that no thread is in: a long call can take up as many
//! stand-ins as it has lanes, but no more than one of the reserve. Beyond that, jobs wait.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::queue::RunQueue;
use crate::sync::Arc;

/// For each thread of a pool, so many stand-ins may be at work at once.
const PER_THREAD: usize = 3;
/// So many more, of which each keeps to jobs that no thread is in.
const RESERVE: usize = 64;

/// The threads that serve a queue, as stand-ins join it.
pub(super) struct Crew {
    queue: Arc<RunQueue>,
    on_start: fn(),
    stand_ins: AtomicUsize,
    limit: usize,
}

/// What a thread and its stand-in know of each other.
#[derive(Default)]
struct StandIn {
    /// The thread is back: the stand-in is to end.
    is_dismissed: AtomicBool,
    has_ended: AtomicBool,
}

/// What a thread of a pool knows of itself.
struct Place {
    crew: Arc<Crew>,
    stand_in: Option<Arc<StandIn>>,
}

thread_local! {
    static PLACE: RefCell<Option<Place>> = const { RefCell::new(None) };
}

impl Crew {
    pub(super) fn new(queue: Arc<RunQueue>, size: usize, on_start: fn()) -> Self {
        Self { queue, on_start, stand_ins: AtomicUsize::new(0), limit: PER_THREAD * size }
    }

    /// Makes the calling thread one of the crew.
    pub(super) fn join(self: &Arc<Self>) {
        (self.on_start)();
        PLACE.set(Some(Place { crew: Arc::clone(self), stand_in: None }));
    }

    /// How many stand-ins are at work.
    #[cfg(test)]
    pub(super) fn stand_ins(&self) -> usize {
        self.stand_ins.load(Ordering::SeqCst)
    }

    /// Starts a stand-in, if there may be another, if there is something for it to do, and if the system starts one.
    fn send(self: &Arc<Self>) -> Option<Arc<StandIn>> {
        // Relaxed: a count. What the threads do is ordered by the queue.
        let before = self.stand_ins.fetch_add(1, Ordering::Relaxed);
        let stand_in = if before < self.limit {
            self.start(|queue, is_dismissed| queue.stand_in(turn_ended, is_dismissed))
        } else if before < self.limit + RESERVE {
            let any = self.queue.has_untended();
            any.then(|| self.start(|queue, is_dismissed| queue.serve_untended(turn_ended, is_dismissed)))
                .flatten()
        } else {
            None
        };
        if stand_in.is_none() {
            self.stand_ins.fetch_sub(1, Ordering::Relaxed);
        }
        stand_in
    }

    /// Starts a thread that serves the queue as `serve` does. It has been counted.
    fn start<F>(self: &Arc<Self>, serve: F) -> Option<Arc<StandIn>>
    where
        F: FnOnce(&RunQueue, &dyn Fn() -> bool) + Send + 'static,
    {
        let stand_in = Arc::new(StandIn::default());
        let (crew, it) = (Arc::clone(self), Arc::clone(&stand_in));
        // It inherits the signal mask of this thread, which takes no signals.
        let started = thread::Builder::new().name("allcores-relief".to_owned()).spawn(move || {
            crew.join();
            serve(&crew.queue, &|| it.is_dismissed.load(Ordering::Relaxed));
            crew.stand_ins.fetch_sub(1, Ordering::Relaxed);
            it.has_ended.store(true, Ordering::Relaxed);
        });
        started.is_ok().then_some(stand_in)
    }
}

/// Called in the middle of a piece that has taken far longer than a piece should, every millisecond or so: sees to it that other
/// jobs have their turns. Cheap if there are none. Does nothing on threads that are not a pool's.
pub(crate) fn relieve() {
    PLACE.with_borrow_mut(|place| {
        let Some(Place { crew, stand_in }) = place else { return };
        let is_relieved = stand_in.as_ref().is_some_and(|it| !it.has_ended.load(Ordering::Relaxed));
        if !is_relieved && crew.queue.has_tickets() {
            *stand_in = crew.send();
        }
    });
}

/// Called after each piece: the thread needs its stand-in no longer.
pub(super) fn turn_ended() {
    PLACE.with_borrow_mut(|place| {
        if let Some(stand_in) = place.as_mut().and_then(|place| place.stand_in.take()) {
            stand_in.is_dismissed.store(true, Ordering::Relaxed);
        }
    });
}
