//! What is where in the frame when the driver has its turn.

use super::allocate::Kept;
use super::asm::Vreg;
use super::frame::{self, Kind, Taken, Turn};
use super::inst::V;
use super::machine::Machine;

/// Where a register is meanwhile.
pub(in crate::codegen) fn saved(machine: Machine, v: V, register: Vreg) -> i32 {
    if v.is_general() {
        return machine.saved_general(register.0);
    }
    if v.is_mask() { machine.saved_mask(register.0) } else { machine.saved(register.0) }
}

/// A turn of a loop with so many vectors side by side, at which `kept` is needed. The loop has a mask, and lanes may leave it while others
/// stay or not.
pub(in crate::codegen) fn turn(
    machine: Machine,
    parts: u8,
    kinds: &[(Kind, u8)],
    kept: &Kept,
    (mask, diverges): (&[V], bool),
) -> Turn {
    let registers = kept.registers.iter().map(|(v, register)| (*v, saved(machine, *v, *register)));
    let slots = kept.slots.iter().map(|(v, slot)| (*v, machine.slot(*slot)));
    let places: Vec<(V, usize)> =
        registers.chain(slots).map(|(v, offset)| (v, offset as usize / 8)).collect();
    let kind = |v: V| kinds.get(v.index()).copied().unwrap_or((Kind::Wide, frame::NO_PART));
    let half = machine.lanes() / 2;
    let kept: Vec<_> = places
        .iter()
        .flat_map(|(v, place)| match kind(*v) {
            (Kind::Pair, part) => {
                vec![(*place, Kind::Narrow, part), (*place + half, Kind::Narrow, part + 1)]
            }
            (kind, part) => {
                let kind = if v.is_mask() && kind == Kind::Wide { Kind::Bit } else { kind };
                vec![(*place, kind, if parts == 1 { 0 } else { part })]
            }
        })
        .collect();
    let is_known = kept.iter().all(|(_, kind, part)| kind.is_of_all_parts() || *part != frame::NO_PART);
    // Nothing looks at it where all lanes go the same way, or where those that leave do so in what never runs.
    let is_mask_there = mask.iter().all(|v| places.iter().any(|(other, _)| other == v));
    let (shared, own): (Vec<_>, Vec<_>) = kept.into_iter().partition(|(_, kind, _)| *kind == Kind::Uniform);
    let of_part = |part: u8| {
        let places = |kind: Kind| {
            own.iter()
                .filter(|other| (other.1, other.2) == (kind, part))
                .map(|(place, ..)| *place as u32)
                .collect()
        };
        Taken { wide: places(Kind::Wide), narrow: places(Kind::Narrow), bits: places(Kind::Bit) }
    };
    Turn {
        diverges: diverges && is_known && is_mask_there,
        taken: (0..parts).map(of_part).collect(),
        shared: shared.into_iter().map(|(place, ..)| place).collect(),
    }
}
