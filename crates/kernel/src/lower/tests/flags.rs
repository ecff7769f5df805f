//! Booleans in arrays of the body's own.

use super::{is, refused};

#[test]
fn arrays_keep_booleans() {
    is("i => { const seen = new Array(4).fill(false); seen[i] = true; return seen[i] ? 1 : 0 }", 1.0);
    is(
        "i => { const seen = [false, false, false]; seen[i] = true; return seen[0] + 2 * seen[1] + 4 * seen[2] }",
        4.0,
    );
    is("i => { const on = [true, false, true]; return on[i] }", 1.0);
    is("i => { const on = [true, false, true]; let n = 0; for (const x of on) if (x) n++; return n }", 2.0);
    is("i => { const on = []; on.push(i > 1); on.push(i > 2); return on[0] && !on[1] ? on.length : 0 }", 2.0);
    is(
        "i => { const on = [[true, false], [false, true]]; on[0][i - 1] = true; return on[0][1] && !on[1][0] }",
        1.0,
    );
    is(
        "i => { let p = [true, false], q = [false, false]; for (let k = 0; k < i; k++) { q[0] = !p[0]; [p, q] = [q, p] } return p[0] * 10 + q[0] }",
        10.0,
    );
    is(
        "i => { const composite = new Array(30).fill(false); let n = 0; for (let p = 2; p < 30; p++) { if (composite[p]) continue; n++; for (let q = p * p; q < 30; q += p) composite[q] = true } return n }",
        10.0,
    );
}

#[test]
fn what_is_read_is_a_boolean() {
    is("i => { const on = [true, false, true]; return on[i] === true ? 1 : 0 }", 1.0);
    is("i => { const on = [true, false, true]; return on[i] === 1 ? 1 : 0 }", 0.0);
    is("i => { const on = [true, false, true]; return on[i] == 1 ? 1 : 0 }", 1.0);
    is("i => { const on = [true, false, true]; return on[i] !== on[0] ? 1 : 0 }", 0.0);
    is("i => { const on = [true, false, true]; return on[i + 1] === undefined ? 1 : 0 }", 1.0);
    is("i => { const on = [true, false, true]; return on[i + 1] === false ? 1 : 0 }", 0.0);
    is("i => { const on = [true, false, true], ks = [1, 0, 1]; return on[i] === ks[i] ? 1 : 0 }", 0.0);
    is(
        "i => { const on = [true, false, true], ks = [1, 0, 1]; return on[i + 1] === ks[i + 1] ? 1 : 0 }",
        1.0,
    );
    is("i => { const on = [true, false, true]; return on[i + 1] === a[9] ? 1 : 0 }", 1.0);
    is("i => { const on = [true, false]; return Number.isInteger(on[i - 1]) ? 1 : 0 }", 0.0);
    is(
        "i => { const on = [true, undefined]; on[i - 1] = undefined; return on[1] === undefined ? 1 : 0 }",
        1.0,
    );
    is("i => { const on = [true, undefined]; return (on[i - 1] ?? 7) + (on[i - 2] ?? 7) }", 8.0);
    is(
        "i => { const on = [true, false]; switch (on[i - 1]) { case 0: return 1; case false: return 2; default: return 3 } }",
        2.0,
    );
    is(
        "i => { const on = new Array(4).fill(false); on[1] = true; return on[i] === false && on[1] === true ? 1 : 0 }",
        1.0,
    );
    is(
        "i => { const on = new Array(4); on[1] = true; return on[i] === undefined && on[1] === true ? 1 : 0 }",
        1.0,
    );
    is(
        "i => { let on = false; const is = [true, false]; if (i > 1) on = is[i - 1]; return on === false ? 1 : on === undefined ? 2 : 3 }",
        1.0,
    );
    is(
        "i => { const is = [true, false]; const on = i > 1 ? is[i] : undefined; return on === false ? 1 : on === undefined ? 2 : 3 }",
        2.0,
    );
    // A typed array makes numbers of them.
    is("i => { const on = new Uint8Array(3); on[i] = true; return on[i] === 1 ? 1 : 0 }", 1.0);
    refused("i => { const on = [true, false]; return a[on[i]] }", &["NotANumber"]);
    refused("i => { const on = [true, false]; on[i] = null; return 1 }", &["NotANumber"]);
}

#[test]
fn numbers_may_be_among_them() {
    is("i => { const on = new Array(3).fill(0); on[i] = true; return on[i] ? on[i] + 1 : 0 }", 2.0);
    is("i => { const on = [false, false]; on[1] ^= 1; return on[1] }", 1.0);
    is("i => { const on = [false, 5]; return on[i - 1] == 5 ? 1 : 0 }", 1.0);
    is(
        "i => { const on = [false, 5], ks = [0, 5]; const x = on[i - 2]; ks[0] = x; return ks[0] == 0 ? 1 : 0 }",
        1.0,
    );
    // What `===` would say depends on which it is.
    refused("i => { const on = [false, 5]; return on[i - 1] === 5 }", &["NumberOrBoolean"]);
    refused("i => { const on = [false, 5]; return Number.isInteger(on[i - 1]) }", &["NumberOrBoolean"]);
    refused(
        "i => { let p = [1, 0], q = [true, true]; for (let k = 0; k < i; k++) { q[0] = q[1]; p[0] = 2; [p, q] = [q, p] } return p[0] === 1 }",
        &["NumberOrBoolean"],
    );
}
