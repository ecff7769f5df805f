//! A function of the IR: its inputs, its values, and its regions.

use allcores_machine::Element;

use super::op::Op;
use super::types::{ArrayId, Label, LocalId, RegionId, Type, Value};

/// A loop body, ready to run. Plain data; [`verify`](super::verify()) says whether it makes sense.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Function {
    /// Dimensions of the range: 1 to 3.
    pub indices: u8,
    /// Names of the numbers that the caller passes.
    pub scalars: Vec<Box<str>>,
    /// The arrays that the caller passes.
    pub arrays: Vec<Array>,
    /// The arrays that each call of the body has for itself.
    pub locals: Vec<Local>,
    /// What the body returns, if anything. The entry region yields it.
    pub result: Option<Type>,
    /// The type of each value.
    pub values: Vec<Type>,
    /// Where in the source each value comes from: parallel to `values`.
    pub origins: Vec<Origin>,
    /// All regions. Each but `entry` belongs to exactly one statement or end.
    pub regions: Vec<Region>,
    /// What runs first.
    pub entry: RegionId,
    /// How many labels there are.
    pub labels: u32,
}

/// An array of the caller's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Array {
    /// Its name in `data`, for messages.
    pub name: Box<str>,
    /// What its elements are.
    pub element: Element,
    /// Whether the body stores to it, by assignment or by `Atomics`.
    pub is_written: bool,
}

/// A small array of the body's own. What it holds before the first [`Stmt::LocalFill`] is 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Local {
    /// What its elements are.
    pub element: Element,
    /// How many there are.
    pub len: u32,
    /// Whether it stands for a JavaScript array, which a store beyond its end would make longer, and not for a typed one,
    /// which such a store does not change.
    pub is_plain: bool,
    /// Whether nothing is made of an element before something is stored to it: what it holds before need not be 0 then.
    pub is_set: bool,
}

/// Bytes of a source: start and end.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Origin {
    /// Which source: 0 is the body, and then come the helper functions.
    pub unit: u32,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// Statements that run in order, and what comes after the last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Region {
    /// In the order in which they run.
    pub stmts: Vec<Stmt>,
    /// Where control goes then.
    pub end: End,
}

/// One step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stmt {
    /// Makes a value.
    Let(Value, Op),
    /// `array[index] = value`, converted as the element type has it; nothing unless in bounds.
    Store {
        /// The array.
        array: ArrayId,
        /// An `F64`, or a signed `I32`.
        index: Value,
        /// An `F64`.
        value: Value,
    },
    /// `local[index] = value`, converted as the element type has it; an index that is not an element stops the call if the array is
    /// plain, and is nothing otherwise.
    LocalStore {
        /// The array.
        local: LocalId,
        /// An `F64`, or a signed `I32`.
        index: Value,
        /// An `F64`.
        value: Value,
    },
    /// Sets all elements of a local array.
    LocalFill {
        /// The array.
        local: LocalId,
        /// An `F64`.
        value: Value,
    },
    /// Stops the call unless the condition is true: JavaScript would throw a TypeError.
    Guard {
        /// A `Bool`.
        condition: Value,
    },
    /// Runs `body`, which ends by yielding the results or by a branch. A branch to `label` leaves the block with them.
    Block {
        /// The block's label.
        label: Label,
        /// The values that it makes.
        results: Vec<Value>,
        /// What it runs.
        body: RegionId,
    },
    /// Runs one of two regions, which yields the results or branches.
    If {
        /// A `Bool`.
        condition: Value,
        /// The values that it makes.
        results: Vec<Value>,
        /// What runs if the condition is true.
        then: RegionId,
        /// What runs if it is false.
        otherwise: RegionId,
    },
}

/// How a region ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// Goes on after the statement that the region belongs to, with its results. In the entry region: the function's
    /// result.
    Yield(Vec<Value>),
    /// Leaves a block with its results, or begins the next turn of a loop with its parameters.
    Branch(Label, Vec<Value>),
    /// Runs `body` for as long as it branches to `label`. The body never yields: it leaves by a branch to an outer label.
    Loop {
        /// The loop's label.
        label: Label,
        /// The values that change from turn to turn.
        params: Vec<Value>,
        /// What they are in the first turn.
        initial: Vec<Value>,
        /// One turn.
        body: RegionId,
    },
}

impl Function {
    /// A value's type.
    pub fn ty(&self, value: Value) -> Type {
        self.values[value.index()]
    }

    /// A region.
    pub fn region(&self, id: RegionId) -> &Region {
        &self.regions[id.index()]
    }

    /// Regions that a statement owns.
    pub fn children(stmt: &Stmt) -> impl Iterator<Item = RegionId> {
        let pair = match stmt {
            Stmt::Block { body, .. } => [Some(*body), None],
            Stmt::If { then, otherwise, .. } => [Some(*then), Some(*otherwise)],
            _ => [None, None],
        };
        pair.into_iter().flatten()
    }
}
