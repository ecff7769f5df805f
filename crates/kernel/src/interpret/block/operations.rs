//! Statements without control flow, over lanes.

use super::engine::Block;
use super::lanes::{self, Operand};
use super::registers::Slot;
use super::vectors;
use crate::interpret::environment::{Fuel, MathLibrary, Memory, Stop};
use crate::ir::{ArrayId, AtomicOp, Binary, LocalId, Math, Op, Stmt, Type, Unary, Value};
use crate::numeric::{self, Bits};
use allcores_machine::Isa;

/// What a run can use of the world.
pub(super) struct World<'a, M, L, F> {
    pub(super) indices: &'a [&'a [f64]],
    pub(super) memory: &'a M,
    pub(super) math: &'a L,
    pub(super) fuel: &'a mut F,
}

/// The operand of a type: `operand!(self, f64, value, count)`.
macro_rules! operand {
    ($block:expr, $buffers:ident, $as:ident, $value:expr, $count:expr) => {
        match $block.state.registers.slot($value) {
            Some(slot) => Operand::Lanes(&$block.state.registers.$buffers.get(slot.register)[..$count]),
            None => Operand::Uniform($block.state.registers.uniform($value).$as()),
        }
    };
}

/// Writes a register of its own while others are read.
macro_rules! write {
    ($block:expr, $buffers:ident, $ty:expr, $count:expr, |$out:ident| $body:expr) => {{
        let slot = $block.state.registers.acquire($ty);
        let mut lanes = $block.state.registers.$buffers.take(slot.register);
        {
            let $out = &mut lanes[..$count];
            $body;
        }
        $block.state.registers.$buffers.put(slot.register, lanes);
        slot
    }};
}

impl Block<'_> {
    /// Runs a statement without regions.
    pub(super) fn simple<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        stmt: &Stmt,
        lanes: &[u16],
        world: &World<'_, M, L, F>,
    ) -> Result<(), Stop> {
        match stmt {
            Stmt::Let(value, op) if self.plan.uniform[value.index()] => {
                let bits = self.uniform_op(op, world);
                self.state.registers.set_uniform(*value, bits);
            }
            Stmt::Let(value, op) => {
                let slot = self.varying_op(op, lanes, world)?;
                self.state.registers.set_slot(*value, Some(slot));
            }
            Stmt::Store { array, index, value } => {
                self.store(*array, *index, *value, lanes.len(), world.memory);
            }
            Stmt::LocalStore { local, index, value } => self.local_store(*local, *index, *value, lanes)?,
            Stmt::LocalFill { local, value } => self.local_fill(*local, *value, lanes),
            Stmt::Guard { condition } => {
                let holds = match self.state.registers.slot(*condition) {
                    Some(slot) => {
                        !self.state.registers.bool.get(slot.register)[..lanes.len()].contains(&false)
                    }
                    None => self.state.registers.uniform(*condition).as_bool(),
                };
                if !holds {
                    return Err(Stop::NoSuchRow);
                }
            }
            Stmt::Block { .. } | Stmt::If { .. } => unreachable!("has regions"),
        }
        Ok(())
    }

    /// Computes once what is the same for all lanes.
    fn uniform_op<M: Memory, L: MathLibrary, F>(&self, op: &Op, world: &World<'_, M, L, F>) -> Bits {
        let get = |value: &Value| self.state.registers.uniform(*value);
        let element = |array: &ArrayId, index: &Value| {
            numeric::element_index(self.uniform_number(*index), world.memory.len(*array))
        };
        match op {
            Op::Const(constant) => (*constant).into(),
            Op::Scalar(scalar) => Bits::f64(self.scalars[scalar.index()]),
            Op::Length(array) => Bits::f64(world.memory.len(*array) as f64),
            Op::Unary(op, a) => numeric::unary(*op, get(a)),
            Op::Binary(op, a, b) => numeric::binary(*op, get(a), get(b)),
            Op::Select(condition, a, b) => get(if get(condition).as_bool() { a } else { b }),
            Op::Call(function, arguments) => {
                let mut values = [0.0; Math::MAX_ARITY];
                values
                    .iter_mut()
                    .zip(arguments)
                    .for_each(|(value, argument)| *value = get(argument).as_f64());
                Bits::f64(world.math.call(*function, &values[..function.arity()]))
            }
            Op::Load(array, index) => {
                let index = element(array, index);
                Bits::f64(index.map_or(f64::NAN, |index| world.memory.load(*array, index)))
            }
            Op::InBounds(array, index) => Bits::bool(element(array, index).is_some()),
            Op::Index(_) | Op::LocalLoad(..) | Op::Atomic(..) => unreachable!("never uniform"),
        }
    }

    fn varying_op<M: Memory, L: MathLibrary, F>(
        &mut self,
        op: &Op,
        lanes: &[u16],
        world: &World<'_, M, L, F>,
    ) -> Result<Slot, Stop> {
        let count = lanes.len();
        Ok(match op {
            Op::Index(dimension) => {
                let indices = world.indices[usize::from(*dimension)];
                write!(self, f64, Type::F64, count, |out| lanes::gather(out, indices, lanes))
            }
            Op::Unary(op, a) => self.unary(*op, *a, count),
            Op::Binary(op, a, b) => self.binary(*op, *a, *b, count),
            Op::Select(condition, a, b) => self.select(*condition, *a, *b, count),
            Op::Call(function, arguments) => self.call(*function, arguments, count, world.math),
            Op::Load(array, index) => {
                let index = self.index(*index, count);
                let slot = write!(self, f64, Type::F64, count, |out| {
                    load(
                        self.isa,
                        world.memory,
                        *array,
                        &self.state.registers.f64.get(index.register)[..count],
                        out,
                    );
                });
                self.state.registers.release(index);
                slot
            }
            Op::InBounds(array, index) => {
                let index = self.index(*index, count);
                let len = world.memory.len(*array) as f64;
                let slot = write!(self, bool, Type::Bool, count, |out| {
                    let indices = &self.state.registers.f64.get(index.register)[..count];
                    vectors::are_in_bounds(self.isa, out, indices, len);
                });
                self.state.registers.release(index);
                slot
            }
            Op::LocalLoad(local, index) => {
                let index = self.index(*index, count);
                let len = u64::from(self.plan.function.locals[local.index()].len);
                let width = self.plan.width();
                let slot = write!(self, f64, Type::F64, count, |out| {
                    let indices = &self.state.registers.f64.get(index.register)[..count];
                    let elements = &self.state.locals[local.index()];
                    for ((out, index), lane) in out.iter_mut().zip(indices).zip(lanes) {
                        *out = numeric::element_index(*index, len)
                            .map_or(f64::NAN, |index| elements[index as usize * width + usize::from(*lane)]);
                    }
                });
                self.state.registers.release(index);
                slot
            }
            Op::Atomic(op, array, index, arguments) => {
                return self.atomic(*op, *array, *index, arguments, count, world.memory);
            }
            Op::Const(_) | Op::Scalar(_) | Op::Length(_) => unreachable!("always uniform"),
        })
    }

    fn unary(&mut self, op: Unary, a: Value, count: usize) -> Slot {
        let register = self.state.registers.register(a);
        match op {
            Unary::ToInt32 => write!(self, i32, Type::I32, count, |out| {
                vectors::to_int32(self.isa, out, &self.state.registers.f64.get(register)[..count]);
            }),
            Unary::ToBool => write!(self, bool, Type::Bool, count, |out| {
                vectors::to_bool(self.isa, out, &self.state.registers.f64.get(register)[..count]);
            }),
            Unary::Clz => write!(self, i32, Type::I32, count, |out| {
                vectors::clz(self.isa, out, &self.state.registers.i32.get(register)[..count]);
            }),
            Unary::Not => write!(self, bool, Type::Bool, count, |out| {
                vectors::not(self.isa, out, &self.state.registers.bool.get(register)[..count]);
            }),
            Unary::I32FromBool => write!(self, i32, Type::I32, count, |out| {
                vectors::i32_from_bool(self.isa, out, &self.state.registers.bool.get(register)[..count]);
            }),
            Unary::FromInt32 => write!(self, f64, Type::F64, count, |out| {
                vectors::from_int32(self.isa, out, &self.state.registers.i32.get(register)[..count]);
            }),
            Unary::FromUint32 => write!(self, f64, Type::F64, count, |out| {
                vectors::from_uint32(self.isa, out, &self.state.registers.i32.get(register)[..count]);
            }),
            Unary::FromBool => write!(self, f64, Type::F64, count, |out| {
                vectors::from_bool(self.isa, out, &self.state.registers.bool.get(register)[..count]);
            }),
            _ => write!(self, f64, Type::F64, count, |out| {
                vectors::unary_f64(self.isa, op, out, &self.state.registers.f64.get(register)[..count]);
            }),
        }
    }

    fn binary(&mut self, op: Binary, a: Value, b: Value, count: usize) -> Slot {
        match (op.operand(), op.result()) {
            (Type::F64, Type::F64) => write!(self, f64, Type::F64, count, |out| {
                let (a, b) = (operand!(self, f64, as_f64, a, count), operand!(self, f64, as_f64, b, count));
                vectors::binary_f64(self.isa, op, out, a, b);
            }),
            (Type::F64, _) => write!(self, bool, Type::Bool, count, |out| {
                let (a, b) = (operand!(self, f64, as_f64, a, count), operand!(self, f64, as_f64, b, count));
                vectors::compare_f64(self.isa, op, out, a, b);
            }),
            (Type::I32, Type::I32) => write!(self, i32, Type::I32, count, |out| {
                let (a, b) = (operand!(self, i32, as_i32, a, count), operand!(self, i32, as_i32, b, count));
                vectors::binary_i32(self.isa, op, out, a, b);
            }),
            (Type::I32, _) => write!(self, bool, Type::Bool, count, |out| {
                let (a, b) = (operand!(self, i32, as_i32, a, count), operand!(self, i32, as_i32, b, count));
                vectors::compare_i32(self.isa, op, out, a, b);
            }),
            (Type::Bool, _) => write!(self, bool, Type::Bool, count, |out| {
                let (a, b) =
                    (operand!(self, bool, as_bool, a, count), operand!(self, bool, as_bool, b, count));
                vectors::binary_bool(self.isa, op, out, a, b);
            }),
        }
    }

    fn select(&mut self, condition: Value, a: Value, b: Value, count: usize) -> Slot {
        if self.plan.uniform[condition.index()] {
            let taken = if self.state.registers.uniform(condition).as_bool() { a } else { b };
            return match self.state.registers.slot(taken) {
                Some(slot) => self.state.registers.copy(slot, count),
                None => self.state.registers.broadcast_value(taken, count),
            };
        }
        let conditions = self.state.registers.register(condition);
        match self.plan.function.ty(a) {
            Type::F64 => write!(self, f64, Type::F64, count, |out| {
                let (a, b) = (operand!(self, f64, as_f64, a, count), operand!(self, f64, as_f64, b, count));
                vectors::select_f64(self.isa, out, &self.state.registers.bool.get(conditions)[..count], a, b);
            }),
            Type::I32 => write!(self, i32, Type::I32, count, |out| {
                let (a, b) = (operand!(self, i32, as_i32, a, count), operand!(self, i32, as_i32, b, count));
                vectors::select_i32(self.isa, out, &self.state.registers.bool.get(conditions)[..count], a, b);
            }),
            Type::Bool => write!(self, bool, Type::Bool, count, |out| {
                let (a, b) =
                    (operand!(self, bool, as_bool, a, count), operand!(self, bool, as_bool, b, count));
                vectors::select_bool(
                    self.isa,
                    out,
                    &self.state.registers.bool.get(conditions)[..count],
                    a,
                    b,
                );
            }),
        }
    }

    fn call<L: MathLibrary>(&mut self, function: Math, arguments: &[Value], count: usize, math: &L) -> Slot {
        write!(self, f64, Type::F64, count, |out| {
            let mut operands = [Operand::Uniform(0.0); Math::MAX_ARITY];
            for (operand, argument) in operands.iter_mut().zip(arguments) {
                *operand = operand!(self, f64, as_f64, *argument, count);
            }
            for (lane, out) in out.iter_mut().enumerate() {
                let values = operands.map(|operand| match operand {
                    Operand::Lanes(values) => values[lane],
                    Operand::Uniform(value) => value,
                });
                *out = math.call(function, &values[..function.arity()]);
            }
        })
    }

    fn store<M: Memory>(&mut self, array: ArrayId, index: Value, value: Value, count: usize, memory: &M) {
        let index = self.index(index, count);
        let values = self.doubles(value, count);
        let indices = &self.state.registers.f64.get(index.register)[..count];
        let doubles = &self.state.registers.f64.get(values.register)[..count];
        let len = memory.len(array);
        match vectors::run_start(self.isa, indices) {
            Some(start) if len.checked_sub(start).is_some_and(|rest| rest >= count as u64) => {
                memory.store_run(array, start, doubles);
            }
            _ => {
                for (index, value) in indices.iter().zip(doubles) {
                    if let Some(index) = numeric::element_index(*index, len) {
                        memory.store(array, index, *value);
                    }
                }
            }
        }
        self.state.registers.release(index);
        self.state.registers.release(values);
    }

    fn local_store(&mut self, local: LocalId, index: Value, value: Value, lanes: &[u16]) -> Result<(), Stop> {
        let count = lanes.len();
        let index = self.index(index, count);
        let values = self.doubles(value, count);
        let local_array = self.plan.function.locals[local.index()];
        let indices = &self.state.registers.f64.get(index.register)[..count];
        let doubles = &self.state.registers.f64.get(values.register)[..count];
        let elements = &mut self.state.locals[local.index()];
        for ((index, value), lane) in indices.iter().zip(doubles).zip(lanes) {
            let Some(at) = numeric::element_index(*index, u64::from(local_array.len)) else {
                if local_array.is_plain {
                    return Err(Stop::LocalOutOfBounds { index: *index });
                }
                continue;
            };
            elements[at as usize * self.plan.width() + usize::from(*lane)] =
                numeric::through_element(local_array.element, *value);
        }
        self.state.registers.release(index);
        self.state.registers.release(values);
        Ok(())
    }

    fn local_fill(&mut self, local: LocalId, value: Value, lanes: &[u16]) {
        let values = self.doubles(value, lanes.len());
        let element = self.plan.function.locals[local.index()].element;
        let doubles = &self.state.registers.f64.get(values.register)[..lanes.len()];
        for row in self.state.locals[local.index()].chunks_exact_mut(self.plan.width()) {
            for (value, lane) in doubles.iter().zip(lanes) {
                row[usize::from(*lane)] = numeric::through_element(element, *value);
            }
        }
        self.state.registers.release(values);
    }

    fn atomic<M: Memory>(
        &mut self,
        op: AtomicOp,
        array: ArrayId,
        index: Value,
        arguments: &[Value],
        count: usize,
        memory: &M,
    ) -> Result<Slot, Stop> {
        let index = self.index(index, count);
        let len = memory.len(array);
        let mut stop = None;
        let slot = write!(self, f64, Type::F64, count, |out| {
            let indices = &self.state.registers.f64.get(index.register)[..count];
            let mut operands = [Operand::Uniform(0.0); 2];
            for (operand, argument) in operands.iter_mut().zip(arguments) {
                *operand = operand!(self, f64, as_f64, *argument, count);
            }
            for (lane, (out, index)) in out.iter_mut().zip(indices).enumerate() {
                let Some(at) = numeric::element_index(*index, len) else {
                    stop = Some(Stop::AtomicOutOfBounds { array, index: *index });
                    break;
                };
                let [a, b] = operands.map(|operand| match operand {
                    Operand::Lanes(values) => values[lane],
                    Operand::Uniform(value) => value,
                });
                *out = memory.atomic(op, array, at, a, b);
            }
        });
        self.state.registers.release(index);
        stop.map_or(Ok(slot), Err)
    }

    /// A value as doubles in lanes: its own register, borrowed, if it is one; otherwise one to be released.
    fn index(&mut self, value: Value, count: usize) -> Slot {
        match (self.state.registers.slot(value), self.plan.function.ty(value)) {
            (Some(slot), Type::I32) => write!(self, f64, Type::F64, count, |out| {
                vectors::from_int32(self.isa, out, &self.state.registers.i32.get(slot.register)[..count]);
            }),
            (Some(slot), _) => Slot { is_owned: false, ..slot },
            (None, _) => {
                let number = Bits::f64(self.uniform_number(value));
                self.state.registers.broadcast(Type::F64, number, count)
            }
        }
    }

    fn doubles(&mut self, value: Value, count: usize) -> Slot {
        self.index(value, count)
    }

    /// A uniform index: a double, or a signed integer.
    fn uniform_number(&self, value: Value) -> f64 {
        let bits = self.state.registers.uniform(value);
        match self.plan.function.ty(value) {
            Type::I32 => f64::from(bits.as_i32()),
            _ => bits.as_f64(),
        }
    }
}

/// Elements at any indices: NaN beyond the ends.
fn load<M: Memory>(isa: Isa, memory: &M, array: ArrayId, indices: &[f64], out: &mut [f64]) {
    let len = memory.len(array);
    match vectors::run_start(isa, indices) {
        Some(start) if len.checked_sub(start).is_some_and(|rest| rest >= indices.len() as u64) => {
            memory.load_run(array, start, out);
        }
        _ => {
            for (out, index) in out.iter_mut().zip(indices) {
                *out =
                    numeric::element_index(*index, len).map_or(f64::NAN, |index| memory.load(array, index));
            }
        }
    }
}
