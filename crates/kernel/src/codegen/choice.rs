//! Which instruction set code is made for: the widest that the processor has, that the program has not ruled out, and that does here what
//! the interpreter does.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use allcores_machine::Isa;

use super::x64::Machine;
use super::{NoCode, self_test};

/// What the program asks for: nothing, no code at all, or one of [`Machine::ALL`].
static ASKED: AtomicU8 = AtomicU8::new(ANY);

const ANY: u8 = u8::MAX;
const NONE: u8 = u8::MAX - 1;

/// Whether each of [`Machine::ALL`] has passed its test.
static TRUSTED: [OnceLock<bool>; Machine::ALL.len()] = [const { OnceLock::new() }; Machine::ALL.len()];

/// From now on code is made for no wider instruction set, in the whole process. For the portable one, there is no code.
pub fn use_isa(isa: Isa) {
    let machine = Machine::ALL.iter().position(|machine| machine.name() == isa.name());
    let asked = match machine {
        Some(number) => number as u8,
        None if isa == Isa::PORTABLE => NONE,
        None => ANY,
    };
    ASKED.store(asked, Ordering::Relaxed);
}

/// What code is made for.
pub(super) fn chosen() -> Result<Machine, NoCode> {
    choose(ASKED.load(Ordering::Relaxed), is_trusted)
}

/// An instruction set that is wider than the one that code is made for, and that is left alone because its code has not done here what the
/// interpreter does.
pub fn distrusted() -> Option<&'static str> {
    let failed = |machine: &Machine| TRUSTED[machine.number()].get() == Some(&false);
    Machine::available().find(failed).map(Machine::name)
}

fn choose(asked: u8, is_trusted: impl Fn(Machine) -> bool) -> Result<Machine, NoCode> {
    if asked == NONE {
        return Err(NoCode::Asked);
    }
    let mut machines = Machine::available().filter(|machine| !machine.is_scalar()).peekable();
    if machines.peek().is_none() {
        return Err(NoCode::Processor);
    }
    // The wider ones have higher numbers.
    let mut allowed = machines.filter(|machine| asked == ANY || machine.number() <= usize::from(asked));
    allowed.find(|machine| is_trusted(*machine)).ok_or(NoCode::Distrusted)
}

/// Whether code for one index at a time does here what the interpreter does.
pub(super) fn is_scalar_trusted() -> bool {
    is_trusted(Machine::Scalar)
}

fn is_trusted(machine: Machine) -> bool {
    *TRUSTED[machine.number()].get_or_init(|| self_test::passes(machine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_that_is_trusted_is_chosen() {
        let available: Vec<Machine> = Machine::available().filter(|machine| !machine.is_scalar()).collect();
        assert_eq!(choose(NONE, |_| true), Err(NoCode::Asked));
        let Some((widest, rest)) = available.split_first() else {
            return assert_eq!(choose(ANY, |_| true), Err(NoCode::Processor));
        };
        assert_eq!(choose(ANY, |_| true), Ok(*widest));
        assert_eq!(choose(ANY, |_| false), Err(NoCode::Distrusted));
        assert_eq!(
            choose(ANY, |machine| machine != *widest),
            rest.first().copied().ok_or(NoCode::Distrusted)
        );
        for machine in &available {
            assert_eq!(choose(machine.number() as u8, |_| true), Ok(*machine));
        }
    }

    /// Nothing is left alone on a machine that works.
    #[test]
    fn every_instruction_set_passes_its_test() {
        for machine in Machine::available() {
            assert!(is_trusted(machine), "{}", machine.name());
        }
        assert_eq!(distrusted(), None);
        assert_eq!(chosen().ok(), Machine::available().next());
    }
}
