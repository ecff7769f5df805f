//! The threads of the pool: started on first use, never ended, deaf to signals.

use std::sync::{PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::job::{self, Completion, Handle, Work};
use super::queue::RunQueue;
use super::relief::{self, Crew};
use crate::sync::{Arc, AtomicUsize, Mutex, Ordering, Parker};

/// The largest pool that can be asked for.
pub(crate) const MAX_THREADS: usize = 1024;

/// After the system has refused a thread, a pool that has at least one does not ask for more until this has passed: it
/// makes at most ten failing attempts a second, however many calls there are.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// Not one thread could be started. The next submission tries again.
#[derive(Debug)]
pub(crate) struct NoThreads(pub(crate) std::io::Error);

/// The number of CPUs that this process may use: the size of a pool for which no other was asked.
pub(crate) fn default_size() -> usize {
    thread::available_parallelism().map_or(1, |cpus| cpus.get())
}

/// A pool of threads. The first submission starts them all; if the system refuses some, later submissions try again.
pub(crate) struct Pool {
    size: usize,
    queue: Arc<RunQueue>,
    /// What each thread belongs to.
    pub(super) crew: Arc<Crew>,
    /// How many threads have been started. Never falls.
    running: AtomicUsize,
    /// Locked while threads are being started.
    starting: Mutex<Starting>,
    retry_interval: Duration,
    #[cfg(test)]
    pub(super) system: System,
}

#[derive(Default)]
struct Starting {
    threads: Vec<thread::JoinHandle<()>>,
    /// When the system last refused a thread.
    refused: Option<Instant>,
}

/// A system that refuses threads, for tests.
#[cfg(test)]
pub(super) struct System {
    /// How many threads it allows.
    pub(super) limit: AtomicUsize,
    /// How often it was asked for one.
    pub(super) asked: AtomicUsize,
}

impl Pool {
    /// A pool of up to `size` threads, 1 ..= [`MAX_THREADS`], each of which calls `on_start` first. Starts none.
    pub(crate) fn new(size: usize, on_start: fn()) -> Self {
        Self::with_retry_interval(size, on_start, RETRY_INTERVAL)
    }

    pub(super) fn with_retry_interval(size: usize, on_start: fn(), retry_interval: Duration) -> Self {
        let size = size.clamp(1, MAX_THREADS);
        let queue = Arc::new(RunQueue::new(size));
        Self {
            size,
            crew: Arc::new(Crew::new(Arc::clone(&queue), size, on_start)),
            queue,
            running: AtomicUsize::new(0),
            starting: Mutex::default(),
            retry_interval,
            #[cfg(test)]
            system: System { limit: AtomicUsize::new(usize::MAX), asked: AtomicUsize::new(0) },
        }
    }

    /// How many threads the pool has, or will have if the system allows.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Runs `work` on at most `width` threads at once, and calls `on_completion` exactly once, when no thread is in the
    /// job any more and none will be. `on_completion` must not panic. It may run on any thread, and before this returns.
    pub(crate) fn submit<W, F>(&self, work: W, width: usize, on_completion: F) -> Result<Handle, NoThreads>
    where
        W: Work,
        F: FnOnce(Completion<W::Output>) + Send + 'static,
    {
        let width = width.min(self.start()?).min(work.width()).max(1);
        let (job, handle) = job::make(work, on_completion);
        self.queue.submit(job, width);
        Ok(handle)
    }

    /// Starts the threads that are missing and returns how many there are, at least one. A full pool pays for one load.
    /// Callers who must not fail halfway call this first.
    pub(crate) fn start(&self) -> Result<usize, NoThreads> {
        // Relaxed: a number, and no memory comes with it. The threads get theirs from the spawn.
        let running = self.running.load(Ordering::Relaxed);
        if running == self.size { Ok(running) } else { self.start_missing(running) }
    }

    #[cold]
    fn start_missing(&self, running: usize) -> Result<usize, NoThreads> {
        let mut starting = match self.starting.try_lock() {
            Ok(starting) => starting,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Another call is starting threads. This one waits for the first of them, and makes do with what there are.
            Err(TryLockError::WouldBlock) if running > 0 => return Ok(running),
            Err(TryLockError::WouldBlock) => self.starting.lock().unwrap_or_else(PoisonError::into_inner),
        };
        let Starting { threads, refused } = &mut *starting;
        if !threads.is_empty() && refused.is_some_and(|time| time.elapsed() < self.retry_interval) {
            return Ok(threads.len());
        }
        let _blocked = signals::Blocked::new();
        while threads.len() < self.size {
            match self.spawn(threads.len()) {
                Ok(thread) => threads.push(thread),
                Err(error) if threads.is_empty() => return Err(NoThreads(error)),
                Err(_) => {
                    *refused = Some(Instant::now());
                    break;
                }
            }
        }
        self.running.store(threads.len(), Ordering::Relaxed);
        Ok(threads.len())
    }

    /// How many threads have been started: none before the first job, and fewer than [`size`](Self::size) where the system refuses more.
    pub(crate) fn running(&self) -> usize {
        self.running.load(Ordering::Relaxed)
    }

    fn spawn(&self, me: usize) -> std::io::Result<thread::JoinHandle<()>> {
        #[cfg(test)]
        {
            self.system.asked.fetch_add(1, Ordering::Relaxed);
            if me >= self.system.limit.load(Ordering::Relaxed) {
                return Err(std::io::ErrorKind::WouldBlock.into());
            }
        }
        let queue = Arc::clone(&self.queue);
        let crew = Arc::clone(&self.crew);
        thread::Builder::new().name(format!("allcores-{me}")).spawn(move || {
            crew.join();
            let parker = Parker::new();
            queue.register(me, parker.unparker().clone());
            queue.serve(me, &parker, relief::turn_ended);
        })
    }
}

/// Only the pools of tests end. The pool of a process is never dropped: its threads run until the process exits.
#[cfg(test)]
impl Drop for Pool {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.starting.get_mut().unwrap().threads.drain(..) {
            thread.join().unwrap();
        }
    }
}

/// A thread inherits the signal mask of the thread that starts it. Miri has no signals.
#[cfg(all(unix, not(miri)))]
mod signals {
    use std::mem::MaybeUninit;
    use std::ptr;

    /// While it lives, the calling thread takes no signals, and the threads that it starts never will: a signal for the
    /// program reaches one of the program's own threads.
    pub(super) struct Blocked(Option<libc::sigset_t>);

    impl Blocked {
        pub(super) fn new() -> Self {
            let mut all = MaybeUninit::<libc::sigset_t>::uninit();
            // SAFETY: the pointer is to memory for one sigset_t, which the call initialises.
            unsafe { libc::sigfillset(all.as_mut_ptr()) };
            // A fault of the thread itself must reach its handler: blocked, it kills the process without a message.
            for fault in
                [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP, libc::SIGABRT]
            {
                // SAFETY: the set was initialized above, and the signal numbers are valid ones.
                unsafe { libc::sigdelset(all.as_mut_ptr(), fault) };
            }
            let mut before = MaybeUninit::<libc::sigset_t>::uninit();
            // SAFETY: `all` is initialized, and `before` is memory for one sigset_t.
            let status =
                unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr()) };
            // SAFETY: on success the call has written the old mask to `before`; it is read only then.
            Self((status == 0).then(|| unsafe { before.assume_init() }))
        }
    }

    impl Drop for Blocked {
        fn drop(&mut self) {
            if let Some(before) = &self.0 {
                // SAFETY: `before` is a mask that pthread_sigmask wrote; a null old set is allowed.
                unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before, ptr::null_mut()) };
            }
        }
    }
}

#[cfg(any(not(unix), miri))]
mod signals {
    /// There are no signals to block.
    pub(super) struct Blocked;

    impl Blocked {
        pub(super) fn new() -> Self {
            Self
        }
    }
}
