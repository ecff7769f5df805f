//! Arrays of objects in `data`: each property of theirs is a column, an array with an element for each object.
//!
//! ```text
//! stars: [{ m, p: { x }, ks: [a, b] }, …]        stars.m, stars.p.x: so many numbers; stars.ks: so many rows of two
//! stars[k].p.x                                    stars.p.x[k], where k is the number of a star
//! ```
//!
//! An object is its number. It is one of the list, so that nothing of it can be missing: JavaScript throws where an object is read
//! that there is not, and there a guard stands.

use std::rc::Rc;

use super::Lower;
use super::member::is_inherited;
use super::shape::Shape;
use super::value::{Item, Js, Static};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{Binary, Element, Op, Stmt, Unary, Value};
use crate::syntax::span::Span;

impl Item {
    /// Whether it is a list or a row of it, and no object.
    pub(super) fn is_array(&self) -> bool {
        !self.dimensions.is_empty()
    }
}

impl Lower<'_> {
    /// `list[index]`: an object, or a row of several.
    pub(super) fn item(&mut self, list: &Item, index: Value) -> Js {
        let Some((len, rest)) = list.dimensions.split_first() else { return Js::Error };
        let condition = self.is_element(index, *len);
        // JavaScript throws as soon as something is read of what is not there.
        self.push(Stmt::Guard { condition });
        let number = self.number_within(list.number, *len, index);
        Js::Static(Static::Item(Item {
            path: Rc::clone(&list.path),
            dimensions: rest.into(),
            number: Some(number),
        }))
    }

    /// The number of a part, of those of the whole with this number, which has so many.
    fn number_within(&mut self, whole: Option<Value>, len: u32, index: Value) -> Value {
        let Some(whole) = whole else { return index };
        let len = self.builder.f64(f64::from(len));
        let first = self.builder.binary(Binary::Mul, whole, len);
        self.builder.binary(Binary::Add, first, index)
    }

    /// `object.name`
    pub(super) fn item_property(&mut self, item: &Item, name: &str, span: Span) -> Js {
        let mut path = item.path.to_vec();
        path.push(name.into());
        let request = self.request;
        let Some(shape) = request.data.at(&path) else {
            if is_inherited(name) {
                return self.refuse_inherited(name, span);
            }
            let list = item.path.join(".");
            let what = format!("the objects in `{list}` in `data` have no `{name}`");
            let remedy = format!("give each of them a `{name}`");
            let diagnostic = Diagnostic::new(Refusal::UnknownName, span).saying(what).advising(remedy);
            return Js::Absent(Rc::new(diagnostic));
        };
        match shape {
            Shape::Number => Js::Number(self.column(&path, item)),
            Shape::Boolean => {
                let number = self.column(&path, item);
                Js::Boolean(self.builder.unary(Unary::ToBool, number))
            }
            Shape::Table(dimensions) => {
                let array = self.array_at(&path, Element::Float64);
                let size = self.builder.f64(dimensions.iter().map(|len| f64::from(*len)).product());
                let row = item.number.map(|number| self.builder.binary(Binary::Mul, number, size));
                Js::Static(Static::Table { array, dimensions: dimensions.as_ref().into(), row })
            }
            Shape::List(dimensions, _) => {
                let dimensions = dimensions.as_ref().into();
                Js::Static(Static::Item(Item { path: path.into(), dimensions, number: item.number }))
            }
            Shape::Object(_) => {
                let dimensions = Rc::clone(&item.dimensions);
                Js::Static(Static::Item(Item { path: path.into(), dimensions, number: item.number }))
            }
            // As anywhere in `data`: nothing else is in a list.
            Shape::Array { .. } | Shape::Function(_) | Shape::Other(_) => self.read_data(&path, span),
        }
    }

    /// Whether it is an element of an empty plain array in `data`, of which nobody knows what would be in it.
    pub(super) fn is_of_empty(&self, value: &Js) -> bool {
        let Js::Element { array, .. } = value else { return false };
        let path = &self.arrays[array.0 as usize];
        matches!(self.request.data.at(path), Some(Shape::Table(dimensions)) if dimensions.contains(&0))
    }

    /// What is read of an element of an empty array: JavaScript throws there. It stands for all that might be read of it in turn.
    pub(super) fn nothing(&mut self, element: &Js) -> Js {
        let condition = self.builder.bool(false);
        self.push(Stmt::Guard { condition });
        element.clone()
    }

    /// The element of a column that is an object's.
    fn column(&mut self, path: &[Box<str>], item: &Item) -> Value {
        let array = self.array_at(path, Element::Float64);
        let number = item.number.unwrap_or_else(|| self.builder.f64(0.0));
        self.builder.op(Op::Load(array, number))
    }
}
