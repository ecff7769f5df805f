//! Models of the pool with more threads than loom can take: shuttle runs each under thousands of schedules, chosen so that
//! any bug that a given few switches between threads bring out comes up with a known probability ("PCT").
//!
//! `node ci/gate.js shuttle` also runs them on mutants of the pool, each of which must be caught. A job that never ends is a
//! deadlock, which shuttle reports.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize as Plain, Ordering::SeqCst};

use shuttle::scheduler::PctScheduler;
use shuttle::sync::{Condvar, Mutex};
use shuttle::{Runner, thread};

use super::job::{self, Completion, Handle, Work};
use super::queue::RunQueue;
use crate::sync::{AtomicBool, Ordering, Parker};

/// How many switches between threads a bug may need to show.
const DEPTH: usize = 3;

fn model(check: impl Fn() + Send + Sync + 'static) {
    let schedules = std::env::var("SHUTTLE_SCHEDULES").map_or(10_000, |n| n.parse().unwrap());
    Runner::new(PctScheduler::new(DEPTH, schedules), Default::default()).run(check);
}

/// Memory that is freed at some time, like that of a JavaScript environment.
#[derive(Default)]
struct Memory {
    freed: AtomicBool,
}

impl Memory {
    fn touch(&self) {
        assert!(!self.freed.load(Ordering::SeqCst), "a job touches memory that has been freed");
    }
}

/// What has happened to the jobs of a model.
#[derive(Default)]
struct Tally {
    made: Plain,
    dropped: Plain,
    finished: Plain,
    ended: Plain,
}

impl Tally {
    /// Every job that was ever submitted has ended, once, and is gone.
    fn check(&self) {
        let made = self.made.load(SeqCst);
        assert!(made > 0);
        assert_eq!(self.ended.load(SeqCst), made, "ends");
        assert_eq!(self.finished.load(SeqCst), made, "finishes");
        assert_eq!(self.dropped.load(SeqCst), made, "drops");
    }
}

struct Pieces {
    runs: Vec<AtomicBool>,
    memory: Arc<Memory>,
    tally: Arc<Tally>,
}

impl Work for Pieces {
    type Output = bool;

    fn pieces(&self) -> usize {
        self.runs.len()
    }

    fn run(&self, _: usize, piece: usize) {
        self.memory.touch();
        assert!(!self.runs[piece].swap(true, Ordering::SeqCst), "piece {piece} runs twice");
        self.memory.touch();
    }

    fn finish(&self, _: &Completion) -> bool {
        self.memory.touch();
        self.tally.finished.fetch_add(1, SeqCst);
        self.runs.iter().all(|ran| ran.load(Ordering::SeqCst))
    }

    fn on_abort(&self) {
        self.memory.touch();
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        self.tally.dropped.fetch_add(1, SeqCst);
    }
}

/// How many jobs are in flight, and a wait for there to be none: what an environment's cleanup hook waits for.
#[derive(Default)]
struct InFlight {
    count: Mutex<usize>,
    changed: Condvar,
}

impl InFlight {
    fn wait(&self) {
        let mut count = self.count.lock().unwrap();
        while *count > 0 {
            count = self.changed.wait(count).unwrap();
        }
    }
}

/// A run queue, threads that serve it, and a tally of what was submitted.
struct Model {
    queue: Arc<RunQueue>,
    servers: Vec<thread::JoinHandle<()>>,
    tally: Arc<Tally>,
}

impl Model {
    fn new(threads: usize) -> Self {
        let queue = Arc::new(RunQueue::new(threads));
        let serve = |me| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || {
                let parker = Parker::new();
                queue.register(me, parker.unparker().clone());
                queue.serve(me, &parker, || ());
            })
        };
        Self { servers: (0..threads).map(serve).collect(), queue, tally: Arc::default() }
    }

    fn submitter(&self) -> Submitter {
        Submitter {
            queue: Arc::clone(&self.queue),
            tally: Arc::clone(&self.tally),
            memory: Arc::default(),
            in_flight: Arc::default(),
        }
    }

    /// Ends the pool and checks the tally.
    fn close(self) {
        self.queue.close();
        for server in self.servers {
            server.join().unwrap();
        }
        drop(self.queue);
        self.tally.check();
    }
}

/// An environment: jobs of its own, on memory of its own.
struct Submitter {
    queue: Arc<RunQueue>,
    tally: Arc<Tally>,
    memory: Arc<Memory>,
    in_flight: Arc<InFlight>,
}

impl Submitter {
    fn submit(&self, pieces: usize, width: usize, may_be_cancelled: bool) -> Handle {
        self.tally.made.fetch_add(1, SeqCst);
        *self.in_flight.count.lock().unwrap() += 1;
        let runs = (0..pieces).map(|_| AtomicBool::new(false)).collect();
        let work = Pieces { runs, memory: Arc::clone(&self.memory), tally: Arc::clone(&self.tally) };
        let (in_flight, tally) = (Arc::clone(&self.in_flight), Arc::clone(&self.tally));
        let (job, handle) = job::make(work, move |end| {
            match end {
                Completion::Done(all) => assert!(all, "complete, and a piece has not run"),
                Completion::Canceled => assert!(may_be_cancelled),
                Completion::Panicked(message) => panic!("{message}"),
            }
            tally.ended.fetch_add(1, SeqCst);
            *in_flight.count.lock().unwrap() -= 1;
            in_flight.changed.notify_all();
        });
        self.queue.submit(job, width);
        handle
    }

    /// Waits for what is in flight, then frees the memory.
    fn end(self) {
        self.in_flight.wait();
        self.memory.freed.store(true, Ordering::SeqCst);
    }
}

/// Three submitters, some of whose jobs another thread cancels meanwhile: every submission completes once, and no thread
/// touches a submitter's memory after that.
#[test]
fn every_submission_ends() {
    model(|| {
        let model = Model::new(2);
        let submitters: Vec<_> = (1..=3)
            .map(|number| {
                let submitter = model.submitter();
                thread::spawn(move || {
                    drop(submitter.submit(number, 2, false));
                    let handle = submitter.submit(2, 1, true);
                    let canceller = thread::spawn(move || handle.cancel());
                    submitter.end();
                    canceller.join().unwrap();
                })
            })
            .collect();
        for submitter in submitters {
            submitter.join().unwrap();
        }
        model.close();
    });
}

/// An environment that ends with calls in flight: it aborts one, cancels all, waits, and frees its memory. The jobs of
/// another environment are not affected.
#[test]
fn an_environment_ends_with_jobs_in_flight() {
    model(|| {
        let model = Model::new(3);
        let other = {
            let submitter = model.submitter();
            thread::spawn(move || {
                drop(submitter.submit(3, 2, false));
                submitter.end();
            })
        };
        let submitter = model.submitter();
        let handles: Vec<_> = (1..=3).map(|pieces| submitter.submit(pieces, 2, true)).collect();
        handles[0].abort();
        handles.iter().for_each(Handle::cancel);
        drop(handles);
        submitter.end();
        other.join().unwrap();
        model.close();
    });
}
