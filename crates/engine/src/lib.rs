//! The state machine of the exchange. One command runs to completion: validate, risk, match, settle, events.
//!
//! It is a function of (state, command, exchange time) and of nothing else: no clock, no input or output, no
//! randomness, no order of a hash map. Two engines that applied the same journal are equal to the last bit.
//!
//! Each verb is a file of its own ([`Engine::apply`] dispatches to them), and each validates first and changes
//! after: a refusal leaves no trace. What would be a bug is an assertion that begins with "Invariant:".

mod account;
mod amend;
mod amend_trigger;
mod attach;
mod cancel;
mod cancel_trigger;
mod client_index;
mod dedupe;
mod definitions;
mod encode;
mod engine;
mod events;
mod fire;
mod hash;
mod index_price;
mod invariants;
mod live_orders;
mod look_ahead;
mod market;
mod matching;
mod money;
mod order;
mod phases;
mod place;
mod place_trigger;
mod reads;
mod restore;
mod risk;
mod save_triggers;
mod seat;
mod settle;
mod shape;
mod snapshot;
mod survey;
mod taker;
mod timers;
mod touched;
mod trail;
mod trigger;
mod trigger_life;
mod triggers;
mod watch;

pub use engine::Engine;
pub use events::EventBuffer;
pub use reads::{AccountView, BalanceView, LevelView, OrderView, Population};
pub use restore::RestoreError;
