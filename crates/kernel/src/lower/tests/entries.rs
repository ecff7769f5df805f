//! `for … of` what the iterators of arrays give.

use super::{is, refused, words};
use crate::lower::Parameters;

#[test]
fn entries_keys_and_values() {
    is("i => { let s = 0; for (const [k, x] of a.entries()) s += k * x; return s }", 200.0);
    is("i => { let s = 0; for (const k of a.keys()) s += k; return s }", 6.0);
    is("i => { let s = 0; for (const x of table.values()) s += x; return s }", 24.0);
    is(
        "i => { let s = 0; for (const [y, row] of matrix.entries()) for (const [x, v] of row.entries()) s += v * (10 * y + x); return s }",
        175.0,
    );
    is(
        "i => { let s = 0; const m = [[1, 2], [3, 4]]; for (let y = 0; y < 2; y++) for (const [x, v] of m[y].entries()) s += x * v; return s }",
        6.0,
    );
    is("i => { let s = 0; for (const [k, { m }] of stars.entries()) s += k * m; return s }", 10.0);
    is(
        "i => { let s = 0; for (const [k, x] of [5, 6, i].entries()) { if (k === 1) continue; s += x } return s }",
        7.0,
    );
    is(
        "i => { let s = 0; for (const entry of [5, 6, i].entries()) s += entry[0] * entry[1]; return s }",
        10.0,
    );
    is("i => { const v = new Uint8Array(3); for (const k of v.keys()) v[k] = k * 200; return v[2] }", 144.0);
    is("i => { let last = null; for (const e of a.entries()) last = e; return last[0] + last[1] }", 43.0);
    // A function of such a name is called.
    is(
        "i => { const o = { keys: () => [i, 4] }; let s = 0; for (const k of o.keys()) s += k; return s }",
        6.0,
    );
    refused("i => { let s = 0; for (const k of n.keys()) s += k; return s }", &["UnknownProperty"]);
}

#[test]
fn elsewhere_they_are_refused_with_a_way_out() {
    let remedy = |source: &str| words(source, Parameters::Indices(1)).1;
    assert!(remedy("i => { const e = a.entries(); return 1 }").contains("of a.entries()"));
    assert!(remedy("i => a.subarray(i, 3)[0]").contains("`a[start + k]`"));
    assert!(remedy("i => { const s = []; s.push([i, 1]); return 1 }").contains("an array for each part"));
    assert!(
        remedy("i => { const s = [0, 0]; s[i] = { x: 1 }; return 1 }").contains("an array for each part")
    );
}
