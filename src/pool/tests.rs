use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;

use proptest::prelude::*;

use super::{Completion, Handle, Pool, Work};

/// Counts how often each piece runs, and checks what the pool promises.
struct Count {
    runs: Vec<AtomicUsize>,
    inside: Arc<Inside>,
    lanes: Vec<AtomicBool>,
    /// Runs in the piece of that number.
    at: Option<(usize, Box<dyn Fn() + Send + Sync>)>,
}

/// What an observer that outlives the job can see of it.
#[derive(Default)]
struct Inside {
    now: AtomicUsize,
    most: AtomicUsize,
    finished: AtomicUsize,
}

impl Count {
    fn new(pieces: usize, width: usize) -> Self {
        Self {
            runs: (0..pieces).map(|_| AtomicUsize::new(0)).collect(),
            inside: Arc::default(),
            lanes: (0..width).map(|_| AtomicBool::new(false)).collect(),
            at: None,
        }
    }

    fn at(mut self, piece: usize, act: impl Fn() + Send + Sync + 'static) -> Self {
        self.at = Some((piece, Box::new(act)));
        self
    }
}

impl Work for Count {
    type Output = Vec<usize>;

    fn pieces(&self) -> usize {
        self.runs.len()
    }

    fn run(&self, lane: usize, piece: usize) {
        assert!(!self.lanes[lane].swap(true, SeqCst), "two threads in lane {lane}");
        let now = self.inside.now.fetch_add(1, SeqCst) + 1;
        self.inside.most.fetch_max(now, SeqCst);
        self.runs[piece].fetch_add(1, SeqCst);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| match &self.at {
            Some((at, act)) if *at == piece => act(),
            _ => (),
        }));
        self.inside.now.fetch_sub(1, SeqCst);
        self.lanes[lane].store(false, SeqCst);
        if let Err(payload) = outcome {
            std::panic::resume_unwind(payload);
        }
    }

    fn finish(&self, _: &Completion) -> Vec<usize> {
        assert_eq!(self.inside.now.load(SeqCst), 0, "a thread is still inside");
        self.inside.finished.fetch_add(1, SeqCst);
        self.runs.iter().map(|runs| runs.load(SeqCst)).collect()
    }
}

/// Submits a job and returns its handle, and a channel for its completions: a second one would be seen.
fn submit(pool: &Pool, work: Count, width: usize) -> (Handle, mpsc::Receiver<Completion<Vec<usize>>>) {
    let (sender, receiver) = mpsc::channel();
    let handle = pool.submit(work, width, move |end| sender.send(end).unwrap()).unwrap();
    (handle, receiver)
}

fn complete(receiver: &mpsc::Receiver<Completion<Vec<usize>>>) -> Vec<usize> {
    match receiver.recv().unwrap() {
        Completion::Done(runs) => runs,
        other => panic!("not complete: {other:?}"),
    }
}

/// Blocks the pieces that wait for it until it is opened.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, std::sync::Condvar)>);

impl Gate {
    fn wait(&self) {
        let mut open = self.0.0.lock().unwrap();
        while !*open {
            open = self.0.1.wait(open).unwrap();
        }
    }
    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }
}

#[test]
fn no_thread_is_started_before_the_first_submission() {
    let pool = Pool::new(3, || ());
    assert_eq!(pool.size(), 3);
    assert_eq!(pool.running(), 0);
    let (_, end) = submit(&pool, Count::new(1, 3), 3);
    complete(&end);
    assert_eq!(pool.running(), 3);
}

#[test]
fn every_piece_runs_once_on_no_more_threads_than_asked_for() {
    for threads in [1, 2, 5, if cfg!(miri) { 8 } else { 70 }] {
        let pool = Pool::new(threads, || ());
        for width in [1, 2, 5] {
            for pieces in [1, 2, 3, 64, if cfg!(miri) { 100 } else { 1000 }] {
                let work = Count::new(pieces, width);
                let inside = Arc::clone(&work.inside);
                let (_, end) = submit(&pool, work, width);
                assert_eq!(complete(&end), vec![1; pieces]);
                assert!((1..=width.min(threads)).contains(&inside.most.load(SeqCst)));
                assert!(end.recv().is_err(), "one end only");
            }
        }
    }
}

#[test]
fn a_short_job_ends_while_a_long_one_runs() {
    let pool = Pool::new(1, || ());
    let gate = Gate::default();
    let reached = Gate::default();
    let (sender, short_end) = mpsc::channel();
    // The long job's second piece waits until the short job has ended: on one thread, only if the two take turns.
    let long = Count::new(100, 1).at(0, {
        let (gate, reached) = (gate.clone(), reached.clone());
        move || {
            reached.open();
            gate.wait();
        }
    });
    let inside = Arc::clone(&long.inside);
    let (_, long_end) = submit(&pool, long, 1);
    reached.wait();
    let short = Count::new(1, 1);
    pool.submit(short, 1, {
        let inside = Arc::clone(&inside);
        move |_| sender.send(inside.finished.load(SeqCst)).unwrap()
    })
    .unwrap();
    gate.open();
    assert_eq!(short_end.recv().unwrap(), 0, "the long job had ended first");
    assert_eq!(complete(&long_end), vec![1; 100]);
}

#[test]
fn jobs_take_turns_piece_by_piece() {
    struct Log {
        name: usize,
        pieces: usize,
        log: Arc<Mutex<Vec<usize>>>,
        gate: Gate,
    }
    impl Work for Log {
        type Output = ();
        fn pieces(&self) -> usize {
            self.pieces
        }
        fn run(&self, _: usize, _: usize) {
            self.gate.wait();
            self.log.lock().unwrap().push(self.name);
        }
        fn finish(&self, _: &Completion) {}
    }
    let pool = Pool::new(1, || ());
    let (log, gate) = (Arc::default(), Gate::default());
    let (sender, ends) = mpsc::channel();
    for name in 0..4 {
        let work = Log { name, pieces: 5, log: Arc::clone(&log), gate: gate.clone() };
        let sender = sender.clone();
        pool.submit(work, 1, move |_| sender.send(()).unwrap()).unwrap();
    }
    gate.open();
    (0..4).for_each(|_| ends.recv().unwrap());
    // All four were in the queue before the first piece ended: they run 0 1 2 3 0 1 2 3 ...
    let expected: Vec<usize> = (0..20).map(|turn| turn % 4).collect();
    assert_eq!(*log.lock().unwrap(), expected);
}

#[test]
fn cancelling_a_running_job_waits_for_its_piece_and_no_more() {
    let pool = Pool::new(2, || ());
    let (gate, reached) = (Gate::default(), Gate::default());
    let work = Count::new(1000, 1).at(0, {
        let (gate, reached) = (gate.clone(), reached.clone());
        move || {
            reached.open();
            gate.wait();
        }
    });
    let inside = Arc::clone(&work.inside);
    let (handle, end) = submit(&pool, work, 1);
    reached.wait();
    handle.cancel();
    assert_eq!(inside.finished.load(SeqCst), 0, "a thread is inside");
    assert!(end.try_recv().is_err());
    gate.open();
    assert!(matches!(end.recv().unwrap(), Completion::Canceled));
    handle.cancel();
    assert!(end.recv().is_err(), "one end only");
}

#[test]
fn cancelling_a_job_that_waits_in_the_queue_ends_it_at_once() {
    let pool = Pool::new(1, || ());
    let (gate, reached) = (Gate::default(), Gate::default());
    let blocker = Count::new(1, 1).at(0, {
        let (gate, reached) = (gate.clone(), reached.clone());
        move || {
            reached.open();
            gate.wait();
        }
    });
    let (_, blocker_end) = submit(&pool, blocker, 1);
    reached.wait();
    let (handle, end) = submit(&pool, Count::new(10, 1), 1);
    handle.cancel();
    assert!(matches!(end.try_recv().unwrap(), Completion::Canceled), "on the thread that cancels");
    gate.open();
    complete(&blocker_end);
}

#[test]
fn a_job_cancelled_after_its_end_stays_complete() {
    let pool = Pool::new(2, || ());
    let (handle, end) = submit(&pool, Count::new(3, 2), 2);
    assert_eq!(complete(&end), vec![1; 3]);
    handle.cancel();
    handle.abort();
    assert!(end.recv().is_err(), "one end only");
}

#[test]
fn a_panic_ends_its_job_and_nothing_else() {
    let pool = Pool::new(2, || ());
    for piece in [0, 5, 99] {
        let (_, end) = submit(&pool, Count::new(100, 2).at(piece, || panic!("piece gone wrong")), 2);
        match end.recv().unwrap() {
            Completion::Panicked(message) => assert_eq!(message, "piece gone wrong"),
            other => panic!("{other:?}"),
        }
        let (_, end) = submit(&pool, Count::new(100, 2), 2);
        assert_eq!(complete(&end), vec![1; 100]);
        assert_eq!(pool.running(), 2);
    }
}

#[test]
fn a_panic_in_the_finish_is_told() {
    struct Bad;
    impl Work for Bad {
        type Output = ();
        fn pieces(&self) -> usize {
            1
        }
        fn run(&self, _: usize, _: usize) {}
        fn finish(&self, _: &Completion) {
            panic!("finish gone wrong")
        }
    }
    let pool = Pool::new(1, || ());
    let (sender, receiver) = mpsc::channel();
    pool.submit(Bad, 1, move |end| sender.send(matches!(end, Completion::Panicked(_))).unwrap()).unwrap();
    assert!(receiver.recv().unwrap());
}

#[test]
fn jobs_are_freed_when_they_have_ended() {
    let pool = Pool::new(2, || ());
    let witness = Arc::new(());
    for _ in 0..if cfg!(miri) { 10 } else { 200 } {
        let kept = Arc::clone(&witness);
        let (handle, end) = submit(&pool, Count::new(50, 2).at(49, move || drop(Arc::clone(&kept))), 2);
        complete(&end);
        drop(handle);
    }
    // Void tickets may still lie in the queue; closing the pool serves them.
    drop(pool);
    assert_eq!(Arc::strong_count(&witness), 1);
}

#[test]
fn many_submitters_at_once() {
    let pool = Pool::new(3, || ());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for round in 0..if cfg!(miri) { 10 } else { 200 } {
                    let (handle, end) = submit(&pool, Count::new(1 + round % 7, 3), 3);
                    if round % 3 == 0 {
                        handle.cancel();
                        assert!(matches!(end.recv().unwrap(), Completion::Done(_) | Completion::Canceled));
                    } else {
                        complete(&end);
                    }
                }
            });
        }
    });
}

#[cfg(all(unix, not(miri)))]
#[test]
fn pool_threads_take_no_signals_and_the_submitter_still_does() {
    struct Masks;
    impl Work for Masks {
        type Output = Vec<i32>;
        fn pieces(&self) -> usize {
            1
        }
        fn run(&self, _: usize, _: usize) {}
        fn finish(&self, _: &Completion) -> Vec<i32> {
            blocked()
        }
    }
    let before = blocked();
    let pool = Pool::new(1, || ());
    let (sender, receiver) = mpsc::channel();
    pool.submit(Masks, 1, move |end| sender.send(end).unwrap()).unwrap();
    let Completion::Done(in_pool) = receiver.recv().unwrap() else { panic!("not complete") };
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGUSR1, libc::SIGPROF, libc::SIGWINCH] {
        assert!(in_pool.contains(&signal), "{signal} reaches a pool thread");
    }
    assert!(!in_pool.contains(&libc::SIGSEGV), "a fault must reach its handler");
    assert_eq!(blocked(), before);
}

#[cfg(all(unix, not(miri)))]
fn blocked() -> Vec<i32> {
    let mut mask = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: memory for one sigset_t; a null new set asks only.
    let status = unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, std::ptr::null(), mask.as_mut_ptr()) };
    assert_eq!(status, 0);
    // SAFETY: the call has succeeded, so the mask is initialized.
    let mask = unsafe { mask.assume_init() };
    // SAFETY: an initialized set and a valid signal number.
    (1..32).filter(|&signal| unsafe { libc::sigismember(&mask, signal) } == 1).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 4 } else { 64 }))]
    /// Jobs of any shape, some canceled, on pools of any size: each completes once, and a job that is done ran all its pieces.
    #[test]
    fn any_mix_of_jobs(threads in 1_usize..9, jobs in prop::collection::vec((1_usize..40, 1_usize..9, any::<bool>()), 1..30)) {
        let pool = Pool::new(threads, || ());
        let ends: Vec<_> = jobs
            .iter()
            .map(|&(pieces, width, cancel)| {
                let (handle, end) = submit(&pool, Count::new(pieces, width), width);
                if cancel {
                    handle.cancel();
                }
                (pieces, cancel, end)
            })
            .collect();
        for (pieces, cancel, end) in ends {
            match end.recv().unwrap() {
                Completion::Done(runs) => prop_assert_eq!(runs, vec![1; pieces]),
                Completion::Canceled => prop_assert!(cancel),
                Completion::Panicked(message) => prop_assert!(false, "{}", message),
            }
            prop_assert!(end.recv().is_err());
        }
    }
}

/// Holds its thread up until it is released.
struct HeldUp {
    pieces: usize,
    released: Arc<AtomicBool>,
}

impl Work for HeldUp {
    type Output = ();

    fn pieces(&self) -> usize {
        self.pieces
    }

    fn run(&self, _: usize, _: usize) {
        while !self.released.load(SeqCst) {
            super::relieve();
            thread::yield_now();
        }
    }

    fn finish(&self, _: &Completion) {}
}

#[test]
fn jobs_have_their_turns_while_all_threads_are_held_up() {
    let pool = Pool::new(2, || ());
    let released = Arc::new(AtomicBool::new(false));
    let (done, ends) = mpsc::channel();
    // Stand-ins are held up too.
    for _ in 0..2 {
        let (done, released) = (done.clone(), Arc::clone(&released));
        pool.submit(HeldUp { pieces: 2, released }, 2, move |_| done.send(()).unwrap()).unwrap();
    }
    for _ in 0..50 {
        let (done, ends) = mpsc::channel();
        pool.submit(Count::new(3, 2), 2, move |end| done.send(end).unwrap()).unwrap();
        assert_eq!(ends.recv().unwrap(), Completion::Done(vec![1; 3]));
    }
    assert!(ends.try_recv().is_err(), "a job that is held up has ended");
    released.store(true, SeqCst);
    ends.recv().unwrap();
    ends.recv().unwrap();
    while pool.crew.stand_ins() > 0 {
        thread::yield_now();
    }
    let (done, ends) = mpsc::channel();
    pool.submit(Count::new(9, 2), 2, move |end| done.send(end).unwrap()).unwrap();
    assert_eq!(ends.recv().unwrap(), Completion::Done(vec![1; 9]));
}

/// Jobs that hold up as many threads as they get: far more than there are stand-ins for all lanes of all of them.
#[test]
fn a_job_of_many_that_hold_threads_up_takes_no_more_than_one_of_the_reserve() {
    const LONG: usize = 40;
    let pool = Pool::new(2, || ());
    let released = Arc::new(AtomicBool::new(false));
    let (done, ends) = mpsc::channel();
    for _ in 0..LONG {
        let (done, released) = (done.clone(), Arc::clone(&released));
        pool.submit(HeldUp { pieces: 2, released }, 2, move |_| done.send(()).unwrap()).unwrap();
    }
    for _ in 0..20 {
        let (done, ends) = mpsc::channel();
        pool.submit(Count::new(3, 2), 2, move |end| done.send(end).unwrap()).unwrap();
        assert_eq!(ends.recv().unwrap(), Completion::Done(vec![1; 3]));
    }
    assert!(ends.try_recv().is_err(), "a job that is held up has ended");
    released.store(true, SeqCst);
    (0..LONG).for_each(|_| ends.recv().unwrap());
    while pool.crew.stand_ins() > 0 {
        thread::yield_now();
    }
}

#[test]
fn there_are_only_so_many_stand_ins() {
    const LIMIT: usize = 3 + 64;
    let pool = Pool::new(1, || ());
    let released = Arc::new(AtomicBool::new(false));
    let (done, ends) = mpsc::channel();
    for _ in 0..2 * LIMIT {
        let (done, released) = (done.clone(), Arc::clone(&released));
        pool.submit(HeldUp { pieces: 1, released }, 1, move |_| done.send(()).unwrap()).unwrap();
    }
    while pool.crew.stand_ins() < LIMIT {
        thread::yield_now();
    }
    for _ in 0..1000 {
        assert!(pool.crew.stand_ins() <= LIMIT + 1, "one is counted for a moment that is not started");
        thread::yield_now();
    }
    released.store(true, SeqCst);
    (0..2 * LIMIT).for_each(|_| ends.recv().unwrap());
}
