//! Postings.

use crate::record;
use crate::{AccountId, AssetId, ClientId, EventHeader, InstrumentId, Key, OrderId, PostingReason, TradeId, Wallet};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

record! {
    /// Money moved: one leg of a set that sums to zero per asset.
    144 Posted {
        /// `kind` is [`crate::EventKind::Posted`].
        header: EventHeader,
        /// Whose.
        account: AccountId,
        /// Of what.
        asset: AssetId,
        /// How much, ledger units, signed, fee included.
        amount: i128,
        /// The wallet's balance afterwards, holds included.
        balance: i128,
        /// The part of `amount` that is fee (negative) or rebate (positive).
        fee: i128,
        /// Lots traded, for legs of trades; 0 otherwise.
        size: i64,
        /// Ticks, for legs of trades; 0 otherwise.
        price: i64,
        /// The account's own order, for legs of trades; 0 otherwise.
        order_id: OrderId,
        /// The trade, for legs of trades; 0 otherwise.
        trade_id: TradeId,
        /// Where it was traded; 0 otherwise.
        instrument: InstrumentId,
        /// Which wallet.
        wallet: Wallet,
        /// Why.
        reason: PostingReason,
        /// The account's own side of a trade; 0 otherwise.
        side: u8,
        /// 1 when the account was the taker.
        is_taker: u8,
        /// The other wallet of a transfer; 0 otherwise.
        counter_wallet: u8,
        /// Reserved, zero.
        reserved: [u8; 3],
        /// The other account of a transfer; 0 otherwise.
        counter_account: AccountId,
        /// The movement's key; zeros for trades.
        key: Key,
    }
}

record! {
    /// The client's name for a transfer, before its postings.
    80 TransferNamed {
        /// `kind` is [`crate::EventKind::TransferNamed`].
        header: EventHeader,
        /// Who ordered it.
        account: AccountId,
        /// Reserved, zero.
        reserved: [u8; 4],
        /// The movement's key.
        key: Key,
        /// The name.
        client_id: ClientId,
    }
}
