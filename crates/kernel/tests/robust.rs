//! Random sources: nothing panics, spans lie within the text, and diagnostics can be shown.

use allcores_kernel::diagnostic::render;
use allcores_kernel::syntax::{parse, parse_as_written, span::Span};
use proptest::prelude::*;

const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    ":",
    "?",
    "?.",
    "??",
    "=>",
    "=",
    "+=",
    "**",
    "++",
    "--",
    "-",
    "+",
    "/",
    "/=",
    "...",
    ".",
    "`",
    "${",
    "'",
    "\"",
    "\\",
    "\\u0061",
    "\\u{1F600}",
    "#p",
    "@",
    "//",
    "/*",
    "*/",
    "<!--",
    "-->",
    "\n",
    "\r\n",
    "\u{2028}",
    " ",
    "0",
    "0x",
    "1_0",
    "1n",
    "08.5",
    "1e",
    "a",
    "i",
    "名",
    "😀",
    "async ",
    "await ",
    "yield ",
    "function ",
    "class ",
    "static ",
    "get ",
    "let ",
    "const ",
    "var ",
    "of ",
    "in ",
    "new ",
    "if",
    "else ",
    "for",
    "while",
    "do ",
    "return ",
    "break ",
    "continue ",
    "switch",
    "case ",
    "default",
    "try",
    "catch",
    "this",
    "super",
    "import",
    "null",
    "typeof ",
    "'use strict';",
    "cov_abcdef123().s[3]++",
    "__name(f,'f')",
    "(0,a.b)()",
    "=> {",
    "(a, b) =>",
    "l:",
];

fn check(source: &str) {
    let inside =
        |span: Span| span.start <= span.end && source.get(span.start as usize..span.end as usize).is_some();
    if let Ok(parsed) = parse_as_written(source) {
        let tree = &parsed.tree;
        assert!(tree.exprs.iter().all(|node| inside(node.span)), "{source:?}");
        assert!(tree.stmts.iter().all(|node| inside(node.span)), "{source:?}");
        assert!(tree.patterns.iter().all(|node| inside(node.span)), "{source:?}");
        assert!(tree.functions.iter().all(|node| inside(node.span)), "{source:?}");
    }
    let refusals = match parse(source) {
        Ok(parsed) => parsed.refusals,
        Err(diagnostic) => vec![diagnostic],
    };
    assert!(refusals.iter().all(|refusal| inside(refusal.span)), "{source:?}: {refusals:?}");
    assert_eq!(render(&refusals, source).is_empty(), refusals.is_empty());
}

fn bodies() -> Vec<&'static str> {
    let file = include_str!("data/snapshots.txt");
    file.split("=== ").filter_map(|entry| entry.split_once('\n').map(|(_, source)| source)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn soup_of_tokens(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40), wrapped: bool) {
        let soup = pieces.concat();
        check(&if wrapped { format!("(i) => {{{soup}}}") } else { soup });
    }

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn damaged_bodies(body in prop::sample::select(bodies()), cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..8usize, prop::sample::select(PIECES)), 1..4)) {
        let mut text: Vec<char> = body.chars().collect();
        for (at, length, piece) in cuts {
            let at = at.index(text.len() + 1);
            let end = (at + length).min(text.len());
            text.splice(at..end, piece.chars());
        }
        check(&text.into_iter().collect::<String>());
    }
}
