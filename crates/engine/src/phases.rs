//! Every command has two phases. The first checks and cannot change anything; the second changes and refuses nothing.
//!
//! So a defect in a check costs one command, which is refused here and at every replay alike, while a defect in a
//! change stops the core: nobody knows what was changed. Source: reliability, D10.

use crate::Engine;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tickyard_buggify::{Point, panic_over};
use tickyard_types::{CommandHeader, Refusal};

impl Engine {
    /// Runs the checks of a command; a panic in them is [`Refusal::Internal`].
    ///
    /// That the engine is lent and has no cells is the proof that it is unharmed.
    #[inline]
    pub(crate) fn checked<T>(
        &self,
        header: &CommandHeader,
        check: impl FnOnce(&Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let origin = (header.origin.boot, header.origin.counter);
        let checking = AssertUnwindSafe(|| {
            panic_over(Point::PanicInValidate, origin);
            check(self)
        });
        let checked = catch_unwind(checking).unwrap_or(Err(Refusal::Internal));
        if checked.is_ok() {
            panic_over(Point::PanicInCommit, origin);
        }
        checked
    }
}
