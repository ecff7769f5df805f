//! Where the extreme is, among many that are the same, and while another thread writes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use allcores_machine::{Element, Isa};
use allcores_memory::SharedView;

use crate::{ArgExtreme, Side};

/// Longer than several tiles.
const LEN: usize = if cfg!(miri) { 1200 } else { 5000 };

fn view(words: &[AtomicU64]) -> SharedView {
    let base = std::ptr::NonNull::from(words).cast();
    // SAFETY: the words are borrowed for as long as the tests use the view, and they may be written by any thread.
    unsafe { SharedView::new(base, size_of_val(words)) }
}

#[test]
fn the_first_of_equals_is_found() {
    let words: Vec<AtomicU64> = (0..LEN).map(|_| AtomicU64::new(5.0_f64.to_bits())).collect();
    for places in [vec![0], vec![LEN - 1], vec![511, 512, 513], vec![600, 1100, 1199], vec![]] {
        places.iter().for_each(|place| words[*place].store(4.0_f64.to_bits(), Ordering::Relaxed));
        for isa in Isa::available() {
            let mut arg = ArgExtreme::new(Side::Min, Element::Float64, isa);
            arg.add(0, view(&words).block(0..LEN * 8));
            assert_eq!(arg.index(), Some(places.first().map_or(0, |place| *place as u64)));
        }
        places.iter().for_each(|place| words[*place].store(5.0_f64.to_bits(), Ordering::Relaxed));
    }
}

/// The extreme is gone by the time it is looked for: an index comes out all the same, of an element that there is.
#[test]
fn elements_may_change_while_they_are_compared() {
    let words: Vec<AtomicU64> = (0..LEN).map(|at| AtomicU64::new((at as f64).to_bits())).collect();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut turn = 0_usize;
            while !is_over.load(Ordering::Relaxed) {
                let word = &words[turn.wrapping_mul(7919) % LEN];
                word.store(
                    if turn.is_multiple_of(3) { f64::NAN } else { -(turn as f64) }.to_bits(),
                    Ordering::Relaxed,
                );
                turn += 1;
            }
        });
        for _ in 0..if cfg!(miri) { 2 } else { 2000 } {
            for isa in Isa::available() {
                let mut arg = ArgExtreme::new(Side::Max, Element::Float64, isa);
                arg.add(3, view(&words).block(0..LEN * 8));
                let index = arg.index().unwrap();
                assert!((3..LEN as u64 + 3).contains(&index), "{index}");
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
}
