//! Which bytes of the process are being stored to by a call in flight.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The byte ranges in flight, start to end; no two overlap. Addresses identify memory across all JavaScript
/// threads of the process: the same `SharedArrayBuffer` lies at the same address in each of them, and a range is
/// released before its memory can be freed.
static IN_FLIGHT: Mutex<BTreeMap<usize, usize>> = Mutex::new(BTreeMap::new());

fn in_flight() -> MutexGuard<'static, BTreeMap<usize, usize>> {
    // The map is only ever changed by one insert or one remove: it is whole, even if a panic poisoned the lock.
    IN_FLIGHT.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_free(map: &BTreeMap<usize, usize>, bytes: &Range<usize>) -> bool {
    // Ranges are disjoint, so of those that start before our end the last one reaches farthest.
    map.range(..bytes.end).next_back().is_none_or(|(_, &end)| end <= bytes.start)
}

/// The sole right, among all calls of the process, to store to some bytes. Dropping it releases them.
pub struct Claim {
    bytes: Range<usize>,
}

impl Claim {
    /// `None` if another claim overlaps `bytes`. O(log of the claims there are).
    pub fn new(bytes: Range<usize>) -> Option<Self> {
        let mut map = in_flight();
        if bytes.is_empty() || !is_free(&map, &bytes) {
            return None;
        }
        map.insert(bytes.start, bytes.end);
        Some(Self { bytes })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        in_flight().remove(&self.bytes.start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The map is shared by all tests of the process, so each takes addresses of its own.

    #[test]
    fn overlapping_claims_are_refused_and_neighbours_are_not() {
        let base = 0x1000;
        let held = Claim::new(base + 16..base + 32).unwrap();
        for (start, end) in [(16, 32), (0, 17), (31, 40), (20, 24), (0, 64), (16, 17), (31, 32)] {
            assert!(Claim::new(base + start..base + end).is_none(), "{start}..{end}");
        }
        let before = Claim::new(base..base + 16);
        let after = Claim::new(base + 32..base + 64);
        assert!(before.is_some() && after.is_some());
        drop(held);
        assert!(Claim::new(base + 16..base + 32).is_some());
        assert!(Claim::new(base + 8..base + 24).is_none(), "the neighbour is still there");
    }
}
