//! Small arrays of the body's own: literals, `new Float64Array(8)`, `new Array(8).fill(0)`, `Array(8)`.

use std::rc::Rc;

use super::Lower;
use super::value::{Js, Static};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{Element as ElementType, Local, LocalId, MAX_LOCAL_LEN, Op, Stmt as IrStmt, Value};
use crate::syntax::ast::{Element, ExprId, ExprKind};
use crate::syntax::span::Span;

/// Local arrays of a body.
const MAX_LOCALS: usize = 64;

impl Lower<'_> {
    pub(super) fn array_literal(&mut self, items: &[Option<Element>]) -> Js {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Some(Element::Expr(id)) => values.push(self.expression(*id)),
                Some(Element::Spread(..)) => return Js::Error,
                // A hole: with what a body can do, none can be told from an element that is undefined.
                None => values.push(Js::Undefined),
            }
        }
        Js::Static(Static::Tuple(values.into()))
    }

    /// Gives an array literal a place in memory, when a variable gets it: its elements can be stored to then.
    pub(super) fn name_array(&mut self, value: Js, span: Span) -> Js {
        let Js::Static(Static::Tuple(items)) = &value else { return value };
        let items = Rc::clone(items);
        let Some(local) = self.new_local(ElementType::Float64, true, items.len() as f64, span) else {
            return Js::Error;
        };
        for (number, item) in items.iter().enumerate() {
            let index = self.builder.f64(number as f64);
            self.store_local(local, index, item, span);
        }
        Js::Static(Static::Local(local))
    }

    /// `local[index] = value`
    pub(super) fn store_local(&mut self, local: LocalId, index: Value, value: &Js, span: Span) {
        let number = self.local_value(local, value, span);
        self.push(IrStmt::LocalStore { local, index, value: number });
        if let Some((shadow, undefined)) = self.shadow_value(local, value) {
            self.push(IrStmt::LocalStore { local: shadow, index, value: undefined });
        }
    }

    fn fill_local(&mut self, local: LocalId, value: &Js, span: Span) {
        let number = self.local_value(local, value, span);
        self.push(IrStmt::LocalFill { local, value: number });
        if let Some((shadow, undefined)) = self.shadow_value(local, value) {
            self.push(IrStmt::LocalFill { local: shadow, value: undefined });
        }
    }

    /// A number to be stored to a local array. A plain array would keep what a typed array converts.
    fn local_value(&mut self, local: LocalId, value: &Js, span: Span) -> Value {
        let is_plain = self.builder.local_array(local).is_plain;
        match value {
            Js::Boolean(_) | Js::Mixed(_) | Js::Maybe { is_mixed: true, .. } if is_plain => {
                self.refuse_kind(Refusal::BooleanStored, span);
            }
            Js::Null if is_plain => {
                let what = "null is stored to an array of the body's own";
                self.refuse(Diagnostic::new(Refusal::NotANumber, span).saying(what));
            }
            _ => {}
        }
        self.number(value, span)
    }

    fn new_local(&mut self, element: ElementType, is_plain: bool, len: f64, span: Span) -> Option<LocalId> {
        // The program may have replaced its class, or what it inherits.
        self.is_closed = false;
        if !(1.0..=f64::from(MAX_LOCAL_LEN)).contains(&len)
            || len.trunc() != len
            || self.builder.locals() >= MAX_LOCALS
        {
            self.refuse_kind(Refusal::LocalLength, span);
            return None;
        }
        let local = self.builder.local(Local { element, len: len as u32, is_plain });
        if is_plain {
            self.new_plain(local);
        }
        Some(local)
    }

    /// Whether a callee is ECMAScript's own `Array`, which makes the same with `new` and without.
    pub(super) fn is_array_function(&self, callee: ExprId) -> bool {
        let tree = &self.units[self.unit.0].tree;
        let ExprKind::Name(name) = tree[callee].kind else { return false };
        tree.name(name) == "Array"
            && self.variable(name).is_none()
            && self.request.data.at(&["Array".into()]).is_none()
    }

    /// `new Float64Array(8)`, `new Float64Array([1, 2])`, `new Array(8)`
    pub(super) fn new_array_expression(&mut self, callee: ExprId, args: &[Element], span: Span) -> Js {
        let tree = self.tree();
        if let ExprKind::Name(name) = tree[callee].kind
            && self.variable(name).is_some()
        {
            // It is not ECMAScript's.
            return self.refuse_kind(Refusal::New, span);
        }
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
        let is_plain = &*name == "Array";
        if let ExprKind::Array(items) = &tree[*arg].kind
            && !is_plain
        {
            let Js::Static(Static::Tuple(items)) = self.array_literal(items) else { return Js::Error };
            let len = items.len() as f64;
            let Some(local) = self.new_local(element, false, len, span) else { return Js::Error };
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
        let Some(local) = self.new_local(element, is_plain, length, tree[*arg].span) else {
            return Js::Error;
        };
        // A plain array begins with holes, which are undefined.
        let initial = if is_plain { Js::Undefined } else { Js::Number(self.builder.f64(0.0)) };
        self.fill_local(local, &initial, span);
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
                self.fill_local(*local, value, spans[0]);
                Js::Static(object.clone())
            }
            (_, "at", [index]) => {
                let whole = self.integer(index, spans[0]);
                let Some(length) = self.length(object) else { return Js::Error };
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
