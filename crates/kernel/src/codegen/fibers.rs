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
//! are the same too. A lane takes along all that the code keeps there ([`Turn`]), and its indices if the code reads them again; the sink need
//! not know the order in which lanes come to their end, since each knows its place.

use std::sync::atomic::Ordering;

use super::block::{Block, Indices, LANES, Lanes, NOWHERE, address, all, begin};
use super::native::{End, Inputs, Native, World, word};
use super::words::Words;
use super::x64::frame::{self, Taken, Turn};
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
    fibers: Vec<Fiber>,
    /// Those that are not done, and the turns at which they are.
    waiting: Vec<Waiting>,
    /// The same, of those that can exchange lanes.
    class: Vec<usize>,
    /// Of those, which lanes are in their loop.
    lanes_in: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    fiber: usize,
    turn: usize,
    is_looked_at: bool,
}

/// A group of lanes. Its frame leads to its lists, so it must not move while it runs.
#[derive(Debug)]
struct Fiber {
    words: Words,
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
        let Fibers { fibers, waiting, class, lanes_in } = fibers;
        let most = self.pace.most.min(self.pace.turns as u32);
        let mut slice = self.slice.load(Ordering::Relaxed).min(most);
        // Since the caller was asked whether to go on.
        let mut turns = 0;
        waiting.clear();
        let groups = count.div_ceil(group);
        if fibers.len() < groups {
            fibers.resize_with(groups, || Fiber::new(self.words()));
        }
        for (number, fiber) in fibers.iter_mut().enumerate().take(groups) {
            fiber.begin(self, inputs, indices, number * group, count);
            goes_on(&mut turns, slice, self.pace.turns, world.fuel)?;
            // SAFETY: the caller's promise. What the fiber has told its frame is in the fiber, which does not move while this runs, or in
            // lists of the block or of the process, which are there until this returns.
            match unsafe { fiber.run(self, slice, out, world) }? {
                End::Done => {}
                End::Turn(turn) => waiting.push(Waiting { fiber: number, turn, is_looked_at: false }),
            }
        }
        let mut is_first = true;
        while !waiting.is_empty() {
            let gained = self.pack(fibers, waiting, class, lanes_in);
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
    fn pack(
        &self,
        fibers: &mut [Fiber],
        waiting: &mut [Waiting],
        class: &mut Vec<usize>,
        lanes_in: &mut Vec<u32>,
    ) -> bool {
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
                gained |= self.pack_class(turn, fibers, class, lanes_in);
            }
        }
        gained
    }
}

impl Native {
    /// Packs the lanes of fibers, part by part, if a fourth of the fibers or more become idle by that.
    fn pack_class(
        &self,
        turn: &Turn,
        fibers: &mut [Fiber],
        class: &[usize],
        lanes_in: &mut Vec<u32>,
    ) -> bool {
        let lanes = self.machine.lanes();
        // For each part, those of each fiber that are in the loop.
        lanes_in.clear();
        for part in 0..self.parts {
            lanes_in.extend(class.iter().map(|fiber| self.asking(&fibers[*fiber].words, part)));
        }
        let count = |lanes_in: &[u32]| lanes_in.iter().map(|lanes| lanes.count_ones()).sum::<u32>() as usize;
        let most = lanes_in.chunks(class.len()).map(|of_part| count(of_part).div_ceil(lanes)).max();
        if 4 * most.unwrap_or(0) > self.pace.packed * class.len() {
            return false;
        }
        for (part, lanes_in) in lanes_in.chunks_mut(class.len()).enumerate() {
            self.fill(turn, fibers, part, class, lanes_in);
        }
        true
    }

    /// Packs the lanes of a part into the first fibers of a class. `lanes_in` has those of each that are in the loop.
    fn fill(&self, turn: &Turn, fibers: &mut [Fiber], part: usize, class: &[usize], lanes_in: &mut [u32]) {
        let (mut to, mut from) = (0, class.len() - 1);
        while to < from {
            let (free, used) = (!lanes_in[to] & self.machine.all_lanes(), lanes_in[from]);
            if free == 0 {
                to += 1;
            } else if used == 0 {
                from -= 1;
            } else {
                let pairs = Pairs { free, used };
                self.exchange(turn, fibers, part, (class[to], class[from]), pairs);
                for (lane, other) in pairs {
                    lanes_in[to] |= 1 << lane;
                    lanes_in[from] &= !(1 << other);
                }
            }
        }
        for (fiber, lanes) in class.iter().zip(lanes_in) {
            self.set_asking(&mut fibers[*fiber].words, part, *lanes);
        }
    }

    /// Lanes of a part change places.
    fn exchange(&self, turn: &Turn, fibers: &mut [Fiber], part: usize, (a, b): (usize, usize), pairs: Pairs) {
        let lanes = self.machine.lanes();
        let Ok([one, other]) = fibers.get_disjoint_mut([a, b]) else { unreachable!("two fibers") };
        let (words, others): (&mut [u64], &mut [u64]) = (&mut one.words, &mut other.words);
        let Taken { wide, narrow, bits } = &turn.taken[part];
        for (i, j) in pairs {
            for place in wide {
                std::mem::swap(&mut words[*place as usize + i], &mut others[*place as usize + j]);
            }
            for place in narrow {
                let (x, y) = (&mut words[*place as usize + i / 2], &mut others[*place as usize + j / 2]);
                let (s, t) = (32 * (i % 2) as u32, 32 * (j % 2) as u32);
                let differ = (*x >> s ^ *y >> t) & u64::from(u32::MAX);
                *x ^= differ << s;
                *y ^= differ << t;
            }
            for place in bits {
                let (x, y) = (&mut words[*place as usize], &mut others[*place as usize]);
                let differ = (*x >> i ^ *y >> j) & 1;
                *x ^= differ << i;
                *y ^= differ << j;
            }
            let (i, j) = (lanes * part + i, lanes * part + j);
            std::mem::swap(&mut one.places[i], &mut other.places[j]);
            if self.reads_lists_late {
                for (list, others) in one.lists.iter_mut().zip(&mut other.lists).take(self.indices) {
                    std::mem::swap(&mut list[i], &mut others[j]);
                }
                std::mem::swap(&mut one.mask[i], &mut other.mask[j]);
            }
        }
        // Their indices are consecutive no longer.
        words[word(frame::FIRST)] = NOWHERE;
        others[word(frame::FIRST)] = NOWHERE;
    }
}

/// Lanes of one fiber, and as many of another: those of the lowest bits first, for as long as both have any.
#[derive(Clone, Copy)]
struct Pairs {
    free: u32,
    used: u32,
}

impl Iterator for Pairs {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        if self.free == 0 || self.used == 0 {
            return None;
        }
        let pair = (self.free.trailing_zeros() as usize, self.used.trailing_zeros() as usize);
        self.free &= self.free - 1;
        self.used &= self.used - 1;
        Some(pair)
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
    /// Whether what is the same for all lanes is the same in two frames.
    fn is_same(&self, one: &[u64], other: &[u64]) -> bool {
        self.shared.iter().all(|place| one[*place] == other[*place])
    }
}

impl Fiber {
    fn new(words: Words) -> Self {
        Self { words, lists: [[0.0; LANES]; 3], mask: [0; LANES], out: [0.0; LANES], places: [NOBODY; LANES] }
    }

    /// Takes the lanes from `start` on; the last index stands in for those that are beyond `count`.
    fn begin(&mut self, native: &Native, inputs: &Inputs, indices: Indices<'_>, start: usize, count: usize) {
        let group = native.lanes();
        let is_whole = start + group <= count;
        self.places = std::array::from_fn(|lane| (start + lane) as u16);
        if !is_whole {
            self.places[count - start..].fill(NOBODY);
        }
        let (lanes, mask) = if is_whole && !native.reads_lists_late {
            (indices.lanes_from(start), address(&all().0))
        } else {
            let end = count.min(start + group);
            indices.copy(start..end, group, &mut self.lists[..native.indices]);
            self.mask.fill(u64::MAX);
            self.mask[end - start..].fill(0);
            let first = match indices {
                Indices::From(first) if is_whole => Some(first + start as u64),
                _ => None,
            };
            let lists = self.lists.each_ref().map(|list| address(list));
            (Lanes { lists, base: -0.0, first }, address(&self.mask))
        };
        let out = self.out.as_mut_ptr().expose_provenance();
        begin(&mut self.words, inputs, lanes, mask, out, group);
    }

    /// Runs for some turns. When it is done, its lanes bring what they return to their places.
    ///
    /// # Safety
    ///
    /// As [`Native::run`]; and the block with which it [began](Self::begin) is still there.
    unsafe fn run<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        native: &Native,
        turns: u32,
        out: &mut [f64],
        world: &World<'_, M, L, F>,
    ) -> Result<End, Stop> {
        self.words[word(frame::BUDGET)] = u64::from(turns);
        // SAFETY: the caller's promise. Results are in this fiber; lists and mask too, or they are those of a block from a group on that is
        // whole: all have room for one.
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
