//! [`Nothing`]: the sink of bodies that run for what they do.

use super::kernel::Terms;
use crate::jobs::pipeline::{Sink, SinkEnd};
use crate::jobs::value::Value;
use crate::pool::Completion;

/// Takes nothing.
pub(crate) struct Nothing;

impl SinkEnd for Nothing {
    type Part<'a> = ();

    fn begin(&self, _lane: usize) {}

    fn end(&self, (): ()) {}

    fn finish(&self, _: &Completion) -> Value {
        Value::Undefined
    }
}

impl Sink<Terms<'_>> for Nothing {
    #[inline]
    fn take(&self, (): &mut (), _: Terms<'_>) {}
}
