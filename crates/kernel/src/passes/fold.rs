//! Operations on constants, operations that are there already, and conversions there and back.
//!
//! An element of a local array is there already, too, if it has been read or stored and nothing has been stored to the array since.
//!
//! No rule changes a bit: `x + 0` is no `x` for -0, and `x * 1` is, but not worth a rule. What is folded is computed by
//! [`numeric`], which is the definition.

use crate::hash::Map;
use crate::ir::{Binary, Const, Element, End, Function, LocalId, Op, RegionId, Stmt, Type, Unary, Value};
use crate::numeric::{self, Bits};

/// Whether something was folded.
pub(super) fn fold(function: &mut Function) -> bool {
    let mut folder = Folder {
        known: Map::default(),
        stores: vec![0; function.locals.len()],
        scope: Vec::new(),
        ops: vec![None; function.values.len()],
        renames: (0..function.values.len() as u32).map(Value).collect(),
        changed: false,
    };
    folder.region(function, function.entry);
    folder.changed
}

struct Folder {
    /// Which value an operation that can be seen here has made, and of a read of a local array, after how many stores to it.
    known: Map<Op, (Value, u32)>,
    /// How many stores there have been to each local array, or may have been.
    stores: Vec<u32>,
    /// The operations in `known`, in the order in which they came, to be forgotten at the end of their region.
    scope: Vec<Op>,
    /// What made a value.
    ops: Vec<Option<Op>>,
    renames: Vec<Value>,
    changed: bool,
}

impl Folder {
    fn of(&self, value: Value) -> Value {
        // Renamed to what is not renamed itself: definitions come before uses.
        self.renames[value.index()]
    }

    fn region(&mut self, function: &mut Function, id: RegionId) {
        let mark = self.scope.len();
        let mut stmts = std::mem::take(&mut function.regions[id.index()].stmts);
        for stmt in &mut stmts {
            match stmt {
                Stmt::Let(value, op) => {
                    op.map_operands(|operand| self.renames[operand.index()]);
                    self.operation(function, *value, op);
                }
                Stmt::Store { index, value, .. } => {
                    *index = self.of(*index);
                    *value = self.of(*value);
                }
                Stmt::LocalStore { local, index, value } => {
                    *index = self.of(*index);
                    *value = self.of(*value);
                    self.stored(function, *local, *index, *value);
                }
                Stmt::LocalFill { local, value } => {
                    *value = self.of(*value);
                    self.stores[local.index()] += 1;
                }
                Stmt::If { condition, then, otherwise, .. } => {
                    *condition = self.of(*condition);
                    if let Some(Op::Unary(Unary::Not, inner)) = self.ops[condition.index()] {
                        *condition = inner;
                        std::mem::swap(then, otherwise);
                        self.changed = true;
                    }
                    self.region(function, *then);
                    self.region(function, *otherwise);
                }
                Stmt::Guard { condition } => *condition = self.of(*condition),
                Stmt::Block { body, .. } => self.region(function, *body),
            }
        }
        let renames = &self.renames;
        let region = &mut function.regions[id.index()];
        region.stmts = stmts;
        let body = match &mut region.end {
            End::Yield(values) | End::Branch(_, values) => {
                values.iter_mut().for_each(|value| *value = renames[value.index()]);
                None
            }
            End::Loop { initial, body, .. } => {
                initial.iter_mut().for_each(|value| *value = renames[value.index()]);
                Some(*body)
            }
        };
        if let Some(body) = body {
            // At the beginning of a turn, something may have been stored by the one before.
            self.stores.iter_mut().for_each(|stores| *stores += 1);
            self.region(function, body);
        }
        for op in self.scope.drain(mark..) {
            self.known.remove(&op);
        }
    }

    fn operation(&mut self, function: &Function, value: Value, op: &mut Op) {
        let stores = match op {
            Op::LocalLoad(local, _) => self.stores[local.index()],
            _ if op.is_pure() => 0,
            _ => return,
        };
        match self.simpler(function, op) {
            Some(Simpler::Value(other)) => {
                self.renames[value.index()] = other;
                self.changed = true;
                return;
            }
            Some(Simpler::Op(simpler)) => {
                *op = simpler;
                self.changed = true;
            }
            None => {}
        }
        if let Some((known, at)) = self.known.get(op)
            && *at == stores
        {
            self.renames[value.index()] = *known;
            self.changed = true;
            return;
        }
        self.ops[value.index()] = Some(op.clone());
        self.remember(op.clone(), value, stores);
    }

    fn remember(&mut self, op: Op, value: Value, stores: u32) {
        self.known.insert(op.clone(), (value, stores));
        self.scope.push(op);
    }

    /// What was stored to an array of doubles is what is read there, if the element exists: a plain array has it, or the body stops.
    fn stored(&mut self, function: &Function, id: LocalId, index: Value, value: Value) {
        self.stores[id.index()] += 1;
        let local = &function.locals[id.index()];
        let exists = match self.constant(index) {
            Some(Const::F64(bits)) => {
                let index = f64::from_bits(bits);
                (0.0..f64::from(local.len)).contains(&index) && index.trunc() == index
            }
            _ => local.is_plain,
        };
        if local.element == Element::Float64 && exists {
            self.remember(Op::LocalLoad(id, index), value, self.stores[id.index()]);
        }
    }

    fn constant(&self, value: Value) -> Option<Const> {
        match self.ops[value.index()] {
            Some(Op::Const(constant)) => Some(constant),
            _ => None,
        }
    }

    fn simpler(&self, function: &Function, op: &Op) -> Option<Simpler> {
        match op {
            Op::Unary(unary, a) => {
                if let Some(constant) = self.constant(*a) {
                    return Some(folded(unary.result(), numeric::unary(*unary, constant.into())));
                }
                match (unary, self.ops[a.index()].as_ref()?) {
                    // There and back. The low 32 bits of an unsigned integer are those of the signed one.
                    (Unary::ToInt32, Op::Unary(Unary::FromInt32 | Unary::FromUint32, inner))
                    | (Unary::Not, Op::Unary(Unary::Not, inner))
                    | (Unary::ToBool, Op::Unary(Unary::FromBool, inner)) => Some(Simpler::Value(*inner)),
                    (Unary::ToInt32, Op::Unary(Unary::FromBool, inner)) => {
                        Some(Simpler::Op(Op::Unary(Unary::I32FromBool, *inner)))
                    }
                    // Integers already.
                    (
                        Unary::Floor | Unary::Ceil | Unary::Trunc | Unary::Round,
                        Op::Unary(
                            Unary::FromInt32
                            | Unary::FromUint32
                            | Unary::FromBool
                            | Unary::Floor
                            | Unary::Ceil
                            | Unary::Trunc
                            | Unary::Round,
                            _,
                        ),
                    ) => Some(Simpler::Value(*a)),
                    _ => None,
                }
            }
            Op::Binary(binary, a, b) => {
                if let (Some(x), Some(y)) = (self.constant(*a), self.constant(*b)) {
                    let result = numeric::binary(*binary, x.into(), y.into());
                    // A constant would be another NaN, with other bits.
                    let is_kept = binary.is_of_bits() && result.as_f64().is_nan();
                    return (!is_kept).then(|| folded(binary.result(), result));
                }
                self.absorbs(*binary, *a, *b)
            }
            Op::Select(condition, a, b) => match self.constant(*condition) {
                Some(Const::Bool(true)) => Some(Simpler::Value(*a)),
                Some(Const::Bool(false)) => Some(Simpler::Value(*b)),
                _ if a == b => Some(Simpler::Value(*a)),
                _ => self.selection(function, *condition, *a, *b),
            },
            _ => None,
        }
    }

    /// Of booleans, `p && q` and `p || q`; by a negated condition, the other way round.
    fn selection(&self, function: &Function, condition: Value, a: Value, b: Value) -> Option<Simpler> {
        // Where a side is taken, the condition is known.
        let is = |value: Value, known: bool| {
            value == condition || self.constant(value) == Some(Const::Bool(known))
        };
        if function.ty(a) == Type::Bool && is(b, false) {
            return Some(Simpler::Op(Op::Binary(Binary::BAnd, condition, a)));
        }
        if function.ty(a) == Type::Bool && is(a, true) {
            return Some(Simpler::Op(Op::Binary(Binary::BOr, condition, b)));
        }
        match self.ops[condition.index()] {
            Some(Op::Unary(Unary::Not, inner)) => Some(Simpler::Op(Op::Select(inner, b, a))),
            _ => None,
        }
    }

    /// `x | 0`, `x & -1`, `p && true`, `p !== true`.
    fn absorbs(&self, binary: Binary, a: Value, b: Value) -> Option<Simpler> {
        let (constant, other, is_right) = match (self.constant(a), self.constant(b)) {
            (_, Some(constant)) => (constant, a, true),
            (Some(constant), _) => (constant, b, false),
            _ => return None,
        };
        if (binary, constant) == (Binary::BXor, Const::Bool(true)) {
            return Some(Simpler::Op(Op::Unary(Unary::Not, other)));
        }
        let is_neutral = match (binary, constant) {
            (Binary::Or | Binary::Xor | Binary::IAdd, Const::I32(0))
            | (Binary::And, Const::I32(-1))
            | (Binary::BAnd, Const::Bool(true))
            | (Binary::BOr | Binary::BXor, Const::Bool(false)) => true,
            (Binary::Shl | Binary::Sar | Binary::Shr, Const::I32(by)) => is_right && by & 31 == 0,
            (Binary::ISub, Const::I32(0)) => is_right,
            _ => false,
        };
        is_neutral.then_some(Simpler::Value(other))
    }
}

enum Simpler {
    Value(Value),
    Op(Op),
}

fn folded(ty: Type, bits: Bits) -> Simpler {
    Simpler::Op(Op::Const(match ty {
        Type::F64 => Const::f64(bits.as_f64()),
        Type::I32 => Const::I32(bits.as_i32()),
        Type::Bool => Const::Bool(bits.as_bool()),
    }))
}
