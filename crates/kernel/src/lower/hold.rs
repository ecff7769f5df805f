//! What variables keep of the arrays and objects that a body makes: values, or a place in memory, or variables, if something stores
//! to them. Whether something does can often be told by the name that is stored to; otherwise it is found while lowering, which then
//! begins anew.

use std::rc::Rc;

use super::Lower;
use super::scope::Uses;
use super::value::{Js, Record, Sites, Static, Tuple};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{Const, Element as ElementType, LocalId, Value};
use crate::syntax::ast::{ExprId, ExprKind};
use crate::syntax::names::Name;
use crate::syntax::span::Span;

/// From so many local arrays on, no copy is made that could have been made where the array is.
const MANY_LOCALS: usize = 8;

impl Lower<'_> {
    /// What a variable keeps of an array or object that is made here: values, unless something stores to it.
    pub(super) fn hold(&mut self, value: Js, name: Option<Name>, span: Span) -> Js {
        let uses = name.map_or(Uses::default(), |name| self.units[self.unit.0].uses(name));
        match value {
            Js::Static(Static::Tuple(mut tuple)) => {
                self.is_closed = false;
                if !tuple.is_held
                    && (uses.is_grown || tuple.sites.iter().any(|site| self.hints.grown.contains(site)))
                {
                    return self.new_stack(&tuple, span);
                }
                let is_stored =
                    uses.is_stored || tuple.sites.iter().any(|site| self.hints.stored.contains(site));
                if !tuple.is_held && is_stored {
                    if tuple.items.iter().any(Js::is_held) {
                        let what = "something else holds a row of this array, and its elements are stored to";
                        return self.refuse(Diagnostic::new(Refusal::Conflict, span).saying(what));
                    }
                    return match self.in_memory(&tuple, span) {
                        Some(array) => Js::Static(array),
                        None => Js::Error,
                    };
                }
                let is_walked =
                    uses.is_walked || tuple.sites.iter().any(|site| self.hints.walked.contains(site));
                if is_walked && tuple.copy.is_none() && tuple.dimensions().is_some() {
                    if tuple.is_held && self.learn_walked(&tuple.sites) {
                        return Js::Error;
                    }
                    tuple.copy = self.in_memory(&tuple, span).and_then(|array| match array {
                        Static::Local(local) | Static::Grid { local, .. } => Some(local),
                        _ => None,
                    });
                }
                tuple.is_held = true;
                Js::Static(Static::Tuple(tuple))
            }
            Js::Static(Static::Record(mut record)) => {
                let is_stored =
                    uses.is_assigned || record.sites.iter().any(|site| self.hints.stored.contains(site));
                if !record.is_held && is_stored {
                    let fields = record.fields.iter();
                    let fields = fields.map(|(name, value)| (Rc::clone(name), self.temporary(value.clone())));
                    return Js::Static(Static::Object(fields.collect(), record.sites));
                }
                record.is_held = true;
                Js::Static(Static::Record(record))
            }
            other => other,
        }
    }

    /// What an array or object keeps of a part of it. Nobody else holds a literal that stands there.
    pub(super) fn hold_part(&mut self, value: Js, id: ExprId) -> Js {
        let tree = self.tree();
        let is_stored = match &value {
            Js::Static(Static::Tuple(Tuple { sites, .. }) | Static::Record(Record { sites, .. })) => {
                sites.iter().any(|site| self.hints.stored.contains(site))
            }
            _ => false,
        };
        match tree[id].kind {
            ExprKind::Array(_) if !is_stored => value,
            _ => self.hold(value, None, tree[id].span),
        }
    }

    /// Begins anew, with literals in memory because something stores to them.
    pub(super) fn learn_stored(&mut self, sites: &Sites) -> bool {
        let known = self.hints.stored.len();
        self.hints.stored.extend(sites.iter().copied());
        if self.hints.stored.len() == known {
            return false;
        }
        self.begin_anew();
        true
    }

    /// The same, with arrays that grow.
    pub(super) fn learn_grown(&mut self, sites: &Sites) -> bool {
        let known = self.hints.grown.len();
        self.hints.grown.extend(sites.iter().copied());
        if self.hints.grown.len() == known {
            return false;
        }
        self.begin_anew();
        true
    }

    /// The same, with arrays that are read at an index that is computed, where each reader would make a copy of its own.
    fn learn_walked(&mut self, sites: &Sites) -> bool {
        if self.builder.locals() < MANY_LOCALS {
            return false;
        }
        let known = self.hints.walked.len();
        self.hints.walked.extend(sites.iter().copied());
        if self.hints.walked.len() == known {
            return false;
        }
        self.begin_anew();
        true
    }

    /// What is known of variables and arrays by their numbers is of others then.
    fn begin_anew(&mut self) {
        self.is_anew = true;
        self.hints.kinds.clear();
        self.hints.shadowed.clear();
        self.hints.held.clear();
        self.again = true;
    }

    /// A new local array of these elements, or of those of the rows.
    pub(super) fn in_memory(&mut self, tuple: &Tuple, span: Span) -> Option<Static> {
        let Some(dimensions) = tuple.dimensions() else {
            // The first element that cannot be there is refused.
            let item = tuple.items.iter().find(|item| !item.kind().is_storable())?.clone();
            match item {
                Js::Static(Static::Record(_) | Static::Object(..)) => {
                    let what = "an array of objects is walked along, or read at an index that is computed";
                    let remedy = "make an array for each property: `const xs = [1, 2], ys = [3, 4]`";
                    self.refuse(Diagnostic::new(Refusal::NotANumber, span).saying(what).advising(remedy));
                }
                Js::Static(
                    Static::Array { .. }
                    | Static::Local(_)
                    | Static::Table { .. }
                    | Static::Grid { .. }
                    | Static::Item(_),
                ) => {
                    let what = "an array of arrays that have memory of their own is walked along, or read at an index \
                                that is computed";
                    let remedy = "make one array with all rows behind each other: `rows[r * width + c]`";
                    self.refuse(Diagnostic::new(Refusal::NotANumber, span).saying(what).advising(remedy));
                }
                Js::Static(Static::Tuple(_)) => {
                    let what = "the rows of this array of arrays are no arrays of numbers of one length";
                    self.refuse(Diagnostic::new(Refusal::NotANumber, span).saying(what));
                }
                Js::Null | Js::Perhaps(_) => {
                    let what = format!("{} is stored to an array of the body's own", item.describe());
                    self.refuse(Diagnostic::new(Refusal::NotANumber, span).saying(what));
                }
                _ => {
                    self.number(&item, span);
                }
            }
            return None;
        };
        let mut flat = Vec::new();
        tuple.flatten(&mut flat);
        let local = self.new_local(ElementType::Float64, true, flat.len() as f64, span)?;
        for (number, item) in flat.iter().enumerate() {
            let index = self.builder.f64(number as f64);
            self.store_local(local, index, item, span);
        }
        Some(grid(local, &dimensions, [].into()))
    }

    /// An element of an array of values.
    pub(super) fn tuple_element(&mut self, tuple: &Tuple, index: Value, span: Span) -> Js {
        if let Some(index) = self.builder.constant(index).and_then(Const::as_f64) {
            let is_index = index >= 0.0 && index.fract() == 0.0;
            return if is_index { tuple.item(index as usize) } else { Js::Undefined };
        }
        match self.walkable(Static::Tuple(tuple.clone()), span) {
            // Nothing is there.
            Some(Static::Tuple(_)) => Js::Undefined,
            Some(array) => self.element(&array, Js::Number(index), span),
            None => Js::Error,
        }
    }

    /// An array that can be walked along: one of values is put into memory.
    pub(super) fn walkable(&mut self, array: Static, span: Span) -> Option<Static> {
        match array {
            Static::Tuple(tuple) if !tuple.items.is_empty() => match (tuple.copy, tuple.dimensions()) {
                (Some(local), Some(dimensions)) => Some(grid(local, &dimensions, tuple.sites)),
                _ if tuple.is_held && self.learn_walked(&tuple.sites) => None,
                _ => match self.in_memory(&tuple, span)? {
                    Static::Grid { local, dimensions, .. } => Some(grid(local, &dimensions, tuple.sites)),
                    other => Some(other),
                },
            },
            other => Some(other),
        }
    }
}

/// A local array with these dimensions.
fn grid(local: LocalId, dimensions: &[u32], sites: Sites) -> Static {
    match dimensions {
        [_] => Static::Local(local),
        _ => Static::Grid { local, dimensions: dimensions.into(), row: None, sites },
    }
}

impl Tuple {
    /// An element, held by this array too: undefined beyond its end.
    pub(super) fn item(&self, number: usize) -> Js {
        let mut item = self.items.get(number).cloned().unwrap_or(Js::Undefined);
        if let Js::Static(Static::Tuple(Tuple { is_held, .. }) | Static::Record(Record { is_held, .. })) =
            &mut item
        {
            *is_held |= self.is_held;
        }
        item
    }

    /// Its length, and those of its rows, if it can be in memory: they are arrays of one length that nobody else holds, and their
    /// elements are numbers or booleans.
    fn dimensions(&self) -> Option<Vec<u32>> {
        if self.items.iter().all(|item| item.kind().is_storable()) {
            return (!self.items.is_empty()).then(|| vec![self.items.len() as u32]);
        }
        let mut rows = self.items.iter().map(|item| match item {
            Js::Static(Static::Tuple(row)) => row.dimensions(),
            _ => None,
        });
        let first = rows.next()??;
        let are_equal = rows.all(|row| row.as_ref() == Some(&first));
        are_equal.then(|| [vec![self.items.len() as u32], first].concat())
    }

    fn flatten(&self, out: &mut Vec<Js>) {
        for item in self.items.iter() {
            match item {
                Js::Static(Static::Tuple(row)) => row.flatten(out),
                _ => out.push(item.clone()),
            }
        }
    }
}
