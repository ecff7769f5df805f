//! No source, however strange, panics, overflows the stack or takes long.

use allcores_kernel::diagnostic::{Kind, render};
use allcores_kernel::syntax::{MAX_SOURCE, Parsed, parse};
use std::time::Instant;

/// Parses on a thread with little stack: half a MiB, an eighth of what a worker of Node.js has.
fn parse_on_small_stack(source: String) -> Result<Parsed, Kind> {
    std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(move || {
            let parsed = parse(&source);
            match &parsed {
                Ok(parsed) => render(&parsed.refusals, &source),
                Err(diagnostic) => render(std::slice::from_ref(diagnostic), &source),
            };
            parsed.map_err(|diagnostic| diagnostic.kind)
        })
        .expect("a thread starts")
        .join()
        .expect("the parser does not panic")
}

/// What nests, as head and tail around a core.
const NESTS: &[(&str, &str, &str)] = &[
    ("(", "i", ")"),
    ("[", "i", "]"),
    ("a[", "i", "]"),
    ("f(", "i", ")"),
    ("-", "i", ""),
    ("- ", "i", ""),
    ("!", "i", ""),
    ("typeof ", "i", ""),
    ("++", "i", ""),
    ("new ", "F", ""),
    ("new F(", "i", ")"),
    ("i**", "i", ""),
    ("i=", "i", ""),
    ("i=>", "i", ""),
    ("(i)=>", "i", ""),
    ("async i=>", "i", ""),
    ("async(", "i", ")"),
    ("(i=", "i", ")=>i"),
    ("({a:", "i", "})"),
    ("({[", "i", "]:1})"),
    ("`${", "i", "}`"),
    ("i?", "i", ":i"),
    ("i?i:(", "i", ")"),
    ("[i=", "i", "]=i"),
    ("(function(){return ", "i", "})"),
    ("(class{[", "i", "](){}})"),
    ("(class extends ", "F", "{})"),
    ("import(", "i", ")"),
    ("i,(", "i", ")"),
];

/// What nests as a statement.
const STATEMENTS: &[(&str, &str, &str)] = &[
    ("{", ";", "}"),
    ("if(i)", ";", ""),
    ("if(i);else{", ";", "}"),
    ("for(;;)", ";", ""),
    ("for(const x of i)", ";", ""),
    ("while(i)", ";", ""),
    ("do ", ";", " while(i)\n"),
    ("switch(i){case 1:", ";", "}"),
    ("try{", ";", "}finally{}"),
    ("with(i)", ";", ""),
    ("function f(){", ";", "}"),
    ("class C{static{", ";", "}}"),
    ("let [a=()=>{", ";", "}]=i;"),
    ("let {a:[", "b", "]}=i;"),
];

#[test]
fn nesting_is_bounded_without_using_up_the_stack() {
    for (wrap, nests) in [("()=>", NESTS), ("()=>{", STATEMENTS)] {
        let tail = if wrap.ends_with('{') { "}" } else { "" };
        for (before, core, after) in nests {
            for depth in [40, 120, 250, 10_000] {
                let source = format!("{wrap}{}{core}{}{tail}", before.repeat(depth), after.repeat(depth));
                let result = parse_on_small_stack(source);
                if depth >= 10_000 {
                    assert!(
                        matches!(result, Err(Kind::TooDeep | Kind::Syntax)),
                        "{before} {depth}: {result:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn labels_nest_within_bounds() {
    let source = |n: usize| format!("()=>{{{};}}", (0..n).map(|k| format!("l{k}:")).collect::<String>());
    assert!(parse_on_small_stack(source(100)).is_ok());
    assert_eq!(parse_on_small_stack(source(10_000)).unwrap_err(), Kind::TooDeep);
}

/// Chains are loops of the grammar. They nest no deeper than one link, but the tree is as high as they are long.
#[test]
fn long_chains_are_read_up_to_the_height_of_a_tree() {
    for (head, link, tail) in [
        ("i=>i", "+i", ""),
        ("i=>i", "*i", ""),
        ("i=>i", "&&i", ""),
        ("i=>i", ".a", ""),
        ("i=>i", "[0]", ""),
        ("i=>i", "()", ""),
        ("i=>", "i?1:", "2"),
        ("i=>{if(i);", "else if(i);", "}"),
    ] {
        let source = |n: usize| format!("{head}{}{tail}", link.repeat(n));
        let parsed = parse_on_small_stack(source(900));
        assert!(parsed.is_ok(), "{link}: {parsed:?}");
        assert_eq!(parse_on_small_stack(source(50_000)).unwrap_err(), Kind::TooDeep, "{link}");
    }
}

#[test]
fn a_source_of_more_than_one_mebibyte_is_refused() {
    let source = |n: usize| format!("i=>i{}", " ".repeat(n - 4));
    assert!(parse(&source(MAX_SOURCE)).is_ok());
    assert_eq!(parse(&source(MAX_SOURCE + 1)).unwrap_err().kind, Kind::TooLong);
}

/// Four times the source takes some four times as long; 16 would be quadratic, and take
/// seconds: small times are too noisy to compare. The best of several runs counts.
#[test]
#[ignore = "timed: for a quiet machine"]
fn time_grows_with_the_length_only() {
    for piece in [
        "a[i]=i;",
        "i+\ni;",
        "(i);",
        "if(i){}else{}",
        "l:for(;;){break l}",
        "x=>x;",
        "(x,y)=>x;",
        "async(x);",
        "<!--\n",
        "/*\n*/",
        "`${i}`;",
        "/i/;",
        "'\\u{41}\\x41';",
        "0x1F;",
        "var a,b;",
        "let;",
        "async\n;",
        "[a,[b]]=c;",
        "({a}=c);",
        "function f(){}",
        "(a,b,c);",
        "cov_abcdef123().s[1]++;",
        "(cov_abcdef123().s[1]++,i);",
        "__name(f,'f');",
        "\\u0061;",
        "{",
        "(",
        "[",
        "a:",
        "`",
        "'",
        "/",
        "\u{2028}",
        "名;",
        "({get a(){}});",
        "class C{}",
        "return\n",
        "(async(x)=>x);",
        "[...a,];",
        "i?i:i;",
        "({a=1});",
    ] {
        let time = |n: usize| {
            let source = format!("()=>{{{}}}", piece.repeat(n));
            let run = || {
                let start = Instant::now();
                let result = parse(&source);
                if let Err(diagnostic) = &result {
                    assert!(!render(std::slice::from_ref(diagnostic), &source).is_empty());
                }
                if let Ok(parsed) = &result {
                    assert_eq!(render(&parsed.refusals, &source).is_empty(), parsed.refusals.is_empty());
                }
                start.elapsed()
            };
            (0..4).map(|_| run()).min().expect("four runs")
        };
        let count = 100_000 / piece.len();
        let (short, long) = (time(count), time(4 * count));
        assert!(
            long < short * 10 || long.as_millis() < 500,
            "{piece:?}: {short:?}, four times as long {long:?}"
        );
    }
}
