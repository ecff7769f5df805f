//! The sum of what a function returns, made on the way: against the loop that it is.

use super::{Live, Patience, WIDTH};
use crate::codegen::{Block, Indices, Inputs, Machine, Native, World};
use crate::interpret::testing::{Mixed, bits};
use crate::ir::{parse, verify};

/// What is left in each lane of levels, largest magnitude and residues.
fn add_up(values: &[f64], lanes: usize, levels: &[Vec<f64>; 2]) -> [Vec<u64>; 4] {
    let mut sums = levels.each_ref().map(|level| level[..lanes].to_vec());
    let (mut max, mut residues) = (vec![0_f64; lanes], vec![0_u64; lanes]);
    for (k, x) in values.iter().enumerate() {
        let (lane, mut rest) = (k % lanes, *x);
        max[lane] = max[lane].max(x.abs());
        for level in &mut sums {
            let new = level[lane] + rest;
            rest -= new - level[lane];
            level[lane] = new;
        }
        residues[lane] |= rest.to_bits();
    }
    let [first, second] = sums;
    [bits(&first), bits(&second), bits(&max), residues]
}

#[test]
fn code_adds_up_what_it_returns() {
    let mut sums = 0;
    for machine in Machine::available().filter(|machine| !machine.is_scalar()) {
        for body in [
            "%2 = fdiv %1, %0",
            "%3 = fmul %0, %0\n%4 = fsqrt %3\n%2 = fdiv %1, %4",
            // A choice between two: the slow one is computed for all lanes.
            "%3 = fdiv %1, %0\n%4 = flt %0, %1\n%2 = select %4, %0, %3",
        ] {
            let text =
                format!("function 1 -> f64\n{{\n%0 = index 0\n%1 = const.f64 -700.25\n{body}\nyield %2\n}}");
            let function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
            verify(&function).unwrap();
            let native = Native::compile_for(&function, &[], machine).unwrap();
            assert!(native.adds_up(), "{text}");
            // SAFETY: there are no arrays.
            let inputs = unsafe { Inputs::new(&[], []) };
            let mut frame = native.frame();
            for count in [WIDTH, WIDTH - 1, native.lanes(), native.lanes() + 1, 3] {
                for is_wanted in [true, false, true] {
                    // Other blocks have left something else in each lane.
                    let levels = [40, -5].map(|exponent| -> Vec<f64> {
                        let lane = |lane| (1.5 + f64::from(lane) / 64.0) * 2_f64.powi(exponent);
                        (0..native.sum_lanes() as u8).map(lane).collect()
                    });
                    if is_wanted {
                        native.begin_sum(&mut frame, levels.each_ref().map(Vec::as_slice));
                    }
                    let mut out = [0.0; WIDTH];
                    let block = Block { indices: Indices::From(1), count, out: &mut out };
                    let memory = Live(Vec::new());
                    let mut patience = Patience::new();
                    let mut world = World { memory: &memory, math: &Mixed, fuel: &mut patience };
                    // SAFETY: the inputs are those of the function.
                    unsafe { native.run(&mut frame, &inputs, block, &mut world) }.unwrap();
                    let (summed, most) = native.summed(count);
                    assert!(summed <= count && count < summed + native.lanes());
                    let lanes = native.sum_lanes();
                    assert_eq!(most * lanes, summed);
                    if is_wanted {
                        let left = native.sum(&frame);
                        let [first, second, _, residues] = add_up(&out[..summed], lanes, &levels);
                        assert_eq!(left.levels, [&*first, &*second], "{count} {text}");
                        let [.., max, _] = add_up(&out[..summed], machine.lanes(), &levels);
                        let residues: Vec<u64> = (0..machine.lanes())
                            .map(|lane| {
                                residues.iter().skip(lane).step_by(machine.lanes()).fold(0, |all, r| all | r)
                            })
                            .collect();
                        assert_eq!((left.max, left.residues), (&*max, &*residues), "{count} {text}");
                        sums += 1;
                    }
                }
            }
        }
    }
    eprintln!("{sums} sums");
}

/// Where the divider is not what takes the time, and where lanes are not in step.
#[test]
fn other_code_adds_nothing_up() {
    for machine in Machine::available() {
        for body in [
            "%2 = fmul %0, %0",
            "%3 = fdiv %0, %0\nblock @0 -> %2:f64 {\nloop @1 %4:f64 = %3 {\n%5 = flt %4, %0\nif %5 { yield } else { br @0 %4 }\n\
             %6 = fadd %4, %4\nbr @1 %6\n}\n}",
        ] {
            let text = format!("function 1 -> f64\n{{\n%0 = index 0\n{body}\nyield %2\n}}");
            let function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
            verify(&function).unwrap();
            let native = Native::compile_for(&function, &[], machine).unwrap();
            assert!(!native.adds_up(), "{text}");
        }
    }
}
