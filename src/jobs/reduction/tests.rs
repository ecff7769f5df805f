//! Reductions, without a pool: pieces run in turn, on any lane.

use std::ptr::NonNull;
use std::sync::Arc;

use allcores_kernel::lower::{Parameters, Returns};
use allcores_machine::{Element, Isa};
use allcores_memory::SharedView;

use super::{Config, DotViews, Kind, PairConfig, ReduceView, reduce_small};
use crate::jobs::Value;
use crate::jobs::body::Grid;
use crate::jobs::body::tests::{call, compile, run};
use crate::jobs::source::{ElementPairs, Elements};
use crate::pool::{Completion, Work};

const KINDS: [Kind; 4] = [Kind::Min, Kind::Max, Kind::ArgMin, Kind::ArgMax];

fn config(kind: Kind, element: Element) -> Config {
    Config { kind, element, isa: Isa::detect(), from: 0, part: None }
}

/// A view on these numbers, which the caller keeps and does not touch.
fn view(values: &[f64]) -> SharedView {
    let base = NonNull::new(values.as_ptr().cast_mut().cast()).unwrap();
    // SAFETY: the values live longer than the view in each test, and nobody writes them.
    unsafe { SharedView::new(base, size_of_val(values)) }
}

/// The minimum, the maximum and their indices, one by one.
fn oracle(values: &[f64]) -> [f64; 4] {
    let first = |wins: fn(f64, f64) -> bool| {
        (0..values.len()).reduce(|a, b| if wins(values[b], values[a]) { b } else { a })
    };
    let (least, greatest) = (first(|b, a| b < a), first(|b, a| b > a));
    let index = |first: Option<usize>| first.map_or(-1.0, |at| at as f64);
    [
        least.map_or(f64::INFINITY, |at| values[at]),
        greatest.map_or(f64::NEG_INFINITY, |at| values[at]),
        index(least),
        index(greatest),
    ]
}

#[test]
fn views_come_out_the_same_for_any_number_of_threads() {
    for len in if cfg!(miri) { vec![0, 9] } else { vec![0, 1, 100, 8192, 8193, 100_003] } {
        let values: Vec<f64> = (0..len).map(|i| f64::from(i * 7919 % 1009)).collect();
        for (kind, expected) in KINDS.into_iter().zip(oracle(&values)) {
            let config = config(kind, Element::Float64);
            for threads in [1, 2, 3, 64] {
                let job = ReduceView::new(view(&values), config, threads).unwrap();
                // Backwards: the lowest index is in the last piece.
                (0..job.pieces()).rev().for_each(|piece| job.run(piece % job.width(), piece));
                let value = job.finish(&Completion::Done(()));
                assert_eq!(value, Value::Number(expected), "{kind:?} of {len} on {threads}");
            }
            let small = reduce_small(&view(&values), config);
            assert_eq!(small, (len <= 8192).then_some(Value::Number(expected)));
        }
    }
}

#[test]
fn large_views_take_all_threads_that_they_may_have() {
    let values = vec![1.0; 200_000];
    let element = Element::Float64;
    let elements = || Elements { view: view(&values), element };
    for threads in [1, 2, 7] {
        let job = ReduceView::new(view(&values), config(Kind::Min, element), threads).unwrap();
        let pairs = ElementPairs::new(elements(), elements()).unwrap();
        let config = PairConfig::new([element; 2], Isa::detect()).unwrap();
        let dot = DotViews::new(pairs, config, threads).unwrap();
        assert_eq!([job.lanes(), dot.lanes()], [threads; 2]);
    }
}

#[test]
fn the_extreme_of_no_bigints_is_refused_and_not_here() {
    for kind in [Kind::Min, Kind::Max] {
        let config = config(kind, Element::BigInt64);
        assert_eq!(reduce_small(&view(&[]), config), None);
        let job = ReduceView::new(view(&[]), config, 2).unwrap();
        assert!(matches!(job.finish(&Completion::Done(())), Value::Refused(_)));
    }
    let config = config(Kind::ArgMin, Element::BigInt64);
    assert_eq!(reduce_small(&view(&[]), config), Some(Value::Number(-1.0)));
}

#[test]
fn what_a_body_returns_is_reduced() {
    let body = compile("i => (i * 7919) % 1009 - 500", Parameters::Indices(1), Returns::Number, &[]);
    let (from, to) = (3, 5000);
    let values: Vec<f64> = (from..to).map(|i| (i * 7919 % 1009) as f64 - 500.0).collect();
    let mut expected = oracle(&values);
    expected[2] += from as f64;
    expected[3] += from as f64;
    let call = || call(Arc::clone(&body), vec![], Grid::range(from, to));
    for threads in [1, 2, 7] {
        for (kind, expected) in KINDS.into_iter().zip(expected) {
            let job = call().into_reduction(kind, Isa::detect(), threads).unwrap();
            assert_eq!(run(&job), Value::Number(expected), "{kind:?} on {threads}");
        }
        let count = run(&call().into_reduction(Kind::Count, Isa::detect(), threads).unwrap());
        assert_eq!(count, Value::Number(values.iter().filter(|value| **value != 0.0).count() as f64));
        let found = run(&call().into_find_index(threads));
        assert_eq!(found, Value::Number(from as f64), "nearly all are true");
    }
}

#[test]
fn numbers_are_counted_as_javascript_takes_them_for_true() {
    for (source, expected) in [
        ("i => i - i", 0.0),
        ("i => -0 * i", 0.0),
        ("i => 0 / (i - i)", 0.0),
        ("i => 5e-324", 10.0),
        ("i => i % 2 === 1", 5.0),
    ] {
        let body = compile(source, Parameters::Indices(1), Returns::Number, &[]);
        let job =
            call(body, vec![], Grid::range(0, 10)).into_reduction(Kind::Count, Isa::detect(), 2).unwrap();
        assert_eq!(run(&job), Value::Number(expected), "{source}");
    }
}

#[test]
fn the_lowest_index_is_found_whichever_piece_ends_first() {
    let body = compile("i => i % 100 === 99", Parameters::Indices(1), Returns::Number, &[]);
    let job = call(body, vec![], Grid::range(0, 5000)).into_find_index(2);
    let mut piece = 0;
    while !job.is_exhausted() {
        job.run(piece % job.width(), piece);
        piece += 1;
    }
    assert_eq!(job.finish(&Completion::Done(())), Value::Number(99.0));
    // A piece that was claimed before and is above: it changes nothing, and is no piece that was cut short.
    job.run(0, piece);
    assert!(!job.is_cut_short());
    assert_eq!(job.finish(&Completion::Done(())), Value::Number(99.0));
}

/// What is found above comes first: the block below runs all the same, and the block above does not.
#[test]
fn a_block_runs_unless_something_is_found_below() {
    use crate::jobs::pipeline::{Kernel, KernelShape, Sink, SinkEnd};
    let body = compile("i => i === 7 || i === 1200", Parameters::Indices(1), Returns::Number, &[]);
    let job = call(body, vec![], Grid::range(0, 2000)).into_find_index(1);
    let mut scratch = job.kernel.begin();
    let mut runs = |block| {
        let terms = job.kernel.map(block, &mut scratch);
        let has_run = terms.is_some();
        if let Some(terms) = terms {
            job.sink.take(&mut (), terms);
        }
        (has_run, job.sink.is_full())
    };
    assert_eq!(runs(500..1000), (true, false));
    assert_eq!(runs(1000..1500), (true, true));
    assert_eq!(runs(1500..2000), (false, true));
    assert_eq!(runs(0..500), (true, true));
    assert_eq!(runs(8..500), (false, true));
    assert_eq!(job.finish(&Completion::Done(())), Value::Number(7.0));
    assert!(!job.is_cut_short());
    job.stop();
    assert!(job.kernel.map(0..5, &mut scratch).is_none());
    assert!(job.is_cut_short());
}
