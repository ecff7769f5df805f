//! Persistent threads that share any number of jobs fairly, piece by piece.
//!
//! The pool knows neither JavaScript nor shared memory: a job is anything that implements [`Work`].
//!
//! 1. `job`: one job. Threads claim its pieces through an atomic cursor. It completes exactly once, after the last thread
//!    has left it, whether it ran to its end, was canceled, or panicked.
//! 2. `queue`: which job is served next. First in, first out over *tickets*; a ticket is the right of one thread to work
//!    on a job, and returns to the end of the queue after every piece.
//! 3. `sleep`: which threads are parked, and how they are woken. README.md has the protocol.
//! 4. `threads`: starting the threads, and their signal mask.
//! 5. `relief`: who serves the queue while all threads are held up in pieces that nobody can make shorter.
//!
//! **Fairness.** A job holds at most `width` tickets, so at most `width` threads work on it at once. A thread takes the
//! ticket at the head of the queue, runs *one* piece, and puts the ticket back at the tail. With `t` tickets queued
//! and `n` threads, a new job is first served after about `t / n` pieces, however long the other jobs are. Between two
//! turns of a ticket, every other ticket in the queue has had one. ARCHITECTURE.md has the proof.

mod job;
mod queue;
#[cfg(not(loom))]
mod relief;
mod sleep;
#[cfg(not(loom))]
mod threads;

#[cfg(all(test, loom, not(shuttle)))]
mod loom_tests;
#[cfg(all(test, loom, shuttle))]
mod shuttle_tests;
#[cfg(all(test, not(loom)))]
mod size_tests;
#[cfg(all(test, not(loom)))]
mod stress_tests;
#[cfg(all(test, not(loom)))]
mod tests;

#[cfg(not(loom))]
pub(crate) use job::panic_message;
pub(crate) use job::{Completion, Handle, Work};
#[cfg(not(loom))]
pub(crate) use relief::relieve;
#[cfg(not(loom))]
pub(crate) use threads::{MAX_THREADS, NoThreads, Pool, default_size};
