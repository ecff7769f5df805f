//! Any text as a loop body: it is compiled or refused, in bounded time, with diagnostics that lie within the text; and what is
//! compiled does the same in both interpreters.

use std::collections::BTreeMap;

use allcores_kernel::diagnostic::render;
use allcores_kernel::interpret::{Arrays, Block, Plan, Scalar, Stop};
use allcores_kernel::lower::{Lowered, Parameters, Request, Returns, Shape, lower};
use allcores_kernel::math::Portable;
use allcores_machine::Element;

/// Turns of the loops of one index.
const FUEL: u64 = 2000;

/// The first byte says how the body is called, the rest is its text.
pub fn check(data: &[u8]) {
    let Some((&how, text)) = data.split_first() else { return };
    let source = String::from_utf8_lossy(text);
    let parameters = match how & 7 {
        0 => Parameters::Element(Element::Float64),
        1 => Parameters::Element(Element::Uint8Clamped),
        2 => Parameters::Indices(2),
        3 => Parameters::Indices(3),
        _ => Parameters::Indices(1),
    };
    let returns = if how & 8 == 0 { Returns::Number } else { Returns::Nothing };
    let data = shape();
    match lower(&Request { source: &source, parameters, returns, data: &data }) {
        Ok(lowered) => run(&lowered),
        Err(refused) => {
            assert!(!refused.is_empty());
            let own = refused.into_iter().filter(|refused| refused.helper.is_none());
            let diagnostics: Vec<_> = own.map(|refused| refused.diagnostic).collect();
            for diagnostic in &diagnostics {
                let span = diagnostic.span.start as usize..diagnostic.span.end as usize;
                assert!(source.get(span.clone()).is_some(), "{span:?} is not in the text");
            }
            assert_eq!(render(&diagnostics, &source).is_empty(), diagnostics.is_empty());
        }
    }
}

fn shape() -> Shape {
    let array = |element, is_shared| Shape::Array { element, is_shared };
    let object = [("x".into(), Shape::Number), ("y".into(), Shape::Boolean)];
    let entries = [
        ("a", array(Element::Float64, true)),
        ("b", array(Element::Uint8, true)),
        ("c", array(Element::Int32, true)),
        ("d", array(Element::Float32, false)),
        ("n", Shape::Number),
        ("m", Shape::Number),
        ("f", Shape::Boolean),
        ("t", Shape::Table([4].into())),
        ("u", Shape::Table([2, 3].into())),
        ("p", Shape::Object(BTreeMap::from(object))),
        ("g", Shape::Function("(x, y = 2) => x * y + n".into())),
        ("h", Shape::Function("function h(w) { let s = 0; for (const v of w) s += v; return s }".into())),
        ("z", Shape::Other("a string".into())),
    ];
    Shape::Object(entries.into_iter().map(|(name, shape)| (name.into(), shape)).collect())
}

fn run(lowered: &Lowered) {
    let scalars = vec![2.5; lowered.scalars.len()];
    let plan = Plan::new(lowered.function.clone());
    let dimensions = usize::from(lowered.function.indices);
    let indices = [0.0, 1.0, 5.0, 9_007_199_254_740_991.0];
    let mut results = Vec::new();
    for index in indices {
        let (one, many) = (arrays(lowered), arrays(lowered));
        let point = vec![index; dimensions];
        let mut scalar = Scalar::new(&lowered.function, &scalars);
        let expected = scalar.run(&point, &one, &Portable, &mut FUEL.clone());
        let mut out = [0.0];
        let lists: Vec<&[f64]> = point.iter().map(std::slice::from_ref).collect();
        let actual = Block::new(&plan, &scalars)
            .run(&lists, &mut out, &many, &Portable, &mut FUEL.clone())
            .map(|()| lowered.function.result.map(|_| out[0]));
        assert!(same(&expected, &actual), "{expected:?} and {actual:?}:\n{}", lowered.function);
        assert_eq!(contents(&one), contents(&many), "{}", lowered.function);
        results.push(expected);
    }
    // Indices that write to the same element would race.
    if lowered.function.arrays.iter().all(|array| !array.is_written) {
        let lists = vec![&indices[..]; dimensions];
        let mut out = [0.0; 4];
        let mut fuel = FUEL * 4;
        if Block::new(&plan, &scalars).run(&lists, &mut out, &arrays(lowered), &Portable, &mut fuel).is_ok() {
            for (result, out) in results.iter().zip(out) {
                let together = Ok(lowered.function.result.map(|_| out));
                let alone = matches!(result, Err(Stop::OutOfFuel)) || same(result, &together);
                assert!(alone, "{result:?} alone, {out:?} together:\n{}", lowered.function);
            }
        }
    }
}

fn arrays(lowered: &Lowered) -> Arrays {
    let numbers = [3.0, -0.0, 1.5, -7.0, f64::NAN, 1e10, 0.0, 255.5, 2.0, -1.0, f64::INFINITY, 4.0];
    Arrays::new(lowered.function.arrays.iter().map(|array| {
        // Tables have as many elements as their dimensions say.
        let len = match &*array.name {
            "t" => 4,
            "u" => 6,
            _ => numbers.len(),
        };
        (array.element, numbers[..len].to_vec())
    }))
}

fn contents(memory: &Arrays) -> Vec<Vec<u64>> {
    let bits = |x: &f64| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() };
    memory.values().map(|values| values.iter().map(bits).collect()).collect()
}

/// All NaN are the same, also in what stops a body.
fn same(a: &Result<Option<f64>, Stop>, b: &Result<Option<f64>, Stop>) -> bool {
    match (a, b) {
        (Ok(Some(x)), Ok(Some(y))) => x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan(),
        (Ok(None), Ok(None)) => true,
        (Err(a), Err(b)) => format!("{a:?}") == format!("{b:?}"),
        _ => false,
    }
}
