//! Both kinds of code for a function, as they take turns.

use super::super::native::word;
use super::super::x64::frame;
use super::{Live, machines};
use crate::codegen::{Block, Frame, Indices, Inputs, Machine, Native, World};
use crate::interpret::Unlimited;
use crate::interpret::testing::{Mixed, bits};
use crate::ir::{Function, parse, verify};

const WIDTH: usize = Native::WIDTH;

fn function(text: &str) -> Function {
    let function = parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap();
    function
}

/// Adds up what an index has below it.
const LOOP: &str = "function 1 -> f64\n{\n%i = index 0\n%z = const.f64 0\n%one = const.f64 1\n\
     block @0 -> %r:f64 { loop @1 %k:f64 = %z, %s:f64 = %z {\n%g = flt %k, %i\nif %g { yield } else { br @0 %s }\n\
     %t = fadd %k, %one\n%u = fadd %s, %k\nbr @1 %t, %u } }\nyield %r\n}";

#[test]
fn results_do_not_depend_on_who_runs() {
    if !machines().iter().any(|machine| machine.is_scalar()) {
        return;
    }
    let native = Native::compile(&function(LOOP), &[]).unwrap();
    let rival = native.rival.as_ref().expect("code for one index at a time");
    assert_eq!(rival.native.lanes(), 1);
    // SAFETY: there are no arrays.
    let inputs = unsafe { Inputs::new(&[], []) };
    let mut frame = native.frame();
    for block in 0..40_u64 {
        let mut world = World { memory: &Live(Vec::new()), math: &Mixed, fuel: &mut Unlimited };
        let mut out = [0.0; WIDTH];
        let count = [WIDTH, 77, 1][block as usize % 3];
        let indices = Indices::From(block);
        // SAFETY: the inputs are those of the function.
        unsafe { native.run(&mut frame, &inputs, Block { indices, count, out: &mut out }, &mut world) }
            .unwrap();
        let expected: Vec<f64> =
            (block..block + count as u64).map(|i| (i * i.saturating_sub(1) / 2) as f64).collect();
        assert_eq!(bits(&out[..count]), bits(&expected), "{block}");
    }
    // A frame that has been used knows where its list ended.
    let has_run = |frame: &Frame| frame.words[word(frame::END)] != 0;
    assert!(has_run(&frame) && frame.rival.as_deref().is_some_and(has_run), "both have run");
}

/// There is nothing to gain for it: no loop, and neighbors in memory.
#[test]
fn a_straight_function_has_no_rival() {
    let text = "function 1 -> f64\narray 0 float64 \"a\"\n{\n%i = index 0\n%x = load 0 %i\n%y = fmul %x, %x\nyield %y\n}";
    for machine in machines().into_iter().filter(|machine| *machine != Machine::Scalar) {
        let native = Native::compile_for(&function(text), &[crate::ir::Element::Float64], machine).unwrap();
        assert!(!native.may_lose);
        assert!(Native::compile_for(&function(LOOP), &[], machine).unwrap().may_lose);
    }
}
