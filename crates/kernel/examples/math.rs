//! Calls a function of the portable library for a test in another language: `math NAME [c]`.
//!
//! Doubles come on stdin, as many as the function takes for each call, and the results go to stdout, all in little-endian binary.
//! With `c` it is the C library's function, which Rust's `std` calls: to find inputs where the two differ.

use std::io::{Read, Write};

use allcores_kernel::interpret::MathLibrary;
use allcores_kernel::ir::Math;
use allcores_kernel::math::Portable;

struct CLibrary;

impl MathLibrary for CLibrary {
    fn call(&self, function: Math, arguments: &[f64]) -> f64 {
        let x = arguments[0];
        match function {
            Math::Acos => x.acos(),
            Math::Acosh => x.acosh(),
            Math::Asin => x.asin(),
            Math::Asinh => x.asinh(),
            Math::Atan => x.atan(),
            Math::Atanh => x.atanh(),
            Math::Atan2 => x.atan2(arguments[1]),
            Math::Cbrt => x.cbrt(),
            Math::Cos => x.cos(),
            Math::Cosh => x.cosh(),
            Math::Exp => x.exp(),
            Math::Expm1 => x.exp_m1(),
            Math::Log => x.ln(),
            Math::Log1p => x.ln_1p(),
            Math::Log10 => x.log10(),
            Math::Log2 => x.log2(),
            Math::Pow => x.powf(arguments[1]),
            Math::Sin => x.sin(),
            Math::Sinh => x.sinh(),
            Math::Tan => x.tan(),
            Math::Tanh => x.tanh(),
            Math::Random => f64::NAN,
        }
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().expect("the name of a function");
    let function = Math::named(&name).expect("a function of Math");
    let library: &dyn MathLibrary = if arguments.next().is_some() { &CLibrary } else { &Portable };

    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input).expect("input");
    let mut output = Vec::with_capacity(input.len() / function.arity());
    for call in input.chunks_exact(8 * function.arity()) {
        let mut values = [0.0; Math::MAX_ARITY];
        for (value, bytes) in values.iter_mut().zip(call.chunks_exact(8)) {
            *value = f64::from_le_bytes(bytes.try_into().expect("eight bytes"));
        }
        let result = library.call(function, &values[..function.arity()]);
        output.extend(result.to_le_bytes());
    }
    std::io::stdout().write_all(&output).expect("a reader");
}
