//! Bodies that break the contract with the call, or take what is not theirs: each mistake is refused once, in terms of the call.

use super::*;

#[test]
fn a_parameter_too_many_is_named_as_data() {
    for (source, parameters, name, called, more) in [
        ("(i, j) => i * j + j * j", Parameters::Indices(1), "`j`", "`(i, data)`", Some("`[n0, n1]`")),
        ("(i, n) => Math.sqrt(n)", Parameters::Indices(1), "`n`", "`(i, data)`", Some("`[n0, n1]`")),
        ("(i, j, k) => i + j + k", Parameters::Indices(2), "`k`", "`(i, j, data)`", Some("`[n0, n1, n2]`")),
        ("(i, j, k, l) => l | 0", Parameters::Indices(3), "`l`", "`(i, j, k, data)`", None),
        ("(x, i, k) => x < k", Parameters::Element(Element::Float64), "`k`", "`(x, i, data)`", None),
        ("(i, n = 5) => i * n", Parameters::Indices(1), "`data` itself", "`(i, data)`", Some("`[n0, n1]`")),
    ] {
        let (what, remedy) = words(source, parameters);
        assert!(what.starts_with(name) && what.contains("used as a number"), "{source}: {what}");
        assert!(remedy.contains(called), "{source}: {remedy}");
        assert_eq!(more.is_some(), remedy.contains("index pass"), "{source}: {remedy}");
        assert!(more.is_none_or(|more| remedy.contains(more)), "{source}: {remedy}");
    }
    let (what, _) = words("(i, d) => i * d.point", Parameters::Indices(1));
    assert_eq!(what, "an object is used as a number here");
}

#[test]
fn what_a_body_returns_is_a_number_or_a_boolean() {
    for (source, what) in [
        ("i => [i, i]", "the body returns an array"),
        ("i => ({ x: i })", "the body returns an object"),
        ("(i, data) => data", "the body returns an object"),
        ("i => square", "the body returns a function"),
        ("i => {}", "a path through the body returns nothing"),
    ] {
        let expected = (what.to_owned(), "return a number or a boolean on every path".to_owned());
        assert_eq!(words(source, Parameters::Indices(1)), expected, "{source}");
    }
}

#[test]
fn parameters_that_are_not_those_of_the_call_are_refused_once() {
    let (one, two, three) = (Parameters::Indices(1), Parameters::Indices(2), Parameters::Indices(3));
    let element = Parameters::Element(Element::Float64);
    for (source, parameters, what, remedy) in [
        (
            "(i, j, { n }) => i + j * n",
            one,
            "a parameter too many: the body is called with `(i, data)`",
            "`[n0, n1]`",
        ),
        ("(i, j, [a]) => i", one, "a parameter too many", "`data` is the last parameter"),
        ("(i, j, k, { n }) => i + j * n + k", two, "called with `(i, j, data)`", "`(i, j, { n })`"),
        ("(i, j, k, l, { n }) => i + l * n", three, "called with `(i, j, k, data)`", "`(i, j, k, { n })`"),
        ("(x, { n }) => x * n", element, "called with `(x, i, data)`", "`(x, i, { n })`"),
        ("(x, { n } = {}) => x * n", element, "called with `(x, i, data)`", "`data` is the last parameter"),
        ("(i, { n }) => i * n", two, "called with `(i, j, data)`", "`(i, j, { n })`"),
        ("([i, j]) => i", two, "called with `(i, j, data)`", "`data` is the last parameter"),
        (
            "(x, d) => x * d.n",
            element,
            "a number has no property `n`",
            "the body is called with `(x, i, data)`",
        ),
        ("(i, j, d) => i * d.n", one, "undefined has no property `n`", "the body is called with `(i, data)`"),
    ] {
        let (found, advice) = words(source, parameters);
        assert!(found.contains(what), "{source}: {found}");
        assert!(advice.contains(remedy), "{source}: {advice}");
    }
    // Where a default stands in, nothing is wrong.
    is("(i, { n }, { m } = { m: 2 }, [k] = [1], unused) => n + m + k", 8.0);
}

#[test]
fn what_follows_from_a_refusal_is_not_refused() {
    refused("function () { return arguments[0] }", &["Arguments"]);
    refused("(...a) => a[0]", &["RestParameter"]);
    refused("(i, { n, ...rest }) => rest.a", &["ObjectRest"]);
    refused("i => { const [a, ...rest] = [i, 1]; return rest[0] }", &["ArrayRest"]);
    refused("i => { const [a, b] = missing; return a + b }", &["UnknownName"]);
    refused("i => { const [a, b] = i; return a + b }", &["NotIterable"]);
    refused("(i, { [i]: a }) => a", &["ComputedKey"]);
    refused("i => { try { return i } finally { } }", &["Try"]);
    refused("i => { try { return i } catch { return 0 } }", &["Try"]);
    refused("i => { if (i > 1) throw new Error('x'); return 1 }", &["Throw"]);
    refused("i => { if (i > 1) return 1; throw i }", &["Throw"]);
    refused("i => { const f = x => { throw x }; return f(i) + 1 }", &["Throw"]);
    // What is tried is looked at, too, and what is true anyway.
    refused("i => { try { return missing } catch { } }", &["Try", "UnknownName"]);
    refused("i => { if (i > 1) throw i; }", &["Throw", "NoReturn"]);
}

#[test]
fn a_total_outside_of_the_body_is_not_sent_to_data() {
    for source in ["i => { total += i; return 1 }", "i => { n = i; return 1 }", "i => { total++; return 1 }"]
    {
        let (what, remedy) = words(source, Parameters::Indices(1));
        assert!(what.contains("is not declared in the body"), "{what}");
        assert!(remedy.contains("use `sumRange`") && remedy.contains("`Atomics.add`"), "{remedy}");
    }
}

#[test]
fn null_and_undefined_are_no_values() {
    for source in [
        "() => null",
        "() => undefined",
        "() => void 0",
        "i => { return null }",
        "i => { return undefined }",
        "i => { if (i > 1) return i; return null }",
        "i => i > 1 ? null : i",
        "i => i > 1 ? i : i > 0 ? 1 : undefined",
        "i => i && undefined",
        "i => a[i] ?? null",
        "i => (a[0], null)",
        "i => { const none = null; return none }",
        "i => { const f = () => {}; return f() }",
    ] {
        refused(source, &["NoValue"]);
        let data = data();
        let nothing = Request { returns: Returns::Nothing, ..request(source, &data) };
        assert!(lower(&nothing).is_ok(), "{source}");
    }
    // An element beyond the end of an array, and what only a test sees.
    is("i => a[99]", f64::NAN);
    is("i => [1, 2][5]", f64::NAN);
    is("i => { const w = [1]; return w.at(3) }", f64::NAN);
    is("i => { const f = () => null; return f() === null ? 1 : 2 }", 1.0);
    is("i => { const undefined = 3; return undefined }", 3.0);
}

#[test]
fn what_every_object_inherits_is_refused_by_name() {
    for name in ["constructor", "toString", "__proto__", "valueOf", "hasOwnProperty"] {
        for source in [
            format!("(i, d) => d.{name} ? 1 : 0"),
            format!("(i, d) => d['{name}'] === undefined"),
            format!("(i, d) => d.point.{name} ?? 1"),
            format!("(i, {{ {name}: c }}) => c ? 1 : 0"),
            format!("(i, {{ {name}: c = 1 }}) => c"),
            format!("(i, d) => {{ const {{ {name}: c = 1 }} = d.point; return c }}"),
            format!("i => ({{ x: 1 }}).{name} ? 1 : 0"),
        ] {
            let (what, remedy) = words(&source, Parameters::Indices(1));
            assert_eq!(what, format!("a body cannot use `{name}` of objects, which all of them inherit"));
            assert!(remedy.contains("another name"), "{remedy}");
        }
    }
    // One of its own is a number as any other.
    let data = Shape::Object([("constructor".into(), Shape::Number)].into());
    assert!(lower(&request("(i, d) => d.constructor", &data)).is_ok());
    assert!(lower(&request("(i, { constructor = 1 }) => constructor", &data)).is_ok());
}
