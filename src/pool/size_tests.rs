//! The pool has as many threads as it was asked for, and all of them compute at the same time.

use std::collections::HashSet;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use super::{Completion, Pool, Work, default_size};

/// As many pieces as `expected`. Each waits inside until all of them are: the job ends only if as many threads run it at
/// the same time. The output is the set of their lanes and threads.
struct Rendezvous {
    expected: usize,
    inside: Mutex<Vec<(usize, thread::ThreadId)>>,
    changed: Condvar,
}

/// How long a piece waits for the others before it fails. Only a failing test takes this long.
const TOO_LONG: Duration = Duration::from_secs(60);

impl Work for Rendezvous {
    type Output = Vec<(usize, thread::ThreadId)>;

    fn pieces(&self) -> usize {
        self.expected
    }

    fn run(&self, lane: usize, _: usize) {
        let mut inside = self.inside.lock().unwrap();
        inside.push((lane, thread::current().id()));
        self.changed.notify_all();
        let (inside, timeout) =
            self.changed.wait_timeout_while(inside, TOO_LONG, |inside| inside.len() < self.expected).unwrap();
        drop(inside);
        assert!(!timeout.timed_out(), "the other threads do not come");
    }

    fn finish(&self, _: &Completion) -> Self::Output {
        self.inside.lock().unwrap().clone()
    }
}

/// Submits a rendezvous of `expected` threads, and checks that they are as many, each in a lane of its own below `expected`.
fn meet(pool: &Pool, expected: usize) {
    let (sender, receiver) = mpsc::channel();
    let work = Rendezvous { expected, inside: Mutex::default(), changed: Condvar::new() };
    pool.submit(work, expected, move |completion| sender.send(completion).unwrap()).unwrap();
    let Completion::Done(inside) = receiver.recv().unwrap() else { panic!("not all of {expected} came") };
    let lanes: HashSet<_> = inside.iter().map(|(lane, _)| *lane).collect();
    assert_eq!(lanes, (0..expected).collect());
    let threads: HashSet<_> = inside.iter().map(|(_, thread)| *thread).collect();
    assert_eq!(threads.len(), expected);
}

#[test]
fn all_threads_of_a_pool_compute_at_the_same_time() {
    for size in [1, 2, 3, 8, if cfg!(miri) { 4 } else { 70 }] {
        let pool = Pool::new(size, || ());
        // More than once: with all threads new, and with some of them parked.
        for _ in 0..20 {
            meet(&pool, size);
        }
        assert_eq!(pool.running(), size);
    }
}

#[test]
fn lanes_are_as_many_as_the_width() {
    let pool = Pool::new(4, || ());
    for width in [3, 1, 2, 4] {
        meet(&pool, width);
    }
}

/// Two jobs, each of which needs the other to run: a second submitter gets a thread of its own.
#[test]
fn two_jobs_run_at_the_same_time() {
    let pool = Pool::new(2, || ());
    for _ in 0..if cfg!(miri) { 5 } else { 500 } {
        let barrier = Arc::new(Rendezvous { expected: 2, inside: Mutex::default(), changed: Condvar::new() });
        struct Half(Arc<Rendezvous>);
        impl Work for Half {
            type Output = ();
            fn pieces(&self) -> usize {
                1
            }
            fn run(&self, lane: usize, piece: usize) {
                self.0.run(lane, piece);
            }
            fn finish(&self, _: &Completion) {}
        }
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            for _ in 0..2 {
                let (work, sender) = (Half(Arc::clone(&barrier)), sender.clone());
                scope.spawn(|| {
                    pool.submit(work, 1, move |completion| sender.send(completion).unwrap()).unwrap()
                });
            }
        });
        for _ in 0..2 {
            assert_eq!(receiver.recv().unwrap(), Completion::Done(()));
        }
    }
}

#[test]
fn a_pool_that_started_short_grows_when_the_system_allows() {
    let pool = Pool::with_retry_interval(4, || (), Duration::ZERO);
    pool.system.limit.store(0, SeqCst);
    pool.start().unwrap_err();
    pool.start().unwrap_err();
    pool.system.limit.store(1, SeqCst);
    assert_eq!(pool.start().unwrap(), 1);
    pool.system.limit.store(2, SeqCst);
    meet(&pool, 2);
    assert_eq!(pool.running(), 2);
    pool.system.limit.store(9, SeqCst);
    meet(&pool, 4);
    assert_eq!(pool.running(), 4);
    // Complete, it never asks again.
    let asked = pool.system.asked.load(SeqCst);
    meet(&pool, 4);
    assert_eq!(pool.system.asked.load(SeqCst), asked);
}

#[test]
fn a_pool_that_stays_short_does_not_ask_with_every_call() {
    let pool = Pool::with_retry_interval(4, || (), Duration::MAX);
    pool.system.limit.store(2, SeqCst);
    for _ in 0..100 {
        meet(&pool, 2);
        assert_eq!(pool.start().unwrap(), 2);
    }
    assert_eq!(pool.system.asked.load(SeqCst), 3, "two threads, and one refusal");
}

/// Several threads make the first call at once: each gets an answer, and no thread is started twice.
#[test]
fn many_first_calls_start_one_pool() {
    for _ in 0..if cfg!(miri) { 2 } else { 50 } {
        let pool = Pool::new(4, || ());
        thread::scope(|scope| {
            (0..4).for_each(|_| drop(scope.spawn(|| assert_eq!(pool.start().unwrap(), 4))));
        });
        assert_eq!(pool.system.asked.load(SeqCst), 4);
    }
}

/// The affinity of this thread alone is narrowed: that is what `default_size` sees.
#[cfg(all(target_os = "linux", not(miri)))]
#[test]
fn the_default_size_is_the_number_of_cpus_that_may_be_used() {
    let allowed = affinity::get();
    // Fewer than the affinity allows, if there is a quota on CPU time.
    let most = default_size();
    assert!((1..=allowed.len()).contains(&most), "{most} of {}", allowed.len());
    if allowed.len() > 1 && !has_quota() {
        assert_eq!(most, allowed.len());
    }
    for count in 1..=allowed.len().min(8) {
        affinity::set(&allowed[..count]);
        assert_eq!(default_size(), count.min(most));
    }
    affinity::set(&allowed);
}

/// Whether a control group limits the CPU time of this process. True if that cannot be known.
#[cfg(all(target_os = "linux", not(miri)))]
fn has_quota() -> bool {
    let Ok(groups) = std::fs::read_to_string("/proc/self/cgroup") else { return true };
    let Some(path) = groups.lines().find_map(|line| line.strip_prefix("0::")) else { return true };
    std::path::Path::new(path).ancestors().any(|folder| {
        let file = format!("/sys/fs/cgroup/{}/cpu.max", folder.display());
        std::fs::read_to_string(file).is_ok_and(|limit| !limit.starts_with("max"))
    })
}

#[cfg(all(target_os = "linux", not(miri)))]
mod affinity {
    use std::mem::MaybeUninit;

    /// The CPUs that this thread may run on.
    pub(super) fn get() -> Vec<usize> {
        let mut set = MaybeUninit::<libc::cpu_set_t>::zeroed();
        // SAFETY: memory for one cpu_set_t, and its size.
        let status = unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), set.as_mut_ptr()) };
        assert_eq!(status, 0);
        // SAFETY: a cpu_set_t is an array of bits: zeros are a valid one.
        let set = unsafe { set.assume_init() };
        // SAFETY: the numbers are below the size of the set.
        (0..libc::CPU_SETSIZE as usize).filter(|&cpu| unsafe { libc::CPU_ISSET(cpu, &set) }).collect()
    }

    pub(super) fn set(cpus: &[usize]) {
        // SAFETY: a cpu_set_t is an array of bits: zeros are a valid one.
        let mut set = unsafe { MaybeUninit::<libc::cpu_set_t>::zeroed().assume_init() };
        for &cpu in cpus {
            // SAFETY: the number came from a set of this size.
            unsafe { libc::CPU_SET(cpu, &mut set) };
        }
        // SAFETY: an initialized set, and its size.
        let status = unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &set) };
        assert_eq!(status, 0);
    }
}
