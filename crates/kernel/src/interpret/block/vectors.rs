//! The loops of [`lanes`](super::lanes), compiled for each instruction set.

use allcores_machine::{Isa, Task};

use super::lanes::{self, Operand};
use crate::ir::{Binary, Unary};

/// For each function of `lanes`, one of the same name that chooses the instruction set.
macro_rules! vectors {
    ($($name:ident = $lanes:ident($($argument:ident: $ty:ty),*) $(-> $result:ty)?;)*) => {$(
        #[inline]
        pub(super) fn $name<'a>(isa: Isa, $($argument: $ty),*) $(-> $result)? {
            struct Arguments<'a> {
                $($argument: $ty,)*
                /// Not all arguments borrow.
                _borrows: std::marker::PhantomData<&'a ()>,
            }

            impl<'a, S> Task<S, vectors!(@ $($result)?)> for Arguments<'a> {
                #[inline(always)]
                fn run(self, _: S) -> vectors!(@ $($result)?) {
                    lanes::$lanes($(self.$argument),*)
                }
            }

            let arguments: Arguments<'a> = Arguments { $($argument,)* _borrows: std::marker::PhantomData };
            isa.run(arguments)
        }
    )*};
    (@) => { () };
    (@ $result:ty) => { $result };
}

vectors! {
    unary_f64 = unary_f64(op: Unary, out: &'a mut [f64], a: &'a [f64]);
    binary_f64 = binary_f64(op: Binary, out: &'a mut [f64], a: Operand<'a, f64>, b: Operand<'a, f64>);
    compare_f64 = compare_f64(op: Binary, out: &'a mut [bool], a: Operand<'a, f64>, b: Operand<'a, f64>);
    binary_i32 = binary_i32(op: Binary, out: &'a mut [i32], a: Operand<'a, i32>, b: Operand<'a, i32>);
    compare_i32 = compare_i32(op: Binary, out: &'a mut [bool], a: Operand<'a, i32>, b: Operand<'a, i32>);
    binary_bool = binary_bool(op: Binary, out: &'a mut [bool], a: Operand<'a, bool>, b: Operand<'a, bool>);
    to_int32 = to_int32(out: &'a mut [i32], a: &'a [f64]);
    to_bool = to_bool(out: &'a mut [bool], a: &'a [f64]);
    clz = clz(out: &'a mut [i32], a: &'a [i32]);
    not = not(out: &'a mut [bool], a: &'a [bool]);
    i32_from_bool = i32_from_bool(out: &'a mut [i32], a: &'a [bool]);
    from_int32 = from_int32(out: &'a mut [f64], a: &'a [i32]);
    from_uint32 = from_uint32(out: &'a mut [f64], a: &'a [i32]);
    from_bool = from_bool(out: &'a mut [f64], a: &'a [bool]);
    select_f64 = select(out: &'a mut [f64], condition: &'a [bool], a: Operand<'a, f64>, b: Operand<'a, f64>);
    select_i32 = select(out: &'a mut [i32], condition: &'a [bool], a: Operand<'a, i32>, b: Operand<'a, i32>);
    select_bool = select(out: &'a mut [bool], condition: &'a [bool], a: Operand<'a, bool>, b: Operand<'a, bool>);
    run_start = run_start(a: &'a [f64]) -> Option<u64>;
    are_in_bounds = are_in_bounds(out: &'a mut [bool], indices: &'a [f64], len: f64);
}
