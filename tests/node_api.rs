//! What the Node edge does when Node-API does not do what it is asked: every call of it fails in turn, once or from there
//! on, with every status that an environment on its way out has.
//!
//! Whatever fails: nothing panics, references and claims are let go of once, and the event loop is kept by calls in
//! flight alone.

#![cfg(unix)]

mod fake;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use fake::{Fault, Program, Record, Status, Value};

const STATUSES: [Status; 5] =
    [fake::PENDING_EXCEPTION, fake::CANNOT_RUN_JS, fake::CLOSING, fake::GENERIC_FAILURE, fake::INVALID_ARG];

/// A kind of record, by its name.
fn kind(name: &str) -> u32 {
    fake::constant(name) as u32
}

/// What is called, one after the other.
#[derive(Clone, Copy, Debug)]
enum Act {
    RangeOfNumber,
    RangeOfBigInt,
    Fill,
    FillAsRequested,
    View,
    SmallView,
    TwoViews,
    Abort,
}

const ACTS: [Act; 8] = [
    Act::RangeOfNumber,
    Act::RangeOfBigInt,
    Act::Fill,
    Act::FillAsRequested,
    Act::View,
    Act::SmallView,
    Act::TwoViews,
    Act::Abort,
];

/// 0 + 1 + ... + 9999.
const TOTAL: u64 = 49_995_000;

fn bigint(value: u64) -> Value {
    Value::BigInt { negative: false, words: vec![value] }
}

/// Runs `test` as an environment of its own: on a new thread.
fn environment<R: Send>(test: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| scope.spawn(test).join())
        .unwrap_or_else(|payload| std::panic::resume_unwind(payload))
}

/// Panics of the addon are caught by the addon; the tests count them all the same.
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn count_panics() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        report(info);
    }));
}

/// A program from its first line to its last, with one fault in it. Gives back which calls of Node-API failed.
fn life(fault: Option<Fault>) -> Vec<&'static str> {
    fake::load();
    fake::set_fault(fault);
    let (mut slots, mut doubles) = (vec![0_u64; 5], vec![1.0_f64.to_bits(); 40_000]);
    let mut twos = vec![2.0_f64.to_bits(); 40_000];
    let program = match Program::open() {
        Ok(program) => program,
        Err(_) => {
            let failed = fake::failed();
            assert!(!failed.is_empty(), "refused, and nothing had failed");
            // The port may be open, and its number not have reached JavaScript.
            if !["napi_delete_reference", "napi_create_uint32"].iter().any(|name| failed.contains(name)) {
                assert_eq!(fake::references(), 0, "{failed:?}");
                assert!(fake::all_released(), "{failed:?}");
                let left = failed.contains(&"napi_remove_env_cleanup_hook");
                assert_eq!(fake::hooks(), usize::from(left), "{failed:?}");
            }
            fake::end();
            return failed;
        }
    };
    for act in ACTS {
        let before = fake::failed().len();
        let target = fake::typed_array(fake::BIGINT64, &mut slots, 5, true);
        let view = fake::typed_array(fake::FLOAT64, &mut doubles, 40_000, true);
        let other = fake::typed_array(fake::FLOAT64, &mut twos, 40_000, true);
        let small = fake::typed_array(fake::FLOAT64, &mut doubles, 10, true);
        let started = match act {
            Act::RangeOfNumber => program.sum_range(Value::Number(10_000.0)),
            Act::RangeOfBigInt => program.sum_range(bigint(10_000)),
            Act::Fill | Act::Abort => program.sum_into_shared_buffer(target, 5, bigint(10_000)),
            Act::FillAsRequested => {
                let memory: &mut [u64] = &mut slots;
                memory[4] = 10_000;
                program.sum_into_shared_buffer(target, 5, Value::Undefined)
            }
            Act::View => program.sum(view, false),
            Act::SmallView => program.sum(small, true),
            Act::TwoViews => program.dot([view, other], false),
        };
        let failed = fake::failed()[before..].to_vec();
        if matches!(started, Ok(Value::Number(-1.0))) {
            assert_eq!(program.answer_on_the_spot(), record(0, kind("KIND_NUMBER"), 10.0_f64.to_bits()));
            continue;
        }
        // The id of a call that has started may not reach JavaScript. (A small view has been summed then.)
        let unheard = !matches!(act, Act::SmallView)
            && ["napi_create_uint32", "napi_create_int64"].iter().any(|name| failed.contains(name));
        match started {
            Ok(Value::Number(id)) => {
                assert!(program.waker.is_referenced(), "{act:?} is in flight");
                // Where Node-API fails in it, it says nothing, and does no harm.
                let has_ref = program.waker.has_ref();
                let may_fail = ["napi_get_cb_info", "napi_get_boolean"];
                assert!(
                    has_ref || may_fail.iter().any(|name| fake::failed().contains(name)),
                    "{act:?} is in flight"
                );
                assert!(fake::strong_references() >= 2, "{act:?} is in flight");
                if let Act::Abort = act {
                    let _ = program.abort(id);
                }
                finish(&program, act, id as u32);
            }
            _ if unheard => {
                program.waker.wait();
                program.waker.run(true);
                fake::settled();
            }
            refused => assert!(!failed.is_empty(), "{act:?} gave {refused:?}, and nothing had failed"),
        }
        let failed = fake::failed();
        if !failed.contains(&"napi_delete_reference") {
            assert_eq!(fake::references(), 2, "after {act:?} with {failed:?}: those to the receiver alone");
            if !failed.contains(&"napi_reference_unref") {
                assert_eq!(fake::strong_references(), 0, "after {act:?} with {failed:?}");
            }
        }
        if !failed.contains(&"napi_unref_threadsafe_function") {
            assert!(!program.waker.is_referenced(), "after {act:?} with {failed:?}");
        }
    }
    let failed = fake::failed();
    fake::set_fault(None);
    // Nothing claims the slots any more.
    let target = fake::typed_array(fake::BIGINT64, &mut slots, 5, true);
    match program.sum_into_shared_buffer(target, 5, bigint(10_000)) {
        Ok(Value::Number(id)) => finish(&program, Act::Fill, id as u32),
        other => panic!("after {failed:?}: {other:?}"),
    }
    fake::end();
    assert!(program.waker.is_released(), "after {failed:?}");
    failed
}

/// Waits for the one call in flight and looks at what came of it, unless a call of Node-API failed in that.
fn finish(program: &Program, act: Act, id: u32) {
    let before = fake::failed().len();
    program.waker.wait();
    program.waker.run(true);
    let (settled, messages) = fake::settled();
    let failed = &fake::failed()[before..];
    assert_eq!(messages, [""; 0]);
    let expected = match act {
        Act::RangeOfNumber => record(id, kind("KIND_NUMBER"), (TOTAL as f64).to_bits()),
        Act::View => record(id, kind("KIND_NUMBER"), 40_000.0_f64.to_bits()),
        Act::TwoViews => record(id, kind("KIND_NUMBER"), 80_000.0_f64.to_bits()),
        Act::SmallView => record(id, kind("KIND_NUMBER"), 10.0_f64.to_bits()),
        _ => record(id, kind("KIND_BIGINT"), TOTAL),
    };
    match settled[..] {
        [one] if one == expected => (),
        [one] if matches!(act, Act::Abort) && one.kind == kind("KIND_CANCELED") => (),
        [] => assert!(!failed.is_empty(), "{act:?} is not settled, and nothing had failed"),
        _ => panic!("{act:?}: {settled:?} with {failed:?}"),
    }
}

fn record(id: u32, kind: u32, low: u64) -> Record {
    Record { id, kind, low, high: 0 }
}

#[test]
fn every_call_of_node_api_may_fail() {
    count_panics();
    for status in STATUSES {
        for onwards in [false, true] {
            let mut at = 0;
            loop {
                let failed = environment(move || life(Some(Fault { at, onwards, status })));
                assert_eq!(PANICS.load(Ordering::SeqCst), 0, "status {status} for {failed:?}");
                if failed.is_empty() {
                    break;
                }
                at += 1;
            }
            // Less would mean that most calls are not reached.
            assert!(at > 70, "{at} calls of Node-API in the life of a program");
        }
    }
}

/// Starts calls that nobody settles, and ends the environment: no thread is at work any more, and nothing is claimed.
fn end_with_calls_in_flight(waker_status: Status, answer: impl FnOnce(&Program) + Send) {
    let (mut slots, mut doubles) = (vec![0_u64; 5], vec![1.0_f64.to_bits(); 4_000_000]);
    environment(|| {
        fake::load();
        let program = Program::open().unwrap();
        program.waker.set_status(waker_status);
        let target = fake::typed_array(fake::BIGINT64, &mut slots, 5, true);
        let view = fake::typed_array(fake::FLOAT64, &mut doubles, 4_000_000, true);
        for _ in 0..20 {
            program.sum(view, false).unwrap();
        }
        program.sum_into_shared_buffer(target, 5, bigint(10_000)).unwrap();
        assert_eq!(program.sum_into_shared_buffer(target, 5, bigint(1)).unwrap_err().code, "ERR_BUFFER_BUSY");
        assert_eq!((fake::references(), fake::strong_references()), (23, 23));
        answer(&program);
        fake::end();
        // What Node does with what is left in the queue.
        program.waker.run(false);
        assert!(program.waker.is_released());
        assert_eq!(program.sum_range(Value::Number(1.0)).unwrap_err().code, "ERR_INTERNAL");
        assert_eq!(program.sum_into_shared_buffer(target, 5, bigint(1)).unwrap_err().code, "ERR_INTERNAL");
        let _ = program.abort(3.0);
        assert_eq!(PANICS.load(Ordering::SeqCst), 0);
    });
    // 0 or -1, for nobody is inside any more; and another environment finds the memory free.
    assert!([0, u64::MAX].contains(&slots[4]), "the flag is {}", slots[4]);
    environment(|| {
        fake::load();
        let program = Program::open().unwrap();
        let target = fake::typed_array(fake::BIGINT64, &mut slots, 5, true);
        let Ok(Value::Number(id)) = program.sum_into_shared_buffer(target, 5, bigint(10_000)) else {
            panic!("the slots are claimed by a call that is gone")
        };
        finish(&program, Act::Fill, id as u32);
        fake::end();
    });
}

/// The package is loaded many times, as by a test runner with a registry for each file, and dropped again.
#[test]
fn a_package_that_was_dropped_leaves_nothing() {
    let mut slots = vec![0_u64; 5];
    environment(|| {
        fake::load();
        let first = Program::open().unwrap();
        for _ in 0..200 {
            let program = Program::open().unwrap();
            assert!(!program.waker.has_ref());
            let target = fake::typed_array(fake::BIGINT64, &mut slots, 5, true);
            let Ok(Value::Number(id)) = program.sum_into_shared_buffer(target, 5, bigint(10_000)) else {
                panic!("refused")
            };
            // While it is in flight, its realm stays.
            assert_eq!((fake::references(), fake::strong_references()), (5, 3));
            finish(&program, Act::Fill, id as u32);
            assert_eq!((fake::references(), fake::strong_references()), (4, 0));
            fake::collect(program.settle);
            assert!(program.waker.is_released());
            assert!(!program.waker.has_ref());
            assert_eq!((fake::references(), fake::hooks()), (2, 1), "what is left is the first one's");
            // Late calls of the runtime find nothing.
            program.waker.run_late();
            assert_eq!(program.sum_range(Value::Number(1.0)).unwrap_err().code, "ERR_INTERNAL");
        }
        let Ok(Value::Number(id)) = first.sum_range(Value::Number(10_000.0)) else { panic!("refused") };
        finish(&first, Act::RangeOfNumber, id as u32);
        fake::end();
        assert_eq!((fake::references(), fake::hooks()), (0, 0));
        assert_eq!(PANICS.load(Ordering::SeqCst), 0);
    });
}

/// Deno runs finalizers before cleanup hooks when an environment ends, Node after them.
#[test]
fn finalizers_and_cleanup_hooks_may_come_in_any_order() {
    for finalizers_first in [false, true] {
        let mut slots = vec![0_u64; 5];
        environment(|| {
            fake::load();
            let program = Program::open().unwrap();
            let target = fake::typed_array(fake::BIGINT64, &mut slots, 5, true);
            program.sum_into_shared_buffer(target, 5, bigint(10_000)).unwrap();
            if finalizers_first {
                fake::finalize(program.settle);
                assert!(program.waker.is_released());
            }
            fake::end();
            fake::finalize(program.settle);
            program.waker.run_late();
            assert!(program.waker.is_released());
            assert_eq!((fake::references(), fake::hooks()), (0, 0));
            assert_eq!(PANICS.load(Ordering::SeqCst), 0);
        });
        assert!([0, u64::MAX].contains(&slots[4]), "the flag is {}", slots[4]);
    }
}

#[test]
fn an_environment_may_end_with_calls_in_flight() {
    end_with_calls_in_flight(fake::OK, |_| ());
    // Torn down by Node before it is by us: the queue is emptied without an environment.
    end_with_calls_in_flight(fake::OK, |program| {
        program.waker.wait();
        assert!(program.waker.run(false));
    });
}

#[test]
fn a_waker_that_fails_holds_nothing_back() {
    for status in STATUSES {
        end_with_calls_in_flight(status, |_| ());
    }
}
