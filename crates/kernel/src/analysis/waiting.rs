//! Whether indices may wait for each other.

use crate::ir::{End, Function, Op, RegionId, Stmt};

use super::{polled_arrays, use_counts};

/// Whether what a loop does depends on what others write, as in a loop that takes a lock: an index that has the lock has to go on before
/// another one gets it, and must not stand still until the other is through its loop. What others write is what an atomic operation
/// returns, or an element that the loop polls of an array that the body writes.
///
/// Two arrays may be the same memory. Nobody knows before the call; [`polled_arrays`] says which ones it matters for.
pub fn may_wait(function: &Function) -> bool {
    let is_atomic = |stmt: &Stmt| matches!(stmt, Stmt::Let(_, Op::Atomic(..)));
    let has_atomics = function.regions.iter().flat_map(|region| &region.stmts).any(is_atomic);
    has_atomics && uses_answers(function, &use_counts(function), function.entry, false)
        || polled_arrays(function)
            .iter()
            .zip(&function.arrays)
            .any(|(is_polled, array)| *is_polled && array.is_written)
}

/// Whether anything uses what an atomic operation in a loop returns.
fn uses_answers(function: &Function, counts: &[u32], id: RegionId, is_in_loop: bool) -> bool {
    let region = function.region(id);
    let waits = |stmt: &Stmt| match stmt {
        Stmt::Let(value, Op::Atomic(..)) => is_in_loop && counts[value.index()] > 0,
        _ => Function::children(stmt).any(|child| uses_answers(function, counts, child, is_in_loop)),
    };
    region.stmts.iter().any(waits)
        || matches!(region.end, End::Loop { body, .. } if uses_answers(function, counts, body, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Element;
    use crate::lower::{Parameters, Request, Returns, Shape, lower};

    fn function(body: &str) -> Function {
        let array = || Shape::Array { element: Element::Int32, is_shared: true };
        let names = ["a", "b", "c"].map(|name| (name.into(), array()));
        let numbers = ["n", "w"].map(|name| (name.into(), Shape::Number));
        let data = Shape::Object(names.into_iter().chain(numbers).collect());
        let source = &format!("(i, {{ a, b, c, n, w }}) => {{ {body} }}");
        let request =
            Request { source, parameters: Parameters::Indices(1), returns: Returns::Nothing, data: &data };
        lower(&request).unwrap_or_else(|refused| panic!("{source}: {refused:?}")).function
    }

    #[track_caller]
    fn check(body: &str, waits: bool) {
        let function = function(body);
        assert_eq!(may_wait(&function), waits, "{body}\n{function}");
    }

    #[test]
    fn loops_that_look_at_an_element_until_it_changes_wait() {
        for body in [
            "while (a[0] === 0) {} a[i] = 1;",
            "if (i > 0) while (a[i - 1] === 0); a[i] = 1;",
            "for (let turns = 0; a[i - 1] === 0; turns++); a[i] = 1;",
            "do { var x = a[i - 1] } while (x === 0); a[i] = x + 1;",
            "for (;;) { if (a[i - 1] !== 0) break; } a[i] = 1;",
            "for (;;) { if (a[i - 1] !== 0) { a[i] = 1; return; } }",
            "let turns = 0; for (;;) { turns++; if (a[i - 1] === 0) continue; break; } a[i] = turns;",
            // By a variable, an array of the body's own, another shared array, and by control alone.
            "let seen = 0; while (seen === 0) { seen = a[i - 1] | 0; } a[i] = 1;",
            "const seen = [0]; while (seen[0] === 0) seen[0] = a[i - 1]; a[i] = 1;",
            "while (b[i] === 0) { b[i] = a[i - 1]; } a[i] = 1;",
            "let done = false; while (!done) { if (a[i - 1] > 0) done = true; } a[i] = 1;",
            "let k = 0; while (k < 3) { if (a[i - 1] > 0) k++; } a[i] = 1;",
            "let done = false; while (!done) { if (a[i - 1] > 0) { b[i] = 1; done = true; } } a[i] = 1;",
            // It goes round, and waits for any of some.
            "let k = 0; while (a[k] === 0) k = k === 7 ? 0 : k + 1; a[i] = 1;",
            "let k = 0; while (a[k & 7] === 0) k = k + 1; a[i] = 1;",
            "let k = 0; while (a[k] === 0) k = (k + 1) % 8; a[i] = 1;",
            // Another loop begins anew each time.
            "let all = false; while (!all) { all = true; for (let k = 0; k < i; k++) if (a[k] === 0) all = false; } a[i] = 1;",
            "for (let k = 0; k < n; k++) { while (a[k] === 0); } a[i] = 1;",
            "let x = i; while (a[x] !== x) x = a[x]; a[i] = x;",
            // A lock without atomic operations, Dekker's and Peterson's.
            "for (;;) { if (a[0] === 0) { a[0] = 1; break; } } b[0]++; a[0] = 0;",
            "for (;;) { if (a[0] !== 0) continue; a[0] = 1; break; } b[0]++; a[0] = 0;",
            "a[i] = 1; while (a[1 - i]) { if (b[0] !== i) { a[i] = 0; while (b[0] !== i); a[i] = 1; } } b[0] = 1 - i; a[i] = 0;",
            "a[i] = 1; b[0] = 1 - i; while (a[1 - i] && b[0] === 1 - i); a[i] = 0;",
            // By Atomics one way, and plainly the other.
            "const ticket = Atomics.add(a, 0, 1); while (a[1] !== ticket); b[0]++; a[1]++;",
            "while (a[i - 1] === 0); Atomics.store(a, i, 1);",
            "for (let k = 0; b[k] === 0; k++) Atomics.store(b, k + 1, a[i - 1]); a[i] = 1;",
        ] {
            check(body, true);
        }
    }

    #[test]
    fn loops_that_come_to_an_end_by_themselves_do_not() {
        for body in [
            // Nobody writes what it looks at.
            "while (b[0] === 0); a[i] = 1;",
            "let x = i; while (b[x] !== x) x = b[x]; a[i] = x;",
            "let s = 0; for (let k = b[i]; k < b[i + 1]; k++) s += c[k]; a[i] = s;",
            // It counts, or walks along.
            "let s = 0; for (let k = 0; k < n; k++) s += a[k]; a[i] = s;",
            "for (let k = 0; k < n; k++) if (a[k] > 3) { a[i] = k; break; }",
            "let k = i; while (a[k] > 3) k++; a[i] = k;",
            "let k = i; while (a[k] > 3) k -= w; a[i] = k;",
            "for (let k = 0; k < a[0]; k++) a[i] += k;",
            "for (let k = 1; k < w; k++) { const x = a[i * w + k]; let j = k - 1; \
             while (j >= 0 && a[i * w + j] > x) { a[i * w + j + 1] = a[i * w + j]; j--; } a[i * w + j + 1] = x; }",
            "let root = 0; for (;;) { let k = 2 * root + 1; if (k >= n) break; if (k + 1 < n && a[k] < a[k + 1]) k++; \
             if (a[root] >= a[k]) break; const t = a[root]; a[root] = a[k]; a[k] = t; root = k; }",
            "let l = 0, r = n; while (l < r) { while (a[l] < 3) l++; while (a[r] > 3) r--; \
             const t = a[l]; a[l] = a[r]; a[r] = t; l++; r--; }",
            // The state of a loop, in an element of its own.
            "while (a[i] > 1) a[i] = a[i] % 2 ? 3 * a[i] + 1 : a[i] / 2;",
            "while (a[i] > 1) { a[i] >>= 1; b[i]++; }",
            // What decides nothing but values.
            "for (let k = 0; k < n; k++) if (a[0] > k) b[i] += a[0]; a[i] = 1;",
            "for (let k = 0; k < n; k++) { if (a[0] > 3) continue; a[i] += k; }",
        ] {
            check(body, false);
        }
    }

    #[test]
    fn an_array_that_a_loop_polls_is_known_though_the_body_does_not_write_it() {
        let names = |body: &str| {
            let function = function(body);
            let polled = polled_arrays(&function);
            let names = function.arrays.iter().zip(polled).filter(|(_, is_polled)| *is_polled);
            names.map(|(array, _)| array.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names("while (b[0] === 0); a[i] = c[0];"), ["b"]);
        assert_eq!(names("while (b[0] + c[i] === 0); a[i] = 1;"), ["b", "c"]);
        assert_eq!(names("for (let k = b[i]; k < b[i + 1]; k++) a[i] += c[k];"), <[&str; 0]>::default());
    }
}
