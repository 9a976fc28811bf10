//! The double-entry ledger: who has how much of what, and the only way in which that may change.
//!
//! Money moves by [`Ledger::post`] alone. Every set of legs sums to zero and is checked, in release builds too;
//! what comes in from outside stands with a minus on [`tickyard_types::AccountId::EXTERNAL`]. Amounts are i128 in
//! the asset's unit. Each rounding is a named function with a direction, in [`rounding`].

mod balance;
mod key;
mod ledger;
pub mod rounding;

pub use balance::{Balance, RowId};
pub use key::{KeyUse, Keys, Movement};
pub use ledger::{Ledger, Leg, MAX_FEE_DEBT, MAX_SUPPLY};
