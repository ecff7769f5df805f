//! Our trees of real and random functions equal acorn's: the files have a hash of acorn's tree beside each function.
//! `tests/oracle` makes the files, and shows where two trees differ.

mod estree;

use allcores_kernel::diagnostic::Kind;
use allcores_kernel::syntax::parse;

/// Hash, name and source of each entry; see `tests/oracle/snapshots.js`.
fn entries(file: &str) -> Vec<(&str, &str, &str)> {
    let entries = file.strip_prefix("=== ").expect("a file starts with an entry").split("\n=== ");
    entries
        .map(|entry| {
            let (head, source) = entry.split_once('\n').expect("an entry has a head");
            let (hash, name) = head.split_once(' ').expect("a head has a hash and a name");
            (hash, name, source)
        })
        .collect()
}

/// FNV-1a, 64 bits.
fn hash(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    format!("{hash:016x}")
}

fn compare(file: &str, at_least: usize) {
    let entries = entries(file);
    assert!(entries.len() >= at_least, "{} entries", entries.len());
    for (expected, name, source) in entries {
        let source = source.strip_suffix('\n').unwrap_or(source);
        let tree = estree::dump(source).unwrap_or_else(|what| panic!("{name}: {what}\n{source}"));
        assert_eq!(hash(&tree), expected, "{name}\n{source}\n{tree}");
    }
}

#[test]
fn trees_of_real_functions_equal_those_of_acorn() {
    compare(include_str!("data/snapshots.txt"), 380);
}

/// One trap of the grammar each.
#[test]
fn trees_of_special_cases_equal_those_of_acorn() {
    compare(include_str!("data/cases.txt"), 120);
}

#[test]
fn trees_of_random_functions_equal_those_of_acorn() {
    compare(include_str!("data/corpus.txt"), 3000);
}

/// What the syntax refuses of the real bodies, whichever tool they went through: BigInt literals, and `try` and what goes with
/// it where `for … of` was compiled for old engines. Everything else is left to lowering.
#[test]
fn real_functions_are_refused_for_the_known_reasons_only() {
    for (_, name, source) in entries(include_str!("data/snapshots.txt")) {
        let refusals = parse(source.trim_end()).expect(name).refusals;
        let expected: &[Kind] = match name {
            // It calls `BigInt("10")`.
            "esbuild es2015: happy numbers, bigint" => &[Kind::String],
            _ if name.ends_with("happy numbers, bigint") => &[Kind::BigInt],
            "babel ie11: kernel density" => &[Kind::Try],
            "tsc es5: kernel density" => &[Kind::Try, Kind::Throw],
            _ => &[],
        };
        for refusal in &refusals {
            assert!(expected.contains(&refusal.kind), "{name}: {refusal:?}");
        }
        assert_eq!(refusals.is_empty(), expected.is_empty(), "{name}");
    }
}
