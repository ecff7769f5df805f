//! Functions of `Math` become operations, for machine code alone: a call is one lane after the other, operations are vectors.
//!
//! The functions are the texts beside this file, JavaScript that follows `ieee754.cc` as [`math`](crate::math) does. They are compiled as
//! bodies are, once a process, with a few names more that take doubles apart; their definition in JavaScript is `bits.mjs`, with which the
//! texts run in an engine as they are. So there is one text for every instruction set, and three links prove it: the text in an engine, its
//! IR in the scalar interpreter and its code all have the bits of `math`.
//!
//! ```text
//! %3 = call sin %2    →    %4 = fabs %2  …  %80 = select …          for all lanes
//!                          if %81 -> %3 { %82 = call sin %2 … }     for rare ones: the region is skipped if there is none
//! ```
//!
//! What a text cannot do with vectors, it asks the function itself for: such a call stays a call. Whether a library has these bits at all
//! it says itself ([`MathLibrary::has_portable`](crate::interpret::MathLibrary::has_portable)).
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
//! Use of that code is governed by the BSD-style license in the file LICENSE of `math`.
//! ```
//!
//! 1. `texts`: which text is whose, compiled.
//! 2. `inline`: puts one in the place of a call.

mod inline;
#[cfg(test)]
mod tests;
mod texts;

use crate::ir::{Function, Math, Op, Stmt, verify};
use crate::passes;

/// Whether there are operations for a function.
pub(crate) fn has_text(math: Math) -> bool {
    !texts::files(math).is_empty()
}

/// So many operations a function may have: what would make it larger stays a call.
const MAX_OPERATIONS: usize = 2000;

/// The function with operations in the place of calls: of those that `is_portable` says have the bits of [`math`](crate::math). `None` if
/// there are none.
pub(crate) fn expand(function: &Function, is_portable: impl Fn(Math) -> bool) -> Option<Function> {
    let stmts = function.regions.iter().flat_map(|region| &region.stmts);
    let text_of = |stmt: &Stmt| match stmt {
        Stmt::Let(_, Op::Call(math, _)) if is_portable(*math) => texts::text(*math),
        _ => None,
    };
    let mut operations = stmts.clone().count();
    if !stmts.clone().any(|stmt| text_of(stmt).is_some()) {
        return None;
    }
    let mut expanded = function.clone();
    for number in 0..function.regions.len() {
        let stmts = std::mem::take(&mut expanded.regions[number].stmts);
        let mut all = Vec::with_capacity(stmts.len());
        for stmt in stmts {
            match (text_of(&stmt), stmt) {
                (Some(text), Stmt::Let(value, Op::Call(_, arguments)))
                    if operations + text.operations <= MAX_OPERATIONS =>
                {
                    operations += text.operations;
                    inline::inline(&mut expanded, text, value, &arguments, &mut all);
                }
                (_, stmt) => all.push(stmt),
            }
        }
        expanded.regions[number].stmts = all;
    }
    passes::simplify(&mut expanded);
    debug_assert_eq!(verify(&expanded), Ok(()), "{expanded}");
    Some(expanded)
}
