//! Makes functions. What it takes and returns are typed values, so that a wrong operand panics where it is made; regions are
//! opened and closed like brackets.

use allcores_machine::Element;

use crate::numeric::{self, Bits};

use super::function::{Array, End, Function, Local, Origin, Region, Stmt};
use super::op::{Binary, Math, Op, Unary};
use super::types::{ArrayId, Const, Label, LocalId, RegionId, ScalarId, Type, Value};

/// A function in the making.
pub struct Builder {
    function: Function,
    /// The regions that are open, the innermost last.
    open: Vec<(RegionId, Vec<Stmt>)>,
    origin: Origin,
    last_closed: RegionId,
}

/// A region that has been opened, to be closed in reverse order.
#[must_use = "an open region has to be closed"]
#[derive(Debug)]
pub struct Open(RegionId);

impl Builder {
    /// A function over that many dimensions, its entry region open.
    pub fn new(indices: u8, result: Option<Type>) -> (Self, Open) {
        let function = Function {
            indices,
            scalars: Vec::new(),
            arrays: Vec::new(),
            locals: Vec::new(),
            result,
            values: Vec::new(),
            origins: Vec::new(),
            regions: Vec::new(),
            entry: RegionId(0),
            labels: 0,
        };
        let mut builder =
            Self { function, open: Vec::new(), origin: Origin::default(), last_closed: RegionId(0) };
        let entry = builder.open();
        (builder, entry)
    }

    /// Where the values that are made from now on come from.
    pub fn set_origin(&mut self, origin: Origin) {
        self.origin = origin;
    }

    /// The number of values so far.
    pub fn len(&self) -> usize {
        self.function.values.len()
    }

    /// Whether there are no values yet.
    pub fn is_empty(&self) -> bool {
        self.function.values.is_empty()
    }

    /// A number of the caller's.
    pub fn scalar(&mut self, name: &str) -> ScalarId {
        self.function.scalars.push(name.into());
        ScalarId(self.function.scalars.len() as u32 - 1)
    }

    /// An array of the caller's, not written so far.
    pub fn array(&mut self, name: &str, element: Element) -> ArrayId {
        self.function.arrays.push(Array { name: name.into(), element, is_written: false });
        ArrayId(self.function.arrays.len() as u32 - 1)
    }

    /// A local array.
    pub fn local(&mut self, local: Local) -> LocalId {
        self.function.locals.push(local);
        LocalId(self.function.locals.len() as u32 - 1)
    }

    /// A new label.
    pub fn label(&mut self) -> Label {
        self.function.labels += 1;
        Label(self.function.labels - 1)
    }

    /// A value's type.
    pub fn ty(&self, value: Value) -> Type {
        self.function.ty(value)
    }

    /// The element type of an array.
    pub fn element(&self, array: ArrayId) -> Element {
        self.function.arrays[array.index()].element
    }

    /// A value that some statement or loop will define.
    pub fn declare(&mut self, ty: Type) -> Value {
        self.function.values.push(ty);
        self.function.origins.push(self.origin);
        Value(self.function.values.len() as u32 - 1)
    }

    /// Appends a statement to the innermost region.
    pub fn push(&mut self, stmt: Stmt) {
        match &stmt {
            Stmt::Store { array, .. } | Stmt::Let(_, Op::Atomic(_, array, ..)) => {
                self.function.arrays[array.index()].is_written = true;
            }
            _ => {}
        }
        let (_, stmts) = self.open.last_mut().expect("a region is open");
        stmts.push(stmt);
    }

    /// Appends an operation. Its operands must have the types that it takes.
    pub fn op(&mut self, op: Op) -> Value {
        let ty = match &op {
            Op::Const(constant) => constant.ty(),
            Op::Unary(unary, a) => {
                assert_eq!(self.ty(*a), unary.operand(), "{}", unary.name());
                unary.result()
            }
            Op::Binary(binary, a, b) => {
                assert_eq!(self.ty(*a), binary.operand(), "{}", binary.name());
                assert_eq!(self.ty(*b), binary.operand(), "{}", binary.name());
                binary.result()
            }
            Op::Select(condition, a, b) => {
                assert_eq!(self.ty(*condition), Type::Bool);
                assert_eq!(self.ty(*a), self.ty(*b));
                self.ty(*a)
            }
            Op::InBounds(..) => Type::Bool,
            Op::Index(_)
            | Op::Scalar(_)
            | Op::Length(_)
            | Op::Call(..)
            | Op::Load(..)
            | Op::LocalLoad(..)
            | Op::Atomic(..) => Type::F64,
        };
        let value = self.declare(ty);
        self.push(Stmt::Let(value, op));
        value
    }

    /// A double.
    pub fn f64(&mut self, value: f64) -> Value {
        self.op(Op::Const(Const::f64(value)))
    }

    /// 32 bits.
    pub fn i32(&mut self, value: i32) -> Value {
        self.op(Op::Const(Const::I32(value)))
    }

    /// A boolean.
    pub fn bool(&mut self, value: bool) -> Value {
        self.op(Op::Const(Const::Bool(value)))
    }

    /// An operator.
    pub fn unary(&mut self, op: Unary, a: Value) -> Value {
        self.op(Op::Unary(op, a))
    }

    /// An operator.
    pub fn binary(&mut self, op: Binary, a: Value, b: Value) -> Value {
        self.op(Op::Binary(op, a, b))
    }

    /// A function call.
    pub fn call(&mut self, function: Math, arguments: &[Value]) -> Value {
        assert_eq!(arguments.len(), function.arity(), "{}", function.name());
        self.op(Op::Call(function, arguments.into()))
    }

    /// Opens a region: statements go into it until it is closed.
    pub fn open(&mut self) -> Open {
        let id = RegionId(self.function.regions.len() as u32);
        // Until it is closed, an end that `verify` refuses.
        self.function.regions.push(Region { stmts: Vec::new(), end: End::Yield(Vec::new()) });
        self.open.push((id, Vec::new()));
        Open(id)
    }

    /// Closes the innermost region.
    pub fn close(&mut self, open: Open, end: End) -> RegionId {
        let (id, stmts) = self.open.pop().expect("a region is open");
        assert_eq!(id, open.0, "regions are closed innermost first");
        self.function.regions[id.index()] = Region { stmts, end };
        self.last_closed = id;
        id
    }

    /// The region that was closed last.
    pub fn last_closed(&self) -> RegionId {
        self.last_closed
    }

    /// How many regions there are.
    pub fn regions(&self) -> usize {
        self.function.regions.len()
    }

    /// How many local arrays there are.
    pub fn locals(&self) -> usize {
        self.function.locals.len()
    }

    /// What a value is, if an operation that can still be seen here makes it a constant.
    pub fn constant(&self, value: Value) -> Option<Const> {
        match self.definition(value)? {
            Op::Const(constant) => Some(*constant),
            _ => None,
        }
    }

    /// What a value is, if it is a constant, or computed of constants by so many operations within each other at most.
    pub fn computed(&self, value: Value, depth: usize) -> Option<Const> {
        let result = |ty, bits: Bits| match ty {
            Type::F64 => Const::f64(bits.as_f64()),
            Type::I32 => Const::I32(bits.as_i32()),
            Type::Bool => Const::Bool(bits.as_bool()),
        };
        let depth = depth.checked_sub(1)?;
        match self.definition(value)? {
            Op::Const(constant) => Some(*constant),
            Op::Unary(op, a) => {
                let a = self.computed(*a, depth)?;
                Some(result(op.result(), numeric::unary(*op, a.into())))
            }
            Op::Binary(op, a, b) => {
                let (a, b) = (self.computed(*a, depth)?, self.computed(*b, depth)?);
                Some(result(op.result(), numeric::binary(*op, a.into(), b.into())))
            }
            _ => None,
        }
    }

    /// The operation that makes a value, if it can still be seen here.
    fn definition(&self, value: Value) -> Option<&Op> {
        let stmts = self.open.iter().rev().flat_map(|(_, stmts)| stmts.iter().rev());
        stmts.take(1000).find_map(|stmt| match stmt {
            Stmt::Let(defined, op) if *defined == value => Some(op),
            _ => None,
        })
    }

    /// What a local array is.
    pub fn local_array(&self, local: LocalId) -> Local {
        self.function.locals[local.index()]
    }

    /// Changes how a closed region ends.
    pub fn set_end(&mut self, region: RegionId, end: End) {
        self.function.regions[region.index()].end = end;
    }

    /// Opens a closed region once more, to append what can use all that was visible at its end.
    pub fn reopen(&mut self, region: RegionId) -> Open {
        let stmts = std::mem::take(&mut self.function.regions[region.index()].stmts);
        self.open.push((region, stmts));
        Open(region)
    }

    /// Closes a region that was opened once more. Its end stays as it is.
    pub fn close_again(&mut self, open: Open) {
        let (id, stmts) = self.open.pop().expect("a region is open");
        assert_eq!(id, open.0, "regions are closed innermost first");
        self.function.regions[id.index()].stmts = stmts;
    }

    /// Appends an operation to a closed region.
    pub fn op_in(&mut self, region: RegionId, op: Op) -> Value {
        let open = self.reopen(region);
        let value = self.op(op);
        self.close_again(open);
        value
    }

    /// The innermost open region.
    pub fn current(&self) -> RegionId {
        self.open.last().expect("a region is open").0
    }

    /// The function, with its entry region closed by the body's value.
    pub fn finish_with(mut self, result: Option<Value>) -> Function {
        assert_eq!(self.open.len(), 1, "only the entry region is open");
        self.close(Open(self.function.entry), End::Yield(result.into_iter().collect()));
        self.finish()
    }

    /// The function, when all regions are closed.
    pub fn finish(self) -> Function {
        assert!(self.open.is_empty(), "all regions are closed");
        self.function
    }
}
