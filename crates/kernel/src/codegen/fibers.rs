//! Loops that some lanes leave long before others.
//!
//! A vector with one lane left in a loop takes as long for a turn as one with all. So groups of lanes of such bodies run by slices of some
//! turns, each in a frame of its own, a *fiber*. When all have had their slice, and too many lanes are idle, lanes change places: those that
//! are still in the loop move to the first fibers, in the place of those that have left it.
//!
//! ```text
//! fiber 0   x . x .        x x x x        x: still in the loop
//! fiber 1   . . x .   →    . . . .   ←    leaves the loop in its next slice, and is done
//! fiber 2   . x . .        . . . .
//! ```
//!
//! Only fibers can exchange lanes that are at the beginning of a turn of the same loop, and whose values that are the same for all lanes
//! are the same too. A lane takes along all that the code keeps there ([`Turn`]), and its indices; the sink need not know the order in which
//! lanes come to their end, since each knows its place.

use std::sync::atomic::Ordering;

use super::native::{
    Block, End, Indices, Inputs, LANES, Lanes, NOWHERE, Native, World, address, begin, word,
};
use super::x64::frame::{self, Kind, Turn};
use crate::interpret::{Fuel, MathLibrary, Memory, Stop};

/// Turns of the first slice, of a body that has not run yet.
pub(super) const FIRST_SLICE: u32 = 16;

/// How often code gives its driver a turn, and how slices grow and shrink. Tests have that happen at every turn of every loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Turns of loops until the caller is asked whether to go on: a hundred microseconds or so.
    pub(super) turns: u64,
    pub(super) least: u32,
    pub(super) most: u32,
    /// Of four fibers, so many must be left at the most for lanes to change places.
    pub(super) packed: usize,
}

/// Instructions, or so, until the caller is asked whether to go on.
const INSTRUCTIONS: usize = 1 << 18;

impl Pace {
    /// Of loops whose turns take that many instructions.
    pub(super) fn of(weight: usize) -> Self {
        let turns = (INSTRUCTIONS / weight.max(1)).clamp(8, 1 << 12) as u64;
        Self { turns, least: 8, most: 1 << 12, packed: 3 }
    }
}

/// A lane that stands for no index.
const NOBODY: u16 = u16::MAX;

/// The fibers of one thread.
#[derive(Default, Debug)]
pub(super) struct Fibers {
    fibers: Box<[Fiber]>,
    /// Those that are not done, and the turns at which they are.
    waiting: Vec<Waiting>,
    /// The same, of those that can exchange lanes.
    class: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    fiber: usize,
    turn: usize,
    is_looked_at: bool,
}

/// A group of lanes. It has an address: its frame leads to its lists.
#[derive(Debug)]
struct Fiber {
    words: Box<[u64]>,
    lists: [[f64; LANES]; 3],
    mask: [u64; LANES],
    out: [f64; LANES],
    /// The place of each lane in the block.
    places: [u16; LANES],
}

impl Native {
    /// Runs a block.
    ///
    /// # Safety
    ///
    /// As [`run`](Self::run).
    pub(super) unsafe fn run_fibers<M: Memory, L: MathLibrary, F: Fuel>(
        &self,
        fibers: &mut Fibers,
        inputs: &Inputs,
        block: Block<'_>,
        world: &mut World<'_, M, L, F>,
    ) -> Result<(), Stop> {
        let Block { indices, count, out } = block;
        let group = self.lanes();
        if fibers.fibers.is_empty() {
            let new = |_| Fiber {
                words: self.words(),
                lists: [[0.0; LANES]; 3],
                mask: [0; LANES],
                out: [0.0; LANES],
                places: [NOBODY; LANES],
            };
            fibers.fibers = (0..Self::WIDTH / group).map(new).collect();
        }
        let Fibers { fibers, waiting, class } = fibers;
        let most = self.pace.most.min(self.pace.turns as u32);
        let mut slice = self.slice.load(Ordering::Relaxed).min(most);
        // Since the caller was asked whether to go on.
        let mut turns = 0;
        waiting.clear();
        for (number, fiber) in fibers.iter_mut().enumerate().take(count.div_ceil(group)) {
            fiber.begin(self, inputs, indices, number * group, count);
            goes_on(&mut turns, slice, self.pace.turns, world.fuel)?;
            // SAFETY: the caller's promise, and all that the fiber has told its frame is in the fiber.
            match unsafe { fiber.run(self, slice, out, world) }? {
                End::Done => {}
                End::Turn(turn) => waiting.push(Waiting { fiber: number, turn, is_looked_at: false }),
            }
        }
        let mut is_first = true;
        while !waiting.is_empty() {
            let gained = self.pack(fibers, waiting, class);
            // Longer slices where lanes stay together, shorter ones where they do not.
            slice = if gained { (slice / 2).max(self.pace.least) } else { (slice * 2).min(most) };
            if std::mem::take(&mut is_first) {
                self.slice.store(slice, Ordering::Relaxed);
            }
            let mut stop = Ok(());
            waiting.retain_mut(|one| {
                if stop.is_err() {
                    return false;
                }
                let goes_on = goes_on(&mut turns, slice, self.pace.turns, world.fuel);
                // SAFETY: as above.
                match goes_on.and_then(|()| unsafe { fibers[one.fiber].run(self, slice, out, world) }) {
                    Ok(End::Done) => false,
                    Ok(End::Turn(turn)) => {
                        *one = Waiting { turn, is_looked_at: false, ..*one };
                        true
                    }
                    Err(why) => {
                        stop = Err(why);
                        false
                    }
                }
            });
            stop?;
        }
        Ok(())
    }

    /// Lets lanes change places where that frees fibers of them. Returns whether it did.
    fn pack(&self, fibers: &mut [Fiber], waiting: &mut [Waiting], class: &mut Vec<usize>) -> bool {
        let mut gained = false;
        for at in 0..waiting.len() {
            let Waiting { fiber, turn: number, is_looked_at } = waiting[at];
            let turn = &self.turns[number];
            if is_looked_at || !turn.diverges {
                continue;
            }
            class.clear();
            class.push(fiber);
            for other in &mut waiting[at + 1..] {
                if !other.is_looked_at
                    && other.turn == number
                    && turn.is_same(&fibers[fiber].words, &fibers[other.fiber].words)
                {
                    other.is_looked_at = true;
                    class.push(other.fiber);
                }
            }
            if class.len() > 1 {
                gained |= self.pack_class(turn, fibers, class);
            }
        }
        gained
    }
}

impl Native {
    /// Packs the lanes of fibers, part by part, if a fourth of the fibers or more become idle by that.
    fn pack_class(&self, turn: &Turn, fibers: &mut [Fiber], class: &[usize]) -> bool {
        let lanes = self.machine.lanes();
        let is_active = |fibers: &[Fiber], slot: usize, part: usize| {
            turn.is_in_loop(&fibers[class[slot / lanes]].words, part, slot % lanes)
        };
        let slots = lanes * class.len();
        let most = (0..self.parts)
            .map(|part| (0..slots).filter(|slot| is_active(fibers, *slot, part)).count().div_ceil(lanes))
            .max()
            .unwrap_or(0);
        if 4 * most > self.pace.packed * class.len() {
            return false;
        }
        for part in 0..self.parts {
            let (mut low, mut high) = (0, slots);
            loop {
                while low < high && is_active(fibers, low, part) {
                    low += 1;
                }
                while low < high && !is_active(fibers, high - 1, part) {
                    high -= 1;
                }
                // Within a fiber, nothing would be saved.
                if low >= high || low / lanes == (high - 1) / lanes {
                    break;
                }
                let place = |slot: usize| (class[slot / lanes], slot % lanes);
                self.exchange(turn, fibers, part, (place(low), place(high - 1)));
            }
        }
        true
    }

    /// Two lanes of a part change places.
    fn exchange(
        &self,
        turn: &Turn,
        fibers: &mut [Fiber],
        part: usize,
        (a, b): ((usize, usize), (usize, usize)),
    ) {
        let lanes = self.machine.lanes();
        let (low, high) = if a.0 < b.0 { (a, b) } else { (b, a) };
        let Ok([one, other]) = fibers.get_disjoint_mut([low.0, high.0]) else { unreachable!("two fibers") };
        for (place, kind, of) in &turn.kept {
            if usize::from(*of) != part {
                continue;
            }
            match kind {
                Kind::Wide => std::mem::swap(&mut one.words[place + low.1], &mut other.words[place + high.1]),
                Kind::Narrow => {
                    let [x, y] = [one.words[place + low.1 / 2], other.words[place + high.1 / 2]];
                    let (s, t) = (32 * (low.1 % 2) as u32, 32 * (high.1 % 2) as u32);
                    let half = u64::from(u32::MAX);
                    one.words[place + low.1 / 2] = x & !(half << s) | (y >> t & half) << s;
                    other.words[place + high.1 / 2] = y & !(half << t) | (x >> s & half) << t;
                }
                Kind::Uniform => {}
            }
        }
        let (i, j) = (lanes * part + low.1, lanes * part + high.1);
        for (list, others) in one.lists.iter_mut().zip(&mut other.lists) {
            std::mem::swap(&mut list[i], &mut others[j]);
        }
        std::mem::swap(&mut one.mask[i], &mut other.mask[j]);
        std::mem::swap(&mut one.places[i], &mut other.places[j]);
        // Their indices are consecutive no longer.
        one.words[word(frame::FIRST)] = NOWHERE;
        other.words[word(frame::FIRST)] = NOWHERE;
    }
}

/// Asks the caller whether to go on, if there have been enough turns since it was asked.
fn goes_on(turns: &mut u64, slice: u32, enough: u64, fuel: &mut impl Fuel) -> Result<(), Stop> {
    if *turns > enough {
        *turns = 0;
        if !fuel.burn_many() {
            return Err(Stop::OutOfFuel);
        }
    }
    *turns += u64::from(slice) + 1;
    Ok(())
}

impl Turn {
    /// Whether a lane has not left the loop.
    fn is_in_loop(&self, words: &[u64], part: usize, lane: usize) -> bool {
        words[self.masks[part] + lane] != 0
    }

    /// Whether what is the same for all lanes is the same in two frames.
    fn is_same(&self, one: &[u64], other: &[u64]) -> bool {
        self.kept.iter().all(|(place, kind, _)| *kind != Kind::Uniform || one[*place] == other[*place])
    }
}

impl Fiber {
    /// Takes the lanes from `start` on; the last index stands in for those that are beyond `count`.
    fn begin(&mut self, native: &Native, inputs: &Inputs, indices: Indices<'_>, start: usize, count: usize) {
        let group = native.lanes();
        let end = count.min(start + group);
        indices.copy(start..end, group, &mut self.lists[..native.indices]);
        for lane in 0..group {
            let is_there = start + lane < end;
            self.mask[lane] = if is_there { u64::MAX } else { 0 };
            self.places[lane] = if is_there { (start + lane) as u16 } else { NOBODY };
        }
        let first = match indices {
            Indices::From(first) if start + group <= count => Some(first + start as u64),
            _ => None,
        };
        let lanes = Lanes { lists: self.lists.each_ref().map(|list| address(list)), base: -0.0, first };
        let out = self.out.as_mut_ptr().expose_provenance();
        begin(&mut self.words, inputs, lanes, address(&self.mask), out, group);
    }

    /// Runs for some turns. When it is done, its lanes bring what they return to their places.
    ///
    /// # Safety
    ///
    /// As [`Native::run`].
    unsafe fn run<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        native: &Native,
        turns: u32,
        out: &mut [f64; Native::WIDTH],
        world: &World<'_, M, L, F>,
    ) -> Result<End, Stop> {
        self.words[word(frame::BUDGET)] = u64::from(turns);
        // SAFETY: the caller's promise; lists, mask and results are in this fiber, and have room for a whole group.
        let end = unsafe { native.enter(&mut self.words, world) }?;
        if matches!(end, End::Done) && native.returns {
            for (value, place) in self.out.iter().zip(&self.places).take(native.lanes()) {
                if *place != NOBODY {
                    out[usize::from(*place)] = *value;
                }
            }
        }
        Ok(end)
    }
}
