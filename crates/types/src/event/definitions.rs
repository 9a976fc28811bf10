//! What is listed and set: assets, instruments, accounts, fees.

use crate::record;
use crate::{AccountId, AssetId, EventHeader, InstrumentId, InstrumentState, SelfTrade};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

record! {
    /// An asset was listed.
    64 AssetDefined {
        /// `kind` is [`crate::EventKind::AssetDefined`].
        header: EventHeader,
        /// Its id.
        asset: AssetId,
        /// Decimal digits of the ledger unit.
        unit_digits: u8,
        /// Reserved, zero.
        reserved: [u8; 3],
        /// Its name on the wire.
        symbol: [u8; 16],
        /// Reserved, zero.
        reserved2: [u8; 16],
    }
}

record! {
    /// An instrument was listed or changed its state.
    192 InstrumentDefined {
        /// `kind` is [`crate::EventKind::InstrumentDefined`].
        header: EventHeader,
        /// Its id.
        instrument: InstrumentId,
        /// What is traded.
        base: AssetId,
        /// One tick, as in [`crate::DefineInstrument`].
        tick: i128,
        /// One lot, as in [`crate::DefineInstrument`].
        lot: i128,
        /// What is paid.
        quote: AssetId,
        /// State now.
        state: InstrumentState,
        /// Reserved, zero.
        reserved: [u8; 3],
        /// Smallest order, in lots.
        min_size: i64,
        /// Largest limit order, in lots.
        max_limit_size: i64,
        /// Largest market order by base, in lots.
        max_market_size: i64,
        /// Largest market order by quote, in notional units.
        max_market_amount: i64,
        /// Lowest price accepted, in ticks.
        min_price: i64,
        /// Highest price accepted, in ticks.
        max_price: i64,
        /// Its name on the wire.
        symbol: [u8; 32],
        /// Reserved, zero.
        reserved2: [u8; 40],
    }
}

record! {
    /// An account was opened or its settings changed.
    40 AccountDefined {
        /// `kind` is [`crate::EventKind::AccountDefined`].
        header: EventHeader,
        /// Its id.
        account: AccountId,
        /// Its master.
        master: AccountId,
        /// Row of the fee table.
        fee_level: u8,
        /// Its own self-trade mode.
        self_trade: SelfTrade,
        /// Reserved, zero.
        reserved: [u8; 6],
    }
}

record! {
    /// A row of the fee table was set.
    48 FeeLevelDefined {
        /// `kind` is [`crate::EventKind::FeeLevelDefined`].
        header: EventHeader,
        /// Maker rate in parts per billion.
        maker_ppb: i64,
        /// Taker rate in parts per billion.
        taker_ppb: i64,
        /// Which row.
        level: u8,
        /// Reserved, zero.
        reserved: [u8; 7],
    }
}
