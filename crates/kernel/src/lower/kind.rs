//! What paths bring for one variable, regardless of which value: where they meet, a kind covers both.
//!
//! ```text
//! number, boolean           →  a number, or a boolean as 1 or 0
//! number, undefined         →  a number, and whether it is undefined
//! [1, 2], [x, undefined]    →  an array of a number, and of one that may be undefined
//! { x, y }, { x, y }        →  an object of the same properties
//! an array, another one     →  one of both, if they are local arrays
//! an object, null           →  an object, and whether it is there
//! ```

use std::rc::Rc;

use super::value::{Holds, Item, Js, Nothing, Record, Site, Sites, Static, Tuple};
use crate::diagnostic::Diagnostic;
use crate::ir::{ArrayId, LocalId};

/// What paths bring for one variable, regardless of which value.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Kind {
    Undefined,
    /// What `data` lacks.
    Absent(Rc<Diagnostic>),
    Number,
    Boolean,
    Mixed,
    Maybe {
        holds: Holds,
    },
    Null,
    Uninitialized,
    /// Something that is no value, the same on all paths.
    Fixed(Static),
    /// An array of so many elements.
    Tuple {
        items: Rc<[Kind]>,
        sites: Sites,
        is_held: bool,
    },
    /// An object of these properties.
    Record {
        fields: Rc<[(Rc<str>, Kind)]>,
        sites: Sites,
        is_held: bool,
    },
    /// One of several local arrays.
    OneOf(Rc<[LocalId]>),
    /// A row of a table.
    Row {
        array: ArrayId,
        dimensions: Rc<[u32]>,
    },
    /// An object of a list in `data`, or a row of it.
    Item {
        path: Rc<[Box<str>]>,
        dimensions: Rc<[u32]>,
    },
    /// A number, or null; an array or object of values, or nothing.
    Perhaps {
        kind: Rc<Kind>,
        nothing: Nothing,
    },
    /// Not the same thing on all paths.
    Other,
    /// Something that has been refused already, on some path.
    Error,
}

/// All that are in either.
fn union(a: &Sites, b: &Sites) -> Sites {
    if a == b {
        return Rc::clone(a);
    }
    let mut all: Vec<Site> = a.iter().chain(b.iter()).copied().collect();
    all.sort_unstable_by_key(|(unit, at)| (unit.0, *at));
    all.dedup();
    all.into()
}

impl Kind {
    /// What covers both.
    pub(super) fn join(&self, other: &Self) -> Self {
        use Kind::{Absent, Boolean, Error, Maybe, Mixed, Number, Other, Record, Tuple, Undefined};
        match (self, other) {
            (a, b) if a == b => a.clone(),
            (Error, _) | (_, Error) => Error,
            (Number | Boolean | Mixed, Number | Boolean | Mixed) => Mixed,
            (
                Undefined | Absent(_) | Number | Boolean | Mixed | Maybe { .. },
                Undefined | Absent(_) | Number | Boolean | Mixed | Maybe { .. },
            ) => Maybe { holds: self.held_with(other) },
            (
                Tuple { items, sites, is_held },
                Tuple { items: other_items, sites: other_sites, is_held: is_other_held },
            ) if items.len() == other_items.len() => Tuple {
                items: items.iter().zip(other_items.iter()).map(|(a, b)| a.join(b)).collect(),
                sites: union(sites, other_sites),
                is_held: *is_held || *is_other_held,
            },
            (
                Record { fields, sites, is_held },
                Record { fields: other_fields, sites: other_sites, is_held: is_other_held },
            ) if fields.len() == other_fields.len()
                && fields.iter().zip(other_fields.iter()).all(|((a, _), (b, _))| a == b) =>
            {
                Record {
                    fields: fields
                        .iter()
                        .zip(other_fields.iter())
                        .map(|((name, a), (_, b))| (Rc::clone(name), a.join(b)))
                        .collect(),
                    sites: union(sites, other_sites),
                    is_held: *is_held || *is_other_held,
                }
            }
            (Self::Perhaps { .. }, _)
            | (_, Self::Perhaps { .. })
            | (Self::Null | Undefined, _)
            | (_, Self::Null | Undefined) => self.join_perhaps(other),
            _ => match (self.locals(), other.locals()) {
                (Some(a), Some(b)) => {
                    let mut all = [a, b].concat();
                    all.sort_unstable_by_key(|local| local.0);
                    all.dedup();
                    Kind::OneOf(all.into())
                }
                _ => Other,
            },
        }
    }

    /// What covers both, of which one may be nothing.
    fn join_perhaps(&self, other: &Self) -> Self {
        let (kind, nothing) = self.parts();
        let (other_kind, other_nothing) = other.parts();
        let nothing = match (nothing, other_nothing) {
            (Some(a), Some(b)) if a != b => match (kind, other_kind) {
                // A number that is undefined is still one of what it may be if it is not null.
                (Some(kind), None) | (None, Some(kind)) if kind.is_perhaps_number() => {
                    let kind = Rc::new(kind.join(&Self::Undefined));
                    return Self::Perhaps { kind, nothing: Nothing::Null };
                }
                _ => return Self::Other,
            },
            (a, b) => a.or(b),
        };
        let kind = match (kind, other_kind) {
            (Some(a), Some(b)) => a.join(b),
            (a, b) => a.or(b).expect("something that is not nothing").clone(),
        };
        match (kind, nothing) {
            (Self::Error, _) => Self::Error,
            (kind, Some(Nothing::Null)) if kind.is_perhaps_number() => {
                Self::Perhaps { kind: kind.into(), nothing: Nothing::Null }
            }
            (
                kind @ (Self::Tuple { .. } | Self::Record { .. } | Self::Row { .. } | Self::Item { .. }),
                Some(nothing),
            ) => Self::Perhaps { kind: kind.held().into(), nothing },
            _ => Self::Other,
        }
    }

    /// What it is if it is there, if anything, and what it is otherwise, if it may not be there.
    fn parts(&self) -> (Option<&Self>, Option<Nothing>) {
        match self {
            Self::Perhaps { kind, nothing } => (Some(kind), Some(*nothing)),
            Self::Null => (None, Some(Nothing::Null)),
            Self::Undefined => (None, Some(Nothing::Undefined)),
            kind => (Some(kind), None),
        }
    }

    fn is_perhaps_number(&self) -> bool {
        matches!(self, Self::Number | Self::Maybe { holds: Holds::Numbers })
    }

    /// The same of something that more than one may hold.
    fn held(self) -> Self {
        match self {
            Self::Tuple { items, sites, .. } => Self::Tuple { items, sites, is_held: true },
            Self::Record { fields, sites, .. } => Self::Record { fields, sites, is_held: true },
            other => other,
        }
    }

    /// Whether something in it has been refused.
    pub(super) fn has_error(&self) -> bool {
        match self {
            Self::Error => true,
            Self::Tuple { items, .. } => items.iter().any(Self::has_error),
            Self::Record { fields, .. } => fields.iter().any(|(_, field)| field.has_error()),
            Self::Perhaps { kind, .. } => kind.has_error(),
            _ => false,
        }
    }

    /// The local arrays that it may be.
    pub(super) fn locals(&self) -> Option<&[LocalId]> {
        match self {
            Self::Fixed(Static::Local(local)) => Some(std::slice::from_ref(local)),
            Self::OneOf(locals) => Some(locals),
            _ => None,
        }
    }

    /// Whether it is, or has in it, a local array from a number on.
    pub(super) fn has_local_from(&self, first: usize) -> bool {
        match self {
            Self::Tuple { items, .. } => items.iter().any(|item| item.has_local_from(first)),
            Self::Record { fields, .. } => fields.iter().any(|(_, field)| field.has_local_from(first)),
            Self::Perhaps { kind, .. } => kind.has_local_from(first),
            _ => self.locals().is_some_and(|locals| locals.iter().any(|local| local.0 as usize >= first)),
        }
    }

    /// Whether it is a number, a boolean, or perhaps undefined: what an array in memory holds.
    pub(super) fn is_storable(&self) -> bool {
        matches!(self, Self::Number | Self::Boolean | Self::Mixed | Self::Undefined | Self::Maybe { .. })
    }

    /// What two of numbers, booleans and `undefined` are where they are not `undefined`.
    fn held_with(&self, other: &Self) -> Holds {
        let of = |kind: &Self| match kind {
            Self::Number => Some(Holds::Numbers),
            Self::Boolean => Some(Holds::Booleans),
            Self::Mixed => Some(Holds::Both),
            Self::Maybe { holds } => Some(*holds),
            _ => None,
        };
        match (of(self), of(other)) {
            (Some(a), Some(b)) => a.join(b),
            (a, b) => a.or(b).unwrap_or(Holds::Numbers),
        }
    }
}

impl Static {
    fn kind(&self) -> Kind {
        match self {
            Self::Tuple(Tuple { items, sites, is_held, .. }) => Kind::Tuple {
                items: items.iter().map(Js::kind).collect(),
                sites: Rc::clone(sites),
                is_held: *is_held,
            },
            Self::Record(Record { fields, sites, is_held }) => Kind::Record {
                fields: fields.iter().map(|(name, value)| (Rc::clone(name), value.kind())).collect(),
                sites: Rc::clone(sites),
                is_held: *is_held,
            },
            Self::OneOf(one) => Kind::OneOf(Rc::clone(&one.locals)),
            Self::Table { array, dimensions, row: Some(_) } => {
                Kind::Row { array: *array, dimensions: Rc::clone(dimensions) }
            }
            Self::Item(Item { path, dimensions, number: Some(_) }) => {
                Kind::Item { path: Rc::clone(path), dimensions: Rc::clone(dimensions) }
            }
            // Its array may be a row.
            Self::Method { .. } | Self::Grid { row: Some(_), .. } => Kind::Other,
            _ => Kind::Fixed(self.clone()),
        }
    }
}

impl Js {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Number(_) => Kind::Number,
            Self::Boolean(_) => Kind::Boolean,
            Self::Mixed(_) => Kind::Mixed,
            Self::Element { .. } => Kind::Maybe { holds: Holds::Numbers },
            Self::Maybe { holds, .. } | Self::LocalElement { holds, .. } | Self::OneElement { holds, .. } => {
                Kind::Maybe { holds: *holds }
            }
            Self::Undefined => Kind::Undefined,
            Self::Absent(diagnostic) => Kind::Absent(Rc::clone(diagnostic)),
            Self::Null => Kind::Null,
            Self::Perhaps(perhaps) => {
                Kind::Perhaps { kind: perhaps.value.kind().into(), nothing: perhaps.nothing }
            }
            Self::Uninitialized => Kind::Uninitialized,
            Self::Static(value) => value.kind(),
            Self::Conflict => Kind::Other,
            Self::Error => Kind::Error,
        }
    }
}
