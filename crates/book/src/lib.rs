//! The order book: orders at rest, in price-time priority. It knows prices, sizes and places in the queue;
//! money, accounts' limits and self-trade prevention belong to the engine.
//!
//! [`Orders`] is one slab for all books of an engine, [`Book`] is one instrument.

mod book;
mod far_levels;
mod id_map;
mod level;
mod level_index;
mod matcher;
mod matching;
pub mod naive;
mod orders;
mod slot_map;
mod walk;
mod window;

pub use book::Book;
pub use id_map::{IdKey, IdMap};
pub use level::Level;
pub use matcher::Matcher;
pub use matching::{LimitOrder, Matching, Rejection, Report, ReportKind};
pub use orders::{HotOrder, Orders, RestoreError};
pub use slot_map::SlotMap;
pub use walk::{Levels, Maker, Makers};

/// The number of an order's place in [`Orders`].
pub type Slot = u32;

/// In a link: there is no such order or level.
const NONE: u32 = u32::MAX;
