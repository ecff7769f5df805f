//! Arrays and objects that a body makes: as values, and in memory.

use super::{is, refused};

#[test]
fn helpers_return_arrays_and_objects_from_anywhere() {
    is("i => { const f = v => { return [v, v + 1] }; const [a, b] = f(i); return a * 10 + b }", 23.0);
    is(
        "i => { const f = v => { if (v > 9) return [0, 1]; return [v, 7] }; const [a, b] = f(i); return a - b }",
        -5.0,
    );
    is(
        "i => { const f = v => { for (let k = 0; ; k++) if (k * k > v) return [k, v] }; return f(i)[0] }",
        2.0,
    );
    is("i => { const f = v => ({ re: v, im: -v }); const { re, im } = f(i); return re - im }", 4.0);
    is(
        "i => { const f = v => { if (v < 0) return { t: 1, is: false }; return { t: v, is: true } }; const h = f(i); return h.is ? h.t : -1 }",
        2.0,
    );
    is("i => { const row = () => { return matrix[1] }; return row()[2] }", 6.0);
    is("i => { let row = matrix[0]; if (i > 1) row = matrix[1]; return row[0] + row.length }", 7.0);
    is("i => { const [a, b] = i > 1 ? [1, 2] : [3, 4]; return a * 10 + b }", 12.0);
    is(
        "i => { const f = () => { return [a[9], i] }; const [x, y] = f(); return x === undefined ? y : 0 }",
        2.0,
    );
}

#[test]
fn variables_may_get_other_arrays_and_objects() {
    is("i => { let s = [1, 0]; for (let k = 0; k < 5; k++) s = [s[0] + s[1], s[0]]; return s[0] }", 8.0);
    is(
        "i => { let z = { re: 1, im: 1 }; for (let k = 0; k < i; k++) z = { re: z.re * z.re - z.im * z.im, im: 2 * z.re * z.im }; return z.re * 10 + z.im }",
        -40.0,
    );
    is("i => { let p = [1, 2], q = [3, 4]; [p, q] = [q, p]; return p[0] * 10 + q[0] }", 31.0);
    is("i => { let p = [1, 2], q = p; p = [3, 4]; return q[1] * 10 + p[1] }", 24.0);
    is(
        "i => { let best = { d: 9 }; for (let k = 0; k < 4; k++) { const c = { d: Math.abs(k - i) }; if (c.d < best.d) best = c } return best.d }",
        0.0,
    );
    is(
        "i => { let s = [i, 5]; for (let k = 0; k < 3; k++) { let t = 0; for (let j = 0; j < 2; j++) t += s[j]; s = [t, 1] } return s[0] }",
        9.0,
    );
}

#[test]
fn stores_are_seen_by_whoever_holds_the_array_or_object() {
    is("i => { const p = { x: 1 }; const q = p; q.x = 5; return p.x }", 5.0);
    is(
        "i => { const set = v => { v.x += 2 }; const p = { x: 1, y: 3 }; set(p); set(p); return p.x + p.y }",
        8.0,
    );
    is("i => { const set = v => { v[1] = 7 }; const p = [1, 2]; set(p); return p[1] }", 7.0);
    is("i => { const set = (v, k) => { v[k] = 7 }; const p = [1, 2], q = p; set(q, 1); return p[1] }", 7.0);
    is("i => { const o = { v: [1, 2] }; const w = o.v; o.v[0] = 9; return w[0] }", 9.0);
    is("i => { const clear = v => v.fill(0); const p = [1, 2]; clear(p); return p[0] + p[1] }", 0.0);
    is(
        "i => { const f = () => { const o = { x: i }; o.x++; return o }; const a = f(), b = f(); a.x = 9; return b.x }",
        3.0,
    );
    is("i => { const o = { n: 0 }; const f = () => o; f().n++; f().n++; return o.n }", 2.0);
    is(
        "i => { const t = { n: 0, s: 0 }; for (let k = 0; k < 4; k++) { t.n++; t.s += k } return t.n * 10 + t.s }",
        46.0,
    );
    is("i => { const o = { x: 1 }; const old = { ...o, y: 2 }; o.x = 5; return old.x * 10 + old.y }", 12.0);
    is("i => { const v = i > 1 ? [1, 2] : [3, 4]; v[0] = 5; return v[0] + v[1] }", 7.0);
    is("i => { const o = { a: 1 }; [o.a, o['a']] = [4, 6]; return o.a }", 6.0);
    refused(
        "i => { const p = { x: 1 }, q = { x: 2 }; const r = i > 1 ? p : q; r.x = 3; return p.x }",
        &["PropertyAssigned"],
    );
    refused("i => { const p = { x: 1 }; p.y = 2; return p.x }", &["PropertyAssigned"]);
}

#[test]
fn properties_are_those_of_the_literal() {
    is("i => { const o = { x: 1, 'y z': 2, 3: 4, x: 5 }; return o.x * 100 + o['y z'] * 10 + o[3] }", 524.0);
    is("i => { const { x = 3, y } = { y: 1 }; return x + y }", 4.0);
    is("i => { const o = { f: x => x * 2, g(x) { return x + 1 } }; return o.f(o.g(i)) }", 6.0);
    is("i => ({ x: 1 }).y === undefined ? 1 : 2", 1.0);
    is("i => ({ }) ? 1 : 2", 1.0);
    refused("i => ({ a: 1 })", &["NotANumber"]);
    refused("i => ({ get a() { return 1 } }).a", &["ObjectLiteral"]);
    refused("i => ({ __proto__: 1 }).a", &["ObjectLiteral"]);
    refused("i => ({ a: 1 }).constructor", &["UnknownProperty"]);
    refused("i => ({ ...i }).x", &["Spread"]);
}

#[test]
fn arrays_are_spread() {
    is("i => Math.max(...[1, i, 3], 0)", 3.0);
    is("i => { const v = new Float64Array(3); v[1] = 4; return Math.max(...v) }", 4.0);
    is("i => { const f = (x, y, z) => x * 100 + y * 10 + z; return f(...[1, 2], 3) }", 123.0);
    is("i => { const v = [...[1, 2], ...table]; return v[2] + v.length }", 12.0);
    refused("i => Math.max(...a)", &["Spread"]);
    refused("i => Math.max(...i)", &["NotIterable"]);
}

#[test]
fn many_readers_share_a_copy() {
    let reads = "f(v) + ".repeat(100);
    let source = format!(
        "i => {{ const f = w => {{ let s = 0; for (let k = 0; k < 3; k++) s += w[k]; return s }}; const v = [1, i, 3]; return {reads}0 }}"
    );
    is(&source, 600.0);
}

#[test]
fn arrays_of_arrays_are_grids() {
    is("i => { const g = [[1, 2], [3, 4], [5, 6]]; return g[i][1] + g.length }", 9.0);
    is(
        "i => { let s = 0; for (const [dx, dy] of [[0, 1], [2, 3]]) s = s * 100 + dx * 10 + dy; return s }",
        123.0,
    );
    is(
        "i => { const g = [[1, 2], [3, 4]]; let s = 0; for (const row of g) for (const x of row) s = s * 10 + x; return s }",
        1234.0,
    );
    is(
        "i => { const g = [[1, 2], [3, 4]]; const row = g[i - 1]; return row[i] === undefined ? row[0] : 0 }",
        3.0,
    );
    is(
        "i => { const g = [[0, 0], [0, 0]]; g[i - 1][0] = 5; g[1][1] = 6; return g[1][0] * 10 + g[i - 1][1] }",
        56.0,
    );
    is("i => { const r = [1, 2], g = [r, [3, 4]]; r[0] = 9; return g[0][0] }", 9.0);
    refused("i => { const g = [[1, 2], [3]]; return g[i][0] }", &["NotANumber"]);
}

#[test]
fn rows_change_places() {
    is(
        "i => { let p = [1, 2, 3], q = [4, 5, 6]; [p, q] = [q, p]; p[i] = 9; return p[i] * 100 + q[i] * 10 + p[0] }",
        934.0,
    );
    is(
        "i => { let p = [1, 1, 1, 1], q = new Array(4).fill(0); for (let n = 0; n < 3; n++) { q[0] = 1; for (let k = 1; k < 4; k++) q[k] = q[k - 1] + p[k]; [p, q] = [q, p] } return p[3] }",
        20.0,
    );
    is(
        "i => { let p = new Uint8Array(2), q = new Uint8Array(2), t; for (let n = 0; n < 3; n++) { p[0] = 254 + n; t = p; p = q; q = t } return q[0] * 1000 + p[0] }",
        255.0,
    );
    is(
        "i => { const a = [1, 2], b = [3, 4]; const r = i > 1 ? b : a; r[0] = 7; return a[0] * 10 + b[0] + (r[5] === undefined) + r.length }",
        20.0,
    );
    is(
        "i => { let p = [1, 2], q = [3, 4]; if (i > 1) [p, q] = [q, p]; let s = 0; for (const x of p) s = s * 10 + x; p.fill(i); return s * 10 + p[1] }",
        342.0,
    );
    refused(
        "i => { let p = new Int8Array(1), q = new Int8Array(2); [p, q] = i > 1 ? [q, p] : [p, q]; p[i] = 1; return 0 }",
        &["Conflict"],
    );
    // The array that is made in the next turn has the memory of the one before.
    refused(
        "i => { let last = [0]; for (let k = 0; k < 3; k++) { const row = [k]; row[0] += last[0]; last = row } return last[0] }",
        &["NotAnArray", "NotAnArray"],
    );
}

#[test]
fn arrays_grow_and_shrink() {
    is(
        "i => { const s = []; s.push(1); s.push(i, 5); return s.pop() * 100 + s.pop() * 10 + s.length }",
        521.0,
    );
    is(
        "i => { const s = [3]; let n = 0; while (s.length) { const x = s.pop(); n++; if (x) s.push(x - 1, x - 1) } return n }",
        15.0,
    );
    is("i => { const s = []; return s.pop() === undefined ? s.length : 9 }", 0.0);
    is(
        "i => { const s = []; for (let k = 0; k < 5; k++) if (k & 1) s.push(k); return s[0] * 100 + s[1] * 10 + (s[2] === undefined) }",
        131.0,
    );
    is(
        "i => { const s = [1, 2, 3]; s.pop(); s[s.length] = 9; s[0] = 4; return s[0] * 100 + s[2] * 10 + s.length }",
        493.0,
    );
    is("i => { const s = []; s.push(a[9]); const x = s.pop(); return x === undefined ? 1 : 2 }", 1.0);
    is("i => { const s = [4, 5]; s.length = 0; return s.push(7) * 10 + s.at(-1) }", 17.0);
    is(
        "i => { const f = (v, x) => { if (x > 0) v.push(x) }; const s = []; f(s, i); f(s, -1); f(s, 4); return s.length * 10 + s[1] }",
        24.0,
    );
    is(
        "i => { let n = 0; for (let k = 0; k < 3; k++) { const s = []; s.push(k); n = n * 10 + s.length + s[0] } return n }",
        123.0,
    );
    refused("i => { const s = []; s.shift(); return 0 }", &["UnknownProperty"]);
}

#[test]
fn what_data_lacks_may_be_asked_for() {
    is("(i, data) => { const k = data.missing ?? 3; return k }", 3.0);
    is("(i, data) => { const k = data.missing || 3; return k }", 3.0);
    is("(i, d) => { var m = d.missing, k = m === void 0 ? 3 : m; return k }", 3.0);
    is("(i, data) => data.missing == null ? 1 : 2", 1.0);
    refused("(i, data) => data.missing", &["UnknownName"]);
    refused("(i, data) => data.missing + 1", &["UnknownName"]);
    refused("(i, data) => data.missing[i]", &["UnknownName"]);
}
