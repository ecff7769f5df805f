//! [`Stores`]: the sink of `map`.

use allcores_memory::SharedArray;

use super::kernel::Terms;
use crate::jobs::pipeline::{Sink, SinkEnd};
use crate::jobs::value::Value;
use crate::pool::Completion;

/// Stores what the body returns for unit k as element k.
pub(crate) struct Stores(SharedArray);

impl Stores {
    /// `into` has an element for each unit.
    pub(super) fn new(into: SharedArray) -> Self {
        Self(into)
    }
}

impl SinkEnd for Stores {
    type Part<'a> = ();

    fn begin(&self, _lane: usize) {}

    fn end(&self, (): ()) {}

    fn finish(&self, _: &Completion) -> Value {
        Value::Undefined
    }
}

impl Sink<Terms<'_>> for Stores {
    fn take(&self, (): &mut (), terms: Terms<'_>) {
        self.0.store_run(terms.start as usize, terms.values);
    }
}
