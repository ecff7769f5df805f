//! Integers of 32 bits stay what they are.
//!
//! JavaScript has but one kind of number, so `(a + b) | 0` is a sum of doubles that is made an integer, and a variable that always holds such
//! an integer carries it as a double from turn to turn. Where nobody can see the difference, both are integers all along:
//!
//! ```text
//! loop h: f64 = 7                         loop h': i32 = 7
//!   a = i32 h                               h = f64 h'              what else needs h
//!   b = ixor a, x                           b = ixor h', x          `fold` sees that i32 (f64 h') is h'
//!   s = f64 b + 11                          c = iadd b, 11
//!   c = i32 s                     →         branch c
//!   branch f64 c
//! ```
//!
//! - `sums`: ToInt32 of sums, differences and products of such integers, as long as none of them can be rounded: below 2^53.
//! - `meetings`: parameters of loops, and results of blocks and ifs, if all that they are given are such integers, no -0 among them, and
//!   somebody wants the integer.

use crate::hash::{Map, Set};
use crate::ir::{Binary, Const, End, Function, Op, RegionId, Stmt, Type, Unary, Value};

/// Whether anything is an integer that was none before.
pub(super) fn narrow(function: &mut Function) -> bool {
    let wants_integer = |stmt: &Stmt| matches!(stmt, Stmt::Let(_, Op::Unary(Unary::ToInt32, _)));
    if !function.regions.iter().flat_map(|region| &region.stmts).any(wants_integer) {
        return false;
    }
    let mut changed = sums(function);
    for sign in [Unary::FromInt32, Unary::FromUint32] {
        changed |= meetings(function, sign);
    }
    changed
}

/// The operation that makes each value, if one does.
fn made(function: &Function) -> Vec<Option<Op>> {
    let mut made = vec![None; function.values.len()];
    for stmt in function.regions.iter().flat_map(|region| &region.stmts) {
        if let Stmt::Let(value, op @ (Op::Const(_) | Op::Unary(..) | Op::Binary(..))) = stmt {
            made[value.index()] = Some(op.clone());
        }
    }
    made
}

fn fresh(function: &mut Function, ty: Type, like: Value) -> Value {
    function.values.push(ty);
    function.origins.push(function.origins[like.index()]);
    Value(function.values.len() as u32 - 1)
}

/// An integer as a double, if it is one that is not -0.
fn integer(x: f64) -> Option<i64> {
    (x.trunc() == x && x.abs() < EXACT && (x != 0.0 || x.is_sign_positive())).then_some(x as i64)
}

/// Integers below this are doubles.
const EXACT: f64 = 9_007_199_254_740_992.0;

// --- sums ---

/// Operations that are looked at for one ToInt32: of `x + x`, where `x` is `y + y`, and so on, there is no end otherwise.
const MOST_LOOKED_AT: u32 = 32;

/// An integer modulo 2^32.
enum Tree {
    There(Value),
    Const(i32),
    Made(Binary, Box<[Tree; 2]>),
}

fn sums(function: &mut Function) -> bool {
    let made = made(function);
    let mut changed = false;
    for number in 0..function.regions.len() {
        let stmts = std::mem::take(&mut function.regions[number].stmts);
        let mut new = Vec::with_capacity(stmts.len());
        for stmt in stmts {
            if let Stmt::Let(value, Op::Unary(Unary::ToInt32, sum)) = stmt
                && let Some((Tree::Made(op, operands), _)) = tree(&made, sum, &mut { MOST_LOOKED_AT })
            {
                let [a, b] = operands.map(|operand| build(function, operand, value, &mut new));
                new.push(Stmt::Let(value, Op::Binary(op, a, b)));
                changed = true;
            } else {
                new.push(stmt);
            }
        }
        function.regions[number].stmts = new;
    }
    changed
}

/// A double as an integer modulo 2^32, and how large it is at the most.
fn tree(made: &[Option<Op>], value: Value, left: &mut u32) -> Option<(Tree, f64)> {
    *left = left.checked_sub(1)?;
    match made[value.index()].as_ref()? {
        Op::Unary(Unary::FromInt32, integer) => Some((Tree::There(*integer), 2_f64.powi(31))),
        Op::Unary(Unary::FromUint32, integer) => Some((Tree::There(*integer), 2_f64.powi(32))),
        Op::Const(Const::F64(bits)) => {
            let x = f64::from_bits(*bits);
            integer(x).map(|integer| (Tree::Const(integer as i32), x.abs()))
        }
        Op::Binary(op @ (Binary::Add | Binary::Sub | Binary::Mul), a, b) => {
            let ((a, size), (b, other)) = (tree(made, *a, left)?, tree(made, *b, left)?);
            let (op, size) = match op {
                Binary::Mul => (Binary::IMul, size * other),
                Binary::Add => (Binary::IAdd, size + other),
                _ => (Binary::ISub, size + other),
            };
            (size <= EXACT).then(|| (Tree::Made(op, Box::new([a, b])), size))
        }
        _ => None,
    }
}

fn build(function: &mut Function, tree: Tree, like: Value, stmts: &mut Vec<Stmt>) -> Value {
    let op = match tree {
        Tree::There(value) => return value,
        Tree::Const(value) => Op::Const(Const::I32(value)),
        Tree::Made(op, operands) => {
            let [a, b] = operands.map(|operand| build(function, operand, like, stmts));
            Op::Binary(op, a, b)
        }
    };
    let value = fresh(function, Type::I32, like);
    stmts.push(Stmt::Let(value, op));
    value
}

// --- meetings ---

/// Where a value is given: in the end of a region, at a position.
type Place = (RegionId, usize);

fn meetings(function: &mut Function, sign: Unary) -> bool {
    let made = made(function);
    let given = given(function);
    let is_integer = |value: &Value| match &made[value.index()] {
        Some(Op::Unary(op, _)) => *op == sign,
        Some(Op::Const(Const::F64(bits))) => integer(f64::from_bits(*bits)).is_some_and(|integer| {
            if sign == Unary::FromInt32 {
                i32::try_from(integer).is_ok()
            } else {
                u32::try_from(integer).is_ok()
            }
        }),
        _ => false,
    };
    // All of them, but those that are given anything else, and those that are given those.
    let mut possible: Set<Value> =
        given.keys().copied().filter(|value| function.ty(*value) == Type::F64).collect();
    let mut passed_to: Map<Value, Vec<Value>> = Map::default();
    let mut impossible: Vec<Value> = Vec::new();
    for value in &possible {
        for one in given[value].iter().map(|place| end_values(function, *place)) {
            if possible.contains(&one) {
                passed_to.entry(one).or_default().push(*value);
            } else if !is_integer(&one) {
                impossible.push(*value);
            }
        }
    }
    while let Some(value) = impossible.pop() {
        if possible.remove(&value) {
            impossible.extend(passed_to.remove(&value).unwrap_or_default());
        }
    }
    // Those that somebody wants as integers, and what these are given.
    let mut waiting: Vec<Value> = function
        .regions
        .iter()
        .flat_map(|region| &region.stmts)
        .filter_map(|stmt| match stmt {
            Stmt::Let(_, Op::Unary(Unary::ToInt32, value)) => Some(*value),
            _ => None,
        })
        .collect();
    let mut narrow: Vec<Value> = Vec::new();
    while let Some(value) = waiting.pop() {
        if possible.remove(&value) {
            narrow.push(value);
            waiting.extend(given[&value].iter().map(|place| end_values(function, *place)));
        }
    }
    if narrow.is_empty() {
        return false;
    }
    replace(function, sign, &made, &given, &narrow);
    true
}

/// For each parameter and each result, where it is given.
fn given(function: &Function) -> Map<Value, Vec<Place>> {
    let mut branches: Vec<Vec<RegionId>> = vec![Vec::new(); function.labels as usize];
    for (number, region) in function.regions.iter().enumerate() {
        if let End::Branch(label, _) = &region.end {
            branches[label.index()].push(RegionId(number as u32));
        }
    }
    let mut given: Map<Value, Vec<Place>> = Map::default();
    let mut add = |values: &[Value], from: &[RegionId]| {
        for (position, value) in values.iter().enumerate() {
            given.insert(*value, from.iter().map(|region| (*region, position)).collect());
        }
    };
    let yields = |region: &RegionId| matches!(function.region(*region).end, End::Yield(_));
    for (number, region) in function.regions.iter().enumerate() {
        for stmt in &region.stmts {
            match stmt {
                Stmt::Block { label, results, body } => {
                    let mut from = branches[label.index()].clone();
                    from.extend(Some(*body).filter(yields));
                    add(results, &from);
                }
                Stmt::If { results, then, otherwise, .. } => {
                    let from: Vec<RegionId> = [*then, *otherwise].into_iter().filter(yields).collect();
                    add(results, &from);
                }
                _ => {}
            }
        }
        if let End::Loop { label, params, .. } = &region.end {
            let mut from = branches[label.index()].clone();
            from.push(RegionId(number as u32));
            add(params, &from);
        }
    }
    given
}

fn end_values(function: &Function, (region, position): Place) -> Value {
    match &function.region(region).end {
        End::Yield(values) | End::Branch(_, values) | End::Loop { initial: values, .. } => values[position],
    }
}

fn replace(
    function: &mut Function,
    sign: Unary,
    made: &[Option<Op>],
    given: &Map<Value, Vec<Place>>,
    narrow: &[Value],
) {
    // What each of them is given now.
    let mut places: Vec<Place> = narrow.iter().flat_map(|value| &given[value]).copied().collect();
    places.sort_unstable();
    places.dedup();
    for place in &places {
        let (region, position) = *place;
        let value = end_values(function, *place);
        let integer = match &made[value.index()] {
            Some(Op::Unary(_, integer)) => *integer,
            Some(Op::Const(Const::F64(bits))) => {
                let integer = fresh(function, Type::I32, value);
                let constant = Const::I32(f64::from_bits(*bits) as i64 as i32);
                function.regions[region.index()].stmts.push(Stmt::Let(integer, Op::Const(constant)));
                integer
            }
            _ => value,
        };
        match &mut function.regions[region.index()].end {
            End::Yield(values) | End::Branch(_, values) | End::Loop { initial: values, .. } => {
                values[position] = integer;
            }
        }
    }
    // And the double, for all others.
    let mut doubles: Map<Value, Value> = Map::default();
    for value in narrow {
        let double = fresh(function, Type::F64, *value);
        function.values[value.index()] = Type::I32;
        doubles.insert(*value, double);
    }
    let double = |value: Value| doubles.get(&value).copied().unwrap_or(value);
    for number in 0..function.regions.len() {
        let stmts = std::mem::take(&mut function.regions[number].stmts);
        let mut new = Vec::with_capacity(stmts.len());
        for mut stmt in stmts {
            match &mut stmt {
                Stmt::Let(_, op) => op.map_operands(double),
                Stmt::Store { index, value, .. } | Stmt::LocalStore { index, value, .. } => {
                    *index = double(*index);
                    *value = double(*value);
                }
                Stmt::LocalFill { value, .. } => *value = double(*value),
                Stmt::If { .. } | Stmt::Guard { .. } | Stmt::Block { .. } => {}
            }
            let results = match &stmt {
                Stmt::Block { results, .. } | Stmt::If { results, .. } => results.clone(),
                _ => Vec::new(),
            };
            new.push(stmt);
            new.extend(results.iter().filter_map(|result| made_of(sign, *result, &doubles)));
        }
        let region = &mut function.regions[number];
        region.stmts = new;
        match &mut region.end {
            End::Yield(values) | End::Branch(_, values) | End::Loop { initial: values, .. } => {
                for (position, value) in values.iter_mut().enumerate() {
                    if places.binary_search(&(RegionId(number as u32), position)).is_err() {
                        *value = double(*value);
                    }
                }
            }
        }
    }
    for number in 0..function.regions.len() {
        if let End::Loop { params, body, .. } = &function.regions[number].end {
            let body = *body;
            let first: Vec<Stmt> =
                params.iter().filter_map(|param| made_of(sign, *param, &doubles)).collect();
            function.regions[body.index()].stmts.splice(0..0, first);
        }
    }
}

fn made_of(sign: Unary, integer: Value, doubles: &Map<Value, Value>) -> Option<Stmt> {
    doubles.get(&integer).map(|double| Stmt::Let(*double, Op::Unary(sign, integer)))
}
