//! Rows of a range of two or three dimensions.
//!
//! In a row, all indices but the last are the same. So a function of the indices of a range is, for one row, a function of the last one and of
//! numbers that are the same for all lanes. Elements side by side in memory are then read and written together, and what depends
//! on the row alone is computed once.

use crate::ir::{Function, Op, ScalarId, Stmt};

/// Rows of fewer indices are run with the others: to begin and to end a row takes as long as some ten of its indices.
pub const LEAST_ROW: u64 = 32;

/// The function of one row: the indices but the last are scalars, behind those that there are.
pub fn of_rows(function: &Function) -> Function {
    let mut row = function.clone();
    let outer = function.indices - 1;
    let first = function.scalars.len() as u32;
    row.scalars.extend((0..outer).map(|dimension| Box::from(format!("index {dimension}"))));
    row.indices = 1;
    for stmt in row.regions.iter_mut().flat_map(|region| &mut region.stmts) {
        if let Stmt::Let(_, op @ Op::Index(_)) = stmt {
            let &mut Op::Index(dimension) = op else { continue };
            *op = if dimension == outer {
                Op::Index(0)
            } else {
                Op::Scalar(ScalarId(first + u32::from(dimension)))
            };
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpret::testing::Mixed;
    use crate::interpret::{Arrays, Scalar};
    use crate::ir::{parse, verify};

    #[test]
    fn a_row_has_the_same_results() {
        let text = "function 3 -> f64\nscalar 0 \"s\"\n{\n%a = index 0\n%b = index 1\n%c = index 2\n%s = scalar 0\n%d = fsub %a, %b\n\
                    %e = fmul %d, %c\n%f = fadd %e, %s\nyield %f\n}";
        let function = parse(text).unwrap();
        let row = of_rows(&function);
        verify(&row).unwrap_or_else(|error| panic!("{error}\n{row}"));
        let none = Arrays::new([]);
        for (a, b, c) in [(1.0, 2.0, 3.0), (5.0, 0.0, 7.0), (0.0, 9.0, 0.0)] {
            let whole = Scalar::new(&function, &[0.5]).run(&[a, b, c], &none, &Mixed, &mut 9).unwrap();
            assert_eq!(whole, Scalar::new(&row, &[0.5, a, b]).run(&[c], &none, &Mixed, &mut 9).unwrap());
        }
    }
}
