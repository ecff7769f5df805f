//! Arrays of the body's own that grow: `const stack = []`, `push`, `pop`. There is room for so many elements in a local array, and a
//! variable says how many there are.

use std::rc::Rc;

use super::Lower;
use super::scope::VarId;
use super::value::{Js, Static, Tuple};
use crate::diagnostic::Kind as Refusal;
use crate::ir::{Binary, Element, LocalId, Op, Stmt, Value};
use crate::syntax::span::Span;

/// How many elements there is room for. More would be `ERR_OUT_OF_RANGE` later, and machine code slower for all: arrays of a body have
/// memory for each index that runs at once.
const ROOM: u32 = 256;

impl Lower<'_> {
    pub(super) fn new_stack(&mut self, tuple: &Tuple, span: Span) -> Js {
        if tuple.items.len() > ROOM as usize {
            return self.refuse_kind(Refusal::LocalLength, span);
        }
        let Some(local) = self.new_local(Element::Float64, true, f64::from(ROOM), span) else {
            return Js::Error;
        };
        for (number, item) in tuple.items.iter().enumerate() {
            let index = self.builder.f64(number as f64);
            self.store_local(local, index, item, span);
        }
        let length = Js::Number(self.builder.f64(tuple.items.len() as f64));
        let length = self.temporary(length);
        Js::Static(Static::Stack { local, length, sites: Rc::clone(&tuple.sites) })
    }

    /// The index of an element, or -1 where there is none.
    pub(super) fn stack_index(&mut self, length: VarId, index: Value, span: Span) -> Value {
        let length = self.env[length].clone();
        let length = self.number(&length, span);
        let is_inside = self.is_below(index, length);
        let nowhere = self.builder.f64(-1.0);
        self.builder.op(Op::Select(is_inside, index, nowhere))
    }

    /// Stores to an element, or behind the last one. Beyond that, JavaScript would make holes.
    pub(super) fn store_stack(
        &mut self,
        local: LocalId,
        length: VarId,
        index: Value,
        value: &Js,
        span: Span,
    ) {
        let old = self.env[length].clone();
        let old = self.number(&old, span);
        let one = self.builder.f64(1.0);
        let longer = self.builder.binary(Binary::Add, old, one);
        let condition = self.is_below(index, longer);
        self.push(Stmt::Guard { condition });
        // Beyond the room, this is out of range.
        self.store_local(local, index, value, span);
        let is_behind = self.builder.binary(Binary::Eq, index, old);
        let new = self.builder.op(Op::Select(is_behind, longer, old));
        self.env[length] = Js::Number(new);
    }

    pub(super) fn pop(&mut self, local: LocalId, length: VarId, span: Span) -> Js {
        let old = self.env[length].clone();
        let old = self.number(&old, span);
        let (zero, one) = (self.builder.f64(0.0), self.builder.f64(1.0));
        let last = self.builder.binary(Binary::Sub, old, one);
        let shorter = self.builder.binary(Binary::Max, last, zero);
        self.env[length] = Js::Number(shorter);
        // At -1 there is nothing.
        self.local_element(local, last)
    }

    /// `stack.length = 0`: no more than there are.
    pub(super) fn set_length(&mut self, length: VarId, value: &Js, span: Span) {
        let old = self.env[length].clone();
        let old = self.number(&old, span);
        let one = self.builder.f64(1.0);
        let longer = self.builder.binary(Binary::Add, old, one);
        let new = self.number(value, span);
        let condition = self.is_below(new, longer);
        self.push(Stmt::Guard { condition });
        // -0 is 0.
        let zero = self.builder.f64(0.0);
        let new = self.builder.binary(Binary::Add, new, zero);
        self.env[length] = Js::Number(new);
    }
}
