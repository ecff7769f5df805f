//! Atomic operations: every one on every type of elements, without the driver, and by several threads at once.

use super::guarded::{Guarded, Touches};
use super::{Live, machines};
use crate::codegen::{Block, Indices, Inputs, Machine, Native, World};
use crate::interpret::testing::{Mixed, bits};
use crate::interpret::{Arrays, Memory, Scalar, Stop, Unlimited};
use crate::ir::{ArrayId, AtomicOp, Element, Function, parse, verify};

const WIDTH: usize = Native::WIDTH;

/// Elements that the indices share.
const SHARED: usize = 5;

/// The driver is not to be asked.
struct Untouched;

impl Memory for Untouched {
    fn len(&self, _: ArrayId) -> u64 {
        unreachable!("code has the lengths")
    }
    fn load(&self, _: ArrayId, _: u64) -> f64 {
        unreachable!("code loads")
    }
    fn store(&self, _: ArrayId, _: u64, _: f64) {
        unreachable!("code stores")
    }
    fn atomic(&self, _: AtomicOp, _: ArrayId, _: u64, _: f64, _: f64) -> f64 {
        unreachable!("code does it itself")
    }
}

fn atomic_elements() -> impl Iterator<Item = Element> {
    Element::ALL.into_iter().filter(|element| element.is_atomic() && !element.is_bigint())
}

/// One operation at `index` for each index, of which those that are odd do nothing if there is a `mask`.
fn function(op: AtomicOp, element: Element, index: &str, has_mask: bool) -> Function {
    let arguments = [", %a", ", %b"][..op.arity()].concat();
    let (name, op) = (element.name(), op.name());
    let text = format!(
        "function 1 -> f64\narray 0 float64 \"x\"\narray 1 {name} \"t\" written\n{{\n%i = index 0\n%shared = const.f64 {SHARED}\n\
         %two = const.f64 2\n%zero = const.f64 0\n%a = load 0 %i\n%k = fadd %i, %two\n%b = load 0 %k\n{index}\n{}\n}}",
        if has_mask {
            format!(
                "%m = frem %i, %two\n%c = feq %m, %zero\nif %c -> %r:f64 {{ %v = atomic.{op} 1 %j{arguments}\nyield %v }} else \
                 {{ yield %two }}\nyield %r"
            )
        } else {
            format!("%v = atomic.{op} 1 %j{arguments}\nyield %v")
        }
    );
    let function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap();
    function
}

fn numbers(count: usize) -> Vec<f64> {
    const SPECIAL: [f64; 16] = [
        1.0,
        0.0,
        -0.0,
        255.0,
        -1.0,
        256.5,
        65_535.0,
        -32_768.0,
        2_147_483_648.0,
        -2_147_483_649.0,
        4_294_967_295.0,
        f64::NAN,
        f64::INFINITY,
        1e300,
        3.0,
        -7.75,
    ];
    (0..count).map(|k| SPECIAL[k * k % 16]).collect()
}

#[test]
fn atomic_operations_do_what_the_interpreter_does() {
    machines().into_iter().for_each(operate);
}

fn operate(machine: Machine) {
    let (mut from, mut to) = (Guarded::new(8 * (WIDTH + 2)), Guarded::new(4096));
    for (op, element) in AtomicOp::ALL.into_iter().flat_map(|op| atomic_elements().map(move |it| (op, it))) {
        for has_mask in [false, true] {
            let function = function(op, element, "%j = frem %i, %shared", has_mask);
            let native = Native::compile_for(&function, &[Element::Float64, element], machine).unwrap();
            let mut frame = native.frame();
            for (touches, count) in [(Touches::Start, 1), (Touches::End, 83), (Touches::Start, WIDTH)] {
                let (x, t) = (numbers(count), vec![3.0; SHARED]);
                from.put(touches, Element::Float64, &x);
                to.put(touches, element, &t);
                // SAFETY: the arrays outlive the run.
                let inputs = unsafe { Inputs::new(&[], [from.raw(), to.raw()]) };
                let mut world = World { memory: &Untouched, math: &Mixed, fuel: &mut Unlimited };
                let mut out = [0.0; WIDTH];
                let block = Block { indices: Indices::From(0), count, out: &mut out };
                // SAFETY: the inputs are those of the function.
                unsafe { native.run(&mut frame, &inputs, block, &mut world) }.unwrap();
                let arrays = Arrays::new([(Element::Float64, x), (element, t)]);
                let mut scalar = Scalar::new(&function, &[]);
                let expected: Vec<f64> = (0..count)
                    .map(|k| scalar.run(&[k as f64], &arrays, &Mixed, &mut 0).unwrap().unwrap())
                    .collect();
                let what = format!("{} {} {} {count}", machine.name(), op.name(), element.name());
                assert_eq!(bits(&out[..count]), bits(&expected), "{what}");
                assert_eq!(bits(&to.values()), bits(&arrays.values().nth(1).unwrap()), "{what}");
            }
        }
    }
}

/// What comes before a wrong index is done, and nothing after it.
#[test]
fn a_wrong_index_stops_the_run() {
    for machine in machines() {
        for (bad, index) in [(7.0, "%j = fadd %i, %zero"), (0.5, "%h = const.f64 0.5\n%j = fadd %i, %h")] {
            let function = function(AtomicOp::Add, Element::Int16, index, false);
            let native =
                Native::compile_for(&function, &[Element::Float64, Element::Int16], machine).unwrap();
            let (mut from, mut to) = (Guarded::new(4096), Guarded::new(4096));
            from.put(Touches::End, Element::Float64, &[1.0; 60]);
            to.put(Touches::Start, Element::Int16, &[10.0; 7]);
            // SAFETY: the arrays outlive the run.
            let inputs = unsafe { Inputs::new(&[], [from.raw(), to.raw()]) };
            let memory = Live(vec![from.array(), to.array()]);
            let mut world = World { memory: &memory, math: &Mixed, fuel: &mut Unlimited };
            let mut out = [0.0; WIDTH];
            let block = Block { indices: Indices::From(0), count: 40, out: &mut out };
            // SAFETY: the inputs are those of the function.
            let end = unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) };
            assert_eq!(end, Err(Stop::AtomicOutOfBounds { array: ArrayId(1), index: bad }));
            let done = if bad == 7.0 { 11.0 } else { 10.0 };
            assert_eq!(to.values(), [done; 7], "{}", machine.name());
        }
    }
}

/// No step of one thread comes between those of another.
#[test]
fn operations_of_many_threads_are_all_counted() {
    const THREADS: usize = 4;
    const RUNS: usize = 100;
    for machine in machines() {
        for (op, element) in [AtomicOp::Add, AtomicOp::Sub, AtomicOp::Xor]
            .into_iter()
            .flat_map(|op| [Element::Uint8, Element::Int16, Element::Int32].map(|element| (op, element)))
        {
            let function = function(op, element, "%j = fmul %zero, %zero", false);
            let native = Native::compile_for(&function, &[Element::Float64, element], machine).unwrap();
            let (mut from, mut to) = (Guarded::new(8 * (WIDTH + 2)), Guarded::new(4096));
            // XOR with -1 as often as not: what is there in the end is what was there first.
            let one = if op == AtomicOp::Xor { -1.0 } else { 1.0 };
            from.put(Touches::End, Element::Float64, &[one; WIDTH + 2]);
            to.put(Touches::End, element, &[0.0]);
            // SAFETY: the arrays outlive the runs.
            let inputs = unsafe { Inputs::new(&[], [from.raw(), to.raw()]) };
            std::thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| {
                        let mut frame = native.frame();
                        for _ in 0..RUNS {
                            let mut world = World { memory: &Untouched, math: &Mixed, fuel: &mut Unlimited };
                            let mut out = [0.0; WIDTH];
                            let block = Block { indices: Indices::From(0), count: WIDTH, out: &mut out };
                            // SAFETY: the inputs are those of the function.
                            unsafe { native.run(&mut frame, &inputs, block, &mut world) }.unwrap();
                        }
                    });
                }
            });
            let count = (THREADS * RUNS * WIDTH) as f64;
            let expected = match op {
                AtomicOp::Add => count,
                AtomicOp::Sub => -count,
                _ => 0.0,
            };
            let expected = crate::numeric::through_element(element, expected);
            assert_eq!(to.values(), [expected], "{} {} {}", machine.name(), op.name(), element.name());
        }
    }
}

/// An index waits for those of other threads: for it, and for nobody beside it.
#[test]
fn a_lock_keeps_others_out() {
    const THREADS: usize = 3;
    if !machines().iter().any(|machine| machine.is_scalar()) {
        return;
    }
    let text = "function 1\narray 0 int32 \"lock\" written\narray 1 float64 \"count\" written\n{\n%i = index 0\n%zero = const.f64 0\n\
         %one = const.f64 1\nblock @0 { loop @1 {\n%old = atomic.compareExchange 0 %zero, %zero, %one\n\
         %free = feq %old, %zero\nif %free { br @0 } else { yield }\nbr @1 } }\n\
         %n = load 1 %zero\n%m = fadd %n, %one\nstore 1 %zero, %m\n%out = atomic.store 0 %zero, %zero\nyield\n}";
    let function = parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap();
    let native = Native::compile(&function, &[Element::Int32, Element::Float64]).unwrap();
    assert_eq!(native.lanes(), 1);
    let (mut lock, mut count) = (Guarded::new(4096), Guarded::new(4096));
    lock.put(Touches::End, Element::Int32, &[0.0]);
    count.put(Touches::End, Element::Float64, &[0.0]);
    // SAFETY: the arrays outlive the runs.
    let inputs = unsafe { Inputs::new(&[], [lock.raw(), count.raw()]) };
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut world = World { memory: &Untouched, math: &Mixed, fuel: &mut Unlimited };
                let mut out = [0.0; WIDTH];
                let block = Block { indices: Indices::From(0), count: WIDTH, out: &mut out };
                // SAFETY: the inputs are those of the function.
                unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) }.unwrap();
            });
        }
    });
    assert_eq!(count.values(), [(THREADS * WIDTH) as f64]);
}
