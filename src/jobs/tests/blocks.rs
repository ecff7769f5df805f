//! A kernel that computes something for each index, in blocks of doubles, between each source of indices and each sink:
//! what a function of the user's own will do.

use std::ops::Range;
use std::ptr::NonNull;
use std::sync::atomic::AtomicI64;

use allcores_exact::Sum;
use allcores_machine::{Element, Isa};
use allcores_memory::{Block, SlotType, Slots};
use proptest::prelude::*;

use crate::jobs::Value;
use crate::jobs::cut::{Cut, Grain};
use crate::jobs::kernel::SliceSum;
use crate::jobs::lanes::{Accumulate, PerLane};
use crate::jobs::pipeline::{Cutting, Kernel, KernelShape, Pipeline};
use crate::jobs::series::Cuts;
use crate::jobs::slot_sums::SlotSums;
use crate::jobs::source::{Indices, SliceBlock, Slices};
use crate::pool::{Completion, Work};

const BLOCK: usize = 1024;

struct Doubles(Box<[f64; BLOCK]>);

/// i * 0.1, rounded.
struct Tenths;

impl KernelShape for Tenths {
    type Scratch = Doubles;
    const BLOCK: u64 = BLOCK as u64;

    fn begin(&self) -> Doubles {
        Doubles(Box::new([0.0; BLOCK]))
    }
}

impl Kernel<Range<u64>> for Tenths {
    type Terms<'s> = &'s mut [f64];

    fn map<'s>(&self, block: Range<u64>, scratch: &'s mut Doubles) -> Option<&'s mut [f64]> {
        let terms = &mut scratch.0[..(block.end - block.start) as usize];
        terms.iter_mut().zip(block).for_each(|(term, index)| *term = index as f64 * 0.1);
        Some(terms)
    }
}

impl Accumulate<&mut [f64]> for Box<Sum> {
    fn add(&mut self, terms: &mut [f64]) {
        Sum::add(self, Block::from_doubles(terms));
    }
}

/// i * i, as integers.
struct Squares;

impl KernelShape for Squares {
    type Scratch = ();
    const BLOCK: u64 = 7;

    fn begin(&self) {}
}

impl Kernel<SliceBlock> for Squares {
    type Terms<'s> = SliceSum;

    fn map(&self, block: SliceBlock, (): &mut ()) -> Option<SliceSum> {
        assert!(block.indices.end - block.indices.start <= 7);
        let sum = block.indices.map(|index| u128::from(index) * u128::from(index)).sum();
        Some(SliceSum { slice: block.slice, sum, is_last: block.is_last })
    }
}

fn run<W: Work<Output = Value>>(job: &W, lanes: usize) -> Value {
    (0..job.pieces()).rev().for_each(|piece| job.run(piece % lanes, piece));
    job.finish(&Completion::Done(()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 64 }))]

    #[test]
    fn blocks_of_doubles_go_into_an_exact_sum(
        from in 0_u64..1 << 40,
        len in 0_u64..20_000,
        piece in 1_u64..5000,
        threads in 1_usize..9,
    ) {
        let cut = Cut::new(len, Grain { min: piece, max: piece, per_thread: 1, align: 1 }, threads);
        let sink = PerLane::<Box<Sum>>::new(cut.lanes(), (Element::Float64, Isa::detect())).unwrap();
        let lanes = cut.lanes();
        let job = Pipeline { cut, source: Indices { from }, kernel: Tenths, sink };
        let mut terms: Vec<f64> = (from..from + len).map(|index| index as f64 * 0.1).collect();
        let mut oracle = Sum::new(Element::Float64, Isa::PORTABLE);
        oracle.add(Block::from_doubles(&mut terms));
        let (Value::Number(sum), Value::Number(expected)) = (run(&job, lanes), Value::from(oracle.total())) else {
            panic!("not numbers")
        };
        prop_assert_eq!(sum.to_bits(), expected.to_bits());
    }

    #[test]
    fn a_slice_may_come_in_many_blocks(num in 0_u64..3000, count in 1_u64..50, piece in 1_u64..20) {
        let memory: Box<[AtomicI64]> = (0..=count).map(|_| AtomicI64::new(-7)).collect();
        let base = NonNull::new(memory.as_ptr().cast_mut().cast()).unwrap();
        // SAFETY: aligned slots, alive to the end of the function and used in no other way.
        let slots = unsafe { Slots::new(base, count as usize + 1, SlotType::BigInt64) };
        let cuts = Cuts::new(num, count);
        let cut = Cut::new(count, Grain { min: piece, max: piece, per_thread: 1, align: 1 }, 3);
        let sink = SlotSums::new(slots);
        let job = Pipeline { cut, source: Slices(cuts), kernel: Squares, sink };
        let total = run(&job, 3);
        let square = |index: u64| i128::from(index) * i128::from(index);
        for k in 0..count {
            let expected: i128 = cuts.slice(k).map(square).sum();
            prop_assert_eq!(i128::from(job.sink.slots().load(k as usize)), expected, "slot {}", k);
        }
        prop_assert_eq!(total, Value::BigInt((0..num).map(square).sum()));
    }
}
