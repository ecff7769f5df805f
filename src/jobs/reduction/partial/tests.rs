//! Partial results, without a pool: pieces run in turn, on any lane.

use std::sync::Arc;

use allcores_kernel::Body;
use allcores_kernel::lower::{Parameters, Returns};
use allcores_machine::Isa;

use super::{MAX, MAX_BYTES, Method, Partial, Refusal};
use crate::jobs::Value;
use crate::jobs::body::Grid;
use crate::jobs::body::tests::{call, compile, run};

fn partial(method: Method, body: &Arc<Body>, grid: Grid, isa: Isa, threads: usize) -> Box<[u8]> {
    let call = call(Arc::clone(body), vec![], grid);
    let value = match method.kind() {
        Some(kind) => run(&call.into_partial_reduction(method, kind, isa, threads).unwrap()),
        None => run(&call.into_partial_find_index(threads)),
    };
    let Value::Partial(bytes) = value else { panic!("{value:?}") };
    bytes
}

fn read(method: Method, bytes: &[u8]) -> Partial {
    Partial::read(method, bytes, "bytes").unwrap()
}

fn merge(method: Method, a: &[u8], b: &[u8]) -> Box<[u8]> {
    let mut merged = read(method, a);
    merged.merge(&read(method, b)).unwrap();
    merged.bytes()
}

/// What the whole comes to without partial results.
fn whole(method: Method, body: &Arc<Body>, grid: Grid) -> Value {
    let call = call(Arc::clone(body), vec![], grid);
    match method {
        Method::SumRange => run(&call.into_sum(Isa::detect(), 2).unwrap()),
        Method::FindIndex => run(&call.into_find_index(2)),
        _ => run(&call.into_reduction(method.kind().unwrap(), Isa::detect(), 2).unwrap()),
    }
}

const BODIES: [&str; 5] = [
    "i => (i * 7919 % 10007 - 5000) / 3",
    "i => i % 997 === 996",
    "i => i % 2 === 0 ? -0 : 0",
    "i => -0",
    "i => i === 4321 ? 0 / 0 : 1 / (i % 5)",
];

/// Cut at every block and in between, merged from either end: the same bytes, and the value of the whole.
#[test]
fn parts_come_to_the_bytes_of_the_whole() {
    let len = if cfg!(miri) { 40 } else { 5000 };
    for source in BODIES {
        let body = compile(source, Parameters::Indices(1), Returns::Number, &[]);
        let line = Grid::range(7, 7 + len);
        for method in Method::ALL {
            let bytes = partial(method, &body, line, Isa::detect(), 1);
            for isa in Isa::available() {
                assert_eq!(partial(method, &body, line, isa, 3), bytes, "{source} {method:?} {isa:?}");
            }
            let cuts = [0, 0, 1, 511, 512, 600, 4000, 4322 - 7, len].map(|cut| 7 + cut.min(len));
            let parts: Vec<_> = cuts
                .windows(2)
                .map(|cut| partial(method, &body, line.part(cut[0]..cut[1]).unwrap(), Isa::detect(), 2))
                .collect();
            let up = parts.iter().skip(1).fold(parts[0].clone(), |all, part| merge(method, &all, part));
            let down = parts
                .iter()
                .rev()
                .skip(1)
                .fold(parts[parts.len() - 1].clone(), |all, part| merge(method, part, &all));
            assert_eq!((&up, &down), (&bytes, &bytes), "{source} {method:?}");

            let partial = read(method, &bytes);
            assert_eq!((partial.terms(), partial.bytes()), (len, bytes), "{source} {method:?}");
            let Value::Number(expected) = whole(method, &body, line) else { panic!("no Number") };
            let (actual, expected) =
                (partial.value(0), expected + if method == Method::SumRange { 0.0 } else { -0.0 });
            let same = actual.to_bits() == expected.to_bits() || actual.is_nan() && expected.is_nan();
            assert!(same, "{source} {method:?}: {actual}, not {expected}");
        }
    }
}

#[test]
fn parts_of_several_dimensions_are_counted_row_by_row() {
    let body = compile("(i, j) => i * 100 + j === 1203", Parameters::Indices(2), Returns::Number, &[]);
    let grid = Grid::of(&[30, 40]).unwrap();
    for method in [Method::ArgMax, Method::FindIndex] {
        let found = partial(method, &body, grid.part(12 * 40..1200).unwrap(), Isa::detect(), 2);
        assert_eq!(read(method, &found).index(), Some(12 * 40 + 3));
        let [above, below] = [12 * 40 + 4..1200, 0..12 * 40 + 3]
            .map(|units| partial(method, &body, grid.part(units).unwrap(), Isa::detect(), 2));
        let none = read(method, &merge(method, &above, &below));
        assert_eq!(none.value(0), if method == Method::ArgMax { 0.0 } else { -1.0 });
    }
}

#[test]
fn no_terms_change_nothing() {
    let body = compile("i => i - 3", Parameters::Indices(1), Returns::Number, &[]);
    let nothing = [0.0, 0.0, f64::INFINITY, f64::NEG_INFINITY, -1.0, -1.0, -1.0, f64::NAN, f64::NAN, 0.0];
    for (method, expected) in Method::ALL.into_iter().zip(nothing) {
        let empty = partial(method, &body, Grid::range(5, 5), Isa::detect(), 1);
        assert_eq!(*empty, [1, method.code(), 0, 0, 0, 0, 0, 0, 0, 0]);
        let value = read(method, &empty).value(0);
        assert!(
            value.to_bits() == f64::to_bits(expected) || value.is_nan() && expected.is_nan(),
            "{method:?}"
        );
        let some = partial(method, &body, Grid::range(0, 5), Isa::detect(), 1);
        assert_eq!([merge(method, &some, &empty), merge(method, &empty, &some)], [some.clone(), some]);
    }
}

/// `i => i - 3` for i from 1 to 5. What this pins is the format: a change of it is another version.
#[test]
fn what_is_written() {
    let body = compile("i => i - 3", Parameters::Indices(1), Returns::Number, &[]);
    let written = |method| {
        let bytes = partial(method, &body, Grid::range(1, 6), Isa::detect(), 1);
        let (head, payload) = bytes.split_at(10);
        assert_eq!(head, [1, method as u8, 5, 0, 0, 0, 0, 0, 0, 0]);
        payload.to_vec()
    };
    let [least, greatest] = [-2.0, 2.0].map(|x| f64::to_le_bytes(x).to_vec());
    let index = |index: u64| index.to_le_bytes().to_vec();
    assert_eq!(written(Method::SumRange), [0, 0, 0, 0]);
    assert_eq!(written(Method::Count), index(4));
    assert_eq!(written(Method::Min), least);
    assert_eq!(written(Method::Max), greatest);
    assert_eq!(written(Method::ArgMin), [least, index(1)].concat());
    assert_eq!(written(Method::ArgMax), [greatest, index(5)].concat());
    assert_eq!(written(Method::FindIndex), index(1));
    assert_eq!(written(Method::Mean), [0, 0, 0, 0]);
    assert_eq!(written(Method::Variance), [0, 0, 0, 0, 0, 0, 1, 10, 0, 0, 0]);
    assert_eq!(written(Method::Norm), [0, 0, 0, 1, 10, 0, 0, 0]);
    let codes = Method::ALL.map(Method::code);
    assert_eq!(codes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

fn refusal(method: Method, bytes: &[u8]) -> String {
    let Err(Refusal(message)) = Partial::read(method, bytes, "bytes") else { panic!("{bytes:?} is read") };
    assert!(message.starts_with(&format!(
        "The value of \"bytes\" is out of range. It must be a partial result of {}. Received ",
        method.name()
    )));
    message
}

fn bytes(method: Method, terms: u64, payload: &[&[u8]]) -> Vec<u8> {
    [&[1, method.code()][..], &terms.to_le_bytes(), &payload.concat()].concat()
}

#[test]
fn what_is_refused() {
    let (one, two) = (1.0_f64.to_le_bytes(), 2_u64.to_le_bytes());
    let other_nan = (f64::NAN.to_bits() ^ 1).to_le_bytes();
    let large = (MAX + 1).to_le_bytes();
    let accepted = [
        bytes(Method::Count, 2, &[&two]),
        bytes(Method::Min, 2, &[&one]),
        bytes(Method::Max, 2, &[&f64::NAN.to_le_bytes()]),
        bytes(Method::ArgMin, 2, &[&one, &MAX.to_le_bytes()]),
        bytes(Method::FindIndex, 2, &[&[255; 8]]),
        bytes(Method::Mean, MAX + 1, &[&[1]]),
    ];
    for bytes in &accepted {
        let method = Method::of_code(bytes[1]).unwrap();
        assert_eq!(*read(method, bytes).bytes(), **bytes);
        assert!(refusal(method, &[&bytes[..], &[0]].concat()).ends_with("bytes that are none"));
        for len in 0..bytes.len() {
            refusal(method, &bytes[..len]);
        }
        let next = Method::ALL[bytes[1] as usize % 10];
        assert!(refusal(next, bytes).ends_with(&format!("a partial result of {}", method.name())));
        let of_later_version = [&[2], &bytes[1..]].concat();
        assert!(
            refusal(method, &of_later_version).contains("version 2 of the format, and this is version 1")
        );
        refusal(method, &[&[1, 11], &bytes[2..]].concat());
        refusal(method, &[&[1, 0], &bytes[2..]].concat());
    }
    for (method, terms, payload) in [
        (Method::Count, 1, &[&two[..]][..]),
        (Method::Min, 1, &[&other_nan]),
        (Method::ArgMax, 1, &[&other_nan, &two]),
        (Method::ArgMax, 1, &[&one, &large]),
        (Method::ArgMax, 1, &[&one, &[255; 8]]),
        (Method::FindIndex, 1, &[&large]),
        (Method::Count, 0, &[&[0; 8]]),
        (Method::Count, MAX + 2, &[&two]),
        (Method::SumRange, 1, &[&[0, 0, 0, 1, 0, 0, 0, 0]]),
    ] {
        refusal(method, &bytes(method, terms, payload));
    }
    refusal(Method::Variance, &[0; MAX_BYTES + 1]);
}

#[test]
fn there_are_no_more_terms_than_can_be_counted() {
    let method = Method::Count;
    let half = bytes(method, 1 << 52, &[&7_u64.to_le_bytes()]);
    let all = merge(method, &half, &half);
    assert_eq!(*all, *bytes(method, 1 << 53, &[&14_u64.to_le_bytes()]));
    let one = bytes(method, 1, &[&1_u64.to_le_bytes()]);
    let Err(Refusal(message)) = read(method, &all).merge(&read(method, &one)) else { panic!("merged") };
    assert!(message.contains("9007199254740992 terms"), "{message}");
}
