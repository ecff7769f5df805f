//! Which engine runs bodies, and who hears of their machine code.

use std::sync::atomic::{AtomicBool, Ordering};

use allcores_kernel::Body;
use allcores_kernel::codegen::{Native, NoCode};

use super::Library;

static USES_CODE: AtomicBool = AtomicBool::new(true);
static IS_ANNOUNCED: AtomicBool = AtomicBool::new(false);

/// From now on the interpreter runs all bodies, in the whole process.
pub(crate) fn use_interpreter() {
    USES_CODE.store(false, Ordering::Relaxed);
}

/// Whether bodies may run as machine code.
pub(crate) fn may_use_code() -> bool {
    USES_CODE.load(Ordering::Relaxed)
}

/// From now on `perf` is told of machine code that is made, in the whole process.
pub(crate) fn announce_code() {
    IS_ANNOUNCED.store(true, Ordering::Relaxed);
}

/// The machine code of a body: whoever wants it asks here, so that none is made in silence.
pub(crate) fn native(body: &Body, library: Library) -> Result<&Native, NoCode> {
    body.native_and(library, |native| announce(native, body.title()))
}

/// The same for one row of a range of several dimensions.
pub(super) fn rows(body: &Body, library: Library) -> Option<&Native> {
    body.rows_and(library, |native| announce(native, &format!("{} (a row)", body.title())))
}

fn announce(native: &Native, title: &str) {
    if IS_ANNOUNCED.load(Ordering::Relaxed) {
        native.code().announce(&format!("allcores:{title}"));
        if let Some(scalar) = native.scalar() {
            scalar.code().announce(&format!("allcores:{title} (one index at a time)"));
        }
    }
}
