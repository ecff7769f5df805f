//! One operation over lanes. Nothing here knows of registers or regions; `numeric` says what each operation computes.
//!
//! The loops are written for the compiler to turn into vector instructions: no branches, no calls, operands of equal length.
//! Where an operation has a fast form for nearly all numbers, the block is checked first, and computed one lane at a time if a
//! single lane needs that.

use crate::ir::{Binary, Unary};
use crate::numeric;

/// An operand: a value for each lane, or one for all.
#[derive(Clone, Copy)]
pub(super) enum Operand<'a, T> {
    Lanes(&'a [T]),
    Uniform(T),
}

#[inline(always)]
fn map<A: Copy, R>(out: &mut [R], a: &[A], f: impl Fn(A) -> R) {
    for (out, a) in out.iter_mut().zip(a) {
        *out = f(*a);
    }
}

#[inline(always)]
fn zip<A: Copy, R>(out: &mut [R], a: Operand<'_, A>, b: Operand<'_, A>, f: impl Fn(A, A) -> R) {
    match (a, b) {
        (Operand::Lanes(a), Operand::Lanes(b)) => {
            for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
                *out = f(*a, *b);
            }
        }
        (Operand::Lanes(a), Operand::Uniform(b)) => map(out, a, |a| f(a, b)),
        (Operand::Uniform(a), Operand::Lanes(b)) => map(out, b, |b| f(a, b)),
        (Operand::Uniform(a), Operand::Uniform(b)) => out.iter_mut().for_each(|out| *out = f(a, b)),
    }
}

/// Whether `is` holds in every lane, without a branch for each.
#[inline(always)]
fn all<A: Copy>(a: Operand<'_, A>, is: impl Fn(A) -> bool) -> bool {
    match a {
        Operand::Lanes(a) => a.iter().fold(true, |all, a| all & is(*a)),
        Operand::Uniform(a) => is(a),
    }
}

/// Doubles to doubles.
#[inline(always)]
pub(super) fn unary_f64(op: Unary, out: &mut [f64], a: &[f64]) {
    match op {
        Unary::Neg => map(out, a, |x| -x),
        Unary::Abs => map(out, a, f64::abs),
        Unary::Sqrt => map(out, a, f64::sqrt),
        Unary::Floor => map(out, a, f64::floor),
        Unary::Ceil => map(out, a, f64::ceil),
        Unary::Trunc => map(out, a, f64::trunc),
        Unary::Round => map(out, a, numeric::round),
        Unary::Sign => map(out, a, numeric::sign),
        Unary::ToSingle => map(out, a, |x| f64::from(x as f32)),
        Unary::ToHalf => map(out, a, |x| numeric::from_half(numeric::to_half(x))),
        _ => unreachable!("{} does not map doubles to doubles", op.name()),
    }
}

/// ToInt32. Below 2^51, adding 1.5 * 2^52 leaves the integer in the low bits of the sum.
#[inline(always)]
pub(super) fn to_int32(out: &mut [i32], a: &[f64]) {
    const LIMIT: f64 = (1_u64 << 51) as f64;
    const MAGIC: f64 = 1.5 * (1_u64 << 52) as f64;
    if all(Operand::Lanes(a), |x| x.abs() < LIMIT) {
        map(out, a, |x| (x.trunc() + MAGIC).to_bits() as i32);
    } else {
        map(out, a, numeric::to_int32);
    }
}

/// Two doubles to a double.
#[inline(always)]
pub(super) fn binary_f64(op: Binary, out: &mut [f64], a: Operand<'_, f64>, b: Operand<'_, f64>) {
    match op {
        Binary::Add => zip(out, a, b, |x, y| x + y),
        Binary::Sub => zip(out, a, b, |x, y| x - y),
        Binary::Mul => zip(out, a, b, |x, y| x * y),
        Binary::Div => zip(out, a, b, |x, y| x / y),
        Binary::Rem => remainder(out, a, b),
        Binary::Min => zip(out, a, b, |x, y| extreme(x, y, x < y, 1 << 63)),
        Binary::Max => zip(out, a, b, |x, y| extreme(x, y, x > y, 0)),
        Binary::BitAnd
        | Binary::BitAndNot
        | Binary::BitOr
        | Binary::BitXor
        | Binary::BitAdd
        | Binary::BitSub
        | Binary::BitShl
        | Binary::BitShr
        | Binary::BitMulHigh
        | Binary::BitMulLow => {
            zip(out, a, b, |x, y| numeric::binary(op, numeric::Bits::f64(x), numeric::Bits::f64(y)).as_f64());
        }
        _ => unreachable!("{} does not make a double of two", op.name()),
    }
}

/// The one of two that `first_wins` says; of two zeros the one with the sign bit `zero`; NaN if one is.
#[inline(always)]
fn extreme(x: f64, y: f64, first_wins: bool, zero: u64) -> f64 {
    let winner = if first_wins { x } else { y };
    let of_zeros =
        f64::from_bits(if zero == 0 { x.to_bits() & y.to_bits() } else { x.to_bits() | y.to_bits() });
    let ordered = if x == y { of_zeros } else { winner };
    if x.is_nan() || y.is_nan() { f64::NAN } else { ordered }
}

/// `%`. For integers of 32 bits, x - trunc(x / y) * y is exact: the quotient rounds to no integer that it is not, since it is
/// below 2^31 and a fraction of it at least 2^-31; the product is below 2^62 but a multiple of y, and so has at most 31 + 22 bits
/// that matter.
#[inline(always)]
fn remainder(out: &mut [f64], a: Operand<'_, f64>, b: Operand<'_, f64>) {
    const LIMIT: f64 = (1_u64 << 31) as f64;
    let is_small = |x: f64| (x.abs() < LIMIT) & (x.trunc() == x);
    if all(a, is_small) && all(b, |y| is_small(y) && y != 0.0) {
        zip(out, a, b, |x, y| (x - (x / y).trunc() * y).copysign(x));
    } else {
        zip(out, a, b, |x, y| x % y);
    }
}

/// Two doubles to a boolean.
#[inline(always)]
pub(super) fn compare_f64(op: Binary, out: &mut [bool], a: Operand<'_, f64>, b: Operand<'_, f64>) {
    match op {
        Binary::Eq => zip(out, a, b, |x, y| x == y),
        Binary::Ne => zip(out, a, b, |x, y| x != y),
        Binary::Lt => zip(out, a, b, |x, y| x < y),
        Binary::Le => zip(out, a, b, |x, y| x <= y),
        Binary::Gt => zip(out, a, b, |x, y| x > y),
        Binary::Ge => zip(out, a, b, |x, y| x >= y),
        _ => unreachable!("{} does not compare doubles", op.name()),
    }
}

/// Two times 32 bits to 32 bits.
#[inline(always)]
pub(super) fn binary_i32(op: Binary, out: &mut [i32], a: Operand<'_, i32>, b: Operand<'_, i32>) {
    match op {
        Binary::IAdd => zip(out, a, b, i32::wrapping_add),
        Binary::ISub => zip(out, a, b, i32::wrapping_sub),
        Binary::IMul => zip(out, a, b, i32::wrapping_mul),
        Binary::And => zip(out, a, b, |i, j| i & j),
        Binary::Or => zip(out, a, b, |i, j| i | j),
        Binary::Xor => zip(out, a, b, |i, j| i ^ j),
        Binary::Shl => zip(out, a, b, |i, j| i.wrapping_shl(j as u32)),
        Binary::Sar => zip(out, a, b, |i, j| i.wrapping_shr(j as u32)),
        Binary::Shr => zip(out, a, b, |i, j| (i as u32).wrapping_shr(j as u32) as i32),
        _ => unreachable!("{} does not make 32 bits", op.name()),
    }
}

/// Two times 32 bits to a boolean.
#[inline(always)]
pub(super) fn compare_i32(op: Binary, out: &mut [bool], a: Operand<'_, i32>, b: Operand<'_, i32>) {
    match op {
        Binary::IEq => zip(out, a, b, |i, j| i == j),
        Binary::INe => zip(out, a, b, |i, j| i != j),
        Binary::ILt => zip(out, a, b, |i, j| i < j),
        Binary::ILe => zip(out, a, b, |i, j| i <= j),
        Binary::ULt => zip(out, a, b, |i, j| (i as u32) < j as u32),
        Binary::ULe => zip(out, a, b, |i, j| i as u32 <= j as u32),
        _ => unreachable!("{} does not compare 32 bits", op.name()),
    }
}

/// Two booleans to a boolean.
#[inline(always)]
pub(super) fn binary_bool(op: Binary, out: &mut [bool], a: Operand<'_, bool>, b: Operand<'_, bool>) {
    match op {
        Binary::BAnd => zip(out, a, b, |p, q| p & q),
        Binary::BOr => zip(out, a, b, |p, q| p | q),
        Binary::BXor => zip(out, a, b, |p, q| p ^ q),
        _ => unreachable!("{} does not combine booleans", op.name()),
    }
}

/// The other operators of one operand, by what they make and take.
#[inline(always)]
pub(super) fn clz(out: &mut [i32], a: &[i32]) {
    map(out, a, |i| i.leading_zeros() as i32);
}

#[inline(always)]
pub(super) fn not(out: &mut [bool], a: &[bool]) {
    map(out, a, |p| !p);
}

#[inline(always)]
pub(super) fn i32_from_bool(out: &mut [i32], a: &[bool]) {
    map(out, a, i32::from);
}

#[inline(always)]
pub(super) fn from_int32(out: &mut [f64], a: &[i32]) {
    map(out, a, f64::from);
}

#[inline(always)]
pub(super) fn from_uint32(out: &mut [f64], a: &[i32]) {
    map(out, a, |i| f64::from(i as u32));
}

#[inline(always)]
pub(super) fn from_bool(out: &mut [f64], a: &[bool]) {
    map(out, a, |p| f64::from(u8::from(p)));
}

#[inline(always)]
pub(super) fn to_bool(out: &mut [bool], a: &[f64]) {
    map(out, a, |x| (x != 0.0) & !x.is_nan());
}

/// The second where the first is true, otherwise the third.
#[inline(always)]
pub(super) fn select<T: Copy>(out: &mut [T], condition: &[bool], a: Operand<'_, T>, b: Operand<'_, T>) {
    match (a, b) {
        (Operand::Lanes(a), Operand::Lanes(b)) => {
            for (((out, condition), a), b) in out.iter_mut().zip(condition).zip(a).zip(b) {
                *out = if *condition { *a } else { *b };
            }
        }
        (Operand::Lanes(a), Operand::Uniform(b)) => {
            for ((out, condition), a) in out.iter_mut().zip(condition).zip(a) {
                *out = if *condition { *a } else { b };
            }
        }
        (Operand::Uniform(a), Operand::Lanes(b)) => {
            for ((out, condition), b) in out.iter_mut().zip(condition).zip(b) {
                *out = if *condition { a } else { *b };
            }
        }
        (Operand::Uniform(a), Operand::Uniform(b)) => {
            map(out, condition, |condition| if condition { a } else { b });
        }
    }
}

/// Packs: `out[k] = a[positions[k]]`.
#[inline(always)]
pub(super) fn gather<T: Copy>(out: &mut [T], a: &[T], positions: &[u16]) {
    for (out, position) in out.iter_mut().zip(positions) {
        *out = a[usize::from(*position)];
    }
}

/// Unpacks: `out[positions[k]] = a[k]`.
#[inline(always)]
pub(super) fn scatter<T: Copy>(out: &mut [T], a: &[T], positions: &[u16]) {
    for (a, position) in a.iter().zip(positions) {
        out[usize::from(*position)] = *a;
    }
}

/// Whether each index is an element of an array of `len`.
#[inline(always)]
pub(super) fn are_in_bounds(out: &mut [bool], indices: &[f64], len: f64) {
    map(out, indices, |index| (index >= 0.0) & (index < len) & (index.trunc() == index));
}

/// If the doubles are n, n + 1, n + 2, … for an integer n of 0 to 2^52: n.
#[inline(always)]
pub(super) fn run_start(a: &[f64]) -> Option<u64> {
    let first = *a.first()?;
    let start = first as u64;
    if start as f64 != first || start >= 1 << 52 {
        return None;
    }
    let mut expected = first;
    let mut is_run = true;
    for x in a {
        is_run &= *x == expected;
        expected += 1.0;
    }
    is_run.then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::Bits;

    const NUMBERS: &[f64] = &[
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        -0.5,
        1.5,
        2.5,
        -2.5,
        0.499_999_999_999_999_94,
        3.0,
        -3.0,
        7.0,
        1e9,
        2_147_483_647.0,
        -2_147_483_648.0,
        2_147_483_648.0,
        4_294_967_295.0,
        4_294_967_296.0,
        -4_294_967_297.5,
        4_503_599_627_370_495.5,
        2_251_799_813_685_247.5,
        9_007_199_254_740_991.0,
        1e22,
        -1e300,
        f64::MAX,
        5e-324,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];

    fn same(a: f64, b: f64) -> bool {
        a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
    }

    /// Each alone, so that the fast forms are taken where they apply, and all together, where one lane spoils them.
    #[test]
    fn all_operators_are_those_of_the_definition() {
        let pairs: Vec<(f64, f64)> = NUMBERS.iter().flat_map(|x| NUMBERS.iter().map(|y| (*x, *y))).collect();
        for lanes in pairs.chunks(1).chain(pairs.chunks(pairs.len())) {
            let (a, b): (Vec<f64>, Vec<f64>) = lanes.iter().copied().unzip();
            let [i, j] = [&a, &b].map(|x| x.iter().map(|x| numeric::to_int32(*x)).collect::<Vec<_>>());
            let [p, q] = [&a, &b].map(|x| x.iter().map(|x| *x > 0.0).collect::<Vec<_>>());
            for op in Binary::ALL {
                for k in 0..lanes.len() {
                    // Three of the four forms; one lane is enough for those with a uniform operand.
                    let (one_a, one_b) = (Operand::Uniform(a[k]), Operand::Uniform(b[k]));
                    let forms = [
                        (Operand::Lanes(&a[..]), Operand::Lanes(&b[..]), k),
                        (Operand::Lanes(&a[k..=k]), one_b, 0),
                        (one_a, Operand::Lanes(&b[k..=k]), 0),
                    ];
                    for (x, y, at) in forms {
                        let mut doubles = vec![0.0; lanes.len()];
                        let mut words = vec![0; lanes.len()];
                        let mut booleans = vec![false; lanes.len()];
                        let (ix, jy) = (Operand::Lanes(&i[..]), Operand::Lanes(&j[..]));
                        let (px, qy) = (Operand::Lanes(&p[..]), Operand::Lanes(&q[..]));
                        use crate::ir::Type::{Bool, F64, I32};
                        let (actual, expected) = match (op.operand(), op.result()) {
                            (F64, F64) => {
                                binary_f64(*op, &mut doubles, x, y);
                                (
                                    Bits::f64(doubles[at]),
                                    numeric::binary(*op, Bits::f64(a[k]), Bits::f64(b[k])),
                                )
                            }
                            (F64, _) => {
                                compare_f64(*op, &mut booleans, x, y);
                                (
                                    Bits::bool(booleans[at]),
                                    numeric::binary(*op, Bits::f64(a[k]), Bits::f64(b[k])),
                                )
                            }
                            (I32, I32) => {
                                binary_i32(*op, &mut words, ix, jy);
                                (Bits::i32(words[k]), numeric::binary(*op, Bits::i32(i[k]), Bits::i32(j[k])))
                            }
                            (I32, _) => {
                                compare_i32(*op, &mut booleans, ix, jy);
                                (
                                    Bits::bool(booleans[k]),
                                    numeric::binary(*op, Bits::i32(i[k]), Bits::i32(j[k])),
                                )
                            }
                            (Bool, _) => {
                                binary_bool(*op, &mut booleans, px, qy);
                                (
                                    Bits::bool(booleans[k]),
                                    numeric::binary(*op, Bits::bool(p[k]), Bits::bool(q[k])),
                                )
                            }
                        };
                        let equal = actual == expected
                            || (op.result() == F64 && same(actual.as_f64(), expected.as_f64()));
                        assert!(
                            equal,
                            "{} of {} and {}: {actual:?}, not {expected:?}",
                            op.name(),
                            a[k],
                            b[k]
                        );
                    }
                    if lanes.len() > 1 && k > 100 {
                        break;
                    }
                }
            }
        }
    }

    #[test]
    fn to_int32_is_that_of_the_definition() {
        for lanes in NUMBERS.chunks(1).chain(NUMBERS.chunks(NUMBERS.len())) {
            let mut out = vec![0; lanes.len()];
            to_int32(&mut out, lanes);
            let expected: Vec<i32> = lanes.iter().map(|x| numeric::to_int32(*x)).collect();
            assert_eq!(out, expected, "{lanes:?}");
        }
    }

    #[test]
    fn remainders_of_integers_are_exact() {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            f64::from((state >> 32) as i32 >> ((state >> 20) & 31))
        };
        for _ in 0..20_000 {
            let (x, y) = (next(), next());
            let mut out = [0.0];
            binary_f64(Binary::Rem, &mut out, Operand::Lanes(&[x]), Operand::Uniform(y));
            assert!(same(out[0], x % y), "{x} % {y}: {}", out[0]);
        }
    }

    #[test]
    fn runs_of_indices() {
        assert_eq!(run_start(&[5.0, 6.0, 7.0]), Some(5));
        assert_eq!(run_start(&[-0.0, 1.0]), Some(0));
        assert_eq!(run_start(&[5.0, 7.0]), None);
        assert_eq!(run_start(&[0.5, 1.5]), None);
        assert_eq!(run_start(&[-1.0, 0.0]), None);
        assert_eq!(run_start(&[f64::NAN]), None);
        assert_eq!(run_start(&[]), None);
    }

    #[test]
    fn packing_and_unpacking() {
        let mut packed = [0; 3];
        gather(&mut packed, &[10, 11, 12, 13], &[0, 2, 3]);
        assert_eq!(packed, [10, 12, 13]);
        let mut unpacked = [0; 4];
        scatter(&mut unpacked, &packed, &[0, 2, 3]);
        assert_eq!(unpacked, [10, 0, 12, 13]);
    }
}
