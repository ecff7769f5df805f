//! The scalar interpreter: runs a function for one index by walking its tree. Slow, and simple enough to be believed: the other
//! engines are tested against it, and it against JavaScript engines.

use super::environment::{Fuel, MathLibrary, Memory, Stop};
use crate::ir::{End, Function, Label, LocalId, Math, Op, RegionId, Stmt, Type, Value};
use crate::numeric::{self, Bits};

/// A function, and the values of the index that it is at.
pub struct Scalar<'a> {
    function: &'a Function,
    scalars: &'a [f64],
    values: Vec<Bits>,
    locals: Vec<Vec<f64>>,
    /// What a branch brings, on its way to its target.
    brought: Vec<Bits>,
}

/// How a region was left.
#[derive(PartialEq)]
enum Exit {
    Yielded,
    Branched(Label),
}

/// What a run can use of the world.
struct World<'a, M, L, F> {
    indices: &'a [f64],
    memory: &'a M,
    math: &'a L,
    fuel: &'a mut F,
}

impl<'a> Scalar<'a> {
    /// For a function that `verify` accepts, and as many numbers as it has scalars.
    pub fn new(function: &'a Function, scalars: &'a [f64]) -> Self {
        assert_eq!(function.scalars.len(), scalars.len(), "a number for each scalar");
        Self {
            function,
            scalars,
            values: vec![Bits(0); function.values.len()],
            locals: function.locals.iter().map(|local| vec![0.0; local.len as usize]).collect(),
            brought: Vec::new(),
        }
    }

    /// Runs the function for one index, of as many dimensions as it has.
    ///
    /// Returns what the body returns: a double, or a boolean as 1 or 0.
    pub fn run<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        indices: &[f64],
        memory: &M,
        math: &L,
        fuel: &mut F,
    ) -> Result<Option<f64>, Stop> {
        assert_eq!(self.function.indices as usize, indices.len(), "an index for each dimension");
        self.locals.iter_mut().for_each(|local| local.fill(0.0));
        let mut world = World { indices, memory, math, fuel };
        self.region(self.function.entry, &mut world)?;
        let End::Yield(results) = &self.function.region(self.function.entry).end else {
            unreachable!("a branch out of the entry region has no target")
        };
        Ok(results.first().map(|result| match self.function.ty(*result) {
            Type::F64 => self.f64(*result),
            Type::I32 => f64::from(self.get(*result).as_i32()),
            Type::Bool => f64::from(u8::from(self.get(*result).as_bool())),
        }))
    }

    fn region<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        id: RegionId,
        world: &mut World<'_, M, L, F>,
    ) -> Result<Exit, Stop> {
        let region = self.function.region(id);
        for stmt in &region.stmts {
            if let Exit::Branched(label) = self.stmt(stmt, world)? {
                return Ok(Exit::Branched(label));
            }
        }
        match &region.end {
            End::Yield(values) => {
                self.bring(values);
                Ok(Exit::Yielded)
            }
            End::Branch(label, values) => {
                self.bring(values);
                Ok(Exit::Branched(*label))
            }
            End::Loop { label, params, initial, body } => {
                self.bring(initial);
                loop {
                    self.take(params);
                    if !world.fuel.burn() {
                        return Err(Stop::OutOfFuel);
                    }
                    let exit = self.region(*body, world)?;
                    if exit != Exit::Branched(*label) {
                        return Ok(exit);
                    }
                }
            }
        }
    }

    fn stmt<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        stmt: &Stmt,
        world: &mut World<'_, M, L, F>,
    ) -> Result<Exit, Stop> {
        match stmt {
            Stmt::Let(value, op) => {
                let bits = self.op(op, world)?;
                self.values[value.index()] = bits;
            }
            Stmt::Store { array, index, value } => {
                if let Some(index) = numeric::element_index(self.number(*index), world.memory.len(*array)) {
                    world.memory.store(*array, index, self.f64(*value));
                }
            }
            Stmt::LocalStore { local, index, value } => {
                let at = self.number(*index);
                let array = self.function.locals[local.index()];
                let stored = numeric::through_element(array.element, self.f64(*value));
                match self.local_index(*local, at) {
                    Some(index) => self.locals[local.index()][index] = stored,
                    None if array.is_plain => return Err(Stop::LocalOutOfBounds { index: at }),
                    None => {}
                }
            }
            Stmt::LocalFill { local, value } => {
                let element = self.function.locals[local.index()].element;
                let stored = numeric::through_element(element, self.f64(*value));
                self.locals[local.index()].fill(stored);
            }
            Stmt::Guard { condition } => {
                if !self.get(*condition).as_bool() {
                    return Err(Stop::NoSuchRow);
                }
            }
            Stmt::Block { label, results, body } => match self.region(*body, world)? {
                Exit::Branched(other) if other != *label => return Ok(Exit::Branched(other)),
                _ => self.take(results),
            },
            Stmt::If { condition, results, then, otherwise } => {
                let taken = if self.get(*condition).as_bool() { *then } else { *otherwise };
                match self.region(taken, world)? {
                    Exit::Yielded => self.take(results),
                    exit => return Ok(exit),
                }
            }
        }
        Ok(Exit::Yielded)
    }

    fn op<M: Memory, L: MathLibrary, F: Fuel>(
        &self,
        op: &Op,
        world: &World<'_, M, L, F>,
    ) -> Result<Bits, Stop> {
        Ok(match op {
            Op::Const(constant) => (*constant).into(),
            Op::Index(dimension) => Bits::f64(world.indices[usize::from(*dimension)]),
            Op::Scalar(scalar) => Bits::f64(self.scalars[scalar.index()]),
            Op::Length(array) => Bits::f64(world.memory.len(*array) as f64),
            Op::Unary(op, a) => numeric::unary(*op, self.get(*a)),
            Op::Binary(op, a, b) => numeric::binary(*op, self.get(*a), self.get(*b)),
            Op::Select(condition, a, b) => self.get(if self.get(*condition).as_bool() { *a } else { *b }),
            Op::Call(function, arguments) => {
                let mut values = [0.0; Math::MAX_ARITY];
                values.iter_mut().zip(arguments).for_each(|(value, argument)| *value = self.f64(*argument));
                Bits::f64(world.math.call(*function, &values[..function.arity()]))
            }
            Op::Load(array, index) => {
                let index = numeric::element_index(self.number(*index), world.memory.len(*array));
                Bits::f64(index.map_or(f64::NAN, |index| world.memory.load(*array, index)))
            }
            Op::InBounds(array, index) => {
                let index = numeric::element_index(self.number(*index), world.memory.len(*array));
                Bits::bool(index.is_some())
            }
            Op::LocalLoad(local, index) => {
                let index = self.local_index(*local, self.number(*index));
                Bits::f64(index.map_or(f64::NAN, |index| self.locals[local.index()][index]))
            }
            Op::Atomic(op, array, index, arguments) => {
                let at = self.number(*index);
                let Some(index) = numeric::element_index(at, world.memory.len(*array)) else {
                    return Err(Stop::AtomicOutOfBounds { array: *array, index: at });
                };
                let argument = |number| arguments.get(number).map_or(0.0, |argument| self.f64(*argument));
                Bits::f64(world.memory.atomic(*op, *array, index, argument(0), argument(1)))
            }
        })
    }

    fn get(&self, value: Value) -> Bits {
        self.values[value.index()]
    }

    fn f64(&self, value: Value) -> f64 {
        self.get(value).as_f64()
    }

    /// An index: a double, or a signed integer.
    fn number(&self, value: Value) -> f64 {
        match self.function.ty(value) {
            Type::I32 => f64::from(self.get(value).as_i32()),
            _ => self.f64(value),
        }
    }

    fn local_index(&self, local: LocalId, index: f64) -> Option<usize> {
        let len = self.function.locals[local.index()].len;
        numeric::element_index(index, u64::from(len)).map(|index| index as usize)
    }

    /// All are read before the first is written: the parameters of a loop may be among them.
    fn bring(&mut self, values: &[Value]) {
        self.brought.clear();
        self.brought.extend(values.iter().map(|value| self.values[value.index()]));
    }

    fn take(&mut self, targets: &[Value]) {
        for (target, bits) in targets.iter().zip(&self.brought) {
            self.values[target.index()] = *bits;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::super::Unlimited;
    use super::*;
    use crate::ir::{ArrayId, AtomicOp, parse, verify};

    struct Vectors(Vec<RefCell<Vec<f64>>>);

    impl Memory for Vectors {
        fn len(&self, array: ArrayId) -> u64 {
            self.0[array.index()].borrow().len() as u64
        }

        fn load(&self, array: ArrayId, index: u64) -> f64 {
            self.0[array.index()].borrow()[index as usize]
        }

        fn store(&self, array: ArrayId, index: u64, value: f64) {
            self.0[array.index()].borrow_mut()[index as usize] = value;
        }

        fn atomic(&self, op: AtomicOp, array: ArrayId, index: u64, a: f64, _: f64) -> f64 {
            assert_eq!(op, AtomicOp::Add);
            let element = &mut self.0[array.index()].borrow_mut()[index as usize];
            std::mem::replace(element, *element + a)
        }
    }

    struct Powers;

    impl MathLibrary for Powers {
        fn call(&self, function: Math, arguments: &[f64]) -> f64 {
            assert_eq!(function, Math::Pow);
            arguments[0].powf(arguments[1])
        }
    }

    fn run(text: &str, index: f64, scalars: &[f64], memory: &Vectors) -> Result<Option<f64>, Stop> {
        let function = parse(text).unwrap();
        verify(&function).unwrap();
        Scalar::new(&function, scalars).run(&[index], memory, &Powers, &mut 1000)
    }

    #[test]
    fn loops_blocks_and_ifs() {
        // Swaps its parameters in each turn: both are read before either is written.
        let text = "function 1 -> f64\n{\n%n = index 0\n%zero = const.f64 0\n%one = const.f64 1\n\
            block @out -> %r:f64 {\n\
              loop @next %a:f64 = %zero, %b:f64 = %one, %k:f64 = %zero {\n\
                %more = flt %k, %n\n\
                if %more { yield } else { br @out %a }\n\
                %c = fadd %a, %b\n%k1 = fadd %k, %one\n\
                br @next %b, %c, %k1\n} }\nyield %r\n}";
        for (n, fibonacci) in [(0.0, 0.0), (1.0, 1.0), (2.0, 1.0), (10.0, 55.0)] {
            assert_eq!(run(text, n, &[], &Vectors(vec![])), Ok(Some(fibonacci)));
        }
        assert_eq!(run(text, 2000.0, &[], &Vectors(vec![])), Err(Stop::OutOfFuel));
    }

    #[test]
    fn an_endless_loop_without_fuel_ends() {
        let text = "function 1\n{\nblock @0 { loop @1 { br @1 } }\nyield\n}";
        assert_eq!(run(text, 0.0, &[], &Vectors(vec![])), Err(Stop::OutOfFuel));
        let function = parse("function 1\n{\nyield\n}").unwrap();
        assert_eq!(
            Scalar::new(&function, &[]).run(&[0.0], &Vectors(vec![]), &Powers, &mut Unlimited),
            Ok(None)
        );
    }

    #[test]
    fn arrays() {
        let memory = Vectors(vec![RefCell::new(vec![1.5, 2.5]), RefCell::new(vec![10.0])]);
        let text = "function 1 -> f64\nscalar 0 \"s\"\narray 0 float64 \"a\"\narray 1 int32 \"b\" written\n{\n\
            %i = index 0\n%x = load 0 %i\n%s = scalar 0\nstore 1 %i, %s\n%old = atomic.add 1 %s, %x\n\
            yield %x\n}";
        assert_eq!(run(text, 1.0, &[0.0], &memory), Ok(Some(2.5)), "a store beyond the end is nothing");
        assert_eq!(*memory.0[1].borrow(), [12.5]);
        let stop = run(text, 0.0, &[7.0], &memory);
        assert_eq!(stop, Err(Stop::AtomicOutOfBounds { array: ArrayId(1), index: 7.0 }));
        assert_eq!(*memory.0[1].borrow(), [7.0], "what came before the stop stays");
        let Ok(Some(nan)) = run(text, 5.0, &[0.0], &memory) else { panic!("runs") };
        assert!(nan.is_nan(), "beyond the end is NaN");
    }

    #[test]
    fn local_arrays_convert_and_do_not_grow() {
        let text = "function 1 -> f64\nlocal 0 uint8 2 plain\n{\n%i = index 0\n%x = const.f64 -1\n\
            local.fill 0 %x\n%one = const.f64 1\n%two = const.f64 2\nlocal.store 0 %i, %two\n\
            %v = local.load 0 %one\nyield %v\n}";
        let memory = Vectors(vec![]);
        assert_eq!(run(text, 0.0, &[], &memory), Ok(Some(255.0)));
        assert_eq!(run(text, 1.0, &[], &memory), Ok(Some(2.0)));
        assert_eq!(run(text, 2.0, &[], &memory), Err(Stop::LocalOutOfBounds { index: 2.0 }));
        let typed = text.replace(" plain", "");
        assert_eq!(run(&typed, 2.0, &[], &memory), Ok(Some(255.0)), "a typed array ignores it");
    }

    #[test]
    fn booleans_count_as_one_or_zero() {
        let text = "function 1 -> bool\n{\n%i = index 0\n%two = const.f64 2\n%r = call.pow %i, %two\n\
            %e = feq %r, %i\nyield %e\n}";
        assert_eq!(run(text, 1.0, &[], &Vectors(vec![])), Ok(Some(1.0)));
        assert_eq!(run(text, 3.0, &[], &Vectors(vec![])), Ok(Some(0.0)));
    }
}
