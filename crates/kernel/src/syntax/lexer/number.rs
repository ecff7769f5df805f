//! Numeric literals, correctly rounded.

use super::{Fatal, Lexer, TokenKind, is_part};

impl Lexer<'_> {
    pub(super) fn number(&mut self, legacy: &mut bool) -> Result<TokenKind, Fatal> {
        let start = self.pos;
        let radix = match (self.byte(0), self.byte(1) | 0x20) {
            (b'0', b'x') => 16,
            (b'0', b'o') => 8,
            (b'0', b'b') => 2,
            _ => 10,
        };
        let kind = if radix != 10 {
            self.pos += 2;
            let digits = self.digits(radix)?;
            if digits.is_empty() {
                return self.fail_here(start, "this number has no digits");
            }
            self.big_or(power_of_two_radix(&digits, radix))
        } else if self.byte(0) == b'0' && self.byte(1).is_ascii_digit() {
            *legacy = true;
            let length = self.source[start..].bytes().take_while(u8::is_ascii_digit).count();
            let digits = &self.source[start..start + length];
            if digits.bytes().all(|d| d < b'8') {
                self.pos += length;
                TokenKind::Number(power_of_two_radix(digits, 8))
            } else {
                // `089` is decimal, and may go on with a fraction.
                self.decimal(start)?
            }
        } else {
            self.decimal(start)?
        };
        if self.peek().is_some_and(|c| is_part(c) || c == '\\') {
            self.pos += self.peek().map_or(0, char::len_utf8);
            return self.fail_here(start, "a name or number follows this number without a space");
        }
        Ok(kind)
    }

    fn big_or(&mut self, value: f64) -> TokenKind {
        if self.byte(0) == b'n' {
            self.pos += 1;
            TokenKind::BigInt
        } else {
            TokenKind::Number(value)
        }
    }

    fn decimal(&mut self, start: usize) -> Result<TokenKind, Fatal> {
        if self.byte(0) == b'0' && self.byte(1) == b'_' {
            return self.fail_here(start, "`_` cannot follow a zero at the start");
        }
        let leading_zero = self.byte(0) == b'0' && self.byte(1).is_ascii_digit();
        let mut text = if leading_zero { self.plain_digits() } else { self.digits(10)? };
        let mut integer = !leading_zero;
        if self.byte(0) == b'.' {
            integer = false;
            self.pos += 1;
            if self.byte(0) == b'_' {
                return self.fail_here(start, "`_` stands between digits only");
            }
            text.push('.');
            text += &self.digits(10)?;
        }
        if self.byte(0) | 0x20 == b'e' {
            integer = false;
            self.pos += 1;
            text.push('e');
            if matches!(self.byte(0), b'+' | b'-') {
                text.push(self.byte(0).into());
                self.pos += 1;
            }
            let exponent = self.digits(10)?;
            if exponent.is_empty() {
                return self.fail_here(start, "this number has no exponent after its `e`");
            }
            text += &exponent;
        }
        if integer && self.byte(0) == b'n' {
            self.pos += 1;
            return Ok(TokenKind::BigInt);
        }
        match decimal_value(&text) {
            Some(value) => Ok(TokenKind::Number(value)),
            None => self.fail_here(start, "this is no number"),
        }
    }

    fn plain_digits(&mut self) -> String {
        let rest = &self.source[self.pos..];
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        self.pos += length;
        rest[..length].to_owned()
    }

    /// Digits with single separators between them, which are dropped.
    fn digits(&mut self, radix: u32) -> Result<String, Fatal> {
        let start = self.pos;
        let mut text = String::new();
        let mut separator = false;
        loop {
            let c = char::from(self.byte(0));
            if c.is_digit(radix) {
                text.push(c);
                separator = false;
            } else if c == '_' && !separator && !text.is_empty() {
                separator = true;
            } else {
                break;
            }
            self.pos += 1;
        }
        if separator {
            return self.fail_here(start, "`_` stands between digits only");
        }
        Ok(text)
    }
}

/// What lies halfway between two doubles has at most 767 digits: behind more than that, it only matters whether one is not 0.
const DIGITS: usize = 800;

/// The value of digits with at most one point and exponent, rounded once.
fn decimal_value(text: &str) -> Option<f64> {
    // Rust's parser rounds correctly, but gives up counting where numbers are very long.
    if text.len() <= DIGITS {
        return text.parse().ok();
    }
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    // Far beyond what as many digits as there can be make up for.
    let most = if exponent.starts_with('-') { -(1 << 40) } else { 1 << 40 };
    let exponent: i64 = exponent.parse().map_or(most, |exponent: i64| exponent.clamp(-(1 << 40), 1 << 40));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    // 0.digits, times ten to this.
    let power = exponent + whole.len() as i64 - (all.len() - digits.len()) as i64;
    let (head, tail) = digits.split_at(digits.len().min(DIGITS));
    let sticky = if tail.bytes().any(|digit| digit != b'0') { "1" } else { "" };
    format!("0.{head}{sticky}e{}", power.clamp(-2000, 2000)).parse().ok()
}

/// The value of digits of radix 2, 8 or 16, rounded once to nearest, ties to even.
fn power_of_two_radix(digits: &str, radix: u32) -> f64 {
    let bits = radix.trailing_zeros();
    let mut head = 0u64;
    let mut exponent = 0i32;
    let mut sticky = false;
    for digit in digits.chars().filter_map(|c| c.to_digit(radix)) {
        // Digits of at most 4 bits fit behind a head below 2^59; later ones only tell whether it is a tie.
        if head < 1 << 59 {
            head = head << bits | u64::from(digit);
        } else {
            exponent = exponent.saturating_add(bits as i32);
            sticky |= digit != 0;
        }
    }
    if exponent > 1100 {
        return f64::INFINITY;
    }
    // A head of 59 bits or more has at least 6 below the 53 that stay: the lowest can stand for all that follows.
    (head | u64::from(sticky)) as f64 * 2f64.powi(exponent.min(1000)) * 2f64.powi((exponent - 1000).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(source: &str) -> Option<f64> {
        let mut lexer = Lexer::new(source);
        match lexer.next() {
            Ok(token) if token.span.end as usize == source.len() => match token.kind {
                TokenKind::Number(value) => Some(value),
                _ => None,
            },
            _ => None,
        }
    }

    #[test]
    fn every_form_of_number_has_its_value() {
        for (source, expected) in [
            ("0", 0.0),
            ("0.", 0.0),
            (".5", 0.5),
            ("5.e1", 50.0),
            ("1e3", 1000.0),
            ("1E-3", 0.001),
            ("1_000.000_1e1_0", 1_000.000_1e10),
            ("0b1010", 10.0),
            ("0B1_0", 2.0),
            ("0o17", 15.0),
            ("0O7_7", 63.0),
            ("0xFf", 255.0),
            ("0Xe_1", 225.0),
            ("010", 8.0),
            ("00", 0.0),
            ("09.5", 9.5),
            ("08", 8.0),
            ("1.7976931348623157e308", f64::MAX),
            ("1e400", f64::INFINITY),
            ("4.9e-324", 5e-324),
            ("2.2250738585072011e-308", 2.225_073_858_507_201e-308),
            ("9007199254740993", 9_007_199_254_740_992.0),
            // Ties of hex digits go to even; one more bit, however far, breaks the tie.
            ("0x20000000000001", 9_007_199_254_740_992.0),
            ("0x20000000000003", 9_007_199_254_740_996.0),
            ("0x20000000000001000000000000000", 9_007_199_254_740_992.0 * 2f64.powi(60)),
            ("0x20000000000001000000000000001", 9_007_199_254_740_994.0 * 2f64.powi(60)),
        ] {
            assert_eq!(value(source).map(f64::to_bits), Some(expected.to_bits()), "{source}");
        }
        let big = |n: usize| value(&format!("0x{}", "f".repeat(n)));
        assert_eq!(big(255), Some(2f64.powi(1020)));
        assert_eq!(big(256), Some(f64::INFINITY));
        assert_eq!(big(100_000), Some(f64::INFINITY));
        assert_eq!(value(&format!("0x8{}", "0".repeat(255))), Some(2f64.powi(1023)));
        assert_eq!(value(&format!("0x{}1", "0".repeat(9999))), Some(1.0));
    }

    #[test]
    fn numbers_may_have_any_number_of_digits() {
        let zeros = |n: usize| "0".repeat(n);
        // 2^53 + 1, a tie, as integer and as fraction.
        let tie = "9007199254740993";
        for n in [700, 60_000, 70_000, 120_000, 1_000_000] {
            let z = zeros(n);
            for (source, expected) in [
                (format!("0.{z}1e{}", n + 1), 1.0),
                (format!("0.{z}15E+{}", n + 3), 150.0),
                (format!("25{z}e-{}", n + 1), 2.5),
                (format!(".{z}{tie}e{}", n + tie.len()), 9_007_199_254_740_992.0),
                (format!("{tie}.{z}"), 9_007_199_254_740_992.0),
                (format!("{tie}.{z}1"), 9_007_199_254_740_994.0),
                (format!("{tie}{z}1e-{}", n + 1), 9_007_199_254_740_994.0),
                (format!("1{z}"), f64::INFINITY),
                (format!("0.{z}"), 0.0),
                (format!("0.{z}e{z}9"), 0.0),
                (format!("0.{z}1e{z}{}", n + 1), 1.0),
                (format!("1e-{}", "9".repeat(n)), 0.0),
                (format!("1e{}", "9".repeat(n)), f64::INFINITY),
                (format!("0x{z}{}", "f".repeat(13)), 4_503_599_627_370_495.0),
                (format!("0o1{}1", zeros(340)), 2f64.powi(1023)),
                (format!("0b1{}1{z}", zeros(52)), if n < 900 { 2f64.powi(753) } else { f64::INFINITY }),
            ] {
                assert_eq!(
                    value(&source).map(f64::to_bits),
                    Some(expected.to_bits()),
                    "{n} zeros: {expected}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for source in [
            "0x", "0b2", "0o8", "1__0", "1_", "1_.5", "1._5", "1e", "1e+", "0_1", "08_1", "1a", "0xg", "3in",
            "1n1", "01n", "08n", "1.5n", "1e3n",
        ] {
            assert_eq!(value(source), None, "{source}");
        }
    }
}
