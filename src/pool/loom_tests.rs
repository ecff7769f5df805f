//! Models of the pool that loom runs through every interleaving (up to a number of preemptions). Each is there for
//! one promise; `ci/loom.sh` also runs them on mutants of the pool, with an ordering weakened or a line dropped,
//! and every mutant must be caught.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize as PlainUsize, Ordering::SeqCst};

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

use super::job::{self, End, Fate, Step, Work};
use super::queue::Line;
use crate::sync::Parker;
use crate::sync::models::{model, model_of, signal};

/// Each piece writes a cell of its own without synchronisation, and the finish reads them all: loom reports the
/// race if the end can come before a piece has been left.
struct Cells {
    cells: Vec<UnsafeCell<usize>>,
    brief: bool,
    finishes: Arc<PlainUsize>,
}

// SAFETY: that no two threads are in a cell at once is what the models check.
unsafe impl Sync for Cells {}

impl Cells {
    fn new(pieces: usize) -> (Self, Arc<PlainUsize>) {
        let finishes = Arc::new(PlainUsize::new(0));
        let cells = (0..pieces).map(|_| UnsafeCell::new(0)).collect();
        (Self { cells, brief: false, finishes: Arc::clone(&finishes) }, finishes)
    }

    fn brief() -> Self {
        Self { brief: true, ..Self::new(1).0 }
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

    fn is_brief(&self) -> bool {
        self.brief
    }

    fn finish(&self, _: Fate) -> Vec<usize> {
        self.finishes.fetch_add(1, SeqCst);
        // SAFETY: loom checks it.
        self.cells.iter().map(|cell| cell.with(|cell| unsafe { *cell })).collect()
    }
}

/// A thread of the pool.
fn start(line: &Arc<Line>, me: usize) -> thread::JoinHandle<()> {
    let line = Arc::clone(line);
    thread::spawn(move || {
        let parker = Parker::new();
        line.introduce(me, parker.unparker().clone());
        line.serve(me, &parker);
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
                End::Complete(runs) => {
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
                    End::Complete(runs) => assert_eq!(runs, [1, 1]),
                    End::Cancelled => (),
                    End::Panicked(message) => panic!("{message}"),
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

/// A thread serves the line while another submits: whenever the submission comes, before the thread looks, while it
/// spins, while it is about to park, or when it has parked, the job is served. A lost wake-up is a deadlock, which
/// loom reports.
#[test]
fn no_wake_up_is_lost() {
    model(|| {
        let line = Arc::new(Line::new(1));
        let server = start(&line, 0);
        let (done, ended) = signal();
        let (work, _) = Cells::new(1);
        let (job, _handle) = job::make(work, move |_| done());
        line.submit(job, 1);
        ended();
        line.close();
        server.join().unwrap();
    });
}

/// The same for two brief jobs in a row, the second of which may come while the thread has the watch in the first.
#[test]
fn no_wake_up_is_lost_after_a_brief_job() {
    model(|| {
        let line = Arc::new(Line::new(1));
        let server = start(&line, 0);
        let (done, ended) = signal();
        line.submit(job::make(Cells::brief(), |_| ()).0, 1);
        line.submit(job::make(Cells::brief(), move |_| done()).0, 1);
        ended();
        line.close();
        server.join().unwrap();
    });
}

/// Does something once, in its only piece.
struct Act {
    act: std::sync::Mutex<Option<Box<dyn FnOnce() + Send>>>,
    brief: bool,
}

impl Act {
    fn new(brief: bool, act: impl FnOnce() + Send + 'static) -> Self {
        Self { act: std::sync::Mutex::new(Some(Box::new(act))), brief }
    }
}

impl Work for Act {
    type Output = ();
    fn pieces(&self) -> usize {
        1
    }
    fn is_brief(&self) -> bool {
        self.brief
    }
    fn run(&self, _: usize, _: usize) {
        let act = self.act.lock().unwrap().take();
        act.expect("one piece")();
    }
    fn finish(&self, _: Fate) {}
}

/// Submits a long job and what it waits for: a brief job submitted right after it, or, if `inside`, in its piece.
fn submit_what_waits(line: &Arc<Line>, inside: bool, done: impl FnOnce() + Send + 'static) {
    let (short_done, short_ended) = signal();
    let submit_short = {
        let line = Arc::clone(line);
        move || line.submit(job::make(Act::new(true, short_done), |_| ()).0, 1)
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
    line.submit(job::make(long, move |_| done()).0, 1);
    if let Some(submit) = after {
        submit();
    }
}

/// A thread has kept watch in a brief job when it comes to a long one, which does not end before another brief job has
/// run on the other thread: to be late is to deadlock. It is up to the first thread to wake the other for what has been
/// submitted meanwhile, and to give up the watch, so that whoever submits later wakes it.
fn a_long_job_does_not_keep_the_watch(inside: bool) {
    model_of(1, move || {
        let line = Arc::new(Line::new(2));
        let servers = [start(&line, 0), start(&line, 1)];
        let (done, ended) = signal();
        let first = Act::new(true, {
            let line = Arc::clone(&line);
            move || submit_what_waits(&line, inside, done)
        });
        line.submit(job::make(first, |_| ()).0, 1);
        ended();
        line.close();
        for server in servers {
            server.join().unwrap();
        }
    });
}

#[test]
fn what_comes_in_a_watch_finds_a_thread() {
    a_long_job_does_not_keep_the_watch(false);
}

#[test]
fn what_comes_after_a_watch_finds_a_thread() {
    a_long_job_does_not_keep_the_watch(true);
}

/// Two threads, two submitters with a job each: both jobs end.
#[test]
fn two_submitters_are_both_served() {
    model(|| {
        let line = Arc::new(Line::new(1));
        let server = start(&line, 0);
        let submit = |line: Arc<Line>| {
            let (done, ended) = signal();
            let (work, _) = Cells::new(1);
            let (job, _handle) = job::make(work, move |_| done());
            line.submit(job, 1);
            ended();
        };
        let other = {
            let line = Arc::clone(&line);
            thread::spawn(move || submit(line))
        };
        submit(Arc::clone(&line));
        other.join().unwrap();
        line.close();
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
        fn finish(&self, _: Fate) {
            // SAFETY: loom checks it.
            assert_eq!(self.sum.with(|sum| unsafe { *sum }), 3);
        }
    }
    model(|| {
        let line = Arc::new(Line::new(2));
        let servers = [start(&line, 0), start(&line, 1)];
        let (done, ended) = signal();
        let work = Lane { sum: UnsafeCell::new(0), runs: AtomicUsize::new(0) };
        let (job, _handle) = job::make(work, move |_| done());
        line.submit(job, 1);
        ended();
        line.close();
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
        fn finish(&self, _: Fate) {}
    }
    model(|| {
        let line = Arc::new(Line::new(1));
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
            let line = Arc::clone(&line);
            let work = logged('s', 2, None);
            Box::new(move || line.submit(job::make(work, |_| ()).0, 1))
        };
        let (long, _handle) = job::make(logged('L', 4, Some(short)), move |_| done());
        let server = start(&line, 0);
        line.submit(long, 1);
        ended();
        line.close();
        server.join().unwrap();
        assert_eq!(*log.lock().unwrap(), "LsLsLL");
    });
}
