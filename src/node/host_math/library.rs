//! [`Library`]: where a function of `Math` comes from.

use std::ffi::c_void;
use std::ptr::NonNull;

use allcores_kernel::interpret::MathLibrary;
use allcores_kernel::ir::Math;
use allcores_kernel::math::Portable;

use super::symbols;

type Unary = unsafe extern "C" fn(f64) -> f64;
type Binary = unsafe extern "C" fn(f64, f64) -> f64;

/// Where a function of `Math` comes from. Calls of foreign functions go through pointers that no compiler sees behind: none is
/// folded, and none is replaced by another library's.
#[derive(Clone, Copy, Debug)]
pub(super) enum Library {
    /// Our own fdlibm.
    Portable,
    /// A function of the process, as it is.
    Unary(Unary),
    /// A function of the process, as it is.
    Binary(Binary),
    /// The C library's `pow`, with the exceptions that V8 makes.
    PowOfV8(Binary),
    /// The C library's `pow`, with the exceptions that JavaScriptCore makes.
    PowOfJavaScriptCore(Binary),
}

impl Library {
    /// The libraries that a function may come from, the best first.
    ///
    /// On x64 all of V8's fdlibms compute alike, and ours can be compiled along with what calls it. Elsewhere a compiler may have
    /// contracted multiplications and additions, which hardly changes some of the functions: there V8's own comes first.
    pub(super) fn candidates(function: Math) -> impl Iterator<Item = Self> {
        let own = (function != Math::Random)
            .then(|| symbols::of_v8(function))
            .flatten()
            .map(|symbol| Self::foreign(function, symbol));
        let [first, second] = if cfg!(target_arch = "x86_64") {
            [Some(Self::Portable), own]
        } else {
            [own, Some(Self::Portable)]
        };
        let of_c = (function != Math::Random).then(|| symbols::of_c(function)).flatten();
        let more = of_c.map(|symbol| match Self::foreign(function, symbol) {
            Self::Binary(pow) if function == Math::Pow => {
                [Some(Self::PowOfV8(pow)), Some(Self::PowOfJavaScriptCore(pow))]
            }
            other => [Some(other), None],
        });
        [first, second].into_iter().chain(more.into_iter().flatten()).flatten()
    }

    /// The function at an address that the process has it at.
    #[expect(clippy::disallowed_methods, reason = "there is no other way from an address to a function")]
    fn foreign(function: Math, symbol: NonNull<c_void>) -> Self {
        match function.arity() {
            1 => {
                // SAFETY: in V8 and in C, what has this name takes a double and returns one.
                Self::Unary(unsafe { std::mem::transmute::<*mut c_void, Unary>(symbol.as_ptr()) })
            }
            arity => {
                assert_eq!(arity, 2, "{}", function.name());
                // SAFETY: in V8 and in C, what has this name takes two doubles and returns one.
                Self::Binary(unsafe { std::mem::transmute::<*mut c_void, Binary>(symbol.as_ptr()) })
            }
        }
    }

    /// Calls the function, which is the one that the library has been made for.
    #[inline]
    pub(super) fn call(self, function: Math, arguments: &[f64]) -> f64 {
        let result = match self {
            Self::Portable => return Portable.call(function, arguments),
            // SAFETY: a function of doubles that has no other effect than errno, which is the thread's own. Neither programs nor
            // C libraries are unloaded.
            Self::Unary(f) => unsafe { f(arguments[0]) },
            // SAFETY: the same.
            Self::Binary(f) => unsafe { f(arguments[0], arguments[1]) },
            // SAFETY: the same.
            Self::PowOfV8(f) => pow_of_v8(arguments[0], arguments[1], |x, y| unsafe { f(x, y) }),
            Self::PowOfJavaScriptCore(f) => {
                // SAFETY: the same.
                pow_of_javascriptcore(arguments[0], arguments[1], |x, y| unsafe { f(x, y) })
            }
        };
        // All NaNs are one to JavaScript; this way they are where a body stores one, too.
        if result.is_nan() { f64::NAN } else { result }
    }
}

/// Where ECMAScript makes NaN of what C makes 1 of.
fn is_excepted(x: f64, y: f64) -> bool {
    y.is_nan() || (y.is_infinite() && x.abs() == 1.0)
}

/// V8 since version 13: what its optimizing compilers make of squares and roots, its interpreter makes too.
fn pow_of_v8(x: f64, y: f64, pow: impl Fn(f64, f64) -> f64) -> f64 {
    if is_excepted(x, y) {
        f64::NAN
    } else if y == 2.0 {
        x * x
    } else if y == 0.5 {
        // -0 + 0 is 0.
        if x.is_infinite() { f64::INFINITY } else { (x + 0.0).sqrt() }
    } else {
        pow(x, y)
    }
}

/// JavaScriptCore multiplies for small exponents, and has square roots for halves.
fn pow_of_javascriptcore(x: f64, y: f64, pow: impl Fn(f64, f64) -> f64) -> f64 {
    const MAX_PRODUCTS: f64 = 1000.0;
    if is_excepted(x, y) {
        f64::NAN
    } else if y.abs() == 0.5 {
        let root = if x.is_infinite() { f64::INFINITY } else { (x + 0.0).sqrt() };
        if y > 0.0 { root } else { 1.0 / root }
    } else if (0.0..=MAX_PRODUCTS).contains(&y) && y.trunc() == y {
        let (mut result, mut square, mut exponent) = (1.0, x, y as u32);
        while exponent != 0 {
            if exponent & 1 == 1 {
                result *= square;
            }
            square *= square;
            exponent >>= 1;
        }
        result
    } else {
        pow(x, y)
    }
}
