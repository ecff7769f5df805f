//! Models of the pool that loom runs through every interleaving, up to a number of preemptions. Each checks one promise.
//! `node ci/gate.js loom` also runs them on mutants of the pool with an ordering weakened or a line dropped: every mutant
//! must be caught, and every model catches one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize as PlainUsize, Ordering::SeqCst};

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicBool, Ordering, fence};
use loom::thread;

use super::job::{self, Completion, Step, Steps, Work};
use super::queue::RunQueue;
use super::sleep::Sleepers;
use crate::sync::models::{model, model_of, signal};
use crate::sync::{Parker, Queue};

/// Each piece writes a cell of its own without synchronization, and the finish reads them all: loom reports the
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
        queue.serve(me, &parker, || ());
    })
}

/// Two threads claim pieces until none is left: each piece runs once, and the job completes once, after all of them.
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

/// Two threads claim while a third cancels: one completion, with no thread inside, and done only if all pieces ran.
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
/// run on the other thread: if that comes late, the model deadlocks. The first thread must release the role, so that
/// later submitters wake the other thread, and must itself wake it for what has been submitted in the meantime.
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

/// Two jobs are submitted while a thread spins, so that neither wakes one. The first is a long one that waits for the
/// second: the spinner, which takes it, wakes the other thread.
#[test]
fn the_spinner_wakes_a_thread_for_what_it_leaves() {
    model_of(1, || {
        let queue = Arc::new(RunQueue::new(2));
        let servers = [start(&queue, 0), start(&queue, 1)];
        // Blocks this thread until the others are up, which costs no preemption.
        let (first_done, first_ended) = signal();
        queue.submit(job::make(Cells::new(1).0, move |_| first_done()).0, 1);
        first_ended();
        let (short_done, short_ended) = signal();
        let (long_done, long_ended) = signal();
        queue.submit(job::make(Act::new(false, short_ended), move |_| long_done()).0, 1);
        queue.submit(job::make(Act::new(true, short_done), |_| ()).0, 1);
        long_ended();
        queue.close();
        for server in servers {
            server.join().unwrap();
        }
    });
}

/// Two submitters with a long job each, neither of which ends before the other has begun, and two threads: whether the
/// threads are parked, spinning or in between, the two submissions wake two different threads.
#[test]
fn two_submitters_get_a_thread_each() {
    model_of(1, || {
        let queue = Arc::new(RunQueue::new(2));
        let servers = [start(&queue, 0), start(&queue, 1)];
        let (first_runs, first_is_running) = signal();
        let (second_runs, second_is_running) = signal();
        let (first_done, first_ended) = signal();
        let (second_done, second_ended) = signal();
        let first = Act::new(false, || {
            first_runs();
            second_is_running();
        });
        let second = Act::new(false, || {
            second_runs();
            first_is_running();
        });
        let other = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || queue.submit(job::make(second, move |_| second_done()).0, 1))
        };
        queue.submit(job::make(first, move |_| first_done()).0, 1);
        first_ended();
        second_ended();
        other.join().unwrap();
        queue.close();
        for server in servers {
            server.join().unwrap();
        }
    });
}

/// A thread that is about to park finds a ticket instead, while a submitter chooses it for another one: the thread then sees
/// that ticket too, and can wake another thread for it.
#[test]
fn a_canceled_park_sees_what_it_was_chosen_for() {
    model(|| {
        let (sleepers, tickets) = (Arc::new(Sleepers::new(1)), Arc::new(Queue::new()));
        sleepers.register(0, Parker::new().unparker().clone());
        tickets.push('a');
        let submitter = {
            let (sleepers, tickets) = (Arc::clone(&sleepers), Arc::clone(&tickets));
            thread::spawn(move || {
                tickets.push('b');
                fence(Ordering::SeqCst);
                sleepers.wake_one()
            })
        };
        sleepers.prepare_park(0);
        assert!(!tickets.is_empty());
        sleepers.cancel_park(0);
        assert_eq!(tickets.pop(), Some('a'));
        let sees_more = !tickets.is_empty();
        let chosen = submitter.join().unwrap();
        assert!(sees_more || !chosen);
    });
}

/// Pieces of one lane, which add to a sum without synchronization.
struct Lane {
    pieces: usize,
    sum: UnsafeCell<usize>,
}

// SAFETY: that no two threads are in the lane at once is what the models check.
unsafe impl Sync for Lane {}

impl Lane {
    fn new(pieces: usize) -> Self {
        Self { pieces, sum: UnsafeCell::new(0) }
    }
}

impl Work for Lane {
    type Output = usize;
    fn pieces(&self) -> usize {
        self.pieces
    }
    fn run(&self, lane: usize, piece: usize) {
        assert_eq!(lane, 0);
        // SAFETY: loom checks it.
        self.sum.with_mut(|sum| unsafe { *sum += piece + 1 });
    }
    fn finish(&self, _: &Completion) -> usize {
        // SAFETY: loom checks it.
        self.sum.with(|sum| unsafe { *sum })
    }
}

/// The only thread that serves, and a stand-in for it that counts its pieces and goes after one of two.
fn leaves_after_a_piece(stand_in: fn(&RunQueue, &PlainUsize)) {
    model(move || {
        let queue = Arc::new(RunQueue::new(1));
        let server = start(&queue, 0);
        let (done, ended) = signal();
        let (work, _) = Cells::new(2);
        let (job, _handle) = job::make(work, move |_| done());
        queue.submit(job, 1);
        let pieces = PlainUsize::new(0);
        stand_in(&queue, &pieces);
        ended();
        queue.close();
        server.join().unwrap();
    });
}

/// A stand-in has run a piece of a job when the thread that it stands in for is back: it leaves the rest, and goes. The only
/// thread there is may have found nothing meanwhile, and parked.
#[test]
fn what_a_stand_in_leaves_is_served() {
    leaves_after_a_piece(|queue, pieces| {
        queue.stand_in(|| _ = pieces.fetch_add(1, SeqCst), || pieces.load(SeqCst) > 0);
    });
}

/// A stand-in of the reserve looks for a job that no thread is in, and has the ticket of another in hand for a moment. The only
/// thread that serves may see an empty queue just then, and park.
#[test]
fn what_the_reserve_passes_is_served() {
    /// A job that seems to have a thread inside.
    struct Tended(Arc<dyn Steps>);
    impl Steps for Tended {
        fn step(&self, lane: usize) -> Step {
            self.0.step(lane)
        }
        fn is_short(&self) -> bool {
            self.0.is_short()
        }
        fn is_tended(&self) -> bool {
            true
        }
    }
    model(|| {
        let queue = Arc::new(RunQueue::new(1));
        let server = start(&queue, 0);
        let (done, ended) = signal();
        let (work, _) = Cells::new(1);
        let (job, _handle) = job::make(work, move |_| done());
        queue.submit(Arc::new(Tended(job)), 1);
        queue.serve_untended(|| (), || false);
        ended();
        queue.close();
        server.join().unwrap();
    });
}

/// A stand-in of the reserve and the only thread that serves share a job.
#[test]
fn what_the_reserve_leaves_is_served() {
    leaves_after_a_piece(|queue, pieces| {
        queue.serve_untended(|| _ = pieces.fetch_add(1, SeqCst), || pieces.load(SeqCst) > 0);
    });
}

/// A job with one lane takes turns with another job, on two threads: the lane's pieces do not overlap, whichever threads
/// run them.
#[test]
fn a_lane_has_one_thread_at_a_time() {
    model(|| {
        let queue = Arc::new(RunQueue::new(2));
        let (done, ended) = signal();
        let (lane, _handle) = job::make(Lane::new(3), move |completion| {
            assert_eq!(completion, Completion::Done(6));
            done();
        });
        // In the queue before there are threads: the models of wake-ups are others.
        queue.submit(lane, 1);
        queue.submit(job::make(Cells::new(1).0, |_| ()).0, 1);
        let servers = [start(&queue, 0), start(&queue, 1)];
        ended();
        queue.close();
        for server in servers {
            server.join().unwrap();
        }
    });
}

/// What a thread leaves in a lane, the next thread in the lane sees: by entering the job, not only because the ticket
/// came through the queue. Here it is handed over without any ordering.
#[test]
fn a_lane_is_handed_over() {
    model(|| {
        let (job, _handle) =
            job::make(Lane::new(2), |completion| assert_eq!(completion, Completion::Done(3)));
        let left = Arc::new(AtomicBool::new(false));
        let next = {
            let (job, left) = (Arc::clone(&job), Arc::clone(&left));
            thread::spawn(move || left.load(Ordering::Relaxed) && job.step(0) == Step::Over)
        };
        assert_eq!(job.step(0), Step::More);
        left.store(true, Ordering::Relaxed);
        if !next.join().unwrap() {
            assert_eq!(job.step(0), Step::Over);
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
