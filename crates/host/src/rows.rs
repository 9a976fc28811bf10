//! The records of answers to private reads: fixed size, little-endian, without padding.
//! `tests/golden/rows.json` holds them and their readers in Python together.

use crate::class::CLASSES;
use crate::tally::BOUNDS;
use tickyard_types::{
    AccountId, AssetId, ClientId, InstrumentId, OrderId, OrderState, OrderType, SelfTrade, Seq, Side, Tag, TradeId,
    TradeMode, TriggerId, record,
};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

record! {
    /// As of which command an answer is true. Begins the answers that are lists.
    16 AsOf {
        /// The newest command applied.
        seq: Seq,
        /// Its exchange time, in ns.
        time_ns: u64,
    }
}

record! {
    /// A live order.
    240 OrderRow {
        /// Its id.
        order_id: OrderId,
        /// Whose.
        account: AccountId,
        /// Where.
        instrument: InstrumentId,
        /// Which way.
        side: Side,
        /// How it met the book when it came.
        order_type: OrderType,
        /// Where its money comes from.
        trade_mode: TradeMode,
        /// Self-trade prevention when it takes.
        self_trade: SelfTrade,
        /// Flags of the command that placed it.
        flags: u8,
        /// State now.
        state: OrderState,
        /// Reserved, zero.
        reserved: [u8; 2],
        /// Ticks.
        price: i64,
        /// Total lots.
        size: i64,
        /// Lots filled.
        filled: i64,
        /// Notional units traded so far.
        cost: i128,
        /// Fees so far, zero or negative, in the asset it receives.
        fee_total: i128,
        /// Rebates so far, zero or positive, in the asset it pays.
        rebate_total: i128,
        /// The client's name for it.
        client_id: ClientId,
        /// The client's or broker's mark.
        tag: Tag,
        /// Exchange time of its placement, in ns.
        created_ns: u64,
        /// Exchange time of its last change, in ns.
        updated_ns: u64,
        /// Its last trade; 0 before the first, as what follows.
        last_trade_id: TradeId,
        /// Ticks.
        last_price: i64,
        /// Lots.
        last_size: i64,
        /// Exchange time, in ns.
        last_time_ns: u64,
        /// The trigger order that placed it; 0 for none.
        trigger_id: TriggerId,
        /// That one's client id.
        trigger_client_id: ClientId,
        /// Reserved, zero.
        reserved2: [u8; 8],
    }
}

record! {
    /// What an account has of one asset, in the asset's unit.
    64 BalanceRow {
        /// Of what.
        asset: AssetId,
        /// Reserved, zero.
        reserved: [u8; 12],
        /// The trading balance, holds included.
        trading: i128,
        /// The part of `trading` that orders hold.
        hold: i128,
        /// The funding balance.
        funding: i128,
    }
}

record! {
    /// Begins the answer to a question for a book; bids follow, then asks, each best first.
    24 BookHead {
        /// As of which command.
        as_of: AsOf,
        /// How many bids.
        bids: u32,
        /// How many asks.
        asks: u32,
    }
}

record! {
    /// One level of a book.
    24 LevelRow {
        /// Ticks.
        price: i64,
        /// Lots that rest there.
        size: i64,
        /// Orders that rest there.
        orders: u32,
        /// Reserved, zero.
        reserved: [u8; 4],
    }
}

record! {
    /// Settings and counters of an account.
    24 AccountRow {
        /// Which.
        account: AccountId,
        /// Its master.
        master: AccountId,
        /// Row of the fee table.
        fee_level: u8,
        /// Its own self-trade mode.
        self_trade: SelfTrade,
        /// Reserved, zero.
        reserved: [u8; 2],
        /// Its live orders.
        open_orders: u32,
        /// The newest command that made an event about it.
        last_seq: Seq,
    }
}

record! {
    /// How far the core is.
    48 StatusRow {
        /// The newest command applied.
        as_of: AsOf,
        /// Hash of the state; zeros when it was not asked for.
        state_hash: [u8; 32],
    }
}

record! {
    /// What there is, what waits, and what became of commands since the host started.
    248 CountsRow {
        /// The newest command applied.
        as_of: AsOf,
        /// Accounts of users.
        accounts: u32,
        /// Instruments.
        instruments: u32,
        /// Live orders.
        open_orders: u32,
        /// Trigger orders that have not ended.
        triggers: u32,
        /// Commands that wait, by class of admission.
        waiting: [u32; CLASSES],
        /// Reserved, zero.
        reserved: [u8; 4],
        /// Commands in the journal.
        appended: u64,
        /// Refused for want of room.
        full: u64,
        /// Refused after waiting too long.
        late: u64,
        /// Refused because they had expired.
        expired: u64,
        /// Appends to the journal.
        commits: u64,
        /// How long all of them took, in ns.
        commit_ns: u64,
        /// Bounds of how long one took, in µs.
        bounds_us: [u32; BOUNDS],
        /// Appends that took at most so long.
        within: [u64; BOUNDS],
    }
}

record! {
    /// From where on a feed passes on the events of an account.
    16 WatchedRow {
        /// Which.
        account: AccountId,
        /// Reserved, zero.
        reserved: [u8; 4],
        /// After this command.
        after: Seq,
    }
}
