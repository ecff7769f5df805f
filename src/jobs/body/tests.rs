//! Jobs with bodies, without a pool: pieces run in turn, on any lane.

mod rows;

use std::collections::BTreeMap;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use allcores_exact::{Mean, Sum as ExactSum, Total};
use allcores_kernel::Body;
use allcores_kernel::interpret::{MathLibrary, WIDTH};
use allcores_kernel::ir::Math;
use allcores_kernel::lower::{Parameters, Request, Returns, Shape};
use allcores_kernel::math::Portable;
use allcores_machine::{Element, Isa};
use allcores_memory::{Block, SharedArray, SlotType, Slots};

use super::kernel::BodyKernel;
use super::{Array, Call, Grid, Length, may_run_here, rehearse, repeats, run_here};
use crate::jobs::pipeline::{Kernel, KernelShape};
use crate::jobs::{Kind, Value};
use crate::pool::{Completion, Work};

/// Memory of our own, as a buffer that JavaScript shares would lie there.
struct Buffer(Box<[AtomicU64]>);

impl Buffer {
    fn new(words: usize) -> Self {
        Self((0..words).map(|_| AtomicU64::new(0)).collect())
    }

    fn base(&self) -> NonNull<u8> {
        NonNull::new(self.0.as_ptr().cast_mut().cast()).unwrap()
    }

    fn doubles(&self) -> SharedArray {
        // SAFETY: so many aligned words, which tests keep alive as long as the call, and use in no other way.
        unsafe { SharedArray::new(self.base(), self.0.len(), Element::Float64) }
    }

    fn slots(&self) -> Slots {
        // SAFETY: as above.
        unsafe { Slots::new(self.base(), self.0.len(), SlotType::BigInt64) }
    }

    fn integers(&self) -> Vec<i64> {
        self.0.iter().map(|word| word.load(Ordering::Relaxed) as i64).collect()
    }

    fn values(&self) -> Vec<f64> {
        self.0.iter().map(|word| f64::from_bits(word.load(Ordering::Relaxed))).collect()
    }
}

pub(in crate::jobs) fn compile(
    source: &str,
    parameters: Parameters,
    returns: Returns,
    data: &[(&str, Shape)],
) -> Arc<Body> {
    let properties: BTreeMap<Box<str>, Shape> =
        data.iter().map(|(name, shape)| ((*name).into(), shape.clone())).collect();
    let request = Request { source, parameters, returns, data: &Shape::Object(properties) };
    Arc::new(Body::compile(&request).unwrap_or_else(|refused| panic!("{refused:?}")))
}

pub(in crate::jobs) fn call(body: Arc<Body>, arrays: Vec<Array>, grid: Grid) -> Call {
    Call { body, scalars: [].into(), arrays: arrays.into(), library: &Portable, grid }
}

pub(in crate::jobs) const SHARED: Shape = Shape::Array { element: Element::Float64, is_shared: true };

pub(in crate::jobs) fn run<W: Work<Output = Value>>(job: &W) -> Value {
    let mut piece = 0;
    while piece < job.pieces() && !job.is_exhausted() {
        job.run(piece % job.width(), piece);
        piece += 1;
    }
    assert!(!job.is_cut_short());
    job.finish(&Completion::Done(()))
}

#[test]
fn sums_are_exact_for_any_number_of_threads() {
    let body = compile("i => 0.1 * i", Parameters::Indices(1), Returns::Number, &[]);
    let mut sums = Vec::new();
    for threads in [1, 2, 7] {
        let call = call(Arc::clone(&body), vec![], Grid::range(3, 5000));
        let Value::Number(sum) = run(&call.into_sum(Isa::detect(), threads).unwrap()) else {
            panic!("no number")
        };
        sums.push(sum.to_bits());
    }
    assert!(sums.iter().all(|sum| *sum == sums[0]));
    assert!((f64::from_bits(sums[0]) - 0.1 * 4999.0 * 2500.0).abs() < 1.0);
    assert_ne!(body.cost(), 0, "what an index takes is remembered");
}

/// A body that waits for the divider is added up by its code, where that can be; others by the kernels for arrays.
#[test]
fn sums_that_code_makes_are_exact() {
    for source in
        ["i => 1 / (i + 1)", "i => 1 / (i % 7 - 3)", "i => 1e300 / (i + 1) ** (i % 40)", "i => -0 / (i + 1)"]
    {
        let body = compile(source, Parameters::Indices(1), Returns::Number, &[]);
        let units = 20 * WIDTH as u64 + 77;
        let total = |from: u64, to: u64, threads| {
            let call = call(Arc::clone(&body), vec![], Grid::range(from, to));
            match run(&call.into_sum(Isa::detect(), threads).unwrap()) {
                Value::Number(sum) => sum,
                _ => panic!("no number"),
            }
        };
        let mut parts = ExactSum::new(Element::Float64, Isa::detect());
        // Too few at a time for machine code.
        let mut one_by_one: Vec<f64> = (0..units).map(|unit| total(unit, unit + 1, 1)).collect();
        parts.add(Block::from_doubles(&mut one_by_one));
        let Total::Number(expected) = parts.total() else { panic!("no number") };
        for threads in [1, 3] {
            assert_eq!(total(0, units, threads).to_bits(), expected.to_bits(), "{source}");
        }
    }
}

/// What is called for few indices at a time, again and again, becomes machine code as well.
#[test]
fn many_short_calls_are_worth_code() {
    let body = compile("i => i * 3 + 1", Parameters::Indices(1), Returns::Number, &[]);
    let run_once = |units: u64| {
        let job =
            call(Arc::clone(&body), vec![], Grid::range(5, 5 + units)).into_sum(Isa::detect(), 1).unwrap();
        assert_eq!(run(&job), Value::Number((5..5 + units).map(|i| (i * 3 + 1) as f64).sum()));
        body.has_native(&Portable)
    };
    let calls = (0..100).take_while(|_| !run_once(40)).count();
    if body.native(&Portable).is_ok() {
        assert_eq!(calls, 51);
    }
}

/// Where the values are a job's sum and nothing else, and the divider is what takes the time: from the second block on, when it is known
/// how large they are.
#[test]
fn code_adds_up_where_the_divider_is_waited_for() {
    let made = |source: &str, is_sum: bool| {
        let body = compile(source, Parameters::Indices(1), Returns::Number, &[]);
        let has_code = body.native(&Portable).is_ok();
        let kernel = BodyKernel::new(call(body, vec![], Grid::range(0, 5000)), None);
        let kernel = if is_sum { kernel.into_sum() } else { kernel };
        let mut scratch = kernel.begin();
        let blocks = [0, 1, 2].map(|block| block * WIDTH as u64);
        let sums = blocks.map(|start| {
            let terms = kernel.map(start..start + WIDTH as u64, &mut scratch).expect("terms");
            assert_eq!(terms.summed + terms.values.len(), WIDTH);
            assert_eq!(terms.start, start + terms.summed as u64);
            assert!(terms.fused.is_none());
            terms.summed
        });
        assert_eq!(kernel.rest(&mut scratch).is_some(), sums.iter().any(|summed| *summed > 0));
        kernel.end(scratch);
        has_code.then_some(sums)
    };
    let Some(sums) = made("i => 1 / (i + 1)", true) else { return };
    assert_eq!(sums, [0, WIDTH, WIDTH]);
    assert_eq!(made("i => 1 / (i + 1)", false), Some([0; 3]));
    assert_eq!(made("i => i * 3", true), Some([0; 3]));
}

/// Sums made by machine code, of so many blocks that what it has added up is taken again and again, of numbers that soon need other
/// anchors, and of zeros.
#[test]
fn what_code_adds_up_is_taken() {
    let units = 300 * WIDTH as u64 + 17;
    for source in [
        "i => 1 / (i + 1)",
        "i => i < 100000 ? 1 / (i + 1) : 1e9 / (i + 3)",
        "i => i % 50000 === 49999 ? 1e300 / (i + 1) : 1 / (i + 1)",
        "i => -0 / (i + 1)",
        "i => 0 / (150000 - i)",
    ] {
        let value = |kind: Option<Kind>, threads: usize| {
            let body = compile(source, Parameters::Indices(1), Returns::Number, &[]);
            let call = call(body, vec![], Grid::range(0, units));
            let value = match kind {
                None => run(&call.into_sum(Isa::detect(), threads).unwrap()),
                Some(kind) => run(&call.into_reduction(kind, Isa::detect(), threads).unwrap()),
            };
            match value {
                Value::Number(number) => number,
                _ => panic!("no number"),
            }
        };
        let body = compile(source, Parameters::Indices(1), Returns::Number, &[]);
        let kernel = BodyKernel::new(call(body, vec![], Grid::range(0, units)), None);
        let (mut sum, mut mean) =
            (ExactSum::new(Element::Float64, Isa::detect()), Mean::new(Element::Float64, Isa::detect()));
        let mut scratch = kernel.begin();
        for start in (0..units).step_by(WIDTH) {
            let terms = kernel.map(start..units.min(start + WIDTH as u64), &mut scratch).expect("terms");
            sum.add(Block::from_doubles(terms.values));
            mean.add(Block::from_doubles(terms.values));
        }
        kernel.end(scratch);
        let Total::Number(sum) = sum.total() else { panic!("no number") };
        for threads in [1, 3] {
            assert_eq!(value(None, threads).to_bits(), sum.to_bits(), "{source}");
            assert_eq!(value(Some(Kind::Mean), threads).to_bits(), mean.value().to_bits(), "{source}");
        }
    }
}

#[test]
fn an_empty_range_calls_nothing() {
    let body = compile("i => 1 / 0", Parameters::Indices(1), Returns::Number, &[]);
    let job = call(body, vec![], Grid::range(7, 7)).into_sum(Isa::detect(), 4).unwrap();
    assert_eq!(job.pieces(), 1);
    job.run(0, 0);
    assert!(job.is_exhausted());
    // Math.sumPrecise([]) is -0, and Σ of nothing is 0: as sumRange(0).
    let Value::Number(sum) = job.finish(&Completion::Done(())) else { panic!("no number") };
    assert_eq!(sum, 0.0);
}

#[test]
fn bodies_run_once_for_each_index() {
    let buffer = Buffer::new(3000);
    let source = "(a, b, { out }) => { out[a * 50 + b] += 1 + a * 50 + b }";
    let body = compile(source, Parameters::Indices(2), Returns::Nothing, &[("out", SHARED)]);
    let grid = Grid::of(&[60, 50]).unwrap();
    let job = call(body, vec![Array::Shared(buffer.doubles())], grid).into_for_each(3);
    assert_eq!(run(&job), Value::Undefined);
    assert_eq!(job.progress(), 3000);
    assert_eq!(buffer.values(), (1..=3000).map(f64::from).collect::<Vec<_>>());
}

#[test]
fn a_map_may_go_into_its_own_view() {
    let buffer = Buffer::new(2000);
    (0..2000).for_each(|k| buffer.doubles().store(k, k as f64));
    let body = compile("(x, i) => x * 2 + i", Parameters::Element(Element::Float64), Returns::Number, &[]);
    let view = Array::Shared(buffer.doubles());
    let job = call(body, vec![view], Grid::range(0, 2000)).into_map(buffer.doubles(), 2);
    assert_eq!(run(&job), Value::Undefined);
    assert_eq!(buffer.values(), (0..2000).map(|k| f64::from(3 * k)).collect::<Vec<_>>());
}

#[test]
fn slots_hold_the_sums_of_their_slices() {
    for (num, count) in [(0, 3), (2, 5), (10, 1), (5000, 7), (5000, 4999), (20_000, 2)] {
        let buffer = Buffer::new(count + 1);
        buffer.slots().store(count, num as i64);
        let body = compile("i => i * i - 3", Parameters::Indices(1), Returns::Number, &[]);
        let job = call(body, vec![], Grid::range(0, num)).into_slots(buffer.slots(), Isa::detect(), 3);
        let total = run(&job);
        let term = |i: u64| (i * i) as i64 - 3;
        let mut expected: Vec<i64> = (0..count as u64)
            .map(|k| (num * k / count as u64..num * (k + 1) / count as u64).map(term).sum())
            .collect();
        assert_eq!(total, Value::BigInt(i128::from(expected.iter().sum::<i64>())));
        expected.push(0);
        assert_eq!(buffer.integers(), expected, "{num} in {count}");
    }
}

#[test]
fn a_partial_sum_that_fits_no_slot_fails_the_call() {
    for source in ["i => i / 2", "i => i === 500 ? NaN : 1", "i => 1e300"] {
        let buffer = Buffer::new(4);
        let body = compile(source, Parameters::Indices(1), Returns::Number, &[]);
        let job = call(body, vec![], Grid::range(0, 1000)).into_slots(buffer.slots(), Isa::detect(), 3);
        let Value::Refused(refusal) = run(&job) else { panic!("not refused") };
        assert!(refusal.0.contains("partial sum of slot"), "{}", refusal.0);
        assert_eq!(buffer.integers()[3], -1);
    }
}

#[test]
fn a_body_that_cannot_go_on_fails_the_call() {
    let element = Element::Int32;
    let memory = Buffer::new(4);
    // SAFETY: as in `doubles`.
    let array = unsafe { SharedArray::new(memory.base(), 8, element) };
    let shape = Shape::Array { element, is_shared: true };
    let source = "(i, { n }) => Atomics.add(n, i, 1)";
    let body = compile(source, Parameters::Indices(1), Returns::Number, &[("n", shape)]);
    let job = call(body, vec![Array::Shared(array)], Grid::range(0, 100)).into_sum(Isa::detect(), 2).unwrap();
    let Value::Refused(refusal) = run(&job) else { panic!("not refused") };
    assert!(refusal.0.contains("element 8 of \"n\", which has 8 elements"), "{}", refusal.0);
}

#[test]
fn every_kind_of_call_runs_on_all_threads_that_it_may_have() {
    let body = |returns| compile("i => i", Parameters::Indices(1), returns, &[]);
    let call = |returns| call(body(returns), vec![], Grid::range(0, 100_000));
    let (into, slots) = (Buffer::new(100_000), Buffer::new(10));
    for threads in [1, 2, 7] {
        let lanes = [
            call(Returns::Number).into_sum(Isa::detect(), threads).unwrap().lanes(),
            call(Returns::Number).into_slots(slots.slots(), Isa::detect(), threads).lanes(),
            call(Returns::Number).into_map(into.doubles(), threads).lanes(),
            call(Returns::Nothing).into_for_each(threads).lanes(),
            call(Returns::Number).into_reduction(Kind::Min, Isa::detect(), threads).unwrap().lanes(),
            call(Returns::Number).into_find_index(threads).lanes(),
        ];
        assert_eq!(lanes, [threads; 6]);
    }
}

/// Whether the indices of a body run one after the other, on two arrays that may be the same memory.
fn is_in_order(source: &str, overlap: bool) -> bool {
    let (first, second) = (Buffer::new(8), Buffer::new(8));
    let body = compile(source, Parameters::Indices(1), Returns::Nothing, &[("a", SHARED), ("b", SHARED)]);
    let second = if overlap { &first } else { &second };
    let arrays = vec![Array::Shared(first.doubles()), Array::Shared(second.doubles())];
    call(body, arrays, Grid::range(0, 8)).into_for_each(1).kernel.block() == 1
}

#[test]
fn indices_run_one_after_the_other_if_they_may_wait() {
    for (source, apart, same) in [
        ("(i, { a, b }) => { a[i] = b[i] }", false, false),
        ("(i, { a, b }) => { while (a[0] === 0) b[i]++; }", false, true),
        ("(i, { a, b }) => { while (a[0] === 0 && b[1] === 0); a[i] = 1; }", true, true),
        ("(i, { a, b }) => { for (let k = b[i]; k < b[i + 1]; k++) a[i]++; }", false, false),
        ("(i, { a, b }) => { while (a[0] + b[0] === 0); }", false, false),
    ] {
        assert_eq!((is_in_order(source, false), is_in_order(source, true)), (apart, same), "{source}");
    }
}

#[test]
fn a_map_that_polls_its_own_results_has_them_one_after_the_other() {
    let (from, into) = (Buffer::new(600), Buffer::new(600));
    let source = "(x, i, { a }) => { for (let k = 0; a[0] === -1; k++) if (k > 1000) return 1; return a[i - 1] + 1 || 0 }";
    let body = compile(source, Parameters::Element(Element::Float64), Returns::Number, &[("a", SHARED)]);
    let arrays = body.arrays().iter().map(|path| if path.is_empty() { &from } else { &into });
    let arrays = arrays.map(|buffer| Array::Shared(buffer.doubles())).collect();
    let job = call(Arc::clone(&body), arrays, Grid::range(0, 600)).into_map(into.doubles(), 1);
    assert_eq!(run(&job), Value::Undefined);
    assert_eq!(into.values(), (0..600).map(f64::from).collect::<Vec<_>>());
}

#[test]
fn a_body_stops_in_the_middle_of_its_loops() {
    let source = "i => { let k = 0; while (k >= 0) k++; return k }";
    let body = compile(source, Parameters::Indices(1), Returns::Number, &[]);
    let job = call(body, vec![], Grid::range(0, 1000)).into_sum(Isa::detect(), 1).unwrap();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| job.run(0, 0));
        job.stop();
        running.join().unwrap();
    });
    assert!(job.is_cut_short());
}

/// A turn that fills an array or calls functions counts for more: a rehearsal takes some milliseconds, whatever is in the loops.
#[test]
fn turns_that_take_long_count_for_more() {
    let ends = |turn: &str| {
        let source = format!("i => {{ let s = 0; for (let k = 0; k < 3000; k++) {{ {turn} }} return s }}");
        let body = compile(&source, Parameters::Indices(1), Returns::Number, &[]);
        let points: Vec<f64> = (0..64).map(f64::from).collect();
        let answer = rehearse(&call(body, vec![], Grid::range(0, 64)), &points, 200_000);
        answer.chunks_exact(3).filter(|point| point[0] == 0.0).count()
    };
    assert_eq!(ends("s += k * i"), 64);
    assert_eq!(ends("const a = new Float64Array(4); a[i] = k; s += a[i]"), 64);
    assert_eq!(ends("const a = new Float64Array(4096); a[i] = k; s += a[i]"), 1);
    let many = "s += Math.sin(k) + Math.cos(k) + Math.tan(k) + Math.log(k)";
    assert!(ends(many) < 64);
}

#[test]
fn rehearsals_store_nothing() {
    let buffer = Buffer::new(10);
    (0..10).for_each(|k| buffer.doubles().store(k, k as f64));
    let source = "(i, { a }) => { a[i] += 0.5; a[i + 1] = a[i] * 2; if (i === 3) while (true) a[0]++; return a[i + 1] }";
    let body = compile(source, Parameters::Indices(1), Returns::Number, &[("a", SHARED)]);
    let call = call(body, vec![Array::Shared(buffer.doubles())], Grid::range(0, 0));
    let answer = rehearse(&call, &[1.0, 9.0], 100);
    assert_eq!(answer[..9], [0.0, 3.0, 2.0, 0.0, 1.0, 1.5, 0.0, 2.0, 3.0]);
    assert_eq!(answer[9], 0.0);
    assert!(answer[10].is_nan(), "element 10 is not there");
    assert_eq!(answer[11..], [1.0, 0.0, 9.0, 9.5]);
    let answer = rehearse(&call, &[3.0, 1.0], 100);
    assert_eq!(answer[0], 1.0, "out of turns");
    assert_eq!(buffer.values(), (0..10).map(f64::from).collect::<Vec<_>>());
}

/// Notes which functions are called, one after the other.
#[derive(Default)]
struct Notes(Mutex<Vec<Math>>);

impl MathLibrary for Notes {
    fn call(&self, function: Math, arguments: &[f64]) -> f64 {
        self.0.lock().unwrap().push(function);
        arguments[0]
    }
}

/// The portable functions, known to be that or not, and how often they are called one by one.
#[derive(Default)]
struct Counted {
    is_portable: bool,
    calls: AtomicU64,
}

impl MathLibrary for Counted {
    fn call(&self, function: Math, arguments: &[f64]) -> f64 {
        self.calls.fetch_add(1, Ordering::Relaxed);
        Portable.call(function, arguments)
    }

    fn has_portable(&self, _: Math) -> bool {
        self.is_portable
    }
}

#[test]
fn code_has_functions_of_math_in_vectors_if_their_bits_are_known() {
    const UNITS: u64 = 5000;
    let run_with = |is_portable: bool| {
        let body = compile("i => Math.exp(i * 0.001)", Parameters::Indices(1), Returns::Number, &[]);
        let library: &'static Counted = Box::leak(Box::new(Counted { is_portable, ..Counted::default() }));
        let has_code = body.native(library).is_ok();
        let call = Call { library, ..call(body, vec![], Grid::range(0, UNITS)) };
        let Value::Number(sum) = run(&call.into_sum(Isa::detect(), 1).unwrap()) else { panic!("no number") };
        (sum.to_bits(), library.calls.load(Ordering::Relaxed), has_code)
    };
    let ((sum, calls, has_code), (expected, others, _)) = (run_with(true), run_with(false));
    assert_eq!(sum, expected);
    assert!(others >= UNITS);
    assert_eq!(calls, if has_code { 0 } else { UNITS });
}

/// The interpreter calls a function for a whole block before it calls the next one, and code for a group of lanes: the order of the
/// calls says which of them has run.
#[test]
fn code_runs_what_it_is_worth_making_for() {
    let lanes_at_once = |source: &str, units: u64| {
        let body = compile(source, Parameters::Indices(1), Returns::Number, &[]);
        let notes: &'static Notes = Box::leak(Box::default());
        let call = Call { library: notes, ..call(Arc::clone(&body), vec![], Grid::range(0, units)) };
        run(&call.into_sum(Isa::detect(), 1).unwrap());
        let calls = notes.0.lock().unwrap();
        let longest = calls.chunk_by(|a, b| a == b).map(<[Math]>::len).max();
        // Blocks of the interpreter grow to their full width; the last group of code may be no whole one.
        (longest.unwrap_or(0), body.native(&Portable).map_or(WIDTH, |native| native.lanes()))
    };
    let (lanes, group) = lanes_at_once("i => Math.sin(i) + Math.cos(i)", 2048);
    assert!(lanes <= group, "as many indices as pay for it");
    let (lanes, group) = lanes_at_once(
        "i => { let s = 0; for (let k = 0; k < 2; k++) s += Math.sin(i) + Math.cos(i); return s; }",
        600,
    );
    assert!(lanes <= group, "a body with loops");
    let (lanes, _) = lanes_at_once("i => Math.sin(i) + Math.cos(i)", 2047);
    assert!(lanes > 64, "too few indices, {lanes} at once");
}

#[test]
fn short_calls_run_here() {
    let isa = Isa::detect();
    let body = compile("i => 0.1 * i", Parameters::Indices(1), Returns::Number, &[]);
    let length = |units| may_run_here(&body, &Portable, units);
    assert_eq!(length(10), Length::Long, "nobody knows what it costs");
    body.set_cost(2000);
    assert_eq!([6000, 6001, 20_000, 20_001].map(length), {
        [Length::Short, Length::ShortAlone, Length::ShortAlone, Length::Long]
    });
    body.set_cost(1);
    assert_eq!(length(40_000), Length::Long, "a clock may be coarse");
    for units in [0, 1, 700, 5000] {
        let [one, other] = [0, 1].map(|_| call(Arc::clone(&body), vec![], Grid::range(3, 3 + units)));
        let expected = run(&one.into_sum(isa, 2).unwrap());
        assert_eq!(run_here(other.into_sum(isa, 1).unwrap()), Some(expected), "{units}");
    }
    assert_ne!(body.cost(), 1, "what an index takes is remembered");

    let (buffer, into) = (Buffer::new(100), Buffer::new(100));
    let data = [("a", SHARED)];
    let store = compile("(i, { a }) => { a[i] = 2 * i }", Parameters::Indices(1), Returns::Nothing, &data);
    let stores = call(store, vec![Array::Shared(buffer.doubles())], Grid::range(0, 100));
    assert_eq!(run_here(stores.into_for_each(1)), Some(Value::Undefined));
    assert_eq!(buffer.values()[99], 198.0);
    let map = call(body, vec![], Grid::range(0, 100));
    assert_eq!(run_here(map.into_map(into.doubles(), 1)), Some(Value::Undefined));
    assert_eq!(into.values()[50], 5.0);
}

/// Nobody could abort it. What it stores, it stores again elsewhere.
#[test]
fn calls_that_turn_out_long_are_given_up_here() {
    let isa = Isa::detect();
    let data = [("a", SHARED)];
    let known = |source| {
        let body = compile(source, Parameters::Indices(1), Returns::Number, &data);
        body.set_cost(1);
        let _ = body.native(&Portable);
        body
    };
    let may_run = |body: &Body| may_run_here(body, &Portable, 10) == Length::Short;
    let body = known("(i, { a }) => { let k = 0; while (k < a[0]) k++; return k }");
    if body.native(&Portable).is_err() {
        assert!(!may_run(&body), "the interpreter would be asked at every turn");
        return;
    }
    assert!(may_run(&body));
    for (turns, is_over) in [(3.0, true), (1e9, false)] {
        let buffer = Buffer::new(1);
        buffer.doubles().store(0, turns);
        let call = call(Arc::clone(&body), vec![Array::Shared(buffer.doubles())], Grid::range(0, 10));
        let expected = is_over.then_some(Value::Number(10.0 * turns));
        assert_eq!(run_here(call.into_sum(isa, 1).unwrap()), expected, "{turns} turns");
    }
    let waits = known("(i, { a }) => { while (a[0] === 0); return 1 }");
    assert!(may_run(&waits));
    let buffer = Buffer::new(1);
    let call = call(waits, vec![Array::Shared(buffer.doubles())], Grid::range(0, 10));
    assert_eq!(run_here(call.into_sum(isa, 1).unwrap()), None, "nobody else has it go on");
}

#[test]
fn calls_that_read_what_they_store_do_not_begin_again() {
    let buffers = [Buffer::new(8), Buffer::new(8)];
    let repeats_with = |source: &str, returns, [a, b]: [usize; 2], into: Option<usize>| {
        let body = compile(source, Parameters::Indices(1), returns, &[("a", SHARED), ("b", SHARED)]);
        let number = |name: &str| if name == "a" { a } else { b };
        let arrays =
            body.arrays().iter().map(|path| Array::Shared(buffers[number(&path[0])].doubles())).collect();
        let into = into.map(|number| buffers[number].doubles());
        repeats(&call(Arc::clone(&body), arrays, Grid::range(0, 8)), into.as_ref())
    };
    let adds = "(i, { a, b }) => { for (let k = 0; k < 9; k++) a[i] += b[k] }";
    let copies = "(i, { a, b }) => { for (let k = 0; k < 9; k++) a[k] = b[i] }";
    assert!(!repeats_with(adds, Returns::Nothing, [0, 1], None));
    assert!(repeats_with(copies, Returns::Nothing, [0, 1], None));
    assert!(!repeats_with(copies, Returns::Nothing, [1, 1], None), "the same memory by another name");
    let waits = "(i, { a, b }) => { while (a[i] === 0); a[i] = b[i] }";
    assert!(!repeats_with(waits, Returns::Nothing, [0, 1], None), "another thread may have it go on, or not");
    let sums = "(i, { a, b }) => { let s = 0; for (let k = 0; k < 9; k++) s += a[k] * b[i]; return s }";
    assert!(repeats_with(sums, Returns::Number, [0, 0], None));
    assert!(repeats_with(sums, Returns::Number, [0, 0], Some(1)));
    assert!(!repeats_with(sums, Returns::Number, [0, 1], Some(1)), "where the results go");
    let counts = "(i, { a, b }) => { a[i] += b[i] }";
    assert!(repeats_with(counts, Returns::Nothing, [0, 1], None), "without loops, it is never given up");
}
