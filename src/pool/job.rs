//! A job: independent pieces that any number of threads claim, and one completion, which comes exactly once, when no
//! thread is in the job any more and none can enter it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::failpoint;
use crate::sync::{Arc, AtomicU64, AtomicUsize, Mutex, Ordering};

/// What a job computes: a number of independent pieces, and a result made from them.
pub(crate) trait Work: Send + Sync + 'static {
    /// The result of a job that ran to its end.
    type Output: Send;

    /// The number of pieces, at least one. Must not change. Work that decides as it runs how much a piece is has no more than
    /// this, and [`is_exhausted`](Self::is_exhausted) earlier.
    fn pieces(&self) -> usize;

    /// On how many threads at most its pieces run at the same time.
    fn width(&self) -> usize {
        self.pieces()
    }

    /// Runs one piece. The pool runs each piece at most once. Pieces run in any order and at the same time, but no two
    /// calls with the same `lane` overlap, and lanes are below the width given at submission: a lane can have an
    /// accumulator of its own.
    ///
    /// A piece should take some tens of microseconds: a cancel, the end of a JavaScript environment and a newly
    /// submitted job all wait for the pieces that are running.
    fn run(&self, lane: usize, piece: usize);

    /// Whether there is nothing left to do for pieces that have not been claimed. Asked after each piece; once it is true it
    /// stays true.
    fn is_exhausted(&self) -> bool {
        false
    }

    /// Asks pieces that are running to return soon, with their work undone. Called before the job is canceled, from any
    /// thread.
    fn stop(&self) {}

    /// Whether a piece has returned with its work undone: then the job counts as canceled, even if nothing is left to claim.
    fn is_cut_short(&self) -> bool {
        false
    }

    /// How much of the work is done, in units of its own. Never falls.
    fn progress(&self) -> u64 {
        0
    }

    /// Whether the whole job takes less time than waking a thread. The pool then leaves it to a thread that is awake.
    fn is_short(&self) -> bool {
        false
    }

    /// Called once, after the last `run` has returned, by a pool thread or by the thread that cancels a job with no
    /// thread in it. After it returns, the job touches no memory but its own. If it panics, the pool calls it
    /// once more, with [`Completion::Panicked`], to leave things as a failed job does.
    fn finish(&self, completion: &Completion) -> Self::Output;

    /// Called by [`Handle::abort`] before it cancels the job, even if the job has already completed: undoes what
    /// `finish` left behind. May run at the same time as `finish`.
    fn on_abort(&self) {}
}

/// How a job ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Completion<T = ()> {
    /// Every piece has run.
    Done(T),
    /// Canceled before the last piece was claimed.
    Canceled,
    /// A piece, or the finish, panicked with this message.
    Panicked(String),
}

/// Whether a job has more to do after a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Pieces are left to claim.
    More,
    /// Nothing is left to claim: the ticket is void.
    Over,
}

/// A job as the run queue sees it.
pub(super) trait Steps: Send + Sync {
    /// Claims a piece and runs it.
    fn step(&self, lane: usize) -> Step;

    /// See [`Work::is_short`].
    fn is_short(&self) -> bool;

    /// Whether a thread is inside. It may leave at any moment, and another may enter.
    fn is_tended(&self) -> bool;
}

/// Set in `Job::state` when no thread may enter any more. The bits below count the threads inside.
const CLOSED: u64 = 1 << 63;

/// The state of a job is one word, so that exactly one atomic operation makes it "closed, with no thread inside":
/// either the one that closes a job with no thread inside, or the one by which the last thread leaves a closed job. No
/// thread enters once CLOSED is set, so the count only falls, and it reaches zero once. The thread that makes
/// that transition completes the job.
pub(super) struct Job<W: Work, F> {
    state: AtomicU64,
    cursor: AtomicUsize,
    pieces: usize,
    panic: Mutex<Option<String>>,
    work: W,
    on_completion: Mutex<Option<F>>,
}

impl<W, F> Job<W, F>
where
    W: Work,
    F: FnOnce(Completion<W::Output>) + Send,
{
    pub(super) fn new(work: W, on_completion: F) -> Self {
        Self {
            state: AtomicU64::new(0),
            cursor: AtomicUsize::new(0),
            pieces: work.pieces(),
            panic: Mutex::new(None),
            work,
            on_completion: Mutex::new(Some(on_completion)),
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

    /// Counts the calling thread out. `AcqRel`: everything this thread did inside happens before the completion,
    /// whichever thread runs that.
    fn leave(&self) {
        if self.state.fetch_sub(1, Ordering::AcqRel) == CLOSED | 1 {
            self.complete();
        }
    }

    /// Lets no further thread in. `AcqRel`, as in `leave`.
    fn close(&self) {
        if self.state.fetch_or(CLOSED, Ordering::AcqRel) == 0 {
            self.complete();
        }
    }

    fn record_panic(&self, payload: Box<dyn Any + Send>) {
        let message = panic_message(payload.as_ref());
        // The drop of a payload may panic too. Leak it: it exists only because of a bug.
        let _ = std::mem::ManuallyDrop::new(payload);
        lock(&self.panic).get_or_insert(message);
    }

    /// `None` if the finish panicked.
    fn finish(&self, completion: &Completion) -> Option<W::Output> {
        let finish = || {
            failpoint::hit(failpoint::Point::Finish);
            self.work.finish(completion)
        };
        catch_unwind(AssertUnwindSafe(finish)).map_err(|payload| self.record_panic(payload)).ok()
    }

    /// How the job ended, before its finish.
    fn status(&self) -> Completion {
        // Relaxed: every claim happened before its thread left, and the last to leave has synchronized with all of them.
        let is_claimed = self.cursor.load(Ordering::Relaxed) >= self.pieces || self.work.is_exhausted();
        if let Some(message) = lock(&self.panic).clone() {
            Completion::Panicked(message)
        } else if !is_claimed || self.work.is_cut_short() {
            // Closed with pieces left and without a panic: only a cancel does that.
            Completion::Canceled
        } else {
            Completion::Done(())
        }
    }

    /// Runs once: see the comment on the type.
    fn complete(&self) {
        let status = self.status();
        let output = self.finish(&status);
        let completion = match (status, output) {
            (Completion::Done(()), Some(output)) => Completion::Done(output),
            (Completion::Canceled, Some(_)) => Completion::Canceled,
            (Completion::Panicked(message), _) => Completion::Panicked(message),
            (_, None) => {
                let message = lock(&self.panic).clone().unwrap_or_default();
                let _ = self.finish(&Completion::Panicked(message.clone()));
                Completion::Panicked(message)
            }
        };
        let on_completion = lock(&self.on_completion).take();
        if let Some(on_completion) = on_completion {
            on_completion(completion);
        }
    }
}

impl<W, F> Steps for Job<W, F>
where
    W: Work,
    F: FnOnce(Completion<W::Output>) + Send,
{
    fn step(&self, lane: usize) -> Step {
        if !self.enter() {
            return Step::Over;
        }
        // Relaxed: that each number is claimed once needs only atomicity.
        let piece = self.cursor.fetch_add(1, Ordering::Relaxed);
        if piece < self.pieces
            && let Err(payload) = catch_unwind(AssertUnwindSafe(|| {
                failpoint::hit(failpoint::Point::Run);
                self.work.run(lane, piece);
            }))
        {
            self.record_panic(payload);
            self.close();
        }
        let more = piece.saturating_add(1) < self.pieces && !self.work.is_exhausted();
        if !more {
            self.close();
        }
        self.leave();
        if more { Step::More } else { Step::Over }
    }

    fn is_short(&self) -> bool {
        self.work.is_short()
    }

    fn is_tended(&self) -> bool {
        // Relaxed: a hint.
        self.state.load(Ordering::Relaxed) & !CLOSED != 0
    }
}

/// The submitter's handle to a job. Dropping it changes nothing: the job runs on.
pub(crate) struct Handle(Arc<dyn Stop>);

trait Stop: Send + Sync {
    fn cancel(&self);
    fn abort(&self);
    fn progress(&self) -> u64;
}

impl<W, F> Stop for Job<W, F>
where
    W: Work,
    F: FnOnce(Completion<W::Output>) + Send,
{
    fn cancel(&self) {
        self.work.stop();
        self.close();
    }

    fn abort(&self) {
        self.work.on_abort();
        self.work.stop();
        self.close();
    }

    fn progress(&self) -> u64 {
        self.work.progress()
    }
}

impl Handle {
    /// Lets no further thread into the job. It completes when the threads inside have finished their pieces, or on the
    /// calling thread if there are none. Does nothing to a job that has completed.
    pub(crate) fn cancel(&self) {
        self.0.cancel();
    }

    /// Cancels the job. If it has already completed, undoes what it left behind.
    pub(crate) fn abort(&self) {
        self.0.abort();
    }

    /// See [`Work::progress`].
    pub(crate) fn progress(&self) -> u64 {
        self.0.progress()
    }
}

/// Makes a job: the run queue's side and the submitter's.
pub(super) fn make<W, F>(work: W, on_completion: F) -> (Arc<dyn Steps>, Handle)
where
    W: Work,
    F: FnOnce(Completion<W::Output>) + Send + 'static,
{
    let job = Arc::new(Job::new(work, on_completion));
    (Arc::<Job<W, F>>::clone(&job), Handle(job))
}

/// Ignores poison: each of these locks guards one value that is valid at any moment.
fn lock<T>(mutex: &Mutex<T>) -> impl std::ops::DerefMut<Target = T> + '_ {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic without a message".to_owned()
    }
}
