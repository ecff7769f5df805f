//! [`Method`]: a public function whose partial results can be merged.

use super::super::Kind;

/// A public function that reduces what a body returns for a range. The number of each is its code in the format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Method {
    SumRange = 1,
    Count = 2,
    Min = 3,
    Max = 4,
    ArgMin = 5,
    ArgMax = 6,
    FindIndex = 7,
    Mean = 8,
    Variance = 9,
    Norm = 10,
}

impl Method {
    pub(crate) const ALL: [Self; 10] = [
        Self::SumRange,
        Self::Count,
        Self::Min,
        Self::Max,
        Self::ArgMin,
        Self::ArgMax,
        Self::FindIndex,
        Self::Mean,
        Self::Variance,
        Self::Norm,
    ];

    /// That of this name: that of JavaScript's function.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    pub(super) fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }

    pub(super) fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SumRange => "sumRange",
            Self::Count => "count",
            Self::Min => "min",
            Self::Max => "max",
            Self::ArgMin => "argMin",
            Self::ArgMax => "argMax",
            Self::FindIndex => "findIndex",
            Self::Mean => "mean",
            Self::Variance => "variance",
            Self::Norm => "norm",
        }
    }

    /// How all terms are reduced; `None` for `findIndex`, which takes only some. What is written of a variance does not depend on its
    /// `ddof`.
    pub(crate) fn kind(self) -> Option<Kind> {
        match self {
            Self::SumRange => Some(Kind::Sum),
            Self::Variance => Some(Kind::Variance { ddof: 0 }),
            Self::FindIndex => None,
            named => Kind::named(named.name(), 0),
        }
    }
}
