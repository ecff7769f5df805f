//! Rows of ranges, and which of them run by themselves.

use super::*;

/// Whether code of one row was made, and the sum of what the body returns.
fn sum(source: &str, counts: &[u64], arrays: Vec<Array>) -> (bool, Value) {
    let shapes: &[_] = if arrays.is_empty() { &[] } else { &[("a", SHARED)] };
    let body = compile(source, Parameters::Indices(counts.len() as u8), Returns::Number, shapes);
    let job = call(Arc::clone(&body), arrays, Grid::of(counts).unwrap());
    let value = run(&job.into_sum(Isa::detect(), 1).unwrap());
    (body.frame(&Portable, true).is_some(), value)
}

#[test]
fn long_rows_have_code_of_their_own() {
    let expected = |h: u64, w: u64| {
        let all = (0..h).flat_map(|y| (0..w).map(move |x| (1000 * y + x) as f64));
        Some(Value::Number(all.sum()))
    };
    let source = "(y, x) => y * 1000 + x";
    let is_run_by_rows = |h, w| {
        let (rows, value) = sum(source, &[h, w], vec![]);
        assert_eq!(Some(value), expected(h, w), "{h} × {w}");
        rows
    };
    let native = compile("(y, x) => y", Parameters::Indices(2), Returns::Number, &[]);
    if native.native(&Portable).is_err() {
        return eprintln!("SKIP: there is no machine code here");
    }
    assert!(is_run_by_rows(100, 32) && is_run_by_rows(3, 1000) && is_run_by_rows(1, 5000));
    assert!(!is_run_by_rows(200, 31), "short ones run with the others");
    let (rows, _) = sum("(z, y, x) => x + y * z", &[4, 20, 40], vec![]);
    assert!(rows, "of three dimensions");
    let leaves = "(y, x) => { let s = 0; while (s * s < x) s++; return s }";
    assert!(!sum(leaves, &[40, 100], vec![]).0, "lanes that part ways want to be many");
}
