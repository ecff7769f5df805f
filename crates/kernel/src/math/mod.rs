//! The functions of `Math` as V8 computes them on x64, with the same bits on every machine.
//!
//! They follow fdlibm 5.3 operation by operation, in the version of V8 11 to 14 (`src/base/ieee754.cc`; Node 20 to 26). All of
//! it is `+ - * /`, square roots and integers, which IEEE 754 defines to the bit. The C library is never called: its functions
//! differ from one machine to the next, and so do the floating-point functions of Rust's `std` that call it. A compiler may
//! not contract a multiplication and an addition here, and Rust's does not.
//!
//! Constants are shortest decimals that read as the intended double; thresholds on the high word are in hexadecimal, as in
//! the originals. What fdlibm computes only to raise a floating-point exception is left out.
//!
//! ```text
//! Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
//!
//! Developed at SunSoft, a Sun Microsystems, Inc. business.
//! Permission to use, copy, modify, and distribute this
//! software is freely granted, provided that this notice
//! is preserved.
//!
//! Modified for V8: Copyright 2016 the V8 project authors. All rights reserved.
//! Use of that code is governed by the BSD-style license in the file LICENSE of this folder.
//! ```

#![forbid(unsafe_code)]

mod cbrt;
mod exp;
mod hyperbolic;
mod inverse;
mod log;
mod pow;
mod random;
mod rem_pio2;
#[cfg(test)]
mod tests;
mod trig;
mod words;

use crate::interpret::MathLibrary;
use crate::ir::Math;

/// The functions in this module. Results that are NaN are all the same NaN, whatever the machine makes of NaNs.
#[derive(Clone, Copy, Default, Debug)]
pub struct Portable;

impl MathLibrary for Portable {
    fn call(&self, function: Math, arguments: &[f64]) -> f64 {
        let x = arguments[0];
        let result = match function {
            Math::Acos => inverse::acos(x),
            Math::Acosh => hyperbolic::acosh(x),
            Math::Asin => inverse::asin(x),
            Math::Asinh => hyperbolic::asinh(x),
            Math::Atan => inverse::atan(x),
            Math::Atanh => hyperbolic::atanh(x),
            Math::Atan2 => inverse::atan2(x, arguments[1]),
            Math::Cbrt => cbrt::cbrt(x),
            Math::Cos => trig::cos(x),
            Math::Cosh => hyperbolic::cosh(x),
            Math::Exp => exp::exp(x),
            Math::Expm1 => exp::expm1(x),
            Math::Log => log::log(x),
            Math::Log1p => log::log1p(x),
            Math::Log10 => log::log10(x),
            Math::Log2 => log::log2(x),
            Math::Pow => pow::pow(x, arguments[1]),
            Math::Sin => trig::sin(x),
            Math::Sinh => hyperbolic::sinh(x),
            Math::Tan => trig::tan(x),
            Math::Tanh => hyperbolic::tanh(x),
            Math::Random => random::random(x, arguments[1], arguments[2]),
        };
        if result.is_nan() { f64::NAN } else { result }
    }

    fn has_portable(&self, _function: Math) -> bool {
        true
    }
}
