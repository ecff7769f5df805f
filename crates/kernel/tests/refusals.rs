//! What is refused, where, and in which words.

use allcores_kernel::diagnostic::{Diagnostic, Kind, render, tool_of_name};
use allcores_kernel::syntax::{ast::ExprKind, parse, span::Span, span::locate};

/// The kinds of all refusals and the texts they are about.
fn refusals(source: &str) -> Vec<(Kind, &str)> {
    let list = match parse(source) {
        Ok(parsed) => parsed.refusals,
        Err(diagnostic) => vec![diagnostic],
    };
    list.into_iter().map(|refusal| (refusal.kind, refusal.span.text(source))).collect()
}

#[test]
fn everything_outside_of_the_language_is_refused_where_it_stands() {
    for (source, kind, text) in [
        ("i => 'a'", Kind::String, "'a'"),
        ("i => `a`", Kind::Template, "`a`"),
        ("i => f`a`", Kind::Template, "f`a`"),
        ("i => /a/.length", Kind::Regex, "/a/"),
        ("i => 1n", Kind::BigInt, "1n"),
        ("i => new Array(...a)", Kind::Spread, "...a"),
        ("i => this.a", Kind::This, "this"),
        ("m() { return super.a }", Kind::Super, "super"),
        ("function () { return new.target }", Kind::Meta, "new.target"),
        ("i => import('a')", Kind::Import, "import('a')"),
        ("i => new Map()", Kind::New, "new Map()"),
        ("i => new Foo(...a)", Kind::New, "new Foo(...a)"),
        ("i => new BigInt64Array(2)", Kind::New, "new BigInt64Array(2)"),
        ("i => { class C {} }", Kind::Class, "class C "),
        ("i => { throw i }", Kind::Throw, "throw i"),
        ("i => { try { i } catch {} }", Kind::Try, "try"),
        ("i => { with (i) ; }", Kind::With, "with (i"),
        ("i => { debugger }", Kind::Debugger, "debugger"),
        ("i => { for (const k in a) ; }", Kind::ForIn, "for (const k in a"),
        ("i => typeof i", Kind::Typeof, "typeof i"),
        ("i => delete a.b", Kind::Delete, "delete a.b"),
        ("i => i in a", Kind::In, "i in a"),
        ("i => i instanceof A", Kind::Instanceof, "i instanceof A"),
        ("i => a.#b", Kind::Private, "a.#b"),
        ("function () { return arguments[0] }", Kind::Arguments, "arguments"),
        ("(...a) => a[0]", Kind::RestParameter, "...a"),
        ("(i, { a, ...b }) => a", Kind::ObjectRest, "...b"),
        ("i => { const [a, ...b] = [i, 1]; return a }", Kind::ArrayRest, "...b"),
        ("i => i <!-- 1\n", Kind::HtmlComment, "<!--"),
        ("async i => i", Kind::AsyncFunction, "async i => "),
        ("function* f(i) {}", Kind::GeneratorFunction, "function* f(i) "),
        ("i => { async function f() {} }", Kind::AsyncFunction, "async function f() "),
        ("class A {}", Kind::ClassBody, "class"),
        ("function () { [native code] }", Kind::NativeFunction, "function () { [native code] }"),
        ("function sqrt() { [native code] }", Kind::NativeFunction, "function sqrt() { [native code] }"),
        ("get x() { [native code] }", Kind::NativeFunction, "() { [native code] }"),
        ("42", Kind::NotAFunction, ""),
        ("{}", Kind::NotAFunction, "{"),
        ("", Kind::NotAFunction, ""),
    ] {
        // Strings inside of what is refused may be refused as well.
        let found = refusals(source);
        assert!(found.contains(&(kind, text)), "{source}: {found:?}");
        assert!(found.len() == 1 || source.contains("'a'"), "{source}: {found:?}");
    }
}

#[test]
fn what_a_body_may_use_is_not_refused() {
    for source in [
        "(i, { a: b = 1, 'c': d }) => a['length'] + b",
        "['c' + 1](i) { return i }",
        "'m'(i) { return i }",
        "#p(i) { return i }",
        "function (i) { 'use strict'; return i }",
        "i => { const w = new Float64Array(4), v = new Array(3); for (const x of w) v[0] += x; return v[0] }",
        "i => a === null ? void 0 : 1",
        "i => { l: for (;;) { break l } switch (i) { case 0: return 1; default: } function f() {} var x; }",
    ] {
        assert_eq!(refusals(source), [], "{source}");
    }
}

#[test]
fn what_is_no_javascript_is_a_syntax_error() {
    for source in [
        "i => -i ** 2",
        "i => a ?? b || c",
        "i => a && b ?? c",
        "i => (i",
        "i => i)",
        "i => 1 = i",
        "i => f() = i",
        "i => i++ ++",
        "i => ++i++",
        "i => (a, b) = c",
        "i => ({ a }) = c",
        "i => [...a, b] = c",
        "i => [...a,] = c",
        "i\n=> i",
        "i => { x\n=> y }",
        "i => { return\n }}",
        "i => { a b }",
        "i => { let a; let a }",
        "i => { let a; var a }",
        "(a, a) => a",
        "i => { let i }",
        "i => { const a }",
        "i => { let [a] }",
        "i => { if (a) let [b] = c }",
        "i => { if (a) const b = 1 }",
        "i => { break }",
        "i => { for (;;) { continue l } }",
        "i => { l: { continue l } }",
        "i => { l: l: a }",
        "i => { while (a) function f() {} }",
        "i => { for (let of a) ; }",
        "i => { for (async of a) ; }",
        "i => { for (a, b of c) ; }",
        "i => { for (let a = 1 of b) ; }",
        "i => { switch (a) { default: default: } }",
        "i => { switch (a) { b } }",
        "i => { do a while (b) c d }",
        "i => { else }",
        "function () { 'use strict'; return 010 }",
        "function () { 'use strict'; with (a) ; }",
        "function (a, a) { 'use strict' }",
        "function (eval) { 'use strict' }",
        "(a = 1) => { 'use strict' }",
        "i => { let let = 1 }",
        "i => if",
        "var => 1",
        "i => \\u0069f",
        "i => 1a",
        "i => 0x",
        "i => 1__0",
        "i => '",
        "i => `",
        "i => /",
        "i => /* ",
        "i => \u{1}",
        "i => @a",
        "get x(a) {}",
        "set x() {}",
        "m(i)",
        "m",
        "function",
        "function (",
        "async",
        "=> i",
        "(i) =>",
        "i => {",
        "i => ({ a: })",
        "i => [",
        "i => a.",
        "i => a?.",
        "i => new",
        "i => ()",
        "i => (a,)",
        "i => (...a)",
        "i => a ? b",
        "i => {}; i => {}",
    ] {
        let kinds: Vec<Kind> = refusals(source).into_iter().map(|(kind, _)| kind).collect();
        assert!(matches!(kinds[..], [Kind::Syntax | Kind::NotAFunction]), "{source}: {kinds:?}");
    }
}

#[test]
fn all_refusals_are_found_at_once_and_in_order() {
    let found = refusals(
        "(i, d) => { if (typeof i == 'x') throw i; f(new Map(), `${this.a}`); return async () => await 1n }",
    );
    let kinds: Vec<Kind> = found.into_iter().map(|(kind, _)| kind).collect();
    use Kind::{AsyncFunction, Await, BigInt, New, String, Template, This, Throw, Typeof};
    assert_eq!(kinds, [Typeof, String, Throw, New, Template, This, AsyncFunction, Await, BigInt]);
}

#[test]
fn what_goes_with_something_refused_is_not_refused_again() {
    for (source, kind) in [
        ("i => { throw new Error('x') }", Kind::Throw),
        ("i => { throw new Error(`${typeof this} ${i}`, { cause: 1n }) }", Kind::Throw),
        ("i => { throw 'x' }", Kind::Throw),
        ("i => new Map([['a', 1]]).size", Kind::New),
        ("i => new Date('2026-01-01')", Kind::New),
    ] {
        let kinds: Vec<Kind> = refusals(source).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, [kind], "{source}");
    }
    // What stands beside it is something else.
    let kinds: Vec<Kind> = refusals("i => { if (a === 'x') throw 'y'; return new Map() + 'z' }")
        .into_iter()
        .map(|r| r.0)
        .collect();
    assert_eq!(kinds, [Kind::String, Kind::Throw, Kind::New, Kind::String]);
}

#[test]
fn what_new_would_make_has_words_of_its_own() {
    for (class, what, remedy) in [
        ("Date", "no input or output", "read the clock before the call"),
        ("Map", "no maps and sets", "number the keys"),
        ("WeakSet", "no maps and sets", "number the keys"),
        ("Error", "cannot throw", "return NaN"),
        ("RangeError", "cannot throw", "return NaN"),
        ("BigInt64Array", "no BigInts", "2 ** 53"),
        ("ArrayBuffer", "small ones of a fixed length", "before the call"),
        ("RegExp", "no strings", "numbers"),
        ("Promise", "waits for nothing", "before the call"),
        ("Foo", "only small arrays of numbers", "before the call"),
    ] {
        let source = format!("i => new {class}()");
        let found = parse(&source).expect("it is a function").refusals;
        let [refusal] = &found[..] else { panic!("{class}: {found:?}") };
        assert_eq!(refusal.kind, Kind::New);
        assert!(refusal.what.contains(what), "{class}: {}", refusal.what);
        assert!(refusal.remedy.contains(remedy), "{class}: {}", refusal.remedy);
    }
}

#[test]
fn counters_of_coverage_tools_are_left_out() {
    let source = "i => { cov_22r6rzt9ig().f[0]++; cov_22r6rzt9ig().s[3]++; if (cov_22r6rzt9ig().b[0][1]++, i) return (cov_22r6rzt9ig().s[2]++, a[i]); }";
    let tree = parse(source).expect("it is a function").tree;
    let counter = tree.names.find("cov_22r6rzt9ig").expect("the name is in the source");
    let left = tree.exprs.iter().any(|e| {
        matches!(e.kind, ExprKind::Name(n) if n == counter) || matches!(e.kind, ExprKind::Sequence(_))
    });
    assert!(!left, "{tree:?}");
    // Other shapes stay, and so does a function of the body's own.
    for source in [
        "i => { cov_22r6rzt9ig().s[3]--; }",
        "i => { ++cov_22r6rzt9ig().s[3]; }",
        "i => { cov_22r6rzt9ig().t[3]++; }",
        "i => { cov_22r6rzt9ig().s[i]++; }",
        "i => { cov_22r6rzt9ig().s[0][1]++; }",
        "i => { cov_22r6rzt9ig().b[0]++; }",
        "i => { cov_22r6rzt9ig(1).s[3]++; }",
        "i => { cov_22r6rzt9ig.s[3]++; }",
        "i => { x = cov_22r6rzt9ig().s[3]++; }",
        "i => { function cov_22r6rzt9ig() {} cov_22r6rzt9ig().s[3]++; }",
        "(i, { cov_22r6rzt9ig }) => { cov_22r6rzt9ig().s[3]++; }",
    ] {
        let tree = parse(source).expect("it is a function").tree;
        assert!(tree.exprs.iter().any(|e| matches!(e.kind, ExprKind::Update { .. })), "{source}");
    }
}

#[test]
fn wrappers_of_compilers_are_what_they_wrap() {
    let source = "i => { const f = __name(x => x * x, 'f'); function g() {} __name(g, 'g'); return (0, util.h)(f(i)); }";
    let parsed = parse(source).expect("it is a function");
    assert_eq!(parsed.refusals, []);
    let tree = parsed.tree;
    let name = tree.names.find("__name").expect("the name is in the source");
    for expr in &tree.exprs {
        if let ExprKind::Call { callee, .. } = &expr.kind {
            assert!(!matches!(tree[*callee].kind, ExprKind::Name(n) if n == name), "{tree:?}");
        }
        assert!(!matches!(expr.kind, ExprKind::Sequence(_)), "{tree:?}");
    }
    let member = tree.exprs.iter().any(|e| match e.kind {
        ExprKind::Call { callee, .. } => matches!(tree[callee].kind, ExprKind::Member { .. }),
        _ => false,
    });
    assert!(member, "{tree:?}");
}

#[test]
fn places_are_counted_as_editors_count() {
    let source = "a\r\nb\rc\u{2028}名😀d\ne";
    let at = |text: &str| {
        let place = locate(source, source.find(text).expect("it is there") as u32);
        (place.line, place.column, place.text)
    };
    assert_eq!(at("a"), (1, 1, "a"));
    assert_eq!(at("b"), (2, 1, "b"));
    assert_eq!(at("c"), (3, 1, "c"));
    assert_eq!(at("d"), (4, 4, "名😀d"));
    assert_eq!(at("e"), (5, 1, "e"));
    assert_eq!(locate(source, 9999).line, 5);
}

#[test]
fn a_diagnostic_shows_its_line_and_a_caret() {
    let source = "(i) => {\n\tconst 名 = 'x';\n}";
    let refusals = parse(source).expect("it is a function").refusals;
    assert_eq!(
        render(&refusals, source),
        "2:12: a body has no strings; use numbers: a code for each option, tested by `===` or `switch`\n  const 名 = 'x';\n             ^^^\n"
    );
    // Of several lines the first is underlined.
    let source = "i => (`\n  a\n`)";
    let refusals = parse(source).expect("it is a function").refusals;
    assert!(render(&refusals, source).ends_with("  i => (`\n        ^\n"), "{}", render(&refusals, source));
}

#[test]
fn long_lines_are_cut_to_a_window() {
    let source = format!("i=>{{{}'x';{}}}", "a=1;".repeat(500), "b=1;".repeat(500));
    let text = render(&parse(&source).expect("it is a function").refusals, &source);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[1].chars().count() <= 84 && lines[1].starts_with("  …") && lines[1].ends_with('…'),
        "{text}"
    );
    let column = lines[2].find('^').expect("there is a caret");
    assert_eq!(lines[1].chars().skip(column).take(3).collect::<String>(), "'x'", "{text}");
    // At the end of a long line, and past it.
    let source = format!("i=>{{{}", "a=1;".repeat(500));
    let error = parse(&source).expect_err("the brace is missing");
    assert!(render(&[error], &source).trim_end().ends_with('^'));
}

#[test]
fn diagnostics_are_sorted_merged_and_counted() {
    let source = format!("i => {{ {} }}", "this;".repeat(30));
    let mut refusals = parse(&source).expect("it is a function").refusals;
    refusals.reverse();
    refusals.extend_from_within(..);
    let text = render(&refusals, &source);
    assert!(text.starts_with("1:8: "), "{text}");
    assert_eq!(text.matches("a body has no `this`").count(), 20);
    assert!(text.ends_with("and 10 more\n"), "{text}");
    assert_eq!(render(&[], &source), "");
}

#[test]
fn an_unknown_name_says_what_to_write_and_who_made_it_up() {
    let own = Diagnostic::unknown_name("step", Span::new(0, 4));
    assert_eq!(own.what, "`step` is declared neither in the body nor in `data`");
    assert_eq!(own.remedy, "pass it as `{ data: { step } }`, or declare it in the body");
    let made = Diagnostic::unknown_name("import_util", Span::new(0, 4));
    assert!(made.what.starts_with("esbuild (tsx) has put `import_util` into the function"), "{}", made.what);
    assert_eq!(Some(&*made.remedy), tool_of_name("import_util").map(|tool| tool.remedy));
    // What is assigned to is not helped by `data`.
    for is_in_data in [false, true] {
        let assigned = Diagnostic::assigned_name("total", is_in_data, Span::new(0, 5));
        assert_eq!(assigned.kind, Kind::CapturedAssigned);
        assert!(assigned.what.starts_with("`total` is not declared in the body"), "{}", assigned.what);
        assert!(
            assigned.remedy.contains("`sumRange`") && !assigned.remedy.contains("data"),
            "{}",
            assigned.remedy
        );
    }
    let made = Diagnostic::assigned_name("import_util", false, Span::new(0, 4));
    assert!(made.what.starts_with("esbuild (tsx) has put"), "{}", made.what);
}

#[test]
fn every_kind_has_words_of_its_own() {
    for kind in Kind::ALL {
        assert!(kind.what().len() > 10 && kind.remedy().len() > 10, "{kind:?}");
        assert!(!kind.what().ends_with('.') && !kind.remedy().ends_with('.'), "{kind:?}");
        assert_eq!(kind.name(), format!("{kind:?}"));
    }
}

#[test]
fn what_javascript_has_around_a_function_gets_a_remedy_that_helps() {
    for (name, what, remedy) in [
        ("console", "no output", "print what the call resolves with"),
        ("Date", "no input or output, and no clock", "read the clock before the call"),
        ("parseInt", "no strings to parse", "Math.trunc"),
        ("BigInt", "no BigInts", "2 ** 53"),
        ("process", "sees nothing of the program", "before the call"),
    ] {
        let unknown = Diagnostic::unknown_name(name, Span::new(0, 4));
        assert!(unknown.what.contains(what), "{name}: {}", unknown.what);
        assert!(unknown.remedy.contains(remedy), "{name}: {}", unknown.remedy);
        assert!(!unknown.remedy.contains("{ data: {"), "{name}: {}", unknown.remedy);
    }
}
