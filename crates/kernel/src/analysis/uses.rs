//! Where values are used: what each region takes from outside, and how long each of its statements' values is needed.

use crate::ir::{End, Function, Region, RegionId, Stmt, Value};

/// What one region uses.
#[derive(Clone, Default, Debug)]
pub struct RegionUses {
    /// Values from outside that the region uses, those of the regions inside it included. Ascending.
    pub live_in: Box<[Value]>,
    /// For each statement, the values that the region uses after it, up to and including its end, and that are defined by
    /// then: in this region or outside. Ascending.
    pub live_after: Box<[Box<[Value]>]>,
    /// For each statement, the values defined in this very region whose last use it is, or that it defines for nobody.
    pub dead_after: Box<[Box<[Value]>]>,
}

/// What each region uses, by its number. Linear in the size of the function times the number of values that are live.
pub fn region_uses(function: &Function) -> Vec<RegionUses> {
    let mut uses = vec![RegionUses::default(); function.regions.len()];
    visit(function, function.entry, &mut uses);
    uses
}

/// In how many places each value is used.
pub fn use_counts(function: &Function) -> Vec<u32> {
    let mut counts = vec![0_u32; function.values.len()];
    let mut count = |value: Value| counts[value.index()] += 1;
    for region in &function.regions {
        region.stmts.iter().for_each(|stmt| for_own_operands(stmt, &mut count));
        end_operands(&region.end).iter().copied().for_each(&mut count);
    }
    counts
}

fn visit(function: &Function, id: RegionId, uses: &mut Vec<RegionUses>) {
    let region = function.region(id);
    for stmt in &region.stmts {
        Function::children(stmt).for_each(|child| visit(function, child, uses));
    }
    let mut live = Set::default();
    if let End::Loop { body, params, .. } = &region.end {
        visit(function, *body, uses);
        live.extend(&uses[body.index()].live_in);
        params.iter().for_each(|param| live.remove(*param));
    }
    end_operands(&region.end).iter().for_each(|value| live.insert(*value));

    let defined = defined_in(region);
    let mut live_after = Vec::with_capacity(region.stmts.len());
    let mut dead_after = Vec::with_capacity(region.stmts.len());
    for stmt in region.stmts.iter().rev() {
        let mut dead: Vec<Value> = Vec::new();
        for_results(stmt, |result| {
            if !live.contains(result) {
                dead.push(result);
            }
        });
        live_after.push(live.values.clone().into_boxed_slice());
        for_results(stmt, |result| live.remove(result));
        for_operands(stmt, uses, |operand| {
            if !live.contains(operand) && defined.contains(operand) {
                dead.push(operand);
            }
            live.insert(operand);
        });
        dead.sort_unstable();
        dead.dedup();
        dead_after.push(dead.into_boxed_slice());
    }
    live_after.reverse();
    dead_after.reverse();
    uses[id.index()] = RegionUses {
        live_in: live.values.into_boxed_slice(),
        live_after: live_after.into_boxed_slice(),
        dead_after: dead_after.into_boxed_slice(),
    };
}

/// The values that the statements of a region make, those of the regions inside it not included.
fn defined_in(region: &Region) -> Set {
    let mut defined = Set::default();
    region.stmts.iter().for_each(|stmt| for_results(stmt, |result| defined.insert(result)));
    defined
}

fn for_results(stmt: &Stmt, mut each: impl FnMut(Value)) {
    match stmt {
        Stmt::Let(value, _) => each(*value),
        Stmt::Block { results, .. } | Stmt::If { results, .. } => results.iter().copied().for_each(each),
        Stmt::Store { .. } | Stmt::LocalStore { .. } | Stmt::LocalFill { .. } | Stmt::Guard { .. } => {}
    }
}

fn for_operands(stmt: &Stmt, uses: &[RegionUses], mut each: impl FnMut(Value)) {
    for_own_operands(stmt, &mut each);
    for child in Function::children(stmt) {
        uses[child.index()].live_in.iter().copied().for_each(&mut each);
    }
}

/// Without what the regions inside use.
fn for_own_operands(stmt: &Stmt, mut each: impl FnMut(Value)) {
    match stmt {
        Stmt::Let(_, op) => op.operands().for_each(each),
        Stmt::Store { index, value, .. } | Stmt::LocalStore { index, value, .. } => {
            each(*index);
            each(*value);
        }
        Stmt::LocalFill { value, .. } => each(*value),
        Stmt::Block { .. } => {}
        Stmt::If { condition, .. } | Stmt::Guard { condition } => each(*condition),
    }
}

/// The values that the end of a region passes on itself.
fn end_operands(end: &End) -> &[Value] {
    match end {
        End::Yield(values) | End::Branch(_, values) => values,
        End::Loop { initial, .. } => initial,
    }
}

/// A sorted list: the sets here are small.
#[derive(Clone, Default)]
struct Set {
    values: Vec<Value>,
}

impl Set {
    fn contains(&self, value: Value) -> bool {
        self.values.binary_search(&value).is_ok()
    }

    fn insert(&mut self, value: Value) {
        if let Err(at) = self.values.binary_search(&value) {
            self.values.insert(at, value);
        }
    }

    fn remove(&mut self, value: Value) {
        if let Ok(at) = self.values.binary_search(&value) {
            self.values.remove(at);
        }
    }

    fn extend(&mut self, values: &[Value]) {
        values.iter().for_each(|value| self.insert(*value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::parse;

    #[test]
    fn values_live_from_definition_to_last_use() {
        let function = parse(
            "function 1 -> f64\n{\n%0 = index 0\n%1 = fneg %0\n%2 = fabs %0\n%3 = flt %0, %1\n\
             if %3 -> %4:f64 { %5 = fadd %1, %1 yield %5 } else { yield %0 }\nyield %4\n}",
        )
        .unwrap();
        let uses = region_uses(&function);
        let entry = &uses[function.entry.index()];
        let numbers = |values: &[Value]| values.iter().map(|value| value.0).collect::<Vec<_>>();
        assert_eq!(numbers(&entry.live_in), []);
        let after: Vec<_> = entry.live_after.iter().map(|values| numbers(values)).collect();
        assert_eq!(after, [vec![0], vec![0, 1], vec![0, 1], vec![0, 1, 3], vec![4]]);
        let dead: Vec<_> = entry.dead_after.iter().map(|values| numbers(values)).collect();
        assert_eq!(dead, [vec![], vec![], vec![2], vec![], vec![0, 1, 3]]);
        let Stmt::If { then, .. } = &function.region(function.entry).stmts[4] else { panic!("an if") };
        assert_eq!(numbers(&uses[then.index()].live_in), [1]);
        assert_eq!(numbers(&uses[then.index()].dead_after[0]), [], "the yield needs it");
    }

    #[test]
    fn parameters_of_a_loop_are_not_from_outside() {
        let function = parse(
            "function 1 -> f64\n{\n%0 = index 0\n%1 = const.f64 1\nblock @0 -> %2:f64 {\n\
             loop @1 %3:f64 = %0 {\n%4 = fadd %3, %1\n%5 = flt %4, %3\n\
             if %5 { br @0 %4 } else { yield }\nbr @1 %4\n} }\nyield %2\n}",
        )
        .unwrap();
        let uses = region_uses(&function);
        let Stmt::Block { body, .. } = &function.region(function.entry).stmts[2] else { panic!("a block") };
        assert_eq!(*uses[body.index()].live_in, [Value(0), Value(1)]);
        let End::Loop { body, .. } = &function.region(*body).end else { panic!("a loop") };
        assert_eq!(*uses[body.index()].live_in, [Value(1), Value(3)]);
    }
}
