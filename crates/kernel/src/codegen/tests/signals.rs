//! Signals while code runs: it has no frame, and its handlers find the return address on top of the stack.

use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{Live, Patience, WIDTH, machines};
use crate::codegen::{Block, Indices, Inputs, Native, World};
use crate::interpret::testing::{Mixed, bits};
use crate::ir::{parse, verify};

/// Where the code is that a signal may meet, and what it has met there.
static CODE: [AtomicUsize; 2] = [const { AtomicUsize::new(0) }; 2];
static HITS: AtomicU64 = AtomicU64::new(0);
static RETURNS_TO: [AtomicUsize; 2] = [AtomicUsize::new(usize::MAX), AtomicUsize::new(0)];

/// What a profiler does: looks at where the thread is, and who has called it.
extern "C" fn look(_: i32, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the system hands a handler with `SA_SIGINFO` the context of the thread that it has interrupted.
    let registers = unsafe { &(*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
    let at = registers[libc::REG_RIP as usize] as usize;
    if !(CODE[0].load(Ordering::Relaxed)..CODE[1].load(Ordering::Relaxed)).contains(&at) {
        return;
    }
    // SAFETY: code that has no frame leaves the stack as it found it, with the return address on top.
    let caller =
        unsafe { ptr::with_exposed_provenance::<usize>(registers[libc::REG_RSP as usize] as usize).read() };
    RETURNS_TO[0].fetch_min(caller, Ordering::Relaxed);
    RETURNS_TO[1].fetch_max(caller, Ordering::Relaxed);
    HITS.fetch_add(1, Ordering::Relaxed);
}

/// Has `SIGPROF` come for each millisecond that this process computes, until dropped.
struct Profiler(libc::sigaction);

impl Profiler {
    fn start() -> Self {
        // SAFETY: all zeros is an action without flags, and a mask without signals.
        let mut action: libc::sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
        action.sa_sigaction = look as extern "C" fn(_, _, _) as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
        let mut before = action;
        // SAFETY: both actions are there; the handler calls nothing, and touches nothing but atomic numbers and the stack.
        assert_eq!(unsafe { libc::sigaction(libc::SIGPROF, &action, &mut before) }, 0);
        every(1000);
        Self(before)
    }
}

impl Drop for Profiler {
    fn drop(&mut self) {
        every(0);
        // A signal that is on its way finds the handler still there.
        std::thread::sleep(Duration::from_millis(20));
        // SAFETY: the action is the one that was there before.
        unsafe { libc::sigaction(libc::SIGPROF, &self.0, ptr::null_mut()) };
    }
}

fn every(microseconds: i64) {
    let interval = libc::timeval { tv_sec: 0, tv_usec: microseconds };
    let timer = libc::itimerval { it_interval: interval, it_value: interval };
    // SAFETY: the timer is there, and nobody asks for the one before.
    assert_eq!(unsafe { libc::setitimer(libc::ITIMER_PROF, &timer, ptr::null_mut()) }, 0);
}

/// Of a trial division, whose lanes leave at different times.
const TEXT: &str = "function 1 -> f64\n{\n%i = index 0\n%two = const.f64 2\n%zero = const.f64 0\n%one = const.f64 1\nblock @0 -> %r:f64 {\n\
    block @1 { loop @2 %d:f64 = %two {\n%dd = fmul %d, %d\n%goes = fle %dd, %i\nif %goes { yield } else { br @1 }\n\
    %m = frem %i, %d\n%divides = feq %m, %zero\nif %divides { br @0 %zero } else { yield }\n%e = fadd %d, %one\nbr @2 %e } }\n\
    yield %one\n}\nyield %r\n}";

#[test]
fn profilers_find_the_caller_on_top_of_the_stack() {
    let function = parse(TEXT).unwrap();
    verify(&function).unwrap();
    for machine in machines().into_iter().filter(|machine| !machine.is_neon()) {
        let native = Native::compile_for(&function, &[], machine).unwrap();
        // SAFETY: there are no arrays.
        let inputs = unsafe { Inputs::new(&[], []) };
        let (memory, mut patience, mut frame) = (Live(Vec::new()), Patience::new(), native.frame());
        let mut run = || {
            let (mut world, mut out) =
                (World { memory: &memory, math: &Mixed, fuel: &mut patience }, [0.0; WIDTH]);
            let block = Block { indices: Indices::From(1_000_000), count: WIDTH, out: &mut out };
            // SAFETY: the inputs are those of the function.
            unsafe { native.run(&mut frame, &inputs, block, &mut world) }.expect("an end");
            bits(&out)
        };
        let expected = run();
        let start = native.code().as_ptr().addr();
        CODE[0].store(start, Ordering::Relaxed);
        CODE[1].store(start + native.code().len(), Ordering::Relaxed);
        HITS.store(0, Ordering::Relaxed);
        let profiler = Profiler::start();
        let began = Instant::now();
        while HITS.load(Ordering::Relaxed) < 100 {
            assert!(run() == expected, "{machine:?}");
            assert!(began.elapsed() < Duration::from_secs(60), "{machine:?}: {HITS:?} signals met code");
        }
        drop(profiler);
    }
    // All calls of code are those of this program, and they are a few.
    let called_by = RETURNS_TO.each_ref().map(|address| address.load(Ordering::Relaxed));
    let here = profilers_find_the_caller_on_top_of_the_stack as fn() as usize;
    for address in called_by {
        assert!(
            address.abs_diff(here) < 1 << 28,
            "code returns to {address:x}, far from this program at {here:x}"
        );
    }
}
