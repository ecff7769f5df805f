//! Whatever Node-API says that the arguments of an export are (any type code, any length, no memory at all, BigInts of any
//! size, values of any other kind), the call is refused and has changed nothing, or is right, to the last byte of memory.
//!
//! What is believed is that a typed array has memory for as many elements as it says, of at least two bytes each if its
//! type is one that is not known; all else may be a lie.

mod reductions;

use std::cell::RefCell;

use allcores_exact::Total;
use allcores_machine::Element;
use arbitrary::{Result, Unstructured};

use crate::fake::{self, Handle, Program, Record, Thrown, Value};
use crate::oracle;

/// Words of memory: more than are summed where the call is made.
const WORDS: usize = 3000;

/// An environment with the addon in it, for all inputs that this thread checks.
struct World {
    program: Program,
    memory: Vec<u64>,
    /// Values that stay.
    values: usize,
}

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

pub fn check(data: &[u8]) {
    WORLD.with_borrow_mut(|world| {
        let world = world.get_or_insert_with(|| {
            fake::load();
            let program = Program::open().expect("a port");
            World { program, memory: vec![0; WORDS], values: fake::values() }
        });
        let mut input = Unstructured::new(data);
        for _ in 0..4 {
            if input.is_empty() || world.call(&mut input).is_err() {
                break;
            }
            assert_eq!(fake::references(), 2, "those to the receiver alone");
            assert_eq!(fake::strong_references(), 0, "nothing is in flight");
            assert!(!world.program.waker.is_referenced());
            fake::forget(world.values);
        }
    });
}

/// A typed array, as Node-API tells of it.
#[derive(Clone, Copy, Debug)]
struct Made {
    kind: i32,
    len: usize,
    /// Bytes from the start of the memory; `None` if the array says that it has no memory.
    offset: Option<usize>,
    shared: bool,
}

/// An integer that is one for us, and whether it is a BigInt.
type Integer = (u64, bool);

impl World {
    fn call(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        self.fill_memory(input.arbitrary()?);
        let before = bytes(&self.memory);
        let port = if input.ratio(1_u8, 16)? { self.any_value(input)?.0 } else { self.program.port };
        // As JavaScript converts it.
        let right_port = to_uint32(port) == to_uint32(self.program.port);
        let threads = fake::make(Value::Number(f64::from(input.arbitrary::<u32>()?)));
        match input.int_in_range(0..=7)? {
            0 => {
                let (num, valid) = integer(input)?;
                let answer = self.outcome(right_port, fake::call("sumRange", &[port, num, threads]));
                assert_eq!(answer.is_some(), right_port && valid.is_some(), "{:?}", fake::value(num));
                if let (Some(record), Some((num, big))) = (answer, valid) {
                    assert_total(record, u128::from(num) * u128::from(num.saturating_sub(1)) / 2, big);
                }
                assert_eq!(bytes(&self.memory), before);
            }
            1 => {
                let (target, made) = self.any_value(input)?;
                // About as long as it is, as a rule.
                let off = f64::from(input.int_in_range(-2..=2)?);
                let length = match made {
                    Some(made) if input.ratio(3_u8, 4)? => made.len as f64 + off.min(0.0),
                    _ => f64::from_bits(input.arbitrary()?),
                };
                let (num, valid) = if input.arbitrary()? {
                    (fake::make(if input.arbitrary()? { Value::Undefined } else { Value::Null }), None)
                } else {
                    let (num, valid) = integer(input)?;
                    (num, Some(valid))
                };
                let length_value = fake::make(Value::Number(length));
                let arguments = [port, target, length_value, num, threads];
                let answer = self.outcome(right_port, fake::call("sumIntoSharedBuffer", &arguments));
                let expected =
                    made.filter(|_| right_port).and_then(|made| fill(made, length as i64, valid, &before));
                assert_eq!(answer.is_some(), expected.is_some(), "{made:?} {length} {valid:?}");
                let Some((after, total, big)) = expected else {
                    assert_eq!(bytes(&self.memory), before, "refused, and not without a trace");
                    return Ok(());
                };
                assert_eq!(bytes(&self.memory), after);
                answer.iter().for_each(|&record| assert_total(record, total, big));
            }
            2 => {
                let (view, made) = self.any_value(input)?;
                let here = fake::make(Value::Boolean(input.arbitrary()?));
                let answer = self.outcome(right_port, fake::call("sum", &[port, view, threads, here]));
                let expected = made.filter(|made| right_port && made.shared);
                assert_eq!(answer.is_some(), expected.is_some(), "{made:?}");
                if let (Some(record), Some(made)) = (answer, expected) {
                    let element = element(made.kind);
                    let start = made.offset.unwrap_or(0);
                    let len = if made.offset.is_some() { made.len * element.size() } else { 0 };
                    let total = oracle::total(element, &before[start..start + len]);
                    assert!(is(record, total), "{made:?}: {record:?}, not {total:?}");
                }
                assert_eq!(bytes(&self.memory), before);
            }
            4 | 6 => {
                self.reduce(input, port, right_port, threads, &before)?;
                assert_eq!(bytes(&self.memory), before);
            }
            5 | 7 => {
                self.dot(input, port, right_port, threads, &before)?;
                assert_eq!(bytes(&self.memory), before);
            }
            _ => {
                let id = fake::make(Value::Number(f64::from_bits(input.arbitrary()?)));
                let _ = fake::call("abort", &[port, id]);
            }
        }
        Ok(())
    }

    /// Small seeds give small numbers.
    fn fill_memory(&mut self, seed: u64) {
        let mut word = seed;
        for place in &mut self.memory {
            *place = word;
            word = word.wrapping_mul(word | 5).wrapping_add(seed >> 7);
        }
    }

    /// The record of a call that was started; the code of one that was not is one that says why.
    fn outcome(&self, right_port: bool, answer: std::result::Result<Value, Thrown>) -> Option<Record> {
        match answer {
            Ok(Value::Number(-1.0)) => Some(self.program.answer_on_the_spot()),
            Ok(Value::Number(id)) => {
                self.program.waker.wait();
                self.program.waker.run(true);
                let (records, messages) = fake::settled();
                assert_eq!(messages, [""; 0]);
                let [record] = records[..] else { panic!("{records:?}") };
                assert_eq!(f64::from(record.id), id);
                Some(record)
            }
            Ok(Value::Object(properties)) => {
                let Thrown { code, message } = fake::refusal(&properties);
                assert!(code.starts_with("ERR_") && !message.is_empty(), "{code:?}: {message:?}");
                assert_eq!(code == "ERR_INTERNAL", !right_port, "{message}");
                None
            }
            Ok(other) => panic!("an id is {other:?}"),
            Err(thrown) => {
                // Of the binding's library, for a port that is no number. What else it throws is a panic that it has
                // caught, and what is ours is given back.
                assert!(!right_port && thrown.code != "GenericFailure", "{thrown:?}");
                assert!(!thrown.code.starts_with("ERR_"), "{thrown:?}");
                None
            }
        }
    }

    /// A typed array as a rule.
    fn any_value(&mut self, input: &mut Unstructured<'_>) -> Result<(Handle, Option<Made>)> {
        if input.ratio(1_u8, 8)? {
            return Ok((other_value(input)?, None));
        }
        let kind = match input.int_in_range(0..=15_u8)? {
            15 => input.arbitrary()?,
            // Unwritten.
            14 => -1,
            13 => 9,
            12 => 5,
            kind => i32::from(kind),
        };
        let size = size(kind, input)?;
        let room = WORDS * 8 / size;
        let first = if input.arbitrary()? { 0 } else { input.int_in_range(0..=room)? };
        let len = input.int_in_range(0..=room - first)?;
        let made = if input.ratio(1_u8, 16)? {
            Made { kind, len: input.arbitrary()?, offset: None, shared: true }
        } else {
            Made { kind, len, offset: Some(first * size), shared: input.ratio(15_u8, 16)? }
        };
        let buffer = fake::make(if made.shared { Value::SharedArrayBuffer } else { Value::ArrayBuffer });
        let data = made.offset.map_or(0, |offset| self.memory.as_mut_ptr().expose_provenance() + offset);
        Ok((fake::make(Value::TypedArray { kind, len: made.len, data, buffer }), Some(made)))
    }
}

fn other_value(input: &mut Unstructured<'_>) -> Result<Handle> {
    Ok(match input.int_in_range(0..=8)? {
        0 => fake::make(Value::Undefined),
        1 => fake::make(Value::Null),
        2 => fake::make(Value::Boolean(input.arbitrary()?)),
        3 => fake::make(Value::Text(input.arbitrary()?)),
        4 => fake::make(Value::Object(Vec::new())),
        5 => fake::make(Value::ArrayBuffer),
        6 => fake::make(Value::SharedArrayBuffer),
        7 => fake::make(Value::Settle),
        _ => integer(input)?.0,
    })
}

/// What JavaScript makes of a number where an unsigned integer of 32 bits is expected; `None` for other values.
fn to_uint32(value: Handle) -> Option<u32> {
    let Value::Number(number) = fake::value(value) else { return None };
    Some(number.rem_euclid(4_294_967_296.0) as u32)
}

/// A number of either kind; `Some` if it is an integer that we take.
fn integer(input: &mut Unstructured<'_>) -> Result<(Handle, Option<Integer>)> {
    let shift = input.int_in_range(0..=63)?;
    let small = input.arbitrary::<u64>()? >> shift;
    Ok(match input.int_in_range(0..=7)? {
        0 => {
            let number = f64::from_bits(input.arbitrary()?);
            let fits = number == number.trunc() && (0.0..9_007_199_254_740_992.0).contains(&number);
            (fake::make(Value::Number(number)), fits.then_some((number as u64, false)))
        }
        1 | 2 => {
            let small = small >> 11;
            (fake::make(Value::Number(small as f64)), Some((small, false)))
        }
        3 | 4 => (fake::make(Value::BigInt { negative: false, words: vec![small] }), Some((small, true))),
        _ => {
            let (negative, words): (bool, Vec<u64>) = input.arbitrary()?;
            let low = words.first().copied().unwrap_or(0);
            let fits = words.iter().skip(1).all(|&word| word == 0) && (!negative || low == 0);
            (fake::make(Value::BigInt { negative, words }), fits.then_some((low, true)))
        }
    })
}

/// Bytes of an element. Of a type that nobody knows they may be any but one.
fn size(kind: i32, input: &mut Unstructured<'_>) -> Result<usize> {
    Ok(match kind {
        0..=10 => element(kind).size(),
        11 => 2,
        _ => *input.choose(&[2, 4, 8])?,
    })
}

/// `napi_typedarray_type`.
fn element(kind: i32) -> Element {
    match kind {
        0 => Element::Int8,
        1 => Element::Uint8,
        2 => Element::Uint8Clamped,
        3 => Element::Int16,
        4 => Element::Uint16,
        5 => Element::Int32,
        6 => Element::Uint32,
        7 => Element::Float32,
        8 => Element::Float64,
        9 => Element::BigInt64,
        10 => Element::BigUint64,
        _ => Element::Float16,
    }
}

/// What memory holds after `sumIntoSharedBuffer`, the total and whether it is a BigInt; `None` if the call is to be refused. The
/// `num` of a call that leaves it out is `None`, and that of one that gives a wrong one `Some(None)`.
fn fill(
    made: Made,
    length: i64,
    num: Option<Option<Integer>>,
    before: &[u8],
) -> Option<(Vec<u8>, u128, bool)> {
    let (size, max) = match made.kind {
        5 => (4, i32::MAX as u128),
        9 => (8, i64::MAX as u128),
        _ => return None,
    };
    let length = usize::try_from(length).ok()?;
    let start = made.offset.filter(|_| made.shared && (2..=made.len).contains(&length))?;
    let slots = start..start + length * size;
    let flag = slots.end - size..slots.end;
    let num = match num {
        Some(num) => num?.0,
        None if size == 4 => u64::try_from(i32::from_ne_bytes(before[flag].try_into().ok()?)).ok()?,
        None => u64::try_from(i64::from_ne_bytes(before[flag].try_into().ok()?)).ok()?,
    };
    let (mut after, mut total, parts) = (before.to_vec(), 0, length as u128 - 1);
    let start = |k: usize| u128::from(num) * k as u128 / parts;
    let triangle =
        |n: u128| if n.is_multiple_of(2) { n / 2 * n.saturating_sub(1) } else { n * ((n - 1) / 2) };
    for (k, slot) in after[slots].chunks_exact_mut(size).enumerate() {
        // The last one is the flag.
        let sum = if k + 1 < length { triangle(start(k + 1)) - triangle(start(k)) } else { 0 };
        if sum > max {
            return None;
        }
        slot.copy_from_slice(&sum.to_le_bytes()[..size]);
        total += sum;
    }
    (u128::from(num) <= max).then_some((after, total, size == 8))
}

fn assert_total(record: Record, total: u128, big: bool) {
    let total = if big { Total::BigInt(total as i128) } else { Total::Number(total as f64) };
    assert!(is(record, total), "{record:?} is not {total:?}");
}

/// Whether a record holds that total.
fn is(record: Record, total: Total) -> bool {
    match total {
        Total::Number(number) => {
            record.kind == 0
                && (record.low == number.to_bits() || f64::from_bits(record.low).is_nan() && number.is_nan())
        }
        Total::BigInt(integer) => {
            (record.kind, record.low, record.high) == (1, integer as u64, (integer >> 64) as u64)
        }
        Total::LargeBigInt(_) => unreachable!("only products are so large"),
    }
}

fn bytes(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_ne_bytes()).collect()
}
