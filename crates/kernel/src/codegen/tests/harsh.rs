//! Harsh random functions: elements of all types between pages that trap, points of one to three dimensions, lanes that change places
//! all the time.

use std::sync::atomic::Ordering;

use super::super::fibers::Pace;
use super::super::x64::frame;
use super::guarded::{Guarded, Touches};
use super::{Input, Live, Patience, machines};
use crate::codegen::{Block, Frame, Indices, Inputs, Machine, Native, NoCode, Unsupported, World};
use crate::interpret::testing::{Mixed, bits};
use crate::interpret::{Arrays, Fuel, Scalar, Stop};
use crate::ir::{Element, Function, HARSH_OWN, HARSH_READ, HARSH_SIDE, generate_harsh, verify};
use crate::numeric::through_element;

const WIDTH: usize = Native::WIDTH;

/// Elements of an array at the most.
const LONGEST: usize = 4000;

/// Random numbers from a seed.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

/// A number that somebody may have got wrong.
pub(super) fn number(random: &mut Random) -> f64 {
    const SPECIAL: [f64; 22] = [
        0.0,
        -0.0,
        0.5,
        -0.5,
        0.499_999_999_999_999_94,
        1.5,
        2.5,
        -1.0,
        254.5,
        255.5,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        5e-324,
        -1e-310,
        f64::MAX,
        2_147_483_648.0,
        -2_147_483_649.0,
        4_294_967_295.0,
        9_007_199_254_740_993.0,
        -1.7e19,
        3.5e38,
    ];
    match random.below(8) {
        0 | 1 => random.pick(&SPECIAL),
        2 => f64::from_bits(random.next()),
        3 => random.next() as i64 as f64 / 65_536.0,
        4 => random.next() as i32 as f64,
        5 => random.below(2000) as f64 / 16.0 - 60.0,
        _ => random.below(300) as f64 - 40.0,
    }
}

/// A function, and what it is to run on.
pub(super) struct Case {
    pub(super) function: Function,
    scalar: f64,
    arrays: Vec<Input>,
    points: Vec<Vec<f64>>,
    touches: Touches,
    pub(super) pace: Pace,
    slice: u32,
    block: usize,
    tells_first: bool,
    /// Elements are read one lane after the other, as in arrays of more than 2^31.
    is_large: bool,
}

pub(super) fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let function = generate_harsh(&mut |n| random.below(n));
    verify(&function).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{function}"));
    let count = random.pick(&[1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 250, 511, 512, 513, 1100]);
    let points = points(&mut random, function.indices, count);
    let lens = [
        0,
        1,
        2,
        3,
        4,
        5,
        7,
        8,
        15,
        16,
        17,
        33,
        64,
        255,
        count,
        count + 1,
        count.saturating_sub(1),
        3 * count + 1,
    ];
    let elements = [Element::Float64, Element::Uint8, Element::Float32, Element::Int32];
    let mut arrays: Vec<Input> = elements
        .into_iter()
        .chain(HARSH_READ)
        .chain(HARSH_OWN)
        .map(|element| {
            let len = random.pick(&lens);
            (element, (0..len).map(|_| number(&mut random)).collect())
        })
        .collect();
    // What is only read may be there as doubles.
    if random.below(8) == 0 {
        for (element, values) in &mut arrays[4..4 + HARSH_READ.len()] {
            values.iter_mut().for_each(|value| *value = through_element(*element, *value));
            *element = Element::Float64;
        }
    }
    let paces = [
        Pace::of(1),
        Pace { turns: 0, least: 0, most: 0, packed: 4 },
        Pace { turns: 1, least: 1, most: 2, packed: 4 },
        Pace { turns: 7, least: 0, most: 3, packed: 3 },
    ];
    let pace = random.pick(&paces);
    Case {
        function,
        scalar: number(&mut random),
        arrays,
        points,
        touches: random.pick(&[Touches::Start, Touches::End]),
        pace,
        slice: if pace.most < 8 { pace.least } else { 16 },
        block: if random.below(2) == 0 { WIDTH } else { 1 + random.below(512) as usize },
        tells_first: random.below(4) > 0,
        is_large: random.below(8) == 0,
    }
}

fn points(random: &mut Random, indices: u8, count: usize) -> Vec<Vec<f64>> {
    if indices > 1 {
        let sides: Vec<u64> = (1..indices).map(|_| 1 + random.below(u64::from(HARSH_SIDE))).collect();
        let start = random.below(3);
        return (0..count as u64)
            .map(|number| {
                let mut rest = number;
                let mut point: Vec<f64> = sides
                    .iter()
                    .rev()
                    .map(|side| {
                        let index = rest % side;
                        rest /= side;
                        index as f64
                    })
                    .collect();
                point.push((start + rest) as f64);
                point.reverse();
                point
            })
            .collect();
    }
    let start: f64 = match random.below(10) {
        0 => 2_147_483_648.0 - 9.0,
        1 => 4_294_967_296.0 - 5.0,
        2 => 9_007_199_254_740_992.0 - count as f64,
        3 => random.below(40) as f64,
        _ => 0.0,
    };
    let mut points: Vec<Vec<f64>> = (0..count).map(|k| vec![start + k as f64]).collect();
    if random.below(6) == 0 {
        for k in (1..points.len()).rev() {
            points.swap(k, random.below(k as u64 + 1) as usize);
        }
    }
    points
}

/// The bits that come out: what the body returns for each point, and what is in the arrays.
type Outcome = (Vec<u64>, Vec<Vec<u64>>);

/// Where the arrays of cases are put, one after the other.
pub(super) struct Room(Vec<Guarded>);

impl Room {
    pub(super) fn new() -> Self {
        let count = 4 + HARSH_READ.len() + HARSH_OWN.len();
        Self((0..count).map(|_| Guarded::new(8 * LONGEST)).collect())
    }
}

impl Case {
    /// None where an index may wait for another one.
    pub(super) fn compile(&self, machine: Machine) -> Option<Native> {
        let elements: Vec<Element> = self.arrays.iter().map(|(element, _)| *element).collect();
        match Native::compile_for(&self.function, &elements, machine) {
            Ok(mut native) => {
                native.pace = self.pace;
                native.slice.store(self.slice, Ordering::Relaxed);
                Some(native)
            }
            Err(NoCode::Function(Unsupported::TooLarge | Unsupported::Waits)) => None,
            Err(why) => panic!("{why:?}\n{}", self.function),
        }
    }

    pub(super) fn native(
        &self,
        native: &Native,
        frame: &mut Frame,
        room: &mut Room,
        fuel: &mut impl Fuel,
    ) -> Result<Outcome, Stop> {
        for (guarded, (element, values)) in room.0.iter_mut().zip(&self.arrays) {
            guarded.put(self.touches, *element, values);
        }
        // SAFETY: the arrays outlive the run.
        let mut inputs = unsafe { Inputs::new(&[self.scalar], room.0.iter().map(Guarded::raw)) };
        if self.is_large {
            let words = inputs.0[4..].iter_mut();
            words
                .skip(frame::RECORD_SMALL as usize / 8)
                .step_by(frame::RECORD as usize / 8)
                .for_each(|word| *word = 0);
        }
        let memory = Live(room.0.iter().map(Guarded::array).collect());
        let mut world = World { memory: &memory, math: &Mixed, fuel };
        let mut results = Vec::new();
        let dimensions = usize::from(self.function.indices);
        for block in self.points.chunks(self.block) {
            let mut lists = [[f64::NAN; WIDTH]; 3];
            for (k, point) in block.iter().enumerate() {
                point.iter().zip(&mut lists).for_each(|(index, list)| list[k] = *index);
            }
            let mut out = [0.0; WIDTH];
            let is_run = dimensions == 1 && block.windows(2).all(|pair| pair[0][0] + 1.0 == pair[1][0]);
            let indices = if is_run && self.tells_first {
                Indices::From(block[0][0] as u64)
            } else {
                Indices::Lists(&lists[..dimensions])
            };
            let count = block.len();
            let block = Block { indices, count, out: &mut out };
            // SAFETY: the inputs are those of the function.
            unsafe { native.run(frame, &inputs, block, &mut world) }?;
            results.extend_from_slice(&out[..count]);
        }
        if self.function.result.is_none() {
            results.fill(0.0);
        }
        Ok((bits(&results), room.0.iter().map(|array| bits(&array.values())).collect()))
    }

    /// What comes out, or all the reasons why it does not.
    pub(super) fn scalar(&self) -> Result<Outcome, Vec<Stop>> {
        let memory = Arrays::new(self.arrays.iter().cloned());
        let scalars = [self.scalar];
        let mut scalar = Scalar::new(&self.function, &scalars);
        let mut stops = Vec::new();
        let mut results = Vec::new();
        for point in &self.points {
            match scalar.run(point, &memory, &Mixed, &mut 10_000_000) {
                Ok(value) => results.push(value.unwrap_or(0.0)),
                Err(stop) => stops.push(stop),
            }
        }
        if stops.is_empty() {
            Ok((bits(&results), memory.values().map(|values| bits(&values)).collect()))
        } else {
            Err(stops)
        }
    }

    pub(super) fn pairs(&self) -> usize {
        self.points.len()
    }
}

/// Whether one of these is that, bit for bit.
pub(super) fn is_among(stop: Stop, stops: &[Stop]) -> bool {
    let key = |stop: Stop| match stop {
        Stop::AtomicOutOfBounds { array, index } => {
            (0, array.index(), if index.is_nan() { f64::NAN.to_bits() } else { index.to_bits() })
        }
        Stop::NoSuchRow => (1, 0, 0),
        Stop::OutOfFuel => (2, 0, 0),
        Stop::LocalOutOfBounds { index } => {
            (3, 0, if index.is_nan() { f64::NAN.to_bits() } else { index.to_bits() })
        }
    };
    stops.iter().any(|other| key(*other) == key(stop))
}

#[test]
fn code_and_scalar_agree_on_harsh_functions() {
    machines().into_iter().for_each(agree);
}

fn agree(machine: Machine) {
    let read = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let rounds = read("ALLCORES_ROUNDS").unwrap_or(if cfg!(debug_assertions) { 1_500 } else { 10_000 });
    let first = read("ALLCORES_SEED").unwrap_or(0);
    let mut room = Room::new();
    let (mut pairs, mut without, mut stopped, mut fibers) = (0, 0, 0, 0);
    for seed in first..first + rounds {
        let case = case(seed);
        let Some(native) = case.compile(machine) else {
            without += 1;
            continue;
        };
        fibers += u64::from(native.turns.iter().any(|turn| turn.diverges));
        pairs += case.pairs();
        let mut frame = native.frame();
        let native = case.native(&native, &mut frame, &mut room, &mut Patience::new());
        match (native, case.scalar()) {
            (Ok(native), Ok(scalar)) => {
                let at = native.0.iter().zip(&scalar.0).position(|(a, b)| a != b);
                let array = native.1.iter().zip(&scalar.1).position(|(a, b)| a != b);
                assert!(
                    at.is_none() && array.is_none(),
                    "seed {seed}, point {at:?}, array {array:?}, {:?}:\n{}",
                    case.pace,
                    case.function
                );
            }
            (Err(stop), Err(stops)) if is_among(stop, &stops) => stopped += 1,
            (native, scalar) => {
                panic!(
                    "seed {seed}: {:?} and {:?}:\n{}",
                    native.map(|_| ()),
                    scalar.map(|_| ()),
                    case.function
                )
            }
        }
    }
    eprintln!(
        "{pairs} pairs of bodies and points; {without} of {rounds} without code, {stopped} stopped, {fibers} in fibers"
    );
    assert!(without * 5 <= rounds, "{without} of {rounds} have no code");
    assert!(rounds < 200 || stopped > 0 && (fibers > 0) != machine.is_scalar(), "stops and fibers are met");
}
