//! Thousands of queued jobs, canceled while the pool runs and closes: each completes once and is freed. A watchdog fails a
//! test that hangs.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use super::{Completion, Pool, Work};

/// The number of jobs in the queue.
const JOBS: usize = 10_000;

#[derive(Default)]
struct Tally {
    dropped: AtomicUsize,
    finished: AtomicUsize,
    ended: AtomicUsize,
    complete: AtomicUsize,
}

struct Piece {
    pieces: usize,
    tally: Arc<Tally>,
    gate: Arc<(Mutex<bool>, Condvar)>,
}

impl Work for Piece {
    type Output = ();

    fn pieces(&self) -> usize {
        self.pieces
    }

    fn run(&self, _: usize, _: usize) {
        let mut open = self.gate.0.lock().unwrap();
        while !*open {
            open = self.gate.1.wait(open).unwrap();
        }
    }

    fn finish(&self, _: &Completion) {
        self.tally.finished.fetch_add(1, SeqCst);
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.tally.dropped.fetch_add(1, SeqCst);
    }
}

/// Runs `test` on a thread of its own, and fails if it takes a minute. It takes a second at most.
fn with_watchdog(test: impl FnOnce() + Send + 'static) {
    let (sender, done) = mpsc::channel();
    let runner = thread::Builder::new().spawn(move || {
        test();
        sender.send(()).unwrap();
    });
    match done.recv_timeout(Duration::from_secs(60)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("the test hangs"),
        _ => runner.unwrap().join().unwrap_or_else(|payload| std::panic::resume_unwind(payload)),
    }
}

/// Jobs of one to three pieces behind a closed gate. A second thread cancels every other job while the gate opens and the
/// pool is closed, with void tickets of completed jobs left in the queue.
#[test]
#[cfg_attr(miri, ignore = "ten thousand jobs with a time limit that Miri does not keep")]
fn a_full_queue_is_canceled() {
    with_watchdog(|| {
        for round in 0..4 {
            let tally = Arc::new(Tally::default());
            let gate = Arc::<(Mutex<bool>, Condvar)>::default();
            let pool = Pool::new(1 + round, || ());
            let handles: Vec<_> = (0..JOBS)
                .map(|job| {
                    let work =
                        Piece { pieces: 1 + job % 3, tally: Arc::clone(&tally), gate: Arc::clone(&gate) };
                    let tally = Arc::clone(&tally);
                    let on_completion = move |end| {
                        if let Completion::Done(()) = end {
                            tally.complete.fetch_add(1, SeqCst);
                        }
                        tally.ended.fetch_add(1, SeqCst);
                    };
                    pool.submit(work, 1 + job % 2, on_completion).unwrap()
                })
                .collect();
            let canceler = thread::Builder::new()
                .spawn(move || handles.iter().step_by(2).for_each(super::Handle::cancel))
                .unwrap();
            *gate.0.lock().unwrap() = true;
            gate.1.notify_all();
            drop(pool);
            canceler.join().unwrap();
            assert_eq!(tally.ended.load(SeqCst), JOBS, "ends");
            assert_eq!(tally.finished.load(SeqCst), JOBS, "finishes");
            assert_eq!(tally.dropped.load(SeqCst), JOBS, "drops");
            assert!((JOBS / 2..=JOBS).contains(&tally.complete.load(SeqCst)), "neither canceled nor done");
        }
    });
}
