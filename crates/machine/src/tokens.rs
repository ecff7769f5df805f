//! Tokens: values that prove that this processor has some instructions.
//!
//! A token has a private field and a constructor that asks the processor. Holding one proves that the instructions
//! can run, so operations that take one are safe to call.

#[cfg(target_arch = "aarch64")]
use std::arch::is_aarch64_feature_detected;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use crate::Task;

/// What every processor has. There is nothing to prove, so anyone can make one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Portable;

/// Defines a token for the instructions with these target features.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! token {
    ($(#[$doc:meta])* $token:ident: $is_detected:ident $($feature:tt)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct $token(());

        impl $token {
            /// Asks the processor.
            pub fn new() -> Option<$token> {
                // Miri runs no assembly.
                let has = !cfg!(miri) $(&& $is_detected!($feature))*;
                has.then_some($token(()))
            }

            /// Runs `task`, compiled for this instruction set.
            #[inline]
            pub fn run<R>(self, task: impl Task<$token, R>) -> R {
                #[target_feature($(enable = $feature),*)]
                fn run<R>(task: impl Task<$token, R>, simd: $token) -> R {
                    task.run(simd)
                }
                // SAFETY: the function asks for nothing but the target features, and `self` exists only where
                // the processor has them.
                unsafe { run(task, self) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
token! {
    /// The proof that this processor has AVX2, BMI2, F16C and FMA: x86-64 since Haswell and Excavator.
    Avx2: is_x86_feature_detected "avx2" "bmi2" "f16c" "fma"
}

#[cfg(target_arch = "x86_64")]
token! {
    /// The proof that this processor has AVX-512 F, DQ and BW, BMI2 and F16C.
    Avx512: is_x86_feature_detected "avx512f" "avx512dq" "avx512bw" "bmi2" "f16c"
}

#[cfg(target_arch = "aarch64")]
token! {
    /// The proof that this processor has NEON: every aarch64 processor of the systems that are supported.
    Neon: is_aarch64_feature_detected "neon"
}

/// Implements methods of a trait for a token by intrinsics, in `impl Trait for Avx2 { operations! { Avx2: fn xor(self, a: V, b: V) -> V {
/// _mm256_xor_si256(a, b) } } }`.
///
/// The expression becomes a function with the target features of the token, in which intrinsics are safe; the method calls it. So the name has to
/// be that of the token for which the trait is implemented.
#[macro_export]
macro_rules! operations {
    (@ $features:literal: $(
        fn $name:ident(self $(, $argument:ident: $type:ty)*) -> $output:ty { $($body:tt)* }
    )*) => {$(
        #[inline(always)]
        fn $name(self $(, $argument: $type)*) -> $output {
            #[target_feature(enable = $features)]
            #[inline]
            fn $name($($argument: $type),*) -> $output {
                $($body)*
            }
            // SAFETY: the function asks for nothing but the target features, and `self` exists only where the
            // processor has them.
            unsafe { $name($($argument),*) }
        }
    )*};
    (Avx2: $($functions:tt)*) => { $crate::operations! { @ "avx2,bmi2,f16c,fma": $($functions)* } };
    (Avx512: $($functions:tt)*) => { $crate::operations! { @ "avx512f,avx512dq,avx512bw,bmi2,f16c": $($functions)* } };
    (Neon: $($functions:tt)*) => { $crate::operations! { @ "neon": $($functions)* } };
}
