//! One of several arrays of the body's own: rows that change places.
//!
//! ```text
//! let p = [1, 2], q = [0, 0];        p is local 0, q is local 1
//! for (…) {                          at the beginning of a turn each is one of both: a number says which
//!   q[k] = p[k] + 1;                 if (q == 0) local0[k] = … else local1[k] = …
//!   [p, q] = [q, p];                 the numbers change places
//! }
//! ```

use super::Lower;
use super::value::{Holds, Js, OneOf};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{Binary, End, LocalId, Op, Value};
use crate::syntax::span::Span;

impl Lower<'_> {
    /// Whether all that it may be have one length and one type of elements. Refuses it otherwise.
    pub(super) fn is_one_shape(&mut self, one: &OneOf, span: Span) -> bool {
        let first = self.builder.local_array(one.locals[0]);
        let is_same = one.locals.iter().all(|local| self.builder.local_array(*local) == first);
        if !is_same {
            let what = "this is one of several arrays, which are not of one length and type";
            self.refuse(Diagnostic::new(Refusal::Conflict, span).saying(what));
        }
        is_same
    }

    pub(super) fn one_element(&mut self, one: &OneOf, index: Value, span: Span) -> Js {
        if !self.is_one_shape(one, span) {
            return Js::Error;
        }
        let number = self.one_by_one(one, |lower, local| lower.builder.op(Op::LocalLoad(local, index)));
        let holds = one.locals.iter().map(|local| self.held(*local));
        let holds = holds.reduce(Holds::join).expect("it is one of some");
        if !one.locals.iter().any(|local| self.has_shadow(*local)) {
            return Js::OneElement { number, one: one.clone(), index, holds };
        }
        // Read now: something else may be there when somebody asks.
        let undefined = self.one_by_one(one, |lower, local| {
            let element = lower.local_element(local, index);
            lower.is_undefined(&element).expect("an element may be undefined")
        });
        Js::Maybe { number, undefined, holds }
    }

    /// What is computed for each array: that of the one that it is.
    pub(super) fn one_by_one(
        &mut self,
        one: &OneOf,
        mut of: impl FnMut(&mut Self, LocalId) -> Value,
    ) -> Value {
        let mut result = of(self, one.locals[0]);
        for local in &one.locals[1..] {
            let value = of(self, *local);
            let is_it = self.is_local(one, *local);
            result = self.builder.op(Op::Select(is_it, value, result));
        }
        result
    }

    fn is_local(&mut self, one: &OneOf, local: LocalId) -> Value {
        let number = self.builder.f64(f64::from(local.0));
        self.builder.binary(Binary::Eq, one.which, number)
    }

    pub(super) fn store_one(&mut self, one: &OneOf, index: Value, value: &Js, span: Span) {
        self.do_to_one(one, |lower, local| lower.store_local(local, index, value, span));
    }

    pub(super) fn fill_one(&mut self, one: &OneOf, value: &Js, span: Span) {
        self.do_to_one(one, |lower, local| lower.fill_local(local, value, span));
    }

    fn do_to_one(&mut self, one: &OneOf, mut act: impl FnMut(&mut Self, LocalId)) {
        for local in one.locals.iter() {
            let condition = self.is_local(one, *local);
            let then = self.builder.open();
            act(self, *local);
            let then = self.builder.close(then, End::Yield(Vec::new()));
            let otherwise = self.builder.open();
            let otherwise = self.builder.close(otherwise, End::Yield(Vec::new()));
            self.push_if(condition, Vec::new(), then, otherwise);
        }
    }
}
