//! The threads of the pool: started on first use, never ended, blind to signals.

use std::sync::OnceLock;
use std::thread;

use super::job::{self, Completion, Handle, Work};
use super::queue::RunQueue;
use crate::sync::{Arc, Mutex, Parker};

/// The largest pool that can be asked for.
pub(crate) const MAX_THREADS: usize = 1024;

/// Not one thread could be started. The next submission tries again.
#[derive(Debug)]
pub(crate) struct NoThreads(pub(crate) std::io::Error);

/// A pool of threads, all started by the first submission.
pub(crate) struct Pool {
    size: usize,
    /// What each thread does first.
    on_start: fn(),
    queue: Arc<RunQueue>,
    /// How many threads serve the queue, once it is known. Set when at least one could be started.
    running: OnceLock<usize>,
    /// Held while threads are being started.
    starting: Mutex<Threads>,
}

type Threads = Vec<thread::JoinHandle<()>>;

impl Pool {
    /// A pool of up to `size` threads, 1 ..= [`MAX_THREADS`], each of which will call `on_start` first. Starts none.
    pub(crate) fn new(size: usize, on_start: fn()) -> Self {
        let size = size.clamp(1, MAX_THREADS);
        Self {
            size,
            on_start,
            queue: Arc::new(RunQueue::new(size)),
            running: OnceLock::new(),
            starting: Mutex::new(Vec::new()),
        }
    }

    /// How many threads the pool has, or will have if the system allows.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Runs `work` on at most `width` threads at once, and calls `on_completion` exactly once, when no thread is in the
    /// job any more and none will be. `on_completion` must not panic; it may run on any thread, before this returns too.
    pub(crate) fn submit<W, F>(&self, work: W, width: usize, on_completion: F) -> Result<Handle, NoThreads>
    where
        W: Work,
        F: FnOnce(Completion<W::Output>) + Send + 'static,
    {
        let width = width.min(self.start()?).min(work.pieces()).max(1);
        let (job, handle) = job::make(work, on_completion);
        self.queue.submit(job, width);
        Ok(handle)
    }

    /// Sees to it that there are threads, and says how many. Cheap when they are there: callers who must not
    /// fail halfway call it first.
    pub(crate) fn start(&self) -> Result<usize, NoThreads> {
        if let Some(&running) = self.running.get() {
            return Ok(running);
        }
        let mut threads = self.starting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(&running) = self.running.get() {
            return Ok(running);
        }
        let _blocked = signals::Blocked::new();
        while threads.len() < self.size {
            match self.spawn(threads.len()) {
                Ok(thread) => threads.push(thread),
                // Fewer than wanted will do.
                Err(_) if !threads.is_empty() => break,
                Err(error) => return Err(NoThreads(error)),
            }
        }
        Ok(*self.running.get_or_init(|| threads.len()))
    }

    /// How many threads there are by now.
    #[cfg(test)]
    pub(super) fn running(&self) -> Option<usize> {
        self.running.get().copied()
    }

    fn spawn(&self, me: usize) -> std::io::Result<thread::JoinHandle<()>> {
        let queue = Arc::clone(&self.queue);
        let on_start = self.on_start;
        thread::Builder::new().name(format!("allcores-{me}")).spawn(move || {
            on_start();
            let parker = Parker::new();
            queue.register(me, parker.unparker().clone());
            queue.serve(me, &parker);
        })
    }
}

/// Only pools made by tests end. The one that serves a process is never dropped: at exit its threads are in the
/// middle of whatever they do, and the system ends them.
#[cfg(test)]
impl Drop for Pool {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.starting.get_mut().unwrap().drain(..) {
            thread.join().unwrap();
        }
    }
}

/// A thread inherits the signal mask of the thread that starts it. Miri has no signals.
#[cfg(all(unix, not(miri)))]
mod signals {
    use std::mem::MaybeUninit;
    use std::ptr;

    /// While it lives, the calling thread takes no signals, and threads that it starts never will: a signal meant
    /// for the program reaches one of the program's threads.
    pub(super) struct Blocked(Option<libc::sigset_t>);

    impl Blocked {
        pub(super) fn new() -> Self {
            let mut all = MaybeUninit::<libc::sigset_t>::uninit();
            // SAFETY: the pointer is to memory for one sigset_t, which the call initialises.
            unsafe { libc::sigfillset(all.as_mut_ptr()) };
            // Faults of the thread itself must reach their handlers: blocked, they would kill without a word.
            for fault in
                [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP, libc::SIGABRT]
            {
                // SAFETY: the set was initialised above, and the signal numbers are valid ones.
                unsafe { libc::sigdelset(all.as_mut_ptr(), fault) };
            }
            let mut before = MaybeUninit::<libc::sigset_t>::uninit();
            // SAFETY: `all` is initialised, and `before` is memory for one sigset_t.
            let status =
                unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr()) };
            // SAFETY: on success the call has written the old mask to `before`; it is read only then.
            Self((status == 0).then(|| unsafe { before.assume_init() }))
        }
    }

    impl Drop for Blocked {
        fn drop(&mut self) {
            if let Some(before) = &self.0 {
                // SAFETY: `before` is a mask that pthread_sigmask gave out; a null old set is allowed.
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
