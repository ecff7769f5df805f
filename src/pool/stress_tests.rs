//! What only numbers bring out: thousands of jobs in the queue when everything is called off, and everybody calling at
//! once. Each ends once and is freed, and a watchdog ends what hangs.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use super::{Completion, Pool, Work};

/// As many as this are in the queue.
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

/// Runs `test` on a thread of its own, and fails when it takes a minute: it takes a second at most.
fn watched(test: impl FnOnce() + Send + 'static) {
    let (sender, done) = mpsc::channel();
    let runner = thread::Builder::new().spawn(move || {
        test();
        sender.send(()).unwrap();
    });
    match done.recv_timeout(Duration::from_secs(60)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it hangs"),
        _ => runner.unwrap().join().unwrap_or_else(|payload| std::panic::resume_unwind(payload)),
    }
}

/// Jobs of one to three pieces behind a closed gate; every second one is cancelled, from a second thread, while the gate
/// opens and the pool is closed. With tickets left in the queue, that is: void ones of jobs that have ended.
#[test]
#[cfg_attr(miri, ignore = "ten thousand jobs under a watch that knows nothing of Miri")]
fn a_full_queue_is_called_off() {
    watched(|| {
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
            let canceller = thread::Builder::new()
                .spawn(move || handles.iter().step_by(2).for_each(super::Handle::cancel))
                .unwrap();
            *gate.0.lock().unwrap() = true;
            gate.1.notify_all();
            drop(pool);
            canceller.join().unwrap();
            assert_eq!(tally.ended.load(SeqCst), JOBS, "ends");
            assert_eq!(tally.finished.load(SeqCst), JOBS, "finishes");
            assert_eq!(tally.dropped.load(SeqCst), JOBS, "drops");
            assert!((JOBS / 2..=JOBS).contains(&tally.complete.load(SeqCst)), "not cancelled, not complete");
        }
    });
}
