//! What may be there or not: an object that was found, or null.

use super::{is, refused, value};

const SOLVE: &str = "const solve = c => { const d = 4 - c; if (d < 0) return null; const q = Math.sqrt(d); return [-q, q] }; ";
const HIT: &str = "const hit = t => { if (t < 0) return; return { t, n: [t, 1] } }; ";

#[test]
fn a_search_may_find_nothing() {
    is(
        "i => { let best = null; for (const s of stars) if (best === null || s.m > best.m) best = s; return best.m }",
        4.0,
    );
    is(
        "i => { let best = null; for (const s of stars) if (!best || s.m < best.m) best = s; return best ? best.p.x : -1 }",
        10.0,
    );
    is("i => { let best; for (const s of stars) if (s.m === i) best = s; return best.p.x }", 20.0);
    is(
        "i => { let best = null; for (const s of stars) if (s.m > 9) best = s; return best ? best.m : -1 }",
        -1.0,
    );
    is("i => { let best = null; for (const s of stars) if (s.m > 9) best = s; return best === null }", 1.0);
    is(
        "i => { let best = null; for (let k = 0; k < 4; k++) { const d = Math.abs(k - i); if (best == null || d < best.d) best = { d, k } } return best.k }",
        2.0,
    );
    is(
        "i => { let best = null; for (let k = 0; k < 4; k++) { const d = Math.abs(k - i); if (best && best[0] <= d) continue; best = [d, k] } return best[1] }",
        2.0,
    );
    is(
        "i => { let best = null; for (const s of stars) s && (!best || s.m < best.m) && (best = s); return best ? best.p.x : -1 }",
        10.0,
    );
    is("i => { let row = null; if (i > 1) row = matrix[1]; return row ? row[2] : 0 }", 6.0);
    is("i => { let row; if (i > 2) row = matrix[1]; return row ? row[2] : 0 }", 0.0);
    is(
        "i => { let best = null; for (let k = 0; k < 4; k++) if (best === null || a[k] < best) best = a[k]; return best ?? -1 }",
        10.0,
    );
}

#[test]
fn functions_may_return_nothing() {
    for (body, value) in [
        ("const r = solve(i); return r === null ? 9 : r[1]", 2f64.sqrt()),
        ("const r = solve(i + 3); return r === null ? 9 : r[1]", 9.0),
        (
            "const r = solve(i); if (!r) return 9; const [x, y] = r; return y - x",
            2f64.sqrt() - -(2f64.sqrt()),
        ),
        ("const r = solve(i); let n = 0; if (r) for (const x of r) n += x > 0; return n", 1.0),
        ("const r = solve(i); return r ? Math.max(...r) : 9", 2f64.sqrt()),
        ("const r = solve(i + 3) || [7, 8]; return r[0]", 7.0),
        ("const r = solve(i + 3) ?? [7, 8]; return r[1]", 8.0),
        ("const r = solve(i) ?? [7, 8]; return r[1]", 2f64.sqrt()),
        ("return solve(i) && !solve(i + 3) ? 1 : 2", 1.0),
        ("return solve(i) != null && solve(i)[1] > 1 ? 1 : 2", 1.0),
    ] {
        is(&format!("i => {{ {SOLVE} {body} }}"), value);
    }
    for (body, value) in [
        ("const h = hit(i); return h && h.t > 1 && h.n[1] ? h.t : -1", 2.0),
        ("const h = hit(-i); return h && h.t > 1 ? h.t : -1", -1.0),
        ("const h = hit(-i); return h === undefined ? 1 : h === null ? 2 : 3", 1.0),
        ("const h = hit(i); return h === undefined || h === null ? 1 : 3", 3.0),
        ("const h = hit(-i); return h == null ? 1 : 3", 1.0),
        ("const t = hit(i) && hit(i).t; return t", 2.0),
        ("const t = hit(-i) && hit(-i).t; return t === undefined ? 5 : t", 5.0),
        (
            "let n = 0; for (let k = -3; k < 3; k++) { const h = hit(k); if (h) n += h.t + h.n[0] } return n",
            6.0,
        ),
        ("const g = (h = { t: 7, n: [0, 0] }) => h.t; return g(hit(-i)) * 10 + g(hit(i))", 72.0),
        ("const { t } = hit(i); return t", 2.0),
    ] {
        is(&format!("i => {{ {HIT} {body} }}"), value);
    }
}

#[test]
fn what_is_not_there_has_no_parts() {
    for read in ["p.x", "p.n[0]", "p.x + p.x", "[...p.n][0]", "p.n.length"] {
        let source = format!("i => {{ let p = null; if (i > 2) p = {{ x: 1, n: [1] }}; return {read} }}");
        let stopped = std::panic::catch_unwind(|| value(&source, 2.0)).unwrap_err();
        let message = stopped.downcast_ref::<String>().unwrap();
        assert!(message.contains("NoSuchRow"), "{source}: {message}");
        is(&source.replace("i > 2", "i > 1"), if read.contains('+') { 2.0 } else { 1.0 });
    }
}

#[test]
fn who_holds_what_was_found_sees_what_is_stored() {
    let make = "const make = c => { if (c < 0) return null; return [[1, 2], [3, 4]] }; ";
    is(&format!("i => {{ {make} const p = make(i), row = p[1]; row[0] = 9; return p[1][0] }}"), 9.0);
    is(
        &format!(
            "i => {{ {make} const p = make(i); let n = 0; if (p) for (const row of p) n += row[0]; return n }}"
        ),
        4.0,
    );
    let make = "const make = c => { if (c < 0) return null; return { at: { x: 1 } } }; ";
    is(&format!("i => {{ {make} const p = make(i), at = p.at; at.x = 9; return p.at.x }}"), 9.0);
}

#[test]
fn null_is_told_from_numbers() {
    is("i => { let x = null; if (i > 2) x = 1; return x === 0 ? 1 : x == 0 ? 2 : x === null ? 3 : 4 }", 3.0);
    is("i => { let x = null; if (i > 1) x = 0; return x === 0 ? 1 : x === null ? 3 : 4 }", 1.0);
    is("i => { let x = null; if (i > 2) x = 1; return x + 5 }", 5.0);
    is("i => { let x = null; if (i > 1) x = 1; return x + 5 }", 6.0);
    is("i => { let x = null; if (i > 2) x = 1; return x ?? 8 }", 8.0);
    is("i => { let x = null, y = null; if (i > 2) x = 1; if (i > 3) y = 0; return x === y ? 1 : 2 }", 1.0);
    is("i => { let x = null, y = null; if (i > 2) x = 1; if (i > 1) y = 0; return x === y ? 1 : 2 }", 2.0);
    is("i => { let x = null; if (i > 2) x = 1; return x === (i > 9) ? 1 : 2 }", 2.0);
    is("i => { let x = null; if (i > 1) x = 0; return x == (i > 9) ? 1 : 2 }", 1.0);
    is("i => { let x = null; if (i > 2) x = 1; return Number.isInteger(x) ? 1 : 2 }", 2.0);
}

#[test]
fn what_cannot_be_known_is_refused() {
    // Whether it is one and the same, and whose memory is stored to.
    refused("i => { let p = null; if (i > 1) p = stars[0]; return p === stars[1] }", &["NotANumber"]);
    refused("i => { let p = null; if (i > 1) p = { x: 1 }; p.x = 2; return i }", &["PropertyAssigned"]);
    refused("i => { let p = null; if (i > 1) p = [1, 2]; p[0] = 2; return i }", &["NotAnArray"]);
    refused("i => { let p = null; if (i > 1) p = { x: 1 }; return p + 1 }", &["NotANumber"]);
    refused("i => { let p = null; if (i > 1) p = { x: 1 }; return p?.x }", &["OptionalChain"]);
    refused("i => { let p = null; if (i > 1) p = 0; return a[p] }", &["NotANumber"]);
    refused("i => { let p = null; if (i > 1) p = 0; const s = [p, 1]; return s[i] }", &["NotANumber"]);
    refused("i => { let x = null; if (i > 1) x = 0; return x }", &["NoValue"]);
    refused("i => { let p = null; if (i > 1) p = [1, 2]; return p }", &["NoValue"]);
    // null or undefined, and an object.
    refused(
        "i => { let p = null; if (i > 1) p = { x: 1 }; if (i > 2) p = undefined; return p ? i : 0 }",
        &["Conflict"],
    );
}
