//! Rehearsals: a body at a few points, on copies, to compare it with the function that it was made from.

use std::cell::RefCell;
use std::collections::BTreeMap;

use allcores_kernel::interpret::{Block, Memory, Scalar, Stop, WIDTH};
use allcores_kernel::ir::{ArrayId, AtomicOp, Function, Op, Stmt};
use allcores_kernel::with_stack;
use allcores_machine::convert::through_element;

use super::Call;
use super::arrays::Array;
use super::kernel::Dynamic;

/// The body has come to its end.
const RAN: f64 = 0.0;
/// It took more turns of its loops than it may.
const OUT_OF_TURNS: f64 = 1.0;
/// It could not go on.
const STOPPED: f64 = 2.0;

/// Bodies whose regions are deeper in each other than that run where there is stack enough.
const DEEP: usize = 32;

/// Of a large body, a turn of a loop takes long: all turns together may take about so many operations.
const OPERATIONS: u64 = 1 << 21;
/// For how many operations a call of a function counts, and how many elements that are filled count for one: at one point. An operation
/// takes about as long at all points together.
const A_CALL: u64 = 16;
const A_FILL: u64 = 8;

/// Runs a body at each of these points by itself. A point has as many numbers as the body has indices. The loops of all points
/// together may take `turns` turns, and fewer of a large body. What a body stores is seen by itself alone: the caller's memory is read, and never written.
///
/// The answer has for each point: how it ended, what it returned, how many elements it has stored to, and for each of them the
/// number of the array, the index and the value. It is flat, because that is what crosses to JavaScript at little cost.
pub(crate) fn rehearse(call: &Call, points: &[f64], turns: u64) -> Vec<f64> {
    if call.body.depth() > DEEP { with_stack(|| run(call, points, turns)) } else { run(call, points, turns) }
}

fn run(call: &Call, points: &[f64], turns: u64) -> Vec<f64> {
    let dimensions = usize::from(call.body.function().indices);
    let within =
        |points: usize| turns.min(OPERATIONS / operations(call.body.function(), points as u64)).max(1);
    if let Some(answer) = run_together(call, points, within(points.len() / dimensions)) {
        return answer;
    }
    let mut turns = within(1);
    let mut answer = Vec::with_capacity(3 * points.len());
    // For one index at a time, this interpreter is the faster one.
    let mut engine = Scalar::new(call.body.function(), &call.scalars);
    for point in points.chunks_exact(dimensions) {
        let overlay = Overlay { call, stores: RefCell::default() };
        let end = engine.run(point, &overlay, &Dynamic(call.library), &mut turns);
        let (status, value) = match end {
            Ok(value) => (RAN, value.unwrap_or(f64::NAN)),
            Err(Stop::OutOfFuel) => (OUT_OF_TURNS, f64::NAN),
            Err(_) => (STOPPED, f64::NAN),
        };
        let stores = overlay.stores.into_inner();
        answer.extend([status, value, stores.len() as f64]);
        for ((array, index), value) in stores {
            answer.extend([f64::from(array), index as f64, value]);
        }
    }
    answer
}

/// For how many operations a function counts at so many points at once, if all that is in it runs once.
fn operations(function: &Function, points: u64) -> u64 {
    let of_stmt = |stmt: &Stmt| match stmt {
        Stmt::Let(_, Op::Call(..)) => A_CALL * points,
        Stmt::LocalFill { local, .. } => u64::from(function.locals[local.index()].len) * points / A_FILL,
        _ => 0,
    };
    let others: u64 = function.regions.iter().flat_map(|region| &region.stmts).map(of_stmt).sum();
    others + function.values.len().max(1) as u64
}

/// Runs a body that stores nothing at all points at once, which takes little more than one. `None` if it is not such a body, or if it
/// does not come to its end at all of them: then nobody knows at which.
fn run_together(call: &Call, points: &[f64], mut turns: u64) -> Option<Vec<f64>> {
    let function = call.body.function();
    let dimensions = usize::from(function.indices);
    let count = points.len() / dimensions;
    if !(2..=WIDTH).contains(&count) || function.arrays.iter().any(|array| array.is_written) {
        return None;
    }
    let list = |dimension: usize| -> Vec<f64> {
        points.iter().skip(dimension).step_by(dimensions).copied().collect()
    };
    let lists: Vec<Vec<f64>> = (0..dimensions).map(list).collect();
    let lists: Vec<&[f64]> = lists.iter().map(Vec::as_slice).collect();
    let overlay = Overlay { call, stores: RefCell::default() };
    let mut engine = Block::with_state(call.body.plan(), &call.scalars, call.body.state());
    let mut values = vec![f64::NAN; count];
    let end = engine.run(&lists, &mut values, &overlay, &Dynamic(call.library), &mut turns);
    call.body.recycle(engine.into_state());
    end.ok()?;
    Some(values.into_iter().flat_map(|value| [RAN, value, 0.0]).collect())
}

/// The caller's arrays, and over them what has been stored.
struct Overlay<'a> {
    call: &'a Call,
    stores: RefCell<BTreeMap<(u32, u64), f64>>,
}

impl Overlay<'_> {
    fn array(&self, array: ArrayId) -> &Array {
        &self.call.arrays[array.index()]
    }

    fn put(&self, array: ArrayId, index: u64, value: f64) {
        self.stores.borrow_mut().insert((array.0, index), value);
    }
}

impl Memory for Overlay<'_> {
    fn len(&self, array: ArrayId) -> u64 {
        self.array(array).len()
    }

    fn load(&self, array: ArrayId, index: u64) -> f64 {
        let stored = self.stores.borrow().get(&(array.0, index)).copied();
        stored.unwrap_or_else(|| self.array(array).load(index))
    }

    fn store(&self, array: ArrayId, index: u64, value: f64) {
        let element = self.call.body.function().arrays[array.index()].element;
        self.put(array, index, through_element(element, value));
    }

    fn atomic(&self, op: AtomicOp, array: ArrayId, index: u64, a: f64, b: f64) -> f64 {
        let element = self.call.body.function().arrays[array.index()].element;
        let (new, returned) = op.apply(element, self.load(array, index), a, b);
        if op != AtomicOp::Load {
            self.put(array, index, new);
        }
        returned
    }
}
