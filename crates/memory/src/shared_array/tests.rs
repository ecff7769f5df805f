//! Every element type against the conversions of one Number, one by one and in runs; `Atomics` against their definition.

use std::sync::atomic::AtomicU64;

use allcores_machine::convert::through_element;
use proptest::prelude::*;

use super::*;

/// Memory of our own, as a buffer that JavaScript shares would lie there.
struct Buffer(Box<[AtomicU64]>);

impl Buffer {
    fn new(words: usize) -> Self {
        Self((0..words).map(|_| AtomicU64::new(0)).collect())
    }

    /// Elements that begin so many elements behind the first byte.
    fn array(&self, element: Element, offset: usize, len: usize) -> SharedArray {
        assert!((offset + len) * element.size() <= self.0.len() * 8);
        let base = NonNull::new(self.0.as_ptr().cast_mut().cast::<u8>()).unwrap();
        // SAFETY: in the buffer, by the assertion.
        let base = unsafe { base.add(offset * element.size()) };
        // SAFETY: aligned words, which the tests keep for as long as the array and access in no other way.
        unsafe { SharedArray::new(base, len, element) }
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|word| word.load(std::sync::atomic::Ordering::Relaxed).to_ne_bytes()).collect()
    }
}

fn numbers() -> impl Iterator<Item = Element> {
    Element::ALL.into_iter().filter(|element| !element.is_bigint())
}

/// Every how many of many cases are tried: Miri is slow, and asks other questions.
const STEP: usize = if cfg!(miri) { 23 } else { 1 };

/// Where the conversions change what they do, and beside.
fn edges() -> Vec<f64> {
    let mut edges = vec![0.0, f64::NAN, f64::INFINITY, f64::MAX, f64::MIN_POSITIVE, 5e-324, 0.1, 1e300];
    for power in
        [-25, -24, -15, -14, -1, 0, 1, 7, 8, 11, 15, 16, 24, 31, 32, 33, 52, 53, 63, 64, 83, 84, 127, 128]
    {
        edges.push(2_f64.powi(power));
        edges.extend([0.5, 1.0, 1.5, 2.5].map(|nudge| 2_f64.powi(power) - nudge));
        edges.extend([0.5, 1.0, 1.5, 2.5].map(|nudge| 2_f64.powi(power) + nudge));
    }
    // The ties of halves and singles at their ends.
    edges.extend([65_504.0, 65_519.999, 65_520.0, 2_f64.powi(-25) * 1.5, 2049.0, 2051.0, 16_777_217.0]);
    edges.extend([f64::from(f32::MAX), 3.402_823_567_797_336_6e38, f64::from(f32::MIN_POSITIVE) * 0.5]);
    let near: Vec<f64> = edges.iter().flat_map(|x| [x.next_up(), x.next_down()]).collect();
    edges.extend(near);
    let negative: Vec<f64> = edges.iter().map(|x| -x).collect();
    edges.extend(negative);
    edges
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

#[test]
fn a_stored_number_is_converted() {
    for element in numbers() {
        let buffer = Buffer::new(4);
        let array = buffer.array(element, 1, 2);
        for value in edges().into_iter().step_by(STEP) {
            let expected = through_element(element, value);
            array.store(1, value);
            assert!(same(array.load(1), expected), "{element:?} {value:e}: {}", array.load(1));
        }
        assert_eq!(array.load(0), 0.0, "{element:?}");
    }
}

/// The bytes are those of the element's own type: what JavaScript reads.
#[test]
fn elements_have_their_own_bytes() {
    for (element, value, bytes) in [
        (Element::Int8, -2.0, &[0xfe_u8][..]),
        (Element::Uint8, 254.0, &[0xfe]),
        (Element::Uint8Clamped, 300.0, &[0xff]),
        (Element::Int16, -2.0, &(-2_i16).to_ne_bytes()),
        (Element::Uint16, 65_534.0, &65_534_u16.to_ne_bytes()),
        (Element::Int32, -2.0, &(-2_i32).to_ne_bytes()),
        (Element::Uint32, -2.0, &u32::to_ne_bytes(0xffff_fffe)),
        (Element::Float16, -2.0, &u16::to_ne_bytes(0xc000)),
        (Element::Float32, 0.1, &0.1_f32.to_ne_bytes()),
        (Element::Float64, 0.1, &0.1_f64.to_ne_bytes()),
    ] {
        let buffer = Buffer::new(4);
        buffer.array(element, 0, 3).store(1, value);
        let mut expected = vec![0; 32];
        expected[bytes.len()..2 * bytes.len()].copy_from_slice(bytes);
        assert_eq!(buffer.bytes(), expected, "{element:?}");
    }
}

#[test]
fn runs_touch_their_elements_and_no_others() {
    let len = 80;
    let values: Vec<f64> = (0..len).map(|k| (k as f64 - 30.0) * 3.25).collect();
    for element in numbers() {
        let stored: Vec<f64> = values.iter().map(|value| through_element(element, *value)).collect();
        // 64 bytes and more, from every alignment that the type has there.
        for (start, count) in [(0, len), (0, 0), (len, 0), (1, 70), (3, 1), (7, 65), (9, 64), (5, 15)] {
            let buffer = Buffer::new(len);
            let array = buffer.array(element, 0, len);
            array.store_run(start, &values[start..start + count]);
            for (index, stored) in stored.iter().enumerate() {
                let expected = if (start..start + count).contains(&index) { *stored } else { 0.0 };
                assert_eq!(array.load(index), expected, "{element:?} {start} {count} {index}");
            }
            let mut out = vec![9.0; count];
            array.load_run(start, &mut out);
            assert_eq!(out, stored[start..start + count], "{element:?} {start} {count}");
        }
    }
}

#[test]
fn atomics_do_what_javascript_does() {
    let buffer = Buffer::new(1);
    let arguments = [0.0, -0.0, 1.0, -1.0, 255.0, 256.5, 65_536.0, -2_147_483_648.0, 4_294_967_295.0, 1e300];
    let arguments = arguments.into_iter().chain([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]);
    for element in Element::ALL.into_iter().filter(|element| element.is_atomic()) {
        let array = buffer.array(element, 1, 1);
        for op in AtomicOp::ALL {
            let pairs = arguments.clone().flat_map(|a| arguments.clone().map(move |old| (a, old)));
            for (a, old) in pairs.step_by(STEP) {
                let b = 77.0 - a;
                array.store(0, old);
                let (new, returned) = op.apply(element, array.load(0), a, b);
                let actual = (array.atomic(op, 0, a, b), array.load(0));
                assert_eq!(actual.0.to_bits(), returned.to_bits(), "{op:?} {element:?} {old} {a}");
                assert_eq!(actual.1, new, "{op:?} {element:?} {old} {a}");
            }
        }
    }
}

#[test]
fn atomic_additions_of_many_threads_are_all_counted() {
    let buffer = Buffer::new(1);
    let array = buffer.array(Element::Uint16, 2, 1);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..100 {
                    assert!(array.atomic(AtomicOp::Add, 0, 1.0, 0.0) < 400.0);
                }
            });
        }
    });
    assert_eq!(array.load(0), 400.0);
    assert_eq!((array.addresses().len(), array.len(), array.is_empty()), (2, 1, false));
}

/// An element that one thread stores and another loads is one of those that were stored, in runs too.
#[test]
fn racing_elements_are_not_torn() {
    let buffer = Buffer::new(16);
    let array = buffer.array(Element::Float64, 0, 16);
    let (a, b) = (f64::from_bits(0x4111_1111_1111_1111), f64::from_bits(0x4222_2222_2222_2222));
    array.store_run(0, &[a; 16]);
    let turns = if cfg!(miri) { 10 } else { 20_000 };
    std::thread::scope(|scope| {
        scope.spawn(|| (0..turns).for_each(|turn| array.store_run(0, &[[a, b][turn % 2]; 16])));
        let mut out = [0.0; 16];
        for _ in 0..turns {
            array.load_run(0, &mut out);
            assert!(out.iter().all(|x| [a, b].contains(x)), "{out:?}");
        }
    });
}

#[test]
fn what_is_outside_is_never_touched() {
    let buffer = Buffer::new(8);
    let array = buffer.array(Element::Int16, 0, 4);
    let accesses: [&dyn Fn(); 11] = [
        &|| _ = array.load(4),
        &|| array.store(4, 1.0),
        &|| array.store(usize::MAX, 1.0),
        &|| array.load_run(3, &mut [0.0; 2]),
        &|| array.store_run(0, &[1.0; 5]),
        &|| array.store_run(5, &[]),
        &|| array.store_run(usize::MAX, &[1.0; 2]),
        &|| _ = array.atomic(AtomicOp::Add, 4, 1.0, 0.0),
        &|| _ = buffer.array(Element::Float64, 0, 1).atomic(AtomicOp::Add, 0, 1.0, 0.0),
        &|| _ = buffer.array(Element::Uint8Clamped, 0, 1).atomic(AtomicOp::Load, 0, 0.0, 0.0),
        &|| _ = buffer.array(Element::BigInt64, 0, 1),
    ];
    for access in accesses.into_iter().step_by(if cfg!(miri) { 5 } else { 1 }) {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(access)).expect_err("must panic");
    }
    assert_eq!(buffer.bytes(), [0; 64]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_numbers_come_back_converted(
        which in 0..10_usize,
        start in 0..9_usize,
        bits in prop::collection::vec(any::<u64>(), 0..200),
        scale in prop::sample::select(vec![0, 8, 16, 32, 52, 64, 2000]),
    ) {
        let element = numbers().nth(which).unwrap();
        // Doubles of any kind, or integers of some size and a fraction.
        let number = |bits: u64| match scale {
            2000 => f64::from_bits(bits),
            _ => (bits as i64 as f64) * 2_f64.powi(scale + 1 - 64),
        };
        let values: Vec<f64> = bits.into_iter().map(number).collect();
        let buffer = Buffer::new(start + values.len());
        let array = buffer.array(element, 0, start + values.len());
        array.store_run(start, &values);
        let mut out = vec![0.0; values.len()];
        array.load_run(start, &mut out);
        for (index, (value, out)) in values.iter().zip(&out).enumerate() {
            let expected = through_element(element, *value);
            prop_assert!(same(*out, expected), "{element:?} {value:e}: {out}");
            prop_assert!(same(array.load(start + index), expected), "{element:?} {value:e}");
        }
    }
}
