//! Which elements of the body's own plain arrays are undefined, and which are booleans.
//!
//! A number cannot say that it is undefined. Nearly always nobody stores `undefined` to such an array, or nobody asks: then an
//! element is undefined beyond the ends alone. Where both happen, lowering begins anew, and the array gets a *shadow*: another
//! one, of 1 where its element is undefined.
//!
//! Nor can it say that it is a boolean. An array is taken to hold numbers, until a boolean is stored to it; then lowering begins anew,
//! and it is taken to hold nothing else, until a number is.

use super::Lower;
use super::value::{Holds, Js};
use crate::ir::{Element, Local, LocalId, Op, Unary, Value};

/// A plain array, and what has been done to it.
pub(super) struct Plain {
    local: LocalId,
    shadow: Option<LocalId>,
    /// Something was stored to it that may be undefined.
    is_hollow: bool,
    /// Somebody has asked whether an element is undefined.
    is_asked: bool,
    /// What it is taken to hold.
    holds: Holds,
}

impl Lower<'_> {
    /// Remembers a plain array that was just made.
    pub(super) fn new_plain(&mut self, local: LocalId) {
        let number = self.plain.len();
        let len = self.builder.local_array(local).len;
        let shadow = self.hints.shadowed.contains(&number).then(|| {
            let shadow = Local { element: Element::Uint8, len, is_plain: false, is_set: true };
            self.builder.local(shadow)
        });
        let holds = self.hints.held.get(&number).copied().unwrap_or(Holds::Numbers);
        self.plain.push(Plain { local, shadow, is_hollow: false, is_asked: false, holds });
    }

    /// Whether a local array says of its elements which are undefined.
    pub(super) fn has_shadow(&self, local: LocalId) -> bool {
        self.plain(local).is_some_and(|number| self.plain[number].shadow.is_some())
    }

    fn plain(&self, local: LocalId) -> Option<usize> {
        self.plain.iter().position(|plain| plain.local == local)
    }

    /// The shadow of a local array, and what is to be stored to it together with `value`.
    pub(super) fn shadow_value(&mut self, local: LocalId, value: &Js) -> Option<(LocalId, Value)> {
        let number = self.plain(local)?;
        if matches!(
            value,
            Js::Undefined
                | Js::Maybe { .. }
                | Js::Element { .. }
                | Js::LocalElement { .. }
                | Js::OneElement { .. }
        ) {
            self.plain[number].is_hollow = true;
            self.learn_shadow(number);
        }
        let shadow = self.plain[number].shadow?;
        let undefined = self.is_undefined(value).unwrap_or_else(|| self.builder.bool(false));
        Some((shadow, self.builder.unary(Unary::FromBool, undefined)))
    }

    /// An element of a local array.
    pub(super) fn local_element(&mut self, local: LocalId, index: Value) -> Js {
        let number = self.builder.op(Op::LocalLoad(local, index));
        let shadow = self.plain(local).and_then(|number| self.plain[number].shadow);
        let holds = self.held(local);
        let Some(shadow) = shadow else { return Js::LocalElement { number, local, index, holds } };
        // Read now: something else may be there when somebody asks. Beyond the ends there is NaN, which is no 0.
        let flag = self.builder.op(Op::LocalLoad(shadow, index));
        let zero = self.builder.f64(0.0);
        let undefined = self.builder.binary(crate::ir::Binary::Ne, flag, zero);
        Js::Maybe { number, undefined, holds }
    }

    /// What a local array holds.
    pub(super) fn held(&self, local: LocalId) -> Holds {
        self.plain(local).map_or(Holds::Numbers, |number| self.plain[number].holds)
    }

    /// Remembers what is stored to a local array. One that is not plain makes numbers of it.
    pub(super) fn learn_held(&mut self, local: LocalId, holds: Holds) {
        let Some(number) = self.plain(local) else { return };
        let known = self.plain[number].holds;
        if holds == known || known == Holds::Both || self.is_anew {
            return;
        }
        // That it holds numbers may be no more than a guess.
        let hint = self.hints.held.entry(number).or_insert(holds);
        *hint = hint.join(holds);
        self.again = true;
    }

    /// Whether an element of an array without a shadow is undefined: beyond the ends.
    pub(super) fn is_local_undefined(&mut self, local: LocalId, index: Value) -> Value {
        if let Some(number) = self.plain(local) {
            self.plain[number].is_asked = true;
            self.learn_shadow(number);
        }
        let inside = self.is_element(index, self.builder.local_array(local).len);
        self.not(inside)
    }

    fn learn_shadow(&mut self, number: usize) {
        let plain = &self.plain[number];
        if plain.is_hollow && plain.is_asked && plain.shadow.is_none() && !self.is_anew {
            self.hints.shadowed.insert(number);
            self.again = true;
        }
    }
}
