//! Small bodies, and what they return or why they are refused. Expected values are those of ECMAScript, worked out by hand or
//! obvious; whole programs are compared with a JavaScript engine in `tests/`.

mod chains;
mod closures;
mod contract;
mod entries;
mod flags;
mod items;
mod literals;
mod perhaps;

use std::collections::BTreeMap;

use super::{Parameters, Request, Returns, Shape, lower};
use crate::interpret::MathLibrary;
use crate::interpret::testing::Mixed;
use crate::interpret::{Arrays, Block, Plan, Scalar};
use crate::ir::{Element, Math};

fn data() -> Shape {
    let array = |element, is_shared| Shape::Array { element, is_shared };
    let moon = BTreeMap::from([("d".into(), Shape::Number)]);
    let star = [
        ("m".into(), Shape::Number),
        ("on".into(), Shape::Boolean),
        ("p".into(), Shape::Object(BTreeMap::from([("x".into(), Shape::Number)]))),
        ("ks".into(), Shape::Table([2].into())),
        ("moons".into(), Shape::List([2].into(), moon)),
        ("name".into(), Shape::Other("a string".into())),
        ("7".into(), Shape::Number),
    ];
    let entries = [
        ("n", Shape::Number),
        ("flag", Shape::Boolean),
        ("a", array(Element::Float64, true)),
        ("b", array(Element::Uint8, true)),
        ("counts", array(Element::Int32, true)),
        ("fixed", array(Element::Float64, false)),
        ("table", Shape::Table([3].into())),
        ("matrix", Shape::Table([2, 3].into())),
        ("none", Shape::Table([0].into())),
        ("point", Shape::Object(BTreeMap::from([("x".into(), Shape::Number), ("y".into(), Shape::Number)]))),
        ("square", Shape::Function("(x) => x * x".into())),
        ("norm", Shape::Function("function norm(x, y = 0) { return square(x) + square(y) }".into())),
        ("even", Shape::Function("n => n === 0 || odd(n - 1)".into())),
        ("odd", Shape::Function("n => n !== 0 && even(n - 1)".into())),
        ("bad", Shape::Function("x => x + 'no'".into())),
        ("min", Shape::Function("function min() { [native code] }".into())),
        ("stars", Shape::List([3].into(), star.into())),
        ("cells", Shape::List([2, 2].into(), BTreeMap::from([("v".into(), Shape::Number)]))),
        ("bigints", array(Element::BigInt64, true)),
        ("text", Shape::Other("a string".into())),
    ];
    Shape::Object(entries.into_iter().map(|(name, shape)| (name.into(), shape)).collect())
}

fn memory(arrays: &[Vec<Box<str>>]) -> Arrays {
    let all = |path: &Vec<Box<str>>| match &*path.join(".") {
        "a" => (Element::Float64, vec![10.0, 20.0, 30.0, 40.0]),
        "b" => (Element::Uint8, vec![1.0, 2.0, 3.0]),
        "counts" => (Element::Int32, vec![0.0; 4]),
        "fixed" => (Element::Float64, vec![0.5]),
        "table" => (Element::Float64, vec![7.0, 8.0, 9.0]),
        "none" => (Element::Float64, vec![]),
        "matrix" => (Element::Float64, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
        "stars.m" => (Element::Float64, vec![1.0, 2.0, 4.0]),
        "stars.7" => (Element::Float64, vec![0.5, 1.5, 2.5]),
        "stars.on" => (Element::Float64, vec![0.0, 1.0, 1.0]),
        "stars.p.x" => (Element::Float64, vec![10.0, 20.0, 30.0]),
        "stars.ks" => (Element::Float64, vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
        "stars.moons.d" => (Element::Float64, vec![11.0, 12.0, 21.0, 22.0, 31.0, 32.0]),
        "cells.v" => (Element::Float64, vec![1.0, 2.0, 3.0, 4.0]),
        other => panic!("no array {other}"),
    };
    Arrays::new(arrays.iter().map(all))
}

fn request<'a>(source: &'a str, data: &'a Shape) -> Request<'a> {
    Request { source, parameters: Parameters::Indices(1), returns: Returns::Number, data }
}

/// What a body returns for an index, by both engines; `n` is 5, `flag` is true, and `point` is (3, 4).
#[track_caller]
fn value(source: &str, index: f64) -> f64 {
    let data = data();
    let lowered = lower(&request(source, &data)).unwrap_or_else(|refused| panic!("{source}: {refused:?}"));
    let scalars: Vec<f64> = lowered
        .scalars
        .iter()
        .map(|path| match &*path.join(".") {
            "n" => 5.0,
            "flag" => 1.0,
            "point.x" => 3.0,
            "point.y" => 4.0,
            other => panic!("no scalar {other}"),
        })
        .collect();
    let arrays = memory(&lowered.arrays);
    let result = Scalar::new(&lowered.function, &scalars).run(&[index], &arrays, &Mixed, &mut 10_000);
    let result = result.unwrap_or_else(|stop| panic!("{source}: {stop:?}\n{}", lowered.function)).unwrap();
    let plan = Plan::new(lowered.function);
    let mut out = [0.0];
    Block::new(&plan, &scalars)
        .run(&[&[index]], &mut out, &memory(&lowered.arrays), &Mixed, &mut 10_000)
        .unwrap();
    assert!(out[0].to_bits() == result.to_bits() || (out[0].is_nan() && result.is_nan()), "{source}");
    result
}

#[track_caller]
fn is(source: &str, expected: f64) {
    let actual = value(source, 2.0);
    let is_equal = actual.to_bits() == expected.to_bits() || (actual.is_nan() && expected.is_nan());
    assert!(is_equal, "{source}: {actual}, not {expected}");
}

/// The kinds of refusals of a body, in order.
#[track_caller]
fn refused(source: &str, kinds: &[&str]) {
    let data = data();
    let found = match lower(&request(source, &data)) {
        Ok(lowered) => panic!("{source} is accepted:\n{}", lowered.function),
        Err(refused) => refused,
    };
    let names: Vec<&str> = found.iter().map(|refused| refused.diagnostic.kind.name()).collect();
    assert_eq!(names, kinds, "{source}: {found:?}");
}

/// What is said of the only refusal: what is wrong, and what to write instead.
fn words(source: &str, parameters: Parameters) -> (String, String) {
    let data = data();
    let refused = lower(&Request { parameters, ..request(source, &data) }).unwrap_err();
    let [refused] = &refused[..] else { panic!("{source}: {refused:?}") };
    (refused.diagnostic.what.clone().into_owned(), refused.diagnostic.remedy.clone().into_owned())
}

#[test]
fn arithmetic() {
    is("i => i", 2.0);
    is("i => -0 * i", -0.0);
    is("i => 7 % -4 + (-4 % 2 === 0 ? 1 : 0)", 4.0);
    is("i => 0.1 + 0.2", 0.1 + 0.2);
    is("i => 1 / 0 - 1 / 0", f64::NAN);
    is("i => 2147483647 + 1", 2_147_483_648.0);
    is("i => (2147483647 + 1) | 0", -2_147_483_648.0);
    is("i => -1 >>> 0", 4_294_967_295.0);
    is("i => 1 << 33", 2.0);
    is("i => ~5.7 ^ 3", -7.0);
    is("i => 2147483647 * 2147483645 | 0", 0.0);
    is("i => Math.imul(2147483647, 2147483645)", 3.0);
    is("i => +true + !0 + (1 < 2)", 3.0);
    is("i => i ** 3", Mixed.call(Math::Pow, &[2.0, 3.0]));
    is("i => Math.max(1, i, -3) + Math.min() + Math.hypot(3, 4)", f64::INFINITY);
    is("i => Math.hypot(3, 4) + Math.hypot() + Math.hypot(-2)", 7.0);
    is("i => Math.hypot(NaN, -Infinity)", f64::INFINITY);
    is("i => Math.round(-0.5)", -0.0);
    is("i => Number.isInteger(5e300) + Number.isSafeInteger(2 ** 53) + isNaN(NaN) + isFinite(-1)", {
        1.0 + f64::from(u8::from(false)) + 2.0
    });
    is("i => Number(true) + Boolean(3)", 2.0);
    is("i => Math.PI + Number.EPSILON", std::f64::consts::PI + f64::EPSILON);
}

#[test]
fn variables_and_control() {
    is(
        "i => { let s = 0; for (let k = 0; k < 10; k++) { if (k === 5) continue; if (k > 7) break; s += k } return s }",
        23.0,
    );
    is("i => { var s = 0; while (true) { if (++s > 4) return s } }", 5.0);
    is("i => { let s = 0; do s += 2; while (s < 5); return s }", 6.0);
    is(
        "i => { let s = 0; outer: for (let x = 0; x < 5; x++) for (let y = 0; y < 5; y++) { if (y > x) continue outer; if (x === 3) break outer; s++ } return s }",
        6.0,
    );
    is("i => { let a = 1, b = 2; [a, b] = [b, a]; return a * 10 + b }", 21.0);
    is("i => { let x = 1; const y = x++ + ++x; return y * 10 + x }", 43.0);
    is("i => { let x = 5; x += x++ * 2; return x }", 15.0);
    is("i => { switch (i) { case 1: return 10; case 2: case 3: return 20; default: return 30 } }", 20.0);
    is(
        "i => { let s = 0; switch (i) { case 2: s += 1; case 9: s += 10; break; default: s += 100 } return s }",
        11.0,
    );
    is(
        "i => { let s = 0; switch (i * 5) { default: s += 1; case 2: s += 10; break; case 3: s = 7 } return s }",
        11.0,
    );
    is("i => { block: { if (i) break block; return 1 } return 2 }", 2.0);
    is("i => { return t * 2; var t }", f64::NAN);
    is("function (i) { return f(i); function f(x) { return x + 1 } }", 3.0);
    is("i => { let t; for (let k = 0; k < 3; k++) { t = k * k } return t }", 4.0);
    is(
        "i => { let found = false; for (let k = 0; k < 3; k++) if (k === i) found = true; return found }",
        1.0,
    );
    is("i => i > 1 && i", 2.0);
    is("i => i > 5 && i", 0.0);
    is("i => i || 7", 2.0);
    is("i => (i - 2) || 7", 7.0);
    is("i => (1, 2, i)", 2.0);
    is("i => { i > 1 && (i = 9), i < 5 ? i = 1 : i++; return i }", 10.0);
    is("(i, { n = 3, q = 4, point: { x } }) => n + q + x", 12.0);
    is("(i, d) => d.n + d.point.y + d['n']", 14.0);
    is(
        "i => { let seed = i; const next = () => { seed = (seed * 5) % 7; return seed }; return next() * 10 + next() }",
        31.0,
    );
}

#[test]
fn undefined_is_told_from_nan() {
    is("i => a[9] === a[8]", 1.0);
    is("i => a[9] === NaN", 0.0);
    is("i => a[9] === undefined", 1.0);
    is("i => a[1] !== undefined", 1.0);
    is("i => a[9] == null", 1.0);
    is("i => (a[9] ?? 5) + (a[1] ?? 5)", 25.0);
    is("i => a[9] + 1", f64::NAN);
    is("i => a[-0] + (a[1.5] === void 0)", 11.0);
    is("i => { let x; return x === undefined }", 1.0);
    is("i => { let x; if (i === 2) x = 3; return x === undefined }", 0.0);
    is("i => { const [p, q, r = 4] = a; return p + q + r }", 60.0);
    is("i => { const [, , , , e = 4] = a; return e }", 4.0);
    is("i => [1, 2] === [1, 2]", 0.0);
    is("i => (a === a) + (point === point) + (square === square) + (Math.sin !== Math.cos)", 4.0);
}

#[test]
fn arrays_tables_and_locals() {
    is("i => a[i] + b[i - 1] + a.length", 36.0);
    is("i => table[i] + matrix[1][2] + matrix.length + matrix[0].length", 9.0 + 6.0 + 5.0);
    is("i => { let s = 0; for (const v of table) s += v; return s }", 24.0);
    is("i => { let s = 0; for (const row of matrix) for (const v of row) s += v; return s }", 21.0);
    is("i => matrix[1][3] === undefined", 1.0);
    is("i => { const w = new Int32Array(4); w[1] = 2 ** 33 + 5; return w[1] + w[2] + w.length }", {
        f64::from(crate::numeric::to_int32(Mixed.call(Math::Pow, &[2.0, 33.0]) + 5.0)) + 4.0
    });
    is("i => { const w = [1, 2, 3]; w[i] = w[0] + w[1]; return w[2] * 100 + w.at(-1) }", 303.0);
    is("i => { const w = new Array(3).fill(2); return w[0] + w[1] + w[2] }", 6.0);
    is("i => { const f = (x) => [x, x * 2]; const [p, q] = f(i); return p + q }", 6.0);
    is("i => { a[i] = 7; return a[2] }", 7.0);
    is("i => { b[0] = 257; b[1] += 300; return b[0] * 1000 + b[1] }", 1046.0);
    is("i => Atomics.add(counts, 1, 5) + Atomics.add(counts, 1, 1)", 5.0);
    is("i => Atomics.add(counts, NaN, 5) + Atomics.add(counts, undefined, 1) + a.at(NaN)", 15.0);
    is("i => { const { 0: p, '1': q, length } = a; return p + q + length + a['2'] }", 64.0);
    is("i => { const w = new Float64Array(2); w[9] = 1; w[0.5] = 1; w[1] = true; return w[0] + w[1] }", 1.0);
}

#[test]
fn numbers_as_names_are_indices() {
    is("i => (a.NaN === undefined) + (a.Infinity === a['-0']) + (table.NaN === undefined) + a['1']", 23.0);
    is("i => { a.NaN = 1; a['-0'] = 2; a['1.5']++; a['1'] = 5; return a[0] + a[1] + a['1'] }", 20.0);
    is("i => { const { NaN: p = 7, 1: q, 1e21: r = 8 } = a; return p + q + r }", 35.0);
    is(
        "i => { const w = [1, 2]; w['0'] += 5; return w[0] + w['1'] + (w.NaN === undefined) + (w['-0'] ?? 4) }",
        13.0,
    );
    is("i => { const w = new Int8Array(2); w.NaN = w['7'] = 5; [w['1']] = [3]; return w[0] + w[1] }", 3.0);
    is("i => matrix['1']['2'] + (matrix.NaN === undefined) + (matrix[0]['3'] ?? 9)", 16.0);
    refused("i => a.x === undefined", &["UnknownProperty"]);
    refused("i => a['01'] + table.push(1)", &["UnknownProperty", "UnknownProperty"]);
    refused("i => { a['x'] = 1; a.length = 2; return a[0] }", &["PropertyAssigned", "PropertyAssigned"]);
    refused(
        "i => { const w = [1]; w.NaN = 1; w['x']++; return w[0] }",
        &["PropertyAssigned", "PropertyAssigned"],
    );
    refused("i => { fixed['0'] = 1; table.NaN = 1; return 0 }", &["ReadOnly", "ReadOnly"]);
    refused("i => { a[undefined] = 1; a[true] = 1; return a[0] }", &["NotANumber", "NotANumber"]);
    refused("i => { i['1'] = 1; return 0 }", &["NotAnArray"]);
}

#[test]
fn holes_are_undefined() {
    is("i => { const w = [, 5, ,]; w[0] ??= 3; return w.length + w[0] + w[1] + (w[2] === undefined) }", 12.0);
    is(
        "i => { const w = Array(2), v = new Array(2); w[1] = v[0] ?? 4; return w[1] + (w[0] === undefined) }",
        5.0,
    );
    is("i => { const [p = 3, q] = [, 2]; return p + q }", 5.0);
    is("i => { let n = 0; for (const x of Array(3)) n += x === undefined; return n }", 3.0);
    is("i => new Float64Array([, 1])[0]", f64::NAN);
    is("i => Array(3).fill(2)[i] + Array(4).length", 6.0);
    refused("i => { const Array = x => x; return new Array(2)[0] }", &["New"]);
    is("i => { const Array = x => [x]; return Array(2)[0] }", 2.0);
    refused(
        "i => Array(i)[0] + Array()[0] + Array(0).length",
        &["LocalLength", "LocalLength", "LocalLength"],
    );
}

#[test]
fn helpers() {
    is("i => square(i) + norm(3, 4) + norm(2)", 33.0);
    is("(i, { square: s }) => s(3)", 9.0);
    is("i => min(4, i)", 2.0);
    is("i => random(1, i) + random(1, i, 3)", {
        Mixed.call(Math::Random, &[1.0, 2.0, 0.0]) + Mixed.call(Math::Random, &[1.0, 2.0, 3.0])
    });
    is("(i, { square: random }) => random(3)", 9.0);
    is("i => ((x) => x * x)(i)", 4.0);
    is(
        "i => { 'use strict'; let s = 0; { function square(x) { return x + 1 } s = square(i) } return s }",
        3.0,
    );
    is("i => { { function f(x) { return x + 1 } return f(i) } }", 3.0);
    is("i => { let s = 0; for (let k = 0; k < 3; k++) { const f = () => k; s += f() } return s }", 3.0);
    is("i => (function (x, y = x) { return x + y })(i)", 4.0);
    refused("i => even(i)", &["Recursion"]);
    refused("i => bad(i)", &["String"]);
}

#[test]
fn random_in_data_is_ours() {
    let native = Shape::Function("function random() { [native code] }".into());
    let data = Shape::Object([("random".into(), native)].into());
    for source in ["i => random(1, i)", "(i, { random }) => random(1, i)", "(i, data) => data.random(1, i)"] {
        let lowered =
            lower(&request(source, &data)).unwrap_or_else(|refused| panic!("{source}: {refused:?}"));
        let result = Scalar::new(&lowered.function, &[]).run(&[2.0], &memory(&[]), &Mixed, &mut 1);
        assert_eq!(result.unwrap(), Some(Mixed.call(Math::Random, &[1.0, 2.0, 0.0])), "{source}");
    }
}

#[test]
fn refusals_come_all_at_once() {
    refused("i => j + k", &["UnknownName", "UnknownName"]);
    refused("i => { const c = 1; c = 2; return c + (n = 3) }", &["ConstAssigned", "CapturedAssigned"]);
    refused("i => { const x = y; const y = 1; return x }", &["UsedTooEarly"]);
    refused("i => { if (i) return 1 }", &["NoReturn"]);
    refused("i => {}", &["NoReturn"]);
    refused("i => { fixed[0] = 1; return table[0] = 2 }", &["ReadOnly", "ReadOnly"]);
    refused("i => text + a + square", &["BadData", "NotANumber", "NotANumber"]);
    refused("i => bigints[i] + bigints.length", &["BadData", "BadData"]);
    refused("i => Math.random() + Math.foo(1)", &["MathRandom", "UnknownProperty"]);
    refused("i => i()", &["NotAFunctionCall"]);
    refused("i => { let x = 1; if (i) x = true; return x === 1 }", &["NumberOrBoolean"]);
    refused("i => { let x = a; if (i) x = b; return x[0] }", &["NotAnArray"]);
    refused("i => { const w = new Float64Array(i); return w[0] }", &["LocalLength"]);
    refused("i => { for (const x of i) {} return 0 }", &["NotIterable"]);
    refused("i => { point.x = 1; return 0 }", &["PropertyAssigned"]);
    refused("i => Atomics.add(a, 0, 1)", &["AtomicsArray"]);
    refused("i => (a === b) + (matrix[0] === matrix[0])", &["NotANumber", "NotANumber"]);
    refused("i => random(i > 1, undefined)", &["NotANumber"]);
    refused("i => ((x, f = () => x) => { var x = 5; return f() })(i)", &["ParameterAgain"]);
    refused("i => a[i > 1] + table[null]", &["NotANumber", "NotANumber"]);
    refused("i => { const w = [null]; return w[i] }", &["NotANumber"]);
    refused("i => Number.isInteger(i > 1 ? i : true)", &["NumberOrBoolean"]);
    refused("i => new Array([1, 2])[0]", &["LocalLength"]);
    refused("i => { if (i) { function square(x) { return x } } return square(i) }", &["BlockFunction"]);
    refused("i => { var f = x => x; { function f(x) { return 2 } } return f(i) }", &["BlockFunction"]);
    refused("i => { for (let k = 0, f = () => k; k < 3; k++) i += f(); return i }", &["HeadFunction"]);
}

#[test]
fn bigints_are_no_elements_for_a_body() {
    let data = Shape::Object([].into());
    for (element, kinds) in [(Element::Float64, &[][..]), (Element::BigUint64, &["BadData"])] {
        let request =
            Request { parameters: Parameters::Element(element), ..request("(x, i) => x + i", &data) };
        let refused = lower(&request).err().unwrap_or_default();
        let names: Vec<&str> = refused.iter().map(|refused| refused.diagnostic.kind.name()).collect();
        assert_eq!(names, kinds, "{refused:?}");
    }
}

#[test]
fn what_explodes_is_too_large() {
    // Each function calls the one before twice.
    let functions: String =
        (1..40).map(|k| format!("const f{k} = x => f{}(x) + f{}(x + 1);", k - 1, k - 1)).collect();
    refused(&format!("i => {{ const f0 = x => x; {functions} return f39(i) }}"), &["TooLarge"]);
}

#[test]
fn helpers_of_tools_mean_what_they_do() {
    is("i => __pow(i + 1, 2)", 9.0);
    is("i => { var _a = __read([i, 5], 2), a = _a[0], b = _a[1]; return a * 10 + b }", 25.0);
    is(
        "i => { var a = 1, b = 2, _a; _a = __read([b, a], 2), a = _a[0], b = _a[1]; return a * 10 + b }",
        21.0,
    );
    is("i => { var _t = [i, 7], _u = _slicedToArray(_t, 2), x = _u[0], y = _u[1]; return x - y }", -5.0);
}

#[test]
fn a_closed_body_uses_nothing_that_a_program_may_replace() {
    let array = Shape::Array { element: Element::Float64, is_shared: true };
    let half = Shape::Function("(x) => x / 2".into());
    let floor = Shape::Function("(x) => Math.floor(x)".into());
    let data = Shape::Object([("a".into(), array), ("half".into(), half), ("floor".into(), floor)].into());
    for (body, is_closed) in [
        ("let s = 0; for (let k = 0; k < i; k++) s += k % 3; return s", true),
        ("a[i] = NaN; return a[i] ** Infinity", true),
        ("return half(i)", true),
        ("return floor(i)", false),
        ("return Math.PI", false),
        ("return isNaN(i)", false),
        ("return a.length", false),
        ("return a.at(-1)", false),
        ("let s = 0; for (const x of a) s += x; return s", false),
        ("const [x] = a; return x", false),
        ("const w = new Float64Array(2); return w[1]", false),
    ] {
        let source = &format!("(i, {{ a, half, floor }}) => {{ {body} }}");
        let request =
            Request { source, parameters: Parameters::Indices(1), returns: Returns::Number, data: &data };
        let lowered = lower(&request).unwrap_or_else(|refused| panic!("{source}: {refused:?}"));
        assert_eq!(lowered.is_closed, is_closed, "{body}");
    }
}
