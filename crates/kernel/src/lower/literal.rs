//! Small arrays of the body's own: literals, `new Float64Array(8)`, `new Array(8).fill(0)`.

use std::rc::Rc;

use super::Lower;
use super::value::{Js, Static};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{Element as ElementType, LocalId, MAX_LOCAL_LEN, Op, Stmt as IrStmt, Value};
use crate::syntax::ast::{Element, ExprId, ExprKind};
use crate::syntax::span::Span;

/// Local arrays of a body.
const MAX_LOCALS: usize = 64;

impl Lower<'_> {
    pub(super) fn array_literal(&mut self, items: &[Option<Element>], span: Span) -> Js {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Some(Element::Expr(id)) => values.push(self.expression(*id)),
                Some(Element::Spread(..)) => return Js::Error,
                None => return self.refuse_kind(Refusal::Hole, span),
            }
        }
        Js::Static(Static::Tuple(values.into()))
    }

    /// Gives an array literal a place in memory, when a variable gets it: its elements can be stored to then.
    pub(super) fn name_array(&mut self, value: Js, span: Span) -> Js {
        let Js::Static(Static::Tuple(items)) = &value else { return value };
        let items = Rc::clone(items);
        let Some(local) = self.new_local(ElementType::Float64, items.len() as f64, span) else {
            return Js::Error;
        };
        for (number, item) in items.iter().enumerate() {
            let index = self.builder.f64(number as f64);
            let value = self.local_value(item, span);
            self.push(IrStmt::LocalStore { local, index, value });
        }
        Js::Static(Static::Local(local))
    }

    /// A number to be stored to a local array.
    pub(super) fn local_value(&mut self, value: &Js, span: Span) -> Value {
        if let Js::Boolean(_) | Js::Mixed(_) = value {
            self.refuse_kind(Refusal::BooleanStored, span);
        }
        self.number(value, span)
    }

    fn new_local(&mut self, element: ElementType, len: f64, span: Span) -> Option<LocalId> {
        if !(1.0..=f64::from(MAX_LOCAL_LEN)).contains(&len)
            || len.trunc() != len
            || self.builder.locals() >= MAX_LOCALS
        {
            self.refuse_kind(Refusal::LocalLength, span);
            return None;
        }
        Some(self.builder.local(element, len as u32))
    }

    /// `new Float64Array(8)`, `new Float64Array([1, 2])`, `new Array(8)`
    pub(super) fn new_array_expression(&mut self, callee: ExprId, args: &[Element], span: Span) -> Js {
        let tree = self.tree();
        let name = tree.as_name(callee).unwrap_or("").to_owned();
        let element = match &*name {
            "Array" | "Float64Array" => ElementType::Float64,
            "Float32Array" => ElementType::Float32,
            "Float16Array" => ElementType::Float16,
            "Int32Array" => ElementType::Int32,
            "Uint32Array" => ElementType::Uint32,
            "Int16Array" => ElementType::Int16,
            "Uint16Array" => ElementType::Uint16,
            "Int8Array" => ElementType::Int8,
            "Uint8Array" => ElementType::Uint8,
            "Uint8ClampedArray" => ElementType::Uint8Clamped,
            // Refused by the syntax.
            _ => return Js::Error,
        };
        let [Element::Expr(arg)] = args else { return self.refuse_kind(Refusal::LocalLength, span) };
        if let ExprKind::Array(items) = &tree[*arg].kind {
            let Js::Static(Static::Tuple(items)) = self.array_literal(items, span) else { return Js::Error };
            let Some(local) = self.new_local(element, items.len() as f64, span) else { return Js::Error };
            for (number, item) in items.iter().enumerate() {
                let index = self.builder.f64(number as f64);
                let value = self.number(item, span);
                self.push(IrStmt::LocalStore { local, index, value });
            }
            return Js::Static(Static::Local(local));
        }
        let length = self.expression(*arg);
        let Some(length) = self.constant(&length) else {
            return self.refuse_kind(Refusal::LocalLength, tree[*arg].span);
        };
        let Some(local) = self.new_local(element, length, tree[*arg].span) else { return Js::Error };
        // A plain array begins with holes, which are undefined: NaN, once they are numbers.
        let initial = self.builder.f64(if &*name == "Array" { f64::NAN } else { 0.0 });
        self.push(IrStmt::LocalFill { local, value: initial });
        Js::Static(Static::Local(local))
    }

    /// The number that a value certainly is.
    fn constant(&self, value: &Js) -> Option<f64> {
        match value {
            Js::Number(number) => self.builder.constant(*number)?.as_f64(),
            _ => None,
        }
    }

    /// A method of an array.
    pub(super) fn method(
        &mut self,
        object: &Static,
        name: &str,
        arguments: &[Js],
        spans: &[Span],
        span: Span,
    ) -> Js {
        match (object, name, arguments) {
            (Static::Local(local), "fill", [value]) => {
                let value = self.local_value(value, spans[0]);
                self.push(IrStmt::LocalFill { local: *local, value });
                Js::Static(object.clone())
            }
            (_, "at", [index]) => {
                let number = self.number(index, spans[0]);
                let Some(length) = self.length(object) else { return Js::Error };
                let whole = self.builder.unary(crate::ir::Unary::Trunc, number);
                let zero = self.builder.f64(0.0);
                let from_end = self.builder.binary(crate::ir::Binary::Add, length, whole);
                let is_negative = self.builder.binary(crate::ir::Binary::Lt, whole, zero);
                let index = self.builder.op(Op::Select(is_negative, from_end, whole));
                self.element(object, Js::Number(index), span)
            }
            _ => {
                let what = format!("a body has no method `{name}` of arrays");
                self.refuse(Diagnostic::new(Refusal::UnknownProperty, span).saying(what))
            }
        }
    }
}
