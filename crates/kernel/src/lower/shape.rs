//! What `data` holds, as far as it is known before the body runs: the types, not the values.

use std::collections::BTreeMap;

use crate::ir::Element;

/// The shape of a value in `data`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Shape {
    /// A number. Its value is an input: other numbers need no other code.
    Number,
    /// A boolean, 1 or 0 as an input.
    Boolean,
    /// A typed array.
    Array {
        /// What its elements are.
        element: Element,
        /// Whether the body may write it: it is on shared memory.
        is_shared: bool,
    },
    /// A plain array of numbers, read-only; or one of such arrays of equal lengths: a matrix, row by row.
    Table(Box<[u32]>),
    /// A plain array of plain objects that have the same properties, or one of such arrays of equal lengths. What is in the objects
    /// is in arrays: a number is an element of a table with these dimensions, a table has them before its own.
    List(Box<[u32]>, BTreeMap<Box<str>, Shape>),
    /// A plain object.
    Object(BTreeMap<Box<str>, Shape>),
    /// A function: its source.
    Function(Box<str>),
    /// Something else, and what it is: "a string". Refused if the body uses it.
    Other(Box<str>),
}

impl Shape {
    /// What is at a path, in any object of a list.
    pub fn at(&self, path: &[Box<str>]) -> Option<&Self> {
        path.iter().try_fold(self, |shape, name| match shape {
            Self::Object(properties) | Self::List(_, properties) => properties.get(name),
            _ => None,
        })
    }
}
