//! One job: pieces that any number of threads claim, and an end that comes exactly once, when no thread is
//! inside the job any more and none can enter.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::faults;
use crate::sync::{Arc, AtomicU64, AtomicUsize, Mutex, Ordering};

/// What a job computes: a number of independent pieces, and what to make of them in the end.
pub(crate) trait Work: Send + Sync + 'static {
    /// What the job hands over when all its pieces have run.
    type Output: Send;

    /// How many pieces there are; at least one. Must not change.
    fn pieces(&self) -> usize;

    /// Runs one piece. Every piece is run at most once, by one thread; pieces run in any order and at the same
    /// time. No two calls with the same `lane` overlap, and lanes are smaller than the width given at
    /// submission, so a lane can have an accumulator of its own.
    ///
    /// A piece should take some tens of microseconds: cancelling, ending a JavaScript environment and a newly
    /// submitted job all wait for the pieces that are running.
    fn run(&self, lane: usize, piece: usize);

    /// Whether all of it takes less time than to wake a thread would. The pool then leaves it to a thread that is up.
    fn is_brief(&self) -> bool {
        false
    }

    /// Called once, after the last `run` has returned: by a thread of the pool, or by the thread that cancels a
    /// job in which no thread is. The last moment at which the job may touch memory not its own. If it panics,
    /// it is called once more, with [`Fate::Panicked`], to leave things as a failed job does.
    fn finish(&self, fate: Fate) -> Self::Output;

    /// Called by [`Handle::abort`] before the job is stopped, also when it has ended already: what `finish` left
    /// behind is not to count. May run at the same time as `finish`.
    fn retract(&self) {}
}

/// How far a job came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// Every piece has run.
    Complete,
    /// It was cancelled before its last piece was claimed.
    Cancelled,
    /// A piece panicked, or the finish did.
    Panicked,
}

/// What the submitter is told, once.
#[derive(Debug)]
pub(crate) enum End<T> {
    /// Every piece has run; this came out.
    Complete(T),
    /// Cancelled: some piece has not run.
    Cancelled,
    /// A piece, or the finish, panicked with this message.
    Panicked(String),
}

/// Whether there is more to do in a job after a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// The ticket is worth keeping.
    More,
    /// No piece is left to claim: the ticket is void.
    Over,
}

/// A job as the pool sees it.
pub(super) trait Steps: Send + Sync {
    /// Claims a piece and runs it.
    fn step(&self, lane: usize) -> Step;

    /// See [`Work::is_brief`].
    fn is_brief(&self) -> bool;
}

/// Set in `Job::state` when no thread may enter any more; the bits below count the threads inside.
const CLOSED: u64 = 1 << 63;

/// The state of a job is one word, so that "closed, and nobody inside" is reached by exactly one atomic
/// operation: either the one that closes a job with nobody inside, or the last thread to leave a closed one.
/// After CLOSED is set nobody enters, so the count only falls, and it falls to zero once. Whoever makes that
/// transition ends the job.
pub(super) struct Job<W: Work, F> {
    state: AtomicU64,
    cursor: AtomicUsize,
    pieces: usize,
    panic: Mutex<Option<String>>,
    work: W,
    on_end: Mutex<Option<F>>,
}

impl<W, F> Job<W, F>
where
    W: Work,
    F: FnOnce(End<W::Output>) + Send,
{
    pub(super) fn new(work: W, on_end: F) -> Self {
        Self {
            state: AtomicU64::new(0),
            cursor: AtomicUsize::new(0),
            pieces: work.pieces(),
            panic: Mutex::new(None),
            work,
            on_end: Mutex::new(Some(on_end)),
        }
    }

    /// Counts the calling thread in, unless the job is closed.
    fn enter(&self) -> bool {
        let mut state = self.state.load(Ordering::Relaxed);
        while state & CLOSED == 0 {
            match self.state.compare_exchange_weak(state, state + 1, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(now) => state = now,
            }
        }
        false
    }

    /// Counts the calling thread out. `AcqRel`: what this thread did inside happens before the end, whoever
    /// reaches it.
    fn leave(&self) {
        if self.state.fetch_sub(1, Ordering::AcqRel) == CLOSED | 1 {
            self.end();
        }
    }

    /// Lets nobody in any more. True if this call did it.
    fn close(&self) -> bool {
        let before = self.state.fetch_or(CLOSED, Ordering::AcqRel);
        if before == 0 {
            self.end();
        }
        before & CLOSED == 0
    }

    fn record_panic(&self, payload: Box<dyn Any + Send>) {
        let message = panic_message(payload.as_ref());
        // A payload may panic in its own drop. It is a bug's debris: leak it rather than run it.
        let _ = std::mem::ManuallyDrop::new(payload);
        lock(&self.panic).get_or_insert(message);
    }

    /// `None` if the finish panicked.
    fn finish(&self, fate: Fate) -> Option<W::Output> {
        let finish = || {
            faults::trip(faults::Point::Finish);
            self.work.finish(fate)
        };
        catch_unwind(AssertUnwindSafe(finish)).map_err(|payload| self.record_panic(payload)).ok()
    }

    /// Reached once: see the comment on the type.
    fn end(&self) {
        let fate = if lock(&self.panic).is_some() {
            Fate::Panicked
        } else if self.cursor.load(Ordering::Relaxed) < self.pieces {
            // Closed with pieces left and no panic: only a cancel does that. Relaxed: every claim happened
            // before its thread left, and the last to leave has synchronised with all of them.
            Fate::Cancelled
        } else {
            Fate::Complete
        };
        let output = self.finish(fate);
        if output.is_none() && fate != Fate::Panicked {
            let _ = self.finish(Fate::Panicked);
        }
        let end = match (fate, output) {
            (Fate::Complete, Some(output)) => End::Complete(output),
            (Fate::Cancelled, Some(_)) => End::Cancelled,
            _ => End::Panicked(lock(&self.panic).take().unwrap_or_default()),
        };
        let on_end = lock(&self.on_end).take();
        if let Some(on_end) = on_end {
            on_end(end);
        }
    }
}

impl<W, F> Steps for Job<W, F>
where
    W: Work,
    F: FnOnce(End<W::Output>) + Send,
{
    fn step(&self, lane: usize) -> Step {
        if !self.enter() {
            return Step::Over;
        }
        // Relaxed: the cursor hands out each number once, which needs only its atomicity.
        let piece = self.cursor.fetch_add(1, Ordering::Relaxed);
        if piece < self.pieces
            && let Err(payload) = catch_unwind(AssertUnwindSafe(|| {
                faults::trip(faults::Point::Run);
                self.work.run(lane, piece);
            }))
        {
            self.record_panic(payload);
            self.close();
        }
        let more = piece.saturating_add(1) < self.pieces;
        if !more {
            self.close();
        }
        self.leave();
        if more { Step::More } else { Step::Over }
    }

    fn is_brief(&self) -> bool {
        self.work.is_brief()
    }
}

/// The submitter's hold on a job. Dropping it changes nothing: the job runs on.
pub(crate) struct Handle(Arc<dyn Stop>);

trait Stop: Send + Sync {
    fn cancel(&self);
    fn abort(&self);
}

impl<W, F> Stop for Job<W, F>
where
    W: Work,
    F: FnOnce(End<W::Output>) + Send,
{
    fn cancel(&self) {
        self.close();
    }

    fn abort(&self) {
        self.work.retract();
        self.close();
    }
}

impl Handle {
    /// Stops the job: no further thread enters it. It ends when the threads inside have finished their pieces,
    /// or on the calling thread if there are none. A job that has ended stays as it ended.
    pub(crate) fn cancel(&self) {
        self.0.cancel();
    }

    /// Cancels the job, and if it has ended already, lets it take back what it left behind.
    pub(crate) fn abort(&self) {
        self.0.abort();
    }
}

/// Makes a job, as the pool sees it and as its submitter does.
pub(super) fn make<W, F>(work: W, on_end: F) -> (Arc<dyn Steps>, Handle)
where
    W: Work,
    F: FnOnce(End<W::Output>) + Send + 'static,
{
    let job = Arc::new(Job::new(work, on_end));
    (Arc::<Job<W, F>>::clone(&job), Handle(job))
}

/// The pool's locks guard single values that are valid at any moment, so a poisoned one is as good as new.
fn lock<T>(mutex: &Mutex<T>) -> impl std::ops::DerefMut<Target = T> + '_ {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn panic_message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic without a message".to_owned()
    }
}
