//! Models of the pool that loom runs through every interleaving (up to a number of preemptions). Each is there for
//! one promise; `node ci/gate.js loom` also runs them on mutants of the pool, with an ordering weakened or a line dropped,
//! and every mutant must be caught.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize as PlainUsize, Ordering::SeqCst};

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

use super::job::{self, Completion, Step, Work};
use super::queue::RunQueue;
use crate::sync::Parker;
use crate::sync::models::{model, model_of, signal};

/// Each piece writes a cell of its own without synchronisation, and the finish reads them all: loom reports the
/// race if the end can come before a piece has been left.
struct Cells {
    cells: Vec<UnsafeCell<usize>>,
    short: bool,
    finishes: Arc<PlainUsize>,
}

// SAFETY: that no two threads are in a cell at once is what the models check.
unsafe impl Sync for Cells {}

impl Cells {
    fn new(pieces: usize) -> (Self, Arc<PlainUsize>) {
        let finishes = Arc::new(PlainUsize::new(0));
        let cells = (0..pieces).map(|_| UnsafeCell::new(0)).collect();
        (Self { cells, short: false, finishes: Arc::clone(&finishes) }, finishes)
    }

    fn short() -> Self {
        Self { short: true, ..Self::new(1).0 }
    }
}

impl Work for Cells {
    type Output = Vec<usize>;

    fn pieces(&self) -> usize {
        self.cells.len()
    }

    fn run(&self, _lane: usize, piece: usize) {
        // SAFETY: loom checks it.
        self.cells[piece].with_mut(|cell| unsafe { *cell += 1 });
    }

    fn is_short(&self) -> bool {
        self.short
    }

    fn finish(&self, _: &Completion) -> Vec<usize> {
        self.finishes.fetch_add(1, SeqCst);
        // SAFETY: loom checks it.
        self.cells.iter().map(|cell| cell.with(|cell| unsafe { *cell })).collect()
    }
}

/// A thread of the pool.
fn start(queue: &Arc<RunQueue>, me: usize) -> thread::JoinHandle<()> {
    let queue = Arc::clone(queue);
    thread::spawn(move || {
        let parker = Parker::new();
        queue.register(me, parker.unparker().clone());
        queue.serve(me, &parker);
    })
}

/// Two threads claim pieces until none is left: each piece runs once, and the end comes once, after all of them.
#[test]
fn two_claimers_end_a_job_once() {
    model(|| {
        let (work, finishes) = Cells::new(2);
        let ends = Arc::new(PlainUsize::new(0));
        let (job, _handle) = job::make(work, {
            let ends = Arc::clone(&ends);
            move |end| match end {
                Completion::Done(runs) => {
                    assert_eq!(runs, [1, 1]);
                    ends.fetch_add(1, SeqCst);
                }
                other => panic!("{other:?}"),
            }
        });
        let other = {
            let job = Arc::clone(&job);
            thread::spawn(move || while job.step(1) == Step::More {})
        };
        while job.step(0) == Step::More {}
        other.join().unwrap();
        assert_eq!(ends.load(SeqCst), 1);
        assert_eq!(finishes.load(SeqCst), 1);
    });
}

/// Two threads claim while a third cancels: one end, with nobody inside, and complete only if all pieces ran.
#[test]
fn a_cancel_races_two_claimers() {
    model(|| {
        let (work, finishes) = Cells::new(2);
        let ends = Arc::new(PlainUsize::new(0));
        let (job, handle) = job::make(work, {
            let ends = Arc::clone(&ends);
            move |end| {
                match end {
                    Completion::Done(runs) => assert_eq!(runs, [1, 1]),
                    Completion::Canceled => (),
                    Completion::Panicked(message) => panic!("{message}"),
                }
                ends.fetch_add(1, SeqCst);
            }
        });
        let claimers: Vec<_> = (0..2)
            .map(|lane| {
                let job = Arc::clone(&job);
                thread::spawn(move || while job.step(lane) == Step::More {})
            })
            .collect();
        handle.cancel();
        for claimer in claimers {
            claimer.join().unwrap();
        }
        assert_eq!(ends.load(SeqCst), 1);
        assert_eq!(finishes.load(SeqCst), 1);
    });
}

/// A thread serves the queue while another submits: whenever the submission comes, before the thread looks, while it
/// spins, while it is about to park, or when it has parked, the job is served. A lost wake-up is a deadlock, which
/// loom reports.
#[test]
fn no_wake_up_is_lost() {
    model(|| {
        let queue = Arc::new(RunQueue::new(1));
        let server = start(&queue, 0);
        let (done, ended) = signal();
        let (work, _) = Cells::new(1);
        let (job, _handle) = job::make(work, move |_| done());
        queue.submit(job, 1);
        ended();
        queue.close();
        server.join().unwrap();
    });
}

/// The same for two short jobs in a row, the second of which may come while the thread runs the first as the spinner.
#[test]
fn no_wake_up_is_lost_after_a_short_job() {
    model(|| {
        let queue = Arc::new(RunQueue::new(1));
        let server = start(&queue, 0);
        let (done, ended) = signal();
        queue.submit(job::make(Cells::short(), |_| ()).0, 1);
        queue.submit(job::make(Cells::short(), move |_| done()).0, 1);
        ended();
        queue.close();
        server.join().unwrap();
    });
}

/// Does something once, in its only piece.
struct Act {
    act: std::sync::Mutex<Option<Box<dyn FnOnce() + Send>>>,
    short: bool,
}

impl Act {
    fn new(short: bool, act: impl FnOnce() + Send + 'static) -> Self {
        Self { act: std::sync::Mutex::new(Some(Box::new(act))), short }
    }
}

impl Work for Act {
    type Output = ();
    fn pieces(&self) -> usize {
        1
    }
    fn is_short(&self) -> bool {
        self.short
    }
    fn run(&self, _: usize, _: usize) {
        let act = self.act.lock().unwrap().take();
        act.expect("one piece")();
    }
    fn finish(&self, _: &Completion) {}
}

/// Submits a long job and what it waits for: a short job submitted right after it, or, if `inside`, in its piece.
fn submit_what_waits(queue: &Arc<RunQueue>, inside: bool, done: impl FnOnce() + Send + 'static) {
    let (short_done, short_ended) = signal();
    let submit_short = {
        let queue = Arc::clone(queue);
        move || queue.submit(job::make(Act::new(true, short_done), |_| ()).0, 1)
    };
    let mut after = None;
    let submit_first: Box<dyn FnOnce() + Send> = if inside {
        Box::new(submit_short)
    } else {
        after = Some(submit_short);
        Box::new(|| ())
    };
    let long = Act::new(false, move || {
        submit_first();
        short_ended();
    });
    queue.submit(job::make(long, move |_| done()).0, 1);
    if let Some(submit) = after {
        submit();
    }
}

/// A thread was the spinner in a short job when it comes to a long one, which does not end before another short job has
/// run on the other thread: to be late is to deadlock. It is up to the first thread to wake the other for what has been
/// submitted meanwhile, and to give up the watch, so that whoever submits later wakes it.
fn model_of_a_long_job_after_a_short_one(inside: bool) {
    model_of(1, move || {
        let queue = Arc::new(RunQueue::new(2));
        let servers = [start(&queue, 0), start(&queue, 1)];
        let (done, ended) = signal();
        let first = Act::new(true, {
            let queue = Arc::clone(&queue);
            move || submit_what_waits(&queue, inside, done)
        });
        queue.submit(job::make(first, |_| ()).0, 1);
        ended();
        queue.close();
        for server in servers {
            server.join().unwrap();
        }
    });
}

#[test]
fn a_job_submitted_while_the_spinner_runs_finds_a_thread() {
    model_of_a_long_job_after_a_short_one(false);
}

#[test]
fn a_long_job_releases_the_spinner_role() {
    model_of_a_long_job_after_a_short_one(true);
}

/// Two threads, two submitters with a job each: both jobs end.
#[test]
fn two_submitters_are_both_served() {
    model(|| {
        let queue = Arc::new(RunQueue::new(1));
        let server = start(&queue, 0);
        let submit = |queue: Arc<RunQueue>| {
            let (done, ended) = signal();
            let (work, _) = Cells::new(1);
            let (job, _handle) = job::make(work, move |_| done());
            queue.submit(job, 1);
            ended();
        };
        let other = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || submit(queue))
        };
        submit(Arc::clone(&queue));
        other.join().unwrap();
        queue.close();
        server.join().unwrap();
    });
}

/// The round of a ticket: what a lane leaves behind, its next holder sees, on whichever thread.
#[test]
fn a_lane_is_handed_over() {
    struct Lane {
        sum: UnsafeCell<usize>,
        runs: AtomicUsize,
    }
    // SAFETY: that no two threads are in the lane at once is what the model checks.
    unsafe impl Sync for Lane {}
    impl Work for Lane {
        type Output = ();
        fn pieces(&self) -> usize {
            2
        }
        fn run(&self, lane: usize, piece: usize) {
            assert_eq!(lane, 0);
            self.runs.fetch_add(1, Ordering::Relaxed);
            // SAFETY: loom checks it.
            self.sum.with_mut(|sum| unsafe { *sum += piece + 1 });
        }
        fn finish(&self, _: &Completion) {
            // SAFETY: loom checks it.
            assert_eq!(self.sum.with(|sum| unsafe { *sum }), 3);
        }
    }
    model(|| {
        let queue = Arc::new(RunQueue::new(2));
        let servers = [start(&queue, 0), start(&queue, 1)];
        let (done, ended) = signal();
        let work = Lane { sum: UnsafeCell::new(0), runs: AtomicUsize::new(0) };
        let (job, _handle) = job::make(work, move |_| done());
        queue.submit(job, 1);
        ended();
        queue.close();
        for server in servers {
            server.join().unwrap();
        }
    });
}

/// One thread serves a long job. A job submitted in the middle of a piece of it has its turn before the next piece,
/// and from then on the two take turns.
#[test]
fn a_short_job_does_not_wait_for_a_long_one() {
    /// Logs its name at each piece, and submits what it has been given in the first.
    struct Logged {
        name: char,
        pieces: usize,
        log: Arc<std::sync::Mutex<String>>,
        submits: std::sync::Mutex<Option<Box<dyn FnOnce() + Send>>>,
    }
    impl Work for Logged {
        type Output = ();
        fn pieces(&self) -> usize {
            self.pieces
        }
        fn run(&self, _: usize, _: usize) {
            self.log.lock().unwrap().push(self.name);
            let submit = self.submits.lock().unwrap().take();
            if let Some(submit) = submit {
                submit();
            }
        }
        fn finish(&self, _: &Completion) {}
    }
    model(|| {
        let queue = Arc::new(RunQueue::new(1));
        let log = Arc::new(std::sync::Mutex::new(String::new()));
        let logged = {
            let log = Arc::clone(&log);
            move |name, pieces, submits| Logged {
                name,
                pieces,
                log: Arc::clone(&log),
                submits: std::sync::Mutex::new(submits),
            }
        };
        let (done, ended) = signal();
        let short: Box<dyn FnOnce() + Send> = {
            let queue = Arc::clone(&queue);
            let work = logged('s', 2, None);
            Box::new(move || queue.submit(job::make(work, |_| ()).0, 1))
        };
        let (long, _handle) = job::make(logged('L', 4, Some(short)), move |_| done());
        let server = start(&queue, 0);
        queue.submit(long, 1);
        ended();
        queue.close();
        server.join().unwrap();
        assert_eq!(*log.lock().unwrap(), "LsLsLL");
    });
}
