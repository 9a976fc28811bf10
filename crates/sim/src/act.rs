//! What may happen on a day. A day is a list of acts; its `Debug` text is Rust, to be pasted into a test.
//!
//! An act says everything by itself ("the account's third live order"), so that a day stays one when acts are left out.

use tickyard_types::{OrderType, PostingReason, SelfTrade, Side, TradeMode, TriggerKind, Wallet};

/// Which order is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// One of the account's live orders, counted from the oldest, round and round.
    Live(u8),
    /// The one that was accepted so many orders before the newest, whosever it is, live or not.
    Back(u8),
    /// The one with this client id.
    Named(u8),
    /// One of the account's live orders to which something is attached, counted from the oldest, round and round.
    Parent(u8),
}

/// Take-profit and stop-loss, or the only leg and none: (trigger, price), zeros for none.
pub type Legs = [(i64, i64); 2];

/// What an instrument lets its users do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // as `tickyard_types::InstrumentState`, whose names would be ambiguous in a pasted day
pub enum Trading {
    Unopened,
    Open,
    MakersOnly,
    CancelsOnly,
    Halted,
}

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are those of the commands
pub enum Act {
    // The clock of the machine.
    /// It goes on.
    Wait {
        ms: u64,
    },
    /// It is set back.
    StepBack {
        ms: u64,
    },

    // Commands of the operator.
    Asset {
        asset: u32,
        digits: u8,
    },
    List {
        instrument: u32,
        base: u32,
        quote: u32,
        tick: i128,
        lot: i128,
        sizes: (i64, i64),
        prices: (i64, i64),
        to: Trading,
    },
    Set {
        instrument: u32,
        to: Trading,
    },
    /// Bounds are those of buy and of sell orders.
    Index {
        instrument: u32,
        price: i64,
        bounds: (i64, i64),
    },
    Fees {
        level: u8,
        maker_ppb: i64,
        taker_ppb: i64,
    },
    Open {
        account: u32,
        master: u32,
        level: u8,
        self_trade: SelfTrade,
    },

    // Commands that move money.
    Credit {
        account: u32,
        asset: u32,
        wallet: Wallet,
        reason: PostingReason,
        amount: i128,
        key: u32,
    },
    Debit {
        account: u32,
        asset: u32,
        wallet: Wallet,
        reason: PostingReason,
        amount: i128,
        key: u32,
    },
    Transfer {
        by: u32,
        from: (u32, Wallet),
        to: (u32, Wallet),
        asset: u32,
        amount: i128,
        key: u32,
    },

    // Commands of traders. `valid_ms` is relative to the clock, 0 for ever; names, tags and requests are numbers, 0 for
    // none.
    Place {
        account: u32,
        instrument: u32,
        side: Side,
        kind: OrderType,
        mode: TradeMode,
        self_trade: SelfTrade,
        price: i64,
        size: i64,
        flags: u8,
        slippage_ppb: i64,
        name: u8,
        tag: u8,
        valid_ms: i64,
    },
    /// So many equal limit orders in one frame.
    Crowd {
        account: u32,
        instrument: u32,
        side: Side,
        price: i64,
        size: i64,
        count: u16,
    },
    Cancel {
        account: u32,
        instrument: u32,
        which: Which,
    },
    Amend {
        account: u32,
        instrument: u32,
        which: Which,
        price: i64,
        size: i64,
        flags: u8,
        valid_ms: i64,
        request: u8,
    },
    /// An order, and what is attached to it: (which of it, from 1, round and round; 0 for none, 255 for one of another
    /// order), legs, size.
    AmendAttached {
        account: u32,
        instrument: u32,
        which: Which,
        price: i64,
        size: i64,
        flags: u8,
        valid_ms: i64,
        request: u8,
        changes: [(u8, Legs, i64); 3],
    },
    CancelAll {
        account: u32,
        instrument: u32,
    },
    Timer {
        account: u32,
        timeout_ms: u64,
        tag: u8,
    },
    Trigger {
        account: u32,
        instrument: u32,
        kind: TriggerKind,
        side: Side,
        order_type: OrderType,
        mode: TradeMode,
        self_trade: SelfTrade,
        legs: Legs,
        size: i64,
        ratio_ppb: i64,
        spread: i64,
        active: i64,
        flags: u8,
        name: u8,
        tag: u8,
    },
    /// So many equal ones in one frame, each a take-profit alone at (trigger, price).
    TriggerCrowd {
        account: u32,
        instrument: u32,
        side: Side,
        leg: (i64, i64),
        size: i64,
        count: u16,
    },
    /// `which` counts trigger orders.
    CancelTrigger {
        account: u32,
        instrument: u32,
        which: Which,
    },
    AmendTrigger {
        account: u32,
        instrument: u32,
        which: Which,
        legs: Legs,
        size: i64,
        flags: u8,
        request: u8,
    },
    /// A limit order, or a market order at price 0, with up to three attached: (legs, size, name).
    PlaceAttached {
        account: u32,
        instrument: u32,
        side: Side,
        kind: OrderType,
        mode: TradeMode,
        self_trade: SelfTrade,
        price: i64,
        size: i64,
        flags: u8,
        attached: [(Legs, i64, u8); 3],
        name: u8,
        tag: u8,
        valid_ms: i64,
    },
    /// Bytes that are no command.
    Garbled,

    // How commands come in.
    /// The command that was sent so many commands before is sent again.
    Again {
        back: u16,
    },
    /// The next command gets its number but is delayed.
    Delay,
    /// A delayed command arrives.
    Arrive {
        which: u8,
    },
    /// The next commands wait for each other and share a frame.
    Together {
        count: u8,
    },
    /// The worker starts anew.
    Worker,
    /// The worker has counted commands that never arrive.
    Lost {
        commands: u32,
    },
    /// The host notes that time goes on.
    Tick,

    // What befalls the machine.
    /// From now on every point of `buggify` bites once in so many times; never for 0.
    BadLuck {
        seed: u64,
        once_in: u8,
    },
    Snapshot {
        keep: u8,
    },
    /// The core stops in good order and starts.
    Restart,
    /// The core dies at the n-th thing that it does to the disk from now, a write in part.
    Kill {
        after: u8,
        share: u8,
    },
    /// The machine does, and keeps some of what was not synced.
    PowerOff {
        after: u8,
        share: u8,
        seed: u64,
    },
    /// The next start dies too.
    KillStart {
        after: u8,
    },
    /// Every sync fails until the core is started again.
    FailSync,
    /// The disk has only this much room left until the core is started again.
    Full {
        bytes: u16,
    },
    /// One bit of one file is turned; the core is started on a copy, which must see it or not be hurt.
    Flip {
        file: u8,
        at: u32,
        bit: u8,
    },
}
