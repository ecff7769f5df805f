//! The exports that reduce the elements of one typed array, or of two.

use allcores_exact::Total;
use arbitrary::{Result, Unstructured};

use super::{Made, World, element};
use crate::fake::{self, Handle, Value};
use crate::moments::{Terms, check_dot, check_mean, check_norm, check_variance};
use crate::oracle;

/// Names that are those of reductions of elements, and then some that are not.
const KINDS: [&str; 8] = ["mean", "variance", "norm", "argMin", "argMax", "count", "sum", ""];
const OF_ELEMENTS: usize = 5;

/// Bytes of which squares and products are added up to see what is right: of more, that would take most of the time.
const LONGEST: usize = 2048;

impl World {
    pub(super) fn reduce(
        &mut self,
        input: &mut Unstructured<'_>,
        port: Handle,
        right_port: bool,
        threads: Handle,
        before: &[u8],
    ) -> Result<()> {
        let (view, made) = self.any_value(input)?;
        let kind = input.int_in_range(0..=KINDS.len() - 1)?;
        let name = fake::make(Value::Text(KINDS[kind].to_owned()));
        let here = fake::make(Value::Boolean(input.arbitrary()?));
        let ddof = input.int_in_range(-1..=3_i64)?;
        let ddof_value = fake::make(Value::Number(ddof as f64));
        let arguments = [port, name, view, threads, here, ddof_value];
        let answer = self.outcome(right_port, fake::call("reduce", &arguments));
        let expected = made.filter(|made| right_port && made.shared && kind < OF_ELEMENTS);
        assert_eq!(answer.is_some(), expected.is_some(), "{made:?} {:?}", KINDS[kind]);
        let (Some(record), Some(made)) = (answer, expected) else { return Ok(()) };
        assert_eq!(record.kind, 0, "a Number");
        let (value, element) = (f64::from_bits(record.low), element(made.kind));
        let bytes = made.elements(before);
        let what = (made, KINDS[kind], ddof);
        match KINDS[kind] {
            "variance" | "norm" if bytes.len() > LONGEST => {}
            "mean" => check_mean(value, &Terms::of(element, bytes, 1), &what),
            "variance" => {
                check_variance(value, &Terms::of(element, bytes, 1), ddof.max(0).cast_unsigned(), &what);
            }
            "norm" => check_norm(value, &Terms::of(element, bytes, 1), &what),
            kind => assert_eq!(value, place(element, bytes, kind == "argMax"), "{what:?}"),
        }
        Ok(())
    }

    pub(super) fn dot(
        &mut self,
        input: &mut Unstructured<'_>,
        port: Handle,
        right_port: bool,
        threads: Handle,
        before: &[u8],
    ) -> Result<()> {
        let (a, made_a) = self.any_value(input)?;
        // One and the same as a rule: others seldom have one length.
        let (b, made_b) = if input.ratio(1_u8, 4)? { self.any_value(input)? } else { (a, made_a) };
        let here = fake::make(Value::Boolean(input.arbitrary()?));
        let answer = self.outcome(right_port, fake::call("dot", &[port, a, b, threads, here]));
        let expected = made_a.zip(made_b).filter(|(a, b)| {
            let fit = a.count() == b.count() && element(a.kind).is_bigint() == element(b.kind).is_bigint();
            right_port && a.shared && b.shared && fit
        });
        assert_eq!(answer.is_some(), expected.is_some(), "{made_a:?} {made_b:?}");
        let (Some(record), Some((a, b))) = (answer, expected) else { return Ok(()) };
        let total = match record.kind {
            0 => Total::Number(f64::from_bits(record.low)),
            1 => Total::BigInt((u128::from(record.high) << 64 | u128::from(record.low)).cast_signed()),
            // A larger BigInt: the target `moments` looks at those.
            kind => {
                assert!(kind == 6 && element(a.kind).is_bigint(), "{record:?}");
                return Ok(());
            }
        };
        let lists = [a.elements(before), b.elements(before)];
        if lists[0].len() > LONGEST {
            return Ok(());
        }
        check_dot(total, [element(a.kind), element(b.kind)], lists, 1, &(a, b));
        Ok(())
    }
}

impl Made {
    /// Without memory there are no elements, whatever it says.
    fn count(&self) -> usize {
        if self.offset.is_some() { self.len } else { 0 }
    }

    fn elements<'a>(&self, memory: &'a [u8]) -> &'a [u8] {
        let start = self.offset.unwrap_or(0);
        &memory[start..start + self.count() * element(self.kind).size()]
    }
}

/// The lowest index of the least element, or of the greatest, by a loop: -1 for none, NaN before all else, and -0 below 0.
fn place(element: allcores_machine::Element, bytes: &[u8], greatest: bool) -> f64 {
    let keys: Vec<i128> = if element.is_bigint() {
        oracle::integers_of(element, bytes)
    } else {
        // Bits in the order of the numbers.
        let key = |x: f64| {
            let bits = x.to_bits().cast_signed();
            i128::from(if bits < 0 { bits ^ i64::MAX } else { bits })
        };
        let values = oracle::values(element, bytes);
        if let Some(at) = values.iter().position(|x| x.is_nan()) {
            return at as f64;
        }
        values.into_iter().map(key).collect()
    };
    let best = if greatest { keys.iter().max() } else { keys.iter().min() };
    best.and_then(|best| keys.iter().position(|key| key == best)).map_or(-1.0, |at| at as f64)
}
