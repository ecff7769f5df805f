//! What code asks for, and the answers.

use super::Question;
use super::native::{Native, World, word};
use super::x64::frame;
use crate::interpret::{MathLibrary, Memory, Stop};
use crate::ir::Math;
use crate::numeric;

impl Native {
    /// The argument of the first lane that asks.
    pub(super) fn asked(&self, words: &[u64]) -> f64 {
        let part = (0..self.parts).find(|part| self.asking(words, *part) != 0).unwrap_or(0);
        let lane = self.asking(words, part).trailing_zeros() as usize;
        f64::from_bits(words[self.argument(part, lane.min(self.machine.lanes() - 1))])
    }

    /// The lanes of a part that ask, or that are in the loop whose turn it is, as bits.
    pub(super) fn asking(&self, words: &[u64], part: usize) -> u32 {
        let both = words[word(frame::ASKING) + part / 2];
        (both >> (32 * (part % 2))) as u32 & self.machine.all_lanes()
    }

    pub(super) fn set_asking(&self, words: &mut [u64], part: usize, lanes: u32) {
        let (both, shift) = (&mut words[word(frame::ASKING) + part / 2], 32 * (part % 2));
        *both = *both & !(u64::from(u32::MAX) << shift) | u64::from(lanes) << shift;
    }

    /// Where the first argument of a lane is.
    fn argument(&self, part: usize, lane: usize) -> usize {
        word(self.machine.arguments()) + self.machine.lanes() * part + lane
    }

    /// Does what the code asks for, for each lane that asks.
    pub(super) fn answer<M: Memory, L: MathLibrary, F>(
        &self,
        words: &mut [u64],
        question: u32,
        world: &World<'_, M, L, F>,
    ) -> Result<(), Stop> {
        let argument = word(self.machine.argument());
        let question = self.questions[question as usize];
        for part in 0..self.parts {
            let asking = self.asking(words, part);
            for lane in (0..self.machine.lanes()).filter(|lane| asking & 1 << lane != 0) {
                let place = self.argument(part, lane);
                let [a, b, c] = [0, 1, 2].map(|number| f64::from_bits(words[place + number * argument]));
                let answer = match question {
                    Question::Call(function) => {
                        let arguments: [f64; Math::MAX_ARITY] = [a, b, c];
                        world.math.call(function, &arguments[..function.arity()])
                    }
                    Question::Remainder => a % b,
                    Question::Atomic(op, array) => {
                        let len = world.memory.len(array);
                        let Some(index) = numeric::element_index(a, len) else {
                            return Err(Stop::AtomicOutOfBounds { array, index: a });
                        };
                        world.memory.atomic(op, array, index, b, c)
                    }
                };
                words[place] = answer.to_bits();
            }
        }
        Ok(())
    }
}
