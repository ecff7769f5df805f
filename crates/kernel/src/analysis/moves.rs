//! What becomes of values from one turn of a loop to the next.

use crate::ir::{Binary, Op, Type, Unary, Value};

/// What is known of a value within a loop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Fact {
    /// What it is to a parameter of the loop.
    pub(super) step: Step,
    /// Whether it is made of a parameter that moves on, so that it does not come back to where it was.
    pub(super) moves: bool,
    /// Whether it is the same in all turns.
    pub(super) stays: bool,
    /// The arrays whose polled elements it depends on: a set.
    pub(super) polls: u64,
}

/// What a value is to a parameter of a loop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// The parameter, or beyond it in a direction, if it is not.
    From { param: Value, way: Option<Way>, is_beyond: bool },
    /// Something else.
    Unknown,
}

/// In which direction: that of a constant, or of a number that stays as it is while the loop runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Way {
    by: Option<Value>,
    is_up: bool,
}

impl Step {
    pub(super) const fn start(param: Value) -> Self {
        Self::From { param, way: None, is_beyond: false }
    }

    /// Whether a turn that ends with it for a parameter has moved that on.
    pub(super) fn is_on_from(self, of: Value) -> bool {
        matches!(self, Self::From { param, is_beyond: true, .. } if param == of)
    }

    /// One of the two.
    pub(super) fn or(self, other: Self) -> Self {
        let (
            Self::From { param, way: a, is_beyond: first },
            Self::From { param: same, way: b, is_beyond: second },
        ) = (self, other)
        else {
            return Self::Unknown;
        };
        if param != same || a.is_some() && b.is_some() && a != b {
            return Self::Unknown;
        }
        Self::From { param, way: a.or(b), is_beyond: first && second }
    }

    fn further(self, way: Way) -> Self {
        match self {
            Self::From { param, way: None, .. } => Self::From { param, way: Some(way), is_beyond: true },
            Self::From { param, way: Some(same), .. } if same == way => {
                Self::From { param, way: Some(way), is_beyond: true }
            }
            _ => Self::Unknown,
        }
    }
}

impl Fact {
    /// Of a value that is the same in all turns.
    pub(super) const OUTSIDE: Self = Self { step: Step::Unknown, moves: false, stays: true, polls: 0 };

    /// Of a value that is one of two.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            step: self.step.or(other.step),
            moves: self.moves && other.moves,
            stays: false,
            polls: self.polls | other.polls,
        }
    }

    /// Of a value that is what it is because of these arrays too.
    pub(super) fn decided_by(self, polls: u64) -> Self {
        Self { polls: self.polls | polls, ..self }
    }
}

/// What is known of what an operation makes.
pub(super) fn of_op(op: &Op, of: impl Fn(Value) -> Fact, constant: impl Fn(Value) -> Option<f64>) -> Fact {
    let polls = op.operands().fold(0, |all, operand| all | of(operand).polls);
    let moves = op.operands().any(|operand| of(operand).moves);
    let stays = op.is_pure() && op.operands().all(|operand| of(operand).stays);
    let (step, moves) = match op {
        Op::Unary(Unary::FromInt32 | Unary::FromUint32 | Unary::ToInt32, a) => (of(*a).step, moves),
        Op::Unary(Unary::Neg | Unary::Floor | Unary::Ceil | Unary::Trunc | Unary::Round, _) => {
            (Step::Unknown, moves)
        }
        Op::Binary(Binary::Add | Binary::IAdd, a, b) => {
            let step = match (way_of(*a, &of, &constant), way_of(*b, &of, &constant)) {
                (_, Some(way)) => of(*a).step.further(way),
                (Some(way), None) => of(*b).step.further(way),
                _ => Step::Unknown,
            };
            (step, moves)
        }
        Op::Binary(Binary::Sub | Binary::ISub, a, b) => {
            let back = way_of(*b, &of, &constant).map(|way| Way { is_up: !way.is_up, ..way });
            (back.map_or(Step::Unknown, |way| of(*a).step.further(way)), moves)
        }
        // A heap's children: 2 * k + 1.
        Op::Binary(Binary::Mul | Binary::IMul, a, b) => {
            let grows = |factor: Value| constant(factor).is_some_and(|factor| factor >= 1.0);
            let step = match (grows(*a), grows(*b)) {
                (_, true) => of(*a).step,
                (true, false) => of(*b).step,
                _ => Step::Unknown,
            };
            (step, moves)
        }
        Op::Binary(Binary::Shl, a, _) => (of(*a).step, moves),
        // To compare with what moves on is to count.
        Op::Binary(op, a, b) if op.result() == Type::Bool && op.operand() != Type::Bool => {
            let counts = of(*a).moves || of(*b).moves;
            return Fact { step: Step::Unknown, moves: false, stays, polls: if counts { 0 } else { polls } };
        }
        Op::Select(_, a, b) => {
            let one = of(*a).or(of(*b));
            (one.step, one.moves)
        }
        _ => (Step::Unknown, false),
    };
    Fact { step, moves, stays, polls }
}

/// The direction in which adding a number leads; `None` if it differs from turn to turn, or leads nowhere.
fn way_of(value: Value, of: impl Fn(Value) -> Fact, constant: impl Fn(Value) -> Option<f64>) -> Option<Way> {
    match constant(value) {
        Some(number) => (number != 0.0).then_some(Way { by: None, is_up: number > 0.0 }),
        None => of(value).stays.then_some(Way { by: Some(value), is_up: true }),
    }
}
