//! Warm threads, each with its fixed share of every sum.

use std::{
    hint,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle, Thread},
    time::{Duration, Instant},
};

use crate::{
    kernels::{self, Kernel, Work},
    memory::Memory,
};

/// Bytes. The widest vectors read them within a microsecond, about the time that it takes to pass them to a spinning
/// thread and to hear of the sum; with fewer, one thread alone is faster.
const LEAST_SHARE: usize = 32 << 10;

/// Some calls, one after the other: how long they took together, and what came of the last one.
pub(crate) struct Timed {
    pub(crate) time: Duration,
    pub(crate) bits: [u64; 2],
}

/// The threads. The one that asks for a sum is the first of them.
pub(crate) struct Team {
    shared: Arc<Shared>,
    others: Vec<JoinHandle<()>>,
}

/// What the threads see of each other.
///
/// A thread that has nothing to do for long is parked, for other programs have their turns then. While a batch of calls
/// runs, all of them spin: nothing passes a call on faster.
struct Shared {
    /// The batch to run next; a new one for each number.
    batch: Mutex<(usize, Option<Arc<Batch>>)>,
    threads: usize,
}

struct Batch {
    work: Work,
    kernel: Kernel,
    memory: Arc<Memory>,
    bytes: usize,
    calls: usize,
    /// The calls that have started so far.
    started: Padded<AtomicUsize>,
    /// One for each thread that has arrived, and then for each share that has been summed.
    done: Padded<AtomicUsize>,
    /// What has come of each share.
    parts: Box<[Padded<[AtomicU64; 2]>]>,
}

/// Two lines: processors fetch them in pairs.
#[derive(Default)]
#[repr(align(128))]
struct Padded<T>(T);

impl Team {
    /// A team of that number of threads, the caller included.
    pub(crate) fn new(threads: usize) -> Self {
        let shared = Arc::new(Shared { batch: Mutex::new((0, None)), threads });
        let start = |index| {
            let shared = Arc::clone(&shared);
            let thread = thread::Builder::new().name(format!("roofline {index}"));
            thread.spawn(move || work(&shared, index)).expect("the system has a thread for each CPU")
        };
        let others = (1..threads).map(start).collect();
        Self { shared, others }
    }

    pub(crate) fn len(&self) -> usize {
        self.shared.threads
    }

    /// Does that work on the first bytes of the memory, `untimed` times and then `calls` times more.
    pub(crate) fn run(
        &self,
        work: Work,
        memory: &Arc<Memory>,
        bytes: usize,
        untimed: usize,
        calls: usize,
    ) -> Timed {
        // Sharing a sum pays only if the shares are worth the handing over.
        let threads = self.len().min(bytes / LEAST_SHARE).max(1);
        let batch = Arc::new(Batch {
            work,
            kernel: kernels::kernel(work, bytes),
            memory: Arc::clone(memory),
            bytes,
            calls: untimed + calls,
            started: Padded::default(),
            done: Padded::default(),
            parts: (0..threads).map(|_| Padded::default()).collect(),
        });
        self.publish(Some(Arc::clone(&batch)));
        // All are awake before anything is timed.
        batch.done.wait_for(threads - 1);

        let mut start = Instant::now();
        let mut bits = [0; 2];
        for call in 1..=batch.calls {
            if call == untimed + 1 {
                start = Instant::now();
            }
            batch.started.0.store(call, Ordering::Release);
            batch.run(0);
            batch.done.wait_for((threads - 1) * (call + 1));
            let parts = batch.parts.iter().map(|part| part.0.each_ref().map(|it| it.load(Ordering::Relaxed)));
            bits = hint::black_box(work.total(parts));
        }
        Timed { time: start.elapsed(), bits }
    }

    fn publish(&self, batch: Option<Arc<Batch>>) {
        {
            let mut next = self.shared.batch.lock().expect("no thread panics");
            *next = (next.0 + 1, batch);
        }
        self.others.iter().map(JoinHandle::thread).for_each(Thread::unpark);
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        self.publish(None);
        for thread in self.others.drain(..) {
            thread.join().expect("no thread panics");
        }
    }
}

impl Batch {
    /// Does the share of a thread.
    fn run(&self, index: usize) {
        let lines = self.memory.lines(self.bytes).expect("checked before");
        let threads = self.parts.len();
        let [a, b] = self
            .work
            .arrays(lines)
            .map(|lines| &lines[lines.len() * index / threads..lines.len() * (index + 1) / threads]);
        for (part, bits) in self.parts[index].0.iter().zip((self.kernel)(a, b)) {
            part.store(bits, Ordering::Relaxed);
        }
    }
}

impl Padded<AtomicUsize> {
    fn wait_for(&self, count: usize) {
        let mut spins = 0_u32;
        while self.0.load(Ordering::Acquire) < count {
            spins += 1;
            // With fewer processors than threads, spinning alone would keep the others from running.
            if spins < 2_000 { hint::spin_loop() } else { thread::yield_now() }
        }
    }
}

/// The life of a thread: one batch after the other.
fn work(shared: &Shared, index: usize) {
    let mut seen = 0;
    loop {
        let (number, batch) = shared.batch.lock().expect("no thread panics").clone();
        if number == seen {
            thread::park();
            continue;
        }
        seen = number;
        let Some(batch) = batch else { return };
        if index >= batch.parts.len() {
            continue;
        }
        batch.done.0.fetch_add(1, Ordering::Release);
        for call in 1..=batch.calls {
            batch.started.wait_for(call);
            batch.run(index);
            batch.done.0.fetch_add(1, Ordering::Release);
        }
    }
}
