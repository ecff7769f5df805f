//! Converts a Number or a BigInt to a `u64`, or fails.

use napi::{Env, JsValue, Unknown, ValueType, sys};

use super::error::{Error, check};
use crate::jobs::Numeric;

const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// The integer from 0 to 2^53 - 1 that a Number is.
pub(super) fn of(number: f64) -> Option<u64> {
    let fits = number.fract() == 0.0 && (0.0..=MAX_SAFE_INTEGER).contains(&number);
    fits.then_some(number as u64)
}

/// The integer that `num` is. `lib/` has checked it; what comes from JavaScript is checked again.
pub(super) fn read(env: Env, num: &Unknown<'_>) -> Result<(u64, Numeric), Error> {
    let out_of_range = Error::OutOfRange {
        argument: "num",
        expected: "an integer from 0 to 2 ** 53 - 1, or to 2n ** 64n - 1n",
    };
    let mut kind = 0;
    // SAFETY: on the environment's thread, with a live handle and a place for the result.
    let status = unsafe { sys::napi_typeof(env.raw(), num.raw(), &mut kind) };
    check("napi_typeof", status)?;
    match ValueType::from(kind) {
        ValueType::Number => {
            let mut number = 0.0;
            // SAFETY: as above.
            let status = unsafe { sys::napi_get_value_double(env.raw(), num.raw(), &mut number) };
            check("napi_get_value_double", status)?;
            of(number).map(|integer| (integer, Numeric::Number)).ok_or(out_of_range)
        }
        ValueType::BigInt => {
            let (mut integer, mut lossless) = (0, false);
            // No words are copied, however many the BigInt has.
            //
            // SAFETY: as above, with places for both results.
            let status = unsafe {
                sys::napi_get_value_bigint_uint64(env.raw(), num.raw(), &mut integer, &mut lossless)
            };
            check("napi_get_value_bigint_uint64", status)?;
            if lossless { Ok((integer, Numeric::BigInt)) } else { Err(out_of_range) }
        }
        _ => Err(Error::WrongType { argument: "num", expected: "of type number or bigint" }),
    }
}
