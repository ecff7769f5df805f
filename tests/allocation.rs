//! What happens when memory runs out: an allocation whose size depends on what the program asks for fails in turn, the
//! first, the second, and so on until a run needs no more. The call is refused with a code, or does its work; nothing is
//! lost, and nothing ends the process.
//!
//! **Allocations of a fixed, small size are not part of this.** Those of a job (the job itself, its tickets, a node of the
//! table of claims, two kilobytes of accumulator for a thread, a block of the queue of what has finished) are each below
//! [`LARGE`], and Rust ends the process if one of them fails, with a message. In the process of an addon that decides
//! nothing: V8 ends the process too when it gets no memory for an object, so a program that cannot have another two
//! kilobytes has ended before, in the promise of the same call. What V8 does survive is being refused a large array
//! (`RangeError: Array buffer allocation failed`), and so do we.

#![cfg(unix)]

mod fake;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use fake::{Program, Value};

/// More bytes than anything of a fixed size asks for.
const LARGE: usize = 3 << 10;

/// As many threads as make arrays with a place for each of them large.
const THREADS: f64 = 256.0;

/// Enough to make the table of calls grow several times.
const CALLS: usize = 600;

struct Failing;

const NEVER: usize = usize::MAX;
/// How many large allocations still succeed.
static LEFT: AtomicUsize = AtomicUsize::new(NEVER);
static FAILED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: the system's allocator, but for answers that any allocator may give.
unsafe impl GlobalAlloc for Failing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() >= LARGE && LEFT.load(SeqCst) != NEVER && LEFT.fetch_sub(1, SeqCst) == 0 {
            LEFT.store(NEVER, SeqCst);
            FAILED.fetch_add(1, SeqCst);
            return std::ptr::null_mut();
        }
        // SAFETY: the promise of the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the promise of the caller; `alloc` gives out what the system has given.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Failing = Failing;

/// Runs `act`, in which large allocation number `at` fails. True if there was one.
fn with_failure<R>(at: usize, act: impl FnOnce() -> R) -> (R, bool) {
    let before = FAILED.load(SeqCst);
    LEFT.store(at, SeqCst);
    let result = act();
    LEFT.store(NEVER, SeqCst);
    (result, FAILED.load(SeqCst) > before)
}

/// A program of many calls in flight. Gives back how many were refused, and whether an allocation failed.
fn life(at: usize) -> (usize, bool) {
    fake::load();
    fake::call("poolSize", &[fake::make(Value::Number(THREADS))]).unwrap();
    let program = Program::open().unwrap();
    let mut slots = vec![0_u64; 100_000];
    let mut doubles = vec![1.0_f64.to_bits(); 2 << 20];
    let target = fake::typed_array(fake::BIGINT64, &mut slots, 100_000, true);
    let view = fake::typed_array(fake::FLOAT64, &mut doubles, 2 << 20, true);
    // The threads start here.
    let Ok(Value::Number(id)) = program.sum_range(Value::Number(1.0)) else { panic!("refused") };
    settle(&program, &[id]);
    let mut started = Vec::with_capacity(CALLS);
    let mut refused = 0;
    let (filled, failed) = with_failure(at, || {
        let mut filled = None;
        for call in 0..CALLS {
            let answer = match call % 200 {
                7 => program.sum(view, false),
                // As many slices as threads.
                17 => program.sum_range(Value::Number(9_007_199_254_740_991.0)),
                77 => program.sum_into_shared_buffer(
                    target,
                    100_000,
                    Value::BigInt { negative: false, words: vec![1_000] },
                ),
                _ => program.sum_range(Value::Number(10.0)),
            };
            match answer {
                Ok(Value::Number(id)) => {
                    started.push(id);
                    if call % 200 == 77 {
                        filled = Some(id);
                    }
                }
                // In flight since the last one.
                Err(thrown) if thrown.code == "ERR_BUFFER_BUSY" => assert!(filled.is_some()),
                Err(thrown) => {
                    assert_eq!(thrown.code, "ERR_INTERNAL");
                    assert!(thrown.message.starts_with("Memory for the call"), "{thrown:?}");
                    assert!(call % 200 != 77 || slots[99_999] == 0, "refused, and yet the request is stored");
                    refused += 1;
                }
                other => panic!("{other:?}"),
            }
        }
        filled
    });
    assert!(filled.is_some());
    settle(&program, &started);
    assert_eq!(fake::references(), 2, "those to the receiver alone");
    assert!(!program.waker.is_referenced());
    fake::end();
    (refused, failed)
}

/// Settles all that has started, and nothing else.
fn settle(program: &Program, started: &[f64]) {
    let mut settled = Vec::new();
    while settled.len() < started.len() {
        program.waker.wait();
        program.waker.run(true);
        let (records, messages) = fake::settled();
        assert!(messages.is_empty(), "{messages:?}");
        settled.extend(records.iter().map(|record| f64::from(record.id)));
    }
    settled.sort_by(f64::total_cmp);
    let mut started = started.to_vec();
    started.sort_by(f64::total_cmp);
    assert_eq!(settled, started);
}

#[test]
fn any_large_allocation_may_fail() {
    let mut at = 0;
    loop {
        let (refused, failed) = thread::scope(|scope| scope.spawn(|| life(at)).join()).unwrap();
        assert_eq!(refused, usize::from(failed), "allocation {at}");
        if !failed {
            break;
        }
        at += 1;
    }
    // The arrays of three ranges and three sums, and three for the table.
    assert!(at >= 9, "{at} large allocations");
}
