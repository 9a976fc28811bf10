//! What the core cannot know of itself: the time, and prices elsewhere.

use crate::record;
use crate::{CommandHeader, InstrumentId};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

record! {
    /// Tells the core that exchange time has reached a deadline. Appended by the host only.
    128 AdvanceTime {
        /// No flags.
        header: CommandHeader,
        /// Reserved, zero; the time is that of the frame.
        reserved: [u8; 104],
    }
}

record! {
    /// Says what an instrument is worth outside, as the index of several venues, and which prices orders may have for it.
    128 SetIndexPrice {
        /// No account.
        header: CommandHeader,
        /// Which.
        instrument: InstrumentId,
        /// Reserved, zero.
        reserved: [u8; 4],
        /// The index price, in ticks; 0 when there is none.
        price: i64,
        /// Highest price of a buy order, in ticks; 0 for that of the listing.
        highest_buy: i64,
        /// Lowest price of a sell order, in ticks; 0 for that of the listing.
        lowest_sell: i64,
        /// Reserved, zero.
        reserved2: [u8; 72],
    }
}
