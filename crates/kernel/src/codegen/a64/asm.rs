//! The encoder: from instructions to words.
//!
//! Each instruction of A64 is a word of 32 bits ([Arm's manual](https://developer.arm.com/documentation/ddi0487), C4), whose registers stand in
//! the same places nearly always: `Rd` at bit 0, `Rn` at bit 5, `Rm` at bit 16. What one does is the rest of the word, and stands in a
//! table: [`Op3`] for those of two sources, [`Op2`] for those of one.
//!
//! Jumps and constants are relative to the instruction, and reach a megabyte: [`Assembler::finish`] patches both, and says so if something is
//! farther away than that. Constants live behind the code.

mod general;
mod memory;
mod vector;

pub(super) use general::{Cond, X, XZR};
pub(super) use memory::{Access, Lane, Mem, Multiple};
pub(super) use vector::{Op2, Op3, Shift};

use crate::codegen::x64::asm::{Label, Vreg};
use crate::hash::Map;

/// Where a distance stands in an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Field {
    /// 26 bits at bit 0, in words.
    Jump,
    /// 19 bits at bit 5, in words.
    Near,
}

/// What is at the other end of a distance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum To {
    Label(Label),
    Constant(usize),
}

/// Code in the making.
#[derive(Debug)]
pub(super) struct Assembler {
    words: Vec<u32>,
    /// Where each label is, in words.
    labels: Vec<Option<usize>>,
    fixups: Vec<(usize, Field, To)>,
    /// Of 16 bytes.
    constants: Vec<[u64; 2]>,
    known: Map<[u64; 2], usize>,
}

impl Assembler {
    /// Nothing yet, but for so many labels that have been given out by somebody else.
    pub(super) fn with_labels(count: usize) -> Self {
        Self {
            words: Vec::new(),
            labels: vec![None; count],
            fixups: Vec::new(),
            constants: Vec::new(),
            known: Map::default(),
        }
    }

    /// A label without a place yet.
    pub(super) fn label(&mut self) -> Label {
        self.labels.push(None);
        Label::numbered(self.labels.len() - 1)
    }

    /// The label is here.
    pub(super) fn bind(&mut self, label: Label) {
        let place = &mut self.labels[label.number()];
        debug_assert!(place.is_none(), "a label has one place");
        *place = Some(self.words.len());
    }

    /// Of 16 bytes behind the code: the same for the same.
    fn constant(&mut self, lanes: [u64; 2]) -> usize {
        *self.known.entry(lanes).or_insert_with(|| {
            self.constants.push(lanes);
            self.constants.len() - 1
        })
    }

    fn word(&mut self, word: u32) {
        self.words.push(word);
    }

    fn distance(&mut self, word: u32, field: Field, to: To) {
        self.fixups.push((self.words.len(), field, to));
        self.words.push(word);
    }

    /// The code and its constants, as bytes. `None` if something is too far away from where it is named.
    pub(super) fn finish(mut self) -> Option<Vec<u8>> {
        if !self.constants.is_empty() {
            // Nothing runs into it.
            self.words.resize(self.words.len().next_multiple_of(4), UDF);
        }
        let base = self.words.len();
        for (at, field, to) in &self.fixups {
            let place = match to {
                To::Label(label) => self.labels[label.number()].expect("a label that is named has a place"),
                To::Constant(number) => base + 4 * number,
            };
            let distance = place as i64 - *at as i64;
            self.words[*at] |= match field {
                Field::Jump => within(distance, 26)?,
                Field::Near => within(distance, 19)? << 5,
            };
        }
        let constants = self.constants.iter().flatten().flat_map(|half| half.to_le_bytes());
        Some(self.words.iter().flat_map(|word| word.to_le_bytes()).chain(constants).collect())
    }

    // --- jumps, and what is relative to them ---

    /// `b label`.
    pub(super) fn b(&mut self, label: Label) {
        self.distance(0x1400_0000, Field::Jump, To::Label(label));
    }

    /// `b.cond label`.
    pub(super) fn b_cond(&mut self, cond: Cond, label: Label) {
        self.distance(0x5400_0000 | cond as u32, Field::Near, To::Label(label));
    }

    /// `cbz a, label`, on 64 bits.
    pub(super) fn cbz(&mut self, a: X, label: Label) {
        self.distance(0xb400_0000 | u32::from(a.0), Field::Near, To::Label(label));
    }

    /// `cbnz a, label`, on 64 bits.
    pub(super) fn cbnz(&mut self, a: X, label: Label) {
        self.distance(0xb500_0000 | u32::from(a.0), Field::Near, To::Label(label));
    }

    /// `adr dst, label`: in bytes, of which the lowest two bits stand elsewhere; labels are at whole words.
    pub(super) fn adr(&mut self, dst: X, label: Label) {
        self.distance(0x1000_0000 | u32::from(dst.0), Field::Near, To::Label(label));
    }

    /// `br a`.
    pub(super) fn br(&mut self, a: X) {
        self.word(0xd61f_0000 | u32::from(a.0) << 5);
    }

    /// `ret`.
    pub(super) fn ret(&mut self) {
        self.word(0xd65f_03c0);
    }

    /// `ldr dst, =lanes`: from behind the code.
    pub(super) fn load_constant(&mut self, dst: Vreg, lanes: [u64; 2]) {
        let constant = self.constant(lanes);
        self.distance(0x9c00_0000 | u32::from(dst.0), Field::Near, To::Constant(constant));
    }
}

/// `udf #0`: a trap.
const UDF: u32 = 0;

/// The lowest bits of a distance in words, if it has no more, with its sign.
fn within(distance: i64, bits: u32) -> Option<u32> {
    let limit = 1 << (bits - 1);
    (-limit..limit).contains(&distance).then_some(distance as u32 & ((1 << bits) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(asm: Assembler) -> Vec<u32> {
        let bytes = asm.finish().unwrap();
        bytes.chunks(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect()
    }

    #[test]
    fn jumps_go_both_ways() {
        let mut asm = Assembler::with_labels(0);
        let (back, ahead) = (asm.label(), asm.label());
        asm.bind(back);
        asm.b(ahead);
        asm.b_cond(Cond::Ne, back);
        asm.cbz(X(3), ahead);
        asm.cbnz(X(4), back);
        asm.adr(X(5), ahead);
        asm.bind(ahead);
        asm.b(back);
        assert_eq!(
            words(asm),
            [0x1400_0005, 0x54ff_ffe1, 0xb400_0063, 0xb5ff_ffa4, 0x1000_0025, 0x17ff_fffb]
        );
    }

    #[test]
    fn constants_are_behind_the_code_and_there_once() {
        let mut asm = Assembler::with_labels(0);
        asm.load_constant(Vreg(1), [1, 2]);
        asm.load_constant(Vreg(2), [3, 4]);
        asm.load_constant(Vreg(3), [1, 2]);
        let words = words(asm);
        assert_eq!(words[..4], [0x9c00_0081, 0x9c00_00e2, 0x9c00_0043, 0]);
        assert_eq!(words[4..], [1, 0, 2, 0, 3, 0, 4, 0]);
    }

    /// A label 2^18 words ahead is one too many, and so is one that much behind and one more.
    #[test]
    fn what_is_too_far_away_is_said_to_be() {
        for (distance, fits) in [(1 << 18, false), ((1 << 18) - 1, true)] {
            let mut asm = Assembler::with_labels(0);
            let label = asm.label();
            asm.cbz(X(0), label);
            (1..distance).for_each(|_| asm.ret());
            asm.bind(label);
            asm.ret();
            assert_eq!(asm.finish().is_some(), fits, "{distance}");
        }
        assert_eq!(within(-(1 << 18), 19), Some(1 << 18));
        assert_eq!(within(-(1 << 18) - 1, 19), None);
    }
}
