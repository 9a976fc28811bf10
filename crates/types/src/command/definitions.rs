//! What the operator defines: assets, instruments, accounts, fees.

use crate::record;
use crate::{AccountId, AssetId, CommandHeader, InstrumentId, InstrumentState, SelfTrade};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

record! {
    /// Lists an asset. Ids are dense; the same definition again changes nothing, another one is refused.
    128 DefineAsset {
        /// No account.
        header: CommandHeader,
        /// Its id.
        asset: AssetId,
        /// Decimal digits of the ledger unit: 18, or 8 for fiat.
        unit_digits: u8,
        /// Reserved, zero.
        reserved: [u8; 3],
        /// Its name on the wire, ASCII, padded with zeros.
        symbol: [u8; 16],
        /// Reserved, zero.
        reserved2: [u8; 80],
    }
}

record! {
    /// Lists a spot instrument. Ids are dense; the same definition again changes nothing, another one is refused.
    256 DefineInstrument {
        /// No account.
        header: CommandHeader,
        /// Its id.
        instrument: InstrumentId,
        /// What is traded.
        base: AssetId,
        /// One tick of price: quote units (10^-18) per whole base coin.
        tick: i128,
        /// One lot of size, in the base asset's unit.
        lot: i128,
        /// What is paid.
        quote: AssetId,
        /// State at listing.
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
        /// Its name on the wire, ASCII, padded with zeros.
        symbol: [u8; 32],
        /// Reserved, zero.
        reserved2: [u8; 104],
    }
}

record! {
    /// Opens, halts or resumes an instrument.
    128 SetInstrumentState {
        /// No account.
        header: CommandHeader,
        /// Which.
        instrument: InstrumentId,
        /// Into which state.
        state: InstrumentState,
        /// Reserved, zero.
        reserved: [u8; 99],
    }
}

record! {
    /// Opens an account (`header.account`) or changes its settings. Ids are dense from [`AccountId::FIRST_USER`].
    128 DefineAccount {
        /// The account.
        header: CommandHeader,
        /// Its master; itself for a master account. Fixed once set.
        master: AccountId,
        /// Row of the fee table.
        fee_level: u8,
        /// What [`SelfTrade::AccountDefault`] means for it; never itself `AccountDefault`.
        self_trade: SelfTrade,
        /// Reserved, zero.
        reserved: [u8; 98],
    }
}

record! {
    /// Sets a row of the fee table. Negative rates are rebates.
    128 DefineFeeLevel {
        /// No account.
        header: CommandHeader,
        /// Maker rate in parts per billion of the trade's value.
        maker_ppb: i64,
        /// Taker rate, the same; never negative, and never less than the maker's rebate.
        taker_ppb: i64,
        /// Which row.
        level: u8,
        /// Reserved, zero.
        reserved: [u8; 87],
    }
}
