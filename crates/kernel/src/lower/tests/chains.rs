//! `?.`, and lengths of arrays that are computed of constants.

use super::*;

#[test]
fn a_chain_ends_at_what_is_not_there() {
    is("(i, data) => data?.point?.x + i", 5.0);
    is("(i, { point }) => point?.['y']", 4.0);
    is("(i, { a }) => a?.[1] + a?.length + a?.at(0)", 34.0);
    is("(i, data) => (data.nothing?.x ?? 7) + i", 9.0);
    // What follows is not evaluated, on any side of a call, an index or a dot.
    is(
        "(i, data) => { let n = 0; const x = data.f?.(n++).y[n++].z(n++); return x === undefined ? n : -1 }",
        0.0,
    );
    is("(i, data) => { let n = 0; data.nothing?.[n++]?.[n++]; return n }", 0.0);
    // A chain within another one ends by itself, and so does one in parentheses.
    is("(i, data) => data.a?.[data.nothing?.x ?? 2]", 30.0);
    is("(i, data) => [data.nothing?.x ?? 1, i][data.point?.x - 2]", 2.0);
    is("(i, data) => data.square?.(i) + (data.nothing?.x ?? 0)", 4.0);
    is("i => { const p = { x: i }; const q = undefined; return p?.x + (q?.x ?? 1) + (null?.x ?? 1) }", 4.0);
    refused("(i, data) => (data.nothing?.x).y", &["UnknownProperty"]);
    refused("(i, data) => data.nothing.x?.y", &["UnknownName"]);
    refused("(i, { a }) => a[i]?.x", &["OptionalChain"]);
    refused("i => nowhere?.x ?? 1", &["UnknownName"]);
}

#[test]
fn lengths_may_be_computed_of_constants() {
    is("i => { const N = 4; const a = new Float64Array(N * 2 + 1); return a.length }", 9.0);
    is("i => { const K = 3, a = new Array(K ** 2 >> 1).fill(i); return a[3] + a.length }", 6.0);
    is("(i, { table, matrix }) => new Uint8Array(table.length + matrix[0].length).length", 6.0);
    is("i => { const make = (n) => new Int32Array(n - 1); return make(8).length }", 7.0);
    refused("(i, { n }) => new Float64Array(n + 1).length", &["LocalLength"]);
    refused("i => { let n = 4; if (i) n = 5; return new Float64Array(n - 1).length }", &["LocalLength"]);
    refused("i => new Float64Array(1 / 2).length", &["LocalLength"]);
}

#[test]
fn what_is_one_of_several_is_refused_with_a_way_out() {
    for (source, what, remedy) in [
        ("i => { const s = i % 2 ? a : b; return s[i] }", "one of several arrays", "`c ? a[k] : b[k]`"),
        (
            "i => { let s = 0; for (const { x } of [{ x: 1 }, { x: 2 }]) s += x; return s }",
            "array of objects",
            "`const xs",
        ),
        (
            "i => [new Float64Array(2), new Float64Array(2)][i % 2][0]",
            "memory of their own",
            "`rows[r * width + c]`",
        ),
        ("i => a + i", "an array is used", "`a[k]`"),
        ("i => point + i", "an object is used", "`p.x`"),
        ("i => square + i", "a function is used", "`f(x)`"),
        ("i => text === 1", "a string", "`{ mode: 2 }`"),
    ] {
        let (is, write) = words(source, Parameters::Indices(1));
        assert!(is.contains(what) && write.contains(remedy), "{source}: {is}; {write}");
    }
}
