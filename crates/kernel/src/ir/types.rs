//! What values, elements and the other numbered things of the IR are.

use std::fmt;

/// The type of a value. JavaScript's numbers are `F64`, unless a pass has proved that `I32` cannot be told apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Type {
    /// A double.
    F64,
    /// 32 bits; each operation says whether they are signed.
    I32,
    /// A boolean.
    Bool,
}

impl Type {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::F64, Self::I32, Self::Bool];

    /// The type's name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::I32 => "i32",
            Self::Bool => "bool",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A constant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Const {
    /// The bits of a double, so that constants compare and hash bit for bit. NaN is always [`Const::NAN`].
    F64(u64),
    /// 32 bits.
    I32(i32),
    /// A boolean.
    Bool(bool),
}

impl Const {
    /// The one NaN: JavaScript programs cannot tell NaNs apart, so neither may passes.
    pub const NAN: Self = Self::F64(0x7ff8_0000_0000_0000);

    /// A double, with NaN made canonical.
    pub fn f64(value: f64) -> Self {
        if value.is_nan() { Self::NAN } else { Self::F64(value.to_bits()) }
    }

    /// The constant's type.
    pub const fn ty(self) -> Type {
        match self {
            Self::F64(_) => Type::F64,
            Self::I32(_) => Type::I32,
            Self::Bool(_) => Type::Bool,
        }
    }

    /// The double, if it is one.
    pub fn as_f64(self) -> Option<f64> {
        match self {
            Self::F64(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);

        impl $name {
            /// The number as an index into the table of these.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    )*};
}

ids! {
    /// A value: defined once, in one region, before every use.
    Value "%"
    /// A region of a function.
    RegionId "region"
    /// The target of branches: a block, which they leave, or a loop, which they begin anew.
    Label "@"
    /// An array of the caller's.
    ArrayId "array"
    /// A small array that each call of the body has for itself.
    LocalId "local"
    /// A number of the caller's, the same for all indices.
    ScalarId "scalar"
}
