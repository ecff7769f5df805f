//! Persistent threads that share any number of jobs fairly, piece by piece.
//!
//! The pool knows neither JavaScript nor shared memory: a job is anything that implements [`Work`].
//!
//! 1. `job`: one job. Its pieces are claimed through an atomic cursor; it ends exactly once, after the last
//!    thread has left it, whether it ran to its end, was cancelled, or panicked.
//! 2. `queue`: which job is served next. First in, first out over *tickets*; a ticket is a place at a job for
//!    one thread, and goes back to the end of the queue after every piece.
//! 3. `sleep`: who is parked, and the protocol by which no wake-up is lost.
//! 4. `threads`: starting the threads, their main loop, their signal mask.
//!
//! **Fairness.** A job holds at most `width` tickets, so at most `width` threads work on it at once. A thread
//! takes the ticket at the head of the queue, runs *one* piece, and puts the ticket back at the tail. Between two
//! turns of a ticket every other ticket in the queue has had one: with `t` tickets ahead and `n` threads a newly
//! submitted job is first served after about `t / n` pieces, however long the other jobs are. Nothing starves,
//! because nothing but a new submission enters the queue ahead of a waiting ticket, and only once.

mod job;
mod queue;
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
pub(crate) use threads::{MAX_THREADS, NoThreads, Pool, default_size};
