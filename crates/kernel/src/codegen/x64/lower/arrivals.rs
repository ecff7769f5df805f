//! Where lanes meet: what each brings is put into registers, and those that have come before are left alone.

use super::masks::all_or_none;
use super::{Inst, Label, Lowering, Mask, Parts, Size, Src, V, Value};

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
        if let Some(place) = target.place {
            let (registers, results) = (target.registers.clone(), target.values.clone());
            self.copy_all(&registers, values, &results);
            self.code.push(Inst::Jump(place));
            return;
        }
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
                None => self.write_mask(*to, all_or_none(true)),
                // It has been changed in place, if at all.
                Some(mask) if is_tail && mask[part] == *to => {}
                Some(mask) if is_tail => self.write_mask(*to, mask[part]),
                Some(mask) => self.add_lanes(*to, mask[part]),
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
            self.set_brought(*value, parts);
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
    pub(super) fn copy_all(&mut self, registers: &[Parts], values: &[Value], results: &[Value]) {
        let mut moves: Vec<(V, Src, Size)> = Vec::new();
        for ((value, result), parts) in values.iter().zip(results).zip(registers) {
            for part in self.parts_of(*result) {
                let src = match self.wanted.is_carried[result.index()] {
                    true => self.whole_src(*value),
                    false if self.is_flag(*result) => self.flag_src(*value),
                    false => self.src(*value, part),
                };
                moves.push((parts[part], src, self.size_of(*result)));
            }
        }
        for k in 0..moves.len() {
            let (_, source, size) = moves[k];
            // Written before it is read?
            if let Src::V(v) = source
                && moves[..k].iter().any(|(to, ..)| *to == v)
            {
                moves[k].1 = Src::V(self.copy(size, v));
            }
        }
        // The copies made above come before all writes.
        for (to, source, size) in moves {
            if source != Src::V(to) {
                self.write(to, size, source);
            }
        }
    }

    fn blend_all(&mut self, registers: &[Parts], values: &[Value], results: &[Value], mask: &Mask) {
        let Some(mask) = mask else {
            return self.copy_all(registers, values, results);
        };
        // Computed before any is written.
        let mut writes: Vec<(V, Src, Size)> = Vec::new();
        let mut pair_masks: Vec<Option<V>> = vec![None; self.parts];
        for ((value, result), parts) in values.iter().zip(results).zip(registers) {
            let size = self.size_of(*result);
            if self.facts.uniform[result.index()] {
                // The same for all lanes that are here, and nobody looks at the others.
                let source = match self.src(*value, 0) {
                    Src::V(v) => Src::V(self.copy(size, v)),
                    source => source,
                };
                writes.push((parts[0], source, size));
                continue;
            }
            for part in self.parts_of(*result) {
                let (old, new) = (parts[part], self.src(*value, part));
                let blended = if self.is_in_pairs(*result) {
                    let mask =
                        *pair_masks[part].get_or_insert_with(|| self.pair_mask(mask[part], mask[part + 1]));
                    self.blend_pair(old, new, mask)
                } else {
                    self.blend_values(*result, old, new, mask[part])
                };
                writes.push((old, Src::V(blended), size));
            }
        }
        for (to, source, size) in writes {
            self.write(to, size, source);
        }
    }
}
