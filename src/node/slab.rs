//! A table of values by small numbers, whose growth may fail.
//!
//! It holds the calls in flight of an environment. How many there are is the program's choice, so it grows by allocations
//! that may fail, before anything has happened that would have to be undone.

use std::collections::TryReserveError;

/// A table of values that keep their numbers. Freed numbers are used again, the last one first.
pub(super) struct Slab<T> {
    entries: Vec<Entry<T>>,
    /// The next number to be used: a vacant entry, or the one behind the last.
    next: usize,
    occupied: usize,
}

enum Entry<T> {
    Occupied(T),
    /// Vacant, and which number is to be used after this one.
    Vacant {
        then: usize,
    },
}

impl<T> Slab<T> {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new(), next: 0, occupied: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.occupied
    }

    pub(super) fn is_empty(&self) -> bool {
        self.occupied == 0
    }

    /// Makes room for one more.
    pub(super) fn reserve(&mut self) -> Result<(), TryReserveError> {
        if self.next == self.entries.len() { self.entries.try_reserve(1) } else { Ok(()) }
    }

    /// The number that the next one gets.
    pub(super) fn next(&self) -> u32 {
        // 2^32 calls in flight do not fit into memory.
        self.next as u32
    }

    /// Puts a value into the table. Allocates nothing after [`reserve`](Self::reserve).
    pub(super) fn insert(&mut self, value: T) {
        let then = match self.entries.get(self.next) {
            Some(Entry::Vacant { then }) => *then,
            _ => self.next + 1,
        };
        match self.entries.get_mut(self.next) {
            Some(entry) => *entry = Entry::Occupied(value),
            None => self.entries.push(Entry::Occupied(value)),
        }
        self.next = then;
        self.occupied += 1;
    }

    pub(super) fn get(&self, number: u32) -> Option<&T> {
        match self.entries.get(number as usize) {
            Some(Entry::Occupied(value)) => Some(value),
            _ => None,
        }
    }

    /// Takes a value out of the table.
    pub(super) fn remove(&mut self, number: u32) -> Option<T> {
        let entry =
            self.entries.get_mut(number as usize).filter(|entry| matches!(entry, Entry::Occupied(_)))?;
        let Entry::Occupied(value) = std::mem::replace(entry, Entry::Vacant { then: self.next }) else {
            return None;
        };
        self.next = number as usize;
        self.occupied -= 1;
        Some(value)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Occupied(value) => Some(value),
            Entry::Vacant { .. } => None,
        })
    }

    pub(super) fn into_values(self) -> impl Iterator<Item = T> {
        self.entries.into_iter().filter_map(|entry| match entry {
            Entry::Occupied(value) => Some(value),
            Entry::Vacant { .. } => None,
        })
    }
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::Slab;

    proptest! {
        /// Any order of inserting and removing, next to a map; `Some` removes that number, there or not.
        #[test]
        fn a_table_is_a_map_with_small_numbers(steps in prop::collection::vec(prop::option::of(0_u32..40), 1..200)) {
            let (mut slab, mut map) = (Slab::new(), BTreeMap::new());
            let mut most = 0;
            for (value, step) in steps.into_iter().enumerate() {
                if let Some(number) = step {
                    prop_assert_eq!(slab.remove(number), map.remove(&number));
                } else {
                    slab.reserve().unwrap();
                    let number = slab.next();
                    slab.insert(value);
                    prop_assert!(map.insert(number, value).is_none(), "{} is used twice", number);
                    most = most.max(map.len());
                    prop_assert!((number as usize) < most, "{} of {}", number, most);
                }
                prop_assert_eq!(slab.len(), map.len());
                prop_assert_eq!(slab.is_empty(), map.is_empty());
                prop_assert_eq!(slab.iter().collect::<Vec<_>>(), map.values().collect::<Vec<_>>());
                for number in 0..40 {
                    prop_assert_eq!(slab.get(number), map.get(&number));
                }
            }
            prop_assert_eq!(slab.into_values().collect::<Vec<_>>(), map.into_values().collect::<Vec<_>>());
        }
    }
}
