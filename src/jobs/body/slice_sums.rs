//! [`SliceSums`]: the sink of `sumIntoSharedBuffer` with a body: a slot of the caller's for the sum of each slice.
//!
//! Slices are as long as the caller's slots have it, pieces as long as is good for the pool. A slice whose units are all in one
//! block is summed and stored there; the parts of any other meet in a table.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use allcores_exact::{Sum, Total};
use allcores_machine::{Element, Isa};
use allcores_memory::{Block, SlotType, Slots};

use super::kernel::Terms;
use crate::jobs::flagged_slots::FlaggedSlots;
use crate::jobs::pipeline::{Sink, SinkEnd};
use crate::jobs::series::Cuts;
use crate::jobs::value::{Numeric, Refusal, Value};
use crate::pool::Completion;

/// See the module's head.
pub(crate) struct SliceSums {
    slots: FlaggedSlots,
    units: u64,
    cuts: Cuts,
    isa: Isa,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Slices of which some units are still missing.
    open: HashMap<u64, Open>,
    /// The sum of what has been stored: below 2^53 slots of 64 bits.
    total: i128,
    refusal: Option<Refusal>,
}

/// A slice, as far as it is known.
struct Open {
    sum: Box<Sum>,
    missing: u64,
}

/// What one piece has of one slice.
pub(crate) struct Part {
    slice: u64,
    sum: Box<Sum>,
    units: u64,
}

impl SliceSums {
    pub(super) fn new(slots: Slots, units: u64, isa: Isa) -> Self {
        let slots = FlaggedSlots::new(slots);
        let cuts = Cuts::new(units, slots.count() as u64);
        Self { slots, units, cuts, isa, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn empty(&self) -> Box<Sum> {
        Box::new(Sum::new(Element::Float64, self.isa))
    }

    /// What has been added up of a slice: stores it, if that is all of it.
    fn close(&self, part: Part) {
        let Range { start, end } = self.cuts.slice(part.slice);
        let mut state = self.state();
        let sum = if part.units == end - start {
            part.sum
        } else {
            let open = state
                .open
                .entry(part.slice)
                .or_insert_with(|| Open { sum: self.empty(), missing: end - start });
            open.sum.merge(&part.sum);
            open.missing -= part.units;
            if open.missing > 0 {
                return;
            }
            let Some(open) = state.open.remove(&part.slice) else { return };
            open.sum
        };
        let Total::Number(sum) = sum.total() else { unreachable!("a sum of doubles is a Number") };
        self.store(&mut state, part.slice, sum);
    }

    fn store(&self, state: &mut State, slice: u64, sum: f64) {
        match integer(sum, self.slots.kind()) {
            Some(integer) => {
                self.slots.store(slice as usize, integer);
                state.total += i128::from(integer);
            }
            None => {
                let refusal = refuse(slice, sum, self.slots.kind());
                state.refusal.get_or_insert(refusal);
            }
        }
    }
}

impl Sink<Terms<'_>> for SliceSums {
    fn take(&self, part: &mut Option<Part>, terms: Terms<'_>) {
        let (mut start, mut values) = (terms.start, terms.values);
        while !values.is_empty() {
            let slice = self.cuts.slice_of(start);
            if part.as_ref().is_some_and(|part| part.slice != slice) {
                self.close(part.take().expect("there is one"));
            }
            let end = self.cuts.slice(slice).end;
            let len = values.len().min((end - start) as usize);
            let (of_slice, rest) = values.split_at_mut(len);
            let part = part.get_or_insert_with(|| Part { slice, sum: self.empty(), units: 0 });
            part.sum.add(Block::from_doubles(of_slice));
            part.units += len as u64;
            start += len as u64;
            values = rest;
        }
    }
}

impl SinkEnd for SliceSums {
    type Part<'a> = Option<Part>;

    fn begin(&self, _lane: usize) -> Option<Part> {
        None
    }

    fn end(&self, part: Option<Part>) {
        if let Some(part) = part {
            self.close(part);
        }
    }

    fn is_refused(&self) -> bool {
        self.state().refusal.is_some()
    }

    fn refusal(&self) -> Option<Refusal> {
        self.state().refusal.clone()
    }

    fn finish(&self, completion: &Completion) -> Value {
        // Slices without a unit: no piece has met them.
        if matches!(completion, Completion::Done(())) && self.units < self.slots.count() as u64 {
            let slices = self.cuts.slices_from(0).enumerate();
            slices.filter(|(_, slice)| slice.is_empty()).for_each(|(slot, _)| self.slots.store(slot, 0));
        }
        self.slots.end(completion);
        let total = self.state().total;
        match self.slots.numeric() {
            // A conversion to f64 rounds to nearest, ties to even.
            Numeric::Number => Value::Number(total as f64),
            Numeric::BigInt => Value::BigInt(total),
        }
    }

    fn on_abort(&self) {
        self.slots.abort();
    }
}

/// The sum as a slot holds it.
fn integer(sum: f64, kind: SlotType) -> Option<i64> {
    let limit = match kind {
        SlotType::Int32 => 2_f64.powi(31),
        SlotType::BigInt64 => 2_f64.powi(63),
    };
    // NaN is not within any limits.
    (-limit <= sum && sum < limit && sum.trunc() == sum).then_some(sum as i64)
}

fn refuse(slice: u64, sum: f64, kind: SlotType) -> Refusal {
    let (class, max) = match kind {
        SlotType::Int32 => ("an Int32Array", "integers from -2147483648 to 2147483647"),
        SlotType::BigInt64 => ("a BigInt64Array", "integers of 64 bits"),
    };
    let remedy = if sum.trunc() != sum || sum.is_nan() {
        "Use sumRange(num, body), or let the body return integers"
    } else {
        "Use a BigInt64Array, more slots, or sumRange(num, body)"
    };
    Refusal(format!(
        "The partial sum of slot {slice} of \"target\" is {}, but a slot of {class} holds {max}. {remedy}. The last slot holds \
         -1 now.",
        shown(sum)
    ))
}

/// Nearly as JavaScript shows it: no hundreds of digits.
fn shown(sum: f64) -> String {
    if sum.abs() < 1e21 || !sum.is_finite() { format!("{sum}") } else { format!("{sum:e}") }
}
