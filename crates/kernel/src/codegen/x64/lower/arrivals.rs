//! Where lanes meet: what each brings is put into registers, and those that have come before are left alone.

use super::{Inst, L128, L256, Label, Lowering, Mask, Parts, Src, Type, V, Value, Vex};
use crate::codegen::x64::asm::Length;
use crate::codegen::x64::inst::{Form, Vector};

/// Where the results of an `if` are put.
pub(super) struct Arrival<'v> {
    pub(super) results: &'v [Value],
    pub(super) registers: Vec<Parts>,
    /// Nothing is there yet.
    pub(super) is_fresh: bool,
}

impl Lowering<'_> {
    /// The lanes of the mask arrive at a target.
    pub(super) fn branch(&mut self, label: Label, values: &[Value]) {
        let at = self.targets.iter().rposition(|target| target.label == label).expect("a label in scope");
        let target = &mut self.targets[at];
        let (registers, arrived) = (target.registers.clone(), target.arrived.clone());
        let (results, is_tail) = (target.values.clone(), target.is_tail);
        let is_fresh = std::mem::replace(&mut target.is_fresh, false);
        let mask = self.mask.clone();
        if is_tail || is_fresh {
            self.copy_all(&registers, values, &results);
        } else {
            self.blend_all(&registers, values, &results, &mask);
        }
        let Some(arrived) = arrived else { return };
        for (part, to) in arrived.iter().enumerate() {
            match &mask {
                None => self.write(*to, L256, Src::bits(u64::MAX)),
                Some(mask) if is_tail => self.write(*to, L256, mask[part]),
                Some(mask) => {
                    let (a, b) = (Some(*to), Some(Src::V(mask[part])));
                    self.code.push(Inst::Vector(Vector {
                        form: Form::Vrm,
                        op: Vex::VORPD,
                        length: L256,
                        dst: *to,
                        a,
                        b,
                        c: None,
                        imm: 0,
                    }));
                }
            }
        }
    }

    pub(super) fn arrival<'v>(&mut self, results: &'v [Value]) -> Arrival<'v> {
        Arrival {
            results,
            registers: results.iter().map(|value| self.parts_for(*value)).collect(),
            is_fresh: true,
        }
    }

    pub(super) fn settle(&mut self, results: &[Value], arrival: Arrival<'_>) {
        for (value, parts) in results.iter().zip(arrival.registers) {
            self.set(*value, parts);
        }
    }

    /// The lanes of the mask yield.
    pub(super) fn arrive(&mut self, values: &[Value], to: &mut Arrival<'_>) {
        let mask = self.mask.clone();
        if to.is_fresh {
            self.copy_all(&to.registers, values, to.results);
        } else {
            self.blend_all(&to.registers, values, to.results, &mask);
        }
        to.is_fresh = false;
    }

    /// All at once: a value may be in a register that another one is put into.
    fn copy_all(&mut self, registers: &[Parts], values: &[Value], results: &[Value]) {
        let mut moves: Vec<(V, Src, Length)> = Vec::new();
        for ((value, result), parts) in values.iter().zip(results).zip(registers) {
            for (part, to) in parts.iter().enumerate().take(self.parts_of(*result)) {
                moves.push((*to, self.src(*value, part), self.length(*result)));
            }
        }
        for k in 0..moves.len() {
            let (_, source, length) = moves[k];
            // Written before it is read?
            if let Src::V(v) = source
                && moves[..k].iter().any(|(to, ..)| *to == v)
            {
                moves[k].1 = Src::V(self.rm(Vex::VMOVUPD, length, v));
            }
        }
        // The copies made above come before all writes.
        for (to, source, length) in moves {
            if source != Src::V(to) {
                self.write(to, length, source);
            }
        }
    }

    fn blend_all(&mut self, registers: &[Parts], values: &[Value], results: &[Value], mask: &Mask) {
        let Some(mask) = mask else {
            return self.copy_all(registers, values, results);
        };
        // Computed before any is written.
        let mut writes: Vec<(V, Src, Length)> = Vec::new();
        for ((value, result), parts) in values.iter().zip(results).zip(registers) {
            let length = self.length(*result);
            if self.uniform[result.index()] {
                // The same for all lanes that are here, and nobody looks at the others.
                let source = match self.src(*value, 0) {
                    Src::V(v) => Src::V(self.rm(Vex::VMOVUPD, length, v)),
                    source => source,
                };
                writes.push((parts[0], source, length));
                continue;
            }
            for (part, old) in parts.iter().enumerate() {
                let new = self.src(*value, part);
                let blended = match self.function.ty(*result) {
                    Type::I32 => {
                        let narrow = self.narrow(mask[part]);
                        self.push(Form::Vrmv, Vex::VBLENDVPS, L128, (Some(*old), Some(new), Some(narrow)), 0)
                    }
                    _ => self.blend(*old, new, mask[part]),
                };
                writes.push((*old, Src::V(blended), length));
            }
        }
        for (to, source, length) in writes {
            self.write(to, length, source);
        }
    }
}
