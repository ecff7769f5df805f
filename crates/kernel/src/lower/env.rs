//! What each variable is at a point of the program. Every path keeps one of its own, and where paths meet they are compared: both
//! cost what has changed, not what there is.

use std::ops::{Index, IndexMut};
use std::rc::Rc;

use super::scope::VarId;
use super::value::Js;

const CHUNK: usize = 32;

/// What each variable is. Copies share what neither has changed.
#[derive(Clone, Default)]
pub(super) struct Env {
    chunks: Vec<Rc<Vec<Js>>>,
}

impl Env {
    pub(super) fn len(&self) -> usize {
        self.chunks.last().map_or(0, |last| (self.chunks.len() - 1) * CHUNK + last.len())
    }

    /// One more variable.
    pub(super) fn push(&mut self, value: Js) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => Rc::make_mut(last).push(value),
            _ => self.chunks.push(Rc::new(vec![value])),
        }
    }

    /// Makes room for variables that were declared where this path has not been: here they are out of reach.
    pub(super) fn pad(&mut self, len: usize) {
        for _ in self.len()..len {
            self.push(Js::Conflict);
        }
    }

    /// The variables of which some of `others`, which have all of this one's and perhaps more, have something else.
    pub(super) fn changed_in(&self, others: &[&Self]) -> Vec<VarId> {
        let mut changed = Vec::new();
        for (number, chunk) in self.chunks.iter().enumerate() {
            if others.iter().all(|other| Rc::ptr_eq(&other.chunks[number], chunk)) {
                continue;
            }
            for (at, value) in chunk.iter().enumerate() {
                if others.iter().any(|other| other.chunks[number][at] != *value) {
                    changed.push(VarId(number * CHUNK + at));
                }
            }
        }
        changed
    }
}

impl Index<VarId> for Env {
    type Output = Js;

    fn index(&self, variable: VarId) -> &Js {
        &self.chunks[variable.0 / CHUNK][variable.0 % CHUNK]
    }
}

impl IndexMut<VarId> for Env {
    fn index_mut(&mut self, variable: VarId) -> &mut Js {
        &mut Rc::make_mut(&mut self.chunks[variable.0 / CHUNK])[variable.0 % CHUNK]
    }
}
