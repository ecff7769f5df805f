//! Small arrays of the body's own: literals, `new Float64Array(8)`, `new Array(8).fill(0)`, `Array(8)`.

use super::Lower;
use super::value::{Item, Js, Static, Tuple};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{Element as ElementType, Local, LocalId, MAX_LOCAL_LEN, Op, Stmt as IrStmt, Value};
use crate::syntax::ast::{Element, ExprId, ExprKind};
use crate::syntax::span::Span;

/// Local arrays of a body.
const MAX_LOCALS: usize = 64;

/// Operations that the length of an array may be computed by, within each other.
const MAX_COMPUTED: usize = 6;

/// Elements that `...` may stand for.
const MAX_SPREAD: usize = 64;

impl Lower<'_> {
    pub(super) fn array_literal(&mut self, items: &[Option<Element>], span: Span) -> Js {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Some(Element::Expr(id)) => {
                    let value = self.expression(*id);
                    values.push(self.hold_part(value, *id));
                }
                Some(Element::Spread(span, id)) => {
                    values.extend(self.spread(*id, *span).into_iter().flatten());
                }
                // A hole: with what a body can do, none can be told from an element that is undefined.
                None => values.push(Js::Undefined),
            }
        }
        self.tuple(values, span)
    }

    /// An array of values that nobody holds yet, made at a place of the text.
    pub(super) fn tuple(&mut self, items: Vec<Js>, span: Span) -> Js {
        let sites = [(self.unit, span.start)].into();
        Js::Static(Static::Tuple(Tuple { items: items.into(), sites, is_held: false, copy: None }))
    }

    /// What `...array` stands for, in arguments and in array literals.
    pub(super) fn spread(&mut self, array: ExprId, span: Span) -> Option<Vec<Js>> {
        let value = self.expression(array);
        let value = self.there(&value);
        let Js::Static(array) = &value else {
            if value != Js::Error {
                self.refuse_kind(Refusal::NotIterable, span);
            }
            return None;
        };
        self.is_closed = false;
        let len = match array {
            Static::Tuple(tuple) => tuple.items.len(),
            Static::Local(local) => self.builder.local_array(*local).len as usize,
            Static::Table { dimensions, .. } | Static::Item(Item { dimensions, .. })
                if !dimensions.is_empty() =>
            {
                dimensions[0] as usize
            }
            _ => usize::MAX,
        };
        if len > MAX_SPREAD {
            self.refuse_kind(Refusal::Spread, span);
            return None;
        }
        Some((0..len).map(|number| self.element_at(array, number, span)).collect())
    }

    /// An element of an array, at a number that is known.
    pub(super) fn element_at(&mut self, array: &Static, number: usize, span: Span) -> Js {
        let index = Js::Number(self.builder.f64(number as f64));
        self.element(array, index, span)
    }

    /// `local[index] = value`
    pub(super) fn store_local(&mut self, local: LocalId, index: Value, value: &Js, span: Span) {
        let number = self.local_value(local, value, span);
        self.push(IrStmt::LocalStore { local, index, value: number });
        if let Some((shadow, undefined)) = self.shadow_value(local, value) {
            self.push(IrStmt::LocalStore { local: shadow, index, value: undefined });
        }
    }

    pub(super) fn fill_local(&mut self, local: LocalId, value: &Js, span: Span) {
        let number = self.local_value(local, value, span);
        self.push(IrStmt::LocalFill { local, value: number });
        if let Some((shadow, undefined)) = self.shadow_value(local, value) {
            self.push(IrStmt::LocalFill { local: shadow, value: undefined });
        }
    }

    /// A number to be stored to a local array. A plain array keeps what a typed array converts.
    fn local_value(&mut self, local: LocalId, value: &Js, span: Span) -> Value {
        let is_plain = self.builder.local_array(local).is_plain;
        if is_plain && matches!(value, Js::Null | Js::Perhaps(_)) {
            let what = format!("{} is stored to an array of the body's own", value.describe());
            self.refuse(Diagnostic::new(Refusal::NotANumber, span).saying(what));
        }
        if is_plain
            && let Js::Static(Static::Tuple(_) | Static::Record(_) | Static::Object(..) | Static::Item(_)) =
                value
        {
            let what =
                format!("{} is stored to an array of the body's own, which holds numbers", value.describe());
            let remedy = "keep an array for each part: `xs.push(x); ys.push(y)`";
            self.refuse(Diagnostic::new(Refusal::NotANumber, span).saying(what).advising(remedy));
            return self.builder.f64(0.0);
        }
        if let Some(holds) = value.holds() {
            self.learn_held(local, holds);
        }
        self.number(value, span)
    }

    pub(super) fn new_local(
        &mut self,
        element: ElementType,
        is_plain: bool,
        len: f64,
        span: Span,
    ) -> Option<LocalId> {
        // The program may have replaced its class, or what it inherits.
        self.is_closed = false;
        if !(1.0..=f64::from(MAX_LOCAL_LEN)).contains(&len)
            || len.trunc() != len
            || self.builder.locals() >= MAX_LOCALS
        {
            self.refuse_kind(Refusal::LocalLength, span);
            return None;
        }
        // Whoever makes one stores to all elements at once, or reads only what was pushed.
        let local = self.builder.local(Local { element, len: len as u32, is_plain, is_set: true });
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
            let Js::Static(Static::Tuple(Tuple { items, .. })) = self.array_literal(items, span) else {
                return Js::Error;
            };
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

    /// The number that a value certainly is: written out, or computed of such.
    fn constant(&self, value: &Js) -> Option<f64> {
        match value {
            Js::Number(number) => self.builder.computed(*number, MAX_COMPUTED)?.as_f64(),
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
            (Static::OneOf(one), "fill", [value]) => {
                if !self.is_one_shape(one, span) {
                    return Js::Error;
                }
                self.fill_one(one, value, spans[0]);
                Js::Static(object.clone())
            }
            (Static::Stack { local, length, .. }, "push", values) => {
                for (value, span) in values.iter().zip(spans) {
                    let end = self.env[*length].clone();
                    let end = self.number(&end, *span);
                    self.store_stack(*local, *length, end, value, *span);
                }
                self.env[*length].clone()
            }
            (Static::Stack { local, length, .. }, "pop", []) => self.pop(*local, *length, span),
            (Static::Tuple(tuple), "push" | "pop", _) if tuple.is_held && self.learn_grown(&tuple.sites) => {
                Js::Error
            }
            (Static::Tuple(tuple), "fill", [_]) => {
                if tuple.is_held && self.learn_stored(&tuple.sites) {
                    return Js::Error;
                }
                match self.in_memory(tuple, span) {
                    Some(array @ Static::Local(_)) if !tuple.is_held => {
                        self.method(&array, name, arguments, spans, span)
                    }
                    _ => self.refuse_kind(Refusal::Conflict, span),
                }
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
                let what = format!("a body has no method `{name}` of such an array");
                let remedy = match name {
                    "push" | "pop" => "begin with a literal: `const a = []` can grow",
                    _ => "use a loop",
                };
                self.refuse(Diagnostic::new(Refusal::UnknownProperty, span).saying(what).advising(remedy))
            }
        }
    }
}
