//! [`Element`]: the types of the elements of typed arrays.

/// The type of the elements of a typed array.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Element {
    /// `Int8Array`: stores wrap modulo 2^8.
    Int8,
    /// `Uint8Array`: stores wrap modulo 2^8.
    Uint8,
    /// `Uint8ClampedArray`: stores clamp to 0..=255 and round half to even; NaN is 0.
    Uint8Clamped,
    /// `Int16Array`: stores wrap modulo 2^16.
    Int16,
    /// `Uint16Array`: stores wrap modulo 2^16.
    Uint16,
    /// `Int32Array`: stores wrap modulo 2^32.
    Int32,
    /// `Uint32Array`: stores wrap modulo 2^32.
    Uint32,
    /// `Float16Array`: stores round once, half to even.
    Float16,
    /// `Float32Array`: stores round half to even.
    Float32,
    /// `Float64Array`.
    Float64,
    /// `BigInt64Array`: takes BigInts, and no Numbers.
    BigInt64,
    /// `BigUint64Array`: takes BigInts, and no Numbers.
    BigUint64,
}

impl Element {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Int8,
        Self::Uint8,
        Self::Uint8Clamped,
        Self::Int16,
        Self::Uint16,
        Self::Int32,
        Self::Uint32,
        Self::Float16,
        Self::Float32,
        Self::Float64,
        Self::BigInt64,
        Self::BigUint64,
    ];

    /// The name of the type: that of its class in lower case, without `Array`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Int8 => "int8",
            Self::Uint8 => "uint8",
            Self::Uint8Clamped => "uint8clamped",
            Self::Int16 => "int16",
            Self::Uint16 => "uint16",
            Self::Int32 => "int32",
            Self::Uint32 => "uint32",
            Self::Float16 => "float16",
            Self::Float32 => "float32",
            Self::Float64 => "float64",
            Self::BigInt64 => "bigint64",
            Self::BigUint64 => "biguint64",
        }
    }

    /// The type of this [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|element| element.name() == name)
    }

    /// JavaScript's class of such arrays.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Int8 => "Int8Array",
            Self::Uint8 => "Uint8Array",
            Self::Uint8Clamped => "Uint8ClampedArray",
            Self::Int16 => "Int16Array",
            Self::Uint16 => "Uint16Array",
            Self::Int32 => "Int32Array",
            Self::Uint32 => "Uint32Array",
            Self::Float16 => "Float16Array",
            Self::Float32 => "Float32Array",
            Self::Float64 => "Float64Array",
            Self::BigInt64 => "BigInt64Array",
            Self::BigUint64 => "BigUint64Array",
        }
    }

    /// How many bytes an element has.
    pub const fn size(self) -> usize {
        match self {
            Self::Int8 | Self::Uint8 | Self::Uint8Clamped => 1,
            Self::Int16 | Self::Uint16 | Self::Float16 => 2,
            Self::Int32 | Self::Uint32 | Self::Float32 => 4,
            Self::Float64 | Self::BigInt64 | Self::BigUint64 => 8,
        }
    }

    /// Whether the elements are BigInts.
    pub const fn is_bigint(self) -> bool {
        matches!(self, Self::BigInt64 | Self::BigUint64)
    }

    /// Whether `Atomics` works with Numbers on such arrays.
    pub const fn is_atomic(self) -> bool {
        matches!(self, Self::Int8 | Self::Uint8 | Self::Int16 | Self::Uint16 | Self::Int32 | Self::Uint32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_classes() {
        for element in Element::ALL {
            assert_eq!(format!("{}array", element.name()), element.class().to_lowercase());
            assert_eq!(format!("{element:?}Array"), element.class());
            assert_eq!(Element::from_name(element.name()), Some(element));
        }
        assert_eq!(Element::from_name("Int8"), None);
    }

    /// The digits of a name are the bits of an element.
    #[test]
    fn sizes_are_those_of_the_names() {
        for element in Element::ALL {
            let digits: String = element.name().chars().filter(char::is_ascii_digit).collect();
            assert_eq!(element.size() * 8, digits.parse().unwrap(), "{element:?}");
        }
    }
}
