//! Which library the results of another one lead to. Real engines are asked by `__test__/math/host.test.js`.

use super::*;

/// All but the function that is ours alone.
fn functions() -> impl Iterator<Item = Math> {
    Math::ALL.iter().copied().filter(|function| *function != Math::Random)
}

/// What a library makes of the probes.
fn results(library: Library, function: Math) -> Vec<f64> {
    let arguments: Vec<f64> = probes(function).collect();
    arguments.chunks_exact(function.arity()).map(|arguments| library.call(function, arguments)).collect()
}

/// The C library's, as each engine would use it.
fn of_c(function: Math) -> Vec<Library> {
    Library::candidates(function).filter(|library| !matches!(library, Library::Portable)).collect()
}

#[test]
fn our_own_results_lead_to_our_own_library() {
    for function in functions() {
        let chosen = choose(function, &results(Library::Portable, function));
        assert!(matches!(chosen, Some(Library::Portable)), "{}: {chosen:?}", function.name());
    }
}

/// The probes tell fdlibm from the C library, and one way to use `pow` from another. (musl has some of fdlibm's functions.)
#[test]
#[cfg(target_env = "gnu")]
fn results_of_the_c_library_lead_to_it() {
    for function in functions() {
        let libraries = of_c(function);
        assert_eq!(libraries.len(), if function == Math::Pow { 2 } else { 1 }, "{}", function.name());
        for library in libraries {
            let chosen = choose(function, &results(library, function));
            assert_eq!(format!("{chosen:?}"), format!("{:?}", Some(library)), "{}", function.name());
        }
    }
}

#[test]
fn results_of_no_library_lead_to_none() {
    for function in functions() {
        let right = results(Library::Portable, function);
        for place in 0..right.len() {
            let mut wrong = right.clone();
            wrong[place] =
                if wrong[place] == 0.0 { -wrong[place] } else { f64::from_bits(wrong[place].to_bits() ^ 1) };
            if wrong[place].is_nan() {
                wrong[place] = 0.0;
            }
            let chosen = choose(function, &wrong);
            assert!(!matches!(chosen, Some(Library::Portable)), "{} {place}: {chosen:?}", function.name());
        }
        assert!(choose(function, &right[1..]).is_none(), "{}", function.name());
        assert!(choose(function, &vec![0.5; right.len()]).is_none(), "{}", function.name());
    }
}

/// The only test that adopts: what is adopted stays for the process.
#[test]
fn what_has_been_adopted_stays() {
    let function = Math::Sin;
    let right = results(Library::Portable, function);
    let mut wrong = right.clone();
    wrong[2] = 0.5;
    assert!(!is_adopted(function) && !adopt(function, &wrong) && !is_adopted(function));
    assert!(adopt(function, &right) && is_adopted(function));
    // Other results are refused, even those of another library.
    assert!(!adopt(function, &wrong) && is_adopted(function));
    for library in of_c(function) {
        assert_eq!(adopt(function, &results(library, function)), results(library, function) == right);
    }
    assert!(adopt(function, &right));
    assert_eq!(Host.call(function, &[1.0]).to_bits(), Portable.call(function, &[1.0]).to_bits());
}

#[test]
fn our_random_needs_no_engine() {
    assert!(is_adopted(Math::Random) && adopt(Math::Random, &[]));
    let arguments = [1.0, 2.0, 3.0];
    assert_eq!(Host.call(Math::Random, &arguments), Portable.call(Math::Random, &arguments));
}

/// Special values are where engines of other families differ most, and hard angles where reductions do.
#[test]
fn probes_have_special_values() {
    for function in functions() {
        let arguments: Vec<f64> = probes(function).collect();
        assert!(
            arguments.len().is_multiple_of(function.arity()) && arguments.len() >= 60,
            "{}",
            function.name()
        );
        assert!(arguments.iter().any(|x| x.is_nan()) && arguments.contains(&f64::NEG_INFINITY));
        assert!(arguments.iter().any(|x| *x == 0.0 && x.is_sign_negative()), "{}", function.name());
    }
}
