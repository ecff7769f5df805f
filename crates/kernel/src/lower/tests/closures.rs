//! Functions that a call makes and returns: what they capture outlives it.

use super::{is, refused};

#[test]
fn a_function_that_is_returned_keeps_what_it_captures() {
    is("i => { const from = n => () => n++; const next = from(i); next(); return next() }", 3.0);
    is(
        "i => { function from(n) { return function () { n = n * 3 + 1; return n } } const f = from(i); f(); return f() }",
        22.0,
    );
    is("i => { const add = a => b => c => a * 100 + b * 10 + c; return add(1)(i)(3) }", 123.0);
    is(
        "i => { const from = n => { let calls = 0; return () => { calls++; return n * calls } }; const f = from(i); f(); f(); return f() }",
        6.0,
    );
    // Each call has variables of its own.
    is(
        "i => { const from = n => () => n++; const f = from(1), g = from(10); f(); f(); g(); return f() * 100 + g() }",
        311.0,
    );
    // In loops, in branches, and through other functions.
    is(
        "i => { const from = n => () => n++; const f = from(i); let s = 0; for (let k = 0; k < 4; k++) s = s * 10 + f(); return s }",
        2345.0,
    );
    is(
        "i => { const from = n => () => n++; const f = from(i); if (i > 1) f(); else { f(); f() } return f() }",
        3.0,
    );
    is(
        "i => { const from = n => () => n++; const twice = f => { f(); return f() }; const f = from(i); twice(f); return f() }",
        4.0,
    );
    is(
        "i => { let s = 0; for (let k = 0; k < 3; k++) { const f = (n => () => n++)(k); f(); s = s * 10 + f() } return s }",
        123.0,
    );
    is("i => { const from = n => { if (n > 1) { return () => n++ } return () => -1 }; return 7 }", 7.0);
}

#[test]
fn so_do_the_arrays_and_objects_in_it() {
    is(
        "i => { const make = n => { const s = [n, 1]; return () => { s[0] += s[1]; s[1]++; return s[0] } }; const f = make(i); f(); return f() }",
        5.0,
    );
    is(
        "i => { const make = n => { const s = new Uint8Array(2); s[1] = n; return k => s[k]++ }; const f = make(i), g = make(9); f(1); return f(1) * 10 + g(1) }",
        39.0,
    );
    is(
        "i => { const make = n => { const all = [n]; return x => { all.push(x); return all.length } }; const f = make(i); f(1); return f(2) }",
        3.0,
    );
    is(
        "i => { const make = () => { const all = []; all.push(i); return all }; const s = make(); s.push(1); return s.length * 10 + s[0] }",
        22.0,
    );
    is(
        "i => { const make = n => { const o = { n }; return { up: () => ++o.n, of: o } }; const m = make(i); m.up(); return m.of.n * 10 + m.up() }",
        34.0,
    );
    // The object that its methods see is the one that is returned.
    is(
        "i => { const make = n => { const o = { n, up: () => ++o.n }; return o }; const m = make(i); m.up(); m.up(); return m.n }",
        4.0,
    );
    is(
        "i => { const make = n => { const o = { n, by: { up: () => ++o.n } }; return o }; const m = make(i); m.by.up(); m.n += 10; return m.by.up() }",
        14.0,
    );
    is(
        "i => { const make = n => { const o = { n, f: x => x + 1 }; o.n++; return o }; const m = make(i); return m.f(m.n) }",
        4.0,
    );
}

#[test]
fn what_is_not_captured_is_out_of_reach() {
    // Which of the two is called is not known.
    refused(
        "i => { const f = n => { if (n > 1) return () => 1; return () => 2 }; return f(i)() }",
        &["Conflict"],
    );
    refused(
        "i => { let g = () => 0; const f = () => { let n = 1; g = () => n++; }; f(); return g() }",
        &["Conflict"],
    );
    // A variable that is declared behind the `return` never begins.
    refused("i => { const f = () => { return () => late; let late = 1 }; return f()() }", &["UsedTooEarly"]);
}
