//! What the block interpreter has to know of a function before it runs: found once, shared by all threads.

use super::WIDTH;
use crate::analysis::{RegionUses, may_wait, region_uses, uniform_values};
use crate::ir::{End, Function, Label, Stmt, Value};

/// A function, and what is known of it.
#[derive(Debug)]
pub struct Plan {
    pub(super) function: Function,
    pub(super) uniform: Box<[bool]>,
    pub(super) uses: Box<[RegionUses]>,
    /// For each label, what a branch to it brings values for.
    results: Box<[Box<[Value]>]>,
    /// How many indices run together at the most.
    width: usize,
}

/// What the local arrays of a thread may take: they have every element once for each index of a block.
const MAX_LOCAL_BYTES: usize = 64 << 20;

impl Plan {
    /// For a function that `verify` accepts.
    pub fn new(function: Function) -> Self {
        let uniform: Box<[bool]> = uniform_values(&function).into();
        let mut uses = region_uses(&function);
        let elements: usize = function.locals.iter().map(|local| local.len as usize).sum();
        let width = match MAX_LOCAL_BYTES / size_of::<f64>() / elements.max(1) {
            _ if may_wait(&function) => 1,
            width => width.clamp(1, WIDTH),
        };
        let mut results = vec![Box::default(); function.labels as usize];
        for region in &function.regions {
            for stmt in &region.stmts {
                if let Stmt::Block { label, results: values, .. } = stmt {
                    results[label.index()] = values.as_slice().into();
                }
            }
            if let End::Loop { label, params, body, .. } = &region.end {
                results[label.index()] = params.as_slice().into();
                // The loop gives its body the parameters; it need not take them from outside.
                let live_in = &mut uses[body.index()].live_in;
                *live_in = live_in.iter().copied().filter(|value| !params.contains(value)).collect();
            }
        }
        // Uniform values have no lanes to be packed, and no register to be freed.
        let varying = |values: &mut Box<[Value]>| {
            *values = values.iter().copied().filter(|value| !uniform[value.index()]).collect();
        };
        for region in &mut uses {
            varying(&mut region.live_in);
            region.live_after.iter_mut().for_each(varying);
            region.dead_after.iter_mut().for_each(varying);
        }
        Self { function, uniform, uses: uses.into(), results: results.into(), width }
    }

    /// How many indices run together at the most.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The results of the block, or the parameters of the loop, that has this label.
    pub(super) fn results(&self, label: Label) -> &[Value] {
        &self.results[label.index()]
    }

    /// The function.
    pub fn function(&self) -> &Function {
        &self.function
    }
}
