//! The calls in flight of an environment, by small numbers: no call ever starts for which there is no room.
//!
//! How many there are is the program's choice, so the table grows by allocations that may fail, and before anything has
//! happened that would have to be undone.

use std::collections::TryReserveError;

/// A table of values that keep their numbers; freed numbers are given out again, the last one first.
pub(super) struct Calls<T> {
    places: Vec<Place<T>>,
    /// The next number to be given out: a free place, or the first behind the last.
    next: usize,
    taken: usize,
}

enum Place<T> {
    Taken(T),
    /// Free, and which number is to be given out after this one.
    Free {
        then: usize,
    },
}

impl<T> Calls<T> {
    pub(super) const fn new() -> Self {
        Self { places: Vec::new(), next: 0, taken: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.taken
    }

    pub(super) fn is_empty(&self) -> bool {
        self.taken == 0
    }

    /// Makes room for one more.
    pub(super) fn reserve(&mut self) -> Result<(), TryReserveError> {
        if self.next == self.places.len() { self.places.try_reserve(1) } else { Ok(()) }
    }

    /// The number that the next one gets.
    pub(super) fn next(&self) -> u32 {
        // 2^32 calls in flight do not fit into memory.
        self.next as u32
    }

    /// Puts a value into the table. Allocates nothing after [`reserve`](Self::reserve).
    pub(super) fn insert(&mut self, value: T) {
        let then = match self.places.get(self.next) {
            Some(Place::Free { then }) => *then,
            _ => self.next + 1,
        };
        match self.places.get_mut(self.next) {
            Some(place) => *place = Place::Taken(value),
            None => self.places.push(Place::Taken(value)),
        }
        self.next = then;
        self.taken += 1;
    }

    pub(super) fn get(&self, number: u32) -> Option<&T> {
        match self.places.get(number as usize) {
            Some(Place::Taken(value)) => Some(value),
            _ => None,
        }
    }

    /// Takes a value out of the table.
    pub(super) fn remove(&mut self, number: u32) -> Option<T> {
        let place = self.places.get_mut(number as usize).filter(|place| matches!(place, Place::Taken(_)))?;
        let Place::Taken(value) = std::mem::replace(place, Place::Free { then: self.next }) else {
            return None;
        };
        self.next = number as usize;
        self.taken -= 1;
        Some(value)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter().filter_map(|place| match place {
            Place::Taken(value) => Some(value),
            Place::Free { .. } => None,
        })
    }

    pub(super) fn into_values(self) -> impl Iterator<Item = T> {
        self.places.into_iter().filter_map(|place| match place {
            Place::Taken(value) => Some(value),
            Place::Free { .. } => None,
        })
    }
}

impl<T> Default for Calls<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::Calls;

    proptest! {
        /// Any order of inserting and removing, next to a map; `Some` removes that number, there or not.
        #[test]
        fn a_table_is_a_map_with_small_numbers(steps in prop::collection::vec(prop::option::of(0_u32..40), 1..200)) {
            let (mut calls, mut map) = (Calls::new(), BTreeMap::new());
            let mut most = 0;
            for (value, step) in steps.into_iter().enumerate() {
                if let Some(number) = step {
                    prop_assert_eq!(calls.remove(number), map.remove(&number));
                } else {
                    calls.reserve().unwrap();
                    let number = calls.next();
                    calls.insert(value);
                    prop_assert!(map.insert(number, value).is_none(), "{} is given out twice", number);
                    most = most.max(map.len());
                    prop_assert!((number as usize) < most, "{} of {}", number, most);
                }
                prop_assert_eq!(calls.len(), map.len());
                prop_assert_eq!(calls.is_empty(), map.is_empty());
                prop_assert_eq!(calls.iter().collect::<Vec<_>>(), map.values().collect::<Vec<_>>());
                for number in 0..40 {
                    prop_assert_eq!(calls.get(number), map.get(&number));
                }
            }
            prop_assert_eq!(calls.into_values().collect::<Vec<_>>(), map.into_values().collect::<Vec<_>>());
        }
    }
}
