//! Names of properties: arrays take those that numbers are written as for indices.

use crate::numeric::text;

/// What the name of a property is to an array.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Key {
    /// The index that it spells: `a["1"]`, as `a[1]`.
    Element(f64),
    /// A number that is no index: `a["1.5"]`, and `a.NaN`, as minifiers write `a[NaN]`. Nothing is ever there, not even what is
    /// beside the elements of a typed array.
    Absent,
    /// Of a property or a method.
    Name,
}

impl Key {
    /// By ECMAScript's CanonicalNumericIndexString: `"01"` and `"1e3"` are names, since no number is written so.
    pub(super) fn of(name: &str) -> Self {
        match name.parse::<f64>() {
            // `-0` is written as 0, and yet no index of a typed array.
            _ if name == "-0" => Self::Absent,
            Ok(number) if text(number) != name => Self::Name,
            Ok(number) if number >= 0.0 && number.is_finite() && number.fract() == 0.0 => {
                Self::Element(number)
            }
            Ok(_) => Self::Absent,
            Err(_) => Self::Name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_keys_as_they_are_written() {
        for (name, key) in [
            ("0", Key::Element(0.0)),
            ("17", Key::Element(17.0)),
            ("4294967296", Key::Element(4_294_967_296.0)),
            ("-0", Key::Absent),
            ("-1", Key::Absent),
            ("1.5", Key::Absent),
            ("1e-7", Key::Absent),
            ("NaN", Key::Absent),
            ("Infinity", Key::Absent),
            ("-Infinity", Key::Absent),
            ("", Key::Name),
            ("01", Key::Name),
            ("+1", Key::Name),
            ("1e3", Key::Name),
            ("1.0", Key::Name),
            (" 1", Key::Name),
            ("nan", Key::Name),
            ("inf", Key::Name),
            ("infinity", Key::Name),
            ("at", Key::Name),
        ] {
            assert_eq!(Key::of(name), key, "{name}");
        }
    }
}
