//! How jobs are cut up: the slices of a range are those of the definition, in numbers twice as wide; the first slice that
//! is too large is the one a loop finds; and the pieces of a job cover it without gap or overlap.

use allcores::internals;
use arbitrary::{Result, Unstructured};

/// A number of any size: few bits as often as many.
fn any_size(input: &mut Unstructured<'_>) -> Result<u64> {
    let shift = input.int_in_range(0..=63)?;
    Ok(input.arbitrary::<u64>()? >> shift)
}

pub fn check(data: &[u8]) {
    let _ = check_case(&mut Unstructured::new(data));
}

fn check_case(input: &mut Unstructured<'_>) -> Result<()> {
    let num = any_size(input)?;
    // As many slots as fit into an address space.
    let parts = any_size(input)?.clamp(1, (1 << 62) - 1);
    let k = any_size(input)? % parts;
    slices(num, parts, k);
    let limit = any_size(input)?;
    // A limit that some slice just reaches is where a bisection goes wrong.
    let sum = internals::sum(internals::slice(num, parts, k)).min(u128::from(u64::MAX)) as u64;
    let near = input.arbitrary()?;
    first_above(num, parts, if near { sum.saturating_add(limit % 3).saturating_sub(1) } else { limit });
    pieces(num, parts, input.int_in_range(1..=1024)?, any_size(input)?);
    Ok(())
}

/// Where slice `k` starts, by its definition.
fn start(num: u64, parts: u64, k: u64) -> u128 {
    u128::from(num) * u128::from(k) / u128::from(parts)
}

/// Whether the sum of slice `k` is above `max`: by Gauss, from differences of numbers that need up to 128 bits.
fn is_above(num: u64, parts: u64, k: u64, max: u64) -> bool {
    let (from, to) = (start(num, parts, k), start(num, parts, k + 1));
    let triangle =
        |n: u128| if n.is_multiple_of(2) { n / 2 * n.saturating_sub(1) } else { n * ((n - 1) / 2) };
    triangle(to) - triangle(from) > u128::from(max)
}

fn slices(num: u64, parts: u64, k: u64) {
    for (slice, k) in internals::slices_from(num, parts, k).take(64).zip(k..) {
        assert_eq!(slice, internals::slice(num, parts, k), "slice {k} of {parts} for {num}");
        assert_eq!(u128::from(slice.start), start(num, parts, k), "slice {k} of {parts} for {num}");
        assert_eq!(u128::from(slice.end), start(num, parts, k + 1), "slice {k} of {parts} for {num}");
        assert!(slice.start <= slice.end);
        if slice.end - slice.start <= 512 {
            let naive: u128 = slice.clone().map(u128::from).sum();
            assert_eq!(internals::sum(slice.clone()), naive, "{slice:?}");
        }
    }
    assert_eq!(internals::slice(num, parts, 0).start, 0);
    assert_eq!(internals::slice(num, parts, parts - 1).end, num);
    let rest = internals::slices_from(num, parts, parts - parts.min(100)).last();
    assert_eq!(rest.map(|slice| slice.end), Some(num));
}

fn first_above(num: u64, parts: u64, limit: u64) {
    let found = internals::first_above(num, parts, limit);
    let what = || format!("{found:?} of {parts} slices of {num} is the first above {limit}");
    if parts <= 512 {
        assert_eq!(found, (0..parts).find(|&k| is_above(num, parts, k, limit)), "{}", what());
        return;
    }
    assert!(found.is_none_or(|k| is_above(num, parts, k, limit)), "{}", what());
    // The loop, in samples: those just before it, and some far before.
    let end = found.unwrap_or(parts);
    let near = (1..=256).filter_map(|back| end.checked_sub(back));
    let far = (0..64).map(|bit| end >> bit).filter(|&k| k < end);
    for k in near.chain(far) {
        assert!(!is_above(num, parts, k, limit), "{}, but so is {k}", what());
    }
}

fn pieces(num: u64, slots: u64, threads: usize, bytes: u64) {
    let each = internals::slots_per_piece(num, slots);
    assert!((1..=2048).contains(&each), "{each} of {slots} slots for {num}");
    let count = slots.div_ceil(each);
    assert!((count - 1) * each < slots && slots <= count * each);

    let slices = internals::range_slices(num, threads);
    assert!((1..=threads as u64).contains(&slices));
    // All but the last are long enough to be worth a thread.
    assert!((slices - 1) << 16 <= num, "{slices} slices of {num}");

    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).min(isize::MAX as usize);
    let (piece, lanes) = internals::view_pieces(bytes, threads);
    let count = bytes.div_ceil(piece).max(1);
    assert!((64 << 10..=256 << 10).contains(&piece) && piece.is_multiple_of(64));
    assert!((1..=threads.min(count)).contains(&lanes), "{lanes} lanes for {count} pieces");
    // What `run` computes for the last piece.
    let start = (count - 1) * piece;
    assert!(start <= bytes && (start + piece).min(bytes) == bytes);
}
