//! What lowering has to know of a function beforehand.

use std::collections::BTreeSet;

use super::multiples::{Multiple, multiples};
use super::wanted::Wanted;
use crate::analysis::{Granted, Range, integer_ranges, integer_values, may_wait, uniform_values, use_counts};
use crate::codegen::Unsupported;
use crate::codegen::x64::machine::Machine;
use crate::hash::Map;
use crate::ir::{Binary, Element, End, Function, Local, Op, RegionId, Stmt, Unary, Value};

/// The most operations that code is made of: beyond that, compiling would take too long.
const MAX_OPS: usize = 3000;

/// The most elements of arrays of the body's own, all together: more would not stay in the nearer caches.
const MAX_LOCAL_ELEMENTS: u64 = 1024;

/// What is known of a function, in whichever way code is made of it for a machine.
pub(in crate::codegen::x64) struct Facts {
    /// The labels that each region branches to and that are not its own.
    pub(super) escapes: Vec<BTreeSet<u32>>,
    /// Values that are used in one place.
    pub(super) once: Vec<bool>,
    /// Values that are the same for all lanes.
    pub(super) uniform: Vec<bool>,
    pub(super) has_stores: bool,
    /// Where each value is made, if by an operation: the region, and the number of the statement.
    pub(super) definitions: Vec<Option<(u32, u32)>>,
    /// Doubles that are integers.
    pub(super) integers: Vec<bool>,
    /// Values of which nobody asks more than whether they are 0.
    pub(super) only_zero: Vec<bool>,
    /// Values that are at least 0, and not -0.
    pub(super) not_negative: Vec<bool>,
    /// Conditions that ask whether doubles are multiples of a power of two, and values that nobody needs then.
    pub(super) multiples: Map<Value, Multiple>,
    pub(super) unneeded: BTreeSet<Value>,
    /// What code for one index at a time has as integers.
    pub(super) wanted: Wanted,
}

impl Facts {
    /// Of a function that `verify` accepts. `elements` says what is in memory for each array, and `granted` what code for one index at a time
    /// takes for granted.
    pub(in crate::codegen::x64) fn of(
        function: &Function,
        elements: &[Element],
        machine: Machine,
        granted: Option<&Granted>,
    ) -> Result<Self, Unsupported> {
        supported(function, elements, machine)?;
        let mut escapes = vec![BTreeSet::new(); function.regions.len()];
        find_escapes(function, function.entry, &mut escapes);
        let once: Vec<bool> = use_counts(function).into_iter().map(|uses| uses == 1).collect();
        let is_scalar = machine.is_scalar();
        let uniform = if is_scalar { vec![true; function.values.len()] } else { uniform_values(function) };
        let (multiples, unneeded) = multiples(function, &once, &uniform);
        let wanted = match granted {
            _ if !is_scalar => Wanted::nothing(function),
            Some(granted) => Wanted::of(function, granted),
            None => Wanted::of(function, &Granted::nothing(function)),
        };
        Ok(Self {
            escapes,
            once,
            uniform,
            has_stores: has_stores(function),
            definitions: definitions(function),
            integers: integer_values(function),
            only_zero: only_zero(function),
            not_negative: not_negative(function, machine),
            multiples,
            unneeded,
            wanted,
        })
    }
}

fn supported(function: &Function, elements: &[Element], machine: Machine) -> Result<(), Unsupported> {
    if function.locals.iter().map(|local| u64::from(local.len)).sum::<u64>() > MAX_LOCAL_ELEMENTS {
        return Err(Unsupported::LocalArray);
    }
    let half = |local: &Local| local.element == Element::Float16;
    if elements.contains(&Element::Float16) || function.locals.iter().any(half) {
        return Err(Unsupported::Half);
    }
    // One index at a time waits for nobody beside it.
    if !machine.is_scalar() && may_wait(function) {
        return Err(Unsupported::Waits);
    }
    let stmts = function.regions.iter().flat_map(|region| &region.stmts);
    if stmts.clone().count() > MAX_OPS {
        return Err(Unsupported::TooLarge);
    }
    for stmt in stmts {
        if let Stmt::Let(_, Op::Unary(Unary::ToHalf, _)) = stmt {
            return Err(Unsupported::Half);
        }
    }
    Ok(())
}

/// Whether the function changes anything: then lanes that are no indices must not take part.
fn has_stores(function: &Function) -> bool {
    let is_effect = |stmt: &Stmt| matches!(stmt, Stmt::Store { .. } | Stmt::Let(_, Op::Atomic(..)));
    function.regions.iter().flat_map(|region| &region.stmts).any(is_effect)
}

/// Values that are known to be at least 0 and not -0, where that matters: in vector code of remainders.
fn not_negative(function: &Function, machine: Machine) -> Vec<bool> {
    let is_remainder = |stmt: &Stmt| matches!(stmt, Stmt::Let(_, Op::Binary(Binary::Rem, ..)));
    let has_remainders = function.regions.iter().flat_map(|region| &region.stmts).any(is_remainder);
    if machine.is_scalar() || !has_remainders {
        return vec![false; function.values.len()];
    }
    let ranges = integer_ranges(function, &Granted::nothing(function));
    let is_it = |range: Range| range.least >= 0 && !range.may_be_nan && !range.may_be_negative_zero;
    ranges.into_iter().map(|range| range.is_some_and(is_it)).collect()
}

fn definitions(function: &Function) -> Vec<Option<(u32, u32)>> {
    let mut definitions = vec![None; function.values.len()];
    for (region, stmts) in function.regions.iter().map(|region| &region.stmts).enumerate() {
        for (number, stmt) in stmts.iter().enumerate() {
            if let Stmt::Let(value, _) = stmt {
                definitions[value.index()] = Some((region as u32, number as u32));
            }
        }
    }
    definitions
}

/// For each value, whether all that becomes of it is a comparison with 0, or a condition.
fn only_zero(function: &Function) -> Vec<bool> {
    let mut only = vec![true; function.values.len()];
    let mut zeros = vec![false; function.values.len()];
    for stmt in function.regions.iter().flat_map(|region| &region.stmts) {
        if let Stmt::Let(value, Op::Const(constant)) = stmt {
            zeros[value.index()] = constant.as_f64() == Some(0.0);
        }
    }
    for region in &function.regions {
        for stmt in &region.stmts {
            match stmt {
                Stmt::Let(_, Op::Binary(Binary::Eq | Binary::Ne, a, b)) => {
                    only[a.index()] &= zeros[b.index()];
                    only[b.index()] &= zeros[a.index()];
                }
                Stmt::Let(_, Op::Unary(Unary::ToBool, _)) => {}
                Stmt::Let(_, op) => op.operands().for_each(|operand| only[operand.index()] = false),
                Stmt::Store { index, value, .. } | Stmt::LocalStore { index, value, .. } => {
                    only[index.index()] = false;
                    only[value.index()] = false;
                }
                Stmt::LocalFill { value, .. } => only[value.index()] = false,
                Stmt::Guard { .. } | Stmt::Block { .. } | Stmt::If { .. } => {}
            }
        }
        let (End::Yield(values) | End::Branch(_, values) | End::Loop { initial: values, .. }) = &region.end;
        values.iter().for_each(|value| only[value.index()] = false);
    }
    only
}

fn find_escapes(function: &Function, id: RegionId, escapes: &mut Vec<BTreeSet<u32>>) {
    let region = function.region(id);
    let mut all = BTreeSet::new();
    for stmt in &region.stmts {
        let mut inner: BTreeSet<u32> = BTreeSet::new();
        for child in Function::children(stmt) {
            find_escapes(function, child, escapes);
            inner.extend(&escapes[child.index()]);
        }
        if let Stmt::Block { label, .. } = stmt {
            inner.remove(&label.0);
        }
        all.extend(inner);
    }
    match &region.end {
        End::Branch(label, _) => _ = all.insert(label.0),
        End::Loop { label, body, .. } => {
            find_escapes(function, *body, escapes);
            let mut inner = escapes[body.index()].clone();
            inner.remove(&label.0);
            all.extend(inner);
        }
        End::Yield(_) => {}
    }
    escapes[id.index()] = all;
}
